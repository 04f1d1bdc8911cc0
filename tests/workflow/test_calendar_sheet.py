"""Sheets of the calendar as a person types, exports or mistypes them."""

from __future__ import annotations

import pytest

from helpers.calendars import NOTICE_2027, STATUTORY
from zhixing_desktop.workflow.calendar import parse_calendar_csv, statutory_doubts
from zhixing_desktop.workflow.errors import InputRefusedError


def problems_of(text: str, *, provisional: bool = False) -> list[str]:
    """The sentences a sheet is refused with."""
    with pytest.raises(InputRefusedError) as caught:
        parse_calendar_csv(text, provisional=provisional)
    return [problem.sentence for problem in caught.value.problems]


def test_all_mistakes_are_told_at_once() -> None:
    """Each with its line and what to do."""
    text = NOTICE_2027 + (
        "2027-13-01,休,元旦\n"
        "2027-03-10,班,春节\n"
        "2027-05-01,休,劳动节\n"
        "2027-07-01,假,建党节\n"
        "2027-07-02,休\n"
        "单独一格\n"
        "2029-01-01,休,元旦\n"
    )
    assert problems_of(text) == [
        "日历表第21行：日期“2027-13-01”无效，请写成 2026-01-01 的样式。",
        "日历表第22行：2027年3月10日（星期三）本来就上班，不必列为调休上班，请核对日期。",
        "日历表第23行：2027年5月1日与第13行重复，请只保留一行。",
        "日历表第24行：类别“假”无效，只能是：休、班、年度。",
        "日历表第25行：2027年7月2日放假，请写明节日名称。",
        "日历表第26行：应有4列（日期、类别、名称、来源），实有1列。",
        "日历表第27行：2029年没有年度行，请加一行：2029,年度,,通知名称。",
    ]


def test_a_notice_without_its_fixed_days_is_not_whole() -> None:
    """Half a table must not make a year certain."""
    text = NOTICE_2027.replace("2027-10-02,休,国庆节\n", "")
    assert problems_of(text) == ["日历表：2027年缺少10月2日（国庆节）放假，请补全。"]


def test_bad_year_rows() -> None:
    """Unreadable, repeated, without a title."""
    text = NOTICE_2027 + "27,年度,,某通知\n2027,年度,,测试用通知\n2030年,年度,,\n"
    sentences = problems_of(text)
    assert sentences[:3] == [
        "日历表第21行：年度“27”无效，请写四位年份，如 2026。",
        "日历表第22行：2027年的年度行重复，请只保留一行。",
        "日历表第23行：2030年的年度行请在来源列写明通知名称。",
    ]
    assert len(sentences) == 8
    assert all("2030年缺少" in sentence for sentence in sentences[3:])


def test_heading_quotes_and_emptiness() -> None:
    """What goes wrong before the first row."""
    assert problems_of("")[0] == "日历表：没有任何日期，请检查文件内容。"
    headless = NOTICE_2027.split("\n", 1)[1]
    assert problems_of(headless) == ["日历表第1行：第一行应当是表头：日期,类别,名称,来源。"]
    assert "引号不成对" in problems_of(NOTICE_2027 + '2027-12-01,休,"元旦')[0]


def test_a_provisional_sheet_declares_no_year() -> None:
    """Else a computed table could pass for a notice."""
    sentences = problems_of(NOTICE_2027, provisional=True)
    assert sentences == ["日历表：暂定表不得声明2027年已公布，请删去该行。"]


def test_what_a_spreadsheet_makes_of_a_sheet_is_read() -> None:
    """A byte-order mark, slashes for hyphens, empty cells at the end, remarks, blank lines."""
    body = NOTICE_2027.replace("-", "/").replace("\n", ",,\n").replace("来源,,", "来源")
    sheet = parse_calendar_csv(f"\ufeff# 备注\n\n{body}")
    assert sheet == parse_calendar_csv(NOTICE_2027)


def test_a_statutory_day_missing_from_a_notice_is_a_warning() -> None:
    """A lunar festival cannot be known from the calendar alone, so it is asked, not refused."""
    sheet = parse_calendar_csv(NOTICE_2027.replace("2027-06-09", "2027-06-08"))
    (doubt,) = statutory_doubts(sheet, STATUTORY)
    assert doubt.severity == "warning"
    assert doubt.sentence == ("2027年6月9日（星期三）是端午节，表中未列为放假，请核对通知原文。")
    assert statutory_doubts(parse_calendar_csv(NOTICE_2027), STATUTORY) == ()
