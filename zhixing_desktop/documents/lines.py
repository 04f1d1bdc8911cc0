"""Breaking Chinese text into lines: 避头尾, words and numbers whole, lines filled by spreading.

Pure arithmetic over the widths of characters.  The rules of what may begin and end a line are
those of GB/T 15834-2011 (5.1): a mark that may not begin a line takes the character before it along
to the next line (推出); nothing hangs over the edge, nothing is squeezed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from types import MappingProxyType

NO_START = frozenset(
    "，。、；：？！．）〕］｝》〉」』】〗〙〛”’·～–-－‐‧…‥々ゝゞー％‰°℃′″"
    "︰︱︳︴﹐﹑﹒﹔﹕﹖﹗﹚﹜﹞｡｣､"
    ")]},.;:?!%>"
)
"""What may not begin a line."""

NO_END = frozenset("（〔［｛《〈「『【〖〘〚“‘￥＄￡№﹙﹛﹝｢([{<$¥£")
"""What may not end a line."""

_SPACES = frozenset(" \u3000")
_WORD = re.compile(r"[0-9A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u04ff\u00a0]")
_JOINS = frozenset("-.,:/_@#&%+='\"!?;*~^|\\`<>)]}")
_CLINGS = re.compile(r"[\u0300-\u036f\u20d0-\u20ff\ufe00-\ufe0f\U000e0100-\U000e01ef\u200d]")
_NOTHING: Mapping[int, float] = MappingProxyType({})
_EPSILON = 0.02  # points; sums of widths are floats
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
    r"|[\ufe00-\ufe0f\U000e0100-\U000e01ef\ud800-\udfff]"
)
_BLANKS = re.compile(r"\r\n|[\t\n\r\v\f\u2028\u2029\u1680\u2000-\u200a\u202f\u205f]")


def drawable(words: str) -> str:
    """Return words as they can be drawn in a line.

    A tab, a break of the line or a space of another width becomes a space; what has no shape of
    its own (control characters, marks of direction, variation selectors, halves of surrogate
    pairs) is left out.
    """
    if words.isprintable() and words.isascii():
        return words
    return _UNPRINTABLE.sub("", _BLANKS.sub(" ", words))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text: the characters from ``start`` up to ``end``.

    Spaces from ``ink`` on stand at the end of the line and take no room.  ``width`` is that of
    ``start`` to ``ink``.  ``last`` ends the paragraph.
    """

    start: int
    ink: int
    end: int
    width: float
    last: bool


class _Kinds(dict[int, str]):
    """The kind of each character, worked out when first met (for ``str.translate``)."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        kind = _kind(character)
        self[code] = kind
        return kind


def _kind(character: str) -> str:
    """Return the kind of a character.

    ``w`` belongs to a word or number, ``j`` joins words and may not begin a line, ``s`` may not
    begin one, ``e`` may not end one, ``d`` is a dash, ``x`` clings to what stands before it, a
    space is a space, ``c`` is any other.
    """
    kinds = {
        " ": character in _SPACES,
        "d": character == "—",
        "w": _WORD.match(character),
        "x": _CLINGS.match(character),
        "j": character in _JOINS,
        "s": character in NO_START,
        "e": character in NO_END,
    }
    return next((kind for kind, is_so in kinds.items() if is_so), "c")


class LineBreaker:
    """Breaks texts into lines; remembers the kinds of characters it has met."""

    def __init__(self) -> None:
        self._kinds = _Kinds()

    def kinds(self, words: str, solid: Sequence[bool] | None = None) -> str:
        """Return the kinds of the characters of a text, one letter each.

        ``solid`` marks characters of blanks to be filled in: spaces and underscores there are seen,
        so that they take room and may be broken anywhere.
        """
        found = words.translate(self._kinds)
        if solid is None and "__" not in words:
            return found
        blanks = _SPACES | {"_"}
        return "".join(
            "c" if character in blanks and _is_blank(words, i, solid) else kind
            for i, (character, kind) in enumerate(zip(words, found, strict=True))
        )

    def break_lines(
        self,
        words: str,
        advances: Sequence[float],
        widths: tuple[float, float],
        kinds: str = "",
        behind: Mapping[int, float] = _NOTHING,
    ) -> list[Line]:
        """Break a text into lines.

        ``advances`` are the widths of its characters in points, ``widths`` the room of the first
        line and of the others; ``behind`` is what of a character's width it does not need at the
        end of a line.  An empty text has one empty line.  A character wider than the room has a
        line of its own.
        """
        kinds = kinds or self.kinds(words)
        total = len(words)
        ends = [0.0, *accumulate(advances)]
        starts = ends
        if behind:
            ends = list(ends)
            for place, room in behind.items():
                ends[place + 1] -= room
        lines: list[Line] = []
        start, room = 0, widths[0]
        while True:
            fits = bisect_right(ends, starts[start] + room + _EPSILON) - 1
            if fits >= total:
                ink = _ink(kinds, start, total)
                lines.append(Line(start, ink, total, ends[ink] - starts[start], last=True))
                return lines
            end = _place(kinds, start, max(fits, start + 1))
            ink = _ink(kinds, start, end)
            is_last = end >= total
            lines.append(Line(start, ink, end, ends[ink] - starts[start], is_last))
            if is_last:
                return lines
            start, room = end, widths[1]


def spreads(kinds: str, line: Line) -> list[int]:
    """Return the characters of a line behind which room may be put to fill it.

    Never within a word or a number, nor between a letter and its mark, nor within —— and ……, nor
    behind the last character.
    """
    inner = kinds[line.start : line.ink]
    return [
        line.start + i
        for i, (left, right) in enumerate(pairwise(inner))
        if (left + right) not in _TIGHT
    ]


_TIGHT = frozenset(
    ["ww", "wj", "jw", "jj", "dd", "ew", "ej", *(kind + "x" for kind in "wjsedc x"), "xx"]
)


def _is_blank(words: str, at: int, solid: Sequence[bool] | None) -> bool:
    if solid is not None and solid[at]:
        return True
    return words[at] == "_" and "__" in words[max(at - 1, 0) : at + 2]


def _ink(kinds: str, start: int, end: int) -> int:
    """Return the end of a line without the spaces that stand there."""
    while end > start and kinds[end - 1] == " ":
        end -= 1
    return end


def _place(kinds: str, start: int, fits: int) -> int:
    """Return where a line from ``start`` is broken that has room up to ``fits``."""
    total = len(kinds)
    at = fits
    while at < total and kinds[at] == " ":
        at += 1
    if at >= total:
        return total
    for whole in (True, False):  # a word longer than a line is broken within
        while at > start and not _may_break(kinds, at, whole=whole):
            at -= 1
        if at > start:
            return at
        at = fits
    return fits  # nothing but marks


def _may_break(kinds: str, at: int, *, whole: bool) -> bool:
    """Say whether a line may end before the character ``at``; ``whole`` words only."""
    right = kinds[at]
    if right in "sjx ":
        return False
    before = at - 1
    while before >= 0 and kinds[before] == " ":
        before -= 1
    if before < 0:
        return False
    left = kinds[before]
    if left == "e":
        return False
    if before < at - 1:
        return True
    if left in "wj" and right == "w":
        return not whole
    return not (left == "d" and right == "d")
