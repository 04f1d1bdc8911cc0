"""What the small stamp on every printed page of a dossier says."""

from __future__ import annotations

from dataclasses import dataclass

from zhixing_desktop.dossier.codewords import (
    NotRead,
    Packing,
    Unpacking,
    decoded,
    sealed,
)

MARK = "*"
FORMAT = 1
_SIDES = ("main", "side")
_SIDE_WORDS = {"main": "正", "side": "副"}
_CASE_MARK = 4
_DIGEST = 6


@dataclass(frozen=True, slots=True)
class Stamp:
    """A printed content page of a paper volume.

    ``case_id`` is the case's row, ``case_mark`` the first four hexadecimal digits of the SHA-256 of
    its number (a restored or foreign database may know another case under the same row).
    ``side`` is ``main`` (正卷) or ``side`` (副卷), ``volume`` the 册 from 1 on, ``page`` the number
    printed on the page from 1 on, ``insert`` the number after the dash of an inserted page (12-1:
    1), else 0.  ``item_id`` and ``version`` (from 1 on) name the version of a dossier item,
    ``item_page`` the page within it from 1 on, ``digest`` the first six hexadecimal digits of the
    SHA-256 of the version's pages of record.  All hexadecimal digits are lower case.
    """

    case_id: int
    case_mark: str
    side: str
    volume: int
    page: int
    insert: int
    item_id: int
    version: int
    item_page: int
    digest: str


def encode(stamp: Stamp) -> str:
    """Return the text of a stamp's QR code: 20 to 29 characters of the QR alphanumeric mode.

    Raises ``ValueError`` where the stamp says what none can say (page 0, a digest of five digits).
    """
    packing = Packing()
    packing.fixed(hexadecimal(stamp.case_mark, _CASE_MARK), 4 * _CASE_MARK)
    packing.fixed(hexadecimal(stamp.digest, _DIGEST), 4 * _DIGEST)
    packing.fixed(_SIDES.index(stamp.side), 1)
    packing.grown(stamp.volume - 1, 2)
    packing.grown(stamp.page - 1, 8)
    packing.grown(stamp.insert, 0)
    packing.grown(stamp.version - 1, 2)
    packing.grown(stamp.item_page - 1, 4)
    packing.grown(stamp.case_id, 13)
    packing.grown(stamp.item_id, 17)
    return sealed(MARK, FORMAT, packing.number())


def decode(text: str) -> Stamp | NotRead | None:
    """Return the stamp that a code says, ``None`` where the code is none of ours.

    :class:`NotRead` says that it is ours but damaged, or made by a newer program.
    """
    return decoded(MARK, FORMAT, text, _unpacked, encode)


def short_line(stamp: Stamp) -> str:
    """Return what stands beside the code for people: ``正1-12 · v2 · 1A2B3C``.

    正卷 or 副卷 with 册 and page (an inserted page ``正1-12-1``), the version, the digest's digits.
    """
    page = f"{stamp.page}-{stamp.insert}" if stamp.insert else f"{stamp.page}"
    place = f"{_SIDE_WORDS[stamp.side]}{stamp.volume}-{page}"
    return f"{place} · v{stamp.version} · {stamp.digest.upper()}"


def hexadecimal(digits: str, count: int) -> int:
    """Return the number of exactly ``count`` lower-case hexadecimal digits, else ``ValueError``."""
    if len(digits) != count or set(digits) - set("0123456789abcdef"):
        raise ValueError(f"{digits!r} is not {count} hexadecimal digits")
    return int(digits, 16)


def _unpacked(unpacking: Unpacking) -> Stamp:
    case_mark = format(unpacking.fixed(4 * _CASE_MARK), f"0{_CASE_MARK}x")
    digest = format(unpacking.fixed(4 * _DIGEST), f"0{_DIGEST}x")
    side = _SIDES[unpacking.fixed(1)]
    volume = unpacking.grown(2) + 1
    page = unpacking.grown(8) + 1
    insert = unpacking.grown(0)
    version = unpacking.grown(2) + 1
    item_page = unpacking.grown(4) + 1
    return Stamp(
        case_id=unpacking.grown(13),
        case_mark=case_mark,
        side=side,
        volume=volume,
        page=page,
        insert=insert,
        item_id=unpacking.grown(17),
        version=version,
        item_page=item_page,
        digest=digest,
    )
