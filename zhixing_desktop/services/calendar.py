"""The court's calendar: what it has changed, what a change would move, and changing it.

Window and command line go the same way: read or make a change, foresee what it moves, save it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection

from zhixing_desktop.exchange.calendar_table import calendar_text, calendar_workbook
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.tables import calendar_edits
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.calendar_edits import (
    DAY_KINDS,
    CalendarEdits,
    last_edit,
    notice_rows,
    read_edits,
)
from zhixing_desktop.services.permission import permit
from zhixing_desktop.services.recompute import (
    MovedLimit,
    Progress,
    foresee_moves,
    moves_in_sight,
)
from zhixing_desktop.services.rules import load_calendar, statutory_days
from zhixing_desktop.workflow.calendar import (
    CalendarOverride,
    CalendarSheet,
    CourtCalendar,
    DayChange,
    differences,
    parse_calendar_csv,
    statutory_doubts,
)
from zhixing_desktop.workflow.errors import InputRefusedError, Problem, StaleEditError

MIN_REASON = 4
MOST_DAYS = 366
_YEARS = range(1990, 2101)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DaysChange:
    """The days from ``first`` to ``last`` become ``work`` or ``rest``, or follow the ``table``.

    ``name`` is shown with them; ``paper`` is the number of the paper that it rests on.
    """

    first: date
    last: date
    kind: str
    name: str
    reason: str
    paper: str = ""


@dataclass(frozen=True, slots=True)
class NoticeChange:
    """A yearly notice takes the place of what was known of its years."""

    sheet: CalendarSheet
    reason: str


Change = DaysChange | NoticeChange


@dataclass(frozen=True, slots=True)
class Foresight:
    """What a change would bring: other days, moved limits, what to look at first.

    ``based_on`` is the number of the newest entry of the calendar that it was computed with.
    """

    based_on: int
    days: tuple[DayChange, ...]
    moved: tuple[MovedLimit, ...]
    warnings: tuple[Problem, ...]


class CalendarCancelledError(Exception):
    """The person stopped the computation; nothing was changed."""


def read_calendar(bureau: Bureau) -> CourtCalendar:
    """Return the calendar as it stands, with what other workstations have entered."""
    with bureau.database.reading() as conn:
        edits = read_edits(conn)
    return load_calendar(bureau.resources, edits.overrides, edits.notices)


def read_notice(path: Path) -> CalendarSheet:
    """Read a year's table from Excel or CSV; :class:`InputRefusedError` lists every mistake."""
    return parse_calendar_csv(calendar_text(path), where=f"“{path.name}”")


def blank_table(bureau: Bureau, year: int) -> bytes:
    """Return a workbook to fill in for a year, with the statutory days that are known."""
    return calendar_workbook(year, statutory_days(bureau.resources))


def check(change: Change) -> None:
    """Raise :class:`InputRefusedError` with all that is wrong with a change itself."""
    problems = []
    if isinstance(change, DaysChange):
        problems += _day_problems(change)
    if len(change.reason.strip()) < MIN_REASON:
        problems.append(Problem("依据", "请写明依据的通知或者理由"))
    if problems:
        raise InputRefusedError("日历没有修改", problems)


def _day_problems(change: DaysChange) -> list[Problem]:
    found = []
    if change.kind not in DAY_KINDS:
        words = "只能是上班日（work）、休息日（rest）或者恢复原安排（table）"
        found.append(Problem("性质", words))
    if change.last < change.first:
        found.append(Problem("日期", "结束日期不能早于开始日期"))
    elif (change.last - change.first).days >= MOST_DAYS:
        found.append(Problem("日期", f"一次最多修改{MOST_DAYS}天"))
    if change.first.year not in _YEARS or change.last.year not in _YEARS:
        found.append(Problem("日期", f"年度应当在{_YEARS[0]}年至{_YEARS[-1]}年之间"))
    return found


def foresee(
    bureau: Bureau,
    actor: Actor,
    change: Change,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Foresight:
    """Tell what a change would move, without writing anything, to whoever may make it.

    ``progress(done, all)`` counts cases; those that ``actor`` may not see are counted and not
    named.  Raises :class:`NotAllowedError`, :class:`InputRefusedError`,
    :class:`CalendarCancelledError`, and :class:`StaleEditError` where somebody else changes the
    calendar meanwhile.
    """
    check(change)
    with bureau.database.reading() as conn:
        permit(conn, bureau, actor, "calendar.edit")
        edits = read_edits(conn)
        now = bureau.database.now(conn)
    old = load_calendar(bureau.resources, edits.overrides, edits.notices)
    days = {entry.day: entry for entry in edits.overrides}
    notices = edits.notices
    if isinstance(change, DaysChange):
        for day in _days(change):
            days.pop(day, None)
            if change.kind != "table":
                kind: Literal["work", "rest"] = "work" if change.kind == "work" else "rest"
                words = (change.name, "", now, change.reason, change.paper)
                days[day] = CalendarOverride(day, kind, *words)
    else:
        notices = (*notices, change.sheet)
    new = load_calendar(bureau.resources, days.values(), notices)

    def go_on(done: int, total: int) -> None:
        if cancelled():
            raise CalendarCancelledError
        if progress is not None:
            progress(done, total)

    moved = moves_in_sight(bureau, actor, foresee_moves(bureau, new, edits.last, go_on))
    return Foresight(edits.last, differences(old, new), moved, _warnings(bureau, change, edits))


def _warnings(bureau: Bureau, change: Change, edits: CalendarEdits) -> tuple[Problem, ...]:
    """What a person should look at before saying yes to a notice."""
    if isinstance(change, DaysChange):
        return ()
    declared = {year.year for year in change.sheet.years}
    kept = [entry.day for entry in edits.overrides if entry.day.year in declared]
    found = list(statutory_doubts(change.sheet, statutory_days(bureau.resources)))
    found += [
        Problem(f"{day}", "这一天由本院设定，导入后仍以本院的设定为准", "warning") for day in kept
    ]
    return tuple(found)


def save(bureau: Bureau, actor: Actor, change: Change, *, based_on: int | None = None) -> int:
    """Enter a change into the calendar; return the number of days and years entered.

    One transaction, one row in the journal.  ``recompute`` brings the cases in line afterwards.
    Raises :class:`InputRefusedError`, and :class:`StaleEditError` where the calendar is no longer
    the one that the change was foreseen on (``based_on``).
    """
    check(change)
    if isinstance(change, DaysChange):
        rows = [
            {"day": day, "kind": change.kind, "name": change.name, "source": change.paper}
            for day in _days(change)
        ]
    else:
        rows = notice_rows(change.sheet)
    action = "calendar.edit" if isinstance(change, DaysChange) else "calendar.import"
    with _entering(bureau, actor, action) as (conn, record):
        if based_on is not None and last_edit(conn) != based_on:
            raise StaleEditError("工作日历刚刚被别人修改过，没有保存；请重新试算后再保存。")
        now = bureau.database.now(conn)
        for row in rows:
            record.insert(
                calendar_edits, {**row, "who": actor.name, "at": now, "reason": change.reason}
            )
    return len(rows)


@contextmanager
def _entering(bureau: Bureau, actor: Actor, action: str) -> Iterator[tuple[Connection, Recorder]]:
    with bureau.database.writing() as conn:
        now = bureau.database.now(conn)
        permit(conn, bureau, actor, "calendar.edit")
        with Recorder(
            conn, at=now, actor=actor.name, action=action, workstation=bureau.workstation
        ) as record:
            yield conn, record


def _days(change: DaysChange) -> list[date]:
    count = (change.last - change.first).days + 1
    return [change.first + number * _ONE_DAY for number in range(count)]


def edit_day(bureau: Bureau, actor: Actor, day: date, kind: str, name: str, reason: str) -> None:
    """Declare a day a working day (``work``) or a day of rest (``rest``); journalled."""
    save(bureau, actor, DaysChange(day, day, kind, name, reason))
