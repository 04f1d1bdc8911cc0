"""Boxes of a chart.

A box paints itself from what was prepared when its mark changed: no measuring and no colour parsing
while painting.  Three levels of detail keep it readable when zoomed out: number and icon; number
and title; everything.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from zhixing_desktop.ui.chart.marks import NodeMark
from zhixing_desktop.ui.chart.text import (
    Run,
    chart_font,
    lay_centred,
    lay_lines,
    text_width,
    wrap,
)
from zhixing_desktop.ui.icons import paint_icon
from zhixing_desktop.ui.theme import StateLook, Theme
from zhixing_desktop.workflow.charts import ChartNode

# Below these scales title lines, then the title as a whole, can no longer be read.
FULL_FROM = 0.72
TITLE_FROM = 0.36

_RADIUS = 7.0
_COLUMN = 34.0
_COLUMN_PHASE = 54.0
_FOOT = 24.0
_BADGE_HEIGHT = 17.0
_MARGIN = 11.0


@dataclass(slots=True)
class _Paints:
    """Pens and brushes of the box as it is now."""

    fill: QBrush
    border: QPen
    text: QPen
    column: QBrush
    on_column: QPen
    hatch: QPen
    rule: QPen


@dataclass(slots=True)
class _Layout:
    """Texts and icons of the box as it is now, per level of detail."""

    full: list[Run]
    column_full: list[Run]
    medium: list[Run]
    column_medium: list[Run]
    mini: list[Run]
    icon_full: QRectF
    icon_medium: QRectF
    icon_mini: QRectF
    badges: list[tuple[QRectF, Run, QColor]]


class NodeItem(QGraphicsItem):
    """One box.  ``full_detail`` paints everything at any scale (export)."""

    def __init__(self, node: ChartNode, theme: Theme, *, full_detail: bool = False) -> None:
        super().__init__()
        self.node = node
        self._theme = theme
        self._full_detail = full_detail
        self._mark: NodeMark | None = None
        self._current = False
        self._found = False
        self._box = QRectF(0, 0, node.w, node.h)
        self._outline = self._make_outline()
        self.setPos(node.x, node.y)
        self.setZValue(3)
        self._prepare()

    # ------------------------------------------------------------------------------- changes

    @property
    def mark(self) -> NodeMark | None:
        """What the box shows now."""
        return self._mark

    def set_mark(self, mark: NodeMark | None) -> bool:
        """Show ``mark``; returns whether anything changed (only then the box is repainted)."""
        if mark == self._mark:
            return False
        self._mark = mark
        self._prepare()
        self.update()
        return True

    def set_current(self, on: bool) -> None:
        """Draw or remove the ring of the keyboard's place."""
        if on != self._current:
            self._current = on
            self.update()

    def set_found(self, on: bool) -> None:
        """Draw or remove the ring of a search hit."""
        if on != self._found:
            self._found = on
            self.update()

    def accessible_text(self) -> str:
        """The box in words, for tooltips and screen readers."""
        number = f"节点{self.node.id} " if isinstance(self.node.id, int) else ""
        if self.node.nodes:
            number = f"节点{_span(self.node.nodes, '至')} "
        head = f"{number}{self.node.title}"
        return f"{head}：{self._mark.words(self._theme)}" if self._mark else head

    # ------------------------------------------------------------------------------ preparing

    def _look(self) -> StateLook | None:
        return self._theme.state(self._mark.state) if self._mark else None

    def _make_outline(self) -> QPainterPath:
        path = QPainterPath()
        radius = self._box.height() / 2 if self.node.kind == "terminal" else _RADIUS
        path.addRoundedRect(self._box, radius, radius)
        return path

    def _prepare(self) -> None:
        tip = self.accessible_text()
        if self._mark and self._mark.tooltip:
            tip = f"{tip}\n{self._mark.tooltip}"
        self.setToolTip(tip)
        self._paints = self._prepare_paints()
        self._layout = self._prepare_layout()

    def _prepare_paints(self) -> _Paints:
        theme, look = self._theme, self._look()
        if look is None:
            style = Qt.PenStyle.DashLine if self.node.kind == "any" else Qt.PenStyle.SolidLine
            border, fill, text = theme.neutral_border, theme.neutral_fill, theme.text
            pen = QPen(QColor(border), 1.4, style)
        else:
            border, fill, text = look.border, look.fill, look.text
            pen = QPen(QColor(border), look.width, look.line)
        rule = QColor(border)
        rule.setAlphaF(0.45)
        hatch = QColor(border)
        hatch.setAlphaF(0.30)
        on_column = theme.canvas if theme.dark else "#ffffff"
        return _Paints(
            fill=QBrush(QColor(fill)),
            border=pen,
            text=QPen(QColor(text)),
            column=QBrush(QColor(border)),
            on_column=QPen(QColor(on_column)),
            hatch=QPen(hatch, 1.3),
            rule=QPen(rule, 1),
        )

    @property
    def _column(self) -> float:
        if self.node.kind in ("terminal", "any"):
            return 0.0
        if self.node.kind == "phase":
            return _COLUMN_PHASE if self.node.nodes else 0.0
        return _COLUMN

    def _number(self) -> str:
        return _span(self.node.nodes, "–") if self.node.nodes else str(self.node.id)

    def _prepare_layout(self) -> _Layout:
        w, h, column, mark = self.node.w, self.node.h, self._column, self._mark
        layout = _Layout([], [], [], [], [], QRectF(), QRectF(), QRectF(), [])
        if not column:
            return self._lay_plain(layout)
        left, room, cut = column + 9, w - column - 15, self.node.break_after
        foot = _FOOT if mark else 0.0
        phase = self.node.kind == "phase"
        small = chart_font(16 if phase else 14, bold=True)
        large = chart_font(24 if phase else 18, bold=True)
        lines = wrap(self.node.title, small, room, 2, cut)
        layout.full = lay_lines(lines, small, left, (h - foot) / 2 + (1 if foot else 0))
        layout.medium = lay_lines(
            wrap(self.node.title, large, room, 3, cut), large, left, h / 2, 1.18
        )
        number = self._number()
        several = mark is not None and mark.instances > 1 and not phase
        big = chart_font(14 if phase else 18, bold=True)
        layout.column_full = [lay_centred(number, big, column / 2, h / 2 - (9 if several else 0))]
        if mark and several:
            times = lay_centred(f"×{mark.instances}", chart_font(13), column / 2, h / 2 + 14)
            layout.column_full.append(times)
        layout.column_medium = [
            lay_centred(number, chart_font(17 if phase else 20, bold=True), column / 2, h * 0.3)
        ]
        layout.icon_medium = QRectF(column / 2 - 10, h * 0.68 - 10, 20, 20)
        side = min(40.0, h * 0.45)
        layout.mini = [lay_centred(number, chart_font(38, bold=True), w * 0.34, h / 2)]
        layout.icon_mini = QRectF(w * 0.76 - side / 2, h / 2 - side / 2, side, side)
        if mark:
            self._lay_foot(layout, mark, left)
            self._lay_badges(layout, mark)
        return layout

    def _lay_plain(self, layout: _Layout) -> _Layout:
        """A box without a number: start, end, and phases that are no node of their own."""
        w, h, mark = self.node.w, self.node.h, self._mark
        middle = (h - _FOOT) / 2 if mark else h / 2
        plain = [lay_centred(self.node.title, chart_font(15, bold=True), w / 2, middle)]
        layout.full = [*plain]
        for level, size in ((layout.medium, 22.0), (layout.mini, 32.0)):
            font = chart_font(min(size, (w - 14) / len(self.node.title)), bold=True)
            level.append(lay_centred(self.node.title, font, w / 2, h / 2))
        if mark:
            self._lay_foot(layout, mark, 10)
            self._lay_badges(layout, mark)
        return layout

    def _lay_foot(self, layout: _Layout, mark: NodeMark, left: float) -> None:
        middle = self.node.h - _FOOT / 2
        word = self._theme.state(mark.state).word
        layout.icon_full = QRectF(left, middle - 7, 14, 14)
        layout.full += lay_lines([word], chart_font(12), left + 18, middle)
        if mark.days_left_text:
            font = chart_font(12, bold=True)
            taken = left + 18 + text_width(word, chart_font(12)) + 6
            days = wrap(mark.days_left_text, font, self.node.w - 7 - taken, 1)[0]
            start = self.node.w - 7 - text_width(days, font)
            layout.full += lay_lines([days], font, start, middle)

    def _lay_badges(self, layout: _Layout, mark: NodeMark) -> None:
        font = chart_font(11, bold=True)
        right = self.node.w - 4
        for word in reversed(mark.badges()):
            width = text_width(word, font) + 10
            place = QRectF(right - width, -_BADGE_HEIGHT / 2, width, _BADGE_HEIGHT)
            run = lay_centred(word, font, place.center().x(), place.center().y())
            colour = self._theme.pending if word == "待批" else self._theme.pill_fill
            layout.badges.append((place, run, QColor(colour)))
            right -= width + 3

    # ------------------------------------------------------------------------------- painting

    def boundingRect(self) -> QRectF:
        """The box with room for rings and badges."""
        return self._box.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)

    def shape(self) -> QPainterPath:
        """The box alone."""
        return self._outline

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        _widget: QWidget | None = None,
    ) -> None:
        """Draw the box at the detail that its scale allows."""
        scale = option.levelOfDetailFromTransform(painter.worldTransform())
        if self._full_detail:
            scale = 1.0
        self._paint_rings(painter, scale)
        self._paint_card(painter, scale)
        layout, paints = self._layout, self._paints
        painter.setPen(paints.text)
        if scale >= FULL_FROM:
            _paint_runs(painter, layout.full)
            self._paint_column(painter, layout.column_full)
            self._paint_icon(painter, layout.icon_full, paints.text.color())
            self._paint_badges(painter)
        elif scale >= TITLE_FROM:
            _paint_runs(painter, layout.medium)
            self._paint_column(painter, layout.column_medium)
            self._paint_icon(painter, layout.icon_medium, paints.on_column.color())
        else:
            _paint_runs(painter, layout.mini)
            self._paint_icon(painter, layout.icon_mini, paints.text.color())

    def _paint_rings(self, painter: QPainter, scale: float) -> None:
        for on, colour in ((self._found, self._theme.found), (self._current, self._theme.accent)):
            if not on:
                continue
            # At least two screen pixels, whatever the zoom; inside the bounding rectangle.
            pen = QPen(QColor(colour), min(5.0, max(2.6, 2.0 / scale)))
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            gap = 6.5 if colour == self._theme.accent else 4.0
            painter.drawRoundedRect(self._box.adjusted(-gap, -gap, gap, gap), 11, 11)

    def _paint_card(self, painter: QPainter, scale: float) -> None:
        paints, look = self._paints, self._look()
        painter.fillPath(self._outline, paints.fill)
        if look is not None and look.pattern != "none":
            painter.setPen(paints.hatch)
            painter.drawLines(_hatch(self._box, look.pattern))
        column = self._column
        if column and scale >= TITLE_FROM:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(paints.column)
            painter.drawPath(_left_part(self._box, column))
        if self._mark and scale >= FULL_FROM:
            painter.setPen(paints.rule)
            level = self._box.height() - _FOOT
            painter.drawLine(QLineF(column, level, self._box.width() - 1, level))
        painter.setPen(paints.border)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self._outline)
        if look is not None and look.double:
            painter.drawRoundedRect(self._box.adjusted(-3.2, -3.2, 3.2, 3.2), 9.5, 9.5)

    def _paint_column(self, painter: QPainter, runs: list[Run]) -> None:
        if self._column:
            painter.setPen(self._paints.on_column)
            _paint_runs(painter, runs)

    def _paint_icon(self, painter: QPainter, place: QRectF, colour: QColor) -> None:
        look = self._look()
        if look is not None and not place.isEmpty():
            paint_icon(painter, look.icon, place, colour)

    def _paint_badges(self, painter: QPainter) -> None:
        for place, run, colour in self._layout.badges:
            painter.setPen(QPen(QColor(self._theme.canvas), 1.5))
            painter.setBrush(colour)
            painter.drawRoundedRect(place, place.height() / 2, place.height() / 2)
            painter.setPen(QColor(self._theme.pill_text))
            run.paint(painter)


def _paint_runs(painter: QPainter, runs: list[Run]) -> None:
    for run in runs:
        run.paint(painter)


def _span(numbers: tuple[int, ...], dash: str) -> str:
    first, last = min(numbers), max(numbers)
    return str(first) if first == last else f"{first}{dash}{last}"


def _left_part(box: QRectF, width: float) -> QPainterPath:
    path = QPainterPath()
    path.moveTo(width, 0)
    path.lineTo(_RADIUS, 0)
    path.arcTo(QRectF(0, 0, 2 * _RADIUS, 2 * _RADIUS), 90, 90)
    path.lineTo(0, box.height() - _RADIUS)
    corner = QRectF(0, box.height() - 2 * _RADIUS, 2 * _RADIUS, 2 * _RADIUS)
    path.arcTo(corner, 180, 90)
    path.lineTo(width, box.height())
    path.closeSubpath()
    return path


def _hatch(box: QRectF, pattern: str) -> list[QLineF]:
    """Lines inside ``box``; computed, because clipping breaks text in SVG."""
    w, h, step, inset = box.width(), box.height(), 9.0, 1.5
    if pattern == "level":
        return [QLineF(inset, y, w - inset, y) for y in _steps(step, h - inset, step)]
    lines = []
    for start in _steps(step, w + h, step):
        x1, y1 = (start, inset) if start < w - inset else (w - inset, start - w + inset * 2)
        x2, y2 = (inset, start) if start < h - inset else (start - h + inset * 2, h - inset)
        lines.append(QLineF(x1, y1, x2, y2))
    return lines


def _steps(first: float, end: float, step: float) -> list[float]:
    count = max(0, int((end - first) / step) + 1)
    return [first + step * k for k in range(count) if first + step * k < end]
