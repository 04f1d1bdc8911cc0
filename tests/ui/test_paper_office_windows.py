"""The windows of layout, templates, edited papers and articles, as the office uses them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from helpers.bureau import CLERK, OFFICER, Office
from helpers.paper_forms import NOTICE, lend
from helpers.paper_office import COURT, notice
from helpers.word_files import docx_of, opened, saved
from zhixing_desktop.documents.libreoffice import Converter
from zhixing_desktop.services import papers
from zhixing_desktop.services.bureau_settings import change_setting
from zhixing_desktop.services.forms import PaperRules
from zhixing_desktop.services.paper_drafts import keep_draft
from zhixing_desktop.services.paper_edited import word_to_edit
from zhixing_desktop.services.paper_issuing import issue
from zhixing_desktop.services.paper_layout import layout
from zhixing_desktop.services.paper_templates import in_use
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.help_window import page_for
from zhixing_desktop.ui.office.layout_window import LayoutWindow
from zhixing_desktop.ui.office.paper_laws_window import LawsWindow
from zhixing_desktop.ui.office.paper_take_back_dialog import TakeBackDialog
from zhixing_desktop.ui.office.paper_templates_window import TemplatesWindow
from zhixing_desktop.ui.office.pieces import OfficeWindow
from zhixing_desktop.workflow.errors import StoreError

ADMIN = "何管理"
WHY = "本院统一"
Settle = Callable[[], None]
GOOD = (
    "{{ court.name }}", "执行通知书（本院样式）", "{{ paper.number }}", "{{ debtor.name }}：",
    "责令你履行：{{ ask.duty }}", "{{ paper.day_numerals }}",
)  # fmt: skip


def no_converter(_fonts: str) -> Converter:
    raise StoreError("本机没有找到 LibreOffice。")


@pytest.fixture
def court(office: Office, tmp_path: Path) -> Office:
    """The worked-in bureau with the small forms, its court named, without a word processor."""
    lend(office.bureau, tmp_path / "papers")
    office.bureau.papers = PaperRules(tmp_path / "papers", no_converter)
    change_setting(office.bureau, office.actor(ADMIN), "court.name", COURT, "首次设置")
    return office


@pytest.fixture
def open_as(
    court: Office, bridge: Bridge, host: QWidget, settle: Settle
) -> Callable[[type[OfficeWindow], str], OfficeWindow]:
    def open_(kind: type[OfficeWindow], name: str) -> OfficeWindow:
        actor = court.actor(name)
        made = kind(court.bureau, bridge, lambda: actor, parent=host)
        made.show()
        settle()
        settle()
        return made

    return open_


@pytest.fixture(autouse=True)
def told(qtbot: QtBot, host: QWidget) -> Iterator[None]:
    """Close what only tells something."""
    yield
    for box in host.findChildren(QMessageBox):
        box.close()


def word_file(folder: Path, *lines: str, name: str = "模板.docx") -> str:
    path = folder / name
    path.write_bytes(docx_of(*lines))
    return str(path)


# ------------------------------------------------------------------------------- layout


def editor(window: LayoutWindow, place: str) -> object:
    return window.editors[place][1]


def test_a_layout_is_seen_at_once_its_faults_named_and_saved_with_a_reason(
    open_as: Callable[..., LayoutWindow], court: Office, settle: Settle, qtbot: QtBot
) -> None:
    window = open_as(LayoutWindow, ADMIN)
    assert not window.view.canvas.image.isNull()
    assert "仿宋：本机用“" in window.fonts.text()
    assert not window.save_button.isEnabled()
    editor(window, "grids.official.lines").setValue(70)  # type: ignore[attr-defined]
    editor(window, "seal.diameter").setValue(200)  # type: ignore[attr-defined]
    window.try_now()
    settle()
    said = window.note.text()
    assert "印章直径：应当在 10 和 60 之间" in said
    assert window.note.tone == "error"
    assert not window.save_button.isEnabled()
    window.fill_shipped()
    editor(window, "zero").setCurrentIndex(1)  # type: ignore[attr-defined]
    window.try_now()
    settle()
    assert window.overrides() == {"zero": "零"}
    assert window.save_button.isEnabled()
    window.store()
    settle()
    assert "理由" in window.note.text()
    window.reason.setText(WHY)
    window.store()
    settle()
    assert layout(court.bureau).zero == "零"
    assert page_for(window.reason) == "paper-layout"


def test_a_font_that_is_missing_is_told_before_anything_is_printed(
    open_as: Callable[..., LayoutWindow], settle: Settle
) -> None:
    window = open_as(LayoutWindow, ADMIN)
    editor(window, "fonts.kai.word").setText("没有的楷体")  # type: ignore[attr-defined]
    editor(window, "fonts.kai.families").setText("没有的楷体")  # type: ignore[attr-defined]
    window.try_now()
    settle()
    assert "代替没有的楷体" in window.fonts.text()
    assert "代替" in window.note.text()
    assert window.note.tone == "warning"


def test_others_see_the_layout_and_why_they_may_not_change_it(
    open_as: Callable[..., LayoutWindow],
) -> None:
    window = open_as(LayoutWindow, OFFICER)
    assert not window.view.canvas.image.isNull()
    assert not editor(window, "zero").isEnabled()  # type: ignore[attr-defined]
    assert "M-131" in window.save_button.toolTip()


# ------------------------------------------------------------------------------- templates


def test_a_template_is_checked_tried_accepted_and_taken_out_again(
    open_as: Callable[..., TemplatesWindow], court: Office, settle: Settle, tmp_path: Path
) -> None:
    window = open_as(TemplatesWindow, "郑审管")
    assert window.forms.choose(NOTICE)
    settle()
    assert "程序自带的样式" in window.standing.text()
    window.save_start(str(tmp_path / "起始.docx"))
    settle()
    assert any("{{ debtor.name }}" in p.text for p in opened(
        (tmp_path / "起始.docx").read_bytes()).paragraphs)  # fmt: skip
    window.choose_file(word_file(tmp_path, *GOOD))
    settle()
    assert "可以采用" in window.report.toPlainText()
    case = court.detail(court.case_ids[0] if court.case_ids else 1).case_no
    window.tabs.setCurrentIndex(1)
    window.trial.case.setText(case)
    window.trial.about.setText("debtor/1")
    window.trial.try_it()
    settle()
    assert window.note.tone != "error", window.note.text()
    assert "应当履行的义务" in window.trial.words.text()
    assert not window.trial.view.canvas.image.isNull()
    window.accept_it()
    settle()
    assert "理由" in window.note.text()
    window.reason.setText(WHY)
    window.accept_it()
    settle()
    assert "模板.docx" in window.standing.text()
    assert in_use(court.bureau)[NOTICE].file == "模板.docx"
    window.fields.search.setText("大写")
    window.tabs.setCurrentIndex(3)
    settle()
    assert ["case.amount_daxie", "案件 申请执行标的（大写）"] in window.fields.list.texts()
    window.reason.setText("改回")
    window.put_own()
    settle()
    assert "程序自带的样式" in window.standing.text()
    assert [row[1] for row in window.versions.texts()] == ["（程序自带的样式）", "模板.docx"]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (("{{ ''.__class__.__mro__[1].__subclasses__() }}",), "程序代码"),
        (("{{ debtor.nmae }}",), "debtor.name"),
    ],
    ids=["code", "unknown"],
)
def test_a_template_with_faults_lists_them_and_cannot_be_accepted(
    open_as: Callable[..., TemplatesWindow],
    settle: Settle,
    tmp_path: Path,
    lines: tuple[str, ...],
    words: str,
) -> None:
    window = open_as(TemplatesWindow, ADMIN)
    window.forms.choose(NOTICE)
    window.choose_file(word_file(tmp_path, *lines))
    settle()
    assert words in window.report.toPlainText()
    assert window.note.tone == "error"
    assert not window.accept_button.isEnabled()


def test_a_torn_file_and_one_that_is_still_open_are_told(
    open_as: Callable[..., TemplatesWindow], settle: Settle, tmp_path: Path
) -> None:
    window = open_as(TemplatesWindow, ADMIN)
    window.forms.choose(NOTICE)
    torn = tmp_path / "坏.docx"
    torn.write_bytes(docx_of(*GOOD)[:800])
    window.choose_file(str(torn))
    settle()
    assert "损坏" in window.report.toPlainText()
    path = word_file(tmp_path, *GOOD)
    (tmp_path / "~$模板.docx").write_bytes(b"open")
    window.choose_file(path)
    settle()
    assert "打开着" in window.note.text()
    assert not window.accept_button.isEnabled()


# ------------------------------------------------------------------------------- taken back


def edited(data: bytes, old: str, new: str) -> bytes:
    document = opened(data)
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            run.text = run.text.replace(old, new)
    return saved(document)


@pytest.fixture
def case(court: Office) -> int:
    made = court.register(901, debtors=("乙建强",), cause="民间借贷纠纷")
    for node in (1, 2, 3, 4):
        court.fill(made, node)
    return made


@pytest.fixture
def dialog(
    court: Office, case: int, bridge: Bridge, host: QWidget, settle: Settle
) -> TakeBackDialog:
    keep_draft(court.bureau, court.actor(CLERK), notice(case))
    actor = court.actor()
    made = TakeBackDialog(court.bureau, bridge, lambda: actor, case, parent=host)
    made.show()
    settle()
    return made


def test_changes_are_shown_side_by_side_and_confirmed_before_they_count(
    dialog: TakeBackDialog, court: Office, case: int, settle: Settle, tmp_path: Path
) -> None:
    line = dialog.line()
    assert line is not None
    dialog.export(str(tmp_path / "通知书.docx"))
    settle()
    assert "已导出" in dialog.note.text()
    given = (tmp_path / "通知书.docx").read_bytes()
    assert given == word_to_edit(court.bureau, court.actor(), line.id).data
    (tmp_path / "改.docx").write_bytes(edited(given, "50000元", "5000元"))
    dialog.choose_file(str(tmp_path / "改.docx"))
    settle()
    assert "改动了1处" in dialog.summary.text()
    assert "支付借款5000元" in dialog.changes.toPlainText()
    assert "<s>" in dialog.changes.toHtml() or "line-through" in dialog.changes.toHtml()
    assert "金额有手工改动" in dialog.warnings.text()
    dialog.reason.setText(WHY)
    assert not dialog.take_button.isEnabled()
    dialog.confirmed.setChecked(True)
    assert dialog.take_button.isEnabled()
    dialog.take()
    settle()
    (kept,) = papers.papers_of(court.bureau, court.actor(), case)
    assert kept.edited


def test_a_number_changed_by_hand_cannot_be_taken_back(
    dialog: TakeBackDialog, court: Office, settle: Settle, tmp_path: Path
) -> None:
    line = dialog.line()
    assert line is not None
    given = word_to_edit(court.bureau, court.actor(), line.id).data
    path = tmp_path / "改.docx"
    path.write_bytes(edited(given, "执901号", "执109号"))
    dialog.choose_file(str(path))
    settle()
    assert "由程序给出" in dialog.warnings.text()
    dialog.reason.setText(WHY)
    assert not dialog.confirmed.isVisible()
    assert not dialog.take_button.isEnabled()
    (tmp_path / ".~lock.改.docx#").write_text("open")
    dialog.choose_file(str(path))
    settle()
    assert "打开着" in dialog.note.text()


def test_an_issued_paper_says_that_it_becomes_void(
    court: Office, case: int, bridge: Bridge, host: QWidget, settle: Settle, tmp_path: Path
) -> None:
    made = issue(court.bureau, court.actor(), notice(case)).paper
    actor = court.actor()
    dialog = TakeBackDialog(court.bureau, bridge, lambda: actor, case, parent=host)
    settle()
    word = papers.paper_file(court.bureau, court.actor(), made.id, ".docx").data
    (tmp_path / "改.docx").write_bytes(edited(word, "责令你履行", "现责令你履行"))
    dialog.choose_file(str(tmp_path / "改.docx"))
    settle()
    assert "原来的作废" in dialog.summary.text()
    dialog.reason.setText(WHY)
    dialog.take()
    settle()
    states = [line.state for line in papers.papers_of(court.bureau, court.actor(), case)]
    assert states == ["void", "draft"]


# ------------------------------------------------------------------------------- articles


def test_the_table_says_what_holds_on_a_day_what_is_unread_and_who_cites_it(
    open_as: Callable[..., LawsWindow], settle: Settle
) -> None:
    window = open_as(LawsWindow, OFFICER)
    window.search.setText("民诉法.划拨")
    assert window.list.texts()[0][2] == "第二百五十三条"
    assert "《执行通知书》" in window.detail.text()
    assert "（未核对原文）" not in window.detail.text()
    window.day.setDate(window.day.date().addYears(-2))
    settle()
    assert window.list.texts()[0][2] == "第二百四十九条"
    window.search.setText("终本规定.约谈")
    assert "（未核对原文）" in window.detail.text()
    window.search.clear()
    everything = len(window.list.texts())
    window.unchecked.setChecked(True)
    assert 0 < len(window.list.texts()) < everything
