"""Keeps what is typed while it is not saved, every few seconds, so that a crash loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, QTimer

from zhixing_desktop.services import drafts
from zhixing_desktop.services.node_saving import Place
from zhixing_desktop.ui.bridge import Bridge

EVERY_MS = 3000


class DraftKeeper(QObject):
    """Saves the body of one dialog; ``touch`` after every change, ``drop`` when it is saved."""

    def __init__(
        self, bridge: Bridge, place: Place, body: Callable[[], Mapping[str, Any]], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._place = place
        self._body = body
        self._kept: Mapping[str, Any] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.keep)

    def touch(self) -> None:
        """Something was typed; it is kept at the latest some seconds from now."""
        if not self._timer.isActive():
            self._timer.start()

    def keep(self) -> None:
        """Keep what stands there now, when it differs from what is kept."""
        self._timer.stop()
        body = dict(self._body())
        if body == self._kept:
            return
        self._kept = body
        at = self._place
        self._bridge.write(
            self,
            lambda: drafts.save_draft(at.bureau, at.actor, at.case_id, at.key, body),
            _nothing,
            self._not_kept,
        )

    def flush(self) -> None:
        """Keep at once what waits to be kept: the dialog is about to go, or to be hidden."""
        if self._timer.isActive():
            self.keep()

    def stop(self) -> None:
        """Keep nothing more of what stands there now; it is saved, or about to be."""
        self._timer.stop()
        self._kept = None

    def drop(self) -> None:
        """Forget what is kept."""
        self._timer.stop()
        self._kept = None
        at = self._place
        self._bridge.write(
            self,
            lambda: drafts.drop_draft(at.bureau, at.actor, at.case_id, at.key),
            _nothing,
            self._not_kept,
        )

    def _not_kept(self, error: Exception) -> None:
        # Tried again with the next change; the dialog still holds everything.
        self._kept = None
        self._bridge.failed.emit(error)


def _nothing(_result: object) -> None:
    """Nobody waits for the answer."""
