"""A4 sheets with Chinese words and QR codes, drawn with reportlab.

Lengths are millimetres from the upper left corner of the sheet, sizes of letters are points.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from zhixing_desktop.dossier.qr import QUIET, Matrix
from zhixing_desktop.workflow.errors import StoreError

WIDE = 210.0
HIGH = 297.0
MM = 72 / 25.4
MISSING = "〓"
"""What Chinese printers set for a character that the font has not: seen, not swallowed."""
_ELLIPSIS = "…"
_NEVER_FIRST = "、，。；：？！）〕》」』”’…·%％"


class SheetCanvas:
    """Sheets in the making; the same calls make the same bytes."""

    def __init__(self, title: str, font: Path) -> None:
        """Begin the first sheet; :class:`StoreError` where the font file cannot be used."""
        from reportlab.pdfgen.canvas import Canvas

        self._file = io.BytesIO()
        self._font = _opened(font)
        self._canvas = Canvas(
            self._file,
            pagesize=(WIDE * MM, HIGH * MM),
            pageCompression=1,
            invariant=1,
            lang="zh-CN",
        )
        self._canvas.setTitle(title)
        self._canvas.setCreator("知行")

    def next_sheet(self) -> None:
        """Finish a sheet."""
        self._canvas.showPage()

    def bytes(self) -> bytes:
        """Return the PDF of all finished sheets."""
        self._canvas.save()
        return self._file.getvalue()

    def width(self, words: str, size: float) -> float:
        """Return how wide words are, in millimetres."""
        return float(self._font.stringWidth(self._known(words), size)) / MM

    def words(
        self, left: float, base: float, words: str, size: float, *, middle: bool = False
    ) -> None:
        """Set words on the line ``base`` from ``left`` on, or with ``left`` as their middle."""
        if middle:
            left -= self.width(words, size) / 2
        document: Any = self._canvas._doc  # noqa: SLF001 - TTFont asks for it; no public way
        code = [f"BT 0 g 1 0 0 1 {left * MM:.2f} {(HIGH - base) * MM:.2f} Tm"]
        for subset, letters in self._font.splitString(self._known(words), document):
            name = self._font.getSubsetInternalName(subset, document)
            code.append(f"{name} {size:g} Tf <{letters.hex()}> Tj")
        self._canvas._code.append(" ".join([*code, "ET"]))  # noqa: SLF001 - as above

    def lines(
        self, left: float, base: float, words: str, size: float, *, wide: float, most: int = 2
    ) -> float:
        """Set words in at most ``most`` lines of ``wide``; return the base of the last one.

        What does not fit ends in an ellipsis.
        """
        rows = self._broken(words, size, wide)
        if len(rows) > most:
            rows = [*rows[: most - 1], self._cut("".join(rows[most - 1 :]), size, wide)]
        for number, row in enumerate(rows):
            self.words(left, base + number * size * 1.35 / MM, row, size)
        return base + (len(rows) - 1) * size * 1.35 / MM

    def fitted(self, left: float, base: float, words: str, size: float, *, wide: float) -> None:
        """Set words on one line, smaller where they are too long for ``wide``."""
        self.words(left, base, words, size * min(1.0, wide / max(self.width(words, size), 0.01)))

    def code(self, left: float, top: float, matrix: Matrix, side: float) -> None:
        """Draw a QR code; ``side`` is that of its dark part; white is left around it."""
        step = side / len(matrix)
        quiet = QUIET * step
        canvas = self._canvas
        canvas.setFillGray(1)
        self._box(left - quiet, top - quiet, side + 2 * quiet, side + 2 * quiet)
        canvas.setFillGray(0)
        path = canvas.beginPath()
        for down, row in enumerate(matrix):
            for start, end in _runs(row):
                path.rect(
                    (left + start * step) * MM,
                    (HIGH - top - (down + 1) * step) * MM,
                    (end - start) * step * MM,
                    step * MM,
                )
        canvas.drawPath(path, stroke=0, fill=1)

    def bar(self, left: float, top: float, wide: float, high: float, gray: float = 0.0) -> None:
        """Fill a box."""
        self._canvas.setFillGray(gray)
        self._box(left, top, wide, high)
        self._canvas.setFillGray(0)

    def line(self, left: float, top: float, right: float, low: float, width: float = 0.2) -> None:
        """Draw a line ``width`` mm thick."""
        self._canvas.setLineWidth(width * MM)
        self._canvas.line(left * MM, (HIGH - top) * MM, right * MM, (HIGH - low) * MM)

    def _box(self, left: float, top: float, wide: float, high: float) -> None:
        self._canvas.rect(
            left * MM, (HIGH - top - high) * MM, wide * MM, high * MM, stroke=0, fill=1
        )

    def _known(self, words: str) -> str:
        glyphs = self._font.face.charToGlyph
        return "".join(letter if ord(letter) in glyphs else MISSING for letter in words)

    def _broken(self, words: str, size: float, wide: float) -> list[str]:
        rows = [""]
        for letter in words:
            if rows[-1] and self.width(rows[-1] + letter, size) > wide:
                # A mark that may not begin a line takes the character before it along.
                last = rows[-1][-1] if letter in _NEVER_FIRST and len(rows[-1]) > 1 else ""
                rows[-1] = rows[-1].removesuffix(last)
                rows.append(last)
            rows[-1] += letter
        return rows

    def _cut(self, words: str, size: float, wide: float) -> str:
        while words and self.width(words + _ELLIPSIS, size) > wide:
            words = words[:-1]
        return words + _ELLIPSIS


def _opened(font: Path) -> Any:
    from reportlab.pdfbase.ttfonts import TTFError, TTFont

    try:
        return TTFont(font.stem, str(font), asciiReadable=0)
    except (TTFError, OSError) as error:
        raise StoreError(
            f"字体文件 {font.name} 不能使用，分隔页和页标没有生成。请修复安装后再打印。",
            data={"kind": "font"},
        ) from error


def _runs(row: tuple[bool, ...]) -> list[tuple[int, int]]:
    """Return where dark runs of a row begin and end."""
    runs = []
    start = None
    for place, dark in enumerate((*row, False)):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            runs.append((start, place))
            start = None
    return runs
