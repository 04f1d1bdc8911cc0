"""The panels round the charts, made and spoken to in one place."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.ui.alert_panel import AlertPanel
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.journal_panel import JournalPanel
from zhixing_desktop.ui.node_panel.panel import NodePanel
from zhixing_desktop.ui.simulator import SimulatorBar


class SidePanels(QObject):
    """Node, alerts, journal and simulator of one window.

    ``node_requested`` carries a node's number; ``case_requested`` a case and a node; ``simulated``
    a :class:`CaseDetail`, or ``None`` for now.
    """

    node_requested = Signal(int)
    case_requested = Signal(int, int)
    simulated = Signal(object)

    def __init__(self, bureau: Bureau, bridge: Bridge, actor: Actor, parent: QWidget) -> None:
        super().__init__(parent)
        self._actor = actor
        self.node = NodePanel(bureau, bridge, self.actor, parent)
        self.alerts = AlertPanel(bureau, bridge, self.actor, parent)
        self.journal = JournalPanel(bureau, bridge, self.actor, parent)
        self.simulator = SimulatorBar(bureau, bridge, self.actor, parent)
        self.node.node_requested.connect(self.node_requested)
        self.alerts.alert_activated.connect(self.case_requested)
        self.simulator.simulated.connect(self.simulated)
        for widget, page in (
            (self.node, "node"),
            (self.alerts, "alerts"),
            (self.journal, "journal"),
            (self.simulator, "simulator"),
        ):
            widget.setProperty("helpPage", page)

    def actor(self) -> Actor:
        """Who works here now."""
        return self._actor

    def show_case(self, case_id: int | None, node: int | None) -> None:
        """Show a case's node in the panels that show one case; ``None`` empties them."""
        self.journal.show_case(case_id)
        self.simulator.show_case(case_id)
        if case_id is None:
            self.node.clear()
        else:
            self.node.show_case(case_id, node)

    def show_node(self, case_id: int, node: int) -> None:
        """Show another node of the case that is shown."""
        self.node.show_case(case_id, node)

    def show_simulated(self, detail: CaseDetail | None) -> None:
        """Show a case as it would stand on another day; ``None`` is now."""
        self.node.show_detail(detail)

    def set_actor(self, actor: Actor) -> None:
        """Somebody else works here now."""
        self._actor = actor
        self.alerts.set_actor(actor)
