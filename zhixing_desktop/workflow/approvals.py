"""Who decides what, and what a decision brings about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from zhixing_desktop.workflow import facts as kinds
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.conditions import CONDITIONS
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.errors import Cite, InputRefusedError, Problem, RuleRefusedError
from zhixing_desktop.workflow.facts import ApprovalView
from zhixing_desktop.workflow.freezing import DEADLINE_CHANGE, UNFREEZE
from zhixing_desktop.workflow.views import CaseView, Key

CLOSING_REVIEW = "closing_review"


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """One row of who decides: matter, level, roles in ``sequence`` or ``either``, and why."""

    matter: str
    label: str
    level: str
    roles: tuple[str, ...]
    mode: str
    words: str
    cite: Cite


@dataclass(frozen=True, slots=True)
class Effect:
    """A fact that a decision makes by itself."""

    kind: str
    subject: str
    data: Mapping[str, Any]


def find_rule(
    ctx: Context, view: CaseView, key: Key, matter: str, *, decided: bool = False
) -> ApprovalRule:
    """Return the rule for a matter at an instance.

    Raises :class:`RuleRefusedError` when there is nothing to unfreeze and
    :class:`InputRefusedError` when the node knows no such matter.  With ``decided`` the rule is
    wanted for an application that exists, so the freeze need not hold any more.
    """
    spec = ctx.rulebook.nodes[key.node]
    if matter == UNFREEZE:
        instance = view.instances.get(key)
        frozen = instance.frozen if instance is not None else None
        rule = frozen.unfreeze if frozen is not None else spec.unfreeze
        if (frozen is None and not decided) or rule is None:
            raise RuleRefusedError(
                f"节点{spec.number}“{spec.name}”没有冻结，不需要解冻。", cite=spec.cite
            )
        return ApprovalRule(
            UNFREEZE,
            f"节点{spec.number}“{spec.name}”解冻",
            rule.level.value,
            rule.roles,
            "either",
            rule.words,
            rule.cite,
        )
    for entry in spec.approvals:
        if entry.matter == matter and (
            entry.when is None or CONDITIONS[entry.when](ctx, key.subject)
        ):
            words = ("、" if entry.mode == "sequence" else "或者").join(entry.roles)
            return ApprovalRule(
                matter, entry.label, "local", entry.roles, entry.mode, f"由{words}审批", entry.cite
            )
    raise InputRefusedError(
        f"节点{spec.number}“{spec.name}”没有这类审批", [Problem("事项", matter)]
    )


def rule_for(ctx: Context, view: CaseView, asked: ApprovalView) -> ApprovalRule:
    """Return the rule under which an application is decided.

    Who grants a change of the period is the court's own choice (reading A58): the one that stood
    when it was applied for counts, so that an application does not lose its way under a new one.
    """
    rule = find_rule(ctx, view, Key(asked.node, asked.subject), asked.matter, decided=True)
    roles = tuple(str(role) for role in asked.data.get("roles", ()))
    return decided_by(rule, roles) if asked.matter == DEADLINE_CHANGE and roles else rule


def decided_by(rule: ApprovalRule, roles: tuple[str, ...]) -> ApprovalRule:
    """Return the rule with other roles that decide."""
    return replace(rule, roles=roles, words=f"由{'或者'.join(roles)}审批")


def due_roles(rule: ApprovalRule, asked: ApprovalView) -> tuple[str, ...]:
    """Return the roles of which one decides next."""
    if rule.mode != "sequence":
        return rule.roles
    step = sum(1 for entry in asked.steps if entry.get("outcome") == "granted")
    return rule.roles[step : step + 1]


def effects_of(
    request: ApprovalView,
    outcome: str,
    final: bool,  # noqa: FBT001 - said by position by those who replay decisions
) -> tuple[Effect, ...]:
    """Return the facts a decision makes: 结案 confirmed or returned, the period changed."""
    if request.matter == CLOSING_REVIEW:
        if outcome == "granted" and final:
            return (Effect("closing_confirmed", subjects.CASE, {}),)
        if outcome in ("returned", "refused"):
            return (Effect("closing_returned", subjects.CASE, {}),)
    if request.matter == DEADLINE_CHANGE and outcome == "granted" and final:
        data = request.data
        why = str(data.get("ground") or data.get("reason", ""))
        body: dict[str, Any] = {
            "reason": why,
            "instance": request.subject,
            "request": request.seq,
        }
        if data.get("amount"):
            return (
                Effect(
                    kinds.EXTENSION,
                    subjects.CASE,
                    {
                        **body,
                        "amount": int(data["amount"]),
                        "unit": str(data.get("unit", "month")),
                    },
                ),
            )
        if data.get("start"):
            body |= {"start": str(data["start"]), "end": data.get("end")}
            return (Effect(kinds.EXCLUSION, subjects.CASE, body),)
    return ()
