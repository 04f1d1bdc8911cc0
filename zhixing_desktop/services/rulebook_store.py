"""The rulebooks that a bureau has adopted, as rows: which, when, by whom, and their texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from zhixing_desktop.models.database import Database
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.rows import ask
from zhixing_desktop.models.tables import journal, rulebook_texts, rulebooks
from zhixing_desktop.models.upgrades import put_meta
from zhixing_desktop.services import rules as rules_of_files
from zhixing_desktop.services.rules import (
    AdoptedBook,
    AdoptedReading,
    BookReading,
    refuse_altered,
)
from zhixing_desktop.workflow.errors import StoreError

if TYPE_CHECKING:
    from zhixing_desktop.services.bureau import Bureau
    from zhixing_desktop.workflow.rulebook import Rulebook

FOUND = "rulebook.found"
DONE = "rulebook_recomputed"
"""The word in ``meta``: the adopted rulebook that all open cases are in line with."""
_SYSTEM, _BY_PROGRAM = "系统", "随程序启用"


@dataclass(frozen=True, slots=True)
class Adopted:
    """One adoption: the rulebook's number, day of effect, title and hash; who, when, by what."""

    id: int
    number: str
    effective_on: date
    title: str
    hash: str
    adopted_by: str
    adopted_at: datetime
    paper: str
    reason: str


def read_adopted(conn: Connection) -> tuple[Adopted, ...]:
    """Return all adoptions in their order; the bureau works by the last."""
    rows = conn.execute(select(rulebooks).order_by(rulebooks.c.id)).all()
    return tuple(Adopted(*row) for row in rows)


def read_texts(database: Database, number: int) -> dict[str, str]:
    """Return the texts of an adoption as they are kept; raises ``StoreError``."""
    statement = "SELECT name, body FROM rulebook_texts WHERE rulebook_id = ?"
    return dict(database.ask(statement, (number,)))


def offered(bureau: Bureau) -> bool:
    """Tell whether the program brings a rulebook that the bureau has never adopted.

    Reads no rules.  Damaged files of the program offer nothing.
    """
    try:
        brought = BookReading(bureau.resources).hash()
    except StoreError:
        return False
    return brought not in {entry.reading.hash() for entry in bureau.rules.adopted}


def altered_texts(database: Database) -> list[str]:
    """Return a sentence for each adopted rulebook whose texts are not what was adopted."""
    with database.reading() as conn:
        adopted = read_adopted(conn)
    found = []
    for entry in adopted:
        try:
            refuse_altered(entry.number, entry.hash, read_texts(database, entry.id))
        except StoreError as error:
            found.append(error.sentence)
    return found


def readings_of(
    database: Database, resources: Path, own: BookReading, adopted: tuple[Adopted, ...]
) -> tuple[AdoptedBook, ...]:
    """Return how each adopted rulebook is read, none of them read yet."""
    return tuple(
        AdoptedBook(
            entry.number,
            entry.adopted_at,
            AdoptedReading(
                resources,
                own,
                entry.number,
                entry.hash,
                partial(read_texts, database, entry.id),
            ),
        )
        for entry in adopted
    )


def adopting(book: Rulebook, who: str, at: datetime, reason: str, paper: str = "") -> Adopted:
    """Return what is to be entered for a rulebook; it has no number yet."""
    effective = date.fromisoformat(book.effective)
    return Adopted(0, book.version, effective, book.title, book.hash, who, at, paper, reason)


def enter_rulebook(
    conn: Connection, record: Recorder, wanted: Adopted, texts: Mapping[str, str]
) -> Adopted:
    """Write an adoption and its texts; return it with its number."""
    made = replace(wanted, id=record.new_id(rulebooks))
    record.insert(rulebooks, asdict(made))
    record.flush()
    bodies = [{"rulebook_id": made.id, "name": n, "body": t} for n, t in sorted(texts.items())]
    conn.execute(rulebook_texts.insert(), bodies)
    return made


def found_rulebook(
    database: Database, resources: Path, own: BookReading, workstation: str
) -> tuple[Adopted, ...]:
    """Enter the program's own as the first where a bureau has none yet; return the adoptions.

    A bureau that is new, or of a release which knew of none.  Raises ``StoreError``
    (``rulebooks_gone``) where there was one: it was removed past the program.
    """
    from zhixing_desktop.workflow.rulebook_reader import texts_hash

    texts = rules_of_files.rulebook_texts(resources)
    book = own.book()
    with database.writing() as conn:
        if conn.dialect.name == "postgresql":  # two workstations start at once: one goes first
            ask(conn, "SELECT value FROM meta WHERE key = 'purpose' FOR UPDATE")
        there = read_adopted(conn)
        if there:
            return there
        was = select(journal.c.id).where(journal.c.action == FOUND).limit(1)
        if conn.execute(was).first() is not None:
            raise StoreError(
                "本局核准的节点规则被人绕过程序删除了，程序不会自行另定规则。"
                "请保留这个数据库，用最近一次备份恢复，并通知安全管理员和审计员。",
                data={"kind": "rulebooks_gone"},
            )
        now = database.now(conn)
        with Recorder(conn, at=now, actor=_SYSTEM, action=FOUND, workstation=workstation) as record:
            wanted = adopting(book, _SYSTEM, now, _BY_PROGRAM)
            made = enter_rulebook(conn, record, replace(wanted, hash=texts_hash(texts)), texts)
        # Cases of an older release are held against these rules at the first beat.
        if not ask(conn, "SELECT 1 FROM cases LIMIT 1"):
            put_meta(conn, DONE, str(made.id))
        return read_adopted(conn)
