"""What makes of a paper an issued one, a void one, a new one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from PySide6.QtCore import QObject, Signal

from zhixing_desktop.services import cases, paper_drafts, paper_issuing, paper_voiding, papers
from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.paper_types import DRAFT, Issued, PaperLine, Preview
from zhixing_desktop.ui.forms.reason_step import ReasonStepDialog
from zhixing_desktop.ui.papers.drafting import Drafting, kept
from zhixing_desktop.ui.papers.issue_dialog import IssueDialog
from zhixing_desktop.ui.papers.open_paper import OpenPaper
from zhixing_desktop.ui.papers.words import about


class Issuing(QObject):
    """``issued`` carries :class:`Issued`, ``voided`` the line, ``remade`` the new paper's number;
    ``begun`` that the last look is about to be opened."""

    begun = Signal()
    issued = Signal(object)
    voided = Signal(object)
    remade = Signal(int)

    def __init__(self, paper: OpenPaper, drafting: Drafting) -> None:
        super().__init__(paper)
        self._paper, self._drafting = paper, drafting

    def ask_issue(self) -> None:
        """Open the last look before the paper is issued, with today's day and number."""
        paper = self._paper
        if paper.busy or paper.preview is None or paper.opening is None:
            return
        self.begun.emit()
        bureau, actor, case_id = paper.bureau, paper.actor, paper.opening.case.id
        preview = self._drafting.preview_job()

        def job() -> tuple[CaseDetail, Preview]:
            return cases.detail(bureau, actor, case_id), preview()

        paper.read(job, lambda found: self._open_issue(*found))

    def _open_issue(self, case: CaseDetail, preview: Preview) -> None:
        paper = self._paper
        bureau, actor, wish, line = paper.bureau, paper.actor, self._drafting.wish(), paper.line
        unsaved = self._drafting.unsaved

        def issue(day: date) -> Issued:
            nonlocal line, unsaved
            if line is None:
                return paper_issuing.issue(bureau, actor, replace(wish, day=day))
            if unsaved:
                # Kept once, however often the issue itself is refused.
                line, unsaved = kept(bureau, actor, wish, line, day), False
            return paper_issuing.issue_draft(bureau, actor, line.id, day, version=line.version)

        dialog = IssueDialog(paper.bridge, preview, paper.about(), case.now, issue, paper.window)
        dialog.done_well.connect(self.issued)
        # What was kept before a refusal counts from now on.
        dialog.rejected.connect(self._after_refusal)
        paper.show_step(dialog)

    def _after_refusal(self) -> None:
        paper = self._paper
        line = paper.line
        if line is None:
            return
        bureau, actor = paper.bureau, paper.actor

        def there(found: PaperLine) -> None:
            paper.line = found

        paper.bridge.read(self, lambda: papers.paper(bureau, actor, line.id), there, lambda _: None)

    def make_again(self) -> None:
        """Make a void paper again, with its answers."""
        paper = self._paper
        line = paper.line
        if line is None or paper.busy:
            return
        bureau, actor = paper.bureau, paper.actor

        def made(fresh: PaperLine) -> None:
            paper.announce()
            self.remade.emit(fresh.id)

        paper.run(lambda: paper_drafts.again(bureau, actor, line.id), made)

    def ask_void(self) -> ReasonStepDialog | None:
        """Ask why the paper is made void."""
        paper = self._paper
        line = paper.line
        if line is None or paper.busy:
            return None
        bureau, actor = paper.bureau, paper.actor
        drafted = line.state == DRAFT
        told = (
            "删去的草稿保留在记录中，不再列为待签发。"
            if drafted
            else "作废后文号不再使用，文件保留备查；"
            "签发时在节点登记的内容有误的，请在节点的历史中更正。"
        )
        dialog = ReasonStepDialog(
            paper.bridge,
            line.case_id,
            "删去草稿" if drafted else "作废文书",
            "删去" if drafted else "作废",
            [(f"《{line.name}》{line.number}{about(line.about_words)}", "plain"), (told, "muted")],
            lambda reason: paper_voiding.void(bureau, actor, line.id, reason, version=line.version),
            paper.window,
        )
        dialog.done_well.connect(self.voided)
        dialog.open()
        return dialog
