"""Values go into both databases and come back as they were, or are refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.exc import StatementError

from helpers.rows import MOMENT, case_row, fact_row, put, put_case, recorder
from zhixing_desktop.models import tables, types
from zhixing_desktop.models.database import Database


class State(StrEnum):
    """Words that a person of the program sees as an enum."""

    ACTIVE = "active"


def test_values_come_back_as_they_were(with_case: Database) -> None:
    row = case_row(
        2,
        amount=Decimal("9999999999999999.99"),
        filed_at=datetime(2024, 2, 29, 23, 59, 59),
        received_on=date(2024, 2, 29),
        is_non_litigation=True,
        cause="喆堃镕𬭚",
        state=State.ACTIVE,
    )
    put(with_case, (tables.cases, row), (tables.facts, fact_row(1, data={"乙": [1, None, "甲"]})))
    with with_case.reading() as conn:
        found = conn.execute(select(tables.cases).where(tables.cases.c.id == 2)).mappings().one()
        fact = conn.execute(select(tables.facts.c.data)).scalar_one()
    assert {name: found[name] for name in row} == row
    assert type(found["received_on"]) is date
    assert found["amount"].as_tuple().exponent == -2
    assert found["is_non_litigation"] is True
    assert found["closed_at"] is None
    assert found["version"] == 1
    assert fact == {"乙": [1, None, "甲"]}


def test_core_writes_what_the_recorder_writes(with_case: Database) -> None:
    row = fact_row(1, data={"b": 1, "a": "中"})
    put(with_case, (tables.facts, row))
    with with_case.writing() as conn:
        conn.execute(insert(tables.facts).values(row | {"seq": 2}))
        amounts = {"id": 2, "case_no": "x", "amount": Decimal("0.10"), "received_on": MOMENT.date()}
        conn.execute(insert(tables.cases).values(case_row(2) | amounts))
        first, second = conn.exec_driver_sql(
            "SELECT case_id, kind, subject, happened_at, data, reason FROM facts ORDER BY seq"
        ).all()
        fen = conn.exec_driver_sql("SELECT amount FROM cases WHERE id = 2").scalar_one()
    assert tuple(first) == tuple(second)
    assert first.data == '{"a":"中","b":1}'
    assert fen == 10


def test_moments_compare_and_sort_in_the_database(with_case: Database) -> None:
    moments = [datetime(2024, 12, 31, 23, 59, 59), datetime(999, 1, 1), datetime(2024, 2, 9, 0, 0)]
    for seq, moment in enumerate(moments, 1):
        put(with_case, (tables.facts, fact_row(seq, happened_at=moment)))
    when = tables.facts.c.happened_at
    with with_case.reading() as conn:
        assert list(conn.scalars(select(when).order_by(when))) == sorted(moments)
        assert list(conn.scalars(select(when).where(when > moments[2]))) == [moments[0]]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("filed_at", MOMENT.replace(tzinfo=UTC)),
        ("filed_at", MOMENT.replace(microsecond=1)),
        ("filed_at", MOMENT.date()),
        ("filed_at", "2024-03-01T09:00:00"),
        ("received_on", MOMENT),
        ("amount", Decimal("0.001")),
        ("amount", Decimal("NaN")),
        ("amount", Decimal("1e17")),
        ("amount", 1.5),
        ("amount", 1),
        ("number", "1"),
        ("number", True),
        ("is_non_litigation", 1),
        ("cause", 1),
        ("cause", "a\0b"),
    ],
)
def test_a_value_without_an_exact_form_is_refused(
    with_case: Database, column: str, value: Any
) -> None:
    with with_case.writing() as conn:
        step = recorder(conn)
        with pytest.raises((TypeError, ValueError)):
            step.insert(tables.cases, case_row(2, **{column: value}))
        step.finish()
    with with_case.reading() as conn:
        assert conn.execute(select(tables.cases.c.id)).all() == [(1,)]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("filed_at", MOMENT.replace(tzinfo=UTC)),
        ("filed_at", MOMENT.replace(microsecond=1)),
        ("received_on", MOMENT),
        ("amount", Decimal("0.001")),
    ],
)
def test_core_refuses_them_as_well(with_case: Database, column: str, value: Any) -> None:
    with with_case.writing() as conn, pytest.raises((StatementError, TypeError, ValueError)):
        conn.execute(insert(tables.cases).values(case_row(2) | {column: value}))


@pytest.mark.parametrize("data", [{"on": MOMENT}, {"sum": Decimal(1)}, {"all": {1}}, float("nan")])
def test_json_holds_only_what_json_holds(data: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        types.canonical_json(data)


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=2))
def test_money_is_exact(amount: Decimal) -> None:
    assert types.yuan_of(types.fen_of(amount)) == amount


@given(st.datetimes().map(lambda moment: moment.replace(microsecond=0)), st.datetimes())
def test_text_of_moments_sorts_as_time_does(one: datetime, other: datetime) -> None:
    other = other.replace(microsecond=0)
    assert (types.moment_text(one) < types.moment_text(other)) == (one < other)
    assert datetime.fromisoformat(types.moment_text(one)) == one


def test_the_same_data_has_the_same_text() -> None:
    assert types.canonical_json({"b": (1, 2), "a": "中文"}) == '{"a":"中文","b":[1,2]}'
    assert types.canonical_json({"a": "中文", "b": [1, 2]}) == '{"a":"中文","b":[1,2]}'


def test_a_draft_of_a_case_that_is_not_filed_is_kept_once(database: Database) -> None:
    put_case(database)
    row = {"staff_id": 1, "node": 1, "body": {"a": 1}, "saved_at": MOMENT}
    with database.writing() as conn:
        conn.execute(insert(tables.drafts).values(row))
        assert conn.execute(select(tables.drafts.c.case_id, tables.drafts.c.body)).one() == (
            0,
            {"a": 1},
        )
