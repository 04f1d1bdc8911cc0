"""What one durable step costs, beside bare sqlite3 writing the same rows.

    .venv/bin/python bench/models_step.py [steps]

A step: 2 facts, 3 instances changed, 6 rows of the agenda, the case, one journal row.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.clock import FixedClock
from zhixing_desktop.models import engines, tables
from zhixing_desktop.models.database import Database
from zhixing_desktop.models.recorder import Recorder

START = datetime(2024, 3, 1, 9)


def fact(seq: int) -> dict[str, Any]:
    """Return a fact as a service would hand it in."""
    return {
        "case_id": 1,
        "seq": seq,
        "kind": "item_done",
        "node": 7,
        "happened_at": START,
        "recorded_at": START,
        "entered_at": START,
        "entered_by": "王五",
        "data": {"item": 2, "note": "已向被执行人发出执行通知书、报告财产令"},
    }


def entry(number: int, step: int) -> dict[str, Any]:
    """Return a row of the agenda."""
    return {
        "case_id": 1,
        "node": 1 + step,
        "limit_id": "7-a",
        "step": "warn",
        "due_at": START + timedelta(minutes=number),
        "at": START,
        "state_after": "warned",
        "recipients": ["王五", "执行局长"],
    }


def prepare(database: Database) -> None:
    """Put one case with its instances in."""
    with database.writing() as conn, recorder(conn) as step:
        step.insert(tables.staff, {"id": 1, "name": "王五", "roles": ["承办人"]})
        step.insert(
            tables.cases,
            {
                "id": 1,
                "case_no": "（2024）苏1102执1号",
                "year": 2024,
                "court": "苏1102",
                "type": "执",
                "number": 1,
                "kind": "first",
                "officer_id": 1,
                "state": "active",
                "created_at": START,
            },
        )
        for node in (7, 8, 9):
            step.insert(
                tables.instances, {"id": node, "case_id": 1, "node": node, "state": "active"}
            )


def recorder(conn: Connection) -> Recorder:
    """Return a recorder for one step."""
    return Recorder(conn, at=START, actor="王五", action="node.item", workstation="PC-1", case_id=1)


def ours(database: Database, number: int) -> None:
    """Write one step."""
    with database.writing() as conn, recorder(conn) as step:
        for seq in (2 * number, 2 * number + 1):
            step.insert(tables.facts, fact(seq))
        due = START + timedelta(days=number)
        old = None if number == 1 else due - timedelta(days=1)
        for node in (7, 8, 9):
            step.update(tables.instances, {"id": node}, {"due_at": old}, {"due_at": due})
        for place in range(6):
            step.insert(tables.agenda, entry(number, place))
        step.update(
            tables.cases,
            {"id": 1},
            {"version": number, "next_due_at": old},
            {"version": number + 1, "next_due_at": due},
        )


def rows_of(path: Path, number: int) -> dict[str, list[tuple[Any, ...]]]:
    """Return what step ``number`` wrote."""
    with sqlite3.connect(path) as conn:
        due = (START + timedelta(minutes=number)).isoformat()
        found = {
            "facts": conn.execute(
                "SELECT * FROM facts WHERE seq IN (?, ?)", (2 * number, 2 * number + 1)
            ).fetchall(),
            "agenda": conn.execute("SELECT * FROM agenda WHERE due_at = ?", (due,)).fetchall(),
            "journal": conn.execute("SELECT * FROM journal WHERE id = ?", (number + 1,)).fetchall(),
        }
    conn.close()
    return found


def bare(conn: sqlite3.Connection, rows: dict[str, list[tuple[Any, ...]]], number: int) -> None:
    """Write the same rows with nothing in between."""
    conn.execute("BEGIN IMMEDIATE")
    for table, values in rows.items():
        marks = ",".join("?" * len(values[0]))
        conn.executemany(f"INSERT INTO {table} VALUES ({marks})", values)  # noqa: S608
    due = (START + timedelta(days=number)).isoformat()
    conn.executemany("UPDATE instances SET due_at = ? WHERE id = ?", [(due, n) for n in (7, 8, 9)])
    conn.execute("UPDATE cases SET version = ?, next_due_at = ? WHERE id = 1", (number + 1, due))
    conn.execute("COMMIT")


def measure(folder: Path, steps: int, synchronous: str) -> tuple[list[float], list[float]]:
    """Return the seconds of each step, ours and bare, taken in turns."""
    clock = FixedClock(START)
    pragmas = engines._SQLITE_PRAGMAS  # noqa: SLF001
    urls = [f"sqlite:///{folder / f'{name}-{synchronous}.db'}" for name in ("ours", "bare")]
    for url in urls:
        with Database.open(url, clock=clock, create=True, purpose="test") as made:
            prepare(made)
    paths = [Path(url.removeprefix("sqlite:///")) for url in urls]
    engines._SQLITE_PRAGMAS = (*pragmas, f"PRAGMA synchronous = {synchronous}")  # noqa: SLF001
    raw = sqlite3.connect(paths[1], isolation_level=None)
    raw.execute("PRAGMA foreign_keys = ON")
    raw.execute(f"PRAGMA synchronous = {synchronous}")
    mine, its = [], []
    with Database.open(urls[0], clock=clock) as database:
        for number in range(1, steps + 1):
            begin = perf_counter()
            ours(database, number)
            mine.append(perf_counter() - begin)
            rows = rows_of(paths[0], number)
            begin = perf_counter()
            bare(raw, rows, number)
            its.append(perf_counter() - begin)
    raw.close()
    return mine, its


def main() -> None:
    """Print a line for each durability."""
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    with tempfile.TemporaryDirectory() as name:
        for synchronous in ("FULL", "OFF"):
            mine, its = measure(Path(name), steps, synchronous)
            print(
                f"synchronous={synchronous:4}  "
                f"step {statistics.median(mine) * 1000:6.2f} ms (min {min(mine) * 1000:.2f})  "
                f"bare sqlite3 {statistics.median(its) * 1000:6.2f} ms (min {min(its) * 1000:.2f})"
            )


if __name__ == "__main__":
    main()
