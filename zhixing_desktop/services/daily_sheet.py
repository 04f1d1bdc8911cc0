"""The bureau chief's daily sheet: counts, the worst ten, the day's decisions, the journal's head.

One page to print and to sign.  The head of the journal on paper is what a cut-off tail is found by.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from json import loads
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, func, select

from zhixing_desktop.models.journal import append
from zhixing_desktop.models.tables import (
    alerts,
    cases,
    deputies,
    instances,
    journal,
    staff,
    waiting,
)
from zhixing_desktop.services import journal_keys
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.daily_sheet_freezes import freezes_of_day
from zhixing_desktop.services.fact_words import OUTCOMES, matter_words
from zhixing_desktop.services.permission import permit
from zhixing_desktop.workflow import facts as kinds
from zhixing_desktop.workflow.facts import SEVERITY, State
from zhixing_desktop.workflow.rulebook import Rulebook

WORST = 10
_DECIDING = ("approval.decide", "approval.register", "approval.countermand", "reply.confirm")
_STEPS: Mapping[str, str] = MappingProxyType(
    {
        "warn1": "即将届满预警",
        "warn2": "届满当日预警",
        "overdue": "逾期",
        "supervise": "督办",
    }
)


@dataclass(frozen=True, slots=True)
class LateCase:
    """One of the worst: a case whose limit ended longest ago, and that limit's node."""

    case_id: int
    case_no: str
    parties: str
    officer: str
    node: int | None
    node_name: str
    node_state: State
    state: State
    due_at: datetime
    days_late: int


@dataclass(frozen=True, slots=True)
class DayDecision:
    """One decision of the day; ``on_behalf_of`` is empty unless a deputy decided."""

    case_no: str
    node: int
    matter: str
    outcome: str
    decided_by: str
    on_behalf_of: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class DeputyNote:
    """A deputy in force on the day."""

    principal: str
    deputy: str
    role: str
    until_on: date
    paper: str


@dataclass(frozen=True, slots=True)
class DailySheet:
    """What one civil day was like; counts are pairs of a word and a number.

    ``head_id`` and ``head_hash`` are the last row of the journal of that day (0 and zeros before
    the first row).
    """

    court: str
    day: date
    made_at: datetime
    made_by: str
    states: tuple[tuple[str, int], ...]
    moves: tuple[tuple[str, int], ...]
    announced: tuple[tuple[str, int], ...]
    freezes: tuple[tuple[str, int], ...]
    waiting: tuple[tuple[str, int], ...]
    worst: tuple[LateCase, ...]
    decisions: tuple[DayDecision, ...]
    deputies: tuple[DeputyNote, ...]
    head_id: int
    head_hash: str
    head_algorithm: str
    key_fingerprint: str = ""
    """Of the key under the journal's bundles; empty as long as there is none."""


def daily_sheet(bureau: Bureau, actor: Actor, day: date, *, court: str = "") -> DailySheet:
    """Return the sheet of a day as the database tells it now.

    Raises ``NotAllowedError`` for whoever may not have it, ``StoreError``.
    """
    begin = datetime.combine(day, time())
    end = begin + timedelta(days=1)
    with bureau.database.reading() as conn:
        permit(conn, bureau, actor, "sheet.daily")
        now = bureau.database.now(conn)
        head_id, head_hash, algorithm = _head(conn, end)
        key = journal_keys.public_key(bureau, conn)
        return DailySheet(
            court=court,
            day=day,
            made_at=now,
            made_by=actor.name,
            states=_states(conn),
            moves=_moves(conn, begin, end),
            announced=_announced(conn, begin, end),
            freezes=freezes_of_day(conn, begin, end),
            waiting=_waiting(conn),
            worst=_worst(conn, bureau.rules.book, now),
            decisions=_decisions(conn, bureau.rules.book, begin, end),
            deputies=_deputies(conn, day),
            head_id=head_id,
            head_hash=head_hash,
            head_algorithm=algorithm,
            key_fingerprint=key.fingerprint if key is not None else "",
        )


def record_printed(bureau: Bureau, actor: Actor, sheet: DailySheet) -> None:
    """Write into the journal that the sheet was printed, and with which head.

    Raises ``NotAllowedError``.
    """
    with bureau.database.writing() as conn:
        permit(conn, bureau, actor, "sheet.daily")
        data = {
            "day": sheet.day.isoformat(),
            "head_id": sheet.head_id,
            "head_hash": sheet.head_hash,
            "decisions": len(sheet.decisions),
        }
        append(
            conn,
            at=bureau.database.now(conn),
            actor=actor.name,
            action="sheet.print",
            case_id=None,
            changes=[{"op": "note", "data": data}],
            workstation=bureau.workstation,
        )


def _states(conn: Connection) -> tuple[tuple[str, int], ...]:
    """Open cases by state in the order of their urgency, then all closed ones."""
    question = (
        select(cases.c.state, func.count())
        .where(cases.c.closed_at.is_(None))
        .group_by(cases.c.state)
    )
    found = dict(tuple(row) for row in conn.execute(question))
    closed = conn.execute(select(func.count()).where(cases.c.closed_at.is_not(None))).scalar_one()
    order = (State.FROZEN, State.OVERDUE, State.WARNED, State.ACTIVE, State.NOT_STARTED)
    rows = [(state.label, int(found.pop(state.value, 0))) for state in order]
    return (*rows, ("其他未结", sum(found.values())), ("已结", int(closed)))


def _moves(conn: Connection, begin: datetime, end: datetime) -> tuple[tuple[str, int], ...]:
    def count(column: Any) -> int:
        question = select(func.count()).where(column >= begin, column < end)
        return int(conn.execute(question).scalar_one())

    return (("新收", count(cases.c.filed_at)), ("结案", count(cases.c.closed_at)))


def _announced(conn: Connection, begin: datetime, end: datetime) -> tuple[tuple[str, int], ...]:
    question = (
        select(alerts.c.step, func.count())
        .where(alerts.c.noticed_at >= begin, alerts.c.noticed_at < end)
        .group_by(alerts.c.step)
    )
    found = dict(tuple(row) for row in conn.execute(question))
    return tuple((words, int(found.get(step, 0))) for step, words in _STEPS.items())


def _waiting(conn: Connection) -> tuple[tuple[str, int], ...]:
    question = select(waiting.c.due_roles, func.count()).group_by(waiting.c.due_roles)
    return tuple(sorted((str(roles), int(count)) for roles, count in conn.execute(question)))


def _worst(conn: Connection, book: Rulebook, now: datetime) -> tuple[LateCase, ...]:
    late = (State.FROZEN.value, State.OVERDUE.value)
    question = (
        select(cases, staff.c.name.label("officer"))
        .select_from(cases.outerjoin(staff, staff.c.id == cases.c.officer_id))
        .where(cases.c.state.in_(late), cases.c.closed_at.is_(None), cases.c.next_due_at < now)
        .order_by(cases.c.next_due_at, cases.c.id)
        .limit(WORST)
    )
    rows = conn.execute(question).all()
    return tuple(
        LateCase(
            case_id=row.id,
            case_no=row.case_no,
            parties=row.parties_text,
            officer=row.officer or "",
            node=row.next_due_node,
            node_name=book.nodes[row.next_due_node].name if row.next_due_node else "",
            node_state=_state_of_node(conn, row),
            state=State(row.state),
            due_at=row.next_due_at,
            days_late=(now.date() - row.next_due_at.date()).days,
        )
        for row in rows
    )


def _state_of_node(conn: Connection, case: Row[Any]) -> State:
    """A case may be frozen by another node than the one whose limit ended first."""
    question = select(instances.c.state).where(
        instances.c.case_id == case.id,
        instances.c.node == case.next_due_node,
        instances.c.due_at == case.next_due_at,
    )
    found = [State(word) for word in conn.execute(question).scalars()]
    return max(found, key=lambda state: SEVERITY.get(state, 0), default=State(case.state))


def _decisions(
    conn: Connection, book: Rulebook, begin: datetime, end: datetime
) -> tuple[DayDecision, ...]:
    """From the journal: it alone knows each step of a sequence and for whom a deputy decided."""
    question = (
        select(journal, cases.c.case_no)
        .select_from(journal.outerjoin(cases, cases.c.id == journal.c.case_id))
        .where(journal.c.at >= begin, journal.c.at < end, journal.c.action.in_(_DECIDING))
        .order_by(journal.c.id)
    )
    found = []
    for row in conn.execute(question):
        for fact in _decided(row.payload):
            body, node = fact["data"], int(fact["node"] or 0)
            found.append(
                DayDecision(
                    case_no=row.case_no or "",
                    node=node,
                    matter=matter_words(book, node, str(body.get("matter", ""))),
                    outcome=OUTCOMES.get(str(body.get("outcome")), str(body.get("outcome", ""))),
                    # Of a superior court: which one, or nobody knows who 孙庭长 is.
                    decided_by=str(body.get("authority") or "") + str(body.get("by") or row.actor),
                    on_behalf_of=row.on_behalf_of or "",
                    at=row.at,
                    reason=str(body.get("reason", "")),
                )
            )
    return tuple(found)


def _decided(changes: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    """Yield the decisions among the facts that a journal row inserted."""
    for change in changes:
        if change.get("table") != "facts":
            continue
        rows = [change["after"]] if change["op"] == "insert" else []
        if change["op"] == "insert_many":
            rows = [dict(zip(change["columns"], row, strict=True)) for row in change["rows"]]
        for row in rows:
            if row["kind"] == kinds.DECIDED:
                yield {**row, "data": loads(row["data"])}


def _deputies(conn: Connection, day: date) -> tuple[DeputyNote, ...]:
    principal, deputy = staff.alias("principal"), staff.alias("deputy")
    question = (
        select(deputies, principal.c.name.label("principal"), deputy.c.name.label("deputy"))
        .select_from(
            deputies.join(principal, principal.c.id == deputies.c.principal_id).join(
                deputy, deputy.c.id == deputies.c.deputy_id
            )
        )
        .where(
            deputies.c.from_on <= day,
            deputies.c.until_on >= day,
            deputies.c.revoked_at.is_(None),
        )
        .order_by(deputies.c.id)
    )
    return tuple(
        DeputyNote(row.principal, row.deputy, row.role, row.until_on, row.paper)
        for row in conn.execute(question)
    )


def _head(conn: Connection, end: datetime) -> tuple[int, str, str]:
    question = (
        select(journal.c.id, journal.c.hash, journal.c.algorithm)
        .where(journal.c.at < end)
        .order_by(journal.c.id.desc())
        .limit(1)
    )
    row = conn.execute(question).first()
    return (0, "0" * 64, "sha256") if row is None else (row.id, row.hash, row.algorithm)
