"""What mends each kind of disagreement: one click, from the table of 三卷一致."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from zhixing_desktop.services import (
    dossier,
    dossier_choices,
    dossier_earlier,
    paper_proofs,
    papers,
)
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_choices import Choices
from zhixing_desktop.services.dossier_rights import ARRANGE, FILE
from zhixing_desktop.services.dossier_triangle import Hole, HoleKind
from zhixing_desktop.services.dossier_types import ItemLine
from zhixing_desktop.services.outside import Scan
from zhixing_desktop.services.paper_types import PaperLine, ServiceLine
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.dossier.change_dialog import ChangeDialog
from zhixing_desktop.ui.dossier.wishes import Wish

_SCANS = ("扫描件（*.pdf *.tif *.tiff *.jpg *.jpeg *.png）", "所有文件（*）")


@dataclass(frozen=True, slots=True)
class Mend:
    """``way`` is what is opened or done, ``act`` the act of the matrix that it needs."""

    way: str
    act: str = ""


_MENDS: Mapping[HoleKind, Mend] = MappingProxyType(
    {
        HoleKind.MATERIAL_MISSING: Mend("take_in", FILE),
        HoleKind.MATERIAL_REPORTED: Mend("take_in", FILE),
        HoleKind.MATERIAL_UNREPORTED: Mend("node"),
        HoleKind.NODE_NOT_STARTED: Mend("node"),
        HoleKind.NODE_NOT_STARTED: Mend("node"),
        HoleKind.NOT_ARCHIVED: Mend("node"),
        HoleKind.PAPER_UNFILED: Mend("file_again", FILE),
        HoleKind.PAPER_WITHOUT_PAGES: Mend("replace", FILE),
        HoleKind.PROOF_MISSING: Mend("scan"),
        HoleKind.UNPLACED: Mend("place", ARRANGE),
        HoleKind.NOT_PRINTED: Mend("volumes"),
        HoleKind.OLD_PRINT: Mend("volumes"),
        HoleKind.GONE_ON_PAPER: Mend("volumes"),
        HoleKind.NOT_PROVEN: Mend("proof"),
        HoleKind.PROVEN_DIFFERENT: Mend("proof"),
        HoleKind.NOT_ARCHIVED: Mend("archive"),
    }
)
_NOWHERE = Mend("")


def mend_of(kind: HoleKind) -> Mend:
    """Return what mends a kind."""
    return _MENDS.get(kind, _NOWHERE)


class Mends(QObject):
    """``take_wanted`` carries a :class:`Wish`; ``node_wanted`` case, node and subject;
    ``volumes_wanted``, ``proof_wanted`` and ``archive_wanted`` case and 案号; ``said`` what was
    done at once; ``refused`` the error of that."""

    take_wanted = Signal(object)
    node_wanted = Signal(int, int, str)
    volumes_wanted = Signal(int, str)
    proof_wanted = Signal(int, str)
    archive_wanted = Signal(int, str)
    said = Signal(str)
    refused = Signal(object)

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor_of: Callable[[], Actor], window: QWidget
    ) -> None:
        super().__init__(window)
        self._bureau, self._bridge, self._actor_of, self._window = bureau, bridge, actor_of, window
        self.step: QDialog | None = None
        """The dialog that was opened last over the window."""

    def mend(self, hole: Hole, case_id: int, case_no: str) -> None:
        """Open what mends a hole, or do it where nothing has to be asked."""
        way = mend_of(hole.kind).way
        if way == "take_in":
            self.take_wanted.emit(Wish(key=hole.key, material=hole.material))
        elif way == "node" and hole.key is not None:
            self.node_wanted.emit(case_id, hole.key.node, hole.key.subject)
        elif way == "volumes":
            self.volumes_wanted.emit(case_id, case_no)
        elif way == "proof":
            self.proof_wanted.emit(case_id, case_no)
        elif way == "archive":
            self.archive_wanted.emit(case_id, case_no)
        elif way == "file_again" and hole.paper is not None:
            self._file_again(case_id, hole.paper)
        elif way == "scan" and hole.paper is not None and hole.service is not None:
            self._of_service(case_id, hole.paper, hole.service)
        elif hole.item is not None:
            self._of_thing(way, case_id, hole.item)

    # ------------------------------------------------------------------------------- things

    def _of_thing(self, way: str, case_id: int, item: int) -> None:
        bureau, actor = self._bureau, self._actor_of()

        def read() -> tuple[ItemLine | None, Choices]:
            view = dossier.dossier(bureau, actor, case_id)
            sides = [side for side in (view.main, view.side) if side is not None]
            lines = [line for side in sides for line in side.items if line.id == item]
            return (lines[0] if lines else None), dossier_choices.choices(bureau, actor, case_id)

        def show(found: tuple[ItemLine | None, Choices]) -> None:
            line, known = found
            if line is None:
                self.said.emit("这件材料已经不在卷宗中，请刷新。")
            elif way == "replace":
                self.take_wanted.emit(Wish(replaced=line))
            else:
                self._show(
                    ChangeDialog(bureau, self._bridge, self._actor_of, line, known, self._window)
                )

        self._bridge.read(self, read, show, self.refused.emit)

    def _show(self, dialog: QDialog) -> None:
        self.step = dialog
        dialog.finished.connect(self._gone)
        dialog.open()

    def _gone(self, _result: int) -> None:
        self.step = None

    # ------------------------------------------------------------------------------- papers

    def _file_again(self, case_id: int, paper: int) -> None:
        bureau, actor = self._bureau, self._actor_of()
        self._write(
            case_id,
            lambda: dossier_earlier.file_paper_again(bureau, actor, paper),
            "签发的文书已经入卷",
        )

    def _of_service(self, case_id: int, paper: int, service: int) -> None:
        bureau, actor = self._bureau, self._actor_of()

        def show(found: PaperLine) -> None:
            for one in found.services:
                if one.id == service and one.proof:
                    # It was entered with a scan: that one is filed again.
                    self.take_scan(case_id, one, None)
                elif one.id == service:
                    self._ask_scan(case_id, one)

        self._bridge.read(self, lambda: papers.paper(bureau, actor, paper), show, self.refused.emit)

    def _ask_scan(self, case_id: int, service: ServiceLine) -> None:
        dialog = QFileDialog(self._window, f"选择送达凭证的扫描件（{service.recipient}）")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(list(_SCANS))
        dialog.fileSelected.connect(lambda name: self.take_scan(case_id, service, Path(name)))
        self._show(dialog)

    def take_scan(self, case_id: int, service: ServiceLine, path: Path | None) -> None:
        """File a scan as the proof of a service; none files the one that was entered with it."""
        bureau, actor = self._bureau, self._actor_of()

        def write() -> None:
            scan = Scan(path.name, path.read_bytes()) if path is not None else None
            paper_proofs.add_proof(bureau, actor, service.id, scan, version=service.version)

        self._write(case_id, write, "送达凭证已经入卷")

    def _write(self, case_id: int, job: Callable[[], object], words: str) -> None:
        def done(_result: object) -> None:
            self._bridge.announce(Changes(frozenset({case_id}), alerts=False))
            self.said.emit(words)

        self._bridge.write(self, job, done, self.refused.emit)
