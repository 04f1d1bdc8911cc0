"""From the freeze to the decision and on, in the real window: the whole way of an application."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

import ui.conftest as window_tests
from e2e import test_window_whole_cases as whole
from helpers.bureau import CHIEF, OFFICER, Office, make_bureau, rules
from helpers.every_node import open_node
from helpers.keyboard import CONFIRM, FIRST_PHRASE, dialogs, press
from helpers.scenarios import scenario
from helpers.typing_in import enter_into
from helpers.window_driver import WindowDriver, as_entered, as_registered, in_time
from zhixing_desktop.services import cases, health
from zhixing_desktop.ui.approvals.outside import ForwardDialog, ReadBackDialog, ReplyDialog
from zhixing_desktop.ui.approvals.waiting_list import place_of
from zhixing_desktop.ui.approvals.window import DecisionsWindow
from zhixing_desktop.ui.forms.parts import Words
from zhixing_desktop.ui.forms.reasons import RequestDialog
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.views import InstanceView, Key

pytestmark = [pytest.mark.e2e, pytest.mark.qt_log_ignore("propagateSizeHints")]

application = window_tests.application
nothing_waits = window_tests.nothing_waits
sit_down = whole.sit_down
READER, FILER = "郑审管", "吴立案"
SCAN = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
NUMBER = "（2024）豫08执监1号"
Sit = Callable[[int], WindowDriver]


@pytest.fixture
def sit(tmp_path: Path, qtbot: QtBot) -> Iterator[Sit]:
    """A window over a bureau with one case in which a node is open."""
    made: list[WindowDriver] = []

    def opened(node: int) -> WindowDriver:
        office: Office = make_bureau(tmp_path)
        case = office.register(1)
        open_node(office, case, node)
        driver = WindowDriver(office.bureau, office.clock, qtbot)
        made.append(driver)
        driver.sit_down(OFFICER if node != 3 else FILER)
        driver.choose_case(case)
        return driver

    yield opened
    for driver in made:
        driver.close()


def instance(driver: WindowDriver, key: Key) -> InstanceView:
    actor = driver.window.actor
    return cases.detail(driver.bureau, actor, driver.case_id).view.instances[key]


def freeze_and_apply(driver: WindowDriver, key: Key, moment: str) -> None:
    """Time goes on, the sweep freezes, the officer applies from the node's panel."""
    driver.at(moment)
    panel = driver.go_to(key.node, key.subject)
    assert panel.detail is not None
    assert panel.detail.state is State.FROZEN
    assert panel.content is not None
    assert panel.content.freeze_box is not None
    panel.content.freeze_box.button.click()
    dialog = panel.steps.dialog
    assert isinstance(dialog, RequestDialog)
    enter_into(dialog.reason, "送达地址核实耗时较长，现已查明")
    dialog.submit()
    driver.answered()
    driver.gone()


def decisions_of(driver: WindowDriver, name: str, key: Key) -> DecisionsWindow:
    """Let somebody sit down and go to the application in his panel."""
    driver.sit_down(name)
    driver.window.actions_.by_name["approvals"].trigger()
    (window,) = (w for w in driver.window.findChildren(DecisionsWindow) if w.isVisible())
    driver.qtbot.waitExposed(window)
    driver.answered()
    (place,) = (
        place_of(item)
        for item in window.panel.list.waiting.rows
        if (item.case_id, item.node, item.subject) == (driver.case_id, *key)
    )
    assert window.panel.go_to(place)
    driver.answered()
    return window


def test_a_node_freezes_the_officer_applies_the_chief_decides_by_keyboard(sit: Sit) -> None:
    driver, key = sit(7), Key(7, "case")
    freeze_and_apply(driver, key, "2024-03-18T09:00")
    window = decisions_of(driver, CHIEF, key)
    window.panel.list.setFocus()
    press(window, Qt.Key.Key_1, FIRST_PHRASE, CONFIRM)
    driver.answered()
    assert instance(driver, key).state is State.OVERDUE
    window.close()
    # The case goes on: the officer completes what was frozen.
    driver.sit_down(OFFICER)
    office = Office(driver.bureau, driver.clock)
    office.fill(driver.case_id, 7)
    assert instance(driver, key).state is State.DONE_LATE
    assert health.check_all(driver.bureau) == []


@pytest.mark.parametrize(
    ("node", "subject", "moment", "hops"),
    [
        (3, "case", "2024-03-04T09:00", ("焦作市中级人民法院",)),
        (20, "asset/1", "2024-08-01T09:00", ("焦作市中级人民法院执行局",)),
        (43, "case", "2024-12-20T09:00", ("焦作市中级人民法院", "河南省高级人民法院")),
    ],
    ids=["node 3", "node 20", "node 43"],
)
def test_what_another_court_decides_goes_out_and_comes_back(
    sit: Sit, tmp_path: Path, node: int, subject: str, moment: str, hops: tuple[str, ...]
) -> None:
    driver, key = sit(node), Key(node, subject)
    freeze_and_apply(driver, key, moment)
    window = decisions_of(driver, CHIEF, key)
    assert not window.panel.form.buttons["granted"].isVisibleTo(window)
    window.panel.list.setFocus()
    press(window, Qt.Key.Key_4)
    sender = "山阳区人民法院"
    for at, receiver in enumerate(hops):
        if at:
            window.tabs.setCurrentWidget(window.away)
            driver.answered()
            window.away.forward.click()
        driver.answered()
        (dialog,) = dialogs(window)
        assert isinstance(dialog, ForwardDialog)
        enter_into(dialog.sender_, sender)
        enter_into(dialog.receiver, receiver)
        enter_into(dialog.number, f"（2024）执报{at + 1}号")
        dialog.submit()
        driver.answered()
        assert not dialogs(window), dialog.problem_words.text()
        sender = receiver
    window.tabs.setCurrentWidget(window.away)
    driver.answered()
    assert window.away.below.text().count("转报") == len(hops)
    window.away.reply.click()
    (reply,) = dialogs(window)
    assert isinstance(reply, ReplyDialog)
    enter_into(reply.outcome, "granted")
    enter_into(reply.number, NUMBER)
    enter_into(reply.day, moment[:10])
    enter_into(reply.decider, "刘某")
    enter_into(reply.said, "同意解冻")
    scan = tmp_path / "批复.pdf"
    scan.write_bytes(SCAN)
    reply.scan.take(scan)
    reply.submit()
    driver.answered()
    assert not dialogs(window)
    assert instance(driver, key).frozen is not None
    window.close()
    second = decisions_of(driver, READER, key)
    second.panel.list.setFocus()
    press(second, Qt.Key.Key_4)
    (back,) = dialogs(second)
    assert isinstance(back, ReadBackDialog)
    enter_into(back.number, NUMBER)
    enter_into(back.day, moment[:10])
    back.submit()
    driver.answered()
    driver.sit_down(CHIEF)
    assert instance(driver, key).frozen is None
    assert health.check_all(driver.bureau) == []


def test_money_goes_through_three_people_and_closing_comes_back_once(
    sit_down: whole.Driving,
) -> None:
    told = scenario("completed")
    steps = as_entered(as_registered(in_time(told.steps)), rules().book)
    driver = sit_down(told.opened)
    case = driver.open_case(told)
    at = next(
        place
        for place, step in enumerate(steps)
        if step["do"] == "decide" and step["matter"] == "closing_review"
    )
    driver.drive(steps[:at])
    payouts = [step for step in steps[:at] if step.get("matter") == "payout"]
    assert len({step["by"] for step in payouts}) == 3, "who asks and who signs are three people"
    points = ("补充结案通知书的送达回证", "核对到位金额")
    reason = "结案信息不完整，请补充后重新提请报结"
    back = {**steps[at], "outcome": "returned", "reason": reason, "points": points}
    driver.at(back["at"])
    driver.sit_down(back["by"])
    driver.decide(back)
    officer = driver.window.actor
    view = cases.detail(driver.bureau, officer, case).view
    assert view.approvals[-1].status == "returned"
    assert view.closed_at is None
    # The points stand before the officer when he applies again.
    asked = next(
        step
        for step in reversed(steps[:at])
        if step["do"] == "request" and step["matter"] == "closing_review"
    )
    driver.sit_down(asked["by"])
    panel = driver.go_to(43, "case")
    panel.buttons.apply.click()
    (which,) = (box for box in dialogs(panel) if isinstance(box, QMessageBox))
    next(button for button in which.buttons() if button.text() == "报结审查").click()
    dialog = panel.steps.dialog
    assert isinstance(dialog, RequestDialog)
    shown = "\n".join(label.text() for label in dialog.findChildren(Words))
    assert all(point in shown for point in points)
    enter_into(dialog.reason, "已经补充送达回证，到位金额已核对")
    dialog.submit()
    driver.answered()
    driver.gone()
    driver.drive(steps[at:])
    closed = cases.detail(driver.bureau, driver.window.actor, case).view
    assert closed.closing_way == "执行完毕"
    assert health.check_all(driver.bureau) == []
