"""The arithmetic of time limits: the one place where days are added.

``count`` leaves a ``Trail``: every intermediate date, without a word.  ``timelimits.compute`` keeps
its last line, ``timewords`` tells the whole of it.

Order: bare period, extensions, excluded days, rolling.

* Months (and month extensions of a limit in months) are added to the anchor in one go, so that a
  clipped month end (31 August + 6 months) does not shorten what is added later.
* Excluded days are the union of the intervals, counted from the day after the anchor (the anchor's
  own day is not part of the period).  A stretch counts when it begins while the period, with
  everything counted before, still runs.  One that begins on a day rolled over, when all days are
  used up and only the days of rest kept the period open, leaves no more than the first day after
  it.  So a longer stretch never gives an earlier end.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from zhixing_desktop.workflow.calendar import CourtCalendar
from zhixing_desktop.workflow.rulebook import Direction, Unit
from zhixing_desktop.workflow.timespec import (
    DAY_END,
    BeforeHoliday,
    BeforeReading,
    ExactHour,
    Extension,
    Interval,
    Readings,
    Rolling,
    TimeSpec,
)

_ONE_DAY = timedelta(days=1)
_ONE_HOUR = timedelta(hours=1)
_MONTHS = 12
# Limits that end with a day and may roll.  Hours, 当天 and 立即 never do (readings A5, A20).
_ROLLING_UNITS = frozenset({Unit.DAY, Unit.WORKDAY, Unit.MONTH})


@dataclass(slots=True)
class Block:
    """A stretch of excluded days: merged intervals, the first day and the first after the last.

    ``used_up``: it began on a rolled-over day, with no day of the period left.
    """

    start: date
    end: date | None
    intervals: list[Interval]
    used_up: bool = False


@dataclass(slots=True)
class Trail:
    """The dates a computation passed through.  Filled in by ``count`` only.

    ``hours_from``: the full hour hours run from.  ``bare``: end of the period alone.  ``walked``:
    working days counted.  ``extended``: with extensions.  ``blocks``: excluded stretches that
    counted, ``suspended_by`` the open one.  ``skipped``: days of rest rolled over (before-limits:
    moved back over).  ``unsettled``: days of years without notice that had a say.
    """

    spec: TimeSpec
    anchor: date
    bare: datetime
    extended: datetime
    nominal: datetime
    effective: datetime
    rolls: bool = False
    hours_from: datetime | None = None
    walked: tuple[date, ...] = ()
    blocks: tuple[Block, ...] = ()
    excluded_days: int = 0
    suspended_by: Block | None = None
    skipped: tuple[date, ...] = ()
    unsettled: tuple[date, ...] = ()


def day_of(anchor: date) -> date:
    """The day of a day or moment."""
    return anchor.date() if isinstance(anchor, datetime) else anchor


def day_end(day: date) -> datetime:
    """The last second of a day."""
    return datetime.combine(day, DAY_END)


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later, or that month's last day where it has none (民法典202)."""
    years, month = divmod(day.month - 1 + months, _MONTHS)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def count(
    spec: TimeSpec,
    anchor: date,
    calendar: CourtCalendar,
    readings: Readings,
    *,
    extensions: Sequence[Extension] = (),
    exclusions: Sequence[Interval] = (),
) -> Trail:
    """Compute a limit; see the module for the order.  ``ValueError`` for an anchor with a zone."""
    if isinstance(anchor, datetime) and anchor.tzinfo is not None:
        raise ValueError("moments are civil and carry no zone")
    if spec.direction is Direction.BEFORE:
        return _backwards(spec, anchor, calendar, readings)
    trail = _bare(spec, anchor, calendar, readings)
    trail.rolls = readings.rolling is Rolling.ROLL and spec.unit in _ROLLING_UNITS
    if extensions:
        _extend(trail, extensions)
    if exclusions:
        _exclude(trail, merge(exclusions, day_of(anchor) + _ONE_DAY), calendar)
    if trail.suspended_by is None:
        _settle(trail, calendar)
    return trail


def merge(intervals: Sequence[Interval], first: date) -> tuple[Block, ...]:
    """The union of intervals from the day ``first`` on, as separate stretches in order."""
    blocks: list[Block] = []
    for interval in sorted(intervals, key=lambda i: i.start):
        start, end = max(interval.start, first), interval.end
        if end is not None and end <= start:
            continue
        last = blocks[-1] if blocks else None
        if last is None or (last.end is not None and start > last.end):
            blocks.append(Block(start, end, [interval]))
            continue
        last.intervals.append(interval)
        if last.end is not None:
            last.end = None if end is None else max(last.end, end)
    return tuple(blocks)


def _bare(spec: TimeSpec, anchor: date, calendar: CourtCalendar, readings: Readings) -> Trail:
    """The period alone, without extension, exclusion and rolling."""
    day = day_of(anchor)
    walked: tuple[date, ...] = ()
    hours_from: datetime | None = None
    end: datetime
    match spec.unit:
        case Unit.DAY:
            end = day_end(day + timedelta(days=spec.amount))
        case Unit.MONTH:
            end = day_end(add_months(day, spec.amount))
        case Unit.WORKDAY:
            walked = _walk(day, spec.amount, calendar)
            end = day_end(walked[-1])
        case Unit.HOUR:
            hours_from = _full_hour(anchor, readings.exact_hour)
            end = hours_from + timedelta(hours=spec.amount)
        case Unit.SAME_DAY:
            end = day_end(day)
        case Unit.IMMEDIATE:
            # A fact that knows only its day cannot ask for more than that day.
            end = anchor if isinstance(anchor, datetime) else day_end(day)
    trail = Trail(spec, anchor, end, end, end, end)
    if hours_from is not None:
        trail.hours_from = hours_from
    if walked:
        trail.walked = walked
        _doubt(trail, day + _ONE_DAY, walked[-1], calendar)
    return trail


def _walk(day: date, amount: int, calendar: CourtCalendar) -> tuple[date, ...]:
    walked = []
    for _ in range(amount):
        day = calendar.next_workday(day)
        walked.append(day)
    return tuple(walked)


def _full_hour(anchor: date, exact: ExactHour) -> datetime:
    """The full hour after a moment.  A bare day counts as its first second: never too late."""
    if not isinstance(anchor, datetime):
        anchor = datetime.combine(anchor, time())
    hour = anchor.replace(minute=0, second=0, microsecond=0)
    if exact is ExactHour.SAME and hour == anchor:
        return hour
    return hour + _ONE_HOUR


def _extend(trail: Trail, extensions: Sequence[Extension]) -> None:
    months = sum(e.amount for e in extensions if e.unit is Unit.MONTH)
    days = sum(e.amount for e in extensions if e.unit is Unit.DAY)
    end = trail.bare
    if trail.spec.unit is Unit.MONTH:
        last = add_months(day_of(trail.anchor), trail.spec.amount + months)
    else:
        last = add_months(end.date(), months)
    end = datetime.combine(last + timedelta(days=days), end.time())
    trail.extended = trail.nominal = trail.effective = end


def _exclude(trail: Trail, blocks: tuple[Block, ...], calendar: CourtCalendar) -> None:
    """Add the excluded days, stretch by stretch, as long as the period still runs."""
    due, at = trail.extended.date(), trail.extended.time()
    counted: list[Block] = []
    for block in blocks:
        runs_until = due
        if trail.rolls and block.start > due:
            runs_until = calendar.workday_from(due)
            _doubt(trail, due, runs_until, calendar)
        if block.start > runs_until:
            break
        if block.end is None:
            trail.suspended_by = block
            break
        counted.append(block)
        trail.excluded_days += (block.end - block.start).days
        if block.start > due:
            block.used_up, due = True, block.end
        else:
            due = _add_excluded(trail, due, block.start, block.end, calendar)
    trail.blocks = tuple(counted)
    trail.nominal = trail.effective = datetime.combine(due, at)


def _add_excluded(trail: Trail, due: date, start: date, end: date, calendar: CourtCalendar) -> date:
    days = (end - start).days
    if trail.spec.unit is not Unit.WORKDAY:
        return due + timedelta(days=days)
    # Only the working days among them would have been counted.
    lost = sum(calendar.is_workday(start + timedelta(days=n)) for n in range(days))
    later = max(calendar.add_workdays(due, lost), end)
    _doubt(trail, start, later, calendar)
    return later


def _settle(trail: Trail, calendar: CourtCalendar) -> None:
    """Roll the last day over days of rest, where it rolls."""
    if not trail.rolls:
        return
    last = trail.nominal.date()
    day = calendar.workday_from(last)
    if day != last:
        trail.skipped = tuple(last + timedelta(days=n) for n in range((day - last).days))
        trail.effective = datetime.combine(day, DAY_END)
    _doubt(trail, last, day, calendar)


def _backwards(spec: TimeSpec, event: date, calendar: CourtCalendar, readings: Readings) -> Trail:
    """X日前: the latest day on which the act may be done.  Never moves towards the event (A38)."""
    gap = spec.amount + (readings.before is BeforeReading.FULL_DAYS)
    last = day_of(event) - timedelta(days=gap)
    end = day_end(last)
    trail = Trail(spec, event, end, end, end, end)
    if readings.before_holiday is BeforeHoliday.EARLIER:
        day = calendar.workday_until(last)
        trail.skipped = tuple(last - timedelta(days=n) for n in range((last - day).days))
        trail.effective = day_end(day)
        _doubt(trail, day, last, calendar)
    return trail


def _doubt(trail: Trail, first: date, last: date, calendar: CourtCalendar) -> None:
    """Note the days of a span, both ends included, whose answer is provisional."""
    day = first
    while day <= last:
        if calendar.is_provisional(day):
            trail.unsettled += (day,)
        day += _ONE_DAY
