"""The two kinds of files that Office writes, looked into without trusting them: ZIP and OLE."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path
from typing import BinaryIO

from zhixing_desktop.dossier.incoming import opened

OLE_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NO_SECTOR = 0xFFFFFFFA
_MOST_SECTORS = 4096
"""A directory is a few sectors; one that goes on for ever is a loop or an attack."""
_ZIP_PARTS = (("word/", "word"), ("xl/", "xl"), ("ppt/", "ppt"))
_OLE_STREAMS = (
    ("EncryptedPackage", "locked"),
    ("WordDocument", "word"),
    ("Workbook", "xl"),
    ("Book", "xl"),
    ("PowerPoint Document", "ppt"),
)


def zip_kind(content: Path | bytes) -> str:
    """Return what a ZIP file is: ``word xl ppt odt ods ofd``, ``""`` for any other or a torn one.

    Only its list of names and one small entry are read.
    """
    try:
        with opened(content) as file, zipfile.ZipFile(file) as packed:
            names = packed.namelist()
            if "[Content_Types].xml" in names:
                return _office_part(names)
            if "OFD.xml" in names:
                return "ofd"
            return _open_document(packed) if "mimetype" in names else ""
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError):
        return ""


def zip_whole(content: Path | bytes) -> bool:
    """Tell whether a ZIP file's list of entries, which stands at its end, can be read."""
    try:
        with opened(content) as file, zipfile.ZipFile(file):
            return True
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError):
        return False


def _office_part(names: list[str]) -> str:
    for start, kind in _ZIP_PARTS:
        if any(name.startswith(start) for name in names):
            return kind
    return ""


def _open_document(packed: zipfile.ZipFile) -> str:
    entry = packed.getinfo("mimetype")
    if entry.file_size > 200:
        return ""
    said = packed.read(entry).decode("ascii", "replace")
    if said.startswith("application/vnd.oasis.opendocument.text"):
        return "odt"
    return "ods" if said.startswith("application/vnd.oasis.opendocument.spreadsheet") else ""


def ole_kind(content: Path | bytes) -> str:
    """Return what an OLE file is: ``word xl ppt``, ``locked`` (a password), else ``""``."""
    try:
        with opened(content) as file:
            names = _stream_names(file)
    except (struct.error, ValueError):
        return ""
    return next((kind for name, kind in _OLE_STREAMS if name in names), "")


def _stream_names(file: BinaryIO) -> set[str]:
    head = file.read(512)
    (shift,) = struct.unpack_from("<H", head, 30)
    if not 7 <= shift <= 16:
        raise ValueError(shift)
    size = 1 << shift
    (sector,) = struct.unpack_from("<I", head, 48)
    tables = [number for number in struct.unpack_from("<109I", head, 76) if number < _NO_SECTOR]
    names: set[str] = set()
    for _ in range(_MOST_SECTORS):
        if sector >= _NO_SECTOR:
            break
        names |= _entries(_sector(file, sector, size))
        place, entry = divmod(sector, size // 4)
        if place >= len(tables):
            break
        (sector,) = struct.unpack_from("<I", _sector(file, tables[place], size), 4 * entry)
    return names


def _sector(file: BinaryIO, number: int, size: int) -> bytes:
    file.seek((number + 1) * size)
    return file.read(size)


def _entries(sector: bytes) -> set[str]:
    names = set()
    for at in range(0, len(sector) - 127, 128):
        (length,) = struct.unpack_from("<H", sector, at + 64)
        if 2 <= length <= 64:
            names.add(sector[at : at + length - 2].decode("utf-16-le", "replace"))
    return names
