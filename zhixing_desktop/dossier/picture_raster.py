"""A page of a picture file as pixels, small enough to look at: upright, whatever its colours."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import TYPE_CHECKING

from zhixing_desktop.dossier.pdf_pages import Raster
from zhixing_desktop.dossier.picture_files import picture
from zhixing_desktop.workflow.errors import StoreError

if TYPE_CHECKING:
    from PIL.Image import Image

_DEEP = frozenset({"I", "I;16", "I;16B", "I;16L", "F"})


def picture_raster(content: bytes | Path, page: int, width: int) -> Raster:
    """Return a page (from 0 on) of a picture file, at most ``width`` pixels wide.

    A TIFF may have several pages; large JPEGs are decoded no finer than they are shown.  Raises
    :class:`StoreError` where the picture or the page cannot be read.
    """
    from PIL import Image, ImageOps

    # What Pillow raises for a torn picture, one word for each way to be torn.
    torn = (OSError, ValueError, EOFError, SyntaxError, struct.error, Image.DecompressionBombError)
    try:
        with picture(content) as image:
            if page:
                image.seek(page)
            # Lying photographs are as wide as they are high: twice the room is always enough.
            image.draft("RGB", (width * 2, width * 2))
            upright = ImageOps.exif_transpose(_eight_bit(image))
            high = max(round(upright.height * width / max(upright.width, 1)), 1)
            small = upright.resize((max(width, 1), high), Image.Resampling.BILINEAR, reducing_gap=2)
            made = small if width < upright.width else upright
            white = Image.new("RGB", made.size, "white")
            made = made.convert("RGBA") if "A" in made.getbands() else made.convert("RGB")
            white.paste(made, mask=made.getchannel("A") if made.mode == "RGBA" else None)
            data = white.tobytes("raw", "BGRX")
            return Raster(white.width, white.height, white.width * 4, data)
    except torn as error:
        raise StoreError(
            f"图片第{page + 1}页已经损坏，不能显示。请对照纸质原件，并请重新扫描。",
            data={"kind": "file_damaged"},
        ) from error


def _eight_bit(image: Image) -> Image:
    """Grey of sixteen bits to the pixel: converted plainly, it would be white all over."""
    if image.mode not in _DEEP:
        return image
    return image.convert("F").point(lambda value: value / 256).convert("L")
