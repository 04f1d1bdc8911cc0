"""Objects carried from a small PDF into a larger one that is being written.

The small one is what pikepdf has just saved without object streams: its objects stand in the order
of their numbers, their dictionaries in qpdf's own plain way of writing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zhixing_desktop.dossier.pdf_sink import PdfSink

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SHARED = "/ZxShared"
"""Where a small PDF's catalogue names the object that stands for what all have in common."""

# Strings are stepped over: what looks like a reference in them is somebody's text.  qpdf escapes
# brackets and line ends within strings.
_REFERENCE = re.compile(rb"(?s)\((?:[^\\()]+|\\.)*\)|(?<=[ \n])(\d+) 0 R(?=[ \n]|$)")
_REFERS = b" 0 R"
_STREAM = b"\nstream\n"
_END = b"\nendobj\n"
_ROW = 20
"""Bytes of a row of the cross-reference table (ISO 32000-1, 7.5.4)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Objects of the larger file that stand for some of every small one.

    ``pages`` is the number of its tree of pages, ``shared`` of what all pages have in common.
    """

    pages: int
    shared: int


def carry(small: bytes, sink: PdfSink, standing: Standing) -> list[int]:
    """Write all objects of a small PDF into a larger one and return the numbers of its pages.

    The small file's catalogue, its tree of pages and the object under ``SHARED`` stay behind.
    """
    objects = _Objects(small)
    root = int(_named(rb"/Root (\d+) 0 R", small[objects.table :]))
    shared = int(_named(SHARED.encode("ascii") + rb" (\d+) 0 R", objects.body(root)))
    tree = int(_named(rb"/Pages (\d+) 0 R", objects.body(root)))
    kids = [int(kid) for kid in re.findall(rb"(\d+) 0 R", _kids(objects.body(tree)))]
    numbers = {tree: standing.pages, shared: standing.shared}
    left = {root, *numbers}
    carried = [number for number in objects.numbers() if number not in left]
    first = sink.reserve(len(carried))
    numbers.update(zip(carried, range(first, first + len(carried)), strict=True))

    view = memoryview(small)
    for number in carried:
        start, end = objects.span(number)
        stream = small.find(_STREAM, start, end)
        middle = end if stream < 0 else stream
        sink.put(numbers[number], _renumbered(small[start:middle], numbers), view[middle:end])
    return [numbers[kid] for kid in kids]


def _renumbered(head: bytes, numbers: Mapping[int, int]) -> bytes:
    """Return a dictionary with the new numbers of the objects that it refers to."""
    if b"(" not in head:
        # No strings: whatever ends like a reference is one, and most heads are done at once.
        pieces = head.split(_REFERS)
        for place, piece in enumerate(pieces[:-1]):
            cut = max(piece.rfind(b" "), piece.rfind(b"\n")) + 1
            old = piece[cut:]
            if not old.isdigit():
                break
            pieces[place] = b"%b%d" % (piece[:cut], numbers[int(old)])
        else:
            return _REFERS.join(pieces)

    def renumbered(found: re.Match[bytes]) -> bytes:
        old = found[1]
        return b"%d 0 R" % numbers[int(old)] if old else found[0]

    return _REFERENCE.sub(renumbered, head)


class _Objects:
    """Where the objects of a PDF saved by qpdf begin and end."""

    def __init__(self, small: bytes) -> None:
        self._small = small
        tail = small.rfind(b"startxref\n")
        self.table = int(small[tail + 10 : small.find(b"\n", tail + 10)])
        found = re.compile(rb"xref\n0 (\d+)\n").match(small, self.table)
        if found is None:
            raise ValueError("qpdf has written another kind of cross-reference table")
        self._count = int(found[1])
        rows = found.end()
        self._places = [
            int(small[rows + _ROW * number : rows + _ROW * number + 10])
            for number in range(self._count)
        ]
        self._places.append(self.table)

    def numbers(self) -> Iterator[int]:
        """Yield the numbers of all objects."""
        return iter(range(1, self._count))

    def span(self, number: int) -> tuple[int, int]:
        """Return where the body of an object begins and ends."""
        start = self._places[number] + len(b"%d 0 obj\n" % number)
        return start, self._places[number + 1] - len(_END)

    def body(self, number: int) -> bytes:
        """Return the body of an object."""
        start, end = self.span(number)
        return self._small[start:end]


def _named(pattern: bytes, body: bytes) -> bytes:
    found = re.search(pattern, body)
    if found is None:
        raise ValueError(f"qpdf has written no {pattern!r}")
    return found[1]


def _kids(body: bytes) -> bytes:
    return _named(rb"(?s)/Kids \[(.*?)\]", body)
