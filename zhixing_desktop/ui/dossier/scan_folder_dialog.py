"""扫描文件夹: which folder this workstation watches, where the scanner puts its files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.parts import Mark, Words, em

_HOW = (
    "扫描仪把文件存到哪个文件夹，就填写哪个文件夹；留空的，不自动收取。"
    "写完的文件自动收取：带页标、分隔页的归入卷宗，其余放入待归区，"
    "收取后移到其中的“已收取”文件夹，不删除。可以是共享文件夹，几台工作站不会重复收取。"
    "这是本工作站的设置，不影响其他工作站。"
)


class ScanFolderDialog(QDialog):
    """``saved`` carries the folder, empty for none."""

    help_page = "scanning"
    saved = Signal(str)

    def __init__(self, bridge: Bridge, folder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("扫描文件夹（本工作站）")
        box = QVBoxLayout(self)
        box.addWidget(Words(_HOW))
        line = QHBoxLayout()
        line.addWidget(Mark("文件夹"))
        self.line = QLineEdit(folder, self)
        self.line.setAccessibleName("扫描文件夹")
        self.line.setMinimumWidth(em(self, 30))
        self.line.setClearButtonEnabled(True)
        self.choose = QPushButton("选择…", self)
        self.choose.setAutoDefault(False)
        self.choose.clicked.connect(self.ask_folder)
        line.addWidget(self.line, 1)
        line.addWidget(self.choose)
        box.addLayout(line)
        self.wrong = Words(tone="bad")
        box.addWidget(self.wrong)
        buttons = QDialogButtonBox(self)
        self.save = buttons.addButton("保存", QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton("取消", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.submit)
        buttons.rejected.connect(self.reject)
        box.addWidget(buttons)

    def ask_folder(self) -> QFileDialog:
        """Ask for the folder."""
        dialog = QFileDialog(self, "选择扫描文件夹", self.line.text())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.line.setText)
        dialog.open()
        return dialog

    def submit(self) -> None:
        """Save it, where it is a folder; a share may take its time to say so."""
        text = self.line.text().strip()
        if not self.save.isEnabled():
            return
        self._ask(waiting=True)

        def found(there: bool) -> None:
            self._ask(waiting=False)
            if there:
                self.saved.emit(text)
                self.accept()
            else:
                self.wrong.setText(f"找不到文件夹“{text}”。请重新选择，或者先连接共享文件夹。")

        # The disk is not asked in the window's thread.
        self._bridge.read(self, lambda: not text or _is_folder(text), found)

    def _ask(self, *, waiting: bool) -> None:
        for widget in (self.line, self.choose, self.save):
            widget.setEnabled(not waiting)
        self.wrong.setText("正在查看文件夹…" if waiting else "")


def _is_folder(text: str) -> bool:
    try:
        return Path(text).expanduser().is_dir()
    except (OSError, RuntimeError, ValueError):
        # No such user's folder, a name that no disk takes.
        return False
