"""送达: whom, how, when, who signed; the day it counts from is derived while it is typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QWidget

from zhixing_desktop.services import paper_serving, papers
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.paper_types import ISSUED, PaperLine, Served, ServiceLine
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.parts import Words, em, show_if
from zhixing_desktop.ui.papers.service_frame import OUTSIDE, ServiceFrame
from zhixing_desktop.ui.papers.service_sending import read_scan, serve_all
from zhixing_desktop.ui.papers.words import about
from zhixing_desktop.workflow.day_words import day_words
from zhixing_desktop.workflow.service_of_papers import (
    BY_NOTICE,
    Result,
    Service,
    Way,
    served,
    service_problems,
)

if TYPE_CHECKING:
    from zhixing_desktop.documents.laws import Laws

ActorOf = Callable[[], Actor]


class ServiceDialog(ServiceFrame):
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
        super().__init__(bridge, words, case, parent)
        self._bureau, self._actor_of = bureau, actor_of
        self._line, self._before = line, before
        self._laws: Laws | None = None
        self.also: dict[int, QCheckBox] = {}
        self._others: tuple[PaperLine, ...] = ()
        self._begin()
        self.fitted.connect(self._derive)
        self.fitted.connect(self._list_others)
        self.fit()
        self.resize(em(self, 48), em(self, 36))
        bridge.read(self, lambda: bureau.papers.laws(bureau.rules), self._take_laws)
        if before is None:
            actor = actor_of()
            bridge.read(
                self, lambda: papers.papers_of(bureau, actor, line.case_id), self._take_others
            )

    def _begin(self) -> None:
        """Fill in what is known: who has not got it yet, that he signed today."""
        before = self._before
        if before is not None:
            self.whom.set_value(before.whom or OUTSIDE)
            self.recipient.set_value(before.recipient)
            self.put_service(before.service)
            self.fix_before()
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
        name = self._case.context.index.name_of(self.whom_subject()) if self.whom_subject() else ""
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

    # ---------------------------------------------------------------------------------- sending

    def send(self) -> None:
        """Enter it for this paper and those that went along; the services say what is wrong."""
        bad = self.bad_days()
        if bad:
            self.refuse("\n".join(bad))
            return
        bureau, actor, service = self._bureau, self._actor_of(), self.service()
        whom, recipient = self.whom_subject(), str(self.recipient.value() or "")
        path, before, line = self.scan.path, self._before, self._line
        others = [
            entry for entry in self._others if entry.id in self.also and self._goes_along(entry)
        ]

        def job() -> tuple[Served, ...]:
            scan = read_scan(path)
            if before is not None:
                made = paper_serving.complete_service(
                    bureau, actor, before.id, service, scan, version=before.version
                )
                return (made,)
            return serve_all(bureau, actor, (line, *others), service, whom, recipient, scan)

        self.run(line.case_id, job)

    def _goes_along(self, line: PaperLine) -> bool:
        return self.also[line.id].isChecked()
