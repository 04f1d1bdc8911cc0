"""A scanned page laid onto its electronic one: turned, skewed, moved, stretched and a little bent.

First features of both pictures give turn, skew, scale and place (RANSAC over ORB features, so no
stamp and no frame is needed and the head that all forms share does not mislead); then a grid of
small shifts takes up what is left: the uneven feed of a scanner, paper that is not flat.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, ceil, degrees, hypot
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import cv2
    import numpy as np
    from numpy.typing import NDArray

FEATURE_HEIGHT = 760
"""Rows of the pictures in which features are looked for: about 65 dots per inch of A4."""
_FEATURES = 700
_APART = 2.5
"""How far, in pixels of those pictures, a feature may lie from its place and still speak for it."""
_CELL_MM = 16.0
_REACH = 3
"""How many pixels of half the resolution the fine search goes each way: 1 mm at 150 dpi."""


@dataclass(frozen=True, slots=True)
class Features:
    """What is memorable in a picture: places in its own pixels (n × 2) and their descriptions."""

    places: NDArray[np.float32]
    words: NDArray[np.uint8]


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


def features(picture: NDArray[np.uint8]) -> Features:
    """Return what is memorable in a grey picture; nothing where it is blank."""
    import cv2
    import numpy as np

    scale = FEATURE_HEIGHT / max(picture.shape)
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(picture, size, interpolation=how)
    finder = cv2.ORB_create(nfeatures=_FEATURES, scaleFactor=1.2, nlevels=2, fastThreshold=12)
    points, words = finder.detectAndCompute(small, None)
    if words is None or not points:
        return Features(np.zeros((0, 2), np.float32), np.zeros((0, 32), np.uint8))
    places = cv2.KeyPoint.convert(points).astype(np.float32)
    # The middle of a pixel is its place: half a small pixel is several large ones.
    places = (places + 0.5) * np.float32(1 / scale) - 0.5
    return Features(np.asarray(places, np.float32), np.asarray(words, np.uint8))


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
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(
        electronic.words, scanned.words
    )
    near = [pair for pair in pairs if pair.distance <= _ALIKE]
    if len(near) < _LEAST:
        return None
    ours = electronic.places[[pair.queryIdx for pair in near]]
    theirs = scanned.places[[pair.trainIdx for pair in near]]
    cv2.setRNGSeed(1)
    apart = _APART * largest * scale / FEATURE_HEIGHT
    found, agreeing = cv2.estimateAffinePartial2D(
        ours, theirs, method=cv2.RANSAC, ransacReprojThreshold=apart, maxIters=3000, confidence=0.999
    )
    if found is None:
        return None
    return _registration(np.asarray(found, np.float64), int(agreeing.sum()), len(near), scale)


_LEAST = 8
_ALIKE = 64
"""Bits of 256 in which the descriptions of one and the same feature may differ."""


def _registration(
    matrix: NDArray[np.float64], agreed: int, possible: int, scale: float
) -> Registration | None:
    size = hypot(matrix[0, 0], matrix[1, 0])
    if agreed < _LEAST or not 0.8 < size / scale < 1.25:
        return None
    angle = degrees(atan2(matrix[1, 0], matrix[0, 0]))
    turn = round(angle / 90) * 90
    return Registration(matrix, turn % 360, angle - turn, size, agreed, agreed / possible)
