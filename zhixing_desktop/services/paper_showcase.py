"""Every form made of a bureau's own cases, to be looked at: for the demo, for who writes forms.

Nothing is issued, so each is a draft.  What a form must be told and nobody has typed yet is
answered as the case's officer might (``paper_showcase_answers``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from zhixing_desktop.services import case_list, cases, papers, people
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.paper_showcase_answers import DAY_OF, MADE_FOR, Known, answer
from zhixing_desktop.services.paper_types import Offer, PaperWish, Preview
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.errors import ZhixingError
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.rule_words import FieldType
from zhixing_desktop.workflow.views import InstanceView, Key

if TYPE_CHECKING:
    from zhixing_desktop.documents.form_types import Form

_CASES = 500
_TRIED = 6
_FILING, _CLOSING = 2, 43
_WORKED = (State.DONE, State.DONE_LATE)
_BEGUN = (State.ACTIVE, State.WARNED, State.OVERDUE, State.FROZEN)


@dataclass(frozen=True, slots=True)
class Shown:
    """A form as a paper of a case: ``name`` is the form's, ``gaps`` what the case does not have.

    ``required``: whether the rules want this paper of the case; ``fits``: whether what was entered
    is what the form is for (a freeze for the ruling that freezes).
    """

    form: str
    name: str
    case_no: str
    preview: Preview
    required: bool
    fits: bool = True

    @property
    def gaps(self) -> tuple[str, ...]:
        """What is missing, as an officer knows it."""
        return tuple(gap.label for gap in self.preview.gaps)

    @property
    def rank(self) -> tuple[bool, int, bool]:
        """How well the case fits the form, the best first."""
        return (not self.fits, len(self.gaps), not self.required)


@dataclass(frozen=True, slots=True)
class _Candidate:
    actor: Actor
    case_id: int
    case_no: str
    officer: str
    view: InstanceView
    context: Context
    filled: int
    kind: tuple[str, ...]


def every_form(bureau: Bureau, actor: Actor, *, most_cases: int = _CASES) -> Iterator[Shown]:
    """Yield each form as a paper of the case that fits it best, in the order of their keys.

    ``actor`` lists the cases; each paper is made by the officer of its case.  A form for which no
    case has come to its node is left out.
    """
    library = bureau.papers.library(bureau.rules)
    showcase = _Showcase(bureau, _candidates(bureau, actor, most_cases))
    for key in sorted(library.forms):
        found = showcase.best(library.forms[key])
        if found is not None:
            yield found


def as_its_officer(
    bureau: Bureau, actor: Actor, detail: CaseDetail, view: InstanceView, offer: Offer
) -> Preview:
    """Return an offered paper of a case as its officer would make it, on the day it was due.

    Raises what ``papers.preview`` raises; gaps may remain.
    """
    form = bureau.papers.library(bureau.rules).forms[offer.form]
    candidate = _candidate(actor, detail, view)
    found = [
        _preview(bureau, form, candidate, offer, day, (candidate.officer,))
        for day in _days(form, candidate)[:1]
    ]
    return found[0]


def as_of_today(
    bureau: Bureau, actor: Actor, detail: CaseDetail, view: InstanceView, offer: Offer
) -> Preview:
    """Return an offered paper as the officer of the case makes it today, with his answers.

    Raises what ``papers.preview`` raises; gaps may remain.
    """
    form = bureau.papers.library(bureau.rules).forms[offer.form]
    candidate = _candidate(actor, detail, view)
    return _preview(bureau, form, candidate, offer, None, (candidate.officer,))


def fits_today(
    bureau: Bureau, actor: Actor, detail: CaseDetail, view: InstanceView, offer: Offer
) -> bool:
    """Tell whether an offered paper is the one for what was entered (a freeze: 冻结用)."""
    form = bureau.papers.library(bureau.rules).forms[offer.form]
    return _fits(form, _candidate(actor, detail, view))


def _candidates(bureau: Bureau, actor: Actor, most: int) -> Mapping[int, list[_Candidate]]:
    """Return by node who has worked it, the fullest first."""
    by_node: dict[int, list[_Candidate]] = {}
    query = case_list.CaseQuery(filter="all", limit=most, sort="case_no")
    for line in case_list.page(bureau, actor, query):
        if not line.officer:
            continue
        officer = people.find_person(bureau, line.officer).actor()
        detail = cases.detail(bureau, officer, line.id)
        for view in detail.view.instances.values():
            if view.state in (*_WORKED, *_BEGUN):
                by_node.setdefault(view.key.node, []).append(_candidate(officer, detail, view))
    return {node: _unlike_first(found) for node, found in by_node.items()}


def _unlike_first(found: list[_Candidate]) -> list[_Candidate]:
    """Return candidates the fullest first, but one of each kind before the second of any."""
    found.sort(key=lambda candidate: -candidate.filled)
    seen: dict[tuple[str, ...], int] = {}
    turns: list[int] = []
    for candidate in found:
        turns.append(seen.get(candidate.kind, 0))
        seen[candidate.kind] = turns[-1] + 1
    order = sorted(range(len(found)), key=lambda place: turns[place])
    return [found[place] for place in order]


def _candidate(officer: Actor, detail: CaseDetail, view: InstanceView) -> _Candidate:
    """Return an instance with how much is entered at it, and what was chosen there."""
    node, subject = view.key
    fields = detail.context.rulebook.nodes[node].fields
    values = {field: detail.context.index.value(node, subject, field.name) for field in fields}
    there = sum(value is not None for value in values.values())
    return _Candidate(
        officer,
        detail.id,
        detail.case_no,
        detail.context.current_officer(),
        view,
        detail.context,
        there + 100 * (view.state in _WORKED),
        (
            *(str(value) for field, value in values.items() if field.type is FieldType.CHOICE),
            str(view.state is State.FROZEN),
        ),
    )


class _Showcase:
    """Looks for the case that a form is best shown with."""

    def __init__(self, bureau: Bureau, candidates: Mapping[int, list[_Candidate]]) -> None:
        self._bureau = bureau
        self._candidates = candidates
        judges = (line.officer for lines in candidates.values() for line in lines)
        self._officers = tuple(dict.fromkeys(judges))
        self._offered: dict[tuple[int, Key], tuple[Offer, ...]] = {}

    def best(self, form: Form) -> Shown | None:
        """Return the form as a paper of its first node that was worked and has all it needs.

        Of the cases that the rules want this paper of, that with the fewest gaps.
        """
        best: Shown | None = None
        for node in form.nodes:
            for candidate in self._likely(form, node):
                found = self._shown(form, candidate)
                if found is not None and (best is None or found.rank < best.rank):
                    best = found
                if best is not None and best.rank == (False, 0, False):
                    return best
            if best is not None and not best.gaps:
                return best
        return best

    def _likely(self, form: Form, node: int) -> list[_Candidate]:
        """Return the cases to be tried at a node, those first that the form is made for."""
        found = self._candidates.get(node, [])
        return sorted(found, key=lambda candidate: not _fits(form, candidate))[:_TRIED]

    def _shown(self, form: Form, candidate: _Candidate) -> Shown | None:
        for offer in self._offers(candidate):
            if offer.form == form.key:
                found = [
                    Shown(
                        form.key,
                        form.name,
                        candidate.case_no,
                        preview,
                        offer.required,
                        _fits(form, candidate),
                    )
                    for preview in self._previews(form, candidate, offer)
                ]
                if found:
                    return min(found, key=lambda shown: shown.rank)
        return None

    def _previews(self, form: Form, candidate: _Candidate, offer: Offer) -> Iterator[Preview]:
        """Yield the paper of the day the node was done; with gaps, also that of its first act."""
        for day in _days(form, candidate):
            try:
                preview = _preview(self._bureau, form, candidate, offer, day, self._officers)
            except ZhixingError:
                continue
            yield preview
            if not preview.gaps:
                return

    def _offers(self, candidate: _Candidate) -> tuple[Offer, ...]:
        place = (candidate.case_id, candidate.view.key)
        found = self._offered.get(place)
        if found is None:
            found = self._offered[place] = papers.offers(self._bureau, candidate.actor, *place)
        return found


def _fits(form: Form, candidate: _Candidate) -> bool:
    """Whether what was entered at the form's node, or the kind of asset, is what it is for."""
    wanted = MADE_FOR.get(form.key)
    if wanted is None:
        return True
    name, value = wanted
    key, index = candidate.view.key, candidate.context.index
    if name == "category":
        found = index.event("asset_found", subjects.base(key.subject))
        return found is not None and found.data.get("category") == value
    return bool(index.value(key.node, key.subject, name) == value)


def _days(form: Form, candidate: _Candidate) -> tuple[date | None, ...]:
    """Return days on which the paper may have been made, the likeliest first."""
    view, index = candidate.view, candidate.context.index
    if form.approval == "unfreeze":
        return (candidate.context.now.date(),)
    event = DAY_OF.get(form.key) or DAY_OF.get(form.key[:2])
    fact = index.event(event, view.key.subject) if event else None
    if fact is not None:
        return (fact.happened_at.date(),)
    done = view.completed_at or view.opened_at
    last = done.date() if done else None
    asked = (
        index.event("closing_requested", view.key.subject) if view.key.node == _CLOSING else None
    )
    earlier = (asked.happened_at.date(),) if asked is not None else ()
    return (last, *(day for day in earlier if day != last))


def _preview(
    bureau: Bureau,
    form: Form,
    candidate: _Candidate,
    offer: Offer,
    day: date | None,
    officers: Sequence[str],
) -> Preview:
    of_creditor = "creditor" in offer.served_on and (
        candidate.view.key.node <= _FILING or "debtor" not in offer.served_on
    )
    wish = PaperWish(
        candidate.case_id,
        form.key,
        candidate.view.key,
        offer.about,
        recipient="creditor/1" if of_creditor else "debtor/1",
        day=day,
    )
    found = papers.preview(bureau, candidate.actor, wish)
    missing = {gap.source for gap in found.gaps}
    wanted = {
        line.name
        for line in found.asks
        if line.value is None and (line.required or f"ask.{line.name}" in missing)
    }
    if not wanted:
        return found
    others = tuple(name for name in officers if name != candidate.officer)
    known = Known(
        candidate.context,
        Key(candidate.view.key.node, offer.about or candidate.view.key.subject),
        day or candidate.context.now.date(),
        others,
        bureau.rules.calendar,
    )
    asked: dict[str, Any] = {
        ask.name: answer(known, form.key, ask.name, ask.example)
        for ask in form.asks
        if ask.name in wanted
    }
    return papers.preview(bureau, candidate.actor, replace(wish, asked=asked))
