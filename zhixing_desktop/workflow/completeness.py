"""What an instance still needs before it can be completed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhixing_desktop.workflow.conditions import CONDITIONS
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.errors import Cite
from zhixing_desktop.workflow.rulebook import FieldSpec, NodeSpec, WorkItem
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
    entered = ctx.index.values.get(key, {})
    done = ctx.index.items.get(key, {})
    for field in fields_in_play(ctx, spec, key.subject):
        if field.required and not _filled(entered.get(field.name)) and _wanted(spec, field, done):
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
    for material in spec.materials:
        filed = any(material.name in fact.data.get("materials", ()) for fact in done.values())
        if material.required and not filed:
            found.append(
                Missing("material", material.name, material.name, material.item, material.cite)
            )
    return tuple(found)


def _filled(value: Any) -> bool:
    return value not in (None, "", [], ())


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
