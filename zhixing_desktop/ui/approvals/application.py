"""One application in full: the officer's words, what the guideline says, how the case stands."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import work
from zhixing_desktop.services.application_view import LEVELS, LOCAL, ApplicationDetail
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.fact_words import OUTCOMES, when_words
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.approvals.outside import OutsideDialog
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.forms.editor import LongEditor
from zhixing_desktop.ui.forms.parts import Box, Link, Mark, Words
from zhixing_desktop.ui.node_panel.pieces import StateBadge
from zhixing_desktop.workflow.errors import InputRefusedError, ZhixingError

DECISIONS = (
    ("granted", "批准(&A)", "Ctrl+1"),
    ("refused", "不批准(&N)", "Ctrl+2"),
    ("returned", "退回(&B)", "Ctrl+3"),
)


class ApplicationPane(QWidget):
    """``decided`` after a decision; ``case_requested`` with case and node."""

    decided = Signal()
    case_requested = Signal(int, int)

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: Callable[[], Actor],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._bureau, self._bridge, self._actor_of = bureau, bridge, actor_of
        self.detail: ApplicationDetail | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 0, 0, 0)
        self.area = QScrollArea(self)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        box.addWidget(self.area, 1)
        self.decision = QWidget(self)
        line = QVBoxLayout(self.decision)
        line.setContentsMargins(0, 0, 0, 0)
        self.reason = LongEditor("决定的理由")
        self.reason.area.lines = (2, 6)
        self.reason.setAccessibleName("决定的理由")
        line.addWidget(self.reason)
        row = QHBoxLayout()
        self.buttons: dict[str, QPushButton] = {}
        for outcome, words, keys in DECISIONS:
            button = QPushButton(words, self)
            button.setAutoDefault(False)
            button.setToolTip(keys)
            button.setProperty("outcome", outcome)
            button.clicked.connect(self._clicked)
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(button.click)
            row.addWidget(button)
            self.buttons[outcome] = button
        row.addStretch(1)
        self.outside = QPushButton("登记上级决定…", self)
        self.outside.setAutoDefault(False)
        self.outside.setToolTip("登记有权法院对这件申请的决定，或者转报情况")
        self.outside.clicked.connect(self.register_outside)
        row.addWidget(self.outside)
        line.addLayout(row)
        box.addWidget(self.decision)
        self.refusal = Box("loud", self)
        inner = QVBoxLayout(self.refusal)
        self.refusal_words = Words(tone="bad")
        inner.addWidget(self.refusal_words)
        self.refusal.hide()
        box.addWidget(self.refusal)
        self.show_nothing("")

    def show_nothing(self, words: str) -> None:
        """Show no application."""
        self.detail = None
        self.decision.hide()
        self.refusal.hide()
        self.area.setWidget(Words(words, tone="muted"))

    def show_detail(self, detail: ApplicationDetail) -> None:
        """Show an application; what was typed as a reason stays when it is the same one."""
        same = self.detail is not None and self._place(self.detail) == self._place(detail)
        self.detail = detail
        if not same:
            self.reason.set_value(None)
            self.refusal.hide()
        self.area.setWidget(self._content(detail))
        self.decision.setVisible(detail.row.application.status == "pending")
        self.outside.setVisible(detail.row.application.level != LOCAL)

    def _place(self, detail: ApplicationDetail) -> tuple[int, int]:
        return detail.row.application.case_id, detail.row.application.request

    def _content(self, detail: ApplicationDetail) -> QWidget:
        entry, node = detail.row.application, detail.node
        content = QWidget()
        box = QVBoxLayout(content)
        box.setContentsMargins(0, 0, 8, 0)
        box.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(Words(f"{detail.row.matter}　{entry.case_no}", bold=True, scale=1.15), 1)
        head.addWidget(StateBadge(node.state))
        box.addLayout(head)
        box.addWidget(Words(entry.parties, tone="muted"))
        link = Link(f"节点{entry.node}　{entry.node_name}　{detail.subject}")
        link.clicked.connect(self._go)
        box.addWidget(link)
        state = f"案件状态：{detail.case_state}；承办人：{detail.officer or '未定'}"
        box.addWidget(Words(state))
        if node.freeze is not None:
            since = when_words(node.freeze.frozen_at)
            box.addWidget(Words(f"{since}起冻结：{node.freeze_words}", tone="bad"))
            box.addWidget(Words(f"依据　{node.freeze.cite.words()}", tone="muted"))
        self._words_of_officer(box, detail)
        self._rule(box, detail)
        self._decisions(box, detail)
        box.addStretch(1)
        return content

    def _words_of_officer(self, box: QVBoxLayout, detail: ApplicationDetail) -> None:
        entry = detail.row.application
        box.addSpacing(6)
        box.addWidget(Mark("申请", bold=True))
        stamp = f"{entry.requested_at:%Y-%m-%d %H:%M}　{entry.requested_by}"
        box.addWidget(Words(stamp, tone="muted"))
        box.addWidget(Words(entry.reason))
        for label, words in detail.asked:
            box.addWidget(Words(f"{label}：{words}"))

    def _rule(self, box: QVBoxLayout, detail: ApplicationDetail) -> None:
        rule = detail.rule
        if rule is None:
            return
        box.addSpacing(6)
        box.addWidget(Mark("由谁决定", bold=True))
        box.addWidget(Words(rule.words))
        box.addWidget(Words(f"依据　{rule.cite.words()}", tone="muted"))
        if rule.level != LOCAL:
            level = LEVELS.get(rule.level, rule.level)
            words = f"这件申请须报{level}决定，本院只能登记并转报，不能代为决定。"
            box.addWidget(Words(words, tone="bad"))

    def _decisions(self, box: QVBoxLayout, detail: ApplicationDetail) -> None:
        steps = detail.view.steps if detail.view is not None else ()
        if not steps:
            return
        box.addSpacing(6)
        box.addWidget(Mark("决定", bold=True))
        for step in steps:
            outcome = OUTCOMES.get(str(step.get("outcome")), "")
            who = f"{step.get('authority') or step.get('role', '')}　{step.get('by', '')}"
            box.addWidget(Words(f"{who}　{outcome}：{step.get('reason', '')}"))
            if step.get("document"):
                paper = f"文号：{step['document']}；由{step.get('registered_by', '')}登记"
                box.addWidget(Words(paper, tone="muted"))
        when = detail.view.decided_at if detail.view is not None else None
        if when is not None:
            box.addWidget(Words(when_words(when), tone="muted"))

    def _go(self) -> None:
        if self.detail is not None:
            entry = self.detail.row.application
            self.case_requested.emit(entry.case_id, entry.node)

    # ------------------------------------------------------------------------------ deciding

    def _clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, QPushButton):
            self.decide(str(sender.property("outcome")))

    def decide(self, outcome: str) -> None:
        """Decide with the reason that stands there."""
        if self.detail is None or not self.decision.isVisibleTo(self):
            return
        reason = str(self.reason.value() or "")
        if not reason:
            self._refuse("请写明决定的理由。")
            self.reason.setFocus()
            return
        entry, bureau, actor = self.detail.row.application, self._bureau, self._actor_of()
        self._enable(False)
        self._bridge.write(
            self,
            lambda: work.decide_approval(
                bureau, actor, entry.case_id, entry.request, outcome, reason
            ),
            self._done,
            self._refused,
        )

    def register_outside(self) -> None:
        """Open the dialog that enters a superior court's decision."""
        if self.detail is None:
            return
        dialog = OutsideDialog(self._bureau, self._bridge, self._actor_of, self.detail, self)
        dialog.done_well.connect(self._registered)
        dialog.open()

    def _registered(self, _outcome: object) -> None:
        self.decided.emit()

    def _enable(self, on: bool) -> None:
        for button in self.buttons.values():
            button.setEnabled(on)

    def _done(self, _outcome: object) -> None:
        self._enable(True)
        self.reason.set_value(None)
        self.refusal.hide()
        if self.detail is not None:
            case_id = self.detail.row.application.case_id
            self._bridge.announce(Changes(frozenset({case_id})))
        self.decided.emit()

    def _refused(self, error: Exception) -> None:
        self._enable(True)
        if isinstance(error, InputRefusedError) and error.problems:
            self._refuse("\n".join(p.sentence for p in error.problems))
        elif isinstance(error, ZhixingError):
            cite = f"\n依据　{error.cite.words()}" if error.cite is not None else ""
            self._refuse(f"{error.sentence}{cite}")
        else:
            messages.show_error(self, error)

    def _refuse(self, words: str) -> None:
        self.refusal_words.setText(words)
        self.refusal.show()
