"""Whole rows of one table as Python values, asked on the driver's own cursor.

For the few questions that every step of a person asks: SQLAlchemy's way there and back costs more
than the database's answer (bench/bench_steps.py).  All names come from ``tables.py``, all values
are bound.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cache
from json import loads
from typing import Any, cast

from sqlalchemy import Boolean, Connection, Table

from zhixing_desktop.models.types import Day, JsonText, Moment, Money, yuan_of

Row = dict[str, Any]
_Convert = Callable[[Any], Any]


def ask(conn: Connection, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Return the raw rows of a question; its marks are ``?``, its values in stored form."""
    if conn.dialect.name == "postgresql":
        statement = statement.replace("?", "%s")
    cursor = cast("Any", conn.connection.driver_connection).cursor()
    try:
        found: list[tuple[Any, ...]] = cursor.execute(statement, tuple(values)).fetchall()
    finally:
        cursor.close()
    return found


def rows_where(
    conn: Connection,
    table: Table,
    column: str,
    value: object,
    *,
    order: str = "",
    lock: bool = False,
) -> list[Row]:
    """Return the rows whose ``column`` is ``value``, ordered by the column ``order``.

    With ``lock`` nobody else changes them until the transaction ends (PostgreSQL; on SQLite
    ``writing()`` has seen to that).
    """
    statement = _statement(table, column, order, lock and conn.dialect.name == "postgresql")
    names, converts = _columns(table)
    found = []
    for raw in ask(conn, statement, (value,)):
        row = dict(zip(names, raw, strict=True))
        for name, convert in converts:
            if row[name] is not None:
                row[name] = convert(row[name])
        found.append(row)
    return found


@cache
def _statement(table: Table, column: str, order: str, lock: bool) -> str:  # noqa: FBT001
    names = ", ".join(entry.name for entry in table.columns)
    tail = f" ORDER BY {table.c[order].name}" if order else ""
    tail += " FOR UPDATE" if lock else ""
    return f"SELECT {names} FROM {table.name} WHERE {table.c[column].name} = ?{tail}"  # noqa: S608


@cache
def _columns(table: Table) -> tuple[tuple[str, ...], tuple[tuple[str, _Convert], ...]]:
    names = tuple(column.name for column in table.columns)
    converts = []
    for column in table.columns:
        for kind, convert in _CONVERTS:
            if isinstance(column.type, kind):
                converts.append((column.name, convert))
    return names, tuple(converts)


def _moment(raw: Any) -> Any:
    return datetime.fromisoformat(raw) if type(raw) is str else raw


def _day(raw: Any) -> Any:
    return date.fromisoformat(raw) if type(raw) is str else raw


_CONVERTS: tuple[tuple[type, _Convert], ...] = (
    (Moment, _moment),
    (Day, _day),
    (Money, yuan_of),
    (JsonText, loads),
    (Boolean, bool),
)
