"""What the court has entered into its calendar, as rows: single days, and whole yearly notices.

One table holds both, in the order in which they were entered.  ``work`` and ``rest`` set a day,
``table`` takes that back; ``notice_year``, ``notice_rest`` and ``notice_work`` are the rows of a
yearly notice, its years before its days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from zhixing_desktop.models.rows import ask
from zhixing_desktop.models.tables import calendar_edits
from zhixing_desktop.workflow.calendar import (
    CalendarDay,
    CalendarOverride,
    CalendarSheet,
    PublishedYear,
)

DAY_KINDS = ("work", "rest", "table")
NOTICE_YEAR, _NOTICE = "notice_year", "notice_"


@dataclass(frozen=True, slots=True)
class CalendarEdits:
    """The court's own days and the notices it entered; ``last`` is the newest row's number."""

    last: int
    overrides: tuple[CalendarOverride, ...] = ()
    notices: tuple[CalendarSheet, ...] = ()


def last_edit(conn: Connection) -> int:
    """Return the number of the newest row, 0 where there is none."""
    return int(ask(conn, "SELECT coalesce(max(id), 0) FROM calendar_edits")[0][0])


def read_edits(conn: Connection) -> CalendarEdits:
    """Return everything that was entered and still stands."""
    rows = conn.execute(select(calendar_edits).order_by(calendar_edits.c.id)).all()
    days: dict[date, CalendarOverride] = {}
    sheets: list[list[Any]] = []
    before: Any = None
    for row in rows:
        if not row.kind.startswith(_NOTICE):
            days.pop(row.day, None)
            if row.kind != "table":
                days[row.day] = CalendarOverride(
                    row.day, row.kind, row.name, row.who, row.at, row.reason, row.source
                )
        elif sheets and not _begins(row, before):
            sheets[-1].append(row)
        else:
            sheets.append([row])
        before = row
    last = rows[-1].id if rows else 0
    return CalendarEdits(last, tuple(days.values()), tuple(_sheet(part) for part in sheets))


def _begins(row: Any, before: Any) -> bool:
    """Whether a notice's row begins another notice than the row before it belongs to."""
    if not before.kind.startswith(_NOTICE) or (row.at, row.who) != (before.at, before.who):
        return True
    return bool(row.kind == NOTICE_YEAR and before.kind != NOTICE_YEAR)


def _sheet(rows: Sequence[Any]) -> CalendarSheet:
    return CalendarSheet(
        days=tuple(
            CalendarDay(row.day, row.kind.removeprefix(_NOTICE), row.name, row.source)
            for row in rows
            if row.kind != NOTICE_YEAR
        ),
        years=tuple(
            PublishedYear(row.day.year, row.source) for row in rows if row.kind == NOTICE_YEAR
        ),
    )


def notice_rows(sheet: CalendarSheet) -> list[dict[str, Any]]:
    """Return the rows of a notice, as they are to be entered."""
    years = [
        {"day": date(year.year, 1, 1), "kind": NOTICE_YEAR, "name": "", "source": year.source}
        for year in sheet.years
    ]
    days = [
        {"day": row.day, "kind": f"{_NOTICE}{row.kind}", "name": row.name, "source": row.source}
        for row in sheet.days
    ]
    return [*years, *days]
