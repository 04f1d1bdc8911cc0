"""The rulebook as typed, immutable data: the guideline's 46 nodes and what couples them.

The files in ``resources/rulebook`` are read by ``rulebook_reader`` and held against the guideline's
own words by ``rulebook_checks``; everything else in the program (dialogs, limits, warnings, charts,
lists, help) is derived from the objects defined here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from zhixing_desktop.workflow.errors import Cite


class Unit(StrEnum):
    """Unit of a time limit (reading A6: 天 = 日; only node 38 counts working days)."""

    SAME_DAY = "same_day"
    HOUR = "hour"
    DAY = "day"
    WORKDAY = "workday"
    MONTH = "month"
    IMMEDIATE = "immediate"


class Direction(StrEnum):
    """Whether a limit runs after its anchor (within) or ends before it (before)."""

    WITHIN = "within"
    BEFORE = "before"


class LimitKind(StrEnum):
    """What has to happen until the limit ends."""

    START = "start"
    COMPLETE = "complete"
    NOTIFY = "notify"
    PUBLISH = "publish"
    PERIODIC = "periodic"
    PARTY_RIGHT = "party_right"
    DEEMED = "deemed"


class UnfreezeLevel(StrEnum):
    """Who may unfreeze (readings A7 to A10)."""

    LOCAL = "local"
    INTERMEDIATE_COURT = "intermediate_court"
    INTERMEDIATE_COURT_BUREAU_CHIEF = "intermediate_court_bureau_chief"
    HIGH_COURT = "high_court"


class FieldType(StrEnum):
    """Kind of input a field takes; each has a widget, a check and a print form."""

    TEXT = "text"
    LONGTEXT = "longtext"
    DATE = "date"
    DATETIME = "datetime"
    MONEY = "money"
    NUMBER = "number"
    BOOL = "bool"
    CHOICE = "choice"
    MULTICHOICE = "multichoice"
    STAFF = "staff"
    PARTY = "party"
    ASSET = "asset"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Notify:
    """Somebody who must be told, and the channels the guideline names."""

    who: str
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One item of a node's 工作内容; ``text`` is verbatim.

    ``when`` names a condition under which the item applies; ``optional`` marks a 可以 item.
    """

    item: int
    text: str
    papers: tuple[str, ...] = ()
    notify: tuple[Notify, ...] = ()
    dossier: bool = False
    optional: bool = False
    when: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class MetBy:
    """What satisfies a time limit: an event, a set of work items, or completing the node."""

    event: str | None = None
    items: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """One time limit of a node.

    ``amount`` counts ``unit``; ``count`` is the number of runs of a periodic limit (node 45).
    ``anchor`` is an event or a derived anchor of ``anchors``; ``applies`` are condition names that
    must all hold for the limit to exist for an instance.
    """

    id: str
    node: int
    items: tuple[int, ...]
    amount: int
    unit: Unit
    direction: Direction
    anchor: str
    kind: LimitKind
    variant: str | None
    cite: Cite
    reading: str | None
    met_by: MetBy
    applies: tuple[str, ...] = ()
    count: int = 1

    def words(self) -> str:
        """The limit in words of the court, for lists and warnings."""
        names = {Unit.HOUR: "小时", Unit.DAY: "日", Unit.WORKDAY: "个工作日", Unit.MONTH: "个月"}
        if self.unit is Unit.SAME_DAY:
            return "当天"
        if self.unit is Unit.IMMEDIATE:
            return "立即"
        side = "前" if self.direction is Direction.BEFORE else "内"
        return f"{self.amount}{names[self.unit]}{side}"


@dataclass(frozen=True, slots=True)
class FreezeRule:
    """When a node freezes.

    ``limits`` are the limits whose miss freezes; ``met_by`` replaces the limit's own (node 3: only
    the started query counts).  ``fact`` names a condition that freezes at once (node 46).
    ``refuses`` is ``successors`` or ``self`` (node 43, reading A60); ``target`` is the node that is
    frozen where it is another one (46 freezes node 2).
    """

    limits: tuple[str, ...]
    cite: Cite
    refuses: str = "successors"
    met_by: MetBy | None = None
    fact: str | None = None
    target: int | None = None
    applies: tuple[str, ...] = ()
    reading: str | None = None
    lets_pass: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Unfreeze:
    """Who unfreezes, in the guideline's words, as a level and as roles of this court."""

    level: UnfreezeLevel
    words: str
    roles: tuple[str, ...]
    cite: Cite


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a node's dialog.

    ``event`` names the event that entering this date records.  ``cite`` is the sentence that names
    the field; a field the guideline does not name has ``cite`` None and says in ``reason`` why an
    officer needs it (reading A11).  ``same_as`` names where the answer is already known
    (``header.case_no``, ``subject.amount``), so that it is not asked twice.
    """

    name: str
    label: str
    type: FieldType
    required: bool
    cite: Cite | None
    reason: str | None = None
    item: int | None = None
    event: str | None = None
    options: tuple[str, ...] = ()
    when: str | None = None
    help: str | None = None
    same_as: str | None = None


@dataclass(frozen=True, slots=True)
class Approval:
    """A decision the node needs: matter, deciding roles, in sequence or either of them."""

    matter: str
    label: str
    roles: tuple[str, ...]
    mode: str
    cite: Cite
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """A thing handed in or filed at the node; ``item`` is the work item it belongs to."""

    name: str
    item: int | None
    required: bool
    cite: Cite


@dataclass(frozen=True, slots=True)
class NextNode:
    """An edge of the charts.

    ``to`` is a node number or ``end``; ``when`` are words; ``chart`` lists the charts (2, 3) that
    draw it; ``basis`` is S (stated), L (law) or I (inferred); ``code`` is the edge's number.
    """

    to: int | str
    when: str
    chart: tuple[int, ...]
    basis: str
    code: str


@dataclass(frozen=True, slots=True)
class Opens:
    """What starts a node instance: an event on its subject, or a named condition."""

    event: str | None = None
    condition: str | None = None


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
    ``planned`` that its day may lie in the future (an auction day that was set).
    """

    name: str
    label: str
    subject: str
    precision: str
    creates: bool
    planned: bool
    reason: str


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

    ``rolling``: ``roll`` or ``strict`` (A5); ``before_gap_days``: full days between (A38);
    ``warn_fraction``/``warn_fraction_hours``: part of the period left at the first warning (A2);
    ``office_opens``/``same_day_warning``: ``HH:MM``; ``archive_anchor``: event of A63;
    ``minimum_termination_months``: floor of 终本 (法〔2016〕373号); ``auction_min_ratio`` and
    ``small_balance_yuan``: figures used by advice only.
    """

    rolling: str
    before_holiday: str
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
    """All rules of one version; ``hash`` is the SHA-256 of the files it was read from."""

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
