"""Whether a scanned page says what its electronic one says: no stroke more, no stroke less.

The scan is laid onto the electronic page (``page_register``, ``page_bending``) and judged
(``page_judgement``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zhixing_desktop.dossier.page_bending import bent_on, laid_on, small_shifts
from zhixing_desktop.dossier.page_difference import even
from zhixing_desktop.dossier.page_judgement import judgement
from zhixing_desktop.dossier.page_plain import is_plain, same_shade
from zhixing_desktop.dossier.page_regions import Box, Difference, Region
from zhixing_desktop.dossier.page_register import Features, Registration, register
from zhixing_desktop.dossier.page_register import features as features_of
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
    laid = _bent(electronic.picture, scanned.picture, found)
    seen = (scanned.picture.shape[0], scanned.picture.shape[1])
    judged = judgement(
        electronic.picture, laid, found.matrix, seen, measure or ProofMeasure(), printed
    )
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


def _sized(picture: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    import cv2
    import numpy as np

    if abs(scale - 1) < 0.005:
        return picture
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, size, interpolation=how), np.uint8)
