"""A workstation is killed a hundred times while it takes in scans, files and replaces them."""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.bureau import Office
from helpers.paper_office import paper_office
from helpers.papers import pdf
from helpers.racers import TESTS
from zhixing_desktop.services import dossier
from zhixing_desktop.services.dossier_tray import waiting
from zhixing_desktop.services.dossier_tray_rows import FILED, WAITING
from zhixing_desktop.services.health import check_all
from zhixing_desktop.services.scan_folder import CLAIMED, DONE, ScanFolder

pytestmark = pytest.mark.e2e
KILLS = {"sqlite": 75, "postgresql": 25}
FILES = 60
_NURSERY = '''
"""Forks a workstation, kills it after a random time, forks the next; all imports are paid once."""
import json, os, random, select, signal, sys
from datetime import datetime
from pathlib import Path
import cv2, numpy, pikepdf, pypdfium2, zxingcpp
from helpers.bureau import rules
from helpers.offices import open_at
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.services import dossier, people
from zhixing_desktop.services.dossier_filing import replace_item
from zhixing_desktop.services.dossier_store import take_in
from zhixing_desktop.services.dossier_tray import file_from_tray, waiting
from zhixing_desktop.services.dossier_types import Filing, Piece
from zhixing_desktop.services.scan_folder import ScanFolder
from zhixing_desktop.dossier import composing, corners, intake, stack_reading

url, now, case, folder, shared, kills, seed = sys.argv[1:]
random.seed(int(seed))
rules().book

def work(say):
    bureau = open_at(url, FixedClock(datetime.fromisoformat(now)))
    bureau.files_dir = Path(shared)
    actor = people.find_person(bureau, "张承办").actor()
    watch = ScanFolder(bureau, Path(folder))
    watch.look()
    say({"ready": os.getpid()})
    while True:
        for done in watch.look().taken:
            say({"taken": done.name})
        for line in waiting(bureau, actor)[:2]:
            done = file_from_tray(bureau, actor, line.id, int(case), Filing("笔录", place=11),
                                  version=line.version)
            say({"filed": line.digest, "item": done.item.id})
            data = pikepdf.Pdf.new()
            data.add_blank_page(page_size=(300 + done.item.id, 400))
            place = Path(folder).parent / f"{os.getpid()}.pdf"
            data.save(place)
            taken = take_in(bureau, [Piece("新.pdf", place)])
            after = replace_item(bureau, actor, done.item.id, taken, "重新扫描的更清楚",
                                 version=done.item.version)
            say({"replaced": after.item.id})

said = []
coming = sorted(Path(folder).with_name("来件").iterdir())
for _ in range(int(kills)):
    for place in [coming.pop() for _ in range(2) if coming]:
        place.rename(Path(folder) / place.name)
    inward, outward = os.pipe()
    child = os.fork()
    if not child:
        os.close(inward)
        try:
            work(lambda what: os.write(outward, (json.dumps(what) + "\\n").encode()))
        except BaseException as error:
            import traceback
            os.write(outward, (json.dumps({"error": traceback.format_exc()}) + "\\n").encode())
        os._exit(0)
    os.close(outward)
    # After some of what it says, at any moment: also before it has opened the database.
    heard, lines = b"", random.choice((0, 1, 2, 3, 4, 5))
    patience = 6.0 if coming else 0.4
    while heard.count(b"\\n") < lines and select.select([inward], [], [], patience)[0]:
        heard += os.read(inward, 65536)
    select.select([], [], [], random.uniform(0, 0.15))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(inward, "rb") as lines:
        # Half a line was not said.
        said += [json.loads(one) for one in lines.read().splitlines(keepends=True)
                 if one.endswith(b"\\n")]
print(json.dumps(said))
'''


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    made = paper_office(database_url, tmp_path)
    yield made
    made.close()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_hundred_kills_lose_nothing_and_leave_nothing_half_there(
    office: Office, database_url: str, tmp_path: Path
) -> None:
    (case,) = office.case_ids
    folder = tmp_path / "扫描"
    folder.mkdir()
    coming = tmp_path / "来件"
    coming.mkdir()
    chance = random.Random(5)
    wanted = set()
    for number in range(FILES):
        data = pdf(*((chance.random(), chance.random(), 0.5) for _ in range(1 + number % 3)))
        wanted.add(hashlib.sha256(data).hexdigest())
        (coming / f"{number:04}.pdf").write_bytes(data)
    assert len(wanted) == FILES
    kills = KILLS["sqlite" if "sqlite" in database_url else "postgresql"]
    now = office.clock.now().isoformat()
    # One instance a database: the test looks before and after.
    office.close()
    words = (database_url, now, str(case), folder, tmp_path / "shared", str(kills), "7")
    run = subprocess.run(
        [sys.executable, "-c", _NURSERY, *words],
        check=False,
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        capture_output=True,
        encoding="utf-8",
    )
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout)
    assert [one for one in said if "error" in one] == []
    for place in coming.iterdir():
        place.rename(folder / place.name)
    again = _reopened(office, database_url, tmp_path)
    try:
        _hold(again, case, folder, said, wanted)
    finally:
        again.close()


def _reopened(office: Office, url: str, tmp_path: Path) -> Office:
    from helpers.offices import open_at

    made = Office(open_at(url, office.clock), office.clock, list(office.case_ids))
    made.bureau.files_dir = tmp_path / "shared"
    return made


def _hold(
    office: Office, case: int, folder: Path, said: list[dict[str, object]], wanted: set[str]
) -> None:
    bureau, actor = office.bureau, office.actor()
    assert check_all(bureau) == []
    # What was said is there.
    items = {item.id: item for item in dossier.dossier(bureau, actor, case).main.items}
    filed = [one for one in said if "filed" in one]
    assert filed
    for one in filed:
        assert one["item"] in items
        digest = dossier.versions(bureau, actor, int(str(one["item"])))[0].originals[0]
        assert digest == one["filed"]
    for one in said:
        if "replaced" in one:
            assert items[int(str(one["replaced"]))].current == 2
    # Every file is in one place, and those that were put away are known.
    put_away = list((folder / DONE).rglob("*.pdf"))
    left = [*folder.glob("*.pdf"), *(folder / CLAIMED).rglob("*.pdf")]
    digests = Counter(
        hashlib.sha256(place.read_bytes()).hexdigest() for place in (*put_away, *left)
    )
    assert digests == Counter(dict.fromkeys(wanted, 1))
    # Whoever comes next finishes: each file has come once, whole.
    watch = ScanFolder(bureau, folder)
    watch.look()
    watch.look()
    lines = [line for state in (WAITING, FILED) for line in waiting(bureau, actor, state)]
    assert Counter(line.digest for line in lines) == Counter(dict.fromkeys(wanted, 1))
    in_dossier = [line.item_id for line in lines if line.state == FILED]
    assert Counter(in_dossier) == Counter(items.keys())
    assert check_all(bureau) == []
