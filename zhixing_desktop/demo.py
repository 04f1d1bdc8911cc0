"""The whole job on the sample bureau without a display; its screens are left as pictures.

Nothing is faked: the sample is imported through the real import, the window is the real window, the
application is made and decided through its panels.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from zhixing_desktop import app
from zhixing_desktop.clock import FixedClock
from zhixing_desktop.paths import resources_dir
from zhixing_desktop.services import case_list, people, work
from zhixing_desktop.services import cases as case_services
from zhixing_desktop.services.bureau import Bureau, open_bureau
from zhixing_desktop.services.sample import DEFAULT_CASES, SAMPLE_NOW, make_sample
from zhixing_desktop.ui.main_window import MainWindow
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.views import Key

Tell = Callable[[str], None]
CHIEF = "梁宏伟"
WINDOW = (1680, 980)
CALENDAR = (1180, 760)
PATIENCE_S = 30.0
BEAT_MS = 60
SIMULATED_DAYS = 60
CHARTS = ("总体图", "案件节点图", "执行措施节点图")


@dataclass(frozen=True, slots=True)
class Frozen:
    """A locally frozen instance that its officer can ask to have unfrozen."""

    case_id: int
    case_no: str
    officer: str
    key: Key


def run_demo(out: Path, tell: Tell, *, cases: int = DEFAULT_CASES) -> int:
    """Make the sample bureau in ``out`` and leave its screens there; return the exit code."""
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    database = make_sample(out, cases=cases, progress=tell)
    app.make_application(sys.argv[:1])
    app.apply_theme("light")
    with opened(database) as desk:
        stage = Stage(desk, out, tell)
        stage.play()
    tell(f"画面已存入 {out}")
    return 0


@contextmanager
def opened(database: Path) -> Iterator[app.Desk]:
    """Open a sample database at the sample's present."""
    clock = FixedClock(SAMPLE_NOW)
    bureau = open_bureau(
        f"sqlite:///{database}", clock=clock, resources=resources_dir(), workstation="示例工作站"
    )
    desk = app.Desk(bureau, clock=clock)
    try:
        yield desk
    finally:
        desk.close()


class Stage:
    """One run through the window."""

    def __init__(self, desk: app.Desk, out: Path, tell: Tell) -> None:
        self._desk = desk
        self._bureau: Bureau = desk.bureau
        self._out = out
        self._tell = tell
        self._frozen = frozen_case(self._bureau)
        officer = people.find_person(self._bureau, self._frozen.officer)
        self.window: MainWindow = desk.open_window(officer.actor())
        self.window.resize(*WINDOW)
        self.window.show()

    def play(self) -> None:
        """Show the bureau, a case on its charts, a dialog, a decision and a simulation."""
        self.settle()
        self.keep(self.window, "01-全局概览")
        self._charts()
        self._dialog()
        self._decision()
        self._simulation()
        self._calendar()

    def settle(self) -> None:
        """Let the window work until nothing is under way."""
        ends = time.monotonic() + PATIENCE_S
        calm = 0
        while time.monotonic() < ends and calm < 5:
            loop = QEventLoop()
            QTimer.singleShot(BEAT_MS, loop.quit)
            loop.exec()
            calm = calm + 1 if self._desk.bridge.pending == 0 else 0

    def keep(self, widget: QWidget, name: str) -> None:
        """Leave a picture of a window."""
        target = self._out / f"{name}.png"
        widget.grab().save(str(target))
        self._tell(f"  {target.name}")

    def _charts(self) -> None:
        self.window.open_case(self._frozen.case_id, self._frozen.key.node)
        self.settle()
        for number, name in enumerate(CHARTS):
            self.window.charts.tabs.setCurrentIndex(number)
            self.settle()
            self.keep(self.window, f"0{number + 2}-{name}")
        self.window.charts.tabs.setCurrentIndex(1)

    def _dialog(self) -> None:
        detail = case_services.detail(self._bureau, self._frozen.case_id)
        node = next(
            view.key.node
            for view in detail.view.instances.values()
            if view.state in (State.ACTIVE, State.WARNED, State.OVERDUE, State.FROZEN)
            and view.key.node not in (43, 45)
        )
        self.window.open_case(self._frozen.case_id, node)
        self.settle()
        self.window.panels.node.buttons.work.click()
        self.settle()
        dialog = self._dialog_open()
        if dialog is not None:
            self.keep(dialog, "05-节点办理")
            dialog.done(QDialog.DialogCode.Rejected)
        self.settle()

    def _dialog_open(self) -> QDialog | None:
        found = [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog)]
        return next((w for w in found if w.isVisible()), None)

    def _decision(self) -> None:
        """The officer applies, the chief decides in his panel, the node goes on."""
        frozen = self._frozen
        officer = people.find_person(self._bureau, frozen.officer).actor()
        work.request_approval(
            self._bureau,
            officer,
            frozen.case_id,
            frozen.key,
            "unfreeze",
            "被执行人下落不明，核实送达地址耗时较长，现已整改",
        )
        self.window.set_actor(people.find_person(self._bureau, CHIEF).actor())
        self.window.refresh()
        self.window.bottom.setCurrentWidget(self.window.panels.approvals)
        self.window.middle.setSizes([100, 900])
        self.settle()
        panel = self.window.panels.approvals
        for row in range(panel.table.rowCount()):
            entry = panel.table.row_at(row)
            if entry is not None and entry.application.case_id == frozen.case_id:
                panel.table.selectRow(row)
        self.settle()
        panel.pane.reason.set_value("理由成立，限三日内办结")
        self.keep(self.window, "06-执行局长待决定")
        panel.pane.decide("granted")
        self.settle()
        self.window.open_case(frozen.case_id, frozen.key.node)
        self.settle()
        self.keep(self.window, "07-解冻以后")

    def _simulation(self) -> None:
        self.window.set_actor(people.find_person(self._bureau, self._frozen.officer).actor())
        self.window.bottom.hide()
        bar = self.window.panels.simulator
        bar.show()
        bar.day.set_value(f"{SAMPLE_NOW + timedelta(days=SIMULATED_DAYS):%Y-%m-%d}")
        bar.run()
        self.settle()
        self.keep(self.window, "08-推演")

    def _calendar(self) -> None:
        """A day of rest is tried out: what it would move is listed, nothing is saved."""
        window = self.window.dialogs.calendar()
        window.resize(*CALENDAR)
        self.settle()
        query = case_list.CaseQuery(filter="all", limit=200, sort="due")
        ahead = (
            line.next_due_at.date()
            for line in case_list.page(self._bureau, query)
            if line.next_due_at is not None and line.next_due_at > SAMPLE_NOW + timedelta(days=3)
        )
        day = next(day for day in ahead if self._bureau.rules.calendar.is_workday(day))
        window.view.choose(day, day)
        window.form.name.setText("停电检修")
        window.form.reason.setText("供电局通知全日检修")
        window.try_out()
        self.settle()
        self.keep(window, "09-工作日历")
        window.close()
        self.settle()


def frozen_case(bureau: Bureau) -> Frozen:
    """Return a case with a node that this court itself may unfreeze.

    Raises ``LookupError`` when the sample holds none.
    """
    query = case_list.CaseQuery(filter="frozen", limit=500, sort="case_no", descending=True)
    for line in case_list.page(bureau, query):
        detail = case_services.detail(bureau, line.id)
        for view in detail.view.instances.values():
            frozen = view.frozen
            local = frozen is not None and frozen.unfreeze.level == "local"
            if local and view.key.node in (7, 17, 31, 32) and detail.officer:
                return Frozen(line.id, line.case_no, detail.officer, view.key)
    raise LookupError("no locally frozen node in the sample")
