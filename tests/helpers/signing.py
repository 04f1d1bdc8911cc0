"""Signing in, as a person does it: name, password, Enter."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from helpers.typing_in import write_line
from zhixing_desktop import app
from zhixing_desktop.services.sample_people import SAMPLE_PASSWORD
from zhixing_desktop.ui.main_window import MainWindow
from zhixing_desktop.ui.sign_in.sign_in_dialog import SignInDialog

PATIENCE = 20_000
RIGHT = SAMPLE_PASSWORD
"""What everybody's password is after ``give_accounts``."""


def shown_dialog(qtbot: QtBot, kind: type[Any] = SignInDialog) -> Any:
    """Wait for the one dialog of a kind that is open, and return it."""

    def found() -> list[Any]:
        widgets = QApplication.topLevelWidgets()
        return [w for w in widgets if isinstance(w, kind) and w.isVisible()]

    qtbot.waitUntil(lambda: len(found()) == 1, timeout=PATIENCE)
    return found()[0]


def enter(dialog: SignInDialog, name: str, password: str = RIGHT) -> None:
    """Type name and password and press the button; at a lock the name may stand already."""
    if not dialog.login.isReadOnly():
        dialog.login.setText(name)  # typed, it would unfold the list of names
    write_line(dialog.password, password)
    dialog.enter.click()


def sign_in(
    desk: app.Desk, qtbot: QtBot, name: str, password: str = RIGHT, *, whole: bool = True
) -> MainWindow:
    """Sign in at the dialog that is open or about to open; return the window."""
    dialog = shown_dialog(qtbot)
    qtbot.waitUntil(lambda: dialog.names_known, timeout=PATIENCE)
    before = desk.window
    enter(dialog, name, password)
    qtbot.waitUntil(lambda: desk.window not in (None, before), timeout=PATIENCE)
    window = desk.window
    assert window is not None
    assert window.actor.name == name
    if whole:
        qtbot.waitUntil(lambda: window.whole, timeout=PATIENCE)
    return window
