"""Where the window's wishes leave the GUI thread and the answers come back.

Reading runs in a small pool, writing in one thread, one after another.  Results are delivered on
the GUI thread by queued signals; a receiver that is gone by then is not called.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

READERS = 2


@dataclass(frozen=True, slots=True)
class Changes:
    """What a step touched; each view decides whether to look again.

    ``cases`` are row numbers (empty: any); ``lists`` whether list rows or counts may differ;
    ``alerts`` whether announcements are new.
    """

    cases: frozenset[int] = frozenset()
    lists: bool = True
    alerts: bool = False


class _Answer(QObject):
    """Carries one result to the GUI thread."""

    arrived = Signal(object, object)


class Bridge(QObject):
    """Runs jobs off the GUI thread.

    ``changed`` is emitted with :class:`Changes` after a step; ``failed`` with an exception that no
    receiver took.
    """

    changed = Signal(object)
    failed = Signal(object)
    busy = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="read")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="write")
        self._open = 0
        self._answers: set[_Answer] = set()
        self._closed = False

    def read(
        self,
        owner: QObject,
        job: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Run a reading ``job``; call ``done`` with its result on the GUI thread.

        ``owner`` is the object that waits: when it is gone nobody is called.
        """
        self._run(self._readers, owner, job, done, failed)

    def write(
        self,
        owner: QObject,
        job: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Run a writing ``job`` after all that were asked for before it."""
        self._run(self._writer, owner, job, done, failed)

    @property
    def pending(self) -> int:
        """How many jobs have not been answered."""
        return self._open

    def close(self) -> None:
        """Let running jobs end, take no new ones."""
        self._closed = True
        self._writer.shutdown(wait=True)
        self._readers.shutdown(wait=True, cancel_futures=True)

    def _run(
        self,
        pool: ThreadPoolExecutor,
        owner: QObject,
        job: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[Exception], None] | None,
    ) -> None:
        if self._closed:
            return
        answer = _Answer(self)
        alive = [True]
        owner.destroyed.connect(lambda *_: alive.__setitem__(0, False))

        def deliver(result: Any, error: Any) -> None:
            self._answers.discard(answer)
            answer.deleteLater()
            self._open -= 1
            if self._open == 0:
                self.busy.emit(False)
            if not alive[0] or self._closed:
                return
            if error is None:
                done(result)
            elif failed is not None:
                failed(error)
            else:
                self.failed.emit(error)

        answer.arrived.connect(deliver, Qt.ConnectionType.QueuedConnection)
        self._answers.add(answer)
        self._open += 1
        if self._open == 1:
            self.busy.emit(True)
        pool.submit(job).add_done_callback(lambda future: _send(answer, future))

    @Slot(object)
    def announce(self, changes: Changes) -> None:
        """Tell all views what a step touched."""
        self.changed.emit(changes)


def _send(answer: _Answer, future: Future[Any]) -> None:
    if future.cancelled():
        return
    error = future.exception()
    result = None if error is not None else future.result()
    try:
        answer.arrived.emit(result, error)
    except RuntimeError:
        # The window was closed while the job ran; nobody waits any more.
        return
