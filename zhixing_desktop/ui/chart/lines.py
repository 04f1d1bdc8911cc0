"""Lines, their labels, and the frames behind them."""

from __future__ import annotations

import math
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPainterPathStroker, QPen, QPolygonF
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsSceneHoverEvent,
    QStyleOptionGraphicsItem,
    QWidget,
)

from zhixing_desktop.ui.chart.text import Run, chart_font, lay_centred, lay_lines, text_width
from zhixing_desktop.ui.theme import Theme
from zhixing_desktop.workflow.charts import ChartEdge, ChartGroup, Point

NORMAL, OUTGOING, INCOMING, HOVERED = range(4)
LABELS_FROM = 0.5
TITLES_FROM = 0.6

BASIS_WORDS = {"S": "指引明文", "L": "法律、司法解释", "I": "推定，待本院确认"}
KIND_WIDTHS = {"main": 2.0, "branch": 1.5, "side": 1.3, "loop": 1.3}
_DASHES = {"main": [], "branch": [], "side": [7.0, 3.5], "loop": [2.0, 3.0]}
_HEIGHTS = {"loop": 1.0, "side": 1.1, "branch": 1.2, "main": 1.3}
_CORNER = 7.0
_HEAD = 9.0

Stroke = tuple[Point, Point]


def edge_pen(theme: Theme, kind: str, emphasis: int = NORMAL) -> QPen:
    """Pen of a kind of edge."""
    colours = {OUTGOING: theme.accent, INCOMING: theme.incoming, HOVERED: theme.accent}
    colour = colours.get(emphasis, theme.edges[kind])
    width = KIND_WIDTHS[kind] + (1.2 if emphasis else 0.0)
    pen = QPen(QColor(colour), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if _DASHES[kind]:
        pen.setDashPattern([part / width * 1.3 for part in _DASHES[kind]])
    return pen


class EdgeItem(QGraphicsItem):
    """A line with its arrow.

    ``drawn`` are the pieces that no earlier line of the same code has drawn: where lines of one
    code run together, dashes painted twice would fill each other.
    """

    def __init__(self, edge: ChartEdge, drawn: list[list[Point]], theme: Theme) -> None:
        super().__init__()
        self.edge = edge
        self._theme = theme
        self._emphasis = NORMAL
        self._base_emphasis = NORMAL
        self._whole = _rounded(_shortened(list(edge.route)))
        self._drawn = QPainterPath()
        for piece in drawn:
            at_end = piece[-1] == edge.route[-1]
            self._drawn.addPath(_rounded(_shortened(piece) if at_end else piece))
        self._arrow = _arrow(edge.route[-2], edge.route[-1])
        stroker = QPainterPathStroker()
        stroker.setWidth(12)
        self._shape = stroker.createStroke(self._whole)
        self._bounds = self._whole.boundingRect().united(self._arrow.boundingRect())
        self._bounds.adjust(-4, -4, 4, 4)
        self._pen = edge_pen(theme, edge.kind)
        self.label: LabelItem | None = None
        self.setZValue(_HEIGHTS[edge.kind])
        self.setAcceptHoverEvents(True)

    def set_emphasis(self, emphasis: int) -> None:
        """Draw the line as leaving, entering, or having nothing to do with the current box."""
        self._base_emphasis = emphasis
        self._apply(emphasis)

    def _apply(self, emphasis: int) -> None:
        if emphasis == self._emphasis:
            return
        self._emphasis = emphasis
        self._pen = edge_pen(self._theme, self.edge.kind, emphasis)
        self.setZValue(1.9 if emphasis else _HEIGHTS[self.edge.kind])
        if self.label is not None:
            self.label.set_emphasis(emphasis, self)
        self.update()

    def boundingRect(self) -> QRectF:
        """Line and arrow."""
        return self._bounds

    def shape(self) -> QPainterPath:
        """A band around the line, wide enough for a mouse."""
        return self._shape

    def hoverEnterEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        """A line under the mouse stands out, so that the eye can follow it."""
        if not self._base_emphasis:
            self._apply(HOVERED)
        super().hoverEnterEvent(event)

    def hoverLeaveEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        """Back to what it was."""
        self._apply(self._base_emphasis)
        super().hoverLeaveEvent(event)

    def paint(
        self,
        painter: QPainter,
        _option: QStyleOptionGraphicsItem,
        _widget: QWidget | None = None,
    ) -> None:
        """Draw the line; all of it when it stands out."""
        painter.setPen(self._pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        path = self._whole if self._emphasis else self._drawn
        if not path.isEmpty():  # an empty path is an error in SVG
            painter.drawPath(path)
        inferred = self.edge.basis == "I"
        painter.setPen(QPen(self._pen.color(), 1.3))
        painter.setBrush(QColor(self._theme.frame_fill) if inferred else self._pen.color())
        painter.drawPolygon(self._arrow)


class LabelItem(QGraphicsItem):
    """The short word on a line.  Hidden when it would be too small to read."""

    def __init__(self, edge: ChartEdge, at: Point, theme: Theme, ground: str) -> None:
        super().__init__()
        font = chart_font(12)
        self._run = lay_centred(edge.label, font, 0, 0)
        width = text_width(edge.label, font) + 6
        self._box = QRectF(-width / 2, -8.5, width, 17)
        self._theme = theme
        self._ground = QColor(ground)
        self._owners: dict[EdgeItem, int] = {}
        self.full_detail = False
        self.setPos(*at)
        self.setZValue(2)

    def set_emphasis(self, emphasis: int, owner: EdgeItem) -> None:
        """Follow the lines that share this label."""
        if emphasis:
            self._owners[owner] = emphasis
        else:
            self._owners.pop(owner, None)
        self.update()

    def boundingRect(self) -> QRectF:
        """The word with a little air."""
        return self._box

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        _widget: QWidget | None = None,
    ) -> None:
        """Draw the word over its line, which is wiped away behind it."""
        scale = option.levelOfDetailFromTransform(painter.worldTransform())
        if scale < LABELS_FROM and not self.full_detail:
            return
        painter.fillRect(self._box, self._ground)
        emphasis = next(iter(self._owners.values()), NORMAL)
        colour = {
            NORMAL: self._theme.label,
            INCOMING: self._theme.incoming,
        }.get(emphasis, self._theme.accent)
        painter.setPen(QColor(colour))
        self._run.paint(painter)


class GroupItem(QGraphicsItem):
    """A frame with its title, or a lane with its title in a head at the left."""

    def __init__(
        self, group: ChartGroup, theme: Theme, *, odd: bool = False, full_detail: bool = False
    ) -> None:
        super().__init__()
        self.frame = group
        self._box = QRectF(0, 0, group.w, group.h)
        self._lane = group.kind == "lane"
        self._full_detail = full_detail
        self._fill = QColor(theme.canvas if self._lane and odd else theme.frame_fill)
        self._border = QPen(QColor(theme.frame_border), 1.2)
        self._title_pen = QPen(QColor(theme.frame_title))
        self._near = self._lay_title(15, 20)
        self._far = self._lay_title(22, 28)
        self.setPos(group.x, group.y)
        self.setZValue(0)

    def _lay_title(self, size: float, step: float) -> list[Run]:
        title, font = self.frame.title, chart_font(size, bold=True)
        if not self._lane:
            return lay_lines([title], font, 14, 18)
        top = self.frame.h / 2 - step * (len(title) - 1) / 2
        return [lay_centred(sign, font, 22, top + step * k) for k, sign in enumerate(title)]

    @property
    def fill(self) -> str:
        """Colour behind what lies in the group."""
        return self._fill.name()

    def boundingRect(self) -> QRectF:
        """The frame with its border."""
        return self._box.adjusted(-1, -1, 1, 1)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        _widget: QWidget | None = None,
    ) -> None:
        """Draw frame and title; the title larger when the chart is small."""
        painter.setPen(self._border)
        painter.setBrush(self._fill)
        if self._lane:
            painter.drawRect(self._box)
            painter.drawLine(QPointF(44, 0), QPointF(44, self._box.height()))
        else:
            painter.drawRoundedRect(self._box, 12, 12)
        painter.setPen(self._title_pen)
        scale = option.levelOfDetailFromTransform(painter.worldTransform())
        near = self._full_detail or scale >= TITLES_FROM
        for run in self._near if near else self._far:
            run.paint(painter)


# ------------------------------------------------------------------------------------- geometry


def fresh_pieces(route: tuple[Point, ...], covered: list[Stroke]) -> list[list[Point]]:
    """The parts of ``route`` that run over none of the ``covered`` strokes, in order."""
    pieces: list[list[Point]] = []
    for start, end in pairwise(route):
        for a, b in _uncovered(start, end, covered):
            if pieces and pieces[-1][-1] == a:
                pieces[-1].append(b)
            else:
                pieces.append([a, b])
    return pieces


def distance_to(route: tuple[Point, ...], point: Point) -> float:
    """Shortest way from ``point`` to a line of level and upright strokes."""
    return min(
        math.dist(
            point,
            (
                min(max(point[0], min(a[0], b[0])), max(a[0], b[0])),
                min(max(point[1], min(a[1], b[1])), max(a[1], b[1])),
            ),
        )
        for a, b in pairwise(route)
    )


def _uncovered(start: Point, end: Point, covered: list[Stroke]) -> list[Stroke]:
    along, across = (0, 1) if start[1] == end[1] else (1, 0)
    low, high = sorted((start[along], end[along]))
    spans = [(low, high)]
    for a, b in covered:
        if a[across] != b[across] or a[across] != start[across]:
            continue
        c_low, c_high = sorted((a[along], b[along]))
        spans = [
            part
            for lo, hi in spans
            for part in ((lo, min(hi, c_low)), (max(lo, c_high), hi))
            if part[1] - part[0] > 0.01
        ]
    if start[along] > end[along]:
        spans = [(hi, lo) for lo, hi in reversed(spans)]

    def point(value: float) -> Point:
        return (value, start[1]) if along == 0 else (start[0], value)

    return [(point(first), point(last)) for first, last in spans]


def _shortened(points: list[Point]) -> list[Point]:
    """Stop before the tip, so that the line does not show beside the arrow."""
    (x1, y1), (x2, y2) = points[-2], points[-1]
    length = math.hypot(x2 - x1, y2 - y1)
    keep = max(0.0, length - _HEAD + 1) / length
    return [*points[:-1], (x1 + (x2 - x1) * keep, y1 + (y2 - y1) * keep)]


def _rounded(points: list[Point]) -> QPainterPath:
    path = QPainterPath(QPointF(*points[0]))
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        radius = min(_CORNER, math.dist(before, corner) / 2, math.dist(corner, after) / 2)
        path.lineTo(_towards(corner, before, radius))
        path.quadTo(QPointF(*corner), _towards(corner, after, radius))
    path.lineTo(QPointF(*points[-1]))
    return path


def _towards(start: Point, goal: Point, length: float) -> QPointF:
    distance = math.dist(start, goal) or 1.0
    share = length / distance
    return QPointF(start[0] + (goal[0] - start[0]) * share, start[1] + (goal[1] - start[1]) * share)


def _arrow(before: Point, tip: Point) -> QPolygonF:
    angle = math.atan2(tip[1] - before[1], tip[0] - before[0])
    spread = 0.40
    wings = [
        QPointF(tip[0] - _HEAD * math.cos(angle + turn), tip[1] - _HEAD * math.sin(angle + turn))
        for turn in (spread, -spread)
    ]
    return QPolygonF([QPointF(*tip), *wings])
