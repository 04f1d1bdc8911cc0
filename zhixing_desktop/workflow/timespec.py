"""What a time limit is made of, and what computing it gives.

Moments are civil and naive in whole seconds; a limit that ends with a day ends at 23:59:59 of it.
``Unit`` and ``Direction`` are those of the rulebook.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from functools import lru_cache
from typing import Any

from zhixing_desktop.workflow.rulebook import Direction, Unit

DAY_END = time(23, 59, 59)


class Rolling(StrEnum):
    """Whether a last day that is a day of rest moves to the next working day (reading A5)."""

    ROLL = "roll"
    STRICT = "strict"

    @property
    def label(self) -> str:
        """The Chinese word of the setting."""
        return "依法顺延" if self is Rolling.ROLL else "不顺延"


class BeforeReading(StrEnum):
    """How X日前 is read (reading A38).

    ``FULL_DAYS``: X full days lie between, the latest day is event - (X+1); event - X is accepted
    with a caution.  ``DIFFERENCE``: the latest day is event - X.
    """

    FULL_DAYS = "full_days"
    DIFFERENCE = "difference"


class BeforeHoliday(StrEnum):
    """What becomes of a latest day of X日前 that is a day of rest: kept, or moved earlier."""

    KEEP = "keep"
    EARLIER = "earlier"


class ExactHour(StrEnum):
    """Where hours run from when the event falls exactly on an hour, say 16:00:00.

    The hour in which the event falls is not counted (民事诉讼法85; 解释125: 从次时起算).
    16:00:00 is the first second of the hour from 16:00 to 17:00, just as midnight is the first
    second of its day, so the ``NEXT`` hour is 17:00; that also fits a clerk who writes 16:00 for
    16:00:40.  A court that wants the stricter moment chooses ``SAME``: the full hour itself, 16:00.
    """

    NEXT = "next"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Readings:
    """The choices the text leaves open; settings of the rulebook."""

    rolling: Rolling = Rolling.ROLL
    before: BeforeReading = BeforeReading.FULL_DAYS
    before_holiday: BeforeHoliday = BeforeHoliday.KEEP
    exact_hour: ExactHour = ExactHour.NEXT


DEFAULT_READINGS = Readings()


@lru_cache(maxsize=64)
def readings_of(
    rolling: str = Rolling.ROLL,
    before: str = BeforeReading.FULL_DAYS,
    before_holiday: str = BeforeHoliday.KEEP,
    exact_hour: str = ExactHour.NEXT,
) -> Readings:
    """The readings from the words of the settings; ``ValueError`` for a word that is none."""
    return Readings(
        Rolling(rolling),
        BeforeReading(before),
        BeforeHoliday(before_holiday),
        ExactHour(exact_hour),
    )


def _settle_enum(owner: object, name: str, kind: type[StrEnum]) -> None:
    """Turn the plain word of an enum, as it comes from stored data, into its member.

    A word would pass ``==`` and fail ``is``, and so be counted as something else without notice.
    """
    value = getattr(owner, name)
    if type(value) is not kind:
        object.__setattr__(owner, name, kind(value))


@dataclass(frozen=True, slots=True)
class TimeSpec:
    """``amount`` units after the anchor (within), or days before the event (before).

    ``amount`` is 0 for ``same_day`` and ``immediate``, at least 1 otherwise; a before-limit is in
    days.  Raises ``ValueError`` for anything else.
    """

    amount: int
    unit: Unit
    direction: Direction = Direction.WITHIN

    def __post_init__(self) -> None:
        """Refuse what cannot be computed."""
        _settle_enum(self, "unit", Unit)
        _settle_enum(self, "direction", Direction)
        countless = self.unit in (Unit.SAME_DAY, Unit.IMMEDIATE)
        if self.amount != 0 if countless else self.amount < 1:
            raise ValueError(f"{self.unit.value} with amount {self.amount}")
        if self.direction is Direction.BEFORE and self.unit is not Unit.DAY:
            raise ValueError(f"a before-limit counts days, not {self.unit.value}")


@dataclass(frozen=True, slots=True)
class Interval:
    """Days that do not count: ``start`` is the first of them, ``end`` the first that counts again.

    ``end`` ``None`` means that the period stands still until further notice.  ``cite`` is the
    provision the deduction rests on.  Raises ``ValueError`` when ``end`` lies before ``start``.
    """

    start: date
    end: date | None
    reason: str
    cite: str = ""

    def __post_init__(self) -> None:
        """Refuse an interval that runs backwards."""
        if self.end is not None and self.end < self.start:
            raise ValueError("an interval must not end before it starts")


@dataclass(frozen=True, slots=True)
class Extension:
    """An approved extension by ``amount`` months or days.

    Raises ``ValueError`` for another unit or an amount below 1: an extension never shortens.
    """

    amount: int
    unit: Unit
    reason: str
    cite: str
    approved_on: date

    def __post_init__(self) -> None:
        """Refuse what is no extension."""
        _settle_enum(self, "unit", Unit)
        if self.unit not in (Unit.MONTH, Unit.DAY) or self.amount < 1:
            raise ValueError(f"no extension by {self.amount} {self.unit.value}")


@dataclass(frozen=True, slots=True)
class Due:
    """When a limit ends.

    ``nominal`` is the end as counted, ``effective`` the one that holds after rolling over days of
    rest (before-limits: after moving earlier, where the court has set that).  Both are ``None``
    while the period stands still (``suspended``).  ``provisional`` (暂定): a year whose notice is
    not out had a say.  ``excluded_days`` is the number of days deducted, overlaps counted once.
    """

    nominal: datetime | None
    effective: datetime | None
    provisional: bool = False
    suspended: bool = False
    excluded_days: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a derivation: a Chinese sentence and the provision it rests on (or empty)."""

    words: str
    cite: str = ""


@dataclass(frozen=True, slots=True)
class Derivation:
    """A ``Due`` and how it came about, step by step."""

    due: Due
    steps: tuple[Step, ...]

    @property
    def nominal(self) -> datetime | None:
        """The end as counted."""
        return self.due.nominal

    @property
    def effective(self) -> datetime | None:
        """The end that holds."""
        return self.due.effective

    @property
    def provisional(self) -> bool:
        """Whether it may move when a year's notice comes out."""
        return self.due.provisional

    @property
    def suspended(self) -> bool:
        """Whether the period stands still."""
        return self.due.suspended

    def to_json(self) -> Mapping[str, Any]:
        """Plain data; moments as local ISO times (``2024-02-18T23:59:59``) or ``None``."""
        due = self.due
        return {
            "nominal": due.nominal.isoformat() if due.nominal else None,
            "effective": due.effective.isoformat() if due.effective else None,
            "provisional": due.provisional,
            "suspended": due.suspended,
            "excluded_days": due.excluded_days,
            "steps": [{"words": step.words, "cite": step.cite} for step in self.steps],
        }
