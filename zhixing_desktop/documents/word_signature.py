"""The end of a paper (落款) in Word: titles and names in columns, made with indents.

No spaces are added and nothing stands in a table, so that the words stay as they are and a clerk
can go on writing: titles and names are spread by letter spacing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from zhixing_desktop.documents.blocks import Run, Signature, Signer, Style, Text, plain
from zhixing_desktop.documents.layout import TWIPS, Grid, LayoutProfile
from zhixing_desktop.documents.word_runs import RunWriter
from zhixing_desktop.documents.word_widths import CellMetrics


class SignatureLine(NamedTuple):
    """A line: its runs, ``w:ind`` and ``w:jc``, and how many empty lines stand above it."""

    runs: str
    indent: str
    align: str
    empty: int = 0


@dataclass(slots=True)
class SignatureWriter:
    """Writes the lines of a signature in one layout."""

    layout: LayoutProfile
    grid: Grid
    runs: RunWriter

    def lines(self, block: Signature) -> list[SignatureLine]:
        """Return the lines of a signature in order."""
        sealed = bool(block.seal)
        before = self.layout.signature_before(self.grid, signers=len(block.signers), sealed=sealed)
        columns = self._columns(block)
        upper = [*(self._signer(signer, columns) for signer in block.signers)]
        if block.day:
            upper.append(self._free(block.day, columns))
        below = [self._signer(signer, columns) for signer in block.below]
        return [*_lowered(upper, before), *_lowered(below, self.layout.signature.between)]

    def _columns(self, block: Signature) -> _Columns:
        spec, cells = self.layout.signature, CellMetrics().cells
        named = [signer for signer in (*block.signers, *block.below) if signer.name]
        title = max([spec.title, *(cells(signer.title) for signer in named)])
        name = max([spec.name, *(cells(plain(signer.name)) for signer in named)])
        right = self.grid.characters - spec.right
        left = max(0.0, right - title - spec.gap - name)
        middle = None
        if block.signers and not any(signer.name for signer in block.signers):
            widths = [cells(signer.title) for signer in block.signers]
            middle = right - min(max([cells(plain(block.day)), *widths]), right) / 2
        return _Columns(left, title, middle)

    def _signer(self, signer: Signer, columns: _Columns) -> SignatureLine:
        if not signer.name:
            return self._free((Run(signer.title),), columns)
        spec = self.layout.signature
        is_gap = any(run.gap for run in signer.name)
        runs = self.runs.spread((Run(signer.title),), columns.title, spec.gap)
        runs += self.runs.spread(signer.name, 0 if is_gap else spec.name, 0)
        hanging = columns.title + spec.gap
        return SignatureLine(
            runs,
            f'<w:ind w:left="{self._twips(columns.left + hanging)}"'
            f' w:right="{self._twips(spec.right) // 2}" w:hanging="{self._twips(hanging)}"/>',
            '<w:jc w:val="left"/>',
        )

    def _free(self, text: Text, columns: _Columns) -> SignatureLine:
        """Return a line over or under the day: around the middle, or at the right."""
        runs = self.runs.text(text, Style.BODY)
        if columns.middle is None:
            right = self._twips(self.layout.signature.right)
            return SignatureLine(runs, f'<w:ind w:right="{right}"/>', '<w:jc w:val="right"/>')
        # As wide as it can be around the middle, so that no other font breaks the line.
        left = self._twips(max(0.0, 2 * columns.middle - self.grid.characters))
        return SignatureLine(runs, f'<w:ind w:left="{left}"/>', '<w:jc w:val="center"/>')

    def _twips(self, cells: float) -> int:
        return round(cells * self.grid.cell * TWIPS)


class _Columns(NamedTuple):
    """Where titles begin and how wide they are, in cells; ``middle`` where no signer is named."""

    left: float
    title: float
    middle: float | None


def _lowered(lines: list[SignatureLine], empty: int) -> Iterator[SignatureLine]:
    """Yield lines with room above the first."""
    for number, line in enumerate(lines):
        yield line if number else line._replace(empty=empty)
