"""A later reply of the court that decided: it puts its decision right, or takes it back.

The guideline is silent.  Reading A10 carried on: what this court may not decide it may not take
back either; the same authority does, by a paper of its own, with the same life as the first
(number, day, scan, read back).  What follows is what follows from a counter-decision of this court,
and from the moment it is read back: what was done while the first one stood was lawfully done.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from zhixing_desktop.workflow import facts as kinds
from zhixing_desktop.workflow.approvals import ApprovalRule, rule_for
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.deciding import find_application, pending_application
from zhixing_desktop.workflow.errors import Problem, RuleRefusedError
from zhixing_desktop.workflow.facts import ApprovalView
from zhixing_desktop.workflow.new_facts import NewFact
from zhixing_desktop.workflow.views import CaseView

REVOKED = "revoked"
"""What a later reply says that takes the first one back; the others put another in its place."""
_DECIDED = frozenset({"granted", "refused", "returned"})
Step = Mapping[str, Any]


def last_reply(asked: ApprovalView) -> Step | None:
    """Return the reply that counts now; ``None`` where no court outside has decided."""
    if asked.status not in _DECIDED:
        return None
    return next((step for step in reversed(asked.steps) if step.get("document")), None)


def papers(asked: ApprovalView) -> tuple[str, ...]:
    """Return the numbers of all papers that were entered and read back, in order."""
    ended = [asked.countermand] if asked.countermand is not None else []
    return tuple(str(e["document"]) for e in (*asked.steps, *ended) if "reply" in e)


def open_to_reply(ctx: Context, view: CaseView, request: int) -> tuple[ApprovalView, ApprovalRule]:
    """Return an application that a court outside may answer, or has answered, and its rule.

    Raises :class:`RuleRefusedError` where it is over otherwise, and where it was made again since.
    """
    asked = find_application(ctx, request)
    if last_reply(asked) is None:
        return pending_application(ctx, view, request)
    rule = rule_for(ctx, view, asked)
    again = [
        other.seq
        for other in ctx.index.approvals
        if (other.node, other.subject, other.matter) == (asked.node, asked.subject, asked.matter)
        and other.seq > asked.seq
        and other.status in ("pending", "granted")
    ]
    if again and asked.status != "granted":
        raise RuleRefusedError(
            f"同一事项此后已经另行申请（第{again[-1]}号），后来的答复请登记在那件申请上。",
            cite=rule.cite,
            data={"request": again[-1]},
        )
    return asked, rule


def later_problems(
    asked: ApprovalView, number: str, office: str, decided_on: date, outcome: str
) -> list[Problem]:
    """Return what is wrong with a reply that follows one; empty for a first one."""
    first = last_reply(asked)
    if first is None:
        if outcome == REVOKED:
            return [Problem("答复结果", "还没有生效的答复，不能登记为撤销原批复")]
        return []
    found = []
    court = str(first.get("authority", ""))
    if office.strip() and _plain(office) != _plain(court):
        found.append(
            Problem(
                "作出决定的法院或者部门",
                f"原答复由{court}作出，只能由同一法院更正或者撤销；其他法院的文书请随案保存",
            )
        )
    if number.strip() and _plain(number) in {_plain(paper) for paper in papers(asked)}:
        found.append(Problem("答复文号", "与原答复的文号相同，请填写更正或者撤销文书自己的文号"))
    if asked.decided_at is not None and decided_on < asked.decided_at.date():
        day = f"{asked.decided_at:%Y-%m-%d}"
        found.append(Problem("答复日期", f"答复日期不能早于原答复之日（{day}）"))
    if outcome == REVOKED and asked.status != "granted":
        words = "原答复没有批准，没有可以撤销的批准；上级法院改为批准的，答复结果选批准"
        found.append(Problem("答复结果", words))
    return found


def later_facts(
    ctx: Context, asked: ApprovalView, body: Mapping[str, Any], decided_on: date
) -> list[NewFact]:
    """Return what a later reply brings once it is read back; ``body`` as of a first one."""
    outcome = str(body["outcome"])
    if asked.status == "granted" and outcome != "granted":
        data = {**body, "decided_on": decided_on.isoformat()}
        reason = str(body["reason"])
        made = NewFact(kinds.COUNTERMANDED, asked.subject, ctx.now, asked.node, data, None, reason)
        return [made]
    at = datetime.combine(decided_on, datetime.min.time())
    if outcome == asked.status and asked.decided_at is not None:
        # The wording was put right: nothing begins or ends by it.
        at = asked.decided_at
    return [NewFact(kinds.DECIDED, asked.subject, at, asked.node, dict(body))]


def _plain(words: str) -> str:
    """Return words for comparing: no blanks, no difference of width."""
    return "".join(unicodedata.normalize("NFKC", words).split())
