"""A few hundred bytes that tell which pages look alike, whichever way they were scanned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

GRID = 24
_SMALL = 192
_STEEPEST = 5.0
_STEP = 0.5
_EDGE = 0.03
_INK = 24
"""How much darker than the paper, in shades, something must be to be more than grain."""
_LEAST_INK = 4e-5
"""Part of a sheet: 2.5 mm² of A4, less than a full stop and a speck."""


def fingerprint(gray: NDArray[np.uint8]) -> bytes:
    """Return where on a page how much ink lies: 24 × 24 bytes, straightened, any resolution.

    Empty for a page without ink.  Compare with :func:`distances`; a quarter turn, noise and a skew
    of some degrees make little difference.
    """
    import cv2
    import numpy as np

    ink = _ink(gray)
    if ink is None:
        return b""
    straight = _straight(ink)
    cells = cv2.resize(straight, (GRID, GRID), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(cells, (0, 0), 0.7)
    shades = np.sqrt(np.asarray(soft) / max(float(np.max(soft)), 1e-6)) * 255
    return bytes(shades.astype(np.uint8).tobytes())


def is_blank(gray: NDArray[np.uint8]) -> bool:
    """Say whether a page bears nothing; grain, shade and the edges of the sheet do not count."""
    return _ink(gray) is None


def is_legible(gray: NDArray[np.uint8]) -> bool:
    """Say whether there are strokes on a page that a person could read.

    They are narrow and clearly darker than the paper round them; blur, shadow and grain are not.
    """
    import cv2
    import numpy as np

    scale = min(1.0, _LEGIBLE_SIDE / max(gray.shape))
    small = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    calm = cv2.GaussianBlur(small, (0, 0), 0.7)
    paper = cv2.morphologyEx(calm, cv2.MORPH_CLOSE, np.ones((13, 13), np.uint8))
    strokes = calm.astype(np.float32) < _STROKE * paper.astype(np.float32)
    return float(strokes.mean()) > _LEAST_STROKES


_LEGIBLE_SIDE = 1170
_STROKE = 0.8
_LEAST_STROKES = 2e-4


def distances(one: bytes, others: Sequence[bytes]) -> list[float]:
    """Return how unlike a page is to others: 0 alike, 1 nothing in common; four turns are tried."""
    import numpy as np

    if not others:
        return []
    turned = np.stack([_centred(np.rot90(_cells(one), quarter).ravel()) for quarter in range(4)])
    theirs = np.stack([_centred(_cells(other).ravel()) for other in others])
    return [float(value) for value in 1 - (theirs @ turned.T).max(axis=1)]


def _cells(print_: bytes) -> NDArray[Any]:
    import numpy as np

    if len(print_) != GRID * GRID:
        return np.zeros((GRID, GRID), np.float32)
    return np.frombuffer(print_, np.uint8).reshape(GRID, GRID).astype(np.float32)


def _centred(cells: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    away = cells - cells.mean()
    return np.asarray(away / max(float(np.linalg.norm(away)), 1e-6), np.float32)


def _ink(gray: NDArray[Any]) -> NDArray[Any] | None:
    """Return the ink of a page as a small square picture, None where there is none."""
    import cv2
    import numpy as np

    high, wide = gray.shape
    scale = min(1.0, 4 * _SMALL / max(high, wide))
    size = (max(8, round(wide * scale)), max(8, round(high * scale)))
    small = cv2.resize(gray, size, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((15, 15), np.uint8)), 5)
    ink = cv2.subtract(paper, small)
    edge = (round(size[0] * _EDGE), round(size[1] * _EDGE))
    ink[: edge[1]], ink[size[1] - edge[1] :] = 0, 0
    ink[:, : edge[0]], ink[:, size[0] - edge[0] :] = 0, 0
    calm = cv2.GaussianBlur(ink, (0, 0), 0.8)
    ground = float(np.median(calm))
    dark = np.asarray(cv2.threshold(calm, ground + _INK, 255, cv2.THRESH_TOZERO)[1], np.uint8)
    if np.count_nonzero(dark) < _LEAST_INK * dark.size:
        return None
    square = cv2.resize(dark, (_SMALL, _SMALL), interpolation=cv2.INTER_AREA)
    return np.asarray(square, np.float32)


def _straight(ink: NDArray[Any]) -> NDArray[Any]:
    """Turn the picture so that its lines of text lie along its rows or columns."""
    import cv2
    import numpy as np

    best, result = -1.0, ink
    middle = ((_SMALL - 1) / 2, (_SMALL - 1) / 2)
    for angle in np.arange(-_STEEPEST, _STEEPEST + _STEP / 2, _STEP):
        turn = cv2.getRotationMatrix2D(middle, float(angle), 1.0)
        turned = cv2.warpAffine(ink, turn, (_SMALL, _SMALL))
        clear = max(float(np.square(np.diff(turned.sum(axis=side))).sum()) for side in (0, 1))
        if clear > best:
            best, result = clear, np.asarray(turned)
    return result
