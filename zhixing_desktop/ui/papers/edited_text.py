"""A paper's text that was edited in Word: taken back from its window, given up again."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from zhixing_desktop.services import paper_edited
from zhixing_desktop.services.paper_types import DRAFT, ISSUED, PaperLine
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.papers.drafting import Drafting
from zhixing_desktop.ui.papers.open_paper import OpenPaper


class EditedText(QObject):
    """``taken`` carries the number of the paper that has the edited text; ``dropped`` the line of
    a draft that has the form's own again."""

    taken = Signal(int)
    dropped = Signal(object)

    def __init__(self, paper: OpenPaper, drafting: Drafting) -> None:
        super().__init__(paper)
        self._paper, self._drafting = paper, drafting

    def ask_take_back(self) -> None:
        """Open the taking back of an edited file, at this paper; what was typed is kept first."""
        paper = self._paper
        if paper.line is None or paper.busy:
            return
        if self._drafting.unsaved and paper.state == DRAFT:
            self._drafting.save(self._open)
        else:
            self._open()

    def _open(self) -> None:
        # Nobody pays for reading Word files before one is taken back.
        from zhixing_desktop.ui.office.paper_take_back_dialog import TakeBackDialog

        paper = self._paper
        assert paper.line is not None
        dialog = TakeBackDialog(
            paper.bureau,
            paper.bridge,
            paper.actor_of,
            paper.line.case_id,
            paper.line.id,
            parent=paper.window,
        )
        dialog.taken.connect(self.taken)
        paper.show_step(dialog)

    def ask_drop(self) -> None:
        """Ask once more before the edited text is given up."""
        line = self._paper.line
        if line is None or not self._paper.edited or self._paper.busy:
            return
        messages.ask(
            self._paper.window,
            "放弃定稿",
            f"放弃《{line.name}》取回的定稿？",
            self._drop,
            yes_words="放弃定稿",
            below="草稿恢复为按填写项和案件信息制作；取回的 Word 保留在记录中。",
        )

    def _drop(self) -> None:
        paper = self._paper
        line = paper.line
        if line is None:
            return
        bureau, actor = paper.bureau, paper.actor

        def done(found: PaperLine) -> None:
            paper.announce()
            self.dropped.emit(found)

        paper.run(
            lambda: paper_edited.drop_edited(bureau, actor, line.id, version=line.version), done
        )


def can_take_back(line: PaperLine | None) -> bool:
    """Whether an edited file can become a paper's text: a draft, or issued and not served yet."""
    if line is None:
        return False
    unserved = all(service.withdrawn_by for service in line.services)
    return line.state == DRAFT or (line.state == ISSUED and unserved)
