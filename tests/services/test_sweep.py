"""The beat: what a case left alone for a year is told, by however many sweeps and workstations."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from helpers.bureau import Office, busy_bureau, make_bureau
from helpers.offices import contents, make_office, open_at, said
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.services import calendar, health, recompute, sweep
from zhixing_desktop.workflow.errors import StoreError
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.views import Key

YEAR = timedelta(days=365)
FREEZING = {3, 7, 17, 20, 23, 26, 31, 32, 33, 43, 46}
"""第四部分: the only nodes that freeze."""


def filed(office: Office, **other: Any) -> int:
    """Return a case whose filing nodes are done, as the filing staff leave it."""
    case = office.register(len(office.case_ids) + 1, **other)
    for node in (1, 2):
        office.fill(case, node)
    return case


def frozen_nodes(office: Office, case: int) -> set[int]:
    found = office.detail(case).view.instances
    return {key.node for key, view in found.items() if view.state is State.FROZEN}


@pytest.mark.parametrize(
    ("kind", "non_litigation"),
    [("执", False), ("执恢", False), ("执保", False), ("执", True)],
    ids=["first", "resumed", "preservation", "non-litigation"],
)
def test_a_case_left_alone_for_a_year_freezes_only_where_the_guideline_says(
    tmp_path: Path, kind: str, non_litigation: bool
) -> None:
    office = make_bureau(tmp_path)
    case = filed(office, type=kind, non_litigation=non_litigation)
    promised = {
        (step.key.node, step.key.subject, step.limit_id, step.step, step.at)
        for step in office.detail(case).view.agenda
    }
    office.at(office.clock.now() + YEAR).sweep()
    told = said(office.bureau)
    heard = {(e[1], e[2], e[3], e[4], e[6]) for e in told}
    # Nothing that was promised is left out; what comes later (openings) brings its own.
    assert {p for p in promised if p[4] <= office.clock.now()} <= heard
    assert {e[1] for e in told if e[4] == "freeze"} <= FREEZING
    assert frozen_nodes(office, case) <= FREEZING
    assert {e[1] for e in told if e[4] == "freeze"} == frozen_nodes(office, case)
    # Each freeze comes at the first second after the limit, each warning before it.
    assert all(e[6] == e[5] + timedelta(seconds=1) for e in told if e[4] == "freeze")
    assert all(e[6] <= e[5] for e in told if e[4].startswith("warn"))
    assert all(e[6] > e[5] for e in told if e[4] == "overdue")
    assert health.check_all(office.bureau) == []
    office.close()


def test_the_start_of_a_case_freezes_its_third_node_to_the_day(tmp_path: Path) -> None:
    """节点3: 立案后的时限届满未启动即冻结；节点43: 六个月届满未结案即冻结."""
    office = make_bureau(tmp_path)
    case = filed(office)
    office.at(office.clock.now() + YEAR).sweep()
    freezes = {e[1]: e for e in said(office.bureau) if e[4] == "freeze"}
    assert 43 in freezes
    six_months = freezes[43][5]
    filing = office.detail(case).context.index.event("case_filed", "case")
    assert filing is not None
    month = filing.happened_at.month + 6
    assert six_months.date() >= date(filing.happened_at.year, month, filing.happened_at.day)
    assert six_months.date() <= date(filing.happened_at.year, month, filing.happened_at.day + 7)
    office.close()


def test_sweeping_twice_is_sweeping_once(office: Office) -> None:
    case = filed(office)
    office.at("2024-11-01T09:00")
    first = office.sweep()
    assert first.fired > 0
    assert first.cases == {case}
    before = contents(office.bureau)
    again = office.sweep()
    assert (again.fired, again.frozen, again.cases) == (0, 0, frozenset())
    assert contents(office.bureau) == before


def _rows(office: Office) -> dict[str, Any]:
    """Return what the sweeps wrote, without when they noticed it and in which order."""
    found = contents(office.bureau, without=("meta", "journal", "journal_head", "drafts"))
    for row in found["alerts"]:
        del row["id"], row["noticed_at"]
    found["alerts"].sort(key=lambda row: [str(value) for value in row.values()])
    for row in found["cases"]:
        del row["version"]
    for row in found["instances"]:
        del row["id"]
    found["instances"].sort(key=lambda row: [str(value) for value in row.values()])
    return found


def test_one_sweep_after_a_year_says_what_one_every_hour_says(tmp_path: Path) -> None:
    made = []
    for name, hours in (("once.db", 8760), ("hourly.db", 1)):
        folder = tmp_path / name
        folder.mkdir()
        office = busy_bureau(folder, 8, now="2024-06-14T10:00")
        end = office.clock.now() + YEAR
        while office.clock.now() < end:
            office.at(office.clock.now() + timedelta(hours=hours)).sweep()
        assert health.check_all(office.bureau) == []
        made.append((said(office.bureau), _rows(office)))
        office.close()
    once, hourly = made
    assert once[0] == hourly[0]
    assert len(once[0]) > 50
    assert once[1] == hourly[1]


def _sweep_hourly(url: str, moments: list[datetime], barrier: Any) -> None:
    """Be a workstation that sweeps at each moment at the same time as the others."""
    clock = FixedClock(moments[0])
    bureau = open_at(url, clock)
    for moment in moments:
        clock.set(moment)
        barrier.wait(60)
        while sweep.sweep(bureau).busy:
            pass
    bureau.close()


def test_three_workstations_that_sweep_at_once_say_everything_once(
    postgres_server: Any, tmp_path: Path
) -> None:
    start = datetime(2024, 3, 1, 9)
    moments = [start + timedelta(days=7 * week) for week in range(1, 53)]
    alone = make_office(f"sqlite:///{tmp_path / 'alone.db'}")
    name = postgres_server.create_database()
    together = make_office(postgres_server.url(name))
    for office in (alone, together):
        for _ in range(4):
            filed(office)
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(3)
    url = postgres_server.url(name)
    processes = [
        context.Process(target=_sweep_hourly, args=(url, moments, barrier)) for _ in range(3)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    alone.at(moments[-1]).sweep()
    together.at(moments[-1])
    assert said(together.bureau) == said(alone.bureau)
    assert len(said(alone.bureau)) == len(contents(together.bureau)["alerts"])
    assert health.check_all(together.bureau) == []
    alone.close()
    together.close()
    postgres_server.drop_database(name)


def test_a_sweep_in_slices_stops_after_each_and_goes_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        filed(office)
    monkeypatch.setattr(sweep, "SLICE", 4)
    office.at("2024-11-01T09:00")
    fired = []
    while (found := sweep.sweep(office.bureau, slices=1)).fired:
        fired.append(found.fired)
    assert len(fired) > 2
    assert max(fired) <= 4
    assert sum(fired) == len(said(office.bureau))
    assert health.check_all(office.bureau) == []


def test_cases_that_are_computed_anew_are_few_in_a_slice(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A right that lapses has its case computed anew: never many of them in one transaction."""
    due = [{"case_id": n, "step": step} for n in range(1, 40) for step in ("warn1", "lapse")]
    cut = sweep._slice(due, 20)
    assert len({row["case_id"] for row in cut if row["step"] == "lapse"}) == 20
    assert sweep._slice(due[:10], 20) == due[:10]


@pytest.mark.parametrize(("seconds", "expected"), [(1.0, [2, 1, 1, 1]), (0.0, [2, 4, 8, 8])])
def test_slices_are_as_large_as_the_workstation_is_fast(
    office: Office, monkeypatch: pytest.MonkeyPatch, seconds: float, expected: list[int]
) -> None:
    """Nobody waits behind a sweep for long, however slow the disk is."""
    for _ in range(5):
        filed(office)
    monkeypatch.setattr(sweep, "SLICE", 8)
    office.at("2024-11-01T09:00")
    ticks = count()
    found = sweep.sweep(office.bureau, counter=lambda: seconds * next(ticks))
    question = "SELECT payload FROM journal WHERE action = 'sweep' ORDER BY id"
    journalled = [json.loads(row[0]) for row in office.bureau.database.ask(question)]
    slices = [len(c["rows"]) for changes in journalled for c in changes if c["op"] == "fire"]
    assert slices[:4] == expected
    assert sum(slices) == found.fired == len(said(office.bureau))
    assert health.check_all(office.bureau) == []


@pytest.mark.parametrize("act", ["sweep", "step"])
def test_a_clock_that_was_set_back_is_refused(office: Office, act: str, database_url: str) -> None:
    case = filed(office)
    office.at("2024-06-03T09:00").sweep()
    before = contents(office.bureau)
    wrong = Office(open_at(database_url, FixedClock(datetime(2024, 5, 1, 9))), office.clock)
    acts: dict[str, Callable[[], object]] = {
        "sweep": wrong.sweep,
        "step": lambda: wrong.event(case, "network_query_started"),
    }
    with pytest.raises(StoreError) as caught:
        acts[act]()
    assert caught.value.data["kind"] == "clock_back"
    assert "时钟被调回过" in caught.value.sentence
    assert contents(office.bureau) == before
    wrong.close()


def test_an_edit_of_the_calendar_moves_what_hangs_on_it(office: Office, second: Office) -> None:
    case, other = filed(office), filed(office)
    office.fill(case, 3)
    soon = office.clock.now() + timedelta(days=10)
    agenda = office.detail(case).view.agenda
    step = next(s for s in agenda if s.step == "overdue" and s.due_at > soon)
    old = step.due_at
    admin = office.actor("郑审管")
    calendar.edit_day(office.bureau, admin, old.date(), "rest", "本院停电", "本院通知〔2024〕1号")
    moved = recompute.recompute(office.bureau, admin)
    (mine,) = [m for m in moved if (m.case_id, m.limit_id) == (case, step.limit_id)]
    assert (mine.before, mine.node, mine.subject) == (old, step.key.node, step.key.subject)
    assert mine.after == old + timedelta(days=1)
    assert other not in {m.case_id for m in moved if m.limit_id == step.limit_id}
    now_due = {s.limit_id: s.due_at for s in office.detail(case).view.agenda}
    assert now_due[step.limit_id] == mine.after
    # The other workstation reckons with it as well, without being started anew.
    assert second.detail(case).view == office.detail(case).view
    assert health.check_all(office.bureau) == []
    assert health.check_all(second.bureau) == []
    before = contents(office.bureau)
    assert recompute.recompute(office.bureau, admin) == ()
    assert contents(office.bureau) == before

    def overdue() -> list[datetime]:
        told = said(office.bureau)
        return [e[5] for e in told if (e[0], e[3], e[4]) == (case, step.limit_id, "overdue")]

    # At the old moment nothing is said, at the new one it is.
    office.at(mine.before + timedelta(seconds=1)).sweep()
    assert overdue() == []
    office.at(mine.after + timedelta(seconds=1)).sweep()
    assert overdue() == [mine.after]


def test_states_raised_by_the_sweep_are_those_of_the_rules(office: Office) -> None:
    case = filed(office)
    office.at("2024-11-01T09:00").sweep()
    states = {
        (row["node"], row["subject"]): row["state"]
        for row in contents(office.bureau)["instances"]
        if row["case_id"] == case
    }
    view = office.detail(case).view
    assert states[43, "case"] == view.instances[Key(43, "case")].state.value
    assert {State(row["state"]) for row in contents(office.bureau)["cases"]} == {view.state}
