"""Deciding an application, taking a decision back, paying out what was granted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from zhixing_desktop.workflow import facts as kinds
from zhixing_desktop.workflow import gates, subjects
from zhixing_desktop.workflow.approvals import (
    CLOSING_REVIEW,
    ApprovalRule,
    due_roles,
    effects_of,
    rule_for,
)
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.deciders import Decider, acting_as
from zhixing_desktop.workflow.errors import InputRefusedError, Problem, RuleRefusedError
from zhixing_desktop.workflow.facts import ApprovalView
from zhixing_desktop.workflow.freezing import DEADLINE_CHANGE
from zhixing_desktop.workflow.new_facts import NewFact, keep_freezes, must_give_reason, refuse
from zhixing_desktop.workflow.payments import PAID_OUT, PAYOUT, PAYOUT_NODE
from zhixing_desktop.workflow.reviewed_materials import SPECIAL_REVIEW
from zhixing_desktop.workflow.views import CaseView, Key

OUTCOMES = ("granted", "refused", "returned")
FINANCE = "财务"
OUTCOME_WORDS = MappingProxyType(
    {
        "granted": "批准",
        "refused": "不批准",
        "returned": "退回",
        "withdrawn": "撤回",
        "countermanded": "批准后又撤销",
    }
)


def find_application(ctx: Context, request: int) -> ApprovalView:
    """Return an application by its number; :class:`InputRefusedError` when there is none."""
    for entry in ctx.index.approvals:
        if entry.seq == request:
            return entry
    raise InputRefusedError(f"没有第{request}号申请", [Problem("申请", str(request))])


def pending_application(
    ctx: Context, view: CaseView, request: int
) -> tuple[ApprovalView, ApprovalRule]:
    """Return an application that waits, and its rule; refuse one that does not wait any more."""
    asked = find_application(ctx, request)
    rule = rule_for(ctx, view, asked)
    if asked.status == "withdrawn":
        raise RuleRefusedError(
            f"这件申请已由{asked.ended_by}于{asked.ended_at:%Y-%m-%d %H:%M}撤回，不能再决定。"
            "请刷新待办事项。",
            cite=rule.cite,
            data={"status": asked.status},
        )
    if asked.status != "pending":
        last = asked.steps[-1] if asked.steps else {}
        who, what = last.get("by", ""), OUTCOME_WORDS.get(asked.status, "")
        raise RuleRefusedError(
            f"这件申请已经决定或者撤回（{who}{what}），不能再次决定。请刷新待办事项。",
            cite=rule.cite,
            data={"status": asked.status},
        )
    return asked, rule


def decide(
    ctx: Context,
    view: CaseView,
    request: int,
    outcome: str,
    *,
    by: str,
    roles: Sequence[str],
    reason: str,
    stands_for: Sequence[tuple[str, str]] = (),
    near: bool = False,
    points: Sequence[str] = (),
) -> list[NewFact]:
    """Decide an application: ``granted``, ``refused`` or ``returned``.

    ``by`` is the deciding person, ``roles`` what he is, ``stands_for`` the roles he holds as a
    deputy with the principals' names, ``near`` whether he is the officer's clerk.  ``points`` are
    what an application that is returned has to mend.  Refused where the rule names another level
    or role, where somebody decides his own application or his own case (also as or through a
    deputy), or when it is no longer pending.
    """
    pending, rule = pending_application(ctx, view, request)
    key = Key(pending.node, pending.subject)
    if rule.level != "local":
        raise RuleRefusedError(
            f"本院无权决定：{rule.words}。执行局长可以登记并转报，不能代为决定。",
            cite=rule.cite,
            data={"level": rule.level, "instance": str(key)},
        )
    decider = Decider(by, roles, stands_for, near)
    acting = acting_as(ctx, pending, rule, decider, due_roles(rule, pending))
    _outcome_known(outcome, OUTCOMES)
    if not reason.strip():
        raise InputRefusedError("请写明决定的理由", [Problem("理由", "理由不能为空")])
    if outcome == "granted" and pending.matter == CLOSING_REVIEW:
        refuse(gates.blockers(ctx, view, gates.request_act(CLOSING_REVIEW), key))
    granted = sum(1 for step in pending.steps if step.get("outcome") == "granted")
    last_step = rule.mode != "sequence" or granted + 1 == len(rule.roles)
    final = outcome != "granted" or last_step
    mend = [point.strip() for point in points if point.strip()] if outcome == "returned" else []
    body: dict[str, Any] = {
        "request": request,
        "outcome": outcome,
        "role": acting.role,
        "by": by,
        "reason": reason,
        "matter": pending.matter,
        "final": final,
        **acting.data(),
        **({"points": mend} if mend else {}),
    }
    made = [NewFact(kinds.DECIDED, key.subject, ctx.now, key.node, body)]
    said = "；".join([reason, *mend])
    for effect in effects_of(pending, outcome, final):
        made.append(
            NewFact(effect.kind, effect.subject, ctx.now, key.node, effect.data, None, rule.label)
        )
        made.extend(_shown(ctx, key, effect.kind, said))
    return made


def _outcome_known(outcome: str, known: Sequence[str]) -> None:
    if outcome not in known:
        raise InputRefusedError(f"不认识的决定“{outcome}”", [Problem("决定", outcome)])


def _shown(ctx: Context, key: Key, event: str, reason: str) -> list[NewFact]:
    """A decision that records an event fills the field that shows it."""
    for spec in ctx.rulebook.nodes[key.node].fields:
        if spec.event == event:
            values: dict[str, Any] = {spec.name: f"{ctx.now:%Y-%m-%d}"}
            if event == "closing_returned":
                values["closing_return_reason"] = reason
            body = {"values": values}
            return [NewFact(kinds.FIELDS, key.subject, ctx.now, key.node, body)]
    return []


# --- taking a decision back


@dataclass(frozen=True, slots=True)
class _Done:
    """What cannot be undone once it has happened, and what is to be said then."""

    event: str
    sentence: str


_IRREVERSIBLE: Mapping[str, _Done] = MappingProxyType(
    {
        PAYOUT: _Done(PAID_OUT, "案款已经支付，批准不能撤销。发放有误的，依法责令退回。"),
        "escrow": _Done(
            "escrow_made", "提存手续已经办理，批准不能撤销。事由消除后取回提存款，重新办理发放。"
        ),
        "bring_in": _Done("brought_in", "拘传已经实施，批准不能撤销。"),
    }
)


def countermand(
    ctx: Context,
    view: CaseView,
    request: int,
    *,
    by: str,
    roles: Sequence[str],
    reason: str,
    stands_for: Sequence[tuple[str, str]] = (),
    near: bool = False,
) -> list[NewFact]:
    """Take back a granted application by a counter-decision of the same authority.

    An unfreezing that is taken back freezes again where its ground still stands; a change of the
    period no longer counts from then on; an order stays recorded with its countermand.  Raises
    :class:`RuleRefusedError` where there is nothing granted, where somebody else granted it, and
    where the effect cannot be undone (money was paid, the case is closed).
    """
    asked = find_application(ctx, request)
    rule = rule_for(ctx, view, asked)
    if asked.status != "granted":
        state = OUTCOME_WORDS.get(asked.status, "尚未决定")
        raise RuleRefusedError(
            f"只有已经批准的决定可以撤销，这件申请的状态是“{state}”。没有批准的，可以重新申请。",
            cite=rule.cite,
            data={"status": asked.status},
        )
    if rule.level != "local":
        raise RuleRefusedError(
            f"这项决定不是本院作出的（{rule.words}），本院不能撤销，由作出决定的法院撤销。"
            "收到该院更正或者撤销的批复后，请登记为这件申请的答复。",
            cite=rule.cite,
            data={"level": rule.level},
        )
    wanted = rule.roles[-1:] if rule.mode == "sequence" else _deciding_roles(rule, asked)
    fresh = _without_steps(asked)
    acting = acting_as(ctx, fresh, rule, Decider(by, roles, stands_for, near), wanted, verb="撤销")
    must_give_reason(reason, "请写明撤销决定的理由")
    _can_be_undone(ctx, asked, rule)
    body = {
        "request": request,
        "matter": asked.matter,
        "role": acting.role,
        "by": by,
        "reason": reason,
        **acting.data(),
    }
    made = [NewFact(kinds.COUNTERMANDED, asked.subject, ctx.now, asked.node, body, None, reason)]
    if asked.matter == DEADLINE_CHANGE:
        made += [
            NewFact(kinds.WITHDRAWN, fact.subject, ctx.now, fact.node, {}, fact.seq, reason)
            for fact in (*ctx.index.extensions, *ctx.index.exclusions)
            if _made_by(fact, asked)
        ]
    return made


def _deciding_roles(rule: ApprovalRule, asked: ApprovalView) -> tuple[str, ...]:
    """The same authority: the role under which it was granted."""
    said = [str(step.get("role")) for step in asked.steps if step.get("outcome") == "granted"]
    return tuple(role for role in said[-1:] if role in rule.roles) or rule.roles


def _without_steps(asked: ApprovalView) -> ApprovalView:
    """Whoever granted it may take it back: his own step is no bar."""
    return replace(asked, steps=())


def _can_be_undone(ctx: Context, asked: ApprovalView, rule: ApprovalRule) -> None:
    done = _IRREVERSIBLE.get(asked.matter)
    sentence = ""
    if done is not None:
        happened = ctx.index.events_of(done.event, subjects.base(asked.subject))
        granted = asked.decided_at or asked.requested_at
        if any(fact.happened_at.date() >= granted.date() for fact in happened):
            sentence = done.sentence
    closed = ctx.index.event("closing_confirmed", subjects.CASE) is not None
    if closed and asked.matter in (CLOSING_REVIEW, SPECIAL_REVIEW, DEADLINE_CHANGE):
        sentence = "案件已经核准结案，决定不能撤销。需要继续执行的，依法恢复执行（节点四十六）。"
    if sentence:
        raise RuleRefusedError(sentence, cite=rule.cite, data={"matter": asked.matter})


def _made_by(fact: kinds.Fact, asked: ApprovalView) -> bool:
    """Whether a change of the period came from this application."""
    if "request" in fact.data:
        return int(fact.data["request"]) == asked.seq
    # Entered before the number of the application was kept with it.
    same = str(fact.data.get("instance", "")) == asked.subject
    return same and fact.happened_at == asked.decided_at


# --- paying out


def pay_out(
    ctx: Context,
    view: CaseView,
    subject: str,
    on: date,
    *,
    by: str,
    roles: Sequence[str],
    voucher: str = "",
    stands_for: Sequence[tuple[str, str]] = (),
) -> list[NewFact]:
    """Record that the money of a payment was paid out, as 财务 does after both signatures.

    ``on`` is the day of the payment, ``voucher`` its number.  Raises :class:`RuleRefusedError`
    without an approval that stands, for anybody but 财务, where what was approved was changed
    since, and :class:`InputRefusedError` for a day before the approval or in the future.
    """
    key = Key(PAYOUT_NODE, subject)
    asked = ctx.index.latest_approval(PAYOUT, PAYOUT_NODE, subject)
    if asked is None or asked.status != "granted" or asked.decided_at is None:
        refuse(gates.gate_blockers(ctx, gates.COMPLETE, key))
        raise RuleRefusedError("案款发放还没有批准，不能支付。")
    rule = rule_for(ctx, view, asked)
    decider = Decider(by, roles, stands_for)
    acting = acting_as(ctx, asked, rule, decider, (FINANCE,), verb="支付")
    act = gates.event_act(PAID_OUT)
    refuse([*gates.frozen_blockers(ctx, view, act, key), *gates.gate_blockers(ctx, act, key)])
    if ctx.index.event(PAID_OUT, subject) is not None and not _new_grant(ctx, asked, subject):
        raise RuleRefusedError("这笔款项已经登记支付，不能重复支付。", cite=rule.cite)
    problems = []
    if on > ctx.now.date():
        problems.append(Problem("支付日期", "支付日期不能晚于今天"))
    if on < asked.decided_at.date():
        problems.append(
            Problem("支付日期", f"支付日期不能早于批准之日（{asked.decided_at:%Y-%m-%d}）")
        )
    if problems:
        raise InputRefusedError("支付没有登记", problems)
    day = datetime.combine(on, datetime.min.time())
    body = {"field": "paid_out_on", "by": by, "request": asked.seq, **acting.data()}
    if voucher.strip():
        body["voucher"] = voucher.strip()
    values: dict[str, Any] = {"paid_out_on": f"{on:%Y-%m-%d}"}
    if voucher.strip():
        values["payment_voucher"] = voucher.strip()
    made = [
        NewFact(PAID_OUT, subject, day, PAYOUT_NODE, body),
        NewFact(kinds.FIELDS, subject, ctx.now, PAYOUT_NODE, {"values": values}),
    ]
    keep_freezes(ctx, view, made)
    return made


def _new_grant(ctx: Context, asked: ApprovalView, subject: str) -> bool:
    """Whether the approval is another one than that of the last payment."""
    paid = ctx.index.events.get((PAID_OUT, subject), [])[-1]
    return int(paid.data.get("request", asked.seq)) != asked.seq
