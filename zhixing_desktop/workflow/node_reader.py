"""One node of the rulebook's files: from mappings to a typed node."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhixing_desktop.workflow.errors import Cite
from zhixing_desktop.workflow.rulebook import (
    Approval,
    Direction,
    Elsewhere,
    FieldSpec,
    FieldType,
    FreezeRule,
    LimitKind,
    Material,
    Matter,
    MetBy,
    NextNode,
    NodeSpec,
    Notify,
    Opens,
    TimeLimit,
    Unfreeze,
    UnfreezeLevel,
    Unit,
    WorkItem,
)
from zhixing_desktop.workflow.yaml_reading import LINE, Reader, text_of


def node_of(r: Reader, d: Mapping[str, Any]) -> NodeSpec | None:
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
        fields=r.each(d, "fields", lambda e: field_of(r, e)),
        materials=r.each(d, "materials", lambda e: _material(r, e)),
        approvals=r.each(d, "approvals", lambda e: _approval(r, e)),
        next=r.each(d, "next", lambda e: _next(r, e)),
        role=str(d["role"]),
        notes=r.each(d, "notes", lambda e: _note(r, e)),
        auto_complete=r.flag(d, "auto_complete"),
        supervised=r.flag(d, "supervised"),
    )


def _note(r: Reader, d: Mapping[str, Any]) -> Cite | None:
    if not r.keys(d, ("paragraph", "quote"), ("reading",)):
        return None
    return Cite(str(d["paragraph"]), str(d["quote"]), text_of(d.get("reading")))


def _opens(r: Reader, d: Mapping[str, Any]) -> Opens | None:
    r.keys(d, (), ("event", "condition"))
    return Opens(text_of(d.get("event")), text_of(d.get("condition")))


def _item(r: Reader, d: Mapping[str, Any]) -> WorkItem | None:
    if not r.keys(
        d, ("item", "text"), ("papers", "notify", "dossier", "optional", "when", "label")
    ):
        return None
    papers, conditions = _papers(r, d)
    return WorkItem(
        item=r.number(d, "item"),
        text=str(d["text"]),
        papers=papers,
        notify=r.each(d, "notify", lambda e: _notify(r, e)),
        dossier=r.flag(d, "dossier"),
        optional=r.flag(d, "optional"),
        when=text_of(d.get("when")),
        label=text_of(d.get("label")),
        papers_when=conditions,
    )


def _papers(r: Reader, d: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """A paper is a name, or ``{name, when}`` where it is made under a condition only."""
    names: list[str] = []
    conditions: list[tuple[str, str]] = []
    for entry in r.listing(d, "papers"):
        if not isinstance(entry, dict):
            names.append(str(entry))
        elif r.keys(entry, ("name", "when")):
            names.append(str(entry["name"]))
            conditions.append((str(entry["name"]), str(entry["when"])))
    return tuple(names), tuple(conditions)


def _notify(r: Reader, d: Mapping[str, Any]) -> Notify | None:
    if not r.keys(d, ("who", "channels"), ("when",)):
        return None
    return Notify(str(d["who"]), r.words(d, "channels"), text_of(d.get("when")))


def _met_by(r: Reader, d: Mapping[str, Any]) -> MetBy | None:
    entry = d.get("met_by")
    if entry is None:
        return None
    if not isinstance(entry, dict):
        r.complain(int(d.get(LINE, 1)), "“met_by”应当是键值结构")
        return None
    r.keys(entry, (), ("event", "items", "approval"))
    return MetBy(text_of(entry.get("event")), r.numbers(entry, "items"), _matter(r, entry))


def _matter(r: Reader, d: Mapping[str, Any]) -> Matter | None:
    entry = d.get("approval")
    if entry is None:
        return None
    if not isinstance(entry, dict) or not r.keys(entry, ("node", "matter")):
        r.complain(int(d.get(LINE, 1)), "“approval”应当写明 node 与 matter")
        return None
    return Matter(r.number(entry, "node"), str(entry["matter"]))


def _limit(r: Reader, d: Mapping[str, Any], node: int) -> TimeLimit | None:
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
        variant=text_of(d.get("variant")),
        cite=r.must_cite(d),
        reading=text_of(d.get("reading")),
        met_by=_met_by(r, d) or MetBy(items=items),
        applies=r.words(d, "applies"),
        count=r.number(d, "count") if "count" in d else 1,
    )


def _freeze(r: Reader, d: Mapping[str, Any]) -> FreezeRule | None:
    entry = d.get("freeze")
    if entry is None:
        return None
    allowed = (
        "refuses", "met_by", "fact", "target", "applies", "reading", "lets_pass",
        "lets_pass_reason", "warned",
    )  # fmt: skip
    if not isinstance(entry, dict) or not r.keys(entry, ("limits", "cite"), allowed):
        return None
    return FreezeRule(
        limits=r.words(entry, "limits"),
        cite=r.must_cite(entry),
        refuses=str(entry.get("refuses", "successors")),
        met_by=_met_by(r, entry),
        fact=text_of(entry.get("fact")),
        target=r.number(entry, "target") if entry.get("target") is not None else None,
        applies=r.words(entry, "applies"),
        reading=text_of(entry.get("reading")),
        lets_pass=r.numbers(entry, "lets_pass"),
        warned=r.flag(entry, "warned") if "warned" in entry else True,
    )


def _unfreeze(r: Reader, d: Mapping[str, Any]) -> Unfreeze | None:
    entry = d.get("unfreeze")
    if entry is None:
        return None
    if not r.keys(entry, ("level", "words", "cite"), ("roles",)):
        return None
    level = r.enum(entry, "level", UnfreezeLevel, UnfreezeLevel.LOCAL)
    return Unfreeze(level, str(entry["words"]), r.words(entry, "roles"), r.must_cite(entry))


def field_of(r: Reader, d: Mapping[str, Any]) -> FieldSpec | None:
    allowed = ("cite", "reason", "item", "event", "options", "when", "help", "same_as", "filed_day")
    if not r.keys(d, ("name", "label", "type", "required"), allowed):
        return None
    return FieldSpec(
        name=str(d["name"]),
        label=str(d["label"]),
        type=r.enum(d, "type", FieldType, FieldType.TEXT),
        required=r.flag(d, "required"),
        cite=r.cite(d),
        reason=text_of(d.get("reason")),
        item=r.number(d, "item") if d.get("item") is not None else None,
        event=text_of(d.get("event")),
        options=r.words(d, "options"),
        when=text_of(d.get("when")),
        help=text_of(d.get("help")),
        same_as=text_of(d.get("same_as")),
        filed_day=r.flag(d, "filed_day"),
    )


def _material(r: Reader, d: Mapping[str, Any]) -> Material | None:
    allowed = ("item", "required", "when", "collective", "at_archive", "lies_at")
    if not r.keys(d, ("name", "cite"), allowed):
        return None
    item = r.number(d, "item") if d.get("item") is not None else None
    when = text_of(d.get("when"))
    return Material(
        str(d["name"]),
        item,
        r.flag(d, "required"),
        r.must_cite(d),
        when,
        r.flag(d, "collective"),
        r.flag(d, "at_archive"),
        r.each(d, "lies_at", lambda e: _elsewhere(r, e)),
    )


def _elsewhere(r: Reader, d: Mapping[str, Any]) -> Elsewhere | None:
    if not r.keys(d, ("node", "name")):
        return None
    return Elsewhere(r.number(d, "node"), str(d["name"]))


def _approval(r: Reader, d: Mapping[str, Any]) -> Approval | None:
    if not r.keys(d, ("matter", "label", "roles", "mode", "cite"), ("when", "reading")):
        return None
    return Approval(
        str(d["matter"]),
        str(d["label"]),
        r.words(d, "roles"),
        str(d["mode"]),
        r.must_cite(d),
        text_of(d.get("when")),
    )


def _next(r: Reader, d: Mapping[str, Any]) -> NextNode | None:
    if not r.keys(d, ("to", "when", "chart", "basis", "code")):
        return None
    to = d["to"] if isinstance(d["to"], int) else str(d["to"])
    return NextNode(to, str(d["when"]), r.numbers(d, "chart"), str(d["basis"]), str(d["code"]))
