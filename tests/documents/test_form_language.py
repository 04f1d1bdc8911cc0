"""The block language of forms: what is refused when a form is read, and what a form makes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.bureau import rules
from zhixing_desktop import paths
from zhixing_desktop.documents import blocks
from zhixing_desktop.documents.blocks import Paper, Paragraph, Signature, Table, plain, words_of
from zhixing_desktop.documents.dictionary import Dictionary
from zhixing_desktop.documents.form_reader import Library, read_library
from zhixing_desktop.documents.laws import Laws, chinese_number, read_laws
from zhixing_desktop.documents.making import Making, make_paper
from zhixing_desktop.documents.rendering import day_in_numerals
from zhixing_desktop.documents.values import Record, tidy
from zhixing_desktop.workflow.errors import InputRefusedError

HEAD = """---
name: 试验通知书
kind: notice
nodes: [7]
number: case
signs: 承办人
dossier: {first: 8}
basis: 试验
"""
LAWS = """
laws:
  - key: 民诉法
    title: 中华人民共和国民事诉讼法
    subjects:
      - subject: 划拨
        articles:
          - {since: 2013-01-01, article: 242}
          - {since: 2022-01-01, article: 249}
          - {since: 2024-01-01, article: 253, paragraph: 1}
      - subject: 中止
        articles: [{since: 2024-01-01, article: 267}]
      - subject: 公告
        articles:
          - {since: 2013-01-01, article: 92, days: 60, source: 甲、乙两处}
          - {since: 2022-01-01, article: 95, days: 30}
  - key: 查封规定
    title: 最高人民法院关于人民法院民事执行中查封、扣押、冻结财产的规定
    subjects:
      - subject: 期限
        articles: [{since: 2021-01-01, article: 28, item: 10}]
"""
DAY = date(2024, 3, 1)


@pytest.fixture(scope="module")
def laws() -> Laws:
    return read_laws(LAWS)


def library(body: str, laws: Laws, *, head: str = "") -> Library:
    text = f"{HEAD}{head}---\n{body}\n"
    return read_library({"07-trial.form": text}, rules().book, laws)


def refused(body: str, laws: Laws, *, head: str = "") -> list[str]:
    with pytest.raises(InputRefusedError) as caught:
        library(body, laws, head=head)
    return [f"{p.where} {p.sentence}" for p in caught.value.problems]


def record(kind: str, values: Mapping[str, Any], source: str = "", whose: str = "") -> Record:
    return Record(Dictionary(rules().book).labels(kind), values, source or kind, whose=whose)


def data(**more: Any) -> dict[str, Any]:
    party = record("party", {"name": "李四", "standing": "被执行人", "natural": True}, whose="李四")
    made = {
        "court": record("court", {"name": "河南省修武县人民法院"}),
        "case": record("case", {"number": "（2024）豫0811执2号", "amount": Decimal("50000")}),
        "paper": record("paper", {"number": "（2024）豫0811执2号", "day": DAY}),
        "creditors": (
            record("party", {"name": "张三", "standing": "申请执行人", "natural": True}),
        ),
        "debtors": (party,),
        "debtor": party,
        "n7": record("n7", {"performance_until": date(2024, 3, 15)}, "node/7/case"),
    }
    return {**made, **more}


def made(body: str, laws: Laws, how: Making | None = None, *, head: str = "", **more: Any) -> Paper:
    (form,) = library(body, laws, head=head).forms.values()
    return make_paper(form, data(**more), laws, how or Making(DAY))


# ------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{{ nobody.name }}", "没有名为“nobody”的数据"),
        ("{{ debtor.surname }}", "“debtor”没有“surname”"),
        ("{{ n7.no_such_field }}", "“n7”没有“no_such_field”"),
        ("{{ n17.control_until }}", "没有名为“n17”的数据"),
        ("{{ debtor.name|upper }}", "没有名为“upper”的写法"),
        ("{{ debtor.name|yuan }}", "“yuan”不能用于“debtor.name”"),
        ("{{ debtor.__class__ }}", "“debtor”没有“__class__”"),
        ("{{ debtor.name.upper() }}", "只能调用 law"),
        ("{{ ''.join(debtor.name) }}", "只能调用 law"),
        ("{{ 1 + 1 }}", "不能使用“Add”表达式"),
        ("{{ debtor.name ~ case.number }}", "不能使用“Concat”表达式"),
        ("{% set x = 1 %}", "不能使用“Assign”语句"),
        ("{% macro m() %}{% endmacro %}", "不能使用“Macro”语句"),
        ("{% include 'other' %}", "不能使用“Include”语句"),
        ("{% for d in debtor.name %}{{ d.name }}{% endfor %}", "“d”没有“name”"),
        ("{% for d in case.amount %}{% endfor %}", "应当是一个列表"),
        ("{% if debtor.name %}", "语句写得不对"),
        ("依照第二百五十三条的规定", "“第二百五十三条”应当用 law"),
        ('{{ law("民诉法.没有") }}', "法条表中没有“民诉法.没有”"),
        ('{{ law_days("民诉法.没有") }}', "法条表中没有“民诉法.没有”"),
        ('{{ law_days("民诉法.公告", "民诉法.划拨") }}', "law_days 只能写一个"),
        ("{{ law_days(case.number) }}", "law_days 的参数应当是"),
        ("@bold 文字", "不认识的指令“@bold”"),
        ("@parties others", "@parties"),
        ("@space many", "应当是1至40的整数"),
        ("@table 1 2\n| a |", "“@table”没有以“@end”结束"),
        ("@table 1 2\n| a |\n@end", "这一行有1栏，表格有2栏"),
        ("@table 1 x\n| a | b |\n@end", "各栏宽度"),
        ("@table 1\n| [wide] a |\n@end", "不认识的单元格选项“wide”"),
        ("@sign\n@stamp\n@end", "落款中不认识的指令"),
    ],
)
def test_a_faulty_body_is_refused_with_its_words(body: str, said: str, laws: Laws) -> None:
    assert any(said in problem for problem in refused(body, laws))


def test_all_faults_are_listed_at_once_each_with_its_line(laws: Laws) -> None:
    body = "第一段\n{{ nobody.name }}\n{% if debtor.name %}\n@bold 文字\n{% endif %}\n依照第三条"
    found = refused(body, laws)
    lines = {int(problem.split(":")[1].split(" ")[0]): problem for problem in found}
    start = HEAD.count("\n") + 2
    assert sorted(lines) == [start + 1, start + 3, start + 5]
    assert "nobody" in lines[start + 1]


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("colour: red\n", "不认识的键：colour"),
        ("approval: bribe\n", "规则中没有审批事项“bribe”"),
        ("served_on: [judge]\n", "served_on"),
        ("carries:\n  - {node: 7, item: 99}\n", "没有第99项工作内容"),
        ("carries:\n  - {node: 7, item: 1, paper: 判决书}\n", "没有文书《判决书》"),
        ("carries:\n  - {node: 7, issued: [birthday]}\n", "没有字段“birthday”"),
        ("asks:\n  - {name: a, label: 甲, example: x}\n", "“甲”（a）在正文中没有使用"),
        ("asks:\n  - {name: a, label: 甲}\n", "缺少键：example"),
        ("series: 执调令\n", "编号方式为 series 时"),
    ],
)
def test_a_faulty_head_is_refused_with_its_words(head: str, said: str, laws: Laws) -> None:
    assert any(said in problem for problem in refused("文字", laws, head=head))


def test_a_default_must_be_in_the_data(laws: Laws) -> None:
    asks = "asks:\n  - {name: a, label: 甲, example: x, default: case.colour}\n"
    assert any("case.colour" in p for p in refused("{{ ask.a }}", laws, head=asks))


def test_a_period_is_that_of_the_article_of_the_papers_day(laws: Laws) -> None:
    body = '经过{{ law_days("民诉法.公告") }}日'
    for day, words in (
        (date(2021, 12, 31), "经过六十日"),
        (date(2022, 1, 1), "经过三十日"),
    ):
        assert words_of(made(body, laws, Making(day))) == [words]
    assert [form.key for form in library(body, laws).citing("民诉法.公告")] == ["07-trial"]
    (gap,) = made('{{ law_days("民诉法.划拨") }}', laws).gaps
    assert "没有写明“民诉法.划拨”（第二百五十三条第一款）规定的天数" in gap.label
    assert laws.by_key["民诉法"].subjects["公告"][0].source == "甲、乙两处"


def test_a_form_says_what_it_needs_and_cites(laws: Laws) -> None:
    body = '{{ debtor.name }}{% if n7.performance_until %}{{ law("民诉法.划拨") }}{% endif %}'
    found = library(body, laws)
    needs = found.needs["07-trial"]
    assert set(needs.names) == {"debtor.name", "n7.performance_until"}
    assert [form.key for form in found.citing("民诉法.划拨")] == ["07-trial"]
    assert [form.key for form in found.citing("民诉法")] == ["07-trial"]
    assert found.citing("查封规定") == ()


# ---------------------------------------------------------------------------------- what it makes


def test_the_head_of_a_paper_is_court_name_and_number(laws: Laws) -> None:
    assert words_of(made("@title", laws)) == [
        "河南省修武县人民法院",
        "试验通知书",
        "（2024）豫0811执2号",
    ]
    assert words_of(made("@title 执行裁定书 | （续行冻结用）", laws))[1:3] == [
        "执行裁定书",
        "（续行冻结用）",
    ]


EVIL = [
    "{{ court.name }}",
    "{% for x in debtors %}",
    "@page",
    "@title",
    "**粗**",
    "__线__",
    "a|b",
    "a//b",
    "<b>&amp;</b>",
    "\U00100000" + "0" + "\U00100001",
]


@pytest.mark.parametrize("name", EVIL)
def test_a_name_is_never_an_instruction(name: str, laws: Laws) -> None:
    party = record("party", {"name": name, "standing": "被执行人", "natural": True})
    body = "{{ debtor.name }}\n@table 1 1\n| {{ debtor.name }} | 乙 |\n@end"
    paper = made(body, laws, debtor=party)
    shown = tidy(name)
    assert words_of(paper) == [shown, shown, "乙"]
    assert [type(block) for block in paper.blocks] == [Paragraph, Table]


@given(st.text(max_size=80))
def test_any_name_comes_out_as_it_is_tidied(name: str) -> None:
    party = record("party", {"name": name, "standing": "被执行人", "natural": True})
    paper = made("甲{{ debtor.name }}乙", read_laws(LAWS), debtor=party)
    shown = tidy(name) if name else "［姓名或者名称］"
    assert words_of(paper) == [f"甲{shown}乙"]


@pytest.mark.parametrize(
    ("given_", "shown"),
    [
        ("河南省\n修武县\t某村", "河南省修武县某村"),
        ("Room 3\r\nFloor 2", "Room 3 Floor 2"),
        ("  张 三\n", "  张 三".strip()),
        ("张\u200b三\x00", "张三"),
        ("張\U0002cb5a\u3000三", "張\U0002cb5a\u3000三"),
    ],
)
def test_breaks_and_invisible_signs_do_not_reach_paper(given_: str, shown: str) -> None:
    assert tidy(given_) == shown


def test_a_longer_text_keeps_its_paragraphs(laws: Laws) -> None:
    node = record("n7", {"notice_number": "一、付款；\n\n二、交房。"})
    body = "{{ n7.notice_number|paragraphs }}\n@table 1\n| {{ n7.notice_number|in_cell }} |\n@end"
    paper = made(body, laws, n7=node)
    assert words_of(paper) == ["一、付款；", "二、交房。", "一、付款；", "二、交房。"]
    (table,) = [block for block in paper.blocks if isinstance(block, Table)]
    assert len(table.rows[0].cells[0].texts) == 2


def test_what_is_missing_is_marked_in_its_place_and_listed_once(laws: Laws) -> None:
    body = "住{{ debtor.address }}。再住{{ debtor.address }}。\n{{ n7.report_until }}"
    paper = made(body, laws)
    assert words_of(paper) == [
        "住［李四的住址或者住所地］。再住［李四的住址或者住所地］。",
        "［报告财产期限届满日］",
    ]
    assert [gap.label for gap in paper.gaps] == ["李四的住址或者住所地", "报告财产期限届满日"]
    assert paper.gaps[1].source == "node/7/case.report_until"
    (first, *_rest) = paper.blocks
    assert isinstance(first, Paragraph)
    assert [run.gap for run in first.text if run.gap] == ["李四的住址或者住所地"] * 2


def test_what_may_be_missing_is_asked_first_or_left_out(laws: Laws) -> None:
    body = (
        "甲{% if debtor.address %}住{{ debtor.address }}{% endif %}乙"
        "{{ debtor.phone|optional }}丙\n电话：{{ debtor.phone|by_hand(4) }}"
    )
    paper = made(body, laws)
    assert words_of(paper) == ["甲乙丙", "电话：＿＿＿＿"]
    assert paper.gaps == ()


def test_a_blank_form_has_lines_to_write_on_and_no_gaps(laws: Laws) -> None:
    body = "住{{ debtor.address }}\n@sign\n@day\n@end"
    paper = made(body, laws, Making(DAY, by_hand=True))
    assert paper.gaps == ()
    assert words_of(paper) == ["住＿＿＿＿＿＿＿＿", "　　　　年　　月　　日"]


def test_a_draft_without_a_day_says_so(laws: Laws) -> None:
    paper = made("@sign\n审判员: {{ debtor.name }}\n@day\n@seal\n书记员: 王五\n@end", laws,
                 Making(DAY, dated=False))  # fmt: skip
    assert [gap.source for gap in paper.gaps] == ["paper.day"]
    (signature,) = paper.blocks
    assert isinstance(signature, Signature)
    assert signature.seal == "院印"
    assert [signer.title for signer in (*signature.signers, *signature.below)] == [
        "审判员",
        "书记员",
    ]


@pytest.mark.parametrize(
    ("words", "value", "shown"),
    [
        ("|yuan", Decimal("50000"), "50000元"),
        ("|yuan", Decimal("107000.53"), "107000.53元"),
        ("|yuan", Decimal("0.05"), "0.05元"),
        ("|yuan", Decimal("0.00"), "0元"),
        ("|figures", Decimal("100000000"), "100,000,000.00"),
        ("|daxie", Decimal("107000.53"), "人民币壹拾万柒仟元零伍角叁分"),
        ("|daxie", Decimal("0"), "人民币零元整"),
        ("", Decimal("0.50"), "0.50"),
    ],
)
def test_amounts_are_written_as_papers_write_them(
    words: str, value: Decimal, shown: str, laws: Laws
) -> None:
    case = record("case", {"amount": value})
    assert words_of(made(f"{{{{ case.amount{words} }}}}", laws, case=case)) == [shown]


def test_days_are_written_as_papers_write_them(laws: Laws) -> None:
    body = "{{ n7.performance_until }}，{{ n7.performance_until|numerals }}，"
    body += "{{ n7.performance_until|short_day }}"
    node = record("n7", {"performance_until": date(2024, 12, 31)})
    assert words_of(made(body, laws, n7=node)) == [
        "2024年12月31日，二〇二四年十二月三十一日，2024.12.31"
    ]
    assert day_in_numerals(date(2020, 10, 1), "零") == "二零二零年十月一日"
    assert day_in_numerals(date(2021, 1, 25)) == "二〇二一年一月二十五日"


def test_lists_flags_and_ticks(laws: Laws) -> None:
    node = record("n7", {"payment_remarks": ("案号", "交款人")})
    body = (
        '{{ n7.payment_remarks }}；{{ n7.payment_remarks|join("/") }}'
        '{{ n7.payment_remarks|ticked("案号") }}{{ n7.payment_remarks|ticked("用途") }}'
    )
    assert words_of(made(body, laws, n7=node)) == ["案号、交款人；案号/交款人■□"]


def test_rows_come_from_a_list_of_any_length(laws: Laws) -> None:
    assets = tuple(record("asset", {"name": f"房屋{i}"}) for i in range(200))
    body = "@table 1 4\n|! 序号 | 名称 |\n{% for a in assets %}\n| {{ loop.index }} | {{ a.name }} |\n{% endfor %}\n@end"  # noqa: E501 - one form
    paper = made(body, laws, assets=assets)
    (table,) = paper.blocks
    assert isinstance(table, Table)
    assert (len(table.rows), table.head) == (201, 1)
    assert plain(table.rows[200].cells[1].texts[0]) == "房屋199"


def test_bold_and_underlined_words(laws: Laws) -> None:
    (block,) = made("甲**乙{{ debtor.name }}**__丙__", laws).blocks
    assert isinstance(block, Paragraph)
    assert [(run.text, run.bold, run.underline) for run in block.text] == [
        ("甲", False, False),
        ("乙", True, False),
        ("李四", True, False),
        ("丙", False, True),
    ]


def test_every_kind_of_line_becomes_its_block(laws: Laws) -> None:
    body = (
        "@flush 甲：\n@center 中\n@right 右\n@heading 一、\n@kai 楷\n@note 注\n@space 2\n@ruled 3\n"
        "@tear 骑缝 | 第{{ case.number }}\n@page"
    )
    found = made(body, laws).blocks
    assert [type(block).__name__ for block in found] == [
        *["Paragraph"] * 6, "Space", "Ruled", "Tear", "PageBreak",
    ]  # fmt: skip
    tear = found[8]
    assert isinstance(tear, blocks.Tear)
    assert plain(tear.number) == "第（2024）豫0811执2号"


# --------------------------------------------------------------------------------------- articles


@pytest.mark.parametrize(
    ("day", "article"),
    [
        (date(2021, 12, 31), "第二百四十二条"),
        (date(2022, 1, 1), "第二百四十九条"),
        (date(2023, 12, 31), "第二百四十九条"),
        (date(2024, 1, 1), "第二百五十三条第一款"),
    ],
)
def test_a_paper_cites_the_article_of_its_day(day: date, article: str, laws: Laws) -> None:
    paper = made('依照{{ law("民诉法.划拨") }}', laws, Making(day))
    assert words_of(paper) == [f"依照《中华人民共和国民事诉讼法》{article}"]
    assert paper.citations[0].words.endswith(article)


def test_articles_of_one_law_stand_together(laws: Laws) -> None:
    paper = made('{{ law("民诉法.划拨", "查封规定.期限", "民诉法.中止") }}', laws)
    assert words_of(paper) == [
        "《中华人民共和国民事诉讼法》第二百五十三条第一款、第二百六十七条、"
        "《最高人民法院关于人民法院民事执行中查封、扣押、冻结财产的规定》第二十八条第（十）项"
    ]


def test_an_article_that_was_not_yet_in_force_is_a_gap(laws: Laws) -> None:
    paper = made('{{ law("民诉法.中止") }}', laws, Making(date(2020, 5, 6)))
    assert "2020年5月6日" in paper.gaps[0].label


def test_faults_of_the_table_are_listed_with_their_lines() -> None:
    text = (
        "laws:\n  - key: a\n    title: 甲\n    subjects:\n      - subject: s\n"
        "        articles:\n          - {since: 2022-01-01, article: 2}\n"
        "          - {since: 2021-01-01, article: 1}\n      - subject: t\n        articles: []\n"
    )
    with pytest.raises(InputRefusedError) as caught:
        read_laws(text)
    found = [(p.where, p.sentence) for p in caught.value.problems]
    assert ("articles.yaml:8", "条文应当按施行日期从早到晚排列") in found
    assert ("articles.yaml:9", "没有条文") in found


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "一"), (10, "十"), (15, "十五"), (20, "二十"), (100, "一百"), (101, "一百零一"),
     (110, "一百一十"), (236, "二百三十六"), (517, "五百一十七"), (1005, "一千零五")],
)  # fmt: skip
def test_numbers_of_articles(number: int, words: str) -> None:
    assert chinese_number(number) == words


def test_the_programs_own_forms_and_laws_are_read_without_a_fault() -> None:
    resources = paths.resources_dir()
    laws = read_laws((resources / "law" / "articles.yaml").read_text("utf-8"))
    texts = {p.name: p.read_text("utf-8") for p in (resources / "forms").glob("*.form")}
    found = read_library(texts, rules().book, laws)
    assert found.of_node(7)
    names = [form.name for form in found.forms.values()]
    assert len(names) == len(set(names))


def test_a_title_within_a_title_stands_in_single_brackets() -> None:
    text = (
        "laws:\n  - key: 解释\n    title: 关于适用《中华人民共和国民事诉讼法》的解释\n"
        "    subjects:\n      - subject: 终本\n"
        "        articles: [{since: 2022-04-10, article: 517}]\n"
    )
    words, citations = read_laws(text).cite(["解释.终本"], DAY)
    assert words == "《关于适用〈中华人民共和国民事诉讼法〉的解释》第五百一十七条"
    assert citations[0].words == words


def test_lines_of_a_signature_at_the_right_stay_on_one_page(laws: Laws) -> None:
    paper = made("正文\n@right 被询问人：\n@right 记录人：\n之后", laws)
    kept = [b.keep_next for b in paper.blocks if isinstance(b, Paragraph)]
    assert kept == [True, True, True, False]


def test_what_follows_a_signature_stays_on_its_page(laws: Laws) -> None:
    body = "正文\n@sign\n@day\n@end\n@space\n联系人：甲\n地址：乙"
    kept = [getattr(b, "keep_next", None) for b in made(body, laws).blocks]
    assert kept == [False, True, True, True, False]


def test_a_line_that_announces_stays_with_what_it_announces(laws: Laws) -> None:
    paper = made("一、理由：\n甲\n问：怎样？\n@ruled 3\n乙\n丙", laws)
    kept = [b.keep_next for b in paper.blocks if isinstance(b, Paragraph)]
    assert kept == [True, False, True, False, False]


def test_a_slip_stands_on_one_page(laws: Laws) -> None:
    body = "正文\n@tear 骑缝 | 一号\n@name 回执\n办理情况\n@ruled 2\n@right （印章）\n@right 日"
    kept = [getattr(b, "keep_next", True) for b in made(body, laws).blocks]
    assert kept == [False, True, True, True, True, True, False]


def test_a_longer_text_that_may_be_missing_keeps_its_paragraphs_in_a_cell(laws: Laws) -> None:
    body = "@table 1\n| {{ case.claim|in_cell|optional }} |\n@end"
    there = record("case", {"number": "一", "claim": "甲\n乙"})
    assert words_of(made(body, laws, case=there)) == ["甲", "乙"]
    paper = made(body, laws)
    assert words_of(paper) == []
    assert paper.gaps == ()


def test_a_statement_at_the_end_of_a_line_leaves_the_next_line_its_own(laws: Laws) -> None:
    body = "甲{% if case.number %}乙{% endif %}\n丙\n{% if case.claim %}\n丁\n{% endif %}\n戊"
    there = record("case", {"number": "一"})
    assert words_of(made(body, laws, case=there)) == ["甲乙", "丙", "戊"]


@pytest.mark.parametrize(
    ("entered", "closed", "within"),
    [
        ("欠物业费", "欠物业费。后文", "（欠物业费）"),
        ("欠物业费。", "欠物业费。后文", "（欠物业费）"),
        ("欠物业费；\n", "欠物业费。后文", "（欠物业费）"),
        ("是否欠费？", "是否欠费？后文", "（是否欠费？）"),
    ],
)
def test_what_people_close_with_a_mark_or_not_reads_as_one_sentence(
    laws: Laws, entered: str, closed: str, within: str
) -> None:
    body = "{{ case.claim|sentence }}后文\n（{{ case.claim|phrase }}）"
    there = record("case", {"number": "一", "claim": entered})
    assert words_of(made(body, laws, case=there)) == [closed, within]


def test_a_sentence_that_is_missing_is_still_a_gap_or_left_out(laws: Laws) -> None:
    there = record("case", {"number": "一"})
    assert made("{{ case.claim|sentence }}", laws, case=there).gaps
    assert words_of(made("甲{{ case.claim|phrase|optional }}", laws, case=there)) == ["甲"]
