"""The window of the whole journal, for the auditor: find, look, verify, export."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSplitter,
    QTableView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import journal_chain, journal_export, journal_search, journal_view
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.journal_chain import Verification
from zhixing_desktop.services.journal_export import JournalExportCancelledError, JournalExported
from zhixing_desktop.services.journal_search import Choices, Found, JournalQuery
from zhixing_desktop.services.journal_view import JournalRow
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.parts import Words, em
from zhixing_desktop.ui.journal_filter import JournalFilter
from zhixing_desktop.ui.journal_table import WIDTHS, JournalModel
from zhixing_desktop.workflow.errors import ZhixingError

_SHEET, _BUNDLE = "Excel 工作簿 (*.xlsx)", "日志验证包 (*.zip)"


class _StoppedError(Exception):
    """Somebody gave up a verification."""


class JournalWindow(QDialog):
    """Opens beside the main window; ``actor`` tells who works here."""

    help_page = "journal"
    _progressed = Signal(int, int)

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor: Callable[[], Actor], *, parent: QWidget
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._bureau, self._bridge, self._actor = bureau, bridge, actor
        self._query = JournalQuery()
        self._next: int | None = None
        self._looking = threading.Event()
        self._stop = threading.Event()
        self._round = 0
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("日志")
        self._make_widgets()
        self._lay_out()
        self._connect()
        self._bridge.read(self, lambda: journal_search.choices(bureau), self._offer)
        self.look()

    # ------------------------------------------------------------------------------ building

    def _make_widgets(self) -> None:
        self.filter = JournalFilter(self)
        self.model = JournalModel()
        self.model.setParent(self)
        self.table = QTableView(self)
        self.table.setModel(self.model)
        self.table.setAccessibleName("日志")
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setAlternatingRowColors(True)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(round(self.fontMetrics().height() * 1.6))
        self.table.horizontalHeader().setStretchLastSection(True)
        for column, chars in enumerate(WIDTHS):
            self.table.setColumnWidth(column, em(self, chars))
        self.detail = QTreeWidget(self)
        self.detail.setHeaderLabels(("内容", "原来", "现在"))
        self.detail.setRootIsDecorated(False)
        self.detail.setAlternatingRowColors(True)
        self.detail.setAccessibleName("这一条改了什么")
        for column, chars in enumerate((18, 16)):
            self.detail.setColumnWidth(column, em(self, chars))
        self.hash = Words(tone="muted")
        self.hash.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words = Words(tone="muted", middle=True)
        self.progress = QProgressBar(self)
        self.stop_button = QPushButton("停止", self)
        self.heads = QLineEdit(self)
        self.heads.setPlaceholderText("每日清单上打印的 编号:校验值，可不填；几个用分号隔开")
        self.heads.setAccessibleName("打印的每日校验值")
        self.check = QPushButton("核对日志", self)
        self.check.setToolTip("从第一条起逐条核对；填了打印的校验值的，一并对照")
        self.to_sheet = QPushButton("导出 Excel…", self)
        self.to_sheet.setToolTip("把查到的日志导出为 Excel，个人信息遮盖")
        self.to_bundle = QPushButton("导出验证包…", self)
        self.to_bundle.setToolTip("导出全部日志，经签名，任何人都能核对；填了案号的，只含这件案件")
        self.close_button = QPushButton("关闭", self)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
        self.progress.hide()
        self.stop_button.hide()

    def _lay_out(self) -> None:
        below = QWidget(self)
        inner = QVBoxLayout(below)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.detail, 1)
        inner.addWidget(self.hash)
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self.splitter.addWidget(self.table)
        self.splitter.addWidget(below)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 1)
        state = QHBoxLayout()
        state.addWidget(self.words, 1)
        state.addWidget(self.progress)
        state.addWidget(self.stop_button)
        acts = QHBoxLayout()
        acts.addWidget(self.heads, 1)
        for button in (self.check, self.to_sheet, self.to_bundle, self.close_button):
            acts.addWidget(button)
        box = QVBoxLayout(self)
        box.addWidget(self.filter)
        box.addWidget(self.splitter, 1)
        box.addLayout(state)
        box.addLayout(acts)
        self.resize(em(self, 76), em(self, 46))

    def _connect(self) -> None:
        self.filter.asked.connect(self.look)
        self.model.wanted.connect(self._read_on)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.check.clicked.connect(self.run_check)
        self.to_sheet.clicked.connect(lambda: self._ask_file(_SHEET, "日志.xlsx", self.export))
        self.to_bundle.clicked.connect(
            lambda: self._ask_file(_BUNDLE, "日志验证包.zip", self.export_bundle)
        )
        self.stop_button.clicked.connect(self._give_up)
        self.close_button.clicked.connect(self.close)
        self._progressed.connect(self._show_progress)
        QShortcut(QKeySequence("F5"), self).activated.connect(self.look)
        QShortcut(QKeySequence("Ctrl+F"), self).activated.connect(self.filter.words.setFocus)

    def _offer(self, choices: Choices) -> None:
        self.filter.offer(choices)

    # ------------------------------------------------------------------------------- finding

    def look(self) -> None:
        """Find what the fields say, from the newest on."""
        try:
            query = self.filter.query()
        except ZhixingError as error:
            self._bridge.failed.emit(error)
            return
        self._looking.set()  # the search before this one is given up
        self._round += 1
        self._next = None
        self.model.start()
        self._show_row(None)
        self._read(query, self.filter.case_no.text().strip())

    def _read_on(self) -> None:
        if self._next is not None:
            self._read(self._query, "")

    def _read(self, query: JournalQuery, case_no: str) -> None:
        bureau, actor, before = self._bureau, self._actor(), self._next
        given_up = self._looking = threading.Event()
        ticket = self._round
        self._say("正在查找……")

        def read() -> tuple[int, JournalQuery, Found]:
            asked = query
            if case_no:
                asked = replace(query, case_id=journal_search.find_case_id(bureau, case_no))
            found = journal_search.search(
                bureau, actor, asked, before_id=before, cancelled=given_up.is_set
            )
            return ticket, asked, found

        self._bridge.read(self, read, self._arrived, self._refused)

    def _arrived(self, answer: tuple[int, JournalQuery, Found]) -> None:
        ticket, query, found = answer
        if ticket != self._round:
            return
        self._query = query
        self._next = found.next_before
        first = not self.model.lines
        self.model.add(found.lines, more=found.next_before is not None)
        count = len(self.model.lines)
        more = "，向下滚动继续" if found.next_before is not None else ""
        self._say(f"已显示{count}条{more}" if count else "没有符合条件的日志")
        if first and count:
            self.table.selectRow(0)

    def _refused(self, error: Exception) -> None:
        if isinstance(error, ZhixingError):
            self._say(error.sentence, tone="bad")
        else:
            self._bridge.failed.emit(error)

    def _on_row(self, now: QModelIndex, _before: QModelIndex) -> None:
        if not now.isValid():
            return
        bureau, actor, number = self._bureau, self._actor(), self.model.lines[now.row()].id
        self._bridge.read(
            self, lambda: journal_view.entry(bureau, actor, number), self._show_row, self._refused
        )

    def _show_row(self, row: JournalRow | None) -> None:
        place = self.table.currentIndex()
        if row is not None and (not place.isValid() or self.model.lines[place.row()].id != row.id):
            return  # somebody has gone on meanwhile
        self.detail.clear()
        self.hash.setText("")
        if row is None:
            return
        for change in row.changes:
            item = QTreeWidgetItem([change.what, change.before, change.after])
            for column, words in enumerate((change.what, change.before, change.after)):
                item.setToolTip(column, words)
            self.detail.addTopLevelItem(item)
        self.hash.setText(f"第{row.id}条校验值（{row.algorithm.upper()}）　{row.hash}")

    # ---------------------------------------------------------------------- verifying, exporting

    def run_check(self) -> None:
        """Walk along the whole chain, off the GUI thread."""
        bureau, actor = self._bureau, self._actor()
        text = self.heads.text().replace("；", ";")
        heads = [part.strip() for part in text.split(";") if part.strip()]

        def tell(done: int) -> None:
            if self._stop.is_set():
                raise _StoppedError
            self._progressed.emit(done, 0)

        self._work(
            "正在核对全部日志……",
            lambda: journal_chain.verify(bureau, actor, heads=heads, progress=tell),
            self._checked,
        )

    def _checked(self, found: Verification) -> None:
        self._say(found.sentence, tone="plain" if found.ok else "bad")
        self.words.setToolTip(found.head_hash)

    def export(self, path: Path) -> None:
        """Write what was found to an Excel file."""
        bureau, actor, query = self._bureau, self._actor(), self._query
        self._work(
            "正在导出……",
            lambda: journal_export.export_sheet(
                bureau,
                actor,
                path,
                query,
                progress=self._progressed.emit,
                cancelled=self._stop.is_set,
            ),
            self._exported,
        )

    def export_bundle(self, path: Path) -> None:
        """Write the signed bundle, of one case where one was looked for."""
        bureau, actor, case_id = self._bureau, self._actor(), self._query.case_id
        self._work(
            "正在核对并导出……",
            lambda: journal_export.export_bundle(
                bureau,
                actor,
                path,
                case_id=case_id,
                progress=self._progressed.emit,
                cancelled=self._stop.is_set,
            ),
            self._exported,
        )

    def _exported(self, made: JournalExported) -> None:
        self._say(f"已导出日志{made.rows}条：{made.path.name}")
        self.words.setToolTip(f"{made.path}\n文件校验值 {made.digest}")

    def _ask_file(self, kind: str, name: str, write: Callable[[Path], None]) -> QFileDialog:
        dialog = QFileDialog(self, "导出日志")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(kind)
        dialog.setDefaultSuffix(name.rpartition(".")[2])
        dialog.selectFile(name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda chosen: write(Path(chosen)))
        dialog.open()
        return dialog

    def _work(self, words: str, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """Run something long: one at a time, with progress, to be given up."""
        self._stop.clear()
        self._say(words)
        self._show_working(on=True)

        def finish(result: Any) -> None:
            self._show_working(on=False)
            done(result)

        def fail(error: Exception) -> None:
            self._show_working(on=False)
            if isinstance(error, (_StoppedError, JournalExportCancelledError)):
                self._say("已停止")
            else:
                self._refused(error)

        self._bridge.read(self, job, finish, fail)

    def _show_working(self, *, on: bool) -> None:
        self.progress.setRange(0, 0)
        for widget in (self.progress, self.stop_button):
            widget.setVisible(on)
        for button in (self.check, self.to_sheet, self.to_bundle):
            button.setEnabled(not on)

    def _show_progress(self, done: int, total: int) -> None:
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        if total == 0 and self.progress.isVisible():
            self._say(f"已核对{done}条……")

    def _give_up(self) -> None:
        self._stop.set()

    def _say(self, words: str, *, tone: str = "muted") -> None:
        self.words.set_tone(tone)
        self.words.setText(words)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Give up what still runs."""
        self._looking.set()
        self._stop.set()
        super().closeEvent(event)
