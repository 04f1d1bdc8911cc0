"""What is entered when a package goes to the archive: the upload's day, the receipt, the points."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDateEdit,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from zhixing_desktop.services.archive_types import (
    HANDED,
    MADE,
    PACK,
    RECEIVE,
    RECEIVED,
    PackageLine,
)
from zhixing_desktop.services.archive_waiting import ArchiveState
from zhixing_desktop.ui.dossier.frame import offer
from zhixing_desktop.ui.flow_layout import FlowLayout
from zhixing_desktop.ui.forms.parts import em
from zhixing_desktop.ui.office.pieces import plain_button

_UPLOADED, _NUMBER, _RECEIPT, _POINTS = range(4)
_ROWS = {
    MADE: (_UPLOADED,),
    HANDED: (_UPLOADED, _NUMBER, _RECEIPT, _POINTS),
    RECEIVED: (_POINTS,),
}
"""By the state of a package, what can be entered; a received one can still be returned."""


class ArchiveSteps(QWidget):
    """Shows the step that a package waits for, grey for whoever may not take it.

    ``edited`` when something was typed; ``handed``, ``received``, ``returned`` when a button was
    pressed that records it.
    """

    edited = Signal()
    handed = Signal()
    received = Signal()
    returned = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._why = ""
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self.uploaded = QCheckBox("影像卷宗已经上传档案系统，日期", self)
        self.uploaded_on = QDateEdit(self)
        self.uploaded_on.setCalendarPopup(True)
        self.uploaded_on.setDisplayFormat("yyyy年M月d日")
        self.uploaded_on.setAccessibleName("影像卷宗上传日期")
        self.hand_button = plain_button("登记移交", self.handed.emit, self)
        self._add_uploaded()
        self.number = QLineEdit(self)
        self.number.setAccessibleName("归档号")
        self._form.addRow("归档号", self.number)
        self.receipt = QLineEdit(self)
        self.receipt.setAccessibleName("回执说明")
        self.receive_button = plain_button("登记接收", self.received.emit, self)
        self._add("回执说明", self.receipt, self.receive_button)
        self.points = QPlainTextEdit(self)
        self.points.setAccessibleName("退回的问题，一行一条")
        self.points.setPlaceholderText("退回的问题，一行一条")
        self.points.setTabChangesFocus(True)
        self.points.setMaximumHeight(em(self, 5))
        self.return_button = plain_button("登记退回", self.returned.emit, self)
        self._add("退回", self.points, self.return_button)
        self.setVisible(False)
        for field in (self.number, self.receipt):
            field.textChanged.connect(self._typed)
        self.points.textChanged.connect(self._typed)
        self.uploaded.toggled.connect(self._typed)
        self.uploaded_on.dateChanged.connect(self._typed)

    def _add_uploaded(self) -> None:
        holder = QWidget(self)
        flow = FlowLayout(holder)
        flow.setSpacing(em(self, 0.6))
        for widget in (self.uploaded, self.uploaded_on, self.hand_button):
            flow.addWidget(widget)
        self._form.addRow(holder)

    def _add(self, words: str, field: QWidget, button: QPushButton) -> None:
        line = QHBoxLayout()
        line.addWidget(field, 1)
        line.addWidget(button)
        self._form.addRow(words, line)

    # ------------------------------------------------------------------------------- showing

    def arm(self, state: ArchiveState | None, line: PackageLine | None, busy: str = "") -> None:
        """Show the step that is due for a package; ``busy`` says why nothing can be done now."""
        newest = state.packages[0] if state is not None and state.packages else None
        rows = _ROWS.get(line.state, ()) if line is not None and line == newest else ()
        if state is not None and line is not None:
            self._set_days(state, line)
            self._why = busy or state.refused.get(PACK if line.state == MADE else RECEIVE, "")
            if line.state == MADE and state.outdated and not self._why:
                self._why = "制作归档包以后，卷宗又有材料入卷或者变动，请重新制作归档包"
        for row in range(self._form.rowCount()):
            self._form.setRowVisible(row, row in rows)
        # Its row is shown with the receipt, too, for a day that was not said at the hand-over.
        self.hand_button.setVisible(line is not None and line.state == MADE)
        self.setVisible(bool(rows))
        self._arm()

    def _set_days(self, state: ArchiveState, line: PackageLine) -> None:
        today = QDate(state.today.year, state.today.month, state.today.day)
        self.uploaded_on.blockSignals(True)
        self.uploaded_on.setMaximumDate(today)
        if not self.uploaded.isChecked():
            day = line.made_at
            self.uploaded_on.setDate(QDate(day.year, day.month, day.day))
        self.uploaded_on.blockSignals(False)

    def _arm(self) -> None:
        offer(self.hand_button, self._why)
        offer(self.receive_button, self._why, "" if self.number.text().strip() else "请填写归档号")
        offer(self.return_button, self._why, "" if self.told else "请逐条写明退回的问题")
        for field in (self.uploaded, self.number, self.receipt, self.points):
            field.setEnabled(not self._why)
        self.uploaded_on.setEnabled(not self._why and self.uploaded.isChecked())

    def _typed(self) -> None:
        self._arm()
        self.edited.emit()

    # ------------------------------------------------------------------------------- what was said

    @property
    def uploaded_day(self) -> date | None:
        """The day on which the image dossier was uploaded, ``None`` where it was not."""
        said = self.uploaded_on.date()
        return date(said.year(), said.month(), said.day()) if self.uploaded.isChecked() else None

    @property
    def told(self) -> list[str]:
        """The points for which the archive returns it."""
        return [one for one in self.points.toPlainText().splitlines() if one.strip()]

    def body(self) -> dict[str, Any]:
        """Return what was typed, to be kept; empty where nothing was."""
        day = self.uploaded_day
        said = {
            "uploaded_on": day.isoformat() if day is not None else "",
            "number": self.number.text(),
            "receipt": self.receipt.text(),
            "points": self.points.toPlainText(),
        }
        return {name: words for name, words in said.items() if words.strip()}

    def put(self, body: Mapping[str, Any]) -> None:
        """Put back what was kept."""
        day = str(body.get("uploaded_on", ""))
        if day:
            self.uploaded_on.setDate(QDate.fromString(day, "yyyy-MM-dd"))
        self.uploaded.setChecked(bool(day))
        self.number.setText(str(body.get("number", "")))
        self.receipt.setText(str(body.get("receipt", "")))
        self.points.setPlainText(str(body.get("points", "")))

    def clear(self) -> None:
        """Take away what was typed: it is recorded, or of another case."""
        self.put({})
