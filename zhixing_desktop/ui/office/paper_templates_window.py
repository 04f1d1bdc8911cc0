"""The court's own templates: chosen, checked, tried on a case, accepted, put back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import (
    QDateEdit,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QTabWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.documents.edited import read_edited
from zhixing_desktop.services import at_desk, paper_templates
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.paper_templates import (
    ACT,
    TemplateLine,
    TemplateReport,
)
from zhixing_desktop.services.paper_types import PaperFile
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.parts import Words
from zhixing_desktop.ui.office.pieces import Listing, PairWindow, allow, plain_button, reason_line
from zhixing_desktop.ui.office.template_pages import FieldsPage, TrialPage
from zhixing_desktop.ui.office.template_report import report_html
from zhixing_desktop.workflow.errors import StoreError

_FORMS = (("文书", 16), ("节点", 4), ("现用", 10))
_VERSIONS = (("编号", 4), ("文件", 12), ("启用", 7), ("采用人", 6), ("理由", 14))
_FIRST = "请先“选择文件”，检查没有错误才能采用"
_WORD_FILES = "Word 文档 (*.docx)"


@dataclass(frozen=True, slots=True)
class _Known:
    forms: tuple[tuple[str, tuple[str, str, str]], ...]
    in_use: Mapping[str, TemplateLine]
    refused: str
    today: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Checked:
    path: Path
    data: bytes
    report: TemplateReport


class TemplatesWindow(PairWindow):
    """Forms at the left; of the chosen one what the checker says, a trial, its versions."""

    help_page = "paper-templates"

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor: Callable[[], Actor], *, parent: QWidget
    ) -> None:
        super().__init__(bureau, bridge, actor, parent=parent)
        self._refused = ""
        self._checked: _Checked | None = None
        self.setWindowTitle("文书模板")
        self.forms = Listing("文书样式", _FORMS, self)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("查找文书")
        self.search.setAccessibleName("查找文书")
        self.title = Words(bold=True, scale=1.2)
        self.standing = Words(tone="muted")
        self.start_button = plain_button("保存起始文件(&B)…", self._ask_start, self)
        self.choose_button = plain_button("选择文件(&F)…", self._ask_file, self)
        self.report = QTextBrowser(self)
        self.report.setAccessibleName("检查结果")
        self.trial = TrialPage(bureau, bridge, actor, self)
        self.fields = FieldsPage(bureau, bridge, self)
        self.versions = Listing("历次模板", _VERSIONS, self)
        self.back_button = plain_button("换回所选的模板", self.put_back, self)
        self.own_button = plain_button("恢复程序自带的样式", self.put_own, self)
        self.day = QDateEdit(self)
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("yyyy-MM-dd")
        self.reason = reason_line("为什么更换，记入日志", self)
        self.day.setAccessibleName("启用日期")
        self.accept_button = plain_button("采用(&A)", self.accept_it, self)
        self._lay_out()
        self.forms.currentItemChanged.connect(lambda *_: self._on_form())
        self.search.textChanged.connect(self._filter)
        self.trial.refused.connect(self.failed)
        self.fields.refused.connect(self.failed)
        self.tabs.currentChanged.connect(self._on_tab)
        self.reload()

    def _lay_out(self) -> None:
        side = QVBoxLayout()
        side.addWidget(self.search)
        side.addWidget(self.forms, 1)
        self.tabs = QTabWidget(self)
        self.tabs.addTab(self.report, "检查")
        self.tabs.addTab(self.trial, "试做")
        self.tabs.addTab(self._history_page(), "历次模板")
        self.tabs.addTab(self.fields, "可用的标签")
        shown = QVBoxLayout()
        shown.addWidget(self.title)
        shown.addWidget(self.standing)
        acts = QHBoxLayout()
        acts.addWidget(self.start_button)
        acts.addWidget(self.choose_button)
        acts.addStretch(1)
        shown.addLayout(acts)
        shown.addWidget(self.tabs, 1)
        form = QFormLayout()
        form.addRow("启用日期(&D)", self.day)
        form.addRow("理由(&R)", self.reason)
        bottom = QHBoxLayout()
        bottom.addLayout(form, 1)
        bottom.addWidget(self.accept_button, 0, Qt.AlignmentFlag.AlignBottom)
        shown.addLayout(bottom)
        shown.addWidget(self.note)
        self.show_pair(side, shown, (28, 42), 44)

    def _history_page(self) -> QWidget:
        history = QWidget(self)
        past = QVBoxLayout(history)
        past.addWidget(self.versions, 1)
        back = QHBoxLayout()
        back.addStretch(1)
        back.addWidget(self.back_button)
        back.addWidget(self.own_button)
        past.addLayout(back)
        return history

    # ------------------------------------------------------------------------------- showing

    def reload(self) -> None:
        """Read which forms are made from what."""
        bureau, actor = self._bureau, self._actor()

        def read() -> _Known:
            library = bureau.papers.library(bureau.rules)
            used = paper_templates.in_use(bureau)
            forms = sorted(library.forms.values(), key=lambda form: (form.nodes[0], form.key))
            day = at_desk.today(bureau)
            return _Known(
                tuple((f.key, (f.name, str(f.nodes[0]), _short(used.get(f.key)))) for f in forms),
                used,
                at_desk.refusals(bureau, actor, (ACT,)).get(ACT, ""),
                (day.year, day.month, day.day),
            )

        self._bridge.read(self, read, self._show, self.failed)

    def _show(self, known: _Known) -> None:
        self._refused = known.refused
        today = QDate(*known.today)
        self.day.setMinimumDate(today)
        if self.day.date() < today:
            self.day.setDate(today)
        self._rows = known.forms
        self._filter()
        self.reason.setEnabled(not self._refused)
        if self._refused:
            self.say(self._refused)
        self._on_form()

    def _filter(self) -> None:
        wanted = self.search.text().strip()
        self.forms.fill((k, words) for k, words in self._rows if wanted in words[0])

    _rows: tuple[tuple[str, tuple[str, str, str]], ...] = ()

    def _on_form(self) -> None:
        form = self.forms.key()
        if form is None:
            return
        if self._checked is not None and self._checked.report.form != form:
            self._forget()
        self.fields.show_form(form)
        self._on_tab(0)
        bureau = self._bureau
        self._bridge.read(
            self,
            lambda: (form, paper_templates.versions(bureau, form)),
            self._show_versions,
            self.failed,
        )

    def _show_versions(self, found: tuple[str, tuple[TemplateLine, ...]]) -> None:
        form, lines = found
        if form != self.forms.key():
            return
        item = self.forms.currentItem()
        self.title.setText(f"《{item.text(0) if item is not None else ''}》")
        current = next((line for line in lines if line.current), None)
        self.standing.setText(f"现用　{_standing(current)}")
        self.versions.fill(
            (
                line.id,
                (
                    str(line.id),
                    line.file or "（程序自带的样式）",
                    f"{line.effective_on}{'　现用' if line.current else ''}",
                    line.who,
                    line.reason,
                ),
            )
            for line in lines
        )
        self.arm()

    def arm(self) -> None:
        """Accepting takes a file without faults, and the right to it."""
        refused = {ACT: self._refused} if self._refused else {}
        ready = self._checked is not None and self._checked.report.accepted
        allow(self.accept_button, refused, ACT, also=ready, why=_FIRST)
        any_line = self.versions.key() is not None
        allow(self.back_button, refused, ACT, also=any_line, why="还没有采用过模板")
        allow(self.own_button, refused, ACT, also=any_line, why="还没有采用过模板")

    def _on_tab(self, _at: int) -> None:
        if self.tabs.currentWidget() is self.fields:
            self.fields.look()

    def _forget(self) -> None:
        self._checked = None
        self.report.clear()
        self.trial.forget()
        self.say(self._refused)

    # ------------------------------------------------------------------------------- the file

    def _ask_start(self) -> None:
        dialog = QFileDialog(self, "保存起始文件", "模板.docx", _WORD_FILES)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.save_start)
        dialog.open()

    def save_start(self, path: str) -> None:
        """Write the chosen form's own text with its tags."""
        form, bureau = self.forms.key(), self._bureau

        def work() -> str:
            file = paper_templates.starter_file(bureau, form)
            _write(Path(path), file)
            return Path(path).name

        self._bridge.read(
            self,
            work,
            lambda name: self.say(f"已保存“{name}”。在 Word 或者 WPS 中修改，再“选择文件”检查。"),
            self.failed,
        )

    def _ask_file(self) -> None:
        dialog = QFileDialog(self, "选择模板文件", "", _WORD_FILES)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.choose_file)
        dialog.open()

    def choose_file(self, path: str) -> None:
        """Check a Word file as a template of the chosen form."""
        form, bureau = self.forms.key(), self._bureau
        if form is None:
            return
        self.say("正在检查……")

        def work() -> _Checked:
            data = read_edited(Path(path))
            return _Checked(Path(path), data, paper_templates.check(bureau, form, data))

        self._bridge.read(self, work, self._show_report, self.failed)

    def _show_report(self, found: _Checked) -> None:
        self._checked = found
        self.trial.take(found.report.form, found.data, sound=found.report.accepted)
        self.report.setHtml(report_html(found.path.name, found.report))
        self.tabs.setCurrentIndex(0)
        faults = sum(p.severity == "error" for p in found.report.problems)
        if faults:
            self.say(f"有{faults}处错误，不能采用。请按检查结果修改后重新选择。", "error")
        else:
            self.say("没有错误。请先试做一份看看，再写明理由采用。")
        self.arm()

    # ------------------------------------------------------------------------------- deciding

    def accept_it(self) -> None:
        """Let the chosen form be made from the checked file."""
        if self._checked is None or not self.accept_button.isEnabled():
            return
        bureau, actor, checked = self._bureau, self._actor(), self._checked
        reason, day = self.reason.text(), _day(self.day)
        self.write(
            lambda: paper_templates.accept(
                bureau, actor, checked.report.form, checked.data, checked.path.name, reason, day
            ),
            self._accepted,
            self.failed,
        )

    def _accepted(self, line: TemplateLine) -> None:
        self._forget()
        self.reason.clear()
        messages.tell(
            self,
            "文书模板",
            f"已采用，从{line.effective_on}起按它制作。",
            below="已经签发的文书不变；原来的模板保留，可以换回。",
        )

    def put_back(self) -> None:
        """Go back to the chosen version."""
        self._back(self.versions.key())

    def put_own(self) -> None:
        """Go back to the program's own form."""
        self._back(None)

    def _back(self, version: int | None) -> None:
        form, bureau, actor = self.forms.key(), self._bureau, self._actor()
        reason, day = self.reason.text(), _day(self.day)
        self.write(
            lambda: paper_templates.put_back(bureau, actor, form, reason, version, day),
            self._put_back,
            self.failed,
        )

    def _put_back(self, line: TemplateLine) -> None:
        self.reason.clear()
        self.say(f"已更换，从{line.effective_on}起：{_standing(line)}")


def _short(line: TemplateLine | None) -> str:
    return line.file if line is not None and line.file else ""


def _standing(line: TemplateLine | None) -> str:
    if line is None or not line.file:
        return "程序自带的样式"
    return f"本院模板“{line.file}”，{line.effective_on}起，{line.who}采用：{line.reason}"


def _day(edit: QDateEdit) -> date:
    chosen = edit.date()
    return date(chosen.year(), chosen.month(), chosen.day())


def _write(path: Path, file: PaperFile) -> None:
    try:
        path.write_bytes(file.data)
    except OSError as error:
        raise StoreError(
            f"写不了“{path.name}”：请检查文件夹、磁盘空间，以及文件是否正被打开。"
        ) from error
