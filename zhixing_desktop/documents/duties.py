"""What a paper's issue and service enter at its node by themselves, and what they leave alone.

Pure: what the case says already, what the form carries, which of its papers there are.  Nothing
that a person has entered is overwritten; where that says something else, a note says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from zhixing_desktop.documents.form_types import Carries
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.completeness import (
    EMPTY,
    current_value,
    fields_in_play,
    items_in_play,
    notices_in_play,
    papers_in_play,
)
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.day_words import date_words
from zhixing_desktop.workflow.facts import NOTHING
from zhixing_desktop.workflow.new_facts import ItemEntry
from zhixing_desktop.workflow.rule_words import FieldType
from zhixing_desktop.workflow.rulebook import FieldSpec, NodeSpec
from zhixing_desktop.workflow.service_of_papers import Way
from zhixing_desktop.workflow.views import Key

SERVED_BY = "送达"
"""The channel of a duty to tell that is done by serving a paper."""


@dataclass(frozen=True, slots=True)
class Duties:
    """What is to be entered at one instance (``decide.work``), and what is to be told."""

    key: Key
    values: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    items: Mapping[int, ItemEntry] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing is to be entered."""
        return not self.values and not self.items


def instance_of(ctx: Context, carries: Carries, key: Key, about: str) -> Key | None:
    """Return the instance that a paper carries something for, ``None`` where there is none."""
    if carries.node == key.node:
        return key
    kind = ctx.rulebook.nodes[carries.node].subject
    for subject in (subjects.CASE, about, subjects.base(key.subject)):
        if subject and subjects.kind_of(subject) == kind:
            return Key(carries.node, subject)
    return None


def wanted_papers(ctx: Context, carries: Carries, key: Key) -> tuple[str, ...]:
    """Return the papers that the work item asks for in this instance; none for no item."""
    spec = ctx.rulebook.nodes[key.node]
    if carries.item is None:
        return ()
    item = spec.item(carries.item)
    if item not in items_in_play(ctx, spec, key.subject):
        return ()
    return papers_in_play(ctx, item, key.subject)


def upon_issue(
    ctx: Context,
    carries: Carries,
    key: Key,
    *,
    name: str,
    number: str,
    waiting_for: Sequence[str],
    days: Mapping[str, date | None],
) -> Duties:
    """Return what an issue enters.

    ``waiting_for``: those who have not got theirs (of a paper made for each debtor), in words.
    ``days``: for each paper of the work item the day on which the last of it was issued, ``None``
    while some is not; the form's own is among them under ``carries.paper``.
    """
    spec = ctx.rulebook.nodes[key.node]
    if waiting_for:
        listed = "、".join(waiting_for)
        note = f"节点{spec.number}等{listed}的《{name}》也签发后再登记。"
        return Duties(key, notes=(note,))
    day = days.get(carries.paper or name)
    if day is None:
        return Duties(key)
    values, notes = _values(ctx, spec, key, carries.issued, day)
    if carries.number and number:
        more, told = _values(ctx, spec, key, (carries.number,), number)
        values, notes = {**values, **more}, (*notes, *told)
    items, told = _items(ctx, spec, key, carries, days)
    return Duties(key, values, items, (*notes, *told))


def upon_service(
    ctx: Context, carries: Carries, key: Key, day: date, told_on: date | None, way: str = ""
) -> Duties:
    """Return what is entered once a paper has reached everybody, the last on ``day``.

    ``way`` is how the last was served, for the field of the work item that asks for it.
    ``told_on``: the last day on which all papers of the work item had reached theirs, ``None``
    while some has not: then whoever the item says must be served (送达) has been told.
    """
    spec = ctx.rulebook.nodes[key.node]
    values, notes = _values(ctx, spec, key, carries.served, day)
    for name in _asking_for(spec, carries, way) if values else ():
        if current_value(ctx, key, spec.field(name)) in EMPTY:
            values[name] = way
    items: dict[int, ItemEntry] = {}
    before = ctx.index.items.get(key, {}).get(carries.item or 0)
    if told_on is not None and before is not None and carries.item is not None:
        known = {str(entry.get("who")) for entry in before.data.get("notices", ())}
        told = [
            {"who": duty.who, "channel": SERVED_BY, "on": told_on.isoformat()}
            for duty in notices_in_play(ctx, spec.item(carries.item), key.subject)
            if SERVED_BY in duty.channels and duty.who not in known
        ]
        if told:
            items[carries.item] = ItemEntry(before.happened_at, notices=told)
    return Duties(key, values, items, notes)


def _asking_for(spec: NodeSpec, carries: Carries, way: str) -> list[str]:
    """Return the fields that ask how the papers of the item were served: all ways are offered."""
    return [
        entry.name
        for entry in spec.fields
        if entry.item == spec.field(carries.served[0]).item
        and set(_ALL_WAYS) <= set(entry.options)
        and way in entry.options
    ]


_ALL_WAYS = tuple(way.label for way in Way)


def _values(
    ctx: Context, spec: NodeSpec, key: Key, names: Sequence[str], value: date | str
) -> tuple[dict[str, Any], tuple[str, ...]]:
    in_play = {entry.name for entry in fields_in_play(ctx, spec, key.subject)}
    values: dict[str, Any] = {}
    notes: list[str] = []
    for entry in (spec.field(name) for name in names):
        if entry.name not in in_play:
            continue
        new = _written(ctx, entry, value)
        old = current_value(ctx, key, entry)
        if new is None:
            notes.append(f"节点{spec.number}“{entry.label}”要写明几点几分，请自行登记。")
        elif old in EMPTY:
            values[entry.name] = new
        elif not _same(entry, old, new):
            notes.append(
                f"节点{spec.number}“{entry.label}”已登记为{_words(old)}，没有改为{_words(new)}；"
                "如登记有误，请用“更正”并写明理由。"
            )
    return values, tuple(notes)


def _written(ctx: Context, entry: FieldSpec, value: date | str) -> str | None:
    """The value as the field takes it; a moment is known only of what is done today."""
    if isinstance(value, str) or entry.type is not FieldType.DATETIME:
        return value if isinstance(value, str) else value.isoformat()
    return ctx.now.isoformat() if value == ctx.now.date() else None


def _same(entry: FieldSpec, old: Any, new: str) -> bool:
    if entry.type in (FieldType.DATE, FieldType.DATETIME):
        return str(old)[:10] == new[:10]
    return str(old) == new


def _words(value: Any) -> str:
    try:
        return date_words(date.fromisoformat(str(value)[:10]))
    except ValueError:
        return f"“{value}”"


def _items(
    ctx: Context, spec: NodeSpec, key: Key, carries: Carries, days: Mapping[str, date | None]
) -> tuple[dict[int, ItemEntry], tuple[str, ...]]:
    wanted = wanted_papers(ctx, carries, key)
    if carries.item is None or carries.paper not in wanted:
        return {}, ()
    before = ctx.index.items.get(key, {}).get(carries.item)
    told: Mapping[str, Any] = before.data.get("papers", NOTHING) if before else NOTHING
    own = days[carries.paper]
    assert own is not None
    if before is not None:
        if carries.paper not in told:
            entry = ItemEntry(before.happened_at, {carries.paper: own.isoformat()})
            return {carries.item: entry}, ()
        if told[carries.paper] == own.isoformat():
            return {}, ()
        words = _words(told[carries.paper])
        return {}, (
            f"节点{spec.number}的《{carries.paper}》已登记为{words}，没有改为{_words(own)}；"
            "如登记有误，请用“更正”并写明理由。",
        )
    open_papers = [paper for paper in wanted if days.get(paper) is None]
    if open_papers:
        listed = "、".join(f"《{paper}》" for paper in open_papers)
        return {}, (f"节点{spec.number}工作内容{carries.item}等{listed}签发后一并登记。",)
    done = {paper: day for paper in wanted if (day := days[paper]) is not None}
    last = datetime.combine(max(done.values()), time())
    papers = {paper: day.isoformat() for paper, day in done.items()}
    return {carries.item: ItemEntry(last, papers)}, ()
