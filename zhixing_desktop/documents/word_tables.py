"""A table of a paper as ``w:tbl`` (ECMA-376 part 1, 17.4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from zhixing_desktop.documents.blocks import Align, Cell, Row, Style, Table
from zhixing_desktop.documents.layout import TWIPS, Grid, LayoutProfile
from zhixing_desktop.documents.word_runs import RunWriter
from zhixing_desktop.documents.word_styles import FLUSH, JC, style_id

_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_EIGHTHS = 8  # of a point: how Word counts the width of a border


def table_xml(table: Table, layout: LayoutProfile, grid: Grid, runs: RunWriter) -> str:
    """Return a table over the whole width of the text, its first rows repeated on each page.

    Raises ``ValueError`` when its rows do not fit its columns: a fault of the form.
    """
    widths = shared(table.widths, round(grid.text_width * TWIPS))
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    spec = layout.table
    border = f'w:val="single" w:sz="{round(spec.border * _EIGHTHS)}" w:space="0" w:color="auto"'
    borders = "".join(f"<w:{side} {border}/>" for side in _SIDES)
    across, down = round(spec.padding_x * TWIPS), round(spec.padding_y * TWIPS)
    sides = (("top", down), ("left", across), ("bottom", down), ("right", across))
    margins = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in sides)
    padding = round((2 * spec.padding_y + spec.border) * TWIPS)
    line, none = grid.line(table.style), [None] * len(widths)
    writer = _RowWriter(widths, line, padding, runs, list(none), style=table.style)
    rows = [writer.row(row, head=place < table.head) for place, row in enumerate(table.rows)]
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>"
        f"<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def shared(shares: Sequence[int], width: int) -> list[int]:
    """Return a width in twips shared out, to the last twip."""
    total = sum(shares)
    edges = [round(width * sum(shares[:place]) / total) for place in range(len(shares) + 1)]
    return [right - left for left, right in pairwise(edges)]


@dataclass(slots=True)
class _Span:
    """A cell that reaches down into the rows below: how many of them, over how many columns."""

    rows: int
    columns: int


@dataclass(slots=True)
class _RowWriter:
    """Writes the rows of one table in order; remembers what spans reach down."""

    widths: Sequence[int]
    line: int
    padding: int
    runs: RunWriter
    spans: list[_Span | None]
    together: int = 0  # rows below that cells of this row or one above reach into
    style: Style = Style.TABLE

    def row(self, row: Row, *, head: bool) -> str:
        reach = max((cell.rows for cell in row.cells), default=1) - 1
        self.together = max(self.together - 1, reach)
        cells = "".join(self._cells(row, keep=row.keep_next or head or self.together > 0))
        height = max((cell.lines for cell in row.cells if cell.rows == 1), default=1)
        return (
            f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{height * self.line + self.padding}"'
            f' w:hRule="atLeast"/>{"<w:tblHeader/>" if head else ""}</w:trPr>{cells}</w:tr>'
        )

    def _cells(self, row: Row, *, keep: bool) -> Iterator[str]:
        column = 0
        for cell in row.cells:
            for covered, columns in self._covered(column, keep=keep):
                yield covered
                column += columns
            if cell.columns < 1 or column + cell.columns > len(self.widths):
                raise ValueError("a row of the table has more cells than columns")
            yield self._cell(cell, column, "restart" if cell.rows > 1 else "", keep=keep)
            if cell.rows > 1:
                self.spans[column] = _Span(cell.rows - 1, cell.columns)
            column += cell.columns
        for covered, columns in self._covered(column, keep=keep):
            yield covered
            column += columns
        if column < len(self.widths):  # Word refuses a row that ends before its table
            yield self._cell(Cell(columns=len(self.widths) - column), column, "", keep=keep)

    def _covered(self, column: int, *, keep: bool) -> Iterator[tuple[str, int]]:
        """Yield what stands in the columns from ``column`` on that a cell above reaches into."""
        while column < len(self.spans) and (span := self.spans[column]) is not None:
            yield (
                self._cell(Cell(columns=span.columns), column, "continue", keep=keep),
                span.columns,
            )
            span.rows -= 1
            if not span.rows:
                self.spans[column] = None
            column += span.columns

    def _cell(self, cell: Cell, column: int, merge: str, *, keep: bool) -> str:
        width = sum(self.widths[column : column + cell.columns])
        span = f'<w:gridSpan w:val="{cell.columns}"/>' if cell.columns > 1 else ""
        down = f'<w:vMerge w:val="{merge}"/>' if merge else ""
        # Only the style of tables stands at the left and without an indent by itself.
        plain = self.style is Style.TABLE
        aligned = f'<w:jc w:val="{JC[cell.align]}"/>'
        properties = (
            f'<w:pPr><w:pStyle w:val="{style_id(self.style)}"/>'
            f"{'<w:keepNext/>' if keep else ''}{'' if plain else FLUSH}"
            f"{'' if plain and cell.align is Align.LEFT else aligned}</w:pPr>"
        )
        paragraphs = "".join(
            [
                f"<w:p>{properties}{self.runs.cell(text, label=cell.label)}</w:p>"
                for text in cell.texts or ((),)
            ]
        )
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{down}'
            f'<w:vAlign w:val="center"/></w:tcPr>{paragraphs}</w:tc>'
        )
