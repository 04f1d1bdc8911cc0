"""Which volume is proven, with which scan, and what was proven before: the row above a proof."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QWidget

from zhixing_desktop.services.dossier_proof_types import ProofLine
from zhixing_desktop.services.dossier_volumes import VolumeLine
from zhixing_desktop.ui.dossier.frame import DossierFrame
from zhixing_desktop.ui.flow_layout import FlowLayout
from zhixing_desktop.ui.forms.parts import em, show_if

_FILTER = "扫描件 (*.pdf *.tif *.tiff *.jpg *.jpeg *.png)"


class ProofHead(QWidget):
    """``volume_chosen`` when another volume is; ``scan_chosen`` carries a file or a folder of
    pictures; ``proof_chosen`` a former proof of the volume."""

    volume_chosen = Signal()
    scan_chosen = Signal(object)
    proof_chosen = Signal(object)

    def __init__(self, window: DossierFrame) -> None:
        super().__init__(window)
        self._window = window
        self._volumes: tuple[VolumeLine, ...] = ()
        self._proofs: tuple[ProofLine, ...] = ()
        self.volume = self._box("要核对的卷册")
        self.volume.currentIndexChanged.connect(lambda _at: self._chosen())
        self.choose = window.button("选择扫描件…", self.ask_file, "Ctrl+O")
        self.folder = window.button("选择图片文件夹…", self.ask_folder)
        self.history = self._box("核对记录")
        self.history.activated.connect(self._history_chosen)
        flow = FlowLayout(self)
        flow.setSpacing(em(self, 0.4))
        for widget in (self.volume, self.choose, self.folder, self.history):
            flow.addWidget(widget)

    def _box(self, name: str) -> QComboBox:
        box = QComboBox(self)
        box.setAccessibleName(name)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        return box

    # ------------------------------------------------------------------------------- showing

    def show_volumes(self, volumes: Sequence[VolumeLine], proofs: Sequence[ProofLine]) -> None:
        """Offer the volumes that were printed, and the proofs of the chosen one."""
        before = self.volume.currentIndex()
        self._volumes, self._proofs = tuple(volumes), tuple(proofs)
        self.volume.blockSignals(True)
        self.volume.clear()
        for line in volumes:
            self.volume.addItem(f"{line.title}　{line.plan.total}页")
        if volumes:
            self.volume.setCurrentIndex(min(max(before, 0), len(volumes) - 1))
        self.volume.blockSignals(False)
        self._chosen()

    @property
    def line(self) -> VolumeLine | None:
        """The volume that is proven."""
        at = self.volume.currentIndex()
        return self._volumes[at] if 0 <= at < len(self._volumes) else None

    def _of_volume(self) -> list[ProofLine]:
        line = self.line
        place = (line.side, line.number) if line is not None else None
        return [proof for proof in self._proofs if (proof.side, proof.number) == place]

    def _chosen(self) -> None:
        self.history.clear()
        self.history.addItem("核对记录")
        for proof in self._of_volume():
            said = "逐页一致" if proof.same else f"{len(proof.findings)}处不一致"
            old = "" if proof.current else "，此后又打印过"
            self.history.addItem(f"{proof.at:%Y-%m-%d %H:%M}　{proof.who}　{said}{old}")
        show_if(self.history, self.history.count() > 1)
        self.volume_chosen.emit()

    def _history_chosen(self, at: int) -> None:
        if at > 0:
            self.proof_chosen.emit(self._of_volume()[at - 1])

    def arm(self, busy: str, *reasons: str) -> None:
        """Let a scan be chosen where no reason stands against it."""
        offer: Callable[..., None] = self._window.offer
        for button in (self.choose, self.folder):
            offer(button, busy, *reasons)
        self.volume.setEnabled(not busy and self.line is not None)
        self.history.setEnabled(not busy)

    # ------------------------------------------------------------------------------- the scan

    def ask_file(self) -> QFileDialog:
        """Ask for the scan."""
        return self._asked(QFileDialog.FileMode.ExistingFile, "选择卷宗的扫描件")

    def ask_folder(self) -> QFileDialog:
        """Ask for a folder of pictures."""
        return self._asked(QFileDialog.FileMode.Directory, "选择扫描图片的文件夹")

    def _asked(self, mode: QFileDialog.FileMode, title: str) -> QFileDialog:
        dialog = QFileDialog(self._window, title)
        dialog.setFileMode(mode)
        if mode is QFileDialog.FileMode.ExistingFile:
            dialog.setNameFilter(_FILTER)
        dialog.fileSelected.connect(lambda name: self.scan_chosen.emit(Path(name)))
        dialog.finished.connect(lambda _result: dialog.deleteLater())
        dialog.open()
        return dialog
