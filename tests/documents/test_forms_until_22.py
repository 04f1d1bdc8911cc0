"""What the papers of nodes 1 to 22 must say: the points that law, norms and guideline ask for.

The expected sentences come from the laws (民诉法, 财产调查规定, 查封规定, 参考价规定) and from the
guideline, not from the forms.
"""

from __future__ import annotations

import re
from datetime import date

import pytest

from helpers.full_case import CaseOf, full_case, library, made
from helpers.full_values import ASSETS, CHILD, COMPANY, CREDITOR, PERSON
from zhixing_desktop.documents.blocks import PageBreak, Ruled, Signature, Table, Tear, words_of
from zhixing_desktop.documents.form_types import PaperKind

FULL = full_case()
RECORDS = [
    key
    for key, form in library().forms.items()
    if form.kind is PaperKind.RECORD and int(key[:2]) < 23
]


def text(name: str, case: CaseOf | None = None, **more: object) -> str:
    ctx = FULL if case is None else full_case(case)
    return "\n".join(words_of(made(name, ctx, **more)))  # type: ignore[arg-type]


def has(words: str, *points: str) -> None:
    missing = [point for point in points if point not in words]
    assert missing == []


# --------------------------------------------------------------------------------- filing


def test_acceptance_tells_the_creditor_what_the_filing_brings() -> None:
    words = text("案件受理通知书")
    has(
        words, "焦作市甲商贸有限公司：", "（2023）豫0811民初2456号民事判决书",
        "2024年3月1日立案执行",
        "（2024）豫0811执123号", "286543.21元", "贰拾捌万陆仟伍佰肆拾叁元贰角壹分",
        "41050169860809990123", "送达地址", "财产线索", "由被执行人负担",
    )  # fmt: skip


def test_a_preservation_case_is_spoken_of_in_its_own_words() -> None:
    case = CaseOf(kind="preservation")
    has(text("案件受理通知书", case), "申请执行财产保全")
    assert "执行申请费" not in text("案件受理通知书", case)
    ruling = text("执行裁定书（查封用）", case)
    has(ruling, "申请保全人：焦作市甲商贸有限公司", "被保全人：王镕", "申请复议一次")
    assert "被执行人" not in ruling


def test_the_address_form_tells_the_consequences_and_asks_for_electronic_service() -> None:
    words = text("法律文书送达地址确认书")
    has(
        words,
        "拒绝提供送达地址",
        "文书退回之日视为送达之日",
        "是否接受",
        "电子送达",
        "邮政编码",
        "代收人",
    )
    assert CREDITOR["service_address"] in words
    other = text("法律文书送达地址确认书", recipient="debtor/1")
    has(other, PERSON["service_address"], "被执行人")


def test_rights_and_risks_name_what_the_guideline_wants_explained() -> None:
    has(text("权利义务告知书"), "申请财产保全", "担保", "律师调查令", "悬赏", "回避", "书面异议")
    has(
        text("执行风险告知书"),
        "终结本次执行程序",
        "不超过一年",
        "不超过二年",
        "不超过三年",
        "必需的居住房屋",
    )


def test_a_clue_request_lists_what_can_be_a_clue() -> None:
    has(
        text("提供被执行人下落及财产线索通知书"),
        "下落",
        "不动产",
        "银行存款",
        "七日内调查核实",
        "《财产调查表》",
    )


def test_the_summary_lists_each_debtor_and_each_asset_with_its_control() -> None:
    words = text("财产查询反馈汇总表")
    has(
        words,
        "王镕",
        "河南华远置业有限公司",
        "豫H·A1234小型轿车",
        "107,000.53",
        "至2027.3.27",
        "住房公积金",
    )
    none = text("财产查询反馈汇总表", CaseOf(assets=(), values={3: {"assets_found": False}}))
    has(none, "未查获被执行人财产", "未查到可供执行的财产")


# ------------------------------------------------------------------------- notice and report


def test_an_enforcement_notice_says_all_that_the_law_asks_of_it() -> None:
    words = text("执行通知书")
    has(
        words, "王镕：", "2024年3月22日前", "（2023）豫0811民初2456号民事判决书",
        "向申请执行人支付借款本金50000元及利息", "加倍支付迟延履行期间的债务利息",
        "日万分之一点七五",
        "申请执行费650元", "失信风险提示", "违反限制消费令的", "41050169860809990123",
        "焦作市山阳区人民法院执行款专户", "案号（2024）豫0811执123号、被执行人姓名或者名称、交款人",
        "强制执行", "联系人：张承办", "0391-3688201",
    )  # fmt: skip
    grounds = (
        "有履行能力而拒不履行",
        "暴力、威胁",
        "虚假诉讼",
        "财产报告制度",
        "限制消费令",
        "和解协议",
    )
    has(words, *grounds)
    assert "你单位" not in words


def test_a_notice_to_a_company_says_you_as_one_says_it_to_a_company() -> None:
    words = text("执行通知书", about="debtor/2")
    has(words, "河南华远置业有限公司：", "责令你单位于")
    assert "责令你于" not in words


def test_the_fee_is_proposed_from_the_amount() -> None:
    assert library().form("执行通知书").ask("fee").default == "case.fee"


def test_a_duty_that_is_no_money_bears_a_penalty_instead_of_interest() -> None:
    words = text("执行通知书", CaseOf(header={"content": ["act"]}))
    has(words, "支付迟延履行金")
    assert "加倍" not in words
    assert "一案一账号" not in words


def test_an_order_to_report_property_has_its_five_points_and_its_table() -> None:
    words = text("报告财产令")
    has(
        words, "2024年3月22日前", "收到执行通知之日前一年", "自财产变动之日起十日内",
        "拒绝报告、虚假报告",
        "罚款、拘留", "纳入失信被执行人名单", "申请延长期限", "信托受益权", "登记在第三人名下",
        "《被执行人财产申报表》一份", "此令",
    )  # fmt: skip
    table = text("被执行人财产申报表")
    has(
        table,
        "收入",
        "银行存款",
        "房屋、土地使用权",
        "车辆",
        "股权",
        "债权",
        "知识产权",
        "转让、出租财产",
    )


@pytest.mark.parametrize(
    ("day", "articles"),
    [
        (date(2021, 6, 1), ("第二百四十条", "第四百八十二条", "第二百五十三条")),
        (date(2023, 6, 1), ("第二百四十七条", "第四百八十条", "第二百六十条")),
        (date(2024, 6, 1), ("第二百五十一条", "第四百八十条", "第二百六十四条")),
    ],
)
def test_a_notice_cites_the_articles_of_its_day(day: date, articles: tuple[str, ...]) -> None:
    has(text("执行通知书", day=day), *articles)


# --------------------------------------------------------------------------- service, records


def test_a_proof_of_service_has_room_for_every_way_of_service() -> None:
    words = text("送达回证")
    has(
        words, "（2024）豫0811执123号执行通知书1份", "受送达人", "送达地点", "签名或者盖章",
        "代收理由",
        "拒收事由和日期", "见证人", "送达人", "备考", "留置",
    )  # fmt: skip
    assert library().form("送达回证").nodes == (7, *(n for n in range(1, 47) if n != 7))


@pytest.mark.parametrize(
    ("day", "counts", "article"),
    [
        (date(2024, 4, 1), "经过三十日，即视为送达", "第九十五条"),
        (date(2022, 1, 1), "经过三十日，即视为送达", "第九十五条"),
        (date(2021, 12, 31), "经过六十日，即视为送达", "第九十二条"),
    ],
)
def test_a_service_by_announcement_counts_the_days_of_the_law_of_its_day(
    day: date, counts: str, article: str
) -> None:
    has(text("公告送达公告", day=day), counts, article, "执行通知书", "下落不明")


@pytest.mark.parametrize("key", RECORDS)
def test_a_record_has_head_telling_room_closing_and_signatures(key: str) -> None:
    paper = made(key, FULL)
    words = "\n".join(words_of(paper))
    assert paper.signed_pages
    has(words, "案号", "记录人", "执行人员：", "听清")
    assert re.search("地点|场所|处所|所在地", words)
    has(words, "时间", "笔录已阅", "签名", "拒绝签名")
    assert sum(block.lines for block in paper.blocks if isinstance(block, Ruled)) >= 8
    assert any(isinstance(block, Table) for block in paper.blocks)


@pytest.mark.parametrize("key", RECORDS)
def test_a_record_can_be_begun_without_knowing_when_and_where(key: str) -> None:
    form = library().forms[key]
    assert [ask.name for ask in form.asks if ask.required] == []


# ------------------------------------------------------------------------- search and inquiry


def test_a_search_order_is_signed_by_the_president() -> None:
    paper = made("搜查令", FULL)
    words = "\n".join(words_of(paper))
    has(
        words,
        "河南华远置业有限公司财务室",
        "隐匿会计账簿等资料",
        "张承办",
        "女执行人员",
        "出示本搜查令",
    )
    (end,) = [block for block in paper.blocks if isinstance(block, Signature)]
    assert [signer.title for signer in end.signers] == ["院长"]
    assert end.seal == "院印"


def test_a_summons_has_a_stub_and_a_copy_with_the_same_words() -> None:
    paper = made("传票", FULL)
    words = words_of(paper)
    has(
        "\n".join(words),
        "传票（存根）",
        "本联存卷",
        "本联送达被传唤人",
        "2024年4月22日9时",
        "送达回证",
    )
    assert sum(isinstance(block, PageBreak) for block in paper.blocks) == 1
    assert words.count("2024年4月22日9时") == 2
    assert words.count("本院执行局第二询问室") == 2


def test_help_in_searching_is_asked_for_a_car_or_for_a_person() -> None:
    has(text("协助查找通知书"), "豫H·A1234小型轿车", "未能实际扣押", "第十六条", "暂扣")
    person = {"search_target": "下落不明的被执行人", "wanted_asset": None}
    words = text("协助查找通知书", CaseOf(values={14: person}))
    has(words, "下落不明的被执行人", "第十五条")
    assert "暂扣" not in words


def test_a_bounty_says_how_much_for_what_and_until_when() -> None:
    words = text("悬赏公告")
    has(words, "百分之十", "领取条件", "先后顺序", "保密", "失效", "执行款中扣减", "0391-3688201")
    refused = text("悬赏决定书", CaseOf(values={15: {"bounty_decision": "不准许"}}))
    has(refused, "不准许申请执行人焦作市甲商贸有限公司发布悬赏公告的申请")
    assert "准许申请执行人" not in refused.replace("不准许申请执行人", "")


def test_a_lawyers_order_has_number_holder_matters_term_and_slip() -> None:
    paper = made("律师调查令", FULL)
    words = "\n".join(words_of(paper))
    has(
        words, "（2024）豫0811执调令7号", "方正", "14108202010123456", "河南怀川律师事务所",
        "合同、结算单和付款凭证", "2024年5月23日", "签发人", "回执", "河南丁建设集团有限公司：",
    )  # fmt: skip


# -------------------------------------------------------------------------------- control


@pytest.mark.parametrize(
    ("name", "about", "measure", "term"),
    [
        ("执行裁定书（查封用）", "asset/1", "查封被执行人王镕所有的", "三年"),
        ("执行裁定书（扣押用）", "asset/3", "扣押被执行人王镕所有的豫H·A1234小型轿车", "二年"),
        ("执行裁定书（冻结用）", "asset/2", "冻结被执行人河南华远置业有限公司的", "一年"),
    ],
)
def test_a_ruling_on_control_names_owner_thing_and_the_longest_lawful_term(
    name: str, about: str, measure: str, term: str
) -> None:
    words = text(name, about=about, asked={"term": None})
    has(
        words,
        measure,
        f"期限为{term}",
        "立即执行",
        "书面异议",
        "第四百八十五条",
        "王镕，男，1988年3月15日出生，汉族",
    )


def test_a_frozen_account_is_frozen_up_to_what_is_owed() -> None:
    words = text("执行裁定书（冻结用）", about="asset/2")
    has(words, "以286543.21元（人民币贰拾捌万陆仟伍佰肆拾叁元贰角壹分）为限", "第二百五十三条")


def test_a_queued_control_takes_effect_by_itself() -> None:
    has(
        text("执行裁定书（轮候查封、扣押、冻结用）"),
        "河南省焦作市解放区人民法院",
        "自动生效",
        "第二十六条",
    )


def test_a_renewal_begins_where_the_former_term_ends() -> None:
    has(
        text("执行裁定书（续行查封、扣押、冻结用）"),
        "期限至2027年3月27日届满",
        "届满的次日起",
        "申请延长期限",
    )


@pytest.mark.parametrize(
    ("ground", "said"),
    [
        ("执行完毕", "债务已经清偿"),
        ("案外人异议成立", "案外人对上述财产提出的异议成立"),
        ("超标的控制", "明显超过执行标的额"),
        ("变卖不成且不接受抵债，退还被执行人", "退还被执行人王镕"),
    ],
)
def test_a_release_gives_its_ground(ground: str, said: str) -> None:
    words = text(
        "执行裁定书（解除查封、扣押、冻结用）", CaseOf(values={17: {"release_ground": ground}})
    )
    has(words, said, "第二十八条", "解除对被执行人王镕的")


def test_a_request_for_help_says_what_until_when_and_has_a_slip() -> None:
    paper = made("协助执行通知书", FULL)
    words = "\n".join(words_of(paper))
    has(
        words, "焦作市不动产登记中心：", "（2024）豫0811执123号之一执行裁定书",
        "410811198803153219",
        "2027年3月27日", "拒不协助", "回执", "经办人", "轮候顺位",
    )  # fmt: skip
    assert any(isinstance(block, Tear) for block in paper.blocks)
    lifted = text("协助执行通知书", asked={"act": "解除查封"})
    has(lifted, "解除查封被执行人王镕", "依法自动生效")
    assert "期限至" not in lifted


def test_a_record_of_control_has_what_article_18_asks_for() -> None:
    words = text("查封（扣押、冻结）笔录")
    has(words, "查封笔录", "开始时间", "完成时间", "财产所在地", "种类、数量", "保管人", "到场")


def test_two_hundred_assets_stand_in_one_list() -> None:
    many = tuple({**ASSETS[2], "name": f"第{place}号设备"} for place in range(1, 201))
    paper = made(
        "查封（扣押）财产清单",
        full_case(CaseOf(assets=many, values={14: {"wanted_asset": "asset/1"}})),
    )
    tables = [block for block in paper.blocks if isinstance(block, Table)]
    rows = [words for words in words_of(paper) if re.match("第[0-9]+号设备", words)]
    assert len(rows) == 200
    assert tables[1].head == 1
    assert paper.gaps == ()


# ------------------------------------------------------------------- termination, price


def test_the_interview_tells_what_was_done_and_asks_for_consent() -> None:
    words = text("终本约谈笔录")
    has(
        words, "方式", "被约谈人", "网络查控", "住房公积金", "收益类保险",
        "是否同意终结本次执行程序",
        "财产线索", "每六个月", "不受申请执行时效期间的限制",
    )  # fmt: skip
    has(
        text("拟终结本次执行程序告知书"),
        "拟裁定终结本次执行程序",
        "第五百一十七条",
        "同意终结",
        "签名或者盖章",
    )


def test_the_state_of_a_property_has_its_five_points() -> None:
    has(
        text("财产状况调查表"), "权属", "权利负担", "占有使用", "欠缴税费", "质量瑕疵", "由王镕自住"
    )


def test_pricing_letters_carry_what_the_rules_on_prices_ask_for() -> None:
    has(text("议价通知书"), "2024年4月18日前", "议价结果为参考价", "不得超过一年")
    has(text("定向询价函"), "计税基准价", "2024年4月22日前")
    has(text("网络询价委托书"), "物理特征", "规格数量", "目的要求", "三日内")
    has(
        text("评估委托书"), "河南戊房地产评估有限公司：", "物理特征", "规格数量", "三十日内", "移交"
    )


def test_a_report_goes_out_with_the_right_to_object_within_five_days() -> None:
    words = text("报告送达函")
    has(
        words,
        "收到报告后五日内",
        "豫戊评报字〔2024〕第0456号",
        "860000元",
        "第二十二条",
        "第二十三条",
    )
    directed = text("报告送达函", CaseOf(values={21: {"report_kind": "定向询价报告"}}))
    assert "五日内" not in directed
    has(directed, "提出异议的，本院不予受理")


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("异议不成立，予以驳回", "驳回异议人王镕的异议请求。"),
        ("异议人撤回异议", "准许异议人王镕撤回异议申请。"),
        ("异议成立，重新询价或者评估", "另行委托询价或者评估"),
        ("异议成立，由机构说明或者补正", "书面说明或者补正"),
    ],
)
def test_an_objection_is_decided_as_the_officer_entered_it(outcome: str, said: str) -> None:
    case = CaseOf(values={22: {"objection_outcome": outcome}})
    words = text("执行裁定书（参考价异议审查用）", case)
    has(words, said, "十日内，向河南省焦作市中级人民法院申请复议", "遗漏了地下车库的使用权")


# ---------------------------------------------------------------------------------- parties


def test_a_minor_appears_with_his_guardian_and_a_company_with_its_head() -> None:
    case = CaseOf(creditors=(CHILD, CREDITOR), debtors=(COMPANY, PERSON))
    words = text("执行裁定书（查封用）", case)
    has(
        words, "申请执行人：李晓禾，女，2012年9月1日出生，汉族",
        "法定代理人：李国强，系李晓禾之父亲",
        "法定代表人：宋华远，总经理", "委托诉讼代理人：方正，河南怀川律师事务所律师",
        "申请执行人李晓禾、焦作市甲商贸有限公司与被执行人河南华远置业有限公司、王镕",
    )  # fmt: skip


def test_many_debtors_are_named_once_and_counted() -> None:
    many = tuple({**PERSON, "name": f"被告{place}"} for place in range(1, 6))
    words = text("查封公告", CaseOf(debtors=many))
    has(words, "被执行人被告1等5人")


def test_papers_for_each_creditor_speak_to_that_creditor() -> None:
    case = CaseOf(creditors=(CREDITOR, CHILD))
    has(text("案件受理通知书", case, about="creditor/2"), "（法定代理人：李国强）：", "你与王镕")
    has(text("收款账户确认书", case), "41050169860800000123", "特别授权")


def test_a_minor_is_addressed_through_the_guardian() -> None:
    case = CaseOf(debtors=(CHILD, COMPANY))
    for name in ("执行通知书", "报告财产令"):
        assert "李晓禾（法定代理人：李国强）：" in text(name, case)
    assert "法定代理人" not in text("执行通知书").splitlines()[3]


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        ("共有人", "析产诉讼"),
        ("最高额抵押权人", "自收到本通知时起不再增加"),
        ("抵押权人", "先清偿抵押担保的债权"),
        ("占有人", "不得将其交付给被执行人"),
    ],
)
def test_who_else_has_a_right_in_a_thing_is_told_what_follows(standing: str, said: str) -> None:
    words = text("查封情况通知书（共有人、抵押权人等用）", asked={"standing": standing})
    has(words, said, "中国农业银行股份有限公司焦作分行：", "书面异议")
