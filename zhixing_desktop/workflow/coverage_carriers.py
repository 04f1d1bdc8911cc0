"""What in the rulebook carries words of the guideline: every citation with what it stands for.

A carrier names itself in the court's words (时限 7-a, 字段 执行通知书发出日期), says where its
words stand and quotes them.  Some only repeat words (a hint shown to the officer, the list of
general rules): they are listed, but a sentence is not carried by them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from zhixing_desktop.workflow.guideline import chinese_number
from zhixing_desktop.workflow.rulebook import (
    FieldSpec,
    FreezeRule,
    NodeSpec,
    Rulebook,
    UnfreezeLevel,
    WorkItem,
)


class Kind(StrEnum):
    """What a carrier is; the order is that of the table."""

    HEADING = "标题"
    WORK = "工作内容"
    LIMIT = "时限"
    WARNING = "预警"
    FREEZE = "冻结"
    UNFREEZE = "解冻"
    APPROVAL = "审批"
    GATE = "规则"
    SUPERVISION = "督办"
    WORDING = "空话检查"
    PAPER = "文书"
    NOTICE = "告知"
    DOSSIER = "入卷"
    FIELD = "字段"
    MATERIAL = "材料"
    NOTE = "提示"
    GENERAL = "总体要求"


REPEATS = frozenset({Kind.NOTE, Kind.GENERAL})
"""Kinds that only repeat words."""

_LEVELS = {
    UnfreezeLevel.LOCAL: "本院",
    UnfreezeLevel.INTERMEDIATE_COURT: "中院",
    UnfreezeLevel.INTERMEDIATE_COURT_BUREAU_CHIEF: "中院执行局长",
    UnfreezeLevel.HIGH_COURT: "省法院",
}
ENTERED = r"(?<!记)录入|填写|采集"
"""Words that ask for an entry in the system."""

_WARNED = "系统将自动进行预警"
_PIECE = re.compile(r"[^。；]+[。；]?")
_LABEL_NUMBER = re.compile(r"(\D+)(\d+)")


@dataclass(frozen=True, slots=True)
class Carrier:
    """One thing of the rulebook, where its words stand, and the words."""

    kind: Kind
    words: str
    paragraph: str
    quote: str


def carriers(book: Rulebook) -> Iterator[Carrier]:
    """Yield every carrier of the rulebook, node by node and inside a node by kind."""
    yield Carrier(Kind.HEADING, "规则库名称", "标题", book.title)
    warning, wording = book.warning_cite, book.hollow_words.cite
    yield Carrier(Kind.WARNING, "总体要求5 预警", warning.paragraph, warning.quote)
    yield Carrier(Kind.WORDING, "空话检查", wording.paragraph, wording.quote)
    for cite in book.general_rules:
        name = cite.paragraph.partition(" ")[2]
        yield Carrier(Kind.GENERAL, name, cite.paragraph, cite.quote)
    yield from _parts(book)
    for spec in book.nodes.values():
        yield from _of_node(spec)
    for gate in book.gates:
        words = f"规则 {gate.code}（{node_name(gate.node)}）"
        yield Carrier(Kind.GATE, words, gate.cite.paragraph, gate.cite.quote)


def node_name(number: int) -> str:
    """Return a node's name in a place: 节点七."""
    return f"节点{chinese_number(number)}"


def _parts(book: Rulebook) -> Iterator[Carrier]:
    names = list(dict.fromkeys(spec.part for spec in book.nodes.values()))
    for number, name in enumerate(names, start=2):
        part = f"第{chinese_number(number)}部分"
        yield Carrier(Kind.HEADING, f"各节点所属部分“{name}”", f"{part} {name}", f"{part}{name}")


def _of_node(spec: NodeSpec) -> Iterator[Carrier]:
    name = node_name(spec.number)
    yield Carrier(Kind.HEADING, name, spec.cite.paragraph, spec.cite.quote)
    for case in dict.fromkeys(_case_of(item) for item in spec.work_items):
        if case:
            yield Carrier(Kind.HEADING, f"{name} {case}各项", f"{name} {case}", case)
    for item in spec.work_items:
        yield from _of_item(spec, name, item)
    for field in spec.fields:
        yield from _of_field(spec, name, field)
    yield from _of_limits(spec, name)
    yield from _of_decisions(spec, name)


def _of_limits(spec: NodeSpec, name: str) -> Iterator[Carrier]:
    for limit in spec.time_limits:
        yield Carrier(Kind.LIMIT, f"时限 {limit.id}", limit.cite.paragraph, limit.cite.quote)
    for note in spec.notes:
        warns = _WARNED in note.quote and spec.warns
        kind = Kind.WARNING if warns else Kind.NOTE
        yield Carrier(kind, f"{kind.value} {name}", note.paragraph, note.quote)


def _of_decisions(spec: NodeSpec, name: str) -> Iterator[Carrier]:
    yield from _of_freeze(spec, name)
    for approval in spec.approvals:
        roles = ("、" if approval.mode == "sequence" else "或者").join(approval.roles)
        words = f"审批 {approval.label}（{roles}）"
        yield Carrier(Kind.APPROVAL, words, approval.cite.paragraph, approval.cite.quote)
    for material in spec.materials:
        words = f"材料 {material.name}"
        yield Carrier(Kind.MATERIAL, words, material.cite.paragraph, material.cite.quote)


def _case_of(item: WorkItem) -> str:
    found = _LABEL_NUMBER.fullmatch(item.label or "")
    return found.group(1) if found is not None and found.group(1) != "工作内容" else ""


def _place_of(name: str, item: WorkItem) -> str:
    return f"{name} {item.label or f'工作内容{item.item}'}"


def _of_item(spec: NodeSpec, name: str, item: WorkItem) -> Iterator[Carrier]:
    """The item; its papers, notices and dossier duty in those of its sentences that name them."""
    place = _place_of(name, item)
    yield Carrier(Kind.WORK, place, place, item.text)
    for paper in item.papers:
        # A paper that the words do not name: by what it is (笔录, 裁定), else the whole item.
        named = _naming(item.text, re.escape(paper), whole=False)
        for quote in named or _naming(item.text, re.escape(paper[-2:])):
            yield Carrier(Kind.PAPER, f"文书《{paper}》", place, quote)
    for duty in item.notify:
        words = f"告知 {duty.who}（{'、'.join(duty.channels)}）"
        for quote in _naming(item.text, re.escape(duty.who)):
            yield Carrier(Kind.NOTICE, words, place, quote)
    if item.dossier:
        for quote in _naming(item.text, r"上传|卷"):
            yield Carrier(Kind.DOSSIER, f"入卷 {place}", place, quote)
    if spec.supervised:
        for quote in _naming(item.text, r"督办", whole=False):
            yield Carrier(Kind.SUPERVISION, f"督办 {name}", place, quote)


def _of_field(spec: NodeSpec, name: str, field: FieldSpec) -> Iterator[Carrier]:
    """A field, at the words that name it and at those of its item that ask for an entry."""
    words = f"字段 {field.label}"
    if field.cite is not None:
        yield Carrier(Kind.FIELD, words, field.cite.paragraph, field.cite.quote)
    for item in spec.work_items:
        if item.item == field.item:
            for quote in sorted(set(re.findall(ENTERED, item.text))):
                yield Carrier(Kind.FIELD, words, _place_of(name, item), quote)


def _naming(text: str, name: str, *, whole: bool = True) -> list[str]:
    """Return the sentences of an item that hold the name, else the whole item if ``whole``."""
    found = [piece for piece in _PIECE.findall(text) if re.search(name, piece)]
    return found or ([text] if whole else [])


def _of_freeze(spec: NodeSpec, name: str) -> Iterator[Carrier]:
    if spec.freeze is not None:
        words = f"冻结 {name}{_target(spec.freeze)}"
        yield Carrier(Kind.FREEZE, words, spec.freeze.cite.paragraph, spec.freeze.cite.quote)
    if spec.unfreeze is not None:
        rule = spec.unfreeze
        words = f"解冻 {name}（{_LEVELS[rule.level]}）"
        yield Carrier(Kind.UNFREEZE, words, rule.cite.paragraph, rule.cite.quote)


def _target(rule: FreezeRule) -> str:
    return f"（冻结{node_name(rule.target)}）" if rule.target is not None else ""


_READING = re.compile(r"(?<![A-Za-z0-9])A(\d{1,2})(?!\d)")


def readings_named(book: Rulebook) -> dict[str, tuple[str, ...]]:
    """Return for each reading which rules name it, in their ``reading`` or in their words."""
    found: dict[str, list[str]] = {code: [] for code in book.readings}
    for words, text in _texts(book):
        for number in _READING.findall(text):
            names = found.setdefault(f"A{number}", [])
            if words not in names:
                names.append(words)
    return {code: tuple(names) for code, names in found.items()}


def _texts(book: Rulebook) -> Iterator[tuple[str, str]]:
    for event in book.events.values():
        yield f"事实 {event.label}", event.reason
    for kind in book.subjects.values():
        for field in kind.fields:
            yield f"字段 {field.label}", f"{field.help} {field.reason}"
    for coupling in book.couplings:
        yield f"规则 {coupling.code}", f"{coupling.rule} {coupling.carried_by}"
    for spec in book.nodes.values():
        yield from _texts_of_node(spec)


def _texts_of_node(spec: NodeSpec) -> Iterator[tuple[str, str]]:
    name = node_name(spec.number)
    for limit in spec.time_limits:
        yield f"时限 {limit.id}", f"{limit.reading} {limit.cite.reading}"
    if spec.freeze is not None:
        yield f"冻结 {name}", f"{spec.freeze.reading} {spec.freeze.cite.reading}"
    if spec.unfreeze is not None:
        yield f"解冻 {name}", f"{spec.unfreeze.cite.reading}"
    for field in spec.fields:
        cited = field.cite.reading if field.cite is not None else None
        yield f"{name} 字段 {field.label}", f"{field.help} {field.reason} {cited}"
    for approval in spec.approvals:
        yield f"审批 {approval.label}", f"{approval.cite.reading}"
