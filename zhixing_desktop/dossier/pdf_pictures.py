"""Pages of a PDF as grey pictures, fast: a page that is one JPEG is not drawn but taken out.

A scanner's PDF is one picture a page; PDFium draws it in some 40 ms and one at a time, the JPEG is
read in 10 and in several threads.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from zhixing_desktop.dossier.pdf_boxes import Seen, seen_of
from zhixing_desktop.dossier.pdf_opening import open_pdf
from zhixing_desktop.dossier.pdf_pages import page_rasters
from zhixing_desktop.dossier.pictures import gray
from zhixing_desktop.dossier.proof_measure import WORKING_DPI
from zhixing_desktop.workflow.errors import StoreError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pikepdf import Page

_COVERS = 0.03
"""Part of the page that a picture may leave free (or run over) on each side and still be it all."""
_INVISIBLE = 3
_SHOWS = ("Tj", "TJ", "'", '"')
_PAINTS = {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "BI", "ID", "EI", "INLINE IMAGE"}


@dataclass(frozen=True, slots=True)
class _Jpeg:
    """A page's picture as it stands in the file; ``turn`` quarter turns clockwise to what is seen.

    ``dpi`` are its pixels for an inch of the page.
    """

    data: bytes
    turn: int
    dpi: float


class PdfPictures:
    """An opened PDF whose pages are asked for as pictures, from any thread."""

    def __init__(self, content: Path | bytes) -> None:
        """Open a PDF; :class:`StoreError` where that cannot be."""
        self._content = content
        self._pdf = open_pdf(content)
        self._lock = threading.Lock()
        self.count = len(self._pdf.pages)

    def __enter__(self) -> PdfPictures:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; no page can be asked for any more."""
        with self._lock:
            self._pdf.close()

    def picture(self, page: int) -> NDArray[np.uint8]:
        """Return a page (from 0 on) in grey as it is seen, at ``WORKING_DPI``.

        Raises :class:`StoreError` where it cannot be read.
        """
        from pikepdf import PdfError

        try:
            with self._lock:
                seen = seen_of(self._pdf.pages[page].obj)
                jpeg = _only_jpeg(self._pdf.pages[page], seen)
        except (PdfError, ValueError, TypeError, AttributeError, KeyError, ArithmeticError):
            # Odd in a way that PDFium may still draw.
            seen, jpeg = None, None
        taken = None if jpeg is None else _decoded(jpeg)
        return self._drawn(page, seen) if taken is None else taken

    def _drawn(self, page: int, seen: Seen | None) -> NDArray[np.uint8]:
        points = 595.28 if seen is None else seen.shape().width
        width = max(1, round(points * WORKING_DPI / 72))
        return gray(next(page_rasters(self._content, [page], width)))


def _only_jpeg(page: Page, seen: Seen) -> _Jpeg | None:
    """Return the JPEG that is all one sees of a page, None where there is more or another kind."""
    import pikepdf

    if "/Annots" in page.obj and len(page.obj.Annots):
        return None
    drawn = _drawn_once(pikepdf.parse_content_stream(page))
    if drawn is None:
        return None
    name, matrix = drawn
    image: Any = page.obj.get("/Resources", page.resources).XObject[name]
    if not _plain(image) or not _covers(matrix, seen):
        return None
    across = (seen.right - seen.left) * seen.unit / 72
    return _Jpeg(bytes(image.read_raw_bytes()), seen.turn // 90, int(image.Width) / across)


def _drawn_once(instructions: Iterable[Any]) -> tuple[str, Any] | None:
    """Return the name and the place of the one picture that a page draws; hidden text is no matter.

    (Scanners lay the words they have recognised, unseen, over the picture.)
    """
    import pikepdf

    at, kept, mode, found = pikepdf.Matrix(), [], 0, None
    for instruction in instructions:
        operator = str(instruction.operator)
        operands = instruction.operands
        if operator == "q":
            kept.append((at, mode))
        elif operator == "Q" and kept:
            at, mode = kept.pop()
        elif operator == "cm":
            at = pikepdf.Matrix(*(float(value) for value in operands)) @ at
        elif operator == "Tr":
            mode = int(operands[0])
        elif operator == "Do" and found is None:
            found = (str(operands[0]), at)
        elif operator in _PAINTS or operator == "Do" or _shown(operator, mode):
            return None
    return found


def _shown(operator: str, mode: int) -> bool:
    return operator in _SHOWS and mode != _INVISIBLE


def _plain(image: Any) -> bool:
    """Say whether a picture is a JPEG in grey or RGB without masks and without another scale."""
    if str(image.get("/Subtype")) != "/Image" or str(image.get("/Filter")) != "/DCTDecode":
        return False
    if any(key in image for key in ("/SMask", "/Mask", "/Decode", "/ImageMask")):
        return False
    space: Any = image.get("/ColorSpace")
    if str(space) in ("/DeviceGray", "/DeviceRGB"):
        return True
    based = not str(space).startswith("/") and len(space) > 1 and str(space[0]) == "/ICCBased"
    return based and int(space[1].get("/N", 0)) in (1, 3)


def _covers(matrix: Any, seen: Seen) -> bool:
    """Say whether a picture fills what is seen of its page, upright and not mirrored."""
    across, down = seen.right - seen.left, seen.high - seen.low
    if matrix.a <= 0 or matrix.d <= 0 or abs(matrix.b) + abs(matrix.c) > 0.01 * across:
        return False
    away = (
        (matrix.e - seen.left) / across,
        (matrix.f - seen.low) / down,
        (matrix.e + matrix.a - seen.right) / across,
        (matrix.f + matrix.d - seen.high) / down,
    )
    return max(abs(float(side)) for side in away) <= _COVERS


def _decoded(jpeg: _Jpeg) -> NDArray[np.uint8] | None:
    picture = grey_of(jpeg.data, jpeg.dpi)
    if picture is None:
        return None
    import cv2
    import numpy as np

    scale = WORKING_DPI / jpeg.dpi
    wanted = round(picture.shape[1] * scale * _reduction(jpeg.dpi))
    if abs(wanted - picture.shape[1]) > 1:
        high = round(picture.shape[0] * wanted / picture.shape[1])
        how = cv2.INTER_AREA if wanted < picture.shape[1] else cv2.INTER_LINEAR
        picture = np.asarray(cv2.resize(picture, (wanted, high), interpolation=how), np.uint8)
    return np.ascontiguousarray(np.rot90(picture, -jpeg.turn)) if jpeg.turn else picture


def _reduction(dpi: float) -> int:
    """Return how many times smaller a JPEG can be decoded without going below the working dpi."""
    return next((by for by in (4, 2) if dpi >= by * WORKING_DPI * 0.97), 1)


def grey_of(data: bytes, dpi: float | None, *, upright: bool = False) -> NDArray[np.uint8] | None:
    """Return a picture file decoded in grey, as many times smaller as ``dpi`` allows; None: torn.

    ``upright`` turns it as its camera says (Exif); in a PDF that does not count.
    """
    import cv2
    import numpy as np

    how = {
        1: cv2.IMREAD_GRAYSCALE,
        2: cv2.IMREAD_REDUCED_GRAYSCALE_2,
        4: cv2.IMREAD_REDUCED_GRAYSCALE_4,
    }[_reduction(dpi or WORKING_DPI)]
    if not upright:
        how |= cv2.IMREAD_IGNORE_ORIENTATION
    try:
        decoded: Any = cv2.imdecode(np.frombuffer(data, np.uint8), how)
    except cv2.error:
        return None
    return None if decoded is None else np.asarray(decoded, np.uint8)


def torn(place: int) -> StoreError:
    """Return the refusal for a page of a scan that cannot be read."""
    return StoreError(
        f"扫描件第{place}页的图像已经损坏，读不出来。请把这一页重新扫描。",
        data={"kind": "file_damaged"},
    )
