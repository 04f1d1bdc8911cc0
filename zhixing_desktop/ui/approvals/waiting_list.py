"""The list of what waits: two lines for each, driven by the keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from zhixing_desktop.services.due_words import days_left_words
from zhixing_desktop.services.fact_words import matter_words, when_words
from zhixing_desktop.services.waiting import DECIDE, WaitingItem
from zhixing_desktop.ui.icons import state_icon
from zhixing_desktop.ui.theme import Theme, theme_for
from zhixing_desktop.workflow.rulebook import Rulebook

Place = tuple[int, int]
"""Case and number of the application."""
STEP_WORDS = {DECIDE: "", "forward": "待转报", "read_back": "待核对答复"}
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_ELIDE = Qt.TextElideMode.ElideRight
_BAR_KEYS = {
    Qt.Key.Key_1: "granted",
    Qt.Key.Key_2: "refused",
    Qt.Key.Key_3: "returned",
    Qt.Key.Key_4: "outside",
}


def place_of(item: WaitingItem) -> Place:
    """Return what tells one item from another."""
    return item.case_id, item.request


def kind_of(item: WaitingItem) -> tuple[str, str]:
    """Return what items must have in common to be decided together."""
    return item.step, item.matter


class WaitingModel(QAbstractListModel):
    """What waits, page by page; which was shown already and which is ticked.

    ``seen`` are those that were shown since the window was opened: only these may be decided
    together.
    """

    def __init__(self, book: Rulebook, parent: QWidget) -> None:
        super().__init__(parent)
        self._book = book
        self.rows: list[WaitingItem] = []
        self.now = datetime(2000, 1, 1)
        self.seen: set[Place] = set()
        self.ticked: set[Place] = set()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """How many have been read."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = 0) -> Any:
        """The item for painting; words for reading aloud and as a tool tip."""
        item = self.rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return item
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            marks = [self.head(item), item.case_no, item.parties, self.right(item)]
            marks.append("看过" if place_of(item) in self.seen else "没有看过")
            if place_of(item) in self.ticked:
                marks.append("已选中")
            return "，".join(part for part in marks if part)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{item.case_no}\n{item.parties}\n承办人：{item.officer}"
        return None

    def head(self, item: WaitingItem) -> str:
        """Return what is asked: ``节点7 执行通知　解冻节点``."""
        matter = matter_words(self._book, item.node, item.matter)
        return f"节点{item.node} {item.node_name}　{matter}"

    def right(self, item: WaitingItem) -> str:
        """Return how urgent it is."""
        if item.frozen_at is not None:
            days = (self.now.date() - item.frozen_at.date()).days
            return f"冻结{days}日" if days else "今日冻结"
        return days_left_words(item.due_at, self.now) if item.due_at is not None else ""

    def below(self, item: WaitingItem) -> str:
        """Return who applied and when, and what presses."""
        parts = [item.acting(), STEP_WORDS.get(item.step, "")]
        parts += [f"催办{item.urges}次" if item.urges else ""]
        parts += [f"{item.requested_by} {when_words(item.requested_at)}申请"]
        return "　".join(part for part in parts if part)

    def show(self, rows: Sequence[WaitingItem], now: datetime) -> None:
        """Take another list."""
        self.beginResetModel()
        self.rows, self.now = list(rows), now
        self.endResetModel()
        here = {place_of(item) for item in self.rows}
        self.ticked &= here

    def more(self, rows: Sequence[WaitingItem]) -> None:
        """Add a page at the end."""
        known = {place_of(item) for item in self.rows}
        fresh = [item for item in rows if place_of(item) not in known]
        if not fresh:
            return
        first = len(self.rows)
        self.beginInsertRows(_ROOT, first, first + len(fresh) - 1)
        self.rows += fresh
        self.endInsertRows()

    def row_of(self, place: Place | None) -> int | None:
        """Return the row of an item, ``None`` where it is not there."""
        return next((at for at, item in enumerate(self.rows) if place_of(item) == place), None)

    def mark_seen(self, place: Place) -> None:
        """Remember that an item was shown."""
        self.seen.add(place)
        self._changed(place)

    def toggle(self, place: Place) -> None:
        """Tick an item or take the tick away."""
        self.ticked ^= {place}
        self._changed(place)

    def untick(self) -> None:
        """Take all ticks away."""
        self.ticked.clear()
        if self.rows:
            self.dataChanged.emit(self.index(0), self.index(len(self.rows) - 1))

    def chosen(self) -> tuple[WaitingItem, ...]:
        """Return the ticked items in the order of the list."""
        return tuple(item for item in self.rows if place_of(item) in self.ticked)

    def _changed(self, place: Place) -> None:
        row = self.row_of(place)
        if row is not None:
            self.dataChanged.emit(self.index(row), self.index(row))


class WaitingDelegate(QStyledItemDelegate):
    """Paints an item: its box and tick, what is asked, the case, who and since when."""

    def __init__(self, model: WaitingModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Three lines and air."""
        return QSize(0, option.fontMetrics.height() * 3 + 12)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint it from palette roles."""
        item: WaitingItem = self._model.rows[index.row()]
        palette: QPalette = option.palette
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        role = QPalette.ColorRole
        painter.save()
        if chosen:
            painter.fillRect(rect, palette.color(role.Highlight))
        elif index.row() % 2:
            painter.fillRect(rect, palette.color(role.AlternateBase))
        ink = palette.color(role.HighlightedText if chosen else role.Text)
        soft = ink if chosen else palette.color(role.PlaceholderText)
        loud = ink if chosen else palette.color(role.BrightText)
        self._first_line(painter, rect, item, (ink, soft, loud))
        self._other_lines(painter, rect, item, (ink, soft))
        painter.restore()

    def _first_line(
        self, painter: QPainter, rect: QRect, item: WaitingItem, inks: tuple[QColor, QColor, QColor]
    ) -> None:
        ink, soft, loud = inks
        line = painter.fontMetrics().height()
        top, gap = rect.top() + 5, line // 3
        self._box(painter, QRectF(rect.left() + gap, top + 1, line - 3, line - 3), item, ink)
        left = rect.left() + gap + line + gap
        if item.frozen_at is not None:
            # Not on the selection: the state's colours are made for the ground of the list.
            state_icon(self._theme(), "frozen", line, 2.0).paint(
                painter, QRect(left, top, line, line)
            )
            left += line + gap
        right = self._model.right(item)
        font = painter.font()
        font.setBold(True)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        tail = metrics.horizontalAdvance(right) + line
        room = QRect(left, top, rect.right() - left - tail, line + 2)
        painter.setPen(ink)
        head = metrics.elidedText(self._model.head(item), _ELIDE, room.width())
        painter.drawText(room, 0, head)
        late = item.frozen_at is not None or right.startswith(("逾期", "已过"))
        painter.setPen(loud if late else soft)
        place = QRect(rect.right() - tail, top, tail - gap, line + 2)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight, right)
        font.setBold(False)
        painter.setFont(font)

    def _theme(self) -> Theme:
        parent = self.parent()
        return theme_for(parent.palette() if isinstance(parent, QWidget) else QPalette())

    def _other_lines(
        self, painter: QPainter, rect: QRect, item: WaitingItem, inks: tuple[QColor, QColor]
    ) -> None:
        metrics = painter.fontMetrics()
        line = metrics.height()
        top, gap = rect.top() + 5, line // 3
        left = rect.left() + gap + line + gap
        wide = rect.right() - left - gap
        words = (f"{item.case_no}　{item.parties}", self._model.below(item))
        for at, text in enumerate(words):
            painter.setPen(inks[at])
            below = QRect(left, top + (line + 1) * (at + 1), wide, line + 2)
            painter.drawText(below, 0, metrics.elidedText(text, _ELIDE, wide))
        if place_of(item) in self._model.seen:
            painter.drawText(
                QRect(rect.left() + gap, top + (line + 1) * 2, line + gap, line + 2), 0, "✓"
            )

    def _box(self, painter: QPainter, box: QRectF, item: WaitingItem, ink: QColor) -> None:
        painter.setPen(QPen(ink, 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)
        if place_of(item) in self._model.ticked:
            painter.fillRect(box.adjusted(3, 3, -2, -2), ink)


class WaitingList(QListView):
    """``outcome_wanted`` for 1 to 4, ``tick_wanted`` for the blank, ``case_wanted`` for Enter.

    ``bottom_near`` when the end of what has been read comes near.
    """

    outcome_wanted = Signal(str)
    tick_wanted = Signal()
    case_wanted = Signal()
    bottom_near = Signal()

    def __init__(self, book: Rulebook, parent: QWidget) -> None:
        super().__init__(parent)
        self.waiting = WaitingModel(book, self)
        self.setModel(self.waiting)
        self.setItemDelegate(WaitingDelegate(self.waiting, self))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("等待决定的事项")
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits decide, the blank ticks, Enter opens the case, arrows move."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = Qt.Key(event.key())
        if plain and key in _BAR_KEYS:
            self.outcome_wanted.emit(_BAR_KEYS[key])
        elif plain and key == Qt.Key.Key_Space:
            self.tick_wanted.emit()
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.case_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _scrolled(self, value: int) -> None:
        bar = self.verticalScrollBar()
        if value > bar.maximum() - 2 * self.height():
            self.bottom_near.emit()
