"""A filed thing held for a step: its row locked, refused where it was changed or taken out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from json import loads
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.models.rows import ask
from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Row
from zhixing_desktop.services.dossier_rows import (
    item_row,
)
from zhixing_desktop.services.dossier_types import (
    WITHDRAWN,
)
from zhixing_desktop.services.fact_words import when_words
from zhixing_desktop.workflow.errors import (
    RuleRefusedError,
    StaleEditError,
)

_LOOKED_BACK = 50
"""Steps of a case in the journal: whoever was first was so a moment ago."""


def locked_item(conn: Connection, item_id: int) -> tuple[Row, Row]:
    """Return an item's row and its case's, which nobody else changes until the transaction ends."""
    case_id = item_row(conn, item_id)["case_id"]
    case = case_store.find_case(conn, case_id, lock=True)
    return item_row(conn, item_id, lock=True), case


def refuse_stale(conn: Connection, row: Row, yours: int) -> None:
    """Raise :class:`StaleEditError` where an item was changed since it was looked at.

    It says who was first, and when; what the other brought is kept by whoever asked.
    """
    if row["version"] != yours:
        first = _changed_by(conn, row)
        raise StaleEditError(
            f"“{row['name']}”刚刚被{first}改动过（您看到的是第{yours}次，"
            f"现在是第{row['version']}次登记的内容）。没有保存，请刷新后核对再办。",
            data={"kind": "stale", "yours": yours, "theirs": row["version"], "item": row["id"]},
        )


def _changed_by(conn: Connection, row: Row) -> str:
    """Return who changed a thing last, with the moment, by the journal."""
    rows = ask(
        conn,
        "SELECT actor, at, workstation, payload FROM journal WHERE case_id = ? "
        "AND action LIKE ? ORDER BY id DESC LIMIT ?",
        (row["case_id"], "dossier.%", _LOOKED_BACK),
    )
    for actor, at, workstation, payload in rows:
        changes = loads(payload) if isinstance(payload, str) else payload
        if any(_of(change, row["id"]) for change in changes):
            moment = datetime.fromisoformat(at) if isinstance(at, str) else at
            return f"{actor}（{when_words(moment)}，{workstation}）"
    return "别人"


def _of(change: Mapping[str, Any], item_id: int) -> bool:
    return bool(change["table"] == "dossier_items" and change["key"].get("id") == item_id)


def refuse_withdrawn(row: Row, act: str) -> None:
    """Raise ``RuleRefusedError`` for a thing that was taken out."""
    if row["state"] == WITHDRAWN:
        raise RuleRefusedError(
            f"“{row['name']}”已经撤出卷宗（{row['reason']}），不能{act}。需要的，请重新入卷。",
            data={"kind": WITHDRAWN, "item": row["id"]},
        )
