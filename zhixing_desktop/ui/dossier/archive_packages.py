"""The packages of a case: made, listed, held against what was made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QPushButton, QVBoxLayout, QWidget

from zhixing_desktop.services import dossier_archive
from zhixing_desktop.services.archive_types import PACK, PackageLine, Packed
from zhixing_desktop.services.archive_waiting import ArchiveState
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.ui.dossier.frame import DossierFrame
from zhixing_desktop.ui.flow_layout import FlowLayout
from zhixing_desktop.ui.forms.parts import Words, em
from zhixing_desktop.ui.office.pieces import Listing
from zhixing_desktop.workflow.errors import Problem

_COLUMNS = (("制作", 9.0), ("状态", 9.0), ("制作人", 5.0), ("归档号", 8.0), ("归档包校验值", 22.0))
_HIGH = 8.0
"""A case has few packages; the room belongs to what the check has found."""
_TOLD = 5
"""More problems than this are not read out one by one."""


class ArchivePackages(QWidget):
    """``chosen`` when another package is; ``made`` carries one that was made just now.

    What takes long runs in the window's own job; buttons of the window may stand beside these.
    """

    chosen = Signal()
    made = Signal(object)

    def __init__(
        self,
        window: DossierFrame,
        bureau: Bureau,
        actor: Callable[[], Actor],
        *beside: QPushButton,
    ) -> None:
        super().__init__(window)
        self._window, self._bureau, self._actor = window, bureau, actor
        self._state: ArchiveState | None = None
        self.zip = QCheckBox("做成一个 ZIP 文件", self)
        self.pack_button = window.button("制作归档包…", self.choose_folder)
        self.verify_button = window.button(
            "核对归档包…", self.choose_package, tip="逐个文件核对归档包与制作时是否相同"
        )
        holder = QWidget(self)
        flow = FlowLayout(holder)
        flow.setSpacing(em(self, 0.4))
        for widget in (*beside, self.zip, self.pack_button, self.verify_button):
            flow.addWidget(widget)
        self.list = Listing("本案的归档包", _COLUMNS, self)
        self.list.currentItemChanged.connect(lambda *_: self._chosen())
        self.list.setMaximumHeight(em(self, _HIGH))
        self.told = Words(tone="muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(holder)
        column.addWidget(Words("归档包", bold=True))
        column.addWidget(self.list, 1)
        column.addWidget(self.told)

    def show_state(self, state: ArchiveState | None) -> None:
        """List the packages of a case; the one that was chosen stays chosen."""
        self._state = state
        self.list.blockSignals(True)
        self.list.fill((one.id, _row(one)) for one in (state.packages if state else ()))
        self.list.blockSignals(False)
        self._chosen()

    @property
    def package(self) -> PackageLine | None:
        """The package that is chosen."""
        known = self._state.packages if self._state is not None else ()
        key = self.list.key()
        return next((one for one in known if one.id == key), None)

    def _chosen(self) -> None:
        line = self.package
        self.told.setText(self._about(line) if line is not None else "")
        self.chosen.emit()

    def _about(self, line: PackageLine) -> str:
        if line.points:
            return "退回的问题：" + "；".join(line.points)
        words = f"“{line.name}”　校验值 {line.digest}"
        newest = self._state.packages[0] if self._state is not None else line
        return words if line == newest else f"{words}　后来又重新制作过，以最新的归档包为准"

    def arm(self, busy: str, unread: str) -> None:
        """Set each button as it is allowed now; the words say why nothing can be done at all."""
        state, offer = self._state, self._window.offer
        barred = (state.refused.get(PACK, "") or state.unsigned) if state is not None else ""
        ready = state is None or state.check.ready
        faults = "" if ready else "请先处理核查发现的问题"
        offer(self.pack_button, busy, unread, barred, faults)
        offer(self.verify_button, busy)
        self.zip.setEnabled(self.pack_button.isEnabled())

    # ------------------------------------------------------------------------------- working

    def choose_folder(self) -> None:
        """Ask where the package shall lie, then make it."""
        chosen = QFileDialog.getExistingDirectory(self, "归档包放在哪个文件夹")
        if chosen:
            self.make(Path(chosen))

    def make(self, folder: Path) -> None:
        """Make the package of the case below a folder."""
        from zhixing_desktop.services.archive_packing import make_package

        if self._state is None:
            return
        bureau, actor = self._bureau, self._actor()
        case_id, zipped = self._state.check.case_id, self.zip.isChecked()
        self._window.run(
            lambda tell, stopped: make_package(
                bureau, actor, case_id, folder, zipped=zipped, progress=tell, cancelled=stopped
            ),
            self._made,
        )

    def _made(self, made: Packed) -> None:
        words = f"归档包已经制作：{made.path}（{made.files}个文件）。"
        self._window.say("".join((words, *made.notes)), "info")
        self.made.emit(made.line)

    def choose_package(self) -> None:
        """Ask which package, then verify it."""
        line = self.package
        if line is not None and line.name.endswith(".zip"):
            chosen, _ = QFileDialog.getOpenFileName(self, "核对哪个归档包", "", "归档包 (*.zip)")
        else:
            chosen = QFileDialog.getExistingDirectory(self, "核对哪个归档包（文件夹）")
        if chosen:
            self.verify(Path(chosen))

    def verify(self, path: Path) -> None:
        """Hold a package that lies somewhere against itself and against the chosen row."""
        digest = self.package.digest if self.package is not None else ""
        self._window.run(
            lambda tell, stopped: dossier_archive.verify_package(
                path,
                digest=digest,
                progress=lambda at, of: tell(at, of, "核对归档包"),
                cancelled=stopped,
            ),
            self._verified,
        )

    def _verified(self, problems: tuple[Problem, ...]) -> None:
        told = [problem.sentence for problem in problems]
        if told:
            more = f"另有{len(told) - _TOLD}处。" if len(told) > _TOLD else ""
            self._window.say(f"有{len(told)}处问题：{''.join(told[:_TOLD])}{more}", "error")
        else:
            self._window.say("归档包完整，与制作时相同。", "info")


def _row(line: PackageLine) -> tuple[str, str, str, str, str]:
    return (
        f"{line.made_at:%Y-%m-%d %H:%M}",
        line.state_words,
        line.made_by,
        line.archive_number,
        line.digest,
    )
