"""Facts in, view out: the one function that says how a case stands.

``evaluate`` is pure.  The window, the sweep, the simulator ("nothing is done until D"), a replay and
the tests all call it; nothing about a case's state is decided anywhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from zhixing_desktop.workflow import anchors, subjects
from zhixing_desktop.workflow.agenda import case_agenda
from zhixing_desktop.workflow.calendar import CourtCalendar
from zhixing_desktop.workflow.conditions import CONDITIONS, CURRENT_TERMINATED, OPENERS
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.facts import OPEN_STATES, SEVERITY, Fact, FactIndex, State
from zhixing_desktop.workflow.freezing import freezes_of
from zhixing_desktop.workflow.limits import limit_view
from zhixing_desktop.workflow.rulebook import NodeSpec, Rulebook
from zhixing_desktop.workflow.views import CaseView, InstanceView, Key, LimitView

LIVES_ON_AFTER_CLOSING = frozenset({43, 44, 45, 46})
"""Nodes whose work goes on once the case is closed; all others lapse with it."""


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
    closed = anchors.closing_done(ctx, subjects.CASE)
    closed_at = closed.moment if closed else None
    instances: dict[Key, InstanceView] = {}
    for spec in ctx.rulebook.nodes.values():
        for subject in subjects_for(ctx, spec):
            view = _instance(ctx, spec, subject, closed_at)
            if view is not None:
                instances[view.key] = view
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
        agenda=case_agenda(ctx, instances),
        approvals=tuple(ctx.index.approvals),
    )


def subjects_for(ctx: Context, spec: NodeSpec) -> Iterator[str]:
    """Yield the subjects a node is repeated for in this case, occurrences included."""
    for plain in _plain_subjects(ctx, spec.subject):
        yield plain
        times = 2
        while (spec.number, f"{plain}#{times}") in ctx.index.started:
            yield f"{plain}#{times}"
            times += 1


def _plain_subjects(ctx: Context, kind: str) -> Sequence[str]:
    if kind == "case":
        return (subjects.CASE,)
    if kind == "query":
        return ("query/network", "query/traditional")
    if kind == "followup":
        if ctx.closing_way != CURRENT_TERMINATED:
            return ()
        if anchors.closing_done(ctx, subjects.CASE) is None:
            return ()
        count = ctx.rulebook.limit("45-a").count
        return tuple(f"followup/{number}" for number in range(1, count + 1))
    if kind == "round":
        return _rounds(ctx)
    return ctx.index.subjects_of(kind)


def _rounds(ctx: Context) -> list[str]:
    """All auction rounds, with the round that is due after a failed or broken-off one."""
    found: list[str] = []
    for asset in ctx.index.subjects_of("asset"):
        known = anchors.rounds_of(ctx, asset)
        found.extend(known)
        if not known:
            continue
        last = known[-1]
        failed = (
            ctx.index.event("auction_failed", last) is not None
            and anchors.round_stage(ctx, last) == 1
            and ctx.index.event("auction_offset_applied", last) is None
        )
        if failed or ctx.index.event("auction_reneged", last) is not None:
            found.append(f"{asset}/round/{subjects.number_of(last) + 1}")
    return found


def opened_at(ctx: Context, spec: NodeSpec, subject: str) -> tuple[datetime | None, str]:
    """Return when an instance opened and why, in words; ``(None, "")`` while it has not."""
    best: datetime | None = None
    words = ""
    started = ctx.index.started.get((spec.number, subject))
    if started is not None:
        best, words = started.happened_at, "承办人启动"
    if subjects.occurrence(subject) > 1:
        return best, words
    for rule in spec.opens:
        moment: datetime | None = None
        why = ""
        if rule.event is not None:
            found = anchors.resolve(ctx, rule.event, subject)
            if found is not None:
                moment, why = found.moment, found.words
        elif rule.condition is not None:
            moment = OPENERS[rule.condition](ctx, subject)
            why = "自动启动"
        if moment is not None and (best is None or moment < best):
            best, words = moment, why
    return best, words


def applies(ctx: Context, spec: NodeSpec, subject: str) -> bool:
    """Tell whether the node concerns this subject at all."""
    return all(CONDITIONS[name](ctx, subject) for name in spec.applies)


def _instance(
    ctx: Context, spec: NodeSpec, subject: str, closed_at: datetime | None
) -> InstanceView | None:
    key = Key(spec.number, subject)
    if not applies(ctx, spec, subject):
        if spec.subject != "case":
            return None
        return _still(key, State.NOT_APPLICABLE, "本案不适用", spec.role)
    opened, why = opened_at(ctx, spec, subject)
    done = ctx.index.completed.get((spec.number, subject))
    lapses = (
        closed_at is not None and spec.number not in LIVES_ON_AFTER_CLOSING and not spec.on_demand
    )
    limits = tuple(limit_view(ctx, spec, limit, subject) for limit in spec.time_limits)
    limits = tuple(view for view in limits if view is not None)
    frozen = () if lapses else freezes_of(ctx, spec, subject, limits)
    items = {n: f.happened_at for n, f in ctx.index.items.get((spec.number, subject), {}).items()}
    state = _state(ctx, opened, done is not None or _auto_done(spec, items), limits, bool(frozen))
    if state in OPEN_STATES and lapses:
        state, why = State.NOT_APPLICABLE, "案件已结"
    if state is State.NOT_STARTED and lapses:
        state, why = State.NOT_APPLICABLE, "案件已结，未启动"
    if state in OPEN_STATES and _right_lapsed(ctx, spec, limits):
        state, why = State.NOT_APPLICABLE, "异议期满，未提出异议"
    if (
        state in OPEN_STATES
        and spec.subject in ("asset", "round")
        and _released(ctx, subject)
        and not frozen
    ):
        state, why = State.NOT_APPLICABLE, "控制措施已解除"
    completed_at = done.happened_at if done is not None else None
    if completed_at is None and state in (State.DONE, State.DONE_LATE) and items:
        completed_at = max(items.values())
    due = min((v.due_at for v in limits if v.status in ("running", "overdue") and v.due_at), default=None)
    return InstanceView(
        key=key,
        state=state,
        opened_at=opened,
        completed_at=completed_at,
        limits=limits,
        items_done=items,
        freezes=frozen,
        due_at=due if state in OPEN_STATES else None,
        why=why,
        role=spec.role,
    )


def _still(key: Key, state: State, why: str, role: str) -> InstanceView:
    return InstanceView(key, state, None, None, (), {}, (), None, why, role)


def _auto_done(spec: NodeSpec, items: dict[int, datetime]) -> bool:
    """Rule X21: 到账登记 flows by itself once its arrival data are confirmed and entered."""
    if not spec.auto_complete:
        return False
    return all(entry.optional or entry.item in items for entry in spec.work_items)


def _state(
    ctx: Context,
    opened: datetime | None,
    done: bool,
    limits: Sequence[LimitView],
    frozen: bool,
) -> State:
    if frozen:
        return State.FROZEN
    if done:
        late = any(view.status in ("met_late", "overdue") for view in limits)
        return State.DONE_LATE if late else State.DONE
    if opened is None or opened > ctx.now:
        return State.NOT_STARTED
    if any(view.status == "overdue" for view in limits):
        return State.OVERDUE
    warned = any(
        view.status == "running" and view.warn_at and view.warn_at[0] <= ctx.now for view in limits
    )
    return State.WARNED if warned else State.ACTIVE


def _right_lapsed(ctx: Context, spec: NodeSpec, limits: Sequence[LimitView]) -> bool:
    """Node 22: the parties' five days passed and nobody objected."""
    rights = [view for view in limits if view.limit.kind == "party_right"]
    return bool(rights) and all(
        view.met_at is None and view.due_at is not None and view.due_at < ctx.now for view in rights
    )


def _released(ctx: Context, subject: str) -> bool:
    for above in subjects.ancestors(subject):
        if subjects.kind_of(above) == "asset":
            gone = ctx.index.last_event("control_released", above)
            held = ctx.index.last_event("asset_controlled", above)
            return gone is not None and (held is None or gone.seq > held.seq)
    return False


def _case_state(live: Sequence[InstanceView], closed_at: datetime | None) -> State:
    if closed_at is not None and not any(view.state is State.FROZEN for view in live):
        return State.DONE
    if not live:
        return State.ACTIVE
    return max((view.state for view in live), key=lambda state: SEVERITY[state])


def _current(instances: dict[Key, InstanceView], live: Sequence[InstanceView]) -> Key | None:
    """The node that the list shows: the open one that came up last, 结案 only when nothing else is.

    Node 43 is open from filing because its six months run; it is the current node only when no
    other work is open.
    """
    work = [view for view in live if view.key.node != 43] or list(live)
    if work:
        latest = max(work, key=lambda v: (v.opened_at or datetime.min, v.key.node, v.key.subject))
        return latest.key
    ended = [view for view in instances.values() if view.completed_at is not None]
    if not ended:
        return None
    return max(ended, key=lambda v: (v.completed_at or datetime.min, v.key.node)).key


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

