"""What became of an issued paper: number and day, whom it reached and when, what can be done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from zhixing_desktop.services.paper_types import VOID, PaperLine, ServiceLine
from zhixing_desktop.ui.forms.parts import Box, Link, Mark, Words, em
from zhixing_desktop.ui.node_panel.pieces import Section
from zhixing_desktop.ui.papers.words import state_words
from zhixing_desktop.workflow.day_words import date_words, day_words
from zhixing_desktop.workflow.service_of_papers import Result


class IssuedSide(QWidget):
    """Everything left of an issued paper.

    ``complete_wanted``, ``withdraw_wanted`` and ``proof_wanted`` (its scan is to be shown) carry a
    :class:`ServiceLine`.
    """

    complete_wanted = Signal(object)
    proof_wanted = Signal(object)
    withdraw_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.links: list[Link] = []
        self.notes = Box("strong", self)
        inner = QVBoxLayout(self.notes)
        inner.setContentsMargins(8, 4, 8, 4)
        self.notes_words = Words()
        inner.addWidget(self.notes_words)
        self.notes.hide()
        self.area = QScrollArea(self)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.notes)
        box.addWidget(self.area, 1)
        self.setMinimumWidth(em(self, 22))

    def tell(self, notes: tuple[str, ...]) -> None:
        """Say what a step has brought at the node."""
        self.notes_words.setText("\n".join(notes))
        self.notes.setVisible(bool(notes))

    def show_line(self, line: PaperLine) -> None:
        """Show a paper that was issued or made void."""
        self.links = []
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, em(self, 0.5), 0)
        column.setSpacing(4)
        about = Section("文书", unfolded=True)
        for label, words, bad in _facts(line):
            _pair(about, label, words, bad=bad)
        column.addWidget(about)
        if line.state != VOID or line.services:
            column.addWidget(self._services(line))
        column.addStretch(1)
        self.area.setWidget(content)

    def _services(self, line: PaperLine) -> Section:
        standing = [s for s in line.services if not s.withdrawn_by]
        section = Section(f"送达（{len(standing)}）", unfolded=True)
        if line.unserved:
            section.body.addWidget(Words(f"尚未送达　{'、'.join(line.unserved)}", tone="bad"))
        elif not standing:
            section.body.addWidget(Words("还没有登记送达", tone="muted"))
        for service in line.services:
            section.body.addWidget(self._service(service))
        return section

    def _service(self, service: ServiceLine) -> QWidget:
        taken_back = bool(service.withdrawn_by)
        box = Box("calm")
        column = QVBoxLayout(box)
        column.setContentsMargins(8, 6, 8, 6)
        column.setSpacing(2)
        head = QHBoxLayout()
        way = service.service
        head.addWidget(Words(f"{service.recipient}　{way.way.label}", bold=not taken_back), 1)
        told = "已撤回" if taken_back else way.result.label
        head.addWidget(Mark(told, tone="muted"), 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        if service.effective_on is not None:
            column.addWidget(Words(f"送达日期　{day_words(service.effective_on)}"))
        for words, cite in service.derivation:
            column.addWidget(Words(f"{words}。{f'依据　{cite}' if cite else ''}", tone="muted"))
        proof = "已附送达回证或者回执" if service.proof else "没有附扫描件"
        column.addWidget(Words(f"{proof}　{service.entered_by}登记", tone="muted"))
        if taken_back:
            reason = f"{service.withdrawn_by}撤回：{service.withdrawn_reason}"
            column.addWidget(Words(reason, tone="muted"))
        foot = QHBoxLayout()
        if service.proof:
            self._link(foot, "查看扫描件…", self.proof_wanted.emit, service)
        if way.result is Result.PENDING and not taken_back:
            self._link(foot, "登记结果…", self.complete_wanted.emit, service)
        if not taken_back:
            self._link(foot, "撤回…", self.withdraw_wanted.emit, service)
        foot.addStretch(1)
        column.addLayout(foot)
        return box

    def _link(
        self,
        foot: QHBoxLayout,
        words: str,
        act: Callable[[ServiceLine], object],
        service: ServiceLine,
    ) -> None:
        link = Link(words)
        link.setAccessibleName(f"{service.recipient}的送达：{words}")
        link.clicked.connect(lambda _on=False: act(service))
        foot.addWidget(link)
        self.links.append(link)


def _facts(line: PaperLine) -> list[tuple[str, str, bool]]:
    found = [
        ("案号", line.case_no, False),
        ("对象", line.about_words, False),
        ("状态", state_words(line), line.state == VOID),
        ("文号", line.number or "不编号", False),
        ("文书日期", date_words(line.day) if line.day is not None else "", False),
        ("签发", line.issued_by, False),
        ("卷宗位置", line.dossier, False),
    ]
    if line.state == VOID:
        found.append(("作废", f"{line.voided_by}：{line.reason}", True))
    if line.replaces is not None:
        found.append(("替代", f"第{line.replaces}号文书（已作废）", False))
    if line.replaced_by is not None:
        found.append(("重新制作", f"第{line.replaced_by}号文书", False))
    return [entry for entry in found if entry[1]]


def _pair(section: Section, label: str, words: str, *, bad: bool) -> None:
    holder = QWidget(section)
    line = QHBoxLayout(holder)
    line.setContentsMargins(0, 1, 0, 1)
    line.setSpacing(6)
    name = Words(label, tone="muted")
    name.setFixedWidth(em(name, 6))
    line.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(Words(words, tone="bad" if bad else "plain"), 1)
    section.body.addWidget(holder)
