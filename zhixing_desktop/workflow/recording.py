"""Recording an event by itself, outside a node's dialog: a new asset, a payment, a feedback …"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zhixing_desktop.workflow import gates, rounds, subjects
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.drafts import with_event
from zhixing_desktop.workflow.entries import checked_values
from zhixing_desktop.workflow.errors import Cite, InputRefusedError, Problem, RuleRefusedError
from zhixing_desktop.workflow.event_places import RESUMPTION_CLUE, clue_place, instance_for
from zhixing_desktop.workflow.facts import NOTHING, Fact
from zhixing_desktop.workflow.new_facts import NewFact, date_problem, keep_freezes, refuse
from zhixing_desktop.workflow.rulebook import EventSpec, FieldSpec
from zhixing_desktop.workflow.views import Blocker, CaseView, Key

FIRST_AUCTION, ANNOUNCEMENT, SECOND_AUCTION = 23, 25, 26
AUCTION_STARTED = "auction_started"
_FREE_SUBJECTS = ("query", "followup")
"""Subjects that are there without being registered."""


def add_event(
    ctx: Context,
    view: CaseView,
    name: str,
    subject: str,
    at: datetime,
    data: Mapping[str, Any],
    *,
    overrides: Mapping[str, str] = NOTHING,
) -> list[NewFact]:
    """Record an event on a subject (also one that brings a new asset, clue or payment).

    ``overrides`` gives a reason for a field of a new subject whose wording would be refused as
    空话; it is kept with the fact under ``overrides``, as it is for the fields of a node.

    Raises :class:`InputRefusedError` for an unknown name, subject, day or data, and
    :class:`RuleRefusedError` where it is recorded already, or where a gate of the node that the
    event belongs to refuses it.
    """
    event = _known_event(ctx, name)
    if not subjects.is_subject(subject) or subjects.kind_of(subject) != event.subject:
        want = subjects.KIND_LABELS.get(event.subject, event.subject)
        raise InputRefusedError(
            f"“{event.label}”应当登记在{want}上，“{subject}”不是", [Problem("对象", subject)]
        )
    sentence = date_problem(ctx, event, at)
    if sentence:
        raise InputRefusedError(sentence, [Problem(event.label, sentence)])
    if name == RESUMPTION_CLUE and subject == subjects.CASE:
        subject = clue_place(ctx)
    clean = _checked_data(ctx, event, subject, data, overrides)
    before = _recorded_before(ctx, event, subject)
    owners = _owners(ctx, event, subject)
    _gates_allow(ctx, view, event, owners, with_event(ctx, name, subject, at, clean))
    made = [_fact(event, subject, at, owners[0].node if owners else None, clean, before)]
    keep_freezes(ctx, view, made)
    return made


def _fact(
    event: EventSpec,
    subject: str,
    at: datetime,
    node: int | None,
    data: Mapping[str, Any],
    before: Fact | None,
) -> NewFact:
    if before is None:
        return NewFact(event.name, subject, at, node, data)
    return NewFact(
        event.name, subject, at, before.node, {**before.data, **data}, before.seq, "重新确定日期"
    )


def _known_event(ctx: Context, name: str) -> EventSpec:
    event = ctx.rulebook.events.get(name)
    if event is None:
        raise InputRefusedError(f"规则库中没有名为“{name}”的事实", [Problem("事实", "名称不认识")])
    return event


def _checked_data(
    ctx: Context,
    event: EventSpec,
    subject: str,
    data: Mapping[str, Any],
    overrides: Mapping[str, str],
) -> Mapping[str, Any]:
    """The data that come with the event; those of a new subject are asked for in full."""
    maker = ctx.rulebook.made_by.get(event.name)
    if maker is not None:
        if ctx.index.event(event.name, subject) is not None:
            raise InputRefusedError(
                f"{subjects.label(subject)}已经登记，如有误请更正", [Problem("对象", subject)]
            )
        specs = asked_of(maker.fields)
        clean = checked_values(ctx, specs, data, overrides=overrides, whole=True)
        used = {name: why for name, why in overrides.items() if name in clean}
        return {**clean, "overrides": used} if used else clean
    _subject_known(ctx, event, subject)
    return dict(data)


def asked_of(specs: tuple[FieldSpec, ...]) -> list[FieldSpec]:
    """Return what is asked when a subject comes up, without the day, which is the event's own."""
    return [spec for spec in specs if spec.name != "happened_at"]


def _subject_known(ctx: Context, event: EventSpec, subject: str) -> None:
    plain = subjects.base(subject)
    kind = subjects.kind_of(plain)
    known = plain == subjects.CASE or kind in _FREE_SUBJECTS
    if kind == "round":
        known = _round_known(ctx, event, plain)
    elif not known:
        known = plain in ctx.index.subjects_of(kind)
    if not known:
        raise InputRefusedError(
            f"案件中没有{subjects.label(subject)}", [Problem("对象", "请先登记该对象")]
        )
    times = subjects.occurrence(subject)
    if times > 1 and not _occurrence_known(ctx, event, subject, times):
        raise InputRefusedError(
            f"{subjects.label(subject)}还没有启动", [Problem("对象", "请按次序登记")]
        )


def _round_known(ctx: Context, event: EventSpec, subject: str) -> bool:
    """A round exists once it has facts; the first and the one that is due may be started."""
    owner = subjects.parent(subject) or subject
    if owner not in ctx.index.subjects_of("asset"):
        return False
    if subject in rounds.rounds_of(ctx, owner):
        return True
    startable = rounds.due_round(ctx, owner) if rounds.rounds_of(ctx, owner) else None
    return subject == (startable or rounds.first_round(owner))


def _occurrence_known(ctx: Context, event: EventSpec, subject: str, times: int) -> bool:
    """A further occurrence was started, or is opened by what happened to the one before it too."""
    before = subjects.nth(subject, times - 1)
    opens_again = ctx.index.event(event.name, before) is not None
    return opens_again or any(
        (node, subject) in ctx.index.started or ctx.index.values.get((node, subject))
        for node in ctx.rulebook.entered_at.get(event.name, ())
    )


def _recorded_before(ctx: Context, event: EventSpec, subject: str) -> Fact | None:
    """Return the plan that the event replaces; refuse what is recorded and happens but once."""
    found = ctx.index.events.get((event.name, subject))
    if not found or event.repeats:
        return None
    if event.planned:
        return found[-1]
    raise RuleRefusedError(
        f"“{event.label}”已经登记为{found[0].happened_at:%Y-%m-%d %H:%M}。"
        "登记过的事实不能覆盖，如登记有误，请用“更正”并写明理由。",
        cite=Cite("第一部分 总体要求4", "及时、完整、真实、准确地录入执行信息"),
        data={"seq": found[0].seq},
    )


def _owners(ctx: Context, event: EventSpec, subject: str) -> tuple[Key, ...]:
    """The instances at which the event could have been entered."""
    nodes = ctx.rulebook.entered_at.get(event.name, ())
    if event.name == AUCTION_STARTED:
        nodes = (_auction_node(ctx, subject),)
    return tuple(instance_for(ctx, node, subject) for node in nodes)


def _auction_node(ctx: Context, subject: str) -> int:
    if rounds.previous_round(subject) is None:
        return FIRST_AUCTION
    second = rounds.stage_of(ctx, subject) == rounds.SECOND
    return SECOND_AUCTION if second else ANNOUNCEMENT


def _gates_allow(
    ctx: Context, view: CaseView, event: EventSpec, owners: tuple[Key, ...], then: Context
) -> None:
    """Raise the refusals, unless one of the nodes at which the event is entered lets it pass.

    An event that opens a node is recorded before that node is open; what comes from outside (money
    that arrived, an asset that was found) is recorded in any case.
    """
    if event.name in ctx.rulebook.made_by:
        return
    opens = any(rule.event == event.name for s in ctx.rulebook.nodes.values() for rule in s.opens)
    act = gates.event_act(event.name)
    refusals: tuple[Blocker, ...] = ()
    there = tuple(key for key in owners if key in view.instances)
    for key in there or owners:
        found = gates.refusing(
            (
                *gates.blockers(ctx, view, gates.WORK, key),
                *gates.frozen_blockers(ctx, view, act, key),
                *gates.gate_blockers(then, act, key),
            )
        )
        if opens:
            found = tuple(entry for entry in found if entry.code not in ("G1", "G2"))
        if not found:
            return
        refusals = refusals or found
    refuse(refusals)
