"""A damaged rulebook is refused, or differs from the tables: whatever word or number is touched."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from types import MappingProxyType
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from helpers.desk import rulebook
from helpers.guideline_tables import FREEZES, LIMITS, NAMES, differences
from zhixing_desktop import paths
from zhixing_desktop.services.rules import guideline_text, texts_in
from zhixing_desktop.workflow.errors import InputRefusedError, Problem
from zhixing_desktop.workflow.rulebook import (
    Direction,
    NodeSpec,
    Rulebook,
    TimeLimit,
    UnfreezeLevel,
    Unit,
)
from zhixing_desktop.workflow.rulebook_checks import check, cites_of
from zhixing_desktop.workflow.rulebook_reader import read_rulebook

GUIDELINE = guideline_text(paths.resources_dir())
STRANGE = "囧"
"""A character that the guideline does not have."""
Texts = dict[str, str]
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def _shipped() -> Texts:
    return texts_in(paths.resources_dir() / "rulebook")


@cache
def _parsed() -> dict[str, Any]:
    return {name: yaml.load(text, Loader=_Loader) for name, text in _shipped().items()}


def parsed() -> dict[str, Any]:
    return copy.deepcopy(_parsed())


def texts_of(data: dict[str, Any]) -> Texts:
    return {name: text_of(part) for name, part in data.items()}


def text_of(part: Any) -> str:
    return str(yaml.dump(part, Dumper=_Dumper, allow_unicode=True))


def faults(texts: Texts) -> tuple[Problem, ...]:
    """What is said about some texts; empty when they are accepted."""
    try:
        check(read_rulebook(texts), GUIDELINE)
    except InputRefusedError as error:
        return error.problems
    return ()


def faults_of(book: Rulebook) -> tuple[Problem, ...]:
    try:
        check(book, GUIDELINE)
    except InputRefusedError as error:
        return error.problems
    return ()


def walk(node: Any) -> Iterator[dict[str, Any]]:
    """Every mapping of some parsed YAML."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from walk(value)
    elif isinstance(node, list):
        for value in node:
            yield from walk(value)


def nodes_of(data: dict[str, Any]) -> dict[int, dict[str, Any]]:
    return {
        node["number"]: node
        for name, part in data.items()
        if name.startswith("nodes-")
        for node in part["nodes"]
    }


def quoted(data: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Every place that holds words of the guideline: cites, work items, authorities."""
    for entry in walk(data):
        if "quote" in entry:
            yield entry, "quote"
    for node in nodes_of(data).values():
        for item in node["work_items"]:
            yield item, "text"
        if node.get("unfreeze"):
            yield node["unfreeze"], "words"


def test_the_shipped_texts_are_accepted_and_survive_being_written_again() -> None:
    assert GUIDELINE.count(STRANGE) == 0
    assert faults(_shipped()) == ()
    assert faults(texts_of(parsed())) == ()


# --- words


def test_no_quote_escapes_the_check() -> None:
    """As many places hold words of the guideline as the check compares with it."""
    places = list(quoted(parsed()))
    assert len(places) > 800
    assert len(places) == len(list(cites_of(rulebook())))


def test_every_quote_with_one_character_changed_is_listed() -> None:
    data = parsed()
    changed = 0
    for entry, key in quoted(data):
        words = entry[key]
        middle = len(words) // 2
        entry[key] = words[:middle] + STRANGE + words[middle + 1 :]
        changed += 1
    found = [p for p in faults(texts_of(data)) if "指引原文中没有这句话" in p.sentence]
    assert len(found) == changed
    assert all(STRANGE in problem.sentence for problem in found)


@given(st.data())
def test_one_changed_quote_is_found_wherever_it_stands(draw: st.DataObject) -> None:
    cites = list(cites_of(rulebook()))
    where, cite = draw.draw(st.sampled_from(cites))
    at = draw.draw(st.integers(0, len(cite.quote) - 1))
    damaged = cite.quote[:at] + STRANGE + cite.quote[at + 1 :]
    book = _with_cite(rulebook(), cite, replace(cite, quote=damaged))
    found = faults_of(book)
    assert any(damaged in problem.sentence for problem in found), where


def _with_cite(value: Any, old: Any, new: Any) -> Any:
    """The same rules with one citation exchanged, however deep it stands."""
    if value is old:
        return new
    if isinstance(value, str) and getattr(old, "paragraph", None) == "" and value == old.quote:
        return new.quote
    if isinstance(value, tuple):
        return tuple(_with_cite(entry, old, new) for entry in value)
    if isinstance(value, (dict, MappingProxyType)):
        return {key: _with_cite(entry, old, new) for key, entry in value.items()}
    if hasattr(value, "__dataclass_fields__"):
        changes = {
            name: _with_cite(getattr(value, name), old, new)
            for name, spec in value.__dataclass_fields__.items()
            if spec.init
        }
        return replace(value, **changes)
    return value


@pytest.mark.parametrize("number", range(1, 47))
def test_a_changed_name_is_refused(number: int) -> None:
    spec = rulebook().nodes[number]
    for name in (spec.name + STRANGE, spec.name[:-1], NAMES[number % 46]):
        assert f"节点{number}" in named(with_node(replace(spec, name=name)))
    assert f"节点{number}" in named(with_node(replace(spec, part="其他")))


# --- numbers, units, directions


def with_limits(change: Callable[[TimeLimit], TimeLimit]) -> Rulebook:
    book = rulebook()
    nodes = {
        number: replace(spec, time_limits=tuple(change(limit) for limit in spec.time_limits))
        for number, spec in book.nodes.items()
    }
    return replace(book, nodes=nodes)


def named(book: Rulebook) -> set[str]:
    return {problem.where for problem in faults_of(book)}


@pytest.mark.parametrize("step", [1, -1, 2, 10, 20])
def test_every_changed_number_is_refused(step: int) -> None:
    def change(limit: TimeLimit) -> TimeLimit:
        amount = limit.amount + step
        return replace(limit, amount=amount if amount > 0 else limit.amount + 1)

    assert named(with_limits(change)) >= {entry.id for entry in LIMITS}


def test_a_number_that_is_part_of_the_written_one_is_refused() -> None:
    """十五日 is not 五日, 三十日 is not 十日."""
    parts = {15: 5, 30: 10}
    book = with_limits(lambda limit: replace(limit, amount=parts.get(limit.amount, limit.amount)))
    assert named(book) == {entry.id for entry in LIMITS if entry.amount in parts}


@pytest.mark.parametrize("shift", range(1, len(Unit)))
def test_every_changed_unit_is_refused(shift: int) -> None:
    units = list(Unit)
    change = {unit: units[(place + shift) % len(units)] for place, unit in enumerate(units)}
    book = with_limits(lambda limit: replace(limit, unit=change[limit.unit]))
    assert named(book) >= {entry.id for entry in LIMITS}


def test_every_changed_direction_is_refused() -> None:
    other = {Direction.WITHIN: Direction.BEFORE, Direction.BEFORE: Direction.WITHIN}
    book = with_limits(lambda limit: replace(limit, direction=other[limit.direction]))
    counted = {entry.id for entry in LIMITS if entry.amount}
    assert named(book) >= counted


def test_a_changed_number_of_runs_is_refused() -> None:
    book = with_limits(lambda limit: replace(limit, count=limit.count + 1))
    assert named(book) >= {entry.id for entry in LIMITS}


@pytest.mark.parametrize(
    "change",
    [
        lambda limit: replace(limit, anchor="case_received"),
        lambda limit: replace(limit, variant="其他"),
        lambda limit: replace(limit, applies=("has_money_content",)),
        lambda limit: replace(limit, met_by=replace(limit.met_by, event="archived", items=())),
    ],
    ids=["anchor", "variant", "applies", "met_by"],
)
def test_what_the_words_alone_do_not_settle_the_tables_do(
    change: Callable[[TimeLimit], TimeLimit],
) -> None:
    for said in LIMITS:
        book = with_limits(lambda limit, name=said.id: change(limit) if limit.id == name else limit)
        assert differences(book) or faults_of(book) or book == rulebook(), said.id


def test_a_missing_or_doubled_limit_is_found() -> None:
    for said in LIMITS:
        number = int(said.id.partition("-")[0])
        spec = rulebook().nodes[number]
        less = tuple(limit for limit in spec.time_limits if limit.id != said.id)
        assert f"{said.id} lacking" in differences(with_node(replace(spec, time_limits=less)))


# --- freezes and authorities


def with_node(spec: NodeSpec) -> Rulebook:
    book = rulebook()
    return replace(book, nodes={**book.nodes, spec.number: spec})


@pytest.mark.parametrize("number", FREEZES)
def test_a_freeze_taken_away_is_refused(number: int) -> None:
    spec = rulebook().nodes[number]
    assert f"节点{number}" in named(with_node(replace(spec, freeze=None, unfreeze=None)))
    assert f"节点{number}" in named(with_node(replace(spec, freeze=None)))
    assert f"节点{number}" in named(with_node(replace(spec, unfreeze=None)))


@pytest.mark.parametrize("number", sorted(set(range(1, 47)) - set(FREEZES)))
def test_a_freeze_put_where_the_text_has_none_is_refused(number: int) -> None:
    book = rulebook()
    spec, model = book.nodes[number], book.nodes[7]
    limits = tuple(limit.id for limit in spec.time_limits)
    assert model.freeze is not None
    damaged = replace(spec, freeze=replace(model.freeze, limits=limits), unfreeze=model.unfreeze)
    assert f"节点{number}" in named(with_node(damaged))


@pytest.mark.parametrize("number", FREEZES)
@pytest.mark.parametrize("level", UnfreezeLevel)
def test_another_authority_is_refused(number: int, level: UnfreezeLevel) -> None:
    spec = rulebook().nodes[number]
    assert spec.unfreeze is not None
    where = f"节点{number} 解冻"
    if level is not spec.unfreeze.level:
        damaged = replace(spec, unfreeze=replace(spec.unfreeze, level=level))
        assert where in named(with_node(damaged))
    for roles in ((), ("承办人",), ("院长",), (*spec.unfreeze.roles, "院长")):
        damaged = replace(spec, unfreeze=replace(spec.unfreeze, roles=roles))
        assert where in named(with_node(damaged))


@pytest.mark.parametrize("number", FREEZES)
def test_whatever_a_freeze_says_is_held_against_text_or_table(number: int) -> None:
    spec = rulebook().nodes[number]
    rule = spec.freeze
    assert rule is not None
    other = "self" if rule.refuses == "successors" else "successors"
    changes: list[dict[str, Any]] = [
        {"refuses": other},
        {"lets_pass": (*rule.lets_pass, 44)},
        {"applies": (*rule.applies, "is_preservation")},
        {"fact": "always" if rule.fact != "always" else None},
    ]
    if rule.limits:
        changes += [{"warned": not rule.warned}, {"limits": rule.limits[:-1]}]
        changes.append({"limits": (*rule.limits, "1-a")})
    else:
        changes.append({"target": 3})
    for change in changes:
        book = with_node(replace(spec, freeze=replace(rule, **change)))
        assert faults_of(book) or differences(book), change


def test_every_other_approver_is_found() -> None:
    for spec in rulebook().nodes.values():
        for place, entry in enumerate(spec.approvals):
            for change in (
                {"roles": ("书记员",)},
                {"mode": "either" if entry.mode == "sequence" else "sequence"},
                {"matter": "something_else"},
            ):
                approvals = list(spec.approvals)
                approvals[place] = replace(entry, **change)  # type: ignore[arg-type]
                book = with_node(replace(spec, approvals=tuple(approvals)))
                assert differences(book), (spec.number, change)


# --- shape


def test_an_unknown_key_is_refused_in_every_mapping() -> None:
    """Free are only the parameters of gates and the asset categories."""
    data = parsed()
    free = [gate["params"] for gate in data["gates.yaml"]["gates"] if "params" in gate]
    free.append(data["subjects.yaml"]["asset_categories"])
    closed = [entry for entry in walk(data) if entry is not data]
    closed = [entry for entry in closed if not any(entry is other for other in free)]
    for place, entry in enumerate(closed):
        entry[f"something{place}"] = 1
    told = "\n".join(problem.sentence for problem in faults(texts_of(data)))
    silent = [e for n, e in enumerate(closed) if f"something{n}" not in told]
    assert silent == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("nodes-2-filing.yaml", "nodes: [1"),
        ("nodes-2-filing.yaml", "nodes: {a: 1, a: 2}"),
        ("nodes-2-filing.yaml", "[]"),
        ("events.yaml", "events: [{name: a}]"),
        ("gates.yaml", ""),
        ("rulebook.yaml", "version: 1"),
        ("nodes-2-filing.yaml", "nodes: [{? [a, b] : c}]"),
    ],
)
def test_a_torn_file_is_refused_with_its_name(name: str, text: str) -> None:
    found = faults({**_shipped(), name: text})
    assert any(problem.where.startswith(name) for problem in found)


@pytest.mark.parametrize("name", sorted(_shipped()))
def test_a_missing_file_is_refused(name: str) -> None:
    texts = {other: text for other, text in _shipped().items() if other != name}
    assert faults(texts)


def test_wrong_words_of_closed_lists_are_refused_with_file_and_line() -> None:
    text = _shipped()["nodes-2-filing.yaml"]
    for old, new in (
        ("unit: same_day", "unit: week"),
        ("direction: within", "direction: after"),
        ("kind: complete", "kind: finish"),
        ("type: choice", "type: list"),
        ("level: intermediate_court", "level: court"),
        ("amount: 3\n", "amount: three\n"),
        ("required: true", "required: perhaps"),
    ):
        line = text[: text.index(old)].count("\n") + 1
        found = faults({**_shipped(), "nodes-2-filing.yaml": text.replace(old, new, 1)})
        assert found, old
        where = {problem.where for problem in found}
        assert any(entry.startswith("nodes-2-filing.yaml:") for entry in where), where
        lines = {int(e.rpartition(":")[2]) for e in where if e.startswith("nodes-2")}
        assert any(abs(number - line) <= 12 for number in lines)


def test_unknown_names_are_refused() -> None:
    changes: list[tuple[str, Callable[[dict[str, Any]], None]]] = [
        ("条件", lambda node: node["applies"].append("whenever")),
        ("条件", lambda node: node["fields"][0].update(when="whenever")),
        ("条件", lambda node: node["work_items"][0].update(when="whenever")),
        ("条件", lambda node: node["work_items"][0].update(papers=[{"name": "文书", "when": "x"}])),
        ("事件", lambda node: node["fields"][0].update(event="nothing", type="date")),
        ("启动事件", lambda node: node["opens"].append({"event": "nothing"})),
        ("启动条件", lambda node: node["opens"].append({"condition": "nothing"})),
        ("起算点", lambda node: node["time_limits"][0].update(anchor="nothing")),
        ("释义", lambda node: node["time_limits"][0].update(reading="A99")),
        ("流向", lambda node: node["next"].append(_edge(99))),
        ("流向", lambda node: node["next"].append(_edge("nowhere"))),
        ("角色", lambda node: node.update(role="皇帝")),
        ("对象", lambda node: node.update(subject="planet")),
        ("没有工作内容", lambda node: node["fields"][0].update(item=9)),
        ("理由", lambda node: node["fields"].append(_bare_field())),
    ]
    for words, change in changes:
        data = parsed()
        change(nodes_of(data)[7])
        assert any(words in problem.sentence for problem in faults(texts_of(data))), words


def _edge(to: Any) -> dict[str, Any]:
    return {"to": to, "when": "总是", "chart": [2], "basis": "S", "code": "B99"}


def _bare_field() -> dict[str, Any]:
    return {"name": "bare", "label": "无来历", "type": "text", "required": False}


@pytest.mark.parametrize("number", range(1, 47))
def test_a_missing_node_is_refused(number: int) -> None:
    nodes = {n: spec for n, spec in rulebook().nodes.items() if n != number}
    found = faults_of(replace(rulebook(), nodes=nodes))
    assert (f"节点{number}", "规则库缺少这个节点") in {(p.where, p.sentence) for p in found}


def test_a_day_of_filing_that_cannot_be_one_is_refused() -> None:
    """A filing enters it (节点四 工作内容4): a plain day of a work item that has materials."""
    cases: list[tuple[str, dict[str, Any]]] = [
        ("不记录事件的日期字段", {"type": "text"}),
        ("不记录事件的日期字段", {"event": "case_received"}),
        ("所属的工作内容没有材料", {"item": 3}),
        ("所属的工作内容没有材料", {"item": None}),
    ]
    for words, change in cases:
        data = parsed()
        (field,) = [f for f in nodes_of(data)[4]["fields"] if f["name"] == "uploaded_on"]
        assert field["filed_day"] is True
        field.update(change)
        assert any(words in problem.sentence for problem in faults(texts_of(data))), change
    data = parsed()
    (field,) = [f for f in nodes_of(data)[4]["fields"] if f["name"] == "uploaded_on"]
    nodes_of(data)[4]["fields"].append({**field, "name": "uploaded_again"})
    assert any("有2个材料入卷之日" in problem.sentence for problem in faults(texts_of(data)))


def test_the_same_thing_elsewhere_is_a_material_or_a_paper_of_that_node() -> None:
    data = parsed()
    for material in nodes_of(data)[43]["materials"]:
        if material["name"] == "案款发放审批表":
            material["lies_at"] = [{"node": 32, "name": "案款发放审批表"}]
    (problem,) = faults(texts_of(data))
    assert "节点32“案款发放审批表”不是那个节点的材料或者文书" in problem.sentence
