"""Auction rounds of an asset: which there are, which is due, and what stage each belongs to.

A round that fails is followed by the second auction (再次拍卖); a round whose buyer does not pay
(悔拍) is followed by one of the same stage (网拍规定第二十四条).
"""

from __future__ import annotations

from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.facts import Fact

SECOND = 2


def rounds_of(ctx: Context, asset: str) -> list[str]:
    """Return the auction rounds of an asset that have facts, in order."""
    return list(ctx.index.rounds.get(subjects.base(asset), ()))


def first_round(asset: str) -> str:
    """Return the subject of an asset's first round."""
    return f"{subjects.base(asset)}/round/1"


def previous_round(subject: str) -> str | None:
    """Return the round before this one, ``None`` for the first."""
    number = subjects.number_of(subject)
    owner = subjects.parent(subject)
    return f"{owner}/round/{number - 1}" if number > 1 and owner else None


def stage_of(ctx: Context, subject: str) -> int:
    """Return 2 for 再次拍卖, 1 otherwise: the second stage begins after a round that failed."""
    before = previous_round(subject)
    while before is not None:
        if ctx.index.event("auction_failed", before) is not None:
            return SECOND
        before = previous_round(before)
    return 1


def failed_before(ctx: Context, subject: str) -> Fact | None:
    """Return the failure that made this round due, ``None`` where it follows for another reason.

    Somebody who applies to take the asset in settlement of the debt keeps the second auction from
    becoming due (无人申请抵债).
    """
    before = previous_round(subject)
    if before is None or ctx.index.event("auction_offset_applied", before) is not None:
        return None
    return ctx.index.event("auction_failed", before)


def reneged_before(ctx: Context, subject: str) -> Fact | None:
    """Return the default of the buyer (悔拍) that this round repeats."""
    before = previous_round(subject)
    return ctx.index.event("auction_reneged", before) if before else None


def offset_fell_through(ctx: Context, subject: str) -> Fact | None:
    """Return the refusal after an application to take the asset in the first round (A40)."""
    before = previous_round(subject)
    if before is None or ctx.index.event("auction_offset_applied", before) is None:
        return None
    owner = subjects.parent(subject) or subject
    if ctx.index.event("offset_agreed", owner) is not None:
        return None
    return ctx.index.event("offset_refused", owner)


def due_since(ctx: Context, subject: str) -> Fact | None:
    """Return the fact that made a round due after the one before it, ``None`` while none did."""
    if previous_round(subject) is None:
        return None
    again = reneged_before(ctx, subject)
    if again is not None:
        return again
    before = previous_round(subject) or subject
    if stage_of(ctx, before) == SECOND:
        return None
    return failed_before(ctx, subject) or offset_fell_through(ctx, subject)


def due_round(ctx: Context, asset: str) -> str | None:
    """Return the round that is due and has no facts of its own yet, ``None`` when none is."""
    known = rounds_of(ctx, asset)
    if not known:
        return None
    following = f"{subjects.base(asset)}/round/{subjects.number_of(known[-1]) + 1}"
    return following if due_since(ctx, following) is not None else None


def refusal_after_second(ctx: Context, asset: str) -> Fact | None:
    """Return the refusal to take the asset at the reserve price of the second auction."""
    failed = second_failure(ctx, asset)
    for fact in ctx.index.events.get(("offset_refused", subjects.base(asset)), ()):
        if failed is not None and ctx.index.undone(failed, fact):
            return fact
    return None


def second_failure(ctx: Context, asset: str) -> Fact | None:
    """Return the latest failure of a second auction (再次拍卖流拍)."""
    for entry in reversed(rounds_of(ctx, asset)):
        failed = ctx.index.event("auction_failed", entry)
        if failed is not None and stage_of(ctx, entry) == SECOND:
            return failed
    return None
