"""The case list: rows for the screen, paged, filtered and searched by the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select

from zhixing_desktop.exchange.pinyin import initials
from zhixing_desktop.models.tables import cases, instances, staff
from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.services.people import person_id
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.views import CaseView

FILTERS = ("all", "mine", "due_today", "warned", "overdue", "frozen", "closed")
SORTS = ("case_no", "parties", "officer", "node", "due", "state", "amount")


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """What the list shows.

    ``filter`` is one of :data:`FILTERS`; ``search`` is part of a 案号, a name, or pinyin initials;
    ``sort`` is one of :data:`SORTS`; ``offset`` and ``limit`` cut out a page.
    """

    filter: str = "all"
    search: str = ""
    officer_id: int | None = None
    sort: str = "due"
    descending: bool = False
    offset: int = 0
    limit: int = 200


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One row of the list."""

    id: int
    case_no: str
    parties: str
    officer: str
    current_node: int | None
    current_node_name: str
    next_due_at: datetime | None
    state: State
    amount: Decimal | None
    closing_way: str | None
    closed_at: datetime | None


_SORT_COLUMNS: dict[str, tuple[Any, ...]] = {
    "case_no": (cases.c.year, cases.c.type, cases.c.number),
    "parties": (cases.c.parties_text,),
    "officer": (cases.c.officer_id,),
    "node": (cases.c.current_node,),
    "due": (cases.c.next_due_at,),
    "state": (cases.c.state,),
    "amount": (cases.c.amount,),
}


def page(bureau: Bureau, query: CaseQuery) -> tuple[CaseLine, ...]:
    """Return one page of the list."""
    with bureau.database.reading() as conn:
        rows = conn.execute(_page_statement(query, bureau.database.now(conn).date())).all()
    return tuple(
        CaseLine(
            id=row.id,
            case_no=row.case_no,
            parties=row.parties_text,
            officer=row.officer or "",
            current_node=row.current_node,
            current_node_name=row.current_node_name,
            next_due_at=row.next_due_at,
            state=State(row.state),
            amount=row.amount,
            closing_way=row.closing_way,
            closed_at=row.closed_at,
        )
        for row in rows
    )


def count(bureau: Bureau, query: CaseQuery) -> int:
    """Return how many cases the filter and search leave."""
    with bureau.database.reading() as conn:
        where = _where(query, bureau.database.now(conn).date())
        return int(conn.execute(select(func.count()).select_from(cases).where(*where)).scalar_one())


def counts(bureau: Bureau, officer_id: int | None = None) -> dict[str, int]:
    """Return how many cases stand behind each filter, for the buttons."""
    with bureau.database.reading() as conn:
        today = bureau.database.now(conn).date()
        statement = select(
            *(
                func.count().filter(and_(*_where(CaseQuery(name, officer_id=officer_id), today), True)).label(name)
                for name in FILTERS
            )
        ).select_from(cases)
        row = conn.execute(statement).one()
    return {name: int(getattr(row, name)) for name in FILTERS}


def _page_statement(query: CaseQuery, today: date) -> Select[Any]:
    columns = _SORT_COLUMNS[query.sort]
    arranged = [column.desc() if query.descending else column.asc() for column in columns]
    if query.sort == "due":
        arranged.insert(0, cases.c.next_due_at.is_(None).asc())
    return (
        select(
            cases.c.id,
            cases.c.case_no,
            cases.c.parties_text,
            staff.c.name.label("officer"),
            cases.c.current_node,
            cases.c.current_node_name,
            cases.c.next_due_at,
            cases.c.state,
            cases.c.amount,
            cases.c.closing_way,
            cases.c.closed_at,
        )
        .select_from(cases.outerjoin(staff, staff.c.id == cases.c.officer_id))
        .where(*_where(query, today))
        .order_by(*arranged, cases.c.id)
        .limit(query.limit)
        .offset(query.offset)
    )


def _where(query: CaseQuery, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.filter == "mine" and query.officer_id is not None:
        found.append(cases.c.officer_id == query.officer_id)
        found.append(cases.c.closed_at.is_(None))
    elif query.filter == "due_today":
        start = datetime.combine(today, time())
        found.append(cases.c.next_due_at >= start)
        found.append(cases.c.next_due_at < start + timedelta(days=1))
    elif query.filter in ("warned", "overdue", "frozen"):
        found.append(cases.c.state == query.filter)
    elif query.filter == "closed":
        found.append(cases.c.closed_at.is_not(None))
    text = search_key(query.search)
    if text:
        found.append(cases.c.search_text.contains(text, autoescape=True))
    return found


def search_key(text: str) -> str:
    """Return what is looked up: lower case, full-width brackets, no spaces."""
    return "".join(text.split()).lower().replace("(", "（").replace(")", "）")


def row_names(bureau: Bureau, conn: Connection, case: Any, ctx: Context, view: CaseView) -> dict[str, Any]:
    """Return the columns of the list that come from names and dates of the facts."""
    filed = ctx.index.event("case_filed", subjects.CASE)
    received = ctx.index.event("case_received", subjects.CASE)
    node = view.current.node if view.current else None
    creditors = names_of(ctx, "creditor")
    debtors = names_of(ctx, "debtor")
    parties = f"{'、'.join(creditors)} 诉 {'、'.join(debtors)}" if creditors and debtors else ""
    parties = parties.replace(" 诉 ", " / ")
    return {
        "officer_id": person_id(conn, ctx.current_officer()),
        "clerk_id": person_id(conn, str(ctx.header.get("clerk", ""))),
        "filed_at": filed.happened_at if filed else None,
        "received_on": received.happened_at.date() if received else None,
        "current_node_name": bureau.rules.book.nodes[node].name if node else "",
        "parties_text": parties,
        "search_text": search_text(str(ctx.header.get("case_no", "")), (*creditors, *debtors)),
    }


def names_of(ctx: Context, kind: str) -> tuple[str, ...]:
    """Return the names of the parties of one standing, in order."""
    return tuple(
        str(fact.data.get("name", ""))
        for subject, fact in ctx.index.parties.items()
        if subjects.kind_of(subject) == kind
    )


def search_text(case_no: str, names: Sequence[str]) -> str:
    """Return the text that a search runs through: 案号, names and their pinyin initials."""
    return search_key(f"{case_no}|{'|'.join(names)}") + "|" + "|".join(initials(n) for n in names)


def node_counts(bureau: Bureau) -> dict[int, dict[str, int]]:
    """Return for each node how many open instances stand in each state, over all cases."""
    with bureau.database.reading() as conn:
        rows = conn.execute(
            select(instances.c.node, instances.c.state, func.count()).group_by(
                instances.c.node, instances.c.state
            )
        ).all()
    found: dict[int, dict[str, int]] = {}
    for node, state, number in rows:
        found.setdefault(node, {})[state] = int(number)
    return found
