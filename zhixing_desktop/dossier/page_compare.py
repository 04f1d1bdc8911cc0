"""Whether a scanned page says what its electronic one says: no stroke more, no stroke less.

The scan is laid onto the electronic page (``page_register``), both are freed of the tone of their
paper, the electronic one is made as soft and as faint as the scan, and what is left on one side
only is added up in a small window that moves over the page.  What the program itself prints on the
paper (stamp, page number), holes and thread of the binding and the edge of the sheet do not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from zhixing_desktop.dossier.page_bending import bent_on, laid_on, small_shifts
from zhixing_desktop.dossier.page_difference import COARSE, apart, even, stained
from zhixing_desktop.dossier.page_plain import is_plain, same_shade
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
from zhixing_desktop.dossier.page_register import (
    Features,
    Registration,
    register,
)
from zhixing_desktop.dossier.page_register import (
    features as features_of,
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
_CELL = 96
"""Pixels: a part of the page that moves as one, 16 mm."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came out of laying a scan on its electronic page.

    ``found`` is False where the two have nothing in common: then nothing else counts.  ``same``
    says that no stroke is added or removed (parts that are obscured are not judged); ``measure``
    is the most ink on one side only in any window, ``left`` the most that is left of any stroke,
    both in mm² of black.  ``unclear`` says that the scan is too poor to tell whether it is the
    same: a figure made another would not be seen.  ``turn`` is how far the scan
    is turned clockwise (0, 90, 180, 270), ``skew`` the degrees beyond, ``scale`` its size compared
    with what its pixels promise (1.0: all of the sheet, no more), ``shift`` how far right and down
    (mm) the middle of the page lies from the middle of the scan.  ``share`` (0 to 1) is which part
    of the features agreed, ``agreed`` how many.  ``broad`` tells that the electronic page is wider
    than high while the scanned sheet stands upright.
    """

    found: bool
    same: bool
    measure: float
    regions: tuple[Region, ...] = ()
    turn: int = 0
    skew: float = 0.0
    scale: float = 1.0
    shift: tuple[float, float] = (0.0, 0.0)
    share: float = 0.0
    agreed: int = 0
    broad: bool = False
    left: float = 0.0
    unclear: bool = False


@dataclass(frozen=True, slots=True)
class Ready:
    """A picture at the working resolution, with what is memorable in it."""

    picture: NDArray[np.uint8]
    features: Features


def electronic_ready(
    picture: NDArray[np.uint8], dpi: float = WORKING_DPI, *, features: Features | None = None
) -> Ready:
    """Return an electronic page (grey, drawn at ``dpi``) ready to be compared.

    ``features`` are those of this same page, where they are known.
    """
    sized = _sized(picture, WORKING_DPI / dpi)
    return Ready(sized, features or features_of(sized))


def scanned_ready(
    picture: NDArray[np.uint8], dpi: float | None = None, *, features: Features | None = None
) -> Ready:
    """Return a scanned page ready to be compared; ``dpi`` None where the file does not say it.

    More than the working resolution adds nothing but time: a finer scan is made smaller, one that
    does not say how fine it is, to about the pixels of A4.
    """
    scale = WORKING_DPI / dpi if dpi else _LONG_SIDE / max(picture.shape)
    sized = _sized(picture, scale) if scale < 0.87 else picture
    return Ready(sized, features or features_of(sized))


_LONG_SIDE = round(297 * _MM)


def compare_pages(
    electronic: NDArray[np.uint8],
    scanned: NDArray[np.uint8],
    *,
    dpi: float = WORKING_DPI,
    measure: ProofMeasure | None = None,
    printed: Sequence[Box] = (),
) -> Comparison:
    """Hold a scan (grey, any resolution) against its electronic page (grey, drawn at ``dpi``).

    ``printed`` are the places where the program itself prints onto the paper: what stands there on
    the paper only does not count.
    """
    return compare_ready(
        electronic_ready(electronic, dpi), scanned_ready(scanned), measure=measure, printed=printed
    )


def compare_ready(
    electronic: Ready,
    scanned: Ready,
    *,
    measure: ProofMeasure | None = None,
    printed: Sequence[Box] = (),
) -> Comparison:
    """The same for two pictures that have been made ready (a page may be tried more than once)."""
    found = lies(electronic, scanned)
    if found is None:
        # Nothing to lay them on each other by: then only the shade can be told.
        if is_plain(electronic.picture) and same_shade(
            electronic.picture, scanned.picture, printed
        ):
            return Comparison(found=True, same=True, measure=0.0)
        return Comparison(found=False, same=False, measure=float("inf"))
    judged = _judged(electronic.picture, scanned.picture, found, measure or ProofMeasure(), printed)
    high, wide = electronic.picture.shape
    middle = found.matrix @ (wide / 2 - 0.5, high / 2 - 0.5, 1.0)
    size = scanned.picture.shape
    away = [
        round(float(at - side / 2 + 0.5) / found.scale / _MM, 1)
        for at, side in zip(middle, (size[1], size[0]), strict=True)
    ]
    differs = any(
        region.kind in (Difference.ADDED, Difference.REMOVED) for region in judged.regions
    )
    return Comparison(
        found=True,
        same=judged.clear and not differs,
        measure=round(judged.most, 3),
        left=round(judged.left, 3),
        unclear=not judged.clear and not differs,
        regions=judged.regions,
        turn=found.turn,
        skew=round(found.skew, 2),
        scale=round(found.scale * max(high, wide) / max(size), 4),
        shift=(away[0], away[1]),
        share=round(found.share, 3),
        agreed=found.agreed,
        broad=(wide > high) != (size[1] > size[0]) and wide > high,
    )


def lies(electronic: Ready, scanned: Ready) -> Registration | None:
    """Return where a scan lies on an electronic page, None where it is not this page."""
    found = register(electronic.features, scanned.features)
    if found is None and min(len(electronic.features.words), len(scanned.features.words)) < _SPARSE:
        found = register(*(features_of(side.picture, fine=True) for side in (electronic, scanned)))
    return found


_SPARSE = 300
"""A page with fewer features has but a few words: they are worth a closer look."""


def aligned(
    electronic: NDArray[np.uint8], scanned: NDArray[np.uint8], dpi: float = WORKING_DPI
) -> NDArray[np.uint8] | None:
    """Return the scan as it lies on the electronic page (``WORKING_DPI``), for both side by side.

    None where the two have nothing in common.  Boxes of :class:`Region` fit both pictures.
    """
    ours, theirs = electronic_ready(electronic, dpi), scanned_ready(scanned)
    found = lies(ours, theirs)
    return None if found is None else _bent(ours.picture, theirs.picture, found)


def _bent(
    ours: NDArray[np.uint8], theirs: NDArray[np.uint8], found: Registration
) -> NDArray[np.uint8]:
    import numpy as np

    high, wide = ours.shape
    small, rough = _smaller(ours), _smaller(theirs)
    # The middle of a small pixel lies amid several large ones, on both sides.
    matrix, off = found.matrix.copy(), (_BENT_AT - 1) / 2
    matrix[:, 2] = (matrix[:, 2] + matrix[:, :2].sum(axis=1) * off - off) / _BENT_AT
    laid = laid_on(rough, matrix, (small.shape[1], small.shape[0]))
    shifts = small_shifts(
        even(small, _BENT_AT).picture, even(laid, _BENT_AT).picture, _CELL // _BENT_AT
    )
    whole = np.asarray(_BENT_AT * shifts, np.float32)
    return np.asarray(bent_on(theirs, found.matrix, whole, _CELL, (wide, high)), np.uint8)


_BENT_AT = 2
"""The small shifts are looked for in so many times smaller pictures."""


def _smaller(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    import cv2
    import numpy as np

    wide, high = picture.shape[1] // _BENT_AT, picture.shape[0] // _BENT_AT
    # Cut to whole small pixels: else they would be a little larger, and more so at the far end.
    whole = picture[: high * _BENT_AT, : wide * _BENT_AT]
    return np.asarray(cv2.resize(whole, (wide, high), interpolation=cv2.INTER_AREA), np.uint8)


def _judged(
    ours: NDArray[np.uint8],
    theirs: NDArray[np.uint8],
    found: Registration,
    measure: ProofMeasure,
    printed: Sequence[Box],
) -> _Found:
    import cv2
    import numpy as np

    laid = _bent(ours, theirs, found)
    our_page, their_page = even(ours), even(laid)
    high, wide = ours.shape
    free = painted((high, wide), printed, _MM, 0, 255)
    seen = _seen(theirs, found, (high, wide))
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
    return _Found((*regions, *spots, *unseen), done.most, fine.most, clear=fine.clear)


@dataclass(frozen=True, slots=True)
class _Found:
    regions: tuple[Region, ...]
    most: float
    left: float
    clear: bool


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
    import cv2

    model, theirs, fine = _explained(looks, judged, measure)
    # In a scan that is not clear only what is beyond doubt is named.
    sure = measure if fine.clear else replace(measure, ink=_BEYOND_DOUBT * measure.ink)
    done = judge(apart(model, theirs, measure), laid, judged, sure)
    if done.excused:
        free = painted((judged.shape[0], judged.shape[1]), done.excused, _MM, 0, 255)
        fine = strokes(model, theirs, cv2.bitwise_and(judged, free), measure)
    known = [region.box for region in done.regions]
    more = [
        region for region in stroke_regions(fine)
        if not any(_touch(region.box, box) for box in known)
    ]  # fmt: skip
    return fine, replace(done, regions=(*done.regions, *more)[:MOST_REGIONS])


_BEYOND_DOUBT = 5


def _explained(
    looks: Sequence[tuple[NDArray[np.uint8], NDArray[np.uint8]]],
    judged: NDArray[np.uint8],
    measure: ProofMeasure,
) -> tuple[Model, NDArray[np.uint8], Strokes]:
    """Return the model of the scanner that leaves least, with the scan's ink."""
    best: tuple[Model, NDArray[np.uint8], Strokes] | None = None
    for model, theirs in _models(looks):
        fine = strokes(model, theirs, judged, measure)
        if best is None or fine.most * best[2].allowed < best[2].most * fine.allowed:
            best = model, theirs, fine
        if best[2].most <= best[2].allowed:
            break
    assert best is not None
    return best


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
    theirs: NDArray[np.uint8], found: Registration, shape: tuple[int, int]
) -> NDArray[np.uint8]:
    """Return 255 where the electronic page is on the scan at all."""
    import cv2
    import numpy as np

    high, wide = theirs.shape
    back = cv2.invertAffineTransform(found.matrix)
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


def _sized(picture: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    import cv2
    import numpy as np

    if abs(scale - 1) < 0.005:
        return picture
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, size, interpolation=how), np.uint8)
