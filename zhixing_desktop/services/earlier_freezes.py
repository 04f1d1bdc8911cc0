"""How often an officer's cases, and a case, were frozen before: counted, with the last ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, not_, select

from zhixing_desktop.models.tables import alerts, cases
from zhixing_desktop.workflow.rulebook import Rulebook

SHOWN = 3
FREEZE = "freeze"


@dataclass(frozen=True, slots=True)
class Freeze:
    """One freeze that was announced."""

    case_no: str
    node: int
    node_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Freezes:
    """How many there were, and the last of them, the newest first."""

    count: int = 0
    last: tuple[Freeze, ...] = ()


@dataclass(frozen=True, slots=True)
class This:
    """The freeze that is being asked about, which is not an earlier one."""

    case_id: int
    node: int
    subject: str
    frozen_at: datetime | None


def of_officer(conn: Connection, book: Rulebook, officer_id: int | None, this: This) -> Freezes:
    """Return the earlier freezes in an officer's cases (as he was then), this one left out."""
    if officer_id is None:
        return Freezes()
    return _freezes(conn, book, alerts.c.officer_id == officer_id, this)


def of_case(conn: Connection, book: Rulebook, this: This) -> Freezes:
    """Return the earlier freezes of the case, this one left out."""
    return _freezes(conn, book, alerts.c.case_id == this.case_id, this)


def _freezes(
    conn: Connection, book: Rulebook, condition: ColumnElement[bool], this: This
) -> Freezes:
    wanted = and_(condition, alerts.c.step == FREEZE)
    if this.frozen_at is not None:
        here = (alerts.c.case_id == this.case_id) & (alerts.c.node == this.node)
        same = (alerts.c.subject == this.subject) & (alerts.c.legal_at >= this.frozen_at)
        wanted = and_(wanted, not_(here & same))
    count = conn.execute(select(func.count()).select_from(alerts).where(wanted)).scalar_one()
    if not count:
        return Freezes()
    question = (
        select(cases.c.case_no, alerts.c.node, alerts.c.legal_at)
        .select_from(alerts.join(cases, cases.c.id == alerts.c.case_id))
        .where(wanted)
        .order_by(alerts.c.legal_at.desc(), alerts.c.id.desc())
        .limit(SHOWN)
    )
    last = tuple(
        Freeze(row.case_no, row.node, book.nodes[row.node].name, row.legal_at)
        for row in conn.execute(question)
    )
    return Freezes(int(count), last)
