"""One step of a person on a case: one transaction, from the check to the commit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from zhixing_desktop.models.database import lock_cases
from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.case_list import row_names
from zhixing_desktop.services.sweep import fire_case
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.decide import NewFact
from zhixing_desktop.workflow.engine import view_of
from zhixing_desktop.workflow.errors import StaleEditError
from zhixing_desktop.workflow.facts import Fact
from zhixing_desktop.workflow.views import CaseView

Decision = Callable[[Context, CaseView], Sequence[NewFact]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step brought: the case's row number and version, the new facts, the view after."""

    case_id: int
    case_no: str
    version: int
    facts: tuple[Fact, ...]
    view: CaseView


def take(
    bureau: Bureau,
    actor: Actor,
    reference: str | int,
    action: str,
    decide: Decision,
    *,
    expected_version: int | None = None,
    source: str = "entry",
) -> Outcome:
    """Load the case, ask the rules, write what they say, journal it; all or nothing.

    What time alone has brought since the last sweep (a warning, a freeze) is announced first, so
    that no step can come before it.  Raises ``RuleRefusedError``, ``InputRefusedError``,
    ``StaleEditError`` when ``expected_version`` is no longer the case's, or ``StoreError``.
    """
    with bureau.database.writing() as conn:
        now = bureau.database.now(conn)
        found = case_store.find_case(conn, reference)
        lock_cases(conn, [found["id"]])
        case = case_store.find_case(conn, found["id"])
        if expected_version is not None and case["version"] != expected_version:
            raise StaleEditError(
                "这个案件刚刚被别人办理过，请刷新后核对再保存，填好的内容还在。",
                data={"yours": expected_version, "theirs": case["version"]},
            )
        loaded = case_store.load_facts(bureau, conn, case["id"], case["version"])
        ctx = case_store.context_of(bureau, loaded, now)
        made = decide(ctx, view_of(ctx))
        new = case_store.numbered(made, len(loaded) + 1, now, actor.name, source=source)
        fire_case(bureau, conn, case["id"], now)
        case = case_store.find_case(conn, case["id"])
        after = (*loaded, *new)
        view = view_of(case_store.context_of(bureau, after, now))
        with Recorder(
            conn,
            at=now,
            actor=actor.name,
            action=action,
            workstation=bureau.workstation,
            case_id=case["id"],
        ) as record:
            case_store.write_facts(record, case["id"], new)
            extra = row_names(bureau, conn, case, case_store.context_of(bureau, after, now), view)
            case_store.project(conn, record, case, view, extra)
        version = case["version"] + 1
    bureau.cache.put(case["id"], version, after)
    return Outcome(case["id"], case["case_no"], version, tuple(new), view)
