"""Commands on another rulebook: what it would change, and adopting it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhixing_desktop.cli.session import Session
from zhixing_desktop.workflow.errors import UsageError

if TYPE_CHECKING:
    from zhixing_desktop.services.rulebook_change import Candidate, Comparison
    from zhixing_desktop.workflow.rulebook import Rulebook
    from zhixing_desktop.workflow.rulebook_effects import Standing


def rulebook_adopted(session: Session) -> None:
    """List the rulebooks that the bureau has adopted."""
    from zhixing_desktop.services.rulebook_change import adoptions

    found = adoptions(session.bureau())
    data = [
        {
            "id": entry.id,
            "number": entry.number,
            "effective": entry.effective_on,
            "title": entry.title,
            "hash": entry.hash,
            "adopted_by": entry.adopted_by,
            "adopted_at": entry.adopted_at,
            "paper": entry.paper,
            "reason": entry.reason,
        }
        for entry in found
    ]
    lines = [
        f"版本{entry.number}　{entry.effective_on}起施行　{entry.hash[:16]}　"
        f"{entry.adopted_at:%Y-%m-%d %H:%M}由{entry.adopted_by}核准　"
        f"{entry.paper}{'：' if entry.paper else ''}{entry.reason}"
        for entry in found
    ]
    session.show(data, lines)


def rulebook_compare(session: Session) -> None:
    """Tell what another rulebook would change; nothing is saved."""
    from zhixing_desktop.services.rulebook_change import compare

    o = session.options
    if o.limit < 0 or o.offset < 0:
        raise UsageError("--limit 和 --offset 应当是不小于 0 的整数。")
    bureau, actor = session.bureau(), session.actor()
    found = compare(bureau, actor, _candidate(session), _count)
    page = found.changes[o.offset : o.offset + o.limit]
    lines = [
        f"本局现用：版本{found.old.version}　{found.old.hash[:16]}",
        f"另一套：版本{found.new.version}　{found.new.effective}起施行　{found.new.hash[:16]}",
        f"规则有{len(found.differences)}处不同：" if found.differences else "规则没有不同。",
        *(f"  {d.where()}：{d.old or '（无）'} → {d.new or '（无）'}" for d in found.differences),
        found.summary(),
    ]
    lines += [
        f"  {entry.case_no}　节点{entry.change.key.node}@{entry.change.key.subject}　"
        f"{entry.change.words()}"
        for entry in page
    ]
    if len(page) < len(found.changes):
        lines.append(f"共{len(found.changes)}处变化，这里列出{len(page)}处（见 --offset、--limit）")
    session.show(_comparison_shape(found, o.offset, o.limit), lines)


def rulebook_adopt(session: Session) -> None:
    """Let the bureau work by another rulebook; bring the open cases in line."""
    from zhixing_desktop.services.recompute import recompute
    from zhixing_desktop.services.rulebook_change import ACT, adopt

    o = session.options
    bureau, actor = session.bureau(), session.actor()
    made = adopt(bureau, actor, _candidate(session), o.reason, paper=o.paper or "")
    moved = recompute(bureau, actor, _count, act=ACT)
    data = {
        "id": made.id,
        "number": made.number,
        "effective": made.effective_on,
        "hash": made.hash,
        "paper": made.paper,
        "moved": len(moved),
    }
    lines = [
        f"已核准：版本{made.number}　{made.effective_on}起施行　{made.hash[:16]}",
        f"在办案件已按新规则重新计算，{len(moved)}个时限随之变动。其他工作站须重新打开程序。",
    ]
    session.show(data, lines)


def _candidate(session: Session) -> Candidate:
    from zhixing_desktop.services.rulebook_change import read_candidate

    folder = session.options.folder
    return read_candidate(session.bureau(), Path(folder) if folder else None)


def _count(done: int, total: int) -> None:
    """Show how far it has come, to somebody who sits at a terminal."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done} / {total} 件" + ("\n" if done == total else ""))
        sys.stderr.flush()


def _comparison_shape(found: Comparison, offset: int, limit: int) -> dict[str, Any]:
    from zhixing_desktop.workflow.rulebook_effects import KINDS

    return {
        "old": _book_shape(found.old),
        "new": _book_shape(found.new),
        "differences": [
            {
                "node": entry.node or None,
                "part": entry.part,
                "name": entry.name,
                "what": entry.what,
                "old": entry.old,
                "new": entry.new,
            }
            for entry in found.differences
        ],
        "open_cases": found.open_cases,
        "cases": found.cases,
        "counts": {kind: found.counts.get(kind, 0) for kind in KINDS},
        "hidden": found.hidden,
        "total": len(found.changes),
        "changes": [
            {
                "case_no": entry.case_no,
                "instance": str(entry.change.key),
                "before": _standing_shape(entry.change.before),
                "after": _standing_shape(entry.change.after),
            }
            for entry in found.changes[offset : offset + limit]
        ],
    }


def _book_shape(book: Rulebook) -> dict[str, Any]:
    return {"version": book.version, "effective": book.effective, "hash": book.hash}


def _standing_shape(standing: Standing) -> dict[str, Any]:
    return {
        "state": standing.state.value,
        "due": standing.due_at,
        "frozen": standing.frozen_at,
        "warned": standing.warned_at,
    }
