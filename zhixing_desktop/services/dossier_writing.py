"""The rows of things and of their versions, written within somebody's step."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.models.dossier_tables import dossier_items, dossier_versions
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.rows import ask
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.dossier_rows import (
    version_rows,
)
from zhixing_desktop.services.dossier_store import Taken
from zhixing_desktop.services.dossier_types import (
    Medium,
)

FIRST = 1


def next_position(conn: Connection, case_id: int, side: str, place: int) -> int:
    """Return the last position under an item of the catalogue, plus one."""
    ((last,),) = ask(
        conn,
        "SELECT coalesce(max(position), 0) FROM dossier_items "
        "WHERE case_id = ? AND side = ? AND place = ?",
        (case_id, side, place),
    )
    return int(last) + 1


def write_item(record: Recorder, row: Row, taken: Taken | None) -> int:
    """Write an item and its first version within somebody's step; return its number."""
    number = record.new_id(dossier_items)
    record.insert(dossier_items, {**row, "id": number})
    _write_version(record, number, FIRST, taken, "", row["filed_by"], row["filed_at"], row)
    return number


def write_version(
    conn: Connection,
    record: Recorder,
    bureau: Bureau,
    actor: Actor,
    before: Row,
    taken: Taken | None,
    reason: str,
    paper_pages: int = 0,
    wanted: Medium | None = None,
) -> Row:
    """Write a new version of an item within somebody's step; return the item's row after it."""
    number = len(version_rows(conn, before["id"])) + 1
    has_pages = taken is not None and taken.pdf is not None
    medium = before["medium"]
    if wanted is not None:
        medium = wanted.value
    elif medium == Medium.PAPER.value and has_pages:
        medium = Medium.BOTH.value
    pages = taken.pages if taken is not None and has_pages else paper_pages
    after = {
        **before,
        "current": number,
        "pages": pages,
        "medium": medium,
        "version": before["version"] + 1,
    }
    record.update(dossier_items, {"id": before["id"]}, before, after)
    now = bureau.database.now(conn)
    _write_version(record, before["id"], number, taken, reason, actor.name, now, after)
    return after


def _write_version(
    record: Recorder,
    item_id: int,
    number: int,
    taken: Taken | None,
    reason: str,
    who: str,
    at: Any,
    row: Row,
) -> None:
    record.insert(
        dossier_versions,
        {
            "id": record.new_id(dossier_versions),
            "item_id": item_id,
            "number": number,
            "originals": [one.digest for one in taken.originals] if taken else [],
            "cuts": [[cut.source, cut.page, cut.turn] for cut in taken.cuts] if taken else [],
            "pdf": taken.pdf.digest if taken and taken.pdf else "",
            "pages": row["pages"],
            "corners": list(taken.corners) if taken else [],
            "notes": list(taken.notes) if taken else [],
            "reason": reason,
            "made_by": who,
            "made_at": at,
        },
    )
