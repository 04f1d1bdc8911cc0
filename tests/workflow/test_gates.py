"""Every coupling rule that a gate carries: refused once with its words, then let pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from helpers.desk import Desk, rulebook
from helpers.stages import (
    CAR,
    DEPOSIT,
    HOUSE,
    PARTIES,
    PAYMENT,
    WITHDRAWN,
    begun,
    closing,
    completion,
    current_termination,
    failed_once,
    held,
    on_auction,
    paid_in,
    restricted,
    sold,
)
from zhixing_desktop.workflow import gates
from zhixing_desktop.workflow.errors import RuleRefusedError
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.views import Key


@contextmanager
def refused(code: str, node: int, words: str) -> Iterator[None]:
    """Within it something is refused by that rule, citing the guideline's words."""
    with pytest.raises(RuleRefusedError) as caught:
        yield
    found = {entry["code"]: entry for entry in caught.value.data["blockers"]}
    assert code in found, found
    assert words in found[code]["cite"]
    known = [g for g in rulebook().gates if (g.code, g.node) == (code, node)]
    assert found[code]["sentence"] in {gate.sentence for gate in known}


def asks(desk: Desk, code: str, words: str) -> None:
    """报结 is refused by that rule, whether entered as a date or applied for."""
    with refused(code, 43, words):
        desk.request(43, "closing_review")
    with refused(code, 43, words):
        desk.work(43, closing_requested_on=f"{desk.now:%Y-%m-%d}")
    with refused(code, 43, words):
        desk.event("closing_requested")


Trial = Callable[[], None]
TRIALS: dict[tuple[str, int, str], Trial] = {}


def trial(code: str, node: int, check: str) -> Callable[[Trial], Trial]:
    def keep(function: Trial) -> Trial:
        TRIALS[(code, node, check)] = function
        return function

    return keep


@trial("X6", 4, "first_query_started")
def _no_hand_over_without_the_query() -> None:
    desk = Desk("2024-03-01T09:00").fill(1).fill(2)
    with refused("X6", 4, "将网络查控结果、财产查询反馈材料"):
        desk.work(4, transferred_on="2024-03-01")
    with refused("X6", 4, "随案移送执行部门"):
        desk.event("case_transferred")
    desk.event("first_query_started")
    desk.fill(4)
    assert Desk("2024-03-01T09:00", content=["act"]).fill(1).fill(2).fill(4).state(4) is State.DONE


@trial("X42", 4, "node_done")
def _no_hand_over_before_filing_is_done() -> None:
    desk = Desk("2024-03-01T09:00").fill(1).enter(2).event("first_query_started").enter(4)
    with refused("X42", 4, "将采集的执行依据信息"):
        desk.complete(4)
    desk.complete(2).complete(4)


@trial("X7", 10, "event_recorded")
def _a_query_without_result_is_not_done() -> None:
    desk = begun().at("2024-03-11T10:00").enter(10, leave=(4,), feedback_on=None)
    with refused("X7", 10, "信息为空或填写不全，视为该财产查控项目未完成"):
        desk.complete(10)
    desk.fill(10)


@trial("X9", 39, "counted")
def _two_summons_before_somebody_is_brought_in() -> None:
    desk = begun().at("2024-03-11T10:00").start(39, "debtor/1").approve(39, "bring_in", "debtor/1")
    with refused("X9", 39, "经两次传票传唤，无正当理由拒不到场的"):
        desk.work(39, "debtor/1", brought_in_on="2024-03-11")
    _summon(desk, "debtor/1")
    with refused("X9", 39, "经两次传票传唤"):
        desk.event("brought_in", "debtor/1")
    # Somebody else's absence does not count, a second one of the same debtor does.
    _summon(desk.at("2024-03-12T10:00"), "debtor/2")
    with refused("X9", 39, "经两次传票传唤"):
        desk.event("brought_in", "debtor/1")
    _summon(desk.at("2024-03-13T10:00"), "debtor/1#2")
    desk.fill(39, "debtor/1")


def _summon(desk: Desk, debtor: str) -> None:
    desk.start(13, debtor).fill(13, debtor, outcome="无正当理由拒不到场")


@trial("X26", 39, "approved")
def _nobody_is_brought_in_without_the_president() -> None:
    desk = begun().at("2024-03-11T10:00")
    _summon(desk, "debtor/1")
    _summon(desk.at("2024-03-12T10:00"), "debtor/1#2")
    desk.start(39, "debtor/1")
    with refused("X26", 39, "必须经院长批准"):
        desk.event("brought_in", "debtor/1")
    desk.request(39, "bring_in", "debtor/1")
    with refused("X26", 39, "必须经院长批准"):
        desk.event("brought_in", "debtor/1")
    desk.decide(39, "bring_in", "debtor/1", role="院长").fill(39, "debtor/1")


@trial("X10", 16, "field_is")
def _an_order_is_signed_once_it_is_granted() -> None:
    desk = begun().at("2024-03-11T10:00").start(16)
    desk.work(16, decision="不予准许", decided_on="2024-03-11")
    with refused("X10", 16, "决定准许的，应当立即签发调查令"):
        desk.event("inquiry_order_signed")
    desk.work(16, decision="准许").fill(16)
    assert desk.instance(16).state is State.DONE


@trial("X11", 17, "event_recorded")
def _no_control_no_completion() -> None:
    desk = begun().at("2024-03-11T10:00").event("asset_found", "asset/1", **CAR)
    desk.enter(17, "asset/1", controlled_at=None)
    with refused("X11", 17, "应采取查封、扣押、冻结等控制措施"):
        desk.complete(17, "asset/1")
    desk.fill(17, "asset/1")


@trial("X44", 24, "field_or_reason")
def _auctions_are_held_on_the_network_first() -> None:
    desk = on_auction(CAR).work(24, "asset/1/round/1", auction_way="不宜采用网络拍卖")
    with refused("X44", 24, "应当首先采取网络司法拍卖方式"):
        desk.complete(24, "asset/1/round/1")
    desk.fill(24, "asset/1/round/1", notice_impossible=False)


@trial("X18", 30, "event_recorded")
def _ownership_passes_with_the_ruling() -> None:
    desk = held(HOUSE).start(29, "asset/1")
    desk.fill(29, "asset/1", offset_ground=DIRECT, offset_answer="同意接受抵债")
    desk.enter(30, "asset/1", ruling_served_on=None)
    with refused("X18", 30, "标的物所有权自裁定送达买受人或者接受抵债物的债权人时转移"):
        desk.complete(30, "asset/1")
    desk.fill(30, "asset/1")


DIRECT = "双方同意不经拍卖、变卖直接抵债"


@trial("X19", 30, "event_or_reason")
def _an_asset_is_handed_over_or_the_reason_is_given() -> None:
    desk = sold().enter(30, "asset/1", delivered_on=None)
    with refused("X19", 30, "除有依法不能移交的情形外"):
        desk.complete(30, "asset/1")
    other = desk.copy().fill(30, "asset/1")
    assert other.state(30, "asset/1") is State.DONE
    desk.work(
        30,
        "asset/1",
        delivery_result="依法不能移交",
        undeliverable_reason="案外人合法占有，租赁期限尚未届满",
    )
    desk.complete(30, "asset/1")


@trial("X16", 26, "same_platform")
def _the_second_auction_stays_on_the_platform() -> None:
    desk = failed_once(CAR)
    with refused("X16", 26, "应当在同一网络司法拍卖平台再次拍卖"):
        desk.work(26, "asset/1/round/2", platform="京东网", auction_started_on="2024-05-21")
    desk.work(26, "asset/1/round/2", platform="淘宝网", auction_started_on="2024-05-21")


@trial("X14", 25, "gap_kept")
def _the_first_announcement_leaves_its_days() -> None:
    movable = on_auction(CAR)
    with refused("X14", 25, "拍卖动产的，应当在拍卖十五日前公告"):
        movable.work(
            25, "asset/1/round/1", announced_on="2024-04-08", auction_opens_on="2024-04-22"
        )
    movable.work(25, "asset/1/round/1", announced_on="2024-04-08", auction_opens_on="2024-04-23")
    # 15 days apart: accepted, with both readings told (A38).
    limit = movable.instance(25, "asset/1/round/1").limits[0]
    assert (limit.status, limit.caution) == ("met", True)
    house = on_auction(HOUSE)
    with refused("X14", 25, "应当在拍卖三十日前公告"):
        house.work(25, "asset/1/round/1", announced_on="2024-04-08", auction_opens_on="2024-05-07")
    house.work(25, "asset/1/round/1", announced_on="2024-04-08", auction_opens_on="2024-05-09")
    limit = house.instance(25, "asset/1/round/1").limits[0]
    assert (limit.status, limit.caution) == ("met", False)
    # A planned day may still be moved, by either way of entering it, and is checked again.
    with refused("X14", 25, "三十日前公告"):
        house.event("auction_opens", "asset/1/round/1", at="2024-04-30")
    house.event("auction_opens", "asset/1/round/1", at="2024-05-20")
    assert house.fact("auction_opens", "asset/1/round/1").happened_at.day == 20


@trial("X14", 26, "gap_kept")
def _the_second_announcement_leaves_its_days() -> None:
    desk = failed_once(CAR)
    desk.work(26, "asset/1/round/2", platform="淘宝网", auction_started_on="2024-05-21")
    with refused("X14", 26, "拍卖动产的应当在拍卖七日前进行拍卖公告"):
        desk.work(26, "asset/1/round/2", announced_on="2024-05-27", auction_opens_on="2024-06-02")
    desk.work(26, "asset/1/round/2", announced_on="2024-05-27", auction_opens_on="2024-06-04")


@trial("X14", 28, "gap_kept")
def _the_announcement_of_a_sale_leaves_its_days() -> None:
    desk = held(CAR).event("sale_agreed", "asset/1")
    with refused("X14", 28, "网络司法变卖动产的，应当在变卖期开始七日前公告"):
        desk.work(28, "asset/1", sale_announced_on="2024-03-18", sale_opens_on="2024-03-24")
    desk.work(28, "asset/1", sale_announced_on="2024-03-18", sale_opens_on="2024-03-26")


@trial("X22", 33, "approved")
def _money_is_paid_out_with_two_signatures() -> None:
    desk = paid_in()
    with refused("X22", 33, "报执行局长、分管副院长审批后，由财务部门办理在线支付"):
        desk.event("payment_paid_out", "payment/1")
    desk.request(33, "payout", "payment/1")
    with pytest.raises(RuleRefusedError, match="须由执行局长决定"):
        desk.decide(33, "payout", "payment/1", role="主管院领导")
    desk.decide(33, "payout", "payment/1", role="执行局长")
    with refused("X22", 33, "案款发放审批表"):
        desk.enter(33, "payment/1")
    with pytest.raises(RuleRefusedError, match="须由主管院领导决定"):
        desk.decide(33, "payout", "payment/1", role="执行局长", by="另一局长")
    desk.decide(33, "payout", "payment/1", role="主管院领导").fill(33, "payment/1")


@trial("X23", 34, "approved")
def _escrow_needs_one_signature() -> None:
    desk = paid_in().start(34, "payment/1")
    with refused("X23", 34, "报经执行局局长或主管院领导批准后"):
        desk.event("escrow_made", "payment/1")
    desk.request(34, "escrow", "payment/1")
    desk.decide(34, "escrow", "payment/1", role="主管院领导").fill(34, "payment/1")


@trial("X26", 36, "approved")
def _the_president_signs_the_restriction() -> None:
    desk = begun().start(36, "debtor/1")
    with refused("X26", 36, "由院长签发限制消费令"):
        desk.event("consumption_restricted", "debtor/1")
    desk.request(36, "consumption_restriction", "debtor/1")
    with pytest.raises(RuleRefusedError, match="须由院长决定"):
        desk.decide(36, "consumption_restriction", "debtor/1", role="执行局长")
    desk.decide(36, "consumption_restriction", "debtor/1", role="院长").fill(36, "debtor/1")


@trial("X26", 37, "approved")
def _the_president_signs_the_listing() -> None:
    desk = restricted(begun(), "debtor/1").start(37, "debtor/1")
    with refused("X26", 37, "由院长签发后依法送达当事人"):
        desk.event("credit_listed", "debtor/1")
    desk.approve(37, "credit_listing", "debtor/1").fill(37, "debtor/1")


@trial("X25", 37, "debtor_restricted")
def _who_is_listed_is_restricted() -> None:
    desk = begun().start(37, "debtor/1").approve(37, "credit_listing", "debtor/1")
    desk.enter(37, "debtor/1")
    restricted(desk, "debtor/2")
    with refused("X25", 37, "应当同时采取限制消费措施"):
        desk.complete(37, "debtor/1")
    restricted(desk, "debtor/1").complete(37, "debtor/1")


@trial("X26", 40, "approved")
def _the_president_approves_fines_and_detention() -> None:
    desk = begun().start(40).work(40, sanction_measures=["罚款"])
    with refused("X26", 40, "采取罚款、拘留措施的，须经院长批准"):
        desk.event("sanction_decided")
    desk.approve(40, "fine_or_detention").fill(40)
    # Neither for a ban on leaving the country, of which the text does not say it (A56).
    other = begun().start(40).fill(40, sanction_measures=["限制出境"])
    assert other.state(40) is State.DONE


@trial("X27", 40, "field_is")
def _who_is_fined_is_told_of_reconsideration() -> None:
    desk = begun().start(40).work(40, sanction_measures=["拘留"]).approve(40, "fine_or_detention")
    desk.enter(40, reconsideration_told=False)
    with refused("X27", 40, "收到决定书可以申请复议"):
        desk.complete(40)
    desk.work(40, reconsideration_told=True).complete(40)


@trial("X28", 42, "asked_in_time")
def _a_change_of_the_period_is_asked_for_in_time() -> None:
    desk = begun().at("2024-09-03T09:00")
    with refused("X28", 42, "亦未及时通过系统进行执行期限变更的"):
        desk.start(42)
    with refused("X28", 42, "系统将自动冻结结案节点"):
        desk.request(42, "deadline_change", amount=1)
    desk = begun().at("2024-09-02T17:00").start(42)
    desk.request(42, "deadline_change", amount=1)


@trial("X29", 43, "closing_data_complete")
def _closing_data_come_first() -> None:
    asks(begun(), "X29", "应当在流程管理系统中填写结案案由、案件涉及、结案标的金额")
    desk = completion(closing_cause=None)
    asks(desk, "X29", "填写结案案由")
    desk.work(43, closing_cause="买卖合同纠纷执行案件").request(43, "closing_review")


@trial("X29", 43, "closing_ground_given")
def _the_ground_is_chosen_along_with_the_way() -> None:
    desk = completion(completed_ground=None)
    asks(desk, "X29", "结案事由")
    desk.work(43, completed_ground="强制执行完毕").request(43, "closing_review")


@trial("X24", 43, "all_debtors_restricted")
def _no_current_termination_without_restrictions() -> None:
    desk = begun().at("2024-06-05T09:00").event("no_assets_determined")
    restricted(desk.fill(18), "debtor/1")
    closing(desk, closing_way="终结本次执行程序", control_renewal_state="未申请")
    desk.approve(43, "special_review")
    asks(desk, "X24", "否则系统不予报结")
    restricted(desk, "debtor/2")
    other = desk.copy()
    desk.request(43, "closing_review")
    # A restriction that was lifted is none.
    other.event("consumption_restriction_lifted", "debtor/1")
    asks(other, "X24", "应当向被执行人发出限制消费令")


@trial("X12", 43, "interviewed")
def _the_creditor_is_heard_on_the_latest_result() -> None:
    desk = begun().at("2024-06-05T09:00")
    restricted(desk, "debtor/1", "debtor/2")
    closing(desk, closing_way="终结本次执行程序", control_renewal_state="未申请")
    desk.approve(43, "special_review")
    asks(desk, "X12", "依据最近一次财产查询反馈结果与申请执行人进行终本约谈")
    desk.event("no_assets_determined").fill(18)
    desk.copy().request(43, "closing_review")
    # A later result asks for another interview.
    desk.at("2024-06-12T09:00").event("network_query_feedback")
    asks(desk, "X12", "最近一次财产查询反馈结果")
    desk.event("termination_interview_held")
    desk.request(43, "closing_review")


@trial("X12", 43, "three_months_passed")
def _three_months_are_advice() -> None:
    desk = current_termination()
    early = desk.copy().at("2024-05-31T09:00")
    ctx, key = early.context, Key(43, "case")
    act = gates.request_act("closing_review")
    found = {b.sentence: b.severity for b in gates.blockers(ctx, early.view, act, key)}
    assert any("三个月" in words and how == "caution" for words, how in found.items())
    assert not any(
        "三个月" in b.sentence for b in gates.blockers(desk.context, desk.view, act, key)
    )


@trial("X30", 43, "field_is")
def _the_dossier_is_consistent() -> None:
    desk = completion(dossier_consistent=False)
    asks(desk, "X30", "电子卷宗应当和实际执行、纸质卷宗保持一致")
    desk.work(43, dossier_consistent=True).request(43, "closing_review")


@trial("X31", 43, "measures_lifted")
def _completion_lifts_every_measure() -> None:
    desk = completion(held(CAR))
    asks(desk, "X31", "应解除对被执行人财产采取的查封、冻结、扣押等控制措施")
    desk.event("control_released", "asset/1")
    restricted(desk, "debtor/1")
    asks(desk, "X31", "限制消费、纳入失信被执行人名单等强制措施")
    desk.start(37, "debtor/1").approve(37, "credit_listing", "debtor/1").fill(37, "debtor/1")
    desk.event("consumption_restriction_lifted", "debtor/1")
    asks(desk, "X31", "纳入失信被执行人名单")
    # A mere correction leaves the name on the list.
    desk.event("credit_fault_found", "debtor/1")
    desk.fill(38, "debtor/1", credit_fault_kind="更正")
    asks(desk, "X31", "纳入失信被执行人名单")
    desk.start(38, "debtor/1#2").fill(38, "debtor/1#2", credit_fault_kind="删除（屏蔽）")
    desk.request(43, "closing_review")


@trial("X33", 43, "closing_notice_made")
def _a_notice_unless_both_acknowledge() -> None:
    desk = completion(closing_notice_sent_on=None)
    asks(desk, "X33", "应当制作结案通知书并发送当事人")
    desk.copy().work(43, closing_notice_sent_on="2024-06-05").request(43, "closing_review")
    desk.work(43, completion_acceptance="双方当事人口头认可执行完毕并记入笔录")
    desk.approve(43, "special_review")
    desk.request(43, "closing_review")


@trial("X34", 43, "closing_ruling_made")
def _a_ruling_unless_performance_takes_years() -> None:
    desk = closing(
        begun().at("2024-06-05T09:00"),
        closing_way="终结执行",
        terminated_ground="被执行人被宣告破产",
        termination_ruled_on=None,
    )
    asks(desk, "X34", "其他终结执行案件均应依法制作结案裁定书")
    desk.copy().work(43, termination_ruled_on="2024-06-05").request(43, "closing_review")
    desk.work(43, terminated_ground="和解长期履行", long_settlement_on="2024-06-03")
    desk.request(43, "closing_review")


@trial("X40", 43, "specially_reviewed")
def _three_kinds_of_material_are_reviewed() -> None:
    accepted = completion(completion_acceptance="双方当事人书面认可执行完毕")
    withdrawn = closing(
        begun().at("2024-06-05T09:00"), closing_way="终结执行", terminated_ground=WITHDRAWN
    )
    for desk in (accepted, withdrawn, current_termination()):
        # It waits for the reviewer by itself; nobody has applied for anything.
        asks(desk, "X40", "系统自动将上述材料推送给专人审核")
        asks(desk, "X40", "材料不规范或者存在虚假的")
        desk.decide(43, "special_review", role="材料审核人", outcome="returned", reason="笔录缺页")
        asks(desk, "X40", "专人审核")
        desk.approve(43, "special_review")
        desk.request(43, "closing_review")


@trial("X22", 33, "paid_as_approved")
def _what_is_paid_is_what_was_signed() -> None:
    desk = paid_in().work(33, "payment/1", payout_amount="800.00")
    desk.approve(33, "payout", "payment/1")
    desk.work(33, "payment/1", payout_amount="900.00")
    with refused("X22", 33, "由财务部门办理在线支付"):
        desk.event("payment_paid_out", "payment/1")
    desk.work(33, "payment/1", payout_amount="800.00").event("payment_paid_out", "payment/1")


@trial("X22", 43, "all_paid_out")
def _completion_leaves_no_money_behind() -> None:
    desk = begun().at("2024-06-04T10:00").event("payment_arrived", "payment/1", **PAYMENT)
    desk = completion(desk.enter(32, "payment/1"))
    asks(desk, "X22", "通知申请执行人领取和发放等工作")
    desk.start(34, "payment/1").approve(34, "escrow", "payment/1").fill(34, "payment/1")
    desk.request(43, "closing_review")


@trial("X29", 43, "only_by_decision")
def _only_the_reviewers_confirm_or_return() -> None:
    desk = completion()
    desk.request(43, "closing_review")
    for event, name in (
        ("closing_confirmed", "closing_confirmed_on"),
        ("closing_returned", "closing_returned_on"),
    ):
        with refused("X29", 43, "对符合报结条件的案件核准确认"):
            desk.event(event)
        with refused("X29", 43, "退回结案申请"):
            desk.work(43, **{name: "2024-06-05"})
    desk.decide(43, "closing_review", role="审判管理办公室")
    assert desk.view.closed_at == desk.now


@trial("X29", 43, "event_recorded")
def _closing_is_not_completed_before_it_is_confirmed() -> None:
    desk = completion()
    with refused("X29", 43, "对符合报结条件的案件核准确认"):
        desk.complete(43)
    desk.request(43, "closing_review")
    desk.decide(43, "closing_review", role="审判管理办公室").fill(43)


@trial("X37", 44, "event_recorded")
def _nothing_is_archived_before_closing() -> None:
    desk = completion()
    with pytest.raises(RuleRefusedError, match="审判管理办公室尚未核准结案"):
        desk.event("archived")
    desk.request(43, "closing_review")
    desk.decide(43, "closing_review", role="审判管理办公室").fill(44)


@pytest.mark.parametrize("name", sorted(TRIALS), ids=lambda name: f"{name[0]}-{name[1]}-{name[2]}")
def test_a_gate_refuses_and_lets_pass(name: tuple[str, int, str]) -> None:
    TRIALS[name]()


def test_every_gate_was_tried() -> None:
    assert set(TRIALS) == {(gate.code, gate.node, gate.check) for gate in rulebook().gates}


# --- freezing and the next nodes


def frozen_keys(desk: Desk) -> set[tuple[int, str]]:
    return {(k.node, k.subject) for k, v in desk.view.instances.items() if v.state is State.FROZEN}


def refused_by_freeze(desk: Desk) -> set[tuple[int, str]]:
    """Every instance on which work is refused because another one is frozen."""
    ctx, view = desk.context, desk.view
    found = set()
    for key in view.instances:
        blockers = gates.frozen_blockers(ctx, view, gates.WORK, key)
        if blockers:
            assert all(b.code == "X2" and "冻结" in b.cite.quote for b in blockers)
            found.add((key.node, key.subject))
    return found


def test_a_frozen_notice_refuses_its_next_nodes_and_nothing_else() -> None:
    desk = Desk("2024-03-01T09:00", parties=PARTIES).fill(1).fill(2).fill(3).fill(4)
    desk.event("clue_received", "clue/1", name="轿车一辆", source="申请执行人提供", urgent=False)
    desk.event("payment_arrived", "payment/1", **PAYMENT)
    desk.event("asset_found", "asset/1", **HOUSE).event("asset_found", "asset/2", **CAR)
    desk.event("asset_controlled", "asset/1").event("asset_controlled", "asset/2")
    # Just after the ten days; nothing else is frozen but the money that waits to be claimed.
    desk.at("2024-03-12T00:00:00")
    assert frozen_keys(desk) == {(7, "case"), (32, "payment/1")}
    per_notice = {(8, "clue/1"), (35, "asset/2"), (43, "case")}
    per_notice |= {(n, d) for n in (36, 37, 41) for d in ("debtor/1", "debtor/2")}
    per_claim = {(33, "payment/1"), (34, "payment/1")}
    assert refused_by_freeze(desk) == per_notice | per_claim
    # The frozen node itself is worked on, not completed; the claim of money is let pass.
    desk.enter(7)
    assert "X2" in desk.blockers("complete", 7)
    assert desk.blockers("start", 12) == []
    assert desk.blockers("start", 36, "debtor/1") == ["X2"]
    assert desk.blockers("work", 17, "asset/1") == []


def test_one_frozen_asset_leaves_the_others_alone() -> None:
    desk = begun().at("2024-03-11T10:00")
    desk.event("asset_found", "asset/1", **DEPOSIT).event("asset_found", "asset/2", **DEPOSIT)
    desk.at("2024-03-11T16:00").event("asset_controlled", "asset/2")
    desk.event("payment_arrived", "payment/1", **PAYMENT, source="asset/1")
    desk.event("payment_arrived", "payment/2", **PAYMENT, source="asset/2")
    desk.at("2024-03-14T09:00")
    assert frozen_keys(desk) == {(17, "asset/1")}
    desk.event("asset_controlled", "asset/1")
    assert refused_by_freeze(desk) == {(19, "asset/1"), (31, "asset/1"), (35, "asset/1")} & {
        (key.node, key.subject) for key in desk.view.instances
    }
    # The drawing of the second asset freezes: it stands before the money drawn from it only.
    desk.at("2024-03-19T09:00")
    assert (31, "asset/2") in frozen_keys(desk)
    refused_now = refused_by_freeze(desk)
    assert (32, "payment/2") in refused_now
    assert (32, "payment/1") not in refused_now


def test_a_frozen_auction_start_refuses_the_notice_of_its_rounds() -> None:
    desk = held(HOUSE).fill(19, "asset/1").work(20, "asset/1", pricing_started_on="2024-03-12")
    desk.fill(20, "asset/1", pricing_method="当事人议价").at("2024-04-10T09:00")
    assert frozen_keys(desk) == {(23, "asset/1")}
    desk.work(23, "asset/1", auction_started_on="2024-04-10")
    assert refused_by_freeze(desk) == {(24, "asset/1/round/1")}


def test_payout_frozen_refuses_closing_but_not_the_search_for_more() -> None:
    desk = paid_in().at("2024-04-12T09:00")
    assert frozen_keys(desk) == {(33, "payment/1")}
    assert refused_by_freeze(desk) == {(43, "case")}
    for node in (8, 9, 11, 18):
        assert node in {edge.to for edge in rulebook().nodes[33].next}
    assert desk.blockers("work", 9) == []


def test_a_frozen_asset_does_not_keep_the_case_from_closing() -> None:
    """Node 43 follows 7 and 33 only: other freezes end with the case, without being lifted."""
    desk = begun().at("2024-03-11T10:00").event("asset_found", "asset/1", **HOUSE)
    completion(desk)
    assert frozen_keys(desk) == {(17, "asset/1")}
    desk.request(43, "closing_review")
    desk.decide(43, "closing_review", role="审判管理办公室")
    entry = desk.instance(17, "asset/1")
    assert (entry.state, entry.why, entry.freezes) == (State.NOT_APPLICABLE, "案件已结", ())


def test_node_43_frozen_refuses_only_itself() -> None:
    desk = begun().at("2024-09-04T09:00")
    assert frozen_keys(desk) == {(43, "case")}
    assert refused_by_freeze(desk) == set()
    assert "X2" in desk.blockers("complete", 43)
    assert "X2" in desk.blockers("request:closing_review", 43)
    assert "X2" in desk.blockers("event:closing_requested", 43)
    assert "X2" not in desk.blockers("request:special_review", 43)
    desk.enter(9)


def test_money_and_assets_are_recorded_whatever_is_frozen() -> None:
    """They come from outside; only the work on them waits."""
    desk = paid_in().at("2024-10-01T09:00")
    desk.event("payment_arrived", "payment/2", **PAYMENT)
    desk.event("asset_found", "asset/1", **CAR)
    assert desk.state(17, "asset/1") is State.ACTIVE
