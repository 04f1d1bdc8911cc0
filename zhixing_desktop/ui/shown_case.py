"""The case that the window shows: read off the GUI thread, drawn in charts and panels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from zhixing_desktop.services import case_list, cases
from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.chart_marks import Marks, bureau_marks, case_marks
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.chart.marks import NodeMark
from zhixing_desktop.ui.chart.panel import ChartPanel
from zhixing_desktop.ui.side_panels import SidePanels
from zhixing_desktop.workflow.charts import Chart, phase_of
from zhixing_desktop.workflow.errors import NotAllowedError

_RELOAD_DELAY_MS = 100


class ShownCase(QObject):
    """Keeps charts and panels at one case, or at the whole bureau when none is chosen.

    ``titled`` carries the 案号 of the case that is shown now, empty for the bureau.  ``now`` tells
    the moment that counts.
    """

    titled = Signal(str)

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        charts: Sequence[Chart],
        views: tuple[ChartPanel, SidePanels],
        now: Callable[[], datetime],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._bureau = bureau
        self._bridge = bridge
        self._all_charts = charts
        self._charts, self._panels = views
        self._now = now
        self._parent = parent
        self.case_id: int | None = None
        self.node: int | None = None
        # Answers for a case that is no longer shown are thrown away.
        self._round = 0
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(_RELOAD_DELAY_MS)
        self.timer.timeout.connect(self.reload)
        bridge.changed.connect(self._on_changed)

    # -------------------------------------------------------------------------------------- cases

    def choose(self, case_id: int | None, node: int | None = None) -> None:
        """Show a case at ``node`` (else at its current one); ``None`` is the bureau."""
        if case_id == self.case_id:
            if node is not None:
                self.go_to(node)
            return
        self.case_id, self.node = case_id, node
        self._read(opening=True)

    def reload(self) -> None:
        """Read the same case again."""
        if not self._panels.simulator.running:
            self._read(opening=False)

    def _read(self, *, opening: bool) -> None:
        self._round += 1
        mine, case_id = self._round, self.case_id
        bureau, charts, actor = self._bureau, self._all_charts, self._panels.actor()

        def job() -> tuple[CaseDetail | None, Marks]:
            if case_id is None:
                counts = case_list.node_counts(bureau, actor)
                return None, bureau_marks(charts, bureau.rules.book, counts)
            detail = cases.detail(bureau, actor, case_id)
            return detail, case_marks(charts, detail)

        def show(answer: tuple[CaseDetail | None, Marks]) -> None:
            if mine == self._round:
                self._show(*answer, opening=opening)

        def lost(error: Exception) -> None:
            if mine != self._round:
                return
            messages.show_error(self._parent, error)
            if isinstance(error, NotAllowedError):
                # Out of sight, as after a change of officer: told once, then nothing of it stays.
                self.case_id = self.node = None
                self._read(opening=False)

        self._bridge.read(self, job, show, lost)

    def _show(self, detail: CaseDetail | None, marks: Marks, *, opening: bool) -> None:
        self._draw(marks)
        if detail is None:
            self.titled.emit("")
            self._charts.set_heading("全局概览", f"{self._now():%Y年%m月%d日}")
            self._charts.set_current_node(None)
            self._panels.show_case(None, None)
            return
        self.titled.emit(detail.case_no)
        self._charts.set_heading(detail.case_no, f"{detail.now:%Y年%m月%d日%H时%M分}")
        current = detail.view.current.node if detail.view.current else None
        self._charts.set_current_node(current)
        if not opening:
            return
        self.node = self.node or current
        self._panels.show_case(detail.id, self.node)
        # The chart on top stays on top: in the overview the node's phase is chosen.
        view = self._charts.view
        box = phase_of(view.chart).get(self.node) if self.node is not None else None
        if box is not None:
            view.select(box, centre=True)

    def _draw(self, marks: Marks) -> None:
        self._charts.set_marks(
            {
                box: NodeMark(
                    mark.state,
                    mark.days_left_text,
                    mark.instances,
                    mark.counts,
                    mark.waiting,
                    mark.provisional,
                    mark.simulated,
                    mark.tooltip,
                )
                for box, mark in marks.items()
            }
        )

    # -------------------------------------------------------------------------------------- nodes

    def take_node(self, node: int) -> None:
        """Follow a node that was chosen in a chart."""
        if node != self.node:
            self.node = node
            if self.case_id is not None:
                self._panels.show_node(self.case_id, node)

    def go_to(self, node: int) -> None:
        """Go to a node that a panel named."""
        self.take_node(node)
        self._charts.show_node(node)

    def simulate(self, detail: CaseDetail | None) -> None:
        """Show the case as it would stand on another day; ``None`` is back to now."""
        self._panels.show_simulated(detail)
        if detail is None:
            self._read(opening=False)
        elif detail.id == self.case_id:
            self._round += 1
            self._draw(case_marks(self._all_charts, detail, simulated=True))
            self._charts.set_heading(detail.case_no, f"推演至{detail.now:%Y年%m月%d日}")

    def _on_changed(self, changes: Changes) -> None:
        if not changes.cases or self.case_id is None or self.case_id in changes.cases:
            self.timer.start()
