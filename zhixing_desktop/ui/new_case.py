"""The dialog for a new case: all problems are said at once, nothing typed is lost.

What was typed survives a crash: it is kept as the draft of case 0 of the person who typed it.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import case_list, cases, drafts, people
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.drafts import Draft
from zhixing_desktop.services.people import Person
from zhixing_desktop.services.steps import Outcome
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.new_case_form import NewCaseForm
from zhixing_desktop.ui.note_label import NoteLabel
from zhixing_desktop.workflow.errors import InputRefusedError, Problem

DRAFT_DELAY_MS = 700


class NewCaseDialog(QDialog):
    """Registers a case; ``registered`` carries its row number and 案号."""

    help_page = "new-case"
    registered = Signal(int, str)

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor: Actor, *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._bureau = bureau
        self._bridge = bridge
        self._actor = actor
        self._warned: tuple[str, ...] = ()
        self._saving = False
        self.setWindowTitle("新收案件")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.form = NewCaseForm()
        self.problems = NoteLabel(self)
        self.restored = QFrame(self)
        self.restored_words = QLabel(self.restored)
        self.clear = QPushButton("清空重填", self.restored)
        self.clear.setAutoDefault(False)
        self.buttons = QDialogButtonBox(self)
        self.save = self.buttons.addButton("登记", QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.addButton("取消", QDialogButtonBox.ButtonRole.RejectRole)
        self.save.setEnabled(False)
        self.save.setDefault(True)
        self._lay_out()
        self._draft_timer = QTimer(self)
        self._draft_timer.setSingleShot(True)
        self._draft_timer.setInterval(DRAFT_DELAY_MS)
        self._draft_timer.timeout.connect(self._keep_draft)
        self.form.number_typed.connect(self._look_up)
        self.clear.clicked.connect(self._on_clear)
        self.buttons.accepted.connect(self.try_save)
        self.buttons.rejected.connect(self.reject)
        self._bridge.read(self, self._read_start, self._begin, self._refused)

    def _lay_out(self) -> None:
        banner = QHBoxLayout(self.restored)
        banner.setContentsMargins(0, 0, 0, 0)
        banner.addWidget(self.restored_words, 1)
        banner.addWidget(self.clear)
        self.restored.hide()
        area = QScrollArea(self)
        area.setWidget(self.form)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        layout = QVBoxLayout(self)
        layout.addWidget(self.restored)
        layout.addWidget(area, 1)
        layout.addWidget(self.problems)
        layout.addWidget(self.buttons)
        em = self.fontMetrics().horizontalAdvance("案")
        room = self.screen().availableGeometry()
        self.resize(min(em * 66, room.width() - em * 2), min(em * 42, room.height() - em * 4))

    # ----------------------------------------------------------------------------------- starting

    def _read_start(self) -> tuple[Sequence[Person], Draft | None]:
        draft = drafts.load_draft(self._bureau, self._actor, 0, None)
        return people.all_people(self._bureau), draft

    def _begin(self, found: tuple[Sequence[Person], Draft | None]) -> None:
        everybody, draft = found
        self.form.offer_people(everybody, self._actor.name)
        if draft is not None and draft.body:
            self.form.fill(draft.body)
            at = draft.saved_at
            self.restored_words.setText(f"已恢复{at.month}月{at.day}日{at:%H:%M}没有登记完的内容。")
            self.restored.show()
        # From here on what changes was typed by a person.
        self.form.changed.connect(self._on_edit)
        self.save.setEnabled(True)
        self.form.case_no.setFocus()

    def _on_edit(self) -> None:
        self._warned = ()
        self.save.setText("登记")
        self.problems.say("")
        self._draft_timer.start()

    def _look_up(self, wanted: str) -> None:
        query = case_list.CaseQuery(search=wanted, limit=5)

        def show(found: Sequence[case_list.CaseLine]) -> None:
            if any(line.case_no == wanted for line in found):
                self.form.refuse_number(wanted)

        self._bridge.read(self, lambda: case_list.page(self._bureau, self._actor, query), show)

    # ------------------------------------------------------------------------------------- saving

    def try_save(self) -> None:
        """Register the case, or say everything that is in the way."""
        if self._saving:
            return
        found = self.form.all_problems()
        sentences = tuple(problem.sentence for problem in found)
        errors = sum(problem.severity == "error" for problem in found)
        if errors or (found and sentences != self._warned):
            self._say_all(found, errors)
            self._warned = () if errors else sentences
            return
        self._set_saving(saving=True)
        self._draft_timer.stop()
        bureau, actor, new = self._bureau, self._actor, self.form.value()[0]

        def register() -> Outcome:
            outcome = cases.register(bureau, actor, new)
            drafts.drop_draft(bureau, actor, 0, None)
            return outcome

        self._bridge.write(self, register, self._saved, self._refused)

    def _say_all(self, found: Sequence[Problem], errors: int) -> None:
        if errors:
            head = f"还有{errors}处需要改正，案件没有登记："
        else:
            head = "请核对下列提醒；确认无误的，再按一次“仍然登记”："
            self.save.setText("仍然登记")
        lines = [f"　· {messages.problem_words(problem)}" for problem in found]
        self.problems.say("\n".join((head, *lines)), "error" if errors else "warning")

    def _set_saving(self, *, saving: bool) -> None:
        self._saving = saving
        self.save.setEnabled(not saving)
        self.save.setText("正在登记……" if saving else "登记")

    def _saved(self, outcome: Outcome) -> None:
        self.registered.emit(outcome.case_id, outcome.case_no)
        self.accept()

    def _refused(self, error: Exception) -> None:
        self._set_saving(saving=False)
        if isinstance(error, InputRefusedError):
            more = [p.sentence for p in error.problems if p.sentence not in error.sentence]
            self.problems.say("\n　· ".join((error.sentence, *more)), "error")
        else:
            messages.show_error(self, error)
        self._draft_timer.start()

    # ------------------------------------------------------------------------------------- drafts

    def _keep_draft(self) -> None:
        bureau, actor, body = self._bureau, self._actor, self.form.body()
        if self._saving or self.form.is_empty():
            return
        self._bridge.write(
            self, lambda: drafts.save_draft(bureau, actor, 0, None, body), _nothing_more
        )

    def flush_draft(self) -> None:
        """Keep at once what waits to be kept: the dialog is about to go, or to be hidden."""
        if self._draft_timer.isActive():
            self._draft_timer.stop()
            self._keep_draft()

    def _drop_draft(self) -> None:
        bureau, actor = self._bureau, self._actor
        self._draft_timer.stop()
        self._bridge.write(self, lambda: drafts.drop_draft(bureau, actor, 0, None), _nothing_more)

    def _on_clear(self) -> None:
        self.form.fill({"officer": self._actor.name})
        self._drop_draft()
        self.restored.hide()
        self.form.case_no.setFocus()

    def reject(self) -> None:
        """Close; ask what becomes of what was typed."""
        if self._saving:
            return
        if self.form.is_empty():
            self._drop_draft()
            super().reject()
            return
        messages.choose(
            self,
            "新收案件",
            "案件还没有登记。已经填写的内容怎么处理？",
            (("保留，下次接着填", self._leave_kept), ("不保留", self._leave_dropped)),
        )

    def _leave_kept(self) -> None:
        self._keep_draft()
        super().reject()

    def _leave_dropped(self) -> None:
        self._drop_draft()
        super().reject()


def _nothing_more(_result: object) -> None:
    """A draft is kept or dropped silently."""
