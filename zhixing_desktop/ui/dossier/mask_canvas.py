"""A page on which areas are drawn that will be covered: by mouse, and all of it by keyboard."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from zhixing_desktop.services.dossier_copy_types import Area

_LEAST = 0.004
_STEP, _FINE = 0.01, 0.002
_NEW = QRectF(0.35, 0.47, 0.3, 0.03)
_MOVES = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class MaskCanvas(QWidget):
    """``changed`` when areas were drawn, moved or taken away by a person.

    Insert draws one in the middle, Tab goes from one to the next, arrows move it, Shift and arrows
    make it larger or smaller, Ctrl makes the steps fine, Delete takes it away.
    """

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("要遮盖的范围")
        self.setMinimumSize(220, 200)
        self._image = QImage()
        self._rects: list[QRectF] = []
        self._chosen = -1
        self._from: QPointF | None = None
        self._drawing = QRectF()
        self.covered = False
        """Whether the areas are shown as they will be, black."""

    def sizeHint(self) -> QSize:
        """As large as there is room."""
        return QSize(520, 680)

    def show_page(self, image: QImage, areas: tuple[Area, ...]) -> None:
        """Show a page with its areas."""
        self._image = image
        self._rects = [QRectF(QPointF(a.left, a.top), QPointF(a.right, a.bottom)) for a in areas]
        self._chosen = len(self._rects) - 1
        self._from = None
        self._told()

    @property
    def areas(self) -> tuple[Area, ...]:
        """What will be covered."""
        return tuple(Area(r.left(), r.top(), r.right(), r.bottom()) for r in self._rects)

    def _told(self) -> None:
        self.setAccessibleDescription(f"本页遮盖{len(self._rects)}处")
        self.update()

    # ------------------------------------------------------------------------------- drawing

    def _page(self) -> QRectF:
        """Where the page stands in the widget."""
        if self._image.isNull():
            return QRectF()
        room, size = self.size(), self._image.size()
        scale = min(room.width() / size.width(), room.height() / size.height())
        wide, high = size.width() * scale, size.height() * scale
        return QRectF((room.width() - wide) / 2, (room.height() - high) / 2, wide, high)

    def _seen(self, rect: QRectF) -> QRectF:
        page = self._page()
        return QRectF(
            page.left() + rect.left() * page.width(),
            page.top() + rect.top() * page.height(),
            rect.width() * page.width(),
            rect.height() * page.height(),
        )

    def _part(self, at: QPointF) -> QPointF:
        page = self._page()
        across = (at.x() - page.left()) / max(page.width(), 1)
        down = (at.y() - page.top()) / max(page.height(), 1)
        return QPointF(min(max(across, 0.0), 1.0), min(max(down, 0.0), 1.0))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the page and its areas."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._image.isNull():
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "请选择一页")
            return
        painter.drawImage(self._page(), self._image)
        fill = QColor(0, 0, 0, 255 if self.covered else 110)
        for at, rect in enumerate([*self._rects, self._drawing]):
            if rect.isEmpty():
                continue
            chosen = at == self._chosen and self.hasFocus()
            painter.fillRect(self._seen(rect), fill)
            painter.setPen(QPen(QColor("#d02020" if chosen else "#000000"), 3 if chosen else 1))
            painter.drawRect(self._seen(rect))

    # ------------------------------------------------------------------------------- the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose an area, or begin a new one."""
        if self._image.isNull() or event.button() is not Qt.MouseButton.LeftButton:
            return
        at = self._part(event.position())
        hit = [n for n, rect in enumerate(self._rects) if rect.contains(at)]
        self._chosen = hit[-1] if hit else -1
        self._from = None if hit else at
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw it larger."""
        if self._from is not None:
            self._drawing = QRectF(self._from, self._part(event.position())).normalized()
            self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Keep it, unless it is nothing."""
        drawn, self._drawing, self._from = self._drawing, QRectF(), None
        if drawn.width() > _LEAST and drawn.height() > _LEAST:
            self._add(drawn)
        self.update()

    def _add(self, rect: QRectF) -> None:
        self._rects.append(rect)
        self._chosen = len(self._rects) - 1
        self._told()
        self.changed.emit()

    # ------------------------------------------------------------------------------- the keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Everything that the mouse can do."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Insert and not self._image.isNull():
            self._add(QRectF(_NEW))
        elif key == Qt.Key.Key_Delete and 0 <= self._chosen < len(self._rects):
            self._rects.pop(self._chosen)
            self._chosen = min(self._chosen, len(self._rects) - 1)
            self._told()
            self.changed.emit()
        elif key in _MOVES and 0 <= self._chosen < len(self._rects):
            self._push(_MOVES[key], event.modifiers())
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, following: bool) -> bool:
        """Go from area to area first, then on to the next field."""
        if following and self._chosen + 1 < len(self._rects):
            self._chosen += 1
            self.update()
            return True
        return super().focusNextPrevChild(following)

    def _push(self, to: tuple[int, int], keys: Qt.KeyboardModifier) -> None:
        step = _FINE if keys & Qt.KeyboardModifier.ControlModifier else _STEP
        across, down = to[0] * step, to[1] * step
        rect = QRectF(self._rects[self._chosen])
        if keys & Qt.KeyboardModifier.ShiftModifier:
            rect.adjust(0, 0, across, down)
        else:
            rect.translate(across, down)
        rect = rect.intersected(QRectF(0, 0, 1, 1))
        if rect.width() > _LEAST and rect.height() > _LEAST:
            self._rects[self._chosen] = rect
            self.update()
            self.changed.emit()
