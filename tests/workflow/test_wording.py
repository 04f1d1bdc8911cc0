"""Guiding and empty wording: what is refused, and above all what is not."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from zhixing_desktop.paths import resources_dir
from zhixing_desktop.workflow.errors import Cite
from zhixing_desktop.workflow.rulebook import HollowWords
from zhixing_desktop.workflow.wording import judge_wording

CITE = Cite("第一部分 总体要求4", "流程管理系统必填项中不得使用指引性表述")
WORDS = HollowWords(
    exact=(
        "无", "暂无", "没有", "同上", "略", "待补充", "待定", "不详", "正常", "已办理", "办理中",
        "详见卷宗", "见附件", "按规定办理", "依法办理", "符合条件", "属实", "测试", "其他", "是",
        "123", "xxx", "×××", "。", "/", "n/a",
    ),
    contained=(
        "请填写", "请输入", "请选择", "详见", "见附件", "此处填写", "以卷宗为准", "待完善",
        "后续补充", "×××",
    ),
    cite=CITE,
)  # fmt: skip


def shipped() -> HollowWords:
    """The words of the rulebook that is shipped."""
    path: Path = resources_dir() / "rulebook" / "rulebook.yaml"
    data = yaml.safe_load(path.read_text("utf-8"))["hollow_words"]
    return HollowWords(tuple(data["exact"]), tuple(data["contained"]), Cite(**data["cite"]))


SHIPPED = shipped()

HOLLOW = [
    # text, label, rule
    ("", "核查结果", "empty"),
    ("   　", "核查结果", "empty"),
    ("\u200b\n", "核查结果", "punctuation"),
    ("。。。", "核查结果", "punctuation"),
    ("——", "核查结果", "punctuation"),
    ("/", "核查结果", "punctuation"),
    ("……！？", "核查结果", "punctuation"),
    ("×××", "核查结果", "punctuation"),
    ("***", "核查结果", "punctuation"),
    ("无", "核查结果", "exact"),
    ("无。", "核查结果", "exact"),
    (" 无 ", "核查结果", "exact"),
    ("暂无", "核查结果", "exact"),
    ("暂 无", "核查结果", "exact"),
    ("均无", "核查结果", "exact"),
    ("没有了", "核查结果", "exact"),
    ("同上。", "核查结果", "exact"),
    ("同  上", "核查结果", "exact"),
    ("（略）", "核查结果", "exact"),
    ("【待补充】", "核查结果", "exact"),
    ("待补充！！！", "核查结果", "exact"),
    ("待补充待补充", "核查结果", "exact"),
    ("无，略", "核查结果", "exact"),
    ("正常，属实。", "核查结果", "exact"),
    ("不详的", "核查结果", "exact"),
    ("已经办理了", "核查结果", "exact"),
    ("办理了", "核查结果", "exact"),
    ("正在办理中", "核查结果", "exact"),
    ("均已办理", "核查结果", "exact"),
    ("已按规定办理", "核查结果", "exact"),
    ("依法办理即可", "核查结果", "exact"),
    ("Ｎ／Ａ", "核查结果", "exact"),
    ("N/A", "核查结果", "exact"),
    ("ＸＸＸ", "核查结果", "exact"),
    ("是的", "核查结果", "exact"),
    ("请填写核查结果", "核查结果", "contained"),
    ("（请输入金额）", "执行标的内容", "contained"),
    ("请 选 择", "核查结果", "contained"),
    ("具体情况详见电子卷宗第3页", "核查结果", "contained"),
    ("核查结果见附件", "财产情况", "contained"),
    ("以卷宗为准", "核查结果", "contained"),
    ("此处填写被执行人下落", "被执行人下落", "contained"),
    ("材料待完善", "核查结果", "contained"),
    ("信息后续补充", "核查结果", "contained"),
    ("后续补充，待完善", "核查结果", "contained"),
    ("因×××原因未到场", "未到场理由的审查", "blank"),
    ("被执行人____名下无财产", "核查结果", "blank"),
    ("____年__月__日送达", "送达情况", "blank"),
    ("查封【】不动产", "核查结果", "blank"),
    ("查封位于（ ）的房屋", "核查结果", "blank"),
    ("核查结果", "核查结果", "label"),
    ("核查结果：", "核查结果", "label"),
    ("线索核查结果", "线索核查结果", "label"),
    ("核查结果", "财产线索核查结果", "label"),
    ("财产调查", "财产调查情况", "label"),
    ("财产调查情况说明", "财产调查情况", "label"),
    ("无法通知的理由", "无法通知的理由", "label"),
    ("无法通知", "无法通知的理由", "label"),
    ("核查结果：正常", "核查结果", "exact"),
    ("核查结果：无", "核查结果", "exact"),
    ("好", "核查结果", "short"),
    ("a", "核查结果", "short"),
    ("查。", "核查结果", "short"),
    ("1", "核查结果", "digits"),
    ("123", "核查结果", "digits"),
    ("２０２４", "核查结果", "digits"),
    ("0.53", "核查结果", "digits"),
    ("啊啊啊啊", "核查结果", "repeated"),
    ("哈哈", "核查结果", "repeated"),
    ("好好好", "提交人", "repeated"),
    ("商量商量商量", "核查结果", "repeated"),
    ("abcabcabc", "核查结果", "repeated"),
    ("是否是是否否", "核查结果", "repeated"),
    ("000000", "联系电话", "repeated"),
    ("11111111111", "联系电话", "repeated"),
    ("123456", "联系电话", "keyboard"),
    ("987654", "文书编号", "keyboard"),
    ("asdf", "核查结果", "keyboard"),
    ("ASDFGH", "核查结果", "keyboard"),
    ("qwer", "核查结果", "keyboard"),
    ("jkljkl;", "核查结果", "keyboard"),
    ("test", "核查结果", "keyboard"),
    ("TODO", "核查结果", "keyboard"),
    ("dfghj", "核查结果", "keyboard"),
    ("hgfd", "核查结果", "keyboard"),
    ("ok", "核查结果", "keyboard"),
]

HONEST = [
    # text, label
    ("无财产", "核查结果"),
    ("无房产登记信息", "核查结果"),
    ("银行存款0.53元", "核查结果"),
    ("无车辆", "财产情况"),
    ("无权利负担", "权利负担"),
    ("不欠税费", "欠缴税费"),
    ("无可供执行财产", "财产调查情况"),
    ("查无此人", "送达情况"),
    ("拒收", "送达情况"),
    ("已死亡", "被执行人下落"),
    ("下落不明", "被执行人下落"),
    ("同意", "申请执行人意见"),
    ("不同意终本", "申请执行人意见"),
    ("张三", "提交人"),
    ("丁丁", "买受人"),
    ("欧阳娜娜", "异议人"),
    ("买买提·艾力", "异议人"),
    ("Li Lei", "代理人"),
    ("喆堃", "买受人"),
    ("𠮷野家", "买受人"),
    ("省法院", "审批单位"),
    ("不动产登记中心", "协助执行单位"),
    ("支付宝", "询价平台、询价机构或者评估机构"),
    ("豫H12345", "财产名称"),
    ("豫H·12345", "财产名称"),
    ("房屋一套", "财产名称"),
    ("3套", "财产名称"),
    ("0元", "未能足额划拨的原因"),
    ("余额为0", "核查结果"),
    ("（2024）豫0811执123号之一", "执行通知书文号"),
    ("2024-03-05", "送达日期"),
    ("13800001111", "联系电话"),
    ("88", "页数"),
    ("1", "正卷册数和页数"),
    ("1册86页", "正卷册数和页数"),
    ("6222021714000001234", "收款账号"),
    ("6222****1234账户已冻结", "核查结果"),
    ("豫H×××××号小型轿车", "财产名称"),
    ("男", "性别"),
    ("汉", "民族"),
    ("短信", "告知方式"),
    ("微信", "告知方式"),
    ("已按规定张贴公告并拍照留存", "公告情况"),
    ("已依法办理查封手续", "核查结果"),
    ("经向不动产登记中心查询，被执行人名下无房产", "核查结果"),
    ("申请人材料不全，已于3月5日通知其补正", "需要补正的材料"),
    ("双方当事人申请选择定向询价", "审查意见"),
    ("当事人书面意见附件两份", "审查意见"),
    ("申请执行人后续补充提供线索三条，经核查均无财产", "核查结果"),
    ("不动产登记手续待完善，暂不具备处置条件", "其他影响处置的事项"),
    ("公司悬挂“请填写访客登记表”告示，无人办公", "核查结果"),
    ("已送达《详见附件清单》告知书", "送达情况"),
    ("共同上诉人之一已履行", "核查结果"),
    ("有财产", "是否有财产"),
    ("被执行人占有使用", "占有使用"),
    ("权属清楚", "权属"),
    ("民诉法第114条", "法律依据"),
    ("多次传唤拒不到场", "妨害执行的事实"),
    ("核查结果：名下有轿车一辆", "核查结果"),
    ("与（2023）豫0811执88号相同，均无财产", "核查结果"),
    ("未发现", "核查结果"),
    ("他人占用", "占有使用"),
    ("轻微刮擦", "质量瑕疵"),
    ("BYD", "车辆品牌"),
    ("GPS已安装", "核查结果"),
    ("https://sf.taobao.com/sf_item/1.htm", "拍卖页面编号或者网址"),
    ("正常经营，有厂房一处", "核查结果"),
    ("略阳县人民法院", "受托法院"),
    ("无锡某公司已注销", "核查结果"),
    ("其他债权人已受偿", "核查结果"),
    ("测试鉴定费由申请人垫付", "核查结果"),
    ("待业", "职业"),
    ("现金", "缴款方式"),
]


@pytest.mark.parametrize(("text", "label", "rule"), HOLLOW)
def test_empty_wording_is_refused_and_says_why(text: str, label: str, rule: str) -> None:
    verdict = judge_wording(text, WORDS, field_label=label)
    assert (verdict.hollow, verdict.rule) == (True, rule)
    assert f"“{label}”" in verdict.sentence
    assert verdict.sentence.endswith("。")
    assert "{" not in verdict.sentence


@pytest.mark.parametrize(
    ("text", "label"),
    [(t, label) for t, label, rule in HOLLOW if rule not in {"exact", "contained"}],
)
def test_what_no_list_holds_is_refused_with_the_shipped_words_too(text: str, label: str) -> None:
    assert judge_wording(text, SHIPPED, field_label=label).hollow


@pytest.mark.parametrize("words", [WORDS, SHIPPED], ids=["small", "shipped"])
@pytest.mark.parametrize(("text", "label"), HONEST)
def test_a_short_answer_that_says_a_fact_passes(text: str, label: str, words: HollowWords) -> None:
    verdict = judge_wording(text, words, field_label=label)
    assert (verdict.hollow, verdict.rule, verdict.matched, verdict.sentence) == (False, "", "", "")


@pytest.mark.parametrize("word", SHIPPED.exact)
def test_every_shipped_word_is_refused_alone_and_dressed_up(word: str) -> None:
    for text in (word, f" {word}。", f"（{word}）", f"“{word}”", word.upper()):
        assert judge_wording(text, SHIPPED, field_label="核查结果").hollow, text


def test_the_word_that_gave_it_away_is_named() -> None:
    assert judge_wording("已经办理了。", WORDS, field_label="情况").matched == "已办理"
    verdict = judge_wording("此处填写原因", WORDS, field_label="情况")
    assert verdict.matched == "此处填写"
    assert "此处填写" in verdict.sentence


def test_a_long_entry_is_quoted_in_part() -> None:
    verdict = judge_wording("啊" * 500, WORDS, field_label="情况")
    assert len(verdict.sentence) < 120


def test_braces_in_the_entry_do_no_harm() -> None:
    assert judge_wording("{text}", WORDS, field_label="{label}").hollow


def test_without_a_label_and_without_words_the_heuristics_still_hold() -> None:
    none = HollowWords((), (), CITE)
    assert judge_wording("asdf", none, field_label="").hollow
    assert not judge_wording("无财产", none, field_label="").hollow


@given(text=st.text(max_size=60), label=st.text(max_size=12))
def test_nothing_a_person_can_type_breaks_it(text: str, label: str) -> None:
    verdict = judge_wording(text, SHIPPED, field_label=label)
    assert verdict.hollow == bool(verdict.rule) == bool(verdict.sentence)
