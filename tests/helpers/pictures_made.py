"""Picture files as cameras and scanners write them; the upper left quarter is red or black."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageDraw


def corner(mode: str = "RGB", size: tuple[int, int] = (400, 600)) -> Image.Image:
    """Return a white picture whose upper left quarter is red (black where there is no colour)."""
    made = Image.new("RGB", size, "white")
    ImageDraw.Draw(made).rectangle((0, 0, size[0] // 2, size[1] // 2), fill="red")
    if mode == "1":
        return made.convert("L").point(lambda shade: 255 if shade > 128 else 0).convert("1")
    return made.convert(mode)


def written(image: Image.Image, kind: str, **how: Any) -> bytes:
    """Return the bytes of a picture file."""
    made = io.BytesIO()
    image.save(made, kind, **{name: value for name, value in how.items() if value is not None})
    return made.getvalue()


def jpeg(
    mode: str = "RGB",
    size: tuple[int, int] = (400, 600),
    dpi: tuple[int, int] | None = (150, 150),
    orientation: int | None = None,
) -> bytes:
    """Return a JPEG, turned as a phone notes it (``orientation`` of Exif)."""
    exif = None
    if orientation is not None:
        exif = Image.Exif()
        exif[274] = orientation
    return written(corner(mode, size), "JPEG", dpi=dpi, exif=exif)


def tiff_of(pages: int, size: tuple[int, int] = (200, 300), **how: Any) -> bytes:
    """Return a TIFF of pages in black and white, a mark further down on each than before."""
    made = []
    for page in range(pages):
        sheet = Image.new("1", size, 1)
        top = page * (size[1] - 20) // max(pages - 1, 1)
        ImageDraw.Draw(sheet).rectangle((0, top, size[0] // 2, top + 19), fill=0)
        made.append(sheet)
    how = {"compression": "group4", "dpi": (100, 100), **how}
    return written(made[0], "TIFF", save_all=True, append_images=made[1:], **how)
