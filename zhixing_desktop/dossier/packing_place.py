"""The place where a package is being written: beside its target, by one at a time, left clean."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from zhixing_desktop.dossier.whole_files import refused, settle
from zhixing_desktop.workflow.errors import StoreError

_ROOM_BESIDE = 4 << 20
"""For lists and for what the file system itself takes, in bytes."""


def refuse_existing(target: Path) -> None:
    """Raise :class:`StoreError` where something is already: no package is overwritten."""
    if os.path.lexists(target):
        raise StoreError(
            f"这个位置已经有同名的文件或者文件夹（{target}），没有覆盖。请换一个名称或者位置。",
            data={"kind": "exists", "place": str(target)},
        )


def refuse_too_little_room(folder: Path, needed: int) -> None:
    """Raise :class:`StoreError` where the disk has fewer free bytes than the package will take."""
    free = shutil.disk_usage(folder).free
    if free < needed + _ROOM_BESIDE:
        raise StoreError(
            f"磁盘空间不够（{folder}）：归档包需要{_megabytes(needed)}，只剩{_megabytes(free)}。"
            "请清理磁盘，或者换一个位置后再试一次。",
            data={"kind": "full", "place": str(folder), "needed": needed, "free": free},
        )


def _megabytes(count: int) -> str:
    return f"{max(count / 1_000_000, 0.1):.1f}MB"


@contextmanager
def packing(target: Path) -> Iterator[Path]:
    """Give an empty folder beside ``target``; it is gone afterwards, whatever happens.

    Only one at a time works for the same target; what an earlier one left when its power failed
    is removed.  Raises :class:`StoreError` where the folder cannot be written.
    """
    try:
        with _alone(target):
            for left in target.parent.glob(f".{_literal(target.name)}.new-*"):
                shutil.rmtree(left)
            place = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}.new-"))
            try:
                yield place
            finally:
                shutil.rmtree(place, ignore_errors=True)
    except OSError as error:
        raise refused(target, error) from error


def put(made: Path, target: Path) -> None:
    """Give what was written its name; it is there whole from this moment on."""
    refuse_existing(target)
    made.rename(target)
    settle(target.parent)


def _literal(name: str) -> str:
    """A name as a pattern that means nothing but itself."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Hold the target's lock; the system lets go of it when the process ends, however it ends."""
    path = target.with_name(f".{target.name}.lock")
    while True:
        with path.open("a+b") as file:
            try:
                _lock(file)
            except OSError as error:
                raise StoreError(
                    f"这个归档包正由另一个窗口或者工作站制作（{target}）。请等它做完再看。",
                    data={"kind": "in_use", "place": str(target)},
                ) from error
            if not _same(file, path):
                continue  # its holder removed it just before we got it
            try:
                yield
            finally:
                # Windows removes no open file; there it stays, empty, until the next time.
                with suppress(OSError):
                    path.unlink()
            return


def _same(file: IO[bytes], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _lock(file: IO[bytes]) -> None:
    """Lock for this open file alone, without waiting; ``OSError`` when somebody else has it."""
    if sys.platform == "win32":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
