"""The shelf of fonts: which file plays each face here, and which has a character.

The workstation's own fonts come first, those of ``resources/fonts`` stand in.  Files are looked
for when a face is first needed and kept as long as the shelf lives; nothing is kept outside it.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any, Protocol

from zhixing_desktop.documents.blocks import Face
from zhixing_desktop.documents.fonts_sfnt import FontFile, Skipped, fonts_in
from zhixing_desktop.documents.layout import FaceFonts
from zhixing_desktop.workflow.errors import InputRefusedError, Problem, StoreError

NOWHERE = -1
"""In place of a font: no font has the character."""

_SUFFIXES = (".ttf", ".ttc", ".otf", ".otc")
_EM = 1000.0

Glyph = tuple[int, float]
"""The number of the font that has a character, and the character's width in ems."""


@dataclass(frozen=True, slots=True)
class Substitution:
    """A face that another font plays than the court's rules name."""

    face: Face
    wanted: str
    used: str

    @property
    def sentence(self) -> str:
        """The warning before printing."""
        return f"本机没有{self.wanted}，{self.face.label}用“{self.used}”代替，版面会略有不同。"


def font_folders(system: str, environ: Mapping[str, str], home: Path) -> list[Path]:
    """Return the folders in which a system keeps its fonts.

    ``system`` is ``sys.platform``; Kylin and UOS are ``linux``.
    """
    if system == "win32":
        windows = Path(environ.get("WINDIR", r"C:\Windows")) / "Fonts"
        own = environ.get("LOCALAPPDATA")
        return [windows, *([Path(own) / "Microsoft" / "Windows" / "Fonts"] if own else [])]
    if system == "darwin":
        library = Path("/System/Library")
        assets = library / "AssetsV2" / "com_apple_MobileAsset_Font7"
        return [library / "Fonts", assets, Path("/Library/Fonts"), home / "Library" / "Fonts"]
    own = environ.get("XDG_DATA_HOME")
    data = Path(own) if own else home / ".local" / "share"
    return [
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        data / "fonts",
        home / ".fonts",
        Path("/opt/kingsoft/wps-office/office6/fonts"),
    ]


class FontShelf:
    """Fonts for the faces of papers.

    May be used from several threads; ``lock`` is held while a font is loaded, and by whoever draws
    with ``typeface``, whose fonts are no more than one thread's at a time.
    """

    def __init__(
        self, faces: Mapping[Face, FaceFonts], folders: Sequence[Path], stand_ins: Path
    ) -> None:
        """Set up a shelf; nothing is read yet.

        ``faces`` is ``LayoutProfile.fonts``, ``folders`` where the workstation's fonts are (see
        ``font_folders``), ``stand_ins`` the folder ``resources/fonts``.
        """
        self.lock = RLock()
        self._faces = faces
        self._folders = tuple(folders)
        self._stand_ins = stand_ins
        self._files: _Files | None = None
        self._candidates: dict[Face, list[FontFile]] = {}
        self._loaded: list[_Loaded] = []
        self._numbers: dict[tuple[Path, int], int] = {}
        self._broken: dict[tuple[Path, int], Skipped] = {}
        self._tables: dict[Face, _Table] = {}

    def table(self, face: Face) -> Mapping[str, Glyph]:
        """Return a mapping from each character to its font and width for a face.

        A character that no font has is ``(NOWHERE, 1.0)``.

        Raises ``StoreError`` when there is no font at all.
        """
        table = self._tables.get(face)
        if table is None:
            with self.lock:
                self.primary(face)
                table = self._tables.setdefault(face, _Table(self, face))
        return table

    def warm(self) -> None:
        """Load the fonts of all faces (0.3 s), so that the first paper does not wait for them.

        Raises ``StoreError`` when there is no font at all.
        """
        for face in self._faces:
            self.table(face)

    def primary(self, face: Face) -> int:
        """Return the number of the font that plays a face.

        Raises ``StoreError`` when there is no font at all.
        """
        with self.lock:
            for number in self._in_order(face):
                return number
        raise StoreError(
            "本机没有可以用来生成文书的字体，程序自带的字体也不见了。"
            "请把程序文件夹完整地重新复制一份，或者安装仿宋、宋体后再试。",
            data={"stand_ins": str(self._stand_ins)},
        )

    def file(self, number: int) -> FontFile:
        """Return the file of a font."""
        return self._loaded[number].file

    def typeface(self, number: int) -> Any:
        """Return a font as reportlab's ``TTFont``; to be used while holding ``lock``."""
        return self._loaded[number].typeface

    def fitting(self, face: Face) -> list[FontFile]:
        """Return all fonts here that can play a face, the best first."""
        with self.lock:
            return list(self._fonts_for(face))

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """The fonts that were found for a face and cannot be used, each with the reason."""
        with self.lock:
            for face in self._faces:
                self._fonts_for(face)
            seen = self._files.skipped if self._files else []
            return tuple({(s.path, s.index): s for s in (*seen, *self._broken.values())}.values())

    def substitutions(self, faces: Iterable[Face] = tuple(Face)) -> tuple[Substitution, ...]:
        """Return which of ``faces`` are played by a stand-in here."""
        found = []
        with self.lock:
            for face in faces:
                used = self.file(self.primary(face))
                if not _is_wanted(used, self._faces[face]):
                    found.append(Substitution(face, self._faces[face].word, used.label))
        return tuple(found)

    def check(self, words: str, face: Face = Face.FANGSONG) -> None:
        """Refuse words with a character that no font here has.

        Raises ``InputRefusedError`` that names every such character.
        """
        table = self.table(face)
        refuse_missing(character for character in words if table[character][0] == NOWHERE)

    # ------------------------------------------------------------------------- finding and loading

    def _fonts_for(self, face: Face) -> list[FontFile]:
        found = self._candidates.get(face)
        if found is None:
            if self._files is None:
                self._files = _Files(self._folders, self._stand_ins)
            found = list(_unique(self._files.candidates(self._faces[face])))
            self._candidates[face] = found
        return found

    def _in_order(self, face: Face) -> Iterator[int]:
        """Yield the fonts to ask for a character of a face: its own, then stand-ins, then any."""
        others = [Face.SONG, Face.FANGSONG, Face.KAI, Face.HEI, Face.XIAOBIAOSONG]
        ranked = [self._fonts_for(face), *(self._fonts_for(o) for o in others if o != face)]
        firsts = [fonts[:1] for fonts in ranked]
        ours = [[f for f in fonts if f.path.parent == self._stand_ins] for fonts in ranked]
        for group in (firsts[:1], ours, firsts[1:], ranked):
            for file in _unique(file for fonts in group for file in fonts):
                number = self._load(file)
                if number != NOWHERE:
                    yield number

    def _load(self, file: FontFile) -> int:
        """Return the number of a font, loading it; ``NOWHERE`` where it cannot be loaded."""
        key = (file.path, file.index)
        number = self._numbers.get(key)
        if number is None:
            if key in self._broken:
                return NOWHERE
            try:
                loaded = _Loaded(file)
            except _CannotLoadError as error:
                self._broken[key] = Skipped(file.path, file.index, str(error))
                return NOWHERE
            number = len(self._loaded)
            self._loaded.append(loaded)
            self._numbers[key] = number
        return number

    def _glyph(self, face: Face, character: str) -> Glyph:
        """Return the font and width of a character, from whichever font has it."""
        code = ord(character)
        with self.lock:
            for number in self._in_order(face):
                width = self._loaded[number].widths.get(code)
                if width is not None:
                    return number, width / _EM
        return NOWHERE, 1.0


def refuse_missing(characters: Iterable[str]) -> None:
    """Raise ``InputRefusedError`` for characters that no font has; return when there are none."""
    missing = list(dict.fromkeys(characters))
    if not missing:
        return
    named = "、".join(f"“{character}”（U+{ord(character):04X}）" for character in missing)
    raise InputRefusedError(
        f"本机没有一种字体有这些字，印出来会是空白：{named}。请换用通行的写法，或者请系统管理员安装"
        "有这些字的字体（TrueType 轮廓）后再试。",
        [
            Problem("文书", f"没有一种字体有“{c}”（U+{ord(c):04X}）", data={"character": c})
            for c in missing
        ],
    )


class _Table(dict[str, Glyph]):
    """The glyphs of a face, each looked up when first met."""

    def __init__(self, shelf: FontShelf, face: Face) -> None:
        super().__init__()
        self._shelf = shelf
        self._face = face

    def __missing__(self, character: str) -> Glyph:
        glyph = self._shelf._glyph(self._face, character)  # noqa: SLF001 - a part of the shelf
        self[character] = glyph
        return glyph


class _CannotLoadError(Exception):
    """A font file that looked fine and cannot be read whole."""


class _Loaded:
    """A font in memory."""

    def __init__(self, file: FontFile) -> None:
        # Late: reportlab takes 100 ms to import, and the program's start needs no paper.
        from zhixing_desktop.documents.pdf_fonts import load_typeface

        self.file = file
        try:
            self.typeface = load_typeface(file.path, file.index)
        except (OSError, ValueError) as error:
            raise _CannotLoadError("字体文件已损坏，读不完整") from error
        self.widths: Mapping[int, float] = self.typeface.face.charWidths


class _Files:
    """The font files of folders, found once; their names are read when first asked for."""

    def __init__(self, folders: Sequence[Path], stand_ins: Path) -> None:
        self._by_name: dict[str, list[Path]] = {}
        for path in _walk(folders):
            self._by_name.setdefault(path.name.lower(), []).append(path)
        self._stand_ins = stand_ins
        self._read: dict[Path, list[FontFile | Skipped]] = {}
        self._families: dict[str, list[FontFile]] | None = None

    def candidates(self, wanted: FaceFonts) -> Iterator[FontFile]:
        for name in wanted.files:
            for path in self._by_name.get(name.lower(), ()):
                yield from self._usable(path, wanted.families)
        for family in wanted.families:
            yield from self._family(family)
        for name in wanted.stand_in:
            path = self._stand_ins / name
            if path.is_file():
                yield from self._usable(path)

    @property
    def skipped(self) -> list[Skipped]:
        read = (font for fonts in self._read.values() for font in fonts)
        return [font for font in read if isinstance(font, Skipped)]

    def _usable(self, path: Path, families: Collection[str] = ()) -> list[FontFile]:
        """Return the usable fonts of a file; of a collection those of the families, if any."""
        if path not in self._read:
            self._read[path] = fonts_in(path)
        usable = [font for font in self._read[path] if isinstance(font, FontFile)]
        ranks = {family.lower(): rank for rank, family in enumerate(families)}
        ranked = [
            (min(ranks.get(name.lower(), len(ranks)) for name in (*font.names, "")), font)
            for font in usable
        ]
        named = [(rank, font) for rank, font in ranked if rank < len(ranks)]
        return [font for _, font in sorted(named, key=lambda pair: pair[0])] or usable

    def _family(self, family: str) -> list[FontFile]:
        if self._families is None:
            self._families = {}
            for paths in self._by_name.values():
                for path in paths:
                    for font in self._usable(path):
                        for name in font.names:
                            self._families.setdefault(name.lower(), []).append(font)
        return self._families.get(family.lower(), [])


def _walk(folders: Sequence[Path]) -> Iterator[Path]:
    """Yield the font files of folders and their subfolders, always in the same order."""
    for folder in folders:
        # ``os.walk`` passes over what is missing or may not be read.
        for root, inner, names in os.walk(folder):
            inner.sort()
            for name in sorted(names):
                if name.lower().endswith(_SUFFIXES):
                    yield Path(root) / name


def _unique(fonts: Iterable[FontFile]) -> Iterator[FontFile]:
    seen = set()
    for font in fonts:
        if (font.path, font.index) not in seen:
            seen.add((font.path, font.index))
            yield font


def _is_wanted(used: FontFile, fonts: FaceFonts) -> bool:
    """Say whether a font is one of those that a court's rules name for a face."""
    names = {name.lower() for name in used.names}
    return used.path.name.lower() in {name.lower() for name in fonts.files} or bool(
        names & {family.lower() for family in fonts.families}
    )


class Metrics(Protocol):
    """What typesetting asks of fonts (``FontShelf`` is one)."""

    def table(self, face: Face) -> Mapping[str, Glyph]: ...
