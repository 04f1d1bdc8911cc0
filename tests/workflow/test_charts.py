"""The shipped charts: complete, and drawn so that they can be read."""

from __future__ import annotations

import math
import re
from itertools import combinations, pairwise

import pytest
from pypinyin import Style, lazy_pinyin

from helpers.charts import NAMES, chart_text, real_chart
from zhixing_desktop.paths import resources_dir
from zhixing_desktop.workflow.charts import (
    Chart,
    ChartNode,
    NodeId,
    Point,
    load_chart,
    phase_of,
    summarise,
    worst_state,
)
from zhixing_desktop.workflow.errors import InputRefusedError

# code: from > to, basis; as redrawn from the guideline (the annex itself is empty, reading A4).
# Several boxes on a side mean one line for each pair; of two bases the weaker one counts.
# "any" is 任一在办节点 or 任一未结阶段.
OVERVIEW = """
A1: start > filing S | A2: filing > launch S | A3: launch > search S | A4: launch > closing I
A5: search > payout S | A6: search > disposal S | A7: search > delivery S
A8: search > interview S | A9: disposal > payout S | A10: disposal > closing I
A11: disposal > interview I | A12: payout delivery > closing S
A13: payout > search interview I | A14: interview > closing S
A15: launch > coercion S | A15: coercion > closing S
A16: any > extension S | A16: extension > any S | A17: closing > review S
A18: review > closing archive S | A19: closing > survey S | A20: survey clue > resume S
A21: resume > filing S | A22: archive > end I
"""
NODES = """
B1: start > 1 S | B2: 1 > 2 S | B3: 1 > 1 I | B4: 2 > 3 S | B5: 3 > 17 S | B6: 3 > 4 S
B7: 4 > 5 6 9 10 S | B8: 5 > 4 S | B9: 5 6 > 7 I | B10: 6 > 43 I | B11: 7 > 8 S
B12: 7 > 32 S | B13: 7 > 35 S | B14: 7 > 43 S | B15: 7 > 36 S | B16: 9 10 > 11 S
B17: 8 > 17 S | B18: 8 > 11 I | B19: 11 > 17 S | B20: 11 > 12 13 14 15 16 I
B21: 12 13 14 15 16 > 8 I | B22: 12 > 17 L | B22: 14 > 17 S | B23: 11 > 18 S
B24: 17 > 31 S | B25: 17 > 19 S | B26: 17 > 35 S | B27: 17 > 17 S | B28: 19 > 20 S
B29: 20 > 21 S | B30: 20 > 23 L | B31: 21 > 22 S | B32: 21 > 23 S | B33: 22 > 23 L
B34: 22 > 20 L | B35: 19 20 > 29 S | B36: 20 > 28 S | B37: 23 > 24 S | B38: 24 > 25 S
B39: 25 > 27 S | B40: 25 > 29 S | B41: 25 > 26 S | B42: 26 > 24 L | B42: 24 > 26 L
B43: 26 > 27 S | B44: 26 > 29 S | B45: 29 > 30 S | B46: 29 > 28 S | B47: 28 > 30 S
B48: 28 > 18 17 I | B49: 27 > 30 S | B50: 27 > 25 26 L | B51: 27 28 30 > 32 S
B52: 31 > 32 S | B53: 32 > 33 S | B54: 32 > 34 S | B55: 34 > 33 I | B56: 33 35 30 > 43 S
B57: 33 30 > 8 9 11 I | B58: 33 30 > 18 I | B59: 18 > 8 I | B60: 18 > 36 S
B61: 18 > 43 S | B62: 13 > 39 S | B63: 7 > 37 S | B64: 37 > 36 S | B65: 37 > 38 S
B66: 12 13 17 39 > 40 S | B67: 40 7 > 41 S | B68: any 43 > 42 S | B68: 42 > any S
B69: 42 > 43 S | B70: 43 > 17 36 38 S | B71: 43 > 44 S | B72: 43 > 43 S | B73: 43 > 45 S
B74: 45 > 45 46 end S | B75: 43 > 46 S | B76: 46 > 2 S | B77: 46 > 45 I
B78: 43 > 2 46 L | B79: 44 > end S
"""
MEASURE_CODES = {f"B{number}" for number in (5, 11, *range(15, 59), 60, *range(62, 68), 70)}
MEASURE_GROUPS = {
    "查找措施": {8, 9, 10, 12, 13, 14, 15, 16},
    "控制措施": {17},
    "直接实现": {31, 32, 33, 34},
    "变价措施": set(range(19, 31)),
    "物的交付": {35},
    "惩戒措施": {36, 37, 38},
    "强制措施": {39, 40, 41},
}
Row = tuple[str, NodeId, NodeId, str]


def rows(table: str) -> list[Row]:
    found: list[Row] = []
    for line in re.split(r"[|\n]", table):
        if not line.strip():
            continue
        match = re.fullmatch(r"(\w+): (.+) > (.+) ([SLI])", line.strip())
        assert match is not None, line
        code, sources, targets, basis = match.groups()
        found += [
            (code, _id(source), _id(target), basis)
            for source in sources.split()
            for target in targets.split()
        ]
    return found


def _id(word: str) -> NodeId:
    return int(word) if word.isdigit() else word


def drawn(chart: Chart) -> list[Row]:
    return [(edge.code, edge.source, edge.target, edge.basis) for edge in chart.edges]


@pytest.fixture(params=NAMES)
def chart(request: pytest.FixtureRequest) -> Chart:
    return real_chart(request.param)


# ------------------------------------------------------------------------------ completeness


def test_overview_has_every_edge_a1_to_a22() -> None:
    assert {code for code, *_ in rows(OVERVIEW)} == {f"A{n}" for n in range(1, 23)}
    assert sorted(drawn(real_chart("overview")), key=str) == sorted(rows(OVERVIEW), key=str)


def test_node_chart_has_every_edge_b1_to_b79() -> None:
    assert {code for code, *_ in rows(NODES)} == {f"B{n}" for n in range(1, 80)}
    assert sorted(drawn(real_chart("nodes")), key=str) == sorted(rows(NODES), key=str)


def test_measure_chart_has_the_edges_of_the_measures() -> None:
    wanted = [row for row in rows(NODES) if row[0] in MEASURE_CODES]
    assert sorted(drawn(real_chart("measures")), key=str) == sorted(wanted, key=str)


def test_all_46_nodes_stand_in_the_node_chart_and_behind_the_phases() -> None:
    numbers = set(range(1, 47))
    assert set(phase_of(real_chart("overview"))) == numbers
    nodes = real_chart("nodes")
    assert {node.id for node in nodes.nodes} == numbers | {"start", "end", "any"}


def test_measures_stand_in_the_groups_of_the_annex() -> None:
    measures = real_chart("measures")
    titles = {group.id: group.title for group in measures.groups}
    found: dict[str, set[NodeId]] = {title: set() for title in titles.values()}
    for node in measures.nodes:
        if node.group is not None:
            found[titles[node.group]].add(node.id)
    assert found == MEASURE_GROUPS
    assert {node.id for node in measures.nodes if node.group is None} == {3, 7, 11, 18, 43}


def test_overview_has_the_four_lanes_from_top_to_bottom() -> None:
    lanes = sorted(real_chart("overview").groups, key=lambda lane: lane.y)
    assert [lane.title for lane in lanes] == ["立案部门", "执行局", "审批监管", "财务保管"]
    assert {lane.kind for lane in lanes} == {"lane"}


def test_titles_are_those_of_the_guideline() -> None:
    text = (resources_dir() / "guideline" / "guideline.txt").read_text(encoding="utf-8")
    headings = re.findall(r"^#+ \**节点([一二三四五六七八九十]+)：(.+?)\**$", text, re.MULTILINE)
    named = {_chinese_number(word): title.strip() for word, title in headings}
    assert set(named) == set(range(1, 47))
    for name in ("nodes", "measures"):
        for node in real_chart(name).nodes:
            if isinstance(node.id, int):
                assert node.title == named[node.id]


def _chinese_number(word: str) -> int:
    digits = "一二三四五六七八九"
    if "十" not in word:
        return digits.index(word) + 1
    tens, _, ones = word.partition("十")
    return (digits.index(tens) + 1 if tens else 1) * 10 + (digits.index(ones) + 1 if ones else 0)


def test_edge_words_are_short_on_the_line_and_whole_in_the_tooltip(chart: Chart) -> None:
    for edge in chart.edges:
        assert 2 <= len(edge.label) <= 8, edge.key
        assert len(edge.when) >= 4, edge.key


def test_every_line_passes_a_label_of_its_own_words(chart: Chart) -> None:
    for edge in chart.edges:
        places = [
            other.label_at
            for other in chart.edges
            if (other.code, other.label) == (edge.code, edge.label) and other.label_at is not None
        ]
        nearest = min(distance(stroke, at) for stroke in strokes(edge.route) for at in places)
        assert nearest <= len(edge.label) * 6 + 10, edge.key


def distance(stroke: tuple[Point, Point], at: Point) -> float:
    (x1, y1), (x2, y2) = stroke
    nearest = (min(max(at[0], min(x1, x2)), max(x1, x2)), min(max(at[1], min(y1, y2)), max(y1, y2)))
    return math.dist(nearest, at)


def test_initials_are_those_of_the_titles(chart: Chart) -> None:
    for node in chart.nodes:
        letters = lazy_pinyin(node.title, style=Style.FIRST_LETTER)
        assert node.initials == "".join(
            part[0] for part in letters if part[0].isascii() and part[0].isalnum()
        )


# --------------------------------------------------------------------------------- geometry


def strokes(route: tuple[Point, ...]) -> list[tuple[Point, Point]]:
    return list(pairwise(route))


def touches(stroke: tuple[Point, Point], box: tuple[float, float, float, float]) -> bool:
    (x1, y1), (x2, y2) = stroke
    left, top, right, bottom = box
    return max(x1, x2) > left and min(x1, x2) < right and max(y1, y2) > top and min(y1, y2) < bottom


def box_of(node: ChartNode, air: float = 0.0) -> tuple[float, float, float, float]:
    return (node.x - air, node.y - air, node.x + node.w + air, node.y + node.h + air)


def label_box(label: str, at: Point) -> tuple[float, float, float, float]:
    half = (len(label) * 12 + 4) / 2
    return (at[0] - half, at[1] - 8, at[0] + half, at[1] + 8)


def overlap(one: tuple[float, float, float, float], two: tuple[float, float, float, float]) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]


def test_boxes_keep_clear_of_each_other(chart: Chart) -> None:
    for one, two in combinations(chart.nodes, 2):
        assert not overlap(box_of(one, 10), box_of(two, 10)), (one.id, two.id)


def test_lines_keep_clear_of_foreign_boxes(chart: Chart) -> None:
    for edge in chart.edges:
        for node in chart.nodes:
            if node.id in (edge.source, edge.target):
                continue
            for stroke in strokes(edge.route):
                assert not touches(stroke, box_of(node, 9)), (edge.key, node.id)


def test_lines_do_not_run_through_their_own_boxes(chart: Chart) -> None:
    for edge in chart.edges:
        for end in (edge.source, edge.target):
            for stroke in strokes(edge.route):
                assert not touches(stroke, box_of(chart.node(end), -1)), (edge.key, end)


def test_lines_of_different_codes_never_run_on_top_of_each_other(chart: Chart) -> None:
    for one, two in combinations(chart.edges, 2):
        if one.code == two.code:
            continue
        for a in strokes(one.route):
            for b in strokes(two.route):
                assert not _run_together(a, b), (one.key, two.key)


def _run_together(a: tuple[Point, Point], b: tuple[Point, Point]) -> bool:
    for along, across in ((0, 1), (1, 0)):
        level = {a[0][across], a[1][across], b[0][across], b[1][across]}
        if len(level) == 1:
            low = max(min(a[0][along], a[1][along]), min(b[0][along], b[1][along]))
            high = min(max(a[0][along], a[1][along]), max(b[0][along], b[1][along]))
            return high > low
    return False


def test_labels_keep_clear_of_boxes_labels_and_foreign_lines(chart: Chart) -> None:
    labels = [
        (edge, label_box(edge.label, edge.label_at))
        for edge in chart.edges
        if edge.label_at is not None
    ]
    for edge, place in labels:
        for node in chart.nodes:
            assert not overlap(place, box_of(node)), (edge.key, node.id)
        for other in chart.edges:
            if other.code != edge.code:
                for stroke in strokes(other.route):
                    assert not touches(stroke, place), (edge.key, other.key)
    for (one, here), (two, there) in combinations(labels, 2):
        assert not overlap(here, there), (one.key, two.key)


# ---------------------------------------------------------------------------------- strictness


SMALL = """
chart: small
title: 小图
size: [400, 200]
first: 1
groups:
  - {id: part, title: 部分, at: [10, 10, 380, 180], kind: frame}
nodes:
  - {id: 1, title: 甲, at: [20, 50, 100, 60], group: part}
  - {id: 2, title: 乙, at: [220, 50, 100, 60], group: part}
edges:
  - {code: B1, from: 1, to: 2, label: 往, when: 条件, basis: S, kind: main,
     route: [[120, 80], [220, 80]], label_at: [170, 80]}
"""


def problems_of(text: str, numbers: tuple[int, ...] = ()) -> list[str]:
    with pytest.raises(InputRefusedError) as refused:
        load_chart(text, where="small.yaml", numbers=numbers)
    assert "small.yaml" in refused.value.sentence
    return [problem.sentence for problem in refused.value.problems]


def test_a_correct_chart_is_read_as_written() -> None:
    small = load_chart(SMALL)
    assert small.node(2).centre == (270.0, 80.0)
    assert small.edges[0].route == ((120.0, 80.0), (220.0, 80.0))
    assert small.edges[0].label_at == (170.0, 80.0)
    assert (small.has(1), small.has(7)) == (True, False)


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("chart: small", "chart: small\ncolour: red", "colour"),
        ("title: 小图\n", "", "title"),
        ("size: [400, 200]", "size: 400", "size"),
        ("first: 1", "first: 9", "first"),
        ("id: 2,", "id: 1,", "不止一次"),
        ("title: 乙,", "title: 乙, colour: red,", "colour"),
        (", at: [220, 50, 100, 60]", "", "at"),
        ("at: [220, 50, 100, 60]", "at: [220, 50, 300, 60]", "外面"),
        ("at: [220, 50, 100, 60], group: part", "at: [220, 50, 100, 60], group: other", "other"),
        ("to: 2", "to: 3", "未放置的节点 3"),
        ("basis: S", "basis: X", "basis"),
        ("kind: main", "kind: thick", "kind"),
        ("code: B1", "code: C1", "code"),
        ("[[120, 80], [220, 80]]", "[[120, 80], [220, 90]]", "横线或竖线"),
        ("[[120, 80], [220, 80]]", "[[130, 80], [220, 80]]", "边框"),
        ("[[120, 80], [220, 80]]", "[[120, 80]]", "route"),
        ("label_at: [170, 80]", "label_at: 170", "label_at"),
        ("title: 甲,", "title: 甲, nodes: [a],", "nodes"),
        ("title: 甲,", "title: 甲, initials: 甲,", "initials"),
        ("title: 甲,", "title: 甲, break_after: 4,", "break_after"),
    ],
)
def test_a_mistake_is_named(old: str, new: str, part: str) -> None:
    assert old in SMALL
    assert any(part in sentence for sentence in problems_of(SMALL.replace(old, new, 1)))


def test_all_mistakes_are_told_at_once() -> None:
    text = SMALL.replace("to: 2", "to: 3").replace("first: 1", "first: 9")
    assert len(problems_of(text, numbers=(1, 2, 5, 6))) == 4


def test_the_same_edge_twice_is_refused() -> None:
    again = SMALL[SMALL.index("  - {code") :]
    assert any("B1 1→2 出现了不止一次" in sentence for sentence in problems_of(SMALL + again[0:]))


def test_a_key_given_twice_is_refused() -> None:
    assert any(
        "key given twice" in s for s in problems_of(SMALL.replace("id: 1,", "id: 1, id: 1,"))
    )


@pytest.mark.parametrize("text", ["", "- 1", "a: [", "\t"])
def test_what_is_no_chart_is_refused(text: str) -> None:
    with pytest.raises(InputRefusedError):
        load_chart(text)


def test_the_shipped_charts_hold_no_number_of_a_node_twice() -> None:
    doubled = chart_text("overview").replace("nodes: [18]", "nodes: [18, 45]")
    with pytest.raises(InputRefusedError):
        load_chart(doubled)


# ------------------------------------------------------------------------------------- phases


def test_a_phase_shows_its_worst_node() -> None:
    overview = real_chart("overview")
    summary = summarise(overview, {1: ["done"], 2: ["done"], 3: ["frozen"], 4: ["active"]})
    assert summary["filing"].state == "frozen"
    assert summary["filing"].total == 4
    assert dict(summary["filing"].counts) == {"done": 2, "frozen": 1, "active": 1}


def test_a_phase_counts_every_instance_and_unstarted_nodes() -> None:
    overview = real_chart("overview")
    summary = summarise(overview, {31: ["done", "overdue", "done"]})
    assert summary["payout"].total == 6
    assert summary["payout"].state == "overdue"
    assert summary["disposal"].state == "not_started"


def test_finished_nodes_count_before_measures_never_taken() -> None:
    assert worst_state(["not_started", "done", "not_applicable"]) == "done"
    assert worst_state([]) == "not_started"


def test_an_unknown_state_is_a_defect() -> None:
    with pytest.raises(ValueError, match="blue"):
        worst_state(["blue"])
