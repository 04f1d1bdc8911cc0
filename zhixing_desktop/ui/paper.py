"""A page of words on paper: A4, its margins, laid out by Qt from HTML."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QSizeF
from PySide6.QtGui import (
    QFont,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPdfWriter,
    QTextDocument,
)
from PySide6.QtPrintSupport import QPrinter

_MARGIN_MM = 14.0
_POINTS = 10


@dataclass(frozen=True, slots=True)
class Paper:
    """What goes on paper: its title, which is the name of the print job, and its HTML."""

    title: str
    html: str

    def prepare(self, printer: QPagedPaintDevice) -> None:
        """Set a printer to A4, upright, with this paper's margins."""
        if isinstance(printer, QPrinter):
            printer.setDocName(self.title)
        printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
        printer.setPageMargins(margins, QPageLayout.Unit.Millimeter)

    def document(self, printer: QPagedPaintDevice) -> QTextDocument:
        """Return the pages as they will come out of a printer."""
        document = QTextDocument()
        font = QFont(document.defaultFont())
        font.setPointSize(_POINTS)
        document.setDefaultFont(font)
        document.documentLayout().setPaintDevice(printer)
        document.setDocumentMargin(0)
        document.setHtml(self.html)
        area = printer.pageLayout().paintRectPixels(printer.logicalDpiX())
        document.setPageSize(QSizeF(area.width(), area.height()))
        return document

    def paint(self, printer: QPagedPaintDevice) -> None:
        """Print it; also what a preview asks for."""
        self.document(printer).print_(printer)

    def pdf(self) -> bytes:
        """Return it as a PDF file."""
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(buffer)
        writer.setTitle(self.title)
        self.prepare(writer)
        self.paint(writer)
        # The file is complete only when its writer is gone.
        del writer
        return bytes(buffer.data().data())
