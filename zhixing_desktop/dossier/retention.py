"""How long a court's dossier is kept, and until which day.

The three periods stand in article 3 of 《关于人民法院诉讼档案保管期限的规定》: 永久, 长期 (60
years) and 短期 (30 years).  Which of them an enforcement case gets follows from a table that was
not found for such cases, and from which day the years run was not found either; so the court sets
both.  Where it has set nothing: 长期, and from 1 January after the closing, as archives commonly
count, which is also the reading that keeps a dossier longest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType


class Retention(StrEnum):
    """A retention period (保管期限)."""

    PERMANENT = "permanent"
    LONG = "long"
    SHORT = "short"

    @property
    def label(self) -> str:
        """The words of the cover and of node 44's field."""
        return _LABELS[self]

    @property
    def years(self) -> int | None:
        """For how many years; ``None`` is for ever."""
        return _YEARS[self]


class Begins(StrEnum):
    """From when the years are counted."""

    NEXT_YEAR = "next_year"
    """From 1 January of the year after."""
    NEXT_DAY = "next_day"
    """From the day after."""


_LABELS = MappingProxyType(
    {
        Retention.PERMANENT: "永久",
        Retention.LONG: "长期（六十年）",
        Retention.SHORT: "短期（三十年）",
    }
)
_YEARS = MappingProxyType({Retention.PERMANENT: None, Retention.LONG: 60, Retention.SHORT: 30})


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """What a court has set: the period proposed for a case and from when it runs."""

    proposed: Retention = Retention.LONG
    begins: Begins = Begins.NEXT_YEAR


def retention_of(words: str) -> Retention | None:
    """Return the period that some words name (``长期``, ``长期（六十年）``, ``60年``)."""
    said = words.strip()
    for retention, label in _LABELS.items():
        short = label.partition("（")[0]
        names = {label, short, retention.value}
        if retention.years is not None:
            years = f"{retention.years}年"
            names |= {years, f"{short}{years}", f"{short}（{years}）"}
        if said in names:
            return retention
    return None


def kept_until(retention: Retention, day: date, begins: Begins = Begins.NEXT_YEAR) -> date | None:
    """Return the last day of the period for a case closed (or archived) on ``day``.

    ``None`` for 永久.  The dossier may be looked at for destruction from the following day on,
    never by itself.
    """
    if retention.years is None:
        return None
    year = day.year + retention.years
    if begins is Begins.NEXT_YEAR:
        return date(year, 12, 31)
    try:
        return day.replace(year=year)
    except ValueError:
        # 29 February in a year that has none: the period ends with the month.
        return date(year, 2, 28)


def until_words(retention: Retention, day: date, begins: Begins = Begins.NEXT_YEAR) -> str:
    """Return the period with its end, as lists and slips show it."""
    until = kept_until(retention, day, begins)
    if until is None:
        return retention.label
    return f"{retention.label}，保管至{until.year}年{until.month}月{until.day}日"
