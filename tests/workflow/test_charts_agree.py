"""The charts and the rulebook tell the same flow: the same edges, from and to the same nodes."""

from __future__ import annotations

import pytest

from helpers.desk import rulebook
from zhixing_desktop import paths
from zhixing_desktop.services.charts import load_charts
from zhixing_desktop.workflow.charts import Chart

PLACES = {"start", "any"}
"""Marks of the charts that are no nodes: the beginning, and 任一在办节点."""


def drawn(chart: Chart) -> set[tuple[str, object, object]]:
    return {
        (edge.code, edge.source, edge.target)
        for edge in chart.edges
        if edge.source not in PLACES and edge.target not in PLACES
    }


@pytest.mark.parametrize("place", [2, 3])
def test_each_edge_of_the_rulebook_is_drawn_and_each_drawn_edge_is_a_rule(place: int) -> None:
    chart = load_charts(paths.resources_dir())[place - 1]
    told = {
        (edge.code, spec.number, edge.to)
        for spec in rulebook().nodes.values()
        for edge in spec.next
        if place in edge.chart
    }
    assert drawn(chart) == told
