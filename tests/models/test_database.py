"""Opening, reading, writing, and the clock that counts."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from helpers.rows import MOMENT, fact_row, put, put_case, staff_row
from zhixing_desktop.clock import FixedClock, SystemClock
from zhixing_desktop.models import journal, tables
from zhixing_desktop.models.database import CLOCK_TOLERANCE, Database, lock_cases
from zhixing_desktop.workflow.errors import StoreError, UsageError


def count(database: Database) -> int:
    """Return how many facts there are."""
    with database.reading() as conn:
        return conn.execute(select(func.count()).select_from(tables.facts)).scalar_one()


def test_reading_cannot_write(with_case: Database) -> None:
    with pytest.raises(StoreError, match="只读") as refused, with_case.reading() as conn:
        conn.execute(insert(tables.staff).values(staff_row(id=2)))
    assert refused.value.data["kind"] == "readonly"


def test_reading_sees_one_moment(with_case: Database) -> None:
    number = select(func.count()).select_from(tables.facts)
    with with_case.reading() as conn:
        assert conn.execute(number).scalar_one() == 0
        put(with_case, (tables.facts, fact_row(1)))
        assert conn.execute(number).scalar_one() == 0
    assert count(with_case) == 1


def test_a_reader_goes_on_while_somebody_writes(with_case: Database) -> None:
    with with_case.writing() as conn:
        conn.execute(insert(tables.staff).values(staff_row(id=2)))
        with with_case.reading() as other:
            assert other.execute(select(tables.staff.c.id)).all() == [(1,)]


@pytest.mark.parametrize("face", ["reading", "writing"])
def test_a_commit_survives_a_power_cut(sqlite_url: str, fixed_clock: FixedClock, face: str) -> None:
    made = Database.open(sqlite_url, clock=fixed_clock, create=True, purpose="test")
    with made, getattr(made, face)() as conn:
        pragmas = ("journal_mode", "synchronous", "foreign_keys")
        found = [conn.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in pragmas]
    assert found == ["wal", 2, 1]  # 2: FULL


def test_writing_within_writing_is_a_defect(sqlite_url: str, fixed_clock: FixedClock) -> None:
    made = Database.open(sqlite_url, clock=fixed_clock, create=True, purpose="test", busy_ms=100)
    with made, made.writing(), pytest.raises(RuntimeError, match="within"), made.writing():
        pytest.fail("two writers in one thread")


def test_threads_write_in_turn(with_case: Database) -> None:
    def add(first: int) -> None:
        for seq in range(first, first + 10):
            with with_case.writing() as conn:
                lock_cases(conn, [1])
                conn.execute(insert(tables.facts).values(fact_row(seq)))

    threads = [threading.Thread(target=add, args=(n * 10,)) for n in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert count(with_case) == 40


def test_a_case_that_is_locked_waits(postgres_database_url: str, fixed_clock: FixedClock) -> None:
    url = postgres_database_url
    with Database.open(url, clock=fixed_clock, create=True, purpose="test", busy_ms=50) as made:
        put_case(made)
        with made.writing() as conn:
            lock_cases(conn, [1, 2])
            with pytest.raises(StoreError) as refused, made.writing() as other:
                lock_cases(other, [1])
            assert refused.value.data["kind"] == "locked"
        with made.writing() as conn:
            lock_cases(conn, [1])
            lock_cases(conn, [])


# --------------------------------------------------------------------------------------- opening


def test_what_is_not_there_is_not_made(database_url: str, fixed_clock: FixedClock) -> None:
    with pytest.raises(StoreError) as refused:
        Database.open(database_url, clock=fixed_clock)
    assert refused.value.data["kind"] == (
        "missing" if database_url.startswith("sqlite") else "empty"
    )
    assert "建立" in refused.value.sentence


def test_an_empty_file_is_not_a_database_yet(
    sqlite_url: str, sqlite_path: Path, fixed_clock: FixedClock
) -> None:
    sqlite_path.touch()
    with pytest.raises(StoreError) as refused:
        Database.open(sqlite_url, clock=fixed_clock)
    assert refused.value.data["kind"] == "empty"
    Database.open(sqlite_url, clock=fixed_clock, create=True, purpose="test").close()
    Database.open(sqlite_url, clock=fixed_clock).close()


def test_create_opens_what_is_there(database_url: str, fixed_clock: FixedClock) -> None:
    for _ in range(2):
        with Database.open(database_url, clock=fixed_clock, create=True, purpose="test") as made:
            with made.reading() as conn:
                first = journal.head(conn)[0] == 0
            if first:
                put_case(made)
    with Database.open(database_url, clock=fixed_clock) as made, made.reading() as conn:
        assert journal.head(conn)[0] == 1


def test_a_database_keeps_its_purpose(database_url: str, fixed_clock: FixedClock) -> None:
    Database.open(database_url, clock=fixed_clock, create=True, purpose="sample").close()
    with pytest.raises(StoreError, match="用途") as refused:
        Database.open(database_url, clock=fixed_clock, create=True, purpose="test")
    assert refused.value.data["kind"] == "purpose"
    with pytest.raises(UsageError, match="用途"):
        Database.open(database_url, clock=fixed_clock, create=True, purpose="play")


@pytest.mark.parametrize(
    "url",
    [
        "mysql://root@localhost/x",
        "sqlite://",
        "sqlite:///:memory:",
        "no address",
        "sqlite:///a?b=c",
    ],
)
def test_an_address_that_cannot_be_one(url: str, fixed_clock: FixedClock) -> None:
    with pytest.raises(UsageError):
        Database.open(url, clock=fixed_clock, create=True, purpose="test")


def test_an_address_as_other_programs_write_it(
    postgres_database_url: str, fixed_clock: FixedClock
) -> None:
    url = postgres_database_url.replace("postgresql+psycopg:", "postgres:")
    with Database.open(url, clock=fixed_clock, create=True, purpose="test") as made:
        assert made.backend == "postgresql"
        assert made.path is None


def test_a_password_is_not_shown(fixed_clock: FixedClock, tmp_path: Path) -> None:
    url = f"postgresql://zhixing:geheim@/court?host={tmp_path}"
    with pytest.raises(StoreError) as refused:
        Database.open(url, clock=fixed_clock)
    assert "geheim" not in f"{refused.value.sentence} {refused.value.data}"


def test_one_window_at_a_time(sqlite_url: str, fixed_clock: FixedClock) -> None:
    made = Database.open(sqlite_url, clock=fixed_clock, create=True, purpose="test", exclusive=True)
    with pytest.raises(StoreError, match="另一个知行窗口") as refused:
        Database.open(sqlite_url, clock=fixed_clock, exclusive=True)
    assert refused.value.data["kind"] == "in_use"
    with Database.open(sqlite_url, clock=fixed_clock) as beside:  # the command line
        put_case(beside)
    made.close()
    made.close()
    Database.open(sqlite_url, clock=fixed_clock, exclusive=True).close()


# ------------------------------------------------------------------------------------- the clock


@pytest.mark.parametrize("purpose", ["sample", "test"])
def test_a_test_clock_counts_where_nothing_is_real(
    database_url: str, fixed_clock: FixedClock, purpose: str
) -> None:
    with Database.open(database_url, clock=fixed_clock, create=True, purpose=purpose) as made:
        assert made.now() == MOMENT
        fixed_clock.set(MOMENT + timedelta(days=1))
        with made.writing() as conn:
            assert made.now(conn) == MOMENT + timedelta(days=1)
        with made.reading() as conn:
            assert made.now(conn) == MOMENT + timedelta(days=1)


def test_a_bureau_takes_no_test_clock(database_url: str, fixed_clock: FixedClock) -> None:
    with pytest.raises(StoreError, match="测试时钟") as refused:
        Database.open(database_url, clock=fixed_clock, create=True)
    assert refused.value.data["kind"] == "test_clock"
    Database.open(database_url, clock=SystemClock(), create=True).close()
    with pytest.raises(StoreError, match="测试时钟"):
        Database.open(database_url, clock=fixed_clock)


def test_the_servers_time_counts_for_a_bureau(
    postgres_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The workstation is a year off; the server speaks UTC; the court is in Shanghai."""
    real = SystemClock().now()
    monkeypatch.setattr(SystemClock, "now", lambda _: real - timedelta(days=365))
    with Database.open(postgres_database_url, clock=SystemClock(), create=True) as made:
        assert made.meta("created_at") >= real.isoformat()  # type: ignore[operator]
        with made.writing() as conn:
            inside = made.now(conn)
        with made.reading() as conn:
            reading = made.now(conn)
        for moment in (inside, reading, made.now()):
            assert timedelta() <= moment - real < timedelta(minutes=5)
            assert (moment.tzinfo, moment.microsecond) == (None, 0)


def test_the_workstations_time_counts_for_a_file(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SystemClock, "now", lambda _: MOMENT)
    with Database.open(sqlite_url, clock=SystemClock(), create=True) as made:
        assert made.now() == MOMENT


def test_a_clock_that_was_set_back_is_refused(with_case: Database, fixed_clock: FixedClock) -> None:
    fixed_clock.set(MOMENT + timedelta(days=3))
    put(with_case, (tables.facts, fact_row(1)))
    fixed_clock.set(MOMENT + timedelta(days=2))
    with pytest.raises(StoreError, match="时钟被调回") as refused:
        put(with_case, (tables.facts, fact_row(2)))
    assert refused.value.data["kind"] == "clock_back"
    assert "2024-03-04 09:00:00" in refused.value.sentence
    assert count(with_case) == 1
    fixed_clock.set(MOMENT + timedelta(days=3) - CLOCK_TOLERANCE)
    put(with_case, (tables.facts, fact_row(2)))
    assert count(with_case) == 2


def test_time_goes_on_without_a_journal_row(with_case: Database, fixed_clock: FixedClock) -> None:
    fixed_clock.set(MOMENT + timedelta(days=3))
    with with_case.writing():
        pass
    assert with_case.meta("last_seen_at") == "2024-03-04T09:00:00"


def test_a_step_that_failed_moves_no_time(with_case: Database, fixed_clock: FixedClock) -> None:
    fixed_clock.set(MOMENT + timedelta(days=3))
    with pytest.raises(ZeroDivisionError), with_case.writing():
        raise ZeroDivisionError
    assert with_case.meta("last_seen_at") == "2024-03-01T09:00:00"


def test_an_administrator_accepts_the_clock(with_case: Database, fixed_clock: FixedClock) -> None:
    fixed_clock.set(datetime(2036, 1, 1))  # somebody mistyped the year
    put(with_case, (tables.facts, fact_row(1)))
    fixed_clock.set(MOMENT + timedelta(days=1))
    with pytest.raises(StoreError):
        put(with_case, (tables.facts, fact_row(2)))
    with_case.accept_clock(actor="管理员", reason="年份输错", workstation="PC-1")
    put(with_case, (tables.facts, fact_row(2)))
    with with_case.reading() as conn:
        row = conn.execute(select(tables.journal).where(tables.journal.c.id == 3)).mappings().one()
    assert row["action"] == "clock.accept"
    assert row["payload"] == [
        {"op": "note", "data": {"last_seen_at": "2036-01-01T00:00:00", "reason": "年份输错"}}
    ]
