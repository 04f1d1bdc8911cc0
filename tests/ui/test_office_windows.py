"""People, accounts, settings, deputies, matrix: as the administrators use them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import pytest
from PySide6.QtCore import QDate
from PySide6.QtGui import QGuiApplication, QPageSize
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QMessageBox, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from helpers.bureau import CHIEF, CLERK, OFFICER, Office
from helpers.signing import RIGHT
from zhixing_desktop.services import accounts, bureau_settings, deputies, people, signing_in
from zhixing_desktop.services.sample_people import give_accounts
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.office.accounts_window import (
    AccountsWindow,
    NewAccountDialog,
    ResetDialog,
)
from zhixing_desktop.ui.office.deputies_window import DeputiesWindow
from zhixing_desktop.ui.office.matrix_window import MatrixWindow, sheet
from zhixing_desktop.ui.office.people_window import PeopleWindow
from zhixing_desktop.ui.office.pieces import OfficeWindow, ReasonDialog
from zhixing_desktop.ui.office.settings_window import SettingsWindow
from zhixing_desktop.ui.sign_in.once import OncePasswords

ADMIN, SECURITY = "何管理", "邢安全"
Window = TypeVar("Window", bound=OfficeWindow)
Settle = Callable[[], None]
Open = Callable[..., OfficeWindow]


@pytest.fixture
def open_as(office: Office, bridge: Bridge, host: QWidget, settle: Settle) -> Callable[..., Window]:
    """Open a window as somebody."""

    def open_(kind: type[Window], name: str) -> Window:
        actor = office.actor(name)
        made = kind(office.bureau, bridge, lambda: actor, parent=host)
        made.show()
        settle()
        return made

    return open_


def number(office: Office, name: str) -> int:
    return people.find_person(office.bureau, name).id


def press(box: QMessageBox, words: str) -> None:
    next(button for button in box.buttons() if button.text() == words).click()


def shown(parent: QWidget, kind: type[QWidget]) -> QWidget:
    (found,) = [widget for widget in parent.findChildren(kind) if widget.isVisible()]
    return found


# ---------------------------------------------------------------------------------------- people


def test_roles_are_given_by_the_security_administrator_alone(
    open_as: Callable[..., PeopleWindow], office: Office, settle: Settle
) -> None:
    window = open_as(PeopleWindow, ADMIN)
    window.list.choose(number(office, OFFICER))
    assert not window.save_roles.isEnabled()
    assert "安全管理员" in window.save_roles.toolTip()
    assert not window.roles.boxes["材料审核人"].isEnabled()
    assert window.save_place.isEnabled()
    window = open_as(PeopleWindow, SECURITY)
    window.list.choose(number(office, OFFICER))
    assert not window.save_place.isEnabled()
    assert "系统管理员" in window.save_place.toolTip()
    window.roles.boxes["材料审核人"].click()
    window.save_roles.click()
    settle()
    assert people.find_person(office.bureau, OFFICER).roles == ("承办人", "材料审核人")


def test_roles_that_exclude_each_other_cannot_be_ticked(
    open_as: Callable[..., PeopleWindow], office: Office
) -> None:
    window = open_as(PeopleWindow, SECURITY)
    window.list.choose(number(office, OFFICER))
    box = window.roles.boxes["审计员"]
    assert not box.isEnabled()
    assert "不能与承办人并存" in box.toolTip()
    window.roles.boxes["承办人"].click()
    assert box.isEnabled()
    box.click()
    assert not window.roles.boxes["承办人"].isEnabled()
    # One's own roles are somebody else's to give.
    window.list.choose(number(office, SECURITY))
    assert not window.save_roles.isEnabled()
    assert "自己的角色" in window.save_roles.toolTip()


def test_team_and_clerk_are_saved_together(
    open_as: Callable[..., PeopleWindow], office: Office, settle: Settle
) -> None:
    window = open_as(PeopleWindow, ADMIN)
    window.list.choose(number(office, OFFICER))
    window.team.setEditText("执行三团队")
    window.clerk.setCurrentIndex(window.clerk.findText(CLERK))
    window.save_place.click()
    settle()
    person = people.find_person(office.bureau, OFFICER)
    assert (person.team, person.clerk_id) == ("执行三团队", number(office, CLERK))
    assert ["张承办", "承办人", "执行三团队", CLERK, "在岗"] in window.list.texts()


def test_what_papers_print_of_a_person_is_entered_with_the_rest(
    open_as: Callable[..., PeopleWindow], office: Office, settle: Settle
) -> None:
    window = open_as(PeopleWindow, ADMIN)
    window.list.choose(number(office, OFFICER))
    assert window.title_on_papers.findText("审判员") >= 0
    window.title_on_papers.setEditText("执行员")
    window.telephone.setText(" 0391-7654321 ")
    window.save_place.click()
    settle()
    person = people.find_person(office.bureau, OFFICER)
    assert (person.title, person.telephone) == ("执行员", "0391-7654321")
    window.list.choose(number(office, CLERK))
    assert window.telephone.text() == ""
    window.list.choose(number(office, OFFICER))
    assert window.telephone.text() == "0391-7654321"
    assert window.title_on_papers.currentText() == "执行员"
    # What cannot stand on a paper is refused, and the team with it.
    window.team.setEditText("执行九团队")
    window.title_on_papers.setEditText("执行员\u200b")
    window.save_place.click()
    settle()
    box = shown(window, QMessageBox)
    assert isinstance(box, QMessageBox)
    assert "职务和办公电话没有修改" in box.text() + box.informativeText()
    box.accept()
    assert people.find_person(office.bureau, OFFICER).team != "执行九团队"


def test_two_who_change_one_person_see_both_versions(
    open_as: Callable[..., PeopleWindow], office: Office, settle: Settle
) -> None:
    window = open_as(PeopleWindow, ADMIN)
    window.list.choose(number(office, OFFICER))
    person = people.find_person(office.bureau, OFFICER)
    people.set_team(
        office.bureau, office.actor(ADMIN), person.id, "执行二团队", version=person.version
    )
    window.team.setEditText("执行三团队")
    window.save_place.click()
    settle()
    settle()
    box = shown(window, QMessageBox)
    assert isinstance(box, QMessageBox)
    words = box.informativeText()
    assert "您要改为　团队：执行三团队" in words
    assert "现在已是　角色：承办人；团队：执行二团队" in words
    assert people.find_person(office.bureau, OFFICER).team == "执行二团队"
    box.accept()
    settle()
    assert window.team.currentText() == "执行二团队"


def test_somebody_new_is_entered_and_somebody_leaves(
    open_as: Callable[..., PeopleWindow], office: Office, settle: Settle
) -> None:
    window = open_as(PeopleWindow, ADMIN)
    dialog = window.ask_new()
    dialog.name.setText(OFFICER)
    dialog.try_add()
    settle()
    assert "同名" in dialog.note.text()
    dialog.name.setText("秦新")
    dialog.try_add()
    settle()
    assert people.find_person(office.bureau, "秦新").roles == ()
    window.list.choose(number(office, "孙法官"))
    window.leave.click()
    box = shown(window, QMessageBox)
    assert isinstance(box, QMessageBox)
    press(box, "设为离岗")
    settle()
    assert "孙法官" not in [row[0] for row in window.list.texts()]
    window.gone.click()
    assert "孙法官" in [row[0] for row in window.list.texts()]


# -------------------------------------------------------------------------------------- accounts


def test_an_account_is_made_and_its_password_shown_once(
    open_as: Callable[..., AccountsWindow], office: Office, settle: Settle
) -> None:
    window = open_as(AccountsWindow, ADMIN)
    window.list.choose(number(office, OFFICER))
    assert not window.reset_button.isEnabled()
    assert "还没有账号" in window.reset_button.toolTip()
    window.make_button.click()
    dialog = shown(window, NewAccountDialog)
    assert isinstance(dialog, NewAccountDialog)
    dialog.login.setText("x")
    dialog.try_create()
    settle()
    assert "2至32个字符" in dialog.note.text()
    dialog.login.setText("zhangcb")
    dialog.try_create()
    settle()
    once = shown(window, OncePasswords)
    assert isinstance(once, OncePasswords)
    once.copy()
    signed = signing_in.sign_in(office.bureau, "zhangcb", QGuiApplication.clipboard().text())
    assert "管理员设置" in signed.must_change
    once.accept()
    row = next(row for row in window.list.texts() if row[0] == OFFICER)
    assert row[1] == "zhangcb"
    assert "须更换密码" in row[3]


def test_a_locked_account_is_unlocked_with_a_reason_and_a_disabled_one_said(
    open_as: Callable[..., AccountsWindow], office: Office, settle: Settle
) -> None:
    give_accounts(office.bureau)
    for _ in range(5):
        with pytest.raises(Exception, match="密码不对"):
            signing_in.sign_in(office.bureau, OFFICER, "wrong")
    window = open_as(AccountsWindow, ADMIN)
    window.list.choose(number(office, OFFICER))
    row = next(row for row in window.list.texts() if row[0] == OFFICER)
    assert "锁定到06-14 10:50" in row[3]
    assert row[7] == "5次"
    window.unlock_button.click()
    reason = shown(window, ReasonDialog)
    assert isinstance(reason, ReasonDialog)
    reason.try_act()
    assert "写明理由" in reason.note.text()
    reason.reason.setText("本人到场核实")
    reason.try_act()
    settle()
    assert signing_in.sign_in(office.bureau, OFFICER, RIGHT).actor.name == OFFICER
    window.disable_button.click()
    reason = shown(window, ReasonDialog)
    assert isinstance(reason, ReasonDialog)
    reason.reason.setText("调离")
    reason.try_act()
    settle()
    window.list.choose(number(office, OFFICER))
    assert window.disable_button.text() == "启用…"
    # One's own account is somebody else's to handle.
    window.list.choose(number(office, ADMIN))
    assert not window.disable_button.isEnabled()
    assert "另一名系统管理员" in window.reset_button.toolTip()


def test_a_reset_password_replaces_the_old_one(
    open_as: Callable[..., AccountsWindow], office: Office, settle: Settle
) -> None:
    give_accounts(office.bureau)
    window = open_as(AccountsWindow, ADMIN)
    window.list.choose(number(office, OFFICER))
    window.reset_button.click()
    box = shown(window, QMessageBox)
    assert isinstance(box, QMessageBox)
    press(box, "重置")
    settle()
    once = shown(window, OncePasswords)
    assert isinstance(once, OncePasswords)
    assert signing_in.sign_in(office.bureau, OFFICER, once.fields[0].text()).must_change
    with pytest.raises(Exception, match="密码不对"):
        signing_in.sign_in(office.bureau, OFFICER, RIGHT)


def test_who_keeps_no_accounts_sees_none(
    open_as: Callable[..., AccountsWindow], office: Office
) -> None:
    give_accounts(office.bureau)
    window = open_as(AccountsWindow, OFFICER)
    assert window.list.topLevelItemCount() == 0
    assert "“查看账号清单”应由系统管理员、安全管理员、审计员办理" in window.note.text()
    for button in (window.make_button, window.reset_button, window.disable_button):
        assert not button.isEnabled()


def test_the_service_refuses_also_what_the_window_would_send(
    open_as: Callable[..., AccountsWindow], office: Office, settle: Settle
) -> None:
    """安全管理员 sees the accounts; blocking them is the 系统管理员's."""
    give_accounts(office.bureau)
    window = open_as(AccountsWindow, SECURITY)
    window.list.choose(number(office, CLERK))
    assert not window.disable_button.isEnabled()
    window.ask_disable()
    reason = shown(window, ReasonDialog)
    assert isinstance(reason, ReasonDialog)
    reason.reason.setText("试一试")
    reason.try_act()
    settle()
    assert "系统管理员" in reason.note.text()
    admin = office.actor(ADMIN)
    clerk = next(a for a in accounts.account_list(office.bureau, admin) if a.person.name == CLERK)
    assert not clerk.disabled


# -------------------------------------------------------------------------------------- settings


def test_every_setting_has_its_line_and_its_editor(
    open_as: Callable[..., SettingsWindow], office: Office
) -> None:
    window = open_as(SettingsWindow, SECURITY)
    assert len(window.list.texts()) == len(bureau_settings.SETTINGS)
    for key, setting in bureau_settings.SETTINGS.items():
        assert window.list.choose(key)
        assert window.title.text() == setting.label
        assert window.explanation.text() == setting.explanation
        assert setting.basis in window.basis.text()
        assert window.editor is not None
        allowed = setting.act == bureau_settings.SECURITY_ACT
        assert window.save.isEnabled() == allowed, key
        assert window.editor.isEnabled() == allowed, key


def test_a_setting_is_changed_with_a_reason_that_is_shown(
    open_as: Callable[..., SettingsWindow], office: Office, settle: Settle
) -> None:
    window = open_as(SettingsWindow, SECURITY)
    window.list.choose("security.idle_minutes")
    assert "没有修改过" in window.last.text()
    assert isinstance(window.editor, QSpinBox)
    assert "默认　10分钟" in window.bounds.text()
    window.editor.setValue(15)
    window.store()
    settle()
    assert "写明修改的理由" in window.note.text()
    assert bureau_settings.read_settings(office.bureau).security.idle_minutes == 10
    window.reason.setText("立案窗口反映太短")
    window.store()
    settle()
    box = shown(window, QMessageBox)
    assert isinstance(box, QMessageBox)
    box.accept()
    assert bureau_settings.read_settings(office.bureau).security.idle_minutes == 15
    assert "邢安全" in window.last.text()
    assert "立案窗口反映太短" in window.last.text()
    row = next(row for row in window.list.texts() if row[0] == "无操作锁屏")
    assert row[1:] == ["15分钟", "已设"]


# -------------------------------------------------------------------------------------- deputies


def test_the_chief_names_a_deputy_and_revokes_him(
    open_as: Callable[..., DeputiesWindow], office: Office, settle: Settle
) -> None:
    window = open_as(DeputiesWindow, CHIEF)
    dialog = window.ask_new()
    assert dialog is not None
    assert [dialog.principal.itemText(n) for n in range(dialog.principal.count())] == [CHIEF]
    listed = [dialog.deputy.itemData(n) for n in range(dialog.deputy.count())]
    assert OFFICER in listed
    assert ADMIN not in listed
    dialog.deputy.setCurrentIndex(dialog.deputy.findData(OFFICER))
    day = office.clock.now().date() - timedelta(days=1)
    dialog.from_on.setDate(QDate(day.year, day.month, day.day))
    dialog.try_name()
    settle()
    # All at once: the day that has passed and the paper that is missing.
    assert "不能早于今天" in dialog.note.text()
    assert "文件名称和文号" in dialog.note.text()
    dialog.from_on.setDate(QDate(2024, 6, 14))
    dialog.paper.setText("执行局〔2024〕3号授权委托书")
    dialog.try_name()
    settle()
    assert "张承办代李局长（执行局长）" in window.now_words.text()
    window.list.choose(deputies.list_deputies(office.bureau)[0].id)
    window.revoke.click()
    reason = shown(window, ReasonDialog)
    assert isinstance(reason, ReasonDialog)
    reason.reason.setText("提前返岗")
    reason.try_act()
    settle()
    assert "没有人代理" in window.now_words.text()
    window.all.click()
    settle()
    assert "已撤销" in window.list.texts()[0]


def test_the_president_may_name_for_others_and_an_administrator_for_nobody(
    open_as: Callable[..., DeputiesWindow], office: Office
) -> None:
    dialog = open_as(DeputiesWindow, "赵院长").ask_new()
    assert dialog is not None
    named = {dialog.principal.itemText(n) for n in range(dialog.principal.count())}
    assert {CHIEF, "王院长", "赵院长"} <= named
    dialog.reject()
    window = open_as(DeputiesWindow, ADMIN)
    assert not window.add.isEnabled()
    assert window.add.toolTip() != ""


# ---------------------------------------------------------------------------------------- matrix


def test_the_matrix_is_read_searched_and_printed(
    open_as: Callable[..., MatrixWindow], office: Office, qtbot: QtBot
) -> None:
    window = open_as(MatrixWindow, OFFICER)
    rows = office.bureau.rules.matrix.rows
    assert len(window.list.texts()) == len(rows)
    window.search.setText("指定代理人")
    assert all("指定代理人" in " ".join(row) for row in window.list.texts())
    assert 0 < len(window.list.texts()) < len(rows)
    window.search.clear()
    window.mine.click()
    shown_ids = {row[0] for row in window.list.texts()}
    assert shown_ids == {row.id for row in rows if "承办人" in row.roles}
    window.mine.click()
    page = sheet("2024.1", list(rows))
    assert [row[0] for row in page.rows] == [row.id for row in rows]
    assert "签字" in page.foot


def test_the_matrix_prints_on_paper(
    open_as: Callable[..., MatrixWindow], tmp_path_factory: pytest.TempPathFactory
) -> None:
    window = open_as(MatrixWindow, OFFICER)
    window.search.setText("代理人")
    preview = window.preview()
    target = tmp_path_factory.mktemp("print") / "matrix.pdf"
    printer = preview.printer()
    assert isinstance(printer, QPrinter)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(target))
    preview.paintRequested.emit(printer)
    assert target.read_bytes().startswith(b"%PDF")
    preview.done(0)


def test_an_administrators_password_is_reset_with_a_second_person_beside(
    open_as: Callable[..., AccountsWindow], office: Office, settle: Settle
) -> None:
    give_accounts(office.bureau)
    window = open_as(AccountsWindow, ADMIN)
    window.list.choose(number(office, SECURITY))
    window.reset_button.click()
    dialog = shown(window, ResetDialog)
    assert isinstance(dialog, ResetDialog)
    assert dialog.witness is not None
    # Nobody is two people.
    dialog.witness.login.setText(ADMIN)
    dialog.witness.password.setText(RIGHT)
    dialog.try_create()
    settle()
    assert "第三人" in dialog.note.text()
    assert dialog.witness.password.text() == ""
    dialog.witness.login.setText("王院长")
    dialog.witness.password.setText("不对的密码")
    dialog.try_create()
    settle()
    assert "密码不对" in dialog.note.text()
    assert signing_in.sign_in(office.bureau, SECURITY, RIGHT).actor.name == SECURITY
    dialog.witness.password.setText(RIGHT)
    dialog.try_create()
    settle()
    once = shown(window, OncePasswords)
    assert isinstance(once, OncePasswords)
    assert signing_in.sign_in(office.bureau, SECURITY, once.fields[0].text()).must_change
