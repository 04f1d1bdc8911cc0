"""A stack of mixed pages of the sample's case, as the office's scanner gives it back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zhixing_desktop.services import showcase_pictures as drawn
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_separators import SeparatorWish, separator_file
from zhixing_desktop.services.dossier_types import MAIN

if TYPE_CHECKING:
    from zhixing_desktop.dossier.pdf_pages import Raster

_ACROSS = 1240
"""Pixels across a scanned page: A4 at 150 to the inch."""
_EVIDENCE, _RECORDS = 10, 11
_Leaf = tuple[str, tuple[str, ...]]
_UNKNOWN: tuple[_Leaf, ...] = (("汇款凭证", ("付款人：某某公司", "附言：没有写明案号")),)
_BEHIND: tuple[tuple[int, tuple[_Leaf, ...]], ...] = (
    (_RECORDS, (("谈话笔录", ("问：是否收到执行通知书？", "答：收到。")),
                ("谈话笔录（续）", ("以上笔录看过，和说的一样。",)))),
    (_EVIDENCE, (("租赁合同", ("出租人、承租人、租金：略。",)),)),
)  # fmt: skip


def mixed_stack(bureau: Bureau, officer: Actor, case_id: int) -> bytes:
    """Return a scan (PDF): a page of nobody, then two separators with what belongs behind each.

    Raises as ``dossier_separators.separator_file``, which is asked for the separators.
    """
    wishes = [SeparatorWish(side=MAIN, place=place) for place, _ in _BEHIND]
    sheets = separator_file(bureau, officer, case_id, wishes).data
    return drawn.scanned(_pages(sheets))


def _pages(sheets: bytes) -> Iterator[Raster]:
    from zhixing_desktop.dossier.pdf_pages import page_raster
    from zhixing_desktop.dossier.picture_raster import picture_raster

    def page(title: str, lines: tuple[str, ...]) -> Raster:
        return picture_raster(drawn.sheet(title, lines, "", ""), 0, _ACROSS)

    for title, lines in _UNKNOWN:
        yield page(title, lines)
    for number, (_, behind) in enumerate(_BEHIND):
        yield page_raster(sheets, number, _ACROSS)
        for title, lines in behind:
            yield page(title, lines)
