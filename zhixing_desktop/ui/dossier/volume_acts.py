"""What is recorded of a paper volume: bound, handed over, given back; each asked for once more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from zhixing_desktop.services import dossier_moves, dossier_volumes
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_moves import MoveLine, WhereLine
from zhixing_desktop.services.dossier_volumes import VolumeLine
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.move_dialog import MoveDialog


class VolumeActs(QObject):
    """Of one case.  ``recorded`` carries what was done, in words; ``failed`` an error."""

    recorded = Signal(str)
    failed = Signal(object)

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: Callable[[], Actor],
        case_id: int,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._bureau, self._bridge, self._actor_of = bureau, bridge, actor_of
        self._case_id, self._window = case_id, window
        self.dialog: MoveDialog | None = None
        """The hand-over that is being typed, None while there is none."""

    def bind(self, line: VolumeLine | None) -> None:
        """Ask whether the volume is bound: the numbers stay from then on."""
        if line is None or line.state != "open":
            return
        bureau, actor, case_id = self._bureau, self._actor_of(), self._case_id
        messages.ask(
            self._window,
            "登记装订",
            f"{line.title}已经装订？",
            lambda: self._bridge.write(
                self,
                lambda: dossier_volumes.bind(
                    bureau, actor, case_id, line.side, line.number, version=line.version
                ),
                lambda _done: self.recorded.emit(f"{line.title}已登记装订"),
                self.failed.emit,
            ),
            yes_words="登记装订",
            below="装订以后页码不再改动，新增的材料编为插页或者编入下一册。"
            + (f"还有{line.added}页没有打印入卷。" if line.added else ""),
        )

    def hand_over(self, paper: WhereLine | None, now: datetime) -> None:
        """Open the dialog of the hand-over."""
        if paper is None:
            return
        dialog = MoveDialog(
            self._bureau, self._bridge, self._actor_of, self._case_id, paper, now, self._window
        )
        dialog.moved.connect(self._moved)
        dialog.finished.connect(lambda _result: setattr(self, "dialog", None))
        self.dialog = dialog
        dialog.open()

    def give_back(self, paper: WhereLine | None) -> None:
        """Ask whether the volume is here again, then record it."""
        if paper is None:
            return
        bureau, actor = self._bureau, self._actor_of()
        messages.ask(
            self._window,
            "归还",
            f"{paper.title}已经由{paper.holder}交还给您（{actor.name}）？",
            lambda: self._bridge.write(
                self,
                lambda: dossier_moves.give_back(
                    bureau, actor, paper.volume_id, version=paper.version
                ),
                self._moved,
                self.failed.emit,
            ),
            yes_words="登记归还",
        )

    def _moved(self, move: MoveLine) -> None:
        self.recorded.emit(f"已登记：{move.from_holder} → {move.to_holder}，可以打印交接单")
