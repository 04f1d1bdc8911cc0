"""A case as it would be with what is being entered: the base for judging a half-filled dialog.

Nothing is recorded; the overlay only lets conditions, gates and the list of what is missing see the
values and the events that the entry would make.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.entries import check_value
from zhixing_desktop.workflow.event_places import event_subject
from zhixing_desktop.workflow.facts import FIELDS, NOTHING, Fact
from zhixing_desktop.workflow.moments import moment_of
from zhixing_desktop.workflow.rulebook import FieldSpec
from zhixing_desktop.workflow.views import Key

DRAFT = "draft"


def with_draft(ctx: Context, key: Key, values: Mapping[str, Any]) -> Context:
    """Return the context in which ``values`` count as entered at an instance.

    Values are taken as a dialog holds them; one that cannot be read counts as not entered.  A date
    that records an event counts as that event.
    """
    fields = {field.name: field for field in ctx.rulebook.nodes[key.node].fields}
    clean: dict[str, Any] = {}
    for name, raw in values.items():
        field = fields.get(name)
        if field is not None:
            value, problems = check_value(field, raw, ctx.rulebook.hollow_words)
            clean[name] = None if problems else value
    return with_values(ctx, key, clean)


def with_values(ctx: Context, key: Key, clean: Mapping[str, Any]) -> Context:
    """Return the context in which values in their stored form count as entered."""
    if not clean:
        return ctx
    spec = ctx.rulebook.nodes[key.node]
    entered = _fact(ctx, FIELDS, key.subject, ctx.now, node=key.node, data={"values": dict(clean)})
    events = [
        _event_fact(ctx, key, field, str(clean[field.name]))
        for field in spec.fields
        if field.event is not None and clean.get(field.name) is not None
    ]
    return ctx.with_facts([entered, *events])


def with_event(
    ctx: Context, name: str, subject: str, at: datetime, data: Mapping[str, Any] = NOTHING
) -> Context:
    """Return the context in which an event counts as recorded."""
    return ctx.with_facts([_fact(ctx, name, subject, at, data=data)])


def _event_fact(ctx: Context, key: Key, field: FieldSpec, value: str) -> Fact:
    event = ctx.rulebook.events[str(field.event)]
    subject = event_subject(ctx, event, key)
    before = entered_here(ctx, key, field, subject)
    return _fact(
        ctx,
        event.name,
        subject,
        moment_of(value),
        node=key.node,
        data={"field": field.name},
        corrects=before.seq if before is not None else None,
    )


def entered_here(ctx: Context, key: Key, field: FieldSpec, subject: str) -> Fact | None:
    """Return the event that this field of this node recorded before, ``None`` when it did not."""
    found = [
        fact
        for fact in ctx.index.events.get((str(field.event), subject), ())
        if fact.data.get("field") == field.name and fact.node == key.node
    ]
    return found[-1] if found else None


def _fact(
    ctx: Context,
    kind: str,
    subject: str,
    at: datetime,
    *,
    node: int | None = None,
    data: Mapping[str, Any] = NOTHING,
    corrects: int | None = None,
) -> Fact:
    return Fact(0, kind, subject, at, ctx.now, ctx.now, DRAFT, node, data, corrects)
