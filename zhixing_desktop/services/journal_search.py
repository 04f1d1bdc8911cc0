"""Finding rows of the journal: filtered, in words, page by page from SQL, newest first.

A journal has a million rows and what is looked for may be anywhere, so a page is gathered slice by
slice: nobody waits for a whole table, and a search can be given up.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from zhixing_desktop.models.tables import cases, journal, staff
from zhixing_desktop.services import journal_rights
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.journal_view import SYSTEM_ACTORS, SYSTEM_WORD, actor_words
from zhixing_desktop.services.journal_words import ACTIONS
from zhixing_desktop.workflow.errors import InputRefusedError, Problem

PAGE = 100
SLICE = 20_000
_ESCAPE = "\\"


@dataclass(frozen=True, slots=True)
class JournalQuery:
    """What is looked for; empty is anything.

    ``actor`` also finds what was done on that person's behalf; ``action`` is the name in code;
    ``words`` are looked for in what was written, in names, and in the words for actions.
    """

    actor: str = ""
    action: str = ""
    case_id: int | None = None
    first: date | None = None
    last: date | None = None
    workstation: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class JournalLine:
    """A row without what it changed."""

    id: int
    at: datetime
    actor: str
    on_behalf_of: str
    workstation: str
    action: str
    case_no: str
    hash: str


@dataclass(frozen=True, slots=True)
class Found:
    """A page; ``next_before`` is where to go on, ``None`` when nothing older is left."""

    lines: tuple[JournalLine, ...]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class DayHead:
    """The last row of a civil day: what is printed, and what a cut-off tail is found by."""

    day: date
    id: int
    hash: str
    algorithm: str
    rows: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What a filter may offer: people's names, and actions as (name in code, words)."""

    people: tuple[str, ...]
    actions: tuple[tuple[str, str], ...]


def search(
    bureau: Bureau,
    actor: Actor,
    query: JournalQuery,
    *,
    before_id: int | None = None,
    limit: int = PAGE,
    cancelled: Callable[[], bool] = lambda: False,
) -> Found:
    """Return a page of the whole journal, newest first; for whoever may see all of it.

    Raises ``NotAllowedError``, and ``InputRefusedError`` for days in the wrong order.
    """
    with bureau.database.reading() as conn:
        journal_rights.ask(conn, bureau, actor, "journal.view_all")
        return find(conn, query, before_id=before_id, limit=limit, cancelled=cancelled)


def find(
    conn: Connection,
    query: JournalQuery,
    *,
    before_id: int | None = None,
    limit: int = PAGE,
    cancelled: Callable[[], bool] = lambda: False,
) -> Found:
    """Do so on a connection, without asking who wants to know."""
    low, high = bounds(conn, query)
    high = high if before_id is None else min(high, before_id - 1)
    wanted, conditions = _lines(), conditions_of(conn, query)
    step = SLICE if conditions and query.case_id is None else high
    rows: list[Any] = []
    while high >= low and len(rows) < limit and not cancelled():
        bottom = max(low, high - step + 1)
        part = wanted.where(journal.c.id.between(bottom, high), *conditions)
        part = part.order_by(journal.c.id.desc()).limit(limit - len(rows))
        rows += conn.execute(part).all()
        high = bottom - 1 if len(rows) < limit else rows[-1].id - 1
    return Found(tuple(map(_line, rows)), high + 1 if high >= low else None)


def bounds(conn: Connection, query: JournalQuery) -> tuple[int, int]:
    """Return the first and the last number that can match; (1, 0) when none can."""
    if query.first is not None and query.last is not None and query.last < query.first:
        words = "止日早于起日"
        raise InputRefusedError(f"日志的查询条件不对：{words}", [Problem("日期", words)])
    days = _days(query)
    ends = [select(end(journal.c.id)).where(*days) for end in (func.min, func.max)]
    # Of two ends asked for at once SQLite would look at every row; each alone it knows.
    low, high = conn.execute(select(*(end.scalar_subquery() for end in ends))).one()
    return (1, 0) if low is None else (low, high)


def conditions_of(conn: Connection, query: JournalQuery) -> tuple[ColumnElement[bool], ...]:
    """Return what the rows must fulfil besides their numbers."""
    found: list[ColumnElement[bool]] = list(_days(query))
    if query.actor == SYSTEM_WORD:
        found.append(journal.c.actor.in_(sorted(SYSTEM_ACTORS)))
    elif query.actor:
        found.append(or_(journal.c.actor == query.actor, journal.c.on_behalf_of == query.actor))
    if query.action:
        found.append(journal.c.action == query.action)
    if query.case_id is not None:
        found.append(journal.c.case_id == query.case_id)
    if query.workstation:
        found.append(journal.c.workstation == query.workstation)
    found += [_says(conn, word) for word in query.words.split()]
    return tuple(found)


def choices(bureau: Bureau) -> Choices:
    """Return what the filter offers."""
    with bureau.database.reading() as conn:
        names = [row.name for row in conn.execute(select(staff.c.name).order_by(staff.c.id))]
    return Choices((SYSTEM_WORD, *names), tuple(ACTIONS.items()))


def action_named(words: str) -> str:
    """Return an action's name in code, by that name or by its Chinese words; empty for empty.

    Raises ``InputRefusedError`` naming those that there are.
    """
    if not words or words in ACTIONS:
        return words
    found = [action for action, label in ACTIONS.items() if label == words]
    if not found:
        named = f"没有事项“{words}”，有：{'、'.join(ACTIONS.values())}"
        raise InputRefusedError(f"日志的查询条件不对：{named}", [Problem("事项", named)])
    return found[0]


def find_case_id(bureau: Bureau, case_no: str) -> int:
    """Return the row number of a case by 案号 or a part of it that only one has.

    Raises ``InputRefusedError`` when none or several have it.
    """
    pattern = like(case_no.strip().replace("(", "（").replace(")", "）"))
    wanted = select(cases.c.id).where(cases.c.case_no.like(pattern, escape=_ESCAPE)).limit(2)
    with bureau.database.reading() as conn:
        found = conn.execute(wanted).scalars().all()
    if len(found) != 1:
        words = "有几件案件的案号含有它，请写全" if found else "没有这个案号的案件"
        raise InputRefusedError(f"“{case_no}”：{words}", [Problem("案号", words)])
    return int(found[0])


def daily_heads(bureau: Bureau, first: date, last: date) -> tuple[DayHead, ...]:
    """Return number and hash of the last row of each day on which something was written."""
    with bureau.database.reading() as conn:
        return day_heads(conn, first, last)


def day_heads(conn: Connection, first: date, last: date) -> tuple[DayHead, ...]:
    """Do the same on a connection."""
    day = func.date(journal.c.at).label("day")
    ends = (
        select(day, func.max(journal.c.id).label("id"), func.count().label("rows"))
        .where(*_days(JournalQuery(first=first, last=last)))
        .group_by(day)
        .subquery()
    )
    wanted = select(ends.c.day, journal.c.id, journal.c.hash, journal.c.algorithm, ends.c.rows)
    joined = wanted.join(journal, journal.c.id == ends.c.id).order_by(ends.c.day)
    return tuple(
        DayHead(_date(row.day), row.id, row.hash, row.algorithm, row.rows)
        for row in conn.execute(joined)
    )


def like(words: str) -> str:
    """Return the pattern of LIKE for words anywhere."""
    for sign in (_ESCAPE, "%", "_"):
        words = words.replace(sign, _ESCAPE + sign)
    return f"%{words}%"


def _date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _days(query: JournalQuery) -> Sequence[ColumnElement[bool]]:
    found = []
    if query.first is not None:
        found.append(journal.c.at >= datetime.combine(query.first, time()))
    if query.last is not None:
        found.append(journal.c.at < datetime.combine(query.last + timedelta(days=1), time()))
    return found


def _says(conn: Connection, word: str) -> ColumnElement[bool]:
    """Where a word may stand; the payload is JSON, in which some signs are written otherwise."""
    stored = json.dumps(word, ensure_ascii=False)[1:-1]
    columns = (journal.c.actor, journal.c.on_behalf_of, journal.c.workstation)
    places = [column.like(like(word), escape=_ESCAPE) for column in columns]
    # As text: its type would make JSON of the pattern.
    payload = func.coalesce(journal.c.payload, "", type_=journal.c.actor.type)
    places.append(payload.like(like(stored), escape=_ESCAPE))
    named = [action for action, words in ACTIONS.items() if word in words]
    if named:
        places.append(journal.c.action.in_(named))
    numbers = select(cases.c.id).where(cases.c.case_no.like(like(word), escape=_ESCAPE)).limit(500)
    found = conn.execute(numbers).scalars().all()
    if found:
        places.append(journal.c.case_id.in_(found))
    return or_(*places)


def _lines() -> Select[Any]:
    c = journal.c
    columns = (c.id, c.at, c.actor, c.on_behalf_of, c.workstation, c.action, c.hash)
    return select(*columns, cases.c.case_no).select_from(
        journal.outerjoin(cases, and_(cases.c.id == c.case_id))
    )


def _line(row: Any) -> JournalLine:
    return JournalLine(
        row.id,
        row.at,
        actor_words(row.actor),
        row.on_behalf_of or "",
        row.workstation,
        ACTIONS.get(row.action, row.action),
        row.case_no or "",
        row.hash,
    )
