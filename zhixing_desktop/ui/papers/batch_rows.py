"""The cases of a batch as a list to tick: kept as they were read, drawn as far as they are seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from zhixing_desktop.services.case_list import CaseLine
from zhixing_desktop.ui.forms.parts import em

TICKS, PARTIES, RESULT = range(3)
_HEADINGS = ("案号", "当事人", "结果")
_CHARS = (13, 14)
_Role = Qt.ItemDataRole
_DISPLAY, _TOOLTIP, _CHECK = (
    int(_Role.DisplayRole),
    int(_Role.ToolTipRole),
    int(_Role.CheckStateRole),
)
_NOWHERE = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


class BatchRows(QAbstractTableModel):
    """Cases, which of them are ticked, and what came of each; ``dataChanged`` tells of a tick."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cases: Sequence[CaseLine] = ()
        self._row_of: dict[int, int] = {}
        self._results: dict[int, str] = {}
        self._ticked: set[int] = set()

    def show_cases(self, cases: Sequence[CaseLine]) -> None:
        """Show some cases, all of them ticked."""
        self.beginResetModel()
        self._cases = cases
        self._row_of = {line.id: row for row, line in enumerate(cases)}
        self._results = {}
        self._ticked = set(range(len(cases)))
        self.endResetModel()

    def row_of(self, case_id: int) -> int | None:
        """Return the row of a case."""
        return self._row_of.get(case_id)

    # ----------------------------------------------------------------------------- ticks, results

    def ticked(self) -> list[int]:
        """Return the rows that are ticked, from the top."""
        return sorted(self._ticked)

    @property
    def count_ticked(self) -> int:
        """How many rows are ticked."""
        return len(self._ticked)

    def tick(self, row: int, *, on: bool = True) -> None:
        """Tick a row, or let it go."""
        (self._ticked.add if on else self._ticked.discard)(row)
        place = self.index(row, TICKS)
        self.dataChanged.emit(place, place, [_CHECK])

    def tick_all(self, *, on: bool) -> None:
        """Tick all rows, or none."""
        self._ticked = set(range(len(self._cases))) if on else set()
        if self._cases:
            last = self.index(len(self._cases) - 1, TICKS)
            self.dataChanged.emit(self.index(0, TICKS), last, [_CHECK])

    def result(self, row: int) -> str:
        """Return what came of a row's case; empty while nothing did."""
        return self._results.get(row, "")

    def put_result(self, row: int, words: str) -> None:
        """Say what came of a row's case."""
        self._results[row] = words
        place = self.index(row, RESULT)
        self.dataChanged.emit(place, place, [_DISPLAY, _TOOLTIP])

    def clear_results(self) -> None:
        """Forget what came of all of them; rows get their plain height again."""
        if self._results:
            self.beginResetModel()
            self._results = {}
            self.endResetModel()

    # ---------------------------------------------------------------------------- for the view

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """How many cases there are."""
        return 0 if parent.isValid() else len(self._cases)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """How many columns."""
        return 0 if parent.isValid() else len(_HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        """Return the headings."""
        if orientation is Qt.Orientation.Horizontal and role == _DISPLAY:
            return _HEADINGS[section]
        return None

    def data(self, index: _Index, role: int = _DISPLAY) -> Any:
        """Return words, the same as a tool tip, and the box of the first column."""
        row, column = index.row(), index.column()
        if role in (_DISPLAY, _TOOLTIP):
            line = self._cases[row]
            return (line.case_no, line.parties, self.result(row))[column]
        if role == _CHECK and column == TICKS:
            return Qt.CheckState.Checked if row in self._ticked else Qt.CheckState.Unchecked
        return None

    def setData(self, index: _Index, value: Any, role: int = _DISPLAY) -> bool:
        """Tick, as a click or the space bar does."""
        if role != _CHECK or index.column() != TICKS:
            return False
        self.tick(index.row(), on=Qt.CheckState(value) is Qt.CheckState.Checked)
        return True

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """The first column can be ticked."""
        plain = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return plain | Qt.ItemFlag.ItemIsUserCheckable if index.column() == TICKS else plain


class BatchTable(QTableView):
    """Shows :class:`BatchRows`; a row grows with the words of its result."""

    def __init__(self, rows: BatchRows, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(rows)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setAccessibleName("案件")
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, chars in enumerate(_CHARS):
            self.setColumnWidth(column, em(self, chars))
        head.setSectionResizeMode(RESULT, QHeaderView.ResizeMode.Stretch)
