"""A dialog that does one step: fields, what is wrong with them, one button."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.forms.editor import Editor
from zhixing_desktop.ui.forms.parts import Box, Mark, Words, em, fit_height
from zhixing_desktop.workflow.errors import InputRefusedError, ZhixingError


class StepDialog(QDialog):
    """``done_well`` when the step was taken; it closes then.  Refused, it stays with its words."""

    help_page = "approvals"
    done_well = Signal(object)

    def __init__(
        self,
        bridge: Bridge,
        title: str,
        button: str,
        paragraphs: Sequence[tuple[str, str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._case_id = 0
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        # What is done stands in a column of its own: a paper may lie beside it.
        self.beside = QHBoxLayout(self)
        self.box = QVBoxLayout()
        self.beside.addLayout(self.box, 1)
        for words, tone in paragraphs:
            self.box.addWidget(Words(words, tone=tone))
        self.grid = QGridLayout()
        self.grid.setColumnStretch(1, 1)
        self.box.addLayout(self.grid)
        self.problem = Box("loud", self)
        inner = QVBoxLayout(self.problem)
        inner.setContentsMargins(8, 4, 8, 4)
        self.problem_words = Words(tone="bad")
        inner.addWidget(self.problem_words)
        self.problem.hide()
        self.box.addWidget(self.problem)
        self.box.addStretch(1)
        self.foot = QHBoxLayout()
        self.foot.addStretch(1)
        self.act = QPushButton(button, self)
        self.cancel = QPushButton("取消", self)
        for entry in (self.act, self.cancel):
            entry.setAutoDefault(False)
            self.foot.addWidget(entry)
        self.act.setToolTip("Ctrl+Enter")
        self.act.clicked.connect(self.submit)
        self.cancel.clicked.connect(self.reject)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.submit)
        self.box.addLayout(self.foot)
        self.setMinimumWidth(em(self, 40))

    def add_rows(self, rows: Sequence[tuple[str, Editor]]) -> None:
        """Put fields with their names one below the other."""
        for label, editor in rows:
            at = self.grid.rowCount()
            self.grid.addWidget(Mark(label), at, 0, Qt.AlignmentFlag.AlignTop)
            self.grid.addWidget(editor, at, 1)
            editor.setAccessibleName(label)

    def submit(self) -> None:
        """Take the step, unless it is under way."""
        if self.act.isEnabled():
            self.send()

    def send(self) -> None:
        """Do what the dialog is for."""
        raise NotImplementedError

    def refuse(self, words: str) -> None:
        """Show what is wrong; everything typed stays."""
        self.problem_words.setText(words)
        self.problem.show()
        fit_height(self)

    def run(self, case_id: int, job: Callable[[], Any]) -> None:
        """Run a writing job; close when it went well, show the refusal when not."""
        self.act.setEnabled(False)
        self._case_id = case_id
        self._bridge.write(self, job, self._well, self._badly)

    def _well(self, result: Any) -> None:
        self._bridge.announce(Changes(frozenset({self._case_id})))
        self.done_well.emit(result)
        self.accept()

    def _badly(self, error: Exception) -> None:
        self.act.setEnabled(True)
        if isinstance(error, InputRefusedError) and error.problems:
            told = dict.fromkeys(p.sentence for p in error.problems)
            head = error.sentence if error.sentence.startswith("核对不一致") else ""
            self.refuse("\n".join(part for part in (head, *told) if part))
        elif isinstance(error, ZhixingError):
            cite = f"\n依据　{error.cite.words()}" if error.cite is not None else ""
            self.refuse(f"{error.sentence}{cite}")
        else:
            messages.show_error(self, error)
