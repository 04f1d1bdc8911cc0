"""Days and moments: typed as people write them, or picked from a calendar; empty is allowed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Any

from PySide6.QtCore import QDate, QLocale, QPoint, Qt, QTime
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTimeEdit,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.ui.forms.editor import LineEditor
from zhixing_desktop.ui.forms.parts import IconButton
from zhixing_desktop.workflow.day_words import weekday_words

_WORDS = {"今天": 0, "今日": 0, "当天": 0, "昨天": -1, "昨日": -1, "前天": -2, "明天": 1}
_FULL = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_SHORT = re.compile(r"(\d{1,2})[-/.月](\d{1,2})日?")
_PLAIN = re.compile(r"(\d{4})(\d{2})(\d{2})")
_CLOCK = re.compile(r"(\d{1,2})(?:[:时点](\d{1,2})?分?)?(?::(\d{1,2})|(\d{1,2})秒)?")


def parse_day(text: str, today: date) -> date | None:
    """Read ``2024-3-5``, ``20240305``, ``2024年3月5日``, ``3-5`` (this year) or ``今天``."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    if plain in _WORDS:
        return today + timedelta(days=_WORDS[plain])
    for pattern in (_FULL, _PLAIN):
        found = pattern.fullmatch(plain)
        if found:
            return _day(*(int(part) for part in found.groups()))
    found = _SHORT.fullmatch(plain)
    return _day(today.year, int(found[1]), int(found[2])) if found else None


def parse_moment(text: str, today: date) -> tuple[datetime, bool] | None:
    """Read a day and a time of day; the flag tells whether the time was given."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("T", " ")
    day = parse_day(plain, today)
    if day is not None:
        return datetime.combine(day, time()), False
    head, _, tail = plain.rpartition(" ")
    if not head:
        found = re.fullmatch(r"(.*?日)(.+)", plain)
        head, tail = (found[1], found[2]) if found else ("", "")
    day = parse_day(head, today) if head else None
    clock = _CLOCK.fullmatch(tail) if day is not None else None
    if day is None or clock is None:
        return None
    seconds = clock[3] or clock[4] or "0"
    try:
        moment = time(int(clock[1]), int(clock[2] or 0), int(seconds))
    except ValueError:
        return None
    return datetime.combine(day, moment), True


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


class _Picker(QFrame):
    """A calendar (and a time of day) in a small window beside the field."""

    def __init__(self, owner: DateEditor, start: datetime, *, clock: bool) -> None:
        super().__init__(owner, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.Box)
        self._owner = owner
        box = QVBoxLayout(self)
        self.calendar = QCalendarWidget(self)
        self.calendar.setLocale(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
        self.calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.calendar.setGridVisible(False)
        self.calendar.setSelectedDate(QDate(start.year, start.month, start.day))
        self.calendar.activated.connect(self._chosen)
        box.addWidget(self.calendar)
        self.clock: QTimeEdit | None = None
        if clock:
            line = QHBoxLayout()
            self.clock = QTimeEdit(QTime(start.hour, start.minute), self)
            self.clock.setDisplayFormat("HH:mm")
            line.addWidget(QLabel("时刻", self))
            line.addWidget(self.clock)
            line.addStretch(1)
            done = QPushButton("确定", self)
            done.clicked.connect(self._chosen)
            line.addWidget(done)
            box.addLayout(line)
        else:
            self.calendar.clicked.connect(self._chosen)

    def _chosen(self, *_: object) -> None:
        picked = self.calendar.selectedDate()
        day = date(picked.year(), picked.month(), picked.day())
        when = time()
        if self.clock is not None:
            when = time(self.clock.time().hour(), self.clock.time().minute())
        self._owner.pick(datetime.combine(day, when))
        self.close()


class DateEditor(LineEditor):
    """A day.  ``free`` also takes words instead of a day (the reason why a paper is not made)."""

    chars = 9
    clock = False

    def __init__(
        self,
        today: datetime,
        placeholder: str = "年-月-日",
        parent: QWidget | None = None,
        *,
        free: bool = False,
    ) -> None:
        self._free = free
        if free:
            self.chars = 0
        super().__init__(placeholder, parent)
        self._today = today
        self.button = IconButton("calendar", "打开日历（Alt+↓）", self)
        self.button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.button.clicked.connect(self.open_calendar)
        self.row.insertWidget(1, self.button)
        self.picker: _Picker | None = None

    def set_today(self, today: datetime) -> None:
        """Take another moment as now, for 今天 and for days without a year."""
        self._today = today

    def value(self) -> Any:
        """Return ``2024-03-05``, else what was typed, for the rules to refuse (or a reason)."""
        text = self.line.text().strip()
        if not text:
            return None
        day = parse_day(text, self._today.date())
        return day.isoformat() if day is not None else text

    def set_value(self, value: Any) -> None:
        """Show a day."""
        self.line.setText("" if value is None else str(value))

    def set_locked(self, locked: bool) -> None:
        """Take the calendar away as well."""
        super().set_locked(locked)
        self.button.setVisible(not locked)

    def on_left(self) -> None:
        """Write the day in full."""
        if not self.line.isReadOnly():
            self.set_value(self.value())

    def hint(self) -> str:
        """Return the day of the week."""
        day = parse_day(self.line.text(), self._today.date())
        if day is None:
            return ""
        gap = (day - self._today.date()).days
        near = {0: "，今天", -1: "，昨天", 1: "，明天"}.get(gap, "")
        return f"{weekday_words(day)}{near}"

    def moment(self) -> datetime | None:
        """Return what stands there as a moment, ``None`` when it is none."""
        day = parse_day(self.line.text(), self._today.date())
        return datetime.combine(day, time()) if day is not None else None

    def pick(self, moment: datetime) -> None:
        """Take a day from the calendar."""
        self.set_value(f"{moment:%Y-%m-%d}")
        self.edited.emit()
        self.line.setFocus()

    def open_calendar(self) -> None:
        """Show the calendar beside the field."""
        self.picker = _Picker(self, self.moment() or self._today, clock=self.clock)
        self.picker.adjustSize()
        place = self.line.mapToGlobal(QPoint(0, self.line.height()))
        room = self.screen().availableGeometry()
        x = min(place.x(), room.right() - self.picker.width())
        below = place.y() + self.picker.height() <= room.bottom()
        y = place.y() if below else place.y() - self.line.height() - self.picker.height()
        self.picker.move(max(x, room.left()), max(y, room.top()))
        self.picker.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the calendar with Alt and the arrow, as a combo box does."""
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if event.key() == Qt.Key.Key_Down and alt and not self.line.isReadOnly():
            self.open_calendar()
            return
        super().keyPressEvent(event)


class MomentEditor(DateEditor):
    """A day and a time of day; a day alone counts as its first second, and says so."""

    chars = 12
    clock = True

    def __init__(
        self,
        today: datetime,
        placeholder: str = "年-月-日 时:分",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(today, placeholder, parent)

    def value(self) -> Any:
        """Return ``2024-03-05T09:30:00``, else what was typed."""
        text = self.line.text().strip()
        if not text:
            return None
        found = parse_moment(text, self._today.date())
        return found[0].isoformat() if found is not None else text

    def set_value(self, value: Any) -> None:
        """Show a moment; seconds only where there are some."""
        text = "" if value is None else str(value)
        found = parse_moment(text, self._today.date())
        if found is not None:
            form = "%Y-%m-%d %H:%M:%S" if found[0].second else "%Y-%m-%d %H:%M"
            text = f"{found[0]:{form}}" if found[1] else f"{found[0]:%Y-%m-%d}"
        self.line.setText(text)

    def moment(self) -> datetime | None:
        """Return what stands there as a moment, ``None`` when it is none."""
        found = parse_moment(self.line.text(), self._today.date())
        return found[0] if found is not None else None

    def hint(self) -> str:
        """Return the day of the week; ask for the time where it is missing."""
        found = parse_moment(self.line.text(), self._today.date())
        if found is None:
            return ""
        words = weekday_words(found[0].date())
        return words if found[1] else f"{words}；没有填时刻，按零时计算"

    def pick(self, moment: datetime) -> None:
        """Take a moment from the calendar."""
        self.set_value(moment.isoformat())
        self.edited.emit()
        self.line.setFocus()
