"""The window on small and on strongly scaled screens: nothing that matters is out of reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from helpers.bureau import Office
from helpers.charts import NAMES, real_chart
from zhixing_desktop import app
from zhixing_desktop.settings import Settings
from zhixing_desktop.ui.calendar.window import CalendarWindow
from zhixing_desktop.ui.case_list.delegate import due_choices
from zhixing_desktop.ui.case_list.rows import CaseRow
from zhixing_desktop.ui.chart.panel import ChartPanel
from zhixing_desktop.ui.help_window import HelpWindow
from zhixing_desktop.ui.main_window import MainWindow
from zhixing_desktop.workflow.facts import State

PATIENCE = 20_000
# 1366 by 768 less the task bar, at 200, 150 and 100 %.
SMALL, MIDDLE, LARGE = (683, 364), (910, 485), (1366, 728)
Settle = Callable[[], None]


@pytest.fixture
def desk(office: Office) -> Iterator[app.Desk]:
    made = app.Desk(office.bureau, clock=office.clock)
    yield made
    made.close()


@pytest.fixture
def window(desk: app.Desk, office: Office, qtbot: QtBot) -> MainWindow:
    made = desk.open_window(office.actor())
    qtbot.addWidget(made)
    made.resize(*LARGE)
    with qtbot.waitExposed(made):
        made.show()
    qtbot.waitUntil(lambda: "巡检 10:20" in made.status.swept.text(), timeout=PATIENCE)
    calm(desk, qtbot)
    return made


def calm(desk: app.Desk, qtbot: QtBot) -> None:
    def quiet() -> bool:
        window = desk.window
        waiting = window is not None and (
            window.shown.timer.isActive() or window.case_list._choice_timer.isActive()
        )
        return not waiting and desk.bridge.pending == 0

    qtbot.waitUntil(quiet, timeout=PATIENCE)


def inside(window: MainWindow, widget: QWidget) -> bool:
    """Whether a widget is seen whole within the window."""
    place = widget.mapTo(window, widget.rect().bottomRight())
    return widget.isVisible() and window.rect().contains(place)


def first_case(window: MainWindow) -> int:
    row = window.case_list.model.row_at(0)
    assert row is not None
    return row.id


def test_without_a_case_a_small_window_shows_the_list_and_the_charts_tools_in_a_menu(
    window: MainWindow,
) -> None:
    assert not window.charts.bar.more.isVisible()
    window.resize(*SMALL)
    assert window.width() == SMALL[0]
    assert window.case_list.isVisible()
    assert window.charts.isVisible()
    assert window.charts.bar.more.isVisible()
    for place in range(3):
        tab = window.charts.tabs.tabRect(place)
        assert window.charts.tabs.rect().contains(tab)
    assert inside(window, window.charts.find_field)


def test_with_a_case_a_small_window_gives_the_lists_room_to_the_node(
    window: MainWindow, desk: app.Desk, qtbot: QtBot
) -> None:
    window.open_case(first_case(window), 7)
    calm(desk, qtbot)
    window.resize(*SMALL)
    toggle = window.actions_.by_name["show_list"]
    assert not window.case_list.isVisible()
    assert not toggle.isChecked()
    assert window.panels.node.isVisible()
    assert inside(window, window.panels.node.buttons.work)
    # The list comes back for searching, and goes when a case is opened from it.
    window._find.activated.emit()
    assert window.focusWidget() is window.case_list.search
    assert toggle.isChecked()
    qtbot.waitUntil(lambda: window.across.sizes()[0] > 200)
    window.case_list.focus_list()
    qtbot.keyClick(window.case_list.table, Qt.Key.Key_Return)
    calm(desk, qtbot)
    assert not window.case_list.isVisible()
    toggle.trigger()
    assert window.case_list.isVisible()


def test_on_a_low_screen_charts_and_node_take_turns(
    window: MainWindow, desk: app.Desk, qtbot: QtBot
) -> None:
    window.open_case(first_case(window), 7)
    calm(desk, qtbot)
    window.resize(*MIDDLE)
    titles = [window.bottom.tabText(tab).split()[0] for tab in range(window.bottom.count())]
    assert titles == ["流程图", "节点办理", "期限提醒", "办案日志"]
    assert window.panels.node.isVisible()
    window.actions_.by_name["chart_2"].trigger()
    assert window.charts.isVisible()
    assert window.charts.tabs.currentIndex() == 1
    assert window.charts.view.height() > window.height() // 2
    window.actions_.by_name["journal"].trigger()
    assert window.bottom.currentWidget() is window.panels.journal
    # What elsewhere closes the panels leads back to the charts here.
    qtbot.keyClick(window.case_list.table, Qt.Key.Key_Escape)
    assert window.charts.isVisible()
    window.actions_.by_name["journal"].trigger()
    window.actions_.by_name["journal"].trigger()
    assert window.charts.isVisible()
    window.actions_.by_name["focus_node"].trigger()
    assert window.panels.node.isVisible()
    window.actions_.by_name["simulator"].trigger()
    assert window.panels.simulator.isVisible()


def test_a_larger_window_has_everything_side_by_side_again(
    window: MainWindow, desk: app.Desk, qtbot: QtBot
) -> None:
    window.open_case(first_case(window), 7)
    calm(desk, qtbot)
    before = window.across.sizes()
    window.resize(*SMALL)
    window.resize(*LARGE)
    assert window.bottom.indexOf(window.chart_side) == -1
    assert window.bottom.indexOf(window.panels.node) == -1
    for part in (window.case_list, window.charts, window.panels.node):
        assert part.isVisible()
    assert window.actions_.by_name["show_list"].isChecked()
    assert not window.charts.bar.more.isVisible()
    qtbot.waitUntil(lambda: min(window.across.sizes()) > 0)
    assert all(abs(a - b) < 120 for a, b in zip(before, window.across.sizes(), strict=True))


def test_what_is_remembered_survives_a_small_screen(
    window: MainWindow, desk: app.Desk, office: Office, qtbot: QtBot
) -> None:
    window.across.setSizes([450, 600, 300])
    left = window.layout_state()
    again = app.build_window(
        office.bureau,
        desk.bridge,
        office.actor(),
        clock=office.clock,
        remembered=Settings(layout=left),
    )
    qtbot.addWidget(again)
    again.resize(*SMALL)
    again.show()
    again.open_case(first_case(window), 7)
    again.show_list(wanted=False)
    small = again.layout_state()
    assert small["across"] == left["across"]
    assert small["middle"] == left["middle"]
    again.close()


# --------------------------------------------------------------------------------- chart bar


@pytest.fixture
def panel(qtbot: QtBot) -> ChartPanel:
    made = ChartPanel()
    qtbot.addWidget(made)
    made.set_charts([real_chart(name) for name in NAMES])
    made.find_field.setMinimumWidth(80)
    made.resize(1000, 500)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_what_the_bar_has_no_room_for_is_done_from_its_menu(
    panel: ChartPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert panel.print_button.isVisible()
    assert not panel.bar.more.isVisible()
    panel.resize(panel.bar.minimumSizeHint().width(), 500)
    assert not panel.print_button.isVisible()
    shown = {a.text(): a for a in panel.bar.menu.actions() if a.isVisible()}
    assert {"放大", "缩小", "显示整张图", "回到当前节点", "打印…"} <= shown.keys()
    assert sum(words.startswith("导出为") for words in shown) == 3
    before = panel.view.zoom()
    shown["放大"].trigger()
    assert panel.view.zoom() > before
    asked: list[str] = []
    monkeypatch.setattr(panel, "ask_export", asked.append)
    next(a for words, a in shown.items() if "PDF" in words).trigger()
    assert asked == ["pdf"]
    panel.resize(1000, 500)
    assert panel.print_button.isVisible()
    assert not any(a.isVisible() for a in panel.bar.menu.actions())


def test_printing_goes_into_the_menu_before_the_zoom(panel: ChartPanel) -> None:
    panel.resize(panel.bar.full_width() - 20, 500)
    assert not panel.print_button.isVisible()
    assert panel.zoom_label.isVisible()
    assert panel.bar.more.isVisible()


# -------------------------------------------------------------------------------------- list


def test_the_words_that_matter_are_shortened_last() -> None:
    texts = ("", "", "", "", "2024年9月14日（逾期352日）", "", "")
    row = CaseRow(
        1,
        texts,
        State.OVERDUE,
        "overdue",
        "2024年9月14日",
        "逾期352日",
        provisional=False,
        tooltip="",
    )
    assert due_choices(row, "2024年9月14日 逾期352日") == (
        "2024年9月14日 逾期352日",
        "24年9月14日 逾期352日",
        "逾期352日",
    )


@pytest.mark.parametrize("width", [300, 340, 391, 487, 640])
def test_a_list_of_any_width_has_room_for_how_late_a_case_is(
    window: MainWindow, width: int
) -> None:
    table = window.case_list.table
    table.setFixedWidth(width)
    metrics = table.fontMetrics()
    due = table.columnWidth(4)
    assert due >= metrics.horizontalAdvance("逾期352日") * 1.1 + metrics.height() * 0.8
    assert table.horizontalScrollBar().maximum() == 0
    # A case number is never given up for the day.
    assert table.columnWidth(0) >= metrics.horizontalAdvance("（2024）豫0811执1234号") * 0.9


# ---------------------------------------------------------------------------------- calendar


def test_the_calendar_opens_from_the_menu_once_and_f1_leads_to_its_page(
    window: MainWindow, desk: app.Desk, qtbot: QtBot
) -> None:
    window.actions_.by_name["calendar"].trigger()
    calm(desk, qtbot)
    window.actions_.by_name["calendar"].trigger()
    (made,) = [w for w in window.findChildren(CalendarWindow) if w.isVisible()]
    made.view.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWindow() is made.windowHandle(), timeout=PATIENCE)
    QTest.keyClick(made.windowHandle(), Qt.Key.Key_F1)
    (shown,) = window.findChildren(HelpWindow)
    page = shown.browser.toPlainText()
    shown.close()
    made.close()
    assert shown.page == "calendar"
    assert "工作日历" in page
