"""What stands in the window of the paper volumes: list, choices, buttons, pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QListWidget,
    QProgressBar,
    QRadioButton,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_moves import WhereLine
from zhixing_desktop.services.dossier_types import SIDE, SIDES
from zhixing_desktop.services.dossier_volumes import VolumeLine
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.columns import FittedColumns
from zhixing_desktop.ui.dossier.frame import BUSY, DossierFrame, own_tip
from zhixing_desktop.ui.flow_layout import FlowLayout
from zhixing_desktop.ui.forms.parts import Words, em, folded, show_if
from zhixing_desktop.ui.page_view import PageView

if TYPE_CHECKING:
    from zhixing_desktop.services.dossier_front_changes import ChangedFront
    from zhixing_desktop.services.dossier_volumes import Offered

PRINT, MOVE, INNER = "dossier.print", "dossier.move", "dossier.side"
ACTS = (PRINT, MOVE, INNER)
"""What can be done here, and whether the 副卷 may be looked at."""
_STATES = {"": "未打印", "open": "未装订", "bound": "已装订"}
_HEAD = ("卷册", "页数", "待打印", "状态", "在谁处")
_MOVES = ("时间", "事项", "移交人", "接收人", "事由", "归还期限", "地点")
_TO_PRINT, _STATE = 2, 3
_NOTHING = "—"
_NUMBER = Qt.ItemDataRole.UserRole
_NO_VOLUME = "请先选定一册"
_UNPRINTED = "这一册还没有打印，打印登记以后才有纸质卷册"


@dataclass(frozen=True, slots=True)
class OnScreen:
    """The volume that the cursor is on, and where its paper is (None: it was never printed).

    ``who`` works here; ``ready``: its pages are prepared for the printer; ``busy``: it is printed
    right now.
    """

    line: VolumeLine | None
    paper: WhereLine | None
    who: str
    ready: bool
    busy: bool

    @property
    def printed(self) -> bool:
        """Whether there is a paper volume."""
        return self.line is not None and bool(self.line.state)


class VolumesFrame(DossierFrame):
    """The pieces on the screen; they say how a volume stands, and do nothing by themselves.

    ``side_chosen``, ``volume_chosen``, ``wish_changed`` say what a person does; each button is
    named for what it does.
    """

    side_chosen = Signal()
    volume_chosen = Signal()
    wish_changed = Signal()

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor: Callable[[], Actor], parent: QWidget | None
    ) -> None:
        super().__init__(bureau, bridge, actor, parent=parent)
        self._told = ""
        self._fronts: dict[int, str] = {}
        self.put_pair(self._made_left(), self._made_right(bridge), (0.44, 0.56))
        self.progress = QProgressBar(self)
        self.progress.setAccessibleName("进度")
        self.progress.hide()
        box = self.layout()
        assert isinstance(box, QVBoxLayout)
        box.insertWidget(box.count() - 1, self.progress)
        self.put_foot(self.prove, self.print, self.leave)
        self.print.setEnabled(False)
        self.fit(100, 58)
        self.tree.setFocus()

    # ---------------------------------------------------------------------------------- building

    def _made_left(self) -> QVBoxLayout:
        column = QVBoxLayout()
        self.side_box = QComboBox(self)
        self.side_box.setAccessibleName("正卷、副卷")
        for side, words in SIDES.items():
            self.side_box.addItem(words, side)
        self.side_box.currentIndexChanged.connect(lambda _: self.side_chosen.emit())
        column.addWidget(self.side_box)
        self.tree = QTreeWidget(self)
        self.tree.setAccessibleName("卷册")
        self.tree.setHeaderLabels(_HEAD)
        self.tree.setRootIsDecorated(False)
        self.tree.setWordWrap(True)
        self._columns = FittedColumns(self.tree, grow=len(_HEAD) - 1)
        self.tree.currentItemChanged.connect(lambda _now, _before: self.volume_chosen.emit())
        column.addWidget(self.tree, 1)
        self.reprint = Words(tone="bad")
        self.reprint.hide()
        column.addWidget(self.reprint)
        self.only_added = QCheckBox("只打印新增、变动的页", self)
        own_tip(self.only_added, "已经在纸上的不再打印；右边“插放清单”写明每张放在哪里")
        self.only_added.toggled.connect(lambda _on: self.wish_changed.emit())
        self.duplex = QCheckBox("双面打印", self)
        self.duplex.toggled.connect(lambda _on: self.wish_changed.emit())
        column.addWidget(self.only_added)
        column.addWidget(self.duplex)
        self.ways = QWidget(self)
        self._ways_box = QVBoxLayout(self.ways)
        self._ways_box.setContentsMargins(0, 0, 0, 0)
        self._ways_box.addWidget(Words("新增材料的页码", bold=True))
        self._group = QButtonGroup(self.ways)
        self._group.buttonClicked.connect(lambda _button: self.wish_changed.emit())
        self.ways.hide()
        column.addWidget(self.ways)
        column.addWidget(self._made_tools())
        return column

    def _made_tools(self) -> QWidget:
        self.list_sheet = self.button("插放清单…")
        self.labels = self.button("粘贴用页标…")
        self.spine = self.button("卷脊标签…")
        self.bind = self.button("登记装订…", keys="Ctrl+B")
        self.hand_over = self.button("交出…", keys="Ctrl+J")
        self.give_back = self.button("归还…")
        self.slip = self.button("交接单…")
        self.prove = self.button("扫描核对…", keys="F9")
        self.print = self.button("打印…", keys="Ctrl+P")
        tools = QWidget(self)
        flow = FlowLayout(tools)
        flow.setSpacing(em(self, 0.4))
        for button in (
            self.list_sheet, self.labels, self.spine, self.bind, self.hand_over, self.give_back,
            self.slip,
        ):  # fmt: skip
            flow.addWidget(button)
        return tools

    def _made_right(self, bridge: Bridge) -> QWidget:
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.page = PageView(bridge, self)
        self.tabs.addTab(self.page, "打印预览")
        self.steps = QListWidget(self)
        self.steps.setAccessibleName("插放清单")
        self.steps.setWordWrap(True)
        self.tabs.addTab(self.steps, "插放清单")
        self.moves = QTreeWidget(self)
        self.moves.setAccessibleName("交接记录")
        self.moves.setHeaderLabels(_MOVES)
        self.moves.setRootIsDecorated(False)
        self.tabs.addTab(self.moves, "交接记录")
        return self.tabs

    # ----------------------------------------------------------------------------------- showing

    @property
    def side(self) -> str:
        """The side that is looked at."""
        return str(self.side_box.currentData())

    @property
    def number(self) -> int:
        """The volume that the cursor is on, 0 for none."""
        item = self.tree.currentItem()
        return int(item.data(0, _NUMBER)) if item is not None else 0

    @property
    def way(self) -> str:
        """How new pages are numbered, as chosen; empty for as usual."""
        button = self._group.checkedButton()
        return str(button.property("way")) if button is not None else ""

    def show_volumes(self, lines: Sequence[VolumeLine], where: Sequence[WhereLine]) -> None:
        """List the volumes; the cursor stays."""
        before = self.number
        late = {line.number: line for line in where if line.overdue}
        self.tree.blockSignals(True)
        self.tree.clear()
        for line in lines:
            holder = line.holder + (f"（应于{late[line.number].due_on}归还，已逾期）"
                                    if line.number in late else "")  # fmt: skip
            added = str(line.added) if line.added else _NOTHING
            item = QTreeWidgetItem(
                [line.title, str(line.plan.total), added, _STATES[line.state], holder]
            )
            item.setData(0, _NUMBER, line.number)
            for column in (1, 2):
                item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight)
            item.setToolTip(4, folded(holder))
            self.tree.addTopLevelItem(item)
            if line.number == before:
                self.tree.setCurrentItem(item)
        first = self.tree.topLevelItem(0)
        if self.tree.currentItem() is None and first is not None:
            self.tree.setCurrentItem(first)
        self._columns.fit()
        self.tree.blockSignals(False)
        self.volume_chosen.emit()

    def show_fronts(self, fronts: Sequence[ChangedFront]) -> None:
        """Say of each printed volume which of its own sheets have changed, and what to print."""
        self._fronts = {one.number: "、".join(one.sheets) for one in fronts}
        for at in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(at)
            sheets = self._fronts.get(item.data(0, _NUMBER), "") if item is not None else ""
            if item is None or not sheets:
                continue
            pages = item.text(_TO_PRINT)
            item.setText(_TO_PRINT, sheets if pages == _NOTHING else f"{pages}页，{sheets}")
            item.setText(_STATE, f"{item.text(_STATE)}，有变动")
            item.setTextAlignment(_TO_PRINT, Qt.AlignmentFlag.AlignLeft)
            for column in (_TO_PRINT, _STATE):
                item.setToolTip(column, folded(_reprint(sheets)))
        self._columns.fit()
        self.show_reprint()

    def show_reprint(self) -> None:
        """Say below the list what of the volume under the cursor is to be printed again."""
        sheets = self._fronts.get(self.number, "")
        self.reprint.setText(_reprint(sheets) if sheets else "")
        show_if(self.reprint, bool(sheets))

    def show_offers(self, offers: Sequence[Offered]) -> None:
        """Show the ways of numbering, each with what it costs."""
        before = self.way
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._ways_box.removeWidget(button)
            button.deleteLater()
        for one in offers:
            button = QRadioButton(one.sentence.rstrip("。"), self.ways)
            button.setProperty("way", one.way)
            button.setChecked(one.way == before if before else one.default)
            self._group.addButton(button)
            self._ways_box.addWidget(button)

    def bar_inner(self) -> None:
        """Grey 副卷 for whoever may not look at it."""
        model, why = self.side_box.model(), self.barred.get(INNER, "")
        item = None
        if isinstance(model, QStandardItemModel):
            item = model.item(self.side_box.findData(SIDE))
        if item is not None:
            item.setEnabled(not why)
            item.setToolTip(folded(why))

    def arm_for(self, volume: OnScreen) -> None:
        """Offer what can be done with a volume, and say of the rest why not."""
        line, printed = volume.line, volume.printed
        wait, none = BUSY if volume.busy else "", "" if line is not None else _NO_VOLUME
        may_print, unprinted = self.barred.get(PRINT, ""), "" if printed else _UNPRINTED
        show_if(self.ways, line is not None and printed and line.added > 0)
        for widget in (self.tree, self.side_box):
            widget.setEnabled(not volume.busy)
        for choice in (self.ways, self.duplex):
            self.offer(choice, may_print, wait)
        first = "" if printed else "还没有打印过，先整册打印"
        self.offer(self.only_added, may_print, wait, none, first)
        if not printed:
            self.only_added.setChecked(False)
        unready = "" if volume.ready else "打印的页面还没有准备好，见右边"
        self.offer(self.print, may_print, wait, none, unready)
        bound = "这一册已经装订" if line is not None and line.state == "bound" else ""
        self.offer(self.bind, may_print, wait, none, unprinted, bound)
        self.offer(self.spine, may_print, none)
        self._arm_labels(line, may_print)
        self._arm_moves(volume, wait or none or unprinted)
        self.offer(self.prove, none, unprinted)
        self.offer(self.list_sheet, may_print, "" if self.steps.count() else "没有要插放的页")

    def _arm_labels(self, line: VolumeLine | None, barred: str) -> None:
        own = line is not None and any(page.own_paper for page in line.plan.pages)
        show_if(self.labels, own)
        # Labels bear the numbers that were printed: what is new has none yet.
        known = line is not None and (not line.state or not line.added)
        new = "" if known else "有新增的页，先打印登记，页码排定以后再打印页标"
        self.offer(self.labels, barred, new)

    def _arm_moves(self, volume: OnScreen, unfit: str) -> None:
        paper, barred = volume.paper, self.barred.get(MOVE, "")
        here = paper is not None and paper.holder == volume.who
        moved = paper is not None and bool(paper.moves)
        self.offer(self.hand_over, barred, unfit)
        self.offer(
            self.give_back, barred, unfit, f"这一册现在就在您（{volume.who}）处" if here else ""
        )
        self.offer(self.slip, barred, unfit, "" if moved else "这一册还没有交接过")
        self.show_moves(paper)

    def show_moves(self, paper: WhereLine | None) -> None:
        """List the steps of a paper volume."""
        self.moves.clear()
        for step in paper.moves if paper is not None else ():
            due = str(step.due_on) if step.due_on is not None else ""
            words = [f"{step.at:%Y-%m-%d %H:%M}", step.label, step.from_holder, step.to_holder]
            self.moves.addTopLevelItem(QTreeWidgetItem([*words, step.purpose, due, step.place]))
        for column in range(self.moves.columnCount()):
            self.moves.resizeColumnToContents(column)

    def show_steps(self, sentences: Sequence[str]) -> None:
        """Show the clerk's list of which sheet goes where."""
        self.steps.clear()
        for number, sentence in enumerate(sentences, start=1):
            self.steps.addItem(f"{number}. {sentence}")
        self.tabs.setTabText(1, f"插放清单　{len(sentences)}" if sentences else "插放清单")

    def bar(self, done: int, total: int, unit: str) -> None:
        """Show how far it is."""
        self.progress.setRange(0, max(total, 1))
        self.progress.setValue(done)
        self.progress.setFormat(f"{done} / {total} {unit}")
        self.progress.show()

    def tell(self, words: str) -> None:
        """Say what was done; it stays beside what is said next."""
        self._told = words
        self.said.setText(words)

    def hint(self, words: str) -> None:
        """Write a line at the foot."""
        self.said.setText("　".join(part for part in (self._told, words) if part))


def _reprint(sheets: str) -> str:
    return f"这一册的{sheets}在打印以后内容有变动。请选“只打印新增、变动的页”补印，换下原来的。"
