"""Files several things one after the other: kept and composed by a reader, filed by the writer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from zhixing_desktop.services import dossier_filing, dossier_store
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_store import Taken
from zhixing_desktop.services.dossier_types import Cut, Filed, Filing, ItemLine, Medium, Piece
from zhixing_desktop.ui.bridge import Bridge


@dataclass(frozen=True, slots=True)
class Order:
    """One thing to be filed, or (``replaced``) to be given a new version with a reason.

    ``pieces`` and ``cuts`` as ``dossier_store.take_in`` wants them; no pieces: on paper only.
    """

    thing: int
    case_id: int
    filing: Filing
    pieces: tuple[Piece, ...]
    cuts: tuple[Cut, ...]
    replaced: ItemLine | None = None
    reason: str = ""

    def take(self, bureau: Bureau, run: IntakeRun) -> Taken | None:
        """Keep the files and make the pages; for a thread."""
        if not self.pieces:
            return None
        return dossier_store.take_in(
            bureau, self.pieces, self.cuts, run.progressed.emit, run.is_stopped
        )

    def file(self, bureau: Bureau, actor: Actor, taken: Taken | None) -> Filed:
        """File what was made; for the writer."""
        if self.replaced is None:
            return dossier_filing.file_item(bureau, actor, self.case_id, self.filing, taken)
        medium = self.filing.medium
        return dossier_filing.replace_item(
            bureau,
            actor,
            self.replaced.id,
            taken,
            self.reason,
            version=self.replaced.version,
            paper_pages=self.filing.paper_pages if medium is Medium.PAPER else 0,
            medium=medium,
        )


class IntakeRun(QObject):
    """``progressed`` carries done, total and what is done (from threads, so it arrives queued);
    ``began`` a thing's number; ``filed`` its number and the :class:`Filed`; ``failed`` its number
    and the error; ``ended`` when all have been tried or it was stopped."""

    progressed = Signal(int, int, str)
    began = Signal(int)
    filed = Signal(int, object)
    failed = Signal(int, object)
    ended = Signal()

    def __init__(self, bureau: Bureau, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bureau, self._bridge = bureau, bridge
        self._orders: list[Order] = []
        self._stopped = False
        self.running = False

    def run(self, actor: Actor, orders: Sequence[Order]) -> None:
        """Begin; what fails leaves the others as they are."""
        self._orders, self._stopped, self.running = list(orders), False, True
        self._next(actor)

    def stop(self) -> None:
        """End as soon as it can be: what has been filed stays so."""
        self._stopped = True

    def is_stopped(self) -> bool:
        """Tell whether somebody wants it to end; asked from threads."""
        return self._stopped

    def _next(self, actor: Actor) -> None:
        if not self._orders or self._stopped:
            self.running = False
            self.ended.emit()
            return
        order = self._orders.pop(0)
        self.began.emit(order.thing)

        def failed(error: Exception) -> None:
            self.failed.emit(order.thing, error)
            self._next(actor)

        def done(filed: Filed) -> None:
            self.filed.emit(order.thing, filed)
            self._next(actor)

        def taken(found: Taken | None) -> None:
            self._bridge.write(self, lambda: order.file(self._bureau, actor, found), done, failed)

        # By a reader: other people's steps do not wait for a thousand pages.
        self._bridge.read(self, lambda: order.take(self._bureau, self), taken, failed)
