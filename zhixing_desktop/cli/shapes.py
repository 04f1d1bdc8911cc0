"""Views as plain data, in the shapes the command line promises."""

from __future__ import annotations

from typing import Any

from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.derivations import derivation
from zhixing_desktop.workflow import gates, subjects
from zhixing_desktop.workflow.completeness import missing
from zhixing_desktop.workflow.facts import Fact, State
from zhixing_desktop.workflow.pending import next_roles
from zhixing_desktop.workflow.rulebook_json import cite_json
from zhixing_desktop.workflow.views import AgendaStep, Blocker, InstanceView, Key, LimitView


def case_shape(detail: CaseDetail) -> dict[str, Any]:
    """Return a case with all its instances."""
    view = detail.view
    return {
        "id": detail.id,
        "case_no": detail.case_no,
        "version": detail.version,
        "at": view.at,
        "kind": detail.header.get("kind"),
        "officer": detail.officer,
        "amount": detail.header.get("amount"),
        "parties": {subject: data.get("name") for subject, data in detail.parties.items()},
        "state": view.state,
        "state_label": view.state.label,
        "current_node": str(view.current) if view.current else None,
        "closed_at": view.closed_at,
        "closing_way": view.closing_way or None,
        "next_due": (
            {
                "instance": str(view.next_due_key),
                "limit": view.next_due.limit.id,
                "at": view.next_due.due_at,
                "provisional": view.next_due.provisional,
            }
            if view.next_due
            else None
        ),
        "instances": [
            instance_shape(entry)
            for entry in view.instances.values()
            if entry.state is not State.NOT_STARTED or entry.opened_at is not None
        ],
        "approvals": [
            {
                "request": entry.seq,
                "instance": str(Key(entry.node, entry.subject)),
                "matter": entry.matter,
                "status": entry.status,
                "requested_by": entry.requested_by,
                "requested_at": entry.requested_at,
                "reason": entry.reason,
                "due_roles": list(next_roles(entry)) if entry.status == "pending" else [],
                "stage": entry.stage,
                "urges": len(entry.urges),
                "points": list(entry.points),
                "previous": entry.previous,
            }
            for entry in view.approvals
        ],
    }


def instance_shape(entry: InstanceView) -> dict[str, Any]:
    """Return one node instance."""
    return {
        "instance": str(entry.key),
        "node": entry.key.node,
        "subject": entry.key.subject,
        "state": entry.state,
        "state_label": entry.state.label,
        "opened_at": entry.opened_at,
        "completed_at": entry.completed_at,
        "due_at": entry.due_at,
        "why": entry.why,
        "role": entry.role,
        "limits": [limit_shape(limit) for limit in entry.limits],
        "items_done": {str(item): at for item, at in entry.items_done.items()},
        "frozen": (
            {
                "at": entry.frozen.frozen_at,
                "limit": entry.frozen.limit_id,
                "level": entry.frozen.unfreeze.level,
                "words": entry.frozen.unfreeze.words,
                "cite": cite_json(entry.frozen.cite),
                "pending": entry.frozen.pending.seq if entry.frozen.pending else None,
            }
            if entry.frozen
            else None
        ),
    }


def limit_shape(view: LimitView) -> dict[str, Any]:
    """Return one limit as it stands."""
    return {
        "id": view.limit.id,
        "status": view.status,
        "anchor": view.anchor_words,
        "anchor_at": view.anchor_at,
        "nominal": view.nominal_at,
        "due_at": view.due_at,
        "provisional": view.provisional,
        "met_at": view.met_at,
        "warn_at": list(view.warn_at),
    }


def node_shape(detail: CaseDetail, key: Key) -> dict[str, Any]:
    """Return everything about one instance: limits with derivations, what is missing, blockers."""
    view = detail.view
    spec = detail.context.rulebook.nodes[key.node]
    entry = view.instances.get(key)
    shape: dict[str, Any] = {
        "instance": str(key),
        "name": spec.name,
        "subject_label": subjects.label(key.subject, detail.context.index.name_of(key.subject)),
    }
    if entry is None:
        shape["state"] = None
    else:
        shape.update(instance_shape(entry))
        for limit_view, limit in zip(entry.limits, shape["limits"], strict=True):
            found = derivation(detail.context, limit_view)
            limit["steps"] = found.to_json()["steps"] if found else []
    shape["missing"] = [
        {"kind": m.kind, "name": m.name, "label": m.label, "item": m.item}
        for m in missing(detail.context, key)
    ]
    shape["values"] = dict(detail.context.index.values.get(key, {}))
    shape["blockers"] = {
        act: [blocker_shape(b) for b in gates.blockers(detail.context, view, act, key)]
        for act in (gates.START, gates.WORK, gates.COMPLETE)
    }
    shape["next"] = [{"to": edge.to, "when": edge.when} for edge in spec.next]
    return shape


def blocker_shape(entry: Blocker) -> dict[str, Any]:
    """Return why something is refused."""
    return {
        "code": entry.code,
        "sentence": entry.sentence,
        "severity": entry.severity,
        "cite": cite_json(entry.cite),
    }


def fact_shape(fact: Fact) -> dict[str, Any]:
    """Return one fact."""
    return {
        "seq": fact.seq,
        "kind": fact.kind,
        "subject": fact.subject,
        "node": fact.node,
        "happened_at": fact.happened_at,
        "entered_at": fact.entered_at,
        "entered_by": fact.entered_by,
        "data": fact.data,
        "corrects": fact.corrects,
        "reason": fact.reason,
        "source": fact.source,
    }


def step_shape(step: AgendaStep) -> dict[str, Any]:
    """Return one announcement to come."""
    return {
        "at": step.at,
        "instance": str(step.key),
        "limit": step.limit_id or None,
        "step": step.step,
        "state": step.state_after,
        "recipients": list(step.recipients),
    }
