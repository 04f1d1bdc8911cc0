"""Announcements: who is told what, what was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import ColumnElement, Text, and_, func, or_, select, type_coerce

from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.tables import alert_reads, alerts, cases
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.permission import About, permit
from zhixing_desktop.services.sight import ask_sight, in_sight

OF_THE_CASE = frozenset({"承办人", "书记员"})
"""Roles that are told of their own cases only; whoever has another one, of all cases."""
TOLD_WITH: Mapping[str, str] = MappingProxyType({"院长": "主管院领导"})
"""The president is told what the leader in charge is told."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One announcement."""

    id: int
    case_id: int
    case_no: str
    node: int
    subject: str
    limit_id: str
    step: str
    due_at: datetime
    legal_at: datetime
    noticed_at: datetime
    recipients: tuple[str, ...]
    sentence: str
    read: bool


def alerts_for(
    bureau: Bureau, actor: Actor, *, unread_only: bool = False, limit: int = 500
) -> tuple[Alert, ...]:
    """Return the newest announcements that concern a person, newest first.

    An officer or a clerk sees those of his cases; the chief, the leaders and the offices (财务 …)
    those addressed to their roles.
    """
    read = and_(alert_reads.c.alert_id == alerts.c.id, alert_reads.c.staff_id == actor.staff_id)
    statement = (
        select(alerts, cases.c.case_no, alert_reads.c.read_at)
        .select_from(
            alerts.join(cases, cases.c.id == alerts.c.case_id).outerjoin(alert_reads, read)
        )
        .order_by(alerts.c.noticed_at.desc(), alerts.c.id.desc())
    )
    statement = statement.where(concerns(actor))
    if unread_only:
        statement = statement.where(alert_reads.c.read_at.is_(None))
    with bureau.database.reading() as conn:
        seen = in_sight(conn, bureau, actor, alerts.c.case_id)
        rows = conn.execute(statement.where(seen).limit(limit)).all()
    return tuple(
        Alert(
            id=row.id,
            case_id=row.case_id,
            case_no=row.case_no,
            node=row.node,
            subject=row.subject,
            limit_id=row.limit_id,
            step=row.step,
            due_at=row.due_at,
            legal_at=row.legal_at,
            noticed_at=row.noticed_at,
            recipients=tuple(row.recipients),
            sentence=row.sentence,
            read=row.read_at is not None,
        )
        for row in rows
    )


def concerns(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on ``alerts`` joined with ``cases`` for what a person is told."""
    told = [alerts.c.officer_id == actor.staff_id, cases.c.clerk_id == actor.staff_id]
    recipients = type_coerce(alerts.c.recipients, Text)  # canonical JSON
    for role in actor.roles:
        if role not in OF_THE_CASE:
            told.append(recipients.contains(f'"{TOLD_WITH.get(role, role)}"'))
    return or_(*told)


def case_alerts(bureau: Bureau, actor: Actor, case_id: int) -> tuple[Alert, ...]:
    """Return all announcements of a case in the order of their legal moments.

    Raises ``NotAllowedError`` for a case out of sight.
    """
    statement = (
        select(alerts, cases.c.case_no)
        .select_from(alerts.join(cases, cases.c.id == alerts.c.case_id))
        .where(alerts.c.case_id == case_id)
        .order_by(alerts.c.legal_at, alerts.c.id)
    )
    with bureau.database.reading() as conn:
        ask_sight(conn, bureau, actor, case_id)
        rows = conn.execute(statement).all()
    return tuple(
        Alert(
            row.id,
            row.case_id,
            row.case_no,
            row.node,
            row.subject,
            row.limit_id,
            row.step,
            row.due_at,
            row.legal_at,
            row.noticed_at,
            tuple(row.recipients),
            row.sentence,
            read=False,
        )
        for row in rows
    )


def unread_count(bureau: Bureau, actor: Actor) -> int:
    """Return how many announcements a person has not read."""
    read = and_(alert_reads.c.alert_id == alerts.c.id, alert_reads.c.staff_id == actor.staff_id)
    statement = (
        select(func.count())
        .select_from(
            alerts.join(cases, cases.c.id == alerts.c.case_id).outerjoin(alert_reads, read)
        )
        .where(concerns(actor), alert_reads.c.read_at.is_(None))
    )
    with bureau.database.reading() as conn:
        seen = in_sight(conn, bureau, actor, alerts.c.case_id)
        return int(conn.execute(statement.where(seen)).scalar_one())


def mark_read(bureau: Bureau, actor: Actor, ids: Sequence[int]) -> None:
    """Record that a person has read some announcements."""
    if actor.staff_id is None or not ids:
        return
    with bureau.database.writing() as conn:
        permit(conn, bureau, actor, "alert.read", about=About(owner=actor.name))
        now = bureau.database.now(conn)
        known = {
            row.alert_id
            for row in conn.execute(
                select(alert_reads.c.alert_id).where(
                    alert_reads.c.staff_id == actor.staff_id, alert_reads.c.alert_id.in_(ids)
                )
            )
        }
        fresh = [entry for entry in dict.fromkeys(ids) if entry not in known]
        if not fresh:
            return
        with Recorder(
            conn, at=now, actor=actor.name, action="alert.read", workstation=bureau.workstation
        ) as record:
            record.insert_many(
                alert_reads,
                [{"alert_id": i, "staff_id": actor.staff_id, "read_at": now} for i in fresh],
            )
