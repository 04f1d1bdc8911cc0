"""From which fact a time limit runs.

A limit's anchor is an event of the rulebook or one of the derived anchors below, each of which is a
reading of the guideline and says so in words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from zhixing_desktop.workflow import rounds, subjects
from zhixing_desktop.workflow.context import CLOSING_NODE, Context
from zhixing_desktop.workflow.facts import Fact
from zhixing_desktop.workflow.timelimits import periodic_days


@dataclass(frozen=True, slots=True)
class Anchored:
    """The moment a limit runs from, the fact behind it and what it is called."""

    moment: datetime
    recorded_at: datetime
    words: str
    seq: int | None


Anchor = Callable[[Context, str], Anchored | None]


def _of(ctx: Context, fact: Fact | None, words: str | None = None) -> Anchored | None:
    if fact is None:
        return None
    spec = ctx.rulebook.events.get(fact.kind)
    name = words or (spec.label if spec else fact.kind)
    return Anchored(fact.happened_at, fact.recorded_at, name, fact.seq)


def _first(ctx: Context, subject: str, *events: str) -> Anchored | None:
    for event in events:
        found = ctx.find(event, subject)
        if found is not None:
            return _of(ctx, found)
    return None


def application_received_or_case(ctx: Context, subject: str) -> Anchored | None:
    """Node 7: its own date, which defaults to the day the case was received (reading A22)."""
    return _first(ctx, subject, "application_received", "case_received")


def network_query(ctx: Context, subject: str) -> Anchored | None:
    """Node 9: the officer's own query, else the first query of node 3 (reading A26)."""
    return _first(ctx, subject, "network_query_started", "first_query_started")


def query_started(ctx: Context, subject: str) -> Anchored | None:
    """Node 11: the start of the query whose track the instance follows (reading A27)."""
    if subject.endswith("/traditional"):
        return _first(ctx, subject, "traditional_query_started")
    return network_query(ctx, subject)


def first_feedback_or_start(ctx: Context, subject: str) -> Anchored | None:
    """Limit 3-b: the feedback of the first query, else its start (reading A19)."""
    return _first(ctx, subject, "first_query_feedback", "first_query_started")


def property_found(ctx: Context, subject: str) -> Anchored | None:
    """Node 17: the moment the asset was found (reading A31)."""
    return _first(ctx, subject, "asset_found")


def price_paid(ctx: Context, subject: str) -> Anchored | None:
    """Node 27: sold and paid in full, that is the later of the two days (reading A42)."""
    sold = ctx.find("auction_sold", subject)
    paid = ctx.find("auction_paid", subject)
    if sold is None or paid is None:
        return None
    return _of(ctx, max(sold, paid, key=lambda fact: fact.happened_at), "拍卖成交、价款补齐")


def sale_confirmed_or_offset_agreed(ctx: Context, subject: str) -> Anchored | None:
    """Limit 30-a: confirmation of the sale or agreement to take the asset (reading A43)."""
    return _first(ctx, subject, "sale_confirmed", "offset_agreed")


def closing_done(ctx: Context, subject: str) -> Anchored | None:
    """结案之日: the day the 审判管理办公室 confirms (reading A62)."""
    return _first(ctx, subjects.CASE, "closing_confirmed")


def archive_start(ctx: Context, subject: str) -> Anchored | None:
    """Node 44: the event that the setting of reading A63 names.

    An application that was returned and made anew counts from the one that was confirmed.
    """
    return _of(ctx, ctx.index.last_event(ctx.rulebook.settings.archive_anchor, subjects.CASE))


def control_standing(ctx: Context, subject: str) -> Anchored | None:
    """Nodes 19, 20, 31: the control that stands, else the one that was released last."""
    for above in subjects.ancestors(subject):
        if subjects.kind_of(above) == "asset":
            fact = ctx.control_of(above) or ctx.index.last_event("asset_controlled", above)
            return _of(ctx, fact)
    return None


def offset_refused(ctx: Context, subject: str) -> Anchored | None:
    """Limit 28-a: refused at the reserve price of the second auction (reading A44)."""
    return _of(ctx, rounds.refusal_after_second(ctx, subject))


def previous_round_failed(ctx: Context, subject: str) -> Anchored | None:
    """Limit 26-a: the day the round before failed (一拍流拍之日)."""
    return _of(ctx, rounds.failed_before(ctx, subject), "一拍流拍")


def second_round_failed(ctx: Context, subject: str) -> Anchored | None:
    """Limit 29-a: the day the second auction failed (再次拍卖流拍)."""
    return _of(ctx, rounds.second_failure(ctx, subject), "再次拍卖流拍")


def followup_window(ctx: Context, number: int) -> tuple[datetime | None, datetime | None]:
    """Return opening and due moment of the n-th query after 终本 (reading A66)."""
    closed = closing_done(ctx, subjects.CASE)
    limit = ctx.rulebook.limit("45-a")
    if closed is None or number > limit.count:
        return None, None
    days = periodic_days(closed.moment.date(), every_months=limit.amount, count=limit.count)
    start = closed.moment.date() if number == 1 else days[number - 2]
    last = datetime.combine(days[number - 1], datetime.max.time()).replace(microsecond=0)
    return datetime.combine(start, datetime.min.time()), last


ANCHORS: Mapping[str, Anchor] = MappingProxyType(
    {
        "application_received_or_case": application_received_or_case,
        "network_query": network_query,
        "query_started": query_started,
        "first_feedback_or_start": first_feedback_or_start,
        "property_found": property_found,
        "asset_controlled": control_standing,
        "price_paid": price_paid,
        "sale_confirmed_or_offset_agreed": sale_confirmed_or_offset_agreed,
        "closing_done": closing_done,
        "archive_start": archive_start,
        "offset_refused": offset_refused,
        "previous_round_failed": previous_round_failed,
        "second_round_failed": second_round_failed,
    }
)


def resolve(ctx: Context, anchor: str, subject: str) -> Anchored | None:
    """Return where a limit with this anchor runs from for a subject, ``None`` while unknown."""
    derived = ANCHORS.get(anchor)
    if derived is not None:
        return derived(ctx, subject)
    return _of(ctx, ctx.find(anchor, subject))


__all__ = ["ANCHORS", "CLOSING_NODE", "Anchored", "resolve"]
