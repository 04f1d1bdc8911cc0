"""The beat's question "what is due?": announcing warnings, freezes and overdue limits once each.

What will be due was computed with the facts and lies in the agenda.  A sweep fires the steps whose
moment has come, in slices, so that a clerk never waits behind it.  Steps that change more than a
state (a follow-up that opens, a right that lapses) have their case computed anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from json import loads
from time import perf_counter
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from zhixing_desktop.models.database import CLOCK_TOLERANCE, lock_cases
from zhixing_desktop.models.failures import refuse
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.rows import ask
from zhixing_desktop.models.tables import agenda, alerts, cases, instances, waiting
from zhixing_desktop.models.types import moment_text
from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Bureau, refuse_other_rulebook
from zhixing_desktop.services.case_list import row_names
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.alert_words import alert_sentence
from zhixing_desktop.workflow.context import CLOSING_NODE
from zhixing_desktop.workflow.engine import view_of
from zhixing_desktop.workflow.facts import SEVERITY, State
from zhixing_desktop.workflow.freezing import DEADLINE_CHANGE

SLICE = 200
"""Announcements a transaction at most: a clerk who saves meanwhile waits for one to end."""
RECOMPUTED_PER_SLICE = 20
"""Cases a transaction that are computed anew at most, which takes longer than announcing."""
PATIENCE_S = 0.02
"""A transaction that held others up for longer is followed by one half as large."""
_SWEEP_LOCK = 715_246_001
RECOMPUTED = frozenset({"open", "lapse"})
Row = dict[str, Any]

_QUESTION = {
    "sqlite": "SELECT (SELECT value FROM meta WHERE key = 'last_seen_at'), "
    "(SELECT coalesce(max(id), 0) FROM rulebooks), "
    "EXISTS (SELECT 1 FROM agenda WHERE fired = 0 AND at <= ?)",
    "postgresql": "SELECT (SELECT value FROM meta WHERE key = 'last_seen_at'), "
    "(SELECT coalesce(max(id), 0) FROM rulebooks), "
    "EXISTS (SELECT 1 FROM agenda WHERE NOT fired AND at <= ?)",
}
_AGENDA = tuple(column.name for column in agenda.columns)
_OPEN = f"SELECT {', '.join(_AGENDA)} FROM agenda WHERE "  # noqa: S608 - names of tables.py
_WANTED = {
    "sqlite": _OPEN + "fired = 0 AND at <= ? {}",
    "postgresql": _OPEN + "NOT fired AND at <= ? {}",
}
ORDER = "ORDER BY at, case_id LIMIT ?"
_moment = datetime.fromisoformat
_RANK = {state.value: rank for state, rank in SEVERITY.items()}
_ACTIVE = _RANK.get(State.ACTIVE.value, 0)


@dataclass(frozen=True, slots=True)
class SweepResult:
    """What one sweep announced: how many steps, which cases, and how many freezes."""

    at: datetime
    fired: int
    frozen: int
    cases: frozenset[int]
    busy: bool = False


class _Case(NamedTuple):
    id: int
    case_no: str
    officer_id: int | None
    state: str
    closed_at: Any
    rulebook: str


class _Pace:
    """How much a transaction takes on: as much as this workstation does without holding others up.

    It begins small, since the first transaction meets everything cold.
    """

    def __init__(self) -> None:
        self.size = max(1, SLICE // 4)

    @property
    def anew(self) -> int:
        """How many cases may be computed anew."""
        return max(1, RECOMPUTED_PER_SLICE * self.size // SLICE)

    def took(self, seconds: float) -> None:
        """Take note of how long the last one was."""
        if seconds > PATIENCE_S:
            self.size = max(1, self.size // 2)
        elif seconds < PATIENCE_S / 2:
            self.size = min(SLICE, self.size * 2)


def sweep(
    bureau: Bureau, *, slices: int | None = None, counter: Callable[[], float] = perf_counter
) -> SweepResult:
    """Announce everything that is due; at most ``slices`` slices (all by default).

    ``counter`` tells seconds that pass, from whenever: the slices get smaller where they take long.
    Exactly once however many workstations sweep: on PostgreSQL one sweeps at a time, the others
    return at once with ``busy``; on SQLite the writer lock does it.  Raises ``StoreError``, also
    when the clock was set back or the bureau has adopted another rulebook.
    """
    fired = frozen = done = 0
    touched: set[int] = set()
    now = bureau.database.now()
    pace = _Pace()
    while slices is None or done < slices:
        if not _anything_due(bureau, now):
            break
        with bureau.database.writing() as conn:
            begin = counter()  # now that others have to wait
            now = bureau.database.now(conn)
            if not _alone(conn):
                return SweepResult(now, fired, frozen, frozenset(touched), busy=True)
            due = _slice(_due(conn, now, pace.size), pace.anew)
            if due:
                fire_steps(bureau, conn, due, now)
        pace.took(counter() - begin)
        fired += len(due)
        frozen += sum(1 for row in due if row["step"] == "freeze")
        touched.update(row["case_id"] for row in due)
        done += 1
    return SweepResult(now, fired, frozen, frozenset(touched))


def _anything_due(bureau: Bureau, now: datetime) -> bool:
    database = bureau.database
    moment = moment_text(now) if database.backend == "sqlite" else now
    ((seen, book, found),) = database.ask(_QUESTION[database.backend], (moment,))
    if now < datetime.fromisoformat(seen) - CLOCK_TOLERANCE:
        raise refuse("clock_back", now=str(now), seen=seen.replace("T", " "))
    refuse_other_rulebook(bureau, book)
    return bool(found)


def _alone(conn: Connection) -> bool:
    if conn.dialect.name != "postgresql":
        return True
    found = conn.execute(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _SWEEP_LOCK})
    return bool(found.scalar_one())


def _due(conn: Connection, now: datetime, limit: int) -> list[Row]:
    backend = conn.dialect.name
    moment = moment_text(now) if backend == "sqlite" else now
    found = _steps(ask(conn, _WANTED[backend].format(ORDER), (moment, limit)))
    if not found or backend == "sqlite":
        return found
    # Somebody may have worked on these cases since: lock them, then look again.
    ids = sorted({row["case_id"] for row in found})
    lock_cases(conn, ids)
    statement = _WANTED[backend].format(f"AND case_id IN ({_marks(ids)})")
    still = {_key(row) for row in _steps(ask(conn, statement, (moment, *ids)))}
    return [row for row in found if _key(row) in still]


def _steps(raw: Sequence[tuple[Any, ...]]) -> list[Row]:
    """Return raw rows of the agenda as Python values."""
    whom: dict[str, list[str]] = {}
    found = []
    for values in raw:
        row = dict(zip(_AGENDA, values, strict=True))
        if type(row["at"]) is str:
            row["at"], row["due_at"] = _moment(row["at"]), _moment(row["due_at"])
        recipients = row["recipients"]
        if recipients not in whom:
            whom[recipients] = loads(recipients)
        row["recipients"] = whom[recipients]
        found.append(row)
    return found


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))


def _slice(due: list[Row], most: int) -> list[Row]:
    """Cut off what would take too long in one transaction."""
    anew: set[int] = set()
    for place, row in enumerate(due):
        if row["step"] in RECOMPUTED:
            anew.add(row["case_id"])
            if len(anew) > most:
                return due[:place]
    return due


def _key(row: Row) -> tuple[Any, ...]:
    return tuple([row[name] for name in case_store.AGENDA_KEY])


def fire_case(bureau: Bureau, conn: Connection, case_id: int, now: datetime) -> None:
    """Announce what is due for one case that is locked, before somebody's step on it."""
    backend = conn.dialect.name
    moment = moment_text(now) if backend == "sqlite" else now
    statement = _WANTED[backend].format("AND case_id = ? ORDER BY at")
    due = _steps(ask(conn, statement, (moment, case_id)))
    if due:
        fire_steps(bureau, conn, due, now)


def fire_steps(bureau: Bureau, conn: Connection, due: Sequence[Row], now: datetime) -> None:
    """Write the announcements of some steps, what they do to the rows, and one journal row."""
    ids = sorted({row["case_id"] for row in due})
    columns = "id, case_no, officer_id, state, closed_at, rulebook_version"
    statement = f"SELECT {columns} FROM cases WHERE id IN ({_marks(ids)})"  # noqa: S608
    known = {row[0]: _Case(*row) for row in ask(conn, statement, ids)}
    with Recorder(
        conn,
        at=now,
        actor="系统",
        action="sweep",
        workstation=bureau.workstation,
        case_id=ids[0] if len(ids) == 1 else None,
    ) as record:
        record.insert_many(alerts, _alerts(bureau, known, due, now))
        record.fire([_key(row) for row in due])
        anew = {row["case_id"] for row in due if row["step"] in RECOMPUTED}
        _states(conn, record, [row for row in due if row["case_id"] not in anew], known)
        for case_id in sorted(anew):
            # What was fired must be written before the case's rows are compared with the view.
            record.flush()
            _recompute(bureau, conn, record, case_id, now)


def _alerts(
    bureau: Bureau, known: dict[int, _Case], due: Sequence[Row], now: datetime
) -> list[Row]:
    said: dict[tuple[Any, ...], str] = {}
    made = []
    for row in due:
        case = known[row["case_id"]]
        # After the 案号, all cases with the same limit until the same moment are told the same.
        what = (row["node"], row["limit_id"], row["step"], row["due_at"])
        words = said.get((case.rulebook, *what))
        if words is None:
            # By the rulebook that the row was written under: another may not have the limit.
            book = bureau.rules.book_of(case.rulebook)
            said[case.rulebook, *what] = words = alert_sentence(book, "", *what)
        made.append(
            {
                "case_id": row["case_id"],
                "node": row["node"],
                "subject": row["subject"],
                "occurrence": row["occurrence"],
                "limit_id": row["limit_id"],
                "step": row["step"],
                "due_at": row["due_at"],
                "legal_at": row["at"],
                "noticed_at": now,
                "officer_id": case.officer_id,
                "recipients": row["recipients"],
                "sentence": case.case_no + words,
            }
        )
    return made


def _states(
    conn: Connection, record: Recorder, due: Sequence[Row], known: dict[int, _Case]
) -> None:
    """Raise the state of instances and cases to what their fired steps say, never lower it."""
    if not due:
        return
    wanted: dict[tuple[int, int, str], tuple[str, datetime]] = {}
    for row in due:
        place = (row["case_id"], row["node"], row["subject"])
        after = row["state_after"]
        before = wanted.get(place)
        if before is None or _RANK.get(after, 0) >= _RANK.get(before[0], 0):
            wanted[place] = (after, row["at"])
    ids = sorted({place[0] for place in wanted})
    columns = "id, case_id, node, subject, state, frozen_at"
    statement = f"SELECT {columns} FROM instances WHERE case_id IN ({_marks(ids)})"  # noqa: S608
    worst: dict[int, str] = {}
    frozen: dict[tuple[int, int, str], datetime] = {}
    for number, case_id, node, subject, state, frozen_at in ask(conn, statement, ids):
        found = wanted.get((case_id, node, subject))
        if found is None:
            continue
        after, at = found
        if _RANK.get(after, 0) > _RANK.get(state, 0):
            change: Row = {"state": after}
            if after == State.FROZEN.value and frozen_at is None:
                change["frozen_at"] = frozen[case_id, node, subject] = at
            record.update(instances, {"id": number}, {"state": state, "frozen_at": None}, change)
        if _RANK.get(after, 0) > _RANK.get(worst.get(case_id, ""), _ACTIVE):
            worst[case_id] = after
    _case_states(record, worst, known)
    if frozen:
        _waiting_frozen(conn, record, frozen)


def _waiting_frozen(
    conn: Connection, record: Recorder, frozen: dict[tuple[int, int, str], datetime]
) -> None:
    """What waits for a decision at a node that has just been frozen says so in the lists."""
    ids = sorted({place[0] for place in frozen})
    columns = "case_id, request_seq, node, subject, matter, frozen_at"
    statement = f"SELECT {columns} FROM waiting WHERE case_id IN ({_marks(ids)})"  # noqa: S608
    for case_id, seq, node, subject, matter, since in ask(conn, statement, ids):
        about = (CLOSING_NODE, subjects.CASE) if matter == DEADLINE_CHANGE else (node, subject)
        at = frozen.get((case_id, *about))
        if at is not None and since is None:
            key = {"case_id": case_id, "request_seq": seq}
            record.update(waiting, key, {"frozen_at": None}, {"frozen_at": at})


def _case_states(record: Recorder, worst: dict[int, str], known: dict[int, _Case]) -> None:
    for case_id, state in worst.items():
        case = known[case_id]
        if case.closed_at is not None and state != State.FROZEN.value:
            continue
        if _RANK[state] > _RANK.get(case.state, 0):
            record.update(cases, {"id": case_id}, {"state": case.state}, {"state": state})


def _recompute(
    bureau: Bureau, conn: Connection, record: Recorder, case_id: int, now: datetime
) -> None:
    standing = case_store.load_standing(bureau, conn, case_id)
    ctx = case_store.context_of(bureau, standing.index, now)
    view = view_of(ctx)
    names = row_names(bureau, conn, standing.case, ctx, view, new=())
    case_store.project(conn, record, standing, view, names, (standing.facts, standing.index))
