"""Numbers packed into the few characters of a QR code, with check digits over the whole.

A code is ``mark + format digit + body + two check digits``, all of them characters of the QR
alphanumeric mode (ISO/IEC 18004, table 5) except the space, which some readers cut off.  That is
44 digits, so that the code is one number to the base 44.  The check digits make this number leave
the remainder 1 after division by 1933, as in ISO/IEC 7064's pure systems; with the prime 1933 and
the base 44 every single wrong character and every two characters in each other's place are noticed
(the powers of 44 repeat only after 644 places), and of all else 1932 in 1933.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$%*+-./:"
BASE = len(DIGITS)
MODULUS = 1933
LONGEST = 120
"""No code of ours is longer; whatever is has been made by somebody else."""
_SHORTEST = 5
Said = TypeVar("Said")
_CONTINUED = 4


class Fault(StrEnum):
    """Why a code that bears our mark says nothing."""

    DAMAGED = "damaged"
    NEWER = "newer"

    @property
    def words(self) -> str:
        """What the clerk is told."""
        if self is Fault.NEWER:
            return "页标由较新版本的本系统印制，本机的版本不能识别。请升级本机后重新核对。"
        return "页标的校验不符，不能采信。请对照纸面人工确认，并重印该页。"


@dataclass(frozen=True, slots=True)
class NotRead:
    """A code with our mark that is not to be believed; ``text`` as it was read."""

    fault: Fault
    text: str


def sealed(mark: str, form: int, body: int) -> str:
    """Return the code of a body (not negative) under a mark (one of ``DIGITS``) and format 0-9."""
    text = f"{mark}{form}{_text(body)}"
    check = (1 - _value(text) * BASE * BASE) % MODULUS
    return f"{text}{DIGITS[check // BASE]}{DIGITS[check % BASE]}"


def decoded(
    mark: str,
    form: int,
    text: str,
    unpacked: Callable[[Unpacking], Said],
    encode: Callable[[Said], str],
) -> Said | NotRead | None:
    """Return what a code says; ``None`` where it does not bear this mark.

    ``unpacked`` takes the parts out of a body (``ValueError`` where they cannot be), ``encode``
    writes them again: a code is believed only where this gives the same text.
    """
    body = unsealed(mark, form, text)
    if body is None or isinstance(body, NotRead):
        return body
    unpacking = Unpacking(body)
    try:
        said = unpacked(unpacking)
        unpacking.finished()
        return said if encode(said) == text else NotRead(Fault.DAMAGED, text)
    except ValueError:
        return NotRead(Fault.DAMAGED, text)


def unsealed(mark: str, form: int, text: str) -> int | NotRead | None:
    """Return the body of a code; ``None`` where it does not bear this mark.

    A code whose check digits hold but whose format is above ``form`` was made by a newer program.
    """
    if not _bears(mark, text):
        return None
    if _value(text) % MODULUS != 1:
        return NotRead(Fault.DAMAGED, text)
    if int(text[1]) > form:
        return NotRead(Fault.NEWER, text)
    body = _value(text[2:-2])
    # Each body is written in one way only: no leading noughts, check digits below the modulus.
    if int(text[1]) != form or sealed(mark, form, body) != text:
        return NotRead(Fault.DAMAGED, text)
    return body


class Packing:
    """Numbers one after another into one; the first packed is the first unpacked."""

    def __init__(self) -> None:
        self._bits = "1"

    def fixed(self, value: int, width: int) -> None:
        """Add a number of exactly ``width`` bits; ``ValueError`` where it has more."""
        if not 0 <= value < 1 << width:
            raise ValueError(f"{value} does not fit into {width} bits")
        self._bits += format(value, f"0{width}b") if width else ""

    def grown(self, value: int, usual: int) -> None:
        """Add a number from 0 on that mostly fits into ``usual`` bits; each 4 more cost 5."""
        if value < 0:
            raise ValueError(f"{value} is negative")
        width = usual
        while True:
            self.fixed(value & ((1 << width) - 1), width)
            value >>= width
            self.fixed(1 if value else 0, 1)
            if not value:
                return
            width = _CONTINUED

    def number(self) -> int:
        """Return all of it; the leading one keeps the noughts that come first."""
        return int(self._bits, 2)


class Unpacking:
    """The way back; ``ValueError`` where something is missing."""

    def __init__(self, number: int) -> None:
        self._bits = format(number, "b")
        self._at = 1

    def fixed(self, width: int) -> int:
        """Return the next number of exactly ``width`` bits."""
        part = self._bits[self._at : self._at + width]
        if len(part) < width:
            raise ValueError("a number is missing")
        self._at += width
        return int(part, 2) if width else 0

    def grown(self, usual: int) -> int:
        """Return the next number that was packed with ``usual`` bits."""
        value, shift, width = 0, 0, usual
        while True:
            value |= self.fixed(width) << shift
            shift += width
            if not self.fixed(1):
                return value
            width = _CONTINUED

    def finished(self) -> None:
        """Raise ``ValueError`` where more was packed than unpacked."""
        if self._at != len(self._bits):
            raise ValueError("a number is left over")


def _bears(mark: str, text: str) -> bool:
    return (
        _SHORTEST <= len(text) <= LONGEST
        and text[0] == mark
        and text[1] in DIGITS[:10]
        and all(character in DIGITS for character in text)
    )


def _text(value: int) -> str:
    text = ""
    while value:
        value, digit = divmod(value, BASE)
        text = DIGITS[digit] + text
    return text


def _value(text: str) -> int:
    value = 0
    for character in text:
        value = value * BASE + DIGITS.index(character)
    return value
