"""The SQL of a ``Recorder``: few texts, prepared by the drivers, executed in groups.

Written out for the drivers instead of compiled by SQLAlchemy: a step writes a dozen rows, and the
way through SQLAlchemy costs more than the database (bench/models_step.py).  All names come from
``tables.py``, all values are bound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import Connection, Table, select

from zhixing_desktop.models.codec import codec_of
from zhixing_desktop.models.tables import agenda

Row = Mapping[str, Any]
Values = tuple[Any, ...]

_MARK = {"sqlite": "?", "postgresql": "%s"}
# Equality for which two NULLs are equal.
_IS = {"sqlite": "IS ?", "postgresql": "IS NOT DISTINCT FROM %s"}


def execute(conn: Connection, statement: str, values: list[Values]) -> int:
    """Run a statement for all ``values`` on the driver's own cursor; return the rows touched.

    Errors are the driver's; ``failures.translated`` knows them.
    """
    if not values:
        return 0
    cursor = cast("Any", conn.connection.driver_connection).cursor()
    try:
        if len(values) == 1:
            cursor.execute(statement, values[0])
        else:
            cursor.executemany(statement, values)
        return int(cursor.rowcount)
    finally:
        cursor.close()


def one(conn: Connection, statement: str) -> Values:
    """Return the first row of a question without values, asked on the driver's own cursor."""
    cursor = cast("Any", conn.connection.driver_connection).cursor()
    try:
        row: Values = cursor.execute(statement).fetchone()
    finally:
        cursor.close()
    return row


@cache
def insert(table: Table, backend: str) -> str:
    """Insert a whole row."""
    columns = codec_of(table).columns
    marks = ", ".join([_MARK[backend]] * len(columns))
    return f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608


def insert_values(table: Table, rows: Sequence[Row]) -> list[Values]:
    """Return the values for ``insert``, in the order of the columns."""
    columns = codec_of(table).columns
    return [tuple([row.get(name) for name in columns]) for row in rows]


@cache
def update(table: Table, changed: tuple[str, ...], backend: str) -> str:
    """Change some columns of one row if they still are as they were read."""
    mark = _MARK[backend]
    sets = ", ".join(f"{name} = {mark}" for name in changed)
    keys = [f"{name} = {mark}" for name in codec_of(table).key]
    same = [f"{name} {_IS[backend]}" for name in changed]
    return f"UPDATE {table.name} SET {sets} WHERE {' AND '.join(keys + same)}"  # noqa: S608


def update_values(table: Table, changed: tuple[str, ...], changes: Sequence[Row]) -> list[Values]:
    """Return the values for ``update``."""
    key = codec_of(table).key
    return [
        (
            *[change["after"][name] for name in changed],
            *[change["key"][name] for name in key],
            *[change["before"][name] for name in changed],
        )
        for change in changes
    ]


@cache
def delete(table: Table, compared: tuple[str, ...], backend: str) -> str:
    """Remove one row if it still is as it was read."""
    mark = _MARK[backend]
    keys = [f"{name} = {mark}" for name in codec_of(table).key]
    same = [f"{name} {_IS[backend]}" for name in compared]
    return f"DELETE FROM {table.name} WHERE {' AND '.join(keys + same)}"  # noqa: S608


def delete_values(table: Table, compared: tuple[str, ...], changes: Sequence[Row]) -> list[Values]:
    """Return the values for ``delete``."""
    key = codec_of(table).key
    return [
        (
            *[change["key"][name] for name in key],
            *[change["before"].get(name) for name in compared],
        )
        for change in changes
    ]


@cache
def fire(backend: str) -> str:
    """Mark one step of the agenda as done unless somebody else was faster."""
    mark = _MARK[backend]
    keys = " AND ".join(f"{name} = {mark}" for name in codec_of(agenda).key)
    done, still_open = ("1", "fired = 0") if backend == "sqlite" else ("TRUE", "NOT fired")
    return f"UPDATE agenda SET fired = {done} WHERE {keys} AND {still_open}"  # noqa: S608


def current(conn: Connection, table: Table, key: Row) -> dict[str, Any] | None:
    """Return the row with primary key ``key`` as it stands now."""
    query = select(table).where(*(table.c[name] == value for name, value in key.items()))
    row = conn.execute(query).mappings().one_or_none()
    return None if row is None else dict(row)


def highest_id(conn: Connection, table: Table) -> int:
    """Return the highest number in use."""
    statement = f"SELECT coalesce(max(id), 0) FROM {table.name}"  # noqa: S608
    return int(one(conn, statement)[0])


def new_ids(conn: Connection, wanted: Mapping[Table, int]) -> dict[Table, list[int]]:
    """PostgreSQL: take numbers for several tables with one question."""
    tables = {table.name: table for table in wanted}
    parts = [
        f"SELECT '{table.name}', nextval('{table.name}_id_seq') "  # noqa: S608
        f"FROM generate_series(1, {count:d})"
        for table, count in wanted.items()
    ]
    ids: dict[Table, list[int]] = {table: [] for table in wanted}
    for name, number in conn.exec_driver_sql(" UNION ALL ".join(parts)):
        ids[tables[name]].append(number)
    return ids


def skip_ids(conn: Connection, given: Mapping[Table, int]) -> None:
    """PostgreSQL: take all numbers up to one that came with its row, so that none comes twice."""
    for table, number in given.items():
        name = f"{table.name}_id_seq"
        conn.exec_driver_sql(
            f"SELECT count(nextval('{name}')) "  # noqa: S608
            f"FROM generate_series((SELECT last_value FROM {name}), {number:d})"
        )
