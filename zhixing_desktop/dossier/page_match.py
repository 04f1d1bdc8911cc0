"""Which scanned page is which page of the volume, and what their orders say: pure, no pictures."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from zhixing_desktop.dossier.page_compare import Comparison
from zhixing_desktop.dossier.stamp import Stamp


class Role(Enum):
    """What a scanned page is."""

    PAGE = auto()
    """A page of the volume (``expected``), as its stamp or its picture says."""
    RENUMBERED = auto()
    """The same page of the same version, but printed under another number."""
    OLD = auto()
    """Another version of a page of the volume."""
    OTHER_CASE = auto()
    OTHER_VOLUME = auto()
    EXTRA = auto()
    BLANK = auto()
    UNREADABLE = auto()


@dataclass(frozen=True, slots=True)
class Placed:
    """A scanned page and what it is.

    ``expected`` is the place (from 0) among the expected pages that it is or stands in for;
    ``stamp`` what its stamp says, where one was read.
    """

    place: int
    role: Role
    expected: int | None = None
    stamp: Stamp | None = None
    comparison: Comparison | None = None


@dataclass(frozen=True, slots=True)
class Volume:
    """The stamps of the expected pages, ready to be asked."""

    by_stamp: Mapping[Stamp, int]
    by_page: Mapping[tuple[int, int], int]
    volumes: frozenset[tuple[int, str, str, int]]
    cases: frozenset[tuple[int, str]]

    def role_of(self, stamp: Stamp) -> tuple[Role, int | None]:
        """Return what a page with this stamp is, and of which expected page."""
        if stamp in self.by_stamp:
            return Role.PAGE, self.by_stamp[stamp]
        if (stamp.case_id, stamp.case_mark) not in self.cases:
            return Role.OTHER_CASE, None
        at = self.by_page.get((stamp.item_id, stamp.item_page))
        if at is not None:
            return self._of_item(stamp, at)
        inside = (stamp.case_id, stamp.case_mark, stamp.side, stamp.volume) in self.volumes
        return (Role.EXTRA if inside else Role.OTHER_VOLUME), None

    def _of_item(self, stamp: Stamp, at: int) -> tuple[Role, int]:
        same = any(
            (known.version, known.digest) == (stamp.version, stamp.digest)
            for known, place in self.by_stamp.items()
            if place == at
        )
        return (Role.RENUMBERED if same else Role.OLD), at


def volume_of(stamps: Sequence[Stamp | None], on_paper: Sequence[Stamp] = ()) -> Volume:
    """Return the stamps of the expected pages (None where a page bears none) ready to be asked.

    ``on_paper`` are stamps of the volume's pages that nobody expects by a picture: they too say
    which case and volume it is.
    """
    known = [(stamp, at) for at, stamp in enumerate(stamps) if stamp is not None]
    all_of_it = [*(stamp for stamp, _ in known), *on_paper]
    return Volume(
        by_stamp=dict(known),
        by_page={(stamp.item_id, stamp.item_page): at for stamp, at in known},
        volumes=frozenset((s.case_id, s.case_mark, s.side, s.volume) for s in all_of_it),
        cases=frozenset((s.case_id, s.case_mark) for s in all_of_it),
    )


_FIRST = (Role.PAGE, Role.RENUMBERED, Role.OLD, Role.EXTRA, Role.OTHER_VOLUME, Role.OTHER_CASE)


def best_role(volume: Volume, stamps: Iterable[Stamp]) -> tuple[Role, int | None, Stamp] | None:
    """Return what a page with several stamps is; None without a stamp.

    A page that is itself the scan of a printed page bears the former stamp beside its own: what
    says most about this volume counts.
    """
    found = [(*volume.role_of(stamp), stamp) for stamp in stamps]
    return min(found, key=lambda entry: _FIRST.index(entry[0]), default=None)


def rising(values: Sequence[int]) -> list[int]:
    """Return the places of a longest run of rising values: what is not in it has been moved."""
    lows: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for place, value in enumerate(values):
        at = bisect_left(lows, value)
        before.append(ends[at - 1] if at else -1)
        if at == len(lows):
            lows.append(value)
            ends.append(place)
        else:
            lows[at], ends[at] = value, place
    run = []
    place = ends[-1] if ends else -1
    while place >= 0:
        run.append(place)
        place = before[place]
    return run[::-1]


@dataclass(frozen=True, slots=True)
class Move:
    """Pages out of order: ``expected`` places in a row; ``other`` where they changed places with.

    ``reversed_sheet`` tells that they are the two sides of one sheet.
    """

    expected: tuple[int, ...]
    other: tuple[int, ...] = ()
    reversed_sheet: bool = False


def moves(order: Sequence[int], sheets: Sequence[int | None]) -> list[Move]:
    """Return the smallest set of moved pages in the order in which they were scanned.

    ``order`` holds each expected place at most once; ``sheets`` the sheet of each expected page.
    """
    kept = rising(order)
    if len(order) > 2 and len(kept) < len(order):
        back = rising([-value for value in order])
        # A stack that went through the scanner from its last page on is in order.
        if len(back) > max(len(kept), 0.8 * len(order)):
            order = order[::-1]
            kept = rising(order)
    result = []
    for one, other in _exchanged(order):
        undone = [{one: other, other: one}.get(value, value) for value in order]
        better = rising(undone)
        if len(better) <= len(kept):
            continue
        order, kept = undone, better
        same = sheets[one] is not None and sheets[one] == sheets[other]
        result.append(Move((one,), (other,), reversed_sheet=same))
    rest = {order[place] for place in set(range(len(order))) - set(kept)}
    result.extend(Move(run) for run in _runs(order, rest))
    return sorted(result, key=lambda move: move.expected)


def _exchanged(order: Sequence[int]) -> list[tuple[int, int]]:
    """Return pages of which two stand each where the other belongs."""
    wanted = sorted(order)
    place = {value: at for at, value in enumerate(order)}
    return [
        (value, order[at])
        for at, value in enumerate(wanted)
        if value < order[at] and wanted[place[value]] == order[at]
    ]


def _runs(order: Sequence[int], rest: set[int]) -> list[tuple[int, ...]]:
    """Return moved pages, those together that were moved together."""
    runs: list[list[int]] = []
    last = -1
    for at, value in enumerate(order):
        if value not in rest:
            continue
        if (
            runs
            and last == at - 1
            and runs[-1][-1] < value
            and not _between(runs[-1][-1], value, order)
        ):
            runs[-1].append(value)
        else:
            runs.append([value])
        last = at
    return [tuple(run) for run in runs]


def _between(low: int, high: int, order: Sequence[int]) -> bool:
    return any(low < value < high for value in order)


@dataclass(frozen=True, slots=True)
class Gap:
    """Expected pages in a row that were not scanned; ``fed_together``: sheets stuck together."""

    expected: tuple[int, ...]
    fed_together: bool = False


def gaps(
    present: set[int], blank: set[int], sheets: Sequence[int | None], *, blanks_scanned: bool
) -> list[Gap]:
    """Return the runs of expected pages that are missing.

    ``present`` are the expected places that were found, ``blank`` those of empty sides (never
    missed by themselves).  Where sheets went through a two-sided scanner together, or two leaves
    were turned at once, the back of one and the front of the next are missing while the other two
    sides are there: that cannot happen to a sheet that was taken out.  ``blanks_scanned``: the
    scan shows empty sides, so an empty side that is not there counts for this.
    """
    missing = [
        at not in present and (at not in blank or blanks_scanned) for at in range(len(sheets))
    ]
    result = []
    start = None
    for at in range(len(sheets) + 1):
        if at < len(sheets) and missing[at]:
            start = at if start is None else start
        elif start is not None:
            run = tuple(range(start, at))
            written = tuple(place for place in run if place not in blank)
            if written:
                result.append(Gap(written, fed_together=_stuck(run, present, sheets)))
            start = None
    return result


def _stuck(run: Sequence[int], present: set[int], sheets: Sequence[int | None]) -> bool:
    """Say whether a gap begins with the back of one sheet and ends with the front of another."""
    first, last = run[0] - 1, run[-1] + 1
    if first not in present or last not in present:
        return False
    begins, ends = sheets[run[0]], sheets[run[-1]]
    return (
        begins is not None
        and ends is not None
        and begins != ends
        and sheets[first] == begins
        and sheets[last] == ends
    )
