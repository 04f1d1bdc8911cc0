"""How wide and how long text will be in Word, which breaks its lines itself.

Reckoned in cells, without a font: a Chinese character fills one, a Latin letter or digit half of
one.  Good enough to say how a page will break, not where a line ends.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from math import ceil

from zhixing_desktop.documents.blocks import (
    Face,
    Paper,
    Paragraph,
    Signature,
    Space,
    Table,
    plain,
)
from zhixing_desktop.documents.fonts import Glyph, Metrics
from zhixing_desktop.documents.layout import Grid, LayoutProfile
from zhixing_desktop.documents.typeset import typeset

# As many lines of text go along when a signature moves to the next page.
LINES_WITH_SIGNATURE = 2
# A paragraph of so many lines is not broken over pages anyway (two lines stay together on either).
_SHORT = 3


class _Widths(dict[str, Glyph]):
    """The width in ems of each character, worked out when first met."""

    def __missing__(self, character: str) -> Glyph:
        wide = unicodedata.east_asian_width(character) in "WFA"
        found = self[character] = (0, 1.0 if wide else 0.55)
        return found


class CellMetrics:
    """The widths of no font in particular, for ``typeset``."""

    def __init__(self) -> None:
        self._widths = _Widths()

    def table(self, face: Face) -> Mapping[str, Glyph]:
        """Return the widths of characters; every face has the same."""
        del face
        return self._widths

    def cells(self, words: str) -> float:
        """Return the width of words in cells."""
        return sum(self._widths[character][1] for character in words)


def held_by_signatures(
    paper: Paper, layout: LayoutProfile, metrics: Metrics | None = None
) -> set[int]:
    """Return the places of the blocks whose end must stay on the page of the signature after them.

    Word takes the last two lines of such a paragraph along.  LibreOffice takes all of it, which may
    leave half a page empty; so a long paragraph is held only where the signature would stand alone
    without it, as ``typeset`` finds with ``metrics`` (or reckoned in cells).
    """
    held: set[int] = set()
    for place, block in enumerate(paper.blocks):
        if isinstance(block, Signature):
            held |= _held(paper, place, layout, metrics or CellMetrics())
    return held


def _held(paper: Paper, place: int, layout: LayoutProfile, metrics: Metrics) -> set[int]:
    grid = layout.grid(dense=paper.dense)
    held: set[int] = set()
    lines = 0
    before = place - 1
    while before >= 0 and lines < LINES_WITH_SIGNATURE:
        block = paper.blocks[before]
        if not isinstance(block, Paragraph | Table | Space):
            break
        found = _lines(block, grid)
        if found > _SHORT and not _moves_on(paper, place, layout, metrics):
            break
        held.add(before)
        lines += found
        before -= 1
    return held


def _moves_on(paper: Paper, place: int, layout: LayoutProfile, metrics: Metrics) -> bool:
    """Return whether a signature finds no room on the page where the text before it ends.

    What must stay with the signature needs its room there as well.
    """
    after = place + 1
    while after < len(paper.blocks) and getattr(paper.blocks[after - 1], "keep_next", False):
        after += 1
    return _pages(paper, place, layout, metrics) < _pages(paper, after, layout, metrics)


def _pages(paper: Paper, end: int, layout: LayoutProfile, metrics: Metrics) -> int:
    """Return how many pages the blocks before a place have."""
    return len(typeset(replace(paper, blocks=paper.blocks[:end]), layout, metrics).pages)


def _lines(block: Paragraph | Table | Space, grid: Grid) -> int:
    """Return about how many lines of text a block has; for a table enough is said with two."""
    if isinstance(block, Paragraph):
        return lines_of(block, grid)
    return LINES_WITH_SIGNATURE if isinstance(block, Table) else 0


def lines_of(block: Paragraph, grid: Grid) -> int:
    """Return about how many lines a paragraph has, at least one."""
    words = plain(block.text)
    size = grid.styles[block.style].size
    width = CellMetrics().cells(words) * size + len(words) * grid.tracking(block.style, words)
    first = max(block.first, 0) * grid.cell
    room = grid.text_width - (block.left + block.right) * grid.cell
    return max(ceil((width + first) / max(room, size) - 0.001), 1)
