"""The pages of the 正卷 as a tree to tick: things, and below each its pages."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QWidget

from zhixing_desktop.services.dossier_types import ItemLine

Place = tuple[int, int]
"""A thing and its page, from 0 on."""
_PLACE = Qt.ItemDataRole.UserRole
_UNTICKED, _TICKED = Qt.CheckState.Unchecked, Qt.CheckState.Checked


class CopyPages(QTreeWidget):
    """``looked_at`` when the cursor is on a page or on the first of a thing; ``ticked`` when what
    is chosen is other than before."""

    looked_at = Signal()
    ticked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setHeaderHidden(True)
        self.setAccessibleName("要复制的页面")
        self.currentItemChanged.connect(lambda *_: self.looked_at.emit())
        self.itemChanged.connect(lambda *_: self.ticked.emit())
        self.versions: dict[int, int] = {}
        """By thing, the version that is shown."""

    def fill(self, items: Iterable[ItemLine]) -> None:
        """Show the things that have pages; what was ticked stays, the first page is looked at."""
        before, chosen = self.place, set(self.chosen)
        self.blockSignals(True)
        self.clear()
        self.versions = {item.id: item.current for item in items if item.pdf}
        for item in items:
            if item.pdf:
                self._add(item, chosen)
        self.blockSignals(False)
        leaves = self._leaves()
        wanted = next((one for one in leaves if one.data(0, _PLACE) == before), None)
        if leaves:
            self.setCurrentItem(wanted or leaves[0])
        self.ticked.emit()

    def _add(self, item: ItemLine, chosen: set[Place]) -> None:
        top = QTreeWidgetItem(self, [f"{item.name}（{item.pages}页）"])
        top.setFlags(top.flags() | Qt.ItemFlag.ItemIsAutoTristate)
        top.setCheckState(0, _UNTICKED)
        for page in range(item.pages):
            below = QTreeWidgetItem(top, [f"第{page + 1}页"])
            below.setData(0, _PLACE, (item.id, page))
            below.setCheckState(0, _TICKED if (item.id, page) in chosen else _UNTICKED)

    def _leaves(self) -> list[QTreeWidgetItem]:
        found: list[QTreeWidgetItem] = []
        for number in range(self.topLevelItemCount()):
            top = self.topLevelItem(number)
            if top is not None:
                below = [top.child(at) for at in range(top.childCount())]
                found += [one for one in below if one is not None]
        return found

    @property
    def place(self) -> Place | None:
        """The page that the cursor is on; of a thing, its first."""
        item = self.currentItem()
        below = item.child(0) if item is not None else None
        data = (below or item).data(0, _PLACE) if item is not None else None
        return None if data is None else tuple(data)

    @property
    def chosen(self) -> list[Place]:
        """The pages that are ticked, in the order of the volume."""
        return [tuple(x.data(0, _PLACE)) for x in self._leaves() if x.checkState(0) is _TICKED]

    def tick(self, *places: Place) -> None:
        """Tick pages."""
        self.blockSignals(True)
        for item in self._leaves():
            if tuple(item.data(0, _PLACE)) in places:
                item.setCheckState(0, _TICKED)
        self.blockSignals(False)
        self.ticked.emit()

    def look_at(self, *places: Place) -> None:
        """Put the cursor on a page, where it is there."""
        for item in self._leaves():
            if tuple(item.data(0, _PLACE)) in places:
                self.setCurrentItem(item)
