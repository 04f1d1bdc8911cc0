"""Power fails while a case is packed: nothing half there, nothing acknowledged lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.bureau import Office
from helpers.closed_case import CLERK, closed_case, printed
from helpers.racers import TESTS
from zhixing_desktop.models import health
from zhixing_desktop.services import dossier_archive
from zhixing_desktop.services.archive_packing import make_package
from zhixing_desktop.services.store_health import file_problems

pytestmark = pytest.mark.e2e

_KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from helpers.offices import open_at
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.services import archive_packing, people

url, now, case, out, where = sys.argv[1:]
bureau = open_at(url, FixedClock(datetime.fromisoformat(now)))
actor = people.find_person(bureau, "周书记").actor()

def killed(*given, **named):
    if where == "after put":
        put(*given)
    os.kill(os.getpid(), signal.SIGKILL)

put = archive_packing.put
share = 0
if where in ("before put", "after put"):
    archive_packing.put = killed
else:
    share = int(where)

def told(done, total, what):
    if share and what == "写入归档包" and done * 100 >= total * share:
        killed()
    if share == 1:
        killed()

archive_packing.make_package(bureau, actor, int(case), Path(out), progress=told)
"""


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[tuple[Office, int]]:
    office, case = closed_case(tmp_path)
    printed(office, case, tmp_path)
    yield office, case
    office.close()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("where", ["1", "30", "99", "before put", "after put"])
def test_a_kill_amid_packing_leaves_nothing_half(
    closed: tuple[Office, int], tmp_path: Path, where: str
) -> None:
    office, case = closed
    out = tmp_path / "移交"
    out.mkdir()
    url = f"sqlite:///{tmp_path / 'bureau.db'}"
    words = (url, office.clock.now().isoformat(), str(case), str(out), where)
    run = subprocess.run(
        [sys.executable, "-c", _KILLED, *words],
        check=False,
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        capture_output=True,
    )
    assert run.returncode == -signal.SIGKILL, run.stderr.decode()
    assert dossier_archive.packages(office.bureau, office.actor(), case) == ()
    named = [path for path in out.iterdir() if not path.name.startswith(".")]
    # What has its name is whole, also where its row was lost.
    assert all(dossier_archive.verify_package(path) == () for path in named)
    assert bool(named) == (where == "after put")
    assert health.check(office.bureau.database) == []
    assert file_problems(office.bureau) == []
    for path in named:
        path.rename(tmp_path / path.name)
    made = make_package(office.bureau, office.actor(CLERK), case, out)
    assert dossier_archive.verify_package(made.path, digest=made.line.digest) == ()
    # What the torn one left is gone.
    assert [path.name for path in out.iterdir()] == [made.path.name]
