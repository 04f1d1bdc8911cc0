"""The journal as rows a person reads: when, who, what, before and after in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select

from zhixing_desktop.models.tables import alerts, cases, instances, journal, staff
from zhixing_desktop.services import case_store, journal_rights
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.journal_words import ACTIONS, JournalChange, Teller
from zhixing_desktop.services.permission import may
from zhixing_desktop.services.sight import JOURNAL, ask_sight
from zhixing_desktop.workflow.errors import InputRefusedError

PAGE = 300
SYSTEM_ACTORS = frozenset({"", "system", "系统"})
SYSTEM_WORD = "系统"


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One row of the journal; ``hash`` is the row's own."""

    id: int
    at: datetime
    actor: str
    on_behalf_of: str
    workstation: str
    action: str
    changes: tuple[JournalChange, ...]
    hash: str
    case_no: str = ""
    algorithm: str = "sha256"


def case_journal(
    bureau: Bureau, actor: Actor, case_id: int, *, before_id: int | None = None, limit: int = PAGE
) -> tuple[JournalRow, ...]:
    """Return the newest rows about a case, newest first; ``before_id`` asks for older ones.

    A sweep that announced something for several cases at once is one row; of it only what concerns
    this case is told.  Raises ``NotAllowedError`` for a case out of sight.
    """
    told = select(alerts.c.noticed_at).where(alerts.c.case_id == case_id)
    shared = and_(journal.c.case_id.is_(None), journal.c.action == "sweep", journal.c.at.in_(told))
    wanted = select(journal).where(or_(journal.c.case_id == case_id, shared))
    if before_id is not None:
        wanted = wanted.where(journal.c.id < before_id)
    with bureau.database.reading() as conn:
        # Whoever audits sees all rows (journal.view_all), numbers covered; the others see cases.
        if not may(conn, bureau, actor, "journal.view_all"):
            ask_sight(conn, bureau, actor, case_id, JOURNAL)
        teller = case_teller(bureau, conn, case_id)
        rows = conn.execute(wanted.order_by(journal.c.id.desc()).limit(limit)).all()
    case_no = teller.cases[case_id]
    return tuple(row_in_words(entry, teller, case_no) for entry in rows)


def entry(bureau: Bureau, actor: Actor, number: int) -> JournalRow:
    """Return one row with all its changes in words.

    Raises ``NotAllowedError``, and ``InputRefusedError`` when there is no such row.
    """
    with bureau.database.reading() as conn:
        journal_rights.ask(conn, bureau, actor, "journal.view_all")
        found = conn.execute(select(journal).where(journal.c.id == number)).one_or_none()
        if found is None:
            raise InputRefusedError(f"日志没有第 {number} 条")
        if found.case_id is None:
            teller = general_teller(bureau, conn)
        else:
            teller = case_teller(bureau, conn, found.case_id)
    return row_in_words(found, teller, teller.cases.get(found.case_id or 0, ""))


def row_in_words(found: Row[Any], teller: Teller, case_no: str) -> JournalRow:
    """Return a row of the table as a person reads it."""
    return JournalRow(
        id=found.id,
        at=found.at,
        actor=actor_words(found.actor),
        on_behalf_of=found.on_behalf_of or "",
        workstation=found.workstation,
        action=ACTIONS.get(found.action, found.action),
        changes=teller.changes(found.payload),
        hash=found.hash,
        case_no=case_no,
        algorithm=found.algorithm,
    )


def actor_words(actor: str) -> str:
    """Return who acted; what time alone brought was done by the system."""
    return SYSTEM_WORD if actor in SYSTEM_ACTORS else actor


def case_teller(bureau: Bureau, conn: Connection, case_id: int) -> Teller:
    """Return what tells the rows of a case, with all that is known of it."""
    row = case_store.find_case(conn, case_id)
    loaded, index = case_store.load_index(bureau, conn, case_id, row["version"])
    # A closed case is told in the words of the rulebook that it was closed under.
    ctx = case_store.context_of(bureau, index, bureau.database.now(conn))
    mine = select(instances.c.id, instances.c.node, instances.c.subject)
    places = conn.execute(mine.where(instances.c.case_id == case_id)).all()
    return Teller(
        ctx.rulebook,
        index.name_of,
        {fact.seq: fact for fact in loaded},
        case_id,
        {place.id: (place.node, place.subject) for place in places},
        cases={case_id: row["case_no"]},
    )


def general_teller(bureau: Bureau, conn: Connection, *, with_cases: bool = True) -> Teller:
    """Return what tells rows of no case, or of any case from the row alone."""
    people = {row.id: row.name for row in conn.execute(select(staff.c.id, staff.c.name))}
    numbers = select(cases.c.id, cases.c.case_no)
    known = {row.id: row.case_no for row in conn.execute(numbers)} if with_cases else {}
    return Teller(bureau.rules.book, people=people, cases=known)
