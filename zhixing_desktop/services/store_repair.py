"""Mending the store by hand of the 系统管理员: only from a copy that verifies, nothing deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from zhixing_desktop.dossier.store_check import Fault, FaultKind, repair, set_aside
from zhixing_desktop.services import traces
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.file_store import files_folder
from zhixing_desktop.services.permission import permit
from zhixing_desktop.services.store_health import mendable
from zhixing_desktop.workflow.errors import InputRefusedError, Problem

REPAIR = "store.repair"
_ASIDE = (FaultKind.DOUBLED, FaultKind.LEFT_OVER)
Progress = Callable[[int, int, str], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Mending:
    """What a repair brought: in words what is right again, and the faults that are left."""

    mended: tuple[str, ...]
    left: tuple[Fault, ...]


def mend(
    bureau: Bureau,
    actor: Actor,
    faults: Sequence[Fault],
    backup: Path | None = None,
    *,
    progress: Progress = lambda _done, _total, _what: None,
    cancelled: Cancelled = lambda: False,
) -> Mending:
    """Put right what can be put right, from the store's own copies and from a backup's folder.

    ``backup`` is a folder of kept files (``X.files`` of a backup), or one that has such files
    anywhere below it.  What lay in a file's place goes to ``.damaged``; each mending is journalled.
    Raises ``NotAllowedError``, :class:`InputRefusedError` for a backup that is no folder,
    ``StoreError`` where the store cannot be written.
    """
    with bureau.database.reading() as conn:
        permit(conn, bureau, actor, REPAIR)
    if backup is not None and not backup.is_dir():
        raise InputRefusedError(
            f"没有这个文件夹（{backup}），没有修复。"
            "请选择备份时一同写出的文件夹（名称以 .files 结尾）。",
            [Problem("备份文件夹", "请重新选择")],
        )
    folder = files_folder(bureau)
    mended: list[str] = []
    left: list[Fault] = []
    for done, fault in enumerate(faults):
        if cancelled():
            left += faults[done:]
            break
        progress(done, len(faults), fault.name or fault.place)
        told = _mended(folder, fault, backup)
        if told is None:
            left.append(fault)
            continue
        words = {"文件": fault.name, "校验值": fault.digest, "故障": fault.kind.label, "处理": told}
        traces.note(bureau, actor, REPAIR, words)
        mended.append(f"{fault.name or fault.place}：{told}")
    return Mending(tuple(mended), tuple(left))


def _mended(folder: Path, fault: Fault, backup: Path | None) -> str | None:
    if not mendable(fault):
        return None
    if fault.kind in _ASIDE:
        return f"已移到一旁（{set_aside(folder, fault)}）"
    made = repair(folder, fault, _candidates(fault, backup))
    if made is None:
        return None
    aside = f"，原来的移到一旁（{made.aside}）" if made.aside else ""
    return f"已用{made.source}修复{aside}"


def _candidates(fault: Fault, backup: Path | None) -> list[Path]:
    """Return where a copy of a file may lie in a backup: its usual place, else anywhere below."""
    if backup is None or not fault.digest:
        return []
    usual = [backup / fault.home] if fault.home else []
    shard = backup / fault.digest[:2]
    usual += sorted(shard.glob(f"{fault.digest}*")) if shard.is_dir() else []
    found = [path for path in usual if path.is_file()]
    return found or sorted(p for p in backup.rglob(f"{fault.digest}*") if p.is_file())
