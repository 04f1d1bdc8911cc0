"""What is typed in a window of the dossier and not recorded yet: kept, and offered when it is back.

A window makes one, puts ``bar`` where the question shall stand, calls ``begin`` when it knows its
case, ``touch`` after every change and ``drop`` when all of it is recorded.  Closing the window, a
crash and a power cut leave what was kept; it is offered the next time, until somebody drops it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from zhixing_desktop.services import drafts
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.drafts import Draft
from zhixing_desktop.services.node_saving import Place
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.draft_keeper import DraftKeeper
from zhixing_desktop.ui.forms.notices import OfferBar
from zhixing_desktop.workflow.views import Key


class EntryKeeper(QObject):
    """``body`` gives what stands there as JSON can hold it, empty where nothing does; ``put`` puts
    it back.  ``begun`` when it is known whether there is something to offer."""

    begun = Signal()

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        body: Callable[[], Mapping[str, Any]],
        put: Callable[[Mapping[str, Any]], object],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._bureau, self._bridge, self._body, self._put = bureau, bridge, body, put
        self._keeper: DraftKeeper | None = None
        self._place: Place | None = None
        self._found: Draft | None = None
        self.bar = OfferBar(window)
        self.bar.taken.connect(self._take)
        self.bar.dropped.connect(self._refuse)

    def begin(self, actor: Actor, case_id: int, name: str) -> None:
        """Keep from here on what is typed as ``name`` of a case; offer what was kept before.

        The same place again changes nothing; another one keeps what the former still had to keep.
        """
        place = Place(self._bureau, actor, case_id, Key(0, f"dossier/{name}"))
        if place == self._place:
            return
        self.flush()
        self._place, self._found = place, None
        self._keeper = None
        self.bar.hide()

        def known(draft: Draft | None) -> None:
            if place is not self._place:
                return
            self._keeper = DraftKeeper(self._bridge, place, self._body, self)
            if draft is not None and draft.body:
                self._found = draft
                when = f"{draft.saved_at:%Y-%m-%d %H:%M}"
                self.bar.offer(f"上次填写的内容没有登记（{when}），是否恢复？")
            elif self._body():
                self._keeper.touch()
            self.begun.emit()

        self._bridge.read(
            self, lambda: drafts.load_draft(self._bureau, actor, case_id, place.key), known
        )

    def touch(self) -> None:
        """Something was typed; while a question is open, what it asks about is not overwritten."""
        if self._keeper is not None and self._found is None:
            self._keeper.touch()

    def flush(self) -> None:
        """Keep at once what waits to be kept: the window is about to go."""
        if self._keeper is not None:
            self._keeper.flush()

    def drop(self) -> None:
        """Forget what is kept: it is recorded."""
        self._close_bar()
        if self._keeper is not None:
            self._keeper.drop()

    def _refuse(self) -> None:
        self.drop()
        # What was typed while the question stood there has not been kept yet.
        if self._body():
            self.touch()

    def _take(self) -> None:
        found = self._found
        self._close_bar()
        if found is not None:
            self._put(found.body)

    def _close_bar(self) -> None:
        self._found = None
        self.bar.hide()
