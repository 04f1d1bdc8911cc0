"""Where personal data stands on a page: numbers and addresses found in its text layer."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zhixing_desktop.workflow.masking import cover_numbers

if TYPE_CHECKING:
    from zhixing_desktop.dossier.pdf_pages import Letters

NUMBER, ADDRESS, KNOWN = "号码", "住址", "他人信息"
_GROWN = 0.004
"""So much of the page an area is larger than its letters on each side: strokes reach out."""
_RUN = re.compile(r"[(（]?[0-9](?:[)） -]?[0-9Xx])*")
"""A number as people write it: in one, or in groups."""
_ADDRESS = re.compile(
    r"(?:住所地?|住址|现住|户籍所在地|户籍地|送达地址|地址|住)[：:为在]?\s*"
    r"(?P<place>[^，,。；;：:\r\n]{6,60})"
)
_LIKE_ADDRESS = re.compile(r"[省市县区镇乡村路街号组]")


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle on a page as it is seen: parts of its width and height from the upper left."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def sound(self) -> bool:
        """Whether it lies on the page and covers anything."""
        return 0 <= self.left < self.right <= 1 and 0 <= self.top < self.bottom <= 1


@dataclass(frozen=True, slots=True)
class Proposal:
    """An area that had better be covered, what kind of thing stands there, the words."""

    area: Area
    kind: str
    words: str


def proposals(
    content: bytes | Path, page: int, own: Collection[str] = (), known: Collection[str] = ()
) -> tuple[Proposal, ...]:
    """Return what on a page looks like personal data: numbers, addresses, ``known`` words.

    ``own`` are numbers and words of whoever gets the copy: they are left out.  A page without a
    text layer gives nothing: it has to be looked at.  Raises as ``pdf_pages.page_letters``.
    """
    from zhixing_desktop.dossier.pdf_pages import page_letters

    letters = page_letters(content, page)
    mine = {_plain(words) for words in own if words}
    found: list[Proposal] = []
    taken: set[int] = set()
    for start, end, kind in _spans(letters.text, known):
        words = letters.text[start:end]
        if _plain(words) in mine or taken.issuperset(range(start, end)):
            continue
        taken |= set(range(start, end))
        found += [Proposal(area, kind, words) for area in _areas(letters, start, end)]
    return tuple(found)


def _plain(words: str) -> str:
    return re.sub(r"[\s-]", "", words).upper()


def _spans(text: str, known: Collection[str]) -> Iterator[tuple[int, int, str]]:
    covered = cover_numbers(text)
    # A cover is as long as what it covers; where it is not, nothing can be told of places.
    if len(covered) == len(text):
        for run in _RUN.finditer(text):
            if text[run.start() : run.end()] != covered[run.start() : run.end()]:
                yield run.start(), run.end(), NUMBER
    for found in _ADDRESS.finditer(text):
        if _LIKE_ADDRESS.search(found["place"]):
            yield found.start("place"), found.end("place"), ADDRESS
    # The longest first: a part of it is then not told once more, whatever order they came in.
    for words in sorted(known, key=lambda one: (-len(one), one)):
        yield from ((start, end, KNOWN) for start, end in _places(text, words))


def _places(text: str, words: str) -> Iterator[tuple[int, int]]:
    """Yield where some words stand, also broken over lines."""
    signs = [re.escape(sign) for sign in words if not sign.isspace()]
    if len(signs) < 4:
        return
    for found in re.finditer(r"\s*".join(signs), text):
        yield found.span()


def _areas(letters: Letters, start: int, end: int) -> Iterator[Area]:
    """Return the rectangles of some letters, one for each line that they stand on."""
    lines: list[list[tuple[float, float, float, float]]] = []
    for box in letters.boxes[start:end]:
        if box is None or box[2] <= box[0] or box[3] <= box[1]:
            continue
        if lines and _same_line(lines[-1], box):
            lines[-1].append(box)
        else:
            lines.append([box])
    for line in lines:
        yield Area(
            max(min(box[0] for box in line) - _GROWN, 0),
            max(min(box[1] for box in line) - _GROWN, 0),
            min(max(box[2] for box in line) + _GROWN, 1),
            min(max(box[3] for box in line) + _GROWN, 1),
        )


def _same_line(
    line: Sequence[tuple[float, float, float, float]], box: tuple[float, float, float, float]
) -> bool:
    last = line[-1]
    return min(last[3], box[3]) - max(last[1], box[1]) > 0 and box[0] >= line[0][0] - _GROWN
