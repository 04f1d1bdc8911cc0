"""Both sides or one: does the printer print a volume as it was laid out?  Asked before the paper.

Numbers, stamps and blank backs of a volume stand where they belong on one kind of print only; on
the other every second page carries its number on the wrong edge, and the sheets are spoilt.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

Modes = Sequence[QPrinter.DuplexMode]
AbleOf = Callable[[QPrinter], Modes | None]
_NONE = QPrinter.DuplexMode.DuplexNone
_SHORT = QPrinter.DuplexMode.DuplexShortSide
LONG = QPrinter.DuplexMode.DuplexLongSide


class Way(StrEnum):
    """What somebody may do about it."""

    OTHER_PRINTER = "other_printer"
    SET_DUPLEX = "set_duplex"
    SET_SINGLE = "set_single"
    PLAN_DUPLEX = "plan_duplex"
    PLAN_SINGLE = "plan_single"
    ANYWAY = "anyway"

    @property
    def label(self) -> str:
        """The words on its button."""
        return _LABELS[self.value]


_LABELS = {
    "other_printer": "换打印机…",
    "set_duplex": "按双面（长边翻页）打印",
    "set_single": "按单面打印",
    "plan_duplex": "改为双面编排",
    "plan_single": "改为单面编排",
    "anyway": "仍然这样打印",
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why the print would come out wrong, what follows, and what can be done, the best first."""

    question: str
    below: str
    ways: tuple[Way, ...]


def doubt(
    duplex: bool, asked: QPrinter.DuplexMode, able: Modes | None, printer: str, sheets: int
) -> Doubt | None:
    """Return what is wrong with a print, ``None`` where nothing is.

    ``duplex``: the volume is laid out for both sides, on so many ``sheets``; ``asked`` is what the
    print dialog was set to; ``able`` what the printer can do, ``None`` where that is not known.
    """
    if not duplex:
        if asked is _NONE:
            return None
        return Doubt(
            "这一册按单面编排，打印设置选的是双面。",
            "页码都在右上角，双面打印以后背面的页码不在左上角，卷内文件还会和前一件印在同一张纸上。",
            (Way.SET_SINGLE, Way.PLAN_DUPLEX, Way.ANYWAY),
        )
    named = f"“{printer}”" if printer else ""
    if able is not None and all(mode is _NONE for mode in able):
        return Doubt(
            f"这一册按双面编排（{sheets}张），所选打印机{named}不能双面打印。",
            "按单面送出，背面各占一张，空白的背面也印成空白纸，不能装订成册。",
            (Way.OTHER_PRINTER, Way.PLAN_SINGLE, Way.ANYWAY),
        )
    if asked is _NONE:
        return Doubt(
            f"这一册按双面编排（{sheets}张），打印设置选的是单面。",
            "按单面送出，背面各占一张，空白的背面也印成空白纸，不能装订成册。",
            (Way.SET_DUPLEX, Way.PLAN_SINGLE, Way.ANYWAY),
        )
    if asked is _SHORT:
        return Doubt(
            "这一册按双面编排，打印设置选的是短边翻页。",
            "左侧装订的卷宗应当长边翻页，短边翻页的背面上下颠倒。",
            (Way.SET_DUPLEX, Way.ANYWAY),
        )
    return None


def able_of(printer: QPrinter) -> Modes | None:
    """Return how a printer can print, ``None`` where nobody knows (a file, a printer that is gone).

    Asks the operating system, which may take a moment.
    """
    if printer.outputFormat() is not QPrinter.OutputFormat.NativeFormat:
        return None
    info = QPrinterInfo(printer)
    modes = info.supportedDuplexModes() if not info.isNull() else []
    return modes or None


def on_paper(printer: QPrinter) -> bool:
    """Tell whether a print comes out on paper: a file has no sides."""
    return printer.outputFormat() is QPrinter.OutputFormat.NativeFormat
