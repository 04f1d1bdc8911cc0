"""What time alone would bring: the case at a later day if nothing is done until then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import cases
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.fact_words import subject_words
from zhixing_desktop.ui.alert_panel import STEP_STATES, STEP_WORDS
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.dates import DateEditor
from zhixing_desktop.ui.forms.parts import Box, Mark, Words, em
from zhixing_desktop.ui.icons import state_icon
from zhixing_desktop.ui.theme import theme_for
from zhixing_desktop.workflow.subjects import CASE
from zhixing_desktop.workflow.views import AgendaStep

COLUMNS = ("时间", "节点", "对象", "将会发生", "完成时限")
_WIDTHS = (9, 11, 10, 7)
_SHOWN_ROWS = 6
_DEFAULT_DAYS = 30
FARTHEST = timedelta(days=365 * 10)


@dataclass(frozen=True, slots=True)
class Forecast:
    """A case at a later moment, and what happens until then, in order."""

    now: datetime
    case: CaseDetail
    steps: tuple[AgendaStep, ...]


def forecast(bureau: Bureau, actor: Actor, case_id: int, day: datetime) -> Forecast:
    """Compute how a case stands at the end of ``day`` if nothing is done until then."""
    present = cases.detail(bureau, actor, case_id)
    until = datetime.combine(day.date(), time(23, 59, 59))
    later = cases.detail(bureau, actor, case_id, at=until)
    steps = tuple(step for step in later.view.agenda if present.now < step.at <= until)
    return Forecast(present.now, later, steps)


class SimulatorBar(QWidget):
    """``simulated`` carries the :class:`CaseDetail` at that day, ``None`` for now."""

    simulated = Signal(object)

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: Callable[[], Actor],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._bureau, self._bridge, self._actor = bureau, bridge, actor_of
        self._case_id: int | None = None
        self._asked = 0
        self.forecast: Forecast | None = None
        # Until the database has told its time nothing can be computed.
        self._now = datetime(2000, 1, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(6, 4, 6, 4)
        self.frame = Box("calm", self)
        box.addWidget(self.frame)
        box.addStretch(1)
        inner = QVBoxLayout(self.frame)
        inner.setContentsMargins(10, 6, 10, 6)
        line = QHBoxLayout()
        line.addWidget(Mark("假如到"))
        self.day = DateEditor(self._now)
        self.day.setAccessibleName("推演到哪一天")
        self.day.line.returnPressed.connect(self.run)
        line.addWidget(self.day)
        line.addWidget(Mark("为止什么都不办"))
        self.go = QPushButton("推演", self)
        self.clear_button = QPushButton("返回现在", self)
        for button in (self.go, self.clear_button):
            button.setAutoDefault(False)
            line.addWidget(button)
        self.go.clicked.connect(self.run)
        self.clear_button.clicked.connect(self.clear)
        line.addStretch(1)
        inner.addLayout(line)
        self.words = Words(bold=True)
        self.words.hide()
        inner.addWidget(self.words)
        self.table = QTableWidget(0, len(COLUMNS), self)
        self._dress_table()
        self.table.hide()
        inner.addWidget(self.table)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._refresh()

    def _dress_table(self) -> None:
        table = self.table
        table.setHorizontalHeaderLabels(COLUMNS)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setAlternatingRowColors(True)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setAccessibleName("到那时为止将会发生的事")
        table.verticalHeader().hide()
        height = self.fontMetrics().height() + 6
        table.verticalHeader().setDefaultSectionSize(height)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        for column, chars in enumerate(_WIDTHS):
            table.setColumnWidth(column, em(self, chars))

    # ------------------------------------------------------------------------------- showing

    def show_case(self, case_id: int | None) -> None:
        """Take another case; a simulation of the one before ends."""
        if case_id == self._case_id:
            return
        self._case_id = case_id
        self.clear()
        if case_id is not None:
            self._bridge.read(self, self._bureau.database.now, self._set_now)

    def _set_now(self, now: datetime) -> None:
        self._now = now
        self.day.set_today(now)

    @property
    def running(self) -> bool:
        """Whether what is shown is a simulation."""
        return self.forecast is not None

    def run(self) -> None:
        """Compute the case at the chosen day, off the GUI thread."""
        if self._case_id is None:
            return
        if self.day.value() is None:
            self.day.set_value(f"{self._now + timedelta(days=_DEFAULT_DAYS):%Y-%m-%d}")
        day = self.day.moment()
        now = self._now
        problem = ""
        if day is None:
            problem = "请填写日期，例如 2024-06-30"
        elif day.date() < now.date():
            problem = "只能推演今天以后的日期"
        elif day - now > FARTHEST:
            problem = "最多推演十年"
        if problem or day is None:
            self._say(problem, "bad")
            return
        self._asked += 1
        ticket, bureau, case_id, target = self._asked, self._bureau, self._case_id, day
        actor = self._actor()
        self.go.setEnabled(False)
        self._bridge.read(
            self,
            lambda: (ticket, forecast(bureau, actor, case_id, target)),
            self._arrived,
            self._failed,
        )

    def clear(self) -> None:
        """Return to now."""
        self._asked += 1
        was = self.running
        self.forecast = None
        self.go.setEnabled(True)
        self._refresh()
        if was:
            self.simulated.emit(None)

    def _arrived(self, answer: tuple[int, Forecast]) -> None:
        ticket, found = answer
        if ticket != self._asked:
            return
        self.go.setEnabled(True)
        self._set_now(found.now)
        self.forecast = found
        self._refresh()
        self.simulated.emit(found.case)

    def _failed(self, error: Exception) -> None:
        self.go.setEnabled(True)
        self._bridge.failed.emit(error)

    def _say(self, words: str, tone: str) -> None:
        self.words.set_tone(tone)
        self.words.setText(words)
        self.words.setVisible(bool(words))

    def _refresh(self) -> None:
        found = self.forecast
        self.clear_button.setEnabled(found is not None)
        self.frame.set_strength("loud" if found is not None else "calm")
        self.table.setVisible(found is not None and bool(found.steps))
        if found is None:
            self._say("", "plain")
            return
        until = found.case.now
        state = found.case.view.state.label
        count = (
            f"期间将发生{len(found.steps)}件事" if found.steps else "期间没有新的预警、逾期或者冻结"
        )
        self._say(f"模拟：{until:%Y年%m月%d日}终了时，案件为“{state}”，{count}。", "bad")
        self._fill(found)

    def _fill(self, found: Forecast) -> None:
        ctx = found.case.context
        theme, ratio = theme_for(self.palette()), self.devicePixelRatioF()
        table = self.table
        table.setRowCount(len(found.steps))
        height = table.verticalHeader().defaultSectionSize() * min(len(found.steps), _SHOWN_ROWS)
        room = table.horizontalHeader().sizeHint().height() + table.horizontalScrollBar().height()
        table.setFixedHeight(height + room + 2 * table.frameWidth())
        for at, step in enumerate(found.steps):
            spec = ctx.rulebook.nodes[step.key.node]
            subject = step.key.subject
            limit = ctx.rulebook.limit(step.limit_id).words() if step.limit_id else ""
            texts = (
                f"{step.at:%Y-%m-%d %H:%M}",
                f"{spec.number} {spec.name}",
                "" if subject == CASE else subject_words(ctx.index.name_of, subject),
                STEP_WORDS[step.step],
                f"{limit}，{step.due_at:%Y-%m-%d %H:%M}届满" if limit else "",
            )
            for column, text in enumerate(texts):
                cell = QTableWidgetItem(text)
                cell.setToolTip(text)
                if column == 3:
                    cell.setIcon(state_icon(theme, STEP_STATES[step.step], 16, ratio))
                self.table.setItem(at, column, cell)
