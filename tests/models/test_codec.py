"""Rows in stored form, one by one and many at once."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from zhixing_desktop.models import tables
from zhixing_desktop.models.codec import codec_of
from zhixing_desktop.workflow.facts import State

AT = datetime(2024, 3, 1, 9)
WHOM = ["承办人", "执行局长"]


def alert(**other: Any) -> dict[str, Any]:
    return {
        "case_id": 1,
        "node": 7,
        "limit_id": "7-a",
        "step": "warn1",
        "due_at": AT,
        "legal_at": AT,
        "noticed_at": AT,
        "officer_id": 1,
        "recipients": WHOM,
        "sentence": "即将届满",
        **other,
    }


@pytest.mark.parametrize(
    "rows",
    [
        [alert(), alert(node=8)],
        [alert(recipients=WHOM), alert(recipients=list(WHOM)), alert(recipients=[])],
        [alert(officer_id=None), alert(officer_id=2)],
        [alert(officer_id=None), alert(officer_id=None)],
        [alert(subject="asset/1", occurrence=2), alert()],
        [alert(due_at=datetime(2024, 3, 2)), alert()],
        [],
    ],
)
def test_many_rows_are_stored_as_each_would_be(rows: list[dict[str, Any]]) -> None:
    codec = codec_of(tables.alerts)
    assert codec.complete_many(rows) == [codec.complete(row) for row in rows]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"node": True}, TypeError),
        ({"due_at": datetime(2024, 3, 1, 9, 0, 0, 1)}, ValueError),
        ({"sentence": "a\0b"}, ValueError),
        ({"recipients": {1}}, TypeError),
        ({"limit_id": None}, ValueError),
        ({"no_such": 1}, KeyError),
    ],
)
def test_one_wrong_row_among_many_is_refused(wrong: dict[str, Any], error: type[Exception]) -> None:
    codec = codec_of(tables.alerts)
    with pytest.raises(error):
        codec.complete_many([alert(), alert(**wrong)])
    with pytest.raises(error):
        codec.complete_many([alert(**wrong), alert(**wrong)])


def test_keys_are_stored_as_their_columns_are() -> None:
    codec = codec_of(tables.agenda)
    key = (1, 7, "case", 1, "7-a", "warn1", AT)
    assert codec.keys_to_stored([key]) == [[*key[:-1], "2024-03-01T09:00:00"]]
    assert codec.keys_to_stored([]) == []
    with pytest.raises(ValueError, match="primary key"):
        codec.keys_to_stored([key[:-1]])


@pytest.mark.parametrize(
    ("table", "name", "before", "after", "differs"),
    [
        (tables.facts, "data", {"a": True}, {"a": 1}, True),
        (tables.facts, "data", {"a": 1}, {"a": 1}, False),
        (tables.facts, "data", [], None, True),
        (tables.facts, "data", {"a": 1, "b": 2}, {"b": 2, "a": 1}, False),
        (tables.cases, "state", "active", State.ACTIVE, False),
        (tables.cases, "state", "active", State.WARNED, True),
        (tables.cases, "amount", Decimal("1.0"), Decimal("1.00"), False),
        (tables.cases, "amount", None, Decimal(0), True),
        (tables.cases, "is_non_litigation", False, True, True),
        (tables.cases, "version", 1, 2, True),
    ],
)
def test_what_differs_is_what_is_stored_otherwise(
    table: Any, name: str, before: Any, after: Any, differs: bool
) -> None:
    codec = codec_of(table)
    was, now = codec.changes({name: before}, {name: after})
    assert bool(now) is differs
    if differs:
        assert was == codec.to_stored({name: before})
        assert now == codec.to_stored({name: after})


def test_a_value_that_does_not_fit_is_no_change() -> None:
    codec = codec_of(tables.cases)
    with pytest.raises(TypeError):
        codec.changes({"version": 1}, {"version": True})
    with pytest.raises(KeyError):
        codec.changes({}, {"version": 2})
