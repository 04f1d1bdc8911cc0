"""What stands on one of two pictures only, once they lie on each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zhixing_desktop.dossier.page_strokes import Model
from zhixing_desktop.dossier.proof_measure import WORKING_DPI, ProofMeasure

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MM = WORKING_DPI / 25.4
COARSE = 4
"""The paper's tone is looked at in so many times smaller pictures."""
_PAPER_REACH = 5.0
"""mm: ink that is wider than this is taken for the tone of the paper (a photo, a stain)."""
_WHITE = 253


@dataclass(frozen=True, slots=True)
class Even:
    """A page with its paper made white, and how light the paper was (``COARSE`` times smaller).

    ``paper`` is 1.0 where it is as light as most of the page.
    """

    picture: NDArray[np.uint8]
    paper: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Apart:
    """What is on one side only, as parts of a full black (0 to 255), and what cannot be judged."""

    added: NDArray[np.uint8]
    removed: NDArray[np.uint8]


def even(picture: NDArray[Any], smaller: int = 1) -> Even:
    """Return a page with white paper everywhere: shadows, stains and grey areas divided out.

    The picture is so many times ``smaller`` than at the working resolution.
    """
    import cv2
    import numpy as np

    high, wide = picture.shape
    by = max(1, COARSE // smaller)
    size = (max(1, wide // by), max(1, high // by))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    reach = int(_PAPER_REACH * _MM / COARSE) | 1
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    paper = cv2.GaussianBlur(paper, (0, 0), reach / 6)
    if int(paper.min()) >= _WHITE:
        return Even(picture, np.ones(paper.shape, np.float32))
    usual = max(float(np.percentile(paper[::4, ::4], 60)), 1.0)
    # Never divide by less than a deep shadow: the grain would become ink.
    floor = np.maximum(paper, np.uint8(min(255, usual * 0.2 + 1)))
    full = cv2.resize(floor, (wide, high), interpolation=cv2.INTER_LINEAR)
    white = cv2.divide(picture, full, scale=255)
    return Even(np.asarray(white, np.uint8), paper.astype(np.float32) / np.float32(usual))


def apart(model: Model, theirs: NDArray[Any], measure: ProofMeasure) -> Apart:
    """Return what is on one side only: the page as this scanner makes it, and the scan's ink."""
    import cv2
    import numpy as np

    reach = 2 * max(1, round(measure.beside * _MM)) + 1
    around = np.ones((reach, reach), np.uint8)
    added, removed = (
        _only(here, np.asarray(cv2.dilate(there, around), np.uint8), model.black, measure)
        for here, there in ((theirs, model.ink), (model.ink, theirs))
    )
    return Apart(added, removed)


def _only(
    here: NDArray[Any], there: NDArray[Any], black: float, measure: ProofMeasure
) -> NDArray[Any]:
    """Return what is here and not there, in 255ths of the page's black, without what is faint."""
    import cv2
    import numpy as np

    rest = cv2.addWeighted(
        here, 255 / black, there, -measure.worn * 255 / black, -255 * measure.faint
    )
    return np.asarray(rest, np.uint8)


def stained(electronic: Even, laid: Even, measure: ProofMeasure) -> NDArray[Any]:
    """Return where the scan's paper is darker than the electronic one's over a wide area.

    The picture is ``COARSE`` times smaller, 255 where it is stained, with a rim: a stain's edge is
    as sharp as a stroke.
    """
    import cv2
    import numpy as np

    light = laid.paper / np.maximum(electronic.paper, 0.05)
    dark = (light < measure.stain).astype(np.uint8)
    count, labels, facts, _ = cv2.connectedComponentsWithStats(dark)
    area = facts[:, cv2.CC_STAT_AREA]
    black = np.bincount(labels[light < measure.opaque], minlength=count)
    # The edge of what was blacked out is grey in a soft picture: it is no stain for that.
    spots = (area >= measure.stain_area * (_MM / COARSE) ** 2) & (black < _BLACKED * area)
    spots[0] = False
    wide = np.where(spots, 255, 0).astype(np.uint8)
    rim = 2 * round(_RIM * _MM / COARSE) + 1
    return np.asarray(cv2.dilate(wide[labels], np.ones((rim, rim), np.uint8)), np.uint8)


_RIM = 2.5
_BLACKED = 0.1


def windowed(rest: NDArray[Any], measure: ProofMeasure) -> NDArray[Any]:
    """Return how much ink (mm² of black) lies in the window round each pixel."""
    import cv2
    import numpy as np

    side = round(measure.window * _MM) | 1
    summed = cv2.boxFilter(rest, cv2.CV_32F, (side, side), normalize=False)
    return np.asarray(summed * np.float32(1 / (255 * _MM * _MM)), np.float32)
