"""纸质卷宗: the volumes of a case: looked at, printed whole or what is new, bound, handed over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QPushButton, QWidget

from zhixing_desktop.services import at_desk, dossier_front_changes, dossier_moves, dossier_volumes
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_moves import WhereLine
from zhixing_desktop.services.dossier_printing import Prepared
from zhixing_desktop.services.dossier_types import MAIN, SIDES
from zhixing_desktop.services.dossier_volumes import VolumeLine
from zhixing_desktop.services.file_pages import FilePages
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.dossier.frame import Newest
from zhixing_desktop.ui.dossier.sheet_window import SheetWindow
from zhixing_desktop.ui.dossier.volume_acts import VolumeActs
from zhixing_desktop.ui.dossier.volume_preview import VolumePreview, Wanted
from zhixing_desktop.ui.dossier.volume_printing import PrintRoom, Ready, VolumePrinting
from zhixing_desktop.ui.dossier.volume_sheets import VolumeSheets
from zhixing_desktop.ui.dossier.volumes_frame import ACTS, PRINT, OnScreen, VolumesFrame
from zhixing_desktop.ui.papers.print_job import MakePrinter, new_printer
from zhixing_desktop.workflow.errors import NotAllowedError, ZhixingError

_PAUSE_MS = 150
"""While somebody runs through volumes and choices by keys, none of them is prepared."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What the window shows of one side."""

    refused: Mapping[str, str]
    volumes: tuple[VolumeLine, ...]
    offers: tuple[dossier_volumes.Offered, ...]
    where: tuple[WhereLine, ...]
    duplex: bool
    now: datetime


class VolumesWindow(VolumesFrame):
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
        room: PrintRoom | None = None,
    ) -> None:
        super().__init__(bureau, bridge, actor_of, parent)
        self.setWindowTitle(f"纸质卷宗　{case_no}")
        self.case_id, self._case_no = case_id, case_no
        self._read: _Read | None = None
        self._volumes, self._drawn = Newest(bridge, self), Newest(bridge, self)
        self.prepared: Prepared | None = None
        self._pages: FilePages | None = None
        self.preview = VolumePreview(bureau, bridge, actor_of, case_id, self)
        self.preview.progressed.connect(self._writing, Qt.ConnectionType.QueuedConnection)
        self.preview.ready.connect(self._prepared)
        self.preview.failed.connect(self._not_prepared)
        self.printing = VolumePrinting(
            bureau, bridge, actor_of, room or PrintRoom(make_printer), self
        )
        self.printing.progressed.connect(self._printing)
        self.printing.sent.connect(self._sent)
        self.printing.failed.connect(self._not_sent)
        self.printing.duplex_wanted.connect(self._lay_out)
        self.acts = VolumeActs(bureau, bridge, actor_of, case_id, self)
        self.acts.recorded.connect(self._recorded)
        self.acts.failed.connect(self.failed)
        self.sheets = VolumeSheets(bureau, bridge, actor_of, case_id, case_no, make_printer, self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._prepare)
        self._connect()
        bridge.changed.connect(self._on_changes)
        self.arm()
        self.reload()

    def _connect(self) -> None:
        self.side_chosen.connect(self.reload)
        self.volume_chosen.connect(self._chosen)
        self.wish_changed.connect(self._wished)
        acts: dict[QPushButton, Callable[[], object]] = {
            self.print: self.ask_print,
            self.bind: lambda: self.acts.bind(self.line),
            self.labels: lambda: self.sheets.labels(self.line),
            self.list_sheet: self.show_list,
            self.spine: lambda: self.sheets.spine(self.side),
            self.hand_over: self.ask_hand_over,
            self.give_back: lambda: self.acts.give_back(self.paper),
            self.slip: self.show_slip,
            self.prove: lambda: self.proof_wanted.emit(self.case_id, self._case_no),
        }
        for button, act in acts.items():
            button.clicked.connect(lambda _on=False, act=act: act())

    # --------------------------------------------------------------------------------- the list

    def reload(self) -> None:
        """Read the volumes anew."""
        bureau, actor, case_id, side = self._bureau, self._actor(), self.case_id, self.side

        def job() -> _Read:
            return _Read(
                at_desk.refusals(bureau, actor, ACTS, case=case_id),
                dossier_volumes.volumes(bureau, actor, case_id, side),
                dossier_volumes.offers(bureau, actor, case_id, side),
                tuple(x for x in dossier_moves.where(bureau, actor, case_id) if x.side == side),
                dossier_volumes.prints_duplex(bureau),
                bureau.database.now(),
            )

        def lost(error: Exception) -> None:
            if isinstance(error, NotAllowedError) and side != MAIN:
                self.side_box.setCurrentIndex(0)
            self.failed(error)

        self._volumes.read(job, self._show, lost)

    def _on_changes(self, changes: Changes) -> None:
        if not changes.cases or self.case_id in changes.cases:
            self.reload()

    def _show(self, found: _Read) -> None:
        first = self._read is None
        self._read, self.barred = found, found.refused
        self.bar_inner()
        if first:
            self.duplex.setChecked(found.duplex)
        self.show_volumes(found.volumes, found.where)
        self.show_offers(found.offers)
        if not found.volumes:
            self.page.clear(f"{SIDES[self.side]}还没有材料，入卷以后才能打印。")
        self.shown.emit()
        self._compare_fronts(found.volumes)

    def _compare_fronts(self, volumes: tuple[VolumeLine, ...]) -> None:
        """Look, once the list is there, which covers, catalogues and closing notes have changed."""
        self._drawn.forget()
        self.show_fronts(())
        if PRINT in self.barred or not any(line.state for line in volumes):
            return
        bureau, actor, case_id, side = self._bureau, self._actor(), self.case_id, self.side
        self._drawn.read(
            lambda: dossier_front_changes.changed_fronts(bureau, actor, case_id, side),
            self.show_fronts,
            self.failed,
        )

    @property
    def line(self) -> VolumeLine | None:
        """The volume that the cursor is on."""
        number = self.number
        volumes = self._read.volumes if self._read is not None else ()
        return next((line for line in volumes if line.number == number), None)

    @property
    def paper(self) -> WhereLine | None:
        """Where its paper is, None while it was never printed."""
        line = self.line
        known = self._read.where if self._read is not None else ()
        return next((x for x in known if line is not None and x.number == line.number), None)

    def _chosen(self) -> None:
        self.arm()
        self.show_reprint()
        if self.line is not None:
            self._wished()

    def arm(self) -> None:
        """Offer what can be done with the volume that is looked at."""
        ready, busy = self.prepared is not None, self.printing.running
        self.arm_for(OnScreen(self.line, self.paper, self._actor().name, ready, busy))
        self.leave.setText("停止" if busy else "关闭")

    # ------------------------------------------------------------------------------ the preview

    def _wished(self) -> None:
        # What was prepared is not what is wanted any more.
        self.prepared = self._pages = None
        self.arm()
        self._pause.start()

    def _prepare(self) -> None:
        line, read = self.line, self._read
        if line is None or read is None or self.printing.running:
            return
        if PRINT in self.barred:
            self.page.clear(self.barred[PRINT])
            self.previewed.emit()
            return
        way = self.way
        offer = next((o for o in read.offers if o.way == way), read.offers[0])
        self.page.clear("正在准备打印的页面…")
        self.hint("")
        only_added = self.only_added.isChecked() and bool(line.state)
        self.preview.ask(
            Wanted(line.side, line.number, offer.numbering, only_added, self.duplex.isChecked())
        )

    def _writing(self, done: int, total: int) -> None:
        if self.preview.running:
            self.bar(done, total, "页")

    def _prepared(self, made: Prepared, pages: FilePages) -> None:
        self.progress.hide()
        self.prepared, self._pages = made, pages
        self.page.replace_file(pages)
        self.show_steps([step.sentence for step in made.plan.steps])
        words = f"{len(made.plan.sheets)}张{made.pages}面"
        if made.plan.by_hand:
            words += f"，另有{made.plan.by_hand}页手工编写页码"
        self.hint(words)
        self.arm()
        self.previewed.emit()

    def _not_prepared(self, error: Exception) -> None:
        self.progress.hide()
        self.show_steps([])
        if isinstance(error, ZhixingError):
            self.page.clear(error.sentence, bad=True)
        elif type(error).__name__ != "AssemblyCancelledError":
            self.page.clear("没有准备好。", bad=True)
            messages.show_error(self, error)
        self.arm()
        self.previewed.emit()

    # --------------------------------------------------------------------------------- printing

    @property
    def ready(self) -> Ready | None:
        """What is ready for the printer, None while it is not."""
        if self.prepared is None or self._pages is None:
            return None
        return Ready(self.prepared, self._pages, self.windowTitle())

    def ask_print(self) -> QPrintDialog | None:
        """Ask for printer and copies."""
        ready = self.ready
        return None if ready is None or self.printing.running else self.printing.ask(ready)

    def send_to(self, printer: QPrinter) -> None:
        """Send what is ready to a printer, unless it would come out otherwise."""
        ready = self.ready
        if ready is not None:
            self.printing.check(ready, printer)

    def _lay_out(self, duplex: bool) -> None:
        self.duplex.setChecked(duplex)
        self.tell(f"已改为{'双' if duplex else '单'}面编排，请看过预览再打印")

    def _printing(self, done: int, total: int) -> None:
        if self.printing.running:
            if not done:
                self.arm()
                self.hint("正在送往打印机…")
            self.bar(done, total, "面")

    def _sent(self, sides: int) -> None:
        self.progress.hide()
        stopped = "，已停止" if self.printing.job.stopped else ""
        self.tell(f"已送往打印机：{sides}面{stopped}。纸质卷宗已登记。")
        self.arm()
        self._announce()
        self.printed.emit(sides)

    def _not_sent(self, error: Exception) -> None:
        self.progress.hide()
        self.failed(error)
        self.reload()

    # -------------------------------------------------------------------------- the paper volume

    def show_list(self) -> SheetWindow | None:
        """Open the clerk's list of what was prepared."""
        return self.sheets.steps(self.prepared)

    def show_slip(self) -> SheetWindow | None:
        """Open the slip of the last hand-over."""
        return self.sheets.slip(self.paper)

    def ask_hand_over(self) -> None:
        """Open the dialog of the hand-over."""
        if self._read is not None:
            self.acts.hand_over(self.paper, self._read.now)

    # ----------------------------------------------------------------------------------- ending

    def _recorded(self, words: str) -> None:
        self.tell(words)
        self._announce()

    def _announce(self) -> None:
        self.say("")
        self._bridge.announce(Changes(frozenset({self.case_id}), lists=False))

    def reject(self) -> None:
        """Stop what runs; close where nothing does."""
        if self.printing.running:
            self.printing.stop()
            self.hint("正在停止…")
            return
        self.preview.stop()
        super().reject()
