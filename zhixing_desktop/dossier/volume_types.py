"""Items, numbered pages and volumes of a paper dossier; catalogue lines made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class VolumeItem:
    """A dossier item (件) as it is to be bound.

    ``catalogue_number`` is its place in the catalogue, ``pages`` how many it has (0: a disc or the
    like in the pocket, which is listed without pages), ``version`` which version they are.
    ``on_paper_only``: the electronic dossier has no pages of it, but its paper is bound and
    numbered.  ``original``: its paper is bound as it is, and the electronic dossier has the scan.
    ``document_number`` (文号), ``day`` and ``remark`` stand in the catalogue.
    """

    item_id: int
    title: str
    catalogue_number: int
    pages: int
    on_paper_only: bool = False
    version: int = 1
    document_number: str = ""
    day: date | None = None
    remark: str = ""
    original: bool = False


@dataclass(frozen=True, slots=True, order=True)
class PageNumber:
    """A number on a page: 12, or 12-1 for the first page inserted after it."""

    page: int
    insert: int = 0

    @property
    def words(self) -> str:
        """The number as it is printed."""
        return f"{self.page}-{self.insert}" if self.insert else str(self.page)


@dataclass(frozen=True, slots=True)
class PlannedPage:
    """What stands on a numbered page of a volume.

    It is also the page's identity: when any of it changes, the paper no longer matches.
    ``volume`` and ``item_page`` count from 1.
    """

    volume: int
    number: PageNumber
    item_id: int
    version: int
    item_page: int
    on_paper_only: bool = False
    original: bool = False

    @property
    def own_paper(self) -> bool:
        """Whether it is bound as it came, not printed: its number is written or stuck on."""
        return self.on_paper_only or self.original


@dataclass(frozen=True, slots=True)
class CatalogueLine:
    """A line of the catalogue (卷内目录): 序号, 文书编号, 名称, 日期, 页次, 备注.

    ``pages`` are words such as ``3-5``, ``7`` or ``10-12、45``; ``page_count`` how many.
    """

    order: int
    document_number: str
    title: str
    day: date | None
    pages: str
    remark: str
    item_id: int
    page_count: int


@dataclass(frozen=True, slots=True)
class VolumePlan:
    """A volume (册): its pages in the order in which they are bound, its catalogue.

    ``missing`` are numbers that were used and are no longer: the pages after them keep theirs, and
    the closing note (备考表) has to say so.
    """

    number: int
    pages: tuple[PlannedPage, ...]
    lines: tuple[CatalogueLine, ...]
    bound: bool = False
    missing: tuple[PageNumber, ...] = field(default=())

    @property
    def total(self) -> int:
        """How many pages bear a number, those on paper only and inserted ones included."""
        return len(self.pages)

    @property
    def on_paper_only(self) -> int:
        """How many of them exist only on paper."""
        return sum(page.on_paper_only for page in self.pages)


def number_words(numbers: Iterable[PageNumber]) -> str:
    """Return numbers in words: ``3-5``, ``7``, ``10-12、45``; inserted ones each by itself.

    ``12-1`` is an inserted page, so ``12-1至12-3`` are three of them.
    """
    parts = []
    for first, last in _runs(numbers):
        if first == last:
            parts.append(first.words)
        elif first.insert:
            parts.append(f"{first.words}至{last.words}")
        else:
            parts.append(f"{first.words}-{last.words}")
    return "、".join(parts)


def catalogue_lines(
    pages: Sequence[PlannedPage],
    items: Mapping[int, VolumeItem],
    elsewhere: Mapping[int, Sequence[PlannedPage]],
    without_pages: Mapping[int, Sequence[VolumeItem]],
) -> tuple[CatalogueLine, ...]:
    """Return a volume's catalogue: a line for each item, in the order in which they are bound.

    ``elsewhere`` are all pages of each item in all volumes; ``without_pages`` the items without
    pages that are listed after an item (0: at the beginning).
    """
    own: dict[int, list[PlannedPage]] = {}
    for page in pages:
        own.setdefault(page.item_id, []).append(page)
    listed: list[tuple[VolumeItem, list[PlannedPage]]] = []
    listed += [(item, []) for item in without_pages.get(0, ())]
    for item_id, found in own.items():
        listed.append((items[item_id], found))
        # After its last part, where an item is in several volumes.
        if found[-1] == elsewhere[item_id][-1]:
            listed += [(item, []) for item in without_pages.get(item_id, ())]
    return tuple(
        _line(order, item, found, elsewhere.get(item.item_id, ()))
        for order, (item, found) in enumerate(listed, start=1)
    )


def _line(
    order: int, item: VolumeItem, own: Sequence[PlannedPage], every: Sequence[PlannedPage]
) -> CatalogueLine:
    goes_on = bool(own) and min(page.item_page for page in own) > 1
    remarks = [item.remark] if item.remark else []
    if own:
        here = own[0].volume
        before = {page.volume for page in every if page.item_page < own[0].item_page} - {here}
        after = {page.volume for page in every if page.item_page > own[-1].item_page} - {here}
        remarks += [f"上接第{max(before)}册"] if before else []
        remarks += [f"下接第{min(after)}册"] if after else []
    if item.on_paper_only:
        remarks.append("仅有纸质件")
    return CatalogueLine(
        order=order,
        document_number=item.document_number,
        title=f"{item.title}（续）" if goes_on else item.title,
        day=item.day,
        pages=number_words(page.number for page in own),
        remark="；".join(remarks),
        item_id=item.item_id,
        page_count=len(own),
    )


def _runs(numbers: Iterable[PageNumber]) -> list[tuple[PageNumber, PageNumber]]:
    """Return the first and last of each row of numbers that follow one another."""
    runs: list[tuple[PageNumber, PageNumber]] = []
    for number in numbers:
        if runs:
            first, last = runs[-1]
            plain = not last.insert and number == PageNumber(last.page + 1)
            inserted = last.insert and number == PageNumber(last.page, last.insert + 1)
            if plain or inserted:
                runs[-1] = first, number
                continue
        runs.append((number, number))
    return runs
