"""What the dialogs made from the rulebook ask the rules while somebody types; pure."""

from __future__ import annotations

from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.completeness import event_subject
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.facts import Fact
from zhixing_desktop.workflow.rulebook import FieldSpec
from zhixing_desktop.workflow.views import Key


def next_subject(ctx: Context, kind: str) -> str:
    """Return the subject a new asset, clue or payment gets: the next number."""
    known = [subjects.number_of(entry) for entry in ctx.index.subjects_of(kind)]
    return f"{kind}/{max(known, default=0) + 1}"


def recorded_event(ctx: Context, key: Key, field: FieldSpec) -> Fact | None:
    """Return the event that a date field shows and that only a correction may change.

    ``None`` where the date may still be typed: nothing recorded, or a plan that may move.
    """
    if field.event is None:
        return None
    event = ctx.rulebook.events[field.event]
    if event.planned:
        return None
    found = ctx.index.events.get((event.name, event_subject(ctx, event, key)), ())
    own = [f for f in found if f.data.get("field") == field.name and f.node == key.node]
    known = own or list(found)
    return known[-1] if known else None


def only_by_decision(ctx: Context, key: Key, field: FieldSpec) -> str:
    """Return why nobody types into a field: a decision fills it.  Empty where one may."""
    act = f"event:{field.event}"
    for gate in ctx.rulebook.gates:
        if gate.node == key.node and act in gate.acts and gate.check == "only_by_decision":
            return gate.sentence
    return ""
