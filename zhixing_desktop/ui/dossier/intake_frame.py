"""The intake dialog as it stands on the screen: pages at the left, what is said at the right."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QProgressBar,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.ui.dossier.frame import offer
from zhixing_desktop.ui.dossier.intake_form import IntakeForm
from zhixing_desktop.ui.dossier.intake_grid import IntakeGrid
from zhixing_desktop.ui.flow_layout import FlowLayout
from zhixing_desktop.ui.forms.editor import LongEditor
from zhixing_desktop.ui.forms.parts import Box, Mark, Words, em, show_if

_PAGE_BUTTONS = (
    ("left", "左转", "["),
    ("right", "右转", "]"),
    ("out", "不入卷", "Del"),
    ("in", "恢复", "Insert"),
    ("blank", "去掉空白页", "Ctrl+B"),
    ("straight", "拉正照片", "Ctrl+L"),
    ("split", "从此页起另为一件", "Ctrl+D"),
    ("join", "并入上一件", "Ctrl+J"),
    ("join_all", "合为一件", "Ctrl+Shift+J"),
    ("undo", "撤销", "Ctrl+Z"),
)
_OF_THE_GRID = frozenset({"[", "]", "Del", "Insert"})
"""Keys that count where the pages have the focus only: elsewhere somebody types."""
_KEYS = "Alt+方向键移动　[ ] 转正　Del 不入卷　回车放大　可以拖动排序"


class IntakeFrame(QDialog):
    """``replacing``: a filed thing gets a new version; only the reason is asked for."""

    help_page = "dossier"

    def __init__(self, *, replacing: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlags(
            Qt.WindowType.Window
            | Qt.WindowType.WindowMinMaxButtonsHint
            | Qt.WindowType.WindowCloseButtonHint
        )
        self.setWindowTitle("更换材料" if replacing else "材料入卷")
        box = QVBoxLayout(self)
        self.head = Words(bold=True)
        box.addWidget(self.head)
        self.across = QSplitter(Qt.Orientation.Horizontal, self)
        self.across.addWidget(self._made_left())
        self.across.addWidget(self._made_right(replacing=replacing))
        self.across.setStretchFactor(0, 62)
        self.across.setStretchFactor(1, 38)
        box.addWidget(self.across, 1)
        self.problem = Box("loud", self)
        inner = QVBoxLayout(self.problem)
        inner.setContentsMargins(8, 4, 8, 4)
        self.problem_words = Words(tone="bad")
        self.notes = Words(tone="muted")
        inner.addWidget(self.problem_words)
        inner.addWidget(self.notes)
        self.problem.hide()
        box.addWidget(self.problem)
        self.progress = QProgressBar(self)
        self.progress.hide()
        box.addWidget(self.progress)
        foot = QHBoxLayout()
        self.said = Words(tone="muted", middle=True)
        foot.addWidget(self.said, 1)
        self.act = self._button("更换" if replacing else "入卷", "Ctrl+Return")
        self.leave = self._button("关闭", "")
        foot.addWidget(self.act)
        foot.addWidget(self.leave)
        box.addLayout(foot)
        room = self.screen().availableGeometry()
        wide, high = em(self, 102), em(self, 58)
        self.resize(min(wide, room.width() - 20), min(high, room.height() - 40))
        self.across.setSizes([round(self.width() * 0.62), round(self.width() * 0.38)])

    def _made_left(self) -> QWidget:
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        tools = QWidget(left)
        flow = FlowLayout(tools)
        flow.setSpacing(em(self, 0.4))
        self.add = self._button("添加文件…", "Ctrl+O")
        self.paste = self._button("粘贴", "Ctrl+V")
        self.buttons = {name: self._button(words, keys) for name, words, keys in _PAGE_BUTTONS}
        for button in (self.add, self.paste, *self.buttons.values()):
            flow.addWidget(button)
        column.addWidget(tools)
        self.grid = IntakeGrid(self)
        column.addWidget(self.grid, 1)
        self.empty = QLabel("把文件拖到这里，或者按“添加文件…”“粘贴”", self.grid)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(Words(_KEYS, tone="muted"))
        return left

    def _made_right(self, *, replacing: bool) -> QWidget:
        right = QWidget(self)
        column = QVBoxLayout(right)
        column.setContentsMargins(6, 0, 0, 0)
        self.list = QListWidget(right)
        self.list.setAccessibleName("待入卷的材料")
        self.list.setMaximumHeight(em(self, 11))
        self.remove = self._button("移走这件", "Ctrl+Shift+D")
        head = QHBoxLayout()
        list_mark = Mark("材料", bold=True)
        head.addWidget(list_mark)
        head.addStretch(1)
        head.addWidget(self.remove)
        column.addLayout(head)
        column.addWidget(self.list)
        self.form = IntakeForm(right)
        column.addWidget(self.form, 1)
        self.reason = LongEditor("为什么更换（至少四个字）")
        self.reason.setAccessibleName("更换理由")
        reason_mark = Mark("更换理由", bold=True)
        column.addWidget(reason_mark)
        column.addWidget(self.reason)
        apart = (self.buttons["split"], self.buttons["join"], self.buttons["join_all"])
        for_new: tuple[QWidget, ...] = (list_mark, self.list, self.remove, self.form, *apart)
        for widget in for_new:
            show_if(widget, not replacing)
        show_if(self.reason, replacing)
        show_if(reason_mark, replacing)
        if replacing:
            column.addStretch(1)
        return right

    def _button(self, words: str, keys: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setAutoDefault(False)
        tip = f"{words.rstrip('…')}（{keys}）" if keys else words
        button.setToolTip(tip)
        button.setProperty("own_tip", tip)
        if keys and keys not in _OF_THE_GRID:
            QShortcut(QKeySequence(keys), self).activated.connect(button.click)
        return button

    def on(self, button: QPushButton, act: Callable[[], object]) -> None:
        """Let a button do something."""
        button.clicked.connect(lambda _on=False: act())

    def show_problems(self, lines: list[str], notes: list[str]) -> None:
        """Show what is wrong, and what is to be known; nothing where there is neither."""
        self.problem_words.setText("\n".join(lines))
        self.notes.setText("\n".join(notes))
        show_if(self.problem_words, bool(lines))
        show_if(self.notes, bool(notes))
        self.problem.set_strength("loud" if lines else "calm")
        show_if(self.problem, bool(lines or notes))

    def arm(
        self, *, free: bool, things: int, chosen: bool, replacing: bool, barred: str = ""
    ) -> None:
        """Let be used what can be used now; ``barred`` is why this person may not file here."""
        offer(
            self.act,
            barred,
            "" if free else "正在办理，请稍候",
            "" if things else "请先添加要入卷的文件",
        )
        for button in (self.add, self.paste, self.remove, *self.buttons.values()):
            button.setEnabled(free)
        self.form.setEnabled(free and chosen)
        self.leave.setText("关闭" if free else "停止")
        self.empty.setGeometry(self.grid.viewport().geometry())
        show_if(self.empty, not things)
        if not replacing:
            self.act.setText(f"入卷（{things}件）" if things > 1 else "入卷")
