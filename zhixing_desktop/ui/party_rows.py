"""The parties of a new case: one row each, checked while they are typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services.cases import PERSON_KINDS, NewParty
from zhixing_desktop.ui.note_label import NoteLabel
from zhixing_desktop.workflow.errors import Problem
from zhixing_desktop.workflow.identifiers import (
    check_credit_code,
    check_id_number,
    check_organisation_name,
    check_person_name,
    check_phone,
    tidy,
    tidy_name,
)

NATURAL = PERSON_KINDS[0]
STANDINGS = ("creditor", "debtor")
_WORDS = {
    False: ("申请执行人", "被执行人"),
    True: ("申请保全人", "被保全人"),
}


class PartyRow(QWidget):
    """One party: standing, kind, name, number, telephone."""

    changed = Signal()
    removed = Signal(object)

    def __init__(self, standing: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.standing = QComboBox(self)
        self.standing.setAccessibleName("诉讼地位")
        for name, words in zip(STANDINGS, _WORDS[False], strict=True):
            self.standing.addItem(words, name)
        self.standing.setCurrentIndex(STANDINGS.index(standing))
        self.kind = QComboBox(self)
        self.kind.setAccessibleName("类型")
        self.kind.addItems(PERSON_KINDS)
        self.name = self._line("姓名", 10)
        self.number = self._line("公民身份号码", 14)
        self.phone = self._line("联系电话", 8)
        self.remove = QToolButton(self)
        self.remove.setText("删除")
        self.remove.setToolTip("删除这名当事人")
        self.remove.setAutoRaise(True)
        self.note = NoteLabel(self)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        widgets = (self.standing, self.kind, self.name, self.number, self.phone, self.remove)
        for column, widget in enumerate(widgets):
            grid.addWidget(widget, 0, column)
        grid.addWidget(self.note, 1, 2, 1, 4)
        for column, share in ((2, 10), (3, 12), (4, 7)):
            grid.setColumnStretch(column, share)
        self.standing.currentIndexChanged.connect(self.changed)
        self.kind.currentTextChanged.connect(self._on_kind)
        for line in (self.name, self.number, self.phone):
            line.textChanged.connect(self._on_edit)
        self.name.editingFinished.connect(self._tidy)
        self.remove.clicked.connect(self._on_remove)

    def _line(self, words: str, width: int) -> QLineEdit:
        line = QLineEdit(self)
        line.setPlaceholderText(words)
        line.setAccessibleName(words)
        line.setMinimumWidth(self.fontMetrics().horizontalAdvance("案") * width)
        return line

    # ------------------------------------------------------------------------------------ content

    def value(self) -> NewParty:
        """Return what was typed."""
        return NewParty(
            standing=str(self.standing.currentData()),
            kind=self.kind.currentText(),
            name=tidy_name(self.name.text()),
            id_number=tidy(self.number.text()),
            phone=self.phone.text().strip(),
        )

    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not any(line.text().strip() for line in (self.name, self.number, self.phone))

    def body(self) -> dict[str, str]:
        """Return the row for a draft, as it was typed."""
        return {
            "standing": str(self.standing.currentData()),
            "kind": self.kind.currentText(),
            "name": self.name.text(),
            "number": self.number.text(),
            "phone": self.phone.text(),
        }

    def fill(self, body: Mapping[str, Any]) -> None:
        """Put a draft's row back."""
        if body.get("standing") in STANDINGS:
            self.standing.setCurrentIndex(STANDINGS.index(str(body["standing"])))
        self.kind.setCurrentText(str(body.get("kind", NATURAL)))
        self.name.setText(str(body.get("name", "")))
        self.number.setText(str(body.get("number", "")))
        self.phone.setText(str(body.get("phone", "")))

    def problems(self) -> list[Problem]:
        """Return what is wrong with the words that were typed; what is missing is not said here."""
        party = self.value()
        if party.kind == NATURAL:
            found = check_person_name(party.name) + check_id_number(party.id_number)
        else:
            found = check_organisation_name(party.name) + check_credit_code(party.id_number)
        return found + check_phone(party.phone)

    def name_standings(self, *, preservation: bool) -> None:
        """Use the words of preservation (申请保全人), or those of enforcement."""
        for place, words in enumerate(_WORDS[preservation]):
            self.standing.setItemText(place, words)

    # ----------------------------------------------------------------------------------- reacting

    def _on_kind(self, kind: str) -> None:
        natural = kind == NATURAL
        for line, words in (
            (self.name, "姓名" if natural else "名称（登记的全称）"),
            (self.number, "公民身份号码" if natural else "统一社会信用代码"),
        ):
            line.setPlaceholderText(words)
            line.setAccessibleName(words)
        self._on_edit()

    def _on_edit(self) -> None:
        # While a number is still short, that it is short is no news.
        short = self.number.hasFocus() and len(tidy(self.number.text())) < 15
        shown = [] if short else self.problems()
        self.note.say_problems(shown)
        self.changed.emit()

    def _tidy(self) -> None:
        tidied = tidy_name(self.name.text())
        if tidied != self.name.text():
            self.name.setText(tidied)

    def _on_remove(self) -> None:
        self.removed.emit(self)


class PartyRows(QWidget):
    """All parties; begins with a creditor and a debtor."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[PartyRow] = []
        self._preservation = False
        self._list = QVBoxLayout()
        self.add_creditor = QPushButton("增加申请执行人", self)
        self.add_debtor = QPushButton("增加被执行人", self)
        self.add_creditor.setAutoDefault(False)
        self.add_debtor.setAutoDefault(False)
        more = QHBoxLayout()
        more.addWidget(self.add_creditor)
        more.addWidget(self.add_debtor)
        more.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._list)
        layout.addLayout(more)
        self.add_creditor.clicked.connect(self._on_creditor)
        self.add_debtor.clicked.connect(self._on_debtor)
        self.set_rows(())

    def add(self, standing: str) -> PartyRow:
        """Add an empty row."""
        row = PartyRow(standing, self)
        row.name_standings(preservation=self._preservation)
        row.changed.connect(self.changed)
        row.removed.connect(self._on_removed)
        self.rows.append(row)
        self._list.addWidget(row)
        self._allow_removal()
        return row

    def set_rows(self, bodies: Sequence[Mapping[str, Any]]) -> None:
        """Show these rows, or one of each standing when there are none."""
        for row in list(self.rows):
            self._drop(row)
        for body in bodies:
            self.add("debtor").fill(body)
        if not bodies:
            for standing in STANDINGS:
                self.add(standing)

    def values(self) -> tuple[NewParty, ...]:
        """Return all parties but rows left wholly empty."""
        return tuple(row.value() for row in self.rows if not row.is_empty())

    def bodies(self) -> list[dict[str, str]]:
        """Return all rows for a draft."""
        return [row.body() for row in self.rows]

    def name_standings(self, *, preservation: bool) -> None:
        """Use the words of preservation, or those of enforcement."""
        self._preservation = preservation
        creditor, debtor = _WORDS[preservation]
        self.add_creditor.setText(f"增加{creditor}")
        self.add_debtor.setText(f"增加{debtor}")
        for row in self.rows:
            row.name_standings(preservation=preservation)

    def _on_creditor(self) -> None:
        self.add("creditor").name.setFocus()
        self.changed.emit()

    def _on_debtor(self) -> None:
        self.add("debtor").name.setFocus()
        self.changed.emit()

    def _on_removed(self, row: PartyRow) -> None:
        self._drop(row)
        self._allow_removal()
        self.changed.emit()

    def _drop(self, row: PartyRow) -> None:
        self.rows.remove(row)
        self._list.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _allow_removal(self) -> None:
        for row in self.rows:
            row.remove.setEnabled(len(self.rows) > 1)
