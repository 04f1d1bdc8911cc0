"""What a person does on a node: start, record, complete, correct; each one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from zhixing_desktop.models.recorder import Recorder
from zhixing_desktop.services import approvals, case_store
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.dossier_closing import CLOSING_REQUESTED, ClosingCheck
from zhixing_desktop.services.dossier_materials import materials_for
from zhixing_desktop.services.permission import About, Permit
from zhixing_desktop.services.steps import Outcome, take, take_under
from zhixing_desktop.workflow import decide
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.decide import ItemEntry
from zhixing_desktop.workflow.facts import NOTHING, Fact
from zhixing_desktop.workflow.item_entries import with_filed
from zhixing_desktop.workflow.views import CaseView, Key


def start_node(
    bureau: Bureau,
    actor: Actor,
    case: str | int,
    key: Key,
    *,
    at: datetime | None = None,
    expected_version: int | None = None,
) -> Outcome:
    """Start an on-demand node for a subject (now, or at an earlier moment)."""
    return take(
        bureau,
        actor,
        case,
        "node.start",
        lambda ctx, view: decide.start(ctx, view, key, at or ctx.now),
        expected_version=expected_version,
        about=About(key=key),
    )


def record_work(
    bureau: Bureau,
    actor: Actor,
    case: str | int,
    key: Key,
    values: Mapping[str, Any],
    items: Mapping[int, ItemEntry] | None = None,
    *,
    overrides: Mapping[str, str] = NOTHING,
    complete: bool = False,
    expected_version: int | None = None,
) -> Outcome:
    """Record fields and work items of a node; with ``complete`` also let it flow on.

    What lies in the dossier for the node goes into the reports of its work items by itself.  With
    ``complete`` the recording is kept even when something is still missing: the refusal of the
    completion is raised after what was typed in has been saved.
    """
    filed = _Filed(key)
    outcome = take_under(
        bureau,
        actor,
        case,
        "node.work",
        lambda ctx, view, _given: decide.work(
            ctx, view, key, values, filed.beside(ctx, items or {}), overrides=overrides
        ),
        expected_version=expected_version,
        about=About(key=key, overridden=bool(overrides)),
        beside=filed if items else None,
    )
    if complete:
        return complete_node(bureau, actor, outcome.case_id, key)
    return outcome


class _Filed:
    """The materials that lie in the dossier for an instance, looked up within the step."""

    def __init__(self, key: Key) -> None:
        self._key = key
        self._names: tuple[str, ...] = ()

    def look(self, conn: Connection, ctx: Context, view: CaseView, given: Permit) -> None:
        """Look them up."""
        case = case_store.find_case(conn, str(ctx.header["case_no"]))
        self._names = materials_for(conn, ctx, case["id"], self._key)

    def beside(self, ctx: Context, items: Mapping[int, ItemEntry]) -> Mapping[int, ItemEntry]:
        """Return reports of work items with them."""
        return with_filed(ctx, self._key, items, self._names)

    def write(self, conn: Connection, record: Recorder, new: Sequence[Fact]) -> None:
        """Write nothing beside the facts."""


def complete_node(
    bureau: Bureau,
    actor: Actor,
    case: str | int,
    key: Key,
    *,
    at: datetime | None = None,
    expected_version: int | None = None,
) -> Outcome:
    """Complete a node instance: it flows to its next nodes."""
    return take(
        bureau,
        actor,
        case,
        "node.complete",
        lambda ctx, view: decide.complete(ctx, view, key, at or ctx.now),
        expected_version=expected_version,
        about=About(key=key),
    )


def add_fact(
    bureau: Bureau,
    actor: Actor,
    case: str | int,
    event: str,
    subject: str,
    at: datetime,
    data: Mapping[str, Any] = NOTHING,
    *,
    overrides: Mapping[str, str] = NOTHING,
    expected_version: int | None = None,
) -> Outcome:
    """Record an event on a subject; a creating event brings a new asset, clue or payment.

    ``overrides`` gives, by field, the reason why words that say nothing (空话) may stand.
    """
    return take_under(
        bureau,
        actor,
        case,
        "fact.add",
        lambda ctx, view, _given: decide.add_event(
            ctx, view, event, subject, at, data, overrides=overrides
        ),
        expected_version=expected_version,
        about=About(event=event, overridden=bool(overrides)),
        beside=ClosingCheck(bureau, actor) if event == CLOSING_REQUESTED else None,
    )


def correct_fact(
    bureau: Bureau,
    actor: Actor,
    case: str | int,
    seq: int,
    *,
    at: datetime | None = None,
    data: Mapping[str, Any] | None = None,
    reason: str,
    expected_version: int | None = None,
) -> Outcome:
    """Correct a fact; the old one stays in the journal and in the case's history."""
    return take(
        bureau,
        actor,
        case,
        "fact.correct",
        lambda ctx, view: decide.correct(ctx, seq, at, data, reason),
        expected_version=expected_version,
        about=About(seq=seq),
    )


def withdraw_fact(
    bureau: Bureau, actor: Actor, case: str | int, seq: int, *, reason: str
) -> Outcome:
    """Withdraw a fact that did not happen."""
    return take(
        bureau,
        actor,
        case,
        "fact.withdraw",
        lambda ctx, view: decide.withdraw(ctx, seq, reason),
        about=About(seq=seq),
    )


def assign_officer(
    bureau: Bureau, actor: Actor, case: str | int, officer: str, *, reason: str
) -> Outcome:
    """Assign or change the case officer."""
    return take(
        bureau,
        actor,
        case,
        "case.assign",
        lambda ctx, view: decide.assign_officer(ctx, officer, ctx.now, reason),
    )


def request_approval(
    bureau: Bureau,
    actor: Actor,
    case: str | int,
    key: Key,
    matter: str,
    reason: str,
    data: Mapping[str, Any] = NOTHING,
) -> Outcome:
    """Apply for a decision (``unfreeze``, ``payout``, ``closing_review`` …)."""
    return approvals.request_decision(bureau, actor, case, key, matter, reason, data)


def decide_approval(
    bureau: Bureau, actor: Actor, case: str | int, request: int, outcome: str, reason: str
) -> Outcome:
    """Decide an application: ``granted``, ``refused`` or ``returned``."""
    return approvals.decide_application(bureau, actor, case, request, outcome, reason)
