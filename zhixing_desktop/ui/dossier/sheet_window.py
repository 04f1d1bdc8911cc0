"""A sheet that belongs to a paper volume (certificate, slip, labels): looked at, printed, saved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from zhixing_desktop.services import traces
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.file_pages import FilePages
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.parts import Words, em
from zhixing_desktop.ui.page_view import PageView
from zhixing_desktop.ui.papers.print_job import MakePrinter, PrintJob, new_printer
from zhixing_desktop.ui.papers.print_run import Part, Run, run_of
from zhixing_desktop.workflow.errors import ZhixingError


class SheetWindow(QDialog):
    """``shown`` when the sheet is there; ``printed`` carries how many sides went out."""

    help_page = "volumes"
    shown = Signal()
    printed = Signal(int)

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: Callable[[], Actor],
        case_id: int,
        title: str,
        load: Callable[[], FilePages],
        parent: QWidget | None = None,
        *,
        make_printer: MakePrinter = new_printer,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlags(
            Qt.WindowType.Window
            | Qt.WindowType.WindowMinMaxButtonsHint
            | Qt.WindowType.WindowCloseButtonHint
        )
        self.setWindowTitle(title)
        self._bureau, self._bridge, self._actor_of = bureau, bridge, actor_of
        self._case_id = case_id
        self.pages: FilePages | None = None
        self.job = PrintJob(bridge, self, make_printer)
        self.job.sent.connect(self._sent)
        self.job.failed.connect(lambda error: messages.show_error(self, error, title="没有打印"))
        box = QVBoxLayout(self)
        self.page = PageView(bridge, self)
        box.addWidget(self.page, 1)
        foot = QHBoxLayout()
        self.said = Words(tone="muted", middle=True)
        foot.addWidget(self.said, 1)
        self.print = self._button("打印…", "Ctrl+P", self.ask_print)
        self.save = self._button("导出 PDF…", "Ctrl+S", self.ask_file)
        self.leave = self._button("关闭", "", self.close)
        for button in (self.print, self.save, self.leave):
            foot.addWidget(button)
        box.addLayout(foot)
        room = self.screen().availableGeometry()
        self.resize(min(em(self, 52), room.width()), min(em(self, 58), room.height() - em(self, 3)))
        self.print.setEnabled(False)
        self.save.setEnabled(False)
        self.page.clear("正在打开…")
        self.page.setFocus()
        # By the writer: what is looked at may be journalled.
        bridge.write(self, load, self._show, self._not_there)

    def _button(self, words: str, keys: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(words, self)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _on=False: act())
        if keys:
            button.setToolTip(f"{words.rstrip('…')}（{keys}）")
            QShortcut(QKeySequence(keys), self).activated.connect(button.click)
        return button

    def _show(self, pages: FilePages) -> None:
        self.pages = pages
        self.page.show_file(pages)
        self.print.setEnabled(True)
        self.save.setEnabled(True)
        self.shown.emit()

    def _not_there(self, error: Exception) -> None:
        if isinstance(error, ZhixingError):
            self.page.clear(error.sentence, bad=True)
        else:
            self.page.clear("没有打开。", bad=True)
            messages.show_error(self, error)

    def ask_print(self) -> QPrintDialog | None:
        """Ask for the printer."""
        if self.pages is None or self.job.running:
            return None
        return self.job.ask(self.windowTitle(), self.send_to)

    def send_to(self, printer: QPrinter) -> None:
        """Journal the print, then send the sheet."""
        pages, bureau, actor, case_id = self.pages, self._bureau, self._actor_of(), self._case_id
        assert pages is not None

        def note(name: str) -> Run:
            told = {"内容": pages.name, "打印机": name, "份数": printer.copyCount()}
            traces.note(bureau, actor, traces.PRINTED, told, case_id=case_id)
            return run_of(pages.name, [Part(pages)])

        self.job.send(printer, self.windowTitle(), note)
        self.said.setText("正在送往打印机…")

    def _sent(self, sides: int) -> None:
        self.said.setText(f"已送往打印机：{sides}面")
        self.printed.emit(sides)

    def ask_file(self) -> QFileDialog | None:
        """Ask where to save it."""
        if self.pages is None:
            return None
        dialog = QFileDialog(self, "导出 PDF")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("PDF 文件 (*.pdf)")
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(f"{self.pages.name.removesuffix('.pdf')}.pdf")
        dialog.fileSelected.connect(lambda name: self.export(Path(name)))
        dialog.open()
        return dialog

    def export(self, path: Path) -> None:
        """Save it; journalled before it has its name."""
        pages, bureau, actor, case_id = self.pages, self._bureau, self._actor_of(), self._case_id
        assert pages is not None

        def job() -> Path:
            leaving = traces.leaving(bureau, actor, traces.EXPORTED, path, case_id=case_id)
            with leaving as (draft, told):
                told["内容"] = pages.name
                draft.write_bytes(pages.data)
            return path

        self._bridge.write(
            self,
            job,
            lambda done: self.said.setText(f"已导出：{done}"),
            self._failed,
        )

    def _failed(self, error: Exception) -> None:
        messages.show_error(self, error)
