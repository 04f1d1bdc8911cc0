"""Fonts of a PDF that are not embedded, and the page on which each is first used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pikepdf import Pdf


def loose_fonts(pdf: Pdf) -> Iterator[tuple[str, int]]:
    """Yield each font that draws and is not embedded: its name, the first page (from 1 on)."""
    search = _Search()
    told: set[str] = set()
    for number, page in enumerate(pdf.pages, start=1):
        for font in search.of(page.obj):
            name = str(font.get("/BaseFont", "（没有名称）")).lstrip("/")
            if name not in told:
                told.add(name)
                yield name, number


def _is_loose(font: Any) -> bool:
    """Whether a font's outlines are not in the file."""
    kind = str(font.get("/Subtype", ""))
    if kind == "/Type3":
        return False
    if kind == "/Type0":
        return any(_is_loose(below) for below in font.get("/DescendantFonts", ()))
    descriptor: Any = font.get("/FontDescriptor", {})
    return not any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))


class _Search:
    """Goes through pages; what they share is looked at once."""

    def __init__(self) -> None:
        self._seen: set[tuple[int, int]] = set()

    def of(self, page: Any) -> Iterator[Any]:
        """Yield the loose fonts of a page, its forms, patterns and annotations, not met before."""
        yield from self._in_resources(_inherited(page, "/Resources"))
        for note in page.get("/Annots", ()):
            for look in _looks(note):
                yield from self._in_form(look)

    def _in_form(self, form: Any) -> Iterator[Any]:
        if _is_dictionary(form) and self._is_new(form):
            yield from self._in_resources(form.get("/Resources"))

    def _in_resources(self, resources: Any) -> Iterator[Any]:
        if not _is_dictionary(resources) or not self._is_new(resources):
            return
        for font in _values(resources.get("/Font")):
            if _is_dictionary(font) and self._is_new(font) and _is_loose(font):
                yield font
        for kind in ("/XObject", "/Pattern"):
            for form in _values(resources.get(kind)):
                yield from self._in_form(form)

    def _is_new(self, thing: Any) -> bool:
        """Whether an object was not met before; one without a number is always new."""
        if not thing.is_indirect:
            return True
        new = thing.objgen not in self._seen
        self._seen.add(thing.objgen)
        return new


def _is_dictionary(thing: object) -> bool:
    import pikepdf

    return isinstance(thing, pikepdf.Dictionary | pikepdf.Stream)


def _values(things: Any) -> list[Any]:
    return [value for _, value in things.items()] if _is_dictionary(things) else []


def _inherited(page: Any, key: str) -> Any:
    """Return an entry of a page or of the part of the tree that it hangs on."""
    for _ in range(50):
        if page is None or key in page:
            break
        page = page.get("/Parent")
    return None if page is None else page.get(key)


def _looks(note: Any) -> Iterator[Any]:
    """Yield the drawings of an annotation: one, or one for each of its states."""
    import pikepdf

    for look in _values(note.get("/AP")):
        yield from [look] if isinstance(look, pikepdf.Stream) else _values(look)
