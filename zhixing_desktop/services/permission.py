"""May this person do this, now?  Asked by each use case within its own transaction.

The person's row and today's deputies are read again each time, with one question to the database,
so that a role taken away while its holder decides counts.  Where something is written, the answer
holds until the commit: whoever takes a right away waits for it (``models.database.hold_person``).
What is asked, and of which rows, is pure (``workflow.authority``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from json import loads
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from zhixing_desktop.models.database import hold_person
from zhixing_desktop.models.rows import ask
from zhixing_desktop.services.bureau import SYSTEM, Actor, Bureau
from zhixing_desktop.workflow import facts as kinds
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.authority import (
    CLERK_ROLE,
    OFFICER_ROLE,
    Deputyship,
    Holder,
    Relation,
    Row,
    Situation,
    Verdict,
    judge,
)
from zhixing_desktop.workflow.authority_fields import left_to, reserved_fields
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.errors import InputRefusedError, NotAllowedError, Problem
from zhixing_desktop.workflow.fact_types import ApprovalView
from zhixing_desktop.workflow.freezing import DEADLINE_CHANGE
from zhixing_desktop.workflow.rulebook import Rulebook
from zhixing_desktop.workflow.views import Key

if TYPE_CHECKING:
    from zhixing_desktop.workflow.new_facts import NewFact

_PERSON = (
    "SELECT s.name, s.roles, s.active AND NOT coalesce(a.disabled, false), s.team, "
    "d.role, d.from_on, d.until_on, p.name, p.roles, p.active, p.team FROM staff s "
    "LEFT JOIN accounts a ON a.staff_id = s.id "
    "LEFT JOIN deputies d ON d.deputy_id = s.id AND d.until_on >= ? AND d.from_on <= ? "
    "AND d.revoked_at IS NULL "
    "LEFT JOIN staff p ON p.id = d.principal_id WHERE s.id = ? ORDER BY d.id"
)
_OFFICER = "SELECT o.team, c.name FROM staff o LEFT JOIN staff c ON c.id = o.clerk_id"
_CASE = (
    "SELECT o.name, c.name, k.received_on FROM cases k LEFT JOIN staff o ON o.id = k.officer_id "
    "LEFT JOIN staff c ON c.id = k.clerk_id WHERE k.id = ?"
)
_VISIBILITY = "SELECT value FROM settings_edits WHERE key = 'sight.visibility' ORDER BY id DESC"
_EVERYTHING = "bureau"
_VISIBILITIES = ("own", "team", _EVERYTHING)


@dataclass(frozen=True, slots=True)
class Permit:
    """The yes: who acts, for whom (``None``: for himself), under which role and row.

    ``roles`` are what he may act under: his own as they stand now and the one that counted.
    ``stands_for`` are the roles he holds today as somebody's deputy, each with the principal's
    name; ``near`` tells that he is the clerk of the case or of its officer.
    """

    actor: Actor
    row_id: str
    role: str
    roles: tuple[str, ...]
    on_behalf_of: str | None = None
    stands_for: tuple[tuple[str, str], ...] = ()
    near: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """What an act is about, where it is about more than a case.

    ``key``: a node instance; ``request``: the number of an application; ``seq``: of a fact;
    ``act`` stands in the place of a step's ``action``, which is its name in the journal;
    ``overridden``: words that were refused as empty are insisted on.
    """

    key: Key | None = None
    request: int | None = None
    event: str = ""
    seq: int | None = None
    matter: str = ""
    owner: str = ""
    entered: str = ""
    act: str = ""
    overridden: bool = False


NOTHING = About()


# --- the question


def permit(
    conn: Connection,
    bureau: Bureau,
    actor: Actor,
    act: str,
    *,
    case: Context | int | None = None,
    key: Key | None = None,
    about: About = NOTHING,
) -> Permit:
    """Return under what the person may do ``act``; must be asked in the act's own transaction.

    ``case`` is the case's context where its facts are at hand, else its row number.  Raises
    :class:`NotAllowedError`, whose sentence names who may and the row of the matrix.
    """
    asked = replace(about, key=key) if key is not None else about
    who = person_of(conn, bureau, actor)
    verdict, situation = _verdict(conn, bureau, who, act, case, asked)
    if who is None or not verdict.ok:
        raise _refusal(verdict, actor, act, known=who is not None)
    today = situation.today
    return Permit(
        actor=actor,
        row_id=verdict.row_id,
        role=verdict.role,
        roles=who.roles if verdict.role in who.roles else (*who.roles, verdict.role),
        on_behalf_of=verdict.on_behalf_of,
        stands_for=tuple((d.role, d.principal) for d in who.deputies if d.holds(today)),
        near=who.name in situation.clerks,
    )


def may(
    conn: Connection,
    bureau: Bureau,
    actor: Actor,
    act: str,
    *,
    case: Context | int | None = None,
    key: Key | None = None,
    about: About = NOTHING,
) -> bool:
    """Tell the same without refusing; for greying out what would be refused."""
    asked = replace(about, key=key) if key is not None else about
    who = person_of(conn, bureau, actor)
    return who is not None and _verdict(conn, bureau, who, act, case, asked)[0].ok


def ask_permission(
    bureau: Bureau,
    actor: Actor,
    act: str,
    reference: str | int | None = None,
    about: About = NOTHING,
) -> Permit:
    """Ask beforehand, in a transaction of its own, on a case by 案号 or row number or on none.

    Raises :class:`NotAllowedError`, :class:`InputRefusedError` for an unknown case or application.
    """
    # The list of cases asks here, too, and starts without what steps need.
    from zhixing_desktop.services import case_store

    with bureau.database.reading() as conn:
        if reference is None:
            return permit(conn, bureau, actor, act, about=about)
        row = case_store.find_case(conn, reference)
        _, index = case_store.load_index(bureau, conn, row["id"], row["version"])
        ctx = case_store.context_of(bureau, index, bureau.database.now(conn))
        return permit_step(conn, bureau, actor, act, ctx, about)


def person_of(conn: Connection, bureau: Bureau, actor: Actor) -> Holder | None:
    """Return a person as the rows say now; ``None`` for somebody who is not on the staff.

    A disabled account is as good as having left: who was signed in then does nothing more.
    """
    if actor is SYSTEM:
        return Holder(actor.name, system=True)
    if actor.staff_id is None:
        return None
    hold_person(conn, actor.staff_id)
    today = bureau.database.now(conn).date().isoformat()
    rows = ask(conn, _PERSON, (today, today, actor.staff_id))
    if not rows:
        return None
    name, roles, active, team = rows[0][:4]
    given = [_deputyship(row[4:]) for row in rows if row[4] is not None and row[9]]
    return Holder(name, tuple(loads(roles)), tuple(given), team, bool(active))


def _refusal(verdict: Verdict, actor: Actor, act: str, *, known: bool) -> NotAllowedError:
    row = verdict.row
    data = {
        "act": act,
        "row": verdict.row_id,
        "roles": list(row.roles) if row is not None else [],
        "actor": actor.name,
    }
    sentence = verdict.sentence
    if not known:
        what = f"（权限表{row.id}：{row.label}）" if row is not None else ""
        sentence = f"“{actor.name}”不在人员名册中，不能办理{what}。请用自己的账号登录后办理。"
    return NotAllowedError(sentence, cite=row.cite if row is not None else None, data=data)


def _verdict(
    conn: Connection,
    bureau: Bureau,
    who: Holder | None,
    act: str,
    case: Context | int | None,
    about: About,
) -> tuple[Verdict, Situation]:
    matrix = bureau.rules.matrix
    rows = matrix.by_act.get(act, ())
    nobody = who or Holder("", ())
    situation = _situation(conn, bureau, rows, nobody, case, about)
    return judge(matrix, act, nobody, situation), situation


def _deputyship(row: Sequence[Any]) -> Deputyship:
    role, first, last, principal, roles, _, team = row
    return Deputyship(principal, role, _day(first), _day(last), tuple(loads(roles)), team)


def _day(stored: Any) -> date:
    return date.fromisoformat(stored) if type(stored) is str else stored


# --- how somebody stands to what he does


def _situation(
    conn: Connection,
    bureau: Bureau,
    rows: Sequence[Row],
    who: Holder,
    case: Context | int | None,
    about: About,
) -> Situation:
    situation = Situation(
        today=bureau.database.now(conn).date(), owner=about.owner, entered=about.entered
    )
    if case is None:
        return situation
    if isinstance(case, Context):
        header = case.header
        situation = replace(
            situation,
            officer=case.current_officer(),
            clerks=_named(header.get("clerk")),
            received=case.index.event("case_received", subjects.CASE) is not None,
        )
        situation = _at(situation, case, about)
    else:
        situation = replace(situation, **_row_of(conn, case))
        situation = replace(situation, **_node_of(bureau.rules.book, about.key))
    return _nearer(conn, rows, who, situation)


def _named(name: object) -> tuple[str, ...]:
    return (str(name),) if name else ()


def _row_of(conn: Connection, case_id: int) -> dict[str, Any]:
    found = ask(conn, _CASE, (case_id,))
    if not found:
        return {}
    officer, clerk, received = found[0]
    return {"officer": officer or "", "clerks": _named(clerk), "received": received is not None}


def _nearer(conn: Connection, rows: Sequence[Row], who: Holder, situation: Situation) -> Situation:
    """Add what only few rows need: the officer's own clerk, his team, how far people see."""
    wide = any(row.relation is Relation.TEAM for row in rows)
    held = {*who.roles, *(given.role for given in who.deputies)}
    barred = any(row.barred for row in rows)
    if situation.officer and (wide or barred or CLERK_ROLE in held):
        found = ask(conn, f"{_OFFICER} WHERE o.name = ?", (situation.officer,))
        if found:
            team, clerk = found[0]
            situation = replace(situation, team=team, clerks=(*situation.clerks, *_named(clerk)))
    if wide:
        situation = replace(situation, visibility=visibility(conn))
    return situation


def visibility(conn: Connection) -> str:
    """Return how far officers and clerks see: ``own``, ``team`` or ``bureau``."""
    found = ask(conn, f"{_VISIBILITY} LIMIT 1")
    value = loads(found[0][0]) if found else _EVERYTHING
    return str(value) if value in _VISIBILITIES else _EVERYTHING


def _node_of(book: Rulebook, key: Key | None) -> dict[str, Any]:
    if key is None or key.node not in book.nodes:
        return {}
    return {"node": key.node, "node_roles": frozenset({book.nodes[key.node].role})}


def _at(situation: Situation, ctx: Context, about: About) -> Situation:
    """Say node, event, application and who had to do with it."""
    book = ctx.rulebook
    found: dict[str, Any] = _node_of(book, about.key)
    if about.matter:
        found["matter"] = about.matter
    if about.event:
        found |= {"event": about.event, "node_roles": _event_roles(book, about.event)}
    if about.seq is not None:
        found |= _fact(ctx, about.seq)
    asked = _asked(ctx, about.request)
    if asked is not None:
        found |= _application(book, asked)
    return replace(situation, **found)


def _event_roles(book: Rulebook, event: str) -> frozenset[str]:
    """Return whose nodes show an event; what no node shows is the officer's."""
    found = {
        spec.role for spec in book.nodes.values() for field in spec.fields if field.event == event
    }
    return frozenset(found or {OFFICER_ROLE})


def _fact(ctx: Context, seq: int) -> dict[str, Any]:
    fact = ctx.index.standing(seq)
    if fact is None:
        return {}
    book = ctx.rulebook
    if fact.kind in book.events:
        return {"event": fact.kind, "node_roles": _event_roles(book, fact.kind)}
    if fact.node in book.nodes:
        return {
            "event": fact.kind,
            "node": fact.node,
            "node_roles": frozenset({book.nodes[fact.node or 0].role}),
            "applicant": fact.entered_by,
        }
    # What was said at the filing: the parties, the case's own data.
    roles = frozenset({"立案人员"}) if fact.kind in (kinds.HEADER, kinds.PARTY) else frozenset()
    return {"event": fact.kind, "node_roles": roles}


def _asked(ctx: Context, request: int | None) -> ApprovalView | None:
    return next((entry for entry in ctx.index.approvals if entry.seq == request), None)


def _application(book: Rulebook, asked: ApprovalView) -> dict[str, Any]:
    granted = [step for step in asked.steps if step.get("outcome") == "granted"]
    people = [step.get(name) for step in granted for name in ("by", "on_behalf_of")]
    wanted = asked.data.get("roles") or ()
    approver = str(wanted[0]) if asked.matter == DEADLINE_CHANGE and wanted else ""
    return {
        **_node_of(book, Key(asked.node, asked.subject)),
        "matter": asked.matter,
        "applicant": asked.requested_by,
        "deciders": tuple(str(name) for name in people if name),
        "steps": len(granted),
        "approver": approver,
        "entered": str(asked.reply["entered_by"]) if asked.reply is not None else "",
    }


# --- a step on a case


def permit_step(
    conn: Connection, bureau: Bureau, actor: Actor, action: str, ctx: Context, about: About
) -> Permit:
    """Ask for a step of ``services.steps``, whose ``action`` may be several acts in the matrix.

    Raises :class:`NotAllowedError`, :class:`InputRefusedError` for an unknown application.
    """
    act = about.act or action
    if about.request is not None and _asked(ctx, about.request) is None:
        raise InputRefusedError(
            f"没有第{about.request}号申请", [Problem("申请", str(about.request))]
        )
    if about.seq is not None:
        fact = ctx.index.standing(about.seq)
        if action == "fact.withdraw" and fact is not None and fact.kind == kinds.REQUESTED:
            act = "approval.withdraw"
    found = permit(conn, bureau, actor, act, case=ctx, about=about)
    if about.overridden:
        permit(conn, bureau, actor, "wording.override", case=ctx, about=about)
    return found


def guard(
    conn: Connection,
    bureau: Bureau,
    given: Permit,
    ctx: Context,
    made: Sequence[NewFact],
) -> None:
    """Look at what a step makes: some facts are acts of their own, some rows touch only fields.

    A payment is made by 财务 also where it is typed into a field of the node, and who the officer
    is cannot be changed by a correction.  Raises :class:`NotAllowedError`.
    """
    if given.actor is SYSTEM:
        return
    matrix = bureau.rules.matrix
    for fact in made:
        kind = fact.kind
        if fact.corrects is not None and kind == kinds.WITHDRAWN:
            old = ctx.index.standing(fact.corrects)
            kind = old.kind if old is not None else kind
        if _new_officer(ctx, fact):
            kind = kinds.OFFICER
        act = matrix.guarded.get(kind)
        if act is None or act == matrix.row(given.row_id).act:
            continue
        asked = _payment_request(ctx, fact) if act == "payout.pay" else None
        about = About(event=kind, request=asked)
        permit(conn, bureau, given.actor, act, case=ctx, about=about)
    _only_fields(bureau, given, made)
    _reserved(bureau, given, made)


def _new_officer(ctx: Context, fact: NewFact) -> bool:
    """Tell whether a correction of the case's own data names another officer."""
    if fact.kind != kinds.HEADER or fact.corrects is None:
        return False
    return any(fact.data.get(name) != ctx.header.get(name) for name in ("officer",))


def _payment_request(ctx: Context, fact: NewFact) -> int | None:
    """Return the application under which a payment is made."""
    payment = subjects.base(fact.subject)
    found = [a for a in ctx.index.approvals if a.matter == "payout" and a.subject == payment]
    return found[-1].seq if found else None


def _only_fields(bureau: Bureau, given: Permit, made: Sequence[NewFact]) -> None:
    row = bureau.rules.matrix.row(given.row_id)
    if not row.fields:
        return
    touched = {
        str(name)
        for fact in made
        if fact.kind == kinds.FIELDS
        for name in fact.data.get("values", {})
    }
    beyond = touched - row.fields
    items = any(fact.kind == kinds.ITEM for fact in made)
    if not beyond and not items:
        return
    (node,) = row.nodes
    labels = [f.label for f in bureau.rules.book.nodes[node].fields if f.name in row.fields]
    raise NotAllowedError(
        f"{given.role}在节点{node}只填写：{'、'.join(labels)}（权限表{row.id}）。"
        "其余各项由本案的承办人、书记员填写。",
        cite=row.cite,
        data={"act": row.act, "row": row.id, "roles": list(row.roles), "actor": given.actor.name},
    )


def _reserved(bureau: Bureau, given: Permit, made: Sequence[NewFact]) -> None:
    """Refuse a field that another row alone may fill (the voucher beside the day of payment)."""
    matrix, book = bureau.rules.matrix, bureau.rules.book
    if matrix.row(given.row_id).act in matrix.guarded.values():
        return
    for fact in made:
        spec = book.nodes.get(fact.node or 0)
        if fact.kind != kinds.FIELDS or spec is None:
            continue
        for name, owner in reserved_fields(matrix, spec).items():
            if owner.id != given.row_id and name in fact.data.get("values", {}):
                raise NotAllowedError(
                    left_to(spec.field(name).label, owner),
                    cite=owner.cite,
                    data={
                        "act": owner.act,
                        "row": owner.id,
                        "roles": list(owner.roles),
                        "actor": given.actor.name,
                    },
                )


# --- lists


def visible_cases(conn: Connection, bureau: Bureau, actor: Actor) -> tuple[str, list[Any]]:
    """Return the condition on ``cases c`` for a list, with its values: what a person may see.

    ``1 = 1`` sees everything, ``1 = 0`` nothing.  A deputy sees what his principal sees.
    """
    who = person_of(conn, bureau, actor)
    if who is None or not who.active or bureau.rules.matrix.clash(who.roles):
        return "1 = 0", []
    today = bureau.database.now(conn).date()
    shoes = [(who.name, who.roles, who.team)]
    matrix = bureau.rules.matrix
    if not matrix.separate.intersection(who.roles):
        # As in the rule: 三员 stand in nobody's shoes.
        shoes += [
            (d.principal, (d.role,), d.principal_team) for d in who.deputies if d.holds(today)
        ]
    everywhere = {
        role
        for row in matrix.by_act["case.view"]
        if row.relation is Relation.ANY
        for role in row.roles
    }
    if any(everywhere.intersection(roles) for _, roles, _ in shoes):
        return "1 = 1", []
    near = [shoe for shoe in shoes if {OFFICER_ROLE, CLERK_ROLE} & set(shoe[1])]
    if not near:
        return "1 = 0", []
    far = visibility(conn)
    if far == _EVERYTHING:
        return "1 = 1", []
    return _near_cases(near, teams=far == "team")


def _near_cases(
    near: Sequence[tuple[str, tuple[str, ...], str]], *, teams: bool
) -> tuple[str, list[Any]]:
    parts: list[str] = []
    values: list[Any] = []
    for name, roles, team in near:
        if OFFICER_ROLE in roles:
            parts.append("c.officer_id IN (SELECT id FROM staff WHERE name = ?)")
            values.append(name)
        if CLERK_ROLE in roles:
            parts.append(
                "c.clerk_id IN (SELECT id FROM staff WHERE name = ?) OR c.officer_id IN "
                "(SELECT id FROM staff WHERE clerk_id IN (SELECT id FROM staff WHERE name = ?))"
            )
            values += [name, name]
        if teams and team:
            parts.append("c.officer_id IN (SELECT id FROM staff WHERE team = ?)")
            values.append(team)
    return f"({' OR '.join(parts)})", values
