"""Facts in, view out: the one function that says how a case stands.

``evaluate`` is pure.  The window, the sweep, the simulator ("nothing is done until D"), a replay
and the tests all call it; nothing about a case's state is decided anywhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from zhixing_desktop.workflow import anchors, rounds, subjects
from zhixing_desktop.workflow.agenda import case_agenda
from zhixing_desktop.workflow.calendar import CourtCalendar
from zhixing_desktop.workflow.completeness import missing
from zhixing_desktop.workflow.conditions import CURRENT_TERMINATED, all_hold
from zhixing_desktop.workflow.context import CLOSING_NODE, Context
from zhixing_desktop.workflow.endings import Ending, ending_of
from zhixing_desktop.workflow.facts import OPEN_STATES, SEVERITY, Fact, FactIndex, State
from zhixing_desktop.workflow.freezing import freezes_of
from zhixing_desktop.workflow.limits import limit_view
from zhixing_desktop.workflow.openers import OPENERS
from zhixing_desktop.workflow.rulebook import NodeSpec, Opens, Rulebook
from zhixing_desktop.workflow.views import AgendaStep, CaseView, InstanceView, Key, LimitView

_LONG_AGO = datetime(1, 1, 1)


def evaluate(
    rulebook: Rulebook, calendar: CourtCalendar, facts: Sequence[Fact], now: datetime
) -> CaseView:
    """Return the whole case as it stands at ``now``.

    ``facts`` are all facts of one case in the order of ``seq``; ``now`` is a civil moment.  The
    result depends on nothing else, so the same facts give the same view everywhere.
    """
    return view_of(Context(rulebook, calendar, FactIndex(facts), now))


def view_of(ctx: Context) -> CaseView:
    """Return the view of an already indexed case (see :func:`evaluate`)."""
    instances: dict[Key, InstanceView] = {}
    for spec in ctx.rulebook.nodes.values():
        for subject in subjects_for(ctx, spec):
            view = instance_view(ctx, spec, subject)
            if view is not None:
                instances[view.key] = view
    return assembled(ctx, instances, case_agenda(ctx, instances))


def assembled(
    ctx: Context, instances: Mapping[Key, InstanceView], agenda: tuple[AgendaStep, ...]
) -> CaseView:
    """Return the view of a case whose instances have been evaluated."""
    closed = anchors.closing_done(ctx, subjects.CASE)
    closed_at = closed.moment if closed else None
    live = [v for v in instances.values() if v.state in OPEN_STATES]
    due_view, due_key = _next_due(live)
    return CaseView(
        at=ctx.now,
        instances=instances,
        state=_case_state(live, closed_at),
        closed_at=closed_at,
        closing_way=ctx.closing_way,
        current=_current(instances, live),
        next_due=due_view,
        next_due_key=due_key,
        agenda=agenda,
        approvals=tuple(ctx.index.approvals),
    )


def subjects_for(ctx: Context, spec: NodeSpec) -> Iterator[str]:
    """Yield the subjects a node is repeated for in this case, occurrences included."""
    for plain in _plain_subjects(ctx, spec.subject):
        yield plain
        if not spec.repeatable:
            continue
        times = 2
        while _occurs(ctx, spec, subjects.nth(plain, times)):
            yield subjects.nth(plain, times)
            times += 1


def _occurs(ctx: Context, spec: NodeSpec, subject: str) -> bool:
    """A further occurrence exists once it was started, or once what opens it happened again."""
    if (spec.number, subject) in ctx.index.started:
        return True
    return any(
        rule.event is not None and ctx.index.event(rule.event, subject) is not None
        for rule in spec.opens
    )


def _plain_subjects(ctx: Context, kind: str) -> Sequence[str]:
    if kind == "case":
        return (subjects.CASE,)
    if kind == "query":
        return ("query/network", "query/traditional")
    if kind == "followup":
        return _followups(ctx)
    if kind == "round":
        return _rounds(ctx)
    return ctx.index.subjects_of(kind)


def _followups(ctx: Context) -> Sequence[str]:
    if ctx.closing_way != CURRENT_TERMINATED:
        return ()
    if anchors.closing_done(ctx, subjects.CASE) is None:
        return ()
    count = ctx.rulebook.limit("45-a").count
    return tuple(f"followup/{number}" for number in range(1, count + 1))


def _rounds(ctx: Context) -> list[str]:
    """All auction rounds, with the round that is due after a failed or broken-off one."""
    found: list[str] = []
    for asset in ctx.index.subjects_of("asset"):
        found.extend(rounds.rounds_of(ctx, asset))
        due = rounds.due_round(ctx, asset)
        if due is not None:
            found.append(due)
    return found


def opened_at(ctx: Context, spec: NodeSpec, subject: str) -> tuple[datetime | None, str]:
    """Return when an instance opened and why, in words; ``(None, "")`` while it has not."""
    best: datetime | None = None
    words = ""
    started = ctx.index.started.get((spec.number, subject))
    if started is not None:
        best, words = started.happened_at, "承办人启动"
    for rule in spec.opens:
        moment, why = _opened_by(ctx, rule, subject)
        if moment is not None and (best is None or moment < best):
            best, words = moment, why
    return best, words


def _opened_by(ctx: Context, rule: Opens, subject: str) -> tuple[datetime | None, str]:
    if rule.condition is not None:
        again = subjects.occurrence(subject) > 1
        return (None if again else OPENERS[rule.condition](ctx, subject)), "自动启动"
    if rule.event is None:
        return None, ""
    found = anchors.resolve(ctx, rule.event, subject)
    return (found.moment, found.words) if found is not None else (None, "")


def applies(ctx: Context, spec: NodeSpec, subject: str) -> bool:
    """Tell whether the node concerns this subject at all."""
    return all_hold(ctx, spec.applies, subject)


def instance_view(ctx: Context, spec: NodeSpec, subject: str) -> InstanceView | None:
    """Return an instance as it stands, ``None`` where its node does not concern the subject."""
    key = Key(spec.number, subject)
    if not applies(ctx, spec, subject):
        return _not_applicable(key, spec) if spec.subject == "case" else None
    opened, why = opened_at(ctx, spec, subject)
    if opened is None and spec.on_demand and not ctx.index.completed.get(key):
        return _unstarted(ctx, spec, key)
    limits = tuple(
        view
        for limit in spec.time_limits
        if (view := limit_view(ctx, spec, limit, subject)) is not None
    )
    freezes = freezes_of(ctx, spec, subject, limits)
    items = {n: f.happened_at for n, f in ctx.index.items.get(key, {}).items()}
    done = _completed(ctx, key, limits)
    completed_at = done.happened_at if done is not None else _flowed_by_itself(ctx, spec, key)
    state = _state(ctx, opened, completed_at is not None, limits, bool(freezes))
    ending = ending_of(ctx, spec, subject, opened, limits)
    if ending is not None and _ends(state, ending):
        state, why, freezes = State.NOT_APPLICABLE, ending.why, ()
        limits = tuple(_lapsed(view) for view in limits)
    finished = state in (State.DONE, State.DONE_LATE)
    return InstanceView(
        key=key,
        state=state,
        opened_at=opened,
        completed_at=completed_at if finished or done is not None else None,
        limits=limits,
        items_done=items,
        freezes=freezes,
        due_at=_due_at(limits) if state in OPEN_STATES else None,
        why=why,
        role=spec.role,
    )


def _not_applicable(key: Key, spec: NodeSpec) -> InstanceView:
    return InstanceView(
        key, State.NOT_APPLICABLE, None, None, (), {}, (), None, "本案不适用", spec.role
    )


def _unstarted(ctx: Context, spec: NodeSpec, key: Key) -> InstanceView:
    """An optional measure that nobody started: it has no limits and nothing to freeze."""
    ending = ending_of(ctx, spec, key.subject, None, ())
    over = ending is not None and ending.before_start
    state = State.NOT_APPLICABLE if over else State.NOT_STARTED
    why = ending.why if ending is not None and over else ""
    return InstanceView(key, state, None, None, (), {}, (), None, why, spec.role)


def _ends(state: State, ending: Ending) -> bool:
    if state is State.FROZEN:
        return ending.lifts_freeze
    return state in OPEN_STATES or (state is State.NOT_STARTED and ending.before_start)


def _lapsed(view: LimitView) -> LimitView:
    if view.status in ("waiting", "running", "overdue", "suspended", "notice"):
        return replace(view, status="lapsed", warn_at=(), caution=False)
    return view


def _completed(ctx: Context, key: Key, limits: Sequence[LimitView]) -> Fact | None:
    """The completion, unless what happened since calls for the node anew.

    An objection, an application or a second failure may come after the node was completed for
    another reason; its limit runs then like any other.
    """
    done = ctx.index.completed.get(key)
    if done is None:
        return None
    anew = any(
        view.status in ("running", "overdue")
        and view.anchor_at is not None
        and view.anchor_at > done.happened_at
        and view.limit.met_by.event is not None
        for view in limits
    )
    return None if anew else done


def _flowed_by_itself(ctx: Context, spec: NodeSpec, key: Key) -> datetime | None:
    """Rule X21: 到账登记 flows by itself once its arrival data are confirmed and entered."""
    done = ctx.index.items.get(key)
    if not spec.auto_complete or not done or missing(ctx, key):
        return None
    return max(fact.happened_at for fact in done.values())


def _state(
    ctx: Context,
    opened: datetime | None,
    done: bool,  # noqa: FBT001 - one of two equal questions
    limits: Sequence[LimitView],
    frozen: bool,  # noqa: FBT001
) -> State:
    if frozen:
        return State.FROZEN
    if done:
        late = any(view.status in ("met_late", "overdue") for view in limits)
        return State.DONE_LATE if late else State.DONE
    if opened is None or not ctx.reached(opened):
        return State.NOT_STARTED
    if any(view.status == "overdue" for view in limits):
        return State.OVERDUE
    warned = any(
        view.status == "running" and view.warn_at and ctx.reached(view.warn_at[0])
        for view in limits
    )
    return State.WARNED if warned else State.ACTIVE


def _due_at(limits: Sequence[LimitView]) -> datetime | None:
    running = [
        view.due_at for view in limits if view.status in ("running", "overdue") and view.due_at
    ]
    return min(running, default=None)


def _case_state(live: Sequence[InstanceView], closed_at: datetime | None) -> State:
    if closed_at is not None and not any(view.state is State.FROZEN for view in live):
        return State.DONE
    if not live:
        return State.ACTIVE
    return max((view.state for view in live), key=lambda state: SEVERITY[state])


def _current(instances: Mapping[Key, InstanceView], live: Sequence[InstanceView]) -> Key | None:
    """The node that the list shows: the open one that came up last, 结案 only when nothing else is.

    Node 43 is open from filing because its six months run; it is the current node only when no
    other work is open.
    """
    work = [view for view in live if view.key.node != CLOSING_NODE] or list(live)
    if work:
        latest = max(work, key=lambda v: (v.opened_at or _LONG_AGO, v.key.node, v.key.subject))
        return latest.key
    ended = [view for view in instances.values() if view.completed_at is not None]
    if not ended:
        return None
    return max(ended, key=lambda v: (v.completed_at or _LONG_AGO, v.key.node)).key


def _next_due(live: Sequence[InstanceView]) -> tuple[LimitView | None, Key | None]:
    best: LimitView | None = None
    where: Key | None = None
    for view in live:
        for limit in view.limits:
            if limit.status not in ("running", "overdue") or limit.due_at is None:
                continue
            if best is None or best.due_at is None or limit.due_at < best.due_at:
                best, where = limit, view.key
    return best, where
