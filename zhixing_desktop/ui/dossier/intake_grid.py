"""All pages that are to be filed, as thumbnails: chosen, dragged, turned by keys."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from zhixing_desktop.services.file_pages import PagePicture
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.incoming_data import holds_pieces, pieces_of
from zhixing_desktop.ui.dossier.stack import NO_PAGES, ON_PAPER, Stack
from zhixing_desktop.ui.dossier.thumbs import BELOW, FADED, HEADING, TURN, ThumbModel, ThumbView
from zhixing_desktop.ui.page_images import page_image

_ROOT = QModelIndex()
_WIDE_EM = 9.5
_Index = QModelIndex | QPersistentModelIndex
PicturesOf = Callable[[int, Sequence[int], int], Sequence[PagePicture]]


class IntakeModel(ThumbModel):
    """The leaves of a :class:`Stack`.

    ``name_of_source`` says what a file is called, ``pictures_of`` draws pages of one, so wide.
    """

    def __init__(
        self,
        bridge: Bridge,
        stack: Stack,
        name_of_source: Callable[[int], str],
        pictures_of: PicturesOf,
        title_of: Callable[[int], str],
        width: int,
        parent: QWidget,
    ) -> None:
        super().__init__(bridge, self._pictures, parent)
        self._stack, self._title_of = stack, title_of
        self._name_of_source, self._pictures_of = name_of_source, pictures_of
        self._width = width

    def show_stack(self, stack: Stack) -> None:
        """Show another stack, of other files."""
        self.beginResetModel()
        self._stack = stack
        self.forget()
        self.endResetModel()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Return how many pages lie there."""
        return len(self._stack.leaves)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Pages may be dragged."""
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def refresh(self) -> None:
        """Show the stack as it is now."""
        self.beginResetModel()
        self.endResetModel()

    def name_of(self, row: int) -> Hashable:
        """A page is called by its source and its number there."""
        leaf = self._stack.leaves[row]
        return leaf.source, leaf.page

    def image(self, row: int) -> QImage | None:
        """Return its picture; what has no pages has none."""
        if self._stack.leaves[row].page == NO_PAGES:
            return None
        return super().image(row)

    def look(self, row: int, role: int) -> Any:
        """Return turn, heading and number of a page."""
        leaf = self._stack.leaves[row]
        if role == TURN:
            return leaf.turn
        if role == FADED:
            return leaf.out
        return self._words(row, role)

    def _words(self, row: int, role: int) -> str:
        leaf = self._stack.leaves[row]
        said = ""
        if role == HEADING:
            said = self._title_of(leaf.thing) if self._stack.begins(row) else ""
        elif role == BELOW:
            said = self._below(row)
        elif role == Qt.ItemDataRole.UserRole and leaf.page == NO_PAGES:
            said = "仅有纸质" if leaf.source == ON_PAPER else self._name_of_source(leaf.source)
        elif role == Qt.ItemDataRole.AccessibleTextRole:
            said = f"{self._title_of(leaf.thing)}，{self._below(row)}"
        elif role == Qt.ItemDataRole.ToolTipRole and leaf.source != ON_PAPER:
            said = f"{self._name_of_source(leaf.source)}，原第{leaf.page + 1}页"
        return said

    def _below(self, row: int) -> str:
        leaf = self._stack.leaves[row]
        if leaf.page == NO_PAGES:
            return "没有页面"
        if leaf.out:
            return "不入卷"
        rows = self._stack.rows_of(leaf.thing)
        before = [r for r in rows if r < row and not self._stack.leaves[r].out]
        return f"第{len(before) + 1}页"

    def _pictures(self, names: Sequence[Any]) -> Sequence[QImage]:
        found: dict[Hashable, QImage] = {}
        for source in dict.fromkeys(source for source, _ in names):
            wanted = [page for one, page in names if one == source]
            pictures = self._pictures_of(source, wanted, self._width)
            for page, picture in zip(wanted, pictures, strict=True):
                found[source, page] = page_image(picture)
        return [found[name] for name in names]


class IntakeGrid(ThumbView):
    """``moved`` carries the row in front of which the chosen pages shall lie; ``stepped`` -1 or 1;
    ``turned`` degrees; ``dropped_out`` whether the chosen are left out; ``looked_at`` a row;
    ``brought`` files."""

    moved = Signal(int)
    stepped = Signal(int)
    turned = Signal(int)
    dropped_out = Signal(bool)
    looked_at = Signal(int)
    brought = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, wide=_WIDE_EM, grid=True)
        self.setAccessibleName("待入卷的各页")
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setMovement(QListView.Movement.Static)
        self.doubleClicked.connect(lambda index: self.looked_at.emit(index.row()))
        self._line: int | None = None

    def rows(self) -> list[int]:
        """Return the rows that are chosen, in order."""
        return sorted(index.row() for index in self.selectionModel().selectedIndexes())

    def choose(self, rows: Sequence[int]) -> None:
        """Choose rows, the first gets the cursor."""
        model, selection = self.model(), self.selectionModel()
        flag = QItemSelectionModel.SelectionFlag
        selection.clearSelection()
        for row in rows:
            selection.select(model.index(row, 0), flag.Select)
        if rows:
            selection.setCurrentIndex(model.index(rows[0], 0), flag.NoUpdate)
            self.scrollTo(model.index(rows[0], 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt and arrows move, brackets turn, Del leaves out, Insert takes in, Enter looks."""
        key = Qt.Key(event.key())
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if alt and key in (Qt.Key.Key_Left, Qt.Key.Key_Up):
            self.stepped.emit(-1)
        elif alt and key in (Qt.Key.Key_Right, Qt.Key.Key_Down):
            self.stepped.emit(1)
        elif key == Qt.Key.Key_BracketLeft:
            self.turned.emit(-90)
        elif key == Qt.Key.Key_BracketRight:
            self.turned.emit(90)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Insert):
            self.dropped_out.emit(key == Qt.Key.Key_Delete)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.looked_at.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------------------------- dragging

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files, and one's own pages."""
        if event.source() is self or holds_pieces(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show between which pages they would go."""
        # The view scrolls by itself at its edges.
        super().dragMoveEvent(event)
        if event.source() is self:
            self._line = self._row_at(event.position().toPoint())
            self.viewport().update()
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell where they shall lie."""
        self._line = None
        self.viewport().update()
        if event.source() is self:
            self.moved.emit(self._row_at(event.position().toPoint()))
        else:
            pieces = pieces_of(event.mimeData())
            if pieces:
                self.brought.emit(pieces)
        # The view itself takes nothing away.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def _row_at(self, point: Any) -> int:
        index = self.indexAt(point)
        if not index.isValid():
            return self.model().rowCount()
        area = self.visualRect(index)
        return index.row() + (1 if point.x() > area.center().x() else 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pages, and the line between two of them while some are dragged."""
        super().paintEvent(event)
        if self._line is None or not self.model().rowCount():
            return
        last = self._line >= self.model().rowCount()
        index = self.model().index(min(self._line, self.model().rowCount() - 1), 0)
        area: QRect = self.visualRect(index)
        x = area.right() if last else area.left()
        painter = QPainter(self.viewport())
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Link), 3))
        painter.drawLine(x, area.top() + 4, x, area.bottom() - 4)
        painter.end()
