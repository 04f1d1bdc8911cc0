"""The window of the court's calendar: see a year, try a change, save it, see what has moved."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from PySide6.QtCore import QIODevice, QSaveFile, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import calendar as calendar_service
from zhixing_desktop.services import recompute as recompute_service
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.calendar import CalendarCancelledError, Change
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.calendar.change_form import ChangeForm
from zhixing_desktop.ui.calendar.day_looks import year_words
from zhixing_desktop.ui.calendar.moves import SHOWN, Moves, MovesTable, moves_of, rows_of
from zhixing_desktop.ui.calendar.printing import YearPreview
from zhixing_desktop.ui.calendar.year_view import YearView
from zhixing_desktop.ui.forms.parts import Words, em
from zhixing_desktop.workflow.calendar import CalendarSheet, CourtCalendar, day_words
from zhixing_desktop.workflow.errors import InputRefusedError, StoreError, ZhixingError

FIRST_YEAR, LAST_YEAR = 2004, 2100
_WIDE = 48
"""Narrower than this many characters the form stands below the months."""
_TABLES = "放假安排表 (*.xlsx *.csv)"
_FRESH = "在左边选择一天，或者拖动选择几天；填写理由后先“试算”，看哪些时限会变动，再保存。"


class CalendarWindow(QDialog):
    """Opens beside the main window.

    ``actor`` tells who works here; ``now`` is the present moment.
    """

    help_page = "calendar"
    _progressed = Signal(int, int)
    _entered = Signal()

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor: Callable[[], Actor],
        now: datetime,
        *,
        parent: QWidget,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._bureau, self._bridge, self._actor = bureau, bridge, actor
        self._now = now
        self._calendar: CourtCalendar | None = None
        self._tried: tuple[Change, int | None] | None = None
        self._stop = threading.Event()
        self._busy = ""
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("工作日历")
        self._make_widgets()
        self._lay_out()
        self._connect()
        self._read()

    # ------------------------------------------------------------------------------ building

    def _make_widgets(self) -> None:
        self.year = QSpinBox(self)
        self.year.setRange(FIRST_YEAR, LAST_YEAR)
        self.year.setValue(self._now.year)
        self.year.setSuffix("年")
        self.year.setAccessibleName("年度")
        self.before = QPushButton("上一年", self)
        self.after = QPushButton("下一年", self)
        self.bring = QPushButton("导入放假安排…", self)
        self.blank = QPushButton("保存空白表…", self)
        self.print_button = QPushButton("打印…", self)
        self.state = Words(bold=True)
        self.notice = Words(tone="muted")
        self.view = YearView(self)
        self.form = ChangeForm(self._now, self)
        self.try_button = QPushButton("试算", self)
        self.save_button = QPushButton("保存", self)
        self.stop_button = QPushButton("停止", self)
        self.progress = QProgressBar(self)
        self.words = Words(_FRESH)
        self.table = MovesTable(self)
        self.close_button = QPushButton("关闭", self)
        self.try_button.setToolTip("只计算，不保存（Ctrl+Enter）")
        self.save_button.setToolTip("保存，并重新计算全部案件（Ctrl+S）")
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
        for widget in (self.stop_button, self.progress, self.table):
            widget.hide()
        self.save_button.setEnabled(False)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        for widget in (self.before, self.year, self.after):
            head.addWidget(widget)
        head.addStretch(1)
        for widget in (self.bring, self.blank, self.print_button):
            head.addWidget(widget)
        self.area = _scrolling(self.view)
        side = QWidget(self)
        column = QVBoxLayout(side)
        column.addWidget(self.form)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for widget in (self.stop_button, self.try_button, self.save_button):
            buttons.addWidget(widget)
        column.addLayout(buttons)
        column.addWidget(self.progress)
        column.addWidget(self.words)
        column.addWidget(self.table, 1)
        column.addStretch(0)
        self.table.setMinimumHeight(self.fontMetrics().height() * 8)
        self.parts = QSplitter(Qt.Orientation.Horizontal, self)
        self.side = _scrolling(side)
        self.area.setMinimumWidth(self.view.minimumSizeHint().width() + em(self, 2))
        self.side.setMinimumWidth(em(self, 25))
        self.parts.addWidget(self.area)
        self.parts.addWidget(self.side)
        self.parts.setStretchFactor(0, 1)
        self.parts.setChildrenCollapsible(False)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        box = QVBoxLayout(self)
        box.addLayout(head)
        box.addWidget(self.state)
        box.addWidget(self.notice)
        box.addWidget(self.parts, 1)
        box.addLayout(foot)
        room = self.screen().availableGeometry()
        wanted = (em(self, 92), em(self, 60))
        self.setMinimumSize(em(self, 36), em(self, 22))
        self.resize(min(wanted[0], room.width()), min(wanted[1], room.height() - em(self, 3)))
        side_width = max(em(self, 26), self.width() * 34 // 100)
        self.parts.setSizes([self.width() - side_width, side_width])

    def _connect(self) -> None:
        self.year.valueChanged.connect(self._show_year)
        self.before.clicked.connect(self.year.stepDown)
        self.after.clicked.connect(self.year.stepUp)
        self.view.chosen.connect(self._days_chosen)
        self.form.days_typed.connect(self._days_typed)
        self.form.edited.connect(self._forget)
        self.form.notice_left.connect(self._leave_notice)
        self.bring.clicked.connect(self._ask_file)
        self.blank.clicked.connect(self._ask_blank)
        self.print_button.clicked.connect(self.print_preview)
        self.try_button.clicked.connect(self.try_out)
        self.save_button.clicked.connect(self.save)
        self.stop_button.clicked.connect(self.stop)
        self.close_button.clicked.connect(self.reject)
        queued = Qt.ConnectionType.QueuedConnection
        self._progressed.connect(self._show_progress, queued)
        self._entered.connect(self._on_entered, queued)
        for keys, slot in (
            ("Ctrl+Return", self.try_out),
            ("Ctrl+Enter", self.try_out),
            ("Ctrl+S", self.save),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(slot)

    # ------------------------------------------------------------------------------- showing

    def _read(self) -> None:
        bureau = self._bureau
        self._bridge.read(
            self, lambda: calendar_service.read_calendar(bureau), self._show_calendar, self._failed
        )

    def _show_calendar(self, calendar: CourtCalendar) -> None:
        first = self._calendar is None
        self._calendar = calendar
        self._show_year()
        if first:
            today = self._now.date()
            self.view.choose(today, today)
            self.area.ensureVisible(*_centre(self.view, today))
            self.view.setFocus()
        else:
            self.form.show_days(calendar, *self.view.days)

    def _show_year(self) -> None:
        if self._calendar is None:
            return
        year = self.year.value()
        other = year != self.view.year
        self.view.show_year(self._calendar, year)
        self.state.setText(year_words(self._calendar, year))
        notice = self._calendar.notice(year)
        self.notice.setText(
            notice or "国务院放假安排公布后请导入；公布前按星期和法定节日计算，日期标为“暂定”。"
        )
        if other and not self.form.is_notice:
            self.form.show_days(self._calendar, *self.view.days)
            self._forget()
        if other:
            self.area.ensureVisible(*_centre(self.view, self.view.days[0]))

    def _days_chosen(self, first: date, last: date) -> None:
        if self._calendar is not None and not self.form.is_notice:
            self.form.show_days(self._calendar, first, last)
            self._forget()
            self.area.ensureVisible(*_centre(self.view, self.view.days[1]))

    def _days_typed(self, first: date, last: date) -> None:
        if self._calendar is None:
            return
        if FIRST_YEAR <= first.year <= LAST_YEAR:
            self.year.setValue(first.year)
            self.view.blockSignals(True)
            self.view.choose(first, last)
            self.view.blockSignals(False)
        self.form.show_days(self._calendar, first, last)

    def _forget(self) -> None:
        """What was tried is not what stands there any more."""
        self._tried = None
        self.save_button.setEnabled(False)
        self.table.hide()
        self._say(_FRESH)

    def _say(self, words: str, *, bad: bool = False) -> None:
        self.words.set_tone("bad" if bad else "plain")
        self.words.setText(words)

    # -------------------------------------------------------------------------------- acting

    def try_out(self) -> None:
        """Compute what would move; nothing is written."""
        if self._busy:
            return
        try:
            change = self.form.change()
            calendar_service.check(change)
        except InputRefusedError as error:
            self._refuse(error)
            return
        self._begin("正在试算……")
        bureau, actor = self._bureau, self._actor()
        tell, stopped = self._progressed.emit, self._stop.is_set

        def look() -> Moves:
            found = calendar_service.foresee(bureau, actor, change, tell, stopped)
            return moves_of(bureau.rules.book, found)

        self._bridge.read(self, look, lambda found: self._on_tried(change, found), self._failed)

    def _on_tried(self, change: Change, found: Moves) -> None:
        self._end()
        self._tried = (change, found.based_on)
        self.save_button.setEnabled(True)
        days = len(found.days)
        moved = f"{len(found.rows)}个时限将随之变动" if found.rows else "没有时限随之变动"
        lines = [f"试算结果：{days}天的上班、休息有变化，{moved}。尚未保存。"]
        lines += [f"· {self._turned(day.day)}" for day in found.days[:8]]
        if days > 8:
            lines.append(f"· 另有{days - 8}天")
        lines += [f"请核对：{words}" for words in found.warnings]
        self._say("\n".join(lines))
        self._show_rows(found.rows)
        self.save_button.setFocus()

    def _turned(self, day: date) -> str:
        assert self._calendar is not None
        rests = self._calendar.is_workday(day)
        return f"{day_words(day)}{'由上班改为休息' if rests else '由休息改为上班'}"

    def save(self) -> None:
        """Save what was tried; then bring all cases in line."""
        if self._busy or self._tried is None:
            return
        change, based_on = self._tried
        self._begin("正在保存……")
        bureau, actor = self._bureau, self._actor()
        tell, stopped, entered = self._progressed.emit, self._stop.is_set, self._entered.emit

        def work() -> Moves:
            if stopped():
                raise CalendarCancelledError
            calendar_service.save(bureau, actor, change, based_on=based_on)
            entered()
            moved = recompute_service.recompute(bureau, actor, tell)
            return Moves(rows_of(bureau.rules.book, moved))

        self._bridge.write(self, work, self._on_saved, self._failed)

    def _on_entered(self) -> None:
        """The calendar is changed: from here on there is no going back, only getting ready."""
        if self._busy:
            self.stop_button.setEnabled(False)
            self._say("日历已保存，正在重新计算案件的时限……")

    def _on_saved(self, done: Moves) -> None:
        self._end()
        self._tried = None
        self.save_button.setEnabled(False)
        self.form.leave_notice()
        self.form.clear_reasons()
        moved = f"{len(done.rows)}个时限已经变动" if done.rows else "没有时限变动"
        self._say(f"已保存，{moved}。每件案件的变动都记入了日志。")
        self._show_rows(done.rows)
        self._bridge.announce(Changes(alerts=True))
        self._read()

    def _show_rows(self, rows: tuple[tuple[str, ...], ...]) -> None:
        self.table.show_rows(rows)
        self.table.setVisible(bool(rows))
        if len(rows) > SHOWN:
            self.words.setText(f"{self.words.text()}\n（表中只列出前{SHOWN}个）")

    def stop(self) -> None:
        """Stop what runs, as long as nothing is saved."""
        self._stop.set()
        self.stop_button.setEnabled(False)
        self._say("正在停止……")

    def _begin(self, words: str) -> None:
        self._busy = words
        # Each run has its own flag: one that was told to stop must not hear the next one's.
        self._stop = threading.Event()
        self._say(words)
        self.progress.setRange(0, 0)
        self.stop_button.setEnabled(True)
        self._show_busy()

    def _end(self) -> None:
        self._busy = ""
        self._show_busy()

    def _show_busy(self) -> None:
        busy = bool(self._busy)
        self.progress.setVisible(busy)
        self.stop_button.setVisible(busy)
        self.view.locked = busy
        for widget in (self.form, self.try_button, self.bring, self.close_button, self.year):
            widget.setEnabled(not busy)
        self.save_button.setEnabled(not busy and self._tried is not None)

    def _show_progress(self, done: int, total: int) -> None:
        if self._busy:
            self.progress.setRange(0, max(total, 1))
            self.progress.setValue(done)
            self.progress.setFormat(f"{done} / {total} 件")

    def _failed(self, error: Exception) -> None:
        self._end()
        if isinstance(error, CalendarCancelledError):
            self._say("已停止，日历没有修改。")
        elif isinstance(error, InputRefusedError):
            self._refuse(error)
        elif isinstance(error, ZhixingError):
            self._tried = None
            self.save_button.setEnabled(False)
            self._say(error.sentence, bad=True)
            self._read()
        else:
            messages.show_error(self, error)

    def _refuse(self, error: InputRefusedError) -> None:
        problems = [f"· {messages.problem_words(p)}" for p in error.problems]
        self._say("\n".join([f"{error.sentence.rstrip('。')}：", *problems]), bad=True)

    # --------------------------------------------------------------------------------- files

    def _ask_file(self) -> None:
        dialog = QFileDialog(self, "选择放假安排表")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(_TABLES)
        dialog.fileSelected.connect(self.read_notice)
        dialog.open()

    def read_notice(self, chosen: str) -> None:
        """Read a year's table; it is entered only after trying and saving."""
        path = Path(chosen)
        self._begin("正在读取……")
        self.stop_button.hide()
        self._bridge.read(
            self,
            lambda: calendar_service.read_notice(path),
            lambda sheet: self._on_notice(sheet, path.name),
            self._failed,
        )

    def _on_notice(self, sheet: CalendarSheet, file: str) -> None:
        self._end()
        if sheet.years:
            self.year.setValue(sheet.years[0].year)
        self.form.show_notice(sheet, file)
        self.try_out()

    def _leave_notice(self) -> None:
        self.form.leave_notice()
        self._forget()
        if self._calendar is not None:
            self.form.show_days(self._calendar, *self.view.days)

    def _ask_blank(self) -> None:
        year = self.year.value()
        dialog = QFileDialog(self, "保存空白的放假安排表")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("Excel 工作簿 (*.xlsx)")
        dialog.setDefaultSuffix("xlsx")
        dialog.selectFile(f"{year}年放假安排.xlsx")
        dialog.fileSelected.connect(lambda chosen: self.save_blank(Path(chosen), year))
        dialog.open()

    def save_blank(self, path: Path, year: int) -> None:
        """Write an empty table for a year, with the statutory days that are known."""
        bureau = self._bureau
        self._bridge.read(
            self,
            lambda: _write(path, calendar_service.blank_table(bureau, year)),
            lambda _: self._say(f"空白表已保存：{path}"),
            self._failed,
        )

    def print_preview(self) -> YearPreview | None:
        """Open the print preview of the year that is shown."""
        if self._calendar is None:
            return None
        preview = YearPreview(self._calendar, self.year.value(), self)
        preview.open()
        return preview

    # ------------------------------------------------------------------------------- closing

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a field neither saves nor closes."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            return
        super().keyPressEvent(event)

    def reject(self) -> None:
        """Stop what runs first; close otherwise."""
        if self._busy:
            if self.stop_button.isEnabled():
                self.stop()
            return
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Treat the window's cross as Esc."""
        event.ignore()
        self.reject()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the form below the months where there is no room beside them."""
        super().resizeEvent(event)
        way = Qt.Orientation
        wanted = way.Horizontal if self.width() >= em(self, _WIDE) else way.Vertical
        if self.parts.orientation() != wanted:
            self.parts.setOrientation(wanted)


def _scrolling(inner: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inner)
    return area


def _centre(view: YearView, day: date) -> tuple[int, int, int, int]:
    place = view.place_of(day)
    return place.center().x(), place.center().y(), place.width() * 2, place.height() * 2


def _write(path: Path, content: bytes) -> None:
    file = QSaveFile(str(path))
    opened = file.open(QIODevice.OpenModeFlag.WriteOnly)
    if opened and file.write(content) == len(content) and file.commit():
        return
    raise StoreError(
        f"没有保存到“{path}”：{file.errorString()}。请换一个文件夹，或者先关闭已打开的同名文件。"
    )
