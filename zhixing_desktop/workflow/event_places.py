"""On which subject an event that is entered at a node is recorded."""

from __future__ import annotations

from zhixing_desktop.workflow import rounds, subjects
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.rulebook import EventSpec
from zhixing_desktop.workflow.views import Key

RESUMPTION_NODE = 46
RESUMPTION_CLUE = "resumption_clue_found"
RESUMPTION_DECIDED = "resumption_decided"


def event_subject(ctx: Context, event: EventSpec, key: Key) -> str:
    """Return the subject an event entered at an instance belongs to.

    Same kind: the instance's own subject.  A round's event entered for an asset (node 23) goes to
    the asset's first round.  Otherwise the ancestor of the event's kind.  A clue found after 终本
    goes to the review that is due (see :func:`clue_place`), wherever it is entered.
    """
    if event.name == RESUMPTION_CLUE and key.node != RESUMPTION_NODE:
        return clue_place(ctx)
    if event.subject == subjects.kind_of(key.subject):
        return key.subject
    if event.subject == "round":
        return rounds.first_round(key.subject)
    for above in subjects.ancestors(key.subject):
        if subjects.kind_of(above) == event.subject:
            return above
    return subjects.CASE


def clue_place(ctx: Context) -> str:
    """Return the case with the number of its review (node 46) that a clue found now belongs to.

    A clue that comes while a review is open belongs to it; after a decision a new review begins,
    with its own ten days.
    """
    times = 1
    while ctx.index.event(RESUMPTION_DECIDED, subjects.nth(subjects.CASE, times)) is not None:
        times += 1
    return subjects.nth(subjects.CASE, times)


def instance_for(ctx: Context, node: int, subject: str) -> Key:
    """Return the instance of a node that an event on ``subject`` concerns."""
    kind = ctx.rulebook.nodes[node].subject
    if kind == subjects.kind_of(subject):
        return Key(node, subject)
    for above in subjects.ancestors(subject):
        if subjects.kind_of(above) == kind:
            return Key(node, above)
    return Key(node, subject)
