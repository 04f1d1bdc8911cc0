"""The only place that asks what time it is.

All moments in the program are *civil* moments of Asia/Shanghai: naive ``datetime`` values in whole
seconds.  China keeps one time without daylight saving, so a naive value is unambiguous, compares
correctly and is what the guideline speaks of.  Values with a zone or with fractions are refused
where they enter (see ``models.types.Moment``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

COURT_ZONE = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Something that tells the civil time of the court."""

    def now(self) -> datetime:
        """Return the present civil moment in Asia/Shanghai, naive, in whole seconds."""


class SystemClock:
    """The workstation's clock."""

    def now(self) -> datetime:
        """Return the workstation's time as a civil moment of the court."""
        return datetime.now(COURT_ZONE).replace(tzinfo=None, microsecond=0)


class FixedClock:
    """A clock that stands still until it is set; for tests and for the test clock of the CLI."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment.replace(microsecond=0)

    def now(self) -> datetime:
        """Return the moment it was set to."""
        return self._moment

    def set(self, moment: datetime) -> None:
        """Move the clock to ``moment`` (civil, naive)."""
        self._moment = moment.replace(microsecond=0)


class RunningClock:
    """A clock that was set to some moment and goes on from there; for the sample bureau."""

    def __init__(self, start: datetime) -> None:
        self._ahead = start - SystemClock().now()

    def now(self) -> datetime:
        """Return the moment it was set to plus the time since."""
        return SystemClock().now() + self._ahead
