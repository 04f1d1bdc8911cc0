"""F1 in any window of the program: the handbook at the page of what is on the screen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow

_KEY = QKeyCombination(Qt.Key.Key_F1)


class HelpKeys(QObject):
    """Listens for F1, also over dialogs and before anybody has signed in.

    As ``IdleWatch``, it listens to the windows of the operating system, each from when it first has
    the keyboard: one filter, and none that sees every event of every widget.
    """

    def __init__(self, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._folder = folder
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self._listen_to)

    def _listen_to(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)  # the same filter twice is one filter

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Open the handbook; the key goes no further."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if event.keyCombination() != _KEY:
            return super().eventFilter(watched, event)
        # Not needed before somebody asks.
        from zhixing_desktop.ui.help_window import open_help

        open_help(self._folder)
        return True
