"""What happened at a node instance, newest first, with what was corrected and what may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zhixing_desktop.services.fact_words import fact_title, fact_words
from zhixing_desktop.workflow import facts as kinds
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.facts import Fact
from zhixing_desktop.workflow.rulebook import NodeSpec
from zhixing_desktop.workflow.views import Key

_DATED = frozenset({kinds.ITEM, kinds.STARTED, kinds.COMPLETED})


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One fact: ``standing`` tells whether it holds, ``by_seq`` what replaced or withdrew it."""

    seq: int
    entered_at: datetime
    entered_by: str
    happened_at: datetime
    title: str
    words: str
    reason: str
    corrects: int | None
    by_seq: int | None
    standing: bool
    correctable: bool


def history(
    ctx: Context, facts: Sequence[Fact], spec: NodeSpec, key: Key
) -> tuple[HistoryRow, ...]:
    """Return the facts of an instance, newest first; corrected and withdrawn ones included."""
    makers = {s.event for s in ctx.rulebook.subjects.values() if s.event is not None}
    by_seq = {fact.seq: fact for fact in facts}
    replaced = {fact.corrects: fact.seq for fact in facts if fact.corrects is not None}
    rows = []
    for fact in reversed(facts):
        if not _concerns(fact, spec, key, makers):
            continue
        old = by_seq.get(fact.corrects) if fact.corrects is not None else None
        standing = fact.seq not in replaced and fact.kind != kinds.WITHDRAWN
        dated = fact.kind in _DATED or fact.kind in ctx.rulebook.events
        rows.append(
            HistoryRow(
                seq=fact.seq,
                entered_at=fact.entered_at,
                entered_by=fact.entered_by,
                happened_at=fact.happened_at,
                title=fact_title(ctx.rulebook, ctx.index.name_of, fact, old),
                words=fact_words(ctx.rulebook, ctx.index.name_of, fact),
                reason=fact.reason or "",
                corrects=fact.corrects,
                by_seq=replaced.get(fact.seq),
                standing=standing,
                correctable=standing and dated,
            )
        )
    return tuple(rows)


def _concerns(fact: Fact, spec: NodeSpec, key: Key, makers: set[str]) -> bool:
    if fact.kind in makers:
        return subjects.base(fact.subject) == subjects.base(key.subject)
    if fact.node != key.node:
        return False
    if subjects.kind_of(fact.subject) == spec.subject:
        return fact.subject == key.subject
    return subjects.related(fact.subject, key.subject)
