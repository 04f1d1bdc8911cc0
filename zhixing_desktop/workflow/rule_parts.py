"""What a node is made of: work items, limits, freeze rules, fields, materials, approvals, edges."""

from __future__ import annotations

from dataclasses import dataclass

from zhixing_desktop.workflow.errors import Cite
from zhixing_desktop.workflow.rule_words import (
    Direction,
    FieldType,
    LimitKind,
    UnfreezeLevel,
    Unit,
)


@dataclass(frozen=True, slots=True)
class Notify:
    """Somebody who must be told, the channels the guideline names, and when the duty arises."""

    who: str
    channels: tuple[str, ...]
    when: str | None = None


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One item of a node's 工作内容; ``text`` is verbatim.

    ``when`` names a condition under which the item applies; ``optional`` marks a 可以 item.
    ``papers_when`` gives the condition of a paper that is not always made.
    """

    item: int
    text: str
    papers: tuple[str, ...] = ()
    notify: tuple[Notify, ...] = ()
    dossier: bool = False
    optional: bool = False
    when: str | None = None
    label: str | None = None
    papers_when: tuple[tuple[str, str], ...] = ()

    def paper_condition(self, paper: str) -> str | None:
        """Return the condition under which a paper is made, ``None`` where it always is."""
        return dict(self.papers_when).get(paper)


@dataclass(frozen=True, slots=True)
class Matter:
    """A decision named by its node and matter (``34: escrow``)."""

    node: int
    matter: str


@dataclass(frozen=True, slots=True)
class MetBy:
    """What satisfies a time limit: an event, a set of work items, or a granted application.

    Where several are named any of them suffices; completing the node satisfies always.
    """

    event: str | None = None
    items: tuple[int, ...] = ()
    approval: Matter | None = None


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
    frozen where it is another one (46 freezes node 2).  ``warned`` tells whether the words put the
    freeze after a warning (经预警后); ``lets_pass`` are next nodes that are not refused.
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
    warned: bool = True


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
    (``header.case_no``, ``subject.amount``), so that it is not asked twice.  ``filed_day``: the day
    on which the materials of its work item came into the electronic dossier; a filing enters it.
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
    filed_day: bool = False


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
class Elsewhere:
    """A material or an issued paper of a node that is the same thing as another node's material."""

    node: int
    name: str

    def __str__(self) -> str:
        return f"节点{self.node}“{self.name}”"


@dataclass(frozen=True, slots=True)
class Material:
    """A thing handed in or filed at the node; ``item`` is the work item it belongs to.

    ``collective`` names the dossier as a whole (节点四十三 案件材料): whatever lies in it is it.
    ``at_archive`` is not filed but handed to the archive (节点四十四 影像卷宗).
    ``lies_at`` names what is the same thing, filed already: it is not asked for a second time.
    """

    name: str
    item: int | None
    required: bool
    cite: Cite
    when: str | None = None
    collective: bool = False
    at_archive: bool = False
    lies_at: tuple[Elsewhere, ...] = ()


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
