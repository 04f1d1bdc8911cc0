"""All forms of the court: none that the rules or the norms name is missing, each can be made.

What a paper must say is held in ``test_forms_until_22`` and ``test_forms_from_23``.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from helpers.bureau import rules
from helpers.full_case import CaseOf, empty_case, full_case, library, made
from helpers.full_values import COMPANY, CREDITOR, PERSON, VALUES
from zhixing_desktop.documents.blocks import Paper, Signature, words_of
from zhixing_desktop.documents.form_types import Form, PaperKind

# The norms' list of papers, node by node, beside the names of the forms where they differ.
NAMED: dict[str, tuple[str, ...]] = {
    "1-2": (
        "申请执行书", "移送执行函", "案件受理通知书", "权利义务告知书", "廉政监督卡",
        "执行风险告知书", "提供被执行人下落及财产线索通知书", "法律文书送达地址确认书",
        "立案审批表", "收款账户确认书",
        "执行裁定书（不予受理用）", "执行裁定书（驳回执行申请用）",
    ),
    "3-4": ("财产查询反馈汇总表", "协助冻结存款通知书", "案件移送单"),
    "5-6": (
        "案件材料审核表", "补正通知书", "执行裁定书（不予执行用）", "执行裁定书（驳回执行申请用）",
    ),
    "7": ("执行通知书", "报告财产令", "被执行人财产申报表", "廉政监督卡", "送达回证"),
    "8": ("财产调查表", "核查笔录", "财产线索核查结果告知书"),
    "9-11": ("协助查询通知书", "财产查询反馈汇总表", "调查笔录", "财产分析表"),
    "12": ("搜查令", "搜查笔录", "搜查清单"),
    "13, 39": ("传票", "拘传票", "传唤询问笔录", "询问笔录", "调查笔录", "拘传审批表"),
    "14": ("协助查找通知书",),
    "15": ("悬赏申请书", "悬赏公告", "悬赏决定书"),
    "16": ("调查令申请书", "律师调查令", "不予准许律师调查令通知书"),
    "17": (
        "执行裁定书（查封用）", "执行裁定书（扣押用）", "执行裁定书（冻结用）",
        "执行裁定书（续行查封、扣押、冻结用）", "执行裁定书（轮候查封、扣押、冻结用）",
        "执行裁定书（解除查封、扣押、冻结用）", "协助执行通知书", "查封公告", "封条",
        "查封（扣押）财产清单", "查封（扣押、冻结）笔录", "财产保管委托书",
    ),
    "18": ("终本约谈笔录", "拟终结本次执行程序告知书", "终结本次执行程序申请书"),
    "19": ("现场勘验笔录", "财产状况调查表"),
    "20-22": (
        "议价通知书", "定向询价函", "网络询价委托书", "评估委托书", "报告送达函",
        "执行裁定书（参考价异议审查用）", "参考价异议处理通知书",
    ),
    "23-26": (
        "拍卖裁定", "网络司法拍卖公告", "竞买须知", "拍卖事项通知", "看样记录", "流拍情况记录",
    ),
    "27, 30": ("拍卖成交确认裁定", "协助过户通知书", "交付财产通知书", "交付笔录", "腾退公告"),
    "28-29": ("变卖裁定", "网络司法变卖公告", "抵债询问笔录", "以物抵债裁定"),
    "31": ("划拨裁定", "扣留、提取收入裁定", "协助划拨通知书"),
    "32": ("执行款收款凭据", "执行款认领单"),
    "33": ("案款发放审批表", "领款通知书", "执行款领款收据", "案款付款凭证"),
    "34": ("执行款提存审批表", "提存通知书"),
    "35": ("物品接收证明", "履行情况笔录", "交付情况笔录", "清点登记表"),
    "36-38": (
        "限制消费令", "失信决定书", "撤销失信信息决定书", "更正失信信息决定书",
        "删除（屏蔽）失信信息决定书", "解除限制消费令",
    ),
    "40-41": (
        "罚款决定书", "拘留决定书", "责令具结悔过书", "限制出境决定书", "扣留护照决定书",
        "涉嫌拒执移送函", "释明笔录", "自诉告知书",
    ),
    "42": ("期限变更审批表", "中止执行裁定书", "暂缓执行决定书"),
    "43": (
        "结案通知书", "终结本次执行程序裁定书", "终结执行裁定书", "结案审批表",
        "终本案件办理情况表",
        "合议庭评议笔录", "解除查封、扣押、冻结裁定书",
    ),
    "44": ("卷宗封面", "卷内目录", "备考表"),
    "45-46": ("财产统查记录", "恢复执行审查表", "恢复执行通知书", "更换承办人审批表"),
    "general": ("公告送达公告", "约谈笔录", "执行笔录", "谈话笔录"),
}  # fmt: skip

KEYS = sorted(library().forms)
FULL, EMPTY = full_case(), empty_case()


def form(key: str) -> Form:
    return library().forms[key]


@pytest.mark.parametrize("nodes", NAMED)
def test_each_paper_of_the_norms_has_a_form(nodes: str) -> None:
    names = {entry.name for entry in library().forms.values()}
    assert [name for name in NAMED[nodes] if name not in names] == []


def test_each_paper_that_the_rules_name_is_carried_by_a_form() -> None:
    carried = {
        (carry.node, carry.item, carry.paper)
        for entry in library().forms.values()
        for carry in entry.carries
    }
    missing = [
        (number, item.item, paper)
        for number, spec in rules().book.nodes.items()
        for item in spec.work_items
        for paper in item.papers
        if (number, item.item, paper) not in carried
    ]
    assert missing == []


def test_no_two_forms_have_one_name() -> None:
    names = [entry.name for entry in library().forms.values()]
    assert sorted({name for name in names if names.count(name) > 1}) == []


@pytest.mark.parametrize("key", KEYS)
def test_a_full_case_gives_a_paper_without_a_gap(key: str) -> None:
    paper = made(key, FULL)
    assert [(gap.label, gap.source) for gap in paper.gaps] == []
    assert _unresolved(paper) == []


@pytest.mark.parametrize("key", KEYS)
def test_a_case_of_which_nothing_is_known_gives_a_list_of_gaps(key: str) -> None:
    paper = made(key, EMPTY, full=False)
    assert paper.gaps
    assert _unresolved(paper) == []
    assert all(gap.label and gap.source for gap in paper.gaps)


@pytest.mark.parametrize("key", KEYS)
def test_a_blank_form_for_work_outside_has_lines_instead_of_gaps(key: str) -> None:
    paper = made(key, EMPTY, full=False, by_hand=True)
    assert paper.gaps == ()
    assert "［" not in "".join(words_of(paper))


@pytest.mark.parametrize("key", KEYS)
def test_strange_names_survive_in_every_form(key: str) -> None:
    strange = "{{ case }}<b>&\n@sign 李𬭚|//**__"
    case = CaseOf(
        creditors=({**CREDITOR, "name": "甲" * 60},),
        debtors=({**PERSON, "name": strange}, COMPANY),
        values={13: {"summoned_person": strange}},
    )
    paper = made(key, full_case(case))
    text = "\n".join(words_of(paper))
    plain = made(key, FULL)
    assert paper.gaps == ()
    # A name is words: it makes neither a block more nor a block less.
    assert _shape(paper) == _shape(plain)
    if "case.debtor_names" in library().needs[key].names:
        assert "{{ case }}<b>& @sign 李𬭚|//**__" in text
    if "case.creditor_names" in library().needs[key].names:
        assert "甲" * 60 in text


@pytest.mark.parametrize("key", [k for k in KEYS if form(k).kind is PaperKind.RULING])
def test_a_ruling_has_its_parts_in_their_order(key: str) -> None:
    paper = made(key, FULL)
    words = words_of(paper)
    text = "\n".join(words)
    parts = ["执行裁定书", "申请执行人：", "裁定如下："]
    places = [text.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)
    signatures = [block for block in paper.blocks if isinstance(block, Signature)]
    assert [signature.seal for signature in signatures] == ["院印"]
    assert paper.number.startswith("（2024）豫0811执123号")
    assert paper.citations


def test_each_form_says_where_it_belongs() -> None:
    for entry in library().forms.values():
        assert entry.basis, entry.key
        assert entry.dossier, entry.key
        assert int(entry.key[:2]) == entry.nodes[0] or entry.nodes[0] in entry.nodes, entry.key


def test_each_approval_sheet_that_rests_on_an_application_shows_its_steps() -> None:
    for entry in library().forms.values():
        if entry.kind is PaperKind.APPROVAL and entry.approval:
            assert "application.steps" in library().needs[entry.key].names, entry.key


def _unresolved(paper: Paper) -> list[str]:
    found = re.compile(r"\{[{%]|[%}]\}|Blank\(|Record\(|Paragraphs\(|None|^@|，，|。。|、、|：：")
    return [words for words in words_of(paper) if found.search(words)]


def _shape(paper: Paper) -> list[str]:
    return [type(block).__name__ for block in paper.blocks]


def test_values_of_the_full_case_are_fields_of_the_rules() -> None:
    wrong: list[Any] = [
        (node, name)
        for node, values in VALUES.items()
        for name in values
        if name not in {field.name for field in rules().book.nodes[node].fields}
    ]
    assert wrong == []
