"""The announcements: complete, each once, and in step with the states they bring."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from helpers.announced import check_agenda
from helpers.desk import Desk, calendar, day, rulebook
from helpers.scenarios import names, scenario
from helpers.stages import (
    CAR,
    DEPOSIT,
    HOUSE,
    PAYMENT,
    begun,
    completion,
    current_termination,
    failed_once,
    held,
    on_auction,
    paid_in,
    sold,
)
from zhixing_desktop.workflow.engine import evaluate
from zhixing_desktop.workflow.facts import FactIndex, State
from zhixing_desktop.workflow.views import AgendaStep, Key


def of(desk: Desk, node: int, subject: str = "case") -> list[AgendaStep]:
    return [step for step in desk.view.agenda if step.key == Key(node, subject)]


def told(desk: Desk, node: int, subject: str = "case") -> list[tuple[str, str]]:
    return [(step.step, step.at.isoformat()) for step in of(desk, node, subject)]


def received() -> Desk:
    """Received on 2024-03-04, the notice still to be given."""
    desk = Desk("2024-03-01T09:00").fill(1).fill(2).fill(3)
    return desk.at("2024-03-04T09:00").fill(4)


def test_a_freezing_node_is_warned_twice_and_then_freezes() -> None:
    desk = received()
    assert told(desk, 7) == [
        ("warn1", "2024-03-10T08:30:00"),
        ("warn2", "2024-03-14T08:30:00"),
        ("freeze", "2024-03-15T00:00:00"),
    ]
    first, second, freeze = of(desk, 7)
    assert first.recipients == ("承办人",)
    assert second.recipients == ("承办人", "执行局长")
    assert freeze.recipients == ("承办人", "书记员", "执行局长", "主管院领导")
    assert [step.state_after for step in of(desk, 7)] == [State.WARNED] * 2 + [State.FROZEN]


def test_any_other_node_becomes_overdue() -> None:
    assert told(received(), 5) == [
        ("warn1", "2024-03-06T08:30:00"),
        ("warn2", "2024-03-07T08:30:00"),
        ("overdue", "2024-03-08T00:00:00"),
    ]


def test_hours_and_the_same_day() -> None:
    desk = received().at("2024-03-05T10:20").event("asset_found", "asset/1", **DEPOSIT)
    # 48 hours from 11:00; a quarter of them left, and the morning of the last day.
    assert told(desk, 17, "asset/1") == [
        ("warn1", "2024-03-06T23:00:00"),
        ("warn2", "2024-03-07T08:30:00"),
        ("freeze", "2024-03-07T11:00:01"),
    ]
    filed = Desk("2024-03-01T09:00").event("case_filed")
    assert told(filed, 3) == [
        ("warn1", "2024-03-01T15:00:00"),
        ("freeze", "2024-03-02T00:00:00"),
    ]


def test_late_starts_of_auctions_are_supervised() -> None:
    """X13: 通过执行指挥管理平台督办."""
    first = held(HOUSE).fill(19, "asset/1").fill(20, "asset/1", pricing_method="当事人议价")
    second = failed_once(CAR)
    for desk, node, subject in (
        (first, 23, "asset/1"),
        (second, 26, "asset/1/round/2"),
    ):
        steps = of(desk, node, subject)
        assert [step.step for step in steps] == ["warn1", "warn2", "freeze", "supervise"]
        assert steps[3].recipients == ("执行指挥管理平台", "执行局长")
        assert steps[3].at == steps[2].at
    supervised = {
        step.key.node for desk in (first, second, paid_in()) for step in desk.view.agenda
        if step.step == "supervise"
    }  # fmt: skip
    assert supervised == {23, 26}


def test_a_partys_right_lapses_and_is_not_warned_of() -> None:
    desk = held(HOUSE).fill(19, "asset/1")
    desk.work(20, "asset/1", pricing_started_on="2024-03-12", pricing_method="网络询价")
    desk.work(20, "asset/1", price_report_received_on="2024-03-12").fill(21, "asset/1")
    assert told(desk, 22, "asset/1") == [("lapse", "2024-03-19T00:00:00")]
    desk.event("price_objected", "asset/1")
    assert [step for step, _ in told(desk, 22, "asset/1")] == ["warn1", "warn2", "overdue"]


def test_what_is_done_is_not_announced() -> None:
    desk = received()
    assert told(desk.fill(5), 5) == []
    assert {step.key.node for step in completion().view.agenda} >= {43}


def test_a_before_limit_is_late_only_by_both_readings() -> None:
    desk = on_auction(CAR).work(25, "asset/1/round/1", auction_opens_on="2024-05-20")
    assert told(desk, 25, "asset/1/round/1")[-1] == ("overdue", "2024-05-06T00:00:00")


def test_nothing_is_announced_before_it_was_known() -> None:
    desk = received().at("2024-03-14T16:00")
    desk.event("asset_found", "asset/1", at="2024-03-05T10:20", **HOUSE)
    assert told(desk, 17, "asset/1") == [
        ("warn1", "2024-03-14T16:00:00"),
        ("warn2", "2024-03-15T08:30:00"),
        ("freeze", "2024-03-16T00:00:00"),
    ]
    late = received().at("2024-03-20T16:00")
    late.event("asset_found", "asset/1", at="2024-03-05T10:20", **HOUSE)
    assert told(late, 17, "asset/1") == [("overdue", "2024-03-16T00:00:00")]


def test_a_moved_limit_is_announced_anew_under_its_new_end() -> None:
    desk = begun()
    before = {(step.step, step.due_at) for step in of(desk, 43)}
    desk.start(42).approve(42, "deadline_change", amount=3, unit="month")
    after = {(step.step, step.due_at) for step in of(desk, 43)}
    assert not before & after


def test_a_lifted_freeze_is_not_announced_again() -> None:
    desk = received().at("2024-03-18T09:00")
    assert ("freeze", "2024-03-15T00:00:00") in told(desk, 7)
    desk.request(7, "unfreeze")
    desk.decide(7, "unfreeze", role="执行局长")
    # Not frozen once more, and not overdue as if for the first time.
    assert {step for step, _ in told(desk, 7)} <= {"warn1", "warn2"}


def test_a_stopped_clock_announces_nothing() -> None:
    desk = begun().start(42)
    desk.approve(42, "deadline_change", start="2024-03-08")
    assert of(desk, 43) == []


def test_runs_open_in_their_turn() -> None:
    desk = current_termination().approve(43, "special_review")
    desk.request(43, "closing_review")
    desk.decide(43, "closing_review", role="审判管理办公室")
    steps = [step for step in desk.view.agenda if step.key.node == 45]
    opens = [step.at for step in steps if step.step == "open"]
    assert len(opens) == 9
    assert all(later > earlier for earlier, later in pairwise(opens))
    assert [step.step for step in steps if step.key.subject == "followup/3"] == [
        "open",
        "warn1",
        "warn2",
        "overdue",
    ]


STAGES = {
    "filed": lambda: Desk("2024-03-01T09:00").event("case_filed"),
    "received": received,
    "begun": begun,
    "deposit": lambda: begun().event("asset_found", "asset/1", **DEPOSIT),
    "house held": lambda: held(HOUSE),
    "auction": lambda: on_auction(CAR).work(
        25, "asset/1/round/1", announced_on="2024-04-08", auction_opens_on="2024-05-20"
    ),
    "failed": lambda: failed_once(CAR),
    "sold": sold,
    "paid in": paid_in,
    "unclaimed": lambda: begun().event("payment_arrived", "payment/1", **PAYMENT),
    "learned late": lambda: (
        begun()
        .at("2024-04-01T09:00")
        .event("asset_found", "asset/1", at="2024-03-05T10:20", **HOUSE)
    ),
    "resumed": lambda: Desk("2024-03-01T09:00", kind="resumed", previous_officer="张承办").event(
        "case_filed"
    ),
    "preservation": lambda: Desk("2024-03-01T09:00", kind="preservation").event("case_filed"),
    "frozen": lambda: received().at("2024-05-06T09:00"),
    "completion": completion,
}


@pytest.mark.parametrize("name", STAGES)
def test_the_agenda_brings_about_what_evaluating_would(name: str) -> None:
    desk = STAGES[name]()
    check_agenda(FactIndex(desk.facts), desk.now)


@pytest.mark.parametrize("name", names())
def test_it_does_so_after_every_step_of_a_whole_case(name: str) -> None:
    desk = scenario(name).desk()
    for number, step in enumerate(scenario(name).steps):
        desk.do(dict(step))
        if number % 5 == 0 or number + 1 == len(scenario(name).steps):
            check_agenda(FactIndex(desk.facts), desk.now, days=2200)


def test_one_sweep_after_a_year_and_one_every_day_announce_the_same() -> None:
    desk = received()
    desk.event("asset_found", "asset/1", **HOUSE)
    facts, start = desk.facts, desk.now
    once = {
        (step.key, step.limit_id, step.step, step.at, step.due_at)
        for step in evaluate(rulebook(), calendar(), facts, start + timedelta(days=365)).agenda
        if step.at <= start + timedelta(days=365)
    }
    daily: set[tuple[object, ...]] = set()
    for number in range(366):
        now = start + timedelta(days=number)
        daily |= {
            (step.key, step.limit_id, step.step, step.at, step.due_at)
            for step in evaluate(rulebook(), calendar(), facts, now).agenda
            if step.at <= now
        }
    assert once == daily
    assert day("2024-03-15") in {entry[3] for entry in once}
