"""What waits for whom: the applications of a case that somebody must decide next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.context import CLOSING_NODE
from zhixing_desktop.workflow.facts import ApprovalView
from zhixing_desktop.workflow.freezing import DEADLINE_CHANGE
from zhixing_desktop.workflow.payments import PAYOUT
from zhixing_desktop.workflow.views import CaseView, InstanceView, Key


@dataclass(frozen=True, slots=True)
class Waiting:
    """One application that waits.

    ``due_roles``: of which one decides next; for an authority outside the court its own words.
    ``stage``: empty, ``forwarded`` or ``replied``.  ``frozen_at`` and ``due_at`` are those of the
    node it is about, for a change of the period those of the case's own period.
    """

    request: int
    node: int
    subject: str
    matter: str
    level: str
    due_roles: tuple[str, ...]
    stage: str
    requested_by: str
    requested_at: datetime
    frozen_at: datetime | None
    due_at: datetime | None
    urged_at: datetime | None
    urges: int


def waiting_of(view: CaseView) -> tuple[Waiting, ...]:
    """Return the applications of a case that wait, in the order they were made.

    Also those that are decided and whose later reply has not been read back yet.
    """
    return tuple(
        _waiting(view.instances, asked)
        for asked in view.approvals
        if asked.status == "pending" or asked.reply is not None
    )


def _waiting(instances: Mapping[Key, InstanceView], asked: ApprovalView) -> Waiting:
    instance = instances.get(Key(asked.node, asked.subject))
    if asked.matter == DEADLINE_CHANGE:
        instance = instances.get(Key(CLOSING_NODE, subjects.CASE))
    frozen = instance.frozen if instance is not None else None
    return Waiting(
        request=asked.seq,
        node=asked.node,
        subject=asked.subject,
        matter=asked.matter,
        level=asked.level,
        due_roles=next_roles(asked),
        stage=asked.stage,
        requested_by=asked.requested_by,
        requested_at=asked.requested_at,
        frozen_at=frozen.frozen_at if frozen is not None else None,
        due_at=instance.due_at if instance is not None else None,
        urged_at=asked.urges[-1] if asked.urges else None,
        urges=len(asked.urges),
    )


def next_roles(asked: ApprovalView) -> tuple[str, ...]:
    """Return the roles of which one decides an application next."""
    roles = tuple(str(role) for role in asked.data.get("roles", ()))
    # Applications made before the way of deciding was kept with them: only 案款发放 has an order.
    mode = asked.data.get("mode") or ("sequence" if asked.matter == PAYOUT else "either")
    if mode != "sequence":
        return roles
    step = sum(1 for entry in asked.steps if entry.get("outcome") == "granted")
    return roles[step : step + 1]
