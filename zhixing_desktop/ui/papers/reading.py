"""What the windows of papers read in one go; for the threads of the bridge, never the window's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhixing_desktop.services import cases, drafts, papers, people
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.drafts import Draft
from zhixing_desktop.services.file_pages import FilePages, file_pages
from zhixing_desktop.services.node_detail import NodeDetail, overview
from zhixing_desktop.services.paper_types import (
    DRAFT,
    Offer,
    PaperLine,
    PaperWish,
    Preview,
)
from zhixing_desktop.services.people import Person
from zhixing_desktop.services.sight import Sight
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.views import Key

_FIELD = re.compile(r"n(\d+)\.(\w+)$")


@dataclass(frozen=True, slots=True)
class Shelf:
    """The papers of one node instance; ``lacking`` names what is missing, by form and subject."""

    offers: tuple[Offer, ...]
    lacking: Mapping[tuple[str, str], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Datum:
    """A field of a node that a paper shows: its label, what it holds, where it is entered."""

    label: str
    words: str
    source: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A paper as it would look now, with its pages."""

    preview: Preview
    pages: FilePages


@dataclass(frozen=True, slots=True)
class Opening:
    """What the window of a paper opens with.

    ``shown`` is None for an issued paper, ``line`` for one that is not kept yet.  ``draft`` is what
    was typed and not saved.  ``recipients`` are the parties (subject, words) where the form is one
    for each recipient.
    """

    case: CaseDetail
    people: tuple[Person, ...]
    line: PaperLine | None
    shown: Shown | None
    data: tuple[Datum, ...]
    recipients: tuple[tuple[str, str], ...]
    draft: Draft | None


def read_shelf(bureau: Bureau, actor: Actor, case: CaseDetail, key: Key) -> Shelf:
    """Return the papers of an instance, and what the required ones that are not made yet lack.

    Data of somebody else's case is not looked at, since each look would be journalled.
    """
    found = papers.offers(bureau, actor, case.id, key)
    lacking: dict[tuple[str, str], tuple[str, ...]] = {}
    if case.sight is Sight.OPEN:
        for offer in found:
            if offer.required and not offer.papers:
                wish = PaperWish(case.id, offer.form, key, offer.about)
                gaps = papers.preview(bureau, actor, wish).gaps
                lacking[offer.form, offer.about] = tuple(gap.label for gap in gaps)
    return Shelf(found, lacking)


def draft_key(wish: PaperWish) -> Key:
    """Return where what is typed for a paper is kept: beside the case, one place for each paper."""
    key = wish.key or Key(0, subjects.CASE)
    return Key(key.node, f"paper/{wish.form}/{wish.about or key.subject}")


def read_paper(bureau: Bureau, actor: Actor, paper_id: int) -> Opening:
    """Return what is needed to open a paper that is kept; settles what time has brought."""
    line = papers.paper(bureau, actor, paper_id)
    case = cases.detail(bureau, actor, line.case_id)
    if line.state != DRAFT:
        return Opening(case, people.all_people(bureau), line, None, (), _parties(case), None)
    preview = papers.preview_of(bureau, actor, paper_id)
    return _opening(bureau, actor, case, preview, line)


def read_new(bureau: Bureau, actor: Actor, wish: PaperWish) -> Opening:
    """Return what is needed to make a paper; raises as ``papers.preview``."""
    preview = papers.preview(bureau, actor, wish)
    case = cases.detail(bureau, actor, wish.case if isinstance(wish.case, int) else 0)
    return _opening(bureau, actor, case, preview, None)


def _opening(
    bureau: Bureau, actor: Actor, case: CaseDetail, preview: Preview, line: PaperLine | None
) -> Opening:
    names = bureau.papers.library(bureau.rules).needs[preview.wish.form].names
    several = any(name.startswith("recipient.") for name in names)
    return Opening(
        case,
        people.all_people(bureau),
        line,
        Shown(preview, pages_of(bureau, preview)),
        data_of(case, preview.wish, names),
        _parties(case) if several else (),
        drafts.load_draft(bureau, actor, case.id, draft_key(preview.wish)),
    )


def show_wish(bureau: Bureau, actor: Actor, wish: PaperWish) -> Shown:
    """Return a paper as it would look with some answers; takes some tens of milliseconds."""
    preview = papers.preview(bureau, actor, wish)
    return Shown(preview, pages_of(bureau, preview))


def pages_of(bureau: Bureau, preview: Preview) -> FilePages:
    """Return the pages of a paper that is not issued."""
    file = papers.draw_preview(bureau, preview)
    return file_pages(file.name, file.media_type, file.data)


def read_data(bureau: Bureau, actor: Actor, wish: PaperWish) -> tuple[Datum, ...]:
    """Return the fields of nodes that a paper shows, as they stand now."""
    names = bureau.papers.library(bureau.rules).needs[wish.form].names
    case = cases.detail(bureau, actor, wish.case if isinstance(wish.case, int) else 0)
    return data_of(case, wish, names)


def data_of(case: CaseDetail, wish: PaperWish, names: Sequence[str]) -> tuple[Datum, ...]:
    """Return the fields of nodes among ``names`` with what they hold, in words."""
    found: dict[str, Datum] = {}
    for name in names:
        match = _FIELD.fullmatch(name)
        if match is None:
            continue
        detail = _instance(case, int(match[1]), wish)
        subject = detail.key.subject if detail.key is not None else subjects.CASE
        for row in detail.fields:
            if row.spec.name == match[2]:
                source = f"node/{match[1]}/{subject}.{match[2]}"
                found[source] = Datum(row.spec.label, row.words, source)
    return tuple(found.values())


def _instance(case: CaseDetail, node: int, wish: PaperWish) -> NodeDetail:
    details = overview(case, node).details
    if wish.key is not None:
        for detail in details:
            if detail.key == wish.key:
                return detail
    own = wish.about or (wish.key.subject if wish.key is not None else subjects.CASE)
    for detail in details:
        if detail.key is not None and subjects.related(detail.key.subject, own):
            return detail
    return details[0]


def _parties(case: CaseDetail) -> tuple[tuple[str, str], ...]:
    names = case.context.index.name_of
    return tuple(
        (subject, f"{subjects.label(subject, names(subject))}")
        for subject in case.context.index.parties
    )


def read_issued(bureau: Bureau, actor: Actor, line: PaperLine) -> FilePages:
    """Return the pages of an issued paper, proven by its digest; the look is journalled."""
    file = papers.paper_file(bureau, actor, line.id)
    return file_pages(file.name, file.media_type, file.data)
