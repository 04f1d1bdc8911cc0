"""A one-time password, shown once, to be copied or read out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.ui.forms.parts import Mark, Words, em
from zhixing_desktop.ui.messages import keep_until_finished


class OncePasswords(QDialog):
    """Shows name, login and password of each; they are nowhere to be seen afterwards."""

    help_page = "accounts"

    def __init__(
        self, handed: Sequence[tuple[str, str, str]], *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._handed = tuple(handed)
        self.setWindowTitle("一次性密码")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box = QVBoxLayout(self)
        box.addWidget(Words("请当面交给本人。密码只在这里显示一次，关闭后谁也看不到；"))
        box.addWidget(Words("首次登录时须换成只有本人知道的密码。"))
        grid = QGridLayout()
        self.fields: list[QLineEdit] = []
        for row, (name, login, password) in enumerate(self._handed):
            field = QLineEdit(password, self)
            field.setReadOnly(True)
            field.setAccessibleName(f"{name}的一次性密码")
            field.setFont(_fixed(field.font()))
            field.setMinimumWidth(em(self, 14))
            copy = QPushButton("复制", self)
            copy.setAutoDefault(False)
            copy.clicked.connect(lambda _=False, place=row: self.copy(place))
            grid.addWidget(Mark(name, bold=True), row, 0)
            grid.addWidget(Mark(f"登录名 {login}", tone="muted"), row, 1)
            grid.addWidget(field, row, 2)
            grid.addWidget(copy, row, 3)
            self.fields.append(field)
        grid.setColumnStretch(2, 1)
        box.addLayout(grid)
        self.said = Words(tone="muted", selectable=False)
        box.addWidget(self.said)
        buttons = QDialogButtonBox(self)
        done = buttons.addButton("已交给本人，关闭", QDialogButtonBox.ButtonRole.AcceptRole)
        done.setDefault(True)
        buttons.accepted.connect(self.accept)
        box.addWidget(buttons)
        self.resize(em(self, 34), em(self, 12))

    def copy(self, place: int = 0) -> None:
        """Put one on the clipboard."""
        QGuiApplication.clipboard().setText(self._handed[place][2])
        self.said.setText("已复制。交付后请另外复制些别的内容，以免留在剪贴板上。")


def show_once(
    handed: Sequence[tuple[str, str, str]], *, parent: QWidget | None = None
) -> OncePasswords:
    """Open it over ``parent``; ``handed`` is name, login and password of each."""
    dialog = OncePasswords(handed, parent=parent)
    keep_until_finished(dialog)
    dialog.open()
    return dialog


def _fixed(font: QFont) -> QFont:
    made = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    made.setPointSizeF(font.pointSizeF() * 1.1)
    return made
