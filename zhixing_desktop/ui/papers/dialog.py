"""The window of one paper: its data on the left, its pages on the right, what is done below."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from zhixing_desktop.services import paper_serving, papers
from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.services.file_pages import FilePages
from zhixing_desktop.services.paper_types import (
    DOCX_ENDING,
    DRAFT,
    ISSUED,
    PDF_ENDING,
    Issued,
    PaperLine,
    PaperWish,
    Preview,
)
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.forms.making import Surroundings
from zhixing_desktop.ui.papers import reading
from zhixing_desktop.ui.papers.drafting import Drafting
from zhixing_desktop.ui.papers.edited_text import EditedText
from zhixing_desktop.ui.papers.frame import PaperFrame
from zhixing_desktop.ui.papers.issuing import Issuing
from zhixing_desktop.ui.papers.leading import Leading
from zhixing_desktop.ui.papers.leaving import Leaving
from zhixing_desktop.ui.papers.live_page import LivePage
from zhixing_desktop.ui.papers.open_paper import ActorOf, OpenPaper
from zhixing_desktop.ui.papers.reading import Opening, Shown
from zhixing_desktop.ui.papers.serving import Serving
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    StaleEditError,
    ZhixingError,
)


class PaperDialog(PaperFrame):
    """One paper, from nothing to served.

    What is done stands in its parts: ``drafting``, ``live``, ``issuing``, ``edited``, ``serving``,
    ``leaving``, ``leading``; ``paper`` is what they share.  ``office_wanted`` names a window of the
    court's own data (``settings``, ``people``); ``print_wanted`` carries a :class:`PaperLine`, for
    a draft a :class:`PaperWish`, in a tuple the papers of a 送达回证; ``pack_wanted`` case and
    案号, for all its papers; ``other_wanted`` the number of another paper to open.
    """

    office_wanted = Signal(str)
    pack_wanted = Signal(int, str)
    print_wanted = Signal(object)
    other_wanted = Signal(int)
    shown = Signal()
    """The page of what stands on the left is there."""

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: ActorOf,
        wanted: PaperWish | int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(bridge, parent)
        self.paper = OpenPaper(bureau, bridge, actor_of, self)
        self.drafting = Drafting(self.paper, self.making)
        self.live = LivePage(self.paper, self.drafting)
        self.issuing = Issuing(self.paper, self.drafting)
        self.edited = EditedText(self.paper, self.drafting)
        self.serving = Serving(self.paper, self.issued)
        self.leaving = Leaving(self.paper, self.drafting)
        self.leading = Leading(self.paper, self.making)
        self._connect_buttons()
        self._connect_parts()
        self.arm(self.paper)
        bridge.changed.connect(self._on_changes)
        self.page.clear("正在打开…")
        self._open(wanted)

    def _connect_buttons(self) -> None:
        export = self.leaving.ask_export
        acts: tuple[tuple[QPushButton, Callable[[], object]], ...] = (
            (self.keep, self.drafting.save),
            (self.issue, self.issuing.ask_issue),
            (self.serve, self.serving.ask),
            (self.proof, self.leaving.print_proof),
            (self.print, self.leaving.ask_print),
            (self.to_pdf, lambda: export(PDF_ENDING)),
            (self.to_word, lambda: export(DOCX_ENDING)),
            (self.take_back, self.edited.ask_take_back),
            (self.making.edited.drop, self.edited.ask_drop),
            (self.void, self.issuing.ask_void),
            (self.redo, self.issuing.make_again),
            (self.leave, self.close),
        )
        for button, act in acts:
            button.clicked.connect(lambda _on=False, act=act: act())
        for keys, button in (
            *(("Ctrl+S", self.keep), ("Ctrl+Return", self.issue)),
            *(("Ctrl+Enter", self.issue), ("Ctrl+P", self.print)),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(button.click)

    def _connect_parts(self) -> None:
        paper, making = self.paper, self.making
        paper.changed.connect(lambda: self.name(paper))
        paper.changed.connect(lambda: self.arm(paper))
        paper.line_taken.connect(self._on_line)
        paper.refused.connect(self._refused)
        making.changed.connect(self._typed)
        making.wanted.connect(self.leading.go_to)
        making.approval_wanted.connect(self.leading.apply)
        self.live.looked.connect(self._on_looked)
        self.live.refused.connect(self._tell)
        self.drafting.saved.connect(lambda: self.said.setText("草稿已保存"))
        self.drafting.outdated.connect(self._reload)
        self.issuing.begun.connect(self.live.stop)
        self.issuing.issued.connect(self._on_issued)
        self.issuing.voided.connect(self._on_void)
        self.issuing.remade.connect(self._on_remade)
        self.edited.taken.connect(self._on_taken_back)
        self.edited.dropped.connect(lambda _line: self._reload())
        self.leaving.print_wanted.connect(self.print_wanted)
        self.leaving.exported.connect(lambda name: self.said.setText(f"已导出：{name}"))
        self.leading.office_wanted.connect(self.office_wanted)
        self.leading.pack_wanted.connect(self.pack_wanted)

    # ------------------------------------------------------------------------------- opening

    def _open(self, wanted: PaperWish | int) -> None:
        bureau, actor = self.paper.bureau, self.paper.actor

        def job() -> Opening:
            if isinstance(wanted, PaperWish):
                return reading.read_new(bureau, actor, wanted)
            return reading.read_paper(bureau, actor, wanted)

        # By the writer where somebody else's case may be looked at: the look is journalled.
        self.paper.bridge.write(self, job, self._opened, self._lost)

    def _reload(self) -> None:
        """Open the paper anew in its place: another stands behind it now."""
        if self.paper.line is not None:
            self.live.stop()
            self._open(self.paper.line.id)

    def _lost(self, error: Exception) -> None:
        if isinstance(error, ZhixingError):
            self.page.clear(error.sentence, bad=True)
        else:
            self.page.clear("没有打开。", bad=True)
            messages.show_error(self, error)

    def _opened(self, opening: Opening) -> None:
        paper = self.paper
        first = paper.opening is None
        paper.opening, paper.line = opening, opening.line
        if opening.shown is None:
            self._show_issued(first=first)
            return
        self.live.stop()
        paper.preview = opening.shown.preview
        around = Surroundings(opening.case.context, opening.people)
        self.making.fill(
            paper.preview,
            around,
            opening.recipients,
            opening.case.now,
            dated=opening.line is not None and opening.line.day is not None,
            edited=paper.edited,
        )
        self.making.show_data(opening.data)
        self.sides.setCurrentWidget(self.making)
        self.drafting.begin(opening)
        paper.changed.emit()
        self._show_pages(opening.shown.pages)

    def _show_issued(self, *, first: bool) -> None:
        line = self.paper.line
        assert line is not None
        self.issued.show_line(line)
        self.sides.setCurrentWidget(self.issued)
        self.paper.changed.emit()
        bureau, actor = self.paper.bureau, self.paper.actor

        def job() -> tuple[FilePages, tuple[str, ...]]:
            pages = reading.read_issued(bureau, actor, line)
            notes: tuple[str, ...] = ()
            if first and line.state == ISSUED and line.services:
                # The last day of a notice may have come since.
                notes = paper_serving.settle_served(bureau, actor, line.id)
            return pages, notes

        def there(found: tuple[FilePages, tuple[str, ...]]) -> None:
            self._show_pages(found[0])
            if found[1]:
                self.issued.tell(found[1])

        self.paper.bridge.write(self, job, there, self._lost)

    def _show_pages(self, pages: FilePages) -> None:
        self.page.replace_file(pages)
        self.shown.emit()

    # ------------------------------------------------------------------- what has become of it

    @property
    def preview(self) -> Preview | None:
        """The paper as it would look now, ``None`` for one that was opened issued."""
        return self.paper.preview

    @property
    def step(self) -> QDialog | None:
        """The dialog that was opened last over this window."""
        return self.paper.step

    def _typed(self) -> None:
        self.said.setText("")
        self.drafting.touch()
        self.live.follow()

    def _on_looked(self, found: Shown) -> None:
        self.paper.preview = found.preview
        self.making.show_preview(found.preview)
        self.name(self.paper)
        self._show_pages(found.pages)

    def _on_line(self, line: PaperLine) -> None:
        if line.state != DRAFT:
            self.issued.show_line(line)

    def _on_issued(self, made: Issued) -> None:
        self.paper.line = made.paper
        self.live.stop()
        self.drafting.settle()
        self.issued.tell((*made.notes, *made.warnings))
        self._show_issued(first=False)

    def _on_void(self, line: PaperLine) -> None:
        if self.paper.state == DRAFT:
            self.paper.line = line
            self.drafting.settle()
            self.close()
        else:
            self.paper.take(line)

    def _on_remade(self, number: int) -> None:
        self.other_wanted.emit(number)
        self.close()

    def _on_taken_back(self, number: int) -> None:
        """Show the edited words: here, or in the draft that takes an issued paper's place."""
        if self.paper.line is not None and self.paper.line.id == number:
            self.drafting.settle()
            self._reload()
        else:
            self.other_wanted.emit(number)

    def _on_changes(self, changes: Changes) -> None:
        opening, paper = self.paper.opening, self.paper
        if opening is None or paper.busy:
            return
        if changes.cases and opening.case.id not in changes.cases:
            return
        if paper.line is not None:
            self._read_line(paper.line.id)
        if paper.state != DRAFT:
            return
        bureau, actor, wish = paper.bureau, paper.actor, self.drafting.wish()
        paper.bridge.read(
            self,
            lambda: reading.read_data(bureau, actor, wish),
            self.making.show_data,
            lambda _: None,
        )
        self.live.look()

    def _read_line(self, paper_id: int) -> None:
        paper = self.paper
        bureau, actor = paper.bureau, paper.actor

        def show(line: PaperLine) -> None:
            known = paper.line
            if known is None or known.state != DRAFT:
                paper.take(line)
            elif line.state != DRAFT or (line.edited != known.edited and not self.drafting.unsaved):
                # Somebody issued it, or took an edited file back for it, in another window.
                self._reload()

        paper.bridge.read(self, lambda: papers.paper(bureau, actor, paper_id), show, lambda _: None)

    # -------------------------------------------------------------------- refusals and the end

    def _refused(self, error: Exception) -> None:
        if isinstance(error, StaleEditError) and self.paper.line is not None:
            self.drafting.show_theirs(error)
        elif self.sides.currentWidget() is self.making:
            self._tell(error)
        else:
            messages.show_error(self, error)

    def _tell(self, error: Exception) -> None:
        """Say on the left what is refused; what is no refusal is shown as a defect."""
        if isinstance(error, InputRefusedError):
            self.making.refuse(error.sentence, error.problems)
        elif isinstance(error, ZhixingError):
            self.making.refuse(error.sentence)
        else:
            messages.show_error(self, error)

    def changeEvent(self, event: QEvent) -> None:
        """Look again when somebody comes back from another window: the court's data may differ."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.live.follow()

    def reject(self) -> None:
        """Esc closes as the button does."""
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask where something is not saved."""
        if self.drafting.unsaved and self.isVisible():
            event.ignore()
            self.drafting.ask_before_leaving(self.close)
            return
        super().closeEvent(event)
