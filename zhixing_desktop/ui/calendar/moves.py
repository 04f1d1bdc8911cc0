"""What a change of the calendar moves, as rows of a table; made off the GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from zhixing_desktop.services.calendar import Foresight
from zhixing_desktop.services.recompute import MovedLimit
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.calendar import DayChange
from zhixing_desktop.workflow.rulebook import Rulebook

HEADS = ("案件、节点", "届满")
SHOWN = 2000


@dataclass(frozen=True, slots=True)
class Moves:
    """A foresight or a result in words: ``rows`` of the table, days that become others.

    A row is the case, its node with the limit, the day before and the day after.
    """

    rows: tuple[tuple[str, ...], ...]
    days: tuple[DayChange, ...] = ()
    warnings: tuple[str, ...] = ()
    based_on: int | None = None


def moves_of(book: Rulebook, found: Foresight) -> Moves:
    """Return a foresight in words."""
    warnings = tuple(p.sentence for p in found.warnings)
    return Moves(rows_of(book, found.moved), found.days, warnings, found.based_on)


def rows_of(book: Rulebook, moved: Sequence[MovedLimit]) -> tuple[tuple[str, ...], ...]:
    """Return moved limits in words, by case and node; cases that are not named come last."""
    ordered = sorted(moved, key=lambda m: (not m.case_no, m.case_id, m.node, m.subject, m.limit_id))
    return tuple(_row(book, entry) for entry in ordered)


def _row(book: Rulebook, entry: MovedLimit) -> tuple[str, ...]:
    spec = book.nodes[entry.node]
    limit = next((one.words() for one in spec.time_limits if one.id == entry.limit_id), "")
    subject = "" if entry.subject == subjects.CASE else f"（{subjects.label(entry.subject)}）"
    node = f"节点{entry.node} {spec.name}{subject}"
    return (entry.case_words(), f"{node}　{limit}", _moment(entry.before), _moment(entry.after))


def _moment(moment: datetime) -> str:
    if (moment.hour, moment.minute) in ((0, 0), (23, 59)):
        return f"{moment:%Y-%m-%d}"
    return f"{moment:%Y-%m-%d %H:%M}"


class MovesTable(QTableWidget):
    """The limits that move, two lines each: case and node; from and to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(HEADS), parent)
        self.setHorizontalHeaderLabels(list(HEADS))
        self.setAccessibleName("随之变动的时限")
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        head.resizeSection(1, self.fontMetrics().horizontalAdvance("→ 2025-10-15 00:00") + 16)
        height = round(self.fontMetrics().height() * 2.5)
        self.verticalHeader().setDefaultSectionSize(height)

    def show_rows(self, rows: Sequence[tuple[str, ...]]) -> None:
        """Show them, the first ``SHOWN`` of very many."""
        shown = rows[:SHOWN]
        self.setRowCount(len(shown))
        for place, row in enumerate(shown):
            case_no, node, before, after = row
            for column, words in enumerate((f"{case_no}\n{node}", f"{before}\n→ {after}")):
                item = QTableWidgetItem(words)
                item.setToolTip(words)
                self.setItem(place, column, item)
