"""Starting a node, recording its fields and work items, completing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from zhixing_desktop.workflow import facts as kinds
from zhixing_desktop.workflow import gates, subjects
from zhixing_desktop.workflow.completeness import (
    event_subject,
    fields_in_play,
    items_in_play,
    missing,
)
from zhixing_desktop.workflow.context import CLOSING_NODE, Context
from zhixing_desktop.workflow.drafts import entered_here, with_values
from zhixing_desktop.workflow.entries import checked_values
from zhixing_desktop.workflow.errors import Cite, InputRefusedError, Problem, RuleRefusedError
from zhixing_desktop.workflow.event_places import RESUMPTION_CLUE
from zhixing_desktop.workflow.facts import NOTHING, Fact
from zhixing_desktop.workflow.freezing import DEADLINE_CHANGE_NODE
from zhixing_desktop.workflow.item_entries import item_fact
from zhixing_desktop.workflow.moments import moment_of
from zhixing_desktop.workflow.new_facts import (
    ItemEntry,
    NewFact,
    date_problem,
    keep_completed,
    keep_freezes,
    must_be_past,
    refuse,
)
from zhixing_desktop.workflow.rulebook import EventSpec, FieldSpec, NodeSpec
from zhixing_desktop.workflow.special_review import pushed
from zhixing_desktop.workflow.views import CaseView, Key

OFFICER_FIELD = "case_officer"
"""The field of node 4 that assigns the case (分案, reading A13)."""
AFTER_CLOSING_ITEMS = frozenset({14, 15, 23, 24, 25, 26})
"""Work items of node 43 that may follow closing (reading A62)."""


def start(ctx: Context, view: CaseView, key: Key, at: datetime) -> list[NewFact]:
    """Start an on-demand node for a subject; raises :class:`RuleRefusedError`."""
    known_subject(ctx, key)
    must_be_past(ctx, at, "启动时间")
    refuse(gates.blockers(ctx, view, gates.START, key))
    return [NewFact(kinds.STARTED, key.subject, at, key.node)]


def known_subject(ctx: Context, key: Key) -> None:
    """Refuse a node that there is not, or a subject of another kind than the node's."""
    spec = ctx.rulebook.nodes.get(key.node)
    if spec is None:
        raise InputRefusedError(f"没有节点{key.node}", [Problem("节点", "节点编号为1至46")])
    if not subjects.is_subject(key.subject) or subjects.kind_of(key.subject) != spec.subject:
        want = subjects.KIND_LABELS[spec.subject]
        raise InputRefusedError(
            f"节点{key.node}按{want}办理，“{key.subject}”不是{want}", [Problem("对象", key.subject)]
        )


def work(
    ctx: Context,
    view: CaseView,
    key: Key,
    values: Mapping[str, Any],
    items: Mapping[int, ItemEntry],
    *,
    overrides: Mapping[str, str] = NOTHING,
) -> list[NewFact]:
    """Record fields and work items of an instance.

    Conditions are judged with the values counted as entered, so that a choice and what follows from
    it can be entered together.  ``overrides`` gives a reason for a field whose wording would be
    refused as 空话.  Raises :class:`InputRefusedError` with all faults, or
    :class:`RuleRefusedError`.
    """
    known_subject(ctx, key)
    spec = ctx.rulebook.nodes[key.node]
    refuse(gates.blockers(ctx, view, gates.WORK, key, draft=values))
    clean = checked_values(ctx, spec.fields, values, overrides=overrides)
    entry = _Entry(ctx, view, key, clean)
    made = entry.fields(overrides)
    for name in entry.changed:
        made.extend(entry.event(spec.field(name)))
    made.extend(_officer(ctx, key, entry.changed))
    made.extend(_period_ended(ctx, key, entry.changed))
    for number, report in items.items():
        made.extend(entry.item(number, report))
    if entry.problems:
        raise InputRefusedError(
            "录入的内容有错误，未保存：" + "；".join(p.sentence for p in entry.problems),
            entry.problems,
        )
    filed = [name for report in items.values() for name in report.materials]
    made.extend(pushed(ctx, entry.then, key, entry.changed, filed))
    keep_completed(ctx, made, [key])
    keep_freezes(ctx, view, made)
    return made


class _Entry:
    """One recording: what changes, seen with all of it entered, and what is wrong with it."""

    def __init__(self, ctx: Context, view: CaseView, key: Key, clean: Mapping[str, Any]) -> None:
        self.ctx = ctx
        self.view = view
        self.key = key
        self.spec: NodeSpec = ctx.rulebook.nodes[key.node]
        self.then = with_values(ctx, key, clean)
        self.problems: list[Problem] = []
        self.changed = {
            name: value
            for name, value in clean.items()
            if ctx.index.value(key.node, key.subject, name) != value
        }

    def fields(self, overrides: Mapping[str, str]) -> list[NewFact]:
        """The changed values as one fact."""
        if not self.changed:
            return []
        in_play = {f.name for f in fields_in_play(self.then, self.spec, self.key.subject)}
        for name, value in self.changed.items():
            label = self.spec.field(name).label
            if value is not None and name not in in_play:
                self.problems.append(Problem(label, f"“{label}”在目前的情形下不适用，请不要填写"))
        _not_locked(self.ctx, self.spec, self.key, self.changed)
        data: dict[str, Any] = {"values": self.changed}
        used = {name: why for name, why in overrides.items() if name in self.changed}
        if used:
            data["overrides"] = used
        return [NewFact(kinds.FIELDS, self.key.subject, self.ctx.now, self.key.node, data)]

    def event(self, field: FieldSpec) -> list[NewFact]:
        """The event that a date field records."""
        if field.event is None:
            return []
        event = self.ctx.rulebook.events[field.event]
        subject = event_subject(self.ctx, event, self.key)
        own = entered_here(self.ctx, self.key, field, subject)
        value = self.changed[field.name]
        if value is None:
            if own is not None:
                self._recorded(field, event, own)
            return []
        moment = moment_of(str(value))
        sentence = date_problem(self.ctx, event, moment)
        if sentence:
            self.problems.append(Problem(field.label, sentence))
            return []
        act = gates.event_act(event.name)
        refuse(gates.frozen_blockers(self.ctx, self.view, act, self.key))
        refuse(gates.gate_blockers(self.then, act, self.key))
        found = self.ctx.index.events.get((event.name, subject), ())
        known = own or (found[-1] if found else None)
        if known is None:
            return [self._event_fact(field, event, subject, moment)]
        return self._again(field, event, known, moment)

    def _again(
        self, field: FieldSpec, event: EventSpec, known: Fact, moment: datetime
    ) -> list[NewFact]:
        """The event stands recorded: the same day again, a plan that moves, or a fault."""
        exact = event.precision == "moment" and field.type == "datetime"
        same = known.happened_at == moment if exact else known.happened_at.date() == moment.date()
        if same:
            return []
        if event.planned:
            return [self._event_fact(field, event, known.subject, moment, known)]
        if event.name == RESUMPTION_CLUE and known.node != self.key.node:
            return []  # A further hit while a review is open belongs to that review.
        self._recorded(field, event, known)
        return []

    def _event_fact(
        self,
        field: FieldSpec,
        event: EventSpec,
        subject: str,
        moment: datetime,
        before: Fact | None = None,
    ) -> NewFact:
        return NewFact(
            event.name,
            subject,
            moment,
            self.key.node,
            {**(before.data if before is not None else NOTHING), "field": field.name},
            before.seq if before is not None else None,
            "重新确定日期" if before is not None else None,
        )

    def _recorded(self, field: FieldSpec, event: EventSpec, fact: Fact) -> None:
        again = "再次发生的，请另行登记；" if event.repeats else ""
        self.problems.append(
            Problem(
                field.label,
                f"“{event.label}”已经登记为{fact.happened_at:%Y-%m-%d %H:%M}。"
                f"登记过的事实不能覆盖，{again}如登记有误，请用“更正”并写明理由。",
                data={"seq": fact.seq},
            )
        )

    def item(self, number: int, report: ItemEntry) -> list[NewFact]:
        """A work item as a fact; one that does not arise in this instance is a fault."""
        known = {entry.item for entry in self.spec.work_items}
        if number not in known:
            self.problems.append(
                Problem(f"工作内容{number}", f"节点{self.spec.number}没有工作内容{number}")
            )
            return []
        item = self.spec.item(number)
        if item not in items_in_play(self.then, self.spec, self.key.subject):
            label = item.label or f"工作内容{number}"
            self.problems.append(Problem(label, f"“{label}”在目前的情形下不适用，不必登记"))
            return []
        before = self.ctx.index.items.get(self.key, {}).get(number)
        return [item_fact(self.ctx, self.key, item, report, before, self.problems)]


def _not_locked(ctx: Context, spec: NodeSpec, key: Key, changed: Mapping[str, Any]) -> None:
    """What the 审判管理办公室 reviews or has confirmed is not altered behind its back (X29)."""
    if key.node != CLOSING_NODE:
        return
    asked = ctx.index.latest_approval("closing_review", CLOSING_NODE, subjects.CASE)
    confirmed = ctx.index.event("closing_confirmed", subjects.CASE) is not None
    if not confirmed and (asked is None or asked.status != "pending"):
        return
    for name in changed:
        field = spec.field(name)
        if field.item in AFTER_CLOSING_ITEMS or (field.item is None and field.event is not None):
            continue
        if ctx.index.value(key.node, key.subject, name) in (None, "", []):
            continue
        words = "已经核准结案" if confirmed else "正在报结审查"
        raise RuleRefusedError(
            f"案件{words}，“{field.label}”不能改动。需要改动的，应当由审判管理办公室退回后重新提请报结。",
            cite=_REVIEW_CITE,
            data={"field": name},
        )


_REVIEW_CITE = Cite(
    "节点四十三 注意事项",
    "对不符合报结条件的案件，退回结案申请并由承办法官补充完善相关信息后，重新提请报结。",
)


def _officer(ctx: Context, key: Key, changed: Mapping[str, Any]) -> list[NewFact]:
    officer = changed.get(OFFICER_FIELD)
    if not officer or officer == ctx.current_officer():
        return []
    return [NewFact(kinds.OFFICER, subjects.CASE, ctx.now, key.node, {"officer": officer})]


def _period_ended(ctx: Context, key: Key, changed: Mapping[str, Any]) -> list[NewFact]:
    """Node 42: an approved suspension that was open ends on the day that is entered now."""
    until = changed.get("deadline_change_until")
    if key.node != DEADLINE_CHANGE_NODE or not until:
        return []
    return [
        NewFact(
            kinds.EXCLUSION,
            fact.subject,
            fact.happened_at,
            fact.node,
            {**fact.data, "end": until},
            fact.seq,
            "情形消除，期限恢复计算",
        )
        for fact in ctx.index.exclusions
        if fact.data.get("instance") == key.subject
        and not fact.data.get("end")
        and str(fact.data["start"]) <= str(until)
    ]


def complete(ctx: Context, view: CaseView, key: Key, at: datetime) -> list[NewFact]:
    """Complete an instance, that is, let it flow to its next nodes (流转).

    Raises :class:`RuleRefusedError` naming each blocker, or everything that is missing.
    """
    known_subject(ctx, key)
    must_be_past(ctx, at, "办结时间")
    refuse(gates.blockers(ctx, view, gates.COMPLETE, key))
    _nothing_missing(ctx, key)
    return [NewFact(kinds.COMPLETED, key.subject, at, key.node)]


def _nothing_missing(ctx: Context, key: Key) -> None:
    lacking: Sequence[Any] = missing(ctx, key)
    if not lacking:
        return
    spec = ctx.rulebook.nodes[key.node]
    names = "、".join(f"“{entry.label}”" for entry in lacking)
    raise RuleRefusedError(
        f"节点{spec.number}“{spec.name}”不能办结：还缺少{names}。请先补齐。",
        cite=lacking[0].cite or Cite("第一部分 总体要求3", "完成流程节点工作内容，及时流转节点"),
        data={"missing": [{"kind": m.kind, "name": m.name, "label": m.label} for m in lacking]},
    )
