"""Half-filled dialogs that survive a crash; kept beside the case, not in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from zhixing_desktop.models.tables import drafts
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.permission import About, permit
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.views import Key


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed into a dialog and not saved yet."""

    body: Mapping[str, Any]
    saved_at: datetime


def _place(actor: Actor, case_id: int, key: Key | None) -> dict[str, Any]:
    subject = key.subject if key else subjects.CASE
    return {
        "staff_id": actor.staff_id,
        "case_id": case_id,
        "node": key.node if key else 0,
        "subject": subject,
        "occurrence": subjects.occurrence(subject),
    }


def _own(conn: Connection, bureau: Bureau, actor: Actor) -> None:
    """Refuse whoever has no drafts; the place holds his own number, so they are his."""
    permit(conn, bureau, actor, "draft.keep", about=About(owner=actor.name))


def save_draft(
    bureau: Bureau, actor: Actor, case_id: int, key: Key | None, body: Mapping[str, Any]
) -> None:
    """Keep a dialog's content; ``case_id`` 0 and no key is the dialog for a new case."""
    if actor.staff_id is None:
        return
    place = _place(actor, case_id, key)
    with bureau.database.writing() as conn:
        _own(conn, bureau, actor)
        conn.execute(delete(drafts).where(*(drafts.c[n] == v for n, v in place.items())))
        now = bureau.database.now(conn)
        conn.execute(insert(drafts).values(**place, body=dict(body), saved_at=now))


def load_draft(bureau: Bureau, actor: Actor, case_id: int, key: Key | None) -> Draft | None:
    """Return the kept content of a dialog, ``None`` when there is none."""
    if actor.staff_id is None:
        return None
    place = _place(actor, case_id, key)
    with bureau.database.reading() as conn:
        _own(conn, bureau, actor)
        row = conn.execute(
            select(drafts).where(*(drafts.c[n] == v for n, v in place.items()))
        ).first()
    return None if row is None else Draft(row.body, row.saved_at)


def drafts_of(
    bureau: Bureau, actor: Actor, case_id: int, prefix: str
) -> tuple[tuple[Key, Draft], ...]:
    """Return what was kept of a case's dialogs whose place begins so, the newest first."""
    if actor.staff_id is None:
        return ()
    own = (drafts.c.staff_id == actor.staff_id, drafts.c.case_id == case_id)
    like = drafts.c.subject.startswith(prefix, autoescape=True)
    with bureau.database.reading() as conn:
        _own(conn, bureau, actor)
        rows = conn.execute(
            select(drafts).where(*own, like).order_by(drafts.c.saved_at.desc(), drafts.c.id.desc())
        ).all()
    return tuple((Key(row.node, row.subject), Draft(row.body, row.saved_at)) for row in rows)


def drop_draft(bureau: Bureau, actor: Actor, case_id: int, key: Key | None) -> None:
    """Forget a dialog's kept content, after it was saved or thrown away."""
    if actor.staff_id is None:
        return
    place = _place(actor, case_id, key)
    with bureau.database.writing() as conn:
        conn.execute(delete(drafts).where(*(drafts.c[n] == v for n, v in place.items())))
