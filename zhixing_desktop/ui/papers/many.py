"""One form for many cases: what there is to make in each, checked, kept or issued.

For the threads of the bridge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from zhixing_desktop.services import (
    case_list,
    cases,
    paper_batch,
    paper_drafts,
    papers,
)
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.case_list import CaseLine, CaseQuery
from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.paper_types import (
    VOID,
    AskLine,
    BatchResult,
    Failure,
    Offer,
    PaperLine,
    PaperWish,
)
from zhixing_desktop.services.people import Person, all_people
from zhixing_desktop.ui.papers.packs import key_at
from zhixing_desktop.workflow.facts import NOTHING

MOST_CASES = 1000


class Act(StrEnum):
    """What is done in each case: look what is missing, keep a draft, issue."""

    CHECK = "check"
    KEEP = "keep"
    ISSUE = "issue"


@dataclass(frozen=True, slots=True)
class FormLine:
    """A form to choose, with what it asks for."""

    key: str
    words: str
    asks: tuple[AskLine, ...]


@dataclass(frozen=True, slots=True)
class Many:
    """What the window of many papers begins with; ``sample`` is a case whose subjects and people
    the editors offer, ``None`` where the list is empty."""

    cases: tuple[CaseLine, ...]
    total: int
    forms: tuple[FormLine, ...]
    sample: CaseDetail | None
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be made in each case: the form, the same answers for all, the day."""

    form: str
    act: Act
    asked: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    day: date | None = None


def read_many(bureau: Bureau, actor: Actor, query: CaseQuery) -> Many:
    """Return the cases of a list (at most ``MOST_CASES``) and the forms to choose from."""
    lines = case_list.page(bureau, actor, query)
    library = bureau.papers.library(bureau.rules)
    forms = sorted(library.forms.values(), key=lambda form: (form.nodes[0], form.key))
    return Many(
        lines,
        case_list.count(bureau, actor, query),
        tuple(
            FormLine(
                form.key,
                f"节点{form.nodes[0]}　{form.name}",
                tuple(
                    AskLine(
                        *(a.name, a.label, a.type.value, a.options, False, a.help),
                        value=None,
                        source="",
                    )
                    for a in form.asks
                ),
            )
            for form in forms
        ),
        cases.detail(bureau, actor, lines[0].id) if lines else None,
        all_people(bureau),
    )


def do_case(bureau: Bureau, actor: Actor, line: CaseLine, order: Order) -> BatchResult:
    """Do in one case what is ordered, for each of its subjects; what was made before is left.

    Raises as ``papers.offers``; a paper that is refused stands among the failed.
    """
    what = line.case_no
    form = bureau.papers.library(bureau.rules).form(order.form)
    case = cases.detail(bureau, actor, line.id)
    key = key_at(case.view.instances, form.nodes)
    offers: tuple[Offer, ...] = ()
    if key is not None:
        found = papers.offers(bureau, actor, line.id, key)
        offers = tuple(offer for offer in found if offer.form == form.key)
    if not offers:
        words = f"本案现在没有可以制作《{form.name}》的节点或者对象。"
        return BatchResult((), (Failure(what, words),), 0, "")
    failed = [Failure(what, _made(offer)) for offer in offers if _standing(offer)]
    wishes = [
        PaperWish(line.id, form.key, offer.key, offer.about, asked=order.asked, day=order.day)
        for offer in offers
        if not _standing(offer)
    ]
    if order.act is Act.ISSUE:
        result = paper_batch.issue_many(bureau, actor, wishes)
    elif order.act is Act.KEEP:
        kept = tuple(paper_drafts.keep_draft(bureau, actor, wish) for wish in wishes)
        result = BatchResult(kept, (), 0, "")
    else:
        result = _checked(bureau, actor, what, wishes)
    return BatchResult(
        result.done, (*failed, *result.failed), result.untried, result.stopped, result.files
    )


def _checked(bureau: Bureau, actor: Actor, what: str, wishes: list[PaperWish]) -> BatchResult:
    failed, ready = [], []
    for wish in wishes:
        found = papers.preview(bureau, actor, wish)
        lacking = [f"{gap.label}（{gap.place}）" for gap in found.gaps]
        if found.approval is not None and found.approval.bars:
            lacking.append(f"{found.approval.label}（{found.approval.words}）")
        if lacking:
            failed.append(Failure(what, f"还缺{len(lacking)}项：{'、'.join(lacking)}"))
        else:
            ready.append(found.name)
    return BatchResult((), tuple(failed), 0, "", tuple(ready))


def _standing(offer: Offer) -> PaperLine | None:
    return next((line for line in reversed(offer.papers) if line.state != VOID), None)


def _made(offer: Offer) -> str:
    line = _standing(offer)
    assert line is not None
    about = f"（{offer.about_words}）" if offer.about_words else ""
    return f"《{line.name}》{about}已有{line.state_words}的一份{line.number}，没有再制作。"
