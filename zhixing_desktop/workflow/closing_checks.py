"""What must hold before a case is reported for closing (X12, X22, X24, X29 to X34, X40)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.conditions import (
    COMPLETED,
    CURRENT_TERMINATED,
    TERMINATED,
    closing_value,
    holds,
)
from zhixing_desktop.workflow.context import CLOSING_NODE, Context
from zhixing_desktop.workflow.counting import add_months
from zhixing_desktop.workflow.facts import Fact
from zhixing_desktop.workflow.reviewed_materials import latest_review, needed

Params = Mapping[str, object]
FEEDBACKS = ("first_query_feedback", "network_query_feedback", "traditional_query_feedback")
DISPOSED = ("funds_drawn", "transfer_ruling_served", "asset_delivered", "goods_delivered")
"""Money drawn, an asset transferred or goods handed over need no lifting any more."""
CREDIT_NODE = 38


def restricted(ctx: Context, debtor: str) -> bool:
    """Tell whether a 限制消费令 against a debtor is in force."""
    issued = ctx.index.last_of("consumption_restricted", debtor)
    lifted = ctx.index.last_of("consumption_restriction_lifted", debtor)
    return issued is not None and not ctx.index.undone(issued, lifted)


def listed(ctx: Context, debtor: str) -> bool:
    """Tell whether a debtor stands on the 失信 list; a mere correction leaves him there."""
    entered = ctx.index.last_of("credit_listed", debtor)
    removals = [
        fact
        for fact in ctx.index.events_of("credit_fault_mended", debtor)
        if ctx.index.value(CREDIT_NODE, fact.subject, "credit_fault_kind") != "更正"
    ]
    gone = removals[-1] if removals else None
    return entered is not None and not ctx.index.undone(entered, gone)


def _all_restricted(ctx: Context, subject: str, params: Params) -> bool:
    """X24: every debtor of a case closed by 终本 has a 限制消费令 in force."""
    if ctx.closing_way != CURRENT_TERMINATED:
        return True
    debtors = ctx.index.subjects_of("debtor")
    return bool(debtors) and all(restricted(ctx, debtor) for debtor in debtors)


def _interviewed(ctx: Context, subject: str, params: Params) -> bool:
    """X12: before 终本 the creditor was heard on the latest query feedback."""
    if ctx.closing_way != CURRENT_TERMINATED:
        return True
    held = ctx.index.last_event("termination_interview_held", subjects.CASE)
    if held is None:
        return False
    latest = _latest(ctx, FEEDBACKS)
    return latest is None or held.happened_at.date() >= latest.happened_at.date()


def _latest(ctx: Context, events: Sequence[str]) -> Fact | None:
    found = [fact for name in events if (fact := ctx.index.last_event(name, subjects.CASE))]
    return max(found, key=ctx.index.order_of, default=None)


def _measures_lifted(ctx: Context, subject: str, params: Params) -> bool:
    """X31: 执行完毕 lifts control measures and restrictions; X32: not in preservation cases."""
    if ctx.kind == "preservation" or ctx.closing_way != COMPLETED:
        return True
    held = any(
        ctx.control_of(asset) is not None and not _disposed(ctx, asset)
        for asset in ctx.index.subjects_of("asset")
    )
    debtors = ctx.index.subjects_of("debtor")
    return not held and not any(restricted(ctx, d) or listed(ctx, d) for d in debtors)


def _disposed(ctx: Context, asset: str) -> bool:
    return any(ctx.find(name, asset) is not None for name in DISPOSED)


def _reviewed(ctx: Context, subject: str, params: Params) -> bool:
    """X40: the three kinds of material of general rule 7 were accepted by their reviewer."""
    material = needed(ctx)
    if material is None:
        return True
    view = latest_review(ctx, material.kind)
    return view is not None and view.status == "granted"


def _notice_made(ctx: Context, subject: str, params: Params) -> bool:
    """X33: a 结案通知书 unless both parties acknowledge completion."""
    if ctx.closing_way != COMPLETED or holds(ctx, "completion_accepted", subjects.CASE):
        return True
    return bool(closing_value(ctx, "closing_notice_sent_on"))


def _ruling_made(ctx: Context, subject: str, params: Params) -> bool:
    """X34: a ruling for every 终结 but 和解长期履行; 终本 needs its ruling too."""
    if ctx.closing_way == CURRENT_TERMINATED:
        return bool(closing_value(ctx, "current_termination_ruled_on"))
    if holds(ctx, "termination_ruling_needed", subjects.CASE):
        return bool(closing_value(ctx, "termination_ruled_on"))
    return True


def _closing_data(ctx: Context, subject: str, params: Params) -> bool:
    """Node 43 item 1: the closing data are complete before 报结."""
    spec = ctx.rulebook.nodes[CLOSING_NODE]
    return all(
        ctx.index.value(CLOSING_NODE, subjects.CASE, field.name) not in (None, "", [])
        for field in spec.fields
        if field.required and field.item == 1 and field.when is None
    )


def _ground_given(ctx: Context, subject: str, params: Params) -> bool:
    """The ground that belongs to the way of closing is chosen (正确填写结案事由)."""
    names = {
        COMPLETED: "completed_ground",
        CURRENT_TERMINATED: "current_terminated_ground",
        TERMINATED: "terminated_ground",
    }
    name = names.get(ctx.closing_way)
    return name is None or bool(closing_value(ctx, name))


def _three_months(ctx: Context, subject: str, params: Params) -> bool:
    """Advice only: 终本 earlier than three months after filing (法〔2016〕373号 第一条)."""
    filed = ctx.index.event("case_filed", subjects.CASE)
    if filed is None or ctx.closing_way != CURRENT_TERMINATED:
        return True
    months = ctx.rulebook.settings.minimum_termination_months
    return ctx.now.date() > add_months(filed.happened_at.date(), months)


def _all_paid_out(ctx: Context, subject: str, params: Params) -> bool:
    """执行完毕 of a money case: every payment that arrived was paid out or put into escrow."""
    if ctx.closing_way != COMPLETED:
        return True
    return all(
        ctx.index.event("payment_paid_out", payment) is not None
        or ctx.index.event("escrow_made", payment) is not None
        for payment in ctx.index.subjects_of("payment")
    )


CLOSING_CHECKS: Mapping[str, Callable[[Context, str, Params], bool]] = MappingProxyType(
    {
        "all_debtors_restricted": _all_restricted,
        "interviewed": _interviewed,
        "measures_lifted": _measures_lifted,
        "specially_reviewed": _reviewed,
        "closing_notice_made": _notice_made,
        "closing_ruling_made": _ruling_made,
        "closing_data_complete": _closing_data,
        "closing_ground_given": _ground_given,
        "three_months_passed": _three_months,
        "all_paid_out": _all_paid_out,
    }
)
