"""The bar above the charts: what does not fit beside the rest goes into a menu at its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QAction, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

Act = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Group:
    """Tools that go together: what is seen in the bar, and the same things to do in the menu."""

    widgets: Sequence[QWidget]
    entries: Sequence[tuple[str, Act]]


class ToolRow(QWidget):
    """Widgets in a row.  ``keep`` stays; ``groups`` give way, the last one first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QHBoxLayout(self)
        self.line.setContentsMargins(6, 4, 6, 4)
        self.line.setSpacing(4)
        self._groups: list[tuple[Group, list[QAction]]] = []
        self.more = QToolButton(self)
        self.more.setText("更多 ▾")
        self.more.setToolTip("其他流程图工具")
        self.more.setAccessibleName("更多流程图工具")
        self.more.setAutoRaise(True)
        # The style's own arrow would lie over the text.
        self.more.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.more)
        self.more.setMenu(self.menu)
        self.more.hide()

    def add_group(self, group: Group) -> None:
        """Put a group at the end of the row."""
        for widget in group.widgets:
            self.line.addWidget(widget)
        actions = []
        for words, act in group.entries:
            action = self.menu.addAction(words)
            action.triggered.connect(act)
            action.setVisible(False)
            actions.append(action)
        self._groups.append((group, actions))

    def finish(self) -> None:
        """Close the row with the menu."""
        self.line.addWidget(self.more)

    def full_width(self) -> int:
        """Return the width at which everything is seen."""
        return self._kept() + sum(self._wide(group) for group, _ in self._groups)

    def minimumSizeHint(self) -> QSize:
        """Return the width of what always stays and of the menu."""
        least = self._kept() + self._room(self.more)
        return QSize(least, super().minimumSizeHint().height())

    def _kept(self) -> int:
        """Width of the margins and of the widgets that belong to no group."""
        grouped = {id(w) for group, _ in self._groups for w in group.widgets} | {id(self.more)}
        margins = self.line.contentsMargins()
        kept = margins.left() + margins.right()
        for at in range(self.line.count()):
            entry = self.line.itemAt(at)
            widget = entry.widget() if entry is not None else None
            if widget is not None and id(widget) not in grouped:
                kept += self._room(widget)
        return kept

    def _wide(self, group: Group) -> int:
        return sum(self._room(widget) for widget in group.widgets)

    def _room(self, widget: QWidget) -> int:
        least = widget.minimumWidth() or widget.sizeHint().width()
        return least + self.line.spacing()

    def fit(self) -> None:
        """Show the groups there is room for, the others in the menu."""
        room = self.width() - self._kept()
        widths = [self._wide(group) for group, _ in self._groups]
        shown = len(widths)
        if sum(widths) > room:
            room -= self._room(self.more)
            while shown and sum(widths[:shown]) > room:
                shown -= 1
        for at, (group, actions) in enumerate(self._groups):
            for widget in group.widgets:
                widget.setVisible(at < shown)
            for action in actions:
                action.setVisible(at >= shown)
        self.more.setVisible(shown < len(widths))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit what the width allows."""
        super().resizeEvent(event)
        self.fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Fit once the sizes are known."""
        super().showEvent(event)
        self.fit()

    def changeEvent(self, event: QEvent) -> None:
        """Fit letters of another size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "more"):
            self.updateGeometry()
            self.fit()
