"""The composition root of the window: opens everything, wires it, puts it away again."""

from __future__ import annotations

import logging
import platform
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QObject, Qt, QTimer, QTranslator, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QDialog

from zhixing_desktop import paths, settings
from zhixing_desktop.clock import Clock, SystemClock
from zhixing_desktop.lasting import lasting
from zhixing_desktop.scheduler import Scheduler, load_beat
from zhixing_desktop.services.bureau import Actor, Bureau, open_bureau
from zhixing_desktop.services.rules import load_rules
from zhixing_desktop.settings import Settings
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.help_keys import HelpKeys
from zhixing_desktop.ui.log_file import CoveringFormatter
from zhixing_desktop.ui.main_window import MainWindow, Surroundings, load_furniture
from zhixing_desktop.ui.sign_in.gate import Gate
from zhixing_desktop.ui.sign_in.session import Session
from zhixing_desktop.ui.theme import TICKED, application_palette, install_fonts, tick_palette
from zhixing_desktop.workflow.errors import StoreError, ZhixingError

if TYPE_CHECKING:
    from zhixing_desktop.services.at_desk import DeskState
    from zhixing_desktop.services.scan_folder import ScanFolder
    from zhixing_desktop.services.signing_in import SignedIn
    from zhixing_desktop.services.store_watch import StoreWatch
    from zhixing_desktop.workflow.charts import Chart

REST_MS = 2000
"""So long the list's first rows are waited for, before the rest of the window is made anyway."""
DRAWN_MS = 30
"""After the first rows have come, so long their drawing has the machine for itself."""
FONT_STEP = 10
SCAN_SECONDS = 15
"""Between two looks into the scan folder; a file is taken at the second that finds it the same."""
_LOG_BYTES = 2_000_000
_log = logging.getLogger(__name__)


class Beat(QObject):
    """Asks what is due in the beat's thread and hands the answer to the GUI's."""

    swept = Signal(object)
    failed = Signal(object)
    ill = Signal(object)
    """Kept files that were found wrong: faults that were not told before."""

    def __init__(self, bureau: Bureau, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bureau = bureau
        self._watch: StoreWatch | None = None
        self.scheduler = Scheduler(self._sweep, clock=clock, failed=self.failed.emit)

    def _sweep(self) -> None:
        # With the engine, so not before there is something to see.
        from zhixing_desktop.services import paper_notices, recompute, sweep

        recompute.finish_recompute(self._bureau)
        paper_notices.settle_due(self._bureau)
        self.swept.emit(sweep.sweep(self._bureau))
        self._look_after_files()

    def _look_after_files(self) -> None:
        from zhixing_desktop.services.store_watch import StoreWatch

        if self._watch is None:
            self._watch = StoreWatch(self._bureau)
        faults = self._watch.look()
        if faults:
            self.ill.emit(faults)


class ScanBeat(QObject):
    """Looks into the workstation's scan folder at fixed intervals, in a thread of its own."""

    looked = Signal(object)

    def __init__(self, bureau: Bureau, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bureau = bureau
        self._folder = ""
        self._watched: tuple[str, ScanFolder] | None = None
        self._stopping = threading.Event()
        self.scheduler = Scheduler(self._look, clock=clock, seconds=SCAN_SECONDS)

    def watch(self, folder: str) -> None:
        """Watch a folder from now on; empty: none.  From any thread."""
        self._folder = folder.strip()

    def stop(self) -> None:
        """End; a file that is being read goes back to its place."""
        self._stopping.set()
        self.scheduler.stop()

    def _look(self) -> None:
        folder = self._folder
        if not folder:
            self._watched = None
            return
        # With what reads pages, so not before there is a folder.
        from zhixing_desktop.services.scan_folder import ScanFolder

        if self._watched is None or self._watched[0] != folder:
            place = Path(folder).expanduser()
            self._watched = (folder, ScanFolder(self._bureau, place, self._stopping.is_set))
        look = self._watched[1].look()
        if look.taken or look.told:
            self.looked.emit(look)


class Desk(QObject):
    """One opened bureau with its window, from opening to putting away.

    ``closed`` is emitted when everything is put away; ``refused`` carries the error that keeps the
    window from becoming whole (a faulty rulebook).
    """

    closed = Signal()
    refused = Signal(object)

    def __init__(
        self,
        bureau: Bureau,
        *,
        clock: Clock,
        remembered: Settings | None = None,
        remember: Callable[[Settings], None] | None = None,
    ) -> None:
        super().__init__()
        self.bureau = bureau
        self.bridge = Bridge(self)
        self.settings = remembered or Settings()
        self._remember = remember
        self._clock = clock
        self.window: MainWindow | None = None
        self.beat = Beat(bureau, clock, self)
        self.scan_beat = ScanBeat(bureau, clock, self)
        self.scan_beat.watch(self.settings.scan_folder)
        self.help_keys = HelpKeys(handbook_dir(), self)
        self.gate = Gate(bureau, self.bridge, self)
        self.gate.ready.connect(self.prepare)
        self.gate.entered.connect(self._on_entered)
        self.session = Session(bureau, self.bridge, clock.now, self)
        self.session.stood.connect(self._on_stood)
        self.session.locking.connect(self._keep_drafts)
        self.session.unlocked.connect(self._welcome)
        self.session.taken_over.connect(self._on_taken_over)
        self.session.quit_wanted.connect(self._on_quit)
        self.beat.swept.connect(self.session.refresh, Qt.ConnectionType.QueuedConnection)
        self._preparing = False
        self._charts: tuple[Chart, ...] | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._on_rest)

    def prepare(self) -> None:
        """Read, off the GUI thread, what the window needs besides the list.  Once."""
        if not self._preparing:
            self._preparing = True
            self.bridge.read(self, self._read_rest, self._on_prepared, self.refused.emit)

    def ask_who(self, login: str = "") -> None:
        """Ask who works here; the window opens for whoever signs in.

        ``login`` is written into the field.  Where nobody has an account yet, the bureau and its
        first administrators are made.
        """
        self.gate.ask(login)

    def _on_entered(self, signed: SignedIn) -> None:
        self._show(self.open_window(signed.actor, login=signed.login, list_first=True))
        self._welcome(signed)

    def _show(self, window: MainWindow) -> None:
        room = window.screen().availableGeometry()
        if self.settings.layout is None and room.width() <= window.width() * 1.25:
            window.showMaximized()
        else:
            window.show()

    def _welcome(self, signed: SignedIn) -> None:
        """Say when the person was here last, and aloud what should worry him."""
        window = self.window
        if window is None:
            return
        window.status.show_sign_in(signed.words())
        window.status.say(signed.words())
        expiry = signed.expiry_words()
        if signed.failures_since:
            messages.tell(window, "上次登录以后", signed.words(), below=expiry)
        elif expiry:
            below = "可以在“人员”菜单中用“修改我的密码”更换。"
            messages.tell(window, "密码快到期", expiry, below=below)

    def _on_stood(self, state: DeskState) -> None:
        if self.window is not None:
            self.window.show_standing(state)

    def _keep_drafts(self) -> None:
        if self.window is not None:
            self.window.keep_drafts()

    def _on_taken_over(self, signed: SignedIn) -> None:
        """Somebody else has signed in at the lock: nothing of the former one stays."""
        self._put_away_window()
        self._on_entered(signed)

    def _on_sign_out(self) -> None:
        self._put_away_window()
        self.session.end("退出")
        self.gate.ask()

    def _on_quit(self) -> None:
        if self.window is not None:
            self.window.close()

    def _put_away_window(self) -> None:
        """Close everything of whoever worked here; the beat goes on."""
        window, self.window = self.window, None
        self._rest.stop()
        if window is None:
            return
        window.keep_drafts()
        self.settings = replace(self.settings, layout=window.layout_state())
        window.closing.disconnect(self.close)
        shown = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
        for other in (*self.session.hidden_windows(), *shown):
            # Its own dialogs go with the window; these have nothing above them.
            if isinstance(other, QDialog) and other.parentWidget() is None:
                other.hide()
                other.deleteLater()
        window.hide()
        window.deleteLater()

    def open_window(self, actor: Actor, *, login: str = "", list_first: bool = False) -> MainWindow:
        """Make the window for ``actor`` and start the beat.  The caller shows it.

        ``login`` is that of a sign-in.  With ``list_first`` the window has only the list at first,
        which can be used while rulebook and charts are being read; the rest and the beat follow by
        themselves.
        """
        window = build_window(
            self.bureau,
            self.bridge,
            actor,
            clock=self._clock,
            remembered=self.settings,
            list_first=list_first,
        )
        self.window = window
        queued = Qt.ConnectionType.QueuedConnection
        self.beat.swept.connect(window.on_swept, queued)
        self.beat.failed.connect(window.on_sweep_failed, queued)
        self.beat.ill.connect(window.on_files_ill, queued)
        self.scan_beat.looked.connect(window.on_scanned, queued)
        window.scans.folder = self.settings.scan_folder
        window.scans.folder_saved.connect(self._on_scan_folder)
        window.sweep_wanted.connect(self.beat.scheduler.soon)
        window.actor_changed.connect(self._on_actor)
        window.font_step.connect(self._on_font_step)
        window.theme_chosen.connect(self._on_theme)
        window.closing.connect(self.close)
        window.login = login or actor.name
        window.lock_wanted.connect(self.session.lock)
        window.switch_wanted.connect(self.session.switch_user)
        window.sign_out_wanted.connect(self._on_sign_out)
        window.dialogs.standing_changed.connect(self.session.refresh)
        self._on_actor(actor)
        self.session.begin(actor, login)
        if window.whole:
            self.beat.scheduler.start()
            self.scan_beat.scheduler.start()
            self.session.refresh()
        else:
            window.furnished.connect(self.beat.scheduler.start)
            window.furnished.connect(self.scan_beat.scheduler.start)
            window.furnished.connect(self.session.refresh)
            # Not before the first rows are drawn, or both would be late.
            window.case_list.model.loaded.connect(self._on_listed)
            self._rest.start(REST_MS)
        return window

    def _on_listed(self) -> None:
        if self._rest.isActive():
            self._rest.start(DRAWN_MS)

    def _on_rest(self) -> None:
        if self.window is None:
            return
        if self._charts is None:
            self.prepare()
        else:
            self._furnish(self.window, self.window.furnishing(self._charts))

    def _read_rest(self) -> tuple[Chart, ...]:
        # All of it stays, and a search for garbage would hold the GUI thread as well.
        with lasting():
            load_furniture()
            load_beat()
            # Asked for here, so that nobody waits for it later and its faults are said at once.
            self.bureau.rules.reading.book()
            return charts_of_the_annex()

    def _on_prepared(self, charts: tuple[Chart, ...]) -> None:
        self._charts = charts
        if self.window is not None and not self._rest.isActive():
            self._on_rest()

    def _furnish(self, window: MainWindow, parts: Iterator[None]) -> None:
        """Make the next part of the window, then look at keys and mouse, then go on."""
        if self.window is window and next(parts, self) is None:
            QTimer.singleShot(0, lambda: self._furnish(window, parts))

    def close(self) -> None:
        """Put everything away: beat, bridge, database, in this order.  Harmless when repeated."""
        if self.window is not None:
            self.settings = replace(self.settings, layout=self.window.layout_state())
            self.window = None
            self._save()
        self.session.end("退出")
        self.gate.close()
        self.beat.scheduler.stop()
        self.scan_beat.stop()
        self.bridge.close()
        self.bureau.close()
        self.closed.emit()

    def _on_actor(self, actor: Actor) -> None:
        self.settings = replace(self.settings, last_user=actor.name)
        self._save()

    def _on_font_step(self, step: int) -> None:
        scale = self.settings.font_scale + step * FONT_STEP if step else 100
        scale = min(max(scale, settings.SMALLEST_FONT), settings.LARGEST_FONT)
        self.settings = replace(self.settings, font_scale=scale)
        apply_font_scale(scale)
        self._save()

    def _on_scan_folder(self, folder: str) -> None:
        self.settings = replace(self.settings, scan_folder=folder)
        self.scan_beat.watch(folder)
        self._save()

    def _on_theme(self, name: str) -> None:
        self.settings = replace(self.settings, theme=name)
        apply_theme(name)
        self._save()

    def _save(self) -> None:
        if self._remember is None:
            return
        try:
            self._remember(self.settings)
        except StoreError as error:
            _log.warning("%s", error.sentence)
            if self.window is not None:
                self.window.status.say(error.sentence)


def build_window(
    bureau: Bureau,
    bridge: Bridge,
    actor: Actor,
    *,
    clock: Clock,
    remembered: Settings | None = None,
    list_first: bool = False,
) -> MainWindow:
    """Make the main window over an opened bureau.  Nothing is started and nothing shown.

    With ``list_first`` it still has to be furnished.
    """
    chosen = remembered or Settings()
    around = Surroundings(
        clock=clock,
        handbook=handbook_dir(),
        test_clock=type(clock) is not SystemClock,
        layout=chosen.layout,
        theme=chosen.theme,
        greets=list_first,
    )
    window = MainWindow(bureau, bridge, actor, around)
    if not list_first:
        window.furnish(charts_of_the_annex())
    return window


def charts_of_the_annex() -> tuple[Chart, ...]:
    """Read the three charts of the guideline's annex."""
    from zhixing_desktop.services.charts import load_charts

    return load_charts(paths.resources_dir())


def handbook_dir() -> Path:
    """Return the folder of the officers' handbook: beside ``resources/``."""
    return paths.resources_dir().parent / "docs" / "handbook"


def run_window(
    url: str | None = None,
    *,
    user: str | None = None,
    clock: Clock | None = None,
    purpose: str = "bureau",
    arguments: list[str] | None = None,
) -> int:
    """Open the window and stay until it is closed; return the exit code.

    ``url`` is the database (by default that of the settings), ``user`` a name to begin with in
    the sign-in, ``clock`` a test clock for a sample bureau.
    """
    application = make_application(arguments)
    remembered = settings.load_settings()
    start_logging(settings.log_file())
    apply_theme(remembered.theme)
    apply_font_scale(remembered.font_scale)
    shell = Shell(application, remembered, clock or SystemClock(), purpose)
    restore = install_hooks(shell.show_defect)
    try:
        shell.start(url or remembered.database_url, user)
        return application.exec()
    finally:
        shell.close()
        restore()


class Shell(QObject):
    """From the start of the program to its window: database, person, window."""

    _defect = Signal(object)

    def __init__(
        self, application: QApplication, remembered: Settings, clock: Clock, purpose: str
    ) -> None:
        super().__init__()
        self._application = application
        self._settings = remembered
        self._clock = clock
        self._purpose = purpose
        self.desk: Desk | None = None
        # Between two people there is no window; the desk says when all is over.
        application.setQuitOnLastWindowClosed(False)
        self._defect.connect(self._show_defect, Qt.ConnectionType.QueuedConnection)

    def start(self, url: str, user: str | None = None, *, create: bool = False) -> None:
        """Open the database, ask who works here (``user`` to begin with), open the window."""
        try:
            bureau = open_bureau(
                url,
                clock=self._clock,
                resources=paths.resources_dir(),
                workstation=platform.node() or "工作站",
                create=create,
                purpose=self._purpose,
                exclusive=True,
                rules=load_rules(paths.resources_dir(), book_later=True),
                files_dir=settings.shared_files(self._settings),
            )
        except ZhixingError as error:
            self._not_opened(url, user, error)
            return
        self.desk = Desk(
            bureau,
            clock=self._clock,
            remembered=replace(self._settings, database_url=url),
            remember=settings.save_settings,
        )
        self.desk.closed.connect(self._application.quit)
        self.desk.refused.connect(self._on_refused)
        self.desk.gate.given_up.connect(self._application.quit)
        self.desk.ask_who(user if user is not None else self._settings.last_user)

    def _not_opened(self, url: str, user: str | None, error: ZhixingError) -> None:
        fresh = error.data.get("kind") in ("missing", "empty")
        if fresh and url == settings.default_database_url():
            messages.ask(
                None,
                "第一次使用",
                "本机还没有办案数据库，要现在建立吗？",
                lambda: QTimer.singleShot(0, lambda: self.start(url, user, create=True)),
                no=self._application.quit,
                yes_words="建立数据库",
                no_words="退出",
                below=f"位置　{url.removeprefix('sqlite:///')}\n"
                "几台电脑合用时，请先由系统管理员设置共用数据库的地址。",
            )
            return
        box = messages.show_error(None, error, title="数据库没有打开")
        box.finished.connect(self._application.quit)

    def _on_refused(self, error: Exception) -> None:
        """Say why nobody can work with this rulebook, and end."""
        above = (self.desk.window or self.desk.gate.dialog) if self.desk else None
        box = messages.show_error(above, error, title="数据库没有打开")
        box.finished.connect(self._application.quit)

    def show_defect(self, error: BaseException) -> None:
        """Take an error that nobody took, from any thread."""
        self._defect.emit(error)

    def _show_defect(self, error: BaseException) -> None:
        messages.show_defect(self.desk.window if self.desk else None, error)

    def close(self) -> None:
        """Put everything away."""
        if self.desk is not None:
            self.desk.close()


# ------------------------------------------------------------------------------- the application


def make_application(arguments: list[str] | None = None) -> QApplication:
    """Return the application with its style, its font and Qt's own words in Chinese."""
    found = QApplication.instance()
    application = (
        found if isinstance(found, QApplication) else QApplication(arguments or sys.argv[:1])
    )
    application.setApplicationName("zhixing")
    application.setApplicationDisplayName("")
    application.setStyle("Fusion")
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load("qtbase_zh_CN", folder):
        application.installTranslator(translator)
    choice = install_fonts(application, paths.resources_dir() / "fonts")
    if choice.sentence:
        _log.warning("%s", choice.sentence)
    application.setProperty("plainPointSize", application.font().pointSizeF())
    return application


def apply_font_scale(percent: int) -> None:
    """Make all letters ``percent`` of their ordinary size."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        return
    plain = application.property("plainPointSize") or application.font().pointSizeF()
    font = QFont(application.font())
    font.setPointSizeF(float(plain) * percent / 100)
    application.setFont(font)


def apply_theme(name: str) -> None:
    """Use the colours of ``system``, ``light`` or ``dark``."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        return
    dark = name == "dark"
    if name == "system":
        dark = application.styleHints().colorScheme() == Qt.ColorScheme.Dark
    application.setPalette(application_palette(dark))
    for kind in TICKED:
        # The stub says bytes, which the call itself refuses.
        application.setPalette(tick_palette(dark), kind)  # type: ignore[arg-type]


def start_logging(file: Path) -> None:
    """Write the program's log to ``file``, in turns of two megabytes."""
    from logging.handlers import RotatingFileHandler

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(file, maxBytes=_LOG_BYTES, backupCount=3, encoding="utf-8")
    except OSError:
        # Without a place for the log the program still works.
        return
    handler.setFormatter(CoveringFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)


def install_hooks(show: Callable[[BaseException], None]) -> Callable[[], None]:
    """Show what no one caught, of any thread; return what puts the old hooks back."""
    before, before_threads = sys.excepthook, threading.excepthook

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            before(kind, error, trace)
            return
        _log.critical("uncaught", exc_info=(kind, error, trace))
        show(error)

    def thread_hook(given: threading.ExceptHookArgs) -> None:
        if given.exc_value is not None:
            hook(given.exc_type, given.exc_value, given.exc_traceback)

    def restore() -> None:
        sys.excepthook, threading.excepthook = before, before_threads

    sys.excepthook, threading.excepthook = hook, thread_hook
    return restore
