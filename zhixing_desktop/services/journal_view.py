"""The journal of a case as rows a person reads: when, who, what, before and after in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from zhixing_desktop.models import journal as chain
from zhixing_desktop.models.codec import codec_of
from zhixing_desktop.models.tables import JOURNALLED, journal
from zhixing_desktop.services import case_store
from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.services.fact_words import Names, fact_title, fact_words, subject_words
from zhixing_desktop.workflow import facts as kinds
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.facts import Fact, FactIndex, State
from zhixing_desktop.workflow.rulebook import Rulebook

PAGE = 300
SYSTEM_ACTORS = frozenset({"", "system", "系统"})
ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "case.register": "登记案件",
        "case.assign": "分案、更换承办人",
        "case.rebuild": "按事实重建案件状态",
        "node.start": "启动节点",
        "node.work": "录入办理情况",
        "node.complete": "办结节点",
        "fact.add": "登记事实",
        "fact.correct": "更正",
        "fact.withdraw": "撤回",
        "approval.request": "提出申请",
        "approval.decide": "审批决定",
        "sweep": "到期检查（预警、冻结、逾期）",
        "alert.read": "阅读提醒",
        "staff.add": "登记人员",
        "calendar.edit": "修改日历",
    }
)
_TABLES = {table.name: table for table in JOURNALLED}


@dataclass(frozen=True, slots=True)
class JournalChange:
    """One thing a step changed: what, and its words before and after (either may be empty)."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One row of the journal; ``hash`` is the row's own."""

    id: int
    at: datetime
    actor: str
    on_behalf_of: str
    workstation: str
    action: str
    changes: tuple[JournalChange, ...]
    hash: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What a walk along the chain found; ``head_hash`` is to be held against the printed sheet."""

    ok: bool
    rows: int
    sentence: str
    head_hash: str


def case_journal(
    bureau: Bureau, case_id: int, *, before_id: int | None = None, limit: int = PAGE
) -> tuple[JournalRow, ...]:
    """Return the newest rows about a case, newest first; ``before_id`` asks for older ones."""
    wanted = select(journal).where(journal.c.case_id == case_id)
    if before_id is not None:
        wanted = wanted.where(journal.c.id < before_id)
    with bureau.database.reading() as conn:
        row = case_store.find_case(conn, case_id)
        loaded = case_store.load_facts(bureau, conn, case_id, row["version"])
        rows = conn.execute(wanted.order_by(journal.c.id.desc()).limit(limit)).all()
    names = FactIndex(loaded).name_of
    by_seq = {fact.seq: fact for fact in loaded}
    return tuple(
        JournalRow(
            id=entry.id,
            at=entry.at,
            actor="系统" if entry.actor in SYSTEM_ACTORS else entry.actor,
            on_behalf_of=entry.on_behalf_of or "",
            workstation=entry.workstation,
            action=ACTIONS.get(entry.action, entry.action),
            changes=tuple(_changes(bureau.rules.book, names, by_seq, entry.payload)),
            hash=entry.hash,
        )
        for entry in rows
    )


def verify(bureau: Bureau) -> Verification:
    """Walk along the whole chain; the sentence names the first row that does not fit."""
    with bureau.database.reading() as conn:
        found = chain.verify(conn)
    return Verification(found.ok, found.rows, found.sentence, found.head_hash)


# ------------------------------------------------------------------------------------- changes


def _changes(
    book: Rulebook, names: Names, facts: Mapping[int, Fact], payload: Sequence[Mapping[str, Any]]
) -> list[JournalChange]:
    found: list[JournalChange] = []
    for change in payload:
        table = _TABLES.get(str(change.get("table", "")))
        if table is None:
            found.extend(_note(change))
            continue
        codec = codec_of(table)
        before = codec.to_python(change.get("before") or {})
        after = codec.to_python(change.get("after") or {})
        if table.name == "facts" and change.get("op") == "insert":
            found.append(_fact_change(book, names, facts, after))
        elif table.name == "instances":
            found.extend(_instance_change(book, names, before, after))
        elif table.name == "cases":
            found.extend(_case_change(before, after))
        elif table.name == "alerts" and change.get("op") == "insert":
            found.append(JournalChange("通知", "", str(after.get("sentence", ""))))
        elif change.get("op") == "insert_many" and table.name == "alerts":
            found.extend(_announced(change))
    return found


def _note(change: Mapping[str, Any]) -> list[JournalChange]:
    data = change.get("data")
    if not isinstance(data, Mapping):
        return []
    words = "；".join(f"{name}：{value}" for name, value in data.items())
    return [JournalChange("记载", "", words)]


def _fact_change(
    book: Rulebook, names: Names, facts: Mapping[int, Fact], row: Mapping[str, Any]
) -> JournalChange:
    fact = facts.get(int(row["seq"]))
    if fact is None:
        return JournalChange(str(row.get("kind", "")), "", "")
    old = facts.get(fact.corrects) if fact.corrects is not None else None
    before = fact_words(book, names, old) if old is not None else ""
    after = fact_words(book, names, fact)
    if fact.kind == kinds.WITHDRAWN:
        after = "已撤回"
    if fact.reason:
        after = f"{after}（理由：{fact.reason}）"
    return JournalChange(fact_title(book, names, fact, old), before, after)


def _instance_change(
    book: Rulebook, names: Names, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[JournalChange]:
    if "state" not in after:
        return []
    was = State(before["state"]).label if before.get("state") else ""
    now = State(after["state"]).label
    if "node" not in after:
        return [JournalChange("节点状态", was, now)]
    what = f"节点{after['node']}“{book.nodes[after['node']].name}”"
    if after.get("subject", subjects.CASE) != subjects.CASE:
        what += f" {subject_words(names, str(after['subject']))}"
    return [JournalChange(what, was, now)]


def _case_change(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[JournalChange]:
    found = []
    for name, label in (("current_node_name", "当前节点"), ("closing_way", "结案方式")):
        if name in after and before and before.get(name) != after[name]:
            found.append(JournalChange(label, str(before.get(name) or ""), str(after[name] or "")))
    if before and "state" in after:
        was, now = State(before["state"]).label, State(after["state"]).label
        found.append(JournalChange("案件状态", was, now))
    return found


def _announced(change: Mapping[str, Any]) -> list[JournalChange]:
    columns = list(change.get("columns", ()))
    if "sentence" not in columns:
        return []
    place = columns.index("sentence")
    return [JournalChange("通知", "", str(row[place])) for row in change.get("rows", ())]
