"""Sensible answers to whatever a node asks, so that a test can drive a whole case."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from zhixing_desktop.workflow.completeness import (
    current_value,
    fields_in_play,
    items_in_play,
    notices_in_play,
    papers_in_play,
)
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.decide import ItemEntry, midnight
from zhixing_desktop.workflow.drafts import with_draft
from zhixing_desktop.workflow.rulebook import FieldSpec, FieldType, WorkItem
from zhixing_desktop.workflow.views import Key

BY_DECISION = frozenset({"closing_confirmed", "closing_returned"})
"""Events that only a decision records; nobody types them in."""


def full_entry(
    ctx: Context, key: Key, given: Mapping[str, Any], leave: Collection[int] = ()
) -> tuple[dict[str, Any], dict[int, ItemEntry]]:
    """Return values for all required fields not filled yet, and entries for all work items.

    Choices are answered first, so that what they call for is answered along with them.  A field
    given as ``None`` and the work items in ``leave`` stay open.
    """
    spec = ctx.rulebook.nodes[key.node]
    values: dict[str, Any] = dict(given)
    for _ in range(len(spec.fields)):
        drafted = with_draft(ctx, key, values)
        found = next(
            (
                field
                for field in fields_in_play(drafted, spec, key.subject)
                if field.required
                and field.event not in BY_DECISION
                and field.name not in values
                and (field.item is None or field.item not in leave)
                and current_value(drafted, key, field) is None
            ),
            None,
        )
        if found is None:
            break
        values[found.name] = answer(ctx, key, found)
    drafted = with_draft(ctx, key, values)
    done = ctx.index.items.get(key, {})
    items = {
        item.item: _item(drafted, key, item)
        for item in items_in_play(drafted, spec, key.subject)
        if item.item not in done and item.item not in leave
    }
    known = {name: value for name, value in values.items() if value is not None}
    return known, items


def _item(ctx: Context, key: Key, item: WorkItem) -> ItemEntry:
    spec = ctx.rulebook.nodes[key.node]
    day = midnight(ctx.now)
    materials = tuple(m.name for m in spec.materials if m.item in (item.item, None))
    return ItemEntry(
        done_on=day,
        papers=dict.fromkeys(papers_in_play(ctx, item, key.subject), f"{day:%Y-%m-%d}"),
        notices=tuple(
            {
                "who": duty.who,
                "channel": duty.channels[0] if duty.channels else "当面",
                "on": f"{day:%Y-%m-%d}",
            }
            for duty in notices_in_play(ctx, item, key.subject)
        ),
        materials=materials,
    )


def answer(ctx: Context, key: Key, field: FieldSpec) -> Any:
    """Return one plausible value for a field."""
    day = f"{ctx.now:%Y-%m-%d}"
    answers: dict[FieldType, Any] = {
        FieldType.DATE: day,
        FieldType.DATETIME: f"{ctx.now:%Y-%m-%dT%H:%M:%S}",
        FieldType.MONEY: "1000.00",
        FieldType.NUMBER: 1,
        FieldType.BOOL: True,
        FieldType.STAFF: ctx.current_officer() or "张承办",
        FieldType.PARTY: "creditor/1" if key.subject.startswith("payment") else "debtor/1",
        FieldType.ASSET: "asset/1",
        FieldType.ACCOUNT: "6222021702000000001",
        FieldType.TEXT: f"{field.label}经核对登记在册",
        FieldType.LONGTEXT: f"{field.label}经核实，情况属实，已逐项记录。",
    }
    if field.type is FieldType.CHOICE:
        return field.options[0]
    if field.type is FieldType.MULTICHOICE:
        return [field.options[0]]
    return answers[field.type]
