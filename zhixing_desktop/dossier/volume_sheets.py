"""The sheets of a paper volume: what stands on front and back, what is printed again and why.

Each item begins on the front of a sheet; cover, catalogue and closing note have blank backs.  Where
only some sheets are printed anew, a list tells the clerk which sheet goes where.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby

from zhixing_desktop.dossier.page_marks import NumberSide
from zhixing_desktop.dossier.volume_types import (
    PageNumber,
    PlannedPage,
    VolumePlan,
    number_words,
)


class SideKind(StrEnum):
    """What stands on a side of a sheet."""

    COVER = "cover"
    CATALOGUE = "catalogue"
    CONTENT = "content"
    CLOSING_NOTE = "closing_note"
    BLANK = "blank"


class StepKind(StrEnum):
    """What the clerk does with the paper volume."""

    REPLACE = "replace"
    INSERT = "insert"
    REMOVE = "remove"
    OWN_PAPER = "own_paper"
    COVER = "cover"
    CATALOGUE = "catalogue"
    CLOSING_NOTE = "closing_note"
    OTHER_VOLUME = "other_volume"


@dataclass(frozen=True, slots=True)
class Side:
    """A side of a sheet.

    ``page`` stands there where it is content, with its number at ``number_side``; ``place`` is
    which page of the catalogue and the like it is, from 0 on.
    """

    kind: SideKind
    page: PlannedPage | None = None
    number_side: NumberSide = NumberSide.RIGHT
    place: int = 0

    @property
    def number(self) -> str:
        """The number printed on it; empty for what bears none."""
        return self.page.number.words if self.page is not None else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as it leaves the printer; ``back`` is ``None`` where one side only is printed."""

    front: Side
    back: Side | None

    @property
    def sides(self) -> tuple[Side, ...]:
        """Its sides in the order in which they are printed."""
        return (self.front,) if self.back is None else (self.front, self.back)

    @property
    def pages(self) -> tuple[PlannedPage, ...]:
        """The numbered pages on it."""
        return tuple(side.page for side in self.sides if side.page is not None)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the clerk's list.

    ``sheets`` are those just printed, ``old`` the numbers on the sheets that leave the volume
    (or that are written over), ``pages`` those on paper only that it speaks of.
    """

    kind: StepKind
    sentence: str
    sheets: tuple[Sheet, ...] = ()
    old: tuple[PageNumber, ...] = ()
    pages: tuple[PlannedPage, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintPlan:
    """What is printed of a volume, in order, and what the clerk does with it.

    ``by_hand`` are pages on paper only whose number has to be written.
    """

    sheets: tuple[Sheet, ...]
    steps: tuple[Step, ...]
    by_hand: int

    @property
    def sides(self) -> tuple[Side, ...]:
        """All sides in the order in which they are printed."""
        return tuple(side for sheet in self.sheets for side in sheet.sides)


def print_plan(
    volume: VolumePlan,
    only_since: Collection[PlannedPage] | None = None,
    *,
    duplex: bool = True,
    catalogue_pages: int = 1,
    note_pages: int = 1,
    front: Collection[SideKind] | None = None,
) -> PrintPlan:
    """Return the sheets of a volume, or those that differ from what is on paper already.

    ``only_since`` are the pages of this volume as they were last printed, with their numbers;
    ``None`` prints everything.  They are taken to have been printed the same way (``duplex``).  A
    sheet is printed anew when anything on one of its sides changed.  ``front`` are those of cover,
    catalogue and closing note whose words changed; where nobody says, the catalogue goes along as
    soon as any page did.
    """
    units = _units(volume.pages, duplex=duplex)
    if only_since is None:
        sheets = [
            *_apart(SideKind.COVER, 1, duplex=duplex),
            *_apart(SideKind.CATALOGUE, catalogue_pages, duplex=duplex),
            *(unit.sheet for unit in units if unit.sheet is not None),
            *_apart(SideKind.CLOSING_NOTE, note_pages, duplex=duplex),
        ]
        steps = _Clerk(volume, [], units).own_paper()
        return PrintPlan(tuple(sheets), tuple(steps), _by_hand(steps, units))
    before = _units(sorted(only_since, key=lambda page: page.number), duplex=duplex)
    steps = _Clerk(volume, before, units).steps()
    if front is None:
        front = (SideKind.CATALOGUE,) if steps else ()
    around = {
        kind: _replaced(kind, count, duplex=duplex)
        for kind, count in (
            (SideKind.COVER, 1),
            (SideKind.CATALOGUE, catalogue_pages),
            (SideKind.CLOSING_NOTE, note_pages),
        )
        if kind in front
    }
    last = around.pop(SideKind.CLOSING_NOTE, None)
    steps = [*around.values(), *steps, *([last] if last is not None else ())]
    printed = tuple(sheet for step in steps for sheet in step.sheets)
    return PrintPlan(printed, tuple(steps), _by_hand(steps, units))


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is handled as one: a sheet, or (without a sheet) an item's own paper."""

    pages: tuple[PlannedPage, ...]
    sheet: Sheet | None


def _units(pages: Iterable[PlannedPage], *, duplex: bool) -> list[_Unit]:
    """Return the sheets of some pages in order; each item begins on a front."""
    units = []
    for row in _rows(pages):
        if row[0].own_paper:
            units.append(_Unit(tuple(row), None))
            continue
        step = 2 if duplex else 1
        for at in range(0, len(row), step):
            front = Side(SideKind.CONTENT, row[at])
            back = _back(row[at + 1 : at + 2]) if duplex else None
            units.append(_Unit(tuple(row[at : at + step]), Sheet(front, back)))
    return units


def _rows(pages: Iterable[PlannedPage]) -> Iterator[list[PlannedPage]]:
    """Yield the pages that belong to one item and follow one another."""
    for _, row in groupby(pages, key=lambda page: (page.item_id, page.own_paper)):
        yield list(row)


def _back(page: Sequence[PlannedPage]) -> Side:
    if page:
        return Side(SideKind.CONTENT, page[0], NumberSide.LEFT)
    return Side(SideKind.BLANK)


def _apart(kind: SideKind, count: int, *, duplex: bool) -> list[Sheet]:
    """Return sheets of what bears no number."""
    back = Side(SideKind.BLANK) if duplex else None
    return [Sheet(Side(kind, place=place), back) for place in range(count)]


_FRONT = {
    SideKind.COVER: (StepKind.COVER, "封面"),
    SideKind.CATALOGUE: (StepKind.CATALOGUE, "卷内目录"),
    SideKind.CLOSING_NOTE: (StepKind.CLOSING_NOTE, "备考表"),
}


def _replaced(side: SideKind, count: int, *, duplex: bool) -> Step:
    """Return the step that replaces cover, catalogue or closing note."""
    kind, name = _FRONT[side]
    sheets = tuple(_apart(side, count, duplex=duplex))
    return Step(kind, f"{name}换成新印的{len(sheets)}张，抽出原来的。", sheets)


def _by_hand(steps: Iterable[Step], units: Iterable[_Unit]) -> int:
    """Count the pages on paper only that the steps speak of."""
    spoken = {page for step in steps if step.kind is StepKind.OWN_PAPER for page in step.pages}
    return sum(page in spoken for unit in units for page in unit.pages)


class _Clerk:
    """Compares a volume as it is on paper with what it is to be, and says what to do."""

    def __init__(self, volume: VolumePlan, before: Sequence[_Unit], after: Sequence[_Unit]) -> None:
        self._titles = {line.item_id: line.title.removesuffix("（续）") for line in volume.lines}
        self._before = before
        self._after = after

    def steps(self) -> list[Step]:
        """Return what to do from the front of the volume to its end."""
        matcher = SequenceMatcher(
            None,
            [unit.pages for unit in self._before],
            [unit.pages for unit in self._after],
            autojunk=False,
        )
        found: list[Step] = []
        for what, i1, i2, j1, j2 in matcher.get_opcodes():
            if what != "equal":
                found += self._changed(self._before[i1:i2], self._after[j1:j2], j1)
        return found

    def own_paper(self) -> list[Step]:
        """Return where what is bound as it came goes in."""
        places = enumerate(self._after)
        return [self._own(unit, place) for place, unit in places if unit.sheet is None]

    def _changed(self, old: Sequence[_Unit], new: Sequence[_Unit], at: int) -> list[Step]:
        found = []
        sheets = tuple(unit.sheet for unit in new if unit.sheet is not None)
        leaving = [unit for unit in old if unit.sheet is not None]
        numbers = tuple(page.number for unit in leaving for page in unit.pages)
        came = number_words(page.number for sheet in sheets for page in sheet.pages)
        went = f"第{number_words(numbers)}页（{len(leaving)}张）"
        if sheets and leaving:
            words = f"第{came}页（{len(sheets)}张）换下原{went}。"
            found.append(Step(StepKind.REPLACE, words, sheets, numbers))
        elif sheets:
            words = f"第{came}页（{len(sheets)}张）插入{self._after_which(at)}之后。"
            found.append(Step(StepKind.INSERT, words, sheets))
        elif leaving:
            found.append(Step(StepKind.REMOVE, f"抽出原{went}。", (), numbers))
        found += [
            self._own(unit, at + place) for place, unit in enumerate(new) if unit.sheet is None
        ]
        found += [self._gone(unit) for unit in old if unit.sheet is None and self._is_gone(unit)]
        return found

    def _own(self, unit: _Unit, at: int) -> Step:
        """Return what to do with paper of the court's own that comes in or changes its number."""
        keys = {(page.item_id, page.item_page) for page in unit.pages}
        old = tuple(
            page.number
            for was in self._before
            if was.sheet is None
            for page in was.pages
            if (page.item_id, page.item_page) in keys
        )
        now = f"第{number_words(page.number for page in unit.pages)}页"
        if len(old) == len(unit.pages):
            words = f"{self._paper(unit)}的页码由第{number_words(old)}页改写为{now}"
        else:
            words = (
                f"{self._paper(unit)}放在{self._after_which(at)}之后，"
                f"在正面右上角、背面左上角编写{now}"
            )
        return Step(StepKind.OWN_PAPER, f"{words}。", (), old, unit.pages)

    def _gone(self, unit: _Unit) -> Step:
        numbers = tuple(page.number for page in unit.pages)
        words = f"抽出{self._paper(unit)}（原第{number_words(numbers)}页），不得丢弃。"
        return Step(StepKind.REMOVE, words, (), numbers)

    def _is_gone(self, unit: _Unit) -> bool:
        items = {now.pages[0].item_id for now in self._after if now.sheet is None}
        return unit.pages[0].item_id not in items

    def _paper(self, unit: _Unit) -> str:
        title = self._titles.get(unit.pages[0].item_id, "")
        if unit.pages[0].original:
            return f"“{title}”的原件" if title else "材料的原件"
        return f"仅有纸质的“{title}”" if title else "仅有纸质的材料"

    def _after_which(self, at: int) -> str:
        return f"第{self._after[at - 1].pages[-1].number.words}页" if at else "卷内目录"
