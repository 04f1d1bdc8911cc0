"""The journal of a case in words, and whether the whole chain is sound."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import journal_rights
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.journal_chain import Verification, verify
from zhixing_desktop.services.journal_view import PAGE, JournalRow, case_journal
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.forms.parts import Words, em

COLUMNS = ("时间、事项", "人员、原来", "操作、现在")
_WIDTHS = (22, 18)
_Answer = tuple[int, int | None, tuple[JournalRow, ...], bool]


class JournalPanel(QWidget):
    """Newest first; each step folds out to what it changed, before and after."""

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor: Callable[[], Actor],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._bureau, self._bridge, self._actor = bureau, bridge, actor
        self._case_id: int | None = None
        self._asked = 0
        self.rows: list[JournalRow] = []
        box = QVBoxLayout(self)
        box.setContentsMargins(6, 6, 6, 6)
        line = QHBoxLayout()
        self.words = Words("请选择案件", tone="muted", middle=True)
        line.addWidget(self.words, 1)
        self.older = QPushButton("更早的记录", self)
        self.check = QPushButton("核对日志", self)
        self.check.setToolTip("从第一条起逐条核对全部日志的校验值")
        for button in (self.older, self.check):
            button.setAutoDefault(False)
            line.addWidget(button)
        self.older.hide()
        self.check.hide()
        self.older.clicked.connect(self._more)
        self.check.clicked.connect(self.run_check)
        box.addLayout(line)
        self.tree = QTreeWidget(self)
        self.tree.setHeaderLabels(COLUMNS)
        self.tree.setAlternatingRowColors(True)
        self.tree.setUniformRowHeights(True)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.tree.setAccessibleName("办案日志")
        for column, chars in enumerate(_WIDTHS):
            self.tree.setColumnWidth(column, em(self, chars))
        self.tree.currentItemChanged.connect(self._current)
        box.addWidget(self.tree, 1)
        self.full = Words()
        self.full.hide()
        box.addWidget(self.full)
        bridge.changed.connect(self._on_changes)

    def show_case(self, case_id: int | None) -> None:
        """Show the journal of a case."""
        self._case_id = case_id
        if case_id is None:
            self.tree.clear()
            self.rows = []
            self.words.setText("请选择案件")
            return
        self._read(None)

    def _on_changes(self, changes: Changes) -> None:
        if self._case_id is not None and (not changes.cases or self._case_id in changes.cases):
            self._read(None)

    def _more(self) -> None:
        if self.rows:
            self._read(self.rows[-1].id)

    def _read(self, before: int | None) -> None:
        case_id, bureau = self._case_id, self._bureau
        if case_id is None:
            return
        self._asked += 1
        ticket, actor = self._asked, self._actor()

        def read() -> _Answer:
            may_check = journal_rights.may(bureau, actor, "journal.verify")
            found = case_journal(bureau, actor, case_id, before_id=before)
            return ticket, before, found, may_check

        self._bridge.read(self, read, self._arrived)

    def _arrived(self, answer: _Answer) -> None:
        ticket, before, found, may_check = answer
        if ticket != self._asked:
            return
        self.check.setVisible(may_check)
        if before is None:
            self.rows = []
            self.tree.clear()
        self.rows += found
        self.tree.addTopLevelItems([_item(row) for row in found])
        self.words.setText(f"共显示{len(self.rows)}条" if self.rows else "没有日志")
        self.older.setVisible(len(found) == PAGE)

    def _current(self, item: QTreeWidgetItem | None, _before: QTreeWidgetItem | None) -> None:
        words = str(item.data(0, Qt.ItemDataRole.UserRole) or "") if item is not None else ""
        self.full.setText(words)
        self.full.setVisible(bool(words))

    # ------------------------------------------------------------------------------ checking

    def run_check(self) -> None:
        """Walk along the whole chain, off the GUI thread."""
        self.check.setEnabled(False)
        self.words.set_tone("muted")
        self.words.setText("正在核对全部日志……")
        bureau, actor = self._bureau, self._actor()
        # Writes a note at its end; the walk itself only reads.
        self._bridge.read(self, lambda: verify(bureau, actor), self._checked, self._not_checked)

    def _checked(self, found: Verification) -> None:
        self.check.setEnabled(True)
        self.words.set_tone("plain" if found.ok else "bad")
        tail = f"末条校验值 {found.head_hash[:16]}…" if found.ok else ""
        self.words.setText(f"{found.sentence}{tail}")
        self.words.setToolTip(found.head_hash)

    def _not_checked(self, error: Exception) -> None:
        self.check.setEnabled(True)
        self.words.setText("")
        self._bridge.failed.emit(error)


def _item(row: JournalRow) -> QTreeWidgetItem:
    who = f"{row.actor}（代{row.on_behalf_of}）" if row.on_behalf_of else row.actor
    count = f"（{len(row.changes)}项）" if row.changes else ""
    top = QTreeWidgetItem([f"{row.at:%Y-%m-%d %H:%M:%S}", who, f"{row.action}{count}"])
    top.setToolTip(1, f"工作站：{row.workstation}")
    words = f"第{row.id}条　{row.at:%Y-%m-%d %H:%M:%S}　{who}　{row.action}　{row.workstation}"
    top.setData(0, Qt.ItemDataRole.UserRole, f"{words}\n校验值 {row.hash}")
    for change in row.changes:
        child = QTreeWidgetItem([change.what, change.before, change.after])
        told = f"{change.what}\n原来：{change.before or '（无）'}\n现在：{change.after or '（无）'}"
        child.setData(0, Qt.ItemDataRole.UserRole, told)
        for column in range(len(COLUMNS)):
            child.setToolTip(column, told)
        top.addChild(child)
    return top
