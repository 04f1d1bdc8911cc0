"""The case list: filters, search, order, pages; the same on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from helpers.bureau import CHIEF, Office
from zhixing_desktop.services import case_list
from zhixing_desktop.services.case_list import CaseLine, CaseQuery
from zhixing_desktop.workflow.facts import State

NAMES = ("张三", "李四", "喆𬭚", "单小平", "100%控股_有限公司", "O'Brien\\李")


@pytest.fixture
def listed(office: Office) -> Office:
    """Six cases of three officers' days, in several states."""
    for place, name in enumerate(NAMES, start=1):
        office.register(
            place,
            name,
            amount=Decimal(1000 * (7 - place)) + Decimal("0.50"),
            officer=("张承办", "孙法官")[place % 2],
        )
    office.fill(1, 1)
    office.fill(1, 2)
    office.fill(2, 1)
    office.fill(2, 2)
    office.at("2024-03-02T09:00")
    office.register(7, "王五", year=2023, type="执恢")
    return office


def found(office: Office, **wanted: object) -> list[int]:
    """Return the case numbers of a page, in its order; the count must agree."""
    query = CaseQuery(**wanted)  # type: ignore[arg-type]
    lines = case_list.page(office.bureau, office.actor(CHIEF), query)
    if query.offset == 0 and len(lines) < query.limit:
        assert case_list.count(office.bureau, office.actor(CHIEF), query) == len(lines)
    return [number_of(line) for line in lines]


def number_of(line: CaseLine) -> int:
    return int(line.case_no.partition("执")[2].removeprefix("恢").removesuffix("号"))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("（2024）豫0811执1号", [1]),
        ("(2024)豫0811执1号", [1]),
        (" (2024) 豫0811执 1号 ", [1]),
        ("执恢", [7]),
        ("2023", [7]),
        ("张三", [1]),
        ("zs", [1, 2, 3, 4, 5, 6, 7]),  # also 焦作市
        ("ws", []),
        ("ls", [2]),
        ("LS", [2]),
        ("喆", [3]),
        ("𬭚", [3]),
        ("sxp", [4]),
        ("dxp", [4]),
        ("100%", [5]),
        ("0%控股_有", [5]),
        ("%", [5]),
        ("_", [5]),
        ("o'brien", [6]),
        ("\\", [6]),
        ("!", []),
        ("没有这个人", []),
        ("甲商贸", [1, 2, 3, 4, 5, 6, 7]),
        ("", [1, 2, 3, 4, 5, 6, 7]),
        ("   ", [1, 2, 3, 4, 5, 6, 7]),
    ],
)
def test_search(listed: Office, words: str, expected: list[int]) -> None:
    assert sorted(found(listed, search=words)) == expected


def test_filters_show_what_their_counts_say(listed: Office) -> None:
    actor = listed.actor("孙法官")
    mine = actor.staff_id
    listed.at("2024-12-02T09:00").sweep()
    counts = case_list.counts(listed.bureau, actor)
    for name in case_list.FILTERS:
        assert len(found(listed, filter=name, officer_id=mine)) == counts[name], name
    assert counts["all"] == 7
    assert sorted(found(listed, filter="mine", officer_id=mine)) == [1, 3, 5]
    lines = case_list.page(listed.bureau, listed.actor(CHIEF), CaseQuery(filter="frozen"))
    assert sorted(number_of(line) for line in lines) == [1, 2]
    assert {line.state for line in lines} == {State.FROZEN}
    assert found(listed, filter="closed") == []


def test_what_is_due_today_is_due_today(listed: Office) -> None:
    due = listed.detail(1).view.next_due
    assert due is not None
    assert due.due_at is not None
    day = datetime.combine(due.due_at.date(), datetime.min.time())
    for moment, expected in (
        (day + timedelta(hours=8), True),
        (day + timedelta(hours=23, minutes=59, seconds=59), True),
        (day + timedelta(days=1), False),
    ):
        listed.at(moment)
        assert (1 in found(listed, filter="due_today")) is expected


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", case_list.SORTS)
def test_every_order_shows_each_case_once_on_its_pages(
    listed: Office, sort: str, descending: bool
) -> None:
    whole = found(listed, sort=sort, descending=descending)
    assert sorted(whole) == [1, 2, 3, 4, 5, 6, 7]
    pages = [
        number
        for offset in range(0, 9, 2)
        for number in found(listed, sort=sort, descending=descending, offset=offset, limit=2)
    ]
    assert pages == whole


def test_orders(listed: Office) -> None:
    assert found(listed, sort="case_no") == [7, 1, 2, 3, 4, 5, 6]
    assert found(listed, sort="case_no", descending=True) == [6, 5, 4, 3, 2, 1, 7]
    # 128,000 yuan (the seventh) is the most.
    assert found(listed, sort="amount") == [6, 5, 4, 3, 2, 1, 7]
    assert found(listed, sort="amount", descending=True) == [7, 1, 2, 3, 4, 5, 6]
    # What has no day comes last, in whatever direction.
    for descending in (False, True):
        lines = case_list.page(listed.bureau, listed.actor(CHIEF), CaseQuery(descending=descending))
        empty = [line.next_due_at is None for line in lines]
        assert empty == sorted(empty)
        assert not all(empty)


def test_a_line_shows_the_case(listed: Office) -> None:
    listed.sweep()
    (line,) = case_list.page(listed.bureau, listed.actor(CHIEF), CaseQuery(search="张三"))
    view = listed.detail(1).view
    assert line.case_no == "（2024）豫0811执1号"
    assert line.parties == "焦作市甲商贸有限公司 / 张三"
    assert line.officer == "孙法官"
    assert view.current is not None
    assert line.current_node == view.current.node
    assert line.current_node_name == listed.bureau.rules.book.nodes[view.current.node].name
    assert line.amount == Decimal("6000.50")
    assert line.state is view.state
    assert view.next_due is not None
    assert line.next_due_at == view.next_due.due_at


def test_nodes_are_counted_over_all_cases(listed: Office) -> None:
    counts = case_list.node_counts(listed.bureau, listed.actor(CHIEF))
    assert sum(counts[1].values()) == 7
    assert counts[1]["done"] == 2
