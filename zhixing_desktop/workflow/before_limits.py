"""Limits that end before an event (拍卖三十日前公告), both ways and judged (reading A38)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from zhixing_desktop.workflow.calendar import CourtCalendar
from zhixing_desktop.workflow.counting import day_of
from zhixing_desktop.workflow.day_words import day_words
from zhixing_desktop.workflow.rulebook import Direction
from zhixing_desktop.workflow.timespec import (
    BeforeHoliday,
    BeforeReading,
    Readings,
    TimeSpec,
    readings_of,
)


class BeforeJudgement(StrEnum):
    """In time by every reading, in time by the wider one only, or late."""

    OK = "ok"
    CAUTION = "caution"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class BeforeVerdict:
    """A judgement, the latest day it was held against, and a sentence naming the readings."""

    judgement: BeforeJudgement
    latest: date
    words: str


def latest_act_day(
    spec: TimeSpec,
    event_day: date,
    *,
    before: BeforeReading | str = BeforeReading.FULL_DAYS,
    before_holiday: BeforeHoliday | str = BeforeHoliday.KEEP,
    calendar: CourtCalendar | None = None,
) -> date:
    """The latest day for the act, given the day of the event.

    Never later than event - X days, whatever day of the week that is.  ``calendar`` is needed only
    where the court moves such a day earlier; ``ValueError`` without it, or for a within-limit.
    """
    readings = readings_of(before=before, before_holiday=before_holiday)
    latest = day_of(event_day) - timedelta(days=_gap(spec, readings))
    return latest if _keeps(readings) else _given(calendar).workday_until(latest)


def latest_by_difference(spec: TimeSpec, event_day: date) -> date:
    """The latest day by the wider reading of X日前, event - X: accepted, with a caution."""
    return day_of(event_day) - timedelta(days=spec.amount)


def earliest_event_day(
    spec: TimeSpec,
    act_day: date,
    *,
    before: BeforeReading | str = BeforeReading.FULL_DAYS,
    before_holiday: BeforeHoliday | str = BeforeHoliday.KEEP,
    calendar: CourtCalendar | None = None,
) -> date:
    """The earliest day for the event, given the day of the act: the reverse of the above."""
    readings = readings_of(before=before, before_holiday=before_holiday)
    act = day_of(act_day)
    counted = act if _keeps(readings) else _given(calendar).workday_from(act)
    return counted + timedelta(days=_gap(spec, readings))


def judge_before(
    spec: TimeSpec,
    act_day: date,
    event_day: date,
    *,
    before: BeforeReading | str = BeforeReading.FULL_DAYS,
    before_holiday: BeforeHoliday | str = BeforeHoliday.KEEP,
    calendar: CourtCalendar | None = None,
) -> BeforeVerdict:
    """Hold an act against its event.

    ``ok``: not after the latest day.  ``caution``: after it, yet at least X days before the event.
    ``late``: later still.
    """
    act, event = day_of(act_day), day_of(event_day)
    latest = latest_act_day(
        spec, event, before=before, before_holiday=before_holiday, calendar=calendar
    )
    last_by_difference = latest_by_difference(spec, event)
    if act <= latest:
        judgement = BeforeJudgement.OK
    elif act <= last_by_difference:
        judgement = BeforeJudgement.CAUTION
    else:
        judgement = BeforeJudgement.LATE
    words = _words(spec.amount, act, event, latest, judgement)
    return BeforeVerdict(judgement, latest, words)


def _words(amount: int, act: date, event: date, latest: date, judgement: BeforeJudgement) -> str:
    apart = (event - act).days
    fact = f"{day_words(act)}办理，{day_words(event)}为所距之日，"
    if judgement is BeforeJudgement.OK:
        return f"{fact}相差{apart}日，符合{amount}日前的要求（最迟{day_words(latest)}）。"
    strict = day_words(event - timedelta(days=amount + 1))
    wide = day_words(event - timedelta(days=amount))
    both = f"按“其间隔满{amount}日”理解，最迟为{strict}；按“相差{amount}日”理解，最迟为{wide}"
    if judgement is BeforeJudgement.CAUTION:
        own = "" if day_words(latest) == strict else f"；本院要求不迟于{day_words(latest)}"
        return f"{fact}相差{apart}日。{both}{own}。予以接受，请核对是否需要改期。"
    if apart < 0:
        return f"{fact}办理在该日之后，已经逾期。{both}。"
    return f"{fact}只相差{apart}日，不符合{amount}日前的要求。{both}。"


def _gap(spec: TimeSpec, readings: Readings) -> int:
    if spec.direction is not Direction.BEFORE:
        raise ValueError("not a before-limit")
    return spec.amount + (readings.before is BeforeReading.FULL_DAYS)


def _keeps(readings: Readings) -> bool:
    return readings.before_holiday is BeforeHoliday.KEEP


def _given(calendar: CourtCalendar | None) -> CourtCalendar:
    if calendar is None:
        raise ValueError("moving off days of rest needs a calendar")
    return calendar
