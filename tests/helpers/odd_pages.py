"""PDF pages as they come from anywhere: turned, cropped, large, in other units, carelessly written.

Each has letters and lines of its own all over, so that a picture of it shows what was moved.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

A4 = (0.0, 0.0, 595.0, 842.0)
A3_LYING = (0.0, 0.0, 1191.0, 842.0)


@dataclass(frozen=True, slots=True)
class OddPage:
    """A page: its boxes in its own units, its turn, how many points a unit is.

    ``careless`` leaves a changed state behind (no ``Q``, a clip, a scale, red); ``pieces`` cuts the
    operators into several streams; ``words`` stand on it, unless it is ``empty``.
    """

    media: tuple[float, float, float, float] = A4
    crop: tuple[float, float, float, float] | None = None
    turn: int = 0
    unit: float = 1.0
    careless: bool = False
    pieces: int = 1
    words: str = "page"
    empty: bool = False


def odd_pdf(*pages: OddPage) -> bytes:
    """Return a PDF of some pages."""
    with Pdf.new() as made:
        font = made.make_indirect(
            Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        )
        for page in pages:
            made.pages.append(pikepdf.Page(_page(made, page, font)))
        file = io.BytesIO()
        made.save(file, static_id=True)
        return file.getvalue()


def written(folder: Path, name: str, *pages: OddPage) -> Path:
    """Write a PDF of some pages and return where."""
    path = folder / f"{name}.pdf"
    path.write_bytes(odd_pdf(*pages))
    return path


def _page(made: Pdf, page: OddPage, font: pikepdf.Object) -> pikepdf.Object:
    operators = _operators(page)
    # Cut at spaces: readers put the pieces together with white space in between.
    words = operators.split(" ")
    step = -(-len(words) // page.pieces)
    pieces = [" ".join(words[at : at + step]) for at in range(0, len(words), step)]
    streams = [made.make_stream(piece.encode("ascii")) for piece in pieces]
    entries = Dictionary(
        Type=Name.Page,
        MediaBox=Array(page.media),
        Contents=streams[0] if len(streams) == 1 else Array(streams),
        Resources=Dictionary(Font=Dictionary(F=font)),
    )
    if page.crop is not None:
        entries.CropBox = Array(page.crop)
    if page.turn:
        entries.Rotate = page.turn
    if page.unit != 1:
        entries.UserUnit = page.unit
    return made.make_indirect(entries)


def _operators(page: OddPage) -> str:
    if page.empty:
        return "q Q"
    left, low, right, high = page.media
    parts = ["q 0.85 0.9 1 rg", f"{left} {low} {right - left} {high - low} re f Q"]
    rows = 24
    for row in range(rows):
        at = low + (high - low) * (row + 0.5) / rows
        size = (high - low) / rows * 0.5
        parts.append(f"BT /F {size:.2f} Tf {left + size:.2f} {at:.2f} Td")
        parts.append(f"({page.words} row {row} of its own abcdefghijklmnopqrstuvwxyz) Tj ET")
    if page.careless:
        parts.append("q 0.5 0 0 0.5 40 60 cm 1 0 0 rg 0 0 10 10 re W n q")
    return " ".join(parts)
