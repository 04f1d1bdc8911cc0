"""Write the calendar tables of ``resources/calendar`` anew (a developer's tool, not shipped).

    python tools/make_calendar.py            write both tables
    python tools/make_calendar.py --check    say whether they are what would be written

``published.csv`` holds the State Council's yearly notices as ``chinesecalendar`` carries them;
``statutory.csv`` the statutory days of the years after them, computed by ``holidays``: festivals
only, neither 调休 nor 补假, because a notice decides those and nobody can know it before.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path

import holidays
from chinese_calendar import constants

FOLDER = Path(__file__).parent.parent / "resources" / "calendar"
LAST_STATUTORY_YEAR = 2046
HEAD = ("day", "kind", "name", "source")
FRIDAY = 4

# The library's short names -> the names of 全国年节及纪念日放假办法.
PUBLISHED_NAMES = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}
STATUTORY_NAMES = {"农历除夕": "除夕"}

# Days that a notice of their own moved, from the first to the last.
SPECIAL = (
    (
        date(2015, 9, 3),
        date(2015, 9, 6),
        "国务院关于中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日调休放假的通知",
    ),
    (date(2019, 4, 28), date(2019, 5, 5), "国务院办公厅关于调整2019年劳动节假期安排的通知"),
    (date(2020, 1, 31), date(2020, 2, 2), "国务院办公厅关于延长2020年春节假期的通知"),
)


def notice(year: int) -> str:
    """The title of the yearly notice."""
    return f"国务院办公厅关于{year}年部分节假日安排的通知"


def source_of(day: date) -> str:
    """The title of the notice that names a day; late December stands in the next year's."""
    for first, last, title in SPECIAL:
        if first <= day <= last:
            return title
    return notice(day.year + 1 if (day.month, day.day) >= (12, 27) else day.year)


def rest_name(day: date) -> str:
    """The festival for which a day is free."""
    short = str(constants.Holiday(constants.holidays[day]).chinese)
    return PUBLISHED_NAMES.get(short, short)


def work_name(day: date) -> str:
    """The festival for which a weekend is worked."""
    short = str(constants.Holiday(constants.workdays[day]).chinese)
    return PUBLISHED_NAMES.get(short, short)


def published() -> str:
    """The text of ``published.csv``."""
    years = sorted({day.year for day in constants.holidays})
    rows: list[tuple[str, str, str, str]] = []
    for year in range(years[0], years[-1] + 1):
        rows.append((str(year), "year", "", notice(year)))
        day = date(year, 1, 1)
        while day.year == year:
            source = source_of(day)
            if day in constants.holidays:
                rows.append((day.isoformat(), "rest", rest_name(day), source))
            elif day in constants.workdays:
                if day.weekday() <= FRIDAY:
                    sys.exit(f"{day} is said to be a make-up day but is no weekend")
                rows.append((day.isoformat(), "work", work_name(day), source))
            day += timedelta(days=1)
    remarks = (
        f"# 国务院办公厅历年部分节假日安排，{years[0]}年至{years[-1]}年；"
        "year 行表示该年度通知已公布，rest 为放假，work 为调休上班。",
        f"# 由 tools/make_calendar.py 依据 chinesecalendar {version('chinesecalendar')} 生成。",
    )
    return _text(remarks, rows)


def statutory() -> str:
    """The text of ``statutory.csv``."""
    first = max(day.year for day in constants.holidays) + 1
    found = holidays.country_holidays(
        "CN",
        years=range(first, LAST_STATUTORY_YEAR + 1),
        observed=False,
        language="zh_CN",
    )
    rows = []
    for day, names in sorted(found.items()):
        name = "、".join(STATUTORY_NAMES.get(one, one) for one in names.split("; "))
        rows.append((day.isoformat(), "rest", name, "暂定：全国年节及纪念日放假办法"))
    remarks = (
        f"# {first}年至{LAST_STATUTORY_YEAR}年法定节日（暂定）：各该年度放假安排公布前使用，"
        "不含调休、补假，公布后以通知为准。",
        f"# 由 tools/make_calendar.py 依据 holidays {version('holidays')} 生成。",
    )
    return _text(remarks, rows)


def _text(remarks: tuple[str, ...], rows: list[tuple[str, str, str, str]]) -> str:
    out = io.StringIO()
    for remark in remarks:
        out.write(remark + "\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    writer.writerows(rows)
    return out.getvalue()


def main() -> int:
    """Write or check; exit code 1 when a table is not what it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, compare only")
    check = parser.parse_args().check
    stale = False
    for name, text in (("published.csv", published()), ("statutory.csv", statutory())):
        path = FOLDER / name
        if not check:
            path.write_text(text, encoding="utf-8", newline="\n")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            print(f"{name} is not what the libraries say; run tools/make_calendar.py")
            stale = True
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
