"""What of a PDF page is seen: its box, its turn, its unit; odd ones told and put right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zhixing_desktop.dossier.incoming import A4, PageShape

if TYPE_CHECKING:
    from pikepdf import Object

_LEAST = 3.0
"""Points; a page thinner than a millimetre is a mistake of the program that wrote it."""
_LARGEST_UNIT = 1000.0


@dataclass(frozen=True, slots=True)
class Seen:
    """The part of a page that is seen, in the page's own units, and how it is shown.

    ``unit`` is how many points one unit is; ``turn`` is 0, 90, 180 or 270 degrees clockwise.
    ``oddities`` are words for programs: ``zero_size boxes unit rotation``.
    """

    left: float
    low: float
    right: float
    high: float
    unit: float
    turn: int
    oddities: tuple[str, ...]

    @property
    def plain(self) -> bool:
        """Whether the page's own coordinates are points from its lower left corner."""
        return self.left == 0 and self.low == 0 and self.unit == 1

    def shape(self) -> PageShape:
        """How large the page is as it is seen, in points."""
        width, height = (self.right - self.left) * self.unit, (self.high - self.low) * self.unit
        if self.turn % 180:
            width, height = height, width
        return PageShape(round(width, 2), round(height, 2), self.turn)


def seen_of(page: Object) -> Seen:
    """Return what of a page (its dictionary, inherited entries included) is seen.

    Never fails: where the boxes say nothing usable it is an upright A4.
    """
    oddities: list[str] = []
    media = _box(page, "/MediaBox")
    crop = _box(page, "/CropBox") if "/CropBox" in page else media
    if media is None:
        oddities.append("zero_size")
        media = (0.0, 0.0, *A4)
    crop = _within(crop, media)
    if crop is None:
        oddities.append("boxes")
        crop = media
    elif crop != media or media[:2] != (0, 0):
        oddities.append("boxes")
    unit = _number(page, "/UserUnit", 1.0)
    if unit != 1:
        oddities.append("unit")
        unit = unit if 0 < unit <= _LARGEST_UNIT else 1.0
    turn = _number(page, "/Rotate", 0.0)
    if turn % 90:
        oddities.append("rotation")
        turn = 0.0
    return Seen(*crop, unit, int(turn) % 360, tuple(dict.fromkeys(oddities)))


def _box(page: Object, key: str) -> tuple[float, float, float, float] | None:
    try:
        raw = page.get(key)
        one, two, three, four = (float(side) for side in raw)  # type: ignore[union-attr]  # TypeError
    except (TypeError, ValueError, AttributeError):
        return None
    left, right = sorted((one, three))
    low, high = sorted((two, four))
    if right - left < _LEAST or high - low < _LEAST:
        return None
    return left, low, right, high


def _within(
    box: tuple[float, float, float, float] | None, outer: tuple[float, float, float, float]
) -> tuple[float, float, float, float] | None:
    """The common part of two boxes, as a reader shows it; ``None`` where there is none."""
    if box is None:
        return None
    left, low = max(box[0], outer[0]), max(box[1], outer[1])
    right, high = min(box[2], outer[2]), min(box[3], outer[3])
    if right - left < _LEAST or high - low < _LEAST:
        return None
    return left, low, right, high


def _number(page: Object, key: str, default: float) -> float:
    try:
        return float(page.get(key, default))
    except (TypeError, ValueError):
        return default
