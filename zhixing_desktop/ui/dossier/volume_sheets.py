"""Opens the sheets that belong to a paper volume: slip, spine labels, clerk's list, page stamps."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from zhixing_desktop.services import (
    dossier_moves,
    dossier_separators,
    dossier_spine,
    dossier_steps,
)
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_moves import WhereLine
from zhixing_desktop.services.dossier_printing import Prepared
from zhixing_desktop.services.dossier_volumes import VolumeLine
from zhixing_desktop.services.file_pages import FilePages, file_pages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.sheet_window import SheetWindow
from zhixing_desktop.ui.papers.print_job import MakePrinter


class VolumeSheets(QObject):
    """Of one case; each sheet gets a window of its own, from which it is printed or saved."""

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: Callable[[], Actor],
        case_id: int,
        case_no: str,
        make_printer: MakePrinter,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._bureau, self._bridge, self._actor_of = bureau, bridge, actor_of
        self._case_id, self._case_no = case_id, case_no
        self._make_printer, self._window = make_printer, window

    def slip(self, paper: WhereLine | None) -> SheetWindow | None:
        """Open the slip of the last hand-over; None where there was none."""
        if paper is None or not paper.moves:
            return None
        bureau, actor, move = self._bureau, self._actor_of(), paper.moves[0]
        return self._open(
            f"交接单　{paper.title}", lambda: dossier_moves.slip(bureau, actor, move.id)
        )

    def spine(self, side: str) -> SheetWindow:
        """Open the spine labels of a side."""
        bureau, actor, case_id = self._bureau, self._actor_of(), self._case_id
        return self._open(
            f"卷脊标签　{self._case_no}",
            lambda: dossier_spine.spine_labels(bureau, actor, case_id, side),
        )

    def steps(self, made: Prepared | None) -> SheetWindow | None:
        """Open the clerk's list of what was prepared; None where nothing is to be put anywhere."""
        if made is None or not made.plan.steps:
            return None
        bureau, actor = self._bureau, self._actor_of()
        return self._open(
            f"插放清单　{self._case_no}", lambda: dossier_steps.steps_sheet(bureau, actor, made)
        )

    def labels(self, line: VolumeLine | None) -> SheetWindow | None:
        """Open the stick-on stamps of what is bound as it came; None without a volume."""
        if line is None:
            return None
        bureau, actor, case_id = self._bureau, self._actor_of(), self._case_id

        def load() -> FilePages:
            made = dossier_separators.label_file(bureau, actor, case_id, line.side, line.number)
            return file_pages(made.name, made.media_type, made.data)

        return self._open(f"粘贴用页标　{line.title}", load)

    def _open(self, title: str, load: Callable[[], FilePages]) -> SheetWindow:
        made = SheetWindow(
            self._bureau, self._bridge, self._actor_of, self._case_id, title, load, self._window,
            make_printer=self._make_printer,
        )  # fmt: skip
        made.show()
        return made
