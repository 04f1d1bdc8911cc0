"""How a day of the calendar is shown: its ground, its sign, what stands behind it; no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from zhixing_desktop.workflow.calendar import CourtCalendar

LEGEND = (
    ("rest", "休", "放假"),
    ("work", "班", "调休上班"),
    ("weekend", "·", "周末"),
    ("court", "院休", "本院设定（加框）"),
    ("provisional", "暂", "暂定：放假安排未公布"),
)
"""Kind of ground, sign and explanation, for the strip below the months."""


@dataclass(frozen=True, slots=True)
class DayLook:
    """``ground`` is plain, weekend, rest or work; ``court`` whether the court has set the day."""

    ground: str
    sign: str
    court: bool
    provisional: bool


def look_of(calendar: CourtCalendar, day: date) -> DayLook:
    """Return how a day is shown.  The sign says in letters what the ground says in colour."""
    row = calendar.row(day)
    works = calendar.is_workday(day)
    court = calendar.is_set_by_court(day)
    provisional = calendar.is_provisional(day)
    weekend = day.weekday() >= 5
    if row is None:
        ground, sign = ("weekend", "·") if weekend else ("plain", "")
    else:
        ground, sign = ("work", "班") if works else ("rest", "休")
    if court:
        sign = f"院{sign}"
    elif provisional and (row is not None or calendar.notice(day.year) is not None):
        # Of a year without a notice only the festivals say so; its heading says it of all days.
        sign = f"暂{sign.strip('·')}"
    return DayLook(ground, sign, court, provisional)


def source_of(calendar: CourtCalendar, day: date) -> str:
    """Return where it stands that a day is worked or not."""
    row = calendar.row(day)
    if calendar.is_set_by_court(day) and row is not None:
        return f"本院设定　{row.source}"
    notice = calendar.notice(day.year)
    if row is not None and row.source:
        return row.source
    if notice is not None:
        return f"按星期计算（{notice}未作调整）"
    return "按星期计算（该年度放假安排尚未公布，暂定）"


def year_words(calendar: CourtCalendar, year: int) -> str:
    """Return what is known of a year, in a line."""
    days = days_of(year)
    works = sum(calendar.is_workday(day) for day in days)
    own = sum(calendar.is_set_by_court(day) for day in days)
    published = calendar.notice(year) is not None
    state = "放假安排已公布" if published else "放假安排未公布，以下为暂定"
    mine = f"，本院设定{own}天" if own else ""
    return f"{year}年　{state}　工作日{works}天{mine}"


def days_of(year: int) -> list[date]:
    """Return all days of a year."""
    first = date(year, 1, 1)
    count = (date(year + 1, 1, 1) - first).days
    return [first + timedelta(days=number) for number in range(count)]
