"""A chart on paper and in files: title, date line, picture, legend.

Always in the light colours and in full detail, whatever the screen shows.  Files are written beside
and then renamed, so that a failure leaves no half picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import (
    QByteArray,
    QIODevice,
    QMarginsF,
    QPointF,
    QRect,
    QRectF,
    QSaveFile,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QImage, QImageWriter, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtPrintSupport import QPrinter, QPrintPreviewDialog
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from zhixing_desktop.ui.chart.legend import legend_height, paint_legend
from zhixing_desktop.ui.chart.marks import ChartMarks
from zhixing_desktop.ui.chart.scene import ChartScene
from zhixing_desktop.ui.chart.text import chart_font, text_width
from zhixing_desktop.ui.theme import LIGHT
from zhixing_desktop.workflow.charts import Chart
from zhixing_desktop.workflow.errors import StoreError

_BORDER = 24.0
_HEAD = 64.0
_GAP = 16.0
_LEGEND = 1.5  # paper is read from farther away than its size suggests
_PAGE_MARGIN_MM = 8.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """What goes on paper.  ``title`` and ``date_line`` (who printed it when) are handed in."""

    chart: Chart
    marks: ChartMarks
    title: str
    date_line: str

    def size(self) -> QSize:
        """Natural size in scene units."""
        width = self.chart.width + 2 * _BORDER
        foot = legend_height(self.chart.width / _LEGEND, LIGHT) * _LEGEND
        height = 2 * _BORDER + _HEAD + self.chart.height + _GAP + foot
        return QSize(round(width), round(height))


def paint_sheet(painter: QPainter, target: QRectF, sheet: Sheet) -> None:
    """Draw ``sheet`` as large as it fits into ``target``, in the middle."""
    size = sheet.size()
    scale = min(target.width() / size.width(), target.height() / size.height())
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.translate(
        target.x() + (target.width() - size.width() * scale) / 2,
        target.y() + (target.height() - size.height() * scale) / 2,
    )
    painter.scale(scale, scale)
    chart = sheet.chart
    title_font, date_font = chart_font(30, bold=True), chart_font(18)
    painter.setPen(QColor(LIGHT.text))
    painter.setFont(title_font)
    painter.drawText(QPointF(_BORDER, _BORDER + 32), sheet.title)
    painter.setPen(QColor(LIGHT.muted))
    painter.setFont(date_font)
    right = _BORDER + chart.width - text_width(sheet.date_line, date_font)
    painter.drawText(QPointF(right, _BORDER + 32), sheet.date_line)
    scene = ChartScene(chart, LIGHT, full_detail=True)
    scene.set_marks(sheet.marks)
    place = QRectF(_BORDER, _BORDER + _HEAD, chart.width, chart.height)
    scene.render(painter, place, scene.sceneRect())
    painter.translate(_BORDER, place.bottom() + _GAP)
    painter.scale(_LEGEND, _LEGEND)
    paint_legend(painter, QPointF(0, 0), chart.width / _LEGEND, LIGHT)
    painter.restore()


def export_svg(sheet: Sheet, path: Path) -> None:
    """Write an SVG whose text stays text.  ``StoreError`` when the file cannot be written."""
    file = _open(path)
    generator = QSvgGenerator()
    generator.setOutputDevice(file)
    generator.setSize(sheet.size())
    generator.setViewBox(QRect(0, 0, sheet.size().width(), sheet.size().height()))
    generator.setTitle(sheet.title)
    generator.setDescription(sheet.date_line)
    painter = QPainter(generator)
    paint_sheet(painter, QRectF(0, 0, sheet.size().width(), sheet.size().height()), sheet)
    painter.end()
    _commit(file, path)


def export_png(sheet: Sheet, path: Path, scale: float = 2.0) -> None:
    """Write a PNG at ``scale`` pixels per scene unit.  ``StoreError`` when it cannot be written."""
    pixels = sheet.size() * scale
    image = QImage(pixels, QImage.Format.Format_RGB32)
    if image.isNull():
        raise StoreError("图片太大，内存不足；请改用较小的倍数，或者导出 PDF。")
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    paint_sheet(painter, QRectF(image.rect()), sheet)
    painter.end()
    file = _open(path)
    writer = QImageWriter(file, QByteArray(b"png"))
    if not writer.write(image):
        raise _cannot_write(path, writer.errorString())
    _commit(file, path)


def export_pdf(
    sheet: Sheet,
    path: Path,
    page: QPageSize.PageSizeId = QPageSize.PageSizeId.A3,
    orientation: QPageLayout.Orientation = QPageLayout.Orientation.Landscape,
) -> None:
    """Write one PDF page, A3 landscape unless told.  ``StoreError`` when it cannot be written."""
    file = _open(path)
    writer = QPdfWriter(file)
    writer.setTitle(sheet.title)
    writer.setCreator("知行")
    writer.setResolution(300)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(page),
            orientation,
            QMarginsF(_PAGE_MARGIN_MM, _PAGE_MARGIN_MM, _PAGE_MARGIN_MM, _PAGE_MARGIN_MM),
            QPageLayout.Unit.Millimeter,
        )
    )
    painter = QPainter(writer)
    area = writer.pageLayout().paintRectPixels(writer.resolution())
    paint_sheet(painter, QRectF(0, 0, area.width(), area.height()), sheet)
    painter.end()
    _commit(file, path)


def print_sheet(printer: QPrinter, sheet: Sheet) -> None:
    """Print ``sheet`` on one page of ``printer``."""
    painter = QPainter(printer)
    area = printer.pageLayout().paintRectPixels(printer.resolution())
    paint_sheet(painter, QRectF(0, 0, area.width(), area.height()), sheet)
    painter.end()


class ChartPreview(QPrintPreviewDialog):
    """Print preview of one sheet; landscape on the printer's own paper, fitted to one page."""

    help_page = "chart"

    def __init__(self, sheet: Sheet, parent: QWidget | None = None) -> None:
        # The dialog uses the printer but does not own it: without this reference Qt would crash.
        self._printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        super().__init__(self._printer, parent)
        self._sheet = sheet
        self._printer.setDocName(sheet.title)
        self._printer.setPageOrientation(QPageLayout.Orientation.Landscape)
        self.setWindowTitle(f"打印预览：{sheet.title}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.paintRequested.connect(self._paint)

    def _paint(self, printer: QPrinter) -> None:
        print_sheet(printer, self._sheet)


def print_chart(sheet: Sheet, parent: QWidget | None = None) -> ChartPreview:
    """Open the print preview.  Keep the result as long as it is open unless it has a parent."""
    dialog = ChartPreview(sheet, parent)
    dialog.open()
    return dialog


def _open(path: Path) -> QSaveFile:
    file = QSaveFile(str(path))
    if not file.open(QIODevice.OpenModeFlag.WriteOnly):
        raise _cannot_write(path, file.errorString())
    return file


def _commit(file: QSaveFile, path: Path) -> None:
    if not file.commit():
        raise _cannot_write(path, file.errorString())


def _cannot_write(path: Path, reason: str) -> StoreError:
    return StoreError(
        f"流程图无法写入 {path}：{reason}。请换一个文件夹，或者关闭正在使用该文件的程序后再试。",
        data={"path": str(path)},
    )
