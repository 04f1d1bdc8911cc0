"""F1 finds the page of what is on the screen, in every window and over every dialog."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

import zhixing_desktop.ui
from helpers.bureau import Office
from zhixing_desktop import app
from zhixing_desktop.services.sample_people import give_accounts
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.approvals.step_dialog import StepDialog
from zhixing_desktop.ui.approvals.window import DecisionsWindow
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.help_keys import HelpKeys
from zhixing_desktop.ui.help_window import PAGES, HelpWindow, page_for
from zhixing_desktop.ui.sign_in.sign_in_dialog import SignInDialog

HANDBOOK = app.handbook_dir()


def windows() -> list[type[QWidget]]:
    """Every class of the program that is a window of its own."""
    for module in pkgutil.walk_packages(zhixing_desktop.ui.__path__, "zhixing_desktop.ui."):
        importlib.import_module(module.name)

    def below(kind: type[QWidget]) -> Iterator[type[QWidget]]:
        for found in kind.__subclasses__():
            yield found
            yield from below(found)

    found = {kind for base in (QDialog, QMainWindow) for kind in below(base)} | {DecisionsWindow}
    return sorted(
        (kind for kind in found if kind.__module__.startswith("zhixing_desktop.")),
        key=lambda kind: f"{kind.__module__}.{kind.__qualname__}",
    )


@pytest.mark.parametrize("kind", windows(), ids=lambda kind: kind.__qualname__)
def test_every_window_and_dialog_says_its_page_and_the_page_is_there(kind: type[QWidget]) -> None:
    page = getattr(kind, "help_page", None)
    assert page in PAGES, f"{kind.__qualname__} has no help_page of the handbook"
    assert (HANDBOOK / f"{page}.md").is_file()


def test_every_page_of_the_handbook_can_be_found() -> None:
    assert {path.stem for path in HANDBOOK.glob("*.md")} == set(PAGES)


class _Host(QWidget):
    help_page = "calendar"


@pytest.fixture
def keys() -> Iterator[HelpKeys]:
    parent = QApplication.instance()
    assert parent is not None
    made = HelpKeys(HANDBOOK, parent)
    yield made
    made.deleteLater()


def help_windows() -> list[HelpWindow]:
    found = [w for w in QApplication.topLevelWidgets() if isinstance(w, HelpWindow)]
    return [window for window in found if window.isVisible()]


def press_f1(widget: QWidget, qtbot: QtBot) -> HelpWindow:
    """Press it as the operating system hands it on; return the handbook that stands there."""
    window = widget.window()
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWindow() is window.windowHandle())
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_F1)
    (shown,) = help_windows()
    return shown


def test_over_a_dialog_the_handbook_opens_and_can_be_used(
    keys: HelpKeys, bridge: Bridge, qtbot: QtBot
) -> None:
    host = _Host()
    qtbot.addWidget(host)
    host.show()
    dialog = StepDialog(bridge, "登记支付", "登记", [("案件", "plain")], host)
    dialog.open()
    shown = press_f1(dialog, qtbot)
    assert shown.page == "approvals"
    assert shown.parentWidget() is dialog, "what belongs to the window below is closed off"
    # In the handbook itself the key does nothing, and it closes by its own keys.
    assert press_f1(shown, qtbot) is shown
    QTest.keyClick(shown.windowHandle(), Qt.Key.Key_Escape)
    assert help_windows() == []
    dialog.reject()


def test_a_message_has_the_page_of_the_window_it_stands_over(keys: HelpKeys, qtbot: QtBot) -> None:
    host = _Host()
    qtbot.addWidget(host)
    host.show()
    box = messages.tell(host, "案件", "已经登记")
    assert press_f1(box, qtbot).page == "calendar"
    box.close()


def test_there_is_one_handbook_for_a_window(keys: HelpKeys, qtbot: QtBot) -> None:
    host = _Host()
    qtbot.addWidget(host)
    first = press_f1(host, qtbot)
    panel = QWidget(host)
    panel.setProperty("helpPage", "alerts")
    assert page_for(panel) == "alerts"
    first.close()
    assert press_f1(host, qtbot) is first


def test_before_anybody_has_signed_in_there_is_help(office: Office, qtbot: QtBot) -> None:
    give_accounts(office.bureau)
    desk = app.Desk(office.bureau, clock=office.clock)
    desk.ask_who()
    qtbot.waitUntil(lambda: isinstance(desk.gate.dialog, SignInDialog), timeout=20_000)
    dialog = desk.gate.dialog
    assert dialog is not None
    assert press_f1(dialog, qtbot).page == "sign-in"
    desk.close()
