"""复制件: pages of the 正卷 for a party, with what others need not learn covered for good."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import dossier, dossier_copies
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_copies import (
    Area,
    CopyLine,
    CopyPage,
    CopyParty,
    CopyWish,
    Proposal,
)
from zhixing_desktop.services.dossier_types import DossierView
from zhixing_desktop.services.file_pages import FilePages, PagePicture
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.long_job import LongJob
from zhixing_desktop.ui.dossier.mask_canvas import MaskCanvas
from zhixing_desktop.ui.forms.parts import Words
from zhixing_desktop.ui.office.pieces import PairWindow, plain_button
from zhixing_desktop.ui.page_images import page_image

Place = tuple[int, int]
_PLACE = Qt.ItemDataRole.UserRole
_WIDTH = 1100
"""Pixels across: fine enough to read small print by."""
_UNTICKED, _TICKED = Qt.CheckState.Unchecked, Qt.CheckState.Checked
_HELP = "按住鼠标画出范围；键盘：Insert 新画，Tab 选，方向键移，Shift+方向键改大小，Delete 删除。"


class CopyDialog(PairWindow):
    """``areas`` are what will be covered by page (thing, page from 0 on)."""

    help_page = "archive"

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor: Callable[[], Actor],
        case_id: int,
        case_no: str,
        *,
        parent: QWidget,
    ) -> None:
        super().__init__(bureau, bridge, actor, parent=parent)
        self.setWindowTitle(f"提供复制件　{case_no}")
        self.case_id, self.case_no = case_id, case_no
        self.areas: dict[Place, tuple[Area, ...]] = {}
        self._looked: set[Place] = set()
        self._files: dict[int, FilePages] = {}
        self._shown: Place | None = None
        self._round = 0
        left, right = QVBoxLayout(), QVBoxLayout()
        self._make_left(left)
        self._make_right(right)
        self.show_pair(left, right, (34, 50), 46)
        self.arm()
        self.reload()

    # ------------------------------------------------------------------------------ building

    def _make_left(self, column: QVBoxLayout) -> None:
        form = QFormLayout()
        self.recipient = QComboBox(self)
        self.recipient.setEditable(True)
        self.recipient.setAccessibleName("提供给谁")
        self.recipient.currentTextChanged.connect(lambda _: self.arm())
        self.basis = QLineEdit(self)
        self.basis.setAccessibleName("依据")
        self.basis.setPlaceholderText("例如：申请执行人书面申请复制")
        self.basis.textChanged.connect(lambda _: self.arm())
        form.addRow("提供给", self.recipient)
        form.addRow("依据", self.basis)
        column.addLayout(form)
        column.addWidget(Words("正卷的页面（副卷不对外提供）", bold=True))
        self.tree = QTreeWidget(self)
        self.tree.setHeaderHidden(True)
        self.tree.setAccessibleName("要复制的页面")
        self.tree.currentItemChanged.connect(lambda *_: self._show_page())
        self.tree.itemChanged.connect(lambda *_: self.arm())
        column.addWidget(self.tree, 1)
        self.count = Words(tone="muted")
        column.addWidget(self.count)

    def _make_right(self, column: QVBoxLayout) -> None:
        line = QHBoxLayout()
        self.find_button = plain_button("找出个人信息", self.find_personal, self)
        self.find_button.setToolTip(
            "在所选页面中找他人的身份证号、电话、账号、住址；扫描件请逐页看"
        )
        self.black = QCheckBox("看遮盖以后的样子", self)
        self.black.toggled.connect(self._on_black)
        line.addWidget(self.find_button)
        line.addWidget(self.black)
        line.addStretch(1)
        column.addLayout(line)
        self.canvas = MaskCanvas(self)
        self.canvas.changed.connect(self._on_drawn)
        column.addWidget(self.canvas, 1)
        column.addWidget(Words(_HELP, tone="muted"))
        foot = QHBoxLayout()
        self.make_button = plain_button("制作复制件…", self.choose_file, self)
        foot.addStretch(1)
        foot.addWidget(self.make_button)
        column.addLayout(foot)
        self.job = LongJob(self._bridge, self)
        self.job.ended.connect(self.arm)
        column.addWidget(self.job)
        column.addWidget(self.note)

    # ------------------------------------------------------------------------------- reading

    def reload(self) -> None:
        """Read the parties and the things of the 正卷; what was ticked and drawn stays."""
        bureau, actor, case_id = self._bureau, self._actor(), self.case_id
        self._bridge.read(
            self,
            lambda: (
                dossier_copies.parties(bureau, actor, case_id),
                dossier.dossier(bureau, actor, case_id),
            ),
            lambda found: self._show(*found),
            self.failed,
        )

    def _show(self, parties: tuple[CopyParty, ...], view: DossierView) -> None:
        typed = self.recipient.currentText()
        self.recipient.blockSignals(True)
        self.recipient.clear()
        for party in parties:
            self.recipient.addItem(party.name, party.subject)
        if typed:
            self.recipient.setEditText(typed)
        self.recipient.blockSignals(False)
        ticked = set(self.chosen)
        self.tree.blockSignals(True)
        self.tree.clear()
        for item in view.main.items:
            if not item.pdf:
                continue
            top = QTreeWidgetItem(self.tree, [f"{item.name}（{item.pages}页）"])
            top.setFlags(top.flags() | Qt.ItemFlag.ItemIsAutoTristate)
            top.setCheckState(0, _UNTICKED)
            for page in range(item.pages):
                below = QTreeWidgetItem(top, [f"第{page + 1}页"])
                below.setData(0, _PLACE, (item.id, page))
                below.setCheckState(0, _TICKED if (item.id, page) in ticked else _UNTICKED)
        self.tree.blockSignals(False)
        first = self.tree.topLevelItem(0)
        leaf = first.child(0) if first is not None else None
        if first is not None and leaf is not None:
            self.tree.setCurrentItem(leaf)
            first.setExpanded(True)
        self.arm()

    def _pages(self) -> list[QTreeWidgetItem]:
        found: list[QTreeWidgetItem] = []
        for number in range(self.tree.topLevelItemCount()):
            top = self.tree.topLevelItem(number)
            if top is not None:
                below = [top.child(at) for at in range(top.childCount())]
                found += [one for one in below if one is not None]
        return found

    @property
    def chosen(self) -> list[Place]:
        """The pages that are ticked, in the order of the volume."""
        return [
            tuple(item.data(0, _PLACE)) for item in self._pages() if item.checkState(0) is _TICKED
        ]

    def tick(self, *places: Place) -> None:
        """Tick pages."""
        for item in self._pages():
            if tuple(item.data(0, _PLACE)) in places:
                item.setCheckState(0, _TICKED)

    def _show_page(self) -> None:
        item = self.tree.currentItem()
        data = item.data(0, _PLACE) if item is not None else None
        below = item.child(0) if item is not None else None
        if data is None and below is not None:
            data = below.data(0, _PLACE)
        if data is None:
            return
        place: Place = tuple(data)
        self._round += 1
        mine, bureau, actor = self._round, self._bureau, self._actor()
        held = self._files.get(place[0])

        def draw() -> tuple[FilePages, QImage]:
            pages = held or dossier.pages(bureau, actor, place[0])
            picture: PagePicture = pages.picture(place[1], _WIDTH)
            return pages, page_image(picture)

        def show(found: tuple[FilePages, QImage]) -> None:
            self._files[place[0]] = found[0]
            if mine == self._round:
                self._shown = place
                self._looked.add(place)
                self.canvas.show_page(found[1], self.areas.get(place, ()))
                self.arm()

        self._bridge.read(self, draw, show, self.failed)

    # ------------------------------------------------------------------------------- covering

    def _on_drawn(self) -> None:
        if self._shown is not None:
            self.areas[self._shown] = self.canvas.areas
            self.tick(self._shown)
            self.arm()

    def _on_black(self, wanted: bool) -> None:
        self.canvas.covered = wanted
        self.canvas.update()

    def find_personal(self) -> None:
        """Look for personal data on the ticked pages, and cover what is found."""
        bureau, actor, case_id = self._bureau, self._actor(), self.case_id
        places, party = self.chosen, self._party()
        self.job.run(
            lambda tell, stopped: dossier_copies.proposed(
                bureau, actor, case_id, places, party,
                lambda done, total: tell(done, total, "查找个人信息"), stopped,
            ),
            self._found,
            self.failed,
        )  # fmt: skip
        self.arm()

    def _party(self) -> str:
        """Return the subject of the party that gets it, empty for somebody else."""
        at = self.recipient.findText(self.recipient.currentText())
        return str(self.recipient.itemData(at)) if at >= 0 else ""

    def _found(self, found: dict[Place, tuple[Proposal, ...]]) -> None:
        count = 0
        for place, proposals in found.items():
            there = self.areas.get(place, ())
            fresh = tuple(p.area for p in proposals if p.area not in there)
            self.areas[place] = (*there, *fresh)
            count += len(fresh)
        if self._shown in found:
            self._show_page()
        words = f"找到{count}处，已经标出。" if count else "没有找到文字形式的个人信息。"
        self.say(f"{words}扫描件上的文字找不到，请逐页查看后自己画出。", "info")
        self.arm()

    # ------------------------------------------------------------------------------- making

    def arm(self) -> None:
        """Set each button as it is allowed now."""
        chosen, idle = self.chosen, not self.job.running
        whole = bool(self.recipient.currentText().strip() and self.basis.text().strip())
        self.find_button.setEnabled(idle and bool(chosen))
        self.make_button.setEnabled(idle and bool(chosen) and whole)
        self.make_button.setToolTip("" if whole else "请填写提供给谁、依据")
        covered = sum(len(self.areas.get(place, ())) for place in chosen)
        unseen = sum(place not in self._looked for place in chosen)
        more = f"，还有{unseen}页没有看过" if unseen else ""
        self.count.setText(f"选了{len(chosen)}页，遮盖{covered}处{more}。")

    def wish(self) -> CopyWish:
        """Return what is wanted, as it stands."""
        pages = tuple(CopyPage(*place, self.areas.get(place, ())) for place in self.chosen)
        return CopyWish(self.recipient.currentText(), self.basis.text(), pages)

    def choose_file(self) -> None:
        """Ask where the copy shall lie, then make it."""
        proposed = f"{self.case_no}复制件.pdf"
        chosen, _ = QFileDialog.getSaveFileName(self, "保存复制件", proposed, "PDF (*.pdf)")
        if chosen:
            self.make(Path(chosen))

    def make(self, out: Path) -> None:
        """Make the copy and write it to ``out``."""
        bureau, actor, case_id, wish = self._bureau, self._actor(), self.case_id, self.wish()
        self.job.run(
            lambda tell, stopped: dossier_copies.make_copy(
                bureau, actor, case_id, wish, out,
                lambda done, total: tell(done, total, "制作复制件"), stopped,
            ),
            lambda line: self._made(line, out),
            self.failed,
        )  # fmt: skip
        self.arm()

    def _made(self, line: CopyLine, out: Path) -> None:
        self.say(f"复制件已经保存：{out}，共{line.pages}页，遮盖{line.covered}处，已经登记。")
        self.changed.emit()
