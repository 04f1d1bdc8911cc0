"""How wide the columns of a table are, so that its rows take as few lines as can be.

Widths are in tenths of a character (one Chinese sign is 10 wide, a Latin one about half).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

_PADDING, _STEP = 8, 5
_LATIN, _MEETING = 5.6, 2
"""The widest figures of the faces in use, and the room between 豫 and 0811."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``least`` is its smallest width; one that is not ``wraps`` stands on one line.

    ``whole`` (0: none) is up to which width one that wraps keeps words on one line before others
    get more than their least.
    """

    least: int
    wraps: bool = True
    whole: int = 0


def fitted(columns: Sequence[Column], rows: Sequence[Sequence[str]], total: int) -> tuple[int, ...]:
    """Return the widths of columns that together are ``total`` wide, by what stands in them.

    What must not wrap is as wide as its widest cell.  The rest is given first to columns whose
    words are to stay whole, then where it saves most lines, and last to the column with the longest
    words.
    """
    wide = [[_width(row[at]) for row in rows] for at in range(len(columns))]
    widths = [
        column.least if column.wraps else max(column.least, max(cells, default=0) + _PADDING)
        for column, cells in zip(columns, wide, strict=True)
    ]
    for at, column in enumerate(columns):
        room = min(column.whole, widths[at] + total - sum(widths))
        whole = [cell + _PADDING for cell in wide[at] if cell + _PADDING <= room]
        widths[at] = max([widths[at], *whole])
    open_for = [at for at, column in enumerate(columns) if column.wraps]
    while open_for and sum(widths) + _STEP <= total:
        widths[_neediest(open_for, widths, wide)] += _STEP
    if open_for:
        last = max(open_for, key=lambda at: max(wide[at], default=0))
        widths[last] += total - sum(widths)
    return tuple(widths)


def _neediest(open_for: Sequence[int], widths: Sequence[int], wide: Sequence[Sequence[int]]) -> int:
    """Return the column to which the next step goes."""
    before = _lines(widths, wide)

    def saved(at: int, steps: int) -> int:
        return before - _lines([*widths[:at], widths[at] + steps * _STEP, *widths[at + 1 :]], wide)

    def need(at: int) -> tuple[float, float]:
        # A step alone often saves nothing; what counts is the shortest way to a line less.
        gain = max((saved(at, steps) / steps for steps in range(1, 13)), default=0.0)
        return gain, max(wide[at], default=0) / widths[at]

    return max(open_for, key=need)


def _lines(widths: Sequence[int], wide: Sequence[Sequence[int]]) -> int:
    """Return how many lines all rows take together."""
    taken = (
        max(
            max(1, ceil(cell / max(width - _PADDING, _STEP)))
            for cell, width in zip(cells, widths, strict=True)
        )
        for cells in zip(*wide, strict=True)
    )
    return sum(taken)


def _width(words: str) -> int:
    """Return how wide words are on one line, with the room where Chinese and Latin signs meet."""
    broad = [unicodedata.east_asian_width(sign) in "WFA" for sign in words]
    signs = sum(10 if wide else _LATIN for wide in broad)
    letters = [unicodedata.category(sign)[0] in "LN" for sign in words]
    meetings = sum(
        broad[at] != broad[at + 1] and letters[at] and letters[at + 1]
        for at in range(len(words) - 1)
    )
    return ceil(signs + _MEETING * meetings)
