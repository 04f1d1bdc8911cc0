"""One digest instead of thirty messages; few pop-ups; what was seen stays seen."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from helpers.bureau import CHIEF, OFFICER, OTHER_OFFICER, SECURITY, Office
from zhixing_desktop.services import (
    alerts,
    daily_sheet,
    deputies,
    digest,
    people,
    popups,
    steps,
    waiting,
    work,
)
from zhixing_desktop.services.daily_sheet_page import sheet_html
from zhixing_desktop.services.permission import About
from zhixing_desktop.workflow.decide import NewFact
from zhixing_desktop.workflow.errors import ZhixingError
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.views import Key


def late_cases(office: Office, count: int = 2) -> list[int]:
    """Cases of one officer that nobody worked on for eight months."""
    made = [office.register(number) for number in range(1, count + 1)]
    for case in made:
        for node in (1, 2, 3, 4):
            office.fill(case, node)
    office.at("2024-11-01T09:00").sweep()
    return made


def test_many_announcements_of_a_case_are_one_line_that_says_the_gravest(office: Office) -> None:
    first, second = late_cases(office)
    me = office.actor()
    heard = alerts.alerts_for(office.bureau, me)
    found = digest.digest(office.bureau, me)
    assert [entry.case_id for entry in found.news] == [first, second]
    assert {entry.word for entry in found.news} == {"冻结"}
    assert sum(entry.count for entry in found.news) == len(heard) > 10
    assert {i for entry in found.news for i in entry.alert_ids} == {a.id for a in heard}
    assert "已自动冻结" in found.news[0].sentence
    assert found.heading.startswith("冻结2件")


def test_what_was_looked_at_is_not_new_again(office: Office, second: Office) -> None:
    late_cases(office, 1)
    me = office.actor()
    seen = digest.digest(office.bureau, me)
    digest.mark_looked(office.bureau, me, seen.until)
    assert digest.digest(second.bureau, me).empty
    assert digest.digest(second.bureau, me).heading == "没有新的情况"
    # Whoever looks from an older window does not bring the old news back.
    digest.mark_looked(second.bureau, me, seen.until - timedelta(days=3))
    assert digest.digest(office.bureau, me).since == seen.until
    assert not digest.digest(office.bureau, office.actor(CHIEF)).empty


def test_nobody_hears_of_another_officers_cases(office: Office) -> None:
    late_cases(office, 1)
    other = digest.digest(office.bureau, office.actor(OTHER_OFFICER))
    assert other.news == () == other.arrived


def test_a_decision_is_told_to_who_applied(office: Office) -> None:
    (case,) = late_cases(office, 1)
    me, chief = office.actor(), office.actor(CHIEF)
    key = Key(7, "case")
    digest.mark_looked(office.bureau, me, office.clock.now())
    office.at("2024-11-01T10:00")
    asked = work.request_approval(
        office.bureau, me, case, key, "unfreeze", "材料已经补齐，请求解冻继续办理"
    )
    office.at("2024-11-01T11:00")
    work.decide_approval(
        office.bureau, chief, case, asked.facts[0].seq, "granted", "情况属实，同意解冻"
    )
    (answer,) = digest.digest(office.bureau, me).answers
    assert (answer.case_id, answer.outcome, answer.decided_by) == (case, "批准", CHIEF)
    assert answer.reason == "情况属实，同意解冻"
    assert digest.digest(office.bureau, chief).answers == ()


def test_a_warning_whose_day_has_passed_is_no_news(office: Office) -> None:
    """Whoever comes back after a week is not told that something falls due today."""
    case = office.register(1)
    for node in (1, 2, 3):
        office.fill(case, node)
    office.at("2024-03-04T09:00").sweep()
    filer = office.actor("吴立案")
    (before,) = digest.digest(office.bureau, filer).news
    assert (before.case_id, before.node, before.word) == (case, 4, "今日届满")
    office.fill(case, 4)
    office.at("2024-03-11T09:00")
    assert digest.digest(office.bureau, filer).news == ()


def test_the_cashier_is_told_of_what_may_be_paid(office: Office) -> None:
    case, seq = payable(office)
    cashier = office.actor("钱财务")
    for name in (CHIEF, "王院长"):
        assert digest.digest(office.bureau, cashier).payable == ()
        work.decide_approval(office.bureau, office.actor(name), case, seq, "granted", "同意")
    found = digest.digest(office.bureau, cashier)
    assert [entry.case_id for entry in found.payable] == [case]
    assert found.heading == "1笔案款等您支付"
    assert digest.digest(office.bureau, office.actor(CHIEF)).payable == ()
    digest.mark_looked(office.bureau, cashier, found.until)
    assert digest.digest(office.bureau, cashier).empty


def payable(office: Office) -> tuple[int, int]:
    """A case and the application for its payment, which waits for the first of two signatures."""
    case = office.register(1)
    for node in (1, 2, 3, 4, 5, 6):
        office.fill(case, node)
    office.event(
        case, "payment_arrived", "payment/1", name="一笔", amount="10.00", payer="被执行人本人"
    )
    office.fill(case, 32, "payment/1")
    key = Key(33, "payment/1")
    made = work.request_approval(office.bureau, office.actor(), case, key, "payout", "款项已经核算")
    return case, made.facts[0].seq


def name(office: Office, principal: str, deputy: str, role: str) -> None:
    """Name a deputy for today."""
    today, by = office.clock.now().date(), office.actor(principal)
    deputies.name_deputy(
        office.bureau, by, principal, deputy, role, today, today, "山法〔2024〕3号"
    )


def told_to(office: Office, name: str) -> tuple[list[int], list[int]]:
    """What the panel and the digest list as somebody's."""
    actor = office.actor(name)
    panel = [item.request for item in waiting.waiting_for(office.bureau, actor)]
    assert waiting.count_waiting(office.bureau, actor) == len(panel)
    return panel, [entry.request for entry in digest.digest(office.bureau, actor).asked]


def test_who_has_signed_the_first_step_is_not_asked_for_the_second(office: Office) -> None:
    """Two steps need two people: he would be refused, so it is not listed as his."""
    both = people.find_person(office.bureau, CHIEF)
    people.change_roles(
        office.bureau,
        office.actor(SECURITY),
        both.id,
        ("执行局长", "主管院领导"),
        version=both.version,
    )
    case, seq = payable(office)
    assert told_to(office, CHIEF) == ([seq], [seq])
    work.decide_approval(office.bureau, office.actor(CHIEF), case, seq, "granted", "同意")
    with pytest.raises(ZhixingError):
        work.decide_approval(office.bureau, office.actor(CHIEF), case, seq, "granted", "同意")
    assert told_to(office, CHIEF) == ([], [])
    assert told_to(office, "王院长") == ([seq], [seq])


def test_a_deputy_is_not_asked_for_a_step_before_his_own(office: Office) -> None:
    _, seq = payable(office)
    name(office, CHIEF, "王院长", "执行局长")
    assert told_to(office, "王院长") == ([], [])
    assert told_to(office, CHIEF) == ([seq], [seq])


def test_a_principal_for_whom_was_signed_is_not_asked_for_the_next_step(office: Office) -> None:
    case, seq = payable(office)
    name(office, CHIEF, OTHER_OFFICER, "执行局长")
    signer = office.actor(OTHER_OFFICER)
    work.decide_approval(office.bureau, signer, case, seq, "granted", "同意")
    office.at("2024-03-02T09:00")
    name(office, "王院长", CHIEF, "主管院领导")
    assert told_to(office, CHIEF) == ([], [])
    assert told_to(office, "王院长") == ([seq], [seq])


def test_a_deputy_is_told_of_what_waits_for_his_principal(office: Office) -> None:
    _, seq = payable(office)
    name(office, CHIEF, OTHER_OFFICER, "执行局长")
    assert told_to(office, OTHER_OFFICER) == ([seq], [seq])
    assert told_to(office, OFFICER) == ([], [])


def test_only_freezes_and_hours_interrupt_and_only_a_few_a_day(
    office: Office, second: Office
) -> None:
    late_cases(office, 4)
    me = office.actor()
    hours = popups.hour_limits(office.bureau.rules.book)
    assert hours
    first = popups.take_popups(office.bureau, me, per_day=3)
    assert len(first.shown) == 3
    assert first.more > 0
    told = {entry.id: entry for entry in alerts.alerts_for(office.bureau, me)}
    for entry in first.shown:
        alert = told[entry.alert_id]
        assert alert.step == "freeze" or alert.limit_id in hours
    # The day's number is used up, on the other workstation as well.
    assert popups.take_popups(second.bureau, me, per_day=3).shown == ()
    assert len(popups.take_popups(second.bureau, me, per_day=5).shown) == 2
    office.at("2024-11-02T09:00")
    assert popups.take_popups(office.bureau, me, per_day=3).shown == (), "only of today"


def test_what_was_read_does_not_pop_up(office: Office) -> None:
    late_cases(office, 1)
    me = office.actor()
    alerts.mark_read(office.bureau, me, [a.id for a in alerts.alerts_for(office.bureau, me)])
    assert popups.take_popups(office.bureau, me, per_day=9).shown == ()


def test_the_daily_sheet_counts_the_day_and_carries_the_head(office: Office) -> None:
    cases = late_cases(office, 12)
    chief = office.actor(CHIEF)
    sheet = daily_sheet.daily_sheet(
        office.bureau, chief, office.clock.now().date(), court="山阳区人民法院"
    )
    assert dict(sheet.states)["冻结"] == 12
    frozen = dict(sheet.freezes)["现冻结节点"]
    assert frozen >= 12
    assert dict(sheet.freezes) == {
        "新冻结": frozen,
        "解冻": 0,
        "现冻结节点": frozen,
    }
    assert [late.case_id for late in sheet.worst] == cases[:10]
    assert all(late.officer == OFFICER and late.days_late > 0 for late in sheet.worst)
    # Node 4 was done in time; node 5 (3 days) ended first and never freezes, nodes 7 and 43 do.
    assert {(late.node, late.node_state) for late in sheet.worst} == {(5, State.OVERDUE)}
    assert "5 审核案件材料（逾期，另有节点冻结）" in sheet_html(sheet)
    with office.bureau.database.reading() as conn:
        row = conn.exec_driver_sql("SELECT id, hash FROM journal ORDER BY id DESC LIMIT 1").one()
    assert (sheet.head_id, sheet.head_hash) == tuple(row)
    page = sheet_html(sheet)
    assert "山阳区人民法院执行工作日报" in page
    assert f"--head {sheet.head_id}:{sheet.head_hash}" in page
    # The sheet of an earlier day carries that day's last row.
    before = daily_sheet.daily_sheet(office.bureau, chief, date(2024, 3, 1))
    assert 0 < before.head_id < sheet.head_id
    assert dict(before.moves)["新收"] == 12
    daily_sheet.record_printed(office.bureau, chief, sheet)
    after = daily_sheet.daily_sheet(office.bureau, chief, office.clock.now().date())
    assert after.head_id == sheet.head_id + 1


def test_closing_a_case_lifts_none_of_its_freezes(office: Office) -> None:
    """Reported in time and confirmed late: node 43 has frozen, and stays so until it is lifted.

    Otherwise the evening's figure would be less than the morning's with nothing lifted in between.
    """
    first, _ = late_cases(office)
    chief, day = office.actor(CHIEF), office.clock.now().date()
    morning = daily_sheet.daily_sheet(office.bureau, chief, day)
    steps.take(
        office.bureau,
        office.actor(),
        first,
        "node.work",
        lambda ctx, _: [NewFact("closing_confirmed", "case", ctx.now)],
        about=About(key=Key(43, "case")),
    )
    view = office.detail(first).view
    assert view.closed_at is not None
    assert view.instances[Key(43, "case")].state is State.FROZEN
    evening = daily_sheet.daily_sheet(office.bureau, chief, day)
    assert dict(evening.states)["已结"] == 1
    before, after = dict(morning.freezes), dict(evening.freezes)
    assert after["现冻结节点"] == before["现冻结节点"] - after["解冻"]
    with office.bureau.database.reading() as conn:
        stand = "SELECT count(*) FROM instances WHERE state = 'frozen'"
        assert conn.exec_driver_sql(stand).scalar_one() == after["现冻结节点"]


def test_a_freeze_that_was_lifted_the_same_day_is_no_longer_one_in_the_evening(
    office: Office,
) -> None:
    first, second = late_cases(office)
    chief, day = office.actor(CHIEF), office.clock.now().date()
    morning = dict(daily_sheet.daily_sheet(office.bureau, chief, day).freezes)
    for case in (first, second):
        made = work.request_approval(
            office.bureau, office.actor(), case, Key(7, "case"), "unfreeze", "材料已经补齐"
        )
        work.decide_approval(
            office.bureau, chief, case, made.facts[0].seq, "granted", "情况属实，同意解冻"
        )
    evening = daily_sheet.daily_sheet(office.bureau, chief, day)
    assert dict(evening.freezes) == {
        "新冻结": morning["新冻结"],
        "解冻": 2,
        "现冻结节点": morning["现冻结节点"] - 2,
    }
    page = sheet_html(evening)
    assert "解冻 <b>2</b>" in page
    # A day later nothing of it is new; what stands still stands.
    office.at("2024-11-02T18:00")
    after = dict(daily_sheet.daily_sheet(office.bureau, chief, date(2024, 11, 2)).freezes)
    assert after == {"新冻结": 0, "解冻": 0, "现冻结节点": morning["现冻结节点"] - 2}


def test_the_daily_sheet_tells_each_decision_with_its_reason(office: Office) -> None:
    (case,) = late_cases(office, 1)
    key = Key(7, "case")
    asked = work.request_approval(
        office.bureau, office.actor(), case, key, "unfreeze", "材料已经补齐，请求解冻继续办理"
    )
    seq, chief = asked.facts[0].seq, office.actor(CHIEF)
    work.decide_approval(office.bureau, chief, case, seq, "refused", "<材料>仍不齐")
    sheet = daily_sheet.daily_sheet(office.bureau, chief, datetime(2024, 11, 1).date())
    (made,) = sheet.decisions
    assert (made.node, made.outcome, made.decided_by) == (key.node, "不批准", CHIEF)
    assert "&lt;材料&gt;仍不齐" in sheet_html(sheet)
