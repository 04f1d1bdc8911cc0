"""Many steps one after the other, each by itself: the window and its other steps come between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from zhixing_desktop.services.paper_types import BatchResult, Failure
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.workflow.errors import ZhixingError

STOPPED = "已停止，其余的没有办理。"
NOTHING = BatchResult((), (), 0, "")
Job = Callable[[Any], BatchResult]


class Chain(QObject):
    """Runs ``job`` for one thing after the other by the bridge's writer.

    ``progressed`` carries how many are done, how many there are and what comes next; ``ended`` the
    whole :class:`BatchResult`; ``broken`` an error that is no refusal.
    """

    progressed = Signal(int, int, str)
    ended = Signal(object)
    broken = Signal(object)

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._things: Sequence[Any] = ()
        self._job: Job = lambda _: NOTHING
        self._name: Callable[[Any], str] = str
        self._at = 0
        self._stop = False
        self.running = False
        self._result = NOTHING

    def run(self, things: Sequence[Any], name: Callable[[Any], str], job: Job) -> None:
        """Begin; ``name`` says what a thing is called."""
        self._things, self._name, self._job = things, name, job
        self._at, self._stop, self.running, self._result = 0, False, True, NOTHING
        self._next()

    def stop(self) -> None:
        """Let the one that runs end, begin no other."""
        self._stop = True

    def _next(self) -> None:
        rest = len(self._things) - self._at
        if not rest or self._stop or self._result.stopped:
            self._end(rest)
            return
        thing = self._things[self._at]
        self.progressed.emit(self._at, len(self._things), self._name(thing))
        self._bridge.write(self, lambda: self._one(thing), self._done, self._failed)

    def _one(self, thing: Any) -> BatchResult:
        try:
            return self._job(thing)
        except ZhixingError as error:
            return BatchResult((), (Failure(self._name(thing), error.sentence),), 0, "")

    def _done(self, found: BatchResult) -> None:
        self._at += 1
        all_ = self._result
        # A batch names a paper by its form; here it is called as in the list.
        failed = tuple(
            Failure(self._name(self._things[self._at - 1]), entry.sentence)
            for entry in found.failed
        )
        self._result = BatchResult(
            all_.done + found.done,
            all_.failed + failed,
            0,
            found.stopped,
            all_.files + found.files,
        )
        self._next()

    def _failed(self, error: Exception) -> None:
        self.running = False
        self.broken.emit(error)

    def _end(self, rest: int) -> None:
        self.running = False
        stopped = self._result.stopped or (STOPPED if rest else "")
        all_ = self._result
        self._result = BatchResult(all_.done, all_.failed, rest, stopped, all_.files)
        self.progressed.emit(self._at, len(self._things), "")
        self.ended.emit(self._result)


def told(result: BatchResult, act: str, left: str = "没有办成") -> str:
    """Return what came of a batch in a few words; ``left`` says what became of the others."""
    done = max(len(result.done), len(result.files))
    parts = [f"{act}{done}份"]
    if result.failed:
        parts.append(f"{len(result.failed)}份{left}")
    if result.untried:
        parts.append(f"{result.untried}份没有办理")
    tail = f"　{result.stopped}" if result.stopped else ""
    return "，".join(parts) + "。" + tail
