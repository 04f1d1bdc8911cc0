"""The tray: pages are put in order before they are filed, and nothing half done is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from helpers.bureau import Office
from helpers.dossier_files import RECORDING, pages
from zhixing_desktop.services import dossier
from zhixing_desktop.services.dossier_arrivals import arrive
from zhixing_desktop.services.dossier_tray import waiting
from zhixing_desktop.services.dossier_tray_rows import ASIDE, TraySource
from zhixing_desktop.services.dossier_types import ItemLine, Piece
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.scan_windows import ScanWindows
from zhixing_desktop.ui.dossier.tray_window import TrayWindow

Calm = Callable[[], None]


@pytest.fixture
def office(paper_office: Office) -> Office:
    return paper_office


@pytest.fixture
def case(office: Office) -> int:
    return office.case_ids[0]


@pytest.fixture
def calm(qtbot: QtBot, bridge: Bridge) -> Calm:
    def wait() -> None:
        QTest.qWait(1)
        qtbot.waitUntil(lambda: bridge.pending == 0, timeout=30_000)

    return wait


@pytest.fixture
def windows(office: Office, bridge: Bridge, host: QWidget) -> ScanWindows:
    actor = office.actor()
    return ScanWindows(office.bureau, bridge, lambda: actor, host)


def come(office: Office, data: bytes, name: str) -> None:
    arrive(office.bureau, office.actor(), Piece(name, data), TraySource.FOLDER)


def opened(windows: ScanWindows, calm: Calm) -> TrayWindow:
    window = windows.tray()
    window.resize(1346, 690)
    calm()
    return window


def choose_case(window: TrayWindow, office: Office, case: int, calm: Calm) -> None:
    window.finder.show_case(case, office.detail(case).case_no)
    calm()


def name(window: TrayWindow, words: str, place: int) -> None:
    window.form.name.line.setText(words)
    window.form.name.edited.emit()
    window.form.place.set_place("main", place)
    window.form.place.edited.emit()


def filed(window: TrayWindow, calm: Calm, qtbot: QtBot) -> None:
    window.said.setText("")
    window.submit()
    qtbot.waitUntil(lambda: "已归入" in window.said.text(), timeout=30_000)
    calm()


def things(office: Office, case: int) -> list[ItemLine]:
    return list(dossier.dossier(office.bureau, office.actor(), case).main.items)


def test_pages_are_turned_moved_and_their_blanks_dropped_with_a_large_page_beside_them(
    office: Office, case: int, windows: ScanWindows, calm: Calm, qtbot: QtBot
) -> None:
    come(office, pages(4, blank=(1,)), "SCAN0001.pdf")
    window = opened(windows, calm)
    choose_case(window, office, case, calm)
    window.pages.buttons["blank"].click()
    calm()
    assert "有1页空白" in window.said.text()
    window.pages.grid.choose([3])
    assert window.pages.view.page == 3
    QTest.keyClick(window.pages.grid, Qt.Key.Key_BracketRight)
    QTest.keyClick(window.pages.grid, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    calm()
    # The large page is turned as it will be filed.
    assert (window.pages.view.page, window.pages.view._look.turn) == (3, 1)
    name(window, "询问笔录", 11)
    filed(window, calm, qtbot)
    (item,) = things(office, case)
    (version,) = dossier.versions(office.bureau, office.actor(), item.id)
    assert [(cut.page, cut.turn) for cut in version.cuts] == [(0, 0), (3, 90), (2, 0)]
    assert waiting(office.bureau, office.actor()) == ()
    (aside,) = waiting(office.bureau, office.actor(), ASIDE)
    assert aside.pages_words == "第2页"


def test_a_scan_is_split_and_each_part_filed_with_its_own_name(
    office: Office, case: int, windows: ScanWindows, calm: Calm, qtbot: QtBot
) -> None:
    come(office, pages(5), "SCAN0001.pdf")
    window = opened(windows, calm)
    choose_case(window, office, case, calm)
    for row in (2, 4):
        window.pages.grid.choose([row])
        window.pages.buttons["split"].click()
    window.pages.grid.choose([2])
    assert "第2件（共3件），2页" in window.side.about.text()
    name(window, "身份证", 10)
    window.pages.grid.choose([0])
    name(window, "询问笔录", 11)
    filed(window, calm, qtbot)
    # What was split and named stays so, although the rest is another row of the tray by now.
    calm()
    assert [window.desk.stack.pages(n) for n in window.desk.stack.things] == [2, 1]
    assert window.form.filing().name == "身份证"
    filed(window, calm, qtbot)
    assert sorted((i.name, i.pages) for i in things(office, case)) == [
        ("询问笔录", 2),
        ("身份证", 2),
    ]
    assert [one.pages_words for one in waiting(office.bureau, office.actor())] == ["第5页"]


def test_two_scans_are_joined_to_one_thing(
    office: Office, case: int, windows: ScanWindows, calm: Calm, qtbot: QtBot
) -> None:
    come(office, pages(1), "正面.pdf")
    come(office, pages(2), "背面.pdf")
    window = opened(windows, calm)
    choose_case(window, office, case, calm)
    window.list.selectAll()
    calm()
    assert window.pages.model.rowCount() == 3
    window.pages.buttons["join_all"].click()
    name(window, "身份证", 10)
    filed(window, calm, qtbot)
    (item,) = things(office, case)
    assert (item.name, item.pages) == ("身份证", 3)
    names = [dossier.original(office.bureau, office.actor(), item.id, at)[0].name for at in (0, 1)]
    assert names == ["正面.pdf", "背面.pdf"]
    assert waiting(office.bureau, office.actor()) == ()


def test_what_was_half_done_is_there_after_a_crash_and_after_another_scan_was_looked_at(
    office: Office, case: int, windows: ScanWindows, calm: Calm
) -> None:
    come(office, pages(3), "SCAN0001.pdf")
    come(office, pages(1), "SCAN0002.pdf")
    window = opened(windows, calm)
    choose_case(window, office, case, calm)
    window.pages.grid.choose([1])
    window.pages.buttons["split"].click()
    window.pages.grid.choose([0])
    name(window, "询问笔录", 11)
    QTest.keyClick(window.pages.grid, Qt.Key.Key_BracketRight)
    window.list.setCurrentRow(1)
    calm()
    assert window.form.filing().name != "询问笔录"
    window.list.setCurrentRow(0)
    calm()
    assert window.form.filing().name == "询问笔录"
    window.memory.flush()
    calm()
    # The power goes: nobody closes the window.
    window.setParent(None)
    again = opened(windows, calm)
    calm()
    assert again is not window
    assert (again.form.filing().name, again.form.filing().place) == ("询问笔录", 11)
    assert [(x.thing, x.turn) for x in again.desk.stack.leaves] == [(1, 90), (2, 0), (2, 0)]
    assert again.finder.case_id == case
    window.deleteLater()


def test_a_recording_is_filed_whole(
    office: Office, case: int, windows: ScanWindows, calm: Calm, qtbot: QtBot
) -> None:
    come(office, RECORDING, "通话.mp3")
    window = opened(windows, calm)
    choose_case(window, office, case, calm)
    window.form.name.line.setText("通话录音")
    window.form.medium.set_value("electronic")
    window.form.name.edited.emit()
    filed(window, calm, qtbot)
    (item,) = things(office, case)
    assert (item.name, item.pages) == ("通话录音", 0)


def test_who_may_not_file_to_the_case_sees_why(
    office: Office, case: int, bridge: Bridge, host: QWidget, calm: Calm
) -> None:
    come(office, pages(1), "SCAN0001.pdf")
    other = office.actor("孙法官")
    window = opened(ScanWindows(office.bureau, bridge, lambda: other, host), calm)
    choose_case(window, office, case, calm)
    assert not window.act.isEnabled()
    assert "承办人" in window.act.toolTip()
