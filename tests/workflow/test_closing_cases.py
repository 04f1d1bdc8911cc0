"""Whole cases from node 1 to the archive, and what they leave behind."""

from __future__ import annotations

import json
from functools import cache

import pytest

from helpers.desk import Desk, calendar, day, rulebook
from helpers.scenarios import names, scenario, told
from zhixing_desktop.workflow.engine import evaluate
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.views import CaseView, Key

LATE = {State.OVERDUE, State.FROZEN, State.DONE_LATE}


@cache
def views(name: str) -> tuple[CaseView, ...]:
    """The case after each of its steps."""
    desk = scenario(name).desk()
    seen = []
    for step in scenario(name).steps:
        desk.do(dict(step))
        seen.append(desk.view)
    return tuple(seen)


@pytest.mark.parametrize("name", names())
def test_the_steps_are_plain_data(name: str) -> None:
    steps = scenario(name).steps
    assert json.loads(json.dumps(steps)) == list(steps)
    assert all(set(step) >= {"at", "by", "do"} for step in steps)
    acts = {"event", "start", "work", "complete", "request", "decide", "register", "assign"}
    assert {step["do"] for step in steps} <= acts
    moments = [step["at"] for step in steps]
    assert moments == sorted(moments)


@pytest.mark.parametrize("name", names())
def test_the_same_steps_bring_the_same_case(name: str) -> None:
    desk = scenario(name).desk().play(scenario(name).steps)
    assert desk.facts == told(name).facts
    assert desk.view == told(name).view


@pytest.mark.parametrize("name", names())
def test_nothing_in_it_is_ever_late(name: str) -> None:
    for view in views(name):
        late = {str(key): v.state for key, v in view.instances.items() if v.state in LATE}
        assert late == {}, view.at


@pytest.mark.parametrize("name", names())
def test_no_node_is_completed_with_something_missing(name: str) -> None:
    desk = told(name)
    for node, subject in desk.context.index.completed:
        assert desk.missing(node, subject) == [], (node, subject)


@pytest.mark.parametrize("name", ["completed", "current_terminated", "terminated"])
def test_it_is_closed_and_archived_with_nothing_left_open(name: str) -> None:
    view = told(name).view
    assert view.state is State.DONE
    assert view.instances[Key(43, "case")].state is State.DONE
    assert view.instances[Key(44, "case")].state is State.DONE
    left = {str(k) for k, v in view.instances.items() if v.state.is_open}
    assert left == set()


def done(name: str) -> set[int]:
    return {key.node for key, v in told(name).view.instances.items() if v.state is State.DONE}


def test_completed_goes_through_every_node_of_its_way() -> None:
    way = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 17, 19, 20, 21, 23, 24, 25, 26, 27, 30, 31, 32, 33}
    assert done("completed") == way | {36, 37, 38, 43, 44}
    view = told("completed").view
    assert view.closing_way == "执行完毕"
    assert view.closed_at == day("2024-08-08T10:00")
    # Nobody objected to the price: node 22 ended by itself.
    ended = view.instances[Key(22, "asset/2")]
    assert (ended.state, ended.why) == (State.NOT_APPLICABLE, "异议期满，未提出异议")
    assert not view.of_node(45)


def test_every_asset_and_payment_of_the_completed_case_had_its_own_way() -> None:
    view = told("completed").view
    assert {k.subject for k in view.instances if k.node == 33} == {
        "payment/1",
        "payment/2",
        "payment/3",
    }
    assert {k.subject for k in view.instances if k.node == 31} == {"asset/1"}
    assert {k.subject for k in view.instances if k.node == 25} == {
        "asset/3/round/1",
        "asset/2/round/1",
    }
    assert {k.subject for k in view.instances if k.node == 26} == {"asset/2/round/2"}
    # The ruling of node 27 is the ruling of node 30: served once, not twice (A41).
    desk = told("completed")
    assert not desk.context.index.by_name.get("transfer_ruling_served")
    assert view.instances[Key(30, "asset/2")].limits[0].met_at == day("2024-07-23")


def test_current_termination_ends_with_the_follow_up_queries() -> None:
    assert done("current_terminated") >= {18, 36, 37, 43, 44, 45, 46}
    desk = told("current_terminated")
    closed = next(view for view in views("current_terminated") if view.closed_at is not None)
    runs = closed.of_node(45)
    assert len(runs) == 10
    dues = [run.limits[0].due_at for run in runs]
    assert dues[0] == day("2024-12-12T23:59:59")
    assert dues[-1] == day("2029-06-12T23:59:59")
    assert runs[0].state is State.ACTIVE
    assert all(run.state is State.NOT_STARTED for run in runs[1:])
    # The second run finds a house: the review opens, and resumption ends the remaining runs.
    assert desk.fact("resumption_clue_found").happened_at == day("2025-06-10")
    after = desk.view.of_node(45)
    assert [run.state for run in after[:2]] == [State.DONE, State.DONE]
    assert {run.why for run in after[2:]} == {"已恢复执行"}


def test_the_resumed_case_knows_the_earlier_one() -> None:
    desk = told("resumed")
    assert desk.header["previous_case_no"] == told("current_terminated").header["case_no"]
    assert desk.state(2) is State.DONE
    before = scenario("resumed")
    same = Desk(before.opened, **{**before.header, "officer": before.header["previous_officer"]})
    assert same.state(2) is State.FROZEN


def test_termination_keeps_the_order_of_offer_and_sale() -> None:
    """X17: the second auction fails, the asset is offered, refused, put up for sale."""
    index = told("terminated").context.index
    order = ["auction_failed", "offset_asked", "offset_refused", "sale_announced", "sale_failed"]
    days = [index.by_name[name][-1].happened_at for name in order]
    assert days == sorted(days)
    assert told("terminated").view.closing_way == "终结执行"


@pytest.mark.parametrize("name", names())
def test_the_order_of_evaluation_leaves_no_trace(name: str) -> None:
    """The same facts give the same view, however often and wherever they are evaluated."""
    facts, now = told(name).facts, told(name).now
    first = evaluate(rulebook(), calendar(), facts, now)
    for _ in range(3):
        assert evaluate(rulebook(), calendar(), list(facts), now) == first
