"""Breaking a column of pieces into pages.  Pure: heights are whole twips.

The rules are those of Word's 与下段同页 and 孤行控制, so that both renderers break at one place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

_T = TypeVar("_T")


@dataclass(slots=True)
class Piece(Generic[_T]):
    """A piece of a column that is not broken: a line, a row of a table, an empty line.

    ``glued`` keeps it on the page of the next one; ``lines`` counts its lines of text; ``head`` are
    the rows that are repeated when a page begins with this piece; ``new_page`` begins a page before
    it.  ``foot`` is what it needs below itself at the end of a page or of its table, as the last
    rule of a table does.  ``what`` is for the caller.
    """

    height: int
    what: _T
    glued: bool = False
    lines: int = 0
    head: Sequence[Piece[_T]] = field(default=())
    new_page: bool = False
    foot: int = 0


@dataclass(frozen=True, slots=True)
class Standing(Generic[_T]):
    """A piece on its page; ``top`` is in twips below the top of the text."""

    top: int
    piece: Piece[_T]
    repeated: bool = False


def glue_lines(pieces: Sequence[Piece[_T]], *, keep_next: bool) -> None:
    """Keep together what belongs together of a paragraph's lines.

    No first line alone at the foot of a page, no last line alone at the top of one.
    """
    for i, piece in enumerate(pieces[:-1]):
        piece.glued = i in {0, len(pieces) - 2}
    if pieces:
        pieces[-1].glued = keep_next


def pull_along(pieces: Sequence[Piece[_T]], lines: int = 2) -> None:
    """Glue so much of the end of ``pieces`` that what follows has ``lines`` of text with it."""
    found = 0
    for piece in reversed(pieces):
        piece.glued = True
        found += piece.lines
        if found >= lines or piece.new_page:
            return


def into_pages(pieces: Sequence[Piece[_T]], capacity: int) -> list[list[Standing[_T]]]:
    """Return the pages of a column; there is at least one.

    A page ends at the last place where it may before it is full.  Pieces that are glued to more
    than a page are broken where the page is full; a piece higher than a page stands alone.
    """
    pages: list[list[Standing[_T]]] = []
    at = 0
    while at < len(pieces):
        page = _start(pieces[at])
        used = sum(standing.piece.height for standing in page)
        first = at
        while at < len(pieces) and (at == first or not pieces[at].new_page):
            piece = pieces[at]
            if used + piece.height + piece.foot > capacity and at > first:
                break
            page.append(Standing(used, piece))
            used += piece.height
            at += 1
        if at < len(pieces) and not pieces[at].new_page:
            back = at
            while back > first and pieces[back - 1].glued:
                back -= 1
            if back > first:
                del page[len(page) - (at - back) :]
                at = back
        pages.append(page)
    return pages or [[]]


def _start(piece: Piece[_T]) -> list[Standing[_T]]:
    """Return what a page begins with before a piece: the repeated head of its table."""
    page: list[Standing[_T]] = []
    top = 0
    for row in piece.head:
        page.append(Standing(top, row, repeated=True))
        top += row.height
    return page
