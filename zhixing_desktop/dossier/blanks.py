"""Pages on which nothing stands, however grey, shadowed or punched the scan is.

In doubt a page is not blank: a blank back that stays costs a look, a pencil note that goes costs
the note.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from zhixing_desktop.dossier.pdf_pages import page_count, page_rasters
from zhixing_desktop.dossier.pictures import gray

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DPI = 100
_ACROSS = round(8.27 * DPI)
_A4_WIDTH, _A4_HEIGHT = 210.0, 297.0
_DARK_PAPER = 90
_FAINTEST = 9.0
"""Shades below the paper, after smoothing; a pencil note has 20 and more."""
_SIGMAS = 5.5
_UNEVEN = 40.0
"""Shades; a scanner's light changes less than that from one side of a sheet to the other."""
_EDGE_MM, _SHADOW_MM = 3.0, 18.0
_SPECK_MM = 1.0
"""Dust is smaller than the smallest digit that anybody prints."""
_HOLE_MM = (4.0, 9.0)
_HOLE_FROM_EDGE_MM = 25.0
_SOLID = (0.68, 0.9)
"""How much of its square a filled disc covers; rings and letters have holes and gaps."""


def blank_pages(content: Path | bytes) -> tuple[int, ...]:
    """Return the numbers (from 0 on) of the pages of a PDF on which nothing stands.

    Raises :class:`StoreError` where the PDF or a page of it cannot be read.
    """
    pages = range(page_count(content))
    rasters = page_rasters(content, pages, _ACROSS)
    return tuple(
        number for number, raster in zip(pages, rasters, strict=True) if is_blank(gray(raster))
    )


def is_blank(page: NDArray[np.uint8], *, width_mm: float | None = None) -> bool:
    """Tell whether nothing stands on a page: rows of grey, 0 black to 255 white.

    Noise, tinted paper, a shadow along an edge, punch holes and dust count as nothing.
    ``width_mm`` is how wide the page is; without it it counts as A4.  Some 100 pixels to the inch.
    """
    import cv2
    import numpy as np

    high, wide = page.shape
    mm = wide / (width_mm or (_A4_WIDTH if wide <= high else _A4_HEIGHT))
    if float(np.median(page)) < _DARK_PAPER:
        return False
    paper = _paper(page, mm)
    if _uneven(paper, mm):
        return False
    smooth = cv2.GaussianBlur(page.astype(np.float32), (0, 0), 0.9)
    darker = paper - smooth
    # The same in all pages of a plain PDF: then there is no noise at all.
    some = darker[::3, ::3]
    grain = 1.4826 * float(np.median(np.abs(some - np.median(some))))
    faint = max(_FAINTEST, _SIGMAS * grain)
    mask = (darker > faint).astype(np.uint8)
    # A stroke of a pencil breaks up in a scan; what lies within half a millimetre is one thing.
    near = max(round(0.5 * mm), 1) * 2 + 1
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((near, near), np.uint8))
    return not _things(np.asarray(joined, np.uint8), darker, mm)


def _paper(page: NDArray[np.uint8], mm: float) -> NDArray[np.float32]:
    """How light the paper is around each pixel: what stands on it is left out."""
    import cv2
    import numpy as np

    small = cv2.resize(page, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    reach = min(max(round(6 * mm), 3) | 1, 255)
    around = cv2.medianBlur(small, reach)
    size = (page.shape[1], page.shape[0])
    whole = cv2.resize(around, size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(whole, dtype=np.float32)


def _uneven(paper: NDArray[np.float32], mm: float) -> bool:
    """Whether the paper itself changes inside the sheet: a picture or a large area of ink."""
    import numpy as np

    rim = round(_SHADOW_MM * mm)
    inside = paper[rim:-rim:4, rim:-rim:4] if min(paper.shape) > 3 * rim else paper[::4, ::4]
    least, most = np.percentile(inside, (1, 99))
    return float(most - least) > _UNEVEN


def _things(mask: NDArray[np.uint8], darker: NDArray[np.float32], mm: float) -> bool:
    """Whether something is left when dust, shadows of edges and punch holes are taken away."""
    import cv2

    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    high, wide = mask.shape
    rings: list[tuple[str, float]] = []
    for number in range(1, count):
        left, top, across, down, area = (int(one) for one in stats[number])
        if _is_speck(darker[top : top + down, left : left + across], mm):
            continue
        right, bottom = wide - left - across, high - top - down
        if _is_shadow((left, top, right, bottom), (across, down), mm):
            continue
        side = _hole_side((left, top, right, bottom), (across, down), mm)
        if side and _SOLID[0] <= area / (across * down) <= _SOLID[1]:
            continue
        if side:
            rings.append((side, max(across, down) / mm))
            continue
        return True
    return not _punched(rings)


def _is_speck(piece: NDArray[np.float32], mm: float) -> bool:
    """Whether a thing is dust, measured where it is at least half as dark as at its darkest."""
    import numpy as np

    most = _SPECK_MM * mm
    if max(piece.shape) > 3 * most:
        return False
    dark = piece >= piece.max() / 2
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    return bool(max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1 <= most)


def _is_shadow(gaps: tuple[int, int, int, int], size: tuple[int, int], mm: float) -> bool:
    """Whether a thing lies along an edge of the sheet and does not reach far into it."""
    left, top, right, bottom = gaps
    edge, reach = _EDGE_MM * mm, _SHADOW_MM * mm
    if min(left, right) <= edge and size[0] <= reach and min(left, right) + size[0] <= reach:
        return min(left, right) <= 1 or size[0] <= edge
    if min(top, bottom) <= edge and min(top, bottom) + size[1] <= reach:
        return min(top, bottom) <= 1 or size[1] <= edge
    return False


def _hole_side(gaps: tuple[int, int, int, int], size: tuple[int, int], mm: float) -> str:
    """At which edge a thing of the size of a punch hole lies; ``""`` where it is none."""
    across, down = size
    least, most = _HOLE_MM
    if not (least * mm <= min(size) and max(size) <= most * mm and 0.7 <= across / down <= 1.43):
        return ""
    names = ("left", "top", "right", "bottom")
    near = min(range(4), key=lambda place: gaps[place])
    middle = gaps[near] + (across if near % 2 == 0 else down) / 2
    return names[near] if middle <= _HOLE_FROM_EDGE_MM * mm else ""


def _punched(rings: list[tuple[str, float]]) -> bool:
    """Whether rings are the rims of holes: at least two at one edge and alike; none is fine too."""
    if not rings:
        return True
    sides = {side for side, _ in rings}
    sizes = [size for _, size in rings]
    return len(rings) >= 2 and len(sides) == 1 and max(sizes) - min(sizes) <= 1.0
