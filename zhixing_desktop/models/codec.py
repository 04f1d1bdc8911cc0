"""Rows between Python values and their stored form (see ``types``).

The stored form is the same in both databases and in the journal; only what PostgreSQL's driver
gives back (moments and days as objects) is brought to it again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Boolean, Integer, Table, Text
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from zhixing_desktop.models.types import (
    Day,
    JsonText,
    Moment,
    Money,
    canonical_json,
    day_text,
    fen_of,
    moment_text,
    yuan_of,
)

_Convert = Callable[[Any], Any]


def _whole(value: Any) -> int:
    if type(value) is not int:  # True is an int to isinstance, and to SQLite
        raise TypeError(f"not a whole number: {value!r}")
    return value


def _flag(value: Any) -> bool:
    if type(value) is not bool:
        raise TypeError(f"not a flag: {value!r}")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"not a text: {value!r}")
    if "\0" in value:  # SQLite would take it, PostgreSQL cannot
        raise ValueError(f"text with a NUL: {value!r}")
    return str.__str__(value)  # an enum of words becomes the word


def _same(value: Any) -> Any:
    return value


def _iso(raw: Any) -> str:
    return raw if isinstance(raw, str) else str(raw.isoformat())


# Python value -> stored form, stored form -> Python value, what a driver returns -> stored form.
_RULES: tuple[tuple[type, _Convert, _Convert, _Convert], ...] = (
    (Moment, moment_text, datetime.fromisoformat, _iso),
    (Day, day_text, date.fromisoformat, _iso),
    (Money, fen_of, yuan_of, _same),
    (JsonText, canonical_json, json.loads, _same),
    (Boolean, _flag, bool, bool),
    (BigInteger, _whole, _same, _same),
    (Integer, _whole, _same, _same),
    (Text, _text, _same, _same),
)


# Of these types, which structured data does not have, equal values have one stored form.
_PLAIN = frozenset({str, int, bool, datetime, date, Decimal, type(None)})


class RowCodec:
    """The conversions for the columns of one table."""

    def __init__(self, table: Table) -> None:
        self.columns = tuple(column.name for column in table.columns)
        self.key = tuple(column.name for column in table.primary_key.columns)
        self.makes_id = table.autoincrement_column is not None
        self._defaults = {
            column.name: column.default.arg
            for column in table.columns
            if isinstance(column.default, ScalarElementColumnDefault)
        }
        self._required = frozenset(
            column.name for column in table.columns if not column.nullable and column.name != "id"
        )
        rules = {column.name: _rule(column.type) for column in table.columns}
        self._name = table.name
        self._to_stored = {name: rule[1] for name, rule in rules.items()}
        self._to_python = {name: rule[2] for name, rule in rules.items()}
        self._from_driver = {name: rule[3] for name, rule in rules.items()}

    def absent(self, name: str) -> Any:
        """Return the stored form of a column in rows older than the column: its default."""
        return self._to_stored[name](self._defaults[name]) if name in self._defaults else None

    def to_stored(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return Python values in stored form.

        Raises ``KeyError`` for a column that the table does not have, ``TypeError`` or
        ``ValueError`` for a value that does not fit.
        """
        convert = self._to_stored
        try:
            return {
                name: None if value is None else convert[name](value) for name, value in row.items()
            }
        except (KeyError, TypeError, ValueError) as error:
            error.add_note(f"table {self._name}, row {dict(row)!r}")
            raise

    def complete(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return a new row in stored form: with defaults, without NULLs.

        Raises as ``to_stored``, and ``ValueError`` when a value is missing that must be there.
        """
        stored = self.to_stored({name: value for name, value in row.items() if value is not None})
        for name, value in self._defaults.items():
            if name not in row:
                stored[name] = value
        if not self._required <= stored.keys():
            raise ValueError(f"{self._name} needs {sorted(self._required - stored.keys())}")
        return stored

    def complete_many(self, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return new rows in stored form, as ``complete`` does for one.

        Column by column where all rows name the same ones: what many rows share is converted once.
        """
        names = rows[0].keys() if rows else ()
        if any(row.keys() != names for row in rows):
            return [self.complete(row) for row in rows]
        try:
            stored = {name: self._column(name, [row[name] for row in rows]) for name in names}
        except (KeyError, TypeError, ValueError):
            return [self.complete(row) for row in rows]  # which names the row that is wrong
        for name, value in self._defaults.items():
            if name not in stored:
                stored[name] = [value] * len(rows)
        there = {name for name, column in stored.items() if None not in column}
        if not self._required <= there:
            return [self.complete(row) for row in rows]
        if len(there) == len(stored):
            return [
                dict(zip(stored, row, strict=True)) for row in zip(*stored.values(), strict=True)
            ]
        return [
            {name: value for name, value in zip(stored, row, strict=True) if value is not None}
            for row in zip(*stored.values(), strict=True)
        ]

    def keys_to_stored(self, keys: Sequence[Sequence[Any]]) -> list[list[Any]]:
        """Return primary keys, their values in the key's order, in stored form; errors as above."""
        if any(len(key) != len(self.key) for key in keys):
            raise ValueError(f"the primary key is {self.key}")
        columns = [
            self._column(name, [key[place] for key in keys]) for place, name in enumerate(self.key)
        ]
        return [list(row) for row in zip(*columns, strict=True)]

    def _column(self, name: str, values: list[Any]) -> list[Any]:
        convert = self._to_stored[name]
        if convert is canonical_json:
            known = {id(value): value for value in values}  # all of them live until this returns
            texts = {
                mark: None if value is None else convert(value) for mark, value in known.items()
            }
            return [texts[id(value)] for value in values]
        if convert is moment_text:
            moments = {value: None if value is None else convert(value) for value in set(values)}
            return [moments[value] for value in values]
        return [None if value is None else convert(value) for value in values]

    def changes(
        self, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what of ``after`` differs from ``before``: as it was and as it is, stored.

        Raises as ``to_stored``, and ``KeyError`` for a column that ``before`` lacks.
        """
        was: dict[str, Any] = {}
        now: dict[str, Any] = {}
        convert = self._to_stored
        try:
            for name, value in after.items():
                known = before[name]
                if type(value) is type(known) and type(value) in _PLAIN and value == known:
                    continue
                old = None if known is None else convert[name](known)
                new = None if value is None else convert[name](value)
                if old != new:
                    was[name] = old
                    now[name] = new
        except (KeyError, TypeError, ValueError) as error:
            error.add_note(f"table {self._name}, from {dict(before)!r} to {dict(after)!r}")
            raise
        return was, now

    def to_python(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return stored values as Python values."""
        convert = self._to_python
        return {
            name: None if value is None else convert[name](value) for name, value in row.items()
        }

    def from_driver(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return a raw row, in the order of the columns, in stored form."""
        convert = self._from_driver
        return tuple(
            None if value is None else convert[name](value)
            for name, value in zip(self.columns, row, strict=True)
        )


def _rule(kind: Any) -> tuple[type, _Convert, _Convert, _Convert]:
    return next(rule for rule in _RULES if isinstance(kind, rule[0]))


@cache
def codec_of(table: Table) -> RowCodec:
    """Return the conversions of ``table``."""
    return RowCodec(table)
