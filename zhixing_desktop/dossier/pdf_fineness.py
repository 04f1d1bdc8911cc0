"""How fine a scanner's page in a PDF is: the pixels of its one picture for an inch of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhixing_desktop.dossier.incoming import PageShape

if TYPE_CHECKING:
    from pikepdf import Object

_INCH = 72.0


def scanned_dpi(page: Object, shape: PageShape) -> float | None:
    """Return the dots per inch of a page that is one picture and no text; ``None`` for any other.

    ``shape`` is the page as it is seen.  Taken from the picture's size alone: a scanner lays it
    over the whole page.  A page that is not as a page should be has none.
    """
    image = _only_image(page)
    if image is None:
        return None
    try:
        wide, high = float(image.Width), float(image.Height)
    except (AttributeError, TypeError, ValueError):
        return None
    across, down = shape.width / _INCH, shape.height / _INCH
    if min(wide, high, across, down) <= 0:
        return None
    if (wide > high) != (across > down):
        across, down = down, across
    return min(wide / across, high / down)


def _only_image(page: Object) -> Any:
    from pikepdf import Dictionary, Stream

    found = page.get("/Resources")
    if not isinstance(found, Dictionary) or len(found.get("/Font", {})):
        return None
    drawn = found.get("/XObject")
    if not isinstance(drawn, Dictionary) or len(drawn) != 1:
        return None
    ((_, image),) = drawn.items()
    if not isinstance(image, Stream) or str(image.get("/Subtype", "")) != "/Image":
        return None
    return image
