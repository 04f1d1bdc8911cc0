"""Pictures of a page in which a code can be read that the page itself does not show well enough.

The means and their order were chosen by measurement among 140: 216 codes of 13 mm, copied up to
three times, blurred, faded, stained, skewed and scanned at 75 to 300 dpi with the scanner of the
tests.  The page itself shows 111 of them, these means 210; at 100 dpi after two copies, turned up
to 5 degrees, 48 of 48.  What stays unread: three copies at 100 dpi (21 of 24 are read), blots on a
corner square of the code.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SHORT_SIDE_MM = 210.0
"""What a page's shorter side is taken for: A4, the paper of files."""
_CORNER = 0.22
"""Of the shorter side: code, quiet zone, distance from the edges, 5 degrees askew, 5 mm off."""
_SHARP_MM = 0.3
_STAIN_MM = 2.0
_SQUARE_MM = 0.75
_LEAST_RANGE = 40


@dataclass(frozen=True, slots=True)
class Look:
    """A part of a page, made more legible.

    ``picture`` is grey and ``scale`` times as large as the part of the page that begins at
    ``left``, ``top``.  ``whole_range``: its darks and lights are told apart by one threshold.
    """

    picture: NDArray[np.uint8]
    left: int
    top: int
    scale: float
    whole_range: bool = False


@dataclass(frozen=True, slots=True)
class _Means:
    """How a part is treated: scale for 100 dpi, how much is added of the fine detail, stains."""

    scale: float
    sharper: float
    unstained: bool = False
    whole_range: bool = False


_MEANS = (
    _Means(2, 1.5),
    _Means(4, 6),
    _Means(4, 3, unstained=True),
    _Means(4, 6, whole_range=True),
)


def closer_looks(gray: NDArray[np.uint8]) -> Iterator[Sequence[Look]]:
    """Return looks at a page in groups, each group to be tried whole, the cheapest first."""
    parts = [part for part in _corners(gray) if _has_dark(part.picture)]
    dpi = min(gray.shape) / _SHORT_SIDE_MM * 25.4
    for means in _MEANS:
        yield [_treated(part, means, dpi) for part in parts]
    whole = Look(gray, 0, 0, 1.0)
    if _has_dark(gray):
        # A label may stick anywhere on the page.
        yield [_treated(whole, _MEANS[0], dpi)]


def _corners(gray: NDArray[np.uint8]) -> list[Look]:
    side = min(round(min(gray.shape) * _CORNER), *gray.shape)
    low, right = gray.shape[0] - side, gray.shape[1] - side
    places = ((low, right), (low, 0), (0, 0), (0, right))
    return [
        Look(gray[top : top + side, left : left + side], left, top, 1.0) for top, left in places
    ]


def _has_dark(part: NDArray[np.uint8]) -> bool:
    """Say whether something is on the paper; grain of the scanner alone is not."""
    import cv2

    if not part.size:
        return False
    smooth = cv2.blur(part, (3, 3))
    return int(smooth.max()) - int(smooth.min()) >= _LEAST_RANGE


def _treated(part: Look, means: _Means, dpi: float) -> Look:
    import cv2
    import numpy as np

    # Brought to the same size of a square whatever the scan's resolution.
    scale = means.scale * 100 / dpi
    picture = part.picture
    if means.unstained:
        # Before it is enlarged: the paper's shade has no fine detail.
        picture = _without_stains(picture, dpi / 25.4)
    # A fine scan made smaller loses its grain.
    how = cv2.INTER_CUBIC if scale > 1.0 else cv2.INTER_AREA
    picture = np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=how), np.uint8)
    pixels = dpi * scale / 25.4
    blurred = cv2.GaussianBlur(picture, (0, 0), _SHARP_MM * pixels)
    sharp = cv2.addWeighted(picture, 1 + means.sharper, blurred, -means.sharper, 0)
    return Look(np.asarray(sharp, np.uint8), part.left, part.top, scale, means.whole_range)


def _without_stains(picture: NDArray[np.uint8], pixels: float) -> NDArray[np.uint8]:
    """Divide by the paper's own shade, taken from what is lightest around each place.

    ``pixels`` are those of a millimetre.
    """
    import cv2
    import numpy as np

    near = round(_SQUARE_MM * pixels) | 1
    lightest = cv2.dilate(picture, np.ones((near, near), np.uint8))
    paper = cv2.GaussianBlur(lightest, (0, 0), _STAIN_MM * pixels)
    return np.asarray(cv2.divide(picture, paper, scale=255), np.uint8)
