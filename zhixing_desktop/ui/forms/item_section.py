"""A work item on the screen: its words, whether it is done, its fields, papers, notices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from zhixing_desktop.services.node_detail import item_label
from zhixing_desktop.ui.forms.dates import DateEditor, MomentEditor
from zhixing_desktop.ui.forms.field_row import FieldRow
from zhixing_desktop.ui.forms.item_parts import Materials, Notices, Papers
from zhixing_desktop.ui.forms.parts import Box, Mark, Words, em, keep_if
from zhixing_desktop.workflow.decide import ItemEntry, midnight
from zhixing_desktop.workflow.errors import Problem
from zhixing_desktop.workflow.facts import Fact
from zhixing_desktop.workflow.rulebook import Material, WorkItem

MIN_REASON = 4


class ItemSection(Box):
    """One work item; ``changed`` is emitted for what a person did."""

    changed = Signal()

    def __init__(
        self,
        item: WorkItem,
        materials: Sequence[Material],
        now: datetime,
        *,
        hours: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("calm", parent)
        self.item = item
        self.label = item_label(item)
        self.rows: list[FieldRow] = []
        self._now = now
        self._recorded: Fact | None = None
        self._baseline: dict[str, Any] = {}
        self.done = QCheckBox("已完成", self)
        self._hours = hours
        self._done_on: DateEditor | None = None
        self.not_needed = QCheckBox("不需要办理", self)
        self._reason: QLineEdit | None = None
        self._problem_words: Words | None = None
        self.papers = Papers(item.papers, now, self)
        self.notices = Notices(item.notify, now, self)
        self.materials = Materials(materials, self)
        self._arrange()
        self.done.clicked.connect(self._done_clicked)
        self.not_needed.clicked.connect(self._not_needed_clicked)
        if self.papers.same_day is not None:
            self.papers.same_day.clicked.connect(self._papers_same_day)
        for part in (self.papers, self.notices, self.materials):
            if not part.empty:
                part.edited.connect(self._edited)
        self._refresh()

    def _arrange(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 10, 12, 10)
        box.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(Mark(self.label, bold=True))
        if self.item.optional:
            head.addWidget(Mark("可以办理", tone="muted"))
        head.addStretch(1)
        box.addLayout(head)
        box.addWidget(Words(self.item.text))
        self._line = line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.done)
        line.addSpacing(em(self, 1))
        line.addWidget(self.not_needed)
        self._filler = QWidget(self)
        line.addWidget(self._filler, 1)
        self._fields = QVBoxLayout()
        self._fields.setSpacing(2)
        box.addLayout(self._fields)
        box.addLayout(line)
        self._box = box
        for part in (self.papers, self.notices, self.materials):
            if part.empty:
                part.hide()
            else:
                box.addWidget(part)

    # What shows only once an item is ticked is made then: a form has many items.

    @property
    def done_on(self) -> DateEditor:
        """The day on which the item was done."""
        if self._done_on is None:
            made = MomentEditor(self._now) if self._hours else DateEditor(self._now)
            made.setAccessibleName(f"{self.label}完成日期")
            made.edited.connect(self._edited)
            self._line.insertWidget(1, made)
            self.setTabOrder(self.done, made.line)
            self._done_on = made
        return self._done_on

    @property
    def reason(self) -> QLineEdit:
        """Why the item does not arise."""
        if self._reason is None:
            made = QLineEdit(self)
            made.setPlaceholderText("不需要办理的理由（至少四个字）")
            made.setAccessibleName(f"{self.label}不需要办理的理由")
            made.textEdited.connect(self._edited)
            self._line.insertWidget(self._line.indexOf(self.not_needed) + 1, made, 1)
            self.setTabOrder(self.not_needed, made)
            self._reason = made
        return self._reason

    @property
    def problem_words(self) -> Words:
        """What is wrong with the item."""
        if self._problem_words is None:
            self._problem_words = Words(tone="bad", selectable=False)
            self._problem_words.hide()
            self._box.insertWidget(self._box.indexOf(self._line) + 1, self._problem_words)
        return self._problem_words

    def _why(self) -> str:
        return self._reason.text().strip() if self._reason is not None else ""

    def add_row(self, row: FieldRow) -> None:
        """Take a field of this work item."""
        self.rows.append(row)
        self._fields.addWidget(row)

    # ------------------------------------------------------------------------------- content

    def body(self) -> dict[str, Any]:
        """Return what stands there, JSON-ready, for a draft and for comparing."""
        return {
            "done": self.done.isChecked(),
            "on": self._done_on.value() if self._done_on is not None else None,
            "not_needed": self.not_needed.isChecked(),
            "reason": self._why(),
            "papers": self.papers.body(),
            "notices": self.notices.body(),
            "materials": self.materials.body(),
        }

    @property
    def dirty(self) -> bool:
        """Whether a person changed it since it was loaded or saved."""
        return self.body() != self._baseline

    def load(self, fact: Fact | None) -> None:
        """Show how the item stands."""
        self._recorded = fact
        self.put(_body_of(fact, hours=self._hours))
        self._baseline = self.body()

    def put(self, body: Mapping[str, Any]) -> None:
        """Show a body (of a fact or of a draft)."""
        self.done.setChecked(bool(body.get("done")))
        self.not_needed.setChecked(bool(body.get("not_needed")))
        if body.get("on") is not None or self._done_on is not None:
            self.done_on.set_value(body.get("on"))
        if body.get("reason") or self._reason is not None:
            self.reason.setText(str(body.get("reason") or ""))
        self.papers.put(body.get("papers") or {})
        self.notices.put(body.get("notices") or {})
        self.materials.put(body.get("materials") or ())
        self._refresh()

    def rebase(self, fact: Fact | None) -> bool:
        """Take over what is known now; keep what a person did, and tell whether both differ."""
        if not self.dirty:
            self.load(fact)
            return False
        mine = self.body()
        before = self._baseline
        self.load(fact)
        changed = self._baseline not in (before, mine)
        self.put(mine)
        return changed

    def entry(self, loose: Sequence[str] = ()) -> ItemEntry | None:
        """Return the entry to be saved, ``None`` when there is none."""
        if self.not_needed.isChecked():
            on = self._recorded.happened_at if self._recorded else midnight(self._now)
            return ItemEntry(done_on=on, not_needed=self._why())
        day = self.done_on.moment() if self.done.isChecked() else None
        if day is None:
            return None
        return ItemEntry(
            done_on=day,
            papers=self.papers.entries(),
            notices=self.notices.entries(),
            materials=(*self.materials.body(), *loose),
        )

    def problems(self) -> list[Problem]:
        """Return what is wrong with the item, before anything is sent."""
        found: list[str] = []
        if self.not_needed.isChecked() and len(self._why()) < MIN_REASON:
            found.append("“不需要办理”应当写明具体理由")
        if self.done.isChecked():
            if self.done_on.moment() is None:
                found.append("请填写完成日期，例如 2024-03-05")
            found += self.papers.problems()
            found += self.notices.problems()
        if found or self._problem_words is not None:
            self.problem_words.setText("；".join(found))
            self.problem_words.setVisible(bool(found))
        return [Problem(self.label, f"{self.label}：{words}") for words in found]

    # ---------------------------------------------------------------------------- behaviour

    def _refresh(self) -> None:
        done, spared = self.done.isChecked(), self.not_needed.isChecked()
        # What was recorded is withdrawn in the history, with a reason, not by a click.
        self.done.setEnabled(not spared and not (done and self._recorded is not None))
        self.not_needed.setEnabled(not done and not (spared and self._recorded is not None))
        tip = "已经登记。没有完成的，请在节点的历史中撤回并写明理由。" if self._recorded else ""
        self.done.setToolTip(tip)
        self.not_needed.setToolTip(tip)
        if done or self._done_on is not None:
            self.done_on.setVisible(done)
            self.done_on.set_locked(done and self._recorded is not None)
        if spared or self._reason is not None:
            self.reason.setVisible(spared)
        keep_if(self._filler, not spared)
        for part in (self.papers, self.notices, self.materials):
            if not part.empty:
                part.set_active(done)

    def _done_clicked(self, on: bool) -> None:
        if on and self.done_on.value() is None:
            self.done_on.set_value(
                f"{self._now:%Y-%m-%d %H:%M}" if self._hours else f"{self._now:%Y-%m-%d}"
            )
        self._refresh()
        self._edited()

    def _not_needed_clicked(self, on: bool) -> None:
        self._refresh()
        if on:
            self.reason.setFocus()
        self._edited()

    def _papers_same_day(self) -> None:
        day = self.done_on.moment()
        if day is not None:
            self.papers.fill(f"{day:%Y-%m-%d}")
            self._edited()

    def _edited(self, *_: object) -> None:
        if self._problem_words is not None and self._problem_words.isVisibleTo(self):
            self.problems()
        self.changed.emit()

    def focus(self) -> None:
        """Put the cursor on the item's own line."""
        self.done.setFocus()

    def narrow(
        self, papers: Sequence[str], notices: Sequence[str], materials: Sequence[str]
    ) -> None:
        """Show only the papers, notices and materials that concern the case as it is typed."""
        for part, names in (
            (self.papers, papers),
            (self.notices, notices),
            (self.materials, materials),
        ):
            if not part.empty:
                keep_if(part, part.narrow(names))


def _body_of(fact: Fact | None, *, hours: bool) -> dict[str, Any]:
    if fact is None:
        return {}
    data = fact.data
    when = fact.happened_at
    reason = str(data.get("not_needed") or "")
    return {
        "done": not reason,
        "on": when.isoformat() if hours else f"{when:%Y-%m-%d}",
        "not_needed": bool(reason),
        "reason": reason,
        "papers": dict(data.get("papers", {})),
        "notices": {n.get("who", ""): dict(n) for n in data.get("notices", ())},
        "materials": list(data.get("materials", ())),
    }
