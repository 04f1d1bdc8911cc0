"""From what a person wants to the facts it makes, or to a refusal that says why.

Pure: the services load the facts, ask here, write what comes back.  The same functions stand
behind the window, the command line and imports, so none of them can go round a rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from zhixing_desktop.workflow import facts as kinds
from zhixing_desktop.workflow import gates, subjects
from zhixing_desktop.workflow.approvals import effects_of, find_rule
from zhixing_desktop.workflow.completeness import event_subject, fields_in_play, missing
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.entries import checked_values
from zhixing_desktop.workflow.errors import Cite, InputRefusedError, Problem, RuleRefusedError
from zhixing_desktop.workflow.facts import NOTHING, Fact, State
from zhixing_desktop.workflow.rulebook import EventSpec, FieldSpec, NodeSpec
from zhixing_desktop.workflow.views import Blocker, CaseView, Key


OFFICER_FIELD = "case_officer"
"""The field of node 4 that assigns the case (分案, reading A13)."""


@dataclass(frozen=True, slots=True)
class NewFact:
    """A fact that is to be written; number, author and time of entry are the service's."""

    kind: str
    subject: str
    happened_at: datetime
    node: int | None = None
    data: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    corrects: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ItemEntry:
    """A work item reported done.

    ``papers`` maps a paper's name to the day it was made; ``notices`` are ``{who, channel, on}``;
    ``materials`` are names filed; ``not_needed`` is the reason why the item does not arise here.
    """

    done_on: datetime
    papers: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    notices: Sequence[Mapping[str, str]] = ()
    materials: Sequence[str] = ()
    not_needed: str | None = None


def refuse(found: Sequence[Blocker]) -> None:
    """Raise the refusals among ``found`` as one :class:`RuleRefusedError`."""
    hard = gates.refusing(found)
    if hard:
        raise RuleRefusedError(
            "\n".join(dict.fromkeys(entry.sentence for entry in hard)),
            cite=hard[0].cite,
            data={
                "blockers": [
                    {
                        "code": entry.code,
                        "sentence": entry.sentence,
                        "cite": entry.cite.words(),
                        **(entry.data or {}),
                    }
                    for entry in hard
                ]
            },
        )


def start(ctx: Context, view: CaseView, key: Key, at: datetime) -> list[NewFact]:
    """Start an on-demand node for a subject; raises :class:`RuleRefusedError`."""
    _known_subject(ctx, key)
    _dated(ctx, at, "启动时间")
    refuse(gates.blockers(ctx, view, gates.START, key))
    return [NewFact(kinds.STARTED, key.subject, at, key.node)]


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

    ``overrides`` gives a reason for a field whose wording would be refused as 空话.  Raises
    :class:`InputRefusedError` with all faulty fields, or :class:`RuleRefusedError`.
    """
    spec = ctx.rulebook.nodes[key.node]
    refuse(gates.blockers(ctx, view, gates.WORK, key, draft=values))
    clean = checked_values(ctx, spec.fields, values, overrides=overrides)
    made: list[NewFact] = []
    problems: list[Problem] = []
    changed = {
        name: value
        for name, value in clean.items()
        if ctx.index.value(key.node, key.subject, name) != value
    }
    if changed:
        data: dict[str, Any] = {"values": changed}
        used = {name: why for name, why in overrides.items() if name in changed}
        if used:
            data["overrides"] = used
        made.append(NewFact(kinds.FIELDS, key.subject, ctx.now, key.node, data))
    for name, value in changed.items():
        made.extend(_event_of(ctx, view, key, spec.field(name), value, clean, problems))
    officer = changed.get(OFFICER_FIELD)
    if officer and officer != ctx.current_officer():
        made.append(NewFact(kinds.OFFICER, subjects.CASE, ctx.now, key.node, {"officer": officer}))
    for number, entry in items.items():
        made.append(_item_fact(ctx, key, spec, number, entry, problems))
    if problems:
        raise InputRefusedError("录入的内容有错误，未保存", problems)
    return made


def _event_of(
    ctx: Context,
    view: CaseView,
    key: Key,
    spec: FieldSpec,
    value: Any,
    draft: Mapping[str, Any],
    problems: list[Problem],
) -> list[NewFact]:
    if spec.event is None or value in (None, ""):
        return []
    event = ctx.rulebook.events[spec.event]
    subject = event_subject(ctx, event, key)
    moment = moment_of(str(value))
    sentence = _date_problem(ctx, event, moment)
    if sentence:
        problems.append(Problem(spec.label, sentence))
        return []
    refuse(gates.blockers(ctx, view, f"event:{event.name}", key, draft=draft))
    before = [
        fact
        for fact in ctx.index.events.get((event.name, subject), ())
        if fact.data.get("field") == spec.name and fact.node == key.node
    ]
    data = {"field": spec.name}
    elsewhere = [
        fact
        for fact in ctx.index.events.get((event.name, subject), ())
        if fact.data.get("field") is None or fact.node != key.node
    ]
    if elsewhere and (event.creates or event.subject == "case") and not before:
        known = elsewhere[-1]
        if known.happened_at.date() == moment.date():
            return []
        problems.append(_recorded(spec, event, known))
        return []
    if before and before[-1].happened_at == moment:
        return []
    if before and not event.planned:
        problems.append(_recorded(spec, event, before[-1]))
        return []
    corrects = before[-1].seq if before else None
    reason = "重新确定日期" if before else None
    return [NewFact(event.name, subject, moment, key.node, data, corrects, reason)]


def _recorded(spec: FieldSpec, event: EventSpec, fact: Fact) -> Problem:
    return Problem(
        spec.label,
        f"“{event.label}”已经登记为{fact.happened_at:%Y-%m-%d %H:%M}。"
        "登记过的事实不能覆盖，如登记有误，请用“更正”并写明理由。",
        data={"seq": fact.seq},
    )


def _item_fact(
    ctx: Context,
    key: Key,
    spec: NodeSpec,
    number: int,
    entry: ItemEntry,
    problems: list[Problem],
) -> NewFact:
    try:
        item = spec.item(number)
    except KeyError:
        problems.append(Problem(f"工作内容{number}", f"节点{spec.number}没有工作内容{number}"))
        return NewFact(kinds.ITEM, key.subject, entry.done_on, key.node)
    if entry.done_on > ctx.now:
        problems.append(Problem(f"工作内容{item.label or number}", "完成日期不能晚于现在"))
    unknown = [paper for paper in entry.papers if paper not in item.papers]
    problems.extend(
        Problem(f"工作内容{number}", f"该项工作内容没有文书《{paper}》") for paper in unknown
    )
    data: dict[str, Any] = {"item": number}
    if entry.not_needed is not None:
        if len(entry.not_needed.strip()) < 4:
            problems.append(Problem(f"工作内容{number}", "“不需要办理”应当写明具体理由"))
        data["not_needed"] = entry.not_needed
    for paper, made_on in entry.papers.items():
        if not _is_day(made_on) and len(made_on.strip()) < 4:
            problems.append(Problem(f"《{paper}》", "请填写制作日期，或者写明不需要制作的理由"))
    if entry.papers:
        data["papers"] = dict(entry.papers)
    if entry.notices:
        data["notices"] = [dict(notice) for notice in entry.notices]
    if entry.materials:
        data["materials"] = list(entry.materials)
    before = ctx.index.items.get(key, {}).get(number)
    if before is not None:
        return NewFact(
            kinds.ITEM, key.subject, entry.done_on, key.node, data, before.seq, "补充办理情况"
        )
    return NewFact(kinds.ITEM, key.subject, entry.done_on, key.node, data)


def complete(ctx: Context, view: CaseView, key: Key, at: datetime) -> list[NewFact]:
    """Complete an instance, that is, let it flow to its next nodes (流转).

    Raises :class:`RuleRefusedError` naming each blocker, or everything that is missing.
    """
    spec = ctx.rulebook.nodes[key.node]
    _dated(ctx, at, "办结时间")
    refuse(gates.blockers(ctx, view, gates.COMPLETE, key))
    lacking = missing(ctx, key)
    if lacking:
        names = "、".join(f"“{entry.label}”" for entry in lacking)
        raise RuleRefusedError(
            f"节点{spec.number}“{spec.name}”不能办结：还缺少{names}。请先补齐。",
            cite=lacking[0].cite or Cite("第一部分 总体要求3", "完成流程节点工作内容，及时流转节点"),
            data={"missing": [{"kind": m.kind, "name": m.name, "label": m.label} for m in lacking]},
        )
    return [NewFact(kinds.COMPLETED, key.subject, at, key.node)]


def add_event(
    ctx: Context, view: CaseView, name: str, subject: str, at: datetime, data: Mapping[str, Any]
) -> list[NewFact]:
    """Record an event on a subject (also one that brings a new asset, clue or payment).

    Raises :class:`InputRefusedError` for an unknown name, subject, day or data, and
    :class:`RuleRefusedError` where a gate of the node that the event belongs to refuses it.
    """
    event = ctx.rulebook.events.get(name)
    if event is None:
        raise InputRefusedError(f"规则库中没有名为“{name}”的事实", [Problem("事实", "名称不认识")])
    if not subjects.is_subject(subject) or subjects.kind_of(subject) != event.subject:
        want = subjects.KIND_LABELS.get(event.subject, event.subject)
        raise InputRefusedError(
            f"“{event.label}”应当登记在{want}上，“{subject}”不是", [Problem("对象", subject)]
        )
    sentence = _date_problem(ctx, event, at)
    if sentence:
        raise InputRefusedError(sentence, [Problem(event.label, sentence)])
    known = subjects.base(subject) in (*ctx.index.subjects_of(event.subject), subjects.CASE)
    clean = dict(data)
    maker = next((s for s in ctx.rulebook.subjects.values() if s.event == name), None)
    if maker is not None:
        if ctx.index.event(name, subject) is not None:
            raise InputRefusedError(
                f"{subjects.label(subject)}已经登记，如有误请更正", [Problem("对象", subject)]
            )
        asked = [spec for spec in maker.fields if spec.name != "happened_at"]
        clean = checked_values(ctx, asked, data, whole=True)
    elif not known and event.subject not in ("query", "followup", "round"):
        raise InputRefusedError(
            f"案件中没有{subjects.label(subject)}", [Problem("对象", "请先登记该对象")]
        )
    owners = [
        spec for spec in ctx.rulebook.nodes.values() if any(f.event == name for f in spec.fields)
    ]
    # An event that opens a node is recorded before that node is open.
    openers = {rule.event for spec in ctx.rulebook.nodes.values() for rule in spec.opens}
    refusals: list[Blocker] = []
    for spec in owners:
        key = Key(spec.number, _node_subject(ctx, spec, subject))
        found = gates.refusing(gates.blockers(ctx, view, gates.WORK, key))
        if name in openers:
            found = tuple(entry for entry in found if entry.code not in ("G1", "G2"))
        found += gates.refusing(_gates_only(ctx, key, f"event:{name}", clean))
        if not found or maker is not None:
            refusals = []
            break
        refusals = refusals or list(found)
    refuse(refusals)
    node = owners[0].number if owners else None
    return [NewFact(name, subject, at, node, clean)]


def _gates_only(ctx: Context, key: Key, act: str, draft: Mapping[str, Any]) -> tuple[Blocker, ...]:
    return tuple(
        Blocker(gate.code, gate.sentence, gate.cite, gate.severity, {"instance": str(key)})
        for gate in ctx.rulebook.gates
        if gate.node == key.node
        and act in gate.acts
        and not gates.CHECKS[gate.check](ctx, key.subject, {**gate.params, "draft": draft})
    )


def _node_subject(ctx: Context, spec: NodeSpec, subject: str) -> str:
    """The instance of ``spec`` that an event on ``subject`` concerns."""
    if spec.subject == subjects.kind_of(subject):
        return subject
    for above in subjects.ancestors(subject):
        if subjects.kind_of(above) == spec.subject:
            return above
    return subject


def correct(
    ctx: Context, seq: int, at: datetime | None, data: Mapping[str, Any] | None, reason: str
) -> list[NewFact]:
    """Correct a fact: a new one with a reason takes its place; nothing is overwritten."""
    old = _standing(ctx, seq)
    _reason(reason)
    moment = at or old.happened_at
    event = ctx.rulebook.events.get(old.kind)
    if event is not None:
        sentence = _date_problem(ctx, event, moment)
        if sentence:
            raise InputRefusedError(sentence, [Problem(event.label, sentence)])
    new_data = {**old.data, **(data or {})}
    made = [NewFact(old.kind, old.subject, moment, old.node, new_data, seq, reason)]
    name = old.data.get("field")
    if at is not None and name and old.node is not None:
        day_only = ctx.rulebook.nodes[old.node].field(str(name)).type == "date"
        text = f"{moment:%Y-%m-%d}" if day_only else f"{moment:%Y-%m-%dT%H:%M:%S}"
        values = {"values": {str(name): text}}
        made.append(NewFact(kinds.FIELDS, old.subject, ctx.now, old.node, values, None, reason))
    return made


def withdraw(ctx: Context, seq: int, reason: str) -> list[NewFact]:
    """Withdraw a fact that never happened; the entry stays in the journal."""
    old = _standing(ctx, seq)
    _reason(reason)
    if old.kind in (kinds.HEADER, kinds.PARTY, kinds.DECIDED):
        raise RuleRefusedError("立案信息、当事人和审批决定不能撤回，只能更正。")
    return [NewFact(kinds.WITHDRAWN, old.subject, ctx.now, old.node, {}, seq, reason)]


def _is_day(text: str) -> bool:
    try:
        moment_of(text)
    except ValueError:
        return False
    return True


def _standing(ctx: Context, seq: int) -> Fact:
    for fact in ctx.index.facts:
        if fact.seq == seq:
            return fact
    raise InputRefusedError(f"没有第{seq}号事实，或者它已经更正", [Problem("事实", str(seq))])


def _reason(reason: str) -> None:
    if len(reason.strip()) < 4:
        raise InputRefusedError("请写明更正的理由", [Problem("理由", "理由不能为空或者过短")])


def assign_officer(ctx: Context, officer: str, at: datetime, reason: str) -> list[NewFact]:
    """Assign or change the case officer (承办人)."""
    if not officer.strip():
        raise InputRefusedError("请选择承办人", [Problem("承办人", "不能为空")])
    _dated(ctx, at, "更换承办人的时间")
    return [NewFact(kinds.OFFICER, subjects.CASE, at, None, {"officer": officer}, None, reason)]


def request_approval(
    ctx: Context, view: CaseView, key: Key, matter: str, reason: str, data: Mapping[str, Any]
) -> list[NewFact]:
    """Apply for a decision (unfreezing, payout, escrow, 期限变更, closing review …)."""
    rule = find_rule(ctx, view, key, matter)
    if len(reason.strip()) < 4:
        raise InputRefusedError("请写明申请的理由", [Problem("理由", "理由不能为空或者过短")])
    latest = ctx.index.latest_approval(matter, key.node, key.subject)
    if latest is not None and latest.status == "pending":
        raise RuleRefusedError(
            f"“{rule.label}”已于{latest.requested_at:%Y-%m-%d %H:%M}申请，正在等待决定。", cite=rule.cite
        )
    refuse(_gates_only(ctx, key, f"request:{matter}", NOTHING))
    body = {**data, "matter": matter, "reason": reason, "level": rule.level, "roles": list(rule.roles)}
    return [NewFact(kinds.REQUESTED, key.subject, ctx.now, key.node, body)]


def decide(
    ctx: Context,
    view: CaseView,
    request: int,
    outcome: str,
    *,
    by: str,
    roles: Sequence[str],
    reason: str,
) -> list[NewFact]:
    """Decide an application: ``granted``, ``refused`` or ``returned``.

    ``by`` is the deciding person, ``roles`` what he is.  Refused where the rule names another
    level or role, where somebody decides his own application or his own case, or when it is no
    longer pending.
    """
    wanted = [entry for entry in ctx.index.approvals if entry.seq == request]
    if not wanted:
        raise InputRefusedError(f"没有第{request}号申请", [Problem("申请", str(request))])
    pending = wanted[0]
    key = Key(pending.node, pending.subject)
    rule = find_rule(ctx, view, key, pending.matter, decided=True)
    if pending.status != "pending":
        raise RuleRefusedError("这件申请已经决定或者撤回，不能再次决定。", cite=rule.cite)
    if rule.level != "local":
        raise RuleRefusedError(
            f"本院无权决定：{rule.words}。执行局长可以登记并转报，不能代为决定。",
            cite=rule.cite,
            data={"level": rule.level, "instance": str(key)},
        )
    if by in (pending.requested_by, ctx.current_officer()):
        raise RuleRefusedError("任何人不得决定自己的申请或者自己承办的案件。", cite=rule.cite)
    step = len([s for s in pending.steps if s.get("outcome") == "granted"])
    due_roles = rule.roles[step : step + 1] if rule.mode == "sequence" else rule.roles
    role = next((entry for entry in due_roles if entry in roles), None)
    if role is None:
        raise RuleRefusedError(
            f"“{rule.label}”须由{'或者'.join(due_roles)}决定。", cite=rule.cite, data={"roles": due_roles}
        )
    if outcome not in ("granted", "refused", "returned"):
        raise InputRefusedError(f"不认识的决定“{outcome}”", [Problem("决定", outcome)])
    if not reason.strip():
        raise InputRefusedError("请写明决定的理由", [Problem("理由", "理由不能为空")])
    final = outcome != "granted" or rule.mode != "sequence" or step + 1 == len(rule.roles)
    body = {
        "request": request,
        "outcome": outcome,
        "role": role,
        "by": by,
        "reason": reason,
        "matter": pending.matter,
        "final": final,
    }
    made = [NewFact(kinds.DECIDED, key.subject, ctx.now, key.node, body)]
    for effect in effects_of(pending, outcome, final):
        made.append(
            NewFact(effect.kind, effect.subject, ctx.now, key.node, effect.data, None, rule.label)
        )
        made.extend(_shown(ctx, key, effect.kind))
    return made


def _shown(ctx: Context, key: Key, event: str) -> list[NewFact]:
    """A decision that records an event fills the field that shows it."""
    for spec in ctx.rulebook.nodes[key.node].fields:
        if spec.event == event:
            values = {"values": {spec.name: f"{ctx.now:%Y-%m-%d}"}}
            return [NewFact(kinds.FIELDS, key.subject, ctx.now, key.node, values)]
    return []


def moment_of(text: str) -> datetime:
    """Read an ISO day or moment; a day is its first second.  Raises ``ValueError``."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is not None:
        raise ValueError(text)
    return moment.replace(microsecond=0)


def _dated(ctx: Context, at: datetime, label: str) -> None:
    if at > ctx.now:
        raise InputRefusedError(f"{label}不能晚于现在", [Problem(label, "日期在将来")])
    opened = ctx.index.opened_at
    if opened is not None and at.date() < opened.date():
        raise InputRefusedError(
            f"{label}不能早于收到申请之日（{opened:%Y-%m-%d}）", [Problem(label, "日期早于案件")]
        )


def _date_problem(ctx: Context, event: EventSpec, moment: datetime) -> str | None:
    """Say what is wrong with the day of an event, ``None`` when nothing is."""
    if moment > ctx.now and not event.planned:
        return f"“{event.label}”的日期不能在将来（{moment:%Y-%m-%d %H:%M}）"
    if moment.year < 2000 or moment.year > ctx.now.year + 20:
        return f"“{event.label}”的日期不可能（{moment:%Y-%m-%d}）"
    filed = ctx.index.event("case_filed", subjects.CASE)
    early = ("application_submitted", "case_filed")
    if filed is not None and event.name not in early and moment.date() < filed.happened_at.date():
        return (
            f"“{event.label}”的日期（{moment:%Y-%m-%d}）早于立案之日（{filed.happened_at:%Y-%m-%d}）"
        )
    if event.name == "case_filed":
        submitted = ctx.index.event("application_submitted", subjects.CASE)
        if submitted is not None and moment.date() < submitted.happened_at.date():
            return "立案时间不能早于收到申请材料之日"
    return None


def _known_subject(ctx: Context, key: Key) -> None:
    spec = ctx.rulebook.nodes[key.node]
    if subjects.kind_of(key.subject) != spec.subject:
        want = subjects.KIND_LABELS[spec.subject]
        raise InputRefusedError(
            f"节点{key.node}按{want}办理，“{key.subject}”不是{want}", [Problem("对象", key.subject)]
        )


def midnight(moment: datetime) -> datetime:
    """Return the first second of the moment's day."""
    return datetime.combine(moment.date(), time())


__all__ = [
    "ItemEntry",
    "NewFact",
    "State",
    "add_event",
    "assign_officer",
    "complete",
    "correct",
    "decide",
    "fields_in_play",
    "request_approval",
    "start",
    "withdraw",
    "work",
]
