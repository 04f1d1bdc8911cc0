"""The scans of the tray that are worked on: their pages, what is said of each thing; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from zhixing_desktop.services.dossier_choices import Choices, propose
from zhixing_desktop.services.dossier_tray_joining import Picked
from zhixing_desktop.services.dossier_tray_rows import TrayLine
from zhixing_desktop.services.dossier_types import Cut, Filing, Medium
from zhixing_desktop.ui.dossier.stack import NO_PAGES, Leaf, Stack

_NOTHING: Mapping[int, Filing] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page of the tray wherever its row is by now: a file's digest and its page there."""

    digest: str
    page: int
    thing: int
    turn: int
    out: bool


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What somebody had done with scans before they were filed: pages, words, the case."""

    pages: tuple[KeptPage, ...] = ()
    filings: Mapping[int, Filing] = field(default_factory=lambda: _NOTHING)
    by_hand: frozenset[int] = frozenset()
    case_id: int | None = None
    case_no: str = ""


def place_of(lines: Sequence[TrayLine], gone: frozenset[tuple[str, int]] = frozenset()) -> str:
    """Return where the arrangement of scans is remembered: by file and first page, in order.

    ``gone`` are pages (digest and number) that will not be there any more.
    """
    parts = []
    for line in lines:
        left = [cut.page for cut in line.cuts if (line.digest, cut.page) not in gone]
        if left:
            parts.append(f"{line.digest}:{left[0]}")
        elif not line.cuts:
            parts.append(line.digest)
    return ";".join(parts)


class TrayDesk:
    """``lines`` are the scans on the desk; a leaf's source is the place there, its page that of the
    line's cuts.  ``touched`` when somebody has done something that is worth being remembered."""

    def __init__(self) -> None:
        """Begin with an empty desk."""
        self.lines: tuple[TrayLine, ...] = ()
        self.stack = Stack()
        self.known: Choices | None = None
        self.touched = False
        self.by_hand: set[int] = set()
        self._filings: dict[int, Filing] = {}

    def lay(self, lines: Sequence[TrayLine], kept: Arrangement | None) -> None:
        """Lay scans on the desk, each a thing of its own, or as they were left."""
        self.lines, self.stack = tuple(lines), Stack()
        self._filings, self.by_hand, self.touched = {}, set(), kept is not None
        there = {
            (line.digest, cut.page): (source, at)
            for source, line in enumerate(self.lines)
            for at, cut in enumerate(line.cuts)
        }
        leaves: list[Leaf] = []
        for page in kept.pages if kept is not None else ():
            found = there.pop((page.digest, page.page), None)
            if found is not None:
                leaves.append(Leaf(*found, page.thing, page.turn, page.out))
        # Those of one thing lie together, whatever of them is there.
        things = list(dict.fromkeys(leaf.thing for leaf in leaves))
        leaves.sort(key=lambda leaf: things.index(leaf.thing))
        if kept is not None:
            self._filings = {one: said for one, said in kept.filings.items() if one in things}
            self.by_hand = {one for one in kept.by_hand if one in things}
        first = max(things, default=0) + 1
        for source, line in enumerate(self.lines):
            rest = [at for at, cut in enumerate(line.cuts) if (line.digest, cut.page) in there]
            if not line.cuts:
                leaves.append(Leaf(source, NO_PAGES, first + source))
            leaves += [Leaf(source, at, first + source) for at in rest]
        self.stack.restore(leaves)

    # ------------------------------------------------------------------------------- saying

    def filing(self, thing: int) -> Filing:
        """Return what is said of a thing, else what can be known of it."""
        found = self._filings.get(thing)
        if found is not None:
            return found
        if self.known is None or not self.stack.of(thing):
            return Filing("", medium=Medium.ORIGINAL)
        line = self.lines[self.stack.of(thing)[0].source]
        guessed = propose(self.known, line.name, Medium.ORIGINAL)
        # What a scanner calls its files says nothing about the thing.
        return replace(guessed, name=guessed.material)

    def say(self, thing: int, filing: Filing, *, by_hand: bool) -> None:
        """Take what was typed."""
        self._filings[thing] = filing
        (self.by_hand.add if by_hand else self.by_hand.discard)(thing)
        self.touched = True

    def plain(self, said: Filing) -> Filing:
        """Return the same without what belongs to one thing alone."""
        return replace(said, name="", material="", work_item=None, number="")

    def unplaced(self, said: Filing) -> Filing:
        """Return the same with its place left to the catalogue."""
        return replace(said, place=None, side=None)

    def title_of(self, thing: int) -> str:
        """Return what stands above the first page of a thing."""
        number = self.stack.things.index(thing) + 1 if thing in self.stack.things else 0
        name = self._filings[thing].name if thing in self._filings else ""
        return name or f"第{number}件"

    # ------------------------------------------------------------------------------- filing

    def picked(self, thing: int) -> tuple[list[Picked], list[Cut]]:
        """Return the scans that a thing needs, and its pages as cuts of these in that order."""
        leaves = self.stack.of(thing)
        used = list(dict.fromkeys(leaf.source for leaf in leaves if not leaf.out))
        cuts = []
        for leaf in leaves:
            if leaf.page != NO_PAGES and not leaf.out:
                cut = self.lines[leaf.source].cuts[leaf.page]
                cuts.append(Cut(used.index(leaf.source), cut.page, (cut.turn + leaf.turn) % 360))
        scans = []
        for source in used:
            line = self.lines[source]
            out = [leaf.page for leaf in leaves if leaf.out and leaf.source == source]
            dropped = tuple(line.cuts[page].page for page in out)
            scans.append(Picked(line.id, line.version, dropped))
        return scans, cuts

    def arrangement(self, case_id: int | None, case_no: str) -> Arrangement:
        """Return all that is on the desk, to be remembered."""
        return self._arranged(self.stack.leaves, case_id, case_no)

    def rest(self, thing: int, case_id: int | None, case_no: str) -> tuple[str, Arrangement]:
        """Return where and what is to be remembered when a thing has been filed."""
        gone = frozenset(
            (self.lines[leaf.source].digest, self.lines[leaf.source].cuts[leaf.page].page)
            for leaf in self.stack.of(thing)
            if leaf.page != NO_PAGES
        )
        left = [leaf for leaf in self.stack.leaves if leaf.thing != thing]
        return place_of(self.lines, gone), self._arranged(left, case_id, case_no)

    def _arranged(self, leaves: Sequence[Leaf], case_id: int | None, case_no: str) -> Arrangement:
        pages = tuple(
            KeptPage(
                self.lines[leaf.source].digest,
                self.lines[leaf.source].cuts[leaf.page].page,
                leaf.thing,
                leaf.turn,
                leaf.out,
            )
            for leaf in leaves
            if leaf.page != NO_PAGES
        )
        things = {page.thing for page in pages}
        filings = {one: said for one, said in self._filings.items() if one in things}
        by_hand = frozenset(self.by_hand & things)
        return Arrangement(pages, MappingProxyType(filings), by_hand, case_id, case_no)
