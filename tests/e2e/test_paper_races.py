"""Two workstations issue papers at the same moment; one is killed in the middle of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.bureau import OFFICER, Office
from helpers.paper_forms import INQUIRY, RULING
from helpers.paper_office import paper_office
from helpers.racers import TESTS, WON, race
from zhixing_desktop.models import health
from zhixing_desktop.services import papers
from zhixing_desktop.services.file_store import files_folder
from zhixing_desktop.services.paper_issuing import issue
from zhixing_desktop.services.paper_types import PaperWish
from zhixing_desktop.services.store_health import file_problems

pytestmark = pytest.mark.e2e
TIMES = 4


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = paper_office(database_url, tmp_path)
    (case,) = made.case_ids
    made.event(case, "inquiry_order_applied")
    made.event(case, "asset_found", "asset/1", name="轿车", category="车辆", online=False)
    yield made
    made.close()


@pytest.mark.parametrize("form", [RULING, INQUIRY])
def test_numbers_have_neither_gaps_nor_doubles(
    office: Office, database_url: str, tmp_path: Path, form: str
) -> None:
    (case,) = office.case_ids
    about = "asset/1" if form == RULING else ""
    wanted = {
        "by": OFFICER,
        "act": "issue",
        "case": case,
        "form": form,
        "about": about,
        "forms": str(tmp_path / "papers"),
        "times": TIMES,
    }
    with race(database_url, office.clock.now(), tmp_path / "shared") as desks:
        assert desks.run(wanted, wanted) == [WON, WON]
        desks.end(60)
    found = papers.papers_of(office.bureau, office.actor(), case)
    numbers = [line.number for line in found]
    assert len(set(numbers)) == 2 * TIMES
    with office.bureau.database.reading() as conn:
        serials = conn.exec_driver_sql("SELECT serial FROM papers ORDER BY serial").scalars().all()
    assert serials == list(range(1, 2 * TIMES + 1))
    assert health.check(office.bureau.database) == []
    assert file_problems(office.bureau) == []


_KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from helpers.offices import open_at
from helpers.paper_forms import lend
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.services import paper_issuing, people
from zhixing_desktop.services.paper_types import PaperWish

url, now, case, form, forms, shared, where = sys.argv[1:]
bureau = open_at(url, FixedClock(datetime.fromisoformat(now)))
bureau.files_dir = Path(shared)
lend(bureau, Path(forms))
actor = people.find_person(bureau, "张承办").actor()

class Killed(paper_issuing._Issue):
    def look(self, conn, ctx, view, given):
        if where == "files":
            os.kill(os.getpid(), signal.SIGKILL)
        super().look(conn, ctx, view, given)

    def write(self, conn, record, new):
        super().write(conn, record, new)
        record.flush()
        os.kill(os.getpid(), signal.SIGKILL)

Killed(bureau, actor, PaperWish(int(case), form, about="asset/1")).run()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("where", ["files", "rows"])
def test_a_kill_between_the_files_and_the_end_leaves_nothing_wrong(
    office: Office, database_url: str, tmp_path: Path, where: str
) -> None:
    """The files are there under their digests, which harms nobody; the number is not used up."""
    (case,) = office.case_ids
    words = (database_url, office.clock.now().isoformat(), str(case), RULING)
    run = subprocess.run(
        [sys.executable, "-c", _KILLED, *words, tmp_path / "papers", tmp_path / "shared", where],
        check=False,
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        capture_output=True,
    )
    assert run.returncode == -signal.SIGKILL, run.stderr
    assert len([p for p in files_folder(office.bureau).rglob("*") if p.is_file()]) == 2
    assert papers.papers_of(office.bureau, office.actor(), case) == ()
    assert health.check(office.bureau.database) == []
    assert file_problems(office.bureau) == []
    made = issue(office.bureau, office.actor(), PaperWish(case, RULING, about="asset/1")).paper
    assert made.number == "（2024）豫0811执1号"
