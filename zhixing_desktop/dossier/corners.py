"""The corners of a page in which its stamp may stand."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Corner(StrEnum):
    """A corner of a page as it is seen."""

    BOTTOM_RIGHT = "bottom_right"
    BOTTOM_LEFT = "bottom_left"
    TOP_LEFT = "top_left"
    TOP_RIGHT = "top_right"


_NEEDED = 20
"""Millimetres: a code of 13 with the white around it and the line of words over it."""
_FROM_EDGE = 4
_DARKER = 24
"""Shades below the paper from which on something is ink, not the grain of a scan."""
_EMPTY = 0.003
"""The part of a corner that dust and noise may take."""
_BETTER = 0.6
"""How much less ink another corner needs before the stamp leaves a preferred one."""
_A4_WIDTH, _A4_HEIGHT = 210.0, 297.0


def free_corner(gray_page: NDArray[np.uint8], *, width_mm: float | None = None) -> Corner:
    """Return the corner of a page that is emptiest for its stamp, the bottom right before others.

    ``gray_page`` are rows of grey as the page is seen, 0 black to 255 white; some 40 pixels to the
    inch are enough.  ``width_mm`` is how wide the page is; without it the page counts as A4,
    upright or lying, as its sides say.
    """
    inks = _inks(gray_page, width_mm)
    for corner in Corner:
        if inks[corner] <= _EMPTY:
            return corner
    best = Corner.BOTTOM_RIGHT
    for corner in Corner:
        if inks[corner] < inks[best] * _BETTER:
            best = corner
    return best


def _inks(page: NDArray[np.uint8], width_mm: float | None) -> dict[Corner, float]:
    """How much of each corner's square is covered, 0 to 1; darker ink counts more."""
    import numpy as np

    high, wide = page.shape
    across = width_mm or (_A4_WIDTH if wide <= high else _A4_HEIGHT)
    pixels = wide / across
    edge, side = max(round(_FROM_EDGE * pixels), 0), max(round(_NEEDED * pixels), 2)
    paper = int(np.percentile(page, 75))
    ink = np.clip(paper - _DARKER - page.astype(np.int16), 0, None) / max(paper - _DARKER, 1)
    near, far = slice(edge, edge + side), slice(-edge - side, -edge or None)
    squares = {
        Corner.BOTTOM_RIGHT: ink[far, far],
        Corner.BOTTOM_LEFT: ink[far, near],
        Corner.TOP_LEFT: ink[near, near],
        Corner.TOP_RIGHT: ink[near, far],
    }
    return {corner: float(square.mean()) for corner, square in squares.items()}
