"""One step of a person on a case: one transaction, from the check to the commit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sqlalchemy import Connection

from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Actor, Bureau, Standing
from zhixing_desktop.services.case_list import row_names
from zhixing_desktop.services.permission import NOTHING, About, Permit, guard, permit_step
from zhixing_desktop.services.sweep import fire_case
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.decide import NewFact
from zhixing_desktop.workflow.errors import StaleEditError
from zhixing_desktop.workflow.evaluation import evaluated
from zhixing_desktop.workflow.facts import Fact
from zhixing_desktop.workflow.personal import refuse_covered
from zhixing_desktop.workflow.views import CaseView

Decision = Callable[[Context, CaseView], Sequence[NewFact]]
DecisionUnder = Callable[[Context, CaseView, Permit], Sequence[NewFact]]
"""A decision that depends on the roles it is taken under, and for whom."""


class Beside(Protocol):
    """What a step does beside facts, in the same transaction and under the same journal row."""

    def look(self, conn: Connection, ctx: Context, view: CaseView, given: Permit) -> None:
        """See, before anything is decided, what is needed; refuse by raising."""

    def write(self, conn: Connection, record: Recorder, new: Sequence[Fact]) -> None:
        """Write the rows, through the step's own recorder."""


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
    about: About = NOTHING,
) -> Outcome:
    """Load the case, ask whether he may and what the rules say, write it, journal it; or nothing.

    ``action`` is an act of the authority matrix, ``about`` what it is about.  What time alone has
    brought since the last sweep (a warning, a freeze) is announced first, so that no step can come
    before it.  Raises ``NotAllowedError``, ``RuleRefusedError``, ``InputRefusedError``,
    ``StaleEditError`` when ``expected_version`` is no longer the case's, or ``StoreError``.
    """
    return take_under(
        bureau,
        actor,
        reference,
        action,
        lambda ctx, view, _given: decide(ctx, view),
        expected_version=expected_version,
        source=source,
        about=about,
    )


def take_under(
    bureau: Bureau,
    actor: Actor,
    reference: str | int,
    action: str,
    decide: DecisionUnder,
    *,
    expected_version: int | None = None,
    source: str = "entry",
    about: About = NOTHING,
    beside: Beside | None = None,
) -> Outcome:
    """Do the same where what is made depends on the roles it is done under.

    ``beside`` writes more than facts in the same transaction.  Raises what ``take`` raises, and
    what ``beside`` refuses with.
    """
    held: Standing | None = None
    try:
        with bureau.database.writing() as conn:
            now = bureau.database.now(conn)
            standing = held = case_store.load_standing(bureau, conn, reference)
            case_id = standing.case["id"]
            _refuse_stale(standing.case["version"], expected_version)
            ctx = case_store.context_of(bureau, standing.index, now)
            given = permit_step(conn, bureau, actor, action, ctx, about)
            before = evaluated(ctx, standing.evaluation)
            if beside is not None:
                beside.look(conn, ctx, before.view, given)
            made = decide(ctx, before.view, given)
            guard(conn, bureau, given, ctx, made)
            refuse_covered(made)
            if case_store.anything_due(standing, now):
                fire_case(bureau, conn, case_id, now)
                standing = case_store.load_standing(bureau, conn, case_id)
            first = len(standing.facts) + 1
            new = case_store.numbered(made, first, now, actor.name, source=source)
            facts = (*standing.facts, *new)
            after = case_store.context_of(bureau, before.ctx.index.grown(new), now)
            evaluation = evaluated(after, before)
            view = evaluation.view
            names = row_names(bureau, conn, standing.case, after, view, new=new)
            with Recorder(
                conn,
                at=now,
                actor=actor.name,
                action=action,
                workstation=bureau.workstation,
                case_id=case_id,
                on_behalf_of=given.on_behalf_of,
            ) as record:
                case_store.write_facts(record, case_id, new)
                if beside is not None:
                    beside.write(conn, record, new)
                stands = case_store.project(
                    conn, record, standing, view, names, (facts, after.index)
                )
    except StaleEditError:
        if held is not None:
            bureau.cache.drop(held.case["id"])  # so that the next try reads the rows again
        raise
    # Only now: what is held must be what was committed.
    bureau.cache.hold(replace(stands, evaluation=evaluation))
    return Outcome(case_id, standing.case["case_no"], stands.case["version"], tuple(new), view)


def _refuse_stale(theirs: int, yours: int | None) -> None:
    if yours is not None and theirs != yours:
        raise StaleEditError(
            "这个案件刚刚被别人办理过，请刷新后核对再保存，填好的内容还在。",
            data={"yours": yours, "theirs": theirs},
        )
