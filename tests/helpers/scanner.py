"""What an office scanner makes of a printed page: turned, skewed, copied, stained, noisy, grey.

Every picture is a two-dimensional array of grey, 0 black to 255 white.  The same arguments give
the same picture on every machine with the same OpenCV: tests may rely on what they have seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin

import cv2
import img2pdf
import numpy as np
from numpy.typing import NDArray

from helpers.drawing import opened
from zhixing_desktop.dossier.pdf_pages import page_raster
from zhixing_desktop.dossier.pictures import gray

Picture = NDArray[np.uint8]

PLATEN = 250
"""What a scanner sees beside the sheet: the white of its lid, not quite white."""
COPIER_DPI = 300
_BETWEEN = 150
"""From which shade on a scan of one bit has white."""


@dataclass(frozen=True, slots=True)
class Stain:
    """Coffee: a spot with a darker rim, ``across`` and ``down`` mm from the sheet's top left.

    ``dark`` is how much of the light it takes: 0 nothing, 1 all (ink, a hole in front of black).
    """

    across: float
    down: float
    radius: float
    dark: float = 0.5


@dataclass(frozen=True, slots=True)
class Patch:
    """Something opaque glued on: a rectangle in mm from the sheet's top left corner."""

    across: float
    down: float
    wide: float
    high: float
    shade: int = 245


def printed(data: bytes, page: int, dpi: int = 300) -> Picture:
    """Return a page (from 0 on) of a PDF as a printer puts it on paper, before it is scanned."""
    with opened(data) as document:
        points = document[page].get_width()
    return gray(page_raster(data, page, round(points * dpi / 72)))


def scan(
    page_gray: Picture,
    dpi_from: float,
    dpi_to: float = 150,
    *,
    skew_degrees: float = 0.0,
    noise: float = 0.0,
    blur: float = 0.0,
    contrast: float = 1.0,
    stain: Stain | Patch | Sequence[Stain | Patch] | None = None,
    shift_mm: tuple[float, float] = (0.0, 0.0),
    rotation: int = 0,
    jpeg_quality: int | None = None,
    copies: int = 0,
    black_white: bool = False,
    seed: int = 0,
) -> Picture:
    """Return a page as a scanner delivers it, of the sheet's size at ``dpi_to``.

    What happens to the paper comes first: ``copies`` photocopies one of another, then stains and
    what was glued on (places on the sheet as it lies upright).  Then it is laid on the glass:
    turned clockwise by ``skew_degrees`` and moved by ``shift_mm`` (right, down), with what leaves
    the glass lost.  Then the scanner: ``blur`` (standard deviation in pixels of the result),
    ``contrast`` (1 true, 0.6 faded), ``noise`` (standard deviation in shades), ``black_white`` (one
    bit for each pixel, as much paper white as may be), a quarter turn ``rotation`` (0, 90, 180, 270
    clockwise) and a JPEG of ``jpeg_quality`` (1 to 100).
    """
    chance = np.random.default_rng(seed)
    sheet = page_gray
    dpi = dpi_from
    for _ in range(copies):
        sheet, dpi = _photocopied(sheet, dpi, chance), COPIER_DPI
    for spot in _spots(stain):
        sheet = _stained(sheet, dpi, spot)
    laid = _laid(sheet, dpi, skew_degrees, shift_mm)
    size = (round(sheet.shape[1] * dpi_to / dpi), round(sheet.shape[0] * dpi_to / dpi))
    seen = _resized(laid, size).astype(np.float32)
    if blur:
        seen = np.asarray(cv2.GaussianBlur(seen, (0, 0), blur), dtype=np.float32)
    seen = (seen - PLATEN) * contrast + PLATEN
    if noise:
        seen = seen + chance.normal(0.0, noise, seen.shape).astype(np.float32)
    if black_white:
        seen = np.where(seen < _BETWEEN, 0.0, 255.0).astype(np.float32)
    picture = np.rot90(_shades(seen), -(rotation // 90) % 4)
    return _through_jpeg(np.ascontiguousarray(picture), jpeg_quality)


def scanned_pdf(pages: Sequence[Picture], dpi: float = 150, jpeg_quality: int = 85) -> bytes:
    """Return scanned pages as the PDF that a scanner sends: one picture a page, no text."""
    pictures = [_jpeg(page, jpeg_quality) for page in pages]
    layout = img2pdf.get_fixed_dpi_layout_fun((dpi, dpi))
    return bytes(img2pdf.convert(pictures, layout_fun=layout, nodate=True))


def blank(dpi: float = 150, noise: float = 2.0, seed: int = 0) -> Picture:
    """Return the empty back of an A4 sheet as a scanner delivers it."""
    sheet = np.full((round(297 / 25.4 * dpi), round(210 / 25.4 * dpi)), PLATEN, np.uint8)
    return scan(sheet, dpi, dpi, noise=noise, seed=seed)


def _photocopied(sheet: Picture, dpi: float, chance: np.random.Generator) -> Picture:
    """A copier: a little larger and out of focus, darks to black and lights to white, specks."""
    scale = COPIER_DPI / dpi
    high, wide = sheet.shape
    sized = _resized(sheet, (round(wide * scale), round(high * scale)))
    high, wide = sized.shape
    angle, grown = chance.uniform(-0.3, 0.3), chance.uniform(0.995, 1.01)
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), angle, grown)
    seen = cv2.warpAffine(sized, turn, (wide, high), flags=cv2.INTER_LINEAR, borderValue=PLATEN)
    seen = cv2.GaussianBlur(seen.astype(np.float32), (0, 0), 0.13 / 25.4 * COPIER_DPI)
    toner = 255.0 / (1.0 + np.exp(-(seen - 135.0) / 22.0))
    toner += chance.normal(0.0, 6.0, toner.shape)
    specks = chance.random(toner.shape) < 0.00004
    grown_specks = cv2.dilate(specks.astype(np.uint8), np.ones((2, 2), np.uint8)) > 0
    toner[grown_specks] = 40
    return _shades(toner)


def _spots(stain: Stain | Patch | Sequence[Stain | Patch] | None) -> Sequence[Stain | Patch]:
    if stain is None:
        return ()
    return (stain,) if isinstance(stain, Stain | Patch) else stain


def _stained(sheet: Picture, dpi: float, spot: Stain | Patch) -> Picture:
    mm = dpi / 25.4
    if isinstance(spot, Patch):
        covered = sheet.copy()
        left, top = round(spot.across * mm), round(spot.down * mm)
        covered[
            max(top, 0) : round(top + spot.high * mm), max(left, 0) : round(left + spot.wide * mm)
        ] = spot.shade
        return covered
    rows, columns = np.ogrid[: sheet.shape[0], : sheet.shape[1]]
    away = np.hypot(rows - spot.down * mm, columns - spot.across * mm) / (spot.radius * mm)
    body = np.clip((1.0 - away) * 12.0, 0.0, 1.0)
    rim = np.exp(-(((away - 0.95) / 0.04) ** 2))
    light = 1.0 - spot.dark * np.clip(0.75 * body + 0.25 * rim, 0.0, 1.0)
    return _shades(sheet * light)


def _laid(sheet: Picture, dpi: float, degrees: float, shift_mm: tuple[float, float]) -> Picture:
    """Turn a sheet clockwise about its middle and move it; the glass keeps its size."""
    right, down = (along * dpi / 25.4 for along in shift_mm)
    if not (degrees or right or down):
        return sheet
    high, wide = sheet.shape
    across, along = cos(radians(degrees)), sin(radians(degrees))
    x, y = wide / 2, high / 2
    turn = np.array(
        [
            [across, -along, x - across * x + along * y + right],
            [along, across, y - along * x - across * y + down],
        ]
    )
    laid = cv2.warpAffine(sheet, turn, (wide, high), flags=cv2.INTER_LINEAR, borderValue=PLATEN)
    return np.asarray(laid, dtype=np.uint8)


def _resized(picture: Picture, size: tuple[int, int]) -> Picture:
    if (picture.shape[1], picture.shape[0]) == size:
        return picture
    smaller = size[0] < picture.shape[1]
    how = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, size, interpolation=how), dtype=np.uint8)


def _shades(values: NDArray[np.floating]) -> Picture:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def _jpeg(picture: Picture, quality: int) -> bytes:
    done, encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    return bytes(encoded.tobytes())


def _through_jpeg(picture: Picture, quality: int | None) -> Picture:
    if quality is None:
        return picture
    data = np.frombuffer(_jpeg(picture, quality), dtype=np.uint8)
    back = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)
    assert back is not None
    return np.asarray(back, dtype=np.uint8)
