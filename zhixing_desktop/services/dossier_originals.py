"""The files of the dossier as they came: which there are, a copy of one for somebody's desk."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path, PurePath

from zhixing_desktop.dossier.file_names import plain_ending, safe_name
from zhixing_desktop.services import traces
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier import ask_item, original_at
from zhixing_desktop.services.dossier_rows import item_row, version_rows
from zhixing_desktop.services.file_store import kept_file
from zhixing_desktop.workflow.errors import StoreError

_READ_ONLY = 0o444


@dataclass(frozen=True, slots=True)
class OriginalLine:
    """A file as it came: its name, type, size in bytes and digest (SHA-256)."""

    name: str
    media_type: str
    bytes: int
    digest: str


def originals(
    bureau: Bureau, actor: Actor, item_id: int, version: int | None = None
) -> tuple[OriginalLine, ...]:
    """Return what files a version of a thing came as, without their bytes.

    Raises as ``dossier.original``.
    """
    with bureau.database.reading() as conn:
        row = item_row(conn, item_id)
        ask_item(conn, bureau, actor, row)
        number = row["current"] if version is None else version
        found = [v for v in version_rows(conn, item_id) if v["number"] == number]
    digests = found[0]["originals"] if found else ()
    kept = [kept_file(bureau, digest) for digest in digests]
    return tuple(OriginalLine(one.name, one.media_type, one.bytes, one.digest) for one in kept)


def save_original(
    bureau: Bureau,
    actor: Actor,
    item_id: int,
    place: int,
    target: Path,
    version: int | None = None,
) -> Path:
    """Write a copy of a file as it came; the journal says so before it has its name.

    Raises as ``dossier.original``, and :class:`StoreError` where it cannot be written.
    """
    with bureau.database.reading() as conn:
        row = item_row(conn, item_id)
    kept, lying = original_at(bureau, actor, item_id, place, version)
    with traces.leaving(bureau, actor, traces.EXPORTED, target, case_id=row["case_id"]) as (
        draft,
        told,
    ):
        told["内容"] = f"卷宗材料“{row['name']}”的原件"
        told["原件"] = kept.name
        shutil.copyfile(lying, draft)
    return target


def copy_to_open(
    bureau: Bureau,
    actor: Actor,
    item_id: int,
    place: int,
    folder: Path,
    version: int | None = None,
) -> Path:
    """Write a copy that nobody can save over, for the system's program to open; journalled.

    ``folder`` is one of its own that is emptied afterwards.  Raises as :func:`save_original`.
    """
    kept = originals(bureau, actor, item_id, version)
    if not 0 <= place < len(kept):
        raise StoreError("没有这个原件，请刷新后再试。", data={"kind": "gone"})
    inside = folder / f"{item_id}-{version or 0}-{place}"
    called = PurePath(kept[place].name)
    target = inside / safe_name(called.stem, plain_ending(called.name))
    if not target.exists():
        inside.mkdir(parents=True, exist_ok=True)
        save_original(bureau, actor, item_id, place, target, version)
        target.chmod(_READ_ONLY)
    return target
