"""What is left once a scan is laid on its page: the uneven feed of a scanner, paper not flat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray


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
