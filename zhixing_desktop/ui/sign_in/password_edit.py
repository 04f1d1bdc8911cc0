"""A field for a password that notices Caps Lock."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

CAPS_WORDS = "大写锁定（Caps Lock）已打开，字母都会是大写。"


class PasswordEdit(QLineEdit):
    """Hides what is typed.  ``caps`` tells whether Caps Lock seems to be on.

    Qt does not tell the state of the key; a capital without Shift, or a small letter with it, does.
    """

    caps = Signal(bool)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setAccessibleName(name)
        self._on = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Look at what a letter tells of Caps Lock."""
        text = event.text()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if len(text) == 1 and text.isascii() and text.isalpha():
            self._say(text.isupper() != shift)
        elif event.key() == Qt.Key.Key_CapsLock and self._on:
            self._say(False)
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Elsewhere Caps Lock is nobody's concern."""
        super().focusOutEvent(event)
        self._say(False)

    def _say(self, on: bool) -> None:
        if on != self._on:
            self._on = on
            self.caps.emit(on)
