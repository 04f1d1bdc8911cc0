"""The archive package of a case: a BagIt 1.0 bag that common tools verify without the program.

``data/电子卷宗/正卷`` and ``副卷`` hold one PDF for each 件, ``data/影像卷宗`` one for each 册,
``data/原件`` the originals as they came, ``data/日志`` the journal's bundle; beside them 目录.csv
and 目录.json, which say of each file what it is.  It is written beside its target and given its
name when all is on the disk.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from zhixing_desktop.dossier import package_lists
from zhixing_desktop.dossier.bag import PAYLOAD, BagWriter, FolderSink, ZipSink, size_in_words
from zhixing_desktop.dossier.file_names import safe_name
from zhixing_desktop.dossier.package_check import verify_package
from zhixing_desktop.dossier.package_layout import Entry, entries_of, example_of, package_problems
from zhixing_desktop.dossier.package_parts import CasePackage, Packaged, SourceFile
from zhixing_desktop.dossier.package_readme import NAME as README
from zhixing_desktop.dossier.package_readme import readme
from zhixing_desktop.dossier.packing_place import (
    packing,
    put,
    refuse_existing,
    refuse_too_little_room,
)
from zhixing_desktop.dossier.whole_files import blocks
from zhixing_desktop.workflow.errors import InputRefusedError, StoreError, ZhixingError

__all__ = ("PackingCancelledError", "package_name", "verify_package", "write_package")

Progress = Callable[[int, int], None]
"""Called with the bytes that are written and all bytes of the payload."""
Cancelled = Callable[[], bool]
_NAMED = 5
"""So many files stand in the sentence of a refusal; all of them in its data."""


class PackingCancelledError(ZhixingError):
    """Somebody gave up a package; nothing was left."""

    def __init__(self) -> None:
        super().__init__("归档包没有做完就取消了，没有留下文件。")


def package_name(case_number: str, *, zipped: bool = False) -> str:
    """Return how the package of a case is called: ``（2024）豫0811执1号``, with ``.zip``."""
    return safe_name(case_number, ".zip" if zipped else "")


def write_package(
    target: Path,
    package: CasePackage,
    *,
    zipped: bool = False,
    progress: Progress = lambda _done, _total: None,
    cancelled: Cancelled = lambda: False,
) -> Packaged:
    """Write the package as a folder or, ``zipped``, as one ZIP file (stored; the same content gives
    the same bytes).

    The files are copied piece by piece and their SHA-256 is reckoned on the way: all that have
    changed or are missing are named in one refusal.  Raises :class:`InputRefusedError` with
    everything that does not fit in what was handed in, :class:`StoreError` (``exists``, ``full``,
    ``io``, ``in_use``, ``source``) and :class:`PackingCancelledError`; after each of them nothing
    is left at the target.
    """
    problems = package_problems(package)
    if problems:
        raise InputRefusedError("归档包的内容有误，没有制作。请更正后再试一次。", problems)
    refuse_existing(target)
    with packing(target) as place:
        job = _Packing(package, entries_of(package), progress, cancelled)
        refuse_too_little_room(target.parent, job.total)
        made = place / target.name
        digest = job.as_zip(made, target.stem) if zipped else job.as_folder(made)
        put(made, target)
    return Packaged(target, len(job.entries), job.total, digest)


@dataclass(slots=True)
class _Bad:
    """A source that is not what it was."""

    path: str
    why: str


class _SourceError(Exception):
    """A source cannot be read: to be told from a target that cannot be written."""

    def __init__(self, cause: OSError) -> None:
        super().__init__(str(cause))
        self.cause = cause


class _Packing:
    """One package on its way to the disk."""

    def __init__(
        self,
        package: CasePackage,
        entries: tuple[Entry, ...],
        progress: Progress,
        cancelled: Cancelled,
    ) -> None:
        self._package = package
        self._progress, self._cancelled = progress, cancelled
        self._done = 0
        self._bad: list[_Bad] = []
        self.entries = entries
        self.total = sum(entry.bytes for entry in entries)

    def as_folder(self, made: Path) -> str:
        """Write a folder; return the SHA-256 of its list of lists."""
        made.mkdir()
        return self._fill(BagWriter(FolderSink(made)))

    def as_zip(self, made: Path, top: str) -> str:
        """Write a ZIP file with one folder in it."""
        with made.open("xb") as stream:
            sink = ZipSink(stream, top, self._package.made_on)
            with closing(sink):
                return self._fill(BagWriter(sink))

    def _fill(self, bag: BagWriter) -> str:
        for entry in self.entries:
            if isinstance(entry.source, bytes):
                bag.add(entry.path, entry.bytes, self._pieces(entry.source))
            elif self._bad:
                self._only_look(entry.path, entry.source)
            else:
                self._copy(bag, entry.path, entry.source)
        if self._bad:
            raise self._refusal()
        self._go_on()
        return bag.close(self._info(), {README: readme(self._package, example_of(self.entries))})

    def _copy(self, bag: BagWriter, path: str, source: SourceFile) -> None:
        try:
            digest, size = bag.add(path, source.bytes, self._told(self._read(source.path)))
        except _SourceError as error:
            self._cannot_read(path, error.cause)
        else:
            self._judge(path, source, digest, size)

    def _only_look(self, path: str, source: SourceFile) -> None:
        """Nothing will come of the package, but all that is wrong is to be said at once."""
        digest, size = hashlib.sha256(), 0
        try:
            for block in self._told(self._read(source.path)):
                digest.update(block)
                size += len(block)
        except _SourceError as error:
            self._cannot_read(path, error.cause)
        else:
            self._judge(path, source, digest.hexdigest(), size)

    def _read(self, path: Path) -> Iterator[bytes]:
        try:
            yield from blocks(path, self._go_on)
        except OSError as error:
            raise _SourceError(error) from error

    def _judge(self, path: str, source: SourceFile, digest: str, size: int) -> None:
        if (digest, size) != (source.digest, source.bytes):
            self._bad.append(_Bad(path, "内容与登记的不同"))

    def _cannot_read(self, path: str, error: OSError) -> None:
        missing = isinstance(error, FileNotFoundError)
        self._bad.append(_Bad(path, "找不到" if missing else "不能读取"))

    def _pieces(self, data: bytes) -> Iterator[bytes]:
        self._go_on()
        yield from self._told(iter((data,)))

    def _told(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            yield piece
            self._done += len(piece)
            self._progress(min(self._done, self.total), self.total)

    def _go_on(self) -> None:
        if self._cancelled():
            raise PackingCancelledError

    def _refusal(self) -> StoreError:
        told = [f"{bad.path.removeprefix(PAYLOAD)}（{bad.why}）" for bad in self._bad]
        more = f"等{len(told)}个文件" if len(told) > _NAMED else ""
        return StoreError(
            f"归档包没有制作：{'、'.join(told[:_NAMED])}{more}。"
            "请先检查并修复数据文件夹，再重新制作归档包。",
            data={"kind": "source", "files": told},
        )

    def _info(self) -> list[tuple[str, str]]:
        package, record = self._package, self._package.archive
        info = [
            ("Source-Organization", package.case.court),
            ("Contact-Name", package.made_by),
            ("External-Description", package_lists.heading_of(package)),
            ("Bagging-Date", package.made_on.isoformat()),
            ("External-Identifier", package.case.number),
            ("Internal-Sender-Identifier", record.archive_number),
            ("Bag-Size", size_in_words(self.total)),
            ("Bag-Software-Agent", package.program),
        ]
        return [(label, words) for label, words in info if words.strip()]
