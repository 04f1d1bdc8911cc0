"""Applying for a decision, deciding, registering what another court decided, assigning officers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from zhixing_desktop.workflow import facts as kinds
from zhixing_desktop.workflow import gates, subjects
from zhixing_desktop.workflow.approvals import (
    CLOSING_REVIEW,
    ApprovalRule,
    effects_of,
    find_rule,
)
from zhixing_desktop.workflow.context import CLOSING_NODE, Context
from zhixing_desktop.workflow.errors import InputRefusedError, Problem, RuleRefusedError
from zhixing_desktop.workflow.facts import ApprovalView
from zhixing_desktop.workflow.freezing import DEADLINE_CHANGE, UNFREEZE
from zhixing_desktop.workflow.new_facts import NewFact, must_be_past, must_give_reason, refuse
from zhixing_desktop.workflow.period_changes import period_change
from zhixing_desktop.workflow.views import CaseView, Key
from zhixing_desktop.workflow.working import known_subject

OUTCOMES = ("granted", "refused", "returned")
FORWARDED = "forwarded"
REGISTRARS = ("执行局长", "主管院领导")
"""Who enters the decision of another court (the chief passes applications on)."""


@dataclass(frozen=True, slots=True)
class OutsideDecision:
    """A decision of a superior court as its document says it.

    ``authority`` is the deciding court or office, ``decider`` the person named, ``document`` the
    number of the paper, ``decided_on`` its day.
    """

    authority: str
    decider: str
    document: str
    decided_on: date


def assign_officer(ctx: Context, officer: str, at: datetime, reason: str) -> list[NewFact]:
    """Assign or change the case officer (承办人)."""
    if not officer.strip():
        raise InputRefusedError("请选择承办人", [Problem("承办人", "不能为空")])
    must_be_past(ctx, at, "更换承办人的时间")
    if ctx.index.officers and at < ctx.index.officers[-1].happened_at:
        raise InputRefusedError(
            "更换承办人的时间早于上一次更换", [Problem("时间", "请按先后次序登记")]
        )
    return [NewFact(kinds.OFFICER, subjects.CASE, at, None, {"officer": officer}, None, reason)]


def request_approval(
    ctx: Context, view: CaseView, key: Key, matter: str, reason: str, data: Mapping[str, Any]
) -> list[NewFact]:
    """Apply for a decision (unfreezing, payout, escrow, 期限变更, closing review …).

    A change of the period takes what it asks for from node 42 unless ``data`` says it.  Applying
    for the closing review is the 报结 itself, so it records that event.
    """
    known_subject(ctx, key)
    rule = find_rule(ctx, view, key, matter)
    must_give_reason(reason, "请写明申请的理由")
    latest = ctx.index.latest_approval(matter, key.node, key.subject)
    if latest is not None and latest.status == "pending":
        raise RuleRefusedError(
            f"“{rule.label}”已于{latest.requested_at:%Y-%m-%d %H:%M}申请，正在等待决定。",
            cite=rule.cite,
        )
    if matter != UNFREEZE:
        refuse(gates.blockers(ctx, view, gates.request_act(matter), key))
    asked = dict(data)
    if matter == DEADLINE_CHANGE:
        asked = period_change(ctx, key, data)
    body = {
        **asked,
        "matter": matter,
        "reason": reason,
        "level": rule.level,
        "roles": list(rule.roles),
    }
    made = [NewFact(kinds.REQUESTED, key.subject, ctx.now, key.node, body)]
    if matter == CLOSING_REVIEW:
        made.extend(_reported(ctx))
    return made


def _reported(ctx: Context) -> list[NewFact]:
    """报结 on the day of the application, unless it was entered since the last return."""
    last = ctx.index.last_event("closing_requested", subjects.CASE)
    returned = ctx.index.last_event("closing_returned", subjects.CASE)
    if last is not None and not ctx.index.undone(last, returned):
        return []
    day = ctx.now.replace(hour=0, minute=0, second=0)
    data = {"field": "closing_requested_on"}
    values = {"values": {"closing_requested_on": f"{ctx.now:%Y-%m-%d}"}}
    return [
        NewFact("closing_requested", subjects.CASE, day, CLOSING_NODE, data),
        NewFact(kinds.FIELDS, subjects.CASE, ctx.now, CLOSING_NODE, values),
    ]


def decide(
    ctx: Context,
    view: CaseView,
    request: int,
    outcome: str,
    *,
    by: str,
    roles: Sequence[str],
    reason: str,
) -> list[NewFact]:
    """Decide an application: ``granted``, ``refused`` or ``returned``.

    ``by`` is the deciding person, ``roles`` what he is.  Refused where the rule names another
    level or role, where somebody decides his own application or his own case, or when it is no
    longer pending.
    """
    pending, rule = _pending(ctx, view, request)
    key = Key(pending.node, pending.subject)
    if rule.level != "local":
        raise RuleRefusedError(
            f"本院无权决定：{rule.words}。执行局长可以登记并转报，不能代为决定。",
            cite=rule.cite,
            data={"level": rule.level, "instance": str(key)},
        )
    _not_his_own(ctx, pending, rule, by)
    step = len([s for s in pending.steps if s.get("outcome") == "granted"])
    due_roles = rule.roles[step : step + 1] if rule.mode == "sequence" else rule.roles
    role = next((entry for entry in due_roles if entry in roles), None)
    if role is None:
        raise RuleRefusedError(
            f"“{rule.label}”须由{'或者'.join(due_roles)}决定。",
            cite=rule.cite,
            data={"roles": list(due_roles)},
        )
    _outcome_known(outcome, OUTCOMES)
    if not reason.strip():
        raise InputRefusedError("请写明决定的理由", [Problem("理由", "理由不能为空")])
    if outcome == "granted" and pending.matter == CLOSING_REVIEW:
        refuse(gates.blockers(ctx, view, gates.request_act(CLOSING_REVIEW), key))
    final = outcome != "granted" or rule.mode != "sequence" or step + 1 == len(rule.roles)
    body = {
        "request": request,
        "outcome": outcome,
        "role": role,
        "by": by,
        "reason": reason,
        "matter": pending.matter,
        "final": final,
    }
    made = [NewFact(kinds.DECIDED, key.subject, ctx.now, key.node, body)]
    for effect in effects_of(pending, outcome, final):
        made.append(
            NewFact(effect.kind, effect.subject, ctx.now, key.node, effect.data, None, rule.label)
        )
        made.extend(_shown(ctx, key, effect.kind, reason))
    return made


def register_decision(
    ctx: Context,
    view: CaseView,
    request: int,
    outcome: str,
    decision: OutsideDecision,
    *,
    by: str,
    roles: Sequence[str],
    reason: str,
) -> list[NewFact]:
    """Enter what a superior court decided on an application that this court may not decide.

    ``outcome`` may also be ``forwarded`` (转报, not yet decided; reading A10).  ``by`` enters it:
    one of ``REGISTRARS``, never the applicant or the case officer.
    """
    pending, rule = _pending(ctx, view, request)
    if rule.level == "local":
        raise RuleRefusedError(
            f"“{rule.label}”由本院决定，不能作为上级法院的决定登记。", cite=rule.cite
        )
    _not_his_own(ctx, pending, rule, by)
    if not any(role in REGISTRARS for role in roles):
        raise RuleRefusedError(
            f"上级法院的决定由{'或者'.join(REGISTRARS)}登记。",
            cite=rule.cite,
            data={"roles": list(REGISTRARS)},
        )
    _outcome_known(outcome, (*OUTCOMES, FORWARDED))
    problems = _outside_problems(ctx, pending, outcome, decision)
    if problems:
        raise InputRefusedError("登记的内容有错误，未保存", problems)
    body = {
        "request": request,
        "outcome": outcome,
        "role": rule.roles[0] if rule.roles else decision.authority,
        "by": decision.decider,
        "authority": decision.authority,
        "document": decision.document,
        "registered_by": by,
        "reason": reason,
        "matter": pending.matter,
        "final": outcome != FORWARDED,
    }
    decided = datetime.combine(decision.decided_on, datetime.min.time())
    key = Key(pending.node, pending.subject)
    return [NewFact(kinds.DECIDED, key.subject, decided, key.node, body)]


def _outside_problems(
    ctx: Context, pending: ApprovalView, outcome: str, decision: OutsideDecision
) -> list[Problem]:
    found = []
    named = {"作出决定的法院": decision.authority, "批准人": decision.decider}
    if outcome != FORWARDED:
        named["批准文件及文号"] = decision.document
    found += [Problem(label, f"“{label}”必须填写") for label, v in named.items() if not v.strip()]
    if decision.decided_on > ctx.now.date():
        found.append(Problem("决定日期", "决定日期不能晚于今天"))
    if decision.decided_on < pending.requested_at.date():
        found.append(Problem("决定日期", "决定日期不能早于申请之日"))
    return found


def _pending(ctx: Context, view: CaseView, request: int) -> tuple[ApprovalView, ApprovalRule]:
    wanted = [entry for entry in ctx.index.approvals if entry.seq == request]
    if not wanted:
        raise InputRefusedError(f"没有第{request}号申请", [Problem("申请", str(request))])
    pending = wanted[0]
    key = Key(pending.node, pending.subject)
    rule = find_rule(ctx, view, key, pending.matter, decided=True)
    if pending.status != "pending":
        raise RuleRefusedError("这件申请已经决定或者撤回，不能再次决定。", cite=rule.cite)
    return pending, rule


def _not_his_own(ctx: Context, pending: ApprovalView, rule: ApprovalRule, by: str) -> None:
    if by in (pending.requested_by, ctx.current_officer()):
        raise RuleRefusedError("任何人不得决定自己的申请或者自己承办的案件。", cite=rule.cite)


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
