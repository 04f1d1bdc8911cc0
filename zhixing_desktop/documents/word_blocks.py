"""The blocks of a paper as paragraphs and tables of WordprocessingML (ECMA-376 part 1, ch. 17)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from zhixing_desktop.documents.blocks import (
    Block,
    PageBreak,
    Paragraph,
    Row,
    Ruled,
    Signature,
    Space,
    Style,
    Table,
    Tear,
)
from zhixing_desktop.documents.layout import TWIPS, Grid, LayoutProfile
from zhixing_desktop.documents.word_runs import RunWriter
from zhixing_desktop.documents.word_signature import SignatureWriter
from zhixing_desktop.documents.word_styles import (
    FLUSH,
    JC,
    PRESETS,
    RULE_EIGHTHS,
    RULED,
    SIGNATURE,
    TEAR,
    THIN,
    exact,
    line_spacing,
    style_id,
)
from zhixing_desktop.documents.word_tables import table_xml
from zhixing_desktop.documents.word_widths import lines_of

_TEAR_EIGHTHS = 6  # of a point


@dataclass(slots=True)
class BodyWriter:
    """Writes the blocks of one paper in one layout; for one paper only."""

    layout: LayoutProfile
    grid: Grid
    _runs: RunWriter = field(init=False)
    _written: list[str] = field(default_factory=list)
    _break: bool = False
    _after_table: bool = False

    def __post_init__(self) -> None:
        self._runs = RunWriter(self.layout, self.grid)

    def write(self, blocks: Sequence[Block], held: Collection[int] = ()) -> str:
        """Return the inside of ``w:body`` without the section's properties.

        ``held`` are the places of blocks whose end stays with what follows them.
        """
        for index, block in enumerate(blocks):
            if isinstance(block, PageBreak):
                self._break = True
                continue
            self._block(block, held=index in held)
            self._after_table = isinstance(block, Table) and bool(block.rows)
        if self._after_table or self._break or not self._written:
            self._paragraph(THIN, "")
        return "".join(self._written)

    def _block(self, block: Block, *, held: bool) -> None:
        match block:
            case Paragraph():
                self._text(block, held=held)
            case Table():
                self._table(block, held=held)
            case Signature():
                self._signature(block)
            case Tear():
                self._tear(block)
            case Ruled():
                self._ruled(block)
            case Space():
                for _line in range(block.lines):
                    kept = held or block.keep_next
                    self._paragraph(style_id(Style.BODY), "", keep_next=kept, indent=FLUSH)
            case PageBreak():  # turned into a property of the paragraph after it
                return

    def _paragraph(
        self,
        style: str,
        runs: str,
        *,
        keep_next: bool = False,
        border: str = "",
        height: str = "",
        indent: str = "",
        align: str = "",
    ) -> None:
        """Add one paragraph; the properties stand in the order that Word's schema wants."""
        keep = "<w:keepNext/>" if keep_next else ""
        page = "<w:pageBreakBefore/>" if self._break else ""
        self._break = False
        self._written.append(
            f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{keep}{page}{border}{height}{indent}{align}'
            f"</w:pPr>{runs}</w:p>"
        )

    def _table(self, block: Table, *, held: bool) -> None:
        if not block.rows:  # Word refuses a table without rows
            return
        if self._after_table or self._break:
            self._paragraph(THIN, "")
        shown = _held_last_row(block) if held else block
        self._written.append(table_xml(shown, self.layout, self.grid, self._runs))

    def _text(self, block: Paragraph, *, held: bool) -> None:
        preset = PRESETS[block.style]
        own = (block.first, block.left, block.right) != (preset.first, 0, 0)
        self._paragraph(
            style_id(block.style),
            self._runs.text(block.text, block.style),
            keep_next=block.keep_next or held,
            height=self._title_lines(block),
            indent=self._indent(block) if own else "",
            align="" if block.align is preset.align else f'<w:jc w:val="{JC[block.align]}"/>',
        )

    def _title_lines(self, block: Paragraph) -> str:
        """Return the spacing of a title that needs more than one line, empty for any other."""
        if block.style not in {Style.COURT, Style.TITLE}:
            return ""
        lines = lines_of(block, self.grid)
        return line_spacing(self.grid, block.style, lines) if lines > 1 else ""

    def _indent(self, block: Paragraph) -> str:
        """Return ``w:ind``: in characters for Word, in twips for what does not count in those."""
        hanging = "hanging" if block.first < 0 else "firstLine"
        sides = (("left", block.left), ("right", block.right), (hanging, abs(block.first)))
        # Word's character is one of the paragraph's own size, ours is one of the body.
        size = self.grid.styles[Style.BODY].size
        in_chars = self.grid.styles[block.style].size == size
        written = []
        for side, count in sides:
            if in_chars:
                written.append(f'w:{side}Chars="{count * 100}"')
            written.append(f'w:{side}="{round(count * self.grid.cell * TWIPS)}"')
        return f"<w:ind {' '.join(written)}/>"

    def _signature(self, block: Signature) -> None:
        lines = SignatureWriter(self.layout, self.grid, self._runs).lines(block)
        for number, line in enumerate(lines, start=1):
            room = f'<w:spacing w:before="{line.empty * self.grid.pitch}"/>' if line.empty else ""
            self._paragraph(
                SIGNATURE,
                line.runs,
                keep_next=block.keep_next or number < len(lines),
                height=room,
                indent=line.indent,
                align=line.align,
            )

    # -------------------------------------------------------------------------- slips and lines

    def _tear(self, block: Tear) -> None:
        height = self.grid.height_of(self.layout.tear.lines) - _TEAR_EIGHTHS * TWIPS // 8
        rule = f'w:val="dashed" w:sz="{_TEAR_EIGHTHS}" w:space="0" w:color="auto"'
        border = f"<w:pBdr><w:bottom {rule}/></w:pBdr>"
        self._paragraph(
            TEAR,
            self._runs.apart(block.words, 2 * self.layout.tear.size)
            + self._runs.cell(block.number, label=False),
            keep_next=True,
            border=border,
            height=f"<w:spacing {exact(height)}/>",
        )

    def _ruled(self, block: Ruled) -> None:
        border = (
            f'<w:pBdr><w:bottom w:val="single" w:sz="{RULE_EIGHTHS}" w:space="0" w:color="auto"/>'
            "</w:pBdr>"
        )
        for line in range(block.lines):
            # Word draws one border around neighbours that are alike; a twip keeps them apart.
            apart = f'<w:ind w:right="{line % 2}"/>'
            self._paragraph(RULED, "", keep_next=block.keep_next, border=border, indent=apart)


def _held_last_row(table: Table) -> Table:
    """Return a table whose last rows stay with what follows."""
    *others, one, last = (Row(()), *table.rows) if len(table.rows) == 1 else table.rows
    kept = [replace(row, keep_next=True) for row in (one, last) if row.cells]
    return replace(table, rows=(*others, *kept))
