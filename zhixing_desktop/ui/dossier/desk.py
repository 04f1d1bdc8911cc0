"""What lies in the dialog before it is filed: files, pages, and what is said of each thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from zhixing_desktop.services.dossier_choices import Choices, propose
from zhixing_desktop.services.dossier_intake import Looked
from zhixing_desktop.services.dossier_types import Filing, ItemLine, Medium
from zhixing_desktop.ui.dossier.intake_draft import Kept
from zhixing_desktop.ui.dossier.intake_run import Order
from zhixing_desktop.ui.dossier.stack import ON_PAPER, Stack
from zhixing_desktop.ui.dossier.wishes import Wish

_NUMERALS = "二三四五六七八九十"


class Desk:
    """``sources`` are the files in the order in which they came.

    ``problems`` says why some were not taken, ``notes`` what is to be known of the others.
    """

    def __init__(self, wish: Wish) -> None:
        """Begin with an empty desk; ``wish`` is what the files are brought for."""
        self.stack = Stack()
        self.sources: list[Looked] = []
        self.problems: list[str] = []
        self.notes: list[str] = []
        self.by_hand: set[int] = set()
        self.known: Choices | None = None
        self.made_of: dict[int, int] = {}
        """By the number of a file that the program made, that of the one that it was made of."""
        self.made_page: dict[int, int] = {}
        """Beside it, of which page there (from 0 on)."""
        self._wish = wish
        self._filings: dict[int, Filing] = {}

    # ------------------------------------------------------------------------------- laying down

    def lay(self, found: Sequence[Looked]) -> list[int]:
        """Lay files on the desk; return the rows of their pages.  Faulty ones are only named."""
        first = len(self.stack.leaves)
        replaced = self._wish.replaced
        for looked in found:
            name = looked.piece.name
            self.problems += [f"{name}：{sentence}" for sentence in looked.errors]
            if looked.errors:
                continue
            self.notes += [f"{name}：{note}" for note in looked.notes]
            self.sources.append(looked)
            thing = self.stack.add(len(self.sources) - 1, looked.pages)
            self._filings[thing] = self._proposed(looked)
            if self._wish.place is not None:
                self.by_hand.add(thing)
        if replaced is not None:
            self.stack.join_all()
        return list(range(first, len(self.stack.leaves)))

    def lay_paper(self) -> int:
        """Lay something down that is on paper only."""
        thing = self.stack.add(ON_PAPER, 0)
        wish = self._wish
        assert self.known is not None
        proposed = propose(self.known, "", Medium.PAPER, wish.key, wish.material)
        self._filings[thing] = replace(self._placed(proposed), paper_pages=1)
        return thing

    def _proposed(self, looked: Looked) -> Filing:
        assert self.known is not None
        wish = self._wish
        # One file answers a named material; the next one is something else.
        first = not self._filings
        material = wish.material if first else ""
        return self._placed(
            propose(self.known, looked.piece.name, looked.medium, wish.key, material)
        )

    def _placed(self, filing: Filing) -> Filing:
        wish = self._wish
        if wish.place is None:
            return filing
        return replace(filing, side=wish.side, place=wish.place)

    def add_made(self, made: Looked, of: int, page: int = 0) -> int:
        """Take a file that was made of a page of another one; return its number."""
        self.sources.append(made)
        self.made_of[len(self.sources) - 1] = of
        self.made_page[len(self.sources) - 1] = page
        return len(self.sources) - 1

    def replace_now(self, item: ItemLine) -> None:
        """Take the thing that gets a new version as it stands now: somebody else was first."""
        self._wish = replace(self._wish, replaced=item)

    # ------------------------------------------------------------------------------- saying

    def filing(self, thing: int) -> Filing:
        """Return what is said of a thing; one that was split off takes it from where it was."""
        found = self._filings.get(thing)
        return found if found is not None else Filing("")

    def say(self, thing: int, filing: Filing, *, by_hand: bool) -> None:
        """Take what was typed."""
        self._filings[thing] = filing
        (self.by_hand.add if by_hand else self.by_hand.discard)(thing)

    def split_off(self, thing: int, old: int) -> None:
        """Say of a new thing what is said of the one it was split from, under another name."""
        before = self.filing(old)
        taken = {self.filing(one).name for one in self.stack.things}
        names = [f"{before.name}（{mark}）" for mark in _NUMERALS]
        name = next((name for name in names if name not in taken), before.name)
        self._filings[thing] = replace(before, name=name, material="", work_item=None)
        if old in self.by_hand:
            self.by_hand.add(thing)

    def on_paper(self, thing: int) -> bool:
        """Tell whether a thing is on paper only."""
        return any(leaf.source == ON_PAPER for leaf in self.stack.of(thing))

    def title_of(self, thing: int) -> str:
        """Return what stands above the first page of a thing."""
        replaced = self._wish.replaced
        return replaced.name if replaced is not None else self.filing(thing).name or "（未命名）"

    def line_of(self, thing: int) -> str:
        """Return a thing in one line."""
        filing = self.filing(thing)
        count = filing.paper_pages if self.on_paper(thing) else self.stack.pages(thing)
        where = "尚未编目"
        if filing.place and self.known is not None:
            at = (filing.side, filing.place)
            found = [p.words for p in self.known.places if (p.side, p.number) == at]
            where = found[0] if found else where
        return f"{filing.name or '（未命名）'}　{count}页　{where}"

    # ------------------------------------------------------------------------------- filing

    def orders(self, case_id: int, reason: str) -> list[Order]:
        """Return what is to be done for each thing."""
        return [self._order(thing, case_id, reason) for thing in self.stack.things]

    def _order(self, thing: int, case_id: int, reason: str) -> Order:
        used, cuts = self.stack.order(thing)
        # What a photograph was before it was made straight is kept beside it.
        whole = [*used, *(self.made_of[one] for one in used if one in self.made_of)]
        pieces = tuple(self.sources[one].piece for one in dict.fromkeys(whole))
        filing = self.filing(thing)
        replaced = self._wish.replaced
        if replaced is not None:
            filing = replace(filing, medium=self._medium(used, replaced))
        return Order(thing, case_id, filing, pieces, tuple(cuts), replaced, reason)

    def _medium(self, used: Sequence[int], replaced: ItemLine) -> Medium:
        if any(self.sources[one].medium is Medium.ORIGINAL for one in used):
            return Medium.ORIGINAL
        return Medium.BOTH if replaced.medium is Medium.PAPER else replaced.medium

    # ------------------------------------------------------------------------------- keeping

    def kept(self, reason: str = "") -> Kept:
        """Return all that lies there, to be kept, with the reason that was typed."""
        things = self.stack.things
        return Kept(
            tuple(one.piece for one in self.sources),
            dict(self.made_of),
            self.stack.leaves,
            {thing: self.filing(thing) for thing in things},
            frozenset(self.by_hand & set(things)),
            reason,
            dict(self.made_page),
        )

    def restore(self, kept: Kept, found: Sequence[Looked]) -> None:
        """Lay down what was kept; ``found`` are its files, looked at anew.

        Pages that a file has no more are left out.
        """
        offset, before = len(self.sources), max(self.stack.things, default=0)
        self.sources += found
        self.made_of |= {one + offset: of + offset for one, of in kept.made_of.items()}
        self.made_page |= {one + offset: page for one, page in kept.made_page.items()}
        leaves = [
            replace(
                leaf,
                source=leaf.source + offset if leaf.source >= 0 else leaf.source,
                thing=leaf.thing + before,
            )
            for leaf in kept.leaves
            if leaf.source < 0
            or (not found[leaf.source].errors and leaf.page < found[leaf.source].pages)
        ]
        self.stack.restore((*self.stack.leaves, *leaves))
        self._filings |= {thing + before: said for thing, said in kept.filings.items()}
        self.by_hand |= {thing + before for thing in kept.by_hand}
        if self._wish.replaced is not None:
            self.stack.join_all()
