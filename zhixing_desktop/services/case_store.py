"""Loading and writing one case: facts, and the rows that lists and the sweep read.

The only module that knows both the engine's view and the tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table

from zhixing_desktop.models import transaction
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.rows import ask, rows_where
from zhixing_desktop.models.tables import agenda, approvals, cases, facts, instances, waiting
from zhixing_desktop.services.bureau import (
    Announced,
    Bureau,
    Loaded,
    Place,
    Row,
    Standing,
    keep_rules,
)
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.anchors import closing_done
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.decide import NewFact
from zhixing_desktop.workflow.errors import InputRefusedError, Problem, StaleEditError
from zhixing_desktop.workflow.facts import Fact, FactIndex, State
from zhixing_desktop.workflow.later_replies import papers
from zhixing_desktop.workflow.outside_decisions import plain_number
from zhixing_desktop.workflow.pending import waiting_of
from zhixing_desktop.workflow.views import (
    AgendaStep,
    ApprovalView,
    CaseView,
    InstanceView,
    Key,
)


def find_case(conn: Connection, reference: str | int, *, lock: bool = False) -> Row:
    """Return the row of a case by number of the row or by 案号; with ``lock`` nobody else's.

    Raises :class:`InputRefusedError` when there is none.
    """
    column = "id" if isinstance(reference, int) else "case_no"
    found = rows_where(conn, cases, column, reference, lock=lock)
    if not found:
        raise InputRefusedError(f"没有案件“{reference}”", [Problem("案号", "请核对案号")])
    return found[0]


def load_facts(bureau: Bureau, conn: Connection, case_id: int, version: int) -> tuple[Fact, ...]:
    """Return all facts of a case in the order they were entered."""
    return load_index(bureau, conn, case_id, version)[0]


def load_index(bureau: Bureau, conn: Connection, case_id: int, version: int) -> Loaded:
    """Return the facts of a case and their index; the rules know the court's calendar after.

    Raises ``StoreError`` where another rulebook has been adopted (as does ``load_standing``).
    """
    keep_rules(bureau, conn)
    held = bureau.cache.facts(case_id, version)
    if held is not None:
        return held
    rows = rows_where(conn, facts, "case_id", case_id, order="seq")
    loaded = tuple([fact_of(row) for row in rows])
    index = FactIndex(loaded)
    if transaction.current(conn) is None:
        # What a writing transaction reads may be its own and be rolled back.
        bureau.cache.hold_facts(case_id, version, (loaded, index))
    return loaded, index


def fact_of(row: Row) -> Fact:
    """Return a row of the table as a fact."""
    return Fact(
        seq=row["seq"],
        kind=row["kind"],
        subject=row["subject"],
        happened_at=row["happened_at"],
        recorded_at=row["recorded_at"],
        entered_at=row["entered_at"],
        entered_by=row["entered_by"],
        node=row["node"],
        data=row["data"],
        corrects=row["corrects"],
        reason=row["reason"] or None,
        source=row["source"],
    )


_FIRED = {
    "sqlite": "SELECT count(*) FROM agenda WHERE case_id = ? AND fired = 1",
    "postgresql": "SELECT count(*) FROM agenda WHERE case_id = ? AND fired",
}


def load_standing(bureau: Bureau, conn: Connection, reference: str | int) -> Standing:
    """Return a case as its rows stand, for a step: locked, from the cache when it still holds.

    Raises :class:`InputRefusedError` for an unknown case.
    """
    case = find_case(conn, reference, lock=True)
    case_id = case["id"]
    # After the lock: on PostgreSQL a sweep may have gone on until then.
    fired = int(ask(conn, _FIRED[conn.dialect.name], (case_id,))[0][0])
    keep_rules(bureau, conn)
    held = bureau.cache.standing(case_id)
    if held is not None and held.case == case and held.fired == fired:
        return held
    loaded, index = load_index(bureau, conn, case_id, case["version"])
    return Standing(
        case=case,
        fired=fired,
        facts=loaded,
        index=index,
        instances={
            (row["node"], row["subject"]): row
            for row in rows_where(conn, instances, "case_id", case_id)
        },
        agenda={
            tuple(row[name] for name in AGENDA_KEY): row
            for row in rows_where(conn, agenda, "case_id", case_id)
        },
        approvals=(asked := _by_request(conn, approvals, case_id)),
        # Nothing waits where nobody has applied for anything.
        waiting=_by_request(conn, waiting, case_id) if asked else {},
    )


def _by_request(conn: Connection, table: Table, case_id: int) -> dict[int, Row]:
    return {row["request_seq"]: row for row in rows_where(conn, table, "case_id", case_id)}


def anything_due(standing: Standing, now: datetime) -> bool:
    """Tell whether time alone has brought something that nobody has announced yet."""
    return any(not row["fired"] and row["at"] <= now for row in standing.agenda.values())


def context_of(bureau: Bureau, loaded: Sequence[Fact] | FactIndex, now: datetime) -> Context:
    """Return the engine's context for some facts, by the rulebook that the case runs under.

    That is the adopted one; a case that was closed before its adoption stays under the earlier.
    """
    index = loaded if isinstance(loaded, FactIndex) else FactIndex(loaded)
    rules = bureau.rules
    ctx = Context(rules.book, rules.calendar, index, now)
    if len(rules.adopted) < 2 or closing_done(ctx, subjects.CASE) is None:
        return ctx
    fact = ctx.find("closing_confirmed", subjects.CASE)
    return ctx if fact is None else replace(ctx, rulebook=rules.book_at(fact.entered_at))


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
    conn: Connection,
    record: Recorder,
    before: Standing,
    view: CaseView,
    extra: Mapping[str, Any],
    loaded: Loaded,
) -> Standing:
    """Bring the rows that lists and sweep read in line with the view; return how they stand then.

    ``extra`` are further columns of the case's row, which gets the next version; ``loaded`` are
    all facts that the view is made of.
    """
    case_id = before.case["id"]
    instances_now = _instances(conn, record, before, view)
    agenda_now = _agenda(record, before, view)
    approvals_now = _approvals(conn, record, before, view)
    waiting_now = keep_waiting(record, case_id, before.waiting, view)
    changed = {**summary(view), **extra, "version": before.case["version"] + 1}
    record.update(cases, {"id": case_id}, before.case, changed)
    return Standing(
        case={**before.case, **changed},
        fired=before.fired,
        facts=loaded[0],
        index=loaded[1],
        instances=instances_now,
        agenda=agenda_now,
        approvals=approvals_now,
        waiting=waiting_now,
    )


def project_new(record: Recorder, case_id: int, view: CaseView) -> None:
    """Write the rows of a case that has just been registered."""
    for row in instance_rows(case_id, view).values():
        record.insert(instances, row)
    for step in view.agenda:
        record.insert(agenda, agenda_row(case_id, step))
    for asked in view.approvals:
        record.insert(approvals, approval_row(case_id, asked))
    keep_waiting(record, case_id, {}, view)


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


def _next_checks(view: CaseView) -> dict[Key, datetime]:
    checks: dict[Key, datetime] = {}
    for step in view.agenda:
        if step.at > view.at:
            checks.setdefault(step.key, step.at)
    return checks


def instance_rows(case_id: int, view: CaseView) -> dict[Place, Row]:
    """Return the rows of all instances that have one."""
    checks = _next_checks(view)
    return {
        (v.key.node, v.key.subject): instance_row(case_id, v, checks.get(v.key))
        for v in view.instances.values()
        if kept(v)
    }


def _instances(
    conn: Connection, record: Recorder, standing: Standing, view: CaseView
) -> dict[Place, Row]:
    case_id = standing.case["id"]
    was: Mapping[Key, InstanceView] = {}
    if standing.evaluation is not None:
        was = standing.evaluation.view.instances
    checks = _next_checks(view)
    before = dict(standing.instances)
    after: dict[Place, Row] = {}
    for key, entry in view.instances.items():
        if not kept(entry):
            continue
        place: Place = key
        old = before.pop(place, None)
        check = checks.get(key)
        if old is not None and was.get(key) is entry and old["next_check_at"] == check:
            after[place] = old  # what the row was written from was taken over as it is
            continue
        row = instance_row(case_id, entry, check)
        if old is None:
            record.insert(instances, row)
            after[place] = row
            continue
        changed = _changed(old, row)
        if changed:
            number = _id_of(conn, instances, standing.instances, place)
            record.update(instances, {"id": number}, old, changed)
            old = {**old, **changed, "id": number}
        after[place] = old
    for gone, old in before.items():
        number = _id_of(conn, instances, standing.instances, gone)
        record.delete(instances, {"id": number}, {**old, "id": number})
    return after


def _changed(old: Row, row: Row) -> Row:
    return {name: value for name, value in row.items() if old[name] != value}


def _id_of(conn: Connection, table: Table, rows: Mapping[Any, Row], place: Any) -> int:
    """Return the number of a row; the database gave it when the row was written."""
    number: int | None = rows[place].get("id")
    if number is not None:
        return number
    case_id = rows[place]["case_id"]
    if table is approvals:
        found = ask(conn, "SELECT request_seq, id FROM approvals WHERE case_id = ?", (case_id,))
        numbers: dict[Any, int] = dict(found)
    else:
        found = ask(conn, "SELECT node, subject, id FROM instances WHERE case_id = ?", (case_id,))
        numbers = {(node, subject): given for node, subject, given in found}
    if not rows.keys() <= numbers.keys():
        raise StaleEditError(
            "这个案件的登记内容刚刚变过，这一步没有保存，填好的内容还在。请刷新后再试。",
            data={"kind": "stale", "table": table.name},
        )
    for key, row in rows.items():
        row["id"] = numbers[key]
    return numbers[place]


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


def _agenda(record: Recorder, standing: Standing, view: CaseView) -> Mapping[Announced, Row]:
    was: tuple[AgendaStep, ...] = ()
    if standing.evaluation is not None:
        was = standing.evaluation.view.agenda
        if was is view.agenda:
            return standing.agenda
    case_id = standing.case["id"]
    written = set(map(id, was))
    before = dict(standing.agenda)
    after: dict[Announced, Row] = {}
    for step in view.agenda:
        place = _agenda_place(case_id, step)
        old = before.pop(place, None)
        if old is not None and id(step) in written:
            after[place] = old  # what the row was written from was taken over as it is
            continue
        row = agenda_row(case_id, step)
        if old is None:
            record.insert(agenda, row)
            after[place] = row
            continue
        after[place] = old
        if not old["fired"]:
            changed = _changed(old, row)
            if changed:
                record.update(agenda, _agenda_key(old), old, changed)
                after[place] = row
    for place, old in before.items():
        if old["fired"]:
            after[place] = old
        else:
            record.delete(agenda, _agenda_key(old), old)
    return after


def _agenda_place(case_id: int, step: AgendaStep) -> Announced:
    """Return a step's primary key in the order of ``AGENDA_KEY``."""
    node, subject = step.key
    occurrence = subjects.occurrence(subject)
    return (case_id, node, subject, occurrence, step.limit_id, step.step, step.due_at)


def _agenda_key(row: Row) -> Row:
    return {name: row[name] for name in AGENDA_KEY}


def _approvals(
    conn: Connection, record: Recorder, standing: Standing, view: CaseView
) -> dict[int, Row]:
    after: dict[int, Row] = dict(standing.approvals)
    for asked in view.approvals:
        row = approval_row(standing.case["id"], asked)
        old = standing.approvals.get(asked.seq)
        if old is None:
            record.insert(approvals, row)
            after[asked.seq] = row
            continue
        changed = _changed(old, row)
        if changed:
            number = _id_of(conn, approvals, standing.approvals, asked.seq)
            record.update(approvals, {"id": number}, old, changed)
            after[asked.seq] = {**old, **changed, "id": number}
    return after


def applications_as_they_should_be(standing: Standing, view: CaseView) -> bool:
    """Tell whether the rows of a case's applications agree with its view."""
    case_id = standing.case["id"]
    if dict(standing.waiting) != waiting_rows(case_id, view):
        return False
    wanted = {asked.seq: approval_row(case_id, asked) for asked in view.approvals}
    return wanted.keys() == standing.approvals.keys() and not any(
        _changed(standing.approvals[seq], row) for seq, row in wanted.items()
    )


def keep_applications(
    conn: Connection, record: Recorder, standing: Standing, view: CaseView
) -> None:
    """Bring only the rows of a case's applications in line with its view."""
    _approvals(conn, record, standing, view)
    keep_waiting(record, standing.case["id"], standing.waiting, view)


def keep_waiting(
    record: Recorder, case_id: int, before: Mapping[int, Row], view: CaseView
) -> dict[int, Row]:
    """Bring what waits of a case in line with its view; return how it stands then."""
    after = waiting_rows(case_id, view)
    for seq, row in after.items():
        old = before.get(seq)
        if old is None:
            record.insert(waiting, row)
        else:
            record.update(waiting, _waiting_key(row), old, row)
    for seq, old in before.items():
        if seq not in after:
            record.delete(waiting, _waiting_key(old), old)
    return after


def _waiting_key(row: Row) -> Row:
    return {"case_id": row["case_id"], "request_seq": row["request_seq"]}


def waiting_rows(case_id: int, view: CaseView) -> dict[int, Row]:
    """Return the rows of what waits in a case, by the number of the application."""
    return {
        entry.request: {
            "case_id": case_id,
            "request_seq": entry.request,
            "node": entry.node,
            "subject": entry.subject,
            "matter": entry.matter,
            "level": entry.level,
            "due_roles": ROLES_APART.join(entry.due_roles),
            "stage": entry.stage,
            "requested_by": entry.requested_by,
            "requested_at": entry.requested_at,
            "frozen_at": entry.frozen_at,
            "due_at": entry.due_at,
            "urged_at": entry.urged_at,
            "urges": entry.urges,
        }
        for entry in waiting_of(view)
    }


ROLES_APART = "、"
"""What stands between the roles of a row of ``waiting``."""


def approval_row(case_id: int, asked: ApprovalView) -> Row:
    """Return the row of an application."""
    last = asked.steps[-1] if asked.steps else {}
    number, earlier = _reply_numbers(asked)
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
        "reply_number": number,
        "earlier_replies": earlier,
    }


NUMBERS_APART = "|"
"""What stands around each number of a paper that a later one has followed."""


def _reply_numbers(asked: ApprovalView) -> tuple[str | None, str]:
    """The number of the paper that came back last, read back or not, and those before it."""
    numbers = [plain_number(paper) for paper in papers(asked)]
    if asked.reply is not None:
        numbers.append(plain_number(str(asked.reply["number"])))
    earlier = NUMBERS_APART.join(["", *numbers[:-1], ""]) if len(numbers) > 1 else ""
    return (numbers[-1] if numbers else None), earlier
