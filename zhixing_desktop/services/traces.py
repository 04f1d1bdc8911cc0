"""What people did that changed nothing, in the journal: exports, prints, looks at personal data."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.workflow.errors import StoreError

EXPORTED, PRINTED, LOOKED = "export", "print", "personal.view"
LISTED = "export.list"


def note(
    bureau: Bureau,
    actor: Actor,
    action: str,
    what: Mapping[str, Any],
    *,
    case_id: int | None = None,
    on_behalf_of: str | None = None,
) -> int:
    """Write a note into the journal in a transaction of its own; return its number.

    ``what`` is read by people: Chinese names, and values that JSON can hold.  Raises ``StoreError``
    when it cannot be written; whoever lets data leave the house then keeps them back.
    """
    with bureau.database.writing() as conn:
        return note_in(
            conn, bureau, actor, action, what, case_id=case_id, on_behalf_of=on_behalf_of
        )


def note_in(
    conn: Connection,
    bureau: Bureau,
    actor: Actor,
    action: str,
    what: Mapping[str, Any],
    *,
    case_id: int | None = None,
    on_behalf_of: str | None = None,
) -> int:
    """Do the same within a writing transaction."""
    record = Recorder(
        conn,
        at=bureau.database.now(conn),
        actor=actor.name,
        action=action,
        workstation=bureau.workstation,
        case_id=case_id,
        on_behalf_of=on_behalf_of,
    )
    record.note(what)
    return record.finish()


@contextmanager
def leaving(
    bureau: Bureau, actor: Actor, action: str, path: Path, *, case_id: int | None = None
) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Give a file beside the target to write, and what is to be said about it.

    When the block ends well the journal gets the note, with the file's SHA-256; only then the file
    gets its name.  So nothing leaves that is not journalled; a failure leaves nothing behind.
    Raises ``StoreError`` when file or note cannot be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    told: dict[str, Any] = {"文件": path.name}
    try:
        yield draft, told
        with draft.open("rb") as file:
            told["校验值"] = hashlib.file_digest(file, "sha256").hexdigest()
        note(bureau, actor, action, told, case_id=case_id)
        draft.replace(path)
    except OSError as error:
        raise StoreError(
            f"写不了文件“{path.name}”：请检查文件夹是否存在、磁盘是否已满、文件是否正被打开。",
            data={"path": str(path), "reason": str(error)},
        ) from error
    finally:
        draft.unlink(missing_ok=True)


def looked_at_personal_data(
    bureau: Bureau,
    actor: Actor,
    case_id: int,
    whose: str,
    fields: tuple[str, ...],
    *,
    on_behalf_of: str | None = None,
) -> None:
    """Write down that somebody let himself be shown what is masked otherwise."""
    what = {"查看": whose, "内容": "、".join(fields)}
    note(bureau, actor, LOOKED, what, case_id=case_id, on_behalf_of=on_behalf_of)
