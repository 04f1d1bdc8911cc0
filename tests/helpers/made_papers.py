"""Papers made by hand from every kind of block, for both renderers."""

from __future__ import annotations

from datetime import date
from random import Random

from helpers.paper_parts import COURT, NUMBER, SENTENCES, head, panel, words
from zhixing_desktop.documents.blocks import (
    Align,
    Block,
    Cell,
    Face,
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


def ruling(length: int, *, paragraphs: int = 1, draft: bool = False) -> Paper:
    """Return a ruling with so many characters of text in each of so many paragraphs."""
    text = [Paragraph(text_of(words(length))) for _ in range(paragraphs)]
    return Paper(
        form="ruling",
        title="执行裁定书",
        court=COURT,
        blocks=(*head(), *text, panel()),
        number=NUMBER,
        day=date(2024, 3, 11),
        author="王镕",
        draft=draft,
        keywords=("执行", "冻结"),
    )


def listed(rows: int, *, dense: bool = False) -> Paper:
    """Return a paper with a table of so many rows under a head that is repeated."""
    columns = ("序号", "财产名称", "权利人", "价值（元）", "备注")
    body = [
        Row(
            (
                Cell((text_of(str(number)),), align=Align.CENTER),
                Cell(
                    (
                        text_of(
                            f"焦作市山阳区建设路{number}号房屋，豫（2019）不动产权第{number:07}号"
                        ),
                    )
                ),
                Cell((text_of("王镕"),), align=Align.CENTER),
                Cell((text_of(f"{number * 1000:,}.00"),), align=Align.RIGHT),
                Cell(),
            )
        )
        for number in range(1, rows + 1)
    ]
    labels = Row(tuple(Cell((text_of(name),), label=True, align=Align.CENTER) for name in columns))
    return Paper(
        form="list",
        title="查封清单",
        court=COURT,
        blocks=(
            *head("查封、扣押财产清单"),
            Table((3, 14, 5, 6, 4), (labels, *body), head=1),
            Paragraph(text_of("以上财产共计如上，已由被执行人核对无误。"), first=2),
            Signature((Signer("执行员", text_of("王镕")),), text_of("二〇二四年三月十一日")),
        ),
        dense=dense,
    )


def record(lines: int) -> Paper:
    """Return a record (笔录) that is signed on each page."""
    return Paper(
        form="record",
        title="调查笔录",
        court=COURT,
        blocks=(
            Paragraph(text_of("调查笔录"), Style.TITLE, Align.CENTER, first=0),
            *(
                Paragraph(
                    (Run("问：" if turn % 2 == 0 else "答：", Face.HEI), Run(words(40 + turn)))
                )
                for turn in range(lines)
            ),
            Ruled(4),
            Paragraph(text_of("以上笔录已阅，与我讲的一样。"), keep_next=True),
            Signature((Signer("被询问人"),), text_of("二〇二四年三月十一日")),
        ),
        signed_pages=True,
    )


def everything() -> Paper:
    """Return a paper with every kind of block, gaps, spans, odd characters and a slip."""
    table = Table(
        (2, 3, 2, 3),
        (
            Row(
                (
                    Cell((text_of("申请执行人"),), label=True, align=Align.CENTER),
                    Cell((text_of("张喆 & <某>公司 {{ 7 * 7 }} {% if %}"),), columns=3),
                )
            ),
            Row(
                (
                    Cell((text_of("被执行人"),), rows=3, label=True, align=Align.CENTER),
                    Cell((text_of("姓名"),), label=True),
                    Cell((text_of("买买提·艾力" * 10),), columns=2),
                )
            ),
            Row(
                (
                    Cell((text_of("住址"),), label=True),
                    Cell(
                        (text_of("山阳区建设路1号"), text_of("（经常居住地）解放区2号")), columns=2
                    ),
                ),
                keep_next=True,
            ),
            Row(
                (
                    Cell((text_of("电话"),), label=True),
                    Cell(((Run("［联系电话］", gap="联系电话"),),), columns=2),
                )
            ),
            Row((Cell((text_of("备注"),), columns=4, lines=4),)),
        ),
    )
    blocks: tuple[Block, ...] = (
        *head("协助执行通知书"),
        Paragraph(text_of("（存根联）"), Style.SUBTITLE, Align.CENTER, first=0),
        Paragraph(text_of("中国工商银行股份有限公司焦作山阳支行："), first=0),
        Paragraph(
            (
                Run("因被执行人"),
                Run("［被执行人姓名］", gap="被执行人姓名"),
                Run("未履行义务，请协助"),
                Run("冻结", bold=True),
                Run("其存款"),
                Run("107000.53元", underline=True),
                Run("（", face=Face.KAI),
                Run("人民币壹拾万柒仟元零伍角叁分", face=Face.KAI),
                Run("）。"),
            )
        ),
        Paragraph(text_of("一、注意事项"), Style.HEADING, keep_next=True),
        Paragraph(text_of("悬挂缩进的一段：" + words(80)), first=-2, left=4, right=2),
        table,
        Space(2),
        Paragraph(text_of("附：" + words(60)), Style.NOTE, first=0),
        Signature((), text_of("二〇二四年三月十一日"), seal="院印"),
        Tear("骑缝线　沿此线撕开　骑缝章", text_of("（2024）豫0811执123号")),
        Paragraph(text_of("（回执联）"), Style.SUBTITLE, Align.CENTER, first=0),
        Ruled(3),
        PageBreak(),
        Paragraph(text_of("第二页"), Style.TITLE, Align.CENTER, first=0),
        Paragraph(text_of("地址：\n焦作市\t山阳区\n建设路1号　　２楼")),
        Paragraph(text_of("喆堃昇珺龘镕𬭚旻玥珩琀㛃 https://sf.example.cn/a?b=1&c=2")),
        panel(),
    )
    return Paper(
        form="everything",
        title="协助执行通知书",
        court=COURT,
        blocks=blocks,
        draft=True,
    )


def mixed(seed: int) -> Paper:
    """Return a paper of paragraphs, tables, headings, lines and notes as the seed has them fall."""
    chance = Random(seed)
    running = "".join(SENTENCES)

    def some(*lengths: int) -> str:
        length, start = chance.choice(lengths), chance.randrange(len(running))
        return (running * 3)[start : start + length].strip("，、；：。（《“") + "。"

    def paragraph() -> Block:
        text = text_of(some(12, 25, 30, 55, 57, 80, 120, 200, 260))
        return Paragraph(text, first=chance.choice((2, 2, 2, 0)))

    def table() -> Block:
        labels = Row(tuple(Cell((text_of(name),), label=True) for name in "甲乙丙丁"))
        rows = [
            Row(
                tuple(
                    Cell((text_of(some(4, 6, 9, 20, 33)),), lines=chance.choice((1, 1, 1, 2)))
                    for _ in range(4)
                )
            )
            for _ in range(chance.randint(1, 14))
        ]
        return Table((3, 5, 4, 6), (labels, *rows), head=1)

    def heading() -> Block:
        return Paragraph(text_of(f"一、{some(10)}"), Style.HEADING, keep_next=True)

    def note() -> Block:
        return Paragraph(text_of(some(70)), Style.NOTE, first=0)

    kinds = (paragraph, paragraph, paragraph, table, heading, note, lambda: Ruled(2), Space)
    middle = [chance.choice(kinds)() for _ in range(chance.randint(2, 9))]
    end = Paragraph(text_of(chance.choice(("本裁定立即执行。", some(80)))))
    return Paper(
        form="mixed",
        title="执行裁定书",
        court=COURT,
        blocks=(*head(), *middle, end, panel()),
        dense=chance.random() < 0.3,
    )
