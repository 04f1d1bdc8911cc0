"""The rows of the whole journal as a table that reads on as one scrolls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from zhixing_desktop.services.journal_search import JournalLine

COLUMNS = ("编号", "时间", "人员", "工作站", "事项", "案号")
WIDTHS = (6, 12, 9, 10, 18, 16)
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class JournalModel(QAbstractTableModel):
    """Holds what was read; ``wanted`` is emitted when somebody scrolls to the end."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[JournalLine] = []
        self._more = False
        self._asked = False

    def start(self) -> None:
        """Throw away what was read."""
        self.beginResetModel()
        self.lines, self._more, self._asked = [], False, True
        self.endResetModel()

    def add(self, lines: Sequence[JournalLine], *, more: bool) -> None:
        """Add what was read; ``more`` tells whether there is older."""
        self._more, self._asked = more, False
        if lines:
            first = len(self.lines)
            self.beginInsertRows(QModelIndex(), first, first + len(lines) - 1)
            self.lines += lines
            self.endInsertRows()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Return how many rows were read."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the headings."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the words of a cell."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        return words_of(self.lines[index.row()])[index.column()]

    def canFetchMore(self, parent: _Index) -> bool:
        """Tell whether there is older that nobody has asked for yet."""
        return not parent.isValid() and self._more and not self._asked

    def fetchMore(self, parent: _Index) -> None:
        """Ask for older rows."""
        self._asked = True
        self.wanted.emit()


def words_of(line: JournalLine) -> tuple[str, ...]:
    """Return the cells of a row."""
    who = f"{line.actor}（代{line.on_behalf_of}）" if line.on_behalf_of else line.actor
    at = f"{line.at:%Y-%m-%d %H:%M:%S}"
    return (str(line.id), at, who, line.workstation, line.action, line.case_no)
