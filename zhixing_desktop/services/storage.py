"""Backup and restore of a bureau: its database and the scans beside it.

A backup is two things with one name: the database copy ``X`` and the folder ``X.files`` with the
scans it knows.  The scans go first, each written, forced to the disk, renamed and read back; the
database comes last.  So a file under its final name has all its scans beside it, whenever somebody
pulls the plug.  The private key of the journal is no part of it: whoever finds a backup must not be
able to sign as the bureau.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from zhixing_desktop.models import backup as copies
from zhixing_desktop.models import file_folder
from zhixing_desktop.models.failures import refuse
from zhixing_desktop.models.outdated import Known, known_at, known_in
from zhixing_desktop.models.rows import ask
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.file_store import files_folder
from zhixing_desktop.services.permission import permit
from zhixing_desktop.workflow.errors import InputRefusedError, Problem, StoreError

File = tuple[str, str, str]
"""Digest, media type, name."""
_LOST = {"file_missing": "文件不见了", "file_changed": "文件被改动过或者已经损坏"}
_FILES = "SELECT digest, media_type, name FROM files ORDER BY digest"


@dataclass(frozen=True, slots=True)
class Copied:
    """What a backup or a restore gave.

    ``files`` is how many scans lie in ``folder``; ``lost`` names those that are missing or torn;
    ``key_file`` is where the private key has to be put back, ``None`` where there is none.
    """

    path: Path
    folder: Path
    files: int
    lost: tuple[Problem, ...] = ()
    key_file: Path | None = None


def folder_of(database: Path) -> Path:
    """Return where the scans of a database file, or of a backup, lie."""
    return database.with_name(f"{database.name}.files")


def back_up(bureau: Bureau, actor: Actor, target: Path) -> Copied:
    """Copy the database while it is in use, and the scans it knows at that moment.

    A scan that is missing or torn already does not keep the rest from being saved; it is named in
    ``lost``.  Raises ``NotAllowedError``, ``StoreError``: something is there already, the place
    cannot be written, a server (``pg_dump``: its own tools do that).
    """
    folder = folder_of(target)
    before = folder.exists()
    with bureau.database.reading() as conn:
        permit(conn, bureau, actor, "backup.make")
        if bureau.database.path is None:
            raise refuse("pg_dump")
        copies.refuse_existing(target)
        # One snapshot for both: whoever keeps a scan meanwhile is in the next backup.
        files: list[File] = [(row[0], row[1], row[2]) for row in ask(conn, _FILES)]
        try:
            lost = _copy(files_folder(bureau), folder, files)
            made = copies.backup_file(conn, target)
        except BaseException:
            if not before:
                shutil.rmtree(folder, ignore_errors=True)
            raise
    return Copied(made, folder, len(files) - len(lost), tuple(lost))


def accounts_before(url: str) -> Known:
    """Return the schema and the accounts of a database as it stands, before it is opened.

    Raises ``StoreError`` when it cannot be read.
    """
    return known_at(url)


def accounts_in(source: Path, target: Path) -> Known:
    """Return the same of a backup that is to be put at ``target``.

    Raises ``StoreError``: no backup of ours, ``target`` is there already.
    """
    copies.content_of(source)
    copies.refuse_existing(target)
    return known_in(source)


def restore(source: Path, target: Path, *, partial: bool = False) -> Copied:
    """Put a backup in the place of a database that is not in use, its scans beside it.

    Scans that lie there already stay.  Raises ``StoreError`` (no backup of ours, ``target`` is
    there already, cannot be written) and ``InputRefusedError`` naming every scan that is missing
    or torn; with ``partial`` the rest is restored and they stand in ``lost``.
    """
    content = copies.content_of(source)
    copies.refuse_existing(target)
    lost = _lost(folder_of(source), content.files)
    if lost and not partial:
        raise InputRefusedError(
            f"没有恢复：备份中的文书、扫描件缺少或者损坏{len(lost)}个。"
            f"请把备份时一同写出的文件夹放到备份文件旁边（{folder_of(source)}）再试；"
            "找不回来的，加 --partial 恢复其余部分。",
            lost,
        )
    gone = {problem.where for problem in lost}
    whole = [entry for entry in content.files if _where(entry) not in gone]
    _copy(folder_of(source), folder_of(target), whole)
    made = copies.restore(source, target)
    key = made.with_name(f"{made.name}.key.pem") if content.signs else None
    return Copied(made, folder_of(target), len(whole), tuple(lost), key)


def _copy(source: Path, target: Path, files: Iterable[File]) -> list[Problem]:
    """Copy files; return those that are lost.  ``StoreError`` when ``target`` takes none."""
    lost = []
    for entry in files:
        try:
            file_folder.copy(source, target, entry[0], entry[1])
        except StoreError as error:
            if error.data["kind"] not in _LOST:
                raise
            lost.append(_problem(entry, error))
    return lost


def _lost(folder: Path, files: Iterable[File]) -> list[Problem]:
    lost = []
    for entry in files:
        try:
            file_folder.proven_size(file_folder.path_of(folder, entry[0], entry[1]), entry[0])
        except StoreError as error:
            lost.append(_problem(entry, error))
    return lost


def _problem(entry: File, error: StoreError) -> Problem:
    return Problem(_where(entry), _LOST.get(str(error.data["kind"]), error.sentence))


def _where(entry: File) -> str:
    digest, media_type, name = entry
    return f"{name}（{file_folder.path_of(Path(), digest, media_type).as_posix()}）"
