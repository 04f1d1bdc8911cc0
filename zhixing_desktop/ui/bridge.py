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
from shiboken6 import isValid

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


@dataclass(frozen=True, slots=True)
class _Ticket:
    """Who waits for a job, and what is called with its answer."""

    owner: QObject
    done: Callable[[Any], None]
    failed: Callable[[Exception], None] | None


class Bridge(QObject):
    """Runs jobs off the GUI thread.

    ``changed`` is emitted with :class:`Changes` after a step; ``failed`` with an exception that no
    receiver took.
    """

    changed = Signal(object)
    failed = Signal(object)
    busy = Signal(bool)
    # All answers come by this one signal: its receiver is the bridge itself, so that nothing can
    # be gone when an answer that was on its way arrives.
    _arrived = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="read")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="write")
        self._open = 0
        self._closed = False
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

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
        self._open += 1
        if self._open == 1:
            self.busy.emit(True)
        ticket = _Ticket(owner, done, failed)
        pool.submit(job).add_done_callback(lambda future: self._send(ticket, future))

    def _send(self, ticket: _Ticket, future: Future[Any]) -> None:
        """Hand an answer over; called in the thread that found it."""
        if future.cancelled():
            return
        error = future.exception()
        result = None if error is not None else future.result()
        try:
            self._arrived.emit(ticket, result, error)
        except RuntimeError:
            # The bridge was thrown away while the job ran; nobody waits any more.
            return

    @Slot(object, object, object)
    def _deliver(self, ticket: _Ticket, result: Any, error: Any) -> None:
        self._open -= 1
        if self._open == 0:
            self.busy.emit(False)
        if self._closed or not isValid(ticket.owner):
            return
        if error is None:
            ticket.done(result)
        elif ticket.failed is not None:
            ticket.failed(error)
        else:
            self.failed.emit(error)

    @Slot(object)
    def announce(self, changes: Changes) -> None:
        """Tell all views what a step touched."""
        self.changed.emit(changes)
