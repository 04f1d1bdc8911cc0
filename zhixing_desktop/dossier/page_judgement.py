"""How a scan that is laid on its electronic page differs from it: every stroke more, every less.

Both are freed of the tone of their paper, the electronic page is made what this scanner would have
made of it (``page_strokes``), and what is left is judged twice: roughly, by ink on one side only,
and finely, stroke by stroke.  What the program itself prints on the paper (stamp, page number),
holes and thread of the binding and the edge of the sheet do not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from zhixing_desktop.dossier.page_difference import COARSE, apart, even, stained
from zhixing_desktop.dossier.page_regions import (
    MOST_REGIONS,
    Box,
    Difference,
    Judged,
    Region,
    judge,
    painted,
    stroke_regions,
    wide_parts,
)
from zhixing_desktop.dossier.page_strokes import (
    Model,
    Strokes,
    calm_ink,
    model_of,
    retoned,
    strokes,
)
from zhixing_desktop.dossier.proof_measure import WORKING_DPI, ProofMeasure

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MM = WORKING_DPI / 25.4


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came out: parts that differ, are stained or were not seen; the most ink on one side only
    (``most``) and the most that is left of a stroke (``left``) in any window, in mm² of black.

    ``clear`` is False where the scan is too poor to show a figure made another.
    """

    regions: tuple[Region, ...]
    most: float
    left: float
    clear: bool


def judgement(
    ours: NDArray[np.uint8],
    laid: NDArray[np.uint8],
    matrix: NDArray[np.float64],
    scan_shape: tuple[int, int],
    measure: ProofMeasure,
    printed: Sequence[Box],
) -> Judgement:
    """Return how an electronic page and the scan that is laid on it differ (working resolution).

    ``matrix`` (2 × 3) leads from the page to the scan, which has ``scan_shape`` (rows, columns).
    """
    import cv2
    import numpy as np

    our_page, their_page = even(ours), even(laid)
    high, wide = ours.shape
    free = painted((high, wide), printed, _MM, 0, 255)
    seen = _seen(scan_shape, matrix, (high, wide))
    unseen = _unseen(our_page.picture, seen, measure)
    stains = cv2.bitwise_and(
        stained(our_page, their_page, measure),
        cv2.resize(
            cv2.bitwise_and(seen, free), our_page.paper.shape[::-1], interpolation=cv2.INTER_NEAREST
        ),
    )
    rim = round(measure.edge * _MM)
    judged = cv2.bitwise_and(free, cv2.erode(seen, np.ones((7, 7), np.uint8)))
    clean = cv2.resize(255 - stains, (wide, high), interpolation=cv2.INTER_NEAREST)
    judged = cv2.bitwise_and(judged, clean)
    judged[:rim], judged[-rim:], judged[:, :rim], judged[:, -rim:] = 0, 0, 0, 0
    looks = ((our_page.picture, calm_ink(their_page.picture)), (ours, calm_ink(laid)))
    fine, done = _differences(looks, laid, np.asarray(judged, np.uint8), measure)
    regions = [
        replace(region, at_mark=any(_touch(region.box, box) for box in printed))
        for region in done.regions
    ]
    spots = wide_parts(stains, COARSE / _MM, Difference.STAINED, measure.stain_area)
    return Judgement((*regions, *spots, *unseen), done.most, fine.most, clear=fine.clear)


def _differences(
    looks: Sequence[tuple[NDArray[np.uint8], NDArray[np.uint8]]],
    laid: NDArray[np.uint8],
    judged: NDArray[np.uint8],
    measure: ProofMeasure,
) -> tuple[Strokes, Judged]:
    """Return what is left of the strokes, and all parts that differ.

    ``looks`` are electronic page and scan's ink with even paper, and as they are: shadows of the
    scanner are gone from the one, a photograph keeps its shades in the other.  What is changed is
    so in each.
    """
    best: tuple[tuple[bool, float], Strokes, Judged] | None = None
    for model, theirs in _models(looks):
        fine, done = _tried(model, theirs, laid, judged, measure)
        worth = bool(done.regions), fine.most / fine.allowed
        if best is None or worth < best[0]:
            best = worth, fine, done
        if worth <= (False, 1.0):
            break
    assert best is not None
    _, fine, done = best
    known = [region.box for region in done.regions]
    more = [
        region for region in stroke_regions(fine)
        if not any(_touch(region.box, box) for box in known)
    ]  # fmt: skip
    return fine, replace(done, regions=(*done.regions, *more)[:MOST_REGIONS])


def _tried(
    model: Model,
    theirs: NDArray[np.uint8],
    laid: NDArray[np.uint8],
    judged: NDArray[np.uint8],
    measure: ProofMeasure,
) -> tuple[Strokes, Judged]:
    """Return what differs if the scanner made of the page what the model says."""
    import cv2
    import numpy as np

    rest = apart(model, theirs, measure)
    done = judge(rest, laid, judged, measure)
    counted = judged
    if done.excused:
        free = painted((judged.shape[0], judged.shape[1]), done.excused, _MM, 0, 255)
        counted = np.asarray(cv2.bitwise_and(judged, free), np.uint8)
    fine = strokes(model, theirs, counted, measure)
    if done.regions and not fine.clear:
        # In a scan that is not clear only what is beyond doubt is named.
        done = judge(rest, laid, judged, replace(measure, ink=_BEYOND_DOUBT * measure.ink))
    return fine, done


_BEYOND_DOUBT = 5


def _models(
    looks: Sequence[tuple[NDArray[np.uint8], NDArray[np.uint8]]],
) -> Iterator[tuple[Model, NDArray[np.uint8]]]:
    """Yield how the scan may have come of the page, the usual way first."""
    page, theirs = looks[0]
    yield model_of(page, theirs), theirs
    for page, theirs in looks:
        again = retoned(page, theirs)
        if again is not None:
            yield again, theirs
    for page, theirs in looks[1:]:
        yield model_of(page, theirs), theirs


def _touch(one: Box, other: Box) -> bool:
    """Say whether two boxes lie on or beside each other."""
    return (
        one.left <= other.left + other.wide + _BESIDE
        and other.left <= one.left + one.wide + _BESIDE
        and one.top <= other.top + other.high + _BESIDE
        and other.top <= one.top + one.high + _BESIDE
    )


_BESIDE = 1.5


def _seen(
    scan_shape: tuple[int, int], matrix: NDArray[np.float64], shape: tuple[int, int]
) -> NDArray[np.uint8]:
    """Return 255 where the electronic page is on the scan at all."""
    import cv2
    import numpy as np

    high, wide = scan_shape
    back = cv2.invertAffineTransform(matrix)
    corners = np.array([[0, 0, 1], [wide, 0, 1], [wide, high, 1], [0, high, 1]], np.float64)
    mask = np.zeros(shape, np.uint8)
    cv2.fillConvexPoly(mask, np.rint(corners @ back.T).astype(np.int32), 255)
    return mask


def _unseen(
    ours: NDArray[np.uint8], seen: NDArray[np.uint8], measure: ProofMeasure
) -> tuple[Region, ...]:
    """Return where the electronic page has ink that the scan does not reach."""
    import cv2
    import numpy as np

    size = (ours.shape[1] // COARSE, ours.shape[0] // COARSE)
    beside = cv2.bitwise_not(cv2.resize(seen, size, interpolation=cv2.INTER_NEAREST))
    if not beside.any():
        return ()
    ink = cv2.bitwise_not(cv2.resize(ours, size, interpolation=cv2.INTER_AREA))
    small = cv2.bitwise_and(ink, beside)
    rim = round(measure.edge * _MM / COARSE)
    small[:rim], small[-rim:], small[:, :rim], small[:, -rim:] = 0, 0, 0, 0
    if not (small > _SOME_INK).any():
        return ()
    inked = cv2.dilate((small > _SOME_INK).astype(np.uint8), np.ones((5, 5), np.uint8))
    return wide_parts(inked, COARSE / _MM, Difference.UNSEEN, 4.0)


_SOME_INK = 40
