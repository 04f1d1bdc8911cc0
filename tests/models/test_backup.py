"""A backup is whole under its final name, or it is not there."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest

from helpers.rows import put_case, put_facts
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.models import backup, chain, health, journal
from zhixing_desktop.models.database import Database
from zhixing_desktop.workflow.errors import StoreError


@pytest.fixture
def source(sqlite_url: str, fixed_clock: FixedClock) -> Database:
    """A database file with some rows."""
    with Database.open(sqlite_url, clock=fixed_clock, create=True, purpose="test") as made:
        put_case(made)
        put_facts(made, 1, 20)
        return made


def test_a_backup_can_be_restored(
    source: Database, tmp_path: Path, fixed_clock: FixedClock
) -> None:
    seen: list[tuple[int, int]] = []
    saved = backup.backup(source, tmp_path / "a.bak", progress=lambda *at: seen.append(at))
    assert seen[-1][0] == 0
    again = backup.restore(saved, tmp_path / "again.db")
    with Database.open(f"sqlite:///{again}", clock=fixed_clock) as copy, copy.reading() as conn:
        assert journal.head(conn)[0] == 21
        assert health.check(copy) == []
    assert {path.name for path in tmp_path.iterdir()} >= {"a.bak", "again.db"}
    assert not list(tmp_path.glob("*.part"))
    assert not list(tmp_path.glob("*.bak-*"))


def test_a_backup_is_of_one_moment_while_others_write(
    source: Database, tmp_path: Path, fixed_clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "_PAGES", 1)
    rounds = iter(range(1, 1000))

    def interfere(_left: int, _pages: int) -> None:
        number = next(rounds)
        if number <= 10:
            thread = threading.Thread(target=put_facts, args=(source, 20 + number, 20 + number))
            thread.start()
            thread.join(10)

    saved = backup.backup(source, tmp_path / "a.bak", progress=interfere)
    assert next(rounds) > 10
    with Database.open(f"sqlite:///{saved}", clock=fixed_clock) as copy:
        with copy.reading() as conn:
            assert chain.verify(conn).rows == 21
        assert health.check(copy) == []


@pytest.mark.parametrize("name", ["a.bak", "a.bak-wal"])
def test_nothing_is_overwritten(source: Database, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"mine")
    with pytest.raises(StoreError, match="已经存在") as refused:
        backup.backup(source, tmp_path / "a.bak")
    assert refused.value.data["kind"] == "exists"
    assert (tmp_path / name).read_bytes() == b"mine"


def test_what_is_left_of_an_earlier_try_is_no_hindrance(source: Database, tmp_path: Path) -> None:
    (tmp_path / "a.bak.part").write_bytes(b"half")
    assert backup.backup(source, tmp_path / "a.bak").exists()


def test_a_folder_that_is_missing(source: Database, tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        backup.backup(source, tmp_path / "nowhere" / "a.bak")


@pytest.mark.parametrize("damage", ["half", "text", "foreign", "torn", "log"])
def test_a_bad_backup_is_not_restored(source: Database, tmp_path: Path, damage: str) -> None:
    saved = backup.backup(source, tmp_path / "a.bak")
    whole = saved.read_bytes()
    if damage == "half":
        saved.write_bytes(whole[: len(whole) // 2])
    elif damage == "text":
        saved.write_text("备份" * 1000)
    elif damage == "foreign":
        saved.write_bytes(whole[:68] + b"\0\0\0\0" + whole[72:])
    elif damage == "torn":
        saved.write_bytes(whole[:20480] + b"\xff" * 40960 + whole[61440:])
    else:
        (tmp_path / "a.bak-wal").write_bytes(b"log")
    with pytest.raises(StoreError, match="不能用") as refused:
        backup.restore(saved, tmp_path / "again.db")
    assert refused.value.data["kind"] == "bad_backup"
    assert not (tmp_path / "again.db").exists()


def test_a_server_has_its_own_tools(postgres_database_url: str, fixed_clock: FixedClock) -> None:
    url = postgres_database_url
    with (
        Database.open(url, clock=fixed_clock, create=True, purpose="test") as made,
        pytest.raises(StoreError, match="pg_dump") as refused,
    ):
        backup.backup(made, Path("a.bak"))
    assert refused.value.data["kind"] == "pg_dump"


def test_a_disk_that_fills_up_leaves_no_part(
    source: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill_up(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fill_up)
    with pytest.raises(StoreError, match="磁盘满了"):
        backup.backup(source, tmp_path / "a.bak")
    assert not list(tmp_path.glob("a.bak*"))


def test_a_file_that_is_copied_by_hand_is_no_backup(source: Database, tmp_path: Path) -> None:
    put_facts(source, 21, 22)
    assert source.path is not None
    for name in ("case.db", "case.db-wal"):
        shutil.copy(source.path.with_name(name), tmp_path / f"copy-{name}")
    with pytest.raises(StoreError, match="-wal"):
        backup.restore(tmp_path / "copy-case.db", tmp_path / "again.db")
