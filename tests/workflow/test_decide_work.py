"""Recording fields and work items: what counts together, what is refused, what is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from helpers.desk import Desk, day
from helpers.stages import CAR, PAYMENT, begun, failed_once, held, on_auction, paid_in
from zhixing_desktop.workflow import gates
from zhixing_desktop.workflow.completeness import (
    current_value,
    fields_in_play,
    items_in_play,
    missing,
)
from zhixing_desktop.workflow.drafts import with_draft
from zhixing_desktop.workflow.errors import InputRefusedError, RuleRefusedError
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.views import Key


def item(desk: Desk, node: int, number: int, subject: str = "case", **entry: Any) -> Desk:
    entry.setdefault("done_on", f"{desk.now:%Y-%m-%d}")
    step = {"do": "work", "node": node, "subject": subject, "values": {}}
    return desk.do({**step, "items": {str(number): entry}})


def in_play(desk: Desk, key: Key, **values: Any) -> set[str]:
    ctx = with_draft(desk.context, key, values)
    spec = ctx.rulebook.nodes[key.node]
    return {field.name for field in fields_in_play(ctx, spec, key.subject)}


# --- drafts


def test_a_draft_is_judged_as_if_it_were_entered() -> None:
    desk, key = begun().start(41, "debtor/1"), Key(41, "debtor/1")
    assert "police_authority" not in in_play(desk, key)
    assert "police_authority" in in_play(desk, key, criminal_route="移送公安机关立案侦查")
    assert "private_suit_on" in in_play(desk, key, criminal_route="申请执行人提起自诉")
    # Nothing was entered by looking.
    assert desk.context.index.values.get((41, "debtor/1")) is None


def test_a_date_in_a_draft_counts_as_its_event() -> None:
    desk, key = begun().start(15), Key(15, "case")
    assert "applicant" not in in_play(desk, key)
    assert "applicant" in in_play(desk, key, applied_on="2024-03-08")
    ctx = with_draft(desk.context, key, {"applied_on": "2024-03-08"})
    assert ctx.find("bounty_applied", "case").happened_at == day("2024-03-08")
    assert desk.context.find("bounty_applied", "case") is None


@pytest.mark.parametrize("typed", ["", "2024-13-45", "明天", None])
def test_what_cannot_be_read_counts_as_not_entered(typed: str | None) -> None:
    desk, key = begun().start(15), Key(15, "case")
    ctx = with_draft(desk.context, key, {"applied_on": typed, "no such field": 1})
    assert ctx.find("bounty_applied", "case") is None


def test_a_draft_shows_what_is_still_missing() -> None:
    desk, key = begun(), Key(8, "clue/1")
    desk.event("clue_received", "clue/1", name="轿车一辆", source="其他", urgent=False)
    lacking = {entry.name for entry in missing(desk.context, key)}
    typed = {"verification_way": ["现场调查"], "verified_on": "2024-03-08"}
    then = {entry.name for entry in missing(with_draft(desk.context, key, typed), key)}
    assert lacking - then == {"verification_way", "verified_on"}


def test_a_choice_and_what_follows_from_it_are_entered_together() -> None:
    desk = begun().start(41, "debtor/1")
    desk.work(
        41,
        "debtor/1",
        criminal_route="移送公安机关立案侦查",
        criminal_referred_on="2024-03-08",
        police_authority="焦作市公安局山阳分局",
    )
    assert desk.fact("criminal_referred", "debtor/1").happened_at == day("2024-03-08")


def test_gates_are_judged_with_the_draft_as_well() -> None:
    """The decision and the signature of an order in one entry (X10)."""
    desk = begun().start(16)
    desk.work(16, decision="准许", decided_on="2024-03-08", order_signed_on="2024-03-08")
    assert desk.fact("inquiry_order_signed").happened_at == day("2024-03-08")


def test_a_window_may_ask_what_would_block_with_what_is_typed() -> None:
    desk, key = begun().start(16).work(16, decided_on="2024-03-08"), Key(16, "case")
    act = gates.event_act("inquiry_order_signed")
    ctx, view = desk.context, desk.view
    assert [b.code for b in gates.blockers(ctx, view, act, key)] == ["X10"]
    assert gates.blockers(ctx, view, act, key, draft={"decision": "准许"}) == ()
    assert [
        b.code for b in gates.blockers(ctx, view, act, key, draft={"decision": "不予准许"})
    ] == ["X10"]


# --- what does not apply


@pytest.mark.parametrize(
    ("answer", "other"), [("流拍", "sold_on"), ("成交", "failed_on"), ("撤回拍卖", "sold_on")]
)
def test_a_field_that_does_not_apply_is_refused(answer: str, other: str) -> None:
    desk = on_auction(CAR).at("2024-05-06T10:00")
    with pytest.raises(InputRefusedError, match="在目前的情形下不适用"):
        desk.work(25, "asset/1/round/1", auction_result=answer, **{other: "2024-05-06"})
    # An empty value is none.
    desk.work(25, "asset/1/round/1", auction_result=answer, **{other: None})


def test_all_faults_are_said_at_once() -> None:
    desk = begun().start(40)
    with pytest.raises(InputRefusedError) as caught:
        desk.work(
            40,
            sanction_measures=["罚款"],
            sanctioned_person="无",
            fine_amount="很多",
            sanction_served_on="三月八日",
        )
    assert {problem.where for problem in caught.value.problems} == {
        "被采取措施人",
        "罚款金额",
        "决定书送达日期",
    }
    with pytest.raises(InputRefusedError) as caught:
        desk.work(
            40,
            sanction_measures=["限制出境"],
            fine_amount="1000",
            sanction_served_on="2024-12-31",
        )
    assert {problem.where for problem in caught.value.problems} == {"罚款金额", "决定书送达日期"}
    assert desk.context.index.values.get((40, "case")) is None


ASKED: dict[str, tuple[Callable[[], Desk], int, str, str, set[str]]] = {
    # answer: where it is given, to which field, and what it then calls for
    "验证未通过，已修改": (begun, 5, "case", "identity_check", {"identity_change"}),
    "有遗漏": (begun, 5, "case", "file_check", {"file_notice_to", "file_defects"}),
    "不予执行": (begun, 6, "case", "conclusion", {"conclusion_grounds"}),
    "无正当理由拒不到场": (
        lambda: begun().start(13, "debtor/1"),
        13,
        "debtor/1",
        "outcome",
        {"ignored_on"},
    ),
    "准许": (
        lambda: begun().start(15),
        15,
        "case",
        "bounty_decision",
        {"bounty_terms", "published_on", "published_at"},
    ),
    "需要有关单位协助": (
        lambda: begun().event("asset_found", "asset/1", **CAR),
        17,
        "asset/1",
        "assistance",
        {"assisting_party", "assistance_served_on"},
    ),
    "变卖成交": (
        lambda: held(CAR).event("sale_agreed", "asset/1"),
        28,
        "asset/1",
        "sale_result",
        {"sold_on", "confirmed_on", "buyer"},
    ),
    "同意接受抵债": (
        lambda: held(CAR).start(29, "asset/1"),
        29,
        "asset/1",
        "offset_answer",
        {"agreed_on", "receiving_creditor", "offset_price"},
    ),
    "更正": (
        lambda: begun().start(38, "debtor/1"),
        38,
        "debtor/1",
        "credit_fault_kind",
        {"corrected_information"},
    ),
    "移送公安机关立案侦查": (
        lambda: begun().start(41, "debtor/1"),
        41,
        "debtor/1",
        "criminal_route",
        {"criminal_referred_on", "police_authority"},
    ),
    "延长执行期限": (
        lambda: begun().start(42),
        42,
        "case",
        "deadline_change_kind",
        {"extension_months"},
    ),
}


@pytest.mark.parametrize("answer", ASKED)
def test_an_officer_is_never_let_off_what_applies(answer: str) -> None:
    """What an answer calls for is required with it, and not asked for without it."""
    make, node, subject, field, asked = ASKED[answer]
    desk, key = make(), Key(node, subject)
    without = {entry.name for entry in missing(desk.context, key)}
    then = with_draft(desk.context, key, {field: answer})
    assert not asked & without
    assert asked <= {entry.name for entry in missing(then, key)}


# --- events entered as dates


def test_a_recorded_day_is_not_overwritten() -> None:
    desk = begun()
    fact = desk.fact("enforcement_notice_issued")
    with pytest.raises(InputRefusedError, match="请用“更正”并写明理由") as caught:
        desk.work(7, notice_issued_on="2024-03-07")
    assert caught.value.problems[0].data == {"seq": fact.seq}
    desk.work(7, notice_issued_on="2024-03-08")  # the same day is no fault
    with pytest.raises(InputRefusedError, match="登记过的事实不能覆盖"):
        desk.work(7, notice_issued_on=None)


def test_a_day_that_others_recorded_is_shown_and_not_recorded_twice() -> None:
    desk = begun().event("network_query_started")
    spec = desk.context.rulebook.nodes[9].field("query_started_on")
    assert current_value(desk.context, Key(9, "case"), spec) == "2024-03-08"
    desk.work(9, query_started_on="2024-03-08")
    assert desk.context.index.count("network_query_started", "case") == 1


def test_the_moment_of_a_finding_is_compared_to_the_minute() -> None:
    """48 hours run from it."""
    desk = (
        begun()
        .at("2024-03-11T10:20")
        .event("asset_found", "asset/1", name="工行存款", category="银行存款", online=True)
    )
    desk.at("2024-03-11T16:00").work(17, "asset/1", found_at="2024-03-11T10:20:00")
    with pytest.raises(InputRefusedError, match="查获财产"):
        desk.work(17, "asset/1", found_at="2024-03-11T14:00:00")


def test_a_planned_day_may_be_moved_with_its_first_recording_kept() -> None:
    desk = on_auction(CAR)
    desk.work(25, "asset/1/round/1", auction_opens_on="2024-05-20")
    desk.at("2024-04-02T10:00").work(25, "asset/1/round/1", auction_opens_on="2024-05-27")
    fact = desk.fact("auction_opens", "asset/1/round/1")
    assert (fact.happened_at, fact.recorded_at) == (day("2024-05-27"), day("2024-04-01T10:00"))
    assert fact.reason == "重新确定日期"
    desk.event("auction_opens", "asset/1/round/1", at="2024-06-03")
    assert desk.context.index.count("auction_opens", "asset/1/round/1") == 1


@pytest.mark.parametrize(
    ("at", "words"),
    [("2024-03-09", "不能在将来"), ("1999-03-01", "不可能"), ("2024-02-29", "早于立案之日")],
)
def test_impossible_days_are_refused(at: str, words: str) -> None:
    with pytest.raises(InputRefusedError, match=words):
        begun().event("network_query_started", at=at)
    with pytest.raises(InputRefusedError, match=words):
        begun().work(9, query_started_on=at)


def test_filing_comes_after_the_application_and_before_everything_else() -> None:
    desk = Desk("2024-03-01T09:00").event("application_submitted")
    desk.at("2024-03-04T09:00").event("case_filed", at="2024-03-02T09:00")
    with pytest.raises(InputRefusedError, match="不能早于收到申请材料之日"):
        Desk("2024-03-04T09:00").event("application_submitted").event(
            "case_filed", at="2024-03-01T09:00"
        )
    with pytest.raises(InputRefusedError, match="不能晚于立案之日"):
        Desk("2024-03-01T09:00").event("case_filed").at("2024-03-04T09:00").event(
            "application_submitted"
        )


def test_what_happens_once_is_recorded_once() -> None:
    desk = begun()
    with pytest.raises(RuleRefusedError, match="已经登记为") as caught:
        desk.event("case_received")
    assert "及时、完整、真实、准确" in caught.value.cite.quote
    # A result of a query may come more than once.
    desk.event("network_query_feedback").event("network_query_feedback")


def test_a_subject_comes_up_once_and_is_asked_for_in_full() -> None:
    desk = begun()
    with pytest.raises(InputRefusedError) as caught:
        desk.event("asset_found", "asset/1", name="无", category="飞船")
    assert {p.where for p in caught.value.problems} == {"财产名称", "财产种类", "可以线上控制"}
    desk.event("asset_found", "asset/1", **CAR)
    with pytest.raises(InputRefusedError, match="已经登记"):
        desk.event("asset_found", "asset/1", **CAR)
    with pytest.raises(InputRefusedError, match="案件中没有财产9"):
        desk.event("asset_controlled", "asset/9")
    with pytest.raises(InputRefusedError, match="应当登记在财产上"):
        desk.event("asset_controlled", "case")
    with pytest.raises(InputRefusedError, match="没有名为"):
        desk.do({"do": "event", "event": "asset_vanished", "subject": "asset/1"})


def test_empty_words_of_a_new_subject_stand_with_a_reason_that_is_kept() -> None:
    desk = begun()
    step = {"do": "event", "event": "asset_found", "subject": "asset/1"}
    step["data"] = {**CAR, "name": "见附件"}
    with pytest.raises(InputRefusedError, match="见附件") as caught:
        desk.do(step)
    assert [p.data.get("hollow") for p in caught.value.problems] == [True]
    with pytest.raises(InputRefusedError):
        desk.do({**step, "overrides": {"name": "短"}})
    desk.do({**step, "overrides": {"name": "清单另附，共四十项"}})
    found = desk.context.index.event("asset_found", "asset/1")
    assert found is not None
    assert found.data["name"] == "见附件"
    assert found.data["overrides"] == {"name": "清单另附，共四十项"}


def test_a_payment_names_an_asset_of_the_case() -> None:
    with pytest.raises(InputRefusedError, match="案件中没有财产3"):
        begun().event("payment_arrived", "payment/1", **PAYMENT, source="asset/3")


# --- work items


def test_papers_need_a_day_or_a_reason() -> None:
    desk = held(CAR).fill(19, "asset/1").work(20, "asset/1", pricing_method="委托评估")
    for papers, words in (
        ({"评估委托书": ""}, "写明不需要制作的理由"),
        ({"评估委托书": "无"}, "写明不需要制作的理由"),
        ({"拍卖公告": "2024-03-12"}, "没有文书《拍卖公告》"),
    ):
        with pytest.raises(InputRefusedError, match=words):
            item(desk, 20, 1, "asset/1", papers=papers)
    item(desk, 20, 1, "asset/1", papers={"评估委托书": "由评估系统自动生成，不另行制作"})


def test_only_the_papers_of_the_chosen_way_are_asked_for() -> None:
    desk = held(CAR).fill(19, "asset/1")
    for method, paper in (
        ("当事人议价", "议价通知书"),
        ("定向询价", "定向询价函"),
        ("网络询价", "网络询价委托书"),
        ("委托评估", "评估委托书"),
    ):
        other = desk.copy().work(20, "asset/1", pricing_method=method)
        item(other, 20, 1, "asset/1")
        asked = [label for label in other.missing(20, "asset/1") if label.startswith("《")]
        assert asked == [f"《{paper}》"]


def test_notices_need_somebody_of_the_item_and_a_day_or_a_reason() -> None:
    desk = on_auction(CAR)
    told = {"who": "当事人", "channel": "短信", "on": "2024-04-01"}
    nobody = {"who": "已知优先购买权人", "not_needed": "经调查没有已知的优先购买权人"}
    for wrong, words in (
        ({"who": "路人", "channel": "短信", "on": "2024-04-01"}, "没有告知“路人”的要求"),
        ({**told, "on": "2024-04-09"}, "应当是已经过去的日期"),
        ({**told, "on": "昨天"}, "应当是已经过去的日期"),
        ({**nobody, "not_needed": "无"}, "应当写明具体理由"),
    ):
        with pytest.raises(InputRefusedError, match=words):
            item(desk, 24, 1, "asset/1/round/1", notices=[wrong])
    item(desk, 24, 1, "asset/1/round/1", notices=[told])
    assert "告知已知优先购买权人" in desk.missing(24, "asset/1/round/1")
    item(desk, 24, 1, "asset/1/round/1", notices=[nobody])
    assert "告知已知优先购买权人" not in desk.missing(24, "asset/1/round/1")
    assert "告知当事人" not in desk.missing(24, "asset/1/round/1")


def test_a_second_report_adds_to_the_first() -> None:
    desk = begun().at("2024-03-11T10:00").event("asset_found", "asset/1", **CAR)
    item(desk, 17, 2, "asset/1", papers={"执行裁定书": "2024-03-11"})
    desk.at("2024-03-12T10:00")
    item(desk, 17, 2, "asset/1", done_on="2024-03-11", materials=["裁定书送达回证"])
    fact = desk.context.index.items[(17, "asset/1")][2]
    assert fact.data["papers"] == {"执行裁定书": "2024-03-11"}
    assert fact.data["materials"] == ["裁定书送达回证"]
    assert (fact.happened_at, fact.recorded_at) == (day("2024-03-11"), day("2024-03-11T10:00"))
    with pytest.raises(InputRefusedError, match="补充时不能改动日期"):
        item(desk, 17, 2, "asset/1", done_on="2024-03-12")


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"done_on": "2024-03-09"}, "不能晚于现在"),
        ({"done_on": "2024-02-01"}, "不能早于收到申请之日"),
        ({"not_needed": "无"}, "应当写明具体理由"),
    ],
)
def test_faulty_reports_are_refused(entry: dict[str, str], words: str) -> None:
    with pytest.raises(InputRefusedError, match=words):
        item(begun(), 9, 1, **entry)


def test_an_item_that_does_not_arise_needs_a_reason_and_nothing_else() -> None:
    desk = begun()
    item(desk, 10, 1, not_needed="被执行人不动产信息均已实现网络查控")
    assert "《协助查询通知书》" not in desk.missing(10)
    assert "不动产信息查询结果" not in desk.missing(10)
    # The day from which the thirty days run is wanted all the same.
    assert "启动传统查控日期" in desk.missing(10)


def test_what_the_court_may_do_is_asked_for_in_full_once_it_is_begun() -> None:
    desk = held(CAR).event("sale_agreed", "asset/1")
    assert desk.missing(28, "asset/1") == []
    desk.work(28, "asset/1", sale_ground="当事人双方及有关权利人同意变卖")
    assert {"变卖价（元）", "变卖结果", "工作内容1"} <= set(desk.missing(28, "asset/1"))


def test_items_there_are_not_are_refused() -> None:
    with pytest.raises(InputRefusedError, match="没有工作内容9"):
        item(begun(), 9, 9)


def test_subjects_and_nodes_there_are_not_are_refused() -> None:
    desk = begun()
    for step in (
        {"do": "complete", "node": 47},
        {"do": "start", "node": 36, "subject": "case"},
        {"do": "work", "node": 17, "subject": "asset"},
        {"do": "complete", "node": 7, "subject": "nonsense"},
    ):
        with pytest.raises(InputRefusedError):
            desk.do(dict(step))
    for step in (
        {"do": "work", "node": 17, "subject": "asset/1"},
        {"do": "start", "node": 36, "subject": "debtor/9"},
    ):
        with pytest.raises(RuleRefusedError, match="本案没有对应的办理对象"):
            desk.do(dict(step))


# --- completing


def test_completing_names_everything_that_is_missing() -> None:
    desk = begun()
    with pytest.raises(RuleRefusedError, match="不能办结：还缺少") as caught:
        desk.complete(9)
    missing_ = {entry["label"] for entry in caught.value.data["missing"]}
    assert missing_ == set(desk.missing(9))
    assert caught.value.cite is not None


def test_what_is_done_is_not_completed_twice() -> None:
    with pytest.raises(RuleRefusedError, match="已经办结"):
        begun().complete(7)


def test_a_completed_node_may_be_added_to_but_not_emptied() -> None:
    desk = begun().work(7, service_way="直接送达", served_on="2024-03-08")
    with pytest.raises(RuleRefusedError, match="是办结的依据，不能去掉") as caught:
        desk.work(7, notice_number=None)
    assert caught.value.data["missing"] == ["notice_number"]
    desk.work(7, notice_number="（2024）豫0811执1号之一")


def test_completion_has_a_day_that_was() -> None:
    desk = begun().enter(9)
    desk.now = day("2024-03-08T10:00")
    for moment, words in (("2024-03-09T10:00", "不能晚于现在"), ("2024-02-01T10:00", "不能早于")):
        from zhixing_desktop.workflow import decide

        with pytest.raises(InputRefusedError, match=words):
            decide.complete(desk.context, desk.view, Key(9, "case"), day(moment))


def test_the_officer_chosen_at_the_hand_over_is_the_officer_of_the_case() -> None:
    desk = Desk("2024-03-01T09:00").fill(1).fill(2).fill(3)
    desk.fill(4, case_officer="孙法官")
    assert desk.context.current_officer() == "孙法官"
    assert len(desk.context.index.officers) == 1


def test_hollow_words_need_a_reason_and_keep_it() -> None:
    desk = begun()
    with pytest.raises(InputRefusedError, match="填写"):
        desk.work(9, feedback_detail="详见卷宗")
    step = {"do": "work", "node": 9, "values": {"feedback_detail": "详见卷宗"}}
    desk.do({**step, "overrides": {"feedback_detail": "当事人坚持如此表述"}})
    fact = desk.fact("fields")
    assert fact.data["overrides"] == {"feedback_detail": "当事人坚持如此表述"}


def test_items_in_play_follow_the_answers() -> None:
    desk, key = failed_once(CAR), Key(29, "asset/1")
    spec = desk.context.rulebook.nodes[29]
    assert items_in_play(desk.context, spec, key.subject) == ()
    drafted = with_draft(desk.context, key, {"offset_ground": "双方同意不经拍卖、变卖直接抵债"})
    assert [entry.item for entry in items_in_play(drafted, spec, key.subject)] == [2]


def test_direct_settlement_asks_for_consent_and_for_the_interests_of_others() -> None:
    desk = held(CAR).start(29, "asset/1")
    desk.enter(29, "asset/1", leave=(2,), offset_ground="双方同意不经拍卖、变卖直接抵债")
    lacking = set(desk.missing(29, "asset/1"))
    assert {"申请执行人和被执行人均已同意", "申请执行人和被执行人同意抵债的书面意见"} <= lacking
    assert "不损害其他债权人合法权益和社会公共利益的审查情况" in lacking


def test_work_on_paid_money_is_refused_before_the_claim_is_unfrozen() -> None:
    desk = begun().at("2024-03-11T10:00").event("payment_arrived", "payment/1", **PAYMENT)
    desk.at("2024-03-18T10:00")
    assert desk.state(32, "payment/1") is State.FROZEN
    with pytest.raises(RuleRefusedError, match="不得流转到节点33“案款发放”"):
        desk.work(33, "payment/1", execution_fee="0.00")
    assert paid_in().blockers("work", 33, "payment/1") == []
