"""Authorities outside the court: passing an application on, and what comes back.

This court never decides in their place (readings A8, A10).  Each hop of the letter is a fact; the
reply is entered by one person from its paper and counts only once another person has read it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from zhixing_desktop.workflow import facts as kinds
from zhixing_desktop.workflow.approvals import ApprovalRule
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.deciders import Decider, acting_as
from zhixing_desktop.workflow.deciding import OUTCOMES, pending_application
from zhixing_desktop.workflow.errors import InputRefusedError, Problem, RuleRefusedError
from zhixing_desktop.workflow.facts import ApprovalView
from zhixing_desktop.workflow.later_replies import (
    REVOKED,
    last_reply,
    later_facts,
    later_problems,
    open_to_reply,
)
from zhixing_desktop.workflow.new_facts import NewFact
from zhixing_desktop.workflow.views import CaseView, Key

PASSED_ON = "forwarded"
REGISTRARS = ("执行局长", "主管院领导")
"""Who passes applications on and enters the decision of another court."""
READERS = ("书记员", "主管院领导", "院长", "审判管理办公室")
"""Who reads an entered reply back: a second person who has the paper in hand."""
_BRACKETS = str.maketrans("()〔〕[]【】（）", "（）" * 5)


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


@dataclass(frozen=True, slots=True)
class Hop:
    """A letter on its way: who sent it to whom, on which day, under which number."""

    sender: str
    receiver: str
    sent_on: date
    number: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, as its paper says it.

    ``number`` of the paper, ``decided_on`` its day, ``decider`` and ``office`` who decided,
    ``outcome`` one of ``granted``, ``refused``, ``returned``, of a later reply also ``revoked``;
    ``words`` what it says.
    """

    number: str
    decided_on: date
    decider: str
    office: str
    outcome: str
    words: str


def plain_number(number: str) -> str:
    """Return the number of a paper for comparing: no blanks, one kind of brackets."""
    return "".join(number.split()).translate(_BRACKETS)


def forward(
    ctx: Context,
    view: CaseView,
    request: int,
    hop: Hop,
    *,
    by: str,
    roles: Sequence[str],
    stands_for: Sequence[tuple[str, str]] = (),
    near: bool = False,
) -> list[NewFact]:
    """Record that the application was passed on (转报), one hop; it is not decided by that."""
    asked, rule = _outside(ctx, view, request)
    acting = acting_as(
        ctx, asked, rule, Decider(by, roles, stands_for, near), REGISTRARS, verb="转报"
    )
    problems = _hop_problems(ctx, asked, hop)
    if problems:
        raise InputRefusedError("转报没有登记", problems)
    body = {
        "request": request,
        "matter": asked.matter,
        "from": hop.sender.strip(),
        "to": hop.receiver.strip(),
        "on": hop.sent_on.isoformat(),
        "number": hop.number.strip(),
        "note": hop.note.strip(),
        "by": by,
        "role": acting.role,
        **acting.data(),
    }
    return [NewFact(kinds.FORWARDED, asked.subject, ctx.now, asked.node, body)]


def _hop_problems(ctx: Context, asked: ApprovalView, hop: Hop) -> list[Problem]:
    found = []
    sender, receiver = hop.sender.strip(), hop.receiver.strip()
    named = {"转报法院": sender, "接收法院": receiver}
    if not asked.forwards:
        named["转报函文号"] = hop.number.strip()
    found += [Problem(label, f"“{label}”必须填写") for label, text in named.items() if not text]
    if sender and sender == receiver:
        found.append(Problem("接收法院", "转报法院和接收法院不能是同一个"))
    if hop.sent_on > ctx.now.date():
        found.append(Problem("转报日期", "转报日期不能晚于今天"))
    if hop.sent_on < asked.requested_at.date():
        found.append(Problem("转报日期", "转报日期不能早于申请之日"))
    before = max((str(entry.get("on", "")) for entry in asked.forwards), default="")
    if before and hop.sent_on.isoformat() < before:
        found.append(Problem("转报日期", f"转报日期不能早于上一次转报之日（{before}）"))
    return found


def enter_reply(
    ctx: Context,
    view: CaseView,
    request: int,
    reply: Reply,
    scan: str,
    *,
    by: str,
    roles: Sequence[str],
    stands_for: Sequence[tuple[str, str]] = (),
    near: bool = False,
) -> list[NewFact]:
    """Enter a reply with its scan (the digest under which it is kept); it does not count yet.

    Entered again it takes the place of one that was not read back.  Where one counts already, it
    is a later one of the same court (``later_replies``).  Raises :class:`InputRefusedError` with
    everything that is wrong.
    """
    asked, rule = _answered(ctx, view, request)
    decider = Decider(by, roles, stands_for, near)
    acting = acting_as(ctx, _afresh(asked), rule, decider, REGISTRARS, verb="登记")
    if not asked.forwards and last_reply(asked) is None:
        raise RuleRefusedError(
            "这件申请还没有转报，不能登记答复。请先登记转报。",
            cite=rule.cite,
            data={"request": request},
        )
    problems = reply_problems(ctx, asked, reply)
    if not scan:
        problems.append(Problem("扫描件", "请附上答复文件的扫描件（PDF 或者图片）"))
    if problems:
        raise InputRefusedError("答复没有登记", problems)
    body = {
        "request": request,
        "matter": asked.matter,
        "number": reply.number.strip(),
        "decided_on": reply.decided_on.isoformat(),
        "decider": reply.decider.strip(),
        "office": reply.office.strip(),
        "outcome": reply.outcome,
        "words": reply.words.strip(),
        "scan": scan,
        "by": by,
        "role": acting.role,
        **acting.data(),
    }
    return [NewFact(kinds.REPLIED, asked.subject, ctx.now, asked.node, body)]


def reply_problems(ctx: Context, asked: ApprovalView, reply: Reply) -> list[Problem]:
    """Return what is wrong with a reply, but for its scan and for the papers of other cases."""
    named = {
        "答复文号": reply.number,
        "作出决定的人": reply.decider,
        "作出决定的法院或者部门": reply.office,
        "答复内容": reply.words,
    }
    found = [Problem(label, f"“{label}”必须填写") for label, v in named.items() if not v.strip()]
    if reply.outcome not in (*OUTCOMES, REVOKED):
        found.append(Problem("答复结果", f"不认识的答复结果“{reply.outcome}”"))
    if reply.decided_on > ctx.now.date():
        found.append(Problem("答复日期", "答复日期不能晚于今天"))
    if reply.decided_on < asked.requested_at.date():
        day = f"{asked.requested_at:%Y-%m-%d}"
        found.append(Problem("答复日期", f"答复日期不能早于申请之日（{day}）"))
    found += later_problems(asked, reply.number, reply.office, reply.decided_on, reply.outcome)
    return found


def read_back(
    ctx: Context,
    view: CaseView,
    request: int,
    number: str,
    decided_on: date,
    *,
    by: str,
    roles: Sequence[str],
    stands_for: Sequence[tuple[str, str]] = (),
    near: bool = False,
) -> list[NewFact]:
    """Confirm an entered reply from its paper: number and date typed again by a second person.

    Only then it counts as the decision.  What differs is said and nothing is recorded: the reply
    stays entered and can be entered anew.
    """
    asked, rule = _answered(ctx, view, request)
    reply = asked.reply
    if reply is None:
        raise RuleRefusedError(
            "这件申请还没有登记答复，不能核对。",
            cite=rule.cite,
            data={"request": request},
        )
    if by == reply.get("entered_by"):
        raise RuleRefusedError(
            f"答复由{by}登记，须由另外一人对照原件核对后才生效。",
            cite=rule.cite,
            data={"entered_by": by},
        )
    if stands_for and any(who == reply.get("entered_by") for _, who in stands_for):
        stands_for = [entry for entry in stands_for if entry[1] != reply.get("entered_by")]
    decider = Decider(by, roles, stands_for, near)
    acting = acting_as(ctx, _afresh(asked), rule, decider, READERS, verb="核对")
    different = []
    if plain_number(number) != plain_number(str(reply["number"])):
        different.append(Problem("答复文号", f"核对填写的文号“{number.strip()}”与登记的不一致"))
    if decided_on.isoformat() != reply["decided_on"]:
        different.append(
            Problem("答复日期", f"核对填写的日期“{decided_on:%Y-%m-%d}”与登记的不一致")
        )
    if different:
        raise InputRefusedError(
            "核对不一致，答复没有生效。请对照原件再核对一次；登记有误的，由登记人重新登记。",
            different,
        )
    body: dict[str, Any] = {
        "request": request,
        "outcome": reply["outcome"],
        "role": rule.roles[0] if rule.roles else reply["office"],
        "by": reply["decider"],
        "authority": reply["office"],
        "document": reply["number"],
        "scan": reply["scan"],
        "registered_by": reply["entered_by"],
        "confirmed_by": by,
        "reply": reply["seq"],
        "reason": reply["words"],
        "matter": asked.matter,
        "final": True,
        **acting.data(),
    }
    day = date.fromisoformat(str(reply["decided_on"]))
    if last_reply(asked) is not None:
        return later_facts(ctx, asked, body, day)
    decided = datetime.combine(day, datetime.min.time())
    return [NewFact(kinds.DECIDED, asked.subject, decided, asked.node, body)]


def _outside(ctx: Context, view: CaseView, request: int) -> tuple[ApprovalView, ApprovalRule]:
    return _must_be_outside(*pending_application(ctx, view, request))


def _answered(ctx: Context, view: CaseView, request: int) -> tuple[ApprovalView, ApprovalRule]:
    """Return an application that waits for its reply, or has one that a later one may change."""
    return _must_be_outside(*open_to_reply(ctx, view, request))


def _afresh(asked: ApprovalView) -> ApprovalView:
    """Whoever had to do with the first reply may do the same with the later one."""
    return asked if last_reply(asked) is None else replace(asked, steps=())


def _must_be_outside(asked: ApprovalView, rule: ApprovalRule) -> tuple[ApprovalView, ApprovalRule]:
    if rule.level == "local":
        raise RuleRefusedError(
            f"“{rule.label}”由本院决定，不能转报，也不能作为上级法院的决定登记。", cite=rule.cite
        )
    return asked, rule


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
    """Return what a superior court's decision brings, at once and without its scan.

    For weighing what would follow; no use case writes it (see ``enter_reply``, ``read_back``).
    ``outcome`` may also be ``forwarded`` (转报, not yet decided; reading A10).  ``by`` is one of
    ``REGISTRARS``, never the applicant or the case officer.
    """
    pending, rule = _outside(ctx, view, request)
    acting = acting_as(ctx, pending, rule, Decider(by, roles), REGISTRARS, verb="登记")
    if outcome not in (*OUTCOMES, PASSED_ON):
        raise InputRefusedError(f"不认识的决定“{outcome}”", [Problem("决定", outcome)])
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
        "final": outcome != PASSED_ON,
        **acting.data(),
    }
    decided = datetime.combine(decision.decided_on, datetime.min.time())
    key = Key(pending.node, pending.subject)
    return [NewFact(kinds.DECIDED, key.subject, decided, key.node, body)]


def _outside_problems(
    ctx: Context, pending: ApprovalView, outcome: str, decision: OutsideDecision
) -> list[Problem]:
    found = []
    named = {"作出决定的法院": decision.authority, "批准人": decision.decider}
    if outcome != PASSED_ON:
        named["批准文件及文号"] = decision.document
    found += [Problem(label, f"“{label}”必须填写") for label, v in named.items() if not v.strip()]
    if decision.decided_on > ctx.now.date():
        found.append(Problem("决定日期", "决定日期不能晚于今天"))
    if decision.decided_on < pending.requested_at.date():
        found.append(Problem("决定日期", "决定日期不能早于申请之日"))
    return found
