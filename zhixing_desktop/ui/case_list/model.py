"""The list's model: row numbers from a count, rows in blocks when somebody looks at them.

Sorting, filtering and searching are the database's.  Nothing here waits: a row that is not there
yet is drawn as … and announced when its block has come.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.case_list import CaseQuery
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.case_list.rows import (
    COMPACT_HEADERS,
    HEADERS,
    SORT_NAMES,
    CaseRow,
    Column,
    Page,
    read_page,
)

BLOCK = 200
KEPT_BLOCKS = 50
WAITING = "…"
ROW_ROLE = int(Qt.ItemDataRole.UserRole)
"""The :class:`CaseRow` itself; ``None`` while it is on its way."""

# Plain numbers: an enum costs more than the rest of data() (measured).
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_TOOLTIP = int(Qt.ItemDataRole.ToolTipRole)
_ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_Index = QModelIndex | QPersistentModelIndex


class CaseModel(QAbstractTableModel):
    """Cases as rows.  ``loaded`` carries the number of rows after each answer of the database."""

    loaded = Signal(int)
    loading = Signal()

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor: Actor, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._actor = actor
        self._bureau = bureau
        self._bridge = bridge
        self._query = CaseQuery()
        self._total = 0
        self.why = ""
        self._blocks: OrderedDict[int, tuple[CaseRow, ...]] = OrderedDict()
        self._asked: set[int] = set()
        # Answers to a question that nobody asks any more are thrown away.
        self._round = 0
        self._compact = False

    def set_compact(self, compact: bool) -> None:
        """Name the columns for rows of two lines, or of one."""
        if compact != self._compact:
            self._compact = compact
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(HEADERS) - 1)

    @property
    def query(self) -> CaseQuery:
        """What is shown."""
        return self._query

    @property
    def total(self) -> int:
        """How many cases the filter leaves."""
        return self._total

    # ------------------------------------------------------------------------------------ asking

    def set_actor(self, actor: Actor) -> None:
        """Somebody else sits here now: he sees his cases, of which those he works on are 我的."""
        self._actor = actor
        self.show(officer_id=actor.staff_id)

    def show(self, **changed: Any) -> None:
        """Show another filter, search or order (fields of ``CaseQuery``)."""
        query = replace(self._query, **changed)
        self._ask(query, (0,), fresh=True)

    def refresh(self) -> None:
        """Look again; rows that are held are read anew and stay where they are."""
        held = tuple(self._blocks)[-2:] or (0,)
        self._ask(self._query, held, fresh=False)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder, /) -> None:
        """Sort by a column, in the database."""
        if 0 <= column < len(SORT_NAMES):
            descending = order == Qt.SortOrder.DescendingOrder
            self.show(sort=SORT_NAMES[column], descending=descending)

    def _ask(self, query: CaseQuery, blocks: tuple[int, ...], *, fresh: bool) -> None:
        self._query = query
        self._round += 1
        mine = self._round
        self._asked = set(blocks)
        self.loading.emit()

        def done(page: Page) -> None:
            if mine == self._round:
                self._take(page, fresh=fresh)

        actor = self._actor
        self._bridge.read(self, lambda: read_page(self._bureau, actor, query, blocks, BLOCK), done)

    def _take(self, page: Page, *, fresh: bool) -> None:
        self.why = page.why
        if fresh or page.total != self._total:
            self.beginResetModel()
            self._total = page.total
            self._blocks = OrderedDict(page.blocks)
            self.endResetModel()
        else:
            self._blocks = OrderedDict(page.blocks)
            for block in page.blocks:
                self._announce(block)
        self._asked.clear()
        self.loaded.emit(self._total)

    def _fetch(self, block: int) -> None:
        if block in self._asked:
            return
        self._asked.add(block)
        mine, query = self._round, self._query

        def done(page: Page) -> None:
            if mine != self._round:
                return
            self._asked.discard(block)
            self._blocks[block] = page.blocks[block]
            while len(self._blocks) > KEPT_BLOCKS:
                self._blocks.popitem(last=False)
            self._announce(block)

        actor = self._actor
        self._bridge.read(
            self, lambda: read_page(self._bureau, actor, query, (block,), BLOCK), done
        )

    def _announce(self, block: int) -> None:
        first = block * BLOCK
        last = min(first + BLOCK, self._total) - 1
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(HEADERS) - 1))

    # ----------------------------------------------------------------------------------- telling

    def row_at(self, row: int) -> CaseRow | None:
        """Return a row, ``None`` when it is not here yet; it is then asked for."""
        block, place = divmod(row, BLOCK)
        held = self._blocks.get(block)
        if held is None:
            if 0 <= row < self._total:
                self._fetch(block)
            return None
        return held[place] if place < len(held) else None

    def row_of_case(self, case_id: int) -> int | None:
        """Return where a case stands among the rows that are here."""
        for block, rows in self._blocks.items():
            for place, row in enumerate(rows):
                if row.id == case_id:
                    return block * BLOCK + place
        return None

    def rowCount(self, parent: _Index | None = None) -> int:
        """How many cases there are."""
        return 0 if parent is not None and parent.isValid() else self._total

    def columnCount(self, parent: _Index | None = None) -> int:
        """How many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(HEADERS)

    def data(self, index: _Index, role: int = _DISPLAY) -> Any:
        """Return a cell's words, the whole row, or its tooltip."""
        if role == _DISPLAY:
            row = self.row_at(index.row())
            return WAITING if row is None else row.texts[index.column()]
        if role == ROW_ROLE:
            return self.row_at(index.row())
        if role == _TOOLTIP:
            row = self.row_at(index.row())
            return None if row is None else row.tooltip
        if role == _ALIGNMENT and index.column() == Column.AMOUNT:
            return _RIGHT
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        """Return a column's name."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == _DISPLAY:
            return (COMPACT_HEADERS if self._compact else HEADERS)[section]
        if role == _TOOLTIP:
            return f"点击按{HEADERS[section]}排序"
        if role == _ALIGNMENT and section == Column.AMOUNT:
            return _RIGHT
        return None
