"""A stack that was scanned in one go, taken apart by its stamps and separator sheets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from zhixing_desktop.dossier.codewords import Fault, NotRead
from zhixing_desktop.dossier.separators import Separator
from zhixing_desktop.dossier.stamp import Stamp
from zhixing_desktop.dossier.stamp_reading import FoundStamp


@dataclass(frozen=True, slots=True)
class PageMarks:
    """What was found on one page of a scan.

    ``stamps`` without those that were not to be believed (``faults``); ``separator`` where the page
    is a separator sheet; ``several`` where it bears two different ones; ``blank`` where nothing is
    on it; ``rotation`` the quarter turn clockwise (0, 90, 180, 270) in which it was scanned.
    """

    stamps: tuple[Stamp, ...] = ()
    separator: Separator | None = None
    blank: bool = False
    rotation: int = 0
    faults: tuple[Fault, ...] = ()
    several: bool = False


class Unclear(StrEnum):
    """Why pages wait in the tray."""

    NO_MARK = "no_mark"
    SEVERAL = "several"
    DAMAGED = "damaged"
    NEWER = "newer"

    @property
    def words(self) -> str:
        """What the clerk is told."""
        return {
            Unclear.NO_MARK: "没有页标，前面也没有分隔页，请确定归入哪一件。",
            Unclear.SEVERAL: "同一页上有不同的页标或者分隔码，请确定归入哪一件。",
            Unclear.DAMAGED: Fault.DAMAGED.words,
            Unclear.NEWER: Fault.NEWER.words,
        }[self]


class Aside(StrEnum):
    """Why pages are left out; the scan as it came still has them."""

    SEPARATOR = "separator"
    BLANK = "blank"

    @property
    def words(self) -> str:
        """What the clerk is told."""
        return "分隔页" if self is Aside.SEPARATOR else "空白页"


@dataclass(frozen=True, slots=True)
class StackPage:
    """A page of the scan: ``at`` from 0 on, to be turned clockwise by ``turn`` to stand upright.

    ``item_page`` is the page of the item (from 1 on) that its stamp names, else ``None``.
    """

    at: int
    turn: int = 0
    item_page: int | None = None


@dataclass(frozen=True, slots=True)
class Replacement:
    """Pages that bear the stamps of one version of an item: its signed or completed scan.

    ``stamp`` is that of the first page; of the others' only page numbers differ.  The pages stand
    in the order of the item, whatever their order in the stack.
    """

    stamp: Stamp
    pages: tuple[StackPage, ...]

    @property
    def doubled(self) -> tuple[int, ...]:
        """Pages of the item that came more than once."""
        seen = [page.item_page for page in self.pages if page.item_page is not None]
        return tuple(sorted({number for number in seen if seen.count(number) > 1}))

    def missing(self, count: int) -> tuple[int, ...]:
        """Return the pages that did not come of an item that has ``count``."""
        came = {page.item_page for page in self.pages}
        return tuple(number for number in range(1, count + 1) if number not in came)


@dataclass(frozen=True, slots=True)
class Separated:
    """Pages that lay behind a separator sheet, in the order of the stack; none if none did."""

    separator: Separator
    pages: tuple[StackPage, ...]


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Pages for the tray: why, and behind what they lay (``None`` at the beginning of the stack).

    What lay before tells the clerk where to look first: the next page of that paper, a note on the
    back of it.
    """

    pages: tuple[StackPage, ...]
    reason: Unclear
    after: Stamp | Separator | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Pages that belong nowhere: separator sheets, blank pages."""

    pages: tuple[StackPage, ...]
    why: Aside


StackPart = Replacement | Separated | Unplaced | LeftOut
_ItemKey = tuple[int, str, int, int, str]


def page_marks(found: Sequence[FoundStamp], *, blank: bool) -> PageMarks:
    """Return what the codes found on a page make of it; ``blank`` as somebody else has judged."""
    contents = [one.content for one in found]
    stamps = tuple(dict.fromkeys(one for one in contents if isinstance(one, Stamp)))
    separators = list(dict.fromkeys(one for one in contents if isinstance(one, Separator)))
    # Of a page that bears a label beside its stamp, the readable one tells how it lies.
    believed = [one for one in found if not isinstance(one.content, NotRead)] or list(found)
    return PageMarks(
        stamps=stamps,
        separator=separators[0] if separators else None,
        blank=blank and not found,
        rotation=believed[0].rotation if believed else 0,
        faults=tuple(one.fault for one in contents if isinstance(one, NotRead)),
        several=len(separators) > 1,
    )


def split_stack(
    pages: Sequence[PageMarks], *, double_sided: bool = False, keep_blanks: bool = False
) -> tuple[StackPart, ...]:
    """Return where the pages of a stack go; each page stands in exactly one part.

    Pages with stamps of one version of an item make one :class:`Replacement`, wherever they lay.
    A separator takes the pages behind it up to the next separator or stamped page
    (:class:`Separated`; the same sheet twice with nothing between counts once).  All others wait
    in the tray (:class:`Unplaced`), next to each other for one reason as one part.

    The blank back of a separator is left out; with ``double_sided`` (front and back of each sheet
    one after the other) also where the sheet lay face down.  Other blank pages are left out, or
    with ``keep_blanks`` kept where they lay behind a separator or among pages for the tray; behind
    a stamped page they are its back and never part of the item.  Parts stand in the order of their
    first pages, what is left out last.
    """
    splitting = _Splitting(keep_blanks=keep_blanks, backs=_backs(pages, double_sided=double_sided))
    for at, page in enumerate(pages):
        splitting.take(at, page)
    return splitting.parts()


def _backs(pages: Sequence[PageMarks], *, double_sided: bool) -> frozenset[int]:
    """Return the blank sides of separator sheets."""
    found = set()
    for at, page in enumerate(pages):
        if page.separator is None:
            continue
        if double_sided and at % 2:
            found.add(at - 1)
        found.add(at + 1)
    return frozenset(at for at in found if at < len(pages) and pages[at].blank)


@dataclass(slots=True)
class _Run:
    """Pages that lie together, while the stack is gone through."""

    part: Callable[[tuple[StackPage, ...]], StackPart]
    first: int
    pages: list[StackPage] = field(default_factory=list)


@dataclass(slots=True)
class _Splitting:
    """The stack gone through page by page."""

    keep_blanks: bool
    backs: frozenset[int]
    separator: Separator | None = None
    before: Stamp | Separator | None = None
    reason: Unclear | None = None
    runs: list[_Run] = field(default_factory=list)
    items: dict[_ItemKey, list[tuple[StackPage, Stamp]]] = field(default_factory=dict)
    aside: dict[Aside, list[StackPage]] = field(default_factory=dict)

    def take(self, at: int, page: PageMarks) -> None:
        lying = StackPage(at, -page.rotation % 360)
        stamp, separator = _only(page)
        if stamp is not None:
            self._stamped(lying, stamp)
        elif separator is not None:
            self._separator(lying, separator)
        elif page.blank:
            self._blank(lying)
        elif (unclear := _unclear(page)) is not None:
            self.separator = None
            self._unplaced(lying, unclear)
        elif self.separator is not None:
            self.runs[-1].pages.append(lying)
        else:
            self._unplaced(lying, Unclear.NO_MARK)

    def parts(self) -> tuple[StackPart, ...]:
        placed = [(run.first, run.part(tuple(run.pages))) for run in self.runs]
        for marked in self.items.values():
            first = min(page.at for page, _ in marked)
            marked.sort(key=lambda one: (one[1].item_page, one[0].at))
            pages = tuple(page for page, _ in marked)
            placed.append((first, Replacement(marked[0][1], pages)))
        placed.sort(key=lambda one: one[0])
        left_out = [LeftOut(tuple(self.aside[why]), why) for why in Aside if why in self.aside]
        return (*(part for _, part in placed), *left_out)

    def _stamped(self, lying: StackPage, stamp: Stamp) -> None:
        self._end()
        self.before = stamp
        key = (stamp.case_id, stamp.case_mark, stamp.item_id, stamp.version, stamp.digest)
        page = StackPage(lying.at, lying.turn, stamp.item_page)
        self.items.setdefault(key, []).append((page, stamp))

    def _separator(self, lying: StackPage, separator: Separator) -> None:
        self._leave_out(lying, Aside.SEPARATOR)
        if self.separator == separator and not self.runs[-1].pages:
            return
        self._end()
        self.separator = self.before = separator
        self.runs.append(_Run(lambda pages: Separated(separator, pages), lying.at))

    def _blank(self, lying: StackPage) -> None:
        if lying.at in self.backs:
            self._leave_out(lying, Aside.SEPARATOR)
        elif self.keep_blanks and (self.separator is not None or self.reason is not None):
            self.runs[-1].pages.append(lying)
        else:
            self._leave_out(lying, Aside.BLANK)

    def _unplaced(self, lying: StackPage, reason: Unclear) -> None:
        if self.reason is not reason:
            after = self.before
            self.runs.append(_Run(lambda pages: Unplaced(pages, reason, after), lying.at))
            self.reason = reason
        self.runs[-1].pages.append(lying)

    def _leave_out(self, lying: StackPage, why: Aside) -> None:
        self.aside.setdefault(why, []).append(lying)

    def _end(self) -> None:
        """What follows belongs neither to the separator nor to the pages before it."""
        self.separator = None
        self.reason = None


def _only(page: PageMarks) -> tuple[Stamp | None, Separator | None]:
    """Return the one stamp or the one separator of a page that has just one."""
    if page.several or len(page.stamps) + (page.separator is not None) != 1:
        return None, None
    return (page.stamps[0] if page.stamps else None), page.separator


def _unclear(page: PageMarks) -> Unclear | None:
    if page.stamps or page.separator is not None:
        return Unclear.SEVERAL
    if page.faults:
        return Unclear.NEWER if Fault.NEWER in page.faults else Unclear.DAMAGED
    return None


def empty_separators(parts: Iterable[StackPart]) -> tuple[Separator, ...]:
    """Return the separators of a stack behind which nothing lay: the clerk forgot the pages."""
    return tuple(part.separator for part in parts if isinstance(part, Separated) and not part.pages)
