"""What conditions, anchors and gates may look at: the rules, the facts and the time handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.calendar import CourtCalendar
from zhixing_desktop.workflow.facts import NOTHING, Fact, FactIndex
from zhixing_desktop.workflow.rulebook import Rulebook

CLOSING_NODE = 43

SAME_ACT: Mapping[str, str] = MappingProxyType({"transfer_ruling_served": "auction_ruling_served"})
"""Acts that are one act: the ruling that confirms a network auction (node 27) is the ruling of
node 30, so serving it once is enough (reading A41)."""


@dataclass(frozen=True, slots=True)
class Context:
    """One evaluation: rulebook, calendar, indexed facts, present moment."""

    rulebook: Rulebook
    calendar: CourtCalendar
    index: FactIndex
    now: datetime

    def reached(self, moment: datetime) -> bool:
        """Tell whether a moment has come.  The engine asks for the time only so, or ``passed``."""
        return moment <= self.now

    def passed(self, moment: datetime) -> bool:
        """Tell whether a moment lies behind."""
        return moment < self.now

    @property
    def header(self) -> Mapping[str, Any]:
        """The case's opening data (kind, content, parties, amounts …)."""
        return self.index.header

    @property
    def kind(self) -> str:
        """``first``, ``resumed`` or ``preservation``."""
        return str(self.header.get("kind", "first"))

    @property
    def content(self) -> frozenset[str]:
        """What is to be enforced: ``money``, ``act``, ``thing``, ``interest``."""
        return frozenset(self.header.get("content", ()))

    @property
    def closing_way(self) -> str:
        """The chosen 结案方式, empty while none is entered."""
        return str(self.index.value(CLOSING_NODE, subjects.CASE, "closing_way") or "")

    def find(self, event: str, subject: str) -> Fact | None:
        """Return the first fact of ``event`` seen from ``subject``.

        The event is looked up where it belongs: on the subject itself when the kinds agree
        (occurrences keep their own), on the ancestor of the event's kind, or, for an auction
        seen from its asset, on the asset's rounds in their order.
        """
        found = self._where_it_belongs(event, subject)
        if found is None and event in SAME_ACT:
            return self._where_it_belongs(SAME_ACT[event], subject)
        return found

    def _where_it_belongs(self, event: str, subject: str) -> Fact | None:
        spec = self.rulebook.events.get(event)
        kind = subjects.kind_of(subject)
        if spec is None or spec.subject == kind:
            return self.index.event(event, subject)
        if spec.subject == "round" and kind == "asset":
            for entry in self.index.rounds.get(subjects.base(subject), ()):
                fact = self.index.event(event, entry)
                if fact is not None:
                    return fact
            return None
        for above in subjects.ancestors(subject):
            if subjects.kind_of(above) == spec.subject:
                return self.index.event(event, above)
        return None

    def asset_of(self, subject: str) -> Mapping[str, Any]:
        """Return the data of the asset a subject belongs to (empty when there is none)."""
        for above in subjects.ancestors(subject):
            if subjects.kind_of(above) == "asset":
                fact = self.index.event("asset_found", above)
                return fact.data if fact is not None else NOTHING
        return NOTHING

    def asset_class(self, subject: str) -> str:
        """Return ``money``, ``movable``, ``immovable``, ``right``, ``goods``; empty if unknown."""
        category = str(self.asset_of(subject).get("category", ""))
        return self.rulebook.asset_categories.get(category, "")

    def control_of(self, asset: str) -> Fact | None:
        """Return the control measure that stands on an asset: the first since the last release."""
        released = self.index.last_event("control_released", asset)
        for fact in self.index.events.get(("asset_controlled", asset), ()):
            if released is None or self.index.undone(released, fact):
                return fact
        return None

    def current_officer(self) -> str:
        """Return the case officer assigned last, else the one named when the case was opened."""
        if self.index.officers:
            return str(self.index.officers[-1].data.get("officer", ""))
        return str(self.header.get("officer", ""))

    def with_facts(self, more: Sequence[Fact]) -> Context:
        """Return the context as it would be with more facts."""
        return replace(self, index=self.index.with_facts(more))
