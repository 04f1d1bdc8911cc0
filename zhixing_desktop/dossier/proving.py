"""The proof itself: each scanned page looked at, recognised, held against its electronic page."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from zhixing_desktop.dossier.page_compare import (
    Comparison,
    Ready,
    compare_ready,
    electronic_ready,
    scanned_ready,
)
from zhixing_desktop.dossier.page_fingerprint import fingerprint, is_legible
from zhixing_desktop.dossier.page_match import Placed, Role, Volume, best_role, volume_of
from zhixing_desktop.dossier.page_recognition import Known, Recognised, Unknown, recognise
from zhixing_desktop.dossier.page_register import Features
from zhixing_desktop.dossier.printed_places import printed_places
from zhixing_desktop.dossier.proof import ExpectedPage, PageProof, Proof, ScannedPage
from zhixing_desktop.dossier.proof_findings import findings
from zhixing_desktop.dossier.proof_measure import ProofMeasure
from zhixing_desktop.dossier.stamp import Stamp
from zhixing_desktop.dossier.stamp_reading import read_stamps
from zhixing_desktop.workflow.errors import StoreError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Progress = Callable[[int, int], None]
"""Told how many pages are done and how many there are (0: not known yet)."""
_AHEAD = 3
"""Pages in hand for each worker: enough that none waits, few enough for the memory."""

Given = TypeVar("Given")
Done = TypeVar("Done")


class ProofCancelledError(Exception):
    """Whoever asked for the proof has called it off."""


def prove(
    expected: Sequence[ExpectedPage],
    scanned: Iterable[ScannedPage],
    measure: ProofMeasure | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    workers: int = 2,
    on_paper: Sequence[Stamp] = (),
) -> Proof:
    """Hold the scan of a bound volume against its electronic pages.

    ``expected`` are all sides of the volume in order (cover, catalogue, content, 备考表, empty
    backs where they are scanned too), ``scanned`` the pages of the scan in order.  Pages are found
    by their stamps; where there is none or it cannot be read, by their pictures.  Pictures are
    asked for in ``workers`` threads and not kept.  ``on_paper`` are the stamps of pages that exist
    only on paper: what bears one is a page of this volume.

    Raises :class:`ProofCancelledError` when ``cancelled`` says so, and what an electronic page's
    picture raises.
    """
    run = _Run(
        expected,
        measure or ProofMeasure(),
        progress or (lambda _done, _all: None),
        cancelled or (lambda: False),
        on_paper,
    )
    with ThreadPoolExecutor(max(1, workers)) as pool:
        placed = run.placed(pool, scanned)
    return Proof(
        findings(expected, placed, run.blank),
        tuple(_proofs(expected, placed)),
        len(expected),
        len(placed),
    )


def _proofs(expected: Sequence[ExpectedPage], placed: Sequence[Placed]) -> Iterator[PageProof]:
    for page in placed:
        if page.expected is not None and page.comparison is not None:
            known = expected[page.expected]
            yield PageProof(known.key, page.place, page.comparison, page.stamp is not None)


@dataclass(frozen=True, slots=True)
class _Looked:
    """A scanned page after the first look: what it is, or what it takes to recognise it."""

    page: ScannedPage
    placed: Placed | None
    unknown: Unknown | None = None


class _Run:
    """One proof; ``blank`` are the places of expected pages on which nothing stands."""

    def __init__(
        self,
        expected: Sequence[ExpectedPage],
        measure: ProofMeasure,
        progress: Progress,
        cancelled: Callable[[], bool],
        on_paper: Sequence[Stamp],
    ) -> None:
        self._expected = expected
        self._measure = measure
        self._progress = progress
        self._cancelled = cancelled
        self._volume: Volume = volume_of([page.stamp for page in expected], on_paper)
        self.blank: set[int] = set()

    def placed(self, pool: ThreadPoolExecutor, scanned: Iterable[ScannedPage]) -> list[Placed]:
        """Return what each scanned page is, in the order of the scan."""
        total = len(self._expected)
        looked = list(self._each(pool, self._look, scanned, total))
        sure = {one.placed.expected for one in looked if one.placed is not None}
        open_pages = [one for one in looked if one.unknown is not None]
        rest = [
            at for at, page in enumerate(self._expected)
            if at not in sure and (open_pages or page.stamp is None)
        ]  # fmt: skip
        known = dict(zip(rest, self._each(pool, self._known, rest, 0), strict=True))
        self.blank = {at for at, page in known.items() if page.blank}
        recognised = self._recognised(pool, looked, known)
        return [one.placed or recognised[one.page.place] for one in looked]

    def _recognised(
        self, pool: ThreadPoolExecutor, looked: Sequence[_Looked], known: dict[int, Known]
    ) -> dict[int, Placed]:
        """Recognise by their pictures what the stamps have left open."""
        pages = {one.page.place: one.page for one in looked}
        unknown = [one.unknown for one in looked if one.unknown is not None]
        if not unknown:
            return {}
        order = [
            (one.page.place, one.placed.expected) for one in looked
            if one.placed is not None and one.placed.expected is not None
        ]  # fmt: skip

        features = {page.place: page.features for page in unknown}

        def compare(place: int, at: int) -> Comparison:
            self._stop()
            seen = scanned_ready(pages[place].picture(), features=features[place])
            return self._compared(at, seen, features=known[at].features)

        def more() -> dict[int, Known]:
            others = [at for at in range(len(self._expected)) if at not in known]
            known.update(zip(others, self._each(pool, self._known, others, 0), strict=True))
            return dict(known)

        def each(work: Callable[[Given], Done], given: Sequence[Given]) -> Iterator[Done]:
            return self._each(pool, work, given, 0)

        found: Recognised = recognise(
            unknown, known, order, compare, more, len(self._expected), self._measure, each
        )
        return {page.place: page for page in found}

    def _look(self, page: ScannedPage) -> _Looked:
        try:
            picture = page.picture()
        except StoreError:
            return _Looked(page, Placed(page.place, Role.UNREADABLE))
        stamps = page.stamps
        if stamps is None:
            # Where no page bears a stamp none is looked for at length.
            stamps = read_stamps(picture, closer=bool(self._volume.cases))
        contents = [found.content for found in stamps if isinstance(found.content, Stamp)]
        role = best_role(self._volume, contents)
        if role is None:
            ready = scanned_ready(picture)
            print_, legible = fingerprint(picture), is_legible(ready.picture)
            return _Looked(page, None, Unknown(page.place, print_, ready.features, legible))
        what, at, stamp = role
        placed = Placed(page.place, what, at, stamp)
        if at is not None and what in (Role.PAGE, Role.RENUMBERED):
            placed = replace(
                placed, comparison=self._compared(at, scanned_ready(picture), labelled=True)
            )
        return _Looked(page, placed)

    def _known(self, at: int) -> Known:
        picture = self._expected[at].picture()
        return Known(fingerprint(picture), electronic_ready(picture).features)

    def _compared(
        self,
        at: int,
        scanned: Ready,
        *,
        labelled: bool = False,
        features: Features | None = None,
    ) -> Comparison:
        page = self._expected[at]
        picture: NDArray[np.uint8] = page.picture()
        printed = printed_places(page, picture.shape, labelled=labelled)
        return compare_ready(
            electronic_ready(picture, features=features),
            scanned,
            measure=self._measure,
            printed=printed,
        )

    def _stop(self) -> None:
        if self._cancelled():
            raise ProofCancelledError

    def _each(
        self,
        pool: ThreadPoolExecutor,
        work: Callable[[Given], Done],
        given: Iterable[Given],
        total: int,
    ) -> Iterator[Done]:
        """Yield what comes of each, in order, a few in hand at a time; ``total`` 0: not told."""
        waiting: deque[Future[Done]] = deque()
        done = 0
        most = _AHEAD * getattr(pool, "_max_workers", 1)

        def next_one() -> Done:
            nonlocal done
            result = waiting.popleft().result()
            done += 1
            if total:
                self._progress(done, max(total, done))
            return result

        try:
            for one in given:
                self._stop()
                waiting.append(pool.submit(work, one))
                if len(waiting) >= most:
                    yield next_one()
            while waiting:
                self._stop()
                yield next_one()
        finally:
            for future in waiting:
                future.cancel()
