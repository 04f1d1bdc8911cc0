"""Finding a box and stepping from box to box; pure geometry on a ``Chart``."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum

from zhixing_desktop.workflow.charts import Chart, ChartNode, NodeId

_NUMBER = re.compile(r"(?:节点|n)?\s*0*([0-9]{1,2})\s*号?")


class Direction(Enum):
    """Where an arrow key points, as a step in scene coordinates."""

    LEFT = (-1, 0)
    RIGHT = (1, 0)
    UP = (0, -1)
    DOWN = (0, 1)


def find_nodes(chart: Chart, text: str) -> tuple[NodeId, ...]:
    """Boxes that ``text`` names: by number (7, 节点7, N7), part of the title, or pinyin initials.

    A number finds the box of that number, or the phase that contains it, and nothing else.  Full
    width and upper case make no difference.  Blank text finds nothing.
    """
    wanted = unicodedata.normalize("NFKC", text).strip().casefold()
    if not wanted:
        return ()
    number = _NUMBER.fullmatch(wanted)
    if number is not None:
        value = int(number[1])
        return tuple(node.id for node in chart.nodes if node.id == value or value in node.nodes)
    hits = [node for node in chart.nodes if wanted in _plain(node.title)]
    if not hits and wanted.isascii():
        hits = [node for node in chart.nodes if wanted in node.initials]
        hits.sort(key=lambda node: not node.initials.startswith(wanted))
    return tuple(node.id for node in hits)


def _plain(title: str) -> str:
    return unicodedata.normalize("NFKC", title).casefold()


def neighbour(chart: Chart, start: NodeId, direction: Direction) -> NodeId | None:
    """The best box to step to from ``start``: near, ahead, and joined by a line if possible.

    Only boxes that lie ahead count (at most about 70 degrees aside).  None at the rim.
    """
    here = chart.node(start)
    joined = _joined(chart, start)
    best: tuple[float, NodeId] | None = None
    for node in chart.nodes:
        if node.id == start:
            continue
        ahead, aside = _offsets(here, node, direction)
        if ahead <= 0 or aside > ahead * 2.7:
            continue
        score = (ahead + 2.2 * aside) * (0.5 if node.id in joined else 1.0)
        if best is None or score < best[0]:
            best = (score, node.id)
    return best[1] if best else None


def _joined(chart: Chart, start: NodeId) -> set[NodeId]:
    found: set[NodeId] = set()
    for edge in chart.edges:
        if edge.source == start:
            found.add(edge.target)
        elif edge.target == start:
            found.add(edge.source)
    return found


def _offsets(here: ChartNode, there: ChartNode, direction: Direction) -> tuple[float, float]:
    """How far ``there`` is ahead, and how far aside once the boxes no longer overlap sideways."""
    step_x, step_y = direction.value
    dx = there.centre[0] - here.centre[0]
    dy = there.centre[1] - here.centre[1]
    if step_x:
        overlap = min(here.y + here.h, there.y + there.h) - max(here.y, there.y)
        aside = 0.1 * abs(dy) if overlap > 0 else abs(dy)
        return dx * step_x, aside
    overlap = min(here.x + here.w, there.x + there.w) - max(here.x, there.x)
    aside = 0.1 * abs(dx) if overlap > 0 else abs(dx)
    return dy * step_y, aside
