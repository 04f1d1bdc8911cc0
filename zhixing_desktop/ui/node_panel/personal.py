"""The line that says that numbers are covered, and the way to see them where that is allowed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QWidget

from zhixing_desktop.services.node_detail import NodeDetail
from zhixing_desktop.services.sight import Sight
from zhixing_desktop.ui.forms.parts import Link, Words

_COVERED = "证件号、账号、电话已按权限遮盖。"
_ON_REQUEST = "证件号、账号、电话已遮盖，显示的每一次都记入日志。"


class PersonalLine(QWidget):
    """``show_link`` is ``None`` for whoever may not see the numbers."""

    def __init__(self, sight: Sight, show: Callable[[], None]) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        self.show_link: Link | None = None
        words = _COVERED
        if sight is Sight.ON_REQUEST:
            words = _ON_REQUEST
            self.show_link = Link("显示", self)
            self.show_link.setAccessibleName("显示完整的证件号、账号、电话")
            self.show_link.clicked.connect(show)
        self.words = Words(words, tone="muted")
        line.addWidget(self.words, 1)
        if self.show_link is not None:
            line.addWidget(self.show_link)


def personal_line(detail: NodeDetail, show: Callable[[], None]) -> PersonalLine | None:
    """Return the line for an instance with covered numbers, ``None`` where nothing is covered."""
    return PersonalLine(detail.sight, show) if detail.covered else None
