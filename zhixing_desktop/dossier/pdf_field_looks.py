"""Form fields that were filled in but never drawn, drawn from their values with the program's font.

Embedded as a subset: a reader without Chinese fonts shows nothing of what is only named.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zhixing_desktop.paths import resources_dir

if TYPE_CHECKING:
    from pikepdf import Dictionary, Pdf

_FACE = "zhixing-dossier-fields"
_LARGEST, _LEAST = 12.0, 3.0
_INSET = 2.0
_PITCH = 1.2
_SIZE = re.compile(r"([\d.]+)\s+Tf")


@dataclass(frozen=True, slots=True)
class Undrawn:
    """A field without a picture: where it lies, what stands in it.

    ``style`` is its default appearance (``/Helv 12 Tf 0 g``), ``many`` tells that it has several
    lines.
    """

    mark: Dictionary
    words: str
    style: str
    many: bool

    def sides(self) -> tuple[float, float]:
        """Width and height in points; 0 where its rectangle says nothing."""
        try:
            left, low, right, high = (float(side) for side in self.mark["/Rect"])
        except (KeyError, TypeError, ValueError):
            return 0.0, 0.0
        return abs(right - left), abs(high - low)


def draw_looks(pdf: Pdf, fields: Sequence[Undrawn]) -> None:
    """Give each field of an opened PDF its picture; text too long for its place is set smaller."""
    from pikepdf import Dictionary, Name, Pdf

    shown = [field for field in fields if min(field.sides()) >= _LEAST]
    if not shown:
        return
    with Pdf.open(io.BytesIO(_sheets(shown))) as sheets:
        for field, sheet in zip(shown, sheets.pages, strict=True):
            drawing = pdf.copy_foreign(sheets.make_indirect(sheet.as_form_xobject()))
            field.mark[Name.AP] = Dictionary(N=drawing)


def _sheets(fields: Sequence[Undrawn]) -> bytes:
    """A PDF with one page for each field, as large as the field."""
    from reportlab.pdfgen.canvas import Canvas

    _learn_the_face()
    made = io.BytesIO()
    # "invariant": no day and no time in it.
    canvas = Canvas(made, invariant=1)
    for field in fields:
        width, height = field.sides()
        canvas.setPageSize((width, height))
        size, lines = _set(field, width - 2 * _INSET, height)
        canvas.setFont(_FACE, size)
        high = height - _INSET - size if field.many else (height - size) / 2 + 0.15 * size
        for line in lines:
            canvas.drawString(_INSET, high, line)
            high -= _PITCH * size
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def _learn_the_face() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    if _FACE not in pdfmetrics.getRegisteredFontNames():
        place = resources_dir() / "fonts" / "NotoSerifSC-Regular.ttf"
        pdfmetrics.registerFont(TTFont(_FACE, str(place)))


def _set(field: Undrawn, width: float, height: float) -> tuple[float, list[str]]:
    """Size of the letters and the lines, so that all of it lies within the field."""
    found = _SIZE.search(field.style)
    size = float(found[1]) if found else 0.0
    if size <= 0:
        size = _LARGEST if field.many else min(_LARGEST, height * 0.7)
    size = max(size, _LEAST)
    while True:
        lines = _lines(field, size, width)
        wide = max((_width(line, size) for line in lines), default=0.0)
        if size <= _LEAST or (wide <= width and len(lines) * _PITCH * size <= height + size / 2):
            return size, lines
        size = max(size * 0.9, _LEAST)


def _lines(field: Undrawn, size: float, width: float) -> list[str]:
    if not field.many:
        return [" ".join(field.words.split())]
    made: list[str] = []
    for paragraph in field.words.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        line = ""
        for sign in paragraph:
            if line and _width(line + sign, size) > width:
                made.append(line)
                line = ""
            line += sign
        made.append(line)
    return made


def _width(line: str, size: float) -> float:
    from reportlab.pdfbase import pdfmetrics

    return float(pdfmetrics.stringWidth(line, _FACE, size))
