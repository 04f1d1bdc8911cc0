"""An open database, once on SQLite and once on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.rows import put_case
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.models.database import Database


@pytest.fixture
def database(database_url: str, fixed_clock: FixedClock) -> Iterator[Database]:
    """A new database under the fixed clock."""
    opened = Database.open(database_url, clock=fixed_clock, create=True, purpose="test")
    with opened:
        yield opened


@pytest.fixture
def with_case(database: Database) -> Database:
    """The same with person 1 and case 1 in it: one journal row."""
    put_case(database)
    return database


@pytest.fixture
def sqlite_path(tmp_path: Path) -> Path:
    """Where a test of SQLite alone puts its file."""
    return tmp_path / "case.db"


@pytest.fixture
def sqlite_url(sqlite_path: Path) -> str:
    """The address of that file."""
    return f"sqlite:///{sqlite_path}"


@pytest.fixture
def postgres_database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh database for a test of PostgreSQL alone."""
    server = request.getfixturevalue("postgres_server")
    name = server.create_database()
    yield server.url(name)
    server.drop_database(name)
