"""Asking a folder on a network that may never answer: whoever waits gives up after some seconds."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Given = TypeVar("Given")
_STEP_S = 0.2
"""How often somebody who waits asks whether the program is to end."""


class StoppedError(Exception):
    """The program is to end; nobody waits any more."""


class _Asked(Generic[Given]):
    """One question in a thread of its own, which ends with the program whatever it hangs in."""

    def __init__(self, work: Callable[[], Given]) -> None:
        self._work = work
        self._made: list[Given] = []
        self._error: BaseException | None = None
        self.thread = threading.Thread(target=self._run, name="network folder", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            self._made.append(self._work())
        except BaseException as error:
            self._error = error  # handed on to whoever waits

    def answer(self) -> Given:
        """Return what came of it, or raise it."""
        if self._error is not None:
            raise self._error
        return self._made[0]


class Patience:
    """Runs one piece of work at a time that a network may hold up.

    ``seconds`` is how long it may stand still, ``stopped`` whether the program is to end.
    """

    def __init__(self, seconds: float, stopped: Callable[[], bool] = lambda: False) -> None:
        self._seconds, self._stopped = seconds, stopped
        self._hanging: threading.Thread | None = None

    def ask(self, work: Callable[[], Given], moved: Callable[[], object] = lambda: None) -> Given:
        """Return what ``work`` returns, or raise what it raises.

        ``moved`` tells how far it is: while that changes, it is not standing still.  Raises
        ``TimeoutError`` when it stands still too long, and at once while an earlier one still does;
        :class:`StoppedError` when the program is to end.  What was given up goes on in its thread
        until the network lets go of it, so it must do no harm by then.
        """
        if self._hanging is not None:
            self._hanging.join(_STEP_S)
            if self._hanging.is_alive():
                raise TimeoutError("an earlier question still hangs")
        asked = _Asked(work)
        self._hanging = asked.thread
        while self._lives(asked.thread, moved):
            pass
        self._hanging = None
        return asked.answer()

    def _lives(self, thread: threading.Thread, moved: Callable[[], object]) -> bool:
        """Wait as long as it may stand still; tell whether it goes on."""
        before, left = moved(), self._seconds
        while left > 0:
            step = min(left, _STEP_S)
            thread.join(step)
            left -= step
            if not thread.is_alive():
                return False
            if self._stopped():
                raise StoppedError
        if moved() == before:
            raise TimeoutError("no answer")
        return True
