"""The marks on every page of a scan: stamps, separators, and pages on which nothing stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from zhixing_desktop.dossier.incoming import Examined
from zhixing_desktop.dossier.media_types import PDF
from zhixing_desktop.dossier.stack import PageMarks, page_marks

if TYPE_CHECKING:
    from zhixing_desktop.dossier.pdf_pages import Raster

_DPI = 150
"""A stamp of 13 mm has enough pixels at this, and a page is read in a few milliseconds."""
_BLANK_ACROSS = 827
_NARROWEST, _WIDEST = 600, 3600
_POINTS = 72


def stack_marks(
    content: Path | bytes, seen: Examined, step: Callable[[int], None] = lambda _done: None
) -> tuple[PageMarks, ...]:
    """Return what is found on each page of an examined scan (PDF or pictures), in order.

    ``step`` is told after each page how many are done; what it raises ends the work.  A page of
    150 dpi takes some 50 milliseconds, most of it for drawing.  Raises ``StoreError`` where a page
    is damaged.
    """
    found = []
    for raster in _rasters(content, seen):
        found.append(_marks(raster))
        step(len(found))
    return tuple(found)


def _rasters(content: Path | bytes, seen: Examined) -> Iterator[Raster]:
    from zhixing_desktop.dossier.pdf_pages import page_rasters
    from zhixing_desktop.dossier.picture_raster import picture_raster

    widths = [_across(shape.width) for shape in seen.shapes]
    if seen.media_type != PDF:
        for page, width in enumerate(widths):
            yield picture_raster(content, page, width)
        return
    for width, pages in groupby(range(seen.pages), key=widths.__getitem__):
        yield from page_rasters(content, list(pages), width)


def _across(points: float) -> int:
    """Return how many pixels a page is drawn wide; photographs often say nonsense of their size."""
    return min(max(round(points / _POINTS * _DPI), _NARROWEST), _WIDEST)


def _marks(raster: Raster) -> PageMarks:
    import cv2
    import numpy as np

    from zhixing_desktop.dossier.blanks import is_blank
    from zhixing_desktop.dossier.pictures import gray
    from zhixing_desktop.dossier.stamp_reading import read_stamps

    page = gray(raster)
    found = read_stamps(page)
    if found:
        return page_marks(found, blank=False)
    scale = _BLANK_ACROSS / min(page.shape[1], page.shape[0])
    small = page
    if scale < 1:
        sized = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        small = np.asarray(sized, dtype=np.uint8)
    return page_marks(found, blank=is_blank(small))
