"""Sheets of the calendar: a yearly notice, or the statutory days of years without one, as CSV.

Four columns ``day, kind, name, source`` (or ``日期, 类别, 名称, 来源``).  ``kind`` is ``rest``
(休), ``work`` (班) or ``year`` (年度); a ``year`` row carries a year in the first column and
declares that its notice is out and that the sheet holds all of it.  Lines that begin with ``#`` are
remarks.

Only the days that the notice names need a row; everything else follows the week.  A row without a
source has the source of its year.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from zhixing_desktop.workflow.day_words import date_words, day_words
from zhixing_desktop.workflow.errors import InputRefusedError, Problem

# The notice of the next year can move days from here on: a long weekend around New Year's Day
# reaches back to Saturday the 27th at most (1 January on a Thursday); the earliest so far was the
# 29th (2007, 2018).
TURN_OF_YEAR = (12, 27)

_COLUMNS = 4
_SATURDAY = 5
_YEARS = range(1990, 2101)
_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_HEADS = (("day", "kind", "name", "source"), ("日期", "类别", "名称", "来源"))
_KINDS = {
    "work": "work", "班": "work", "rest": "rest", "休": "rest", "year": "year", "年度": "year",
}  # fmt: skip
# Statutory on the same date each year since 2000: a sheet without them is not a whole notice.
_ALWAYS = (
    (1, 1, "元旦"), (5, 1, "劳动节"), (10, 1, "国庆节"), (10, 2, "国庆节"), (10, 3, "国庆节"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day that a table names.  ``name`` is the festival; ``source`` the notice it stands in."""

    day: date
    kind: Literal["work", "rest"]
    name: str
    source: str


@dataclass(frozen=True, slots=True)
class PublishedYear:
    """A year whose notice is out, and the title of that notice."""

    year: int
    source: str


@dataclass(frozen=True, slots=True)
class CalendarSheet:
    """The rows of one CSV text.  A sheet without ``years`` holds provisional statutory days."""

    days: tuple[CalendarDay, ...]
    years: tuple[PublishedYear, ...]


@dataclass(slots=True)
class _Draft:
    """What has been read so far, and what was wrong with it."""

    where: str
    days: dict[date, CalendarDay] = field(default_factory=dict)
    lines: dict[date, int] = field(default_factory=dict)
    years: dict[int, PublishedYear] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, line: int | None, sentence: str) -> None:
        where = self.where if line is None else f"{self.where}第{line}行"
        self.problems.append(Problem(where=where, sentence=f"{where}：{sentence}"))


def parse_calendar_csv(
    text: str, *, where: str = "日历表", provisional: bool = False
) -> CalendarSheet:
    """Read a sheet.

    ``provisional`` says which kind is expected: statutory days of unannounced years (no ``year``
    row allowed) or notices (every row must belong to a declared year).  Raises
    ``InputRefusedError`` that lists all mistakes at once.
    """
    draft = _Draft(where)
    for line, cells in _records(text, draft):
        _read_row(line, cells, draft)
    if not draft.problems and not draft.days:
        draft.refuse(None, "没有任何日期，请检查文件内容。")
    if provisional:
        for year in draft.years:
            draft.refuse(None, f"暂定表不得声明{year}年已公布，请删去该行。")
    else:
        _check_years(draft)
    if draft.problems:
        count = len(draft.problems)
        raise InputRefusedError(f"{where}有{count}处错误，未导入，请改正后重试。", draft.problems)
    return CalendarSheet(
        days=tuple(_sourced(draft.days[day], draft) for day in sorted(draft.days)),
        years=tuple(draft.years[year] for year in sorted(draft.years)),
    )


def statutory_doubts(sheet: CalendarSheet, statutory: CalendarSheet) -> tuple[Problem, ...]:
    """Warnings for statutory days that a sheet's declared years do not give as rest.

    A notice moves days around a festival, never the festival itself; such a row is most likely a
    slip of the pen.  To be shown before a person says yes to an import.
    """
    declared = {year.year for year in sheet.years}
    resting = {row.day for row in sheet.days if row.kind == "rest"}
    return tuple(
        Problem(
            where=date_words(row.day),
            sentence=f"{day_words(row.day)}是{row.name}，表中未列为放假，请核对通知原文。",
            severity="warning",
        )
        for row in statutory.days
        if row.day.year in declared and row.day not in resting
    )


def _records(text: str, draft: _Draft) -> Iterator[tuple[int, list[str]]]:
    """The rows under the heading, with their line numbers; heading and quoting are checked."""
    reader = csv.reader(text.removeprefix("\ufeff").splitlines(), strict=True)
    headed = False
    try:
        for raw in reader:
            cells = [cell.strip() for cell in raw]
            while cells and not cells[-1]:
                cells.pop()
            if not cells or cells[0].startswith("#"):
                continue
            if not headed:
                headed = True
                if tuple(cells) in _HEADS:
                    continue
                draft.refuse(reader.line_num, "第一行应当是表头：日期,类别,名称,来源。")
            yield reader.line_num, cells
    except csv.Error:
        draft.refuse(reader.line_num, "引号不成对，无法继续读取，请检查该行。")


def _read_row(line: int, cells: list[str], draft: _Draft) -> None:
    if not 2 <= len(cells) <= _COLUMNS:
        draft.refuse(line, f"应有{_COLUMNS}列（日期、类别、名称、来源），实有{len(cells)}列。")
        return
    first, kind_word, name, source = [*cells, "", ""][:_COLUMNS]
    kind = _KINDS.get(kind_word.lower())
    if kind == "year":
        _read_year(line, first, source, draft)
        return
    day = _read_date(first)
    if day is None:
        draft.refuse(line, f"日期“{first}”无效，请写成 2026-01-01 的样式。")
    if kind is None:
        draft.refuse(line, f"类别“{kind_word}”无效，只能是：休、班、年度。")
    if day is None or kind is None:
        return
    if day in draft.lines:
        draft.refuse(line, f"{date_words(day)}与第{draft.lines[day]}行重复，请只保留一行。")
        return
    draft.lines[day] = line
    if kind == "work":
        if day.weekday() < _SATURDAY:
            draft.refuse(line, f"{day_words(day)}本来就上班，不必列为调休上班，请核对日期。")
        draft.days[day] = CalendarDay(day, "work", name, source)
        return
    if not name:
        draft.refuse(line, f"{date_words(day)}放假，请写明节日名称。")
    draft.days[day] = CalendarDay(day, "rest", name, source)


def _read_date(word: str) -> date | None:
    match = _DATE.fullmatch(word)
    if match is None:
        return None
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        return None


def _read_year(line: int, word: str, source: str, draft: _Draft) -> None:
    digits = word.removesuffix("年")
    if not digits.isdecimal() or int(digits) not in _YEARS:
        draft.refuse(line, f"年度“{word}”无效，请写四位年份，如 2026。")
        return
    year = int(digits)
    if year in draft.years:
        draft.refuse(line, f"{year}年的年度行重复，请只保留一行。")
        return
    if not source:
        draft.refuse(line, f"{year}年的年度行请在来源列写明通知名称。")
    draft.years[year] = PublishedYear(year, source)


def _sourced(row: CalendarDay, draft: _Draft) -> CalendarDay:
    year = draft.years.get(row.day.year) or draft.years.get(row.day.year + 1)
    return row if row.source or year is None else replace(row, source=year.source)


def _check_years(draft: _Draft) -> None:
    """Every row belongs to a declared year; every declared year has the days it must have."""
    orphans: dict[int, int] = {}
    for day, line in draft.lines.items():
        turn = (day.month, day.day) >= TURN_OF_YEAR
        if day.year not in draft.years and not (turn and day.year + 1 in draft.years):
            orphans.setdefault(day.year, line)
    for year, line in orphans.items():
        draft.refuse(line, f"{year}年没有年度行，请加一行：{year},年度,,通知名称。")
    for year in draft.years:
        for month, number, name in _ALWAYS:
            day = date(year, month, number)
            row = draft.days.get(day)
            if row is None or row.kind != "rest":
                draft.refuse(None, f"{year}年缺少{month}月{number}日（{name}）放假，请补全。")
