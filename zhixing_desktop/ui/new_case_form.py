"""The fields of a new case, each checked while it is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import cases
from zhixing_desktop.services.cases import NewCase
from zhixing_desktop.services.people import Person
from zhixing_desktop.ui.note_label import NoteLabel
from zhixing_desktop.ui.party_rows import PartyRows
from zhixing_desktop.workflow import case_numbers
from zhixing_desktop.workflow.case_numbers import KIND_LABELS
from zhixing_desktop.workflow.case_words import CONTENT_LABELS
from zhixing_desktop.workflow.errors import InputRefusedError, Problem
from zhixing_desktop.workflow.money import chinese_amount, format_money, parse_money

LOOKUP_DELAY_MS = 250
_NOBODY = "（暂不指定）"


class NewCaseForm(QWidget):
    """All fields.

    ``changed`` follows every edit; ``number_typed`` carries a 案号 in its official form some time
    after it was typed, for somebody who knows which ones are taken (``refuse_number``).
    """

    changed = Signal()
    number_typed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._taken: set[str] = set()
        self._filling = False
        self._make_fields()
        self._lay_out()
        self._lookup_timer = QTimer(self)
        self._lookup_timer.setSingleShot(True)
        self._lookup_timer.setInterval(LOOKUP_DELAY_MS)
        self._lookup_timer.timeout.connect(self._look_up)
        self._connect()

    # ----------------------------------------------------------------------------------- building

    def _make_fields(self) -> None:
        self.case_no = QLineEdit(self)
        self.case_no.setPlaceholderText("例如（2024）豫0811执123号")
        self.case_no_note = NoteLabel(self)
        self.non_litigation = QCheckBox("非诉执行案件", self)
        self.content = {name: QCheckBox(label, self) for name, label in CONTENT_LABELS.items()}
        self.content["money"].setChecked(True)
        self.amount = QLineEdit(self)
        self.amount.setPlaceholderText("例如 1,234.50 或者 12.5万元")
        self.amount_note = NoteLabel(self)
        self.cause = QLineEdit(self)
        self.basis = QLineEdit(self)
        self.basis.setPlaceholderText("执行依据文号")
        self.basis_note = NoteLabel(self)
        self.officer = QComboBox(self)
        self.clerk = QComboBox(self)
        self.previous = QLineEdit(self)
        self.previous.setPlaceholderText("终结本次执行程序的原案号")
        self.parties = PartyRows(self)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow(
            self._label("案号(&N)", self.case_no),
            _with_note(self.case_no, self.case_no_note, self.non_litigation),
        )
        self.previous_label = QLabel("原案号", self)
        form.addRow(self.previous_label, self.previous)
        form.addRow("给付内容", _row(*self.content.values()))
        form.addRow(
            self._label("申请执行标的(&M)", self.amount), _with_note(self.amount, self.amount_note)
        )
        form.addRow(self._label("案由(&Y)", self.cause), self.cause)
        form.addRow(
            self._label("执行依据(&J)", self.basis), _with_note(self.basis, self.basis_note)
        )
        staff = _row(self.officer, QLabel("书记员", self), self.clerk, stretch=(3, 0, 3))
        form.addRow(self._label("承办人(&O)", self.officer), staff)
        parties = QGroupBox("当事人", self)
        QVBoxLayout(parties).addWidget(self.parties)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(parties)
        column.addStretch(1)
        self._show_kind(None)

    def _label(self, words: str, field: QWidget) -> QLabel:
        label = QLabel(words, self)
        label.setBuddy(field)
        field.setAccessibleName(words.partition("(")[0])
        return label

    def _connect(self) -> None:
        self.case_no.textChanged.connect(self._on_case_no)
        self.case_no.editingFinished.connect(self._normalise)
        self.amount.textChanged.connect(self._on_amount)
        self.basis.textChanged.connect(self._on_basis)
        for line in (self.cause, self.previous):
            line.textChanged.connect(self._on_edit)
        for box in (*self.content.values(), self.non_litigation):
            box.toggled.connect(self._on_amount)
        for choice in (self.officer, self.clerk):
            choice.currentIndexChanged.connect(self._on_edit)
        self.parties.changed.connect(self._on_edit)

    # ------------------------------------------------------------------------------------ content

    def offer_people(self, everybody: Sequence[Person], chosen: str) -> None:
        """Offer the bureau's officers and clerks; ``chosen`` is the officer to begin with."""
        self._filling = True
        for box, role in ((self.officer, "承办人"), (self.clerk, "书记员")):
            box.clear()
            box.addItem(_NOBODY, "")
            for person in everybody:
                if person.active and role in person.roles:
                    box.addItem(person.name, person.name)
        self.officer.setCurrentIndex(max(self.officer.findData(chosen), 0))
        self._filling = False

    def fill(self, body: Mapping[str, Any]) -> None:
        """Put a draft back into the fields."""
        self._filling = True
        for name, line in self._lines().items():
            line.setText(str(body.get(name, "")))
        self.non_litigation.setChecked(bool(body.get("non_litigation")))
        chosen = body.get("content", ["money"])
        for name, box in self.content.items():
            box.setChecked(name in chosen)
        for name, choice in (("officer", self.officer), ("clerk", self.clerk)):
            choice.setCurrentIndex(max(choice.findData(body.get(name, "")), 0))
        self.parties.set_rows(body.get("parties", ()))
        self._filling = False
        self._on_case_no()
        self._on_amount()

    def body(self) -> dict[str, Any]:
        """Return everything that was typed, for a draft."""
        return {
            **{name: line.text() for name, line in self._lines().items()},
            "non_litigation": self.non_litigation.isChecked(),
            "content": self._content(),
            "officer": self.officer.currentData(),
            "clerk": self.clerk.currentData(),
            "parties": self.parties.bodies(),
        }

    def _lines(self) -> dict[str, QLineEdit]:
        return {
            "case_no": self.case_no,
            "amount": self.amount,
            "cause": self.cause,
            "basis": self.basis,
            "previous": self.previous,
        }

    def _content(self) -> list[str]:
        return [name for name, box in self.content.items() if box.isChecked()]

    def is_empty(self) -> bool:
        """Whether nothing worth keeping was typed."""
        typed = any(line.text().strip() for line in self._lines().values())
        return not typed and not self.parties.values()

    # ----------------------------------------------------------------------------------- checking

    def refuse_number(self, number: str) -> None:
        """Learn that a 案号 is taken."""
        self._taken.add(number)
        if number == case_numbers.normalise(self.case_no.text()):
            self._judge_case_no(number)

    def _on_edit(self) -> None:
        if not self._filling:
            self.changed.emit()

    def _on_case_no(self) -> None:
        text = self.case_no.text()
        self._show_kind(None)
        if not text.strip():
            self.case_no_note.say("")
        else:
            self._judge_case_no(text)
        self._on_edit()

    def _judge_case_no(self, text: str) -> None:
        problems = case_numbers.check_own(text)
        if problems:
            self.case_no_note.say_problems(problems)
            return
        number = case_numbers.parse(text)
        self._show_kind(number.kind)
        words = f"{number}　{KIND_LABELS[str(number.kind)]}"
        if str(number) in self._taken:
            self.case_no_note.say(f"{number}已经登记，不能重复。", "error")
        else:
            self.case_no_note.say(words)
            self._lookup_timer.start()

    def _show_kind(self, kind: str | None) -> None:
        for widget in (self.previous_label, self.previous):
            widget.setVisible(kind == "resumed")
        self.parties.name_standings(preservation=kind == "preservation")

    def _normalise(self) -> None:
        tidied = case_numbers.normalise(self.case_no.text())
        if tidied != self.case_no.text():
            self.case_no.setText(tidied)

    def _look_up(self) -> None:
        self.number_typed.emit(case_numbers.normalise(self.case_no.text()))

    def _on_amount(self) -> None:
        needed = self.content["money"].isChecked()
        text = self.amount.text()
        if not text.strip():
            self.amount_note.say("" if needed else "没有金钱给付内容的，可以不填。")
        else:
            try:
                amount = parse_money(text, where="申请执行标的")
            except InputRefusedError as error:
                self.amount_note.say_problems(error.problems)
            else:
                words = f"　{chinese_amount(amount)}" if amount > 0 else ""
                self.amount_note.say(f"{format_money(amount)}{words}")
        self._on_edit()

    def _on_basis(self) -> None:
        text = self.basis.text().strip()
        self.basis_note.say_problems(case_numbers.check_reference(text) if text else ())
        self._on_edit()

    def value(self) -> tuple[NewCase, list[Problem]]:
        """Return the case as typed, and what cannot be read as typed."""
        problems: list[Problem] = []
        amount: Decimal | None = None
        if self.amount.text().strip():
            try:
                amount = parse_money(self.amount.text(), where="申请执行标的")
            except InputRefusedError as error:
                problems.extend(error.problems)
        new = NewCase(
            case_no=case_numbers.normalise(self.case_no.text()),
            parties=self.parties.values(),
            content=self._content(),
            amount=amount,
            officer=str(self.officer.currentData() or ""),
            clerk=str(self.clerk.currentData() or ""),
            non_litigation=self.non_litigation.isChecked(),
            cause=self.cause.text().strip(),
            basis=self.basis.text().strip(),
            previous_case_no=self._previous(),
        )
        return new, problems

    def _previous(self) -> str:
        # Hidden for all cases but resumed ones.
        return "" if self.previous.isHidden() else self.previous.text().strip()

    def all_problems(self) -> list[Problem]:
        """Return everything that is wrong with what was typed, errors first."""
        new, found = self.value()
        unreadable = {problem.where for problem in found}
        found += [p for p in cases.check_case(new)[1] if p.where not in unreadable]
        for row in self.parties.rows:
            found += row.problems()
        if new.case_no in self._taken:
            found.append(Problem("案号", f"案号“{new.case_no}”已经登记，不能重复。"))
        unique = {problem.sentence: problem for problem in found}
        return sorted(unique.values(), key=lambda problem: problem.severity != "error")


def _row(*widgets: QWidget, stretch: tuple[int, ...] = ()) -> QHBoxLayout:
    line = QHBoxLayout()
    for place, widget in enumerate(widgets):
        line.addWidget(widget, stretch[place] if stretch else 0)
    if not stretch:
        line.addStretch(1)
    return line


def _with_note(field: QWidget, note: NoteLabel, *beside: QWidget) -> QVBoxLayout:
    line = QHBoxLayout()
    line.addWidget(field, 1)
    for widget in beside:
        line.addWidget(widget)
    column = QVBoxLayout()
    column.setSpacing(2)
    column.addLayout(line)
    column.addWidget(note)
    return column
