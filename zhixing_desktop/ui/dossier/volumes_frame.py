"""What stands in the window of the paper volumes: list, choices, buttons, pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QListWidget,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QSplitter,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services.dossier_moves import WhereLine
from zhixing_desktop.services.dossier_types import SIDES
from zhixing_desktop.services.dossier_volumes import VolumeLine
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.flow_layout import FlowLayout
from zhixing_desktop.ui.forms.parts import Words, em, folded, show_if
from zhixing_desktop.ui.page_view import PageView

if TYPE_CHECKING:
    from zhixing_desktop.services.dossier_volumes import Offered

_STATES = {"": "未打印", "open": "未装订", "bound": "已装订"}
_HEAD = ("卷册", "页数", "待打印", "状态", "在谁处")
_NUMBER = Qt.ItemDataRole.UserRole


class VolumesFrame(QObject):
    """The widgets; ``side_chosen``, ``volume_chosen``, ``wish_changed`` say what a person does."""

    side_chosen = Signal()
    volume_chosen = Signal()
    wish_changed = Signal()

    def __init__(self, bridge: Bridge, window: QDialog) -> None:
        super().__init__(window)
        self._window = window
        self._told = ""
        box = QVBoxLayout(window)
        self.across = QSplitter(Qt.Orientation.Horizontal, window)
        self.across.setChildrenCollapsible(False)
        self.across.addWidget(self._made_left())
        self.across.addWidget(self._made_right(bridge))
        self.across.setStretchFactor(1, 1)
        box.addWidget(self.across, 1)
        self.progress = QProgressBar(window)
        self.progress.hide()
        box.addWidget(self.progress)
        box.addLayout(self._made_foot())
        room = window.screen().availableGeometry()
        wide, high = em(window, 100), em(window, 58)
        window.resize(min(wide, room.width() - 20), min(high, room.height() - 40))
        self.across.setSizes([round(window.width() * 0.44), round(window.width() * 0.56)])
        self.tree.setFocus()

    # ---------------------------------------------------------------------------------- building

    def _made_left(self) -> QWidget:
        left = QWidget(self._window)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        self.side_box = QComboBox(left)
        self.side_box.setAccessibleName("正卷、副卷")
        for side, words in SIDES.items():
            self.side_box.addItem(words, side)
        self.side_box.currentIndexChanged.connect(lambda _: self.side_chosen.emit())
        column.addWidget(self.side_box)
        self.tree = QTreeWidget(left)
        self.tree.setAccessibleName("卷册")
        self.tree.setHeaderLabels(_HEAD)
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.currentItemChanged.connect(lambda _now, _before: self.volume_chosen.emit())
        column.addWidget(self.tree, 1)
        self.only_added = QCheckBox("只打印新增、变动的页", left)
        self.only_added.setToolTip("已经在纸上的不再打印；右边“插放清单”写明每张放在哪里")
        self.only_added.toggled.connect(lambda _on: self.wish_changed.emit())
        self.duplex = QCheckBox("双面打印", left)
        self.duplex.toggled.connect(lambda _on: self.wish_changed.emit())
        column.addWidget(self.only_added)
        column.addWidget(self.duplex)
        self.ways = QWidget(left)
        self._ways_box = QVBoxLayout(self.ways)
        self._ways_box.setContentsMargins(0, 0, 0, 0)
        self._ways_box.addWidget(Words("新增材料的页码", bold=True))
        self._group = QButtonGroup(self.ways)
        self._group.buttonClicked.connect(lambda _button: self.wish_changed.emit())
        self.ways.hide()
        column.addWidget(self.ways)
        tools = QWidget(left)
        flow = FlowLayout(tools)
        flow.setSpacing(em(left, 0.4))
        self.bind = self._button("登记装订…", "Ctrl+B")
        self.spine = self._button("卷脊标签…", "")
        self.labels = self._button("粘贴用页标…", "")
        self.list_sheet = self._button("插放清单…", "")
        self.hand_over = self._button("交出…", "Ctrl+J")
        self.give_back = self._button("归还…", "")
        self.slip = self._button("交接单…", "")
        for button in (
            self.list_sheet, self.labels, self.spine, self.bind, self.hand_over, self.give_back,
            self.slip,
        ):  # fmt: skip
            flow.addWidget(button)
        column.addWidget(tools)
        return left

    def _made_right(self, bridge: Bridge) -> QWidget:
        self.tabs = QTabWidget(self._window)
        self.tabs.setDocumentMode(True)
        self.page = PageView(bridge, self._window)
        self.tabs.addTab(self.page, "打印预览")
        self.steps = QListWidget(self._window)
        self.steps.setAccessibleName("插放清单")
        self.steps.setWordWrap(True)
        self.tabs.addTab(self.steps, "插放清单")
        self.moves = QTreeWidget(self._window)
        self.moves.setAccessibleName("交接记录")
        self.moves.setHeaderLabels(("时间", "事项", "移交人", "接收人", "事由", "归还期限", "地点"))
        self.moves.setRootIsDecorated(False)
        self.tabs.addTab(self.moves, "交接记录")
        return self.tabs

    def _made_foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        self.said = Words(tone="muted", middle=True)
        foot.addWidget(self.said, 1)
        self.prove = self._button("扫描核对…", "F9")
        self.print = self._button("打印…", "Ctrl+P")
        self.leave = self._button("关闭", "")
        self.print.setEnabled(False)
        for button in (self.prove, self.print, self.leave):
            foot.addWidget(button)
        return foot

    def _button(self, words: str, keys: str) -> QPushButton:
        button = QPushButton(words, self._window)
        button.setAutoDefault(False)
        if keys:
            button.setToolTip(f"{words.rstrip('…')}（{keys}）")
            QShortcut(QKeySequence(keys), self._window).activated.connect(button.click)
        return button

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
            added = str(line.added) if line.added else "—"
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
        for column in range(self.tree.columnCount()):
            self.tree.resizeColumnToContents(column)
        self.tree.blockSignals(False)
        self.volume_chosen.emit()

    def show_offers(self, offers: Sequence[Offered]) -> None:
        """Show the ways of numbering, each with what it costs."""
        before = self.way
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._ways_box.removeWidget(button)
            button.deleteLater()
        for offer in offers:
            button = QRadioButton(offer.sentence.rstrip("。"), self.ways)
            button.setProperty("way", offer.way)
            button.setChecked(offer.way == before if before else offer.default)
            self._group.addButton(button)
            self._ways_box.addWidget(button)

    def arm(self, line: VolumeLine | None, paper: WhereLine | None, who: str) -> None:
        """Offer what can be done with a volume."""
        printed = line is not None and bool(line.state)
        show_if(self.ways, line is not None and printed and line.added > 0)
        self.only_added.setEnabled(printed)
        if not printed:
            self.only_added.setChecked(False)
        self.bind.setEnabled(line is not None and line.state == "open")
        own = line is not None and any(page.own_paper for page in line.plan.pages)
        show_if(self.labels, own)
        # Labels bear the numbers that were printed: what is new has none yet.
        known = line is not None and (not line.state or not line.added)
        self.labels.setEnabled(known)
        self.labels.setToolTip("" if known else "有新增的页，先打印登记，页码排定以后再打印页标")
        self.hand_over.setEnabled(paper is not None)
        self.give_back.setEnabled(paper is not None and paper.holder != who)
        self.slip.setEnabled(paper is not None and bool(paper.moves))
        self.prove.setEnabled(printed)
        self.spine.setEnabled(line is not None)
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
        self.list_sheet.setEnabled(bool(sentences))
        for number, sentence in enumerate(sentences, start=1):
            self.steps.addItem(f"{number}. {sentence}")
        self.tabs.setTabText(1, f"插放清单　{len(sentences)}" if sentences else "插放清单")

    def bar(self, done: int, total: int, unit: str) -> None:
        """Show how far it is."""
        self.progress.setRange(0, max(total, 1))
        self.progress.setValue(done)
        self.progress.setFormat(f"{done} / {total} {unit}")
        self.progress.show()

    def busy(self, *, on: bool) -> None:
        """While it prints nothing else can be done but stopping."""
        for widget in (self.tree, self.print, self.side_box, self.ways, self.duplex):
            widget.setEnabled(not on)
        self.leave.setText("停止" if on else "关闭")
        if not on:
            self.progress.hide()

    def tell(self, words: str) -> None:
        """Say what was done; it stays beside what is said next."""
        self._told = words
        self.said.setText(words)

    def say(self, words: str) -> None:
        """Write a line at the foot."""
        self.said.setText("　".join(part for part in (self._told, words) if part))
