"""The court's own settings over the program's layout of papers: paper, fonts, sizes, 〇 or 零."""

from __future__ import annotations

from collections.abc import Mapping
from json import loads
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.rows import ask
from zhixing_desktop.models.tables import settings_edits
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.permission import permit
from zhixing_desktop.workflow.errors import InputRefusedError, Problem

if TYPE_CHECKING:
    from zhixing_desktop.documents.layout import LayoutProfile

KEY = "papers.layout"
ACT = "paper.layout"
_LATEST = "SELECT value FROM settings_edits WHERE key = ? ORDER BY id DESC LIMIT 1"


def read_overrides(conn: Connection) -> Mapping[str, Any]:
    """Return what the court has set otherwise, in the structure of the layout's file."""
    found = ask(conn, _LATEST, (KEY,))
    value = loads(found[0][0]) if found else {}
    return value if isinstance(value, dict) else {}


def layout(bureau: Bureau) -> LayoutProfile:
    """Return the layout that papers are made with now."""
    with bureau.database.reading() as conn:
        overrides = read_overrides(conn)
    return bureau.papers.layout(overrides)


def change_layout(bureau: Bureau, actor: Actor, overrides: Mapping[str, Any], reason: str) -> bool:
    """Set what differs from the program's layout; return whether it is other than before.

    Papers that were issued stay as they are.  Raises :class:`InputRefusedError` naming every fault
    of the layout, or the refusal of somebody who may not.
    """
    if len(reason.strip()) < 2:
        raise InputRefusedError(
            "文书版式没有修改：请写明修改的理由。", [Problem("理由", "请写明修改的理由")]
        )
    bureau.papers.layout(overrides)
    with bureau.database.writing() as conn:
        permit(conn, bureau, actor, ACT)
        if read_overrides(conn) == dict(overrides):
            return False
        now = bureau.database.now(conn)
        with Recorder(
            conn,
            at=now,
            actor=actor.name,
            action="settings.change",
            workstation=bureau.workstation,
        ) as record:
            row = {"key": KEY, "value": dict(overrides), "who": actor.name, "at": now}
            record.insert(settings_edits, {**row, "reason": reason.strip()})
    return True
