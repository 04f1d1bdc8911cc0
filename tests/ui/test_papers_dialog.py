"""One paper in its window: proposals, the live page, gaps, issuing, drafts, what others did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from helpers import word_files
from helpers.bureau import OTHER_OFFICER, Office
from helpers.offices import journal
from helpers.paper_desk import OBLIGATION
from helpers.typing_in import enter_into
from zhixing_desktop.services import drafts, papers, parties, work
from zhixing_desktop.services.paper_drafts import change_draft, keep_draft
from zhixing_desktop.services.paper_edited import word_to_edit
from zhixing_desktop.services.paper_issuing import issue
from zhixing_desktop.services.paper_take_back import take
from zhixing_desktop.services.paper_types import PaperLine, PaperWish
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.forms.editor import LongEditor
from zhixing_desktop.ui.forms.node_dialog import NodeDialog
from zhixing_desktop.ui.forms.reasons import RequestDialog
from zhixing_desktop.ui.office.paper_take_back_dialog import TakeBackDialog
from zhixing_desktop.ui.papers.dialog import PaperDialog
from zhixing_desktop.ui.papers.issue_dialog import IssueDialog
from zhixing_desktop.ui.papers.reading import draft_key
from zhixing_desktop.ui.parties_dialog import PartiesDialog
from zhixing_desktop.workflow.views import Key

Settle = Callable[[], None]
Opened = Callable[..., PaperDialog]
NODE = Key(7, "case")
NOTICE = "07-enforcement-notice"
UNTIL = "2024-03-20"


@pytest.fixture
def office(paper_office: Office) -> Office:
    return paper_office


@pytest.fixture
def case(office: Office) -> int:
    return office.case_ids[0]


@pytest.fixture
def wish(case: int) -> PaperWish:
    return PaperWish(case, NOTICE, NODE, "debtor/1")


@pytest.fixture
def opened(office: Office, bridge: Bridge, host: QWidget, settle: Settle) -> Opened:
    def open_(wanted: Any, who: str = "张承办") -> PaperDialog:
        actor = office.actor(who)
        made = PaperDialog(office.bureau, bridge, lambda: actor, wanted, host)
        made.show()
        settle()
        return made

    return open_


@pytest.fixture
def still(qtbot: QtBot, bridge: Bridge) -> Callable[[PaperDialog], None]:
    """Wait until the page has followed what was typed."""

    def wait(dialog: PaperDialog) -> None:
        qtbot.waitUntil(lambda: not dialog.live.waiting and bridge.pending == 0, timeout=20_000)

    return wait


def filled(office: Office, case: int) -> None:
    values = {"performance_until": UNTIL, "report_until": UNTIL}
    work.record_work(office.bureau, office.actor(), case, NODE, values, {})


def kept(office: Office, case: int) -> tuple[PaperLine, ...]:
    return papers.papers_of(office.bureau, office.actor(), case)


def words_on(dialog: PaperDialog) -> str:
    """The words of the paper that is looked at."""
    from pypdfium2 import PdfDocument

    pages = dialog.page._pages
    assert pages is not None
    document = PdfDocument(pages.data)
    found = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return "".join(found.split())


def test_it_opens_with_the_page_the_proposals_and_what_is_missing(
    opened: Opened, wish: PaperWish
) -> None:
    dialog = opened(wish)
    assert "乙建强" in dialog.title.text()
    assert "（2024）豫0811执1号" in dialog.state.text()
    assert "加倍支付迟延履行期间的债务利息" in words_on(dialog)
    fee = dialog.making.rows["fee"]
    assert fee.value() == "1820.00"
    assert fee.source.text() == "取自案件"
    assert "壹仟捌佰贰拾元" in fee.hint_.text()
    assert [link.text() for link in dialog.making.gap_links] == [
        "· 执行通知书指定履行期间届满日　（节点7“执行通知”）"
    ]
    assert any("第二百五十一条" in words for words in dialog.preview.citations)
    assert dialog.void.isHidden()
    assert dialog.serve.isHidden()


def test_the_page_follows_what_is_typed_and_stays_where_it_is(
    opened: Opened, wish: PaperWish, still: Callable[[PaperDialog], None]
) -> None:
    dialog = opened(wish)
    dialog.page.go_to(1)
    dialog.page._zoom_by(1.25)
    still(dialog)
    before = dialog.page.canvas.image
    enter_into(dialog.making.rows["obligation"].editor, OBLIGATION)
    assert dialog.page.canvas.image is before
    still(dialog)
    assert OBLIGATION in words_on(dialog)
    assert dialog.making.rows["obligation"].source.text() == "本次填写"
    assert (dialog.page.page, dialog.page.zoom) == (1, 1.25)
    assert dialog.page.canvas.image is not before
    # What was cleared stays cleared, and is a gap that leads back to its field.
    obligation = dialog.making.rows["obligation"].editor
    assert isinstance(obligation, LongEditor)
    obligation.area.clear()
    still(dialog)
    assert dialog.making.rows["obligation"].value() is None
    link = next(g for g in dialog.making.gap_links if "应当履行的义务" in g.text())
    link.click()
    assert dialog.focusWidget() is dialog.making.rows["obligation"].editor.focusProxy()


def test_a_wrong_answer_is_told_at_its_field_and_the_page_stays(
    opened: Opened, wish: PaperWish, still: Callable[[PaperDialog], None]
) -> None:
    dialog = opened(wish)
    before = words_on(dialog)
    enter_into(dialog.making.rows["fee"].editor, "一千八")
    still(dialog)
    assert "金额" in dialog.making.rows["fee"].message.text()
    assert words_on(dialog) == before
    enter_into(dialog.making.rows["fee"].editor, "650")
    still(dialog)
    assert dialog.making.rows["fee"].message.text() == ""
    assert "650元" in words_on(dialog)


def test_each_gap_leads_to_where_it_is_entered(
    opened: Opened, wish: PaperWish, settle: Settle, qtbot: QtBot, office: Office, case: int
) -> None:
    dialog = opened(wish)
    dialog.making.gap_links[0].click()
    settle()
    node = dialog.leading.steps.dialog
    assert isinstance(node, NodeDialog)
    assert node.form.rows["performance_until"].editor.isVisibleTo(node)
    node.reject()
    dialog.leading.go_to("party/debtor/1.address")
    (party,) = dialog.findChildren(PartiesDialog)
    settle()
    assert "乙建强" in party.names.currentItem().text()
    party.reject()
    with qtbot.waitSignal(dialog.office_wanted) as asked:
        dialog.leading.go_to("court.phone")
    assert asked.args == ["settings"]
    dialog.leading.go_to("case.cause")
    settle()
    *_, registered = dialog.findChildren(PartiesDialog)
    assert registered.fields["cause"].isVisibleTo(registered)
    registered.reject()
    dialog.leading.go_to("law")
    assert "不能从这里打开" in dialog.making.problem_words.text()


def test_what_is_entered_elsewhere_is_on_the_page_at_once(
    opened: Opened,
    wish: PaperWish,
    office: Office,
    case: int,
    bridge: Bridge,
    still: Callable[[PaperDialog], None],
) -> None:
    dialog = opened(wish)
    filled(office, case)
    bridge.announce(Changes(frozenset({case})))
    still(dialog)
    assert dialog.making.gaps.isHidden()
    assert "2024年3月20日" in words_on(dialog)
    assert [d.text() for d in dialog.making.datum_links] == ["更改…"]


def test_issued_it_has_its_number_and_the_node_has_its_days(
    opened: Opened, wish: PaperWish, office: Office, case: int, settle: Settle
) -> None:
    filled(office, case)
    dialog = opened(wish)
    dialog.issue.click()
    settle()
    asked = dialog.step
    assert isinstance(asked, IssueDialog)
    asked.submit()
    settle()
    (line,) = kept(office, case)
    assert line.state == "issued"
    assert line.day == date(2024, 3, 5)
    assert "已签发 2024-03-05" in dialog.state.text()
    assert "已在节点7“执行通知”登记" in dialog.issued.notes_words.text()
    assert dialog.keep.isHidden()
    assert not dialog.serve.isHidden()
    assert "草稿" not in words_on(dialog)
    index = office.detail(case).context.index
    assert index.value(7, "case", "notice_issued_on") == "2024-03-05"


def test_with_a_gap_it_is_not_issued_and_everything_stays(
    opened: Opened, wish: PaperWish, office: Office, case: int, settle: Settle
) -> None:
    dialog = opened(wish)
    enter_into(dialog.making.rows["obligation"].editor, OBLIGATION)
    dialog.issue.click()
    settle()
    asked = dialog.step
    assert isinstance(asked, IssueDialog)
    assert "还缺1项" in asked.problem_words.text()
    asked.submit()
    settle()
    assert "执行通知书指定履行期间届满日" in asked.problem_words.text()
    asked.reject()
    assert kept(office, case) == ()
    assert dialog.making.rows["obligation"].value() == OBLIGATION


def test_a_draft_is_kept_changed_and_deleted(
    opened: Opened,
    wish: PaperWish,
    office: Office,
    case: int,
    settle: Settle,
    still: Callable[[PaperDialog], None],
) -> None:
    dialog = opened(wish)
    enter_into(dialog.making.rows["obligation"].editor, OBLIGATION)
    still(dialog)
    dialog.drafting.save()
    settle()
    (line,) = kept(office, case)
    assert (line.state, line.asked["obligation"], line.day) == ("draft", OBLIGATION, None)
    dialog.close()
    again = opened(line.id)
    assert again.making.rows["obligation"].value() == OBLIGATION
    assert again.void.text() == "删去草稿…"
    enter_into(again.making.rows["fee"].editor, "700")
    again.drafting.save()
    settle()
    (line,) = kept(office, case)
    assert line.asked["fee"] == "700.00"
    reason = again.issuing.ask_void()
    assert reason is not None
    enter_into(reason.reason, "改用另一份")
    reason.submit()
    settle()
    assert [paper.state for paper in kept(office, case)] == ["void"]


def test_what_somebody_else_saved_meanwhile_is_told_and_nothing_is_lost(
    opened: Opened, wish: PaperWish, office: Office, settle: Settle
) -> None:
    line = keep_draft(office.bureau, office.actor(), wish)
    dialog = opened(line.id)
    change_draft(office.bureau, office.actor(), line.id, {"obligation": "交付房屋"}, version=1)
    enter_into(dialog.making.rows["obligation"].editor, OBLIGATION)
    dialog.drafting.save()
    settle()
    assert "刚刚被别人改过" in dialog.making.problem_words.text()
    assert "应当履行的义务：别人填的是“交付房屋”" in dialog.making.problem_words.text()
    assert dialog.making.rows["obligation"].value() == OBLIGATION
    dialog.drafting.save()
    settle()
    found = papers.paper(office.bureau, office.actor(), line.id)
    assert (found.asked["obligation"], found.version) == (OBLIGATION, 3)


def test_what_was_typed_survives_a_crash(
    opened: Opened, wish: PaperWish, office: Office, case: int, settle: Settle
) -> None:
    dialog = opened(wish)
    enter_into(dialog.making.rows["obligation"].editor, OBLIGATION)
    assert dialog.drafting.keeper is not None
    dialog.drafting.keeper.flush()
    settle()
    dialog.drafting.unsaved = False
    dialog.close()
    after = opened(wish)
    assert after.making.rows["obligation"].value() != OBLIGATION
    after.making.offer.take.click()
    settle()
    assert after.making.rows["obligation"].value() == OBLIGATION
    after.drafting.save()
    settle()
    actor = office.actor()
    assert drafts.load_draft(office.bureau, actor, case, draft_key(wish)) is None


def test_closing_with_something_unsaved_asks(
    opened: Opened, wish: PaperWish, office: Office, case: int, settle: Settle
) -> None:
    dialog = opened(wish)
    enter_into(dialog.making.rows["obligation"].editor, OBLIGATION)
    dialog.close()
    assert dialog.isVisible()
    (box,) = dialog.findChildren(QMessageBox)
    next(button for button in box.buttons() if button.text() == "保存草稿").click()
    settle()
    assert kept(office, case)[0].asked["obligation"] == OBLIGATION


def test_void_and_made_again(
    opened: Opened, wish: PaperWish, office: Office, case: int, settle: Settle, qtbot: QtBot
) -> None:
    filled(office, case)
    line = issue(office.bureau, office.actor(), wish).paper
    dialog = opened(line.id)
    reason = dialog.issuing.ask_void()
    assert reason is not None
    enter_into(reason.reason, "被执行人姓名有误")
    reason.submit()
    settle()
    assert "已作废" in dialog.state.text()
    assert dialog.print.isHidden()
    with qtbot.waitSignal(dialog.other_wanted, timeout=20_000) as other:
        dialog.redo.click()
    (old, new) = kept(office, case)
    assert (new.id, new.state, new.replaces) == (other.args[0], "draft", old.id)


def test_the_approval_it_needs_is_applied_for_from_here(
    opened: Opened, office: Office, case: int, settle: Settle
) -> None:
    dialog = opened(PaperWish(case, "36-consumption-restriction-order", about="debtor/1"))
    assert dialog.preview.approval is not None
    assert "签发须经审批" in dialog.making.approval.words.text()
    dialog.making.approval.button.click()
    (apply,) = dialog.findChildren(RequestDialog)
    assert apply.windowTitle() == dialog.preview.approval.label


def test_a_file_has_a_name_that_every_disk_takes_and_nothing_is_written_over(
    opened: Opened, wish: PaperWish, office: Office, case: int, settle: Settle, tmp_path: Path
) -> None:
    filled(office, case)
    line = issue(office.bureau, office.actor(), wish).paper
    dialog = opened(line.id)
    chooser = dialog.leaving.ask_export(".pdf")
    assert isinstance(chooser, QFileDialog)
    assert Path(chooser.selectedFiles()[0]).name == "（2024）豫0811执1号_执行通知书_乙建强.pdf"
    chooser.reject()
    target = tmp_path / "（2024）豫0811执1号_执行通知书_乙建强.pdf"
    dialog.leaving.export(target, ".pdf")
    settle()
    assert target.read_bytes().startswith(b"%PDF")
    assert journal(office.bureau)[-1][0] == "paper.print"
    target.write_bytes(b"mine")
    dialog.leaving.export(target, ".pdf")
    settle()
    assert target.read_bytes() == b"mine"
    (box,) = dialog.findChildren(QMessageBox)
    assert "已经存在" in box.text()


def test_a_paper_of_a_case_that_may_not_be_seen_is_a_sentence(
    opened: Opened, wish: PaperWish, office: Office
) -> None:
    dialog = opened(wish, OTHER_OFFICER)
    assert dialog.page.words.text()
    assert not dialog.issue.isEnabled()


def test_coming_back_from_the_courts_settings_the_page_is_drawn_anew(
    opened: Opened,
    wish: PaperWish,
    office: Office,
    case: int,
    still: Callable[[PaperDialog], None],
    qtbot: QtBot,
) -> None:
    dialog = opened(wish)
    parties.save_party(
        office.bureau, office.actor(), case, "debtor/1", {"name": "乙建国"}, reason="依身份证更正"
    )
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.changeEvent(QEvent(QEvent.Type.ActivationChange))
    still(dialog)
    assert "乙建国" in words_on(dialog)


def test_the_hands_stay_on_the_keys(
    opened: Opened, wish: PaperWish, office: Office, case: int, settle: Settle, qtbot: QtBot
) -> None:
    filled(office, case)
    dialog = opened(wish)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    qtbot.keyClick(dialog, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert kept(office, case)[0].state == "draft"
    qtbot.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle()
    asked = dialog.step
    assert isinstance(asked, IssueDialog)
    asked.submit()
    settle()
    assert kept(office, case)[0].state == "issued"


def test_overnight_the_day_is_the_one_on_which_it_is_issued(
    opened: Opened,
    wish: PaperWish,
    office: Office,
    case: int,
    settle: Settle,
    still: Callable[[PaperDialog], None],
) -> None:
    filled(office, case)
    dialog = opened(wish)
    office.at("2024-03-06T09:00")
    dialog.issue.click()
    settle()
    asked = dialog.step
    assert isinstance(asked, IssueDialog)
    assert asked.day.value() == "2024-03-06"
    asked.submit()
    settle()
    assert kept(office, case)[0].day == date(2024, 3, 6)


def test_a_changed_draft_whose_issue_was_refused_is_issued_at_the_next_try(
    opened: Opened, wish: PaperWish, office: Office, case: int, settle: Settle
) -> None:
    line = keep_draft(office.bureau, office.actor(), wish)
    dialog = opened(line.id)
    enter_into(dialog.making.rows["obligation"].editor, OBLIGATION)
    dialog.issue.click()
    settle()
    asked = dialog.step
    assert isinstance(asked, IssueDialog)
    asked.submit()
    settle()
    assert "执行通知书指定履行期间届满日" in asked.problem_words.text()
    filled(office, case)
    asked.submit()
    settle()
    (found,) = kept(office, case)
    assert (found.state, found.asked["obligation"]) == ("issued", OBLIGATION)


# ------------------------------------------------------------------------ edited in Word


def edited(office: Office, paper: int, path: Path, words: str) -> Path:
    """Write a draft's Word file with other words in it."""
    document = word_files.opened(word_to_edit(office.bureau, office.actor(), paper).data)
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            run.text = run.text.replace("失信风险提示", words)
    path.write_bytes(word_files.saved(document))
    return path


def taken_back(dialog: PaperDialog, file: Path, settle: Settle) -> None:
    """Do what a clerk does in the dialog of the taking back."""
    dialog.take_back.click()
    settle()
    step = dialog.step
    assert isinstance(step, TakeBackDialog)
    assert dialog.paper.line is not None
    assert step.papers.currentData() == dialog.paper.line.id
    step.choose_file(str(file))
    settle()
    step.reason.setText("按合议庭意见修改")
    step.confirmed.setChecked(True)
    step.take()
    settle()


def test_a_draft_edited_in_word_is_taken_back_from_its_window_and_shown_with_those_words(
    opened: Opened,
    wish: PaperWish,
    office: Office,
    case: int,
    settle: Settle,
    still: Callable[[PaperDialog], None],
    tmp_path: Path,
) -> None:
    filled(office, case)
    dialog = opened(wish)
    assert dialog.take_back.isHidden()
    enter_into(dialog.making.rows["obligation"].editor, OBLIGATION)
    dialog.drafting.save()
    settle()
    (line,) = kept(office, case)
    file = edited(office, line.id, tmp_path / "改.docx", "失信惩戒风险提示")
    # What is typed before the file is taken back is kept as well.
    enter_into(dialog.making.rows["fee"].editor, "1820")
    taken_back(dialog, file, settle)
    assert "失信惩戒风险提示" in words_on(dialog)
    assert not dialog.making.edited.isHidden()
    assert not dialog.making.rows["obligation"].isEnabled()
    assert dialog.keep.isHidden()
    # Coming back to the window draws the page anew: with the words that count.
    dialog.live.follow()
    still(dialog)
    assert "失信惩戒风险提示" in words_on(dialog)
    dialog.leaving.export(tmp_path / "草稿.docx", ".docx")
    settle()
    assert (tmp_path / "草稿.docx").read_bytes() == file.read_bytes()
    dialog.edited.ask_drop()
    (box,) = [box for box in dialog.findChildren(QMessageBox) if "放弃" in box.text()]
    next(button for button in box.buttons() if button.text() == "放弃定稿").click()
    settle()
    still(dialog)
    assert "失信惩戒风险提示" not in words_on(dialog)
    assert dialog.making.edited.isHidden()
    assert dialog.making.rows["obligation"].value() == OBLIGATION
    assert kept(office, case)[0].edited == ""


def test_an_issued_paper_edited_in_word_is_replaced_from_its_window(
    opened: Opened,
    wish: PaperWish,
    office: Office,
    case: int,
    settle: Settle,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    filled(office, case)
    line = issue(office.bureau, office.actor(), wish).paper
    document = word_files.opened(
        papers.paper_file(office.bureau, office.actor(), line.id, ".docx").data
    )
    document.paragraphs[3].runs[0].text += "（另见附页）"
    (tmp_path / "改.docx").write_bytes(word_files.saved(document))
    dialog = opened(line.id)
    with qtbot.waitSignal(dialog.other_wanted, timeout=20_000) as other:
        taken_back(dialog, tmp_path / "改.docx", settle)
    old, new = kept(office, case)
    assert (old.state, new.state, new.id) == ("void", "draft", other.args[0])
    assert "已作废" in dialog.state.text()
    assert dialog.take_back.isHidden()


def test_what_another_window_takes_back_is_seen_in_this_one(
    opened: Opened, wish: PaperWish, office: Office, case: int, bridge: Bridge, settle: Settle,
    tmp_path: Path,
) -> None:  # fmt: skip
    filled(office, case)
    line = keep_draft(office.bureau, office.actor(), wish)
    dialog = opened(line.id)
    file = edited(office, line.id, tmp_path / "改.docx", "失信惩戒风险提示")
    take(office.bureau, office.actor(), line.id, file.read_bytes(), "按意见修改", version=1)
    bridge.announce(Changes(frozenset({case})))
    settle()
    assert "失信惩戒风险提示" in words_on(dialog)
    assert dialog.paper.line is not None
    assert dialog.paper.line.version == 2
