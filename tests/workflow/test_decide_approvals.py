"""Applications and decisions: who may, in which order, and what they bring about."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from helpers.desk import CHIEF, LEADER, OFFICER, Desk, day, rulebook
from helpers.guideline_tables import APPROVALS
from helpers.stages import begun, completion, paid_in
from zhixing_desktop.workflow import decide
from zhixing_desktop.workflow.decide import OutsideDecision
from zhixing_desktop.workflow.errors import InputRefusedError, RuleRefusedError
from zhixing_desktop.workflow.facts import State


def frozen() -> Desk:
    """Node 7 is frozen: on 2024-03-18."""
    desk = Desk("2024-03-01T09:00").fill(1).fill(2).fill(3).fill(4)
    return desk.at("2024-03-18T09:00")


def priced_late() -> Desk:
    desk = begun().at("2024-03-11T10:00")
    desk.event("asset_found", "asset/1", name="解放路房屋", category="不动产", online=False)
    desk.event("asset_controlled", "asset/1").at("2024-04-01T09:00")
    assert desk.state(20, "asset/1") is State.FROZEN
    return desk


# --- applying


def test_an_application_says_who_decides_and_why() -> None:
    desk = frozen()
    seq = desk.request(7, "unfreeze")
    (asked,) = desk.view.approvals
    assert (asked.seq, asked.status, asked.requested_by) == (seq, "pending", OFFICER)
    assert asked.data["roles"] == ["执行局长", "主管院领导"]
    assert asked.data["level"] == "local"


@pytest.mark.parametrize("reason", ["", "急", "  "])
def test_a_reason_is_asked_for(reason: str) -> None:
    with pytest.raises(InputRefusedError, match="请写明申请的理由"):
        frozen().request(7, "unfreeze", why=reason)


def test_a_node_knows_its_own_matters_only() -> None:
    for node, matter in ((7, "payout"), (43, "escrow"), (9, "anything")):
        with pytest.raises(InputRefusedError, match="没有这类审批"):
            begun().request(node, matter)


def test_a_conditional_matter_is_known_under_its_condition_only() -> None:
    desk = begun().start(40).work(40, sanction_measures=["限制出境"])
    with pytest.raises(InputRefusedError, match="没有这类审批"):
        desk.request(40, "fine_or_detention")
    desk.work(40, sanction_measures=["限制出境", "拘留"]).request(40, "fine_or_detention")


def test_a_measure_may_be_applied_for_before_it_is_started() -> None:
    desk = begun()
    desk.request(36, "consumption_restriction", "debtor/1")
    desk.decide(36, "consumption_restriction", "debtor/1", role="院长")
    desk.start(36, "debtor/1").fill(36, "debtor/1")


def test_a_frozen_node_before_it_refuses_an_application() -> None:
    desk = (
        begun()
        .at("2024-03-11T10:00")
        .event(
            "payment_arrived", "payment/1", name="交款一笔", amount="10.00", payer="被执行人本人"
        )
    )
    with pytest.raises(RuleRefusedError, match="节点32“到账登记”已于"):
        desk.at("2024-03-18T10:00").request(33, "payout", "payment/1")


# --- deciding


def test_a_sequence_keeps_its_order_and_either_needs_one() -> None:
    for (node, matter), (roles, mode) in APPROVALS.items():
        approval = next(a for a in rulebook().nodes[node].approvals if a.matter == matter)
        assert (approval.roles, approval.mode) == (roles, mode)
    desk = paid_in()
    desk.request(33, "payout", "payment/1")
    desk.decide(33, "payout", "payment/1", role="执行局长")
    (asked,) = desk.view.approvals
    assert (asked.status, len(asked.steps)) == ("pending", 1)
    desk.decide(33, "payout", "payment/1", role="主管院领导")
    (asked,) = desk.view.approvals
    assert (asked.status, [step["role"] for step in asked.steps]) == (
        "granted",
        ["执行局长", "主管院领导"],
    )


@pytest.mark.parametrize("outcome", ["refused", "returned"])
def test_one_no_ends_a_sequence(outcome: str) -> None:
    desk = paid_in()
    desk.request(33, "payout", "payment/1")
    desk.decide(33, "payout", "payment/1", role="执行局长")
    desk.decide(33, "payout", "payment/1", role="主管院领导", outcome=outcome, reason="金额不符")
    assert desk.view.approvals[0].status == outcome
    with pytest.raises(RuleRefusedError, match="已经决定或者撤回"):
        desk.decide(33, "payout", "payment/1", role="主管院领导")
    desk.approve(33, "payout", "payment/1")


def test_a_decision_has_a_known_outcome_and_a_reason() -> None:
    desk = frozen()
    desk.request(7, "unfreeze")
    with pytest.raises(InputRefusedError, match="不认识的决定"):
        desk.decide(7, "unfreeze", role="执行局长", outcome="maybe")
    with pytest.raises(InputRefusedError, match="请写明决定的理由"):
        desk.decide(7, "unfreeze", role="执行局长", reason=" ")
    with pytest.raises(InputRefusedError, match="没有第999号申请"):
        decide.decide(
            desk.context, desk.view, 999, "granted", by=CHIEF, roles=["执行局长"], reason="同意"
        )


def test_closing_is_judged_again_when_it_is_confirmed() -> None:
    """What the rules ask for must still hold on the day of the confirmation."""
    desk = completion()
    desk.request(43, "closing_review")
    desk.event(
        "payment_arrived", "payment/1", name="迟到的交款", amount="10.00", payer="被执行人本人"
    )
    with pytest.raises(RuleRefusedError, match="尚有到账款项没有发放"):
        desk.decide(43, "closing_review", role="审判管理办公室")
    desk.decide(
        43, "closing_review", role="审判管理办公室", outcome="returned", reason="款项未发放"
    )
    assert desk.view.closed_at is None


# --- superior courts


def register(desk: Desk, outcome: str = "granted", **more: Any) -> Desk:
    return desk.register(20, "asset/1", outcome=outcome, **more)


def test_a_superior_decision_is_registered_with_its_document() -> None:
    desk = priced_late()
    desk.request(20, "unfreeze", "asset/1")
    desk.at("2024-04-03T09:00")
    register(desk, on="2024-04-02")
    (asked,) = desk.view.approvals
    assert (asked.status, asked.decided_at) == ("granted", day("2024-04-02"))
    step = asked.steps[0]
    assert (step["authority"], step["by"], step["registered_by"]) == (
        "焦作市中级人民法院",
        "中院执行局局长",
        CHIEF,
    )
    assert step["document"]
    assert desk.state(20, "asset/1") is State.OVERDUE


def test_passing_on_is_no_decision() -> None:
    desk = priced_late()
    desk.request(20, "unfreeze", "asset/1")
    register(desk, "forwarded", document="", authority="河南省高级人民法院")
    assert desk.view.approvals[0].status == "pending"
    assert desk.state(20, "asset/1") is State.FROZEN
    register(desk, "refused")
    assert desk.state(20, "asset/1") is State.FROZEN


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"authority": " "}, "作出决定的法院"),
        ({"decider": ""}, "批准人"),
        ({"document": ""}, "批准文件及文号"),
        ({"on": "2024-03-31"}, "不能早于申请之日"),
        ({"on": "2024-04-02"}, "不能晚于今天"),
        ({"outcome": "perhaps"}, "不认识的决定"),
    ],
)
def test_a_registration_is_whole_and_possible(change: dict[str, str], words: str) -> None:
    desk = priced_late()
    desk.request(20, "unfreeze", "asset/1")
    with pytest.raises(InputRefusedError) as caught:
        register(desk, **{"outcome": "granted", **change})
    told = caught.value.sentence + "".join(p.where + p.sentence for p in caught.value.problems)
    assert words in told


@pytest.mark.parametrize(
    ("by", "roles", "words"),
    [
        (OFFICER, ["执行局长"], "任何人不得决定自己的申请"),
        ("钱财务", ["财务"], "由执行局长或者主管院领导登记"),
    ],
)
def test_who_may_register(by: str, roles: list[str], words: str) -> None:
    desk = priced_late()
    desk.request(20, "unfreeze", "asset/1")
    with pytest.raises(RuleRefusedError, match=words):
        register(desk, by=by, roles=roles)
    register(desk, by=LEADER, roles=["主管院领导"])


def test_a_decision_of_the_same_day_lifts_a_freeze_of_that_day() -> None:
    """It is known by its day only, the freeze of 48 hours by its second."""
    desk = Desk("2024-03-01T09:00").at("2024-03-01T10:00").event("case_filed")
    desk.at("2024-03-02T09:00")
    assert desk.state(3) is State.FROZEN
    seq = desk.request(3, "unfreeze")
    said = OutsideDecision("焦作市中级人民法院", "执行局", "（2024）豫08执督1号", date(2024, 3, 2))
    made = decide.register_decision(
        desk.context,
        desk.view,
        seq,
        "granted",
        said,
        by=CHIEF,
        roles=["执行局长"],
        reason="上级法院批准",
    )
    desk._write(made, CHIEF)
    assert desk.state(3) is State.OVERDUE


# --- a change of the period (node 42)


def change(desk: Desk, **values: Any) -> Desk:
    return desk.start(42).enter(42, **values)


def test_months_are_taken_from_the_node() -> None:
    desk = change(begun(), deadline_change_kind="延长执行期限", extension_months=2)
    desk.request(42, "deadline_change")
    (asked,) = desk.view.approvals
    assert (asked.data["amount"], asked.data["unit"]) == (2, "month")
    assert asked.data["ground"] == "有特殊情况需要延长执行期限"
    desk.decide(42, "deadline_change", role="院长")
    assert desk.instance(43).due_at == day("2024-11-01T23:59:59")


def test_days_are_taken_from_the_node() -> None:
    desk = change(
        begun().at("2024-05-20T09:00"),
        deadline_change_kind="扣除执行期限",
        deadline_change_ground="审计、评估、资产清理期间",
        deadline_change_from="2024-04-01",
        deadline_change_until="2024-05-01",
    ).approve(42, "deadline_change")
    limit = desk.instance(43).limits[0]
    assert limit.nominal_at == day("2024-10-01T23:59:59")
    assert limit.due_at == day("2024-10-08T23:59:59")  # 国庆节


def test_what_is_said_in_the_application_goes_before_the_node() -> None:
    desk = change(begun(), deadline_change_kind="延长执行期限", extension_months=2)
    desk.request(42, "deadline_change", amount=1, unit="month")
    assert desk.view.approvals[0].data["amount"] == 1


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"amount": 0, "unit": "month", "start": ""},
        {"amount": -3},
        {"amount": "许多"},
        {"amount": 3, "unit": "year"},
        {"start": "某日"},
        {"start": "2024-05-01", "end": "2024-05-01"},
        {"start": "2024-05-01", "end": "2024-04-01"},
        {"start": "2024-05-01", "end": "后来"},
    ],
)
def test_an_application_without_a_change_is_refused(data: dict[str, Any]) -> None:
    desk = begun().start(42)
    with pytest.raises(InputRefusedError, match="期限变更的内容有错误"):
        desk.request(42, "deadline_change", **data)


def test_overlapping_intervals_count_once() -> None:
    desk = begun().at("2024-06-03T09:00")
    intervals = (("2024-04-01", "2024-05-01"), ("2024-04-15", "2024-05-11"))
    for number, (start, end) in enumerate(intervals, start=1):
        subject = "case" if number == 1 else f"case#{number}"
        desk.start(42, subject).approve(42, "deadline_change", subject, start=start, end=end)
    # 40 days from 2024-04-01 to 2024-05-11.
    assert desk.instance(43).limits[0].nominal_at == day("2024-10-11T23:59:59")


def test_an_open_suspension_ends_on_the_day_its_own_node_says() -> None:
    desk = change(
        begun(),
        deadline_change_kind="中止执行",
        deadline_change_ground="中止执行至恢复执行期间",
        deadline_change_from="2024-03-08",
    ).approve(42, "deadline_change")
    assert desk.instance(43).limits[0].status == "suspended"
    other = desk.at("2024-03-15T09:00").start(42, "case#2")
    other.work(42, "case#2", deadline_change_kind="中止执行", deadline_change_until="2024-03-14")
    assert desk.instance(43).limits[0].status == "suspended"
    desk.work(42, deadline_change_until="2024-03-14")
    assert desk.instance(43).limits[0].nominal_at == day("2024-09-07T23:59:59")
