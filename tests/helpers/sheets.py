"""Sheets of paper as grey pictures: empty ones in all the ways they come, and nearly empty ones."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
DPI = 100
MM = DPI / 25.4


def sheet(shade: int = 252, *, grain: float = 0.0, seed: int = 1) -> Picture:
    """Return an empty upright A4 sheet; ``grain`` is the noise of the scanner in shades."""
    page = np.full((round(297 * MM), round(210 * MM)), shade, np.float32)
    page += np.random.default_rng(seed).normal(0, grain, page.shape) if grain else 0
    return np.clip(page, 0, 255).astype(np.uint8)


def write(page: Picture, words: str, at: tuple[float, float], high: float, shade: int = 20) -> None:
    """Write Latin letters ``high`` mm high, their lower left corner ``at`` mm from the top left."""
    place = (round(at[0] * MM), round(at[1] * MM))
    face = cv2.FONT_HERSHEY_SIMPLEX
    scale = high * MM / 21
    cv2.putText(page, words, place, face, scale, shade, 1, cv2.LINE_AA)


def scribble(page: Picture, at: tuple[float, float], shade: int) -> None:
    """Draw a wave some 25 mm long with a pencil."""
    along = np.linspace(0, 25, 200)
    points = np.stack((at[0] + along, at[1] + 2 * np.sin(along)), axis=1) * MM
    cv2.polylines(page, [points.astype(np.int32)], isClosed=False, color=shade, thickness=1)


def holes(page: Picture, places: Iterable[tuple[float, float]], shade: int = 30) -> None:
    """Punch holes of 6 mm into a sheet."""
    for across, down in places:
        middle = (round(across * MM), round(down * MM))
        cv2.circle(page, middle, round(3 * MM), shade, -1, cv2.LINE_AA)


def shadow(page: Picture, wide: float, darkest: int = 60) -> None:
    """Darken the left edge of a sheet, as the spine of an opened volume does."""
    across = round(wide * MM)
    ramp = np.linspace(darkest, 252, across, dtype=np.float32)
    page[:, :across] = np.minimum(page[:, :across], ramp.astype(np.uint8))


def dust(page: Picture, count: int = 40) -> None:
    chance = np.random.default_rng(3)
    for down, across in zip(
        chance.integers(5, page.shape[0] - 5, count),
        chance.integers(5, page.shape[1] - 5, count),
        strict=True,
    ):
        page[down : down + 2, across : across + 2] = 60
