"""The table of cases: fixed row heights, columns that suit the width, words when it is empty."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QTableView, QWidget

from zhixing_desktop.ui.case_list.delegate import CaseDelegate, row_height
from zhixing_desktop.ui.case_list.model import CaseModel
from zhixing_desktop.ui.case_list.rows import HEADERS, Column

# What each column must be able to show, in words, so that widths follow the font.
_SAMPLES = {
    Column.CASE_NO: "（2024）豫0811执恢1234号",
    Column.PARTIES: "某某商贸有限公司 / 某某某",
    Column.OFFICER: "欧阳某某",
    Column.NODE: "11 网络查控结果分析",
    Column.DUE: "2024年12月31日（逾期110日）",
    Column.STATE: "　逾期完成　",
    Column.AMOUNT: "123,456,789.00",
}
_COMPACT_SAMPLES = {Column.DUE: "12月31日 还剩100日", Column.NODE: "11 网络查控结果"}
_NARROW_SAMPLE = "　逾期完成　"
_FULL_DUE = "2024年12月31日 逾期100日"
_ALWAYS = frozenset({Column.CASE_NO, Column.DUE})


class CaseTable(QTableView):
    """Shows a :class:`CaseModel`; becomes compact by itself where it is narrow."""

    activated_row = Signal(int)

    def __init__(self, model: CaseModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cases = model
        self._drawing = CaseDelegate(self)
        self._empty_words = ""
        self._shown: frozenset[Column] = frozenset()
        self._narrow = False
        self.setModel(model)
        self.setItemDelegate(self._drawing)
        self.setAccessibleName("案件列表")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        upright = self.verticalHeader()
        upright.hide()
        upright.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        level = self.horizontalHeader()
        level.setHighlightSections(False)
        level.setSectionsClickable(True)
        level.setSortIndicator(Column.DUE, Qt.SortOrder.AscendingOrder)
        level.setSortIndicatorShown(True)
        level.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        level.sortIndicatorChanged.connect(model.sort)
        self.doubleClicked.connect(self._on_double_click)
        self._arrange()

    @property
    def compact(self) -> bool:
        """Whether the rows have two lines."""
        return self._drawing.compact

    def say_when_empty(self, words: str) -> None:
        """Set what stands in the table when no case does."""
        self._empty_words = words
        self.viewport().update()

    # ------------------------------------------------------------------------------------ width

    def sizeHint(self) -> QSize:
        """Wide enough for the compact shape."""
        return QSize(self._compact_width(), self.fontMetrics().height() * 24)

    def minimumSizeHint(self) -> QSize:
        """Narrower is of no use."""
        return QSize(self.fontMetrics().horizontalAdvance("案") * 22, 0)

    def _compact_width(self) -> int:
        metrics = self.fontMetrics()
        samples = (_SAMPLES[Column.CASE_NO], _COMPACT_SAMPLES[Column.DUE])
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        return sum(self._width(metrics, text) for text in samples) + bar * 2

    def _shown_columns(self) -> frozenset[Column]:
        """The columns there is room for."""
        if self.width() >= self._wide_width():
            return frozenset(Column)
        node = self._width(self.fontMetrics(), _COMPACT_SAMPLES[Column.NODE])
        if self.width() >= self._compact_width() + node:
            return _ALWAYS | {Column.NODE}
        return _ALWAYS

    def _wide_width(self) -> int:
        metrics = self.fontMetrics()
        return sum(self._width(metrics, text) for text in _SAMPLES.values())

    @staticmethod
    def _width(metrics: QFontMetrics, text: str) -> int:
        return metrics.horizontalAdvance(text) + round(metrics.height() * 1.3)

    def _is_narrow(self) -> bool:
        return self.width() < self._compact_width()

    def _due_width(self) -> int:
        """Width of the due words in the compact shape: all of them where the case numbers allow."""
        metrics = self.fontMetrics()
        if self._is_narrow():
            return self._width(metrics, _NARROW_SAMPLE)
        others = self._width(metrics, _SAMPLES[Column.CASE_NO])
        if Column.NODE in self._shown:
            others += self._width(metrics, _COMPACT_SAMPLES[Column.NODE])
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        least = self._width(metrics, _COMPACT_SAMPLES[Column.DUE])
        most = self._width(metrics, _FULL_DUE)
        return min(max(self.width() - others - bar * 2, least), most)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the shape that fits."""
        super().resizeEvent(event)
        if self._shown_columns() != self._shown or self._is_narrow() != self._narrow:
            self._arrange()
        elif self.compact:
            self.horizontalHeader().resizeSection(Column.DUE, self._due_width())

    def changeEvent(self, event: QEvent) -> None:
        """Follow a font that changed."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self.model() is not None:
            self._arrange()

    def _arrange(self) -> None:
        self._shown = self._shown_columns()
        metrics, compact = self.fontMetrics(), len(self._shown) < len(Column)
        self._drawing.compact = compact
        self._narrow = self._is_narrow()
        self._cases.set_compact(compact)
        self.verticalHeader().setDefaultSectionSize(row_height(metrics, compact=compact))
        level = self.horizontalHeader()
        stretched = Column.CASE_NO if compact else Column.PARTIES
        for column in Column:
            self.setColumnHidden(column, column not in self._shown)
            sample = _COMPACT_SAMPLES.get(column) if compact else None
            width = self._width(metrics, sample or _SAMPLES[column])
            if column == Column.DUE and compact:
                width = self._due_width()
            head = self._width(metrics, HEADERS[column] + "　")
            mode = QHeaderView.ResizeMode
            level.setSectionResizeMode(
                column, mode.Stretch if column == stretched else mode.Interactive
            )
            if column != stretched:
                level.resizeSection(column, width if compact else max(width, head))
        self.viewport().update()

    # ---------------------------------------------------------------------------------- keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the case."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.activated_row.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def _on_double_click(self) -> None:
        self.activated_row.emit(self.currentIndex().row())

    # ------------------------------------------------------------------------------------ drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows, or say why there are none."""
        super().paintEvent(event)
        if self._cases.total or not self._empty_words:
            return
        painter = QPainter(self.viewport())
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        margin = self.fontMetrics().height()
        room = self.viewport().rect().adjusted(margin, margin, -margin, -margin)
        flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
        painter.drawText(room, flags, self._empty_words)
        painter.end()
