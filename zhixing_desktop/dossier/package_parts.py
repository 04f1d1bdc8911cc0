"""What goes into the archive package of a case: plain data, handed in by the caller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

MAIN, SIDE = "main", "side"
SIDES = MappingProxyType({MAIN: "正卷", SIDE: "副卷"})


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to copy: where it lies, its SHA-256 in lower-case hexadecimal digits, its bytes."""

    path: Path
    digest: str
    bytes: int


@dataclass(frozen=True, slots=True)
class PackedOriginal:
    """An original as it came: its name, the version of the item that it belongs to (from 1)."""

    name: str
    version: int
    source: SourceFile


@dataclass(frozen=True, slots=True)
class PageSpan:
    """Where an item, or a part of it, is bound: 册 from 1, first and last printed number, pages.

    The numbers are words, since an inserted page is called ``12-1``.
    """

    volume: int
    first: str
    last: str
    pages: int


@dataclass(frozen=True, slots=True)
class PackedItem:
    """A 件 of the dossier.

    ``side`` is ``main`` or ``side``, ``number`` the 件号 from 1 within it; ``pages`` those of the
    version of record ``version``, whose pages are ``pdf``; none where the item is on paper only
    or has no pages (sound, film).  ``place`` is the catalogue's line (类目), ``origin`` who handed
    it in.
    """

    side: str
    number: int
    name: str
    pages: int
    pdf: SourceFile | None
    spans: tuple[PageSpan, ...] = ()
    originals: tuple[PackedOriginal, ...] = ()
    paper_number: str = ""
    day: date | None = None
    place: str = ""
    origin: str = ""
    version: int = 1
    on_paper_only: bool = False
    remark: str = ""


@dataclass(frozen=True, slots=True)
class PackedVolume:
    """The image dossier of a volume: 卷, 册 from 1, its pages (covers and blanks too), the PDF."""

    side: str
    volume: int
    pages: int
    pdf: SourceFile


@dataclass(frozen=True, slots=True)
class PackedCase:
    """What the cover says of the case."""

    court: str
    number: str
    kind: str
    cause: str = ""
    creditors: tuple[str, ...] = ()
    debtors: tuple[str, ...] = ()
    basis: str = ""
    officer: str = ""
    clerk: str = ""
    filed_on: date | None = None
    closed_on: date | None = None
    closing_way: str = ""
    amount: Decimal | None = None
    received: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ArchiveRecord:
    """What the archive wants to know: the fields of the SPC's schema that the case knows.

    立卷人, 提交人 and day, 接收人 and day, 归档日, 目录号, 卷宗号, 归档号, 全宗号, 密级, 保管期限
    and the last day of it (``None``: for ever, or not known), 其他卷, 并卷.
    """

    filed_by: str = ""
    submitted_by: str = ""
    submitted_on: date | None = None
    received_by: str = ""
    received_on: date | None = None
    archived_on: date | None = None
    catalogue_number: str = ""
    dossier_number: str = ""
    archive_number: str = ""
    fonds_number: str = ""
    secrecy: str = ""
    retention: str = ""
    kept_until: date | None = None
    other_dossiers: str = ""
    merged_dossiers: str = ""


@dataclass(frozen=True, slots=True)
class JournalFile:
    """A file of the journal's bundle: its name and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class CasePackage:
    """All that is packed; ``made_on`` is the day that the package bears, ``program`` name and
    version of what made it."""

    case: PackedCase
    archive: ArchiveRecord
    items: tuple[PackedItem, ...]
    volumes: tuple[PackedVolume, ...]
    journal: tuple[JournalFile, ...]
    made_on: date
    made_by: str
    program: str


@dataclass(frozen=True, slots=True)
class Packaged:
    """A package that was written.

    ``files`` and ``bytes`` count the payload; ``digest`` is the SHA-256 of the list of lists
    (``tagmanifest-sha256.txt``): whoever has it from elsewhere, such as the hand-over slip, knows
    that not one byte of the package was changed, whether it came as a folder or as a ZIP file.
    """

    path: Path
    files: int
    bytes: int
    digest: str
