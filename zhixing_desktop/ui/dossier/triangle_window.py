"""三卷一致: what node, electronic and paper dossier of a case say, and the click that mends."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QIcon,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPalette,
    QPixmap,
    QShortcut,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import dossier_triangle_rows
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_triangle import CITE, Hole, HoleKind
from zhixing_desktop.services.dossier_triangle_rows import TriangleRow, TriangleSheet
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.dossier.wishes import Wish
from zhixing_desktop.ui.forms.parts import Box, Words, em
from zhixing_desktop.ui.icons import paint_icon

ActorOf = Callable[[], Actor]
_ROW, _HOLE = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
_COLUMNS = (("材料、文书", 0.0), ("节点", 12.0), ("电子卷宗", 15.0), ("纸质卷宗", 11.0))
_TAKE_IN = frozenset(
    {HoleKind.MATERIAL_MISSING, HoleKind.MATERIAL_REPORTED, HoleKind.PROOF_MISSING}
)
_PRINT = frozenset({HoleKind.NOT_PRINTED, HoleKind.OLD_PRINT, HoleKind.GONE_ON_PAPER})
_PROVE = frozenset({HoleKind.NOT_PROVEN, HoleKind.PROVEN_DIFFERENT})


class TriangleWindow(QDialog):
    """``take_wanted`` carries a :class:`Wish`; ``thing_wanted`` the number of a thing;
    ``node_wanted`` case, node and subject; ``paper_wanted`` a paper's number; ``volumes_wanted``
    and ``proof_wanted`` case and 案号.  ``shown`` when it has been read."""

    help_page = "dossier"
    take_wanted = Signal(object)
    thing_wanted = Signal(int)
    node_wanted = Signal(int, int, str)
    paper_wanted = Signal(int)
    volumes_wanted = Signal(int, str)
    proof_wanted = Signal(int, str)
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
        self.setWindowTitle(f"三卷一致：节点—电子卷宗—纸质卷宗　{case_no}")
        self._bureau, self._bridge, self._actor_of = bureau, bridge, actor_of
        self.case_id, self.case_no = case_id, case_no
        self.sheet: TriangleSheet | None = None
        self.with_volumes = self.with_proof = True
        self._round = 0
        self._build()
        bridge.changed.connect(self._on_changes)
        self.reload()

    def _build(self) -> None:
        box = QVBoxLayout(self)
        self.head_box = Box("calm", self)
        inner = QVBoxLayout(self.head_box)
        inner.setContentsMargins(10, 6, 10, 6)
        self.head = Words("正在读取…", bold=True, scale=1.15)
        self.below = Words(tone="muted")
        inner.addWidget(self.head)
        inner.addWidget(self.below)
        box.addWidget(self.head_box)
        self.tree = _Table(self)
        self.tree.mend_wanted.connect(self.mend)
        self.tree.currentItemChanged.connect(lambda *_: self._arm())
        box.addWidget(self.tree, 1)
        foot = QHBoxLayout()
        self.only_holes = QCheckBox("只看不一致的", self)
        self.only_holes.toggled.connect(lambda _: self._filter())
        foot.addWidget(self.only_holes)
        self.said = Words(tone="muted", middle=True)
        foot.addWidget(self.said, 1)
        self.act = self._button("处理…", "Enter", self.mend)
        self.refresh = self._button("刷新", "F5", self.reload)
        self.leave = self._button("关闭", "", self.close)
        QShortcut(QKeySequence("F5"), self).activated.connect(self.reload)
        for button in (self.act, self.refresh, self.leave):
            foot.addWidget(button)
        box.addLayout(foot)
        room = self.screen().availableGeometry()
        self.resize(min(em(self, 92), room.width() - 20), min(em(self, 52), room.height() - 40))

    def _button(self, words: str, keys: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(words, self)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _on=False: act())
        if keys:
            button.setToolTip(f"{words.rstrip('…')}（{keys}）")
        return button

    # ------------------------------------------------------------------------------- showing

    def reload(self) -> None:
        """Read it anew."""
        self._round += 1
        mine, bureau, actor, case_id = self._round, self._bureau, self._actor_of(), self.case_id

        def show(found: TriangleSheet) -> None:
            if mine == self._round:
                self._show(found)

        self._bridge.read(
            self,
            lambda: dossier_triangle_rows.triangle_sheet(bureau, actor, case_id),
            show,
            self._not_read,
        )

    def _not_read(self, error: Exception) -> None:
        self.head.setText("没有读出来")
        messages.show_error(self, error)

    def _on_changes(self, changes: Changes) -> None:
        if not changes.cases or self.case_id in changes.cases:
            self.reload()

    def _show(self, sheet: TriangleSheet) -> None:
        self.sheet = sheet
        found = sheet.triangle
        count, blocking = len(found.holes), len(found.blocking)
        self.head_box.set_strength("loud" if blocking else "calm")
        self.head.set_tone("bad" if blocking else "plain")
        if not count:
            self.head.setText("一致：节点、电子卷宗、纸质卷宗没有不一致的地方")
        else:
            self.head.setText(f"有{count}处不一致，其中{blocking}处须在报结以前处理")
        self.below.setText(_verdict(sheet))
        self.tree.show_rows(sheet.rows)
        self._filter()
        self._arm()
        self.shown.emit()

    def _filter(self) -> None:
        self.tree.show_only_holes(wanted=self.only_holes.isChecked())

    def _arm(self) -> None:
        hole = self.tree.hole
        self.act.setEnabled(hole is not None and self.can_mend(hole))
        self.said.setText(hole.mend if hole is not None else "")

    # ------------------------------------------------------------------------------- mending

    def can_mend(self, hole: Hole) -> bool:
        """Tell whether there is a window that mends it: those of the paper may not be there."""
        if hole.kind in _PRINT:
            return self.with_volumes
        if hole.kind in _PROVE:
            return self.with_proof
        return bool(hole.mend)

    def mend(self) -> None:
        """Open what mends the hole under the cursor."""
        hole = self.tree.hole
        if hole is None or not self.can_mend(hole):
            return
        kind = hole.kind
        if kind in _TAKE_IN:
            self.take_wanted.emit(Wish(key=hole.key, material=hole.material))
        elif kind is HoleKind.MATERIAL_UNREPORTED and hole.key is not None:
            self.node_wanted.emit(self.case_id, hole.key.node, hole.key.subject)
        elif kind is HoleKind.PAPER_UNFILED and hole.paper is not None:
            self.paper_wanted.emit(hole.paper)
        elif kind in _PRINT:
            self.volumes_wanted.emit(self.case_id, self.case_no)
        elif kind in _PROVE:
            self.proof_wanted.emit(self.case_id, self.case_no)
        elif hole.item is not None:
            self.thing_wanted.emit(hole.item)

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
        return f"可以报结。{rule}" if found.enforced else rule
    if found.enforced:
        return f"处理完以前不能报结。{rule}"
    return f"本案在逐件核对启用以前立案，报结时只作提示。{rule}"


class _Table(QTreeWidget):
    """A row for each thing or duty, below it its holes; ``mend_wanted`` by Enter or two clicks."""

    mend_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("节点、电子卷宗、纸质卷宗逐件对照")
        self.setColumnCount(len(_COLUMNS))
        self.setHeaderLabels([title for title, _ in _COLUMNS])
        head = self.header()
        head.setStretchLastSection(False)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, (_, wide) in enumerate(_COLUMNS):
            if wide:
                head.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
                self.setColumnWidth(column, em(self, wide))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setAllColumnsShowFocus(True)
        self.setIndentation(em(self, 1.2))
        self.itemDoubleClicked.connect(lambda *_: self.mend_wanted.emit())

    @property
    def hole(self) -> Hole | None:
        """The hole under the cursor; of a row its first."""
        item = self.currentItem()
        if item is None:
            return None
        hole = item.data(0, _HOLE)
        if isinstance(hole, Hole):
            return hole
        row = item.data(0, _ROW)
        return row.holes[0] if isinstance(row, TriangleRow) and row.holes else None

    def show_rows(self, rows: tuple[TriangleRow, ...]) -> None:
        """Show rows; the cursor stays where it was, else it goes to the first hole."""
        before = self.currentItem()
        mark = before.data(0, Qt.ItemDataRole.AccessibleTextRole) if before is not None else ""
        palette = self.palette()
        bad, good = (
            palette.color(QPalette.ColorRole.BrightText),
            palette.color(QPalette.ColorRole.PlaceholderText),
        )
        ratio, side = self.devicePixelRatioF(), self.fontMetrics().height()
        icons = {
            True: _icon("stop", bad, side, ratio),
            False: _icon("triangle", bad, side, ratio),
            None: _icon("check", good, side, ratio),
        }
        self.clear()
        for row in rows:
            self.addTopLevelItem(_made(row, icons, bad))
        self.expandAll()
        lines = self._all()
        found = [one for one in lines if mark and _mark(one) == mark] or lines[:1]
        if found:
            self.setCurrentItem(found[0])

    def _all(self) -> list[QTreeWidgetItem]:
        found: list[QTreeWidgetItem] = []
        for number in range(self.topLevelItemCount()):
            top = self.topLevelItem(number)
            if top is not None:
                below = [top.child(n) for n in range(top.childCount())]
                found += [top, *(one for one in below if one is not None)]
        return found

    def show_only_holes(self, *, wanted: bool) -> None:
        """Hide the rows that agree, or show them."""
        for number in range(self.topLevelItemCount()):
            top = self.topLevelItem(number)
            if top is not None:
                row = top.data(0, _ROW)
                top.setHidden(wanted and isinstance(row, TriangleRow) and row.agrees)

    def choose_hole(self, kind: HoleKind) -> Hole | None:
        """Put the cursor on the first hole of a kind."""
        for item in self._all():
            hole = item.data(0, _HOLE)
            if isinstance(hole, Hole) and hole.kind is kind:
                self.setCurrentItem(item)
                return hole
        return None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter mends."""
        if Qt.Key(event.key()) in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.mend_wanted.emit()
            return
        super().keyPressEvent(event)


def _mark(item: QTreeWidgetItem) -> str:
    return str(item.data(0, Qt.ItemDataRole.AccessibleTextRole))


def _made(row: TriangleRow, icons: dict[bool | None, QIcon], bad: QColor) -> QTreeWidgetItem:
    where = f"{row.node}\n{row.where}" if row.where else row.node
    item = QTreeWidgetItem([row.what, where, row.files, row.paper])
    item.setData(0, _ROW, row)
    state = None if row.agrees else any(hole.blocks for hole in row.holes)
    item.setIcon(0, icons[state])
    told = "一致" if row.agrees else "不一致"
    item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{told}：{row.what}　{row.where}")
    for column in range(4):
        item.setToolTip(column, item.text(column))
    for hole in row.holes:
        must = "报结以前处理" if hole.blocks else "提示"
        below = QTreeWidgetItem([f"{must}：{hole.sentence}　→　{hole.mend}"])
        below.setFirstColumnSpanned(True)
        below.setData(0, _HOLE, hole)
        below.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{must}：{hole.sentence}")
        below.setIcon(0, icons[hole.blocks])
        below.setForeground(0, bad)
        below.setToolTip(0, f"{hole.sentence}\n依据　{hole.cite.words()}")
        item.addChild(below)
    return item


def _icon(name: str, colour: QColor, side: int, ratio: float) -> QIcon:
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_icon(painter, name, QRectF(1, 1, side - 2, side - 2), colour)
    painter.end()
    return QIcon(pixmap)
