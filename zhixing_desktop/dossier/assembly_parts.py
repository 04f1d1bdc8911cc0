"""Small parts of a volume: pages copied from their sources, marked, saved as a PDF of their own."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from zhixing_desktop.dossier.assembly_sources import Sources, unusable
from zhixing_desktop.dossier.corners import Corner
from zhixing_desktop.dossier.page_marks import (
    Letters,
    MarkMeasures,
    NumberSide,
    number_operators,
    stamp_operators,
)
from zhixing_desktop.dossier.pdf_boxes import Seen, seen_of
from zhixing_desktop.dossier.pdf_carry import SHARED

if TYPE_CHECKING:
    from pikepdf import Object, Page, Pdf, Stream

    from zhixing_desktop.dossier.page_marks import Matrix

PART_BYTES = 16_000_000
PART_PAGES = 100
_A4 = (595.28, 841.89)


@dataclass(frozen=True, slots=True)
class OutPage:
    """A page of the volume.

    ``source`` is a key of the sources and ``page`` the page there from 0 on; no source is a blank
    page as large as the one before.  ``number`` is printed as it stands (``12``, ``12-1``; empty
    for none) at ``number_side``.  ``stamp`` is the text of the QR code, ``stamp_line`` the words
    beside it, ``corner`` where they stand.  ``label`` is what a reader shows for the page where it
    is not its number.
    """

    source: str | None
    page: int = 0
    number: str = ""
    number_side: NumberSide = NumberSide.RIGHT
    stamp: str | None = None
    stamp_line: str = ""
    corner: Corner = Corner.BOTTOM_RIGHT
    label: str = ""


@dataclass(frozen=True, slots=True)
class Marking:
    """How pages are marked: letters, measures, and who makes a QR code of a text."""

    letters: Letters
    measures: MarkMeasures
    matrix: Callable[[str], Matrix]


def parts(pages: Iterable[OutPage], sources: Sources) -> Iterator[list[OutPage]]:
    """Cut pages into parts that are held in memory one at a time."""
    part: list[OutPage] = []
    weight = 0
    for page in pages:
        heavy = sources.weight(page.source) if page.source is not None else 0
        if part and (len(part) >= PART_PAGES or weight + heavy > PART_BYTES):
            yield part
            part, weight = [], 0
        part.append(page)
        weight += heavy
    if part:
        yield part


@dataclass(slots=True)
class PartMaker:
    """Makes parts, one after another; a blank page is as large as the one before."""

    sources: Sources
    marking: Marking
    size: tuple[float, float] = field(default=_A4)

    def made(self, pages: Iterable[OutPage]) -> bytes:
        """Return the PDF of a part; its catalogue names what stands for the shared font.

        Raises :class:`StoreError` where a source cannot be read.
        """
        from pikepdf import Dictionary, ObjectStreamMode, Pdf, StreamDecodeLevel

        with Pdf.new() as small:
            shared = small.make_indirect(Dictionary(Zx=0))
            small.Root[SHARED] = shared
            part = _Part(small, shared)
            for page in pages:
                self._add(part, page)
            file = io.BytesIO()
            small.save(
                file,
                object_stream_mode=ObjectStreamMode.disable,
                stream_decode_level=StreamDecodeLevel.none,
            )
            return file.getvalue()

    def _add(self, part: _Part, page: OutPage) -> None:
        import pikepdf

        if page.source is None:
            part.blank(self.size)
        else:
            copied = self.sources.page(page.source, page.page)
            try:
                part.copy(copied, (page.source, page.page))
            except pikepdf.PdfError as error:
                raise unusable(self.sources.name(page.source), page.source, error) from error
        seen = seen_of(part.last)
        shape = seen.shape()
        self.size = shape.width, shape.height
        operators = self._operators(page, *self.size)
        if operators:
            part.mark(seen, operators)

    def _operators(self, page: OutPage, width: float, height: float) -> str:
        """Return what draws the marks of a page of a size."""
        marking, drawn = self.marking, []
        if page.stamp is not None:
            code = marking.matrix(page.stamp)
            number_side = page.number_side if page.number else None
            drawn.append(
                stamp_operators(
                    width,
                    height,
                    page.corner,
                    code,
                    page.stamp_line,
                    marking.letters,
                    number_side,
                    marking.measures,
                )
            )
        if page.number:
            drawn.append(
                number_operators(
                    width, height, page.number_side, page.number, marking.letters, marking.measures
                )
            )
        return "\n".join(drawn)


class _Part:
    """The small PDF while its pages are put in.

    A page as it came becomes one form, its marks another: whatever state the page's operators leave
    behind (a matrix, a clip, a missing Q) ends with the form, and the page itself is not touched.
    """

    def __init__(self, small: Pdf, shared: Object) -> None:
        self._small = small
        self._shared = shared
        self._contents: dict[tuple[str, ...], Object] = {}
        self._known: dict[tuple[str, int], Object] = {}
        self._frames: dict[Seen, Object] = {}
        self._objects: Object = shared
        self.last: Object = shared
        """The dictionary of the page that was put in last."""

    def blank(self, size: tuple[float, float]) -> None:
        """Put in an empty page."""
        import pikepdf

        self._small.add_blank_page(page_size=size)
        self.last = self._small.pages[-1].obj
        self._draws(pikepdf.Dictionary())

    def copy(self, page: Page, key: tuple[str, int]) -> None:
        """Put in a page from elsewhere; the same one may come again."""
        import pikepdf

        known = self._known.get(key)
        if known is not None:
            entries = {name: entry for name, entry in known.items() if name != "/Parent"}
            again = self._small.make_indirect(pikepdf.Dictionary(entries))
            self._small.pages.append(pikepdf.Page(again))
            self.last = self._small.pages[-1].obj
            form = known.Resources.XObject.ZxPage
        else:
            self._small.pages.append(page)
            self.last = self._known[key] = self._small.pages[-1].obj
            form = self._form(self.last)
            _settle_fields(self.last)
        self._draws(pikepdf.Dictionary(ZxPage=form))
        self.last["/Contents"] = self._drawing("ZxPage")

    def mark(self, seen: Seen, operators: str) -> None:
        """Draw on the page that was put in last, in points as it is seen."""
        drawn = ("ZxPage", "ZxMarks") if "/ZxPage" in self._objects else ("ZxMarks",)
        self._objects["/ZxMarks"] = self._small.make_stream(
            zlib.compress(operators.encode("ascii"), 1), self._frame(seen)
        )
        self.last["/Contents"] = self._drawing(*drawn)

    def _draws(self, objects: Object) -> None:
        """Say what the page that was put in last draws; more may be put into ``objects``."""
        import pikepdf

        resources = pikepdf.Dictionary()
        resources["/XObject"] = objects
        self.last["/Resources"] = resources
        self._objects = self.last["/Resources"]["/XObject"]

    def _frame(self, seen: Seen) -> Object:
        """Return what the marks of all pages that are seen alike have in common."""
        import pikepdf

        if seen not in self._frames:
            shape = seen.shape()
            self._frames[seen] = pikepdf.Dictionary(
                Type=pikepdf.Name.XObject,
                Subtype=pikepdf.Name.Form,
                BBox=pikepdf.Array([0, 0, shape.width, shape.height]),
                Matrix=pikepdf.Array(_upright(seen)),
                Resources=pikepdf.Dictionary(Font=pikepdf.Dictionary(F=self._shared)),
                Filter=pikepdf.Name.FlateDecode,
            )
        return self._frames[seen]

    def _drawing(self, *names: str) -> Object:
        """Return the operators that draw some forms, one stream for all pages of the part."""
        if names not in self._contents:
            words = " ".join(f"q /{name} Do Q" for name in names)
            self._contents[names] = self._small.make_stream(words.encode("ascii"))
        return self._contents[names]

    def _form(self, page: Object) -> Object:
        """Turn what a page draws into a form; its data stay as they are."""
        import pikepdf

        contents = page.get("/Contents")
        if isinstance(contents, pikepdf.Array):
            streams = [one for one in contents if isinstance(one, pikepdf.Stream)]
            contents = streams[0] if len(streams) == 1 else self._joined(streams)
        if not isinstance(contents, pikepdf.Stream):
            contents = self._small.make_stream(b"")
        elif "/Subtype" in contents:
            # Another page draws the same with what it has itself; each has a form of its own.
            contents = self._joined([contents])
        contents["/Type"] = pikepdf.Name.XObject
        contents["/Subtype"] = pikepdf.Name.Form
        contents["/BBox"] = page.get("/MediaBox", pikepdf.Array([0, 0, *_A4]))
        contents["/Resources"] = page.get("/Resources", pikepdf.Dictionary())
        return contents

    def _joined(self, streams: list[Stream]) -> Object:
        return self._small.make_stream(b"\n".join(one.read_bytes() for one in streams))


def _upright(seen: Seen) -> list[float]:
    """Return the matrix from points of the page as it is seen to the page's own units."""
    unit = 1 / seen.unit
    return {
        0: [unit, 0, 0, unit, seen.left, seen.low],
        90: [0, unit, -unit, 0, seen.right, seen.low],
        180: [-unit, 0, 0, -unit, seen.right, seen.high],
        270: [0, -unit, unit, 0, seen.left, seen.high],
    }[seen.turn]


def _settle_fields(page: Object) -> None:
    """Make fields of a form pictures of themselves: nothing can be filled in on a kept page."""
    import pikepdf

    notes = page.get("/Annots")
    if not isinstance(notes, pikepdf.Array):
        return
    for note in notes:
        if note.get("/Subtype") == pikepdf.Name.Widget:
            note["/Subtype"] = pikepdf.Name.Stamp
            for key in ("/FT", "/Parent", "/Kids", "/A", "/AA", "/MK", "/T", "/V", "/DV", "/Ff"):
                if key in note:
                    del note[key]
