"""Widths of columns by what stands in them: what has room is whole, the widest give way first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from zhixing_desktop.ui.forms.parts import em

_MOST_ROWS = 2000
"""Of a longer list the first rows speak for the others."""


def shares(natural: Sequence[int], room: int, grow: int) -> list[int]:
    """Return the widths of columns, in the unit of ``natural`` and ``room``.

    Where all of them fit, what is left goes to column ``grow``; else the widest are cut to one
    width, so that short ones stay whole.
    """
    widths = list(natural)
    left = room - sum(widths)
    if left >= 0:
        widths[grow] += left
        return widths
    rest, columns = max(room, 0), len(widths)
    for place in sorted(range(columns), key=lambda at: natural[at]):
        widths[place] = min(natural[place], rest // columns)
        rest -= widths[place]
        columns -= 1
    widths[grow] += rest
    return widths


class FittedColumns(QObject):
    """Keeps the columns of a table as wide as its words and its room want them.

    ``grow`` takes what is left over; ``spare`` names the columns that are not shown, one after the
    other, while ``grow`` would get less than ``least`` Chinese characters of what it needs.  A
    column that a person has drawn wider or narrower stays as he drew it, and so do the others.
    """

    def __init__(
        self, tree: QTreeWidget, *, grow: int = 0, spare: Sequence[int] = (), least: float = 0.0
    ) -> None:
        super().__init__(tree)
        self._tree, self._grow, self._spare, self._least = tree, grow, tuple(spare), least
        self._fitting = self._drawn = False
        head = tree.header()
        head.setStretchLastSection(False)
        head.setMinimumSectionSize(em(tree, 2))
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.sectionResized.connect(self._resized)
        tree.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit anew where the room changes."""
        if event.type() is QEvent.Type.Resize:
            self.fit()
        return super().eventFilter(watched, event)

    def fit(self) -> None:
        """Fit the columns to what stands in them now."""
        if self._drawn or self._fitting:
            return
        self._fitting = True
        try:
            self._fit()
        finally:
            self._fitting = False

    def _fit(self) -> None:
        tree, head = self._tree, self._tree.header()
        natural = self._natural()
        shown = list(range(tree.columnCount()))
        room = tree.viewport().width()
        wanted = min(natural[self._grow], em(tree, self._least)) if self._spare else 0
        widths = shares(natural, room, self._grow)
        for column in self._spare:
            if widths[shown.index(self._grow)] >= wanted:
                break
            shown.remove(column)
            at = shown.index(self._grow)
            widths = shares([natural[one] for one in shown], room, at)
        for column in range(tree.columnCount()):
            head.setSectionHidden(column, column not in shown)
        for column, wide in zip(shown, widths, strict=True):
            head.resizeSection(column, wide)
        if tree.wordWrap():
            self._heighten(dict(zip(shown, widths, strict=True)))

    def _heighten(self, widths: Mapping[int, int]) -> None:
        """Make rows as high as their words want: a tree itself wraps, but does not heighten."""
        tree = self._tree
        measure, edge = tree.fontMetrics(), em(tree, 1.6)
        for depth, item in self._rows():
            most = 1
            for column, wide in widths.items():
                inner = wide - edge - (depth * tree.indentation() if column == 0 else 0)
                if not item.icon(column).isNull():
                    inner -= measure.height() + em(tree, 0.4)
                room = max(inner, em(tree, 1))
                lines = [measure.horizontalAdvance(x) for x in item.text(column).split("\n")]
                whole = wide >= self._natural_of(item, column, depth)
                most = max(most, len(lines) if whole else sum(-(-x // room) or 1 for x in lines))
            item.setSizeHint(self._grow, QSize(1, most * measure.lineSpacing() + em(tree, 0.3)))
        for depth, item in self._rows(across=True):
            room = max(tree.viewport().width() - edge - (depth + 1) * tree.indentation(), edge)
            count = -(-measure.horizontalAdvance(item.text(0)) // room) or 1
            item.setSizeHint(0, QSize(1, count * measure.lineSpacing() + em(tree, 0.3)))
        tree.scheduleDelayedItemsLayout()

    def _natural(self) -> list[int]:
        tree, head = self._tree, self._tree.header()
        widths = [head.sectionSizeHint(column) for column in range(tree.columnCount())]
        for depth, item in self._rows():
            for column in range(tree.columnCount()):
                widths[column] = max(widths[column], self._natural_of(item, column, depth))
        return widths

    def _natural_of(self, item: QTreeWidgetItem, column: int, depth: int) -> int:
        """Return the width that a cell wants, in pixels."""
        tree, measure = self._tree, self._tree.fontMetrics()
        lines = item.text(column).split("\n")
        wide = max(measure.horizontalAdvance(line) for line in lines) + em(tree, 0.8)
        if column == 0:
            wide += depth * tree.indentation()
        if not item.icon(column).isNull():
            wide += measure.height() + em(tree, 0.4)
        return wide

    def _rows(self, *, across: bool = False) -> Iterator[tuple[int, QTreeWidgetItem]]:
        """Yield rows with how deep they stand: those with columns, or those ``across`` them."""
        tree, own = self._tree, int(self._tree.rootIsDecorated())
        for number in range(min(tree.topLevelItemCount(), _MOST_ROWS)):
            top = tree.topLevelItem(number)
            if top is None:
                continue
            if top.isFirstColumnSpanned() is across:
                yield own, top
            for below in range(top.childCount()):
                row = top.child(below)
                if row is not None and row.isFirstColumnSpanned() is across:
                    yield own + 1, row

    def _resized(self, _column: int, _before: int, _now: int) -> None:
        # What is not done here is done by a person's hand.
        self._drawn = self._drawn or not self._fitting
