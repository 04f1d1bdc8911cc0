"""A field on the screen: label, editor, help, and what is wrong with what was typed."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from zhixing_desktop.ui.forms.editor import Editor
from zhixing_desktop.ui.forms.making import Surroundings, editor_for
from zhixing_desktop.ui.forms.parts import InfoButton, Link, Mark, Words, cite_words, em, show_if
from zhixing_desktop.workflow.entries import MIN_OVERRIDE, check_value
from zhixing_desktop.workflow.errors import Problem
from zhixing_desktop.workflow.rulebook import FieldSpec, HollowWords

LABEL_CHARS = 12
_PAUSE_MS = 500


class FieldRow(QWidget):
    """One field.

    ``changed`` is emitted for what a person typed; ``correction_wanted`` with the number of the
    recorded fact that only a correction may change.
    """

    changed = Signal()
    correction_wanted = Signal(int)

    def __init__(
        self, spec: FieldSpec, around: Surroundings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.spec = spec
        self.baseline: Any = None
        self.in_play = True
        self._hollow: HollowWords = around.ctx.rulebook.hollow_words
        self._problem: Problem | None = None
        self._recorded: int | None = None
        self.locked = False
        self.editor: Editor = editor_for(spec, around)
        self._message: Words | None = None
        self._help_words: Words | None = None
        self._reason: QLineEdit | None = None
        self._override: Link | None = None
        self._correct: Link | None = None
        self._pause: QTimer | None = None
        self._arrange(around)
        self.editor.edited.connect(self._edited)
        self.editor.left.connect(self.judge)
        self.editor.setAccessibleName(spec.label)

    def _arrange(self, around: Surroundings) -> None:
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 3, 0, 3)
        across.setSpacing(8)
        head = QWidget(self)
        head.setFixedWidth(em(self, LABEL_CHARS + 1.2))
        line = QHBoxLayout(head)
        # The words stand on the line of the editor's text.
        line.setContentsMargins(0, 4, 0, 0)
        line.setSpacing(2)
        top = Qt.AlignmentFlag.AlignTop
        label = Words(self.spec.label, selectable=False)
        label.setBuddy(self.editor)
        line.addWidget(label, 1)
        if self.spec.required:
            star = Mark("*", tone="bad", bold=True)
            star.setFixedWidth(em(self, 0.6))
            star.setToolTip("必填")
            line.addWidget(star, 0, top)
        else:
            line.addSpacing(em(self, 0.6))
        across.addWidget(head, 0, top)
        self._column = column = QVBoxLayout()
        column.setSpacing(2)
        self._body = body = QHBoxLayout()
        body.setSpacing(4)
        body.addWidget(self.editor, 1)
        info = InfoButton(self.spec.label, lambda: self._help(around), self)
        info.setObjectName("help")
        body.addWidget(info, 0, top)
        column.addLayout(body)
        column.addStretch(1)
        across.addLayout(column, 1)
        if self.spec.help:
            self.help.setText(self.spec.help)

    # What few fields ever show is made when it is wanted: a large form opens the sooner.

    @property
    def help(self) -> Words:
        """What the rulebook says of the field."""
        if self._help_words is None:
            self._help_words = Words(tone="muted", selectable=False)
            self._column.insertWidget(1, self._help_words)
        return self._help_words

    @property
    def message(self) -> Words:
        """What is wrong with what stands there, or a hint."""
        if self._message is None:
            self._message = Words(selectable=False)
            self._message.hide()
            self._column.insertWidget(1 if self._help_words is None else 2, self._message)
        return self._message

    @property
    def reason(self) -> QLineEdit:
        """Where a reason is typed why words that say nothing may stand; made when it is wanted."""
        if self._reason is None:
            self._reason = QLineEdit(self)
            self._reason.setPlaceholderText("为什么要这样写（至少四个字）")
            self._reason.setAccessibleName(f"{self.spec.label}这样填写的理由")
            self._reason.textEdited.connect(self._reason_typed)
            self._reason.hide()
            self.setTabOrder(self.editor.focusProxy() or self.editor, self._reason)
            self._column.insertWidget(self._column.count() - 1, self._reason)
        return self._reason

    @property
    def override(self) -> Link:
        """The link that asks for such a reason."""
        if self._override is None:
            self._override = Link("确需这样写，说明理由", self)
            self._override.clicked.connect(self._ask_reason)
            self._column.insertWidget(self._column.indexOf(self.message) + 1, self._override)
            self.setTabOrder(self.editor.focusProxy() or self.editor, self._override)
        return self._override

    @property
    def correct(self) -> Link:
        """The link that corrects a recorded fact."""
        if self._correct is None:
            self._correct = Link("更正…", self)
            self._correct.clicked.connect(self._want_correction)
            self._body.insertWidget(1, self._correct)
        return self._correct

    def _help(self, around: Surroundings) -> list[str]:
        found = [self.spec.help] if self.spec.help else []
        if self.spec.cite is not None:
            found += cite_words(self.spec.cite, around.readings())
        if self.spec.reason:
            found.append(f"指引没有写明这一栏，因为{self.spec.reason}，所以设置。")
        if self.spec.event is not None:
            event = around.ctx.rulebook.events[self.spec.event]
            found.append(f"填写后登记“{event.label}”这一事实；以后只能更正，不能覆盖。")
        return found

    # ------------------------------------------------------------------------------- content

    @property
    def dirty(self) -> bool:
        """Whether a person changed it since it was loaded or saved."""
        return bool(self.editor.value() != self.baseline)

    @property
    def overriding(self) -> str | None:
        """The reason why words that say nothing may stand, ``None`` when none is given."""
        if self._reason is None or not self._reason.isVisibleTo(self):
            return None
        return self._reason.text().strip() or None

    def load(self, value: Any) -> None:
        """Show what is known; from here on it counts as unchanged."""
        self.editor.set_value(value)
        self.baseline = self.editor.value()
        self.judge()

    def rebase(self, value: Any) -> bool:
        """Take over what is known now; keep what a person typed, and tell whether both differ."""
        if not self.dirty:
            self.load(value)
            return False
        mine = self.editor.value()
        self.editor.set_value(value)
        before, self.baseline = self.baseline, self.editor.value()
        self.editor.set_value(mine)
        return bool(self.baseline not in (before, mine))

    def put(self, value: Any) -> None:
        """Show what a person had typed (a draft); it counts as changed."""
        self.editor.set_value(value)
        self.judge()

    def lock(self, recorded: int | None) -> None:
        """Show a recorded fact, which is corrected and not typed over; ``None`` unlocks."""
        self._recorded = recorded
        self.locked = recorded is not None
        self.editor.set_locked(self.locked)
        if self.locked or self._correct is not None:
            self.correct.setVisible(self.locked)

    def leave_to(self, sentence: str) -> None:
        """Let nobody type here: a decision fills the field, as the sentence says."""
        self.locked = True
        self.editor.set_locked(True)
        self.help.setText(sentence)
        self.help.show()

    # ------------------------------------------------------------------------------ judging

    @property
    def problem(self) -> Problem | None:
        """What the rules say against what stands there."""
        return self._problem

    def judge(self) -> None:
        """Ask the rules about what stands there and show what they say."""
        if self._pause is not None:
            self._pause.stop()
        value = self.editor.value()
        _, found = check_value(self.spec, value, self._hollow, self.overriding)
        self._problem = found[0] if found else None
        if self._problem is None and value is None and self.baseline is not None:
            self._problem = self._emptied()
        self._show()

    def _judge_soon(self) -> None:
        if self._pause is None:
            self._pause = QTimer(self)
            self._pause.setSingleShot(True)
            self._pause.setInterval(_PAUSE_MS)
            self._pause.timeout.connect(self.judge)
        self._pause.start()

    def _emptied(self) -> Problem | None:
        if self.spec.event is None:
            return None
        words = f"“{self.spec.label}”已经登记，不能清空；没有发生的，请在历史中撤回。"
        return Problem(self.spec.label, words)

    def _show(self) -> None:
        problem = self._problem
        hollow = problem is not None and bool(problem.data.get("hollow"))
        if hollow or self._override is not None:
            typed = self._reason is not None and self._reason.isVisibleTo(self)
            self.override.setVisible(hollow and not typed)
        if problem is not None:
            self._say(problem.sentence, "bad")
            if problem.data.get("hollow"):
                self.message.setToolTip(str(problem.data.get("cite", "")))
        elif self.editor.side is not None:
            self._say("", "muted")
        else:
            self._say(self.editor.hint(), "muted")
        if self.editor.side is not None:
            self.editor.side.setText(self.editor.hint() if problem is None else "")

    def refuse(self, sentence: str) -> None:
        """Show a refusal that came with saving."""
        self._say(sentence, "bad")

    def _say(self, words: str, tone: str) -> None:
        if not words and self._message is None:
            return
        self.message.set_tone(tone)
        self.message.setText(words)
        show_if(self.message, bool(words))

    def _edited(self) -> None:
        # Faults are told once typing pauses; that one is mended is told at once.
        value = self.editor.value()
        _, found = check_value(self.spec, value, self._hollow, self.overriding)
        if found:
            self._judge_soon()
        else:
            self.judge()
        if self._reason is not None and (value is None or not self.overriding):
            self._reason.hide()
        self.changed.emit()

    def _ask_reason(self) -> None:
        self.reason.show()
        self.reason.setFocus()
        self.override.hide()
        self.changed.emit()

    def _reason_typed(self, text: str) -> None:
        if len(text.strip()) >= MIN_OVERRIDE:
            self.judge()
        else:
            self._judge_soon()
        self.changed.emit()

    def put_override(self, reason: str) -> None:
        """Show a reason that a draft kept."""
        self.reason.setText(reason)
        self.reason.show()
        self.judge()

    def _want_correction(self) -> None:
        if self._recorded is not None:
            self.correction_wanted.emit(self._recorded)

    def focus(self) -> None:
        """Put the cursor here."""
        self.editor.setFocus()
