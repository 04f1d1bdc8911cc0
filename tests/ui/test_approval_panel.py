"""The deciders' panel: everything on one screen, decided by keyboard, nothing typed is lost."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from helpers.bureau import CHIEF, OFFICER, Office
from helpers.keyboard import CONFIRM, FIRST_PHRASE, dialogs, press
from helpers.offices import journal
from helpers.typing_in import commit, enter_into, pick
from helpers.waiting_cases import NOTICE, QUERY, WHY, apply, frozen_notices, frozen_query
from zhixing_desktop.services import approvals, deputies, outside, payments_due, work
from zhixing_desktop.services.file_pages import file_pages
from zhixing_desktop.services.outside import Scan
from zhixing_desktop.ui.approvals import tabs
from zhixing_desktop.ui.approvals.outside import ForwardDialog, ReadBackDialog, ReplyDialog
from zhixing_desktop.ui.approvals.payments import PayDialog, PaymentsTab
from zhixing_desktop.ui.approvals.waiting_list import place_of
from zhixing_desktop.ui.approvals.window import DecisionsWindow
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.workflow.decide import Hop, Reply
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.views import Key

READER, LEADER, CASHIER = "郑审管", "王院长", "钱财务"
PAYMENT = "payment/1"
PAYOUT = Key(33, PAYMENT)
SCAN = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
NUMBER = "（2024）豫08执监1号"
WindowFor = Callable[[str], DecisionsWindow]
Settle = Callable[[], None]


@pytest.fixture
def window_for(office: Office, bridge: Bridge, qtbot: QtBot, settle: Settle) -> WindowFor:
    def made(name: str) -> DecisionsWindow:
        actor = office.actor(name)
        window = DecisionsWindow(office.bureau, bridge, lambda: actor)
        qtbot.addWidget(window)
        window.resize(1366, 728)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        settle()
        return window

    return made


def words(window: DecisionsWindow) -> str:
    content = window.panel.content
    assert content is not None
    return "\n".join(x.text() for x in content.findChildren(QLabel) if x.isVisibleTo(window))


def listed(window: DecisionsWindow) -> list[tuple[int, int]]:
    return [place_of(item) for item in window.panel.list.waiting.rows]


def test_everything_about_an_application_is_on_one_screen(
    office: Office, window_for: WindowFor
) -> None:
    first, second = frozen_notices(office, 2)
    window = window_for(CHIEF)
    assert listed(window)[:2] == [first, second]
    told = words(window)
    assert "（2024）豫0811执9300号" in told
    assert f"申请　{OFFICER}　2024-06-26 09:00" in told
    assert WHY in told
    assert "2024-06-25起冻结：完成时限“10日内”届满时没有完成" in told
    assert "已逾期2天" in told
    assert "自2024年6月15日起计算10日" in told
    assert "“经预警后仍未按时限完成的，系统将自动冻结该节点，并不得流转下一节点。”" in told
    assert "“解冻节点的，需由本院主管院领导或者执行局长批准。”" in told
    assert "权限表M-unfreeze-7：执行局长、主管院领导" in told
    assert "节点7 执行通知：冻结 → 逾期，恢复办理、流转" in told
    assert "节点7 执行通知：冻结，仍然冻结，不得流转" in told
    # The other case's freeze is an earlier one of this officer; this one's own is none.
    assert f"{OFFICER}承办的案件：" in told
    assert "（2024）豫0811执9301号 节点7" in told
    assert "本案：没有" in told
    assert window.panel.chart.isVisibleTo(window)
    assert window.panel.chart.node == NOTICE.node
    # Nothing of it has to be scrolled to.
    assert window.panel.area.verticalScrollBar().maximum() == 0


def test_a_decision_by_keyboard_goes_to_the_next(
    office: Office, window_for: WindowFor, settle: Settle
) -> None:
    first, second = frozen_notices(office, 2)
    window = window_for(CHIEF)
    press(window, Qt.Key.Key_1)
    assert window.focusWidget() is window.panel.form.reason.area
    press(window, CONFIRM)
    assert "请写明决定的理由" in window.panel.form.refusal_words.text()
    press(window, FIRST_PHRASE, CONFIRM)
    settle()
    asked = office.detail(first[0]).view.approvals[-1]
    assert asked.status == "granted"
    assert asked.steps[-1]["reason"] == "理由成立，同意解冻，限三日内办结。"
    assert office.detail(first[0]).view.instances[NOTICE].state is State.OVERDUE
    assert listed(window) == [second]
    assert window.panel.sheet is not None
    assert window.panel.sheet.detail.row.application.case_id == second[0]
    # Back with its points, one in a line.
    press(window, Qt.Key.Key_3)
    commit(window.panel.form.reason.area, "材料不全，请补充")
    press(window, Qt.Key.Key_Tab)
    assert window.focusWidget() is window.panel.form.points.area
    commit(window.panel.form.points.area, "补送达回证")
    press(window, Qt.Key.Key_Return)
    commit(window.panel.form.points.area, "写明办结的时间")
    press(window, CONFIRM)
    settle()
    back = office.detail(second[0]).view.approvals[-1]
    assert (back.status, back.points) == ("returned", ("补送达回证", "写明办结的时间"))


def test_typed_words_stay_with_their_item_and_esc_goes_back(
    office: Office, window_for: WindowFor, settle: Settle
) -> None:
    frozen_notices(office, 2)
    window = window_for(CHIEF)
    press(window, Qt.Key.Key_2)
    commit(window.panel.form.reason.area, "理由写到一半")
    press(window, Qt.Key.Key_Escape)
    assert window.focusWidget() is window.panel.list
    press(window, Qt.Key.Key_Down)
    settle()
    press(window, Qt.Key.Key_1)
    assert window.panel.form.reason.value() is None
    press(window, Qt.Key.Key_Escape, Qt.Key.Key_Up)
    settle()
    press(window, Qt.Key.Key_2)
    assert window.panel.form.reason.value() == "理由写到一半"


def test_what_was_typed_is_there_when_the_window_is_opened_again(
    office: Office, window_for: WindowFor, settle: Settle
) -> None:
    ((case, request), _) = frozen_notices(office, 2)
    window = window_for(CHIEF)
    press(window, Qt.Key.Key_2)
    commit(window.panel.form.reason.area, "理由写到一半")
    window.close()
    approvals.urge_decision(office.bureau, office.actor(), case, request, "请尽快决定")
    window.show()
    settle()
    assert window.panel.form.reason.value() == "理由写到一半"
    assert "催办1次" in words(window), "what happened meanwhile is read"


def test_twenty_items_are_decided_by_keyboard_alone(
    office: Office, window_for: WindowFor, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = frozen_notices(office, 20)
    window = window_for(CHIEF)

    def no_mouse(*_: object) -> None:
        pytest.fail("a mouse was used")

    for name in ("mouseClick", "mousePress", "mouseDClick", "mouseMove"):
        monkeypatch.setattr(QTest, name, no_mouse)
    assert listed(window) == places
    for at in range(20):
        # In turns: granted, refused, returned.
        press(window, (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3)[at % 3], FIRST_PHRASE, CONFIRM)
        settle()
    assert listed(window) == []
    found = [office.detail(case).view.approvals[-1].status for case, _ in places]
    assert found == [("granted", "refused", "returned")[at % 3] for at in range(20)]
    rows = [entry for entry in journal(office.bureau) if entry == ("approval.decide", CHIEF)]
    assert len(rows) == 20


def test_several_are_decided_together_only_after_each_was_shown(
    office: Office, window_for: WindowFor, settle: Settle
) -> None:
    places = frozen_notices(office, 3)
    window = window_for(CHIEF)
    for place in places:
        window.panel.list.waiting.toggle(place)
    press(window, Qt.Key.Key_1)
    assert "还有2件没有看过，不能一并决定" in window.panel.form.refusal_words.text()
    assert not window.panel.form.reason.isVisibleTo(window)
    for _ in range(2):
        press(window, Qt.Key.Key_Down)
        settle()
    press(window, Qt.Key.Key_1)
    assert window.panel.form.heading.text() == "批准选中的3件"
    press(window, FIRST_PHRASE, CONFIRM)
    settle()
    assert {office.detail(c).view.approvals[-1].status for c, _ in places} == {"granted"}
    rows = [entry for entry in journal(office.bureau) if entry == ("approval.decide", CHIEF)]
    assert len(rows) == 3, "each has a row of the journal of its own"
    assert listed(window) == []


def test_only_the_same_kind_is_decided_together(
    office: Office, window_for: WindowFor, settle: Settle
) -> None:
    places = frozen_notices(office, 1)
    outside = frozen_query(office)
    window = window_for(CHIEF)
    assert set(listed(window)) == {outside, *places}
    press(window, Qt.Key.Key_Space, Qt.Key.Key_Down)
    settle()
    press(window, Qt.Key.Key_Space, Qt.Key.Key_1)
    assert "由上级法院决定的申请，本院不能决定" in window.panel.form.refusal_words.text()


def test_what_was_withdrawn_elsewhere_is_said_and_nothing_typed_is_lost(
    office: Office, window_for: WindowFor, settle: Settle
) -> None:
    (first, second) = frozen_notices(office, 2)
    window = window_for(CHIEF)
    press(window, Qt.Key.Key_1)
    commit(window.panel.form.reason.area, "同意解冻，但是须在三日内办结并报告")
    # A second ago, at another workstation.
    approvals.withdraw_application(
        office.bureau, office.actor(), first[0], first[1], "材料写错，重新申请"
    )
    press(window, CONFIRM)
    settle()
    told = window.panel.form.refusal_words.text()
    assert f"这件申请已由{OFFICER}于2024-06-26 09:00撤回，不能再决定" in told
    assert listed(window) == [second], "the list was read again"
    assert window.panel.form.reason.value() == "同意解冻，但是须在三日内办结并报告"
    # The next item can take the words over.
    window.panel.list.setFocus()
    press(window, Qt.Key.Key_Down)
    settle()
    press(window, Qt.Key.Key_1, (Qt.Key.Key_6, Qt.KeyboardModifier.AltModifier))
    assert window.panel.form.reason.value() == "同意解冻，但是须在三日内办结并报告"
    press(window, CONFIRM)
    settle()
    assert office.detail(second[0]).view.approvals[-1].status == "granted"


def test_a_deputy_sees_for_whom_he_decides(
    office: Office, window_for: WindowFor, settle: Settle
) -> None:
    (place,) = frozen_notices(office, 1)
    today = office.clock.now().date()
    deputies.name_deputy(
        office.bureau, office.actor(CHIEF), CHIEF, "孙法官", "执行局长", today, today, "局发1号"
    )
    window = window_for("孙法官")
    assert f"代{CHIEF}审批" in words(window)
    press(window, Qt.Key.Key_1)
    assert window.panel.form.heading.text() == f"批准（代{CHIEF}审批）"
    press(window, FIRST_PHRASE, CONFIRM)
    settle()
    step = office.detail(place[0]).view.approvals[-1].steps[-1]
    assert (step["by"], step["on_behalf_of"]) == ("孙法官", CHIEF)
    window.tabs.setCurrentWidget(window.deputies)
    settle()
    assert window.deputies.lines[0].cells[:3] == (CHIEF, "孙法官", "执行局长")


def test_the_filter_shows_one_matter_and_counts_all(
    office: Office, window_for: WindowFor, settle: Settle
) -> None:
    frozen_notices(office, 3)
    window = window_for(CHIEF)
    assert [window.panel.filter.itemText(at) for at in range(2)] == ["全部事项", "解冻节点　3"]
    pick(window.panel.filter, "unfreeze")
    settle()
    assert len(listed(window)) == 3
    assert window.tabs.tabText(0) == "待我决定 3"


def test_enter_opens_the_case(office: Office, window_for: WindowFor) -> None:
    ((case, _),) = frozen_notices(office, 1)
    window = window_for(CHIEF)
    caught: list[tuple[int, int]] = []
    window.case_requested.connect(lambda *where: caught.append(where))
    press(window, Qt.Key.Key_Return)
    assert caught == [(case, 7)]


def test_an_officer_finds_nothing_to_decide_here(office: Office, window_for: WindowFor) -> None:
    frozen_notices(office, 1)
    window = window_for(OFFICER)
    assert listed(window) == []
    assert not window.panel.form.isVisibleTo(window)


# --------------------------------------------------------------------------------- beside it


def test_supervision_lists_what_is_frozen_and_whether_anybody_applied(
    office: Office, window_for: WindowFor, settle: Settle
) -> None:
    ((case, _),) = frozen_notices(office, 1)
    window = window_for(CHIEF)
    window.tabs.setCurrentWidget(window.supervision)
    settle()
    row = next(line for line in window.supervision.lines if line.case_id == case)
    assert row.cells[0] == "冻结"
    assert row.cells[3:5] == ("2024-06-24", "10日内")
    assert row.cells[8] == "已申请"
    assert any(line.cells[8] == "未申请" for line in window.supervision.lines)


def test_an_officer_gets_no_supervision(
    office: Office, window_for: WindowFor, settle: Settle
) -> None:
    window = window_for(OFFICER)
    window.tabs.setCurrentWidget(window.supervision)
    settle()
    assert window.supervision.lines == []
    assert "打开待办面板" in window.supervision.count.text()


def test_a_decision_of_today_is_taken_back_with_a_reason(
    office: Office, window_for: WindowFor, settle: Settle
) -> None:
    ((case, request),) = frozen_notices(office, 1)
    approvals.decide_application(
        office.bureau, office.actor(CHIEF), case, request, "granted", "情况属实，同意解冻"
    )
    window = window_for(CHIEF)
    window.tabs.setCurrentWidget(window.today)
    settle()
    assert window.today.lines[0].cells[4] == "批准"
    window.today.back.click()
    (dialog,) = dialogs(window)
    enter_into(dialog.reason, "批准时送达回证有误")
    dialog.submit()
    settle()
    assert office.detail(case).view.approvals[-1].status == "countermanded"
    assert office.detail(case).view.instances[NOTICE].state is State.FROZEN
    assert window.today.lines[0].cells[4] == "撤销原决定"


# ----------------------------------------------------------------------------------- outside


def test_an_outside_decision_goes_the_whole_way_through_the_windows(
    office: Office, window_for: WindowFor, settle: Settle, tmp_path: Path
) -> None:
    case, _ = frozen_query(office)
    today = f"{office.clock.now():%Y-%m-%d}"
    window = window_for(CHIEF)
    assert "须报中级人民法院决定，本院只能转报和登记答复，不能代为决定。" in words(window)
    assert not window.panel.form.buttons["granted"].isVisibleTo(window)
    press(window, Qt.Key.Key_4)
    settle()
    (dialog,) = dialogs(window)
    assert isinstance(dialog, ForwardDialog)
    assert dialog.report is not None
    assert "还没有签发，这是草稿" in dialog.stands.text()
    assert dialog.page.canvas.size().height() > 100
    assert dialog.print.isEnabled()
    dialog.export(tmp_path / "报告.docx")
    settle()
    assert zipfile.is_zipfile(tmp_path / "报告.docx")
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "报告.pdf"))
    dialog.send_to(printer)
    # Nothing of it is drawn on the window's thread.
    assert not (tmp_path / "报告.pdf").exists()
    assert not dialog.print.isEnabled()
    settle()
    printed = file_pages("报告.pdf", "application/pdf", (tmp_path / "报告.pdf").read_bytes())
    assert f"已送往打印机：{printed.count}面" in dialog.stands.text()
    assert [act for act, _ in journal(office.bureau)][-1] == "print"
    dialog.submit()
    settle()
    assert "转报函文号" in dialog.problem_words.text()
    enter_into(dialog.sender_, "山阳区人民法院")
    enter_into(dialog.receiver, "焦作市中级人民法院")
    enter_into(dialog.number, "（2024）豫0811执报1号")
    dialog.submit()
    settle()
    assert listed(window) == []
    window.tabs.setCurrentWidget(window.away)
    settle()
    assert window.away.lines[0].cells[0] == "已经转报"
    assert "山阳区人民法院报焦作市中级人民法院" in window.away.below.text()
    window.away.reply.click()
    (reply,) = dialogs(window)
    assert isinstance(reply, ReplyDialog)
    enter_into(reply.outcome, "granted")
    enter_into(reply.number, NUMBER)
    enter_into(reply.day, today)
    enter_into(reply.decider, "刘某")
    enter_into(reply.said, "同意解冻")
    reply.submit()
    settle()
    assert "请附上答复文件的扫描件" in reply.problem_words.text()
    scan = tmp_path / "批复.pdf"
    scan.write_bytes(SCAN)
    reply.scan.take(scan)
    reply.submit()
    settle()
    assert office.detail(case).view.instances[QUERY].state is State.FROZEN, "not yet read back"
    reader = window_for(READER)
    assert "登记了答复，等待另外一人对照原件核对" in words(reader)
    press(reader, Qt.Key.Key_4)
    (back,) = dialogs(reader)
    assert isinstance(back, ReadBackDialog)
    enter_into(back.number, "（2024）豫08执监2号")
    enter_into(back.day, today)
    back.submit()
    settle()
    assert "核对不一致" in back.problem_words.text()
    assert "（2024）豫08执监2号" in back.problem_words.text()
    enter_into(back.number, NUMBER)
    back.submit()
    settle()
    view = office.detail(case).view
    assert view.approvals[-1].status == "granted"
    assert view.instances[QUERY].frozen is None


def test_a_reply_that_is_taken_back_is_read_back_in_the_panel(
    office: Office, window_for: WindowFor, settle: Settle
) -> None:
    case, request = frozen_query(office)
    bureau, chief, today = office.bureau, office.actor(CHIEF), office.clock.now().date()
    court, scan = "焦作市中级人民法院", Scan("批复.pdf", SCAN)
    outside.forward(bureau, chief, case, request, Hop("本院", court, today, "山执报1号"))
    for number, outcome in ((NUMBER, "granted"), (f"{NUMBER}之一", "revoked")):
        reply = Reply(number, today, "刘某", court, outcome, "经复查")
        outside.enter_reply(bureau, chief, case, request, reply, scan)
        if outcome == "granted":
            outside.read_back(bureau, office.actor(READER), case, request, number, today)
    assert office.detail(case).view.instances[QUERY].frozen is None
    reader = window_for(READER)
    assert len(listed(reader)) == 1
    press(reader, Qt.Key.Key_4)
    (back,) = dialogs(reader)
    assert isinstance(back, ReadBackDialog)
    enter_into(back.number, f"{NUMBER}之一")
    enter_into(back.day, f"{today}")
    back.submit()
    settle()
    view = office.detail(case).view
    assert view.approvals[-1].status == "countermanded"
    assert view.instances[QUERY].state is State.FROZEN
    assert listed(reader) == []


def test_the_payment_waits_for_the_cashier(
    office: Office, window_for: WindowFor, settle: Settle
) -> None:
    window = window_for("钱财务")
    window.tabs.setCurrentWidget(window.payments)
    settle()
    assert window.payments.count.text() == "没有等待支付的案款"
    assert window.tabs.tabText(1) == "待支付"


def payout(office: Office) -> tuple[int, int]:
    """A case with money that has arrived, and the application to pay it out."""
    case = office.register(9500, "庚")
    for node in (1, 2, 3, 4, 5, 6):
        office.fill(case, node)
    office.event(
        case, "payment_arrived", PAYMENT, name="一笔", amount="8600.00", payer="被执行人本人"
    )
    office.fill(case, 32, PAYMENT)
    values = {"payout_amount": "8600.00", "payee": "creditor/1"}
    work.record_work(office.bureau, office.actor(), case, PAYOUT, values)
    return case, apply(office, case, PAYOUT, matter="payout")


def decide_in(window: DecisionsWindow, settle: Settle, place: tuple[int, int]) -> None:
    """Grant an application with the first sentence that is offered."""
    assert window.panel.go_to(place)
    settle()
    press(window, Qt.Key.Key_1, FIRST_PHRASE, CONFIRM)
    settle()


def test_a_payment_goes_from_window_to_window_through_three_people(
    office: Office, window_for: WindowFor, qtbot: QtBot, settle: Settle
) -> None:
    place = payout(office)
    for name in (CHIEF, LEADER):
        for other in {CHIEF, LEADER, "赵院长"} - {name}:
            assert place not in listed(window_for(other)), "one after the other, and nobody else"
        decide_in(window_for(name), settle, place)
    today = f"{office.clock.now():%Y-%m-%d}"
    window = window_for(CASHIER)
    window.tabs.setCurrentWidget(window.payments)
    settle()
    (line,) = window.payments.lines
    assert line.cells[1:5] == ("（2024）豫0811执9500号", "8,600.00元", OFFICER, LEADER)
    window.payments.pay.click()
    (dialog,) = dialogs(window)
    assert isinstance(dialog, PayDialog)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    told = "\n".join(label.text() for label in dialog.findChildren(QLabel))
    assert "批准发放　8,600.00元" in told
    # Without a day, and with one that has not come: said, and what was typed stays.
    enter_into(dialog.voucher, "2024061400017")
    press(dialog, CONFIRM)
    assert "支付日期：请填写日期" in dialog.problem_words.text()
    enter_into(dialog.day, "2024-12-31")
    press(dialog, CONFIRM)
    settle()
    assert "支付日期不能晚于今天" in dialog.problem_words.text()
    assert dialog.voucher.value() == "2024061400017"
    enter_into(dialog.day, today)
    press(dialog, CONFIRM)
    settle()
    assert dialogs(window) == []
    assert window.payments.count.text() == "没有等待支付的案款"
    paid = office.detail(place[0]).context.index.event("payment_paid_out", PAYMENT)
    assert paid is not None
    assert (paid.entered_by, paid.data["voucher"]) == (CASHIER, "2024061400017")
    assert f"{paid.happened_at:%Y-%m-%d}" == today


def test_only_the_cashier_gets_the_tab_and_nobody_else_pays(
    office: Office, window_for: WindowFor, bridge: Bridge, qtbot: QtBot, settle: Settle
) -> None:
    place = payout(office)
    for name in (CHIEF, LEADER):
        approvals.decide_application(office.bureau, office.actor(name), *place, "granted", "同意")
    for name in (CHIEF, LEADER, "赵院长"):
        window = window_for(name)
        assert "待支付" not in [window.tabs.tabText(at) for at in range(window.tabs.count())]
    # Whoever comes by the dialog all the same (his role was taken away meanwhile) is refused.
    (due,) = payments_due.payments_due(office.bureau, office.actor(CASHIER))
    for name in (CHIEF, OFFICER):
        actor = office.actor(name)
        tab = PaymentsTab(office.bureau, bridge, lambda actor=actor: actor)
        qtbot.addWidget(tab)
        dialog = PayDialog(tab, due, tab)
        enter_into(dialog.day, f"{office.clock.now():%Y-%m-%d}")
        dialog.submit()
        settle()
        assert "权限表M-44" in dialog.problem_words.text()
        dialog.reject()
    assert office.detail(place[0]).context.index.event("payment_paid_out", PAYMENT) is None


def test_a_deputy_decides_in_the_window_and_it_is_shown_as_his_principals(
    office: Office, window_for: WindowFor, settle: Settle
) -> None:
    place, other = frozen_notices(office, 2)
    today = office.clock.now().date()
    deputies.name_deputy(
        office.bureau,
        office.actor(CHIEF),
        CHIEF,
        READER,
        "执行局长",
        today,
        today,
        "山法〔2024〕3号",
    )
    window = window_for(READER)
    assert listed(window) == [place, other]
    assert f"代{CHIEF}审批" in words(window)
    press(window, Qt.Key.Key_1)
    assert f"代{CHIEF}审批" in window.panel.form.heading.text()
    press(window, FIRST_PHRASE, CONFIRM)
    settle()
    assert listed(window) == [other]
    step = office.detail(place[0]).view.approvals[-1].steps[-1]
    assert (step["by"], step["on_behalf_of"], step["role"]) == (READER, CHIEF, "执行局长")
    window.tabs.setCurrentWidget(window.today)
    settle()
    assert [line.cells[4:6] for line in window.today.lines] == [("批准", f"代{CHIEF}审批")]
    window.tabs.setCurrentWidget(window.deputies)
    settle()
    (line,) = window.deputies.lines
    assert line.cells[:3] == (CHIEF, READER, "执行局长")
    # The next day he stands in for nobody any more.
    office.at(office.clock.now() + timedelta(days=1))
    window.tabs.setCurrentWidget(window.panel)
    window.reload()
    settle()
    assert listed(window) == []
    assert listed(window_for(CHIEF)) == [other]


def test_more_than_a_page_is_read_page_by_page(
    office: Office, window_for: WindowFor, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabs, "PAGE", 2)
    frozen_notices(office, 5)
    window = window_for(CHIEF)
    window.tabs.setCurrentWidget(window.supervision)
    settle()
    tab = window.supervision
    total = int(tab.count.text().partition("共")[2].partition("件")[0])
    assert tab.count.text() == f"共{total}件，列出2件"
    while tab.more_button.isVisible():
        tab.more_button.click()
        settle()
    assert len(tab.lines) == total >= 5
    assert len({(line.case_id, line.node, line.what.subject) for line in tab.lines}) == total
