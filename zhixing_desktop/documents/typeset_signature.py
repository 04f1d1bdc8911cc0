"""The end of a paper: signers, day and who assists, each in its column.

Lengths are points from the left of the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from zhixing_desktop.documents.blocks import Align, Run, Signature, Signer, Text
from zhixing_desktop.documents.layout import Grid, SignatureSpec
from zhixing_desktop.documents.typeset_text import Room, SetLine, Setter, Type

_EPSILON = 0.02


class SetSignature(NamedTuple):
    """A signature that is set: lines from top to bottom, each the parts that stand side by side.

    ``day_middle`` is where the seal's middle stands.
    """

    signers: list[tuple[SetLine, ...]]
    day: list[SetLine]
    below: list[tuple[SetLine, ...]]
    day_middle: float


def set_signature(
    block: Signature, grid: Grid, spec: SignatureSpec, setter: Setter, type_: Type
) -> SetSignature:
    """Set a signature at the right of a grid's text.

    Titles are spread to one width, names of two characters to that of three; the day ends where
    the names end.  Where a court signs (a signer without a name), it and the day have one middle.
    """
    columns = _columns(block, grid, spec, setter, type_)
    day_width = setter.width(block.day, type_)
    day_middle = columns.middle
    if day_middle is None:
        day_middle = columns.right - min(day_width, columns.right) / 2
    return SetSignature(
        signers=[line for signer in block.signers for line in columns.signer(signer)],
        day=columns.free(block.day) if block.day else [],
        below=[line for signer in block.below for line in columns.signer(signer)],
        day_middle=day_middle,
    )


def _columns(
    block: Signature, grid: Grid, spec: SignatureSpec, setter: Setter, type_: Type
) -> _Columns:
    cell = grid.cell
    named = [signer for signer in (*block.signers, *block.below) if signer.name]
    titles = [setter.width((Run(signer.title),), type_) for signer in named]
    names = [setter.width(signer.name, type_) for signer in named]
    least = spec.name * cell
    right = grid.text_width - spec.right * cell
    title = max([spec.title * cell, *(width for width in titles if width <= right / 2)])
    left = max(0.0, right - title - spec.gap * cell - max([least, *names]))
    middle = None
    if block.signers and not any(signer.name for signer in block.signers):
        courts = [setter.width((Run(signer.title),), type_) for signer in block.signers]
        widest = max(setter.width(block.day, type_), *courts)
        middle = right - min(widest, right) / 2
    return _Columns(
        setter, type_, left, title, left + title + spec.gap * cell, least, right, middle
    )


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the parts stand: titles from ``left``, names from ``name_left``, all up to ``right``.

    ``middle`` is that of a court's name and the day.
    """

    setter: Setter
    type: Type
    left: float
    title: float
    name_left: float
    name_least: float
    right: float
    middle: float | None

    def signer(self, signer: Signer) -> list[tuple[SetLine, ...]]:
        """Return the lines of a signer: title and name side by side."""
        words = (Run(signer.title),)
        if not signer.name or self.setter.width(words, self.type) > self.title + _EPSILON:
            return [(line,) for text in (words, signer.name) if text for line in self.free(text)]
        title = self.setter.one_line(words, self.type, left=self.left, spread_to=self.title)
        room = self.right - self.name_left
        if self.setter.width(signer.name, self.type) <= room + _EPSILON:
            is_gap = any(run.gap for run in signer.name)
            name = self.setter.one_line(
                signer.name,
                self.type,
                left=self.name_left,
                spread_to=0.0 if is_gap else self.name_least,
            )
            return [(title, name)]
        first, *others = self.setter.lines(
            signer.name, self.type, Room(self.name_left, room), Align.LEFT
        )
        return [(title, first), *((line,) for line in others)]

    def free(self, text: Text) -> list[SetLine]:
        """Return a text that stands in no column: around the middle or at the right."""
        width = self.setter.width(text, self.type)
        if width > self.right:
            return self.setter.lines(text, self.type, Room(0, self.right), Align.RIGHT)
        left = self.right - width
        if self.middle is not None:
            left = max(0.0, min(left, self.middle - width / 2))
        return [self.setter.one_line(text, self.type, left=left)]
