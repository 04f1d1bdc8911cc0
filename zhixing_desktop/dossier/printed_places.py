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


_BY_HAND = (45.0, 28.0)
"""mm: a number that is written or stamped by hand in an upper corner."""
_LABEL = (78.0, 45.0)
"""mm: a label with a stamp, stuck into a corner."""


def printed_places(
    page: ExpectedPage, shape: Sequence[int], *, labelled: bool = False
) -> tuple[Box, ...]:
    """Return the parts of a page of so many rows and columns (``WORKING_DPI``) that do not count.

    ``labelled``: a stamp was read on paper that was bound as it came, so a label sticks on it.
    Where the page does not say in which corner its stamp stands, all four are left out; a page that
    bears no stamp bears no number either.
    """
    if page.stamp is None:
        return ()
    if page.own_paper:
        return _hand_places(shape, labelled=labelled)
    scale = 72 / WORKING_DPI
    high, wide = shape[0] * scale, shape[1] * scale
    sides = tuple(NumberSide) if page.number_side is None else (page.number_side,)
    corners = tuple(Corner) if page.corner is None else (page.corner,)
    boxes = [number_box(wide, high, side, _FIGURES) for side in sides]
    boxes += [stamp_box(wide, high, corner, side) for corner in corners for side in sides]
    return tuple(_box(box, high) for box in boxes)


def _hand_places(shape: Sequence[int], *, labelled: bool) -> tuple[Box, ...]:
    """Return the upper corners, where a number is written; all four where a label sticks."""
    mm = 25.4 / WORKING_DPI
    page_high, page_wide = shape[0] * mm, shape[1] * mm
    wide, high = _LABEL if labelled else _BY_HAND
    tops = (0.0, page_high - high) if labelled else (0.0,)
    return tuple(Box(left, top, wide, high) for top in tops for left in (0.0, page_wide - wide))


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
