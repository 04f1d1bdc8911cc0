"""What is new since the last look, on one page; closing it is the look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services.digest import Digest
from zhixing_desktop.services.fact_words import when_words
from zhixing_desktop.ui.forms.parts import Words, em
from zhixing_desktop.ui.icons import state_icon
from zhixing_desktop.ui.theme import theme_for

COLUMNS = ("情况", "案号", "内容", "时间")
_WIDTHS = (9, 14, 34, 8)
_STATES = {
    "冻结": "frozen",
    "逾期": "overdue",
    "督办": "overdue",
    "今日届满": "warned",
    "即将届满": "warned",
    "已启动": "active",
}
_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class NewsLine:
    """One line: what kind, of which case, what it says; where Enter leads.

    ``request`` is the application that waits, where the line is about one.
    """

    word: str
    case_no: str
    sentence: str
    at: str
    case_id: int
    node: int | None = None
    request: int | None = None


def lines_of(found: Digest) -> tuple[tuple[str, tuple[NewsLine, ...]], ...]:
    """Return the digest as titled groups of lines, empty groups left out."""
    news = tuple(
        NewsLine(
            entry.word,
            entry.case_no,
            entry.sentence + (f"（共{entry.count}条提醒）" if entry.count > 1 else ""),
            when_words(entry.noticed_at),
            entry.case_id,
            entry.node,
        )
        for entry in found.news
    )
    asked = tuple(
        NewsLine(
            "催办" if entry.urged else "等您决定",
            entry.case_no,
            f"节点{entry.node} {entry.matter}，{entry.requested_by}申请",
            when_words(entry.requested_at),
            entry.case_id,
            entry.node,
            entry.request,
        )
        for entry in found.asked
    )
    answers = tuple(
        NewsLine(
            entry.outcome,
            entry.case_no,
            f"节点{entry.node} {entry.matter}，{entry.decided_by}：{entry.reason}",
            when_words(entry.decided_at),
            entry.case_id,
            entry.node,
        )
        for entry in found.answers
    )
    payable = tuple(
        NewsLine(
            "等您支付",
            entry.case_no,
            f"节点33 案款发放，承办人{entry.officer}，{entry.decided_by}批准",
            when_words(entry.decided_at),
            entry.case_id,
            33,
        )
        for entry in found.payable
    )
    arrived = tuple(
        NewsLine("新收", entry.case_no, entry.parties, when_words(entry.at), entry.case_id)
        for entry in found.arrived
    )
    groups = (
        ("等您决定的申请", asked),
        ("已经批准、等您支付的案款", payable),
        ("案件（每件一行，最要紧的在前）", news),
        ("您的申请有了结果", answers),
        ("新收案件", arrived),
    )
    return tuple((title, lines) for title, lines in groups if lines)


def count_of(found: Digest) -> int:
    """Return how many lines the digest has."""
    return sum(len(lines) for _, lines in lines_of(found))


class DigestWindow(QDialog):
    """``case_requested`` with case and node (0: the current one), ``item_requested`` with case and
    application; ``looked`` when it was closed as read."""

    help_page = "digest"
    case_requested = Signal(int, int)
    item_requested = Signal(int, int)
    looked = Signal()

    def __init__(self, found: Digest, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.digest = found
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("新情况")
        box = QVBoxLayout(self)
        since = "最近七天" if found.first else f"{when_words(found.since)}以来"
        box.addWidget(Words(f"{since}：{found.heading}", bold=True))
        self.tree = QTreeWidget(self)
        self._dress()
        box.addWidget(self.tree, 1)
        self.sentence = Words()
        self.sentence.setMinimumHeight(self.fontMetrics().lineSpacing() * 2)
        box.addWidget(self.sentence)
        foot = QHBoxLayout()
        foot.addWidget(Words("Enter 打开案件；关闭即视为已阅", tone="muted"), 1)
        self.later = self._button("稍后再看", self.leave)
        self.close_button = self._button("关闭（已阅）", self.accept)
        foot.addWidget(self.later)
        foot.addWidget(self.close_button)
        box.addLayout(foot)
        self._fill(lines_of(found))
        self.accepted.connect(self.looked)
        self.resize(em(self, 72), em(self, 36))
        self.tree.setFocus()

    def _button(self, words: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(words, self)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _on=False: act())
        return button

    def _dress(self) -> None:
        tree = self.tree
        tree.setHeaderLabels(COLUMNS)
        tree.setRootIsDecorated(False)
        tree.setAlternatingRowColors(True)
        tree.setAllColumnsShowFocus(True)
        tree.setAccessibleName("新情况")
        header = tree.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        for at, chars in enumerate(_WIDTHS):
            tree.setColumnWidth(at, em(self, chars))
        tree.itemActivated.connect(self._activated)
        tree.currentItemChanged.connect(self._current)

    def _fill(self, groups: Sequence[tuple[str, tuple[NewsLine, ...]]]) -> None:
        theme, ratio = theme_for(self.palette()), self.devicePixelRatioF()
        first: QTreeWidgetItem | None = None
        for title, lines in groups:
            head = QTreeWidgetItem(self.tree, [f"{title}　{len(lines)}"])
            head.setFirstColumnSpanned(True)
            head.setFlags(Qt.ItemFlag.ItemIsEnabled)
            font = head.font(0)
            font.setBold(True)
            head.setFont(0, font)
            for line in lines:
                row = QTreeWidgetItem(head, [line.word, line.case_no, line.sentence, line.at])
                row.setData(0, _ROLE, line)
                row.setToolTip(2, line.sentence)
                if line.word in _STATES:
                    row.setIcon(0, state_icon(theme, _STATES[line.word], 16, ratio))
                first = first or row
            head.setExpanded(True)
        if first is not None:
            self.tree.setCurrentItem(first)
        else:
            self.sentence.setText("没有新的情况")

    def _current(self, row: QTreeWidgetItem | None, _before: object) -> None:
        line = row.data(0, _ROLE) if row is not None else None
        self.sentence.setText(line.sentence if isinstance(line, NewsLine) else "")

    def _activated(self, row: QTreeWidgetItem, _column: int) -> None:
        line = row.data(0, _ROLE)
        if not isinstance(line, NewsLine):
            return
        if line.request is not None:
            self.item_requested.emit(line.case_id, line.request)
        else:
            self.case_requested.emit(line.case_id, line.node or 0)

    def reject(self) -> None:
        """Esc closes it as read; only 稍后再看 leaves everything new."""
        self.accept()

    def leave(self) -> None:
        """Close it without having looked."""
        self.done(QDialog.DialogCode.Rejected)
