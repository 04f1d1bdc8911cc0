"""46 steps on one case, found once by trial and then done alike on any number of cases.

Not a bench of its own: bench_steps.py uses it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from helpers.bureau import whole
from helpers.filling import full_entry
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.services import cases, people, work
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.cases import NewCase, NewParty
from zhixing_desktop.workflow.errors import NotAllowedError, RuleRefusedError, ZhixingError
from zhixing_desktop.workflow.facts import OPEN_STATES
from zhixing_desktop.workflow.views import Key

START = datetime(2024, 3, 1, 9)
STEPS = 46
ADMIN = Actor("系统管理员", ("系统管理员",))
OFFICER = Actor("张承办", ("承办人",), 1)
FILER = Actor("吴立案", ("立案人员",), 2)
CASE = 0
"""Stands for the case in a step's arguments."""


@dataclass(frozen=True, slots=True)
class Step:
    """One call of a service: ``call(bureau, actor, case, *args)`` at ``at``."""

    at: datetime
    actor: Actor
    call: Callable[..., Any]
    args: tuple[Any, ...]


def new_case(number: int) -> NewCase:
    """Return the case that step 1 registers."""
    parties = [
        NewParty("creditor", "法人", "焦作市甲商贸有限公司"),
        NewParty("debtor", "自然人", "赵建国"),
    ]
    amount = Decimal("128000.00")
    return NewCase(f"（2024）豫0811执{number}号", parties, amount=amount, officer=OFFICER.name)


def staff(bureau: Bureau) -> None:
    """Enter those who work."""
    people.add_people(
        bureau, ADMIN, [(who.name, who.roles, "执行一团队") for who in (OFFICER, FILER)]
    )


class Trial:
    """Tries steps on one case and keeps those that the rules take."""

    def __init__(self, bureau: Bureau, clock: FixedClock) -> None:
        self.bureau, self.clock = bureau, clock
        self.case = cases.register(bureau, FILER, new_case(99_999)).case_id
        self.steps: list[Step] = []

    def do(self, call: Callable[..., Any], *args: Any) -> None:
        """Take one step, by whoever may."""
        if len(self.steps) >= STEPS - 1:
            return
        for actor in (OFFICER, FILER):
            with suppress(NotAllowedError):
                call(self.bureau, actor, self.case, *args)
                self.steps.append(Step(self.clock.now(), actor, call, args))
                return

    def event(self, event: str, subject: str = "case", **data: Any) -> None:
        """Record an event of now, where no node's own form has done it."""
        at = self.clock.now()
        if self.bureau.rules.book.events[event].precision == "day":
            at = datetime.combine(at.date(), datetime.min.time())
        with suppress(RuleRefusedError):
            self.do(work.add_fact, event, subject, at, data)

    def fill(self, key: Key) -> None:
        """Do everything that a node asks for: its fields, then each work item, then its end."""
        for _ in range(2):
            context = whole(self.bureau, self.case).context
            fields, items = full_entry(context, key, {})
            if fields:
                self.do(work.record_work, key, fields)
            for item, entry in items.items():
                self.do(work.record_work, key, {}, {item: entry})
        self.do(work.complete_node, key)

    def later(self, **time: float) -> None:
        """Let time go on."""
        self.clock.set(self.clock.now() + timedelta(**time))


def find_steps(bureau: Bureau, clock: FixedClock) -> list[Step]:
    """Return the steps after the registration (which is the first of the 46)."""
    staff(bureau)
    trial = Trial(bureau, clock)
    for node in (1, 2, 3, 4):
        trial.fill(Key(node, "case"))
    trial.later(hours=20)
    trial.event("case_received")
    trial.fill(Key(5, "case"))
    trial.later(days=1)
    trial.fill(Key(6, "case"))
    trial.fill(Key(7, "case"))
    trial.later(days=3)
    trial.event("network_query_started")
    trial.later(days=3)
    trial.event("asset_found", "asset/1", name="豫H·A1234小型轿车", category="车辆", online=False)
    trial.event("asset_found", "asset/2", name="工行存款", category="银行存款", online=True)
    trial.event("asset_controlled", "asset/2")
    trial.later(days=1)
    trial.event("asset_controlled", "asset/1")
    while len(trial.steps) < STEPS - 1:
        before = len(trial.steps)
        view = whole(bureau, trial.case).view
        live = [key for key, entry in view.instances.items() if entry.state in OPEN_STATES]
        for key in live:
            with suppress(ZhixingError):
                trial.fill(key)
        trial.later(days=1)
        if len(trial.steps) == before:
            raise RuntimeError(f"only {before} steps found; open: {live}")
    return trial.steps
