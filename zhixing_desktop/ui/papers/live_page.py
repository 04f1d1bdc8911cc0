"""The page that follows what is typed: drawn anew after a pause, one drawing at a time."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from zhixing_desktop.services.paper_types import DRAFT
from zhixing_desktop.ui.papers import reading
from zhixing_desktop.ui.papers.drafting import Drafting
from zhixing_desktop.ui.papers.open_paper import OpenPaper
from zhixing_desktop.ui.papers.reading import Shown

PAUSE_MS = 60
"""So long nobody types before the page follows; drawing takes some tens of milliseconds more."""


class LivePage(QObject):
    """``looked`` carries the paper as it would look now; ``refused`` why it cannot be shown."""

    looked = Signal(object)
    refused = Signal(object)

    def __init__(self, paper: OpenPaper, drafting: Drafting) -> None:
        super().__init__(paper)
        self._paper, self._drafting = paper, drafting
        self._under_way = False
        self._again = False
        self._void = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.look)

    @property
    def waiting(self) -> bool:
        """Whether it is going to look in a moment."""
        return self._pause.isActive()

    def follow(self) -> None:
        """Look once nothing more is typed."""
        self._pause.start()

    def stop(self) -> None:
        """Look no more for now; what is being drawn is of before and is not shown."""
        self._pause.stop()
        self._again, self._void = False, self._under_way

    def look(self) -> None:
        """Draw the page anew, unless that is under way: then once more after it."""
        paper = self._paper
        if paper.preview is None or paper.state != DRAFT:
            return
        if self._under_way:
            self._again = True
            return
        self._under_way, self._again, self._void = True, False, False
        bureau, preview = paper.bureau, self._drafting.preview_job()

        def job() -> Shown:
            found = preview()
            return Shown(found, reading.pages_of(bureau, found))

        paper.bridge.read(self, job, self._looked, self._look_refused)

    def _looked(self, found: Shown) -> None:
        self._under_way = False
        if self._again:
            self.look()
        elif self._paper.state == DRAFT and not self._void:
            self.looked.emit(found)

    def _look_refused(self, error: Exception) -> None:
        self._under_way = False
        if self._again:
            self.look()
        elif not self._void:
            # The old page stays: half a date is no reason to take it away.
            self.refused.emit(error)
