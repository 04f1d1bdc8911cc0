"""Who may look into, verify and export the journal: the one place that asks."""

from __future__ import annotations

from sqlalchemy import Connection

from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.permission import may as may_do
from zhixing_desktop.services.permission import permit


def ask(
    conn: Connection, bureau: Bureau, actor: Actor, act: str, case_id: int | None = None
) -> str | None:
    """Return on whose behalf the person acts, ``None`` for himself.

    Raises ``NotAllowedError`` when he may not.
    """
    return permit(conn, bureau, actor, act, case=case_id).on_behalf_of


def may(bureau: Bureau, actor: Actor, act: str, case_id: int | None = None) -> bool:
    """Tell whether he may, for a window that does not offer what would be refused."""
    with bureau.database.reading() as conn:
        return may_do(conn, bureau, actor, act, case=case_id)
