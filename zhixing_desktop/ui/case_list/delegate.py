"""Drawing of the list's cells: the state as icon, word and colour; the due day with its urgency.

Two shapes.  Wide: every column one line.  Compact, where the list is narrow: 案号 over the parties,
the state over the due day.  The due words are shortened from the day's end, never what is left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from zhixing_desktop.ui.case_list.model import ROW_ROLE, WAITING
from zhixing_desktop.ui.case_list.rows import CaseRow, Column
from zhixing_desktop.ui.icons import paint_icon
from zhixing_desktop.ui.theme import Theme, theme_for
from zhixing_desktop.workflow.facts import State

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTURY = re.compile(r"(?<!\d)20(?=\d\d年)")
_Index = QModelIndex | QPersistentModelIndex


def row_height(metrics: QFontMetrics, *, compact: bool) -> int:
    """Height of every row, from the font."""
    line = metrics.height()
    return round(line * 2.75) if compact else round(line * 1.75)


class CaseDelegate(QStyledItemDelegate):
    """Draws a cell with one question to the model."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.compact = False

    def sizeHint(self, option: QStyleOptionViewItem, _index: _Index) -> QSize:
        """Rows are all of one height; widths are the header's."""
        return QSize(0, row_height(option.fontMetrics, compact=self.compact))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw the ground as the style does, then the cell."""
        widget: QWidget = option.widget
        style = widget.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, widget)
        cell = _Cell(painter, option, widget)
        row: CaseRow | None = index.data(ROW_ROLE)
        if row is None:
            cell.line(WAITING, cell.muted)
        elif self.compact:
            _draw_compact(cell, row, index.column())
        else:
            _draw_wide(cell, row, index.column())


class _Cell:
    """One cell while it is drawn: its place, colours and fonts."""

    def __init__(self, painter: QPainter, option: QStyleOptionViewItem, widget: QWidget) -> None:
        self.painter = painter
        self.metrics: QFontMetrics = option.fontMetrics
        self.font = option.font
        palette: QPalette = option.palette
        state: QStyle.StateFlag = option.state
        self.theme: Theme = theme_for(widget.palette())
        self.selected = bool(state & QStyle.StateFlag.State_Selected)
        role = QPalette.ColorRole.HighlightedText if self.selected else QPalette.ColorRole.Text
        self.ink = palette.color(role)
        self.muted = self.ink if self.selected else QColor(self.theme.muted)
        pad = round(self.metrics.height() * 0.4)
        self.rect: QRect = option.rect.adjusted(pad, 0, -pad, 0)

    def halves(self) -> tuple[QRect, QRect]:
        """The places of two lines."""
        line = self.metrics.height()
        top = self.rect.y() + (self.rect.height() - round(line * 2.2)) // 2
        first = QRect(self.rect.x(), top, self.rect.width(), line)
        return first, first.translated(0, round(line * 1.2))

    def line(
        self,
        text: str,
        colour: QColor | None = None,
        place: QRect | None = None,
        *,
        bold: bool = False,
        right: bool = False,
    ) -> None:
        """Draw one line, shortened with … where it does not fit."""
        where = self.rect if place is None else place
        font, metrics = self._letters(bold=bold)
        self.painter.setFont(font)
        self.painter.setPen(QPen(colour or self.ink))
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, where.width())
        self.painter.drawText(where, _RIGHT if right else _LEFT, shown)

    def _letters(self, *, bold: bool) -> tuple[QFont, QFontMetrics]:
        if not bold:
            return self.font, self.metrics
        font = QFont(self.font)
        font.setWeight(QFont.Weight.DemiBold)
        return font, QFontMetrics(font)

    def fitting(self, choices: Sequence[str], *, bold: bool) -> str:
        """Return the first of some wordings that fits the cell, else the last."""
        _, metrics = self._letters(bold=bold)
        room = self.rect.width()
        return next((c for c in choices if metrics.horizontalAdvance(c) <= room), choices[-1])

    def urgent(self, row: CaseRow) -> QColor | None:
        """Colour of a due day that presses."""
        if self.selected or not row.urgency:
            return None
        look = self.theme.state(row.urgency)
        return QColor(look.fill if row.urgency == "overdue" else look.border)

    def chip(self, row: CaseRow, place: QRect) -> int:
        """Draw the state: its shape and its word on its own ground; return the width used."""
        closed = row.texts[Column.STATE] != row.state.label
        look = self.theme.state(State.DONE.value if closed else row.state.value)
        word = row.texts[Column.STATE]
        height = round(self.metrics.height() * 1.12)
        icon = round(self.metrics.height() * 0.72)
        width = min(
            self.metrics.horizontalAdvance(word) + icon + round(height * 0.95), place.width()
        )
        plate = QRectF(place.x(), place.center().y() + 0.5 - height / 2, width, height)
        painter = self.painter
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(look.border), 1, look.line))
        painter.setBrush(QColor(look.fill))
        painter.drawRoundedRect(plate, height * 0.28, height * 0.28)
        mark = QRectF(0, 0, icon, icon)
        mark.moveCenter(QPointF(plate.x() + height * 0.3 + icon / 2, plate.center().y()))
        paint_icon(painter, look.icon, mark, QColor(look.text))
        painter.restore()
        left = round(mark.right() + height * 0.2)
        text = QRect(left, place.y(), round(plate.right()) - left, place.height())
        self.line(word, QColor(look.text), text)
        return round(width + height * 0.3)


def due_choices(row: CaseRow, full: str) -> tuple[str, ...]:
    """Return the due words from the fullest to the shortest.

    What matters most (逾期3日, 还剩2日) is what is left: the century goes first, then the day.
    """
    short = _CENTURY.sub("", full)
    return (full, short, row.due_left) if row.due_left else (full, short)


def _draw_wide(cell: _Cell, row: CaseRow, column: int) -> None:
    text = row.texts[column]
    if column == Column.STATE:
        cell.chip(row, cell.rect)
    elif column == Column.DUE:
        bold = bool(row.urgency)
        cell.line(cell.fitting(due_choices(row, text), bold=bold), cell.urgent(row), bold=bold)
    elif column == Column.AMOUNT:
        cell.line(text, right=True)
    elif column == Column.CASE_NO:
        cell.line(text, bold=True)
    else:
        cell.line(text)


def _draw_compact(cell: _Cell, row: CaseRow, column: int) -> None:
    first, second = cell.halves()
    if column == Column.CASE_NO:
        cell.line(row.texts[Column.CASE_NO], None, first, bold=True)
        cell.line(row.texts[Column.PARTIES], cell.muted, second)
    elif column == Column.DUE:
        used = cell.chip(row, first)
        if row.provisional:
            cell.line("暂定", cell.muted, first.adjusted(used, 0, 0, 0))
        bold = bool(row.urgency)
        words = "没有期限"
        if row.due_day:
            choices = due_choices(row, f"{row.due_day} {row.due_left}")
            words = cell.fitting(choices, bold=bold)
        cell.line(words, cell.urgent(row) or cell.muted, second, bold=bold)
    elif column == Column.NODE:
        cell.line(row.texts[Column.NODE], None, first)
        cell.line(row.texts[Column.OFFICER], cell.muted, second)
