"""Pages of a file that is looked at on which nothing stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from zhixing_desktop.models.file_folder import PDF
from zhixing_desktop.services.file_pages import FilePages

if TYPE_CHECKING:
    from zhixing_desktop.dossier.pdf_pages import Raster

_ACROSS = 827
"""Pixels across a page in which blank pages are looked for: A4 at 100 to the inch."""


def blank_pages(
    file: FilePages, step: Callable[[int], None] = lambda _done: None
) -> tuple[int, ...]:
    """Return the pages (from 0 on) of a file that somebody may see on which nothing stands.

    ``step`` is told after each page how many have been looked at; what it raises ends the work.
    Some ten milliseconds a page.  Raises :class:`StoreError` where a page is damaged.
    """
    from zhixing_desktop.dossier.blanks import is_blank
    from zhixing_desktop.dossier.pictures import gray

    found = []
    for page, raster in enumerate(_rasters(file)):
        if is_blank(gray(raster)):
            found.append(page)
        step(page + 1)
    return tuple(found)


def _rasters(file: FilePages) -> Iterator[Raster]:
    from zhixing_desktop.dossier.pdf_pages import page_rasters
    from zhixing_desktop.dossier.picture_raster import picture_raster

    if file.media_type == PDF:
        yield from page_rasters(file.data, range(file.count), _ACROSS)
        return
    for page in range(file.count):
        yield picture_raster(file.data, page, _ACROSS)
