"""What is paid out is what was approved (rule X22)."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.facts import NOTHING

PAYOUT, PAYOUT_NODE = "payout", 33
PAID_OUT = "payment_paid_out"
APPROVED_FIELDS = MappingProxyType(
    {"payout_amount": "发放金额", "payee": "收款的申请执行人", "payee_account": "收款账户"}
)
"""Fields of node 33 that are paid as they were approved."""


def asked_payment(ctx: Context, subject: str) -> dict[str, Any]:
    """Return what is asked to be paid, as node 33 says it when the application is made."""
    entered = ctx.index.values.get((PAYOUT_NODE, subject), NOTHING)
    return {name: entered[name] for name in APPROVED_FIELDS if entered.get(name) is not None}


def changed_since(ctx: Context, subject: str) -> tuple[str, ...]:
    """Return the names of what stands otherwise in node 33 than it was approved."""
    asked = ctx.index.latest_approval(PAYOUT, PAYOUT_NODE, subject)
    approved = dict(asked.data.get("payment", NOTHING)) if asked is not None else {}
    now = asked_payment(ctx, subject)
    return tuple(name for name, value in approved.items() if now.get(name) != value)
