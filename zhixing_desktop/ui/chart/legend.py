"""What the colours, icons and lines of a chart mean; the same on screen and on paper."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from zhixing_desktop.ui.chart.lines import edge_pen
from zhixing_desktop.ui.chart.text import chart_font, lay_lines, text_width
from zhixing_desktop.ui.icons import paint_icon
from zhixing_desktop.ui.theme import StateLook, Theme

# In the order in which a node lives.
STATE_ORDER = (
    "not_started",
    "active",
    "warned",
    "overdue",
    "frozen",
    "done",
    "done_late",
    "not_applicable",
)
_LINES = (("main", "主流程"), ("branch", "分支"), ("side", "辅助措施"), ("loop", "返回、解除"))
_INFERRED = "推定"
_TEXT = 12.0
_ROW = 26.0
_SWATCH = 26.0
_GAP = 18.0
_SIDE = 12.0


@dataclass(frozen=True, slots=True)
class _Entry:
    """One sign and its word; ``kind`` is state, inferred, or a kind of edge."""

    kind: str
    name: str
    word: str

    @property
    def width(self) -> float:
        return _SWATCH + 6 + text_width(self.word, chart_font(_TEXT)) + _GAP


def legend_height(width: float, theme: Theme) -> float:
    """Height that the legend needs at ``width``, in the units of the chart."""
    return _ROW * len(_rows(width, theme))


def legend_words(theme: Theme) -> str:
    """The legend for screen readers."""
    return "图例：" + "、".join(entry.word for entry in _entries(theme))


def paint_legend(painter: QPainter, origin: QPointF, width: float, theme: Theme) -> None:
    """Draw the legend with its upper left corner at ``origin``."""
    for row, entries in enumerate(_rows(width, theme)):
        at = QPointF(origin.x(), origin.y() + _ROW * (row + 0.5))
        for entry in entries:
            _paint_sign(painter, entry, at, theme)
            painter.setPen(QColor(theme.text))
            for run in lay_lines([entry.word], chart_font(_TEXT), at.x() + _SWATCH + 6, at.y()):
                run.paint(painter)
            at.setX(at.x() + entry.width)


def _entries(theme: Theme) -> list[_Entry]:
    states = [_Entry("state", state, theme.state(state).word) for state in STATE_ORDER]
    lines = [_Entry(kind, kind, word) for kind, word in _LINES]
    return [*states, *lines, _Entry("inferred", "branch", _INFERRED)]


def _rows(width: float, theme: Theme) -> list[list[_Entry]]:
    rows: list[list[_Entry]] = [[]]
    used = 0.0
    for entry in _entries(theme):
        if rows[-1] and used + entry.width - _GAP > width:
            rows.append([])
            used = 0.0
        rows[-1].append(entry)
        used += entry.width
    return rows


def _paint_sign(painter: QPainter, entry: _Entry, at: QPointF, theme: Theme) -> None:
    if entry.kind == "state":
        _paint_state(painter, theme.state(entry.name), at)
    else:
        _paint_line(painter, entry, at, theme)


def _paint_state(painter: QPainter, look: StateLook, at: QPointF) -> None:
    box = QRectF(at.x() + 1, at.y() - 9, _SWATCH - 2, 18)
    painter.setPen(QPen(QColor(look.border), look.width, look.line))
    painter.setBrush(QColor(look.fill))
    painter.drawRoundedRect(box, 4, 4)
    inner = QRectF(box.center().x() - 6, box.center().y() - 6, 12, 12)
    paint_icon(painter, look.icon, inner, QColor(look.text))


def _paint_line(painter: QPainter, entry: _Entry, at: QPointF, theme: Theme) -> None:
    pen = edge_pen(theme, entry.name)
    tip = QPointF(at.x() + _SWATCH, at.y())
    painter.setPen(pen)
    painter.drawLine(QLineF(at.x(), at.y(), tip.x() - 8, at.y()))
    painter.setPen(QPen(pen.color(), 1.3))
    painter.setBrush(QColor(theme.canvas) if entry.kind == "inferred" else pen.color())
    painter.drawPolygon(QPolygonF([tip, tip + QPointF(-8, -3.6), tip + QPointF(-8, 3.6)]))


class LegendStrip(QWidget):
    """The legend as a strip under a chart; wraps when the window is narrow."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self.setAccessibleName(legend_words(theme))
        self.update()

    def hasHeightForWidth(self) -> bool:
        """Narrow windows need more rows."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Rows needed at ``width`` and a little air."""
        return math.ceil(legend_height(width - 2 * _SIDE, self._theme)) + 6

    def sizeHint(self) -> QSize:
        """One row where there is room."""
        return QSize(600, self.heightForWidth(max(600, self.width())))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the signs."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(self._theme.canvas))
        paint_legend(painter, QPointF(_SIDE, 3), self.width() - 2 * _SIDE, self._theme)
        painter.end()
