"""Power fails while a volume is printed and bound, while the store is mended, while it is copied to
another data folder: nothing half there, nothing acknowledged lost, the next try goes through."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.bureau import Office
from helpers.closed_case import closed_case, file_pages
from helpers.offices import open_at
from helpers.racers import TESTS
from zhixing_desktop.models import health
from zhixing_desktop.services import dossier_printing, dossier_volumes, storage
from zhixing_desktop.services import store_health as checks
from zhixing_desktop.services import store_repair as repairs
from zhixing_desktop.services.dossier_types import MAIN
from zhixing_desktop.services.file_store import files_folder

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL"),
]
KILLS = {"print": 6, "mend": 12, "copy": 12}
ADMIN = "何管理"

_NURSERY = '''
"""Forks a workstation, kills it at some moment, forks the next; all imports are paid once."""
import json, os, random, select, signal, sys
from datetime import datetime
from pathlib import Path
import cv2, numpy, pikepdf, pypdfium2, zxingcpp
from helpers.bureau import rules
from helpers.offices import open_at
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.dossier import assembly, store_check
from zhixing_desktop.services import (dossier_printing, dossier_volumes, people, storage,
                                      store_health, store_repair)

url, now, case, room, act, kills, longest = sys.argv[1:]
room = Path(room)
random.seed(11)
rules().book

def print_and_bind(bureau, round_, say):
    actor = people.find_person(bureau, "张承办").actor()
    for line in dossier_volumes.volumes(bureau, actor, int(case), "main")[:1]:
        out = room / f"{round_}.pdf"
        made = dossier_printing.prepare(bureau, actor, int(case), "main", line.number, out)
        dossier_printing.record_print(bureau, actor, made, printer="PDF")
        say({"printed": round_, "file": out.name})
        version = dossier_volumes.volumes(bureau, actor, int(case), "main")[0].version
        dossier_volumes.bind(bureau, actor, int(case), "main", line.number, version=version)
        say({"bound": round_})

def mend(bureau, round_, say):
    actor = people.find_person(bureau, "何管理").actor()
    found = store_health.full(bureau, actor)
    done = store_repair.mend(bureau, actor, found.faults, room / "备份")
    say({"mended": len(done.mended)})

def copy(bureau, round_, say):
    actor = people.find_person(bureau, "何管理").actor()
    done = storage.back_up(bureau, actor, room / f"{round_}.db")
    say({"copied": round_})

def before_each(round_):
    if act == "mend":
        names = sorted(p for p in (room / "库").resolve().rglob("*") if p.is_file()
                       and not p.name.startswith(".") and ".damaged" not in p.parts)
        for place in random.sample(names, 4):
            data = place.read_bytes()
            place.write_bytes(data[: len(data) // 2])

said = []
for round_ in range(int(kills)):
    before_each(round_)
    inward, outward = os.pipe()
    child = os.fork()
    if not child:
        os.close(inward)
        say = lambda what: os.write(outward, (json.dumps(what) + "\\n").encode())
        try:
            bureau = open_at(url, FixedClock(datetime.fromisoformat(now)))
            say({"ready": round_})
            {"print": print_and_bind, "mend": mend, "copy": copy}[act](bureau, round_, say)
        except BaseException:
            import traceback
            say({"error": traceback.format_exc()})
        os._exit(0)
    os.close(outward)
    # After some of what it says, at any moment; half a line was not said.
    heard, lines = b"", 1 + round_ % (3 if act == "print" else 1)
    while heard.count(b"\\n") < lines and select.select([inward], [], [], 20)[0]:
        heard += os.read(inward, 65536)
    select.select([], [], [], random.uniform(0, float(longest)))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(inward, "rb") as rest:
        heard += rest.read()
    said += [json.loads(one) for one in heard.splitlines(keepends=True) if one.endswith(b"\\n")]
print(json.dumps(said))
'''


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[tuple[Office, int]]:
    office, case = closed_case(tmp_path)
    for number in range(4):
        file_pages(office, case, f"证据{number}", 12, place=10)
    yield office, case
    office.close()


def killed(office: Office, case: int, room: Path, act: str, longest: float) -> list[dict[str, int]]:
    """Let workstations do something and be killed; return what they said before."""
    url, now = f"sqlite:///{office.bureau.database.path}", office.clock.now().isoformat()
    # One instance a database: the test looks before and after.
    office.close()
    words = (url, now, str(case), str(room), act, str(KILLS[act]), str(longest))
    run = subprocess.run(
        [sys.executable, "-c", _NURSERY, *words],
        check=False,
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        capture_output=True,
        encoding="utf-8",
    )
    assert run.returncode == 0, run.stderr
    said: list[dict[str, int]] = json.loads(run.stdout)
    assert [one for one in said if "error" in one] == []
    office.bureau = open_at(url, office.clock)
    return said


def sound(office: Office) -> None:
    assert health.check(office.bureau.database) == []
    assert checks.file_problems(office.bureau) == []


def test_kills_while_a_volume_is_printed_and_bound(
    closed: tuple[Office, int], tmp_path: Path
) -> None:
    office, case = closed
    room = tmp_path / "打印"
    room.mkdir()
    said = killed(office, case, room, "print", 0.2)
    sound(office)
    line = dossier_volumes.volumes(office.bureau, office.actor(), case, MAIN)[0]
    printed = [one for one in said if "printed" in one]
    bound = [one for one in said if "bound" in one]
    assert printed, "some got so far"
    assert len(printed) < KILLS["print"], "some did not"
    # What was acknowledged is there: each print, and the volume is bound.
    with office.bureau.database.reading() as conn:
        ((prints,),) = conn.exec_driver_sql("SELECT count(*) FROM dossier_prints").all()
    assert len(printed) <= prints <= len(printed) + KILLS["print"]
    assert (line.state == "bound") or not bound
    # A file with its name is a whole volume.
    for place in room.glob("[0-9]*.pdf"):
        assert dossier_printing.pages_in(place.read_bytes()) > 40
    out = tmp_path / "again.pdf"
    made = dossier_printing.prepare(office.bureau, office.actor(), case, MAIN, 1, out)
    dossier_printing.record_print(office.bureau, office.actor(), made, printer="PDF")
    sound(office)


def test_kills_while_the_store_is_mended(closed: tuple[Office, int], tmp_path: Path) -> None:
    office, case = closed
    room = tmp_path / "修复"
    room.mkdir()
    store = files_folder(office.bureau)
    whole = {path.name: path.read_bytes() for path in store.rglob("*") if path.is_file()}
    shutil.copytree(store, room / "备份")
    (room / "库").symlink_to(store, target_is_directory=True)
    said = killed(office, case, room, "mend", 0.3)
    assert health.check(office.bureau.database) == []
    # Whatever is damaged still, the next repair puts right; what was put aside is still there.
    admin = office.actor(ADMIN)
    found = checks.full(office.bureau, admin)
    left = repairs.mend(office.bureau, admin, found.faults, room / "备份").left
    assert left == ()
    sound(office)
    for path in store.rglob("*"):
        # Somebody may be writing a file that is as new as that.
        if path.is_file() and ".damaged" not in path.parts and path.name in whole:
            assert hashlib.sha256(path.read_bytes()).hexdigest() == path.stem
            assert whole.pop(path.name) == path.read_bytes()
    assert whole == {}
    mended = sum(one["mended"] for one in said if "mended" in one)
    with office.bureau.database.reading() as conn:
        query = "SELECT count(*) FROM journal WHERE action = 'store.repair'"
        ((rows,),) = conn.exec_driver_sql(query).all()
    assert rows >= mended + len(found.faults)


def test_kills_while_everything_is_copied_to_another_folder(
    closed: tuple[Office, int], tmp_path: Path
) -> None:
    office, case = closed
    room = tmp_path / "另一处"
    room.mkdir()
    said = killed(office, case, room, "copy", 0.15)
    sound(office)
    copied = {one["copied"] for one in said if "copied" in one}
    finished = {int(path.stem) for path in room.glob("[0-9]*.db")}
    assert copied <= finished
    # What has its name is whole: it can be restored with every file.
    for number in sorted(finished)[:3]:
        target = tmp_path / f"新址{number}" / "bureau.db"
        target.parent.mkdir()
        done = storage.restore(room / f"{number}.db", target)
        assert done.lost == ()
        assert done.files == len([p for p in files_folder(office.bureau).rglob("*") if p.is_file()])
    # A torn copy is not in the way of the next one.
    for torn in sorted(set(range(KILLS["copy"])) - finished)[:1]:
        again = storage.back_up(office.bureau, office.actor(ADMIN), room / f"{torn}.db")
        assert again.lost == ()
