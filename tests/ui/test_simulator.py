"""What would happen if nothing is done until a day: computed apart, shown loudly, ended by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from helpers.bureau import Office
from helpers.every_node import open_node
from helpers.typing_in import write_line
from zhixing_desktop.services import alerts
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.simulator import SimulatorBar
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.views import Key

NOTICE = Key(7, "case")


@pytest.fixture
def case(office: Office) -> int:
    number = office.register(9400, "乙")
    open_node(office, number, 7)
    return number


@pytest.fixture
def bar(
    office: Office, bridge: Bridge, qtbot: QtBot, case: int, settle: Callable[[], None]
) -> SimulatorBar:
    me = office.actor()
    made = SimulatorBar(office.bureau, bridge, lambda: me)
    qtbot.addWidget(made)
    made.resize(900, 300)
    made.show()
    made.show_case(case)
    settle()
    return made


def emitted(bar: SimulatorBar) -> list[Any]:
    found: list[Any] = []
    bar.simulated.connect(found.append)
    return found


def run(bar: SimulatorBar, day: str, settle: Callable[[], None]) -> None:
    write_line(bar.day.line, day)
    bar.go.click()
    settle()


def test_it_shows_every_step_until_the_day_in_order(
    bar: SimulatorBar, settle: Callable[[], None]
) -> None:
    seen = emitted(bar)
    run(bar, "2024-06-25", settle)
    assert seen[-1].view.instances[NOTICE].state is State.FROZEN
    rows = [
        [bar.table.item(row, column).text() for column in range(5)]
        for row in range(bar.table.rowCount())
    ]
    notice = [row for row in rows if row[1].startswith("7 ")]
    assert [(row[0], row[3]) for row in notice] == [
        ("2024-06-20 08:30", "即将届满"),
        ("2024-06-24 08:30", "今日届满"),
        ("2024-06-25 00:00", "已冻结"),
    ]
    stamps = [row[0] for row in rows]
    assert stamps == sorted(stamps)
    assert bar.words.text().startswith("模拟：2024年06月25日终了时，案件为“冻结”")


def test_the_day_itself_counts_to_its_end(bar: SimulatorBar, settle: Callable[[], None]) -> None:
    seen = emitted(bar)
    run(bar, "2024-06-24", settle)
    assert seen[-1].view.instances[NOTICE].state is State.WARNED


def test_returning_to_now_ends_it(bar: SimulatorBar, settle: Callable[[], None]) -> None:
    seen = emitted(bar)
    assert not bar.clear_button.isEnabled()
    run(bar, "2024-07-30", settle)
    assert bar.running
    bar.clear_button.click()
    assert seen[-1] is None
    assert not bar.running
    assert not bar.words.isVisibleTo(bar)
    assert not bar.table.isVisibleTo(bar)


def test_another_case_ends_it(bar: SimulatorBar, settle: Callable[[], None]) -> None:
    seen = emitted(bar)
    run(bar, "2024-07-30", settle)
    bar.show_case(1)
    settle()
    assert seen[-1] is None
    assert not bar.running


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2024-06-13", "只能推演今天以后的日期"),
        ("下个月", "请填写日期"),
        ("2044-06-14", "最多推演十年"),
    ],
)
def test_a_day_that_cannot_be_is_refused(
    day: str, words: str, bar: SimulatorBar, settle: Callable[[], None]
) -> None:
    seen = emitted(bar)
    run(bar, day, settle)
    assert words in bar.words.text()
    assert seen == []


def test_nothing_is_written(
    bar: SimulatorBar, office: Office, case: int, settle: Callable[[], None]
) -> None:
    before = office.detail(case).version
    told = len(alerts.case_alerts(office.bureau, office.actor(), case))
    run(bar, "2025-06-30", settle)
    assert office.detail(case).version == before
    assert len(alerts.case_alerts(office.bureau, office.actor(), case)) == told
