"""What somebody who owns the database can do to the journal, and how it is found.

He has the file or the server in his hands: triggers are gone, hashes can be computed.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from helpers.rows import put_case, put_facts, tamper
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.models import chain, hashing, journal
from zhixing_desktop.models.chain import Head, VerifyResult
from zhixing_desktop.models.database import Database

ROWS = 6


@pytest.fixture
def six(with_case: Database) -> Database:
    """A journal of six rows."""
    put_facts(with_case, 1, ROWS - 1)
    return with_case


def verify(database: Database, *heads: Head) -> VerifyResult:
    with database.reading() as conn:
        return chain.verify(conn, heads=heads)


def printed(database: Database, number: int) -> Head:
    """What the sheet of the day said, with as many digits as a person types."""
    with database.reading() as conn:
        row = list(journal.stored_rows(conn))[number - 1]
    return Head(number, row.hash[:16])


def forge(database: Database, first: int, *, head: bool, **other: object) -> None:
    """Write the chain anew from row ``first`` on, which is changed, as the program would."""
    with database.reading() as conn:
        rows = list(journal.stored_rows(conn))
    statements, before = [], rows[first - 2].hash if first > 1 else hashing.GENESIS
    for row in rows[first - 1 :]:
        columns = {**row.columns, "prev_hash": before}
        if row.columns["id"] == first:
            columns |= other
        before = hashing.row_hash(columns, row.payload)
        statements.append(
            f"UPDATE journal SET actor = '{columns['actor']}', prev_hash = "  # noqa: S608
            f"'{columns['prev_hash']}', hash = '{before}' WHERE id = {columns['id']}"
        )
    if head:
        statements.append(f"UPDATE journal_head SET last_hash = '{before}'")  # noqa: S608
    tamper(database, *statements)


@pytest.mark.parametrize(
    "change",
    [
        "payload = replace(payload, 'filed', 'closed')",
        "actor = '赵六'",
        "at = '2024-03-01 10:00:00'",
        "on_behalf_of = ''",
        "algorithm = 'sm3'",
        "algorithm = 'md5'",
        "payload = payload || ' '",
        "workstation = 'PC-1 '",
    ],
)
def test_an_altered_row_is_named(six: Database, change: str) -> None:
    tamper(six, f"UPDATE journal SET {change} WHERE id = 4")  # noqa: S608 - of this test
    found = verify(six)
    assert (found.ok, found.first_bad_id, found.rows) == (False, 4, 3)
    assert "第 4 条" in found.sentence


def test_swapped_rows_are_named(six: Database) -> None:
    tamper(
        six,
        "UPDATE journal SET id = 99 WHERE id = 3",
        "UPDATE journal SET id = 3 WHERE id = 4",
        "UPDATE journal SET id = 4 WHERE id = 99",
    )
    assert verify(six).first_bad_id == 3


def test_a_removed_middle_row_is_named(six: Database) -> None:
    tamper(six, "DELETE FROM journal WHERE id = 3")
    found = verify(six)
    assert (found.ok, found.first_bad_id) == (False, 3)


@pytest.mark.parametrize("number", [-1, 0, 7])
def test_an_inserted_row_with_a_hash_of_its_own_is_named(six: Database, number: int) -> None:
    with six.reading() as conn:
        last = list(journal.stored_rows(conn))[-1]
    columns = {**last.columns, "id": number, "prev_hash": last.hash}
    digest = hashing.row_hash(columns, "[]")
    tamper(
        six,
        "INSERT INTO journal SELECT "  # noqa: S608 - of this test
        f"{number}, at, actor, on_behalf_of, workstation, action, case_id, '[]', "
        f"'{last.hash}', '{digest}', algorithm FROM journal WHERE id = 6",
    )
    found = verify(six)
    assert (found.ok, found.first_bad_id) == (False, number)


def test_a_cut_tail_is_named(six: Database) -> None:
    tamper(six, "DELETE FROM journal WHERE id > 4")
    found = verify(six)
    assert (found.ok, found.first_bad_id) == (False, 5)
    assert "第 5 至第 6 条" in found.sentence


def test_a_tail_cut_together_with_its_head_is_found_by_the_sheet_alone(six: Database) -> None:
    sheet = printed(six, 6)
    with six.reading() as conn:
        fourth = list(journal.stored_rows(conn))[3].hash
    tamper(
        six,
        "DELETE FROM journal WHERE id > 4",
        f"UPDATE journal_head SET last_id = 4, last_hash = '{fourth}'",  # noqa: S608
    )
    assert verify(six).ok
    assert verify(six, Head(4, fourth)).ok
    found = verify(six, sheet)
    assert (found.ok, found.first_bad_id) == (False, 5)
    assert "第 5 至第 6 条" in found.sentence


def test_a_chain_written_anew_is_found_by_the_sheet_alone(six: Database) -> None:
    sheets = [printed(six, number) for number in (2, 5)]
    assert verify(six, *sheets).ok
    forge(six, 3, head=True, actor="赵六")
    assert verify(six).ok
    found = verify(six, *sheets)
    assert (found.ok, found.first_bad_id) == (False, 5)
    assert "第 3 至第 5 条" in found.sentence


def test_a_chain_written_anew_without_its_head_is_found(six: Database) -> None:
    forge(six, 3, head=False, actor="赵六")
    assert verify(six).first_bad_id == 6


def test_an_altered_row_whose_followers_stay_is_found_at_the_next(six: Database) -> None:
    with six.reading() as conn:
        row = list(journal.stored_rows(conn))[2]
    digest = hashing.row_hash({**row.columns, "actor": "赵六"}, row.payload)
    tamper(six, f"UPDATE journal SET actor = '赵六', hash = '{digest}' WHERE id = 3")  # noqa: S608
    assert verify(six).first_bad_id == 4
    # The sheet of that day names the row itself.
    assert verify(six, Head(3, row.hash)).first_bad_id == 3


@pytest.fixture
def sqlite_case(sqlite_url: str, fixed_clock: FixedClock) -> Iterator[Database]:
    """A database on SQLite with case 1 in it."""
    with Database.open(sqlite_url, clock=fixed_clock, create=True, purpose="test") as opened:
        put_case(opened)
        yield opened


@pytest.mark.parametrize("column", ["actor", "payload", "hash", "workstation"])
def test_bytes_that_are_no_text_are_named(sqlite_case: Database, column: str) -> None:
    """PostgreSQL takes no such bytes."""
    put_facts(sqlite_case, 1, 4)
    tamper(sqlite_case, f"UPDATE journal SET {column} = CAST(x'ff41' AS TEXT) WHERE id = 3")  # noqa: S608
    found = verify(sqlite_case)
    assert (found.ok, found.first_bad_id, found.rows) == (False, 3, 2)


@pytest.mark.parametrize("value", ["12", "x'41'", "NULL"])
def test_a_value_of_another_kind_is_named(sqlite_case: Database, value: str) -> None:
    """PostgreSQL's columns have one kind each."""
    put_facts(sqlite_case, 1, 4)
    change = f"on_behalf_of = {value}, case_id = 'x'"
    tamper(sqlite_case, f"UPDATE journal SET {change} WHERE id = 3")  # noqa: S608
    assert verify(sqlite_case).first_bad_id == 3


def test_the_walk_can_be_given_up_and_the_connection_used_on(six: Database) -> None:
    class StoppedError(Exception):
        pass

    def stop(_: int) -> None:
        raise StoppedError

    with six.reading() as conn:
        with pytest.raises(StoppedError):
            chain.verify(conn, progress=stop)
        assert chain.verify(conn).ok


def test_a_broken_chain_leaves_the_connection_usable(six: Database) -> None:
    tamper(six, "UPDATE journal SET actor = 'x' WHERE id = 2")
    with six.reading() as conn:
        assert not chain.verify(conn).ok
        assert journal.head(conn)[0] == ROWS
