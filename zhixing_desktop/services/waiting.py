"""What waits for a person's decision: paged from SQL, frozen first, then by day, then by age."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from json import loads
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.models.rows import ask
from zhixing_desktop.models.types import canonical_json, moment_text
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.case_store import ROLES_APART
from zhixing_desktop.services.deputies import acting_words, standing_in
from zhixing_desktop.services.permission import permit
from zhixing_desktop.workflow.facts import COUNTERMANDED, DECIDED, FORWARDED, REPLIED
from zhixing_desktop.workflow.outside_decisions import READERS
from zhixing_desktop.workflow.rulebook import Rulebook

LOCAL = "local"
FORWARDS = ("执行局长",)
"""Whose desk an application for an outside authority waits on until it is passed on."""
_TO_FORWARD, _TO_READ = "forward", "read_back"
DECIDE = "decide"


@dataclass(frozen=True, slots=True)
class WaitingQuery:
    """Which part of the list: one matter or all, one kind of step or all; a page of it."""

    matter: str | None = None
    step: str | None = None
    offset: int = 0
    limit: int = 200


EVERYTHING = WaitingQuery()


@dataclass(frozen=True, slots=True)
class WaitingItem:
    """One application that waits.

    ``step`` is what is to be done: ``decide``, ``forward`` (pass on to an outside authority) or
    ``read_back`` (confirm an entered reply); ``on_behalf_of`` whom a deputy stands in for.
    """

    case_id: int
    case_no: str
    parties: str
    officer: str
    request: int
    node: int
    node_name: str
    subject: str
    matter: str
    level: str
    due_roles: tuple[str, ...]
    stage: str
    requested_by: str
    requested_at: datetime
    frozen_at: datetime | None
    due_at: datetime | None
    urged_at: datetime | None
    urges: int
    step: str
    on_behalf_of: str | None

    def acting(self) -> str:
        """Return ``代X审批`` where the item waits for a principal, empty for one's own."""
        return acting_words(self.on_behalf_of)


@dataclass(frozen=True, slots=True)
class DecidedItem:
    """What somebody decided, passed on or entered today."""

    case_id: int
    case_no: str
    request: int
    kind: str
    node: int
    subject: str
    matter: str
    outcome: str
    reason: str
    at: datetime
    on_behalf_of: str | None


COLUMNS = (
    "w.case_id, c.case_no, c.parties_text, s.name, w.request_seq, w.node, w.subject, w.matter, "
    "w.level, w.due_roles, w.stage, w.requested_by, w.requested_at, w.frozen_at, w.due_at, "
    "w.urged_at, w.urges"
)
FROM = "FROM waiting w JOIN cases c ON c.id = w.case_id LEFT JOIN staff s ON s.id = c.officer_id"
ORDER = (
    "ORDER BY w.frozen_at IS NULL, w.frozen_at, w.due_at IS NULL, w.due_at, w.requested_at, "
    "w.case_id, w.request_seq"
)
_AT_OTHERS = "WHERE w.level <> ? AND w.stage <> ''"
_OWN_LINE = (
    "w.requested_by <> ? AND COALESCE(c.officer_id, 0) <> ? AND COALESCE(c.clerk_id, 0) <> ? "
    "AND NOT EXISTS (SELECT 1 FROM staff o WHERE o.id = c.officer_id AND o.clerk_id = ?)"
)
# Two steps need two people: whoever decided the first, or for whom it was decided, is not asked for
# the second.  Only 案款发放 has steps, so that hardly any row looks into the facts.
_STEP_BEFORE = (
    "(SELECT 1 FROM facts f WHERE f.case_id = w.case_id AND f.seq > w.request_seq AND f.kind = ? "
    "AND f.data LIKE CAST(? AS TEXT) || CAST(w.request_seq AS TEXT) || CAST(? AS TEXT) "
    "AND (f.data LIKE ? OR f.data LIKE ?))"
)


@dataclass(frozen=True, slots=True)
class _Shoes:
    """In whose place somebody looks: his own, or a principal's under one role."""

    name: str
    staff_id: int
    roles: tuple[str, ...]
    principal: str | None


@dataclass(frozen=True, slots=True)
class _Sight:
    """The condition on ``waiting w JOIN cases c`` of what a person may do, with its values."""

    condition: str
    values: tuple[Any, ...]
    shoes: tuple[_Shoes, ...]


def waiting_for(
    bureau: Bureau, actor: Actor, query: WaitingQuery = EVERYTHING
) -> tuple[WaitingItem, ...]:
    """Return what waits for a person's roles and deputyships, the most urgent first.

    Frozen nodes first (the longest frozen at the top), then by the day that is due, then by the day
    of the application.  His own applications and cases are not among them: he may not decide those.
    """
    with bureau.database.reading() as conn:
        sight = _sight(conn, bureau, actor, query.step)
        if sight is None:
            return ()
        where, values = _filtered(sight, query)
        rows = ask(
            conn,
            f"SELECT {COLUMNS} {FROM} WHERE {where} {ORDER} LIMIT ? OFFSET ?",
            (*values, query.limit, query.offset),
        )
    return tuple([_item(bureau, sight, row) for row in rows])


def count_waiting(bureau: Bureau, actor: Actor, query: WaitingQuery = EVERYTHING) -> int:
    """Return how many items the list has in all."""
    return sum(waiting_by_matter(bureau, actor, query).values())


def waiting_by_matter(
    bureau: Bureau, actor: Actor, query: WaitingQuery = EVERYTHING
) -> dict[str, int]:
    """Return how many items wait for a person, by matter, the most frequent first."""
    with bureau.database.reading() as conn:
        sight = _sight(conn, bureau, actor, query.step)
        if sight is None:
            return {}
        where, values = _filtered(sight, query)
        rows = ask(
            conn,
            f"SELECT w.matter, count(*) {FROM} WHERE {where} GROUP BY w.matter ORDER BY 2 DESC, 1",
            values,
        )
    return {matter: int(number) for matter, number in rows}


def asked_since(
    conn: Connection, bureau: Bureau, actor: Actor, since: datetime
) -> tuple[WaitingItem, ...]:
    """Return what a person may decide that was applied for or urged after a moment, in that order.

    Within somebody else's reading: the digest's.
    """
    sight = _sight(conn, bureau, actor, DECIDE)
    if sight is None:
        return ()
    after = moment_text(since) if conn.dialect.name == "sqlite" else since
    rows = ask(
        conn,
        f"SELECT {COLUMNS} {FROM} WHERE {sight.condition} "
        "AND (w.requested_at > ? OR w.urged_at > ?) "
        "ORDER BY w.requested_at, w.case_id, w.request_seq",
        (*sight.values, after, after),
    )
    return tuple([_item(bureau, sight, row) for row in rows])


def waits_for(conn: Connection, bureau: Bureau, actor: Actor, case_id: int) -> bool:
    """Tell whether something of a case waits for a person now: he must see what he decides."""
    sight = _sight(conn, bureau, actor, None)
    if sight is None:
        return False
    rows = ask(
        conn,
        f"SELECT 1 {FROM} WHERE {sight.condition} AND w.case_id = ? LIMIT 1",
        (*sight.values, case_id),
    )
    return bool(rows)


def waiting_cases(conn: Connection, bureau: Bureau, actor: Actor) -> tuple[int, ...]:
    """Return the numbers of all cases of which something waits for a person now."""
    sight = _sight(conn, bureau, actor, None)
    if sight is None:
        return ()
    rows = ask(conn, f"SELECT DISTINCT w.case_id {FROM} WHERE {sight.condition}", sight.values)
    return tuple(row[0] for row in rows)


def pending_at_others(
    bureau: Bureau, actor: Actor, *, limit: int = 200, offset: int = 0
) -> tuple[WaitingItem, ...]:
    """Return what has left this court: passed on and not answered yet, the oldest first.

    Raises ``NotAllowedError`` for whoever has no panel.
    """
    with bureau.database.reading() as conn:
        permit(conn, bureau, actor, "panel.view")
        rows = ask(
            conn,
            f"SELECT {COLUMNS} {FROM} {_AT_OTHERS} {ORDER} LIMIT ? OFFSET ?",
            (LOCAL, limit, offset),
        )
    nobody = _Sight("", (), ())
    return tuple([_item(bureau, nobody, row) for row in rows])


def count_at_others(bureau: Bureau, actor: Actor) -> int:
    """Return how many have left this court in all; ``NotAllowedError`` as above."""
    with bureau.database.reading() as conn:
        permit(conn, bureau, actor, "panel.view")
        ((number,),) = ask(conn, f"SELECT count(*) {FROM} {_AT_OTHERS}", (LOCAL,))
    return int(number)


def decided_today(bureau: Bureau, actor: Actor) -> tuple[DecidedItem, ...]:
    """Return what a person decided, took back, passed on or entered today, the newest first."""
    with bureau.database.reading() as conn:
        today = datetime.combine(bureau.database.now(conn).date(), time())
        since = moment_text(today) if conn.dialect.name == "sqlite" else today
        # The journal knows by its time which cases were touched today; facts have no such index.
        rows = ask(
            conn,
            _TODAY,
            (since, actor.name, *_DECISIVE, actor.name, since),
        )
    return tuple([_decided(row) for row in rows])


_DECISIVE = (DECIDED, COUNTERMANDED, FORWARDED, REPLIED)
_TODAY = (
    "SELECT f.case_id, c.case_no, f.kind, f.node, f.subject, f.data, f.entered_at "
    "FROM facts f JOIN cases c ON c.id = f.case_id "
    "WHERE f.case_id IN (SELECT DISTINCT j.case_id FROM journal j "
    "WHERE j.at >= ? AND j.actor = ? AND j.case_id IS NOT NULL) "
    "AND f.kind IN (?, ?, ?, ?) AND f.entered_by = ? AND f.entered_at >= ? "
    "ORDER BY f.entered_at DESC, f.case_id, f.seq DESC"
)


def _decided(row: Sequence[Any]) -> DecidedItem:
    case_id, case_no, kind, node, subject, stored, at = row
    data = loads(stored)
    return DecidedItem(
        case_id=case_id,
        case_no=case_no,
        request=int(data["request"]),
        kind=kind,
        node=node,
        subject=subject,
        matter=str(data.get("matter", "")),
        outcome=str(data.get("outcome", "")),
        reason=str(data.get("reason") or data.get("words") or data.get("note") or ""),
        at=_moment(at),
        on_behalf_of=data.get("on_behalf_of"),
    )


# --- whose list


def _sight(conn: Connection, bureau: Bureau, actor: Actor, step: str | None) -> _Sight | None:
    shoes = _shoes(conn, bureau, actor)
    if not shoes:
        return None
    listed = [row[0] for row in ask(conn, "SELECT DISTINCT due_roles FROM waiting")]
    orders = _orders(bureau.rules.book)
    parts: list[str] = []
    values: list[Any] = []
    me = shoes[0]
    for pair in shoes:
        for condition, more in _steps(pair, listed, step):
            free, whose = _free_for(pair, orders)
            kept, matters = _later_is_own(pair, me, orders)
            parts.append(f"({condition} AND {free}{kept})")
            values += [*more, *whose, *matters]
    if not parts:
        return None
    # Also what he could decide for a principal is closed to him where it is his own.
    free, whose = _free_for(me, orders)
    whole = f"({' OR '.join(parts)}) AND {free}"
    return _Sight(whole, (*values, *whose), shoes)


_Orders = Mapping[str, tuple[str, ...]]
"""The matters that several people decide one after the other, with their roles in order."""


def _orders(book: Rulebook) -> _Orders:
    return {
        entry.matter: entry.roles
        for spec in book.nodes.values()
        for entry in spec.approvals
        if entry.mode == "sequence"
    }


def _free_for(pair: _Shoes, orders: _Orders) -> tuple[str, tuple[Any, ...]]:
    """Return the condition that nothing bars somebody: not his case, not his step before."""
    own = (pair.name, pair.staff_id, pair.staff_id, pair.staff_id)
    if not orders:
        return _OWN_LINE, own
    marks = ", ".join("?" * len(orders))
    name = canonical_json(pair.name)
    held = (
        DECIDED,
        '%"request":',
        ",%",
        f'%"by":{name}%',
        f'%"on_behalf_of":{name}%',
    )
    condition = f"{_OWN_LINE} AND (w.matter NOT IN ({marks}) OR NOT EXISTS {_STEP_BEFORE})"
    return condition, (*own, *orders, *held)


def _later_is_own(pair: _Shoes, me: _Shoes, orders: _Orders) -> tuple[str, tuple[Any, ...]]:
    """Leave out what a deputy has to sign as himself afterwards: he may not use up that step."""
    if pair.principal is None:
        return "", ()
    closed = tuple(
        matter
        for matter, roles in orders.items()
        for place, role in enumerate(roles)
        if role in pair.roles and set(roles[place + 1 :]) & set(me.roles)
    )
    marks = ", ".join("?" * len(closed))
    return (f" AND w.matter NOT IN ({marks})", closed) if closed else ("", ())


def _steps(
    pair: _Shoes, listed: Sequence[str], step: str | None
) -> list[tuple[str, tuple[Any, ...]]]:
    found: list[tuple[str, tuple[Any, ...]]] = []
    due = [roles for roles in listed if set(roles.split(ROLES_APART)) & set(pair.roles)]
    if due and step in (None, DECIDE):
        marks = ", ".join("?" * len(due))
        found.append((f"w.level = 'local' AND w.due_roles IN ({marks})", tuple(due)))
    if set(FORWARDS) & set(pair.roles) and step in (None, _TO_FORWARD):
        found.append(("w.level <> 'local' AND w.stage = ''", ()))
    if set(READERS) & set(pair.roles) and step in (None, _TO_READ):
        # Whoever entered the reply does not read it back; his name stands in the newest one.
        entered = (
            "(SELECT f.entered_by FROM facts f WHERE f.case_id = w.case_id "
            "AND f.kind = 'approval_replied' AND f.subject = w.subject AND f.node = w.node "
            "ORDER BY f.seq DESC LIMIT 1)"
        )
        found.append((f"w.stage = 'replied' AND {entered} <> ?", (pair.name,)))
    return found


def _shoes(conn: Connection, bureau: Bureau, actor: Actor) -> tuple[_Shoes, ...]:
    """Whose shoes somebody stands in now, as the rows say, not as he signed in."""
    if actor.staff_id is None:
        return ()
    rows = ask(conn, "SELECT name, roles, active FROM staff WHERE id = ?", (actor.staff_id,))
    if not rows or not rows[0][2]:
        return ()
    name, roles, _ = rows[0]
    held = tuple(loads(roles))
    if bureau.rules.matrix.separate.intersection(held):
        return ()
    own = _Shoes(name, actor.staff_id, held, None)
    today = bureau.database.now(conn).date()
    return (
        own,
        *(
            _Shoes(principal, number, (role,), principal)
            for role, principal, number in standing_in(conn, actor.staff_id, today)
        ),
    )


def _filtered(sight: _Sight, query: WaitingQuery) -> tuple[str, tuple[Any, ...]]:
    if query.matter is None:
        return sight.condition, sight.values
    return f"{sight.condition} AND w.matter = ?", (*sight.values, query.matter)


def _item(bureau: Bureau, sight: _Sight, row: Sequence[Any]) -> WaitingItem:
    due = tuple(row[9].split(ROLES_APART)) if row[9] else ()
    step = DECIDE
    if row[8] != LOCAL:
        step = {"": _TO_FORWARD, "replied": _TO_READ}.get(row[10], "")
    return WaitingItem(
        case_id=row[0],
        case_no=row[1],
        parties=row[2],
        officer=row[3] or "",
        request=row[4],
        node=row[5],
        node_name=bureau.rules.book.nodes[row[5]].name,
        subject=row[6],
        matter=row[7],
        level=row[8],
        due_roles=due,
        stage=row[10],
        requested_by=row[11],
        requested_at=_moment(row[12]),
        frozen_at=_maybe(row[13]),
        due_at=_maybe(row[14]),
        urged_at=_maybe(row[15]),
        urges=int(row[16]),
        step=step,
        on_behalf_of=_principal(sight.shoes, step, due),
    )


def _principal(shoes: Sequence[_Shoes], step: str, due: Sequence[str]) -> str | None:
    """For whom an item waits: oneself where one's own role does, else the first principal."""
    wanted = {DECIDE: set(due), _TO_FORWARD: set(FORWARDS), _TO_READ: set(READERS)}
    for pair in shoes:
        if wanted.get(step, set()) & set(pair.roles):
            return pair.principal
    return None


def _moment(raw: Any) -> datetime:
    return datetime.fromisoformat(raw) if type(raw) is str else raw


def _maybe(raw: Any) -> datetime | None:
    return None if raw is None else _moment(raw)
