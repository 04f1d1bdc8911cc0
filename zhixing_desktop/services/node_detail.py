"""Everything the window shows about a node of a case: pure questions to the rules, no database.

``overview`` takes a case as ``cases.detail`` returned it (now or simulated) and says for each
instance what to do, until when and why, what is missing, what blocks, who acts, what comes next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from zhixing_desktop.services.before_receipt import before_receipt
from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.derivations import derivation
from zhixing_desktop.services.fact_words import subject_words, value_words
from zhixing_desktop.services.node_history import HistoryRow, history
from zhixing_desktop.services.sight import Sight
from zhixing_desktop.workflow import gates, subjects
from zhixing_desktop.workflow.completeness import (
    current_value,
    fields_in_play,
    items_in_play,
    materials_in_play,
    missing,
    notices_in_play,
    papers_in_play,
)
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.controls import spared_papers
from zhixing_desktop.workflow.facts import ApprovalView, Fact, State
from zhixing_desktop.workflow.freezing import UNFREEZE
from zhixing_desktop.workflow.pending import next_roles
from zhixing_desktop.workflow.personal import holds_covered
from zhixing_desktop.workflow.rulebook import Approval, FieldSpec, NodeSpec, Unit, WorkItem
from zhixing_desktop.workflow.timelimits import Step
from zhixing_desktop.workflow.views import (
    Blocker,
    FreezeView,
    InstanceView,
    Key,
    LimitView,
    Missing,
)

LIMIT_WORDS = {
    "waiting": "尚未起算",
    "running": "进行中",
    "met": "按期完成",
    "met_late": "逾期完成",
    "overdue": "已逾期",
    "suspended": "暂停计时",
    "lapsed": "案件已结",
    "notice": "当事人期限",
}
KIND_WORDS = {
    "start": "启动",
    "complete": "完成",
    "notify": "告知",
    "publish": "公告",
    "periodic": "定期办理",
    "party_right": "当事人行使权利",
    "deemed": "视为",
}
REGISTERED = {"asset": "财产", "clue": "财产线索", "payment": "款项"}
"""Kinds of subject that an officer registers by hand."""
_NEVER = datetime(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper of a work item; ``made`` is the day or the reason why not, empty while neither."""

    name: str
    item: int
    made: str


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A duty to tell somebody; ``channel`` and ``on`` are empty while it was not done.

    ``reason`` says why nobody needs to be told here.
    """

    who: str
    item: int
    channels: tuple[str, ...]
    channel: str
    on: str
    reason: str


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """A thing that is received or filed at the node."""

    name: str
    item: int | None
    required: bool
    filed: bool


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A work item as it stands: ``state`` is ``done``, ``not_needed``, ``open`` or ``optional``."""

    spec: WorkItem
    label: str
    state: str
    done_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class LimitRow:
    """A time limit with its words, both days, what is left, and every step of its derivation."""

    view: LimitView
    words: str
    status: str
    left: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field of the instance and what it holds, in words (empty: nothing)."""

    spec: FieldSpec
    words: str


@dataclass(frozen=True, slots=True)
class NextRow:
    """A node that may follow; ``to`` is ``None`` where the flow ends."""

    to: int | None
    name: str
    when: str


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """A decision the node knows, and its newest application.

    ``waits`` says who must decide next, since when and how often it was urged; empty where nothing
    waits.  ``mend`` is what a returned application has to mend.
    """

    spec: Approval
    words: str
    latest: ApprovalView | None
    waits: str = ""
    mend: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NodeDetail:
    """One instance of a node, or (``view`` is ``None``) the node where the case has none yet.

    ``covered`` tells that numbers of persons are covered, ``sight`` whether they may be shown.
    """

    spec: NodeSpec
    key: Key | None
    label: str
    view: InstanceView | None
    state: State
    items: tuple[ItemRow, ...] = ()
    limits: tuple[LimitRow, ...] = ()
    missing: tuple[Missing, ...] = ()
    start: tuple[Blocker, ...] = ()
    work: tuple[Blocker, ...] = ()
    complete: tuple[Blocker, ...] = ()
    fields: tuple[FieldRow, ...] = ()
    papers: tuple[PaperRow, ...] = ()
    notices: tuple[NoticeRow, ...] = ()
    materials: tuple[MaterialRow, ...] = ()
    next: tuple[NextRow, ...] = ()
    approvals: tuple[ApprovalRow, ...] = ()
    history: tuple[HistoryRow, ...] = ()
    freeze: FreezeView | None = None
    freeze_words: str = ""
    unfreezing: ApprovalView | None = None
    why: str = ""
    role: str = ""
    sight: Sight = Sight.OPEN
    covered: bool = False


@dataclass(frozen=True, slots=True)
class NodeOverview:
    """A node of a case: all its instances, what may be registered for it or started once more."""

    spec: NodeSpec
    details: tuple[NodeDetail, ...]
    register: str | None
    again: Key | None

    def find(self, subject: str | None) -> NodeDetail:
        """Return the instance of a subject, else the most urgent one."""
        for detail in self.details:
            if detail.key is not None and detail.key.subject == subject:
                return detail
        urgent = [d for d in self.details if d.state.is_open]
        return min(urgent, key=_urgency) if urgent else self.details[0]


def _urgency(detail: NodeDetail) -> tuple[int, datetime]:
    due = detail.view.due_at if detail.view is not None else None
    return (0, due) if due is not None else (1, _NEVER)


def overview(case: CaseDetail, node: int) -> NodeOverview:
    """Return everything about a node of a case; ``KeyError`` for a number outside 1 to 46."""
    ctx = case.context
    spec = ctx.rulebook.nodes[node]
    found = tuple(_detail(case, spec, view) for view in case.view.of_node(node))
    return NodeOverview(
        spec=spec,
        details=found or (_blank(ctx, spec),),
        register=spec.subject if spec.subject in REGISTERED else None,
        again=_again(case, spec),
    )


def _again(case: CaseDetail, spec: NodeSpec) -> Key | None:
    """Return the next occurrence of a repeatable measure that may be started now."""
    for view in reversed(case.view.of_node(spec.number)):
        if not spec.repeatable or view.state is State.NOT_STARTED:
            continue
        subject = view.key.subject
        key = Key(spec.number, f"{subjects.base(subject)}#{subjects.occurrence(subject) + 1}")
        if key in case.view.instances:
            continue
        if not gates.refusing(gates.blockers(case.context, case.view, gates.START, key)):
            return key
    return None


def _blank(ctx: Context, spec: NodeSpec) -> NodeDetail:
    items = tuple(
        ItemRow(item, item_label(item), "optional" if item.optional else "open", None, "")
        for item in spec.work_items
    )
    kind = subjects.KIND_LABELS[spec.subject]
    return NodeDetail(
        spec=spec,
        key=None,
        label=f"本案还没有{kind}",
        view=None,
        state=State.NOT_STARTED,
        items=items,
        next=_next(ctx, spec),
        why=f"本案还没有{kind}，登记后才能办理",
        role=spec.role,
    )


def _detail(case: CaseDetail, spec: NodeSpec, view: InstanceView) -> NodeDetail:
    ctx, key = case.context, view.key
    names = ctx.index.name_of
    done = ctx.index.items.get(key, {})
    items = items_in_play(ctx, spec, key.subject)
    applies = view.state is not State.NOT_APPLICABLE
    # Whoever is not under way is asked for nothing yet.
    lacking = missing(ctx, key) if view.state.is_open else ()
    return NodeDetail(
        spec=spec,
        key=key,
        label=subject_words(names, key.subject),
        view=view,
        state=view.state,
        items=tuple(_item(entry, done.get(entry.item)) for entry in items),
        limits=tuple(_limit(ctx, limit) for limit in view.limits),
        missing=lacking,
        start=gates.blockers(ctx, case.view, gates.START, key),
        work=(
            *gates.blockers(ctx, case.view, gates.WORK, key),
            *(before_receipt(ctx, case.view, spec) if view.state.is_open else ()),
        ),
        complete=gates.blockers(ctx, case.view, gates.COMPLETE, key),
        fields=tuple(
            FieldRow(field, value_words(names, field, current_value(ctx, key, field)))
            for field in (fields_in_play(ctx, spec, key.subject) if applies else ())
        ),
        papers=tuple(r for item in items for r in _papers(ctx, key, item, done.get(item.item))),
        notices=tuple(r for item in items for r in _notices(ctx, key, item, done.get(item.item))),
        materials=_materials(ctx, spec, key, done),
        next=_next(ctx, spec),
        approvals=tuple(_approval(ctx, key, entry) for entry in spec.approvals),
        history=history(ctx, case.facts, spec, key),
        freeze=view.frozen,
        freeze_words=_freeze_words(ctx, view.frozen) if view.frozen is not None else "",
        unfreezing=ctx.index.latest_approval(UNFREEZE, key.node, key.subject),
        why=view.why,
        role=view.role,
        sight=case.sight,
        covered=_covered(case, key),
    )


def _covered(case: CaseDetail, key: Key) -> bool:
    """Tell whether numbers of the instance are covered."""
    if case.sight is Sight.OPEN or case.shown == key:
        return False
    own = (f for f in case.facts if f.node == key.node and f.subject == key.subject)
    return any(holds_covered(fact.data) for fact in own)


def item_label(item: WorkItem) -> str:
    """Return how a work item is called: by its label or by its number."""
    return item.label or f"工作内容{item.item}"


def _item(item: WorkItem, fact: Fact | None) -> ItemRow:
    if fact is None:
        state = "optional" if item.optional else "open"
        return ItemRow(item, item_label(item), state, None, "")
    reason = str(fact.data.get("not_needed") or "")
    state = "not_needed" if reason else "done"
    return ItemRow(item, item_label(item), state, fact.happened_at, reason)


def _papers(ctx: Context, key: Key, item: WorkItem, fact: Fact | None) -> list[PaperRow]:
    made: Mapping[str, Any] = fact.data.get("papers", {}) if fact is not None else {}
    return [
        PaperRow(name, item.item, str(made.get(name, "")))
        for name in papers_in_play(ctx, item, key.subject)
    ] + [
        PaperRow(one.paper, item.item, one.words)
        for one in spared_papers(ctx, item)
        if one.paper not in made
    ]


def _notices(ctx: Context, key: Key, item: WorkItem, fact: Fact | None) -> list[NoticeRow]:
    told = list(fact.data.get("notices", ())) if fact is not None else []
    rows = []
    for duty in notices_in_play(ctx, item, key.subject):
        entry: Mapping[str, str] = next((n for n in told if n.get("who") == duty.who), {})
        channel, on = str(entry.get("channel", "")), str(entry.get("on", ""))
        reason = str(entry.get("not_needed") or "")
        rows.append(NoticeRow(duty.who, item.item, duty.channels, channel, on, reason))
    return rows


def _materials(
    ctx: Context, spec: NodeSpec, key: Key, done: Mapping[int, Fact]
) -> tuple[MaterialRow, ...]:
    filed = {name for fact in done.values() for name in fact.data.get("materials", ())}
    return tuple(
        MaterialRow(entry.name, entry.item, entry.required, entry.name in filed)
        for entry in materials_in_play(ctx, spec, key.subject)
    )


def _next(ctx: Context, spec: NodeSpec) -> tuple[NextRow, ...]:
    rows = []
    for edge in spec.next:
        to = edge.to if isinstance(edge.to, int) else None
        name = ctx.rulebook.nodes[to].name if to is not None else "流程结束"
        rows.append(NextRow(to, name, edge.when))
    return tuple(rows)


def _approval(ctx: Context, key: Key, spec: Approval) -> ApprovalRow:
    words = ("，再由" if spec.mode == "sequence" else "或者").join(spec.roles)
    latest = ctx.index.latest_approval(spec.matter, key.node, key.subject)
    waits = waits_words(latest) if latest is not None else ""
    mend = latest.points if latest is not None and latest.status == "returned" else ()
    return ApprovalRow(spec, f"由{words}审批", latest, waits, mend)


def waits_words(asked: ApprovalView) -> str:
    """Return for whose decision an application waits, since when, and how often it was urged."""
    if asked.status != "pending":
        return ""
    since = f"{asked.requested_at:%Y-%m-%d %H:%M}"
    urged = f"，已催办{len(asked.urges)}次" if asked.urges else ""
    if asked.level != "local":
        stage = {"": "待转报", "forwarded": "已转报，等待答复", "replied": "答复已登记，待核对"}
        return f"{stage[asked.stage]}（自{since}）{urged}"
    return f"等待{'或者'.join(next_roles(asked))}决定（自{since}）{urged}"


def _freeze_words(ctx: Context, freeze: FreezeView) -> str:
    """Return why the instance is frozen, as a sentence."""
    if freeze.limit_id is None:
        spec = ctx.rulebook.nodes[freeze.by_node]
        return f"因节点{spec.number}“{spec.name}”的规定冻结"
    limit = ctx.rulebook.limit(freeze.limit_id)
    variant = f"（{limit.variant}）" if limit.variant else ""
    return f"完成时限“{limit.words()}”{variant}届满时没有完成"


# -------------------------------------------------------------------------------------- limits


def _limit(ctx: Context, view: LimitView) -> LimitRow:
    limit = view.limit
    words = f"{limit.words()}{KIND_WORDS[limit.kind.value]}"
    if limit.variant:
        words += f"（{limit.variant}）"
    told = derivation(ctx, view)
    return LimitRow(
        view=view,
        words=words,
        status=LIMIT_WORDS[view.status],
        left=left_words(view, ctx.now),
        steps=told.steps if told is not None else (),
    )


def left_words(view: LimitView, now: datetime) -> str:
    """Return what is left of a limit or how long it has been over; empty when neither counts."""
    due = view.due_at
    if due is None or view.met_at is not None or view.status not in ("running", "overdue"):
        return ""
    if now > due:
        return f"已逾期{_span((now.date() - due.date()).days, now - due)}"
    days = (due.date() - now.date()).days
    if view.limit.unit is Unit.HOUR or days == 0:
        gap = due - now
        return "今日届满" if view.limit.unit is not Unit.HOUR else f"还剩{_span(0, gap)}"
    return f"还剩{days}天"


def _span(days: int, gap: timedelta) -> str:
    if days > 0:
        return f"{days}天"
    hours, rest = divmod(int(gap.total_seconds()), 3600)
    return f"{hours}小时{rest // 60}分" if hours else f"{max(rest // 60, 1)}分"
