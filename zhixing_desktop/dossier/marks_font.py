"""The font of page numbers and stamps: the few letters that are used, embedded, copied as text."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from zhixing_desktop.dossier.page_marks import Letters
from zhixing_desktop.dossier.pdf_sink import PdfSink
from zhixing_desktop.paths import resources_dir
from zhixing_desktop.workflow.errors import InputRefusedError, Problem, StoreError

_ALWAYS = "0123456789-ABCDEFv· 正副"


def default_font() -> Path:
    """Return the font file that comes with the program."""
    return resources_dir() / "fonts" / "NotoSansSC-Regular.ttf"


@dataclass(frozen=True, slots=True)
class MarksFont:
    """Some letters of a font: how to set them, and what is embedded.

    ``name`` is the font's own; ``program`` a TrueType file with glyph ``n`` for the letter ``n`` of
    ``order``, after glyph 0 for what is missing; ``box``, ``ascent``, ``descent``, ``capital``,
    ``stem`` are in thousandths of an em.
    """

    name: str
    letters: Letters
    order: str
    program: bytes
    box: tuple[int, ...]
    ascent: int
    descent: int
    capital: int
    stem: int

    def write(self, sink: PdfSink, number: int) -> None:
        """Write the font under a number that was reserved (ISO 32000-1, 9.7: CIDFontType2)."""
        # Six letters before the name say that it is a subset.
        name = f"AAAAAA+{self.name}".encode("ascii")
        program = _packed(sink, self.program, b"/Length1 %d" % len(self.program))
        unicode = _packed(sink, _unicode_map(self.order), b"")
        descriptor = sink.add(
            b"<< /Type /FontDescriptor /FontName /%b /Flags 4 /FontBBox [ %b ] /ItalicAngle 0 "
            b"/Ascent %d /Descent %d /CapHeight %d /StemV %d /FontFile2 %d 0 R >>"
            % (
                name,
                b" ".join(b"%d" % side for side in self.box),
                self.ascent,
                self.descent,
                self.capital,
                self.stem,
                program,
            )
        )
        widths = b" ".join(b"%d" % round(1000 * self.letters.widths[one]) for one in self.order)
        descendant = sink.add(
            b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /%b /CIDToGIDMap /Identity "
            b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
            b"/DW 1000 /W [ 1 [ %b ] ] /FontDescriptor %d 0 R >>" % (name, widths, descriptor)
        )
        sink.put(
            number,
            b"<< /Type /Font /Subtype /Type0 /BaseFont /%b /Encoding /Identity-H "
            b"/DescendantFonts [ %d 0 R ] /ToUnicode %d 0 R >>" % (name, descendant, unicode),
        )


def marks_font(words: Iterable[str], path: Path) -> MarksFont:
    """Return the letters of some words from a TrueType file.

    Raises :class:`StoreError` where the file cannot be used, :class:`InputRefusedError` naming
    every letter that it has not.
    """
    return _made("".join(sorted(set(_ALWAYS).union(*words))), path)


# To read the font takes as long as fifty pages, and all volumes of a bureau use the same letters.
@lru_cache(maxsize=4)
def _made(wanted: str, path: Path) -> MarksFont:
    face = _opened(path)
    missing = [letter for letter in wanted if ord(letter) not in face.charToGlyph]
    if missing:
        raise InputRefusedError(
            f"页码或者页标中有字体“{path.name}”没有的字：{'、'.join(missing)}，不能印出。"
            "请改用常用字后再试一次。",
            [Problem(letter, f"字体中没有“{letter}”。") for letter in missing],
        )
    # Letters may share a glyph; it is embedded once, in the place of the first of them.
    glyphs = {face.charToGlyph[ord(letter)]: letter for letter in reversed(wanted)}
    order = "".join(letter for letter in wanted if letter in glyphs.values())
    numbers = {face.charToGlyph[ord(one)]: number for number, one in enumerate(order, start=1)}
    return MarksFont(
        name=face.name.decode("ascii"),
        letters=Letters(
            codes={one: f"{numbers[face.charToGlyph[ord(one)]]:04X}" for one in wanted},
            widths={one: face.charWidths[ord(one)] / 1000 for one in wanted},
            high=face.capHeight / 1000,
            low=-face.descent / 1000,
        ),
        order=order,
        program=bytes(face.makeSubset(list(map(ord, order)))),
        box=tuple(round(side) for side in face.bbox),
        ascent=round(face.ascent),
        descent=round(face.descent),
        capital=round(face.capHeight),
        stem=round(face.stemV),
    )


def _opened(path: Path) -> Any:
    """Return reportlab's reader of a font file: it carries no types."""
    from reportlab.pdfbase.ttfonts import TTFError, TTFontFile

    try:
        return TTFontFile(str(path))
    except (TTFError, OSError) as error:
        raise StoreError(
            f"字体文件不能使用（{path}），不能印页码和页标。请把程序文件夹完整地重新复制一份。",
            data={"kind": "font", "place": str(path)},
        ) from error


def _packed(sink: PdfSink, data: bytes, entries: bytes) -> int:
    return sink.add_stream(b"/Filter /FlateDecode " + entries, zlib.compress(data, 9))


def _unicode_map(order: str) -> bytes:
    """Return which letter each glyph stands for (ISO 32000-1, 9.10.3), 100 to a block."""
    pairs = [
        f"<{number:04X}> <{letter.encode('utf-16-be').hex().upper()}>"
        for number, letter in enumerate(order, start=1)
    ]
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
    ]
    for at in range(0, len(pairs), 100):
        part = pairs[at : at + 100]
        lines += [f"{len(part)} beginbfchar", *part, "endbfchar"]
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(lines).encode("ascii")
