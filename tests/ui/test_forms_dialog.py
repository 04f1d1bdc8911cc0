"""The dialog of a node: refusals, reasons, drafts, other people's changes, keys."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from helpers.bureau import CLERK, Office
from helpers.every_node import CAR, open_node
from helpers.filling import full_entry
from helpers.typing_in import do_item, enter, enter_into, pick, write_line
from zhixing_desktop.services import drafts, work
from zhixing_desktop.services.bureau import SYSTEM
from zhixing_desktop.services.node_saving import Place, Saved, read_opening
from zhixing_desktop.services.steps import take
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.node_dialog import NodeDialog
from zhixing_desktop.ui.forms.parts import InfoButton
from zhixing_desktop.ui.forms.reasons import CorrectDialog
from zhixing_desktop.workflow.decide import NewFact
from zhixing_desktop.workflow.views import Key

NOTICE = Key(7, "case")
HOLLOW = "按规定办理"
Opener = Callable[..., NodeDialog]


@pytest.fixture
def case(office: Office) -> int:
    """A case whose 执行通知 is due."""
    number = office.register(9100, "乙")
    open_node(office, number, 7)
    return number


@pytest.fixture
def open_dialog(
    office: Office, case: int, bridge: Bridge, host: QWidget, settle: Callable[[], None]
) -> Opener:
    def opened(key: Key = NOTICE, **given: Any) -> NodeDialog:
        place = Place(
            given.get("bureau", office.bureau),
            given.get("actor", office.actor()),
            given.get("case", case),
            key,
        )
        dialog = NodeDialog(given.get("bridge", bridge), place, read_opening(place), host)
        dialog.open()
        return dialog

    return opened


def answers(dialog: NodeDialog) -> list[Saved]:
    found: list[Saved] = []
    dialog.saved.connect(found.append)
    return found


def fill_all(office: Office, case: int, dialog: NodeDialog, key: Key = NOTICE) -> None:
    values, _ = full_entry(office.detail(case).context, key, {})
    for name, value in values.items():
        enter(dialog.form.rows[name], value)
    for section in dialog.form.sections.values():
        do_item(section, "2024-06-14")


# ------------------------------------------------------------------------------------ refusals


def test_a_faulty_entry_is_told_while_typing_and_not_saved(
    open_dialog: Opener, office: Office, case: int, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    dialog = open_dialog()
    row = dialog.form.rows["notice_issued_on"]
    write_line(row.editor.line, "2024-02-30")  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: "应当是日期" in row.message.text())
    seen = answers(dialog)
    dialog.save()
    settle()
    assert seen == []
    assert [line.where for line in dialog.refusals.lines] == [row.spec.label]
    assert office.detail(case).context.index.value(7, "case", "notice_issued_on") is None
    enter(row, "2024-06-14")
    assert row.message.text() == ""


def test_a_click_on_a_refusal_goes_to_its_field(open_dialog: Opener, qtbot: QtBot) -> None:
    dialog = open_dialog()
    dialog.activateWindow()
    row = dialog.form.rows["served_on"]
    enter(row, "不知道哪一天")
    dialog.save()
    dialog.save_button.setFocus()
    dialog.refusals.links[0].click()
    qtbot.waitUntil(lambda: dialog.focusWidget() is row.editor.line)  # type: ignore[attr-defined]


def test_empty_words_are_refused_with_the_guidelines_sentence_and_stand_with_a_reason(
    open_dialog: Opener, office: Office, case: int, settle: Callable[[], None]
) -> None:
    dialog = open_dialog()
    row = dialog.form.rows["notice_number"]
    enter(row, HOLLOW)
    dialog.save()
    settle()
    assert "指引性表述" in dialog.refusals.lines[0].sentence
    assert row.override.isVisibleTo(row)
    assert "必填项中不得使用指引性表述" in row.message.toolTip()
    row.override.click()
    write_line(row.reason, "短")
    assert row.problem is not None
    write_line(row.reason, "文书编号按院里统一规定不另编")
    assert row.problem is None
    dialog.save()
    settle()
    index = office.detail(case).context.index
    assert index.value(7, "case", "notice_number") == HOLLOW
    kept = [f.data["overrides"] for f in index.facts if f.data.get("overrides")]
    assert kept == [{"notice_number": "文书编号按院里统一规定不另编"}]


def test_completing_saves_first_and_lists_what_is_missing(
    open_dialog: Opener, office: Office, case: int, settle: Callable[[], None]
) -> None:
    dialog = open_dialog()
    seen = answers(dialog)
    enter(dialog.form.rows["notice_issued_on"], "2024-06-14")
    dialog.save_and_complete()
    settle()
    assert len(seen) == 1
    assert seen[0].recorded
    assert not seen[0].completed
    assert dialog.isVisible()
    told = [line.sentence for line in dialog.refusals.lines]
    assert "还缺少“执行通知书文号”" in told
    assert "还缺少“执行通知书发出日期”" not in told
    assert office.detail(case).context.index.value(7, "case", "notice_issued_on") == "2024-06-14"


def test_everything_filled_in_completes_and_closes(
    open_dialog: Opener, office: Office, case: int, settle: Callable[[], None]
) -> None:
    dialog = open_dialog()
    seen = answers(dialog)
    closed: list[bool] = []
    dialog.finished.connect(lambda _: closed.append(True))
    fill_all(office, case, dialog)
    dialog.save_and_complete()
    settle()
    assert seen[-1].completed
    assert closed == [True]
    assert office.detail(case).view.instances[NOTICE].completed_at is not None


def test_a_rule_that_refuses_is_shown_with_its_words(
    open_dialog: Opener, office: Office, case: int, settle: Callable[[], None]
) -> None:
    office.event(
        case, "payment_arrived", "payment/1", name="第一笔执行款", amount="1.00", payer="乙方"
    )
    key = Key(33, "payment/1")
    dialog = open_dialog(key)
    for name in ("paid_out_on", "payment_voucher"):
        row = dialog.form.rows[name]
        assert row.locked
        assert "由财务填写（权限表M-24" in row.help.text()
    assert not dialog.form.rows["payee_account"].locked
    dialog.reject()
    dialog = open_dialog(key, actor=office.actor("钱财务"))
    rows = dialog.form.rows
    assert {name for name, row in rows.items() if not row.locked} == {
        "paid_out_on",
        "payment_voucher",
    }
    assert "承办人" in rows["payout_amount"].help.text()
    enter(rows["paid_out_on"], "2024-06-14")
    dialog.save()
    settle()
    line = dialog.refusals.lines[0]
    assert "审批后" in line.sentence
    assert "节点三十三" in line.cite
    assert dialog.form.dirty


def test_a_paper_that_is_not_made_needs_a_reason(
    open_dialog: Opener, office: Office, case: int, settle: Callable[[], None]
) -> None:
    dialog = open_dialog()
    section = dialog.form.sections[1]
    section.done.click()
    enter_into(section.papers.rows["执行通知书"], "2024-06-14")
    enter_into(section.papers.rows["报告财产令"], "无")
    dialog.save()
    settle()
    assert "不需要制作的理由" in dialog.refusals.lines[0].sentence
    enter_into(section.papers.rows["报告财产令"], "已在保全阶段发出")
    dialog.save()
    settle()
    fact = office.detail(case).context.index.items[7, "case"][1]
    assert fact.data["papers"] == {"执行通知书": "2024-06-14", "报告财产令": "已在保全阶段发出"}


def test_an_item_that_does_not_arise_needs_a_reason(
    open_dialog: Opener, office: Office, case: int, settle: Callable[[], None]
) -> None:
    dialog = open_dialog()
    section = dialog.form.sections[2]
    section.not_needed.click()
    dialog.save()
    settle()
    assert "应当写明具体理由" in dialog.refusals.lines[0].sentence
    write_line(section.reason, "被执行人已经当庭付清")
    dialog.save()
    settle()
    fact = office.detail(case).context.index.items[7, "case"][2]
    assert fact.data["not_needed"] == "被执行人已经当庭付清"


# -------------------------------------------------------------------------- what the case knows


def test_fields_appear_with_the_answer_they_depend_on(open_dialog: Opener, office: Office) -> None:
    case = office.register(9101, "乙")
    office.fill(case, 1)
    dialog = open_dialog(Key(2, "case"), case=case)
    row = dialog.form.rows["electronic_service"]
    dependent = [r for r in dialog.form.rows.values() if r.spec.when == "electronic_service"]
    assert dependent != []
    assert all(not r.isVisibleTo(dialog.form) for r in dependent)
    pick(row.editor.combo, "接受电子送达")  # type: ignore[attr-defined]
    assert all(r.isVisibleTo(dialog.form) for r in dependent)


def test_the_ways_of_closing_show_their_own_sections(open_dialog: Opener) -> None:
    dialog = open_dialog(Key(43, "case"))
    shown: dict[str, set[int]] = {}
    for way in ("执行完毕", "终结本次执行程序", "终结执行"):
        enter(dialog.form.rows["closing_way"], way)
        shown[way] = {n for n, s in dialog.form.sections.items() if s.isVisibleTo(dialog.form)}
    assert 11 in shown["执行完毕"]
    assert 21 in shown["终结本次执行程序"]
    assert 31 in shown["终结执行"]
    common = shown["执行完毕"] & shown["终结本次执行程序"] & shown["终结执行"]
    assert common == {1, 2}


def test_a_hidden_answer_is_not_saved(
    open_dialog: Opener, office: Office, case: int, settle: Callable[[], None]
) -> None:
    dialog = open_dialog(Key(43, "case"))
    enter(dialog.form.rows["closing_way"], "终结执行")
    enter(
        dialog.form.rows["terminated_ground"], dialog.form.rows["terminated_ground"].spec.options[0]
    )
    enter(dialog.form.rows["closing_way"], "终结本次执行程序")
    dialog.save()
    settle()
    assert office.detail(case).context.index.value(43, "case", "terminated_ground") is None


def test_a_recorded_day_is_locked_and_corrected_with_a_reason(
    open_dialog: Opener, office: Office, case: int, settle: Callable[[], None], dialog_of: Any
) -> None:
    office.event(case, "enforcement_notice_issued")
    office.at("2024-06-15T09:00")
    dialog = open_dialog()
    row = dialog.form.rows["notice_issued_on"]
    assert row.editor.value() == "2024-06-14"
    assert row.locked
    row.correct.click()
    correction = dialog_of(CorrectDialog, dialog)
    enter_into(correction.day, "2024-06-15")
    correction.submit()
    assert "至少四个字" in correction.problem.text()
    enter_into(correction.reason, "送达回证记载的日期是十五日")
    correction.submit()
    settle()
    assert row.editor.value() == "2024-06-15"
    fact = office.detail(case).context.index.event("enforcement_notice_issued", "case")
    assert fact is not None
    assert fact.reason == "送达回证记载的日期是十五日"


# --------------------------------------------------------------------------------------- drafts


def test_what_was_typed_survives_a_crash(
    open_dialog: Opener, office: Office, case: int, qtbot: QtBot, host: QWidget
) -> None:
    first = Bridge()
    dialog = open_dialog(bridge=first)
    dialog.keeper._timer.setInterval(10)
    enter(dialog.form.rows["notice_number"], "（2024）豫0811执1号通知书")
    dialog.form.sections[1].done.click()
    place = (office.bureau, office.actor(), case, NOTICE)

    def kept() -> bool:
        draft = drafts.load_draft(*place)
        return draft is not None and "1" in draft.body["items"]

    qtbot.waitUntil(kept)
    # The program dies: nothing is closed, nothing is asked.
    first.close()
    dialog.form.rows["notice_number"].editor.set_value(None)

    second = Bridge()
    again = open_dialog(bridge=second)
    assert again.offer.isVisibleTo(again)
    assert not again.form.isEnabled()
    again.offer.take.click()
    assert again.form.rows["notice_number"].editor.value() == "（2024）豫0811执1号通知书"
    assert again.form.sections[1].done.isChecked()
    assert again.form.dirty
    again.save()
    qtbot.waitUntil(lambda: second.pending == 0)
    assert drafts.load_draft(*place) is None
    assert office.detail(case).context.index.value(7, "case", "notice_number") is not None
    second.close()


def test_a_draft_that_is_thrown_away_is_gone(
    open_dialog: Opener, office: Office, case: int, settle: Callable[[], None]
) -> None:
    place = (office.bureau, office.actor(), case, NOTICE)
    drafts.save_draft(*place, {"values": {"notice_number": "一号"}})
    dialog = open_dialog()
    dialog.offer.drop.click()
    settle()
    assert drafts.load_draft(*place) is None
    assert dialog.form.rows["notice_number"].editor.value() is None
    assert dialog.form.isEnabled()


# ------------------------------------------------------------------------------- other people


def test_a_stale_edit_shows_both_versions_and_keeps_what_was_typed(
    open_dialog: Opener, office: Office, case: int, settle: Callable[[], None]
) -> None:
    dialog = open_dialog()
    enter(dialog.form.rows["notice_number"], "我写的文号一号")
    enter(dialog.form.rows["report_until"], "2024-06-30")
    theirs = {"notice_number": "别人写的文号二号", "performance_until": "2024-07-01"}
    work.record_work(office.bureau, office.actor(CLERK), case, NOTICE, theirs)
    seen = answers(dialog)
    dialog.save()
    settle()
    assert seen == []
    told = "\n".join(dialog.meanwhile.texts())
    assert CLERK in told
    assert "现在是“别人写的文号二号”，您填写的是“我写的文号一号”" in told
    rows = dialog.form.rows
    assert rows["notice_number"].editor.value() == "我写的文号一号"
    assert rows["report_until"].editor.value() == "2024-06-30"
    assert rows["performance_until"].editor.value() == "2024-07-01"
    dialog.save()
    settle()
    index = office.detail(case).context.index
    assert index.value(7, "case", "notice_number") == "我写的文号一号"
    assert index.value(7, "case", "performance_until") == "2024-07-01"


def test_what_only_the_beat_changed_is_no_conflict(
    open_dialog: Opener, office: Office, case: int, settle: Callable[[], None]
) -> None:
    dialog = open_dialog()
    seen = answers(dialog)
    enter(dialog.form.rows["notice_number"], "豫0811执1号通知书")
    # A version without facts, as a sweep leaves it.
    take(office.bureau, SYSTEM, case, "case.rebuild", lambda _ctx, _view: list[NewFact]())
    dialog.save()
    settle()
    assert [entry.recorded for entry in seen] == [True]
    assert not dialog.meanwhile.isVisibleTo(dialog)


# ----------------------------------------------------------------------------------------- keys


def test_keys_save_and_enter_does_nothing(
    open_dialog: Opener, office: Office, case: int, settle: Callable[[], None], qtbot: QtBot
) -> None:
    dialog = open_dialog()
    dialog.activateWindow()
    row = dialog.form.rows["notice_number"]
    enter(row, "豫0811执1号通知书")
    row.focus()
    QTest.keyClick(row.editor.line, Qt.Key.Key_Return)  # type: ignore[attr-defined]
    settle()
    assert dialog.form.dirty
    qtbot.waitUntil(dialog.isActiveWindow)
    QTest.keyClick(row.editor.line, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)  # type: ignore[attr-defined]
    settle()
    assert not dialog.form.dirty
    assert dialog.isVisible()


def test_escape_asks_only_when_something_would_be_lost(
    open_dialog: Opener, office: Office, case: int, settle: Callable[[], None], dialog_of: Any
) -> None:
    closed: list[str] = []
    dialog = open_dialog()
    dialog.finished.connect(lambda _: closed.append("first"))
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert closed == ["first"]

    dialog = open_dialog()
    dialog.finished.connect(lambda _: closed.append("second"))
    enter(dialog.form.rows["notice_number"], "豫0811执1号通知书")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    box = dialog_of(QMessageBox, dialog)
    next(b for b in box.buttons() if b.text() == "不保存").click()
    settle()
    assert closed == ["first", "second"]
    assert office.detail(case).context.index.value(7, "case", "notice_number") is None
    assert drafts.load_draft(office.bureau, office.actor(), case, NOTICE) is None


def test_tab_follows_the_order_of_reading(open_dialog: Opener) -> None:
    dialog = open_dialog()
    order: list[int] = []
    tops = []
    widget = dialog.form.rows["notice_number"].editor.line  # type: ignore[attr-defined]
    for _ in range(12):
        if dialog.form.isAncestorOf(widget) and widget.isVisible():
            tops.append(widget.mapTo(dialog.form, widget.rect().center()).y())
            order.append(id(widget))
        widget = widget.nextInFocusChain()
    # Widgets of one line may differ by some pixels.
    assert all(later >= earlier - 12 for earlier, later in pairwise(tops))
    assert len(order) > 3


def test_every_field_has_help_that_names_its_ground(open_dialog: Opener) -> None:
    dialog = open_dialog(Key(17, "asset/1"), case=_with_asset(open_dialog))
    for row in dialog.form.rows.values():
        words = " ".join(row.findChild(QWidget, "help").paragraphs)  # type: ignore[union-attr]
        assert "节点" in words or "指引没有写明" in words


@pytest.mark.qt_log_ignore("propagateSizeHints", "does not support raise")
def test_the_help_of_a_field_is_its_tool_tip_as_well(open_dialog: Opener) -> None:
    dialog = open_dialog()
    info = dialog.form.rows["notice_number"].findChild(QWidget, "help")
    assert isinstance(info, InfoButton)
    place = info.rect().center()
    QApplication.sendEvent(info, QHelpEvent(QEvent.Type.ToolTip, place, info.mapToGlobal(place)))
    assert "节点七" in info.toolTip()
    QToolTip.hideText()


def test_the_day_of_an_item_comes_next_after_its_tick(open_dialog: Opener, qtbot: QtBot) -> None:
    dialog = open_dialog()
    section = next(iter(dialog.form.sections.values()))
    section.done.setFocus()
    section.done.click()
    assert section.done_on.isVisible()
    QTest.keyClick(section.done, Qt.Key.Key_Tab)
    assert dialog.focusWidget() is section.done_on.line


def _with_asset(open_dialog: Opener) -> int:
    closure = open_dialog.__closure__ or ()
    office = next(c.cell_contents for c in closure if isinstance(c.cell_contents, Office))
    case = int(office.case_ids[-1])
    office.event(case, "asset_found", "asset/1", **CAR)
    return case
