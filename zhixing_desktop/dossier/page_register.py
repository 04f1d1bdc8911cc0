"""A scanned page laid onto its electronic one: turned, skewed, moved, stretched and a little bent.

Features of both pictures give turn, skew, scale and place (RANSAC over ORB features, so no stamp
and no frame is needed and the head that all forms share does not mislead).  What is left is taken
up by ``page_bending``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import atan2, degrees, hypot
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEATURE_HEIGHT = 680
"""Rows of the pictures in which features are looked for: about 58 dots per inch of A4."""
_FEATURES = 560
_FINER = 1.7
_APART = 2.5
"""How far, in pixels of those pictures, a feature may lie from its place and still speak for it."""


@dataclass(frozen=True, slots=True)
class Features:
    """What is memorable in a picture: places in its own pixels (n × 2) and their descriptions.

    ``size`` is the picture's width and height in pixels.
    """

    places: NDArray[np.float32]
    words: NDArray[np.uint8]
    size: tuple[int, int]

    @property
    def side(self) -> int:
        """The longer side in pixels."""
        return max(self.size)


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

    whole = (int(picture.shape[1]), int(picture.shape[0]))
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
    return Features(np.asarray(places, np.float32), np.asarray(words, np.uint8), whole)


def register(electronic: Features, scanned: Features) -> Registration | None:
    """Return where the scan lies on the electronic page; None where they have nothing in common.

    The scan is expected to show one sheet: a result that is more than a fifth larger or smaller
    than the ratio of the longer sides is none.
    """
    import cv2

    if min(len(electronic.words), len(scanned.words)) < _LEAST:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(electronic.words, scanned.words)
    near = [(pair.queryIdx, pair.trainIdx) for pair in pairs if pair.distance <= _ALIKE]
    free = _fitted(electronic, scanned, near, len(near))
    if free is not None and free.share >= _SURE_SHARE:
        return free
    # Lines or rows that repeat find each other all over the page: look only near where a feature
    # must be, if the sheet lies more or less within the picture, and then nearer.
    best = free
    for start, reach in _starts(electronic, scanned, free):
        again = _guided(electronic, scanned, start, reach)
        if again is not None and (best is None or again.agreed > best.agreed):
            best = again
        if best is not None and best.share >= _SURE_SHARE:
            break
    return best


def _starts(
    electronic: Features, scanned: Features, free: Registration | None
) -> Iterator[tuple[NDArray[Any], float]]:
    """Yield where the sheet may lie, and how far from there its features are looked for."""
    if free is not None:
        yield free.matrix, _CLOSE
    for turn in range(4):
        yield _framed(electronic, scanned, turn), _WITHIN


_SURE_SHARE = 0.4
_CLOSE, _WITHIN = 0.012, 0.06
"""How far from its place a feature is looked for: parts of the longer side (3.5 mm, 18 mm)."""
_PAIRED = 0.55
"""Which part of the features of a page is usually found again in a good scan of it."""


def _guided(
    electronic: Features, scanned: Features, start: NDArray[Any], reach: float
) -> Registration | None:
    """Fit again with each feature looked for near its place by ``start``, then nearer still."""
    found: Registration | None = None
    usual = round(_PAIRED * min(len(electronic.words), len(scanned.words)))
    for within in (reach, _CLOSE) if reach > _CLOSE else (reach,):
        near = _pairs_within(electronic, scanned, start, within * scanned.side)
        found = _fitted(electronic, scanned, near, max(usual, len(near)))
        if found is None:
            return None
        start = found.matrix
    return found


def _pairs_within(
    electronic: Features, scanned: Features, start: NDArray[Any], reach: float
) -> list[tuple[int, int]]:
    import cv2
    import numpy as np

    there = electronic.places @ start[:, :2].T + start[:, 2]
    away = np.abs(there[:, None, :] - scanned.places[None, :, :]).max(axis=2)
    mask = (away < reach).astype(np.uint8)
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).match(electronic.words, scanned.words, mask)
    return [(pair.queryIdx, pair.trainIdx) for pair in pairs if pair.distance <= _ALIKE]


def _framed(electronic: Features, scanned: Features, turn: int) -> NDArray[Any]:
    """Return the matrix for a sheet that fills its picture, turned by quarters clockwise."""
    import numpy as np

    scale = scanned.side / electronic.side
    across, along = ((1, 0), (0, 1), (-1, 0), (0, -1))[turn]
    matrix = np.array([[across, -along, 0], [along, across, 0]], np.float64) * scale
    middle = np.array(electronic.size) / 2 - 0.5
    matrix[:, 2] = np.array(scanned.size) / 2 - 0.5 - matrix[:, :2] @ middle
    return matrix


def _fitted(
    electronic: Features, scanned: Features, near: Sequence[tuple[int, int]], possible: int
) -> Registration | None:
    """Return the turn, scale and place that most of the pairs agree on."""
    import cv2
    import numpy as np

    if len(near) < _LEAST:
        return None
    ours = electronic.places[[one for one, _ in near]]
    theirs = scanned.places[[other for _, other in near]]
    # Its types promise a matrix; where none fits, there is none.
    solved: Any = cv2.estimateAffinePartial2D(
        ours,
        theirs,
        method=cv2.RANSAC,
        ransacReprojThreshold=_APART * scanned.side / FEATURE_HEIGHT,
        maxIters=3000,
        confidence=0.999,
    )
    found, agreeing = solved
    if found is None:
        return None
    inside = agreeing.ravel().astype(bool)
    scale = scanned.side / electronic.side
    result = _registration(np.asarray(found, np.float64), int(inside.sum()), possible, scale)
    return result and replace(
        result, matrix=_stretched(result.matrix, ours[inside], theirs[inside], electronic.side)
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


def _stretched(
    matrix: NDArray[Any], ours: NDArray[Any], theirs: NDArray[Any], side: int
) -> NDArray[Any]:
    """Let a scan be stretched more one way than the other, as feeders do, where enough agree."""
    import numpy as np

    spread = np.percentile(ours, 95, axis=0) - np.percentile(ours, 5, axis=0)
    if len(ours) < _ENOUGH or float(spread.min()) < _SPREAD * side:
        return matrix
    known = np.column_stack((ours, np.ones(len(ours)))).astype(np.float64)
    better = np.linalg.lstsq(known, theirs.astype(np.float64), rcond=None)[0].T
    # Features in one corner say nothing about the rest of the page: stay near to a plain turn.
    strange = np.abs(better[:, :2] - matrix[:, :2]).max() > _STRETCH * np.abs(matrix).max()
    return matrix if strange else np.asarray(better, np.float64)


_ENOUGH = 60
_STRETCH = 0.02
_SPREAD = 0.3
"""Over how much of the longer side they must lie, both ways: a line says nothing of the rest."""
