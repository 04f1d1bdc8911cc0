"""Signing in, the forced change, the first start: what stands before the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from helpers.bureau import OFFICER, Office, make_bureau
from helpers.founding import ADMIN, ADMIN_PASSWORD, COURT, SECURITY, SECURITY_PASSWORD
from helpers.offices import journal
from helpers.signing import PATIENCE, RIGHT, enter
from zhixing_desktop.services import accounts, bureau_settings, people, signing_in
from zhixing_desktop.services.at_desk import SignInName
from zhixing_desktop.services.bureau_settings import SETTINGS, settings_of
from zhixing_desktop.services.passwords import password_marks, password_problems
from zhixing_desktop.services.sample_people import give_accounts
from zhixing_desktop.services.signing_in import SignedIn
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.help_window import PAGES, page_for
from zhixing_desktop.ui.sign_in.first_start_dialog import FirstStartDialog
from zhixing_desktop.ui.sign_in.gate import Gate
from zhixing_desktop.ui.sign_in.name_list import NameModel
from zhixing_desktop.ui.sign_in.once import OncePasswords
from zhixing_desktop.ui.sign_in.password_dialog import PasswordDialog
from zhixing_desktop.ui.sign_in.password_edit import PasswordEdit
from zhixing_desktop.ui.sign_in.sign_in_dialog import SignInDialog

Settle = Callable[[], None]
NEW = "Ban-an.2025"


@pytest.fixture
def staffed(office: Office) -> Office:
    give_accounts(office.bureau)
    return office


@pytest.fixture
def entered() -> list[SignedIn]:
    return []


@pytest.fixture
def dialog(
    staffed: Office, bridge: Bridge, host: QWidget, settle: Settle, entered: list[SignedIn]
) -> SignInDialog:
    made = SignInDialog(staffed.bureau, bridge, parent=host)
    made.signed_in.connect(entered.append)
    made.open()
    settle()
    return made


# ------------------------------------------------------------------------------------- entering


def test_wrong_then_right_then_the_failure_is_told(
    dialog: SignInDialog, settle: Settle, entered: list[SignedIn], staffed: Office
) -> None:
    accounts.sign_in(staffed.bureau, OFFICER, RIGHT)
    enter(dialog, OFFICER, "not it")
    settle()
    assert dialog.isVisible()
    assert "登录名或者密码不对" in dialog.note.text()
    assert entered == []
    enter(dialog, OFFICER)
    settle()
    (signed,) = entered
    assert signed.actor.name == OFFICER
    assert "上次登录：2024-06-14 10:20，试验工作站" in signed.words()
    assert "1次输错密码" in signed.words()


def test_an_unknown_name_and_a_wrong_password_are_told_in_the_same_words(
    dialog: SignInDialog, settle: Settle
) -> None:
    said = []
    for name in ("没有这个人", OFFICER):
        enter(dialog, name, "wrong")
        settle()
        said.append(dialog.note.text())
    assert said[0] == said[1]


def test_after_too_many_failures_the_right_password_is_told_until_when(
    dialog: SignInDialog, settle: Settle, entered: list[SignedIn], staffed: Office
) -> None:
    for _ in range(5):
        enter(dialog, OFFICER, "wrong")
        settle()
    enter(dialog, OFFICER)
    settle()
    assert entered == []
    assert "到2024-06-14 10:50:00为止" in dialog.note.text()
    staffed.clock.set(staffed.clock.now() + timedelta(minutes=31))
    enter(dialog, OFFICER)
    settle()
    assert [signed.actor.name for signed in entered] == [OFFICER]


def test_the_window_does_not_freeze_while_the_password_is_compared(
    dialog: SignInDialog, entered: list[SignedIn], settle: Settle
) -> None:
    enter(dialog, OFFICER)
    # The call has come back before the answer: the work is done elsewhere.
    assert entered == []
    assert "请稍候" in dialog.note.text()
    assert not dialog.enter.isEnabled()
    settle()
    assert len(entered) == 1


@pytest.mark.parametrize("typed", ["张承", "zcb", "ZCB", "zhang"])
def test_names_are_completed_by_name_login_and_initials(typed: str, host: QWidget) -> None:
    model = NameModel(host)
    people_ = [
        SignInName("张承办", "zhangcb", ("承办人",), "zcb"),
        SignInName("孙法官", "孙法官", ("承办人",), "sfg"),
    ]
    model.offer(people_)
    model.look(typed)
    assert [entry.name for entry in model.found] == ["张承办"]
    model.look("")
    assert model.found == []


def test_the_names_are_those_who_can_sign_in(
    staffed: Office, bridge: Bridge, host: QWidget, settle: Settle
) -> None:
    bureau = staffed.bureau
    admin = staffed.actor("何管理")
    accounts.disable(bureau, admin, people.find_person(bureau, "孙法官").id, "调离")
    made = SignInDialog(bureau, bridge, parent=host)
    settle()
    names = made.completer.names
    names.look("sfg")
    assert names.found == []
    names.look("zcb")
    assert [entry.name for entry in names.found] == [OFFICER]


def test_caps_lock_is_noticed(host: QWidget) -> None:
    field = PasswordEdit("密码", host)
    field.show()
    field.setFocus()
    said: list[bool] = []
    field.caps.connect(said.append)
    shift, plain = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier

    def press(letter: str, modifier: Qt.KeyboardModifier) -> None:
        """What the keyboard sends: the simulated click makes no capital without Shift."""
        key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, modifier, letter)
        QApplication.sendEvent(field, key)

    press("a", plain)
    press("B", shift)
    press("7", plain)
    assert said == []
    press("C", plain)
    assert said == [True]
    press("d", shift)
    assert said == [True], "still on: it is said once"
    press("e", plain)
    assert said == [True, False]
    assert field.text() == "aB7Cde"
    assert field.echoMode() == QLineEdit.EchoMode.Password


def test_the_sample_bureau_says_so_and_lists_its_people(
    staffed: Office, bridge: Bridge, host: QWidget, settle: Settle, entered: list[SignedIn]
) -> None:
    staffed.bureau.database.purpose = "sample"
    made = SignInDialog(staffed.bureau, bridge, parent=host)
    made.signed_in.connect(entered.append)
    made.open()
    settle()
    texts = [label.text() for label in made.findChildren(QWidget) if hasattr(label, "text")]
    assert any("这是示例局" in str(text) and "编造" in str(text) for text in texts)
    assert made.people.isVisible()
    assert made.people.picked() == OFFICER
    assert made.people.pick("李局长")
    assert made.login.text() == "李局长"
    made.enter.click()
    settle()
    assert [signed.actor.name for signed in entered] == ["李局长"]


def test_a_real_bureau_lists_nobody(dialog: SignInDialog) -> None:
    assert dialog.people.isHidden()
    assert dialog.password.text() == ""


# --------------------------------------------------------------------------- changing passwords


def test_a_given_password_has_to_be_changed_before_anything_else(
    dialog: SignInDialog, settle: Settle, entered: list[SignedIn], staffed: Office
) -> None:
    bureau, admin = staffed.bureau, staffed.actor("何管理")
    once = accounts.reset_password(bureau, admin, people.find_person(bureau, OFFICER).id)
    enter(dialog, OFFICER, once)
    settle()
    assert entered == []
    assert dialog.pages.currentIndex() == 1
    assert "管理员设置" in dialog.new_why.text()
    dialog.new.first.setText("abc")
    lines = dialog.new.marks.lines()
    assert any(line.startswith("○") and "10至128个字符" in line for line in lines)
    dialog.new.first.setText(NEW)
    assert sum(line.startswith("✓") for line in dialog.new.marks.lines()) == 5
    assert not dialog.save.isEnabled()
    dialog.new.again.setText("Ban-bn")
    assert "不一样" in dialog.new.note.text()
    dialog.new.again.setText(NEW)
    dialog.save.click()
    settle()
    assert [signed.must_change for signed in entered] == [""]
    assert accounts.sign_in(bureau, OFFICER, NEW).must_change == ""


def test_an_earlier_password_is_refused_with_its_rule(
    dialog: SignInDialog, settle: Settle, entered: list[SignedIn], staffed: Office
) -> None:
    bureau, admin = staffed.bureau, staffed.actor("何管理")
    once = accounts.reset_password(bureau, admin, people.find_person(bureau, OFFICER).id)
    enter(dialog, OFFICER, once)
    settle()
    dialog.new.first.setText(RIGHT)
    dialog.new.again.setText(RIGHT)
    dialog.save.click()
    settle()
    assert entered == []
    assert "最近用过的5个密码" in dialog.new_note.text()


def test_my_password_is_changed_only_with_the_present_one(
    staffed: Office, bridge: Bridge, host: QWidget, settle: Settle
) -> None:
    made = PasswordDialog(staffed.bureau, bridge, OFFICER, OFFICER, parent=host)
    made.open()
    settle()
    made.old.setText("guess")
    made.new.first.setText(NEW)
    made.new.again.setText(NEW)
    made.save.click()
    settle()
    assert made.isVisible()
    assert "密码不对" in made.note.text()
    made.old.setText(RIGHT)
    made.save.click()
    settle()
    assert signing_in.sign_in(staffed.bureau, OFFICER, NEW).actor.name == OFFICER


def test_the_expiry_is_told_some_days_before(staffed: Office) -> None:
    bureau = staffed.bureau
    bureau_settings.change_setting(
        bureau, staffed.actor("邢安全"), "security.expiry_days", 30, "试验"
    )
    start = staffed.clock.now()
    staffed.clock.set(start + timedelta(days=20))
    assert signing_in.sign_in(bureau, OFFICER, RIGHT).expiry_words() == ""
    staffed.clock.set(start + timedelta(days=25))
    assert "还有5天" in signing_in.sign_in(bureau, OFFICER, RIGHT).expiry_words()
    staffed.clock.set(start + timedelta(days=29, hours=12))
    assert "请今天更换" in signing_in.sign_in(bureau, OFFICER, RIGHT).expiry_words()


RULES = settings_of({key: s.standard("bureau") for key, s in SETTINGS.items()}).security


@given(
    st.one_of(
        st.text(max_size=30),
        st.text("aB3-. ", min_size=8, max_size=16),
        st.sampled_from(["Shan.Yang.49", "zhangcb-A1234", "x" * 129, "Aa1" * 50, " Shan.Yang.49"]),
    )
)
def test_all_rules_are_ticked_exactly_when_the_password_may_be_used(password: str) -> None:
    marks = password_marks(password, RULES, login="zhangcb", name="张承办")
    problems = password_problems(password, RULES, login="zhangcb", name="张承办")
    assert all(kept for _, kept in marks) == (problems == [])


# ------------------------------------------------------------------------------ the first start


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Office]:
    made = make_bureau(tmp_path, staffed=False, name="new.db")
    yield made
    made.close()


def _fill(made: FirstStartDialog) -> None:
    made.name.setText(COURT.name)
    made.code.setText(COURT.code)
    made.next.click()
    admin, security = made.boxes["系统管理员"], made.boxes["安全管理员"]
    admin.name.setEditText(ADMIN)
    admin.login.setText("admin")
    for field in (admin.password.first, admin.password.again):
        field.setText(ADMIN_PASSWORD)
    security.name.setEditText(SECURITY)
    security.login.setText("security")
    for field in (security.password.first, security.password.again):
        field.setText(SECURITY_PASSWORD)


@pytest.fixture
def gate_of(bridge: Bridge, host: QWidget) -> Iterator[Callable[[Office], Gate]]:
    """Make gates whose dialogs are put away with the test: they have no window above them."""
    made: list[Gate] = []

    def make(office: Office) -> Gate:
        made.append(Gate(office.bureau, bridge, host))
        return made[-1]

    yield make
    for gate in made:
        gate.close()


def _first_start(gate: Gate, settle: Settle) -> FirstStartDialog:
    gate.ask()
    settle()
    made = gate.dialog
    assert isinstance(made, FirstStartDialog)
    settle()
    return made


def test_the_first_start_makes_the_bureau_and_its_administrators(
    empty: Office, gate_of: Callable[[Office], Gate], settle: Settle
) -> None:
    gate = gate_of(empty)
    made = _first_start(gate, settle)
    _fill(made)
    made.next.click()
    settle()
    assert bureau_settings.read_settings(empty.bureau).court.name == COURT.name
    roles = {p.name: p.roles for p in people.all_people(empty.bureau)}
    assert roles == {ADMIN: ("系统管理员",), SECURITY: ("安全管理员",)}
    # The administrator signs in at once, with the login written already.
    after = gate.dialog
    assert isinstance(after, SignInDialog)
    assert after.login.text() == "admin"


def test_one_person_cannot_be_both_administrators(
    empty: Office, gate_of: Callable[[Office], Gate], settle: Settle
) -> None:
    made = _first_start(gate_of(empty), settle)
    _fill(made)
    made.boxes["安全管理员"].name.setEditText(ADMIN)
    made.boxes["安全管理员"].password.first.setText("short")
    made.next.click()
    assert "两次输入的密码不一样" in made.note.text()
    made.boxes["安全管理员"].password.again.setText("short")
    made.next.click()
    settle()
    # Everything at once.
    assert "不能由一人兼任" in made.note.text()
    assert "太短" in made.note.text()
    assert people.all_people(empty.bureau) == ()
    made.reject()


def test_who_is_not_there_gets_a_one_time_password_shown_once(
    empty: Office, gate_of: Callable[[Office], Gate], settle: Settle
) -> None:
    made = _first_start(gate_of(empty), settle)
    _fill(made)
    made.boxes["安全管理员"].absent.setChecked(True)
    made.next.click()
    settle()
    (once,) = made.findChildren(OncePasswords)
    once.copy()
    password = QGuiApplication.clipboard().text()
    assert once.fields[0].text() == password
    once.accept()
    signed = signing_in.sign_in(empty.bureau, "security", password)
    assert "管理员设置" in signed.must_change


def test_an_upgraded_bureau_offers_the_people_it_has(
    office: Office, gate_of: Callable[[Office], Gate], settle: Settle
) -> None:
    made = _first_start(gate_of(office), settle)
    admin = made.boxes["系统管理员"].name
    assert admin.currentText() == "何管理"
    offered = [admin.itemText(place) for place in range(admin.count())]
    assert OFFICER not in offered
    made.reject()


def test_an_older_sample_gets_its_accounts(
    office: Office, gate_of: Callable[[Office], Gate], settle: Settle
) -> None:
    office.bureau.database.purpose = "sample"
    gate = gate_of(office)
    gate.ask(OFFICER)
    settle()
    assert isinstance(gate.dialog, SignInDialog)
    assert signing_in.sign_in(office.bureau, OFFICER, RIGHT).actor.name == OFFICER


def test_accounts_removed_by_hand_let_nobody_become_administrator(
    staffed: Office, gate_of: Callable[[Office], Gate], settle: Settle, qtbot: QtBot
) -> None:
    with staffed.bureau.database.writing() as conn:
        conn.exec_driver_sql("DELETE FROM password_history")
        conn.exec_driver_sql("DELETE FROM accounts")
    gate = gate_of(staffed)
    with qtbot.waitSignal(gate.given_up, timeout=PATIENCE):
        gate.ask()
        settle()
        from PySide6.QtWidgets import QMessageBox

        from helpers.signing import shown_dialog

        box = shown_dialog(qtbot, QMessageBox)
        assert "绕过程序删除" in box.text()
        box.accept()
    assert gate.dialog is None


def test_each_window_has_its_page_of_the_handbook(dialog: SignInDialog) -> None:
    assert page_for(dialog.password) == "sign-in"
    folder = Path(__file__).parents[2] / "docs" / "handbook"
    for page in PAGES:
        assert (folder / f"{page}.md").is_file(), page


def test_a_sign_in_is_in_the_journal(dialog: SignInDialog, settle: Settle, staffed: Office) -> None:
    enter(dialog, OFFICER)
    settle()
    assert ("account.sign_in", OFFICER) in journal(staffed.bureau)
