"""Pages of a stack that only show once more what the dossier has: the scan of a bound volume."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from zhixing_desktop.dossier.stamp import Stamp
from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.services.dossier_sheets import stamp_corners
from zhixing_desktop.services.dossier_store import path_of
from zhixing_desktop.services.dossier_types import Medium
from zhixing_desktop.services.stack_targets import NewVersion
from zhixing_desktop.workflow.errors import StoreError

if TYPE_CHECKING:
    from zhixing_desktop.dossier.corners import Corner
    from zhixing_desktop.dossier.scan_sameness import ScanSameness

WHY = "与卷宗中的电子页一致，没有更换"
"""The reason with which such pages are set aside; they can be fetched back."""


class Sameness:
    """Holds the stamped pages of one scan against the pages of record they were printed from."""

    def __init__(self, bureau: Bureau, scan: Path, cancelled: Callable[[], bool]) -> None:
        self._bureau, self._scan, self._cancelled = bureau, scan, cancelled
        self._held: ScanSameness | None = None

    def holds(self, made: NewVersion, stamp: Stamp) -> bool:
        """Tell whether a version made of scanned pages would show nothing that is new.

        By the set measure of the proof; ``False`` where there is no page of record to compare with.
        Raises ``StoreError`` when it is stopped.
        """
        from zhixing_desktop.dossier.scan_sameness import Pair, ScanSameness

        if not made.before:
            return False
        if self._held is None:
            self._held = ScanSameness(self._scan)
        corners = self._corners(made)
        pairs = [
            Pair(page.page, number, corners(number))
            for number, page in enumerate(made.pages)
            if page.scanned
        ]
        own = Medium(made.item["medium"]) not in (Medium.BOTH, Medium.ELECTRONIC)
        record = path_of(self._bureau, made.before)
        return self._held.unchanged(record, stamp, pairs, own_paper=own, step=self._step)

    def _corners(self, made: NewVersion) -> Callable[[int], Corner | None]:
        from zhixing_desktop.dossier.corners import Corner

        with self._bureau.database.reading() as conn:
            known = stamp_corners(conn, made.case["id"])
        listed = known.get((made.item["id"], made.item["current"]), ())

        def corner(page: int) -> Corner | None:
            return Corner(listed[page]) if page < len(listed) and listed[page] else None

        return corner

    def _step(self) -> None:
        if self._cancelled():
            raise StoreError("已经停止，没有收取。", data={"kind": "cancelled"})
