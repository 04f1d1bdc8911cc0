"""The parts of papers made by hand: running text, the head and the signature of a ruling."""

from __future__ import annotations

from zhixing_desktop.documents.blocks import (
    Align,
    Block,
    Paragraph,
    Signature,
    Signer,
    Style,
    text_of,
)

COURT = "河南省焦作市山阳区人民法院"
NUMBER = "（2024）豫0811执123号之一"
SENTENCES = (
    "本院在执行申请执行人张喆与被执行人王镕、李𬭚买卖合同纠纷一案中，",
    "于2024年3月11日作出（2024）豫0811执123号执行裁定，",
    "责令被执行人履行（2023）豫0811民初4567号民事判决书确定的义务，",
    "但被执行人至今未履行。",
    "经网络执行查控系统查询，被执行人名下有银行存款107000.53元、“豫H12345”号小型轿车一辆；",
    "另查明，其位于焦作市山阳区建设路1号的房屋已由其他法院查封（轮候查封顺位第3位）。",
    "依照《中华人民共和国民事诉讼法》第二百五十三条、第二百五十四条规定，裁定如下：",
)


def words(length: int) -> str:
    """Return running text of a ruling, so many characters long, that ends with a full stop."""
    whole = "".join(SENTENCES) * (length // 150 + 2)
    return whole[: length - 1].rstrip("，、；：“（《") + "。"


def head(title: str = "执行裁定书", number: str = NUMBER) -> list[Block]:
    """Return the head of a court's paper."""
    return [
        Paragraph(text_of(COURT), Style.COURT, Align.CENTER, first=0, keep_next=True),
        Paragraph(text_of(title), Style.TITLE, Align.CENTER, first=0, keep_next=True),
        Paragraph(text_of(number), Style.NUMBER, Align.RIGHT, first=0),
    ]


def panel() -> Signature:
    """Return the signature of a panel, an assistant and a clerk."""
    return Signature(
        (
            Signer("审判长", text_of("王镕")),
            Signer("审判员", text_of("李旻玥")),
            Signer("人民陪审员", text_of("欧阳珩琀")),
        ),
        text_of("二〇二四年三月十一日"),
        seal="院印",
        below=(Signer("法官助理", text_of("赵堃")), Signer("书记员", text_of("孙㛃"))),
    )
