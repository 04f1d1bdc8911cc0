"""Small dialogs that ask for a reason: correcting, withdrawing, applying for a decision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from zhixing_desktop.services import cases, work
from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.fact_words import fact_title, fact_words
from zhixing_desktop.services.node_saving import Place
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.forms.dates import DateEditor, MomentEditor
from zhixing_desktop.ui.forms.editor import LongEditor
from zhixing_desktop.ui.forms.parts import Mark, Words, em, fit_height
from zhixing_desktop.workflow.errors import InputRefusedError, ZhixingError
from zhixing_desktop.workflow.facts import Fact

MIN_REASON = 4


class ReasonDialog(QDialog):
    """Words above, a reason below, one button that acts; a refusal leaves everything as it is."""

    help_page = "node"
    done_well = Signal(object)

    def __init__(
        self, title: str, button: str, paragraphs: Sequence[tuple[str, str]], parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.box = QVBoxLayout(self)
        self.box.setSpacing(8)
        for words, tone in paragraphs:
            self.box.addWidget(Words(words, tone=tone))
        self.extra = QVBoxLayout()
        self.box.addLayout(self.extra)
        self.reason = LongEditor("请写明理由（至少四个字）")
        self.reason.setAccessibleName("理由")
        self.reason.edited.connect(self._typed)
        self.box.addWidget(Mark("理由", bold=True))
        self.box.addWidget(self.reason)
        self.problem = Words(tone="bad")
        self.problem.hide()
        self.box.addWidget(self.problem)
        self.box.addStretch(1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        self.act = QPushButton(button, self)
        self.cancel = QPushButton("取消", self)
        for entry in (self.act, self.cancel):
            entry.setAutoDefault(False)
            foot.addWidget(entry)
        self.act.setToolTip("Ctrl+Enter")
        self.act.clicked.connect(self.submit)
        self.cancel.clicked.connect(self.reject)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.submit)
        self.box.addLayout(foot)
        self.setMinimumWidth(em(self, 40))
        self.reason.setFocus()

    def words(self) -> str:
        """Return the reason as typed."""
        return str(self.reason.value() or "")

    def _typed(self) -> None:
        if len(self.words()) >= MIN_REASON:
            self.problem.hide()

    def refuse(self, sentence: str) -> None:
        """Show why it was refused."""
        self.problem.setText(sentence)
        self.problem.show()
        fit_height(self)

    def submit(self) -> None:
        """Act, when there is a reason."""
        if not self.act.isEnabled():
            return
        if len(self.words()) < MIN_REASON:
            self.refuse("请写明理由，至少四个字。")
            self.reason.setFocus()
            return
        self.send(self.words())

    def send(self, reason: str) -> None:
        """Do what the dialog is for."""
        raise NotImplementedError

    def run(self, bridge: Bridge, case_id: int, job: Callable[[], Any]) -> None:
        """Run a writing job; close when it went well, show the refusal when not."""
        self.act.setEnabled(False)
        self._bridge, self._case_id = bridge, case_id
        bridge.write(self, job, self._well, self._badly)

    def _well(self, result: Any) -> None:
        self._bridge.announce(Changes(frozenset({self._case_id})))
        self.done_well.emit(result)
        self.accept()

    def _badly(self, error: Exception) -> None:
        self.act.setEnabled(True)
        if isinstance(error, InputRefusedError) and error.problems:
            self.refuse("\n".join(dict.fromkeys(p.sentence for p in error.problems)))
        elif isinstance(error, ZhixingError):
            cite = f"\n依据　{error.cite.words()}" if error.cite is not None else ""
            self.refuse(f"{error.sentence}{cite}")
        else:
            messages.show_error(self, error)


def _fact(case: CaseDetail, seq: int) -> Fact:
    return next(fact for fact in case.facts if fact.seq == seq)


def _described(case: CaseDetail, fact: Fact) -> str:
    book, names = case.context.rulebook, case.context.index.name_of
    return f"{fact_title(book, names, fact)}　{fact_words(book, names, fact)}"


class CorrectDialog(ReasonDialog):
    """A recorded day was wrong: the right one and why; the old one stays in the history."""

    help_page = "journal"
    corrected = Signal(object)

    def __init__(
        self,
        bridge: Bridge,
        place: Place,
        case: CaseDetail,
        seq: int,
        parent: QWidget | None = None,
    ) -> None:
        fact = _fact(case, seq)
        known = f"{fact.entered_at:%Y-%m-%d %H:%M} 由{fact.entered_by}登记"
        super().__init__(
            "更正",
            "更正",
            [
                (_described(case, fact), "plain"),
                (f"{known}。更正是一条新的记录，原来的记录保留在历史和日志中。", "muted"),
            ],
            parent,
        )
        self._bridge_, self._place, self._seq = bridge, place, seq
        event = case.context.rulebook.events.get(fact.kind)
        exact = event.precision == "moment" if event is not None else bool(fact.happened_at.hour)
        now = case.context.now
        self.day: DateEditor = MomentEditor(now) if exact else DateEditor(now)
        self.day.set_value(
            fact.happened_at.isoformat() if exact else f"{fact.happened_at:%Y-%m-%d}"
        )
        self.day.setAccessibleName("正确的日期")
        line = QHBoxLayout()
        line.addWidget(Mark("正确的日期", bold=True))
        line.addWidget(self.day, 1)
        self.extra.addLayout(line)
        self.done_well.connect(self.corrected)

    def send(self, reason: str) -> None:
        """Correct the fact."""
        moment = self.day.moment()
        if moment is None:
            self.refuse("请填写正确的日期，例如 2024-03-05。")
            self.day.setFocus()
            return
        self.run(self._bridge_, self._place.case_id, lambda: self._job(moment, reason))

    def _job(self, moment: datetime, reason: str) -> CaseDetail:
        place = self._place
        work.correct_fact(
            place.bureau, place.actor, place.case_id, self._seq, at=moment, reason=reason
        )
        return cases.detail(place.bureau, place.actor, place.case_id)


class WithdrawDialog(ReasonDialog):
    """A recorded fact never happened."""

    help_page = "journal"

    def __init__(
        self,
        bridge: Bridge,
        place: Place,
        case: CaseDetail,
        seq: int,
        parent: QWidget | None = None,
    ) -> None:
        fact = _fact(case, seq)
        super().__init__(
            "撤回",
            "撤回",
            [
                (_described(case, fact), "plain"),
                ("撤回后这条记录不再作数，但是保留在历史和日志中。", "muted"),
            ],
            parent,
        )
        self._bridge_, self._place, self._seq = bridge, place, seq

    def send(self, reason: str) -> None:
        """Withdraw the fact."""
        place, seq = self._place, self._seq
        self.run(
            self._bridge_,
            place.case_id,
            lambda: work.withdraw_fact(
                place.bureau, place.actor, place.case_id, seq, reason=reason
            ),
        )


class RequestDialog(ReasonDialog):
    """An application for a decision: what, who decides, in the guideline's words, and why."""

    help_page = "approvals"

    def __init__(
        self,
        bridge: Bridge,
        place: Place,
        matter: str,
        *,
        title: str,
        paragraphs: Sequence[tuple[str, str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, "提出申请", paragraphs, parent)
        self._bridge_, self._place, self._matter = bridge, place, matter

    def send(self, reason: str) -> None:
        """Apply."""
        place, matter = self._place, self._matter
        self.run(
            self._bridge_,
            place.case_id,
            lambda: work.request_approval(
                place.bureau, place.actor, place.case_id, place.key, matter, reason
            ),
        )
