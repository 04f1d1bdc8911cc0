"""The window of one paper: its data on the left, its pages on the right, what is done below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import cases, paper_issuing, paper_serving, papers
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.fact_words import subject_words
from zhixing_desktop.services.file_pages import FilePages
from zhixing_desktop.services.node_saving import Place
from zhixing_desktop.services.paper_types import (
    DOCX_ENDING,
    DRAFT,
    ISSUED,
    PDF_ENDING,
    VOID,
    Issued,
    PaperLine,
    PaperWish,
    Preview,
    Served,
    ServiceLine,
)
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.flow_layout import FlowLayout
from zhixing_desktop.ui.forms.draft_keeper import DraftKeeper
from zhixing_desktop.ui.forms.making import Surroundings
from zhixing_desktop.ui.forms.parts import Words, em
from zhixing_desktop.ui.forms.reason_step import ReasonStepDialog
from zhixing_desktop.ui.forms.reasons import RequestDialog
from zhixing_desktop.ui.node_panel.steps import Steps
from zhixing_desktop.ui.page_view import PageView
from zhixing_desktop.ui.papers import reading
from zhixing_desktop.ui.papers.goals import Goal, Where, goal_of
from zhixing_desktop.ui.papers.issue_dialog import IssueDialog
from zhixing_desktop.ui.papers.issued_side import IssuedSide
from zhixing_desktop.ui.papers.making_side import MakingSide
from zhixing_desktop.ui.papers.reading import Datum, Opening, Shown
from zhixing_desktop.ui.papers.saving import write_draft, write_issued
from zhixing_desktop.ui.papers.service_dialog import ServiceDialog
from zhixing_desktop.ui.papers.words import about, disk_name, state_words, whom_of
from zhixing_desktop.ui.parties_dialog import PartiesDialog
from zhixing_desktop.workflow.errors import (
    InputRefusedError,
    StaleEditError,
    ZhixingError,
)
from zhixing_desktop.workflow.views import Key

ActorOf = Callable[[], Actor]
PAUSE_MS = 60
"""So long nobody types before the page follows; drawing takes some tens of milliseconds more."""
_SAVED_WORDS = "草稿已保存"


class PaperDialog(QDialog):
    """One paper, from nothing to served.

    ``office_wanted`` names a window of the court's own data (``settings``, ``people``);
    ``print_wanted`` carries a :class:`PaperLine`, for a draft a :class:`PaperWish`, in a tuple
    the papers of a 送达回证; ``pack_wanted`` case and 案号, for all its papers;
    ``other_wanted`` the number of another paper to open.
    """

    help_page = "papers"
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
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlags(
            Qt.WindowType.Window
            | Qt.WindowType.WindowMinMaxButtonsHint
            | Qt.WindowType.WindowCloseButtonHint
        )
        self._bureau, self._bridge, self._actor_of = bureau, bridge, actor_of
        self._wanted = wanted
        self._opening: Opening | None = None
        self._asked = 0
        self._under_way = False
        self._again = False
        self._busy = False
        self._unsaved = False
        self.line: PaperLine | None = None
        self.step: QDialog | None = None
        self.preview: Preview | None = None
        self.keeper: DraftKeeper | None = None
        self.setWindowTitle("文书")
        self.steps = Steps(bureau, bridge, actor_of, self)
        self._build()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._look)
        bridge.changed.connect(self._on_changes)
        self.page.clear("正在打开…")
        self._open()

    # ------------------------------------------------------------------------------ building

    def _build(self) -> None:
        box = QVBoxLayout(self)
        self.title = Words(bold=True, scale=1.2)
        self.state = Words(tone="muted")
        box.addWidget(self.title)
        box.addWidget(self.state)
        self.across = QSplitter(Qt.Orientation.Horizontal, self)
        self.sides = QStackedWidget(self)
        self.making = MakingSide(self)
        self.issued = IssuedSide(self)
        self.sides.addWidget(self.making)
        self.sides.addWidget(self.issued)
        self.page = PageView(self._bridge, self)
        self.across.addWidget(self.sides)
        self.across.addWidget(self.page)
        self.across.setStretchFactor(0, 2)
        self.across.setStretchFactor(1, 3)
        self.across.setChildrenCollapsible(False)
        self.across.setHandleWidth(em(self, 0.6))
        box.addWidget(self.across, 1)
        foot = QHBoxLayout()
        self.said = Words(tone="muted", middle=True)
        buttons = QWidget(self)
        flow = FlowLayout(buttons)
        flow.setSpacing(em(self, 0.4))
        self.keep = self._button("保存草稿", "Ctrl+S", self.save)
        self.issue = self._button("签发…", "Ctrl+Return", self.ask_issue)
        self.serve = self._button("送达…", "", self.ask_service)
        self.proof = self._button("送达回证…", "", self.print_proof)
        self.print = self._button("打印…", "Ctrl+P", self.ask_print)
        self.to_pdf = self._button("导出 PDF…", "", lambda: self.ask_export(PDF_ENDING))
        self.to_word = self._button("导出 Word…", "", lambda: self.ask_export(DOCX_ENDING))
        self.void = self._button("作废…", "", self.ask_void)
        self.redo = self._button("重新制作", "", self.make_again)
        self.leave = self._button("关闭", "Esc", self.close)
        for button in self.buttons:
            flow.addWidget(button)
        foot.addWidget(self.said, 1)
        foot.addWidget(buttons, 3)
        box.addLayout(foot)
        self.making.changed.connect(self._typed)
        self.making.wanted.connect(self._go_to)
        self.making.approval_wanted.connect(self._apply)
        self.making.offer.taken.connect(self._restore)
        self.making.offer.dropped.connect(self._forget_draft)
        self.issued.complete_wanted.connect(self._complete_service)
        self.issued.withdraw_wanted.connect(self._withdraw_service)
        room = self.screen().availableGeometry()
        wide, high = em(self, 96), em(self, 60)
        self.resize(min(wide, room.width() - 20), min(high, room.height() - 40))
        self.across.setSizes([round(self.width() * 0.42), round(self.width() * 0.58)])
        self._arm()

    @property
    def buttons(self) -> tuple[QPushButton, ...]:
        """All buttons below, from left to right."""
        return (
            *(self.keep, self.issue, self.serve, self.proof, self.print),
            *(self.to_pdf, self.to_word, self.void, self.redo, self.leave),
        )

    def _button(self, words: str, keys: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(words, self)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _on=False: act())
        if keys:
            button.setToolTip(f"{words.rstrip('…')}（{keys.replace('Return', 'Enter')}）")
        if keys and keys != "Esc":
            QShortcut(QKeySequence(keys), self).activated.connect(button.click)
        return button

    def _arm(self) -> None:
        """Show the buttons that fit the state; what runs keeps them all grey."""
        state = self.line.state if self.line is not None else DRAFT
        opened = self._opening is not None
        making, issued = state == DRAFT, state == ISSUED
        kept = self.line is not None
        fits = {
            self.keep: making,
            self.issue: making,
            self.serve: issued,
            self.proof: issued,
            self.print: making or issued,
            self.to_pdf: making or issued,
            self.to_word: making or issued,
            self.void: (making and kept) or issued,
            self.redo: state == VOID and self.line is not None and self.line.replaced_by is None,
        }
        for button, fit in fits.items():
            button.setVisible(fit)
            button.setEnabled(opened and not self._busy)
        self.void.setText("删去草稿…" if making else "作废…")

    # ------------------------------------------------------------------------------- opening

    def _open(self) -> None:
        bureau, actor, wanted = self._bureau, self._actor_of(), self._wanted

        def job() -> Opening:
            if isinstance(wanted, PaperWish):
                return reading.read_new(bureau, actor, wanted)
            return reading.read_paper(bureau, actor, wanted)

        # By the writer where somebody else's case may be looked at: the look is journalled.
        self._bridge.write(self, job, self._opened, self._lost)

    def _lost(self, error: Exception) -> None:
        if isinstance(error, ZhixingError):
            self.page.clear(error.sentence, bad=True)
        else:
            self.page.clear("没有打开。", bad=True)
            messages.show_error(self, error)

    def _opened(self, opening: Opening) -> None:
        first = self._opening is None
        self._opening = opening
        self.line = opening.line
        if opening.shown is None:
            self._show_issued(first=first)
            return
        self.preview = opening.shown.preview
        around = Surroundings(opening.case.context, opening.people)
        dated = opening.line is not None and opening.line.day is not None
        self.making.fill(self.preview, around, opening.recipients, opening.case.now, dated=dated)
        self.making.show_data(opening.data)
        self.sides.setCurrentWidget(self.making)
        place = Place(
            self._bureau, self._actor_of(), opening.case.id, reading.draft_key(self.preview.wish)
        )
        self.keeper = DraftKeeper(self._bridge, place, self.making.body, self)
        if opening.draft is not None and opening.draft.body:
            when = f"{opening.draft.saved_at:%Y-%m-%d %H:%M}"
            self.making.offer.offer(f"{when}填写的内容没有保存，是否恢复？")
        self._name()
        self._arm()
        self._show_pages(opening.shown.pages)

    def _show_issued(self, *, first: bool) -> None:
        line = self.line
        assert line is not None
        self.issued.show_line(line)
        self.sides.setCurrentWidget(self.issued)
        self._name()
        self._arm()
        bureau, actor = self._bureau, self._actor_of()

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

        self._bridge.write(self, job, there, self._lost)

    def _name(self) -> None:
        line, preview = self.line, self.preview
        if line is not None:
            name, words, case_no = line.name, line.about_words, line.case_no
            state = f"{state_words(line)}　{line.number}".rstrip()
        elif preview is not None and self._opening is not None:
            name, case_no = preview.name, self._opening.case.case_no
            words, state = self._about(), "还没有保存"
        else:
            return
        if preview is not None and (line is None or line.state == DRAFT) and preview.number:
            state = f"{state}　签发时的文号：{preview.number}"
        self.title.setText(f"《{name}》{about(words)}")
        self.state.setText(f"{case_no}　{state}")
        self.setWindowTitle(f"{name}{about(words)} — {case_no}")

    def _about(self) -> str:
        assert self._opening is not None
        assert self.preview is not None
        subject = self.preview.wish.about
        labels = self._opening.case.context.index.name_of
        return subject_words(labels, subject) if subject else ""

    def _show_pages(self, pages: FilePages) -> None:
        self.page.replace_file(pages)
        self.shown.emit()

    # ------------------------------------------------------------------------- the live page

    def wish(self) -> PaperWish:
        """Return the paper as it stands on the left."""
        assert self.preview is not None
        side = self.making
        return replace(
            self.preview.wish,
            asked=side.asked(),
            recipient=side.whom() or self.preview.wish.recipient,
            # Nobody has said it: it is the day on which it is looked at, not that of the opening.
            day=side.paper_day(),
            enclosed=None,
        )

    def _typed(self) -> None:
        self._unsaved = True
        self.said.setText("")
        if self.keeper is not None:
            self.keeper.touch()
        self._pause.start()

    def _look(self) -> None:
        """Draw the page anew, unless that is under way: then once more after it."""
        if self.preview is None or (self.line is not None and self.line.state != DRAFT):
            return
        if self._under_way:
            self._again = True
            return
        self._under_way, self._again = True, False
        self._asked += 1
        bureau, actor, wish = self._bureau, self._actor_of(), self.wish()
        self._bridge.read(
            self,
            lambda: reading.show_wish(bureau, actor, wish),
            self._looked,
            self._look_refused,
        )

    def _looked(self, found: Shown) -> None:
        self._under_way = False
        if self._again:
            self._look()
            return
        if self.line is not None and self.line.state != DRAFT:
            return
        self.preview = found.preview
        self.making.show_preview(found.preview)
        self._name()
        self._show_pages(found.pages)

    def _look_refused(self, error: Exception) -> None:
        self._under_way = False
        if self._again:
            self._look()
        elif isinstance(error, InputRefusedError):
            # The old page stays: half a date is no reason to take it away.
            self.making.refuse(error.sentence, error.problems)
        elif isinstance(error, ZhixingError):
            self.making.refuse(error.sentence)
        else:
            messages.show_error(self, error)

    def _on_changes(self, changes: Changes) -> None:
        opening = self._opening
        if opening is None or self._busy:
            return
        if changes.cases and opening.case.id not in changes.cases:
            return
        if self.line is not None and self.line.state != DRAFT:
            self._read_line(self.line.id)
            return
        bureau, actor, wish = self._bureau, self._actor_of(), self.wish()
        self._bridge.read(
            self,
            lambda: reading.read_data(bureau, actor, wish),
            self._show_data,
            lambda _: None,
        )
        self._look()

    def _show_data(self, data: tuple[Datum, ...]) -> None:
        self.making.show_data(data)

    def _read_line(self, paper_id: int) -> None:
        bureau, actor = self._bureau, self._actor_of()

        def show(line: PaperLine) -> None:
            self.line = line
            self.issued.show_line(line)
            self._name()
            self._arm()

        self._bridge.read(self, lambda: papers.paper(bureau, actor, paper_id), show, lambda _: None)

    # --------------------------------------------------------------------------------- drafts

    def _restore(self) -> None:
        assert self._opening is not None
        assert self._opening.draft is not None
        self.making.offer.hide()
        self.making.restore(self._opening.draft.body)

    def _forget_draft(self) -> None:
        self.making.offer.hide()
        if self.keeper is not None:
            self.keeper.drop()

    def save(self) -> None:
        """Keep the paper as a draft."""
        if self._busy or self.preview is None or self._opening is None:
            return
        bureau, actor, wish, line = self._bureau, self._actor_of(), self.wish(), self.line
        day = self.making.paper_day()

        def job() -> PaperLine:
            return _kept(bureau, actor, wish, line, day)

        self._run(job, self._saved)

    def _saved(self, line: PaperLine) -> None:
        self.line = line
        self._unsaved = False
        if self.keeper is not None:
            self.keeper.drop()
        self._name()
        self._arm()
        self.said.setText(_SAVED_WORDS)
        self._announce()

    # -------------------------------------------------------------------------------- issuing

    def ask_issue(self) -> None:
        """Open the last look before the paper is issued, with today's day and number."""
        if self._busy or self.preview is None or self._opening is None:
            return
        self._pause.stop()
        bureau, actor, wish = self._bureau, self._actor_of(), self.wish()
        case_id = self._opening.case.id

        def job() -> tuple[CaseDetail, Preview]:
            return cases.detail(bureau, actor, case_id), papers.preview(bureau, actor, wish)

        self._read(job, lambda found: self._open_issue(*found))

    def _open_issue(self, case: CaseDetail, preview: Preview) -> None:
        bureau, actor, wish, line = self._bureau, self._actor_of(), self.wish(), self.line
        unsaved = self._unsaved

        def issue(day: date) -> Issued:
            nonlocal line, unsaved
            if line is None:
                return paper_issuing.issue(bureau, actor, replace(wish, day=day))
            if unsaved:
                # Kept once, however often the issue itself is refused.
                line, unsaved = _kept(bureau, actor, wish, line, day), False
            return paper_issuing.issue_draft(bureau, actor, line.id, day, version=line.version)

        dialog = IssueDialog(self._bridge, preview, self._about(), case.now, issue, self)
        dialog.done_well.connect(self._on_issued)
        # What was kept before a refusal counts from now on.
        dialog.rejected.connect(self._after_refusal)
        self._show_step(dialog)

    def _after_refusal(self) -> None:
        line = self.line
        if line is None:
            return
        bureau, actor = self._bureau, self._actor_of()

        def there(found: PaperLine) -> None:
            self.line = found

        self._bridge.read(self, lambda: papers.paper(bureau, actor, line.id), there, lambda _: None)

    def _show_step(self, dialog: QDialog) -> None:
        """Open a dialog over this window; ``step`` is the one that was opened last."""
        self.step = dialog
        dialog.destroyed.connect(self._forget_step)
        dialog.open()

    def _forget_step(self) -> None:
        self.step = None

    def _read(self, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """Read what a step is begun with; what is pressed meanwhile counts once."""
        self._busy = True
        self._arm()

        def well(found: Any) -> None:
            self._busy = False
            self._arm()
            done(found)

        self._bridge.read(self, job, well, self._refused)

    def _on_issued(self, made: Issued) -> None:
        self.line = made.paper
        self._unsaved = False
        self._pause.stop()
        if self.keeper is not None:
            self.keeper.drop()
        self.issued.tell((*made.notes, *made.warnings))
        self._show_issued(first=False)

    def make_again(self) -> None:
        """Make a void paper again, with its answers."""
        line = self.line
        if line is None or self._busy:
            return
        bureau, actor = self._bureau, self._actor_of()

        def made(fresh: PaperLine) -> None:
            self._announce()
            self.other_wanted.emit(fresh.id)
            self.close()

        self._run(lambda: paper_issuing.again(bureau, actor, line.id), made)

    def ask_void(self) -> ReasonStepDialog | None:
        """Ask why the paper is made void."""
        line = self.line
        if line is None or self._busy:
            return None
        bureau, actor = self._bureau, self._actor_of()
        drafted = line.state == DRAFT
        told = (
            "删去的草稿保留在记录中，不再列为待签发。"
            if drafted
            else "作废后文号不再使用，文件保留备查；"
            "签发时在节点登记的内容有误的，请在节点的历史中更正。"
        )
        dialog = ReasonStepDialog(
            self._bridge,
            line.case_id,
            "删去草稿" if drafted else "作废文书",
            "删去" if drafted else "作废",
            [(f"《{line.name}》{line.number}{about(line.about_words)}", "plain"), (told, "muted")],
            lambda reason: paper_issuing.void(bureau, actor, line.id, reason, version=line.version),
            self,
        )
        dialog.done_well.connect(self._on_void)
        dialog.open()
        return dialog

    def _on_void(self, line: PaperLine) -> None:
        drafted = self.line is not None and self.line.state == DRAFT
        self.line = line
        if drafted:
            self._unsaved = False
            if self.keeper is not None:
                self.keeper.drop()
            self.close()
            return
        self.issued.show_line(line)
        self._name()
        self._arm()

    # -------------------------------------------------------------------------------- serving

    def ask_service(self) -> None:
        """Open the dialog of a service."""
        self._ask_service(None)

    def _complete_service(self, service: ServiceLine) -> None:
        self._ask_service(service)

    def _ask_service(self, before: ServiceLine | None) -> None:
        line = self.line
        if line is None or self._opening is None or self._busy:
            return
        bureau, actor = self._bureau, self._actor_of()

        def opened(case: CaseDetail) -> None:
            dialog = ServiceDialog(bureau, self._bridge, self._actor_of, line, case, before, self)
            dialog.done_well.connect(self._on_served)
            self._show_step(dialog)

        # Read anew: it may be another day than when this window was opened.
        self._read(lambda: cases.detail(bureau, actor, line.case_id), opened)

    def _on_served(self, served: tuple[Served, ...]) -> None:
        mine = [one for one in served if self.line is not None and one.paper.id == self.line.id]
        if mine:
            self.line = mine[-1].paper
            self.issued.show_line(self.line)
        self.issued.tell(tuple(dict.fromkeys(note for one in served for note in one.notes)))
        self._name()

    def _withdraw_service(self, service: ServiceLine) -> None:
        line = self.line
        if line is None:
            return
        bureau, actor = self._bureau, self._actor_of()
        dialog = ReasonStepDialog(
            self._bridge,
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
            self,
        )
        dialog.done_well.connect(self._on_withdrawn)
        dialog.open()

    def _on_withdrawn(self, line: PaperLine) -> None:
        self.line = line
        self.issued.show_line(line)
        self._name()

    # ----------------------------------------------------------------------- printing, saving

    def ask_print(self) -> None:
        """Ask for the print window: of the issued paper, or of the draft as it stands."""
        if self.line is not None and self.line.state == ISSUED:
            self.print_wanted.emit(self.line)
        elif self.preview is not None:
            self.print_wanted.emit(self.wish())

    def print_proof(self) -> None:
        """Ask for the 送达回证 of this paper."""
        if self.line is not None:
            self.print_wanted.emit((self.line,))

    def proposed_name(self, ending: str) -> str:
        """Return the name a file of this paper is saved under unless somebody types another."""
        line, preview = self.line, self.preview
        case_no = self._opening.case.case_no if self._opening is not None else ""
        name = line.name if line is not None else preview.name if preview is not None else "文书"
        words = line.about_words if line is not None else self._about()
        draft = "（草稿）" if line is None or line.state == DRAFT else ""
        return disk_name(case_no, f"{name}{draft}", whom_of(words), ending)

    def ask_export(self, ending: str) -> QFileDialog:
        """Ask where to save the paper as a file."""
        dialog = QFileDialog(self, "导出 PDF" if ending == PDF_ENDING else "导出 Word")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(ending.lstrip("."))
        dialog.setNameFilter("PDF 文件 (*.pdf)" if ending == PDF_ENDING else "Word 文件 (*.docx)")
        # Nothing is written over: the service refuses, so the question would mislead.
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.selectFile(self.proposed_name(ending))
        dialog.fileSelected.connect(lambda name: self.export(Path(name), ending))
        dialog.open()
        return dialog

    def export(self, path: Path, ending: str) -> None:
        """Save the paper as a file; journalled before it is there."""
        bureau, actor, line = self._bureau, self._actor_of(), self.line
        if line is not None and line.state != DRAFT:
            issued = line
            self._run(lambda: write_issued(bureau, actor, issued, path, ending), self._exported)
        elif self.preview is not None:
            wish = self.wish()
            self._run(lambda: write_draft(bureau, actor, wish, path, ending), self._exported)

    def _exported(self, path: Path) -> None:
        self.said.setText(f"已导出：{path.name}")

    # ------------------------------------------------------------------------------ the rest

    def _go_to(self, source: str) -> None:
        """Lead to where a datum is entered: here, or in the window that takes it."""
        opening = self._opening
        if self.making.go_to(source) or opening is None:
            return
        goal, case = goal_of(source), opening.case
        if source.startswith("application"):
            self._apply()
        elif goal.where is Where.NODE and goal.key is not None:
            self._work(case.id, goal)
        elif goal.where is Where.PARTIES:
            PartiesDialog(
                *(self._bureau, self._bridge, self._actor_of(), case.id),
                subject=goal.subject,
                parent=self,
            ).open()
        elif goal.where in (Where.SETTINGS, Where.PEOPLE):
            self.office_wanted.emit(goal.where.value)
        elif goal.where is Where.PAPERS:
            self.pack_wanted.emit(case.id, case.case_no)
        else:
            self.making.refuse(self._nowhere(source))

    def _nowhere(self, source: str) -> str:
        gaps = self.preview.gaps if self.preview is not None else ()
        place = next((gap.place for gap in gaps if gap.source == source), "")
        return f"这一项在“{place}”中填写，不能从这里打开。"

    def _work(self, case_id: int, goal: Goal) -> None:
        """Open the dialog of a node over this window, at a field of it."""
        bureau, actor, key = self._bureau, self._actor_of(), goal.key
        assert key is not None

        def opened(case: CaseDetail) -> None:
            keys = [known for known in case.view.instances if known.node == key.node]
            fitting = [known for known in keys if known == key] or keys
            if fitting:
                self.steps.work(case, fitting[0], goal.field)
            else:
                self.making.refuse(f"节点{key.node}还没有启动，启动以后才能填写。")

        self._bridge.read(self, lambda: cases.detail(bureau, actor, case_id), opened, self._refused)

    def changeEvent(self, event: QEvent) -> None:
        """Look again when somebody comes back from another window: the court's data may differ."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self._pause.start()

    def _apply(self) -> RequestDialog | None:
        if self.preview is None or self.preview.approval is None or self._opening is None:
            return None
        approval = self.preview.approval
        place = Place(
            self._bureau,
            self._actor_of(),
            self._opening.case.id,
            Key(approval.node, approval.subject),
        )
        words = [
            (f"《{self.preview.name}》{about(self._about())}", "plain"),
            (f"节点{approval.node}　{approval.label}", "muted"),
        ]
        dialog = RequestDialog(
            self._bridge,
            place,
            approval.matter,
            title=approval.label,
            paragraphs=words,
            parent=self,
        )
        dialog.open()
        return dialog

    def _announce(self) -> None:
        if self._opening is not None:
            self._bridge.announce(Changes(frozenset({self._opening.case.id})))

    def _run(self, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self._busy = True
        self._arm()

        def well(result: Any) -> None:
            self._busy = False
            self._arm()
            done(result)

        self._bridge.write(self, job, well, self._refused)

    def _refused(self, error: Exception) -> None:
        self._busy = False
        self._arm()
        if isinstance(error, StaleEditError) and self.line is not None:
            self._take_theirs(error)
        elif isinstance(error, InputRefusedError) and self._making:
            self.making.refuse(error.sentence, error.problems)
        elif isinstance(error, ZhixingError) and self._making:
            self.making.refuse(error.sentence)
        else:
            messages.show_error(self, error)

    @property
    def _making(self) -> bool:
        return self.sides.currentWidget() is self.making

    def _take_theirs(self, error: StaleEditError) -> None:
        """Say what the other one wrote; what stands here can then be saved over it, knowingly."""
        assert self.line is not None
        theirs = dict(error.data.get("theirs", {}))
        asked = dict(theirs.get("asked") or {})
        rows = self.making.rows
        told = [
            f"{rows[name].label}：别人填的是“{value}”"
            for name, value in asked.items()
            if name in rows and rows[name].value() != value
        ]
        self.making.refuse("\n".join((error.sentence, *told)))
        if theirs.get("state") == DRAFT and "version" in theirs:
            self.line = replace(self.line, version=int(theirs["version"]))
        else:
            self._reopen()

    def _reopen(self) -> None:
        if self.line is not None:
            self.other_wanted.emit(self.line.id)
            self._unsaved = False
            self.close()

    def reject(self) -> None:
        """Esc closes as the button does."""
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask where something is not saved; what is typed stays kept for a while in any case."""
        if self._unsaved and self.keeper is not None and self.isVisible():
            self.keeper.flush()
            event.ignore()
            messages.choose(
                self,
                "文书",
                "填写的内容还没有保存。",
                (("保存草稿", self._save_and_close), ("不保存", self._throw_away)),
                below="不保存的，下次打开时不再提示恢复。",
            )
            return
        super().closeEvent(event)

    def _save_and_close(self) -> None:
        bureau, actor, wish, line = self._bureau, self._actor_of(), self.wish(), self.line
        day = self.making.paper_day()

        def done(kept: PaperLine) -> None:
            self._saved(kept)
            self.close()

        self._run(lambda: _kept(bureau, actor, wish, line, day), done)

    def _throw_away(self) -> None:
        self._unsaved = False
        if self.keeper is not None:
            self.keeper.drop()
        self.close()


def _kept(
    bureau: Bureau, actor: Actor, wish: PaperWish, line: PaperLine | None, day: date | None
) -> PaperLine:
    if line is None:
        return paper_issuing.keep_draft(bureau, actor, replace(wish, day=day))
    return paper_issuing.change_draft(bureau, actor, line.id, wish.asked, day, version=line.version)
