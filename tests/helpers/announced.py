"""The states that a case's announcements bring, one after the other."""

from __future__ import annotations

from datetime import datetime, timedelta

from helpers.desk import calendar, rulebook
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.engine import view_of
from zhixing_desktop.workflow.facts import SEVERITY, FactIndex, State
from zhixing_desktop.workflow.views import CaseView, Key

SETS = frozenset({"open", "lapse"})
"""Steps that set a state; all others only raise it."""


def announced(view: CaseView, at: datetime) -> dict[Key, State]:
    """The states at a later moment, from the view and its agenda alone."""
    states = {key: entry.state for key, entry in view.instances.items()}
    for step in view.agenda:
        if not view.at < step.at <= at:
            continue
        before = states[step.key]
        if step.step in SETS or SEVERITY.get(step.state_after, 0) > SEVERITY.get(before, 0):
            states[step.key] = step.state_after
    return states


def check_agenda(index: FactIndex, now: datetime, days: int = 400) -> None:
    """Whatever moment one asks for, the agenda says what evaluating at it would say."""
    view = view_of(Context(rulebook(), calendar(), index, now))
    keys = [(step.key, step.limit_id, step.step, step.due_at) for step in view.agenda]
    assert len(keys) == len(set(keys))
    assert list(view.agenda) == sorted(view.agenda, key=lambda step: step.at)
    moments = {now + timedelta(days=days)}
    for step in view.agenda:
        if now < step.at:
            moments |= {step.at, step.at - timedelta(seconds=1), step.at + timedelta(hours=5)}
    for moment in sorted(m for m in moments if m >= now):
        then = view_of(Context(rulebook(), calendar(), index, moment))
        states = {key: entry.state for key, entry in then.instances.items()}
        assert announced(view, moment) == states, moment
