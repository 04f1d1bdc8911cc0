"""Texts into placed characters: one line after another, each a few spans that are drawn at once.

Pure arithmetic; lengths are points from the left edge of the text's box.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from zhixing_desktop.documents.blocks import Align, Face, Run, Text
from zhixing_desktop.documents.fonts import NOWHERE, Glyph, Metrics
from zhixing_desktop.documents.lines import Line, LineBreaker, drawable, spreads

EMPTY_GAP = "\u3000" * 4
"""What stands in a gap that has no words of its own."""

_APART = 0.08  # ems between characters from which readers see spaces
MEETING = 0.2
"""Ems between a Chinese character and a Latin letter or digit, as word processors leave them."""

_CHINESE = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LATIN = "0-9A-Za-z\u00c0-\u024f"
_MEETINGS = re.compile(f"[{_CHINESE}](?=[{_LATIN}])|[{_LATIN}](?=[{_CHINESE}])")
_MOST_SPREAD = 0.6  # ems between two characters; a line that would need more stays ragged


class Span(NamedTuple):
    """Characters of one font at one place; ``extra`` points are added to each one's width.

    Spans of one ``chunk`` (not 0) follow each other and stand so far apart within that a reader may
    take the room for a space.
    """

    x: float
    words: str
    font: int
    size: float
    extra: float
    bold: bool
    chunk: int = 0


class Mark(NamedTuple):
    """What lies under characters: a line, and for a gap a light ground as well."""

    left: float
    right: float
    gap: bool


class SetLine(NamedTuple):
    """A line that is set: its spans from left to right, marks, and the size of its type.

    ``apart`` says of the whole line what ``Span.chunk`` says of a part.
    """

    spans: tuple[Span, ...]
    marks: tuple[Mark, ...]
    size: float
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """Where lines stand: ``left`` edge and ``width`` in points; ``first`` indents the first."""

    left: float
    width: float
    first: float = 0.0


@dataclass(frozen=True, slots=True)
class Type:
    """How characters are set: face, size and tracking in points."""

    face: Face
    size: float
    tracking: float = 0.0


class _Flat(NamedTuple):
    """A text as one string, with the run, font and width of each character.

    ``meetings`` are the characters behind which Chinese and Latin meet, with the room there.
    """

    words: str
    runs: tuple[Run, ...]
    owners: Sequence[int]
    fonts: Sequence[int]
    advances: Sequence[float]
    kinds: str
    size: float
    tracking: float
    meetings: Mapping[int, float]


class Setter:
    """Sets texts with the fonts of one shelf; collects the characters that no font has."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._breaker = LineBreaker()
        self._tables: dict[Face, Mapping[str, Glyph]] = {}
        self.missing: dict[str, None] = {}

    def lines(self, text: Text, type_: Type, room: Room, align: Align) -> list[SetLine]:
        """Return a text set into lines; an empty text is one empty line."""
        flat = self._flat(text, type_)
        width = max(room.width, type_.size)
        first = max(width - room.first, type_.size)
        broken = self._breaker.break_lines(
            flat.words, flat.advances, (first, width), flat.kinds, flat.meetings
        )
        if align is Align.CENTER and len(broken) > 1:
            broken = self._balanced(flat, broken, width)
        made = [
            _set(flat, line, room, align, room.first if line.start == 0 else 0.0) for line in broken
        ]
        if type_.tracking > _APART * type_.size:
            return [line._replace(apart=True) for line in made]
        return made

    def one_line(
        self, text: Text, type_: Type, *, left: float = 0.0, spread_to: float = 0.0
    ) -> SetLine:
        """Return a text as one line from ``left``, spread to a width where it is narrower."""
        flat = self._flat(text, type_)
        count = len(flat.words)
        extra = 0.0
        natural = sum(flat.advances)
        if count > 1 and spread_to > natural:
            extra = (spread_to - natural) / (count - 1)
        line = Line(0, count, count, natural, last=True)
        placed = _placed(flat, line, left, extra, range(count) if extra else ())
        return placed._replace(apart=extra > 0)

    def width(self, text: Text, type_: Type) -> float:
        """Return the width of a text in one line, in points."""
        return sum(self._flat(text, type_).advances)

    def _balanced(self, flat: _Flat, broken: list[Line], width: float) -> list[Line]:
        """Return centred lines of about the same length, as many as without."""
        low, high = max(line.width for line in broken) / 2, width
        for _ in range(12):
            middle = (low + high) / 2
            tried = self._breaker.break_lines(
                flat.words, flat.advances, (middle, middle), flat.kinds, flat.meetings
            )
            if len(tried) <= len(broken):
                high, broken = middle, tried
            else:
                low = middle
        return broken

    def _flat(self, text: Text, type_: Type) -> _Flat:
        runs = tuple(run for run in text if run.text or run.gap)
        parts = [drawable(run.text) or (EMPTY_GAP if run.gap else "") for run in runs]
        words = "".join(parts)
        fonts: list[int] = []
        advances: list[float] = []
        owners: list[int] = []
        solid: list[bool] | None = None
        size, tracking = type_.size, type_.tracking
        for number, (run, part) in enumerate(zip(runs, parts, strict=True)):
            table = self._table(run.face or type_.face)
            glyphs = [table[character] for character in part]
            fonts += [glyph[0] for glyph in glyphs]
            advances += [glyph[1] * size + tracking for glyph in glyphs]
            owners += [number] * len(part)
            if run.gap or run.underline:
                solid = solid if solid is not None else [False] * len(words)
                solid[len(owners) - len(part) : len(owners)] = [True] * len(part)
        if NOWHERE in fonts:
            self.missing.update(
                dict.fromkeys(c for c, font in zip(words, fonts, strict=True) if font == NOWHERE)
            )
        meetings = dict.fromkeys(
            (match.start() for match in _MEETINGS.finditer(words)), MEETING * size
        )
        for place in meetings:
            advances[place] += MEETING * size
        kinds = self._breaker.kinds(words, solid)
        return _Flat(words, runs, owners, fonts, advances, kinds, size, tracking, meetings)

    def _table(self, face: Face) -> Mapping[str, Glyph]:
        table = self._tables.get(face)
        if table is None:
            table = self._tables[face] = self._metrics.table(face)
        return table


def _set(flat: _Flat, line: Line, room: Room, align: Align, indent: float) -> SetLine:
    """Place a broken line: at the left, right, middle, or filled by spreading."""
    free = room.width - indent - line.width
    left = room.left + indent
    if align is Align.JUSTIFY and not line.last and free > 0:
        points = spreads(flat.kinds, line)
        if points and free <= _MOST_SPREAD * flat.size * len(points):
            each = free / len(points)
            placed = _placed(flat, line, left, each, points)
            return placed._replace(apart=each > _APART * flat.size)
    elif align is Align.RIGHT:
        left += max(free, 0.0)
    elif align is Align.CENTER:
        left += max(free, 0.0) / 2
    return _placed(flat, line, left, 0.0, ())


def _placed(flat: _Flat, line: Line, left: float, extra: float, points: Sequence[int]) -> SetLine:
    """Return the spans of a line whose characters ``points`` have ``extra`` room behind them."""
    start, end = line.start, line.end
    if start >= end:
        return SetLine((), (), flat.size)
    wider = [0.0] * (end - start)
    for point in points:
        wider[point - start] = extra
    advances = list(flat.advances[start:end])
    final = line.ink - start - 1
    if extra:
        advances = [a + w for a, w in zip(advances, wider, strict=True)]
        # The last character has nothing behind it to be moved: it goes with its neighbour.
        wider[final:] = [wider[max(final - 1, 0)]] * (end - start - final)
    meeting = MEETING * flat.size
    for place in flat.meetings:
        if start <= place < start + final:
            wider[place - start] += meeting
        elif place == start + final:
            advances[final] -= meeting
    places = list(accumulate(advances, initial=left))
    chunks = _chunks(flat, line, wider)
    spans = []
    at = 0
    keys = list(zip(flat.owners[start:end], flat.fonts[start:end], wider, chunks, strict=True))
    for i in range(1, len(keys) + 1):
        if i < len(keys) and keys[i] == keys[at]:
            continue
        owner, font, more, chunk = keys[at]
        spans.append(
            Span(
                places[at],
                flat.words[start + at : start + i],
                font,
                flat.size,
                flat.tracking + more,
                flat.runs[owner].bold,
                chunk,
            )
        )
        at = i
    return SetLine(tuple(spans), tuple(_marks(flat, keys, places)), flat.size)


def _chunks(flat: _Flat, line: Line, wider: list[float]) -> list[int]:
    """Return a number for the characters on both sides of each meeting in a line, 0 for others.

    Gives all characters of such a chunk the same room behind, so that it is drawn at once.
    """
    chunks = [0] * len(wider)
    for place in sorted(flat.meetings):
        at = place - line.start
        if 0 <= at < line.ink - line.start - 1:
            chunks[at] = chunks[at] or at + 1
            chunks[at + 1] = chunks[at]
            wider[at + 1] = max(wider[at], wider[at + 1])
    return chunks


def _marks(
    flat: _Flat, keys: Sequence[tuple[int, int, float, int]], places: Sequence[float]
) -> list[Mark]:
    """Return what lies under the characters of a line, one mark for each run."""
    marks: list[Mark] = []
    if not any(run.gap or run.underline for run in flat.runs):
        return marks
    at = 0
    for i in range(1, len(keys) + 1):
        if i < len(keys) and keys[i][0] == keys[at][0]:
            continue
        run = flat.runs[keys[at][0]]
        if run.gap or run.underline:
            marks.append(Mark(places[at], places[i], bool(run.gap)))
        at = i
    return marks
