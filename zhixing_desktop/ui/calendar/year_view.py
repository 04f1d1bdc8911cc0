"""Twelve months to look at and to choose days in, by mouse and by keyboard."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from zhixing_desktop.ui.calendar.day_looks import source_of
from zhixing_desktop.ui.calendar.year_paint import (
    Grid,
    columns_for,
    legend_places,
    paint_legend,
    paint_year,
)
from zhixing_desktop.ui.theme import theme_for
from zhixing_desktop.workflow.calendar import CourtCalendar

_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -7,
    Qt.Key.Key_Down: 7,
}


class YearView(QWidget):
    """Shows a year; ``chosen`` carries the first and the last of the chosen days."""

    chosen = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._calendar: CourtCalendar | None = None
        self.year = 2000
        self._from = self._to = date(2000, 1, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("工作日历")
        self.locked = False
        """While something is computed for the chosen days, no others are chosen."""

    # ------------------------------------------------------------------------------- content

    def show_year(self, calendar: CourtCalendar, year: int) -> None:
        """Show a year as a calendar has it."""
        self._calendar = calendar
        if year != self.year:
            self.year = year
            if self._from.year != year or self._to.year != year:
                self._from = self._to = date(year, 1, 1)
        self._fit()
        self._told()
        self.update()

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last of the chosen days."""
        return min(self._from, self._to), max(self._from, self._to)

    def choose(self, first: date, last: date) -> None:
        """Choose some days of the year that is shown, and say so."""
        self._from, self._to = first, last
        self._told()
        self.update()
        self.chosen.emit(*self.days)

    def _told(self) -> None:
        if self._calendar is not None:
            self.setAccessibleDescription(self._calendar.describe(self._to))

    # ------------------------------------------------------------------------------ geometry

    def _grid(self) -> Grid:
        metrics = self.fontMetrics()
        em = metrics.horizontalAdvance("案")
        return Grid(em, metrics.height(), columns_for(self.width(), em))

    def _fit(self) -> None:
        grid = self._grid()
        # Beneath the months the legend, on as many lines as it takes.
        lines = legend_places(grid, self.font(), self.width())[-1].y() + grid.line * 2
        self.setMinimumHeight(round(grid.size[1] + lines))

    def sizeHint(self) -> QSize:
        """Return the room for three months side by side."""
        metrics = self.fontMetrics()
        grid = Grid(metrics.horizontalAdvance("案"), metrics.height(), 3)
        return QSize(round(grid.size[0]), round(grid.size[1] + grid.line * 2))

    def minimumSizeHint(self) -> QSize:
        """Return the room for one column of months."""
        metrics = self.fontMetrics()
        grid = Grid(metrics.horizontalAdvance("案"), metrics.height(), 1)
        return QSize(round(grid.size[0]), round(grid.month[1]))

    def place_of(self, day: date) -> QRect:
        """Return where a day of the shown year stands."""
        return self._grid().place(day).toRect()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put as many months side by side as fit."""
        super().resizeEvent(event)
        self._fit()

    # ------------------------------------------------------------------------ mouse, keyboard

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a day; with Shift the days up to it."""
        day = self._grid().day_at(self.year, event.position())
        if self.locked or day is None or event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        self.choose(self._from if shift else day, day)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Choose the days that the mouse is drawn over."""
        if event.buttons() & Qt.MouseButton.LeftButton and not self.locked:
            day = self._grid().day_at(self.year, event.position())
            if day is not None and day != self._to:
                self.choose(self._from, day)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from day to day, with Shift they choose several; page keys by months."""
        key = Qt.Key(event.key())
        day: date | None = None
        if key in _STEPS:
            day = self._to + timedelta(days=_STEPS[key])
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            day = _month_on(self._to, 1 if key == Qt.Key.Key_PageDown else -1)
        elif key == Qt.Key.Key_Home:
            day = date(self.year, 1, 1)
        elif key == Qt.Key.Key_End:
            day = date(self.year, 12, 31)
        if day is None or self.locked:
            super().keyPressEvent(event)
        elif day.year == self.year:
            shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.choose(self._from if shift else day, day)

    def event(self, event: QEvent) -> bool:
        """Tell of the day under the mouse where it stands."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            day = self._grid().day_at(self.year, event.pos().toPointF())
            if day is None or self._calendar is None:
                QToolTip.hideText()
            else:
                words = f"{self._calendar.describe(day)}\n{source_of(self._calendar, day)}"
                QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    # ------------------------------------------------------------------------------- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the year, the chosen days over it."""
        if self._calendar is None:
            return
        painter = QPainter(self)
        theme, grid = theme_for(self.palette()), self._grid()
        painter.fillRect(event.rect(), QColor(theme.canvas))
        paint_year(painter, grid, self._calendar, self.year, theme, self.font())
        paint_legend(painter, grid.size[1], self.width(), grid, theme, self.font())
        first, last = self.days
        painter.setPen(QPen(QColor(theme.accent), 2.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        day = first
        while day <= last:
            if day.year == self.year:
                painter.drawRect(grid.place(day).adjusted(0.5, 0.5, -0.5, -0.5))
            day += timedelta(days=1)
        painter.end()


def _month_on(day: date, step: int) -> date:
    """Return the same day a month on, or the month's last."""
    month = day.year * 12 + day.month - 1 + step
    year, place = divmod(month, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(year, place + 1, number)
        except ValueError:
            continue
    return date(year, place + 1, min(day.day, 27))
