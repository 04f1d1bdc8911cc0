"""How a paper leaves its window: to the print window, or as a file under its name."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog

from zhixing_desktop.services.paper_types import DRAFT, ISSUED, PDF_ENDING
from zhixing_desktop.ui.papers.drafting import Drafting
from zhixing_desktop.ui.papers.open_paper import OpenPaper
from zhixing_desktop.ui.papers.saving import write_draft, write_issued, write_kept
from zhixing_desktop.ui.papers.words import disk_name, whom_of


class Leaving(QObject):
    """``print_wanted`` carries a :class:`PaperLine`, for a draft a :class:`PaperWish`, in a tuple
    the papers of a 送达回证; ``exported`` the name of a file that is there now."""

    print_wanted = Signal(object)
    exported = Signal(str)

    def __init__(self, paper: OpenPaper, drafting: Drafting) -> None:
        super().__init__(paper)
        self._paper, self._drafting = paper, drafting

    def ask_print(self) -> None:
        """Ask for the print window: of the issued paper, or of the draft as it stands."""
        paper = self._paper
        if paper.line is not None and (paper.state == ISSUED or paper.edited):
            self.print_wanted.emit(paper.line)
        elif paper.preview is not None:
            self.print_wanted.emit(self._drafting.wish())

    def print_proof(self) -> None:
        """Ask for the 送达回证 of this paper."""
        if self._paper.line is not None:
            self.print_wanted.emit((self._paper.line,))

    def proposed_name(self, ending: str) -> str:
        """Return the name a file of this paper is saved under unless somebody types another."""
        paper = self._paper
        line, preview = paper.line, paper.preview
        case_no = paper.opening.case.case_no if paper.opening is not None else ""
        name = line.name if line is not None else preview.name if preview is not None else "文书"
        words = line.about_words if line is not None else paper.about()
        draft = "（草稿）" if paper.state == DRAFT else ""
        return disk_name(case_no, f"{name}{draft}", whom_of(words), ending)

    def ask_export(self, ending: str) -> QFileDialog:
        """Ask where to save the paper as a file."""
        pdf = ending == PDF_ENDING
        dialog = QFileDialog(self._paper.window, "导出 PDF" if pdf else "导出 Word")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(ending.lstrip("."))
        dialog.setNameFilter("PDF 文件 (*.pdf)" if pdf else "Word 文件 (*.docx)")
        # Nothing is written over: the service refuses, so the question would mislead.
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.selectFile(self.proposed_name(ending))
        dialog.fileSelected.connect(lambda name: self.export(Path(name), ending))
        dialog.open()
        return dialog

    def export(self, path: Path, ending: str) -> None:
        """Save the paper as a file; journalled before it is there."""
        paper = self._paper
        bureau, actor, line = paper.bureau, paper.actor, paper.line
        if line is not None and line.state != DRAFT:
            issued = line
            paper.run(lambda: write_issued(bureau, actor, issued, path, ending), self._exported)
        elif line is not None and paper.edited:
            edited = line
            paper.run(lambda: write_kept(bureau, actor, edited, path, ending), self._exported)
        elif paper.preview is not None:
            wish = self._drafting.wish()
            paper.run(lambda: write_draft(bureau, actor, wish, path, ending), self._exported)

    def _exported(self, path: Path) -> None:
        self.exported.emit(path.name)
