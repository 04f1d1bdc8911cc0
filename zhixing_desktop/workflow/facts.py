"""What happened: dated facts, and their index for one evaluation.

A fact is never changed.  A correction is a new fact that names the one it replaces; a withdrawal is
a correction without a successor (kind ``withdrawn``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from zhixing_desktop.workflow import subjects

NOTHING: Mapping[str, Any] = MappingProxyType({})

HEADER = "header"
PARTY = "party"
OFFICER = "officer"
STARTED = "started"
ITEM = "item"
FIELDS = "fields"
COMPLETED = "completed"
REQUESTED = "approval_requested"
DECIDED = "approval_decided"
EXTENSION = "extension"
EXCLUSION = "exclusion"
WITHDRAWN = "withdrawn"
STRUCTURAL = frozenset(
    {
        HEADER,
        PARTY,
        OFFICER,
        STARTED,
        ITEM,
        FIELDS,
        COMPLETED,
        REQUESTED,
        DECIDED,
        EXTENSION,
        EXCLUSION,
        WITHDRAWN,
    }
)


class State(StrEnum):
    """State of a node instance (and, by its worst open instance, of a case)."""

    NOT_STARTED = "not_started"
    ACTIVE = "active"
    WARNED = "warned"
    OVERDUE = "overdue"
    FROZEN = "frozen"
    DONE = "done"
    DONE_LATE = "done_late"
    NOT_APPLICABLE = "not_applicable"

    @property
    def label(self) -> str:
        """The state's word on the screen."""
        return _LABELS[self]

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self in OPEN_STATES


_LABELS = {
    State.NOT_STARTED: "未启动",
    State.ACTIVE: "办理中",
    State.WARNED: "预警",
    State.OVERDUE: "逾期",
    State.FROZEN: "冻结",
    State.DONE: "已完成",
    State.DONE_LATE: "逾期完成",
    State.NOT_APPLICABLE: "不适用",
}
OPEN_STATES = frozenset({State.ACTIVE, State.WARNED, State.OVERDUE, State.FROZEN})
SEVERITY = {State.FROZEN: 4, State.OVERDUE: 3, State.WARNED: 2, State.ACTIVE: 1}


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a case.

    ``seq`` counts within the case from 1.  ``happened_at`` is the day (00:00:00) or moment it
    happened, ``recorded_at`` the moment from which it counts as recorded (equal to ``entered_at``,
    except for facts imported from the court's platform, which were recorded there when they
    happened), ``entered_at`` the moment it was typed in.  ``corrects`` is the ``seq`` it replaces.
    """

    seq: int
    kind: str
    subject: str
    happened_at: datetime
    recorded_at: datetime
    entered_at: datetime
    entered_by: str
    node: int | None = None
    data: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    corrects: int | None = None
    reason: str | None = None
    source: str = "entry"


def in_force(facts: Iterable[Fact]) -> list[Fact]:
    """Return the facts that hold now: corrected ones replaced, withdrawn ones left out.

    A correction keeps the moment its first version was recorded, so that mending a typing error
    does not count as late recording; a correction of another kind or subject does not inherit it.
    """
    by_seq: dict[int, Fact] = {}
    replaced: set[int] = set()
    for fact in facts:
        if fact.corrects is None:
            by_seq[fact.seq] = fact
            continue
        old = by_seq.get(fact.corrects)
        replaced.add(fact.corrects)
        if old is not None and old.kind == fact.kind and old.subject == fact.subject:
            fact = replace(fact, recorded_at=min(old.recorded_at, fact.recorded_at))
        by_seq[fact.seq] = fact
    return [f for s, f in by_seq.items() if s not in replaced and f.kind != WITHDRAWN]


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """One application and what became of it.

    ``status`` is ``pending``, ``granted``, ``refused`` or ``withdrawn``; ``steps`` are the
    decisions taken so far (role, outcome), in order.
    """

    seq: int
    node: int
    subject: str
    matter: str
    requested_at: datetime
    requested_by: str
    reason: str
    data: Mapping[str, Any]
    status: str
    steps: tuple[Mapping[str, Any], ...]
    decided_at: datetime | None
    recorded_at: datetime


class FactIndex:
    """The facts of one case in force, indexed for the questions the engine asks."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        self.facts = in_force(facts)
        self.header: Mapping[str, Any] = NOTHING
        self.opened_at: datetime | None = None
        self.events: dict[tuple[str, str], list[Fact]] = {}
        self.items: dict[tuple[int, str], dict[int, Fact]] = {}
        self.values: dict[tuple[int, str], dict[str, Any]] = {}
        self.completed: dict[tuple[int, str], Fact] = {}
        self.started: dict[tuple[int, str], Fact] = {}
        self.parties: dict[str, Fact] = {}
        self.extensions: list[Fact] = []
        self.exclusions: list[Fact] = []
        self.officers: list[Fact] = []
        self.by_kind: dict[str, list[str]] = {}
        self._requests: dict[int, Fact] = {}
        self._decisions: dict[int, list[Fact]] = {}
        for fact in self.facts:
            self._take(fact)
        self.approvals = [self._approval(f) for f in self._requests.values()]

    def _take(self, fact: Fact) -> None:
        kind, subject = fact.kind, fact.subject
        if kind not in STRUCTURAL:
            self.events.setdefault((kind, subject), []).append(fact)
            self._know(subject)
            return
        place = (fact.node or 0, subject)
        if kind == ITEM:
            self.items.setdefault(place, {})[int(fact.data["item"])] = fact
        elif kind == FIELDS:
            self.values.setdefault(place, {}).update(fact.data.get("values", {}))
        elif kind == COMPLETED:
            self.completed[place] = fact
        elif kind == STARTED:
            self.started[place] = fact
        elif kind == HEADER:
            self.header = fact.data
            self.opened_at = fact.happened_at
        elif kind == PARTY:
            self.parties[subject] = fact
            self._know(subject)
        elif kind == OFFICER:
            self.officers.append(fact)
        elif kind == EXTENSION:
            self.extensions.append(fact)
        elif kind == EXCLUSION:
            self.exclusions.append(fact)
        elif kind == REQUESTED:
            self._requests[fact.seq] = fact
        elif kind == DECIDED:
            self._decisions.setdefault(int(fact.data["request"]), []).append(fact)

    def _know(self, subject: str) -> None:
        plain = subjects.base(subject)
        known = self.by_kind.setdefault(subjects.kind_of(plain), [])
        if plain not in known:
            known.append(plain)

    def _approval(self, request: Fact) -> ApprovalView:
        steps = self._decisions.get(request.seq, [])
        status, decided = "pending", None
        for step in steps:
            outcome = step.data.get("outcome")
            if outcome in ("refused", "withdrawn", "returned"):
                status, decided = str(outcome), step.happened_at
            elif outcome == "granted" and step.data.get("final", True):
                status, decided = "granted", step.happened_at
        return ApprovalView(
            seq=request.seq,
            node=request.node or 0,
            subject=request.subject,
            matter=str(request.data["matter"]),
            requested_at=request.happened_at,
            requested_by=request.entered_by,
            reason=str(request.data.get("reason", "")),
            data=request.data,
            status=status,
            steps=tuple(step.data for step in steps),
            decided_at=decided,
            recorded_at=steps[-1].recorded_at if steps else request.recorded_at,
        )

    def event(self, name: str, subject: str) -> Fact | None:
        """Return the first fact of an event on exactly this subject."""
        found = self.events.get((name, subject))
        return found[0] if found else None

    def last_event(self, name: str, subject: str) -> Fact | None:
        """Return the latest fact of an event on exactly this subject."""
        found = self.events.get((name, subject))
        return found[-1] if found else None

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
        """Return the newest application of a matter for an instance."""
        for view in reversed(self.approvals):
            if view.matter == matter and view.node == node and view.subject == subject:
                return view
        return None
