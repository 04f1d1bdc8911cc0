"""Freezing: eleven nodes, each by its own rule; lifted by the named authority only (X2 to X4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.conditions import CONDITIONS
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.facts import ApprovalView
from zhixing_desktop.workflow.limits import met_fact
from zhixing_desktop.workflow.rulebook import FreezeRule, NodeSpec, Unfreeze
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
    if spec.freeze is not None and spec.unfreeze is not None and spec.freeze.target is None:
        for view in limits:
            since = frozen_since(ctx, spec, spec.freeze, subject, view)
            if since is not None and since <= ctx.now:
                found.extend(_held(ctx, spec, spec.freeze, spec.unfreeze, subject, since, view.limit.id))
    found.extend(_by_other_nodes(ctx, spec, subject))
    return tuple(sorted(found, key=lambda entry: entry.frozen_at))


def frozen_since(
    ctx: Context, spec: NodeSpec, rule: FreezeRule, subject: str, view: LimitView
) -> datetime | None:
    """Return the moment a limit's miss freezes the node, past or to come; ``None`` if it does not.

    What counts is what was recorded when the limit ended: a fact typed in afterwards does not undo
    the freeze, however early it happened.
    """
    if view.limit.id not in rule.limits or view.due_at is None or view.status == "suspended":
        return None
    if not all(CONDITIONS[name](ctx, subject) for name in rule.applies):
        return None
    recorded = view.met_recorded_at
    if rule.met_by is not None:
        fact = met_fact(ctx, spec, rule.met_by, subject, view.limit.items)
        recorded = fact.recorded_at if fact is not None else None
    if recorded is not None and recorded <= view.due_at:
        return None
    since = view.due_at + ONE_SECOND
    if rule.refuses == "self":
        held = _held_off(ctx, view.due_at)
        if held == "pending":
            return None
        if isinstance(held, datetime):
            since = held
            if recorded is not None and recorded <= since:
                return None
    return since


def _held_off(ctx: Context, due_at: datetime) -> datetime | str | None:
    """Node 43: a change of the period asked for in time suspends the freeze (reading A59).

    Returns ``pending``, the moment a refusal ended the suspension, or ``None``.
    """
    ended: datetime | None = None
    for view in ctx.index.approvals:
        if view.matter != DEADLINE_CHANGE or view.requested_at > due_at:
            continue
        if view.status == "pending":
            return "pending"
        if view.status == "refused" and view.decided_at is not None and view.decided_at > due_at:
            ended = max(ended, view.decided_at) if ended else view.decided_at
    return ended


def _held(
    ctx: Context,
    spec: NodeSpec,
    rule: FreezeRule,
    unfreeze: Unfreeze,
    subject: str,
    since: datetime,
    limit_id: str | None,
) -> tuple[FreezeView, ...]:
    pending: ApprovalView | None = None
    for view in ctx.index.approvals:
        if view.matter != UNFREEZE or (view.node, view.subject) != (spec.number, subject):
            continue
        if view.status == "granted" and view.decided_at is not None and view.decided_at >= since:
            return ()
        if view.status == "pending":
            pending = view
    return (FreezeView(since, limit_id, unfreeze, rule.cite, pending, spec.number),)


def _by_other_nodes(ctx: Context, spec: NodeSpec, subject: str) -> tuple[FreezeView, ...]:
    """Freezes that another node's fact puts on this one (46 freezes 立案, reading A68)."""
    for other in ctx.rulebook.nodes.values():
        rule = other.freeze
        if rule is None or other.unfreeze is None or rule.target != spec.number or rule.fact is None:
            continue
        if subject != subjects.CASE or not CONDITIONS[rule.fact](ctx, subject):
            continue
        since = ctx.index.opened_at
        if ctx.index.officers:
            since = ctx.index.officers[-1].happened_at
        if since is not None and since <= ctx.now:
            return _held(ctx, spec, rule, other.unfreeze, subject, since, None)
    return ()
