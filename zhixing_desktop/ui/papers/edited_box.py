"""What stands above the data of a draft whose text of record is an edited Word file."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from zhixing_desktop.ui.forms.parts import Box, Words

_TOLD = "这份草稿以取回的 Word 为定稿，填写项不再生效。右边显示定稿的文字，版面以 Word 文件为准。"


class EditedBox(Box):
    """Says that nothing is to be typed; ``drop`` gives the edited text up."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("strong", parent)
        line = QHBoxLayout(self)
        line.setContentsMargins(10, 6, 10, 6)
        self.words = Words(_TOLD)
        self.drop = QPushButton("放弃定稿…", self)
        self.drop.setAutoDefault(False)
        line.addWidget(self.words, 1)
        line.addWidget(self.drop)
        self.hide()
