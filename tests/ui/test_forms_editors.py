"""The editors one by one: what people type, what the rules are given, what is shown."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from helpers.typing_in import commit, enter_into, pick, write_line
from zhixing_desktop.ui.forms.choices import (
    BoolEditor,
    ChoiceEditor,
    MultiEditor,
    SearchEditor,
)
from zhixing_desktop.ui.forms.dates import DateEditor, MomentEditor, parse_day, parse_moment
from zhixing_desktop.ui.forms.editor import (
    AccountEditor,
    Editor,
    LineEditor,
    LongEditor,
    MoneyEditor,
    NumberEditor,
)

NOW = datetime(2024, 3, 1, 9, 30)
TODAY = NOW.date()
NO_POPUPS = ("propagateSizeHints", "support raise", "grabbing the keyboard")
"""What the offscreen platform says of windows that pop up; no defect."""


@pytest.fixture
def show(host: QWidget) -> Any:
    def place(editor: Editor) -> Any:
        editor.setParent(host)
        editor.show()
        return editor

    return place


def edits(editor: Editor) -> list[Any]:
    found: list[Any] = []
    editor.edited.connect(lambda: found.append(editor.value()))
    return found


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-3-5", date(2024, 3, 5)),
        ("2024-03-05", date(2024, 3, 5)),
        ("2024/3/5", date(2024, 3, 5)),
        ("2024.3.5", date(2024, 3, 5)),
        ("20240305", date(2024, 3, 5)),
        ("2024年3月5日", date(2024, 3, 5)),
        ("２０２４年３月５日", date(2024, 3, 5)),
        ("3-5", date(2024, 3, 5)),
        ("3月5日", date(2024, 3, 5)),
        ("今天", TODAY),
        ("昨天", date(2024, 2, 29)),
        ("2024-2-30", None),
        ("2024-13-1", None),
        ("24-3-5", None),
        ("下周", None),
        ("", None),
    ],
)
def test_days_are_read_as_people_write_them(text: str, day: date | None) -> None:
    assert parse_day(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "moment", "exact"),
    [
        ("2024-3-5 9:05", datetime(2024, 3, 5, 9, 5), True),
        ("2024-03-05T09:05:07", datetime(2024, 3, 5, 9, 5, 7), True),
        ("2024年3月5日9时5分", datetime(2024, 3, 5, 9, 5), True),
        ("2024年3月5日 9时", datetime(2024, 3, 5, 9), True),
        ("今天 14:00", datetime(2024, 3, 1, 14), True),
        ("2024-3-5", datetime(2024, 3, 5), False),
    ],
)
def test_moments_are_read_as_people_write_them(text: str, moment: datetime, exact: bool) -> None:
    assert parse_moment(text, TODAY) == (moment, exact)


@pytest.mark.parametrize("text", ["2024-3-5 25:00", "9:30", "2024-3-5 上午", ""])
def test_what_is_no_moment_is_not_guessed(text: str) -> None:
    assert parse_moment(text, TODAY) is None


def test_a_date_is_given_to_the_rules_in_iso_and_shown_with_its_weekday(show: Any) -> None:
    editor = show(DateEditor(NOW))
    seen = edits(editor)
    write_line(editor.line, "3月5日")
    assert seen[-1] == "2024-03-05"
    assert editor.hint() == "星期二"
    editor.on_left()
    assert editor.line.text() == "2024-03-05"
    write_line(editor.line, "下周二")
    assert editor.value() == "下周二"
    write_line(editor.line, "")
    assert editor.value() is None


def test_a_moment_without_a_time_says_how_it_counts(show: Any) -> None:
    editor = show(MomentEditor(NOW))
    write_line(editor.line, "2024-3-5")
    assert editor.value() == "2024-03-05T00:00:00"
    assert "没有填时刻" in editor.hint()


def test_a_moment_keeps_its_seconds(show: Any) -> None:
    editor = show(MomentEditor(NOW))
    editor.set_value("2024-03-05T09:30:15")
    assert editor.line.text() == "2024-03-05 09:30:15"
    assert editor.value() == "2024-03-05T09:30:15"


@pytest.mark.qt_log_ignore(*NO_POPUPS)
def test_the_calendar_opens_by_keyboard_and_gives_a_day(show: Any, qtbot: QtBot) -> None:
    editor = show(DateEditor(NOW))
    editor.set_value("2024-02-10")
    seen = edits(editor)
    QTest.keyClick(editor.line, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert editor.picker is not None
    calendar = editor.picker.calendar
    assert calendar.selectedDate().toString("yyyy-MM-dd") == "2024-02-10"
    calendar.setSelectedDate(calendar.selectedDate().addDays(3))
    calendar.activated.emit(calendar.selectedDate())
    assert editor.line.text() == "2024-02-13"
    assert seen[-1] == "2024-02-13"


def test_money_is_read_checked_and_written_in_words(show: Any) -> None:
    editor = show(MoneyEditor())
    write_line(editor.line, "107,000.53")
    assert editor.value() == "107000.53"
    assert editor.hint() == "人民币壹拾万柒仟元零伍角叁分"
    write_line(editor.line, "12.5万元")
    editor.on_left()
    assert editor.line.text() == "125,000.00"
    write_line(editor.line, "12.5万")
    editor.on_left()
    assert editor.value() == "12.5万"
    assert editor.hint() == ""


def test_an_account_is_grouped_and_counted(show: Any) -> None:
    editor = show(AccountEditor())
    write_line(editor.line, "6222021702000000001")
    editor.on_left()
    assert editor.line.text() == "6222 0217 0200 0000 001"
    assert editor.value() == "6222021702000000001"
    assert editor.hint() == "共19位"


@pytest.mark.parametrize(
    ("editor", "value"),
    [
        (LineEditor, "豫0811执1号"),
        (LongEditor, "第一行\n第二行"),
        (NumberEditor, "12"),
        (BoolEditor, False),
    ],
)
def test_what_is_entered_comes_out_and_the_program_emits_nothing(
    editor: type[Editor], value: Any, show: Any
) -> None:
    made = show(editor())
    seen = edits(made)
    made.set_value(value)
    assert made.value() == value
    assert seen == []
    made.set_value(None)
    assert made.value() is None
    enter_into(made, value)
    assert seen != []
    assert made.value() == value


def test_several_choices_keep_the_order_of_the_options(show: Any) -> None:
    editor = show(MultiEditor(["短信", "微信", "电话"]))
    editor.boxes[2].click()
    editor.boxes[0].click()
    assert editor.value() == ["短信", "电话"]


def test_a_choice_that_is_no_longer_offered_is_kept(show: Any) -> None:
    editor = show(ChoiceEditor([("甲", "甲"), ("乙", "乙")]))
    editor.set_value("旧选项")
    assert editor.value() == "旧选项"
    pick(editor.combo, "乙")
    assert editor.value() == "乙"


def test_the_wheel_over_a_choice_scrolls_the_form(show: Any) -> None:
    editor = show(ChoiceEditor([("甲", "甲"), ("乙", "乙")]))
    editor.set_value("甲")
    centre = QPointF(editor.combo.rect().center())
    turn = QWheelEvent(
        centre,
        QPointF(editor.combo.mapToGlobal(centre.toPoint())),
        QPoint(0, -10),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(editor.combo, turn)
    assert editor.value() == "甲"
    assert not turn.isAccepted()


@pytest.mark.qt_log_ignore(*NO_POPUPS)
def test_a_person_is_found_by_part_of_the_name(show: Any) -> None:
    editor = show(SearchEditor([("张承办", "张承办（承办人）"), ("李局长", "李局长（执行局长）")]))
    line = editor.combo.lineEdit()
    commit(line, "承办人")
    model = editor.combo.completer().completionModel()
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == ["张承办（承办人）"]
    write_line(line, "李局长")
    assert editor.value() == "李局长"
    assert editor.hint() == ""
    write_line(line, "王某")
    assert editor.value() == "王某"
    assert "没有“王某”" in editor.hint()


def test_a_long_text_grows_and_tab_leaves_it(show: Any) -> None:
    editor = show(LongEditor())
    low = editor.area.sizeHint().height()
    editor.set_value("一行\n" * 8)
    assert editor.area.sizeHint().height() > low
    assert editor.area.tabChangesFocus()
