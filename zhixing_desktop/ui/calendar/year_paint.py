"""Drawing twelve months, on the screen and on paper; rests and working days also by a sign."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen

from zhixing_desktop.ui.calendar.day_looks import LEGEND, look_of
from zhixing_desktop.ui.theme import Theme
from zhixing_desktop.workflow.calendar import CourtCalendar

WEEK = "一二三四五六日"
_ROWS = 6


@dataclass(frozen=True, slots=True)
class Grid:
    """Where months and days stand, from the letters' size and the number of columns."""

    em: float
    line: float
    columns: int

    @property
    def cell(self) -> tuple[float, float]:
        """Width and height of a day."""
        return self.em * 2.3, self.line * 1.95

    @property
    def month(self) -> tuple[float, float]:
        """Width and height of a month with its heading."""
        wide, high = self.cell
        return wide * 7, self.line * 2.9 + high * _ROWS

    @property
    def gap(self) -> float:
        """Between two months, and around them."""
        return self.em

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the twelve."""
        wide, high = self.month
        rows = -(-12 // self.columns)
        gap = self.gap
        return self.columns * (wide + gap) + gap, rows * (high + gap) + gap

    def corner(self, month: int) -> QPointF:
        """Where a month begins."""
        wide, high = self.month
        row, column = divmod(month - 1, self.columns)
        return QPointF(self.gap + column * (wide + self.gap), self.gap + row * (high + self.gap))

    def place(self, day: date) -> QRectF:
        """Where a day stands."""
        wide, high = self.cell
        corner = self.corner(day.month)
        first = date(day.year, day.month, 1).weekday()
        row, column = divmod(first + day.day - 1, 7)
        top = corner.y() + self.line * 2.9 + row * high
        return QRectF(corner.x() + column * wide, top, wide, high)

    def day_at(self, year: int, point: QPointF) -> date | None:
        """Return the day at a point."""
        for month in range(1, 13):
            corner, (wide, high) = self.corner(month), self.month
            if not QRectF(corner.x(), corner.y(), wide, high).contains(point):
                continue
            for number in range(1, months.monthrange(year, month)[1] + 1):
                day = date(year, month, number)
                if self.place(day).contains(point):
                    return day
        return None


def columns_for(width: float, em: float) -> int:
    """Return how many months fit side by side: 4, 3, 2 or 1."""
    for columns in (4, 3, 2):
        if Grid(em, 1, columns).size[0] <= width:
            return columns
    return 1


def ground_colour(theme: Theme, ground: str) -> QColor:
    """Return the ground of a day; their greys differ as well."""
    light = {"weekend": "#e6eaf0", "rest": "#f0ae9b", "work": "#cde2f8"}
    dark = {"weekend": "#2d333b", "rest": "#7d3a2c", "work": "#27548a"}
    return QColor((dark if theme.dark else light).get(ground, theme.canvas))


def paint_year(
    painter: QPainter, grid: Grid, calendar: CourtCalendar, year: int, theme: Theme, font: QFont
) -> None:
    """Draw the twelve months of a year."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for month in range(1, 13):
        _month_head(painter, grid, year, month, theme, font)
        for number in range(1, months.monthrange(year, month)[1] + 1):
            _day(painter, grid, calendar, date(year, month, number), theme, font)


def _month_head(
    painter: QPainter, grid: Grid, year: int, month: int, theme: Theme, font: QFont
) -> None:
    corner, (wide, _) = grid.corner(month), grid.month
    bold = QFont(font)
    bold.setBold(True)
    painter.setFont(bold)
    painter.setPen(QColor(theme.text))
    head = QRectF(corner.x(), corner.y(), wide, grid.line * 1.5)
    painter.drawText(head, Qt.AlignmentFlag.AlignCenter, f"{year}年{month}月")
    painter.setFont(font)
    painter.setPen(QColor(theme.muted))
    cell = grid.cell[0]
    for place, word in enumerate(WEEK):
        box = QRectF(corner.x() + place * cell, corner.y() + grid.line * 1.5, cell, grid.line * 1.3)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, word)


def _day(
    painter: QPainter, grid: Grid, calendar: CourtCalendar, day: date, theme: Theme, font: QFont
) -> None:
    look = look_of(calendar, day)
    paint_cell(painter, grid.place(day), grid.line, theme, look.ground, court=look.court)
    place = grid.place(day)
    painter.setFont(font)
    painter.setPen(QColor(theme.text))
    if not look.sign:
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(day.day))
        return
    upper = QRectF(place.x(), place.y() + grid.line * 0.08, place.width(), grid.line)
    painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, str(day.day))
    _sign(painter, QRectF(upper).translated(0, grid.line * 0.86), look.sign, font)


def _sign(painter: QPainter, place: QRectF, sign: str, font: QFont) -> None:
    small = QFont(font)
    # On paper the letters' size is given in pixels.
    if font.pixelSize() > 0:
        small.setPixelSize(round(font.pixelSize() * 0.82))
    else:
        small.setPointSizeF(font.pointSizeF() * 0.82)
    small.setBold(sign != "·")
    painter.setFont(small)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, sign)


def paint_cell(
    painter: QPainter, place: QRectF, line: float, theme: Theme, ground: str, *, court: bool
) -> None:
    """Draw the ground of a day, with a frame where the court has set it."""
    inner = place.adjusted(1, 1, -1, -1)
    round_by = line * 0.2
    if ground != "plain":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground_colour(theme, ground))
        painter.drawRoundedRect(inner, round_by, round_by)
    if court:
        painter.setPen(QPen(QColor(theme.text), max(1.6, line / 10)))
        painter.setBrush(QBrush(Qt.BrushStyle.NoBrush))
        painter.drawRoundedRect(inner.adjusted(0.6, 0.6, -0.6, -0.6), round_by, round_by)


def legend_places(grid: Grid, font: QFont, width: float) -> list[QPointF]:
    """Return where each entry of the legend begins; it goes on below where the width ends."""
    metrics = QFontMetricsF(font)
    found = []
    x, y = grid.gap, 0.0
    for _, _, words in LEGEND:
        wide = grid.em * 4.1 + metrics.horizontalAdvance(words)
        if x > grid.gap and x + wide > width:
            x, y = grid.gap, y + grid.line * 1.6
        found.append(QPointF(x, y))
        x += wide
    return found


def paint_legend(
    painter: QPainter, top: float, width: float, grid: Grid, theme: Theme, font: QFont
) -> None:
    """Draw what ground and signs mean."""
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    places = legend_places(grid, font, width)
    for place, (kind, sign, words) in zip(places, LEGEND, strict=True):
        box = QRectF(place.x(), top + place.y(), grid.em * 2.5, grid.line * 1.3)
        ground = {"court": "rest", "provisional": "plain"}.get(kind, kind)
        paint_cell(painter, box, grid.line, theme, ground, court=kind == "court")
        painter.setPen(QColor(theme.text))
        _sign(painter, box, sign, font)
        painter.setFont(font)
        text = QRectF(box.right() + grid.em * 0.4, box.y(), grid.em * 14, box.height())
        painter.drawText(text, flags, words)
