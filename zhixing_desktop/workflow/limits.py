"""One time limit of one instance: where it runs from, until when, and whether it was kept."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

from zhixing_desktop.workflow import anchors, subjects
from zhixing_desktop.workflow.conditions import CONDITIONS
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.facts import Fact
from zhixing_desktop.workflow.rulebook import (
    Direction,
    LimitKind,
    MetBy,
    NodeSpec,
    Settings,
    TimeLimit,
    Unit,
)
from zhixing_desktop.workflow.timelimits import (
    Derivation,
    Due,
    Extension,
    Interval,
    TimeSpec,
    WarnLadder,
    compute,
    derive,
    warn_moments,
)
from zhixing_desktop.workflow.views import LimitView

NOTICE_KINDS = frozenset({LimitKind.PARTY_RIGHT, LimitKind.DEEMED})
CASE_PERIOD_NODE = 43


def limit_view(
    ctx: Context, spec: NodeSpec, limit: TimeLimit, subject: str
) -> LimitView | None:
    """Return the limit as it stands, ``None`` when its variant does not concern the subject."""
    if not all(CONDITIONS[name](ctx, subject) for name in limit.applies):
        return None
    met = met_fact(ctx, spec, limit.met_by, subject, limit.items)
    anchored = anchors.resolve(ctx, limit.anchor, subject)
    if limit.kind is LimitKind.PERIODIC:
        opens, due_at = anchors.followup_window(ctx, subjects.number_of(subject))
        if opens is None or anchored is None:
            return None
        due = Due(due_at, due_at, False, False) if due_at else None
        return _judged(ctx, limit, anchored, due, met, anchor_at=opens)
    if anchored is None:
        return LimitView(
            limit, "waiting", None, "", None, None, None, None, False, *_met(met), ()
        )
    due = due_of(ctx, limit, anchored.moment)
    return _judged(ctx, limit, anchored, due, met)


def due_of(ctx: Context, limit: TimeLimit, anchor: datetime) -> Due:
    """Compute the due moment of a limit for this case, extensions and exclusions included."""
    settings = ctx.rulebook.settings
    return compute(
        TimeSpec(limit.amount, limit.unit, limit.direction),
        anchor,
        ctx.calendar,
        rolling=settings.rolling,
        before_holiday=settings.before_holiday,
        extensions=extensions_of(ctx, limit),
        exclusions=exclusions_of(ctx, limit),
    )


def derivation_of(ctx: Context, limit: TimeLimit, anchor: datetime, words: str) -> Derivation:
    """Return the derivation of a limit: every step in words, for the slip and the tooltip."""
    settings = ctx.rulebook.settings
    return derive(
        TimeSpec(limit.amount, limit.unit, limit.direction),
        anchor,
        ctx.calendar,
        rolling=settings.rolling,
        before_holiday=settings.before_holiday,
        extensions=extensions_of(ctx, limit),
        exclusions=exclusions_of(ctx, limit),
        anchor_words=words,
        rule_cite=limit.cite.words(),
    )


def extensions_of(ctx: Context, limit: TimeLimit) -> tuple[Extension, ...]:
    """Return the approved extensions; they concern the case's own period (node 43) only."""
    if limit.node != CASE_PERIOD_NODE or limit.kind is not LimitKind.COMPLETE or limit.id > "43-b":
        return ()
    return tuple(
        Extension(
            amount=int(fact.data["amount"]),
            unit=Unit(str(fact.data["unit"])),
            reason=str(fact.data.get("reason", "")),
            cite="节点四十二",
            approved_on=fact.happened_at.date(),
        )
        for fact in ctx.index.extensions
    )


def exclusions_of(ctx: Context, limit: TimeLimit) -> tuple[Interval, ...]:
    """Return the approved intervals that do not count towards the case's own period."""
    if limit.node != CASE_PERIOD_NODE or limit.kind is not LimitKind.COMPLETE or limit.id > "43-b":
        return ()
    return tuple(
        Interval(
            start=_day(fact.data["start"]),
            end=_day(fact.data["end"]) if fact.data.get("end") else None,
            reason=str(fact.data.get("reason", "")),
            cite="节点四十二",
        )
        for fact in ctx.index.exclusions
    )


def _day(value: object) -> date:
    return datetime.fromisoformat(str(value)).date()


def met_fact(
    ctx: Context, spec: NodeSpec, met_by: MetBy, subject: str, items: tuple[int, ...]
) -> Fact | None:
    """Return the fact that satisfies a limit, ``None`` while nothing does.

    An event satisfies by itself; items satisfy when the last applicable one is done; completing the
    node satisfies whatever its items were to satisfy.
    """
    if met_by.event is not None:
        found = ctx.find(met_by.event, subject)
        return found or ctx.index.completed.get((spec.number, subject))
    done = ctx.index.items.get((spec.number, subject), {})
    wanted = [
        entry
        for entry in spec.work_items
        if entry.item in (met_by.items or items)
        and not entry.optional
        and (entry.when is None or CONDITIONS[entry.when](ctx, subject))
    ]
    if wanted and all(entry.item in done for entry in wanted):
        return max((done[e.item] for e in wanted), key=lambda f: (f.happened_at, f.recorded_at))
    return ctx.index.completed.get((spec.number, subject))


def _met(met: Fact | None) -> tuple[datetime | None, datetime | None]:
    return (met.happened_at, met.recorded_at) if met is not None else (None, None)


def _judged(
    ctx: Context,
    limit: TimeLimit,
    anchored: anchors.Anchored,
    due: Due | None,
    met: Fact | None,
    anchor_at: datetime | None = None,
) -> LimitView:
    start = anchor_at or anchored.moment
    due_at = due.effective if due is not None and not due.suspended else None
    caution = None
    if limit.direction is Direction.BEFORE and due_at is not None:
        caution = due_at + timedelta(days=1)
    warn: tuple[datetime, ...] = ()
    if due_at is not None and met is None and limit.kind not in NOTICE_KINDS:
        spec = TimeSpec(limit.amount, limit.unit, limit.direction)
        warn = warn_moments(spec, start, due_at, ladder(ctx.rulebook.settings))
    return LimitView(
        limit=limit,
        status=_status(ctx, limit, due, due_at, caution, met),
        anchor_at=start,
        anchor_words=anchored.words,
        anchor_recorded_at=anchored.recorded_at,
        nominal_at=due.nominal if due is not None else None,
        due_at=due_at,
        caution_at=caution,
        provisional=due.provisional if due is not None else False,
        met_at=met.happened_at if met else None,
        met_recorded_at=met.recorded_at if met else None,
        warn_at=warn,
    )


def _status(
    ctx: Context,
    limit: TimeLimit,
    due: Due | None,
    due_at: datetime | None,
    caution: datetime | None,
    met: Fact | None,
) -> str:
    if due is not None and due.suspended:
        return "suspended" if met is None else "met"
    if met is not None:
        last = caution or due_at
        on_time = last is None or met.happened_at <= last
        return "met" if on_time or limit.unit == "immediate" else "met_late"
    if limit.kind in NOTICE_KINDS:
        return "notice"
    if due_at is not None and ctx.now > due_at:
        return "overdue" if limit.unit != "immediate" else "running"
    return "running"


@lru_cache(maxsize=8)
def ladder(settings: Settings) -> WarnLadder:
    """Return the warning ladder that the rulebook's settings ask for (reading A2)."""
    return WarnLadder.of(
        first_fraction=settings.warn_fraction,
        hours_fraction=settings.warn_fraction_hours,
        office_opens=settings.office_opens,
        same_day_at=settings.same_day_warning,
    )
