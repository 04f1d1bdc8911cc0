"""The window of the court's calendar: what it shows, trying, saving, stopping, a year's notice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from helpers.bureau import Office
from helpers.typing_in import enter_into
from zhixing_desktop.exchange.calendar_table import calendar_workbook
from zhixing_desktop.paths import resources_dir
from zhixing_desktop.services import calendar as calendar_service
from zhixing_desktop.services import recompute as recompute_service
from zhixing_desktop.services.bureau import Actor
from zhixing_desktop.services.rules import statutory_days
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.calendar.day_looks import look_of, source_of
from zhixing_desktop.ui.calendar.printing import paint_sheet
from zhixing_desktop.ui.calendar.window import CalendarWindow
from zhixing_desktop.ui.calendar.year_paint import ground_colour
from zhixing_desktop.ui.help_window import page_for
from zhixing_desktop.ui.theme import DARK, LIGHT
from zhixing_desktop.workflow.calendar import CourtCalendar

Settle = Callable[[], None]
WHY = "供电局通知全日检修"


@pytest.fixture
def actor(office: Office) -> Actor:
    """The administrator, who keeps the calendar."""
    return office.actor("郑审管")


@pytest.fixture
def window(
    host: QWidget, office: Office, bridge: Bridge, actor: Actor, settle: Settle
) -> Iterator[CalendarWindow]:
    now = office.clock.now()
    made = CalendarWindow(office.bureau, bridge, lambda: actor, now, parent=host)
    made.resize(1200, 800)
    made.show()
    settle()
    yield made
    made._busy = ""
    made.close()


def known(office: Office) -> CourtCalendar:
    return calendar_service.read_calendar(office.bureau)


def due_day(office: Office) -> date:
    """A working day on which a limit of a new case ends."""
    case = office.register(940)
    for node in (1, 2):
        office.fill(case, node)
    calendar = known(office)
    soon = office.clock.now() + timedelta(days=2)
    ends = [s.due_at for s in office.detail(case).view.agenda if s.step == "overdue"]
    return next(end.date() for end in ends if end > soon and calendar.is_workday(end.date()))


def journal_rows(office: Office) -> int:
    with office.bureau.database.reading() as conn:
        return int(conn.exec_driver_sql("SELECT count(*) FROM journal").scalar_one())


def choose(window: CalendarWindow, day: date) -> None:
    window.view.choose(day, day)
    window.form.reason.setText(WHY)


# ------------------------------------------------------------------------------------ showing


def test_it_opens_at_today_and_says_what_is_known_of_the_year(window: CalendarWindow) -> None:
    assert window.view.days == (date(2024, 6, 14), date(2024, 6, 14))
    assert "2024年　放假安排已公布　工作日251天" in window.state.text()
    assert window.notice.text() == "国务院办公厅关于2024年部分节假日安排的通知"
    assert "2024年6月14日（星期五）" in window.form.heading.text()
    assert page_for(window.view) == "calendar"
    window.year.setValue(2031)
    assert "放假安排未公布，以下为暂定" in window.state.text()
    assert "请导入" in window.notice.text()


@pytest.mark.parametrize(
    ("day", "ground", "sign"),
    [
        (date(2024, 2, 12), "rest", "休"),
        (date(2024, 2, 18), "work", "班"),
        (date(2024, 6, 15), "weekend", "·"),
        (date(2024, 6, 14), "plain", ""),
        (date(2031, 5, 1), "rest", "暂休"),
    ],
)
def test_a_sign_says_what_the_colour_says(
    office: Office, day: date, ground: str, sign: str
) -> None:
    look = look_of(known(office), day)
    assert (look.ground, look.sign) == (ground, sign)


def test_the_courts_own_days_are_framed_and_named(office: Office, actor: Actor) -> None:
    day = date(2024, 6, 17)
    change = calendar_service.DaysChange(day, day, "rest", "停电", WHY, "供电〔2024〕7号")
    calendar_service.save(office.bureau, actor, change)
    look = look_of(known(office), day)
    assert (look.sign, look.court) == ("院休", True)
    assert source_of(known(office), day) == f"本院设定　郑审管：{WHY}（供电〔2024〕7号）"


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_grounds_differ_in_grey(theme: Any) -> None:
    greys = [ground_colour(theme, g).lightness() for g in ("plain", "weekend", "rest", "work")]
    assert len(set(greys)) == 4


def test_days_are_chosen_by_mouse_and_by_keys(window: CalendarWindow, qtbot: QtBot) -> None:
    view = window.view
    left = Qt.MouseButton.LeftButton

    def centre(day: date) -> QPoint:
        return view.place_of(day).center()

    qtbot.mouseClick(view, left, pos=centre(date(2024, 3, 6)))
    assert window.form.first.value() == window.form.last.value() == "2024-03-06"
    shift = Qt.KeyboardModifier.ShiftModifier
    qtbot.mouseClick(view, left, shift, centre(date(2024, 3, 8)))
    assert (window.form.first.value(), window.form.last.value()) == ("2024-03-06", "2024-03-08")
    assert "共3天" in window.form.heading.text()
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.days == (date(2024, 3, 9), date(2024, 3, 9))
    qtbot.keyClick(view, Qt.Key.Key_Down, shift)
    assert view.days == (date(2024, 3, 9), date(2024, 3, 16))
    qtbot.keyClick(view, Qt.Key.Key_PageDown)
    assert view.days == (date(2024, 4, 16), date(2024, 4, 16))
    enter_into(window.form.first, "2025-10-01")
    enter_into(window.form.last, "2025-10-03")
    assert window.year.value() == 2025
    assert view.days == (date(2025, 10, 1), date(2025, 10, 3))


def test_a_narrow_window_has_one_month_beside_the_form(window: CalendarWindow) -> None:
    window.resize(window.minimumWidth(), 500)
    assert window.parts.orientation() == Qt.Orientation.Vertical
    window.resize(1300, 800)
    assert window.parts.orientation() == Qt.Orientation.Horizontal


def test_a_year_goes_on_one_sheet_of_paper(office: Office, window: CalendarWindow) -> None:
    image = QImage(800, 560, QImage.Format.Format_Grayscale8)
    image.fill(QColor("white"))
    painter = QPainter(image)
    paint_sheet(painter, QRectF(20, 20, 760, 520), known(office), 2024, window.font())
    painter.end()
    dark = [
        (x, y) for x in range(800) for y in range(560) if image.pixelColor(x, y).lightness() < 128
    ]
    assert dark
    assert all(20 <= x < 780 and 20 <= y < 545 for x, y in dark)


# ------------------------------------------------------------------------------ trying, saving


def test_trying_shows_what_would_move_and_saving_reports_what_did(
    window: CalendarWindow, office: Office, bridge: Bridge, settle: Settle
) -> None:
    day = due_day(office)
    choose(window, day)
    window.form.paper.setText("供电〔2024〕7号")
    assert not window.save_button.isEnabled()
    before = journal_rows(office)
    window.try_out()
    settle()
    assert journal_rows(office) == before
    assert "1天的上班、休息有变化" in window.words.text()
    assert "由上班改为休息" in window.words.text()
    rows = [
        (window.table.item(r, 0).text(), window.table.item(r, 1).text())
        for r in range(window.table.rowCount())
    ]
    assert rows
    assert all("豫0811执" in case and "节点" in case for case, _ in rows)
    assert any(words.startswith(f"{day}\n→ ") for _, words in rows)
    told: list[Changes] = []
    bridge.changed.connect(told.append)
    window.save()
    settle()
    assert f"已保存，{len(rows)}个时限已经变动" in window.words.text()
    assert told
    assert not window.save_button.isEnabled()
    assert known(office).is_set_by_court(day)
    assert "本院设定1天" in window.state.text()
    assert window.form.reason.text() == ""


def test_an_administrator_reads_how_many_move_and_no_case(
    host: QWidget, office: Office, bridge: Bridge, settle: Settle
) -> None:
    admin, now = office.actor("何管理"), office.clock.now()
    window = CalendarWindow(office.bureau, bridge, lambda: admin, now, parent=host)
    settle()
    choose(window, due_day(office))
    window.try_out()
    settle()
    rows = [window.table.item(r, 0).text() for r in range(window.table.rowCount())]
    assert f"{len(rows)}个时限将随之变动" in window.words.text()
    assert rows
    assert all(words.startswith("（不在可见范围内的案件）\n节点") for words in rows)


def test_what_is_typed_after_trying_must_be_tried_again(
    window: CalendarWindow, settle: Settle
) -> None:
    choose(window, date(2024, 6, 20))
    window.try_out()
    settle()
    assert window.save_button.isEnabled()
    window.form.kinds["work"].click()
    assert not window.save_button.isEnabled()
    window.save()
    settle()
    assert "本院设定" not in window.state.text()


def test_what_is_missing_is_said(window: CalendarWindow) -> None:
    window.view.choose(date(2024, 6, 20), date(2024, 6, 20))
    window.try_out()
    assert "请写明依据的通知或者理由" in window.words.text()
    enter_into(window.form.last, "没有这一天")
    window.form.reason.setText(WHY)
    window.try_out()
    assert "请填写开始日期和结束日期" in window.words.text()


def test_trying_shows_how_far_it_is_and_can_be_stopped(
    window: CalendarWindow,
    office: Office,
    qtbot: QtBot,
    settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    go_on = threading.Event()
    real = recompute_service.foresee_moves

    def slow(bureau: Any, calendar: Any, based_on: int, progress: Any) -> Any:
        progress(3, 10)
        go_on.wait(20)
        return real(bureau, calendar, based_on, progress)

    monkeypatch.setattr(calendar_service, "foresee_moves", slow)
    choose(window, date(2024, 6, 20))
    window.try_out()
    qtbot.waitUntil(lambda: window.progress.format() == "3 / 10 件")
    qtbot.mouseClick(window.stop_button, Qt.MouseButton.LeftButton)
    go_on.set()
    settle()
    assert window.words.text() == "已停止，日历没有修改。"
    assert not window.save_button.isEnabled()


def test_saving_cannot_be_stopped_once_the_calendar_is_changed(
    window: CalendarWindow,
    office: Office,
    qtbot: QtBot,
    settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    go_on = threading.Event()
    real = recompute_service.recompute

    def slow(bureau: Any, actor: Any, progress: Any) -> Any:
        progress(2, 10)
        go_on.wait(20)
        return real(bureau, actor, progress)

    monkeypatch.setattr(recompute_service, "recompute", slow)
    choose(window, date(2024, 6, 20))
    window.try_out()
    settle()
    window.save()
    qtbot.waitUntil(lambda: "日历已保存，正在重新计算" in window.words.text())
    assert not window.stop_button.isEnabled()
    window.reject()
    assert window.isVisible()
    go_on.set()
    settle()
    assert "已保存" in window.words.text()


def test_a_calendar_that_others_changed_is_not_saved_over(
    window: CalendarWindow, office: Office, actor: Actor, settle: Settle
) -> None:
    choose(window, date(2024, 6, 20))
    window.try_out()
    settle()
    calendar_service.edit_day(office.bureau, actor, date(2024, 6, 21), "rest", "", WHY)
    window.save()
    settle()
    assert "重新试算" in window.words.text()
    assert not window.save_button.isEnabled()
    assert not known(office).is_set_by_court(date(2024, 6, 20))
    assert "本院设定1天" in window.state.text()


# ---------------------------------------------------------------------------------- a notice


def notice_file(path: Path, year: int = 2027) -> Path:
    path.write_bytes(calendar_workbook(year, statutory_days(resources_dir())))
    return path


def test_a_notice_is_read_tried_and_saved(
    window: CalendarWindow, office: Office, settle: Settle, tmp_path: Path
) -> None:
    window.read_notice(str(notice_file(tmp_path / "2027年.xlsx")))
    settle()
    settle()
    assert window.year.value() == 2027
    assert window.form.heading.text() == "导入2027年放假安排"
    assert not window.form.first.isVisibleTo(window.form)
    assert "尚未保存" in window.words.text()
    assert known(office).notice(2027) is None
    window.save()
    settle()
    assert known(office).notice(2027) == "国务院办公厅关于2027年部分节假日安排的通知"
    assert "2027年　放假安排已公布" in window.state.text()
    assert window.form.first.isVisibleTo(window.form)


def test_a_notice_that_is_left_changes_nothing(
    window: CalendarWindow, office: Office, settle: Settle, tmp_path: Path
) -> None:
    window.read_notice(str(notice_file(tmp_path / "2027年.xlsx")))
    settle()
    settle()
    window.form.back.click()
    assert window.form.first.isVisibleTo(window.form)
    assert not window.save_button.isEnabled()
    assert known(office).notice(2027) is None


def test_a_faulty_table_says_every_line(
    window: CalendarWindow, settle: Settle, tmp_path: Path
) -> None:
    path = notice_file(tmp_path / "2027年.xlsx")
    book = openpyxl.load_workbook(path)
    assert book.active is not None
    book.active.append((datetime(2027, 13 - 3, 11), "放假", "国庆节", None))
    book.active.append(("2027-02-30", "休", "春节", None))
    book.save(path)
    window.read_notice(str(path))
    settle()
    assert "类别“放假”无效" in window.words.text()
    assert "日期“2027-02-30”无效" in window.words.text()
    assert not window.form.is_notice


def test_the_empty_table_is_saved(window: CalendarWindow, settle: Settle, tmp_path: Path) -> None:
    path = tmp_path / "2028年放假安排.xlsx"
    window.save_blank(path, 2028)
    settle()
    assert [y.year for y in calendar_service.read_notice(path).years] == [2028]
    assert "空白表已保存" in window.words.text()
