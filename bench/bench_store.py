"""The health of the kept files: reading every byte, beside plain SHA-256 of the same files.

    .venv/bin/python bench/bench_store.py [--megabytes 2000] [--files 100000] [--folder …]

The promise: the full check reads at >= 0.7 x the plain rate of the same disk.  Plain is one loop of
``hashlib`` over the same files in the same order.  Measured in turns in one run; the best of each
counts, since other programs only add.  ``--cold`` asks the system before each turn to forget the
files (needs the right to).  Also: the quick check and the memory at many files.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import resource
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from zhixing_desktop.dossier.store_check import KnownFile, StoreHealth, full_check, quick_check

PDF = "application/pdf"
ENDINGS = {PDF: ".pdf"}
SIZES = (20_000, 60_000, 300_000, 1_500_000, 6_000_000, 30_000_000)
"""Bytes: papers of the program, scans of one page and of many."""
WEIGHTS = (50, 20, 15, 10, 4, 1)
BLOCK = 1 << 20


def kept(folder: Path, data: bytes, name: str) -> KnownFile:
    """Write a file as the store does, without waiting for the disk."""
    digest = hashlib.sha256(data).hexdigest()
    path = folder / digest[:2] / f"{digest}.pdf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return KnownFile(digest, name, PDF, len(data))


def dossiers(folder: Path, megabytes: int) -> list[KnownFile]:
    """Fill a folder with files as a bureau has them."""
    chance, left, rows = random.Random(7), megabytes * 1_000_000, []
    while left > 0:
        (size,) = chance.choices(SIZES, WEIGHTS)
        rows.append(kept(folder, chance.randbytes(size), f"材料{len(rows)}.pdf"))
        left -= size
    return rows


def forget(folder: Path) -> None:
    """Have the system read the files from the disk again."""
    for path in folder.glob("*/*"):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(handle)


def plain(folder: Path, rows: list[KnownFile]) -> None:
    """Read and hash the files one after the other."""
    block = memoryview(bytearray(BLOCK))
    for row in sorted(rows, key=lambda row: row.digest):
        digest = hashlib.sha256()
        with (folder / row.digest[:2] / f"{row.digest}.pdf").open("rb", buffering=0) as file:
            while count := file.readinto(block):
                digest.update(block[:count])
        assert digest.hexdigest() == row.digest


def seconds(job: Callable[[], object]) -> float:
    """Return how long a job takes."""
    begun = perf_counter()
    job()
    return perf_counter() - begun


def checked(health: StoreHealth) -> None:
    assert health.sound, health.faults[:3]


def rate(folder: Path, megabytes: int, times: int, *, cold: bool) -> None:
    rows = dossiers(folder, megabytes)
    size = sum(row.bytes for row in rows) / 1e6
    jobs = {
        "plain sha-256": lambda: plain(folder, rows),
        "full check, 1 thread": lambda: checked(full_check(folder, rows, ENDINGS, workers=1)),
        "full check, 2 threads": lambda: checked(full_check(folder, rows, ENDINGS)),
    }
    best = dict.fromkeys(jobs, float("inf"))
    for _ in range(times):
        for name, job in jobs.items():
            if cold:
                forget(folder)
            best[name] = min(best[name], seconds(job))
    lower = best["plain sha-256"]
    print(f"{len(rows)} files, {size:.0f} MB, {'cold' if cold else 'warm'}")
    for name, took in best.items():
        print(f"  {name:<22} {size / took:7.0f} MB/s   {lower / took:.2f} x plain")
    verdict = "kept" if lower / best["full check, 2 threads"] >= 0.7 else "NOT KEPT"
    print(f"  promise >= 0.7 x plain: {verdict}")


def many(folder: Path, count: int) -> None:
    rows = [kept(folder, b"%d" % number, f"材料{number}.pdf") for number in range(count)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    raw = seconds(lambda: [entry.stat() for path in folder.iterdir() for entry in os.scandir(path)])
    quick = seconds(lambda: checked(quick_check(folder, iter(rows), ENDINGS)))
    full = seconds(lambda: checked(full_check(folder, iter(rows), ENDINGS)))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{count} small files")
    print(f"  list and stat raw      {raw:7.2f} s")
    print(f"  quick check            {quick:7.2f} s")
    print(f"  full check             {full:7.2f} s   memory +{(after - before) / 1024:.0f} MB")


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--megabytes", type=int, default=1000)
    words.add_argument("--files", type=int, default=100_000)
    words.add_argument("--times", type=int, default=3)
    words.add_argument("--cold", action="store_true")
    words.add_argument("--folder", type=Path, help="a folder on the disk to measure")
    given = words.parse_args()
    # The memory first: what the other part used would hide it.
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        many(Path(folder), given.files)
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        rate(Path(folder), given.megabytes, given.times, cold=given.cold)


if __name__ == "__main__":
    main()
