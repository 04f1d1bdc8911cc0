"""What services of the dossier take and give: filings, items, versions, volumes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from zhixing_desktop.workflow.views import Key

MAIN, SIDE = "main", "side"
SIDES: Mapping[str, str] = {MAIN: "正卷", SIDE: "副卷"}
FILED, WITHDRAWN = "filed", "withdrawn"


class Origin(StrEnum):
    """Where a thing in the dossier comes from."""

    MADE = "made"
    SUBMITTED = "submitted"
    OBTAINED = "obtained"
    SERVED = "served"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The word for it."""
        return _ORIGINS[self]


_ORIGINS = {
    Origin.MADE: "本院制作",
    Origin.SUBMITTED: "当事人提交",
    Origin.OBTAINED: "调取",
    Origin.SERVED: "送达凭证",
    Origin.OTHER: "其他",
}


class Medium(StrEnum):
    """Where its pages are.

    ``BOTH``: in the electronic dossier, and on paper as they are printed from it.  ``ORIGINAL``:
    the original paper is bound, its scan is in the electronic dossier.  ``PAPER``: on paper only.
    ``ELECTRONIC``: never on paper.
    """

    BOTH = "both"
    ORIGINAL = "original"
    PAPER = "paper"
    ELECTRONIC = "electronic"

    @property
    def label(self) -> str:
        """The word for it."""
        return _MEDIA[self]


_MEDIA = {
    Medium.BOTH: "由程序打印入卷",
    Medium.ORIGINAL: "纸质原件入卷，有扫描件",
    Medium.PAPER: "仅有纸质",
    Medium.ELECTRONIC: "仅有电子（视听资料等）",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A file that somebody brings: its bytes or where it lies, and what it is called.

    ``digest`` where it lies in the bureau's own folder already, under that digest.
    """

    name: str
    content: bytes | Path = field(repr=False)
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """One page of record: page ``page`` of piece ``source``, both from 0 on.

    ``turn`` is how far the person turned it clockwise, a multiple of 90 degrees.
    """

    source: int
    page: int
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Filing:
    """What is said about a thing when it is filed.

    ``place`` is the number of the catalogue's item; ``None`` lets the catalogue find it by
    ``key`` and ``material`` (自动编目).  ``side``: 正卷 or 副卷; ``None`` likewise.  ``key`` and
    ``work_item``: whose duty it answers; ``material``: the rule's own name of the material.
    ``paper_pages``: how many pages there are on paper, for what is on paper only.  ``thing_on``:
    the day that the thing itself bears.
    """

    name: str
    key: Key | None = None
    work_item: int | None = None
    material: str = ""
    place: int | None = None
    side: str | None = None
    number: str = ""
    origin: Origin = Origin.OTHER
    medium: Medium = Medium.BOTH
    thing_on: date | None = None
    paper_pages: int = 0


@dataclass(frozen=True, slots=True)
class ItemVersion:
    """A version of an item: who made it, why, from which originals, with how many pages."""

    number: int
    originals: tuple[str, ...]
    cuts: tuple[Cut, ...]
    pdf: str
    pages: int
    corners: tuple[str, ...]
    notes: tuple[str, ...]
    reason: str
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class ItemLine:
    """A thing in a dossier (件) as it stands now.

    ``place`` is 0 and ``place_name`` says so while nobody has said where it belongs.  ``pdf`` is
    the digest of its pages of record, empty where there are none.  ``version`` is the row's, to be
    given back with a change; ``current`` the number of its newest version.
    """

    id: int
    case_id: int
    side: str
    place: int
    place_name: str
    position: int
    name: str
    number: str
    origin: Origin
    medium: Medium
    thing_on: date | None
    key: Key | None
    work_item: int | None
    material: str
    paper_id: int | None
    service_id: int | None
    state: str
    current: int
    pages: int
    pdf: str
    filed_by: str
    filed_at: datetime
    withdrawn_by: str
    reason: str
    version: int


@dataclass(frozen=True, slots=True)
class Filed:
    """What a filing brought: the item, and in words what was entered at the node."""

    item: ItemLine
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """An item of the catalogue (目录项) with what is filed under it, in order."""

    number: int
    name: str
    items: tuple[ItemLine, ...]

    @property
    def pages(self) -> int:
        """How many pages lie under it."""
        return sum(item.pages for item in self.items)


@dataclass(frozen=True, slots=True)
class SideView:
    """正卷 or 副卷 of a case: its catalogue from the first item to the last.

    ``unplaced`` are things of which nobody has said yet where they belong; ``withdrawn`` those
    taken out with a reason, which stay to be seen.
    """

    side: str
    title: str
    places: tuple[PlaceLine, ...]
    unplaced: tuple[ItemLine, ...]
    withdrawn: tuple[ItemLine, ...]

    @property
    def items(self) -> tuple[ItemLine, ...]:
        """Everything that is filed, in the order of the volume."""
        return (*(item for place in self.places for item in place.items), *self.unplaced)

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return sum(item.pages for item in self.items)


@dataclass(frozen=True, slots=True)
class DossierView:
    """A case's dossier as somebody may see it; ``side`` is ``None`` for whoever may not."""

    case_id: int
    case_no: str
    main: SideView
    side: SideView | None
