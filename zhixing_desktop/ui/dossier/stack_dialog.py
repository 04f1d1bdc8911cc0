"""整批收取: a stack that was scanned in one go is sorted; what became of each page is listed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import dossier_rights, dossier_stack
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_rights import TRAY
from zhixing_desktop.services.dossier_types import Piece
from zhixing_desktop.services.stack_types import Sorted
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.dossier.frame import offer
from zhixing_desktop.ui.forms.parts import Mark, Words, em
from zhixing_desktop.workflow.errors import InputRefusedError, Problem, ZhixingError

_HOW = (
    "一次扫描许多材料：带页标的页归入它所属的文书（签名盖章后的扫描件成为新版本），"
    "分隔页后面的页归入分隔页写明的目录项，其余放入待归区。什么都不会丢。"
)


class StackDialog(QDialog):
    """``tray_wanted`` when somebody wants to see what waits now; ``proof_wanted`` carries case and
    案号 of a volume that was scanned as it had been printed."""

    help_page = "scanning"
    tray_wanted = Signal()
    proof_wanted = Signal(int, str)
    progressed = Signal(int, int, str)

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: Callable[[], Actor],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("整批收取扫描件")
        self._bureau, self._bridge, self._actor_of = bureau, bridge, actor_of
        self._running = self._stopped = False
        self._barred = ""
        self._unchanged: tuple[tuple[int, str], ...] = ()
        box = QVBoxLayout(self)
        box.addWidget(Words(_HOW))
        line = QHBoxLayout()
        line.addWidget(Mark("扫描文件"))
        self.file = QLineEdit(self)
        self.file.setAccessibleName("扫描文件")
        self.file.textChanged.connect(lambda _: self._fit())
        self.choose = self._button("选择…", "Ctrl+O", self.ask_file)
        line.addWidget(self.file, 1)
        line.addWidget(self.choose)
        box.addLayout(line)
        self.double = QCheckBox("双面扫描（正、背面依次）", self)
        self.blanks = QCheckBox("保留材料中的空白页", self)
        box.addWidget(self.double)
        box.addWidget(self.blanks)
        self.sentence = Words(bold=True)
        box.addWidget(self.sentence)
        self.list = QListWidget(self)
        self.list.setAccessibleName("各页的去向")
        self.list.setWordWrap(True)
        box.addWidget(self.list, 1)
        self.wrong = Words(tone="bad")
        box.addWidget(self.wrong)
        self.progress = QProgressBar(self)
        self.progress.hide()
        box.addWidget(self.progress)
        box.addLayout(self._made_foot())
        room = self.screen().availableGeometry()
        self.resize(min(em(self, 60), room.width() - 40), min(em(self, 38), room.height() - 60))
        self.progressed.connect(self._progress)
        self._fit()
        self._ask_rights()

    def _made_foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        self.tray = self._button("打开待归区", "", self._show_tray)
        self.tray.setEnabled(False)
        foot.addWidget(self.tray)
        self.proof = self._button("扫描核对…", "", self._prove)
        self.proof.setToolTip("用整册的扫描件逐页核对电子卷宗")
        self.proof.hide()
        foot.addWidget(self.proof)
        foot.addStretch(1)
        self.act = self._button("收取", "Ctrl+Return", self.submit)
        self.leave = self._button("关闭", "", self.reject)
        foot.addWidget(self.act)
        foot.addWidget(self.leave)
        return foot

    def _button(self, words: str, keys: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(words, self)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _on=False: act())
        tip = f"{words.rstrip('…')}（{keys}）" if keys else words
        button.setToolTip(tip)
        button.setProperty("own_tip", tip)
        if keys:
            QShortcut(QKeySequence(keys), self).activated.connect(button.click)
        return button

    def _ask_rights(self) -> None:
        bureau, actor = self._bureau, self._actor_of()

        def show(barred: str) -> None:
            self._barred = barred
            self._fit()

        self._bridge.read(
            self, lambda: dossier_rights.barred(bureau, actor, None).get(TRAY, ""), show
        )

    def ask_file(self) -> QFileDialog:
        """Ask for the scan."""
        dialog = QFileDialog(self, "选择扫描文件", self.file.text())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setNameFilters(["扫描件（*.pdf *.tif *.tiff *.jpg *.jpeg *.png）", "所有文件（*）"])
        dialog.fileSelected.connect(self.file.setText)
        dialog.open()
        return dialog

    def submit(self) -> None:
        """Sort the file that is chosen."""
        if self._running:
            return
        path = Path(self.file.text().strip())
        self._running, self._stopped = True, False
        self.wrong.setText("")
        self.sentence.setText("")
        self.list.clear()
        self.proof.hide()
        self.progress.setRange(0, 0)
        self.progress.show()
        self._fit()
        bureau, actor = self._bureau, self._actor_of()
        double, blanks = self.double.isChecked(), self.blanks.isChecked()

        def job() -> Sorted:
            # Here, not before: a share that does not answer would hold the window up.
            if not path.is_file():
                raise InputRefusedError(
                    f"找不到文件“{path}”，请重新选择。", [Problem("扫描文件", "请重新选择")]
                )
            return dossier_stack.sort_stack(
                bureau,
                actor,
                Piece(path.name, path),
                self.progressed.emit,
                lambda: self._stopped,
                double_sided=double,
                keep_blanks=blanks,
            )

        # By a reader: most of it is looking at pages; each part's own moment writes.
        self._bridge.read(self, job, self._done, self._failed)

    def _progress(self, done: int, total: int, what: str) -> None:
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        self.progress.setFormat(f"{what} %v/%m")

    def _done(self, done: Sorted) -> None:
        self._end()
        self.sentence.setText(done.sentence)
        for line in done.lines:
            self.list.addItem(QListWidgetItem(line))
        self.tray.setEnabled(any(part.tray_id is not None for part in done.parts))
        self._unchanged = done.unchanged
        self.proof.setVisible(bool(done.unchanged))
        cases = frozenset(part.case_id for part in done.parts if part.case_id is not None)
        self._bridge.announce(Changes(cases))
        self.list.setFocus()

    def _failed(self, error: Exception) -> None:
        self._end()
        if isinstance(error, ZhixingError):
            self.wrong.setText(error.sentence)
        else:
            messages.show_error(self, error)

    def _end(self) -> None:
        self._running = False
        self.progress.hide()
        self._fit()

    def _fit(self) -> None:
        free = not self._running
        offer(
            self.act,
            self._barred,
            "" if free else "正在收取，请稍候",
            "" if self.file.text().strip() else "请先选择扫描文件",
        )
        for widget in (self.file, self.choose, self.double, self.blanks):
            widget.setEnabled(free)
        self.leave.setText("关闭" if free else "停止")

    def _show_tray(self) -> None:
        self.tray_wanted.emit()
        self.accept()

    def _prove(self) -> None:
        for case_id, case_no in self._unchanged[:1]:
            self.proof_wanted.emit(case_id, case_no)
        self.accept()

    def reject(self) -> None:
        """Stop what runs, else close."""
        if self._running:
            self._stopped = True
            self.progress.setFormat("正在停止…")
            return
        super().reject()
