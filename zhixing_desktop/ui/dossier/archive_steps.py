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
    QSizePolicy,
    QStackedWidget,
    QWidget,
)

from zhixing_desktop.services.archive_types import HANDED, MADE, PACK, RECEIVE, PackageLine
from zhixing_desktop.services.archive_waiting import ArchiveState
from zhixing_desktop.ui.dossier.frame import offer
from zhixing_desktop.ui.forms.parts import em
from zhixing_desktop.ui.office.pieces import plain_button

_NONE, _HAND, _SETTLE = range(3)
_STEPS = {MADE: _HAND, HANDED: _SETTLE}


class ArchiveSteps(QStackedWidget):
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
        for page in (QWidget(self), self._hand_page(), self._settle_page()):
            self.addWidget(page)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setVisible(False)
        for field in (self.number, self.receipt):
            field.textChanged.connect(self._typed)
        self.points.textChanged.connect(self._typed)
        self.uploaded.toggled.connect(self._typed)
        self.uploaded_on.dateChanged.connect(self._typed)

    def _hand_page(self) -> QWidget:
        page = QWidget(self)
        form = QFormLayout(page)
        form.setContentsMargins(0, 0, 0, 0)
        self.uploaded = QCheckBox("影像卷宗已经上传档案系统，日期", page)
        self.uploaded_on = QDateEdit(page)
        self.uploaded_on.setCalendarPopup(True)
        self.uploaded_on.setDisplayFormat("yyyy年M月d日")
        self.uploaded_on.setAccessibleName("影像卷宗上传日期")
        self.hand_button = plain_button("登记移交", self.handed.emit, page)
        line = QHBoxLayout()
        line.addWidget(self.uploaded_on)
        line.addStretch(1)
        line.addWidget(self.hand_button)
        form.addRow(self.uploaded, line)
        return page

    def _settle_page(self) -> QWidget:
        page = QWidget(self)
        form = QFormLayout(page)
        form.setContentsMargins(0, 0, 0, 0)
        self.number = QLineEdit(page)
        self.number.setAccessibleName("归档号")
        self.receipt = QLineEdit(page)
        self.receipt.setAccessibleName("回执说明")
        self.receive_button = plain_button("登记接收", self.received.emit, page)
        self.points = QPlainTextEdit(page)
        self.points.setAccessibleName("退回的问题，一行一条")
        self.points.setPlaceholderText("退回的问题，一行一条")
        self.points.setTabChangesFocus(True)
        self.points.setMaximumHeight(em(self, 5))
        self.return_button = plain_button("登记退回", self.returned.emit, page)
        rows: tuple[tuple[str, QWidget, QPushButton | None], ...] = (
            ("归档号", self.number, None),
            ("回执说明", self.receipt, self.receive_button),
            ("退回", self.points, self.return_button),
        )
        for words, field, button in rows:
            line = QHBoxLayout()
            line.addWidget(field, 1)
            if button is not None:
                line.addWidget(button)
            form.addRow(words, line)
        return page

    # ------------------------------------------------------------------------------- showing

    def arm(self, state: ArchiveState | None, line: PackageLine | None, busy: str = "") -> None:
        """Show the step that is due for a package; ``busy`` says why nothing can be done now."""
        newest = state.packages[0] if state is not None and state.packages else None
        step = _STEPS.get(line.state, _NONE) if line is not None and line == newest else _NONE
        if state is not None and line is not None:
            self._set_days(state, line)
            self._why = busy or state.refused.get(PACK if step == _HAND else RECEIVE, "")
            if step == _HAND and state.outdated and not self._why:
                self._why = "制作归档包以后，卷宗又有材料入卷或者变动，请重新制作归档包"
        self.setCurrentIndex(step)
        self.setVisible(step != _NONE)
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
