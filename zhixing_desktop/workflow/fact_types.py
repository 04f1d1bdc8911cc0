"""What happened: the dated facts of a case, and the states they lead to.

A fact is never changed.  A correction is a new fact that names the one it replaces; a withdrawal is
a correction without a successor (kind ``withdrawn``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

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
URGED = "approval_urged"
FORWARDED = "approval_forwarded"
REPLIED = "approval_replied"
COUNTERMANDED = "approval_countermanded"
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
        URGED,
        FORWARDED,
        REPLIED,
        COUNTERMANDED,
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

    A correction takes the place of what it corrects, so that mending an old entry does not make it
    the latest one; it keeps the moment its first version was recorded, so that mending a typing
    error does not count as late recording.  A correction of another kind or subject inherits
    neither moment.
    """
    held: dict[int, Fact] = {}
    roots: dict[int, int] = {}
    for fact in facts:
        if fact.corrects is None:
            roots[fact.seq] = fact.seq
            held[fact.seq] = fact
            continue
        root = roots.get(fact.corrects, fact.seq)
        roots[fact.seq] = root
        old = held.get(root)
        if old is not None and (old.kind, old.subject) == (fact.kind, fact.subject):
            held[root] = replace(fact, recorded_at=min(old.recorded_at, fact.recorded_at))
        else:
            held[root] = fact
    return [fact for fact in held.values() if fact.kind != WITHDRAWN]


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """One application and what became of it.

    ``status`` is ``pending``, ``granted``, ``refused``, ``returned``, ``withdrawn`` (by the
    applicant) or ``countermanded`` (granted, then taken back); ``steps`` are the decisions taken
    so far (role, outcome), in order.  ``urges`` are the moments of 催办.  For an authority outside
    the court ``forwards`` are the hops of the letter and ``reply`` the answer that was entered last
    and not yet read back.  ``ended_by`` withdrew or countermanded it.
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
    urges: tuple[datetime, ...] = ()
    forwards: tuple[Mapping[str, Any], ...] = ()
    reply: Mapping[str, Any] | None = None
    countermand: Mapping[str, Any] | None = None
    ended_at: datetime | None = None
    ended_by: str = ""

    @property
    def level(self) -> str:
        """Who decides: ``local``, or an authority outside the court."""
        return str(self.data.get("level", "local"))

    @property
    def stage(self) -> str:
        """How far an outside decision is: empty, ``forwarded`` or ``replied``."""
        if self.reply is not None:
            return "replied"
        return "forwarded" if self.forwards else ""

    @property
    def points(self) -> tuple[str, ...]:
        """What is to be mended, as whoever returned it said."""
        return tuple(str(point) for step in self.steps for point in step.get("points", ()))

    @property
    def previous(self) -> int | None:
        """The application that this one follows, returned or refused."""
        found = self.data.get("previous")
        return None if found is None else int(found)
