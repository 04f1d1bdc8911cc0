"""The window of those who decide: what waits for them, and what they must keep an eye on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.ui.approvals.list_tab import ListTab
from zhixing_desktop.ui.approvals.panel import ApprovalPanel
from zhixing_desktop.ui.approvals.payments import PaymentsTab
from zhixing_desktop.ui.approvals.tabs import AwayTab, DeputiesTab, SupervisionTab
from zhixing_desktop.ui.approvals.today import TodayTab
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.parts import em
from zhixing_desktop.workflow.deciding import FINANCE

TITLE = "待办审批"


class DecisionsWindow(QWidget):
    """``case_requested`` with case and node.

    Closed it is only hidden: what was typed in it is there when it is opened again.
    """

    help_page = "approvals"
    case_requested = Signal(int, int)

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: Callable[[], Actor],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        actor = actor_of()
        self._for = "、".join(actor.roles)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 4, 0, 0)
        box.addWidget(self.tabs)
        self.panel = ApprovalPanel(bureau, bridge, actor_of, self)
        self.panel.case_requested.connect(self.case_requested)
        self.panel.counted.connect(self._counted)
        self.tabs.addTab(self.panel, "待我决定")
        self.supervision = SupervisionTab(bureau, bridge, actor_of, self)
        self.away = AwayTab(bureau, bridge, actor_of, self)
        self.today = TodayTab(bureau, bridge, actor_of, self)
        self.deputies = DeputiesTab(bureau, bridge, actor_of, self)
        self.payments = PaymentsTab(bureau, bridge, actor_of, self)
        shown: list[tuple[ListTab, str]] = [
            (self.supervision, "督办"),
            (self.away, "待他人决定"),
            (self.today, "今日决定"),
            (self.deputies, "代行"),
        ]
        if FINANCE in actor.roles:
            shown.insert(0, (self.payments, "待支付"))
        else:
            self.payments.hide()
        for tab, words in shown:
            self.tabs.addTab(tab, words)
            tab.case_requested.connect(self.case_requested)
        self._keys()
        self._counted(0)
        self.setMinimumSize(em(self, 50), em(self, 28))
        room = self.screen().availableGeometry()
        wanted = (em(self, 112), em(self, 62))
        self.resize(min(wanted[0], room.width()), min(wanted[1], room.height() - em(self, 2)))
        self.panel.list.setFocus()

    def _keys(self) -> None:
        for at in range(self.tabs.count()):
            keys = QKeySequence(f"Ctrl+{at + 1}")
            QShortcut(keys, self).activated.connect(lambda at=at: self.tabs.setCurrentIndex(at))
            self.tabs.setTabToolTip(at, f"Ctrl+{at + 1}")
        for words, act in (
            ("F5", self.reload),
            ("Ctrl+W", self.close),
        ):
            QShortcut(QKeySequence(words), self).activated.connect(act)
        self.tabs.currentChanged.connect(lambda _at: self.tabs.currentWidget().setFocus())

    def _counted(self, number: int) -> None:
        self.tabs.setTabText(0, f"待我决定 {number}" if number else "待我决定")
        roles = f"（{self._for}）" if self._for else ""
        self.setWindowTitle(f"{TITLE}{roles}" + (f" {number}件" if number else ""))

    def reload(self) -> None:
        """Read what is shown again."""
        shown = self.tabs.currentWidget()
        if isinstance(shown, ListTab | ApprovalPanel):
            shown.reload()
