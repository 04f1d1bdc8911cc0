"""Applying for a decision, urging it, taking the application back; assigning officers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zhixing_desktop.workflow import facts as kinds
from zhixing_desktop.workflow import gates, subjects
from zhixing_desktop.workflow.approvals import (
    CLOSING_REVIEW,
    decided_by,
    find_rule,
)
from zhixing_desktop.workflow.context import CLOSING_NODE, Context
from zhixing_desktop.workflow.deciding import (
    pending_application,
)
from zhixing_desktop.workflow.errors import InputRefusedError, Problem, RuleRefusedError
from zhixing_desktop.workflow.facts import ApprovalView
from zhixing_desktop.workflow.freezing import DEADLINE_CHANGE, UNFREEZE
from zhixing_desktop.workflow.new_facts import NewFact, must_be_past, must_give_reason, refuse
from zhixing_desktop.workflow.payments import PAYOUT, asked_payment
from zhixing_desktop.workflow.period_changes import period_change
from zhixing_desktop.workflow.reviewed_materials import SPECIAL_REVIEW, needed
from zhixing_desktop.workflow.views import CaseView, Key
from zhixing_desktop.workflow.working import known_subject

ENDED = frozenset({"returned", "refused", "countermanded"})
"""How an application ended that may be made again."""


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
    ctx: Context,
    view: CaseView,
    key: Key,
    matter: str,
    reason: str,
    data: Mapping[str, Any],
    *,
    deadline_approver: str = "",
) -> list[NewFact]:
    """Apply for a decision (unfreezing, payout, escrow, 期限变更, closing review …).

    A change of the period takes what it asks for from node 42 unless ``data`` says it, and is
    granted by ``deadline_approver`` where the court names one (reading A58).  Applying for the
    closing review is the 报结 itself, so it records that event.  An application after one that was
    returned, refused or taken back names it.
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
    asked = {name: value for name, value in data.items() if name not in _OURS}
    if matter == DEADLINE_CHANGE:
        asked = period_change(ctx, key, asked)
        if deadline_approver:
            rule = decided_by(rule, (deadline_approver,))
    if matter == PAYOUT:
        asked["payment"] = asked_payment(ctx, key.subject)
    material = needed(ctx) if matter == SPECIAL_REVIEW else None
    if material is not None:
        asked["material"] = material.kind
    body = {
        **asked,
        "matter": matter,
        "reason": reason,
        "level": rule.level,
        "roles": list(rule.roles),
        "mode": rule.mode,
        **_follows(latest),
    }
    made = [NewFact(kinds.REQUESTED, key.subject, ctx.now, key.node, body)]
    if matter == CLOSING_REVIEW:
        made.extend(_reported(ctx))
    return made


_OURS = frozenset({"previous", "payment", "material", "pushed"})
"""What the program says of an application, and no applicant."""


def _follows(latest: ApprovalView | None) -> dict[str, Any]:
    if latest is None or latest.status not in ENDED:
        return {}
    return {"previous": latest.seq}


def urge(ctx: Context, view: CaseView, request: int, *, by: str, reason: str) -> list[NewFact]:
    """Urge it (催办): at most once a day, by the applicant or the officer, with a reason."""
    asked, rule = pending_application(ctx, view, request)
    _applicants_own(ctx, asked, by, "催办")
    must_give_reason(reason, "请写明催办的理由")
    if any(at.date() == ctx.now.date() for at in asked.urges):
        raise RuleRefusedError(
            f"“{rule.label}”今天已经催办过（{asked.urges[-1]:%H:%M}），每天最多催办一次。",
            cite=rule.cite,
            data={"urged_at": asked.urges[-1].isoformat()},
        )
    body = {"request": request, "matter": asked.matter, "reason": reason}
    return [NewFact(kinds.URGED, asked.subject, ctx.now, asked.node, body, None, reason)]


def withdraw_application(
    ctx: Context, view: CaseView, request: int, *, by: str, reason: str
) -> list[NewFact]:
    """Take an application back while nobody has decided on it; it stays on record as withdrawn."""
    asked, rule = pending_application(ctx, view, request)
    _applicants_own(ctx, asked, by, "撤回")
    must_give_reason(reason, "请写明撤回的理由")
    if asked.steps:
        raise RuleRefusedError("这件申请已经有人决定，不能撤回。", cite=rule.cite)
    if asked.data.get("pushed"):
        raise RuleRefusedError(
            "这件材料由系统自动推送专人审核，不能撤回。材料有误的，由材料审核人退回后补正。",
            cite=rule.cite,
        )
    return [NewFact(kinds.WITHDRAWN, asked.subject, ctx.now, asked.node, {}, request, reason)]


def _applicants_own(ctx: Context, asked: ApprovalView, by: str, verb: str) -> None:
    """The applicant acts for his application; after a change of officer the new one does, too."""
    if by not in (asked.requested_by, ctx.current_officer()):
        raise RuleRefusedError(
            f"申请由申请人{asked.requested_by}或者现在的承办人{verb}。",
            data={"requested_by": asked.requested_by},
        )


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
