"""Two pictures of one page side by side, moved and magnified together, with boxes on both."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QImage,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
    QShortcut,
    QWheelEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QToolTip, QVBoxLayout, QWidget

from zhixing_desktop.services.dossier_proof_types import Spot
from zhixing_desktop.ui.forms.parts import Words, em
from zhixing_desktop.ui.theme import SPOTS

STEP, LEAST, MOST = 1.25, 0.25, 6.0
_AROUND_MM = 1.5


class PicturePane(QWidget):
    """One picture under its words; ``moved`` when somebody scrolls it, ``zoomed`` by a factor."""

    moved = Signal()
    zoomed = Signal(float)
    room_changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.words = Words("", bold=True)
        column.addWidget(self.words)
        self.area = _Area(self)
        self.area.setAccessibleName(name)
        self.canvas = _Canvas(self.area)
        self.area.setWidget(self.canvas)
        column.addWidget(self.area, 1)
        for bar in (self.area.verticalScrollBar(), self.area.horizontalScrollBar()):
            bar.valueChanged.connect(lambda _value: self.moved.emit())
        self.area.zoomed.connect(self.zoomed)
        self.area.room_changed.connect(self.room_changed)

    def show_picture(
        self, words: str, image: QImage | None, spots: Sequence[Spot], across: float
    ) -> None:
        """Show a picture ``across`` millimetres wide, or its words alone."""
        self.words.setText(words)
        policy = Qt.ScrollBarPolicy
        self.area.setVerticalScrollBarPolicy(
            policy.ScrollBarAlwaysOff if image is None else policy.ScrollBarAlwaysOn
        )
        self.canvas.set_picture(image, spots, across)

    def fit(self, zoom: float) -> None:
        """Show the picture ``zoom`` times as wide as there is room."""
        self.canvas.fit(round(self.area.maximumViewportSize().width() * zoom))

    def follow(self, other: PicturePane) -> None:
        """Scroll to where the other one is."""
        for mine, theirs in (
            (self.area.verticalScrollBar(), other.area.verticalScrollBar()),
            (self.area.horizontalScrollBar(), other.area.horizontalScrollBar()),
        ):
            mine.setValue(theirs.value())

    def look_at(self, spot: Spot) -> None:
        """Bring a spot into the middle."""
        box = self.canvas.box_of(spot)
        middle: QPoint = box.center().toPoint()
        self.area.ensureVisible(
            middle.x(), middle.y(), self.area.width() // 3, self.area.height() // 3
        )


class _Area(QScrollArea):
    zoomed = Signal(float)
    room_changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setBackgroundRole(QPalette.ColorRole.Mid)
        # Always, or both pictures would not be equally wide; never without a picture.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say so."""
        super().resizeEvent(event)
        self.room_changed.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel with Ctrl makes larger and smaller."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoomed.emit(STEP if event.angleDelta().y() > 0 else 1 / STEP)
            event.accept()
            return
        super().wheelEvent(event)


class _Canvas(QWidget):
    """The picture as large as it is wanted; painted from the one that was read."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.image: QImage | None = None
        self.spots: tuple[Spot, ...] = ()
        self._across = 210.0

    def set_picture(self, image: QImage | None, spots: Sequence[Spot], across: float) -> None:
        """Take a picture."""
        self.image, self.spots, self._across = image, tuple(spots), across
        if image is None:
            self.setFixedSize(1, 1)
        self.update()

    def fit(self, width: int) -> None:
        """Be so many pixels wide."""
        image = self.image
        if image is None or image.width() == 0:
            return
        self.setFixedSize(
            QSize(max(width, 1), max(round(width * image.height() / image.width()), 1))
        )

    def box_of(self, spot: Spot) -> QRectF:
        """Return where a spot stands on the screen, with a little room around it."""
        scale = self.width() / self._across
        return QRectF(
            (spot.left - _AROUND_MM) * scale,
            (spot.top - _AROUND_MM) * scale,
            (spot.wide + 2 * _AROUND_MM) * scale,
            (spot.high + 2 * _AROUND_MM) * scale,
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint picture and boxes."""
        if self.image is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self.rect(), self.image)
        for spot in self.spots:
            look = SPOTS.get(spot.kind, SPOTS["added"])
            painter.setPen(QPen(QColor(look.colour), 2.0, look.line))
            painter.drawRect(self.box_of(spot))
        tags: list[QRectF] = []
        for spot in self.spots:
            self._tag(painter, spot, tags)
        painter.end()

    def _tag(self, painter: QPainter, spot: Spot, tags: list[QRectF]) -> None:
        """Write the sign of a difference on the corner of its box, unless one stands there."""
        look, box = SPOTS.get(spot.kind, SPOTS["added"]), self.box_of(spot)
        side = painter.fontMetrics().height() * 0.8
        plate = QRectF(box.left() - side, box.top() - side / 2, side, side)
        plate.moveLeft(max(plate.left(), 0.0))
        if any(plate.intersects(tag) for tag in tags):
            return
        tags.append(plate)
        painter.fillRect(plate, QColor(look.colour))
        font = painter.font()
        font.setPixelSize(round(side * 0.85))
        painter.setFont(font)
        painter.setPen(QColor("#ffffff"))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, look.sign)

    def event(self, event: QEvent) -> bool:
        """Tell in a tool tip what a box means."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            at = QPointF(event.pos())
            words = dict.fromkeys(s.label for s in self.spots if self.box_of(s).contains(at))
            QToolTip.showText(event.globalPos(), "、".join(words), self)
            return True
        return super().event(event)


class PicturePair(QWidget):
    """Both pictures; Ctrl and plus, minus or 0 change the size of both."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zoom = 1.0
        self._following = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(em(self, 0.6))
        self.left = PicturePane("电子卷宗的页面", self)
        self.right = PicturePane("扫描件的页面", self)
        for pane, other in ((self.left, self.right), (self.right, self.left)):
            row.addWidget(pane, 1)
            pane.zoomed.connect(self._zoom_by)
            pane.room_changed.connect(self._fit)
            pane.moved.connect(lambda pane=pane, other=other: self._follow(pane, other))
        keys: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Ctrl++", lambda: self._zoom_by(STEP)),
            ("Ctrl+=", lambda: self._zoom_by(STEP)),
            ("Ctrl+-", lambda: self._zoom_by(1 / STEP)),
            ("Ctrl+0", lambda: self._zoom_by(0)),
        )
        for name, act in keys:
            QShortcut(QKeySequence(name), self).activated.connect(act)
        self.setFocusProxy(self.left.area)

    def show_pair(
        self,
        words: tuple[str, str],
        images: tuple[QImage | None, QImage | None],
        spots: Sequence[Spot],
        across: float,
    ) -> None:
        """Show both; the spots stand on each that is there."""
        for pane, said, image in zip((self.left, self.right), words, images, strict=True):
            pane.show_picture(said, image, spots, across)
        self._fit()
        if spots:
            self.left.look_at(spots[0])
            self.right.look_at(spots[0])

    def clear(self, words: str) -> None:
        """Show nothing but words."""
        self.show_pair((words, ""), (None, None), (), 210.0)

    def _fit(self) -> None:
        self.left.fit(self._zoom)
        self.right.fit(self._zoom)

    def _zoom_by(self, factor: float) -> None:
        self._zoom = min(max(self._zoom * factor, LEAST), MOST) if factor else 1.0
        self._fit()

    def _follow(self, pane: PicturePane, other: PicturePane) -> None:
        if self._following:
            return
        self._following = True
        other.follow(pane)
        self._following = False
