"""文件检查: how the kept files stand, what is wrong with which, mended from a backup."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from zhixing_desktop.services import at_desk, store_health, store_repair
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.store_health import CHECK, DAYS, Fault, StoreHealth, StoreState
from zhixing_desktop.services.store_repair import REPAIR, Mending
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.frame import BUSY, DossierFrame, Newest
from zhixing_desktop.ui.forms.parts import Words
from zhixing_desktop.ui.office.pieces import Listing

_COLUMNS = (("故障", 7.0), ("文件", 14.0), ("说明", 52.0))
_MB = 1_000_000


class StoreWindow(DossierFrame):
    """``faults`` is what the last check in this window found."""

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
        self._checked = False
        self._states = Newest(bridge, self)
        self.head.addWidget(self.verdict)
        self.verdict.tell("正在读取…")
        self.table = Listing("检查发现的问题", _COLUMNS, self)
        self.table.currentItemChanged.connect(lambda *_: self._show_fault())
        self.told = Words(tone="muted")
        column = QVBoxLayout()
        column.addWidget(self.table, 1)
        column.addWidget(self.told)
        self.put(column)
        self.quick_button = self.button(
            "快速检查", self.look, tip="核对文件在不在、大小对不对，不读内容"
        )
        self.full_button = self.button(
            "全部检查", self.read_all, tip="每个文件读完，核对内容；可以停止"
        )
        self.own_button = self.button(
            "用本机副本修复", self.mend, tip="移回放错位置的文件，把多出的、没写完的移到一旁"
        )
        self.backup_button = self.button("用备份修复…", self.choose_backup)
        self.put_foot(
            self.quick_button, self.full_button, self.own_button, self.backup_button, self.leave
        )
        self.fit(84, 38)
        self.arm()
        self.reload()

    # ------------------------------------------------------------------------------- reading

    def reload(self) -> None:
        """Read how the store stands, from the rows alone."""
        bureau, actor = self._bureau, self._actor()

        def job() -> tuple[Mapping[str, str], StoreState | None]:
            refused = at_desk.refusals(bureau, actor, (CHECK, REPAIR))
            return refused, None if CHECK in refused else store_health.state(bureau, actor)

        self._states.read(job, lambda found: self._show(*found), self.failed)

    def _show(self, refused: Mapping[str, str], state: StoreState | None) -> None:
        self.barred = refused
        if state is None:
            self.verdict.tell("您不能检查、修复保存的文件")
            self.say(refused[CHECK], "error")
        else:
            self._show_state(state)
        self.arm()

    def _show_state(self, state: StoreState) -> None:
        words = f"登记的文件{state.files}个，共{state.bytes / _MB:,.1f}MB"
        if self.faults:
            words = f"检查发现{len(self.faults)}处问题，请修复"
        elif state.ill:
            words = f"上次读到{state.ill}个文件有问题，请全部检查后修复"
        oldest = f"最久没有读的是{state.oldest:%Y年%m月%d日}的。" if state.oldest else ""
        late = f"有{state.unread}个文件超过{DAYS}天没有读过。" if state.unread else ""
        last = state.last
        checked = "还没有全部检查过。"
        if last is not None:
            checked = (
                f"上次全部检查：{last.at:%Y-%m-%d %H:%M}，{last.by}，"
                f"{last.files}个文件，{last.faults}处问题。"
            )
        self.verdict.tell(
            words,
            f"{checked}{late}{oldest}\n数据文件夹：{state.folder}",
            "loud" if self.faults or state.ill else "calm",
        )

    def arm(self) -> None:
        """Set each button as it is allowed now."""
        busy = BUSY if self.job.running else ""
        for button in (self.quick_button, self.full_button):
            self.offer(button, self.barred.get(CHECK, ""), busy)
        some = any(store_health.mendable(fault) for fault in self.faults)
        none = "没有可以修复的问题" if self._checked else "先检查，发现问题以后才能修复"
        for button in (self.own_button, self.backup_button):
            self.offer(button, self.barred.get(REPAIR, ""), busy, "" if some else none)

    # ------------------------------------------------------------------------------- checking

    def look(self) -> None:
        """Names and sizes only."""
        bureau = self._bureau
        self.run(lambda _tell, _stopped: store_health.quick(bureau), self._found)

    def read_all(self) -> None:
        """Every file to its last byte."""
        bureau, actor = self._bureau, self._actor()
        self.run(
            lambda tell, stopped: store_health.full(
                bureau, actor, lambda done, total: tell(done, total, "检查文件"), stopped
            ),
            self._found,
        )

    def _found(self, found: StoreHealth) -> None:
        self._checked = True
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

    def mend(self, folder: Path | None = None) -> None:
        """Mend what the last check found, from the store itself or from a backup, too."""
        bureau, actor, faults = self._bureau, self._actor(), self.faults
        self.run(
            lambda tell, stopped: store_repair.mend(
                bureau, actor, faults, folder, progress=tell, cancelled=stopped
            ),
            self._mended,
        )

    def _mended(self, done: Mending) -> None:
        self._show_faults(done.left)
        left = f"，还有{len(done.left)}处没有修复" if done.left else ""
        self.say(f"修复了{len(done.mended)}处{left}。", "warning" if done.left else "info")
        self.changed.emit()
        self.reload()
