"""Papers made by hand for the renderers: between them every kind of block."""

from __future__ import annotations

from datetime import date

from helpers.paper_parts import COURT, NUMBER, head, panel
from zhixing_desktop.documents.blocks import (
    Align,
    Cell,
    Gap,
    PageBreak,
    Paper,
    Paragraph,
    Row,
    Ruled,
    Run,
    Signature,
    Signer,
    Space,
    Style,
    Table,
    Tear,
    text_of,
)

SENTENCE = (
    "本院于2024年3月1日立案执行申请执行人张喆与被执行人某某建设工程有限公司（以下简称“某某公司”）"
    "买卖合同纠纷一案，执行标的为107,000.53元；经网络查询，被执行人名下有银行存款、机动车、不动产等"
    "财产线索——其中豫A·12345号小型轿车已被另案查封……本院依法轮候查封。"
)


def ruling(paragraphs: int = 6, *, draft: bool = False) -> Paper:
    """Return a ruling of some paragraphs."""
    return Paper(
        form="ruling",
        title="执行裁定书",
        court=COURT,
        number=NUMBER,
        day=date(2024, 3, 1),
        author="王镕",
        keywords=("执行", "终本"),
        draft=draft,
        blocks=(
            *head(),
            Space(),
            Paragraph(
                text_of("申请执行人：张喆，女，汉族，1980年5月6日出生，住示例市示例区示例路1号。")
            ),
            Paragraph(
                (
                    Run("被执行人：某某建设工程有限公司，统一社会信用代码"),
                    Run("　　　　", gap="统一社会信用代码"),
                    Run("，住所地"),
                    Run("【住所地】", gap="住所地"),
                    Run("。"),
                )
            ),
            *(Paragraph(text_of(SENTENCE)) for _ in range(paragraphs)),
            Paragraph(text_of("裁定如下："), Style.HEADING),
            Paragraph(text_of("终结（2024）豫0192执1234号案件的本次执行程序。")),
            Paragraph(text_of("本裁定送达后立即生效。", bold=True)),
            panel(),
        ),
        gaps=(Gap("统一社会信用代码", "party"), Gap("住所地", "party")),
    )


def lengths(lines: int) -> Paper:
    """Return a ruling with so many lines of text."""
    body = "字" * 26 + "行" * 28 * (lines - 1) if lines else ""
    return Paper(
        form="lengths",
        title="执行裁定书",
        court=COURT,
        blocks=(
            *head(),
            *((Paragraph(text_of(body)),) if body else ()),
            panel(),
        ),
    )


def list_of_assets(rows: int = 12, *, dense: bool = True) -> Paper:
    """Return a list with a head of two rows, spans both ways and as many rows as wanted."""
    head = (
        Row(
            (
                Cell((text_of("序号"),), rows=2, label=True, align=Align.CENTER),
                Cell((text_of("财产"),), columns=2, label=True, align=Align.CENTER),
                Cell((text_of("备注"),), rows=2, label=True, align=Align.CENTER),
            )
        ),
        Row(
            (
                Cell((text_of("名称"),), label=True, align=Align.CENTER),
                Cell((text_of("价值（元）"),), label=True, align=Align.CENTER),
            )
        ),
    )
    body = tuple(
        Row(
            (
                Cell((text_of(str(n)),), align=Align.CENTER),
                Cell(
                    (
                        text_of(
                            f"第{n}项财产，位于示例市示例区示例路{n}号，权属登记在被执行人名下"
                        ),
                        text_of("豫（2019）示例市不动产权第0012345号"),
                    )[: 1 + n % 2]
                ),
                Cell((text_of(f"{n * 1000}.05"),), align=Align.RIGHT),
                Cell((), lines=1 + n % 3),
            )
        )
        for n in range(1, rows + 1)
    )
    return Paper(
        form="assets",
        title="查封（扣押）财产清单",
        court=COURT,
        dense=dense,
        blocks=(
            Paragraph(text_of(COURT), Style.COURT, Align.CENTER, first=0),
            Paragraph(text_of("查封（扣押）财产清单"), Style.TITLE, Align.CENTER, first=0),
            Paragraph(text_of(NUMBER), Style.NUMBER, Align.RIGHT, first=0),
            Table((1, 5, 2, 2), (*head, *body), head=2),
            Paragraph(text_of("注：本清单一式两份。"), Style.NOTE, first=0),
            Signature(
                (Signer("执行员", text_of("王镕")),),
                text_of("二〇二四年三月一日"),
                "",
                (Signer("在场人", (Run("　　　", gap="在场人"),)),),
            ),
        ),
    )


def notice_with_slip() -> Paper:
    """Return a notice with a slip to tear off, signed by the court."""
    return Paper(
        form="notice",
        title="协助执行通知书",
        court=COURT,
        number=NUMBER,
        blocks=(
            *head("协助执行通知书"),
            Paragraph(text_of("示例银行股份有限公司示例支行："), first=0),
            Paragraph(text_of(SENTENCE)),
            Paragraph(text_of("附：执行裁定书一份"), Style.NOTE),
            Signature((Signer(COURT),), text_of("二〇二四年十二月三十一日"), "院印"),
            Tear("骑缝处", text_of(NUMBER)),
            Paragraph(text_of("（回执）"), Style.SUBTITLE, Align.CENTER, first=0),
            Paragraph(text_of(f"{COURT}："), first=0),
            Paragraph(text_of("你院协助执行通知书收悉，办理情况如下：")),
            Ruled(4),
            Signature((), (Run("　　　　年　　月　　日", underline=False),), "协助单位公章"),
        ),
    )


def record() -> Paper:
    """Return a record of two pages that is signed page by page."""
    asked = tuple(
        Paragraph(text_of(f"{who}：{SENTENCE}"), first=-2, left=2)
        for who in ("问", "答", "问", "答", "问", "答")
    )
    return Paper(
        form="record",
        title="调查笔录",
        court=COURT,
        signed_pages=True,
        draft=True,
        blocks=(
            Paragraph(text_of("调查笔录"), Style.TITLE, Align.CENTER, first=0),
            Paragraph((Run("时间："), Run("2024年3月1日9时", underline=True)), first=0),
            *asked,
            PageBreak(),
            Paragraph(text_of("以上笔录已阅，与我讲的一样。")),
            Ruled(2),
            Paragraph(text_of("被询问人（签名、捺印）："), keep_next=True),
            Space(2),
            Paragraph(text_of("附件：<清单> & {{ 模板 }} {% raw %}"), Style.NOTE),
        ),
    )


def all_papers() -> tuple[Paper, ...]:
    """Return one of each."""
    return (
        ruling(),
        ruling(1, draft=True),
        list_of_assets(12),
        list_of_assets(60, dense=False),
        notice_with_slip(),
        record(),
    )
