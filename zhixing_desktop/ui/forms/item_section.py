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
from zhixing_desktop.ui.forms.parts import Box, Mark, Words, em
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
        self.done_on: DateEditor = MomentEditor(now) if hours else DateEditor(now)
        self.done_on.setAccessibleName(f"{self.label}完成日期")
        self.not_needed = QCheckBox("不需要办理", self)
        self.reason = QLineEdit(self)
        self.reason.setPlaceholderText("不需要办理的理由（至少四个字）")
        self.problem_words = Words(tone="bad", selectable=False)
        self.problem_words.hide()
        self.papers = Papers(item.papers, now, self)
        self.notices = Notices(item.notify, now, self)
        self.materials = Materials(materials, self)
        self._arrange()
        self.done.clicked.connect(self._done_clicked)
        self.not_needed.clicked.connect(self._not_needed_clicked)
        self.papers.same_day.clicked.connect(self._papers_same_day)
        for signal in (
            self.done_on.edited,
            self.reason.textEdited,
            self.papers.edited,
            self.notices.edited,
            self.materials.edited,
        ):
            signal.connect(self._edited)
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
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.done)
        line.addWidget(self.done_on)
        line.addSpacing(em(self, 1))
        line.addWidget(self.not_needed)
        line.addWidget(self.reason, 1)
        self._filler = QWidget(self)
        line.addWidget(self._filler, 1)
        self._fields = QVBoxLayout()
        self._fields.setSpacing(2)
        box.addLayout(self._fields)
        box.addLayout(line)
        box.addWidget(self.problem_words)
        for part in (self.papers, self.notices, self.materials):
            part.setVisible(not part.empty)
            box.addWidget(part)

    def add_row(self, row: FieldRow) -> None:
        """Take a field of this work item."""
        self.rows.append(row)
        self._fields.addWidget(row)

    # ------------------------------------------------------------------------------- content

    def body(self) -> dict[str, Any]:
        """Return what stands there, JSON-ready, for a draft and for comparing."""
        return {
            "done": self.done.isChecked(),
            "on": self.done_on.value(),
            "not_needed": self.not_needed.isChecked(),
            "reason": self.reason.text().strip(),
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
        self.put(_body_of(fact, self.done_on))
        self._baseline = self.body()

    def put(self, body: Mapping[str, Any]) -> None:
        """Show a body (of a fact or of a draft)."""
        self.done.setChecked(bool(body.get("done")))
        self.not_needed.setChecked(bool(body.get("not_needed")))
        self.done_on.set_value(body.get("on"))
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
        day = self.done_on.moment()
        if self.not_needed.isChecked():
            on = self._recorded.happened_at if self._recorded else midnight(self._now)
            return ItemEntry(done_on=on, not_needed=self.reason.text().strip())
        if not self.done.isChecked() or day is None:
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
        if self.not_needed.isChecked() and len(self.reason.text().strip()) < MIN_REASON:
            found.append("“不需要办理”应当写明具体理由")
        if self.done.isChecked():
            if self.done_on.moment() is None:
                found.append("请填写完成日期，例如 2024-03-05")
            found += self.papers.problems()
            found += self.notices.problems()
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
        self.done_on.setVisible(done)
        self.done_on.set_locked(done and self._recorded is not None)
        self.reason.setVisible(spared)
        self._filler.setVisible(not spared)
        for part in (self.papers, self.notices, self.materials):
            part.set_active(done)

    def _done_clicked(self, on: bool) -> None:
        if on and self.done_on.value() is None:
            hours = isinstance(self.done_on, MomentEditor)
            self.done_on.set_value(
                f"{self._now:%Y-%m-%d %H:%M}" if hours else f"{self._now:%Y-%m-%d}"
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
        if self.problem_words.isVisibleTo(self):
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
            part.setVisible(part.narrow(names))


def _body_of(fact: Fact | None, editor: DateEditor) -> dict[str, Any]:
    if fact is None:
        return {}
    data = fact.data
    when = fact.happened_at
    hours = isinstance(editor, MomentEditor)
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
