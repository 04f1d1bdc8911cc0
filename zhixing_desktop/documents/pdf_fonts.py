"""Fonts in a PDF: reportlab's TrueType font, with text that copies back exactly.

reportlab 5.1 writes the Unicode value of a character beyond the BMP as five digits, which readers
take for another character (𬭚 comes back as ⲵ).  Only fonts loaded here are mended; reportlab
itself stays as it is for everybody else.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reportlab.pdfbase.ttfonts import TTFError, TTFont


class CopyingFont(TTFont):  # type: ignore[misc]  # reportlab carries no types
    """A TrueType font whose text is copied as it was written."""

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - the parent's name
        """Write the font's subsets, each with a map of codes that all readers understand."""
        subsets = [list(subset) for subset in self.state[doc].subsets]
        super().addObjects(doc)
        for number, subset in enumerate(subsets):
            name = _subset_name(self, number)
            doc.idToObject[f"toUnicodeCMap:{name}"].content = unicode_map(name, subset)


def _subset_name(font: TTFont, number: int) -> str:
    """Return the name that reportlab gives to a subset: six letters, then the font's own."""
    letters = f"{number:06d}".translate(str.maketrans("0123456789", "ABCDEFGIJK"))
    own = (font.face.name + font.face.subfontNameX).decode("pdfdoc")
    return f"{letters}+{own}"


def unicode_map(name: str, subset: Sequence[int]) -> str:
    """Return the ToUnicode map of a subset (ISO 32000-1, 9.10.3): UTF-16BE, 100 to a block."""
    pairs = [
        f"<{code:02X}> <{chr(value).encode('utf-16-be').hex().upper()}>"
        for code, value in enumerate(subset)
        if value
    ]
    blocks = []
    for at in range(0, len(pairs), 100):
        part = pairs[at : at + 100]
        blocks += [f"{len(part)} beginbfchar", *part, "endbfchar"]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def",
            f"/CMapName /{name} def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            "<00> <FF>",
            "endcodespacerange",
            *blocks,
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        ]
    )


def load_typeface(path: Path, index: int) -> CopyingFont:
    """Return the font ``index`` of a file.

    Raises ``OSError`` when the file cannot be opened, ``ValueError`` when it is damaged.
    """
    try:
        return CopyingFont(
            f"{path.name}-{index}",
            str(path),
            subfontIndex=index,
            asciiReadable=0,  # else all of ASCII is embedded, used or not
            shapable=False,
        )
    except TTFError as error:
        if not path.is_file():
            raise OSError(str(error)) from error
        raise ValueError(str(error)) from error
    except (LookupError, TypeError, ArithmeticError, AttributeError) as error:
        # The parser runs into torn tables without looking.
        raise ValueError(str(error)) from error
