"""The real charts, and marks for all their boxes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

from zhixing_desktop.paths import resources_dir
from zhixing_desktop.ui.chart.marks import NodeMark
from zhixing_desktop.workflow.charts import WORST_FIRST, Chart, NodeId, load_chart

NAMES = ("overview", "nodes", "measures")


def chart_text(name: str) -> str:
    """The YAML of a chart as it is shipped."""
    return (resources_dir() / "charts" / f"{name}.yaml").read_text(encoding="utf-8")


def real_chart(name: str) -> Chart:
    """A chart as it is shipped."""
    return load_chart(chart_text(name), where=f"{name}.yaml")


def mixed_marks(chart: Chart) -> dict[NodeId, NodeMark]:
    """All states in turn over the boxes of ``chart`` that have one."""
    states: Iterator[str] = cycle(WORST_FIRST)
    return {
        node.id: NodeMark(next(states), "还剩3日", waiting=place % 5 == 0)
        for place, node in enumerate(chart.nodes)
        if node.kind in ("node", "phase")
    }
