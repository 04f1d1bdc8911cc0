"""卷宗: what is filed for a case, by its catalogues; looked at, taken in, put in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QDialog, QLineEdit, QTabWidget, QVBoxLayout, QWidget

from zhixing_desktop.services import dossier, dossier_choices, dossier_filing, dossier_rights
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_choices import Choices
from zhixing_desktop.services.dossier_filing import Change
from zhixing_desktop.services.dossier_rights import ARRANGE, FILE, WITHDRAW
from zhixing_desktop.services.dossier_types import (
    FILED,
    MAIN,
    SIDE,
    SIDES,
    DossierView,
    ItemLine,
    Piece,
)
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.dossier.change_dialog import ChangeDialog
from zhixing_desktop.ui.dossier.frame import DossierFrame, Newest
from zhixing_desktop.ui.dossier.incoming_data import holds_pieces, pieces_of
from zhixing_desktop.ui.dossier.thing_side import ThingSide
from zhixing_desktop.ui.dossier.tree import DossierTree
from zhixing_desktop.ui.dossier.wishes import Wish
from zhixing_desktop.ui.flow_layout import FlowLayout
from zhixing_desktop.ui.forms.parts import em
from zhixing_desktop.ui.forms.reason_step import ReasonStepDialog

ActorOf = Callable[[], Actor]
_CHOICE_MS = 80
"""While somebody runs through the tree by keys, the pages he passes by are not opened."""


class DossierWindow(DossierFrame):
    """``take_wanted`` carries a :class:`Wish`; ``triangle_wanted`` the case and its 案号.

    ``shown`` when the dossier has been read.
    """

    help_page = "dossier"
    take_wanted = Signal(object)
    triangle_wanted = Signal(int, str)
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
        self.setWindowTitle(f"卷宗　{case_no}")
        self.setAcceptDrops(True)
        self.case_id, self.case_no = case_id, case_no
        self.view: DossierView | None = None
        self.step: QDialog | None = None
        self._wanted: int | None = None
        self._reading = Newest(bridge, self)
        self._choice = QTimer(self)
        self._choice.setSingleShot(True)
        self._choice.setInterval(_CHOICE_MS)
        self._choice.timeout.connect(self._show_thing)
        self._build()
        bridge.changed.connect(self._on_changes)
        self.reload()

    # ------------------------------------------------------------------------------- building

    def _build(self) -> None:
        self.thing = ThingSide(self._bureau, self._bridge, self._actor, self)
        self.thing.said.connect(self.tell)
        left = self._made_left()
        self.across = self.put_pair(left, self.thing, (0.46, 0.54))
        left.setMinimumWidth(em(self, 34))
        self.triangle = self.button("三卷一致…", self._ask_triangle, "F8")
        self.put_foot(self.triangle, self.leave)
        self.fit(100, 58)

    def _made_left(self) -> QWidget:
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        self.search = QLineEdit(left)
        self.search.setPlaceholderText("查找材料：名称、文号、目录项、日期")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("查找材料")
        self.search.textChanged.connect(self._filter)
        column.addWidget(self.search)
        self.tabs = QTabWidget(left)
        self.tabs.setDocumentMode(True)
        self.trees: dict[str, DossierTree] = {}
        for side, title in SIDES.items():
            tree = DossierTree(side, self)
            tree.setAccessibleName(f"{title}目录")
            tree.chosen.connect(self._chosen)
            tree.opened.connect(self._open)
            tree.moved.connect(self._move)
            tree.brought.connect(self._brought)
            tree.withdraw_wanted.connect(self.ask_withdraw)
            self.trees[side] = tree
            self.tabs.addTab(tree, title)
        self.tabs.currentChanged.connect(lambda _: self._chosen(self.tree.line))
        column.addWidget(self.tabs, 1)
        tools = QWidget(left)
        flow = FlowLayout(tools)
        flow.setSpacing(em(self, 0.4))
        self.take = self.button("入卷…", lambda: self.take_in(()), "Ctrl+O")
        self.paste = self.button("粘贴", self.paste_in, "Ctrl+V")
        self.on_paper = self.button("仅有纸质…", lambda: self.take_in((), on_paper=True), "Ctrl+N")
        self.replace = self.button("更换…", self._ask_replace, "Ctrl+G")
        self.change = self.button("更正…", self.ask_change, "F2")
        self.up = self.button("上移", lambda: self.tree.step(-1), tip="上移（Alt+↑）")
        self.down = self.button("下移", lambda: self.tree.step(1), tip="下移（Alt+↓）")
        self.withdraw = self.button("撤出…", self.ask_withdraw, tip="撤出（Del）")
        self._of_all = ((self.take, FILE), (self.paste, FILE), (self.on_paper, FILE))
        self._of_thing = (
            (self.replace, FILE),
            *((button, ARRANGE) for button in (self.change, self.up, self.down)),
            (self.withdraw, WITHDRAW),
        )
        for button, _ in (*self._of_all, *self._of_thing):
            flow.addWidget(button)
        column.addWidget(tools)
        return left

    # ------------------------------------------------------------------------------- reading

    @property
    def tree(self) -> DossierTree:
        """The side that is looked at."""
        found = self.tabs.currentWidget()
        assert isinstance(found, DossierTree)
        return found

    def reload(self) -> None:
        """Read the dossier anew."""
        bureau, actor, case_id = self._bureau, self._actor(), self.case_id

        def read() -> tuple[DossierView, Mapping[str, str]]:
            view = dossier.dossier(bureau, actor, case_id)
            return view, dossier_rights.barred(bureau, actor, case_id)

        self._reading.read(read, lambda found: self._show(*found), self._not_read)

    def _not_read(self, error: Exception) -> None:
        self.thing.show_thing(None, "")
        self.failed(error)

    def _show(self, view: DossierView, barred: Mapping[str, str]) -> None:
        self.view, self.barred = view, barred
        sides = {MAIN: view.main, SIDE: view.side}
        for at, (side, found) in enumerate(sides.items()):
            self.tabs.setTabVisible(at, found is not None)
            if found is not None:
                self.tabs.setTabText(at, f"{SIDES[side]}　{len(found.items)}件{found.pages}页")
                self.trees[side].show_side(found)
        if self._wanted is not None:
            self.choose(self._wanted)
        self.arm()
        self.shown.emit()

    def choose(self, item_id: int) -> None:
        """Put the cursor on a thing, as soon as it is there."""
        self._wanted = item_id
        for at, tree in enumerate(self.trees.values()):
            if tree.choose(item_id):
                self._wanted = None
                self.tabs.setCurrentIndex(at)
                tree.setFocus()

    def _on_changes(self, changes: Changes) -> None:
        if not changes.cases or self.case_id in changes.cases:
            self.reload()

    def _filter(self, words: str) -> None:
        for tree in self.trees.values():
            tree.filter(words)
        self.tell(f"找到{len(self.tree.shown())}件" if words.strip() else "")

    def tell(self, words: str) -> None:
        """Tell what has been done, at the left of the foot."""
        self.said.setText(words)

    def _chosen(self, line: ItemLine | None) -> None:
        if self.sender() in self.trees.values() and self.sender() is not self.tree:
            return
        self.arm()
        self._choice.start()

    def arm(self) -> None:
        """Let be pressed what may be done with the thing under the cursor."""
        line = self.tree.line
        why = "" if line is not None and line.state == FILED else "请先在左边选定一件在卷的材料"
        for button, act in self._of_all:
            self.offer(button, self.barred.get(act, ""))
        for button, act in self._of_thing:
            self.offer(button, self.barred.get(act, ""), why)
        for tree in self.trees.values():
            tree.may_arrange = ARRANGE not in self.barred

    def _show_thing(self) -> None:
        line = self.tree.line
        if line != self.thing.line or line is None:
            self.thing.show_thing(line)

    def _open(self) -> None:
        self._choice.stop()
        self._show_thing()
        self.thing.tabs.setCurrentIndex(0)
        self.thing.pages.view.setFocus()

    # ------------------------------------------------------------------------------- taking in

    def take_in(self, pieces: tuple[Piece, ...], *, on_paper: bool = False) -> None:
        """Ask for the dialog that takes files in; where they belong is proposed there."""
        if not self._may_file():
            return
        self.take_wanted.emit(Wish(pieces=pieces, side=self.tree.side, on_paper=on_paper))

    def _may_file(self) -> bool:
        """Tell whether this person may file here; say it where he may not."""
        why = self.barred.get(FILE, "")
        self.say(why, "error")
        return not why

    def _brought(self, pieces: tuple[Piece, ...], place: int | None) -> None:
        if not self._may_file():
            return
        self.take_wanted.emit(Wish(pieces=pieces, side=self.tree.side, place=place))

    def paste_in(self) -> None:
        """Take what lies on the clipboard."""
        data = QGuiApplication.clipboard().mimeData()
        pieces = pieces_of(data) if data is not None else ()
        if pieces:
            self._brought(pieces, None)
        else:
            self.tell("剪贴板中没有文件或者图片")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and pictures may be dropped anywhere."""
        if holds_pieces(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take them."""
        pieces = pieces_of(event.mimeData())
        event.acceptProposedAction()
        if pieces:
            self._brought(pieces, None)

    def _ask_replace(self) -> None:
        line = self.tree.line
        if line is not None and line.state == FILED:
            self.take_wanted.emit(Wish(replaced=line))

    # ------------------------------------------------------------------------------- changing

    def ask_change(self) -> None:
        """Open the dialog that corrects what is said about the thing."""
        line = self.tree.line
        if line is None or not self.change.isEnabled():
            return
        bureau, actor, case_id = self._bureau, self._actor(), self.case_id

        def opened(known: Choices) -> None:
            dialog = ChangeDialog(bureau, self._bridge, self._actor, line, known, self)
            self._show_step(dialog)

        self._bridge.read(
            self,
            lambda: dossier_choices.choices(bureau, actor, case_id),
            opened,
            self.failed,
        )

    def ask_withdraw(self) -> None:
        """Ask for the reason why the thing is taken out."""
        line = self.tree.line
        if line is None or not self.withdraw.isEnabled():
            return
        bureau, actor = self._bureau, self._actor()
        dialog = ReasonStepDialog(
            self._bridge,
            self.case_id,
            "撤出材料",
            "撤出",
            [
                (f"{line.place_name}　{line.name}　{line.pages}页", "plain"),
                ("材料不再列入目录，文件和记录保留，可以在“已撤出”中查看。", "muted"),
            ],
            lambda reason: dossier_filing.withdraw_item(
                bureau, actor, line.id, reason, version=line.version
            ),
            self,
        )
        self._show_step(dialog)

    def _show_step(self, dialog: QDialog) -> None:
        self.step = dialog
        dialog.finished.connect(self._step_gone)
        dialog.open()

    def _step_gone(self, _result: int) -> None:
        self.step = None
        self.tree.setFocus()

    def _move(self, line: ItemLine, place: int, before: int) -> None:
        bureau, actor, side = self._bureau, self._actor(), self.tree.side
        change = Change(side=side, place=place, before=before)

        def done(_filed: object) -> None:
            self._wanted = line.id
            self._bridge.announce(Changes(frozenset({self.case_id}), lists=False))

        self._bridge.write(
            self,
            lambda: dossier_filing.change_item(
                bureau, actor, line.id, change, version=line.version
            ),
            done,
            self.failed,
        )

    def _ask_triangle(self) -> None:
        self.triangle_wanted.emit(self.case_id, self.case_no)
