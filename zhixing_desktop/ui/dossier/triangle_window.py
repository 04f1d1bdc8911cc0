"""三卷一致: what node, electronic and paper dossier of a case say, and the click that mends."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from zhixing_desktop.services import dossier_rights, dossier_triangle_rows
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_triangle import CITE, Hole
from zhixing_desktop.services.dossier_triangle_rows import TriangleRow, TriangleSheet
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.dossier.frame import DossierFrame, Newest
from zhixing_desktop.ui.dossier.triangle_mends import Mends, mend_of
from zhixing_desktop.ui.dossier.triangle_table import TriangleTable

ActorOf = Callable[[], Actor]
_Read = tuple[TriangleSheet, Mapping[str, str]]


class TriangleWindow(DossierFrame):
    """``mends`` leads to what mends a hole (see there); ``shown`` when it has been read.

    ``with_volumes`` and ``with_proof`` tell whether somebody listens who opens these windows.
    """

    help_page = "dossier"
    shown = Signal()

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: ActorOf,
        case_id: int,
        case_no: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(bureau, bridge, actor_of, parent=parent)
        self.setWindowTitle(f"三卷一致：节点—电子卷宗—纸质卷宗　{case_no}")
        self.case_id, self.case_no = case_id, case_no
        self.sheet: TriangleSheet | None = None
        self.with_volumes = self.with_proof = True
        self._reading = Newest(bridge, self)
        self.mends = Mends(bureau, bridge, actor_of, self)
        self.mends.said.connect(self.say)
        self.mends.refused.connect(self.failed)
        self._build()
        bridge.changed.connect(self._on_changes)
        self.reload()

    def _build(self) -> None:
        self.verdict.tell("正在读取…")
        self.head.addWidget(self.verdict)
        self.table = TriangleTable(self)
        self.table.mend_wanted.connect(self.mend)
        self.table.currentItemChanged.connect(lambda *_: self.arm())
        self.put(self.table)
        self.only_holes = QCheckBox("只看不一致的", self)
        self.only_holes.toggled.connect(lambda _: self._filter())
        self.head.addWidget(self.only_holes)
        self.act = self.button("处理…", self.mend, tip="处理光标所在的不一致（Enter）")
        self.refresh = self.button("刷新", self.reload, tip="刷新（F5）")
        self.put_foot(self.act, self.refresh, self.leave)
        self.fit(92, 52)

    # ------------------------------------------------------------------------------- showing

    def reload(self) -> None:
        """Read it anew."""
        bureau, actor, case_id = self._bureau, self._actor(), self.case_id

        def read() -> _Read:
            sheet = dossier_triangle_rows.triangle_sheet(bureau, actor, case_id)
            return sheet, dossier_rights.barred(bureau, actor, case_id)

        self._reading.read(read, lambda found: self._show(*found), self._not_read)

    def _not_read(self, error: Exception) -> None:
        self.verdict.tell("没有读出来")
        self.failed(error)

    def _on_changes(self, changes: Changes) -> None:
        if not changes.cases or self.case_id in changes.cases:
            self.reload()

    def _show(self, sheet: TriangleSheet, barred: Mapping[str, str]) -> None:
        self.sheet, self.barred = sheet, barred
        found = sheet.triangle
        count, blocking = len(found.holes), len(found.blocking)
        words = f"有{count}处不一致，其中{blocking}处须在{found.step}以前处理"
        if not count:
            words = "一致：节点、电子卷宗、纸质卷宗没有不一致的地方"
        self.verdict.tell(words, _verdict(sheet), "loud" if blocking else "calm")
        self.table.show_rows(sheet.rows, found.step)
        self._filter()
        self.arm()
        self.shown.emit()

    def _filter(self) -> None:
        self.table.show_only_holes(wanted=self.only_holes.isChecked())

    # ------------------------------------------------------------------------------- mending

    def arm(self) -> None:
        """Let the hole under the cursor be mended, or say why not."""
        hole = self.table.hole
        self.offer(self.act, *self._reasons(hole))
        self.said.setText(hole.mend if hole is not None else "")

    def _reasons(self, hole: Hole | None) -> tuple[str, ...]:
        if hole is None:
            return ("请先选定一处不一致",)
        if not hole.mend:
            return (hole.sentence,)
        window = {"volumes": self.with_volumes, "proof": self.with_proof}
        mend = mend_of(hole.kind)
        if not window.get(mend.way, True):
            return ("这里不能打开纸质卷宗的窗口",)
        return (self.barred.get(mend.act, ""),)

    def mend(self) -> None:
        """Open what mends the hole under the cursor."""
        hole = self.table.hole
        self.say("")
        if hole is not None and self.act.isEnabled():
            self.mends.mend(hole, self.case_id, self.case_no)

    def row_of(self, what: str) -> TriangleRow:
        """Return the row of a thing by its words; ``KeyError`` for none."""
        for row in self.sheet.rows if self.sheet is not None else ():
            if row.what == what:
                return row
        raise KeyError(what)


def _verdict(sheet: TriangleSheet) -> str:
    found = sheet.triangle
    rule = f"依据　{CITE.words()}"
    if not found.blocking:
        return f"可以{found.step}。{rule}" if found.enforced else rule
    if found.enforced:
        return f"处理完以前不能{found.step}。{rule}"
    return f"本案在逐件核对启用以前立案，{found.step}时只作提示。{rule}"
