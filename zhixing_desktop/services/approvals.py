"""Applications over all cases, and what a person does with one: each one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from zhixing_desktop.models.tables import approvals, cases
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.bureau_settings import read_settings
from zhixing_desktop.services.dossier_closing import CLOSING_REVIEW, ClosingCheck
from zhixing_desktop.services.permission import About, Permit
from zhixing_desktop.services.sight import in_sight
from zhixing_desktop.services.steps import Outcome, take, take_under
from zhixing_desktop.workflow import decide
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.decide import NewFact
from zhixing_desktop.workflow.facts import NOTHING
from zhixing_desktop.workflow.payments import PAID_OUT, PAYOUT_NODE
from zhixing_desktop.workflow.views import CaseView, Key


@dataclass(frozen=True, slots=True)
class Application:
    """One application: what is asked, by whom, for which node of which case."""

    case_id: int
    case_no: str
    parties: str
    request: int
    node: int
    node_name: str
    subject: str
    matter: str
    level: str
    status: str
    requested_by: str
    requested_at: datetime
    reason: str
    decided_by: str | None
    decided_at: datetime | None
    decision_reason: str


def applications(
    bureau: Bureau, actor: Actor, *, status: str | None = "pending", case_id: int | None = None
) -> tuple[Application, ...]:
    """Return applications, oldest first; of one case or of all he sees, in one status or in any."""
    statement = (
        select(approvals, cases.c.case_no, cases.c.parties_text)
        .select_from(approvals.join(cases, cases.c.id == approvals.c.case_id))
        .order_by(approvals.c.requested_at, approvals.c.id)
    )
    if status is not None:
        statement = statement.where(approvals.c.status == status)
    if case_id is not None:
        statement = statement.where(approvals.c.case_id == case_id)
    with bureau.database.reading() as conn:
        seen = in_sight(conn, bureau, actor, approvals.c.case_id)
        rows = conn.execute(statement.where(seen)).all()
    book = bureau.rules.book
    return tuple(
        Application(
            case_id=row.case_id,
            case_no=row.case_no,
            parties=row.parties_text,
            request=row.request_seq,
            node=row.node,
            node_name=book.nodes[row.node].name,
            subject=row.subject,
            matter=row.matter,
            level=row.level,
            status=row.status,
            requested_by=row.requested_by,
            requested_at=row.requested_at,
            reason=row.reason,
            decided_by=row.decided_by,
            decided_at=row.decided_at,
            decision_reason=row.decision_reason,
        )
        for row in rows
    )


def own_roles(given: Permit) -> tuple[str, ...]:
    """Return the roles that are a person's own, without the one he holds for somebody."""
    if given.on_behalf_of is None:
        return given.roles
    return tuple(role for role in given.roles if role != given.role)


def stands_for(given: Permit) -> tuple[tuple[str, str], ...]:
    """Return the role a person acts under for somebody, with whom; empty for his own."""
    return ((given.role, given.on_behalf_of),) if given.on_behalf_of is not None else ()


def request_decision(
    bureau: Bureau,
    actor: Actor,
    case: str | int,
    key: Key,
    matter: str,
    reason: str,
    data: Mapping[str, Any] = NOTHING,
) -> Outcome:
    """Apply for a decision (``unfreeze``, ``payout``, ``closing_review`` …).

    Who grants a change of the period is the court's setting.  Raises ``RuleRefusedError``,
    ``InputRefusedError``.
    """
    approver = read_settings(bureau).deadline_approver
    return take_under(
        bureau,
        actor,
        case,
        "approval.request",
        lambda ctx, view, _given: decide.request_approval(
            ctx, view, key, matter, reason, data, deadline_approver=approver
        ),
        about=About(key=key, matter=matter),
        beside=ClosingCheck(bureau, actor) if matter == CLOSING_REVIEW else None,
    )


def decide_application(
    bureau: Bureau,
    actor: Actor,
    case: str | int,
    request: int,
    outcome: str,
    reason: str,
    *,
    points: Sequence[str] = (),
) -> Outcome:
    """Decide an application: ``granted``, ``refused`` or ``returned`` with ``points`` to mend.

    A deputy decides in his principal's place (代X审批).  Raises ``RuleRefusedError`` (not his to
    decide, withdrawn or decided a moment ago), ``InputRefusedError``.
    """
    return take_under(
        bureau,
        actor,
        case,
        "approval.decide",
        lambda ctx, view, given: decide.decide(
            ctx,
            view,
            request,
            outcome,
            by=actor.name,
            roles=own_roles(given),
            stands_for=stands_for(given),
            reason=reason,
            points=points,
        ),
        about=About(request=request),
    )


def countermand(
    bureau: Bureau, actor: Actor, case: str | int, request: int, reason: str
) -> Outcome:
    """Take back what was granted by a counter-decision of the same authority.

    Raises ``RuleRefusedError`` also where the effect cannot be undone (money was paid).
    """
    return take_under(
        bureau,
        actor,
        case,
        "approval.countermand",
        lambda ctx, view, given: decide.countermand(
            ctx,
            view,
            request,
            by=actor.name,
            roles=own_roles(given),
            stands_for=stands_for(given),
            reason=reason,
        ),
        about=About(request=request),
    )


def urge_decision(
    bureau: Bureau, actor: Actor, case: str | int, request: int, reason: str
) -> Outcome:
    """Urge a decision (催办): at most once a day."""
    return take(
        bureau,
        actor,
        case,
        "approval.urge",
        lambda ctx, view: decide.urge(ctx, view, request, by=actor.name, reason=reason),
        about=About(request=request),
    )


def withdraw_application(
    bureau: Bureau, actor: Actor, case: str | int, request: int, reason: str
) -> Outcome:
    """Take an application back while nobody has decided on it."""
    return take(
        bureau,
        actor,
        case,
        "approval.withdraw",
        lambda ctx, view: decide.withdraw_application(
            ctx, view, request, by=actor.name, reason=reason
        ),
        about=About(request=request),
    )


def pay_out(
    bureau: Bureau,
    actor: Actor,
    case: str | int,
    subject: str,
    on: date,
    voucher: str = "",
) -> Outcome:
    """Record the payment of approved case funds, as 财务 does (``subject``: ``payment/1``)."""

    def paid(ctx: Context, view: CaseView, given: Permit) -> Sequence[NewFact]:
        return decide.pay_out(
            ctx,
            view,
            subject,
            on,
            by=actor.name,
            roles=own_roles(given),
            stands_for=stands_for(given),
            voucher=voucher,
        )

    about = About(event=PAID_OUT, key=Key(PAYOUT_NODE, subject))
    return take_under(bureau, actor, case, "payout.pay", paid, about=about)
