"""The rulebook as typed, immutable data: the guideline's 46 nodes and what couples them.

The files in ``resources/rulebook`` are read by ``rulebook_reader`` and held against the guideline's
own words by ``rulebook_checks``; everything else in the program (dialogs, limits, warnings, charts,
lists, help) is derived from the objects defined here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType

from zhixing_desktop.workflow.errors import Cite
from zhixing_desktop.workflow.rule_parts import (
    Approval,
    Elsewhere,
    FieldSpec,
    FreezeRule,
    Material,
    Matter,
    MetBy,
    NextNode,
    Notify,
    Opens,
    TimeLimit,
    Unfreeze,
    WorkItem,
)
from zhixing_desktop.workflow.rule_words import (
    Direction,
    FieldType,
    LimitKind,
    UnfreezeLevel,
    Unit,
)

__all__ = [
    "Approval",
    "Coupling",
    "Direction",
    "Elsewhere",
    "EventSpec",
    "FieldSpec",
    "FieldType",
    "FreezeRule",
    "Gate",
    "HollowWords",
    "LimitKind",
    "Material",
    "Matter",
    "MetBy",
    "NextNode",
    "NodeSpec",
    "Notify",
    "Opens",
    "Reading",
    "Rulebook",
    "Settings",
    "SubjectSpec",
    "TimeLimit",
    "Unfreeze",
    "UnfreezeLevel",
    "Unit",
    "WorkItem",
]


@dataclass(frozen=True, slots=True)
class NodeSpec:
    """One of the 46 nodes."""

    number: int
    name: str
    part: str
    subject: str
    cite: Cite
    opens: tuple[Opens, ...]
    on_demand: bool
    repeatable: bool
    applies: tuple[str, ...]
    work_items: tuple[WorkItem, ...]
    time_limits: tuple[TimeLimit, ...]
    freeze: FreezeRule | None
    unfreeze: Unfreeze | None
    fields: tuple[FieldSpec, ...]
    materials: tuple[Material, ...]
    approvals: tuple[Approval, ...]
    next: tuple[NextNode, ...]
    role: str
    notes: tuple[Cite, ...] = ()
    auto_complete: bool = False
    supervised: bool = False

    @property
    def warns(self) -> bool:
        """Whether the node is warned: every node with a limit is (general rule 5, reading A3)."""
        return bool(self.time_limits)

    @property
    def freezes(self) -> bool:
        """Whether missing the node freezes something."""
        return self.freeze is not None

    def item(self, number: int) -> WorkItem:
        """Return the work item with that number; ``KeyError`` when there is none."""
        for entry in self.work_items:
            if entry.item == number:
                return entry
        raise KeyError(number)

    def field(self, name: str) -> FieldSpec:
        """Return the field of that name; ``KeyError`` when there is none."""
        for entry in self.fields:
            if entry.name == name:
                return entry
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class EventSpec:
    """A dated fact with a name; ``subject`` is the kind of subject it happens to.

    ``precision`` is ``day`` or ``moment``; ``creates`` tells that it brings a new subject;
    ``planned`` that its day may lie in the future (an auction day that was set); ``repeats`` that
    it may happen more than once to the same subject.
    """

    name: str
    label: str
    subject: str
    precision: str
    creates: bool
    planned: bool
    reason: str
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Gate:
    """A coupling rule X1 to X45 that refuses an act until its check holds.

    ``acts`` lists acts: ``start``, ``complete``, or ``event:<name>``; ``check`` is the name of a
    function in ``gates``.
    """

    code: str
    node: int
    acts: tuple[str, ...]
    check: str
    sentence: str
    cite: Cite
    severity: str = "refuse"
    params: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Coupling:
    """A coupling rule of the readings (X1 to X45) and what carries it out.

    ``carried_by`` names a gate, a limit, a freeze rule, a field or a schedule.
    """

    code: str
    kind: str
    nodes: tuple[int, ...]
    title: str
    rule: str
    carried_by: str
    cite: Cite | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading A1 to A69: what is open, and how it is read."""

    code: str
    nodes: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Choices the text leaves open; visible and changeable by the court.

    ``rolling``: ``roll`` or ``strict`` (A5); ``before``: ``full_days`` or ``difference``, and
    ``before_holiday``: ``keep`` or ``earlier`` (A38); ``exact_hour``: ``next`` or ``same`` (A5);
    ``warn_fraction``/``warn_fraction_hours``: part of the period left at the first warning (A2);
    ``office_opens``/``same_day_warning``: ``HH:MM``; ``archive_anchor``: event of A63;
    ``minimum_termination_months``: floor of 终本 (法〔2016〕373号);
    ``resumption_needs_new_officer``: whether X39 freezes (A68).
    """

    rolling: str
    before: str
    before_holiday: str
    exact_hour: str
    warn_fraction: Fraction
    warn_fraction_hours: Fraction
    office_opens: str
    same_day_warning: str
    archive_anchor: str
    minimum_termination_months: int
    resumption_needs_new_officer: bool


@dataclass(frozen=True, slots=True)
class HollowWords:
    """Placeholder wording that a required field must not hold (general rule 4, rule X41)."""

    exact: tuple[str, ...]
    contained: tuple[str, ...]
    cite: Cite


@dataclass(frozen=True, slots=True)
class SubjectSpec:
    """What is asked when a new subject of a kind comes up; ``event`` is the fact that makes it."""

    kind: str
    event: str | None
    fields: tuple[FieldSpec, ...]


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules of one version; ``hash`` is the SHA-256 of the files it was read from.

    The last four are derived: the nodes that freeze a node, the gates of a node, the nodes at which
    an event is entered, and the kind of subject that an event brings.
    """

    version: str
    effective: str
    title: str
    hash: str
    nodes: Mapping[int, NodeSpec]
    events: Mapping[str, EventSpec]
    gates: tuple[Gate, ...]
    couplings: tuple[Coupling, ...]
    readings: Mapping[str, Reading]
    settings: Settings
    hollow_words: HollowWords
    warning_cite: Cite
    subjects: Mapping[str, SubjectSpec]
    asset_categories: Mapping[str, str]
    general_rules: tuple[Cite, ...] = ()
    frozen_by: Mapping[int, tuple[NodeSpec, ...]] = field(init=False, compare=False, repr=False)
    gates_of: Mapping[int, tuple[Gate, ...]] = field(init=False, compare=False, repr=False)
    entered_at: Mapping[str, tuple[int, ...]] = field(init=False, compare=False, repr=False)
    made_by: Mapping[str, SubjectSpec] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Derive the look-ups."""
        frozen_by: dict[int, tuple[NodeSpec, ...]] = {}
        gates_of: dict[int, tuple[Gate, ...]] = {}
        entered_at: dict[str, tuple[int, ...]] = {}
        for spec in self.nodes.values():
            if spec.freeze is not None and spec.freeze.target is not None:
                target = spec.freeze.target
                frozen_by[target] = (*frozen_by.get(target, ()), spec)
            for event in dict.fromkeys(entry.event for entry in spec.fields):
                if event is not None:
                    entered_at[event] = (*entered_at.get(event, ()), spec.number)
        for gate in self.gates:
            gates_of[gate.node] = (*gates_of.get(gate.node, ()), gate)
        made_by = {kind.event: kind for kind in self.subjects.values() if kind.event is not None}
        object.__setattr__(self, "frozen_by", MappingProxyType(frozen_by))
        object.__setattr__(self, "gates_of", MappingProxyType(gates_of))
        object.__setattr__(self, "entered_at", MappingProxyType(entered_at))
        object.__setattr__(self, "made_by", MappingProxyType(made_by))

    def node(self, number: int) -> NodeSpec:
        """Return a node; ``KeyError`` outside 1 to 46."""
        return self.nodes[number]

    def limit(self, limit_id: str) -> TimeLimit:
        """Return the time limit ``<node>-<letter>``; ``KeyError`` when there is none."""
        head = limit_id.partition("-")[0]
        node = self.nodes.get(int(head)) if head.isdigit() else None
        for limit in node.time_limits if node else ():
            if limit.id == limit_id:
                return limit
        raise KeyError(limit_id)
