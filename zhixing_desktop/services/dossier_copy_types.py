"""Copies for parties: what is wished for, what was given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from zhixing_desktop.dossier.masking_areas import Area, Proposal

__all__ = (
    "Area",
    "Cancelled",
    "CopyLine",
    "CopyPage",
    "CopyParty",
    "CopyWish",
    "Progress",
    "Proposal",
)
Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class CopyPage:
    """A page to copy: the thing and its page from 0 on, with what is covered on it."""

    item: int
    page: int
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class CopyWish:
    """What somebody gets: who, on what ground, which pages in which order."""

    recipient: str
    basis: str
    pages: tuple[CopyPage, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class CopyLine:
    """A copy that was given: ``covered`` counts the areas, ``digest`` is the kept file's."""

    id: int
    recipient: str
    basis: str
    pages: int
    covered: int
    digest: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CopyParty:
    """A party that may get a copy: its subject (``creditor/1``) and name."""

    subject: str
    name: str
