"""The court's calendar: which day is worked and which is not, and how sure that is.

Three layers, the later winning over the earlier:

1. weekends, and the statutory days (全国年节及纪念日放假办法) of years without a notice;
2. the yearly notice of the State Council (国务院办公厅关于××年部分节假日安排的通知), one sheet for
   each year or for many;
3. single days that the court itself has set, each with who, when and why.

A year without a notice is never guessed: its days answer by layer 1 and are *provisional* (暂定),
and so is whatever is computed from them.  The same holds for the last days of December, because a
notice for the next year may still move them (the notice of 2019 made Monday 2018-12-31 a day of
rest).

Pure: rows and text come in from outside, nothing is read here.  Sheets are parsed and checked by
``calendar_sheet``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal

from zhixing_desktop.workflow.calendar_sheet import (
    TURN_OF_YEAR,
    CalendarDay,
    CalendarSheet,
    PublishedYear,
    parse_calendar_csv,
    statutory_doubts,
)
from zhixing_desktop.workflow.day_words import day_words, weekday_words

__all__ = [
    "CalendarDay",
    "CalendarOverride",
    "CalendarSheet",
    "CourtCalendar",
    "DayChange",
    "DayKind",
    "PublishedYear",
    "day_words",
    "differences",
    "parse_calendar_csv",
    "statutory_doubts",
]

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_NO_SHEET = CalendarSheet(days=(), years=())


class DayKind(StrEnum):
    """What a day is to the court: worked, ordinary weekend, or a named holiday."""

    WORKDAY = "workday"
    REST = "rest"
    HOLIDAY = "holiday"

    @property
    def label(self) -> str:
        """The Chinese word for the kind."""
        words = {DayKind.WORKDAY: "工作日", DayKind.REST: "休息日", DayKind.HOLIDAY: "节假日"}
        return words[self]


@dataclass(frozen=True, slots=True)
class CalendarOverride:
    """One day as the court itself has set it; it wins over every table.

    ``who`` set it ``at`` (civil moment) for ``reason``; ``name`` is shown with the day; ``paper``
    is the number of the paper that it rests on, where there is one.
    """

    day: date
    kind: Literal["work", "rest"]
    name: str
    who: str
    at: datetime
    reason: str
    paper: str = ""

    @property
    def source(self) -> str:
        """Where the day stands, in words."""
        paper = f"（{self.paper}）" if self.paper else ""
        return f"{self.who}：{self.reason}{paper}"


@dataclass(frozen=True, slots=True)
class DayChange:
    """A day that is worked in one calendar and not in the other, in words."""

    day: date
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CourtCalendar:
    """An immutable calendar; build it with :meth:`build`.

    Two calendars are equal when their ``digest`` is, that is when they answer alike for every day.
    All methods take a ``date``; a ``datetime`` counts as its day.
    """

    digest: str
    _published: frozenset[int] = field(compare=False, repr=False)
    _works: dict[date, bool] = field(compare=False, repr=False)
    _rows: dict[date, CalendarDay] = field(compare=False, repr=False)
    _set_by_court: frozenset[date] = field(compare=False, repr=False)
    _notices: dict[int, str] = field(compare=False, repr=False)

    @classmethod
    def build(
        cls,
        published: Sequence[CalendarSheet],
        statutory: CalendarSheet = _NO_SHEET,
        overrides: Iterable[CalendarOverride] = (),
    ) -> CourtCalendar:
        """Put the layers together.

        ``published`` are sheets of yearly notices; a later sheet replaces an earlier one for every
        year it declares.  ``statutory`` are the provisional days of other years.  Of two
        ``overrides`` for one day the later ``at`` wins.
        """
        years: set[int] = set()
        rows: dict[date, CalendarDay] = {}
        notices: dict[int, str] = {}
        for sheet in published:
            declared = {year.year for year in sheet.years}
            notices.update((year.year, year.source) for year in sheet.years)
            rows = {day: row for day, row in rows.items() if not _replaced(day, declared, years)}
            rows.update((row.day, row) for row in sheet.days)
            years |= declared
        for row in statutory.days:
            if row.day.year not in years:
                rows.setdefault(row.day, row)
        by_court: set[date] = set()
        for override in sorted(overrides, key=lambda o: o.at):
            rows[override.day] = CalendarDay(
                override.day, override.kind, override.name, override.source
            )
            by_court.add(override.day)
        return cls(
            digest=_digest(years, rows, by_court),
            _published=frozenset(years),
            _works={day: row.kind == "work" for day, row in rows.items()},
            _rows=rows,
            _set_by_court=frozenset(by_court),
            _notices=notices,
        )

    @property
    def published_years(self) -> tuple[int, ...]:
        """The years whose notice is known, ascending."""
        return tuple(sorted(self._published))

    @property
    def version(self) -> str:
        """A short name for records and slips, such as ``2004-2026/3f9a1c2b``."""
        years = self.published_years
        span = f"{years[0]}-{years[-1]}" if years else "-"
        return f"{span}/{self.digest[:8]}"

    def notice(self, year: int) -> str | None:
        """The title of the notice for a year, ``None`` while none is known."""
        return self._notices.get(year)

    def is_set_by_court(self, day: date) -> bool:
        """Whether the court itself has set ``day``."""
        return _plain(day) in self._set_by_court

    def is_workday(self, day: date) -> bool:
        """Whether the court works on ``day``.  One dictionary look-up: it is asked very often."""
        works = self._works.get(day)
        if works is not None:
            return works
        if isinstance(day, datetime):  # never equal to a date, so the look-up above was blind
            return self.is_workday(day.date())
        return day.weekday() < _SATURDAY

    def is_rest_day(self, day: date) -> bool:
        """Whether ``day`` is a weekend or a holiday (法定休假日 in the sense of 民诉法85)."""
        return not self.is_workday(day)

    def kind(self, day: date) -> DayKind:
        """Whether ``day`` is worked, an ordinary weekend or a named holiday."""
        if self.is_workday(day):
            return DayKind.WORKDAY
        return DayKind.HOLIDAY if _plain(day) in self._rows else DayKind.REST

    def row(self, day: date) -> CalendarDay | None:
        """The row that decides ``day``, or ``None`` where the weekday alone decides."""
        return self._rows.get(_plain(day))

    def is_provisional(self, day: date) -> bool:
        """Whether the answer for ``day`` may still change with a notice that is not out.

        A day that the court has set itself is settled.
        """
        year = day.year
        if year in self._published and (
            year + 1 in self._published or (day.month, day.day) < TURN_OF_YEAR
        ):
            return False
        return _plain(day) not in self._set_by_court

    def workday_from(self, day: date) -> date:
        """``day`` itself when it is worked, else the first working day after it."""
        day = _plain(day)
        while not self.is_workday(day):
            day += _ONE_DAY
        return day

    def workday_until(self, day: date) -> date:
        """``day`` itself when it is worked, else the last working day before it."""
        day = _plain(day)
        while not self.is_workday(day):
            day -= _ONE_DAY
        return day

    def next_workday(self, day: date) -> date:
        """The first working day strictly after ``day``."""
        return self.workday_from(_plain(day) + _ONE_DAY)

    def add_workdays(self, day: date, n: int) -> date:
        """The ``n``-th working day after ``day`` (``day`` itself is not counted).

        ``n`` = 0 gives ``day``.  Raises ``ValueError`` for a negative ``n``.
        """
        if n < 0:
            raise ValueError("working days are counted forward only")
        day = _plain(day)
        for _ in range(n):
            day = self.next_workday(day)
        return day

    def describe(self, day: date) -> str:
        """The day in words, such as ``2024年2月18日（星期日，调休上班）``."""
        day = _plain(day)
        notes = [weekday_words(day)]
        row = self._rows.get(day)
        if row is not None:
            notes.append(_row_words(row))
        if day in self._set_by_court:
            notes.append("本院设定")
        elif self.is_provisional(day):
            notes.append("放假安排未公布")
        return f"{day.year}年{day.month}月{day.day}日（{'，'.join(notes)}）"


def differences(old: CourtCalendar, new: CourtCalendar) -> tuple[DayChange, ...]:
    """The days that are worked in one calendar and not in the other, ascending."""
    days = sorted(old._works.keys() | new._works.keys())  # noqa: SLF001 - same module
    return tuple(
        DayChange(day, old.describe(day), new.describe(day))
        for day in days
        if old.is_workday(day) != new.is_workday(day)
    )


def _replaced(day: date, declared: set[int], known: set[int]) -> bool:
    """Whether a new sheet for the years ``declared`` takes an older sheet's row away.

    Rows at the turn of the year that stand in the next year's notice stay.
    """
    if day.year not in declared:
        return False
    turn = (day.month, day.day) >= TURN_OF_YEAR
    return not (turn and day.year + 1 in known and day.year + 1 not in declared)


def _plain(day: date) -> date:
    return day.date() if isinstance(day, datetime) else day


def _row_words(row: CalendarDay) -> str:
    if row.kind == "rest":
        return row.name or "休息"
    return "调休上班" if row.day.weekday() >= _SATURDAY else "上班"


def _digest(years: set[int], rows: dict[date, CalendarDay], by_court: set[date]) -> str:
    """SHA-256 over whatever decides an answer; who entered a row decides none."""
    lines = [f"year {year}" for year in sorted(years)]
    for day in sorted(rows):
        mark = "court" if day in by_court else "table"
        lines.append(f"{day.isoformat()} {rows[day].kind} {mark} {rows[day].name}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
