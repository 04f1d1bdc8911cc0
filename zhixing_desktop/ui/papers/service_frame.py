"""What stands on the screen for a service: its fields, which come and go with the way of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.ui.approvals.outside import ScanBox
from zhixing_desktop.ui.approvals.step_dialog import StepDialog
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.choices import ChoiceEditor
from zhixing_desktop.ui.forms.dates import DateEditor
from zhixing_desktop.ui.forms.editor import Editor, LineEditor
from zhixing_desktop.ui.forms.parts import Box, Mark, Words, show_if
from zhixing_desktop.ui.papers.words import day_of
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.service_of_papers import (
    RESULTS,
    Result,
    Service,
    Way,
    arrived_label,
    place_label,
    sent_label,
)

OUTSIDE = "outside"
"""In place of a party: somebody outside the case, whose name is typed."""
_FLAGS = Qt.ItemDataRole.UserRole - 1
_REASONS = {
    Way.LEAVE: "拒收事由",
    Way.NOTICE: "公告原因",
}
_RECEIVED = {Way.DIRECT: "代收人", Way.FORWARD: "转交单位"}


@dataclass(slots=True)
class _Row:
    """A field with its name, which come and go with the way of service."""

    label: Mark
    editor: Editor


class ServiceFrame(StepDialog):
    """``fitted`` is emitted when what is typed may lead to another day, or to other people."""

    fitted = Signal()

    def __init__(
        self,
        bridge: Bridge,
        words: Sequence[tuple[str, str]],
        case: CaseDetail,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(bridge, "登记送达", "登记", words, parent)
        self._case = case
        self._rows: dict[str, _Row] = {}
        now = case.now
        self.whom = ChoiceEditor(self._people())
        self.recipient = LineEditor("协助执行单位等受送达人的全称")
        self.way = ChoiceEditor([(way.value, way.label) for way in Way])
        self.outcome = ChoiceEditor([(result.value, result.label) for result in Result])
        self.sent = DateEditor(now)
        self.arrived = DateEditor(now)
        self.place = LineEditor()
        self.received_by = LineEditor()
        self.relation = LineEditor("与受送达人的关系，如同住的成年家属、负责收件的人")
        self.reason = LineEditor()
        self.witness = LineEditor("到场见证的基层组织或者单位代表，或者拍照、录像")
        self.server = LineEditor("送达人姓名")
        self._add()
        self.scan = ScanBox(self)
        at = self.grid.rowCount()
        self.grid.addWidget(Mark("送达回证、回执"), at, 0)
        self.grid.addWidget(self.scan, at, 1)
        self.counts = Box("strong", self)
        inner = QVBoxLayout(self.counts)
        inner.setContentsMargins(10, 6, 10, 6)
        inner.setSpacing(2)
        self.day = Words(bold=True)
        self.why = Words(tone="muted")
        inner.addWidget(self.day)
        inner.addWidget(self.why)
        self.box.insertWidget(self.box.indexOf(self.problem), self.counts)
        self.more = QWidget(self)
        self._more = QVBoxLayout(self.more)
        self._more.setContentsMargins(0, 0, 0, 0)
        self.box.insertWidget(self.box.indexOf(self.counts), self.more)
        self.more.hide()

    def _people(self) -> list[tuple[str, str]]:
        index = self._case.context.index
        parties = [(s, subjects.label(s, index.name_of(s))) for s in index.parties]
        return [*parties, (OUTSIDE, "案外的单位或者个人")]

    def _add(self) -> None:
        for name, label, editor in (
            ("whom", "受送达人", self.whom),
            ("recipient", "名称", self.recipient),
            ("way", "送达方式", self.way),
            ("result", "送达结果", self.outcome),
            ("sent", "", self.sent),
            ("arrived", "", self.arrived),
            ("place", "", self.place),
            ("received_by", "", self.received_by),
            ("relation", "代收人身份", self.relation),
            ("reason", "", self.reason),
            ("witness", "见证", self.witness),
            ("server", "送达人", self.server),
        ):
            at = self.grid.rowCount()
            mark = Mark(label)
            self.grid.addWidget(mark, at, 0, Qt.AlignmentFlag.AlignTop)
            self.grid.addWidget(editor, at, 1)
            editor.setAccessibleName(label)
            editor.edited.connect(self.fit)
            self._rows[name] = _Row(mark, editor)

    def put_service(self, service: Service) -> None:
        """Show a service that was entered before."""
        self.way.set_value(service.way.value)
        self.outcome.set_value(Result.SERVED.value)
        for editor, value in (
            (self.sent, service.sent_on),
            (self.arrived, service.arrived_on),
            (self.place, service.place),
            (self.received_by, service.received_by),
            (self.relation, service.relation),
            (self.reason, service.reason),
            (self.witness, service.witness),
            (self.server, service.server),
        ):
            editor.set_value(value or None)

    def fix_before(self) -> None:
        """Keep what cannot be another in a service that was entered before."""
        for name in ("whom", "recipient", "way"):
            self._rows[name].editor.setEnabled(False)

    def fit(self) -> None:
        """Show the fields of the chosen way."""
        way, result = self._way(), self._result()
        allowed = RESULTS[way]
        if result not in allowed:
            result = allowed[0]
            self.outcome.set_value(result.value)
        for place in range(1, self.outcome.combo.count()):
            value = Result(self.outcome.combo.itemData(place))
            # A line of a combo box is greyed out by this role alone; None lets it be chosen.
            self.outcome.combo.setItemData(place, None if value in allowed else 0, _FLAGS)
        returned = result in (Result.RETURNED, Result.DEEMED)
        reason = "退回原因" if returned else _REASONS.get(way, "")
        handed = _RECEIVED.get(way, "")
        shown = {
            "recipient": "名称" if self.whom.value() == OUTSIDE else "",
            "result": "送达结果" if len(allowed) > 1 else "",
            "sent": sent_label(way),
            "arrived": arrived_label(way, result) if result is not Result.PENDING else "",
            "place": place_label(way),
            "received_by": handed,
            "relation": "代收人身份" if way is Way.DIRECT and self.received_by.value() else "",
            "reason": reason,
            "witness": "见证" if way is Way.LEAVE else "",
        }
        for name, label in shown.items():
            row = self._rows[name]
            row.label.setText(label)
            row.editor.setAccessibleName(label)
            show_if(row.label, bool(label))
            show_if(row.editor, bool(label))
        for editor in (self.sent, self.arrived):
            if editor.side is not None:
                editor.side.setText(editor.hint())
        self.fitted.emit()

    def _way(self) -> Way:
        return Way(self.way.value() or Way.DIRECT.value)

    def _result(self) -> Result:
        return Result(self.outcome.value() or Result.SERVED.value)

    def whom_subject(self) -> str:
        """Return the party's subject (``debtor/1``), empty for somebody outside the case."""
        value = self.whom.value()
        return "" if value in (None, OUTSIDE) else str(value)

    def service(self) -> Service:
        """Return what stands in the fields of the chosen way."""

        def words(name: str) -> str:
            row = self._rows[name]
            return str(row.editor.value() or "") if row.label.text() else ""

        def day(name: str) -> Any:
            row = self._rows[name]
            return day_of(row.editor.value()) if row.label.text() else None

        return Service(
            way=self._way(),
            result=self._result(),
            sent_on=day("sent"),
            arrived_on=day("arrived"),
            place=words("place"),
            received_by=words("received_by"),
            relation=words("relation"),
            reason=words("reason"),
            witness=words("witness"),
            server=words("server"),
        )

    def bad_days(self) -> list[str]:
        """Return a sentence for each day that is none."""
        return [
            f"{row.label.text()}：请填写日期，例如 2024-03-05。"
            for name, row in self._rows.items()
            if name in ("sent", "arrived")
            and row.label.text()
            and row.editor.value() is not None
            and day_of(row.editor.value()) is None
        ]
