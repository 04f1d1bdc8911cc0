"""Photographs of paper made into pages that can be read and printed: cut out, flat, evenly lit."""

from __future__ import annotations

import io
from dataclasses import dataclass
from math import hypot
from pathlib import Path
from typing import TYPE_CHECKING

from zhixing_desktop.dossier.incoming import opened
from zhixing_desktop.dossier.picture_files import picture
from zhixing_desktop.dossier.sheet_finding import Corners, find_sheet, shape_of
from zhixing_desktop.dossier.skew import deskew, skew_of
from zhixing_desktop.workflow.errors import StoreError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_A4 = 297 / 210
_LIKE_A4 = 0.13
_A4_INCHES = (210 / 25.4, 297 / 25.4)
_LEAST_DPI, _MOST_DPI = 150, 300
_READABLE = 110
"""Pixels per inch of the sheet; below it small print is lost."""
_SHARP = 45.0
_QUALITY = 90
_WHITE, _BLACK = 244.0, 12.0
_DIMMEST = 0.45
"""Part of the paper's light; darker than that is a picture on the paper, not a shadow."""
_TURNED = 0.15


@dataclass(frozen=True, slots=True)
class Straightened:
    """A photograph or scan made straight: a JPEG of one page, or what came, as it came.

    ``changed`` tells which; ``reason`` says in words why it was left alone.  ``notes`` are things
    to look at (not sharp, too few pixels).  ``corners`` are those of the sheet in the picture that
    came, upright as it is seen; ``None`` where none was looked for or found.
    """

    data: bytes
    changed: bool
    reason: str
    notes: tuple[str, ...]
    corners: Corners | None


def straighten(content: Path | bytes, corners: Corners | None = None) -> Straightened:
    """Return the sheet in a photograph, flat and evenly lit, of the size of A4 if of its shape.

    ``corners`` are those a person has set by hand; without them they are looked for.  Where no
    sheet is found the picture is left alone.  Raises :class:`StoreError` where the picture cannot
    be read.
    """
    seen = _pixels(content)
    found = corners or find_sheet(seen)
    if found is None:
        return _left(
            content,
            "照片里没有找到完整的一张纸，保持原样。请把纸平放在颜色较深的桌面上，四个角都拍进去；"
            "也可以手工标出四个角。",
        )
    flat, dpi, reached = _flattened(seen, found)
    even = even_light(flat)
    notes = []
    if reached < _READABLE:
        notes.append("照片的像素较少，小字可能看不清，建议靠近一些重新拍摄。")
    elif _sharpness(even) < _SHARP:
        notes.append("照片比较模糊，小字可能看不清，建议拿稳后重新拍摄。")
    return Straightened(
        _jpeg(even, dpi), changed=True, reason="", notes=tuple(notes), corners=found
    )


def straighten_scan(content: Path | bytes) -> Straightened:
    """Return a scanned page with its lines level; its size and resolution stay.

    Left alone where its lines are level already or there are none to go by.  Raises
    :class:`StoreError` where the picture cannot be read.
    """
    import cv2
    import numpy as np

    seen = _pixels(content)
    degrees = skew_of(np.asarray(cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY), np.uint8))
    if abs(degrees) < _TURNED:
        return _left(content, "页面没有歪斜，保持原样。")
    with picture(content) as image:
        dpi = image.info.get("dpi")
    return Straightened(
        _jpeg(deskew(seen, degrees), dpi), changed=True, reason="", notes=(), corners=None
    )


def even_light(page: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a page (rows × columns × red, green, blue) with its paper white all over.

    Shadows and tinted light go; what is printed or stamped in colour keeps it.
    """
    import cv2
    import numpy as np

    high, wide = page.shape[:2]
    scale = 200 / max(high, wide)
    small = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    # Some 20 mm: the paper between lines and around a seal, not the inside of a picture.
    reach = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (15, 15))
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, reach)
    paper = cv2.GaussianBlur(cv2.medianBlur(paper, 9), (0, 0), 4).astype(np.float32)
    usual = np.percentile(paper.reshape(-1, 3), 80, axis=0)
    paper = np.maximum(paper, np.maximum(usual * _DIMMEST, 25.0))
    whole = cv2.resize(paper.astype(np.float32), (wide, high), interpolation=cv2.INTER_CUBIC)
    lit = page.astype(np.float32) / np.maximum(whole, 1.0) * 255.0
    shades = np.clip((lit - _BLACK) * (255.0 / (_WHITE - _BLACK)), 0, 255)
    return np.asarray(shades, dtype=np.uint8)


def _left(content: Path | bytes, reason: str) -> Straightened:
    with opened(content) as file:
        data = file.read()
    return Straightened(data, changed=False, reason=reason, notes=(), corners=None)


def _pixels(content: Path | bytes) -> NDArray[np.uint8]:
    """The picture upright, as rows × columns × red, green, blue."""
    import numpy as np
    from PIL import Image, ImageOps

    try:
        with picture(content) as image:
            return np.asarray(ImageOps.exif_transpose(image).convert("RGB"), np.uint8)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise StoreError(
            "这张照片读不出来，可能已经损坏。请重新拍摄或者重新取得。",
            data={"kind": "file_damaged"},
        ) from error


def _flattened(
    seen: NDArray[np.uint8], corners: Corners
) -> tuple[NDArray[np.uint8], tuple[float, float] | None, float]:
    """The sheet seen from above, its resolution where it is A4, the one the photograph has."""
    import cv2
    import numpy as np

    high, wide = seen.shape[:2]
    places = np.array([(x * wide, y * high) for x, y in corners], np.float32)
    across = max(_apart(places, 0, 1), _apart(places, 3, 2))
    down = max(_apart(places, 0, 3), _apart(places, 1, 2))
    shape = shape_of(corners, wide, high)
    reached = max(across, down) / _A4_INCHES[1]
    like_a4 = abs(max(shape, 1 / shape) / _A4 - 1) <= _LIKE_A4
    if like_a4:
        dpi = min(max(round(reached), _LEAST_DPI), _MOST_DPI)
        short, long = (round(inches * dpi) for inches in _A4_INCHES)
        size = (short, long) if shape >= 1 else (long, short)
    else:
        least = min(_MOST_DPI * _A4_INCHES[1] / (across * max(shape, 1.0)), 1.0) * across
        dpi, size = 0, (max(round(least), 1), max(round(least * shape), 1))
    right, bottom = size[0] - 1, size[1] - 1
    flat = np.array([(0, 0), (right, 0), (right, bottom), (0, bottom)], np.float32)
    turn = cv2.getPerspectiveTransform(places, flat)
    made = cv2.warpPerspective(
        seen, turn, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(made, np.uint8), (dpi, dpi) if like_a4 else None, reached


def _apart(places: NDArray[np.float32], one: int, two: int) -> float:
    return hypot(*(float(side) for side in places[one] - places[two]))


def _sharpness(page: NDArray[np.uint8]) -> float:
    """How steep the edges of the letters are; some hundreds in a sharp photograph."""
    import cv2
    import numpy as np

    scale = min(2000 / max(page.shape[:2]), 1.0)
    small = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    bent = np.abs(cv2.Laplacian(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), cv2.CV_32F))
    # Only where something stands: an almost empty page is not for that reason out of focus.
    return float(np.percentile(bent, 99.5))


def _jpeg(page: NDArray[np.uint8], dpi: tuple[float, float] | None) -> bytes:
    from PIL import Image

    made = io.BytesIO()
    image = Image.fromarray(page)
    if dpi is None:
        image.save(made, "JPEG", quality=_QUALITY)
    else:
        image.save(made, "JPEG", quality=_QUALITY, dpi=dpi)
    return made.getvalue()
