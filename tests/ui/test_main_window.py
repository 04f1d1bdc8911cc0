"""The window as a whole: case to charts to node, counts, beat, people, keys, closing."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from helpers.bureau import OFFICER, OTHER_OFFICER, SECURITY, Office
from helpers.signing import sign_in
from zhixing_desktop import app
from zhixing_desktop.services import bureau_settings, sweep
from zhixing_desktop.services.sample_people import give_accounts
from zhixing_desktop.settings import Settings
from zhixing_desktop.ui.bridge import Changes
from zhixing_desktop.ui.chart.marks import NodeMark
from zhixing_desktop.ui.help_window import page_for
from zhixing_desktop.ui.main_window import MainWindow
from zhixing_desktop.ui.messages import DefectDialog
from zhixing_desktop.ui.new_case import NewCaseDialog
from zhixing_desktop.ui.window_actions import TITLE
from zhixing_desktop.workflow.errors import StoreError

PATIENCE = 20_000


@pytest.fixture
def remembered() -> list[Settings]:
    return []


@pytest.fixture
def desk(office: Office, qtbot: QtBot, remembered: list[Settings]) -> Iterator[app.Desk]:
    made = app.Desk(office.bureau, clock=office.clock, remember=remembered.append)
    yield made
    made.close()


@pytest.fixture
def window(desk: app.Desk, office: Office, qtbot: QtBot) -> MainWindow:
    made = desk.open_window(office.actor())
    qtbot.addWidget(made)
    made.resize(1366, 900)
    with qtbot.waitExposed(made):
        made.show()
    qtbot.waitUntil(lambda: "巡检 10:20" in made.status.swept.text(), timeout=PATIENCE)
    settle(desk, qtbot)
    return made


def settle(desk: app.Desk, qtbot: QtBot) -> None:
    def quiet() -> bool:
        window = desk.window
        waiting = window is not None and (
            window.shown.timer.isActive()
            or window.case_list._choice_timer.isActive()
            or window.case_list._refresh_timer.isActive()
        )
        return not waiting and desk.bridge.pending == 0

    qtbot.waitUntil(quiet, timeout=PATIENCE)


def mark(window: MainWindow, node: int) -> NodeMark:
    marks = window.charts.view.marks
    found = marks[node]
    assert isinstance(found, NodeMark)
    return found


def nodes_chart(window: MainWindow) -> None:
    window.charts.tabs.setCurrentIndex(1)


def test_it_says_what_it_is_who_works_where_and_when(window: MainWindow, office: Office) -> None:
    assert window.windowTitle() == TITLE == "知行 · 执行案件流程节点办案系统"
    assert window.status.user.text() == "张承办（承办人）"
    assert str(office.bureau.database.path) in window.status.place.toolTip()
    assert window.status.time.text() == "2024-06-14 10:20　试验时钟"


def test_without_a_case_the_charts_show_the_bureau(window: MainWindow) -> None:
    nodes_chart(window)
    open_cases = sum(mark(window, 43).counts.values())
    assert open_cases > 0
    assert mark(window, 43).days_left_text == f"{open_cases}件"
    assert "全局在办" in mark(window, 2).tooltip


def test_choosing_a_case_fills_charts_and_panels(
    window: MainWindow, desk: app.Desk, qtbot: QtBot, office: Office
) -> None:
    nodes_chart(window)
    with qtbot.waitSignal(window.case_list.case_chosen) as chosen:
        window.case_list.table.selectRow(0)
    settle(desk, qtbot)
    detail = office.detail(chosen.args[0])
    assert window.windowTitle() == f"{detail.case_no} — {TITLE}"
    for node in (1, 2, 3, 7, 43):
        (view,) = detail.view.of_node(node)
        assert mark(window, node).state == view.state.value
    assert detail.view.current is not None
    assert window.shown.node == detail.view.current.node
    window.case_list.clear_choice()
    settle(desk, qtbot)
    assert window.windowTitle() == TITLE


def test_only_the_last_of_many_cases_is_drawn(
    window: MainWindow, desk: app.Desk, qtbot: QtBot, office: Office
) -> None:
    ids = [window.case_list.model.row_at(row).id for row in range(6)]  # type: ignore[union-attr]
    for case_id in ids:
        window.open_case(case_id)
    settle(desk, qtbot)
    detail = office.detail(ids[-1])
    assert window.windowTitle().startswith(detail.case_no)


def test_a_step_is_seen_in_chart_and_list(
    window: MainWindow, desk: app.Desk, qtbot: QtBot, office: Office
) -> None:
    case = office.register(601)
    desk.bridge.announce(Changes(frozenset({case})))
    settle(desk, qtbot)
    nodes_chart(window)
    window.open_case(case)
    settle(desk, qtbot)
    assert mark(window, 1).state == "active"
    office.fill(case, 1)
    desk.bridge.announce(Changes(frozenset({case})))
    settle(desk, qtbot)
    assert mark(window, 1).state == "done"
    assert window.case_list.model.total == 11


def test_a_sweep_brings_new_warnings_to_the_window(
    window: MainWindow, desk: app.Desk, qtbot: QtBot, office: Office
) -> None:
    overdue = window.case_list.buttons["overdue"].text()
    frozen = window.case_list.buttons["frozen"].text()
    office.clock.set(office.clock.now() + timedelta(days=30))
    window.refresh()
    qtbot.waitUntil(lambda: "新提醒" in window.status.swept.text(), timeout=PATIENCE)
    settle(desk, qtbot)
    buttons = window.case_list.buttons
    assert (buttons["overdue"].text(), buttons["frozen"].text()) != (overdue, frozen)
    assert window.status.time.text().startswith("2024-07-14")


def test_a_failed_sweep_is_said_and_the_next_one_mends_it(
    window: MainWindow,
    desk: app.Desk,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def away(_bureau: object) -> None:
        raise StoreError("连不上数据库服务器。")

    with monkeypatch.context() as patched, caplog.at_level(logging.ERROR):
        patched.setattr(sweep, "sweep", away)
        window.sweep_wanted.emit()
        qtbot.waitUntil(lambda: window.status.swept.text() == "巡检未完成", timeout=PATIENCE)
    assert "连不上数据库服务器" in window.status.swept.toolTip()
    assert "beat failed" in caplog.text
    window.sweep_wanted.emit()
    qtbot.waitUntil(lambda: "巡检 10:20" in window.status.swept.text(), timeout=PATIENCE)


def test_somebody_else_sits_down(
    desk: app.Desk, qtbot: QtBot, remembered: list[Settings], office: Office
) -> None:
    window = desk.open_window(office.actor())
    window.show()
    settle(desk, qtbot)
    give_accounts(office.bureau)
    window.case_list.search.setText("只有我才查的")
    qtbot.keyClick(window, Qt.Key.Key_U, Qt.KeyboardModifier.ControlModifier)
    assert not window.isVisible()
    after = sign_in(desk, qtbot, OTHER_OFFICER)
    settle(desk, qtbot)
    assert after.isVisible()
    assert after.status.user.text().startswith(OTHER_OFFICER)
    assert after.case_list.search.text() == ""
    assert remembered[-1].last_user == OTHER_OFFICER
    after.close()


def test_keys_lead_everywhere(window: MainWindow, desk: app.Desk, qtbot: QtBot) -> None:
    keys = {
        action.shortcut().toString(): name
        for name, action in window.actions_.by_name.items()
        if not action.shortcut().isEmpty()
    }
    assert keys["F2"] == "new_case"
    assert keys["F5"] == "refresh"
    assert keys["F1"] == "help"
    assert keys["Ctrl+L"] == "lock"
    assert len(keys) == len(set(keys.values()))
    for number in (1, 2, 3):
        window.actions_.by_name[f"chart_{number}"].trigger()
        assert window.charts.tabs.currentIndex() == number - 1
    window.actions_.by_name["focus_list"].trigger()
    assert window.case_list.table.hasFocus()
    window._find.activated.emit()
    assert window.case_list.search.hasFocus()
    assert window._find.key() == QKeySequence(QKeySequence.StandardKey.Find)


def test_in_the_charts_the_same_keys_look_for_a_node(window: MainWindow, qtbot: QtBot) -> None:
    window.charts.view.setFocus()
    assert not window._find.isEnabled()
    window.case_list.table.setFocus()
    assert window._find.isEnabled()


def test_panels_open_and_esc_closes_them(window: MainWindow, qtbot: QtBot) -> None:
    alerts, journal = window.actions_.by_name["alerts"], window.actions_.by_name["journal"]
    assert window.bottom.isVisible()
    assert alerts.isChecked()
    journal.trigger()
    assert window.bottom.currentWidget() is window.panels.journal
    assert (alerts.isChecked(), journal.isChecked()) == (False, True)
    window.case_list.table.setFocus()
    qtbot.keyClick(window.case_list.table, Qt.Key.Key_Escape)
    assert window.bottom.isHidden()
    assert not journal.isChecked()
    alerts.trigger()
    assert window.bottom.isVisible()
    alerts.trigger()
    assert window.bottom.isHidden()


def test_on_a_low_screen_the_charts_have_the_middle_at_first(
    desk: app.Desk, office: Office, qtbot: QtBot
) -> None:
    low = desk.open_window(office.actor())
    qtbot.addWidget(low)
    low.resize(1366, 728)
    low.show()
    assert low.bottom.isHidden()
    assert not low.actions_.by_name["alerts"].isChecked()


def test_a_narrow_window_folds_the_node_under_the_charts(
    window: MainWindow, desk: app.Desk, qtbot: QtBot
) -> None:
    assert window.bottom.indexOf(window.panels.node) == -1
    window.resize(window.minimumWidth() + 100, 540)
    qtbot.waitUntil(lambda: window.bottom.indexOf(window.panels.node) == 0)
    window.actions_.by_name["focus_node"].trigger()
    assert window.bottom.currentWidget() is window.panels.node
    desk.bridge.announce(Changes())
    settle(desk, qtbot)
    titles = [window.bottom.tabText(tab).split()[0] for tab in range(window.bottom.count())]
    assert titles == ["节点办理", "期限提醒", "办案日志"]
    window.resize(1700, 900)
    qtbot.waitUntil(lambda: window.bottom.indexOf(window.panels.node) == -1)
    assert window.panels.node.isVisible()


def test_the_new_case_is_opened_when_it_is_registered(
    window: MainWindow, desk: app.Desk, qtbot: QtBot, office: Office
) -> None:
    window.set_actor(office.actor("吴立案"))
    window.actions_.by_name["new_case"].trigger()
    (dialog,) = window.findChildren(NewCaseDialog)
    settle(desk, qtbot)
    form = dialog.form
    form.case_no.setText("（2024）豫0811执801号")
    form.amount.setText("1000")
    form.parties.rows[0].name.setText("甄士隐")
    form.parties.rows[1].name.setText("贾雨村")
    dialog.try_save()
    qtbot.waitUntil(lambda: window.windowTitle().startswith("（2024）豫0811执801号"))
    settle(desk, qtbot)
    row = window.case_list.model.row_at(window.case_list.table.currentIndex().row())
    assert row is not None
    assert row.texts[0] == "（2024）豫0811执801号"


def test_help_opens_at_the_panel_that_has_the_cursor(window: MainWindow, qtbot: QtBot) -> None:
    window.case_list.search.setFocus()
    with qtbot.waitSignal(window.help_requested) as asked:
        window.actions_.by_name["help"].trigger()
    assert asked.args == ["case-list"]
    assert window.dialogs.help is not None
    assert window.dialogs.help.page == "case-list"
    assert window.dialogs.help.browser.toPlainText().strip()
    window.dialogs.help.close()
    assert page_for(window.charts.view) == "chart"
    assert page_for(window.panels.node) == "node"
    assert page_for(None) == "main"


def test_a_case_that_is_not_there_is_said(window: MainWindow, desk: app.Desk, qtbot: QtBot) -> None:
    window.open_case(9999)
    settle(desk, qtbot)
    (box,) = window.findChildren(QMessageBox)
    assert box.isVisible()
    box.accept()


def test_a_case_that_went_out_of_sight_is_said_once_and_leaves_the_window(
    window: MainWindow, desk: app.Desk, office: Office, qtbot: QtBot
) -> None:
    case = office.register(9301, officer=OFFICER)
    window.set_actor(office.actor(OFFICER))
    window.open_case(case)
    settle(desk, qtbot)
    assert window.shown.case_id == case
    bureau_settings.change_setting(
        office.bureau, office.actor(SECURITY), "sight.visibility", "own", "试验"
    )
    window.set_actor(office.actor(OTHER_OFFICER))
    window.shown.reload()
    settle(desk, qtbot)
    boxes = window.findChildren(QMessageBox)
    assert boxes
    assert all("“案件可见范围”现为“本人”" in box.text() for box in boxes)
    for box in boxes:
        box.accept()
    assert window.shown.case_id is None


def test_letters_grow_and_shrink_and_colours_change(
    window: MainWindow, desk: app.Desk, remembered: list[Settings]
) -> None:
    plain = QApplication.font().pointSizeF()
    try:
        window.actions_.by_name["larger"].trigger()
        assert QApplication.font().pointSizeF() == pytest.approx(plain * 1.1)
        assert remembered[-1].font_scale == 110
        window.actions_.by_name["normal_size"].trigger()
        assert QApplication.font().pointSizeF() == pytest.approx(plain)
        window.actions_.themes["dark"].trigger()
        assert remembered[-1].theme == "dark"
        assert QApplication.palette().window().color().lightness() < 128
    finally:
        app.apply_font_scale(100)
        app.apply_theme("light")


def test_closing_puts_away_beat_bridge_and_database_in_this_order(
    office: Office, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, remembered: list[Settings]
) -> None:
    desk = app.Desk(office.bureau, clock=office.clock, remember=remembered.append)
    window = desk.open_window(office.actor())
    qtbot.addWidget(window)
    window.show()
    order: list[str] = []
    for name, thing, method in (
        ("beat", desk.beat.scheduler, "stop"),
        ("bridge", desk.bridge, "close"),
        ("database", office.bureau, "close"),
    ):
        original = getattr(type(thing), method)

        def noted(
            of: object, name: str = name, original: Callable[[object], None] = original
        ) -> None:
            order.append(name)
            original(of)

        monkeypatch.setattr(type(thing), method, noted)
    with qtbot.waitSignal(desk.closed):
        window.close()
    # The sweep's beat and that of the scan folder.
    assert order == ["beat", "beat", "bridge", "database"]
    monkeypatch.undo()
    names = [thread.name for thread in threading.enumerate()]
    assert not [name for name in names if name.startswith(("read", "write", "APScheduler"))]
    assert remembered[-1].layout is not None
    desk.close()


def test_the_window_comes_back_as_it_was_left(
    office: Office, qtbot: QtBot, window: MainWindow
) -> None:
    window.charts.tabs.setCurrentIndex(2)
    window.actions_.by_name["journal"].trigger()
    window.across.setSizes([500, 600, 250])
    left = window.layout_state()
    again = app.build_window(
        office.bureau,
        window._bridge,
        office.actor(),
        clock=office.clock,
        remembered=Settings(layout=left),
    )
    qtbot.addWidget(again)
    again.resize(window.size())
    again.show()
    assert again.charts.tabs.currentIndex() == 2
    assert again.bottom.currentWidget() is again.panels.journal
    assert again.across.sizes() == window.across.sizes()


def test_what_nobody_caught_is_shown_with_its_details(
    qtbot: QtBot, host: QWidget, caplog: pytest.LogCaptureFixture
) -> None:
    import sys

    shown: list[BaseException] = []
    restore = app.install_hooks(shown.append)
    try:
        with caplog.at_level(logging.CRITICAL):
            sys.excepthook(ValueError, ValueError("a defect"), None)
            thread = threading.Thread(target=lambda: 1 / 0)
            thread.start()
            thread.join()
    finally:
        restore()
    assert [type(error) for error in shown] == [ValueError, ZeroDivisionError]
    assert "a defect" in caplog.text
    dialog = DefectDialog("Traceback: a defect", host)
    dialog.copy_details()
    assert QApplication.clipboard().text() == "Traceback: a defect"
