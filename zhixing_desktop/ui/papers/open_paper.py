"""A paper that is open in a window: what is known of it, and the one job that runs for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.fact_words import subject_words
from zhixing_desktop.services.paper_types import DRAFT, PaperLine, Preview
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.papers.reading import Opening

ActorOf = Callable[[], Actor]


class OpenPaper(QObject):
    """What the parts of a paper's window share.

    ``line`` is None while the paper is not kept, ``preview`` None for one that was opened issued,
    ``opening`` None until it was read; ``step`` is the dialog that was opened last over the window.
    ``changed`` tells that any of it is another, or that a job runs or does no more; ``line_taken``
    carries a new line; ``refused`` the error of a job.
    """

    changed = Signal()
    line_taken = Signal(object)
    refused = Signal(object)

    def __init__(self, bureau: Bureau, bridge: Bridge, actor_of: ActorOf, window: QWidget) -> None:
        super().__init__(window)
        self.bureau, self.bridge, self.actor_of, self.window = bureau, bridge, actor_of, window
        self.opening: Opening | None = None
        self.line: PaperLine | None = None
        self.preview: Preview | None = None
        self.step: QDialog | None = None
        self.busy = False

    @property
    def actor(self) -> Actor:
        """Whoever sits at the workstation now."""
        return self.actor_of()

    @property
    def state(self) -> str:
        """The paper's state; one that is not kept is a draft."""
        return self.line.state if self.line is not None else DRAFT

    @property
    def edited(self) -> bool:
        """Whether a Word file that was taken back is the draft's text of record."""
        return self.line is not None and self.line.state == DRAFT and bool(self.line.edited)

    def about(self) -> str:
        """Return in words what the paper that is made is for; empty for the case."""
        assert self.opening is not None
        assert self.preview is not None
        subject = self.preview.wish.about
        labels = self.opening.case.context.index.name_of
        return subject_words(labels, subject) if subject else ""

    def take(self, line: PaperLine) -> None:
        """Take what has become of the paper."""
        self.line = line
        self.line_taken.emit(line)
        self.changed.emit()

    def announce(self) -> None:
        """Tell all windows that the case has changed."""
        if self.opening is not None:
            self.bridge.announce(Changes(frozenset({self.opening.case.id})))

    def show_step(self, dialog: QDialog) -> None:
        """Open a dialog over the window."""
        self.step = dialog
        dialog.destroyed.connect(self._forget_step)
        dialog.open()

    def _forget_step(self) -> None:
        self.step = None

    # ---------------------------------------------------------------------------------- jobs

    def read(self, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """Read what a step is begun with; what is pressed meanwhile counts once."""
        self._begin()
        self.bridge.read(self, job, lambda found: self._end(done, found), self._failed)

    def run(self, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """Run a step that writes."""
        self._begin()
        self.bridge.write(self, job, lambda found: self._end(done, found), self._failed)

    def _begin(self) -> None:
        self.busy = True
        self.changed.emit()

    def _end(self, done: Callable[[Any], None], found: Any) -> None:
        self.busy = False
        self.changed.emit()
        done(found)

    def _failed(self, error: Exception) -> None:
        self.busy = False
        self.changed.emit()
        self.refused.emit(error)
