"""All open cases computed anew: after an edit of the calendar, with a list of what moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.rows import ask
from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Actor, Bureau, Row
from zhixing_desktop.services.case_list import row_names
from zhixing_desktop.services.sweep import fire_case
from zhixing_desktop.workflow.engine import view_of
from zhixing_desktop.workflow.views import CaseView, Key

SLICE = 20
"""Cases a transaction: a clerk who saves meanwhile waits some hundredths of a second."""
Progress = Callable[[int, int], None]
Place = tuple[Key, str]


@dataclass(frozen=True, slots=True)
class MovedLimit:
    """A limit that ends at another moment than before."""

    case_id: int
    case_no: str
    node: int
    subject: str
    limit_id: str
    before: datetime
    after: datetime


def recompute(
    bureau: Bureau, actor: Actor, progress: Progress | None = None
) -> tuple[MovedLimit, ...]:
    """Bring all cases in line with the calendar as it stands now; return every limit that moved.

    In slices, each one transaction; a case whose rows already are as they should be is not
    touched, so that it may be called again after an interruption.  What was announced stays
    announced; a limit that moved will be announced for its new moment.  One journal row a case,
    which lists its moved limits.
    """
    with bureau.database.reading() as conn:
        ids = [int(row[0]) for row in ask(conn, "SELECT id FROM cases ORDER BY id")]
    moved: list[MovedLimit] = []
    for start in range(0, len(ids), SLICE):
        with bureau.database.writing() as conn:
            now = bureau.database.now(conn)
            for case_id in ids[start : start + SLICE]:
                moved += _one(bureau, conn, actor, case_id, now)
        if progress is not None:
            progress(min(start + SLICE, len(ids)), len(ids))
    return tuple(moved)


def _one(
    bureau: Bureau, conn: Connection, actor: Actor, case_id: int, now: datetime
) -> list[MovedLimit]:
    standing = case_store.load_standing(bureau, conn, case_id)
    view = view_of(case_store.context_of(bureau, standing.index, now))
    if _as_it_should_be(case_id, standing.agenda, standing.instances, view):
        return []
    # What was due by the old reckoning has been due; it is said before it is taken back.
    fire_case(bureau, conn, case_id, now)
    standing = case_store.load_standing(bureau, conn, case_id)
    ctx = case_store.context_of(bureau, standing.index, now)
    view = view_of(ctx)
    found = _moved(standing.case, standing.agenda, view)
    with Recorder(
        conn,
        at=now,
        actor=actor.name,
        action="case.recompute",
        workstation=bureau.workstation,
        case_id=case_id,
    ) as record:
        names = row_names(bureau, conn, standing.case, ctx, view, new=())
        loaded = (standing.facts, standing.index)
        case_store.project(conn, record, standing, view, names, loaded)
        record.note({"moved": [_words(entry) for entry in found]})
    return found


def _as_it_should_be(
    case_id: int, agenda: Mapping[Any, Row], instances: Mapping[Any, Row], view: CaseView
) -> bool:
    due = {(row["node"], row["subject"]): row["due_at"] for row in instances.values()}
    wanted = case_store.instance_rows(case_id, view)
    if due != {place: row["due_at"] for place, row in wanted.items()}:
        return False
    coming = {_step_place(row) for row in agenda.values() if not row["fired"]}
    rows = [case_store.agenda_row(case_id, step) for step in view.agenda]
    known = {_step_place(row) for row in agenda.values()}
    new = {_step_place(row) for row in rows}
    return coming <= new <= known


def _step_place(row: Row) -> tuple[object, ...]:
    return (*(row[name] for name in case_store.AGENDA_KEY), row["at"])


def _moved(case: Row, agenda: Mapping[Any, Row], view: CaseView) -> list[MovedLimit]:
    before: dict[Place, datetime] = {}
    # Of a limit that moved more than once, the row that is not announced yet is the newest.
    for row in sorted(agenda.values(), key=lambda row: not row["fired"]):
        before[Key(row["node"], row["subject"]), row["limit_id"]] = row["due_at"]
    after = {(step.key, step.limit_id): step.due_at for step in view.agenda}
    return [
        MovedLimit(
            case["id"], case["case_no"], key.node, key.subject, limit_id, before[key, limit_id], due
        )
        for (key, limit_id), due in after.items()
        if before.get((key, limit_id), due) != due
    ]


def _words(entry: MovedLimit) -> dict[str, object]:
    return {
        "node": entry.node,
        "subject": entry.subject,
        "limit": entry.limit_id,
        "before": entry.before.isoformat(),
        "after": entry.after.isoformat(),
    }
