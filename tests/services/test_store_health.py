"""Health of the kept files through the services: every damage named once, mended from a backup that
verifies, every file read in thirty days."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from helpers.bureau import Office
from helpers.closed_case import closed_case, file_pages
from zhixing_desktop.dossier.store_check import FaultKind
from zhixing_desktop.models import file_folder
from zhixing_desktop.models.tables import files
from zhixing_desktop.services import health, store_health, store_repair
from zhixing_desktop.services.file_store import files_folder
from zhixing_desktop.services.store_watch import StoreWatch
from zhixing_desktop.workflow.errors import InputRefusedError, NotAllowedError

ADMIN = "何管理"
TYPES = (file_folder.PDF, file_folder.JPEG, file_folder.DOCX)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made, case = closed_case(tmp_path)
    for number in range(6):
        file_pages(made, case, f"证据{number}", number + 1, place=10)
    yield made
    made.close()


def kept(office: Office) -> list[Path]:
    """The kept files, smallest name first."""
    return sorted(p for p in files_folder(office.bureau).rglob("*") if p.is_file())


def damage(office: Office) -> None:
    """Do seven kinds of damage, each to a file of its own."""
    folder = files_folder(office.bureau)
    lost, changed, cut, empty, moved, *_ = found = kept(office)
    data = found[1].read_bytes()
    lost.unlink()
    changed.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    cut.write_bytes(cut.read_bytes()[:-7])
    empty.write_bytes(b"")
    away = folder / ("00" if moved.parent.name != "00" else "01")
    away.mkdir(exist_ok=True)
    moved.rename(away / moved.name)
    (folder / "照片.jpg").write_bytes(b"x")
    (folder / ".new-1").write_bytes(b"x")
    # Nobody writes these any more.
    for path in (folder / "照片.jpg", folder / ".new-1", away / moved.name):
        old = path.stat().st_mtime - 7 * 24 * 3600
        os.utime(path, (old, old))


def test_a_healthy_store_names_nothing_and_is_remembered(office: Office) -> None:
    told: list[tuple[int, int]] = []
    admin = office.actor(ADMIN)
    found = store_health.full(office.bureau, admin, lambda *step: told.append(step))
    assert found.sound
    assert told[-1][0] == told[-1][1] == found.bytes
    assert store_health.quick(office.bureau).sound
    state = store_health.state(office.bureau, admin)
    assert (state.files, state.unread, state.ill) == (found.files, 0, 0)
    assert state.last is not None
    assert (state.last.by, state.last.files) == (ADMIN, found.files)


def test_each_damage_is_named_once_and_mended_from_a_backup(office: Office, tmp_path: Path) -> None:
    backup = tmp_path / "备份.files"
    shutil.copytree(files_folder(office.bureau), backup)
    damage(office)
    admin = office.actor(ADMIN)
    found = store_health.full(office.bureau, admin)
    kinds = [fault.kind for fault in found.faults]
    assert sorted(kinds) == sorted(
        [
            FaultKind.LOST, FaultKind.CHANGED, FaultKind.TRUNCATED, FaultKind.EMPTY,
            FaultKind.MISPLACED, FaultKind.FOREIGN, FaultKind.LEFT_OVER,
        ]
    )  # fmt: skip
    assert store_health.state(office.bureau, admin).ill == 5
    assert len(health.check_all(office.bureau)) == 7
    done = store_repair.mend(office.bureau, admin, found.faults, backup)
    assert [fault.kind for fault in done.left] == [FaultKind.FOREIGN]
    assert len(done.mended) == 6
    again = store_health.full(office.bureau, admin)
    assert [fault.kind for fault in again.faults] == [FaultKind.FOREIGN]
    with office.bureau.database.reading() as conn:
        rows = conn.exec_driver_sql("SELECT 1 FROM journal WHERE action = 'store.repair'").all()
    assert len(rows) == 6


def test_a_backup_whose_copy_is_itself_damaged_mends_nothing(
    office: Office, tmp_path: Path
) -> None:
    backup = tmp_path / "备份.files"
    shutil.copytree(files_folder(office.bureau), backup)
    lost = kept(office)[0]
    copy = backup / lost.relative_to(files_folder(office.bureau))
    copy.write_bytes(copy.read_bytes()[:-1] + b"?")
    lost.unlink()
    found = store_health.full(office.bureau, office.actor(ADMIN))
    done = store_repair.mend(office.bureau, office.actor(ADMIN), found.faults, backup)
    assert done.mended == ()
    assert not lost.exists()
    with pytest.raises(InputRefusedError, match="没有这个文件夹"):
        store_repair.mend(office.bureau, office.actor(ADMIN), found.faults, tmp_path / "无")


def test_who_may_check_and_who_may_repair(office: Office) -> None:
    for name in ("张承办", "穆审计", "马档案"):
        with pytest.raises(NotAllowedError):
            store_health.full(office.bureau, office.actor(name))
        with pytest.raises(NotAllowedError):
            store_repair.mend(office.bureau, office.actor(name), [])


def test_beats_read_every_file_within_thirty_days_in_small_parts(office: Office) -> None:
    total = len(kept(office))
    read = 0
    for _ in range(30):
        office.at(office.clock.now() + timedelta(days=1))
        for _ in range(3):
            found = store_health.read_some(office.bureau, budget=1)
            assert found.files <= 1
            read += found.files
    assert read >= total
    assert store_health.state(office.bureau, office.actor(ADMIN)).unread == 0


def test_the_beat_finds_a_file_that_was_changed_in_place(office: Office) -> None:
    changed = kept(office)[0]
    data = changed.read_bytes()
    changed.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    assert store_health.quick(office.bureau).sound
    office.at(office.clock.now() + timedelta(days=29))
    faults = store_health.read_some(office.bureau).faults
    assert [fault.kind for fault in faults] == [FaultKind.CHANGED]
    assert store_health.state(office.bureau, office.actor(ADMIN)).ill == 1


def test_a_row_that_names_a_file_without_a_row_is_told(office: Office) -> None:
    with office.bureau.database.writing() as conn:
        conn.execute(files.delete().where(files.c.name == "谈话录音.wav"))
    (sentence,) = store_health.row_problems(office.bureau)
    assert "没有登记" in sentence


def test_the_watch_of_the_beat_tells_each_fault_once_and_goes_on_without_a_folder(
    office: Office,
) -> None:
    watch = StoreWatch(office.bureau)
    assert watch.look() == ()
    fresh = StoreWatch(office.bureau)
    lost = kept(office)[0]
    lost.unlink()
    (fault,) = fresh.look()
    assert (fault.kind, fault.place.endswith(lost.name)) == (FaultKind.LOST, True)
    assert fresh.look() == ()
    folder = files_folder(office.bureau)
    folder.rename(folder.with_name("不在"))
    office.at(office.clock.now() + timedelta(days=40))
    (gone,) = StoreWatch(office.bureau).look()
    assert gone.kind is FaultKind.DISCONNECTED


def ten_thousand(office: Office) -> list[Path]:
    """Give the store 10,000 more tiny files with their rows; return where they lie."""
    folder = files_folder(office.bureau)
    rows, places = [], []
    for number in range(10_000):
        data = f"{number} 执行卷宗".encode() * 9
        digest = hashlib.sha256(data).hexdigest()
        place = file_folder.path_of(folder, digest, TYPES[number % len(TYPES)])
        place.parent.mkdir(parents=True, exist_ok=True)
        # As ``keep`` does, without waiting for the disk ten thousand times.
        place.write_bytes(data)
        places.append(place)
        row = {"digest": digest, "algorithm": file_folder.ALGORITHM, "bytes": len(data)}
        row |= {"name": f"材料{number}.pdf", "media_type": TYPES[number % len(TYPES)]}
        rows.append({**row, "added_by": ADMIN, "added_at": office.clock.now()})
    with office.bureau.database.writing() as conn:
        conn.execute(files.insert(), rows)
    return places


def test_ten_thousand_files_name_nothing_and_then_ten_damages_once_each(office: Office) -> None:
    found = ten_thousand(office)
    folder, admin = files_folder(office.bureau), office.actor(ADMIN)
    for healthy in (store_health.quick(office.bureau), store_health.full(office.bureau, admin)):
        assert healthy.faults == ()
        assert healthy.files > 10_000
    assert store_health.state(office.bureau, admin).ill == 0

    picked = iter(found[500::777])
    lost, changed, cut, empty, moved, doubled, bad = (next(picked) for _ in range(7))
    lost.unlink()
    data = changed.read_bytes()
    changed.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    os.truncate(cut, 9)
    os.truncate(empty, 0)
    away = folder / ("00" if moved.parent.name != "00" else "01") / moved.name
    away.parent.mkdir(exist_ok=True)
    moved.rename(away)
    twice = doubled.with_suffix(".png")
    shutil.copy(doubled, twice)
    bad.unlink()
    with office.bureau.database.writing() as conn:
        conn.execute(files.update().where(files.c.digest == bad.stem).values(digest="x" * 64))
    orphan = file_folder.path_of(folder, hashlib.sha256(b"?").hexdigest(), file_folder.PDF)
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"?")
    foreign, left_over = folder / "照片.jpg", folder / ".new-1"
    for path in (foreign, left_over):
        path.write_bytes(b"x")
    for path in (away, twice, orphan, foreign, left_over):
        old = path.stat().st_mtime - 7 * 24 * 3600
        os.utime(path, (old, old))

    expected = {
        FaultKind.LOST: lost, FaultKind.CHANGED: changed, FaultKind.TRUNCATED: cut,
        FaultKind.EMPTY: empty, FaultKind.MISPLACED: away, FaultKind.DOUBLED: twice,
        FaultKind.ORPHANED: orphan, FaultKind.FOREIGN: foreign, FaultKind.LEFT_OVER: left_over,
    }  # fmt: skip
    wanted = {(kind, path.relative_to(folder).as_posix()) for kind, path in expected.items()}
    wanted.add((FaultKind.BAD_ROW, "x" * 64))
    named = store_health.full(office.bureau, admin).faults
    assert {(fault.kind, fault.place) for fault in named} == wanted
    assert len(named) == len(wanted) == 10
    assert all(fault.sentence.endswith("。") for fault in named)
    # Without reading, all but the flipped bit.
    quick = store_health.quick(office.bureau).faults
    assert {(fault.kind, fault.place) for fault in quick} == wanted - {
        (FaultKind.CHANGED, changed.relative_to(folder).as_posix())
    }
    assert len(quick) == 9
