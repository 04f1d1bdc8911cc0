"""Checking and rebuilding: do the rows that lists read agree with the facts?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from zhixing_desktop.models import health
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.models.rows import rows_where
from zhixing_desktop.models.tables import agenda, approvals, cases, instances, waiting
from zhixing_desktop.services import case_store
from zhixing_desktop.services.account_check import account_problems
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.case_list import row_names
from zhixing_desktop.services.paper_check import paper_problems
from zhixing_desktop.services.permission import permit
from zhixing_desktop.services.rulebook_store import altered_texts
from zhixing_desktop.services.store_health import file_problems
from zhixing_desktop.services.sweep import sweep
from zhixing_desktop.workflow.engine import view_of
from zhixing_desktop.workflow.views import CaseView

Progress = Callable[[int, int], None]


def check_all(bureau: Bureau, progress: Progress | None = None) -> list[str]:
    """Return one sentence per fault: file, references, journal, replay, kept files, papers,
    the texts of the rulebooks, cases' rows.

    What is due is announced first; a state that only waits for the beat is no fault.
    """
    sweep(bureau)
    found = [
        *health.check(bureau.database),
        *account_problems(bureau),
        *file_problems(bureau),
        *paper_problems(bureau),
        *altered_texts(bureau.database),
    ]
    with bureau.database.reading() as conn:
        now = bureau.database.now(conn)
        rows = conn.execute(select(cases).order_by(cases.c.id)).mappings().all()
        for number, row in enumerate(rows, start=1):
            found.extend(differences(bureau, conn, dict(row), now))
            if progress is not None:
                progress(number, len(rows))
    return found


def run_check(bureau: Bureau, actor: Actor, progress: Progress | None = None) -> list[str]:
    """Check for a person; raises ``NotAllowedError`` for whoever may not."""
    with bureau.database.reading() as conn:
        permit(conn, bureau, actor, "check.run")
    return check_all(bureau, progress)


def differences(bureau: Bureau, conn: Connection, case: dict[str, Any], now: datetime) -> list[str]:
    """Return what the rows of one case say otherwise than its facts."""
    loaded = case_store.load_facts(bureau, conn, case["id"], case["version"])
    ctx = case_store.context_of(bureau, loaded, now)
    view = view_of(ctx)
    found = [
        f"{case['case_no']}：列表中的“{name}”为{case[name]}，按事实应为{value}"
        for name, value in case_store.summary(view).items()
        if case[name] != value
    ]
    if case["rulebook_version"] != ctx.rulebook.version:
        found.append(
            f"{case['case_no']}：登记的节点规则为版本{case['rulebook_version']}，"
            f"应为版本{ctx.rulebook.version}"
        )
    found += _instances(conn, case, view)
    found += _agenda(conn, case, view)
    found += _waiting(conn, case, view)
    return found


def _instances(conn: Connection, case: dict[str, Any], view: CaseView) -> list[str]:
    wanted = {
        (v.key.node, v.key.subject): (v.state.value, v.due_at, v.completed_at)
        for v in view.instances.values()
        if case_store.kept(v)
    }
    rows = conn.execute(select(instances).where(instances.c.case_id == case["id"])).all()
    there = {(r.node, r.subject): (r.state, r.due_at, r.completed_at) for r in rows}
    return [
        f"{case['case_no']}：节点{place[0]}@{place[1]}登记为{there.get(place)}，按事实应为{wanted.get(place)}"
        for place in sorted(wanted.keys() | there.keys())
        if wanted.get(place) != there.get(place)
    ]


def _agenda(conn: Connection, case: dict[str, Any], view: CaseView) -> list[str]:
    wanted = {
        (s.key.node, s.key.subject, s.limit_id, s.step, s.due_at)
        for s in view.agenda
        if s.at > view.at
    }
    rows = conn.execute(select(agenda).where(agenda.c.case_id == case["id"], ~agenda.c.fired)).all()
    there = {(r.node, r.subject, r.limit_id, r.step, r.due_at) for r in rows}
    return [
        f"{case['case_no']}：待发通知与按事实应有的不一致：{entry}"
        for entry in sorted(wanted ^ there)
    ]


def _waiting(conn: Connection, case: dict[str, Any], view: CaseView) -> list[str]:
    wanted = case_store.waiting_rows(case["id"], view)
    rows = rows_where(conn, waiting, "case_id", case["id"])
    there = {row["request_seq"]: row for row in rows}
    found = [
        f"{case['case_no']}：待办事项中第{seq}号申请的登记与事实不一致"
        for seq in sorted(wanted.keys() | there.keys())
        if wanted.get(seq) != there.get(seq)
    ]
    said = {row["request_seq"]: row for row in rows_where(conn, approvals, "case_id", case["id"])}
    found += [
        f"{case['case_no']}：第{asked.seq}号申请的状态与事实不一致"
        for asked in view.approvals
        if asked.seq not in said
        or any(
            said[asked.seq][name] != value
            for name, value in case_store.approval_row(case["id"], asked).items()
        )
    ]
    return found


def rebuild(bureau: Bureau, actor: Actor, reference: str | int) -> bool:
    """Bring the rows of a case in line with its facts again; return whether anything differed."""
    with bureau.database.writing() as conn:
        permit(conn, bureau, actor, "case.rebuild")
        now = bureau.database.now(conn)
        bureau.cache.drop(case_store.find_case(conn, reference)["id"])
        standing = case_store.load_standing(bureau, conn, reference)
        if not differences(bureau, conn, standing.case, now):
            return False
        ctx = case_store.context_of(bureau, standing.index, now)
        view = view_of(ctx)
        with Recorder(
            conn,
            at=now,
            actor=actor.name,
            action="case.rebuild",
            workstation=bureau.workstation,
            case_id=standing.case["id"],
        ) as record:
            names = row_names(bureau, conn, standing.case, ctx, view)
            case_store.project(
                conn, record, standing, view, names, (standing.facts, standing.index)
            )
    return True
