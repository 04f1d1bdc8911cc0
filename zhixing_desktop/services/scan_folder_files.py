"""The files of a watched folder on their way: fetched, renamed, and what to say when that fails."""

from __future__ import annotations

import errno
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

from zhixing_desktop.dossier.incoming import unreadable
from zhixing_desktop.dossier.whole_files import BLOCK, refused

_LONGEST_NAME = 240
"""Bytes: what a name may have so that every file system still takes it."""


ROOM = "zhixing-scan-"
_OLD_S = 24 * 3600.0


def remove_old_rooms(room: Path) -> None:
    """Remove what a power cut left beside a room a day or more before: scans lie in no temporary
    folder for ever."""
    now = room.stat().st_mtime
    for other in room.parent.glob(f"{ROOM}*"):
        try:
            old = now - other.stat().st_mtime > _OLD_S
        except OSError:
            continue  # another one has just removed it
        if old:
            shutil.rmtree(other, ignore_errors=True)


class Fetching:
    """A file on its way from the share to this machine; ``given_up`` ends it, as soon as it can."""

    def __init__(self, claim: Path, here: Path) -> None:
        self._claim, self._here = claim, here
        self._blocks = 0
        self.given_up = threading.Event()

    def blocks(self) -> int:
        """Return how much has come."""
        return self._blocks

    def run(self) -> None:
        """Copy it; ``StoreError`` where it cannot be read, or this machine's disk is full."""
        try:
            come = self._claim.open("rb")
        except OSError as error:
            raise unreadable(self._claim, error) from error
        with come:
            try:
                with self._here.open("wb") as file:
                    while not self.given_up.is_set() and (block := self._read(come.read)):
                        file.write(block)
                        self._blocks += 1
            except OSError as error:
                raise refused(self._here.parent, error) from error

    def _read(self, read: Callable[[int], bytes]) -> bytes:
        try:
            return read(BLOCK)
        except OSError as error:
            raise unreadable(self._claim, error) from error


def renamed(source: Path, target: Path) -> Path | None:
    """Rename a file, never over another one: ``None`` where something lies there already."""
    if target.exists():
        return None
    source.rename(target)
    return target


def trouble(folder: Path, error: OSError) -> str:
    """Return what to tell a person when the folder cannot be looked into."""
    later = "恢复以后自动继续收取。"
    if isinstance(error, TimeoutError):
        return (
            f"扫描文件夹（{folder}）没有响应，暂时不能自动收取扫描件。"
            f"请检查网络或者存放它的电脑，{later}"
        )
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return (
            f"扫描文件夹（{folder}）是只读的，或者没有权限，暂时不能自动收取扫描件，文件都在原处。"
            f"请系统管理员给这台工作站读写的权限，{later}"
        )
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            f"扫描文件夹（{folder}）所在的磁盘满了，暂时不能自动收取扫描件，文件都在原处。"
            f"请清理磁盘，{later}"
        )
    return (
        f"找不到扫描文件夹（{folder}），暂时不能自动收取扫描件。"
        f"请检查网络或者扫描仪的共享文件夹，{later}"
    )


def free_name(target: Path) -> Path:
    """Return ``target``, or a name beside it that is free: some scanners always begin with 0001."""
    number, made = 2, target
    while made.exists():
        ending = f"（{number}）{target.suffix}"
        room = _LONGEST_NAME - len(os.fsencode(ending))
        stem = os.fsencode(target.stem)[:room].decode("utf-8", "ignore")
        made = target.with_name(f"{stem}{ending}")
        number += 1
    return made
