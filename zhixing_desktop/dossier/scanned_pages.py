"""The scan of a volume, page by page: a PDF, a TIFF of many pages, a picture, a folder of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from zhixing_desktop.dossier.incoming import unreadable
from zhixing_desktop.dossier.media_types import JPEG, PDF, PNG, TIFF, media_type_of
from zhixing_desktop.dossier.pdf_pictures import PdfPictures, grey_of, torn
from zhixing_desktop.dossier.picture_files import frame, frames, picture
from zhixing_desktop.dossier.proof import ScannedPage
from zhixing_desktop.dossier.proof_measure import WORKING_DPI
from zhixing_desktop.workflow.errors import StoreError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_KINDS = (PDF, TIFF, JPEG, PNG)


def scanned_pages(path: Path) -> Iterator[ScannedPage]:
    """Yield the pages of a scan in order, numbered from 1; they are decoded when they are asked.

    A folder gives its files in the order of their names, numbers by their value (2 before 10);
    what is neither PDF nor picture in it is passed over.  A file is let go of with the last of its
    pages.  Raises :class:`StoreError` where nothing can be read: no such file, not a scan, an empty
    folder.
    """
    place = 0
    found = scan_files(path)
    for file, kind in found:
        name = file.name if len(found) > 1 else ""
        for decode in _pages(file, kind):
            place += 1
            yield ScannedPage(place, partial(decode, place), name=name)


def scan_files(path: Path) -> list[tuple[Path, str]]:
    try:
        inside = sorted(path.iterdir(), key=_natural) if path.is_dir() else [path]
        files = [file for file in inside if file.is_file()]
    except OSError as error:
        raise unreadable(path, error) from error
    if not files and not path.is_dir():
        raise unreadable(path, FileNotFoundError())
    found = [(file, kind) for file in files if (kind := media_type_of(file)) in _KINDS]
    if not found:
        what = "这个文件夹里没有" if path.is_dir() else "这个文件不是"
        raise StoreError(
            f"{what}扫描件（{path.name}）。请选择扫描得到的 PDF、TIFF、JPEG 或者 PNG。",
            data={"kind": "no_scan"},
        )
    return found


def _natural(file: Path) -> list[tuple[bool, int, str]]:
    """Put 第2页 before 第10页."""
    parts = re.split(r"(\d+)", file.name.casefold())
    return [(part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts]


Decode = Callable[[int], "NDArray[np.uint8]"]


def _pages(file: Path, kind: str) -> Iterator[Decode]:
    if kind == PDF:
        pictures = PdfPictures(file)
        for page in range(pictures.count):
            yield partial(_of_pdf, pictures, page)
    elif kind == TIFF:
        with picture(file) as image:
            count = sum(1 for _ in frames(image))
        for number in range(count):
            yield partial(_of_tiff, file, number)
    else:
        yield partial(_of_picture, file)


def _of_pdf(pictures: PdfPictures, page: int, _place: int) -> NDArray[np.uint8]:
    return pictures.picture(page)


def _of_tiff(file: Path, number: int, place: int) -> NDArray[np.uint8]:
    import numpy as np

    try:
        with picture(file) as image:
            image.seek(number)
            turn = frame(image).turn
            grey = np.asarray(image.convert("L"), np.uint8)
    except (OSError, ValueError, EOFError, SyntaxError) as error:
        raise torn(place) from error
    return np.ascontiguousarray(np.rot90(grey, -(turn // 90))) if turn else grey


def _of_picture(file: Path, place: int) -> NDArray[np.uint8]:
    try:
        data = file.read_bytes()
        with picture(data) as image:
            dpi = frame(image).dpi
    except (OSError, ValueError, SyntaxError) as error:
        raise torn(place) from error
    grey = grey_of(data, min(dpi) if dpi else WORKING_DPI, upright=True)
    if grey is None:
        raise torn(place)
    return grey
