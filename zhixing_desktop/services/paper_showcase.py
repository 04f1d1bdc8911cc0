"""Every form made of a bureau's own cases, to be looked at: for the demo, for who writes forms.

Nothing is issued, so each is a draft.  What a form asks for and nobody has typed yet is answered
by the form's example.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from zhixing_desktop.services import case_list, cases, papers, people
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.paper_types import Offer, PaperWish, Preview
from zhixing_desktop.workflow.errors import ZhixingError
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.views import InstanceView

if TYPE_CHECKING:
    from zhixing_desktop.documents.form_types import Form

_CASES = 120
_TRIED = 4
_WORKED = (State.DONE, State.DONE_LATE)
_BEGUN = (State.ACTIVE, State.WARNED, State.OVERDUE, State.FROZEN)


@dataclass(frozen=True, slots=True)
class Shown:
    """A form as a paper of a case: ``name`` is the form's, ``gaps`` what the case does not have."""

    form: str
    name: str
    case_no: str
    preview: Preview

    @property
    def gaps(self) -> tuple[str, ...]:
        """What is missing, as an officer knows it."""
        return tuple(gap.label for gap in self.preview.gaps)


@dataclass(frozen=True, slots=True)
class _Candidate:
    actor: Actor
    case_id: int
    case_no: str
    view: InstanceView
    filled: int


def every_form(bureau: Bureau, actor: Actor, *, most_cases: int = _CASES) -> Iterator[Shown]:
    """Yield each form as a paper of the case that fits it best, in the order of their keys.

    ``actor`` lists the cases; each paper is made by the officer of its case.  A form for which no
    case has come to its node is left out.
    """
    library = bureau.papers.library(bureau.rules)
    candidates = _candidates(bureau, actor, most_cases)
    for key in sorted(library.forms):
        found = _best(bureau, library.forms[key], candidates)
        if found is not None:
            yield found


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
                by_node.setdefault(view.key.node, []).append(
                    _Candidate(officer, line.id, line.case_no, view, _filled(detail, view))
                )
    for found in by_node.values():
        found.sort(key=lambda candidate: -candidate.filled)
    return by_node


def _filled(detail: CaseDetail, view: InstanceView) -> int:
    """Return how much is entered at a node; what has been worked comes first."""
    node, subject = view.key
    index = detail.context.index
    fields = detail.context.rulebook.nodes[node].fields
    there = sum(index.value(node, subject, field.name) is not None for field in fields)
    return there + 100 * (view.state in _WORKED)


def _best(bureau: Bureau, form: Form, candidates: Mapping[int, list[_Candidate]]) -> Shown | None:
    best: Shown | None = None
    for node in form.nodes:
        for candidate in candidates.get(node, [])[:_TRIED]:
            found = _shown(bureau, form, candidate)
            if found is not None and (best is None or len(found.gaps) < len(best.gaps)):
                best = found
            if best is not None and not best.gaps:
                return best
        if best is not None:
            return best
    return best


def _shown(bureau: Bureau, form: Form, candidate: _Candidate) -> Shown | None:
    key = candidate.view.key
    offered = papers.offers(bureau, candidate.actor, candidate.case_id, key)
    for offer in offered:
        if offer.form == form.key:
            try:
                preview = _preview(bureau, form, candidate, offer)
            except ZhixingError:
                continue
            return Shown(form.key, form.name, candidate.case_no, preview)
    return None


def _preview(bureau: Bureau, form: Form, candidate: _Candidate, offer: Offer) -> Preview:
    done = candidate.view.completed_at or candidate.view.opened_at
    wish = PaperWish(
        candidate.case_id,
        form.key,
        candidate.view.key,
        offer.about,
        day=done.date() if done else None,
    )
    found = papers.preview(bureau, candidate.actor, wish)
    examples = {ask.name: ask.example for ask in form.asks}
    asked: dict[str, Any] = {
        line.name: examples[line.name] for line in found.asks if line.value is None
    }
    if asked:
        found = papers.preview(bureau, candidate.actor, replace(wish, asked=asked))
    return found
