"""One time limit of one instance: where it runs from, until when, and whether it was kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from zhixing_desktop.workflow import anchors, subjects
from zhixing_desktop.workflow.anchors import Anchored
from zhixing_desktop.workflow.calendar import CourtCalendar
from zhixing_desktop.workflow.conditions import CONDITIONS, all_hold
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.facts import Fact
from zhixing_desktop.workflow.rulebook import (
    Direction,
    LimitKind,
    Matter,
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
    Readings,
    Rolling,
    TimeSpec,
    WarnLadder,
    compute,
    derive,
    latest_by_difference,
    readings_of,
    warn_moments,
)
from zhixing_desktop.workflow.timespec import DAY_END
from zhixing_desktop.workflow.views import LimitView

NOTICE_KINDS = frozenset({LimitKind.PARTY_RIGHT, LimitKind.DEEMED})
CASE_PERIODS = frozenset({"43-a", "43-b"})
"""The limits that 期限变更 (node 42) moves: the period in which the case is to be closed."""


@dataclass(frozen=True, slots=True)
class Met:
    """When a limit was satisfied, and when that was recorded."""

    happened_at: datetime
    recorded_at: datetime


def limit_view(ctx: Context, spec: NodeSpec, limit: TimeLimit, subject: str) -> LimitView | None:
    """Return the limit as it stands, ``None`` when its variant does not concern the subject."""
    if not all_hold(ctx, limit.applies, subject):
        return None
    anchored = anchors.resolve(ctx, limit.anchor, subject)
    if limit.kind is LimitKind.PERIODIC:
        return _periodic(ctx, spec, limit, subject, anchored)
    met = met_of(ctx, spec, limit.met_by, subject, limit.items)
    if anchored is None:
        return _waiting(limit, met)
    if met is not None and _completed_before(ctx, spec, limit, subject, anchored, met):
        met = None
    due = due_of(ctx, limit, anchored.moment)
    return _judged(ctx, limit, anchored, due, met)


def _completed_before(
    ctx: Context, spec: NodeSpec, limit: TimeLimit, subject: str, anchored: Anchored, met: Met
) -> bool:
    """Completing a node does not satisfy a limit that began to run afterwards."""
    if limit.met_by.event is None or limit.direction is Direction.BEFORE:
        return False
    done = ctx.index.completed.get((spec.number, subject))
    if done is None or (done.happened_at, done.recorded_at) != (met.happened_at, met.recorded_at):
        return False
    return anchored.moment > done.happened_at


def _periodic(
    ctx: Context, spec: NodeSpec, limit: TimeLimit, subject: str, anchored: Anchored | None
) -> LimitView | None:
    opens, due_at = anchors.followup_window(ctx, subjects.number_of(subject))
    if opens is None or anchored is None:
        return None
    run = Anchored(opens, anchored.recorded_at, anchored.words, anchored.seq)
    met = met_of(ctx, spec, limit.met_by, subject, limit.items)
    return _judged(ctx, limit, run, Due(due_at, due_at), met)


def _waiting(limit: TimeLimit, met: Met | None) -> LimitView:
    return LimitView(
        limit=limit,
        status="waiting",
        anchor_at=None,
        anchor_words="",
        anchor_recorded_at=None,
        nominal_at=None,
        due_at=None,
        caution_at=None,
        provisional=False,
        met_at=met.happened_at if met else None,
        met_recorded_at=met.recorded_at if met else None,
        warn_at=(),
    )


def due_of(ctx: Context, limit: TimeLimit, anchor: datetime) -> Due:
    """Compute the due moment of a limit for this case, extensions and exclusions included."""
    moved = limit.id in CASE_PERIODS
    return _due(
        spec_of(limit),
        anchor,
        ctx.calendar,
        readings_for(ctx.rulebook.settings, limit),
        extensions=_extensions(ctx) if moved else (),
        exclusions=_exclusions(ctx) if moved else (),
    )


@lru_cache(maxsize=4096)
def _due(
    spec: TimeSpec,
    anchor: datetime,
    calendar: CourtCalendar,
    readings: Readings,
    *,
    extensions: tuple[Extension, ...],
    exclusions: tuple[Interval, ...],
) -> Due:
    return compute(
        spec,
        anchor,
        calendar,
        rolling=readings.rolling,
        before=readings.before,
        before_holiday=readings.before_holiday,
        exact_hour=readings.exact_hour,
        extensions=extensions,
        exclusions=exclusions,
    )


def readings_for(settings: Settings, limit: TimeLimit) -> Readings:
    """Return how the bureau's settings have this limit counted.

    A party's own period and one with a legal effect are the law's, not the court's internal limits:
    they roll whatever the bureau has set (reading A5).  What the system itself does on a day never
    rolls (reading A66).
    """
    rolling = settings.rolling
    if limit.kind in NOTICE_KINDS:
        rolling = Rolling.ROLL
    elif limit.kind is LimitKind.PERIODIC:
        rolling = Rolling.STRICT
    return readings_of(rolling, settings.before, settings.before_holiday, settings.exact_hour)


def spec_of(limit: TimeLimit) -> TimeSpec:
    """Return what is counted for a limit."""
    return _spec(limit.amount, limit.unit, limit.direction)


@lru_cache(maxsize=256)
def _spec(amount: int, unit: Unit, direction: Direction) -> TimeSpec:
    return TimeSpec(amount, unit, direction)


def derivation_of(ctx: Context, limit: TimeLimit, anchor: datetime, words: str) -> Derivation:
    """Return the derivation of a limit: every step in words, for the slip and the tooltip."""
    readings = readings_for(ctx.rulebook.settings, limit)
    return derive(
        spec_of(limit),
        anchor,
        ctx.calendar,
        rolling=readings.rolling,
        before=readings.before,
        before_holiday=readings.before_holiday,
        exact_hour=readings.exact_hour,
        extensions=extensions_of(ctx, limit),
        exclusions=exclusions_of(ctx, limit),
        anchor_words=words,
        rule_cite=limit.cite.words(),
    )


def extensions_of(ctx: Context, limit: TimeLimit) -> tuple[Extension, ...]:
    """Return the approved extensions; they concern the case's own period (node 43) only."""
    return _extensions(ctx) if limit.id in CASE_PERIODS else ()


def exclusions_of(ctx: Context, limit: TimeLimit) -> tuple[Interval, ...]:
    """Return the approved intervals that do not count towards the case's own period."""
    return _exclusions(ctx) if limit.id in CASE_PERIODS else ()


def _extensions(ctx: Context) -> tuple[Extension, ...]:
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


def _exclusions(ctx: Context) -> tuple[Interval, ...]:
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


def met_of(
    ctx: Context, spec: NodeSpec, met_by: MetBy, subject: str, items: tuple[int, ...]
) -> Met | None:
    """Return what satisfies a limit, ``None`` while nothing does.

    An event satisfies by itself, so does a granted application; items satisfy when the last
    applicable one is done; where several are named, whichever came first.  Completing the node
    satisfies whatever was to be satisfied.
    """
    named = met_by.event is not None or met_by.approval is not None
    wanted = met_by.items or (() if named else items)
    found = [
        met
        for met in (
            _by_event(ctx, met_by.event, subject),
            _by_approval(ctx, met_by.approval, subject),
            _by_items(ctx, spec, wanted, subject),
        )
        if met is not None
    ]
    if found:
        return min(found, key=lambda met: (met.happened_at, met.recorded_at))
    return _of(ctx.index.completed.get((spec.number, subject)))


def _of(fact: Fact | None) -> Met | None:
    return Met(fact.happened_at, fact.recorded_at) if fact is not None else None


def _by_event(ctx: Context, event: str | None, subject: str) -> Met | None:
    return _of(ctx.find(event, subject)) if event is not None else None


def _by_approval(ctx: Context, wanted: Matter | None, subject: str) -> Met | None:
    if wanted is None:
        return None
    for asked in ctx.index.approvals:
        if (asked.matter, asked.node, asked.subject) != (wanted.matter, wanted.node, subject):
            continue
        if asked.status == "granted" and asked.decided_at is not None:
            return Met(asked.decided_at, asked.recorded_at)
    return None


def _by_items(ctx: Context, spec: NodeSpec, wanted: Sequence[int], subject: str) -> Met | None:
    if not wanted:
        return None
    done = ctx.index.items.get((spec.number, subject))
    if not done:
        return None
    owed = [
        entry.item
        for entry in spec.work_items
        if entry.item in wanted
        and not entry.optional
        and (entry.when is None or CONDITIONS[entry.when](ctx, subject))
    ]
    if not owed or any(item not in done for item in owed):
        return None
    last = max((done[item] for item in owed), key=lambda f: (f.happened_at, f.recorded_at))
    return Met(last.happened_at, max(done[item].recorded_at for item in owed))


def _judged(
    ctx: Context, limit: TimeLimit, anchored: Anchored, due: Due, met: Met | None
) -> LimitView:
    due_at = None if due.suspended else due.effective
    last = due_at
    caution_at = None
    if limit.direction is Direction.BEFORE and due_at is not None:
        wider = latest_by_difference(spec_of(limit), anchored.moment)
        caution_at = datetime.combine(wider, DAY_END)
        last = max(due_at, caution_at)
    return LimitView(
        limit=limit,
        status=_status(ctx, limit, due, last, met),
        anchor_at=anchored.moment,
        anchor_words=anchored.words,
        anchor_recorded_at=anchored.recorded_at,
        nominal_at=due.nominal,
        due_at=due_at,
        caution_at=caution_at,
        provisional=due.provisional,
        met_at=met.happened_at if met else None,
        met_recorded_at=met.recorded_at if met else None,
        warn_at=_warnings(ctx, limit, anchored, due_at) if met is None else (),
        caution=_needs_caution(ctx, due_at, last, met),
    )


def _needs_caution(
    ctx: Context, due_at: datetime | None, last: datetime | None, met: Met | None
) -> bool:
    """In time by the wider reading of X日前 only: done so, or still to be done so."""
    if due_at is None or last is None or last == due_at:
        return False
    if met is not None:
        return due_at < met.happened_at <= last
    return ctx.passed(due_at) and not ctx.passed(last)


def _warnings(
    ctx: Context, limit: TimeLimit, anchored: Anchored, due_at: datetime | None
) -> tuple[datetime, ...]:
    """The moments of warning: none before the limit was known to the program, none after it ended.

    A limit whose first warning was missed because its anchor was entered late is warned at once.
    """
    if due_at is None or limit.kind in NOTICE_KINDS or anchored.recorded_at >= due_at:
        return ()
    planned = _ladder_moments(
        spec_of(limit), anchored.moment, due_at, ladder(ctx.rulebook.settings)
    )
    return tuple(sorted({max(moment, anchored.recorded_at) for moment in planned}))


@lru_cache(maxsize=4096)
def _ladder_moments(
    spec: TimeSpec, anchor: datetime, due_at: datetime, rungs: WarnLadder
) -> tuple[datetime, ...]:
    return warn_moments(spec, anchor, due_at, rungs)


def _status(
    ctx: Context, limit: TimeLimit, due: Due, last: datetime | None, met: Met | None
) -> str:
    immediate = limit.unit is Unit.IMMEDIATE
    if met is not None:
        late = last is not None and met.happened_at > last and not immediate
        return "met_late" if late else "met"
    if due.suspended:
        return "suspended"
    if limit.kind in NOTICE_KINDS:
        return "notice"
    return "overdue" if last is not None and ctx.passed(last) and not immediate else "running"


@lru_cache(maxsize=8)
def ladder(settings: Settings) -> WarnLadder:
    """Return the warning ladder that the rulebook's settings ask for (reading A2)."""
    return WarnLadder.of(
        first_fraction=settings.warn_fraction,
        hours_fraction=settings.warn_fraction_hours,
        office_opens=settings.office_opens,
        same_day_at=settings.same_day_warning,
    )
