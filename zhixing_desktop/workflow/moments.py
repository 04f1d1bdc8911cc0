"""Moments as text and back: the form in which fields and facts hold them."""

from __future__ import annotations

from datetime import datetime, time


def moment_of(text: str) -> datetime:
    """Read an ISO day or moment; a day is its first second.  Raises ``ValueError``."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is not None:
        raise ValueError(text)
    return moment.replace(microsecond=0)


def midnight(moment: datetime) -> datetime:
    """Return the first second of the moment's day."""
    return datetime.combine(moment.date(), time())


def is_day(text: str) -> bool:
    """Tell whether a text is an ISO day or moment."""
    try:
        moment_of(text)
    except ValueError:
        return False
    return True
