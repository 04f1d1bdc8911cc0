"""What an officer reads when the database cannot be used; what was saved is never lost by it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from helpers.bureau import OFFICER, Office
from helpers.offices import contents, make_office, open_at
from zhixing_desktop.models import place
from zhixing_desktop.models.database import Database
from zhixing_desktop.services import drafts, health, work
from zhixing_desktop.workflow.errors import StoreError
from zhixing_desktop.workflow.views import Key


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'bureau.db'}"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bureau.db"


@pytest.fixture
def office(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """A bureau with one case, which does not wait long for other writers."""
    patient: Any = Database.open.__func__  # type: ignore[attr-defined]
    monkeypatch.setitem(patient.__kwdefaults__, "busy_ms", 50)
    made = make_office(url)
    made.register(1)
    made.fill(1, 1)
    yield made
    made.close()


def assign(office: Office) -> None:
    work.assign_officer(office.bureau, office.actor("李局长"), 1, "孙法官", reason="调整分工")


def refused(act: Callable[[], object]) -> StoreError:
    with pytest.raises(StoreError) as caught:
        act()
    assert caught.value.sentence.endswith("。")
    return caught.value


def test_somebody_else_writes_for_too_long(office: Office, path: Path) -> None:
    before = contents(office.bureau)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        error = refused(lambda: assign(office))
        # Reading goes on meanwhile.
        assert office.detail(1).officer == OFFICER
        assert contents(office.bureau) == before
        other.execute("ROLLBACK")
    assert error.data["kind"] == "locked"
    assert "再试一次" in error.sentence
    assign(office)
    assert office.detail(1).officer == "孙法官"
    assert health.check_all(office.bureau) == []


def test_a_full_disk(office: Office) -> None:
    before = contents(office.bureau)
    with office.bureau.database.writing() as conn:
        pages = conn.exec_driver_sql("PRAGMA page_count").scalar_one()
        conn.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    me, long = office.actor(), {"note": "执" * 200_000}
    error = refused(lambda: drafts.save_draft(office.bureau, me, 1, Key(2, "case"), long))
    assert error.data["kind"] == "full"
    assert "磁盘满了" in error.sentence
    assert contents(office.bureau) == before
    with office.bureau.database.writing() as conn:
        conn.exec_driver_sql("PRAGMA max_page_count = 1000000")
    office.fill(1, 2)
    assert health.check_all(office.bureau) == []


def test_a_database_of_a_newer_program(office: Office, url: str, path: Path) -> None:
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("UPDATE meta SET value = '99' WHERE key = 'schema_version'")
    # Also the program that has it open already.
    assert refused(lambda: assign(office)).data["kind"] == "newer"
    error = refused(lambda: open_at(url, office.clock))
    assert error.data["kind"] == "newer"
    assert "请先升级" in error.sentence


def test_a_torn_file(office: Office, url: str, path: Path) -> None:
    office.close()
    whole = path.read_bytes()
    path.write_bytes(b"\0" * 4096 + whole[4096:])
    error = refused(lambda: open_at(url, office.clock))
    assert error.data["kind"] == "not_a_database"
    assert "用备份恢复" in error.sentence
    # The file is left as it was found.
    assert path.read_bytes()[4096:] == whole[4096:]


def test_a_network_drive(office: Office, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "_mounts", lambda: "nas:/court / nfs4 rw 0 0")
    error = refused(lambda: open_at(url, office.clock))
    assert error.data["kind"] == "network"
    assert "PostgreSQL" in error.sentence


def test_a_place_without_a_database(office: Office, tmp_path: Path) -> None:
    gone = f"sqlite:///{tmp_path / 'gone.db'}"
    assert refused(lambda: open_at(gone, office.clock)).data["kind"] == "missing"
    assert not (tmp_path / "gone.db").exists()
