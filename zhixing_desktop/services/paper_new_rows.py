"""The row of a paper that is made, and what is remembered of its answers for the next one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, text

from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.tables import papers
from zhixing_desktop.models.types import canonical_json
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.paper_making import Made
from zhixing_desktop.services.paper_places import Place
from zhixing_desktop.services.paper_types import (
    PaperWish,
)
from zhixing_desktop.services.papers import Opened

_REMEMBER = text(
    "INSERT INTO paper_answers (case_id, name, value, who, at) "
    "VALUES (:case_id, :name, :value, :who, :at) ON CONFLICT (case_id, name) "
    "DO UPDATE SET value = excluded.value, who = excluded.who, at = excluded.at"
)

_ABSENT: Row = {
    "number": "",
    "series": "",
    "series_year": 0,
    "serial": None,
    "day": None,
    "pdf": "",
    "docx": "",
    "edited": "",
    "request_seq": None,
    "issued_by": None,
    "issued_at": None,
    "voided_by": None,
    "voided_at": None,
    "reason": "",
    "replaces_id": None,
    "version": 1,
}


def fresh_row(
    actor: Actor, opened: Opened, place: Place, wish: PaperWish, made: Made, now: Any
) -> Row:
    dossier = place.form.dossier
    catalogue = "side" if "side" in dossier else opened.ctx.kind
    return {
        "case_id": opened.row["id"],
        "form": place.form.key,
        "name": place.form.name,
        "node": place.key.node,
        "subject": place.key.subject,
        "about": place.about,
        "recipient": wish.recipient,
        "asked": dict(made.asked),
        "enclosed": list(made.enclosed),
        "catalogue": catalogue,
        "dossier_item": dossier.get(catalogue),
        "made_by": actor.name,
        "made_at": now,
    }


def draft_row(
    record: Recorder,
    conn: Connection,
    bureau: Bureau,
    actor: Actor,
    opened: Opened,
    place: Place,
    wish: PaperWish,
    made: Made,
) -> Row:
    """Return a whole row as it stands in the table, numbered."""
    fresh = fresh_row(actor, opened, place, wish, made, bureau.database.now(conn))
    return {**_ABSENT, "id": record.new_id(papers), **fresh}


def given_answers(made: Made) -> Row:
    return {"asked": dict(made.asked), "enclosed": list(made.enclosed)}


def remember(
    conn: Connection,
    bureau: Bureau,
    actor: Actor,
    place: Place,
    case_id: int,
    asked: Mapping[str, Any],
    made: Made,
) -> None:
    """Keep what was typed for the next paper; not journalled, the paper itself is."""
    now = bureau.database.now(conn)
    for entry in place.form.asks:
        value = made.asked.get(entry.name)
        if entry.remember == "paper" or entry.name not in asked or value is None:
            continue
        owner = case_id if entry.remember == "case" else 0
        row = {"case_id": owner, "name": entry.name, "who": actor.name}
        moment = now.isoformat() if conn.dialect.name == "sqlite" else now
        conn.execute(_REMEMBER, {**row, "value": canonical_json(value), "at": moment})
