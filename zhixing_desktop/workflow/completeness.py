"""What an instance still needs before it can be completed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.conditions import holds
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.errors import Cite
from zhixing_desktop.workflow.event_places import event_subject
from zhixing_desktop.workflow.facts import NOTHING, Fact
from zhixing_desktop.workflow.rulebook import FieldSpec, Material, NodeSpec, Notify, WorkItem
from zhixing_desktop.workflow.views import Key, Missing

__all__ = [
    "current_value",
    "event_subject",
    "fields_in_play",
    "items_in_play",
    "materials_in_play",
    "missing",
    "notices_in_play",
    "papers_in_play",
]

EMPTY: tuple[object, ...] = (None, "", [], ())


def fields_in_play(ctx: Context, spec: NodeSpec, subject: str) -> tuple[FieldSpec, ...]:
    """Return the fields that concern this instance (their condition and their item's hold)."""
    return tuple(
        field
        for field in spec.fields
        if holds(ctx, field.when, subject) and _item_applies(ctx, spec, field.item, subject)
    )


def _item_applies(ctx: Context, spec: NodeSpec, item: int | None, subject: str) -> bool:
    return item is None or holds(ctx, spec.item(item).when, subject)


def items_in_play(ctx: Context, spec: NodeSpec, subject: str) -> tuple[WorkItem, ...]:
    """Return the work items that concern this instance, optional ones included."""
    return tuple(entry for entry in spec.work_items if holds(ctx, entry.when, subject))


def papers_in_play(ctx: Context, item: WorkItem, subject: str) -> tuple[str, ...]:
    """Return the papers that a work item calls for in this instance."""
    return tuple(p for p in item.papers if holds(ctx, item.paper_condition(p), subject))


def notices_in_play(ctx: Context, item: WorkItem, subject: str) -> tuple[Notify, ...]:
    """Return whom a work item has to be told to in this instance."""
    return tuple(duty for duty in item.notify if holds(ctx, duty.when, subject))


def materials_in_play(ctx: Context, spec: NodeSpec, subject: str) -> tuple[Material, ...]:
    """Return the materials that concern this instance (their condition and their item's hold)."""
    return tuple(
        material
        for material in spec.materials
        if holds(ctx, material.when, subject) and _item_applies(ctx, spec, material.item, subject)
    )


def missing(ctx: Context, key: Key) -> tuple[Missing, ...]:
    """List what is missing: fields, work items, their papers, notices and materials."""
    spec = ctx.rulebook.nodes[key.node]
    done = ctx.index.items.get(key, {})
    begun = _begun(ctx, spec, key)
    found = _missing_fields(ctx, spec, key, done, begun)
    for item in items_in_play(ctx, spec, key.subject):
        name = item.label or f"工作内容{item.item}"
        cite = Cite(f"节点{spec.number} {name}", item.text)
        fact = done.get(item.item)
        if fact is not None:
            found.extend(_of_item(ctx, item, fact.data, cite, key.subject))
        elif item.item in begun or not item.optional:
            found.append(Missing("item", str(item.item), name, item.item, cite))
    found.extend(_missing_materials(ctx, spec, key, done))
    return tuple(found)


def _begun(ctx: Context, spec: NodeSpec, key: Key) -> frozenset[int]:
    """The items of which something was filled in: what the court may do it has begun to do."""
    values = ctx.index.values.get(key, NOTHING)
    return frozenset(
        field.item
        for field in spec.fields
        if field.item is not None and values.get(field.name) not in EMPTY
    )


def _missing_fields(
    ctx: Context, spec: NodeSpec, key: Key, done: Mapping[int, Fact], begun: Collection[int]
) -> list[Missing]:
    return [
        Missing("field", field.name, field.label, field.item, field.cite)
        for field in fields_in_play(ctx, spec, key.subject)
        if field.required
        and _wanted(spec, field, done, begun)
        and current_value(ctx, key, field) in EMPTY
    ]


def _wanted(
    spec: NodeSpec, field: FieldSpec, done: Mapping[int, Fact], begun: Collection[int]
) -> bool:
    """A required field of an optional item is wanted only once that item is used.

    Of an item that does not arise only the days that others build on are still wanted.
    """
    if field.item is None:
        return True
    fact = done.get(field.item)
    if fact is not None and fact.data.get("not_needed"):
        return field.event is not None
    return fact is not None or field.item in begun or not spec.item(field.item).optional


def _of_item(
    ctx: Context, item: WorkItem, data: Mapping[str, Any], cite: Cite, subject: str
) -> list[Missing]:
    found: list[Missing] = []
    if data.get("not_needed"):
        return found
    papers = data.get("papers", NOTHING)
    for paper in papers_in_play(ctx, item, subject):
        if paper not in papers:
            found.append(Missing("paper", paper, f"《{paper}》", item.item, cite))
    told = {str(entry.get("who")) for entry in data.get("notices", ())}
    for duty in notices_in_play(ctx, item, subject):
        if duty.who not in told:
            found.append(Missing("notice", duty.who, f"告知{duty.who}", item.item, cite))
    return found


def _missing_materials(
    ctx: Context, spec: NodeSpec, key: Key, done: Mapping[int, Fact]
) -> list[Missing]:
    filed = {name for fact in done.values() for name in fact.data.get("materials", ())}
    return [
        Missing("material", entry.name, entry.name, entry.item, entry.cite)
        for entry in materials_in_play(ctx, spec, key.subject)
        if entry.required and entry.name not in filed and not _set_aside(spec, entry.item, done)
    ]


def _set_aside(spec: NodeSpec, item: int | None, done: Mapping[int, Fact]) -> bool:
    """Whether a material's work item does not arise here, or is optional and was not used."""
    if item is None:
        return False
    fact = done.get(item)
    if fact is None:
        return spec.item(item).optional
    return bool(fact.data.get("not_needed"))


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
    fact = _event_elsewhere(ctx, key, field)
    if fact is None:
        return None
    day_only = field.type == "date"
    return f"{fact.happened_at:%Y-%m-%d}" if day_only else fact.happened_at.isoformat()


def _event_elsewhere(ctx: Context, key: Key, field: FieldSpec) -> Fact | None:
    event = ctx.rulebook.events[str(field.event)]
    subject = event_subject(ctx, event, key)
    for fact in ctx.index.events.get((event.name, subject), ()):
        if fact.data.get("field") is None or fact.node != key.node:
            return fact
    # The same act under another name (reading A41); an own one would have been found above.
    if ctx.index.event(event.name, subject) is None:
        return ctx.find(event.name, subject)
    return None


def _known_elsewhere(ctx: Context, key: Key, place: str) -> Any:
    """Return what was said when the case or the subject came up (``header.x``, ``subject.x``)."""
    where, _, name = place.partition(".")
    if where == "header":
        return ctx.header.get(name)
    for event in ctx.rulebook.made_by:
        fact = ctx.index.event(event, subjects.base(key.subject))
        if fact is not None:
            return fact.data.get(name)
    return None
