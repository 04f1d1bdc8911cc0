"""What the beat will announce for a case, and when: computed with the facts, fired by the sweep.

Because the facts do not change between two commands, everything that time alone will bring is known
beforehand.  The sweep only fires rows whose moment has come, so one sweep after a year and one
every hour bring the same announcements.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.facts import OPEN_STATES, State
from zhixing_desktop.workflow.freezing import freezes_at, frozen_since
from zhixing_desktop.workflow.rulebook import LimitKind, NodeSpec, Unit
from zhixing_desktop.workflow.views import AgendaStep, InstanceView, Key, LimitView

OFFICER = "承办人"
CHIEF = "执行局长"
LEADER = "主管院领导"
SUPERVISION = "执行指挥管理平台"
EVERYBODY = (OFFICER, "书记员", CHIEF, LEADER)
ONE_SECOND = timedelta(seconds=1)


def case_agenda(ctx: Context, instances: Mapping[Key, InstanceView]) -> tuple[AgendaStep, ...]:
    """Return all steps of limits that are not met, in the order of their moments.

    A freeze that was lifted is not announced again, nor is its limit as overdue.
    """
    return in_order([step for view in instances.values() for step in steps_of(ctx, view)])


def in_order(steps: Iterable[AgendaStep]) -> tuple[AgendaStep, ...]:
    """Return the steps of all instances in the order of their moments."""
    return tuple(sorted(steps, key=lambda step: (step.at, step.key, step.limit_id, step.step)))


def steps_of(ctx: Context, view: InstanceView) -> list[AgendaStep]:
    """Return the steps of one instance."""
    opens = view.opened_at if view.state is State.NOT_STARTED else None
    if opens is None and view.state not in OPEN_STATES:
        return []
    spec = ctx.rulebook.nodes[view.key.node]
    steps = [] if opens is None else [_opening(view, spec, opens)]
    for limit in view.limits:
        steps.extend(_limit_steps(ctx, spec, view, limit))
    return steps


def _opening(view: InstanceView, spec: NodeSpec, opens: datetime) -> AgendaStep:
    return AgendaStep(view.key, "", "open", opens, opens, State.ACTIVE, (spec.role,))


def _limit_steps(
    ctx: Context, spec: NodeSpec, view: InstanceView, limit: LimitView
) -> list[AgendaStep]:
    due = limit.due_at
    if due is None:
        return []
    if limit.limit.kind is LimitKind.PARTY_RIGHT:
        return [] if limit.met_at is not None else [_lapse(view, limit, due)]
    steps: list[AgendaStep] = []
    everybody = _all(_worker(spec))
    freezes = _freezing(ctx, spec, view, limit)
    if freezes is not None:
        steps.append(_step(view, limit, "freeze", freezes, everybody))
    if limit.met_at is not None or limit.status not in ("running", "overdue"):
        return steps
    steps.extend(_warnings(spec, view, limit))
    if limit.limit.unit is Unit.IMMEDIATE:
        return steps
    passed = max(due, limit.caution_at or due) + ONE_SECOND
    if freezes is None and not _was_frozen(ctx, spec, view, limit):
        steps.append(_step(view, limit, "overdue", passed, everybody))
    if spec.supervised and spec.freeze is not None and limit.limit.id in spec.freeze.limits:
        steps.append(_step(view, limit, "supervise", passed, (SUPERVISION, CHIEF)))
    return steps


def _step(
    view: InstanceView, limit: LimitView, step: str, at: datetime, to: tuple[str, ...]
) -> AgendaStep:
    """A step and the state it brings; while the instance is frozen it stays frozen."""
    state = State.FROZEN if step == "freeze" or view.frozen is not None else _STATES[step]
    due = limit.due_at or at
    return AgendaStep(view.key, limit.limit.id, step, at, due, state, to)


_STATES: Mapping[str, State] = MappingProxyType(
    {
        "warn1": State.WARNED,
        "warn2": State.WARNED,
        "overdue": State.OVERDUE,
        "supervise": State.OVERDUE,
    }
)


def _lapse(view: InstanceView, limit: LimitView, due: datetime) -> AgendaStep:
    return AgendaStep(
        view.key, limit.limit.id, "lapse", due + ONE_SECOND, due, State.NOT_APPLICABLE, (OFFICER,)
    )


def _warnings(spec: NodeSpec, view: InstanceView, limit: LimitView) -> list[AgendaStep]:
    worker = _worker(spec)
    return [
        _step(view, limit, f"warn{number}", at, (worker,) if number == 1 else (worker, CHIEF))
        for number, at in enumerate(limit.warn_at, start=1)
    ]


def _freezing(
    ctx: Context, spec: NodeSpec, view: InstanceView, limit: LimitView
) -> datetime | None:
    """The moment a limit freezes its node, met too late or not at all; ``None`` if it does not."""
    if spec.freeze is None or spec.freeze.target is not None:
        return None
    return freezes_at(ctx, spec, spec.freeze, view.key.subject, limit)


def _was_frozen(ctx: Context, spec: NodeSpec, view: InstanceView, limit: LimitView) -> bool:
    """Whether the miss was announced as a freeze before, which has been lifted since."""
    if spec.freeze is None or spec.freeze.target is not None:
        return False
    return frozen_since(ctx, spec, spec.freeze, view.key.subject, limit) is not None


def _worker(spec: NodeSpec) -> str:
    return spec.role if spec.role != "系统" else OFFICER


def _all(worker: str) -> tuple[str, ...]:
    return EVERYBODY if worker in EVERYBODY else (worker, *EVERYBODY)
