"""Freezing exactly where the guideline puts it, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from helpers.desk import CHIEF, OFFICER, Desk, calendar, day, rulebook
from helpers.guideline_tables import FREEZES
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.engine import view_of
from zhixing_desktop.workflow.errors import RuleRefusedError
from zhixing_desktop.workflow.facts import Fact, FactIndex, State

HOUSE = {"name": "解放路房屋", "category": "不动产", "online": False}
DEPOSIT = {"name": "工行存款", "category": "银行存款", "online": True}
CAR = {"name": "豫H12345轿车", "category": "车辆", "online": False}
MONEY = {"name": "被执行人交款", "amount": "1000.00", "payer": "被执行人本人"}
Frozen = dict[str, str]


def filed(**header: object) -> Desk:
    """Filed on Friday 2024-03-01 at 10:00."""
    desk = Desk("2024-03-01T09:00", **header)
    return desk.at("2024-03-01T10:00").event("case_filed")


def queried(**header: object) -> Desk:
    return filed(**header).at("2024-03-01T11:00").event("first_query_started")


def received(**header: object) -> Desk:
    """Received on Monday 2024-03-04, the notice sent at once."""
    desk = queried(**header).at("2024-03-04T09:00").event("case_received")
    if desk.header["kind"] != "preservation":
        desk.fill(7)
    return desk


def controlled(asset: dict[str, object], **header: object) -> Desk:
    """Found on 2024-03-05 at 10:20, controlled the same afternoon."""
    desk = received(**header).at("2024-03-05T10:20").event("asset_found", "asset/1", **asset)
    return desk.at("2024-03-05T15:00").event("asset_controlled", "asset/1")


def priced() -> Desk:
    desk = controlled(HOUSE).at("2024-03-10T09:00").event("pricing_started", "asset/1")
    return desk.at("2024-03-25T09:00").event("price_fixed", "asset/1")


def auctioned() -> Desk:
    desk = priced().at("2024-03-28T09:00").event("auction_started", "asset/1/round/1")
    desk.event("auction_announced", "asset/1/round/1", at="2024-04-03")
    desk.event("auction_opens", "asset/1/round/1", at="2024-05-15")
    return desk.at("2024-05-20T09:00").event("auction_failed", "asset/1/round/1")


def frozen_over(desk: Desk, days: int = 366) -> Frozen:
    """Everything that freezes while nothing is done for so many days, and since when."""
    found: Frozen = {}
    index = FactIndex(desk.facts)
    for number in range(days * 2):
        now = desk.now + timedelta(hours=12 * number)
        view = view_of(Context(rulebook(), calendar(), index, now))
        for key, entry in view.instances.items():
            assert (entry.state is State.FROZEN) == (entry.frozen is not None)
            if entry.frozen is not None:
                found.setdefault(str(key), entry.frozen.frozen_at.isoformat())
    return found


CASE = {"43@case": "2024-09-03T00:00:00"}
"""Six months from 2024-03-01 end on a Sunday, so on Monday 2024-09-02."""

SILENCES: dict[str, tuple[Callable[[], Desk], Frozen]] = {
    "not filed": (lambda: Desk("2024-03-01T09:00"), {}),
    "filed, no query": (filed, {"3@case": "2024-03-02T00:00:00", **CASE}),
    "filed, no money": (lambda: filed(content=["act"]), CASE),
    "queried": (queried, CASE),
    "received": (
        lambda: queried().at("2024-03-04T09:00").event("case_received"),
        {"7@case": "2024-03-15T00:00:00", **CASE},
    ),
    "notified": (received, CASE),
    "clue": (
        lambda: received().event(
            "clue_received", "clue/1", name="房屋一套", source="申请执行人提供", urgent=True
        ),
        CASE,
    ),
    "deposit found": (
        lambda: received().at("2024-03-05T10:20").event("asset_found", "asset/1", **DEPOSIT),
        # 48 hours from 11:00.
        {"17@asset/1": "2024-03-07T11:00:01", **CASE},
    ),
    "house found": (
        lambda: received().at("2024-03-05T10:20").event("asset_found", "asset/1", **HOUSE),
        {"17@asset/1": "2024-03-16T00:00:00", **CASE},
    ),
    "deposit controlled": (
        lambda: controlled(DEPOSIT),
        {"31@asset/1": "2024-03-13T00:00:00", **CASE},
    ),
    "house controlled": (
        lambda: controlled(HOUSE),
        {"20@asset/1": "2024-03-21T00:00:00", **CASE},
    ),
    "pricing started": (
        lambda: controlled(HOUSE).at("2024-03-10T09:00").event("pricing_started", "asset/1"),
        {"20@asset/1": "2024-04-10T00:00:00", **CASE},
    ),
    "price fixed": (
        priced,
        # Ten days end on 清明节, so on Sunday 7 April, which is worked.
        {"23@asset/1": "2024-04-08T00:00:00", **CASE},
    ),
    "first auction failed": (
        auctioned,
        {"26@asset/1/round/2": "2024-06-20T00:00:00", **CASE},
    ),
    "payment arrived": (
        lambda: received().at("2024-03-11T09:00").event("payment_arrived", "payment/1", **MONEY),
        {"32@payment/1": "2024-03-15T00:00:00", "33@payment/1": "2024-04-11T00:00:00", **CASE},
    ),
    "goods handed to the court": (
        lambda: controlled({"name": "机器", "category": "应交付的特定物", "online": False}).event(
            "goods_handed_over", "asset/1"
        ),
        CASE,
    ),
    "no assets": (lambda: received().event("no_assets_determined"), CASE),
    "preservation": (
        lambda: filed(kind="preservation"),
        {"3@case": "2024-03-02T00:00:00", **CASE},
    ),
    "preservation, deposit found": (
        lambda: (
            received(kind="preservation")
            .at("2024-03-05T10:20")
            .event("asset_found", "asset/1", **DEPOSIT)
        ),
        {"17@asset/1": "2024-03-07T11:00:01", **CASE},
    ),
    "preservation, deposit controlled": (lambda: controlled(DEPOSIT, kind="preservation"), CASE),
    "preservation, house controlled": (lambda: controlled(HOUSE, kind="preservation"), CASE),
    "non-litigation": (
        # Three months end on a Saturday, so on Monday 2024-06-03.
        lambda: received(non_litigation=True),
        {"43@case": "2024-06-04T00:00:00"},
    ),
    "resumed, another officer": (
        lambda: received(kind="resumed", previous_officer="孙法官"),
        CASE,
    ),
    "resumed, same officer": (
        lambda: queried(kind="resumed", previous_officer=OFFICER),
        {"2@case": "2024-03-01T09:00:00", **CASE},
    ),
}


@pytest.mark.parametrize("name", SILENCES)
def test_a_year_of_silence_freezes_what_the_guideline_names_and_nothing_else(name: str) -> None:
    make, expected = SILENCES[name]
    if name == "resumed, same officer":
        with pytest.raises(RuleRefusedError, match="节点2“立案”已于"):
            make()
        desk = filed(kind="resumed", previous_officer=OFFICER)
        # 立案 is frozen, so the query cannot be started either, and node 3 freezes as well.
        assert frozen_over(desk) == {**expected, "3@case": "2024-03-02T00:00:00"}
        return
    assert frozen_over(make()) == expected


def test_all_eleven_rules_were_seen_to_freeze() -> None:
    seen = {int(key.partition("@")[0]) for _, frozen in SILENCES.values() for key in frozen}
    assert seen == (set(FREEZES) - {46}) | {2}


# --- node 3


def test_node_3_needs_no_warning_only_the_end_of_the_day() -> None:
    desk = filed().at("2024-03-01T23:59:59")
    assert desk.state(3) is State.WARNED
    assert desk.at("2024-03-02T00:00:00").state(3) is State.FROZEN
    assert desk.instance(3).frozen.unfreeze.words == "报辖区所在地中院批准"


def test_a_query_reported_on_the_day_is_enough_for_node_3() -> None:
    desk = filed()
    desk.at("2024-03-01T17:00").enter(
        3, leave=(1, 3, 4), query_started_at=None, query_feedback_at=None, assets_found=None
    )
    assert desk.at("2024-03-03T00:00").state(3) is State.OVERDUE


def test_the_48_hours_of_node_3_do_not_freeze() -> None:
    desk = filed().at("2024-03-01T11:00").event("first_query_started")
    desk.at("2024-03-01T12:00").enter(
        3, leave=(3, 4), query_feedback_at="2024-03-01T11:30:00", assets_found=True
    )
    # 48 hours from 12:00.
    assert desk.at("2024-03-03T12:00:00").state(3) is State.WARNED
    assert desk.at("2024-03-03T12:00:01").state(3) is State.OVERDUE
    assert desk.at("2025-03-01T12:00").state(3) is State.OVERDUE


def test_a_filing_entered_the_day_after_freezes_node_3_unless_the_query_was_in_time() -> None:
    desk = Desk("2024-03-01T09:00").at("2024-03-02T09:00")
    desk.event("case_filed", at="2024-03-01T10:00")
    assert desk.state(3) is State.FROZEN
    other = Desk("2024-03-01T09:00").at("2024-03-02T09:00")
    other.event("case_filed", at="2024-03-01T10:00")
    other.event("first_query_started", at="2024-03-01T11:00")
    assert other.state(3) is State.OVERDUE
    desk.event("first_query_started", at="2024-03-02T08:30")
    assert desk.state(3) is State.FROZEN


# --- what was recorded in time, and what was known in time


def test_an_act_entered_after_the_freeze_does_not_undo_it() -> None:
    desk = received().at("2024-03-05T10:20").event("asset_found", "asset/1", **DEPOSIT)
    desk.at("2024-03-08T09:00").event("asset_controlled", "asset/1", at="2024-03-06T09:00")
    assert desk.instance(17, "asset/1").limits[0].status == "met"
    assert desk.state(17, "asset/1") is State.FROZEN


def test_an_act_entered_in_time_does_not_freeze_however_late_the_rest() -> None:
    desk = received().at("2024-03-05T10:20").event("asset_found", "asset/1", **DEPOSIT)
    desk.at("2024-03-07T11:00").event("asset_controlled", "asset/1")
    assert desk.at("2024-03-20T09:00").state(17, "asset/1") is State.ACTIVE


def test_a_limit_learned_of_after_its_end_is_overdue_and_not_frozen() -> None:
    """经预警后: nobody could be warned of it."""
    desk = received().at("2024-03-20T09:00")
    desk.event("asset_found", "asset/1", at="2024-03-05T10:20", **DEPOSIT)
    entry = desk.instance(17, "asset/1")
    assert entry.state is State.OVERDUE
    assert entry.limits[0].warn_at == ()
    assert desk.at("2025-03-20T09:00").state(17, "asset/1") is State.OVERDUE


def test_a_limit_learned_of_late_is_warned_at_once_and_then_freezes() -> None:
    desk = received().at("2024-03-14T16:00")
    desk.event("asset_found", "asset/1", at="2024-03-05T10:20", **HOUSE)
    entry = desk.instance(17, "asset/1")
    # The first rung (11 March) had passed; the second is 08:30 of the last day.
    assert entry.state is State.WARNED
    assert entry.limits[0].warn_at == (day("2024-03-14T16:00"), day("2024-03-15T08:30"))
    assert desk.at("2024-03-16T00:00").state(17, "asset/1") is State.FROZEN


# --- both variants and both limits


def test_node_17_by_the_way_of_control() -> None:
    desk = received().at("2024-03-05T10:20")
    desk.event("asset_found", "asset/1", **DEPOSIT).event("asset_found", "asset/2", **HOUSE)
    assert [v.limit.id for v in desk.instance(17, "asset/1").limits] == ["17-a"]
    assert [v.limit.id for v in desk.instance(17, "asset/2").limits] == ["17-b"]
    desk.at("2024-03-07T11:00:01")
    assert desk.state(17, "asset/1") is State.FROZEN
    assert desk.state(17, "asset/2") is State.ACTIVE


def test_node_20_freezes_for_the_start_and_for_the_end_each_by_itself() -> None:
    desk = controlled(HOUSE).at("2024-03-22T09:00")
    assert desk.instance(20, "asset/1").frozen.limit_id == "20-a"
    desk.request(20, "unfreeze", "asset/1")
    desk.register(20, "asset/1")
    assert desk.state(20, "asset/1") is State.OVERDUE
    desk.event("pricing_started", "asset/1", at="2024-03-22")
    assert desk.state(20, "asset/1") is State.ACTIVE
    # Thirty days end on Sunday 21 April.
    assert desk.at("2024-04-22T23:59:59").state(20, "asset/1") is State.WARNED
    assert desk.at("2024-04-23T00:00").instance(20, "asset/1").frozen.limit_id == "20-b"


def test_node_26_freezes_for_the_30_days_and_never_for_the_days_before() -> None:
    desk = auctioned().at("2024-06-03T09:00")
    desk.work(26, "asset/1/round/2", auction_started_on="2024-06-03", platform="淘宝网")
    # Announced two days before the auction: late, and no freeze.
    desk.event("auction_opens", "asset/1/round/2", at="2024-06-10")
    desk.at("2024-06-12T09:00").event("auction_announced", "asset/1/round/2", at="2024-06-08")
    entry = desk.instance(26, "asset/1/round/2")
    assert {v.limit.id: v.status for v in entry.limits} == {"26-a": "met", "26-c": "met_late"}
    assert desk.at("2025-06-12T09:00").state(26, "asset/1/round/2") is not State.FROZEN


def test_an_application_to_take_the_asset_keeps_the_second_auction_from_becoming_due() -> None:
    desk = auctioned().event("auction_offset_applied", "asset/1/round/1")
    assert frozen_over(desk) == CASE
    assert desk.state(29, "asset/1") is State.ACTIVE


def test_node_31_is_for_money_of_enforcement_cases_only() -> None:
    desk = controlled(DEPOSIT).event("asset_found", "asset/2", **CAR)
    desk.event("asset_controlled", "asset/2")
    assert "31@asset/2" not in {str(key) for key in desk.view.instances}
    assert "31@asset/1" in {str(key) for key in desk.view.instances}
    kept = controlled(DEPOSIT, kind="preservation")
    assert not kept.view.of_node(31)


def test_a_control_released_and_taken_anew_starts_the_seven_days_anew() -> None:
    desk = controlled(DEPOSIT).at("2024-03-08T09:00").event("control_released", "asset/1")
    assert desk.at("2024-04-08T09:00").state(31, "asset/1") is State.NOT_APPLICABLE
    desk.event("asset_controlled", "asset/1")
    assert desk.at("2024-04-15T23:59:59").state(31, "asset/1") is State.WARNED
    assert desk.at("2024-04-16T00:00").state(31, "asset/1") is State.FROZEN


# --- money


def paid_in() -> Desk:
    return received().at("2024-03-11T09:00").event("payment_arrived", "payment/1", **MONEY)


def test_node_32_freezes_for_items_1_and_2_and_not_for_item_3() -> None:
    desk = paid_in().at("2024-03-12T09:00").enter(32, "payment/1", leave=(3,))
    assert desk.at("2024-03-15T00:00").state(32, "payment/1") is State.OVERDUE
    desk = paid_in().at("2024-03-12T09:00").enter(32, "payment/1", leave=(2, 3))
    assert desk.at("2024-03-15T00:00").state(32, "payment/1") is State.FROZEN


def test_every_payment_has_its_own_clock() -> None:
    desk = paid_in().enter(32, "payment/1")
    desk.at("2024-03-20T09:00").event("payment_arrived", "payment/2", **MONEY)
    desk.enter(32, "payment/2")
    desk.at("2024-04-11T00:00")
    assert desk.state(33, "payment/1") is State.FROZEN
    assert desk.state(33, "payment/2") is State.WARNED
    assert desk.at("2024-04-20T00:00").state(33, "payment/2") is State.FROZEN


def test_an_approved_escrow_ends_the_30_days() -> None:
    """Reading A50; the application alone does not, nor does an approval that comes too late."""
    desk = paid_in().enter(32, "payment/1").at("2024-04-09T09:00").start(34, "payment/1")
    desk.request(34, "escrow", "payment/1")
    asked = Desk("2024-03-01T09:00", **desk.header)
    asked.facts = list(desk.facts)
    assert asked.at("2024-04-11T00:00").state(33, "payment/1") is State.FROZEN
    desk.decide(34, "escrow", "payment/1", role="主管院领导")
    assert desk.at("2024-04-11T00:00").state(33, "payment/1") is State.ACTIVE
    assert desk.at("2025-04-11T00:00").state(33, "payment/1") is State.ACTIVE
    asked.at("2024-04-12T09:00").decide(34, "escrow", "payment/1", role="主管院领导")
    assert asked.state(33, "payment/1") is State.FROZEN


# --- node 43 and the change of the period


def asked_for_more(at: str, **data: object) -> Desk:
    desk = received().at(at).start(42)
    desk.request(42, "deadline_change", amount=3, unit="month", **data)
    return desk


def test_an_application_in_time_suspends_the_freeze_until_it_is_decided() -> None:
    desk = asked_for_more("2024-09-02T16:00")
    assert desk.at("2024-10-15T09:00").state(43) is State.OVERDUE
    desk.decide(42, "deadline_change", role="院长")
    # Nine months from 2024-03-01 end on a Sunday.
    assert desk.instance(43).due_at == day("2024-12-02T23:59:59")
    assert desk.state(43) is State.WARNED
    assert desk.at("2024-12-03T00:00").state(43) is State.FROZEN


@pytest.mark.parametrize("outcome", ["refused", "returned"])
def test_an_application_turned_down_suspends_only_until_then(outcome: str) -> None:
    desk = asked_for_more("2024-08-20T09:00").at("2024-09-10T09:30")
    desk.decide(42, "deadline_change", role="院长", outcome=outcome, reason="理由不足")
    assert desk.instance(43).frozen.frozen_at == day("2024-09-10T09:30")
    early = asked_for_more("2024-08-20T09:00").at("2024-08-25T09:30")
    early.decide(42, "deadline_change", role="院长", outcome=outcome, reason="理由不足")
    assert early.at("2024-09-02T23:59").state(43) is State.WARNED
    assert early.at("2024-09-03T00:00").instance(43).frozen.frozen_at == day("2024-09-03T00:00")


def test_a_late_application_is_refused_and_would_suspend_nothing() -> None:
    desk = received().at("2024-09-04T09:00")
    assert desk.state(43) is State.FROZEN
    with pytest.raises(RuleRefusedError, match="执行期限已经届满") as caught:
        desk.start(42)
    assert "亦未及时通过系统进行执行期限变更" in caught.value.cite.quote
    late = desk.now
    desk.facts.append(
        Fact(
            len(desk.facts) + 1,
            "approval_requested",
            "case",
            late,
            late,
            late,
            OFFICER,
            42,
            {"matter": "deadline_change", "amount": 3, "unit": "month"},
        )
    )
    assert desk.state(43) is State.FROZEN


def test_days_that_do_not_count_move_the_end_and_an_open_interval_stops_the_clock() -> None:
    desk = received().at("2024-05-01T09:00").start(42)
    desk.enter(
        42,
        deadline_change_applied_on="2024-05-01",
        deadline_change_kind="中止执行",
        deadline_change_ground="中止执行至恢复执行期间",
        deadline_change_from="2024-05-01",
    )
    desk.approve(42, "deadline_change")
    assert desk.instance(43).limits[0].status == "suspended"
    assert desk.at("2025-05-01T09:00").state(43) is State.ACTIVE
    desk.work(42, deadline_change_until="2024-06-01")
    # 31 days more than 2024-09-01.
    assert desk.instance(43).limits[0].nominal_at == day("2024-10-02T23:59:59")
    assert desk.state(43) is State.FROZEN


def test_closing_asked_for_but_not_confirmed_does_not_hold_the_freeze_off() -> None:
    """在期限内结案 is the confirmation (reading A62)."""
    desk = received().at("2024-08-30T09:00")
    desk.enter(43, leave=(14, 15), closing_requested_on=None, completion_acceptance=_NOT_ACCEPTED)
    desk.request(43, "closing_review")
    desk.at("2024-09-03T09:00")
    assert desk.state(43) is State.FROZEN
    with pytest.raises(RuleRefusedError, match="不得报结"):
        desk.decide(43, "closing_review", role="审判管理办公室")
    desk.decide(43, "closing_review", role="审判管理办公室", outcome="returned", reason="先行解冻")
    with pytest.raises(RuleRefusedError, match="需层报省法院批准"):
        desk.request(43, "closing_review")
    desk.request(43, "unfreeze")
    desk.register(43, authority="河南省高级人民法院", decider="省法院执行局")
    desk.request(43, "closing_review")
    desk.decide(43, "closing_review", role="审判管理办公室")
    assert desk.instance(43).limits[0].status == "met_late"
    assert desk.state(43) is not State.FROZEN


_NOT_ACCEPTED = "没有认可，制作结案通知书"


# --- node 46


def test_46_freezes_filing_of_the_resumed_case_until_the_officer_is_changed() -> None:
    desk = filed(kind="resumed", previous_officer=OFFICER)
    frozen = desk.instance(2).frozen
    assert frozen.unfreeze.words == "需报本院主管领导或者执行局局长批准"
    assert frozen.by_node == 46
    with pytest.raises(RuleRefusedError, match="冻结"):
        desk.enter(2).complete(2)
    assert desk.assign("孙法官").state(2) is State.ACTIVE
    desk.fill(1).fill(2)
    # Going back to the former officer freezes again, done or not, and holds the hand-over up.
    desk.at("2024-03-01T12:00").event("first_query_started")
    assert desk.assign(OFFICER).state(2) is State.FROZEN
    assert "X42" in desk.enter(4, case_officer=None).blockers("complete", 4)
    desk.assign("孙法官")
    assert desk.blockers("complete", 4) == []


def test_46_may_be_lifted_without_a_change_by_the_leader_or_the_chief() -> None:
    desk = filed(kind="resumed", previous_officer=OFFICER)
    desk.request(2, "unfreeze")
    desk.decide(2, "unfreeze", role="执行局长")
    assert desk.state(2) is State.ACTIVE
    assert desk.at("2025-03-01T09:00").state(2) is not State.FROZEN


def test_46_freezes_nothing_where_the_case_is_not_resumed_or_the_court_has_set_otherwise() -> None:
    assert filed(previous_officer=OFFICER).state(2) is State.ACTIVE
    assert filed(kind="resumed").state(2) is State.ACTIVE


# --- who lifts a freeze


def test_local_unfreezing_from_end_to_end() -> None:
    desk = queried().at("2024-03-04T09:00").event("case_received").at("2024-03-18T09:00")
    assert desk.state(7) is State.FROZEN
    assert "X2" in desk.enter(7).blockers("complete", 7)
    number = desk.request(7, "unfreeze", why="文书未及时送达，现已送达")
    assert desk.instance(7).frozen.pending.seq == number
    desk.decide(7, "unfreeze", role="执行局长", outcome="refused", reason="理由不足")
    assert desk.state(7) is State.FROZEN
    desk.request(7, "unfreeze", why="已经整改，附送达回证")
    desk.decide(7, "unfreeze", role="主管院领导")
    assert desk.state(7) is State.OVERDUE or desk.instance(7).limits[0].status == "met_late"
    desk.complete(7)
    assert desk.state(7) is State.DONE_LATE


EVERYBODY = (
    "立案人员",
    "承办人",
    "书记员",
    "财务",
    "档案员",
    "审判管理办公室",
    "材料审核人",
    "院长",
    "执行局长",
    "主管院领导",
)


def unnotified() -> Desk:
    return queried().at("2024-03-04T09:00").event("case_received")


@pytest.mark.parametrize("number", FREEZES)
def test_only_the_named_authority_lifts_a_freeze(number: int) -> None:
    frozen: dict[int, tuple[Callable[[], Desk], str, str]] = {
        3: (filed, "case", "2024-03-04T09:00"),
        7: (unnotified, "case", "2024-04-01T09:00"),
        17: (
            lambda: received().at("2024-03-05T10:20").event("asset_found", "asset/1", **DEPOSIT),
            "asset/1",
            "2024-04-01T09:00",
        ),
        20: (lambda: controlled(HOUSE), "asset/1", "2024-04-01T09:00"),
        23: (priced, "asset/1", "2024-05-06T09:00"),
        26: (auctioned, "asset/1/round/2", "2024-07-01T09:00"),
        31: (lambda: controlled(DEPOSIT), "asset/1", "2024-04-01T09:00"),
        32: (paid_in, "payment/1", "2024-04-01T09:00"),
        33: (lambda: paid_in().enter(32, "payment/1"), "payment/1", "2024-05-06T09:00"),
        43: (received, "case", "2024-10-08T09:00"),
        46: (lambda: filed(kind="resumed", previous_officer=OFFICER), "case", "2024-03-01T12:00"),
    }
    make, subject, at = frozen[number]
    node = 2 if number == 46 else number
    said = FREEZES[number]
    desk = make().at(at)
    assert desk.state(node, subject) is State.FROZEN
    desk.request(node, "unfreeze", subject)
    for role in EVERYBODY:
        if said.level == "local" and role in said.roles:
            continue
        with pytest.raises(RuleRefusedError) as caught:
            desk.decide(node, "unfreeze", subject, role=role, by="某人")
        if said.level != "local":
            assert said.authority in caught.value.sentence
            assert caught.value.data["level"] == said.level
        assert desk.state(node, subject) is State.FROZEN
    if said.level == "local":
        with pytest.raises(RuleRefusedError, match="由本院决定"):
            desk.register(node, subject)
        desk.decide(node, "unfreeze", subject, role=said.roles[-1])
    else:
        with pytest.raises(RuleRefusedError, match="登记"):
            desk.register(node, subject, by="周书记", roles=["书记员"])
        desk.register(node, subject, outcome="forwarded")
        assert desk.state(node, subject) is State.FROZEN
        desk.register(node, subject)
    assert desk.state(node, subject) is not State.FROZEN


@pytest.mark.parametrize("by", [OFFICER, "孙法官"])
def test_nobody_decides_his_own_application_or_his_own_case(by: str) -> None:
    """The case officer is barred, and so is whoever applied, whatever their roles."""
    desk = queried().at("2024-03-04T09:00").event("case_received").at("2024-03-18T09:00")
    desk.do(
        {
            "do": "request",
            "node": 7,
            "subject": "case",
            "matter": "unfreeze",
            "reason": "文书已经送达",
            "by": "孙法官",
        }
    )
    with pytest.raises(RuleRefusedError, match="任何人不得决定自己的申请"):
        desk.decide(7, "unfreeze", role="执行局长", by=by)
    desk.decide(7, "unfreeze", role="执行局长", by=CHIEF)


def test_nothing_is_unfrozen_that_is_not_frozen() -> None:
    with pytest.raises(RuleRefusedError, match="没有冻结，不需要解冻"):
        received().request(7, "unfreeze")


# --- no way round the authority


def test_a_later_date_of_receipt_does_not_lift_the_freeze() -> None:
    desk = queried().at("2024-03-04T09:00").event("case_received").at("2024-03-18T09:00")
    with pytest.raises(RuleRefusedError, match="会使冻结自行解除") as caught:
        desk.work(7, application_received_on="2024-03-15")
    assert caught.value.data["blockers"][0]["code"] == "X3"
    with pytest.raises(RuleRefusedError, match="会使冻结自行解除"):
        desk.event("application_received", at="2024-03-15")
    fact = desk.fact("case_received")
    with pytest.raises(RuleRefusedError, match="会使冻结自行解除"):
        desk.correct(fact.seq, at="2024-03-15")
    with pytest.raises(RuleRefusedError, match="会使冻结自行解除"):
        desk.withdraw(fact.seq)
    # A day that leaves the node frozen may be mended.
    desk.correct(fact.seq, at="2024-03-02")
    assert desk.instance(7).frozen.frozen_at == day("2024-03-13T00:00")


def test_another_kind_of_asset_does_not_lift_the_freeze() -> None:
    desk = controlled(DEPOSIT).at("2024-04-01T09:00")
    fact = desk.fact("asset_found", "asset/1")
    with pytest.raises(RuleRefusedError, match="会使冻结自行解除"):
        desk.correct(fact.seq, category="不动产")
    with pytest.raises(RuleRefusedError):
        desk.event("control_released", "asset/1") and desk.withdraw(
            desk.fact("asset_controlled", "asset/1").seq
        )
    assert desk.state(31, "asset/1") is State.FROZEN


def test_a_wrong_date_may_be_mended_while_nothing_is_frozen() -> None:
    desk = queried().at("2024-03-06T09:00").event("case_received", at="2024-03-04")
    desk.correct(desk.fact("case_received").seq, at="2024-03-05")
    assert desk.instance(7).due_at == day("2024-03-15T23:59:59")


def test_moments_are_exact() -> None:
    desk = queried().at("2024-03-04T09:00").event("case_received")
    assert desk.at(datetime(2024, 3, 14, 23, 59, 59)).state(7) is State.WARNED
    assert desk.at(datetime(2024, 3, 15)).state(7) is State.FROZEN
