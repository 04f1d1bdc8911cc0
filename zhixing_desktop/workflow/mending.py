"""Correcting and withdrawing facts: a new fact with a reason, nothing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zhixing_desktop.workflow import facts as kinds
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.ages import LISTED, LISTING_NODE, listing_bars
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.engine import view_of
from zhixing_desktop.workflow.entries import checked_values
from zhixing_desktop.workflow.errors import InputRefusedError, Problem, RuleRefusedError
from zhixing_desktop.workflow.facts import Fact
from zhixing_desktop.workflow.new_facts import (
    NewFact,
    after,
    date_problem,
    keep_completed,
    keep_freezes,
    must_be_past,
    must_give_reason,
    refuse,
)
from zhixing_desktop.workflow.recording import asked_of
from zhixing_desktop.workflow.views import Key

BY_DECISION = frozenset(
    {
        kinds.DECIDED,
        kinds.COUNTERMANDED,
        kinds.URGED,
        kinds.FORWARDED,
        kinds.REPLIED,
        kinds.EXTENSION,
        kinds.EXCLUSION,
        "closing_confirmed",
        "closing_returned",
    }
)
"""What only a decision makes, and only a decision could undo."""
COUNTER = "要改变已经批准的决定，由作出决定的人另行撤销（撤销决定）"
NOT_CORRECTED = BY_DECISION | {kinds.REQUESTED, kinds.FIELDS}
NOT_WITHDRAWN = BY_DECISION | {kinds.HEADER, kinds.PARTY}


def correct(
    ctx: Context, seq: int, at: datetime | None, data: Mapping[str, Any] | None, reason: str
) -> list[NewFact]:
    """Correct a fact: a new one with a reason takes its place; nothing is overwritten.

    Refused for decisions and applications, for what would lift a freeze without its authority, and
    for what would take away the ground of a completed node.
    """
    old = _standing(ctx, seq)
    must_give_reason(reason, "请写明更正的理由")
    if old.kind in NOT_CORRECTED:
        words = f"审批申请和决定不能更正，{COUNTER}"
        if old.kind == kinds.FIELDS:
            words = "请在节点中重新填写"
        raise RuleRefusedError(f"这项记录不能更正：{words}。", data={"seq": seq})
    moment = at or old.happened_at
    _day_allowed(ctx, old, moment)
    clean = _checked(ctx, old, data or {})
    new_data = {**old.data, **clean}
    if "overrides" in old.data:
        # A reason speaks of the words it was given for, not of those that replace them.
        kept = {name: why for name, why in old.data["overrides"].items() if name not in clean}
        new_data["overrides"] = kept
    made = [NewFact(old.kind, old.subject, moment, old.node, new_data, seq, reason)]
    made.extend(_field_shown(ctx, old, at, reason))
    if old.kind == LISTED:
        refuse(listing_bars(after(ctx, made), Key(LISTING_NODE, old.subject)))
    _nothing_lost(ctx, made)
    return made


def withdraw(ctx: Context, seq: int, reason: str) -> list[NewFact]:
    """Withdraw a fact that never happened; the entry stays in the journal.

    An application may be withdrawn while nobody has decided on it.
    """
    old = _standing(ctx, seq)
    must_give_reason(reason, "请写明撤回的理由")
    if old.kind in NOT_WITHDRAWN:
        way = COUNTER if old.kind in BY_DECISION else "登记有误的请更正"
        raise RuleRefusedError(f"立案信息、当事人和审批决定不能撤回：{way}。")
    if old.kind == kinds.REQUESTED and old.data.get("pushed"):
        raise RuleRefusedError("系统自动推送专人审核的材料不能撤回，由材料审核人审核或者退回。")
    if old.kind == kinds.REQUESTED and ctx.index.decided(seq):
        raise RuleRefusedError("这件申请已经有人决定，不能撤回。")
    _still_used(ctx, old)
    made = [NewFact(kinds.WITHDRAWN, old.subject, ctx.now, old.node, {}, seq, reason)]
    name = old.data.get("field")
    if name and old.node is not None:
        values = {"values": {str(name): None}}
        made.append(
            NewFact(kinds.FIELDS, _place(ctx, old), ctx.now, old.node, values, None, reason)
        )
    _nothing_lost(ctx, made)
    return made


def _standing(ctx: Context, seq: int) -> Fact:
    fact = ctx.index.standing(seq)
    if fact is None:
        raise InputRefusedError(f"没有第{seq}号事实，或者它已经更正", [Problem("事实", str(seq))])
    return fact


def _day_allowed(ctx: Context, old: Fact, moment: datetime) -> None:
    event = ctx.rulebook.events.get(old.kind)
    if event is None:
        if moment != old.happened_at:
            must_be_past(ctx, moment, "更正后的日期")
        return
    sentence = date_problem(ctx, event, moment)
    if sentence:
        raise InputRefusedError(sentence, [Problem(event.label, sentence)])


def _checked(ctx: Context, old: Fact, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is known of a subject is corrected as it was entered: field by field, checked."""
    maker = ctx.rulebook.made_by.get(old.kind)
    if maker is None:
        return data
    specs = asked_of(maker.fields)
    clean = checked_values(ctx, specs, data)
    empty = [s for s in specs if s.required and s.name in clean and clean[s.name] is None]
    if empty:
        raise InputRefusedError(
            "更正的内容有错误，未保存", [Problem(s.label, f"“{s.label}”必须填写") for s in empty]
        )
    return clean


def _field_shown(ctx: Context, old: Fact, at: datetime | None, reason: str) -> list[NewFact]:
    """The field in which the event was entered shows the corrected day."""
    name = old.data.get("field")
    if at is None or not name or old.node is None:
        return []
    day_only = ctx.rulebook.nodes[old.node].field(str(name)).type == "date"
    text = f"{at:%Y-%m-%d}" if day_only else f"{at:%Y-%m-%dT%H:%M:%S}"
    values = {"values": {str(name): text}}
    return [NewFact(kinds.FIELDS, _place(ctx, old), ctx.now, old.node, values, None, reason)]


def _place(ctx: Context, old: Fact) -> str:
    """The instance whose field recorded the event (node 23 holds its first round's start)."""
    assert old.node is not None
    name = str(old.data.get("field"))
    if ctx.index.value(old.node, old.subject, name) is not None:
        return old.subject
    owners = [
        subject
        for (node, subject), values in ctx.index.values.items()
        if node == old.node
        and values.get(name) is not None
        and subjects.related(subject, old.subject)
    ]
    return owners[0] if owners else old.subject


def _still_used(ctx: Context, old: Fact) -> None:
    """A subject with facts of its own is not taken away from under them."""
    if old.kind not in ctx.rulebook.made_by:
        return
    others = [
        fact
        for fact in ctx.index.facts
        if fact.seq != old.seq and old.subject in subjects.ancestors(fact.subject)
    ]
    if others:
        raise RuleRefusedError(
            f"{subjects.label(old.subject)}已经有办理记录，不能撤回；登记有误的请更正。",
            data={"seq": others[0].seq},
        )


def _nothing_lost(ctx: Context, made: list[NewFact]) -> None:
    keep_completed(ctx, made)
    keep_freezes(ctx, view_of(ctx), made)
