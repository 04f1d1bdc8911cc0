"""The data of a paper as its form sees them: records with labels, blanks for what is missing.

A form never sees ``None``: a datum that is not there is a :class:`Blank` that knows its label and
where it is entered, is false in a condition and becomes a marked gap where it is printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from zhixing_desktop.documents.blocks import Gap
from zhixing_desktop.workflow.day_words import date_words, time_words

Value = Any
"""A text, number, ``Decimal`` (yuan), ``date``, ``datetime``, bool, tuple, record or blank."""


class Blank:
    """A datum that is missing; whatever is asked of it is missing, too."""

    __slots__ = ("gap",)

    def __init__(self, gap: Gap) -> None:
        self.gap = gap

    def __bool__(self) -> bool:
        return False

    def __iter__(self) -> Iterator[Value]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __getattr__(self, name: str) -> Blank:
        if name.startswith("_"):
            raise AttributeError(name)
        return self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Blank)

    def __hash__(self) -> int:
        return hash(self.gap)

    def __repr__(self) -> str:
        return f"Blank({self.gap.label})"


class Record:
    """A thing with named values (a party, an asset, a node's fields).

    ``labels`` names all that it can have; a value that is absent or empty is a :class:`Blank`.
    ``source`` is where its values are entered, ``whose`` stands before the label in a gap.  Asking
    for a name that is not in ``labels`` is an ``AttributeError``: a fault of the form.
    """

    __slots__ = ("_labels", "_source", "_values", "_whose")

    def __init__(
        self,
        labels: Mapping[str, str],
        values: Mapping[str, Value],
        source: str,
        *,
        whose: str = "",
    ) -> None:
        self._labels = labels
        self._values = values
        self._source = source
        self._whose = whose

    def __getattr__(self, name: str) -> Value:
        try:
            label = self._labels[name]
        except KeyError:
            raise AttributeError(name) from None
        value = self._values.get(name)
        if value is None or value in ("", (), []):
            whose = f"{self._whose}的" if self._whose else ""
            return Blank(Gap(f"{whose}{label}", f"{self._source}.{name}"))
        return value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Record) and other._values == self._values

    def __hash__(self) -> int:
        return hash(self._source)

    def __repr__(self) -> str:
        return f"Record({self._source})"


def said(value: Value) -> str:
    """Return a value as a paper says it: days in figures, lists with 、, 是 and 否."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        # A moment is a day with its time.
        return date_words(value) + (time_words(value) if isinstance(value, datetime) else "")
    if isinstance(value, Decimal):
        return figures(value)
    if isinstance(value, (tuple, list)):
        return "、".join(said(entry) for entry in value)
    return said(value.name) if isinstance(value, Record) else tidy(str(value))


def figures(amount: Decimal) -> str:
    """Return an amount in figures as a paper writes it: no commas, fen only where there are any."""
    cents = amount.quantize(Decimal("0.01"))
    return f"{cents.to_integral_value()}" if cents == cents.to_integral_value() else f"{cents}"


def tidy(words: str) -> str:
    """Return words on one line: breaks and tabs close up beside Chinese, else become one blank.

    Signs that no paper shows (control characters, zero width, the program's own marks) go.
    """
    kept: list[str] = []
    for char in words:
        if char in "\r\n\t\v\f\x85\u2028\u2029":
            if kept and kept[-1] != "\n":
                kept.append("\n")
        elif _shows(char):
            kept.append(char)
    text = "".join(kept).strip("\n ")
    parts = text.split("\n")
    joined = parts[0]
    for part in (entry.strip(" ") for entry in parts[1:]):
        wide = (joined[-1:] > "\u2e7f") or (part[:1] > "\u2e7f")
        joined = joined.rstrip(" ") + ("" if wide or not part else " ") + part
    return joined


def paragraphs(words: str) -> list[str]:
    """Return longer words as their paragraphs, none empty."""
    found = (tidy(line) for line in words.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return [line for line in found if line]


def _shows(char: str) -> bool:
    code = ord(char)
    if code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000:
        return False
    if 0x200B <= code <= 0x200F or 0x202A <= code <= 0x202E or code in (0xAD, 0xFEFF, 0x2060):
        return False
    # The end of the private planes carries the program's own marks.
    return code < 0x100000
