"""The main window: list, charts, node; below the charts what time and others ask for.

The list is made with the window and can be used at once.  What stands beside it is made by
:meth:`MainWindow.furnish`, when rulebook and charts have been read; its modules are imported then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

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
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.ui import messages, window_layout
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.case_list.panel import CaseListPanel
from zhixing_desktop.ui.dossier.menu_rights import MenuRights
from zhixing_desktop.ui.dossier.scan_windows import ScanWindows
from zhixing_desktop.ui.status_line import StatusLine
from zhixing_desktop.ui.window_actions import TITLE, Act, WindowActions
from zhixing_desktop.ui.window_dialogs import WindowDialogs, load_dialogs
from zhixing_desktop.workflow.errors import ZhixingError

if TYPE_CHECKING:
    from zhixing_desktop.services.at_desk import DeskState
    from zhixing_desktop.services.scan_folder import Look as ScanLook
    from zhixing_desktop.services.store_health import Fault as StoreFault
    from zhixing_desktop.services.sweep import SweepResult
    from zhixing_desktop.ui.chart.panel import ChartPanel
    from zhixing_desktop.ui.news import News
    from zhixing_desktop.ui.shown_case import ShownCase
    from zhixing_desktop.ui.side_panels import SidePanels
    from zhixing_desktop.workflow.charts import Chart


ACCOUNT_ACTS = 4
"""So many acts on accounts there are; who may do none of them has no use for their window."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the window is given besides the bureau.

    ``clock`` is the workstation's; ``test_clock`` whether that is one for tests; ``handbook`` the
    folder of the help pages; ``layout`` what ``layout_state()`` gave when the window was last
    closed.  ``greets``: whoever sits down is shown what is new for him.
    """

    clock: Clock
    handbook: Path
    test_clock: bool = False
    layout: Mapping[str, str] | None = None
    theme: str = "system"
    greets: bool = False


def load_furniture() -> None:
    """Import what :meth:`MainWindow.furnish` needs.  For a thread that may take long."""
    from zhixing_desktop.services import alerts, waiting  # noqa: F401 - only to be there
    from zhixing_desktop.ui import news, shown_case, side_panels  # noqa: F401
    from zhixing_desktop.ui.chart import panel  # noqa: F401

    load_dialogs()


class MainWindow(QMainWindow):
    """What a person works in.  ``whole`` tells whether it has been furnished.

    ``closing`` is emitted when the window closes; ``actor_changed`` carries the new :class:`Actor`;
    ``lock_wanted``, ``switch_wanted`` and ``sign_out_wanted`` ask for what their names say;
    ``font_step`` is 1, -1 or 0 (the ordinary size); ``theme_chosen`` carries system, light or dark;
    ``sweep_wanted`` asks for a sweep at once; ``help_requested`` carries a page's name.
    """

    help_page = "main"
    closing = Signal()
    actor_changed = Signal(object)
    font_step = Signal(int)
    theme_chosen = Signal(str)
    sweep_wanted = Signal()
    help_requested = Signal(str)
    furnished = Signal()
    lock_wanted = Signal()
    switch_wanted = Signal()
    sign_out_wanted = Signal()

    charts: ChartPanel
    chart_side: QWidget
    panels: SidePanels
    shown: ShownCase
    news: News

    def __init__(self, bureau: Bureau, bridge: Bridge, actor: Actor, around: Surroundings) -> None:
        super().__init__()
        self._bureau = bureau
        self._bridge = bridge
        self._actor = actor
        self.login = actor.name
        self._around = around
        self._shared = False
        self._offered = False
        self.whole = False
        self.drawer = False
        """Whether list and charts do not fit side by side, so that the list comes and goes."""
        # What was asked for before the window was whole.
        self._first_case: int | None = None
        self._waiting: list[Act] = []
        self.setWindowTitle(TITLE)
        self.errors = messages.ErrorSink(self)
        self.case_list = CaseListPanel(bureau, bridge, actor, self)
        self.status = StatusLine(
            around.clock, bureau.database.place, test_clock=around.test_clock, parent=self
        )
        self.setStatusBar(self.status)
        self.dialogs = WindowDialogs(bureau, bridge, self, around.handbook)
        self.scans = ScanWindows(bureau, bridge, lambda: self.actor, self)
        self.actions_ = WindowActions(self, self._acts())
        self.actions_.themes[around.theme].setChecked(True)
        self.actions_.by_name["show_list"].setChecked(True)
        self._lay_out()
        self._connect()
        self.status.show_user(actor)
        self.case_list.start()

    @property
    def actor(self) -> Actor:
        """Who works here now."""
        return self._actor

    @property
    def remembered(self) -> Mapping[str, str]:
        """The shape the window was last closed with."""
        return self._around.layout or {}

    # ----------------------------------------------------------------------------------- building

    def furnish(self, charts: Sequence[Chart]) -> None:
        """Make all that stands beside the list."""
        for _part in self.furnishing(charts):
            pass

    def furnishing(self, charts: Sequence[Chart]) -> Iterator[None]:
        """Do so part by part; between two parts the window may answer to keys and mouse."""
        from zhixing_desktop.ui.chart.panel import ChartPanel
        from zhixing_desktop.ui.news import News
        from zhixing_desktop.ui.shown_case import ShownCase
        from zhixing_desktop.ui.side_panels import SidePanels

        self.charts = ChartPanel()
        yield
        for chart in charts:
            self.charts.set_charts((chart,))
            yield
        # All three names are always seen; the search gives way first.
        self.charts.tabs.setUsesScrollButtons(False)
        em = self.fontMetrics().horizontalAdvance("案")
        self.charts.find_field.setMinimumWidth(em * 5)
        yield
        bureau, bridge = self._bureau, self._bridge
        self.panels = SidePanels(bureau, bridge, self._actor, self)
        yield
        views = (self.charts, self.panels)
        self.shown = ShownCase(bureau, bridge, charts, views, self.status.now, self)
        self.news = News(bureau, bridge, lambda: self._actor, self)
        self._lay_out_rest()
        self._connect_rest()
        self.whole = True
        if self._shared:
            self._share()
        if self._first_case is None:
            self.shown.reload()
        else:
            self.shown.choose(self._first_case)
        self._count()
        self._greet()
        waiting, self._waiting = self._waiting, []
        for act in waiting:
            act()
        self.furnished.emit()

    def _lay_out(self) -> None:
        self.middle = QSplitter(Qt.Orientation.Vertical, self)
        self.across = QSplitter(Qt.Orientation.Horizontal, self)
        self.across.addWidget(self.case_list)
        self.across.addWidget(self.middle)
        # Holds the node's place, so that the list has its width from the start.
        self.across.addWidget(QWidget(self))
        self.across.setStretchFactor(1, 1)
        for splitter in (self.across, self.middle):
            splitter.setHandleWidth(max(4, self.fontMetrics().height() // 4))
        self.setCentralWidget(self.across)
        self.case_list.setProperty("helpPage", "case-list")
        # In the charts the same keys look for a node.
        self._find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        self.bottom = QTabWidget(self)
        self.bottom.hide()
        window_layout.restore(self, self.remembered)

    def _lay_out_rest(self) -> None:
        panels = self.panels
        self.chart_side = QWidget(self)
        column = QVBoxLayout(self.chart_side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(panels.simulator)
        column.addWidget(self.charts, 1)
        panels.simulator.hide()
        self.bottom.setDocumentMode(True)
        self.bottom.addTab(panels.alerts, "期限提醒")
        self.bottom.addTab(panels.journal, "办案日志")
        self.middle.addWidget(self.chart_side)
        self.middle.addWidget(self.bottom)
        self.middle.setStretchFactor(0, 1)
        place = self.across.replaceWidget(2, panels.node)
        if place is not None:
            place.deleteLater()
        panels.node.show()
        self.charts.setProperty("helpPage", "chart")
        window_layout.restore_panels(self, self.remembered)
        self._tick_panels()

    def _connect(self) -> None:
        self._bridge.failed.connect(self.errors.show)
        self._bridge.busy.connect(self.status.show_busy)
        self.case_list.case_chosen.connect(self._on_case_chosen)
        self.case_list.case_activated.connect(self._on_case_activated)
        self._find.activated.connect(self._focus_search)
        self.dialogs.registered.connect(self._on_registered)
        self.dialogs.help_requested.connect(self.help_requested)

    def _connect_rest(self) -> None:
        panels = self.panels
        self._bridge.changed.connect(self._on_changed)
        self.charts.node_selected.connect(self.shown.take_node)
        self.charts.node_activated.connect(self._on_node_activated)
        self.charts.exported.connect(self._on_exported)
        self.charts.printed.connect(lambda title: self._note("print", {"内容": title}))
        panels.node_requested.connect(self.shown.go_to)
        panels.case_requested.connect(self.open_case)
        panels.node.office_wanted.connect(self.dialogs.office)
        self.dialogs.listen_to(panels.node.things)
        panels.simulated.connect(self.shown.simulate)
        self.shown.titled.connect(self._on_titled)
        self.news.counted.connect(self.status.show_news)
        self.news.case_requested.connect(self._on_news_case)
        self.news.item_requested.connect(self.dialogs.decide)
        self.status.news.clicked.connect(self.news.show)
        self._ill = 0
        self.status.files.clicked.connect(lambda _on=False: self.dialogs.open_store())
        self.menu_rights = MenuRights(
            self._bureau, self._bridge, lambda: self._actor, lambda: self.shown.case_id,
            self.actions_, self,
        )  # fmt: skip
        self.scans.counted.connect(self.status.show_scans)
        self.status.scans.clicked.connect(lambda _on=False: self.scans.tray())
        self.scans.proof_wanted.connect(self.dialogs.open_proof)
        self.scans.look()
        self.bottom.currentChanged.connect(self._tick_panels)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)

    def _acts(self) -> dict[str, Act]:
        whole: dict[str, Act] = {
            "new_case": self.dialogs.new_case,
            "parties": self.dialogs.parties,
            "take_back": self.dialogs.take_back,
            "paper_layout": self.dialogs.paper_layout,
            "paper_templates": self.dialogs.paper_templates,
            "paper_laws": self.dialogs.paper_laws,
            "case_papers": self.dialogs.case_papers,
            "dossier": self.dialogs.dossier,
            "take_in": self.dialogs.take_in,
            "triangle": self.dialogs.triangle,
            "archive": self.dialogs.open_archive,
            "copies": self.dialogs.open_copies,
            "dossier_overdue": self.dialogs.open_overdue,
            "store": self.dialogs.open_store,
            "tray": self.scans.tray,
            "stack": self.scans.stack,
            "scan_sheets": self.dialogs.scan_sheets,
            "scan_folder": self.scans.scan_folder,
            "volumes": self.dialogs.volumes,
            "proof": self.dialogs.proof,
            "outdoor_kit": self.dialogs.outdoor_kit,
            "many_papers": self.dialogs.many_papers,
            "import_cases": self.dialogs.import_cases,
            "save_template": self.dialogs.save_template,
            "refresh": self.refresh,
            "calendar": self.dialogs.calendar,
            "chart_1": lambda: self._show_chart(0),
            "chart_2": lambda: self._show_chart(1),
            "chart_3": lambda: self._show_chart(2),
            "focus_node": self._focus_node,
            "alerts": lambda: self._toggle(self.panels.alerts),
            "approvals": self.dialogs.decisions,
            "digest": self._show_digest,
            "daily_sheet": self.dialogs.daily_sheet,
            "journal": lambda: self._toggle(self.panels.journal),
            "simulator": self._toggle_simulator,
            "whole_journal": self.dialogs.whole_journal,
            "my_password": self.dialogs.my_password,
            "people": self.dialogs.people,
            "accounts": self.dialogs.accounts,
            "deputies": self.dialogs.deputies,
            "court_settings": self.dialogs.court_settings,
            "matrix": self.dialogs.matrix,
            "rulebook": self.dialogs.rulebook,
            "help": self.dialogs.show_help,
            "about": self.dialogs.show_about,
        }
        return {
            **{name: self._once_whole(act) for name, act in whole.items()},
            "quit": self.close,
            "lock": self.lock_wanted.emit,
            "switch_user": self.switch_wanted.emit,
            "sign_out": self.sign_out_wanted.emit,
            "show_list": lambda: self.show_list(wanted=self.case_list.isHidden()),
            "focus_list": self._focus_list,
            "focus_search": self._focus_search,
            "whole_bureau": self.case_list.clear_choice,
            "larger": lambda: self.font_step.emit(1),
            "smaller": lambda: self.font_step.emit(-1),
            "normal_size": lambda: self.font_step.emit(0),
            "theme": lambda: self.theme_chosen.emit(self.actions_.theme()),
        }

    def _once_whole(self, act: Act) -> Act:
        return lambda: self._when_whole(act)

    def _when_whole(self, act: Act) -> None:
        """Do what was asked for; where its part is not there yet, as soon as it is."""
        if self.whole:
            act()
        else:
            self._waiting.append(act)
            self.status.say("正在准备，请稍候……")

    # ------------------------------------------------------------------------------------- cases

    def open_case(self, case_id: int, node: int | None = None) -> None:
        """Show a case, at a node where one is named."""
        self.shown.choose(case_id, node)
        self.case_list.select_case(case_id)

    def _greet(self) -> None:
        if self._around.greets:
            self.news.greet()
            self.news.look()
        else:
            self.news.count()

    def _show_digest(self) -> None:
        self.news.show()

    def _on_news_case(self, case_id: int, node: int) -> None:
        self.open_case(case_id, node or None)
        self.activateWindow()

    def _on_case_chosen(self, case_id: int | None) -> None:
        if self.whole:
            self.shown.choose(case_id)
        else:
            self._first_case = case_id
            self.status.say("正在打开案件，请稍候……")

    def _on_case_activated(self, _case_id: int) -> None:
        self._when_whole(self._leave_list)

    def _leave_list(self) -> None:
        """From the list to the node; on a narrow screen the list makes room."""
        if self.drawer:
            self.show_list(wanted=False)
        self._focus_node()

    def show_list(self, *, wanted: bool) -> None:
        """Show the list, or give its room to charts and node."""
        self.case_list.setVisible(wanted)
        self.actions_.by_name["show_list"].setChecked(wanted)

    def _focus_list(self) -> None:
        self.show_list(wanted=True)
        self.case_list.focus_list()

    def _focus_search(self) -> None:
        self.show_list(wanted=True)
        self.case_list.focus_search()

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
        if self.whole:
            self.news.look()
            self.scans.look()

    @Slot(object)
    def on_scanned(self, look: ScanLook) -> None:
        """Say what the watched scan folder has brought, or why it could not be looked into."""
        said = [*look.told, *(one.sentence for one in look.taken)]
        if said:
            self.status.say("　".join(said))
        if look.taken:
            cases = {p.case_id for one in look.taken for p in one.parts if p.case_id is not None}
            self._bridge.announce(Changes(frozenset(cases)))

    @Slot(object)
    def on_sweep_failed(self, error: Exception) -> None:
        """Say in the status line that a sweep failed; the next one comes by itself."""
        sentence = error.sentence if isinstance(error, ZhixingError) else "程序出错，详见日志。"
        self.status.show_sweep_failure(sentence)

    def on_files_ill(self, faults: Sequence[StoreFault]) -> None:
        """Say in the status line that kept files were found wrong."""
        self._ill += len(faults)
        self.status.show_ill_files(self._ill, faults[0].sentence)

    def refresh(self) -> None:
        """Read everything on the screen anew, and sweep."""
        self.sweep_wanted.emit()
        self._bridge.announce(Changes(alerts=True))
        self.status.say("正在刷新")

    def _count(self) -> None:
        from zhixing_desktop.services import alerts, waiting

        bureau, actor = self._bureau, self._actor

        def read_counts() -> tuple[int, int]:
            return alerts.unread_count(bureau, actor), waiting.count_waiting(bureau, actor)

        def show(found: tuple[int, int]) -> None:
            for name, number in zip(("alerts", "approvals"), found, strict=True):
                self.actions_.show_count(name, number)
            words = self.actions_.by_name["alerts"].text()
            tab = self.bottom.indexOf(self.panels.alerts)
            self.bottom.setTabText(tab, f"{words} {found[0]}" if found[0] else words)

        self._bridge.read(self, read_counts, show)

    def set_actor(self, actor: Actor) -> None:
        """From now on ``actor`` works here."""
        self._actor = actor
        self.status.show_user(actor)
        self.case_list.set_actor(actor)
        self.panels.set_actor(actor)
        self.dialogs.leave()
        self.news.set_actor(actor)
        self._greet()
        self._count()
        self.actor_changed.emit(actor)

    @Slot(object)
    def show_standing(self, state: DeskState) -> None:
        """Take how the person stands now: roles, for whom, what he may not open."""
        if state.actor is not None and state.actor != self._actor:
            self.set_actor(state.actor)
        self.status.show_user(self._actor, state.standing)
        # One of the acts of a window is enough to open it.
        acts = [act for act in state.refused if act.startswith("account.")]
        closed = state.refused["account.create"] if len(acts) == ACCOUNT_ACTS else ""
        self.actions_.allow("accounts", closed)
        if state.rulebook_offered and not self._offered:
            self._offered = True
            self.dialogs.offer_rulebook()

    def keep_drafts(self) -> None:
        """Keep at once what dialogs would keep in a moment."""
        from zhixing_desktop.ui.forms.draft_keeper import DraftKeeper
        from zhixing_desktop.ui.new_case import NewCaseDialog

        for keeper in self.findChildren(DraftKeeper):
            keeper.flush()
        for dialog in self.findChildren(NewCaseDialog):
            dialog.flush_draft()

    def _on_registered(self, case_id: int) -> None:
        self._bridge.announce(Changes(frozenset({case_id}), lists=True, alerts=True))
        self.open_case(case_id)

    def _on_exported(self, path: str) -> None:
        self.status.say(f"流程图已保存：{path}")
        self._note("export", {"内容": "流程图", "文件": Path(path).name})

    def _note(self, action: str, what: Mapping[str, str]) -> None:
        """Journal what left the program."""
        from zhixing_desktop.services import traces

        bureau, actor, case_id = self._bureau, self._actor, self.shown.case_id
        self._bridge.write(
            self,
            lambda: traces.note(bureau, actor, action, what, case_id=case_id),
            lambda _: None,
        )

    # ------------------------------------------------------------------------------------- panels

    def _show_chart(self, number: int) -> None:
        self.charts.tabs.setCurrentIndex(number)
        window_layout.bring_charts(self)

    def _toggle(self, panel: QWidget) -> None:
        if self.bottom.isVisible() and self.bottom.currentWidget() is panel:
            # Where the charts are a tab themselves they come back, else all tabs go.
            if not window_layout.bring_charts(self):
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
            window_layout.bring_charts(self)
            bar.show()
            bar.setFocus()
        self.actions_.by_name["simulator"].setChecked(bar.isVisible())

    def _tick_panels(self) -> None:
        shown = None if self.bottom.isHidden() else self.bottom.currentWidget()
        for name in ("alerts", "journal"):
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
        if event.key() != Qt.Key.Key_Escape or not self.whole:
            super().keyPressEvent(event)
        elif self.panels.simulator.isVisible():
            self._toggle_simulator()
        elif self.bottom.isVisible() and self.bottom.currentWidget() is not self.chart_side:
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
            self._share()

    def _share(self) -> None:
        window_layout.share(self, self.remembered)
        if self.whole:
            window_layout.fold(self)
            self._tick_panels()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold or unfold the node where the width asks for it."""
        super().resizeEvent(event)
        if self._shared and self.whole:
            window_layout.fold(self)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let whoever opened the window put everything away."""
        self.closing.emit()
        super().closeEvent(event)
