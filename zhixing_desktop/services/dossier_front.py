"""Cover, catalogue and closing note (封面、卷内目录、备考表) of a volume: they bear no number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhixing_desktop.documents.blocks import (
    Align,
    Cell,
    Paper,
    Paragraph,
    Row,
    Style,
    Table,
    text_of,
)
from zhixing_desktop.dossier.column_widths import Column, fitted
from zhixing_desktop.dossier.retention import Retention
from zhixing_desktop.dossier.volume import CatalogueLine, VolumePlan, number_words
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.bureau_settings import read_settings
from zhixing_desktop.services.dossier_types import MAIN, SIDE, SIDES
from zhixing_desktop.services.paper_files import draw_one
from zhixing_desktop.services.paper_types import PDF_ENDING, PaperWish
from zhixing_desktop.services.papers import blank_file
from zhixing_desktop.workflow.views import Key

COVER, INDEX, CLOSING_NOTE = "44-dossier-cover", "44-dossier-index", "44-dossier-closing-note"
_ARCHIVING = Key(44, "case")
_HEAD = ("序号", "文书编号", "名　　称", "日　期", "页　次", "备注")
_NUMBER = 175
"""Up to this width a 文书编号 stands on one line: （2024）豫0811执恢1234号之一."""
_COLUMNS = (
    Column(28, wraps=False),
    Column(52, whole=_NUMBER),
    Column(70),
    Column(40, wraps=False),
    Column(44, wraps=False),
    Column(40),
)
_ACROSS = 432
"""Tenths of a character of the small print (五号): the width of the text box of these sheets."""
_LONGEST_PAGES = 12
"""Signs of 页次 that may stand on one line; more than one piece of it may be broken."""
_CENTRED, _PAGES = (0, 3, 4), 4


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The pages before and after the content of a volume, each a PDF."""

    cover: bytes
    catalogue: bytes
    closing_note: bytes


def front_matter(
    bureau: Bureau, actor: Actor, case_id: int, case_no: str, court: str, side: str,
    volume: VolumePlan, volumes: Mapping[str, Sequence[VolumePlan]],
) -> FrontMatter:  # fmt: skip
    """Draw cover, catalogue and closing note of a volume; what is not known yet is a line.

    ``volumes`` are all of the case by their side, for what the cover says of the whole dossier.
    Cover and closing note are the court's forms (its own templates, where it has some).  Raises as
    ``papers.blank_file``.
    """
    words = _words(bureau, side, volume, volumes)
    cover = _form(bureau, actor, case_id, COVER, words)
    words["situation"] = situation(volume)
    note = _form(bureau, actor, case_id, CLOSING_NOTE, words)
    catalogue = catalogue_paper(court, case_no, words["volume"], volume)
    with bureau.database.reading() as conn:
        drawn = draw_one(conn, bureau, catalogue, PDF_ENDING)
    return FrontMatter(cover, drawn, note)


def cover_sheet(
    bureau: Bureau, actor: Actor, case_id: int, side: str, volume: VolumePlan,
    volumes: Mapping[str, Sequence[VolumePlan]],
) -> bytes:  # fmt: skip
    """Draw the cover of a volume alone; as :func:`front_matter`."""
    return _form(bureau, actor, case_id, COVER, _words(bureau, side, volume, volumes))


def _words(
    bureau: Bureau, side: str, volume: VolumePlan, volumes: Mapping[str, Sequence[VolumePlan]]
) -> dict[str, str]:
    with bureau.database.reading() as conn:
        kept = Retention(read_settings(conn).dossier.retention).label
    return {
        "volume": volume_title(side, volume.number, _count(volumes[side])),
        "main_pages": extent(volumes.get(MAIN, ())),
        "side_pages": extent(volumes.get(SIDE, ())),
        "retention": kept,
    }


def _count(volumes: Sequence[VolumePlan]) -> int:
    """Count volumes; one from which everything was taken counts no more."""
    return sum(bool(volume.pages) for volume in volumes) or 1


def _form(bureau: Bureau, actor: Actor, case_id: int, form: str, asked: dict[str, str]) -> bytes:
    wish = PaperWish(case_id, form, _ARCHIVING, asked=asked)
    return blank_file(bureau, actor, wish).data


def volume_title(side: str, number: int, count: int) -> str:
    """Return what a volume is called: 正卷第1册（共2册）."""
    return f"{SIDES[side]}第{number}册（共{count}册）"


def extent(volumes: Sequence[VolumePlan]) -> str:
    """Return how many volumes and pages a side has: 2册，186页; empty where it has none."""
    pages = sum(volume.total for volume in volumes)
    return f"{_count(volumes)}册，{pages}页" if volumes else ""


def situation(volume: VolumePlan) -> str:
    """Return what the closing note says of a volume: how many pages, which are missing."""
    words = f"本册编有页码{volume.total}页"
    if volume.on_paper_only:
        words += f"，其中{volume.on_paper_only}页仅有纸质"
    words += "。"
    if volume.missing:
        words += f"缺号：{number_words(volume.missing)}，因材料撤出或者移走。"
    return words


def catalogue_paper(court: str, case_no: str, title: str, volume: VolumePlan) -> Paper:
    """Return the catalogue of a volume (卷内目录) as a paper of blocks."""
    head = Row(tuple(Cell((text_of(word),), label=True, align=Align.CENTER) for word in _HEAD))
    lines = [_cells(line) for line in volume.lines]
    rows = [head]
    rows += [
        Row(
            tuple(
                Cell((text_of(word),), align=Align.CENTER if at in _CENTRED else Align.LEFT)
                for at, word in enumerate(words)
            )
        )
        for words in lines
    ]
    blocks = (
        Paragraph(text_of(court), Style.COURT, Align.CENTER, first=0),
        Paragraph(text_of("卷 内 目 录"), Style.TITLE, Align.CENTER, first=0),
        Paragraph(text_of(f"案号：{case_no}　{title}"), first=0, align=Align.LEFT),
        Table(_widths(lines), tuple(rows), head=1, style=Style.NOTE),
    )
    return Paper(INDEX, "卷内目录", court, blocks, dense=True, unnumbered=True)


def _cells(line: CatalogueLine) -> tuple[str, ...]:
    return (
        str(line.order),
        line.document_number,
        line.title,
        f"{line.day:%Y.%m.%d}" if line.day is not None else "",
        line.pages,
        line.remark,
    )


def _widths(lines: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Return the columns' widths by what stands in them; only very long 页次 are broken."""
    long = any(len(words[_PAGES]) > _LONGEST_PAGES for words in lines)
    columns = [Column(70) if long and at == _PAGES else c for at, c in enumerate(_COLUMNS)]
    return fitted(columns, lines, _ACROSS)
