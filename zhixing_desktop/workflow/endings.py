"""When an open instance no longer arises, although nobody completed it.

A case that is closed takes its open work with it; but what concerns other people's money goes on,
measures that were taken stay in force (X32, X35), and what comes up after closing is new work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zhixing_desktop.workflow import anchors, subjects
from zhixing_desktop.workflow.conditions import CURRENT_TERMINATED
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.facts import Fact
from zhixing_desktop.workflow.rulebook import LimitKind, NodeSpec
from zhixing_desktop.workflow.views import LimitView

AFTER_CLOSING = frozenset({43, 44, 45, 46})
"""Closing itself and what follows it."""
MONEY = frozenset({32, 33, 34})
"""Money that has arrived must be claimed and paid out, closed or not."""
MEASURES = frozenset({36, 37, 38, 39, 40, 41})
"""Measures outlive the case once started."""
DISPOSAL = frozenset({17, 19, 20, 21, 22, 23, 24, 25, 26, 28, 29, 31})
"""What is done to an asset under control; handing over what was sold or is owed is not."""
CREDIT_MENDING = 38
CONFIRMATION = 27
FOLLOWUP = 45
RESUMPTION = 46
CLOSED = "案件已结"


@dataclass(frozen=True, slots=True)
class Ending:
    """Why an instance ends without being completed.

    ``lifts_freeze``: even where it is frozen; ``before_start``: even where it has not begun.
    """

    why: str
    lifts_freeze: bool = False
    before_start: bool = False


def ending_of(
    ctx: Context,
    spec: NodeSpec,
    subject: str,
    opened: datetime | None,
    limits: Sequence[LimitView],
) -> Ending | None:
    """Return why an instance that is not completed no longer arises, ``None`` while it does."""
    if _right_lapsed(ctx, limits):
        return Ending("异议期满，未提出异议")
    closed = anchors.closing_done(ctx, subjects.CASE)
    if closed is not None and _closed_over(ctx, spec, opened, closed.moment):
        words = CLOSED if opened is not None else f"{CLOSED}，未启动"
        return Ending(words, lifts_freeze=True, before_start=True)
    if release_of(ctx, spec.number, subject) is not None:
        return Ending("控制措施已解除")
    if spec.number == CONFIRMATION and ctx.index.event("auction_reneged", subject) is not None:
        return Ending("买受人悔拍，重新拍卖")
    if spec.number == FOLLOWUP and resumed_since(ctx) is not None:
        return Ending("已恢复执行", before_start=True)
    return None


def _closed_over(
    ctx: Context, spec: NodeSpec, opened: datetime | None, closed_at: datetime
) -> bool:
    if spec.number in AFTER_CLOSING:
        return False
    if opened is not None:
        return opened <= closed_at and spec.number not in MONEY | MEASURES
    return not _may_start_after_closing(ctx, spec)


def _may_start_after_closing(ctx: Context, spec: NodeSpec) -> bool:
    """Whether a measure may still be started: after 终本 all, a wrong listing must go anyway."""
    if spec.number in MEASURES:
        return spec.number == CREDIT_MENDING or ctx.closing_way == CURRENT_TERMINATED
    return spec.number in MONEY


def _right_lapsed(ctx: Context, limits: Sequence[LimitView]) -> bool:
    """Node 22: the parties' five days passed and nobody objected."""
    rights = [view for view in limits if view.limit.kind is LimitKind.PARTY_RIGHT]
    return bool(rights) and all(
        view.met_at is None and view.due_at is not None and ctx.passed(view.due_at)
        for view in rights
    )


def release_of(ctx: Context, node: int, subject: str) -> Fact | None:
    """Return the release that ended what a node does to an asset, ``None`` while it goes on.

    Of an asset that was sold or taken in settlement the control is released for the transfer.
    """
    if node not in DISPOSAL:
        return None
    for above in subjects.ancestors(subject):
        if subjects.kind_of(above) == "asset":
            gone = ctx.index.last_event("control_released", above)
            if gone is None or ctx.control_of(above) is not None:
                return None
            realised = any(ctx.index.event(name, above) is not None for name in _REALISED)
            return None if realised else gone
    return None


_REALISED = ("sale_done", "sale_confirmed", "offset_agreed", "funds_drawn")


def resumed_since(ctx: Context) -> Fact | None:
    """Return the decision that enforcement is resumed, ``None`` while there is none."""
    for fact in ctx.index.by_name.get("resumption_decided", ()):
        if ctx.index.value(RESUMPTION, fact.subject, "resumption_result") == "恢复执行":
            return fact
    return None
