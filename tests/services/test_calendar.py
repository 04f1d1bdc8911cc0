"""The court's calendar: days it sets, notices it enters, what a change moves before it is made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from helpers.bureau import Office
from helpers.offices import contents
from zhixing_desktop.exchange.calendar_table import calendar_workbook
from zhixing_desktop.paths import resources_dir
from zhixing_desktop.services import calendar, health
from zhixing_desktop.services.calendar import DaysChange, NoticeChange
from zhixing_desktop.services.recompute import finish_recompute, recompute
from zhixing_desktop.services.rules import statutory_days
from zhixing_desktop.workflow.errors import InputRefusedError, NotAllowedError, StaleEditError

WHY = "本院通知〔2024〕1号"
NOTICE = "国务院办公厅关于2027年部分节假日安排的通知"
ROWS: list[Sequence[object]] = [
    ("日期", "类别", "名称", "来源"),
    (2027, "年度", None, NOTICE),
    (date(2027, 1, 1), "休", "元旦", None),
    (date(2027, 1, 2), "休", "元旦", None),
    (date(2027, 1, 3), "休", "元旦", None),
    (None, None, None, None),
    (date(2027, 1, 9), "班", "元旦", None),
    ("2027/5/1", "休", "劳动节", None),
    ("2027-10-01", "休", "国庆节", None),
    ("2027-10-02", "休", "国庆节", None),
    ("2027-10-03", "休", "国庆节", None),
]


def filed(office: Office) -> int:
    """A case whose filing nodes are done."""
    case = office.register(1)
    for node in (1, 2):
        office.fill(case, node)
    return case


def sheet_of(path: Path, rows: Sequence[Sequence[object]] = ROWS) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def due_day(office: Office, case: int) -> date:
    """The end of a limit some days ahead, which is a working day."""
    soon = office.clock.now() + timedelta(days=8)
    agenda = office.detail(case).view.agenda
    return next(s.due_at.date() for s in agenda if s.step == "overdue" and s.due_at > soon)


def test_what_is_foreseen_is_what_comes_and_nothing_is_written_before(office: Office) -> None:
    case = filed(office)
    office.fill(case, 3)
    day = due_day(office, case)
    change = DaysChange(day, day + timedelta(days=1), "rest", "停电", WHY, "供电〔2024〕7号")
    before = contents(office.bureau)
    steps: list[tuple[int, int]] = []
    admin = office.actor("何管理")
    seen = calendar.foresee(
        office.bureau, admin, change, lambda done, total: steps.append((done, total))
    )
    assert contents(office.bureau) == before
    assert steps[-1] == (1, 1)
    assert [m.before.date() for m in seen.moved if m.before.date() == day]
    assert day in {entry.day for entry in seen.days}
    assert calendar.save(office.bureau, admin, change, based_on=seen.based_on) == 2
    assert recompute(office.bureau, admin) == seen.moved
    known = calendar.read_calendar(office.bureau)
    assert known.is_set_by_court(day)
    row = known.row(day)
    assert row is not None
    assert row.source == f"何管理：{WHY}（供电〔2024〕7号）"
    assert health.check_all(office.bureau) == []


def test_a_day_taken_back_follows_the_notice_again(office: Office) -> None:
    admin = office.actor("何管理")
    plain = office.bureau.rules.calendar
    days = (date(2024, 5, 1), date(2024, 5, 11))  # a festival, a Saturday that is worked
    for day, kind in zip(days, ("work", "rest"), strict=True):
        calendar.edit_day(office.bureau, admin, day, kind, "", WHY)
        assert calendar.read_calendar(office.bureau).is_workday(day) == (kind == "work")
        calendar.save(office.bureau, admin, DaysChange(day, day, "table", "", "原通知已经撤销"))
    again = calendar.read_calendar(office.bureau)
    assert again == plain
    assert not again.is_set_by_court(days[0])


@pytest.mark.parametrize("kind", ["xlsx", "utf-8-sig", "gb18030"])
def test_a_notice_is_read_from_the_files_people_have(
    office: Office, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / ("2027年.xlsx" if kind == "xlsx" else "2027年.csv")
    if kind == "xlsx":
        sheet_of(path)
    else:
        lines = [",".join("" if c is None else str(c) for c in row) for row in ROWS]
        path.write_bytes("\r\n".join(lines).encode(kind))
    before = calendar.read_calendar(office.bureau)
    assert before.notice(2027) is None
    assert before.is_provisional(date(2027, 3, 1))
    change = NoticeChange(calendar.read_notice(path), "国务院通知已经公布")
    seen = calendar.foresee(office.bureau, office.actor("何管理"), change)
    # Known to the program as statutory, and not in this table.
    assert "2027年2月6日" in " ".join(p.sentence for p in seen.warnings)
    calendar.save(office.bureau, office.actor("何管理"), change, based_on=seen.based_on)
    known = calendar.read_calendar(office.bureau)
    assert known.notice(2027) == NOTICE
    assert not known.is_provisional(date(2027, 3, 1))
    assert known.is_workday(date(2027, 1, 9))
    assert not known.is_set_by_court(date(2027, 1, 9))
    row = known.row(date(2027, 1, 9))
    assert row is not None
    assert row.source == NOTICE


def test_a_later_notice_for_a_year_takes_the_place_of_the_first(
    office: Office, tmp_path: Path
) -> None:
    admin = office.actor("何管理")
    first = calendar.read_notice(sheet_of(tmp_path / "一.xlsx"))
    without = [row for row in ROWS if row[0] != date(2027, 1, 9)]
    later = calendar.read_notice(sheet_of(tmp_path / "二.xlsx", without))
    calendar.save(office.bureau, admin, NoticeChange(first, "国务院通知已经公布"))
    # At the same moment, by the same person, with the same words.
    calendar.save(office.bureau, admin, NoticeChange(later, "国务院通知已经公布"))
    assert not calendar.read_calendar(office.bureau).is_workday(date(2027, 1, 9))


def test_the_courts_own_day_stands_against_a_notice_and_is_mentioned(
    office: Office, tmp_path: Path
) -> None:
    admin = office.actor("何管理")
    day = date(2027, 1, 9)
    calendar.edit_day(office.bureau, admin, day, "rest", "", WHY)
    change = NoticeChange(calendar.read_notice(sheet_of(tmp_path / "一.xlsx")), "国务院通知已公布")
    said = [p.where for p in calendar.foresee(office.bureau, admin, change).warnings]
    assert "2027-01-09" in said
    calendar.save(office.bureau, admin, change)
    assert not calendar.read_calendar(office.bureau).is_workday(day)


def test_a_faulty_table_is_refused_with_its_lines(tmp_path: Path) -> None:
    rows = [*ROWS[:3], ("2027-13-01", "休", "元旦", None), (date(2027, 1, 4), "班", "", None)]
    with pytest.raises(InputRefusedError) as caught:
        calendar.read_notice(sheet_of(tmp_path / "错.xlsx", rows))
    said = " ".join(p.sentence for p in caught.value.problems)
    assert "第4行" in said
    assert "第5行" in said
    assert "缺少5月1日" in said
    with pytest.raises(InputRefusedError, match="文件不存在"):
        calendar.read_notice(tmp_path / "没有.csv")


def test_the_empty_table_has_the_statutory_days_and_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "2028.xlsx"
    path.write_bytes(calendar_workbook(2028, statutory_days(resources_dir())))
    sheet = calendar.read_notice(path)
    assert [year.year for year in sheet.years] == [2028]
    assert {date(2028, 1, 1), date(2028, 5, 1)} <= {row.day for row in sheet.days}


def test_all_that_is_wrong_with_a_change_is_said_at_once(office: Office) -> None:
    change = DaysChange(date(2024, 5, 3), date(2024, 5, 1), "holiday", "", "短")
    with pytest.raises(InputRefusedError) as caught:
        calendar.save(office.bureau, office.actor("何管理"), change)
    assert [p.where for p in caught.value.problems] == ["性质", "日期", "依据"]


def test_a_look_ahead_is_stopped_and_one_that_is_out_of_date_is_not_saved(office: Office) -> None:
    filed(office)
    day = date(2024, 5, 6)
    change = DaysChange(day, day, "rest", "", WHY)
    admin = office.actor("何管理")
    with pytest.raises(calendar.CalendarCancelledError):
        calendar.foresee(office.bureau, admin, change, cancelled=lambda: True)
    seen = calendar.foresee(office.bureau, admin, change)
    calendar.edit_day(office.bureau, admin, date(2024, 5, 7), "rest", "", WHY)
    before = contents(office.bureau)
    with pytest.raises(StaleEditError, match="重新试算"):
        calendar.save(office.bureau, admin, change, based_on=seen.based_on)
    assert contents(office.bureau) == before


def test_a_recompute_that_was_cut_off_is_finished_at_the_next_beat(
    office: Office, second: Office
) -> None:
    case = filed(office)
    office.fill(case, 3)
    last, admin = due_day(office, case), office.actor("何管理")
    calendar.save(office.bureau, admin, DaysChange(last, last, "rest", "停电", WHY))
    # Here the power fails: nobody recomputes.  Another workstation starts.
    assert any("应为" in entry for entry in health.check_all(second.bureau))
    assert finish_recompute(second.bureau)
    assert health.check_all(second.bureau) == []
    assert not finish_recompute(office.bureau)


def test_an_administrator_is_told_how_much_moves_and_not_whose(office: Office) -> None:
    """He may change the calendar and sees no cases; 审管办 may do both."""
    case = filed(office)
    office.fill(case, 3)
    day = due_day(office, case)
    change = DaysChange(day, day, "rest", "停电", WHY)
    admin, reviewer = office.actor("何管理"), office.actor("郑审管")
    whole = calendar.foresee(office.bureau, reviewer, change).moved
    assert {entry.case_no for entry in whole} == {"（2024）豫0811执1号"}
    told = calendar.foresee(office.bureau, admin, change).moved
    assert [(m.node, m.limit_id, m.after) for m in told] == [
        (m.node, m.limit_id, m.after) for m in whole
    ]
    assert {(m.case_id, m.case_no, m.subject) for m in told} == {(0, "", "case")}
    assert {m.case_words() for m in told} == {"（不在可见范围内的案件）"}
    calendar.save(office.bureau, admin, change)
    assert {m.case_no for m in recompute(office.bureau, admin)} == {""}
    with pytest.raises(NotAllowedError, match="权限表"):
        calendar.foresee(office.bureau, office.actor(), change)
