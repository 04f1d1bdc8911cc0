"""The rulebook as plain data, in the stable shape that ``zhixing rulebook show --json`` prints."""

from __future__ import annotations

from typing import Any

from zhixing_desktop.workflow.errors import Cite
from zhixing_desktop.workflow.rulebook import FieldSpec, NodeSpec, Rulebook, TimeLimit


def rulebook_json(book: Rulebook) -> dict[str, Any]:
    """Return the whole rulebook as JSON-ready data."""
    return {
        "version": book.version,
        "effective": book.effective,
        "title": book.title,
        "hash": book.hash,
        "nodes": [node_json(spec) for spec in book.nodes.values()],
    }


def node_json(spec: NodeSpec) -> dict[str, Any]:
    """Return one node as JSON-ready data."""
    return {
        "number": spec.number,
        "name": spec.name,
        "part": spec.part,
        "subject": spec.subject,
        "on_demand": spec.on_demand,
        "role": spec.role,
        "work_items": [
            {
                "item": item.item,
                "label": item.label,
                "text": item.text,
                "papers": list(item.papers),
                "notify": [{"who": n.who, "channels": list(n.channels)} for n in item.notify],
                "dossier": item.dossier,
                "optional": item.optional,
                "when": item.when,
            }
            for item in spec.work_items
        ],
        "time_limits": [limit_json(limit) for limit in spec.time_limits],
        "warns": spec.warns,
        "freezes": spec.freezes,
        "freeze": _freeze(spec),
        "unfreeze": (
            {
                "level": spec.unfreeze.level.value,
                "words": spec.unfreeze.words,
                "roles": list(spec.unfreeze.roles),
            }
            if spec.unfreeze
            else None
        ),
        "fields": [field_json(field) for field in spec.fields],
        "materials": [
            {"name": m.name, "item": m.item, "required": m.required, "cite": cite_json(m.cite)}
            for m in spec.materials
        ],
        "approvals": [
            {
                "matter": a.matter,
                "label": a.label,
                "roles": list(a.roles),
                "mode": a.mode,
                "cite": cite_json(a.cite),
            }
            for a in spec.approvals
        ],
        "next": [
            {"to": e.to, "when": e.when, "chart": list(e.chart), "basis": e.basis, "code": e.code}
            for e in spec.next
        ],
    }


def _freeze(spec: NodeSpec) -> dict[str, Any] | None:
    rule = spec.freeze
    if rule is None:
        return None
    return {
        "limits": list(rule.limits),
        "refuses": rule.refuses,
        "fact": rule.fact,
        "target": rule.target,
        "applies": list(rule.applies),
        "cite": cite_json(rule.cite),
    }


def limit_json(limit: TimeLimit) -> dict[str, Any]:
    """Return one time limit as JSON-ready data."""
    return {
        "id": limit.id,
        "items": list(limit.items),
        "amount": limit.amount,
        "unit": limit.unit.value,
        "direction": limit.direction.value,
        "anchor": limit.anchor,
        "kind": limit.kind.value,
        "variant": limit.variant,
        "count": limit.count,
        "cite": cite_json(limit.cite),
        "reading": limit.reading,
    }


def field_json(field: FieldSpec) -> dict[str, Any]:
    """Return one field as JSON-ready data."""
    return {
        "name": field.name,
        "label": field.label,
        "type": field.type.value,
        "required": field.required,
        "event": field.event,
        "options": list(field.options),
        "cite": cite_json(field.cite) if field.cite else None,
        "reason": field.reason,
    }


def cite_json(cite: Cite) -> dict[str, Any]:
    """Return a citation as JSON-ready data."""
    found: dict[str, Any] = {"paragraph": cite.paragraph, "quote": cite.quote}
    if cite.reading:
        found["reading"] = cite.reading
    return found
