"""Printed pages with stamps, for the tests of what reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helpers.scanner import Picture, printed
from zhixing_desktop.dossier import stamp
from zhixing_desktop.dossier.qr import matrix
from zhixing_desktop.dossier.sheet_canvas import HIGH, WIDE, SheetCanvas
from zhixing_desktop.dossier.stamp import Stamp
from zhixing_desktop.paths import resources_dir

CODE = 13.0
EDGE = 6.0
FONT = resources_dir() / "fonts" / "NotoSansSC-Regular.ttf"
STAMP = Stamp(
    case_id=1234,
    case_mark="0a1f",
    side="main",
    volume=1,
    page=12,
    insert=0,
    item_id=56789,
    version=2,
    item_page=3,
    digest="1a2b3c",
)
_TEXT = (
    "河南省焦作市山阳区人民法院执行通知书（2026）豫0811执1234号，限你于收到本通知之日起三日内履行"
)


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code with the text ``words``, its dark part's upper left corner in mm on the page."""

    words: str
    left: float
    top: float
    side: float = CODE


def at_corner(words: str, *, right: bool = True, low: bool = True, side: float = CODE) -> Code:
    """Return a code in a corner of an A4 page."""
    left = WIDE - EDGE - side if right else EDGE
    return Code(words, left, HIGH - EDGE - side if low else EDGE, side)


def stamped(one: Stamp) -> Code:
    """Return a stamp where most pages bear it."""
    return at_corner(stamp.encode(one))


def paper(codes: Sequence[Code], *, text: bool = True) -> bytes:
    """Return the PDF of an A4 page with Chinese text and codes."""
    canvas = SheetCanvas("页", FONT)
    for row in range(26 if text else 0):
        canvas.words(26.0, 40.0 + 8.0 * row, _TEXT[row % 5 :][:32], 14)
    for code in codes:
        canvas.code(code.left, code.top, matrix(code.words), code.side)
    canvas.next_sheet()
    return canvas.bytes()


def on_paper(codes: Sequence[Code], dpi: int = 200, *, text: bool = True) -> Picture:
    """Return such a page as it comes out of the printer."""
    return printed(paper(codes, text=text), 0, dpi)
