"""The lowest line of the window: who, where, when, and when the beat looked last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QStatusBar, QToolButton, QWidget

from zhixing_desktop.clock import Clock
from zhixing_desktop.services.bureau import Actor
from zhixing_desktop.ui.theme import theme_for

if TYPE_CHECKING:
    from zhixing_desktop.services.sweep import SweepResult

_TICK_MS = 1000
_SAID_MS = 8000
_PLACE_LETTERS = 18


def _short(place: str) -> str:
    """A file's name says enough; where it lies is in the tool tip."""
    return place if "://" in place else PurePath(place).name


class ElidedLabel(QLabel):
    """A label that shortens its middle instead of pushing others away."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = text
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.set_whole(text)

    def set_whole(self, text: str) -> None:
        """Show ``text``, as much of it as there is room."""
        self._whole = text
        self.setToolTip(text)
        self._shorten()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten anew."""
        super().resizeEvent(event)
        self._shorten()

    def _shorten(self) -> None:
        mode = Qt.TextElideMode.ElideMiddle
        self.setText(self.fontMetrics().elidedText(self._whole, mode, max(self.width(), 0)))


class StatusLine(QStatusBar):
    """Shows user, database, clock and last sweep; passing messages stand at the left.

    ``clock`` is the workstation's; against a shared database the server's time counts, so the
    difference found by the last sweep is added.
    """

    def __init__(
        self, clock: Clock, place: str, *, test_clock: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._test = test_clock
        self._ahead = timedelta(0)
        self._sweep_failed = False
        self.user = QLabel(self)
        self.place = ElidedLabel(f"数据库 {_short(place)}", self)
        self.place.setToolTip(place)
        self.time = QLabel(self)
        self.swept = QLabel("尚未巡检", self)
        self.work = QLabel("", self)
        self.news = QToolButton(self)
        self.news.setAutoRaise(True)
        self.news.hide()
        self.scans = QToolButton(self)
        self.scans.setAutoRaise(True)
        self.scans.hide()
        self.addWidget(self.work)
        self.addPermanentWidget(self.scans)
        self.files = QToolButton(self)
        self.files.setAutoRaise(True)
        self.files.hide()
        self.addPermanentWidget(self.files)
        self.addPermanentWidget(self.news)
        for widget, stretch in ((self.place, 3), (self.user, 0), (self.swept, 0), (self.time, 0)):
            self.addPermanentWidget(self._line())
            self.addPermanentWidget(widget, stretch)
        # The rest is for passing messages, which stand at the left.
        self.place.setMaximumWidth(self.fontMetrics().horizontalAdvance("案") * _PLACE_LETTERS)
        self.setSizeGripEnabled(False)
        side = self.fontMetrics().height() // 2
        self.setContentsMargins(side, 0, side, 0)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.show_time)
        self._timer.start()
        self.show_time()
        self._colour()

    def _line(self) -> QFrame:
        line = QFrame(self)
        line.setFrameShape(QFrame.Shape.VLine)
        line.setFrameShadow(QFrame.Shadow.Plain)
        line.setForegroundRole(line.palette().ColorRole.Mid)
        return line

    def now(self) -> datetime:
        """The moment that counts."""
        return self._clock.now() + self._ahead

    def show_time(self) -> None:
        """Write the clock; a test clock says so."""
        words = f"{self.now():%Y-%m-%d %H:%M}"
        if self._test:
            words += "　试验时钟"
        if words != self.time.text():
            self.time.setText(words)

    def show_user(self, actor: Actor, standing: Sequence[tuple[str, str]] = ()) -> None:
        """Write who works here, and for whom he stands today (role and principal)."""
        roles = "、".join(actor.roles)
        words = f"{actor.name}（{roles}）" if roles else actor.name
        self.user.setText("　".join((words, *(f"代{who}（{role}）" for role, who in standing))))

    def show_sign_in(self, words: str) -> None:
        """Keep what was said at signing in where it can be read again."""
        self.user.setToolTip(words)

    def show_news(self, number: int, heading: str) -> None:
        """Write how many lines the digest has; a click opens it."""
        self.news.setText(f"新情况 {number}" if number else "新情况")
        self.news.setToolTip(f"{heading}（Ctrl+D）")
        self.news.show()

    def show_scans(self, number: int) -> None:
        """Write how many scans wait in the tray; a click opens it.  Nothing where none do."""
        self.scans.setText(f"待归扫描 {number}")
        self.scans.setToolTip("还没有确定归入哪个案件的扫描件（Ctrl+T）")
        self.scans.setVisible(number > 0)

    def show_busy(self, busy: bool) -> None:
        """Tell that something is being read or written."""
        self.work.setText("处理中……" if busy else "")

    def show_sweep(self, result: SweepResult) -> None:
        """Write what the last sweep found."""
        self._ahead = result.at - self._clock.now()
        if result.busy:
            words = "别的工作站正在巡检"
        elif result.fired:
            words = f"巡检 {result.at:%H:%M}，新提醒{result.fired}条"
        else:
            words = f"巡检 {result.at:%H:%M}"
        self.swept.setText(words)
        self.swept.setToolTip("每分钟自动检查到期、预警和冻结")
        self._sweep_failed = False
        self._colour()
        self.show_time()

    def show_ill_files(self, number: int, sentence: str) -> None:
        """Write that kept files were found wrong, and the first of it; a click opens the check."""
        self.files.setText(f"！文件有问题 {number}")
        self.files.setToolTip(f"{sentence}\n请系统管理员打开“文件检查”处理。")
        self.files.show()

    def show_sweep_failure(self, sentence: str) -> None:
        """Write that the last sweep failed, and why; the next one comes by itself."""
        self.swept.setText("巡检未完成")
        self.swept.setToolTip(f"{sentence}\n一分钟后自动重试。")
        self._sweep_failed = True
        self._colour()

    def say(self, words: str) -> None:
        """Show a passing message."""
        self.showMessage(words, _SAID_MS)

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change between light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "swept"):
            self._colour()

    def _colour(self) -> None:
        theme = theme_for(self.palette())
        for label, loud in ((self.swept, self._sweep_failed), (self.time, self._test)):
            palette = label.palette()
            colour = theme.found if loud else theme.text
            palette.setColor(palette.ColorRole.WindowText, colour)
            label.setPalette(palette)
