"""A session at the desk: idle lock by the clock, the same person, somebody else, drafts, end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from helpers.bureau import CHIEF, OFFICER, OTHER_OFFICER, Office
from helpers.offices import journal
from helpers.signing import PATIENCE, enter, sign_in
from zhixing_desktop import app
from zhixing_desktop.services import accounts, drafts, people
from zhixing_desktop.services.deputies import name_deputy
from zhixing_desktop.services.sample_people import give_accounts
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.main_window import MainWindow
from zhixing_desktop.ui.new_case import NewCaseDialog
from zhixing_desktop.ui.sign_in.idle import IdleWatch
from zhixing_desktop.ui.sign_in.sign_in_dialog import SignInDialog
from zhixing_desktop.ui.window_actions import TITLE

ADMIN = "何管理"


@pytest.fixture
def desk(office: Office) -> Iterator[app.Desk]:
    give_accounts(office.bureau)
    made = app.Desk(office.bureau, clock=office.clock)
    yield made
    shown = made.window
    made.close()
    if shown is not None:
        shown.hide()
        shown.deleteLater()


@pytest.fixture
def window(desk: app.Desk, qtbot: QtBot) -> MainWindow:
    """The officer's window after a real sign-in."""
    desk.ask_who(OFFICER)
    made = sign_in(desk, qtbot, OFFICER)
    settle(desk, qtbot)
    return made


def settle(desk: app.Desk, qtbot: QtBot) -> None:
    def quiet() -> bool:
        window = desk.window
        waiting = window is not None and window.whole and window.shown.timer.isActive()
        return not waiting and desk.bridge.pending == 0

    qtbot.waitUntil(quiet, timeout=PATIENCE)


def visible_windows() -> list[str]:
    return [w.windowTitle() for w in QApplication.topLevelWidgets() if w.isVisible()]


def lock_of(desk: app.Desk) -> SignInDialog:
    dialog = desk.session.dialog
    assert dialog is not None
    return dialog


def open_a_case(window: MainWindow, desk: app.Desk, qtbot: QtBot) -> str:
    window.case_list.table.selectRow(0)
    qtbot.waitUntil(lambda: window.windowTitle() != TITLE, timeout=PATIENCE)
    settle(desk, qtbot)
    return window.windowTitle()


# ---------------------------------------------------------------------------------------- locking


def test_nothing_of_a_case_is_seen_while_it_is_locked(
    window: MainWindow, desk: app.Desk, qtbot: QtBot
) -> None:
    title = open_a_case(window, desk, qtbot)
    box = messages.tell(window, "案件", "乙的账户余额")
    window.actions_.by_name["lock"].trigger()
    settle(desk, qtbot)
    assert visible_windows() == ["知行 · 已锁定"]
    lock_of(desk).reject()
    lock_of(desk).close()
    assert "乙" not in "".join(visible_windows())
    for question in lock_of(desk).findChildren(QMessageBox):
        question.reject()
    enter(lock_of(desk), OFFICER)
    qtbot.waitUntil(lambda: not desk.session.locked, timeout=PATIENCE)
    assert window.isVisible()
    assert box.isVisible()
    assert window.windowTitle() == title
    box.close()


@pytest.mark.parametrize("modal", [True, False])
def test_the_keys_lock_from_every_window(
    window: MainWindow, desk: app.Desk, qtbot: QtBot, modal: bool
) -> None:
    other: QWidget = window.dialogs.matrix()
    if modal:
        other = messages.tell(window, "案件", "乙的账户余额")
    qtbot.waitUntil(lambda: QApplication.focusWindow() is other.windowHandle(), timeout=PATIENCE)
    QTest.keyClick(other.windowHandle(), Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert desk.session.locked
    assert visible_windows() == ["知行 · 已锁定"]
    settle(desk, qtbot)
    enter(lock_of(desk), OFFICER)
    qtbot.waitUntil(other.isVisible, timeout=PATIENCE)
    other.close()


def test_a_wrong_password_unlocks_nothing_and_counts(
    window: MainWindow, desk: app.Desk, qtbot: QtBot, office: Office
) -> None:
    desk.session.lock()
    settle(desk, qtbot)
    enter(lock_of(desk), OFFICER, "wrong")
    settle(desk, qtbot)
    assert not window.isVisible()
    assert "密码不对" in lock_of(desk).note.text()
    assert lock_of(desk).login.isReadOnly()
    enter(lock_of(desk), OFFICER)
    qtbot.waitUntil(window.isVisible, timeout=PATIENCE)
    shown = [w for w in window.findChildren(QMessageBox) if w.isVisible()]
    assert any("1次输错密码" in box.text() for box in shown)
    for box in shown:
        box.accept()
    told = journal(office.bureau)
    assert ("account.sign_out", OFFICER) in told
    assert any(action == "account.failure" for action, _ in told)


def test_a_message_that_comes_late_is_hidden_too(
    window: MainWindow, desk: app.Desk, qtbot: QtBot
) -> None:
    desk.session.lock()
    settle(desk, qtbot)
    box = messages.tell(window, "案件", "（2024）豫0811执1号已冻结")
    qtbot.waitUntil(lambda: not box.isVisible(), timeout=PATIENCE)
    enter(lock_of(desk), OFFICER)
    qtbot.waitUntil(box.isVisible, timeout=PATIENCE)
    box.accept()


def test_the_beat_goes_on_behind_the_lock(
    window: MainWindow, desk: app.Desk, qtbot: QtBot, office: Office
) -> None:
    desk.session.lock()
    office.clock.set(office.clock.now() + timedelta(days=30))
    with qtbot.waitSignal(desk.beat.swept, timeout=PATIENCE) as caught:
        desk.beat.scheduler.soon()
    assert caught.args[0].fired > 0
    assert not window.isVisible()


# ------------------------------------------------------------------------------- idle, by the clock


class _Moments:
    def __init__(self) -> None:
        self.at = datetime(2024, 6, 14, 10, 0)

    def now(self) -> datetime:
        return self.at

    def pass_(self, **gone: float) -> None:
        self.at += timedelta(**gone)


@pytest.fixture
def moments() -> _Moments:
    return _Moments()


@pytest.fixture
def watch(moments: _Moments, qtbot: QtBot) -> Iterator[IdleWatch]:
    parent = QObject()
    made = IdleWatch(moments.now, parent)
    made.set_limits(10, 12)
    made.start()
    yield made
    made.stop()
    parent.deleteLater()


def test_a_sleep_counts_though_no_timer_ticked(watch: IdleWatch, moments: _Moments) -> None:
    told: list[str] = []
    watch.idle.connect(lambda: told.append("idle"))
    moments.pass_(minutes=9, seconds=59)
    assert not watch.check()
    moments.pass_(seconds=1)
    assert watch.check()
    assert told == ["idle"]


def test_a_clock_set_back_does_not_lengthen_it(watch: IdleWatch, moments: _Moments) -> None:
    moments.pass_(hours=-5)
    assert not watch.check()
    moments.pass_(minutes=10)
    assert watch.check()


def test_a_session_ends_though_somebody_works_all_the_time(
    watch: IdleWatch, moments: _Moments, qtbot: QtBot
) -> None:
    told: list[str] = []
    watch.expired.connect(lambda: told.append("expired"))
    watch.set_limits(1440, 12)
    moments.pass_(hours=12)
    assert watch.check()
    assert told == ["expired"]


def test_keys_keep_it_open_and_the_key_after_a_sleep_goes_nowhere(
    window: MainWindow, desk: app.Desk, qtbot: QtBot, office: Office
) -> None:
    # Whoever takes a workstation that was left, or wakes it up, gets the lock and nothing else.
    desk.session.watch.listen_to(window.windowHandle())
    handle = window.windowHandle()
    search = window.case_list.search
    search.setFocus()
    for _ in range(3):
        office.clock.set(office.clock.now() + timedelta(minutes=9))
        QTest.keyClick(handle, Qt.Key.Key_A)
    assert not desk.session.locked
    typed = search.text()
    office.clock.set(office.clock.now() + timedelta(minutes=10))
    QTest.keyClick(handle, Qt.Key.Key_B)
    assert desk.session.locked
    assert not window.isVisible()
    assert search.text() == typed
    assert "没有操作" in lock_of(desk).why.text()


def test_the_idle_minutes_are_the_courts_setting(
    window: MainWindow, desk: app.Desk, office: Office
) -> None:
    office.clock.set(office.clock.now() + timedelta(minutes=9, seconds=50))
    assert not desk.session.watch.check()
    office.clock.set(office.clock.now() + timedelta(seconds=10))
    assert desk.session.watch.check()
    assert desk.session.locked


# ------------------------------------------------------------------------------- somebody else


def test_somebody_else_gets_a_window_of_his_own_and_no_drafts(
    window: MainWindow, desk: app.Desk, qtbot: QtBot, office: Office
) -> None:
    filer = sign_in_instead(desk, qtbot, "吴立案")
    dialog = filer.dialogs.new_case()
    assert isinstance(dialog, NewCaseDialog)
    settle(desk, qtbot)
    dialog.form.case_no.setText("（2024）豫0811执9001号")
    dialog.form.changed.emit()
    other = sign_in_instead(desk, qtbot, "李局长")
    settle(desk, qtbot)
    assert other is not filer
    assert "9001" not in " ".join(visible_windows())
    assert other.findChildren(NewCaseDialog) == []
    # Kept for the one who typed it, and for nobody else.
    mine = drafts.load_draft(office.bureau, office.actor("吴立案"), 0, None)
    assert mine is not None
    assert "9001" in str(mine.body)
    assert drafts.load_draft(office.bureau, office.actor("李局长"), 0, None) is None
    again = sign_in_instead(desk, qtbot, "吴立案")
    offered = again.dialogs.new_case()
    settle(desk, qtbot)
    assert offered.form.case_no.text() == "（2024）豫0811执9001号"
    offered._leave_dropped()
    settle(desk, qtbot)


def sign_in_instead(desk: app.Desk, qtbot: QtBot, name: str) -> MainWindow:
    window = desk.window
    assert window is not None
    window.actions_.by_name["switch_user"].trigger()
    made = sign_in(desk, qtbot, name)
    settle(desk, qtbot)
    return made


def test_at_a_lock_others_have_to_say_so(window: MainWindow, desk: app.Desk, qtbot: QtBot) -> None:
    desk.session.lock()
    settle(desk, qtbot)
    dialog = lock_of(desk)
    assert dialog.login.text() == OFFICER
    dialog.other.click()
    assert not dialog.login.isReadOnly()
    assert OFFICER in dialog.why.text()
    after = sign_in(desk, qtbot, OTHER_OFFICER)
    assert after.actor.name == OTHER_OFFICER
    assert desk.window is after


def test_who_changes_his_mind_goes_on_where_he_was(
    window: MainWindow, desk: app.Desk, qtbot: QtBot
) -> None:
    title = open_a_case(window, desk, qtbot)
    desk.session.switch_user()
    settle(desk, qtbot)
    enter(lock_of(desk), OFFICER)
    qtbot.waitUntil(window.isVisible, timeout=PATIENCE)
    assert desk.window is window
    assert window.windowTitle() == title


def test_signing_out_closes_everything_and_asks_again(
    window: MainWindow, desk: app.Desk, qtbot: QtBot, office: Office
) -> None:
    box = messages.tell(None, "案件", "乙的账户余额")
    window.actions_.by_name["sign_out"].trigger()
    qtbot.waitUntil(lambda: desk.gate.dialog is not None, timeout=PATIENCE)
    settle(desk, qtbot)
    assert desk.window is None
    qtbot.waitUntil(lambda: not isValid(window), timeout=PATIENCE)
    assert not box.isVisible() if isValid(box) else True
    assert ("account.sign_out", OFFICER) in journal(office.bureau)
    assert sign_in(desk, qtbot, CHIEF).actor.name == CHIEF
    assert desk.beat.scheduler.running


# ------------------------------------------------------------------------- how the person stands


def test_the_status_line_says_for_whom_one_stands_today(
    window: MainWindow, desk: app.Desk, qtbot: QtBot, office: Office
) -> None:
    today = office.clock.now().date()
    name_deputy(office.bureau, office.actor(CHIEF), CHIEF, OFFICER, "执行局长", today, today, "函1")
    desk.session.refresh()
    qtbot.waitUntil(lambda: "代李局长" in window.status.user.text(), timeout=PATIENCE)
    assert window.status.user.text() == "张承办（承办人）　代李局长（执行局长）"
    assert "登录" in window.status.user.toolTip()


def test_a_disabled_account_is_locked_out_with_the_next_beat(
    window: MainWindow, desk: app.Desk, qtbot: QtBot, office: Office
) -> None:
    number = people.find_person(office.bureau, OFFICER).id
    accounts.disable(office.bureau, office.actor(ADMIN), number, "调离执行局")
    desk.beat.scheduler.soon()
    qtbot.waitUntil(lambda: desk.session.locked, timeout=PATIENCE)
    assert "停用" in lock_of(desk).why.text()
    settle(desk, qtbot)
    enter(lock_of(desk), OFFICER)
    settle(desk, qtbot)
    assert not window.isVisible()
    assert "已停用" in lock_of(desk).note.text()


def test_new_roles_are_seen_without_signing_in_again(
    window: MainWindow, desk: app.Desk, qtbot: QtBot, office: Office
) -> None:
    person = people.find_person(office.bureau, OFFICER)
    security = office.actor("邢安全")
    people.change_roles(
        office.bureau, security, person.id, ("承办人", "材料审核人"), version=person.version
    )
    desk.session.refresh()
    qtbot.waitUntil(lambda: "材料审核人" in window.status.user.text(), timeout=PATIENCE)
    assert window.actor.roles == ("承办人", "材料审核人")


def test_what_one_may_not_open_is_grey_and_says_why(
    window: MainWindow, desk: app.Desk, qtbot: QtBot
) -> None:
    action = window.actions_.by_name["accounts"]
    qtbot.waitUntil(lambda: not action.isEnabled(), timeout=PATIENCE)
    assert "系统管理员" in action.toolTip()
    admin = sign_in_instead(desk, qtbot, ADMIN)
    assert admin.actions_.by_name["accounts"].isEnabled()


def test_quitting_at_the_lock_asks_and_keeps_the_drafts(
    window: MainWindow, desk: app.Desk, qtbot: QtBot, office: Office
) -> None:
    desk.session.switch_user()
    settle(desk, qtbot)
    lock_of(desk).leave.click()
    (question,) = lock_of(desk).findChildren(QMessageBox)
    assert OFFICER in question.text()
    with qtbot.waitSignal(desk.closed, timeout=PATIENCE):
        next(b for b in question.buttons() if b.text() == "退出").click()
    assert desk.window is None
