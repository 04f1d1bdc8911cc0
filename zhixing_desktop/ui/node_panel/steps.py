"""What the node panel's buttons do: open a dialog, or run one step off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from zhixing_desktop.services import approvals, work
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.decision_sheet import DecisionSheet, decision_sheet
from zhixing_desktop.services.fact_words import matter_words, when_words
from zhixing_desktop.services.node_detail import ApprovalRow, NodeDetail
from zhixing_desktop.services.node_forms import next_subject
from zhixing_desktop.services.node_saving import Opening, Place, read_opening
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.forms.node_dialog import NodeDialog
from zhixing_desktop.ui.forms.reason_step import ReasonStepDialog
from zhixing_desktop.ui.forms.reasons import CorrectDialog, RequestDialog, WithdrawDialog
from zhixing_desktop.ui.forms.subject_dialog import SubjectDialog, draft_key
from zhixing_desktop.ui.node_panel.applications import returned_words
from zhixing_desktop.workflow.facts import ApprovalView
from zhixing_desktop.workflow.views import Key

UNFREEZE = "unfreeze"


class Steps(QObject):
    """``registered`` carries a new subject; ``dialog`` is the dialog opened last."""

    registered = Signal(str)

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor_of: Callable[[], Actor], window: QWidget
    ) -> None:
        super().__init__(window)
        self._bureau, self._bridge, self._actor_of, self._window = bureau, bridge, actor_of, window
        self.dialog: QDialog | None = None

    def _place(self, case: CaseDetail, key: Key) -> Place:
        return Place(self._bureau, self._actor_of(), case.id, key)

    def _open(self, dialog: QDialog) -> None:
        self.dialog = dialog
        dialog.destroyed.connect(self._forget)
        dialog.open()

    def _forget(self) -> None:
        self.dialog = None

    # --------------------------------------------------------------------------------- steps

    def start(self, case: CaseDetail, key: Key) -> None:
        """Start an on-demand node."""
        place = self._place(case, key)
        self._run(case, lambda: work.start_node(place.bureau, place.actor, case.id, key))

    def complete(self, case: CaseDetail, detail: NodeDetail) -> None:
        """Ask, then complete."""
        key = detail.key
        if key is None:
            return
        place = self._place(case, key)
        names = "、".join(f"节点{r.to}“{r.name}”" for r in detail.next if r.to is not None)
        messages.ask(
            self._window,
            "办结",
            f"办结节点{detail.spec.number}“{detail.spec.name}”？",
            lambda: self._run(
                case, lambda: work.complete_node(place.bureau, place.actor, case.id, key)
            ),
            yes_words="办结",
            below=f"办结后可以流转：{names}" if names else "",
        )

    def _run(self, case: CaseDetail, job: Callable[[], Any]) -> None:
        bridge, case_id = self._bridge, case.id
        bridge.write(
            self, job, lambda _: bridge.announce(Changes(frozenset({case_id}))), self._refused
        )

    def _refused(self, error: Exception) -> None:
        messages.show_error(self._window, error)
        # What the panel shows may be older than what refused.
        self._bridge.announce(Changes(lists=False))

    # ------------------------------------------------------------------------------- dialogs

    def work(self, case: CaseDetail, key: Key, where: str = "") -> None:
        """Open the dialog of an instance, at a place in it."""
        if self.dialog is not None:
            self.dialog.raise_()
            return
        place = self._place(case, key)

        def opened(opening: Opening) -> None:
            if self.dialog is not None:
                return
            dialog = NodeDialog(self._bridge, place, opening, self._window)
            self._open(dialog)
            if where:
                dialog.go_to(where)

        self._bridge.read(self, lambda: read_opening(place), opened, self._refused)

    def register(self, case: CaseDetail, kind: str) -> None:
        """Open the dialog for a new asset, clue or payment."""
        if self.dialog is not None:
            self.dialog.raise_()
            return
        place = self._place(case, draft_key(next_subject(case.context, kind)))

        def opened(opening: Opening) -> None:
            if self.dialog is not None:
                return
            dialog = SubjectDialog(self._bridge, place, opening, kind, self._window)
            dialog.registered.connect(self.registered)
            self._open(dialog)

        self._bridge.read(self, lambda: read_opening(place), opened, self._refused)

    def correct(self, case: CaseDetail, key: Key, seq: int) -> None:
        """Open the dialog that corrects a fact."""
        self._open(CorrectDialog(self._bridge, self._place(case, key), case, seq, self._window))

    def withdraw(self, case: CaseDetail, key: Key, seq: int) -> None:
        """Open the dialog that withdraws a fact."""
        self._open(WithdrawDialog(self._bridge, self._place(case, key), case, seq, self._window))

    def urge(self, case: CaseDetail, asked: ApprovalView) -> None:
        """Ask for the reason of a 催办."""
        words = [("每件申请每天最多催办一次，审批人会看到催办的次数和时间。", "muted")]
        self._with_reason(case, asked, ("催办", "催办"), words, approvals.urge_decision)

    def withdraw_application(self, case: CaseDetail, asked: ApprovalView) -> None:
        """Ask why the application is taken back."""
        words = [("还没有人决定的申请可以撤回；撤回的申请保留在记录中。", "muted")]
        act = approvals.withdraw_application
        self._with_reason(case, asked, ("撤回申请", "撤回"), words, act)

    def countermand(self, case: CaseDetail, asked: ApprovalView) -> None:
        """Ask why a decision is taken back."""
        words = [("撤销是一项新的决定，由作出原决定的人办理，原来的决定保留在记录中。", "muted")]
        act = approvals.countermand
        self._with_reason(case, asked, ("撤销原决定", "撤销"), words, act)

    def later_reply(self, case: CaseDetail, asked: ApprovalView) -> None:
        """Enter what a superior court wrote after its decision; the services say who may."""
        # With the papers of superior courts, which few need.
        from zhixing_desktop.ui.approvals.outside import ReplyDialog

        bureau, actor_of = self._bureau, self._actor_of
        actor = actor_of()

        def opened(sheet: DecisionSheet) -> None:
            self._open(ReplyDialog(bureau, self._bridge, actor_of, sheet, self._window))

        self._bridge.read(
            self, lambda: decision_sheet(bureau, actor, case.id, asked.seq), opened, self._refused
        )

    def _with_reason(
        self,
        case: CaseDetail,
        asked: ApprovalView,
        names: tuple[str, str],
        words: list[tuple[str, str]],
        act: Callable[[Bureau, Actor, int, int, str], Any],
    ) -> None:
        bureau, actor = self._bureau, self._actor_of()
        matter = matter_words(case.context.rulebook, asked.node, asked.matter)
        asked_words = f"{when_words(asked.requested_at)} {asked.requested_by}申请：{asked.reason}"
        self._open(
            ReasonStepDialog(
                self._bridge,
                case.id,
                *names,
                [(f"{case.case_no}　{matter}", "plain"), (asked_words, "plain"), *words],
                lambda reason: act(bureau, actor, case.id, asked.seq, reason),
                self._window,
            )
        )

    def unfreeze(self, case: CaseDetail, detail: NodeDetail) -> None:
        """Open the application to unfreeze."""
        freeze, key = detail.freeze, detail.key
        if freeze is None or key is None:
            return
        words = [
            (f"节点{detail.spec.number}“{detail.spec.name}”，{detail.label}", "plain"),
            (f"{detail.freeze_words}，{when_words(freeze.frozen_at)}起冻结。", "plain"),
            (f"解冻{freeze.unfreeze.words}。", "plain"),
            (f"依据　{freeze.unfreeze.cite.words()}", "muted"),
            *returned_words(detail.unfreezing),
        ]
        self._open(
            RequestDialog(
                self._bridge,
                self._place(case, key),
                UNFREEZE,
                title="申请解冻",
                paragraphs=words,
                parent=self._window,
            )
        )

    def apply(self, case: CaseDetail, detail: NodeDetail) -> None:
        """Open the application for one of the node's decisions."""
        rows = [r for r in detail.approvals if r.latest is None or r.latest.status != "pending"]
        if len(rows) == 1:
            self._apply(case, detail, rows[0])
        elif rows:
            messages.choose(
                self._window,
                "申请审批",
                "申请哪一项审批？",
                [(row.spec.label, partial(self._apply, case, detail, row)) for row in rows],
            )

    def _apply(self, case: CaseDetail, detail: NodeDetail, row: ApprovalRow) -> None:
        key = detail.key
        if key is None:
            return
        words = [
            (f"节点{detail.spec.number}“{detail.spec.name}”，{detail.label}", "plain"),
            (f"{row.spec.label}{row.words}。", "plain"),
            (f"依据　{row.spec.cite.words()}", "muted"),
            *returned_words(row.latest),
        ]
        self._open(
            RequestDialog(
                self._bridge,
                self._place(case, key),
                row.spec.matter,
                title=row.spec.label,
                paragraphs=words,
                parent=self._window,
            )
        )
