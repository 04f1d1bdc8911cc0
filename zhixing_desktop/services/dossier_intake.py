"""Files before they are filed: what they are, their pages to look at, blank backs, photographs.

Nothing is kept and nothing is written here; ``dossier_store.take_in`` does that afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.services.dossier_store import (
    Cancelled,
    Progress,
    as_pdf,
    beside_the_pages,
    tidy,
)
from zhixing_desktop.services.dossier_types import Medium, Piece
from zhixing_desktop.services.file_pages import PagePicture
from zhixing_desktop.workflow.errors import StoreError

if TYPE_CHECKING:
    from zhixing_desktop.dossier.pdf_pages import Raster

_BLANK_ACROSS = 827
"""Pixels across a page in which blank pages are looked for: A4 at 100 to the inch."""
_FLAT = ".jpg"


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that somebody wants to file, as it was found.

    ``errors``: why it cannot be filed; ``notes``: what he ought to know.  ``pages`` is how many
    pages of record it would give, ``sizes`` their width and height in points as they are seen.
    ``medium`` is what it probably is; ``photo`` tells that it may be straightened.  ``shown`` is
    what its pages are drawn from: the file itself, or the PDF that was made of a Word file.
    """

    piece: Piece
    media_type: str
    pages: int
    sizes: tuple[tuple[float, float], ...]
    errors: tuple[str, ...]
    notes: tuple[str, ...]
    medium: Medium
    photo: bool
    shown: Piece

    @property
    def drawn_from_pdf(self) -> bool:
        """Whether its pages are those of a PDF."""
        return not self.media_type.startswith("image/")

    def pictures(self, pages: Sequence[int], width: int) -> tuple[PagePicture, ...]:
        """Return pages (from 0 on) drawn ``width`` pixels wide.

        A few milliseconds each: not for the thread of the window.  Raises :class:`StoreError`
        where a page is damaged.
        """
        return tuple(
            PagePicture(one.data, width=one.width, height=one.height, stride=one.stride)
            for one in self.rasters(pages, width)
        )

    def rasters(self, pages: Sequence[int], width: int) -> Iterator[Raster]:
        """Yield the same for services, one by one."""
        from zhixing_desktop.dossier.pdf_pages import page_rasters
        from zhixing_desktop.dossier.picture_raster import picture_raster

        if self.drawn_from_pdf:
            yield from page_rasters(self.shown.content, pages, width)
            return
        for page in pages:
            yield picture_raster(self.shown.content, page, width)


def looked_at(
    bureau: Bureau,
    pieces: Sequence[Piece],
    progress: Progress = lambda _done, _total, _what: None,
    cancelled: Cancelled = lambda: False,
) -> tuple[Looked, ...]:
    """Return what files are: their pages, and all that is wrong with any of them, at once.

    Nothing is refused here: a file that cannot be filed says why in ``errors``.  Word files are
    turned into pages where this workstation can do so.  Takes as long as the files are large.
    """
    found = []
    for done, piece in enumerate(pieces):
        if cancelled():
            break
        progress(done, len(pieces), f"查看{piece.name}")
        found.append(_look(bureau, piece))
    return tuple(found)


def _look(bureau: Bureau, piece: Piece) -> Looked:
    from zhixing_desktop.dossier import media_types as kinds
    from zhixing_desktop.dossier.intake import examine

    piece = tidy(piece)
    try:
        seen = examine(piece.content, piece.name)
    except StoreError as error:
        gone = (error.sentence,)
        return Looked(piece, kinds.UNKNOWN, 0, (), gone, (), Medium.BOTH, photo=False, shown=piece)
    photo = seen.media_type in kinds.PICTURES and seen.pages == 1
    made = Looked(
        piece,
        seen.media_type,
        seen.pages,
        tuple((shape.width, shape.height) for shape in seen.shapes),
        tuple(dict.fromkeys(one.sentence for one in seen.errors)),
        tuple(dict.fromkeys(one.sentence for one in seen.notes)),
        Medium.BOTH if seen.errors else _medium(piece, seen.media_type),
        photo,
        piece,
    )
    if seen.media_type in kinds.OFFICE and not made.errors:
        kept = tuple(one.sentence for one in beside_the_pages(seen))
        return _turned(bureau, made, kinds.ending_of(seen.media_type), kept)
    return made


def _turned(bureau: Bureau, looked: Looked, ending: str, kept: tuple[str, ...]) -> Looked:
    """A Word file with the pages that it will have; ``kept`` is what stays to be known of it."""
    from zhixing_desktop.dossier.intake import examine

    try:
        data = as_pdf(bureau, looked.piece, ending)
        seen = examine(data, looked.piece.name)
    except StoreError as error:
        return replace(looked, notes=(*looked.notes, error.sentence))
    if seen.errors or not seen.pages:
        return looked
    return replace(
        looked,
        pages=seen.pages,
        sizes=tuple((shape.width, shape.height) for shape in seen.shapes),
        notes=(*kept, "程序已经转成 PDF 作为卷宗页，原文件照样保存；请逐页核对。"),
        shown=Piece(looked.piece.name, data),
    )


def _medium(piece: Piece, media_type: str) -> Medium:
    from zhixing_desktop.dossier import media_types as kinds
    from zhixing_desktop.dossier.scanned import looks_scanned

    if kinds.has_no_pages(media_type):
        return Medium.ELECTRONIC
    if media_type in kinds.PICTURES:
        return Medium.ORIGINAL
    if media_type == kinds.PDF and looks_scanned(piece.content):
        return Medium.ORIGINAL
    return Medium.BOTH


def blanks(looked: Looked, step: Callable[[int], None] = lambda _done: None) -> tuple[int, ...]:
    """Return the pages (from 0 on) of a file on which nothing stands.

    ``step`` is told after each page how many have been looked at; what it raises ends the work.
    Raises :class:`StoreError` where a page is damaged.
    """
    from zhixing_desktop.dossier.blanks import is_blank
    from zhixing_desktop.dossier.pictures import gray

    found = []
    for page, raster in enumerate(looked.rasters(range(looked.pages), _BLANK_ACROSS)):
        if is_blank(gray(raster)):
            found.append(page)
        step(page + 1)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Straightening:
    """What became of a photograph: ``after`` is ``None`` where it was left alone (``reason``)."""

    after: Looked | None
    reason: str
    notes: tuple[str, ...]


def straightened(bureau: Bureau, looked: Looked, page: int = 0) -> Straightening:
    """Return a photograph of paper cut out and made flat, a scan with its lines level.

    ``page`` (from 0 on) is one of a file of several: scanned pages of a PDF, a TIFF.  The file
    that came stays the original; what is made of it is a further file beside it.  Takes a second.
    Raises :class:`StoreError` where the picture cannot be read.
    """
    from zhixing_desktop.dossier.straighten import straighten, straighten_scan

    content = _picture_of(looked, page)
    if content is None:
        return Straightening(None, "只能拉正照片和扫描的页面，文字页不需要拉正。", ())
    made = straighten(content)
    if not made.changed:
        level = straighten_scan(content)
        if not level.changed:
            return Straightening(None, made.reason, made.notes)
        made = level
    which = f"第{page + 1}页" if looked.pages > 1 else ""
    name = f"{Path(looked.piece.name).stem}（{which}拉正）{_FLAT}"
    return Straightening(_look(bureau, Piece(name, made.data)), "", made.notes)


def _picture_of(looked: Looked, page: int) -> bytes | Path | None:
    """Return the picture that a page is; ``None`` for a page with letters of its own."""
    from zhixing_desktop.dossier.page_photo import across_of, is_picture, page_photo

    if looked.photo:
        return looked.piece.content
    if not 0 <= page < looked.pages:
        return None
    if looked.drawn_from_pdf and not is_picture(looked.shown.content, page):
        return None
    width = looked.sizes[page][0]
    raster = next(iter(looked.rasters([page], across_of(width))))
    return page_photo(raster, width)
