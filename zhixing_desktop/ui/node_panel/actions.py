"""The buttons of the node panel: what may be done; what may not says why."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from zhixing_desktop.services.node_detail import REGISTERED, NodeDetail, NodeOverview
from zhixing_desktop.ui.flow_layout import FlowLayout
from zhixing_desktop.ui.forms.parts import em, folded
from zhixing_desktop.workflow.views import Blocker

_SIMULATED = "推演中不能办理，请先返回现在"


class ActionRow(QWidget):
    """启动, 办理…, 办结（流转）, 申请审批…, and what brings a further instance."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        flow = FlowLayout(self)
        flow.setSpacing(em(self, 0.4))
        self.start = QPushButton("启动", self)
        self.work = QPushButton("办理…", self)
        self.complete = QPushButton("办结（流转）", self)
        self.apply = QPushButton("申请审批…", self)
        self.register = QPushButton("登记…", self)
        self.again = QPushButton("再次启动", self)
        self.buttons = (
            self.start,
            self.work,
            self.complete,
            self.apply,
            self.register,
            self.again,
        )
        for button in self.buttons:
            button.setAutoDefault(False)
            flow.addWidget(button)

    def fill(self, overview: NodeOverview, detail: NodeDetail, *, simulated: bool) -> None:
        """Enable what may be done now; the tool tip of the others says why not."""
        spec = detail.spec
        absent = (
            f"本案还没有{REGISTERED.get(spec.subject, '办理对象')}" if detail.key is None else ""
        )
        lacking = ""
        if detail.missing:
            names = "、".join(f"“{entry.label}”" for entry in detail.missing[:6])
            more = "等" if len(detail.missing) > 6 else ""
            lacking = f"还缺少{names}{more}"
        pending = all(
            row.latest is not None and row.latest.status == "pending" for row in detail.approvals
        )
        no_matter = "" if spec.approvals else "指引没有规定本节点需要审批的事项"
        waits = "已经申请，正在等待决定" if spec.approvals and pending else ""
        reasons = {
            self.start: absent or _first(detail.start),
            self.work: absent or _first(detail.work),
            self.complete: absent or _first(detail.complete) or lacking,
            self.apply: absent or no_matter or _first(detail.work) or waits,
            self.register: "",
            self.again: "",
        }
        tips = {
            self.start: "启动这个节点",
            self.work: "填写办理情况",
            self.complete: "办结这个节点，流转下一节点",
            self.apply: "申请本节点需要的审批",
            self.register: "登记新的办理对象",
            self.again: "对同一对象再次采取这项措施",
        }
        for button, reason in reasons.items():
            told = _SIMULATED if simulated else reason
            button.setEnabled(not told)
            button.setToolTip(folded(told or tips[button]))
            button.setAccessibleDescription(told)
        self.register.setVisible(overview.register is not None)
        if overview.register is not None:
            self.register.setText(f"登记{REGISTERED[overview.register]}…")
        self.again.setVisible(overview.again is not None)


def _first(found: Sequence[Blocker]) -> str:
    return next((entry.sentence for entry in found if entry.severity == "refuse"), "")
