"""Loading and writing one case: facts, and the rows that lists and the sweep read.

The only module that knows both the engine's view and the tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.tables import agenda, approvals, cases, facts, instances
from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.decide import NewFact
from zhixing_desktop.workflow.errors import InputRefusedError, Problem
from zhixing_desktop.workflow.facts import Fact, FactIndex, State
from zhixing_desktop.workflow.views import AgendaStep, ApprovalView, CaseView, InstanceView

Row = dict[str, Any]


def find_case(conn: Connection, reference: str | int) -> Row:
    """Return the row of a case by number of the row or by 案号.

    Raises :class:`InputRefusedError` when there is none.
    """
    column = cases.c.id if isinstance(reference, int) else cases.c.case_no
    found = conn.execute(select(cases).where(column == reference)).mappings().first()
    if found is None:
        raise InputRefusedError(f"没有案件“{reference}”", [Problem("案号", "请核对案号")])
    return dict(found)


def load_facts(bureau: Bureau, conn: Connection, case_id: int, version: int) -> tuple[Fact, ...]:
    """Return all facts of a case in the order they were entered."""
    held = bureau.cache.get(case_id, version)
    if held is not None:
        return held
    rows = conn.execute(select(facts).where(facts.c.case_id == case_id).order_by(facts.c.seq))
    loaded = tuple(
        Fact(
            seq=row.seq,
            kind=row.kind,
            subject=row.subject,
            happened_at=row.happened_at,
            recorded_at=row.recorded_at,
            entered_at=row.entered_at,
            entered_by=row.entered_by,
            node=row.node,
            data=row.data,
            corrects=row.corrects,
            reason=row.reason or None,
            source=row.source,
        )
        for row in rows
    )
    bureau.cache.put(case_id, version, loaded)
    return loaded


def context_of(bureau: Bureau, loaded: Sequence[Fact], now: datetime) -> Context:
    """Return the engine's context for some facts."""
    return Context(bureau.rules.book, bureau.rules.calendar, FactIndex(loaded), now)


def numbered(
    made: Sequence[NewFact], first: int, now: datetime, by: str, *, source: str = "entry"
) -> list[Fact]:
    """Give new facts their numbers, author and time of entry.

    Facts from the court's platform (``import``) count as recorded when they happened: they were
    entered there; what is typed in here counts from now.
    """
    return [
        Fact(
            seq=first + place,
            kind=new.kind,
            subject=new.subject,
            happened_at=new.happened_at,
            recorded_at=min(new.happened_at, now) if source == "import" else now,
            entered_at=now,
            entered_by=by,
            node=new.node,
            data=new.data,
            corrects=new.corrects,
            reason=new.reason,
            source=source,
        )
        for place, new in enumerate(made)
    ]


def write_facts(record: Recorder, case_id: int, new: Sequence[Fact]) -> None:
    """Add facts to the case; they are never changed afterwards."""
    for fact in new:
        record.insert(
            facts,
            {
                "case_id": case_id,
                "seq": fact.seq,
                "kind": fact.kind,
                "subject": fact.subject,
                "node": fact.node,
                "happened_at": fact.happened_at,
                "recorded_at": fact.recorded_at,
                "entered_at": fact.entered_at,
                "entered_by": fact.entered_by,
                "data": dict(fact.data),
                "corrects": fact.corrects,
                "reason": fact.reason or "",
                "source": fact.source,
            },
        )


def project(
    conn: Connection, record: Recorder, case: Row, view: CaseView, extra: Mapping[str, Any], *, new: bool = False
) -> None:
    """Bring the rows that lists and sweep read in line with the view."""
    _instances(conn, record, case["id"], view, new=new)
    _agenda(conn, record, case["id"], view, new=new)
    _approvals(conn, record, case["id"], view, new=new)
    if not new:
        after = {**summary(view), **extra, "version": case["version"] + 1}
        record.update(cases, {"id": case["id"]}, case, after)


def summary(view: CaseView) -> Row:
    """Return the columns of the case list that follow from the view."""
    node = view.current.node if view.current else None
    return {
        "state": view.state.value,
        "current_node": node,
        "next_due_at": view.next_due.due_at if view.next_due else None,
        "next_due_node": view.next_due_key.node if view.next_due_key else None,
        "closed_at": view.closed_at,
        "closing_way": view.closing_way or None,
    }


def kept(view: InstanceView) -> bool:
    """Tell whether an instance has a row: whatever opened once, and what is frozen."""
    return view.opened_at is not None or view.state is State.FROZEN or view.completed_at is not None


def instance_row(case_id: int, view: InstanceView, next_check: datetime | None) -> Row:
    """Return the row of an instance."""
    return {
        "case_id": case_id,
        "node": view.key.node,
        "subject": view.key.subject,
        "occurrence": subjects.occurrence(view.key.subject),
        "state": view.state.value,
        "opened_at": view.opened_at,
        "due_at": view.due_at,
        "completed_at": view.completed_at,
        "frozen_at": view.frozen.frozen_at if view.frozen else None,
        "next_check_at": next_check,
    }


def _instances(
    conn: Connection, record: Recorder, case_id: int, view: CaseView, *, new: bool
) -> None:
    checks: dict[Any, datetime] = {}
    for step in view.agenda:
        if step.at > view.at:
            checks.setdefault(step.key, step.at)
    wanted = {
        (v.key.node, v.key.subject): instance_row(case_id, v, checks.get(v.key))
        for v in view.instances.values()
        if kept(v)
    }
    there: dict[tuple[int, str], Row] = {}
    if not new:
        rows = conn.execute(select(instances).where(instances.c.case_id == case_id)).mappings()
        there = {(row["node"], row["subject"]): dict(row) for row in rows}
    for place, row in wanted.items():
        before = there.pop(place, None)
        if before is None:
            record.insert(instances, row)
        else:
            record.update(instances, {"id": before["id"]}, before, row)
    for before in there.values():
        record.delete(instances, {"id": before["id"]}, before)


def agenda_row(case_id: int, step: AgendaStep) -> Row:
    """Return the row of one announcement to come."""
    return {
        "case_id": case_id,
        "node": step.key.node,
        "subject": step.key.subject,
        "occurrence": subjects.occurrence(step.key.subject),
        "limit_id": step.limit_id,
        "step": step.step,
        "due_at": step.due_at,
        "at": step.at,
        "state_after": step.state_after.value,
        "recipients": list(step.recipients),
        "fired": False,
    }


AGENDA_KEY = ("case_id", "node", "subject", "occurrence", "limit_id", "step", "due_at")


def _agenda(
    conn: Connection, record: Recorder, case_id: int, view: CaseView, *, new: bool
) -> None:
    there: dict[tuple[Any, ...], Row] = {}
    if not new:
        rows = conn.execute(select(agenda).where(agenda.c.case_id == case_id)).mappings()
        there = {tuple(row[name] for name in AGENDA_KEY): dict(row) for row in rows}
    for step in view.agenda:
        row = agenda_row(case_id, step)
        place = tuple(row[name] for name in AGENDA_KEY)
        before = there.pop(place, None)
        if before is None:
            record.insert(agenda, row)
        elif not before["fired"]:
            record.update(agenda, _agenda_key(before), before, row)
    for before in there.values():
        if not before["fired"]:
            record.delete(agenda, _agenda_key(before), before)


def _agenda_key(row: Row) -> Row:
    return {name: row[name] for name in AGENDA_KEY}


def _approvals(
    conn: Connection, record: Recorder, case_id: int, view: CaseView, *, new: bool
) -> None:
    if not view.approvals:
        return
    there: dict[int, Row] = {}
    if not new:
        rows = conn.execute(select(approvals).where(approvals.c.case_id == case_id)).mappings()
        there = {row["request_seq"]: dict(row) for row in rows}
    for asked in view.approvals:
        row = approval_row(case_id, asked)
        before = there.get(asked.seq)
        if before is None:
            record.insert(approvals, row)
        else:
            record.update(approvals, {"id": before["id"]}, before, row)


def approval_row(case_id: int, asked: ApprovalView) -> Row:
    """Return the row of an application."""
    last = asked.steps[-1] if asked.steps else {}
    return {
        "case_id": case_id,
        "node": asked.node,
        "subject": asked.subject,
        "occurrence": subjects.occurrence(asked.subject),
        "matter": asked.matter,
        "level": str(asked.data.get("level", "local")),
        "status": asked.status,
        "requested_by": asked.requested_by,
        "requested_at": asked.requested_at,
        "reason": asked.reason,
        "decided_by": last.get("by"),
        "decided_at": asked.decided_at,
        "decision_reason": str(last.get("reason", "")),
        "request_seq": asked.seq,
        "decision_seq": None,
    }
