"""The dialog for a new case: checks while typing, all problems at once, drafts, saving."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from helpers.bureau import CHIEF, OFFICER, Office
from zhixing_desktop.services import case_list, drafts
from zhixing_desktop.services.bureau import Actor
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.new_case import NewCaseDialog

Settle = Callable[[], None]
GOOD_ID = "410811199001010016"
FREE_NUMBER = "（2024）豫0811执501号"


def check_digit(first: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(c) * w for c, w in zip(first, weights, strict=True)) % 11]


@pytest.fixture
def actor(office: Office) -> Actor:
    """Whoever files cases."""
    return office.actor("吴立案")


@pytest.fixture
def good_id() -> str:
    return GOOD_ID[:17] + check_digit(GOOD_ID[:17])


@pytest.fixture
def dialog(
    host: QWidget, office: Office, bridge: Bridge, actor: Actor, settle: Settle
) -> NewCaseDialog:
    return opened(host, office, bridge, actor, settle)


def opened(
    host: QWidget, office: Office, bridge: Bridge, actor: Actor, settle: Settle
) -> NewCaseDialog:
    made = NewCaseDialog(office.bureau, bridge, actor, parent=host)
    made.open()
    settle()
    return made


def fill_in(dialog: NewCaseDialog, number: str = FREE_NUMBER) -> None:
    form = dialog.form
    form.case_no.setText(number)
    form.amount.setText("12.5万元")
    form.cause.setText("买卖合同纠纷")
    creditor, debtor = form.parties.rows
    creditor.kind.setCurrentText("法人")
    creditor.name.setText("焦作市某某商贸有限公司")
    debtor.name.setText("欧阳建国")


def test_it_opens_with_the_officer_who_sits_there(
    host: QWidget, office: Office, bridge: Bridge, settle: Settle
) -> None:
    dialog = opened(host, office, bridge, office.actor(OFFICER), settle)
    assert dialog.form.officer.currentText() == OFFICER
    names = [dialog.form.clerk.itemText(i) for i in range(dialog.form.clerk.count())]
    assert names == ["（暂不指定）", "周书记"]
    assert CHIEF not in names
    assert dialog.form.case_no.hasFocus()


def test_a_number_is_read_while_it_is_typed(dialog: NewCaseDialog, qtbot: QtBot) -> None:
    form = dialog.form
    # As from an input method: QTest types ASCII only.
    form.case_no.insert("(2024)豫0811执恢12")
    assert form.case_no_note.text() == "（2024）豫0811执恢12号　恢复执行"
    assert not form.previous.isHidden()
    qtbot.keyClick(form.case_no, Qt.Key.Key_Tab)
    assert form.case_no.text() == "（2024）豫0811执恢12号"
    form.case_no.setText("（2024）豫0811执保3号")
    assert form.previous.isHidden()
    assert form.parties.rows[1].standing.currentText() == "被保全人"
    form.case_no.setText("（2024）京0101执3号")
    assert form.case_no_note.tone == "error"
    assert "法院代字" in form.case_no_note.text()
    assert form.parties.rows[1].standing.currentText() == "被执行人"


def test_a_number_that_is_taken_is_refused_before_saving(
    dialog: NewCaseDialog, qtbot: QtBot
) -> None:
    dialog.form.case_no.setText("（2024）豫0811执3号")
    qtbot.waitUntil(lambda: dialog.form.case_no_note.tone == "error")
    assert "已经登记" in dialog.form.case_no_note.text()
    assert any("已经登记" in p.sentence for p in dialog.form.all_problems())


@pytest.mark.parametrize(
    ("typed", "tone", "words"),
    [
        ("12.5万元", "info", "125,000.00元　人民币壹拾贰万伍仟元整"),
        ("1,234.5", "info", "1,234.50元　人民币壹仟贰佰叁拾肆元伍角"),
        ("1.234", "error", "精确到了分以下"),
        ("-5", "error", "负数"),
        ("十万", "error", "阿拉伯数字"),
    ],
)
def test_money_is_read_while_it_is_typed(
    dialog: NewCaseDialog, typed: str, tone: str, words: str
) -> None:
    dialog.form.amount.setText(typed)
    assert dialog.form.amount_note.tone == tone
    assert words in dialog.form.amount_note.text()


def test_numbers_of_people_are_checked_beside_them(dialog: NewCaseDialog, good_id: str) -> None:
    row = dialog.form.parties.rows[1]
    row.number.setText(good_id)
    assert not row.note.text()
    wrong = good_id[:-1] + ("1" if good_id[-1] != "1" else "2")
    row.number.setText(wrong)
    assert row.note.tone == "error"
    assert "校验码" in row.note.text()
    row.kind.setCurrentText("法人")
    assert row.number.placeholderText() == "统一社会信用代码"
    row.number.setText("")
    row.name.setText("某厂")
    assert row.note.tone == "warning"


def test_all_problems_are_said_at_once(dialog: NewCaseDialog, office: Office) -> None:
    before = case_list.count(office.bureau, office.actor(), case_list.CaseQuery())
    dialog.form.case_no.setText("执5号")
    dialog.form.content["money"].setChecked(False)
    dialog.form.amount.setText("abc")
    dialog.form.parties.rows[0].number.setText("123")
    dialog.try_save()
    words = dialog.problems.text()
    assert dialog.problems.tone == "error"
    for part in (
        "收案年度",
        "给付内容",
        "金额“abc”",
        "姓名或者名称不能为空",
        "应为18位",
        "被执行人",
    ):
        assert part in words
    assert dialog.isVisible()
    assert case_list.count(office.bureau, office.actor(), case_list.CaseQuery()) == before


def test_the_problems_go_when_something_is_changed(dialog: NewCaseDialog) -> None:
    dialog.try_save()
    assert dialog.problems.text()
    dialog.form.cause.setText("借款")
    assert not dialog.problems.text()


def test_a_case_is_registered(
    dialog: NewCaseDialog, qtbot: QtBot, office: Office, settle: Settle, actor: Actor, good_id: str
) -> None:
    fill_in(dialog)
    dialog.form.officer.setCurrentText(OFFICER)
    dialog.form.parties.rows[1].number.setText(good_id)
    with qtbot.waitSignal(dialog.registered) as told:
        dialog.try_save()
    settle()
    case_id, case_no = told.args
    detail = office.detail(case_id)
    assert case_no == detail.case_no == FREE_NUMBER
    assert detail.officer == OFFICER
    assert Decimal(detail.header["amount"]) == Decimal("125000.00")
    assert detail.header["cause"] == "买卖合同纠纷"
    assert [data["name"] for data in detail.parties.values()] == [
        "焦作市某某商贸有限公司",
        "欧阳建国",
    ]
    assert detail.parties["debtor/1"]["id_number"] == good_id
    assert drafts.load_draft(office.bureau, actor, 0, None) is None


def test_warnings_are_accepted_after_a_look(
    dialog: NewCaseDialog, qtbot: QtBot, settle: Settle
) -> None:
    fill_in(dialog)
    dialog.form.parties.rows[1].phone.setText("12")
    dialog.try_save()
    assert dialog.problems.tone == "warning"
    assert dialog.save.text() == "仍然登记"
    with qtbot.waitSignal(dialog.registered):
        dialog.try_save()


def test_a_refusal_of_the_database_keeps_everything(
    dialog: NewCaseDialog, office: Office, settle: Settle
) -> None:
    fill_in(dialog)
    # Somebody else was faster.
    office.register(501)
    dialog.try_save()
    settle()
    assert "已经登记" in dialog.problems.text()
    assert dialog.isVisible()
    assert dialog.save.isEnabled()
    assert dialog.form.cause.text() == "买卖合同纠纷"


def test_what_was_typed_survives_a_crash(
    dialog: NewCaseDialog,
    host: QWidget,
    qtbot: QtBot,
    office: Office,
    bridge: Bridge,
    actor: Actor,
    settle: Settle,
) -> None:
    fill_in(dialog)
    dialog.form.parties.add("debtor").name.setText("司徒丽娟")
    body = dialog.form.body()
    qtbot.waitUntil(
        lambda: not dialog._draft_timer.isActive() and bridge.pending == 0, timeout=10_000
    )
    # The program dies here: nothing is closed, a new one opens.
    again = opened(host, office, bridge, actor, settle)
    assert again.form.body() == body
    assert not again.restored.isHidden()
    assert "10:20" in again.restored_words.text()
    again._on_clear()
    settle()
    assert again.form.is_empty()
    assert drafts.load_draft(office.bureau, actor, 0, None) is None
    assert drafts.load_draft(office.bureau, office.actor("孙法官"), 0, None) is None


@pytest.mark.parametrize(("answer", "kept"), [("保留，下次接着填", True), ("不保留", False)])
def test_leaving_asks_what_becomes_of_it(
    dialog: NewCaseDialog,
    qtbot: QtBot,
    office: Office,
    actor: Actor,
    settle: Settle,
    answer: str,
    kept: bool,
) -> None:
    fill_in(dialog)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    (box,) = dialog.findChildren(QMessageBox)
    next(button for button in box.buttons() if button.text() == answer).click()
    qtbot.waitUntil(lambda: not dialog.isVisible())
    settle()
    draft = drafts.load_draft(office.bureau, actor, 0, None)
    assert (draft is not None) is kept


def test_parties_come_and_go(dialog: NewCaseDialog, qtbot: QtBot) -> None:
    parties = dialog.form.parties
    qtbot.mouseClick(parties.add_debtor, Qt.MouseButton.LeftButton)
    assert [row.value().standing for row in parties.rows] == ["creditor", "debtor", "debtor"]
    qtbot.mouseClick(parties.rows[1].remove, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(parties.rows[1].remove, Qt.MouseButton.LeftButton)
    assert len(parties.rows) == 1
    assert not parties.rows[0].remove.isEnabled()
