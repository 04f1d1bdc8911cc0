"""The panel on the right: one node of the chosen case, one instance, everything about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from zhixing_desktop.services import cases, traces
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.services.cases import CaseDetail
from zhixing_desktop.services.fact_words import when_words
from zhixing_desktop.services.node_detail import LimitRow, NodeDetail, NodeOverview, overview
from zhixing_desktop.services.personal_data import show_personal
from zhixing_desktop.ui.bridge import Bridge, Changes
from zhixing_desktop.ui.forms.choices import CalmCombo
from zhixing_desktop.ui.forms.parts import Mark, Words, em
from zhixing_desktop.ui.node_panel.actions import ActionRow
from zhixing_desktop.ui.node_panel.applications import ApplicationActs
from zhixing_desktop.ui.node_panel.content import Acts, Content
from zhixing_desktop.ui.node_panel.pieces import StateBadge
from zhixing_desktop.ui.node_panel.shelf import PaperShelf
from zhixing_desktop.ui.node_panel.slip import print_slip, slip_text
from zhixing_desktop.ui.node_panel.steps import Steps
from zhixing_desktop.ui.node_panel.things import ThingShelf
from zhixing_desktop.workflow.facts import ApprovalView

Shown = tuple[CaseDetail, NodeOverview | None]


class NodePanel(QWidget):
    """``node_requested`` when somebody clicks on a next node; ``subject_changed`` when another
    instance was chosen (its subject); ``office_wanted`` names a window of the court's own data."""

    node_requested = Signal(int)
    office_wanted = Signal(str)
    subject_changed = Signal(str)

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
        self._node: int | None = None
        self._subject: str | None = None
        self._simulated: CaseDetail | None = None
        self._asked = 0
        self._folds: dict[str, bool] = {}
        self.case: CaseDetail | None = None
        self.overview: NodeOverview | None = None
        self.detail: NodeDetail | None = None
        self.content: Content | None = None
        self.steps = Steps(bureau, bridge, actor_of, self)
        self.papers = PaperShelf(bureau, bridge, actor_of, self)
        self.papers.office_wanted.connect(self.office_wanted)
        self.things = ThingShelf(bureau, bridge, actor_of, self)
        self.steps.registered.connect(self._registered)
        self._build()
        bridge.changed.connect(self._on_changes)
        self._show_nothing("请在左侧选择案件，再在流程图上选择节点")

    # ------------------------------------------------------------------------------ building

    def _build(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 6, 4, 6)
        box.setSpacing(6)
        self.simulation = Words(tone="bad", bold=True)
        self.simulation.hide()
        box.addWidget(self.simulation)
        head = QHBoxLayout()
        self.title = Words(bold=True, scale=1.25)
        head.addWidget(self.title, 1)
        self._badge_place = QHBoxLayout()
        head.addLayout(self._badge_place)
        self.badge: StateBadge | None = None
        box.addLayout(head)
        self.chooser_row = QWidget(self)
        line = QHBoxLayout(self.chooser_row)
        line.setContentsMargins(0, 0, 0, 0)
        self.chooser = CalmCombo(self)
        self.chooser.setMinimumContentsLength(12)
        self.chooser.setAccessibleName("办理对象")
        self.chooser.activated.connect(self._chosen)
        line.addWidget(Mark("对象", tone="muted"))
        line.addWidget(self.chooser, 1)
        box.addWidget(self.chooser_row)
        self.words = Words(tone="muted")
        box.addWidget(self.words)
        box.addWidget(self.things.bar)
        self.buttons = ActionRow(self)
        self.buttons.start.clicked.connect(self._start)
        self.buttons.work.clicked.connect(self._work)
        self.buttons.complete.clicked.connect(self._complete)
        self.buttons.apply.clicked.connect(self._apply)
        self.buttons.register.clicked.connect(self._register)
        self.buttons.again.clicked.connect(self._again)
        box.addWidget(self.buttons)
        self.area = QScrollArea(self)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        box.addWidget(self.area, 1)
        self.setMinimumWidth(em(self, 18))

    # ------------------------------------------------------------------------------- showing

    def show_case(self, case_id: int, node: int | None, subject: str | None = None) -> None:
        """Show a node of a case as it stands now; without ``node`` the case's current one."""
        if (case_id, node) != (self._case_id, self._node):
            self._subject = None
        self._simulated = None
        self._case_id, self._node = case_id, node
        self._subject = subject or self._subject
        self._read()

    def show_detail(self, detail: CaseDetail | None) -> None:
        """Show a simulated case (``None``: as it stands now), nothing can be done on it."""
        self._simulated = detail
        if detail is not None:
            self._case_id = detail.id
        self._read()

    def clear(self) -> None:
        """Show no case."""
        self._case_id = self._node = self._subject = self._simulated = None
        self._asked += 1
        self._show_nothing("请在左侧选择案件，再在流程图上选择节点")

    def _on_changes(self, changes: Changes) -> None:
        if self._case_id is None or self._simulated is not None:
            return
        if not changes.cases or self._case_id in changes.cases:
            self._read()

    def _read(self) -> None:
        if self._case_id is None:
            return
        self._asked += 1
        ticket, case_id, node = self._asked, self._case_id, self._node
        bureau, actor, given = self._bureau, self._actor(), self._simulated

        def job() -> tuple[int, Shown]:
            case = given if given is not None else cases.detail(bureau, actor, case_id)
            current = case.view.current.node if case.view.current else 1
            return ticket, (case, overview(case, node if node is not None else current))

        self._bridge.read(self, job, self._arrived)

    def _arrived(self, answer: tuple[int, Shown]) -> None:
        ticket, (case, found) = answer
        if ticket != self._asked or found is None:
            return
        self.case, self.overview = case, found
        if (
            self._subject is None
            and case.view.current
            and case.view.current.node == found.spec.number
        ):
            self._subject = case.view.current.subject
        self._fill_chooser()
        self._show(found.find(self._subject))

    def _show_nothing(self, words: str) -> None:
        self.case = self.overview = self.detail = None
        self.things.show_case(None, None)
        self.title.setText("")
        self.words.setText(words)
        self.chooser_row.hide()
        self.buttons.hide()
        self.simulation.hide()
        self._set_badge(None)
        self.content = None
        self.area.setWidget(QWidget())

    def _fill_chooser(self) -> None:
        assert self.overview is not None
        details = self.overview.details
        self.chooser.clear()
        for entry in details:
            words = entry.label if entry.view is None else f"{entry.label}　{entry.state.label}"
            self.chooser.addItem(words, entry.key.subject if entry.key is not None else None)
        real = details[0].key is not None
        several = len(details) > 1 or (real and self.overview.spec.subject != "case")
        self.chooser_row.setVisible(several)

    def _show(self, detail: NodeDetail) -> None:
        same = self.detail is not None and (self.detail.key, self.detail.spec.number) == (
            detail.key,
            detail.spec.number,
        )
        place = self.area.verticalScrollBar().value() if same else 0
        self.detail = detail
        spec, case = detail.spec, self.case
        assert case is not None
        assert self.overview is not None
        self._subject = detail.key.subject if detail.key is not None else None
        self.chooser.setCurrentIndex(max(self.chooser.findData(self._subject), 0))
        self.title.setText(f"节点{spec.number}　{spec.name}")
        self._set_badge(detail)
        self.words.setText(self._describe(detail))
        simulated = self._simulated is not None
        self.simulation.setVisible(simulated)
        self.simulation.setText(
            f"模拟：假如到{case.now:%Y年%m月%d日 %H:%M}为止什么都不办" if simulated else ""
        )
        self.buttons.show()
        self.buttons.fill(self.overview, detail, simulated=simulated)
        self.content = Content(detail, self._acts(), self._folds, allowed=not simulated)
        self.area.setWidget(self.content)
        if self.content.papers is not None:
            self.papers.fill(case, detail, self.content.papers)
        self.things.show_case(case, detail.key)
        self.things.fill(case, detail, self.content.materials, self.content.papers)
        self.area.verticalScrollBar().setValue(place)

    def _describe(self, detail: NodeDetail) -> str:
        view = detail.view
        parts = [f"{detail.spec.part}　由{detail.role}办理"]
        if view is not None and view.opened_at is not None:
            why = f"（{detail.why}）" if detail.why else ""
            parts.append(f"{when_words(view.opened_at)}启动{why}")
        elif detail.why:
            parts.append(detail.why)
        if view is not None and view.completed_at is not None:
            parts.append(f"{when_words(view.completed_at)}办结")
        return "；".join(parts)

    def _set_badge(self, detail: NodeDetail | None) -> None:
        if self.badge is not None:
            self._badge_place.removeWidget(self.badge)
            self.badge.deleteLater()
            self.badge = None
        if detail is not None:
            self.badge = StateBadge(detail.state, self)
            self._badge_place.addWidget(self.badge)

    def _acts(self) -> Acts:
        return Acts(
            go_to_field=self._work_at,
            go_to_node=self.node_requested.emit,
            unfreeze=self._unfreeze,
            correct=self._correct,
            withdraw=self._withdraw,
            copy=self._copy,
            print=self._print,
            show_personal=self._show_personal,
            application=ApplicationActs(
                urge=self._urge,
                withdraw=self._withdraw_application,
                countermand=self._countermand,
                later_reply=self._later_reply,
            ),
            papers=self.papers.acts,
            things=self.things,
        )

    # -------------------------------------------------------------------------------- acting

    def _chosen(self, index: int) -> None:
        subject = self.chooser.itemData(index)
        if self.overview is not None and subject is not None:
            self._subject = subject
            self._show(self.overview.find(subject))
            self.subject_changed.emit(subject)

    def _start(self) -> None:
        if self.case is not None and self.detail is not None and self.detail.key is not None:
            self.steps.start(self.case, self.detail.key)

    def _again(self) -> None:
        if self.case is not None and self.overview is not None and self.overview.again is not None:
            self._subject = self.overview.again.subject
            self.steps.start(self.case, self.overview.again)

    def _work(self) -> None:
        self._work_at("")

    def _work_at(self, where: str) -> None:
        if self._simulated is not None:
            return
        if self.case is not None and self.detail is not None and self.detail.key is not None:
            self.steps.work(self.case, self.detail.key, where)

    def _complete(self) -> None:
        if self.case is not None and self.detail is not None:
            self.steps.complete(self.case, self.detail)

    def _apply(self) -> None:
        if self.case is not None and self.detail is not None:
            self.steps.apply(self.case, self.detail)

    def _unfreeze(self) -> None:
        if self.case is not None and self.detail is not None:
            self.steps.unfreeze(self.case, self.detail)

    def _register(self) -> None:
        if self.case is not None and self.overview is not None and self.overview.register:
            self.steps.register(self.case, self.overview.register)

    def _registered(self, subject: str) -> None:
        self._subject = subject
        self._read()

    def _correct(self, seq: int) -> None:
        if self.case is not None and self.detail is not None and self.detail.key is not None:
            self.steps.correct(self.case, self.detail.key, seq)

    def _withdraw(self, seq: int) -> None:
        if self.case is not None and self.detail is not None and self.detail.key is not None:
            self.steps.withdraw(self.case, self.detail.key, seq)

    def _urge(self, asked: ApprovalView) -> None:
        if self.case is not None:
            self.steps.urge(self.case, asked)

    def _withdraw_application(self, asked: ApprovalView) -> None:
        if self.case is not None:
            self.steps.withdraw_application(self.case, asked)

    def _countermand(self, asked: ApprovalView) -> None:
        if self.case is not None:
            self.steps.countermand(self.case, asked)

    def _later_reply(self, asked: ApprovalView) -> None:
        if self.case is not None:
            self.steps.later_reply(self.case, asked)

    def _show_personal(self) -> None:
        """Show the numbers of the instance for this look; the next reading covers them again."""
        if self.case is None or self.detail is None or self.detail.key is None:
            return
        bureau, actor, case_id, key = self._bureau, self._actor(), self.case.id, self.detail.key
        self._asked += 1
        ticket = self._asked

        def job() -> tuple[int, Shown]:
            case = show_personal(bureau, actor, case_id, key)
            return ticket, (case, overview(case, key.node))

        # Writing: the look is journalled.
        self._bridge.write(self, job, self._arrived)

    def _slip(self, row: LimitRow) -> str:
        assert self.case is not None
        assert self.detail is not None
        return slip_text(self.case, self.detail, row)

    def _copy(self, row: LimitRow) -> None:
        QGuiApplication.clipboard().setText(self._slip(row))

    def _print(self, row: LimitRow) -> None:
        text = self._slip(row)
        print_slip(self, text, lambda: self._printed(text))

    def _printed(self, text: str) -> None:
        """Journal what went to the printer."""
        assert self.case is not None
        bureau, actor, case_id = self._bureau, self._actor(), self.case.id
        what = {"内容": text.partition("\n")[0]}
        self._bridge.write(
            self, lambda: traces.note(bureau, actor, "print", what, case_id=case_id), lambda _: None
        )
