"""The beat: asks at fixed intervals what is due.  It knows nothing of cases and nothing of Qt.

APScheduler's background thread with a memory store and one job.  Due moments are rows in the
database, so a beat that was missed loses nothing: the next one finds what the missed one would have
found.  Every beat that was skipped, failed or came after a gap of the clock leaves a line in the
log.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from zhixing_desktop.clock import COURT_ZONE, Clock, SystemClock

BEAT_SECONDS = 60
GAP = timedelta(minutes=10)
"""A jump of the clock between two beats that is more than this: the machine slept, or was set."""
_JOB = "beat"
_log = logging.getLogger(__name__)


def load_beat() -> None:
    """Import what :meth:`Scheduler.start` needs.  For a thread that may take long."""
    from apscheduler.schedulers import background  # noqa: F401 - only to be there
    from apscheduler.triggers import interval  # noqa: F401


class Scheduler:
    """Calls ``beat`` at once and then every ``seconds``, in a thread of its own, until stopped.

    ``beat`` may take long: the beats that fall into it are skipped, never queued.  What it raises
    is logged and handed to ``failed``; the next beat comes all the same.  ``clock`` is looked at to
    notice gaps; the rhythm itself is the system's.
    """

    def __init__(
        self,
        beat: Callable[[], object],
        *,
        clock: Clock | None = None,
        seconds: float = BEAT_SECONDS,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        self._beat = beat
        self._clock = clock or SystemClock()
        self._seconds = seconds
        self._failed = failed
        self._last: datetime | None = None
        self._scheduler: Any = None

    @property
    def running(self) -> bool:
        """Whether beats are coming."""
        return self._scheduler is not None

    def start(self) -> None:
        """Begin; the first beat comes at once.  Harmless when it has begun."""
        if self._scheduler is not None:
            return
        # The list of cases can be used before there is a beat; the library waits until then.
        from apscheduler.events import EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
        from apscheduler.schedulers.background import BackgroundScheduler
        from apscheduler.triggers.interval import IntervalTrigger

        made = BackgroundScheduler(
            timezone=COURT_ZONE,
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )
        made.add_listener(_note_skip, EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
        # A trigger object, never its name: a frozen program has no entry points to look it up in.
        made.add_job(
            self.tick,
            IntervalTrigger(seconds=self._seconds, timezone=COURT_ZONE),
            id=_JOB,
            next_run_time=SystemClock().now().replace(tzinfo=COURT_ZONE),
        )
        made.start()
        self._scheduler = made
        _log.info("beat begins, every %s s", self._seconds)

    def soon(self) -> None:
        """Let the next beat come now (somebody asked, or the machine has just woken up)."""
        if self._scheduler is not None:
            now = SystemClock().now().replace(tzinfo=COURT_ZONE)
            self._scheduler.modify_job(_JOB, next_run_time=now)

    def stop(self) -> None:
        """End, after a beat that is running.  Nothing is called afterwards."""
        if self._scheduler is None:
            return
        made, self._scheduler = self._scheduler, None
        made.shutdown(wait=True)
        _log.info("beat has ended")

    def tick(self) -> None:
        """One beat; public for the program's own check and for tests."""
        self._look_at_clock()
        try:
            self._beat()
        except Exception as error:
            _log.exception("beat failed")
            if self._failed is not None:
                self._failed(error)

    def _look_at_clock(self) -> None:
        now, before = self._clock.now(), self._last
        self._last = now
        if before is None:
            return
        if now - before > GAP:
            _log.warning("clock gap: from %s to %s; sweeping what came due meanwhile", before, now)
        elif before - now > GAP:
            _log.warning("clock went back from %s to %s", before, now)


def _note_skip(event: Any) -> None:
    from apscheduler.events import EVENT_JOB_MISSED

    if event.code == EVENT_JOB_MISSED:
        _log.warning("beat of %s was missed", event.scheduled_run_time)
    else:
        _log.warning("beat of %s skipped: the one before still runs", event.scheduled_run_times)
