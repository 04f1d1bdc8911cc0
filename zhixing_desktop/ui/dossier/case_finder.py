"""A case found by its number, a name or pinyin initials, without leaving the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from zhixing_desktop.services import case_list
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.case_list import CaseLine, CaseQuery
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.parts import em

_WAIT_MS = 150
_MOST = 30
_ROOM = 7.0


class CaseFinder(QWidget):
    """``chosen`` carries the number of the case's row and its 案号; arrow keys go from the line to
    the list, and whoever is typing stays in the line."""

    chosen = Signal(int, str)

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
        self.case_id: int | None = None
        self._wanted: int | None = None
        self.line = QLineEdit(self)
        self.line.setPlaceholderText("案号、当事人或者拼音首字母")
        self.line.setAccessibleName("查找案件")
        self.line.setClearButtonEnabled(True)
        self.line.installEventFilter(self)
        self.list = QListWidget(self)
        self.list.setAccessibleName("找到的案件")
        self.list.setMaximumHeight(em(self, _ROOM))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.line)
        box.addWidget(self.list)
        self.setFocusProxy(self.line)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_WAIT_MS)
        self._soon.timeout.connect(self.look)
        self.line.textEdited.connect(lambda _: self._soon.start())
        self.list.currentItemChanged.connect(self._listed)

    def show_case(self, case_id: int, case_no: str) -> None:
        """Choose a case that is known already."""
        self._wanted = case_id
        self.line.setText(case_no)
        self.look()

    def look(self) -> None:
        """Look for what is typed."""
        self._asked += 1
        mine, bureau, actor = self._asked, self._bureau, self._actor_of()
        query = CaseQuery(search=self.line.text().strip(), limit=_MOST)

        def found(lines: Sequence[CaseLine]) -> None:
            if mine == self._asked:
                self._show(lines)

        self._bridge.read(self, lambda: case_list.page(bureau, actor, query), found)

    def _show(self, lines: Sequence[CaseLine]) -> None:
        wanted = self._wanted if self._wanted is not None else self.case_id
        self.list.blockSignals(True)
        self.list.clear()
        row = -1
        for at, one in enumerate(lines):
            item = QListWidgetItem(f"{one.case_no}　{one.parties}　{one.officer}")
            item.setData(Qt.ItemDataRole.UserRole, (one.id, one.case_no))
            item.setToolTip(item.text())
            self.list.addItem(item)
            row = at if one.id == wanted else row
        self.list.blockSignals(False)
        self._wanted = None
        typed = bool(self.line.text().strip())
        if row < 0 and len(lines) == 1 and typed:
            row = 0
        self.list.setCurrentRow(row)

    def _listed(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        case_id, case_no = item.data(Qt.ItemDataRole.UserRole)
        if case_id != self.case_id:
            self.case_id = case_id
            self.chosen.emit(case_id, case_no)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys choose in the list while the cursor is in the line."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None and self.list.count():
                row = min(max(self.list.currentRow() + step, 0), self.list.count() - 1)
                self.list.setCurrentRow(row)
                return True
        return super().eventFilter(watched, event)
