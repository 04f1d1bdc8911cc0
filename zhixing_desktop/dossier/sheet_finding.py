"""A sheet of paper found in a photograph: its four corners."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Corners = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]
"""Top left, top right, bottom right, bottom left; each across and down in parts (0 to 1) of the
picture's width and height."""

_LONG_SIDE = 900
_LEAST_AREA, _MOST_AREA = 0.12, 0.97
_LEAST_ANGLE, _MOST_ANGLE = 50.0, 130.0
_FILLED = 0.93
_APART, _BESIDE = 10, 5.0
"""By how many shades paper and desk differ, so many pixels to either side of the edge."""
_LEAST_EDGE = 0.6
_NEAREST, _FARTHEST = 0.5, 4.0
"""Focal lengths of phones and cameras, in long sides of the picture."""
_WITHIN = 0.995
"""Half a millimetre of the sheet is given up, so that no line of the desk is left along it."""


def find_sheet(picture: NDArray[np.uint8]) -> Corners | None:
    """Return the corners of the sheet in a photograph (rows × columns × red, green, blue).

    ``None`` where no sheet with four corners is to be seen, or where it fills the whole picture.
    """
    import cv2
    import numpy as np

    scale = min(_LONG_SIDE / max(picture.shape[:2]), 1.0)
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), 1.5)
    best, most = None, 0.0
    for mask in _masks(np.asarray(small, np.uint8)):
        for outline in _outlines(mask):
            quad = _quad(outline)
            if quad is None:
                continue
            score = _score(np.asarray(small, np.uint8), outline, quad)
            if score > most:
                best, most = _refined(outline, quad), score
    if best is None:
        return None
    return _in_parts(best, small.shape[1], small.shape[0])


def _masks(small: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    """Where the sheet may be: what is light, what has no colour, what strong edges enclose."""
    import cv2
    import numpy as np

    colours = cv2.cvtColor(small, cv2.COLOR_RGB2LAB)
    light = np.ascontiguousarray(colours[..., 0])
    away = colours[..., 1:].astype(np.float32) - 128.0
    strength = np.hypot(away[..., 0], away[..., 1])
    pale = np.clip(light - 1.5 * strength, 0, 255).astype(np.uint8)
    tidy = np.ones((9, 9), np.uint8)
    for shades in (light, pale):
        _, mask = cv2.threshold(shades, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, tidy)
        yield np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, tidy), np.uint8)
    # A shadow across the sheet: compared with its surroundings it is still the lighter.
    around = cv2.boxFilter(pale, -1, (301, 301), borderType=cv2.BORDER_REPLICATE)
    local = ((pale.astype(np.int16) - around) > 0).astype(np.uint8) * 255
    yield np.asarray(cv2.morphologyEx(local, cv2.MORPH_CLOSE, tidy), np.uint8)
    for low, high in ((20, 60), (50, 150)):
        edges = cv2.dilate(cv2.Canny(light, low, high), np.ones((5, 5), np.uint8))
        yield np.asarray(_enclosed(np.asarray(edges, np.uint8)), np.uint8)


def _enclosed(edges: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """What cannot be reached from the rim of the picture without crossing an edge."""
    import cv2
    import numpy as np

    walled = cv2.copyMakeBorder(edges, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    cv2.floodFill(walled, None, (0, 0), 128)
    inside = (walled[1:-1, 1:-1] != 128).astype(np.uint8) * 255
    return np.asarray(cv2.erode(inside, np.ones((3, 3), np.uint8)), np.uint8)


def _outlines(mask: NDArray[np.uint8]) -> Iterator[NDArray[np.int32]]:
    import cv2
    import numpy as np

    found, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    least = _LEAST_AREA * mask.size
    for outline in found:
        if cv2.contourArea(outline) >= least:
            yield np.asarray(outline[:, 0, :], np.int32)


def _quad(outline: NDArray[np.int32]) -> NDArray[np.float32] | None:
    """The four-sided figure an outline amounts to, if it does."""
    import cv2
    import numpy as np

    hull = cv2.convexHull(outline)
    around = cv2.arcLength(hull, closed=True)
    for part in (0.01, 0.015, 0.02, 0.03, 0.045, 0.06):
        corners = cv2.approxPolyDP(hull, part * around, closed=True)
        if len(corners) == 4:
            quad = np.asarray(corners[:, 0, :], np.float32)
            full = cv2.contourArea(quad) / max(cv2.contourArea(hull), 1.0)
            return quad if full >= _FILLED and _upright_enough(quad) else None
    return None


def _upright_enough(quad: NDArray[np.float32]) -> bool:
    import numpy as np

    for place in range(4):
        one, middle, two = quad[place - 1], quad[place], quad[(place + 1) % 4]
        a, b = one - middle, two - middle
        size = float(np.linalg.norm(a) * np.linalg.norm(b))
        angle = float(np.degrees(np.arccos(np.clip(np.dot(a, b) / max(size, 1e-6), -1, 1))))
        if not _LEAST_ANGLE <= angle <= _MOST_ANGLE:
            return False
    return True


def _score(
    small: NDArray[np.uint8], outline: NDArray[np.int32], quad: NDArray[np.float32]
) -> float:
    """How much a figure looks like the sheet: large, filled, and unlike what lies around it."""
    import cv2
    import numpy as np

    high, wide = small.shape[:2]
    area = cv2.contourArea(quad) / (high * wide)
    filled = cv2.contourArea(outline) / max(cv2.contourArea(quad), 1.0)
    if not _LEAST_AREA <= area <= _MOST_AREA or filled < _FILLED - 0.08:
        return 0.0
    sides = [_edge(small, quad[place], quad[(place + 1) % 4]) for place in range(4)]
    if min(sides) < _LEAST_EDGE:
        return 0.0
    return float(area * filled * np.mean(sides) ** 2)


def _edge(small: NDArray[np.uint8], start: NDArray[np.float32], end: NDArray[np.float32]) -> float:
    """On what part of a side the picture changes from within to without; 0 along its rim."""
    import numpy as np

    high, wide = small.shape[:2]
    along = end - start
    length = max(float(np.linalg.norm(along)), 1.0)
    across = np.array((along[1], -along[0]), np.float32) / length * _BESIDE
    places = start + np.linspace(0.06, 0.94, 80, dtype=np.float32)[:, None] * along
    pair = []
    for aside in (places - across, places + across):
        x, y = np.rint(aside[:, 0]).astype(int), np.rint(aside[:, 1]).astype(int)
        if min(x.min(), y.min()) < 0 or x.max() >= wide or y.max() >= high:
            return 0.0
        pair.append(small[y, x].astype(np.int16))
    apart = np.abs(pair[0] - pair[1]).max(axis=1)
    return float((apart > _APART).mean())


def _refined(outline: NDArray[np.int32], quad: NDArray[np.float32]) -> NDArray[np.float32]:
    """Corners where the straight lines through the sides meet: a bent corner does not count."""
    import cv2
    import numpy as np

    lines = []
    for place in range(4):
        start, end = quad[place], quad[(place + 1) % 4]
        along = end - start
        length = float(np.linalg.norm(along))
        unit = along / max(length, 1e-6)
        away = outline - start
        reach = away @ unit
        aside = np.abs(away @ np.array((-unit[1], unit[0]), np.float32))
        near = outline[
            (reach > 0.12 * length) & (reach < 0.88 * length) & (aside < 0.02 * length + 2)
        ]
        if len(near) < 20:
            return quad
        vx, vy, x, y = (
            float(one) for one in cv2.fitLine(near, cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
        )
        lines.append((vx, vy, x, y))
    corners = [_meeting(lines[place - 1], lines[place]) for place in range(4)]
    if any(corner is None for corner in corners):
        return quad
    refined = np.asarray(corners, np.float32)
    moved = float(np.abs(refined - quad).max())
    return refined if moved <= 0.05 * float(np.linalg.norm(quad[2] - quad[0])) else quad


def _meeting(
    one: tuple[float, float, float, float], two: tuple[float, float, float, float]
) -> tuple[float, float] | None:
    across = one[0] * two[1] - one[1] * two[0]
    if abs(across) < 1e-6:
        return None
    part = ((two[2] - one[2]) * two[1] - (two[3] - one[3]) * two[0]) / across
    return one[2] + part * one[0], one[3] + part * one[1]


def _in_parts(quad: NDArray[np.float32], wide: int, high: int) -> Corners:
    """Corners in order: around the middle from the top left, clockwise; a hair's breadth in."""
    import numpy as np

    middle = quad.mean(axis=0)
    quad = middle + (quad - middle) * _WITHIN
    angles = np.arctan2(quad[:, 1] - middle[1], quad[:, 0] - middle[0])
    ordered = quad[np.argsort(angles)]
    first = int(np.argmin(ordered.sum(axis=1)))
    one, two, three, four = np.roll(ordered, -first, axis=0) / np.array((wide, high), np.float32)
    return (
        (float(one[0]), float(one[1])),
        (float(two[0]), float(two[1])),
        (float(three[0]), float(three[1])),
        (float(four[0]), float(four[1])),
    )


def shape_of(corners: Corners, wide: int, high: int) -> float:
    """Return height over width of the sheet itself, as it was before it was photographed askew.

    ``wide`` and ``high`` are the pixels of the photograph, whose middle the lens looked at.  Where
    the corners leave it open how strong the perspective is, the sides themselves are compared.
    """
    import numpy as np

    one, two, three, four = (
        np.array([(x - 0.5) * wide, (y - 0.5) * high, 1.0]) for x, y in corners
    )
    # Corners one, two along the top, four, three along the bottom: the two vanishing directions
    # (Zhang and He, Whiteboard scanning and image enhancement, 2007, section 3.2).
    across = _direction(one, two, four, three)
    down = _direction(one, four, two, three)
    tilt = across[2] * down[2]
    bent = -(across[0] * down[0] + across[1] * down[1])
    if abs(tilt) > 1e-12 and (_NEAREST * max(wide, high)) ** 2 <= bent / tilt:
        focal = min(bent / tilt, (_FARTHEST * max(wide, high)) ** 2)
        scale = np.array([1 / focal, 1 / focal, 1.0])
        ratio = float(np.sqrt((down**2 * scale).sum() / (across**2 * scale).sum()))
        if bent / tilt <= (_FARTHEST * max(wide, high)) ** 2 and 0.2 <= ratio <= 5:
            return ratio
    width = np.linalg.norm(two - one) + np.linalg.norm(three - four)
    height = np.linalg.norm(four - one) + np.linalg.norm(three - two)
    return float(height / max(float(width), 1.0))


def _direction(
    start: NDArray[np.float64],
    end: NDArray[np.float64],
    beside: NDArray[np.float64],
    opposite: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The direction in space of the side from ``start`` to ``end``, up to its length."""
    import numpy as np

    diagonal = np.cross(start, opposite)
    below = float(np.dot(np.cross(end, opposite), beside))
    part = float(np.dot(diagonal, beside)) / below if abs(below) > 1e-9 else 1.0
    return np.asarray(part * end - start, np.float64)
