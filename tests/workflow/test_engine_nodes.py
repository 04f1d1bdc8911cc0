"""How single nodes open, wait, lapse and end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpers.desk import CHIEF, Desk, day
from helpers.stages import (
    CAR,
    DEPOSIT,
    HOUSE,
    PAYMENT,
    begun,
    closing,
    completion,
    current_termination,
    held,
    on_auction,
    paid_in,
    restricted,
)
from zhixing_desktop.workflow.errors import InputRefusedError, RuleRefusedError
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.views import Key

OPEN = {State.ACTIVE, State.WARNED}


def states(desk: Desk, node: int) -> dict[str, State]:
    return {v.key.subject: v.state for v in desk.view.of_node(node)}


def filed(desk: Desk, node: int, subject: str, what: str) -> set[str]:
    """The papers or materials of all items of an instance."""
    items = desk.context.index.items[(node, subject)].values()
    return {name for fact in items for name in fact.data.get(what, ())}


def closed(desk: Desk) -> Desk:
    desk.request(43, "closing_review")
    return desk.decide(43, "closing_review", role="审判管理办公室")


# --- opening


def test_a_new_case_opens_receiving_and_filing_and_nothing_else() -> None:
    desk = Desk("2024-03-01T09:00")
    opened = {str(k) for k, v in desk.view.instances.items() if v.state.is_open}
    assert opened == {"1@case", "2@case"}


def test_receipt_opens_five_nodes_at_once() -> None:
    desk = Desk("2024-03-01T09:00").fill(1).fill(2).fill(3).fill(4)
    opened = {k.node for k, v in desk.view.instances.items() if v.state.is_open}
    assert opened == {5, 6, 7, 9, 10, 11, 43}


def test_what_does_not_concern_the_case_is_said_to() -> None:
    desk = Desk("2024-03-01T09:00", kind="preservation", content=["act"])
    view = desk.view
    assert {k.node for k, v in view.instances.items() if v.state is State.NOT_APPLICABLE} == {
        7,
        9,
        18,
    }
    assert not view.of_node(36)  # measures against debtors of enforcement cases only
    assert view.instances[Key(7, "case")].why == "本案不适用"


@pytest.mark.parametrize(
    ("category", "nodes"),
    [
        ("银行存款", {31}),
        ("收入", {31}),
        ("不动产", {19, 20}),
        ("股权", {19, 20}),
        ("车辆", {19, 20, 35}),
        ("应交付的特定物", {35}),
    ],
)
def test_an_asset_goes_the_way_of_its_kind(category: str, nodes: set[int]) -> None:
    asset = {"name": "被查获的财产", "category": category, "online": False}
    desk = held(asset)
    there = {k.node for k in desk.view.instances if k.subject == "asset/1"}
    assert there & {19, 20, 31, 35} == nodes


# --- node 3 and 17


def test_items_3_and_4_of_node_3_exclude_each_other() -> None:
    desk = Desk("2024-03-01T09:00").fill(1).fill(2)
    assert "工作内容3" not in desk.missing(3)
    desk.enter(3, assets_found=True, leave=(3,))
    assert "工作内容3" in desk.missing(3)
    assert "工作内容4" not in desk.missing(3)
    with pytest.raises(InputRefusedError, match="“工作内容4”在目前的情形下不适用"):
        desk.do(
            {
                "do": "work",
                "node": 3,
                "values": {},
                "items": {"4": {"done_on": "2024-03-01T09:00"}},
            }
        )


def test_the_48_hours_of_the_first_query_run_from_the_feedback_else_from_its_start() -> None:
    desk = Desk("2024-03-01T09:00").fill(1).fill(2)
    desk.work(3, query_started_at="2024-03-01T09:00:00")
    limit = {v.limit.id: v for v in desk.instance(3).limits}["3-b"]
    assert limit.due_at == day("2024-03-03T10:00")
    desk.at("2024-03-01T15:00").work(3, query_feedback_at="2024-03-01T14:30:00")
    limit = {v.limit.id: v for v in desk.instance(3).limits}["3-b"]
    assert (limit.due_at, limit.anchor_words) == (day("2024-03-03T15:00"), "首次网络查询反馈")


# --- nodes 8 to 16


@pytest.mark.parametrize(
    ("source", "item"), [("申请执行人提供", 1), ("被执行人报告", 2), ("其他", 1)]
)
def test_a_clue_is_checked_by_the_item_of_its_source(source: str, item: int) -> None:
    desk = begun().event(
        "clue_received", "clue/1", name="在某公司持有股权", source=source, urgent=False
    )
    asked = {label for label in desk.missing(8, "clue/1") if label in ("工作内容1", "工作内容2")}
    assert asked == {f"工作内容{item}"}
    desk.fill(8, "clue/1", verification_result="线索不实")
    assert "采取的执行措施" not in desk.missing(8, "clue/1")


def test_urgent_clues_have_three_days() -> None:
    desk = begun()
    for number, urgent in ((1, True), (2, False)):
        desk.event(
            "clue_received",
            f"clue/{number}",
            name="车辆停放地点",
            source="申请执行人提供",
            urgent=urgent,
        )
    dues = {s: [v.due_at for v in desk.instance(8, s).limits] for s in ("clue/1", "clue/2")}
    assert dues["clue/1"][0] == day("2024-03-11T23:59:59")
    assert dues["clue/2"][0] == day("2024-03-15T23:59:59")


def test_the_analysis_has_the_limits_of_both_queries() -> None:
    desk = begun().at("2024-03-11T10:00").event("traditional_query_started")
    assert states(desk, 11) == {
        "query/network": State.ACTIVE,
        "query/traditional": State.ACTIVE,
    }
    dues = {v.key.subject: v.limits[0].due_at for v in desk.view.of_node(11)}
    # The officer has not queried himself: from the first query on 1 March (A26).
    assert dues["query/network"] == day("2024-04-01T23:59:59")
    assert dues["query/traditional"] == day("2024-04-10T23:59:59")
    desk.event("network_query_started")
    assert desk.instance(11, "query/network").limits[0].due_at == day("2024-04-10T23:59:59")


def test_no_assets_may_be_found_in_either_analysis_or_said_by_itself() -> None:
    analysis = begun().event("traditional_query_started")
    analysis.fill(11, "query/traditional", no_assets_determined_on="2024-03-08")
    alone = begun().event("no_assets_determined")
    by_hand = begun().start(18).work(18, no_assets_determined_on="2024-03-08")
    for desk in (analysis, alone, by_hand):
        entry = desk.instance(18)
        assert entry.state in OPEN
        assert entry.limits[0].due_at == day("2024-03-18T23:59:59")
        assert "认定无财产可供执行日期" not in desk.missing(18)
        # Said once; another day is a correction, the same day is no fault.
        desk.work(18, no_assets_determined_on="2024-03-08")
    with pytest.raises(InputRefusedError, match="请用“更正”并写明理由"):
        analysis.at("2024-03-12T09:00").work(18, no_assets_determined_on="2024-03-12")


@pytest.mark.parametrize(
    ("node", "event", "due"),
    [(15, "bounty_applied", "2024-03-18"), (16, "inquiry_order_applied", "2024-03-13")],
)
def test_an_application_starts_the_clock_before_anybody_starts_the_node(
    node: int, event: str, due: str
) -> None:
    desk = begun()
    assert desk.state(node) is State.NOT_STARTED
    desk.event(event)
    entry = desk.instance(node)
    assert entry.state in OPEN
    assert entry.limits[0].due_at == day(f"{due}T23:59:59")
    # A second application has a clock of its own.
    desk.at("2024-03-12T09:00").event(event, "case#2")
    assert desk.instance(node, "case#2").limits[0].anchor_at == day("2024-03-12")
    with pytest.raises(InputRefusedError, match="还没有启动"):
        desk.event(event, "case#4")


def test_summons_of_an_occurrence_count_for_the_debtor() -> None:
    desk = begun().start(13, "debtor/1").fill(13, "debtor/1", outcome="无正当理由拒不到场")
    desk.at("2024-03-11T10:00").start(13, "debtor/1#2")
    desk.fill(13, "debtor/1#2", outcome="无正当理由拒不到场")
    assert [f.subject for f in desk.context.index.events_of("summons_ignored", "debtor/1")] == [
        "debtor/1",
        "debtor/1#2",
    ]
    desk.start(39, "debtor/1").approve(39, "bring_in", "debtor/1").fill(39, "debtor/1")
    # Twice on one day is one summons.
    other = begun().start(13, "debtor/1").fill(13, "debtor/1", outcome="无正当理由拒不到场")
    other.start(13, "debtor/1#2").fill(13, "debtor/1#2", outcome="无正当理由拒不到场")
    other.start(39, "debtor/1").approve(39, "bring_in", "debtor/1")
    with pytest.raises(RuleRefusedError, match="两次传票"):
        other.event("brought_in", "debtor/1")


def test_occurrences_follow_one_another() -> None:
    desk = begun()
    with pytest.raises(RuleRefusedError):
        desk.start(12, "case#2")
    desk.start(12)
    with pytest.raises(RuleRefusedError, match="已经启动"):
        desk.start(12)
    desk.start(12, "case#2")
    with pytest.raises(RuleRefusedError):
        desk.start(12, "case#4")
    with pytest.raises(RuleRefusedError):
        desk.start(36, "debtor/1").start(36, "debtor/1#2")


# --- price (nodes 20 to 23)


def reported(method: str = "网络询价") -> Desk:
    desk = held(HOUSE).fill(19, "asset/1")
    desk.work(20, "asset/1", pricing_started_on="2024-03-12", pricing_method=method)
    name = "directed_reply_received_on" if method == "定向询价" else "price_report_received_on"
    return desk.at("2024-03-18T10:00").work(20, "asset/1", **{name: "2024-03-18"})


def test_the_right_to_object_lapses_and_is_never_warned() -> None:
    desk = reported().fill(21, "asset/1")
    entry = desk.instance(22, "asset/1")
    assert (entry.state, entry.limits[0].status) == (State.ACTIVE, "notice")
    assert entry.limits[0].warn_at == ()
    assert desk.at("2024-03-25T23:59:59").state(22, "asset/1") is State.ACTIVE
    ended = desk.at("2024-03-26T00:00:00").instance(22, "asset/1")
    assert (ended.state, ended.why) == (State.NOT_APPLICABLE, "异议期满，未提出异议")


def test_an_objection_is_decided_in_fifteen_days_and_does_not_stop_node_23() -> None:
    desk = reported().fill(21, "asset/1").at("2024-03-20T10:00")
    desk.fill(20, "asset/1").event("price_objected", "asset/1")
    limits = {v.limit.id: v for v in desk.instance(22, "asset/1").limits}
    assert limits["22-a"].status == "met"
    assert limits["22-b"].due_at == day("2024-04-07T23:59:59")  # 4 to 6 April are 清明节
    # X43: node 23 runs from the fixed price, objection or not.
    assert desk.instance(23, "asset/1").limits[0].due_at == day("2024-04-01T23:59:59")
    desk.fill(23, "asset/1")
    assert desk.at("2024-04-08T00:00").state(22, "asset/1") is State.OVERDUE


@pytest.mark.parametrize(("method", "open_"), [("定向询价", False), ("委托评估", True)])
def test_only_some_reports_are_open_to_objection(method: str, open_: bool) -> None:
    desk = reported(method).fill(21, "asset/1")
    assert (Key(22, "asset/1") in desk.view.instances) is open_


def test_an_agreed_price_needs_neither_report_nor_service() -> None:
    desk = held(HOUSE).fill(19, "asset/1").fill(20, "asset/1", pricing_method="当事人议价")
    assert desk.state(21, "asset/1") is State.NOT_STARTED
    assert desk.state(23, "asset/1") in OPEN


def test_a_supplemented_report_is_sent_within_three_days_of_its_own() -> None:
    desk = reported().fill(21, "asset/1").at("2024-03-28T10:00")
    desk.event("price_report_received", "asset/1#2")
    entry = desk.instance(21, "asset/1#2")
    assert entry.limits[0].due_at == day("2024-04-01T23:59:59")
    desk.fill(21, "asset/1#2", report_kind="说明补正报告")
    assert desk.state(22, "asset/1#2") is State.ACTIVE


# --- before-limits and notices (nodes 24, 25)


def test_before_limits_know_both_readings() -> None:
    """The act on the day itself is in time, one day later with a caution, two days later late."""
    desk = on_auction(CAR)
    desk.work(25, "asset/1/round/1", auction_opens_on="2024-05-20")
    limit = desk.instance(25, "asset/1/round/1").limits[0]
    assert (limit.due_at, limit.caution_at) == (
        day("2024-05-04T23:59:59"),
        day("2024-05-05T23:59:59"),
    )
    for moment, status, caution, state in (
        ("2024-05-04T23:59:59", "running", False, State.WARNED),
        ("2024-05-05T00:00:00", "running", True, State.WARNED),
        ("2024-05-05T23:59:59", "running", True, State.WARNED),
        ("2024-05-06T00:00:00", "overdue", False, State.OVERDUE),
    ):
        seen = desk.seen(moment).instances[Key(25, "asset/1/round/1")]
        assert (seen.limits[0].status, seen.limits[0].caution) == (status, caution), moment
        assert seen.state is state
    for on, status, caution in (
        ("2024-05-04", "met", False),
        ("2024-05-05", "met", True),
        ("2024-05-06", "met_late", False),
    ):
        other = desk.copy().at("2024-05-21T09:00")
        other.event("auction_announced", "asset/1/round/1", at=on)
        limit = other.instance(25, "asset/1/round/1").limits[0]
        assert (limit.status, limit.caution) == (status, caution), on


def test_publication_for_five_days_counts_as_notice_and_is_only_shown() -> None:
    desk = on_auction(CAR).work(
        24, "asset/1/round/1", notice_impossible=True, publicity_started_on="2024-04-01"
    )
    limits = {v.limit.id: v for v in desk.instance(24, "asset/1/round/1").limits}
    assert limits["24-a"].status == "notice"
    assert limits["24-a"].due_at == day("2024-04-07T23:59:59")
    assert "无法通知的理由" in desk.missing(24, "asset/1/round/1")
    assert desk.at("2024-05-01T09:00").state(24, "asset/1/round/1") in OPEN


# --- money (nodes 31 to 34)


def test_arrival_registered_and_complete_flows_by_itself() -> None:
    desk = begun().at("2024-03-11T10:00").event("payment_arrived", "payment/1", **PAYMENT)
    desk.enter(32, "payment/1", leave=(3,))
    assert desk.state(32, "payment/1") in OPEN
    desk.enter(32, "payment/1")
    entry = desk.instance(32, "payment/1")
    assert (entry.state, entry.completed_at) == (State.DONE, day("2024-03-11"))
    # Items without what they ask for do not: nobody is let off a required field.
    other = begun().at("2024-03-11T10:00").event("payment_arrived", "payment/1", **PAYMENT)
    items = {str(n): {"done_on": "2024-03-11"} for n in (1, 2, 3)}
    other.do({"do": "work", "node": 32, "subject": "payment/1", "values": {}, "items": items})
    assert other.state(32, "payment/1") in OPEN
    assert "认领日期" in other.missing(32, "payment/1")


def test_what_was_said_when_the_money_came_is_not_asked_again() -> None:
    desk = begun().event("payment_arrived", "payment/1", **PAYMENT)
    for label in ("缴款人名称", "缴款金额（元）", "案号"):
        assert label not in desk.missing(32, "payment/1")


def test_money_in_escrow_waits_without_a_limit_and_can_still_be_paid_out() -> None:
    desk = paid_in().start(34, "payment/1").approve(34, "escrow", "payment/1")
    desk.fill(34, "payment/1")
    desk.at("2025-03-11T10:00")
    assert desk.state(33, "payment/1") is State.ACTIVE
    desk.enter(33, "payment/1", leave=(3, 4), paid_out_on=None)
    desk.approve(33, "payout", "payment/1").fill(33, "payment/1")
    assert desk.state(33, "payment/1") is State.DONE


# --- goods (node 35)


def test_goods_given_to_the_creditor_or_to_the_court() -> None:
    goods = {"name": "机器设备一套", "category": "应交付的特定物", "online": False}
    direct = held(goods).start(35, "asset/1")
    direct.enter(35, "asset/1", delivery_route="被执行人直接交付申请执行人")
    assert direct.missing(35, "asset/1") == []
    assert "物品接收证明" in filed(direct, 35, "asset/1", "materials")
    court = held(goods).event("goods_handed_over", "asset/1")
    entry = court.instance(35, "asset/1")
    assert entry.limits[0].due_at == day("2024-04-11T23:59:59")
    assert "保管部门" in court.missing(35, "asset/1")
    assert "《履行情况笔录》" not in court.missing(35, "asset/1")


# --- measures (nodes 36 to 41)


def test_a_listing_mended_late_counts_in_working_days() -> None:
    desk = begun().at("2024-09-30T09:00").event("credit_fault_found", "debtor/1")
    entry = desk.instance(38, "debtor/1")
    assert entry.limits[0].due_at == day("2024-10-10T23:59:59")
    desk.fill(38, "debtor/1", credit_fault_kind="更正")
    assert desk.state(38, "debtor/1") is State.DONE
    # A second fault opens the node once more.
    desk.at("2024-10-14T09:00").event("credit_fault_found", "debtor/1#2")
    assert desk.instance(38, "debtor/1#2").limits[0].due_at == day("2024-10-17T23:59:59")


@pytest.mark.parametrize(
    ("kind", "item", "paper"),
    [
        ("撤销", "工作内容1", "撤销失信信息决定书"),
        ("更正", "工作内容2", "更正失信信息决定书"),
        ("删除（屏蔽）", "工作内容3", "删除（屏蔽）失信信息决定书"),
    ],
)
def test_one_of_three_ways_to_mend_a_listing(kind: str, item: str, paper: str) -> None:
    desk = begun().start(38, "debtor/1").work(38, "debtor/1", credit_fault_kind=kind)
    asked = [label for label in desk.missing(38, "debtor/1") if label.startswith("工作内容")]
    assert asked == [item]
    desk.fill(38, "debtor/1")
    assert filed(desk, 38, "debtor/1", "papers") == {paper}


@pytest.mark.parametrize(
    ("measures", "papers", "fields"),
    [
        (["罚款"], {"罚款决定书"}, {"fine_amount"}),
        (["拘留"], {"拘留决定书"}, {"detention_days"}),
        (["罚款", "拘留"], {"罚款决定书", "拘留决定书"}, {"fine_amount", "detention_days"}),
        (["限制出境"], {"限制出境决定书"}, set()),
        (["扣留护照"], {"扣留护照决定书"}, set()),
    ],
)
def test_a_sanction_asks_for_its_own_papers(
    measures: list[str], papers: set[str], fields: set[str]
) -> None:
    desk = begun().start(40).work(40, sanction_measures=measures)
    if set(measures) & {"罚款", "拘留"}:
        desk.approve(40, "fine_or_detention")
    desk.fill(40)
    assert filed(desk, 40, "case", "papers") == papers
    values = desk.context.index.values[(40, "case")]
    assert {"fine_amount", "detention_days"} & set(values) == fields


# --- closing


def test_closing_ends_what_is_open_but_not_what_must_go_on() -> None:
    desk = current_termination()
    desk.start(12).start(41, "debtor/1")
    desk.event("asset_found", "asset/1", **HOUSE)
    desk.event("payment_arrived", "payment/1", **PAYMENT)
    desk.event("clue_received", "clue/1", name="车辆停放地点", source="其他", urgent=False)
    desk.approve(43, "special_review")
    closed(desk)
    for node, subject in ((9, "case"), (10, "case"), (17, "asset/1"), (8, "clue/1"), (12, "case")):
        entry = desk.instance(node, subject)
        assert (entry.state, entry.why) == (State.NOT_APPLICABLE, "案件已结"), node
        assert {limit.status for limit in entry.limits} <= {"met", "met_late", "lapsed"}
    for node, subject in ((43, "case"), (44, "case"), (41, "debtor/1"), (32, "payment/1")):
        assert desk.state(node, subject) in OPEN, node
    # Not begun is not begun any more; measures may still be taken after 终本, not the rest.
    for node, subject in ((14, "case"), (16, "case"), (42, "case"), (35, "asset/1")):
        if (key := Key(node, subject)) in desk.view.instances:
            assert desk.view.instances[key].why == "案件已结，未启动"
    assert desk.blockers("start", 37, "debtor/1") == []
    assert desk.blockers("start", 14) == ["G1"]
    assert desk.view.state is State.DONE
    # The money has its thirty days, closed or not.
    later = desk.seen("2024-08-01T09:00").instances[Key(33, "payment/1")]
    assert later.state is State.FROZEN


def test_after_other_ways_of_closing_only_a_listing_may_still_be_mended() -> None:
    desk = closed(completion())
    assert desk.blockers("start", 36, "debtor/1") == ["G1"]
    assert desk.blockers("start", 38, "debtor/1") == []
    desk.event("credit_fault_found", "debtor/1")
    assert desk.state(38, "debtor/1") in OPEN


def test_what_comes_up_after_closing_is_new_work() -> None:
    desk = closed(current_termination().approve(43, "special_review"))
    desk.at("2024-09-02T09:00").event("payment_arrived", "payment/1", **PAYMENT)
    desk.event("asset_found", "asset/1", **DEPOSIT)
    assert desk.state(32, "payment/1") in OPEN
    assert desk.state(17, "asset/1") in OPEN
    assert desk.at("2024-09-06T00:00").state(32, "payment/1") is State.FROZEN
    assert desk.view.state is State.FROZEN


def test_a_control_is_renewed_after_current_termination() -> None:
    """X35: the measures stay in force."""
    desk = begun().at("2024-03-11T10:00").event("asset_found", "asset/1", **HOUSE)
    desk.at("2024-03-12T10:00").event("asset_controlled", "asset/1")
    desk.at("2024-06-05T09:00").event("no_assets_determined")
    restricted(desk.fill(18), "debtor/1", "debtor/2")
    closing(desk, closing_way="终结本次执行程序", control_renewal_state="已办理续行手续")
    closed(desk.approve(43, "special_review"))
    assert desk.instance(17, "asset/1").why == "案件已结"
    desk.at("2027-03-01T09:00").event("control_renewed", "asset/1")
    desk.work(17, "asset/1", renewed_on="2027-03-01", control_until="2030-03-01")
    assert 26 in desk.instance(43).items_done
    # Where nobody applied for a renewal, the item does not arise.
    assert 26 not in terminated().instance(43).items_done
    assert "终本案件6" not in terminated().missing(43)


def test_a_returned_report_is_made_anew_and_the_archive_counts_from_the_last() -> None:
    desk = completion()
    desk.request(43, "closing_review")
    with pytest.raises(RuleRefusedError, match="正在报结审查"):
        desk.work(43, closing_amount="5000.00")
    desk.at("2024-06-06T09:00").decide(
        43, "closing_review", role="审判管理办公室", outcome="returned", reason="结案金额填写有误"
    )
    values = desk.context.index.values[(43, "case")]
    assert values["closing_return_reason"] == "结案金额填写有误"
    desk.at("2024-06-07T09:00").work(43, closing_amount="5000.00")
    desk.request(43, "closing_review")
    asked = desk.context.index.events[("closing_requested", "case")]
    assert [fact.happened_at for fact in asked] == [day("2024-06-05"), day("2024-06-07")]
    desk.at("2024-06-11T09:00").decide(43, "closing_review", role="审判管理办公室")
    with pytest.raises(RuleRefusedError, match="已经核准结案"):
        desk.work(43, closing_way="终结本次执行程序")
    assert desk.instance(44).limits[0].due_at == day("2024-06-26T23:59:59")


def test_the_date_of_the_report_is_asked_once() -> None:
    """报结 entered as a date first, then applied for: one event."""
    desk = completion().work(43, closing_requested_on="2024-06-05")
    desk.request(43, "closing_review")
    assert desk.context.index.count("closing_requested", "case") == 1
    assert "报结日期" not in desk.missing(43)


def test_late_papers_of_current_termination_have_seven_days() -> None:
    desk = closed(current_termination().approve(43, "special_review"))
    limit = {v.limit.id: v for v in desk.instance(43).limits}["43-d"]
    assert limit.due_at == day("2024-06-12T23:59:59")
    desk.at("2024-06-07T09:00").fill(43)
    assert desk.state(43) is State.DONE
    late = closed(current_termination().approve(43, "special_review")).at("2024-06-13T09:00")
    assert late.state(43) is State.OVERDUE
    assert late.fill(43).state(43) is State.DONE_LATE


# --- after 终本 (nodes 45, 46)


def terminated() -> Desk:
    """终本 confirmed on 2024-06-05."""
    return closed(current_termination().approve(43, "special_review"))


def test_ten_runs_open_one_after_the_other_and_none_rolls() -> None:
    desk = terminated()
    runs = desk.view.of_node(45)
    assert [run.limits[0].due_at.date().isoformat() for run in runs] == [
        "2024-12-05",
        "2025-06-05",
        "2025-12-05",
        "2026-06-05",
        "2026-12-05",
        "2027-06-05",
        "2027-12-05",
        "2028-06-05",
        "2028-12-05",
        "2029-06-05",
    ]
    for number, run in enumerate(runs[:-1]):
        following = runs[number + 1]
        assert following.opened_at == run.limits[0].due_at.replace(hour=0, minute=0, second=0)
        seen = desk.seen(following.opened_at.isoformat()).instances[following.key]
        assert seen.state in OPEN


def test_a_missed_run_is_overdue_and_the_next_one_comes_all_the_same() -> None:
    desk = terminated().at("2024-12-06T00:00")
    assert states(desk, 45)["followup/1"] is State.OVERDUE
    assert states(desk, 45)["followup/2"] in OPEN


def test_only_current_termination_is_followed_up() -> None:
    assert not closed(completion()).view.of_node(45)


def test_each_hit_has_its_own_review() -> None:
    """Recorded at a run or at node 43, a clue belongs to the case's review that is due."""
    desk = terminated().at("2024-12-02T09:00")
    desk.fill(45, "followup/1", followup_result="查询到可供执行财产")
    assert desk.instance(46).limits[0].due_at == day("2024-12-12T23:59:59")
    # Another clue while the review is open belongs to it.
    desk.at("2024-12-04T09:00").work(43, resumption_clue_found_on="2024-12-04")
    assert states(desk, 46).keys() == {"case"}
    desk.fill(46, resumption_result="不符合恢复执行条件")
    assert "恢复执行信息告知日期" not in desk.missing(46)
    # The query goes on, and a later hit is reviewed anew.
    assert desk.state(45, "followup/2") is State.NOT_STARTED
    desk.at("2025-06-02T09:00").fill(45, "followup/2", followup_result="查询到可供执行财产")
    assert states(desk, 46) == {"case": State.DONE, "case#2": State.ACTIVE}
    assert desk.instance(46, "case#2").limits[0].due_at == day("2025-06-12T23:59:59")
    desk.fill(46, "case#2", resumption_result="恢复执行")
    assert {v.why for v in desk.view.of_node(45)[2:]} == {"已恢复执行"}


def test_a_clue_may_be_recorded_by_itself_as_well() -> None:
    desk = terminated().at("2024-07-01T09:00").event("resumption_clue_found")
    assert desk.state(46) in OPEN
    with pytest.raises(RuleRefusedError, match="已经登记"):
        desk.event("resumption_clue_found")
    desk.fill(46, resumption_result="不符合恢复执行条件")
    desk.at("2024-08-01T09:00").event("resumption_clue_found")
    assert desk.state(46, "case#2") in OPEN


# --- the whole case


def test_the_worst_open_node_is_the_state_of_the_case() -> None:
    desk = Desk("2024-03-01T09:00").fill(1).fill(2).fill(3).fill(4)
    assert desk.view.state is State.ACTIVE
    assert desk.at("2024-03-04T09:00").view.state is State.WARNED
    assert desk.at("2024-03-06T09:00").view.state is State.OVERDUE
    assert desk.at("2024-03-12T09:00").view.state is State.FROZEN


def test_the_next_due_is_the_earliest_running_limit() -> None:
    desk = Desk("2024-03-01T09:00").fill(1).fill(2).fill(3).fill(4)
    view = desk.view
    assert view.next_due.due_at == min(
        limit.due_at
        for entry in view.instances.values()
        if entry.state.is_open
        for limit in entry.limits
        if limit.status in ("running", "overdue") and limit.due_at
    )
    assert view.next_due_key.node in (5, 6)


def test_the_current_node_is_the_latest_open_one_and_closing_last_of_all() -> None:
    desk = Desk("2024-03-01T09:00")
    assert desk.view.current == Key(2, "case")
    desk.fill(1).fill(2).fill(3).fill(4)
    # The first query, analysed since it was started, came up after the receipt of that day.
    assert desk.view.current == Key(11, "query/network")
    desk.fill(11, "query/network")
    assert desk.view.current == Key(10, "case")
    done = closed(completion()).fill(43).fill(44)
    assert done.view.current == Key(44, "case")


def test_changing_the_officer_changes_who_may_decide() -> None:
    desk = paid_in().assign("孙法官")
    desk.enter(33, "payment/1", leave=(3, 4), paid_out_on=None)
    desk.request(33, "payout", "payment/1")
    with pytest.raises(RuleRefusedError, match="任何人不得决定"):
        desk.decide(33, "payout", "payment/1", role="执行局长", by="孙法官")
    desk.decide(33, "payout", "payment/1", role="执行局长", by=CHIEF)


def test_the_officer_of_the_case_is_the_one_assigned_last() -> None:
    desk = begun()
    assert desk.context.current_officer() == desk.header["officer"]
    desk.assign("孙法官")
    assert desk.context.current_officer() == "孙法官"
    assert desk.now - timedelta(days=1) < desk.now
