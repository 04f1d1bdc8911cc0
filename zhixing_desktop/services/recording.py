"""The recorder of a step: who does what, where and when, for the journal row that it writes."""

from __future__ import annotations

from sqlalchemy import Connection

from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.services.bureau import Actor, Bureau


def recorder(
    conn: Connection, bureau: Bureau, actor: Actor, action: str, case_id: int | None = None
) -> Recorder:
    """Return a recorder for a step that enters no facts: a file, a paper, a setting.

    ``action`` is the act's name in the journal; ``case_id`` the row of the case whose journal it
    is, ``None`` for what belongs to none.  The moment is the database's.
    """
    return Recorder(
        conn,
        at=bureau.database.now(conn),
        actor=actor.name,
        action=action,
        workstation=bureau.workstation,
        case_id=case_id,
    )
