"""督办: nodes 23 and 26 that are late, and everything that is frozen; paged from SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from zhixing_desktop.models.tables import cases, instances, staff, waiting
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.permission import permit
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.rulebook import Rulebook

SUPERVISED = (23, 26)
"""The nodes whose lateness the guideline puts under supervision (督办)."""


@dataclass(frozen=True, slots=True)
class Supervised:
    """One node instance under supervision; ``asked`` tells that an application waits for it."""

    case_id: int
    case_no: str
    parties: str
    officer: str
    node: int
    node_name: str
    subject: str
    state: State
    frozen_at: datetime | None
    due_at: datetime | None
    days_late: int
    asked: bool


@dataclass(frozen=True, slots=True)
class SupervisedPage:
    """A page of the list and how many there are in all."""

    rows: tuple[Supervised, ...]
    total: int


def supervised(
    bureau: Bureau, actor: Actor, *, offset: int = 0, limit: int = 200
) -> SupervisedPage:
    """Return what is under supervision: the longest frozen first, then the longest late.

    Raises ``NotAllowedError`` for whoever has no panel.
    """
    book = bureau.rules.book
    wanted = _wanted(book)
    source = instances.join(cases, cases.c.id == instances.c.case_id)
    asked = (
        select(waiting.c.request_seq)
        .where(
            waiting.c.case_id == instances.c.case_id,
            waiting.c.node == instances.c.node,
            waiting.c.subject == instances.c.subject,
        )
        .exists()
    )
    question = (
        select(
            instances,
            cases.c.case_no,
            cases.c.parties_text,
            staff.c.name.label("officer"),
            asked.label("asked"),
        )
        .select_from(source.outerjoin(staff, staff.c.id == cases.c.officer_id))
        .where(wanted)
        .order_by(
            instances.c.frozen_at.is_(None),
            instances.c.frozen_at,
            instances.c.due_at.is_(None),
            instances.c.due_at,
            instances.c.id,
        )
        .offset(offset)
        .limit(limit)
    )
    count = select(func.count()).select_from(source).where(wanted)
    with bureau.database.reading() as conn:
        permit(conn, bureau, actor, "panel.view")
        now = bureau.database.now(conn)
        total = int(conn.execute(count).scalar_one())
        rows = conn.execute(question).all()
    return SupervisedPage(
        tuple(
            Supervised(
                case_id=row.case_id,
                case_no=row.case_no,
                parties=row.parties_text,
                officer=row.officer or "",
                node=row.node,
                node_name=book.nodes[row.node].name,
                subject=row.subject,
                state=State(row.state),
                frozen_at=row.frozen_at,
                due_at=row.due_at,
                days_late=_days_late(row.due_at or row.frozen_at, now),
                asked=bool(row.asked),
            )
            for row in rows
        ),
        total,
    )


def _wanted(book: Rulebook) -> ColumnElement[bool]:
    late = and_(instances.c.node.in_(SUPERVISED), instances.c.state == State.OVERDUE.value)
    # Named one by one, so that the index on node and state is used.
    places = {spec.freeze.target or spec.number for spec in book.nodes.values() if spec.freeze}
    frozen = and_(instances.c.node.in_(sorted(places)), instances.c.state == State.FROZEN.value)
    return and_(cases.c.closed_at.is_(None), or_(frozen, late))


def _days_late(due: datetime | None, now: datetime) -> int:
    return max((now.date() - due.date()).days, 0) if due is not None else 0
