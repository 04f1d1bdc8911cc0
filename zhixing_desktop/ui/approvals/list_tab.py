"""A table of a window that is read anew when it is shown and when something changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.forms.parts import Words, em
from zhixing_desktop.workflow.errors import ZhixingError

ActorOf = Callable[[], Actor]
PAGE = 200
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: its cells, what it stands for, and where Enter leads."""

    cells: tuple[str, ...]
    what: Any
    case_id: int = 0
    node: int = 0


class _RowDelegate(QStyledItemDelegate):
    """A row is chosen as a whole: no single cell of it stands out."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: _Index) -> None:
        super().initStyleOption(option, index)
        option.state &= ~QStyle.StateFlag.State_HasFocus


class ListTab(QWidget):
    """A table with its count, read anew when it is shown and when something changed.

    ``case_requested`` with case and node.
    """

    case_requested = Signal(int, int)
    columns: tuple[tuple[str, int], ...] = ()
    empty = "没有"
    unit = "件"
    opens_case = True

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor_of: ActorOf, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.bureau, self.bridge, self.actor_of = bureau, bridge, actor_of
        self._asked = 0
        self.lines: list[Line] = []
        box = QVBoxLayout(self)
        self.count = Words(tone="muted")
        box.addWidget(self.count)
        self.table = self._made_table()
        box.addWidget(self.table, 1)
        self.below = Words()
        self.below.hide()
        box.addWidget(self.below)
        self.foot = QHBoxLayout()
        hint = "Enter 打开案件" if self.opens_case else ""
        self.foot.addWidget(Words(hint, tone="muted", middle=True), 1)
        self.more_button = self.add_button("再列出一页", self.more)
        self.more_button.hide()
        box.addLayout(self.foot)
        self.setFocusProxy(self.table)
        bridge.changed.connect(self._on_changes)

    def _made_table(self) -> QTableWidget:
        table = QTableWidget(0, len(self.columns), self)
        table.setHorizontalHeaderLabels([title for title, _ in self.columns])
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setAlternatingRowColors(True)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setItemDelegate(_RowDelegate(table))
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for at, (_, chars) in enumerate(self.columns):
            table.setColumnWidth(at, em(self, chars))
        table.itemActivated.connect(self._activated)
        table.itemSelectionChanged.connect(self.on_selected)
        return table

    def add_button(self, words: str, act: Callable[[], object]) -> QPushButton:
        """Put a button below the table."""
        button = QPushButton(words, self)
        button.setAutoDefault(False)
        button.setEnabled(False)
        button.clicked.connect(lambda _on=False: act())
        self.foot.addWidget(button)
        return button

    # ------------------------------------------------------------------------------ reading

    def question(self, offset: int) -> Callable[[], tuple[Sequence[Line], int]]:
        """Return a job that reads the rows from ``offset`` on, with how many there are in all."""
        raise NotImplementedError

    def reload(self) -> None:
        """Read the list again."""
        self._asked += 1
        ticket, job = self._asked, self.question(0)

        def arrived(found: tuple[Sequence[Line], int]) -> None:
            if ticket == self._asked:
                self._show(found, anew=True)

        self.bridge.read(self, job, arrived, self._failed)

    def more(self) -> None:
        """Read the next page."""
        ticket, job = self._asked, self.question(len(self.lines))

        def arrived(found: tuple[Sequence[Line], int]) -> None:
            if ticket == self._asked:
                self._show(found, anew=False)

        self.bridge.read(self, job, arrived, self._failed)

    def _show(self, found: tuple[Sequence[Line], int], *, anew: bool) -> None:
        lines, total = found
        place = self.table.currentRow()
        self.table.blockSignals(True)
        if anew:
            self.lines = []
        first = len(self.lines)
        self.lines += lines
        self.table.setRowCount(len(self.lines))
        for at, line in enumerate(lines, start=first):
            for column, text in enumerate(line.cells):
                cell = QTableWidgetItem(text)
                cell.setToolTip(text)
                self.table.setItem(at, column, cell)
        if self.lines:
            self.table.selectRow(min(max(place, 0), len(self.lines) - 1))
        self.table.blockSignals(False)
        rest = total > len(self.lines)
        shown = f"，列出{len(self.lines)}{self.unit}" if rest else ""
        self.count.setText(f"共{total}{self.unit}{shown}" if total else self.empty)
        self.more_button.setVisible(rest)
        self.more_button.setEnabled(rest)
        self.on_selected()

    def _failed(self, error: Exception) -> None:
        self.lines = []
        self.table.setRowCount(0)
        self.more_button.hide()
        if isinstance(error, ZhixingError):
            self.count.setText(error.sentence)
        else:
            self.bridge.failed.emit(error)

    def showEvent(self, event: QShowEvent) -> None:
        """What was changed while it was away is read now."""
        super().showEvent(event)
        self.reload()

    def _on_changes(self, changes: Changes) -> None:
        if changes.lists and self.isVisible():
            self.reload()

    # ------------------------------------------------------------------------------- choosing

    def line(self) -> Line | None:
        """Return the selected row."""
        at = self.table.currentRow()
        return self.lines[at] if 0 <= at < len(self.lines) else None

    def on_selected(self) -> None:
        """Follow the selection; what can be done depends on it."""

    def _activated(self, _cell: QTableWidgetItem) -> None:
        line = self.line()
        if line is not None and line.case_id:
            self.case_requested.emit(line.case_id, line.node)
