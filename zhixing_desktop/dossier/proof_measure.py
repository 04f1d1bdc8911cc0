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

    What is left of a stroke, in any window of 2.5 mm once all that a scanner does is taken out, is
    counted in mm² of black (``page_strokes``).
    ``stroke``: so much is a change in a good scan; ``unrest``: in a poor one so many times what
    nine of ten windows of that page leave at most.
    ``hidden``: where more than this would be allowed, a figure could be another unseen; so it could
    in a scan whose blur has a standard deviation of more than ``soft`` pixels.  Such a scan is not
    clear: it is neither the same nor changed.

    With ``bench/bench_scans.py`` and the scanner of the tests, figures of 10.5 and 12 points, words
    of 14, what a healthy page leaves at most and a changed letter at least:

    ==============================  =======  ======================
    scan                            healthy  one letter changed
    ==============================  =======  ======================
    150 dpi                         0.03     0.31
    150 dpi, grain (18 shades)      0.04     0.29
    150 dpi, faded to half          0.05     0.31
    150 dpi, JPEG 40, 5°, faded     0.03     0.28
    100 dpi                         0.10     0.24
    200 dpi, photocopied            0.05     0.29
    150 dpi, photocopied            0.04     0.29
    150 dpi, photocopied twice      0.13     0.18
    100 dpi, photocopied twice      0.13     0.18
    300 dpi, one bit                0.09     0.34
    150 dpi, one bit                0.23     0.28 (partly not clear)
    100 dpi, one bit                0.35     0.32 (not clear)
    150 dpi, blur of 2 pixels       0.11     0.11 (not clear)
    ==============================  =======  ======================
    """

    ink: float = 0.11
    stroke: float = 0.14
    unrest: float = 5.5
    hidden: float = 0.3
    soft: float = 1.85
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
