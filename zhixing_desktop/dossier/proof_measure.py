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

    Measured with these values and the scanner of the tests on 29 pages of the program's own papers,
    each at 100, 150 and 200 dpi (skew to 3°, grain, grey, JPEG 50 to 90, 97 to 103 %):

    ======================================  =======  =======  =======
    wrongly named or missed, of pages       100 dpi  150 dpi  200 dpi
    ======================================  =======  =======  =======
    healthy                                 0 of 29  0 of 29  0 of 29
    healthy, 5° skew, faded, JPEG 40        0 of 29  0 of 29  0 of 29
    healthy, photocopied before             3 of 29  0 of 29  0 of 29
    a figure made another                   0 of 21  0 of 21  0 of 21
    3/8, 1/7, 0/6, 5/6 exchanged            0 of 15  0 of 15  0 of 15
    a Chinese character made another        1 of 29  0 of 29  1 of 29
    a point or comma taken away             0 of 28  0 of 28  0 of 28
    a character erased                      0 of 29  0 of 29  0 of 29
    struck out; pen; pencil; lines swapped  0 of 29  0 of 29  0 of 29
    ======================================  =======  =======  =======

    ``ink`` has little room on either side: the highest value on a healthy page that had not been
    photocopied was 0.11 (5° skew, faded, JPEG 40), while a 6 made a 0 in a small face came to 0.09
    to 0.12 on another set of pages.
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
