"""An archive package as it was handed over, folder or ZIP file, read without trusting it."""

from __future__ import annotations

import os
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Protocol

from zhixing_desktop.dossier.whole_files import BLOCK
from zhixing_desktop.workflow.errors import Problem, StoreError

UNREADABLE = (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError)
"""What reading a file of a package may raise: torn, packed in a way that is not known, locked."""

_UTF_8 = 0x800
"""The flag of a member whose name is UTF-8."""


class Shelf(Protocol):
    """The files of a package by their names in composed form (NFC), with ``/``."""

    problems: list[Problem]
    """What is wrong with the whole, before any file is read."""

    def sizes(self) -> dict[str, int]:
        """Return the bytes of each file, by name."""

    def blocks(self, name: str) -> Iterator[bytes]:
        """Yield a file piece by piece; raises one of :data:`UNREADABLE`."""


@contextmanager
def opened(path: Path) -> Iterator[Shelf]:
    """Open a package; :class:`StoreError` where there is none or it cannot be opened."""
    try:
        if path.is_dir():
            yield _Folder(_bag_in(path))
        else:
            with zipfile.ZipFile(path) as book:
                yield _Book(book)
    except zipfile.BadZipFile as error:
        raise StoreError(
            f"这个文件不是完整的 ZIP 归档包（{path}），可能没有复制完。请重新复制或者重新取得。",
            data={"kind": "bad_package", "place": str(path)},
        ) from error
    except OSError as error:
        raise StoreError(
            f"归档包打不开（{path}）。请检查文件是否存在、是否有权限。",
            data={"kind": "io", "place": str(path)},
        ) from error


def _bag_in(folder: Path) -> Path:
    """Return the package's own folder: Windows unpacks a ZIP file into one more around it."""
    inner = list(folder.iterdir())
    alone = len(inner) == 1 and (inner[0] / "bagit.txt").is_file()
    return inner[0] if alone else folder


def composed(name: str) -> str:
    """Return a name as we wrote it: other systems take characters apart."""
    return unicodedata.normalize("NFC", name)


class _Folder:
    """A package as a folder."""

    def __init__(self, root: Path) -> None:
        self.problems: list[Problem] = []
        self._paths: dict[str, Path] = {}
        for folder, names, files in os.walk(root, onerror=_raise):
            names.sort()
            for name in sorted([*files, *names]):
                self._meet(Path(folder) / name, root, is_folder=name in names)

    def _meet(self, path: Path, root: Path, *, is_folder: bool) -> None:
        name = composed(path.relative_to(root).as_posix())
        if path.is_symlink():
            words = f"“{name}”是指向别处的链接，不是文件本身。请用原来的归档包核对。"
            self.problems.append(Problem(name, words, data={"kind": "link"}))
        elif not is_folder:
            self._paths[name] = path

    def sizes(self) -> dict[str, int]:
        return {name: path.stat().st_size for name, path in self._paths.items()}

    def blocks(self, name: str) -> Iterator[bytes]:
        with self._paths[name].open("rb", buffering=0) as file:
            yield from _pieces(file)


class _Book:
    """A package as a ZIP file with one folder at its top."""

    def __init__(self, book: zipfile.ZipFile) -> None:
        self.problems: list[Problem] = []
        self._book = book
        self._members: dict[str, zipfile.ZipInfo] = {}
        files = [(_name_of(info), info) for info in book.infolist() if not info.is_dir()]
        tops = {name.partition("/")[0] for name, _ in files}
        # Packed again by hand, the files may lie at the top themselves.
        top = f"{tops.pop()}/" if len(tops) == 1 else ""
        for whole, info in files:
            name = composed(whole.removeprefix(top))
            if name in self._members:
                words = f"“{name}”在 ZIP 文件里有两份，不知道哪一份是真的。请重新取得归档包。"
                self.problems.append(Problem(name, words, data={"kind": "twice"}))
            self._members[name] = info

    def sizes(self) -> dict[str, int]:
        return {name: info.file_size for name, info in self._members.items()}

    def blocks(self, name: str) -> Iterator[bytes]:
        with self._book.open(self._members[name]) as file:
            yield from _pieces(file)


def _name_of(info: zipfile.ZipInfo) -> str:
    """Return a member's name; Chinese Windows packs names in its own code and does not say so."""
    if info.flag_bits & _UTF_8 or info.filename.isascii():
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for code in ("utf-8", "gb18030"):
        with suppress(UnicodeDecodeError):
            return raw.decode(code)
    return info.filename


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        yield block


def _raise(error: OSError) -> None:
    raise error
