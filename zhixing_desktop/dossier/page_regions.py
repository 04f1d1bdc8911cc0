"""Which parts of a page differ: boxes round what is on one side only, without what may be there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from zhixing_desktop.dossier.page_difference import Apart, windowed
from zhixing_desktop.dossier.page_strokes import CELL, WINDOW, Strokes
from zhixing_desktop.dossier.proof_measure import WORKING_DPI, ProofMeasure

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MM = WORKING_DPI / 25.4
_TOGETHER = 2.0
"""mm: differences nearer than this are boxed as one."""
MOST_REGIONS = 40
"""Where everything differs nobody looks at more boxes."""


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a page as it is seen, in millimetres from its top left corner."""

    left: float
    top: float
    wide: float
    high: float


class Difference(StrEnum):
    """What is wrong with a part of a page."""

    ADDED = "added"
    REMOVED = "removed"
    STAINED = "stained"
    """Darkened so much that it is not judged."""
    UNSEEN = "unseen"
    """Not on the scan: cut off or folded over."""

    @property
    def label(self) -> str:
        """The Chinese word."""
        return {
            "added": "纸质多出",
            "removed": "纸质缺少",
            "stained": "污损",
            "unseen": "未扫到",
        }[self]


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the electronic page that differs, and how much ink that is (mm² of black).

    ``at_mark`` tells that it lies at a place where the program prints stamp or number.
    """

    box: Box
    kind: Difference
    ink: float
    at_mark: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """The parts that differ, and the most ink (mm²) on one side only in any window.

    ``excused`` are parts that do not count: holes and thread of the binding.
    """

    regions: tuple[Region, ...]
    most: float
    excused: tuple[Box, ...] = ()


def judge(rest: Apart, laid: NDArray[Any], judged: NDArray[Any], measure: ProofMeasure) -> Judged:
    """Return what differs where ``judged`` is 255.

    ``laid`` is the scan as it lies on the electronic page, to tell a hole from a note.
    """
    import cv2

    found: list[Region] = []
    excused: list[Box] = []
    most = 0.0
    for kind, side in ((Difference.ADDED, rest.added), (Difference.REMOVED, rest.removed)):
        counted = cv2.bitwise_and(side, judged)
        # Mostly nothing is left anywhere: then no window needs to be moved over it.
        all_ink = float(cv2.sumElems(counted)[0]) / (255 * _MM * _MM)
        if all_ink <= measure.ink:
            most = max(most, all_ink)
            continue
        ink = windowed(counted, measure)
        highest = float(ink.max())
        if highest <= measure.ink:
            most = max(most, highest)
            continue
        for region, peak, across in _boxed(counted, ink, kind, measure):
            if kind is Difference.ADDED and _of_the_binding(region.box, across, laid, measure):
                excused.append(region.box)
                continue
            found.append(region)
            most = max(most, peak)
    found.sort(key=lambda region: -region.ink)
    return Judged(tuple(found[:MOST_REGIONS]), most, tuple(excused))


def stroke_regions(found: Strokes) -> tuple[Region, ...]:
    """Return boxes round the windows in which more is left than is allowed, the worst first."""
    import cv2
    import numpy as np

    hits = (found.left > found.allowed).astype(np.uint8)
    if not hits.any():
        return ()
    # Every second window was looked at where there were many.
    count, labels, facts, _ = cv2.connectedComponentsWithStats(
        cv2.dilate(hits, np.ones((_NEAR, _NEAR), np.uint8))
    )
    regions = []
    for number in range(1, count):
        left, top, across, along = (int(value) for value in facts[number, :4])
        cells = (slice(top, top + along), slice(left, left + across))
        own = (labels[cells] == number) & (hits[cells] > 0)
        rows, columns = np.nonzero(own)
        y, x = (top + rows.min(), top + rows.max()), (left + columns.min(), left + columns.max())
        reach = WINDOW // 2 + 1
        part = (
            slice(max(0, y[0] * CELL + 1 - reach), y[1] * CELL + 1 + reach),
            slice(max(0, x[0] * CELL + 1 - reach), x[1] * CELL + 1 + reach),
        )
        regions.append(_stroke_region(found, part))
    return tuple(sorted(regions, key=lambda region: -region.ink))[:MOST_REGIONS]


_NEAR = 5


def _stroke_region(found: Strokes, part: tuple[slice, slice]) -> Region:
    import numpy as np

    rest = found.rest[part].astype(np.float32) / found.black
    strong = np.argwhere(np.abs(rest) > _LEFT_OVER)
    if not len(strong):
        strong = np.array([[0, 0], [rest.shape[0] - 1, rest.shape[1] - 1]])
    (first, start), (last, end) = strong.min(axis=0), strong.max(axis=0)
    sides = (
        part[1].start + start, part[0].start + first, end - start + 1, last - first + 1
    )  # fmt: skip
    box = Box(*(round(float(side) / _MM, 1) for side in sides))
    kind = Difference.ADDED if float(rest.sum()) > 0 else Difference.REMOVED
    return Region(box, kind, round(float(np.abs(rest).sum()) / (_MM * _MM), 2))


_LEFT_OVER = 0.35
"""What is left of a stroke, in parts of black, to be boxed."""


def _boxed(
    counted: NDArray[Any],
    ink: NDArray[Any],
    kind: Difference,
    measure: ProofMeasure,
) -> Iterator[tuple[Region, float, float]]:
    """Yield the parts with their peak, and how wide (mm) what is added mostly is in a row."""
    import cv2
    import numpy as np

    hits = (ink > measure.ink).astype(np.uint8)
    wide = 2 * round(_TOGETHER * _MM / 2) + 1
    joined = cv2.dilate(hits, np.ones((wide, wide), np.uint8))
    count, labels, facts, _ = cv2.connectedComponentsWithStats(joined)
    for number in range(1, count):
        left, top, across, along = (int(value) for value in facts[number, :4])
        part = (slice(top, top + along), slice(left, left + across))
        own = labels[part] == number
        inked = np.argwhere(own & (counted[part] > 0))
        if not len(inked):
            continue
        (first, start), (last, end) = inked.min(axis=0), inked.max(axis=0)
        box = Box(
            *(round(float(value) / _MM, 1) for value in
              (left + start, top + first, end - start + 1, last - first + 1))
        )  # fmt: skip
        amount = float(counted[part][own].sum()) / (255 * _MM * _MM)
        spans = [np.ptp(inked[inked[:, 0] == row, 1]) + 1 for row in np.unique(inked[:, 0])]
        across_mm = float(np.median(spans)) / _MM
        yield Region(box, kind, round(amount, 2)), float(ink[part][own].max()), across_mm


def _of_the_binding(box: Box, across: float, laid: NDArray[Any], measure: ProofMeasure) -> bool:
    """Say whether something added is a hole or the thread at one of the long edges."""
    page = laid.shape[1] / _MM
    if box.left + box.wide > measure.binding and box.left < page - measure.binding:
        return False
    # The thread runs from hole to hole: a narrow line with some wider places.
    if box.wide <= _HOLE and across <= _THREAD_WIDE and box.high >= _THREAD_LONG:
        return True
    return max(box.wide, box.high) <= _HOLE and _plain_inside(box, laid)


_THREAD_WIDE, _THREAD_LONG, _HOLE = 2.5, 15.0, 10.0
_PLAIN = 14.0


def _plain_inside(box: Box, laid: NDArray[Any]) -> bool:
    """A hole is of one shade in its middle, dark or light; a note has strokes there."""
    across, down = box.left + box.wide / 2, box.top + box.high / 2
    reach = min(box.wide, box.high) * 0.3
    if reach < _LEAST_HOLE or not 0.5 < box.wide / box.high < 2:
        return False
    rows = slice(max(0, round((down - reach) * _MM)), round((down + reach) * _MM) + 1)
    columns = slice(max(0, round((across - reach) * _MM)), round((across + reach) * _MM) + 1)
    return float(laid[rows, columns].std()) < _PLAIN


_LEAST_HOLE = 0.9


def wide_parts(
    mask: NDArray[Any], scale: float, kind: Difference, least: float
) -> tuple[Region, ...]:
    """Return boxes round the parts of a mask of at least so many mm².

    ``scale`` is mm for one of the mask's pixels; ``ink`` of such a region is its area.
    """
    import cv2

    count, _, facts, _ = cv2.connectedComponentsWithStats(mask)
    found = []
    for number in range(1, count):
        area = float(facts[number, cv2.CC_STAT_AREA]) * scale * scale
        if area >= least:
            sides = (round(float(value) * scale, 1) for value in facts[number, :4])
            found.append(Region(Box(*sides), kind, round(area, 1)))
    return tuple(found)


def painted(
    shape: tuple[int, int], boxes: Sequence[Box], scale: float, value: int, ground: int
) -> NDArray[Any]:
    """Return a picture of ``ground`` with boxes of ``value``; ``scale`` is pixels for one mm."""
    import numpy as np

    picture = np.full(shape, ground, np.uint8)
    for box in boxes:
        rows = slice(max(0, int(box.top * scale)), max(0, int((box.top + box.high) * scale) + 1))
        columns = slice(
            max(0, int(box.left * scale)), max(0, int((box.left + box.wide) * scale) + 1)
        )
        picture[rows, columns] = value
    return picture
