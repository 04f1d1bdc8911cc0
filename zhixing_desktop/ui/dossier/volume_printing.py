"""A volume sent to a printer: the printer asked for, both sides checked, the print recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QMessageBox, QWidget

from zhixing_desktop.services import dossier_printing
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_printing import Prepared
from zhixing_desktop.services.file_pages import FilePages
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.duplex_check import (
    LONG,
    AbleOf,
    Modes,
    Way,
    able_of,
    doubt,
    on_paper,
)
from zhixing_desktop.ui.papers.print_job import MakePrinter, PrintJob, new_printer
from zhixing_desktop.ui.papers.print_run import Part, Run, run_of


@dataclass(frozen=True, slots=True)
class Ready:
    """A volume that is ready for the printer, with its pages and the words for its job."""

    made: Prepared
    pages: FilePages
    title: str


@dataclass(frozen=True, slots=True)
class PrintRoom:
    """Where prints come from: how a printer is made, and what it is known to be able to do."""

    make_printer: MakePrinter = new_printer
    able_of: AbleOf = able_of
    on_paper: Callable[[QPrinter], bool] = on_paper


class VolumePrinting(QObject):
    """``progressed`` (from the thread that prints), ``sent`` with how many sides went out,
    ``failed`` with an error; ``duplex_wanted`` when somebody wants the volume laid out otherwise.
    """

    progressed = Signal(int, int)
    sent = Signal(int)
    failed = Signal(object)
    duplex_wanted = Signal(bool)

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: Callable[[], Actor],
        room: PrintRoom,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._bureau, self._bridge, self._actor_of = bureau, bridge, actor_of
        self._room, self._window = room, window
        self.job = PrintJob(bridge, window, room.make_printer)
        self.job.progressed.connect(self.progressed, Qt.ConnectionType.QueuedConnection)
        self.job.sent.connect(self.sent)
        self.job.failed.connect(self.failed)
        self.question: QMessageBox | None = None

    @property
    def running(self) -> bool:
        """Whether sides go out."""
        return self.job.running

    def ask(self, ready: Ready) -> QPrintDialog:
        """Ask for printer and copies; before anything is printed, the sides are checked."""
        dialog = self.job.ask(
            ready.title, lambda printer: self.check(ready, printer), duplex=ready.made.duplex
        )
        if not ready.made.duplex:
            # The printer's own default may be both sides.
            dialog.printer().setDuplex(QPrinter.DuplexMode.DuplexNone)
        return dialog

    def check(self, ready: Ready, printer: QPrinter) -> None:
        """Send a volume to the printer, unless it would come out other than it is laid out."""
        if not self._room.on_paper(printer):
            self.send(ready, printer)
            return
        asked, name = printer.duplex(), printer.printerName()

        def known(able: Modes | None) -> None:
            found = doubt(ready.made.duplex, asked, able, name, len(ready.made.plan.sheets))
            if found is None:
                self.send(ready, printer)
                return
            self.question = messages.choose(
                self._window,
                "打印以前请确认",
                found.question,
                [(way.label, self._way(way, ready, printer)) for way in found.ways],
                below=found.below,
            )

        # A printer of the network may take its time to answer.
        self._bridge.read(self, lambda: self._room.able_of(printer), known, self.failed.emit)

    def _way(self, way: Way, ready: Ready, printer: QPrinter) -> Callable[[], object]:
        def set_then_send(mode: QPrinter.DuplexMode) -> Callable[[], object]:
            def act() -> None:
                printer.setDuplex(mode)
                self.send(ready, printer)

            return act

        ways: dict[Way, Callable[[], object]] = {
            Way.OTHER_PRINTER: lambda: self.ask(ready),
            Way.SET_DUPLEX: set_then_send(LONG),
            Way.SET_SINGLE: set_then_send(QPrinter.DuplexMode.DuplexNone),
            Way.PLAN_DUPLEX: lambda: self.duplex_wanted.emit(True),
            Way.PLAN_SINGLE: lambda: self.duplex_wanted.emit(False),
            Way.ANYWAY: lambda: self.send(ready, printer),
        }
        return ways[way]

    def send(self, ready: Ready, printer: QPrinter) -> None:
        """Record the print, then send the volume as one job."""
        bureau, actor, made = self._bureau, self._actor_of(), ready.made
        copies = printer.copyCount()

        def note(name: str) -> Run:
            dossier_printing.record_print(bureau, actor, made, printer=name, copies=copies)
            return run_of(ready.pages.name, [Part(ready.pages)])

        self.job.send(printer, ready.title, note)
        self.progressed.emit(0, made.pages)

    def stop(self) -> None:
        """Let no further page out."""
        self.job.stop()
