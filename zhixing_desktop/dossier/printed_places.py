"""Where the program itself prints onto the paper of a page: stamp and number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from zhixing_desktop.dossier.corners import Corner
from zhixing_desktop.dossier.page_marks import NumberSide, number_box, stamp_box
from zhixing_desktop.dossier.page_regions import Box
from zhixing_desktop.dossier.proof_measure import WORKING_DPI

if TYPE_CHECKING:
    from zhixing_desktop.dossier.proof import ExpectedPage

_AROUND = 1.0
"""mm more on each side: printers do not hit their place to a hair."""
_FIGURES = 3.5
"""Ems: the widest number, 1888-88."""


def printed_places(page: ExpectedPage, shape: Sequence[int]) -> tuple[Box, ...]:
    """Return the parts of a page of so many rows and columns (``WORKING_DPI``) that do not count.

    Where the page does not say in which corner its stamp stands, all four are left out; a page
    that bears no stamp bears no number either.
    """
    if page.stamp is None:
        return ()
    scale = 72 / WORKING_DPI
    high, wide = shape[0] * scale, shape[1] * scale
    sides = tuple(NumberSide) if page.number_side is None else (page.number_side,)
    corners = tuple(Corner) if page.corner is None else (page.corner,)
    boxes = [number_box(wide, high, side, _FIGURES) for side in sides]
    boxes += [stamp_box(wide, high, corner, side) for corner in corners for side in sides]
    return tuple(_box(box, high) for box in boxes)


def _box(box: tuple[float, float, float, float], high: float) -> Box:
    """From points from the lower left corner to millimetres from the upper left."""
    mm = 25.4 / 72
    left, low, right, top = (value * mm for value in box)
    page = high * mm
    return Box(
        left - _AROUND,
        page - top - _AROUND,
        right - left + 2 * _AROUND,
        top - low + 2 * _AROUND,
    )
