"""How far the lines of a scanned page lean, and the page turned back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST = 10.0
"""Degrees; what leans more was laid on the glass that way by intention."""
_LONG_SIDE = 900
_COARSE, _MIDDLE, _FINE = 1.0, 0.25, 0.05
_SURE = 1.2
"""How much sharper the lines stand at the best angle than at a usual one."""
_LEAST_INK = 0.0015
_SHIFT = 0.2113
"""Pixels: s(1 - s) = 1/6, the mean of what interpolation between two pixels blurs."""


def skew_of(gray_page: NDArray[np.uint8]) -> float:
    """Return by how many degrees the lines of a page are turned clockwise, -10 to 10.

    ``gray_page`` are rows of grey, 0 black to 255 white.  0 where there are no lines to go by: an
    empty page, a photograph.  Good to some 0.1 degrees.
    """
    import numpy as np

    ink = _ink(gray_page)
    if float((ink > 0).mean()) < _LEAST_INK:
        return 0.0
    wide = np.arange(-MOST, MOST + _COARSE / 2, _COARSE)
    scores = [_sharpness(ink, angle) for angle in wide]
    best = float(wide[int(np.argmax(scores))])
    for reach, step in ((_COARSE, _MIDDLE), (_MIDDLE, _FINE)):
        near = np.arange(best - reach, best + reach + step / 2, step)
        found = [_sharpness(ink, angle) for angle in near]
        best = float(near[int(np.argmax(found))])
    if _sharpness(ink, best) < _SURE * float(np.median(scores)):
        return 0.0
    return round(min(max(best, -MOST), MOST), 2) + 0.0


def deskew(picture: NDArray[np.uint8], degrees: float) -> NDArray[np.uint8]:
    """Return a page turned back by as many degrees as :func:`skew_of` found.

    ``picture`` is grey (rows × columns) or in colour (× 3); the size stays, the corners that open
    are filled with the shade of the paper.
    """
    import cv2
    import numpy as np

    high, wide = picture.shape[:2]
    paper = np.median(picture.reshape(high * wide, -1)[::97], axis=0)
    # Against the clock, as OpenCV counts.
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1.0)
    made = cv2.warpAffine(
        picture,
        turn,
        (wide, high),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=tuple(float(shade) for shade in paper),
    )
    return np.asarray(made, dtype=np.uint8)


def _ink(page: NDArray[np.uint8]) -> NDArray[np.float32]:
    """What is darker than its surroundings, small; the rim, where shadows are, left out."""
    import cv2
    import numpy as np

    scale = _LONG_SIDE / max(page.shape)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(page, None, fx=scale, fy=scale, interpolation=how)
    paper = cv2.GaussianBlur(small, (0, 0), 15)
    darker = np.clip(paper.astype(np.float32) - small.astype(np.float32) - 15.0, 0.0, 60.0)
    rim = max(round(0.03 * min(small.shape)), 1)
    darker[:rim], darker[-rim:] = 0, 0
    darker[:, :rim], darker[:, -rim:] = 0, 0
    return np.asarray(cv2.GaussianBlur(darker, (0, 0), 1.2), dtype=np.float32)


def _sharpness(ink: NDArray[np.float32], degrees: float) -> float:
    """How sharply rows of ink and rows of paper follow one another after turning back."""
    import cv2
    import numpy as np

    high, wide = ink.shape
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), float(degrees), 1.0)
    # Turning blurs a little, as much as this shift on the average; else 0, which blurs nothing,
    # would win over a lean of 0.3 degrees.
    turn[:, 2] = turn[:, 2] + _SHIFT
    rows = cv2.warpAffine(ink, turn, (wide, high), flags=cv2.INTER_LINEAR).sum(axis=1)
    return float(np.square(np.diff(rows)).sum())
