"""What an instance still needs before it can be completed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.conditions import CONDITIONS
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.errors import Cite
from zhixing_desktop.workflow.facts import Fact
from zhixing_desktop.workflow.rulebook import EventSpec, FieldSpec, NodeSpec, WorkItem
from zhixing_desktop.workflow.views import Key, Missing


def fields_in_play(ctx: Context, spec: NodeSpec, subject: str) -> tuple[FieldSpec, ...]:
    """Return the fields that concern this instance (their condition holds)."""
    return tuple(
        f
        for f in spec.fields
        if (f.when is None or CONDITIONS[f.when](ctx, subject)) and _item_applies(ctx, spec, f, subject)
    )


def _item_applies(ctx: Context, spec: NodeSpec, field: FieldSpec, subject: str) -> bool:
    if field.item is None:
        return True
    item = spec.item(field.item)
    return item.when is None or CONDITIONS[item.when](ctx, subject)


def items_in_play(ctx: Context, spec: NodeSpec, subject: str) -> tuple[WorkItem, ...]:
    """Return the work items that concern this instance, optional ones included."""
    return tuple(
        entry for entry in spec.work_items if entry.when is None or CONDITIONS[entry.when](ctx, subject)
    )


def missing(ctx: Context, key: Key) -> tuple[Missing, ...]:
    """List what is missing: fields, work items, their papers, notices and materials."""
    spec = ctx.rulebook.nodes[key.node]
    found: list[Missing] = []
    done = ctx.index.items.get(key, {})
    for field in fields_in_play(ctx, spec, key.subject):
        filled = current_value(ctx, key, field) not in (None, "", [], ())
        if field.required and not filled and _wanted(spec, field, done):
            found.append(Missing("field", field.name, field.label, field.item, field.cite))
    for item in items_in_play(ctx, spec, key.subject):
        cite = Cite(f"节点{spec.number} 工作内容{item.label or item.item}", item.text)
        fact = done.get(item.item)
        if fact is None:
            if not item.optional:
                name = f"工作内容{item.label or item.item}"
                found.append(Missing("item", str(item.item), name, item.item, cite))
            continue
        found.extend(_of_item(item, fact.data, cite))
    in_play = {item.item for item in items_in_play(ctx, spec, key.subject)}
    for material in spec.materials:
        if material.item is not None and (
            material.item not in in_play or _set_aside(done.get(material.item))
        ):
            continue
        filed = any(material.name in fact.data.get("materials", ()) for fact in done.values())
        if material.required and not filed:
            found.append(
                Missing("material", material.name, material.name, material.item, material.cite)
            )
    return tuple(found)


def _set_aside(fact: Fact | None) -> bool:
    return fact is not None and bool(fact.data.get("not_needed"))


def current_value(ctx: Context, key: Key, field: FieldSpec) -> Any:
    """Return what a field shows: what was entered, else the day of its event recorded elsewhere.

    So that nothing is asked twice: an asset's finding or a payment's arrival is known before the
    node's dialog is opened.
    """
    value = ctx.index.value(key.node, key.subject, field.name)
    if value is None and field.same_as is not None:
        return _known_elsewhere(ctx, key, field.same_as)
    if value is not None or field.event is None:
        return value
    event = ctx.rulebook.events[field.event]
    subject = event_subject(ctx, event, key)
    for fact in ctx.index.events.get((event.name, subject), ()):
        if fact.data.get("field") is None or fact.node != key.node:
            day_only = field.type == "date"
            return f"{fact.happened_at:%Y-%m-%d}" if day_only else fact.happened_at.isoformat()
    return None


def _known_elsewhere(ctx: Context, key: Key, place: str) -> Any:
    """Return what was said when the case or the subject came up (``header.x``, ``subject.x``)."""
    where, _, name = place.partition(".")
    if where == "header":
        return ctx.header.get(name)
    for spec in ctx.rulebook.subjects.values():
        if spec.event is not None:
            fact = ctx.index.event(spec.event, subjects.base(key.subject))
            if fact is not None:
                return fact.data.get(name)
    return None


def event_subject(ctx: Context, event: EventSpec, key: Key) -> str:
    """Return the subject an event entered at an instance belongs to.

    Same kind: the instance's own subject.  A round's event entered for an asset (node 23) goes to
    the asset's current round, or its first.  Otherwise the ancestor of the event's kind.
    """
    if event.subject == subjects.kind_of(key.subject):
        return key.subject
    if event.subject == "round":
        stem = f"{subjects.base(key.subject)}/round/"
        known = [s for s in ctx.index.subjects_of("round") if s.startswith(stem)]
        return max(known, key=subjects.number_of) if known else f"{stem}1"
    for above in subjects.ancestors(key.subject):
        if subjects.kind_of(above) == event.subject:
            return above
    return subjects.CASE


def _wanted(spec: NodeSpec, field: FieldSpec, done: Mapping[int, Any]) -> bool:
    """A required field of an optional item is wanted only once that item is used."""
    if field.item is None or not spec.item(field.item).optional:
        return True
    return field.item in done


def _of_item(item: WorkItem, data: Mapping[str, Any], cite: Cite) -> list[Missing]:
    found: list[Missing] = []
    if data.get("not_needed"):
        return found
    papers = data.get("papers", {})
    for paper in item.papers:
        if paper not in papers:
            found.append(Missing("paper", paper, f"《{paper}》", item.item, cite))
    told = {str(entry.get("who")) for entry in data.get("notices", ())}
    for duty in item.notify:
        if duty.who not in told:
            found.append(Missing("notice", duty.who, f"告知{duty.who}", item.item, cite))
    return found
