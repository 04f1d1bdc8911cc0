"""Which announcements may interrupt a person: limits in hours and freezes, at most a few a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import Connection, Select, func, insert, or_, select

from zhixing_desktop.models.tables import alert_reads, alerts, cases, popups
from zhixing_desktop.services.alerts import concerns
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.sight import in_sight
from zhixing_desktop.workflow.errors import StaleEditError
from zhixing_desktop.workflow.rulebook import Rulebook, Unit


@dataclass(frozen=True, slots=True)
class Popup:
    """One announcement that is shown at once."""

    alert_id: int
    case_id: int
    case_no: str
    node: int
    sentence: str
    noticed_at: datetime


@dataclass(frozen=True, slots=True)
class Interruption:
    """What is shown now, and how much more there is that is not."""

    shown: tuple[Popup, ...]
    more: int


NOTHING_TO_SHOW = Interruption((), 0)


def take_popups(bureau: Bureau, actor: Actor, *, per_day: int) -> Interruption:
    """Return what pops up now for a person and record it, so that it never does again.

    Of today's unread announcements only freezes and limits in hours, the oldest first; not more
    than ``per_day`` in one civil day, on however many workstations.  What did not fit is counted
    in ``more`` and stands in the digest.
    """
    if actor.staff_id is None or per_day < 1:
        return NOTHING_TO_SHOW
    with bureau.database.reading() as conn:
        now = bureau.database.now(conn)
        if not conn.execute(_wanted(conn, bureau, actor, now).limit(1)).first():
            return NOTHING_TO_SHOW
    try:
        shown, more = _take(bureau, actor, per_day)
    except StaleEditError:
        # The same person's other workstation has just shown them.
        return NOTHING_TO_SHOW
    return Interruption(shown, more)


def _take(bureau: Bureau, actor: Actor, per_day: int) -> tuple[tuple[Popup, ...], int]:
    with bureau.database.writing() as conn:
        now = bureau.database.now(conn)
        today = datetime.combine(now.date(), time())
        done = conn.execute(
            select(func.count()).where(popups.c.staff_id == actor.staff_id, popups.c.at >= today)
        ).scalar_one()
        rows = conn.execute(_wanted(conn, bureau, actor, now)).all()
        shown = rows[: max(0, per_day - int(done))]
        if shown:
            told = [{"staff_id": actor.staff_id, "alert_id": r.id, "at": now} for r in shown]
            conn.execute(insert(popups), told)
    popped = tuple(
        Popup(row.id, row.case_id, row.case_no, row.node, row.sentence, row.noticed_at)
        for row in shown
    )
    return popped, len(rows) - len(shown) if shown else 0


def _wanted(conn: Connection, bureau: Bureau, actor: Actor, now: datetime) -> Select[Any]:
    today = datetime.combine(now.date(), time())
    return (
        select(
            alerts.c.id,
            alerts.c.case_id,
            alerts.c.node,
            alerts.c.sentence,
            alerts.c.noticed_at,
            cases.c.case_no,
        )
        .select_from(alerts.join(cases, cases.c.id == alerts.c.case_id))
        .where(
            concerns(actor),
            in_sight(conn, bureau, actor, alerts.c.case_id),
            alerts.c.noticed_at >= today,
            or_(alerts.c.step == "freeze", alerts.c.limit_id.in_(hour_limits(bureau.rules.book))),
            alerts.c.id.not_in(
                select(popups.c.alert_id).where(popups.c.staff_id == actor.staff_id)
            ),
            alerts.c.id.not_in(
                select(alert_reads.c.alert_id).where(alert_reads.c.staff_id == actor.staff_id)
            ),
        )
        .order_by(alerts.c.id)
    )


def hour_limits(book: Rulebook) -> tuple[str, ...]:
    """Return the limits that are counted in hours."""
    return tuple(
        limit.id
        for node in book.nodes.values()
        for limit in node.time_limits
        if limit.unit is Unit.HOUR
    )
