"""Why a date is what it is: the derivation behind a limit, for the screen and the slip."""

from __future__ import annotations

from datetime import datetime

from zhixing_desktop.services.rules import Rules
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.errors import UsageError
from zhixing_desktop.workflow.facts import FactIndex
from zhixing_desktop.workflow.limits import derivation_of
from zhixing_desktop.workflow.rulebook import LimitKind
from zhixing_desktop.workflow.timelimits import Derivation
from zhixing_desktop.workflow.views import LimitView


def derivation(ctx: Context, view: LimitView) -> Derivation | None:
    """Return the derivation of a case's limit, ``None`` while it does not run yet."""
    if view.anchor_at is None:
        return None
    return derivation_of(ctx, view.limit, view.anchor_at, view.anchor_words)


def derivation_from(rules: Rules, limit_id: str, anchor: datetime) -> Derivation:
    """Return when a limit ends that runs from ``anchor``, without any case.

    Raises :class:`UsageError` for an unknown limit.
    """
    try:
        limit = rules.book.limit(limit_id)
    except KeyError as error:
        raise UsageError(f"没有编号为“{limit_id}”的时限，编号形如 7-a。") from error
    ctx = Context(rules.book, rules.calendar, FactIndex(()), anchor)
    event = rules.book.events.get(limit.anchor)
    words = event.label if event else "起算之日"
    if limit.kind is LimitKind.PERIODIC:
        words = "结案"
    return derivation_of(ctx, limit, anchor, words)
