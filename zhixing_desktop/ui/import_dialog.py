"""Importing cases from Excel: look first, then import; nothing is half imported."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QIODevice, QSaveFile, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import imports
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.imports import ImportCancelledError, ImportPreview, ImportResult
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.icons import state_icon
from zhixing_desktop.ui.theme import theme_for
from zhixing_desktop.workflow.errors import InputRefusedError, Problem, StoreError

TEMPLATE_NAME = "案件导入模板.xlsx"
SHOWN_ROWS = 2000
_SHEETS = "Excel 工作簿 (*.xlsx)"
_STEPS = (
    "1　保存空白模板，按“填写说明”填写案件、当事人和办理记录\n\n"
    "2　选择填好的工作簿，程序逐行检查；检查可以随时停止\n\n"
    "3　没有错误后确认导入；导入过程中可以停止，停止后不留下任何内容"
)
_WEIGHTS = {"error": ("错误", "overdue"), "warning": ("提醒", "warned")}


class ImportDialog(QDialog):
    """Choose, check, confirm, import; ``imported`` carries the number of cases."""

    help_page = "import"
    imported = Signal(int)
    _progressed = Signal(int, int)

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor: Actor, *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._bureau = bureau
        self._bridge = bridge
        self._actor = actor
        self._path: Path | None = None
        self._stop = threading.Event()
        self._running = False
        self._checking = False
        self.setWindowTitle("导入案件")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.place = QLineEdit(self)
        self.place.setReadOnly(True)
        self.place.setPlaceholderText("请选择按导入模板填写的 Excel 工作簿")
        self.browse = QPushButton("选择文件…", self)
        self.template = QPushButton("保存空白模板…", self)
        self.summary = QLabel("请选择工作簿。导入前先检查全部内容；有错误的，一件也不导入。", self)
        self.summary.setWordWrap(True)
        self.hint = QLabel(_STEPS, self)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setEnabled(False)
        self.table = self._make_table()
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(True)
        self.progress.hide()
        self.buttons = QDialogButtonBox(self)
        role = QDialogButtonBox.ButtonRole
        self.go = self.buttons.addButton("导入", role.AcceptRole)
        self.leave = self.buttons.addButton("关闭", role.RejectRole)
        self.go.setEnabled(False)
        self._lay_out()
        self.browse.clicked.connect(self._on_browse)
        self.template.clicked.connect(self._on_template)
        self.buttons.accepted.connect(self.start)
        self.buttons.rejected.connect(self.reject)
        self._progressed.connect(self._show_progress, Qt.ConnectionType.QueuedConnection)

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 3, self)
        table.setHorizontalHeaderLabels(["性质", "位置", "问题"])
        table.setAccessibleName("检查结果")
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        table.setAlternatingRowColors(True)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        head = table.horizontalHeader()
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        em = self.fontMetrics().horizontalAdvance("案")
        head.resizeSection(0, em * 6)
        head.resizeSection(1, em * 14)
        table.hide()
        return table

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self.place, 1)
        line.addWidget(self.browse)
        line.addWidget(self.template)
        layout = QVBoxLayout(self)
        layout.addLayout(line)
        layout.addWidget(self.summary)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.hint, 1)
        layout.addWidget(self.progress)
        layout.addWidget(self.buttons)
        em = self.fontMetrics().horizontalAdvance("案")
        self.resize(em * 56, em * 34)
        self.browse.setDefault(True)

    # ------------------------------------------------------------------------------------ checking

    def _on_browse(self) -> None:
        dialog = QFileDialog(self, "选择要导入的工作簿")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(_SHEETS)
        dialog.fileSelected.connect(self.check)
        dialog.open()

    def check(self, chosen: str) -> None:
        """Look through a workbook and show what is in it; nothing is written."""
        path = Path(chosen)
        self._path = path
        self.place.setText(chosen)
        self.summary.setText("正在检查……")
        self.go.setEnabled(False)
        self._set_running(running=True, checking=True)
        # Each run has its own flag: one that was told to stop must not hear the next one's.
        self._stop = threading.Event()
        bureau, tell, stopped = self._bureau, self._progressed.emit, self._stop.is_set
        self._bridge.read(
            self, lambda: imports.preview(bureau, path, tell, stopped), self._checked, self._failed
        )

    def _checked(self, found: ImportPreview) -> None:
        self._set_running(running=False)
        errors = sum(problem.severity == "error" for problem in found.problems)
        warnings = len(found.problems) - errors
        counted = f"案件{found.cases}件、当事人{found.parties}名、办理记录{found.events}条"
        if errors:
            words = f"有{errors}处错误，请在 Excel 中改正后重新选择。没有导入任何案件。"
        elif not found.cases:
            words = "工作簿中没有案件，没有可以导入的内容。"
        else:
            tail = f"另有{warnings}处提醒，请先核对。" if warnings else ""
            words = f"检查通过：{counted}。{tail}按“导入”开始。"
        self.summary.setText(words)
        self._show_problems(found.problems)
        ready = not errors and found.cases > 0
        self.go.setEnabled(ready)
        self.go.setText(f"导入{found.cases}件" if ready else "导入")
        (self.go if ready else self.browse).setFocus()

    def _show_problems(self, problems: Sequence[Problem]) -> None:
        theme = theme_for(self.palette())
        shown = sorted(problems, key=lambda p: p.severity != "error")[:SHOWN_ROWS]
        self.table.setRowCount(len(shown))
        for row, problem in enumerate(shown):
            word, state = _WEIGHTS.get(problem.severity, _WEIGHTS["error"])
            weight = QTableWidgetItem(word)
            weight.setIcon(state_icon(theme, state, ratio=self.devicePixelRatioF()))
            sentence = QTableWidgetItem(problem.sentence)
            sentence.setToolTip(problem.sentence)
            for column, item in enumerate((weight, QTableWidgetItem(problem.where), sentence)):
                self.table.setItem(row, column, item)
        self.table.setVisible(bool(shown))
        self.hint.setVisible(not shown)

    # ------------------------------------------------------------------------------ bringing in

    def start(self) -> None:
        """Import what was checked."""
        if self._path is None or self._running:
            return
        self._stop = threading.Event()
        self._set_running(running=True)
        bureau, actor, path = self._bureau, self._actor, self._path
        tell, stopped = self._progressed.emit, self._stop.is_set
        self._bridge.write(
            self,
            lambda: imports.run(bureau, actor, path, tell, stopped),
            self._done,
            self._failed,
        )

    def _show_progress(self, done: int, total: int) -> None:
        if self._running:
            self.progress.setRange(0, max(total, 1))
            self.progress.setValue(done)
            self.progress.setFormat(f"{done} / {total} 件")

    def _set_running(self, *, running: bool, checking: bool = False) -> None:
        self._running = running
        self._checking = checking
        self.leave.setEnabled(True)
        self.progress.setRange(0, 0)
        self.progress.setVisible(running)
        for widget in (self.browse, self.template, self.go):
            widget.setEnabled(not running)
        if running:
            self.leave.setText("停止检查" if checking else "停止导入")
        else:
            self.leave.setText("关闭")

    def _done(self, result: ImportResult) -> None:
        self._set_running(running=False)
        self.imported.emit(result.cases)
        self.accept()

    def _failed(self, error: Exception) -> None:
        checking = self._checking
        self._set_running(running=False)
        self.go.setEnabled(False)
        if isinstance(error, ImportCancelledError):
            done = "检查" if checking else "导入"
            self.summary.setText(f"已停止{done}，没有写入任何案件。可以重新选择文件。")
        elif isinstance(error, InputRefusedError):
            self.summary.setText(error.sentence)
            self._show_problems(error.problems)
        else:
            self.summary.setText("没有导入任何案件。")
            messages.show_error(self, error)

    def reject(self) -> None:
        """Stop a check or an import that runs; close otherwise."""
        if self._running:
            self._stop.set()
            self.leave.setEnabled(False)
            self.summary.setText("正在停止……")
            return
        super().reject()

    def _on_template(self) -> None:
        ask_template(self, self._bridge, self.summary.setText)


def ask_template(parent: QWidget, bridge: Bridge, told: Callable[[str], None]) -> QFileDialog:
    """Ask where to save an empty template and save it; ``told`` gets the sentence about it."""
    dialog = QFileDialog(parent, "保存导入模板")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(_SHEETS)
    dialog.setDefaultSuffix("xlsx")
    dialog.selectFile(TEMPLATE_NAME)

    def refused(error: Exception) -> None:
        messages.show_error(parent, error)

    def save(chosen: str) -> None:
        bridge.read(
            parent,
            lambda: save_template(Path(chosen)),
            lambda _: told(f"导入模板已保存：{chosen}"),
            refused,
        )

    dialog.fileSelected.connect(save)
    dialog.open()
    return dialog


def save_template(path: Path) -> None:
    """Write an empty import template; :class:`StoreError` when that cannot be done."""
    content = imports.template_bytes()
    file = QSaveFile(str(path))
    opened = file.open(QIODevice.OpenModeFlag.WriteOnly)
    if opened and file.write(content) == len(content) and file.commit():
        return
    raise StoreError(
        f"模板没有保存到“{path}”：{file.errorString()}。请换一个文件夹，或者先关闭已打开的同名文件。"
    )
