"""Pages as thumbnails, however many: only those on the screen are drawn, off the GUI thread."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import QColor, QImage, QPainter, QPalette, QPen, QTransform
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.parts import em
from zhixing_desktop.workflow.errors import ZhixingError

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
Draw = Callable[[Sequence[Any]], Sequence[QImage]]
AT_ONCE = 8
_KEPT = 400
"""Thumbnails that stay in the memory: some 40 MB."""
TURN, FADED, HEADING, BELOW, FAILED = (Qt.ItemDataRole.UserRole + n for n in range(1, 6))


class ThumbModel(QAbstractListModel):
    """Rows of pages; a subclass says what page a row is (``name_of``) and what stands below it.

    ``draw`` returns the pictures of some names, in a thread.  What is painted and not drawn yet is
    asked for, the latest first; what has been scrolled away by then is not drawn.
    """

    def __init__(self, bridge: Bridge, draw: Draw, parent: QWidget) -> None:
        super().__init__(parent)
        self._bridge, self._draw = bridge, draw
        self._images: OrderedDict[Hashable, QImage] = OrderedDict()
        self._bad: set[Hashable] = set()
        self._wanted: dict[Hashable, None] = {}
        self._running = False
        self._round = 0
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._ask)

    def name_of(self, row: int) -> Hashable:
        """Return what the page of a row is called."""
        raise NotImplementedError

    def look(self, row: int, role: int) -> Any:
        """Return what is painted beside the page: turn, heading, words below."""
        del row, role

    @property
    def settled(self) -> bool:
        """Whether everything that was painted has its picture."""
        return not self._running and not self._wanted

    def forget(self) -> None:
        """Drop all pictures: another file is shown."""
        self._round += 1
        self._images.clear()
        self._bad.clear()
        self._wanted.clear()

    def image(self, row: int) -> QImage | None:
        """Return a page's picture; asks for it where there is none."""
        name = self.name_of(row)
        found = self._images.get(name)
        if found is not None:
            self._images.move_to_end(name)
            return found
        if name not in self._bad:
            self._wanted.pop(name, None)
            self._wanted[name] = None
            if not self._running and not self._soon.isActive():
                self._soon.start()
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the picture, or what is painted round it."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DecorationRole:
            return self.image(index.row())
        if role == FAILED:
            return self.name_of(index.row()) in self._bad
        return self.look(index.row(), role)

    def _ask(self) -> None:
        if self._running or not self._wanted:
            return
        latest = list(self._wanted)[-AT_ONCE:]
        # The rest is asked for again by whoever paints it.
        self._wanted.clear()
        self._running = True
        mine, draw = self._round, self._draw

        def job() -> tuple[int, dict[Hashable, QImage], list[Hashable]]:
            try:
                return mine, dict(zip(latest, draw(latest), strict=True)), []
            except ZhixingError:
                return mine, *_one_by_one(draw, latest)

        self._bridge.read(self, job, self._take, self._lost)

    def _take(self, found: tuple[int, dict[Hashable, QImage], list[Hashable]]) -> None:
        self._running = False
        mine, images, bad = found
        if mine == self._round:
            self._images.update(images)
            self._bad.update(bad)
            while len(self._images) > _KEPT:
                self._images.popitem(last=False)
        if self.rowCount():
            self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1))
        if self._wanted:
            self._soon.start()

    def _lost(self, error: Exception) -> None:
        self._running = False
        self._bridge.failed.emit(error)


def _one_by_one(
    draw: Draw, names: Sequence[Hashable]
) -> tuple[dict[Hashable, QImage], list[Hashable]]:
    """Draw what can be drawn: one torn page does not take its neighbours along."""
    good: dict[Hashable, QImage] = {}
    bad: list[Hashable] = []
    for name in names:
        try:
            (good[name],) = draw([name])
        except ZhixingError:
            bad.append(name)
    return good, bad


class ThumbView(QListView):
    """Shows a :class:`ThumbModel`; ``across`` pages beside each other where there is room."""

    def __init__(self, parent: QWidget, *, wide: float, grid: bool) -> None:
        super().__init__(parent)
        self.picture_width = em(self, wide)
        self.setViewMode(QListView.ViewMode.IconMode if grid else QListView.ViewMode.ListMode)
        self.setFlow(QListView.Flow.LeftToRight if grid else QListView.Flow.TopToBottom)
        self.setWrapping(grid)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setItemDelegate(ThumbDelegate(self))
        self.verticalScrollBar().setSingleStep(self.fontMetrics().height() * 2)

    @property
    def cell(self) -> QSize:
        """How large the place of one page is."""
        wide, line = self.picture_width, self.fontMetrics().height()
        return QSize(wide + em(self, 1.2), round(wide * 1.42) + line * 2 + em(self, 0.8))


class ThumbDelegate(QStyledItemDelegate):
    """Paints a page on white with its number below; what is left out is faded."""

    def __init__(self, view: ThumbView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the same for all."""
        return self._view.cell

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one page."""
        painter.save()
        area: QRect = option.rect
        palette: QPalette = option.palette
        state = option.state
        line = self._view.fontMetrics().height()
        role = QPalette.ColorRole
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(area.adjusted(2, 2, -2, -2), palette.color(role.Highlight))
        text = palette.color(role.HighlightedText if chosen else role.WindowText)
        painter.setPen(text)
        gap = em(self._view, 0.3)
        top = QRect(area.left() + gap, area.top() + 2, area.width() - 2 * gap, line)
        heading = index.data(HEADING)
        if heading:
            self._words(painter, top, str(heading), Qt.AlignmentFlag.AlignLeft, bold=True)
        bottom = QRect(top.left(), area.bottom() - line - 2, top.width(), line)
        self._words(painter, bottom, str(index.data(BELOW) or ""), Qt.AlignmentFlag.AlignHCenter)
        room = QRect(area.left(), top.bottom() + 2, area.width(), bottom.top() - top.bottom() - 4)
        faded = bool(index.data(FADED))
        if faded:
            painter.setOpacity(0.3)
        self._page(painter, room, index, palette)
        painter.setOpacity(1.0)
        if faded:
            self._crossed(painter, room, palette.color(role.BrightText))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(palette.color(role.Link), 1.4, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(area.adjusted(3, 3, -4, -4))
        painter.restore()

    def _page(self, painter: QPainter, room: QRect, index: _Index, palette: QPalette) -> None:
        image = index.data(Qt.ItemDataRole.DecorationRole)
        wide = self._view.picture_width
        if not isinstance(image, QImage):
            sheet = QRect(0, 0, round(wide * 0.9), round(wide * 1.25))
            sheet.moveCenter(room.center())
            painter.fillRect(sheet, QColor("white"))
            painter.setPen(QColor("#5a5a5a"))
            plain = str(index.data(Qt.ItemDataRole.UserRole) or "")
            words = "不能显示" if index.data(FAILED) else plain
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(sheet.adjusted(4, 4, -4, -4), flags, words)
        else:
            turn = int(index.data(TURN) or 0)
            shown = image.transformed(QTransform().rotate(turn)) if turn % 360 else image
            size = shown.size().scaled(
                QSize(wide, room.height()), Qt.AspectRatioMode.KeepAspectRatio
            )
            sheet = QRect(0, 0, size.width(), size.height())
            sheet.moveCenter(room.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(sheet, shown)
        painter.setPen(palette.color(QPalette.ColorRole.Mid))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(sheet.adjusted(0, 0, -1, -1))

    def _words(
        self,
        painter: QPainter,
        room: QRect,
        words: str,
        flag: Qt.AlignmentFlag,
        *,
        bold: bool = False,
    ) -> None:
        font = self._view.font()
        font.setBold(bold)
        painter.setFont(font)
        elided = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, flag | Qt.AlignmentFlag.AlignVCenter, elided)

    def _crossed(self, painter: QPainter, room: QRect, colour: QColor) -> None:
        side = min(room.width(), room.height()) // 3
        cross = QRect(0, 0, side, side)
        cross.moveCenter(room.center())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour, 3))
        painter.drawLine(cross.topLeft(), cross.bottomRight())
        painter.drawLine(cross.topRight(), cross.bottomLeft())
