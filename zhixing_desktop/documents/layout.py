"""The layout of a court's papers: page, grid, styles, fonts.  Pure data, for both renderers.

Lengths across are points (1/72 inch) as floats; heights are twips (1/20 point) as whole numbers,
so that Word, which counts in them, and the PDF break pages at the same line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from zhixing_desktop.documents.blocks import Face, Style

_MM_TWIPS = 1440 / 25.4
TWIPS = 20
"""Twips in a point."""


def twips(mm: float) -> int:
    """Return millimetres in whole twips."""
    return round(mm * _MM_TWIPS)


@dataclass(frozen=True, slots=True)
class Margins:
    """Margins of a page in millimetres (天头, 地脚, 订口, 翻口)."""

    top: float
    bottom: float
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class StyleSpec:
    """How a style is set: ``size`` and ``tracking`` in points, ``lines`` of the grid it takes."""

    face: Face
    size: float
    lines: float
    tracking: float = 0.0


@dataclass(frozen=True, slots=True)
class Grid:
    """A page with its box of text, its lines and its characters; page and margins in mm.

    ``ruled`` is the height of a line for handwriting in lines of the grid.
    """

    width: float
    height: float
    margins: Margins
    lines: int
    characters: int
    ruled: float
    styles: Mapping[Style, StyleSpec]

    @property
    def text_width(self) -> float:
        """The width of the text in points."""
        inner = twips(self.width) - twips(self.margins.left) - twips(self.margins.right)
        return inner / TWIPS

    @property
    def text_height(self) -> int:
        """The height of the text in twips."""
        return twips(self.height) - twips(self.margins.top) - twips(self.margins.bottom)

    @property
    def pitch(self) -> int:
        """The height of a line in twips (579 for 22 lines on 225 mm)."""
        return self.text_height // self.lines

    @property
    def cell(self) -> float:
        """The width of a character of the body in points (15.79 for 28 on 156 mm)."""
        return self.text_width / self.characters

    def line(self, style: Style) -> int:
        """Return the height of a line of a style in twips."""
        return self.height_of(self.styles[style].lines)

    def height_of(self, lines: float) -> int:
        """Return the height of so many lines of the grid in twips."""
        return round(lines * self.pitch)

    def tracking(self, style: Style, words: str = "") -> float:
        """Return what is added to the width of each character of a style, in points.

        Type of the body's size is set into the grid's cells.  A title whose words would need a
        second line with its tracking is set without.
        """
        spec = self.styles[style]
        if spec.size == self.styles[Style.BODY].size:
            return self.cell - spec.size
        if spec.tracking and len(words) * (spec.size + spec.tracking) > self.text_width:
            return 0.0
        return spec.tracking


@dataclass(frozen=True, slots=True)
class TableSpec:
    """Rules and paddings of tables in points; the face of cells that are labels."""

    border: float
    padding_x: float
    padding_y: float
    label_face: Face


@dataclass(frozen=True, slots=True)
class PageNumber:
    """The page number: ``pattern`` with ``{n}``, size in points.

    Its middle stands ``below`` mm under the text.
    """

    pattern: str
    face: Face
    size: float
    below: float

    def words(self, page: int) -> str:
        """Return the number of a page as it is printed."""
        return self.pattern.replace("{n}", str(page))


@dataclass(frozen=True, slots=True)
class SignatureSpec:
    """Where the signature stands, in characters of the body and lines of the grid.

    ``title`` and ``name`` are the least widths to which titles and names are spread, ``gap`` is
    between them, ``right`` is kept free at the right.  ``before`` lines stand empty above the
    signers, ``between`` lines between the day and who assists.
    """

    title: int
    gap: int
    name: int
    right: int
    before: int
    between: int


@dataclass(frozen=True, slots=True)
class TearSpec:
    """The line along which a slip is torn off: height in lines of the grid, its words."""

    lines: float
    face: Face
    size: float


@dataclass(frozen=True, slots=True)
class FootSpec:
    """The line for a signature at the foot of each page.

    ``words`` with ``{who}``.  Its middle stands ``below`` mm under the text; ``room`` is the room
    to sign in, in mm.
    """

    words: str
    face: Face
    size: float
    below: float
    room: float

    def said(self, who: str) -> str:
        """Return the words before the room to sign in; ``who`` may say in brackets how to sign."""
        return f"{who}：" if who.endswith("）") else self.words.replace("{who}", who)


@dataclass(frozen=True, slots=True)
class DraftSpec:
    """The mark in the head of a draft's pages, at the right, ``above`` mm over the text."""

    words: str
    face: Face
    size: float
    above: float


@dataclass(frozen=True, slots=True)
class FaceFonts:
    """Which fonts play a face.

    ``word`` is the family named in Word files, ``word_instead`` what Word may take where it is
    missing.  ``files`` and ``families`` are a workstation's own fonts in order of preference,
    ``stand_in`` the files of the program that stand in for them.
    """

    word: str
    word_instead: tuple[str, ...]
    files: tuple[str, ...]
    families: tuple[str, ...]
    stand_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LayoutProfile:
    """The layout of a court's papers.

    ``zero`` is the zero of dates in words (〇 or 零); ``seal`` the seal's diameter in mm.
    """

    name: str
    zero: str
    official: Grid
    dense: Grid
    table: TableSpec
    page_number: PageNumber
    signature: SignatureSpec
    seal: float
    tear: TearSpec
    signed_foot: FootSpec
    draft: DraftSpec
    fonts: Mapping[Face, FaceFonts]

    def grid(self, *, dense: bool) -> Grid:
        """Return the grid of a paper (``Paper.dense``)."""
        return self.dense if dense else self.official

    def signature_before(self, grid: Grid, *, signers: int, sealed: bool) -> int:
        """Return the empty lines above a signature of so many signers.

        The seal, whose middle is that of the day's line, never reaches up into the text.
        """
        if not sealed:
            return self.signature.before
        lines_over_day = ceil(twips(self.seal) / 2 / grid.pitch - 0.5)
        return max(self.signature.before, lines_over_day - signers)

    def number_below(self, *, signed: bool) -> float:
        """Return how far under the text the page number's middle stands, in mm.

        It stands under the line for a signature where there is one.
        """
        below = self.page_number.below
        return max(below, self.signed_foot.below + 7.0) if signed else below
