"""Hides every window of the program while it is locked, and whatever would open meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from shiboken6 import isValid

_PASSING = (Qt.WindowType.Popup, Qt.WindowType.ToolTip)
"""Lists and tips: they belong to a window that is shown."""


@dataclass(slots=True)
class _Hidden:
    widget: QWidget
    modality: Qt.WindowModality


class Curtain(QObject):
    """Drawn before all windows but ``front``; opened again, they stand as they stood.

    Hidden windows show neither content nor title, also not in the task bar.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._front: QWidget | None = None
        self._hidden: list[_Hidden] = []
        self._focus: QWidget | None = None

    @property
    def drawn(self) -> bool:
        """Whether everything is hidden."""
        return self._front is not None

    def draw(self, front: QWidget) -> None:
        """Hide everything but ``front`` and its own dialogs."""
        popup = QApplication.activePopupWidget()
        while popup is not None:
            popup.close()
            after = QApplication.activePopupWidget()
            popup = after if after is not popup else None
        QToolTip.hideText()
        self._front = front
        self._focus = QApplication.focusWidget()
        shown = [w for w in QApplication.topLevelWidgets() if w.isVisible() and not self._ours(w)]
        # Those in front first; they are shown again the other way round.
        for widget in sorted(shown, key=_depth, reverse=True):
            self._hide(widget)
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def open(self) -> None:
        """Show everything again as it stood."""
        self._take_away()
        hidden, self._hidden = self._hidden, []
        for entry in reversed(hidden):
            if isValid(entry.widget):
                entry.widget.setWindowModality(entry.modality)
                entry.widget.show()
        if hidden and isValid(hidden[0].widget):
            hidden[0].widget.activateWindow()
        if self._focus is not None and isValid(self._focus) and self._focus.isVisible():
            self._focus.setFocus()
        self._focus = None

    def drop(self) -> list[QWidget]:
        """Return what was hidden and forget it: whoever worked here has gone."""
        self._take_away()
        hidden, self._hidden = self._hidden, []
        self._focus = None
        return [entry.widget for entry in hidden if isValid(entry.widget)]

    def _take_away(self) -> None:
        self._front = None
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)

    def _hide(self, widget: QWidget) -> None:
        self._hidden.append(_Hidden(widget, widget.windowModality()))
        widget.hide()

    def _ours(self, widget: QWidget | None) -> bool:
        while widget is not None:
            if widget is self._front:
                return True
            widget = widget.parentWidget()
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hide what opens while everything is hidden (an answer that came late, a message)."""
        late = (
            event.type() == QEvent.Type.Show
            and isinstance(watched, QWidget)
            and watched.isWindow()
            and watched.windowType() not in _PASSING
            and not self._ours(watched)
        )
        if late and isinstance(watched, QWidget):
            widget = watched
            QTimer.singleShot(0, widget, lambda: self._hide_late(widget))
        return super().eventFilter(watched, event)

    def _hide_late(self, widget: QWidget) -> None:
        if self.drawn and isValid(widget) and widget.isVisible():
            # It was opened last, so it is shown last.
            self._hidden.insert(0, _Hidden(widget, widget.windowModality()))
            widget.hide()


def _depth(widget: QWidget) -> int:
    depth = 0
    above = widget.parentWidget()
    while above is not None:
        depth += 1
        above = above.parentWidget()
    return depth
