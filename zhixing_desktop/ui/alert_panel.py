"""Announcements, newest first: what time brought, for which node of which case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QListView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import alerts
from zhixing_desktop.services.alerts import Alert
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.forms.parts import Words, em
from zhixing_desktop.ui.icons import state_icon
from zhixing_desktop.ui.theme import theme_for

STEP_STATES = {
    "warn1": "warned",
    "warn2": "warned",
    "overdue": "overdue",
    "freeze": "frozen",
    "supervise": "overdue",
    "open": "active",
    "lapse": "not_applicable",
}
STEP_WORDS = {
    "warn1": "即将届满",
    "warn2": "今日届满",
    "overdue": "已逾期",
    "freeze": "已冻结",
    "supervise": "督办",
    "open": "已启动",
    "lapse": "期满",
}
NOBODY = frozenset({0})
"""A set of cases that names none: reading an announcement touches no case."""
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class AlertModel(QAbstractListModel):
    """The announcements as rows."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[Alert] = []

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """How many there are."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = 0) -> Any:
        """The sentence for reading aloud and as a tool tip; the announcement for painting."""
        alert = self.rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return alert
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return alert.sentence
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{alert.noticed_at:%Y-%m-%d %H:%M}　{'、'.join(alert.recipients)}"
        return None

    def show(self, rows: Sequence[Alert]) -> None:
        """Take other announcements."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()


class AlertDelegate(QStyledItemDelegate):
    """Paints an announcement in two lines: what and which, then the sentence."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Two lines and air."""
        return QSize(0, option.fontMetrics.height() * 2 + 12)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint it; unread ones are bold and carry a dot."""
        alert: Alert = index.data(Qt.ItemDataRole.UserRole)
        palette: QPalette = option.palette
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        role = QPalette.ColorRole
        painter.save()
        if chosen:
            painter.fillRect(rect, palette.color(role.Highlight))
        ink = palette.color(role.HighlightedText if chosen else role.Text)
        soft = ink if chosen else palette.color(role.PlaceholderText)
        line = painter.fontMetrics().height()
        left = rect.left() + line
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not alert.read:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink if chosen else palette.color(role.Link))
            side = line // 3
            painter.drawEllipse(rect.left() + side, rect.top() + 5 + side, side, side)
        icon = state_icon(theme_for(palette), STEP_STATES[alert.step], line, 2.0)
        icon.paint(painter, QRect(left, rect.top() + 5, line, line))
        font = painter.font()
        font.setBold(not alert.read)
        painter.setFont(font)
        painter.setPen(ink)
        x = left + line + line // 3
        head, _, rest = alert.sentence.partition("；")
        when = f"{alert.noticed_at:%m-%d %H:%M}"
        metrics = painter.fontMetrics()
        tail = metrics.horizontalAdvance(when) + line
        room = QRect(x, rect.top() + 4, rect.right() - x - tail, line + 2)
        elide = Qt.TextElideMode.ElideRight
        painter.drawText(room, 0, metrics.elidedText(head, elide, room.width()))
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(soft)
        right = QRect(rect.right() - tail, rect.top() + 4, tail - line // 2, line + 2)
        painter.drawText(right, Qt.AlignmentFlag.AlignRight, when)
        below = QRect(x, rect.top() + line + 6, rect.right() - x - line // 2, line + 2)
        painter.drawText(
            below, 0, painter.fontMetrics().elidedText(rest or head, elide, below.width())
        )
        painter.restore()


class AlertPanel(QWidget):
    """``alert_activated`` with case and node; ``unread`` with the number of unread ones."""

    alert_activated = Signal(int, int)
    unread = Signal(int)

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: Callable[[], Actor],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._bureau, self._bridge, self._actor_of = bureau, bridge, actor_of
        self._asked = 0
        box = QVBoxLayout(self)
        box.setContentsMargins(6, 6, 6, 6)
        line = QHBoxLayout()
        self.only_unread = QCheckBox("只看未读", self)
        self.only_unread.toggled.connect(self.reload)
        line.addWidget(self.only_unread)
        self.count = Words(tone="muted", middle=True)
        line.addWidget(self.count, 1)
        self.all_read = QPushButton("全部标为已读", self)
        self.all_read.setAutoDefault(False)
        self.all_read.clicked.connect(self.mark_all)
        line.addWidget(self.all_read)
        box.addLayout(line)
        self.model = AlertModel(self)
        self.list = QListView(self)
        self.list.setModel(self.model)
        self.list.setItemDelegate(AlertDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setAlternatingRowColors(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setAccessibleName("期限提醒")
        self.list.activated.connect(self._activated)
        self.list.selectionModel().currentChanged.connect(self._current)
        box.addWidget(self.list, 1)
        self.sentence = Words()
        self.sentence.hide()
        box.addWidget(self.sentence)
        self.setMinimumWidth(em(self, 16))
        bridge.changed.connect(self._on_changes)
        self.reload()

    def set_actor(self, _actor: Actor) -> None:
        """Somebody else works here now."""
        self.reload()

    def reload(self, *_: object) -> None:
        """Read the announcements again."""
        self._asked += 1
        ticket, bureau, actor = self._asked, self._bureau, self._actor_of()
        only = self.only_unread.isChecked()

        def job() -> tuple[int, tuple[Alert, ...], int]:
            found = alerts.alerts_for(bureau, actor, unread_only=only)
            return ticket, found, alerts.unread_count(bureau, actor)

        self._bridge.read(self, job, self._arrived)

    def _on_changes(self, changes: Changes) -> None:
        if changes.alerts:
            self.reload()

    def _arrived(self, answer: tuple[int, tuple[Alert, ...], int]) -> None:
        ticket, rows, unread = answer
        if ticket != self._asked:
            return
        place = self.list.currentIndex()
        chosen = self.model.rows[place.row()].id if place.isValid() else None
        self.model.show(rows)
        for at, alert in enumerate(rows):
            if alert.id == chosen:
                self.list.setCurrentIndex(self.model.index(at))
        self.count.setText(f"未读{unread}条" if unread else "没有未读的提醒")
        self.all_read.setEnabled(unread > 0)
        self.unread.emit(unread)

    def _current(self, index: QModelIndex, _before: QModelIndex) -> None:
        words = self.model.rows[index.row()].sentence if index.isValid() else ""
        self.sentence.setText(words)
        self.sentence.setVisible(bool(words))

    def _activated(self, index: QModelIndex) -> None:
        alert = self.model.rows[index.row()]
        if not alert.read:
            self._mark([alert.id])
        self.alert_activated.emit(alert.case_id, alert.node)

    def mark_all(self) -> None:
        """Record that everything that is shown was read."""
        self._mark([alert.id for alert in self.model.rows if not alert.read])

    def _mark(self, ids: Sequence[int]) -> None:
        bureau, actor = self._bureau, self._actor_of()
        self._bridge.write(self, lambda: alerts.mark_read(bureau, actor, ids), self._marked)

    def _marked(self, _nothing: object) -> None:
        self._bridge.announce(Changes(NOBODY, lists=False, alerts=True))
