"""Separator sheets (分隔页): what lies before the pages of one thing in a stack that is scanned."""

from __future__ import annotations

from dataclasses import dataclass

from zhixing_desktop.dossier.codewords import (
    NotRead,
    Packing,
    Unpacking,
    decoded,
    sealed,
)
from zhixing_desktop.dossier.stamp import hexadecimal

MARK = "%"
FORMAT = 1
_SIDES = ("main", "side")
_CASE_MARK = 4
_TOKEN = 8


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing is to be filed: ``main`` (正卷) or ``side`` (副卷), number in its catalogue."""

    side: str
    number: int


@dataclass(frozen=True, slots=True)
class Separator:
    """A separator sheet: the pages behind it belong to the thing it names.

    ``case_id`` and ``case_mark`` as in :class:`~zhixing_desktop.dossier.stamp.Stamp`.  ``item_id``
    is the dossier item that the pages are of, ``None`` for one that is not filed yet; ``place`` is
    where that goes, ``None`` where nobody has said (the pages wait in the tray of this case).
    ``token`` names the printed sheet: eight lower-case hexadecimal digits.
    """

    case_id: int
    case_mark: str
    item_id: int | None
    place: Place | None
    token: str


def encode(separator: Separator) -> str:
    """Return the text of a separator's QR code, in characters of the QR alphanumeric mode.

    Raises ``ValueError`` where a part is out of its range.
    """
    packing = Packing()
    packing.fixed(hexadecimal(separator.case_mark, _CASE_MARK), 4 * _CASE_MARK)
    packing.fixed(hexadecimal(separator.token, _TOKEN), 4 * _TOKEN)
    packing.grown(separator.case_id, 13)
    packing.fixed(0 if separator.item_id is None else 1, 1)
    if separator.item_id is not None:
        packing.grown(separator.item_id, 17)
    packing.fixed(0 if separator.place is None else 1, 1)
    if separator.place is not None:
        packing.fixed(_SIDES.index(separator.place.side), 1)
        packing.grown(separator.place.number, 5)
    return sealed(MARK, FORMAT, packing.number())


def decode(text: str) -> Separator | NotRead | None:
    """Return the separator that a code says, ``None`` where the code is no separator's.

    :class:`NotRead` says that it is ours but damaged, or made by a newer program.
    """
    return decoded(MARK, FORMAT, text, _unpacked, encode)


def _unpacked(unpacking: Unpacking) -> Separator:
    case_mark = format(unpacking.fixed(4 * _CASE_MARK), f"0{_CASE_MARK}x")
    token = format(unpacking.fixed(4 * _TOKEN), f"0{_TOKEN}x")
    case_id = unpacking.grown(13)
    item_id = unpacking.grown(17) if unpacking.fixed(1) else None
    place = None
    if unpacking.fixed(1):
        side = _SIDES[unpacking.fixed(1)]
        place = Place(side, unpacking.grown(5))
    return Separator(case_id, case_mark, item_id, place, token)
