"""Reading many kept files to their last byte, by a few threads, in bounded memory."""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

Cancelled = Callable[[], bool]
Progress = Callable[[int, int], None]
"""Called with what is done and what there is in all, in bytes."""
BLOCK = 1 << 20
"""Read at a time: more is no faster, and hashing lets other threads run only for large pieces."""
_AT_ONCE = 64
"""Small files are handed to a thread in bundles; one by one the handing would cost more."""
_BUNDLE_BYTES = 8 << 20


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading one file came to: its SHA-256 and size, or the error, or given up."""

    place: str
    digest: str = ""
    bytes: int = 0
    error: OSError | None = None
    given_up: bool = False


def digest_of_file(path: Path, cancelled: Cancelled = lambda: False) -> tuple[str, int] | None:
    """Return SHA-256 and size of a file, ``None`` when given up; ``OSError`` as the system says."""
    return _hashed(path, memoryview(bytearray(BLOCK)), cancelled)


def digests_of(
    folder: Path, sizes: Iterable[tuple[str, int]], cancelled: Cancelled, workers: int
) -> Generator[Reading, None, None]:
    """Yield a :class:`Reading` for each place below the folder, in the order of ``sizes``.

    Beside each place stands how many bytes it should have.
    Closing the generator stops the threads.  After one that is ``given_up`` no other comes.
    """
    stop = threading.Event()
    local = threading.local()

    def giving_up() -> bool:
        return stop.is_set() or cancelled()

    def read(bundle: list[str]) -> list[Reading]:
        if not hasattr(local, "block"):
            local.block = memoryview(bytearray(BLOCK))
        return [_reading(folder, place, local.block, giving_up) for place in bundle]

    ahead: deque[Future[list[Reading]]] = deque()
    with ThreadPoolExecutor(max(workers, 1), thread_name_prefix="store-check") as pool:
        try:
            bundles = _bundles(sizes)
            for bundle in islice(bundles, 2 * max(workers, 1)):
                ahead.append(pool.submit(read, bundle))
            while ahead:
                done = ahead.popleft().result()
                for reading in done:
                    yield reading
                    if reading.given_up:
                        return
                for bundle in islice(bundles, 1):
                    ahead.append(pool.submit(read, bundle))
        finally:
            stop.set()


def _bundles(sizes: Iterable[tuple[str, int]]) -> Iterator[list[str]]:
    """Yield neighbours together, up to a few megabytes; a large file goes alone."""
    bundle: list[str] = []
    together = 0
    for place, size in sizes:
        bundle.append(place)
        together += size
        if len(bundle) == _AT_ONCE or together >= _BUNDLE_BYTES:
            yield bundle
            bundle, together = [], 0
    if bundle:
        yield bundle


def _reading(folder: Path, place: str, block: memoryview, cancelled: Cancelled) -> Reading:
    try:
        found = _hashed(folder / place, block, cancelled)
    except OSError as error:
        return Reading(place, error=error)
    return Reading(place, given_up=True) if found is None else Reading(place, *found)


def _hashed(path: Path, block: memoryview, cancelled: Cancelled) -> tuple[str, int] | None:
    digest, size = hashlib.sha256(), 0
    with path.open("rb", buffering=0) as file:
        while True:
            if cancelled():
                return None
            count = file.readinto(block) or 0
            if not count:
                return digest.hexdigest(), size
            digest.update(block[:count])
            size += count
