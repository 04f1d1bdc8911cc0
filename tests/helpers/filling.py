"""Sensible answers to whatever a node asks, so that a test can drive a whole case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhixing_desktop.workflow.completeness import current_value, fields_in_play, items_in_play
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.decide import ItemEntry, midnight
from zhixing_desktop.workflow.rulebook import FieldSpec, FieldType
from zhixing_desktop.workflow.views import Key


def full_entry(
    ctx: Context, key: Key, given: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[int, ItemEntry]]:
    """Return values for all required fields not filled yet, and entries for all work items."""
    spec = ctx.rulebook.nodes[key.node]
    values: dict[str, Any] = dict(given)
    for field in fields_in_play(ctx, spec, key.subject):
        if field.name in values:
            continue
        if field.required and current_value(ctx, key, field) is None:
            values[field.name] = answer(ctx, key, field)
    day = midnight(ctx.now)
    items = {}
    done = ctx.index.items.get(key, {})
    for item in items_in_play(ctx, spec, key.subject):
        if item.item in done:
            continue
        materials = tuple(m.name for m in spec.materials if m.item in (item.item, None))
        items[item.item] = ItemEntry(
            done_on=day,
            papers={paper: f"{day:%Y-%m-%d}" for paper in item.papers},
            notices=tuple(
                {"who": duty.who, "channel": duty.channels[0] if duty.channels else "当面", "on": f"{day:%Y-%m-%d}"}
                for duty in item.notify
            ),
            materials=materials,
        )
    return {name: value for name, value in values.items() if value is not None}, items


def answer(ctx: Context, key: Key, field: FieldSpec) -> Any:
    """Return one plausible value for a field."""
    day = f"{ctx.now:%Y-%m-%d}"
    answers: dict[FieldType, Any] = {
        FieldType.DATE: day,
        FieldType.DATETIME: f"{ctx.now:%Y-%m-%dT%H:%M:%S}",
        FieldType.MONEY: "1000.00",
        FieldType.NUMBER: 1,
        FieldType.BOOL: True,
        FieldType.STAFF: "张承办",
        FieldType.PARTY: "creditor/1" if key.subject.startswith("payment") else "debtor/1",
        FieldType.ASSET: "asset/1",
        FieldType.ACCOUNT: "6222021702000000001",
        FieldType.TEXT: f"{field.label}已核实登记在册",
        FieldType.LONGTEXT: f"{field.label}经核实，情况属实，已逐项记录。",
    }
    if field.type is FieldType.CHOICE:
        return field.options[0]
    if field.type is FieldType.MULTICHOICE:
        return [field.options[0]]
    return answers[field.type]
