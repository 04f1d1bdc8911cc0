"""The life of an application, read from its facts: asked, urged, passed on, decided, taken back.

Knows nothing but the facts; who may do what stands in ``applying`` and its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from zhixing_desktop.workflow.fact_types import (
    COUNTERMANDED,
    DECIDED,
    FORWARDED,
    REPLIED,
    REQUESTED,
    URGED,
    WITHDRAWN,
    ApprovalView,
    Fact,
)

ABOUT_REQUESTS = frozenset({DECIDED, URGED, FORWARDED, REPLIED, COUNTERMANDED})
"""Facts that name the application they are about under ``request``."""
_FINAL = ("refused", "withdrawn", "returned")
_ANSWERABLE = ("pending", "granted", "refused", "returned")


@dataclass(slots=True)
class _Life:
    request: Fact
    by_kind: dict[str, list[Fact]] = field(default_factory=dict)
    withdrawal: Fact | None = None


def approvals_of(in_force: Iterable[Fact], given: Sequence[Fact]) -> list[ApprovalView]:
    """Return the applications of a case in the order they were made.

    ``in_force`` are the facts that hold, ``given`` all of them: an application that was withdrawn
    is no longer in force, and still somebody made it.
    """
    asked = {fact.seq: fact for fact in given if fact.kind == REQUESTED}
    if not asked:
        return []
    lives = {seq: _Life(fact) for seq, fact in asked.items()}
    for fact in in_force:
        if fact.kind in ABOUT_REQUESTS:
            life = lives.get(int(fact.data["request"]))
            if life is not None:
                life.by_kind.setdefault(fact.kind, []).append(fact)
    for fact in given:
        if fact.kind == WITHDRAWN and fact.corrects in lives:
            lives[fact.corrects].withdrawal = fact
    return [_view(life) for life in lives.values()]


def _view(life: _Life) -> ApprovalView:
    request = life.request
    decisions = life.by_kind.get(DECIDED, [])
    status, decided = "pending", None
    for step in decisions:
        outcome = step.data.get("outcome")
        if outcome in _FINAL:
            status, decided = str(outcome), step.happened_at
        elif outcome == "granted" and step.data.get("final", True):
            status, decided = "granted", step.happened_at
    ended = life.withdrawal
    countermands = life.by_kind.get(COUNTERMANDED, [])
    if ended is not None:
        status = "withdrawn"
    elif countermands:
        status, ended = "countermanded", countermands[-1]
    last = ended or (decisions[-1] if decisions else request)
    return ApprovalView(
        seq=request.seq,
        node=request.node or 0,
        subject=request.subject,
        matter=str(request.data["matter"]),
        requested_at=request.happened_at,
        requested_by=request.entered_by,
        reason=str(request.data.get("reason", "")),
        data=request.data,
        status=status,
        steps=tuple(step.data for step in decisions),
        decided_at=decided,
        recorded_at=last.recorded_at,
        urges=tuple(fact.happened_at for fact in life.by_kind.get(URGED, ())),
        forwards=_forwards(life, decisions),
        reply=_reply(life, status),
        countermand=countermands[-1].data if countermands else None,
        ended_at=ended.happened_at if ended is not None else None,
        ended_by=_ended_by(ended),
    )


def _forwards(life: _Life, decisions: Sequence[Fact]) -> tuple[Mapping[str, object], ...]:
    """The hops; before there were facts of their own, passing on was entered as a decision."""
    early = [step.data for step in decisions if step.data.get("outcome") == "forwarded"]
    return (*early, *(fact.data for fact in life.by_kind.get(FORWARDED, ())))


def _reply(life: _Life, status: str) -> Mapping[str, object] | None:
    """The answer that was entered last, with who entered it, while nobody has read it back.

    It may also follow one that counts already (a later reply of the same court).
    """
    found = life.by_kind.get(REPLIED, [])
    if not found or status not in _ANSWERABLE:
        return None
    if status != "pending" and found[-1].seq < max(f.seq for f in life.by_kind[DECIDED]):
        return None
    return {**found[-1].data, "entered_by": found[-1].entered_by, "seq": found[-1].seq}


def _ended_by(ended: Fact | None) -> str:
    """Whoever withdrew or took back: a court outside by its name, not by who read its paper."""
    if ended is None:
        return ""
    return str(ended.data.get("authority") or ended.entered_by)
