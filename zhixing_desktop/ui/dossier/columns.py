"""Widths of columns by what stands in them: what has room is whole, the widest give way first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QEvent, QObject
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
            # Rows are as high as their words want in the width that there is now.
            tree.scheduleDelayedItemsLayout()

    def _natural(self) -> list[int]:
        tree, head = self._tree, self._tree.header()
        measure, edge = tree.fontMetrics(), em(tree, 0.8)
        side = tree.iconSize().width() if tree.iconSize().isValid() else 0
        widths = [head.sectionSizeHint(column) for column in range(tree.columnCount())]
        for depth, item in self._rows():
            for column in range(tree.columnCount()):
                lines = item.text(column).split("\n")
                wide = max(measure.horizontalAdvance(line) for line in lines) + edge
                if column == 0:
                    wide += depth * tree.indentation()
                if not item.icon(column).isNull():
                    wide += max(side, measure.height()) + em(tree, 0.4)
                widths[column] = max(widths[column], wide)
        return widths

    def _rows(self) -> Iterator[tuple[int, QTreeWidgetItem]]:
        """Yield rows with how deep they stand, but those that stand across all columns."""
        tree, own = self._tree, int(self._tree.rootIsDecorated())
        for number in range(min(tree.topLevelItemCount(), _MOST_ROWS)):
            top = tree.topLevelItem(number)
            if top is None:
                continue
            if not top.isFirstColumnSpanned():
                yield own, top
            for below in range(top.childCount()):
                row = top.child(below)
                if row is not None and not row.isFirstColumnSpanned():
                    yield own + 1, row

    def _resized(self, _column: int, _before: int, _now: int) -> None:
        # What is not done here is done by a person's hand.
        self._drawn = self._drawn or not self._fitting
