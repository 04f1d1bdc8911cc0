"""The papers of a pack in a list: ticked, with how many copies of each are wanted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTableWidgetItem, QWidget

from zhixing_desktop.ui.papers.packs import Entry
from zhixing_desktop.ui.papers.tick_table import TickTable

ABOUT, STATE, COPIES = 1, 2, 3
_COLUMNS = (("文书", 0), ("对象", 13), ("状态", 11), ("份数", 3))
_MOST_COPIES = 99


class PackTable(TickTable):
    """``entries`` are the lines of the list; ``chosen_changed``: a tick or a number of copies."""

    chosen_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("文书", _COLUMNS, parent)
        self.entries: tuple[Entry, ...] = ()
        self._filling = False
        self.itemChanged.connect(self._changed)

    def put_entries(self, entries: tuple[Entry, ...]) -> None:
        """Show other lines; what was there before keeps its tick and its number of copies."""
        before = {_mark(e): (self.ticked(r), self.copies(r)) for r, e in enumerate(self.entries)}
        self.entries = entries
        with self._quiet():
            self.setRowCount(len(entries))
            for row, entry in enumerate(entries):
                tick, copies = before.get(_mark(entry), (entry.ticked, 1))
                self._put_entry(row, entry, tick=tick, copies=copies)

    def _put_entry(self, row: int, entry: Entry, *, tick: bool, copies: int) -> None:
        self.put_box(row, entry.name, on=tick)
        self.put_words(row, ABOUT, entry.about)
        self.put_words(row, STATE, entry.state)
        count = QTableWidgetItem()
        count.setData(Qt.ItemDataRole.EditRole, copies)
        count.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setItem(row, COPIES, count)

    def copies(self, row: int) -> int:
        """Return how many copies of a row are wanted, at least one."""
        item = self.item(row, COPIES)
        value = item.data(Qt.ItemDataRole.EditRole) if item is not None else 1
        return min(max(int(value or 1), 1), _MOST_COPIES)

    def tick_all(self, on: bool) -> None:
        """Tick all rows that are shown, or none."""
        with self._quiet():
            for row in range(self.rowCount()):
                if not self.isRowHidden(row):
                    self.tick(row, on=on)
        self.chosen_changed.emit()

    def chosen(self) -> list[tuple[int, Entry]]:
        """Return the ticked rows with their entries."""
        return [(row, entry) for row, entry in enumerate(self.entries) if self.ticked(row)]

    def filter(self, words: str) -> None:
        """Show the rows with these words, hide the others; their ticks stay."""
        wanted = words.strip()
        for row, entry in enumerate(self.entries):
            whole = f"{entry.name}{entry.about}{entry.state}"
            self.setRowHidden(row, wanted not in whole)

    def _changed(self, item: QTableWidgetItem) -> None:
        if self._filling:
            return
        if item.column() == COPIES and item.text() != str(self.copies(item.row())):
            item.setData(Qt.ItemDataRole.EditRole, self.copies(item.row()))
            return
        self.chosen_changed.emit()

    @contextmanager
    def _quiet(self) -> Iterator[None]:
        self._filling = True
        try:
            yield
        finally:
            self._filling = False


def _mark(entry: Entry) -> tuple[object, ...]:
    """What a line is, whatever has become of it since."""
    kept = entry.line.id if entry.line is not None else None
    form = entry.wish.form if entry.wish is not None and kept is None else ""
    return (kept, form, entry.about, entry.whom)
