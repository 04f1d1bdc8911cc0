"""All that whoever decides must know of one application, gathered for one screen."""

from __future__ import annotations

from dataclasses import dataclass

from zhixing_desktop.services import case_store
from zhixing_desktop.services.application_view import (
    ApplicationDetail,
    ApplicationRow,
    detail_of,
)
from zhixing_desktop.services.approvals import applications
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.cases import CaseDetail, detail
from zhixing_desktop.services.consequences import Consequence, consequences
from zhixing_desktop.services.earlier_freezes import Freezes, This, of_case, of_officer
from zhixing_desktop.services.fact_words import matter_words, when_words
from zhixing_desktop.workflow.authority import DECIDE
from zhixing_desktop.workflow.errors import InputRefusedError, Problem
from zhixing_desktop.workflow.facts import ApprovalView, State
from zhixing_desktop.workflow.views import Key

PENDING = "pending"
_LATE = frozenset({"overdue", "met_late"})


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """The row of the authority matrix that a decision rests on: its number, who, and why."""

    id: str
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class Returned:
    """An earlier application that came back: when, by whom, why, what was to be mended."""

    at: str
    by: str
    reason: str
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Late:
    """A limit that was missed: its words, how late, and how its day was found, step by step."""

    words: str
    left: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecisionSheet:
    """One application with everything around it; ``case`` is what the chart is drawn from.

    ``others`` says who else must decide, in order; ``urges`` are the moments of 催办 in words;
    ``hops`` the way of a letter to an authority outside the court.
    """

    detail: ApplicationDetail
    case: CaseDetail
    matrix: MatrixRow | None
    late: tuple[Late, ...]
    returned: Returned | None
    urges: tuple[str, ...]
    others: tuple[str, ...]
    hops: tuple[str, ...]
    of_officer: Freezes
    of_case: Freezes
    follows: tuple[Consequence, ...]

    @property
    def pending(self) -> bool:
        """Whether it still waits."""
        return self.detail.row.application.status == PENDING


def decision_sheet(bureau: Bureau, actor: Actor, case_id: int, request: int) -> DecisionSheet:
    """Return everything about one application, as a person may see it.

    Raises ``InputRefusedError`` for an unknown one, ``NotAllowedError`` for a case closed to him.
    """
    case = detail(bureau, actor, case_id)
    found = applications(bureau, actor, status=None, case_id=case_id)
    entry = next((e for e in found if e.request == request), None)
    if entry is None:
        raise InputRefusedError(f"没有第{request}号申请", [Problem("申请", str(request))])
    key = Key(entry.node, entry.subject)
    instance = case.view.instances.get(key)
    frozen = instance.frozen if instance is not None else None
    book = bureau.rules.book
    row = ApplicationRow(
        entry,
        matter_words(book, entry.node, entry.matter),
        frozen.frozen_at if frozen is not None else None,
    )
    told = detail_of(case, row)
    asked = told.view
    this = This(case_id, entry.node, entry.subject, row.frozen_at)
    with bureau.database.reading() as conn:
        officer_id = case_store.find_case(conn, case_id)["officer_id"]
        by_officer = of_officer(conn, book, officer_id, this)
        by_case = of_case(conn, book, this)
    pending = asked is not None and asked.status == PENDING
    follows: tuple[Consequence, ...] = ()
    if pending and asked is not None and told.rule is not None:
        follows = consequences(case, asked, told.rule)
    return DecisionSheet(
        detail=told,
        case=case,
        matrix=_matrix_row(bureau, entry.node, entry.matter),
        late=_late(told),
        returned=_returned(case, asked),
        urges=tuple(when_words(at) for at in asked.urges) if asked is not None else (),
        others=_others(told) if pending else (),
        hops=tuple(hop_words(dict(hop)) for hop in asked.forwards) if asked is not None else (),
        of_officer=by_officer,
        of_case=by_case,
        follows=follows,
    )


def _matrix_row(bureau: Bureau, node: int, matter: str) -> MatrixRow | None:
    for row in bureau.rules.matrix.by_act.get(DECIDE, ()):
        if node in row.nodes and matter in row.matters:
            return MatrixRow(row.id, row.who(), row.why())
    return None


def _late(told: ApplicationDetail) -> tuple[Late, ...]:
    """The limits that the freeze rests on, else those that are over."""
    freeze = told.node.freeze
    found = [limit for limit in told.node.limits if limit.view.status in _LATE]
    if freeze is not None and freeze.limit_id is not None:
        named = [e for e in told.node.limits if e.view.limit.id == freeze.limit_id]
        found = named or found
    return tuple(
        Late(limit.words, limit.left or limit.status, tuple(step.words for step in limit.steps))
        for limit in found
        if told.node.state is not State.NOT_APPLICABLE
    )


def _returned(case: CaseDetail, asked: ApprovalView | None) -> Returned | None:
    if asked is None or asked.previous is None:
        return None
    before = next((a for a in case.context.index.approvals if a.seq == asked.previous), None)
    if before is None or not before.steps:
        return None
    last = before.steps[-1]
    at = when_words(before.decided_at) if before.decided_at is not None else ""
    by = f"{last.get('authority') or last.get('role', '')}{last.get('by', '')}"
    return Returned(at, by, str(last.get("reason", "")), before.points)


def _others(told: ApplicationDetail) -> tuple[str, ...]:
    """Who decides after the next one, in a sequence."""
    rule, asked = told.rule, told.view
    if rule is None or asked is None or rule.mode != "sequence":
        return ()
    granted = sum(1 for step in asked.steps if step.get("outcome") == "granted")
    return rule.roles[granted + 1 :]


def hop_words(hop: dict[str, object]) -> str:
    """Return one hop of a letter: ``2024-06-26　本院报焦作市中级人民法院，文号``."""
    number = f"，{hop['number']}" if hop.get("number") else ""
    note = f"：{hop['note']}" if hop.get("note") else ""
    return f"{hop.get('on', '')}　{hop.get('from', '')}报{hop.get('to', '')}{number}{note}"
