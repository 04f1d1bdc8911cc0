"""正卷 or 副卷 as a tree: the catalogue's items, under each its things in their order."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QPalette,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from zhixing_desktop.services.dossier_types import FILED, ItemLine, SideView
from zhixing_desktop.ui.dossier.columns import FittedColumns
from zhixing_desktop.ui.dossier.incoming_data import holds_pieces, pieces_of
from zhixing_desktop.ui.dossier.words import MEDIA, fits, pages_words, version_words
from zhixing_desktop.ui.forms.parts import em

UNPLACED, GONE = 0, -1
"""In place of a number of the catalogue: 尚未编目 and 已撤出."""
_LINE, _PLACE = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
_COLUMNS = ("名称", "页数", "纸质", "来源", "日期", "版本")
_SPARE, _NAME_EM = (3, 5, 4), 17.0
"""The columns that are not shown where the names would get less room than this, in Chinese
characters; what they say is in the tool tip of the name."""
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class DossierTree(QTreeWidget):
    """``chosen`` carries the :class:`ItemLine` under the cursor (``None``: none).

    ``opened`` when it is to be looked at, ``withdraw_wanted`` when it is to be taken out.
    ``moved`` carries a thing, a place of the catalogue and the number of that it shall stand in
    front of (0: the end); ``brought`` files and the place they were dropped on (``None``: none).
    """

    chosen = Signal(object)
    opened = Signal()
    moved = Signal(object, int, int)
    brought = Signal(object, object)
    withdraw_wanted = Signal()

    def __init__(self, side: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.side = side
        self.may_arrange = True
        self._words: list[str] = []
        self.setColumnCount(len(_COLUMNS))
        self.setHeaderLabels(_COLUMNS)
        self.columns = FittedColumns(self, spare=_SPARE, least=_NAME_EM)
        self.setUniformRowHeights(True)
        self.setIndentation(em(self, 1.2))
        self.setAllColumnsShowFocus(True)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.currentItemChanged.connect(lambda now, _before: self.chosen.emit(_line(now)))
        self.itemDoubleClicked.connect(lambda item, _column: self._open(item))

    # ------------------------------------------------------------------------------- showing

    def show_side(self, view: SideView) -> None:
        """Show a side; what was chosen and folded stays so."""
        before = self.line
        at = self.place
        folded = {_place(top) for top in self._tops() if not top.isExpanded()}
        scrolled = self.verticalScrollBar().value()
        self.blockSignals(True)
        self.clear()
        for place in view.places:
            title = f"{place.number}. {place.name}"
            self._group(place.number, title, place.items, place.pages)
        if view.unplaced:
            self._group(UNPLACED, "尚未编目", view.unplaced, sum(i.pages for i in view.unplaced))
        if view.withdrawn:
            self._group(GONE, f"已撤出（{len(view.withdrawn)}件）", view.withdrawn, 0)
        for top in self._tops():
            number = _place(top)
            top.setExpanded(number not in folded and number != GONE)
        self._filter()
        self.columns.fit()
        self.verticalScrollBar().setValue(scrolled)
        self.blockSignals(False)
        if before is None or not self.choose(before.id):
            self._choose_place(at)
        self.chosen.emit(self.line)

    def _group(self, number: int, title: str, items: tuple[ItemLine, ...], pages: int) -> None:
        top = QTreeWidgetItem([f"{title}　{pages}页" if pages else title])
        top.setData(0, _PLACE, number)
        flag = Qt.ItemFlag
        top.setFlags(flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsDropEnabled)
        told = f"{title}，{len(items)}件，{pages}页" if items else f"{title}，空"
        top.setData(0, Qt.ItemDataRole.AccessibleTextRole, told)
        top.setToolTip(0, title)
        font = top.font(0)
        font.setBold(number == UNPLACED)
        top.setFont(0, font)
        if not items:
            grey = QBrush(self.palette().color(QPalette.ColorRole.PlaceholderText))
            top.setForeground(0, grey)
        self.addTopLevelItem(top)
        top.setFirstColumnSpanned(True)
        for item in items:
            top.addChild(self._row(item))

    def _row(self, item: ItemLine) -> QTreeWidgetItem:
        day = str(item.thing_on) if item.thing_on is not None else ""
        row = QTreeWidgetItem(
            [
                f"{item.name}　{item.number}" if item.number else item.name,
                pages_words(item),
                MEDIA[item.medium],
                item.origin.label,
                day,
                version_words(item),
            ]
        )
        row.setData(0, _LINE, item)
        row.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        rest = "　".join(word for word in (item.origin.label, day, version_words(item)) if word)
        row.setToolTip(0, f"{row.text(0)}\n{rest}")
        row.setToolTip(2, item.medium.label)
        flag = Qt.ItemFlag
        flags = flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemNeverHasChildren
        if item.state == FILED:
            flags |= flag.ItemIsDragEnabled
        else:
            font = row.font(0)
            font.setStrikeOut(True)
            row.setFont(0, font)
            row.setToolTip(0, f"{row.toolTip(0)}\n撤出理由：{item.reason}")
        row.setFlags(flags)
        return row

    def filter(self, words: str) -> None:
        """Show only things that have all of these words; an empty filter shows all."""
        self._words = words.split()
        self._filter()

    def _filter(self) -> None:
        for top in self._tops():
            seen = 0
            for row in _children(top):
                line = _line(row)
                hit = not self._words or (line is not None and fits(line, self._words))
                row.setHidden(not hit)
                seen += hit
            top.setHidden(bool(self._words) and not seen)
            if self._words and seen:
                top.setExpanded(True)

    @property
    def line(self) -> ItemLine | None:
        """The thing under the cursor."""
        return _line(self.currentItem())

    @property
    def place(self) -> int | None:
        """The catalogue's number under the cursor, of a thing that of its item."""
        item = self.currentItem()
        if item is None:
            return None
        top = item.parent() or item
        return _place(top)

    def shown(self) -> list[ItemLine]:
        """The things that the filter lets through, from the top."""
        lines = [_line(row) for top in self._tops() for row in _children(top) if not row.isHidden()]
        return [line for line in lines if line is not None]

    def choose(self, item_id: int) -> bool:
        """Put the cursor on a thing; tell whether it is there."""
        for top in self._tops():
            for row in _children(top):
                line = _line(row)
                if line is not None and line.id == item_id:
                    top.setExpanded(True)
                    self.setCurrentItem(row)
                    self.scrollToItem(row)
                    return True
        return False

    def _choose_place(self, number: int | None) -> None:
        tops = list(self._tops())
        found = [top for top in tops if _place(top) == number] or tops
        if found:
            self.setCurrentItem(found[0])

    def _tops(self) -> Iterator[QTreeWidgetItem]:
        for number in range(self.topLevelItemCount()):
            top = self.topLevelItem(number)
            if top is not None:
                yield top

    # -------------------------------------------------------------------------------- acting

    def _open(self, item: QTreeWidgetItem) -> None:
        if _line(item) is not None:
            self.opened.emit()

    def step(self, by: int) -> None:
        """Move the thing under the cursor up or down within its item of the catalogue."""
        row = self.currentItem()
        line = _line(row)
        top = row.parent() if row is not None else None
        if row is None or top is None or line is None or not self._movable(line):
            return
        at = top.indexOfChild(row) + by
        if not 0 <= at < top.childCount():
            return
        # In front of the one above; or in front of the one after the next.
        follower = _line(top.child(at if by < 0 else at + 1))
        self.moved.emit(line, _place(top), follower.id if follower is not None else 0)

    def _movable(self, line: ItemLine) -> bool:
        return self.may_arrange and line.state == FILED

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Alt and an arrow moves, Del takes out."""
        key = Qt.Key(event.key())
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.line is not None:
            self.opened.emit()
        elif key == Qt.Key.Key_Delete and not event.modifiers():
            self.withdraw_wanted.emit()
        elif alt and key in _STEPS:
            self.step(_STEPS[key])
        else:
            super().keyPressEvent(event)

    # -------------------------------------------------------------------------------- dropping

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files, pictures and one's own things."""
        if holds_pieces(event.mimeData()):
            event.acceptProposedAction()
        else:
            super().dragEnterEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show where it would go."""
        super().dragMoveEvent(event)
        if holds_pieces(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell where to; the tree itself changes when it has been written."""
        under = self.itemAt(event.position().toPoint())
        self.drop(event.mimeData(), under, self.dropIndicatorPosition(), own=event.source() is self)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def drop(
        self,
        data: QMimeData,
        under: QTreeWidgetItem | None,
        where: QAbstractItemView.DropIndicatorPosition,
        *,
        own: bool,
    ) -> None:
        """Take what was dropped at a row: files, or the thing under the cursor."""
        top = (under.parent() or under) if under is not None else None
        place = _place(top) if top is not None else None
        if not own:
            pieces = pieces_of(data)
            if pieces:
                self.brought.emit(pieces, place if place is not None and place > 0 else None)
            return
        line = self.line
        if line is None or not self._movable(line) or top is None or not place or place <= 0:
            return
        follower = None
        if under is not top and under is not None:
            below = where == QAbstractItemView.DropIndicatorPosition.BelowItem
            follower = _line(top.child(top.indexOfChild(under) + (1 if below else 0)))
        if follower is not None and follower.id == line.id:
            return
        self.moved.emit(line, place, follower.id if follower is not None else 0)


def _line(item: QTreeWidgetItem | None) -> ItemLine | None:
    found = item.data(0, _LINE) if item is not None else None
    return found if isinstance(found, ItemLine) else None


def _place(item: QTreeWidgetItem) -> int:
    return int(item.data(0, _PLACE))


def _children(top: QTreeWidgetItem) -> Iterator[QTreeWidgetItem]:
    for number in range(top.childCount()):
        row = top.child(number)
        if row is not None:
            yield row
