"""纸质卷宗: the volumes of a case: looked at, printed whole or what is new, bound, handed over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget

from zhixing_desktop.services import (
    dossier_moves,
    dossier_separators,
    dossier_spine,
    dossier_steps,
    dossier_volumes,
)
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_moves import MoveLine, WhereLine
from zhixing_desktop.services.dossier_types import MAIN, SIDES
from zhixing_desktop.services.dossier_volumes import Prepared, VolumeLine
from zhixing_desktop.services.file_pages import FilePages, file_pages
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.dossier.move_dialog import MoveDialog
from zhixing_desktop.ui.dossier.sheet_window import SheetWindow
from zhixing_desktop.ui.dossier.volume_preview import VolumePreview, Wanted
from zhixing_desktop.ui.dossier.volumes_frame import VolumesFrame
from zhixing_desktop.ui.papers.print_job import MakePrinter, PrintJob, new_printer
from zhixing_desktop.ui.papers.print_run import Part, Run, run_of
from zhixing_desktop.workflow.errors import NotAllowedError, ZhixingError

_PAUSE_MS = 150
"""While somebody runs through volumes and choices by keys, none of them is prepared."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What the window shows of one side."""

    volumes: tuple[VolumeLine, ...]
    offers: tuple[dossier_volumes.Offered, ...]
    where: tuple[WhereLine, ...]
    duplex: bool
    now: datetime


class VolumesWindow(QDialog):
    """``shown`` when the list is there, ``previewed`` when the pages are; ``printed`` carries how
    many sides went out; ``proof_wanted`` case and 案号."""

    help_page = "volumes"
    shown = Signal()
    previewed = Signal()
    printed = Signal(int)
    proof_wanted = Signal(int, str)

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: Callable[[], Actor],
        case_id: int,
        case_no: str,
        parent: QWidget | None = None,
        *,
        make_printer: MakePrinter = new_printer,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlags(
            Qt.WindowType.Window
            | Qt.WindowType.WindowMinMaxButtonsHint
            | Qt.WindowType.WindowCloseButtonHint
        )
        self.setWindowTitle(f"纸质卷宗　{case_no}")
        self._bureau, self._bridge, self._actor_of = bureau, bridge, actor_of
        self.case_id, self._case_no, self._make_printer = case_id, case_no, make_printer
        self._read: _Read | None = None
        self._round = 0
        self.prepared: Prepared | None = None
        self._pages: FilePages | None = None
        self.step: QDialog | None = None
        self.frame = VolumesFrame(bridge, self)
        self.preview = VolumePreview(bureau, bridge, actor_of, case_id, self)
        self.preview.progressed.connect(self._writing, Qt.ConnectionType.QueuedConnection)
        self.preview.ready.connect(self._prepared)
        self.preview.failed.connect(self._not_prepared)
        self.job = PrintJob(bridge, self, make_printer)
        self.job.progressed.connect(self._printing, Qt.ConnectionType.QueuedConnection)
        self.job.sent.connect(self._sent)
        self.job.failed.connect(self._not_sent)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._prepare)
        self._connect()
        bridge.changed.connect(self._on_changes)
        self.reload()

    def _connect(self) -> None:
        frame = self.frame
        frame.side_chosen.connect(self.reload)
        frame.volume_chosen.connect(self._chosen)
        frame.wish_changed.connect(self._pause.start)
        acts = {
            frame.print: self.ask_print,
            frame.bind: self.ask_bind,
            frame.labels: self.show_labels,
            frame.list_sheet: self.show_list,
            frame.spine: self.show_spine,
            frame.hand_over: self.ask_hand_over,
            frame.give_back: self.ask_give_back,
            frame.slip: self.show_slip,
            frame.prove: lambda: self.proof_wanted.emit(self.case_id, self._case_no),
            frame.leave: self.reject,
        }
        for button, act in acts.items():
            button.clicked.connect(lambda _on=False, act=act: act())

    # --------------------------------------------------------------------------------- the list

    def reload(self) -> None:
        """Read the volumes anew."""
        self._round += 1
        mine, side = self._round, self.frame.side
        bureau, actor, case_id = self._bureau, self._actor_of(), self.case_id

        def job() -> _Read:
            return _Read(
                dossier_volumes.volumes(bureau, actor, case_id, side),
                dossier_volumes.offers(bureau, actor, case_id, side),
                tuple(x for x in dossier_moves.where(bureau, actor, case_id) if x.side == side),
                dossier_volumes.prints_duplex(bureau),
                bureau.database.now(),
            )

        def show(found: _Read) -> None:
            if mine == self._round:
                self._show(found)

        def lost(error: Exception) -> None:
            if mine != self._round:
                return
            if isinstance(error, NotAllowedError) and side != MAIN:
                self.frame.side_box.setCurrentIndex(0)
            self._failed(error)

        self._bridge.read(self, job, show, lost)

    def _on_changes(self, changes: Changes) -> None:
        if not changes.cases or self.case_id in changes.cases:
            self.reload()

    def _show(self, found: _Read) -> None:
        first = self._read is None
        self._read = found
        if first:
            self.frame.duplex.setChecked(found.duplex)
        self.frame.show_volumes(found.volumes, found.where)
        self.frame.show_offers(found.offers)
        if not found.volumes:
            self.frame.page.clear(f"{SIDES[self.frame.side]}还没有材料，入卷以后才能打印。")
        self.shown.emit()

    @property
    def line(self) -> VolumeLine | None:
        """The volume that the cursor is on."""
        number = self.frame.number
        volumes = self._read.volumes if self._read is not None else ()
        return next((line for line in volumes if line.number == number), None)

    @property
    def paper(self) -> WhereLine | None:
        """Where its paper is, None while it was never printed."""
        line = self.line
        known = self._read.where if self._read is not None else ()
        return next((x for x in known if line is not None and x.number == line.number), None)

    def _chosen(self) -> None:
        line, paper = self.line, self.paper
        self.frame.arm(line, paper, who=self._actor_of().name)
        if line is not None:
            self._pause.start()

    # ------------------------------------------------------------------------------ the preview

    def _prepare(self) -> None:
        line = self.line
        if line is None or self._read is None or self.job.running:
            return
        way = self.frame.way
        offer = next((o for o in self._read.offers if o.way == way), self._read.offers[0])
        self.prepared = self._pages = None
        self.frame.print.setEnabled(False)
        self.frame.page.clear("正在准备打印的页面…")
        self.frame.say("")
        self.preview.ask(
            Wanted(
                line.side,
                line.number,
                offer.numbering,
                self.frame.only_added.isChecked() and bool(line.state),
                self.frame.duplex.isChecked(),
            )
        )

    def _writing(self, done: int, total: int) -> None:
        if self.preview.running:
            self.frame.bar(done, total, "页")

    def _prepared(self, made: Prepared, pages: FilePages) -> None:
        self.frame.progress.hide()
        self.prepared, self._pages = made, pages
        self.frame.page.replace_file(pages)
        self.frame.show_steps([step.sentence for step in made.plan.steps])
        self.frame.print.setEnabled(True)
        words = f"{len(made.plan.sheets)}张{made.pages}面"
        if made.plan.by_hand:
            words += f"，另有{made.plan.by_hand}页手工编写页码"
        self.frame.say(words)
        self.previewed.emit()

    def _not_prepared(self, error: Exception) -> None:
        self.frame.progress.hide()
        self.frame.show_steps([])
        if isinstance(error, ZhixingError):
            self.frame.page.clear(error.sentence, bad=True)
        elif type(error).__name__ != "AssemblyCancelledError":
            self.frame.page.clear("没有准备好。", bad=True)
            messages.show_error(self, error)
        self.previewed.emit()

    # --------------------------------------------------------------------------------- printing

    def ask_print(self) -> QPrintDialog | None:
        """Ask for printer and copies."""
        if self.prepared is None or self.job.running:
            return None
        duplex = self.frame.duplex.isChecked()
        return self.job.ask(self.windowTitle(), self.send_to, duplex=duplex)

    def send_to(self, printer: QPrinter) -> None:
        """Record the print, then send the volume as one job."""
        made, pages = self.prepared, self._pages
        if made is None or pages is None:
            return
        bureau, actor = self._bureau, self._actor_of()
        copies = printer.copyCount()

        def note(name: str) -> Run:
            dossier_volumes.record_print(bureau, actor, made, printer=name, copies=copies)
            return run_of(pages.name, [Part(pages)])

        self.frame.busy(on=True)
        self.job.send(printer, self.windowTitle(), note)
        self.frame.say("正在送往打印机…")

    def _printing(self, done: int, total: int) -> None:
        if self.job.running:
            self.frame.bar(done, total, "面")

    def _sent(self, sides: int) -> None:
        self.frame.busy(on=False)
        stopped = "，已停止" if self.job.stopped else ""
        self.frame.tell(f"已送往打印机：{sides}面{stopped}。纸质卷宗已登记。")
        self._announce()
        self.printed.emit(sides)

    def _not_sent(self, error: Exception) -> None:
        self.frame.busy(on=False)
        messages.show_error(self, error, title="没有打印")
        self.reload()

    # -------------------------------------------------------------------------- the paper volume

    def ask_bind(self) -> None:
        """Ask once more: the numbers stay from then on."""
        line = self.line
        if line is None or line.state != "open":
            return
        bureau, actor, case_id = self._bureau, self._actor_of(), self.case_id
        messages.ask(
            self,
            "登记装订",
            f"{line.title}已经装订？",
            lambda: self._write(
                lambda: dossier_volumes.bind(
                    bureau, actor, case_id, line.side, line.number, version=line.version
                ),
                f"{line.title}已登记装订",
            ),
            yes_words="登记装订",
            below="装订以后页码不再改动，新增的材料编为插页或者编入下一册。"
            + (f"还有{line.added}页没有打印入卷。" if line.added else ""),
        )

    def ask_hand_over(self) -> None:
        """Open the dialog of the hand-over."""
        paper, read = self.paper, self._read
        if paper is None or read is None:
            return
        dialog = MoveDialog(self._bureau, self._bridge, self._actor_of, paper, read.now, self)
        dialog.moved.connect(self._moved)
        dialog.finished.connect(lambda _result: setattr(self, "step", None))
        self.step = dialog
        dialog.open()

    def ask_give_back(self) -> None:
        """Record that the volume is here again."""
        paper = self.paper
        if paper is None:
            return
        bureau, actor = self._bureau, self._actor_of()
        messages.ask(
            self,
            "归还",
            f"{paper.title}已经由{paper.holder}交还给您（{actor.name}）？",
            lambda: self._bridge.write(
                self,
                lambda: dossier_moves.give_back(
                    bureau, actor, paper.volume_id, version=paper.version
                ),
                self._moved,
                self._failed,
            ),
            yes_words="登记归还",
        )

    def _moved(self, move: MoveLine) -> None:
        self.frame.tell(f"已登记：{move.from_holder} → {move.to_holder}，可以打印交接单")
        self._announce()

    def show_slip(self) -> SheetWindow | None:
        """Open the slip of the last hand-over."""
        paper = self.paper
        if paper is None or not paper.moves:
            return None
        bureau, actor, move = self._bureau, self._actor_of(), paper.moves[0]
        return self._sheet(
            f"交接单　{paper.title}", lambda: dossier_moves.slip(bureau, actor, move.id)
        )

    def show_spine(self) -> SheetWindow:
        """Open the spine labels of the side."""
        bureau, actor, side = self._bureau, self._actor_of(), self.frame.side
        return self._sheet(
            f"卷脊标签　{self._case_no}",
            lambda: dossier_spine.spine_labels(bureau, actor, self.case_id, side),
        )

    def show_list(self) -> SheetWindow | None:
        """Open the clerk's list of what was prepared, to be printed."""
        made = self.prepared
        if made is None or not made.plan.steps:
            return None
        bureau, actor = self._bureau, self._actor_of()
        return self._sheet(
            f"插放清单　{self._case_no}", lambda: dossier_steps.steps_sheet(bureau, actor, made)
        )

    def show_labels(self) -> SheetWindow | None:
        """Open the stick-on stamps of what is bound as it came."""
        line = self.line
        if line is None:
            return None
        bureau, actor, case_id = self._bureau, self._actor_of(), self.case_id

        def load() -> FilePages:
            made = dossier_separators.label_file(bureau, actor, case_id, line.side, line.number)
            return file_pages(made.name, made.media_type, made.data)

        return self._sheet(f"粘贴用页标　{line.title}", load)

    def _sheet(self, title: str, load: Callable[[], FilePages]) -> SheetWindow:
        made = SheetWindow(
            self._bureau, self._bridge, self._actor_of, self.case_id, title, load, self,
            make_printer=self._make_printer,
        )  # fmt: skip
        made.show()
        return made

    # ----------------------------------------------------------------------------------- ending

    def _write(self, job: Callable[[], object], said: str) -> None:
        def done(_result: object) -> None:
            self.frame.tell(said)
            self._announce()

        self._bridge.write(self, job, done, self._failed)

    def _announce(self) -> None:
        self._bridge.announce(Changes(frozenset({self.case_id}), lists=False))

    def _failed(self, error: Exception) -> None:
        messages.show_error(self, error)

    def reject(self) -> None:
        """Stop what runs; close where nothing does."""
        if self.job.running:
            self.job.stop()
            self.frame.say("正在停止…")
            return
        self.preview.stop()
        super().reject()
