"""Two gigabytes, five thousand pages, a TIFF of six hundred: through the services, in little
memory, with progress and a way to stop."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from helpers.bureau import Office
from helpers.foreign_files import heavy_pdf
from helpers.paper_desk import paper_desk
from helpers.pictures_made import tiff_of
from helpers.racers import TESTS
from zhixing_desktop.services import dossier, dossier_tray_pages
from zhixing_desktop.services.dossier_arrivals import arrive
from zhixing_desktop.services.dossier_filing import file_item
from zhixing_desktop.services.dossier_intake import looked_at
from zhixing_desktop.services.dossier_store import take_in
from zhixing_desktop.services.dossier_tray_rows import TraySource
from zhixing_desktop.services.dossier_types import Cut, Filing, Piece
from zhixing_desktop.services.file_store import files_folder
from zhixing_desktop.services.health import check_all
from zhixing_desktop.workflow.errors import StoreError

MOST = 350
"""Megabytes a process may have taken, whatever the size of the file."""

_WORK = """
import json, sys
from datetime import datetime
from pathlib import Path
from helpers.offices import open_at
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.services import dossier, dossier_tray_pages, people
from zhixing_desktop.services.dossier_arrivals import arrive
from zhixing_desktop.services.dossier_filing import file_item
from zhixing_desktop.services.dossier_intake import looked_at
from zhixing_desktop.services.dossier_store import take_in
from zhixing_desktop.services.dossier_tray_rows import TraySource
from zhixing_desktop.services.dossier_types import Cut, Filing, Piece

url, now, case, place, act = sys.argv[1:]
bureau = open_at(url, FixedClock(datetime.fromisoformat(now)))
actor = people.find_person(bureau, "张承办").actor()
piece = Piece("大文件.pdf", Path(place))
(looked,) = looked_at(bureau, [piece])
steps = []
if act == "take":
    cuts = [Cut(0, page, 90) for page in range(looked.pages)]
    taken = take_in(bureau, [piece], cuts, lambda *told: steps.append(told))
    item = file_item(bureau, actor, int(case), Filing("银行流水", place=10), taken).item
    seen = dossier.pages(bureau, actor, item.id)
    line = arrive(bureau, actor, piece, TraySource.STACK, [Cut(0, 0), Cut(0, 1, 90)]).line
    turned = dossier_tray_pages.pages(bureau, actor, line.id).pictures([0, 1], 100)
    said = [seen.count, seen.picture(seen.count - 1, 100).width,
            [one.width > one.height for one in turned]]
else:
    said = [looked.pages, looked.pictures([0, looked.pages - 1], 100)[1].width]
bureau.close()
# Not getrusage: a new process inherits the peak of the one that started it.
status = Path("/proc/self/status").read_text()
peak = int(status.split("VmHWM:")[1].split()[0]) // 1024
print(json.dumps([said, list(looked.errors), list(looked.notes), len(steps), peak]))
"""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = paper_desk(tmp_path)
    yield made
    made.close()


def worked(office: Office, place: Path, act: str) -> Any:
    url, now = f"sqlite:///{office.bureau.database.path}", office.clock.now().isoformat()
    words = (url, now, str(office.case_ids[0]), str(place), act)
    office.close()
    done = subprocess.run(
        [sys.executable, "-c", _WORK, *words],
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(TESTS), "PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="reads the memory from /proc")
def test_two_gigabytes_are_looked_at_without_being_read(office: Office, tmp_path: Path) -> None:
    place = tmp_path / "large.pdf"
    heavy_pdf(place, 5000, 2200 << 20)
    said, errors, notes, _, peak = worked(office, place, "look")
    assert (said[0], errors) == (5000, [])
    assert "文件较大（5000页，22" in str(notes)
    assert peak < MOST


@pytest.mark.skipif(sys.platform != "linux", reason="reads the memory from /proc")
def test_a_large_file_is_taken_in_and_looked_at_in_less_memory_than_it_has(
    office: Office, tmp_path: Path
) -> None:
    place = tmp_path / "large.pdf"
    heavy_pdf(place, 100, 450 << 20)
    said, errors, _, steps, peak = worked(office, place, "take")
    assert (said, errors) == ([100, 100, [False, True]], [])
    assert steps >= 200, "each page is counted twice: composed, looked at"
    assert peak < MOST


def test_five_thousand_pages_can_be_stopped_and_leave_nothing(
    office: Office, tmp_path: Path
) -> None:
    place = tmp_path / "large.pdf"
    heavy_pdf(place, 5000, 20 << 20)
    done: list[int] = []
    with pytest.raises(StoreError, match="已经停止，没有入卷"):
        take_in(
            office.bureau, [Piece("large.pdf", place)], [Cut(0, n, 180) for n in range(5000)],
            lambda at, _total, _what: done.append(at), lambda: len(done) > 200,
        )  # fmt: skip
    assert not list(files_folder(office.bureau).glob(".new-*"))
    assert check_all(office.bureau) == []


def test_a_tiff_of_six_hundred_pages_becomes_a_thing_of_six_hundred(
    office: Office, tmp_path: Path
) -> None:
    place = tmp_path / "传真.tif"
    place.write_bytes(tiff_of(600, (207, 292), dpi=(25, 25)))
    (looked,) = looked_at(office.bureau, [Piece("传真.tif", place)])
    assert (looked.pages, looked.errors) == (600, ())
    assert any("共600页" in note for note in looked.notes)
    taken = take_in(office.bureau, [looked.piece])
    (case,) = office.case_ids
    item = file_item(office.bureau, office.actor(), case, Filing("传真", place=10), taken).item
    assert item.pages == 600
    assert dossier.pages(office.bureau, office.actor(), item.id).picture(599, 60).width == 60
    line = arrive(office.bureau, office.actor(), looked.piece, TraySource.STACK).line
    assert dossier_tray_pages.pages(office.bureau, office.actor(), line.id).count == 600
    assert check_all(office.bureau) == []
