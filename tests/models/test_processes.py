"""Several processes on one database, and processes that are killed."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from pathlib import Path

from sqlalchemy import func, select

from helpers.rows import add_facts, case_row, put
from zhixing_desktop.clock import SystemClock
from zhixing_desktop.models import chain, health, tables
from zhixing_desktop.models.database import Database

WRITERS = 4
STEPS = 25
KILLS = 5
KILL9 = Path(__file__).parents[2] / "tools" / "kill9.py"


def test_several_processes_make_one_chain(database_url: str) -> None:
    with Database.open(database_url, clock=SystemClock(), create=True, purpose="test") as made:
        put(made, *[(tables.cases, case_row(n)) for n in range(1, WRITERS + 1)])
    # spawn: as on Windows, and no connection is shared by accident.
    context = multiprocessing.get_context("spawn")
    writers = [
        context.Process(target=add_facts, args=(database_url, n, STEPS))
        for n in range(1, WRITERS + 1)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)
    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    with Database.open(database_url, clock=SystemClock()) as made:
        with made.reading() as conn:
            assert chain.verify(conn).rows == 1 + WRITERS * STEPS
            facts = select(func.count()).select_from(tables.facts)
            assert conn.execute(facts).scalar_one() == WRITERS * STEPS
            assert set(conn.scalars(select(tables.cases.c.version))) == {STEPS + 1}
        assert health.check(made) == []


def test_a_process_that_is_killed_leaves_nothing_by_halves(database_url: str) -> None:
    """Do ``tools/kill9.py`` a few times; a release does it a hundred times."""
    command = [sys.executable, str(KILL9), database_url, "--times", str(KILLS)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"杀死 {KILLS} 次" in done.stdout
