"""The court's calendar: the published notices, the provisional years, what the court sets."""

from __future__ import annotations

import importlib.util
from datetime import date, datetime, timedelta
from pathlib import Path
from types import ModuleType

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.calendars import CALENDAR, NOTICE_2027, PUBLISHED, STATUTORY
from zhixing_desktop.workflow.calendar import (
    CalendarOverride,
    CalendarSheet,
    CourtCalendar,
    DayKind,
    differences,
    parse_calendar_csv,
)

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "resources" / "calendar"
ONE_DAY = timedelta(days=1)

# The make-up days and the holidays of three notices, typed from their text.
WORKED_WEEKENDS = {
    2024: "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    2025: "01-26 02-08 04-27 09-28 10-11",
    2026: "01-04 02-14 02-28 05-09 09-20 10-10",
}
HOLIDAYS = {
    2024: "01-01/01-01 02-10/02-17 04-04/04-06 05-01/05-05 06-10/06-10 09-15/09-17 10-01/10-07",
    2025: "01-01/01-01 01-28/02-04 04-04/04-06 05-01/05-05 05-31/06-02 10-01/10-08",
    2026: "01-01/01-03 02-15/02-23 04-04/04-06 05-01/05-05 06-19/06-21 09-25/09-27 10-01/10-07",
}


def days_of(year: int) -> list[date]:
    """All days of a year."""
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def override(
    day: date, kind: str = "rest", name: str = "机房检修", at: datetime | None = None
) -> CalendarOverride:
    """A day set by the court."""
    assert kind in ("rest", "work")
    return CalendarOverride(
        day,
        "rest" if kind == "rest" else "work",
        name,
        who="系统管理员",
        at=at or datetime(2026, 11, 2, 9),
        reason="院党组会议决定",
    )


def tool() -> ModuleType:
    """The developer's tool that writes the tables."""
    spec = importlib.util.spec_from_file_location("make_calendar", ROOT / "tools/make_calendar.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_the_notices_day_by_day(year: int) -> None:
    """Every day of three years, against the text of the notices."""
    worked = {date.fromisoformat(f"{year}-{day}") for day in WORKED_WEEKENDS[year].split()}
    free: set[date] = set()
    for span in HOLIDAYS[year].split():
        first, last = (date.fromisoformat(f"{year}-{day}") for day in span.split("/"))
        free |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    for day in days_of(year):
        expected = day in worked or (day.weekday() < 5 and day not in free)
        assert CALENDAR.is_workday(day) is expected, day


@pytest.mark.parametrize("year", CALENDAR.published_years)
def test_the_table_says_what_the_library_says(year: int) -> None:
    """The whole table against chinesecalendar, which it was seeded from."""
    for day in days_of(year):
        assert CALENDAR.is_workday(day) is chinese_calendar.is_workday(day), day


def test_the_tables_are_what_the_tool_writes() -> None:
    """Nobody has edited the tables by hand, and the tool still writes them."""
    module = tool()
    assert (FOLDER / "published.csv").read_text(encoding="utf-8") == module.published()
    assert (FOLDER / "statutory.csv").read_text(encoding="utf-8") == module.statutory()


def test_published_years_end_where_the_notices_end() -> None:
    """2004 to 2026, without a gap."""
    assert CALENDAR.published_years == tuple(range(2004, 2027))
    assert CALENDAR.version.startswith("2004-2026/")


@pytest.mark.parametrize(
    "day",
    [
        "2027-01-01 2027-02-05 2027-02-06 2027-02-07 2027-02-08 2027-04-05 2027-05-01",
        "2027-05-02 2027-06-09 2027-09-15 2027-10-01 2027-10-02 2027-10-03",
        "2028-01-26 2028-05-28 2046-02-06 2046-10-01",
    ],
)
def test_statutory_days_rest_in_years_without_a_notice(day: str) -> None:
    """Thirteen days a year by 全国年节及纪念日放假办法, lunar ones from an almanac."""
    for one in day.split():
        assert CALENDAR.is_rest_day(date.fromisoformat(one)), one


def test_years_without_a_notice_have_no_made_up_days() -> None:
    """Neither make-up work nor substitute rest is guessed: weekends and statutory days only."""
    named = {row.day for row in STATUTORY.days}
    for year in (2027, 2033, 2046):
        for day in days_of(year):
            assert CALENDAR.is_workday(day) is (day.weekday() < 5 and day not in named), day
        assert sum(day.year == year for day in named) == 13


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-12-26", False),
        ("2026-12-27", True),
        ("2026-12-31", True),
        ("2025-12-31", False),
        ("2027-01-01", True),
        ("2027-07-14", True),
        ("2003-12-31", True),
        ("2004-01-01", False),
        ("2060-05-01", True),
    ],
)
def test_provisional_days(day: str, expected: bool) -> None:
    """A year without a notice is provisional, and so is the turn to it."""
    assert CALENDAR.is_provisional(date.fromisoformat(day)) is expected


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2024-02-10", "2024年2月10日（星期六，春节）"),
        ("2024-02-18", "2024年2月18日（星期日，调休上班）"),
        ("2024-03-09", "2024年3月9日（星期六）"),
        ("2024-03-08", "2024年3月8日（星期五）"),
        ("2026-06-19", "2026年6月19日（星期五，端午节）"),
        ("2027-02-05", "2027年2月5日（星期五，除夕，放假安排未公布）"),
        ("2027-03-10", "2027年3月10日（星期三，放假安排未公布）"),
        ("2028-10-03", "2028年10月3日（星期二，中秋节、国庆节，放假安排未公布）"),
    ],
)
def test_describe(day: str, words: str) -> None:
    """A day as an officer reads it."""
    assert CALENDAR.describe(date.fromisoformat(day)) == words


def test_kinds() -> None:
    """Worked, weekend, holiday."""
    assert CALENDAR.kind(date(2024, 2, 18)) is DayKind.WORKDAY
    assert CALENDAR.kind(date(2024, 3, 9)) is DayKind.REST
    assert CALENDAR.kind(date(2024, 2, 10)) is DayKind.HOLIDAY
    assert [kind.label for kind in DayKind] == ["工作日", "休息日", "节假日"]


def test_a_moment_counts_as_its_day() -> None:
    """A datetime is a date to the type checker but never equal to one."""
    spring = datetime(2024, 2, 12, 10, 30)
    assert CALENDAR.is_workday(spring) is False
    assert CALENDAR.describe(spring) == "2024年2月12日（星期一，春节）"
    assert CALENDAR.next_workday(spring) == date(2024, 2, 18)
    assert type(CALENDAR.workday_from(spring)) is date


def test_stepping_over_days_of_rest() -> None:
    """Forward, backward and n at a time."""
    assert CALENDAR.workday_from(date(2024, 2, 10)) == date(2024, 2, 18)
    assert CALENDAR.workday_from(date(2024, 2, 18)) == date(2024, 2, 18)
    assert CALENDAR.workday_until(date(2024, 2, 17)) == date(2024, 2, 9)
    assert CALENDAR.next_workday(date(2024, 2, 9)) == date(2024, 2, 18)
    assert CALENDAR.add_workdays(date(2024, 2, 8), 3) == date(2024, 2, 19)
    assert CALENDAR.add_workdays(date(2024, 2, 10), 0) == date(2024, 2, 10)
    with pytest.raises(ValueError, match="forward"):
        CALENDAR.add_workdays(date(2024, 2, 8), -1)


def test_the_court_wins_over_every_table() -> None:
    """A day set by the court is settled, named, and its reason is kept."""
    closed, open_day = date(2024, 3, 13), date(2024, 2, 10)
    calendar = CourtCalendar.build(
        [PUBLISHED], STATUTORY, [override(closed), override(open_day, "work", "集中执行")]
    )
    assert calendar.is_rest_day(closed)
    assert calendar.is_workday(open_day)
    assert calendar.describe(closed) == "2024年3月13日（星期三，机房检修，本院设定）"
    assert calendar.describe(open_day) == "2024年2月10日（星期六，调休上班，本院设定）"
    row = calendar.row(closed)
    assert row is not None
    assert row.source == "系统管理员：院党组会议决定"


def test_the_later_of_two_settings_wins() -> None:
    """Whatever the order they are handed in."""
    day = date(2024, 3, 13)
    late = override(day, "work", at=datetime(2026, 11, 3))
    early = override(day, "rest", at=datetime(2026, 11, 2))
    for both in ([late, early], [early, late]):
        assert CourtCalendar.build([PUBLISHED], STATUTORY, both).is_workday(day)


def test_a_day_the_court_has_set_is_not_provisional() -> None:
    """Only that day; its neighbours still wait for the notice."""
    day = date(2027, 2, 9)
    calendar = CourtCalendar.build([PUBLISHED], STATUTORY, [override(day)])
    assert calendar.is_provisional(day) is False
    assert calendar.is_provisional(day + ONE_DAY) is True


def test_a_new_notice_settles_its_year_and_the_turn_before_it() -> None:
    """The sheet of 2027 brings make-up days and takes 31 December along."""
    sheet = parse_calendar_csv(NOTICE_2027)
    calendar = CourtCalendar.build([PUBLISHED, sheet], STATUTORY)
    assert calendar.published_years[-1] == 2027
    assert calendar.is_rest_day(date(2026, 12, 31))
    assert calendar.is_workday(date(2027, 1, 3))
    assert calendar.is_rest_day(date(2027, 2, 9))
    assert not calendar.is_provisional(date(2026, 12, 31))
    assert not calendar.is_provisional(date(2027, 2, 9))
    assert calendar.is_provisional(date(2028, 2, 9))
    row = calendar.row(date(2027, 1, 3))
    assert row is not None
    assert row.source == "测试用通知"


def test_a_notice_replaces_the_statutory_days_of_its_year() -> None:
    """What the notice does not give free is worked, even if the almanac thought otherwise."""
    sheet = parse_calendar_csv(NOTICE_2027.replace("2027-06-09", "2027-06-10"))
    calendar = CourtCalendar.build([PUBLISHED, sheet], STATUTORY)
    assert calendar.is_workday(date(2027, 6, 9))
    assert calendar.is_rest_day(date(2027, 6, 10))


def test_a_corrected_sheet_replaces_the_year_but_not_the_next_notice() -> None:
    """Importing 2026 again keeps what the notice of 2027 says of 31 December."""
    old, again = parse_calendar_csv(NOTICE_2027), PUBLISHED
    calendar = CourtCalendar.build([PUBLISHED, old, again], STATUTORY)
    assert calendar.is_rest_day(date(2026, 12, 31))
    wrong = parse_calendar_csv(NOTICE_2027.replace("2027-02-20,班,春节", "2027-02-13,班,春节"))
    calendar = CourtCalendar.build([PUBLISHED, wrong, old], STATUTORY)
    assert calendar.is_rest_day(date(2027, 2, 13))
    assert calendar.is_workday(date(2027, 2, 20))


def test_differences_lists_the_days_that_moved() -> None:
    """In words, so that an administrator sees what a new table changes."""
    new = CourtCalendar.build([PUBLISHED, parse_calendar_csv(NOTICE_2027)], STATUTORY)
    moved = {change.day.isoformat(): change for change in differences(CALENDAR, new)}
    assert list(moved) == [
        "2026-12-31", "2027-01-03", "2027-02-09", "2027-02-20", "2027-05-03",
    ]  # fmt: skip
    assert moved["2027-01-03"].before == "2027年1月3日（星期日，放假安排未公布）"
    assert moved["2027-01-03"].after == "2027年1月3日（星期日，调休上班）"
    assert differences(CALENDAR, CALENDAR) == ()


def test_the_digest_stands_for_the_answers() -> None:
    """The same days, however entered, give the same digest; another day another one."""
    again = CourtCalendar.build([PUBLISHED], STATUTORY)
    assert again == CALENDAR
    assert hash(again) == hash(CALENDAR)
    day = date(2027, 3, 3)
    one = CourtCalendar.build([PUBLISHED], STATUTORY, [override(day)])
    other = CourtCalendar.build(
        [PUBLISHED], STATUTORY, [override(day, at=datetime(2026, 11, 9, 17, 30))]
    )
    assert one != CALENDAR
    assert one.digest == other.digest


def test_no_sheet_at_all_is_weekends_and_provisional() -> None:
    """A program without tables still answers, and says that it does not know."""
    bare = CourtCalendar.build([])
    assert bare.is_rest_day(date(2024, 2, 3))
    assert bare.is_workday(date(2024, 2, 12))
    assert bare.is_provisional(date(2024, 2, 12))
    assert bare.version.startswith("-/")


# ----------------------------------------------------------------------------------- properties

DAYS = st.dates(date(2004, 1, 1), date(2046, 12, 1))


@given(DAYS)
def test_the_next_working_day_is_the_nearest(day: date) -> None:
    """Worked itself, later, and nothing worked between."""
    found = CALENDAR.next_workday(day)
    assert CALENDAR.is_workday(found)
    between = ((found - ONE_DAY * n) for n in range(1, (found - day).days))
    assert not any(CALENDAR.is_workday(one) for one in between)


@given(DAYS, st.integers(0, 30), st.integers(0, 30))
def test_working_days_add_up(day: date, one: int, other: int) -> None:
    """In one step or in two."""
    both = CALENDAR.add_workdays(CALENDAR.add_workdays(day, one), other)
    assert both == CALENDAR.add_workdays(day, one + other)


@given(DAYS, st.booleans())
def test_an_override_moves_one_day_only(day: date, works: bool) -> None:
    """Nothing but the day that was set."""
    calendar = CourtCalendar.build(
        [PUBLISHED], STATUTORY, [override(day, "work" if works else "rest")]
    )
    assert calendar.is_workday(day) is works
    for near in (day - ONE_DAY, day + ONE_DAY):
        assert calendar.is_workday(near) is CALENDAR.is_workday(near)


def test_sheets_are_immutable() -> None:
    """A calendar is shared between threads."""
    with pytest.raises(AttributeError):
        CALENDAR.digest = ""  # type: ignore[misc]
    with pytest.raises(AttributeError):
        CalendarSheet((), ()).days = ()  # type: ignore[misc]
