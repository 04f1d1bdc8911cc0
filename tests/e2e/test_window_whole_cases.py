"""Whole cases driven by the window alone, from 接收申请材料 to 归档 and beyond.

Nothing is done behind the window's back: ``WindowDriver`` says which widgets it uses, and no step
of the stories is without a door (``driver.unseen`` is empty).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

import ui.conftest as window_tests
from helpers.bureau import ADMIN, rules, whole
from helpers.command_line import PEOPLE
from helpers.desk import Desk
from helpers.scenarios import scenario
from helpers.window_driver import WindowDriver, as_entered, as_registered, in_time
from zhixing_desktop import paths
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.models import chain
from zhixing_desktop.services import health, people
from zhixing_desktop.services.bureau import open_bureau
from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.workflow.completeness import current_value
from zhixing_desktop.workflow.views import CaseView, InstanceView

pytestmark = [pytest.mark.e2e, pytest.mark.qt_log_ignore("propagateSizeHints")]

# The window's style, and the guard that nothing of ui/ asks the database on the GUI thread.
application = window_tests.application
nothing_waits = window_tests.nothing_waits

DOORS = {
    *("新收案件", "换人", "登记…", "保存", "保存并办结", "办结（流转）"),
    *("申请审批…", "待办审批"),
}
"""What every case goes through; 启动 only where something on demand is done."""
Driving = Callable[[str], WindowDriver]


@pytest.fixture
def sit_down(tmp_path: Path, qtbot: QtBot) -> Iterator[Driving]:
    """A window over a fresh bureau with its people, at a moment."""
    made: list[WindowDriver] = []

    def opened(now: str) -> WindowDriver:
        clock = FixedClock(datetime.fromisoformat(now))
        bureau = open_bureau(
            f"sqlite:///{tmp_path / 'bureau.db'}",
            clock=clock,
            resources=paths.resources_dir(),
            workstation="试验工作站",
            create=True,
            purpose="test",
            rules=rules(),
        )
        people.add_people(bureau, ADMIN, [(name, (role,), "") for name, role in PEOPLE])
        made.append(WindowDriver(bureau, clock, qtbot))
        return made[0]

    yield opened
    for driver in made:
        driver.close()


def standing(view: InstanceView) -> dict[str, Any]:
    """An instance in short: what a person sees of it."""
    return {
        "state": view.state.value,
        "opened": view.opened_at,
        "completed": view.completed_at,
        "limits": [
            (e.limit.id, e.status, e.anchor_at, e.due_at, e.met_at, e.provisional, e.caution)
            for e in view.limits
        ],
        "items": dict(view.items_done),
        "frozen": [(f.frozen_at, f.limit_id) for f in view.freezes],
        "due": view.due_at,
    }


def outlines(view: CaseView) -> dict[str, dict[str, Any]]:
    return {str(key): standing(entry) for key, entry in view.instances.items()}


def told_alike(detail: CaseDetail, desk: Desk) -> None:
    """The case that was driven stands as the desk's stands, instance by instance."""
    found, wanted = outlines(detail.view), outlines(desk.view)
    assert {k: v for k, v in found.items() if wanted.get(k) != v} == {
        k: v for k, v in wanted.items() if found.get(k) != v
    }
    assert found.keys() == wanted.keys()
    # The words and derivations behind it as well.
    assert detail.view.instances == desk.view.instances
    for name in ("state", "closed_at", "closing_way", "current", "next_due_key", "agenda"):
        assert getattr(detail.view, name) == getattr(desk.view, name), name
    approvals = [
        [(a.node, a.subject, a.matter, a.status, a.requested_at, a.decided_at) for a in v.approvals]
        for v in (detail.view, desk.view)
    ]
    assert approvals[0] == approvals[1]
    assert papers(detail) == papers(desk)
    assert values(detail) == values(desk)


def values(told: CaseDetail | Desk) -> dict[str, Any]:
    """What every field of every instance holds."""
    ctx = told.context
    return {
        f"{key}/{field.name}": current_value(ctx, key, field)
        for key in told.view.instances
        for field in ctx.rulebook.nodes[key.node].fields
    }


def papers(told: CaseDetail | Desk) -> dict[str, Any]:
    """The papers that were made and the people who were told, by work item."""
    return {
        f"{key}/{number}": (
            fact.happened_at,
            dict(fact.data.get("papers", {})),
            [dict(notice) for notice in fact.data.get("notices", ())],
            fact.data.get("not_needed"),
        )
        for key, done in told.context.index.items.items()
        for number, fact in done.items()
    }


@pytest.mark.parametrize(
    ("names", "states"),
    [
        (("completed",), ("执行完毕",)),
        (("current_terminated", "resumed"), ("终结本次执行程序", "")),
        (("terminated",), ("终结执行",)),
    ],
    ids=["completed", "current_terminated and resumed", "terminated"],
)
def test_a_case_is_driven_by_the_window(
    sit_down: Driving, names: tuple[str, ...], states: tuple[str, ...]
) -> None:
    driver = sit_down(scenario(names[0]).opened)
    for name, way in zip(names, states, strict=True):
        told = scenario(name)
        steps = as_entered(as_registered(in_time(told.steps)), rules().book)
        case = driver.open_case(told)
        driver.drive(steps)
        desk = told.desk().play(steps)
        detail = whole(driver.bureau, case)
        told_alike(detail, desk)
        assert detail.view.closing_way == way
    assert driver.doors.keys() >= DOORS
    assert driver.unseen == []
    with driver.bureau.database.reading() as conn:
        assert chain.verify(conn).ok
    assert health.check_all(driver.bureau) == []
