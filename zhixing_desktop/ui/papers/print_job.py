"""A print from a window: the printer asked for, the print journalled, the pages sent off it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.papers.print_run import Run, prepare, print_run

MakePrinter = Callable[[], QPrinter]


def new_printer() -> QPrinter:
    """Return the workstation's own printer, at its finest."""
    return QPrinter(QPrinter.PrinterMode.HighResolution)


class PrintJob(QObject):
    """One job at a time.

    Drawing a page as finely as a printer does takes tenths of a second, so nothing of it is done on
    the window's thread.  ``progressed`` carries how many sides are out and how many there are (it
    is emitted from the thread that prints), ``sent`` how many went out, ``failed`` an error;
    ``running`` is no more by then.
    """

    progressed = Signal(int, int)
    sent = Signal(int)
    failed = Signal(object)

    def __init__(
        self, bridge: Bridge, window: QWidget, make_printer: MakePrinter = new_printer
    ) -> None:
        super().__init__(window)
        self._bridge, self._window, self._make_printer = bridge, window, make_printer
        self._stop = threading.Event()
        self._printer: QPrinter | None = None
        self.running = False

    @property
    def stopped(self) -> bool:
        """Whether somebody stopped the job that ran last."""
        return self._stop.is_set()

    def ask(
        self, title: str, then: Callable[[QPrinter], object], *, duplex: bool = False
    ) -> QPrintDialog:
        """Ask for printer, range and copies; ``then`` gets the printer when it is agreed to."""
        printer = self._make_printer()
        prepare(printer, title)
        if duplex:
            printer.setDuplex(QPrinter.DuplexMode.DuplexLongSide)
        # The dialog uses the printer but does not own it.
        self._printer = printer
        dialog = QPrintDialog(printer, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle("打印")
        dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange)
        dialog.accepted.connect(lambda: then(printer))
        # QPrintDialog has an open() of its own that wants a receiver.
        dialog.setModal(True)
        dialog.show()
        return dialog

    def send(self, printer: QPrinter, title: str, note: Callable[[str], Run]) -> None:
        """Send a job to a printer.

        ``note`` gets the printer's name, journals the print and returns the job; it is called in
        the writer's thread, and where it refuses nothing is printed.
        """
        prepare(printer, title)
        self._printer, self.running = printer, True
        self._stop = stop = threading.Event()
        name = printer.printerName() or printer.outputFileName()
        self._bridge.write(
            self,
            lambda: note(name),
            lambda run: self._bridge.read(
                self,
                lambda: print_run(printer, run, self._tell, stop.is_set),
                self._sent,
                self._not_sent,
            ),
            self._not_sent,
        )

    def stop(self) -> None:
        """Let no further page out."""
        self._stop.set()

    def _tell(self, done: int, total: int) -> None:
        # The window may be closed while the last pages go out.
        if isValid(self):
            self.progressed.emit(done, total)

    def _sent(self, sides: int) -> None:
        self._printer, self.running = None, False
        self.sent.emit(sides)

    def _not_sent(self, error: Exception) -> None:
        self._printer, self.running = None, False
        self.failed.emit(error)
