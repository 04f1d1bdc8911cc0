"""Which empty side of a scan is the empty back of which sheet: their order belongs to the proof.

Empty sides look alike, so each is told by its place alone: behind the front of its sheet it is
where it belongs.  One that lies elsewhere is named only where nothing else explains it: scanners
drop empty sides, and paper bound as it came has empty backs that nobody expects.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from zhixing_desktop.dossier.page_match import Placed, Role
from zhixing_desktop.dossier.proof import ExpectedPage

_MANY = 400
"""More pairs of empty sides out of place than anybody exchanges: the scan runs otherwise."""


def is_blank(page: Placed, blank: Collection[int]) -> bool:
    """Say whether a scanned page is an empty side; ``blank`` are the expected empty sides."""
    if page.role is Role.BLANK:
        return True
    return page.role is Role.PAGE and page.comparison is None and page.expected in blank


def without_blanks(placed: Sequence[Placed], blank: Collection[int]) -> list[Placed]:
    """Return the scanned pages, their empty sides without a place in the volume."""
    return [
        replace(page, role=Role.BLANK, expected=None) if is_blank(page, blank) else page
        for page in placed
    ]


def backs_settled(
    expected: Sequence[ExpectedPage],
    placed: Sequence[Placed],
    first: Collection[int],
    blank: Collection[int],
) -> list[Placed]:
    """Return the scanned pages, each empty back of a sheet with the place that it has.

    ``first`` are indexes into ``placed`` of the written pages that count (no doubles), ``blank``
    the places of expected pages on which nothing stands.  An empty side that has changed places
    with a written page gets its own place, so that the order of the pages shows it; what cannot be
    told keeps none.
    """
    run = _Backs(expected, placed, first, blank)
    run.at_their_fronts()
    run.exchanged()
    return [
        page if at not in run.free and at not in run.claimed
        else replace(page, role=Role.PAGE, expected=run.claimed[at]) if at in run.claimed
        else replace(page, role=Role.BLANK, expected=None)
        for at, page in enumerate(placed)
    ]  # fmt: skip


class _Backs:
    """The empty sides of one scan: ``claimed`` have a place, ``free`` are those without one."""

    def __init__(
        self,
        expected: Sequence[ExpectedPage],
        placed: Sequence[Placed],
        first: Collection[int],
        blank: Collection[int],
    ) -> None:
        self._expected = expected
        self._blank = blank
        self._written = {
            at: number for at in sorted(first) if (number := placed[at].expected) is not None
        }
        self._found = {number: at for at, number in self._written.items()}
        order = list(self._written.values())
        rises = sum(low < high for low, high in pairwise(order))
        # A stack that went through the scanner from its last page on has its backs before fronts.
        self._step = -1 if 2 * rises < len(order) - 1 else 1
        self._backs = [at for at in blank if at - 1 in self._found and self._is_back(at)]
        self.claimed: dict[int, int] = {}
        self.free: set[int] = set()
        for at, page in enumerate(placed):
            if not is_blank(page, blank):
                continue
            number = page.expected
            if number is not None and not self._is_back(number):
                self.claimed[at] = number
            else:
                self.free.add(at)
        self._whole = len(self.free) >= len(self._backs)

    def _is_back(self, at: int) -> bool:
        sheet = self._expected[at].sheet
        return at > 0 and sheet is not None and self._expected[at - 1].sheet == sheet

    def at_their_fronts(self) -> None:
        """Give each empty side that lies behind a front with an empty back that back."""
        for back in self._backs:
            at = self._found[back - 1] + self._step
            if at in self.free:
                self._claim(at, back)

    def exchanged(self) -> None:
        """Give empty sides that changed places with a written page the place that is theirs.

        Where the scan left any empty side out none is taken for another one.
        """
        if not self._whole:
            return
        taken = set(self.claimed.values())
        left = [back for back in sorted(self._backs) if back not in taken]
        if len(left) * len(self.free) > _MANY:
            return
        for back in left:
            found = next(filter(None, (self._exchange(back, at) for at in sorted(self.free))), None)
            if found is not None:
                self.claimed = found
                self.free -= found.keys()

    def _exchange(self, back: int, at: int) -> dict[int, int] | None:
        """Return the claims with that of an empty side that changed places; None where it did not.

        Of several empty sides in a row any may be the one.
        """
        claims = {**self.claimed, at: back}
        tried = (claims, self._in_order(claims))
        return next((found for found in tried if self._is_exchange(back, found)), None)

    def _claim(self, at: int, back: int) -> None:
        self.claimed[at] = back
        self.free.discard(at)

    def _in_order(self, claims: Mapping[int, int]) -> dict[int, int]:
        """Return the same claims, those of empty sides beside each other in the volume's order."""
        runs: list[list[int]] = []
        for at in sorted(claims):
            if runs and runs[-1][-1] == at - 1:
                runs[-1].append(at)
            else:
                runs.append([at])
        backwards = self._step < 0
        return {
            at: back
            for run in runs
            for at, back in zip(
                run, sorted((claims[at] for at in run), reverse=backwards), strict=True
            )
        }

    def _is_exchange(self, back: int, claims: Mapping[int, int]) -> bool:
        """Say whether an empty back and a written page lie each where the other belongs."""
        both = {**self._written, **claims}
        order = [both[at] for at in sorted(both)]
        wanted = sorted(order, reverse=self._step < 0)
        other = order[wanted.index(back)]
        return (
            other != back
            and other not in self._blank
            and wanted[order.index(back)] == other
            and self._is_known(other)
            and self._is_known(back)
        )

    def _is_known(self, at: int) -> bool:
        """Say whether all that is written on a page's sheet was found: its sides can be told."""
        sheet = self._expected[at].sheet
        return sheet is not None and all(
            near in self._found or near in self._blank
            for near in (at - 1, at, at + 1)
            if 0 <= near < len(self._expected) and self._expected[near].sheet == sheet
        )
