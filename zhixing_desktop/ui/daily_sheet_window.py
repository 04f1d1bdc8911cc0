"""The daily sheet: looked at, printed, written as a PDF; each copy is journalled with its head."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtPrintSupport import QPrinter, QPrintPreviewWidget
from PySide6.QtWidgets import (
    QDateEdit,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import traces
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.bureau_settings import read_settings
from zhixing_desktop.services.daily_sheet import DailySheet, daily_sheet, record_printed
from zhixing_desktop.services.daily_sheet_page import sheet_html
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.parts import Mark, Words, em
from zhixing_desktop.ui.paper import Paper
from zhixing_desktop.workflow.errors import ZhixingError


class DailySheetWindow(QDialog):
    """One day's sheet."""

    help_page = "daily-sheet"

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor: Actor,
        now: datetime,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._bureau, self._bridge, self._actor = bureau, bridge, actor
        self._asked = 0
        self.sheet: DailySheet | None = None
        self.paper: Paper | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("执行工作日报")
        today = QDate(now.year, now.month, now.day)
        self.day = QDateEdit(today, self)
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("yyyy-MM-dd")
        self.day.setMaximumDate(today)
        self.day.setAccessibleName("日报的日期")
        self.print_button = self._button("打印…", self.print_sheet)
        self.pdf_button = self._button("存为PDF…", self._ask_pdf)
        self.close_button = self._button("关闭", self.reject)
        self.words = Words(tone="muted", middle=True)
        head = QHBoxLayout()
        head.addWidget(Mark("日期"))
        head.addWidget(self.day)
        head.addWidget(self.words, 1)
        for button in (self.print_button, self.pdf_button, self.close_button):
            head.addWidget(button)
        # The preview uses the printer but does not own it.
        self._printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        self.preview = QPrintPreviewWidget(self._printer, self)
        self.preview.paintRequested.connect(self._paint)
        self.preview.setZoomMode(QPrintPreviewWidget.ZoomMode.FitToWidth)
        box = QVBoxLayout(self)
        box.addLayout(head)
        box.addWidget(self.preview, 1)
        QShortcut(QKeySequence("Ctrl+P"), self).activated.connect(self.print_sheet)
        room = self.screen().availableGeometry()
        self.resize(min(em(self, 66), room.width()), min(em(self, 62), room.height()))
        self.day.dateChanged.connect(self.read)
        self.read()

    def _button(self, words: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(words, self)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _on=False: act())
        return button

    def read(self, *_: object) -> None:
        """Read the sheet of the chosen day."""
        self._asked += 1
        chosen = self.day.date()
        day = datetime(chosen.year(), chosen.month(), chosen.day()).date()
        ticket, bureau, actor = self._asked, self._bureau, self._actor
        self._allow(on=False)

        def job() -> tuple[DailySheet, str]:
            sheet = daily_sheet(bureau, actor, day, court=read_settings(bureau).court.name)
            return sheet, sheet_html(sheet)

        def show(found: tuple[DailySheet, str]) -> None:
            if ticket != self._asked:
                return
            self.sheet, html = found
            self.paper = Paper(f"执行工作日报{day:%Y-%m-%d}", html)
            self.paper.prepare(self._printer)
            self.words.setText(f"日志末条第{self.sheet.head_id}条")
            self._allow(on=True)
            self.preview.updatePreview()

        self._bridge.read(self, job, show, self._refused)

    def _allow(self, *, on: bool) -> None:
        self.print_button.setEnabled(on)
        self.pdf_button.setEnabled(on)

    def _refused(self, error: Exception) -> None:
        self.words.set_tone("bad")
        if isinstance(error, ZhixingError):
            self.words.setText(error.sentence)
        else:
            messages.show_error(self, error)

    def _paint(self, printer: QPrinter) -> None:
        if self.paper is not None:
            self.paper.paint(printer)

    def print_sheet(self) -> None:
        """Ask for a printer and print; the journal is told which head stands on the paper."""
        from PySide6.QtPrintSupport import QPrintDialog

        if self.paper is None or not self.print_button.isEnabled():
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        paper, sheet = self.paper, self.sheet
        paper.prepare(printer)
        dialog = QPrintDialog(printer, self)
        dialog.setWindowTitle("打印日报")
        bureau, actor = self._bureau, self._actor

        def go() -> None:
            paper.paint(printer)
            if sheet is not None:
                self._bridge.write(
                    self, lambda: record_printed(bureau, actor, sheet), self._printed
                )

        dialog.accepted.connect(go)
        dialog.setModal(True)
        dialog.show()

    def _printed(self, _nothing: object) -> None:
        self.words.setText("已打印，日志末条的编号和校验值已记入日志")

    def _ask_pdf(self) -> None:
        if self.paper is None:
            return
        dialog = QFileDialog(self, "存为PDF", f"{self.paper.title}.pdf", "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.fileSelected.connect(lambda name: self.save_pdf(Path(name)))
        dialog.open()

    def save_pdf(self, path: Path) -> None:
        """Write the sheet as a PDF; file and head are journalled."""
        paper, sheet = self.paper, self.sheet
        if paper is None or sheet is None:
            return
        bureau, actor, pdf = self._bureau, self._actor, paper.pdf()

        def job() -> Path:
            with traces.leaving(bureau, actor, traces.EXPORTED, path) as (draft, told):
                told["内容"] = paper.title
                draft.write_bytes(pdf)
            record_printed(bureau, actor, sheet)
            return path

        self._bridge.write(self, job, self._saved, self._refused)

    def _saved(self, path: Path) -> None:
        self.words.setText(f"已存为{path.name}，日志末条的编号和校验值已记入日志")
