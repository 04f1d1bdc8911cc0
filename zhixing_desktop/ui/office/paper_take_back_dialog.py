"""An edited Word file taken back: changes side by side, wrong words pointed out, a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.documents.edited import Change, ParagraphChange, read_edited
from zhixing_desktop.services import paper_batch, paper_edited, paper_take_back, papers
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.paper_take_back import EditedLook
from zhixing_desktop.services.paper_types import DRAFT, ISSUED, PaperLine, TakenBack
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.forms.parts import Words, em
from zhixing_desktop.ui.note_label import NoteLabel
from zhixing_desktop.ui.office.pieces import plain_button
from zhixing_desktop.workflow.errors import InputRefusedError, ZhixingError

_WORD_FILES = "Word 文档 (*.docx)"
_NOTHING = "本案没有草稿，也没有已签发尚未送达的文书。"


@dataclass(frozen=True, slots=True)
class _Seen:
    path: Path
    data: bytes
    look: EditedLook


class TakeBackDialog(QDialog):
    """One case's papers to choose from; ``taken`` carries the number of the paper that has it."""

    help_page = "paper-take-back"
    taken = Signal(int)

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor: Callable[[], Actor],
        case_id: int,
        paper_id: int | None = None,
        *,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._bureau, self._bridge, self._actor = bureau, bridge, actor
        self._case_id, self._wanted = case_id, paper_id
        self._lines: dict[int, PaperLine] = {}
        self._seen: _Seen | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("取回改过的文书")
        self.papers = QComboBox(self)
        self.papers.setAccessibleName("文书")
        self.edit_button = plain_button("导出 Word(&E)…", self._ask_export, self)
        self.choose_button = plain_button("选择改过的文件(&F)…", self._ask_file, self)
        self.pdf_button = plain_button("补 PDF(&P)…", self._ask_pdf, self)
        self.summary = Words("")
        self.changes = QTextBrowser(self)
        self.changes.setAccessibleName("改动对照")
        self.warnings = NoteLabel(self)
        self.confirmed = QCheckBox("以上提示的各处已经核对无误", self)
        self.reason = QLineEdit(self)
        self.reason.setAccessibleName("理由")
        self.reason.setPlaceholderText("为什么修改，记入日志")
        self.note = NoteLabel(self)
        self.take_button = plain_button("取回(&T)", self.take, self)
        self.close_button = plain_button("关闭", self.reject, self)
        self._lay_out()
        self.papers.currentIndexChanged.connect(lambda _at: self._forget())
        self.confirmed.toggled.connect(lambda _on: self._show_buttons())
        self.reason.textChanged.connect(lambda _text: self._show_buttons())
        self._forget()
        self.reload()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.papers, 1)
        for button in (self.edit_button, self.choose_button, self.pdf_button):
            top.addWidget(button)
        form = QFormLayout()
        form.addRow("理由(&R)", self.reason)
        bottom = QHBoxLayout()
        bottom.addStretch(1)
        bottom.addWidget(self.close_button)
        bottom.addWidget(self.take_button)
        box = QVBoxLayout(self)
        box.addLayout(top)
        box.addWidget(self.summary)
        box.addWidget(self.changes, 1)
        box.addWidget(self.warnings)
        box.addWidget(self.confirmed)
        box.addLayout(form)
        box.addWidget(self.note)
        box.addLayout(bottom)
        room = self.screen().availableGeometry()
        self.resize(min(em(self, 64), room.width()), min(em(self, 40), room.height() - em(self, 3)))

    # ------------------------------------------------------------------------------- showing

    def reload(self) -> None:
        """Read which papers of the case can get an edited file."""
        bureau, actor, case_id = self._bureau, self._actor(), self._case_id
        self._bridge.read(
            self, lambda: papers.papers_of(bureau, actor, case_id), self._show_papers, self._failed
        )

    def _show_papers(self, lines: tuple[PaperLine, ...]) -> None:
        open_ones = [line for line in lines if line.state == DRAFT or _unserved(line)]
        self._lines = {line.id: line for line in open_ones}
        chosen = self._wanted if self._wanted is not None else self.papers.currentData()
        self.papers.blockSignals(True)
        self.papers.clear()
        for line in open_ones:
            parts = (line.name, line.about_words, line.number, line.state_words)
            self.papers.addItem("　".join(part for part in parts if part), line.id)
        self.papers.setCurrentIndex(max(self.papers.findData(chosen), 0))
        self.papers.blockSignals(False)
        self._wanted = None
        if not open_ones:
            self.note.say(_NOTHING)
        self._forget()

    def line(self) -> PaperLine | None:
        """Return the chosen paper."""
        return self._lines.get(self.papers.currentData())

    def _forget(self) -> None:
        self._seen = None
        self.changes.clear()
        self.summary.setText("")
        self.warnings.say("")
        self.confirmed.setChecked(False)
        self.confirmed.hide()
        self._show_buttons()

    def _show_buttons(self) -> None:
        line, seen = self.line(), self._seen
        self.edit_button.setEnabled(line is not None)
        self.choose_button.setEnabled(line is not None)
        self.pdf_button.setVisible(line is not None and line.state == ISSUED and not line.pdf)
        ready = seen is not None and bool(seen.look.edited.changes) and not seen.look.refused
        sure = seen is not None and (not seen.look.problems or self.confirmed.isChecked())
        reason = len(self.reason.text().strip()) >= 2
        self.take_button.setEnabled(ready and sure and reason)
        why = "" if ready else "请先选择改过的文件，看过改动"
        why = why or ("" if sure else "请核对提示的各处，勾选已经核对无误")
        self.take_button.setToolTip(why or ("" if reason else "请写明理由"))

    # ------------------------------------------------------------------------------- the file

    def _ask_export(self) -> None:
        line = self.line()
        name = f"{line.title}.docx" if line is not None else ""
        dialog = QFileDialog(self, "导出 Word 文件", name, _WORD_FILES)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.export)
        dialog.open()

    def export(self, path: str) -> None:
        """Write the chosen paper's Word file, to be edited."""
        line, bureau, actor = self.line(), self._bureau, self._actor()
        if line is None:
            return
        known = line

        def work() -> str:
            if known.state == DRAFT:
                file = paper_edited.word_to_edit(bureau, actor, known.id)
            else:
                file = papers.paper_file(bureau, actor, known.id, ".docx")
            target = Path(path)
            # The dialog has asked whether to overwrite.
            target.unlink(missing_ok=True)
            return paper_batch.write_out(bureau, actor, file, target, known.case_id).name

        self._bridge.write(
            self,
            work,
            lambda name: self.note.say(f"已导出“{name}”。改好、保存并关闭后，选择它取回。"),
            self._failed,
        )

    def _ask_file(self) -> None:
        self._ask("选择改过的 Word 文件", _WORD_FILES, self.choose_file)

    def _ask_pdf(self) -> None:
        self._ask("选择另存的 PDF", "PDF (*.pdf)", self.add_pdf)

    def _ask(self, title: str, kinds: str, then: Callable[[str], object]) -> None:
        dialog = QFileDialog(self, title, "", kinds)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(then)
        dialog.open()

    def choose_file(self, path: str) -> None:
        """Look at an edited file: nothing is taken back yet."""
        line, bureau, actor = self.line(), self._bureau, self._actor()
        if line is None:
            return
        self._forget()
        self.note.say("正在比较……")
        number = line.id

        def work() -> _Seen:
            data = read_edited(Path(path))
            return _Seen(Path(path), data, paper_take_back.look(bureau, actor, number, data))

        self._bridge.read(self, work, self._show_look, self._failed)

    def _show_look(self, seen: _Seen) -> None:
        self._seen = seen
        self.note.say("")
        found = seen.look
        count = len(found.edited.changes)
        words = f"“{seen.path.name}”改动了{count}处。" if count else "这个文件没有改动。"
        if found.replaces:
            words += "这份文书已经签发：取回后原来的作废，新的草稿重新签发、另编文号。"
        self.summary.setText(words)
        self.changes.setHtml(changes_html(found.edited.changes))
        lines = [problem.sentence for problem in found.problems]
        self.warnings.say("\n".join(lines), "error" if found.refused else "warning")
        self.confirmed.setVisible(bool(found.problems) and not found.refused)
        self._show_buttons()

    # ------------------------------------------------------------------------------- taking

    def take(self) -> None:
        """Take the file back as the paper's text of record."""
        line, seen = self.line(), self._seen
        if line is None or seen is None or not self.take_button.isEnabled():
            return
        bureau, actor, reason = self._bureau, self._actor(), self.reason.text()
        number, version, sure = line.id, line.version, self.confirmed.isChecked()
        self.take_button.setEnabled(False)
        self._bridge.write(
            self,
            lambda: paper_take_back.take(
                bureau, actor, number, seen.data, reason, version=version, confirmed=sure
            ),
            self._taken,
            self._failed,
        )

    def _taken(self, done: TakenBack) -> None:
        self._announce()
        self.taken.emit(done.paper.id)
        messages.tell(
            self.parentWidget(),
            "取回改过的文书",
            f"已取回，《{done.paper.name}》的草稿以改过的文字为定稿。",
            below="签发时 Word 就是取回的文件，PDF 由它转换。",
        )
        self.accept()

    def add_pdf(self, path: str) -> None:
        """Give the chosen issued paper a PDF that was saved in Word or WPS."""
        line, bureau, actor = self.line(), self._bureau, self._actor()
        if line is None:
            return
        number, version = line.id, line.version
        self._bridge.write(
            self,
            lambda: paper_take_back.add_pdf(
                bureau, actor, number, read_edited(Path(path)), version=version
            ),
            self._pdf_added,
            self._failed,
        )

    def _pdf_added(self, line: PaperLine) -> None:
        self._announce()
        self.reload()
        self.note.say(f"《{line.name}》{line.number}的 PDF 已补入。")

    def _announce(self) -> None:
        self._bridge.announce(Changes(cases=frozenset({self._case_id})))

    def _failed(self, error: Exception) -> None:
        self._show_buttons()
        if isinstance(error, InputRefusedError) and error.problems:
            self.note.say("\n".join(f"{p.where}：{p.sentence}" for p in error.problems), "error")
        elif isinstance(error, ZhixingError):
            self.note.say(error.sentence, "error")
        else:
            self.note.say("")
            messages.show_error(self, error)


def _unserved(line: PaperLine) -> bool:
    return line.state == ISSUED and not any(not s.withdrawn_by for s in line.services)


def changes_html(changes: tuple[ParagraphChange, ...]) -> str:
    """Return what was changed side by side: removed words struck out, added ones underlined."""
    if not changes:
        return ""
    rows = []
    for item in changes:
        before = "".join(
            f"<s>{escape(piece.text)}</s>" if piece.change is Change.REMOVED else escape(piece.text)
            for piece in item.pieces
            if piece.change is not Change.ADDED
        )
        after = "".join(
            f"<b><u>{escape(piece.text)}</u></b>"
            if piece.change is Change.ADDED
            else escape(piece.text)
            for piece in item.pieces
            if piece.change is not Change.REMOVED
        )
        where = f"{escape(item.place)}<br>{item.change.label}"
        rows.append(
            f"<tr><td>{where}</td><td>{before or '（无）'}</td><td>{after or '（无）'}</td></tr>"
        )
    head = "<tr><th width='16%'>位置</th><th width='42%'>原文</th><th width='42%'>改后</th></tr>"
    begin = "<table border='1' cellspacing='0' cellpadding='5' width='100%'>"
    return f"{begin}{head}{''.join(rows)}</table>"
