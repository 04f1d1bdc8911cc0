"""Scans that belong to no case are set aside with a reason, and fetched back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from zhixing_desktop.services import dossier_tray
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_tray_rows import TrayLine
from zhixing_desktop.ui.bridge import Bridge


class TrayShelf(QObject):
    """``done`` carries the scans and what was done, in words; ``refused`` the error."""

    done = Signal(object, str)
    refused = Signal(object)

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor_of: Callable[[], Actor], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._bureau, self._bridge, self._actor_of = bureau, bridge, actor_of

    def set_aside(self, lines: Sequence[TrayLine], reason: str) -> None:
        """Take scans off the list."""
        self._each(
            lines,
            lambda bureau, actor, one: dossier_tray.set_aside(
                bureau, actor, one.id, reason, version=one.version
            ),
            "已搁置，可以在“已搁置”中取回",
        )

    def fetch_back(self, lines: Sequence[TrayLine]) -> None:
        """Put scans back on the list."""
        self._each(
            lines,
            lambda bureau, actor, one: dossier_tray.fetch_back(
                bureau, actor, one.id, version=one.version
            ),
            "已取回",
        )

    def _each(
        self,
        lines: Sequence[TrayLine],
        do: Callable[[Bureau, Actor, TrayLine], object],
        words: str,
    ) -> None:
        bureau, actor = self._bureau, self._actor_of()
        names = "、".join(f"“{line.name}”" for line in lines)

        def written(_result: object) -> None:
            self.done.emit(tuple(lines), f"{names}{words}")

        self._bridge.write(
            self, lambda: [do(bureau, actor, one) for one in lines], written, self.refused.emit
        )
