"""The certificate of a proof (核对证明): who held which scan against what, and what was found."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from zhixing_desktop.documents.blocks import (
    Align,
    Block,
    Cell,
    Face,
    Paper,
    Paragraph,
    Row,
    Run,
    Signature,
    Signer,
    Style,
    Table,
    text_of,
)
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.bureau_settings import read_settings
from zhixing_desktop.services.dossier_proof_types import ProofResult
from zhixing_desktop.services.paper_files import draw_one
from zhixing_desktop.services.paper_types import PDF_ENDING
from zhixing_desktop.workflow.day_words import date_words, time_words

_HEAD = ("序号", "问题", "说　　明")
_WIDTHS = (3, 5, 30)
_SIGNATURE = "　" * 6
"""The line on which the person signs."""


def certificate(
    conn: Connection, bureau: Bureau, actor: Actor, result: ProofResult, moment: datetime
) -> bytes:
    """Return the certificate as a PDF; raises ``StoreError`` where no font can be used."""
    court = read_settings(conn).court.name
    return draw_one(conn, bureau, certificate_paper(court, actor.name, result, moment), PDF_ENDING)


def certificate_paper(court: str, who: str, result: ProofResult, moment: datetime) -> Paper:
    """Return the certificate as a paper of blocks."""
    blocks: list[Block] = [
        Paragraph(text_of(court), Style.COURT, Align.CENTER, first=0),
        Paragraph(text_of("卷宗核对证明"), Style.TITLE, Align.CENTER, first=0),
        _facts(result, who, moment),
        Paragraph((Run(_outcome(result), Face.HEI),)),
    ]
    if result.findings:
        blocks.append(_findings(result))
    blocks.append(Paragraph(text_of(_HOW)))
    signed = (*text_of(f"{who}　"), Run(_SIGNATURE, underline=True))
    blocks.append(Signature((Signer("核对人", signed),), text_of(date_words(moment.date()))))
    return Paper(
        "dossier-proof", "卷宗核对证明", court, tuple(blocks), day=moment.date(), dense=True
    )


_HOW = (
    "说明：逐页识读页标，没有页标的按画面辨认；每一页的画面和电子卷宗的对应页逐处比对，手写的页码、"
    "页标、装订孔和纸边不计，封面、备考表上手写的内容不计；仅有纸质的页只清点页数，不比对内容。"
    "扫描件以上列校验值（SHA-256）保存，可以据此复核。"
)


def _facts(result: ProofResult, who: str, moment: datetime) -> Table:
    digest = result.scan.digest
    rows = (
        ("案　　号", result.case_no),
        ("卷　　册", result.title),
        ("核 对 人", who),
        ("核对时间", f"{date_words(moment.date())}{time_words(moment)}"),
        ("扫 描 件", f"{result.scan.name}，共{result.scanned}页"),
        ("校 验 值", f"{digest[:32]} {digest[32:]}"),
        ("应有页面", _pages(result)),
    )
    return Table(
        (5, 33),
        tuple(
            Row((Cell((text_of(name),), label=True, align=Align.CENTER), Cell((text_of(words),))))
            for name, words in rows
        ),
    )


def _pages(result: ProofResult) -> str:
    words = f"编有页码{len(result.layout)}页，连同封面、目录、备考表和空白背面共{result.expected}面"
    words += f"；比对{result.matched}页"
    return f"{words}，清点仅有纸质的{result.counted}页" if result.counted else words


def _outcome(result: ProofResult) -> str:
    if result.same:
        return "核对结果：纸质卷宗和电子卷宗逐页一致，没有发现缺页、重页、换位和内容不符。"
    return f"核对结果：发现{len(result.findings)}处不一致，列明如下。"


def _findings(result: ProofResult) -> Table:
    head = Row(tuple(Cell((text_of(word),), label=True, align=Align.CENTER) for word in _HEAD))
    rows = [head]
    for number, finding in enumerate(result.findings, start=1):
        rows.append(
            Row(
                (
                    Cell((text_of(str(number)),), align=Align.CENTER),
                    Cell((text_of(finding.label),), align=Align.CENTER),
                    Cell((text_of(finding.sentence),)),
                )
            )
        )
    return Table(_WIDTHS, tuple(rows), head=1)
