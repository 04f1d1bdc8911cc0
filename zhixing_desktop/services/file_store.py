"""Files that belong to the bureau: scans of papers, kept under their digest in its data folder.

For services only: what is kept is part of a case, and whoever hands it to a person asks whether he
may see it (``outside.scan_of``, ``paper_proofs.proof_scan``).  A test holds that no window and no
command reads here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from zhixing_desktop.models import file_folder
from zhixing_desktop.models.file_folder import ENDINGS
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.rows import rows_where
from zhixing_desktop.models.tables import files
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.bureau_settings import read_settings
from zhixing_desktop.workflow.errors import InputRefusedError, Problem, StoreError

SCAN = "扫描件"
_MEGABYTE = 1024 * 1024
_LONGEST_NAME, _LONGEST_ENDING = 120, 10


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A kept file: digest, the name it came with, type, size, who brought it and when."""

    digest: str
    name: str
    media_type: str
    bytes: int
    added_by: str
    added_at: datetime


def files_folder(bureau: Bureau) -> Path:
    """Return the bureau's data folder: beside an SQLite database, else as the workstation is told.

    Raises :class:`StoreError` when a bureau on a server has none.
    """
    path = bureau.database.path
    if path is not None:
        return path.with_name(f"{path.name}.files")
    if bureau.files_dir is None:
        raise StoreError(
            "这台工作站没有设置数据文件夹，文书、扫描件没有地方保存。"
            "请系统管理员在工作站设置中填写各工作站共用的数据文件夹（files_dir）。",
            data={"kind": "files_folder"},
        )
    if not bureau.files_dir.is_dir():
        raise StoreError(
            f"找不到数据文件夹（{bureau.files_dir}），文书、扫描件没有保存。"
            "请检查共享文件夹是否连着，或者请系统管理员更改设置。",
            data={"kind": "files_folder", "place": str(bureau.files_dir)},
        )
    return bureau.files_dir


def scan_problems(data: bytes | None, most_megabytes: int) -> tuple[str | None, list[Problem]]:
    """Return what a scan is and what is wrong with it; it goes by its content, not its name."""
    if not data:
        words = "请附上答复文件的扫描件" if data is None else "扫描件是空的，请重新扫描"
        return None, [Problem(SCAN, words)]
    kind = file_folder.media_type_of(data)
    if kind is None:
        return None, [Problem(SCAN, "扫描件应当是 PDF、JPEG、PNG 或者 TIFF 文件，这个文件不是")]
    if len(data) > most_megabytes * _MEGABYTE:
        size = len(data) / _MEGABYTE
        return kind, [
            Problem(SCAN, f"扫描件有{size:.1f}MB，超过了本院设置的{most_megabytes}MB，请压缩后再试")
        ]
    if not file_folder.is_whole(data, kind):
        return kind, [Problem(SCAN, "扫描件不完整（文件被截断），请重新扫描或者重新复制")]
    return kind, []


def most_megabytes(bureau: Bureau) -> int:
    """Return how large a scan may be."""
    return read_settings(bureau).scan_mb


def keep_scan(bureau: Bureau, data: bytes | None, problems: list[Problem]) -> str:
    """Check a scan and write its bytes; return the digest, empty where something is wrong.

    What is wrong is added to ``problems``; with any there nothing is written.  Raises
    :class:`StoreError` when the folder or the disk does not take it.  The row in ``files`` comes
    afterwards, in the step that uses it (``enter_file``): a file without a row is harmless.
    """
    kind, found = scan_problems(data, most_megabytes(bureau))
    problems += found
    if problems or data is None or kind is None:
        return ""
    return file_folder.keep(files_folder(bureau), data, kind)


def enter_file(conn: Connection, record: Recorder, bureau: Bureau, actor: Actor, name: str,
               data: bytes) -> None:  # fmt: skip
    """Write the row of a kept file within somebody's step, unless it is there already."""
    enter_made(conn, record, bureau, actor, name, data, file_folder.media_type_of(data) or "")


def enter_made(conn: Connection, record: Recorder, bureau: Bureau, actor: Actor, name: str,
               data: bytes, media_type: str) -> None:  # fmt: skip
    """Do the same for a file of which the program itself says what it is."""
    digest = file_folder.digest_of(data)
    if rows_where(conn, files, "digest", digest):
        return
    record.insert(
        files,
        {
            "digest": digest,
            "algorithm": file_folder.ALGORITHM,
            "name": plain_name(name, media_type),
            "media_type": media_type,
            "bytes": len(data),
            "added_by": actor.name,
            "added_at": bureau.database.now(conn),
        },
    )


def plain_name(name: str, media_type: str) -> str:
    """Return a file's name without its folders and signs that no system likes, and not too long.

    What nobody sees is left out, too: among it are the signs that turn the writing round, so that
    ``fdp.exe`` reads as ``exe.pdf``.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(sign for sign in last if sign.isprintable() and sign not in '<>:"|?*').strip()
    stem, dot, ending = kept.rpartition(".")
    if not (stem if dot else ending):
        return f"扫描件{dot}{ending}" if dot else f"扫描件{ENDINGS.get(media_type, '')}"
    if len(kept) <= _LONGEST_NAME:
        return kept
    short = f"{dot}{ending}" if dot and len(ending) <= _LONGEST_ENDING else ""
    return f"{kept[: _LONGEST_NAME - len(short)].rstrip()}{short}"


def kept_file(bureau: Bureau, digest: str) -> KeptFile:
    """Return what is known of a kept file; :class:`InputRefusedError` for an unknown one."""
    with bureau.database.reading() as conn:
        rows = rows_where(conn, files, "digest", digest)
    if not rows:
        raise InputRefusedError("没有保存过这个文件", [Problem("文件", digest)])
    row = rows[0]
    return KeptFile(
        row["digest"],
        row["name"],
        row["media_type"],
        row["bytes"],
        row["added_by"],
        row["added_at"],
    )


def read_file(bureau: Bureau, digest: str) -> tuple[KeptFile, bytes]:
    """Return a kept file with its bytes, proven to be those that were kept; asks nobody.

    Raises :class:`InputRefusedError` for an unknown one, :class:`StoreError` when it is missing or
    was changed.
    """
    found = kept_file(bureau, digest)
    return found, file_folder.fetch(files_folder(bureau), digest, found.media_type)
