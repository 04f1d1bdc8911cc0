"""When a limit warns (reading A2): once while there is time to act, once on the last day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

from zhixing_desktop.workflow.calendar import CourtCalendar
from zhixing_desktop.workflow.counting import day_of
from zhixing_desktop.workflow.rulebook import Direction, Unit
from zhixing_desktop.workflow.timespec import Due, TimeSpec

_OFFICE_OPENS = time(8, 30)


@dataclass(frozen=True, slots=True)
class WarnLadder:
    """The settings of a warning.

    ``first_fraction``: part of the period that is left at the first warning, rounded up to whole
    days, one at least.  ``hours_fraction``: the same for limits in hours, rounded up to whole
    hours.  ``office_opens``: time of day of a first warning in days.  ``last_day_at``: time of the
    second warning on the last day.  ``same_day_at``: time of the warning of a limit that ends with
    the day of its event.
    """

    first_fraction: Fraction | Decimal = Fraction(1, 3)
    hours_fraction: Fraction | Decimal = Fraction(1, 4)
    office_opens: time = _OFFICE_OPENS
    last_day_at: time = _OFFICE_OPENS
    same_day_at: time = time(15)

    @classmethod
    def of(
        cls,
        *,
        first_fraction: Fraction | Decimal,
        hours_fraction: Fraction | Decimal,
        office_opens: str,
        same_day_at: str,
    ) -> WarnLadder:
        """The ladder from the words of the settings (``08:30``); ``ValueError`` for a bad time."""
        opens = time.fromisoformat(office_opens)
        return cls(first_fraction, hours_fraction, opens, opens, time.fromisoformat(same_day_at))


DEFAULT_LADDER = WarnLadder()


def warn_moments(
    spec: TimeSpec,
    anchor: date,
    due: Due | datetime,
    lead: WarnLadder = DEFAULT_LADDER,
    *,
    calendar: CourtCalendar | None = None,
) -> tuple[datetime, ...]:
    """The moments at which a limit warns: ascending, not before the anchor, before the deadline.

    ``due`` is what ``compute`` gave, or its effective moment.  No warning for a period that stands
    still, nor for 立即, which leaves no time for one.  A before-limit has no first day, so its
    warnings may lie in the past when the event is fixed late.  With a ``calendar`` a first warning
    that would fall on a day of rest comes on the working day before, where somebody sees it.
    """
    deadline = due.effective if isinstance(due, Due) else due
    if deadline is None or spec.unit is Unit.IMMEDIATE:
        return ()
    start = None
    if spec.direction is Direction.WITHIN:
        start = anchor if isinstance(anchor, datetime) else datetime.combine(anchor, time())
    first, last = _rungs(spec, day_of(anchor), deadline, lead)
    if calendar is not None and spec.unit not in (Unit.SAME_DAY, Unit.HOUR):
        first = datetime.combine(calendar.workday_until(first), first.time())
    if start is not None:
        first = max(first, start)
    moments = {first}
    if last is not None and (start is None or last >= start):
        moments.add(last)
    return tuple(sorted(moment for moment in moments if moment < deadline))


def _rungs(
    spec: TimeSpec, anchor: date, deadline: datetime, lead: WarnLadder
) -> tuple[datetime, datetime | None]:
    """First and second warning, before they are held against anchor and deadline."""
    last_day = deadline.date()
    if spec.unit is Unit.SAME_DAY:
        return datetime.combine(last_day, lead.same_day_at), None
    second = datetime.combine(last_day, lead.last_day_at)
    if spec.unit is Unit.HOUR:
        return deadline - timedelta(hours=_part(spec.amount, lead.hours_fraction)), second
    backwards = spec.direction is Direction.BEFORE
    period = spec.amount if backwards else (last_day - anchor).days
    days = max(1, _part(period, lead.first_fraction))
    return datetime.combine(last_day - timedelta(days=days), lead.office_opens), second


def _part(whole: int, fraction: Fraction | Decimal) -> int:
    """``whole`` x ``fraction``, rounded up: early rather than late."""
    numerator, denominator = fraction.as_integer_ratio()
    return -(-whole * numerator // denominator)
