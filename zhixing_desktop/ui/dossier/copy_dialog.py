"""复制件: pages of the 正卷 for a party, with what others need not learn covered for good."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import at_desk, dossier, dossier_copies
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_copy_checks import COPY
from zhixing_desktop.services.dossier_copy_types import (
    Area,
    CopyLine,
    CopyPage,
    CopyParty,
    CopyWish,
    Proposal,
)
from zhixing_desktop.services.dossier_types import ItemLine
from zhixing_desktop.services.file_pages import FilePages, PagePicture
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.copy_draft import KeptCopy
from zhixing_desktop.ui.dossier.copy_pages import CopyPages, Place
from zhixing_desktop.ui.dossier.entry_keeper import EntryKeeper
from zhixing_desktop.ui.dossier.frame import BUSY, DossierFrame, Newest
from zhixing_desktop.ui.dossier.mask_canvas import MaskCanvas
from zhixing_desktop.ui.forms.parts import Words
from zhixing_desktop.ui.page_images import page_image

_WIDTH = 1100
"""Pixels across: fine enough to read small print by."""
_HELP = "按住鼠标画出范围；键盘：Insert 新画，Tab 选，方向键移，Shift+方向键改大小，Delete 删除。"


@dataclass(frozen=True, slots=True)
class _Read:
    refused: Mapping[str, str]
    parties: tuple[CopyParty, ...]
    items: tuple[ItemLine, ...]


class CopyDialog(DossierFrame):
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
        self._pictures = Newest(bridge, self)
        self.keeper = EntryKeeper(bureau, bridge, self._body, self._put, self)
        left, right = QVBoxLayout(), QVBoxLayout()
        self._make_left(left)
        self._make_right(right)
        self.head.addWidget(self.keeper.bar)
        self.put_pair(left, right, (0.4, 0.6))
        self.make_button = self.button("制作复制件…", self.choose_file, "Ctrl+S")
        self.put_foot(self.make_button, self.leave)
        self.fit(92, 56)
        self.arm()
        self.reload()

    # ------------------------------------------------------------------------------ building

    def _make_left(self, column: QVBoxLayout) -> None:
        form = QFormLayout()
        self.recipient = QComboBox(self)
        self.recipient.setEditable(True)
        self.recipient.setAccessibleName("提供给谁")
        typing = self.recipient.lineEdit()
        if typing is not None:
            typing.setPlaceholderText("选择当事人，或者填写姓名")
        self.recipient.currentTextChanged.connect(lambda _: self._typed())
        self.basis = QLineEdit(self)
        self.basis.setAccessibleName("依据")
        self.basis.setPlaceholderText("例如：申请执行人书面申请复制")
        self.basis.textChanged.connect(lambda _: self._typed())
        form.addRow("提供给", self.recipient)
        form.addRow("依据", self.basis)
        column.addLayout(form)
        column.addWidget(Words("正卷的页面（副卷不对外提供）", bold=True))
        self.tree = CopyPages(self)
        self.tree.looked_at.connect(self._show_page)
        self.tree.ticked.connect(self._typed)
        column.addWidget(self.tree, 1)

    def _make_right(self, column: QVBoxLayout) -> None:
        line = QHBoxLayout()
        self.find_button = self.button(
            "找出个人信息",
            self.find_personal,
            tip="在所选页面中找他人的身份证号、电话、账号、住址；扫描件请逐页看",
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

    # ------------------------------------------------------------------------------- reading

    def reload(self) -> None:
        """Read the parties and the things of the 正卷; what was ticked and drawn stays."""
        bureau, actor, case_id = self._bureau, self._actor(), self.case_id

        def job() -> _Read:
            refused = at_desk.refusals(bureau, actor, (COPY,), case=case_id)
            if refused:
                return _Read(refused, (), ())
            parties = dossier_copies.parties(bureau, actor, case_id)
            return _Read({}, parties, dossier.dossier(bureau, actor, case_id).main.items)

        self._bridge.read(self, job, self._show, self.failed)

    def _show(self, found: _Read) -> None:
        self.barred = found.refused
        if found.refused:
            self.say(found.refused[COPY], "error")
        typed = self.recipient.currentText()
        self.recipient.blockSignals(True)
        self.recipient.clear()
        for party in found.parties:
            self.recipient.addItem(party.name, party.subject)
        # Nobody is proposed: whom it is for is to be said.
        self.recipient.setCurrentIndex(-1)
        self.recipient.setEditText(typed)
        self.recipient.blockSignals(False)
        self._forget_replaced(found.items)
        self.tree.fill(found.items)
        if not found.refused:
            self.keeper.begin(self._actor(), self.case_id, "copy")
        self.arm()

    def _forget_replaced(self, items: tuple[ItemLine, ...]) -> None:
        """What was drawn on a version that is not the current one any more fits no longer."""
        now = {item.id: item.current for item in items}
        for item, version in self.tree.versions.items():
            if now.get(item) != version:
                self._files.pop(item, None)
                self._looked = {place for place in self._looked if place[0] != item}
                for place in [place for place in self.areas if place[0] == item]:
                    del self.areas[place]

    @property
    def chosen(self) -> list[Place]:
        """The pages that are ticked, in the order of the volume."""
        return self.tree.chosen

    def tick(self, *places: Place) -> None:
        """Tick pages."""
        self.tree.tick(*places)

    def _show_page(self) -> None:
        place = self.tree.place
        if place is None:
            return
        bureau, actor, held = self._bureau, self._actor(), self._files.get(place[0])

        def draw() -> tuple[FilePages, QImage]:
            pages = held or dossier.pages(bureau, actor, place[0])
            picture: PagePicture = pages.picture(place[1], _WIDTH)
            return pages, page_image(picture)

        def show(found: tuple[FilePages, QImage]) -> None:
            self._files[place[0]] = found[0]
            self._shown = place
            self._looked.add(place)
            self.canvas.show_page(found[1], self.areas.get(place, ()))
            self.arm()

        self._pictures.read(draw, show, self.failed)

    # ------------------------------------------------------------------------------- keeping

    def _typed(self) -> None:
        self.arm()
        self.keeper.touch()

    def _body(self) -> Mapping[str, Any]:
        kept = KeptCopy(
            self.recipient.currentText(), self.basis.text(), tuple(self.chosen), self.areas,
            frozenset(self._looked),
        )  # fmt: skip
        return kept.as_json(self.tree.versions)

    def _put(self, body: Mapping[str, Any]) -> None:
        kept, lost = KeptCopy.from_json(body, self.tree.versions)
        self.recipient.setEditText(kept.recipient)
        self.basis.setText(kept.basis)
        self.areas = dict(kept.areas)
        self._looked |= kept.looked
        self.tick(*kept.chosen)
        self.tree.look_at(*kept.chosen[:1])
        self._show_page()
        if lost:
            self.say(f"有{lost}页后来更换或者撤出了，没有恢复，请重新选定、遮盖。", "warning")

    def done(self, result: int) -> None:
        """Keep what was chosen and drawn, then close."""
        self.keeper.flush()
        super().done(result)

    # ------------------------------------------------------------------------------- covering

    def _on_drawn(self) -> None:
        if self._shown is not None:
            self.areas[self._shown] = self.canvas.areas
            self.tick(self._shown)

    def _on_black(self, wanted: bool) -> None:
        self.canvas.covered = wanted
        self.canvas.update()

    def find_personal(self) -> None:
        """Look for personal data on the ticked pages, and cover what is found."""
        bureau, actor, case_id = self._bureau, self._actor(), self.case_id
        places, party = self.chosen, self._party()
        self.run(
            lambda tell, stopped: dossier_copies.proposed(
                bureau, actor, case_id, places, party,
                lambda done, total: tell(done, total, "查找个人信息"), stopped,
            ),
            self._found,
        )  # fmt: skip

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
        self._typed()

    # ------------------------------------------------------------------------------- making

    def arm(self) -> None:
        """Set each button as it is allowed now."""
        chosen, barred = self.chosen, self.barred.get(COPY, "")
        busy = BUSY if self.job.running else ""
        none = "" if chosen else "请先在左边选要复制的页"
        whole = bool(self.recipient.currentText().strip() and self.basis.text().strip())
        self.offer(self.find_button, barred, busy, none)
        missing = "" if whole else "请填写提供给谁、依据"
        self.offer(self.make_button, barred, busy, none, missing)
        covered = sum(len(self.areas.get(place, ())) for place in chosen)
        more = f"，还有{self.unseen}页没有看过" if self.unseen else ""
        self.said.setText(f"选了{len(chosen)}页，遮盖{covered}处{more}。")

    @property
    def unseen(self) -> int:
        """How many of the chosen pages nobody has looked at here."""
        return sum(place not in self._looked for place in self.chosen)

    def wish(self) -> CopyWish:
        """Return what is wanted, as it stands."""
        pages = tuple(CopyPage(*place, self.areas.get(place, ())) for place in self.chosen)
        return CopyWish(self.recipient.currentText(), self.basis.text(), pages)

    def choose_file(self) -> None:
        """Ask where the copy shall lie, then make it; first whether unseen pages may go out."""
        if not self.unseen:
            self._ask_file()
            return
        messages.ask(
            self,
            "制作复制件",
            f"有{self.unseen}页还没有看过，可能有他人的个人信息没有遮盖。仍要制作？",
            self._ask_file,
            yes_words="仍要制作",
            no_words="回去查看",
            default_yes=False,
        )

    def _ask_file(self) -> None:
        proposed = f"{self.case_no}复制件.pdf"
        chosen, _ = QFileDialog.getSaveFileName(self, "保存复制件", proposed, "PDF (*.pdf)")
        if chosen:
            self.make(Path(chosen))

    def make(self, out: Path) -> None:
        """Make the copy and write it to ``out``."""
        bureau, actor, case_id, wish = self._bureau, self._actor(), self.case_id, self.wish()
        self.run(
            lambda tell, stopped: dossier_copies.make_copy(
                bureau, actor, case_id, wish, out,
                lambda done, total: tell(done, total, "制作复制件"), stopped,
            ),
            lambda line: self._made(line, out),
        )  # fmt: skip

    def _made(self, line: CopyLine, out: Path) -> None:
        self.say(f"复制件已经保存：{out}，共{line.pages}页，遮盖{line.covered}处，已经登记。")
        self.keeper.drop()
        self.changed.emit()
