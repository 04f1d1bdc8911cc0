"""What blocks what: frozen nodes, open instances, and the coupling rules X1 to X45.

``Context`` in, blockers out; nothing here changes anything.  A blocker with severity ``caution`` is
shown and does not refuse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.ages import LISTING_NODE, listing_bars
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.drafts import with_draft
from zhixing_desktop.workflow.endings import CLOSED
from zhixing_desktop.workflow.facts import State
from zhixing_desktop.workflow.gate_checks import CHECKS
from zhixing_desktop.workflow.rulebook import FreezeRule, Gate, NodeSpec
from zhixing_desktop.workflow.views import Blocker, CaseView, FreezeView, InstanceView, Key

__all__ = [
    "CHECKS",
    "COMPLETE",
    "START",
    "WORK",
    "blockers",
    "event_act",
    "frozen_blockers",
    "gate_blockers",
    "instance_of",
    "refusing",
    "request_act",
]

START, WORK, COMPLETE = "start", "work", "complete"
ALREADY_OPEN = "G3"
CONTROL_NODE = 17
FINISHED = frozenset({State.DONE, State.DONE_LATE})


def event_act(event: str) -> str:
    """Return the act of recording an event."""
    return f"event:{event}"


def request_act(matter: str) -> str:
    """Return the act of applying for a decision."""
    return f"request:{matter}"


def blockers(
    ctx: Context, view: CaseView, act: str, key: Key, *, draft: Mapping[str, Any] | None = None
) -> tuple[Blocker, ...]:
    """Return why ``act`` on an instance is refused (empty: allowed).

    ``act`` is ``start``, ``work``, ``complete``, ``event:<name>`` or ``request:<matter>``.
    ``draft`` holds values that are being entered with the act and count as entered.
    """
    return (
        *_not_open(ctx, view, act, key),
        *frozen_blockers(ctx, view, act, key),
        *gate_blockers(ctx, act, key, draft=draft),
    )


def gate_blockers(
    ctx: Context, act: str, key: Key, *, draft: Mapping[str, Any] | None = None
) -> tuple[Blocker, ...]:
    """Return the coupling rules, and the law, that refuse an act, or caution against it."""
    asked = [gate for gate in ctx.rulebook.gates_of.get(key.node, ()) if act in gate.acts]
    if not asked and key.node != LISTING_NODE:
        return ()
    drafted = with_draft(ctx, key, draft) if draft else ctx
    found = (
        _blocker(gate, key)
        for gate in asked
        if not CHECKS[gate.check](drafted, key.subject, gate.params)
    )
    return (*listing_bars(drafted, key), *found)


def _blocker(gate: Gate, key: Key) -> Blocker:
    return Blocker(gate.code, gate.sentence, gate.cite, gate.severity, {"instance": str(key)})


# --- instances that are not open, or no longer


def _not_open(ctx: Context, view: CaseView, act: str, key: Key) -> tuple[Blocker, ...]:
    spec = ctx.rulebook.nodes[key.node]
    instance = view.instances.get(key)
    startable = spec.on_demand and (act == START or act.startswith("request:"))
    if instance is None or instance.state is State.NOT_APPLICABLE:
        new = startable and instance is None and _may_be_new(view, key, spec)
        why = "" if new else _why_not(ctx, act, instance)
        return _refusal("G1", spec, key, f"不能办理：{why}") if why else ()
    if instance.state is State.NOT_STARTED:
        why = "" if startable else _waits_for(ctx, spec)
        return _refusal("G2", spec, key, f"尚未启动：{why}") if why else ()
    if act == START:
        return _refusal(ALREADY_OPEN, spec, key, "已经启动，不必重复启动")
    if act == COMPLETE and key in ctx.index.completed and instance.state in FINISHED:
        return _refusal("G4", spec, key, "已经办结")
    return ()


def _why_not(ctx: Context, act: str, instance: InstanceView | None) -> str:
    if instance is None:
        return "本案没有对应的办理对象"
    return "" if _control_goes_on(ctx, act, instance) else instance.why


def _refusal(code: str, spec: NodeSpec, key: Key, words: str) -> tuple[Blocker, ...]:
    sentence = f"节点{spec.number}“{spec.name}”{words}。"
    return (Blocker(code, sentence, spec.cite, data={"instance": str(key)}),)


def _may_be_new(view: CaseView, key: Key, spec: NodeSpec) -> bool:
    """A further occurrence of a repeatable measure follows one that was started."""
    times = subjects.occurrence(key.subject)
    if times == 1 or not spec.repeatable:
        return False
    earlier = view.instances.get(Key(key.node, subjects.nth(key.subject, times - 1)))
    return earlier is not None and earlier.state is not State.NOT_STARTED


def _control_goes_on(ctx: Context, act: str, instance: InstanceView) -> bool:
    """X32, X35: closing does not end a control; it is renewed and released afterwards, too."""
    key = instance.key
    if key.node != CONTROL_NODE or act in (START, COMPLETE) or not instance.why.startswith(CLOSED):
        return False
    return ctx.control_of(key.subject) is not None


def _waits_for(ctx: Context, spec: NodeSpec) -> str:
    names = [
        ctx.rulebook.events[rule.event].label
        for rule in spec.opens
        if rule.event is not None and rule.event in ctx.rulebook.events
    ]
    if spec.on_demand:
        return "须由承办人启动" + (f"，或者待“{'”或者“'.join(names)}”" if names else "")
    return f"须先有“{'”或者“'.join(names)}”" if names else "启动条件尚未具备"


# --- freezing: rule X2


def frozen_blockers(ctx: Context, view: CaseView, act: str, key: Key) -> tuple[Blocker, ...]:
    """Return the freezes that refuse an act: the instance's own, and those of nodes before it."""
    found: list[Blocker] = []
    for other in view.instances.values():
        frozen = other.frozen
        if frozen is None:
            continue
        rule = ctx.rulebook.nodes[frozen.by_node].freeze
        if rule is None:
            continue
        if other.key == key:
            found.extend(_frozen_itself(ctx, act, key, frozen, rule))
        elif _stands_before(ctx, other.key, key, rule):
            found.append(_frozen_before(ctx, other.key, key, frozen))
    return tuple(found)


def _frozen_itself(
    ctx: Context, act: str, key: Key, frozen: FreezeView, rule: FreezeRule
) -> tuple[Blocker, ...]:
    """A frozen node is worked on, but not completed; node 43 not even submitted (A60)."""
    refuses_self = rule.refuses == "self"
    submits = act in (event_act("closing_requested"), request_act("closing_review"))
    if act != COMPLETE and not (refuses_self and submits):
        return ()
    spec = ctx.rulebook.nodes[key.node]
    words = "不得报结" if refuses_self else "不得流转下一节点"
    sentence = (
        f"节点{spec.number}“{spec.name}”已于{_when(frozen.frozen_at)}冻结，{words}。请先申请解冻"
        f"（{frozen.unfreeze.words}）。"
    )
    return (_frozen(sentence, frozen, key, key),)


def _stands_before(ctx: Context, frozen: Key, key: Key, rule: FreezeRule) -> bool:
    """A frozen node does not flow to its next nodes; nothing else is refused."""
    if rule.refuses != "successors" or key.node in rule.lets_pass:
        return False
    if all(edge.to != key.node for edge in ctx.rulebook.nodes[frozen.node].next):
        return False
    return _concerns(ctx, frozen.subject, key.subject)


def _frozen_before(ctx: Context, other: Key, key: Key, frozen: FreezeView) -> Blocker:
    spec = ctx.rulebook.nodes[other.node]
    sentence = (
        f"节点{spec.number}“{spec.name}”已于{_when(frozen.frozen_at)}冻结，不得流转到节点"
        f"{key.node}“{ctx.rulebook.nodes[key.node].name}”。请先申请解冻（{frozen.unfreeze.words}）。"
    )
    return _frozen(sentence, frozen, key, other)


def _frozen(sentence: str, frozen: FreezeView, key: Key, where: Key) -> Blocker:
    data = {"instance": str(key), "frozen": str(where), "level": frozen.unfreeze.level}
    return Blocker("X2", sentence, frozen.cite, data=data)


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


def _when(moment: datetime) -> str:
    return f"{moment.year}年{moment.month}月{moment.day}日{moment:%H:%M}"


# --- helpers


def refusing(found: Sequence[Blocker]) -> tuple[Blocker, ...]:
    """Return only the blockers that refuse, without cautions."""
    return tuple(entry for entry in found if entry.severity == "refuse")


def instance_of(view: CaseView, key: Key) -> InstanceView | None:
    """Return the instance of a key, ``None`` when the case has none."""
    return view.instances.get(key)
