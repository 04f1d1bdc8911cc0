"""From the text of the rulebook's files to typed rules, with every fault and its line at once.

The caller hands in the files' texts; nothing here opens a file.  Unknown keys, missing keys and
wrong shapes are collected as :class:`Problem` and refused together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from zhixing_desktop.workflow.errors import Cite, InputRefusedError
from zhixing_desktop.workflow.node_reader import field_of, node_of
from zhixing_desktop.workflow.rulebook import (
    Coupling,
    EventSpec,
    Gate,
    HollowWords,
    NodeSpec,
    Reading,
    Rulebook,
    Settings,
    SubjectSpec,
)
from zhixing_desktop.workflow.yaml_reading import LINE, Reader, text_of

GUIDELINE_FILE = "guideline.txt"
"""The guideline that the rules rest on: counted among a rulebook's texts, not read as one."""


def texts_hash(files: Mapping[str, str]) -> str:
    """Return the SHA-256 of a rulebook's texts ``{file name: text}``."""
    digest = hashlib.sha256()
    for name, text in sorted(files.items()):
        digest.update(f"{name}\0{text}\0".encode())
    return digest.hexdigest()


def read_rulebook(files: Mapping[str, str]) -> Rulebook:
    """Read a rulebook from ``{file name: text}``, its hash that of all of them.

    Raises :class:`InputRefusedError` naming every fault with file and line.  Cross-checks (quotes,
    unknown names, unreachable nodes) are made by ``rulebook_checks.check``.
    """
    reader = Reader()
    rules = {name: text for name, text in files.items() if name != GUIDELINE_FILE}
    loaded = {name: reader.load(name, text) for name, text in sorted(rules.items())}
    nodes: dict[int, NodeSpec] = {}
    for name, data in loaded.items():
        if not name.startswith("nodes-"):
            continue
        reader.file = name
        reader.keys(data, ("nodes",))
        for entry in reader.maps(data, "nodes"):
            spec = node_of(reader, entry)
            if spec is None:
                continue
            if spec.number in nodes:
                reader.complain(int(entry[LINE]), f"节点{spec.number}重复")
            nodes[spec.number] = spec
    book = _assemble(reader, loaded, dict(sorted(nodes.items())), files)
    if reader.problems or book is None:
        raise InputRefusedError(
            f"规则库有{len(reader.problems)}处错误，程序不能使用它", reader.problems
        )
    return book


def _assemble(
    reader: Reader,
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
        (
            "version",
            "effective",
            "title",
            "warning_cite",
            "settings",
            "hollow_words",
            "general_rules",
        ),
    ):
        return None
    settings = _settings(reader, head["settings"])
    hollow = _hollow(reader, head["hollow_words"])
    general = reader.each(head, "general_rules", lambda entry: _general(reader, entry))
    warning = reader.cite(head, "warning_cite")
    data = part("events.yaml")
    reader.keys(data, ("events",))
    events = {e.name: e for e in reader.each(data, "events", lambda entry: _event(reader, entry))}
    data = part("gates.yaml")
    reader.keys(data, ("gates",))
    gates = reader.each(data, "gates", lambda entry: _gate(reader, entry))
    data = part("couplings.yaml")
    reader.keys(data, ("couplings",))
    couplings = reader.each(data, "couplings", lambda entry: _coupling(reader, entry))
    data = part("readings.yaml")
    reader.keys(data, ("readings",))
    readings = {r.code: r for r in reader.each(data, "readings", lambda e: _reading(reader, e))}
    data = part("subjects.yaml")
    reader.keys(data, ("subjects", "asset_categories"))
    kinds = {s.kind: s for s in reader.each(data, "subjects", lambda e: _subject(reader, e))}
    categories = {k: str(v) for k, v in dict(data.get("asset_categories", {})).items() if k != LINE}
    if settings is None or hollow is None or warning is None:
        return None
    return Rulebook(
        version=str(head["version"]),
        effective=str(head["effective"]),
        title=str(head["title"]),
        hash=texts_hash(files),
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


def _event(r: Reader, d: Mapping[str, Any]) -> EventSpec | None:
    if not r.keys(
        d, ("name", "label", "subject", "precision", "reason"), ("creates", "planned", "repeats")
    ):
        return None
    return EventSpec(
        str(d["name"]),
        str(d["label"]),
        str(d["subject"]),
        str(d["precision"]),
        r.flag(d, "creates"),
        r.flag(d, "planned"),
        str(d["reason"]),
        r.flag(d, "repeats"),
    )


def _gate(r: Reader, d: Mapping[str, Any]) -> Gate | None:
    if not r.keys(d, ("code", "node", "acts", "check", "sentence", "cite"), ("severity", "params")):
        return None
    params = {k: v for k, v in dict(d.get("params") or {}).items() if k != LINE}
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


def _coupling(r: Reader, d: Mapping[str, Any]) -> Coupling | None:
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


def _reading(r: Reader, d: Mapping[str, Any]) -> Reading | None:
    if not r.keys(d, ("code", "nodes", "question", "answer")):
        return None
    return Reading(str(d["code"]), str(d["nodes"]), str(d["question"]), str(d["answer"]))


def _subject(r: Reader, d: Mapping[str, Any]) -> SubjectSpec | None:
    if not r.keys(d, ("kind", "event", "fields")):
        return None
    return SubjectSpec(
        str(d["kind"]), text_of(d["event"]), r.each(d, "fields", lambda e: field_of(r, e))
    )


def _general(r: Reader, d: Mapping[str, Any]) -> Cite | None:
    if not r.keys(d, ("number", "quote", "carried_by")):
        return None
    return Cite(f"第一部分 总体要求{d['number']}", str(d["quote"]))


def _hollow(r: Reader, d: Any) -> HollowWords | None:
    if not isinstance(d, dict) or not r.keys(d, ("exact", "contained", "cite")):
        return None
    return HollowWords(r.words(d, "exact"), r.words(d, "contained"), r.must_cite(d))


def _settings(r: Reader, d: Any) -> Settings | None:
    names = (
        "rolling", "before", "before_holiday", "exact_hour", "warn_fraction",
        "warn_fraction_hours", "office_opens", "same_day_warning", "archive_anchor",
        "minimum_termination_months", "resumption_needs_new_officer",
    )  # fmt: skip
    if not isinstance(d, dict) or not r.keys(d, names):
        return None
    for entry in d.values():
        if isinstance(entry, dict):
            r.keys(entry, ("value",), ("reading", "note"))
    plain = {k: v.get("value") if isinstance(v, dict) else v for k, v in d.items() if k != LINE}
    try:
        return Settings(
            rolling=str(plain["rolling"]),
            before=str(plain["before"]),
            before_holiday=str(plain["before_holiday"]),
            exact_hour=str(plain["exact_hour"]),
            warn_fraction=Fraction(str(plain["warn_fraction"])),
            warn_fraction_hours=Fraction(str(plain["warn_fraction_hours"])),
            office_opens=str(plain["office_opens"]),
            same_day_warning=str(plain["same_day_warning"]),
            archive_anchor=str(plain["archive_anchor"]),
            minimum_termination_months=int(str(plain["minimum_termination_months"])),
            resumption_needs_new_officer=bool(plain["resumption_needs_new_officer"]),
        )
    except (ValueError, ZeroDivisionError) as error:
        r.complain(int(d.get(LINE, 1)), f"设置的值不对：{error}")
        return None
