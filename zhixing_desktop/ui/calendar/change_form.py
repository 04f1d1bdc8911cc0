"""The form beside the year: which days become what, on what ground; or a notice to be entered."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services.calendar import Change, DaysChange, NoticeChange
from zhixing_desktop.ui.calendar.day_looks import source_of
from zhixing_desktop.ui.forms.dates import DateEditor
from zhixing_desktop.ui.forms.parts import Link, Words
from zhixing_desktop.workflow.calendar import CalendarSheet, CourtCalendar
from zhixing_desktop.workflow.errors import InputRefusedError, Problem

_KINDS = (("rest", "休息"), ("work", "上班"), ("table", "撤销本院设定"))


class ChangeForm(QWidget):
    """``edited`` after every change; ``days_typed`` with the first and last day; ``notice_left``
    when the person gives an import up."""

    edited = Signal()
    days_typed = Signal(object, object)
    notice_left = Signal()

    def __init__(self, now: datetime, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet: CalendarSheet | None = None
        self.heading = Words(bold=True, scale=1.15)
        self.source = Words(tone="muted")
        self.first = DateEditor(now)
        self.last = DateEditor(now)
        self.first.setAccessibleName("开始日期")
        self.last.setAccessibleName("结束日期")
        self.kinds: dict[str, QRadioButton] = {}
        self.name = QLineEdit(self)
        self.reason = QLineEdit(self)
        self.paper = QLineEdit(self)
        self.back = Link("不导入了", self)
        self._lay_out()
        self.first.edited.connect(self._days_edited)
        self.last.edited.connect(self._days_edited)
        for line in (self.name, self.reason, self.paper):
            line.textEdited.connect(self.edited)
        self.back.clicked.connect(self.notice_left)
        self.back.hide()

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.heading)
        box.addWidget(self.source)
        box.addWidget(self.back)
        self._rows = rows = QFormLayout()
        rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        rows.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        kinds = QWidget(self)
        line = QHBoxLayout(kinds)
        line.setContentsMargins(0, 0, 0, 0)
        group = QButtonGroup(self)
        for kind, words in _KINDS:
            button = QRadioButton(words, kinds)
            button.clicked.connect(self._kind_chosen)
            group.addButton(button)
            line.addWidget(button)
            self.kinds[kind] = button
        line.addStretch(1)
        self.kinds["rest"].setChecked(True)
        self._kind_line = kinds
        self.name.setPlaceholderText("如 春节、停电，可以不填")
        self.reason.setPlaceholderText("依据的通知或者理由（至少四个字）")
        self.paper.setPlaceholderText("依据的文号，可以不填")
        rows.addRow("从", self.first)
        rows.addRow("到", self.last)
        rows.addRow("改为", kinds)
        rows.addRow("名称", self.name)
        rows.addRow("理由", self.reason)
        rows.addRow("文号", self.paper)
        box.addLayout(rows)

    # ------------------------------------------------------------------------------- content

    def show_days(self, calendar: CourtCalendar, first: date, last: date) -> None:
        """Show some days as they stand; nothing that was typed as a reason is lost."""
        if self.first.value() != f"{first}":
            self.first.set_value(f"{first}")
        if self.last.value() != f"{last}":
            self.last.set_value(f"{last}")
        self._describe(calendar, first, last)

    def _describe(self, calendar: CourtCalendar, first: date, last: date) -> None:
        if self._sheet is not None:
            return
        if first == last:
            works = "上班" if calendar.is_workday(first) else "休息"
            self.heading.setText(f"{calendar.describe(first)}　{works}")
            self.source.setText(f"依据　{source_of(calendar, first)}")
            return
        count = (last - first).days + 1
        days = [date.fromordinal(first.toordinal() + number) for number in range(count)]
        works_on = sum(calendar.is_workday(day) for day in days)
        self.heading.setText(f"{first} 至 {last}，共{count}天")
        self.source.setText(f"目前上班{works_on}天、休息{count - works_on}天")

    def show_notice(self, sheet: CalendarSheet, file: str) -> None:
        """Show a table that was read, to be entered."""
        self._sheet = sheet
        years = "、".join(f"{year.year}年" for year in sheet.years)
        rests = sum(row.kind == "rest" for row in sheet.days)
        self.heading.setText(f"导入{years}放假安排")
        sources = "；".join(dict.fromkeys(year.source for year in sheet.years))
        self.source.setText(
            f"{sources}\n放假{rests}天，调休上班{len(sheet.days) - rests}天　文件　{file}"
        )
        self._show_rows(notice=True)
        if not self.reason.text():
            self.reason.setText("放假安排已经公布")
        self.edited.emit()

    def leave_notice(self) -> None:
        """Back to single days."""
        if self._sheet is not None:
            self._sheet = None
            self.reason.clear()
            self._show_rows(notice=False)

    @property
    def is_notice(self) -> bool:
        """Whether a table is about to be entered."""
        return self._sheet is not None

    def _show_rows(self, *, notice: bool) -> None:
        for widget in (self.first, self.last, self._kind_line, self.name, self.paper):
            self._rows.setRowVisible(widget, not notice)
        self.back.setVisible(notice)

    def change(self) -> Change:
        """Return what is wished; :class:`InputRefusedError` where the days are no days."""
        reason = self.reason.text().strip()
        if self._sheet is not None:
            return NoticeChange(self._sheet, reason)
        first, last = self.first.moment(), self.last.moment()
        if first is None or last is None:
            sentence = "请填写开始日期和结束日期，例如 2026-02-16"
            raise InputRefusedError("日历没有修改", [Problem("日期", sentence)])
        kind = next(kind for kind, button in self.kinds.items() if button.isChecked())
        return DaysChange(
            first.date(),
            last.date(),
            kind,
            self.name.text().strip() if kind != "table" else "",
            reason,
            self.paper.text().strip(),
        )

    def clear_reasons(self) -> None:
        """Empty what belongs to a change that has been made."""
        for line in (self.name, self.reason, self.paper):
            line.clear()

    # ---------------------------------------------------------------------------- behaviour

    def _kind_chosen(self) -> None:
        self.name.setEnabled(not self.kinds["table"].isChecked())
        self.edited.emit()

    def _days_edited(self) -> None:
        self.edited.emit()
        first, last = self.first.moment(), self.last.moment()
        if first is not None and last is not None and first <= last:
            self.days_typed.emit(first.date(), last.date())
