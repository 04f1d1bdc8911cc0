"""Column types, and the one written form of each value.

A value has the same *stored form* in both databases and in the journal: moments and days are text
that sorts, money is whole fen, structured data is canonical JSON.  A value that has no exact stored
form is refused with ``TypeError`` or ``ValueError``: that is a mistake of the program, never of a
person, whose input is checked long before.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Date, DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

_FEN_PER_YUAN = 100
_MOST_FEN = 10**18  # a BIGINT holds 9.2 * 10**18; ten thousand million million yuan will do


def moment_text(value: datetime) -> str:
    """Return a civil moment as ``YYYY-MM-DDTHH:MM:SS``, a text that sorts as time does."""
    if type(value) is not datetime:
        raise TypeError(f"not a moment: {value!r}")
    if value.tzinfo is not None:
        raise ValueError(f"moments are civil, without a zone: {value!r}")
    if value.microsecond:
        raise ValueError(f"moments are whole seconds: {value!r}")
    return value.isoformat()


def day_text(value: date) -> str:
    """Return a day as ``YYYY-MM-DD``."""
    if type(value) is not date:  # a datetime is a date to isinstance
        raise TypeError(f"not a day: {value!r}")
    return value.isoformat()


def fen_of(value: Decimal) -> int:
    """Return an amount in yuan as whole fen."""
    if type(value) is not Decimal:
        raise TypeError(f"money is Decimal: {value!r}")
    fen = value * _FEN_PER_YUAN
    if not value.is_finite() or fen != (whole := int(fen)):
        raise ValueError(f"money has at most two places: {value!r}")
    if abs(whole) > _MOST_FEN:
        raise ValueError(f"more money than the column holds: {value!r}")
    return whole


def yuan_of(fen: int) -> Decimal:
    """Return whole fen as yuan with two places."""
    return Decimal(fen).scaleb(-2)


# Made once: json.dumps would make one for each call.
_CANONICAL = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)


def canonical_json(value: Any) -> str:
    """Return the one JSON text of ``value``: sorted keys, no spaces, Chinese as it is."""
    return _CANONICAL.encode(value)


class Moment(TypeDecorator[datetime]):
    """A civil moment of the court in whole seconds; see ``clock``."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite, ``timestamp without time zone`` on PostgreSQL."""
        return dialect.type_descriptor(DateTime() if _is_pg(dialect) else Text())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse a zone and fractions."""
        if value is None:
            return None
        text = moment_text(value)
        return value if _is_pg(dialect) else text

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give the naive moment back."""
        if value is None or isinstance(value, datetime):
            return value
        return datetime.fromisoformat(value)


class Day(TypeDecorator[date]):
    """A civil day."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite, ``date`` on PostgreSQL."""
        return dialect.type_descriptor(Date() if _is_pg(dialect) else Text())

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:
        """Refuse a moment where a day is meant."""
        if value is None:
            return None
        text = day_text(value)
        return value if _is_pg(dialect) else text

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        """Give the day back."""
        if value is None or isinstance(value, date):
            return value
        return date.fromisoformat(value)


class Money(TypeDecorator[Decimal]):
    """Yuan with two places, kept as whole fen: SQLite has no exact decimal."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Refuse binary fractions and a third place."""
        return None if value is None else fen_of(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Give yuan back."""
        return None if value is None else yuan_of(value)


class JsonText(TypeDecorator[Any]):
    """Structured data as canonical JSON text, so that equal data is equal text everywhere.

    Holds what JSON holds; a date, a ``Decimal`` or a set is refused with ``TypeError``.  ``None``
    is SQL's NULL.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write the canonical text."""
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Read it."""
        return None if value is None else json.loads(value)


def _is_pg(dialect: Dialect) -> bool:
    return dialect.name == "postgresql"
