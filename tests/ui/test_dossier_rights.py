"""What somebody may not do in the dossier's windows is grey and says why."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from helpers.bureau import Office
from helpers.dossier_files import pages
from zhixing_desktop.services.bureau import Actor
from zhixing_desktop.services.dossier_filing import file_item
from zhixing_desktop.services.dossier_rights import FILE, TRAY, barred
from zhixing_desktop.services.dossier_store import take_in
from zhixing_desktop.services.dossier_types import Filing, Piece
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.menu_rights import MenuRights
from zhixing_desktop.ui.dossier.scan_windows import ScanWindows
from zhixing_desktop.ui.dossier.window import DossierWindow
from zhixing_desktop.ui.dossier.windows import DossierWindows
from zhixing_desktop.ui.dossier.wishes import Wish
from zhixing_desktop.ui.window_actions import DOSSIER_MENU, MENUS, WindowActions

CASE_NO = "（2024）豫0811执1号"
CHIEF, ARCHIVIST, OFFICER = "李局长", "马档案", "张承办"
Calm = Callable[[], None]


@pytest.fixture
def office(paper_office: Office) -> Office:
    taken = take_in(paper_office.bureau, [Piece("a.pdf", pages(1))])
    (case,) = paper_office.case_ids
    filing = Filing("银行流水", place=10)
    file_item(paper_office.bureau, paper_office.actor(), case, filing, taken)
    return paper_office


@pytest.fixture
def calm(qtbot: QtBot, bridge: Bridge) -> Calm:
    return lambda: qtbot.waitUntil(lambda: bridge.pending == 0, timeout=30_000)


def dossier_of(
    office: Office, bridge: Bridge, host: QWidget, calm: Calm, who: Actor
) -> DossierWindow:
    windows = DossierWindows(office.bureau, bridge, lambda: who, host)
    window = windows.dossier(office.case_ids[0], CASE_NO)
    calm()
    line = next(one for one in window.trees["main"].shown() if one.name == "银行流水")
    window.choose(line.id)
    return window


def test_each_button_of_the_dossier_is_as_the_matrix_says(
    office: Office, bridge: Bridge, host: QWidget, calm: Calm
) -> None:
    mine = dossier_of(office, bridge, host, calm, office.actor(OFFICER))
    assert all(x.isEnabled() for x in (mine.take, mine.replace, mine.change, mine.withdraw))
    archivist = dossier_of(office, bridge, host, calm, office.actor(ARCHIVIST))
    # He puts the order right, and files and takes out nothing.
    assert archivist.change.isEnabled()
    assert not archivist.take.isEnabled()
    assert "M-140" in archivist.take.toolTip()
    assert not archivist.withdraw.isEnabled()
    assert "M-144" in archivist.withdraw.toolTip()
    chief = dossier_of(office, bridge, host, calm, office.actor(CHIEF))
    assert not chief.change.isEnabled()


def test_keys_and_drops_do_no_more_than_the_buttons(
    office: Office, bridge: Bridge, host: QWidget, calm: Calm
) -> None:
    window = dossier_of(office, bridge, host, calm, office.actor(CHIEF))
    wishes: list[Wish] = []
    window.take_wanted.connect(wishes.append)
    QTest.keyClick(window.tree, Qt.Key.Key_Delete)
    window._brought((Piece("b.pdf", pages(1)),), 10)
    calm()
    assert (wishes, window.step) == ([], None)
    assert "M-140" in window.note.text()
    moved: list[object] = []
    window.tree.moved.connect(lambda *args: moved.append(args))
    QTest.keyClick(window.tree, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert moved == []


def test_the_intake_and_the_stack_say_why_nothing_can_be_filed(
    office: Office, bridge: Bridge, host: QWidget, calm: Calm
) -> None:
    who = office.actor(CHIEF)
    windows = DossierWindows(office.bureau, bridge, lambda: who, host)
    dialog = windows.take_in(office.case_ids[0], Wish(pieces=(Piece("b.pdf", pages(1)),)))
    calm()
    assert not dialog.act.isEnabled()
    assert "M-140" in dialog.act.toolTip()
    stack = ScanWindows(office.bureau, bridge, lambda: who, host).stack()
    stack.file.setText("扫描.pdf")
    calm()
    assert not stack.act.isEnabled()
    assert "M-153" in stack.act.toolTip()


def test_the_filing_clerk_may_file_where_his_nodes_are(office: Office) -> None:
    (case,) = office.case_ids
    assert FILE not in barred(office.bureau, office.actor("吴立案"), case)
    assert FILE in barred(office.bureau, office.actor(CHIEF), case)
    assert TRAY in barred(office.bureau, office.actor(CHIEF), None)


def test_the_menu_greys_what_may_not_be_done_with_the_case(
    office: Office, bridge: Bridge, qtbot: QtBot, calm: Calm
) -> None:
    who = [office.actor(CHIEF)]
    window = QMainWindow()
    qtbot.addWidget(window)
    names = [entry.name for _, entries in MENUS for entry in entries if entry.name]
    actions = WindowActions(window, {**dict.fromkeys(names, lambda: None), "theme": lambda: None})
    MenuRights(
        office.bureau, bridge, lambda: who[0], lambda: office.case_ids[0], actions, window
    )  # fmt: skip
    menu = actions.menus[DOSSIER_MENU]
    menu.aboutToShow.emit()
    calm()
    take = actions.by_name["take_in"]
    assert not take.isEnabled()
    assert "M-140" in take.toolTip()
    menu.aboutToHide.emit()
    who[0] = office.actor(OFFICER)
    menu.aboutToShow.emit()
    calm()
    assert take.isEnabled()
    assert actions.by_name["tray"].isEnabled()
