"""The window of the rulebook: what counts, what another would change, adopting it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from helpers.bureau import OFFICER, Office
from helpers.rulebooks import NEW_NUMBER, other_program, other_rulebook
from zhixing_desktop.app import build_window
from zhixing_desktop.services import health, rulebook_change
from zhixing_desktop.services.at_desk import desk_state
from zhixing_desktop.services.bureau import open_bureau
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.help_window import page_for
from zhixing_desktop.ui.office import paged_listing
from zhixing_desktop.ui.office.rulebook_window import RulebookWindow

PRESIDENT, ADMIN = "赵院长", "何管理"
WHY = "院长办公会议决定"
Settle = Callable[[], None]
Open = Callable[[str], RulebookWindow]


@pytest.fixture
def open_as(office: Office, bridge: Bridge, host: QWidget, settle: Settle, tmp_path: Path) -> Open:
    """Open the window as somebody, another rulebook chosen."""
    folder = other_rulebook(tmp_path)

    def open_(name: str) -> RulebookWindow:
        actor = office.actor(name)
        made = RulebookWindow(office.bureau, bridge, lambda: actor, parent=host)
        made.show()
        settle()
        made.choose_folder(str(folder))
        settle()
        return made

    return open_


def answer(window: QWidget, words: str, qtbot: QtBot) -> None:
    def asked() -> list[QMessageBox]:
        return [box for box in window.findChildren(QMessageBox) if box.isVisible()]

    qtbot.waitUntil(lambda: bool(asked()))
    (box,) = asked()
    next(button for button in box.buttons() if button.text() == words).click()


def test_it_shows_what_counts_and_who_adopted_it(open_as: Open) -> None:
    window = open_as(OFFICER)
    assert "版本2024.1" in window.adopted.text()
    assert "由系统核准" in window.adopted.text()
    assert len(window.history.texts()) == 1
    assert page_for(window.reason) == "rulebook"


def test_differences_and_cases_are_compared_without_a_word_being_saved(
    open_as: Open, office: Office, settle: Settle, qtbot: QtBot
) -> None:
    window = open_as(PRESIDENT)
    assert not window.adopt_button.isEnabled()
    assert "先“比较”" in window.adopt_button.toolTip()
    qtbot.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle()
    rows = window.rules.list.texts()
    assert ["节点7", "时限7-a　期限", "10日内", "15日内"] in rows
    assert ["节点36", "审批权限“限制消费令签发”　批准角色", "院长", "主管院领导"] in rows
    assert window.tabs.tabText(0) == f"规则差异（{len(rows)}）"
    assert "件有变化" in window.summary.text()
    assert any("节点7" in row[1] and "届满" in row[2] for row in window.cases.list.texts())
    assert "原来：" in window.rules.detail.text()
    assert window.adopt_button.isEnabled()
    assert len(rulebook_change.adoptions(office.bureau)) == 1


def test_the_president_adopts_with_a_reason(
    open_as: Open, office: Office, settle: Settle, qtbot: QtBot
) -> None:
    window = open_as(PRESIDENT)
    window.compare()
    settle()
    window.ask_adopt()
    answer(window, "核准", qtbot)
    settle()
    assert "理由" in window.note.text()  # there was none
    assert office.bureau.rules.book.version == "2024.1"
    window.paper.setText("院办〔2024〕3号")
    window.reason.setText(WHY)
    qtbot.keyClick(window.reason, Qt.Key.Key_Return)
    answer(window, "核准", qtbot)
    settle()
    assert "已核准" in window.note.text()
    assert f"版本{NEW_NUMBER}" in window.adopted.text()
    assert f"由{PRESIDENT}核准　院办〔2024〕3号　{WHY}" in window.adopted.text()
    assert [row[0] for row in window.history.texts()] == [NEW_NUMBER, "2024.1"]
    assert not window.adopt_button.isEnabled()
    assert health.check_all(office.bureau) == []


def test_others_see_why_they_may_not(open_as: Open, settle: Settle) -> None:
    for name in (OFFICER, ADMIN):
        window = open_as(name)
        window.compare()
        settle()
        assert window.rules.list.texts()
        assert not window.adopt_button.isEnabled()
        assert "M-70" in window.adopt_button.toolTip()
    assert window.cases.list.texts() == []
    assert "您无权查看" in window.summary.text()


def test_a_comparison_is_stopped(
    open_as: Open, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_as(PRESIDENT)
    going, go_on = threading.Event(), threading.Event()
    read = rulebook_change.read_candidate

    def slowly(*given: object) -> object:
        going.set()
        go_on.wait(20)
        return read(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(rulebook_change, "read_candidate", slowly)
    window.compare()
    assert going.wait(20)
    assert window.progress.isVisible()
    assert not window.compare_button.isEnabled()
    window.stop_button.click()
    go_on.set()
    settle()
    assert "已停止" in window.note.text()
    assert not window.progress.isVisible()
    assert not window.adopt_button.isEnabled()


def test_a_faulty_rulebook_is_told_with_its_line(
    open_as: Open, settle: Settle, tmp_path: Path
) -> None:
    window = open_as(PRESIDENT)
    (tmp_path / "另").mkdir()
    edit = ("nodes-3-start.yaml", "unit: day", "unit: moon")
    window.choose_folder(str(other_rulebook(tmp_path / "另", edit)))
    window.compare()
    settle()
    assert "nodes-3-start.yaml" in window.note.text()
    assert not window.adopt_button.isEnabled()


def test_many_rows_come_a_page_at_a_time(qtbot: QtBot) -> None:
    listing = paged_listing.PagedListing("试", (("甲", 5), ("乙", 5)))
    qtbot.addWidget(listing)
    with qtbot.waitActive(listing):
        listing.show()
        listing.activateWindow()
    rows = [(str(number), f"第{number}行") for number in range(2 * paged_listing.PAGE + 5)]
    listing.show_rows(rows)
    assert len(listing.list.texts()) == paged_listing.PAGE
    assert listing.where.text() == f"第1至{paged_listing.PAGE}处，共{len(rows)}处"
    listing.list.setFocus()
    for _ in range(3):  # there is no fourth page
        qtbot.keyClick(listing.list, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert listing.list.texts() == [list(row) for row in rows[-5:]]
    assert listing.detail.text() == f"甲：{rows[-5][0]}\n乙：{rows[-5][1]}"
    listing.back.click()
    assert listing.list.texts()[0] == list(rows[paged_listing.PAGE])
    listing.list.choose(paged_listing.PAGE + 50)
    listing.show_rows(rows[:3])
    assert listing.detail.text() == "甲：0\n乙：第0行"
    assert not listing.on.isVisible()


def test_who_may_adopt_is_told_of_what_the_program_brings(office: Office, tmp_path: Path) -> None:
    url = f"sqlite:///{office.bureau.database.path}"
    newer = open_bureau(
        url, clock=office.clock, resources=other_program(tmp_path), workstation="新版本"
    )
    try:
        assert desk_state(newer, office.actor(PRESIDENT)).rulebook_offered
        assert not desk_state(newer, office.actor(OFFICER)).rulebook_offered
        assert not desk_state(office.bureau, office.actor(PRESIDENT)).rulebook_offered
    finally:
        newer.close()


def test_the_window_asks_him_once(
    office: Office, bridge: Bridge, qtbot: QtBot, settle: Settle
) -> None:

    president = office.actor(PRESIDENT)
    window = build_window(office.bureau, bridge, president, clock=office.clock)
    qtbot.addWidget(window)
    window.show()
    settle()
    state = replace(desk_state(office.bureau, president), rulebook_offered=True)
    for _ in range(2):
        window.show_standing(state)
    boxes = [
        w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox) and w.isVisible()
    ]
    (box,) = boxes
    assert "新的节点规则" in box.text()
    yes = next(b for b in box.buttons() if b.text() == "现在查看")
    assert isinstance(yes, QPushButton)
    yes.click()
    settle()
    (opened,) = window.findChildren(RulebookWindow)
    assert opened.isVisible()
    opened.close()
