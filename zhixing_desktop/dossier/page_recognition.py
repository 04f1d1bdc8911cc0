"""Pages without a readable stamp, recognised by their pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from zhixing_desktop.dossier.page_compare import Comparison
from zhixing_desktop.dossier.page_fingerprint import distances
from zhixing_desktop.dossier.page_match import Placed, Role
from zhixing_desktop.dossier.page_register import Features, register
from zhixing_desktop.dossier.proof_measure import ProofMeasure

_NEAREST = 6
"""So many expected pages that look alike are looked at closely."""
_RIVAL = 0.6
"""A page with this part of the best one's agreement may be it as well: both are compared."""
_RIVALS = 4


@dataclass(frozen=True, slots=True)
class Unknown:
    """A scanned page without a stamp; ``print_`` is empty where nothing stands on it.

    ``legible`` is False where something does but nobody could read it.
    """

    place: int
    print_: bytes
    features: Features
    legible: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """An expected page that may be among them."""

    print_: bytes
    features: Features

    @property
    def blank(self) -> bool:
        """Whether nothing stands on it."""
        return not self.print_


Recognised = Sequence[Placed]
Each = Callable[
    [Callable[[Unknown], "list[_Candidate]"], Sequence[Unknown]], "Iterable[list[_Candidate]]"
]
Compare = Callable[[int, int], Comparison]
"""From the place of a scanned page and that of an expected one to their comparison."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    place: int
    expected: int
    comparison: Comparison
    away: float

    def worth(self) -> tuple[bool, float, float]:
        """The lower, the better: what says the same, then what stands near, then what fits."""
        if self.comparison.same or self.comparison.unclear:
            return False, self.away, -self.comparison.share
        return True, -self.comparison.share, self.away


def recognise(
    unknown: Sequence[Unknown],
    known: Mapping[int, Known],
    order: Sequence[tuple[int, int]],
    compare: Compare,
    more: Callable[[], Mapping[int, Known]],
    expected: int,
    measure: ProofMeasure,
    each: Each = map,
) -> Recognised:
    """Return what the pages are.

    ``known`` are the expected pages that no stamp has claimed, ``order`` the places and expected
    places of the pages found by their stamps, ``expected`` how many pages are expected.  ``more``
    gives the claimed pages too; it is asked only where a page is none of the others (it may be
    there twice).  ``each`` does something with each page, as ``map`` does, maybe in threads.
    """
    guess = _Guess(order, expected, len(unknown) + len(order))
    blanks = [page for page in unknown if not page.print_]
    written = [page for page in unknown if page.print_]
    found = _settled(_candidates(written, known, guess, compare, measure, each))
    result = [*found.values(), *_blanks(blanks, known, guess)]
    left = [page for page in written if page.place not in found]
    if left:
        again = {**known, **more()}
        twice = _candidates(left, again, guess, compare, measure, each)
        best: dict[int, _Candidate] = {}
        for one in sorted(twice, key=_Candidate.worth):
            best.setdefault(one.place, one)
        result.extend(_left(page, best.get(page.place)) for page in left)
    return result


class _Guess:
    """Where in the volume a scanned page should be, from those whose place is known."""

    def __init__(self, order: Sequence[tuple[int, int]], expected: int, scanned: int) -> None:
        self._order = order
        self._slope = expected / max(scanned, 1)

    def __call__(self, place: int) -> float:
        if not self._order:
            return (place - 1) * self._slope
        near, at = min(self._order, key=lambda entry: abs(entry[0] - place))
        return at + place - near


def _candidates(
    pages: Sequence[Unknown],
    known: Mapping[int, Known],
    guess: _Guess,
    compare: Compare,
    measure: ProofMeasure,
    each: Each,
) -> list[_Candidate]:
    places = [at for at, page in known.items() if page.print_]
    prints = [known[at].print_ for at in places]

    def of_one(page: Unknown) -> list[_Candidate]:
        wanted = guess(page.place)

        def seen(at: int) -> _Candidate:
            return _Candidate(page.place, at, compare(page.place, at), abs(at - wanted))

        here = min(places, key=lambda at: abs(at - wanted), default=None)
        first = 0
        if here is not None:
            first = _agreed(known[here].features, page.features, measure)
            one = seen(here) if first else None
            # Mostly a page is where it should be and says what it should.
            if one is not None and one.comparison.same:
                return [one]
        near = sorted(zip(distances(page.print_, prints), places, strict=True))[:_NEAREST]
        shares = [
            (_agreed(known[at].features, page.features, measure), at)
            for _, at in near
            if at != here
        ]
        if here is not None:
            shares.append((first, here))
        shares.sort(reverse=True)
        least = _RIVAL * shares[0][0] if shares else 0
        tried = [at for agreed, at in shares[:_RIVALS] if agreed and agreed >= least]
        return [found for found in map(seen, tried) if found.comparison.found]

    return [one for found in each(of_one, pages) for one in found]


def _agreed(electronic: Features, scanned: Features, measure: ProofMeasure) -> int:
    """Return how many features agree, 0 where the two are not the same page."""
    lies = register(electronic, scanned)
    if lies is None or lies.share < measure.alike:
        return 0
    # A page with a line or two has few features: then nearly all must agree.
    few = min(len(electronic.words), len(scanned.words))
    return lies.agreed if lies.agreed >= min(measure.agreed, few * 0.4) else 0


def _settled(candidates: Sequence[_Candidate]) -> dict[int, Placed]:
    """Give each scanned page one expected page and each expected page one scanned page."""
    found: dict[int, Placed] = {}
    taken: set[int] = set()
    for one in sorted(candidates, key=_Candidate.worth):
        if one.place in found or one.expected in taken:
            continue
        taken.add(one.expected)
        found[one.place] = Placed(one.place, Role.PAGE, one.expected, None, one.comparison)
    return found


def _blanks(blanks: Sequence[Unknown], known: Mapping[int, Known], guess: _Guess) -> list[Placed]:
    """Give the empty sides the expected empty sides near which they stand."""
    free = {at for at, page in known.items() if page.blank}
    result = []
    for page in blanks:
        wanted = guess(page.place)
        at = min(free, key=lambda place: abs(place - wanted), default=None)
        if at is not None and abs(at - wanted) > 1:
            at = None
        free.discard(-1 if at is None else at)
        result.append(Placed(page.place, Role.BLANK if at is None else Role.PAGE, at))
    return result


def _left(page: Unknown, twice: _Candidate | None) -> Placed:
    if twice is not None and (twice.comparison.same or twice.comparison.unclear):
        return Placed(page.place, Role.PAGE, twice.expected, None, twice.comparison)
    return Placed(page.place, Role.EXTRA if page.legible else Role.UNREADABLE)
