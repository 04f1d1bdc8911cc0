"""The parties of a case: what papers say of them, corrected with a reason."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import parties
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.parties import FIELDS, CaseParties, PartyEntry, PartyField
from zhixing_desktop.services.steps import Outcome
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.forms.parts import em
from zhixing_desktop.ui.note_label import NoteLabel
from zhixing_desktop.workflow.errors import InputRefusedError, ZhixingError
from zhixing_desktop.workflow.personal import holds_covered


class PartiesDialog(QDialog):
    """Shows one party at a time; ``saved`` carries the case's row number."""

    help_page = "parties"
    saved = Signal(int)

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor: Actor,
        case_id: int,
        *,
        subject: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._bureau, self._bridge, self._actor = bureau, bridge, actor
        self._case_id, self._wanted = case_id, subject
        self._case: CaseParties | None = None
        self._busy = False
        self.setWindowTitle("当事人和案件信息")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.names = QListWidget(self)
        self.names.setAccessibleName("当事人")
        self.fields: dict[str, QLineEdit | QComboBox] = {
            field.name: self._editor(field) for field in FIELDS
        }
        self.reason = QLineEdit(self)
        self.reason.setAccessibleName("更正的理由")
        self.reason.setPlaceholderText("如：补录住址；依营业执照更正法定代表人")
        self.note = NoteLabel(self)
        self.buttons = QDialogButtonBox(self)
        self.save = self.buttons.addButton("保存(&S)", QDialogButtonBox.ButtonRole.ApplyRole)
        self.buttons.addButton("关闭", QDialogButtonBox.ButtonRole.RejectRole)
        self._lay_out()
        self.names.currentRowChanged.connect(self._on_row)
        self.reason.textChanged.connect(self._look)
        self.save.clicked.connect(self.try_save)
        self.buttons.rejected.connect(self.reject)
        self._read()

    def _editor(self, field: PartyField) -> QLineEdit | QComboBox:
        if field.options:
            box = QComboBox(self)
            box.addItems(field.options if field.name == "kind" else ("", *field.options))
            box.currentTextChanged.connect(self._look)
            made: QLineEdit | QComboBox = box
        else:
            made = QLineEdit(self)
            made.textChanged.connect(self._look)
        made.setAccessibleName(field.label)
        made.setToolTip(field.help)
        if isinstance(made, QLineEdit):
            made.setPlaceholderText(field.help)
        return made

    def _lay_out(self) -> None:
        inner = QWidget(self)
        self._form = QFormLayout(inner)
        for field in FIELDS:
            self._form.addRow(field.label, self.fields[field.name])
        self._form.addRow("更正的理由", self.reason)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(inner)
        self.names.setMaximumWidth(em(self, 14))
        middle = QHBoxLayout()
        middle.addWidget(self.names)
        middle.addWidget(area, 1)
        box = QVBoxLayout(self)
        box.addLayout(middle, 1)
        box.addWidget(self.note)
        box.addWidget(self.buttons)
        self.resize(em(self, 52), em(self, 40))

    # ------------------------------------------------------------------------------------ content

    def _read(self) -> None:
        bureau, actor, case_id = self._bureau, self._actor, self._case_id
        self._bridge.read(
            self, lambda: parties.parties_of(bureau, actor, case_id), self._show, self._refused
        )

    def _show(self, found: CaseParties) -> None:
        self._case = found
        self.setWindowTitle(f"当事人和案件信息　{found.case_no}")
        held = self._wanted or self._subject()
        self.names.blockSignals(True)
        self.names.clear()
        for party in found.parties:
            lacking = "（待补充）" if parties.missing_for_papers(party) else ""
            item = QListWidgetItem(f"{party.standing}\n{party.values['name']}{lacking}")
            item.setData(Qt.ItemDataRole.UserRole, party.subject)
            self.names.addItem(item)
        self.names.blockSignals(False)
        subjects = [party.subject for party in found.parties]
        self._wanted = ""
        self.names.setCurrentRow(subjects.index(held) if held in subjects else 1)
        self._fill()

    def _subject(self) -> str:
        item = self.names.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if item is not None else ""

    def _party(self) -> PartyEntry | None:
        row = self.names.currentRow()
        if self._case is None or not 0 <= row < len(self._case.parties):
            return None
        return self._case.parties[row]

    def _fill(self) -> None:
        party = self._party()
        if party is None:
            return
        for name, editor in self.fields.items():
            value = party.values.get(name, "")
            editor.blockSignals(True)
            if isinstance(editor, QComboBox):
                editor.setCurrentText(value)
            else:
                editor.setText(value)
                # Its middle is covered: what is not seen cannot be corrected.
                editor.setReadOnly(holds_covered(value))
            editor.blockSignals(False)
        self.reason.clear()
        lacking = parties.missing_for_papers(party)
        self._look()
        if lacking:
            self.note.say(f"制作文书还缺：{'、'.join(lacking)}。", "warning")

    def values(self) -> dict[str, str]:
        """Return what stands in the fields that belong to this kind of person."""
        found = {}
        for field in FIELDS:
            editor = self.fields[field.name]
            text = editor.currentText() if isinstance(editor, QComboBox) else editor.text()
            found[field.name] = text.strip()
        return found

    def changed(self) -> dict[str, str]:
        """Return the values that differ from what is kept."""
        party = self._party()
        if party is None:
            return {}
        return {n: v for n, v in self.values().items() if v != party.values.get(n, "")}

    # ----------------------------------------------------------------------------------- reacting

    def _on_row(self, _row: int) -> None:
        self._fill()

    def _look(self) -> None:
        values = self.values()
        natural = values["kind"] == parties.NATURAL
        of_case = self._subject() == parties.CASE
        for field in FIELDS:
            fits = field.of_case is of_case and field.natural in (None, natural)
            self._form.setRowVisible(self.fields[field.name], fits)
        changed = self.changed()
        self.save.setEnabled(bool(changed) and bool(self.reason.text().strip()) and not self._busy)
        wanted = bool(changed) and not of_case
        self.note.say_problems(parties.party_problems(values) if wanted else [])

    def try_save(self) -> None:
        """Save what was changed, off the GUI thread."""
        party, case = self._party(), self._case
        if party is None or case is None or not self.save.isEnabled():
            return
        self._busy = True
        self.save.setEnabled(False)
        bureau, actor, changed = self._bureau, self._actor, self.changed()
        reason = self.reason.text().strip()
        self._bridge.write(
            self,
            lambda: parties.save_party(
                bureau,
                actor,
                case.case_id,
                party.subject,
                changed,
                reason=reason,
                expected_version=case.version,
            ),
            self._saved,
            self._refused,
        )

    def _saved(self, outcome: Outcome) -> None:
        self._busy = False
        self._bridge.announce(Changes(frozenset({outcome.case_id})))
        self.saved.emit(outcome.case_id)
        self._read()

    def _refused(self, error: Exception) -> None:
        self._busy = False
        self._look()
        if isinstance(error, InputRefusedError) and error.problems:
            said = [messages.problem_words(problem) for problem in error.problems]
            self.note.say("；".join(dict.fromkeys(said)) + "。", "error")
        elif isinstance(error, ZhixingError):
            self.note.say(error.sentence, "error")
        else:
            messages.show_error(self, error)
