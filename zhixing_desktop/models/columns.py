"""What the tables are made of: the columns that stand in many of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, MetaData, Text
from sqlalchemy.types import TypeEngine

METADATA = MetaData()

# INTEGER PRIMARY KEY is SQLite's own row number; PostgreSQL needs the eight bytes said.
ROW_ID = BigInteger().with_variant(Integer(), "sqlite")


def row_id() -> Column[Any]:
    """Return the key of a table whose rows are counted."""
    return Column("id", ROW_ID, primary_key=True, autoincrement=True)


def words(name: str, default: str | None = None) -> Column[Any]:
    """Return a text that is always there."""
    return Column(name, Text, nullable=False, default=default)


def whole(name: str, default: int | None = None) -> Column[Any]:
    """Return a whole number that is always there."""
    return Column(name, Integer, nullable=False, default=default)


def flag(name: str, *, default: bool) -> Column[Any]:
    """Return a yes or no."""
    return Column(name, Boolean, nullable=False, default=default)


def maybe(name: str, kind: type[TypeEngine[Any]]) -> Column[Any]:
    """Return a column that may be empty."""
    return Column(name, kind, nullable=True)


def must(name: str, kind: type[TypeEngine[Any]]) -> Column[Any]:
    """Return a column of some type that is always there."""
    return Column(name, kind, nullable=False)


def ref(name: str, target: str, *, nullable: bool = False) -> Column[Any]:
    """Return the key of a row of another table."""
    return Column(name, ROW_ID, ForeignKey(target), nullable=nullable)
