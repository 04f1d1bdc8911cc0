"""The table of 三卷一致: a row for each thing or duty, below it its disagreements."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem, QWidget

from zhixing_desktop.services.dossier_triangle import Hole, HoleKind
from zhixing_desktop.services.dossier_triangle_rows import TriangleRow
from zhixing_desktop.ui.dossier.columns import FittedColumns
from zhixing_desktop.ui.forms.parts import em
from zhixing_desktop.ui.icons import paint_icon

_ROW, _HOLE = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
_COLUMNS = ("材料、文书", "节点", "电子卷宗", "纸质卷宗")


class TriangleTable(QTreeWidget):
    """A row for each thing or duty, below it its holes; ``mend_wanted`` by Enter or two clicks."""

    mend_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("节点、电子卷宗、纸质卷宗逐件对照")
        self.setColumnCount(len(_COLUMNS))
        self.setHeaderLabels(_COLUMNS)
        self.setWordWrap(True)
        self.columns = FittedColumns(self)
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

    def show_rows(self, rows: tuple[TriangleRow, ...], step: str) -> None:
        """Show rows; the cursor stays where it was, else it goes to the first hole.

        ``step`` is what the case must not do before they are mended (报结, 归档).
        """
        before = self.currentItem()
        mark = before.data(0, Qt.ItemDataRole.AccessibleTextRole) if before is not None else ""
        palette = self.palette()
        bad, good = (
            palette.color(QPalette.ColorRole.BrightText),
            palette.color(QPalette.ColorRole.PlaceholderText),
        )
        chosen = palette.color(QPalette.ColorRole.HighlightedText)
        ratio, side = self.devicePixelRatioF(), self.fontMetrics().height()
        icons = {
            True: _icon("stop", bad, chosen, side, ratio),
            False: _icon("triangle", bad, chosen, side, ratio),
            None: _icon("check", good, chosen, side, ratio),
        }
        self.clear()
        for row in rows:
            made = _made(row, icons, bad, step)
            self.addTopLevelItem(made)
            # Only a row that is in the table can stand across its columns.
            for below in made.takeChildren():
                made.addChild(below)
                below.setFirstColumnSpanned(True)
        self.expandAll()
        self.columns.fit()
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


def _made(
    row: TriangleRow, icons: dict[bool | None, QIcon], bad: QColor, step: str
) -> QTreeWidgetItem:
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
        must = f"{step}以前处理" if hole.blocks else "提示"
        below = QTreeWidgetItem([f"{must}：{hole.sentence}　→　{hole.mend}"])
        below.setData(0, _HOLE, hole)
        below.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{must}：{hole.sentence}")
        below.setIcon(0, icons[hole.blocks])
        below.setForeground(0, bad)
        below.setToolTip(0, f"{hole.sentence}\n依据　{hole.cite.words()}")
        item.addChild(below)
    return item


def _icon(name: str, colour: QColor, chosen: QColor, side: int, ratio: float) -> QIcon:
    """An icon that is also seen where its row is chosen."""
    icon = QIcon()
    for mode, ink in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Selected, chosen)):
        pixmap = QPixmap(round(side * ratio), round(side * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_icon(painter, name, QRectF(1, 1, side - 2, side - 2), ink)
        painter.end()
        icon.addPixmap(pixmap, mode)
    return icon
