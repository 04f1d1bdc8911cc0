"""Connections that stay at hand: nothing of one use is left for the next."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from sqlalchemy import Connection

from helpers.rows import put_case
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.models.database import Database
from zhixing_desktop.workflow.errors import StoreError

COUNT = "SELECT count(*) FROM cases WHERE id = ?"


def break_off(use: Callable[[], AbstractContextManager[Connection]], statement: str) -> None:
    with use() as conn:
        conn.exec_driver_sql(statement)
        raise ZeroDivisionError


def test_a_question_is_answered_with_what_is_committed(with_case: Database) -> None:
    assert with_case.ask(COUNT, (1,)) == [(1,)]
    assert with_case.ask(COUNT, (2,)) == [(0,)]
    with with_case.writing() as conn:
        conn.exec_driver_sql("UPDATE journal_head SET last_hash = last_hash")
        assert with_case.ask(COUNT, (1,)) == [(1,)]


def test_a_question_cannot_write(with_case: Database) -> None:
    with pytest.raises(StoreError) as refused:
        with_case.ask("UPDATE cases SET cause = 'x' RETURNING id")
    assert refused.value.data["kind"] == "readonly"
    assert with_case.ask("SELECT cause FROM cases") == [("",)]


def test_what_failed_leaves_nothing_for_the_next(with_case: Database) -> None:
    for use in (with_case.reading, with_case.writing):
        with pytest.raises(ZeroDivisionError):
            break_off(use, "SELECT 1")
        with use() as conn:
            assert conn.exec_driver_sql("SELECT count(*) FROM cases").scalar_one() == 1
    assert with_case.ask(COUNT, (1,)) == [(1,)]


def test_what_was_not_committed_is_not_seen_by_the_next(with_case: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        break_off(with_case.writing, "UPDATE cases SET cause = 'half done'")
    with with_case.writing() as conn:
        assert conn.exec_driver_sql("SELECT cause FROM cases").scalar_one() == ""


def test_each_reading_sees_what_was_committed_before_it(with_case: Database) -> None:
    for word in ("a", "b", "c"):
        with with_case.writing() as conn:
            conn.exec_driver_sql(f"UPDATE cases SET cause = '{word}'")  # noqa: S608 - our words
        with with_case.reading() as conn:
            assert conn.exec_driver_sql("SELECT cause FROM cases").scalar_one() == word


def test_many_threads_each_have_their_own(with_case: Database) -> None:
    def look(number: int) -> int:
        with with_case.reading() as outer, with_case.reading() as inner:
            assert outer is not inner
            return int(with_case.ask("SELECT ? + 0", (number,))[0][0])

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(look, range(64))) == list(range(64))


def test_closing_puts_the_log_of_a_file_away(
    sqlite_url: str, sqlite_path: Path, fixed_clock: FixedClock
) -> None:
    made = Database.open(sqlite_url, clock=fixed_clock, create=True, purpose="test")
    put_case(made)
    made.ask(COUNT, (1,))
    log = Path(f"{sqlite_path}-wal")
    assert log.exists()
    made.close()
    made.close()
    assert not log.exists()
