"""A page of a foreign PDF reduced to what is seen of it: nothing that runs, points or hides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zhixing_desktop.dossier.pdf_boxes import Seen, seen_of

if TYPE_CHECKING:
    from pikepdf import Dictionary, Object, Page, Pdf

_PRIVATE = (
    "/Metadata", "/PieceInfo", "/AF", "/OPI", "/Ref", "/Alternates", "/StructParent",
    "/StructParents", "/LastModified", "/ID",
)  # fmt: skip
"""Entries of a picture or a form that are not drawn: data about it, or a way out of the file."""


class Cleaner:
    """Makes clean pages of one opened PDF, whose marks are fixed already (``pdf_forms``).

    ``some`` says that not all of its pages are taken: then each takes along only what it draws,
    so that nothing of the pages left out lies hidden in the dossier.
    """

    def __init__(self, pdf: Pdf, *, some: bool) -> None:
        self._pdf = pdf
        self._some = some
        self._cleaned: set[tuple[int, int]] = set()

    def page(self, number: int, turn: int) -> Page:
        """Return page ``number`` (from 0 on) as a new page of the same PDF, turned further.

        ``turn`` is in degrees clockwise, a multiple of 90.  Its box begins at its lower left
        corner, its unit is the point.
        """
        from pikepdf import Dictionary, Name, Page

        page = self._pdf.pages[number]
        if self._some:
            page.remove_unreferenced_resources()
        seen = seen_of(page.obj)
        resources = page.obj.get("/Resources")
        if isinstance(resources, Dictionary):
            self._clean(resources, 0)
        else:
            resources = Dictionary()
        width, height = (seen.right - seen.left) * seen.unit, (seen.high - seen.low) * seen.unit
        fresh = Dictionary(Type=Name.Page, MediaBox=[0, 0, _short(width), _short(height)])
        if seen.plain:
            fresh[Name.Resources] = resources
            if "/Contents" in page.obj:
                fresh[Name.Contents] = page.obj["/Contents"]
            if "/Group" in page.obj:
                fresh[Name.Group] = page.obj["/Group"]
        else:
            self._moved(page, seen, fresh)
        shown = (seen.turn + turn) % 360
        if shown:
            fresh[Name.Rotate] = shown
        return Page(self._pdf.make_indirect(fresh))

    def _moved(self, page: Page, seen: Seen, fresh: Dictionary) -> None:
        """The page as a drawing within the new one; patterns move along, as ``cm`` does not do."""
        from pikepdf import Array, Dictionary, Name

        for key in ("/CropBox", "/BleedBox", "/TrimBox", "/ArtBox"):
            if key in page.obj:
                del page.obj[key]
        page.obj[Name.MediaBox] = Array(
            [_short(side) for side in (seen.left, seen.low, seen.right, seen.high)]
        )
        drawing = page.as_form_xobject(handle_transformations=False)
        left, low = -seen.left * seen.unit, -seen.low * seen.unit
        placed = f"q {seen.unit:g} 0 0 {seen.unit:g} {left:.4f} {low:.4f} cm /Page Do Q"
        fresh[Name.Resources] = Dictionary(XObject=Dictionary(Page=drawing))
        fresh[Name.Contents] = self._pdf.make_stream(placed.encode("ascii"))

    def _clean(self, resources: Object, depth: int) -> None:
        """Take away what is not drawn from the pictures and forms of a page, and of those forms."""
        for thing in _drawings(resources):
            if thing.is_indirect:
                if thing.objgen in self._cleaned:
                    continue
                self._cleaned.add(thing.objgen)
            for key in _PRIVATE:
                if key in thing:
                    del thing[key]
            inner = thing.get("/Resources")
            if inner is not None and depth < 30:
                self._clean(inner, depth + 1)


def _drawings(resources: Object) -> Iterator[Object]:
    from pikepdf import Dictionary, Stream

    for kind in ("/XObject", "/Pattern"):
        named = resources.get(kind) if isinstance(resources, Dictionary) else None
        if isinstance(named, Dictionary):
            for key in list(named.keys()):
                thing = named[key]
                if isinstance(thing, Stream):
                    if thing.get("/Subtype") == "/PS":
                        del named[key]
                    else:
                        yield thing


def _short(number: float) -> float | int:
    rounded = round(number, 4)
    return int(rounded) if rounded == int(rounded) else rounded
