"""Entering what a superior court decided: this court registers it and decides nothing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QGridLayout, QWidget

from zhixing_desktop.services import work
from zhixing_desktop.services.application_view import LEVELS, ApplicationDetail
from zhixing_desktop.services.bureau import Actor, Bureau
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.choices import ChoiceEditor
from zhixing_desktop.ui.forms.dates import DateEditor
from zhixing_desktop.ui.forms.editor import Editor, LineEditor
from zhixing_desktop.ui.forms.parts import Mark
from zhixing_desktop.ui.forms.reasons import ReasonDialog
from zhixing_desktop.workflow.decide import OutsideDecision

OUTCOMES = (
    ("forwarded", "已转报，尚未决定"),
    ("granted", "批准"),
    ("refused", "不批准"),
    ("returned", "退回"),
)


class OutsideDialog(ReasonDialog):
    """Which court, who, by which paper, on which day, and what it says."""

    def __init__(
        self,
        bureau: Bureau,
        bridge: Bridge,
        actor_of: Callable[[], Actor],
        detail: ApplicationDetail,
        parent: QWidget | None = None,
    ) -> None:
        entry = detail.row.application
        rule = detail.rule
        words = [
            (f"{detail.row.matter}　{entry.case_no}　节点{entry.node} {entry.node_name}", "plain")
        ]
        if rule is not None:
            words.append((f"{rule.words}。本院登记上级法院的决定，不代为决定。", "plain"))
            words.append((f"依据　{rule.cite.words()}", "muted"))
        super().__init__("登记上级法院的决定", "登记", words, parent)
        self._bureau, self._outer, self._actor_of = bureau, bridge, actor_of
        self._detail = detail
        self.outcome = ChoiceEditor(OUTCOMES)
        self.authority = LineEditor("作出决定的法院或者部门的全称")
        self.decider = LineEditor("批准人姓名")
        self.document = LineEditor("例如：（2024）豫08执监1号")
        self.day = DateEditor(detail.now)
        self.authority.set_value(LEVELS.get(entry.level))
        grid = QGridLayout()
        rows: tuple[tuple[str, Editor], ...] = (
            ("决定", self.outcome),
            ("作出决定的法院", self.authority),
            ("批准人", self.decider),
            ("批准文件及文号", self.document),
            ("决定日期", self.day),
        )
        for at, (label, editor) in enumerate(rows):
            grid.addWidget(Mark(label), at, 0)
            grid.addWidget(editor, at, 1)
            editor.setAccessibleName(label)
        grid.setColumnStretch(1, 1)
        self.extra.addLayout(grid)
        self.outcome.setFocus()

    def send(self, reason: str) -> None:
        """Register it; the services say what is missing."""
        outcome, day = self.outcome.value(), self.day.moment()
        if outcome is None:
            self.refuse("请选择决定的结果。")
            return
        if day is None:
            self.refuse("请填写决定日期，例如 2024-03-05。")
            return
        decision = OutsideDecision(
            authority=str(self.authority.value() or ""),
            decider=str(self.decider.value() or ""),
            document=str(self.document.value() or ""),
            decided_on=day.date(),
        )
        entry, bureau, actor = self._detail.row.application, self._bureau, self._actor_of()
        self.run(
            self._outer,
            entry.case_id,
            lambda: work.register_decision(
                bureau, actor, entry.case_id, entry.request, outcome, decision, reason
            ),
        )
