"""The chief's panel: what is asked, by which rule, what he may decide and what not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from helpers.bureau import CHIEF, OFFICER, Office
from helpers.every_node import open_node
from helpers.typing_in import enter_into, pick
from zhixing_desktop.services import work
from zhixing_desktop.services.bureau import Actor
from zhixing_desktop.ui.approvals import ApprovalPanel
from zhixing_desktop.ui.approvals.outside import OutsideDialog
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.parts import Link, Words
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.views import Key

NOTICE, QUERY = Key(7, "case"), Key(3, "case")
WHY = "被执行人下落不明，现已查明新的送达地址"


@pytest.fixture
def asked(office: Office) -> tuple[int, int]:
    """Two frozen cases with an application each: one for the chief, one for the higher court."""
    first = office.register(9300, "乙")
    open_node(office, first, 7)
    office.at("2024-06-24T09:00")
    second = office.register(9301, "丙")
    office.fill(second, 1)
    office.fill(second, 2)
    office.at("2024-06-26T09:00").sweep()
    for case, key in ((first, NOTICE), (second, QUERY)):
        work.request_approval(office.bureau, office.actor(), case, key, "unfreeze", WHY)
    return first, second


@pytest.fixture
def panel_for(
    office: Office, bridge: Bridge, qtbot: QtBot, asked: tuple[int, int], settle: Callable[[], None]
) -> Callable[[str], ApprovalPanel]:
    def made(name: str) -> ApprovalPanel:
        actor: Actor = office.actor(name)
        panel = ApprovalPanel(office.bureau, bridge, lambda: actor)
        qtbot.addWidget(panel)
        panel.resize(1000, 500)
        panel.show()
        settle()
        return panel

    return made


def words(panel: ApprovalPanel) -> str:
    return "\n".join(x.text() for x in panel.pane.findChildren(Words) if x.isVisibleTo(panel))


def choose(panel: ApprovalPanel, case: int, settle: Callable[[], None]) -> None:
    for at in range(panel.table.rowCount()):
        row = panel.table.row_at(at)
        if row is not None and row.application.case_id == case:
            panel.table.selectRow(at)
    settle()


def test_the_list_is_oldest_first_and_says_since_when_it_is_frozen(
    panel_for: Callable[[str], ApprovalPanel], asked: tuple[int, int]
) -> None:
    panel = panel_for(CHIEF)
    rows = [panel.table.row_at(at) for at in range(panel.table.rowCount())]
    mine = [r for r in rows if r is not None and r.application.case_id in asked]
    assert [r.application.case_id for r in mine] == list(asked)
    assert all(r.frozen_at is not None for r in mine)
    stamps = [r.application.requested_at for r in rows if r is not None]
    assert stamps == sorted(stamps)


def test_the_detail_has_the_officers_words_and_the_guidelines(
    panel_for: Callable[[str], ApprovalPanel], asked: tuple[int, int], settle: Callable[[], None]
) -> None:
    panel = panel_for(CHIEF)
    choose(panel, asked[0], settle)
    told = words(panel)
    assert WHY in told
    assert "由本院主管院领导或者执行局长批准" in told
    assert "解冻节点的，需由本院主管院领导或者执行局长批准。" in told
    assert "2024-06-25起冻结" in told


def test_the_chief_grants_and_the_work_goes_on(
    panel_for: Callable[[str], ApprovalPanel],
    asked: tuple[int, int],
    office: Office,
    settle: Callable[[], None],
) -> None:
    panel = panel_for(CHIEF)
    choose(panel, asked[0], settle)
    panel.pane.decide("granted")
    settle()
    assert "请写明决定的理由" in panel.pane.refusal_words.text()
    enter_into(panel.pane.reason, "情况属实，同意解冻")
    panel.pane.buttons["granted"].click()
    settle()
    view = office.detail(asked[0]).view
    assert view.approvals[-1].status == "granted"
    assert view.instances[NOTICE].state is State.OVERDUE
    office.fill(asked[0], 7)
    pick(panel.filter, True)
    settle()
    choose(panel, asked[0], settle)
    assert "情况属实，同意解冻" in words(panel)
    assert not panel.pane.decision.isVisibleTo(panel)


def test_deciding_by_keyboard(
    panel_for: Callable[[str], ApprovalPanel],
    asked: tuple[int, int],
    office: Office,
    settle: Callable[[], None],
    qtbot: QtBot,
) -> None:
    panel = panel_for(CHIEF)
    choose(panel, asked[0], settle)
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    enter_into(panel.pane.reason, "材料不全，请补充后再报")
    panel.pane.reason.setFocus()
    QTest.keyClick(panel.pane.reason.area, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert office.detail(asked[0]).view.approvals[-1].status == "returned"
    assert office.detail(asked[0]).view.instances[NOTICE].state is State.FROZEN


def test_what_a_higher_court_decides_is_refused_with_the_whole_sentence(
    panel_for: Callable[[str], ApprovalPanel],
    asked: tuple[int, int],
    office: Office,
    settle: Callable[[], None],
) -> None:
    panel = panel_for(CHIEF)
    choose(panel, asked[1], settle)
    assert "不能代为决定" in words(panel)
    enter_into(panel.pane.reason, "同意")
    panel.pane.decide("granted")
    settle()
    told = panel.pane.refusal_words.text()
    assert "本院无权决定：报辖区所在地中院批准。" in told
    assert "节点三 注意事项" in told
    assert office.detail(asked[1]).view.approvals[-1].status == "pending"
    assert panel.pane.reason.value() == "同意"


def test_nobody_decides_his_own_case(
    panel_for: Callable[[str], ApprovalPanel],
    asked: tuple[int, int],
    office: Office,
    settle: Callable[[], None],
) -> None:
    panel = panel_for(OFFICER)
    choose(panel, asked[0], settle)
    enter_into(panel.pane.reason, "同意")
    panel.pane.decide("granted")
    settle()
    assert "任何人不得决定自己的申请" in panel.pane.refusal_words.text()
    assert office.detail(asked[0]).view.instances[NOTICE].state is State.FROZEN


def test_the_case_is_one_click_away(
    panel_for: Callable[[str], ApprovalPanel],
    asked: tuple[int, int],
    settle: Callable[[], None],
    qtbot: QtBot,
) -> None:
    panel = panel_for(CHIEF)
    choose(panel, asked[0], settle)
    link = panel.pane.findChild(Link)
    assert link is not None
    caught: list[Any] = []
    panel.case_requested.connect(lambda case, node: caught.append((case, node)))
    link.click()
    assert caught == [(asked[0], 7)]


def test_what_a_higher_court_decided_is_registered_with_its_paper(
    panel_for: Callable[[str], ApprovalPanel],
    asked: tuple[int, int],
    office: Office,
    settle: Callable[[], None],
    dialog_of: Any,
) -> None:
    panel = panel_for(CHIEF)
    choose(panel, asked[0], settle)
    assert not panel.pane.outside.isVisibleTo(panel)
    choose(panel, asked[1], settle)
    panel.pane.outside.click()
    dialog = dialog_of(OutsideDialog, panel)
    enter_into(dialog.outcome, "granted")
    enter_into(dialog.authority, "焦作市中级人民法院")
    enter_into(dialog.decider, "刘某")
    enter_into(dialog.day, "2024-06-26")
    enter_into(dialog.reason, "同意解冻")
    dialog.submit()
    settle()
    assert "批准文件及文号" in dialog.problem.text()
    enter_into(dialog.document, "（2024）豫08执监1号")
    dialog.submit()
    settle()
    view = office.detail(asked[1]).view
    assert view.approvals[-1].status == "granted"
    assert view.instances[QUERY].frozen is None
    pick(panel.filter, True)
    settle()
    choose(panel, asked[1], settle)
    told = words(panel)
    assert "焦作市中级人民法院" in told
    assert "（2024）豫08执监1号" in told
