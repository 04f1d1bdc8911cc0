"""The journal gives the tables again, and the check finds each thing that is not right."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from helpers.rows import (
    agenda_row,
    alert_row,
    case_row,
    fact_row,
    instance_row,
    put,
    recorder,
    tamper,
)
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.models import health, replay, tables
from zhixing_desktop.models.database import Database

DAMAGE = {
    "UPDATE cases SET state = 'done' WHERE id = 1": "state 在表中是 'done'，按日志应为 'active'",
    "DELETE FROM instances WHERE node = 8": "表 instances 的行 2：日志里有这一行，表中没有",
    "DELETE FROM instances WHERE node = 9": "表 instances 的行 3：日志里有这一行，表中没有",
    "INSERT INTO alert_reads VALUES (1, 1, '2024-03-01T09:00:00')": "表 alert_reads 的行 1、1",
    "UPDATE agenda SET recipients = '[]' WHERE node = 8": "recipients 在表中是 '[]'",
    "UPDATE facts SET happened_at = '2024-03-02T09:00:00'": "happened_at 在表中是 '2024-03-02T09",
    "UPDATE cases SET amount = 1": "amount 在表中是 1，按日志应为 None",
}


@pytest.fixture
def filled(with_case: Database) -> Database:
    """A case with something in each table that a step writes."""
    put(
        with_case,
        (tables.facts, fact_row(1)),
        *[(tables.instances, instance_row(node)) for node in (7, 8, 9)],
        *[(tables.agenda, agenda_row(node)) for node in (7, 8)],
        (tables.agenda, agenda_row(7, subject="资产")),
        (tables.alerts, alert_row(7)),
    )
    return with_case


def test_a_healthy_database_has_nothing_to_tell(filled: Database) -> None:
    assert health.check(filled) == []


@pytest.mark.parametrize("statement", DAMAGE)
def test_a_table_that_was_changed_by_hand_is_found(filled: Database, statement: str) -> None:
    tamper(filled, statement)
    (difference,) = replay.replay_differences(filled)
    assert DAMAGE[statement] in difference
    assert difference in health.check(filled)


def test_a_journal_row_that_fits_no_table_is_found(filled: Database) -> None:
    changes = [
        '{"op":"update","table":"cases","key":{"id":9},"before":{},"after":{"state":"x"}}',
        '{"op":"insert","table":"cases","key":{"id":1},"before":null,"after":{"id":1}}',
        '{"op":"insert","table":"cats","after":{"id":1}}',
        '{"op":"paint","table":"cases"}',
    ]
    tamper(filled, f"UPDATE journal SET payload = '[{','.join(changes)}]' WHERE id = 2")  # noqa: S608
    found = " ".join(replay.replay_differences(filled))
    assert "改动的行不在表 cases 中" in found
    assert "放不进表 cases（UNIQUE" in found
    assert "不认识的表 cats" in found
    assert "放不进表 cases（op paint）" in found


def test_a_bad_database_is_told_in_so_many_words(filled: Database) -> None:
    rows = ",".join(f"(1, {node}, 's', 1, 'x')" for node in range(10, 400))
    tamper(
        filled,
        f"INSERT INTO instances (case_id, node, subject, occurrence, state) VALUES {rows}",  # noqa: S608
    )
    assert len(replay.replay_differences(filled)) == replay.MOST


def test_protection_that_was_taken_off_is_found(filled: Database) -> None:
    tamper(filled)
    found = health.check(filled)
    assert len(found) == 12 * (3 if filled.backend == "sqlite" else 2)
    assert any("journal_no_" in problem for problem in found)


def test_protection_that_was_switched_off_is_found(
    postgres_database_url: str, fixed_clock: FixedClock
) -> None:
    url = postgres_database_url
    with Database.open(url, clock=fixed_clock, create=True, purpose="test") as made:
        with made.writing() as conn:
            conn.exec_driver_sql("ALTER TABLE journal DISABLE TRIGGER ALL")
        assert "journal_no_change" in "".join(health.check(made))


def test_a_reference_to_nowhere_is_found(filled: Database) -> None:
    if filled.backend == "postgresql":
        return  # its owner cannot switch references off
    with filled._writer.connect() as conn:
        raw = conn.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("UPDATE instances SET case_id = 77 WHERE node = 9")
        raw.execute("PRAGMA foreign_keys = ON")
    assert any("表 cases 中不存在的行" in problem for problem in health.check(filled))


def test_a_torn_page_is_found(sqlite_url: str, sqlite_path: Path, fixed_clock: FixedClock) -> None:
    with Database.open(sqlite_url, clock=fixed_clock, create=True, purpose="test") as made:
        put(made, *[(tables.cases, case_row(n, cause="案" * 500)) for n in range(1, 200)])
    whole = sqlite_path.read_bytes()
    half = len(whole) // 2 // 4096 * 4096
    sqlite_path.write_bytes(whole[:half] + b"\x00" * 8192 + whole[half + 8192 :])
    with Database.open(sqlite_url, clock=fixed_clock) as torn:
        found = health.check(torn)
    assert found
    assert any("损坏" in problem or "内部有错" in problem for problem in found)


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(
        st.lists(
            st.tuples(st.sampled_from(["add", "change", "drop"]), st.integers(1, 6)), max_size=8
        ),
        max_size=6,
    )
)
def test_whatever_happens_the_journal_gives_the_tables(
    database: Database, steps: list[list[tuple[str, int]]]
) -> None:
    """Any order of adding, changing and dropping the same few rows, several times in one step."""
    if database.meta("staffed") is None:
        put(database, (tables.cases, case_row(1)))
        with database.writing() as conn:
            conn.exec_driver_sql("INSERT INTO meta (key, value) VALUES ('staffed', 'yes')")
    for changes in steps:
        with database.writing() as conn, recorder(conn) as step:
            there = {
                row["node"]: dict(row) for row in conn.execute(select(tables.instances)).mappings()
            }
            for op, node in changes:
                old = there.get(node)
                if op == "add" and old is None:
                    there[node] = instance_row(node, id=step.new_id(tables.instances)) | {"n": 0}
                    step.insert(
                        tables.instances, {k: v for k, v in there[node].items() if k != "n"}
                    )
                elif op == "change" and old is not None:
                    new = old["state"] + "!"
                    step.update(
                        tables.instances, {"id": old["id"]}, {"state": old["state"]}, {"state": new}
                    )
                    there[node] = old | {"state": new}
                elif op == "drop" and old is not None:
                    step.delete(
                        tables.instances, {"id": old["id"]}, {"state": old["state"], "node": node}
                    )
                    del there[node]
        with database.reading() as conn:
            live = conn.execute(select(tables.instances.c.node, tables.instances.c.state)).all()
        assert sorted(map(tuple, live)) == sorted((n, r["state"]) for n, r in there.items())
    assert replay.replay_differences(database) == []
