"""One datum that a paper asks for: label, editor, where the answer comes from, what is wrong."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from zhixing_desktop.services.paper_types import AskLine
from zhixing_desktop.ui.forms.editor import Editor
from zhixing_desktop.ui.forms.making import Surroundings, editor_for
from zhixing_desktop.ui.forms.parts import TONES, Mark, Words, show_if
from zhixing_desktop.ui.papers.words import SOURCES
from zhixing_desktop.workflow.rule_parts import FieldSpec
from zhixing_desktop.workflow.rule_words import FieldType


class AskRow(QWidget):
    """``changed`` is emitted for what a person types, not for what is proposed.

    ``touched`` tells that a person has answered here, be it with nothing.
    """

    changed = Signal()

    def __init__(self, line: AskLine, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self.label, self.required = line.name, line.label, line.required
        self.touched = False
        self.missing = False
        spec = FieldSpec(
            name=line.name,
            label=line.label,
            type=FieldType(line.type),
            required=line.required,
            cite=None,
            options=line.options,
        )
        self.editor: Editor = editor_for(spec, around)
        self.editor.setAccessibleName(line.label)
        self.source = Mark("", tone="muted")
        self.hint_ = Words("", tone="muted", selectable=False)
        self.message = Words("", tone="bad", selectable=False)
        self._arrange(line)
        self.editor.edited.connect(self._typed)
        self.editor.left.connect(self._hint)
        self.touched = line.source == "typed"
        self.editor.set_value(line.value)
        self._say_source(line.source)

    def _arrange(self, line: AskLine) -> None:
        # The name stands above: beside the page there is no room for two columns.
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 6)
        column.setSpacing(1)
        head = QHBoxLayout()
        head.setSpacing(2)
        words = Words(line.label, selectable=False)
        words.setBuddy(self.editor)
        words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        head.addWidget(words)
        if line.required:
            star = Mark("*", tone="bad", bold=True)
            star.setToolTip("必填")
            head.addWidget(star)
        head.addStretch(1)
        head.addWidget(self.source)
        column.addLayout(head)
        if self.editor.side is not None:
            # Short editors stand at the left, where their name is.
            self.editor.row.addStretch(1)
        column.addWidget(self.editor)
        if line.help:
            column.addWidget(Words(line.help, tone="muted", selectable=False))
        column.addWidget(self.hint_)
        column.addWidget(self.message)

    def value(self) -> Any:
        """Return what stands there."""
        return self.editor.value()

    def put(self, value: Any) -> None:
        """Show what a person had typed before (a draft)."""
        self.touched = True
        self.editor.set_value(value)
        self._say_source("typed")

    def take(self, line: AskLine) -> None:
        """Take what is proposed now; what a person typed stays."""
        if self.touched:
            return
        if self.editor.value() != line.value:
            self.editor.set_value(line.value)
        self._say_source(line.source)

    def refuse(self, sentence: str) -> None:
        """Show what is wrong with what was typed; empty words take it away."""
        self.message.setText(sentence)
        show_if(self.message, bool(sentence))

    def mark_missing(self, missing: bool) -> None:
        """Show that the paper has a gap here."""
        self.missing = missing
        self._hint()

    def focus(self) -> None:
        """Put the cursor here."""
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _typed(self) -> None:
        self.touched = True
        self._say_source("typed")
        self.changed.emit()

    def _say_source(self, source: str) -> None:
        self._source = source
        self._hint()

    def _hint(self) -> None:
        if self.editor.side is not None:
            # A short editor has its hint below: beside it there is no room for an amount in words.
            show_if(self.editor.side, False)
        empty = self.editor.value() is None
        words = "待填" if empty and self.missing else "" if empty else SOURCES.get(self._source, "")
        self.source.setForegroundRole(TONES["bad" if empty and self.missing else "muted"])
        self.source.setText(words)
        hint = self.editor.hint()
        self.hint_.setText(hint)
        show_if(self.hint_, bool(hint))
        if not self.message.text():
            show_if(self.message, False)
