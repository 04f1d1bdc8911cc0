"""Databases of older releases, kept as they were: upgraded, with nothing lost and all proven."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from zhixing_desktop.clock import FixedClock
from zhixing_desktop.models import health
from zhixing_desktop.models.database import Database
from zhixing_desktop.models.engines import sqlite_url
from zhixing_desktop.models.upgrades import STEPS

KEPT = sorted((Path(__file__).parents[1] / "fixtures").glob("bureau-schema-*.db.gz"))
AFTER = datetime(2025, 9, 3, 9)
"""Later than anything that was done in them."""


@pytest.fixture(params=KEPT, ids=lambda path: path.name)
def old_file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "局.db"
    path.write_bytes(gzip.decompress(request.param.read_bytes()))
    return path


def contents(path: Path) -> dict[str, list[dict[str, object]]]:
    """All rows of all tables, but what says how old the schema is."""
    with closing(sqlite3.connect(path)) as raw:
        raw.row_factory = sqlite3.Row
        names = [
            row["name"]
            for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not row["name"].startswith("sqlite_")
        ]
        found = {
            # S608: names out of the file's own catalogue.
            name: [dict(row) for row in raw.execute(f"SELECT * FROM {name}")]  # noqa: S608
            for name in names
        }
    found["meta"] = [row for row in found["meta"] if row["key"] != "schema_version"]
    return found


def test_there_is_one_of_each_release() -> None:
    assert [path.name for path in KEPT] == [
        f"bureau-schema-{number}.db.gz" for number in range(1, len(STEPS))
    ]


def test_an_upgrade_keeps_every_row_and_proves_the_journal(old_file: Path) -> None:
    before = contents(old_file)
    with Database.open(sqlite_url(old_file), clock=FixedClock(AFTER)) as upgraded:
        assert upgraded.meta("schema_version") == str(len(STEPS))
        assert health.check(upgraded) == []
    after = contents(old_file)
    for table, rows in before.items():
        narrowed = [{name: row[name] for name in rows[0]} for row in after[table]] if rows else []
        assert [row for row in rows if row not in narrowed] == [], table
    (saved,) = old_file.parent.glob("*.bak")
    assert contents(saved) == before
