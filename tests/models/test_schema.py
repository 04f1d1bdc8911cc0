"""The steps make the tables that the program speaks of, all at once or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table, UniqueConstraint, inspect, select

from helpers.rows import put_case
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.models import engines, tables
from zhixing_desktop.models.database import Database
from zhixing_desktop.models.failures import translated
from zhixing_desktop.models.types import Day, Moment
from zhixing_desktop.models.upgrades import APPLICATION_ID, STEPS
from zhixing_desktop.workflow.errors import StoreError


def add_column(conn: Connection) -> None:
    """Be the step of a later release."""
    conn.exec_driver_sql("ALTER TABLE staff ADD COLUMN phone TEXT")


def fail(conn: Connection) -> None:
    """Be a step that breaks in the middle."""
    conn.exec_driver_sql("ALTER TABLE staff ADD COLUMN fax TEXT")
    conn.exec_driver_sql("UPDATE staff SET name = 'broken'")
    raise ZeroDivisionError


def kind_of(column: Any, backend: str) -> str:
    """Return what the database should call the type of a column."""
    if isinstance(column.type, Moment):
        return "TEXT" if backend == "sqlite" else "TIMESTAMP"
    if isinstance(column.type, Day):
        return "TEXT" if backend == "sqlite" else "DATE"
    name: str = column.type.__visit_name__
    if name == "type_decorator":
        name = column.type.impl_instance.__visit_name__
    if name == "big_integer" and backend in column.type._variant_mapping:
        return "INTEGER"
    return {"text": "TEXT", "boolean": "BOOLEAN", "integer": "INTEGER", "big_integer": "BIGINT"}[
        name
    ]


@pytest.mark.parametrize("table", tables.METADATA.sorted_tables, ids=lambda table: table.name)
def test_a_table_is_as_the_program_says(database: Database, table: Table) -> None:
    with database.reading() as conn:
        look = inspect(conn)
        columns = {c["name"]: c for c in look.get_columns(table.name)}
        assert list(columns) == [column.name for column in table.columns]
        for column in table.columns:
            found = columns[column.name]
            assert found["nullable"] == column.nullable, column
            assert type(found["type"]).__name__ == kind_of(column, database.backend), column
        assert look.get_pk_constraint(table.name)["constrained_columns"] == [
            column.name for column in table.primary_key.columns
        ]
        assert sorted(
            (tuple(key["constrained_columns"]), key["referred_table"])
            for key in look.get_foreign_keys(table.name)
        ) == sorted(((key.parent.name,), key.column.table.name) for key in table.foreign_keys)
        unique = {tuple(u["column_names"]) for u in look.get_unique_constraints(table.name)}
        assert unique == {
            tuple(column.name for column in constraint.columns)
            for constraint in table.constraints
            if isinstance(constraint, UniqueConstraint)
        }
        indexes = {
            (i["name"], tuple(i["column_names"]))
            for i in look.get_indexes(table.name)
            if not i.get("duplicates_constraint")
        }
        assert indexes == {(i.name, tuple(c.name for c in i.columns)) for i in table.indexes}


def test_no_table_is_forgotten(database: Database) -> None:
    with database.reading() as conn:
        assert set(inspect(conn).get_table_names()) == set(tables.METADATA.tables)


def test_the_sweep_uses_the_small_index(database: Database) -> None:
    question = select(tables.agenda.c.case_id).where(~tables.agenda.c.fired).order_by("at")
    text = str(question.compile(database._reader, compile_kwargs={"literal_binds": True}))
    explain = "EXPLAIN QUERY PLAN " if database.backend == "sqlite" else "EXPLAIN "
    with database.reading() as conn:
        if database.backend == "postgresql":
            conn.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = " ".join(str(row) for row in conn.exec_driver_sql(explain + text))
    assert "agenda_open" in plan


def test_a_file_says_whose_it_is(
    sqlite_url: str, sqlite_path: Path, fixed_clock: FixedClock
) -> None:
    Database.open(sqlite_url, clock=fixed_clock, create=True, purpose="test").close()
    with sqlite3.connect(sqlite_path) as raw:
        assert raw.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert raw.execute("PRAGMA user_version").fetchone() == (len(STEPS),)
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    raw.close()


def test_what_is_written_about_the_database(database_url: str, fixed_clock: FixedClock) -> None:
    made = Database.open(
        database_url,
        clock=fixed_clock,
        create=True,
        purpose="sample",
        bureau="京口区人民法院执行局",
    )
    with made:
        assert made.purpose == "sample"
        assert made.meta("bureau") == "京口区人民法院执行局"
        assert made.meta("created_at") == "2024-03-01T09:00:00"
        assert made.meta("schema_version") == str(len(STEPS))
        assert made.meta("nothing") is None


def test_an_older_file_is_saved_and_upgraded(
    sqlite_url: str, sqlite_path: Path, fixed_clock: FixedClock
) -> None:
    with Database.open(sqlite_url, clock=fixed_clock, create=True, purpose="test") as old:
        put_case(old)
    with Database.open(sqlite_url, clock=fixed_clock, steps=(*STEPS, add_column)) as new:
        assert new.meta("schema_version") == str(len(STEPS) + 1)
        with new.reading() as conn:
            assert conn.exec_driver_sql("SELECT name, phone FROM staff").one() == ("王五", None)
    (saved,) = sqlite_path.parent.glob("*.bak")
    assert saved.name == f"case.db.before-{len(STEPS) + 1}.20240301-090000.bak"
    with Database.open(f"sqlite:///{saved}", clock=fixed_clock) as before:
        assert before.meta("schema_version") == str(len(STEPS))


def test_an_older_server_waits_for_its_administrator(
    postgres_database_url: str, fixed_clock: FixedClock
) -> None:
    Database.open(postgres_database_url, clock=fixed_clock, create=True, purpose="test").close()
    steps = (*STEPS, add_column)
    with pytest.raises(StoreError, match="pg_dump") as refused:
        Database.open(postgres_database_url, clock=fixed_clock, steps=steps)
    assert refused.value.data["kind"] == "older"
    with Database.open(postgres_database_url, clock=fixed_clock, steps=steps, upgrade=True) as new:
        assert new.meta("schema_version") == str(len(STEPS) + 1)


def test_a_step_that_fails_leaves_everything_as_it_was(
    database_url: str, fixed_clock: FixedClock
) -> None:
    with Database.open(database_url, clock=fixed_clock, create=True, purpose="test") as old:
        put_case(old)
    with pytest.raises(StoreError, match="全部退回") as refused:
        Database.open(
            database_url, clock=fixed_clock, upgrade=True, steps=(*STEPS, add_column, fail)
        )
    assert refused.value.data["kind"] == "upgrade_failed"
    assert isinstance(refused.value.__cause__, ZeroDivisionError)
    with Database.open(database_url, clock=fixed_clock) as same, same.reading() as conn:
        assert {c["name"] for c in inspect(conn).get_columns("staff")} == set(
            tables.staff.columns.keys()
        )
        assert conn.execute(select(tables.staff.c.name)).scalar_one() == "王五"


def test_a_newer_database_is_refused(database_url: str, fixed_clock: FixedClock) -> None:
    steps = (*STEPS, add_column)
    Database.open(database_url, clock=fixed_clock, create=True, purpose="test", steps=steps).close()
    with pytest.raises(StoreError, match="更新版本") as refused:
        Database.open(database_url, clock=fixed_clock)
    assert refused.value.data["kind"] == "newer"


def test_an_open_program_notices_that_another_has_upgraded(
    database_url: str, fixed_clock: FixedClock
) -> None:
    with Database.open(database_url, clock=fixed_clock, create=True, purpose="test") as old:
        put_case(old)
        Database.open(
            database_url, clock=fixed_clock, steps=(*STEPS, add_column), upgrade=True
        ).close()
        with pytest.raises(StoreError, match="更新版本"), old.writing():
            pytest.fail("wrote to a schema it does not know")


def test_several_make_the_same_database_at_once(database_url: str, fixed_clock: FixedClock) -> None:
    def make(_: int) -> str:
        with Database.open(database_url, clock=fixed_clock, create=True, purpose="test") as made:
            return made.purpose

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(make, range(6))) == ["test"] * 6
    with Database.open(database_url, clock=fixed_clock) as made:
        assert made.meta("schema_version") == str(len(STEPS))


@pytest.fixture
def read_file(tmp_path: Path) -> Iterator[tuple[Path, sqlite3.Connection]]:
    """Give a file that has no write-ahead log yet, and somebody in the middle of reading it."""
    path = tmp_path / "case.db"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("CREATE TABLE thing (x)")
        other.execute("BEGIN")
        other.execute("SELECT * FROM thing").fetchall()
        yield path, other


def test_the_log_is_switched_on_when_the_others_have_read(
    read_file: tuple[Path, sqlite3.Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, other = read_file
    pauses = []

    def end_reading(seconds: float) -> None:
        pauses.append(seconds)
        other.execute("ROLLBACK")

    monkeypatch.setattr(engines.time, "sleep", end_reading)
    _, writer = engines.make(engines.parse(engines.sqlite_url(path)), 0)
    engines.use_wal(writer, str(path), 5000)
    writer.dispose()
    assert len(pauses) == 1
    with closing(sqlite3.connect(path)) as fresh:
        assert fresh.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_the_log_is_not_waited_for_longer_than_a_writer_waits(
    read_file: tuple[Path, sqlite3.Connection],
) -> None:
    path, _ = read_file
    _, writer = engines.make(engines.parse(engines.sqlite_url(path)), 0)
    with pytest.raises(StoreError) as refused, translated(str(path)):
        engines.use_wal(writer, str(path), 0)
    writer.dispose()
    assert refused.value.data["kind"] == "locked"
