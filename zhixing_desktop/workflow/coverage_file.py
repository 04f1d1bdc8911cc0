"""``coverage.yaml``: the sentences and readings that the rulebook's own words do not show carried.

Read strictly; every fault is named with its line, and all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from zhixing_desktop.workflow.coverage_places import Places
from zhixing_desktop.workflow.errors import InputRefusedError, Problem
from zhixing_desktop.workflow.yaml_reading import LINE, Reader

FILE = "coverage.yaml"


@dataclass(frozen=True, slots=True)
class Entry:
    """A part of a sentence and what carries it, or why nothing need; ``place`` where it stands."""

    line: int
    place: str
    quote: str
    carried_by: str
    no_rule: str


@dataclass(frozen=True, slots=True)
class ReadingEntry:
    """What carries a reading that no rule names, or why nothing need."""

    line: int
    words: str


@dataclass(frozen=True, slots=True)
class Explicit:
    """What ``coverage.yaml`` says: entries in order, readings by code."""

    entries: tuple[Entry, ...]
    readings: Mapping[str, ReadingEntry]

    def claims(self) -> Iterator[tuple[int, str]]:
        """Yield the words of every entry with their line."""
        for entry in self.entries:
            yield entry.line, entry.carried_by or entry.no_rule
        for reading in self.readings.values():
            yield reading.line, reading.words


def read_coverage(text: str, guideline: str) -> Explicit:
    """Read ``coverage.yaml`` and hold its quotes against the guideline.

    Raises :class:`InputRefusedError` with every fault: unknown, missing or repeated keys, a quote
    that does not stand where it says or stands there more than once, an entry given twice.
    """
    reader = Reader()
    data = reader.load(FILE, text)
    if data:
        reader.keys(data, ("sentences", "readings"))
    places = Places(guideline)
    found = (_entry(reader, places, entry) for entry in reader.maps(data, "sentences"))
    entries = tuple(entry for entry in found if entry is not None)
    seen: set[tuple[str, str]] = set()
    for entry in entries:
        if (entry.place, entry.quote) in seen:
            reader.complain(entry.line, f"重复：“{entry.quote}”")
        seen.add((entry.place, entry.quote))
    readings: dict[str, ReadingEntry] = {}
    for given in reader.maps(data, "readings"):
        _reading(reader, given, readings)
    if reader.problems:
        problems = sorted(reader.problems, key=_line_of)
        raise InputRefusedError(f"{FILE}有{len(problems)}处错误", problems)
    return Explicit(entries, readings)


def _line_of(problem: Problem) -> int:
    return int(problem.where.rpartition(":")[2])


def _says(reader: Reader, line: int, data: Mapping[str, Any]) -> tuple[str, str]:
    """Return what carries it and why nothing need; exactly one of them must be there."""
    carried_by, no_rule = (str(data.get(key) or "").strip() for key in ("carried_by", "no_rule"))
    if bool(carried_by) == bool(no_rule):
        reader.complain(
            line, "由什么承载（carried_by）与为何无须规则（no_rule）应当写明其一，且只写其一"
        )
    return carried_by, no_rule


def _entry(reader: Reader, places: Places, data: Mapping[str, Any]) -> Entry | None:
    line = int(data[LINE])
    if not reader.keys(data, ("quote",), ("place", "carried_by", "no_rule")):
        return None
    place, quote = str(data.get("place") or ""), str(data["quote"] or "")
    spans, there = places.find(place, quote)
    if not spans:
        reader.complain(line, f"指引原文中没有这句话：“{quote}”")
    elif not there:
        reader.complain(line, f"“{place}”中没有这句话：“{quote}”")
    elif len(spans) > 1:
        reader.complain(line, f"原文有{len(spans)}处“{quote}”，请引用更多文字或者写明 place")
    return Entry(line, place, quote, *_says(reader, line, data))


def _reading(reader: Reader, data: Mapping[str, Any], into: dict[str, ReadingEntry]) -> None:
    line = int(data[LINE])
    if not reader.keys(data, ("code",), ("carried_by", "no_rule")):
        return
    code = str(data["code"])
    if code in into:
        reader.complain(line, f"释义{code}重复")
    carried_by, no_rule = _says(reader, line, data)
    into[code] = ReadingEntry(line, carried_by or no_rule)
