"""A year on one sheet of paper, for the wall."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPageLayout, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrintPreviewDialog
from PySide6.QtWidgets import QWidget

from zhixing_desktop.ui.calendar.day_looks import year_words
from zhixing_desktop.ui.calendar.year_paint import Grid, legend_places, paint_legend, paint_year
from zhixing_desktop.ui.theme import LIGHT
from zhixing_desktop.workflow.calendar import CourtCalendar

_LETTERS = 100.0


def paint_sheet(
    painter: QPainter, page: QRectF, calendar: CourtCalendar, year: int, font: QFont
) -> None:
    """Draw a year with its heading and legend, as large as fits on ``page``."""
    letters = QFont(font)
    letters.setPixelSize(round(_LETTERS))
    metrics = QFontMetricsF(letters)
    grid = Grid(metrics.horizontalAdvance("案"), metrics.height(), 4)
    wide, high = grid.size
    legend = legend_places(grid, letters, wide)[-1].y() + grid.line * 1.6
    head = grid.line * 2.4
    scale = min(page.width() / wide, page.height() / (head + high + legend))
    painter.save()
    painter.translate(page.center().x() - wide * scale / 2, page.top())
    painter.scale(scale, scale)
    bold = QFont(letters)
    bold.setBold(True)
    painter.setFont(bold)
    painter.setPen(QColor(LIGHT.text))
    top = QRectF(0, 0, wide, head)
    painter.drawText(top, Qt.AlignmentFlag.AlignCenter, f"工作日历　{year_words(calendar, year)}")
    painter.translate(0, head)
    paint_year(painter, grid, calendar, year, LIGHT, letters)
    paint_legend(painter, high, wide, grid, LIGHT, letters)
    painter.restore()


class YearPreview(QPrintPreviewDialog):
    """Print preview of one year on one page, landscape."""

    help_page = "calendar"

    def __init__(self, calendar: CourtCalendar, year: int, parent: QWidget | None = None) -> None:
        # The dialog uses the printer but does not own it: without this reference Qt would crash.
        self._printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        super().__init__(self._printer, parent)
        self._calendar, self._year = calendar, year
        self._printer.setDocName(f"{year}年工作日历")
        self._printer.setPageOrientation(QPageLayout.Orientation.Landscape)
        self.setWindowTitle(f"打印预览：{year}年工作日历")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.paintRequested.connect(self._paint)

    def _paint(self, printer: QPrinter) -> None:
        painter = QPainter(printer)
        area = printer.pageLayout().paintRectPixels(printer.resolution())
        page = QRectF(0, 0, area.width(), area.height())
        paint_sheet(painter, page, self._calendar, self._year, self.font())
        painter.end()
