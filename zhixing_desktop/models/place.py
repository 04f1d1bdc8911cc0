"""Where an SQLite database may lie, and who has its window open.

WAL keeps its index in memory that all processes share; on a network drive there is no such memory
and two workstations would overwrite each other.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path, PurePath, PureWindowsPath
from typing import IO

from zhixing_desktop.models.failures import refuse

# Types of file systems as /proc/mounts names them, without "fuse." before them.
_NETWORK = frozenset(
    (
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "coda", "9p"),
        *("ceph", "glusterfs", "lustre", "gpfs", "beegfs", "pvfs2", "orangefs"),
        *("davfs", "davfs2", "sshfs", "curlftpfs", "s3fs", "rclone", "gvfsd-fuse"),
    )
)
_DRIVE_REMOTE = 4  # GetDriveTypeW
_LOCKED_BYTE = 1 << 30  # far behind the words in the file: Windows locks reading as well


def refuse_network(path: Path, *, mounts: str | None = None) -> None:
    """Raise ``StoreError`` (``network``) when ``path`` lies on a network drive.

    ``mounts`` is a table as in ``/proc/mounts``; without it the system is asked.
    """
    if sys.platform == "win32":
        kind = windows_network(path.resolve(), _drive_type)
    else:
        kind = linux_network(path.resolve(), _mounts() if mounts is None else mounts)
    if kind is not None:
        raise refuse("network", place=str(path), filesystem=kind)


def refuse_readonly(path: Path) -> None:
    """Raise ``StoreError`` (``readonly``, ``cannot_open``) when this user cannot write there.

    The folder counts as well: SQLite keeps its log beside the file.
    """
    if not path.parent.is_dir() or path.is_dir():
        raise refuse("cannot_open", place=str(path))
    # As whom the program acts, not as whom it was started; Windows knows no difference.
    effective = os.access in os.supports_effective_ids
    for needed in (path.parent, path):
        if needed.exists() and not os.access(needed, os.W_OK, effective_ids=effective):
            raise refuse("readonly", place=str(path))


def linux_network(path: PurePath, mounts: str) -> str | None:
    """Return the name of the network file system that holds ``path``, if it is one."""
    best, kind = -1, ""
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        # Blanks and the like are written as octal numbers: /mnt/my\040share
        raw = os.fsencode(fields[1]).decode("unicode_escape").encode("latin-1")
        point = PurePath(os.fsdecode(raw))
        # The later of two mounts on the same place hides the earlier one.
        if path.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), fields[2]
    return kind if kind.removeprefix("fuse.") in _NETWORK else None


def windows_network(path: PurePath, drive_type: Callable[[str], int]) -> str | None:
    r"""Return what makes ``path`` a network path: ``\\server\share`` or a drive letter for one."""
    drive = PureWindowsPath(path).drive
    letter = drive.removeprefix("\\\\?\\")  # says only: take this path as it is
    if letter.startswith(("\\\\", "UNC\\")):
        return "UNC"
    return "DRIVE_REMOTE" if drive_type(letter + "\\") == _DRIVE_REMOTE else None


def _mounts() -> str:
    """Return the system's table of mounts; nothing where there is none."""
    try:
        return Path("/proc/mounts").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""


def _drive_type(root: str) -> int:
    """Ask Windows what kind of drive ``C:\\`` is."""
    import ctypes

    # Named by text: elsewhere there is no such library, for the type checker either.
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009
    return int(kernel.GetDriveTypeW(root))


class WindowLock:
    """Held by the one window that has a database open.

    The operating system lets go of it when the process ends, however that happens; the file itself
    stays, because removing it would let two windows lock two different files.
    """

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(database.name + ".lock")
        self._file: IO[bytes] | None = None

    def acquire(self) -> None:
        """Take the lock at once or raise ``StoreError`` (``in_use``)."""
        file = self._path.open("a+b")
        try:
            _lock(file)
        except OSError as error:
            file.seek(0)
            holder = file.read(80).decode("utf-8", "replace")
            file.close()
            raise refuse("in_use", holder=holder or "另一个进程") from error
        file.seek(0)
        file.truncate()
        file.write(f"进程 {os.getpid()}".encode())
        file.flush()
        self._file = file

    def release(self) -> None:
        """Let go; harmless when it is not held."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _lock(file: IO[bytes]) -> None:
    """Lock for this open file alone, without waiting; ``OSError`` when somebody else has it."""
    if sys.platform == "win32":
        import msvcrt

        file.seek(_LOCKED_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
