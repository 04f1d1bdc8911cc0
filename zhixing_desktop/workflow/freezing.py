"""Freezing: eleven nodes, each by its own rule; lifted by the named authority only (X2 to X4).

A freeze follows from what the program knew when the limit ended.  An act entered afterwards does
not undo it, however early it happened; and where the words put the freeze after a warning
(经预警后), a limit of which the program learned only after its end does not freeze, because nobody
could be warned.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.conditions import CONDITIONS, all_hold
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.endings import release_of
from zhixing_desktop.workflow.facts import ApprovalView
from zhixing_desktop.workflow.limits import Met, met_of
from zhixing_desktop.workflow.rulebook import FreezeRule, NodeSpec
from zhixing_desktop.workflow.views import FreezeView, LimitView

ONE_SECOND = timedelta(seconds=1)
UNFREEZE = "unfreeze"
DEADLINE_CHANGE = "deadline_change"
DEADLINE_CHANGE_NODE = 42


def freezes_of(
    ctx: Context, spec: NodeSpec, subject: str, limits: Sequence[LimitView]
) -> tuple[FreezeView, ...]:
    """Return the freezes that hold at ``ctx.now`` for an instance, earliest first."""
    found: list[FreezeView] = []
    rule = spec.freeze
    if rule is not None and spec.unfreeze is not None and rule.target is None:
        for view in limits:
            since = freezes_at(ctx, spec, rule, subject, view)
            if since is not None and ctx.reached(since):
                pending = pending_unfreeze(ctx, spec.number, subject)
                found.append(
                    FreezeView(since, view.limit.id, spec.unfreeze, rule.cite, pending, spec.number)
                )
    if subject == subjects.CASE:
        found.extend(_by_other_nodes(ctx, spec, subject))
    return tuple(sorted(found, key=lambda entry: entry.frozen_at))


def freezes_at(
    ctx: Context, spec: NodeSpec, rule: FreezeRule, subject: str, view: LimitView
) -> datetime | None:
    """Return when a limit's miss freezes the node, past or to come.

    ``None`` when it does not, or when the freeze has been lifted.
    """
    since = frozen_since(ctx, spec, rule, subject, view)
    if since is None or lifted(ctx, spec.number, subject, since):
        return None
    again = frozen_again(ctx, spec.number, subject, since)
    if again is None:
        return since
    met = _met(ctx, spec, rule, subject, view)
    # What was done while the node was unfrozen is done: the ground is gone.
    return None if met is not None and met.recorded_at <= again else again


def frozen_since(
    ctx: Context, spec: NodeSpec, rule: FreezeRule, subject: str, view: LimitView
) -> datetime | None:
    """Return the moment a limit's miss froze or will freeze the node; ``None`` if it does not."""
    due = view.due_at
    if view.limit.id not in rule.limits or due is None or view.status == "suspended":
        return None
    if not all_hold(ctx, rule.applies, subject):
        return None
    gone = release_of(ctx, spec.number, subject)
    if gone is not None and gone.recorded_at <= due:
        return None
    met = _met(ctx, spec, rule, subject, view)
    known = view.anchor_recorded_at
    if known is not None and known >= due:
        missed = met is None or met.happened_at > due
        return due + ONE_SECOND if missed and not rule.warned else None
    since = due + ONE_SECOND
    if rule.refuses == "self":
        held_off = _held_off(ctx, due)
        if held_off is not None and held_off.status == "pending":
            return None
        over = held_off_until(held_off) if held_off is not None else None
        if over is not None:
            since = max(since, over)
    return None if met is not None and met.recorded_at < since else since


def _met(
    ctx: Context, spec: NodeSpec, rule: FreezeRule, subject: str, view: LimitView
) -> Met | None:
    if rule.met_by is not None:
        return met_of(ctx, spec, rule.met_by, subject, view.limit.items)
    if view.met_at is None or view.met_recorded_at is None:
        return None
    return Met(view.met_at, view.met_recorded_at)


def _held_off(ctx: Context, due_at: datetime) -> ApprovalView | None:
    """Node 43: a change of the period asked for in time suspends the freeze (reading A59).

    Returns the application that is pending, else the one that was turned down last after the
    period had ended; an application made late, or turned down before, suspends nothing.
    """
    ended: ApprovalView | None = None
    for view in ctx.index.approvals:
        if view.matter != DEADLINE_CHANGE or view.requested_at > due_at:
            continue
        if view.status == "pending":
            return view
        over = held_off_until(view)
        if over is None or over <= due_at:
            continue
        if ended is None or over > (held_off_until(ended) or over):
            ended = view
    return ended


def held_off_until(view: ApprovalView) -> datetime | None:
    """Return when an application for more time stopped holding the freeze off.

    The moment it was turned down, or its grant taken back; ``None`` while it does hold it off, and
    where the applicant withdrew it himself.
    """
    if view.status == "countermanded":
        return view.ended_at
    return None if view.status == "granted" else view.decided_at


def lifted(ctx: Context, node: int, subject: str, since: datetime) -> bool:
    """Tell whether a freeze that began at ``since`` was lifted by a granted application."""
    return any(view.status == "granted" for view in _unfreezings(ctx, node, subject, since=since))


def frozen_again(ctx: Context, node: int, subject: str, since: datetime) -> datetime | None:
    """Return when the lifting of a freeze was taken back, ``None`` where it never was."""
    taken_back = [
        view.ended_at
        for view in _unfreezings(ctx, node, subject, since=since)
        if view.status == "countermanded" and view.ended_at is not None
    ]
    return max(taken_back, default=None)


def _unfreezings(
    ctx: Context, node: int, subject: str, *, since: datetime
) -> Iterator[ApprovalView]:
    for view in ctx.index.approvals:
        if view.matter != UNFREEZE or (view.node, view.subject) != (node, subject):
            continue
        # A superior court's decision is known by its day only; it was asked for after the freeze.
        if view.decided_at is not None and max(view.decided_at, view.requested_at) >= since:
            yield view


def pending_unfreeze(ctx: Context, node: int, subject: str) -> ApprovalView | None:
    """Return the application for unfreezing that waits for its decision."""
    for view in ctx.index.approvals:
        if (
            view.matter == UNFREEZE
            and (view.node, view.subject) == (node, subject)
            and view.status == "pending"
        ):
            return view
    return None


def _by_other_nodes(ctx: Context, spec: NodeSpec, subject: str) -> tuple[FreezeView, ...]:
    """Freezes that another node's fact puts on this one (46 freezes 立案, reading A68)."""
    for other in ctx.rulebook.frozen_by.get(spec.number, ()):
        rule = other.freeze
        if rule is None or other.unfreeze is None or rule.fact is None:
            continue
        if not CONDITIONS[rule.fact](ctx, subject):
            continue
        since = ctx.index.opened_at
        if ctx.index.officers:
            since = ctx.index.officers[-1].happened_at
        if since is None or not ctx.reached(since) or lifted(ctx, spec.number, subject, since):
            continue
        since = frozen_again(ctx, spec.number, subject, since) or since
        pending = pending_unfreeze(ctx, spec.number, subject)
        return (FreezeView(since, None, other.unfreeze, rule.cite, pending, other.number),)
    return ()
