"""扫描核对: a scan of a bound volume held against the electronic dossier, finding by finding."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from zhixing_desktop.services import (
    at_desk,
    dossier_proof_views,
    dossier_proving,
    dossier_volumes,
)
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_proof_types import FoundLine, ProofLine, ProofResult
from zhixing_desktop.services.dossier_types import SIDES
from zhixing_desktop.services.dossier_volumes import VolumeLine
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.dossier.frame import BUSY, DossierFrame
from zhixing_desktop.ui.dossier.long_job import Tell
from zhixing_desktop.ui.dossier.proof_head import ProofHead
from zhixing_desktop.ui.dossier.proof_list import ProofList
from zhixing_desktop.ui.dossier.proof_pictures import ProofPictures
from zhixing_desktop.ui.dossier.sheet_window import SheetWindow
from zhixing_desktop.ui.forms.parts import show_if
from zhixing_desktop.ui.papers.print_job import MakePrinter, new_printer
from zhixing_desktop.workflow.errors import NotAllowedError, ZhixingError

_PRINT = "dossier.print"
_NO_VOLUME = "本案还没有由程序打印过的卷册，先打印装订，再扫描核对"
_NO_SCAN = "还没有核对，先选择扫描件"
_LAST = "已经是最后一处"


@dataclass(frozen=True, slots=True)
class _Read:
    refused: Mapping[str, str]
    volumes: tuple[VolumeLine, ...]
    proofs: tuple[ProofLine, ...]


class ProofWindow(DossierFrame):
    """``shown`` when the volumes are read, ``proven`` when a scan is done, ``pictured`` when both
    pictures are there, ``recorded`` when the proof is kept."""

    help_page = "volumes"
    shown = Signal()
    proven = Signal()
    pictured = Signal()
    recorded = Signal()

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
        super().__init__(bureau, bridge, actor_of, parent=parent)
        self.setWindowTitle(f"扫描核对　{case_no}")
        self.setAcceptDrops(True)
        self.case_id, self._make_printer = case_id, make_printer
        self.outcome: ProofResult | None = None
        self.kept: ProofLine | None = None
        self.findings = ProofList(self)
        self.list = self.findings.list
        self.pair = ProofPictures(bureau, bridge, actor_of, self)
        self._build()
        self.arm()
        self.reload()

    # ---------------------------------------------------------------------------------- building

    def _build(self) -> None:
        self.choice = ProofHead(self)
        self.choice.volume_chosen.connect(self._volume_chosen)
        self.choice.scan_chosen.connect(self.prove)
        self.choice.proof_chosen.connect(self._show_kept)
        self.head.addWidget(self.choice)
        self.head.addWidget(self.verdict)
        self.put_pair(self.findings, self.pair, (0.32, 0.68))
        self.next_finding = self.button("下一处", lambda: self.go(1), "F3")
        self.next_pair = self.button(
            "下一对页", lambda: self.turn(1), tip="一处涉及几页的翻到下一对（Alt+PgDn）"
        )
        self.record = self.button("登记核对结果", self.keep, "Ctrl+S")
        self.certificate = self.button("核对证明…", self.show_certificate, "Ctrl+P")
        self.put_foot(self.next_pair, self.next_finding, self.record, self.certificate, self.leave)
        self.fit(104, 60)
        self.findings.hide()
        self.findings.chosen.connect(self._look)
        self.pair.pictured.connect(self._pictured)
        keys: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Shift+F3", lambda: self.go(-1)),
            ("Alt+PgDown", lambda: self.turn(1)),
            ("Alt+PgUp", lambda: self.turn(-1)),
        )
        for name, act in keys:
            QShortcut(QKeySequence(name), self).activated.connect(act)

    # ----------------------------------------------------------------------------------- reading

    def reload(self) -> None:
        """Read volumes and former proofs anew."""
        bureau, actor, case_id = self._bureau, self._actor(), self.case_id

        def job() -> _Read:
            found: list[VolumeLine] = []
            for side in SIDES:
                try:
                    found += dossier_volumes.volumes(bureau, actor, case_id, side)
                except NotAllowedError:
                    if not found:
                        raise
            return _Read(
                at_desk.refusals(bureau, actor, (_PRINT,), case=case_id),
                tuple(line for line in found if line.state),
                dossier_proof_views.proofs(bureau, actor, case_id),
            )

        self._bridge.read(self, job, self._show, self.failed)

    def _show(self, found: _Read) -> None:
        self.barred = found.refused
        self.choice.show_volumes(found.volumes, found.proofs)
        if not found.volumes:
            self.verdict.tell(f"{_NO_VOLUME}。", strength="strong")
        elif self.outcome is None and self.kept is None and not self.job.running:
            self.verdict.tell(
                "请把装订好的这一册整册扫描，再选择扫描件",
                "也可以把扫描件拖到这个窗口里。逐页核对，结果登记以后可以打印核对证明。",
            )
        self.shown.emit()

    @property
    def line(self) -> VolumeLine | None:
        """The volume that is proven."""
        return self.choice.line

    def _volume_chosen(self) -> None:
        line, about = self.line, self.outcome or self.kept
        there = (line.side, line.number) if line is not None else None
        if about is not None and line is not None and (about.side, about.number) != there:
            self.outcome = self.kept = None
            self._show_findings(())
            self.verdict.tell(f"{line.title}：{_NO_SCAN}")
        self.arm()

    def _show_kept(self, kept: ProofLine) -> None:
        self.outcome, self.kept = None, kept
        self._show_findings(kept.findings)
        self._tell(
            kept.same,
            len(kept.findings),
            f"{kept.at:%Y-%m-%d %H:%M} {kept.who}核对{kept.title}，扫描{kept.scanned}页"
            + ("" if kept.current else "；此后又打印过，应当重新核对"),
        )
        self.arm()

    # ----------------------------------------------------------------------------------- the scan

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped anywhere, where a scan can be proven at all."""
        local = any(url.isLocalFile() for url in event.mimeData().urls())
        if local and self.choice.choose.isEnabled():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take it."""
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        if len(files) == 1:
            self.prove(Path(files[0]))
        else:
            self.say("一次核对一个扫描件，多张图片请放在一个文件夹中", "warning")

    def prove(self, scan: Path) -> None:
        """Hold a scan against the volume, off the window's thread."""
        line = self.line
        if line is None or self.job.running:
            return
        self.outcome = self.kept = None
        self._show_findings(())
        self.verdict.tell(f"正在核对{scan.name}…")
        bureau, actor, case_id = self._bureau, self._actor(), self.case_id

        def job(tell: Tell, stopped: Callable[[], bool]) -> ProofResult:
            def page(done: int, total: int) -> None:
                tell(done, total, f"核对：{done} / {total} 页")

            return dossier_proving.prove_volume(
                bureau, actor, case_id, line.side, line.number, scan, page, stopped
            )

        self.run(job, self._proven, self._not_proven)

    def _proven(self, result: ProofResult) -> None:
        self.outcome = result
        words = f"{result.title}：扫描{result.scanned}页，比对{result.matched}页"
        if result.counted:
            words += f"，清点仅有纸质的{result.counted}页"
        self._show_findings(result.findings)
        self._tell(result.same, len(result.findings), words)
        self.arm()
        self.proven.emit()

    def _not_proven(self, error: Exception) -> None:
        if isinstance(error, ZhixingError) and error.data.get("kind") == "cancelled":
            self.verdict.tell(error.sentence)
            self.arm()
        else:
            self.verdict.tell("没有核对。", strength="strong")
            self.failed(error)
        self.proven.emit()

    def _tell(self, same: bool, count: int, below: str) -> None:
        words = "✓ 逐页一致" if same else f"✕ 有{count}处不一致"
        self.verdict.tell(words, below, "calm" if same else "loud")

    # ------------------------------------------------------------------------------- the findings

    def _show_findings(self, findings: Sequence[FoundLine]) -> None:
        self.pair.show_nothing()
        self.findings.show_findings(findings)
        show_if(self.findings, bool(findings))
        if findings:
            self.list.setFocus()

    def _look(self) -> None:
        proof, at = self.outcome or self.kept, self.findings.finding
        if proof is not None and at >= 0:
            self.pair.show_finding(proof, at)
        else:
            self.pair.show_nothing()
        self.arm()

    def _pictured(self) -> None:
        self.said.setText(self.pair.words)
        self.arm()
        self.pictured.emit()

    def go(self, step: int) -> None:
        """Go to the next finding among those that are shown, or to the one before."""
        self.findings.go(step)

    def turn(self, step: int) -> None:
        """Go on to the next or the former pair of pages, and from the last to the next finding."""
        if not self.pair.turn(step):
            self.go(step)

    # --------------------------------------------------------------------------------- the record

    def keep(self) -> None:
        """Record the proof with its scan and its certificate."""
        result = self.outcome
        if result is None or self.job.running or self.kept is not None:
            return
        bureau, actor = self._bureau, self._actor()
        self.record.setEnabled(False)
        self._bridge.write(
            self,
            lambda: dossier_proving.record_proof(bureau, actor, result),
            self._kept,
            self.failed,
        )

    def _kept(self, line: ProofLine) -> None:
        self.kept = line
        self.say("已登记，核对证明可以打印")
        self.arm()
        self._bridge.announce(Changes(frozenset({self.case_id}), lists=False))
        self.reload()
        self.recorded.emit()

    def show_certificate(self) -> SheetWindow | None:
        """Open the certificate of the proof that is shown."""
        kept = self.kept
        if kept is None:
            return None
        bureau, actor = self._bureau, self._actor()
        made = SheetWindow(
            bureau, self._bridge, self._actor, self.case_id, f"核对证明　{kept.title}",
            lambda: dossier_proof_views.proof_certificate(bureau, actor, kept.id), self,
            make_printer=self._make_printer,
        )  # fmt: skip
        made.show()
        return made

    def arm(self) -> None:
        """Set each button as it is allowed now."""
        busy, barred = BUSY if self.job.running else "", self.barred.get(_PRINT, "")
        none = "" if self.line is not None else _NO_VOLUME
        self.choice.arm(busy, barred, none)
        done = "这一次核对已经登记" if self.kept is not None else ""
        scanned = "" if self.outcome is not None or self.kept is not None else _NO_SCAN
        self.offer(self.record, barred, busy, scanned, done)
        unkept = "" if self.kept is not None else "先登记核对结果，再打印核对证明"
        self.offer(self.certificate, busy, scanned, unkept)
        further = "" if self.findings.has(1) else _LAST
        self.offer(self.next_finding, "" if self.list.count() else "没有不一致的地方", further)
        show_if(self.next_pair, self.pair.pairs > 1)
