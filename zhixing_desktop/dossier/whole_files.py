"""Files that are there whole or not at all: written beside, forced to the disk, renamed.

What the system refuses becomes a sentence that says what to do.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from zhixing_desktop.workflow.errors import StoreError

BLOCK = 1 << 20
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_READ_ONLY = (errno.EROFS,)


def refused(place: Path, error: OSError) -> StoreError:
    """Return what to tell a person when a folder or a disk did not take what was written."""
    if error.errno in _FULL:
        large = "U盘是 FAT32 格式的，放不下超过4GB的文件。" if error.errno == errno.EFBIG else ""
        return StoreError(
            f"磁盘满了，没有写成，也没有留下写了一半的文件（{place}）。{large}"
            "请清理磁盘，或者换一个位置后再试一次。",
            data={"kind": "full", "place": str(place)},
        )
    why = "这个位置是只读的" if error.errno in _READ_ONLY else "这个位置不能读写"
    return StoreError(
        f"{why}，没有写成，也没有留下写了一半的文件（{place}）。"
        "请检查文件夹是否存在、是否有权限、共享文件夹是否连着，然后再试一次。",
        data={"kind": "io", "place": str(place)},
    )


def settle(folder: Path) -> None:
    """Force a folder's list of names to the disk, where the system knows how."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        # Some file servers cannot do it for a folder; the file itself is settled.
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(handle)


def settle_file(file: IO[bytes]) -> None:
    """Force what was written into an open file to the disk."""
    file.flush()
    os.fsync(file.fileno())


@contextmanager
def temporary(folder: Path, prefix: str) -> Iterator[Path]:
    """Give an empty file of its own name; it is gone afterwards unless it was renamed."""
    fresh = folder / f"{prefix}{secrets.token_hex(8)}"
    # "x": with the rights that other users of a shared folder need (mkstemp gives none).
    with fresh.open("xb"):
        pass
    try:
        yield fresh
    finally:
        fresh.unlink(missing_ok=True)


@contextmanager
def room(folder: Path, prefix: str = ".new-") -> Iterator[Path]:
    """Give an empty folder to work in below another one; all of it is gone afterwards.

    Raises :class:`StoreError` where the system refuses (a full disk, no rights), also of what is
    done with it inside the block.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            dir=folder, prefix=prefix, ignore_cleanup_errors=True
        ) as place:
            yield Path(place)
    except OSError as error:
        raise refused(folder, error) from error


def blocks(path: Path, go_on: Callable[[], None] = lambda: None) -> Iterator[bytes]:
    """Yield a file piece by piece; ``go_on`` is called before each and may raise."""
    with path.open("rb", buffering=0) as file:
        while True:
            go_on()
            block = file.read(BLOCK)
            if not block:
                return
            yield block


def copy_checked(source: Path, target: Path, digest: str) -> None:
    """Copy a file and read the copy back.

    Raises :class:`StoreError` when the copy has not the SHA-256 ``digest``; ``OSError`` as the
    system says.  The caller removes what was written then.
    """
    with target.open("wb") as file:
        for block in blocks(source):
            file.write(block)
        settle_file(file)
    found = hashlib.sha256()
    for block in blocks(target):
        found.update(block)
    if found.hexdigest() != digest:
        raise StoreError(
            f"复制出来的文件与原来的不一致（{source}），没有采用。请检查磁盘，然后再试一次。",
            data={"kind": "bad_copy", "place": str(source)},
        )
