"""The composition root of the window: opens everything, wires it, puts it away again."""

from __future__ import annotations

import logging
import platform
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QLibraryInfo, QObject, Qt, QTimer, QTranslator, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from zhixing_desktop import paths, settings
from zhixing_desktop.clock import Clock, SystemClock
from zhixing_desktop.scheduler import Scheduler
from zhixing_desktop.services import people, sweep
from zhixing_desktop.services.bureau import Actor, Bureau, open_bureau
from zhixing_desktop.services.charts import load_charts
from zhixing_desktop.settings import Settings
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.main_window import MainWindow, Surroundings
from zhixing_desktop.ui.people_chooser import PeopleChooser
from zhixing_desktop.ui.theme import application_palette, install_fonts
from zhixing_desktop.workflow.errors import StoreError, ZhixingError

FONT_STEP = 10
_LOG_BYTES = 2_000_000
_log = logging.getLogger(__name__)


class Beat(QObject):
    """Asks what is due in the beat's thread and hands the answer to the GUI's."""

    swept = Signal(object)
    failed = Signal(object)

    def __init__(self, bureau: Bureau, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bureau = bureau
        self.scheduler = Scheduler(self._sweep, clock=clock, failed=self.failed.emit)

    def _sweep(self) -> None:
        self.swept.emit(sweep.sweep(self._bureau))


class Desk(QObject):
    """One opened bureau with its window, from opening to putting away.

    ``closed`` is emitted when everything is put away.
    """

    closed = Signal()

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

    def open_window(self, actor: Actor) -> MainWindow:
        """Make the window for ``actor`` and start the beat.  The caller shows it."""
        window = build_window(
            self.bureau, self.bridge, actor, clock=self._clock, remembered=self.settings
        )
        self.window = window
        queued = Qt.ConnectionType.QueuedConnection
        self.beat.swept.connect(window.on_swept, queued)
        self.beat.failed.connect(window.on_sweep_failed, queued)
        window.sweep_wanted.connect(self.beat.scheduler.soon)
        window.actor_changed.connect(self._on_actor)
        window.font_step.connect(self._on_font_step)
        window.theme_chosen.connect(self._on_theme)
        window.closing.connect(self.close)
        self._on_actor(actor)
        self.beat.scheduler.start()
        return window

    def close(self) -> None:
        """Put everything away: beat, bridge, database, in this order.  Harmless when repeated."""
        if self.window is not None:
            self.settings = replace(self.settings, layout=self.window.layout_state())
            self.window = None
            self._save()
        self.beat.scheduler.stop()
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
) -> MainWindow:
    """Make the main window over an opened bureau.  Nothing is started and nothing shown."""
    chosen = remembered or Settings()
    around = Surroundings(
        charts=load_charts(paths.resources_dir()),
        clock=clock,
        handbook=handbook_dir(),
        test_clock=type(clock) is not SystemClock,
        layout=chosen.layout,
        theme=chosen.theme,
    )
    return MainWindow(bureau, bridge, actor, around)


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

    ``url`` is the database (by default that of the settings), ``user`` the name of a person (asked
    for when not given), ``clock`` a test clock for a sample bureau.
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
        application.setQuitOnLastWindowClosed(True)
        self._defect.connect(self._show_defect, Qt.ConnectionType.QueuedConnection)

    def start(self, url: str, user: str | None = None, *, create: bool = False) -> None:
        """Open the database; ask who works here unless ``user`` says so; open the window."""
        try:
            bureau = open_bureau(
                url,
                clock=self._clock,
                resources=paths.resources_dir(),
                workstation=platform.node() or "工作站",
                create=create,
                purpose=self._purpose,
                exclusive=True,
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
        if user is not None:
            self._enter_as(user)
        else:
            self._ask_who()

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

    def _enter_as(self, user: str) -> None:
        assert self.desk is not None
        try:
            person = people.find_person(self.desk.bureau, user)
        except ZhixingError as error:
            box = messages.show_error(None, error, title="人员不在名册中")
            box.finished.connect(self._ask_who)
            return
        self._enter(person.actor())

    def _ask_who(self) -> None:
        assert self.desk is not None
        chooser = PeopleChooser(
            self.desk.bureau, self.desk.bridge, last_user=self._settings.last_user
        )
        messages.keep_until_finished(chooser)
        chooser.chosen.connect(self._enter)
        chooser.rejected.connect(self._application.quit)
        chooser.open()

    def _enter(self, actor: Actor) -> None:
        assert self.desk is not None
        window = self.desk.open_window(actor)
        room = window.screen().availableGeometry()
        if self.desk.settings.layout is None and room.width() <= window.width() * 1.25:
            window.showMaximized()
        else:
            window.show()

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


def start_logging(file: Path) -> None:
    """Write the program's log to ``file``, in turns of two megabytes."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(file, maxBytes=_LOG_BYTES, backupCount=3, encoding="utf-8")
    except OSError:
        # Without a place for the log the program still works.
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
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
