"""One chart on the screen: zoom, pan, walking with the keyboard, finding."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QFrame, QGraphicsView, QWidget

from zhixing_desktop.ui.chart.items import NodeItem
from zhixing_desktop.ui.chart.marks import ChartMarks
from zhixing_desktop.ui.chart.scene import ChartScene
from zhixing_desktop.ui.theme import Theme
from zhixing_desktop.workflow.chart_walk import Direction, find_nodes, neighbour
from zhixing_desktop.workflow.charts import Chart, NodeId

MIN_ZOOM = 0.30
READABLE_ZOOM = 0.42
"""From here on a box shows its title."""
MAX_ZOOM = 3.00
_STEP = 1.2
_MARGIN = 60
_ARROWS = {
    Qt.Key.Key_Left: Direction.LEFT,
    Qt.Key.Key_Right: Direction.RIGHT,
    Qt.Key.Key_Up: Direction.UP,
    Qt.Key.Key_Down: Direction.DOWN,
}


class ChartView(QGraphicsView):
    """A chart with a current box.

    ``node_selected`` tells that the ring moved (mouse or keyboard), ``node_activated`` that a box
    shall be opened (Enter, double click); both carry the box's id.  ``zoom_changed`` carries the
    scale, 1.0 for 100 %.
    """

    node_selected = Signal(object)
    node_activated = Signal(object)
    zoom_changed = Signal(float)

    def __init__(self, chart: Chart, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fitted = True
        self._pressed: QPoint | None = None
        self._home: NodeId | None = None
        self._hits: tuple[NodeId, ...] = ()
        self._hit = -1
        self._marks: ChartMarks = {}
        self._scene = ChartScene(chart, theme, self)
        self.setScene(self._scene)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        self.setAccessibleName(f"流程图：{chart.title}")

    # ----------------------------------------------------------------------------------- data

    @property
    def chart(self) -> Chart:
        """The chart shown."""
        return self._scene.chart

    @property
    def chart_scene(self) -> ChartScene:
        """The scene, for export and tests."""
        return self._scene

    @property
    def marks(self) -> ChartMarks:
        """What was last shown."""
        return self._marks

    def set_marks(self, marks: ChartMarks) -> tuple[NodeId, ...]:
        """Show ``marks``; only boxes that differ are repainted.  Returns their ids."""
        self._marks = marks
        changed = self._scene.set_marks(marks)
        if self._scene.current in changed:
            self._describe()
        return changed

    def set_theme(self, theme: Theme) -> None:
        """Rebuild the scene in other colours; place, zoom and hits stay."""
        if theme == self._scene.theme:
            return
        current = self._scene.current
        old = self._scene
        self._scene = ChartScene(old.chart, theme, self)
        self._scene.set_marks(self._marks)
        self._scene.set_current(current)
        self._scene.set_found(self._hits)
        self.setScene(self._scene)
        old.deleteLater()

    def set_home(self, node_id: NodeId | None) -> None:
        """The box that the Home key goes to: where the case stands now."""
        self._home = node_id if node_id is not None and self.chart.has(node_id) else None

    # ----------------------------------------------------------------------------------- zoom

    def zoom(self) -> float:
        """Scale now; 1.0 is 100 %."""
        return self.transform().m11()

    def set_zoom(self, factor: float) -> None:
        """Zoom to ``factor``, held between 30 and 300 %."""
        self._fitted = False
        self._scale_to(min(MAX_ZOOM, max(MIN_ZOOM, factor)))

    def zoom_in(self) -> None:
        """One step closer."""
        self.set_zoom(self.zoom() * _STEP)

    def zoom_out(self) -> None:
        """One step back.  A chart that was fitted below 30 % stays where it is."""
        self.set_zoom(max(MIN_ZOOM, self.zoom() / _STEP) if self.zoom() > MIN_ZOOM else MIN_ZOOM)

    def fit(self) -> None:
        """Show the whole chart, in a small window even below 30 %; follows the window's size."""
        self._fitted = True
        area, chart = self.viewport().size(), self.sceneRect()
        across = (area.width() - 4) / chart.width()
        down = (area.height() - 4) / chart.height()
        self._scale_to(min(MAX_ZOOM, max(0.05, min(across, down))))
        self.centerOn(chart.center())

    def _scale_to(self, factor: float) -> None:
        if abs(factor - self.zoom()) > 1e-9:
            step = factor / self.zoom()
            self.scale(step, step)
            self.zoom_changed.emit(factor)

    # -------------------------------------------------------------------------- current box

    def current(self) -> NodeId | None:
        """The box with the ring."""
        return self._scene.current

    def bring(self, node_id: NodeId) -> None:
        """Bring a box to the middle, large enough to read; the ring stays where it is."""
        item = self._scene.nodes.get(node_id)
        if item is None:
            return
        if self.zoom() < READABLE_ZOOM:
            self.set_zoom(READABLE_ZOOM)
        self.centerOn(item)

    def select(self, node_id: NodeId, *, centre: bool = False) -> bool:
        """Move the ring to a box and show it; False when the chart has no such box.

        ``centre`` brings it to the middle, at a scale at which its title can be read.
        """
        if node_id not in self._scene.nodes:
            return False
        moved = node_id != self._scene.current
        self._scene.set_current(node_id)
        item = self._scene.nodes[node_id]
        if centre:
            self.bring(node_id)
        else:
            self.ensureVisible(item, _MARGIN, _MARGIN)
        if moved:
            self._describe()
            self.node_selected.emit(node_id)
        return True

    def go_home(self) -> None:
        """Move the ring to where the case stands, else to the chart's first box."""
        self.select(self._home if self._home is not None else self.chart.first, centre=True)

    def walk(self, direction: Direction) -> None:
        """Step to the neighbour in that direction, if there is one."""
        current = self._scene.current
        if current is None:
            self.go_home()
            return
        target = neighbour(self.chart, current, direction)
        if target is not None:
            self.select(target)

    def _describe(self) -> None:
        current = self._scene.current
        if current is not None:
            self.setAccessibleDescription(self._scene.nodes[current].accessible_text())

    # --------------------------------------------------------------------------------- finding

    def find_text(self, text: str) -> int:
        """Ring all boxes that ``text`` names and go to the first; returns how many."""
        self._hits = find_nodes(self.chart, text)
        self._scene.set_found(self._hits)
        self._hit = -1
        if self._hits:
            self.find_next()
        return len(self._hits)

    def find_next(self, step: int = 1) -> None:
        """Go to the next hit, or with -1 to the one before; goes round at the ends."""
        if self._hits:
            self._hit = (self._hit + step) % len(self._hits)
            self.select(self._hits[self._hit], centre=True)

    def hit_place(self) -> tuple[int, int]:
        """Which hit is shown (from 1; 0 when none) and how many there are."""
        return (self._hit + 1 if self._hits else 0, len(self._hits))

    # ------------------------------------------------------------------------------ Qt events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk, Enter opens, Home, +, -, 0."""
        key = Qt.Key(event.key())
        plain = {
            Qt.Key.Key_Return: self._activate_current,
            Qt.Key.Key_Enter: self._activate_current,
            Qt.Key.Key_Home: self.go_home,
            Qt.Key.Key_Plus: self.zoom_in,
            Qt.Key.Key_Equal: self.zoom_in,
            Qt.Key.Key_Minus: self.zoom_out,
            Qt.Key.Key_0: self.fit,
        }
        if key in _ARROWS and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.walk(_ARROWS[key])
        elif key in plain:
            plain[key]()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def _activate_current(self) -> None:
        if self._scene.current is not None:
            self.node_activated.emit(self._scene.current)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl zooms under the mouse, Shift moves sideways."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            turns = event.angleDelta().y() / 120
            if turns:
                self._zoom_at(event.position(), self.zoom() * _STEP**turns)
            event.accept()
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier and event.angleDelta().y():
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() - event.angleDelta().y())
            event.accept()
        else:
            super().wheelEvent(event)

    def _zoom_at(self, place: QPointF, factor: float) -> None:
        before = self.mapToScene(place.toPoint())
        self.set_zoom(factor)
        moved = self.mapFromScene(before) - place.toPoint()
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() + moved.x())
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() + moved.y())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a click began; dragging moves the picture."""
        left = event.button() == Qt.MouseButton.LeftButton
        self._pressed = event.position().toPoint() if left else None
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click that did not move selects the box under it."""
        super().mouseReleaseEvent(event)
        event.accept()
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        place, pressed = event.position().toPoint(), self._pressed
        self._pressed = None
        if pressed is None:
            return
        if (place - pressed).manhattanLength() < QApplication.startDragDistance():
            item = self._node_at(place)
            if item is not None:
                self.select(item.node.id)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the box under the mouse."""
        item = self._node_at(event.position().toPoint())
        if item is not None and event.button() == Qt.MouseButton.LeftButton:
            self.select(item.node.id)
            self.node_activated.emit(item.node.id)
            event.accept()
        else:
            super().mouseDoubleClickEvent(event)

    def _node_at(self, place: QPoint) -> NodeItem | None:
        for item in self.items(place):
            if isinstance(item, NodeItem):
                return item
        return None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A fitted chart stays fitted."""
        super().resizeEvent(event)
        if self._fitted:
            self.fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Fit the chart when it is shown for the first time."""
        super().showEvent(event)
        if self._fitted:
            self.fit()
