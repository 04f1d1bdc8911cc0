"""All open cases computed anew: after an edit of the calendar or under another rulebook, with a
list of what moved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.rows import ask, rows_where
from zhixing_desktop.models.tables import agenda as agenda_table
from zhixing_desktop.models.upgrades import put_meta
from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import SYSTEM, Actor, Bureau, Row, refuse_other_rulebook
from zhixing_desktop.services.case_list import row_names
from zhixing_desktop.services.permission import permit
from zhixing_desktop.services.rulebook_store import DONE as RULEBOOK_DONE
from zhixing_desktop.services.sight import EVERYTHING, seen_cases
from zhixing_desktop.services.sweep import fire_case
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.calendar import CourtCalendar
from zhixing_desktop.workflow.engine import view_of
from zhixing_desktop.workflow.errors import StaleEditError
from zhixing_desktop.workflow.views import CaseView, Key

SLICE = 20
"""Cases a transaction: a clerk who saves meanwhile waits some hundredths of a second."""
Progress = Callable[[int, int], None]
DONE = "calendar_recomputed"
"""The word in ``meta``: the last edit of the calendar that all cases are in line with."""
_LAST = (
    "SELECT (SELECT coalesce(max(id), 0) FROM calendar_edits), "
    "(SELECT coalesce(max(id), 0) FROM rulebooks)"
)
_LEFT = _LAST + ", (SELECT value FROM meta WHERE key = ?)" * 2
Place = tuple[Key, str]


@dataclass(frozen=True, slots=True)
class MovedLimit:
    """A limit that ends at another moment than before.

    Of a case that the reader may not see only node, limit and moments are told: ``case_id`` is 0
    and ``case_no`` empty.
    """

    case_id: int
    case_no: str
    node: int
    subject: str
    limit_id: str
    before: datetime
    after: datetime

    def case_words(self) -> str:
        """Return the 案号, or that it is not the reader's to know."""
        return self.case_no or "（不在可见范围内的案件）"


def recompute(
    bureau: Bureau, actor: Actor, progress: Progress | None = None, *, act: str = "recompute"
) -> tuple[MovedLimit, ...]:
    """Bring all cases in line with calendar and rulebook as they stand; return what moved.

    Whoever may do ``act``, an act of the matrix, may do this as a part of it.  In slices, each one
    transaction; a case whose rows already are as they should be is not touched, so that it may be
    called again after an interruption.  What was announced stays announced; a limit that moved will
    be announced for its new moment.  One journal row a case, which lists its moved limits.  Whose
    cases ``actor`` may not see is not told him.  Raises ``NotAllowedError``, ``StoreError``.
    """
    with bureau.database.reading() as conn:
        permit(conn, bureau, actor, act)
        ids = [int(row[0]) for row in ask(conn, "SELECT id FROM cases ORDER BY id")]
        ((edit, book),) = ask(conn, _LAST)
        refuse_other_rulebook(bureau, book)
    moved: list[MovedLimit] = []
    for start in range(0, len(ids), SLICE):
        with bureau.database.writing() as conn:
            now = bureau.database.now(conn)
            permit(conn, bureau, actor, act)  # again: it takes minutes where there are many cases
            for case_id in ids[start : start + SLICE]:
                moved += _one(bureau, conn, actor, case_id, now)
        if progress is not None:
            progress(min(start + SLICE, len(ids)), len(ids))
    _mark_done(bureau, {DONE: edit, RULEBOOK_DONE: book})
    return moves_in_sight(bureau, actor, moved)


def moves_in_sight(
    bureau: Bureau, actor: Actor, moved: Sequence[MovedLimit]
) -> tuple[MovedLimit, ...]:
    """Return moved limits as somebody may read them: all of them, not all with their cases."""
    with bureau.database.reading() as conn:
        condition, values = seen_cases(conn, bureau, actor)
        if condition == EVERYTHING:
            return tuple(moved)
        # The condition is made of the services' own words.
        seen = {row[0] for row in ask(conn, f"SELECT c.id FROM cases c WHERE {condition}", values)}  # noqa: S608
    return tuple(
        entry
        if entry.case_id in seen
        else replace(entry, case_id=0, case_no="", subject=subjects.CASE)
        for entry in moved
    )


def finish_recompute(bureau: Bureau) -> bool:
    """Do what an interrupted ``recompute`` left undone; return whether there was anything.

    A power cut between the edit of the calendar, or the adoption of a rulebook, and the last case
    would leave dates by the old one in lists and warnings.  Asked at every beat; harmless beside a
    ``recompute`` that runs.  Raises ``StoreError``.
    """
    ((edit, book, edit_done, book_done),) = bureau.database.ask(_LEFT, (DONE, RULEBOOK_DONE))
    if edit <= int(edit_done or 0) and book <= int(book_done or 0):
        return False
    recompute(bureau, SYSTEM)
    return True


def _mark_done(bureau: Bureau, numbers: Mapping[str, int]) -> None:
    with bureau.database.writing() as conn:
        for key, number in numbers.items():
            found = ask(conn, "SELECT value FROM meta WHERE key = ?", (key,))
            if not found or int(found[0][0]) < number:
                put_meta(conn, key, str(number))


def foresee_moves(
    bureau: Bureau, calendar: CourtCalendar, based_on: int, progress: Progress | None = None
) -> tuple[MovedLimit, ...]:
    """Return every limit that ``recompute`` would move under another calendar; nothing is written.

    ``based_on`` is the number of the newest entry of the calendar that it was made from.
    ``progress(done, all)`` is called before each slice and may raise to cancel.  Raises
    :class:`StaleEditError` where somebody else changes the calendar meanwhile.
    """
    rules = replace(bureau.rules, calendar=calendar)
    trial = replace(bureau, rules=rules, calendar_edit=based_on)
    with bureau.database.reading() as conn:
        ids = [int(row[0]) for row in ask(conn, "SELECT id FROM cases ORDER BY id")]
    moved: list[MovedLimit] = []
    for start in range(0, len(ids), SLICE):
        if progress is not None:
            progress(start, len(ids))
        # A reading each slice, so that a long look holds nobody's changes up.
        with bureau.database.reading() as conn:
            now = bureau.database.now(conn)
            for case_id in ids[start : start + SLICE]:
                case = case_store.find_case(conn, case_id)
                _, index = case_store.load_index(trial, conn, case_id, case["version"])
                if trial.rules.calendar is not calendar:
                    raise StaleEditError("工作日历刚刚被别人修改过，请重新试算。")
                view = view_of(case_store.context_of(trial, index, now))
                rows = rows_where(conn, agenda_table, "case_id", case_id)
                moved += _moved(case, dict(enumerate(rows)), view)
    if progress is not None:
        progress(len(ids), len(ids))
    return tuple(moved)


def _one(
    bureau: Bureau, conn: Connection, actor: Actor, case_id: int, now: datetime
) -> list[MovedLimit]:
    standing = case_store.load_standing(bureau, conn, case_id)
    ctx = case_store.context_of(bureau, standing.index, now)
    same = standing.case["rulebook_version"] == ctx.rulebook.version
    if same and _as_it_should_be(case_id, standing.agenda, standing.instances, view_of(ctx)):
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
