"""The health of the kept files: a quick look at the start, every byte on demand, a part each beat.

What is looked at and what can be wrong is pure (``dossier.store_check``); here stand the rows that
say what should be there, who may ask, and when each file was last read whole (``file_checks``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.dossier import media_types
from zhixing_desktop.dossier.store_check import (
    Fault,
    FaultKind,
    KnownFile,
    StoreHealth,
    full_check,
    quick_check,
    read_check,
    rolling,
)
from zhixing_desktop.dossier.store_rolling import DAYS, PAUSE_DAYS
from zhixing_desktop.dossier.whole_files import temporary
from zhixing_desktop.models import upgrades
from zhixing_desktop.models.dossier_tables import file_checks
from zhixing_desktop.models.file_folder import ENDINGS
from zhixing_desktop.models.rows import ask
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.file_store import files_folder
from zhixing_desktop.services.permission import permit
from zhixing_desktop.workflow.errors import StoreError

__all__ = (
    "BEAT_BYTES",
    "DAYS",
    "Fault",
    "LastCheck",
    "StoreHealth",
    "StoreState",
    "endings_of",
    "file_problems",
    "full",
    "mendable",
    "quick",
    "read_some",
    "row_problems",
    "state",
)

CHECK = "check.run"
BEAT_BYTES = 64 << 20
"""Read at most in one beat, but always one file: a beat that takes long keeps no warning back."""
_LAST = "store_check"
_SETTLING = 24 * 3600.0
"""Seconds: a file without a row is not judged on its first day, somebody may be filing it."""
_SLICE = 500
_FILES = "SELECT digest, name, media_type, bytes FROM files ORDER BY digest"
_CHECKED = (
    "SELECT f.digest, f.name, f.media_type, f.bytes, c.checked_at, f.added_at FROM files f "
    "LEFT JOIN file_checks c ON c.digest = f.digest"
)
_FOUND = (
    "SELECT f.digest, f.name, f.media_type, f.bytes, c.fault FROM file_checks c "
    "JOIN files f ON f.digest = c.digest WHERE c.fault <> '' ORDER BY f.digest"
)
_USED = (
    ("文书", "SELECT pdf FROM papers UNION SELECT docx FROM papers"),
    ("送达凭证", "SELECT proof FROM services_of_papers"),
    ("待归扫描件", "SELECT digest FROM dossier_tray"),
    ("核对用的扫描件", "SELECT scan FROM dossier_proofs"),
    ("复制件", "SELECT digest FROM dossier_copies"),
    ("卷宗材料", "SELECT pdf FROM dossier_versions"),
)
Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class LastCheck:
    """The last full check: when, by whom, what was looked at, how many faults it named."""

    at: datetime
    by: str
    files: int
    bytes: int
    faults: int
    complete: bool


@dataclass(frozen=True, slots=True)
class StoreState:
    """How the store stands, from the rows alone.

    ``unread`` counts the files that nobody has read whole for longer than ``DAYS``, ``oldest`` is
    the longest unread one's day; ``ill`` those that were found wrong when they were read last.
    """

    folder: str
    files: int
    bytes: int
    unread: int
    oldest: date | None
    ill: int
    last: LastCheck | None


def quick(bureau: Bureau) -> StoreHealth:
    """Hold names and sizes against the rows: reads no file, for a thread at the start.

    Asks nobody: the beat and the start are nobody's.  What it finds names files, not their content.
    """
    return _looked(bureau, quick_check)


def full(
    bureau: Bureau,
    actor: Actor,
    progress: Progress = lambda _done, _total: None,
    cancelled: Cancelled = lambda: False,
) -> StoreHealth:
    """Read every byte that has a row; ``progress`` counts bytes.

    Remembers of each file when it was read and what was wrong, and the check itself.  Raises
    ``NotAllowedError``, ``StoreError``.
    """
    with bureau.database.reading() as conn:
        permit(conn, bureau, actor, CHECK)
        known = _known(conn)
    found = _looked(bureau, full_check, progress=progress, cancelled=cancelled)
    if found.complete:
        _remember(bureau, known, found.faults)
        _remember_check(bureau, actor, found)
    return found


def read_some(bureau: Bureau, budget: int = BEAT_BYTES) -> StoreHealth:
    """Read the next few files, for the beat: each at least every ``DAYS`` days.

    Up to the day's share of all bytes, ``budget`` of them at a time; what would become too old is
    read whatever the share.  Raises ``StoreError`` where the folder is not there.
    """
    with bureau.database.reading() as conn:
        now = bureau.database.now(conn)
        waiting = [(KnownFile(*row[:4]), _day(row[4] or row[5])) for row in ask(conn, _CHECKED)]
        # A new file was hashed while it was written; it has not been read today.
        read = [KnownFile(*row[:4]).bytes for row in ask(conn, _CHECKED) if _is(row[4], now.date())]
    total = sum(known.bytes for known, _ in waiting)
    share = -(-total // (DAYS - PAUSE_DAYS))
    left = max(share - sum(read), 0)
    today = _first(rolling(waiting, now.date(), budget_bytes=left), budget)
    if not today:
        return StoreHealth((), 0, 0, complete=True)
    found = read_check(files_folder(bureau), today, endings_of(today), workers=1)
    if found.complete:
        _remember(bureau, today, found.faults)
    return found


def state(bureau: Bureau, actor: Actor) -> StoreState:
    """Return how the store stands; raises ``NotAllowedError``."""
    with bureau.database.reading() as conn:
        permit(conn, bureau, actor, CHECK)
        today = bureau.database.now(conn).date()
        rows = ask(conn, _CHECKED)
        ill = len(ask(conn, _FOUND))
    days = [day for day in (_day(row[4] or row[5]) for row in rows) if day is not None]
    try:
        folder = str(files_folder(bureau))
    except StoreError as error:
        folder = error.sentence
    return StoreState(
        folder=folder,
        files=len(rows),
        bytes=sum(row[3] for row in rows),
        unread=sum((today - day).days > DAYS for day in days),
        oldest=min(days, default=None),
        ill=ill,
        last=_last(bureau),
    )


def file_problems(bureau: Bureau) -> list[str]:
    """Return one sentence for each fault of the kept files and of the rows that name them.

    Reads every byte; asks nobody and remembers nothing: a part of ``health.check_all``.
    """
    try:
        found = _looked(bureau, full_check)
    except StoreError as error:
        with bureau.database.reading() as conn:
            return [error.sentence] if _known(conn) else []
    return [*(fault.sentence for fault in found.faults), *row_problems(bureau)]


def row_problems(bureau: Bureau) -> list[str]:
    """Return one sentence for each row that names a file of which there is no row."""
    with bureau.database.reading() as conn:
        known = {file.digest for file in _known(conn)}
        used = [(what, digest) for what, digest in _used(conn) if digest and digest not in known]
    return [
        f"{what}指向的文件没有登记（{digest[:16]}…）。请检查数据库，从备份恢复这条登记。"
        for what, digest in dict.fromkeys(used)
    ]


def endings_of(known: Iterable[KnownFile]) -> dict[str, str]:
    """Return with which ending the store keeps each type; most types of originals have none."""
    plain = {one.media_type: "" for one in known if media_types.ending_of(one.media_type)}
    return {"": "", **plain, **ENDINGS}


# ------------------------------------------------------------------------------------- the parts


def _looked(bureau: Bureau, look: Callable[..., StoreHealth], **more: Any) -> StoreHealth:
    with bureau.database.reading() as conn:
        known = _known(conn)
    folder = files_folder(bureau)
    if not known and not folder.exists():
        return StoreHealth((), 0, 0, complete=True)
    return look(folder, known, endings_of(known), settled_before=_settled(folder), **more)


def _known(conn: Connection) -> list[KnownFile]:
    return [KnownFile(*row) for row in ask(conn, _FILES)]


def _settled(folder: Path) -> float | None:
    """Return the folder's own time a day ago; ``None`` where it takes no file."""
    try:
        with temporary(folder, ".new-") as fresh:
            return fresh.stat().st_mtime - _SETTLING
    except OSError:
        return None


def _first(files: Sequence[KnownFile], budget: int) -> tuple[KnownFile, ...]:
    chosen: list[KnownFile] = []
    used = 0
    for file in files:
        if chosen and used + file.bytes > budget:
            break
        chosen.append(file)
        used += file.bytes
    return tuple(chosen)


def _remember(bureau: Bureau, read: Sequence[KnownFile], faults: Sequence[Fault]) -> None:
    """Write when files were read and what was wrong with each; no journal, a measurement."""
    wrong = {fault.digest: fault.kind.value for fault in faults if fault.digest}
    for start in range(0, len(read), _SLICE):
        part = read[start : start + _SLICE]
        with bureau.database.writing() as conn:
            now = bureau.database.now(conn)
            digests = [file.digest for file in part]
            conn.execute(file_checks.delete().where(file_checks.c.digest.in_(digests)))
            rows = [{"digest": d, "checked_at": now, "fault": wrong.get(d, "")} for d in digests]
            conn.execute(file_checks.insert(), rows)


def _remember_check(bureau: Bureau, actor: Actor, found: StoreHealth) -> None:
    with bureau.database.writing() as conn:
        words: Mapping[str, Any] = {
            "at": bureau.database.now(conn).isoformat(),
            "by": actor.name,
            "files": found.files,
            "bytes": found.bytes,
            "faults": len(found.faults),
            "complete": found.complete,
        }
        upgrades.put_meta(conn, _LAST, json.dumps(words, ensure_ascii=False, sort_keys=True))


def _last(bureau: Bureau) -> LastCheck | None:
    stored = bureau.database.meta(_LAST)
    if stored is None:
        return None
    words = json.loads(stored)
    return LastCheck(**{**words, "at": datetime.fromisoformat(words["at"])})


def _used(conn: Connection) -> Iterator[tuple[str, str]]:
    for what, statement in _USED:
        yield from ((what, digest) for (digest,) in ask(conn, statement))
    for (originals,) in ask(conn, "SELECT originals FROM dossier_versions"):
        listed = json.loads(originals) if isinstance(originals, str) else originals
        yield from (("卷宗材料的原件", digest) for digest in listed)


def _day(stored: Any) -> date | None:
    """Return a moment as its driver gives it (text with SQLite) as a day."""
    if stored is None:
        return None
    if isinstance(stored, str):
        return date.fromisoformat(stored[:10])
    day: date = stored.date()
    return day


def _is(stored: Any, day: date) -> bool:
    return stored is not None and _day(stored) == day


def mendable(fault: Fault) -> bool:
    """Tell whether a fault can be mended by the program at all."""
    return fault.kind not in (
        FaultKind.ORPHANED, FaultKind.FOREIGN, FaultKind.BAD_ROW, FaultKind.DISCONNECTED,
    )  # fmt: skip
