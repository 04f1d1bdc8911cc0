"""Picture files read by Pillow: their pages, their resolution, whether they are whole."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zhixing_desktop.dossier.incoming import A4, PageShape, opened

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_FRAMES = 20_000
_INCH = 72.0
_MM = _INCH / 25.4
_SURE_DPI = 150
"""From here on somebody set the resolution; below it is often a camera's or a screen's default."""
_LEAST_SIDE, _DESK_SIDE, _LARGEST_SIDE = 40 * _MM, 450 * _MM, 1300 * _MM
_COARSEST = 100.0
"""Pixels per inch; a small picture is not blown up to fill a sheet."""
_ORIENTATION = 274
_SIDEWAYS = (5, 6, 7, 8)
_TURNS = {1: 0, 3: 180, 6: 90, 8: 270}


@dataclass(frozen=True, slots=True)
class Frame:
    """One page of a picture file: its pixels as they are stored, how it is laid on a sheet.

    ``dpi`` is ``None`` where the file says nothing usable; ``orientation`` is Exif's (1 to 8).
    """

    width: int
    height: int
    dpi: tuple[float, float] | None
    orientation: int = 1

    @property
    def turn(self) -> int:
        """Degrees clockwise from the stored pixels to what is seen; mirrored ones count as 0."""
        return _TURNS.get(self.orientation, 0)

    def sheet(self) -> tuple[float, float]:
        """Width and height of the page in points, before turning."""
        if self.dpi is not None:
            return self.width * _INCH / self.dpi[0], self.height * _INCH / self.dpi[1]
        return A4 if self.width <= self.height else (A4[1], A4[0])

    def laid(self) -> tuple[float, float]:
        """Width and height of the picture on that page in points; it lies in the middle."""
        across, down = self.sheet()
        if self.dpi is not None:
            return across, down
        scale = min(across / self.width, down / self.height, _INCH / _COARSEST)
        return self.width * scale, self.height * scale

    def shape(self) -> PageShape:
        """How large its page is as it is seen."""
        across, down = self.sheet()
        if self.orientation in _SIDEWAYS:
            across, down = down, across
        return PageShape(round(across, 2), round(down, 2), self.turn)


@contextmanager
def picture(content: Path | bytes) -> Iterator[Image]:
    """Open a picture without decoding it; ``OSError`` or ``ValueError`` where it is none.

    A picture beyond Pillow's limit of pixels (some 179 million) raises
    ``Image.DecompressionBombError``.
    """
    from PIL import Image

    with opened(content) as file, warnings.catch_warnings():
        # A plan of A0 is large and welcome; the hard limit still stands.
        warnings.simplefilter("ignore")
        with Image.open(file) as image:
            yield image


def frames(image: Image) -> Iterator[Frame]:
    """Yield the pages of an opened picture, up to its end or to where it breaks off.

    Only a TIFF may have several.  ``OSError``, ``struct.error`` and the like where a page is torn.
    """
    yield frame(image)
    for number in range(1, MOST_FRAMES if image.format == "TIFF" else 1):
        try:
            image.seek(number)
        except EOFError:
            return
        yield frame(image)


def frame(image: Image) -> Frame:
    """Return the page of a picture that was last sought."""
    # Pillow itself turns the pages of a TIFF; their size is that of the turned ones.
    orientation = 1 if image.format == "TIFF" else image.getexif().get(_ORIENTATION, 1)
    turned = orientation if orientation in range(1, 9) else 1
    return Frame(image.width, image.height, _dpi(image), turned)


def _dpi(image: Image) -> tuple[float, float] | None:
    """The resolution the file gives, where a page of a sensible size comes of it."""
    said = image.info.get("dpi") or ()
    try:
        across, down = (float(one) for one in said)
        width, height = image.width * _INCH / across, image.height * _INCH / down
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    if not 0.4 <= across / down <= 2.5:
        return None
    largest = _LARGEST_SIDE if min(across, down) >= _SURE_DPI else _DESK_SIDE
    if min(width, height) < _LEAST_SIDE or max(width, height) > largest:
        return None
    return across, down


def strips_whole(image: Image, size: int) -> bool:
    """Tell whether the pixels of the TIFF page that was last sought lie within the file."""
    tags = getattr(image, "tag_v2", {})
    if 273 not in tags and 324 not in tags:
        return False
    for starts, counts in ((273, 279), (324, 325)):
        begun, long = tags.get(starts, ()), tags.get(counts, ())
        begun = begun if isinstance(begun, tuple) else (begun,)
        long = long if isinstance(long, tuple) else (long,)
        if any(start + count > size for start, count in zip(begun, long, strict=False)):
            return False
    return True


def decodes(image: Image) -> bool:
    """Tell whether a picture can be read to its end; a JPEG is drawn small, which is fast."""
    try:
        image.draft("RGB", (max(image.width // 8, 1), max(image.height // 8, 1)))
        image.load()
    except (OSError, ValueError, SyntaxError, EOFError, struct.error):
        return False
    return True
