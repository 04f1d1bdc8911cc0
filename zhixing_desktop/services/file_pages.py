"""A kept file as pages to look at: how many there are, and each as a picture.

Whoever hands a file over here has asked whether it may be seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from zhixing_desktop.models import file_folder


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as a window can show it.

    With a ``stride`` the data are rows of pixels from the top (four bytes each: blue, green, red,
    nothing), ``stride`` bytes a row.  With none they are a picture file (PNG, JPEG, TIFF), of which
    this is the page ``place``, from 0 on.
    """

    data: bytes
    place: int = 0
    width: int = 0
    height: int = 0
    stride: int = 0


@dataclass(frozen=True, slots=True)
class FilePages:
    """A file that is looked at page by page; ``count`` is how many it has."""

    name: str
    media_type: str
    count: int
    data: bytes = field(repr=False)

    def picture(self, page: int, width: int) -> PagePicture:
        """Return a page (from 0 on); what can be drawn in any size is drawn ``width`` pixels wide.

        Takes tens of milliseconds: not for the thread of the window.  Raises :class:`StoreError`
        where the page is damaged.
        """
        if self.media_type != file_folder.PDF:
            return PagePicture(self.data, place=page)
        # Nobody pays for it before a paper is looked at.
        from zhixing_desktop.dossier.pdf_pages import page_raster

        drawn = page_raster(self.data, page, width)
        return PagePicture(drawn.data, width=drawn.width, height=drawn.height, stride=drawn.stride)

    def pictures(self, pages: Sequence[int], width: int) -> tuple[PagePicture, ...]:
        """Return several pages drawn ``width`` pixels wide, opening the file once.

        A few milliseconds each: not for the thread of the window.  Raises as :meth:`picture`.
        """
        if self.media_type != file_folder.PDF:
            return tuple(PagePicture(self.data, place=page) for page in pages)
        from zhixing_desktop.dossier.pdf_pages import page_rasters

        return tuple(
            PagePicture(one.data, width=one.width, height=one.height, stride=one.stride)
            for one in page_rasters(self.data, pages, width)
        )


def file_pages(name: str, media_type: str, data: bytes) -> FilePages:
    """Return a file's pages; :class:`StoreError` where it is damaged or locked by a password."""
    if media_type != file_folder.PDF:
        return FilePages(name, media_type, file_folder.page_count(data, media_type), data)
    from zhixing_desktop.dossier.pdf_pages import page_count

    return FilePages(name, media_type, page_count(data), data)
