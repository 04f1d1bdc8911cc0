"""The guideline cut into sentences: every character once, in order, at its place."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhixing_desktop.paths import resources_dir
from zhixing_desktop.workflow.guideline import Sentence, chinese_number, plain, sentences

TEXT = (resources_dir() / "guideline" / "guideline.txt").read_text("utf-8")
ALL = sentences(TEXT)
# Nodes without a line 完成时限; 22, 24, 29 and 45 have a period inside their 工作内容 (A45).
WITHOUT_LIMIT_LINE = {12, 13, 14, 29, 34, 36, 37, 39, 40, 41, 42, 45}


def at(place: str) -> list[Sentence]:
    return [sentence for sentence in ALL if sentence.place == place]


def test_joined_together_the_sentences_are_the_text() -> None:
    assert "".join(sentence.text for sentence in ALL) == plain(TEXT)


def test_each_sentence_knows_its_number_and_where_it_begins() -> None:
    whole = plain(TEXT)
    assert [sentence.number for sentence in ALL] == list(range(1, len(ALL) + 1))
    for sentence in ALL:
        assert whole[sentence.start : sentence.end] == sentence.text
        assert sentence.text
        assert sentence.place


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "## 第一部分 总体要求",
                "### 节点七：执行通知",
                "#### **节点四十三：结案**",
                "## 终本案件",
                "#### 1. 制作裁定。",
                "工作内容：",
                "完成时限: 十日内。",
                "注意事项：",
                "1. 甲；乙。（丙）",
                "12. 丁",
                "附件：图",
                "2024 年 2 月 1 日",
                "",
                "  ",
                "##",
                "**",
                "句中换",
                "页。",
            ]
        ),
        st.text(max_size=12),
    )
)


@given(LINES)
def test_no_text_whatever_loses_or_doubles_a_character(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = sentences(text)
    assert "".join(sentence.text for sentence in found) == plain(text)
    assert all(sentence.text for sentence in found)


def test_the_text_has_322_sentences() -> None:
    assert len(ALL) == 322


def test_nothing_is_cut_into_two_sentences_that_end_with_one_stop() -> None:
    for sentence in ALL:
        inside = sentence.text.rstrip("。；")
        assert "。" not in re.sub(r"。（[^）]*）$", "", inside), sentence.text


def test_labels_are_no_sentences_of_their_own() -> None:
    for sentence in ALL:
        assert sentence.body, sentence.text
        assert not re.fullmatch(r"(工作内容|完成时限|注意事项)[：:]?", sentence.body)


@pytest.mark.parametrize(
    "words",
    [
        # Page breaks inside a sentence, in the order of the text.
        "负责人、实际控制人、直接责任人员到人民法院接受调查询问。",
        "人民法院无法通过网络执行查控系统调查被执行人的财产的",
        "委托评估等方式确定财产处置参考价。",
        "系统将自动冻结该节点，并不得流转下一节点。",
        "人民法院可以不经拍卖、变卖，直接将被执行人的财产作价交申请执行人抵偿债务。",
        "解冻节点的，需报本院主管领导或者执行局局长批准。",
        "系统自动生成案款发放审批表，报执行局长、分管副院长审批后",
        "人民法院应当通知保管部门对物品进行清点、登记，并办理交接手续。",
        "应当制作决定书，由院长签发后依法送达当事人。",
        "拘传必须用拘传票，并直接送达被拘传人。",
        "智慧法院APP等适当方式告知双方当事人。",
        "在流程管理系统中正确填写结案事由，并流转“结案”节点。",
        "发现被执行人有可供执行财产的，应当恢复执行。",
    ],
)
def test_a_page_break_inside_a_sentence_is_healed(words: str) -> None:
    assert any(words in sentence.text for sentence in ALL)


def test_every_node_has_its_heading_and_its_parts() -> None:
    for number in range(1, 47):
        name = f"节点{chinese_number(number)}"
        headings = at(name)
        assert len(headings) == 1
        assert headings[0].text.startswith(f"{name}：")
        places = {s.place for s in ALL if s.place.startswith(f"{name} ")}
        assert any("工作内容" in place for place in places)
        assert any("完成时限" in place for place in places) is (number not in WITHOUT_LIMIT_LINE)


def test_letter_head_notice_and_general_rules() -> None:
    assert [s.text for s in at("文头")] == ["焦作市山阳区人民法院", "焦山法〔2024〕49号"]
    assert [s.text for s in at("印发通知")] == [
        "焦作市山阳区人民法院关于印发《执行案件流程节点规范化操作指引（试行）》的通知",
        "执行局及其他相关部门：",
        "现将《执行案件流程节点规范化操作指引（试行）》印发给你们，请认真贯彻执行。",
        "贯彻落实中遇到的问题，请及时报告院党组及上级法院执行局。",
        "焦作市山阳区人民法院",
        "2024年2月1日",
    ]
    assert [s.text for s in at("标题")] == ["执行案件流程节点规范化操作指引（试行）"]
    assert len(at("前言")) == 1
    counts = [len(at(f"第一部分 总体要求{number}")) for number in range(1, 9)]
    assert counts == [1, 1, 2, 2, 4, 1, 2, 1]
    parts = [s.place for s in ALL if re.fullmatch(r"第.部分 \D+", s.place)]
    assert [part.partition(" ")[2] for part in parts] == [
        "总体要求", "执行立案", "执行启动", "财产查控",
        "财产处置", "案款发放", "强制措施", "结案与归档",
    ]  # fmt: skip


def test_the_annex_has_its_headings() -> None:
    assert [s.text for s in at("附件")] == [
        "附件：执行实施案件流程节点图",
        "2024年2月1日",
        "附件：执行实施案件流程节点图",
        "一、执行实施案件总体图",
        "二、执行实施案件节点",
        "三、执行实施案件的执行措施节点",
    ]


@pytest.mark.parametrize(
    ("place", "texts"),
    [
        ("节点七 工作内容2", ["2.告知被执行人执行款“一案一账号”信息，以及交款时应当注明的信息。"]),
        ("节点七 完成时限", ["完成时限:执行人员接到申请执行书或者移交执行书后十日内完成。"]),
        ("节点一 完成时限", ["完成时限：应当在立案当天完成。"]),
        # The fourth item of node 4 is set as a heading by mistake (A14).
        ("节点四 工作内容4", ["4.将立案材料上传至电子卷宗。"]),
        (
            "节点四 工作内容3",
            [
                "3.在执行案件流程管理系统中准确录入立案必填项信息。",
                "立案阶段要特别注意案件信息的录入，准确录入执行标的、案件涉及、执行主体详细信息等；",
                "在流程管理系统中流转分案、移交节点，并进行相应的流转操作。",
            ],
        ),
        # Items without a full stop end where the next begins.
        ("节点九 完成时限", ["完成时限：启动网络查控之日起三十日内完成"]),
        ("节点三十 第1项", ["1.制作、送达成交（抵债）裁定。"]),
        ("节点三十 第1项完成时限", ["完成时限：自拍卖确认或者同意以物抵债之日起十日"]),
        ("节点三十 第2项", ["2.交付财产"]),
        ("节点三十 第2项完成时限", ["完成时限：成交（抵债）裁定送达后十五日内。"]),
        # A source in brackets after the full stop belongs to the sentence.
        (
            "节点二十七 完成时限",
            ["完成时限：在拍卖成交、价款补齐之日起十日内送达。（执行规范473条）"],
        ),
        ("节点四十三 执行完毕案件", ["执行完毕案件"]),
        ("节点四十三 终本案件3", ["3.终结本次执行程序裁定书应在互联网上公开。"]),
        (
            "节点四十三 终本案件 完成时限",
            ["完成时限：第3、4、5项工作，应当在结案之日起七日内完成。"],
        ),
        (
            "节点四十三 注意事项",
            [
                "注意事项：该节点完成时限届满前，系统将自动进行预警。",
                "经预警后，仍未在期限内结案，亦未及时通过系统进行执行期限变更的，系统将自动冻结结案节点。",
                "解冻节点的，需层报省法院批准。",
                "审判管理办公室在接到报结申请后，严格对照结案标准对执行案件电子卷宗等内容进行形式审查，"
                "对符合报结条件的案件核准确认；",
                "对不符合报结条件的案件，退回结案申请并由承办法官补充完善相关信息后，重新提请报结。",
            ],
        ),
    ],
)
def test_what_stands_at_a_place(place: str, texts: list[str]) -> None:
    assert [sentence.text for sentence in at(place)] == texts


def test_the_cases_of_node_43_have_five_six_and_three_items() -> None:
    for case, items in (("执行完毕案件", 5), ("终本案件", 6), ("终结案件", 3)):
        places = dict.fromkeys(s.place for s in ALL if s.place.startswith(f"节点四十三 {case}"))
        numbers = [place for place in places if re.search(r"\d$", place)]
        assert numbers == [f"节点四十三 {case}{number}" for number in range(1, items + 1)]


def test_the_lead_is_label_and_number_only() -> None:
    leads = {sentence.text[: sentence.lead] for sentence in ALL}
    assert all(re.fullmatch(r"(\D{4}[：:])?(\d\.)?", lead) for lead in leads)
    assert at("节点二 工作内容1")[0].text[: at("节点二 工作内容1")[0].lead] == "工作内容：1."
    assert at("节点二 工作内容1")[0].body.startswith("对当事人执行申请进行立案审查")


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (43, "四十三"), (99, "九十九")],
)
def test_chinese_numbers(number: int, words: str) -> None:
    assert chinese_number(number) == words
