"""The panel of a node: what it shows in each state, what its buttons do, what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from helpers.bureau import CHIEF, Office
from helpers.every_node import CAR, CLUE, open_node
from helpers.typing_in import enter, enter_into
from zhixing_desktop.services import approvals, outside, work
from zhixing_desktop.services.fact_words import fact_words
from zhixing_desktop.services.node_detail import overview
from zhixing_desktop.services.outside import Scan
from zhixing_desktop.ui.approvals.outside import ReplyDialog
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.node_dialog import NodeDialog
from zhixing_desktop.ui.forms.parts import Link, WideLink
from zhixing_desktop.ui.forms.reason_step import ReasonStepDialog
from zhixing_desktop.ui.forms.reasons import CorrectDialog, RequestDialog, WithdrawDialog
from zhixing_desktop.ui.forms.subject_dialog import SubjectDialog
from zhixing_desktop.ui.node_panel import NodePanel
from zhixing_desktop.workflow.decide import Hop, Reply
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.views import Key

NOTICE = Key(7, "case")
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def case(office: Office) -> int:
    """A case whose 执行通知 is due on 24 June 2024."""
    number = office.register(9200, "乙")
    open_node(office, number, 7)
    return number


@pytest.fixture
def panel(
    office: Office, bridge: Bridge, qtbot: QtBot, case: int, settle: Callable[[], None]
) -> NodePanel:
    actor = office.actor()
    made = NodePanel(office.bureau, bridge, lambda: actor)
    qtbot.addWidget(made)
    made.resize(420, 900)
    made.show()
    made.show_case(case, 7)
    settle()
    return made


def texts(widget: QWidget) -> str:
    """All words that a widget shows."""
    found = [label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget)]
    found += [link.text() for link in widget.findChildren(WideLink) if link.isVisibleTo(widget)]
    return "\n".join(found)


def go_late(office: Office, panel: NodePanel, case: int, settle: Callable[[], None]) -> None:
    office.at("2024-06-25T09:00").sweep()
    panel.show_case(case, 7)
    settle()


# -------------------------------------------------------------------------------------- showing


def test_it_says_what_to_do_until_when_and_what_is_missing(panel: NodePanel) -> None:
    content = panel.content
    assert content is not None
    words = texts(content)
    assert panel.title.text() == "节点7　执行通知"
    assert panel.badge is not None
    assert panel.badge.state is State.ACTIVE
    assert "向被执行人发出执行通知书、报告财产令等文书材料" in words
    assert "届满　2024年6月24日（星期一）" in words
    assert "还剩10天" in words
    assert "执行通知书文号　未填写" in words
    assert "由承办人办理" in panel.words.text()


def test_a_limit_tells_every_step_with_its_citation_and_is_copied(panel: NodePanel) -> None:
    assert panel.content is not None
    box = panel.content.limit_boxes[0]
    assert not box.steps.isVisibleTo(box)
    box.why.click()
    words = texts(box.steps)
    assert "《中华人民共和国民事诉讼法》第八十五条" in words
    assert "节点七 完成时限" in words
    box.copy.click()
    slip = QGuiApplication.clipboard().text()
    assert slip.startswith("期限推算说明\n案号：（2024）豫0811执9200号")
    assert "有效届满：2024-06-24 23:59:59" in slip
    assert "依据：节点七 完成时限" in slip


def test_a_day_that_rolls_shows_both_days(
    panel: NodePanel, office: Office, case: int, settle: Callable[[], None]
) -> None:
    # Filed on 14 June; six months end on Saturday, 14 December.
    panel.show_case(case, 43)
    settle()
    assert panel.content is not None
    words = texts(panel.content)
    assert "名义届满　2024年12月14日（星期六）" in words
    assert "有效届满　2024年12月16日（星期一）" in words


def test_buttons_that_may_not_be_pressed_say_why(panel: NodePanel) -> None:
    assert panel.buttons.work.isEnabled()
    assert not panel.buttons.complete.isEnabled()
    assert "还缺少“执行通知书文号”" in panel.buttons.complete.toolTip().replace("\n", "")
    assert not panel.buttons.start.isEnabled()
    assert "已经启动" in panel.buttons.start.toolTip()
    assert "没有规定" in panel.buttons.apply.toolTip()


def test_a_missing_thing_leads_to_its_field(
    panel: NodePanel, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    assert panel.content is not None
    section = panel.content.section("缺什么")
    assert section is not None
    link = next(x for x in section.findChildren(WideLink) if "报告财产令发出日期" in x.text())
    link.click()
    settle()
    dialog = panel.steps.dialog
    assert isinstance(dialog, NodeDialog)
    row = dialog.form.rows["report_ordered_on"]
    qtbot.waitUntil(lambda: dialog.focusWidget() is row.editor.line)  # type: ignore[attr-defined]


def test_a_next_node_is_one_click_away(panel: NodePanel, qtbot: QtBot) -> None:
    assert panel.content is not None
    section = panel.content.section("下一节点")
    assert section is not None
    link = next(x for x in section.findChildren(WideLink) if "节点36" in x.text())
    with qtbot.waitSignal(panel.node_requested) as caught:
        link.click()
    assert caught.args == [36]


def test_work_that_is_saved_shows_at_once(
    panel: NodePanel, office: Office, settle: Callable[[], None]
) -> None:
    panel.buttons.work.click()
    settle()
    dialog = panel.steps.dialog
    assert isinstance(dialog, NodeDialog)
    enter(dialog.form.rows["notice_number"], "豫0811执1号通知书")
    dialog.save()
    settle()
    dialog.reject()
    assert panel.content is not None
    fields = panel.content.section("已填内容")
    assert fields is not None
    fields.unfold()
    assert "豫0811执1号通知书" in texts(panel.content)
    assert "执行通知书文号　未填写" not in texts(panel.content)


def test_completing_asks_first(
    panel: NodePanel, office: Office, case: int, settle: Callable[[], None], dialog_of: Any
) -> None:
    office.fill(case, 5)
    panel.show_case(case, 6)
    settle()
    from helpers.filling import full_entry

    key = Key(6, "case")
    values, items = full_entry(office.detail(case).context, key, {})
    work.record_work(office.bureau, office.actor(), case, key, values, items)
    panel.show_case(case, 6)
    settle()
    assert panel.buttons.complete.isEnabled()
    panel.buttons.complete.click()
    box = dialog_of(QMessageBox, panel)
    next(b for b in box.buttons() if b.text() == "办结").click()
    settle()
    assert panel.detail is not None
    assert panel.detail.state is State.DONE
    assert office.detail(case).view.instances[key].completed_at is not None


def test_an_optional_measure_is_started_and_started_again(
    panel: NodePanel, office: Office, case: int, settle: Callable[[], None]
) -> None:
    panel.show_case(case, 12)
    settle()
    assert panel.buttons.start.isEnabled()
    assert not panel.buttons.again.isVisibleTo(panel)
    panel.buttons.start.click()
    settle()
    assert panel.detail is not None
    assert panel.detail.state is State.ACTIVE
    assert panel.buttons.again.isVisibleTo(panel)
    panel.buttons.again.click()
    settle()
    assert panel.detail.key == Key(12, "case#2")
    assert panel.chooser.count() == 2


# ------------------------------------------------------------------------------------- subjects


def test_each_asset_has_its_own_instance_and_name(
    panel: NodePanel, office: Office, case: int, settle: Callable[[], None], qtbot: QtBot
) -> None:
    office.event(case, "asset_found", "asset/1", **CAR)
    office.event(case, "asset_found", "asset/2", name="工行存款", category="银行存款", online=True)
    panel.show_case(case, 17, "asset/2")
    settle()
    names = [panel.chooser.itemText(at) for at in range(panel.chooser.count())]
    assert [n.split("　")[0] for n in names] == ["财产1（豫H·A1234小型轿车）", "财产2（工行存款）"]
    assert panel.detail is not None
    assert panel.detail.key == Key(17, "asset/2")
    panel.chooser.setCurrentIndex(0)
    panel.chooser.activated.emit(0)
    assert panel.detail.key == Key(17, "asset/1")
    assert "10日内完成（线下控制）" in texts(panel)


def test_a_new_clue_is_registered_with_the_next_number(
    panel: NodePanel, office: Office, case: int, settle: Callable[[], None]
) -> None:
    panel.show_case(case, 8)
    settle()
    assert "还没有财产线索" in panel.buttons.work.toolTip()
    panel.buttons.register.click()
    settle()
    dialog = panel.steps.dialog
    assert isinstance(dialog, SubjectDialog)
    dialog.save()
    assert [line.where for line in dialog.refusals.lines] == list(dialog.rows)
    for name, value in {**CLUE, "happened_at": "2024-06-14"}.items():
        enter(dialog.rows[name], value)
    dialog.save()
    settle()
    assert panel.detail is not None
    assert panel.detail.key == Key(8, "clue/1")
    fact = office.detail(case).context.index.event("clue_received", "clue/1")
    assert fact is not None
    assert fact.data["name"] == CLUE["name"]


def test_empty_words_of_a_new_clue_stand_with_a_reason(
    panel: NodePanel, office: Office, case: int, settle: Callable[[], None]
) -> None:
    panel.show_case(case, 8)
    settle()
    panel.buttons.register.click()
    settle()
    dialog = panel.steps.dialog
    assert isinstance(dialog, SubjectDialog)
    for name, value in {**CLUE, "name": "见附件", "happened_at": "2024-06-14"}.items():
        enter(dialog.rows[name], value)
    dialog.save()
    assert [line.where for line in dialog.refusals.lines] == ["name"]
    row = dialog.rows["name"]
    assert row.override.isVisibleTo(row)
    row.override.click()
    row.reason.setText("线索共三十页，另行附卷")
    row.judge()
    assert dialog.body()["overrides"] == {"name": "线索共三十页，另行附卷"}
    dialog.save()
    settle()
    fact = office.detail(case).context.index.event("clue_received", "clue/1")
    assert fact is not None
    assert fact.data["overrides"] == {"name": "线索共三十页，另行附卷"}
    found = office.detail(case)
    words = fact_words(found.context.rulebook, found.context.index.name_of, fact)
    assert "保留“线索内容”的表述，理由：线索共三十页，另行附卷" in words


# --------------------------------------------------------------------------------- frozen nodes


def test_a_frozen_node_says_since_when_why_and_who_unfreezes(
    panel: NodePanel, office: Office, case: int, settle: Callable[[], None]
) -> None:
    go_late(office, panel, case, settle)
    assert panel.content is not None
    box = panel.content.freeze_box
    assert box is not None
    words = texts(box)
    assert "2024年6月25日（星期二）起冻结" in words
    assert "经预警后仍未按时限完成的，系统将自动冻结该节点" in words
    assert "由本院主管院领导或者执行局长批准" in words
    assert box.button.text() == "申请解冻…"
    assert panel.badge is not None
    assert panel.badge.state is State.FROZEN
    assert "冻结" in panel.buttons.complete.toolTip()
    assert panel.buttons.work.isEnabled()


def test_unfreezing_goes_from_the_request_over_the_chief_to_work_again(
    panel: NodePanel, office: Office, case: int, settle: Callable[[], None], dialog_of: Any
) -> None:
    go_late(office, panel, case, settle)
    assert panel.content is not None
    assert panel.content.freeze_box is not None
    panel.content.freeze_box.button.click()
    request = dialog_of(RequestDialog, panel)
    request.submit()
    assert request.problem.isVisibleTo(request)
    enter_into(request.reason, "被执行人下落不明，现已查明地址")
    request.submit()
    settle()
    assert panel.content.freeze_box is not None
    assert not panel.content.freeze_box.button.isEnabled()
    assert "等待执行局长或者主管院领导决定" in texts(panel.content.freeze_box)

    asked = office.detail(case).view.approvals[-1]
    work.decide_approval(
        office.bureau, office.actor(CHIEF), case, asked.seq, "granted", "情况属实，同意"
    )
    panel.show_case(case, 7)
    settle()
    assert panel.content.freeze_box is None
    assert panel.badge is not None
    assert panel.badge.state is State.OVERDUE
    office.fill(case, 7)
    assert office.detail(case).view.instances[NOTICE].state is State.DONE_LATE


def test_where_another_court_unfreezes_the_panel_says_so(
    panel: NodePanel, office: Office, settle: Callable[[], None]
) -> None:
    case = office.register(9201, "丙")
    office.fill(case, 1)
    office.fill(case, 2)
    office.at("2024-06-17T09:00").sweep()
    panel.show_case(case, 3)
    settle()
    assert panel.content is not None
    assert panel.content.freeze_box is not None
    words = texts(panel.content.freeze_box)
    assert "报辖区所在地中院批准" in words
    assert "本院执行局长、主管院领导无权决定" in words
    assert panel.content.freeze_box.button.text() == "登记报请解冻…"


def test_what_follows_a_frozen_node_is_refused_with_its_words(
    panel: NodePanel, office: Office, case: int, settle: Callable[[], None]
) -> None:
    go_late(office, panel, case, settle)
    panel.show_case(case, 36)
    settle()
    assert not panel.buttons.start.isEnabled()
    assert panel.content is not None
    blocked = panel.content.section("为什么不能办")
    assert blocked is not None
    blocked.unfold()
    assert "节点7“执行通知”" in texts(blocked)
    assert "节点七 注意事项" in texts(blocked)


# -------------------------------------------------------------------------------------- history


def test_history_shows_what_was_corrected_and_withdrawn(
    panel: NodePanel, office: Office, case: int, settle: Callable[[], None], dialog_of: Any
) -> None:
    office.event(case, "enforcement_notice_issued")
    office.at("2024-06-15T09:00")
    panel.show_case(case, 7)
    settle()
    assert panel.detail is not None
    seq = panel.detail.history[0].seq
    panel.steps.correct(office.detail(case), NOTICE, seq)
    correction = dialog_of(CorrectDialog, panel)
    enter_into(correction.day, "2024-06-15")
    enter_into(correction.reason, "回证日期为十五日")
    correction.submit()
    settle()
    newest, oldest = panel.detail.history
    assert newest.standing
    assert newest.reason == "回证日期为十五日"
    assert not oldest.standing
    assert oldest.by_seq == newest.seq
    panel.steps.withdraw(office.detail(case), NOTICE, newest.seq)
    withdrawal = dialog_of(WithdrawDialog, panel)
    enter_into(withdrawal.reason, "尚未实际发出")
    withdrawal.submit()
    settle()
    assert [row.standing for row in panel.detail.history] == [False, False, False]
    assert panel.content is not None
    section = panel.content.section("历史")
    assert section is not None
    section.unfold()
    assert "撤回：节点7 执行通知书发出" in texts(section)


# ------------------------------------------------------------------------------------ simulated


def test_a_simulated_case_is_marked_and_nothing_can_be_done_on_it(
    panel: NodePanel, office: Office, case: int, settle: Callable[[], None]
) -> None:
    from datetime import datetime

    later = office.detail(case, at=datetime(2024, 7, 10, 23, 59, 59))
    panel.show_detail(later)
    settle()
    assert panel.simulation.isVisibleTo(panel)
    assert "模拟" in panel.simulation.text()
    assert panel.badge is not None
    assert panel.badge.state is State.FROZEN
    assert not any(b.isEnabled() for b in panel.buttons.buttons)
    assert "推演中" in panel.buttons.work.toolTip()
    panel.show_detail(None)
    settle()
    assert not panel.simulation.isVisibleTo(panel)
    assert panel.badge.state is State.ACTIVE


def test_an_older_answer_does_not_replace_a_newer_one(
    panel: NodePanel, case: int, settle: Callable[[], None]
) -> None:
    for node in (1, 2, 3, 4, 5):
        panel.show_case(case, node)
    settle()
    assert panel.detail is not None
    assert panel.detail.spec.number == 5


def test_every_node_of_the_rulebook_can_be_shown(
    panel: NodePanel, office: Office, case: int, settle: Callable[[], None]
) -> None:
    for node in range(1, 47):
        panel.show_case(case, node)
        settle()
        assert panel.detail is not None
        assert panel.detail.spec.number == node
        found = overview(office.detail(case), node)
        assert len(found.details) == panel.chooser.count()


def test_the_applicant_urges_withdraws_and_sees_what_to_mend(
    panel: NodePanel, office: Office, case: int, settle: Callable[[], None], dialog_of: Any
) -> None:
    def link(words: str) -> Link:
        assert panel.content is not None
        return next(x for x in panel.content.findChildren(Link) if x.text() == words)

    go_late(office, panel, case, settle)
    asked = work.request_approval(
        office.bureau, office.actor(), case, NOTICE, "unfreeze", "现已查明新的送达地址"
    )
    panel.show_case(case, 7)
    settle()
    link("催办…").click()
    dialog = dialog_of(ReasonStepDialog, panel)
    enter_into(dialog.reason, "当事人多次来访，请尽快决定")
    dialog.submit()
    settle()
    assert panel.content is not None
    assert panel.content.freeze_box is not None
    assert "已催办1次" in texts(panel.content.freeze_box)
    approvals.decide_application(
        office.bureau,
        office.actor(CHIEF),
        case,
        asked.facts[0].seq,
        "returned",
        "材料不全，请补充",
        points=("补送达回证",),
    )
    panel.show_case(case, 7)
    settle()
    assert panel.content.freeze_box is not None
    panel.content.freeze_box.button.click()
    request = dialog_of(RequestDialog, panel)
    assert "补送达回证" in texts(request)
    enter_into(request.reason, "已经补充送达回证")
    request.submit()
    settle()
    link("撤回申请…").click()
    dialog = dialog_of(ReasonStepDialog, panel)
    enter_into(dialog.reason, "地址写错，重新申请")
    dialog.submit()
    settle()
    assert office.detail(case).view.approvals[-1].status == "withdrawn"


def test_what_a_superior_court_takes_back_is_entered_at_the_node(
    office: Office,
    bridge: Bridge,
    qtbot: QtBot,
    settle: Callable[[], None],
    tmp_path: Path,
) -> None:
    chief = office.actor(CHIEF)
    case = office.register(9300, "丙")
    open_node(office, case, 3)
    office.at(office.clock.now() + timedelta(days=1)).sweep()
    key, bureau, today = Key(3, "case"), office.bureau, office.clock.now().date()
    filer = office.actor("吴立案")
    asked = work.request_approval(bureau, filer, case, key, "unfreeze", "系统故障未能当日提起")
    seq, court = asked.facts[0].seq, "焦作市中级人民法院"
    outside.forward(bureau, chief, case, seq, Hop("本院", court, today, "山执报1号"))
    first = Reply("（2024）豫08执监1号", today, "刘某", court, "granted", "同意解冻")
    outside.enter_reply(bureau, chief, case, seq, first, Scan("批复.pdf", PDF))
    outside.read_back(bureau, office.actor("郑审管"), case, seq, first.number, today)
    panel = NodePanel(bureau, bridge, lambda: chief)
    qtbot.addWidget(panel)
    panel.show()
    panel.show_case(case, 3)
    settle()
    (link,) = [each for each in panel.findChildren(Link) if each.text().startswith("登记更正")]
    link.click()
    settle()
    dialog = panel.steps.dialog
    assert isinstance(dialog, ReplyDialog)
    assert f"原答复　{court}（（2024）豫08执监1号）" in texts(dialog)
    enter_into(dialog.outcome, "revoked")
    enter_into(dialog.number, "（2024）豫08执监9号")
    enter_into(dialog.day, f"{today}")
    enter_into(dialog.decider, "刘某")
    enter_into(dialog.said, "原批复依据的材料不实，予以撤销")
    scan = tmp_path / "撤销.pdf"
    scan.write_bytes(PDF)
    dialog.scan.take(scan)
    dialog.submit()
    settle()
    panel.show_case(case, 3)
    settle()
    assert panel.content is not None
    (folded,) = [part for part in panel.content.sections if part.title == "解冻"]
    folded.head.setChecked(True)
    assert f"{CHIEF}已登记后来的答复，等待另外一人核对原件" in texts(folded)
    outside.read_back(bureau, office.actor("郑审管"), case, seq, "（2024）豫08执监9号", today)
    assert office.detail(case).view.instances[key].state is State.FROZEN
