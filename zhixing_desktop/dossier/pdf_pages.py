"""Pages of a PDF as pictures, by PDFium; nothing else of the program knows the library."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING

from zhixing_desktop.workflow.errors import StoreError

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage, PdfTextPage

MOST_PIXELS = 24_000_000
"""A page of A4 at 500 dpi; a page that claims to be as large as a house is drawn smaller."""
_PASSWORD = 4
_AT_A_TIME = 16
# PDFium is one for the whole process and must not be entered twice at a time, whatever documents
# are open; so is its lock.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, slots=True)
class Raster:
    """A picture as rows of pixels from the top, four bytes each: blue, green, red, nothing.

    ``stride`` is how many bytes a row takes.
    """

    width: int
    height: int
    stride: int
    data: bytes


def page_count(data: bytes | Path) -> int:
    """Return how many pages a PDF has, whose bytes or place it is.

    Raises :class:`StoreError` where it cannot be opened.
    """
    with _opened(data) as document:
        return len(document)


def page_raster(data: bytes | Path, page: int, width: int) -> Raster:
    """Return a page (from 0 on) drawn ``width`` pixels wide, with its notes, stamps and seals.

    Raises :class:`StoreError` where the file or the page cannot be read.
    """
    from pypdfium2 import PdfiumError

    with _opened(data) as document:
        try:
            opened = document[page]
            try:
                return _drawn(opened, width)
            finally:
                opened.close()
        except PdfiumError as error:
            raise _damaged(f"第{page + 1}页") from error


def page_rasters(content: bytes | Path, pages: Sequence[int], width: int) -> Iterator[Raster]:
    """Yield pages (from 0 on) drawn ``width`` pixels wide, a few at a time.

    ``content`` is a PDF or where it lies.  In between others may draw.  Raises
    :class:`StoreError` where the file or a page cannot be read.
    """
    from pypdfium2 import PdfiumError

    for first in range(0, len(pages), _AT_A_TIME):
        drawn: list[Raster] = []
        with _opened(content) as document:
            for number in pages[first : first + _AT_A_TIME]:
                try:
                    page = document[number]
                    try:
                        drawn.append(_drawn(page, width))
                    finally:
                        page.close()
                except PdfiumError as error:
                    raise _damaged(f"第{number + 1}页") from error
        yield from drawn


def page_texts(data: bytes) -> tuple[str, ...]:
    """Return the words of each page of a PDF; :class:`StoreError` where it cannot be read."""
    from pypdfium2 import PdfiumError

    found = []
    with _opened(data) as document:
        for number in range(len(document)):
            try:
                page = document[number]
                words = page.get_textpage()
                try:
                    found.append(str(words.get_text_range()))
                finally:
                    words.close()
                    page.close()
            except PdfiumError as error:
                raise _damaged(f"第{number + 1}页") from error
    return tuple(found)


def _drawn(page: PdfPage, width: int) -> Raster:
    across, down = (max(side, 1.0) for side in page.get_size())
    most = sqrt(MOST_PIXELS / (across * down))
    # At least one pixel each way, however thin a page is: PDFium rounds up.
    scale = min(max(width, 1) / across, most)
    bitmap = page.render(scale=scale, prefer_bgrx=True, maybe_alpha=False)
    try:
        return Raster(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
    finally:
        bitmap.close()


@contextmanager
def _opened(content: bytes | Path) -> Iterator[PdfDocument]:
    """Open a document and close it within the lock: the collector may not do so elsewhere."""
    # Not needed before somebody looks at a paper.
    from pypdfium2 import PdfDocument, PdfiumError

    with _ONE_AT_A_TIME:
        try:
            document = PdfDocument(content)
        except PdfiumError as error:
            if error.err_code == _PASSWORD:
                raise StoreError(
                    "这个 PDF 文件设有打开密码，不能显示。请取消密码后重新扫描或者保存。",
                    data={"kind": "file_locked"},
                ) from error
            raise _damaged("") from error
        try:
            # The seal of an electronic signature is a form field: without this it is not drawn.
            document.init_forms()
            yield document
        finally:
            document.close()


def _damaged(where: str) -> StoreError:
    return StoreError(
        f"这个 PDF 文件{where}已经损坏，不能显示。请对照纸质原件，并请重新扫描。",
        data={"kind": "file_damaged"},
    )


@dataclass(frozen=True, slots=True)
class Letters:
    """The text layer of a page: each character of ``text`` with its box.

    Boxes are left, top, right and bottom as parts of the page as it is seen, from 0 to 1 and from
    the upper left corner; ``None`` for what has no place (line ends).  ``width`` and ``height`` of
    the page are points.
    """

    text: str
    boxes: tuple[tuple[float, float, float, float] | None, ...]
    width: float
    height: float


def page_letters(content: bytes | Path, page: int) -> Letters:
    """Return the text layer of a page (from 0 on), turned as the page is.

    Raises :class:`StoreError` where the file or the page cannot be read.
    """
    from pypdfium2 import PdfiumError

    with _opened(content) as document:
        try:
            opened = document[page]
            words = opened.get_textpage()
            try:
                across, down = opened.get_size()
                text = str(words.get_text_range())
                places = [_box_seen(opened, words, at) for at in range(words.count_chars())]
            finally:
                words.close()
                opened.close()
        except PdfiumError as error:
            raise _damaged(f"第{page + 1}页") from error
    return Letters(text, tuple(places[: len(text)]), across, down)


_GRID = 100_000
"""The page is taken to be so many pixels each way: fine enough for any letter."""


def _box_seen(page: PdfPage, words: PdfTextPage, at: int) -> tuple[float, float, float, float]:
    from ctypes import byref, c_int

    from pypdfium2 import raw

    left, low, right, high = words.get_charbox(at)
    seen = []
    for x, y in ((left, low), (right, high)):
        across, down = c_int(), c_int()
        raw.FPDF_PageToDevice(
            page.raw, 0, 0, _GRID, _GRID, 0, x, y, byref(across), byref(down)
        )  # fmt: skip
        seen.append((across.value / _GRID, down.value / _GRID))
    (one, two), (three, four) = seen
    return min(one, three), min(two, four), max(one, three), max(two, four)


def page_width(content: bytes | Path, page: int) -> float:
    """Return the width of a page (from 0 on) in points, as it is seen; raises as above."""
    from pypdfium2 import PdfiumError

    with _opened(content) as document:
        try:
            opened = document[page]
            try:
                return float(opened.get_size()[0])
            finally:
                opened.close()
        except PdfiumError as error:
            raise _damaged(f"第{page + 1}页") from error
