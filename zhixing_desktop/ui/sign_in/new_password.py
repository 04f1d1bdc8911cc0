"""A new password: typed twice, its rules ticked while typing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QVBoxLayout, QWidget

from zhixing_desktop.services.bureau_settings import SecurityRules
from zhixing_desktop.services.passwords import password_marks
from zhixing_desktop.ui.forms.parts import Words
from zhixing_desktop.ui.note_label import NoteLabel
from zhixing_desktop.ui.sign_in.password_edit import CAPS_WORDS, PasswordEdit

_SIGNS = {True: "✓", False: "○", None: "·"}


class RuleList(QWidget):
    """The rules, each with a tick where the password keeps it; said in signs, not in colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Words] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(2)

    def show_marks(self, marks: Sequence[tuple[str, bool | None]]) -> None:
        """Show each rule and whether it is kept; ``None`` where that is not known yet."""
        while len(self._rows) < len(marks):
            row = Words(tone="muted", selectable=False, parent=self)
            self._rows.append(row)
            self._box.addWidget(row)
        for row, (words, kept) in zip(self._rows, marks, strict=False):
            row.setText(f"{_SIGNS[kept]}　{words}")
            row.set_tone("plain" if kept else "muted")

    def lines(self) -> list[str]:
        """Return what stands there."""
        return [row.text() for row in self._rows]


class NewPassword(QWidget):
    """Two fields and the rules.  ``changed`` comes with every key."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rules: SecurityRules | None = None
        self._login = self._name = ""
        self.first = PasswordEdit("新密码", self)
        self.again = PasswordEdit("再输入一次新密码", self)
        self.marks = RuleList(self)
        self.note = NoteLabel(self)
        self.form = QFormLayout(self)
        self.form.setContentsMargins(0, 0, 0, 0)
        self.form.addRow("新密码", self.first)
        self.form.addRow("再输一次", self.again)
        self.form.addRow("", self.marks)
        self.form.addRow("", self.note)
        for field in (self.first, self.again):
            field.textChanged.connect(self._look)
            field.caps.connect(self._on_caps)

    def set_rules(self, rules: SecurityRules, login: str, name: str) -> None:
        """Say by which rules and for whom the password is."""
        self._rules, self._login, self._name = rules, login, name
        self._look()

    def set_person(self, login: str, name: str) -> None:
        """Say for whom it is; the rules stay."""
        self._login, self._name = login, name
        self._look()

    @property
    def value(self) -> str:
        """What was typed."""
        return self.first.text()

    def ready(self) -> bool:
        """Whether it keeps every rule and was typed twice the same."""
        if self._rules is None or self.first.text() != self.again.text():
            return False
        return all(kept for _, kept in self._marks())

    def _marks(self) -> tuple[tuple[str, bool], ...]:
        if self._rules is None:
            return ()
        return password_marks(self.first.text(), self._rules, login=self._login, name=self._name)

    def _look(self) -> None:
        if self._rules is not None:
            again = f"不是最近用过的{self._rules.history}个密码之一（保存时核对）"
            self.marks.show_marks((*self._marks(), (again, None)))
        differs = bool(self.again.text()) and not self.first.text().startswith(self.again.text())
        self.note.say("两次输入的密码不一样。" if differs else "", "error")
        self.changed.emit()

    def _on_caps(self, on: bool) -> None:
        if on:
            self.note.say(CAPS_WORDS, "warning")
        elif self.note.text().endswith(CAPS_WORDS):
            self.note.say("")

    def clear(self) -> None:
        """Forget what was typed."""
        self.first.clear()
        self.again.clear()


def align_labels(*forms: QFormLayout) -> None:
    """Give the labels of several forms one width, so that their fields stand below each other."""
    items = (
        form.itemAt(row, QFormLayout.ItemRole.LabelRole)
        for form in forms
        for row in range(form.rowCount())
    )
    found = (item.widget() for item in items if item is not None)
    labels = [label for label in found if label is not None]
    width = max((label.sizeHint().width() for label in labels), default=0)
    for label in labels:
        label.setMinimumWidth(width)


def heading(text: str, parent: QWidget | None = None) -> QLabel:
    """Return a heading for a page of these dialogs."""
    return Words(text, bold=True, scale=1.3, selectable=False, parent=parent)
