"""材料 in the node panel: what lies in the dossier, what is missing, the way to both.

The windows of the dossier are imported with the first that is opened.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.node_detail import MaterialRow, NodeDetail
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.flow_layout import FlowLayout
from zhixing_desktop.ui.forms.parts import Link, Mark, Words, em, show_if
from zhixing_desktop.ui.node_panel.papers import PapersSection
from zhixing_desktop.ui.node_panel.pieces import Section
from zhixing_desktop.workflow.errors import ZhixingError
from zhixing_desktop.workflow.views import Key

if TYPE_CHECKING:
    from zhixing_desktop.services.dossier_at_node import AtNode
    from zhixing_desktop.services.dossier_types import ItemLine
    from zhixing_desktop.ui.dossier.windows import DossierWindows

TITLE = "材料"


class MaterialsSection(Section):
    """Filled when the dossier has been read; ``rows`` by the material's name."""

    def __init__(
        self,
        materials: tuple[MaterialRow, ...],
        acts: ThingShelf,
        *,
        unfolded: bool,
    ) -> None:
        super().__init__(TITLE, unfolded=unfolded)
        self._materials, self._acts = materials, acts
        self.rows: dict[str, tuple[Mark, list[Link]]] = {}
        self.body.addWidget(Words("正在读取…", tone="muted"))

    def say(self, words: str) -> None:
        """Show nothing but some words."""
        self._clear()
        self.body.addWidget(Words(words, tone="bad"))

    def show_things(self, found: AtNode) -> None:
        """Show what lies there."""
        self._clear()
        known = {*found.by_material, *found.elsewhere}
        there = sum(row.name in known for row in self._materials)
        self.head.setText(f"{TITLE}（{there}/{len(self._materials)}）")
        for row in self._materials:
            self._row(row, found)
        for line in found.others:
            self._other(line)
        if found.may_file:
            more = Link("其他材料入卷…")
            more.clicked.connect(lambda _on=False: self._acts.take_in(""))
            self.body.addWidget(more)

    def _row(self, row: MaterialRow, found: AtNode) -> None:
        own, other = found.by_material.get(row.name, ()), found.elsewhere.get(row.name, ())
        things = own or other
        if own:
            state, tone = "已入卷", "muted"
        elif other:
            places = dict.fromkeys(f"节点{thing.key.node}" for thing in other if thing.key)
            state, tone = f"已归入{'、'.join(places)}，不必重复入卷", "muted"
        elif row.filed:
            state, tone = "已登记，没有入卷", "bad"
        else:
            state, tone = ("必需　未入卷", "bad") if row.required else ("未入卷", "muted")
        head = QWidget(self)
        line = QHBoxLayout(head)
        line.setContentsMargins(0, 2, 0, 0)
        line.addWidget(Words(row.name, bold=row.required), 1)
        mark = Mark(state, tone=tone)
        line.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        links: list[Link] = []
        for thing in things:
            links.append(self._open_link(thing, f"打开（{thing.pages}页）…", row.name))
        if found.may_file:
            words = "再入卷一份…" if things else "入卷…"
            link = Link(words)
            link.setAccessibleName(f"{row.name}：{words}")
            link.clicked.connect(lambda _on=False, name=row.name: self._acts.take_in(name))
            links.append(link)
        self.rows[row.name] = (mark, links)
        self.body.addWidget(head)
        if links:
            below = QWidget(self)
            flow = FlowLayout(below)
            flow.setSpacing(em(self, 0.8))
            for link in links:
                flow.addWidget(link)
            self.body.addWidget(below)

    def _other(self, thing: ItemLine) -> None:
        head = QWidget(self)
        line = QHBoxLayout(head)
        line.setContentsMargins(0, 2, 0, 0)
        line.addWidget(Words(thing.name), 1)
        line.addWidget(Mark("已入卷", tone="muted"))
        line.addWidget(self._open_link(thing, f"打开（{thing.pages}页）…", thing.name))
        self.body.addWidget(head)

    def _open_link(self, thing: ItemLine, words: str, name: str) -> Link:
        link = Link(words)
        link.setAccessibleName(f"{name}：{words}")
        link.clicked.connect(lambda _on=False: self._acts.open(thing.id))
        return link

    def _clear(self) -> None:
        self.rows = {}
        while (entry := self.body.takeAt(0)) is not None:
            widget = entry.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()


class ThingShelf(QObject):
    """``node_wanted`` carries case, node and subject that are to be shown; ``volumes_wanted``,
    ``proof_wanted`` and ``archive_wanted`` a case and its 案号; ``told`` what has been done.
    ``bar`` leads to the windows of the case."""

    node_wanted = Signal(int, int, str)
    told = Signal(str)
    volumes_wanted = Signal(int, str)
    proof_wanted = Signal(int, str)
    archive_wanted = Signal(int, str)

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor_of: Callable[[], Actor], panel: QWidget
    ) -> None:
        super().__init__(panel)
        self._bureau, self._bridge, self._actor_of, self._panel = bureau, bridge, actor_of, panel
        self._shown: tuple[CaseDetail, Key | None] | None = None
        self._windows: DossierWindows | None = None
        # Whether there is a window of the paper that listens.
        self.with_volumes = self.with_proof = False
        self.bar = QWidget(panel)
        line = QHBoxLayout(self.bar)
        line.setContentsMargins(0, 0, 0, 0)
        self.dossier_link = Link("卷宗…（F7）")
        self.triangle_link = Link("三卷一致…（F8）")
        self.dossier_link.clicked.connect(lambda _on=False: self.dossier())
        self.triangle_link.clicked.connect(lambda _on=False: self.triangle())
        line.addWidget(self.dossier_link)
        line.addWidget(self.triangle_link)
        line.addStretch(1)
        self.bar.hide()

    @property
    def windows(self) -> DossierWindows:
        """The windows of the dossier, made with the first."""
        if self._windows is None:
            from zhixing_desktop.ui.dossier.windows import DossierWindows

            made = DossierWindows(self._bureau, self._bridge, self._actor_of, self._panel.window())
            made.node_wanted.connect(self.node_wanted)
            made.told.connect(self.told)
            made.volumes_wanted.connect(self.volumes_wanted)
            made.proof_wanted.connect(self.proof_wanted)
            made.archive_wanted.connect(self.archive_wanted)
            made.with_volumes, made.with_proof = self.with_volumes, self.with_proof
            self._windows = made
        return self._windows

    def show_case(self, case: CaseDetail | None, key: Key | None) -> None:
        """Take which case and instance are shown; none shows no bar."""
        self._shown = (case, key) if case is not None else None
        show_if(self.bar, case is not None)

    def fill(
        self,
        case: CaseDetail,
        detail: NodeDetail,
        section: MaterialsSection | None,
        papers: PapersSection | None,
    ) -> None:
        """Read what lies in the dossier for an instance, and show it."""
        key = detail.key
        owner = section or papers
        if key is None or owner is None:
            return
        bureau, actor = self._bureau, self._actor_of()

        def job() -> AtNode:
            from zhixing_desktop.services import dossier_at_node
            from zhixing_desktop.ui.dossier import windows  # noqa: F401 - only to be there

            return dossier_at_node.at_node(bureau, actor, case.id, key)

        def show(found: AtNode) -> None:
            if section is not None:
                section.show_things(found)
            if papers is not None:
                papers.show_scans({paper: line.current for paper, line in found.by_paper.items()})

        def failed(error: Exception) -> None:
            if not isinstance(error, ZhixingError):
                self._bridge.failed.emit(error)
            elif section is not None:
                section.say(error.sentence)

        self._bridge.read(owner, job, show, failed)

    def open(self, item: int) -> None:
        """Open a thing in the dossier's window."""
        if self._shown is not None:
            case, _ = self._shown
            self.windows.dossier(case.id, case.case_no, item)

    def take_in(self, material: str) -> None:
        """Open the dialog in which files are taken in, for a material of the instance."""
        case, key = self._shown or (None, None)
        if case is not None and key is not None:
            self.windows.material(case.id, key, material)

    def dossier(self) -> None:
        """Open the dossier of the case that is shown."""
        if self._shown is not None:
            self.windows.dossier(self._shown[0].id, self._shown[0].case_no)

    def triangle(self) -> None:
        """Open node, electronic and paper dossier of the case side by side."""
        if self._shown is not None:
            self.windows.triangle(self._shown[0].id, self._shown[0].case_no)
