"""Correcting and withdrawing: what is kept, what vanishes, what only a decision may undo."""

from __future__ import annotations

from datetime import datetime

import pytest

from helpers.desk import CHIEF, OFFICER, day
from helpers.stages import (
    CAR,
    DEPOSIT,
    HOUSE,
    PAYMENT,
    begun,
    completion,
    held,
    on_auction,
    restricted,
)
from zhixing_desktop.workflow.closing_checks import restricted as is_restricted
from zhixing_desktop.workflow.errors import InputRefusedError, RuleRefusedError
from zhixing_desktop.workflow.facts import Fact, FactIndex, State, in_force
from zhixing_desktop.workflow.views import Key


def fact(seq: int, kind: str, at: str, corrects: int | None = None, subject: str = "case") -> Fact:
    moment = day(at)
    recorded = datetime(2024, 5, 1, 9).replace(day=seq)
    return Fact(seq, kind, subject, moment, recorded, recorded, OFFICER, corrects=corrects)


# --- the facts in force


def test_a_correction_keeps_the_moment_of_its_first_recording_and_its_place() -> None:
    facts = [
        fact(1, "case_filed", "2024-03-01"),
        fact(2, "case_received", "2024-03-04"),
        fact(3, "case_filed", "2024-03-02", corrects=1),
        fact(4, "case_filed", "2024-03-03", corrects=3),
    ]
    held_now = in_force(facts)
    assert [f.seq for f in held_now] == [4, 2]
    assert held_now[0].recorded_at == facts[0].recorded_at
    assert held_now[0].entered_at == facts[3].entered_at


def test_a_correction_of_another_kind_or_subject_inherits_nothing() -> None:
    for other in (
        fact(2, "case_received", "2024-03-02", corrects=1),
        fact(2, "case_filed", "2024-03-02", corrects=1, subject="case#2"),
    ):
        (only,) = in_force([fact(1, "case_filed", "2024-03-01"), other])
        assert only.recorded_at == other.recorded_at


def test_a_withdrawn_fact_vanishes_and_so_does_its_correction() -> None:
    gone = [
        fact(1, "case_filed", "2024-03-01"),
        fact(2, "case_filed", "2024-03-02", corrects=1),
        fact(3, "withdrawn", "2024-03-02", corrects=2),
    ]
    assert in_force(gone) == []
    assert FactIndex(gone).event("case_filed", "case") is None


def test_mending_an_old_entry_does_not_make_it_the_latest() -> None:
    desk = restricted(begun(), "debtor/1").at("2024-04-01T09:00")
    desk.event("consumption_restriction_lifted", "debtor/1")
    assert not is_restricted(desk.context, "debtor/1")
    first = desk.fact("consumption_restricted", "debtor/1")
    desk.at("2024-04-02T09:00").correct(first.seq, at="2024-03-07")
    assert not is_restricted(desk.context, "debtor/1")


# --- corrections


def test_a_corrected_day_moves_the_limit_and_the_field() -> None:
    desk = begun().at("2024-03-11T10:00").event("asset_found", "asset/1", **HOUSE)
    desk.fill(17, "asset/1")
    old = desk.fact("asset_controlled", "asset/1")
    desk.at("2024-03-13T10:00").correct(old.seq, at="2024-03-12T09:00")
    new = desk.fact("asset_controlled", "asset/1")
    assert (new.happened_at, new.recorded_at) == (day("2024-03-12T09:00"), old.recorded_at)
    assert new.reason == "登记有误，予以更正"
    assert desk.context.index.value(17, "asset/1", "controlled_at") == "2024-03-12T09:00:00"
    assert desk.instance(20, "asset/1").limits[0].anchor_at == day("2024-03-12T09:00")


def test_the_start_of_the_first_round_is_shown_where_it_was_entered() -> None:
    """Entered at the asset's node 23, recorded on the round."""
    desk = on_auction(CAR).at("2024-04-02T10:00")
    old = desk.fact("auction_started", "asset/1/round/1")
    desk.correct(old.seq, at="2024-03-29")
    assert desk.context.index.value(23, "asset/1", "auction_started_on") == "2024-03-29"


def test_data_of_a_subject_are_checked_when_they_are_corrected() -> None:
    desk = begun().event("asset_found", "asset/1", **CAR)
    seq = desk.fact("asset_found", "asset/1").seq
    for data in ({"category": "飞船"}, {"online": "也许"}, {"colour": "红"}, {"name": ""}):
        with pytest.raises(InputRefusedError):
            desk.correct(seq, **data)
    desk.correct(seq, category="不动产", online=True)
    assert [v.limit.id for v in desk.instance(17, "asset/1").limits] == ["17-a"]


@pytest.mark.parametrize("reason", ["", "错", "   "])
def test_a_reason_is_asked_for(reason: str) -> None:
    desk = begun()
    seq = desk.fact("case_received").seq
    with pytest.raises(InputRefusedError, match="请写明"):
        desk.correct(seq, at="2024-03-05", reason=reason)
    with pytest.raises(InputRefusedError, match="请写明"):
        desk.withdraw(seq, reason=reason)


def test_a_correction_has_a_possible_day() -> None:
    desk = begun()
    seq = desk.fact("case_received").seq
    for at in ("2024-03-09", "2024-02-01"):
        with pytest.raises(InputRefusedError):
            desk.correct(seq, at=at)
    desk.correct(seq, at="2024-03-05")
    with pytest.raises(InputRefusedError, match="已经更正"):
        desk.correct(seq, at="2024-03-06")


def test_what_a_decision_made_is_neither_corrected_nor_withdrawn() -> None:
    desk = completion()
    desk.request(43, "closing_review")
    desk.decide(43, "closing_review", role="审判管理办公室")
    asked = next(f for f in desk.facts if f.kind == "approval_requested")
    for kind in ("approval_decided", "closing_confirmed"):
        made = next(f for f in desk.facts if f.kind == kind)
        with pytest.raises(RuleRefusedError, match="不能更正"):
            desk.correct(made.seq, outcome="refused")
        with pytest.raises(RuleRefusedError, match="不能撤回"):
            desk.withdraw(made.seq)
    with pytest.raises(RuleRefusedError, match="不能更正"):
        desk.correct(asked.seq, level="local")
    with pytest.raises(RuleRefusedError, match="已经有人决定，不能撤回"):
        desk.withdraw(asked.seq)


def test_an_approved_change_of_the_period_stays() -> None:
    desk = begun().start(42)
    desk.approve(42, "deadline_change", amount=3, unit="month")
    extension = desk.fact("extension")
    with pytest.raises(RuleRefusedError):
        desk.correct(extension.seq, amount=12)
    with pytest.raises(RuleRefusedError):
        desk.withdraw(extension.seq)


def test_a_pending_application_may_be_withdrawn_and_made_anew() -> None:
    desk = begun().start(36, "debtor/1")
    seq = desk.request(36, "consumption_restriction", "debtor/1")
    with pytest.raises(RuleRefusedError, match="正在等待决定"):
        desk.request(36, "consumption_restriction", "debtor/1")
    desk.withdraw(seq)
    assert [asked.status for asked in desk.view.approvals] == ["withdrawn"]
    desk.request(36, "consumption_restriction", "debtor/1")


def test_fields_are_filled_in_anew_and_not_corrected() -> None:
    desk = begun()
    with pytest.raises(RuleRefusedError, match="请在节点中重新填写"):
        desk.correct(desk.fact("fields").seq, values={"notice_number": "无"})


def test_the_opening_and_the_parties_are_mended_but_never_withdrawn() -> None:
    desk = begun()
    for kind, subject in (("header", "case"), ("party", "debtor/1")):
        with pytest.raises(RuleRefusedError, match="不能撤回"):
            desk.withdraw(desk.fact(kind, subject).seq)
    desk.correct(desk.fact("party", "debtor/1").seq, name="乙建勋")
    assert desk.context.index.name_of("debtor/1") == "乙建勋"
    desk.correct(desk.fact("header").seq, non_litigation=True)
    assert [v.limit.id for v in desk.instance(43).limits] == ["43-b"]


# --- withdrawals


def test_what_never_happened_is_as_if_it_had_not() -> None:
    desk = begun().event("asset_found", "asset/1", **CAR)
    desk.withdraw(desk.fact("asset_found", "asset/1").seq)
    assert Key(17, "asset/1") not in desk.view.instances
    desk.event("asset_found", "asset/1", **DEPOSIT)


def test_a_withdrawn_day_is_taken_out_of_its_field_and_may_be_entered_anew() -> None:
    desk = begun().work(9, query_started_on="2024-03-07")
    desk.withdraw(desk.fact("network_query_started").seq)
    assert desk.context.index.value(9, "case", "query_started_on") is None
    desk.work(9, query_started_on="2024-03-08")
    assert desk.fact("network_query_started").happened_at == day("2024-03-08")


def test_a_subject_with_work_of_its_own_is_not_taken_away() -> None:
    desk = held(CAR)
    with pytest.raises(RuleRefusedError, match="已经有办理记录，不能撤回"):
        desk.withdraw(desk.fact("asset_found", "asset/1").seq)


def test_the_ground_of_a_completed_node_stays_until_the_completion_is_withdrawn() -> None:
    desk = begun()
    notice = desk.fact("enforcement_notice_issued")
    with pytest.raises(RuleRefusedError, match="是办结的依据，不能去掉"):
        desk.withdraw(notice.seq)
    items = desk.context.index.items[(7, "case")]
    with pytest.raises(RuleRefusedError, match="是办结的依据"):
        desk.withdraw(items[1].seq)
    done = next(f for f in desk.context.index.facts if f.kind == "completed" and f.node == 7)
    desk.withdraw(done.seq)
    assert desk.state(7) is State.WARNED or desk.state(7) is State.ACTIVE
    desk.withdraw(notice.seq)
    assert "执行通知书发出日期" in desk.missing(7)


def test_there_is_nothing_to_mend_where_nothing_is() -> None:
    with pytest.raises(InputRefusedError, match="没有第999号事实"):
        begun().withdraw(999)
    with pytest.raises(InputRefusedError, match="没有第999号事实"):
        begun().correct(999)


# --- officers


def test_an_officer_is_assigned_in_the_order_of_time() -> None:
    desk = begun().assign("孙法官")
    with pytest.raises(InputRefusedError, match="请选择承办人"):
        desk.assign(" ")
    desk.now = day("2024-03-07T09:00")
    with pytest.raises(InputRefusedError, match="早于上一次更换"):
        desk.assign("张承办")


def test_corrected_officers_keep_their_order() -> None:
    desk = begun().assign("孙法官").at("2024-03-11T09:00").assign("钱法官")
    first = desk.context.index.officers[0]
    desk.at("2024-03-12T09:00").correct(first.seq, officer="李法官")
    assert desk.context.current_officer() == "钱法官"
    assert [f.data["officer"] for f in desk.context.index.officers] == ["李法官", "钱法官"]


def test_a_payment_recorded_in_error_vanishes_with_its_limits() -> None:
    desk = begun().event("payment_arrived", "payment/1", **PAYMENT)
    desk.withdraw(desk.fact("payment_arrived", "payment/1").seq)
    assert not desk.view.of_node(33)
    assert desk.context.index.subjects_of("payment") == ()
    assert CHIEF != OFFICER


def test_a_reason_for_empty_words_goes_with_the_words_it_was_given_for() -> None:
    desk = begun()
    step = {"do": "event", "event": "asset_found", "subject": "asset/1"}
    step["data"] = {**CAR, "name": "见附件"}
    desk.do({**step, "overrides": {"name": "清单另附，共四十项"}})
    found = desk.context.index.event("asset_found", "asset/1")
    assert found is not None
    desk.correct(found.seq, category="其他动产")
    kept = desk.context.index.event("asset_found", "asset/1")
    assert kept is not None
    assert kept.data["overrides"] == {"name": "清单另附，共四十项"}
    desk.correct(kept.seq, name="豫H·A1234轿车")
    mended = desk.context.index.event("asset_found", "asset/1")
    assert mended is not None
    assert not mended.data["overrides"]
