"""The fonts of papers as LibreOffice is told of them, so that its PDF looks like ours.

Where the workstation has no 仿宋, LibreOffice would take any Chinese font.  On Linux it asks
fontconfig, which can be told otherwise for one run (fonts.conf(5)); Windows and macOS have the
fonts or substitute by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from zhixing_desktop.documents.fonts import FontShelf
from zhixing_desktop.documents.fonts_sfnt import FontFile
from zhixing_desktop.documents.layout import LayoutProfile

_SYSTEM = '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'


def fonts_conf(
    layout: LayoutProfile, shelf: FontShelf, *, system: bool = True, cache: Path | None = None
) -> str:
    """Return settings of fontconfig: each font that Word files name is played as in the PDF.

    ``system`` takes in the workstation's own settings and fonts; ``cache`` is where fontconfig may
    keep what it found, without it where the system does.  Raises ``StoreError`` when there is no
    font at all.
    """
    playing = {font.word: shelf.file(shelf.primary(face)) for face, font in layout.fonts.items()}
    folders = dict.fromkeys(file.path.parent for file in playing.values())
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        + (_SYSTEM if system else "")
        + "".join(f"<dir>{escape(str(folder))}</dir>" for folder in folders)
        + (f"<cachedir>{escape(str(cache))}</cachedir>" if cache else "")
        + _rules(playing)
        + "</fontconfig>"
    )


def _rules(playing: Mapping[str, FontFile]) -> str:
    return "".join(_rule(name, file) for name, file in playing.items() if name not in file.names)


def _rule(name: str, file: FontFile) -> str:
    bold = any("bold" in own.lower() for own in file.names)
    weight = '<edit name="weight" mode="assign"><const>bold</const></edit>' if bold else ""
    return (
        f'<match target="pattern"><test name="family"><string>{escape(name)}</string></test>'
        '<edit name="family" mode="assign" binding="strong">'
        f"<string>{escape(file.names[0])}</string></edit>{weight}</match>"
    )
