"""The pages on the desk before they are filed: in what order, turned how, of which thing; pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from zhixing_desktop.services.dossier_types import Cut

NO_PAGES = -1
ON_PAPER = -1
_REMEMBERED = 100


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page on the desk: page ``page`` of source ``source``, both from 0 on.

    ``page`` is :data:`NO_PAGES` for a file without pages, ``source`` :data:`ON_PAPER` for what is
    on paper only.  ``thing`` is the number of the thing it goes into; ``out``: it is left out.
    """

    source: int
    page: int
    thing: int
    turn: int = 0
    out: bool = False


class Stack:
    """The leaves in their order; those of one thing always lie together.

    Rows count from 0 on.  Every act can be taken back by :meth:`undo`.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self.leaves: tuple[Leaf, ...] = ()
        self._next = 1
        self._before: list[tuple[Leaf, ...]] = []

    # ------------------------------------------------------------------------------- asking

    @property
    def things(self) -> tuple[int, ...]:
        """The numbers of the things, in order."""
        return tuple(dict.fromkeys(leaf.thing for leaf in self.leaves))

    def rows_of(self, thing: int) -> list[int]:
        """Return the rows of a thing."""
        return [row for row, leaf in enumerate(self.leaves) if leaf.thing == thing]

    def of(self, thing: int) -> list[Leaf]:
        """Return the leaves of a thing."""
        return [leaf for leaf in self.leaves if leaf.thing == thing]

    def pages(self, thing: int) -> int:
        """Return how many pages of a thing go on record."""
        return sum(leaf.page != NO_PAGES and not leaf.out for leaf in self.of(thing))

    def begins(self, row: int) -> bool:
        """Tell whether a row is the first of its thing."""
        return row == 0 or self.leaves[row].thing != self.leaves[row - 1].thing

    def order(self, thing: int) -> tuple[list[int], list[Cut]]:
        """Return what sources a thing needs, and its pages as cuts of these in that order."""
        leaves = [leaf for leaf in self.of(thing) if not leaf.out]
        used = list(dict.fromkeys(leaf.source for leaf in leaves if leaf.source != ON_PAPER))
        cuts = [
            Cut(used.index(leaf.source), leaf.page, leaf.turn)
            for leaf in leaves
            if leaf.page != NO_PAGES
        ]
        return used, cuts

    # ------------------------------------------------------------------------------- changing

    def add(self, source: int, pages: int) -> int:
        """Lay a file on the desk as a thing of its own; return the thing's number."""
        thing, self._next = self._next, self._next + 1
        rows = range(pages) if pages else (NO_PAGES,)
        self._set((*self.leaves, *(Leaf(source, page, thing) for page in rows)))
        return thing

    def restore(self, leaves: Sequence[Leaf]) -> None:
        """Take leaves that were kept; nothing to take back."""
        self.leaves = tuple(leaves)
        self._next = max((leaf.thing for leaf in leaves), default=0) + 1
        self._before.clear()

    def turn(self, rows: Collection[int], by: int) -> None:
        """Turn pages clockwise by degrees, a multiple of 90."""
        self._change(rows, lambda leaf: replace(leaf, turn=(leaf.turn + by) % 360))

    def leave_out(self, rows: Collection[int], *, out: bool) -> None:
        """Leave pages out of the record, or take them in again."""
        self._change(rows, lambda leaf: replace(leaf, out=out and leaf.page != NO_PAGES))

    def exchange(self, row: int, source: int, page: int = 0) -> None:
        """Let a page be that of another source: a photograph that was made straight."""
        self._change([row], lambda leaf: replace(leaf, source=source, page=page, turn=0))

    def remove(self, thing: int) -> None:
        """Take a thing off the desk."""
        self._set(tuple(leaf for leaf in self.leaves if leaf.thing != thing))

    def forget(self, thing: int) -> None:
        """Take a thing off the desk for good: it has been filed."""
        self.remove(thing)
        self._before.clear()

    def move(self, rows: Collection[int], before: int) -> list[int]:
        """Move pages in front of a row (the number of rows: to the end); return where they lie.

        They go into the thing they come to lie in.  A file without pages does not move.
        """
        own = sorted(row for row in rows if self.leaves[row].page != NO_PAGES)
        if not own or (own[0] <= before <= own[-1] + 1 and own == list(range(own[0], own[-1] + 1))):
            return own
        forward = before > own[-1]
        thing = self._thing_at(before - 1 if forward else before, own)
        moved = [replace(self.leaves[row], thing=thing) for row in own]
        rest = [leaf for row, leaf in enumerate(self.leaves) if row not in own]
        at = before - sum(row < before for row in own)
        self._set((*rest[:at], *moved, *rest[at:]))
        return list(range(at, at + len(moved)))

    def _thing_at(self, row: int, own: Sequence[int]) -> int:
        near = self.leaves[row] if 0 <= row < len(self.leaves) else None
        if near is not None and near.page != NO_PAGES:
            return near.thing
        # Beside a recording there is nothing to go into.
        mine = self.leaves[own[0]].thing
        if set(self.rows_of(mine)) <= set(own):
            return mine
        found, self._next = self._next, self._next + 1
        return found

    def split(self, row: int) -> int | None:
        """Begin another thing with a page; return its number, ``None`` where one begins there."""
        if not 0 <= row < len(self.leaves) or self.begins(row):
            return None
        thing, self._next = self._next, self._next + 1
        old = self.leaves[row].thing
        rows = [r for r in self.rows_of(old) if r >= row]
        self._change(rows, lambda leaf: replace(leaf, thing=thing))
        return thing

    def divide(self, thing: int, places: Sequence[int]) -> int | None:
        """Keep in a thing only its pages at ``places`` (from 0 on, in that order).

        The others become a thing behind it; return that, ``None`` where nothing is left over.
        """
        own = self.of(thing)
        kept = [own[place] for place in dict.fromkeys(places)]
        rest = [leaf for leaf in own if leaf not in kept]
        if not kept or not rest:
            return None
        other, self._next = self._next, self._next + 1
        first = self.rows_of(thing)[0]
        before = self.leaves[:first]
        after = self.leaves[first + len(own) :]
        self._set((*before, *kept, *(replace(leaf, thing=other) for leaf in rest), *after))
        return other

    def join(self, thing: int) -> int | None:
        """Join a thing to the one before it; return that, ``None`` where there is none."""
        things = self.things
        at = things.index(thing)
        if at == 0 or any(not self._paged(one) for one in things[at - 1 : at + 1]):
            return None
        self._change(self.rows_of(thing), lambda leaf: replace(leaf, thing=things[at - 1]))
        return things[at - 1]

    def join_all(self) -> int | None:
        """Make one thing of all that have pages; return it.  Files without pages stay as they are,
        behind it."""
        paged = [leaf for leaf in self.leaves if leaf.page != NO_PAGES]
        if not paged:
            return None
        rest = [leaf for leaf in self.leaves if leaf.page == NO_PAGES]
        thing = paged[0].thing
        self._set((*(replace(leaf, thing=thing) for leaf in paged), *rest))
        return thing

    def _paged(self, thing: int) -> bool:
        return all(leaf.page != NO_PAGES for leaf in self.of(thing))

    def undo(self) -> bool:
        """Take the last act back; tell whether there was one."""
        if not self._before:
            return False
        self.leaves = self._before.pop()
        return True

    def _change(self, rows: Collection[int], how: Callable[[Leaf], Leaf]) -> None:
        self._set(tuple(how(x) if n in rows else x for n, x in enumerate(self.leaves)))

    def _set(self, leaves: tuple[Leaf, ...]) -> None:
        if leaves != self.leaves:
            self._before = [*self._before[-_REMEMBERED:], self.leaves]
            self.leaves = leaves
