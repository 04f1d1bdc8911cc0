"""The coverage table: for each sentence of the guideline what carries it, or why nothing need.

What a sentence asks for is read off its words: a 完成时限 must be covered by time limits, a
工作内容 by work items; a period in it asks for a time limit, 批准 for an approval, 上传 for the
dossier, and what "the system does by itself" for somebody to say which module does it.  Whatever
the rulebook leaves open is answered in ``coverage.yaml`` or reported with the words not covered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from zhixing_desktop.workflow.coverage_carriers import (
    ENTERED,
    REPEATS,
    Carrier,
    Kind,
    carriers,
    node_name,
    readings_named,
)
from zhixing_desktop.workflow.coverage_file import Entry, Explicit, read_coverage
from zhixing_desktop.workflow.coverage_places import Places, Span
from zhixing_desktop.workflow.coverage_rows import (
    CouplingRow,
    CoverageRow,
    CoverageTable,
    ReadingRow,
)
from zhixing_desktop.workflow.coverage_words import coverage_json, coverage_lines
from zhixing_desktop.workflow.errors import Problem
from zhixing_desktop.workflow.guideline import Sentence
from zhixing_desktop.workflow.rulebook import Rulebook

__all__ = ["CoverageTable", "coverage", "coverage_json", "coverage_lines", "read_coverage"]

_ANY = frozenset(Kind) - REPEATS
_NOBODY: frozenset[Kind] = frozenset()
_PERIOD = r"(?:[一二三四五六七八九十]+|\d+)个?(?:工作日|小时|月|年|日|天)|当天|立即"


@dataclass(frozen=True, slots=True)
class Demand:
    """Words of a sentence and the kinds of carrier that may answer for them."""

    name: str
    kinds: frozenset[Kind]
    span: Span


@dataclass(frozen=True, slots=True)
class _Ask:
    """In sentences whose place matches, words that ask for a kind of carrier."""

    place: str
    words: str
    name: str
    kinds: frozenset[Kind]


def _ask(place: str, words: str, kind: Kind) -> _Ask:
    return _Ask(place, words, kind.value, frozenset({kind}))


_WORK = r"工作内容|案件\d"
_TELL = (
    r"告知|(?<!无法)(?<!已)通知(?!书)|发送(?!材料)|送达(?!回证|地址)|询问(?:当事人|是否)"
    r"|(?<=行人)发出|(?<=律师)发出|移送有管辖权"
)
_ASKS = (
    _ask(_WORK, _PERIOD, Kind.LIMIT),
    _ask(_WORK, r"批准|审批(?!表)|签发(?!件)", Kind.APPROVAL),
    _ask(_WORK, r"不予报结|视为该", Kind.GATE),
    _ask(_WORK, r"督办", Kind.SUPERVISION),
    _ask(_WORK, _TELL, Kind.NOTICE),
    _ask(_WORK, r"(?<!和)公布|公开|公示(?!满)|发布", Kind.FIELD),
    _Ask(_WORK, r"签名|签字", "签名", frozenset({Kind.FIELD, Kind.MATERIAL})),
    _ask(_WORK, r"上传|入卷|附卷", Kind.DOSSIER),
    _ask(_WORK, r"《[^》]+》|制作(?!的)|作出", Kind.PAPER),
    _ask(_WORK, ENTERED, Kind.FIELD),
    _ask(r"注意事项", r"自动进行预警", Kind.WARNING),
    _ask(r"注意事项", r"自动冻结|冻结立案节点", Kind.FREEZE),
    _ask(r"注意事项", r"解冻节点", Kind.UNFREEZE),
    _ask(r"注意事项", r"核准确认", Kind.APPROVAL),
    # What the system does by itself, and who answers for what, no citation can show.
    _Ask(rf"{_WORK}|总体要求", r"自动(?!履行)|同步", "系统", _NOBODY),
    _Ask(r"总体要求", r"追究", "责任", _NOBODY),
)


def coverage(book: Rulebook, text: str, explicit: Explicit) -> CoverageTable:
    """Hold every sentence of the guideline against the rulebook and ``coverage.yaml``.

    ``text`` is the guideline as published.  Raises nothing: what is wrong stands in the table.
    """
    places = Places(text)
    problems: list[Problem] = []
    placed = [_place(places, carrier, problems) for carrier in carriers(book)]
    covered = _covered(places, ((carrier.kind, spans) for carrier, spans in placed))
    said = [(entry, places.find(entry.place, entry.quote)[0]) for entry in explicit.entries]
    told = _mask(places, (span for _, spans in said for span in spans))
    here = _by_sentence(places, placed)
    rows: list[CoverageRow] = []
    needed: set[Entry] = set()
    for sentence in places.sentences:
        open_spans = [
            (demand.name, rest)
            for demand in demands(sentence)
            for rest in _rest(places, demand, covered)
        ]
        used = [
            entry
            for entry, spans in said
            if any(_overlap(span, rest) for span in spans for _, rest in open_spans)
        ]
        needed.update(used)
        left = [
            f"{name}：{places.plain[span.start : span.end]}"
            for name, whole in open_spans
            for span in _runs(places, whole, told)
        ]
        rows.append(_row(sentence, here[sentence.number], used, left))
    problems.extend(_superfluous(said, needed))
    readings, unread = _readings(book, explicit)
    problems.extend(unread)
    problems.extend(_unknown_codes(book, explicit))
    return CoverageTable(tuple(rows), _couplings(book), readings, tuple(problems))


def demands(sentence: Sentence) -> Iterator[Demand]:
    """Yield what a sentence asks for: a carrier for all of it, and more for single words."""
    place = sentence.place.partition(" ")[2]
    whole = Span(sentence.start + sentence.lead, sentence.end)
    if "完成时限" in place:
        yield Demand(Kind.LIMIT.value, frozenset({Kind.LIMIT}), whole)
    elif re.search(_WORK, place):
        yield Demand(Kind.WORK.value, frozenset({Kind.WORK}), whole)
    else:
        yield Demand("依据", _ANY, whole)
    for ask in _ASKS:
        if re.search(ask.place, place):
            for found in re.finditer(ask.words, sentence.text):
                start, end = (sentence.start + offset for offset in found.span())
                yield Demand(ask.name, ask.kinds, Span(start, end))


def _place(places: Places, carrier: Carrier, problems: list[Problem]) -> tuple[Carrier, list[Span]]:
    spans, there = places.find(carrier.paragraph, carrier.quote)
    if not spans:
        problems.append(Problem(carrier.words, f"指引原文中没有这句话：“{carrier.quote}”"))
    elif not there:
        where = places.at(spans[0].start).place
        problems.append(
            Problem(
                carrier.words, f"引文不在“{carrier.paragraph}”，而在“{where}”：“{carrier.quote}”"
            )
        )
    return carrier, spans


def _covered(places: Places, found: Iterable[tuple[Kind, Sequence[Span]]]) -> dict[Kind, bytearray]:
    masks = {kind: bytearray(len(places.plain)) for kind in Kind}
    for kind, spans in found:
        for span in spans:
            masks[kind][span.start : span.end] = b"\1" * len(span)
    return masks


def _mask(places: Places, spans: Iterable[Span]) -> bytearray:
    mask = bytearray(len(places.plain))
    for span in spans:
        mask[span.start : span.end] = b"\1" * len(span)
    return mask


def _rest(places: Places, demand: Demand, covered: dict[Kind, bytearray]) -> list[Span]:
    mask = bytearray(len(places.plain))
    for kind in demand.kinds:
        for at in range(demand.span.start, demand.span.end):
            mask[at] |= covered[kind][at]
    return _runs(places, demand.span, mask)


def _runs(places: Places, span: Span, mask: bytearray) -> list[Span]:
    """Return the uncovered stretches, punctuation at their ends and between them left out."""
    found: list[Span] = []
    for at in range(span.start, span.end):
        if mask[at] or not places.plain[at].isalnum():
            continue
        gap = places.plain[found[-1].end : at] if found else ""
        if found and not any(mask[found[-1].end : at]) and not any(c.isalnum() for c in gap):
            found[-1] = Span(found[-1].start, at + 1)
        else:
            found.append(Span(at, at + 1))
    return found


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _by_sentence(
    places: Places, placed: Iterable[tuple[Carrier, list[Span]]]
) -> dict[int, list[Carrier]]:
    """Return for each sentence the carriers that hold some of its words, in the order of kinds."""
    found: dict[int, list[Carrier]] = {sentence.number: [] for sentence in places.sentences}
    for carrier, spans in placed:
        for span in spans:
            for sentence in places.between(span):
                if span.end > sentence.start + sentence.lead:
                    found[sentence.number].append(carrier)
    order = {kind: rank for rank, kind in enumerate(Kind)}
    for there in found.values():
        there.sort(key=lambda carrier: order[carrier.kind])
    return found


def _row(
    sentence: Sentence, here: Sequence[Carrier], used: Sequence[Entry], left: Sequence[str]
) -> CoverageRow:
    words = [carrier.words for carrier in here]
    words += [entry.carried_by for entry in used if entry.carried_by]
    return CoverageRow(
        number=sentence.number,
        place=sentence.place,
        sentence=sentence.text,
        carriers=tuple(dict.fromkeys(words)),
        no_rule=tuple(entry.no_rule for entry in used if entry.no_rule),
        rest=tuple(dict.fromkeys(left)),
        explicit=any(entry.carried_by for entry in used),
    )


def _superfluous(said: Sequence[tuple[Entry, list[Span]]], needed: set[Entry]) -> Iterator[Problem]:
    for entry, _ in said:
        if entry not in needed:
            yield Problem(
                f"coverage.yaml:{entry.line}",
                f"规则库自身已经承载这句话，这一条多余：“{entry.quote}”",
            )


def _couplings(book: Rulebook) -> tuple[CouplingRow, ...]:
    return tuple(
        CouplingRow(
            entry.code,
            entry.title,
            entry.carried_by,
            tuple(dict.fromkeys(node_name(g.node) for g in book.gates if g.code == entry.code)),
        )
        for entry in book.couplings
    )


def _readings(book: Rulebook, explicit: Explicit) -> tuple[tuple[ReadingRow, ...], list[Problem]]:
    named = readings_named(book)
    rows = []
    problems = []
    for code in sorted(book.readings, key=lambda code: int(code[1:])):
        by, entry = named[code], explicit.readings.get(code)
        rows.append(ReadingRow(code, by, entry.words if entry is not None else ""))
        if not by and entry is None:
            problems.append(
                Problem(f"释义 {code}", "没有任何规则写明依据这一释义，也没有说明由什么承载")
            )
        if by and entry is not None:
            problems.append(
                Problem(
                    f"coverage.yaml:{entry.line}",
                    f"释义{code}已由{'、'.join(by[:3])}写明，这一条多余",
                )
            )
    problems += [
        Problem(f"coverage.yaml:{entry.line}", f"没有释义{code}")
        for code, entry in explicit.readings.items()
        if code not in book.readings
    ]
    return tuple(rows), problems


_CODE = re.compile(r"(?<![A-Za-z0-9-])(?:([AX]\d{1,2})|(\d{1,2}-[a-j]))(?![A-Za-z0-9])")


def _unknown_codes(book: Rulebook, explicit: Explicit) -> Iterator[Problem]:
    """A limit, coupling rule or reading that an entry names must exist."""
    known = {limit.id for spec in book.nodes.values() for limit in spec.time_limits}
    known |= {entry.code for entry in book.couplings} | set(book.readings)
    for line, words in explicit.claims():
        for code in ("".join(found) for found in _CODE.findall(words)):
            if code not in known:
                yield Problem(f"coverage.yaml:{line}", f"规则库中没有“{code}”")
