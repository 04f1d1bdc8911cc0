"""Notices that nobody works here any more, by the clock's readings.

Ticks of a timer stop while the computer sleeps; the clock goes on.  So at each tick, and before
each key or click is let through, the moment of the last one is compared with now.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow

TICK_MS = 1000
LOCK_KEYS = QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_L)
"""The same as the main window's action."""
_TOUCHES = frozenset(
    (
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    )
)


class IdleWatch(QObject):
    """``idle`` when nobody has touched key or mouse for so long; ``expired`` at a session's end.

    ``lock_wanted`` for Ctrl+L in any window: the main window's own keys are dead below a dialog.

    Only windows of the operating system are listened to (not every widget), each from when it first
    has the keyboard.
    """

    idle = Signal()
    expired = Signal()
    lock_wanted = Signal()

    def __init__(self, now: Callable[[], datetime], parent: QObject) -> None:
        super().__init__(parent)
        self._now = now
        self._last = self._began = now()
        self._idle: timedelta | None = None
        self._session: timedelta | None = None
        self._running = False
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.check)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self._listen_to)

    def set_limits(self, idle_minutes: int, session_hours: int) -> None:
        """Say how long nobody may be away and how long a session may last."""
        self._idle = timedelta(minutes=idle_minutes)
        self._session = timedelta(hours=session_hours)

    def start(self) -> None:
        """Somebody has just signed in."""
        self._last = self._began = self._now()
        self._running = True
        self._timer.start()
        self._listen_to(QGuiApplication.focusWindow())

    def stop(self) -> None:
        """Nobody is signed in, or the window is locked already."""
        self._running = False
        self._timer.stop()

    def check(self) -> bool:
        """Look at the clock; tell whether somebody has been away too long."""
        if not self._running:
            return False
        now = self._now()
        # A clock that was set back must not lengthen anything.
        self._last, self._began = min(self._last, now), min(self._began, now)
        for limit, since, over in (
            (self._session, self._began, self.expired),
            (self._idle, self._last, self.idle),
        ):
            if limit is not None and now - since >= limit:
                self.stop()
                over.emit()
                return True
        return False

    def listen_to(self, window: QWindow | None) -> None:
        """Hear keys and mouse of a window."""
        self._listen_to(window)

    def _listen_to(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)  # the same filter twice is one filter

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note keys and mouse; what comes too late is not let through."""
        if self._running and event.type() in _TOUCHES:
            if self.check():
                return True
            if isinstance(event, QKeyEvent) and event.keyCombination() == LOCK_KEYS:
                self.lock_wanted.emit()
                return True
            self._last = self._now()
        return super().eventFilter(watched, event)
