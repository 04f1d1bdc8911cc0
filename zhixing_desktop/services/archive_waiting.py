"""What still waits for the archive: each closed case with its fifteen days and its next step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhixing_desktop.models.dossier_tables import archive_packages
from zhixing_desktop.models.rows import ask, rows_where
from zhixing_desktop.services import journal_keys
from zhixing_desktop.services.archive_check import check, content_of
from zhixing_desktop.services.archive_rows import package_line
from zhixing_desktop.services.archive_types import (
    ARCHIVING,
    HANDED,
    MADE,
    PACK,
    RECEIVE,
    RECEIVED,
    RETURNED,
    SIGNED,
    ArchiveCheck,
    PackageLine,
    WaitingLine,
)
from zhixing_desktop.services.at_desk import refusals
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.sight import ask_sight, seen_cases
from zhixing_desktop.workflow.errors import StoreError
from zhixing_desktop.workflow.facts import State

_CASES = (
    "SELECT c.id, c.case_no, c.parties_text, o.name, c.closed_at, i.due_at FROM instances i "
    "JOIN cases c ON c.id = i.case_id LEFT JOIN staff o ON o.id = c.officer_id "
    "WHERE i.node = ? AND i.state NOT IN (?, ?, ?, ?) AND "
)
_INNER = "dossier.side"
_ENDED = (State.DONE, State.DONE_LATE, State.NOT_APPLICABLE, State.NOT_STARTED)
_STEPS = {
    None: ("核查卷宗，制作归档包", "书记员"),
    MADE: ("把归档包和纸质卷宗移交档案部门", "书记员"),
    HANDED: ("检查、接收或者退回", "档案员"),
    RETURNED: ("按退回的问题整改，重新制作归档包", "书记员"),
    RECEIVED: ("已经接收，办结节点44", "书记员"),
}


def waiting_for_archive(bureau: Bureau, actor: Actor) -> tuple[WaitingLine, ...]:
    """Return the closed cases that are not archived yet, the most urgent first.

    Only cases that the person may see; ``step`` and ``whose`` tell what comes next.
    """
    with bureau.database.reading() as conn:
        condition, values = seen_cases(conn, bureau, actor)
        ended = [state.value for state in _ENDED]
        rows = ask(conn, _CASES + condition, (ARCHIVING.node, *ended, *values))
        today = bureau.database.now(conn).date()
        newest: dict[int, PackageLine] = {}
        for row in rows:
            made = rows_where(conn, archive_packages, "case_id", row[0], order="id")
            if made:
                newest[row[0]] = package_line(made[-1], row[1])
    lines = []
    for case_id, case_no, parties, officer, closed_at, due_at in rows:
        package = newest.get(case_id)
        step, whose = _STEPS[package.state if package is not None else None]
        due, closed = _day(due_at), _day(closed_at)
        late = due is not None and today > due
        lines.append(
            WaitingLine(
                case_id, case_no, parties, officer or "", closed, due, late, step, whose, package
            )
        )
    return tuple(sorted(lines, key=lambda line: (line.due_on is None, line.due_on, line.case_no)))


def _day(stored: Any) -> date | None:
    """Return a moment as its driver gives it (text with SQLite) as a day."""
    if stored is None:
        return None
    if isinstance(stored, str):
        return date.fromisoformat(stored[:10])
    day: date = stored.date()
    return day


@dataclass(frozen=True, slots=True)
class ArchiveState:
    """What a window shows of one case: the check, its packages, what this person may not do.

    ``refused`` tells by act (``archive.pack``, ``archive.receive``) why not; ``outdated``: the
    dossier was changed since the newest package was made; ``unsigned``: why no package can be made
    on this workstation (it cannot sign), empty where it can.
    """

    check: ArchiveCheck
    packages: tuple[PackageLine, ...]
    refused: Mapping[str, str]
    outdated: bool
    today: date
    unsigned: str = ""


def archive_state(bureau: Bureau, actor: Actor, case: str | int) -> ArchiveState:
    """Return how a case stands with the archive; raises as ``archive_check.check``."""
    found = check(bureau, actor, case)
    with bureau.database.reading() as conn:
        ask_sight(conn, bureau, actor, found.case_id)
        rows = rows_where(conn, archive_packages, "case_id", found.case_id, order="id")
        outdated = bool(rows) and content_of(bureau, conn, found.case_id) != rows[-1]["content"]
        today = bureau.database.now(conn).date()
    made = tuple(package_line(row, found.case_no) for row in reversed(rows))
    refused = refusals(bureau, actor, (PACK, RECEIVE, _INNER), case=found.case_id)
    # A package has both sides: whoever may not see the inner one cannot make it.
    if PACK not in refused and _INNER in refused:
        refused[PACK] = refused[_INNER]
    return ArchiveState(found, made, refused, outdated, today, _unsigned(bureau))


def _unsigned(bureau: Bureau) -> str:
    try:
        journal_keys.refuse_unsigned(bureau, SIGNED)
    except StoreError as error:
        return error.sentence
    return ""
