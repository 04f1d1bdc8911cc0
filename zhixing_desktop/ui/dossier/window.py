"""卷宗: what is filed for a case, by its catalogues; looked at, taken in, put in order."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import dossier, dossier_choices, dossier_filing
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_choices import Choices
from zhixing_desktop.services.dossier_filing import Change
from zhixing_desktop.services.dossier_types import (
    FILED,
    MAIN,
    SIDE,
    SIDES,
    DossierView,
    ItemLine,
    Piece,
)
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.dossier.change_dialog import ChangeDialog
from zhixing_desktop.ui.dossier.incoming_data import holds_pieces, pieces_of
from zhixing_desktop.ui.dossier.thing_side import ThingSide
from zhixing_desktop.ui.dossier.tree import DossierTree
from zhixing_desktop.ui.dossier.wishes import Wish
from zhixing_desktop.ui.flow_layout import FlowLayout
from zhixing_desktop.ui.forms.parts import Words, em
from zhixing_desktop.ui.forms.reason_step import ReasonStepDialog

ActorOf = Callable[[], Actor]
_CHOICE_MS = 80
"""While somebody runs through the tree by keys, the pages he passes by are not opened."""


class DossierWindow(QDialog):
    """``take_wanted`` carries a :class:`Wish`; ``triangle_wanted`` and ``volumes_wanted`` the case.

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
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlags(
            Qt.WindowType.Window
            | Qt.WindowType.WindowMinMaxButtonsHint
            | Qt.WindowType.WindowCloseButtonHint
        )
        self.setWindowTitle(f"卷宗　{case_no}")
        self.setAcceptDrops(True)
        self._bureau, self._bridge, self._actor_of = bureau, bridge, actor_of
        self.case_id, self.case_no = case_id, case_no
        self.view: DossierView | None = None
        self.step: QDialog | None = None
        self._wanted: int | None = None
        self._round = 0
        self._choice = QTimer(self)
        self._choice.setSingleShot(True)
        self._choice.setInterval(_CHOICE_MS)
        self._choice.timeout.connect(self._show_thing)
        self._build()
        bridge.changed.connect(self._on_changes)
        self.reload()

    # ------------------------------------------------------------------------------- building

    def _build(self) -> None:
        box = QVBoxLayout(self)
        self.across = QSplitter(Qt.Orientation.Horizontal, self)
        self.across.addWidget(self._made_left())
        self.thing = ThingSide(self._bureau, self._bridge, self._actor_of, self)
        self.thing.said.connect(self.say)
        self.across.addWidget(self.thing)
        self.across.setStretchFactor(0, 46)
        self.across.setStretchFactor(1, 54)
        box.addWidget(self.across, 1)
        foot = QHBoxLayout()
        self.said = Words(tone="muted", middle=True)
        foot.addWidget(self.said, 1)
        self.triangle = self._button("三卷一致…", "F8", self._ask_triangle)
        self.leave = self._button("关闭", "", self.close)
        foot.addWidget(self.triangle)
        foot.addWidget(self.leave)
        box.addLayout(foot)
        room = self.screen().availableGeometry()
        wide, high = em(self, 100), em(self, 58)
        self.resize(min(wide, room.width() - 20), min(high, room.height() - 40))
        self.across.setSizes([round(self.width() * 0.46), round(self.width() * 0.54)])

    def _made_left(self) -> QWidget:
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        self.search = QLineEdit(left)
        self.search.setPlaceholderText("查找材料：名称、文号、目录项、日期")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("查找材料")
        self.search.textChanged.connect(self._filter)
        left.setMinimumWidth(em(self, 34))
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
        self.take = self._button("入卷…", "Ctrl+O", lambda: self.take_in(()))
        self.paste = self._button("粘贴", "Ctrl+V", self.paste_in)
        self.on_paper = self._button("仅有纸质…", "Ctrl+N", lambda: self.take_in((), on_paper=True))
        self.replace = self._button("更换…", "Ctrl+G", self._ask_replace)
        self.change = self._button("更正…", "F2", self.ask_change)
        self.up = self._button("上移", "", lambda: self.tree.step(-1))
        self.down = self._button("下移", "", lambda: self.tree.step(1))
        self.withdraw = self._button("撤出…", "", self.ask_withdraw)
        self.up.setToolTip("上移（Alt+↑）")
        self.down.setToolTip("下移（Alt+↓）")
        self.withdraw.setToolTip("撤出（Del）")
        self._of_thing = (self.replace, self.change, self.up, self.down, self.withdraw)
        for button in (self.take, self.paste, self.on_paper, *self._of_thing):
            flow.addWidget(button)
        column.addWidget(tools)
        return left

    def _button(self, words: str, keys: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(words, self)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _on=False: act())
        if keys:
            button.setToolTip(f"{words.rstrip('…')}（{keys}）")
            QShortcut(QKeySequence(keys), self).activated.connect(button.click)
        return button

    # ------------------------------------------------------------------------------- reading

    @property
    def tree(self) -> DossierTree:
        """The side that is looked at."""
        found = self.tabs.currentWidget()
        assert isinstance(found, DossierTree)
        return found

    def reload(self) -> None:
        """Read the dossier anew."""
        self._round += 1
        mine, bureau, actor, case_id = self._round, self._bureau, self._actor_of(), self.case_id

        def show(found: DossierView) -> None:
            if mine == self._round:
                self._show(found)

        self._bridge.read(
            self, lambda: dossier.dossier(bureau, actor, case_id), show, self._not_read
        )

    def _not_read(self, error: Exception) -> None:
        self.thing.show_thing(None, "")
        messages.show_error(self, error)

    def _show(self, view: DossierView) -> None:
        self.view = view
        sides = {MAIN: view.main, SIDE: view.side}
        for at, (side, found) in enumerate(sides.items()):
            self.tabs.setTabVisible(at, found is not None)
            if found is not None:
                self.tabs.setTabText(at, f"{SIDES[side]}　{len(found.items)}件{found.pages}页")
                self.trees[side].show_side(found)
        if self._wanted is not None:
            self.choose(self._wanted)
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
        self.say(f"找到{len(self.tree.shown())}件" if words.strip() else "")

    def say(self, words: str) -> None:
        """Say what has been done, in the line below."""
        self.said.setText(words)

    def _chosen(self, line: ItemLine | None) -> None:
        if self.sender() in self.trees.values() and self.sender() is not self.tree:
            return
        filed = line is not None and line.state == FILED
        for button in self._of_thing:
            button.setEnabled(filed)
        self._choice.start()

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
        self.take_wanted.emit(Wish(pieces=pieces, side=self.tree.side, on_paper=on_paper))

    def _brought(self, pieces: tuple[Piece, ...], place: int | None) -> None:
        self.take_wanted.emit(Wish(pieces=pieces, side=self.tree.side, place=place))

    def paste_in(self) -> None:
        """Take what lies on the clipboard."""
        data = QGuiApplication.clipboard().mimeData()
        pieces = pieces_of(data) if data is not None else ()
        if pieces:
            self._brought(pieces, None)
        else:
            self.say("剪贴板中没有文件或者图片")

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
        if line is None or line.state != FILED:
            return
        bureau, actor, case_id = self._bureau, self._actor_of(), self.case_id

        def opened(known: Choices) -> None:
            dialog = ChangeDialog(bureau, self._bridge, self._actor_of, line, known, self)
            self._show_step(dialog)

        self._bridge.read(
            self,
            lambda: dossier_choices.choices(bureau, actor, case_id),
            opened,
            self._failed,
        )

    def ask_withdraw(self) -> None:
        """Ask for the reason why the thing is taken out."""
        line = self.tree.line
        if line is None or line.state != FILED:
            return
        bureau, actor = self._bureau, self._actor_of()
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
        bureau, actor, side = self._bureau, self._actor_of(), self.tree.side
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
            self._failed,
        )

    def _failed(self, error: Exception) -> None:
        messages.show_error(self, error)

    def _ask_triangle(self) -> None:
        self.triangle_wanted.emit(self.case_id, self.case_no)
