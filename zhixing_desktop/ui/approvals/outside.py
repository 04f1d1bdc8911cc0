"""Authorities outside the court: passing on, entering the reply, reading it back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QWidget,
)

from zhixing_desktop.services import outside
from zhixing_desktop.services.application_view import LEVELS
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.decision_sheet import DecisionSheet
from zhixing_desktop.services.file_pages import FilePages, file_pages
from zhixing_desktop.services.outside import Scan
from zhixing_desktop.services.outside_report import Report, note_print, report, write_report
from zhixing_desktop.services.paper_types import DOCX_ENDING, PDF_ENDING
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.approvals.step_dialog import StepDialog
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.choices import ChoiceEditor
from zhixing_desktop.ui.forms.dates import DateEditor
from zhixing_desktop.ui.forms.editor import LineEditor, LongEditor
from zhixing_desktop.ui.forms.parts import Box, Mark, Words, em
from zhixing_desktop.ui.page_view import PageView
from zhixing_desktop.ui.papers.print_job import PrintJob
from zhixing_desktop.ui.papers.print_run import Part, Run, run_of
from zhixing_desktop.workflow.decide import Hop, Reply
from zhixing_desktop.workflow.errors import ZhixingError
from zhixing_desktop.workflow.later_replies import REVOKED, last_reply

ActorOf = Callable[[], Actor]
REPLIES = (("granted", "批准"), ("refused", "不批准"), ("returned", "退回"))
LATER_REPLIES = ((REVOKED, "撤销原批复"), *REPLIES)
SCANS = "扫描件 (*.pdf *.png *.jpg *.jpeg *.tif *.tiff)"
_MOST = 100
"""The preview takes all the room that the fields leave."""
_PAGE_KEYS = "翻页 Alt+PgUp、Alt+PgDn　缩放 Ctrl+加号、Ctrl+减号、Ctrl+0"
_BAD_DAY = "请填写日期，例如 2024-03-05。"


def _about(sheet: DecisionSheet) -> list[tuple[str, str]]:
    entry, rule = sheet.detail.row.application, sheet.detail.rule
    words = [
        (
            f"{sheet.detail.row.matter}　{entry.case_no}　节点{entry.node} {entry.node_name}",
            "plain",
        )
    ]
    if rule is not None:
        words.append((f"依据　{rule.cite.words()}", "muted"))
    words += [(hop, "muted") for hop in sheet.hops]
    return words


class ForwardDialog(StepDialog):
    """One hop: the report to be printed beside the letter's number, day and way."""

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: ActorOf,
        sheet: DecisionSheet,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(bridge, "转报上级法院", "登记转报", _about(sheet), parent)
        self._bureau, self._actor_of, self._sheet = bureau, actor_of, sheet
        self.report: Report | None = None
        self._pages: FilePages | None = None
        self.job = PrintJob(bridge, self)
        self.job.sent.connect(self._sent)
        self.job.failed.connect(self._not_sent)
        self.page = PageView(bridge, self)
        self.page.setAccessibleName("报告预览")
        self.stands = Words(tone="muted")
        at = self.box.indexOf(self.grid)
        self.box.insertWidget(at, self.page, _MOST)
        self.box.insertWidget(at + 1, self.stands)
        self.sender_ = LineEditor("转报的法院")
        self.receiver = LineEditor("接收的法院")
        self.day = DateEditor(sheet.detail.now)
        self.number = LineEditor("例如：（2024）豫0811执报1号")
        self.note = LineEditor("可以不填")
        self.day.set_value(f"{sheet.detail.now:%Y-%m-%d}")
        self.add_rows(
            (
                ("转报法院", self.sender_),
                ("接收法院", self.receiver),
                ("转报日期", self.day),
                ("转报函文号", self.number),
                ("说明", self.note),
            )
        )
        self.print = QPushButton("打印报告…", self)
        self.print.clicked.connect(self.print_report)
        self.as_word = QPushButton("导出 Word…", self)
        self.as_word.clicked.connect(lambda: self.ask_export(DOCX_ENDING))
        self.as_pdf = QPushButton("导出 PDF…", self)
        self.as_pdf.clicked.connect(lambda: self.ask_export(PDF_ENDING))
        for place, button in enumerate((self.print, self.as_word, self.as_pdf)):
            button.setAutoDefault(False)
            button.setEnabled(False)
            self.foot.insertWidget(place, button)
        room = self.screen().availableGeometry()
        height = min(em(self, 60), room.height() - em(self, 3))
        self.resize(min(em(self, 66), room.width()), height)
        entry, actor = sheet.detail.row.application, actor_of()

        def read() -> tuple[Report, FilePages]:
            made = report(bureau, actor, entry.case_id, entry.request)
            file = made.file
            return made, file_pages(file.name, file.media_type, file.data)

        self.page.clear("正在制作报告…")
        bridge.read(self, read, self._reported, self._not_reported)
        self.number.setFocus()

    def _reported(self, found: tuple[Report, FilePages]) -> None:
        self.report, self._pages = made, pages = found
        self.page.show_file(pages)
        self.stands.setText(made.words)
        for button in (self.print, self.as_word, self.as_pdf):
            button.setEnabled(True)
        if self.sender_.value() is None:
            hops = self._sheet.detail.view.forwards if self._sheet.detail.view else ()
            self.sender_.set_value(str(hops[-1]["to"]) if hops else made.sender)
        if self.receiver.value() is None and self.sender_.value() != made.receiver:
            self.receiver.set_value(made.receiver)

    def _not_reported(self, error: Exception) -> None:
        words = error.sentence if isinstance(error, ZhixingError) else "报告没有读出来。"
        self.page.clear(words, bad=True)
        if not isinstance(error, ZhixingError):
            self._badly(error)

    def print_report(self) -> QPrintDialog | None:
        """Ask for the printer; the pages are those that are shown."""
        made = self.report
        if made is None or self.job.running:
            return None
        return self.job.ask(made.title, self.send_to)

    def send_to(self, printer: QPrinter) -> None:
        """Journal the print, then send the report to a printer."""
        made, pages = self.report, self._pages
        if made is None or pages is None:
            return
        bureau, actor, copies = self._bureau, self._actor_of(), max(printer.copyCount(), 1)

        def note(name: str) -> Run:
            note_print(bureau, actor, made, name, copies=copies)
            return run_of(made.title, (Part(pages),))

        self.print.setEnabled(False)
        self.job.send(printer, made.title, note)

    def _sent(self, sides: int) -> None:
        self.print.setEnabled(True)
        self.stands.setText(f"已送往打印机：{sides}面")

    def _not_sent(self, error: Exception) -> None:
        self.print.setEnabled(True)
        messages.show_error(self, error, title="没有打印")

    def ask_export(self, ending: str) -> QFileDialog | None:
        """Ask where to save the report as a file."""
        made = self.report
        if made is None:
            return None
        word = ending == DOCX_ENDING
        dialog = QFileDialog(self, "导出 Word" if word else "导出 PDF")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(ending.lstrip("."))
        dialog.setNameFilter("Word 文件 (*.docx)" if word else "PDF 文件 (*.pdf)")
        # Nothing is written over: the service refuses, so the question would mislead.
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.selectFile(Path(made.file.name).with_suffix(ending).name)
        dialog.fileSelected.connect(lambda name: self.export(Path(name)))
        dialog.open()
        return dialog

    def export(self, path: Path) -> None:
        """Save the report as Word or PDF, by the ending of the name."""
        bureau, actor, made = self._bureau, self._actor_of(), self.report
        if made is not None:
            self._bridge.write(
                self,
                lambda: write_report(bureau, actor, made, path),
                lambda saved: self.stands.setText(f"已导出：{saved.name}"),
                self._badly,
            )

    def send(self) -> None:
        """Record the hop; the services say what is missing."""
        day = self.day.moment()
        if day is None:
            self.refuse(f"转报日期：{_BAD_DAY}")
            return
        hop = Hop(
            str(self.sender_.value() or ""),
            str(self.receiver.value() or ""),
            day.date(),
            str(self.number.value() or ""),
            str(self.note.value() or ""),
        )
        entry, bureau, actor = self._sheet.detail.row.application, self._bureau, self._actor_of()
        self.run(
            entry.case_id,
            lambda: outside.forward(bureau, actor, entry.case_id, entry.request, hop),
        )


class ScanBox(Box):
    """Takes the scan of a paper: by the file dialog, or dropped on it."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("calm", parent)
        self.path: Path | None = None
        self.setAcceptDrops(True)
        line = QHBoxLayout(self)
        self.words = Words("把扫描件（PDF 或者图片）拖到这里，或者", tone="muted", middle=True)
        self.choose = QPushButton("选择文件…", self)
        self.choose.setAutoDefault(False)
        self.choose.clicked.connect(self._ask)
        line.addWidget(self.words, 1)
        line.addWidget(self.choose)

    def take(self, path: Path) -> None:
        """Take a file; it is read when the reply is entered."""
        self.path = path
        self.words.set_tone("plain")
        self.words.setText(path.name)
        self.set_strength("strong")
        self.changed.emit()

    def _ask(self) -> None:
        dialog = QFileDialog(self, "选择扫描件", "", SCANS)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.take(Path(name)))
        dialog.open()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """One file of this computer may be dropped."""
        urls = event.mimeData().urls()
        if len(urls) == 1 and urls[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take it."""
        self.take(Path(event.mimeData().urls()[0].toLocalFile()))
        event.acceptProposedAction()


class ReplyDialog(StepDialog):
    """What came back, with its scan; it counts when a second person has read it back."""

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: ActorOf,
        sheet: DecisionSheet,
        parent: QWidget | None = None,
    ) -> None:
        words = _about(sheet)
        words.append(("登记以后，由另外一人对照原件再填一次文号和日期，核对一致才生效。", "plain"))
        first = last_reply(sheet.detail.view) if sheet.detail.view is not None else None
        if first is not None:
            court, paper = first.get("authority", ""), first.get("document", "")
            words.append((f"原答复　{court}（{paper}），只能由同一法院更正或者撤销。", "plain"))
        super().__init__(bridge, "登记上级法院的答复", "登记答复", words, parent)
        self._bureau, self._actor_of, self._sheet = bureau, actor_of, sheet
        entry = sheet.detail.row.application
        self.outcome = ChoiceEditor(REPLIES if first is None else LATER_REPLIES)
        self.number = LineEditor("例如：（2024）豫08执监1号")
        self.day = DateEditor(sheet.detail.now)
        self.office = LineEditor("作出决定的法院或者部门的全称")
        office = LEVELS.get(entry.level) if first is None else str(first.get("authority", ""))
        self.office.set_value(office)
        self.decider = LineEditor("作出决定的人的姓名")
        self.said = LongEditor("答复的内容")
        self.said.area.lines = (2, 6)
        self.add_rows(
            (
                ("答复结果", self.outcome),
                ("答复文号", self.number),
                ("答复日期", self.day),
                ("作出决定的法院或者部门", self.office),
                ("作出决定的人", self.decider),
                ("答复内容", self.said),
            )
        )
        self.scan = ScanBox(self)
        at = self.grid.rowCount()
        self.grid.addWidget(Mark("扫描件"), at, 0)
        self.grid.addWidget(self.scan, at, 1)
        self.resize(em(self, 50), em(self, 34))
        self.outcome.setFocus()

    def send(self) -> None:
        """Enter it; the services say everything that is wrong."""
        day = self.day.moment()
        if day is None:
            self.refuse("\n".join((f"答复日期：{_BAD_DAY}", *self._lacking())))
            return
        reply = Reply(
            number=str(self.number.value() or ""),
            decided_on=day.date(),
            decider=str(self.decider.value() or ""),
            office=str(self.office.value() or ""),
            outcome=str(self.outcome.value() or ""),
            words=str(self.said.value() or ""),
        )
        entry, bureau, actor = self._sheet.detail.row.application, self._bureau, self._actor_of()
        path = self.scan.path

        def job() -> object:
            scan = _scan(path)
            return outside.enter_reply(bureau, actor, entry.case_id, entry.request, reply, scan)

        self.run(entry.case_id, job)

    def _lacking(self) -> list[str]:
        """What else is empty, so that everything is said at once."""
        fields = (
            ("答复结果", self.outcome),
            ("答复文号", self.number),
            ("作出决定的法院或者部门", self.office),
            ("作出决定的人", self.decider),
            ("答复内容", self.said),
        )
        found = [f"“{label}”必须填写" for label, editor in fields if editor.value() is None]
        return found if self.scan.path is not None else [*found, "请附上答复文件的扫描件"]


def _scan(path: Path | None) -> Scan | None:
    """Read the file that was chosen; one that is gone is none at all."""
    if path is None or not path.is_file():
        return None
    return Scan(path.name, path.read_bytes())


class ReadBackDialog(StepDialog):
    """Number and day typed again from the paper, by somebody else than who entered them.

    The scan lies beside the fields.  Where it cannot be shown its place says why; the paper itself
    can still be read back.
    """

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: ActorOf,
        sheet: DecisionSheet,
        parent: QWidget | None = None,
    ) -> None:
        words = _about(sheet)
        view = sheet.detail.view
        reply = view.reply if view is not None else None
        if reply is not None:
            said = dict(REPLIES).get(str(reply["outcome"]), "")
            words.append(
                (
                    f"{reply['entered_by']}登记的答复：{reply['office']}{reply['decider']}"
                    f"{said}。{reply['words']}",
                    "plain",
                )
            )
        words.append(("请对照左边的扫描件（或者原件），再填一次文号和日期；一致才生效。", "plain"))
        super().__init__(bridge, "核对上级法院的答复", "核对", words, parent)
        self._bureau, self._actor_of, self._sheet = bureau, actor_of, sheet
        self.number = LineEditor("照原件填写")
        self.day = DateEditor(sheet.detail.now)
        self.add_rows((("答复文号", self.number), ("答复日期", self.day)))
        self.box.insertWidget(self.box.indexOf(self.grid) + 1, Words(_PAGE_KEYS, tone="muted"))
        self.scan = PageView(bridge, self)
        self.scan.clear("正在打开扫描件…")
        self.beside.insertWidget(0, self.scan, 2)
        self.setMinimumWidth(em(self, 56))
        room = self.screen().availableGeometry()
        wanted = (em(self, 92), em(self, 62))
        self.resize(min(wanted[0], room.width()), min(wanted[1], room.height() - em(self, 3)))
        self.number.setFocus()
        entry, actor = sheet.detail.row.application, actor_of()
        # By the writer: the look is journalled.
        bridge.write(
            self,
            lambda: outside.scan_of(bureau, actor, entry.case_id, entry.request),
            self.scan.show_file,
            self._no_scan,
        )

    def _no_scan(self, error: Exception) -> None:
        if not isinstance(error, ZhixingError):
            self._badly(error)
            return
        self.scan.clear(error.sentence, bad=True)

    def send(self) -> None:
        """Compare; what differs is said."""
        day = self.day.moment()
        if day is None:
            self.refuse(f"答复日期：{_BAD_DAY}")
            return
        number = str(self.number.value() or "")
        entry, bureau, actor = self._sheet.detail.row.application, self._bureau, self._actor_of()
        self.run(
            entry.case_id,
            lambda: outside.read_back(
                bureau, actor, entry.case_id, entry.request, number, day.date()
            ),
        )
