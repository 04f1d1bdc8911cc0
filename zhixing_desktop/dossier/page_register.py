"""A scanned page laid onto its electronic one: turned, skewed, moved, stretched and a little bent.

First features of both pictures give turn, skew, scale and place (RANSAC over ORB features, so no
stamp and no frame is needed and the head that all forms share does not mislead); then a grid of
small shifts takes up what is left: the uneven feed of a scanner, paper that is not flat.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import atan2, degrees, hypot
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEATURE_HEIGHT = 760
"""Rows of the pictures in which features are looked for: about 65 dots per inch of A4."""
_FEATURES = 560
_FINER = 1.7
_APART = 2.5
"""How far, in pixels of those pictures, a feature may lie from its place and still speak for it."""
_CELL_MM = 16.0
_REACH = 3
"""How many pixels of half the resolution the fine search goes each way: 1 mm at 150 dpi."""


@dataclass(frozen=True, slots=True)
class Features:
    """What is memorable in a picture: places in its own pixels (n × 2) and their descriptions.

    ``side`` is the picture's longer side in pixels.
    """

    places: NDArray[np.float32]
    words: NDArray[np.uint8]
    side: int


@dataclass(frozen=True, slots=True)
class Registration:
    """Where a scanned page lies.

    ``matrix`` (2 × 3) leads from pixels of the electronic picture to pixels of the scan.  ``turn``
    is how far the scan is turned clockwise (0, 90, 180, 270), ``skew`` the degrees beyond that,
    ``scale`` the pixels of the scan for one of the electronic picture.  ``agreed`` is how many
    features speak for it, ``share`` which part of those that could.
    """

    matrix: NDArray[np.float64]
    turn: int
    skew: float
    scale: float
    agreed: int
    share: float


def features(picture: NDArray[Any], *, fine: bool = False) -> Features:
    """Return what is memorable in a grey picture; nothing where it is blank.

    ``fine`` looks closer: for a page with a few words on it.
    """
    import cv2
    import numpy as np

    scale = FEATURE_HEIGHT * (_FINER if fine else 1) / max(picture.shape)
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(picture, size, interpolation=how)
    threshold = 7 if fine else 12
    finder = cv2.ORB.create(_FEATURES, scaleFactor=1.2, nlevels=2, fastThreshold=threshold)
    points, words = finder.detectAndCompute(small, None)
    if words is None or not points:
        return Features(
            np.zeros((0, 2), np.float32), np.zeros((0, 32), np.uint8), max(picture.shape)
        )
    places = np.asarray(cv2.KeyPoint.convert(points), np.float32)
    # The middle of a pixel is its place: half a small pixel is several large ones.
    places = (places + 0.5) * np.float32(1 / scale) - 0.5
    return Features(np.asarray(places, np.float32), np.asarray(words, np.uint8), max(picture.shape))


def register(
    electronic: Features, scanned: Features, largest: float, scale: float
) -> Registration | None:
    """Return where the scan lies on the electronic page; None where they have nothing in common.

    ``largest`` is the longer side of the electronic picture in pixels, ``scale`` the expected
    pixels of the scan for one of it (the ratio of the longer sides); a result that is more than a
    fifth larger or smaller is none.
    """
    import cv2
    import numpy as np

    if min(len(electronic.words), len(scanned.words)) < _LEAST:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(electronic.words, scanned.words)
    near = [pair for pair in pairs if pair.distance <= _ALIKE]
    if len(near) < _LEAST:
        return None
    ours = electronic.places[[pair.queryIdx for pair in near]]
    theirs = scanned.places[[pair.trainIdx for pair in near]]
    apart = _APART * largest * scale / FEATURE_HEIGHT
    # Its types promise a matrix; where none fits, there is none.
    solved: Any = cv2.estimateAffinePartial2D(
        ours,
        theirs,
        method=cv2.RANSAC,
        ransacReprojThreshold=apart,
        maxIters=3000,
        confidence=0.999,
    )
    found, agreeing = solved
    if found is None:
        return None
    inside = agreeing.ravel().astype(bool)
    result = _registration(np.asarray(found, np.float64), int(inside.sum()), len(near), scale)
    return result and replace(
        result, matrix=_stretched(result.matrix, ours[inside], theirs[inside])
    )


_LEAST = 8
_ALIKE = 64
"""Bits of 256 in which the descriptions of one and the same feature may differ."""


def _registration(
    matrix: NDArray[Any], agreed: int, possible: int, scale: float
) -> Registration | None:
    size = hypot(matrix[0, 0], matrix[1, 0])
    if agreed < _LEAST or not 0.8 < size / scale < 1.25:
        return None
    angle = degrees(atan2(matrix[1, 0], matrix[0, 0]))
    turn = round(angle / 90) * 90
    return Registration(matrix, turn % 360, angle - turn, size, agreed, agreed / possible)


def _stretched(matrix: NDArray[Any], ours: NDArray[Any], theirs: NDArray[Any]) -> NDArray[Any]:
    """Let a scan be stretched more one way than the other, as feeders do, where enough agree."""
    import numpy as np

    if len(ours) < _ENOUGH:
        return matrix
    known = np.column_stack((ours, np.ones(len(ours)))).astype(np.float64)
    better = np.linalg.lstsq(known, theirs.astype(np.float64), rcond=None)[0].T
    # Features in one corner say nothing about the rest of the page: stay near to a plain turn.
    strange = np.abs(better[:, :2] - matrix[:, :2]).max() > _STRETCH * np.abs(matrix).max()
    return matrix if strange else np.asarray(better, np.float64)


_ENOUGH = 60
_STRETCH = 0.02


def laid_on(scanned: NDArray[Any], matrix: NDArray[Any], size: tuple[int, int]) -> NDArray[Any]:
    """Return the scan as seen in a picture of ``size`` (width, height); white beside the scan."""
    import cv2
    import numpy as np

    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    laid = cv2.warpAffine(scanned, matrix, size, flags=how, borderValue=_PAPER)
    return np.asarray(laid, np.uint8)


_PAPER = 255


def small_shifts(electronic: NDArray[Any], laid: NDArray[Any], cell: int) -> NDArray[Any]:
    """Return how far each part of a laid scan still is from its place: rows × columns × (x, y).

    Both pictures are of one size, with even paper, best at half the working resolution; the sides
    of a part are ``cell`` pixels.  Parts with too little on them go along with their neighbours.
    Two steps of Lucas and Kanade: they reach about two pixels.
    """
    import cv2
    import numpy as np

    high, wide = electronic.shape
    rows, columns = -(-high // cell), -(-wide // cell)
    ours, theirs = (_soft_ink(side, (columns * cell, rows * cell)) for side in (electronic, laid))
    theirs = _as_strong(theirs, ours)
    slopes = tuple(
        cv2.Sobel(ours, cv2.CV_32F, x, y, ksize=3, scale=1 / 8) for x, y in ((1, 0), (0, 1))
    )
    shifts = _step(ours, theirs, slopes, (columns, rows))
    for _ in range(_ROUNDS - 1):
        seen = bent_on(theirs, np.eye(2, 3), shifts, cell)
        shifts = shifts + _step(ours, seen, slopes, (columns, rows))
    return np.asarray(np.clip(shifts, -_MOST, _MOST), np.float32)


def _soft_ink(picture: NDArray[Any], size: tuple[int, int]) -> NDArray[Any]:
    """Return the ink (0 paper, 255 black), soft, filled up to ``size`` (width, height)."""
    import cv2
    import numpy as np

    high, wide = picture.shape
    framed = cv2.copyMakeBorder(
        cv2.bitwise_not(picture),
        0, size[1] - high, 0, size[0] - wide,
        cv2.BORDER_CONSTANT, value=0,
    )  # fmt: skip
    return np.asarray(cv2.GaussianBlur(framed, (0, 0), _SOFT), np.float32)


def _as_strong(theirs: NDArray[Any], ours: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    strength = float(ours.std()) / max(float(theirs.std()), 1e-3)
    return np.asarray(theirs * np.float32(np.clip(strength, 0.3, 3.0)), np.float32)


def _step(
    ours: NDArray[Any],
    theirs: NDArray[Any],
    slopes: tuple[NDArray[Any], ...],
    grid: tuple[int, int],
) -> NDArray[Any]:
    """Return the shift of each part that makes the difference smallest, neighbours heard."""
    import cv2
    import numpy as np

    across, along = slopes
    away = cv2.subtract(theirs, ours)

    def summed(one: NDArray[Any], other: NDArray[Any]) -> NDArray[Any]:
        parts = cv2.resize(cv2.multiply(one, other), grid, interpolation=cv2.INTER_AREA)
        soft = cv2.GaussianBlur(parts, (0, 0), 0.8, borderType=cv2.BORDER_REPLICATE)
        return np.asarray(soft, np.float32)

    xx, yy, xy = summed(across, across), summed(along, along), summed(across, along)
    # A stiffness: where little stands, nothing moves.
    xx, yy = xx + _STIFF, yy + _STIFF
    right, down = summed(across, away), summed(along, away)
    size = xx * yy - xy * xy
    step = np.dstack((xy * down - yy * right, xy * right - xx * down)) / size[:, :, None]
    return np.asarray(np.clip(step, -1.0, 1.0), np.float32)


_ROUNDS = 2
_SOFT = 1.2
_STIFF = 0.5
_MOST = 2.0


def bent_on(
    scanned: NDArray[Any],
    matrix: NDArray[Any],
    shifts: NDArray[Any],
    cell: int,
    size: tuple[int, int] | None = None,
) -> NDArray[Any]:
    """Return the scan laid on, with the small shifts of its parts (``cell`` pixels each) taken up.

    The result is ``size`` (width, height), else as large as the parts together.
    """
    import cv2
    import numpy as np

    rows, columns = shifts.shape[:2]
    # One more part on each side, so that what lies between two middles is never cut off.
    framed = np.pad(shifts, ((1, 1), (1, 1), (0, 0)), mode="edge")
    middle = (np.arange(-1, columns + 1) + 0.5) * cell - 0.5
    across = framed[:, :, 0] + middle
    along = framed[:, :, 1] + ((np.arange(-1, rows + 1) + 0.5) * cell - 0.5)[:, None]
    wide, high = size or (columns * cell, rows * cell)
    right, down = (
        cv2.resize(
            (one * across + other * along + rest).astype(np.float32),
            ((columns + 2) * cell, (rows + 2) * cell),
            interpolation=cv2.INTER_LINEAR,
        )[cell : cell + high, cell : cell + wide]
        for one, other, rest in matrix
    )
    bent = cv2.remap(
        scanned,
        right,
        down,
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=_PAPER if scanned.dtype == np.uint8 else 0,
    )
    return np.asarray(bent)
