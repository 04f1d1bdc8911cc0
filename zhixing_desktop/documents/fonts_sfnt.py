"""What a font file says about itself: families, outlines, whether it may be embedded.

Reads the directory and a few small tables of a TrueType or OpenType file (or a collection, .ttc),
not its glyphs.  Format: ISO/IEC 14496-22.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_COLLECTION = b"ttcf"
_SFNT = (b"\x00\x01\x00\x00", b"true", b"OTTO")
_NEEDED = ("glyf", "loca", "cmap", "head", "hhea", "hmtx", "maxp", "name", "post")
_FAMILY_NAMES = (1, 4, 6, 16)
_MOST_FONTS = 64
_MOST_TABLES = 256
_LARGEST_NAMES = 1 << 20


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font: a file and its place in a collection, the names it goes by."""

    path: Path
    index: int
    names: tuple[str, ...]

    @property
    def label(self) -> str:
        """The name to show, a Chinese one before others."""
        chinese = [name for name in self.names if not name.isascii()]
        return (chinese or list(self.names) or [self.path.stem])[0]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A font that cannot be used, and why, in Chinese."""

    path: Path
    index: int
    reason: str


def fonts_in(path: Path) -> list[FontFile | Skipped]:
    """Return the fonts of a file, each that cannot be used with the reason; raises nothing."""
    try:
        with path.open("rb") as file:
            return [_font(file, path, index, at) for index, at in enumerate(_starts(file))]
    except OSError:
        return [Skipped(path, 0, "字体文件打不开")]
    except (struct.error, ValueError, UnicodeDecodeError):
        return [Skipped(path, 0, "字体文件已损坏或者不是字体")]


def _starts(file: BinaryIO) -> list[int]:
    """Return where the fonts of a file begin."""
    tag = file.read(4)
    if tag in _SFNT:
        return [0]
    if tag != _COLLECTION:
        raise ValueError(tag)
    _, count = struct.unpack(">LL", file.read(8))
    count = min(count, _MOST_FONTS)
    return list(struct.unpack(f">{count}L", file.read(4 * count)))


def _font(file: BinaryIO, path: Path, index: int, at: int) -> FontFile | Skipped:
    tables = _directory(file, at)
    if "glyf" not in tables and ("CFF " in tables or "CFF2" in tables):
        return Skipped(path, index, "轮廓是 PostScript（CFF）的，嵌不进 PDF")
    if "fvar" in tables:
        return Skipped(path, index, "是可变字体，嵌不进 PDF")
    if any(table not in tables for table in _NEEDED):
        return Skipped(path, index, "不是 TrueType 轮廓的字体，嵌不进 PDF")
    if "OS/2" in tables and not _embeddable(file, tables["OS/2"][0]):
        return Skipped(path, index, "字体的许可不允许嵌入文件")
    return FontFile(path, index, _names(file, *tables["name"]))


def _directory(file: BinaryIO, at: int) -> dict[str, tuple[int, int]]:
    """Return the tables of a font: where each begins and how long it is."""
    file.seek(at)
    _, count = struct.unpack(">4sH", file.read(6))
    if count > _MOST_TABLES:
        raise ValueError(count)
    file.seek(at + 12)
    found = {}
    for tag, _, offset, length in struct.iter_unpack(">4sLLL", file.read(16 * count)):
        found[tag.decode("latin-1")] = (offset, length)
    return found


def _embeddable(file: BinaryIO, at: int) -> bool:
    """Say whether a font allows a subset of it to be embedded (OS/2 fsType)."""
    file.seek(at + 8)
    (kind,) = struct.unpack(">H", file.read(2))
    return kind & 0x000F != 0x0002 and not kind & 0x0300


def _names(file: BinaryIO, at: int, length: int) -> tuple[str, ...]:
    """Return the family, full and PostScript names in all languages, each once."""
    file.seek(at)
    table = file.read(min(length, _LARGEST_NAMES))
    _, count, strings = struct.unpack_from(">HHH", table)
    found: dict[str, None] = {}
    for i in range(count):
        platform, encoding, _, kind, size, offset = struct.unpack_from(">HHHHHH", table, 6 + 12 * i)
        if kind not in _FAMILY_NAMES:
            continue
        raw = table[strings + offset : strings + offset + size]
        name = _decoded(raw, platform, encoding)
        if name:
            found[name] = None
    return tuple(found)


def _decoded(raw: bytes, platform: int, encoding: int) -> str:
    """Return a name's words; empty where they cannot be read."""
    if platform in {0, 3}:
        # Old Chinese fonts keep GBK under Windows' encoding 3.
        codec = "gbk" if platform == 3 and encoding == 3 else "utf-16-be"
    elif platform == 1:
        codec = {0: "mac-roman", 25: "gbk", 2: "big5"}.get(encoding, "")
    else:
        codec = ""
    if not codec:
        return ""
    return raw.decode(codec, errors="ignore").replace("\0", "").strip()
