"""The chief's list of applications beside the one that is being decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services.application_view import (
    LEVELS,
    ApplicationDetail,
    ApplicationRow,
    application_detail,
    application_rows,
)
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.fact_words import OUTCOMES, when_words
from zhixing_desktop.ui.approvals.application import ApplicationPane
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.forms.choices import CalmCombo
from zhixing_desktop.ui.forms.parts import Words, em

COLUMNS = ("申请时间", "案号", "节点", "事项", "申请人", "冻结时间", "审批层级", "状态")
_WIDTHS = (9, 12, 11, 8, 5, 9, 7, 5)
FILTERS = (("待决定", False), ("已决定", True))


class ApplicationTable(QTableWidget):
    """The list; a row carries its :class:`ApplicationRow`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(COLUMNS), parent)
        self.setHorizontalHeaderLabels(COLUMNS)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setAccessibleName("申请列表")
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        for column, chars in enumerate(_WIDTHS):
            self.setColumnWidth(column, em(self, chars))

    def fill(self, rows: tuple[ApplicationRow, ...], now: datetime | None = None) -> None:
        """Show some applications."""
        self.setRowCount(len(rows))
        for at, row in enumerate(rows):
            entry = row.application
            texts = (
                f"{entry.requested_at:%Y-%m-%d %H:%M}",
                entry.case_no,
                f"{entry.node} {entry.node_name}",
                row.matter,
                entry.requested_by,
                when_words(row.frozen_at) if row.frozen_at is not None else "",
                LEVELS.get(entry.level, entry.level),
                OUTCOMES.get(entry.status, entry.status),
            )
            for column, text in enumerate(texts):
                cell = QTableWidgetItem(text)
                cell.setToolTip(text)
                if column == 0:
                    cell.setData(Qt.ItemDataRole.UserRole, row)
                self.setItem(at, column, cell)

    def row_at(self, at: int) -> ApplicationRow | None:
        """Return the application of a row."""
        cell = self.item(at, 0)
        found = cell.data(Qt.ItemDataRole.UserRole) if cell is not None else None
        return found if isinstance(found, ApplicationRow) else None


class ApprovalPanel(QWidget):
    """``case_requested`` with case and node when somebody wants to see the case."""

    case_requested = Signal(int, int)

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: Callable[[], Actor],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._bureau, self._bridge = bureau, bridge
        self._asked = 0
        self._wanted: tuple[int, int] | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(6, 6, 6, 6)
        line = QHBoxLayout()
        self.filter = CalmCombo(self)
        self.filter.setAccessibleName("显示哪些申请")
        for words, decided in FILTERS:
            self.filter.addItem(words, decided)
        self.filter.activated.connect(self.reload)
        line.addWidget(self.filter)
        self.count = Words(tone="muted", middle=True)
        line.addWidget(self.count, 1)
        box.addLayout(line)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        self.table = ApplicationTable(self)
        self.table.itemSelectionChanged.connect(self._selected)
        self.table.itemActivated.connect(self._activated)
        self.pane = ApplicationPane(bureau, bridge, actor_of, self)
        self.pane.decided.connect(self.reload)
        self.pane.case_requested.connect(self.case_requested)
        split.addWidget(self.table)
        split.addWidget(self.pane)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 1)
        split.setSizes([em(self, 36), em(self, 34)])
        split.setChildrenCollapsible(False)
        self.pane.setMinimumWidth(em(self, 20))
        box.addWidget(split, 1)
        bridge.changed.connect(self._on_changes)
        self.reload()

    def set_actor(self, _actor: Actor) -> None:
        """Somebody else works here now."""
        self.reload()

    def reload(self, *_: object) -> None:
        """Read the list again; the selected application stays selected."""
        self._asked += 1
        ticket, bureau = self._asked, self._bureau
        decided = bool(self.filter.currentData())
        self._bridge.read(
            self, lambda: (ticket, application_rows(bureau, decided=decided)), self._arrived
        )

    def _on_changes(self, changes: Changes) -> None:
        if changes.lists:
            self.reload()

    def _arrived(self, answer: tuple[int, tuple[ApplicationRow, ...]]) -> None:
        ticket, rows = answer
        if ticket != self._asked:
            return
        self.table.blockSignals(True)
        self.table.fill(rows)
        places = [(r.application.case_id, r.application.request) for r in rows]
        at = places.index(self._wanted) if self._wanted in places else 0
        if rows:
            self.table.selectRow(at)
        self.table.blockSignals(False)
        words = self.filter.currentText()
        self.count.setText(f"{words}{len(rows)}件" if rows else f"没有{words}的申请")
        if rows:
            self._selected()
        else:
            self._wanted = None
            self.pane.show_nothing("")

    def _selected(self) -> None:
        row = self.table.row_at(self.table.currentRow())
        if row is None:
            return
        self._wanted = (row.application.case_id, row.application.request)
        bureau, wanted = self._bureau, self._wanted

        def show(detail: ApplicationDetail) -> None:
            if self._wanted == wanted:
                self.pane.show_detail(detail)

        self._bridge.read(self, lambda: application_detail(bureau, row), show)

    def _activated(self, _cell: QTableWidgetItem) -> None:
        self.pane.reason.setFocus()
