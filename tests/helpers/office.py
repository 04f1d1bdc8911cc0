"""LibreOffice with the program's own fonts, as the tests use it, and what is in a PDF."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from zhixing_desktop.documents.fonts import FontShelf
from zhixing_desktop.documents.layout import LayoutProfile
from zhixing_desktop.documents.layout_reader import load_layout
from zhixing_desktop.documents.libreoffice import Converter, find_converter
from zhixing_desktop.documents.libreoffice_fonts import fonts_conf
from zhixing_desktop.paths import resources_dir


@cache
def official() -> LayoutProfile:
    """Return the layout that comes with the program."""
    return load_layout(resources_dir() / "layout")


@cache
def shelf() -> FontShelf:
    """Return the fonts that come with the program, and no others."""
    return FontShelf(official().fonts, [], resources_dir() / "fonts")


def converter(folder: Path) -> Converter:
    """Return LibreOffice seeing the program's fonts and no others; ``folder`` keeps its cache."""
    fonts = fonts_conf(official(), shelf(), system=False, cache=folder / "cache")
    return find_converter(os.environ, fonts=fonts)


def pages_of(pdf: bytes) -> tuple[str, ...]:
    """Return the text of each page of a PDF."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return tuple(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def boxes_of(pdf: bytes) -> Sequence[tuple[float, float]]:
    """Return width and height of each page of a PDF in points."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_size() for page in document]
    finally:
        document.close()
