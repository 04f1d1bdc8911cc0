"""What blocks what: frozen nodes, open instances, and the coupling rules X1 to X45.

``Context`` in, blockers out; nothing here changes anything.  A blocker with severity ``caution`` is
shown and does not refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.conditions import (
    COMPLETED,
    CONDITIONS,
    CURRENT_TERMINATED,
    LONG_SETTLEMENT,
    TERMINATED,
)
from zhixing_desktop.workflow.context import CLOSING_NODE, Context
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.rulebook import Direction, Gate, NodeSpec
from zhixing_desktop.workflow.views import Blocker, CaseView, InstanceView, Key

START, WORK, COMPLETE = "start", "work", "complete"
Check = Callable[[Context, str, Mapping[str, object]], bool]

NO_CITE_NODE = "节点"


def blockers(
    ctx: Context, view: CaseView, act: str, key: Key, *, draft: Mapping[str, Any] | None = None
) -> tuple[Blocker, ...]:
    """Return why ``act`` on an instance is refused (empty: allowed).

    ``act`` is ``start``, ``work``, ``complete`` or ``event:<name>``.  ``draft`` holds values that
    are being entered with the act and count as entered.
    """
    spec = ctx.rulebook.nodes[key.node]
    found: list[Blocker] = []
    found.extend(_not_open(ctx, view, act, key, spec))
    found.extend(_frozen_before(ctx, view, key))
    found.extend(_frozen_itself(ctx, view, act, key))
    for gate in ctx.rulebook.gates:
        if gate.node == key.node and act in gate.acts:
            if not CHECKS[gate.check](ctx, key.subject, {**gate.params, "draft": draft or {}}):
                found.append(_blocker(gate, key))
    return tuple(found)


def _blocker(gate: Gate, key: Key) -> Blocker:
    return Blocker(gate.code, gate.sentence, gate.cite, gate.severity, {"instance": str(key)})


def _not_open(
    ctx: Context, view: CaseView, act: str, key: Key, spec: NodeSpec
) -> tuple[Blocker, ...]:
    instance = view.instances.get(key)
    where = f"节点{spec.number}“{spec.name}”"
    data = {"instance": str(key)}
    if instance is None or instance.state is State.NOT_APPLICABLE:
        if spec.on_demand and act == START and _may_be_new(ctx, view, key, spec):
            return ()
        why = instance.why if instance is not None else "本案没有对应的办理对象"
        return (Blocker("G1", f"{where}不能办理：{why}。", spec.cite, data=data),)
    if instance.state is State.NOT_STARTED and not (spec.on_demand and act == START):
        return (
            Blocker("G2", f"{where}尚未启动：{_waits_for(ctx, spec)}。", spec.cite, data=data),
        )
    if act == START and instance.state is not State.NOT_STARTED:
        return (Blocker("G3", f"{where}已经启动，不必重复启动。", spec.cite, data=data),)
    if act == COMPLETE and key in _completed(ctx):
        return (Blocker("G4", f"{where}已经办结。", spec.cite, data=data),)
    return ()


def _completed(ctx: Context) -> set[Key]:
    return {Key(*place) for place in ctx.index.completed}


def _may_be_new(ctx: Context, view: CaseView, key: Key, spec: NodeSpec) -> bool:
    """A further occurrence of a repeatable measure follows one that was started."""
    times = subjects.occurrence(key.subject)
    if times == 1 or not spec.repeatable:
        return False
    plain = subjects.base(key.subject)
    before = plain if times == 2 else f"{plain}#{times - 1}"
    earlier = view.instances.get(Key(key.node, before))
    return earlier is not None and earlier.state is not State.NOT_STARTED


def _waits_for(ctx: Context, spec: NodeSpec) -> str:
    names = [ctx.rulebook.events[o.event].label for o in spec.opens if o.event in ctx.rulebook.events]
    if spec.on_demand:
        return "须由承办人启动" + (f"，或者待“{'”或者“'.join(names)}”" if names else "")
    return f"须先有“{'”或者“'.join(names)}”" if names else "启动条件尚未具备"


def _frozen_before(ctx: Context, view: CaseView, key: Key) -> tuple[Blocker, ...]:
    """Rule X2: a frozen node does not flow to its next nodes; nothing else is refused."""
    found: list[Blocker] = []
    for other in view.instances.values():
        frozen = other.frozen
        if frozen is None or other.key == key:
            continue
        spec = ctx.rulebook.nodes[other.key.node]
        rule = spec.freeze or ctx.rulebook.nodes[frozen.by_node].freeze
        if rule is None or rule.refuses != "successors" or key.node in rule.lets_pass:
            continue
        if all(edge.to != key.node for edge in spec.next):
            continue
        if not _concerns(ctx, other.key.subject, key.subject):
            continue
        found.append(
            Blocker(
                "X2",
                f"节点{spec.number}“{spec.name}”已于{_when(frozen.frozen_at)}冻结，不得流转到节点"
                f"{key.node}“{ctx.rulebook.nodes[key.node].name}”。请先申请解冻"
                f"（{frozen.unfreeze.words}）。",
                frozen.cite,
                data={"instance": str(key), "frozen": str(other.key), "level": frozen.unfreeze.level},
            )
        )
    return tuple(found)


def _concerns(ctx: Context, frozen: str, subject: str) -> bool:
    """Whether a frozen subject stands in the way of another subject's node."""
    if not subjects.related(frozen, subject):
        source = _source(ctx, subject)
        return source is not None and subjects.base(source) == subjects.base(frozen)
    if subjects.kind_of(subject) == "payment" and subjects.base(frozen) != subjects.base(subject):
        return _source(ctx, subject) is None
    return True


def _source(ctx: Context, subject: str) -> str | None:
    if subjects.kind_of(subject) != "payment":
        return None
    fact = ctx.index.event("payment_arrived", subjects.base(subject))
    source = fact.data.get("source") if fact is not None else None
    return str(source) if source else None


def _frozen_itself(ctx: Context, view: CaseView, act: str, key: Key) -> tuple[Blocker, ...]:
    instance = view.instances.get(key)
    if instance is None or instance.frozen is None:
        return ()
    frozen = instance.frozen
    spec = ctx.rulebook.nodes[key.node]
    rule = ctx.rulebook.nodes[frozen.by_node].freeze
    refuses_self = rule is not None and rule.refuses == "self"
    if act == COMPLETE or (refuses_self and act == "event:closing_requested"):
        return (
            Blocker(
                "X2",
                f"节点{spec.number}“{spec.name}”已于{_when(frozen.frozen_at)}冻结，"
                f"{'不得报结' if refuses_self else '不得流转下一节点'}。请先申请解冻"
                f"（{frozen.unfreeze.words}）。",
                frozen.cite,
                data={"instance": str(key), "frozen": str(key), "level": frozen.unfreeze.level},
            ),
        )
    return ()


def _when(moment: datetime) -> str:
    return f"{moment.year}年{moment.month}月{moment.day}日{moment:%H:%M}"


def _drafted(ctx: Context, params: Mapping[str, object], node: int, subject: str, name: str) -> Any:
    draft = params.get("draft")
    if isinstance(draft, Mapping) and name in draft:
        return draft[name]
    return ctx.index.value(node, subject, name)


# --- the checks that gates.yaml names -------------------------------------------------------------


def _event_recorded(ctx: Context, subject: str, params: Mapping[str, object]) -> bool:
    if params.get("if") and not CONDITIONS[str(params["if"])](ctx, subject):
        return True
    return ctx.find(str(params["event"]), subject) is not None


def _node_done(ctx: Context, subject: str, params: Mapping[str, object]) -> bool:
    nodes = params["nodes"]
    assert isinstance(nodes, Sequence)
    return all((int(n), subjects.CASE) in ctx.index.completed for n in nodes)


def _approved(ctx: Context, subject: str, params: Mapping[str, object]) -> bool:
    if params.get("if") and not CONDITIONS[str(params["if"])](ctx, subject):
        return True
    node = int(str(params["node"]))
    view = ctx.index.latest_approval(str(params["matter"]), node, subject)
    return view is not None and view.status == "granted"


def _never(ctx: Context, subject: str, params: Mapping[str, object]) -> bool:
    return False


def _counted(ctx: Context, subject: str, params: Mapping[str, object]) -> bool:
    """The event happened on that many different days, occurrences of the subject included."""
    plain = subjects.base(subject)
    days = {
        fact.happened_at.date()
        for (name, where), found in ctx.index.events.items()
        if name == params["event"] and subjects.base(where) == plain
        for fact in found
    }
    return len(days) >= int(str(params["count"]))


def _field_is(ctx: Context, subject: str, params: Mapping[str, object]) -> bool:
    if params.get("if") and not CONDITIONS[str(params["if"])](ctx, subject):
        return True
    value = _drafted(ctx, params, int(str(params["node"])), subject, str(params["field"]))
    allowed = params["allowed"]
    assert isinstance(allowed, Sequence)
    return value in allowed


def _field_or_reason(ctx: Context, subject: str, params: Mapping[str, object]) -> bool:
    """A field holds the wanted value, or the officer says why not."""
    if _field_is(ctx, subject, params):
        return True
    value = _drafted(ctx, params, int(str(params["node"])), subject, str(params["reason"]))
    return bool(value)


def _event_or_reason(ctx: Context, subject: str, params: Mapping[str, object]) -> bool:
    if ctx.find(str(params["event"]), subject) is not None:
        return True
    value = _drafted(ctx, params, int(str(params["node"])), subject, str(params["reason"]))
    return bool(value)


def _closing_way(way: str, ctx: Context, params: Mapping[str, object]) -> bool:
    return _drafted(ctx, params, CLOSING_NODE, subjects.CASE, "closing_way") == way


def _restricted(ctx: Context, subject: str) -> bool:
    issued = ctx.index.last_event("consumption_restricted", subject)
    lifted = ctx.index.last_event("consumption_restriction_lifted", subject)
    return issued is not None and (lifted is None or lifted.seq < issued.seq)


def _all_restricted(ctx: Context, subject: str, params: Mapping[str, object]) -> bool:
    """X24: every debtor of a case closed by 终本 has a 限制消费令 in force."""
    if not _closing_way(CURRENT_TERMINATED, ctx, params):
        return True
    debtors = ctx.index.subjects_of("debtor")
    return bool(debtors) and all(_restricted(ctx, debtor) for debtor in debtors)


def _debtor_restricted(ctx: Context, subject: str, params: Mapping[str, object]) -> bool:
    return _restricted(ctx, subjects.base(subject))


def _interviewed(ctx: Context, subject: str, params: Mapping[str, object]) -> bool:
    """X12: before 终本 the creditor was heard on the latest query feedback."""
    if not _closing_way(CURRENT_TERMINATED, ctx, params):
        return True
    held = ctx.index.last_event("termination_interview_held", subjects.CASE)
    if held is None:
        return False
    feedback = [
        fact.happened_at.date()
        for name in ("first_query_feedback", "network_query_feedback", "traditional_query_feedback")
        if (fact := ctx.index.last_event(name, subjects.CASE)) is not None
    ]
    return not feedback or held.happened_at.date() >= max(feedback)


def _measures_lifted(ctx: Context, subject: str, params: Mapping[str, object]) -> bool:
    """X31: 执行完毕 lifts control measures and restrictions; X32: not in preservation cases."""
    if ctx.kind == "preservation" or not _closing_way(COMPLETED, ctx, params):
        return True
    for asset in ctx.index.subjects_of("asset"):
        held = ctx.index.last_event("asset_controlled", asset)
        if held is None or _disposed(ctx, asset):
            continue
        gone = ctx.index.last_event("control_released", asset)
        if gone is None or gone.seq < held.seq:
            return False
    for debtor in ctx.index.subjects_of("debtor"):
        if _restricted(ctx, debtor):
            return False
        listed = ctx.index.last_event("credit_listed", debtor)
        mended = ctx.index.last_event("credit_fault_mended", debtor)
        if listed is not None and (mended is None or mended.seq < listed.seq):
            return False
    return True


def _disposed(ctx: Context, asset: str) -> bool:
    """Money drawn, an asset transferred or goods handed over need no lifting any more."""
    names = ("funds_drawn", "transfer_ruling_served", "asset_delivered", "goods_delivered")
    return any(ctx.index.event(name, asset) is not None for name in names)


def _value_if_way(ctx: Context, subject: str, params: Mapping[str, object]) -> bool:
    """A closing field that must hold one of ``allowed`` when the case closes in this way."""
    if not _closing_way(str(params["way"]), ctx, params):
        return True
    if params.get("unless") and CONDITIONS[str(params["unless"])](ctx, subject):
        return True
    value = _drafted(ctx, params, CLOSING_NODE, subjects.CASE, str(params["field"]))
    allowed = params.get("allowed")
    if isinstance(allowed, Sequence):
        return value in allowed
    return value not in (None, "", False)


def _reviewed(ctx: Context, subject: str, params: Mapping[str, object]) -> bool:
    """X40: the three kinds of material of general rule 7 were accepted by their reviewer."""
    way = _drafted(ctx, params, CLOSING_NODE, subjects.CASE, "closing_way")
    ground = str(_drafted(ctx, params, CLOSING_NODE, subjects.CASE, "terminated_ground") or "")
    accepted = str(_drafted(ctx, params, CLOSING_NODE, subjects.CASE, "completion_acceptance") or "")
    needs = (
        way == CURRENT_TERMINATED
        or (way == COMPLETED and "认可执行完毕" in accepted)
        or (way == TERMINATED and ("撤销申请" in ground or "撤回" in ground))
    )
    if not needs:
        return True
    view = ctx.index.latest_approval("special_review", CLOSING_NODE, subjects.CASE)
    return view is not None and view.status == "granted"


def _notice_made(ctx: Context, subject: str, params: Mapping[str, object]) -> bool:
    """X33: a 结案通知书 unless both parties acknowledge completion."""
    if not _closing_way(COMPLETED, ctx, params):
        return True
    accepted = str(_drafted(ctx, params, CLOSING_NODE, subjects.CASE, "completion_acceptance") or "")
    if "认可执行完毕" in accepted:
        return True
    return _drafted(ctx, params, CLOSING_NODE, subjects.CASE, "closing_notice_sent_on") is not None


def _ruling_made(ctx: Context, subject: str, params: Mapping[str, object]) -> bool:
    """X34: a ruling for every 终结 but 和解长期履行; 终本 needs its ruling too."""
    way = _drafted(ctx, params, CLOSING_NODE, subjects.CASE, "closing_way")
    if way == CURRENT_TERMINATED:
        name = "current_termination_ruled_on"
    elif way == TERMINATED:
        ground = _drafted(ctx, params, CLOSING_NODE, subjects.CASE, "terminated_ground")
        if ground == LONG_SETTLEMENT:
            return True
        name = "termination_ruled_on"
    else:
        return True
    return _drafted(ctx, params, CLOSING_NODE, subjects.CASE, name) is not None


def _closing_data(ctx: Context, subject: str, params: Mapping[str, object]) -> bool:
    """Node 43 item 1: the closing data are complete before 报结."""
    spec = ctx.rulebook.nodes[CLOSING_NODE]
    names = [f.name for f in spec.fields if f.required and f.item == 1 and f.when is None]
    return all(
        _drafted(ctx, params, CLOSING_NODE, subjects.CASE, name) not in (None, "", []) for name in names
    )


def _same_platform(ctx: Context, subject: str, params: Mapping[str, object]) -> bool:
    """X16: the second auction is held on the platform of the first."""
    draft = params.get("draft")
    chosen = draft.get("platform") if isinstance(draft, Mapping) else None
    owner = subjects.parent(subject) or subject
    chosen = chosen or ctx.index.value(26, subject, "platform")
    first = ctx.index.value(23, owner, "platform")
    return not (chosen and first) or chosen == first


def _gap_kept(ctx: Context, subject: str, params: Mapping[str, object]) -> bool:
    """X14: the day that is being set leaves the announcement period; only plans are refused.

    A day that has passed is recorded as it was and shown as late; a planned day that is too early
    is refused while it can still be changed.
    """
    draft = params.get("draft")
    if not isinstance(draft, Mapping):
        return True
    opens = _moment(draft.get(str(params["later"])))
    acted = _moment(draft.get(str(params["earlier"])))
    if opens is None:
        found = ctx.index.event(str(params["later_event"]), subject)
        opens = found.happened_at if found else None
    if acted is None:
        found = ctx.index.event(str(params["earlier_event"]), subject)
        acted = found.happened_at if found else None
    if opens is None or acted is None or opens <= ctx.now:
        return True
    for limit in ctx.rulebook.nodes[int(str(params["node"]))].time_limits:
        if limit.direction is Direction.BEFORE and all(
            CONDITIONS[name](ctx, subject) for name in limit.applies
        ):
            if (opens.date() - acted.date()) < timedelta(days=limit.amount):
                return False
    return True


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    return datetime.fromisoformat(str(value)) if value else None


def _first_query(ctx: Context, subject: str, params: Mapping[str, object]) -> bool:
    if "money" not in ctx.content:
        return True
    return ctx.index.event("first_query_started", subjects.CASE) is not None


def _not_held_by_freeze(ctx: Context, subject: str, params: Mapping[str, object]) -> bool:
    """A change of the period is asked for before it ends (A58, A59)."""
    opened = ctx.index.event("case_filed", subjects.CASE)
    if opened is None:
        return True
    from zhixing_desktop.workflow.limits import due_of  # noqa: PLC0415 - cycle of two questions

    for limit in ctx.rulebook.nodes[CLOSING_NODE].time_limits:
        if limit.id in ("43-a", "43-b") and all(CONDITIONS[n](ctx, subject) for n in limit.applies):
            due = due_of(ctx, limit, opened.happened_at)
            return due.suspended or ctx.now <= due.effective
    return True


def _three_months(ctx: Context, subject: str, params: Mapping[str, object]) -> bool:
    """Advice only: 终本 earlier than three months after filing (法〔2016〕373号 第一条)."""
    filed = ctx.index.event("case_filed", subjects.CASE)
    if filed is None or not _closing_way(CURRENT_TERMINATED, ctx, params):
        return True
    months = ctx.rulebook.settings.minimum_termination_months
    year, month = divmod(filed.happened_at.month - 1 + months, 12)
    floor = (filed.happened_at.year + year, month + 1, filed.happened_at.day)
    today = (ctx.now.year, ctx.now.month, ctx.now.day)
    return today > floor


def _all_paid_out(ctx: Context, subject: str, params: Mapping[str, object]) -> bool:
    """执行完毕 of a money case: every payment that arrived was paid out or put into escrow."""
    if not _closing_way(COMPLETED, ctx, params):
        return True
    return all(
        ctx.index.event("payment_paid_out", payment) is not None
        or ctx.index.event("escrow_made", payment) is not None
        for payment in ctx.index.subjects_of("payment")
    )


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "event_recorded": _event_recorded,
        "node_done": _node_done,
        "approved": _approved,
        "only_by_decision": _never,
        "counted": _counted,
        "field_is": _field_is,
        "field_or_reason": _field_or_reason,
        "event_or_reason": _event_or_reason,
        "all_debtors_restricted": _all_restricted,
        "debtor_restricted": _debtor_restricted,
        "interviewed": _interviewed,
        "measures_lifted": _measures_lifted,
        "closing_field": _value_if_way,
        "closing_data_complete": _closing_data,
        "closing_notice_made": _notice_made,
        "closing_ruling_made": _ruling_made,
        "specially_reviewed": _reviewed,
        "same_platform": _same_platform,
        "gap_kept": _gap_kept,
        "first_query_started": _first_query,
        "asked_in_time": _not_held_by_freeze,
        "three_months_passed": _three_months,
        "all_paid_out": _all_paid_out,
    }
)


def refusing(found: Sequence[Blocker]) -> tuple[Blocker, ...]:
    """Return only the blockers that refuse, without cautions."""
    return tuple(entry for entry in found if entry.severity == "refuse")


def instance_of(view: CaseView, key: Key) -> InstanceView | None:
    """Return the instance of a key, ``None`` when the case has none."""
    return view.instances.get(key)
