"""What became of a stack that was scanned in one go, in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from zhixing_desktop.services.dossier_tray_rows import page_words

PROOF = "要用整册的扫描件核对纸质卷宗，请用“扫描核对”。"


class Fate(StrEnum):
    """What became of a part of a stack."""

    VERSION = "version"
    NEW = "new"
    TRAY = "tray"
    THERE = "there"
    SAME = "same"

    @property
    def label(self) -> str:
        """The word for it."""
        return _FATES[self]


_FATES = {
    Fate.VERSION: "更换为新版本",
    Fate.NEW: "新入卷",
    Fate.TRAY: "放入待归区",
    Fate.THERE: "以前已经收过",
    Fate.SAME: "没有更换",
}


@dataclass(frozen=True, slots=True)
class SortedPart:
    """Pages of a stack that went one way: ``pages`` from 1 on, ``words`` where and why.

    ``item_id`` and ``tray_id`` name the row that they are in now.
    """

    fate: Fate
    pages: tuple[int, ...]
    words: str
    case_id: int | None = None
    item_id: int | None = None
    tray_id: int | None = None

    @property
    def line(self) -> str:
        """One line of the summary."""
        where = page_words(self.pages) or "整个文件"
        return f"{where}　{self.fate.label}：{self.words}"


@dataclass(frozen=True, slots=True)
class Sorted:
    """A stack that was sorted: every page stands in one part, or in ``left_out``.

    ``left_out`` are separator sheets and blank pages; ``forgotten`` names separators behind which
    nothing lay.  ``stopped``: the person has stopped it, and the rest waits in the tray.
    ``unchanged`` are cases (row and 案号) of which pages came back as they had been printed: what
    whoever scanned them probably wants is the proof of the paper volume.
    """

    name: str
    pages: int
    parts: tuple[SortedPart, ...]
    left_out: tuple[tuple[str, tuple[int, ...]], ...] = ()
    forgotten: tuple[str, ...] = ()
    stopped: bool = False
    unchanged: tuple[tuple[int, str], ...] = ()

    def count(self, fate: Fate) -> int:
        """Return how many pages went this way."""
        return sum(len(part.pages) for part in self.parts if part.fate is fate)

    @property
    def sentence(self) -> str:
        """The summary in one sentence."""
        things = Counter(part.fate for part in self.parts)
        said = [
            f"{fate.label}{things[fate]}件{self.count(fate)}页"
            for fate in (Fate.VERSION, Fate.NEW)
            if things[fate]
        ]
        if things[Fate.TRAY]:
            said.append(f"放入待归区{things[Fate.TRAY]}份{self.count(Fate.TRAY)}页")
        if things[Fate.THERE]:
            said.append(f"以前已经收过{things[Fate.THERE]}份，没有重复保存")
        if things[Fate.SAME]:
            said.append(f"与卷宗一致{self.count(Fate.SAME)}页，没有更换")
        said += [f"{words}{len(pages)}页略去" for words, pages in self.left_out]
        head = "中途停止，余下的已放入待归区。" if self.stopped else ""
        words = f"{head}“{self.name}”共{self.pages}页：{'，'.join(said) or '没有可以归入的页面'}。"
        return words + (PROOF if things[Fate.SAME] else "")

    @property
    def lines(self) -> tuple[str, ...]:
        """The summary part by part, in the order of the stack."""
        told = [part.line for part in self.parts]
        told += [f"{page_words(pages)}　略去：{words}" for words, pages in self.left_out]
        told += [f"分隔页后面没有材料：{words}，请核对是否漏扫" for words in self.forgotten]
        return tuple(told)
