"""The beat's question "what is due?": announcing warnings, freezes and overdue limits once each.

What will be due was computed with the facts and lies in the agenda.  A sweep fires the steps whose
moment has come, in slices, so that a clerk never waits behind it.  Steps that change more than a
state (a follow-up that opens, a right that lapses) have their case computed anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, text

from zhixing_desktop.models.database import lock_cases
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.tables import agenda, alerts, cases, instances
from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.workflow.alert_words import alert_sentence
from zhixing_desktop.workflow.engine import view_of
from zhixing_desktop.workflow.facts import SEVERITY, State

SLICE = 1000
_SWEEP_LOCK = 715_246_001
RECOMPUTED = frozenset({"open", "lapse"})
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SweepResult:
    """What one sweep announced: how many steps, which cases, and how many freezes."""

    at: datetime
    fired: int
    frozen: int
    cases: frozenset[int]
    busy: bool = False


def sweep(bureau: Bureau, *, slices: int | None = None) -> SweepResult:
    """Announce everything that is due; at most ``slices`` slices (all by default).

    Exactly once however many workstations sweep: on PostgreSQL one sweeps at a time, the others
    return at once with ``busy``; on SQLite the writer lock does it.
    """
    fired = frozen = done = 0
    touched: set[int] = set()
    now = bureau.database.now()
    while slices is None or done < slices:
        if not _anything_due(bureau, now):
            break
        with bureau.database.writing() as conn:
            now = bureau.database.now(conn)
            if not _alone(conn):
                return SweepResult(now, fired, frozen, frozenset(touched), busy=True)
            due = _due(conn, now, SLICE)
            if not due:
                break
            fire_steps(bureau, conn, due, now)
        fired += len(due)
        frozen += sum(1 for row in due if row["step"] == "freeze")
        touched.update(row["case_id"] for row in due)
        done += 1
    return SweepResult(now, fired, frozen, frozenset(touched))


def _anything_due(bureau: Bureau, now: datetime) -> bool:
    with bureau.database.reading() as conn:
        found = conn.execute(
            select(agenda.c.case_id).where(~agenda.c.fired, agenda.c.at <= now).limit(1)
        ).first()
    return found is not None


def _alone(conn: Connection) -> bool:
    if conn.dialect.name != "postgresql":
        return True
    found = conn.execute(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _SWEEP_LOCK})
    return bool(found.scalar_one())


def _due(conn: Connection, now: datetime, limit: int, case_id: int | None = None) -> list[Row]:
    wanted = select(agenda).where(~agenda.c.fired, agenda.c.at <= now)
    if case_id is not None:
        wanted = wanted.where(agenda.c.case_id == case_id)
    rows = conn.execute(wanted.order_by(agenda.c.at, agenda.c.case_id).limit(limit)).mappings()
    found = [dict(row) for row in rows]
    if case_id is None and found:
        # Somebody may have worked on these cases since: lock them, then look again.
        ids = sorted({row["case_id"] for row in found})
        lock_cases(conn, ids)
        if conn.dialect.name == "postgresql":
            again = conn.execute(
                select(agenda).where(
                    ~agenda.c.fired, agenda.c.at <= now, agenda.c.case_id.in_(ids)
                )
            ).mappings()
            still = {_key(dict(row)) for row in again}
            found = [row for row in found if _key(row) in still]
    return found


def _key(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in case_store.AGENDA_KEY)


def fire_case(bureau: Bureau, conn: Connection, case_id: int, now: datetime) -> None:
    """Announce what is due for one case, before somebody's step on it."""
    due = _due(conn, now, SLICE, case_id)
    if due:
        fire_steps(bureau, conn, due, now)


def fire_steps(bureau: Bureau, conn: Connection, due: Sequence[Row], now: datetime) -> None:
    """Write the announcements of some steps, what they do to the rows, and one journal row."""
    ids = sorted({row["case_id"] for row in due})
    known = {
        row.id: row
        for row in conn.execute(
            select(
                cases.c.id,
                cases.c.case_no,
                cases.c.officer_id,
                cases.c.state,
                cases.c.closed_at,
                cases.c.version,
            ).where(cases.c.id.in_(ids))
        )
    }
    with Recorder(
        conn,
        at=now,
        actor="系统",
        action="sweep",
        workstation=bureau.workstation,
        case_id=ids[0] if len(ids) == 1 else None,
    ) as record:
        record.insert_many(alerts, [_alert(bureau, known[row["case_id"]], row, now) for row in due])
        record.fire([_key(row) for row in due])
        anew = {row["case_id"] for row in due if row["step"] in RECOMPUTED}
        _states(conn, record, [row for row in due if row["case_id"] not in anew], known)
        for case_id in sorted(anew):
            # What was fired must be written before the case's rows are compared with the view.
            record.flush()
            _recompute(bureau, conn, record, case_id, now)


def _alert(bureau: Bureau, case: Any, row: Row, now: datetime) -> Row:
    return {
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
        "sentence": alert_sentence(
            bureau.rules.book,
            case.case_no,
            row["node"],
            row["limit_id"],
            row["step"],
            row["due_at"],
        ),
    }


def _states(conn: Connection, record: Recorder, due: Sequence[Row], known: dict[int, Any]) -> None:
    """Raise the state of instances and cases to what their fired steps say, never lower it."""
    if not due:
        return
    wanted: dict[tuple[int, int, str], tuple[State, datetime]] = {}
    for row in due:
        place = (row["case_id"], row["node"], row["subject"])
        after = State(row["state_after"])
        before = wanted.get(place)
        if before is None or SEVERITY.get(after, 0) >= SEVERITY.get(before[0], 0):
            wanted[place] = (after, row["at"])
    ids = sorted({place[0] for place in wanted})
    rows = conn.execute(
        select(
            instances.c.id,
            instances.c.case_id,
            instances.c.node,
            instances.c.subject,
            instances.c.state,
            instances.c.frozen_at,
        ).where(instances.c.case_id.in_(ids))
    ).all()
    worst: dict[int, State] = {}
    for row in rows:
        found = wanted.get((row.case_id, row.node, row.subject))
        if found is None:
            continue
        after, at = found
        if SEVERITY.get(after, 0) > SEVERITY.get(State(row.state), 0):
            before = {"state": row.state, "frozen_at": row.frozen_at}
            change = {"state": after.value, "frozen_at": row.frozen_at}
            if after is State.FROZEN:
                change["frozen_at"] = row.frozen_at or at
            record.update(instances, {"id": row.id}, before, change)
        if SEVERITY.get(after, 0) > SEVERITY.get(worst.get(row.case_id, State.ACTIVE), 0):
            worst[row.case_id] = after
    for case_id, state in worst.items():
        case = known[case_id]
        if case.closed_at is not None and state is not State.FROZEN:
            continue
        if SEVERITY[state] > SEVERITY.get(State(case.state), 0):
            record.update(cases, {"id": case_id}, {"state": case.state}, {"state": state.value})


def _recompute(
    bureau: Bureau, conn: Connection, record: Recorder, case_id: int, now: datetime
) -> None:
    from zhixing_desktop.services.case_list import row_names  # noqa: PLC0415 - list knows the store

    case = case_store.find_case(conn, case_id)
    loaded = case_store.load_facts(bureau, conn, case_id, case["version"])
    ctx = case_store.context_of(bureau, loaded, now)
    view = view_of(ctx)
    case_store.project(conn, record, case, view, row_names(bureau, conn, case, ctx, view))
    bureau.cache.put(case_id, case["version"] + 1, tuple(loaded))
