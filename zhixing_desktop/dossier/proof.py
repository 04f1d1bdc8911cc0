"""The proof of a bound paper volume against the electronic dossier: what goes in and comes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from zhixing_desktop.dossier.corners import Corner
from zhixing_desktop.dossier.page_compare import Comparison
from zhixing_desktop.dossier.page_marks import NumberSide
from zhixing_desktop.dossier.page_regions import Region
from zhixing_desktop.dossier.stamp import Stamp
from zhixing_desktop.dossier.stamp_reading import FoundStamp

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_NOTHING: Mapping[str, Any] = MappingProxyType({})

Picture = Callable[[], "NDArray[np.uint8]"]
"""A page as rows × columns of grey, drawn or decoded when it is asked for.

It may be asked from several threads, and more than once; ``StoreError`` where it cannot be read.
"""


@dataclass(frozen=True, slots=True)
class ExpectedPage:
    """A side of the printed volume, as the electronic dossier has it.

    ``key`` names it for the caller.  ``stamp`` is what its stamp says, None for cover, catalogue,
    备考表 and blank backs.  ``picture`` draws it as it is seen at ``WORKING_DPI``, with or without
    number and stamp.  ``label`` are the words for a page without a number (封面).  ``sheet`` is the
    number of the sheet of paper that it is a side of, where the volume is printed on both sides.
    ``corner`` and ``number_side`` say where the program prints stamp and number; None: somewhere.
    ``own_paper``: bound as it came, its number written by hand, a stamp stuck on at most.
    ``filled_in``: people sign and write on it, so what is on the paper only is no finding.
    """

    key: str
    stamp: Stamp | None
    picture: Picture
    label: str = ""
    sheet: int | None = None
    corner: Corner | None = None
    number_side: NumberSide | None = None
    own_paper: bool = False
    filled_in: bool = False

    def words(self) -> str:
        """Return what people call the page: 第12页, 第12-1页, 封面."""
        if self.stamp is None:
            return self.label or "没有页码的一页"
        return page_words(self.stamp)


def page_words(stamp: Stamp) -> str:
    """Return the page as its printed number names it: 第12页, 第12-1页."""
    return f"第{stamp.page}-{stamp.insert}页" if stamp.insert else f"第{stamp.page}页"


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A page of the scan.

    ``place`` counts from 1.  ``stamps`` are None where they have not been read: the proof does it.
    ``name`` is the file it came from where each page is a file of its own.
    """

    place: int
    picture: Picture
    stamps: tuple[FoundStamp, ...] | None = None
    name: str = ""


class FindingKind(StrEnum):
    """What is wrong with a bound volume."""

    MISSING = "missing"
    DOUBLE = "double"
    MOVED = "moved"
    SHEET_REVERSED = "sheet_reversed"
    UPSIDE_DOWN = "upside_down"
    SIDEWAYS = "sideways"
    OTHER_CASE = "other_case"
    OTHER_VOLUME = "other_volume"
    OLD_VERSION = "old_version"
    RENUMBERED = "renumbered"
    CHANGED = "changed"
    STAMP_COVERED = "stamp_covered"
    STAINED = "stained"
    CUT_OFF = "cut_off"
    UNREADABLE = "unreadable"
    UNCLEAR = "unclear"
    FED_TOGETHER = "fed_together"
    EXTRA = "extra"

    @property
    def label(self) -> str:
        """The Chinese word."""
        return _LABELS[self.value]


_LABELS = {
    "missing": "缺页",
    "double": "重页",
    "moved": "换位",
    "sheet_reversed": "正反面装反",
    "upside_down": "倒置",
    "sideways": "转向",
    "other_case": "他案页",
    "other_volume": "他册页",
    "old_version": "旧版本页",
    "renumbered": "页码不符",
    "changed": "内容不符",
    "stamp_covered": "页标遮挡",
    "stained": "污损",
    "cut_off": "未扫全",
    "unreadable": "无法辨认",
    "unclear": "看不清",
    "fed_together": "两张同走",
    "extra": "多出页",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: what, with which pages, in words that say what to do.

    ``expected`` are keys of pages of the electronic dossier, ``scanned`` places in the scan.
    ``regions`` are the parts of the electronic page that differ or cannot be judged.
    """

    kind: FindingKind
    sentence: str
    expected: tuple[str, ...] = ()
    scanned: tuple[int, ...] = ()
    regions: tuple[Region, ...] = ()
    data: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True)
class PageProof:
    """A page of the electronic dossier and the scanned page that was held against it.

    ``by_stamp`` is False where the page was recognised by its picture.
    """

    key: str
    place: int
    comparison: Comparison
    by_stamp: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """What came out.  ``expected`` and ``scanned`` are how many pages were held together."""

    findings: tuple[Finding, ...]
    matched: tuple[PageProof, ...]
    expected: int
    scanned: int

    @property
    def equal(self) -> bool:
        """Whether paper and electronic dossier are the same, page by page."""
        return not self.findings
