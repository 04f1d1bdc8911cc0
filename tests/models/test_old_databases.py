"""Databases of older releases, kept as they were: upgraded, with nothing lost and all proven."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from helpers.old_databases import KEPT, Rows, carry_to_server, contents, server_contents, unpacked
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.models import health
from zhixing_desktop.models.database import Database
from zhixing_desktop.models.engines import sqlite_url
from zhixing_desktop.models.upgrades import STEPS
from zhixing_desktop.workflow.errors import StoreError

AFTER = datetime(2026, 11, 25, 9)
"""Later than anything that was done in them."""


@pytest.fixture(params=KEPT, ids=lambda path: path.name)
def kept(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


@pytest.fixture
def old_file(kept: Path, tmp_path: Path) -> Path:
    return unpacked(kept, tmp_path)


def assert_all_there(before: Rows, after: Rows) -> None:
    for table, rows in before.items():
        narrowed = [{name: row[name] for name in rows[0]} for row in after[table]] if rows else []
        assert [row for row in rows if row not in narrowed] == [], table


def test_there_is_one_of_each_release() -> None:
    assert [path.name for path in KEPT] == [
        f"bureau-schema-{number}.db.gz" for number in range(1, len(STEPS))
    ]


def test_an_upgrade_keeps_every_row_and_proves_the_journal(old_file: Path) -> None:
    before = contents(old_file)
    with Database.open(sqlite_url(old_file), clock=FixedClock(AFTER)) as upgraded:
        assert upgraded.meta("schema_version") == str(len(STEPS))
        assert health.check(upgraded) == []
    assert_all_there(before, contents(old_file))
    (saved,) = old_file.parent.glob("*.bak")
    assert contents(saved) == before


def test_a_server_is_upgraded_when_it_was_saved_before_and_keeps_every_row(
    kept: Path, postgres_database_url: str, tmp_path: Path
) -> None:
    before = carry_to_server(kept, postgres_database_url, tmp_path)
    with pytest.raises(StoreError, match="zhixing upgrade --saved") as refused:
        Database.open(postgres_database_url, clock=FixedClock(AFTER))
    assert refused.value.data["kind"] == "older"
    with Database.open(postgres_database_url, clock=FixedClock(AFTER), upgrade=True) as upgraded:
        assert upgraded.meta("schema_version") == str(len(STEPS))
        # Journal, replay, references and triggers.
        assert health.check(upgraded) == []
        assert_all_there(before, server_contents(upgraded))
