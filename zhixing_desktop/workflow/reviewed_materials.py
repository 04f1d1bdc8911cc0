"""The three kinds of material of general rule 7: what they are, and whether they were reviewed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.conditions import (
    COMPLETED,
    CURRENT_TERMINATED,
    TERMINATED,
    holds,
)
from zhixing_desktop.workflow.context import CLOSING_NODE, Context
from zhixing_desktop.workflow.facts import ApprovalView

SPECIAL_REVIEW = "special_review"
COMPLETION, OPINION, WITHDRAWAL = "completion", "opinion", "withdrawal"
INTERVIEW_NODE = 18


@dataclass(frozen=True, slots=True)
class Material:
    """A kind of material: where it is recorded as a field, and under which names it is filed.

    ``when`` is the condition of the rulebook under which a recording at node 43 is of this kind.
    """

    kind: str
    label: str
    fields: Collection[tuple[int, str]]
    materials: Collection[tuple[int, str]]
    when: str
    way: str


MATERIALS = (
    Material(
        COMPLETION,
        "申请执行人认可执行完毕的材料",
        {(CLOSING_NODE, "completion_acceptance")},
        {
            (CLOSING_NODE, "双方当事人认可执行完毕的书面材料或者笔录"),
            (CLOSING_NODE, "申请执行人出具的证明已执行完毕的材料"),
        },
        "completion_accepted",
        COMPLETED,
    ),
    Material(
        OPINION,
        "申请执行人对终结本次执行程序的意见",
        {(CLOSING_NODE, "creditor_opinion"), (INTERVIEW_NODE, "creditor_opinion")},
        {
            (CLOSING_NODE, "申请执行人对终结本次执行程序的意见"),
            (INTERVIEW_NODE, "终本约谈相关材料"),
        },
        "closing_current_terminated",
        CURRENT_TERMINATED,
    ),
    Material(
        WITHDRAWAL,
        "申请执行人撤销、撤回执行申请的材料",
        {(CLOSING_NODE, "withdrawal_on"), (CLOSING_NODE, "terminated_ground")},
        {(CLOSING_NODE, "申请执行人撤回执行申请")},
        "application_withdrawn",
        TERMINATED,
    ),
)


def needed(ctx: Context) -> Material | None:
    """Return the material that must have been accepted before 报结, by the way of closing."""
    for entry in MATERIALS:
        if ctx.closing_way == entry.way and holds(ctx, entry.when, subjects.CASE):
            return entry
    return None


def latest_review(ctx: Context, kind: str) -> ApprovalView | None:
    """Return the newest review of a kind of material; one without a kind is of any."""
    for asked in reversed(ctx.index.approvals):
        if asked.matter != SPECIAL_REVIEW or asked.status == "withdrawn":
            continue
        if asked.data.get("material") in (None, kind):
            return asked
    return None
