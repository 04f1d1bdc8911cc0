"""One walk through the folder of kept files, against the rows that say what should be there."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from zhixing_desktop.dossier.store_faults import (
    DAMAGED,
    TEMPORARY,
    Fault,
    FaultKind,
    Gone,
    KnownFile,
    disconnected,
    fault_of,
    home_of,
    is_digest,
    stray,
    unreadable,
)

Cancelled = Callable[[], bool]
_OF_THE_SYSTEM = frozenset(
    {
        "thumbs.db", "desktop.ini", ".ds_store", "lost+found", "system volume information",
        "$recycle.bin", "@eadir", ".snapshot", "#recycle", ".trash-0",
    }
)  # fmt: skip
"""What Windows, macOS and file servers put into any folder; in lower case."""
_FEW = 2
"""So many files may be lost one by one; where more are known and none is there, the folder is."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as the folder lists it; ``place`` is below the folder, ``changed`` in seconds since
    1970 (UTC)."""

    place: str
    bytes: int
    changed: float

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.place.rpartition("/")[2]


@dataclass(slots=True)
class Scan:
    """What a walk found: ``good`` lie in their place with the right size, by their place.

    ``strays`` are files with a digest for a name and no row, ``moved`` those out of their place
    whose row has no file elsewhere; ``gone`` tells that the folder itself could not be read.
    """

    good: dict[str, KnownFile] = field(default_factory=dict)
    strays: list[Seen] = field(default_factory=list)
    moved: list[tuple[Seen, KnownFile, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    files: int = 0
    complete: bool = True


def wanted_files(
    known: Iterable[KnownFile], endings: Mapping[str, str], faults: list[Fault]
) -> dict[str, KnownFile]:
    """Return the rows by the place where their file belongs; a row that names none is a fault.

    ``endings`` are those of the store, by media type.
    """
    wanted: dict[str, KnownFile] = {}
    for row in known:
        if not is_digest(row.digest) or row.media_type not in endings or row.bytes < 0:
            faults.append(fault_of(FaultKind.BAD_ROW, row, row.digest or row.name, ""))
            continue
        wanted[home_of(row, endings[row.media_type])] = row
    return wanted


class Walk:
    """A walk; it keeps what it needs to say one thing of each file."""

    def __init__(
        self,
        folder: Path,
        endings: Mapping[str, str],
        beside: Collection[str],
        settled_before: float | None,
        cancelled: Cancelled,
    ) -> None:
        self._folder = folder
        self._endings = frozenset({*endings.values(), ""})
        self._skipped = {*_OF_THE_SYSTEM, DAMAGED, *(name.lower() for name in beside)}
        self._settled_before = settled_before
        self._cancelled = cancelled
        self._hidden: set[str] = set()
        """Two-digit folders that may not be read: what is in them is not lost."""

    def run(self, wanted: dict[str, KnownFile], scan: Scan) -> None:
        """Look at each entry once and write into ``scan`` what was found."""
        misfits: list[Seen] = []
        before = list(scan.faults)
        try:
            shards = list(self._shards(scan))
        except OSError as error:
            scan.complete = False
            scan.faults.append(_gone(self._folder, wanted, error))
            return
        if wanted and not shards and not scan.strays:
            # So looks the place where a share is to be mounted.
            scan.complete = False
            scan.faults.append(disconnected(str(self._folder), len(wanted), Gone.EMPTY))
            return
        for shard in shards:
            if self._cancelled():
                scan.complete = False
                return
            self._look_through(shard, wanted, scan, misfits)
        self._judge(misfits, wanted, scan)
        if len(wanted) > _FEW and not (scan.good or scan.moved or self._hidden):
            scan.complete = False
            scan.faults = [*before, disconnected(str(self._folder), len(wanted), Gone.ANOTHER)]
            return
        self._missing(wanted, scan)

    def _shards(self, scan: Scan) -> Iterator[str]:
        with os.scandir(self._folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        for entry in found:
            if entry.name.lower() in self._skipped:
                continue
            if _is_shard(entry.name) and entry.is_dir():
                yield entry.name
            elif entry.is_dir():
                self._other_folder(entry, scan)
            else:
                # A kept file that somebody put one folder too high is looked at like all others.
                self._root_file(entry, scan)

    def _other_folder(self, entry: os.DirEntry[str], scan: Scan) -> None:
        """Tell of a folder that is not ours; one in which pages are being made is left alone."""
        status = _status(entry)
        if not _is_temporary(entry.name):
            scan.faults.append(stray(FaultKind.FOREIGN, f"{entry.name}/"))
        elif status is not None and not self._fresh(status):
            scan.faults.append(stray(FaultKind.LEFT_OVER, f"{entry.name}/"))

    def _root_file(self, entry: os.DirEntry[str], scan: Scan) -> None:
        status = _status(entry)
        if status is None:
            return
        if is_digest(entry.name.partition(".")[0]):
            scan.strays.append(Seen(entry.name, status.st_size, status.st_mtime))
        elif not self._fresh(status):
            kind = FaultKind.LEFT_OVER if _is_temporary(entry.name) else FaultKind.FOREIGN
            scan.faults.append(stray(kind, entry.name))

    def _look_through(
        self, shard: str, wanted: Mapping[str, KnownFile], scan: Scan, misfits: list[Seen]
    ) -> None:
        try:
            with os.scandir(self._folder / shard) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            self._hidden.add(shard)
            scan.faults.append(unreadable(None, f"{shard}/", "", error))
            return
        for entry in found:
            place = f"{shard}/{entry.name}"
            row = wanted.get(place)
            if row is not None:
                self._known(entry, place, row, scan)
            elif entry.name.lower() not in self._skipped:
                self._unknown(entry, place, scan, misfits)

    def _known(self, entry: os.DirEntry[str], place: str, row: KnownFile, scan: Scan) -> None:
        try:
            size = entry.stat().st_size if entry.is_file() else -1
            if size not in (row.bytes, -1):
                # The list of a Windows folder may lag behind the file.
                size = (self._folder / place).stat().st_size
        except OSError as error:
            scan.good[place] = row
            scan.faults.append(unreadable(row, place, place, error))
            return
        scan.files += 1
        scan.good[place] = row
        if size != row.bytes:
            scan.faults.append(wrong_size(row, place, place, size))

    def _unknown(
        self, entry: os.DirEntry[str], place: str, scan: Scan, misfits: list[Seen]
    ) -> None:
        if entry.is_dir():
            scan.faults.append(stray(FaultKind.FOREIGN, f"{place}/"))
            return
        status = _status(entry)
        if status is None or self._fresh(status):
            return
        if _is_temporary(entry.name):
            scan.faults.append(stray(FaultKind.LEFT_OVER, place))
        elif not is_digest(entry.name.partition(".")[0]):
            scan.faults.append(stray(FaultKind.FOREIGN, place))
        else:
            misfits.append(Seen(place, status.st_size, status.st_mtime))

    def _fresh(self, status: os.stat_result) -> bool:
        """Whether somebody may just be filing it: the file comes before its row."""
        return self._settled_before is not None and status.st_mtime >= self._settled_before

    def _judge(self, misfits: list[Seen], wanted: Mapping[str, KnownFile], scan: Scan) -> None:
        """Say of files that are called after a digest whether they lie in a wrong place."""
        looked_at, scan.strays = [*scan.strays, *misfits], []
        taken: set[str] = set()
        for seen in looked_at:
            digest = seen.name.partition(".")[0]
            homes = [f"{digest[:2]}/{digest}{ending}" for ending in self._endings]
            ours = sorted(home for home in homes if home in wanted)
            if not ours:
                self._orphan(seen, scan)
                continue
            free = [home for home in ours if home not in scan.good and home not in taken]
            home = (free or ours)[0]
            if free:
                taken.add(home)
                scan.moved.append((seen, wanted[home], home))
            else:
                found = fault_of(FaultKind.DOUBLED, wanted[home], seen.place, home)
                scan.faults.append(found)
        for seen, row, home in scan.moved:
            scan.faults.append(_of_moved(seen, row, home))

    def _orphan(self, seen: Seen, scan: Scan) -> None:
        digest, dot, ending = seen.name.partition(".")
        written_so = f"{dot}{ending}" in self._endings and seen.place == f"{digest[:2]}/{seen.name}"
        if written_so:
            scan.strays.append(seen)
            scan.faults.append(stray(FaultKind.ORPHANED, seen.place))
        else:
            scan.faults.append(stray(FaultKind.FOREIGN, seen.place))

    def _missing(self, wanted: Mapping[str, KnownFile], scan: Scan) -> None:
        moved = {home for _, _, home in scan.moved}
        for place, row in wanted.items():
            if place in scan.good or place in moved or place[:2] in self._hidden:
                continue
            # The row may be younger than the list of the folder.
            if not (self._folder / place).exists():
                scan.faults.append(fault_of(FaultKind.LOST, row, place, place))
            else:
                scan.files += 1
                scan.good[place] = row


def wrong_size(row: KnownFile, place: str, home: str, size: int) -> Fault:
    """Return the fault of a file that has more or fewer bytes than were kept (-1: no file)."""
    if size == 0:
        return fault_of(FaultKind.EMPTY, row, place, home)
    if 0 < size < row.bytes:
        return fault_of(FaultKind.TRUNCATED, row, place, home, size)
    return fault_of(FaultKind.CHANGED, row, place, home, size)


def _of_moved(seen: Seen, row: KnownFile, home: str) -> Fault:
    if seen.bytes != row.bytes:
        return wrong_size(row, seen.place, home, seen.bytes)
    return fault_of(FaultKind.MISPLACED, row, seen.place, home)


def _gone(folder: Path, wanted: Mapping[str, KnownFile], error: OSError) -> Fault:
    if isinstance(error, PermissionError):
        return unreadable(None, str(folder), "", error)
    return disconnected(str(folder), len(wanted), Gone.CLOSED)


def _status(entry: os.DirEntry[str]) -> os.stat_result | None:
    """Return what the system says of an entry, ``None`` where it is gone: filed just now."""
    try:
        return entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None


def _is_shard(name: str) -> bool:
    return len(name) == 2 and is_digest(name * 32)


def _is_temporary(name: str) -> bool:
    return name.startswith(TEMPORARY)
