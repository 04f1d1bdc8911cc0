"""Each failure of a database has its own sentence, loses nothing, and is over when it is over."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from helpers.rows import case_row, fact_row, put, put_case, recorder
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.models import failures, health, place, tables
from zhixing_desktop.models.database import Database
from zhixing_desktop.workflow.errors import StaleEditError, StoreError, ZhixingError


def open_test(url: str, clock: FixedClock, **other: Any) -> Database:
    """Make or open a database for a test."""
    return Database.open(url, clock=clock, create=True, purpose="test", **other)


def kind(error: pytest.ExceptionInfo[ZhixingError]) -> str:
    """Return what a program sees of a refusal; a person sees that nothing was lost."""
    return str(error.value.data["kind"])


# --------------------------------------------------------------------------------- a file of ours


def test_a_writer_who_waits_too_long_is_told(
    sqlite_url: str, sqlite_path: Path, fixed_clock: FixedClock
) -> None:
    with open_test(sqlite_url, fixed_clock, busy_ms=50) as made:
        put_case(made)
        other = sqlite3.connect(sqlite_path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="正在写数据库") as refused:
            put(made, (tables.facts, fact_row(1)))
        assert kind(refused) == "locked"
        other.execute("ROLLBACK")
        other.close()
        put(made, (tables.facts, fact_row(1)))
        assert health.check(made) == []


def test_a_disk_that_is_full_takes_nothing_by_halves(
    sqlite_url: str, fixed_clock: FixedClock
) -> None:
    with open_test(sqlite_url, fixed_clock) as made:
        put_case(made)
        limit(made, "PRAGMA max_page_count = 80")
        with pytest.raises(StoreError, match="磁盘满了") as refused:
            put(made, *[(tables.facts, fact_row(n, reason="案" * 900)) for n in range(1, 200)])
        assert kind(refused) == "full"
        assert health.check(made) == []
        put(made, (tables.facts, fact_row(1)))
        limit(made, "PRAGMA max_page_count = 100000")
        put(made, *[(tables.facts, fact_row(n, reason="案" * 900)) for n in range(2, 200)])
        assert health.check(made) == []


def limit(database: Database, pragma: str) -> None:
    """Set something on the connection that writes."""
    with database._writers.lend() as conn:
        raw = conn.connection.driver_connection
        assert raw is not None
        raw.execute(pragma)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(os.name == "nt", reason="rights are different there")
@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_file_that_may_not_be_written(
    open_folder: Path, fixed_clock: FixedClock, what: str
) -> None:
    path = open_folder / "case.db"
    url = f"sqlite:///{path}"
    open_test(url, fixed_clock).close()
    path.chmod(0o444 if what == "file" else 0o666)
    open_folder.chmod(0o777 if what == "file" else 0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        with pytest.raises(StoreError, match="只读") as refused:
            Database.open(url, clock=fixed_clock)
    finally:
        if root:
            os.seteuid(0)
    assert kind(refused) == "readonly"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"SQLite format 3\x00" + b"\xff" * 5000, "not_a_database"),
        ("案号,当事人\n".encode() * 500, "not_a_database"),
    ],
)
def test_a_file_that_is_no_database(
    sqlite_url: str, sqlite_path: Path, fixed_clock: FixedClock, content: bytes, expected: str
) -> None:
    sqlite_path.write_bytes(content)
    for create in (False, True):
        with pytest.raises(StoreError, match="不是数据库") as refused:
            Database.open(sqlite_url, clock=fixed_clock, create=create, purpose="test")
        assert kind(refused) == expected
    assert sqlite_path.read_bytes() == content


def test_a_torn_file_is_refused(
    sqlite_url: str, sqlite_path: Path, fixed_clock: FixedClock
) -> None:
    with open_test(sqlite_url, fixed_clock) as made:
        put(made, *[(tables.cases, case_row(n)) for n in range(1, 300)])
    whole = sqlite_path.read_bytes()
    sqlite_path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(StoreError, match="已损坏") as refused:
        Database.open(sqlite_url, clock=fixed_clock)
    assert kind(refused) == "torn"


def test_after_a_crash_the_window_looks_at_the_whole_file(
    sqlite_url: str, sqlite_path: Path, fixed_clock: FixedClock, tmp_path: Path
) -> None:
    """A page in the middle is bad, and the last program did not close the file."""
    with open_test(sqlite_url, fixed_clock) as made:
        put(made, *[(tables.cases, case_row(n, cause="案" * 500)) for n in range(1, 200)])
    whole = sqlite_path.read_bytes()
    half = len(whole) // 2 // 4096 * 4096
    sqlite_path.write_bytes(whole[:half] + b"\x00" * 8192 + whole[half + 8192 :])
    Database.open(sqlite_url, clock=fixed_clock, exclusive=True).close()  # nothing seen yet
    with Database.open(sqlite_url, clock=fixed_clock) as made:
        put(made, (tables.staff, {"name": "赵六", "roles": []}))
        crashed = tmp_path / "crashed"
        crashed.mkdir()
        for name in ("case.db", "case.db-wal"):
            shutil.copy(sqlite_path.with_name(name), crashed / name)
    with pytest.raises(StoreError, match="已损坏") as refused:
        Database.open(f"sqlite:///{crashed / 'case.db'}", clock=fixed_clock, exclusive=True)
    assert kind(refused) == "torn"


def test_somebody_elses_database_is_left_alone(
    database_url: str, sqlite_path: Path, fixed_clock: FixedClock
) -> None:
    statement = "CREATE TABLE meta (key TEXT, value TEXT)"
    if database_url.startswith("sqlite"):
        with sqlite3.connect(sqlite_path) as raw:
            raw.execute(statement)
        raw.close()
    else:
        address = database_url.replace("postgresql+psycopg:", "postgresql:")
        with psycopg.connect(address) as server:
            server.execute(statement)
    for create in (False, True):
        with pytest.raises(StoreError, match="别的程序") as refused:
            Database.open(database_url, clock=fixed_clock, create=create, purpose="test")
        assert kind(refused) == "foreign"


def test_a_folder_is_no_file(tmp_path: Path, fixed_clock: FixedClock) -> None:
    with pytest.raises(StoreError, match="打不开") as refused:
        Database.open(f"sqlite:///{tmp_path}", clock=fixed_clock)
    assert kind(refused) == "cannot_open"


def test_a_network_drive_is_refused(
    sqlite_url: str, tmp_path: Path, fixed_clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = f"/dev/sda1 / ext4 rw 0 0\n//server/share {tmp_path} cifs rw 0 0\n"
    monkeypatch.setattr(place, "_mounts", lambda: mounts)
    with pytest.raises(StoreError, match="网络盘") as refused:
        open_test(sqlite_url, fixed_clock)
    assert kind(refused) == "network"
    assert refused.value.data["filesystem"] == "cifs"
    assert list(tmp_path.iterdir()) == []


# -------------------------------------------------------------------------------------- a server


def test_a_server_that_is_not_there(tmp_path: Path, fixed_clock: FixedClock) -> None:
    with pytest.raises(StoreError, match="连不上") as refused:
        Database.open(f"postgresql://postgres@/court?host={tmp_path}", clock=fixed_clock)
    assert kind(refused) == "unreachable"


def test_a_server_that_knows_neither_database_nor_user(
    postgres_url: str, fixed_clock: FixedClock
) -> None:
    with pytest.raises(StoreError, match="没有这个数据库") as refused:
        Database.open(postgres_url.replace("/postgres?", "/nothing?"), clock=fixed_clock)
    assert kind(refused) == "no_database"
    with pytest.raises(StoreError, match="拒绝登录") as refused:
        Database.open(postgres_url.replace("//postgres@", "//nobody@"), clock=fixed_clock)
    assert kind(refused) == "login"


def test_a_connection_that_breaks_in_the_middle(
    postgres_database_url: str, fixed_clock: FixedClock
) -> None:
    with open_test(postgres_database_url, fixed_clock) as made:
        put_case(made)
        for by_recorder in (False, True):
            with pytest.raises(StoreError, match="连不上") as refused:
                break_connection(made, by_recorder=by_recorder)
            assert kind(refused) == "unreachable"
        put(made, (tables.facts, fact_row(1)))  # the next step has a connection again
        with made.reading() as conn:
            assert conn.execute(select(func.count()).select_from(tables.facts)).scalar_one() == 1
        assert health.check(made) == []


def break_connection(database: Database, *, by_recorder: bool) -> None:
    """Let the server end the connection while a step is being written."""
    person = {"name": "赵六", "initials": "", "roles": [], "team": ""}
    with database.writing() as conn:
        (number,) = conn.exec_driver_sql("SELECT pg_backend_pid()").one()
        conn.execute(tables.staff.insert().values(person))
        with database._reader.connect() as other:
            other.exec_driver_sql(f"SELECT pg_terminate_backend({number:d})")
        if by_recorder:
            with recorder(conn) as step:
                step.insert(tables.staff, person)
        else:
            conn.execute(tables.staff.insert().values(person))


def test_two_who_wait_for_each_other(postgres_database_url: str, fixed_clock: FixedClock) -> None:
    with open_test(postgres_database_url, fixed_clock, busy_ms=20_000) as made:
        put(made, *[(tables.cases, case_row(n)) for n in (1, 2)])
        with pytest.raises(StoreError, match="同时在改") as refused:
            deadlock(made)
        assert kind(refused) == "busy"


def deadlock(database: Database) -> None:
    """Lock two cases crosswise; the second waits in a thread of its own."""
    import threading

    one = "UPDATE cases SET version = 2 WHERE id = 1"
    two = "UPDATE cases SET version = 2 WHERE id = 2"
    begun = threading.Event()
    errors: list[Exception] = []

    def other() -> None:
        try:
            with database.writing() as conn:
                conn.exec_driver_sql(two)
                begun.set()
                conn.exec_driver_sql(one)
        except StoreError as error:
            errors.append(error)

    thread = threading.Thread(target=other)
    with database.writing() as conn:
        conn.exec_driver_sql(one)
        thread.start()
        assert begun.wait(10)
        try:
            conn.exec_driver_sql(two)
        finally:
            conn.rollback()
            thread.join(30)
    raise errors[0]


# ------------------------------------------------------------------------------- names of errors


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (psycopg.errors.DiskFull(), "full"),
        (psycopg.errors.ReadOnlySqlTransaction(), "readonly"),
        (psycopg.errors.InsufficientPrivilege(), "permission"),
        (psycopg.errors.TooManyConnections(), "unreachable"),
        (psycopg.errors.AdminShutdown(), "unreachable"),
        (psycopg.errors.IdleInTransactionSessionTimeout(), "unreachable"),
        (psycopg.errors.SerializationFailure(), "busy"),
        (psycopg.errors.LockNotAvailable(), "locked"),
        (psycopg.errors.InvalidPassword(), "login"),
        (psycopg.errors.DataCorrupted(), "torn"),
        (psycopg.errors.IoError(), "io"),
        (psycopg.OperationalError("fe_sendauth: password authentication failed"), "login"),
        (psycopg.OperationalError("connection refused"), "unreachable"),
    ],
)
def test_what_a_server_says(error: psycopg.Error, expected: str) -> None:
    for raised in (error, OperationalError("SELECT 1", {}, error)):
        known = failures.translate(raised)
        assert isinstance(known, StoreError)
        assert known.data["kind"] == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (sqlite3.SQLITE_BUSY, "locked"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "locked"),
        (sqlite3.SQLITE_IOERR_FSYNC, "io"),
        (sqlite3.SQLITE_READONLY_DIRECTORY, "readonly"),
        (sqlite3.SQLITE_CORRUPT_INDEX, "torn"),
        (sqlite3.SQLITE_CANTOPEN, "cannot_open"),
    ],
)
def test_what_sqlite_says(code: int, expected: str) -> None:
    error = sqlite3.OperationalError("words")
    error.sqlite_errorcode = code
    known = failures.translate(error)
    assert known is not None
    assert known.data["kind"] == expected


@pytest.mark.parametrize(
    "error",
    [
        ValueError("x"),
        sqlite3.ProgrammingError("x"),
        psycopg.errors.UndefinedColumn(),
        psycopg.errors.NotNullViolation(),
        psycopg.ProgrammingError("x"),
    ],
)
def test_a_defect_stays_a_defect(error: Exception) -> None:
    assert failures.translate(error) is None


def test_a_defect_passes_through(with_case: Database) -> None:
    with pytest.raises(Exception, match="nothing") as raised, with_case.writing() as conn:
        conn.exec_driver_sql("SELECT nothing FROM cases")
    assert not isinstance(raised.value, ZhixingError)


def test_sentences_are_for_people() -> None:
    for name, sentence in failures.SENTENCES.items():
        assert sentence.endswith("。") or name == "pg_dump", name
        assert "Error" not in sentence
    duplicate = failures.translate(psycopg.errors.UniqueViolation())
    assert isinstance(duplicate, StaleEditError)
