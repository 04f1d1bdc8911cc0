"""46 steps a case through the services, each one durable transaction.

    .venv/bin/python bench/bench_steps.py [--cases 100]

Beside it in the same run: (a) SpiffWorkflow 3.2, a linear workflow of 46 tasks saved to SQLite
after each (`pip install -e .[bench]`; left out when it is not there); (b) bare sqlite3 writing the
very rows that each step wrote, one transaction a step; (c) an empty durable transaction, the disk.
Steps are done session by session: all of a day's steps on one case, then the next case.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import tempfile
from collections.abc import Callable
from functools import partial
from itertools import groupby, pairwise
from pathlib import Path
from time import perf_counter
from typing import Any

from case_script import FILER, OFFICER, START, STEPS, Step, find_steps, new_case, staff

from zhixing_desktop.clock import FixedClock
from zhixing_desktop.paths import resources_dir
from zhixing_desktop.services import cases
from zhixing_desktop.services.bureau import Bureau, open_bureau
from zhixing_desktop.services.rules import Rules, load_rules

Statement = tuple[str, tuple[Any, ...]]


def bureau_at(path: Path, clock: FixedClock, rules: Rules) -> Bureau:
    """Make an empty bureau."""
    return open_bureau(
        f"sqlite:///{path}",
        clock=clock,
        resources=resources_dir(),
        workstation="bench",
        create=True,
        purpose="test",
        rules=rules,
    )


class Bare:
    """Bare sqlite3, which writes after us what the journal says we wrote."""

    def __init__(self, source: Path, target: Path) -> None:
        self._journal = sqlite3.connect(source)
        self._conn = raw_connection(target)
        names = self._journal.execute("PRAGMA table_info(journal)")
        self._columns = [row[1] for row in names]
        self.took: list[float] = []
        self.rows: list[int] = []

    def follow(self, *, timed: bool = True) -> None:
        """Write the rows of the last step in one durable transaction."""
        last = "SELECT * FROM journal WHERE id = (SELECT last_id FROM journal_head)"
        row = self._journal.execute(last).fetchone()
        entry = dict(zip(self._columns, row, strict=True))
        changes = json.loads(entry["payload"])
        made = [statement for change in changes for statement in statements_of(change)]
        mark = ", ".join("?" * len(row))
        made.append((f"INSERT INTO journal VALUES ({mark})", row))  # noqa: S608
        head = (entry["id"], entry["hash"])
        made.append(("UPDATE journal_head SET last_id = ?, last_hash = ?", head))
        begin = perf_counter()
        self._conn.execute("BEGIN IMMEDIATE")
        for sql, values in made:
            self._conn.execute(sql, values)
        self._conn.execute("COMMIT")
        if timed:
            self.took.append(perf_counter() - begin)
            self.rows.append(len(made) - 1)

    def close(self) -> None:
        """Close both files."""
        self._journal.close()
        self._conn.close()


class Disk:
    """A durable transaction that writes one number: what the disk asks for."""

    def __init__(self, path: Path) -> None:
        self._conn = raw_connection(path)
        self._conn.execute("PRAGMA journal_mode = WAL")
        self._conn.execute("CREATE TABLE n (n INTEGER)")
        self._conn.execute("INSERT INTO n VALUES (0)")
        self.took: list[float] = []

    def write(self) -> None:
        """Write it."""
        begin = perf_counter()
        self._conn.execute("BEGIN IMMEDIATE")
        self._conn.execute("UPDATE n SET n = n + 1")
        self._conn.execute("COMMIT")
        self.took.append(perf_counter() - begin)

    def close(self) -> None:
        """Close the file."""
        self._conn.close()


def run(
    bureau: Bureau, clock: FixedClock, steps: list[Step], count: int, raw: Bare, disk: Disk
) -> list[float]:
    """Do all steps on all cases, the others beside each step; return the seconds of ours."""
    staff(bureau)
    raw.follow(timed=False)
    took: list[float] = []

    def timed(call: Callable[[], Any]) -> Any:
        begin = perf_counter()
        outcome = call()
        took.append(perf_counter() - begin)
        raw.follow()
        disk.write()
        return outcome

    numbers = [
        timed(partial(cases.register, bureau, FILER, new_case(place + 1))).case_id
        for place in range(count)
    ]
    for at, group in groupby(steps, key=lambda step: step.at):
        session = list(group)
        clock.set(at)
        for number in numbers:
            for step in session:
                timed(partial(step.call, bureau, step.actor, number, *step.args))
    return took


def statements_of(change: dict[str, Any]) -> list[Statement]:
    """Return the statements of one change of the journal."""
    table, op = change.get("table"), change["op"]
    if op == "insert":
        return [insert(table, change["after"])]
    if op == "insert_many":
        names = change["columns"]
        return [insert(table, dict(zip(names, row, strict=True))) for row in change["rows"]]
    where = " AND ".join(f"{name} = ?" for name in change.get("key", change.get("columns", ())))
    if op == "update":
        sets = ", ".join(f"{name} = ?" for name in change["after"])
        values = (*change["after"].values(), *change["key"].values())
        return [(f"UPDATE {table} SET {sets} WHERE {where}", values)]  # noqa: S608
    if op == "delete":
        return [(f"DELETE FROM {table} WHERE {where}", tuple(change["key"].values()))]  # noqa: S608
    if op == "fire":
        sql = f"UPDATE {table} SET fired = 1 WHERE {where}"  # noqa: S608
        return [(sql, tuple(row)) for row in change["rows"]]
    return []


def insert(table: object, row: dict[str, Any]) -> Statement:
    """Return the insert of one row."""
    marks = ", ".join("?" * len(row))
    sql = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})"  # noqa: S608
    return sql, tuple(row.values())


def raw_connection(path: Path) -> sqlite3.Connection:
    """Return a connection with the program's own settings."""
    conn = sqlite3.connect(path, isolation_level=None, cached_statements=512)
    for pragma in ("foreign_keys = ON", "synchronous = FULL", "cache_size = -16000"):
        conn.execute(f"PRAGMA {pragma}")
    return conn


def spiff(path: Path, count: int, steps: list[Step]) -> list[float] | None:
    """Do 46 tasks a case with SpiffWorkflow, saved after each; ``None`` when it is not there."""
    try:
        from lxml import etree
        from SpiffWorkflow.bpmn.parser import BpmnParser
        from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
        from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
        from SpiffWorkflow.util.task import TaskState
    except ImportError:
        return None
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(linear_process()))
    spec = parser.get_spec("process")
    serializer = BpmnWorkflowSerializer()
    conn = raw_connection(path)
    conn.execute("PRAGMA journal_mode = WAL")
    conn.execute("CREATE TABLE saved (id INTEGER PRIMARY KEY, body TEXT)")
    for place in range(count):
        workflow = BpmnWorkflow(spec)
        workflow.do_engine_steps()
        conn.execute(
            "INSERT INTO saved VALUES (?, ?)", (place, serializer.serialize_json(workflow))
        )
    took: list[float] = []
    entered = [str(step.args) for step in steps] + [""]  # a case holds what was typed in
    for step in range(STEPS):
        for place in range(count):
            begin = perf_counter()
            conn.execute("BEGIN IMMEDIATE")
            body = conn.execute("SELECT body FROM saved WHERE id = ?", (place,)).fetchone()[0]
            workflow = serializer.deserialize_json(body)
            task = workflow.get_next_task(state=TaskState.READY, manual=True)
            task.data[f"node{step}"] = {"by": OFFICER.name, "entered": entered[step]}
            task.run()
            workflow.do_engine_steps()
            body = serializer.serialize_json(workflow)
            conn.execute("UPDATE saved SET body = ? WHERE id = ?", (body, place))
            conn.execute("COMMIT")
            took.append(perf_counter() - begin)
    conn.close()
    return took


def linear_process() -> str:
    """Return the BPMN of 46 tasks in a row."""
    names = ["start", *(f"node{n}" for n in range(STEPS)), "end"]
    tasks = "".join(f'<b:manualTask id="{name}" name="节点"/>' for name in names[1:-1])
    flows = "".join(
        f'<b:sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}"/>'
        for n, (a, b) in enumerate(pairwise(names))
    )
    return (
        '<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d">'
        '<b:process id="process" isExecutable="true"><b:startEvent id="start"/>'
        f'{tasks}<b:endEvent id="end"/>{flows}</b:process></b:definitions>'
    )


def line(words: str, took: list[float], mine: float) -> None:
    """Print one figure and how many times as fast ours is."""
    middle = statistics.median(took)
    worst = statistics.quantiles(took, n=20)[-1]
    print(
        f"{words:44} {middle * 1000:7.2f} ms  p95 {worst * 1000:7.2f}  {1 / middle:7.0f}/s"
        f"   ours is {middle / mine:5.2f} x as fast"
    )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100)
    count = parser.parse_args().cases
    rules = load_rules(resources_dir())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clock = FixedClock(START)
        trial = bureau_at(folder / "trial.db", clock, rules)
        steps = find_steps(trial, clock)
        trial.close()
        clock = FixedClock(START)
        bureau = bureau_at(folder / "ours.db", clock, rules)
        bureau_at(folder / "bare.db", FixedClock(START), rules).close()
        raw = Bare(folder / "ours.db", folder / "bare.db")
        disk = Disk(folder / "disk.db")
        took = run(bureau, clock, steps, count, raw, disk)
        raw.close()
        disk.close()
        bureau.close()
        middle = statistics.median(took)
        rows = statistics.mean(raw.rows)
        print(f"{count} cases x {STEPS} steps, SQLite WAL FULL, {rows:.1f} rows a step")
        line("ours: services, rules, journal", took, middle)
        line("bare sqlite3, the same rows", raw.took, middle)
        line("one number, durable (the disk)", disk.took, middle)
        other = spiff(folder / "spiff.db", min(count, 100), steps)
        if other is None:
            print("SpiffWorkflow is not installed (pip install -e '.[bench]'); left out")
        else:
            line("SpiffWorkflow 3.2, loaded and saved a step", other, middle)


if __name__ == "__main__":
    main()
