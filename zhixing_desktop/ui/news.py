"""What reaches a person by itself: the digest with its counter, and the few pop-ups of a day."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from zhixing_desktop.services import alerts
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.bureau_settings import read_settings
from zhixing_desktop.services.digest import Digest, digest, mark_looked
from zhixing_desktop.services.popups import Interruption, take_popups
from zhixing_desktop.ui.alert_panel import NOBODY
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.digest_window import DigestWindow, count_of
from zhixing_desktop.ui.popup_box import PopupBox


class News(QObject):
    """``counted`` with the lines of the digest and its heading; the others as the windows say."""

    counted = Signal(int, str)
    case_requested = Signal(int, int)
    item_requested = Signal(int, int)

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor_of: Callable[[], Actor], window: QWidget
    ) -> None:
        super().__init__(window)
        self._bureau, self._bridge, self._actor_of = bureau, bridge, actor_of
        self._window = window
        self._asked = 0
        self.digest_window: DigestWindow | None = None
        self.popups = PopupBox(window)
        self.popups.case_requested.connect(self.case_requested)
        self.popups.read.connect(self._read)
        bridge.changed.connect(self._on_changes)

    # -------------------------------------------------------------------------------- digest

    def count(self) -> None:
        """Count what is new; asked again whenever something happened."""
        self._ask(self._count)

    def greet(self) -> None:
        """Show what is new after the sign-in; nothing where nothing is."""
        self._ask(self._greet)

    def show(self) -> None:
        """Show the digest, also an empty one."""
        if self.digest_window is not None:
            self.digest_window.raise_()
            self.digest_window.activateWindow()
            return
        self._ask(self._open)

    def _ask(self, then: Callable[[Digest], None]) -> None:
        self._asked += 1
        bureau, actor = self._bureau, self._actor_of()

        def found(answer: Digest) -> None:
            # Somebody else may have sat down meanwhile.
            if actor == self._actor_of():
                then(answer)

        self._bridge.read(self, lambda: digest(bureau, actor), found)

    def _count(self, found: Digest) -> None:
        self.counted.emit(count_of(found), found.heading)

    def _greet(self, found: Digest) -> None:
        self._count(found)
        if not found.empty and self.digest_window is None:
            self._open(found)

    def _open(self, found: Digest) -> None:
        made = DigestWindow(found, self._window)
        made.case_requested.connect(self.case_requested)
        made.item_requested.connect(self.item_requested)
        made.looked.connect(self._looked)
        made.finished.connect(self._closed)
        self.digest_window = made
        made.show()

    def _closed(self, _result: int) -> None:
        self.digest_window = None

    def _looked(self) -> None:
        window = self.digest_window
        if window is None:
            return
        bureau, actor, seen = self._bureau, self._actor_of(), window.digest
        ids = [number for entry in seen.news for number in entry.alert_ids]

        def job() -> None:
            alerts.mark_read(bureau, actor, ids)
            mark_looked(bureau, actor, seen.until)

        self._bridge.write(self, job, self._marked)

    def _read(self, ids: Sequence[int]) -> None:
        bureau, actor = self._bureau, self._actor_of()
        self._bridge.write(self, lambda: alerts.mark_read(bureau, actor, ids), self._marked)

    def _marked(self, _nothing: object) -> None:
        self._bridge.announce(Changes(NOBODY, lists=False, alerts=True))

    # --------------------------------------------------------------------------- interrupting

    def look(self) -> None:
        """Take what may interrupt now; the services say how much of it a day bears."""
        if not self._window.isVisible():
            return  # nobody would see it, and it is shown only once
        bureau, actor = self._bureau, self._actor_of()

        def job() -> Interruption:
            return take_popups(bureau, actor, per_day=read_settings(bureau).popups_per_day)

        def found(answer: Interruption) -> None:
            if actor == self._actor_of():
                self.popups.show_more(answer)

        self._bridge.write(self, job, found)

    def set_actor(self, _actor: Actor) -> None:
        """Somebody else sits down: nothing of the one before stays on the screen."""
        self.popups.forget()
        if self.digest_window is not None:
            window, self.digest_window = self.digest_window, None
            window.leave()

    def _on_changes(self, changes: Changes) -> None:
        if changes.alerts or changes.lists:
            self.count()
