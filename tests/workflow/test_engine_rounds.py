"""Auction rounds: failed, repeated after a defaulting buyer, settled by the asset, sold."""

from __future__ import annotations

import pytest

from helpers.desk import Desk, day
from helpers.stages import CAR, HOUSE, failed_once, held, on_auction, sold
from zhixing_desktop.workflow.errors import InputRefusedError, RuleRefusedError
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.views import Key

FIRST, SECOND, THIRD = (f"asset/1/round/{number}" for number in (1, 2, 3))


def announced(desk: Desk, subject: str, node: int, on: str, opens: str) -> Desk:
    return desk.work(node, subject, announced_on=on, auction_opens_on=opens)


def reneged() -> Desk:
    """The first round was sold; the buyer did not pay: on 2024-05-08."""
    desk = announced(on_auction(CAR), FIRST, 25, "2024-04-08", "2024-04-26")
    desk.fill(24, FIRST, notice_impossible=False).at("2024-04-28T10:00")
    desk.fill(25, FIRST, auction_result="成交", sold_on="2024-04-27")
    return desk.at("2024-05-08T10:00").work(27, FIRST, reneged_on="2024-05-08")


def reneged_twice() -> Desk:
    """The second auction was sold and not paid for: on 2024-06-28."""
    desk = failed_once(CAR).work(26, SECOND, platform="淘宝网", auction_started_on="2024-05-21")
    announced(desk, SECOND, 26, "2024-06-03", "2024-06-17").at("2024-06-19T10:00")
    desk.fill(26, SECOND, auction_result="成交", sold_on="2024-06-18")
    return desk.at("2024-06-28T10:00").work(27, SECOND, reneged_on="2024-06-28")


def keys(desk: Desk, node: int) -> dict[str, State]:
    return {v.key.subject: v.state for v in desk.view.of_node(node)}


def test_starting_the_auction_opens_the_first_round() -> None:
    desk = on_auction(CAR)
    assert keys(desk, 24) == {FIRST: State.ACTIVE}
    assert keys(desk, 25) == {FIRST: State.ACTIVE}
    assert keys(desk, 26) == {}
    # The start belongs to the round and satisfies node 23's ten days.
    limit = desk.instance(23, "asset/1").limits[0]
    assert (limit.status, limit.met_at) == ("met", day("2024-04-01"))


def test_a_failed_round_makes_the_second_auction_due() -> None:
    desk = failed_once(CAR)
    assert keys(desk, 26) == {SECOND: State.ACTIVE}
    limit = desk.instance(26, SECOND).limits[0]
    assert (limit.limit.id, limit.anchor_words) == ("26-a", "一拍流拍")
    assert limit.due_at == day("2024-06-20T23:59:59")
    # Notice and announcement of the second round come with its start.
    assert desk.state(24, SECOND) is State.NOT_STARTED
    desk.work(26, SECOND, platform="淘宝网", auction_started_on="2024-05-21")
    assert desk.state(24, SECOND) is State.ACTIVE
    assert keys(desk, 25) == {FIRST: State.DONE}


def test_a_defaulting_buyer_ends_the_confirmation_and_repeats_the_stage() -> None:
    desk = reneged()
    confirmation = desk.instance(27, FIRST)
    assert (confirmation.state, confirmation.why) == (State.NOT_APPLICABLE, "买受人悔拍，重新拍卖")
    # The next round is of the first stage: node 25 with its own announcement, no node 26.
    assert keys(desk, 25) == {FIRST: State.DONE, SECOND: State.ACTIVE}
    assert keys(desk, 26) == {}
    assert desk.state(24, SECOND) is State.NOT_STARTED
    desk.work(25, SECOND, restarted_on="2024-05-08")
    assert desk.state(24, SECOND) is State.ACTIVE
    assert desk.fact("auction_started", SECOND).happened_at == day("2024-05-08")
    announced(desk, SECOND, 25, "2024-05-13", "2024-05-30")
    assert {v.limit.id for v in desk.instance(25, SECOND).limits} == {"25-a"}


def test_the_question_of_the_new_start_is_put_only_where_a_round_is_repeated() -> None:
    desk = reneged()
    assert "重新启动拍卖日期" in desk.missing(25, SECOND)
    assert "重新启动拍卖日期" not in on_auction(CAR).missing(25, FIRST)
    with pytest.raises(InputRefusedError, match="不适用"):
        on_auction(CAR).work(25, FIRST, restarted_on="2024-04-01")


def test_the_repeated_round_may_also_be_started_as_an_event() -> None:
    desk = reneged().event("auction_started", SECOND)
    assert desk.state(24, SECOND) is State.ACTIVE
    assert "重新启动拍卖日期" not in desk.missing(25, SECOND)


def test_a_second_auction_that_was_not_paid_for_is_repeated_without_the_30_days() -> None:
    desk = reneged_twice()
    assert keys(desk, 26) == {SECOND: State.DONE, THIRD: State.ACTIVE}
    limits = {v.limit.id: v.status for v in desk.instance(26, THIRD).limits}
    # 一拍流拍之日 is long past and belongs to the round before; nothing is late, nothing freezes.
    assert limits == {"26-a": "waiting", "26-b": "waiting"}
    assert desk.at("2025-06-28T10:00").state(26, THIRD) is State.ACTIVE
    assert "一拍流拍后无人申请抵债" not in desk.missing(26, THIRD)
    desk.at("2024-07-01T10:00").work(26, THIRD, platform="淘宝网", auction_started_on="2024-07-01")
    assert desk.state(24, THIRD) is State.ACTIVE


def test_a_round_sold_after_a_default_is_confirmed_by_itself() -> None:
    desk = reneged().work(25, SECOND, restarted_on="2024-05-08")
    announced(desk, SECOND, 25, "2024-05-13", "2024-05-30").at("2024-06-03T10:00")
    desk.fill(25, SECOND, auction_result="成交", sold_on="2024-05-31")
    assert keys(desk, 27) == {FIRST: State.NOT_APPLICABLE, SECOND: State.ACTIVE}
    desk.at("2024-06-11T10:00").fill(27, SECOND, paid_on="2024-06-06")
    assert desk.state(30, "asset/1") is State.ACTIVE


@pytest.mark.parametrize("number", [3, 5, 99])
def test_a_round_out_of_order_is_refused(number: int) -> None:
    for desk in (on_auction(CAR), failed_once(CAR), reneged()):
        with pytest.raises(InputRefusedError, match="案件中没有"):
            desk.event("auction_started", f"asset/1/round/{number}")
    with pytest.raises(InputRefusedError, match="案件中没有"):
        held(CAR).event("auction_failed", "asset/7/round/1")


def test_the_next_round_is_not_started_before_the_last_one_ended() -> None:
    with pytest.raises(InputRefusedError, match="案件中没有"):
        on_auction(CAR).event("auction_started", SECOND)
    with pytest.raises(RuleRefusedError, match="本案没有对应的办理对象"):
        on_auction(CAR).work(26, SECOND, auction_started_on="2024-04-01")


def test_each_asset_has_its_own_rounds() -> None:
    desk = failed_once(CAR).event("asset_found", "asset/2", **HOUSE)
    assert keys(desk, 26) == {SECOND: State.ACTIVE}
    assert Key(24, "asset/2/round/1") not in desk.view.instances


# --- settlement by the asset (nodes 29, 28)


def test_an_application_after_the_first_round_leads_to_settlement() -> None:
    """Reading A40: no second auction, no question within ten days."""
    desk = failed_once(CAR).work(25, FIRST, offset_applied_on="2024-05-21")
    assert keys(desk, 26) == {}
    assert desk.state(29, "asset/1") is State.ACTIVE
    assert desk.instance(29, "asset/1").limits[0].status == "waiting"
    assert [label for label in desk.missing(29, "asset/1") if "工作内容" in label] == []
    desk.fill(29, "asset/1", offset_ground="一拍流拍后申请抵债", offset_answer="同意接受抵债")
    assert desk.state(30, "asset/1") is State.ACTIVE


def test_an_application_that_falls_through_makes_the_second_auction_due() -> None:
    desk = failed_once(CAR).work(25, FIRST, offset_applied_on="2024-05-21")
    desk.at("2024-06-25T10:00").fill(
        29, "asset/1", offset_ground="一拍流拍后申请抵债", offset_answer="不接受抵债"
    )
    assert keys(desk, 26) == {SECOND: State.ACTIVE}
    # 无人申请抵债 does not hold, so the thirty days do not run (and cannot have run out).
    assert desk.instance(26, SECOND).limits[0].status == "waiting"
    assert desk.state(28, "asset/1") is State.NOT_STARTED


def second_failed() -> Desk:
    desk = failed_once(HOUSE).work(26, SECOND, platform="淘宝网", auction_started_on="2024-05-21")
    announced(desk, SECOND, 26, "2024-06-03", "2024-06-24").at("2024-06-26T10:00")
    return desk.fill(26, SECOND, auction_result="流拍", failed_on="2024-06-25")


def test_after_the_second_failure_the_creditor_is_asked_within_ten_days() -> None:
    desk = second_failed()
    limit = desk.instance(29, "asset/1").limits[0]
    assert (limit.limit.id, limit.due_at) == ("29-a", day("2024-07-05T23:59:59"))
    assert limit.anchor_words == "再次拍卖流拍"
    assert keys(desk, 26) == {SECOND: State.DONE}
    assert desk.at("2024-07-06T00:00").state(29, "asset/1") is State.OVERDUE


def test_a_refusal_after_the_second_failure_opens_the_sale() -> None:
    desk = second_failed().at("2024-07-01T10:00")
    assert desk.state(28, "asset/1") is State.NOT_STARTED
    desk.fill(29, "asset/1", offset_ground="再次拍卖流拍", offset_answer="不接受抵债")
    limits = {v.limit.id: v for v in desk.instance(28, "asset/1").limits}
    assert limits["28-a"].due_at == day("2024-07-16T23:59:59")
    assert limits["28-c"].status == "waiting"
    assert desk.state(30, "asset/1") is State.NOT_STARTED


def test_an_answer_given_before_the_second_failure_does_not_answer_the_later_question() -> None:
    """Node 29 was done after the first round; the second failure calls for it anew."""
    desk = failed_once(HOUSE).work(25, FIRST, offset_applied_on="2024-05-21")
    desk.at("2024-05-22T10:00").fill(
        29, "asset/1", offset_ground="一拍流拍后申请抵债", offset_answer="不接受抵债"
    )
    assert desk.state(29, "asset/1") is State.DONE
    desk.at("2024-05-23T10:00")
    desk.work(26, SECOND, platform="淘宝网", auction_started_on="2024-05-23")
    announced(desk, SECOND, 26, "2024-06-03", "2024-06-24").at("2024-06-26T10:00")
    desk.fill(26, SECOND, auction_result="流拍", failed_on="2024-06-25", no_offset_applicant=None)
    assert desk.instance(29, "asset/1").limits[0].status == "running"
    assert desk.state(29, "asset/1") is State.ACTIVE
    assert desk.state(28, "asset/1") is State.NOT_STARTED
    desk.event("offset_asked", "asset/1").event("offset_refused", "asset/1")
    assert desk.state(29, "asset/1") is State.DONE
    assert desk.instance(28, "asset/1").limits[0].anchor_at == day("2024-06-26")


# --- transfer (nodes 27, 30)


def test_the_ten_days_run_from_the_later_of_sale_and_payment() -> None:
    desk = announced(on_auction(CAR), FIRST, 25, "2024-04-08", "2024-04-26")
    desk.at("2024-04-28T10:00").work(25, FIRST, auction_result="成交", sold_on="2024-04-27")
    assert desk.instance(27, FIRST).limits[0].status == "waiting"
    desk.at("2024-05-07T10:00").work(27, FIRST, paid_on="2024-05-06")
    assert desk.instance(27, FIRST).limits[0].due_at == day("2024-05-16T23:59:59")


def test_serving_the_confirmation_serves_the_ruling_of_node_30() -> None:
    """Reading A41: one ruling; its service is not asked for twice and starts the 15 days."""
    desk = sold()
    limits = {v.limit.id: v for v in desk.instance(30, "asset/1").limits}
    assert limits["30-a"].status == "met"
    assert limits["30-b"].anchor_at == day("2024-05-06")
    assert limits["30-b"].due_at == day("2024-05-21T23:59:59")
    assert "裁定送达买受人或者债权人日期" not in desk.missing(30, "asset/1")


def test_a_control_released_for_the_transfer_ends_nothing() -> None:
    desk = sold().event("control_released", "asset/1")
    assert desk.state(30, "asset/1") is State.ACTIVE
    assert desk.state(25, FIRST) is State.DONE


def test_a_control_released_and_given_up_ends_the_disposal_but_no_freeze() -> None:
    desk = held(HOUSE).fill(19, "asset/1").event("control_released", "asset/1")
    entry = desk.instance(20, "asset/1")
    assert (entry.state, entry.why) == (State.NOT_APPLICABLE, "控制措施已解除")
    # Nothing that ends later freezes any more.
    assert desk.at("2025-03-12T10:00").state(20, "asset/1") is State.NOT_APPLICABLE
    frozen = held(HOUSE).at("2024-04-01T10:00")
    assert frozen.state(20, "asset/1") is State.FROZEN
    assert frozen.event("control_released", "asset/1").state(20, "asset/1") is State.FROZEN
    assert {v.status for v in entry.limits} == {"lapsed"}
