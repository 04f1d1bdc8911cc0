"""The deciders' panel: everything on one screen, decided by keyboard, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from helpers.bureau import CHIEF, OFFICER, Office
from helpers.keyboard import CONFIRM, FIRST_PHRASE, dialogs, press
from helpers.offices import journal
from helpers.typing_in import commit, enter_into, pick
from helpers.waiting_cases import NOTICE, QUERY, WHY, frozen_notices, frozen_query
from zhixing_desktop.services import approvals, deputies
from zhixing_desktop.ui.approvals.outside import ForwardDialog, ReadBackDialog, ReplyDialog
from zhixing_desktop.ui.approvals.waiting_list import place_of
from zhixing_desktop.ui.approvals.window import DecisionsWindow
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.workflow.facts import State

READER = "郑审管"
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
    assert row.cells[7] == "已申请"
    assert any(line.cells[7] == "未申请" for line in window.supervision.lines)


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
    assert "解冻的报告" in dialog.page.toPlainText()
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


def test_the_payment_waits_for_the_cashier(
    office: Office, window_for: WindowFor, settle: Settle
) -> None:
    window = window_for("钱财务")
    window.tabs.setCurrentWidget(window.payments)
    settle()
    assert window.payments.count.text() == "没有等待支付的案款"
    assert window.tabs.tabText(1) == "待支付"
