"""Tables: columns, spans, heights of rows; rows too high for a page are cut into several.

Lengths across are points, heights twips.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from zhixing_desktop.documents.blocks import Cell, Row, Style, Table
from zhixing_desktop.documents.layout import TWIPS, Grid, TableSpec
from zhixing_desktop.documents.typeset_text import Room, SetLine, Setter, Type


@dataclass(slots=True)
class SetCell:
    """A cell that is set: its place in rows and columns, its lines, its edges in points.

    ``least`` is its height in lines.
    """

    row: int
    rows: int
    left: float
    right: float
    lines: list[SetLine]
    least: int

    @property
    def end(self) -> int:
        """The row below it."""
        return self.row + self.rows


@dataclass(slots=True)
class SetTable:
    """A table that is set.

    ``heights`` in twips, one for each row; ``glued`` says which rows stay with the next;
    ``head`` rows are repeated.  ``line`` is the height of a line of text in twips, ``size`` that of
    its type in points.  ``width`` is in points.
    """

    heights: list[int]
    glued: list[bool]
    cells: list[SetCell]
    head: int
    line: int
    width: float
    size: float

    def rows_of(self, row: int) -> int:
        """Return how many lines of text a row has at most."""
        return max((len(cell.lines) for cell in self.cells if cell.row == row), default=0)


def set_table(table: Table, grid: Grid, spec: TableSpec, setter: Setter) -> SetTable:
    """Set a table over the width of a grid's text.

    Raises ``ValueError`` when its rows do not fit its columns: a fault of the form.
    """
    line = grid.line(table.style)
    padding = round((2 * spec.padding_y + spec.border) * TWIPS)
    cells = list(_set_cells(table, grid, spec, setter))
    count = len(table.rows)
    heights = [padding + line] * count
    for cell in cells:
        if cell.rows == 1:
            heights[cell.row] = max(heights[cell.row], padding + line * cell.least)
    for cell in cells:
        lacking = padding + line * cell.least - sum(heights[cell.row : cell.end])
        if lacking > 0:
            heights[cell.end - 1] += lacking
    glued = [row.keep_next or i < table.head for i, row in enumerate(table.rows)]
    for cell in cells:
        glued[cell.row : cell.end - 1] = [True] * (cell.rows - 1)
    if glued:
        glued[-1] = table.rows[-1].keep_next
    size = grid.styles[table.style].size
    made = SetTable(heights, glued, cells, min(table.head, count), line, grid.text_width, size)
    _cut_high_rows(made, grid.text_height, padding)
    return made


def _set_cells(table: Table, grid: Grid, spec: TableSpec, setter: Setter) -> Iterator[SetCell]:
    total = sum(table.widths)
    edges = [grid.text_width * share / total for share in accumulate(table.widths, initial=0)]
    taken: dict[tuple[int, int], bool] = {}
    last = len(table.rows)
    for r, row in enumerate(table.rows):
        for column, cell in _columns(row, r, taken, len(table.widths)):
            rows = max(1, min(cell.rows, last - r))
            taken.update(
                {(r + i, column + j): True for i in range(rows) for j in range(cell.columns)}
            )
            from_, to = edges[column], edges[column + cell.columns]
            room = Room(from_ + spec.padding_x, to - from_ - 2 * spec.padding_x)
            lines = _cell_lines(cell, grid, spec, setter, room, table.style)
            yield SetCell(r, rows, from_, to, lines, max(len(lines), cell.lines, 1))


def _columns(
    row: Row, number: int, taken: dict[tuple[int, int], bool], columns: int
) -> Iterator[tuple[int, Cell]]:
    """Yield the cells of a row with the column each begins in, past what spans from above."""
    column = 0
    for cell in row.cells:
        while taken.get((number, column)):
            column += 1
        if column + cell.columns > columns or cell.columns < 1:
            raise ValueError(f"row {number} of the table has more cells than columns")
        yield column, cell
        column += cell.columns


def _cell_lines(
    cell: Cell, grid: Grid, spec: TableSpec, setter: Setter, room: Room, style: Style
) -> list[SetLine]:
    own = grid.styles[style]
    face = spec.label_face if cell.label else own.face
    type_ = Type(face, own.size, grid.tracking(style))
    return [line for text in cell.texts for line in setter.lines(text, type_, room, cell.align)]


def _cut_high_rows(table: SetTable, page: int, padding: int) -> None:
    """Cut each row that no page can hold into rows that fill a page."""
    head = sum(table.heights[: table.head])
    if head > page // 2:
        table.head, head = 0, 0
    row = table.head
    while row < len(table.heights):
        most = (page - head - padding) // table.line
        if table.heights[row] > page - head and most > 0:
            _cut(table, row, most, padding)
        row += 1


def _cut(table: SetTable, row: int, most: int, padding: int) -> None:
    """Cut a row after ``most`` lines: the rest becomes the row below it."""
    rest = table.heights[row] - padding - most * table.line
    table.heights[row : row + 1] = [padding + most * table.line, padding + rest]
    table.glued.insert(row, False)
    more = []
    for cell in table.cells:
        if cell.row > row:
            cell.row += 1
        elif cell.rows > 1:
            cell.rows += 1 if cell.end > row else 0
        elif cell.row == row:
            below = cell.lines[most:]
            left_over = max(cell.least - most, len(below), 1)
            more.append(SetCell(row + 1, 1, cell.left, cell.right, below, left_over))
            cell.lines, cell.least = cell.lines[:most], min(cell.least, most)
    table.cells.extend(more)
    table.cells.sort(key=lambda cell: (cell.row, cell.left))
