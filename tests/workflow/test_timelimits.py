"""Time limits against a table counted by hand, and the settings that change the count."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path

import pytest

from helpers.calendars import CALENDAR, PUBLISHED, STATUTORY
from helpers.time_limits import LIMITS, spec_of
from zhixing_desktop.workflow.calendar import (
    CalendarOverride,
    CourtCalendar,
    parse_calendar_csv,
)
from zhixing_desktop.workflow.timelimits import (
    Direction,
    ExactHour,
    Extension,
    Interval,
    LimitInput,
    Readings,
    Rolling,
    TimeSpec,
    Unit,
    compute,
    derive,
    elapsed_days,
    moved,
    periodic_days,
)

HERE = Path(__file__).parent
DAY_END = time(23, 59, 59)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Case:
    """One line of the table."""

    line: int
    limit_id: str
    anchor: date
    nominal: str
    effective: str
    provisional: bool
    rolling: Rolling
    extensions: tuple[Extension, ...]
    exclusions: tuple[Interval, ...]

    def __str__(self) -> str:
        """Name of the test."""
        return f"line{self.line}:{self.limit_id}"


def moment(word: str) -> datetime | None:
    """A cell of the table: a moment, a day (its last second) or no end."""
    if word == "-":
        return None
    if "T" in word:
        return datetime.fromisoformat(word)
    return datetime.combine(date.fromisoformat(word), DAY_END)


def anchor_of(word: str) -> date:
    """A day or a moment."""
    return datetime.fromisoformat(word) if "T" in word else date.fromisoformat(word)


def extensions_of(cell: str) -> tuple[Extension, ...]:
    """'3 month; 10 day'."""
    parts = (part.split() for part in cell.split(";") if part.strip())
    return tuple(
        Extension(int(n), Unit(unit), "案情复杂", "审限规定第五条", date(2024, 7, 30))
        for n, unit in parts
    )


def exclusions_of(cell: str) -> tuple[Interval, ...]:
    """'2024-03-01/2024-03-25; 2024-05-07/'."""
    spans = (part.strip().split("/") for part in cell.split(";") if part.strip())
    return tuple(
        Interval(
            date.fromisoformat(first),
            date.fromisoformat(end) if end else None,
            "评估",
            "审限规定第九条",
        )
        for first, end in spans
    )


def table() -> Iterator[Case]:
    """The table counted by hand."""
    with (HERE / "time_limit_cases.csv").open(encoding="utf-8", newline="") as file:
        lines = [(n, line) for n, line in enumerate(file, 1) if not line.startswith("#")]
    numbers = [n for n, _ in lines[1:]]
    for number, row in zip(numbers, csv.DictReader(line for _, line in lines), strict=True):
        yield Case(
            number,
            row["limit_id"],
            anchor_of(row["from"]),
            row["nominal"],
            row["effective"],
            {"yes": True, "no": False}[row["provisional"]],
            Rolling(row["rolling"] or "roll"),
            extensions_of(row["extensions"]),
            exclusions_of(row["exclusions"]),
        )


CASES = list(table())
SINGLE = [case for case in CASES if case.limit_id != "45-a"]
PERIODIC = [case for case in CASES if case.limit_id == "45-a"]


def test_the_table_covers_every_limit() -> None:
    """And is as large as it was meant to be."""
    assert {case.limit_id for case in CASES} == set(LIMITS)
    assert len(CASES) >= 90


@pytest.mark.parametrize("case", SINGLE, ids=str)
def test_counted_by_hand(case: Case) -> None:
    """Nominal end, effective end, provisional or not."""
    due = compute(
        spec_of(case.limit_id),
        case.anchor,
        CALENDAR,
        rolling=case.rolling,
        extensions=case.extensions,
        exclusions=case.exclusions,
    )
    assert due.nominal == moment(case.nominal)
    assert due.effective == moment(case.effective)
    assert due.provisional is case.provisional
    assert due.suspended is (case.effective == "-")


@pytest.mark.parametrize("case", PERIODIC, ids=str)
def test_periodic_days_counted_by_hand(case: Case) -> None:
    """Ten runs, each from the closing day, not rolled."""
    expected = tuple(date.fromisoformat(day) for day in case.nominal.split())
    assert periodic_days(case.anchor) == expected


@pytest.mark.parametrize("case", SINGLE, ids=str)
def test_a_derivation_is_the_computation_told(case: Case) -> None:
    """The same end, sentences that end, every skipped day named, plain data for programs."""
    spec = spec_of(case.limit_id)
    told = derive(
        spec,
        case.anchor,
        CALENDAR,
        rolling=case.rolling,
        extensions=case.extensions,
        exclusions=case.exclusions,
        anchor_words="立案",
        rule_cite="节点四 完成时限：“立案后三日内。”",
    )
    assert told.due == compute(
        spec,
        case.anchor,
        CALENDAR,
        rolling=case.rolling,
        extensions=case.extensions,
        exclusions=case.exclusions,
    )
    words = "".join(step.words for step in told.steps)
    assert told.steps[0].words.startswith("立案：")
    assert told.steps[0].cite == "节点四 完成时限：“立案后三日内。”"
    assert all(step.words.endswith("。") for step in told.steps)
    assert len(told.steps) >= 2
    assert ("暂定" in words) is case.provisional
    if told.nominal and told.effective and told.effective > told.nominal:
        day = told.nominal.date()
        while day < told.effective.date():
            assert CALENDAR.describe(day).removeprefix(f"{day.year}年") in words
            day += ONE_DAY
        assert f"顺延至{CALENDAR.describe(day)}" in words
    data = json.loads(json.dumps(told.to_json()))
    assert data["nominal"] == (told.nominal.isoformat() if told.nominal else None)
    assert data["effective"] == (told.effective.isoformat() if told.effective else None)
    assert data["provisional"] is case.provisional
    assert [step["words"] for step in data["steps"]] == [step.words for step in told.steps]


# ----------------------------------------------------------------------------------- the settings


def test_an_exact_hour_as_the_court_sets_it() -> None:
    """16:00:00 belongs to the hour it begins, unless the stricter setting is chosen."""
    spec, anchor = spec_of("3-b"), datetime(2024, 2, 7, 16)
    assert compute(spec, anchor, CALENDAR).effective == datetime(2024, 2, 9, 17)
    same = compute(spec, anchor, CALENDAR, exact_hour=ExactHour.SAME)
    assert same.effective == datetime(2024, 2, 9, 16)
    later = compute(spec, anchor.replace(second=1), CALENDAR, exact_hour="same")
    assert later.effective == datetime(2024, 2, 9, 17)


def test_settings_may_be_given_as_their_words() -> None:
    """As the rulebook stores them; an unknown word is refused, not counted somehow."""
    spec, anchor = spec_of("4-a"), date(2024, 2, 7)
    assert compute(spec, anchor, CALENDAR, rolling="strict") == compute(
        spec, anchor, CALENDAR, rolling=Rolling.STRICT
    )
    with pytest.raises(ValueError, match="rol"):
        compute(spec, anchor, CALENDAR, rolling="rol")


def test_units_may_be_given_as_their_words() -> None:
    """Stored data has words; a word must not be counted as something else."""
    spec = TimeSpec(30, "day", "before")  # type: ignore[arg-type]
    assert spec == spec_of("25-b")
    assert spec.direction is Direction.BEFORE
    month = Extension(3, "month", "", "", date(2024, 7, 30))  # type: ignore[arg-type]
    due = compute(spec_of("43-a"), date(2024, 2, 7), CALENDAR, extensions=(month,))
    assert due.effective == datetime(2024, 11, 7, 23, 59, 59)


@pytest.mark.parametrize(
    ("amount", "unit", "direction"),
    [
        (0, "day", "within"),
        (-1, "month", "within"),
        (1, "same_day", "within"),
        (1, "immediate", "within"),
        (48, "hour", "before"),
        (3, "fortnight", "within"),
    ],
)
def test_what_is_no_limit(amount: int, unit: str, direction: str) -> None:
    """Refused when it is made, not when it is due."""
    with pytest.raises(ValueError, match=r".+"):
        TimeSpec(amount, unit, direction)  # type: ignore[arg-type]


def test_what_is_no_extension_and_no_interval() -> None:
    """An extension never shortens; an interval never runs backwards."""
    with pytest.raises(ValueError, match="no extension"):
        Extension(0, Unit.MONTH, "", "", date(2024, 7, 30))
    with pytest.raises(ValueError, match="no extension"):
        Extension(3, Unit.WORKDAY, "", "", date(2024, 7, 30))
    with pytest.raises(ValueError, match="before it starts"):
        Interval(date(2024, 3, 2), date(2024, 3, 1), "评估")


def test_a_moment_with_a_zone_is_refused() -> None:
    """Moments are civil; one with a zone came in past the guard."""
    with pytest.raises(ValueError, match="zone"):
        compute(spec_of("3-b"), datetime(2024, 2, 7, tzinfo=timezone.utc), CALENDAR)  # noqa: UP017


def test_a_day_set_by_the_court_moves_a_limit() -> None:
    """The court's own day of rest is rolled over like any other."""
    closed = CalendarOverride(
        date(2024, 3, 4), "rest", "停电", "系统管理员", datetime(2024, 3, 1), "通知"
    )
    calendar = CourtCalendar.build([PUBLISHED], STATUTORY, [closed])
    due = compute(spec_of("4-a"), date(2024, 3, 1), calendar)
    assert due.effective == datetime(2024, 3, 5, 23, 59, 59)


def test_working_days_lost_to_an_exclusion() -> None:
    """Only the working days of an excluded stretch are given back."""
    weekend = (Interval(date(2024, 3, 9), date(2024, 3, 11), "停电"),)
    week = (Interval(date(2024, 3, 8), date(2024, 3, 13), "停电"),)
    spec, anchor = spec_of("38-a"), date(2024, 3, 7)
    # 8, 11, 12 March without it.
    assert compute(spec, anchor, CALENDAR).effective == datetime(2024, 3, 12, 23, 59, 59)
    same = compute(spec, anchor, CALENDAR, exclusions=weekend)
    assert same.effective == datetime(2024, 3, 12, 23, 59, 59)
    # 8, 11, 12 are lost; 13, 14, 15 count.
    later = compute(spec, anchor, CALENDAR, exclusions=week)
    assert later.effective == datetime(2024, 3, 15, 23, 59, 59)


def test_days_used_up_while_a_period_stands_still() -> None:
    """For the display: overlaps once, an open interval until today, nothing before the anchor."""
    anchor = date(2024, 2, 7)
    assert elapsed_days(anchor, (), date(2024, 2, 7)) == 0
    assert elapsed_days(anchor, (), date(2024, 2, 10)) == 3
    stops = (
        Interval(date(2024, 2, 1), date(2024, 2, 10), "评估"),
        Interval(date(2024, 2, 9), date(2024, 2, 12), "暂缓"),
        Interval(date(2024, 2, 20), None, "中止"),
    )
    # 8 to 11 February are out, 12 to 19 count, then it stands still.
    assert elapsed_days(anchor, stops, date(2024, 2, 15)) == 4
    assert elapsed_days(anchor, stops, date(2024, 6, 30)) == 8
    # 8 and 9 February count; the stretch runs on after today.
    running = (Interval(date(2024, 2, 10), date(2024, 3, 1), "评估"),)
    assert elapsed_days(anchor, running, date(2024, 2, 12)) == 2


def test_what_only_passed_through_an_unsettled_year_is_provisional() -> None:
    """The last day is settled by the court, but whether it was reached was not."""
    anchor, last = date(2026, 8, 6), date(2027, 3, 2)
    set_by_court = CalendarOverride(last, "work", "", "系统管理员", datetime(2026, 11, 3), "通知")
    calendar = CourtCalendar.build([PUBLISHED], STATUTORY, [set_by_court])
    # Counted to 6 February 2027, kept open by days of rest until the 9th.
    stop = (Interval(date(2027, 2, 8), last, "评估"),)
    due = compute(spec_of("43-a"), anchor, calendar, exclusions=stop)
    assert due.effective == datetime(2027, 3, 2, 23, 59, 59)
    assert due.provisional
    lost = (Interval(date(2027, 1, 5), date(2027, 1, 8), "停电"),)
    strict = Rolling.STRICT
    days = compute(spec_of("38-a"), date(2027, 1, 4), calendar, rolling=strict, exclusions=lost)
    assert days.effective == datetime(2027, 1, 12, 23, 59, 59)
    assert days.provisional


# ------------------------------------------------------------------------------ a new calendar


def test_what_a_new_notice_moves() -> None:
    """Moved, merely confirmed, or untouched."""
    days = [f"2027-{day}" for day in ("01-01", "02-05", "02-06", "02-07", "02-08", "02-09")]
    days += ["2027-05-01", "2027-10-01", "2027-10-02", "2027-10-03"]
    text = "day,kind,name,source\n2027,year,,测试用通知\n"
    text += "".join(f"{day},rest,节日,\n" for day in days) + "2027-02-20,work,春节,\n"
    new = CourtCalendar.build([PUBLISHED, parse_calendar_csv(text)], STATUTORY)
    inputs = [
        LimitInput("moved", spec_of("43-a"), date(2026, 8, 6)),
        LimitInput("confirmed", spec_of("43-a"), date(2026, 9, 15)),
        LimitInput("untouched", spec_of("43-a"), date(2026, 3, 10)),
        LimitInput("strict", spec_of("43-a"), date(2026, 8, 6), Readings(Rolling.STRICT)),
    ]
    moves = {move.key: move for move in moved(CALENDAR, new, inputs)}
    assert set(moves) == {"moved", "confirmed"}
    assert moves["moved"].shifted
    assert moves["moved"].before.effective == datetime(2027, 2, 9, 23, 59, 59)
    assert moves["moved"].after.effective == datetime(2027, 2, 10, 23, 59, 59)
    assert not moves["moved"].after.provisional
    assert not moves["confirmed"].shifted
    assert moved(CALENDAR, CALENDAR, inputs) == ()
