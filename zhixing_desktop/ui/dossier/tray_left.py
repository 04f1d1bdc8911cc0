"""The left of the tray: which scans are shown, how more of them come, the list."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QComboBox, QPushButton, QVBoxLayout, QWidget

from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_tray_rows import ASIDE, FILED, WAITING
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.dossier.tray_list import TrayList
from zhixing_desktop.ui.flow_layout import FlowLayout
from zhixing_desktop.ui.forms.parts import Words, em

_STATES = ((WAITING, "待归入"), (FILED, "已入卷"), (ASIDE, "已搁置"))


class TrayLeft(QWidget):
    """``state`` chooses what is shown, ``list`` shows it, ``empty`` says that there is nothing."""

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: Callable[[], Actor],
        buttons: Sequence[QPushButton],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        tools = QWidget(self)
        flow = FlowLayout(tools)
        self.state = QComboBox(self)
        self.state.setAccessibleName("显示哪些")
        for state, words in _STATES:
            self.state.addItem(words, state)
        for widget in (self.state, *buttons):
            flow.addWidget(widget)
        column.addWidget(tools)
        self.list = TrayList(bureau, bridge, actor_of, self)
        self.list.setToolTip("按住 Ctrl 或 Shift 选几份，可以合为一件")
        column.addWidget(self.list, 1)
        self.empty = Words("没有扫描件。可以把文件拖到这里。", tone="muted")
        column.addWidget(self.empty)
        self.setMinimumWidth(em(self, 15.5))
