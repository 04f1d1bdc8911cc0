"""The life of an application: returned, urged, withdrawn, applied for again, taken back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from helpers.desk import CHIEF, LEADER, OFFICER, PRESIDENT, Desk, day
from helpers.stages import begun, completion, current_termination, paid_in
from zhixing_desktop.workflow import decide
from zhixing_desktop.workflow.decide import Hop, NewFact, Reply
from zhixing_desktop.workflow.errors import InputRefusedError, RuleRefusedError
from zhixing_desktop.workflow.facts import ApprovalView, State
from zhixing_desktop.workflow.pending import waiting_of

OTHER = "孙法官"


def frozen() -> Desk:
    """Node 7 is frozen: on 2024-03-18."""
    desk = Desk("2024-03-01T09:00", clerk="周书记").fill(1).fill(2).fill(3).fill(4)
    return desk.at("2024-03-18T09:00")


def last(desk: Desk) -> ApprovalView:
    return desk.view.approvals[-1]


def write(desk: Desk, made: list[NewFact], by: str) -> Desk:
    desk._write(made, by)
    return desk


def say(desk: Desk, seq: int, outcome: str = "granted", **more: Any) -> Desk:
    given = {"by": CHIEF, "roles": ["执行局长"], "reason": "情况属实", **more}
    made = decide.decide(desk.context, desk.view, seq, outcome, **given)
    return write(desk, made, given["by"])


def take_back(desk: Desk, seq: int, **more: Any) -> Desk:
    given = {"by": CHIEF, "roles": ["执行局长"], "reason": "批准时材料有误", **more}
    return write(desk, decide.countermand(desk.context, desk.view, seq, **given), given["by"])


def urge(desk: Desk, seq: int, by: str = OFFICER, reason: str = "执行款即将到期") -> Desk:
    made = decide.urge(desk.context, desk.view, seq, by=by, reason=reason)
    return write(desk, made, by)


# --- returned, and applied for again


def test_what_is_returned_says_what_to_mend_and_the_next_one_names_it() -> None:
    desk = frozen()
    first = desk.request(7, "unfreeze")
    say(desk, first, "returned", reason="材料不全", points=["补送达回证", " ", "写明迟延的原因"])
    assert (last(desk).status, last(desk).points) == (
        "returned",
        ("补送达回证", "写明迟延的原因"),
    )
    desk.request(7, "unfreeze")
    assert last(desk).previous == first
    assert desk.state(7) is State.FROZEN


def test_a_returned_closing_shows_its_points_at_the_node() -> None:
    desk = completion()
    seq = desk.request(43, "closing_review")
    given = {"by": "郑审管", "roles": ["审判管理办公室"], "reason": "卷宗不完整"}
    say(desk, seq, "returned", points=["补送达回证"], **given)
    assert desk.context.index.value(43, "case", "closing_return_reason") == "卷宗不完整；补送达回证"


def test_a_first_application_follows_none() -> None:
    desk = frozen()
    desk.request(7, "unfreeze", previous=3)
    assert last(desk).previous is None


# --- urged


def test_urging_is_once_a_day_with_a_reason_and_by_whom_it_concerns() -> None:
    desk = frozen()
    seq = desk.request(7, "unfreeze")
    with pytest.raises(InputRefusedError, match="催办的理由"):
        urge(desk, seq, reason="急")
    with pytest.raises(RuleRefusedError, match=f"由申请人{OFFICER}"):
        urge(desk, seq, by="钱财务")
    urge(desk, seq)
    with pytest.raises(RuleRefusedError, match="今天已经催办过"):
        urge(desk.at("2024-03-18T17:00"), seq)
    urge(desk.at("2024-03-19T08:00"), seq)
    (waits,) = waiting_of(desk.view)
    assert (waits.urges, waits.urged_at) == (2, desk.now)
    say(desk, seq)
    with pytest.raises(RuleRefusedError, match="已经决定"):
        urge(desk.at("2024-03-20T08:00"), seq)


# --- withdrawn


def test_a_decision_on_what_was_withdrawn_says_by_whom_and_when() -> None:
    desk = frozen()
    seq = desk.request(7, "unfreeze")
    with pytest.raises(RuleRefusedError, match="申请人"):
        decide.withdraw_application(desk.context, desk.view, seq, by=CHIEF, reason="并非本人的申请")
    made = decide.withdraw_application(
        desk.context, desk.view, seq, by=OFFICER, reason="已经补办完毕"
    )
    write(desk, made, OFFICER)
    assert (last(desk).status, last(desk).ended_by) == ("withdrawn", OFFICER)
    assert waiting_of(desk.view) == ()
    with pytest.raises(RuleRefusedError, match=f"已由{OFFICER}于2024-03-18 09:00撤回"):
        say(desk, seq)
    desk.request(7, "unfreeze")
    assert last(desk).previous is None


def test_what_is_decided_in_part_is_not_withdrawn() -> None:
    desk = paid_in()
    seq = desk.request(33, "payout", "payment/1")
    say(desk, seq)
    with pytest.raises(RuleRefusedError, match="已经有人决定，不能撤回"):
        decide.withdraw_application(desk.context, desk.view, seq, by=OFFICER, reason="金额需要核对")


# --- nobody decides his own


def test_the_officer_of_the_day_of_the_application_stays_barred() -> None:
    desk = frozen()
    seq = desk.request(7, "unfreeze")
    desk.at("2024-03-19T09:00").assign(OTHER)
    for name in (OFFICER, OTHER, "周书记"):
        with pytest.raises(RuleRefusedError, match="不得决定自己的申请或者自己承办的案件"):
            say(desk, seq, by=name)
    with pytest.raises(RuleRefusedError, match="不得决定自己"):
        say(desk, seq, by="某书记员", near=True)
    say(desk, seq)


def test_a_deputy_decides_for_his_principal_but_not_what_is_the_principals_own() -> None:
    desk = frozen()
    seq = desk.request(7, "unfreeze")
    stands = [("执行局长", CHIEF)]
    say(desk.copy(), seq, by=OTHER, roles=["承办人"], stands_for=stands)
    with pytest.raises(RuleRefusedError, match="不得决定自己"):
        say(desk, seq, by=OFFICER, roles=["承办人"], stands_for=stands)
    own = [("执行局长", OFFICER)]
    with pytest.raises(RuleRefusedError, match="也不得由他人代为决定"):
        say(desk, seq, by=OTHER, roles=["承办人"], stands_for=own)
    done = say(desk, seq, by=OTHER, roles=["承办人"], stands_for=stands)
    assert (last(done).steps[-1]["on_behalf_of"], last(done).status) == (CHIEF, "granted")


def test_two_signatures_are_of_two_people() -> None:
    desk = paid_in()
    seq = desk.request(33, "payout", "payment/1")
    both = ["执行局长", "主管院领导"]
    say(desk, seq, roles=both)
    with pytest.raises(RuleRefusedError, match="须由另外一人"):
        say(desk, seq, roles=both)
    with pytest.raises(RuleRefusedError, match="不得由他人代为决定"):
        say(desk, seq, by=OTHER, roles=[], stands_for=[("主管院领导", CHIEF)])
    say(desk, seq, by=LEADER, roles=["主管院领导"])
    assert last(desk).status == "granted"


# --- counter-decisions


def test_an_unfreezing_taken_back_freezes_again_from_then_on() -> None:
    desk = frozen()
    seq = desk.request(7, "unfreeze")
    say(desk, seq)
    assert desk.state(7) is State.OVERDUE
    desk.at("2024-03-20T10:00")
    take_back(desk, seq)
    assert desk.state(7) is State.FROZEN
    assert desk.instance(7).frozen is not None
    assert desk.instance(7).frozen.frozen_at == desk.now
    assert last(desk).status == "countermanded"
    again = desk.at("2024-03-21T10:00").request(7, "unfreeze")
    assert last(desk).previous == seq
    say(desk, again)
    assert desk.state(7) is State.OVERDUE


def test_what_was_done_while_it_was_unfrozen_stays_done() -> None:
    desk = frozen()
    seq = desk.request(7, "unfreeze")
    say(desk, seq)
    desk.at("2024-03-19T10:00").fill(7)
    take_back(desk.at("2024-03-20T10:00"), seq)
    assert desk.state(7) is State.DONE_LATE


def test_a_period_taken_back_counts_no_more_from_then_on() -> None:
    desk = begun().start(42)
    desk.approve(42, "deadline_change", amount=3, unit="month")
    seq = last(desk).seq
    assert desk.instance(43).due_at == day("2024-12-02T23:59:59")
    desk.at("2024-10-08T10:00")
    with pytest.raises(RuleRefusedError, match="须由院长撤销"):
        take_back(desk, seq)
    take_back(desk, seq, by=PRESIDENT, roles=["院长"])
    assert desk.instance(43).due_at == day("2024-09-02T23:59:59")
    frozen_now = desk.instance(43).frozen
    assert frozen_now is not None
    # Not on the day on which the shorter period had ended, when the longer one held.
    assert frozen_now.frozen_at == desk.now
    assert desk.context.index.extensions == []


def test_an_order_taken_back_stays_recorded_and_needs_a_new_signature() -> None:
    desk = begun().start(36, "debtor/1").approve(36, "consumption_restriction", "debtor/1")
    seq = last(desk).seq
    take_back(desk, seq, by=PRESIDENT, roles=["院长"])
    with pytest.raises(RuleRefusedError, match="限制消费令由院长签发"):
        desk.event("consumption_restricted", "debtor/1")
    assert last(desk).countermand is not None
    assert last(desk).steps[0]["outcome"] == "granted"


def test_what_was_paid_and_what_was_never_granted_is_not_taken_back() -> None:
    desk = paid_in().at("2024-03-12T10:00").approve(33, "payout", "payment/1")
    seq = last(desk).seq
    pay(desk)
    with pytest.raises(RuleRefusedError, match="案款已经支付，批准不能撤销"):
        take_back(desk, seq, by=LEADER, roles=["主管院领导"])
    other = frozen()
    refused = other.request(7, "unfreeze")
    with pytest.raises(RuleRefusedError, match="尚未决定"):
        take_back(other, refused)
    say(other, refused, "refused")
    with pytest.raises(RuleRefusedError, match="可以重新申请"):
        take_back(other, refused)


def test_only_the_same_authority_takes_back_and_not_in_its_own_case() -> None:
    desk = frozen()
    seq = desk.request(7, "unfreeze")
    say(desk, seq)
    with pytest.raises(RuleRefusedError, match="须由执行局长撤销"):
        take_back(desk, seq, by=LEADER, roles=["主管院领导"])
    with pytest.raises(RuleRefusedError, match="不得决定自己"):
        take_back(desk, seq, by=OFFICER)
    with pytest.raises(InputRefusedError, match="撤销决定的理由"):
        take_back(desk, seq, reason="")


# --- paying out


def pay(desk: Desk, by: str = "钱财务", on: date | None = None, **more: Any) -> Desk:
    given = {"roles": ["财务"], "voucher": "20240312001", **more}
    made = decide.pay_out(
        desk.context, desk.view, "payment/1", on or desk.now.date(), by=by, **given
    )
    return write(desk, made, by)


def test_finance_pays_after_both_signatures_what_was_signed() -> None:
    desk = paid_in()
    values = {"payout_amount": "800.00", "payee": "creditor/1", "payee_account": "6222021702"}
    desk.at("2024-03-12T10:00").work(33, "payment/1", **values)
    with pytest.raises(RuleRefusedError, match="执行局长、分管副院长审批"):
        pay(desk)
    seq = desk.request(33, "payout", "payment/1")
    say(desk, seq)
    with pytest.raises(RuleRefusedError, match="执行局长、分管副院长审批"):
        pay(desk)
    say(desk, seq, by=LEADER, roles=["主管院领导"])
    with pytest.raises(RuleRefusedError, match="须由财务支付"):
        pay(desk, roles=["执行局长"])
    with pytest.raises(RuleRefusedError, match="不得决定自己"):
        pay(desk, by=OFFICER)
    with pytest.raises(InputRefusedError) as caught:
        pay(desk, on=date(2024, 3, 11))
    assert "不能早于批准之日" in caught.value.problems[0].sentence
    with pytest.raises(InputRefusedError):
        pay(desk, on=date(2024, 3, 13))
    changed = desk.copy().work(33, "payment/1", payout_amount="8000.00")
    with pytest.raises(RuleRefusedError, match="批准之后改动过"):
        pay(changed)
    with pytest.raises(RuleRefusedError, match="批准之后改动过"):
        changed.event("payment_paid_out", "payment/1")
    pay(desk)
    assert desk.context.index.value(33, "payment/1", "payment_voucher") == "20240312001"
    with pytest.raises(RuleRefusedError, match="不能重复支付"):
        pay(desk)


# --- material that goes to its reviewer by itself


def test_the_opinion_on_termination_goes_to_the_reviewer_with_its_recording() -> None:
    desk = begun().at("2024-06-05T09:00").event("no_assets_determined")
    assert desk.view.approvals == ()
    desk.fill(18)
    asked = last(desk)
    assert (asked.matter, asked.data["material"], asked.requested_by) == (
        "special_review",
        "opinion",
        OFFICER,
    )
    (waits,) = waiting_of(desk.view)
    assert waits.due_roles == ("材料审核人",)
    with pytest.raises(RuleRefusedError, match="不能撤回"):
        decide.withdraw_application(
            desk.context, desk.view, asked.seq, by=OFFICER, reason="不想送审了"
        )


def test_it_is_pushed_again_only_when_it_was_changed() -> None:
    desk = current_termination()
    assert [a.status for a in desk.view.approvals if a.matter == "special_review"] == ["pending"]
    desk.decide(43, "special_review", role="材料审核人")
    desk.enter(43, leave=(14, 15, 23, 24), closing_requested_on=None, closing_published_on=None,
               current_termination_opened_on=None)  # fmt: skip
    assert last(desk).status == "granted"
    desk.work(43, creditor_opinion="不同意")
    assert (last(desk).status, last(desk).previous) == ("pending", None)


def test_what_was_returned_goes_back_with_the_next_recording() -> None:
    desk = current_termination()
    first = next(a.seq for a in desk.view.approvals if a.matter == "special_review")
    desk.decide(43, "special_review", role="材料审核人", outcome="returned", reason="笔录缺页")
    desk.work(43, creditor_opinion="不同意")
    assert (last(desk).status, last(desk).previous) == ("pending", first)


def test_material_that_needs_no_reviewer_is_not_pushed() -> None:
    assert completion().view.approvals == ()


# --- outside: hops, reply, second reader


NUMBER = "（2024）豫08执督7号"


def priced_late() -> Desk:
    desk = begun().at("2024-03-11T10:00")
    desk.event("asset_found", "asset/1", name="解放路房屋", category="不动产", online=False)
    desk.event("asset_controlled", "asset/1").at("2024-04-01T09:00")
    desk.request(20, "unfreeze", "asset/1")
    return desk


def hop(desk: Desk, **more: Any) -> Desk:
    given = {"sender": "本院", "receiver": "焦作市中级人民法院", "number": "山执报1号",
             "sent_on": desk.now.date(), **more}  # fmt: skip
    made = decide.forward(
        desk.context, desk.view, last(desk).seq, Hop(**given), by=CHIEF, roles=["执行局长"]
    )
    return write(desk, made, CHIEF)


def reply(desk: Desk, scan: str = "a" * 64, by: str = CHIEF, **more: Any) -> Desk:
    given = {"number": NUMBER, "decided_on": desk.now.date(), "decider": "孙局长",
             "office": "中院执行局", "outcome": "granted", "words": "同意解冻", **more}  # fmt: skip
    made = decide.enter_reply(
        desk.context, desk.view, last(desk).seq, Reply(**given), scan, by=by, roles=["执行局长"]
    )
    return write(desk, made, by)


def confirm(desk: Desk, number: str = NUMBER, on: date | None = None, by: str = "李书记") -> Desk:
    made = decide.read_back(
        desk.context,
        desk.view,
        last(desk).seq,
        number,
        on or desk.now.date(),
        by=by,
        roles=["书记员"],
    )
    return write(desk, made, by)


def test_a_reply_counts_only_once_a_second_person_has_read_it_back() -> None:
    desk = priced_late()
    with pytest.raises(RuleRefusedError, match="还没有转报"):
        reply(desk)
    hop(desk)
    hop(desk, sender="焦作市中级人民法院", receiver="河南省高级人民法院", number="")
    assert [entry["to"] for entry in last(desk).forwards] == [
        "焦作市中级人民法院",
        "河南省高级人民法院",
    ]
    reply(desk.at("2024-04-03T10:00"))
    assert (last(desk).status, last(desk).stage) == ("pending", "replied")
    assert desk.state(20, "asset/1") is State.FROZEN
    with pytest.raises(RuleRefusedError, match="须由另外一人"):
        confirm(desk, by=CHIEF)
    with pytest.raises(InputRefusedError) as caught:
        confirm(desk, number="（2024）豫08执督1号", on=date(2024, 4, 2))
    assert [p.where for p in caught.value.problems] == ["答复文号", "答复日期"]
    assert NUMBER not in "".join(p.sentence for p in caught.value.problems)
    assert desk.state(20, "asset/1") is State.FROZEN
    confirm(desk, number="(2024) 豫08执督7号")
    assert last(desk).status == "granted"
    step = last(desk).steps[-1]
    assert (step["by"], step["registered_by"], step["confirmed_by"], step["scan"]) == (
        "孙局长",
        CHIEF,
        "李书记",
        "a" * 64,
    )
    assert desk.state(20, "asset/1") is State.OVERDUE


def test_a_reply_that_was_mistyped_is_entered_anew() -> None:
    desk = hop(priced_late())
    reply(desk, number="（2024）豫08执督70号")
    reply(desk)
    confirm(desk)
    assert last(desk).steps[-1]["document"] == NUMBER


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"number": " "}, "答复文号"),
        ({"decider": ""}, "作出决定的人"),
        ({"office": ""}, "作出决定的法院"),
        ({"words": ""}, "答复内容"),
        ({"scan": ""}, "扫描件"),
        ({"decided_on": date(2024, 3, 31)}, "不能早于申请之日"),
        ({"decided_on": date(2024, 4, 2)}, "不能晚于今天"),
        ({"outcome": "forwarded"}, "不认识的答复结果"),
    ],
)
def test_a_reply_is_whole_and_possible(change: dict[str, Any], words: str) -> None:
    desk = hop(priced_late())
    with pytest.raises(InputRefusedError) as caught:
        reply(desk, **change)
    assert words in "".join(p.where + p.sentence for p in caught.value.problems)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sender": ""}, "转报法院"),
        ({"receiver": "本院"}, "不能是同一个"),
        ({"number": ""}, "转报函文号"),
        ({"sent_on": date(2024, 3, 31)}, "不能早于申请之日"),
        ({"sent_on": date(2024, 4, 2)}, "不能晚于今天"),
    ],
)
def test_a_hop_is_whole_and_possible(change: dict[str, Any], words: str) -> None:
    with pytest.raises(InputRefusedError) as caught:
        hop(priced_late(), **change)
    assert words in "".join(p.where + p.sentence for p in caught.value.problems)


def test_hops_go_forward_in_time_and_only_outside() -> None:
    desk = priced_late().at("2024-04-05T10:00")
    hop(desk)
    with pytest.raises(InputRefusedError) as caught:
        hop(desk, sent_on=desk.now.date() - timedelta(days=1), receiver="河南省高级人民法院")
    assert "不能早于上一次转报之日" in caught.value.problems[0].sentence
    local = frozen()
    local.request(7, "unfreeze")
    with pytest.raises(RuleRefusedError, match="由本院决定，不能转报"):
        hop(local)
    with pytest.raises(RuleRefusedError, match="由本院决定"):
        reply(local)


def test_the_chief_passes_on_but_never_decides() -> None:
    desk = hop(priced_late())
    with pytest.raises(RuleRefusedError, match="本院无权决定"):
        say(desk, last(desk).seq)
    (waits,) = waiting_of(desk.view)
    assert (waits.stage, waits.level) == ("forwarded", "intermediate_court_bureau_chief")
    freeze = desk.instance(20, "asset/1").frozen
    assert freeze is not None
    assert waits.frozen_at == freeze.frozen_at


def test_the_courts_own_approver_of_a_period_counts_for_the_application() -> None:
    desk = begun().start(42)
    made = decide.request_approval(
        desk.context,
        desk.view,
        next(k for k in desk.view.instances if k.node == 42),
        "deadline_change",
        "案情复杂需要延长",
        {"amount": 2, "unit": "month"},
        deadline_approver="主管院领导",
    )
    write(desk, made, OFFICER)
    (waits,) = waiting_of(desk.view)
    assert waits.due_roles == ("主管院领导",)
    assert waits.due_at == desk.instance(43).due_at
    with pytest.raises(RuleRefusedError, match="须由主管院领导"):
        say(desk, waits.request, by=PRESIDENT, roles=["院长"])
    say(desk, waits.request, by=LEADER, roles=["主管院领导"])
    assert desk.instance(43).due_at == day("2024-11-01T23:59:59")
