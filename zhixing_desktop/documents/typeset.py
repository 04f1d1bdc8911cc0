"""A paper's blocks set into pages: where each line, rule and cell stands.  Pure, nothing is drawn.

Lengths across are points from the left edge of the text, heights twips from the page's top.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from zhixing_desktop.documents.blocks import (
    Align,
    Block,
    PageBreak,
    Paper,
    Paragraph,
    Ruled,
    Run,
    Signature,
    Space,
    Style,
    Table,
    Tear,
    plain,
)
from zhixing_desktop.documents.fonts import Metrics
from zhixing_desktop.documents.layout import TWIPS, Grid, LayoutProfile, twips
from zhixing_desktop.documents.typeset_pages import (
    Piece,
    Standing,
    glue_lines,
    into_pages,
    pull_along,
)
from zhixing_desktop.documents.typeset_signature import set_signature
from zhixing_desktop.documents.typeset_tables import SetCell, SetTable, set_table
from zhixing_desktop.documents.typeset_text import Room, SetLine, Setter, Type

_ASCENT = 0.86  # of an em: from a Chinese character's baseline to its top


class Placed(NamedTuple):
    """A line on its page: its baseline in points from the page's top; ``grey`` for a mark."""

    baseline: float
    line: SetLine
    grey: bool = False


class Rule(NamedTuple):
    """A drawn line from one point to another, in points from the text's left and the page's top."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the outline: ``level`` 0 for the paper, 1 for a heading; ``top`` in points."""

    title: str
    level: int
    top: float


@dataclass(frozen=True, slots=True)
class SealPlace:
    """The room of a seal: page (from 1), its middle from the page's top left corner, all in mm."""

    seal: str
    page: int
    x: float
    y: float
    diameter: float


@dataclass(slots=True)
class Page:
    """A page that is set.

    ``lines`` are the paper's words in the order of reading, ``furniture`` what stands there besides
    (the repeated head of a table, page number, draft mark).
    """

    number: int
    lines: list[Placed] = field(default_factory=list)
    furniture: list[Placed] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    seals: list[SealPlace] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Typeset:
    """A paper that is set; ``missing`` are the characters that no font has."""

    grid: Grid
    pages: tuple[Page, ...]
    missing: tuple[str, ...]


class _Set(NamedTuple):
    """Lines that stand side by side at one height; what hangs on them."""

    lines: tuple[SetLine, ...]
    size: float
    title: str = ""
    level: int = 0
    seal: str = ""
    seal_x: float = 0.0


class _Torn(NamedTuple):
    lines: tuple[SetLine, ...]
    left: float
    right: float


class _Rule(NamedTuple):
    pass


class _Row(NamedTuple):
    table: SetTable
    row: int


class _Empty(NamedTuple):
    pass


_What = _Set | _Torn | _Rule | _Row | _Empty


def typeset(paper: Paper, layout: LayoutProfile, metrics: Metrics) -> Typeset:
    """Return a paper set into pages.

    Raises ``ValueError`` for a table whose rows do not fit its columns (a fault of the form) and
    ``StoreError`` when there is no font at all.
    """
    work = _Typesetter(paper, layout, metrics)
    return work.typeset()


class _Typesetter:
    def __init__(self, paper: Paper, layout: LayoutProfile, metrics: Metrics) -> None:
        self._paper = paper
        self._layout = layout
        self._grid = layout.grid(dense=paper.dense)
        self._setter = Setter(metrics)
        self._shares: dict[int, int] = {}  # lines of a cell that stand on earlier pages

    def typeset(self) -> Typeset:
        pieces: list[Piece[_What]] = []
        for block in self._paper.blocks:
            made = self._pieces(block)
            if isinstance(block, Signature):
                pull_along(pieces)
            pieces += made
        columns = into_pages(pieces, self._grid.text_height)
        pages = tuple(self._page(number, column) for number, column in enumerate(columns, 1))
        return Typeset(self._grid, pages, tuple(self._setter.missing))

    # ------------------------------------------------------------------------- blocks into pieces

    def _pieces(self, block: Block) -> list[Piece[_What]]:
        match block:
            case Paragraph():
                return self._paragraph(block)
            case Table():
                return self._table(block)
            case Signature():
                return self._signature(block)
            case Tear():
                return self._tear(block)
            case Ruled() | Space() | PageBreak():
                return self._room(block)

    def _room(self, block: Ruled | Space | PageBreak) -> list[Piece[_What]]:
        match block:
            case Ruled():
                height = self._grid.height_of(self._grid.ruled)
                glued = block.keep_next
                return [Piece(height, _Rule(), glued, lines=1) for _ in range(block.lines)]
            case Space():
                return self._empty(block.lines, glued=block.keep_next)
            case PageBreak():
                return [Piece(0, _Empty(), new_page=True)]

    def _type(self, style: Style, words: str = "") -> Type:
        spec = self._grid.styles[style]
        return Type(spec.face, spec.size, self._grid.tracking(style, words))

    def _paragraph(self, block: Paragraph) -> list[Piece[_What]]:
        grid = self._grid
        cell = grid.cell
        words = plain(block.text)
        type_ = self._type(block.style, words)
        left = block.left * cell
        room = Room(left, grid.text_width - left - block.right * cell, block.first * cell)
        set_lines = self._setter.lines(block.text, type_, room, block.align)
        height = grid.line(block.style)
        level = {Style.TITLE: 0, Style.HEADING: 1}.get(block.style, -1)
        pieces: list[Piece[_What]] = [
            Piece(height, _Set((line,), type_.size), lines=1) for line in set_lines
        ]
        if level >= 0 and words:
            pieces[0].what = _Set((set_lines[0],), type_.size, words, level)
        glue_lines(pieces, keep_next=block.keep_next)
        return pieces

    def _table(self, block: Table) -> list[Piece[_What]]:
        table = set_table(block, self._grid, self._layout.table, self._setter)
        pieces: list[Piece[_What]] = [
            Piece(height, _Row(table, row), glued, table.rows_of(row))
            for row, (height, glued) in enumerate(zip(table.heights, table.glued, strict=True))
        ]
        head = pieces[: table.head]
        rule = round(self._layout.table.border * TWIPS)
        for piece in pieces[table.head :]:
            piece.head = head
            piece.foot = rule
        if pieces:  # a table has one rule more than it has rows
            pieces[-1].height += rule
            pieces[-1].foot = 0
        return pieces

    def _tear(self, block: Tear) -> list[Piece[_What]]:
        grid, spec = self._grid, self._layout.tear
        type_ = Type(spec.face, spec.size)
        parts = [part for part in ((Run(block.words),), block.number) if plain(part)]
        widths = [self._setter.width(part, type_) for part in parts]
        gap = 2 * spec.size
        whole = sum(widths) + gap * max(len(parts) - 1, 0)
        height = grid.height_of(spec.lines)
        if whole > grid.text_width:
            room, middle = Room(0, grid.text_width), grid.text_width / 2
            below = [
                Piece[_What](grid.pitch, _Set((line,), spec.size), lines=1)
                for part in parts
                for line in self._setter.lines(part, type_, room, Align.CENTER)
            ]
            for piece in below:
                piece.glued = True
            return [Piece(height, _Torn((), middle, middle), glued=True), *below]
        left = at = (grid.text_width - whole) / 2
        lines = []
        for part, width in zip(parts, widths, strict=True):
            lines.append(self._setter.one_line(part, type_, left=at))
            at += width + gap
        return [Piece(height, _Torn(tuple(lines), left, left + whole), glued=True)]

    def _signature(self, block: Signature) -> list[Piece[_What]]:
        spec = self._layout.signature
        made = set_signature(block, self._grid, spec, self._setter, self._type(Style.BODY))
        before = self._layout.signature_before(
            self._grid, signers=len(block.signers), sealed=bool(block.seal)
        )
        day = [
            self._side_by_side((line,), block.seal if line is made.day[-1] else "", made.day_middle)
            for line in made.day
        ]
        pieces = [
            *self._empty(before),
            *(self._side_by_side(lines) for lines in made.signers),
            *day,
            *self._empty(spec.between if block.below else 0),
            *(self._side_by_side(lines) for lines in made.below),
        ]
        for piece in pieces if block.keep_next else pieces[:-1]:
            piece.glued = True
        return pieces

    def _empty(self, lines: int, *, glued: bool = False) -> list[Piece[_What]]:
        return [Piece(self._grid.pitch, _Empty(), glued) for _ in range(lines)]

    def _side_by_side(
        self, lines: tuple[SetLine, ...], seal: str = "", seal_x: float = 0.0
    ) -> Piece[_What]:
        size = self._grid.styles[Style.BODY].size
        return Piece(self._grid.pitch, _Set(lines, size, seal=seal, seal_x=seal_x), lines=1)

    # ----------------------------------------------------------------------------- pieces on pages

    def _page(self, number: int, column: Sequence[Standing[_What]]) -> Page:
        page = Page(number)
        top = twips(self._grid.margins.top)
        at = 0
        while at < len(column):
            standing = column[at]
            what = standing.piece.what
            if isinstance(what, _Row):
                stretch = _stretch(column, at)
                self._rows(page, top, stretch)
                at += len(stretch)
                continue
            self._one(page, top + standing.top, standing.piece.height, what)
            at += 1
        self._furniture(page)
        return page

    def _one(self, page: Page, top: int, height: int, what: _What) -> None:
        grid = self._grid
        match what:
            case _Set():
                if what.title:
                    page.entries.append(Entry(what.title, what.level, top / TWIPS))
                baseline = _baseline(top, height, what.size)
                page.lines += [Placed(baseline, line) for line in what.lines]
                if what.seal:
                    page.seals.append(self._seal(page, what, top + height / 2))
            case _Torn():
                middle = (top + height / 2) / TWIPS
                page.rules += self._torn(what, middle)
                baseline = _baseline(top, height, self._layout.tear.size)
                page.lines += [Placed(baseline, line) for line in what.lines]
            case _Rule():
                low = (top + height) / TWIPS - 1
                page.rules.append(Rule(0, low, grid.text_width, low, 0.5))
            case _Row() | _Empty():
                pass

    def _torn(self, what: _Torn, y: float) -> Iterator[Rule]:
        """The line is broken where its words stand, so that half of each goes with either side."""
        whole = self._grid.text_width
        free = 0.5 * self._layout.tear.size if what.lines else 0.0
        for from_, to in ((0.0, what.left - free), (what.right + free, whole)):
            if to > from_:
                yield Rule(from_, y, to, y, 0.7, dashed=True)

    def _seal(self, page: Page, what: _Set, middle: float) -> SealPlace:
        mm = 25.4 / 72
        x = self._grid.margins.left + what.seal_x * mm
        y = middle / TWIPS * mm
        return SealPlace(what.seal, page.number, x, y, self._layout.seal)

    def _rows(self, page: Page, top: int, stretch: Sequence[Standing[_What]]) -> None:
        """Place rows of one table that follow each other on a page."""
        rows = [s.piece.what.row for s in stretch if isinstance(s.piece.what, _Row)]
        first, last = rows[0], rows[-1] + 1
        tops = [top + standing.top for standing in stretch]
        tops.append(tops[-1] + stretch[-1].piece.height)
        what = stretch[0].piece.what
        if not isinstance(what, _Row):
            return
        table, repeated = what.table, stretch[0].repeated
        into = page.furniture if repeated else page.lines
        for cell in table.cells:
            if cell.end <= first or cell.row >= last:
                continue
            from_ = tops[max(cell.row, first) - first]
            to = tops[min(cell.end, last) - first]
            page.rules += self._frame(cell, from_, to)
            lines = self._here(cell, table, to - from_, ends_here=cell.end <= last)
            into += _in_cell(lines, table.line, from_, to, table.size)

    def _here(
        self, cell: SetCell, table: SetTable, height: int, *, ends_here: bool
    ) -> list[SetLine]:
        """Return the lines of a cell that stand on this page."""
        done = self._shares.get(id(cell), 0)
        rest = cell.lines[done:]
        if not ends_here:
            rest = rest[: max(height // table.line, 0)]
            self._shares[id(cell)] = done + len(rest)
        return rest

    def _frame(self, cell: SetCell, top: int, low: int) -> Iterator[Rule]:
        width = self._layout.table.border
        y1, y2 = top / TWIPS, low / TWIPS
        yield Rule(cell.left, y1, cell.right, y1, width)
        yield Rule(cell.left, y2, cell.right, y2, width)
        yield Rule(cell.left, y1, cell.left, y2, width)
        yield Rule(cell.right, y1, cell.right, y2, width)

    def _furniture(self, page: Page) -> None:
        layout, grid = self._layout, self._grid
        foot_of_text = twips(grid.margins.top) + grid.text_height
        signed = self._paper.signed_pages
        number = layout.page_number
        if not self._paper.unnumbered:
            self._mark(
                page,
                number.words(page.number),
                Type(number.face, number.size),
                foot_of_text + twips(layout.number_below(signed=signed)),
                Align.CENTER,
            )
        if signed:
            foot = layout.signed_foot
            type_ = Type(foot.face, foot.size)
            room = foot.room * 72 / 25.4
            middle = foot_of_text + twips(foot.below)
            words = foot.said(self._paper.signed_by)
            line = self._mark(page, words, type_, middle, Align.RIGHT, room)
            low = line.baseline + 0.2 * foot.size
            page.rules.append(Rule(grid.text_width - room, low, grid.text_width, low, 0.5))
        if self._paper.draft:
            draft = layout.draft
            middle = twips(grid.margins.top) - twips(draft.above)
            type_ = Type(draft.face, draft.size)
            line = self._mark(page, draft.words, type_, middle, Align.RIGHT)
            page.furniture[-1] = line._replace(grey=True)

    def _mark(
        self, page: Page, words: str, type_: Type, middle: int, align: Align, right: float = 0.0
    ) -> Placed:
        """Place a line of furniture whose middle is ``middle`` twips below the page's top."""
        room = Room(0, self._grid.text_width - right)
        line = self._setter.lines((Run(words),), type_, room, align)[0]
        placed = Placed(_baseline(middle, 0, type_.size), line)
        page.furniture.append(placed)
        return placed


def _baseline(top: float, height: float, size: float) -> float:
    """Return the baseline of type in the middle of a line, in points from the page's top."""
    return (top + height / 2) / TWIPS + (_ASCENT - 0.5) * size


def _stretch(column: Sequence[Standing[_What]], at: int) -> Sequence[Standing[_What]]:
    """Return the rows of one table that follow each other; a repeated head goes by itself."""
    first = column[at].piece.what
    end = at + 1
    while end < len(column):
        here, before = column[end], column[end - 1]
        what = here.piece.what
        if (
            not isinstance(what, _Row)
            or not isinstance(first, _Row)
            or what.table is not first.table
            or here.repeated != before.repeated
        ):
            break
        end += 1
    return column[at:end]


def _in_cell(
    lines: Sequence[SetLine], height: int, top: int, low: int, size: float
) -> Iterator[Placed]:
    """Place the lines of a cell in the middle between its upper and lower edge."""
    first = top + (low - top - height * len(lines)) / 2
    for i, line in enumerate(lines):
        yield Placed(_baseline(first + i * height, height, size), line)
