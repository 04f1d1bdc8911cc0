"""The case list: rows for the screen, paged, filtered and searched by the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from zhixing_desktop.exchange.pinyin import initials
from zhixing_desktop.models.rows import ask
from zhixing_desktop.models.types import moment_text, yuan_of
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.people import person_id
from zhixing_desktop.services.sight import EVERYTHING, seen_cases
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.facts import HEADER, OFFICER, PARTY, WITHDRAWN, Fact, State

if TYPE_CHECKING:
    from zhixing_desktop.workflow.context import Context
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


_SORT_COLUMNS: dict[str, tuple[str, ...]] = {
    "case_no": ("c.year", "c.type", "c.number"),
    "parties": ("c.parties_text",),
    "officer": ("c.officer_id",),
    "node": ("c.current_node",),
    "due": ("c.next_due_at",),
    "state": ("c.state", "c.next_due_at"),
    "amount": ("c.amount",),
}
_MAY_BE_EMPTY = frozenset({"c.officer_id", "c.current_node", "c.next_due_at", "c.amount"})
_LINE = (
    "c.id, c.case_no, c.parties_text, s.name, c.current_node, c.current_node_name, "
    "c.next_due_at, c.state, c.amount, c.closing_way, c.closed_at"
)
_STATES = {state.value: state for state in State}
Condition = tuple[list[str], list[Any]]


def page(bureau: Bureau, actor: Actor, query: CaseQuery) -> tuple[CaseLine, ...]:
    """Return one page of the cases a person sees; what has nothing to sort by comes last."""
    with bureau.database.reading() as conn:
        seen = seen_cases(conn, bureau, actor)
        statement, values = _page_statement(conn, query, bureau.database.now(conn).date(), seen)
        rows = ask(conn, statement, values)
    return tuple([_line(row) for row in rows])


def _line(row: tuple[Any, ...]) -> CaseLine:
    number, case_no, parties, officer, node, node_name, due, state, amount, way, closed = row
    return CaseLine(
        id=number,
        case_no=case_no,
        parties=parties,
        officer=officer or "",
        current_node=node,
        current_node_name=node_name,
        next_due_at=datetime.fromisoformat(due) if type(due) is str else due,
        state=_STATES[state],
        amount=None if amount is None else yuan_of(amount),
        closing_way=way,
        closed_at=datetime.fromisoformat(closed) if type(closed) is str else closed,
    )


def count(bureau: Bureau, actor: Actor, query: CaseQuery) -> int:
    """Return how many of the cases a person sees the filter and search leave."""
    with bureau.database.reading() as conn:
        seen = seen_cases(conn, bureau, actor)
        parts, values = _where(conn, query, bureau.database.now(conn).date(), seen)
        statement = f"SELECT count(*) FROM cases c WHERE {' AND '.join(parts)}"  # noqa: S608
        return int(ask(conn, statement, values)[0][0])


def counts(bureau: Bureau, actor: Actor) -> dict[str, int]:
    """Return how many of the cases a person sees stand behind each filter, for the buttons.

    ``mine`` counts those he is the officer of.
    """
    chosen: list[str] = []
    values: list[Any] = []
    with bureau.database.reading() as conn:
        condition, limits = seen_cases(conn, bureau, actor)
        today = bureau.database.now(conn).date()
        for name in FILTERS:
            parts, more = _where(conn, CaseQuery(name, officer_id=actor.staff_id), today)
            chosen.append(f"count(*) FILTER (WHERE {' AND '.join(parts)})")
            values += more
        only = "" if condition == EVERYTHING else f" WHERE {condition}"
        statement = f"SELECT {', '.join(chosen)} FROM cases c{only}"  # noqa: S608 - our own words
        row = ask(conn, statement, [*values, *limits])[0]
    return {name: int(number) for name, number in zip(FILTERS, row, strict=True)}


def _page_statement(
    conn: Connection, query: CaseQuery, today: date, seen: tuple[str, list[Any]] = (EVERYTHING, [])
) -> tuple[str, list[Any]]:
    """Return the question for a page: its row numbers first, from an index, then their rows."""
    parts, values = _where(conn, query, today, seen)
    # Hits of a search are few: walking the list's order to find them would take long.  The plus
    # keeps SQLite from doing that.
    plus = "+" if query.search.strip() and conn.dialect.name == "sqlite" else ""
    way = " DESC" if query.descending else ""
    columns = [
        f"{plus}{column}{way}{' NULLS LAST' if column in _MAY_BE_EMPTY else ''}"
        for column in _SORT_COLUMNS[query.sort]
    ]
    order = ", ".join((*columns, "c.id"))
    statement = (
        f"WITH p AS (SELECT c.id FROM cases c WHERE {' AND '.join(parts)} "  # noqa: S608
        f"ORDER BY {order} LIMIT ? OFFSET ?) "
        f"SELECT {_LINE} FROM p JOIN cases c ON c.id = p.id "
        f"LEFT JOIN staff s ON s.id = c.officer_id ORDER BY {order}"
    )
    return statement, [*values, query.limit, query.offset]


def _where(
    conn: Connection, query: CaseQuery, today: date, seen: tuple[str, list[Any]] = (EVERYTHING, [])
) -> Condition:
    parts, values = [seen[0]], list(seen[1])
    if query.filter == "mine" and query.officer_id is not None:
        parts.append("c.officer_id = ? AND c.closed_at IS NULL")
        values.append(query.officer_id)
    elif query.filter == "due_today":
        start = datetime.combine(today, time())
        ends = [start, start + timedelta(days=1)]
        parts.append("c.next_due_at >= ? AND c.next_due_at < ?")
        values += [moment_text(end) for end in ends] if conn.dialect.name == "sqlite" else ends
    elif query.filter in ("warned", "overdue", "frozen"):
        parts.append("c.state = ?")
        values.append(query.filter)
    elif query.filter == "closed":
        parts.append("c.closed_at IS NOT NULL")
    key = search_key(query.search)
    if key:
        parts.append("c.search_text LIKE ? ESCAPE '!'")
        for sign in "!%_":
            key = key.replace(sign, f"!{sign}")
        values.append(f"%{key}%")
    return parts, values


def search_key(text: str) -> str:
    """Return what is looked up: lower case, full-width brackets, no spaces."""
    return "".join(text.split()).lower().replace("(", "（").replace(")", "）")


_NAMING = frozenset({HEADER, PARTY, OFFICER, WITHDRAWN})


def row_names(
    bureau: Bureau,
    conn: Connection,
    case: Mapping[str, Any] | None,
    ctx: Context,
    view: CaseView,
    *,
    new: Sequence[Fact] | None = None,
) -> dict[str, Any]:
    """Return the columns of the list that come from names and dates of the facts, and the number
    of the rulebook that the case runs under.

    ``new`` are the only facts that the row of ``case`` does not know yet: when none of them names
    anybody, its names are left as they are.
    """
    filed = ctx.index.event("case_filed", subjects.CASE)
    received = ctx.index.event("case_received", subjects.CASE)
    node = view.current.node if view.current else None
    found: dict[str, Any] = {
        "filed_at": filed.happened_at if filed else None,
        "received_on": received.happened_at.date() if received else None,
        "current_node_name": ctx.rulebook.nodes[node].name if node else "",
        "rulebook_version": ctx.rulebook.version,
    }
    if case is not None and new is not None and not any(_names(fact) for fact in new):
        return found
    creditors = names_of(ctx, "creditor")
    debtors = names_of(ctx, "debtor")
    both = creditors and debtors
    return {
        **found,
        "cause": str(ctx.header.get("cause", "")),
        "officer_id": person_id(conn, ctx.current_officer()),
        "clerk_id": person_id(conn, str(ctx.header.get("clerk", ""))),
        "parties_text": f"{'、'.join(creditors)} / {'、'.join(debtors)}" if both else "",
        "search_text": search_text(str(ctx.header.get("case_no", "")), (*creditors, *debtors)),
    }


def _names(fact: Fact) -> bool:
    return fact.kind in _NAMING or fact.corrects is not None


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


def node_counts(bureau: Bureau, actor: Actor) -> dict[int, dict[str, int]]:
    """Return for each node how many instances stand in each state, over all cases he sees."""
    counted = "SELECT i.node, i.state, count(*) FROM "
    with bureau.database.reading() as conn:
        condition, values = seen_cases(conn, bureau, actor)
        if condition == EVERYTHING:
            counted += "instances i"
        else:
            # CROSS keeps SQLite from walking all instances: first his cases, then theirs.
            counted += f"cases c CROSS JOIN instances i WHERE i.case_id = c.id AND {condition}"
        rows = ask(conn, f"{counted} GROUP BY i.node, i.state", values)
    found: dict[int, dict[str, int]] = {}
    for node, state, number in rows:
        found.setdefault(node, {})[state] = int(number)
    return found
