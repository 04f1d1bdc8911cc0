"""A list whose rows are ticked: the papers of a pack."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from zhixing_desktop.ui.forms.parts import em

TICKS = 0
"""The column with the boxes to tick."""
_ON, _OFF = Qt.CheckState.Checked, Qt.CheckState.Unchecked


class TickTable(QTableWidget):
    """``columns`` are pairs of heading and width in characters, 0 for the rest of the width."""

    def __init__(
        self, name: str, columns: Sequence[tuple[str, int]], parent: QWidget | None = None
    ) -> None:
        super().__init__(0, len(columns), parent)
        self.setHorizontalHeaderLabels([heading for heading, _ in columns])
        self.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.setAccessibleName(name)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, (_, chars) in enumerate(columns):
            if chars:
                self.setColumnWidth(column, em(self, chars))
            else:
                head.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)

    def put_words(self, row: int, column: int, words: str) -> None:
        """Write words that nobody changes; the tool tip shows what does not fit."""
        item = QTableWidgetItem(words)
        item.setToolTip(words)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        self.setItem(row, column, item)

    def put_box(self, row: int, words: str, *, on: bool) -> None:
        """Write the words that stand beside the box."""
        self.put_words(row, TICKS, words)
        item = self.item(row, TICKS)
        if item is not None:
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(_ON if on else _OFF)

    def ticked(self, row: int) -> bool:
        """Whether a row is ticked."""
        item = self.item(row, TICKS)
        return item is not None and item.checkState() is _ON

    def tick(self, row: int, *, on: bool = True) -> None:
        """Tick a row as a click does."""
        item = self.item(row, TICKS)
        if item is not None:
            item.setCheckState(_ON if on else _OFF)
