"""When a limit warns (reading A2), counted by hand."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from helpers.calendars import CALENDAR
from helpers.time_limits import spec_of
from zhixing_desktop.workflow.timelimits import (
    Due,
    TimeSpec,
    Unit,
    WarnLadder,
    compute,
    warn_moments,
)


def anchor_of(word: str) -> date:
    """A day or a moment."""
    return datetime.fromisoformat(word) if "T" in word else date.fromisoformat(word)


def warned(limit_id: str, anchor: date, ladder: WarnLadder | None = None) -> list[str]:
    """The moments at which a limit warns."""
    spec = spec_of(limit_id)
    due = compute(spec, anchor, CALENDAR)
    moments = warn_moments(spec, anchor, due, ladder or WarnLadder())
    return [moment.isoformat(sep=" ", timespec="minutes") for moment in moments]


@pytest.mark.parametrize(
    ("limit_id", "anchor", "expected"),
    [
        # 10 days: ceil(10 / 3) = 4 days before 28 February.
        ("7-a", "2024-02-18T10:00:00", ["2024-02-24 08:30", "2024-02-28 08:30"]),
        # 3 days: one day before.
        ("4-a", "2024-03-01T10:00:00", ["2024-03-03 08:30", "2024-03-04 08:30"]),
        # Rolled to the 18th: 11 days from the anchor, ceil(11 / 3) = 4.
        ("4-a", "2024-02-07T10:00:00", ["2024-02-14 08:30", "2024-02-18 08:30"]),
        # 30 days: ten before 8 March.
        ("9-a", "2024-02-07T10:00:00", ["2024-02-27 08:30", "2024-03-08 08:30"]),
        # 182 days: ceil(182 / 3) = 61 before 7 August.
        ("43-a", "2024-02-07", ["2024-06-07 08:30", "2024-08-07 08:30"]),
        # Hours: a quarter, 12 hours, before 16:00; then the morning of the last day.
        ("3-b", "2024-02-07T15:30:00", ["2024-02-09 04:00", "2024-02-09 08:30"]),
        # The last day ends at 01:00, before the office opens: no second warning.
        ("17-a", "2024-06-30T00:00:00", ["2024-07-01 13:00"]),
        ("1-a", "2024-02-07T10:20:00", ["2024-02-07 15:00"]),
        # Filed after three o'clock: at once.
        ("3-a", "2024-02-07T16:20:00", ["2024-02-07 16:20"]),
        ("3-c", "2024-02-07T16:20:00", []),
        # 30 days before: ten days before the latest day.
        ("25-b", "2024-06-17", ["2024-05-07 08:30", "2024-05-17 08:30"]),
        ("38-a", "2024-03-04T09:00:00", ["2024-03-06 08:30", "2024-03-07 08:30"]),
    ],
)
def test_when_a_limit_warns(limit_id: str, anchor: str, expected: list[str]) -> None:
    """Reading A2, counted by hand."""
    assert warned(limit_id, anchor_of(anchor)) == expected


def test_a_first_warning_where_somebody_sees_it() -> None:
    """With a calendar it comes on the working day before the holiday, not within it."""
    spec, anchor = spec_of("4-a"), datetime(2024, 2, 7, 10)
    due = compute(spec, anchor, CALENDAR)
    assert warn_moments(spec, anchor, due, calendar=CALENDAR) == (
        datetime(2024, 2, 9, 8, 30),
        datetime(2024, 2, 18, 8, 30),
    )


def test_the_ladder_from_the_words_of_the_settings() -> None:
    """As the rulebook stores them, and with the moment alone instead of a Due."""
    ladder = WarnLadder.of(
        first_fraction=Decimal("0.5"),
        hours_fraction=Fraction(1, 2),
        office_opens="09:00",
        same_day_at="14:30",
    )
    assert warned("7-a", datetime(2024, 2, 18, 10), ladder) == [
        "2024-02-23 09:00", "2024-02-28 09:00",
    ]  # fmt: skip
    assert warned("1-a", datetime(2024, 2, 7, 10), ladder) == ["2024-02-07 14:30"]
    moments = warn_moments(
        spec_of("3-b"), datetime(2024, 2, 7, 15, 30), datetime(2024, 2, 9, 16), ladder
    )
    assert moments[0] == datetime(2024, 2, 8, 16)


def test_a_first_warning_comes_a_day_ahead_at_least() -> None:
    """Whatever small part the setting names."""
    ladder = WarnLadder(first_fraction=Decimal(0))
    assert warned("7-a", datetime(2024, 2, 18, 10), ladder)[0] == "2024-02-27 08:30"


def test_a_short_limit_does_not_warn_of_a_morning_that_is_past() -> None:
    """Four hours from ten o'clock: 11:00 to 15:00, an hour of it left at 14:00."""
    spec, anchor = TimeSpec(4, Unit.HOUR), datetime(2024, 3, 4, 10)
    moments = warn_moments(spec, anchor, compute(spec, anchor, CALENDAR))
    assert moments == (datetime(2024, 3, 4, 14),)


def test_a_period_that_stands_still_does_not_warn() -> None:
    """Nothing to warn of."""
    assert warn_moments(spec_of("43-a"), date(2024, 2, 7), Due(None, None, suspended=True)) == ()
