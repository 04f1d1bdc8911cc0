"""From the text of the rulebook's files to typed rules, with every fault and its line at once.

The caller hands in the files' texts; nothing here opens a file.  Unknown keys, missing keys and
wrong shapes are collected as :class:`Problem` and refused together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

import yaml

from zhixing_desktop.workflow.errors import Cite, InputRefusedError, Problem
from zhixing_desktop.workflow.rulebook import (
    Approval,
    Coupling,
    Direction,
    EventSpec,
    FieldSpec,
    FieldType,
    FreezeRule,
    Gate,
    HollowWords,
    LimitKind,
    Material,
    MetBy,
    NextNode,
    NodeSpec,
    Notify,
    Opens,
    Reading,
    Rulebook,
    Settings,
    SubjectSpec,
    TimeLimit,
    Unfreeze,
    UnfreezeLevel,
    Unit,
    WorkItem,
)

_LINE = "__line__"
_T = TypeVar("_T")
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_E = TypeVar("_E", bound=StrEnum)


class _LineLoader(_SafeLoader):
    """A safe loader that remembers the line of every mapping and refuses a key given twice."""

    problems: list[tuple[int, str]]

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"键“{key}”重复", problem_mark=key_node.start_mark
                )
            seen.add(key)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        mapping[_LINE] = node.start_mark.line + 1
        return mapping


class _Reader:
    """Takes mappings apart strictly and collects what is wrong."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.file = ""

    def complain(self, line: int, sentence: str) -> None:
        self.problems.append(Problem(f"{self.file}:{line}", sentence))

    def load(self, file: str, text: str) -> Mapping[str, Any]:
        self.file = file
        try:
            data = yaml.load(text, Loader=_LineLoader)  # noqa: S506 - a safe loader
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            words = getattr(error, "problem", None) or str(error)
            self.complain(mark.line + 1 if mark else 1, f"规则文件无法读取：{words}")
            return {}
        if not isinstance(data, dict):
            self.complain(1, "规则文件应当是键值结构")
            return {}
        return data

    def keys(self, data: Mapping[str, Any], needed: Sequence[str], allowed: Sequence[str] = ()) -> bool:
        line = int(data.get(_LINE, 1))
        missing = [key for key in needed if key not in data]
        unknown = [str(key) for key in data if key not in (*needed, *allowed, _LINE)]
        if missing:
            self.complain(line, f"缺少键：{'、'.join(missing)}")
        if unknown:
            self.complain(line, f"不认识的键：{'、'.join(unknown)}")
        return not missing

    def listing(self, data: Mapping[str, Any], key: str) -> list[Any]:
        value = data.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.complain(int(data.get(_LINE, 1)), f"“{key}”应当是列表")
            return []
        return value

    def maps(self, data: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
        found = []
        for entry in self.listing(data, key):
            if isinstance(entry, dict):
                found.append(entry)
            else:
                self.complain(int(data.get(_LINE, 1)), f"“{key}”的每一项应当是键值结构")
        return found

    def words(self, data: Mapping[str, Any], key: str) -> tuple[str, ...]:
        return tuple(str(entry) for entry in self.listing(data, key))

    def enum(self, data: Mapping[str, Any], key: str, kind: type[_E], default: _E) -> _E:
        try:
            return kind(str(data.get(key)))
        except ValueError:
            allowed = "、".join(kind)
            self.complain(
                int(data.get(_LINE, 1)), f"“{key}”的值“{data.get(key)}”不认识，应为：{allowed}"
            )
            return default

    def number(self, data: Mapping[str, Any], key: str) -> int:
        value = data.get(key)
        if isinstance(value, bool) or not isinstance(value, int):
            self.complain(int(data.get(_LINE, 1)), f"“{key}”应当是整数")
            return 0
        return value

    def numbers(self, data: Mapping[str, Any], key: str) -> tuple[int, ...]:
        found = []
        for entry in self.listing(data, key):
            if isinstance(entry, int) and not isinstance(entry, bool):
                found.append(entry)
            else:
                self.complain(int(data.get(_LINE, 1)), f"“{key}”应当是整数列表")
        return tuple(found)

    def flag(self, data: Mapping[str, Any], key: str) -> bool:
        value = data.get(key, False)
        if not isinstance(value, bool):
            self.complain(int(data.get(_LINE, 1)), f"“{key}”应当是 true 或 false")
            return False
        return value

    def cite(self, data: Mapping[str, Any], key: str = "cite") -> Cite | None:
        entry = data.get(key)
        if entry is None:
            return None
        if not isinstance(entry, dict) or not self.keys(entry, ("paragraph", "quote"), ("reading",)):
            self.complain(int(data.get(_LINE, 1)), f"“{key}”应当写明 paragraph 与 quote")
            return None
        return Cite(str(entry["paragraph"]), str(entry["quote"]), _text(entry.get("reading")))

    def must_cite(self, data: Mapping[str, Any]) -> Cite:
        found = self.cite(data)
        if found is None:
            self.complain(int(data.get(_LINE, 1)), "规则没有引用指引原文（cite）")
            return Cite("", "")
        return found

    def each(
        self, data: Mapping[str, Any], key: str, make: Callable[[Mapping[str, Any]], _T | None]
    ) -> tuple[_T, ...]:
        made = (make(entry) for entry in self.maps(data, key))
        return tuple(entry for entry in made if entry is not None)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def read_rulebook(files: Mapping[str, str]) -> Rulebook:
    """Read a rulebook from ``{file name: text}``.

    Raises :class:`InputRefusedError` naming every fault with file and line.  Cross-checks (quotes,
    unknown names, unreachable nodes) are made by ``rulebook_checks.check``.
    """
    reader = _Reader()
    loaded = {name: reader.load(name, text) for name, text in sorted(files.items())}
    nodes: dict[int, NodeSpec] = {}
    for name, data in loaded.items():
        if not name.startswith("nodes-"):
            continue
        reader.file = name
        reader.keys(data, ("nodes",))
        for entry in reader.maps(data, "nodes"):
            spec = _node(reader, entry)
            if spec is None:
                continue
            if spec.number in nodes:
                reader.complain(int(entry[_LINE]), f"节点{spec.number}重复")
            nodes[spec.number] = spec
    book = _assemble(reader, loaded, dict(sorted(nodes.items())), files)
    if reader.problems or book is None:
        raise InputRefusedError(
            f"规则库有{len(reader.problems)}处错误，程序不能使用它", reader.problems
        )
    return book


def _assemble(
    reader: _Reader,
    loaded: Mapping[str, Mapping[str, Any]],
    nodes: Mapping[int, NodeSpec],
    files: Mapping[str, str],
) -> Rulebook | None:
    def part(name: str) -> Mapping[str, Any]:
        reader.file = name
        if name not in loaded:
            reader.complain(1, "规则文件缺失")
        return loaded.get(name, {})

    head = part("rulebook.yaml")
    if not reader.keys(
        head,
        ("version", "effective", "title", "warning_cite", "settings", "hollow_words", "general_rules"),
    ):
        return None
    settings = _settings(reader, head["settings"])
    hollow = _hollow(reader, head["hollow_words"])
    general = reader.each(head, "general_rules", lambda entry: _general(reader, entry))
    warning = reader.cite(head, "warning_cite")
    data = part("events.yaml")
    events = {e.name: e for e in reader.each(data, "events", lambda entry: _event(reader, entry))}
    data = part("gates.yaml")
    gates = reader.each(data, "gates", lambda entry: _gate(reader, entry))
    data = part("couplings.yaml")
    couplings = reader.each(data, "couplings", lambda entry: _coupling(reader, entry))
    data = part("readings.yaml")
    readings = {r.code: r for r in reader.each(data, "readings", lambda e: _reading(reader, e))}
    data = part("subjects.yaml")
    kinds = {s.kind: s for s in reader.each(data, "subjects", lambda e: _subject(reader, e))}
    categories = {k: str(v) for k, v in dict(data.get("asset_categories", {})).items() if k != _LINE}
    if settings is None or hollow is None or warning is None:
        return None
    digest = hashlib.sha256()
    for name, text in sorted(files.items()):
        digest.update(f"{name}\0{text}\0".encode())
    return Rulebook(
        version=str(head["version"]),
        effective=str(head["effective"]),
        title=str(head["title"]),
        hash=digest.hexdigest(),
        nodes=nodes,
        events=events,
        gates=gates,
        couplings=couplings,
        readings=readings,
        settings=settings,
        hollow_words=hollow,
        warning_cite=warning,
        subjects=kinds,
        asset_categories=categories,
        general_rules=general,
    )


def _node(r: _Reader, d: Mapping[str, Any]) -> NodeSpec | None:
    needed = (
        "number", "name", "part", "subject", "role", "cite", "opens", "applies", "work_items",
        "time_limits", "fields", "next",
    )  # fmt: skip
    allowed = (
        "on_demand", "repeatable", "freeze", "unfreeze", "materials", "approvals", "notes",
        "auto_complete", "supervised",
    )  # fmt: skip
    if not r.keys(d, needed, allowed):
        return None
    number = r.number(d, "number")
    return NodeSpec(
        number=number,
        name=str(d["name"]),
        part=str(d["part"]),
        subject=str(d["subject"]),
        cite=r.must_cite(d),
        opens=r.each(d, "opens", lambda e: _opens(r, e)),
        on_demand=r.flag(d, "on_demand"),
        repeatable=r.flag(d, "repeatable"),
        applies=r.words(d, "applies"),
        work_items=r.each(d, "work_items", lambda e: _item(r, e)),
        time_limits=r.each(d, "time_limits", lambda e: _limit(r, e, number)),
        freeze=_freeze(r, d),
        unfreeze=_unfreeze(r, d),
        fields=r.each(d, "fields", lambda e: _field(r, e)),
        materials=r.each(d, "materials", lambda e: _material(r, e)),
        approvals=r.each(d, "approvals", lambda e: _approval(r, e)),
        next=r.each(d, "next", lambda e: _next(r, e)),
        role=str(d["role"]),
        notes=tuple(
            Cite(str(e.get("paragraph", "")), str(e.get("quote", ""))) for e in r.maps(d, "notes")
        ),
        auto_complete=r.flag(d, "auto_complete"),
        supervised=r.flag(d, "supervised"),
    )


def _opens(r: _Reader, d: Mapping[str, Any]) -> Opens | None:
    r.keys(d, (), ("event", "condition"))
    return Opens(_text(d.get("event")), _text(d.get("condition")))


def _item(r: _Reader, d: Mapping[str, Any]) -> WorkItem | None:
    if not r.keys(d, ("item", "text"), ("papers", "notify", "dossier", "optional", "when", "label")):
        return None
    notify = tuple(
        Notify(str(e.get("who", "")), r.words(e, "channels")) for e in r.maps(d, "notify")
    )
    return WorkItem(
        r.number(d, "item"),
        str(d["text"]),
        r.words(d, "papers"),
        notify,
        r.flag(d, "dossier"),
        r.flag(d, "optional"),
        _text(d.get("when")),
        _text(d.get("label")),
    )


def _met_by(r: _Reader, d: Mapping[str, Any]) -> MetBy | None:
    entry = d.get("met_by")
    if entry is None:
        return None
    if not isinstance(entry, dict):
        r.complain(int(d.get(_LINE, 1)), "“met_by”应当是键值结构")
        return None
    r.keys(entry, (), ("event", "items"))
    return MetBy(_text(entry.get("event")), r.numbers(entry, "items"))


def _limit(r: _Reader, d: Mapping[str, Any], node: int) -> TimeLimit | None:
    needed = ("id", "items", "amount", "unit", "direction", "anchor", "kind", "cite")
    if not r.keys(d, needed, ("variant", "applies", "met_by", "reading", "count")):
        return None
    items = r.numbers(d, "items")
    return TimeLimit(
        id=str(d["id"]),
        node=node,
        items=items,
        amount=r.number(d, "amount"),
        unit=r.enum(d, "unit", Unit, Unit.DAY),
        direction=r.enum(d, "direction", Direction, Direction.WITHIN),
        anchor=str(d["anchor"]),
        kind=r.enum(d, "kind", LimitKind, LimitKind.COMPLETE),
        variant=_text(d.get("variant")),
        cite=r.must_cite(d),
        reading=_text(d.get("reading")),
        met_by=_met_by(r, d) or MetBy(items=items),
        applies=r.words(d, "applies"),
        count=r.number(d, "count") if "count" in d else 1,
    )


def _freeze(r: _Reader, d: Mapping[str, Any]) -> FreezeRule | None:
    entry = d.get("freeze")
    if entry is None:
        return None
    allowed = ("refuses", "met_by", "fact", "target", "applies", "reading", "lets_pass", "lets_pass_reason")
    if not r.keys(entry, ("limits", "cite"), allowed):
        return None
    return FreezeRule(
        limits=r.words(entry, "limits"),
        cite=r.must_cite(entry),
        refuses=str(entry.get("refuses", "successors")),
        met_by=_met_by(r, entry),
        fact=_text(entry.get("fact")),
        target=r.number(entry, "target") if entry.get("target") is not None else None,
        applies=r.words(entry, "applies"),
        reading=_text(entry.get("reading")),
        lets_pass=r.numbers(entry, "lets_pass"),
    )


def _unfreeze(r: _Reader, d: Mapping[str, Any]) -> Unfreeze | None:
    entry = d.get("unfreeze")
    if entry is None:
        return None
    if not r.keys(entry, ("level", "words", "cite"), ("roles",)):
        return None
    level = r.enum(entry, "level", UnfreezeLevel, UnfreezeLevel.LOCAL)
    return Unfreeze(level, str(entry["words"]), r.words(entry, "roles"), r.must_cite(entry))


def _field(r: _Reader, d: Mapping[str, Any]) -> FieldSpec | None:
    allowed = ("cite", "reason", "item", "event", "options", "when", "help", "same_as")
    if not r.keys(d, ("name", "label", "type", "required"), allowed):
        return None
    return FieldSpec(
        name=str(d["name"]),
        label=str(d["label"]),
        type=r.enum(d, "type", FieldType, FieldType.TEXT),
        required=r.flag(d, "required"),
        cite=r.cite(d),
        reason=_text(d.get("reason")),
        item=r.number(d, "item") if d.get("item") is not None else None,
        event=_text(d.get("event")),
        options=r.words(d, "options"),
        when=_text(d.get("when")),
        help=_text(d.get("help")),
        same_as=_text(d.get("same_as")),
    )


def _material(r: _Reader, d: Mapping[str, Any]) -> Material | None:
    if not r.keys(d, ("name", "cite"), ("item", "required")):
        return None
    item = r.number(d, "item") if d.get("item") is not None else None
    return Material(str(d["name"]), item, r.flag(d, "required"), r.must_cite(d))


def _approval(r: _Reader, d: Mapping[str, Any]) -> Approval | None:
    if not r.keys(d, ("matter", "label", "roles", "mode", "cite"), ("when", "reading")):
        return None
    return Approval(
        str(d["matter"]),
        str(d["label"]),
        r.words(d, "roles"),
        str(d["mode"]),
        r.must_cite(d),
        _text(d.get("when")),
    )


def _next(r: _Reader, d: Mapping[str, Any]) -> NextNode | None:
    if not r.keys(d, ("to", "when", "chart", "basis", "code")):
        return None
    to = d["to"] if isinstance(d["to"], int) else str(d["to"])
    return NextNode(to, str(d["when"]), r.numbers(d, "chart"), str(d["basis"]), str(d["code"]))


def _event(r: _Reader, d: Mapping[str, Any]) -> EventSpec | None:
    if not r.keys(d, ("name", "label", "subject", "precision", "reason"), ("creates", "planned")):
        return None
    return EventSpec(
        str(d["name"]),
        str(d["label"]),
        str(d["subject"]),
        str(d["precision"]),
        r.flag(d, "creates"),
        r.flag(d, "planned"),
        str(d["reason"]),
    )


def _gate(r: _Reader, d: Mapping[str, Any]) -> Gate | None:
    if not r.keys(d, ("code", "node", "acts", "check", "sentence", "cite"), ("severity", "params")):
        return None
    params = {k: v for k, v in dict(d.get("params") or {}).items() if k != _LINE}
    return Gate(
        code=str(d["code"]),
        node=r.number(d, "node"),
        acts=r.words(d, "acts"),
        check=str(d["check"]),
        sentence=str(d["sentence"]),
        cite=r.must_cite(d),
        severity=str(d.get("severity", "refuse")),
        params=params,
    )


def _coupling(r: _Reader, d: Mapping[str, Any]) -> Coupling | None:
    if not r.keys(d, ("code", "kind", "nodes", "title", "rule", "carried_by"), ("cite",)):
        return None
    return Coupling(
        str(d["code"]),
        str(d["kind"]),
        r.numbers(d, "nodes"),
        str(d["title"]),
        str(d["rule"]),
        str(d["carried_by"]),
        r.cite(d),
    )


def _reading(r: _Reader, d: Mapping[str, Any]) -> Reading | None:
    if not r.keys(d, ("code", "nodes", "question", "answer")):
        return None
    return Reading(str(d["code"]), str(d["nodes"]), str(d["question"]), str(d["answer"]))


def _subject(r: _Reader, d: Mapping[str, Any]) -> SubjectSpec | None:
    if not r.keys(d, ("kind", "event", "fields")):
        return None
    return SubjectSpec(str(d["kind"]), _text(d["event"]), r.each(d, "fields", lambda e: _field(r, e)))


def _general(r: _Reader, d: Mapping[str, Any]) -> Cite | None:
    if not r.keys(d, ("number", "quote", "carried_by")):
        return None
    return Cite(f"第一部分 总体要求{d['number']}", str(d["quote"]))


def _hollow(r: _Reader, d: Any) -> HollowWords | None:
    if not isinstance(d, dict) or not r.keys(d, ("exact", "contained", "cite")):
        return None
    return HollowWords(r.words(d, "exact"), r.words(d, "contained"), r.must_cite(d))


def _settings(r: _Reader, d: Any) -> Settings | None:
    names = (
        "rolling", "before_holiday", "warn_fraction", "warn_fraction_hours", "office_opens",
        "same_day_warning", "archive_anchor", "minimum_termination_months",
        "resumption_needs_new_officer",
    )  # fmt: skip
    if not isinstance(d, dict) or not r.keys(d, names):
        return None
    plain = {k: v["value"] if isinstance(v, dict) else v for k, v in d.items() if k != _LINE}
    try:
        return Settings(
            rolling=str(plain["rolling"]),
            before_holiday=str(plain["before_holiday"]),
            warn_fraction=Fraction(str(plain["warn_fraction"])),
            warn_fraction_hours=Fraction(str(plain["warn_fraction_hours"])),
            office_opens=str(plain["office_opens"]),
            same_day_warning=str(plain["same_day_warning"]),
            archive_anchor=str(plain["archive_anchor"]),
            minimum_termination_months=int(plain["minimum_termination_months"]),
            resumption_needs_new_officer=bool(plain["resumption_needs_new_officer"]),
        )
    except (ValueError, ZeroDivisionError) as error:
        r.complain(int(d.get(_LINE, 1)), f"设置的值不对：{error}")
        return None

