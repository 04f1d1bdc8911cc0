"""A paper as typed blocks: the one source that the Word and the PDF renderer both draw.

Pure data.  Widths and indents are counted in characters of the body size (格), heights in lines of
the page's grid.  The order of the blocks is the order in which the paper is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Face(StrEnum):
    """The role of a typeface; which font file plays it is the layout profile's business."""

    FANGSONG = "fangsong"
    XIAOBIAOSONG = "xiaobiaosong"
    HEI = "hei"
    KAI = "kai"
    SONG = "song"

    @property
    def label(self) -> str:
        """The typeface's Chinese name."""
        return _FACES[self]


_FACES = {
    Face.FANGSONG: "仿宋",
    Face.XIAOBIAOSONG: "小标宋",
    Face.HEI: "黑体",
    Face.KAI: "楷体",
    Face.SONG: "宋体",
}


class Align(StrEnum):
    """How the lines of a paragraph stand; ``JUSTIFY`` leaves the last line at the left."""

    JUSTIFY = "justify"
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class Style(StrEnum):
    """What a paragraph is; the layout profile gives each its face, size and line pitch.

    ``COURT`` is the court's name, ``TITLE`` the paper's name, ``SUBTITLE`` what stands in brackets
    below it, ``NUMBER`` the 案号, ``HEADING`` a heading within the text, ``TABLE`` the text of a
    table, ``NOTE`` small print (附注).
    """

    COURT = "court"
    TITLE = "title"
    SUBTITLE = "subtitle"
    NUMBER = "number"
    BODY = "body"
    HEADING = "heading"
    TABLE = "table"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one face.

    ``gap`` names the datum that is missing here: the run is then drawn as a marked blank and its
    ``text`` is what stands in the blank.
    """

    text: str
    face: Face | None = None
    bold: bool = False
    underline: bool = False
    gap: str = ""


Text = tuple[Run, ...]


def text_of(words: str, *, bold: bool = False) -> Text:
    """Return plain words as text; empty words as no text."""
    return (Run(words, bold=bold),) if words else ()


def plain(text: Text) -> str:
    """Return the words of a text."""
    return "".join(run.text for run in text)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph.

    ``first`` is the indent of the first line and ``left``/``right`` those of all lines, in
    characters (``first`` counts from ``left``; negative hangs).  ``keep_next`` keeps its last line
    on the page of what follows.
    """

    text: Text
    style: Style = Style.BODY
    align: Align = Align.JUSTIFY
    first: int = 2
    left: int = 0
    right: int = 0
    keep_next: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: one or more paragraphs of text; ``columns`` and ``rows`` it spans.

    ``label`` marks a cell that names what stands beside or below it.  ``lines`` is the least
    height in lines (room to write by hand).
    """

    texts: tuple[Text, ...] = ()
    columns: int = 1
    rows: int = 1
    label: bool = False
    align: Align = Align.LEFT
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; cells covered by a span from above are left out.

    ``keep_next`` keeps it on the page of the next row.
    """

    cells: tuple[Cell, ...]
    keep_next: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table over the whole width of the text.

    ``widths`` are shares of the width, one for each column.  The first ``head`` rows are repeated
    on each page.  A row is not broken over pages unless it is higher than a page.  ``style`` is
    that of its text: ``BODY`` for what is read from afar (卷宗封面).
    """

    widths: tuple[int, ...]
    rows: tuple[Row, ...]
    head: int = 0
    style: Style = Style.TABLE


@dataclass(frozen=True, slots=True)
class Signer:
    """One line of a signature: ``title`` (审判长, spread to the width of four characters), name."""

    title: str
    name: Text = ()


@dataclass(frozen=True, slots=True)
class Signature:
    """The end of a paper (落款): who signs, the day, the seal over the day, who assists.

    ``day`` is the day in words (二〇二四年三月一日) or a gap.  ``seal`` names the seal (院印) for
    which room is kept over the day, empty for none.  ``below`` are the lines under the day, as the
    court clerk (书记员).  It is never alone on a page; ``keep_next`` keeps it on
    that of what follows.
    """

    signers: tuple[Signer, ...]
    day: Text
    seal: str = ""
    below: tuple[Signer, ...] = ()
    keep_next: bool = False


@dataclass(frozen=True, slots=True)
class Tear:
    """The line along which a slip is torn off, with words on both halves (骑缝) and a number.

    It stays on the page of what follows.
    """

    words: str
    number: Text = ()


@dataclass(frozen=True, slots=True)
class Ruled:
    """``lines`` empty ruled lines for handwriting; ``keep_next`` keeps them with what follows."""

    lines: int
    keep_next: bool = False


@dataclass(frozen=True, slots=True)
class Space:
    """``lines`` empty lines of the grid; ``keep_next`` keeps them with what follows."""

    lines: int = 1
    keep_next: bool = False


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


Block = Paragraph | Table | Signature | Tear | Ruled | Space | PageBreak


@dataclass(frozen=True, slots=True)
class Gap:
    """A missing datum: its ``label`` as an officer knows it, and ``source``: where it is entered.

    ``source`` is ``ask.<name>`` (asked for this paper), ``node.<number>.<field>``, ``party``,
    ``case``, ``court``, ``people`` or ``paper``.
    """

    label: str
    source: str


@dataclass(frozen=True, slots=True)
class Citation:
    """An article that the paper cites: ``law`` and ``subject`` of the dated table, ``words``."""

    law: str
    subject: str
    words: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper ready to be drawn.

    ``form`` is the form's key, ``title`` the paper's name, ``number`` its 案号 or own number (empty
    while it has none), ``court`` and ``author`` go into the file's properties.  ``dense`` chooses
    the profile's grid for tables (表格类) instead of that of official documents.  ``draft`` marks
    what has not been issued; ``signed_pages`` asks for room for a signature at the foot of each
    page (笔录), ``signed_by`` is who signs there.  ``unnumbered``: no page numbers (卷宗封面).
    """

    form: str
    title: str
    court: str
    blocks: tuple[Block, ...]
    number: str = ""
    day: date | None = None
    author: str = ""
    gaps: tuple[Gap, ...] = ()
    citations: tuple[Citation, ...] = ()
    dense: bool = False
    draft: bool = False
    signed_pages: bool = False
    signed_by: str = "被询问人"
    unnumbered: bool = False
    keywords: tuple[str, ...] = field(default=())


def texts(block: Block) -> Iterator[Text]:
    """Yield the texts of a block in the order they are read, row by row in a table."""
    match block:
        case Paragraph():
            yield block.text
        case Table():
            for row in block.rows:
                for cell in row.cells:
                    yield from cell.texts
        case Signature():
            for signer in block.signers:
                yield from ((Run(signer.title),), signer.name)
            yield block.day
            for signer in block.below:
                yield from ((Run(signer.title),), signer.name)
        case Tear():
            yield (Run(block.words),)
            yield block.number
        case Ruled() | Space() | PageBreak():
            return


def words_of(paper: Paper) -> list[str]:
    """Return the words of a paper in the order of reading, one entry for each text, none empty.

    What either renderer writes must give back the same, page numbers and draft marks aside.
    """
    found = (plain(text) for block in paper.blocks for text in texts(block))
    return [words for words in found if words]
