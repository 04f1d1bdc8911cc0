"""What would follow from a yes and from a no: the engine asked with the decision as if it stood.

Pure: a case as ``cases.detail`` gave it and an application in, words and states out.  Nothing is
written; who decides is nobody in particular, so that only the rules of the matter itself refuse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhixing_desktop.services.case_store import numbered
from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.due_words import due_words
from zhixing_desktop.services.fact_words import subject_words
from zhixing_desktop.workflow import decide, gates, subjects
from zhixing_desktop.workflow.approvals import ApprovalRule, due_roles
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.decide import NewFact, OutsideDecision
from zhixing_desktop.workflow.deciding import find_application
from zhixing_desktop.workflow.engine import view_of
from zhixing_desktop.workflow.errors import ZhixingError
from zhixing_desktop.workflow.facts import ApprovalView, State
from zhixing_desktop.workflow.outside_decisions import REGISTRARS
from zhixing_desktop.workflow.views import CaseView, InstanceView, Key

YES, NO = "granted", "refused"
LOCAL = "local"
_NOBODY = "推演"
_AFTER_YES = {
    "payout": "由财务登记支付",
    "escrow": "可以办理提存",
    "consumption_restriction": "可以签发限制消费令",
    "credit_listing": "可以签发失信决定书",
    "bring_in": "可以实施拘传",
    "fine_or_detention": "可以实施罚款、拘留等措施",
    "special_review": "材料审核通过，可以报结",
}
"""What a yes lets the officer do, where no node's state tells it."""


@dataclass(frozen=True, slots=True)
class Change:
    """How one node instance stands before and after; ``note`` says what it may do then.

    ``label`` names node and subject, ``node`` the node alone.
    """

    label: str
    node: str
    before: State
    after: State
    note: str


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows from one outcome.

    ``changes`` are the node itself and its next ones, ``words`` what else is to be said,
    ``next_due`` the case's next day; ``refusal`` why this outcome cannot be, empty where it can.
    """

    outcome: str
    changes: tuple[Change, ...]
    words: tuple[str, ...]
    next_due: str
    refusal: str = ""


def consequences(
    case: CaseDetail, asked: ApprovalView, rule: ApprovalRule
) -> tuple[Consequence, ...]:
    """Return what follows from a yes (of everybody who must say so) and from a no."""
    return tuple(_consequence(case, asked, rule, outcome) for outcome in (YES, NO))


def _consequence(
    case: CaseDetail, asked: ApprovalView, rule: ApprovalRule, outcome: str
) -> Consequence:
    try:
        ctx, view = _decided(case, asked, rule, outcome)
    except ZhixingError as error:
        return Consequence(outcome, (), (), "", error.sentence)
    key = Key(asked.node, asked.subject)
    words = []
    if case.view.state is not view.state:
        words.append(f"案件状态：{case.view.state.label} → {view.state.label}")
    if outcome == YES and asked.matter in _AFTER_YES:
        words.append(_AFTER_YES[asked.matter])
    if outcome == NO:
        words.append("申请人可以补充后重新申请")
    return Consequence(
        outcome, _changes(case, ctx, view, key), tuple(words), _next_due(case, ctx, view)
    )


def _decided(
    case: CaseDetail, asked: ApprovalView, rule: ApprovalRule, outcome: str
) -> tuple[Context, CaseView]:
    ctx, view = case.context, case.view
    while find_application(ctx, asked.seq).status == "pending":
        made = _facts(ctx, view, asked.seq, rule, outcome)
        new = numbered(made, len(ctx.index.given) + 1, ctx.now, _NOBODY)
        ctx = Context(ctx.rulebook, ctx.calendar, ctx.index.grown(new), ctx.now)
        view = view_of(ctx)
    return ctx, view


def _facts(
    ctx: Context, view: CaseView, request: int, rule: ApprovalRule, outcome: str
) -> Sequence[NewFact]:
    if rule.level != LOCAL:
        paper = OutsideDecision(rule.words, _NOBODY, _NOBODY, ctx.now.date())
        return decide.register_decision(
            ctx, view, request, outcome, paper, by=_NOBODY, roles=REGISTRARS[:1], reason=_NOBODY
        )
    pending = find_application(ctx, request)
    return decide.decide(
        ctx,
        view,
        request,
        outcome,
        # Each step of a sequence needs another person.
        by=f"{_NOBODY}{len(pending.steps)}",
        roles=due_roles(rule, pending),
        reason=_NOBODY,
    )


def _changes(case: CaseDetail, ctx: Context, view: CaseView, key: Key) -> tuple[Change, ...]:
    after = view.instances.get(key)
    if after is None:
        return ()
    found = [_change(case, ctx, view, after)]
    for edge in ctx.rulebook.nodes[key.node].next:
        for entry in view.of_node(edge.to) if isinstance(edge.to, int) else ():
            related = subjects.related(entry.key.subject, key.subject)
            if entry.key != key and related and entry.state is not State.NOT_APPLICABLE:
                found.append(_change(case, ctx, view, entry))
    return tuple(found)


def _change(case: CaseDetail, ctx: Context, view: CaseView, after: InstanceView) -> Change:
    key = after.key
    spec = ctx.rulebook.nodes[key.node]
    where = ""
    if key.subject != subjects.CASE:
        where = f"（{subject_words(ctx.index.name_of, key.subject)}）"
    before = case.view.instances.get(key)
    act = gates.START if after.state is State.NOT_STARTED else gates.COMPLETE
    was = gates.refusing(gates.frozen_blockers(case.context, case.view, act, key))
    held = gates.refusing(gates.frozen_blockers(ctx, view, act, key))
    note = ""
    if held:
        note = "仍然冻结，不得流转" if after.frozen is not None else "被前面的冻结挡住，不得办理"
    elif was:
        note = "恢复办理、流转"
    return Change(
        f"节点{key.node} {spec.name}{where}",
        f"节点{key.node} {spec.name}",
        before.state if before is not None else State.NOT_STARTED,
        after.state,
        note,
    )


def _next_due(case: CaseDetail, ctx: Context, view: CaseView) -> str:
    due, key = view.next_due, view.next_due_key
    if due is None or key is None or due.due_at is None:
        return "没有进行中的期限"
    spec = ctx.rulebook.nodes[key.node]
    doubt = "（暂定）" if due.provisional else ""
    return f"节点{key.node} {spec.name}，{due_words(due.due_at, case.now)}{doubt}"
