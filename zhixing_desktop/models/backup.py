"""Backups of an SQLite database: a whole, checked file under its final name, or none.

PostgreSQL's own tools do that better; a person is told which.  The scans beside a database are
copied by ``services.storage``, which asks here what a backup says of them.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from sqlalchemy import Connection

from zhixing_desktop.models.failures import refuse, translated
from zhixing_desktop.models.upgrades import APPLICATION_ID

if TYPE_CHECKING:
    from zhixing_desktop.models.database import Database

Progress = Callable[[int, int], None]
"""Called with the pages that are left and the pages in all."""


@dataclass(frozen=True, slots=True)
class BackupContent:
    """What a backup says of things that lie beside it.

    ``files``: digest, media type, name of each kept file; ``signs``: whether there is a key.
    """

    files: tuple[tuple[str, str, str], ...]
    signs: bool


_PAGES = 4096  # at a time: 16 MB
_FULL = (errno.ENOSPC, errno.EDQUOT)


def backup(database: Database, target: Path, progress: Progress | None = None) -> Path:
    """Copy the database as it is at this moment to ``target``; others go on writing meanwhile.

    Raises ``StoreError``: ``exists`` (nothing is overwritten), ``full``, ``io``, ``bad_backup``
    when the copy does not read back, ``pg_dump`` for PostgreSQL.
    """
    if database.path is None:
        raise refuse("pg_dump")
    with database.reading() as conn:
        return backup_file(conn, target, progress)


def backup_file(conn: Connection, target: Path, progress: Progress | None = None) -> Path:
    """Copy what the reading connection sees to ``target``."""
    # A snapshot begins with the first question; without it the copy would start anew whenever
    # somebody writes.
    conn.exec_driver_sql("SELECT count(*) FROM sqlite_master")
    raw = cast("Any", conn.connection.driver_connection)

    def write(part: Path) -> None:
        # nolock: a backup may go to a network drive, whose locks cannot be trusted or be slow.
        copy = sqlite3.connect(f"{_uri(part)}?nolock=1", uri=True)
        try:
            raw.backup(copy, pages=_PAGES, progress=_progress(progress))
        finally:
            copy.close()

    return _place(target, write)


def restore(source: Path, target: Path) -> Path:
    """Put a checked backup where a database is to be; ``target`` must not exist.

    Raises ``StoreError``: ``bad_backup``, ``exists``, ``full``, ``io``.
    """
    _check(source)

    def write(part: Path) -> None:
        with source.open("rb") as old, part.open("wb") as new:
            while block := old.read(1 << 20):
                new.write(block)

    return _place(target, write)


def content_of(source: Path) -> BackupContent:
    """Return what a backup says of the files that belong to it; it is only read.

    Raises ``StoreError`` (``bad_backup``) for what is no whole database of ours.
    """
    _check(source)
    copy = sqlite3.connect(address_of(source), uri=True)
    try:
        names = {name for (name,) in copy.execute("SELECT name FROM sqlite_master")}
        # A backup of the first schema has no such table.
        rows = (
            copy.execute("SELECT digest, media_type, name FROM files ORDER BY digest").fetchall()
            if "files" in names
            else []
        )
        key = copy.execute("SELECT 1 FROM meta WHERE key = 'signing_key'").fetchone()
    finally:
        copy.close()
    return BackupContent(tuple(rows), key is not None)


def refuse_existing(target: Path) -> None:
    """Raise ``StoreError`` (``exists``) where something is already: nothing is overwritten."""
    # The log of a database that was removed would be read into the new one.
    for found in (target, _beside(target, "-wal")):
        if found.exists():
            raise refuse("exists", place=str(found))


def _place(target: Path, write: Callable[[Path], None]) -> Path:
    """Write a part file, check it, make it durable, give it its name."""
    refuse_existing(target)
    part = _beside(target, ".part")
    try:
        with translated(str(target)):
            part.unlink(missing_ok=True)  # of an earlier try that was killed
            write(part)
            _check(part)
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            part.rename(target)
            _sync_folder(target.parent)
    except OSError as error:
        kind = "full" if error.errno in _FULL else "io"
        raise refuse(kind, place=str(target), detail=str(error)) from error
    finally:
        part.unlink(missing_ok=True)
    return target


def _check(path: Path) -> None:
    """Raise ``StoreError`` (``bad_backup``) unless ``path`` is a whole database of ours."""
    if _beside(path, "-wal").exists():
        raise refuse("bad_backup", place=str(path), why="旁边有未合并的 -wal 文件，它不是备份")
    try:
        # immutable: nothing is locked, and no log is made beside it.
        copy = sqlite3.connect(address_of(path), uri=True)
        try:
            (number,) = copy.execute("PRAGMA application_id").fetchone()
            words = [row[0] for row in copy.execute("PRAGMA quick_check(5)")]
        finally:
            copy.close()
    except sqlite3.Error as error:
        raise refuse("bad_backup", place=str(path), why=str(error)) from error
    if number != APPLICATION_ID:
        raise refuse("bad_backup", place=str(path), why="不是知行的数据库")
    if words != ["ok"]:
        raise refuse("bad_backup", place=str(path), why="；".join(words))


def address_of(backup: Path) -> str:
    """Return how SQLite only reads a backup: nothing is locked, and no log is made beside it."""
    return f"{_uri(backup)}?mode=ro&immutable=1"


def _uri(path: Path) -> str:
    """Return a file's address for SQLite, which wants no host even for a network path."""
    words = path.absolute().as_posix()
    return "file://" + quote(words if words.startswith("/") else "/" + words)


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _progress(progress: Progress | None) -> Callable[[int, int, int], None] | None:
    return None if progress is None else lambda _status, left, pages: progress(left, pages)


def _sync_folder(folder: Path) -> None:
    if sys.platform != "win32":  # Windows writes names through by itself
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
