"""A BagIt 1.0 bag (RFC 8493) written file by file, as a folder or within a ZIP file.

The names may have no ``%`` and no line break: those are written otherwise in a manifest, and
``sha256sum -c`` would not find them (``file_names`` gives none).
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import IO, Protocol

from zhixing_desktop.dossier.whole_files import settle, settle_file

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
BAGIT, INFO, MANIFEST, TAGS = (
    "bagit.txt",
    "bag-info.txt",
    "manifest-sha256.txt",
    "tagmanifest-sha256.txt",
)
PAYLOAD = "data/"
OXUM = "Payload-Oxum"


class Sink(Protocol):
    """Something that takes files one after the other."""

    def file(self, path: str, size: int) -> AbstractContextManager[IO[bytes]]:
        """Open a file of ``size`` bytes for writing; ``path`` with ``/``."""

    def finish(self) -> None:
        """Force all that was written to the disk."""


class FolderSink:
    """A bag as a folder, which is there and empty."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folders = {root}

    @contextmanager
    def file(self, path: str, size: int) -> Iterator[IO[bytes]]:
        """Open a file of its own; what stands there already is an error."""
        del size
        target = self._root / path
        self._make(target.parent)
        with target.open("xb") as file:
            yield file
            settle_file(file)

    def _make(self, folder: Path) -> None:
        if folder not in self._folders:
            self._make(folder.parent)
            folder.mkdir()
            self._folders.add(folder)

    def finish(self) -> None:
        """The files are on the disk already; now their names."""
        for folder in sorted(self._folders, reverse=True):
            settle(folder)


class ZipSink:
    """A bag as one ZIP file, stored and not packed; the same content gives the same bytes.

    ``top`` is the folder within it (RFC 8493, section 4), ``day`` what all files bear as their
    time.
    """

    def __init__(self, stream: IO[bytes], top: str, day: date) -> None:
        self._stream, self._top = stream, top
        self._moment = (max(day.year, 1980), day.month, day.day, 0, 0, 0)
        self._book = zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED)

    @contextmanager
    def file(self, path: str, size: int) -> Iterator[IO[bytes]]:
        """Open a member; its size decides whether the large form of ZIP is needed."""
        info = zipfile.ZipInfo(f"{self._top}/{path}", self._moment)
        info.create_system = 3  # Unix, on every machine: the same bytes
        info.external_attr = (0o100644) << 16
        info.file_size = size
        with self._book.open(info, "w") as file:
            yield file

    def finish(self) -> None:
        """Write the list of members."""
        self._book.close()
        settle_file(self._stream)

    def close(self) -> None:
        """Let go of the file, also of one that was given up; harmless after :meth:`finish`."""
        with suppress(OSError):
            self._book.close()


class BagWriter:
    """Writes the payload in the order in which it comes, then the lists."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._payload: list[tuple[str, str]] = []
        self._tags: list[tuple[str, str]] = []
        self.bytes = 0

    def add(self, path: str, size: int, blocks: Iterable[bytes]) -> tuple[str, int]:
        """Write a file of the payload (``path`` begins with ``data/``); return digest and size."""
        digest, written = self._write(path, size, blocks)
        self._payload.append((path, digest))
        self.bytes += written
        return digest, written

    def close(self, info: Sequence[tuple[str, str]], others: Mapping[str, bytes]) -> str:
        """Write the lists, ``info`` as bag-info.txt and other files beside the payload.

        Returns the SHA-256 of the list of lists.
        """
        oxum = (OXUM, f"{self.bytes}.{len(self._payload)}")
        tags = {
            BAGIT: DECLARATION,
            INFO: "".join(f"{label}: {_line(words)}\n" for label, words in (*info, oxum)).encode(),
            MANIFEST: _manifest(self._payload),
            **others,
        }
        for path, data in sorted(tags.items()):
            digest, _ = self._write(path, len(data), [data])
            self._tags.append((path, digest))
        last = _manifest(self._tags)
        digest, _ = self._write(TAGS, len(last), [last])
        self._sink.finish()
        return digest

    def _write(self, path: str, size: int, blocks: Iterable[bytes]) -> tuple[str, int]:
        digest, written = hashlib.sha256(), 0
        with self._sink.file(path, size) as file:
            for block in blocks:
                digest.update(block)
                file.write(block)
                written += len(block)
        return digest.hexdigest(), written


def _manifest(entries: Iterable[tuple[str, str]]) -> bytes:
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(entries)).encode()


def _line(words: str) -> str:
    """Words on one line: a second one would have to be indented."""
    return " ".join(words.split())


def size_in_words(count: int) -> str:
    """Return a number of bytes as bag-info.txt has it: ``12.3 MB``."""
    size, unit = float(count), "B"
    for larger in ("KB", "MB", "GB", "TB"):
        if size < 1000:
            break
        size, unit = size / 1000, larger
    return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
