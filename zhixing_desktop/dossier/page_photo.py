"""A page of a scan as a picture file, so that what straightens photographs can work on it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from zhixing_desktop.dossier.pdf_opening import open_pdf
from zhixing_desktop.workflow.errors import StoreError

if TYPE_CHECKING:
    from zhixing_desktop.dossier.pdf_pages import Raster

_QUALITY = 95
_POINTS = 72
_DPI = 300


def across_of(width: float) -> int:
    """Return how many pixels wide a page of so many points is to be drawn."""
    return max(round(width / _POINTS * _DPI), 1)


def page_photo(raster: Raster, width: float) -> bytes:
    """Return a page that was drawn as a JPEG; ``width`` of the page is points."""
    from PIL import Image

    size = (raster.width, raster.height)
    image = Image.frombytes("RGB", size, raster.data, "raw", "BGRX", raster.stride)
    dpi = round(raster.width / width * _POINTS) if width else _DPI
    out = io.BytesIO()
    image.save(out, "JPEG", quality=_QUALITY, dpi=(dpi, dpi))
    return out.getvalue()


def is_picture(content: bytes | Path, page: int) -> bool:
    """Tell whether a page (from 0 on) of a PDF is a picture and holds no letters to be read.

    ``False`` where it cannot be read.  Invisible words that a scanner has laid over its picture
    count as letters of a scan: they are no reason to leave it crooked.
    """
    import pikepdf

    try:
        with open_pdf(content) as pdf:
            found = pdf.pages[page]
            return len(found.resources.get("/XObject", {})) > 0 and not _written(found)
    except (StoreError, pikepdf.PdfError, OSError, ValueError, TypeError, RuntimeError, IndexError):
        return False


_INVISIBLE = 3
_SHOWING = frozenset({"Tj", "TJ", "'", '"'})


def _written(page: object) -> bool:
    """Tell whether visible letters are shown on a page itself."""
    import pikepdf

    assert isinstance(page, pikepdf.Page)
    mode = 0
    for step in pikepdf.parse_content_stream(page):
        name = str(step.operator)
        if name == "Tr" and step.operands:
            mode = int(step.operands[0])
        elif name in _SHOWING and mode != _INVISIBLE:
            return True
    return False
