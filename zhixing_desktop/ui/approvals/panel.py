"""What waits for a person's decision: the list beside the one that is being decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from zhixing_desktop.services import approvals
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.chart_marks import Marks, case_marks
from zhixing_desktop.services.charts import load_charts
from zhixing_desktop.services.decision_phrases import phrases
from zhixing_desktop.services.decision_sheet import DecisionSheet, decision_sheet
from zhixing_desktop.services.fact_words import OUTCOMES, matter_words
from zhixing_desktop.services.waiting import (
    DECIDE,
    WaitingItem,
    WaitingQuery,
    waiting_by_matter,
    waiting_for,
)
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.approvals.decision_form import OUTCOME_WORDS, DecisionForm, Draft
from zhixing_desktop.ui.approvals.mini_chart import MiniChart
from zhixing_desktop.ui.approvals.sheet import SheetView
from zhixing_desktop.ui.approvals.waiting_list import Place, WaitingList, kind_of, place_of
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.forms.choices import CalmCombo
from zhixing_desktop.ui.forms.parts import Words, em
from zhixing_desktop.workflow.charts import Chart
from zhixing_desktop.workflow.errors import InputRefusedError, ZhixingError

PAGE = 200
OUTSIDE_WORDS = {"forward": "转报…", "read_back": "核对答复…"}
_NODES_CHART = 1
_HINT = "↑↓ 选择　1 批准　2 不批准　3 退回　4 转报、核对　空格 选中　Enter 打开案件"


@dataclass(frozen=True, slots=True)
class _Page:
    ticket: int
    items: tuple[WaitingItem, ...]
    matters: dict[str, int]
    now: datetime


@dataclass(frozen=True, slots=True)
class _Shown:
    place: Place
    sheet: DecisionSheet
    marks: Marks
    chart: Chart


@dataclass(frozen=True, slots=True)
class _Batch:
    done: tuple[Place, ...]
    failed: tuple[tuple[WaitingItem, str], ...]


class ApprovalPanel(QWidget):
    """``case_requested`` with case and node; ``counted`` with how many items wait in all."""

    case_requested = Signal(int, int)
    counted = Signal(int)

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: Callable[[], Actor],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._bureau, self._bridge, self._actor_of = bureau, bridge, actor_of
        self._asked = self._sheet_asked = 0
        self._wanted: Place | None = None
        self._row = 0
        self._drafts: dict[Place, Draft] = {}
        self._spare = ""
        self._targets: tuple[WaitingItem, ...] = ()
        self._busy = self._paging = False
        self._chart: Chart | None = None
        self.sheet: DecisionSheet | None = None
        self.content: SheetView | None = None
        self._build()
        self._connect()
        self._show_nothing("")

    # ------------------------------------------------------------------------------ building

    def _build(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(6, 6, 6, 6)
        side = QWidget(self)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        line = QHBoxLayout()
        self.filter = CalmCombo(self)
        self.filter.setAccessibleName("显示哪些事项")
        self.filter.addItem("全部事项", None)
        line.addWidget(self.filter, 1)
        self.count = Words(tone="muted", middle=True)
        line.addWidget(self.count, 1)
        column.addLayout(line)
        self.list = WaitingList(self._bureau.rules.book, self)
        column.addWidget(self.list, 1)
        self.said = Words(tone="muted")
        column.addWidget(self.said)
        self.hint = Words(_HINT, tone="muted")
        column.addWidget(self.hint)
        pane = QWidget(self)
        right = QVBoxLayout(pane)
        right.setContentsMargins(8, 0, 0, 0)
        self.area = QScrollArea(self)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        right.addWidget(self.area, 1)
        self.form = DecisionForm(self)
        right.addWidget(self.form)
        self.chart = MiniChart(self)
        self.chart.hide()
        self.split = QSplitter(Qt.Orientation.Horizontal, self)
        self.split.addWidget(side)
        self.split.addWidget(pane)
        self.split.setStretchFactor(1, 1)
        self.split.setChildrenCollapsible(False)
        self.split.setSizes([em(self, 28), em(self, 70)])
        side.setMinimumWidth(em(self, 18))
        pane.setMinimumWidth(em(self, 30))
        box.addWidget(self.split, 1)
        self.setFocusProxy(self.list)

    def _connect(self) -> None:
        self.filter.activated.connect(self.reload)
        self.list.selectionModel().currentChanged.connect(self._current)
        self.list.outcome_wanted.connect(self.choose)
        self.list.tick_wanted.connect(self._tick)
        self.list.case_wanted.connect(self._open_case)
        self.list.doubleClicked.connect(self._open_case)
        self.list.bottom_near.connect(self._next_page)
        self.form.chosen.connect(self.choose)
        self.form.outside_wanted.connect(self._outside)
        self.form.confirmed.connect(self.confirm)
        self.form.left.connect(self.leave_form)
        self._bridge.changed.connect(self._on_changes)

    # ----------------------------------------------------------------------------- the list

    def set_actor(self, _actor: Actor) -> None:
        """Somebody else works here now: nothing of the one before stays."""
        self._drafts.clear()
        self._spare, self._wanted, self._targets = "", None, ()
        self.list.waiting.seen.clear()
        self.list.waiting.ticked.clear()
        self.form.set_draft(Draft())
        self.form.close_reason()
        self.reload()

    def reload(self, *_: object) -> None:
        """Read the list again; the item that is looked at stays, typed words as well."""
        self._asked += 1
        ticket, bureau, actor = self._asked, self._bureau, self._actor_of()
        matter = self.filter.currentData()
        limit = max(PAGE, len(self.list.waiting.rows))

        def job() -> _Page:
            query = WaitingQuery(matter=matter, limit=limit)
            items = waiting_for(bureau, actor, query)
            counts = waiting_by_matter(bureau, actor)
            return _Page(ticket, items, counts, bureau.database.now())

        self._bridge.read(self, job, self._arrived)

    def _on_changes(self, changes: Changes) -> None:
        if changes.lists and self.isVisible():
            self.reload()

    def _arrived(self, page: _Page) -> None:
        if page.ticket != self._asked:
            return
        self._fill_filter(page.matters)
        model, wanted = self.list.waiting, self._wanted
        chooser = self.list.selectionModel()
        chooser.blockSignals(True)
        model.show(page.items, page.now)
        chooser.blockSignals(False)
        total = sum(page.matters.values())
        self.counted.emit(total)
        self.count.setText(f"共{total}件" if total else "没有等您决定的事项")
        row = model.row_of(wanted)
        if row is None and wanted is not None and self._typing():
            # It went elsewhere while the reason was being typed: nothing typed is thrown away.
            self._gone()
            return
        if row is None:
            self.form.close_reason()
        if not page.items:
            self._wanted = None
            self._show_nothing("没有等您决定的事项")
            return
        at = row if row is not None else min(self._row, len(page.items) - 1)
        chooser.blockSignals(True)
        self.list.setCurrentIndex(model.index(at))
        chooser.blockSignals(False)
        self._look_at(at)

    def _typing(self) -> bool:
        return bool(self.form.outcome) and not self._busy and not self.form.draft().empty

    def _fill_filter(self, matters: dict[str, int]) -> None:
        chosen = self.filter.currentData()
        self.filter.clear()
        self.filter.addItem("全部事项", None)
        book = self._bureau.rules.book
        for matter, number in matters.items():
            node = next(
                (
                    spec.number
                    for spec in book.nodes.values()
                    if any(entry.matter == matter for entry in spec.approvals)
                ),
                0,
            )
            self.filter.addItem(f"{matter_words(book, node, matter)}　{number}", matter)
        self.filter.setCurrentIndex(max(self.filter.findData(chosen), 0))

    def _next_page(self) -> None:
        model = self.list.waiting
        if self._paging or len(model.rows) % PAGE or not model.rows:
            return
        self._paging = True
        bureau, actor, matter = self._bureau, self._actor_of(), self.filter.currentData()
        query = WaitingQuery(matter=matter, offset=len(model.rows), limit=PAGE)
        ticket = self._asked

        def arrived(items: tuple[WaitingItem, ...]) -> None:
            self._paging = False
            if ticket == self._asked:
                model.more(items)

        def failed(error: Exception) -> None:
            self._paging = False
            self._bridge.failed.emit(error)

        self._bridge.read(self, lambda: waiting_for(bureau, actor, query), arrived, failed)

    def item(self) -> WaitingItem | None:
        """Return the item that is looked at."""
        row = self.list.waiting.row_of(self._wanted)
        return self.list.waiting.rows[row] if row is not None else None

    def look_for(self, place: Place) -> None:
        """Go to an item, also when the list has still to be read."""
        if not self.go_to(place):
            self._keep_draft()
            self.form.close_reason()
            self._wanted = place
            self.reload()

    def go_to(self, place: Place) -> bool:
        """Go to an item of the list; tell whether it is there."""
        row = self.list.waiting.row_of(place)
        if row is None:
            return False
        self.list.setCurrentIndex(self.list.waiting.index(row))
        return True

    def _current(self, index: QModelIndex, _before: QModelIndex) -> None:
        if index.isValid():
            self._look_at(index.row())

    def _tick(self) -> None:
        item = self.item()
        if item is not None:
            self.list.waiting.toggle(place_of(item))

    def _open_case(self) -> None:
        item = self.item()
        if item is not None:
            self.case_requested.emit(item.case_id, item.node)

    # ----------------------------------------------------------------------- the application

    def _look_at(self, row: int) -> None:
        item = self.list.waiting.rows[row]
        place = place_of(item)
        if place != self._wanted:
            self._keep_draft()
            self.form.close_reason()
            self._wanted = place
            self.form.set_draft(self._drafts.get(place, Draft()))
        self._row = row
        self._sheet_asked += 1
        ticket, bureau, known = self._sheet_asked, self._bureau, self._chart
        actor = self._actor_of()

        def job() -> _Shown | None:
            # Whoever holds the arrow key down does not wait for what he passed by.
            if ticket != self._sheet_asked:
                return None
            chart = known or load_charts(bureau.resources)[_NODES_CHART]
            sheet = decision_sheet(bureau, actor, *place)
            return _Shown(place, sheet, case_marks((chart,), sheet.case), chart)

        def show(found: _Shown | None) -> None:
            if found is not None and ticket == self._sheet_asked:
                self._show(found, item)

        self._bridge.read(self, job, show)

    def _show(self, found: _Shown, item: WaitingItem) -> None:
        self._chart = found.chart
        self.sheet = found.sheet
        self._take_chart_out()
        self.content = SheetView(found.sheet, item.acting(), self.chart, self._open_case)
        self.area.setWidget(self.content)
        self.chart.show_node(found.marks, item.node)
        if not self.chart.made:
            # By itself, so that the words are there first and keys are answered in between.
            QTimer.singleShot(0, self, self._draw_chart)
        self.form.show()
        self.form.allow(decide=item.step == DECIDE, outside=OUTSIDE_WORDS.get(item.step, ""))
        if self.isVisible():
            self.list.waiting.mark_seen(found.place)

    def _draw_chart(self) -> None:
        if self._chart is not None and not self.chart.made:
            self.chart.make(self._chart)

    def _take_chart_out(self) -> None:
        """The chart is drawn once and goes from sheet to sheet."""
        self.chart.hide()
        self.chart.setParent(self)

    def _show_nothing(self, words: str) -> None:
        self.sheet = self.content = None
        self._take_chart_out()
        self.form.hide()
        self.area.setWidget(Words(words, tone="muted"))

    def _gone(self) -> None:
        """The application is no longer in the list, with words typed for it."""
        self.list.setCurrentIndex(QModelIndex())
        place = self._wanted
        if place is None:
            return
        self._spare = self.form.draft().reason.strip()
        told = self.form.refusal_words.text() if not self.form.refusal.isHidden() else ""
        bureau, actor = self._bureau, self._actor_of()

        def show(sheet: DecisionSheet) -> None:
            if place != self._wanted:
                return
            status = OUTCOMES.get(sheet.detail.row.application.status, "")
            words = "这件申请已不在您的待办事项中" + (f"（{status}）" if status else "")
            kept = "您写的理由还在：可以复制，下一件也可以用 Alt+数字 选用。按 ↓ 看下一件。"
            self.form.refuse("\n".join(part for part in (told, f"{words}。{kept}") if part))

        self._bridge.read(self, lambda: decision_sheet(bureau, actor, *place), show)
        self.list.setFocus()

    def _keep_draft(self) -> None:
        if self._wanted is None or len(self._targets) > 1:
            return
        draft = self.form.draft()
        if draft.empty:
            self._drafts.pop(self._wanted, None)
        else:
            self._drafts[self._wanted] = draft

    # ------------------------------------------------------------------------------ deciding

    def choose(self, outcome: str) -> None:
        """Choose a decision for the item, or for all that are ticked, and ask for the reason."""
        if self._busy:
            return
        if outcome == "outside":
            self._outside()
            return
        ticked = self.list.waiting.chosen()
        item = self.item()
        targets = ticked if len(ticked) > 1 else ((item,) if item is not None else ())
        if not targets:
            return
        problem = self._cannot(targets)
        if problem:
            self.form.refuse(problem)
            return
        self._targets = targets
        self.form.open_reason(
            outcome, self._heading(outcome, targets), self._phrases(outcome, targets[0])
        )

    def _cannot(self, targets: Sequence[WaitingItem]) -> str:
        if any(item.step != DECIDE for item in targets):
            return "由上级法院决定的申请，本院不能决定，只能转报、登记和核对答复（按 4）。"
        if len(targets) == 1:
            return ""
        if len({kind_of(item) for item in targets}) > 1:
            return "只有同一类事项才能一并决定。请取消选中其他种类的事项（空格键）。"
        unseen = [i for i in targets if place_of(i) not in self.list.waiting.seen]
        if unseen:
            names = "、".join(item.case_no for item in unseen[:3])
            more = "等" if len(unseen) > 3 else ""
            told = f"选中的{len(targets)}件中还有{len(unseen)}件没有看过"
            return f"{told}，不能一并决定：{names}{more}。"
        return ""

    def _heading(self, outcome: str, targets: Sequence[WaitingItem]) -> str:
        words = OUTCOME_WORDS[outcome]
        acting = "、".join(dict.fromkeys(i.acting() for i in targets if i.acting()))
        for_whom = f"（{acting}）" if acting else ""
        if len(targets) > 1:
            return f"{words}选中的{len(targets)}件{for_whom}"
        return f"{words}{for_whom}"

    def _phrases(self, outcome: str, item: WaitingItem) -> tuple[str, ...]:
        found = phrases(item.matter, outcome)
        return (*found, self._spare) if self._spare and self._spare not in found else found

    def leave_form(self) -> None:
        """Back to the list; what was typed is kept with the item."""
        self._keep_draft()
        self._targets = ()
        self.form.close_reason()
        self.list.setFocus()

    def confirm(self) -> None:
        """Carry out what was chosen, each with a row of the journal of its own."""
        outcome, targets = self.form.outcome, self._targets
        if not outcome or not targets or self._busy:
            return
        reason, points = str(self.form.reason.value() or ""), self.form.point_lines()
        if not reason:
            self.form.refuse("请写明决定的理由。")
            self.form.reason.setFocus()
            return
        self._busy = True
        self.form.confirm.setEnabled(False)
        bureau, actor = self._bureau, self._actor_of()

        def decide(item: WaitingItem) -> None:
            approvals.decide_application(
                bureau, actor, item.case_id, item.request, outcome, reason, points=points
            )

        def job() -> _Batch:
            if len(targets) == 1:
                decide(targets[0])
                return _Batch((place_of(targets[0]),), ())
            done, failed = [], []
            for item in targets:
                try:
                    decide(item)
                    done.append(place_of(item))
                except ZhixingError as error:
                    failed.append((item, error.sentence))
            return _Batch(tuple(done), tuple(failed))

        self._bridge.write(self, job, self._decided, self._refused)

    def _decided(self, batch: _Batch) -> None:
        self._busy = False
        self.form.confirm.setEnabled(True)
        words = OUTCOME_WORDS[self.form.outcome]
        names = {place_of(item): item.case_no for item in self._targets}
        self._targets = ()
        for place in batch.done:
            self._drafts.pop(place, None)
        if len(batch.done) == 1:
            self.said.setText(f"已{words}：{names[batch.done[0]]}")
        else:
            self.said.setText(f"已{words}{len(batch.done)}件")
        self._spare = ""
        self.form.set_draft(Draft())
        self.form.close_reason()
        self.list.waiting.untick()
        if batch.failed:
            told = "\n".join(f"{item.case_no}：{words}" for item, words in batch.failed)
            self.form.refuse(f"有{len(batch.failed)}件没有办成：\n{told}")
        self.list.setFocus()
        self._bridge.announce(Changes(frozenset(place[0] for place in batch.done)))

    def _refused(self, error: Exception) -> None:
        self._busy = False
        self.form.confirm.setEnabled(True)
        if isinstance(error, InputRefusedError) and error.problems:
            self.form.refuse("\n".join(dict.fromkeys(p.sentence for p in error.problems)))
        elif isinstance(error, ZhixingError):
            cite = f"\n依据　{error.cite.words()}" if error.cite is not None else ""
            self.form.refuse(f"{error.sentence}{cite}")
            # What the list shows may be older than what refused.
            self.reload()
        else:
            messages.show_error(self, error)

    # ------------------------------------------------------------------------------- outside

    def _outside(self) -> None:
        item, sheet = self.item(), self.sheet
        if item is None or sheet is None or self.form.outside.isHidden():
            return
        # With what prints papers these take a tenth of a second: not before the list is there.
        from zhixing_desktop.ui.approvals.outside import ForwardDialog, ReadBackDialog

        kind = ForwardDialog if item.step == "forward" else ReadBackDialog
        dialog = kind(self._bureau, self._bridge, self._actor_of, sheet, self)
        dialog.finished.connect(self._back_in_list)
        dialog.open()

    def _back_in_list(self, _result: int) -> None:
        self.list.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """Read what was changed while it was away."""
        super().showEvent(event)
        self.reload()

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what was typed while the panel is away."""
        self._keep_draft()
        super().hideEvent(event)
