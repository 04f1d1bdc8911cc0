"""The health of the folder of kept files: a quick look, every byte, a part of it each day.

Pure over a folder and the rows that say what should lie there.  What can be wrong stands in
``store_faults``, the walk in ``store_scan``, mending in ``store_repair``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

from zhixing_desktop.dossier.store_faults import (
    Fault,
    FaultKind,
    Gone,
    KnownFile,
    StoreHealth,
    disconnected,
    fault_of,
    is_digest,
    unreadable,
)
from zhixing_desktop.dossier.store_reading import Cancelled, Progress, Reading, digests_of
from zhixing_desktop.dossier.store_repair import Repaired, repair, set_aside
from zhixing_desktop.dossier.store_rolling import rolling
from zhixing_desktop.dossier.store_scan import Scan, Walk, wanted_files

__all__ = (
    "Fault",
    "FaultKind",
    "KnownFile",
    "Repaired",
    "StoreHealth",
    "full_check",
    "quick_check",
    "read_check",
    "repair",
    "rolling",
    "set_aside",
)


def quick_check(
    folder: Path,
    known: Iterable[KnownFile],
    endings: Mapping[str, str],
    *,
    beside: Collection[str] = (),
    settled_before: float | None = None,
    cancelled: Cancelled = lambda: False,
) -> StoreHealth:
    """Hold names and sizes against the rows, in one walk that reads no file.

    ``endings`` are those of the store by media type; ``beside`` names what else may lie at the top
    of the folder.  What was written from ``settled_before`` on (seconds since 1970, UTC, by the
    folder's own clock) and has no row is not judged: somebody may just be filing it.
    """
    scan = _scanned(folder, known, endings, beside, settled_before, cancelled)
    return _health(scan.faults, scan.files, 0, complete=scan.complete)


def full_check(
    folder: Path,
    known: Iterable[KnownFile],
    endings: Mapping[str, str],
    *,
    beside: Collection[str] = (),
    settled_before: float | None = None,
    progress: Progress = lambda _done, _total: None,
    cancelled: Cancelled = lambda: False,
    workers: int = 2,
) -> StoreHealth:
    """Do the same and read every byte that has a row, also of files in a wrong place.

    ``progress`` is called in the caller's thread with the bytes that are read and all bytes;
    ``cancelled`` is asked, also within a large file and from other threads.  Whoever gives up gets
    what was found until then, ``complete`` false.  ``workers`` threads read at a time.
    """
    scan = _scanned(folder, known, endings, beside, settled_before, cancelled)
    if not scan.complete:
        return _health(scan.faults, scan.files, 0, complete=False)
    ill = {fault.place for fault in scan.faults if fault.kind is not FaultKind.MISPLACED}
    jobs = {place: (row, place) for place, row in scan.good.items() if place not in ill}
    jobs |= {s.place: (row, home) for s, row, home in scan.moved if s.place not in ill}
    return _read(folder, jobs, scan, _Watch(progress, cancelled, workers))


def read_check(
    folder: Path,
    known: Iterable[KnownFile],
    endings: Mapping[str, str],
    *,
    progress: Progress = lambda _done, _total: None,
    cancelled: Cancelled = lambda: False,
    workers: int = 2,
) -> StoreHealth:
    """Read the files that are named, and look at nothing else: today's part of the rolling check.

    The arguments are those of :func:`full_check`.
    """
    scan = Scan()
    scan.good = wanted_files(known, endings, scan.faults)
    scan.files = len(scan.good)
    jobs = {place: (row, place) for place, row in scan.good.items()}
    return _read(folder, jobs, scan, _Watch(progress, cancelled, workers))


class _Watch:
    """Who looks on at the reading, and how many read."""

    def __init__(self, progress: Progress, cancelled: Cancelled, workers: int) -> None:
        self.progress, self.cancelled, self.workers = progress, cancelled, workers


def _scanned(
    folder: Path,
    known: Iterable[KnownFile],
    endings: Mapping[str, str],
    beside: Collection[str],
    settled_before: float | None,
    cancelled: Callable[[], bool],
) -> Scan:
    scan = Scan()
    wanted = wanted_files(known, endings, scan.faults)
    Walk(folder, endings, beside, settled_before, cancelled).run(wanted, scan)
    return scan


def _read(
    folder: Path, jobs: Mapping[str, tuple[KnownFile, str]], scan: Scan, watch: _Watch
) -> StoreHealth:
    """Read the files of ``jobs`` (place → row and where it belongs) and judge them."""
    total, done = sum(row.bytes for row, _ in jobs.values()), 0
    found: dict[str, Fault] = {}
    sizes = ((place, row.bytes) for place, (row, _) in jobs.items())
    readings = digests_of(folder, sizes, watch.cancelled, watch.workers)
    for reading in readings:
        if reading.given_up:
            return _health(_merged(scan, found), scan.files, done, complete=False)
        row, home = jobs[reading.place]
        if isinstance(reading.error, OSError) and not _still_there(folder):
            readings.close()
            gone = disconnected(str(folder), len(jobs), _how_gone(folder))
            faults = [*_merged(scan, found), gone]
            return _health(faults, scan.files, done, complete=False)
        fault = _judged(reading, row, home)
        if fault is not None:
            found[reading.place] = fault
        done += row.bytes
        watch.progress(done, total)
    return _health(_merged(scan, found), scan.files, done, complete=True)


def _merged(scan: Scan, found: Mapping[str, Fault]) -> list[Fault]:
    """One message for one file: what is ill is not also said to be in a wrong place."""
    return [*(fault for fault in scan.faults if fault.place not in found), *found.values()]


def _judged(reading: Reading, row: KnownFile, home: str) -> Fault | None:
    if isinstance(reading.error, FileNotFoundError):
        return fault_of(FaultKind.LOST, row, reading.place, home)
    if reading.error is not None:
        return unreadable(row, reading.place, home, reading.error)
    if reading.digest == row.digest:
        return None
    if reading.bytes == 0:
        return fault_of(FaultKind.EMPTY, row, reading.place, home)
    if reading.bytes < row.bytes:
        return fault_of(FaultKind.TRUNCATED, row, reading.place, home, reading.bytes)
    return fault_of(FaultKind.CHANGED, row, reading.place, home)


def _still_there(folder: Path) -> bool:
    """Whether the folder is there with anything of the store in it."""
    try:
        return any(
            len(entry.name) == 2 and is_digest(entry.name * 32) for entry in folder.iterdir()
        )
    except OSError:
        return False


def _how_gone(folder: Path) -> Gone:
    return Gone.EMPTY if folder.is_dir() else Gone.CLOSED


def _health(faults: Iterable[Fault], files: int, read: int, *, complete: bool) -> StoreHealth:
    told = tuple(sorted(faults, key=lambda fault: (fault.place, fault.kind)))
    return StoreHealth(told, files, read, complete)
