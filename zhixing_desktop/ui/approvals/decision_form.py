"""The lower part of the panel: which decision, for what reason, by keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from zhixing_desktop.ui.flow_layout import FlowLayout
from zhixing_desktop.ui.forms.editor import LongEditor
from zhixing_desktop.ui.forms.parts import Box, Link, Mark, Words, em

OUTCOMES = (
    ("granted", "批准", "1"),
    ("refused", "不批准", "2"),
    ("returned", "退回", "3"),
)
OUTCOME_WORDS = {name: words for name, words, _ in OUTCOMES}
_DIGITS = range(Qt.Key.Key_0.value, Qt.Key.Key_9.value + 1)


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the form: the outcome that was chosen, reason and points as typed."""

    outcome: str = ""
    reason: str = ""
    points: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing would be lost."""
        return not (self.reason.strip() or self.points.strip())


class DecisionForm(QWidget):
    """``chosen`` an outcome by button, ``confirmed`` to carry it out, ``left`` back to the list.

    ``outside_wanted`` for the steps of an application that another court decides.
    """

    chosen = Signal(str)
    confirmed = Signal()
    left = Signal()
    outside_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.outcome = ""
        self._phrases: tuple[str, ...] = ()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 4, 0, 0)
        box.setSpacing(4)
        self.buttons: dict[str, QPushButton] = {}
        box.addLayout(self._button_row())
        box.addLayout(self._editors())
        self.phrase_line = QWidget(self)
        self._flow = FlowLayout(self.phrase_line)
        self._flow.setSpacing(em(self, 0.6))
        box.addWidget(self.phrase_line)
        self.refusal = Box("loud", self)
        inner = QVBoxLayout(self.refusal)
        inner.setContentsMargins(8, 4, 8, 4)
        self.refusal_words = Words(tone="bad")
        inner.addWidget(self.refusal_words)
        box.addWidget(self.refusal)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.confirmed)
        self.close_reason()

    def _button_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        for name, words, key in OUTCOMES:
            button = QPushButton(f"{words} {key}", self)
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setProperty("outcome", name)
            button.setToolTip(f"{words}（在列表中按 {key}）")
            button.clicked.connect(self._clicked)
            row.addWidget(button)
            self.buttons[name] = button
        self.outside = QPushButton("转报… 4", self)
        self.outside.setAutoDefault(False)
        self.outside.clicked.connect(self.outside_wanted)
        row.addWidget(self.outside)
        self.heading = Words("", bold=True, middle=True)
        row.addSpacing(em(self, 1))
        row.addWidget(self.heading, 1)
        self.confirm = QPushButton("确认并看下一件（Ctrl+Enter）", self)
        self.confirm.setAutoDefault(False)
        self.confirm.clicked.connect(self.confirmed)
        row.addWidget(self.confirm)
        return row

    def _editors(self) -> QHBoxLayout:
        lines = QHBoxLayout()
        self.reason = LongEditor("决定的理由")
        self.reason.setAccessibleName("决定的理由")
        self.points = LongEditor("需要补正的事项，一行一项")
        self.points.setAccessibleName("需要补正的事项")
        for editor in (self.reason, self.points):
            editor.area.lines = (2, 4)
            editor.area.installEventFilter(self)
            lines.addWidget(editor, 1)
        return lines

    # ------------------------------------------------------------------------------ showing

    def allow(self, *, decide: bool, outside: str) -> None:
        """Say which steps there are: deciding, or the words of an outside step (or none)."""
        for button in self.buttons.values():
            button.setVisible(decide)
        self.outside.setVisible(bool(outside))
        self.outside.setText(f"{outside} 4")

    def open_reason(self, outcome: str, heading: str, phrases: Sequence[str]) -> None:
        """Ask for the reason of an outcome; the cursor stands in it."""
        self.outcome = outcome
        self._phrases = tuple(phrases)
        for name, button in self.buttons.items():
            button.setChecked(name == outcome)
        self.heading.setText(heading)
        self._fill_phrases()
        for widget in (self.reason, self.confirm, self.phrase_line):
            widget.show()
        self.points.setVisible(outcome == "returned")
        self.refusal.hide()
        self.reason.setFocus()

    def close_reason(self) -> None:
        """Hide the reason; what was typed stays for when it is opened again."""
        self.outcome = ""
        for button in self.buttons.values():
            button.setChecked(False)
        self.heading.setText("")
        for widget in (self.reason, self.points, self.confirm, self.phrase_line, self.refusal):
            widget.hide()

    def _fill_phrases(self) -> None:
        while (item := self._flow.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if self._phrases:
            self._flow.addWidget(Mark("Alt+数字选用：", tone="muted"))
        for number, words in enumerate(self._phrases, start=1):
            link = Link(f"{number} {words}")
            link.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            link.setProperty("number", number)
            link.clicked.connect(self._phrase_clicked)
            self._flow.addWidget(link)

    def refuse(self, words: str) -> None:
        """Show why it was refused; what was typed stays."""
        self.refusal_words.setText(words)
        self.refusal.show()

    # ------------------------------------------------------------------------------- values

    def draft(self) -> Draft:
        """Return what stands in the form."""
        return Draft(
            self.outcome,
            self.reason.area.toPlainText(),
            self.points.area.toPlainText(),
        )

    def set_draft(self, draft: Draft) -> None:
        """Show what was typed earlier, or nothing."""
        self.reason.set_value(draft.reason or None)
        self.points.set_value(draft.points or None)

    def point_lines(self) -> tuple[str, ...]:
        """Return the points, one per line."""
        text = self.points.area.toPlainText()
        return tuple(line.strip() for line in text.splitlines() if line.strip())

    def pick(self, number: int) -> None:
        """Take a sentence by its number; what stood there goes before it."""
        if not 1 <= number <= len(self._phrases):
            return
        area = self.reason.area
        had = area.toPlainText().strip()
        words = self._phrases[number - 1]
        area.setPlainText(f"{had}{words}" if had else words)
        cursor = area.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        area.setTextCursor(cursor)

    # ------------------------------------------------------------------------------- events

    def _clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, QPushButton):
            self.chosen.emit(str(sender.property("outcome")))

    def _phrase_clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, Link):
            self.pick(int(sender.property("number")))
            self.reason.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc goes back to the list, Alt with a digit takes a sentence."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                self.left.emit()
                return True
            alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            if alt and event.key() in _DIGITS:
                self.pick(event.key() - Qt.Key.Key_0.value)
                return True
        return super().eventFilter(watched, event)
