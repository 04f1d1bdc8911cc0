"""A volume prepared for the printer off the window's thread: the newest wish counts."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from zhixing_desktop.services import dossier_printing
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_printing import Prepared
from zhixing_desktop.services.file_pages import FilePages
from zhixing_desktop.ui.bridge import Bridge

if TYPE_CHECKING:
    from zhixing_desktop.services.dossier_volumes import Way


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which volume is wanted and how."""

    side: str
    number: int
    way: Way
    only_added: bool
    duplex: bool


class VolumePreview(QObject):
    """``ready`` carries what was prepared and its pages; ``failed`` an error; ``progressed`` how
    many sides are written (from the thread that writes)."""

    progressed = Signal(int, int)
    ready = Signal(object, object)
    failed = Signal(object)

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: Callable[[], Actor],
        case_id: int,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._bureau, self._bridge, self._actor_of = bureau, bridge, actor_of
        self._case_id = case_id
        self._room = tempfile.TemporaryDirectory(prefix="zhixing-volume-")
        self._round = 0
        self._stop = threading.Event()
        self.running = False
        parent.destroyed.connect(self._room.cleanup)

    def ask(self, wanted: Wanted) -> None:
        """Prepare a volume; what was asked before is given up."""
        self.stop()
        self._round += 1
        mine, stop = self._round, threading.Event()
        self._stop, self.running = stop, True
        bureau, actor, case_id = self._bureau, self._actor_of(), self._case_id
        out = Path(self._room.name) / f"{mine}.pdf"

        def tell(done: int, total: int) -> None:
            if isValid(self):
                self.progressed.emit(done, total)

        def job() -> tuple[Prepared, FilePages]:
            made = dossier_printing.prepare(
                bureau, actor, case_id, wanted.side, wanted.number, out, way=wanted.way,
                only_added=wanted.only_added, duplex=wanted.duplex, progress=tell,
                cancelled=stop.is_set,
            )  # fmt: skip
            return made, dossier_printing.prepared_pages(made)

        def done(found: tuple[Prepared, FilePages]) -> None:
            if mine == self._round:
                self.running = False
                self.ready.emit(*found)

        def lost(error: Exception) -> None:
            if mine == self._round:
                self.running = False
                self.failed.emit(error)

        # By the writer: the look at somebody else's case is journalled.
        self._bridge.write(self, job, done, lost)

    def stop(self) -> None:
        """Give up what is being prepared."""
        self._stop.set()
