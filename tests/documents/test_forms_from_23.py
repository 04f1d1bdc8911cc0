"""What the papers of nodes 23 to 46, and the sheets of decisions, must say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pytest

from helpers.full_case import CaseOf, empty_case, full_case, made
from helpers.full_values import ASSETS, CHILD, COMPANY, CREDITOR, PERSON
from zhixing_desktop.documents.blocks import Cell, Paper, Ruled, Signature, Table, plain, words_of
from zhixing_desktop.documents.case_data import LogLine
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.facts import DECIDED, REQUESTED, Fact, FactIndex

LAW = "《中华人民共和国民事诉讼法》"


def text(paper: Paper) -> str:
    return "\n".join(words_of(paper))


def case(node: int, values: Mapping[str, Any], **more: Any) -> Context:
    return full_case(CaseOf(values={node: values}, **more))


def row(paper: Paper, label: str) -> str:
    """Return what stands beside a label in the paper's tables."""
    for block in paper.blocks:
        for cells in (r.cells for r in block.rows) if isinstance(block, Table) else ():
            said = [_words(cell) for cell in cells]
            if label in said:
                return said[said.index(label) + 1]
    raise AssertionError(f"{label}：{text(paper)}")


def _words(cell: Cell) -> str:
    return "".join(plain(part) for part in cell.texts).replace("　", "").replace(" ", "")


def ends(paper: Paper) -> Signature:
    return next(block for block in paper.blocks if isinstance(block, Signature))


def in_order(words: str, parts: Sequence[str]) -> None:
    """Assert that the parts stand in a text one after the other."""
    place = 0
    for part in parts:
        place = words.find(part, place)
        assert place >= 0, part


# ------------------------------------------------------------------------------------ 23 to 30


def test_the_auction_announcement_has_what_the_rules_of_network_auctions_ask() -> None:
    words = text(made("25-auction-announcement"))
    for head in ("一、", "二、", "三、", "四、", "五、", "六、", "七、", "八、", "九、", "十、",
                 "十一、", "十二、", "十三、"):  # fmt: skip
        assert head in words
    for said in (
        "位于焦作市山阳区塔南路18号2号楼1单元501室的房屋",
        "起拍价（保留价）602000元",
        "60200元",
        "淘宝网",
        "自2024年6月12日10时起至次日10时止",
        "北卧室墙面渗水",
        "抵押权人为中国农业银行焦作分行",
        "具备完全民事行为能力",
        "委托他人代为竞买的，应当在竞价程序开始前办理委托手续",
        "以实物现状为准",
        "一切已知和未知瑕疵",
        "买受人真实身份的确认书并公示",
        "保证金不予退还",
        "承租人赵小平",
        "不能保证拍卖财产的真伪或者品质",
        "监督电话",
        "河南省焦作市山阳区人民法院",
    ):
        assert said in words, said


def test_the_second_auction_is_announced_with_its_own_price_and_day() -> None:
    words = text(made("25-auction-announcement", about="asset/1/round/2", node=26))
    assert "（第二次拍卖）" in words
    assert "起拍价（保留价）481600元" in words
    assert "602000" not in words
    assert "自2024年7月8日" in words
    assert "2024年6月12日" not in words


def test_what_is_known_of_defects_is_never_left_out_in_silence() -> None:
    paper = made("25-auction-announcement", case(19, {"defects": None, "encumbrances": None}))
    labels = [gap.label for gap in paper.gaps]
    assert "质量瑕疵" in labels
    assert "权利负担" in labels


def test_the_confirmation_passes_the_property_when_it_is_served_on_the_buyer() -> None:
    paper = made("27-sale-confirmation-ruling")
    words = text(paper)
    in_order(words, ("买受人：孙志强", "本院认为", "裁定如下", "自本裁定送达买受人孙志强时起转移"))
    assert "655000元（人民币陆拾伍万伍仟元整）" in words
    assert "2024年6月18日将全部价款交付本院" in words


@pytest.mark.parametrize(
    ("ground", "said", "article"),
    [
        ("再次拍卖流拍", "两次网络司法拍卖，均流拍", "第十六条"),
        ("一拍流拍后申请抵债", "第一次拍卖流拍", "第十六条"),
        ("双方同意不经拍卖、变卖直接抵债", "均同意不经拍卖、变卖", "第四百八十九条"),
    ],
)
def test_a_ruling_of_property_for_debt_rests_on_its_own_ground(
    ground: str, said: str, article: str
) -> None:
    words = text(made("29-offset-ruling", case(29, {"offset_ground": ground})))
    assert said in words
    assert article in words
    assert "作价481600元，交付焦作市甲商贸有限公司抵偿" in words


@pytest.mark.parametrize(
    ("key", "node", "field"),
    [
        ("28-sale-ruling", 28, "sale_ground"),
        ("29-offset-ruling", 29, "offset_ground"),
        ("34-escrow-approval", 34, "escrow_ground"),
        ("36-consumption-restriction-order", 36, "restriction_grounds"),
        ("37-credit-listing-decision", 37, "listing_ground"),
        ("37-credit-listing-decision", 37, "listing_term"),
        ("42-deadline-change-approval", 42, "deadline_change_kind"),
        ("43-current-termination-ruling", 43, "creditor_opinion"),
        ("43-current-termination-ruling", 43, "current_terminated_ground"),
        ("43-termination-ruling", 43, "terminated_ground"),
        ("46-resumption-review", 46, "resumption_result"),
    ],
)
def test_a_ground_that_nobody_entered_is_a_gap_and_not_guessed(
    key: str, node: int, field: str
) -> None:
    paper = made(key, case(node, {field: None}))
    assert [gap.source.rsplit(".", 1)[1] for gap in paper.gaps] == [field]


def test_two_hundred_assets_all_stand_in_the_ruling_that_ends_the_run() -> None:
    many = tuple({**ASSETS[0], "name": f"第{place}号车位"} for place in range(1, 201))
    full = full_case(CaseOf(assets=many))
    for key in ("43-current-termination-ruling", "43-current-termination-checklist"):
        words = text(made(key, full))
        assert all(f"第{place}号车位" in words for place in range(1, 201))


# ------------------------------------------------------------------------------------ 31 to 35


def test_money_is_drawn_from_the_frozen_account_into_that_of_the_case() -> None:
    words = text(made("31-transfer-ruling", about="asset/2"))
    assert "划拨河南华远置业有限公司在中国工商银行股份有限公司焦作分行" in words
    assert "账号1709022101012345678" in words
    assert "账号：41050169860809990123" in words
    assert "107000.53元（人民币壹拾万柒仟元零伍角叁分）" in words
    slip = text(made("31-transfer-assistance-notice", about="asset/2"))
    in_order(slip, ("协助执行通知书", "（2024）豫0811执123号之二", "骑缝", "（回执）"))


def test_income_leaves_the_debtor_what_the_family_lives_on() -> None:
    words = text(made("31-withdrawal-ruling", about="asset/2"))
    assert "生活必需费用" in words
    assert "第二百五十四条" in words
    assert "每月保留2000元" in words


def test_the_payout_sheet_has_the_money_the_account_and_both_approvals_in_order() -> None:
    paper = made("33-payout-approval")
    assert row(paper, "到账金额") == "107,000.53元"
    assert row(paper, "扣除执行费") == "4,198.15元"
    assert row(paper, "大写金额") == "人民币壹拾万贰仟捌佰零贰元叁角捌分"
    assert row(paper, "收款账号") == "41050169860800000123"
    assert row(paper, "开户银行") == "中国建设银行焦作分行"
    assert row(paper, "款项来源") == "划拨存款"
    assert row(paper, "累计已发放") == "0.00元"
    assert row(paper, "与当事人关系") == "本人账户"
    assert "同意" in row(paper, "执行局长意见")
    assert "2024年6月14日" in row(paper, "执行局长意见")
    assert "签名" in row(paper, "分管副院长意见")
    in_order(text(paper), ("承办人意见", "执行局长意见", "分管副院长", "财务支付"))


def test_a_sheet_that_nobody_has_decided_yet_has_room_to_sign() -> None:
    ctx = full_case()
    undecided = [f for f in ctx.index.facts if f.kind != DECIDED]
    waiting = Context(ctx.rulebook, ctx.calendar, FactIndex(undecided), ctx.now)
    paper = made("33-payout-approval", waiting)
    for label in ("执行局长意见", "分管副院长意见"):
        assert row(paper, label) == "签名：年月日"
    assert paper.gaps == ()


def test_the_escrow_sheet_ticks_the_one_ground() -> None:
    paper = made("34-escrow-approval")
    ground = row(paper, "法定事由")
    assert ground.count("■") == 1
    assert "■申请执行人下落不明" in ground
    assert ground.count("□") == 5
    assert row(paper, "大写金额") == "人民币壹拾万贰仟捌佰零贰元叁角捌分"
    assert "两次按确认的地址邮寄" in row(paper, "提存情形说明")


# ------------------------------------------------------------------------------------ 36 to 41

NINE = (
    "飞机、列车软卧、轮船二等以上舱位", "星级以上宾馆、酒店、夜总会、高尔夫球场", "购买不动产",
    "租赁高档写字楼", "购买非经营必需车辆", "旅游、度假", "子女就读高收费私立学校", "高额保费",
    "G字头动车组列车全部座位",
)  # fmt: skip


@pytest.mark.parametrize("debtor", ["debtor/1", "debtor/2"])
def test_the_restriction_order_has_its_nine_items_term_lifting_and_consequences(
    debtor: str,
) -> None:
    paper = made("36-consumption-restriction-order", about=debtor)
    words = text(paper)
    assert all(item in words for item in NINE)
    for said in (
        "限制消费的期间",
        "因生活或者经营必需",
        "获批准后方可进行",
        "提供确实有效的担保或者经申请执行人同意",
        "予以拘留、罚款",
        "依法追究刑事责任",
        "举报电话（邮箱）：0391-3688111",
        "第二百六十六条",
    ):
        assert said in words, said
    assert [signer.title for signer in ends(paper).signers] == ["院长"]


def test_a_company_is_restricted_with_four_kinds_of_its_people_a_person_alone() -> None:
    person = text(made("36-consumption-restriction-order", about="debtor/1"))
    company = text(made("36-consumption-restriction-order", about="debtor/2"))
    people = "法定代表人、主要负责人、影响债务履行的直接责任人员、实际控制人"
    assert people in company
    assert people not in person
    assert "法定代表人宋华远" in company
    assert "对你单位采取限制消费措施" in company
    assert "对你采取限制消费措施" in person
    assert "你单位" not in person


GROUNDS = (
    "有履行能力而拒不履行生效法律文书确定义务",
    "以伪造证据、暴力、威胁等方法妨碍、抗拒执行",
    "以虚假诉讼、虚假仲裁或者以隐匿、转移财产等方法规避执行",
    "违反财产报告制度",
    "违反限制消费令",
    "无正当理由拒不履行执行和解协议",
)


def test_the_listing_ticks_its_grounds_states_the_term_and_the_way_to_have_it_mended() -> None:
    chosen = [GROUNDS[1], GROUNDS[3]]
    paper = made("37-credit-listing-decision", case(37, {"listing_ground": chosen}))
    words = text(paper)
    for place, ground in enumerate(GROUNDS):
        mark = "■" if ground in chosen else "□"
        assert f"{mark}（{'一二三四五六'[place]}）{ground}" in words
    assert "期限为二年" in words
    assert "本决定自作出之日起生效" in words
    assert "十五日内审查" in words
    assert "三个工作日内纠正" in words
    assert "十日内向河南省焦作市中级人民法院申请复议" in words
    assert [signer.title for signer in ends(paper).signers] == ["院长"]


def test_a_listing_for_ability_to_pay_has_no_term() -> None:
    values = {"listing_ground": [GROUNDS[0]], "listing_term": "不定期限"}
    paper = made("37-credit-listing-decision", case(37, values))
    words = text(paper)
    assert "至依法删除失信信息之日止" in words
    assert "期限为" not in words
    assert "期限" not in {citation.subject for citation in paper.citations}


def test_whoever_has_paid_is_not_told_to_go_on_paying() -> None:
    paid = text(made("38-credit-deletion-decision"))
    agreed = text(
        made(
            "38-credit-deletion-decision",
            case(38, {"credit_fault_ground": "申请执行人书面申请删除，经审查同意"}),
        )
    )
    assert "继续履行" not in paid
    assert "不免除王镕继续履行" in agreed


def test_the_warrant_names_both_summonses_and_the_president() -> None:
    paper = made("39-bring-in-warrant")
    reason = row(paper, "拘传原因")
    assert "2024年4月1日、2024年4月10日两次传票传唤" in reason
    assert row(paper, "批准人") == "院长赵院长"
    assert "被拘传人签名捺印" in text(paper)


def test_a_representative_is_not_questioned_under_the_numbers_of_the_company() -> None:
    values = {"brought_in_person": "宋华远", "brought_in_capacity": "被执行人的法定代表人"}
    paper = made("39-inquiry-record", case(39, values), about="debtor/2")
    assert "91410800MA44XYRE2P" not in text(paper)
    assert "宋华远" in text(paper)


@pytest.mark.parametrize(
    ("key", "said"),
    [("40-fine-decision", "罚款10000元（人民币壹万元整）"), ("40-detention-decision", "拘留15日")],
)
def test_fine_and_detention_tell_of_the_review(key: str, said: str) -> None:
    paper = made(key)
    words = text(paper)
    assert said in words
    assert "三日内" in words
    assert "河南省焦作市中级人民法院" in words
    assert "复议期间不停止本决定的执行" in words
    assert f"{LAW}第一百一十四条、第一百一十八条、第一百一十九条" in words
    unit = text(made(key, case(40, {"sanctioned_person_kind": "协助义务单位"})))
    assert f"{LAW}第一百一十七条、第一百一十八条" in unit


def test_a_record_has_a_head_what_is_told_questions_with_room_and_the_closing_words() -> None:
    for key in ("29-offset-inquiry-record", "39-inquiry-record", "41-explanation-record"):
        paper = made(key)
        assert paper.signed_pages
        in_order(text(paper), ("告知：", "问：", "以上笔录已阅，与我讲的一样", "记录人签名"))
        assert sum(block.lines for block in paper.blocks if isinstance(block, Ruled)) >= 9


# ------------------------------------------------------------------------------------ 42 to 46


@pytest.mark.parametrize(
    ("ground", "item"),
    [
        ("申请人表示可以延期执行", "（一）"),
        ("案外人对执行标的提出确有理由的异议", "（二）"),
        ("其他应当中止执行的情形", "（五）"),
    ],
)
def test_a_stay_cites_the_item_of_its_ground(ground: str, item: str) -> None:
    words = text(made("42-stay-ruling", asked={"stay_ground": ground}))
    assert f"第一百五十七条第一款第（八）项、第二百六十七条第一款第{item}项" in words


@pytest.mark.parametrize(
    ("ground", "item"),
    [
        ("据以执行的法律文书被撤销", "（二）"),
        ("作为被执行人的公民死亡，无遗产可供执行又无义务承担人", "（三）"),
        ("被执行公民因生活困难无力偿还，无收入来源又丧失劳动能力", "（五）"),
        ("被执行人被宣告破产", "（六）"),
    ],
)
def test_an_end_of_the_enforcement_cites_the_item_of_its_ground(ground: str, item: str) -> None:
    words = text(made("43-termination-ruling", case(43, {"terminated_ground": ground})))
    assert f"第二百六十八条第{item}项" in words
    assert ground in words
    assert "六十日内" in words


def test_the_ruling_that_ends_the_run_tells_its_steps_and_rights_in_order() -> None:
    paper = made("43-current-termination-ruling")
    in_order(
        text(paper),
        (
            "申请执行人：", "被执行人：", "立案执行",
            "一、2024年3月8日，本院向被执行人发出执行通知书", "报告财产令",
            "二、", "网络执行查控系统", "三、", "住房公积金", "四、", "线索", "五、", "六、",
            "限制消费令",
            "七、2024年5月30日，本院与申请执行人进行终本约谈", "尚有179542.68元未执行", "本院认为",
            "第五百一十七条", "裁定如下：", "终结本次执行程序。", "继续向申请执行人履行债务",
            "再次申请不受申请执行时效期间的限制", "五年内每六个月", "六十日内", "送达后立即生效",
        ),
    )  # fmt: skip
    assert [signer.title for signer in ends(paper).signers] == ["审判长", "审判员", "审判员"]
    assert [signer.title for signer in ends(paper).below] == ["法官助理", "书记员"]


@pytest.mark.parametrize(
    ("day", "old_enough"), [(date(2024, 6, 1), False), (date(2024, 6, 2), True)]
)
def test_the_ruling_does_not_claim_three_months_before_they_are_over(
    day: date, old_enough: bool
) -> None:
    paper = made("43-current-termination-ruling", day=day)
    assert ("自立案之日起已超过三个月" in text(paper)) is old_enough
    assert paper.gaps == ()


def test_a_creditor_who_disagrees_did_not_sign_the_end_of_the_run() -> None:
    agreed = text(made("43-current-termination-ruling"))
    against = text(made("43-current-termination-ruling", case(43, {"creditor_opinion": "不同意"})))
    assert "申请执行人已签字确认" in agreed
    assert "报经院长批准" not in agreed
    assert "申请执行人已签字确认" not in against
    assert "经合议庭审查核实并报经院长批准" in against


def test_each_debtor_without_a_restriction_order_is_a_gap_of_the_ruling_that_ends_the_run() -> None:
    paper = made("43-current-termination-ruling", case(36, {"consumption_restricted_on": None}))
    assert {gap.source for gap in paper.gaps} == {
        "node/36/debtor/1.consumption_restricted_on",
        "node/36/debtor/2.consumption_restricted_on",
    }


def test_the_checklist_answers_each_of_the_nine_checks() -> None:
    paper = made("43-current-termination-checklist")
    table = next(block for block in paper.blocks if isinstance(block, Table) and block.head == 1)
    answers = [_words(entry.cells[2]) for entry in table.rows[1:]]
    assert len(answers) == 9
    for answer, said in zip(
        answers,
        ("2024年3月8日", "2024年3月20日", "现场调查", "股息红利", "核查完毕", "已处置",
         "限制消费令", "是否同意终本：同意", "尚未执行179,542.68元"),
        strict=True,
    ):  # fmt: skip
        assert said in answer
    assert all("第页" in _words(entry.cells[3]) for entry in table.rows[1:])


def test_closing_lifts_only_what_still_stands_under_control() -> None:
    money = {**ASSETS[1], "name": "工行存款"}
    kept = case(31, {"drawn_on": None}, assets=(ASSETS[0], money))
    words = text(made("43-control-release-ruling", kept))
    assert "501室" in words
    assert "工行存款" in words
    assert "（2024）豫0811执123号之一" in words
    drawn = case(31, {"drawn_on": "2024-05-20"}, assets=(money,))
    lifted = case(17, {"released_on": "2024-06-01"}, assets=(money,))
    for gone in (drawn, lifted):
        paper = made("43-control-release-ruling", gone)
        assert [gap.label for gap in paper.gaps] == ["尚在查封、扣押、冻结中的财产"]


def test_the_closing_notice_tells_what_was_received() -> None:
    values = {"received_amount": "286543.21", "completion_acceptance": "没有认可，制作结案通知书"}
    words = text(made("43-completion-notice", case(43, values)))
    assert "执行到位286543.21元" in words
    assert "执行完毕方式结案" in words
    assert "控制措施已全部解除" in words


def test_the_closing_sheet_has_every_amount_of_the_guideline() -> None:
    paper = made("43-closing-approval")
    assert row(paper, "结案标的金额") == "286,543.21元"
    assert row(paper, "执行到位金额") == "107,000.53元"
    assert row(paper, "放弃金额") == "0.00元"
    assert row(paper, "尚未执行金额") == "179,542.68元"
    assert row(paper, "结案方式") == "终结本次执行程序"
    assert "■一致" in row(paper, "卷宗一致情况")
    assert "签名" in row(paper, "审管办审查意见")


def test_a_resumption_names_the_new_case_and_the_new_officer() -> None:
    words = text(made("46-resumption-notice"))
    assert "（2024）豫0811执恢15号" in words
    assert "承办人为孙法官" in words
    assert "（2024）豫0811执123号之七执行裁定终结本次执行程序" in words
    paper = made("46-officer-change-approval")
    assert row(paper, "原承办人") == "张承办"
    assert row(paper, "新承办人") == "孙法官"


# ------------------------------------------------------------------------------ parties, articles


def test_a_minor_a_company_and_an_agent_stand_with_those_who_act_for_them() -> None:
    full = full_case(CaseOf(creditors=(CREDITOR, CHILD), debtors=(COMPANY,)))
    words = text(made("43-current-termination-ruling", full))
    in_order(
        words,
        (
            "法定代表人：陈立",
            "委托诉讼代理人：方正",
            "申请执行人：李晓禾",
            "法定代理人：李国强",
            "被执行人：",
        ),
    )
    assert "焦作市甲商贸有限公司、李晓禾与被执行人河南华远置业有限公司" in words


def test_many_parties_are_named_in_full_at_the_head_and_counted_in_the_sentence() -> None:
    debtors = tuple({**PERSON, "name": f"被执行人甲{place}"} for place in range(1, 8))
    words = text(made("23-auction-ruling", full_case(CaseOf(debtors=debtors))))
    assert all(f"被执行人：被执行人甲{place}" in words for place in range(1, 8))
    assert "被执行人甲1等7人" in words


@pytest.mark.parametrize(
    ("day", "articles"),
    [
        (date(2021, 6, 1), ("第二百四十四条", "第二百四十七条", "第四百八十八条")),
        (date(2022, 6, 1), ("第二百五十一条", "第二百五十四条", "第四百八十六条")),
        (date(2024, 6, 1), ("第二百五十五条", "第二百五十八条", "第四百八十六条")),
    ],
)
def test_a_ruling_cites_the_articles_of_its_day(day: date, articles: tuple[str, ...]) -> None:
    words = text(made("23-auction-ruling", day=day))
    assert all(article in words for article in articles)


def test_the_end_of_the_run_before_and_after_the_renumbering() -> None:
    before = text(made("43-current-termination-ruling", day=date(2022, 4, 9)))
    after = text(made("43-current-termination-ruling", day=date(2022, 4, 10)))
    assert "第五百一十九条" in before
    assert "第五百一十七条" not in before
    assert "第五百一十七条" in after
    assert "第五百一十九条" not in after


# ------------------------------------------------------------------------------------ unfreezing


def unfreezing(node: int, subject: str, *, decided: bool = False) -> Context:
    """Return the full case, its node frozen or not, with an application to unfreeze it."""
    ctx = full_case()
    at = datetime(2024, 6, 12, 9, 0)
    seq = ctx.index.facts[-1].seq + 1
    asked = {
        "matter": "unfreeze",
        "reason": "评估机构迟延。\n报告已于6月11日收到。",
        "roles": ["院"],
    }
    made_facts = [
        *ctx.index.facts,
        Fact(seq, REQUESTED, subject, at, at, at, "张承办", node, asked),
    ]
    if decided:
        said = {"request": seq, "outcome": "granted", "role": "执行局长", "by": "李局长",
                "reason": "情况属实", "matter": "unfreeze", "final": True}  # fmt: skip
        made_facts.append(Fact(seq + 1, DECIDED, subject, at, at, at, "李局长", node, said))
    return Context(ctx.rulebook, ctx.calendar, FactIndex(made_facts), ctx.now)


@pytest.mark.parametrize(
    ("node", "receiver"),
    [
        (3, "河南省焦作市中级人民法院"),
        (33, "河南省焦作市中级人民法院执行局"),
        (43, "河南省高级人民法院"),
    ],
)
def test_the_report_goes_to_the_court_that_may_unfreeze(node: int, receiver: str) -> None:
    subject = "payment/1" if node == 33 else "case"
    log = (LogLine("2024年5月20日", "2024-05-21 09:00", "张承办", "款项到账　107000.53元"),)
    paper = made(
        "03-unfreeze-report",
        unfreezing(node, subject),
        node=node,
        about=subject,
        log=log,
        hops=("2024年6月13日报中级人民法院",),
    )
    words = text(paper)
    assert f"{receiver}：" in words
    assert "评估机构迟延。" in words
    assert "报告已于6月11日收到。" in words
    assert "款项到账　107000.53元" in words
    assert "2024年6月13日报中级人民法院" in words
    assert row(paper, "案件状态")
    assert ("层报你院" in words) is (node == 43)
    assert ("网络冻结划拨款" in words) is (node == 33)


def test_the_sheet_shows_the_decision_with_its_day_or_room_for_it() -> None:
    waiting = made("03-unfreeze-approval", unfreezing(3, "case"))
    assert row(waiting, "执行局长意见") == "签名：年月日"
    assert row(waiting, "解冻权限")
    assert "2024年3月2日" in row(waiting, "冻结时间")
    decided = made("03-unfreeze-approval", unfreezing(3, "case", decided=True))
    said = row(decided, "执行局长意见")
    assert said == "同意。情况属实。签名：李局长2024年6月12日"
    assert text(decided).count("执行局长意见") == 1


def test_nothing_of_an_empty_case_is_asserted_in_the_referral_to_the_police() -> None:
    paper = made("41-criminal-referral-letter", empty_case(), full=False)
    assert "释明日期" in {gap.label for gap in paper.gaps}
