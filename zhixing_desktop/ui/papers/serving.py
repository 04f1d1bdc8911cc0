"""What is entered of an issued paper's service: a new one, its result, withdrawn; its scan."""

from __future__ import annotations

from PySide6.QtCore import QObject

from zhixing_desktop.services import cases, paper_serving
from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.paper_types import Served, ServiceLine
from zhixing_desktop.ui.forms.reason_step import ReasonStepDialog
from zhixing_desktop.ui.papers.issued_side import IssuedSide
from zhixing_desktop.ui.papers.open_paper import OpenPaper
from zhixing_desktop.ui.papers.proof_window import ProofWindow
from zhixing_desktop.ui.papers.service_dialog import ServiceDialog


class Serving(QObject):
    """Acts on what ``side`` shows, and shows there what came of it."""

    def __init__(self, paper: OpenPaper, side: IssuedSide) -> None:
        super().__init__(paper)
        self._paper, self._side = paper, side
        side.complete_wanted.connect(self.ask)
        side.withdraw_wanted.connect(self._withdraw)
        side.proof_wanted.connect(self.show_proof)

    def ask(self, before: ServiceLine | None = None) -> None:
        """Open the dialog of a service, or of the result of one that has none yet."""
        paper = self._paper
        line = paper.line
        if line is None or paper.opening is None or paper.busy:
            return
        bureau, actor = paper.bureau, paper.actor

        def opened(case: CaseDetail) -> None:
            dialog = ServiceDialog(
                bureau, paper.bridge, paper.actor_of, line, case, before, paper.window
            )
            dialog.done_well.connect(self._on_served)
            paper.show_step(dialog)

        # Read anew: it may be another day than when this window was opened.
        paper.read(lambda: cases.detail(bureau, actor, line.case_id), opened)

    def _on_served(self, served: tuple[Served, ...]) -> None:
        line = self._paper.line
        mine = [one for one in served if line is not None and one.paper.id == line.id]
        if mine:
            self._paper.take(mine[-1].paper)
        self._side.tell(tuple(dict.fromkeys(note for one in served for note in one.notes)))

    def show_proof(self, service: ServiceLine) -> ProofWindow:
        """Open the scan of what was signed."""
        paper = self._paper
        assert paper.line is not None
        window = ProofWindow(
            paper.bureau, paper.bridge, paper.actor, paper.line, service, paper.window
        )
        window.show()
        return window

    def _withdraw(self, service: ServiceLine) -> None:
        paper = self._paper
        line = paper.line
        if line is None:
            return
        bureau, actor = paper.bureau, paper.actor
        dialog = ReasonStepDialog(
            paper.bridge,
            line.case_id,
            "撤回送达登记",
            "撤回",
            [
                (f"《{line.name}》{line.number}，{service.recipient}", "plain"),
                ("登记保留在记录中，不再作数；节点上由此登记的日期请在节点的历史中更正。", "muted"),
            ],
            lambda reason: paper_serving.withdraw_service(
                bureau, actor, service.id, reason, version=service.version
            ),
            paper.window,
        )
        dialog.done_well.connect(paper.take)
        dialog.open()
