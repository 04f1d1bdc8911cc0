"""LibreOffice with the program's own fonts, as the tests use it, and what is in a PDF."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from zhixing_desktop.documents.blocks import Face
from zhixing_desktop.documents.layout import LayoutProfile
from zhixing_desktop.documents.layout_reader import load_layout
from zhixing_desktop.documents.libreoffice import Converter, find_converter
from zhixing_desktop.paths import resources_dir

FAMILIES = {
    Face.FANGSONG: ("Noto Serif SC", ""),
    Face.XIAOBIAOSONG: ("Noto Serif SC", "bold"),
    Face.HEI: ("Noto Sans SC", ""),
    Face.KAI: ("LXGW WenKai", ""),
    Face.SONG: ("Noto Serif SC", ""),
}


@cache
def official() -> LayoutProfile:
    """Return the layout that comes with the program."""
    return load_layout(resources_dir() / "layout")


def converter(folder: Path) -> Converter:
    """Return LibreOffice seeing the program's fonts and no other; settings go into ``folder``."""
    settings = folder / "fonts.conf"
    settings.write_text(_fontconfig(folder), "utf-8")
    return find_converter({**os.environ, "FONTCONFIG_FILE": str(settings)})


def _fontconfig(folder: Path) -> str:
    rules = "".join(_rule(font.word, *FAMILIES[face]) for face, font in official().fonts.items())
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{resources_dir() / 'fonts'}</dir><cachedir>{folder / 'cache'}</cachedir>"
        f"{rules}</fontconfig>"
    )


def _rule(name: str, family: str, weight: str) -> str:
    heavier = f'<edit name="weight" mode="assign"><const>{weight}</const></edit>' if weight else ""
    return (
        f'<match target="pattern"><test name="family"><string>{escape(name)}</string></test>'
        '<edit name="family" mode="assign" binding="strong">'
        f"<string>{family}</string></edit>{heavier}</match>"
    )


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
