"""The chain shows each change that did not go through the program."""

from __future__ import annotations

import hashlib
import json

import pytest

from helpers.rows import MOMENT, fact_row, put, put_case, put_facts, recorder, tamper
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.models import chain, hashing, journal, tables
from zhixing_desktop.models.database import Database
from zhixing_desktop.workflow.errors import StoreError

COLUMNS = {
    "at": "'2024-03-02T09:00:00'",
    "actor": "'赵六'",
    "on_behalf_of": "'赵六'",
    "workstation": "'PC-2'",
    "action": "'other'",
    "case_id": "2",
    "payload": "'[]'",
    "prev_hash": "'" + "1" * 64 + "'",
    "hash": "'" + "1" * 64 + "'",
}


def verify(database: Database) -> chain.VerifyResult:
    """Verify in a transaction of its own."""
    with database.reading() as conn:
        return chain.verify(conn)


def test_an_empty_chain_is_whole(database: Database) -> None:
    assert verify(database) == chain.VerifyResult(
        ok=True,
        rows=0,
        first_bad_id=None,
        sentence="日志完整，共 0 条，首尾相连。",
        head_hash="0" * 64,
    )


def test_a_chain_that_nobody_touched_is_whole(with_case: Database) -> None:
    put_facts(with_case, 1, 9)
    result = verify(with_case)
    assert (result.ok, result.rows, result.first_bad_id) == (True, 10, None)
    with with_case.reading() as conn:
        assert journal.head(conn) == (10, result.head_hash)
        assert [row.columns["id"] for row in journal.stored_rows(conn)] == list(range(1, 11))


def test_the_hash_can_be_computed_by_anybody(with_case: Database) -> None:
    """An auditor needs the documents only: SHA-256 of the canonical JSON of the other columns."""
    with with_case.reading() as conn:
        (row,) = journal.stored_rows(conn)
    columns = dict(row.columns) | {"payload": json.loads(row.payload)}
    text = json.dumps(columns, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert row.hash == hashlib.sha256(text.encode()).hexdigest()
    assert set(columns) | {"hash"} == set(tables.journal.columns.keys())


@pytest.mark.parametrize("column", COLUMNS)
def test_a_column_that_was_altered_is_found(with_case: Database, column: str) -> None:
    put_facts(with_case, 1, 4)
    tamper(with_case, f"UPDATE journal SET {column} = {COLUMNS[column]} WHERE id = 3")  # noqa: S608
    result = verify(with_case)
    assert (result.ok, result.rows, result.first_bad_id) == (False, 2, 3)
    assert "第 3 条" in result.sentence


def test_an_altered_row_with_a_fitting_hash_breaks_the_next(with_case: Database) -> None:
    put_facts(with_case, 1, 4)
    with with_case.reading() as conn:
        row = list(journal.stored_rows(conn))[2]
    forged = hashing.row_hash({**row.columns, "actor": "赵六"}, row.payload)
    forgery = f"UPDATE journal SET actor = '赵六', hash = '{forged}' WHERE id = 3"  # noqa: S608
    tamper(with_case, forgery)
    result = verify(with_case)
    assert (result.ok, result.first_bad_id) == (False, 4)


@pytest.mark.parametrize(("removed", "bad"), [(1, 1), (3, 3), (5, 5)])
def test_a_removed_row_is_found(with_case: Database, removed: int, bad: int) -> None:
    put_facts(with_case, 1, 4)
    tamper(with_case, f"DELETE FROM journal WHERE id = {removed}")  # noqa: S608
    result = verify(with_case)
    assert (result.ok, result.first_bad_id) == (False, bad)
    assert "缺少" in result.sentence


def test_rows_moved_together_over_a_gap_are_found(with_case: Database) -> None:
    put_facts(with_case, 1, 4)
    tamper(
        with_case,
        "DELETE FROM journal WHERE id = 3",
        "UPDATE journal SET id = 3 WHERE id = 4",
        "UPDATE journal SET id = 4 WHERE id = 5",
    )
    result = verify(with_case)
    assert (result.ok, result.first_bad_id) == (False, 3)


@pytest.mark.parametrize("fits", [False, True])
def test_an_inserted_row_is_found(with_case: Database, *, fits: bool) -> None:
    with with_case.reading() as conn:
        (row,) = journal.stored_rows(conn)
    columns = {**row.columns, "id": 2, "prev_hash": row.hash if fits else "1" * 64}
    digest = hashing.row_hash(columns, "[]")
    tamper(
        with_case,
        "INSERT INTO journal SELECT 2, at, actor, on_behalf_of, workstation, action, case_id, "  # noqa: S608
        f"'[]', '{columns['prev_hash']}', '{digest}', algorithm FROM journal WHERE id = 1",
    )
    result = verify(with_case)
    assert (result.ok, result.first_bad_id) == (False, 2)


def test_an_emptied_journal_is_found(with_case: Database) -> None:
    tamper(with_case, "DELETE FROM journal")
    assert verify(with_case).first_bad_id == 1


def test_the_algorithm_can_be_changed_and_the_chain_holds(with_case: Database) -> None:
    if not hashing.available("sm3"):
        pytest.skip("this Python's OpenSSL has no SM3")
    words = {"at": MOMENT, "actor": "管理员", "workstation": "PC-1"}
    with with_case.writing() as conn:
        journal.choose_algorithm(conn, **words, algorithm="sm3")  # type: ignore[arg-type]
    put_facts(with_case, 1, 3)
    with with_case.reading() as conn:
        stored = list(journal.stored_rows(conn))
    assert [row.columns["algorithm"] for row in stored] == ["sha256"] * 2 + ["sm3"] * 3
    assert verify(with_case).ok
    tamper(with_case, "UPDATE journal SET actor = 'x' WHERE id = 4")
    assert verify(with_case).first_bad_id == 4


def test_sm3_is_the_standard_one() -> None:
    if not hashing.available("sm3"):
        pytest.skip("this Python's OpenSSL has no SM3")
    # GB/T 32905-2016, A.1
    assert hashlib.new("sm3", b"abc").hexdigest() == (
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    )


def test_an_algorithm_that_is_missing_here_is_named(with_case: Database) -> None:
    words = {"at": MOMENT, "actor": "管理员", "workstation": "PC-1"}
    with pytest.raises(StoreError, match="md5") as refused, with_case.writing() as conn:
        journal.choose_algorithm(conn, **words, algorithm="md5")  # type: ignore[arg-type]
    assert refused.value.data["kind"] == "algorithm"
    tamper(with_case, "UPDATE journal_head SET algorithm = 'sm9'")
    with pytest.raises(StoreError, match="sm9"):
        put(with_case, (tables.facts, fact_row(1)))


def test_both_databases_write_the_same_chain(
    sqlite_url: str, postgres_database_url: str, fixed_clock: FixedClock
) -> None:
    heads = []
    for url in (sqlite_url, postgres_database_url):
        with Database.open(url, clock=fixed_clock, create=True, purpose="test") as made:
            put_case(made)
            put_facts(made, 1, 3)
            heads.append(verify(made).head_hash)
    assert heads[0] == heads[1]


def test_several_rows_in_one_transaction_follow_each_other(with_case: Database) -> None:
    with with_case.writing() as conn:
        for seq in (1, 2, 3):
            with recorder(conn) as step:
                step.insert(tables.facts, fact_row(seq))
    assert verify(with_case).rows == 4
