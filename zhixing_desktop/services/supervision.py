"""督办: nodes 23 and 26 that are late, and everything that is frozen; paged from SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zhixing_desktop.models.rows import ask
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.permission import permit
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.rulebook import Rulebook

SUPERVISED = (23, 26)
"""The nodes whose lateness the guideline puts under supervision (督办)."""
_FREEZE, _OVERDUE = "freeze", "overdue"


@dataclass(frozen=True, slots=True)
class Supervised:
    """One node instance under supervision; ``asked`` tells that an application waits for it.

    ``due_at`` is the end of the limit that it rests on, for a frozen node of the one whose miss
    froze it, met late or not, and ``limit`` its words; without one another node's fact froze it,
    which ``limit`` then names.
    """

    case_id: int
    case_no: str
    parties: str
    officer: str
    node: int
    node_name: str
    subject: str
    state: State
    frozen_at: datetime | None
    due_at: datetime | None
    limit: str
    days_late: int
    asked: bool


@dataclass(frozen=True, slots=True)
class SupervisedPage:
    """A page of the list and how many there are in all."""

    rows: tuple[Supervised, ...]
    total: int


def supervised(
    bureau: Bureau, actor: Actor, *, offset: int = 0, limit: int = 200
) -> SupervisedPage:
    """Return what is under supervision: the longest frozen first, then the longest late.

    Raises ``NotAllowedError`` for whoever has no panel.
    """
    book = bureau.rules.book
    condition, values = _wanted(book)
    with bureau.database.reading() as conn:
        permit(conn, bureau, actor, "panel.view")
        now = bureau.database.now(conn)
        ((total,),) = ask(conn, f"SELECT count(*) {_FROM} WHERE {condition}", values)
        page = f"SELECT {_COLUMNS} {_FROM} {_OFFICER} WHERE {condition} {_order('i')}"
        rows = ask(
            conn,
            f"{_WHOLE} FROM ({page} LIMIT ? OFFSET ?) p {_TOLD} {_order('p')}",
            (*values, limit, offset, _OVERDUE, _FREEZE),
        )
    return SupervisedPage(tuple([_supervised(book, row, now) for row in rows]), int(total))


_COLUMNS = (
    "i.id, i.case_id, i.node, i.subject, i.state, i.frozen_at, i.due_at, c.case_no, "
    "c.parties_text, s.name AS officer"
)
_FROM = "FROM instances i JOIN cases c ON c.id = i.case_id"
_OFFICER = "LEFT JOIN staff s ON s.id = c.officer_id"
# What is asked of the page only, not of everything that has to be sorted for it.
_WHOLE = (
    "SELECT p.case_id, p.case_no, p.parties_text, p.officer, p.node, p.subject, p.state, "
    "p.frozen_at, p.due_at, a.due_at, a.limit_id, EXISTS (SELECT 1 FROM waiting w WHERE "
    "w.case_id = p.case_id AND w.node = p.node AND w.subject = p.subject)"
)
# What was announced when the limit ended that the row rests on.  Frozen again after its lifting was
# taken back, a node rests on the announcement before that.
_TOLD = (
    "LEFT JOIN alerts a ON a.id = (SELECT g.id FROM alerts g WHERE g.case_id = p.case_id "
    "AND g.node = p.node AND g.subject = p.subject "
    "AND ((p.frozen_at IS NULL AND g.step = ? AND g.due_at = p.due_at) "
    "OR (g.step = ? AND g.legal_at <= p.frozen_at)) ORDER BY g.legal_at DESC, g.id DESC LIMIT 1)"
)


def _order(name: str) -> str:
    """The longest frozen first, then the longest late."""
    return (
        f"ORDER BY {name}.frozen_at IS NULL, {name}.frozen_at, {name}.due_at IS NULL, "
        f"{name}.due_at, {name}.id"
    )


def _supervised(book: Rulebook, row: Sequence[Any], now: datetime) -> Supervised:
    case_id, case_no, parties, officer, node, subject, state, frozen, due, ended, limit, asked = row
    frozen_at, due_at, words = _moment(frozen), _moment(due), ""
    if limit:
        # The node's own day is that of its next limit, and none where all were met, also too late.
        due_at, words = _moment(ended), book.limit(limit).words()
    elif frozen_at is not None and node in book.frozen_by:
        # Only what ends a limit is announced; another node's fact freezes without one.
        others = book.frozen_by[node]
        due_at, words = None, "、".join(f"节点{other.number} {other.name}" for other in others)
    return Supervised(
        case_id=case_id,
        case_no=case_no,
        parties=parties,
        officer=officer or "",
        node=node,
        node_name=book.nodes[node].name,
        subject=subject,
        state=State(state),
        frozen_at=frozen_at,
        due_at=due_at,
        limit=words,
        days_late=_days_late(due_at or frozen_at, now),
        asked=bool(asked),
    )


def _moment(raw: Any) -> datetime | None:
    return datetime.fromisoformat(raw) if type(raw) is str else raw


def _wanted(book: Rulebook) -> tuple[str, tuple[Any, ...]]:
    # Named one by one, so that the index on node and state is used.
    places = sorted(
        {spec.freeze.target or spec.number for spec in book.nodes.values() if spec.freeze}
    )
    frozen, late = (", ".join("?" * len(nodes)) for nodes in (places, SUPERVISED))
    return (
        f"c.closed_at IS NULL AND ((i.node IN ({frozen}) AND i.state = ?) "
        f"OR (i.node IN ({late}) AND i.state = ?))",
        (*places, State.FROZEN.value, *SUPERVISED, State.OVERDUE.value),
    )


def _days_late(due: datetime | None, now: datetime) -> int:
    return max((now.date() - due.date()).days, 0) if due is not None else 0
