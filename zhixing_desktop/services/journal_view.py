"""The journal of a case as rows a person reads: when, who, what, before and after in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import and_, or_, select

from zhixing_desktop.models import journal as chain
from zhixing_desktop.models.codec import codec_of
from zhixing_desktop.models.tables import JOURNALLED, alerts, instances, journal
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
        "case.recompute": "重新计算期限",
        "node.start": "启动节点",
        "node.work": "录入办理情况",
        "node.complete": "办结节点",
        "fact.add": "登记事实",
        "fact.correct": "更正",
        "fact.withdraw": "撤回",
        "approval.request": "提出申请",
        "approval.decide": "审批决定",
        "approval.register": "登记上级法院决定",
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
    """Return the newest rows about a case, newest first; ``before_id`` asks for older ones.

    A sweep that announced something for several cases at once is one row; of it only what concerns
    this case is told.
    """
    told = select(alerts.c.noticed_at).where(alerts.c.case_id == case_id)
    shared = and_(journal.c.case_id.is_(None), journal.c.action == "sweep", journal.c.at.in_(told))
    wanted = select(journal).where(or_(journal.c.case_id == case_id, shared))
    if before_id is not None:
        wanted = wanted.where(journal.c.id < before_id)
    with bureau.database.reading() as conn:
        row = case_store.find_case(conn, case_id)
        loaded = case_store.load_facts(bureau, conn, case_id, row["version"])
        rows = conn.execute(wanted.order_by(journal.c.id.desc()).limit(limit)).all()
        mine = select(instances.c.id, instances.c.node, instances.c.subject)
        places = conn.execute(mine.where(instances.c.case_id == case_id)).all()
    teller = _Teller(
        bureau.rules.book,
        FactIndex(loaded).name_of,
        {fact.seq: fact for fact in loaded},
        case_id,
        {place.id: (place.node, place.subject) for place in places},
    )
    return tuple(
        JournalRow(
            id=entry.id,
            at=entry.at,
            actor="系统" if entry.actor in SYSTEM_ACTORS else entry.actor,
            on_behalf_of=entry.on_behalf_of or "",
            workstation=entry.workstation,
            action=ACTIONS.get(entry.action, entry.action),
            changes=tuple(teller.changes(entry.payload)),
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

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Teller:
    """Puts the changes of a journal row into words, those of one case only.

    ``places`` says which instance (node, subject) a row of the table belongs to.
    """

    book: Rulebook
    names: Names
    facts: Mapping[int, Fact]
    case_id: int
    places: Mapping[int, tuple[int, str]]

    def changes(self, payload: Sequence[Row]) -> list[JournalChange]:
        """Return what a row changed in this case."""
        found: list[JournalChange] = []
        for change in payload:
            table = str(change.get("table", ""))
            if table not in _TABLES:
                found.extend(self._note(change))
            elif change.get("op") == "insert_many":
                found.extend(self._announced(change) if table == "alerts" else [])
            elif table in ("facts", "instances", "cases"):
                found.extend(self._row(table, change))
        return found

    def _row(self, table: str, change: Row) -> list[JournalChange]:
        codec = codec_of(_TABLES[table])
        before = codec.to_python(change.get("before") or {})
        after = codec.to_python(change.get("after") or {})
        number = dict(change.get("key") or {}).get("id")
        if table == "facts":
            return [self._fact(after)] if change.get("op") == "insert" else []
        if table == "cases":
            return self._case(before, after) if number == self.case_id else []
        place = self.places.get(int(number)) if number is not None else None
        if place is None and "node" in after and after.get("case_id") == self.case_id:
            place = (int(after["node"]), str(after["subject"]))
        return self._instance(place, before, after) if place is not None else []

    def _note(self, change: Row) -> list[JournalChange]:
        data = change.get("data")
        if not isinstance(data, Mapping):
            return []
        words = "；".join(f"{name}：{value}" for name, value in data.items())
        return [JournalChange("记载", "", words)]

    def _fact(self, row: Row) -> JournalChange:
        fact = self.facts.get(int(row["seq"]))
        if fact is None:
            return JournalChange(str(row.get("kind", "")), "", "")
        old = self.facts.get(fact.corrects) if fact.corrects is not None else None
        before = fact_words(self.book, self.names, old) if old is not None else ""
        after = fact_words(self.book, self.names, fact)
        if fact.kind == kinds.WITHDRAWN:
            after = "已撤回"
        if fact.reason:
            after = f"{after}（理由：{fact.reason}）"
        return JournalChange(fact_title(self.book, self.names, fact, old), before, after)

    def _instance(self, place: tuple[int, str], before: Row, after: Row) -> list[JournalChange]:
        if "state" not in after:
            return []
        node, subject = place
        what = f"节点{node}“{self.book.nodes[node].name}”"
        if subject != subjects.CASE:
            what += f" {subject_words(self.names, subject)}"
        return [JournalChange(what, _state(before), _state(after))]

    def _case(self, before: Row, after: Row) -> list[JournalChange]:
        if not before:
            return []
        found = []
        for name, label in (("current_node_name", "当前节点"), ("closing_way", "结案方式")):
            if name in after and before.get(name) != after[name]:
                was, now = str(before.get(name) or ""), str(after[name] or "")
                found.append(JournalChange(label, was, now))
        if "state" in after:
            found.append(JournalChange("案件状态", _state(before), _state(after)))
        return found

    def _announced(self, change: Row) -> list[JournalChange]:
        columns = list(change.get("columns", ()))
        if "sentence" not in columns or "case_id" not in columns:
            return []
        owner, place = columns.index("case_id"), columns.index("sentence")
        rows = [row for row in change.get("rows", ()) if row[owner] == self.case_id]
        return [JournalChange("通知", "", str(row[place])) for row in rows]


def _state(row: Row) -> str:
    return State(row["state"]).label if row.get("state") else ""
