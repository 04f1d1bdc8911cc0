"""The main window: list, charts, node; below the charts what time and others ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.clock import Clock
from zhixing_desktop.services import alerts, approvals
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.sweep import SweepResult
from zhixing_desktop.ui import messages, window_layout
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.case_list.panel import CaseListPanel
from zhixing_desktop.ui.chart.panel import ChartPanel
from zhixing_desktop.ui.shown_case import ShownCase
from zhixing_desktop.ui.side_panels import SidePanels
from zhixing_desktop.ui.status_line import StatusLine
from zhixing_desktop.ui.window_actions import Act, WindowActions
from zhixing_desktop.ui.window_dialogs import TITLE, WindowDialogs
from zhixing_desktop.workflow.charts import Chart
from zhixing_desktop.workflow.errors import ZhixingError


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the window is given besides the bureau.

    ``charts`` are the three of the annex; ``clock`` the workstation's; ``test_clock`` whether that
    is one for tests; ``handbook`` the folder of the help pages; ``layout`` what ``layout()`` gave
    when the window was last closed.
    """

    charts: Sequence[Chart]
    clock: Clock
    handbook: Path
    test_clock: bool = False
    layout: Mapping[str, str] | None = None
    theme: str = "system"


class MainWindow(QMainWindow):
    """What a person works in.

    ``closing`` is emitted when the window closes; ``actor_changed`` carries the new :class:`Actor`;
    ``font_step`` is 1, -1 or 0 (the ordinary size); ``theme_chosen`` carries system, light or dark;
    ``sweep_wanted`` asks for a sweep at once; ``help_requested`` carries a page's name.
    """

    closing = Signal()
    actor_changed = Signal(object)
    font_step = Signal(int)
    theme_chosen = Signal(str)
    sweep_wanted = Signal()
    help_requested = Signal(str)

    def __init__(self, bureau: Bureau, bridge: Bridge, actor: Actor, around: Surroundings) -> None:
        super().__init__()
        self._bureau = bureau
        self._bridge = bridge
        self._actor = actor
        self._around = around
        self._shared = False
        self.setWindowTitle(TITLE)
        self.setProperty("helpPage", "main")
        self.errors = messages.ErrorSink(self)
        self.case_list = CaseListPanel(bureau, bridge, actor, self)
        self.charts = ChartPanel()
        self.charts.set_charts(around.charts)
        # All three names are always seen; the search gives way first.
        self.charts.tabs.setUsesScrollButtons(False)
        em = self.fontMetrics().horizontalAdvance("案")
        self.charts.find_field.setMinimumWidth(em * 5)
        self.panels = SidePanels(bureau, bridge, actor, self)
        self.status = StatusLine(
            around.clock, bureau.database.place, test_clock=around.test_clock, parent=self
        )
        self.setStatusBar(self.status)
        views = (self.charts, self.panels)
        self.shown = ShownCase(bureau, bridge, around.charts, views, self.status.now, self)
        self.dialogs = WindowDialogs(bureau, bridge, self, around.handbook)
        self.actions_ = WindowActions(self, self._acts())
        self.actions_.themes[around.theme].setChecked(True)
        self._lay_out()
        self._connect()
        self.status.show_user(actor)
        self.case_list.start()
        self.shown.reload()
        self._count()

    @property
    def actor(self) -> Actor:
        """Who works here now."""
        return self._actor

    # ----------------------------------------------------------------------------------- building

    def _lay_out(self) -> None:
        panels = self.panels
        chart_side = QWidget(self)
        column = QVBoxLayout(chart_side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(panels.simulator)
        column.addWidget(self.charts, 1)
        panels.simulator.hide()
        self.bottom = QTabWidget(self)
        self.bottom.setDocumentMode(True)
        self.bottom.addTab(panels.alerts, "期限提醒")
        self.bottom.addTab(panels.approvals, "待办审批")
        self.bottom.addTab(panels.journal, "办案日志")
        self.middle = QSplitter(Qt.Orientation.Vertical, self)
        self.middle.addWidget(chart_side)
        self.middle.addWidget(self.bottom)
        self.middle.setStretchFactor(0, 1)
        self.across = QSplitter(Qt.Orientation.Horizontal, self)
        self.across.addWidget(self.case_list)
        self.across.addWidget(self.middle)
        self.across.addWidget(panels.node)
        self.across.setStretchFactor(1, 1)
        for splitter in (self.across, self.middle):
            splitter.setHandleWidth(max(4, self.fontMetrics().height() // 4))
        self.setCentralWidget(self.across)
        self.case_list.setProperty("helpPage", "case-list")
        self.charts.setProperty("helpPage", "chart")
        # In the charts the same keys look for a node.
        self._find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        window_layout.restore(self, self._around.layout or {})
        self._tick_panels()

    def _connect(self) -> None:
        bridge, panels = self._bridge, self.panels
        bridge.changed.connect(self._on_changed)
        bridge.failed.connect(self.errors.show)
        bridge.busy.connect(self.status.show_busy)
        self.case_list.case_chosen.connect(self.shown.choose)
        self.case_list.case_activated.connect(self._on_case_activated)
        self.charts.node_selected.connect(self.shown.take_node)
        self.charts.node_activated.connect(self._on_node_activated)
        self.charts.exported.connect(self._on_exported)
        panels.node_requested.connect(self.shown.go_to)
        panels.case_requested.connect(self.open_case)
        panels.simulated.connect(self.shown.simulate)
        self.shown.titled.connect(self._on_titled)
        self.bottom.currentChanged.connect(self._tick_panels)
        self.dialogs.registered.connect(self._on_registered)
        self.dialogs.chosen.connect(self.set_actor)
        self.dialogs.help_requested.connect(self.help_requested)
        self._find.activated.connect(self.case_list.focus_search)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)

    def _acts(self) -> dict[str, Act]:
        return {
            "new_case": self.dialogs.new_case,
            "import_cases": self.dialogs.import_cases,
            "save_template": self.dialogs.save_template,
            "refresh": self.refresh,
            "quit": self.close,
            "focus_list": self.case_list.focus_list,
            "focus_search": self.case_list.focus_search,
            "whole_bureau": self.case_list.clear_choice,
            "chart_1": lambda: self.charts.tabs.setCurrentIndex(0),
            "chart_2": lambda: self.charts.tabs.setCurrentIndex(1),
            "chart_3": lambda: self.charts.tabs.setCurrentIndex(2),
            "focus_node": self._focus_node,
            "alerts": lambda: self._toggle(self.panels.alerts),
            "approvals": lambda: self._toggle(self.panels.approvals),
            "journal": lambda: self._toggle(self.panels.journal),
            "simulator": self._toggle_simulator,
            "larger": lambda: self.font_step.emit(1),
            "smaller": lambda: self.font_step.emit(-1),
            "normal_size": lambda: self.font_step.emit(0),
            "theme": lambda: self.theme_chosen.emit(self.actions_.theme()),
            "switch_user": self.dialogs.switch_user,
            "help": self.dialogs.show_help,
            "about": self.dialogs.show_about,
        }

    # ------------------------------------------------------------------------------------- cases

    def open_case(self, case_id: int, node: int | None = None) -> None:
        """Show a case, at a node where one is named."""
        self.shown.choose(case_id, node)
        self.case_list.select_case(case_id)

    def _on_case_activated(self, _case_id: int) -> None:
        self._focus_node()

    def _on_node_activated(self, node: int) -> None:
        self.shown.take_node(node)
        self._focus_node()

    def _on_titled(self, case_no: str) -> None:
        self.setWindowTitle(f"{case_no} — {TITLE}" if case_no else TITLE)

    # ----------------------------------------------------------------------------------- changes

    def _on_changed(self, changes: Changes) -> None:
        if changes.alerts or changes.lists:
            self._count()

    @Slot(object)
    def on_swept(self, result: SweepResult) -> None:
        """Take the result of a sweep: the status line, and new warnings where there are some."""
        self.status.show_sweep(result)
        if result.fired:
            self._bridge.announce(Changes(result.cases, lists=True, alerts=True))
        else:
            # Another workstation may have worked, and at midnight 还剩3日 becomes 还剩2日.
            self.case_list.refresh()

    @Slot(object)
    def on_sweep_failed(self, error: Exception) -> None:
        """Say in the status line that a sweep failed; the next one comes by itself."""
        sentence = error.sentence if isinstance(error, ZhixingError) else "程序出错，详见日志。"
        self.status.show_sweep_failure(sentence)

    def refresh(self) -> None:
        """Read everything on the screen anew, and sweep."""
        self.sweep_wanted.emit()
        self._bridge.announce(Changes(alerts=True))
        self.status.say("正在刷新")

    def _count(self) -> None:
        bureau, actor = self._bureau, self._actor

        def read_counts() -> tuple[int, int]:
            return alerts.unread_count(bureau, actor), len(approvals.applications(bureau))

        def show(found: tuple[int, int]) -> None:
            for name, number in zip(("alerts", "approvals"), found, strict=True):
                self.actions_.show_count(name, number)
                words = self.actions_.by_name[name].text()
                tab = self.bottom.indexOf(getattr(self.panels, name))
                self.bottom.setTabText(tab, f"{words} {number}" if number else words)

        self._bridge.read(self, read_counts, show)

    def set_actor(self, actor: Actor) -> None:
        """From now on ``actor`` works here."""
        self._actor = actor
        self.status.show_user(actor)
        self.case_list.set_actor(actor)
        self.panels.set_actor(actor)
        self._count()
        self.actor_changed.emit(actor)

    def _on_registered(self, case_id: int) -> None:
        self._bridge.announce(Changes(frozenset({case_id}), lists=True, alerts=True))
        self.open_case(case_id)

    def _on_exported(self, path: str) -> None:
        self.status.say(f"流程图已保存：{path}")

    # ------------------------------------------------------------------------------------- panels

    def _toggle(self, panel: QWidget) -> None:
        if self.bottom.isVisible() and self.bottom.currentWidget() is panel:
            self.bottom.hide()
        else:
            self.bottom.setCurrentWidget(panel)
            self.bottom.show()
            panel.setFocus()
        self._tick_panels()

    def _toggle_simulator(self) -> None:
        bar = self.panels.simulator
        if bar.isVisible():
            bar.clear()
            bar.hide()
        else:
            bar.show()
            bar.setFocus()
        self.actions_.by_name["simulator"].setChecked(bar.isVisible())

    def _tick_panels(self) -> None:
        shown = None if self.bottom.isHidden() else self.bottom.currentWidget()
        for name in ("alerts", "approvals", "journal"):
            self.actions_.by_name[name].setChecked(getattr(self.panels, name) is shown)

    def _focus_node(self) -> None:
        node = self.panels.node
        if self.bottom.indexOf(node) >= 0:
            self.bottom.show()
            self.bottom.setCurrentWidget(node)
        node.setFocus()

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        self._find.setEnabled(new is None or not self.charts.isAncestorOf(new))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc puts away what lies open, the last first."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.panels.simulator.isVisible():
            self._toggle_simulator()
        elif self.bottom.isVisible():
            self._toggle(self.bottom.currentWidget())

    # ------------------------------------------------------------------------------------- layout

    def layout_state(self) -> dict[str, str]:
        """What the window remembers about its own shape, for the settings file."""
        return window_layout.state_of(self)

    def showEvent(self, event: QShowEvent) -> None:
        """Share the room once its size is known."""
        super().showEvent(event)
        if not self._shared:
            self._shared = True
            window_layout.share(self, self._around.layout or {})
            window_layout.fold(self)
            self._tick_panels()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold or unfold the node where the width asks for it."""
        super().resizeEvent(event)
        if self._shared:
            window_layout.fold(self)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let whoever opened the window put everything away."""
        self.closing.emit()
        super().closeEvent(event)
