"""Fonts, measuring and line breaking for the charts.  Each text is measured once and remembered.

Sizes are scene units, so a chart looks the same on screen, in a picture and on paper.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, combinations, pairwise

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QApplication

# A line of Chinese does not begin with these.
_NOT_FIRST = frozenset("、，。；：）》！？/")


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text with its font and the left end of its base line."""

    text: str
    font: QFont
    x: float
    baseline: float

    def paint(self, painter: QPainter) -> None:
        """Draw with the painter's pen."""
        painter.setFont(self.font)
        painter.drawText(QPointF(self.x, self.baseline), self.text)


def chart_font(size: float, *, bold: bool = False) -> QFont:
    """The program's own family at ``size`` scene units."""
    return _font(QApplication.font().family(), size, bold)


@lru_cache(maxsize=64)
def _font(family: str, size: float, bold: bool) -> QFont:
    font = QFont(family)
    font.setPixelSize(round(size))
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    # Positions are computed at 100 % and scaled: hinted widths would differ at other scales.
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def text_width(text: str, font: QFont) -> float:
    """Width of ``text`` in scene units."""
    return _width(text, font.family(), font.pixelSize(), font.weight() >= QFont.Weight.DemiBold)


@lru_cache(maxsize=2048)
def _width(text: str, family: str, size: int, bold: bool) -> float:
    return QFontMetricsF(_font(family, size, bold)).horizontalAdvance(text)


def wrap(
    text: str, font: QFont, width: float, lines: int, break_after: int | None = None
) -> list[str]:
    """Break ``text`` into at most ``lines`` lines of ``width``; the rest becomes an ellipsis.

    As few lines as possible, broken where it reads best; ``break_after`` is a place between two
    words, counted in characters.
    """
    bold = font.weight() >= QFont.Weight.DemiBold
    key = (font.family(), float(font.pixelSize()), bold)
    return list(_wrap(text, key, width, lines, break_after))


@lru_cache(maxsize=1024)
def _wrap(
    text: str, key: tuple[str, float, bool], width: float, lines: int, break_after: int | None
) -> tuple[str, ...]:
    font = _font(*key)
    if text_width(text, font) <= width:
        return (text,)
    broken = _fill(text, font, width, lines)
    if "".join(broken) == text:
        return tuple(_balance(broken, text, font, width, break_after))
    last = broken[-1]
    while last and text_width(last + "…", font) > width:
        last = last[:-1]
    return (*broken[:-1], last + "…")


def _fill(text: str, font: QFont, width: float, lines: int) -> list[str]:
    broken: list[str] = []
    rest = text
    while rest and len(broken) < lines:
        cut = _fitting(rest, font, width)
        broken.append(rest[:cut])
        rest = rest[cut:]
    return broken


def _balance(
    broken: list[str], text: str, font: QFont, width: float, break_after: int | None
) -> list[str]:
    """The nicest way to break into as many lines: between words, after 、, and evenly."""
    ends = [0.0, *accumulate(text_width(sign, font) for sign in text)]
    liked = {cut for cut in range(1, len(text)) if text[cut - 1] in _NOT_FIRST} | {break_after}
    best, best_cost = broken, math.inf
    for cuts in combinations(range(1, len(text)), len(broken) - 1):
        if any(text[cut] in _NOT_FIRST for cut in cuts):
            continue
        spans = list(pairwise((0, *cuts, len(text))))
        widths = [ends[stop] - ends[start] for start, stop in spans]
        if max(widths) > width:
            continue
        cost = max(widths) - min(widths) - 4 * font.pixelSize() * len(liked.intersection(cuts))
        if cost <= best_cost:
            best, best_cost = [text[start:stop] for start, stop in spans], cost
    return best


def _fitting(text: str, font: QFont, width: float) -> int:
    cut = len(text)
    while cut > 1 and text_width(text[:cut], font) > width:
        cut -= 1
    if 1 < cut < len(text) and text[cut] in _NOT_FIRST:
        cut -= 1
    return cut


def lay_lines(
    lines: list[str], font: QFont, left: float, middle: float, leading: float = 1.3
) -> list[Run]:
    """Place ``lines`` left-aligned at ``left``, as a block whose middle is at height ``middle``."""
    step = font.pixelSize() * leading
    first = middle - step * (len(lines) - 1) / 2 + _drop(font)
    return [Run(line, font, left, first + step * k) for k, line in enumerate(lines)]


def lay_centred(text: str, font: QFont, x: float, y: float) -> Run:
    """Place one line with its middle at (x, y)."""
    return Run(text, font, x - text_width(text, font) / 2, y + _drop(font))


def _drop(font: QFont) -> float:
    """From the middle of a line of Chinese down to its base line."""
    return font.pixelSize() * 0.36
