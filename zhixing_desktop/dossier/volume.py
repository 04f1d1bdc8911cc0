"""Volumes of a dossier: items cut into volumes, pages numbered, also after paper was printed.

Chinese practice: pages are numbered from the first content page, each volume from 1; cover,
catalogue and closing note bear no number (《人民法院诉讼文书立卷归档办法》 of 1991, article 17).
What is not yet bound may be numbered anew; a bound volume keeps its numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from zhixing_desktop.dossier.volume_sheets import PrintPlan, print_plan
from zhixing_desktop.dossier.volume_types import (
    CatalogueLine,
    PageNumber,
    PlannedPage,
    VolumeItem,
    VolumePlan,
    catalogue_lines,
    number_words,
)

__all__ = [
    "CatalogueLine",
    "Numbering",
    "Offer",
    "PageNumber",
    "PlannedPage",
    "PrintPlan",
    "VolumeItem",
    "VolumePlan",
    "number_words",
    "numbering_offers",
    "plan_volumes",
    "print_plan",
    "replan",
]

MOST_PAGES = 200
"""Pages of a volume; about two centimetres of paper printed on both sides."""


class Numbering(StrEnum):
    """What becomes of printed page numbers when pages come in between.

    ``RENUMBER``: everything that is not bound is numbered anew and printed again from there.
    ``APPEND``: what is new stands at the end until the next full print.  ``DASH``: inserted pages
    take the number before with a dash (12-1), also in a bound volume, where they are pasted in.
    """

    RENUMBER = "renumber"
    APPEND = "append"
    DASH = "dash"

    @property
    def label(self) -> str:
        """What a person chooses."""
        return _LABELS[self]


_LABELS = {
    Numbering.RENUMBER: "重新编号（未装订的各册）",
    Numbering.APPEND: "编在册末，下次全部打印时再归位",
    Numbering.DASH: "编为插页（如12-1）",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A way to number new pages, with what it costs.

    ``sheets`` are to be printed, ``by_hand`` pages on paper only whose number has to be written
    anew.  ``default`` is the way taken where nobody chooses.
    """

    way: Numbering
    volumes: tuple[VolumePlan, ...]
    sheets: int
    by_hand: int
    sentence: str
    default: bool


def plan_volumes(
    items: Sequence[VolumeItem], most_pages: int = MOST_PAGES
) -> tuple[VolumePlan, ...]:
    """Cut items into volumes of at most so many pages and number these, as for a first print.

    Items come in the order of their catalogue numbers, those of one number as given.  An item is
    torn only where it alone exceeds a volume; a part ends on the back of a sheet then.
    """
    return replan(items, (), Numbering.RENUMBER, most_pages)


def replan(
    items: Sequence[VolumeItem],
    printed: Sequence[VolumePlan],
    way: Numbering = Numbering.RENUMBER,
    most_pages: int = MOST_PAGES,
) -> tuple[VolumePlan, ...]:
    """Plan volumes of which some are on paper already.

    ``printed`` are the volumes as they were last planned and printed, with ``bound`` set where they
    are.  A bound volume keeps its pages and numbers whatever the way; pages that are gone from a
    volume that keeps its numbers leave a gap (``VolumePlan.missing``).  Where all volumes on paper
    are bound, what is new goes on behind the last page of the last one, as long as it has room for
    all of it: nobody wants a second volume of one page (the sheet on which the closing is approved
    comes after 报结).
    """
    if most_pages < 1:
        raise ValueError("a volume has at least one page")
    ordered = sorted(items, key=lambda item: item.catalogue_number)
    planning = _Planning(ordered, most_pages)
    for volume in printed:
        if volume.bound or way is not Numbering.RENUMBER:
            planning.keep(volume)
    if way is Numbering.DASH:
        planning.insert()
    all_bound = bool(printed) and all(volume.bound for volume in printed)
    planning.cut(into_last=way is not Numbering.RENUMBER, all_bound=all_bound)
    return planning.volumes()


def numbering_offers(
    items: Sequence[VolumeItem],
    printed: Sequence[VolumePlan],
    most_pages: int = MOST_PAGES,
    *,
    duplex: bool = True,
) -> tuple[Offer, ...]:
    """Return the ways to number what is new, each with the volumes that follow and its cost."""
    on_paper = {volume.number: frozenset(volume.pages) for volume in printed}
    offers = []
    for way in Numbering:
        volumes = replan(items, printed, way, most_pages)
        plans = [
            print_plan(volume, on_paper.get(volume.number, frozenset()), duplex=duplex)
            for volume in volumes
        ]
        sheets = sum(len(plan.sheets) for plan in plans)
        by_hand = sum(plan.by_hand for plan in plans)
        words = f"{way.label}：打印{sheets}张"
        if by_hand:
            words += f"，另有{by_hand}页纸质件要改写页码"
        offers.append(Offer(way, volumes, sheets, by_hand, f"{words}。", way is Numbering.RENUMBER))
    return tuple(offers)


_Key = tuple[int, int]
"""An item and a page of it."""


class _Planning:
    """Volumes while they are planned."""

    def __init__(self, items: Sequence[VolumeItem], most_pages: int) -> None:
        self._items = {item.item_id: item for item in items}
        self._most = most_pages
        self._loose: dict[_Key, VolumeItem] = {
            (item.item_id, page): item for item in items for page in range(1, item.pages + 1)
        }
        self._order = list(self._loose)
        self._pages: dict[int, list[PlannedPage]] = {}
        self._missing: dict[int, tuple[PageNumber, ...]] = {}
        self._bound: set[int] = set()

    def keep(self, volume: VolumePlan) -> None:
        """Leave what is still wanted of a printed volume where it is."""
        kept, gone = [], list(volume.missing)
        for page in volume.pages:
            item = self._loose.pop((page.item_id, page.item_page), None)
            if item is None:
                gone.append(page.number)
            else:
                kept.append(_planned(item, page.item_page, volume.number, page.number))
        self._pages[volume.number] = kept
        self._missing[volume.number] = tuple(sorted(gone))
        if volume.bound:
            self._bound.add(volume.number)

    def insert(self) -> None:
        """Put loose pages behind the page they follow in the catalogue, with a dash."""
        placed = {
            (page.item_id, page.item_page): page for row in self._pages.values() for page in row
        }
        before: PlannedPage | None = None
        for key in self._order:
            if key not in self._loose:
                before = placed.get(key)
            elif before is not None:
                before = self._inserted(self._loose.pop(key), key[1], before)

    def _inserted(self, item: VolumeItem, item_page: int, before: PlannedPage) -> PlannedPage:
        row = self._pages[before.volume]
        # Behind pages inserted earlier at the same place: their numbers stand on paper.
        same = [page.number for page in row if page.number.page == before.number.page]
        gone = [one for one in self._missing[before.volume] if one.page == before.number.page]
        last = max(same)
        number = PageNumber(last.page, max(last, *gone, last).insert + 1)
        at = next(place for place, page in enumerate(row) if page.number == last)
        page = _planned(item, item_page, before.volume, number)
        row.insert(at + 1, page)
        return page

    def cut(self, *, into_last: bool, all_bound: bool = False) -> None:
        """Number loose pages in order: at the end of the last volume that takes some, then anew."""
        numbers = self._free_numbers()
        last = max(self._pages, default=0)
        volume = last if into_last and last and last not in self._bound else 0
        if all_bound and self._goes_on(last):
            volume = last
        for item, item_pages in self._loose_items():
            for part in _parts(item_pages, self._most):
                if not volume or len(self._pages[volume]) + len(part) > self._most:
                    volume = next(numbers)
                    self._pages[volume] = []
                row = self._pages[volume]
                used = [page.number.page for page in row]
                used += [one.page for one in self._missing.get(volume, ())]
                first = max(used, default=0) + 1
                row += [
                    _planned(item, item_page, volume, PageNumber(number))
                    for number, item_page in enumerate(part, start=first)
                ]

    def _goes_on(self, last: int) -> bool:
        """Tell whether a bound volume takes all loose pages on sheets of their own at its end.

        More pages of the thing that stands last would have to go on the back of a bound sheet.
        """
        row = self._pages[last]
        if not row or len(row) + len(self._loose) > self._most:
            return False
        return all(item_id != row[-1].item_id for item_id, _ in self._loose)

    def volumes(self) -> tuple[VolumePlan, ...]:
        """Return the volumes with their catalogues."""
        if self._items and not self._pages:
            self._pages[1] = []
        every: dict[int, list[PlannedPage]] = {}
        for number in sorted(self._pages):
            for page in self._pages[number]:
                every.setdefault(page.item_id, []).append(page)
        for pages in every.values():
            pages.sort(key=lambda page: page.item_page)
        without = self._without_pages()
        first = min(self._pages, default=0)
        return tuple(
            VolumePlan(
                number=number,
                pages=tuple(self._pages[number]),
                lines=catalogue_lines(
                    self._pages[number],
                    self._items,
                    every,
                    without if number == first else {**without, 0: []},
                ),
                bound=number in self._bound,
                missing=self._missing.get(number, ()),
            )
            for number in sorted(self._pages)
        )

    def _free_numbers(self) -> Iterator[int]:
        number = 0
        while True:
            number += 1
            if number not in self._pages:
                yield number

    def _loose_items(self) -> Iterator[tuple[VolumeItem, list[int]]]:
        found: dict[int, list[int]] = {}
        for item_id, item_page in self._loose:
            found.setdefault(item_id, []).append(item_page)
        return ((self._items[item_id], pages) for item_id, pages in found.items())

    def _without_pages(self) -> Mapping[int, Sequence[VolumeItem]]:
        """Return the items without pages by the item before them that has some."""
        found: dict[int, list[VolumeItem]] = {}
        before = 0
        for item in self._items.values():
            if item.pages:
                before = item.item_id
            else:
                found.setdefault(before, []).append(item)
        return found


def _planned(item: VolumeItem, item_page: int, volume: int, number: PageNumber) -> PlannedPage:
    return PlannedPage(
        volume, number, item.item_id, item.version, item_page, item.on_paper_only, item.original
    )


def _parts(pages: Sequence[int], most: int) -> Iterator[Sequence[int]]:
    """Tear an item that exceeds a volume; a part has an even number of pages, as sheets have."""
    if len(pages) <= most:
        yield pages
        return
    step = most - most % 2 or most
    for at in range(0, len(pages), step):
        yield pages[at : at + step]
