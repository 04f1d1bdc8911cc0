"""What opens a node by itself where no single event does: the fixed list the rulebook names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from zhixing_desktop.workflow import anchors, rounds, subjects
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.facts import Fact

Opener = Callable[[Context, str], datetime | None]


def _moment(fact: Fact | None) -> datetime | None:
    return fact.happened_at if fact is not None else None


def _always_open(ctx: Context, subject: str) -> datetime | None:
    return ctx.index.opened_at


def _second_round_failed(ctx: Context, subject: str) -> datetime | None:
    return _moment(rounds.second_failure(ctx, subject))


def _first_round_offset(ctx: Context, subject: str) -> datetime | None:
    for entry in rounds.rounds_of(ctx, subject):
        fact = ctx.index.event("auction_offset_applied", entry)
        if fact is not None:
            return fact.happened_at
    return None


def _offset_refused(ctx: Context, subject: str) -> datetime | None:
    return _moment(rounds.refusal_after_second(ctx, subject))


def _followup_due(ctx: Context, subject: str) -> datetime | None:
    return anchors.followup_window(ctx, subjects.number_of(subject))[0]


def _round_due(ctx: Context, subject: str) -> datetime | None:
    return _moment(rounds.due_since(ctx, subject))


def _query_running(ctx: Context, subject: str) -> datetime | None:
    found = anchors.query_started(ctx, subject)
    return found.moment if found else None


OPENERS: Mapping[str, Opener] = MappingProxyType(
    {
        "always": _always_open,
        "second_round_failed": _second_round_failed,
        "first_round_offset_applied": _first_round_offset,
        "offset_refused_after_second": _offset_refused,
        "followup_due": _followup_due,
        "round_due": _round_due,
        "query_running": _query_running,
    }
)
