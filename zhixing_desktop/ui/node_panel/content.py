"""The scrolled part of the node panel, rebuilt from a ``NodeDetail``; folds are remembered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from zhixing_desktop.services.node_detail import LimitRow, NodeDetail
from zhixing_desktop.ui.forms.parts import Box, Words
from zhixing_desktop.ui.node_panel import sections
from zhixing_desktop.ui.node_panel.applications import (
    ApplicationActs,
    add_application,
    returned_words,
)
from zhixing_desktop.ui.node_panel.papers import PaperActs, PapersSection
from zhixing_desktop.ui.node_panel.personal import PersonalLine, personal_line
from zhixing_desktop.ui.node_panel.pieces import Section
from zhixing_desktop.ui.node_panel.sections import moment_words
from zhixing_desktop.ui.node_panel.things import MaterialsSection, ThingShelf
from zhixing_desktop.workflow.rulebook import UnfreezeLevel

LEVEL_WORDS = {
    UnfreezeLevel.LOCAL: "本院",
    UnfreezeLevel.INTERMEDIATE_COURT: "辖区所在地中级人民法院",
    UnfreezeLevel.INTERMEDIATE_COURT_BUREAU_CHIEF: "所在中级人民法院执行局长",
    UnfreezeLevel.HIGH_COURT: "省高级人民法院",
}
_UNFOLDED = frozenset(
    {"缺什么", "什么时候、为什么", "为什么不能办", "做什么", "审批", "文书", "材料", "下一节点"}
)


@dataclass(frozen=True, slots=True)
class Acts:
    """What a click in the panel does."""

    go_to_field: Callable[[str], None]
    go_to_node: Callable[[int], None]
    unfreeze: Callable[[], None]
    correct: Callable[[int], None]
    withdraw: Callable[[int], None]
    copy: Callable[[LimitRow], None]
    print: Callable[[LimitRow], None]
    show_personal: Callable[[], None]
    application: ApplicationActs
    papers: PaperActs
    things: ThingShelf


class FreezeBox(Box):
    """Since when and why the node is frozen, who may unfreeze it, and the way there."""

    def __init__(self, detail: NodeDetail, acts: Acts, *, allowed: bool) -> None:
        super().__init__("loud")
        freeze = detail.freeze
        assert freeze is not None
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 8, 10, 8)
        box.setSpacing(4)
        since = moment_words(freeze.frozen_at)
        box.addWidget(Words(f"{since}起冻结", tone="bad", bold=True))
        box.addWidget(Words(detail.freeze_words))
        box.addWidget(Words(f"依据　{freeze.cite.words()}", tone="muted"))
        box.addWidget(Words(f"解冻　{freeze.unfreeze.words}", bold=True))
        box.addWidget(Words(f"依据　{freeze.unfreeze.cite.words()}", tone="muted"))
        level = freeze.unfreeze.level
        self.button = QPushButton("申请解冻…")
        if level is not UnfreezeLevel.LOCAL:
            who = LEVEL_WORDS[level]
            words = f"解冻由{who}批准，本院执行局长、主管院领导无权决定，只能登记并转报。"
            box.addWidget(Words(words))
            self.button.setText("登记报请解冻…")
        if freeze.pending is not None:
            add_application(box, freeze.pending, acts.application, allowed=allowed)
        else:
            for words, tone in returned_words(detail.unfreezing):
                box.addWidget(Words(words, tone=tone))
        self.button.setEnabled(allowed and freeze.pending is None)
        if freeze.pending is not None:
            self.button.setToolTip("已经申请，正在等待决定")
        elif not allowed:
            self.button.setToolTip("推演中不能办理")
        self.button.setAutoDefault(False)
        self.button.clicked.connect(acts.unfreeze)
        line = QHBoxLayout()
        line.addWidget(self.button)
        line.addStretch(1)
        box.addLayout(line)


class Content(QWidget):
    """All sections of one instance."""

    def __init__(
        self,
        detail: NodeDetail,
        acts: Acts,
        folds: dict[str, bool],
        *,
        allowed: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.detail = detail
        self.sections: list[Section] = []
        self.freeze_box: FreezeBox | None = None
        self.personal: PersonalLine | None = None
        self.papers: PapersSection | None = None
        self.materials: MaterialsSection | None = None
        self.limit_boxes: list[sections.LimitBox] = []
        self._folds = folds
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(2, 0, 8, 8)
        self._column.setSpacing(6)
        if detail.freeze is not None:
            self.freeze_box = FreezeBox(detail, acts, allowed=allowed)
            self._column.addWidget(self.freeze_box)
        self._add(self._limits(acts))
        if detail.state.is_open:
            self._add(
                sections.missing_section(detail, acts.go_to_field, unfolded=self._open("缺什么"))
            )
        self._add(sections.blockers_section(detail))
        self._add(sections.items_section(detail, unfolded=self._open("做什么")))
        self._add(sections.approvals_section(detail, acts.application, allowed=allowed))
        self._add(self._unfrozen(acts, allowed=allowed))
        if detail.key is not None and allowed:
            self.papers = PapersSection(acts.papers, folds, unfolded=self._open("文书"))
            self._add(self.papers)
            if detail.materials:
                self.materials = MaterialsSection(
                    detail.materials, acts.things, unfolded=self._open("材料")
                )
                self._add(self.materials)
        if detail.view is not None:
            self.personal = personal_line(detail, acts.show_personal)
            if self.personal is not None:
                self._column.addWidget(self.personal)
            self._add(sections.fields_section(detail, unfolded=self._open("已填内容")))
            self._add(
                sections.papers_section(
                    detail,
                    unfolded=self._open("文书、告知、材料"),
                    materials=self.materials is None,
                )
            )
        self._add(sections.next_section(detail, acts.go_to_node, unfolded=self._open("下一节点")))
        self._add(self._notes())
        if detail.view is not None:
            self._add(
                sections.history_section(
                    detail,
                    acts.correct,
                    acts.withdraw,
                    allowed=allowed,
                    unfolded=self._open("历史"),
                )
            )
        self._column.addStretch(1)

    def _open(self, title: str) -> bool:
        return self._folds.get(title, title in _UNFOLDED)

    def _add(self, section: Section | None) -> None:
        if section is None:
            return
        plain = section.title.partition("（")[0]
        section.head.toggled.connect(lambda on, title=plain: self._folds.__setitem__(title, on))
        self.sections.append(section)
        self._column.addWidget(section)

    def _unfrozen(self, acts: Acts, *, allowed: bool) -> Section | None:
        """An unfreezing that was granted, from where it is taken back."""
        asked = self.detail.unfreezing
        if asked is None or asked.status not in ("granted", "countermanded"):
            return None
        section = Section("解冻", unfolded=self._open("解冻"))
        add_application(section.body, asked, acts.application, allowed=allowed)
        return section

    def _limits(self, acts: Acts) -> Section:
        section = Section("什么时候、为什么", unfolded=self._open("什么时候、为什么"))
        for row in self.detail.limits:
            box = sections.LimitBox(row, acts.copy, acts.print)
            self.limit_boxes.append(box)
            section.body.addWidget(box)
        if not self.detail.limits:
            words = "指引没有规定本节点的时限"
            if self.detail.spec.time_limits:
                words = "时限尚不适用"
            section.body.addWidget(Words(words, tone="muted"))
        return section

    def _notes(self) -> Section | None:
        spec = self.detail.spec
        if not spec.notes:
            return None
        section = Section("注意", unfolded=self._open("注意"))
        for cite in spec.notes:
            section.body.addWidget(Words(cite.words()))
        return section

    def section(self, title: str) -> Section | None:
        """Return the section whose title begins so."""
        return next((s for s in self.sections if s.title.startswith(title)), None)
