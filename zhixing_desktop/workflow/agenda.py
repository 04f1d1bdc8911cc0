"""What the beat will announce for a case, and when: computed with the facts, fired by the sweep.

Because the facts do not change between two commands, everything that time alone will bring is known
beforehand.  The sweep only fires rows whose moment has come, so one sweep after a year and one
every hour bring the same announcements.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.facts import OPEN_STATES, State
from zhixing_desktop.workflow.freezing import frozen_since
from zhixing_desktop.workflow.rulebook import LimitKind, NodeSpec
from zhixing_desktop.workflow.views import AgendaStep, InstanceView, Key, LimitView

OFFICER = "承办人"
CHIEF = "执行局长"
LEADER = "主管院领导"
SUPERVISION = "执行指挥管理平台"
EVERYBODY = (OFFICER, "书记员", CHIEF, LEADER)
ONE_SECOND = timedelta(seconds=1)


def case_agenda(ctx: Context, instances: Mapping[Key, InstanceView]) -> tuple[AgendaStep, ...]:
    """Return all steps of limits that are not met, in the order of their moments."""
    steps: list[AgendaStep] = []
    for key, view in instances.items():
        spec = ctx.rulebook.nodes[key.node]
        if view.state is State.NOT_STARTED and view.opened_at is not None:
            steps.append(_opening(view, spec, view.opened_at))
        if view.state in OPEN_STATES or (
            view.state is State.NOT_STARTED and view.opened_at is not None
        ):
            for limit in view.limits:
                steps.extend(_limit_steps(ctx, spec, view, limit))
    steps.sort(key=lambda step: (step.at, step.key, step.limit_id, step.step))
    return tuple(steps)


def _opening(view: InstanceView, spec: NodeSpec, opens: datetime) -> AgendaStep:
    return AgendaStep(view.key, "", "open", opens, opens, State.ACTIVE, (spec.role,))


def _limit_steps(
    ctx: Context, spec: NodeSpec, view: InstanceView, limit: LimitView
) -> list[AgendaStep]:
    due = limit.due_at
    if due is None or limit.met_at is not None:
        return []
    if limit.limit.kind is LimitKind.PARTY_RIGHT:
        return [
            AgendaStep(
                view.key,
                limit.limit.id,
                "lapse",
                due + ONE_SECOND,
                due,
                State.NOT_APPLICABLE,
                (OFFICER,),
            )
        ]
    if limit.status not in ("running", "overdue"):
        return []
    worker = _worker(spec)
    frozen = view.frozen is not None
    known = limit.anchor_recorded_at or due
    steps: list[AgendaStep] = []
    for number, at in enumerate(limit.warn_at, start=1):
        # A limit that came to be known late is not warned for moments before it was known.
        if at >= known or at >= due:
            to = (worker,) if number == 1 else (worker, CHIEF)
            state = State.FROZEN if frozen else State.WARNED
            steps.append(AgendaStep(view.key, limit.limit.id, f"warn{number}", at, due, state, to))
    if limit.limit.unit == "immediate":
        return steps
    since = None
    if spec.freeze is not None and spec.freeze.target is None:
        since = frozen_since(ctx, spec, spec.freeze, view.key.subject, limit)
    passed = due + ONE_SECOND
    if since is not None:
        steps.append(
            AgendaStep(view.key, limit.limit.id, "freeze", since, due, State.FROZEN, _all(worker))
        )
    else:
        state = State.FROZEN if frozen else State.OVERDUE
        steps.append(
            AgendaStep(view.key, limit.limit.id, "overdue", passed, due, state, _all(worker))
        )
    if spec.supervised and spec.freeze is not None and limit.limit.id in spec.freeze.limits:
        steps.append(
            AgendaStep(
                view.key,
                limit.limit.id,
                "supervise",
                passed,
                due,
                State.FROZEN if since is not None else State.OVERDUE,
                (SUPERVISION, CHIEF),
            )
        )
    return steps


def _worker(spec: NodeSpec) -> str:
    return spec.role if spec.role != "系统" else OFFICER


def _all(worker: str) -> tuple[str, ...]:
    return EVERYBODY if worker in EVERYBODY else (worker, *EVERYBODY)
