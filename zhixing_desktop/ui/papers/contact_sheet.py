"""A contact sheet: all pages of many papers, small, with their names; pictures and one PDF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMarginsF, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

from zhixing_desktop.services.file_pages import file_pages
from zhixing_desktop.services.paper_types import PaperFile
from zhixing_desktop.ui.page_images import page_image

NAME = "总览"
_ACROSS, _DOWN = 6, 3
_PAGE = QSize(310, 438)
_CAPTION = 24
_EDGE = 10
_GROUND, _WORDS = QColor("#d0d0d0"), QColor("#202020")
_TEXT_PIXELS = 13
_RESOLUTION = 150


@dataclass(frozen=True, slots=True)
class _Thumb:
    caption: str
    image: QImage


def contact_sheet(papers: Sequence[tuple[str, PaperFile]], folder: Path) -> tuple[Path, ...]:
    """Leave a contact sheet of papers (name, PDF) in a folder; return the files.

    ``总览.pdf`` and for each of its pages a PNG.  Raises ``StoreError`` for a PDF that cannot be
    read and ``OSError`` where the folder takes no file.
    """
    files: list[Path] = []
    target = folder / f"{NAME}.pdf"
    writer = QPdfWriter(str(target))
    writer.setTitle(NAME)
    writer.setResolution(_RESOLUTION)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Landscape,
            QMarginsF(8, 8, 8, 8),
            QPageLayout.Unit.Millimeter,
        )
    )
    painter = QPainter(writer)
    if not painter.isActive():
        raise OSError(f"{target}")
    try:
        for number, sheet in enumerate(_sheets(list(_thumbs(papers))), start=1):
            picture = folder / f"{NAME}-{number:02}.png"
            if not sheet.save(str(picture)):
                raise OSError(f"{picture}")
            files.append(picture)
            if number > 1:
                writer.newPage()
            room = painter.viewport().size()
            painter.drawImage(QRect(QPoint(), sheet.size().scaled(room, _KEEP)), sheet)
    finally:
        painter.end()
    return (target, *files)


_KEEP = Qt.AspectRatioMode.KeepAspectRatio


def _thumbs(papers: Sequence[tuple[str, PaperFile]]) -> Iterator[_Thumb]:
    for name, file in papers:
        pages = file_pages(file.name, file.media_type, file.data)
        for page in range(pages.count):
            caption = name if pages.count == 1 else f"{name}　{page + 1}/{pages.count}"
            yield _Thumb(caption, page_image(pages.picture(page, _PAGE.width())))


def _sheets(thumbs: Sequence[_Thumb]) -> Iterator[QImage]:
    each = _ACROSS * _DOWN
    for start in range(0, len(thumbs), each):
        yield _sheet(thumbs[start : start + each])


def _sheet(thumbs: Sequence[_Thumb]) -> QImage:
    across, down = _PAGE.width() + _EDGE, _PAGE.height() + _CAPTION + _EDGE
    sheet = QImage(_ACROSS * across + _EDGE, _DOWN * down + _EDGE, QImage.Format.Format_RGB32)
    sheet.fill(_GROUND)
    painter = QPainter(sheet)
    font = painter.font()
    font.setPixelSize(_TEXT_PIXELS)
    painter.setFont(font)
    painter.setPen(_WORDS)
    try:
        for place, thumb in enumerate(thumbs):
            left = _EDGE + (place % _ACROSS) * across
            top = _EDGE + (place // _ACROSS) * down
            words = painter.fontMetrics().elidedText(
                thumb.caption, Qt.TextElideMode.ElideMiddle, _PAGE.width()
            )
            painter.drawText(
                QRect(left, top, _PAGE.width(), _CAPTION), Qt.AlignmentFlag.AlignVCenter, words
            )
            painter.drawImage(QPoint(left, top + _CAPTION), thumb.image)
    finally:
        painter.end()
    return sheet
