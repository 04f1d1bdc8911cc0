"""Whether scanned pages show nothing but what the electronic ones show already.

A bound volume that comes back through the scanner brings every page of the dossier once more; none
of them is a signed one, and none is worth a new version.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from zhixing_desktop.dossier.corners import Corner
from zhixing_desktop.dossier.page_compare import compare_ready, electronic_ready, scanned_ready
from zhixing_desktop.dossier.page_regions import Difference
from zhixing_desktop.dossier.pdf_pictures import PdfPictures
from zhixing_desktop.dossier.printed_places import printed_places
from zhixing_desktop.dossier.proof import ExpectedPage, ScannedPage
from zhixing_desktop.dossier.proof_measure import ProofMeasure
from zhixing_desktop.dossier.scanned_pages import scanned_pages
from zhixing_desktop.dossier.stamp import Stamp
from zhixing_desktop.workflow.errors import StoreError

_WHITE = 225.0
"""Shades: a page lighter than this on the whole is white paper with little on it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A page of the scan and the page of record that its stamp names, both from 0 on.

    ``corner`` is where the program printed the stamp, ``None`` where that is not known.
    """

    scanned: int
    record: int
    corner: Corner | None = None


@dataclass(frozen=True)
class ScanSameness:
    """A scan whose pages are held against pages of record by the proof's measure."""

    scan: Path
    measure: ProofMeasure = field(default_factory=ProofMeasure)

    @cached_property
    def _pages(self) -> tuple[ScannedPage, ...]:
        try:
            return tuple(scanned_pages(self.scan))
        except StoreError:
            return ()  # a kind of picture that no scanner sends: nothing is known of it

    def unchanged(
        self,
        record: Path,
        stamp: Stamp,
        pairs: Sequence[Pair],
        *,
        own_paper: bool,
        step: Callable[[], None] = lambda: None,
    ) -> bool:
        """Tell whether no stroke is more and none less on any of the scanned pages.

        ``record`` is the PDF of the pages of record.  ``stamp`` is one of the pages' own;
        ``own_paper``: the paper was bound as it came, a label with the stamp stuck on.  A page that
        is stained counts as changed: what is under the stain is not judged.  Takes some 100
        milliseconds a page; ends with the first that differs.  ``step`` is called before each page;
        what it raises ends the work.
        """
        if not pairs:
            return False
        try:
            with PdfPictures(record) as pages:
                for pair in pairs:
                    step()
                    if not self._same(pages, stamp, pair, own_paper=own_paper):
                        return False
        except StoreError as error:
            if error.data.get("kind") == "cancelled":
                raise
            return False
        return True

    def _same(self, pages: PdfPictures, stamp: Stamp, pair: Pair, *, own_paper: bool) -> bool:
        if pair.scanned >= len(self._pages) or pair.record >= pages.count:
            return False
        electronic = pages.picture(pair.record)
        page = ExpectedPage("", stamp, lambda: electronic, corner=pair.corner, own_paper=own_paper)
        found = compare_ready(
            electronic_ready(electronic),
            scanned_ready(self._pages[pair.scanned].picture()),
            measure=self.measure,
            printed=printed_places(page, electronic.shape, labelled=own_paper),
        )
        stained = any(one.kind is Difference.STAINED for one in found.regions)
        # On a dark page without anything to go by a signature may not be seen.
        sure = found.agreed >= self.measure.agreed or float(electronic.mean()) >= _WHITE
        return found.found and found.same and sure and not stained
