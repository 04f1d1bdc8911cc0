"""From the text of the authority file to the matrix, every fault with its line at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar

from zhixing_desktop.workflow.authority import DECIDE, Barred, Matrix, Relation, Row, When
from zhixing_desktop.workflow.authority_deciding import deciding_rows
from zhixing_desktop.workflow.errors import InputRefusedError
from zhixing_desktop.workflow.facts import OFFICER
from zhixing_desktop.workflow.guideline import plain
from zhixing_desktop.workflow.rulebook import Rulebook
from zhixing_desktop.workflow.yaml_reading import LINE, Reader

_NEEDED = ("id", "act", "label", "roles", "relation")
_MORE = (
    "cite", "basis", "barred", "nodes", "node_roles", "matters", "except_matters", "events",
    "except_events", "fields", "when", "system",
)  # fmt: skip
_FACT_ACTS = frozenset({"fact.add", "fact.correct", "fact.withdraw"})
_AT_NODES = frozenset({"node.start", "node.work", "node.complete"})
_ON_PAPERS = frozenset(
    {f"paper.{act}" for act in ("draft", "issue", "print", "serve", "void")} | {"dossier.file"}
)
_E = TypeVar("_E", bound=StrEnum)


def read_matrix(
    text: str,
    book: Rulebook,
    guideline: str,
    *,
    file: str = "authority.yaml",
    acts: Collection[str] = (),
) -> Matrix:
    """Read the matrix and hold it against rulebook and guideline.

    ``acts``: those the services ask about; each must have a row.  Raises
    :class:`InputRefusedError` naming every fault with file and line.
    """
    reader = _MatrixReader(book, plain(guideline))
    matrix = reader.read(file, text, acts)
    if reader.problems or matrix is None:
        count = len(reader.problems)
        raise InputRefusedError(f"权限表有{count}处错误，程序不能使用它", reader.problems)
    return matrix


class _MatrixReader(Reader):
    """Reads rows one by one; what is wrong with a row is said at its line."""

    def __init__(self, book: Rulebook, guideline: str) -> None:
        super().__init__()
        self._book = book
        self._guideline = guideline
        self._roles: tuple[str, ...] = ()
        self._separate: frozenset[str] = frozenset()
        self._ids: set[str] = set()

    def read(self, file: str, text: str, acts: Collection[str]) -> Matrix | None:
        data = self.load(file, text)
        if not data or not self.keys(data, ("version", "roles", "separate", "rows")):
            return None
        self._roles = self.words(data, "roles")
        alone = data["separate"]
        if not isinstance(alone, dict) or not self.keys(alone, ("roles", "basis")):
            self.complain(int(data[LINE]), "“separate”应当写明 roles 与 basis")
            return None
        self._separate = frozenset(self.words(alone, "roles"))
        self._known_roles(self._separate, int(alone[LINE]), "三员")
        own = self.each(data, "rows", self._row)
        rows = (*own, *deciding_rows(self._book))
        for row in rows[len(own) :]:
            if row.id in self._ids:
                self.complain(1, f"编号“{row.id}”与节点规则中的审批重复")
        known = {row.act for row in rows}
        for act in sorted(set(acts) - known):
            self.complain(1, f"程序要办的“{act}”没有一行权限")
        return Matrix(
            version=str(data["version"]),
            roles=self._roles,
            separate=self._separate,
            separate_basis=str(alone["basis"]),
            rows=rows,
            by_act=MappingProxyType(_by_act(rows)),
            guarded=MappingProxyType(_guarded(rows)),
        )

    def _row(self, entry: Mapping[str, Any]) -> Row | None:
        line = int(entry[LINE])
        if not self.keys(entry, _NEEDED, _MORE):
            return None
        row = Row(
            id=str(entry["id"]),
            act=str(entry["act"]),
            label=str(entry["label"]),
            roles=self.words(entry, "roles"),
            relation=self.enum(entry, "relation", Relation, Relation.OWN),
            cite=self.cite(entry),
            basis=str(entry.get("basis") or ""),
            barred=self._enums(entry, "barred", Barred),
            nodes=frozenset(self.numbers(entry, "nodes")),
            node_roles=frozenset(self.words(entry, "node_roles")),
            matters=frozenset(self.words(entry, "matters")),
            except_matters=frozenset(self.words(entry, "except_matters")),
            events=frozenset(self.words(entry, "events")),
            except_events=frozenset(self.words(entry, "except_events")),
            fields=frozenset(self.words(entry, "fields")),
            when=self.enum(entry, "when", When, When.ALWAYS) if "when" in entry else When.ALWAYS,
            system=self.flag(entry, "system"),
        )
        if row.id in self._ids:
            self.complain(line, f"编号“{row.id}”重复")
        self._ids.add(row.id)
        if row.act == DECIDE:
            self.complain(line, "谁决定申请写在节点规则中，权限表不得另写")
        self._reason(row, line)
        self._people(row, line)
        self._names(row, line)
        return row

    def _reason(self, row: Row, line: int) -> None:
        if row.cite is None and not row.basis.strip():
            self.complain(line, f"{row.id}没有引用指引原文（cite），也没有写明依据（basis）")
        if row.cite is None:
            return
        words = plain(row.cite.quote)
        if not words or words not in self._guideline:
            self.complain(line, f"{row.id}：指引原文中没有这句话：“{row.cite.quote}”")
        if row.cite.reading is not None and row.cite.reading not in self._book.readings:
            self.complain(line, f"{row.id}：没有释义“{row.cite.reading}”")

    def _people(self, row: Row, line: int) -> None:
        if not row.roles:
            self.complain(line, f"{row.id}没有写明角色")
        self._known_roles(row.roles, line, row.id)
        self._known_roles(row.node_roles - {"系统"}, line, row.id)
        alone = self._separate.intersection(row.roles)
        about_case = row.relation not in (Relation.ANY, Relation.OWN) or (
            row.nodes or row.node_roles or row.matters or row.events or row.act.startswith("case.")
        )
        # Re-deriving the lists is maintenance: it changes no fact and shows none.
        if alone and about_case and not row.system:
            listed = "、".join(sorted(alone))
            self.complain(line, f"{row.id}：{listed}不得办理案件事项（三员分立）")

    def _names(self, row: Row, line: int) -> None:
        matters = {a.matter for spec in self._book.nodes.values() for a in spec.approvals}
        self._known(row.nodes, self._book.nodes, line, f"{row.id}：没有节点")
        self._known(
            row.matters | row.except_matters,
            matters | {"unfreeze"},
            line,
            f"{row.id}：没有审批事项",
        )
        self._known(
            row.events | row.except_events,
            self._book.events.keys() | {OFFICER},
            line,
            f"{row.id}：没有事实",
        )
        fields = {
            field.name
            for number in row.nodes & self._book.nodes.keys()
            for field in self._book.nodes[number].fields
        }
        self._known(row.fields, fields, line, f"{row.id}：节点中没有字段")
        if row.node_roles and row.act not in _AT_NODES | _FACT_ACTS | _ON_PAPERS | {
            "approval.request",
            "wording.override",
        }:
            self.complain(line, f"{row.id}：这类事项不按节点的角色区分")

    def _known_roles(self, roles: Iterable[str], line: int, where: str) -> None:
        self._known(roles, self._roles, line, f"{where}：不认识的角色")

    def _known(
        self, given: Iterable[object], known: Collection[object], line: int, words: str
    ) -> None:
        for entry in sorted(set(given) - set(known), key=str):
            self.complain(line, f"{words}“{entry}”")

    def _enums(self, entry: Mapping[str, Any], key: str, kind: type[_E]) -> frozenset[_E]:
        found = []
        for word in self.words(entry, key):
            try:
                found.append(kind(word))
            except ValueError:
                allowed = "、".join(kind)
                self.complain(int(entry[LINE]), f"“{key}”的“{word}”不认识，应为：{allowed}")
        return frozenset(found)


def _by_act(rows: Iterable[Row]) -> dict[str, tuple[Row, ...]]:
    found: dict[str, tuple[Row, ...]] = {}
    for row in rows:
        found[row.act] = (*found.get(row.act, ()), row)
    return found


def _guarded(rows: Iterable[Row]) -> dict[str, str]:
    guarded = {event: row.act for row in rows if row.act not in _FACT_ACTS for event in row.events}
    return {**guarded, OFFICER: "case.assign"}
