"""A table on paper over many pages: no row is cut, the headings stand on each page.

Qt's own text document goes on with a row on the next page, line by line.  So the rows are laid out
once to learn their heights, then dealt out to pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QFont,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QTextDocument,
    QTextTable,
)
from PySide6.QtPrintSupport import QPrinter

_MARGIN_MM = 14.0
_POINTS = 8.0
_FOOT_LINES = 2.2
"""So many lines below are kept for the number of the page."""
_STYLE = (
    "table { border-collapse: collapse; } p.title { font-size: 13pt; font-weight: bold; } "
    "td, th { padding: 3px; }"
)


@dataclass(frozen=True, slots=True)
class TablePaper:
    """What goes on paper: a title, headings with their widths in per cent, rows, words below."""

    title: str
    heads: tuple[tuple[str, int], ...]
    rows: tuple[tuple[str, ...], ...]
    foot: str = ""

    def prepare(self, printer: QPagedPaintDevice) -> None:
        """Set a printer to A4, across, with this paper's margins."""
        if isinstance(printer, QPrinter):
            printer.setDocName(self.title)
        printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        printer.setPageOrientation(QPageLayout.Orientation.Landscape)
        margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
        printer.setPageMargins(margins, QPageLayout.Unit.Millimeter)

    def paint(self, printer: QPagedPaintDevice) -> None:
        """Print it; also what a preview asks for."""
        font = QFont()
        font.setPointSizeF(_POINTS)
        painter = QPainter(printer)
        area = printer.pageLayout().paintRectPixels(printer.logicalDpiX())
        room = QSizeF(area.width(), area.height())
        line = painter.fontMetrics().height()
        pages = self._pages(printer, font, QSizeF(room.width(), room.height() - line * _FOOT_LINES))
        for number, rows in enumerate(pages, start=1):
            if number > 1:
                printer.newPage()
            last = number == len(pages)
            self._document(
                printer, font, rows, first=number == 1, last=last, room=room
            ).drawContents(painter)
            painter.setFont(font)
            below = QRectF(0, room.height() - line * 1.5, room.width(), line * 1.5)
            words = f"第 {number} 页，共 {len(pages)} 页"
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()

    def _document(
        self,
        printer: QPagedPaintDevice,
        font: QFont,
        rows: Sequence[Sequence[str]],
        *,
        first: bool,
        last: bool,
        room: QSizeF,
    ) -> QTextDocument:
        document = QTextDocument()
        document.setDefaultFont(font)
        document.documentLayout().setPaintDevice(printer)
        document.setDocumentMargin(0)
        document.setHtml(self._html(rows, first=first, last=last))
        document.setTextWidth(room.width())
        return document

    def _html(self, rows: Sequence[Sequence[str]], *, first: bool, last: bool) -> str:
        heads = "".join(f"<th width='{wide}%'>{escape(name)}</th>" for name, wide in self.heads)
        lines = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
        )
        title = f"<p class='title' align='center'>{escape(self.title)}</p>" if first else ""
        foot = f"<p>{escape(self.foot)}</p>" if last and self.foot else ""
        return (
            f"<html><head><style>{_STYLE}</style></head><body>{title}"
            f"<table border='1' cellspacing='0' width='100%'><tr>{heads}</tr>{lines}</table>"
            f"{foot}</body></html>"
        )

    def _pages(
        self, printer: QPagedPaintDevice, font: QFont, room: QSizeF
    ) -> list[list[tuple[str, ...]]]:
        """Deal the rows out; a row that is higher than a page has one to itself."""
        whole = self._document(printer, font, self.rows, first=True, last=True, room=room)
        tops, end = _tops(whole), _end_of_table(whole)
        # Where the headings begin, each row, and where the last one ends.
        places = [*tops, end]
        head, below = places[1] - places[0], whole.size().height() - end
        pages: list[list[tuple[str, ...]]] = [[]]
        used = places[1]
        for at, row in enumerate(self.rows, start=1):
            high = places[at + 1] - places[at]
            wanted = high + (below if at == len(self.rows) else 0)
            if pages[-1] and used + wanted > room.height():
                pages.append([])
                used = head
            pages[-1].append(row)
            used += high
        return pages


def _table(document: QTextDocument) -> QTextTable:
    return next(f for f in document.rootFrame().childFrames() if isinstance(f, QTextTable))


def _tops(document: QTextDocument) -> list[float]:
    """Return where each row of the table begins, the headings first."""
    table, layout = _table(document), document.documentLayout()
    return [
        layout.blockBoundingRect(table.cellAt(row, 0).firstCursorPosition().block()).top()
        for row in range(table.rows())
    ]


def _end_of_table(document: QTextDocument) -> float:
    return document.documentLayout().frameBoundingRect(_table(document)).bottom()
