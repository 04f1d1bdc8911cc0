"""What a decision writes, and what must still hold once it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from zhixing_desktop.workflow import gates, subjects
from zhixing_desktop.workflow.completeness import missing
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.drafts import DRAFT
from zhixing_desktop.workflow.engine import view_of
from zhixing_desktop.workflow.errors import InputRefusedError, Problem, RuleRefusedError
from zhixing_desktop.workflow.facts import NOTHING, Fact, State
from zhixing_desktop.workflow.rulebook import EventSpec
from zhixing_desktop.workflow.views import Blocker, CaseView, FreezeView, InstanceView, Key

SHORTEST_REASON = 4


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

    ``papers`` maps a paper's name to the day it was made, or to the reason why it is not made;
    ``notices`` are ``{who, channel, on}`` or ``{who, not_needed}``; ``materials`` are names filed;
    ``not_needed`` is the reason why the item does not arise here.
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


def must_give_reason(reason: str, sentence: str) -> None:
    """Refuse an empty or meaningless reason."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise InputRefusedError(sentence, [Problem("理由", "理由不能为空或者过短")])


def after(ctx: Context, made: Sequence[NewFact]) -> Context:
    """Return the context as it will be once the facts are written."""
    return ctx.with_facts(
        [
            Fact(
                0,
                new.kind,
                new.subject,
                new.happened_at,
                ctx.now,
                ctx.now,
                DRAFT,
                new.node,
                new.data,
                new.corrects,
                new.reason,
            )
            for new in made
        ]
    )


def keep_freezes(ctx: Context, view: CaseView, made: Sequence[NewFact]) -> None:
    """Refuse facts that would make a freeze disappear without its authority (X3).

    A date set otherwise, or taken back, must not do what only a decision may do.  Where the program
    learned of a limit only after its end (node 3), the act that was done in time may still be
    entered.
    """
    mends = any(new.corrects is not None for new in made)
    frozen = {
        key: entry.frozen
        for key, entry in view.instances.items()
        if entry.frozen is not None and (mends or not _learned_late(entry, entry.frozen))
    }
    frozen = {key: freeze for key, freeze in frozen.items() if freeze.limit_id is not None}
    if not frozen or not made:
        return
    then = view_of(after(ctx, made)).instances
    lost = [
        _would_thaw(ctx, key, freeze)
        for key, freeze in frozen.items()
        if key not in then or then[key].state is not State.FROZEN
    ]
    refuse(lost)


def _learned_late(entry: InstanceView, freeze: FreezeView) -> bool:
    for limit in entry.limits:
        if limit.limit.id == freeze.limit_id and limit.due_at is not None:
            return limit.anchor_recorded_at is not None and limit.anchor_recorded_at >= limit.due_at
    return False


def _would_thaw(ctx: Context, key: Key, freeze: FreezeView) -> Blocker:
    spec = ctx.rulebook.nodes[key.node]
    return Blocker(
        "X3",
        f"节点{spec.number}“{spec.name}”已经冻结，这样登记会使冻结自行解除。"
        f"解冻须依规定批准，请先申请解冻（{freeze.unfreeze.words}）。",
        freeze.unfreeze.cite,
        data={"instance": str(key), "frozen": str(key), "level": freeze.unfreeze.level},
    )


def keep_completed(
    ctx: Context, made: Sequence[NewFact], keys: Sequence[Key] | None = None
) -> None:
    """Refuse facts that would take away what a completed instance was completed on."""
    places = [Key(*place) for place in ctx.index.completed] if keys is None else keys
    places = [key for key in places if key in ctx.index.completed and not missing(ctx, key)]
    if not places or not made:
        return
    then = after(ctx, made)
    for key in places:
        lacking = missing(then, key) if key in then.index.completed else ()
        if lacking:
            spec = ctx.rulebook.nodes[key.node]
            names = "、".join(f"“{entry.label}”" for entry in lacking)
            raise RuleRefusedError(
                f"节点{spec.number}“{spec.name}”已经办结，{names}是办结的依据，不能去掉。"
                "确有错误的，请先撤回办结，再更正。",
                cite=lacking[0].cite or spec.cite,
                data={"instance": str(key), "missing": [entry.name for entry in lacking]},
            )


def date_problem(ctx: Context, event: EventSpec, moment: datetime) -> str | None:
    """Say what is wrong with the day of an event, ``None`` when nothing is."""
    if moment > ctx.now and not event.planned:
        return f"“{event.label}”的日期不能在将来（{moment:%Y-%m-%d %H:%M}）"
    if moment.year < 2000 or moment.year > ctx.now.year + 20:
        return f"“{event.label}”的日期不可能（{moment:%Y-%m-%d}）"
    return _order_problem(ctx, event, moment)


def _order_problem(ctx: Context, event: EventSpec, moment: datetime) -> str | None:
    """An application comes first, then the filing, then everything else."""
    day = moment.date()
    submitted = _day(ctx, "application_submitted")
    filed = _day(ctx, "case_filed")
    if event.name == "case_filed":
        late = submitted is not None and day < submitted
        return "立案时间不能早于收到申请材料之日" if late else None
    if event.name == "application_submitted":
        late = filed is not None and day > filed
        return "收到申请材料之日不能晚于立案之日" if late else None
    if filed is not None and day < filed:
        return f"“{event.label}”的日期（{day}）早于立案之日（{filed}）"
    return None


def _day(ctx: Context, event: str) -> date | None:
    fact = ctx.index.event(event, subjects.CASE)
    return fact.happened_at.date() if fact is not None else None


def must_be_past(ctx: Context, at: datetime, label: str) -> None:
    """Refuse a moment in the future, or before the case came in."""
    if at > ctx.now:
        raise InputRefusedError(f"{label}不能晚于现在", [Problem(label, "日期在将来")])
    opened = ctx.index.opened_at
    if opened is not None and at.date() < opened.date():
        raise InputRefusedError(
            f"{label}不能早于收到申请之日（{opened:%Y-%m-%d}）", [Problem(label, "日期早于案件")]
        )
