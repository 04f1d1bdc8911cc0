"""The forms of papers and the court's layout: read once, by whoever asks first.

Reading all forms takes some tenths of a second and brings Jinja2 along, so nothing here is loaded
when the program starts.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhixing_desktop.services.rules import Rules, read_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from zhixing_desktop.documents.dictionary import Dictionary
    from zhixing_desktop.documents.fonts import FontShelf
    from zhixing_desktop.documents.form_reader import Library
    from zhixing_desktop.documents.laws import Laws
    from zhixing_desktop.documents.layout import LayoutProfile
    from zhixing_desktop.documents.libreoffice import Converter

_NOTHING: Mapping[str, Any] = {}


class PaperRules:
    """Forms, articles, layout and fonts of one program folder; from any thread.

    The forms are read anew when the bureau has adopted another rulebook, the layout when the court
    has changed it; what is read stays.
    """

    def __init__(
        self, resources: Path, find_converter: Callable[[str], Converter] | None = None
    ) -> None:
        """Set up; nothing is read yet.

        ``find_converter`` gives the workstation's word processor for settings of fontconfig, or
        raises ``StoreError``; without it LibreOffice is looked for.
        """
        self._resources = resources
        self._find_converter = find_converter
        self._lock = threading.Lock()
        self._libraries: dict[str, tuple[Library, Dictionary]] = {}
        self._layouts: dict[str, LayoutProfile] = {}
        self._fonts: dict[str, FontShelf] = {}

    def library(self, rules: Rules) -> Library:
        """Return all forms, held against a rulebook.

        Raises ``InputRefusedError`` naming every fault of every form with its line, ``StoreError``
        when a file is missing.
        """
        return self._read(rules)[0]

    def dictionary(self, rules: Rules) -> Dictionary:
        """Return what forms may name under a rulebook; raises as :meth:`library`."""
        return self._read(rules)[1]

    def laws(self, rules: Rules) -> Laws:
        """Return the dated table of articles; raises as :meth:`library`."""
        return self._read(rules)[0].laws

    def layout(self, overrides: Mapping[str, Any] = _NOTHING) -> LayoutProfile:
        """Return the program's layout with the court's own settings over it.

        Raises ``InputRefusedError`` with every fault, ``StoreError`` when the file is missing.
        """
        from zhixing_desktop.documents.layout_reader import load_layout

        mark = repr(overrides)
        with self._lock:
            found = self._layouts.get(mark)
            if found is None:
                found = load_layout(self._resources / "layout", overrides)
                self._layouts[mark] = found
        return found

    def unkept_layout(self, overrides: Mapping[str, Any]) -> LayoutProfile:
        """Return a layout that is only tried; raises as :meth:`layout`."""
        from zhixing_desktop.documents.layout_reader import load_layout

        return load_layout(self._resources / "layout", overrides)

    def fonts(self, layout: LayoutProfile) -> FontShelf:
        """Return the workstation's fonts for a layout; they are looked for when one is drawn."""
        import os
        import sys

        from zhixing_desktop.documents.fonts import FontShelf, font_folders

        mark = repr(layout.fonts)
        with self._lock:
            found = self._fonts.get(mark)
            if found is None:
                folders = font_folders(sys.platform, os.environ, Path.home())
                found = FontShelf(layout.fonts, folders, self._resources / "fonts")
                self._fonts[mark] = found
        return found

    def converter(self, layout: LayoutProfile) -> Converter:
        """Return what turns a Word file into PDF here; ``StoreError`` where there is nothing."""
        import os

        from zhixing_desktop.documents.libreoffice import find_converter
        from zhixing_desktop.documents.libreoffice_fonts import fonts_conf

        fonts = fonts_conf(layout, self.fonts(layout))
        if self._find_converter is not None:
            return self._find_converter(fonts)
        return find_converter(os.environ, fonts=fonts)

    def _read(self, rules: Rules) -> tuple[Library, Dictionary]:
        from zhixing_desktop.documents.dictionary import Dictionary

        book = rules.book
        with self._lock:
            found = self._libraries.get(book.hash)
            if found is None:
                found = (load_library(self._resources, rules), Dictionary(book))
                self._libraries[book.hash] = found
        return found


def load_library(resources: Path, rules: Rules) -> Library:
    """Read the program's forms and its table of articles; raises as ``PaperRules.library``."""
    from zhixing_desktop.documents.form_reader import ENDING, read_library
    from zhixing_desktop.documents.laws import read_laws

    laws = read_laws(read_text(resources / "law" / "articles.yaml"))
    files = sorted((resources / "forms").glob(f"*{ENDING}"))
    return read_library({path.name: read_text(path) for path in files}, rules.book, laws)
