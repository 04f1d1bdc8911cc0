"""The three charts of the guideline's annex as typed, immutable data.

A chart is a picture, not a rule: what may follow what is decided by the rulebook, whose ``next``
entries carry the same edge codes.  The annex itself is empty in the published text (reading A4);
the charts are redrawn from the words, and each edge says by ``basis`` how sure it is.

Lengths are scene units (one is about a screen pixel at 100 %), y grows downwards.  Nothing is read
from disk here: ``load_chart`` takes text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import yaml

from zhixing_desktop.workflow.chart_checks import (
    check_against_each_other,
    check_shape,
    read_mapping,
)
from zhixing_desktop.workflow.errors import InputRefusedError, Problem

NodeId = int | str
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ChartGroup:
    """A frame around a part (``kind`` frame) or a lane of the overview (``kind`` lane)."""

    id: str
    title: str
    x: float
    y: float
    w: float
    h: float
    kind: str


@dataclass(frozen=True, slots=True)
class ChartNode:
    """A box: one of the 46 nodes (``id`` is its number), a phase, or a terminal.

    ``kind`` is node, phase, terminal (开始, 结束) or any (任一在办节点).  ``nodes`` are the numbers
    a phase stands for.  ``initials`` are the first letters of the title's pinyin, for the search.
    ``break_after`` is the number of characters of the title's first line, where two are needed.
    """

    id: NodeId
    title: str
    x: float
    y: float
    w: float
    h: float
    group: str | None
    kind: str
    initials: str
    nodes: tuple[int, ...] = ()
    break_after: int | None = None

    @property
    def centre(self) -> Point:
        """Middle of the box."""
        return (self.x + self.w / 2, self.y + self.h / 2)


@dataclass(frozen=True, slots=True)
class ChartEdge:
    """A line with an arrow.

    ``label`` is the short word on the line, ``when`` the whole condition; ``basis`` is S (stated),
    L (law) or I (inferred); ``kind`` is main, branch, loop or side.  ``route`` runs from the border
    of ``source`` to the border of ``target`` in level and upright strokes.  ``label_at`` is the
    middle of the label; None where a line of the same code already carries it.
    """

    code: str
    source: NodeId
    target: NodeId
    label: str
    when: str
    basis: str
    kind: str
    route: tuple[Point, ...]
    label_at: Point | None

    @property
    def key(self) -> tuple[str, NodeId, NodeId]:
        """What tells this edge from all others of its chart."""
        return (self.code, self.source, self.target)


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture.  ``first`` is where the keyboard starts when a case has no current node."""

    id: str
    title: str
    width: float
    height: float
    first: NodeId
    groups: tuple[ChartGroup, ...]
    nodes: tuple[ChartNode, ...]
    edges: tuple[ChartEdge, ...]

    def node(self, node_id: NodeId) -> ChartNode:
        """Return a box; ``KeyError`` when the chart does not show it."""
        for node in self.nodes:
            if node.id == node_id:
                return node
        raise KeyError(node_id)

    def has(self, node_id: NodeId) -> bool:
        """Whether the chart shows that box."""
        return any(node.id == node_id for node in self.nodes)


@dataclass(frozen=True, slots=True)
class PhaseSummary:
    """State of a phase: that of its worst node, and how many nodes are in each state."""

    state: str
    total: int
    counts: Mapping[str, int]


# What a phase shows when its nodes differ, most pressing first.  A finished node counts before one
# that was never started: optional measures (nodes 12 to 16) mostly stay unstarted for ever.
WORST_FIRST = (
    "frozen",
    "overdue",
    "warned",
    "active",
    "done_late",
    "done",
    "not_started",
    "not_applicable",
)


def load_chart(text: str, *, where: str = "chart", numbers: Iterable[int] = ()) -> Chart:
    """Read a chart from YAML ``text``.

    ``where`` is the name of the source in messages; ``numbers`` are the nodes that must be placed.
    Raises ``InputRefusedError`` with all problems at once: unknown or missing keys, unknown or
    doubled nodes, boxes out of the picture, crooked lines, edges given twice.
    """
    problems: list[Problem] = []
    raw = _parse(text, where)
    check_shape(raw, where, problems)
    if not problems:
        check_against_each_other(raw, where, tuple(numbers), problems)
    if problems:
        sentence = f"流程图 {where} 有 {len(problems)} 处错误，未载入；请更正后重新启动程序。"
        raise InputRefusedError(sentence, problems)
    return _build(raw)


def phase_of(chart: Chart) -> Mapping[int, NodeId]:
    """Map each node number to the box of ``chart`` that stands for it (itself, or its phase)."""
    found: dict[int, NodeId] = {}
    for box in chart.nodes:
        if isinstance(box.id, int):
            found[box.id] = box.id
        for number in box.nodes:
            found[number] = box.id
    return MappingProxyType(found)


def worst_state(states: Iterable[str]) -> str:
    """Return the most pressing of ``states``; ``not_started`` when there is none."""
    present = {str(state) for state in states}
    unknown = sorted(present.difference(WORST_FIRST))
    if unknown:
        raise ValueError(f"unknown node states: {unknown}")
    return next((state for state in WORST_FIRST if state in present), "not_started")


def summarise(chart: Chart, states: Mapping[int, Sequence[str]]) -> Mapping[NodeId, PhaseSummary]:
    """Sum up instance states (node number -> states) for each phase of ``chart``.

    A number without states counts as one node that is not started.
    """
    summaries: dict[NodeId, PhaseSummary] = {}
    for box in chart.nodes:
        if not box.nodes:
            continue
        counts: dict[str, int] = {}
        for number in box.nodes:
            for state in states.get(number) or ("not_started",):
                counts[str(state)] = counts.get(str(state), 0) + 1
        summaries[box.id] = PhaseSummary(
            worst_state(counts), sum(counts.values()), MappingProxyType(counts)
        )
    return MappingProxyType(summaries)


def _parse(text: str, where: str) -> dict[str, Any]:
    try:
        raw = read_mapping(text)
    except yaml.YAMLError as error:
        sentence = f"流程图 {where} 不是有效的 YAML 文件，未载入。"
        raise InputRefusedError(sentence, [Problem(where, str(error))]) from error
    if not isinstance(raw, dict):
        sentence = f"流程图 {where} 的内容应当是键值结构，未载入。"
        raise InputRefusedError(sentence, [Problem(where, sentence)])
    return raw


def _build(raw: dict[str, Any]) -> Chart:
    width, height = raw["size"]
    return Chart(
        id=raw["chart"],
        title=raw["title"],
        width=float(width),
        height=float(height),
        first=raw["first"],
        groups=tuple(_group(entry) for entry in raw["groups"]),
        nodes=tuple(_node(entry) for entry in raw["nodes"]),
        edges=tuple(_edge(entry) for entry in raw["edges"]),
    )


def _group(entry: dict[str, Any]) -> ChartGroup:
    x, y, w, h = (float(value) for value in entry["at"])
    return ChartGroup(entry["id"], entry["title"], x, y, w, h, entry["kind"])


def _node(entry: dict[str, Any]) -> ChartNode:
    x, y, w, h = (float(value) for value in entry["at"])
    return ChartNode(
        id=entry["id"],
        title=entry["title"],
        x=x,
        y=y,
        w=w,
        h=h,
        group=entry.get("group"),
        kind=entry.get("kind", "node"),
        initials=entry.get("initials", ""),
        nodes=tuple(entry.get("nodes", ())),
        break_after=entry.get("break_after"),
    )


def _edge(entry: dict[str, Any]) -> ChartEdge:
    place = entry.get("label_at")
    return ChartEdge(
        code=entry["code"],
        source=entry["from"],
        target=entry["to"],
        label=entry["label"],
        when=entry["when"],
        basis=entry["basis"],
        kind=entry["kind"],
        route=tuple((float(x), float(y)) for x, y in entry["route"]),
        label_at=(float(place[0]), float(place[1])) if place else None,
    )
