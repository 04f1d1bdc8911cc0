"""Applications through the services: deputies, workstations at once, what waits for whom."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from helpers.bureau import CHIEF, OFFICER, Office
from helpers.offices import journal
from zhixing_desktop.models import tables
from zhixing_desktop.services import approvals, deputies, health, waiting, work
from zhixing_desktop.services.waiting import WaitingQuery
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    RuleRefusedError,
    StaleEditError,
    ZhixingError,
)
from zhixing_desktop.workflow.views import Key

LEADER, REVIEWER = "王院长", "郑审管"
SEVEN = Key(7, "case")


def frozen_case(office: Office, number: int = 1, **more: Any) -> int:
    """A case whose node 7 is frozen."""
    case = office.register(number, **more)
    for node in (1, 2, 3, 4):
        office.fill(case, node)
    return case


def asked(office: Office, case: int, why: str = "送达地址核实耗时较长") -> int:
    outcome = work.request_approval(office.bureau, office.actor(), case, SEVEN, "unfreeze", why)
    return outcome.facts[0].seq


@pytest.fixture
def waits(office: Office) -> tuple[int, int]:
    """A case and its application for unfreezing, on 2024-03-18."""
    case = frozen_case(office)
    office.at("2024-03-18T09:00").sweep()
    return case, asked(office, case)


def grant(office: Office, case: int, seq: int, by: str = CHIEF, outcome: str = "granted") -> Any:
    return approvals.decide_application(
        office.bureau, office.actor(by), case, seq, outcome, "情况属实"
    )


def deputise(
    office: Office,
    principal: str = CHIEF,
    deputy: str = "孙法官",
    role: str = "执行局长",
    days: tuple[str, str | None] = ("2024-03-18", "2024-03-22"),
    paper: str = "山法任〔2024〕3号",
    by: str | None = None,
) -> int:
    first, end = days
    return deputies.name_deputy(
        office.bureau,
        office.actor(by or principal),
        principal,
        deputy,
        role,
        date.fromisoformat(first),
        date.fromisoformat(end) if end else None,
        paper,
    )


# --- what waits for whom


def test_what_waits_stands_in_the_chiefs_list_until_it_is_decided(
    office: Office, waits: tuple[int, int]
) -> None:
    case, seq = waits
    (item,) = waiting.waiting_for(office.bureau, office.actor(CHIEF))
    assert (item.case_id, item.request, item.matter, item.step) == (
        case,
        seq,
        "unfreeze",
        waiting.DECIDE,
    )
    assert item.frozen_at is not None
    assert item.officer == OFFICER
    assert waiting.count_waiting(office.bureau, office.actor(LEADER)) == 1
    assert waiting.waiting_for(office.bureau, office.actor(REVIEWER)) == ()
    approvals.urge_decision(office.bureau, office.actor(), case, seq, "执行款即将到期")
    (item,) = waiting.waiting_for(office.bureau, office.actor(CHIEF))
    assert (item.urges, item.urged_at) == (1, office.clock.now())
    grant(office, case, seq)
    assert waiting.waiting_for(office.bureau, office.actor(CHIEF)) == ()
    (done,) = waiting.decided_today(office.bureau, office.actor(CHIEF))
    assert (done.request, done.outcome, done.matter) == (seq, "granted", "unfreeze")
    assert waiting.decided_today(office.bureau, office.actor(LEADER)) == ()
    assert health.check_all(office.bureau) == []


def test_the_frozen_come_first_then_what_is_due_and_pages_fit_together(office: Office) -> None:
    ids = [frozen_case(office, number) for number in (1, 2, 3)]
    office.at("2024-03-07T10:00")
    keys = Key(36, "debtor/1")
    for case in ids[:2]:
        work.request_approval(
            office.bureau, office.actor(), case, keys, "consumption_restriction", "拒不履行义务"
        )
    office.at("2024-03-18T09:00").sweep()
    asked(office, ids[2])
    president = office.actor("赵院长")
    orders = waiting.waiting_for(office.bureau, president)
    assert [item.case_id for item in orders] == ids[:2]
    chief = waiting.waiting_for(office.bureau, office.actor(CHIEF))
    assert [item.case_id for item in chief] == [ids[2]]
    paged = [
        waiting.waiting_for(office.bureau, president, WaitingQuery(offset=at, limit=1))
        for at in (0, 1, 2)
    ]
    assert [item for page in paged for item in page] == list(orders)
    only = WaitingQuery(matter="unfreeze")
    assert waiting.waiting_for(office.bureau, president, only) == ()
    assert waiting.waiting_by_matter(office.bureau, president) == {"consumption_restriction": 2}


def test_what_freezes_while_it_waits_says_so_in_the_list(office: Office) -> None:
    case = frozen_case(office)
    office.at("2024-03-11T10:00")
    office.event(
        case, "payment_arrived", "payment/1", name="一笔", amount="10.00", payer="被执行人本人"
    )
    office.fill(case, 7)
    office.fill(case, 32, "payment/1")
    office.at("2024-03-20T10:00")
    work.request_approval(
        office.bureau, office.actor(), case, Key(33, "payment/1"), "payout", "款项已经核算"
    )
    (item,) = waiting.waiting_for(office.bureau, office.actor(CHIEF))
    assert (item.frozen_at, item.due_at) == (None, datetime(2024, 4, 10, 23, 59, 59))
    office.at("2024-04-11T09:00").sweep()
    (item,) = waiting.waiting_for(office.bureau, office.actor(CHIEF))
    assert item.frozen_at == datetime(2024, 4, 11)
    assert health.check_all(office.bureau) == []


def test_his_own_case_is_not_in_his_list_and_not_his_to_decide(office: Office) -> None:
    with office.bureau.database.writing() as conn:
        both_roles = ["承办人", "主管院领导"]
        conn.execute(
            update(tables.staff).where(tables.staff.c.name == LEADER).values(roles=both_roles)
        )
    case = frozen_case(office, officer=LEADER)
    office.at("2024-03-18T09:00").sweep()
    seq = (
        work.request_approval(
            office.bureau, office.actor(LEADER), case, SEVEN, "unfreeze", "送达地址核实耗时较长"
        )
        .facts[0]
        .seq
    )
    assert waiting.waiting_for(office.bureau, office.actor(LEADER)) == ()
    with pytest.raises(RuleRefusedError, match="不得决定自己"):
        grant(office, case, seq, LEADER)
    assert waiting.count_waiting(office.bureau, office.actor(CHIEF)) == 1


def test_rows_that_were_lost_are_found_and_made_again(
    office: Office, waits: tuple[int, int]
) -> None:
    case, _ = waits
    with office.bureau.database.writing() as conn:
        conn.execute(update(tables.waiting).values(urges=7))
    found = health.check_all(office.bureau)
    assert any("待办事项" in sentence for sentence in found)
    assert health.rebuild(office.bureau, office.actor("何管理"), case)
    (item,) = waiting.waiting_for(office.bureau, office.actor(CHIEF))
    assert item.urges == 0


# --- deputies


def test_a_deputy_decides_in_his_principals_place_and_the_journal_says_so(
    office: Office, waits: tuple[int, int]
) -> None:
    case, seq = waits
    assert waiting.waiting_for(office.bureau, office.actor("孙法官")) == ()
    number = deputise(office)
    (item,) = waiting.waiting_for(office.bureau, office.actor("孙法官"))
    assert (item.on_behalf_of, item.acting()) == (CHIEF, "代李局长审批")
    grant(office, case, seq, "孙法官")
    (step,) = office.detail(case).view.approvals[-1].steps
    assert (step["by"], step["on_behalf_of"], step["role"]) == ("孙法官", CHIEF, "执行局长")
    with office.bureau.database.reading() as conn:
        row = conn.execute(
            select(tables.journal).where(tables.journal.c.action == "approval.decide")
        ).one()
    assert (row.actor, row.on_behalf_of) == ("孙法官", CHIEF)
    (listed,) = deputies.list_deputies(office.bureau)
    assert (listed.id, listed.state, listed.words()) == (number, "now", "代李局长审批")


def test_a_deputys_power_ends_with_its_days_and_with_its_revocation(
    office: Office, waits: tuple[int, int]
) -> None:
    case, seq = waits
    number = deputise(office)
    deputies.revoke_deputy(office.bureau, office.actor(CHIEF), number, "提前回院")
    with pytest.raises(RuleRefusedError):
        grant(office, case, seq, "孙法官")
    with pytest.raises(RuleRefusedError, match="已经撤销或者期满"):
        deputies.revoke_deputy(office.bureau, office.actor(CHIEF), number, "再次撤销")
    deputise(office, days=("2024-03-19", "2024-03-20"))
    with pytest.raises(RuleRefusedError):
        grant(office, case, seq, "孙法官")
    office.at("2024-03-21T00:00")
    with pytest.raises(RuleRefusedError):
        grant(office, case, seq, "孙法官")
    states = [d.state for d in deputies.list_deputies(office.bureau, everything=True)]
    assert states == ["over", "revoked"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"days": ("2024-03-17", "2024-03-20")}, "不能早于今天"),
        ({"days": ("2024-03-18", None)}, "不能没有期限"),
        ({"days": ("2024-03-20", "2024-03-19")}, "不能早于起始日期"),
        ({"days": ("2024-03-18", "2024-06-16")}, "最多90天"),
        ({"deputy": CHIEF}, "不能指定本人"),
        ({"deputy": "何管理"}, "系统管理员，不得兼办案件"),
        ({"deputy": "无此人"}, "不在人员名册中"),
        ({"role": "院长"}, "没有“院长”这个角色"),
        ({"role": "承办人"}, "不能由他人代理"),
        ({"paper": " "}, "文件名称和文号"),
    ],
)
def test_a_deputy_who_cannot_be_named(office: Office, change: dict[str, Any], words: str) -> None:
    office.at("2024-03-18T09:00")
    with pytest.raises(InputRefusedError, match=words):
        deputise(office, **change)
    assert deputies.list_deputies(office.bureau, everything=True) == ()


def test_overlapping_days_chains_and_circles_are_refused(office: Office) -> None:
    office.at("2024-03-18T09:00")
    deputise(office, days=("2024-03-18", "2024-06-15"))  # ninety days, both counted
    for change, words in (
        ({"deputy": "张承办"}, "已经指定了代理人"),
        ({"principal": LEADER, "deputy": CHIEF, "role": "主管院领导"}, "已由他人代理"),
    ):
        with pytest.raises(InputRefusedError, match=words):
            deputise(office, **{"days": ("2024-06-15", "2024-06-20"), **change})
    deputise(office, "赵院长", LEADER, "院长")
    for change, words in (
        ({"principal": LEADER, "deputy": "赵院长", "role": "主管院领导"}, "循环"),
        ({"principal": LEADER, "deputy": "张承办", "role": "主管院领导"}, "不能转托"),
    ):
        with pytest.raises(InputRefusedError, match=words):
            deputise(office, **change)
    later = ("2024-06-16", "2024-06-20")
    deputise(office, deputy="张承办", days=later)


def test_who_names_a_deputy(office: Office) -> None:
    office.at("2024-03-18T09:00")
    with pytest.raises(RuleRefusedError):
        deputise(office, by=OFFICER)
    deputise(office, by=LEADER)


# --- counter-decision, payment


def test_a_counter_decision_through_the_services(office: Office, waits: tuple[int, int]) -> None:
    case, seq = waits
    grant(office, case, seq)
    with pytest.raises(RuleRefusedError):
        approvals.countermand(office.bureau, office.actor(), case, seq, "批准时材料有误")
    office.at("2024-03-19T10:00")
    approvals.countermand(office.bureau, office.actor(CHIEF), case, seq, "批准时材料有误")
    detail = office.detail(case)
    freeze = detail.view.instances[SEVEN].frozen
    assert freeze is not None
    assert freeze.frozen_at == office.clock.now()
    with office.bureau.database.reading() as conn:
        (row,) = conn.execute(
            select(tables.approvals).where(tables.approvals.c.request_seq == seq)
        ).all()
    assert row.status == "countermanded"
    assert ("approval.countermand", CHIEF) in journal(office.bureau)
    assert health.check_all(office.bureau) == []


def test_a_payment_goes_through_three_people(office: Office) -> None:
    case = frozen_case(office)
    office.at("2024-03-11T10:00")
    office.event(
        case, "payment_arrived", "payment/1", name="一笔", amount="10.00", payer="被执行人本人"
    )
    office.fill(case, 7)
    office.fill(case, 32, "payment/1")
    seq = (
        work.request_approval(
            office.bureau, office.actor(), case, Key(33, "payment/1"), "payout", "款项已经核算"
        )
        .facts[0]
        .seq
    )
    cashier = office.actor("钱财务")
    today = office.clock.now().date()
    with pytest.raises(RuleRefusedError):
        approvals.pay_out(office.bureau, cashier, case, "payment/1", today)
    grant(office, case, seq)
    assert waiting.waiting_for(office.bureau, office.actor(CHIEF)) == ()
    assert waiting.count_waiting(office.bureau, office.actor(LEADER)) == 1
    grant(office, case, seq, LEADER)
    with pytest.raises(RuleRefusedError):
        approvals.pay_out(office.bureau, office.actor(), case, "payment/1", today)
    approvals.pay_out(office.bureau, cashier, case, "payment/1", today, "2024031100017")
    fact = office.detail(case).context.index.event("payment_paid_out", "payment/1")
    assert fact is not None
    assert (fact.entered_by, fact.data["voucher"]) == ("钱财务", "2024031100017")


def test_a_deputy_does_not_use_up_his_own_later_step(office: Office) -> None:
    """Else the only 主管院领导 could not sign any more, and nobody could take it back."""
    case = frozen_case(office)
    office.at("2024-03-11T10:00")
    office.event(
        case, "payment_arrived", "payment/1", name="一笔", amount="10.00", payer="被执行人本人"
    )
    office.fill(case, 7)
    office.fill(case, 32, "payment/1")
    office.at("2024-03-18T10:00")
    key = Key(33, "payment/1")
    made = work.request_approval(office.bureau, office.actor(), case, key, "payout", "款项已经核算")
    seq = made.facts[0].seq
    deputise(office, deputy=LEADER)
    with pytest.raises(RuleRefusedError, match=f"后一步由{LEADER}作为主管院领导决定") as refused:
        grant(office, case, seq, LEADER)
    assert CHIEF in refused.value.sentence
    grant(office, case, seq)
    grant(office, case, seq, LEADER)
    assert waiting.count_waiting(office.bureau, office.actor(LEADER)) == 0


# --- several workstations at once


def both(first: Callable[[], object], second: Callable[[], object]) -> list[object]:
    """Do two things at the same time; return what came of each, a refusal included."""
    start = threading.Barrier(2)
    results: list[object] = [None, None]

    def run(place: int, act: Callable[[], object]) -> None:
        start.wait()
        try:
            results[place] = act()
        except ZhixingError as error:
            results[place] = error

    threads = [
        threading.Thread(target=run, args=(place, act)) for place, act in enumerate((first, second))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_withdrawn_here_and_decided_there_only_one_of_them_holds(
    office: Office, second: Office, waits: tuple[int, int]
) -> None:
    case, seq = waits
    officer, chief = office.actor(), second.actor(CHIEF)
    results = both(
        lambda: approvals.withdraw_application(
            office.bureau, officer, case, seq, "已经补办，不必解冻"
        ),
        lambda: approvals.decide_application(
            second.bureau, chief, case, seq, "granted", "情况属实"
        ),
    )
    refused = [entry for entry in results if isinstance(entry, ZhixingError)]
    assert len(refused) == 1, results
    assert isinstance(refused[0], RuleRefusedError | StaleEditError)
    status = office.detail(case).view.approvals[-1].status
    assert status == ("granted" if isinstance(results[0], ZhixingError) else "withdrawn")
    if isinstance(refused[0], RuleRefusedError):
        told = f"已由{OFFICER}于" if status == "withdrawn" else "已经决定"
        assert told in refused[0].sentence
    assert waiting.count_waiting(office.bureau, office.actor(CHIEF)) == 0
    assert health.check_all(office.bureau) == []


def test_two_leaders_decide_at_once_and_one_is_told(
    office: Office, second: Office, waits: tuple[int, int]
) -> None:
    case, seq = waits
    chief, leader = office.actor(CHIEF), second.actor(LEADER)
    results = both(
        lambda: approvals.decide_application(
            office.bureau, chief, case, seq, "granted", "情况属实"
        ),
        lambda: approvals.decide_application(
            second.bureau, leader, case, seq, "refused", "理由不充分"
        ),
    )
    assert sum(isinstance(entry, ZhixingError) for entry in results) == 1, results
    (asked_for,) = office.detail(case).view.approvals
    assert len(asked_for.steps) == 1
    assert asked_for.status == ("granted" if asked_for.steps[0]["by"] == CHIEF else "refused")


def test_two_deputies_for_the_same_days_at_once(office: Office, second: Office) -> None:
    office.at("2024-03-18T09:00")
    results = both(
        lambda: deputise(office, deputy="孙法官"),
        lambda: deputise(second, deputy="张承办"),
    )
    assert sum(isinstance(entry, InputRefusedError) for entry in results) == 1, results
    assert len(deputies.list_deputies(office.bureau)) == 1


def test_a_role_taken_away_counts_at_once(office: Office, waits: tuple[int, int]) -> None:
    case, seq = waits
    chief = office.actor(CHIEF)
    with office.bureau.database.writing() as conn:
        gone = update(tables.staff).where(tables.staff.c.name == CHIEF).values(roles=["承办人"])
        conn.execute(gone)
    with pytest.raises(RuleRefusedError):
        approvals.decide_application(office.bureau, chief, case, seq, "granted", "情况属实")
    assert waiting.waiting_for(office.bureau, chief) == ()


def test_a_day_is_a_day_for_urging(office: Office, waits: tuple[int, int]) -> None:
    case, seq = waits
    approvals.urge_decision(office.bureau, office.actor(), case, seq, "执行款即将到期")
    office.at(office.clock.now() + timedelta(hours=5))
    with pytest.raises(RuleRefusedError, match="今天已经催办过"):
        approvals.urge_decision(office.bureau, office.actor(), case, seq, "执行款即将到期")
