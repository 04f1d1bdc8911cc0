"""Kill a writing process in the middle of its work, again and again, then look for damage.

    .venv/bin/python tools/kill9.py URL [--times 100]

URL names an empty database (sqlite:///file or postgresql://…); it is made for the purpose ``test``.
A writer says each step after its commit; it is killed (SIGKILL) at a random moment after some of
them, while a second writer goes on undisturbed.  Afterwards each acknowledged step must be there
whole, no step may be there in part, the chain must verify, and the journal must give the tables.
Prints what it found; exit code 1 when something is wrong.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from zhixing_desktop.clock import SystemClock
from zhixing_desktop.models import health, tables
from zhixing_desktop.models.database import Database
from zhixing_desktop.models.recorder import Recorder

FACTS_PER_STEP = 3
MOST_STEPS = 40  # acknowledged steps before the kill
LONGEST_WAIT_S = 0.004  # a step takes about one thousandth
STEADY = 1  # number of the writer that is not killed; the others follow


def write(url: str, writer: int) -> None:
    """Write steps for ever, and say each when it is committed."""
    with Database.open(url, clock=SystemClock(), busy_ms=30_000) as database:
        number = 0
        while True:
            number += 1
            with database.writing() as conn, recorder(database, conn, writer) as step:
                record(step, database, conn, writer, number)
            print(number, flush=True)


def recorder(database: Database, conn: Connection, writer: int) -> Recorder:
    """Return the recorder of one step."""
    return Recorder(
        conn,
        at=database.now(conn),
        actor=f"写入者{writer}",
        action="kill9",
        workstation="kill9",
        case_id=writer,
    )


def record(step: Recorder, database: Database, conn: Connection, writer: int, number: int) -> None:
    """Write step ``number``: facts, one row of the agenda, the case's version."""
    now = database.now(conn)
    for place in range(FACTS_PER_STEP):
        step.insert(
            tables.facts,
            {
                "case_id": writer,
                "seq": number * FACTS_PER_STEP + place,
                "kind": "kill9",
                "happened_at": now,
                "recorded_at": now,
                "entered_at": now,
                "entered_by": f"写入者{writer}",
                "data": {"step": number, "padding": "执行" * 400},
            },
        )
    step.insert(
        tables.agenda,
        {
            "case_id": writer,
            "node": 1,
            "limit_id": "kill9",
            "step": str(number),
            "due_at": now,
            "at": now,
            "recipients": [],
        },
    )
    step.update(tables.cases, {"id": writer}, {"version": number}, {"version": number + 1})


def prepare(url: str, writers: int) -> None:
    """Make the database and one case for each writer."""
    with (
        Database.open(url, clock=SystemClock(), create=True, purpose="test") as database,
        database.writing() as conn,
        recorder(database, conn, STEADY) as step,
    ):
        for writer in range(1, writers + 1):
            step.insert(tables.cases, case(writer, database.now(conn)))


def case(writer: int, now: Any) -> dict[str, Any]:
    """Return the case of one writer."""
    return {
        "id": writer,
        "case_no": f"（2024）苏1102执{writer}号",
        "year": 2024,
        "court": "苏1102",
        "type": "执",
        "number": writer,
        "kind": "first",
        "state": "active",
        "created_at": now,
    }


def start(url: str, writer: int) -> subprocess.Popen[str]:
    """Start a writing process."""
    command = [sys.executable, str(Path(__file__).resolve()), url, "--writer", str(writer)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def kill(process: subprocess.Popen[str]) -> int:
    """Kill the process at a random moment; return the last step that it acknowledged."""
    assert process.stdout is not None
    last = 0
    for _ in range(random.randint(1, MOST_STEPS)):
        last = int(process.stdout.readline())
    threading.Event().wait(random.uniform(0, LONGEST_WAIT_S))
    process.kill()
    # What it said between the last line read and its death counts as well; half a line does not.
    for line in process.stdout.read().splitlines(keepends=True):
        if line.endswith("\n"):
            last = int(line)
    process.stdout.close()
    process.wait()
    return last


def damage(database: Database, acknowledged: dict[int, int]) -> list[str]:
    """Return what is wrong: steps lost, steps in part, chain, tables."""
    problems = health.check(database)
    with database.reading() as conn:
        for writer, last in acknowledged.items():
            problems.extend(damage_of(conn, writer, last))
    return problems


def damage_of(conn: Connection, writer: int, last: int) -> list[str]:
    """Return what is wrong with the steps of one writer."""
    facts = conn.execute(select(tables.facts.c.data).where(tables.facts.c.case_id == writer))
    parts = Counter(row.data["step"] for row in facts)
    marks = conn.execute(select(tables.agenda.c.step).where(tables.agenda.c.case_id == writer))
    steps = {int(row.step) for row in marks}
    journal = tables.journal
    said = select(func.count()).where(journal.c.case_id == writer, journal.c.id > 1)
    rows = conn.execute(said).scalar_one()
    version = conn.execute(
        select(tables.cases.c.version).where(tables.cases.c.id == writer)
    ).scalar_one()
    problems = []
    if lost := set(range(1, last + 1)) - steps:
        problems.append(f"写入者 {writer}：已确认的步骤丢失 {sorted(lost)}")
    if any(count != FACTS_PER_STEP for count in parts.values()) or parts.keys() != steps:
        problems.append(f"写入者 {writer}：有只写了一半的步骤")
    if len(steps) > last + 1:
        problems.append(f"写入者 {writer}：确认了 {last} 步，却有 {len(steps)} 步")
    if not rows == version - 1 == len(steps):
        problems.append(f"写入者 {writer}：日志 {rows} 条，版本 {version}，步骤 {len(steps)}")
    return problems


def run(url: str, times: int) -> list[str]:
    """Kill writers ``times`` times and return what is wrong afterwards."""
    prepare(url, times + 1)
    steady = start(url, STEADY)
    acknowledged = {}
    try:
        for writer in range(STEADY + 1, times + STEADY + 1):
            acknowledged[writer] = kill(start(url, writer))
    finally:
        acknowledged[STEADY] = kill(steady)
    with Database.open(url, clock=SystemClock()) as database:
        problems = damage(database, acknowledged)
    print(f"杀死 {times} 次，确认写入 {sum(acknowledged.values())} 步，发现问题 {len(problems)} 个")
    return problems


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--writer", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.writer is not None:
        write(given.url, given.writer)
    problems = run(given.url, given.times)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
