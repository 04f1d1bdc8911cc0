"""Facts, journal and edits are written once, whoever writes."""

from __future__ import annotations

import pytest
from sqlalchemy import Table, func, select

from helpers.rows import MOMENT, fact_row, put
from zhixing_desktop.models import tables
from zhixing_desktop.models.database import Database
from zhixing_desktop.workflow.errors import StoreError

CHANGES = {
    "UPDATE {} SET at = at": ("calendar_edits", "settings_edits", "journal"),
    "UPDATE facts SET reason = 'x'": ("facts",),
    "DELETE FROM {}": ("facts", "journal", "calendar_edits", "settings_edits"),
    "DELETE FROM {} WHERE id = 1": ("facts", "journal", "calendar_edits", "settings_edits"),
    "TRUNCATE {}": ("facts", "journal", "calendar_edits", "settings_edits"),
    "TRUNCATE {} CASCADE": ("facts", "journal"),
    "INSERT OR REPLACE INTO {0} SELECT * FROM {0}": ("facts", "journal", "calendar_edits"),
}


@pytest.fixture
def filled(with_case: Database) -> Database:
    """A database with a row in each of the tables."""
    edit = {"who": "王五", "at": MOMENT}
    put(
        with_case,
        (tables.facts, fact_row(1)),
        (tables.calendar_edits, {"day": MOMENT.date(), "kind": "holiday"} | edit),
        (tables.settings_edits, {"key": "court", "value": {"a": 1}} | edit),
    )
    return with_case


@pytest.mark.parametrize(
    "statement",
    [change.format(table) for change, names in CHANGES.items() for table in names],
)
def test_nothing_changes_what_was_written(filled: Database, statement: str) -> None:
    if statement.startswith(("TRUNCATE", "INSERT OR")):
        only = "sqlite" if statement.startswith("INSERT OR") else "postgresql"
        if filled.backend != only:
            return  # not a word of this database
    before = count(filled)
    with pytest.raises(StoreError, match="只能追加") as refused, filled.writing() as conn:
        conn.exec_driver_sql(statement)
    assert refused.value.data["kind"] == "append_only"
    assert count(filled) == before


def count(database: Database) -> dict[Table, int]:
    """Return how many rows each table has."""
    with database.reading() as conn:
        return {
            table: conn.execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables.APPEND_ONLY
        }
