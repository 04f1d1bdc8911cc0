"""What stands on the screen for several papers: list at the left, pages at the right, buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.flow_layout import FlowLayout
from zhixing_desktop.ui.forms.parts import Box, Words, em, show_if
from zhixing_desktop.ui.page_view import PageView
from zhixing_desktop.ui.papers.pack_table import PackTable


class PackFrame(QDialog):
    """Only what is seen; what it does stands in the window over it."""

    help_page = "papers"

    def __init__(self, bridge: Bridge, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlags(
            Qt.WindowType.Window
            | Qt.WindowType.WindowMinMaxButtonsHint
            | Qt.WindowType.WindowCloseButtonHint
        )
        self.setWindowTitle(title)
        box = QVBoxLayout(self)
        box.addWidget(Words(title, bold=True, scale=1.2))
        self.across = QSplitter(Qt.Orientation.Horizontal, self)
        self.across.addWidget(self._made_left())
        self.page = PageView(bridge, self)
        self.across.addWidget(self.page)
        self.across.setChildrenCollapsible(False)
        self.across.setHandleWidth(em(self, 0.6))
        box.addWidget(self.across, 1)
        self.progress = QProgressBar(self)
        self.progress.hide()
        box.addWidget(self.progress)
        self._foot = QHBoxLayout()
        self.said = Words(tone="muted", middle=True)
        self._foot.addWidget(self.said, 1)
        box.addLayout(self._foot)
        room = self.screen().availableGeometry()
        wide, high = em(self, 96), em(self, 56)
        self.resize(min(wide, room.width() - 20), min(high, room.height() - 40))
        self.across.setSizes([round(self.width() * 0.53), round(self.width() * 0.47)])

    def _made_left(self) -> QWidget:
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        self.search = QLineEdit(left)
        self.search.setPlaceholderText("查找文书、节点、对象")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("查找文书")
        column.addWidget(self.search)
        self.table = PackTable(left)
        self.search.textChanged.connect(self.table.filter)
        column.addWidget(self.table, 1)
        tools = QWidget(left)
        flow = FlowLayout(tools)
        flow.setSpacing(em(self, 0.4))
        self.all = self.button("全选", "", lambda: self.table.tick_all(True))
        self.none = self.button("全不选", "", lambda: self.table.tick_all(False))
        self.duplex = QCheckBox("双面打印", self)
        self.duplex.setToolTip("每份文书从新的一张纸开始")
        for widget in (self.all, self.none, self.duplex):
            flow.addWidget(widget)
        column.addWidget(tools)
        self.problem = Box("loud", left)
        inner = QVBoxLayout(self.problem)
        inner.setContentsMargins(8, 4, 8, 4)
        self.problem_words = Words(tone="bad")
        inner.addWidget(self.problem_words)
        self.problem.hide()
        column.addWidget(self.problem)
        return left

    def button(self, words: str, keys: str, act: Callable[[], object]) -> QPushButton:
        """Return a button; ``keys`` (``Ctrl+P``, may be empty) press it, too."""
        button = QPushButton(words, self)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _on=False: act())
        if keys:
            button.setToolTip(f"{words.rstrip('…')}（{keys}）")
            QShortcut(QKeySequence(keys), self).activated.connect(button.click)
        return button

    def put_buttons(self, buttons: Sequence[QPushButton]) -> None:
        """Put the window's own buttons into its last line."""
        for button in buttons:
            self._foot.addWidget(button)

    def show_problems(self, lines: Sequence[str]) -> None:
        """Show what could not be done, a line each; none hides the box."""
        self.problem_words.setText("\n".join(lines))
        show_if(self.problem, bool(lines))

    def bar(self, done: int, total: int, unit: str) -> None:
        """Show how far it is: ``done`` of ``total``, in ``unit`` (份, 面)."""
        self.progress.setRange(0, max(total, 1))
        self.progress.setValue(done)
        self.progress.setFormat(f"{done} / {total} {unit}")
        self.progress.show()
