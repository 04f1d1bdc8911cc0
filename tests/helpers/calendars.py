"""The calendar that the program ships, and a notice that is not out yet."""

from __future__ import annotations

from pathlib import Path

from zhixing_desktop.workflow.calendar import CourtCalendar, parse_calendar_csv

_FOLDER = Path(__file__).parents[2] / "resources" / "calendar"
PUBLISHED = parse_calendar_csv((_FOLDER / "published.csv").read_text(encoding="utf-8"))
STATUTORY = parse_calendar_csv(
    (_FOLDER / "statutory.csv").read_text(encoding="utf-8"), provisional=True
)
CALENDAR = CourtCalendar.build([PUBLISHED], STATUTORY)

# A notice of 2027 as a court might type it before it is official; invented for these tests.
NOTICE_2027 = """\
日期,类别,名称,来源
2027,年度,,测试用通知
2026-12-31,休,元旦
2027/1/1,休,元旦
2027-01-03,班,元旦
2027-02-05,休,春节
2027-02-06,休,春节
2027-02-07,休,春节
2027-02-08,休,春节
2027-02-09,休,春节
2027-02-20,班,春节
2027-04-05,休,清明节
2027-05-01,休,劳动节
2027-05-02,休,劳动节
2027-05-03,休,劳动节
2027-06-09,休,端午节
2027-09-15,休,中秋节
2027-10-01,休,国庆节
2027-10-02,休,国庆节
2027-10-03,休,国庆节
"""
