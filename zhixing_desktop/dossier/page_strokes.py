"""Whether every stroke of a page is the one it should be: the fine half of the comparison.

The electronic page is made what this very scanner would have made of it (as soft, and each shade
what that shade became), and in a small window that moves over the page what is left is explained as
far as a scanner explains it: a shift of less than a pixel, a little more or less toner, a little
more or less softness.  What remains is counted; a figure made another leaves several times more
than any healthy scan of the same kind.  How much a healthy page leaves differs with the scan: so
what is allowed follows from what most of the page leaves, and where that is so much that a figure
could hide in it, the scan is not clear.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zhixing_desktop.dossier.proof_measure import WORKING_DPI, ProofMeasure

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MM = WORKING_DPI / 25.4
CELL = 3
"""Pixels: windows are moved by so many."""
_CELLS = 5
WINDOW = CELL * _CELLS
"""Pixels, 2.5 mm: a figure of 12 points and little beside it."""
_SOFTNESS = (0.35, 0.6, 0.9, 1.2, 1.6, 2.1, 2.7, 3.4)
"""Standard deviations, in pixels, of the blur that a scan may have beyond the electronic page."""
_CALM = 0.7
"""The blur that takes the grain out of a scan before it is judged."""
_SOME_INK = 40
_SAMPLED = 600
"""So many windows tell what most of a page leaves."""
_LOOKED_AT = 5000
"""More windows than this are never looked at closely: then every second is enough."""


@dataclass(frozen=True, slots=True)
class Model:
    """What a scanner would have made of the electronic page, as ink (0 paper to 255).

    ``softness`` is the blur (pixels), ``black`` the ink of this scan's black.
    """

    ink: NDArray[np.uint8]
    softness: float
    black: float


@dataclass(frozen=True, slots=True)
class Strokes:
    """What is left in each window, in mm² of black (rows × columns, ``CELL`` pixels apart).

    ``allowed`` is what a healthy page may leave in a scan like this one; ``clear`` says whether a
    single figure would leave more.  ``rest`` is what stands on the scan only (above 0) and on the
    electronic page only (below), in 255ths.
    """

    left: NDArray[np.float32]
    allowed: float
    clear: bool
    rest: NDArray[np.int16]
    black: float

    @property
    def most(self) -> float:
        """The most that is left in any window."""
        return float(self.left.max(initial=0.0))


def calm_ink(laid: NDArray[Any]) -> NDArray[np.uint8]:
    """Return the ink of an even scan without its grain."""
    import cv2
    import numpy as np

    return np.asarray(cv2.GaussianBlur(cv2.bitwise_not(laid), (0, 0), _CALM), np.uint8)


def model_of(electronic: NDArray[Any], theirs: NDArray[Any]) -> Model:
    """Return what the scanner that made ``theirs`` (calm ink) makes of an even electronic page."""
    import cv2
    import numpy as np

    ours = cv2.bitwise_not(electronic)
    top, bottom = _fullest(ours)
    sample, wanted = ours[top:bottom], theirs[top:bottom]
    best: tuple[float, float] | None = None
    for softness in _SOFTNESS:
        tried = np.asarray(cv2.GaussianBlur(sample, (0, 0), softness), np.uint8)
        rest = cv2.absdiff(cv2.LUT(tried, _tone(tried, wanted)), wanted)
        away = float(cv2.norm(rest, cv2.NORM_L2SQR))
        if best is not None and away >= best[0]:
            break
        best = (away, softness)
    softness = _SOFTNESS[0] if best is None else best[1]
    soft = np.asarray(cv2.GaussianBlur(ours, (0, 0), softness), np.uint8)
    # Every shade that the page has must be known, not only those of its fullest part.
    ink = cv2.LUT(soft, _tone(soft[::2, ::2], theirs[::2, ::2]))
    return Model(np.asarray(ink, np.uint8), softness, _black(ink))


def retoned(electronic: NDArray[Any], theirs: NDArray[Any]) -> Model | None:
    """Return the model of a copier that makes greys darker or lighter than it makes the words.

    What is a flat grey on the electronic page (a seal, a shaded field) is given the shade that it
    mostly has on the scan, but never less than a part of its own: a seal that is gone stays
    missing.  None where nothing is a flat grey.
    """
    import cv2
    import numpy as np

    ours = cv2.bitwise_not(electronic)
    around = np.ones((_FLAT, _FLAT), np.uint8)
    low, high = cv2.erode(ours, around), cv2.dilate(ours, around)
    flat = (cv2.subtract(high, low) < _EVEN) & (ours > _GREYS[0]) & (ours < _GREYS[1])
    if int(flat.sum()) < _ENOUGH:
        return None
    shades = ours[flat]
    near = np.ones(9, np.float64)
    counts = np.convolve(np.bincount(shades, minlength=256), near, "same")
    sums = np.convolve(np.bincount(shades, theirs[flat], minlength=256), near, "same")
    words = theirs[ours > _GREYS[1]]
    full = max(float(np.percentile(words, 75)), 60.0) if len(words) else 255.0
    known = np.flatnonzero(counts >= _ENOUGH)
    if not len(known):
        return None
    became = np.clip(sums[known] / counts[known] * 255 / full, _FAINTEST * known, 255)
    points = np.concatenate(([0], known, [255]))
    tones = np.interp(np.arange(256), points, np.concatenate(([0], became, [255])))
    again = cv2.LUT(ours, np.maximum.accumulate(tones).astype(np.uint8))
    return model_of(np.asarray(cv2.bitwise_not(again), np.uint8), theirs)


_FLAT, _EVEN, _ENOUGH = 5, 14, 60
_GREYS = (25, 225)
_FAINTEST = 0.6


def _tone(ours: NDArray[Any], theirs: NDArray[Any]) -> NDArray[np.uint8]:
    """Return what each shade of the electronic page became on the scan, darker never lighter."""
    import cv2
    import numpy as np

    both = cv2.calcHist(
        [np.ascontiguousarray(ours), np.ascontiguousarray(theirs)],
        [0, 1], None, [256, 64], [0, 256, 0, 256],
    )  # fmt: skip
    around = np.ones(9, np.float64)
    counts = np.convolve(both.sum(axis=1), around, "same")
    sums = np.convolve(both @ (np.arange(64) * 4 + 1.5), around, "same")
    known = np.flatnonzero(counts >= _KNOWN)
    if len(known) < 2:
        return np.arange(256, dtype=np.uint8)
    means = np.interp(np.arange(256), known, sums[known] / counts[known])
    # What is blacker than anything known becomes blacker in the same measure.
    last = int(known[-1])
    means[last:] = means[last] * np.arange(last, 256) / max(last, 1)
    means[0] = min(means[0], _GRAIN)
    return np.asarray(np.clip(np.maximum.accumulate(means), 0, 255), np.uint8)


_KNOWN = 40
_GRAIN = 6.0


def _fullest(ink: NDArray[Any]) -> tuple[int, int]:
    """Return from which row to which a sixth of the page with much ink lies."""
    rows = ink[:, ::8].sum(axis=1, dtype="int64").cumsum()
    high = max(1, len(rows) // 6)
    top = int((rows[high:] - rows[:-high]).argmax()) if len(rows) > high else 0
    return top, top + high


def _black(ink: NDArray[Any]) -> float:
    """Return what counts as black on this page once it is as soft as the scan."""
    import cv2
    import numpy as np

    counts = cv2.calcHist([ink[::2, ::2].copy()], [0], None, [256], [0, 256]).ravel()
    counts[:_SOME_INK] = 0
    if counts.sum() < 50:
        return 200.0
    reached = np.searchsorted(counts.cumsum(), 0.95 * counts.sum())
    return float(max(reached, 60))


def strokes(
    model: Model, theirs: NDArray[Any], judged: NDArray[Any], measure: ProofMeasure
) -> Strokes:
    """Return what is left where ``judged`` is 255."""
    import cv2
    import numpy as np

    rest = cv2.subtract(theirs, model.ink, dtype=cv2.CV_16S)
    rest[judged == 0] = 0
    high, wide = rest.shape
    size = (wide // CELL, high // CELL)
    whole = rest[: size[1] * CELL, : size[0] * CELL]
    scale = 1 / model.black**2
    square = cv2.multiply(whole, whole, scale=scale, dtype=cv2.CV_32F)
    small = cv2.resize(square, size, interpolation=cv2.INTER_AREA)
    raw = cv2.blur(small, (_CELLS, _CELLS), borderType=cv2.BORDER_CONSTANT) * np.float32(_AREA)
    inked = cv2.blur(
        cv2.resize(cv2.bitwise_and(model.ink, judged), size, interpolation=cv2.INTER_AREA),
        (_CELLS, _CELLS),
    ) > _INKED * model.black  # fmt: skip
    usual = _usual(model, rest, inked)
    allowed = max(measure.stroke, measure.unrest * usual)
    left = _looked_at(model, rest, raw, allowed)
    clear = allowed <= measure.hidden and not (model.softness > measure.soft and bool(inked.any()))
    return Strokes(left, allowed, clear, np.asarray(rest, np.int16), model.black)


_AREA = (WINDOW / _MM) ** 2
_INKED = 0.06
_BEYOND_DOUBT = 2


def _usual(model: Model, rest: NDArray[Any], inked: NDArray[Any]) -> float:
    """Return what nine of ten windows with ink leave at most."""
    import numpy as np

    rows, columns = np.nonzero(_inner(inked))
    if not len(rows):
        return 0.0
    step = max(1, len(rows) // _SAMPLED)
    found = _explained(model, rest, rows[::step], columns[::step])
    return float(np.quantile(found, 0.9))


def _looked_at(
    model: Model, rest: NDArray[Any], raw: NDArray[Any], allowed: float
) -> NDArray[np.float32]:
    """Return what is left in the windows that have more than is allowed before it is explained.

    None has less before than it has after: no other needs to be looked at.
    """
    import numpy as np

    left = np.zeros(raw.shape, np.float32)
    open_ = _inner(raw > allowed)
    if int(open_.sum()) > _LOOKED_AT:
        open_[::2], open_[:, ::2] = False, False
    rows, columns = np.nonzero(open_)
    for start in range(0, len(rows), _LOOKED_AT):
        part = slice(start, start + _LOOKED_AT)
        left[rows[part], columns[part]] = _explained(model, rest, rows[part], columns[part])
    return left


def _inner(mask: NDArray[Any]) -> NDArray[Any]:
    """Return a mask without the rim whose windows leave the page."""
    import numpy as np

    rim = _CELLS // 2 + 1
    inner = np.zeros_like(mask)
    inner[rim:-rim, rim:-rim] = mask[rim:-rim, rim:-rim]
    return inner


def _explained(
    model: Model, rest: NDArray[Any], rows: NDArray[Any], columns: NDArray[Any]
) -> NDArray[np.float32]:
    """Return what is left in windows (mm² of black) once what a scanner may do is taken out.

    Least squares in each window over the page's slopes (a shift), itself (toner) and its curvature
    (softness), each within bounds.
    """
    import numpy as np
    from numpy.lib.stride_tricks import sliding_window_view

    if not len(rows):
        return np.zeros(0, np.float32)
    half, middle = WINDOW // 2, CELL // 2
    y, x = rows * CELL + middle - half, columns * CELL + middle - half
    black = np.float32(1 / model.black)
    seen = sliding_window_view(rest, (WINDOW, WINDOW))[y, x].astype(np.float32) * black
    page = sliding_window_view(model.ink, (WINDOW + 2, WINDOW + 2))[y - 1, x - 1]
    page = page.astype(np.float32) * black
    inner = page[:, 1:-1, 1:-1]
    across = (page[:, 1:-1, 2:] - page[:, 1:-1, :-2]) / 2
    down = (page[:, 2:, 1:-1] - page[:, :-2, 1:-1]) / 2
    bend = page[:, 1:-1, 2:] + page[:, 1:-1, :-2] + page[:, 2:, 1:-1] + page[:, :-2, 1:-1]
    bend -= 4 * inner
    count = len(rows)
    known = np.stack([one.reshape(count, -1) for one in (across, down, inner, bend)], axis=1)
    flat = seen.reshape(count, -1, 1)
    square = known @ known.transpose(0, 2, 1)
    given = (known @ flat)[:, :, 0]
    bounds = np.array([_SHIFT, _SHIFT, _TONER, _BEND], np.float32)
    stiff = np.diag(_STIFF / bounds**2).astype(np.float32)
    solved = np.linalg.solve(square + stiff, given[:, :, None])[:, :, 0]
    solved = np.clip(solved, -bounds, bounds)
    energy = (flat[:, :, 0] ** 2).sum(axis=1)
    after = energy - 2 * (solved * given).sum(axis=1)
    after += (solved[:, None, :] @ square @ solved[:, :, None])[:, 0, 0]
    return np.asarray(np.clip(after, 0, energy) / np.float32(_MM * _MM), np.float32)


_SHIFT, _TONER, _BEND = 0.8, 0.35, 0.8
"""Pixels, parts of the ink, parts of its curvature: a scanner does no more within a window."""
_STIFF = 0.02
