"""The bureau at work: database, rules and workstation, handed to every use case."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import Connection

from zhixing_desktop.clock import Clock
from zhixing_desktop.models.database import Database
from zhixing_desktop.models.rows import ask
from zhixing_desktop.services.calendar_edits import read_edits
from zhixing_desktop.services.dossier_books import DossierRules
from zhixing_desktop.services.forms import PaperRules
from zhixing_desktop.services.rulebook_store import found_rulebook, read_adopted, readings_of
from zhixing_desktop.services.rules import Rules, load_calendar, load_rules
from zhixing_desktop.workflow.errors import StoreError

if TYPE_CHECKING:
    from zhixing_desktop.workflow.evaluation import Evaluation
    from zhixing_desktop.workflow.facts import Fact, FactIndex

_CACHED_CASES = 256


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: name, roles and, for a member of the staff, the row's number."""

    name: str
    roles: tuple[str, ...] = ()
    staff_id: int | None = None


SYSTEM = Actor("系统")
"""The program itself (sweep, upgrades): no sign-in gives it; it does what time alone brings."""

Row = dict[str, Any]
Place = tuple[int, str]
Announced = tuple[Any, ...]
Loaded: TypeAlias = "tuple[tuple[Fact, ...], FactIndex]"


@dataclass(frozen=True, slots=True)
class Standing:
    """A case as its rows stand, read once and carried on from step to step.

    ``fired`` is how many of its announcements have been made: with the case's version it says
    whether the rows are still these, since a sweep changes rows without a new version.
    ``evaluation`` is what the rows were written from last, where that is known: their view after
    the last step.  Nothing in it is ever changed.
    """

    case: Row
    fired: int
    facts: tuple[Fact, ...]
    index: FactIndex
    instances: Mapping[Place, Row]
    agenda: Mapping[Announced, Row]
    approvals: Mapping[int, Row]
    waiting: Mapping[int, Row]
    evaluation: Evaluation | None = None


class CaseCache:
    """The cases worked on last, so that a step need not read and parse them again.

    An entry is either right or not used: facts are asked for by version, rows by version and the
    number of announcements made.  May be used from any thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._facts: OrderedDict[int, tuple[int, Loaded]] = OrderedDict()
        self._standing: OrderedDict[int, Standing] = OrderedDict()

    def facts(self, case_id: int, version: int) -> Loaded | None:
        """Return the facts of exactly this version, ``None`` when they are not held."""
        with self._lock:
            found = self._facts.get(case_id)
            if found is None or found[0] != version:
                return None
            self._facts.move_to_end(case_id)
            return found[1]

    def hold_facts(self, case_id: int, version: int, loaded: Loaded) -> None:
        """Hold the facts of a version that has been committed."""
        with self._lock:
            _hold(self._facts, case_id, (version, loaded))

    def standing(self, case_id: int) -> Standing | None:
        """Return what is held of a case; the caller checks version and announcements."""
        with self._lock:
            return self._standing.get(case_id)

    def drop(self, case_id: int) -> None:
        """Forget how a case stands: its rows turned out to be others."""
        with self._lock:
            self._standing.pop(case_id, None)

    def hold(self, standing: Standing) -> None:
        """Hold a case as it was committed."""
        case_id, version = standing.case["id"], standing.case["version"]
        with self._lock:
            _hold(self._standing, case_id, standing)
            _hold(self._facts, case_id, (version, (standing.facts, standing.index)))

    def clear(self) -> None:
        """Forget everything: the rules have become others."""
        with self._lock:
            self._facts.clear()
            self._standing.clear()


def _hold(held: OrderedDict[int, Any], case_id: int, what: object) -> None:
    held[case_id] = what
    held.move_to_end(case_id)
    while len(held) > _CACHED_CASES:
        held.popitem(last=False)


@dataclass(slots=True)
class Bureau:
    """What a use case needs: the database, the rules, the name of the workstation.

    ``resources`` is where the program's files are; ``calendar_edit`` is the number of the court's
    last edit of the calendar that ``rules`` know, ``rulebook`` that of the adopted rulebook.
    """

    database: Database
    rules: Rules
    workstation: str
    resources: Path
    calendar_edit: int = 0
    rulebook: int = 0
    cache: CaseCache = field(default_factory=CaseCache)
    files_dir: Path | None = None
    """The data folder that all workstations share, for a database on a server."""
    papers: PaperRules = field(init=False)
    """The forms of papers and their layout, read when somebody makes a paper."""

    dossier: DossierRules = field(init=False)
    """The catalogues of the dossier, read when somebody opens one."""

    def __post_init__(self) -> None:
        """Know where the forms and the catalogues are."""
        self.papers = PaperRules(self.resources)
        self.dossier = DossierRules(self.resources)

    def close(self) -> None:
        """Close the database."""
        self.database.close()


def open_bureau(
    url: str,
    *,
    clock: Clock,
    resources: Path,
    workstation: str,
    create: bool = False,
    purpose: str = "bureau",
    exclusive: bool = False,
    rules: Rules | None = None,
    files_dir: Path | None = None,
    upgrade: bool = False,
) -> Bureau:
    """Open a bureau's database with the rules that it has adopted.

    ``rules`` are the program's own, where they have been read already.  A bureau without any
    rulebook adopts the program's.  ``upgrade`` allows the schema of a server's database to be
    raised (see ``Database.open``).  Raises ``StoreError``, ``InputRefusedError`` (a faulty
    rulebook) or ``UsageError``.
    """
    database = Database.open(
        url,
        clock=clock,
        create=create,
        purpose=purpose,
        exclusive=exclusive,
        upgrade=upgrade,
    )
    try:
        bureau = Bureau(
            database,
            rules or load_rules(resources, book_later=True),
            workstation,
            resources,
            files_dir=files_dir,
        )
        _take_up_rulebook(bureau)
        with database.reading() as conn:
            keep_rules(bureau, conn)
        _finish_upgrade(bureau)
    except BaseException:
        database.close()
        raise
    return bureau


def _finish_upgrade(bureau: Bureau) -> None:
    """Fill what an upgrade left to the services; only then their modules are loaded."""
    if bureau.database.meta("rebuild") is not None or bureau.database.meta("unfiled") is not None:
        from zhixing_desktop.services.after_upgrade import finish_upgrade

        finish_upgrade(bureau)


def _take_up_rulebook(bureau: Bureau) -> None:
    """Work by the rulebook that was adopted last; it is read when somebody asks for it."""
    database, own = bureau.database, bureau.rules.reading
    with database.reading() as conn:
        adopted = read_adopted(conn)
    if not adopted:
        adopted = found_rulebook(database, bureau.resources, own, bureau.workstation)
    books = readings_of(database, bureau.resources, own, adopted)
    bureau.rules = replace(bureau.rules, reading=books[-1].reading, adopted=books)
    bureau.rulebook = adopted[-1].id


_NEWEST = (
    "SELECT (SELECT coalesce(max(id), 0) FROM calendar_edits), "
    "(SELECT coalesce(max(id), 0) FROM rulebooks)"
)


def keep_rules(bureau: Bureau, conn: Connection) -> None:
    """Let the rules know the court's edits of the calendar, also those of another workstation.

    Raises ``StoreError`` (``rulebook_changed``) where the bureau has adopted another rulebook since
    it was opened here: everything in this process was made by the one before.
    """
    ((edit, book),) = ask(conn, _NEWEST)
    refuse_other_rulebook(bureau, book)
    if edit == bureau.calendar_edit:
        return
    edits = read_edits(conn)
    calendar = load_calendar(bureau.resources, edits.overrides, edits.notices)
    bureau.rules = replace(bureau.rules, calendar=calendar)
    bureau.calendar_edit = edits.last


def refuse_other_rulebook(bureau: Bureau, newest: int) -> None:
    """Raise ``StoreError`` where the newest adopted rulebook is not the one worked by here."""
    # A reading that began before this process adopted one may still see the one before.
    if newest > bureau.rulebook:
        raise StoreError(
            "本局已经换用新的节点规则，本工作站打开的还是原来的，这一步没有办理。"
            "请关闭程序，重新打开后再办。",
            data={"kind": "rulebook_changed", "here": bureau.rulebook, "adopted": newest},
        )
