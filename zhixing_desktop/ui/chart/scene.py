"""A chart as a graphics scene: built once, afterwards only told what changed."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRectF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsScene

from zhixing_desktop.ui.chart.items import NodeItem
from zhixing_desktop.ui.chart.lines import (
    BASIS_WORDS,
    INCOMING,
    NORMAL,
    OUTGOING,
    EdgeItem,
    GroupItem,
    LabelItem,
    Stroke,
    distance_to,
    fresh_pieces,
)
from zhixing_desktop.ui.chart.marks import ChartMarks
from zhixing_desktop.ui.theme import Theme
from zhixing_desktop.workflow.charts import Chart, ChartEdge, NodeId, Point


class ChartScene(QGraphicsScene):
    """All items of one chart.  ``full_detail`` is for paper: nothing is left out at any scale."""

    def __init__(
        self,
        chart: Chart,
        theme: Theme,
        parent: QObject | None = None,
        *,
        full_detail: bool = False,
    ) -> None:
        super().__init__(QRectF(0, 0, chart.width, chart.height), parent)
        self.chart = chart
        self.theme = theme
        self._current: NodeId | None = None
        self._found: tuple[NodeId, ...] = ()
        # The scene never changes shape; an index would cost more than it saves.
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.setBackgroundBrush(QColor(theme.canvas))
        self._groups = self._add_groups(full_detail=full_detail)
        self.edges = self._add_edges(full_detail=full_detail)
        self.nodes = {
            node.id: NodeItem(node, theme, full_detail=full_detail) for node in chart.nodes
        }
        for item in self.nodes.values():
            self.addItem(item)

    # ------------------------------------------------------------------------------- building

    def _add_groups(self, *, full_detail: bool) -> list[GroupItem]:
        groups = [
            GroupItem(group, self.theme, odd=bool(place % 2), full_detail=full_detail)
            for place, group in enumerate(self.chart.groups)
        ]
        for group in groups:
            self.addItem(group)
        return groups

    def _add_edges(self, *, full_detail: bool) -> list[EdgeItem]:
        covered: dict[str, list[Stroke]] = {}
        labels: list[tuple[ChartEdge, LabelItem]] = []
        items: list[EdgeItem] = []
        for edge in self.chart.edges:
            seen = covered.setdefault(edge.code, [])
            item = EdgeItem(edge, fresh_pieces(edge.route, seen), self.theme)
            seen.extend(zip(edge.route, edge.route[1:], strict=False))
            item.setToolTip(self._edge_words(edge))
            items.append(item)
            self.addItem(item)
            if edge.label_at is not None:
                label = LabelItem(edge, edge.label_at, self.theme, self._ground(edge.label_at))
                label.full_detail = full_detail
                label.setToolTip(item.toolTip())
                labels.append((edge, label))
                self.addItem(label)
        for item in items:
            item.label = _nearest_label(item.edge, labels)
        return items

    def _ground(self, at: Point) -> str:
        for group in self._groups:
            if group.sceneBoundingRect().contains(*at):
                return group.fill
        return self.theme.canvas

    def _edge_words(self, edge: ChartEdge) -> str:
        names = " → ".join(self.chart.node(end).title for end in (edge.source, edge.target))
        return f"{edge.code}　{names}\n条件：{edge.when}\n依据：{BASIS_WORDS[edge.basis]}"

    # ------------------------------------------------------------------------------- changing

    def set_marks(self, marks: ChartMarks) -> tuple[NodeId, ...]:
        """Show ``marks``; a box without a mark is drawn neutral.  Returns the boxes that changed.

        Only those are repainted.
        """
        return tuple(
            node_id for node_id, item in self.nodes.items() if item.set_mark(marks.get(node_id))
        )

    @property
    def current(self) -> NodeId | None:
        """The box with the keyboard's ring."""
        return self._current

    def set_current(self, node_id: NodeId | None) -> None:
        """Move the ring, and let the lines of the new box stand out.  Unknown ids clear it."""
        if node_id == self._current:
            return
        if self._current is not None:
            self.nodes[self._current].set_current(on=False)
        self._current = node_id if node_id in self.nodes else None
        if self._current is not None:
            self.nodes[self._current].set_current(on=True)
        for item in self.edges:
            item.set_emphasis(self._emphasis(item.edge))

    def _emphasis(self, edge: ChartEdge) -> int:
        if self._current is None:
            return NORMAL
        if edge.source == self._current:
            return OUTGOING
        return INCOMING if edge.target == self._current else NORMAL

    def set_found(self, node_ids: tuple[NodeId, ...]) -> None:
        """Ring the hits of a search."""
        for node_id in {*self._found, *node_ids}:
            self.nodes[node_id].set_found(on=node_id in node_ids)
        self._found = node_ids


def _nearest_label(edge: ChartEdge, labels: list[tuple[ChartEdge, LabelItem]]) -> LabelItem | None:
    """The edge's own label, or the one of its code that stands on a stretch it shares."""
    best: tuple[float, LabelItem] | None = None
    for owner, label in labels:
        if (owner.code, owner.label) != (edge.code, edge.label) or owner.label_at is None:
            continue
        if owner is edge:
            return label
        distance = distance_to(edge.route, owner.label_at)
        if best is None or distance < best[0]:
            best = (distance, label)
    return best[1] if best else None
