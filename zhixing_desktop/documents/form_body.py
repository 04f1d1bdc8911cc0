"""The block language: from the lines of a form's body to blocks.

A line is a paragraph of the text; a line that begins with ``@`` says otherwise (docs/forms.md).
What the data say never reaches this parser: each value stands in the text as a mark, which becomes
its run only here, so that no name and no reason can be taken for an instruction.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from zhixing_desktop.documents.blocks import (
    Align,
    Block,
    Cell,
    Face,
    PageBreak,
    Paragraph,
    Row,
    Ruled,
    Run,
    Signature,
    Signer,
    Space,
    Style,
    Table,
    Tear,
    Text,
    plain,
)
from zhixing_desktop.documents.form_keeping import kept_together
from zhixing_desktop.workflow.errors import Problem

OPEN, CLOSE = "\U00100000", "\U00100001"
"""Around the number of a value; no text has them (``values.tidy``)."""

_MARK = re.compile(f"{OPEN}(\\d+){CLOSE}")
_INLINE = re.compile(r"\*\*(.+?)\*\*|__(.+?)__")
_CELL = re.compile(r"^\[([^\]]*)\]\s*")
_LINES = re.compile(r"^(\d{1,2})lines$")
_SPAN = re.compile(r"^(\d{1,2})$")
_ROWS = re.compile(r"^(\d{1,2})rows$")
_ALIGNS = {"center": Align.CENTER, "right": Align.RIGHT, "left": Align.LEFT}
_MOST = 40
_LARGE = "large"
"""After ``@table``: in the size of the text, as on a cover."""

Shapes = Mapping[str, Callable[[Text], Paragraph]]

_SHAPES: Shapes = {
    "flush": lambda text: Paragraph(text, first=0),
    "center": lambda text: Paragraph(text, align=Align.CENTER, first=0),
    "right": lambda text: Paragraph(text, align=Align.RIGHT, first=0),
    "heading": lambda text: Paragraph(text, Style.HEADING, first=2, keep_next=True),
    "kai": lambda text: Paragraph(tuple(replace(r, face=r.face or Face.KAI) for r in text)),
    "note": lambda text: Paragraph(text, Style.NOTE, first=0),
    "keep": lambda text: Paragraph(text, keep_next=True),
    "court": lambda text: Paragraph(text, Style.COURT, Align.CENTER, 0, keep_next=True),
    "name": lambda text: Paragraph(text, Style.TITLE, Align.CENTER, 0, keep_next=True),
    "subtitle": lambda text: Paragraph(text, Style.SUBTITLE, Align.CENTER, 0, keep_next=True),
    "number": lambda text: Paragraph(text, Style.NUMBER, Align.RIGHT, 0, right=2, keep_next=True),
}


@dataclass(frozen=True, slots=True)
class Fillers:
    """What the body asks the maker of the paper for.

    ``value`` gives the run of a numbered value; ``title`` the head of a paper (court, name, 案号);
    ``parties`` the paragraphs for ``all``, ``creditors`` or ``debtors``; ``day`` the paper's day in
    words.
    """

    value: Callable[[int], Run]
    title: Callable[[str], Sequence[Block]]
    parties: Callable[[str], Sequence[Block]]
    day: Callable[[], Text]


class BodyParser:
    """Reads one body; what is wrong is collected in ``problems`` with its line."""

    def __init__(self, fillers: Fillers, *, file: str = "", first_line: int = 1) -> None:
        self._fillers = fillers
        self._file = file
        self._line = first_line
        self._first = first_line
        self.problems: list[Problem] = []
        self.blocks: list[Block] = []

    def parse(self, body: str) -> list[Block]:
        """Return the blocks of a body."""
        lines = body.split("\n")
        place = 0
        while place < len(lines):
            self._line = self._first + place
            line = lines[place].strip()
            place += 1
            if line.startswith("@table"):
                inner, place = self._inner(lines, place, "@table")
                self._table(line[6:], inner)
            elif line.startswith("@sign"):
                inner, place = self._inner(lines, place, "@sign")
                self._signature(inner)
            elif line.startswith("@"):
                self._directive(line[1:])
            elif line:
                self.blocks.append(Paragraph(self.text(line)))
        return kept_together(self.blocks)

    def text(self, words: str) -> Text:
        """Return words with their values and their ``**bold**`` and ``__underlined__`` parts."""
        found: list[Run] = []
        last = 0
        for match in _INLINE.finditer(words):
            found += self._runs(words[last : match.start()])
            bold = match.group(1) is not None
            for run in self._runs(match.group(1) or match.group(2)):
                found.append(
                    replace(run, bold=run.bold or bold, underline=run.underline or not bold)
                )
            last = match.end()
        return tuple(found + self._runs(words[last:]))

    def _runs(self, words: str) -> list[Run]:
        found: list[Run] = []
        last = 0
        for match in _MARK.finditer(words):
            if match.start() > last:
                found.append(Run(words[last : match.start()]))
            run = self._fillers.value(int(match.group(1)))
            if run.text:
                found.append(run)
            last = match.end()
        if last < len(words):
            found.append(Run(words[last:]))
        return found

    def _complain(self, sentence: str) -> None:
        self.problems.append(Problem(f"{self._file}:{self._line}", sentence))

    def _inner(
        self, lines: Sequence[str], place: int, opener: str
    ) -> tuple[list[tuple[int, str]], int]:
        found: list[tuple[int, str]] = []
        for at in range(place, len(lines)):
            line = lines[at].strip()
            if line == "@end":
                return found, at + 1
            if line:
                found.append((self._first + at, line))
        self._complain(f"“{opener}”没有以“@end”结束")
        return found, len(lines)

    def _directive(self, words: str) -> None:
        name, _, rest = words.partition(" ")
        rest = rest.strip()
        shape = _SHAPES.get(name)
        if shape is not None:
            text = self.text(rest)
            if plain(text):
                self._keep_signatures(name)
                self.blocks.append(shape(text))
        elif name == "title":
            self.blocks += self._fillers.title(plain(self.text(rest)))
        elif name == "parties":
            if rest not in ("", "all", "creditors", "debtors"):
                self._complain("“@parties”之后应当是 all、creditors 或者 debtors")
            self.blocks += self._fillers.parties(rest or "all")
        elif name == "page":
            self.blocks.append(PageBreak())
        elif name in ("space", "ruled"):
            count = self._count(rest or "1")
            self.blocks.append(Space(count) if name == "space" else Ruled(count))
        elif name == "tear":
            said, _, number = rest.partition("|")
            self.blocks.append(Tear(plain(self.text(said.strip())), self.text(number.strip())))
        else:
            self._complain(f"不认识的指令“@{name}”")

    def _keep_signatures(self, name: str) -> None:
        """Lines at the right that follow each other are one signature and stay on one page."""
        last = self.blocks[-1] if self.blocks else None
        if name == "right" and isinstance(last, Paragraph) and last.align is Align.RIGHT:
            self.blocks[-1] = replace(last, keep_next=True)

    def _count(self, words: str) -> int:
        if words.isdigit() and 0 < int(words) <= _MOST:
            return int(words)
        self._complain(f"“{words}”应当是1至{_MOST}的整数")
        return 1

    # ------------------------------------------------------------------------------------ tables

    def _table(self, words: str, lines: Sequence[tuple[int, str]]) -> None:
        shares = words.split()
        large = shares[:1] == [_LARGE]
        shares = shares[large:]
        if not shares or not all(share.isdigit() and int(share) for share in shares):
            self._complain("“@table”之后应当是各栏宽度（整数，以空格分开）")
            return
        widths = tuple(int(share) for share in shares)
        rows: list[Row] = []
        head = 0
        for at, line in lines:
            self._line = at
            if not line.startswith("|"):
                self._complain("表格的每一行应当以“|”开头")
                continue
            heads = line.startswith("|!")
            cells = [self._cell(part, label=heads) for part in _split(line[2 if heads else 1 :])]
            if heads and len(rows) == head:
                head += 1
            rows.append(Row(tuple(cells)))
        self._check_spans(widths, rows)
        if rows:
            style = Style.BODY if large else Style.TABLE
            self.blocks.append(Table(widths, tuple(rows), head, style))

    def _cell(self, words: str, *, label: bool) -> Cell:
        cell = Cell(label=label, align=Align.CENTER if label else Align.LEFT)
        match = _CELL.match(words.strip())
        rest = words.strip()
        if match is not None:
            rest = rest[match.end() :]
            for option in match.group(1).split():
                cell = self._option(cell, option)
        texts = tuple(self.text(part.strip()) for part in rest.split("//"))
        return replace(cell, texts=tuple(text for text in texts if text))

    def _option(self, cell: Cell, option: str) -> Cell:
        if option in _ALIGNS:
            return replace(cell, align=_ALIGNS[option])
        if option == "label":
            return replace(cell, label=True, align=Align.CENTER)
        if (match := _SPAN.match(option)) is not None:
            return replace(cell, columns=int(match.group(1)))
        if (match := _ROWS.match(option)) is not None:
            return replace(cell, rows=int(match.group(1)))
        if (match := _LINES.match(option)) is not None:
            return replace(cell, lines=int(match.group(1)))
        self._complain(f"不认识的单元格选项“{option}”")
        return cell

    def _check_spans(self, widths: Sequence[int], rows: Sequence[Row]) -> None:
        hanging = [0] * len(widths)
        for row in rows:
            taken = sum(1 for left in hanging if left)
            asked = sum(cell.columns for cell in row.cells)
            if taken + asked != len(widths):
                self._complain(f"这一行有{taken + asked}栏，表格有{len(widths)}栏")
                return
            place = 0
            after = [max(0, left - 1) for left in hanging]
            for cell in row.cells:
                while hanging[place]:
                    place += 1
                for column in range(place, place + cell.columns):
                    after[column] = max(after[column], cell.rows - 1)
                place += cell.columns
            hanging = after

    # -------------------------------------------------------------------------------- signatures

    def _signature(self, lines: Sequence[tuple[int, str]]) -> None:
        above: list[Signer] = []
        below: list[Signer] = []
        day: Text | None = None
        seal = ""
        for at, line in lines:
            self._line = at
            if line == "@day":
                day = self._fillers.day()
            elif line.startswith("@day "):
                day = self.text(line[5:].strip())
            elif line.startswith("@seal"):
                seal = line[5:].strip() or "院印"
            elif line.startswith("@"):
                self._complain(f"落款中不认识的指令“{line}”")
            else:
                title, _, name = line.partition(":")
                signer = Signer(plain(self.text(title.strip())), self.text(name.strip()))
                (above if day is None else below).append(signer)
        self.blocks.append(Signature(tuple(above), day or (), seal, tuple(below)))


def _split(line: str) -> list[str]:
    """Return the cells of a row; a last bar may stand there or not."""
    stripped = line.strip()
    return (stripped[:-1] if stripped.endswith("|") else stripped).split("|")
