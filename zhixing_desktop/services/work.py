"""What a person does on a node: start, record, complete, correct; each one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zhixing_desktop.services import approvals
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.permission import About
from zhixing_desktop.services.steps import Outcome, take
from zhixing_desktop.workflow import decide
from zhixing_desktop.workflow.decide import ItemEntry
from zhixing_desktop.workflow.facts import NOTHING
from zhixing_desktop.workflow.views import Key


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

    With ``complete`` the recording is kept even when something is still missing: the refusal of the
    completion is raised after what was typed in has been saved.
    """
    outcome = take(
        bureau,
        actor,
        case,
        "node.work",
        lambda ctx, view: decide.work(ctx, view, key, values, items or {}, overrides=overrides),
        expected_version=expected_version,
        about=About(key=key, overridden=bool(overrides)),
    )
    if complete:
        return complete_node(bureau, actor, outcome.case_id, key)
    return outcome


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
    return take(
        bureau,
        actor,
        case,
        "fact.add",
        lambda ctx, view: decide.add_event(
            ctx, view, event, subject, at, data, overrides=overrides
        ),
        expected_version=expected_version,
        about=About(event=event, overridden=bool(overrides)),
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
