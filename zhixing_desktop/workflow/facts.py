"""The facts of one case in force, indexed for the questions the engine asks.

The types themselves stand in ``fact_types`` and are handed on from here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.approval_lives import approvals_of
from zhixing_desktop.workflow.fact_types import (
    COMPLETED,
    COUNTERMANDED,
    DECIDED,
    EXCLUSION,
    EXTENSION,
    FIELDS,
    FORWARDED,
    HEADER,
    ITEM,
    NOTHING,
    OFFICER,
    OPEN_STATES,
    PARTY,
    REPLIED,
    REQUESTED,
    SEVERITY,
    STARTED,
    STRUCTURAL,
    URGED,
    WITHDRAWN,
    ApprovalView,
    Fact,
    State,
    in_force,
)

__all__ = [
    "COMPLETED",
    "COUNTERMANDED",
    "DECIDED",
    "EXCLUSION",
    "EXTENSION",
    "FIELDS",
    "FORWARDED",
    "HEADER",
    "ITEM",
    "NOTHING",
    "OFFICER",
    "OPEN_STATES",
    "PARTY",
    "REPLIED",
    "REQUESTED",
    "SEVERITY",
    "STARTED",
    "STRUCTURAL",
    "URGED",
    "WITHDRAWN",
    "ApprovalView",
    "Fact",
    "FactIndex",
    "State",
    "in_force",
]

Place = tuple[int, str]
_INDEXED_ANEW = STRUCTURAL - {ITEM, FIELDS, COMPLETED, STARTED}


class FactIndex:
    """The facts of one case, ready to be asked; built anew for each evaluation, never changed."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        self.given = tuple(facts)
        self.facts = in_force(self.given)
        self.header: Mapping[str, Any] = NOTHING
        self.opened_at: datetime | None = None
        self.events: dict[tuple[str, str], list[Fact]] = {}
        self.by_name: dict[str, list[Fact]] = {}
        self.items: dict[Place, dict[int, Fact]] = {}
        self.values: dict[Place, dict[str, Any]] = {}
        self.completed: dict[Place, Fact] = {}
        self.started: dict[Place, Fact] = {}
        self.parties: dict[str, Fact] = {}
        self.extensions: list[Fact] = []
        self.exclusions: list[Fact] = []
        self.officers: list[Fact] = []
        self.by_kind: dict[str, list[str]] = {}
        self.rounds: dict[str, list[str]] = {}
        self.requests: dict[int, Fact] = {}
        self.decisions: dict[int, list[Fact]] = {}
        self._order = {fact.seq: place for place, fact in enumerate(self.facts)}
        self._known: set[str] = set()
        for fact in self.facts:
            self._take(fact)
        for found in self.rounds.values():
            found.sort(key=subjects.number_of)
        self.approvals = approvals_of(self.facts, self.given)

    def _take(self, fact: Fact) -> None:
        kind = fact.kind
        if kind not in STRUCTURAL:
            self.events.setdefault((kind, fact.subject), []).append(fact)
            self.by_name.setdefault(kind, []).append(fact)
            self.know(fact.subject)
            return
        _TAKERS[kind](self, fact)

    def know(self, subject: str) -> None:
        """Take note of a subject that a fact names."""
        if subject in self._known:
            return
        self._known.add(subject)
        plain = subjects.base(subject)
        kind = subjects.kind_of(plain)
        known = self.by_kind.setdefault(kind, [])
        if plain in known:
            return
        known.append(plain)
        if kind == "round":
            owner = subjects.parent(plain) or subjects.CASE
            self.rounds.setdefault(owner, []).append(plain)

    # --- questions

    def event(self, name: str, subject: str) -> Fact | None:
        """Return the first fact of an event on exactly this subject."""
        found = self.events.get((name, subject))
        return found[0] if found else None

    def last_event(self, name: str, subject: str) -> Fact | None:
        """Return the latest fact of an event on exactly this subject."""
        found = self.events.get((name, subject))
        return max(found, key=self.order_of) if found else None

    def events_of(self, name: str, plain: str) -> list[Fact]:
        """Return the facts of an event on a subject and all its occurrences, in their order."""
        found = [f for f in self.by_name.get(name, ()) if subjects.base(f.subject) == plain]
        return sorted(found, key=self.order_of)

    def last_of(self, name: str, plain: str) -> Fact | None:
        """Return the latest fact of an event on a subject or any of its occurrences."""
        found = self.events_of(name, plain)
        return found[-1] if found else None

    def order_of(self, fact: Fact) -> tuple[datetime, int]:
        """Return what facts are put in order by: their day, and within a day their entry."""
        day = fact.happened_at.replace(hour=0, minute=0, second=0)
        return day, self._order.get(fact.seq, fact.seq)

    def undone(self, done: Fact | None, undone: Fact | None) -> bool:
        """Tell whether ``undone`` came after ``done`` (a measure lifted after it was taken)."""
        if done is None or undone is None:
            return False
        return self.order_of(undone) > self.order_of(done)

    def count(self, name: str, subject: str) -> int:
        """Return how often the event was recorded on this subject."""
        return len(self.events.get((name, subject), ()))

    def value(self, node: int, subject: str, name: str) -> Any:
        """Return what was entered into a field, ``None`` where nothing was."""
        return self.values.get((node, subject), NOTHING).get(name)

    def subjects_of(self, kind: str) -> Sequence[str]:
        """Return the known subjects of a kind, in the order they came up."""
        return self.by_kind.get(kind, ())

    def name_of(self, subject: str) -> str | None:
        """Return the name a person gave the subject (party, asset, clue)."""
        plain = subjects.base(subject)
        party = self.parties.get(plain)
        if party is not None:
            return str(party.data.get("name", "")) or None
        for event in ("asset_found", "clue_received", "payment_arrived"):
            fact = self.event(event, plain)
            if fact is not None:
                return str(fact.data.get("name", "")) or None
        return None

    def latest_approval(self, matter: str, node: int, subject: str) -> ApprovalView | None:
        """Return the newest application of a matter for an instance that nobody withdrew."""
        for view in reversed(self.approvals):
            same = view.matter == matter and view.node == node and view.subject == subject
            if same and view.status != "withdrawn":
                return view
        return None

    def standing(self, seq: int) -> Fact | None:
        """Return the fact of that number when it is in force."""
        place = self._order.get(seq)
        return self.facts[place] if place is not None else None

    def decided(self, seq: int) -> bool:
        """Tell whether an application has been decided on, in part or whole."""
        return bool(self.decisions.get(seq))

    def grown(self, more: Sequence[Fact]) -> FactIndex:
        """Return the index of the same case with newer facts (``seq`` given), sharing the rest.

        What most steps bring is added to what stands; after anything else, a correction above all,
        everything is indexed anew.
        """
        if any(fact.corrects is not None or fact.kind in _INDEXED_ANEW for fact in more):
            return FactIndex([*self.given, *more])
        index = copy(self)
        index.take_more(more)
        return index

    def take_more(self, more: Sequence[Fact]) -> None:
        """Take newer facts; only for ``grown``, since an index that was handed out stays as it is.

        What this index shares with the one it was copied from is replaced, never changed.
        """
        newer = {fact.seq: place for place, fact in enumerate(more, start=len(self.facts))}
        self._order = {**self._order, **newer}
        self.given = (*self.given, *more)
        self.facts = [*self.facts, *more]
        for fact in more:
            self._add(fact)

    def _add(self, fact: Fact) -> None:
        kind, where = fact.kind, place_of(fact)
        if kind == ITEM:
            reported = {**self.items.get(where, {}), int(fact.data["item"]): fact}
            self.items = {**self.items, where: reported}
        elif kind == FIELDS:
            entered = {**self.values.get(where, {}), **fact.data.get("values", NOTHING)}
            self.values = {**self.values, where: entered}
        elif kind == COMPLETED:
            self.completed = {**self.completed, where: fact}
        elif kind == STARTED:
            self.started = {**self.started, where: fact}
        else:
            what = (kind, fact.subject)
            self.events = {**self.events, what: [*self.events.get(what, ()), fact]}
            self.by_name = {**self.by_name, kind: [*self.by_name.get(kind, ()), fact]}
            if fact.subject not in self._known:
                self._know_more(fact.subject)

    def _know_more(self, subject: str) -> None:
        self._known = set(self._known)
        self.by_kind = {kind: list(known) for kind, known in self.by_kind.items()}
        self.rounds = {owner: list(known) for owner, known in self.rounds.items()}
        self.know(subject)
        for found in self.rounds.values():
            found.sort(key=subjects.number_of)

    def with_facts(self, more: Sequence[Fact]) -> FactIndex:
        """Return the index as it would be with more facts (their numbers are given here)."""
        first = max((fact.seq for fact in self.given), default=0) + 1
        added = [replace(fact, seq=first + place) for place, fact in enumerate(more)]
        return self.grown(added)


def place_of(fact: Fact) -> Place:
    """Return node and subject of a structural fact."""
    return fact.node or 0, fact.subject


def _take_item(index: FactIndex, fact: Fact) -> None:
    index.items.setdefault(place_of(fact), {})[int(fact.data["item"])] = fact


def _take_fields(index: FactIndex, fact: Fact) -> None:
    index.values.setdefault(place_of(fact), {}).update(fact.data.get("values", NOTHING))


def _take_completed(index: FactIndex, fact: Fact) -> None:
    index.completed[place_of(fact)] = fact


def _take_started(index: FactIndex, fact: Fact) -> None:
    index.started[place_of(fact)] = fact


def _take_header(index: FactIndex, fact: Fact) -> None:
    index.header = fact.data
    index.opened_at = fact.happened_at


def _take_party(index: FactIndex, fact: Fact) -> None:
    index.parties[fact.subject] = fact
    index.know(fact.subject)


def _take_officer(index: FactIndex, fact: Fact) -> None:
    index.officers.append(fact)


def _take_extension(index: FactIndex, fact: Fact) -> None:
    index.extensions.append(fact)


def _take_exclusion(index: FactIndex, fact: Fact) -> None:
    index.exclusions.append(fact)


def _take_request(index: FactIndex, fact: Fact) -> None:
    index.requests[fact.seq] = fact


def _take_about_request(index: FactIndex, fact: Fact) -> None:
    """Read by ``approvals_of``, all of an application together."""


def _take_decision(index: FactIndex, fact: Fact) -> None:
    index.decisions.setdefault(int(fact.data["request"]), []).append(fact)


_TAKERS: Mapping[str, Callable[[FactIndex, Fact], None]] = MappingProxyType(
    {
        ITEM: _take_item,
        FIELDS: _take_fields,
        COMPLETED: _take_completed,
        STARTED: _take_started,
        HEADER: _take_header,
        PARTY: _take_party,
        OFFICER: _take_officer,
        EXTENSION: _take_extension,
        EXCLUSION: _take_exclusion,
        REQUESTED: _take_request,
        DECIDED: _take_decision,
        URGED: _take_about_request,
        FORWARDED: _take_about_request,
        REPLIED: _take_about_request,
        COUNTERMANDED: _take_about_request,
    }
)
