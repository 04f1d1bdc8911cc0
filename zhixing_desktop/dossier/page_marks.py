"""Where page number and stamp stand on a printed page, and their drawing operators.

Lengths are points from the lower left corner of the page as it is seen; what the court sees as
measures is given in millimetres.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from zhixing_desktop.dossier.corners import Corner

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = Sequence[Sequence[bool]] | NDArray[np.bool_]

MM = 72 / 25.4
Box = tuple[float, float, float, float]
"""Left, low, right and high edge."""


class NumberSide(StrEnum):
    """Where the page number stands: top right on the front of a sheet, top left on its back.

    Source: 《人民法院诉讼文书立卷归档办法》 article 17 (1991).
    """

    RIGHT = "right"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class MarkMeasures:
    """How large the marks are and how far from the edges: millimetres, letters in points.

    ``code`` is the side of the dark part of the QR code, ``edge`` its distance from both edges,
    ``quiet`` the white around it in squares of the code (ISO/IEC 18004: four).  ``line`` is the
    size of the words over (in a top corner under) the code; longer words are set smaller.
    ``number`` is the size of the page number, ``number_edge`` the distance of its outer end from
    the side and of its top from the top edge.
    """

    code: float = 13.0
    edge: float = 6.0
    quiet: float = 4.0
    line: float = 5.5
    number: float = 13.0
    number_edge: float = 8.0


@dataclass(frozen=True, slots=True)
class Letters:
    """What of the font is needed to set words: hexadecimal codes and widths in ems.

    ``high`` and ``low`` are the top of a capital and the depth of the deepest letter in ems.
    """

    codes: Mapping[str, str]
    widths: Mapping[str, float]
    high: float
    low: float

    def width(self, words: str) -> float:
        """Return how wide words are in ems."""
        return sum(self.widths[letter] for letter in words)

    def shown(self, words: str) -> str:
        """Return words as the operand of the operator ``Tj``."""
        return "<" + "".join(self.codes[letter] for letter in words) + ">"


_LEAST_SHARE = 0.3
"""Of a page's shorter side: on a ticket the stamp is smaller rather than all over it."""
_HALO = 0.09
"""Half the white line round a figure, in ems: enough on a black edge, little of what is under."""


def stamp_box(
    width: float,
    height: float,
    corner: Corner,
    number_side: NumberSide | None = None,
    squares: int = 25,
    measures: MarkMeasures | None = None,
) -> Box:
    """Return what a stamp covers on a page of a size: the code, the white around it, its words.

    ``squares`` is how many the code has in a row; ``number_side`` where the page number stands,
    which a stamp in the same corner makes room for.
    """
    measures = measures or MarkMeasures()
    side, quiet, edge = _code_sizes(width, height, squares, measures)
    outer = edge - quiet
    wide = quiet + side + quiet
    high = wide + _strip(measures)
    left = outer if corner in (Corner.BOTTOM_LEFT, Corner.TOP_LEFT) else width - outer - wide
    if corner in (Corner.BOTTOM_LEFT, Corner.BOTTOM_RIGHT):
        return left, outer, left + wide, outer + high
    on_left = corner is Corner.TOP_LEFT
    if number_side is (NumberSide.LEFT if on_left else NumberSide.RIGHT):
        below = number_box(width, height, number_side, 3.0, measures)[1] - MM
        outer = max(outer, height - below)
    return left, height - outer - high, left + wide, height - outer


def number_box(
    width: float,
    height: float,
    side: NumberSide,
    ems: float = 3.0,
    measures: MarkMeasures | None = None,
) -> Box:
    """Return what a page number covers on a page of a size; ``ems`` is how wide its figures are."""
    measures = measures or MarkMeasures()
    size = _number_size(width, height, measures)
    edge = min(measures.number_edge * MM, 0.1 * min(width, height))
    long = ems * size
    left = edge if side is NumberSide.LEFT else width - edge - long
    return left, height - edge - size, left + long, height - edge


def stamp_operators(
    width: float,
    height: float,
    corner: Corner,
    code: Matrix,
    words: str,
    letters: Letters,
    number_side: NumberSide | None = None,
    measures: MarkMeasures | None = None,
) -> str:
    """Return the operators that draw a stamp on a page of a size, on white.

    ``code`` is the QR code without its quiet zone; the font is the resource ``F``.
    """
    frame = _frame(width, height, corner, number_side, len(code), measures or MarkMeasures())
    parts = [frame.before, f"{_squares(code)}f Q"]
    if words:
        ems = letters.width(words)
        size = min(frame.line, frame.wide / max(ems, 0.01))
        at = frame.middle - size * ems / 2
        base = frame.low + (frame.strip - size * letters.high) / 2
        parts.append(f"BT 0 g /F {_n(size)} Tf {_n(at)} {_n(base)} Td {letters.shown(words)} Tj ET")
    return "\n".join(parts)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What stamps in one corner of pages of one size have in common.

    ``before`` draws the white and sets up the code.  The words stand on a strip from ``low`` on,
    ``strip`` high, around ``middle``, at most ``wide`` wide and in the size ``line``.
    """

    before: str
    low: float
    strip: float
    middle: float
    wide: float
    line: float


@lru_cache(maxsize=256)
def _frame(
    width: float,
    height: float,
    corner: Corner,
    number_side: NumberSide | None,
    squares: int,
    measures: MarkMeasures,
) -> _Frame:
    side, quiet, _ = _code_sizes(width, height, squares, measures)
    left, low, right, high = stamp_box(width, height, corner, number_side, squares, measures)
    bottom = corner in (Corner.BOTTOM_LEFT, Corner.BOTTOM_RIGHT)
    # The words stand on the inner side, where no printer cuts them off.
    strip = _strip(measures)
    code_low = low + quiet if bottom else low + strip + quiet
    step = _n(side / squares, 5)
    before = (
        f"q 1 g {_n(left)} {_n(low)} {_n(right - left)} {_n(high - low)} re f Q\n"
        f"q 0 g {step} 0 0 {step} {_n(left + quiet)} {_n(code_low)} cm"
    )
    words_low = high - strip if bottom else low
    middle = (left + right) / 2
    return _Frame(before, words_low, strip, middle, 0.95 * (right - left), measures.line)


def number_operators(
    width: float,
    height: float,
    side: NumberSide,
    words: str,
    letters: Letters,
    measures: MarkMeasures | None = None,
) -> str:
    """Return the operators that draw a page number on a page of a size.

    The figures have a white rim, so that they can be read on the black edge of a copy; the rim is
    no text for who copies.  The font is the resource ``F``.
    """
    measures = measures or MarkMeasures()
    size = _number_size(width, height, measures)
    left, _, _, high = number_box(width, height, side, letters.width(words), measures)
    base = high - size * letters.high
    place = f"/F {_n(size)} Tf {_n(left)} {_n(base)} Td {letters.shown(words)} Tj"
    rim = f"BT 1 Tr {place} ET"
    return (
        f"/Span << /ActualText () >> BDC q 1 G 1 j {_n(2 * _HALO * size)} w {rim} Q EMC\n"
        f"BT 0 g {place} ET"
    )


def _code_sizes(
    width: float, height: float, squares: int, measures: MarkMeasures
) -> tuple[float, float, float]:
    """Return the code's side, its quiet zone and its distance from the edges, in points."""
    side = min(measures.code * MM, _LEAST_SHARE * min(width, height))
    quiet = measures.quiet * side / squares
    return side, quiet, max(side * measures.edge / measures.code, quiet)


def _strip(measures: MarkMeasures) -> float:
    """Return how high the white line of words is."""
    return measures.line * 1.25


def _number_size(width: float, height: float, measures: MarkMeasures) -> float:
    return min(measures.number, 0.12 * min(width, height))


def _squares(code: Matrix) -> str:
    """Return rectangles for the dark squares, each run of a row one, in units of a square."""
    import numpy as np

    # One row after another with a light square between: a run begins and ends where it changes.
    # A stamp has some 170 runs and a volume a thousand stamps.
    count = len(code)
    rows = np.zeros((count, count + 1), np.bool_)
    rows[:, :count] = code
    flat = rows.ravel()
    edges = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    if flat[0]:
        edges = np.concatenate(([0], edges))
    keys = edges[::2] * (count + 1) + edges[1::2] - edges[::2]
    return "".join(map(_runs(count).__getitem__, keys.tolist()))


@lru_cache(maxsize=8)
def _runs(squares: int) -> Sequence[str]:
    """Return the rectangles of all runs: ``start * (squares + 1) + length`` is a run's place.

    ``start`` counts rows of one square more than they have.
    """
    row = squares + 1
    found = []
    for start in range(squares * row):
        down, left = divmod(start, row)
        found += [f"{left} {squares - 1 - down} {length} 1 re\n" for length in range(row)]
    return found


def _n(value: float, places: int = 2) -> str:
    return f"{value:.{places}f}".rstrip("0").rstrip(".")
