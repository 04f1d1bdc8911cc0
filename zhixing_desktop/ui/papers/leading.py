"""From a gap to where its datum is entered: here, at a node, with the parties, in the settings."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from zhixing_desktop.services import cases
from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.node_saving import Place
from zhixing_desktop.ui.forms.reasons import RequestDialog
from zhixing_desktop.ui.node_panel.steps import Steps
from zhixing_desktop.ui.papers.goals import Goal, Where, goal_of
from zhixing_desktop.ui.papers.making_side import MakingSide
from zhixing_desktop.ui.papers.open_paper import OpenPaper
from zhixing_desktop.ui.papers.words import about
from zhixing_desktop.ui.parties_dialog import PartiesDialog
from zhixing_desktop.workflow.views import Key


class Leading(QObject):
    """``office_wanted`` names a window of the court's own data; ``pack_wanted`` carries case and
    案号; ``steps`` opens what is done at a node."""

    office_wanted = Signal(str)
    pack_wanted = Signal(int, str)

    def __init__(self, paper: OpenPaper, making: MakingSide) -> None:
        super().__init__(paper)
        self._paper, self._making = paper, making
        self.steps = Steps(paper.bureau, paper.bridge, paper.actor_of, paper.window)

    def go_to(self, source: str) -> None:
        """Lead to where a datum is entered, by its source (``documents.blocks.Gap``)."""
        paper = self._paper
        opening = paper.opening
        if self._making.go_to(source) or opening is None:
            return
        goal, case = goal_of(source), opening.case
        if source.startswith("application"):
            self.apply()
        elif goal.where is Where.NODE and goal.key is not None:
            self._work(case.id, goal)
        elif goal.where is Where.PARTIES:
            PartiesDialog(
                *(paper.bureau, paper.bridge, paper.actor, case.id),
                subject=goal.subject,
                parent=paper.window,
            ).open()
        elif goal.where in (Where.SETTINGS, Where.PEOPLE):
            self.office_wanted.emit(goal.where.value)
        elif goal.where is Where.PAPERS:
            self.pack_wanted.emit(case.id, case.case_no)
        else:
            self._making.refuse(self._nowhere(source))

    def _nowhere(self, source: str) -> str:
        preview = self._paper.preview
        gaps = preview.gaps if preview is not None else ()
        place = next((gap.place for gap in gaps if gap.source == source), "")
        return f"这一项在“{place}”中填写，不能从这里打开。"

    def _work(self, case_id: int, goal: Goal) -> None:
        """Open the dialog of a node over the window, at a field of it."""
        paper, key = self._paper, goal.key
        bureau, actor = paper.bureau, paper.actor
        assert key is not None

        def opened(case: CaseDetail) -> None:
            keys = [known for known in case.view.instances if known.node == key.node]
            fitting = [known for known in keys if known == key] or keys
            if fitting:
                self.steps.work(case, fitting[0], goal.field)
            else:
                self._making.refuse(f"节点{key.node}还没有启动，启动以后才能填写。")

        paper.bridge.read(
            self, lambda: cases.detail(bureau, actor, case_id), opened, paper.refused.emit
        )

    def apply(self) -> RequestDialog | None:
        """Open the application for the decision that the paper needs."""
        paper = self._paper
        preview, opening = paper.preview, paper.opening
        if preview is None or preview.approval is None or opening is None:
            return None
        approval = preview.approval
        key = Key(approval.node, approval.subject)
        words = [
            (f"《{preview.name}》{about(paper.about())}", "plain"),
            (f"节点{approval.node}　{approval.label}", "muted"),
        ]
        dialog = RequestDialog(
            paper.bridge,
            Place(paper.bureau, paper.actor, opening.case.id, key),
            approval.matter,
            title=approval.label,
            paragraphs=words,
            parent=paper.window,
        )
        dialog.open()
        return dialog
