"""A bar for one long job at a time: what is done, how far it is, and a button that stops it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.parts import Words

Tell = Callable[[int, int, str], None]
Job = Callable[[Tell, Callable[[], bool]], Any]
_STEPS = 1000


class LongJob(QWidget):
    """Hidden while nothing runs.  ``ended`` when a job is over, however it ended."""

    ended = Signal()
    _told = Signal(int, str)

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._stopped = False
        self.running = False
        self.words = Words(tone="muted", middle=True)
        self.bar = QProgressBar(self)
        self.bar.setAccessibleName("进度")
        self.bar.setRange(0, _STEPS)
        self.stop_button = QPushButton("停止", self)
        self.stop_button.setAutoDefault(False)
        self.stop_button.clicked.connect(self.stop)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.words, 1)
        line.addWidget(self.bar, 1)
        line.addWidget(self.stop_button)
        self._told.connect(self._show)
        self.hide()

    def run(
        self, job: Job, done: Callable[[Any], object], failed: Callable[[Exception], object]
    ) -> None:
        """Run a job off the GUI thread; ``job`` gets who is told and who tells to stop."""
        self._stopped, self.running = False, True
        self.stop_button.setEnabled(True)
        self._show(0, "正在准备…")
        self.show()
        last = [-1, ""]

        def tell(done_so_far: int, total: int, what: str) -> None:
            step = done_so_far * _STEPS // total if total else 0
            # A queue of ten thousand answers would hold the window up.
            if [step // 10, what] != last:
                last[:] = [step // 10, what]
                self._told.emit(step, what)

        def over() -> None:
            self.running = False
            self.hide()
            self.ended.emit()

        def good(result: Any) -> None:
            over()
            done(result)

        def bad(error: Exception) -> None:
            over()
            failed(error)

        # By a reader: other people's steps do not wait for it.
        self._bridge.read(self, lambda: job(tell, self.is_stopped), good, bad)

    def stop(self) -> None:
        """End as soon as it can be."""
        self._stopped = True
        self.stop_button.setEnabled(False)
        self.words.setText("正在停止…")

    def is_stopped(self) -> bool:
        """Tell whether somebody wants it to end; asked from threads."""
        return self._stopped

    def _show(self, step: int, what: str) -> None:
        if self.running and not self._stopped:
            self.bar.setValue(step)
            self.words.setText(what)
