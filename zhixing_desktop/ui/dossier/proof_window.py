"""扫描核对: a scan of a bound volume held against the electronic dossier, finding by finding."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from zhixing_desktop.services import (
    dossier_proof_views,
    dossier_proving,
    dossier_volumes,
)
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_proof_types import (
    FoundLine,
    ProofLine,
    ProofResult,
    SideBySide,
)
from zhixing_desktop.services.dossier_types import SIDES
from zhixing_desktop.services.dossier_volumes import VolumeLine
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.dossier.picture_pair import PicturePair
from zhixing_desktop.ui.dossier.sheet_window import SheetWindow
from zhixing_desktop.ui.flow_layout import FlowLayout
from zhixing_desktop.ui.forms.parts import Words, em, folded, show_if
from zhixing_desktop.ui.page_images import page_image
from zhixing_desktop.ui.papers.print_job import MakePrinter, new_printer
from zhixing_desktop.workflow.errors import NotAllowedError, ZhixingError

_FILTER = "扫描件 (*.pdf *.tif *.tiff *.jpg *.jpeg *.png)"
_CHOICE_MS = 80


@dataclass(frozen=True, slots=True)
class _Read:
    volumes: tuple[VolumeLine, ...]
    proofs: tuple[ProofLine, ...]


class ProofWindow(QDialog):
    """``shown`` when the volumes are read, ``proven`` when a scan is done, ``pictured`` when both
    pictures are there, ``recorded`` when the proof is kept."""

    help_page = "volumes"
    shown = Signal()
    proven = Signal()
    pictured = Signal()
    recorded = Signal()
    _told = Signal(int, int)

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: Callable[[], Actor],
        case_id: int,
        case_no: str,
        parent: QWidget | None = None,
        *,
        make_printer: MakePrinter = new_printer,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlags(
            Qt.WindowType.Window
            | Qt.WindowType.WindowMinMaxButtonsHint
            | Qt.WindowType.WindowCloseButtonHint
        )
        self.setWindowTitle(f"扫描核对　{case_no}")
        self.setAcceptDrops(True)
        self._bureau, self._bridge, self._actor_of = bureau, bridge, actor_of
        self.case_id, self._make_printer = case_id, make_printer
        self._read: _Read | None = None
        self.outcome: ProofResult | None = None
        self.kept: ProofLine | None = None
        self._stop = threading.Event()
        self._round = self._pictures = 0
        self.running = False
        self._choice = QTimer(self)
        self._choice.setSingleShot(True)
        self._choice.setInterval(_CHOICE_MS)
        self._choice.timeout.connect(self._look)
        self._build()
        self._told.connect(self._show_progress, Qt.ConnectionType.QueuedConnection)
        self.reload()

    # ---------------------------------------------------------------------------------- building

    def _build(self) -> None:
        box = QVBoxLayout(self)
        head = QWidget(self)
        flow = FlowLayout(head)
        flow.setSpacing(em(self, 0.4))
        self.volume = QComboBox(head)
        self.volume.setAccessibleName("要核对的卷册")
        self.volume.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.volume.currentIndexChanged.connect(lambda _at: self._volume_chosen())
        self.choose = self._button("选择扫描件…", "Ctrl+O", self.ask_file)
        self.folder = self._button("选择图片文件夹…", "", self.ask_folder)
        self.history = QComboBox(head)
        self.history.setAccessibleName("核对记录")
        self.history.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.history.activated.connect(self._history_chosen)
        for widget in (self.volume, self.choose, self.folder, self.history):
            flow.addWidget(widget)
        box.addWidget(head)
        self.summary = Words("", bold=True)
        box.addWidget(self.summary)
        self.progress = QProgressBar(self)
        self.progress.hide()
        box.addWidget(self.progress)
        self.across = QSplitter(Qt.Orientation.Horizontal, self)
        self.across.setChildrenCollapsible(False)
        self.list = QListWidget(self)
        self.list.setAccessibleName("核对发现的问题")
        self.list.setWordWrap(True)
        self.list.setAlternatingRowColors(True)
        self.list.currentRowChanged.connect(lambda _row: self._chosen())
        self.across.addWidget(self.list)
        self.pair = PicturePair(self)
        self.across.addWidget(self.pair)
        self.across.setStretchFactor(1, 1)
        box.addWidget(self.across, 1)
        box.addLayout(self._made_foot())
        room = self.screen().availableGeometry()
        wide, high = em(self, 104), em(self, 60)
        self.resize(min(wide, room.width() - 20), min(high, room.height() - 40))
        self.across.setSizes([round(self.width() * 0.3), round(self.width() * 0.7)])
        self.pair.clear("")
        for keys, step in (("Alt+PgDown", 1), ("Alt+PgUp", -1)):
            QShortcut(QKeySequence(keys), self).activated.connect(lambda step=step: self.turn(step))

    def _made_foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        self.said = Words(tone="muted", middle=True)
        foot.addWidget(self.said, 1)
        self.next_pair = self._button("下一处", "Alt+PgDn", lambda: self.turn(1))
        self.record = self._button("登记核对结果", "Ctrl+S", self.keep)
        self.certificate = self._button("核对证明…", "Ctrl+P", self.show_certificate)
        self.leave = self._button("关闭", "", self.reject)
        for button in (self.next_pair, self.record, self.certificate, self.leave):
            foot.addWidget(button)
        return foot

    def _button(self, words: str, keys: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(words, self)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _on=False: act())
        if keys:
            button.setToolTip(f"{words.rstrip('…')}（{keys}）")
            if not keys.startswith("Alt+Pg"):
                QShortcut(QKeySequence(keys), self).activated.connect(button.click)
        return button

    # ----------------------------------------------------------------------------------- reading

    def reload(self) -> None:
        """Read volumes and former proofs anew."""
        bureau, actor, case_id = self._bureau, self._actor_of(), self.case_id

        def job() -> _Read:
            found: list[VolumeLine] = []
            for side in SIDES:
                try:
                    found += dossier_volumes.volumes(bureau, actor, case_id, side)
                except NotAllowedError:
                    if not found:
                        raise
            printed = tuple(line for line in found if line.state)
            return _Read(printed, dossier_proof_views.proofs(bureau, actor, case_id))

        self._bridge.read(self, job, self._show, self._failed)

    def _show(self, found: _Read) -> None:
        before = self.volume.currentIndex()
        self._read = found
        self.volume.blockSignals(True)
        self.volume.clear()
        for line in found.volumes:
            self.volume.addItem(f"{line.title}　{line.plan.total}页")
        if found.volumes:
            self.volume.setCurrentIndex(max(before, 0))
        self.volume.blockSignals(False)
        self._volume_chosen()
        if not found.volumes:
            self.summary.setText("本案还没有由程序打印过的卷册，先打印装订，再扫描核对。")
        self.shown.emit()

    @property
    def line(self) -> VolumeLine | None:
        """The volume that is proven."""
        at = self.volume.currentIndex()
        volumes = self._read.volumes if self._read is not None else ()
        return volumes[at] if 0 <= at < len(volumes) else None

    def _volume_chosen(self) -> None:
        line = self.line
        self.history.clear()
        self.history.addItem("核对记录")
        for proof in self._proofs():
            said = "逐页一致" if proof.same else f"{len(proof.findings)}处不一致"
            old = "" if proof.current else "，此后又打印过"
            self.history.addItem(f"{proof.at:%Y-%m-%d %H:%M}　{proof.who}　{said}{old}")
        show_if(self.history, self.history.count() > 1)
        if self.outcome is not None and line is not None:
            same = (self.outcome.side, self.outcome.number) == (line.side, line.number)
            if not same:
                self.outcome = self.kept = None
                self._show_findings((), "")
        self._arm()

    def _proofs(self) -> list[ProofLine]:
        line = self.line
        made = self._read.proofs if self._read is not None else ()
        return [p for p in made if line and (p.side, p.number) == (line.side, line.number)]

    def _history_chosen(self, at: int) -> None:
        if at > 0:
            self.outcome, self.kept = None, self._proofs()[at - 1]
            said = "逐页一致" if self.kept.same else f"有{len(self.kept.findings)}处不一致"
            words = f"{self.kept.at:%Y-%m-%d %H:%M} {self.kept.who}核对：{said}"
            self._show_findings(self.kept.findings, words)
            self._arm()

    # ----------------------------------------------------------------------------------- the scan

    def ask_file(self) -> QFileDialog | None:
        """Ask for the scan."""
        return self._asked(QFileDialog.FileMode.ExistingFile, "选择卷宗的扫描件")

    def ask_folder(self) -> QFileDialog | None:
        """Ask for a folder of pictures."""
        return self._asked(QFileDialog.FileMode.Directory, "选择扫描图片的文件夹")

    def _asked(self, mode: QFileDialog.FileMode, title: str) -> QFileDialog | None:
        if self.line is None or self.running:
            return None
        dialog = QFileDialog(self, title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(mode)
        if mode is QFileDialog.FileMode.ExistingFile:
            dialog.setNameFilter(_FILTER)
        dialog.fileSelected.connect(lambda name: self.prove(Path(name)))
        dialog.open()
        return dialog

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped anywhere."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take it."""
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        if len(files) == 1:
            self.prove(Path(files[0]))
        else:
            self.said.setText("一次核对一个扫描件，多张图片请放在一个文件夹中")

    def prove(self, scan: Path) -> None:
        """Hold a scan against the volume, off the window's thread."""
        line = self.line
        if line is None or self.running:
            return
        self._stop = stop = threading.Event()
        self.running = True
        self.outcome = self.kept = None
        self._show_findings((), f"正在核对{scan.name}…")
        self._show_progress(0, 0)
        self._arm()
        bureau, actor, case_id = self._bureau, self._actor_of(), self.case_id

        def tell(done: int, total: int) -> None:
            if isValid(self):
                self._told.emit(done, total)

        self._bridge.read(
            self,
            lambda: dossier_proving.prove_volume(
                bureau, actor, case_id, line.side, line.number, scan, tell, stop.is_set
            ),
            self._proven,
            self._not_proven,
        )

    def _show_progress(self, done: int, total: int) -> None:
        if self.running:
            self.progress.setRange(0, total)
            self.progress.setValue(done)
            self.progress.setFormat(f"{done} / {total} 页")
            self.progress.show()

    def _proven(self, result: ProofResult) -> None:
        self.running = False
        self.progress.hide()
        self.outcome = result
        words = f"{result.title}：扫描{result.scanned}页，比对{result.matched}页"
        if result.counted:
            words += f"，清点仅有纸质的{result.counted}页"
        end = "逐页一致" if result.same else f"有{len(result.findings)}处不一致"
        self._show_findings(result.findings, f"{words}。{end}。")
        self._arm()
        self.proven.emit()

    def _not_proven(self, error: Exception) -> None:
        self.running = False
        self.progress.hide()
        self._arm()
        if isinstance(error, ZhixingError) and error.data.get("kind") == "cancelled":
            self.summary.setText(error.sentence)
        else:
            self.summary.setText("没有核对。")
            messages.show_error(self, error, title="没有核对")
        self.proven.emit()

    # ------------------------------------------------------------------------------- the findings

    def _show_findings(self, findings: tuple[FoundLine, ...], words: str) -> None:
        self.summary.setText(words)
        self.list.blockSignals(True)
        self.list.clear()
        for number, found in enumerate(findings, start=1):
            item = QListWidgetItem(f"{number}. {found.label}\n{found.sentence}")
            item.setToolTip(folded(found.sentence))
            self.list.addItem(item)
        self.list.blockSignals(False)
        self.pair.clear("")
        self._pair = 0
        show_if(self.list, bool(findings))
        if findings:
            self.list.setCurrentRow(0)
            self.list.setFocus()
            self._chosen()

    def _chosen(self) -> None:
        self._pair = 0
        self._choice.start()

    def turn(self, step: int) -> None:
        """Go on to the next or the former pair of pages, and from the last to the next finding."""
        at = self._pair + step
        if 0 <= at < self._pairs:
            self._pair = at
            self._choice.start()
            return
        row = self.list.currentRow() + step
        if 0 <= row < self.list.count():
            self.list.setCurrentRow(row)

    _pair = 0
    _pairs = 1

    def _look(self) -> None:
        row, pair = self.list.currentRow(), self._pair
        proof = self.outcome if self.outcome is not None else self.kept
        if row < 0 or proof is None:
            return
        self._pictures += 1
        mine, bureau, actor = self._pictures, self._bureau, self._actor_of()
        wanted = proof if isinstance(proof, ProofResult) else proof.id

        def job() -> tuple[SideBySide, QImage | None, QImage | None]:
            both = dossier_proof_views.proof_pictures(bureau, actor, wanted, row, pair)
            ours = page_image(both.electronic) if both.electronic is not None else None
            theirs = page_image(both.scanned) if both.scanned is not None else None
            return both, ours, theirs

        def show(found: tuple[SideBySide, QImage | None, QImage | None]) -> None:
            if mine != self._pictures:
                return
            both, ours, theirs = found
            self._pairs = both.pairs
            self.pair.show_pair(
                (both.electronic_words, both.scanned_words), (ours, theirs), both.spots, both.across
            )
            self.next_pair.setEnabled(both.pairs > 1 or row + 1 < self.list.count())
            which = f"第{pair + 1}对页，共{both.pairs}对　" if both.pairs > 1 else ""
            kinds = "、".join(dict.fromkeys(spot.label for spot in both.spots))
            self.said.setText(f"{which}{f'方框：{kinds}' if kinds else ''}")
            self.pictured.emit()

        def lost(error: Exception) -> None:
            if mine == self._pictures:
                words = error.sentence if isinstance(error, ZhixingError) else "画面没有打开。"
                self.pair.clear(words)
                self.pictured.emit()

        # By the writer: the look at somebody else's case is journalled.
        self._bridge.write(self, job, show, lost)

    # --------------------------------------------------------------------------------- the record

    def keep(self) -> None:
        """Record the proof with its scan and its certificate."""
        result = self.outcome
        if result is None or self.running or self.kept is not None:
            return
        bureau, actor = self._bureau, self._actor_of()
        self.record.setEnabled(False)
        self._bridge.write(
            self,
            lambda: dossier_proving.record_proof(bureau, actor, result),
            self._kept,
            self._not_kept,
        )

    def _kept(self, line: ProofLine) -> None:
        self.kept = line
        self.said.setText("已登记，核对证明可以打印")
        self._arm()
        self._bridge.announce(Changes(frozenset({self.case_id}), lists=False))
        self.reload()
        self.recorded.emit()

    def _not_kept(self, error: Exception) -> None:
        self._arm()
        self._failed(error)

    def show_certificate(self) -> SheetWindow | None:
        """Open the certificate of the proof that is shown."""
        kept = self.kept
        if kept is None:
            return None
        bureau, actor = self._bureau, self._actor_of()
        made = SheetWindow(
            self._bureau,
            self._bridge,
            self._actor_of,
            self.case_id,
            f"核对证明　{kept.title}",
            lambda: dossier_proof_views.proof_certificate(bureau, actor, kept.id),
            self,
            make_printer=self._make_printer,
        )
        made.show()
        return made

    def _arm(self) -> None:
        ready = self.line is not None and not self.running
        for widget in (self.volume, self.choose, self.folder, self.history):
            widget.setEnabled(ready)
        self.record.setEnabled(self.outcome is not None and self.kept is None)
        self.certificate.setEnabled(self.kept is not None)
        self.next_pair.setEnabled(self.list.count() > 0)
        self.leave.setText("停止" if self.running else "关闭")

    def _failed(self, error: Exception) -> None:
        messages.show_error(self, error)

    def reject(self) -> None:
        """Stop what runs; close where nothing does."""
        if self.running:
            self._stop.set()
            self.summary.setText("正在停止…")
            return
        super().reject()
