"""The left side of the window: filters with their counts, the search, the list."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import case_list
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.case_list.model import CaseModel
from zhixing_desktop.ui.case_list.table import CaseTable
from zhixing_desktop.ui.flow_layout import FlowLayout
from zhixing_desktop.ui.icons import state_icon
from zhixing_desktop.ui.theme import theme_for

SEARCH_DELAY_MS = 200
"""A search is asked when nobody has typed for this long."""
CHOICE_DELAY_MS = 60
"""Running down the list with a key held does not open every case on the way."""
_REFRESH_DELAY_MS = 120

FILTER_LABELS = {
    "all": "全部",
    "mine": "我的",
    "due_today": "今日到期",
    "warned": "预警",
    "overdue": "逾期",
    "frozen": "冻结",
    "closed": "已结",
}
_FILTER_STATES = {"warned": "warned", "overdue": "overdue", "frozen": "frozen", "closed": "done"}
_EMPTY_WORDS = {
    "all": "还没有案件。按 F2 新收案件，或者从“案件”菜单导入。",
    "mine": "您名下没有在办案件。",
    "due_today": "今天没有到期的案件。",
    "warned": "没有预警的案件。",
    "overdue": "没有逾期的案件。",
    "frozen": "没有冻结的案件。",
    "closed": "还没有已结案件。",
}


class _SearchField(QLineEdit):
    """Down leads into the list, Esc clears."""

    down = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep the hands on the keyboard."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.down.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class CaseListPanel(QWidget):
    """Filters, search and list.

    ``case_chosen`` carries a case's row number, or ``None`` when none is chosen; ``case_activated``
    follows Enter and double click.
    """

    case_chosen = Signal(object)
    case_activated = Signal(int)

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor: Actor, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._bureau = bureau
        self._bridge = bridge
        self._actor = actor
        self._chosen: int | None = None
        self._wanted: int | None = None
        self.setObjectName("case-list")
        self.model = CaseModel(bureau, bridge, actor, self)
        self.table = CaseTable(self.model, self)
        self.search = _SearchField(self)
        self.search.setPlaceholderText("案号、当事人、拼音首字母")
        self.search.setToolTip("查找案件（Ctrl+F）")
        self.search.setAccessibleName("查找案件")
        self.search.setClearButtonEnabled(True)
        self._foot = QLabel(self)
        self._foot.setForegroundRole(self._foot.foregroundRole())
        self.buttons = self._make_buttons()
        self._lay_out()
        self._search_timer = self._timer(SEARCH_DELAY_MS, self._search_now)
        self._choice_timer = self._timer(CHOICE_DELAY_MS, self._choose_now)
        self._refresh_timer = self._timer(_REFRESH_DELAY_MS, self.refresh)
        self.search.textChanged.connect(self._on_typed)
        self.search.down.connect(self.focus_list)
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        self.table.activated_row.connect(self._on_activated)
        self.model.loaded.connect(self._on_loaded)
        self.model.loading.connect(self._on_loading)
        bridge.changed.connect(self._on_changed)

    # ----------------------------------------------------------------------------------- building

    def _make_buttons(self) -> dict[str, QToolButton]:
        group = QButtonGroup(self)
        theme = theme_for(self.palette())
        found: dict[str, QToolButton] = {}
        for name, label in FILTER_LABELS.items():
            button = QToolButton(self)
            button.setText(label)
            button.setCheckable(True)
            button.setAutoRaise(False)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            state = _FILTER_STATES.get(name)
            if state:
                ratio = self.devicePixelRatioF()
                button.setIcon(state_icon(theme, state, ratio=ratio))
            group.addButton(button)
            found[name] = button
        found["all"].setChecked(True)
        group.buttonClicked.connect(self._on_filter)
        return found

    def _lay_out(self) -> None:
        filters = FlowLayout()
        filters.setSpacing(max(2, self.fontMetrics().height() // 5))
        for button in self.buttons.values():
            filters.addWidget(button)
        top = QHBoxLayout()
        top.addWidget(self.search)
        whole = QVBoxLayout(self)
        whole.addLayout(filters)
        whole.addLayout(top)
        whole.addWidget(self.table, 1)
        whole.addWidget(self._foot)
        self.setTabOrder(self.search, self.table)

    def _timer(self, delay: int, action: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(delay)
        timer.timeout.connect(action)
        return timer

    # ------------------------------------------------------------------------------------- asking

    def set_actor(self, actor: Actor) -> None:
        """Somebody else sits here now: what is 我的 changes."""
        self._actor = actor
        self.model.set_actor(actor)
        self._count()

    def start(self) -> None:
        """Ask for the first rows."""
        self.set_actor(self._actor)

    def refresh(self) -> None:
        """Look again at rows and counts; the chosen case stays chosen."""
        self.model.refresh()
        self._count()

    def show_filter(self, name: str) -> None:
        """Press one of the filter buttons."""
        self.buttons[name].setChecked(True)
        self._apply_filter(name)

    def select_case(self, case_id: int) -> None:
        """Choose a case; one that the filter hides is chosen all the same."""
        row = self.model.row_of_case(case_id)
        if row is not None:
            self.table.selectRow(row)
            self.table.scrollTo(self.model.index(row, 0))
        else:
            self._wanted = case_id
            self.table.clearSelection()
        self._announce(case_id)

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def focus_list(self) -> None:
        """Put the cursor into the list, on the first row where none is chosen."""
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not self.table.currentIndex().isValid() and self.model.total:
            self.table.selectRow(0)

    def _count(self) -> None:
        actor = self._actor
        self._bridge.read(self, lambda: case_list.counts(self._bureau, actor), self._show_counts)

    def _show_counts(self, counts: dict[str, int]) -> None:
        for name, button in self.buttons.items():
            number = counts.get(name, 0)
            button.setText(f"{FILTER_LABELS[name]} {number}")
            button.setAccessibleName(f"{FILTER_LABELS[name]}，{number}件")
            font = button.font()
            font.setBold(bool(number) and name in ("overdue", "frozen"))
            button.setFont(font)

    # ---------------------------------------------------------------------------------- reacting

    def _on_filter(self) -> None:
        name = next(name for name, button in self.buttons.items() if button.isChecked())
        self._apply_filter(name)

    def _apply_filter(self, name: str) -> None:
        self.model.show(filter=name)

    def _on_typed(self) -> None:
        self._search_timer.start()

    def _search_now(self) -> None:
        text = self.search.text().strip()
        if text != self.model.query.search:
            self.model.show(search=text)

    def _on_changed(self, changes: Changes) -> None:
        if changes.lists:
            self._refresh_timer.start()

    def _on_loading(self) -> None:
        self._foot.setText("正在查找……")

    def _on_loaded(self, total: int) -> None:
        query = self.model.query
        words = f"“{query.search}”" if query.search else ""
        self._foot.setText(f"{FILTER_LABELS[query.filter]}{words}：{total}件")
        empty = _EMPTY_WORDS[query.filter]
        if query.search:
            empty = f"没有找到{words}。可以输入案号的一部分、当事人姓名或者拼音首字母。"
        self.table.say_when_empty(self.model.why or empty)
        wanted = self._wanted if self._wanted is not None else self._chosen
        row = None if wanted is None else self.model.row_of_case(wanted)
        if row is not None and row != self.table.currentIndex().row():
            self.table.selectRow(row)
        self._wanted = None

    def _on_current(self) -> None:
        self._choice_timer.start()

    def _choose_now(self) -> None:
        row = self.model.row_at(self.table.currentIndex().row())
        if row is not None:
            self._announce(row.id)

    def _on_activated(self, number: int) -> None:
        row = self.model.row_at(number)
        if row is not None:
            self._choice_timer.stop()
            self._announce(row.id)
            self.case_activated.emit(row.id)

    def _announce(self, case_id: int | None) -> None:
        if case_id != self._chosen:
            self._chosen = case_id
            self.case_chosen.emit(case_id)

    def clear_choice(self) -> None:
        """Choose no case: the charts show the whole bureau."""
        self.table.clearSelection()
        self.table.setCurrentIndex(self.model.index(-1, -1))
        self._choice_timer.stop()
        self._announce(None)
