"""Finding boxes and stepping between them."""

from __future__ import annotations

import pytest

from helpers.charts import NAMES, real_chart
from zhixing_desktop.workflow.chart_walk import Direction, find_nodes, neighbour
from zhixing_desktop.workflow.charts import NodeId


@pytest.mark.parametrize("text", ["7", "07", "节点7", "节点 7", "N7", "７", "7号"])
def test_a_number_finds_that_node_alone(text: str) -> None:
    assert find_nodes(real_chart("nodes"), text) == (7,)


def test_a_number_finds_its_phase() -> None:
    assert find_nodes(real_chart("overview"), "25") == ("disposal",)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("拍卖", (23, 24, 25, 26, 27)),
        ("冻结", (17,)),
        ("删除(屏蔽)", (38,)),
        ("cfkydj", (17,)),
        ("ZBYT", (18,)),
        ("zhixing", ()),
        ("  ", ()),
        ("99", ()),
    ],
)
def test_words_and_initials(text: str, found: tuple[NodeId, ...]) -> None:
    assert find_nodes(real_chart("nodes"), text) == found


def test_names_that_begin_with_the_initials_come_first() -> None:
    found = find_nodes(real_chart("nodes"), "zx")
    assert found[0] in (6, 7, 8)


@pytest.mark.parametrize("name", NAMES)
def test_arrows_reach_every_box(name: str) -> None:
    chart = real_chart(name)
    seen: set[NodeId] = {chart.first}
    todo = [chart.first]
    while todo:
        here = todo.pop()
        for direction in Direction:
            there = neighbour(chart, here, direction)
            if there is not None and there not in seen:
                seen.add(there)
                todo.append(there)
    assert seen == {node.id for node in chart.nodes}


@pytest.mark.parametrize(
    ("start", "direction", "target"),
    [
        (1, Direction.RIGHT, 2),
        (4, Direction.RIGHT, 5),
        (4, Direction.DOWN, 9),
        (11, Direction.LEFT, 17),
        (17, Direction.DOWN, 19),
        (32, Direction.RIGHT, 33),
        (43, Direction.LEFT, 44),
        (17, Direction.LEFT, None),
    ],
)
def test_a_step_follows_the_line(
    start: NodeId, direction: Direction, target: NodeId | None
) -> None:
    assert neighbour(real_chart("nodes"), start, direction) == target


@pytest.mark.parametrize("direction", list(Direction))
def test_a_step_goes_where_the_arrow_points(direction: Direction) -> None:
    chart = real_chart("nodes")
    for node in chart.nodes:
        target = neighbour(chart, node.id, direction)
        if target is not None:
            there = chart.node(target).centre
            ahead = (there[0] - node.centre[0]) * direction.value[0] + (
                there[1] - node.centre[1]
            ) * direction.value[1]
            assert ahead > 0
