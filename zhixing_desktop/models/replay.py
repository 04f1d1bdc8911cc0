"""Proof that the journal is whole: played from its first row, it must give the tables again.

The journal is played into a temporary SQLite file (a busy bureau's tables do not fit in memory as
Python objects) and both are compared row by row in the order of their keys.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, Text

from zhixing_desktop.models.codec import codec_of
from zhixing_desktop.models.database import Database
from zhixing_desktop.models.journal import stored_rows
from zhixing_desktop.models.tables import JOURNALLED

MOST = 100
"""Differences that are told; a database that is worse than that needs no longer list."""

_TABLES = {table.name: table for table in JOURNALLED}
_Row = tuple[Any, ...]


def replay_differences(database: Database) -> list[str]:
    """Return in words where the tables differ from what the journal says; empty when they agree."""
    with database.reading() as conn:
        return differences(conn)


def differences(conn: Connection) -> list[str]:
    """Do the same on a reading connection."""
    # An empty name: a file that SQLite makes, uses when memory is short, and removes.
    book = sqlite3.connect("", isolation_level=None)
    try:
        player = _Player(book)
        for row in stored_rows(conn):
            player.play(row.columns["id"], json.loads(row.payload))
        found = list(islice(_compare_all(conn, book), MOST))
        return [*player.problems[:MOST], *found][:MOST]
    finally:
        book.close()


class _Player:
    """Applies the changes of journal rows, one after another."""

    def __init__(self, book: sqlite3.Connection) -> None:
        self._book = book
        self.problems: list[str] = []
        book.execute("PRAGMA synchronous = OFF")
        book.execute("PRAGMA journal_mode = OFF")
        book.execute("PRAGMA cache_size = -200000")
        for table in JOURNALLED:
            codec = codec_of(table)
            book.execute(
                f"CREATE TABLE {table.name} ({', '.join(codec.columns)}, "
                f"PRIMARY KEY ({', '.join(codec.key)})) WITHOUT ROWID"
            )
        book.execute("BEGIN")

    def play(self, number: int, changes: list[dict[str, Any]]) -> None:
        """Apply the changes of journal row ``number``."""
        for change in changes:
            if change["op"] == "note":
                continue
            table = _TABLES.get(change.get("table", ""))
            if table is None:
                self._complain(number, f"写了不认识的表 {change.get('table')}")
                continue
            try:
                if not self._apply(table, change):
                    self._complain(number, f"改动的行不在表 {table.name} 中")
            except sqlite3.Error as error:
                self._complain(number, f"放不进表 {table.name}（{error}）")

    def _apply(self, table: Table, change: dict[str, Any]) -> bool:
        codec = codec_of(table)
        match change["op"]:
            case "insert":
                return self._insert(table, [change["after"]])
            case "insert_many":
                columns = change["columns"]
                rows = [dict(zip(columns, row, strict=True)) for row in change["rows"]]
                return self._insert(table, rows)
            case "update":
                return self._update(table, change["key"], change["after"])
            case "fire":
                keys = [dict(zip(codec.key, row, strict=True)) for row in change["rows"]]
                done = [self._update(table, key, {"fired": True}) for key in keys]
                return all(done)
            case "delete":
                where, values = _where(change["key"])
                statement = f"DELETE FROM {table.name} WHERE {where}"  # noqa: S608
                return self._book.execute(statement, values).rowcount == 1
            case other:
                raise sqlite3.DataError(f"op {other}")

    def _insert(self, table: Table, rows: list[dict[str, Any]]) -> bool:
        codec = codec_of(table)
        marks = ", ".join("?" * len(codec.columns))
        self._book.executemany(
            f"INSERT INTO {table.name} VALUES ({marks})",  # noqa: S608
            [
                [row[name] if name in row else codec.absent(name) for name in codec.columns]
                for row in rows
            ],
        )
        return True

    def _update(self, table: Table, key: dict[str, Any], after: dict[str, Any]) -> bool:
        where, values = _where(key)
        sets = ", ".join(f"{name} = ?" for name in after)
        statement = f"UPDATE {table.name} SET {sets} WHERE {where}"  # noqa: S608
        return self._book.execute(statement, [*after.values(), *values]).rowcount == 1

    def _complain(self, number: int, words: str) -> None:
        self.problems.append(f"日志第 {number} 条无法重演：{words}。")


def _where(key: dict[str, Any]) -> tuple[str, list[Any]]:
    return " AND ".join(f"{name} = ?" for name in key), list(key.values())


def _compare_all(conn: Connection, book: sqlite3.Connection) -> Iterator[str]:
    for table in JOURNALLED:
        yield from _compare(table, _live(conn, table), _played(book, table))


def _live(conn: Connection, table: Table) -> Iterator[_Row]:
    """Yield the rows of the database in the order of their key."""
    codec = codec_of(table)
    order = [
        f'{name} COLLATE "C"'
        if conn.dialect.name == "postgresql" and isinstance(table.c[name].type, Text)
        else name
        for name in codec.key
    ]
    statement = (
        f"SELECT {', '.join(codec.columns)} FROM {table.name} "  # noqa: S608
        f"ORDER BY {', '.join(order)}"
    )
    options = {"stream_results": True, "yield_per": 1000}
    with conn.exec_driver_sql(statement, execution_options=options) as rows:
        for row in rows:
            yield codec.from_driver(tuple(row))


def _played(book: sqlite3.Connection, table: Table) -> Iterator[_Row]:
    codec = codec_of(table)
    statement = f"SELECT * FROM {table.name} ORDER BY {', '.join(codec.key)}"  # noqa: S608
    yield from book.execute(statement)


def _compare(table: Table, live: Iterator[_Row], played: Iterator[_Row]) -> Iterator[str]:
    """Walk along both in step."""
    codec = codec_of(table)
    places = [codec.columns.index(name) for name in codec.key]

    def key_of(row: _Row) -> _Row:
        return tuple(row[place] for place in places)

    here, there = next(live, None), next(played, None)
    while here is not None or there is not None:
        if there is None or (here is not None and key_of(here) < key_of(there)):
            assert here is not None
            yield f"{_words(table, key_of(here))}：表中有这一行，日志里没有。"
            here = next(live, None)
        elif here is None or key_of(there) < key_of(here):
            yield f"{_words(table, key_of(there))}：日志里有这一行，表中没有。"
            there = next(played, None)
        else:
            if here != there:
                for name, now, said in zip(codec.columns, here, there, strict=True):
                    if now != said:
                        yield (
                            f"{_words(table, key_of(here))}：{name} 在表中是 {now!r}，"
                            f"按日志应为 {said!r}。"
                        )
            here, there = next(live, None), next(played, None)


def _words(table: Table, key: _Row) -> str:
    return f"表 {table.name} 的行 {'、'.join(map(str, key))}"
