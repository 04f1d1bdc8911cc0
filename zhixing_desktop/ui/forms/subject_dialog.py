"""Registering a new asset, clue or payment: the fields come from the rulebook's subjects."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from zhixing_desktop.services import cases, work
from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.node_forms import next_subject
from zhixing_desktop.services.node_saving import Opening, Place
from zhixing_desktop.ui import messages
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.forms.conflict import changes_by_others
from zhixing_desktop.ui.forms.draft_keeper import DraftKeeper
from zhixing_desktop.ui.forms.field_row import FieldRow
from zhixing_desktop.ui.forms.making import Surroundings
from zhixing_desktop.ui.forms.notices import Line, RefusalList
from zhixing_desktop.ui.forms.parts import Words, em, fit_height
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.errors import InputRefusedError, StaleEditError, ZhixingError
from zhixing_desktop.workflow.views import Key

HAPPENED = "happened_at"


def draft_key(subject: str) -> Key:
    """Return the place of the dialog's draft: node 0 stands for no node."""
    return Key(0, subject)


class SubjectDialog(QDialog):
    """``registered`` carries the new subject (``asset/3``)."""

    help_page = "node"
    registered = Signal(str)

    def __init__(
        self,
        bridge: Bridge,
        place: Place,
        opening: Opening,
        kind: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        ctx = opening.case.context
        self._bridge, self._place = bridge, place
        self._kind = kind
        self._version = opening.case.version
        self._known = len(opening.case.facts)
        self._spec = ctx.rulebook.subjects[kind]
        self.subject = next_subject(ctx, kind)
        label = subjects.KIND_LABELS[kind]
        self.setWindowTitle(f"登记{label} · {opening.case.case_no}")
        box = QVBoxLayout(self)
        self.heading = Words(f"登记{subjects.label(self.subject)}", bold=True, scale=1.2)
        box.addWidget(self.heading)
        self.refusals = RefusalList(self)
        box.addWidget(self.refusals)
        around = Surroundings(ctx, opening.people)
        self.rows: dict[str, FieldRow] = {}
        for spec in self._spec.fields:
            row = FieldRow(spec, around, self)
            row.load(None)
            box.addWidget(row)
            self.rows[spec.name] = row
        box.addStretch(1)
        foot = QHBoxLayout()
        self.status = Words(tone="muted", middle=True)
        foot.addWidget(self.status, 1)
        self.save_button = QPushButton("登记", self)
        self.close_button = QPushButton("取消", self)
        for button in (self.save_button, self.close_button):
            button.setAutoDefault(False)
            foot.addWidget(button)
        box.addLayout(foot)
        self.save_button.setToolTip("登记（Ctrl+S）")
        self.save_button.clicked.connect(self.save)
        self.close_button.clicked.connect(self.reject)
        self.refusals.wanted.connect(self.go_to)
        for keys in ("Ctrl+S", "Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.save)
        self.resize(em(self, 54), self.sizeHint().height())
        self.keeper = DraftKeeper(bridge, place, self.body, self)
        for row in self.rows.values():
            row.changed.connect(self.keeper.touch)
        if opening.draft is not None:
            self._restore(dict(opening.draft.body))

    def body(self) -> dict[str, Any]:
        """Return what was typed, for a draft."""
        return {
            "values": {n: r.editor.value() for n, r in self.rows.items() if r.dirty},
            "overrides": self.overrides(),
        }

    def overrides(self) -> dict[str, str]:
        """Return the reasons for words that the rules would refuse."""
        return {n: r.overriding for n, r in self.rows.items() if r.overriding}

    def _restore(self, body: dict[str, Any]) -> None:
        values = dict(body.get("values", {}))
        for name, value in values.items():
            if name in self.rows:
                self.rows[name].put(value)
        for name, reason in dict(body.get("overrides", {})).items():
            if name in self.rows:
                self.rows[name].put_override(str(reason))
        if values:
            self.status.setText("已恢复上次没有登记的内容")

    def save(self) -> None:
        """Register, when everything that is required stands there."""
        if not self.save_button.isEnabled():
            return
        self.refusals.clear()
        lines = []
        for row in self.rows.values():
            row.judge()
            if row.problem is not None:
                lines.append(Line(row.spec.name, row.problem.sentence))
            elif row.spec.required and row.editor.value() is None:
                lines.append(Line(row.spec.name, f"“{row.spec.label}”必须填写"))
        if lines:
            self._refuse("还没有登记：", lines)
            self.go_to(lines[0].where)
            return
        data = {n: r.editor.value() for n, r in self.rows.items() if r.editor.value() is not None}
        at = datetime.fromisoformat(str(data.pop(HAPPENED)))
        overrides = self.overrides()
        self.save_button.setEnabled(False)
        place, event, subject, version = self._place, self._spec.event, self.subject, self._version
        assert event is not None
        self._bridge.write(
            self,
            lambda: work.add_fact(
                place.bureau,
                place.actor,
                place.case_id,
                event,
                subject,
                at,
                data,
                overrides=overrides,
                expected_version=version,
            ),
            self._saved,
            self._refused,
        )

    def _saved(self, _outcome: object) -> None:
        self.keeper.drop()
        self._bridge.announce(Changes(frozenset({self._place.case_id})))
        self.registered.emit(self.subject)
        self.accept()

    def _refused(self, error: Exception) -> None:
        if isinstance(error, StaleEditError):
            self._look_again()
            return
        self.save_button.setEnabled(True)
        if isinstance(error, InputRefusedError) and error.problems:
            lines = [Line(p.where, p.sentence) for p in error.problems]
            self._refuse("没有登记：", lines)
        elif isinstance(error, ZhixingError):
            cite = error.cite.words() if error.cite is not None else ""
            self._refuse("没有登记：", [Line("", error.sentence, cite)])
        else:
            messages.show_error(self, error)

    def _look_again(self) -> None:
        place = self._place
        self._bridge.read(
            self,
            lambda: cases.detail(place.bureau, place.actor, place.case_id),
            self._compare,
            self._refused,
        )

    def _compare(self, fresh: CaseDetail) -> None:
        """Take the next free number; tell what others did, if it was not only the beat."""
        new = fresh.facts[self._known :]
        self._version, self._known = fresh.version, len(fresh.facts)
        self.subject = next_subject(fresh.context, self._kind)
        self.heading.setText(f"登记{subjects.label(self.subject)}")
        self.save_button.setEnabled(True)
        if not new:
            self.save()
            return
        lines = [Line("", words) for words in changes_by_others(fresh, new)]
        words = "这个案件刚刚被别人办理过，您填写的内容还在，没有登记。请核对以下变化后再登记："
        self._refuse(words, lines)

    def _refuse(self, heading: str, lines: Sequence[Line]) -> None:
        self.refusals.show_lines(heading, lines)
        fit_height(self)

    def go_to(self, where: str) -> None:
        """Put the cursor on a field."""
        for name, row in self.rows.items():
            if where in (name, row.spec.label):
                row.focus()
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a field does not register."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            return
        super().keyPressEvent(event)

    def reject(self) -> None:
        """Close; ask first when something was typed."""
        if not any(row.dirty for row in self.rows.values()):
            self.keeper.stop()
            super().reject()
            return
        messages.ask(
            self,
            "还没有登记",
            "填写的内容还没有登记，确定放弃吗？",
            self._throw_away,
            yes_words="放弃",
            no_words="继续填写",
            default_yes=False,
        )

    def _throw_away(self) -> None:
        self.keeper.drop()
        super().reject()
