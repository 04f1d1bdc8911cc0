"""Who stands before an application: a person with his roles, and for whom he stands in.

The bar on deciding one's own application or case holds for both (rule of the bureau: nobody goes
round it, also not through a deputy).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from zhixing_desktop.workflow.approvals import ApprovalRule
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.errors import RuleRefusedError
from zhixing_desktop.workflow.facts import ApprovalView

OWN = "任何人不得决定自己的申请或者自己承办的案件"


@dataclass(frozen=True, slots=True)
class Decider:
    """A person who wants to decide.

    ``stands_for`` are the roles he holds as a deputy today, each with the name of the principal;
    ``near`` tells that the services know him as the clerk of the case's officer.
    """

    name: str
    roles: Collection[str]
    stands_for: Sequence[tuple[str, str]] = ()
    near: bool = False


@dataclass(frozen=True, slots=True)
class Acting:
    """Under which role somebody acts, and for whom where he is a deputy."""

    role: str
    principal: str | None = None

    def data(self) -> dict[str, str]:
        """Return what a fact keeps of it."""
        return {"on_behalf_of": self.principal} if self.principal else {}


def people_of_case(ctx: Context, asked: ApprovalView) -> frozenset[str]:
    """Return whose application or case it is: applicant, officers then and now, clerk."""
    then = str(ctx.header.get("officer", ""))
    for fact in ctx.index.officers:
        if fact.happened_at <= asked.requested_at:
            then = str(fact.data.get("officer", ""))
    clerk = str(ctx.header.get("clerk", ""))
    found = {asked.requested_by, ctx.current_officer(), then, clerk}
    return frozenset(name for name in found if name)


def acting_as(
    ctx: Context,
    asked: ApprovalView,
    rule: ApprovalRule,
    decider: Decider,
    wanted: Sequence[str],
    *,
    verb: str = "决定",
) -> Acting:
    """Return under which of the ``wanted`` roles somebody acts: his own, else as a deputy.

    Raises :class:`RuleRefusedError` where it is his own application or case, where that of everyone
    he could stand in for, where he has decided an earlier step, where a later step is his own, or
    where he has no such role.
    """
    theirs = people_of_case(ctx, asked)
    if decider.name in theirs or decider.near:
        raise RuleRefusedError(f"{OWN}。", cite=rule.cite)
    earlier = {str(step.get("by")) for step in asked.steps if step.get("outcome") == "granted"}
    earlier |= {str(step.get("on_behalf_of")) for step in asked.steps}
    if decider.name in earlier:
        raise RuleRefusedError(
            f"“{rule.label}”的前一步已由{decider.name}决定，须由另外一人{verb}。", cite=rule.cite
        )
    for role in wanted:
        if role in decider.roles:
            return Acting(role)
    named = [(role, who) for role, who in decider.stands_for if role in wanted]
    if named:
        _keep_the_later_step(rule, decider, wanted, named[0][1], verb)
    for role, who in named:
        if who not in theirs and who not in earlier:
            return Acting(role, who)
    if named:
        who = named[0][1]
        raise RuleRefusedError(
            f"{OWN}，也不得由他人代为决定：{who}与本件有关，{decider.name}不能代其{verb}。",
            cite=rule.cite,
            data={"principal": who},
        )
    raise RuleRefusedError(
        f"“{rule.label}”须由{'或者'.join(wanted)}{verb}。",
        cite=rule.cite,
        data={"roles": list(wanted)},
    )


def _keep_the_later_step(
    rule: ApprovalRule, decider: Decider, wanted: Sequence[str], principal: str, verb: str
) -> None:
    """Refuse a deputy who would use up his own later step: two steps need two people.

    Where he alone holds that role, nobody could decide any more, and nobody take it back.
    """
    if rule.mode != "sequence":
        return
    places = [place for place, role in enumerate(rule.roles) if role in wanted]
    later = [role for role in rule.roles[max(places, default=0) + 1 :] if role in decider.roles]
    if later:
        raise RuleRefusedError(
            f"“{rule.label}”的后一步由{decider.name}作为{later[0]}决定，两步须由两个人作出，"
            f"所以前一步不能代{principal}{verb}。请由{principal}本人或者另行指定的代理人{verb}。",
            cite=rule.cite,
            data={"principal": principal},
        )
