"""Photographs of a sheet on a desk, made: perspective, shadow, tinted light, a busy desk."""

from __future__ import annotations

import io
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Picture = NDArray[np.uint8]
Point = tuple[float, float]
LEANING: tuple[Point, ...] = ((0.18, 0.12), (0.80, 0.16), (0.90, 0.90), (0.08, 0.84))
"""Top left, top right, bottom right, bottom left, in parts of the photograph."""


def letter(dpi: int = 200) -> Picture:
    """Return a printed A4 sheet in colour: lines of text, a red seal, a bar along the left."""
    high, wide = round(297 / 25.4 * dpi), round(210 / 25.4 * dpi)
    page = np.full((high, wide, 3), 250, np.uint8)
    face = cv2.FONT_HERSHEY_SIMPLEX
    for line in range(22):
        at = (round(0.12 * wide), round((0.12 + 0.033 * line) * high))
        words = "The debtor shall pay 1234567.89 within ten days"[: 47 - line % 5]
        cv2.putText(page, words, at, face, dpi / 220, (25, 25, 30), max(dpi // 100, 1), cv2.LINE_AA)
    middle = (round(0.68 * wide), round(0.86 * high))
    cv2.circle(page, middle, round(20 / 25.4 * dpi), (205, 25, 35), max(dpi // 25, 2), cv2.LINE_AA)
    return page


def desk(wide: int, high: int, kind: str, seed: int = 5) -> Picture:
    """Return a desk top: ``dark``, ``wood`` (grain, brown), ``pale`` (light grey), ``busy``."""
    chance = np.random.default_rng(seed)
    shade = {"dark": (50, 48, 46), "wood": (150, 110, 70), "pale": (196, 194, 190)}
    top = np.full((high, wide, 3), shade.get(kind, (120, 116, 110)), np.float32)
    if kind == "wood":
        rows = cv2.GaussianBlur(chance.normal(0, 60, (high, 1)).astype(np.float32), (0, 0), 3)
        top += rows[:, :, None]
    if kind == "busy":
        for _ in range(40):
            x, y = (int(chance.integers(0, side)) for side in (wide, high))
            ink = tuple(float(one) for one in chance.integers(30, 210, 3))
            cv2.rectangle(top, (x, y), (x + wide // 9, y + high // 14), ink, -1)
    top += chance.normal(0, 3, top.shape)
    return np.clip(top, 0, 255).astype(np.uint8)


def photograph(
    sheet: Picture,
    kind: str = "dark",
    *,
    corners: Sequence[Point] = LEANING,
    size: tuple[int, int] = (2400, 3200),
    shade: float = 0.0,
    warm: bool = False,
    blur: float = 0.0,
) -> Picture:
    """Lay a sheet on a desk and photograph it; ``shade`` is how dark one side lies in shadow."""
    wide, high = size
    seen = desk(wide, high, kind)
    flat = np.array(
        [(0, 0), (sheet.shape[1], 0), (sheet.shape[1], sheet.shape[0]), (0, sheet.shape[0])],
        np.float32,
    )
    places = np.array([(x * wide, y * high) for x, y in corners], np.float32)
    turn = cv2.getPerspectiveTransform(flat, places)
    laid = cv2.warpPerspective(sheet, turn, size, flags=cv2.INTER_AREA)
    mask = np.zeros((high, wide), np.uint8)
    cv2.fillConvexPoly(mask, places.astype(np.int32), 255, cv2.LINE_AA)
    part = cv2.GaussianBlur(mask, (0, 0), 1.2).astype(np.float32)[..., None] / 255
    light = seen * (1 - part) + laid * part
    light *= 0.86 - shade * np.linspace(1, 0, wide, dtype=np.float32)[None, :, None]
    if warm:
        light *= np.array((1.0, 0.93, 0.8), np.float32)
    light += np.random.default_rng(9).normal(0, 3, light.shape)
    if blur:
        light = cv2.GaussianBlur(light, (0, 0), blur)
    return np.clip(light, 0, 255).astype(np.uint8)


def jpeg(picture: Picture, **how: object) -> bytes:
    made = io.BytesIO()
    Image.fromarray(picture).save(made, "JPEG", quality=88, **how)
    return made.getvalue()
