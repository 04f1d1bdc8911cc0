"""What the charts show on their boxes: of one case from its view, of the bureau from counts.

Pure: a view or counts in, plain values out; the window turns them into what its scene draws.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.due_words import days_left_words, due_words
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.alert_words import next_words, work_words
from zhixing_desktop.workflow.charts import Chart, NodeId, worst_state
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.facts import OPEN_STATES, State
from zhixing_desktop.workflow.rulebook import NodeSpec, Rulebook
from zhixing_desktop.workflow.views import CaseView, InstanceView, LimitView

MOST_LINES = 6
"""More instances than this are counted, not listed, in a tooltip."""
_NO_COUNTS: Mapping[str, int] = MappingProxyType({})
_RUNNING = ("running", "overdue")


@dataclass(frozen=True, slots=True)
class Mark:
    """The state of one box, in values (see ``ui.chart.marks.NodeMark`` for the meaning)."""

    state: str
    days_left_text: str = ""
    instances: int = 1
    counts: Mapping[str, int] = field(default_factory=lambda: _NO_COUNTS)
    waiting: bool = False
    provisional: bool = False
    simulated: bool = False
    tooltip: str = ""


Marks = Mapping[NodeId, Mark]


def case_marks(charts: Iterable[Chart], detail: CaseDetail, *, simulated: bool = False) -> Marks:
    """Return the marks of a case for every box of ``charts``."""
    view, ctx = detail.view, detail.context
    nodes = {
        number: _node_mark(ctx, view, spec, simulated=simulated)
        for number, spec in ctx.rulebook.nodes.items()
    }
    return _with_phases(charts, nodes, ctx.rulebook)


def bureau_marks(
    charts: Iterable[Chart], book: Rulebook, counts: Mapping[int, Mapping[str, int]]
) -> Marks:
    """Return the marks of the whole bureau: how many open instances stand at each node.

    ``counts`` is that of ``case_list.node_counts``.
    """
    nodes: dict[int, Mark] = {}
    for number, spec in book.nodes.items():
        there = counts.get(number, {})
        running = {state: n for state, n in there.items() if State(state) in OPEN_STATES and n}
        open_now = sum(running.values())
        ended = sum(there.get(state, 0) for state in ("done", "done_late"))
        lines = [f"全局在办{open_now}件次，已完成{ended}件次", *_spec_lines(book, spec)]
        nodes[number] = Mark(
            worst_state(running) if running else "not_started",
            f"{open_now}件" if open_now else "",
            counts=MappingProxyType(running),
            tooltip="\n".join(lines),
        )
    return _with_phases(charts, nodes, book)


# ------------------------------------------------------------------------------------- one node


def _node_mark(ctx: Context, view: CaseView, spec: NodeSpec, *, simulated: bool) -> Mark:
    found = view.of_node(spec.number)
    if not found:
        words = "\n".join(("还没有这类办理对象", *_spec_lines(ctx.rulebook, spec)))
        return Mark("not_started", simulated=simulated, tooltip=words)
    shown = [entry for entry in found if entry.state is not State.NOT_APPLICABLE] or list(found)
    counts: dict[str, int] = {}
    for entry in shown:
        counts[entry.state.value] = counts.get(entry.state.value, 0) + 1
    urgent = _most_urgent(shown)
    due = urgent[1].due_at if urgent else None
    return Mark(
        state=worst_state(counts),
        days_left_text=days_left_words(due, view.at) if due else "",
        instances=len(shown),
        counts=MappingProxyType(counts),
        waiting=any(a.status == "pending" and a.node == spec.number for a in view.approvals),
        provisional=bool(urgent and urgent[1].provisional),
        simulated=simulated,
        tooltip="\n".join(_tooltip(ctx, view.at, spec, shown)),
    )


def _most_urgent(views: Sequence[InstanceView]) -> tuple[InstanceView, LimitView] | None:
    """Return the running limit that ends first, with its instance."""
    best: tuple[datetime, InstanceView, LimitView] | None = None
    for view in views:
        if view.state not in OPEN_STATES:
            continue
        for limit in view.limits:
            if limit.status not in _RUNNING or limit.due_at is None:
                continue
            if best is None or limit.due_at < best[0]:
                best = (limit.due_at, view, limit)
    return None if best is None else best[1:]


def _tooltip(
    ctx: Context, now: datetime, spec: NodeSpec, views: Sequence[InstanceView]
) -> list[str]:
    lines: list[str] = []
    for view in views[:MOST_LINES]:
        lines.extend(_instance_lines(ctx, now, view))
    if len(views) > MOST_LINES:
        lines.append(f"……另有{len(views) - MOST_LINES}项")
    return [*lines, *_spec_lines(ctx.rulebook, spec)]


def _instance_lines(ctx: Context, now: datetime, view: InstanceView) -> list[str]:
    subject = view.key.subject
    place = ""
    if subject != subjects.CASE:
        place = f"{subjects.label(subject, ctx.index.name_of(subject))}："
    lines = [f"{place}{view.state.label}"]
    if view.completed_at is not None:
        lines[0] += f"，{view.completed_at.month}月{view.completed_at.day}日完成"
    if view.frozen is not None:
        at = view.frozen.frozen_at
        lines[0] += f"，{at.month}月{at.day}日起冻结，解冻{view.frozen.unfreeze.words}"
    for limit in view.limits:
        if limit.status in _RUNNING and limit.due_at is not None and view.state in OPEN_STATES:
            doubt = "（暂定）" if limit.provisional else ""
            words = f"{limit.limit.words()}，{due_words(limit.due_at, now)}{doubt}"
            lines.append(f"　完成时限 {words}")
    return lines


def _spec_lines(book: Rulebook, spec: NodeSpec) -> list[str]:
    lines = [f"工作内容：{work_words(spec, ())}"]
    if spec.time_limits:
        lines.append("完成时限：" + "；".join(_limit_words(spec)))
    lines.append(f"下一节点：{next_words(book, spec)}")
    return lines


def _limit_words(spec: NodeSpec) -> list[str]:
    found: dict[str, None] = {}
    for limit in spec.time_limits:
        variant = f"（{limit.variant}）" if limit.variant else ""
        found[f"{limit.words()}{variant}"] = None
    return list(found)


# ------------------------------------------------------------------------------------- phases


def _with_phases(charts: Iterable[Chart], nodes: Mapping[int, Mark], book: Rulebook) -> Marks:
    marks: dict[NodeId, Mark] = {}
    for number, mark in nodes.items():
        marks[number] = mark
    for chart in charts:
        for box in chart.nodes:
            if box.nodes:
                parts = {number: nodes[number] for number in box.nodes}
                marks[box.id] = _phase_mark(parts, book)
    return MappingProxyType(marks)


def _phase_mark(parts: Mapping[int, Mark], book: Rulebook) -> Mark:
    counts: dict[str, int] = {}
    for mark in parts.values():
        counts[mark.state] = counts.get(mark.state, 0) + 1
    state = worst_state(counts)
    # What a phase is about: its first box in the state that decides, by its own words.
    speaking = [(n, mark) for n, mark in parts.items() if mark.state == state]
    running = [(n, m) for n, m in speaking if State(m.state) in OPEN_STATES]
    lines = [
        f"节点{n} {book.nodes[n].name}：{State(m.state).label}"
        + (f"，{m.days_left_text}" if m.days_left_text else "")
        for n, m in parts.items()
        if State(m.state) in OPEN_STATES
    ]
    return Mark(
        state=state,
        days_left_text=running[0][1].days_left_text if len(running) == 1 else "",
        instances=len(parts),
        counts=MappingProxyType(counts),
        waiting=any(mark.waiting for mark in parts.values()),
        provisional=any(mark.provisional for _, mark in running),
        simulated=any(mark.simulated for mark in parts.values()),
        tooltip="\n".join(lines),
    )
