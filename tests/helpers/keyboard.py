"""Keys pressed where the cursor is, as a person without a mouse does."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QWidget

Key = Qt.Key | tuple[Qt.Key, Qt.KeyboardModifier]
CONFIRM = (Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
FIRST_PHRASE = (Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)


def press(window: QWidget, *keys: Key) -> None:
    """Press some keys, one after the other."""
    for key in keys:
        code, modifier = key if isinstance(key, tuple) else (key, Qt.KeyboardModifier.NoModifier)
        widget = window.focusWidget()
        assert widget is not None
        QTest.keyClick(widget, code, modifier)


def dialogs(window: QWidget) -> list[QDialog]:
    """Return the dialogs that are open over a window."""
    return [found for found in window.findChildren(QDialog) if found.isVisible()]
