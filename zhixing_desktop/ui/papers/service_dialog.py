"""送达: whom, how, when, who signed; the day it counts from is derived while it is typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from zhixing_desktop.services import paper_serving, papers
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.outside import Scan
from zhixing_desktop.services.paper_types import ISSUED, PaperLine, Served, ServiceLine
from zhixing_desktop.ui.approvals.outside import ScanBox
from zhixing_desktop.ui.approvals.step_dialog import StepDialog
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.choices import ChoiceEditor
from zhixing_desktop.ui.forms.dates import DateEditor
from zhixing_desktop.ui.forms.editor import Editor, LineEditor
from zhixing_desktop.ui.forms.parts import Box, Mark, Words, em, show_if
from zhixing_desktop.ui.papers.words import about, day_of
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.day_words import day_words
from zhixing_desktop.workflow.errors import InputRefusedError, Problem, ZhixingError
from zhixing_desktop.workflow.service_of_papers import (
    BY_NOTICE,
    RESULTS,
    Result,
    Service,
    Way,
    arrived_label,
    place_label,
    sent_label,
    served,
    service_problems,
)

if TYPE_CHECKING:
    from zhixing_desktop.documents.laws import Laws

ActorOf = Callable[[], Actor]
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


class ServiceDialog(StepDialog):
    """``done_well`` carries a tuple of :class:`Served`, one for each paper."""

    help_page = "papers"

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: ActorOf,
        line: PaperLine,
        case: CaseDetail,
        before: ServiceLine | None = None,
        parent: QWidget | None = None,
    ) -> None:
        number = f"　{line.number}" if line.number else ""
        words = [(f"《{line.name}》{number}{about(line.about_words)}", "plain")]
        super().__init__(bridge, "登记送达", "登记", words, parent)
        self._bureau, self._actor_of = bureau, actor_of
        self._line, self._case, self._before = line, case, before
        self._laws: Laws | None = None
        self._rows: dict[str, _Row] = {}
        self.also: dict[int, QCheckBox] = {}
        self._others: tuple[PaperLine, ...] = ()
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
        self._begin()
        self._fit()
        self.resize(em(self, 48), em(self, 36))
        bridge.read(self, lambda: bureau.papers.laws(bureau.rules), self._take_laws)
        if before is None:
            actor = actor_of()
            bridge.read(
                self, lambda: papers.papers_of(bureau, actor, line.case_id), self._take_others
            )

    # ------------------------------------------------------------------------------ building

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
            editor.edited.connect(self._fit)
            self._rows[name] = _Row(mark, editor)

    def _begin(self) -> None:
        """Fill in what is known: who has not got it yet, that he signed today."""
        before = self._before
        if before is not None:
            self.whom.set_value(before.whom or OUTSIDE)
            self.recipient.set_value(before.recipient)
            self._put(before.service)
            for name in ("whom", "recipient", "way"):
                self._rows[name].editor.setEnabled(False)
            self.outcome.setFocus()
            return
        self.whom.set_value(self._first_recipient())
        self.way.set_value(Way.DIRECT.value)
        self.outcome.set_value(Result.SERVED.value)
        self.arrived.set_value(self._case.now.date().isoformat())
        self.server.set_value(self._actor_of().name)
        self.arrived.setFocus()

    def _first_recipient(self) -> str:
        index = self._case.context.index
        for subject in index.parties:
            if index.name_of(subject) in self._line.unserved:
                return subject
        if self._line.about in index.parties:
            return self._line.about
        return OUTSIDE if self._line.unserved else next(iter(index.parties), OUTSIDE)

    def _put(self, service: Service) -> None:
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

    # -------------------------------------------------------------------------------- fitting

    def _fit(self) -> None:
        """Show the fields of the chosen way, and the day that follows from them."""
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
        self._derive()
        self._list_others()

    def _derive(self) -> None:
        """Show the day it counts from and why; what is missing or cannot be comes first."""
        service, today = self.service(), self._case.now.date()
        problems = service_problems(service, paper_day=self._line.day or today, today=today)
        told = [problem.sentence for problem in problems]
        day = None
        if not problems:
            day, told = self._reckoned(service, today)
        self.day.setText(f"送达日期　{day_words(day)}" if day else "还不能确定送达日期")
        self.why.setText("\n".join(told))

    def _reckoned(self, service: Service, today: date) -> tuple[date | None, list[str]]:
        """Return the day a complete service counts from, and its steps with their articles."""
        laws = self._laws
        if laws is None:  # still being read
            return None, ["正在读取法条表……"]
        found = served(service, lambda day: laws.days(BY_NOTICE, day))
        told = []
        for step in found.steps:
            cite = laws.cite(step.laws, step.day or today)[0] if step.laws else ""
            told.append(f"{step.words}（{cite}）" if cite else step.words)
        return found.day, told

    def _take_laws(self, laws: Laws) -> None:
        self._laws = laws
        self._derive()

    # ------------------------------------------------------------------- what goes along with it

    def _take_others(self, lines: tuple[PaperLine, ...]) -> None:
        self._others = tuple(
            line for line in lines if line.state == ISSUED and line.id != self._line.id
        )
        self._list_others()

    def _list_others(self) -> None:
        """Offer the other papers that the same recipient has not got yet."""
        name = self._case.context.index.name_of(self._whom()) if self._whom() else ""
        fitting = [line for line in self._others if name and name in line.unserved]
        if [line.id for line in fitting] == list(self.also):
            return
        while (entry := self._more.takeAt(0)) is not None:
            widget = entry.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.also = {}
        if fitting:
            self._more.addWidget(Words("一并送达的文书", bold=True))
        for line in fitting:
            box = QCheckBox(f"《{line.name}》{line.number}{about(line.about_words)}", self.more)
            self._more.addWidget(box)
            self.also[line.id] = box
        show_if(self.more, bool(fitting))

    # ---------------------------------------------------------------------------------- values

    def _way(self) -> Way:
        return Way(self.way.value() or Way.DIRECT.value)

    def _result(self) -> Result:
        return Result(self.outcome.value() or Result.SERVED.value)

    def _whom(self) -> str:
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

    # ---------------------------------------------------------------------------------- sending

    def send(self) -> None:
        """Enter it for this paper and those that went along; the services say what is wrong."""
        bad = [
            f"{row.label.text()}：请填写日期，例如 2024-03-05。"
            for name, row in self._rows.items()
            if name in ("sent", "arrived")
            and row.label.text()
            and row.editor.value() is not None
            and day_of(row.editor.value()) is None
        ]
        if bad:
            self.refuse("\n".join(bad))
            return
        bureau, actor, service = self._bureau, self._actor_of(), self.service()
        whom, recipient = self._whom(), str(self.recipient.value() or "")
        path, before, line = self.scan.path, self._before, self._line
        others = [
            entry for entry in self._others if entry.id in self.also and self._goes_along(entry)
        ]

        def job() -> tuple[Served, ...]:
            scan = _scan(path)
            if before is not None:
                made = paper_serving.complete_service(
                    bureau, actor, before.id, service, scan, version=before.version
                )
                return (made,)
            return serve_all(bureau, actor, (line, *others), service, whom, recipient, scan)

        self.run(line.case_id, job)

    def _goes_along(self, line: PaperLine) -> bool:
        return self.also[line.id].isChecked()


def serve_all(
    bureau: Bureau,
    actor: Actor,
    lines: tuple[PaperLine, ...],
    service: Service,
    whom: str,
    recipient: str,
    scan: Scan | None,
) -> tuple[Served, ...]:
    """Enter one service for several papers, each in its own step.

    Raises as ``paper_serving.serve`` for the first; where a later one is refused, what stands is
    said with it.
    """
    done: list[Served] = []
    for line in lines:
        try:
            made = paper_serving.serve(bureau, actor, line.id, service, whom, recipient, scan)
        except ZhixingError as error:
            if not done:
                raise
            names = "、".join(f"《{one.paper.name}》" for one in done)
            words = f"{names}的送达已经登记；《{line.name}》没有登记：{error.sentence}"
            raise InputRefusedError(words, [Problem("送达", words)]) from error
        done.append(made)
    return tuple(done)


def _scan(path: Path | None) -> Scan | None:
    """Read the file that was chosen; one that is gone is none at all."""
    if path is None or not path.is_file():
        return None
    return Scan(path.name, path.read_bytes())
