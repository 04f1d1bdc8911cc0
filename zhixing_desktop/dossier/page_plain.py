"""Pages with nothing on them to lay them on each other by: one shade from edge to edge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from zhixing_desktop.dossier.page_regions import Box, painted
from zhixing_desktop.dossier.proof_measure import WORKING_DPI

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SMALLER = 6
_MM = WORKING_DPI / 25.4 / _SMALLER
"""Pixels for a millimetre of the small pictures in which shades are looked at."""
_RIM = 16.0
"""mm: a sheet that lies 5° askew shows so much of the lid at its edges."""
_AROUND = 14.0
"""mm: so far from its place may a stamp on such a sheet be."""
_RANGE = 22
"""Shades between the lightest and the darkest within ``_NEAR``: more is something drawn."""
_NEAR = 3.0
_WHOLE_RANGE = 60
"""A photograph of a wall is lighter on one side than on the other."""
_FAINTER, _STRONGER = 0.4, 1.3
_SHADES = 0.06
"""How faint or strong a scanner shows a shade; and how far off it may be besides, of white."""
_WHITE = 250.0


def is_plain(picture: NDArray[Any], printed: Sequence[Box] = ()) -> bool:
    """Say whether nothing is drawn on a page (grey, working resolution) within its edges.

    What stands in or near the ``printed`` places does not count.
    """
    return _shade(picture, printed) is not None


def same_shade(
    electronic: NDArray[Any], scanned: NDArray[Any], printed: Sequence[Box] = ()
) -> bool:
    """Say whether two plain pages are of one shade, as far as scanners keep it."""
    ours, theirs = _shade(electronic, ()), _shade(scanned, printed)
    if ours is None or theirs is None:
        return False
    ours, theirs = max(0.0, 1 - ours / _WHITE), max(0.0, 1 - theirs / _WHITE)
    return _FAINTER * ours - _SHADES <= theirs <= _STRONGER * ours + _SHADES


def _shade(picture: NDArray[Any], printed: Sequence[Box]) -> float | None:
    """Return the mean shade of a page on which nothing is drawn, else None."""
    import cv2
    import numpy as np

    size = (max(1, picture.shape[1] // _SMALLER), max(1, picture.shape[0] // _SMALLER))
    small = cv2.medianBlur(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), 3)
    wide = [
        Box(box.left - _AROUND, box.top - _AROUND, box.wide + 2 * _AROUND, box.high + 2 * _AROUND)
        for box in printed
    ]
    judged = painted((size[1], size[0]), wide, _MM, 0, 255)
    rim = round(_RIM * _MM)
    judged[:rim], judged[-rim:], judged[:, :rim], judged[:, -rim:] = 0, 0, 0, 0
    side = round(_NEAR * _MM) | 1
    around = np.ones((side, side), np.uint8)
    inner = cv2.erode(judged, around) > 0
    if not inner.any():
        return None
    range_ = cv2.subtract(cv2.dilate(small, around), cv2.erode(small, around))[inner]
    shades = small[inner]
    low, high = np.percentile(shades, (1, 99))
    if int(range_.max()) > _RANGE or float(high - low) > _WHOLE_RANGE:
        return None
    return float(shades.mean())
