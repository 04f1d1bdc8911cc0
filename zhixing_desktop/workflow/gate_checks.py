"""The checks that ``gates.yaml`` names: each says whether a coupling rule holds for a subject."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.closing_checks import CLOSING_CHECKS, restricted
from zhixing_desktop.workflow.conditions import all_hold, holds
from zhixing_desktop.workflow.context import CLOSING_NODE, Context
from zhixing_desktop.workflow.facts import Fact
from zhixing_desktop.workflow.freezing import freezes_of
from zhixing_desktop.workflow.limits import CASE_PERIODS, due_of
from zhixing_desktop.workflow.payments import changed_since
from zhixing_desktop.workflow.rulebook import Direction

Params = Mapping[str, object]
Check = Callable[[Context, str, Params], bool]
AUCTION_START = 23
SECOND_AUCTION = 26


def _spared(ctx: Context, subject: str, params: Params) -> bool:
    """Whether the rule's own condition (``if``) does not hold."""
    condition = params.get("if")
    return condition is not None and not holds(ctx, str(condition), subject)


def _event_recorded(ctx: Context, subject: str, params: Params) -> bool:
    return _spared(ctx, subject, params) or ctx.find(str(params["event"]), subject) is not None


def _node_done(ctx: Context, subject: str, params: Params) -> bool:
    """The nodes are completed, and none of them is frozen since (46 freezes 立案)."""
    nodes = params["nodes"]
    assert isinstance(nodes, Sequence)
    return all(
        (int(number), subjects.CASE) in ctx.index.completed
        and not freezes_of(ctx, ctx.rulebook.nodes[int(number)], subjects.CASE, ())
        for number in nodes
    )


def _approved(ctx: Context, subject: str, params: Params) -> bool:
    if _spared(ctx, subject, params):
        return True
    view = ctx.index.latest_approval(str(params["matter"]), int(str(params["node"])), subject)
    return view is not None and view.status == "granted"


def _paid_as_approved(ctx: Context, subject: str, params: Params) -> bool:
    """X22: amount, payee and account are those that were signed."""
    return not changed_since(ctx, subject)


def _never(ctx: Context, subject: str, params: Params) -> bool:
    return False


def _counted(ctx: Context, subject: str, params: Params) -> bool:
    """The event happened on that many different days, occurrences of the subject included."""
    found = ctx.index.events_of(str(params["event"]), subjects.base(subject))
    return len({fact.happened_at.date() for fact in found}) >= int(str(params["count"]))


def _field_is(ctx: Context, subject: str, params: Params) -> bool:
    if _spared(ctx, subject, params):
        return True
    allowed = params["allowed"]
    assert isinstance(allowed, Sequence)
    return _value(ctx, subject, params, "field") in allowed


def _field_or_reason(ctx: Context, subject: str, params: Params) -> bool:
    """A field holds the wanted value, or the officer says why not."""
    return _field_is(ctx, subject, params) or bool(_value(ctx, subject, params, "reason"))


def _event_or_reason(ctx: Context, subject: str, params: Params) -> bool:
    if ctx.find(str(params["event"]), subject) is not None:
        return True
    return bool(_value(ctx, subject, params, "reason"))


def _value(ctx: Context, subject: str, params: Params, name: str) -> object:
    return ctx.index.value(int(str(params["node"])), subject, str(params[name]))


def _debtor_restricted(ctx: Context, subject: str, params: Params) -> bool:
    return restricted(ctx, subjects.base(subject))


def _same_platform(ctx: Context, subject: str, params: Params) -> bool:
    """X16: the second auction is held on the platform of the first."""
    owner = subjects.parent(subject) or subject
    chosen = ctx.index.value(SECOND_AUCTION, subject, "platform")
    first = ctx.index.value(AUCTION_START, owner, "platform")
    return not (chosen and first) or chosen == first


def _gap_kept(ctx: Context, subject: str, params: Params) -> bool:
    """X14: the day that is being set leaves the announcement period; only plans are refused.

    A day that has passed is recorded as it was and shown as late; a planned day that is too early
    is refused while it can still be changed.
    """
    opens = _planned(ctx, str(params["later_event"]), subject)
    acted = _planned(ctx, str(params["earlier_event"]), subject)
    if opens is None or acted is None or opens.happened_at <= ctx.now:
        return True
    apart = opens.happened_at.date() - acted.happened_at.date()
    return all(
        apart >= timedelta(days=limit.amount)
        for limit in ctx.rulebook.nodes[int(str(params["node"]))].time_limits
        if limit.direction is Direction.BEFORE and all_hold(ctx, limit.applies, subject)
    )


def _planned(ctx: Context, event: str, subject: str) -> Fact | None:
    """The day as it was set last."""
    found = ctx.index.events.get((event, subject))
    return found[-1] if found else None


def _first_query(ctx: Context, subject: str, params: Params) -> bool:
    if "money" not in ctx.content:
        return True
    return ctx.index.event("first_query_started", subjects.CASE) is not None


def _asked_in_time(ctx: Context, subject: str, params: Params) -> bool:
    """A change of the period is asked for before it ends (A58, A59)."""
    filed = ctx.index.event("case_filed", subjects.CASE)
    if filed is None:
        return True
    for limit in ctx.rulebook.nodes[CLOSING_NODE].time_limits:
        if limit.id in CASE_PERIODS and all_hold(ctx, limit.applies, subjects.CASE):
            due = due_of(ctx, limit, filed.happened_at)
            return due.suspended or due.effective is None or ctx.now <= due.effective
    return True


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "event_recorded": _event_recorded,
        "node_done": _node_done,
        "approved": _approved,
        "only_by_decision": _never,
        "paid_as_approved": _paid_as_approved,
        "counted": _counted,
        "field_is": _field_is,
        "field_or_reason": _field_or_reason,
        "event_or_reason": _event_or_reason,
        "debtor_restricted": _debtor_restricted,
        "same_platform": _same_platform,
        "gap_kept": _gap_kept,
        "first_query_started": _first_query,
        "asked_in_time": _asked_in_time,
        **CLOSING_CHECKS,
    }
)
