"""How much a paper page may differ from its electronic one: the set measure of the proof."""

from __future__ import annotations

from dataclasses import dataclass

WORKING_DPI = 150
"""Dots per inch at which pages are compared.  Finer scans are made smaller: they find no more."""


@dataclass(frozen=True, slots=True)
class ProofMeasure:
    """The set measure.  Lengths in mm, areas in mm², the rest shares from 0 to 1.

    ``ink``: so much ink on one side only, within ``window``, is a change.  Ink is counted as if
    it were black: a grey pencil stroke counts as less.
    ``faint``: what is fainter than this part of the page's black is noise.
    ``worn``: how many times stronger one side may be where both have ink (toner, thin lines).
    ``beside``: how far a stroke may lie from its place.
    ``stain`` and ``stain_area``: paper that is darker than this part of the page's paper over more
    than this area is stained, not changed; down to ``opaque``, where somebody has covered it.
    ``edge``: how wide the rim of a sheet is that scanners cut off or darken.
    ``binding``: how far from the left (on a back: right) edge holes and thread may be.
    ``alike``: the least share of agreeing features with which a page without a stamp is taken for
    the one it is most like, ``agreed`` the least number of them.
    """

    ink: float = 0.11
    window: float = 1.5
    faint: float = 0.12
    worn: float = 1.5
    beside: float = 0.17
    stain: float = 0.86
    stain_area: float = 60.0
    opaque: float = 0.3
    edge: float = 4.0
    binding: float = 25.0
    alike: float = 0.3
    agreed: int = 25
