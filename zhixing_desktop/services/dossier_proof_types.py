"""What a proof of a paper volume gives: its result, what was found, both pictures of a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zhixing_desktop.services.dossier_store import KeptPiece
from zhixing_desktop.services.file_pages import PagePicture


@dataclass(frozen=True, slots=True)
class Spot:
    """A part of the electronic page, in millimetres from its top left corner; ``label``: 纸质多出.

    ``kind`` is ``added``, ``removed``, ``stained`` or ``unseen``.
    """

    kind: str
    label: str
    left: float
    top: float
    wide: float
    high: float


@dataclass(frozen=True, slots=True)
class FoundPage:
    """An electronic page that a finding speaks of: 第12页; ``pdf`` is empty where it has none."""

    words: str
    pdf: str = ""
    place: int = 0


@dataclass(frozen=True, slots=True)
class FoundLine:
    """One thing that is wrong: what, in words; ``pages`` it concerns, ``scanned`` places (from 1).

    ``kind`` is the word for programs (``missing``, ``changed`` …), ``label`` that for people.
    """

    kind: str
    label: str
    sentence: str
    pages: tuple[FoundPage, ...] = ()
    scanned: tuple[int, ...] = ()
    spots: tuple[Spot, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return {
            "kind": self.kind,
            "label": self.label,
            "sentence": self.sentence,
            "pages": [[page.words, page.pdf, page.place] for page in self.pages],
            "scanned": list(self.scanned),
            "spots": [
                [one.kind, one.label, one.left, one.top, one.wide, one.high] for one in self.spots
            ],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> FoundLine:
        """Return what was kept."""
        return cls(
            kept["kind"],
            kept["label"],
            kept["sentence"],
            tuple(FoundPage(*page) for page in kept["pages"]),
            tuple(kept["scanned"]),
            tuple(Spot(*spot) for spot in kept["spots"]),
        )


@dataclass(frozen=True, slots=True)
class ProofResult:
    """What came out of holding a scan against a volume: nothing is recorded yet.

    ``layout`` and ``version`` are those of the paper volume that was looked at.  ``expected``,
    ``scanned``: how many pages; ``matched`` were held together, ``counted`` exist only on paper
    and were counted.  ``measure`` is the set measure.
    """

    case_id: int
    case_no: str
    side: str
    number: int
    title: str
    version: int
    scan: KeptPiece
    layout: Sequence[Sequence[int]] = field(repr=False)
    findings: tuple[FoundLine, ...]
    expected: int
    scanned: int
    matched: int
    counted: int
    measure: Mapping[str, float] = field(repr=False)

    @property
    def same(self) -> bool:
        """Whether paper and electronic dossier are equal page by page."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class ProofLine:
    """A proof that was recorded; ``current``: the volume has not been printed anew since."""

    id: int
    side: str
    number: int
    title: str
    who: str
    at: datetime
    same: bool
    findings: tuple[FoundLine, ...]
    scanned: int
    scan: str
    scan_name: str
    certificate: str
    current: bool


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Both pictures of one of the ``pairs`` of pages that a finding speaks of.

    A side that is not there is ``None``, with words that say so.  ``aligned``: the scan lies on the
    electronic page, so that the spots fit both pictures; they are ``across`` millimetres wide.
    """

    electronic: PagePicture | None
    electronic_words: str
    scanned: PagePicture | None
    scanned_words: str
    spots: tuple[Spot, ...]
    aligned: bool
    across: float
    pairs: int
