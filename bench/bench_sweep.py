"""100,000 open limits: a sweep when nothing is due, and when all of them are due at once.

    .venv/bin/python bench/bench_sweep.py [--limits 100000]

Beside it in the same run: the raw indexed query, and one raw transaction that writes the same rows.
While everything is announced a second thread opens the case list again and again (a window), and
the longest slice is what a clerk who saves may have to wait for.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sqlite3
import statistics
import tempfile
import threading
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from bench_steps import bureau_at, raw_connection, statements_of
from case_script import START

from zhixing_desktop.clock import FixedClock
from zhixing_desktop.models.types import moment_text
from zhixing_desktop.paths import resources_dir
from zhixing_desktop.services import case_list, sweep
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.case_list import CaseQuery
from zhixing_desktop.services.rules import Rules, load_rules

NODES = (
    (5, "5-a"),
    (6, "6-a"),
    (7, "7-a"),
    (43, "43-a"),
)
STEPS = (("warn1", 10, "warned"), ("warn2", 12, "warned"), ("overdue", 15, "overdue"))
TO = json.dumps(["承办人", "执行局长"], ensure_ascii=False)


def make(path: Path, limits: int) -> None:
    """Fill the database with open limits that will be warned of in ten days."""
    conn = raw_connection(path)
    conn.execute("PRAGMA synchronous = OFF")
    conn.execute("BEGIN")
    start = moment_text(START)
    person = (1, "张承办", "zcb", json.dumps(["承办人"], ensure_ascii=False), "", 1)
    conn.execute(
        "INSERT INTO staff (id, name, initials, roles, team, active) VALUES (?, ?, ?, ?, ?, ?)",
        person,
    )
    due = moment_text(START + timedelta(days=15))
    cases, instances, agenda = [], [], []
    for number in range(1, limits // len(NODES) + 1):
        cases.append(
            {
                "id": number,
                "case_no": f"（2024）豫0811执{number}号",
                "case_no_raw": "",
                "year": 2024,
                "court": "豫0811",
                "type": "执",
                "number": number,
                "kind": "first",
                "is_non_litigation": 0,
                "cause": "买卖合同纠纷",
                "parties_text": f"焦作市甲{number}商贸有限公司 / 赵建国",
                "search_text": f"（2024）豫0811执{number}号|焦作市甲{number}公司|赵建国|zjg",
                "officer_id": 1,
                "clerk_id": None,
                "amount": 100_000,
                "filed_at": start,
                "received_on": start[:10],
                "state": "active",
                "current_node": 7,
                "current_node_name": "执行通知",
                "next_due_at": due,
                "next_due_node": 7,
                "closed_at": None,
                "closing_way": None,
                "rulebook_version": "1",
                "version": 1,
                "previous_case_id": None,
                "created_at": start,
            }
        )
        for node, limit in NODES:
            instances.append((None, number, node, "case", 1, "active", start, due, *[None] * 3))
            for step, days, state in STEPS:
                at = moment_text(START + timedelta(days=days))
                agenda.append((number, node, "case", 1, limit, step, due, at, state, TO, 0))
    names = list(cases[0])
    marks = ", ".join(f":{name}" for name in names)
    conn.executemany(f"INSERT INTO cases ({', '.join(names)}) VALUES ({marks})", cases)  # noqa: S608
    for table, rows in (("instances", instances), ("agenda", agenda)):
        marks = ", ".join("?" * len(rows[0]))
        conn.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608
    conn.execute("COMMIT")
    conn.execute("ANALYZE")
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    conn.close()


def nothing_due(bureau: Bureau, path: Path, times: int = 300) -> tuple[float, float]:
    """Return the middle of our question and of the raw one, asked in turns."""
    now = moment_text(bureau.database.now())
    conn = raw_connection(path)
    mine, raw = [], []
    for _ in range(times):
        begin = perf_counter()
        assert sweep.sweep(bureau).fired == 0
        mine.append(perf_counter() - begin)
        begin = perf_counter()
        conn.execute("BEGIN")
        conn.execute("SELECT 1 FROM agenda WHERE fired = 0 AND at <= ? LIMIT 1", (now,)).fetchone()
        conn.execute("COMMIT")
        raw.append(perf_counter() - begin)
    conn.close()
    return statistics.median(mine), statistics.median(raw)


class Window:
    """Somebody who looks at the case list all the time."""

    def __init__(self, bureau: Bureau) -> None:
        self._bureau = bureau
        self._actor = Actor("张承办", ("承办人",), 1)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self.took: list[float] = []

    def _look(self) -> None:
        while not self._stop.wait(0.01):
            begin = perf_counter()
            case_list.page(self._bureau, self._actor, CaseQuery())
            self.took.append(perf_counter() - begin)

    def __enter__(self) -> Window:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


def all_due(bureau: Bureau) -> tuple[float, list[float]]:
    """Announce everything; return the seconds it took, and those of each slice."""
    stamps: list[float] = []

    def stamp() -> float:
        stamps.append(perf_counter())
        return stamps[-1]

    begin = perf_counter()
    sweep.sweep(bureau, counter=stamp)
    took = perf_counter() - begin
    return took, [end - start for start, end in zip(stamps[::2], stamps[1::2], strict=True)]


def raw_rows(source: Path) -> list[tuple[str, list[tuple[Any, ...]]]]:
    """Return everything the sweep wrote, by statement."""
    conn = sqlite3.connect(source)
    rows = conn.execute("SELECT * FROM journal ORDER BY id").fetchall()
    columns = [row[1] for row in conn.execute("PRAGMA table_info(journal)")]
    conn.close()
    grouped: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        for change in json.loads(dict(zip(columns, row, strict=True))["payload"]):
            for sql, values in statements_of(change):
                grouped.setdefault(sql, []).append(values)
    marks = ", ".join("?" * len(columns))
    grouped[f"INSERT INTO journal VALUES ({marks})"] = rows  # noqa: S608
    return list(grouped.items())


def raw_write(path: Path, rows: list[tuple[str, list[tuple[Any, ...]]]]) -> float:
    """Write them in one transaction; return the seconds."""
    conn = raw_connection(path)
    begin = perf_counter()
    conn.execute("BEGIN IMMEDIATE")
    for sql, values in rows:
        conn.executemany(sql, values)
    conn.execute("COMMIT")
    took = perf_counter() - begin
    conn.close()
    return took


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limits", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=3, help="how often everything is announced")
    given = parser.parse_args()
    rules = load_rules(resources_dir())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bureau_at(folder / "made.db", FixedClock(START), rules).close()
        make(folder / "made.db", given.limits)
        whole, raw, slices = [], [], []
        for time in range(given.times):
            clock, bureau = fresh(folder, rules)
            if time == 0:
                mine, its = nothing_due(bureau, folder / "ours.db")
                print(
                    f"{given.limits} open limits, nothing due: {mine * 1e6:.0f} us; "
                    f"raw query {its * 1e6:.0f} us; {mine / its:.2f} x"
                )
            clock.set(START + timedelta(days=11))
            took, parts = all_due(bureau)
            bureau.close()
            whole.append(took)
            slices += parts
            raw.append(raw_write(folder / "raw.db", raw_rows(folder / "ours.db")))
        mine, its = statistics.median(whole), statistics.median(raw)
        print(
            f"all due at once: {mine:.2f} s in {len(slices) // given.times} slices; "
            f"one raw transaction {its:.2f} s; {mine / its:.2f} x"
        )
        print(
            f"a slice (what a writer may wait for): {statistics.median(slices) * 1000:.0f} ms, "
            f"longest {max(slices) * 1000:.0f} ms"
        )
        clock, bureau = fresh(folder, rules)
        alone = Window(bureau)
        with alone:
            threading.Event().wait(1)
        clock.set(START + timedelta(days=11))
        with Window(bureau) as window:
            all_due(bureau)
        bureau.close()
        for words, looks in (("alone", alone.took), ("while all is announced", window.took)):
            print(
                f"opening the list {words}: {statistics.median(looks) * 1000:.1f} ms, "
                f"slowest {max(looks) * 1000:.0f} ms"
            )


def fresh(folder: Path, rules: Rules) -> tuple[FixedClock, Bureau]:
    """Return the bureau as it was made, and put another copy beside it."""
    for name in ("ours.db", "raw.db"):
        for ending in ("", "-wal", "-shm"):
            (folder / f"{name}{ending}").unlink(missing_ok=True)
        shutil.copy(folder / "made.db", folder / name)
    clock = FixedClock(START)
    return clock, bureau_at(folder / "ours.db", clock, rules)


if __name__ == "__main__":
    main()
