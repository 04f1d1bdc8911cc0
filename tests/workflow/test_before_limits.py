"""Limits that end before an event, both ways, judged and by setting."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from helpers.calendars import CALENDAR
from helpers.time_limits import spec_of, words_of
from zhixing_desktop.workflow.timelimits import (
    BeforeHoliday,
    BeforeJudgement,
    BeforeReading,
    Interval,
    compute,
    judge_before,
    latest_act_day,
)


@pytest.mark.parametrize(
    ("act", "judgement"),
    [
        ("2024-05-01", BeforeJudgement.OK),
        ("2024-05-17", BeforeJudgement.OK),
        ("2024-05-18", BeforeJudgement.CAUTION),
        ("2024-05-19", BeforeJudgement.LATE),
        ("2024-06-20", BeforeJudgement.LATE),
    ],
)
def test_an_announcement_thirty_days_before(act: str, judgement: BeforeJudgement) -> None:
    """Auction of land on Monday, 17 June 2024 (the handbook's example)."""
    verdict = judge_before(spec_of("25-b"), date.fromisoformat(act), date(2024, 6, 17))
    assert verdict.judgement is judgement
    assert verdict.latest == date(2024, 5, 17)
    if judgement is not BeforeJudgement.OK:
        assert "按“其间隔满30日”理解，最迟为2024年5月17日（星期五）" in verdict.words
        assert "按“相差30日”理解，最迟为2024年5月18日（星期六）" in verdict.words


def test_the_wider_reading_as_a_setting() -> None:
    """X days' difference is then in time without a caution."""
    event, spec = date(2024, 6, 17), spec_of("25-b")
    assert latest_act_day(spec, event, before="difference") == date(2024, 5, 18)
    verdict = judge_before(spec, date(2024, 5, 18), event, before=BeforeReading.DIFFERENCE)
    assert verdict.judgement is BeforeJudgement.OK
    due = compute(spec, event, CALENDAR, before=BeforeReading.DIFFERENCE)
    assert due.effective == datetime(2024, 5, 18, 23, 59, 59)


def test_moving_off_days_of_rest_as_a_setting() -> None:
    """Earlier, never later; the act on the days between is accepted with a caution."""
    spec, event = spec_of("24-b"), date(2024, 2, 20)
    earlier = BeforeHoliday.EARLIER
    assert latest_act_day(spec, event) == date(2024, 2, 16)
    latest = latest_act_day(spec, event, before_holiday=earlier, calendar=CALENDAR)
    assert latest == date(2024, 2, 9)
    due = compute(spec, event, CALENDAR, before_holiday=earlier)
    assert due.nominal == datetime(2024, 2, 16, 23, 59, 59)
    assert due.effective == datetime(2024, 2, 9, 23, 59, 59)
    verdict = judge_before(
        spec, date(2024, 2, 14), event, before_holiday=earlier, calendar=CALENDAR
    )
    assert verdict.judgement is BeforeJudgement.CAUTION
    assert "本院要求不迟于2024年2月9日（星期五）" in verdict.words
    words = words_of("24-b", event, before_holiday=earlier)
    assert any("按本院设置提前至2024年2月9日（星期五）" in sentence for sentence in words)
    with pytest.raises(ValueError, match="calendar"):
        latest_act_day(spec, event, before_holiday=earlier)


def test_moving_off_unsettled_days_is_provisional() -> None:
    """Keeping the day asks no calendar; moving it asks one that may still change."""
    spec, event = spec_of("24-b"), date(2027, 2, 10)
    assert not compute(spec, event, CALENDAR).provisional
    assert compute(spec, event, CALENDAR, before_holiday="earlier").provisional


def test_before_limits_take_neither_extension_nor_deduction() -> None:
    """They are distances, not running periods; the slip says so."""
    stop = (Interval(date(2024, 5, 1), None, "中止"),)
    due = compute(spec_of("25-b"), date(2024, 6, 17), CALENDAR, exclusions=stop)
    assert due == compute(spec_of("25-b"), date(2024, 6, 17), CALENDAR)
    words = words_of("25-b", date(2024, 6, 17), exclusions=stop)
    assert "倒数的期限不适用延长和扣除。" in words


def test_a_within_limit_is_no_before_limit() -> None:
    """Asked the wrong way round it refuses."""
    with pytest.raises(ValueError, match="before-limit"):
        latest_act_day(spec_of("4-a"), date(2024, 6, 17))
