"""What the engine says about a case; frozen, handed to services, window, sweep and tests alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from zhixing_desktop.workflow.errors import Cite
from zhixing_desktop.workflow.facts import ApprovalView, State
from zhixing_desktop.workflow.rulebook import TimeLimit, Unfreeze

__all__ = [
    "AgendaStep",
    "ApprovalView",
    "Blocker",
    "CaseView",
    "FreezeView",
    "InstanceView",
    "Key",
    "LimitView",
    "Missing",
]


class Key(NamedTuple):
    """A node instance: node number and subject (``17@asset/1``)."""

    node: int
    subject: str

    def __str__(self) -> str:
        return f"{self.node}@{self.subject}"


@dataclass(frozen=True, slots=True)
class LimitView:
    """A time limit of an instance.

    ``status``: ``waiting`` (anchor unknown), ``running``, ``met``, ``met_late``, ``overdue``,
    ``suspended`` (期限暂停计时), ``lapsed`` (the instance no longer arises), ``notice`` (a party's
    right or a fiction: shown, never warned).

    A before-limit has two last days (reading A38): ``due_at`` by the stricter reading,
    ``caution_at`` by the wider one.  ``caution`` tells that the act was done, or can only still be
    done, between the two; it is in time then (``met``, ``running``), never late.
    """

    limit: TimeLimit
    status: str
    anchor_at: datetime | None
    anchor_words: str
    anchor_recorded_at: datetime | None
    nominal_at: datetime | None
    due_at: datetime | None
    caution_at: datetime | None
    provisional: bool
    met_at: datetime | None
    met_recorded_at: datetime | None
    warn_at: tuple[datetime, ...]
    caution: bool = False


@dataclass(frozen=True, slots=True)
class FreezeView:
    """Why and since when an instance is frozen, and whose decision lifts it."""

    frozen_at: datetime
    limit_id: str | None
    unfreeze: Unfreeze
    cite: Cite
    pending: ApprovalView | None
    by_node: int


@dataclass(frozen=True, slots=True)
class Missing:
    """Something the instance still needs before it can be completed."""

    kind: str
    name: str
    label: str
    item: int | None
    cite: Cite | None


@dataclass(frozen=True, slots=True)
class Blocker:
    """Why an act is refused: code of the rule, a sentence, its citation, data."""

    code: str
    sentence: str
    cite: Cite
    severity: str = "refuse"
    data: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class InstanceView:
    """One node instance as it stands."""

    key: Key
    state: State
    opened_at: datetime | None
    completed_at: datetime | None
    limits: tuple[LimitView, ...]
    items_done: Mapping[int, datetime]
    freezes: tuple[FreezeView, ...]
    due_at: datetime | None
    why: str
    role: str

    @property
    def frozen(self) -> FreezeView | None:
        """The freeze that holds now (the earliest), ``None`` when it is not frozen."""
        return self.freezes[0] if self.freezes else None


@dataclass(frozen=True, slots=True)
class AgendaStep:
    """One thing the beat will announce: a warning, a freeze, an overdue limit, an opening.

    ``step``: ``warn1``, ``warn2``, ``overdue``, ``freeze``, ``supervise``, ``open``, ``lapse``.
    ``at`` is the legal moment; ``due_at`` belongs to the key, so that a changed limit is warned
    again.  ``state_after`` is what the instance becomes; ``recipients`` are roles.
    """

    key: Key
    limit_id: str
    step: str
    at: datetime
    due_at: datetime
    state_after: State
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseView:
    """A whole case at one moment.

    ``instances`` holds every instance that is open, done or possible; ``state`` is the worst open
    state (``done`` when closed); ``agenda`` lists all announcements of unmet limits, past and to
    come; ``approvals`` are the applications in the order they were made.
    """

    at: datetime
    instances: Mapping[Key, InstanceView]
    state: State
    closed_at: datetime | None
    closing_way: str
    current: Key | None
    next_due: LimitView | None
    next_due_key: Key | None
    agenda: tuple[AgendaStep, ...]
    approvals: tuple[ApprovalView, ...]

    def of_node(self, node: int) -> tuple[InstanceView, ...]:
        """Return the instances of one node, in the order of their subjects."""
        return tuple(view for key, view in self.instances.items() if key.node == node)
