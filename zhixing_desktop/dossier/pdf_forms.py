"""Fields, seals and comments of a PDF fixed onto its pages, so that they stay visible for ever."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zhixing_desktop.dossier.pdf_field_looks import Undrawn, draw_looks

if TYPE_CHECKING:
    from pikepdf import Dictionary, Object, Page, Pdf

_DEEPEST = 40
_MULTILINE = 1 << 12
_PASSWORD = 1 << 13


def fix_marks(pdf: Pdf) -> None:
    """Draw every visible field, seal and comment of an opened PDF into its page, for good.

    Hidden ones stay hidden.  A field that was filled in by a program that draws nothing itself
    (``NeedAppearances``) is drawn from its value.  Nothing of the form is left behind.
    """
    form = pdf.Root.get("/AcroForm")
    if form is not None:
        draw_looks(pdf, [field for page in pdf.pages for field in _undrawn(page)])
        # Else qpdf would trust none of the pictures of the fields.
        if "/NeedAppearances" in form:
            del form["/NeedAppearances"]
    if any("/Annots" in page.obj for page in pdf.pages):
        pdf.flatten_annotations("all")


def inherited(mark: Object, key: str) -> Object | None:
    """Return an entry of a field, or that of the field above it that has one."""
    from pikepdf import Dictionary

    at: Object | None = mark
    for _ in range(_DEEPEST):
        if not isinstance(at, Dictionary):
            return None
        if key in at:
            return at[key]
        at = at.get("/Parent")
    return None


def typed_in(mark: Object) -> str:
    """Return what was typed or chosen in a field; ``""`` for buttons, seals and passwords."""
    from pikepdf import Array, String

    if str(inherited(mark, "/FT")) not in ("/Tx", "/Ch") or _flags(mark) & _PASSWORD:
        return ""
    value = inherited(mark, "/V")
    if isinstance(value, Array):
        return "、".join(str(one) for one in value if isinstance(one, String))
    return str(value) if isinstance(value, String) else ""


def _undrawn(page: Page) -> Iterator[Undrawn]:
    from pikepdf import Dictionary

    for mark in _widgets(page):
        look = mark.get("/AP")
        words = typed_in(mark)
        if words and not (isinstance(look, Dictionary) and "/N" in look):
            style = str(inherited(mark, "/DA") or "")
            yield Undrawn(mark, words, style, bool(_flags(mark) & _MULTILINE))


def _widgets(page: Page) -> Iterator[Dictionary]:
    from pikepdf import Array, Dictionary

    marks = page.obj.get("/Annots")
    if isinstance(marks, Array):
        for mark in marks:
            if isinstance(mark, Dictionary) and mark.get("/Subtype") == "/Widget":
                yield mark


def _flags(mark: Object) -> int:
    flags = inherited(mark, "/Ff")
    try:
        return int(flags) if flags is not None else 0
    except (TypeError, ValueError):
        return 0
