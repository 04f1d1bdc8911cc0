"""The limits of the guideline as specs, for tests."""

from __future__ import annotations

from datetime import date

from helpers.calendars import CALENDAR
from zhixing_desktop.workflow.timelimits import Direction, TimeSpec, Unit, derive

# The limits of the guideline, read from its text: '<amount> <unit> [before]'.
LIMITS = {
    "1-a": "0 same_day", "2-a": "0 same_day", "3-a": "0 same_day", "3-b": "48 hour",
    "3-c": "0 immediate", "4-a": "3 day", "5-a": "3 day", "6-a": "3 day", "7-a": "10 day",
    "8-a": "7 day", "8-b": "3 day", "8-c": "3 day", "9-a": "30 day", "10-a": "10 day",
    "10-b": "30 day", "11-a": "30 day", "15-a": "10 day", "16-a": "5 day", "16-b": "0 immediate",
    "17-a": "48 hour", "17-b": "10 day", "18-a": "10 day", "19-a": "10 day", "20-a": "15 day",
    "20-b": "30 day", "21-a": "3 day", "22-a": "5 day", "22-b": "15 day", "23-a": "10 day",
    "24-a": "5 day", "24-b": "3 day before", "25-a": "15 day before", "25-b": "30 day before",
    "26-a": "30 day", "26-b": "7 day before", "26-c": "15 day before", "27-a": "10 day",
    "28-a": "15 day", "28-b": "7 day before", "28-c": "15 day before", "29-a": "10 day",
    "30-a": "10 day", "30-b": "15 day", "31-a": "7 day", "32-a": "3 day", "33-a": "30 day",
    "35-a": "30 day", "38-a": "3 workday", "43-a": "6 month", "43-b": "3 month", "43-c": "7 day",
    "43-d": "7 day", "44-a": "15 day", "45-a": "6 month", "46-a": "10 day",
}  # fmt: skip


def spec_of(limit_id: str) -> TimeSpec:
    """The limit as a spec."""
    amount, unit, *direction = LIMITS[limit_id].split()
    return TimeSpec(int(amount), Unit(unit), Direction(direction[0] if direction else "within"))


def words_of(limit_id: str, anchor: date, **more: object) -> list[str]:
    """The sentences of a derivation."""
    return [step.words for step in derive(spec_of(limit_id), anchor, CALENDAR, **more).steps]  # type: ignore[arg-type]
