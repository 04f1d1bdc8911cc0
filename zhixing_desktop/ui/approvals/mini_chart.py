"""A small piece of the case's chart with the node lit; only to be looked at."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from zhixing_desktop.services.chart_marks import Marks
from zhixing_desktop.ui.chart.marks import NodeMark
from zhixing_desktop.ui.chart.view import ChartView
from zhixing_desktop.ui.forms.parts import em
from zhixing_desktop.ui.theme import theme_for
from zhixing_desktop.workflow.charts import Chart

ZOOM = 0.62
_LINES = 8


class MiniChart(QWidget):
    """Shows a node and its neighbours; made once and told of the next case."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: ChartView | None = None
        self.node: int | None = None
        self._marks: Marks = {}
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        self.setAccessibleName("流程图中的位置")
        self.setFixedHeight(self.fontMetrics().height() * _LINES)

    def sizeHint(self) -> QSize:
        """Return a moderate width."""
        return QSize(em(self, 30), self.height())

    @property
    def made(self) -> bool:
        """Whether the chart has been drawn."""
        return self._view is not None

    def make(self, chart: Chart) -> None:
        """Draw the chart; takes a while, so once."""
        view = ChartView(chart, theme_for(self.palette()), self)
        view.setInteractive(False)
        view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # The panel scrolls, not the piece of the chart.
        view.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(view)
        self._view = view
        if self.node is not None:
            self.show_node(self._marks, self.node)

    def show_node(self, marks: Marks, node: int) -> None:
        """Show how the case stands, with ``node`` lit in the middle."""
        self.node, self._marks = node, marks
        view = self._view
        if view is None:
            return
        view.set_marks(
            {
                box: NodeMark(
                    mark.state,
                    mark.days_left_text,
                    mark.instances,
                    mark.counts,
                    mark.waiting,
                    mark.provisional,
                    mark.simulated,
                    mark.tooltip,
                )
                for box, mark in marks.items()
            }
        )
        view.set_zoom(ZOOM)
        view.select(node, centre=True)

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change between light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._view is not None:
            self._view.set_theme(theme_for(self.palette()))
