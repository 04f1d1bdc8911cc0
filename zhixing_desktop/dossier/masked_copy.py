"""A copy for outsiders: every page a picture, what is covered gone for good, 复制件 across it.

Nothing of the page's own file goes along: no text, no hidden layer, no notes, no metadata; where an
area is covered its pixels are black before the picture is packed.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from zhixing_desktop.dossier.masking_areas import Area

if TYPE_CHECKING:
    from PIL.Image import Image

DPI = 200
MARK = "复制件"
_QUALITY = 85
_AT_A_TIME = 20
"""Pages that are held in memory at a time."""
_MARK_ALPHA = 46
"""Of 255: the mark is seen on every page and nothing is made unreadable by it."""
Progress = Callable[[int, int], None]


class CopyCancelledError(Exception):
    """The person stopped; nothing was left behind."""


@dataclass(frozen=True, slots=True)
class CopiedPage:
    """A page to copy: the PDF where it lies, its number there from 0 on, what is covered."""

    source: Path
    page: int
    areas: tuple[Area, ...] = ()


def write_copy(
    out: Path,
    pages: Sequence[CopiedPage],
    mark: tuple[Path, int],
    foot: str,
    progress: Progress = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> None:
    """Write a copy to ``out``, which must not be there yet.

    ``mark`` is the font file of the mark and the number of the font in it, ``foot`` the line below
    each page (for whom, of which case, when).  Raises :class:`StoreError` where a page cannot be
    read, :class:`CopyCancelledError`, ``OSError`` as the system says.
    """
    from zhixing_desktop.dossier.page_parts import Part
    from zhixing_desktop.dossier.pdf_joining import join_pages

    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".new-") as room:
        parts: list[Part] = []
        for first in range(0, len(pages), _AT_A_TIME):
            some = pages[first : first + _AT_A_TIME]
            place = Path(room) / f"{first}.pdf"
            pictures = []
            for page in some:
                if cancelled():
                    raise CopyCancelledError
                pictures.append(masked_picture(page, mark, foot))
                progress(first + len(pictures), len(pages))
            place.write_bytes(_bound(pictures))
            parts.append(Part(place, len(some), layered=False))
        order = [(part, page) for part, one in enumerate(parts) for page in range(one.pages)]
        made = Path(room) / "copy.pdf"
        join_pages(parts, order, made)
        made.rename(out)


def masked_picture(page: CopiedPage, mark: tuple[Path, int], foot: str) -> bytes:
    """Return a page as the JPEG that goes into the copy; for a preview, too."""
    from PIL import ImageDraw

    image, points = _drawn(page)
    draw = ImageDraw.Draw(image)
    for area in page.areas:
        # One pixel more each way: no edge of a letter is left over.
        draw.rectangle(
            (
                int(area.left * image.width) - 1,
                int(area.top * image.height) - 1,
                int(area.right * image.width) + 1,
                int(area.bottom * image.height) + 1,
            ),
            fill=(0, 0, 0),
        )
    image = _marked(image, mark, foot)
    density = round(image.width / points * 72)
    out = BytesIO()
    image.save(out, "JPEG", quality=_QUALITY, dpi=(density, density))
    return out.getvalue()


def _drawn(page: CopiedPage) -> tuple[Image, float]:
    """Return the page as a picture, and its width in points."""
    from PIL import Image

    from zhixing_desktop.dossier.pdf_pages import page_raster, page_width

    points = page_width(page.source, page.page)
    raster = page_raster(page.source, page.page, round(points / 72 * DPI))
    size = (raster.width, raster.height)
    image = Image.frombuffer("RGB", size, raster.data, "raw", "BGRX", raster.stride, 1)
    return image.copy(), points


def _marked(image: Image, mark: tuple[Path, int], foot: str) -> Image:
    from PIL import Image, ImageDraw, ImageFont

    path, index = mark
    large = ImageFont.truetype(str(path), max(image.width // 6, 8), index=index)
    layer = Image.new("L", image.size, 0)
    draw = ImageDraw.Draw(layer)
    middle = (image.width / 2, image.height / 2)
    draw.text(middle, MARK, font=large, fill=_MARK_ALPHA, anchor="mm")
    layer = layer.rotate(35, center=middle)
    small = ImageFont.truetype(str(path), max(image.width // 70, 6), index=index)
    ImageDraw.Draw(layer).text(
        (image.width / 2, image.height - max(image.width // 60, 6)),
        f"{MARK}　{foot}",
        font=small,
        fill=255,
        anchor="mb",
    )
    red = Image.new("RGB", image.size, (190, 30, 30))
    return Image.composite(red, image, layer)


def _bound(pictures: Sequence[bytes]) -> bytes:
    import img2pdf

    made = img2pdf.convert(list(pictures), nodate=True, producer="", creator="")
    assert isinstance(made, bytes)
    return made
