"""What is looked for in the journal, as fields."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QPushButton, QWidget

from zhixing_desktop.services.journal_search import Choices, JournalQuery
from zhixing_desktop.ui.forms.parts import em
from zhixing_desktop.workflow.errors import InputRefusedError, Problem

ANYBODY, ANYTHING = "任何人", "全部事项"


class JournalFilter(QWidget):
    """Person, action, case, days, workstation, words; ``asked`` when somebody wants to look."""

    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.person = QComboBox(self)
        self.person.setEditable(True)
        self.person.addItem(ANYBODY)
        self.action = QComboBox(self)
        self.action.addItem(ANYTHING, "")
        self.case_no = QLineEdit(self)
        self.case_no.setPlaceholderText("案号或其中一段")
        self.first, self.last = QLineEdit(self), QLineEdit(self)
        self.workstation = QLineEdit(self)
        self.workstation.setPlaceholderText("工作站全名")
        self.words = QLineEdit(self)
        self.words.setPlaceholderText("内容、人名、事项中的词语，空格分开须都有")
        for field in (self.first, self.last):
            field.setPlaceholderText("2024-03-01")
        self.look = QPushButton("查找", self)
        self.clear_button = QPushButton("清除条件", self)
        for button in (self.look, self.clear_button):
            button.setAutoDefault(False)
        self._lay_out()
        for line in (self.case_no, self.first, self.last, self.workstation, self.words):
            line.setClearButtonEnabled(True)
            line.returnPressed.connect(self.asked)
        self.look.clicked.connect(self.asked)
        self.clear_button.clicked.connect(self.clear)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        rows: tuple[tuple[tuple[str, QWidget], ...], ...] = (
            (("人员", self.person), ("事项", self.action), ("案号", self.case_no)),
            (("日期从", self.first), ("至", self.last), ("工作站", self.workstation)),
        )
        for row, fields in enumerate(rows):
            for place, (words, widget) in enumerate(fields):
                label = QLabel(words, self)
                label.setBuddy(widget)
                widget.setAccessibleName(words)
                grid.addWidget(label, row, 2 * place)
                grid.addWidget(widget, row, 2 * place + 1)
        label = QLabel("内容", self)
        label.setBuddy(self.words)
        self.words.setAccessibleName("内容")
        grid.addWidget(label, 2, 0)
        grid.addWidget(self.words, 2, 1, 1, 3)
        grid.addWidget(self.look, 2, 4)
        grid.addWidget(self.clear_button, 2, 5)
        for column in (1, 3, 5):
            grid.setColumnStretch(column, 1)
            grid.setColumnMinimumWidth(column, em(self, 8))

    def offer(self, choices: Choices) -> None:
        """Offer people and actions."""
        self.person.addItems(choices.people)
        for action, words in choices.actions:
            self.action.addItem(words, action)

    def clear(self) -> None:
        """Empty all fields and look."""
        self.person.setCurrentIndex(0)
        self.action.setCurrentIndex(0)
        for line in (self.case_no, self.first, self.last, self.workstation, self.words):
            line.clear()
        self.asked.emit()

    def query(self) -> JournalQuery:
        """Return what is looked for, without the case, which must be looked up by its number.

        Raises ``InputRefusedError`` naming every day that is none.
        """
        days: list[date | None] = []
        problems = []
        for words, field in (("日期从", self.first), ("至", self.last)):
            try:
                text = field.text().strip()
                days.append(date.fromisoformat(text) if text else None)
            except ValueError:
                days.append(None)
                told = f"“{field.text()}”不是日期，应当形如 2024-03-01"
                problems.append(Problem(words, told))
        if problems:
            raise InputRefusedError("日志的查询条件不对", problems)
        person = self.person.currentText().strip()
        return JournalQuery(
            actor="" if person == ANYBODY else person,
            action=str(self.action.currentData() or ""),
            first=days[0],
            last=days[1],
            workstation=self.workstation.text().strip(),
            words=self.words.text().strip(),
        )
