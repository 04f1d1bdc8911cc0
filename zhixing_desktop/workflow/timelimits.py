"""Time limits: when a limit ends, and why (readings A5, A6, A15, A19, A20, A37, A38, A66).

``compute`` answers when; ``derive`` answers when and tells every step with the provision it rests
on.  Both read the same ``counting.count``; nothing is computed twice.

How it is counted:

* the day or hour of the event is not counted (民事诉讼法85, 解释125); a day ends at 23:59:59;
* days and months end on a day that rolls to the next working day when it is a day of rest, unless
  the court has set 不顺延; a month without the day ends on its last (民法典202);
* hours run from the next full hour, through holidays, and do not roll; an event exactly on the hour
  belongs to the hour it begins (``ExactHour``); an event known by its day only counts as its first
  second, which is never too late, and the derivation asks for the time;
* 当天 ends with its day; 立即 ends with its event and has no computed hour;
* X日前 leaves X full days between (``before_limits``);
* extensions come before excluded days; intervals that overlap count once; an open interval stops
  the clock (``Due.suspended``);
* whatever touched a year without notice is provisional (暂定).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from zhixing_desktop.workflow.before_limits import (
    BeforeJudgement,
    BeforeVerdict,
    earliest_event_day,
    judge_before,
    latest_act_day,
    latest_by_difference,
)
from zhixing_desktop.workflow.calendar import CourtCalendar
from zhixing_desktop.workflow.counting import Trail, add_months, count, day_of, merge
from zhixing_desktop.workflow.rulebook import Direction, Unit
from zhixing_desktop.workflow.timespec import (
    DEFAULT_READINGS,
    BeforeHoliday,
    BeforeReading,
    Derivation,
    Due,
    ExactHour,
    Extension,
    Interval,
    Readings,
    Rolling,
    Step,
    TimeSpec,
    readings_of,
)
from zhixing_desktop.workflow.timewords import tell
from zhixing_desktop.workflow.warnladder import DEFAULT_LADDER, WarnLadder, warn_moments

__all__ = [
    "DEFAULT_LADDER",
    "DEFAULT_READINGS",
    "BeforeHoliday",
    "BeforeJudgement",
    "BeforeReading",
    "BeforeVerdict",
    "Derivation",
    "Direction",
    "Due",
    "ExactHour",
    "Extension",
    "Interval",
    "LimitInput",
    "Moved",
    "Readings",
    "Rolling",
    "Step",
    "TimeSpec",
    "Unit",
    "WarnLadder",
    "compute",
    "derive",
    "earliest_event_day",
    "elapsed_days",
    "judge_before",
    "latest_act_day",
    "latest_by_difference",
    "moved",
    "periodic_days",
    "readings_of",
    "warn_moments",
]


@dataclass(frozen=True, slots=True)
class LimitInput:
    """All that a limit is computed from but the calendar; ``key`` is the caller's name for it."""

    key: str
    spec: TimeSpec
    anchor: date
    readings: Readings = DEFAULT_READINGS
    extensions: tuple[Extension, ...] = ()
    exclusions: tuple[Interval, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """A limit that a new calendar gives another end, or the same end for good."""

    key: str
    before: Due
    after: Due

    @property
    def shifted(self) -> bool:
        """Whether the effective end is another one; else only 暂定 came or went."""
        return self.before.effective != self.after.effective


def compute(
    spec: TimeSpec,
    anchor: date,
    calendar: CourtCalendar,
    *,
    rolling: Rolling | str = Rolling.ROLL,
    extensions: Sequence[Extension] = (),
    exclusions: Sequence[Interval] = (),
    before: BeforeReading | str = BeforeReading.FULL_DAYS,
    before_holiday: BeforeHoliday | str = BeforeHoliday.KEEP,
    exact_hour: ExactHour | str = ExactHour.NEXT,
) -> Due:
    """When a limit ends.

    ``anchor`` is the day or moment of the starting event, for a before-limit of the event it ends
    before.  The last three are the other choices of the rulebook's settings; each may be given as
    the word in the settings.  Raises ``ValueError`` for an unknown word or a moment with a zone.
    """
    readings = readings_of(rolling, before, before_holiday, exact_hour)
    trail = count(spec, anchor, calendar, readings, extensions=extensions, exclusions=exclusions)
    return _due(trail)


def derive(
    spec: TimeSpec,
    anchor: date,
    calendar: CourtCalendar,
    *,
    rolling: Rolling | str = Rolling.ROLL,
    extensions: Sequence[Extension] = (),
    exclusions: Sequence[Interval] = (),
    before: BeforeReading | str = BeforeReading.FULL_DAYS,
    before_holiday: BeforeHoliday | str = BeforeHoliday.KEEP,
    exact_hour: ExactHour | str = ExactHour.NEXT,
    anchor_words: str = "起算事件",
    rule_cite: str = "",
) -> Derivation:
    """When a limit ends and why; arguments as for ``compute``.

    ``anchor_words`` names the anchor in the first step (立案, 拍卖开始), ``rule_cite`` is the
    paragraph and quote of the guideline that the limit stands in.
    """
    readings = readings_of(rolling, before, before_holiday, exact_hour)
    trail = count(spec, anchor, calendar, readings, extensions=extensions, exclusions=exclusions)
    steps = tell(
        trail,
        calendar,
        readings,
        Step(anchor_words, rule_cite),
        extensions=extensions,
        exclusions=exclusions,
    )
    return Derivation(_due(trail), steps)


def periodic_days(anchor_day: date, every_months: int = 6, count: int = 10) -> tuple[date, ...]:
    """The days of a periodic duty (node 45, reading A66).

    Each is counted from the anchor, clipped to its month's end, and not rolled: the system does it.
    """
    first = day_of(anchor_day)
    return tuple(add_months(first, every_months * n) for n in range(1, count + 1))


def elapsed_days(anchor_day: date, exclusions: Sequence[Interval], today: date) -> int:
    """Days of a period used up by the end of ``today``: for the display while it stands still."""
    first, after = day_of(anchor_day) + timedelta(days=1), day_of(today) + timedelta(days=1)
    out = 0
    for block in merge(exclusions, first):
        end = after if block.end is None else min(block.end, after)
        out += max(0, (end - block.start).days)
    return max(0, (after - first).days - out)


def moved(
    old: CourtCalendar, new: CourtCalendar, inputs: Iterable[LimitInput]
) -> tuple[Moved, ...]:
    """The limits that end differently, or become certain, under a new calendar."""
    changes = (Moved(item.key, _of(item, old), _of(item, new)) for item in inputs)
    return tuple(change for change in changes if change.before != change.after)


def _of(item: LimitInput, calendar: CourtCalendar) -> Due:
    trail = count(
        item.spec,
        item.anchor,
        calendar,
        item.readings,
        extensions=item.extensions,
        exclusions=item.exclusions,
    )
    return _due(trail)


def _due(trail: Trail) -> Due:
    if trail.suspended_by is not None:
        return Due(None, None, suspended=True, excluded_days=trail.excluded_days)
    return Due(
        trail.nominal,
        trail.effective,
        provisional=bool(trail.unsettled),
        excluded_days=trail.excluded_days,
    )
