"""The coverage table: nothing open, nothing carried by words alone, nothing said that is not so."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from functools import cache
from pathlib import Path

import pytest

from zhixing_desktop.paths import resources_dir
from zhixing_desktop.workflow.anchors import ANCHORS
from zhixing_desktop.workflow.conditions import CONDITIONS
from zhixing_desktop.workflow.coverage import (
    CoverageTable,
    coverage,
    coverage_json,
    coverage_lines,
    read_coverage,
)
from zhixing_desktop.workflow.coverage_file import Explicit
from zhixing_desktop.workflow.coverage_rows import CoverageRow
from zhixing_desktop.workflow.errors import Cite, InputRefusedError
from zhixing_desktop.workflow.guideline import chinese_number
from zhixing_desktop.workflow.rulebook import NodeSpec, Rulebook, Settings
from zhixing_desktop.workflow.rulebook_reader import read_rulebook

RESOURCES = resources_dir()
ROOT = RESOURCES.parent
TEXT = (RESOURCES / "guideline" / "guideline.txt").read_text("utf-8")
COVERAGE = (RESOURCES / "rulebook" / "coverage.yaml").read_text("utf-8")
NODES = range(1, 47)
NOTHING = Explicit((), {})


@cache
def book() -> Rulebook:
    files = sorted((RESOURCES / "rulebook").glob("*.yaml"))
    return read_rulebook({p.name: p.read_text("utf-8") for p in files if p.name != "coverage.yaml"})


@cache
def explicit() -> Explicit:
    return read_coverage(COVERAGE, TEXT)


@cache
def table() -> CoverageTable:
    return coverage(book(), TEXT, explicit())


def changed(spec: NodeSpec) -> CoverageTable:
    """The table of a rulebook in which one node is another."""
    nodes = {**book().nodes, spec.number: spec}
    return coverage(replace(book(), nodes=nodes), TEXT, explicit())


def open_places(found: CoverageTable) -> set[str]:
    return {row.place for row in found.open_rows}


def row_of(place: str, words: str) -> CoverageRow:
    (row,) = [r for r in table().rows if r.place == place and words in r.sentence]
    return row


# --- nothing open -----------------------------------------------------------------------------


def test_no_sentence_is_open_and_nothing_is_wrong() -> None:
    assert [(row.place, row.rest) for row in table().open_rows] == []
    assert [f"{p.where} {p.sentence}" for p in table().problems] == []
    assert table().settled


def test_every_sentence_names_what_carries_it_or_why_nothing_need() -> None:
    assert len(table().rows) == 322
    for row in table().rows:
        assert row.carriers or row.no_rule, row.sentence
        assert row.basis in ("rulebook", "explicit", "no_rule")


def test_no_sentence_of_a_node_does_without_a_rule() -> None:
    for row in table().rows:
        if row.basis == "no_rule":
            assert not row.place.startswith("节点"), row.sentence


def test_the_last_line_is_the_count() -> None:
    assert coverage_lines(table())[-1] == "未落实的句子：0"
    bare = coverage(book(), TEXT, NOTHING)
    assert coverage_lines(bare)[-1] == f"未落实的句子：{len(bare.open_rows)}"
    assert len(bare.open_rows) > 30
    assert not bare.settled


@pytest.mark.parametrize(
    ("place", "words", "carriers"),
    [
        ("节点七 完成时限", "十日内", ["时限 7-a"]),
        ("节点七 工作内容1", "执行通知书", ["节点七 工作内容1", "文书《执行通知书》"]),
        ("节点七 工作内容1", "执行通知书", ["字段 执行通知书发出日期", "告知 被执行人（送达）"]),
        ("节点七 注意事项", "自动冻结", ["冻结 节点七"]),
        ("节点七 注意事项", "自动进行预警", ["预警 节点七"]),
        ("节点七 注意事项", "解冻", ["解冻 节点七（本院）"]),
        ("节点三 注意事项", "解冻", ["解冻 节点三（中院）"]),
        ("节点二十 注意事项", "解冻", ["解冻 节点二十（中院执行局长）"]),
        ("节点四十三 注意事项", "解冻", ["解冻 节点四十三（省法院）"]),
        ("节点四十六 注意事项", "冻结立案节点", ["冻结 节点四十六（冻结节点二）"]),
        (
            "节点三十三 工作内容2",
            "审批",
            ["审批 案款发放审批（执行局长、主管院领导）", "规则 X22（节点三十三）"],
        ),
        ("节点二十三 工作内容", "督办", ["督办 节点二十三"]),
        ("节点二十四 工作内容", "公示满五日", ["时限 24-a"]),
        ("节点四十三 终本案件3", "公开", ["字段 终本裁定书互联网公开日期"]),
        ("第一部分 总体要求5", "自动预警", ["总体要求5 预警"]),
        ("第一部分 总体要求4", "指引性表述", ["空话检查"]),
        ("第六部分 案款发放", "案款发放", ["各节点所属部分“案款发放”"]),
    ],
)
def test_a_sentence_names_its_carriers(place: str, words: str, carriers: list[str]) -> None:
    assert set(carriers) <= set(row_of(place, words).carriers)


# --- taking a rule away opens a sentence --------------------------------------------------------


def _without_each(spec: NodeSpec) -> Iterator[tuple[str, NodeSpec]]:
    """The node without one limit, one work item, its freeze, its unfreezing."""
    for limit in spec.time_limits:
        rest = tuple(entry for entry in spec.time_limits if entry.id != limit.id)
        yield f"时限 {limit.id}", replace(spec, time_limits=rest)
    for item in spec.work_items:
        rest_items = tuple(entry for entry in spec.work_items if entry.item != item.item)
        yield f"工作内容 {item.item}", replace(spec, work_items=rest_items)
    if spec.freeze is not None:
        yield "冻结", replace(spec, freeze=None)
    if spec.unfreeze is not None:
        yield "解冻", replace(spec, unfreeze=None)


@pytest.mark.parametrize("number", NODES)
def test_a_rule_taken_away_opens_a_sentence_of_its_node(number: int) -> None:
    name = f"节点{chinese_number(number)}"
    for what, spec in _without_each(book().nodes[number]):
        places = open_places(changed(spec))
        assert places, what
        assert {place.partition(" ")[0] for place in places} == {name}, what


def _without_duty(spec: NodeSpec, item: int, duty: str) -> NodeSpec:
    gone: dict[str, object] = {"dossier": False} if duty == "dossier" else {duty: ()}
    items = tuple(
        replace(entry, **gone) if entry.item == item else entry  # type: ignore[arg-type]
        for entry in spec.work_items
    )
    return replace(spec, work_items=items)


@pytest.mark.parametrize(
    ("number", "item", "duty", "rest"),
    [
        (2, 6, "notify", "告知：告知"),
        (17, 2, "notify", "告知：送达"),
        (46, 2, "notify", "告知：告知"),
        (2, 3, "papers", "文书：案件受理通知书"),
        (17, 4, "papers", "文书：制作"),
        (43, 22, "papers", "文书：制作"),
        (9, 5, "dossier", "入卷：上传"),
        (43, 25, "dossier", "入卷：上传"),
    ],
)
def test_a_duty_taken_away_opens_its_sentence(number: int, item: int, duty: str, rest: str) -> None:
    found = changed(_without_duty(book().nodes[number], item, duty))
    assert rest in {words for row in found.open_rows for words in row.rest}


@pytest.mark.parametrize("number", [33, 34, 36, 37, 39, 40, 42, 43])
def test_an_approval_taken_away_opens_a_sentence(number: int) -> None:
    found = changed(replace(book().nodes[number], approvals=()))
    assert f"节点{chinese_number(number)}" in {p.partition(" ")[0] for p in open_places(found)}


@pytest.mark.parametrize("number", [23, 26])
def test_supervision_taken_away_opens_a_sentence(number: int) -> None:
    found = changed(replace(book().nodes[number], supervised=False))
    assert [row.rest for row in found.open_rows] == [("督办：督办",)]


@pytest.mark.parametrize("number", [7, 17, 20, 23, 26, 31, 32, 33, 43])
def test_a_node_that_no_longer_warns_opens_a_sentence(number: int) -> None:
    found = changed(replace(book().nodes[number], notes=()))
    rests = [rest for row in found.open_rows for rest in row.rest]
    assert "预警：自动进行预警" in rests


def test_a_gate_taken_away_opens_the_sentence_that_refuses() -> None:
    rest = tuple(gate for gate in book().gates if gate.code != "X24")
    found = coverage(replace(book(), gates=rest), TEXT, explicit())
    assert [row.rest for row in found.open_rows] == [("规则：不予报结",)]


def test_a_hint_or_a_list_of_general_rules_carries_nothing() -> None:
    bare = coverage(book(), TEXT, NOTHING)
    (row,) = [r for r in bare.rows if r.place == "第一部分 总体要求3" and "卷宗应当" in r.sentence]
    assert "总体要求3" in row.carriers
    assert row.basis == "open"


def test_a_sentence_quoted_in_half_is_open_with_the_other_half() -> None:
    spec = book().nodes[7]
    limit = spec.time_limits[0]
    half = Cite(limit.cite.paragraph, "执行人员接到申请执行书或者移交执行书后")
    found = changed(replace(spec, time_limits=(replace(limit, cite=half),)))
    (row,) = found.open_rows
    assert row.place == "节点七 完成时限"
    assert row.rest == ("时限：十日内完成",)
    assert "     未落实 时限：十日内完成" in coverage_lines(found)


def test_the_same_words_in_another_node_carry_nothing_here() -> None:
    """解冻节点的，需由本院主管院领导或者执行局长批准 stands in nodes 7 and 17 alike."""
    assert open_places(changed(replace(book().nodes[17], unfreeze=None))) == {"节点十七 注意事项"}
    assert open_places(changed(replace(book().nodes[7], unfreeze=None))) == {"节点七 注意事项"}


def test_a_citation_that_names_another_place_is_a_problem() -> None:
    spec = book().nodes[7]
    limit = spec.time_limits[0]
    moved = replace(limit, cite=Cite("节点七 工作内容1", limit.cite.quote))
    found = changed(replace(spec, time_limits=(moved,)))
    assert [p.where for p in found.problems] == ["时限 7-a"]
    assert "而在“节点七 完成时限”" in found.problems[0].sentence
    assert not found.settled


# --- coverage.yaml ------------------------------------------------------------------------------


def test_every_entry_of_the_file_is_needed() -> None:
    whole = explicit()
    for entry in whole.entries:
        rest = tuple(other for other in whole.entries if other != entry)
        assert coverage(book(), TEXT, Explicit(rest, whole.readings)).open_rows, entry.quote
    for code in whole.readings:
        rest_readings = {c: e for c, e in whole.readings.items() if c != code}
        found = coverage(book(), TEXT, Explicit(whole.entries, rest_readings))
        assert [p.where for p in found.problems] == [f"释义 {code}"]


def refused(text: str) -> list[str]:
    with pytest.raises(InputRefusedError) as caught:
        read_coverage(text, TEXT)
    return [f"{p.where} {p.sentence}" for p in caught.value.problems]


GOOD = "- {quote: 焦山法〔2024〕49号, no_rule: 发文字号}"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[", "规则文件无法读取"),
        ("- 1", "coverage.yaml:1 规则文件应当是键值结构"),
        (f"sentences:\n{GOOD}", "coverage.yaml:1 缺少键：readings"),
        (f"sentences:\n{GOOD}\nreadings: []\nmore: 1", "coverage.yaml:1 不认识的键：more"),
        ("sentences:\n- {quote: 立案, why: 是}\nreadings: []", "coverage.yaml:2 不认识的键：why"),
        ("sentences:\n- {no_rule: 标题}\nreadings: []", "coverage.yaml:2 缺少键：quote"),
        ("sentences: 1\nreadings: []", "“sentences”应当是列表"),
        (
            "sentences:\n- {quote: 立案后五日内。, no_rule: 无}\nreadings: []",
            "coverage.yaml:2 指引原文中没有这句话：“立案后五日内。”",
        ),
        (
            "sentences:\n- {place: 节点七, quote: 立案后三日内。, no_rule: 无}\nreadings: []",
            "coverage.yaml:2 “节点七”中没有这句话",
        ),
        (
            "sentences:\n- {quote: 收案后三日内。, no_rule: 无}\nreadings: []",
            "coverage.yaml:2 原文有2处“收案后三日内。”",
        ),
        (f"sentences:\n{GOOD}\n{GOOD}\nreadings: []", "coverage.yaml:3 重复"),
        ("sentences:\n- {quote: 焦山法〔2024〕49号}\nreadings: []", "应当写明其一"),
        (
            "sentences:\n- {quote: 焦山法〔2024〕49号, no_rule: 是, carried_by: 是}\nreadings: []",
            "应当写明其一",
        ),
        ("sentences: []\nreadings:\n- {code: A1}", "coverage.yaml:3 由什么承载"),
        ("sentences: []\nreadings:\n- {no_rule: 无}", "coverage.yaml:3 缺少键：code"),
        (
            "sentences: []\nreadings:\n- {code: A1, no_rule: 无}\n- {code: A1, no_rule: 无}",
            "coverage.yaml:4 释义A1重复",
        ),
    ],
)
def test_a_fault_in_the_file_is_named_with_its_line(text: str, sentence: str) -> None:
    assert any(sentence in found for found in refused(text)), refused(text)


def test_all_faults_of_the_file_are_named_at_once() -> None:
    text = (
        "sentences:\n- {quote: 没有的话, no_rule: 无}\n- {quote: 也没有}\nreadings:\n- {code: A1}"
    )
    assert [line.split(" ")[0] for line in refused(text)] == [
        "coverage.yaml:2",
        "coverage.yaml:3",
        "coverage.yaml:3",
        "coverage.yaml:5",
    ]


def problems_with(sentences: str = "", readings: str = "") -> list[str]:
    text = COVERAGE.replace("\nreadings:\n", f"\n{sentences}readings:\n") + readings
    found = coverage(book(), TEXT, read_coverage(text, TEXT))
    return [problem.sentence for problem in found.problems]


def test_what_the_rulebook_carries_by_itself_is_not_said_twice() -> None:
    entry = "  - {quote: 立案当天完成上述工作。, carried_by: 时限 2-a}\n"
    assert problems_with(entry) == [
        "规则库自身已经承载这句话，这一条多余：“立案当天完成上述工作。”"
    ]
    (found,) = problems_with(readings="  - {code: A22, no_rule: 不必}\n")
    assert found.startswith("释义A22已由")


def test_an_entry_names_only_rules_that_exist() -> None:
    text = COVERAGE.replace("no_rule: 发文字号，没有办理要求。", "no_rule: 见时限 7-b 和规则 X99。")
    found = coverage(book(), TEXT, read_coverage(text, TEXT))
    assert [p.sentence for p in found.problems] == ["规则库中没有“7-b”", "规则库中没有“X99”"]
    assert problems_with(readings="  - {code: A70, no_rule: 无}\n") == ["没有释义A70"]


# --- what is said is so ---------------------------------------------------------------------------


def _claims() -> list[str]:
    said = [words for _, words in explicit().claims()]
    return said + [coupling.carried_by for coupling in book().couplings]


def test_files_that_the_table_names_exist() -> None:
    named = {
        name for words in _claims() for name in re.findall(r"[A-Za-z0-9_/]+\.(?:py|yaml)", words)
    }
    assert len(named) > 15
    folders = [ROOT / "zhixing_desktop", ROOT, RESOURCES, RESOURCES / "rulebook"]
    missing = [name for name in named if not any((at / Path(name)).is_file() for at in folders)]
    assert missing == []


def _known_names() -> set[str]:
    found = {*book().events, *CONDITIONS, *ANCHORS, *(f.name for f in fields(Settings))}
    found |= {f.name for kind in (NodeSpec, Rulebook) for f in fields(kind)}
    for spec in book().nodes.values():
        found |= {field.name for field in spec.fields} | {a.matter for a in spec.approvals}
        found |= {rule.condition for rule in spec.opens if rule.condition}
    return found | {gate.check for gate in book().gates}


def test_names_that_the_table_uses_exist() -> None:
    known = _known_names()
    missing = {
        name
        for words in _claims()
        for name in re.findall(r"(?<![A-Za-z0-9_./])[a-z]+(?:_[a-z]+)+(?![A-Za-z0-9_./])", words)
        if name not in known
    }
    assert missing == set()


def test_a_coupling_rule_that_claims_a_gate_has_it() -> None:
    gates = {(gate.code, gate.node) for gate in book().gates}
    numbers = {f"节点{chinese_number(number)}": number for number in NODES}
    for coupling in book().couplings:
        for nodes, codes in re.findall(r"gate (节点[^ ]+) ((?:X\d+、?)+)", coupling.carried_by):
            for node in nodes.split("、"):
                number = numbers[node if node.startswith("节点") else f"节点{node}"]
                assert all((code, number) in gates for code in codes.split("、") if code), coupling


def test_coupling_rules_and_readings_are_listed() -> None:
    assert [row.code for row in table().couplings] == [f"X{n}" for n in range(1, 46)]
    assert all(row.carried_by for row in table().couplings)
    assert [row.code for row in table().readings] == [f"A{n}" for n in range(1, 70)]
    assert all(bool(row.named_by) is not bool(row.explained) for row in table().readings)
    by_code = {row.code: row for row in table().readings}
    assert "时限 7-a" in by_code["A22"].named_by
    assert "冻结 节点三" in by_code["A17"].named_by


def test_a_reading_that_no_rule_names_is_reported() -> None:
    closing = book().nodes[43]
    assert closing.freeze is not None
    found = changed(replace(closing, freeze=replace(closing.freeze, reading=None)))
    assert [p.where for p in found.problems] == ["释义 A60"]


def test_the_table_as_data() -> None:
    data = json.loads(json.dumps(coverage_json(table()), ensure_ascii=False))
    assert [entry["number"] for entry in data["sentences"]] == list(range(1, 323))
    assert data["counts"]["open"] == 0
    assert sum(data["counts"][name] for name in ("rulebook", "explicit", "no_rule")) == 322
    assert len(data["couplings"]) == 45
    assert len(data["readings"]) == 69
    assert data["problems"] == []
    half = coverage_json(coverage(book(), TEXT, NOTHING))
    assert [e["rest"] for e in half["sentences"] if e["number"] == 2] == [
        ["依据：焦山法〔2024〕49号"]
    ]
