"""文件检查: how the kept files stand, what is wrong with which, mended from a backup."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from zhixing_desktop.services import store_health, store_repair
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.store_health import DAYS, Fault, StoreHealth, StoreState
from zhixing_desktop.services.store_repair import Mending
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.long_job import LongJob
from zhixing_desktop.ui.forms.parts import Box, Words, em
from zhixing_desktop.ui.office.pieces import Listing, OfficeWindow, plain_button
from zhixing_desktop.workflow.errors import ZhixingError

_COLUMNS = (("故障", 7.0), ("文件", 14.0), ("说明", 52.0))
_MB = 1_000_000


class StoreWindow(OfficeWindow):
    """``faults`` is what the last check in this window found; ``shown`` tells when it was read."""

    help_page = "store"

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor: Callable[[], Actor],
        *,
        parent: QWidget,
    ) -> None:
        super().__init__(bureau, bridge, actor, parent=parent)
        self.setWindowTitle("文件检查")
        self.faults: tuple[Fault, ...] = ()
        column = QVBoxLayout(self)
        self.box = Box("calm", self)
        inner = QVBoxLayout(self.box)
        inner.setContentsMargins(10, 6, 10, 6)
        self.head = Words("正在读取…", bold=True, scale=1.1)
        self.below = Words(tone="muted")
        inner.addWidget(self.head)
        inner.addWidget(self.below)
        column.addWidget(self.box)
        self.table = Listing("检查发现的问题", _COLUMNS, self)
        self.table.currentItemChanged.connect(lambda *_: self._show_fault())
        column.addWidget(self.table, 1)
        self.told = Words(tone="muted")
        column.addWidget(self.told)
        line = QHBoxLayout()
        self.quick_button = plain_button("快速检查", self.look, self)
        self.quick_button.setToolTip("核对文件在不在、大小对不对，不读内容")
        self.full_button = plain_button("全部检查", self.read_all, self)
        self.full_button.setToolTip("每个文件读完，核对内容；可以停止")
        self.own_button = plain_button("用本机副本修复", self.mend, self)
        self.own_button.setToolTip("移回放错位置的文件，把多出的、没写完的移到一旁")
        self.backup_button = plain_button("用备份修复…", self.choose_backup, self)
        line.addStretch(1)
        for button in (self.quick_button, self.full_button, self.own_button, self.backup_button):
            line.addWidget(button)
        column.addLayout(line)
        self.job = LongJob(bridge, self)
        self.job.ended.connect(self.arm)
        column.addWidget(self.job)
        column.addWidget(self.note)
        room = self.screen().availableGeometry()
        self.resize(min(em(self, 80), room.width() - 20), min(em(self, 38), room.height() - 40))
        self.arm()
        self.reload()

    # ------------------------------------------------------------------------------- reading

    def reload(self) -> None:
        """Read how the store stands, from the rows alone."""
        bureau, actor = self._bureau, self._actor()
        self._bridge.read(
            self, lambda: store_health.state(bureau, actor), self._show_state, self.failed
        )

    def _show_state(self, state: StoreState) -> None:
        size = f"{state.bytes / _MB:,.1f}MB"
        bad = state.ill > 0
        self.box.set_strength("loud" if bad else "calm")
        self.head.setText(
            f"上次读到{state.ill}个文件有问题，请全部检查后修复"
            if bad
            else f"登记的文件{state.files}个，共{size}"
        )
        oldest = f"最久没有读的是{state.oldest:%Y年%m月%d日}的。" if state.oldest else ""
        late = f"有{state.unread}个文件超过{DAYS}天没有读过。" if state.unread else ""
        last = state.last
        words = "还没有全部检查过。"
        if last is not None:
            words = (
                f"上次全部检查：{last.at:%Y-%m-%d %H:%M}，{last.by}，"
                f"{last.files}个文件，{last.faults}处问题。"
            )
        self.below.setText(f"{words}{late}{oldest}\n数据文件夹：{state.folder}")

    def arm(self) -> None:
        """Set each button as it is allowed now."""
        idle = not self.job.running
        for button in (self.quick_button, self.full_button):
            button.setEnabled(idle)
        some = any(store_health.mendable(fault) for fault in self.faults)
        for button in (self.own_button, self.backup_button):
            button.setEnabled(idle and some)

    def failed(self, error: Exception) -> None:
        """Say why nothing came of it."""
        self.arm()
        if isinstance(error, ZhixingError):
            self.say(error.sentence, "error")
        else:
            self.refused(error)

    # ------------------------------------------------------------------------------- checking

    def look(self) -> None:
        """Names and sizes only."""
        bureau = self._bureau
        self.job.run(lambda _tell, _stopped: store_health.quick(bureau), self._found, self.failed)
        self.arm()

    def read_all(self) -> None:
        """Every file to its last byte."""
        bureau, actor = self._bureau, self._actor()
        self.job.run(
            lambda tell, stopped: store_health.full(
                bureau, actor, lambda done, total: tell(done, total, "检查文件"), stopped
            ),
            self._found,
            self.failed,
        )
        self.arm()

    def _found(self, found: StoreHealth) -> None:
        self._show_faults(found.faults)
        if not found.complete and not found.faults:
            self.say("检查已经停止，没有看完。", "warning")
        elif found.sound:
            self.say(f"看了{found.files}个文件，没有发现问题。", "info")
        else:
            part = "" if found.complete else "检查没有做完。"
            self.say(f"{part}发现{len(found.faults)}处问题。", "warning")
        self.reload()

    def _show_faults(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        self.table.fill(
            (at, (fault.kind.label, fault.name or fault.place, fault.sentence))
            for at, fault in enumerate(faults)
        )
        self._show_fault()
        self.arm()

    def _show_fault(self) -> None:
        key = self.table.key()
        known = key is not None and key < len(self.faults)
        self.told.setText(self.faults[key].sentence if known else "")

    # ------------------------------------------------------------------------------- mending

    def choose_backup(self) -> None:
        """Ask for a backup's folder, then mend from it."""
        chosen = QFileDialog.getExistingDirectory(self, "备份的文件夹（名称以 .files 结尾）")
        if chosen:
            self.mend(Path(chosen))

    def mend(self, backup: Path | bool | None = None) -> None:
        """Mend what the last check found, from the store itself or from a backup, too."""
        folder = backup if isinstance(backup, Path) else None
        bureau, actor, faults = self._bureau, self._actor(), self.faults
        self.job.run(
            lambda tell, stopped: store_repair.mend(
                bureau, actor, faults, folder, progress=tell, cancelled=stopped
            ),
            self._mended,
            self.failed,
        )
        self.arm()

    def _mended(self, done: Mending) -> None:
        self._show_faults(done.left)
        left = f"，还有{len(done.left)}处没有修复" if done.left else ""
        self.say(f"修复了{len(done.mended)}处{left}。", "warning" if done.left else "info")
        self.changed.emit()
        self.reload()
