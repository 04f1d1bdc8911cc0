"""The sections of the node panel: each makes its widgets from what ``node_detail`` says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from zhixing_desktop.services.fact_words import OUTCOMES, when_words
from zhixing_desktop.services.node_detail import ItemRow, LimitRow, NodeDetail
from zhixing_desktop.ui.forms.parts import Box, Link, Mark, WideLink, Words, em
from zhixing_desktop.ui.node_panel.applications import ApplicationActs, add_application
from zhixing_desktop.ui.node_panel.pieces import Section
from zhixing_desktop.workflow.day_words import day_words, time_words
from zhixing_desktop.workflow.views import Blocker

ITEM_WORDS = {
    "done": "已完成",
    "not_needed": "不需要办理",
    "open": "未完成",
    "optional": "可以办理",
}


def moment_words(moment: datetime) -> str:
    """Return ``2024年3月11日（星期一）``, with the time unless it is a whole day's."""
    if (moment.hour, moment.minute, moment.second) in ((23, 59, 59), (0, 0, 0)):
        return day_words(moment.date())
    return f"{day_words(moment.date())}{time_words(moment)}"


def items_section(detail: NodeDetail, *, unfolded: bool) -> Section:
    """做什么: the work items in the guideline's words, what is done, what is not needed."""
    section = Section("做什么", unfolded=unfolded)
    for row in detail.items:
        section.body.addLayout(_headed(row.label, _item_words(row), bad=False))
        section.body.addWidget(Words(row.spec.text))
        if row.reason:
            section.body.addWidget(Words(f"理由：{row.reason}", tone="muted"))
    return section


def _item_words(row: ItemRow) -> str:
    words = ITEM_WORDS[row.state]
    return f"{words} {when_words(row.done_at)}" if row.state == "done" and row.done_at else words


def _headed(left: str, right: str, *, bad: bool) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setContentsMargins(0, 4, 0, 0)
    line.addWidget(Mark(left, bold=True))
    line.addStretch(1)
    line.addWidget(Mark(right, tone="bad" if bad else "muted"))
    return line


class LimitBox(Box):
    """One limit: both days, what is left, and the derivation on demand."""

    def __init__(
        self,
        row: LimitRow,
        copy: Callable[[LimitRow], None],
        print_: Callable[[LimitRow], None],
        parent: QWidget | None = None,
    ) -> None:
        late = row.view.status == "overdue"
        super().__init__("loud" if late else "calm", parent)
        self.row = row
        self._copy, self._print = copy, print_

        box = QVBoxLayout(self)
        box.setContentsMargins(10, 6, 10, 8)
        box.setSpacing(3)
        head = QHBoxLayout()
        head.addWidget(Words(row.words, bold=True), 1)
        right = row.left or row.status
        head.addWidget(
            Mark(right, tone="bad" if late else "plain", bold=bool(row.left)),
            0,
            Qt.AlignmentFlag.AlignTop,
        )
        box.addLayout(head)
        for words, tone in self._days():
            box.addWidget(Words(words, tone=tone))
        foot = QHBoxLayout()
        self.why = Link("为什么")
        self.copy = Link("复制")
        self.print = Link("打印")
        for link in (self.why, self.copy, self.print):
            link.setVisible(bool(row.steps))
            foot.addWidget(link)
        foot.addStretch(1)
        box.addLayout(foot)
        self.steps = QWidget(self)
        inner = QVBoxLayout(self.steps)
        inner.setContentsMargins(0, 2, 0, 0)
        inner.setSpacing(2)
        for number, step in enumerate(row.steps, start=1):
            inner.addWidget(Words(f"{number}. {step.words}"))
            if step.cite:
                inner.addWidget(Words(f"依据　{step.cite}", tone="muted"))
        self.steps.hide()
        box.addWidget(self.steps)
        if not row.steps:
            box.addWidget(Words(f"依据　{row.view.limit.cite.words()}", tone="muted"))
        self.why.clicked.connect(self._toggle)
        self.copy.clicked.connect(self._copied)
        self.print.clicked.connect(self._printed)

    def _days(self) -> list[tuple[str, str]]:
        view = self.row.view
        lines: list[tuple[str, str]] = []
        if view.anchor_at is not None:
            lines.append((f"起算　{moment_words(view.anchor_at)} {view.anchor_words}", "plain"))
        if view.nominal_at is not None and view.nominal_at != view.due_at:
            lines.append((f"名义届满　{moment_words(view.nominal_at)}", "muted"))
        if view.due_at is not None:
            word = "有效届满" if view.nominal_at != view.due_at else "届满"
            lines.append((f"{word}　{moment_words(view.due_at)}", "plain"))
        if view.provisional:
            lines.append(("暂定：有关年度的放假安排尚未公布，公布后重新计算", "bad"))
        if view.met_at is not None:
            tone = "bad" if view.status == "met_late" else "plain"
            lines.append((f"完成　{moment_words(view.met_at)}", tone))
        if view.status == "waiting":
            lines.append(("起算的事实还没有发生或者没有登记", "muted"))
        return lines

    def _toggle(self) -> None:
        self.steps.setVisible(self.steps.isHidden())
        self.why.setText("收起" if not self.steps.isHidden() else "为什么")
        self.why.updateGeometry()

    def _copied(self) -> None:
        self._copy(self.row)

    def _printed(self) -> None:
        self._print(self.row)


def missing_section(detail: NodeDetail, go: Callable[[str], None], *, unfolded: bool) -> Section:
    """缺什么: a line for each thing; a click opens the dialog at its place."""
    section = Section(f"缺什么（{len(detail.missing)}）", unfolded=unfolded)
    if not detail.missing:
        words = "不缺什么" if detail.state.is_open else "尚未办理或者已经办结"
        section.body.addWidget(Words(words, tone="muted"))
    for entry in detail.missing:
        kind = {"field": "未填写", "item": "未完成", "paper": "未制作", "notice": "未办理"}
        link = WideLink(f"{entry.label}　{kind.get(entry.kind, '未归入')}")
        if entry.cite is not None:
            link.setToolTip(entry.cite.words())
        where = entry.name if entry.kind in ("field", "item") else entry.label
        link.setProperty("where", where)
        link.clicked.connect(lambda _on=False, place=where: go(place))
        section.body.addWidget(link)
    return section


def blockers_section(detail: NodeDetail) -> Section | None:
    """What refuses starting or completing, each sentence with its words of the guideline."""
    shown: dict[str, Blocker] = {}
    for entry in (*detail.start, *detail.work, *detail.complete):
        if entry.code not in ("G3", "G4"):
            shown.setdefault(entry.sentence, entry)
    if not shown or detail.view is None:
        return None
    refused = any(entry.severity != "caution" for entry in shown.values())
    title = "为什么不能办" if refused else "提醒"
    section = Section(f"{title}（{len(shown)}）", unfolded=detail.state.is_open)
    for entry in shown.values():
        tone = "muted" if entry.severity == "caution" else "plain"
        head = "提醒：" if entry.severity == "caution" else ""
        section.body.addWidget(Words(f"{head}{entry.sentence}", tone=tone))
        section.body.addWidget(Words(f"依据　{entry.cite.words()}", tone="muted"))
    return section


def pairs(layout: QLayout, rows: Sequence[tuple[str, str, bool]]) -> None:
    """Put label and words side by side; a missing one is marked."""
    for label, words, bad in rows:
        line = QHBoxLayout()
        line.setSpacing(8)
        name = Words(label, tone="muted")
        name.setFixedWidth(em(name, 9))
        line.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(Words(words or "—", tone="bad" if bad else "plain"), 1)
        holder = QWidget()
        line.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(line)
        layout.addWidget(holder)


def fields_section(detail: NodeDetail, *, unfolded: bool) -> Section:
    """What was entered."""
    filled = [row for row in detail.fields if row.words]
    section = Section(f"已填内容（{len(filled)}/{len(detail.fields)}）", unfolded=unfolded)
    pairs(section.body, [(row.spec.label, row.words, False) for row in filled])
    if not filled:
        section.body.addWidget(Words("还没有填写", tone="muted"))
    return section


def papers_section(detail: NodeDetail, *, unfolded: bool, materials: bool = True) -> Section | None:
    """Papers, whom to tell, and materials where these have no section of their own."""
    listed = detail.materials if materials else ()
    count = len(detail.papers) + len(detail.notices) + len(listed)
    if not count:
        return None
    section = Section("文书、告知、材料", unfolded=unfolded)
    rows = [(f"《{row.name}》", row.made or "未制作", False) for row in detail.papers]
    for notice in detail.notices:
        told = f"{notice.channel} {notice.on}" if notice.on else notice.reason or "未告知"
        ways = f"（{'、'.join(notice.channels)}）" if notice.channels and told == "未告知" else ""
        rows.append((f"告知{notice.who}", f"{told}{ways}", False))
    for material in listed:
        words = "已归入" if material.filed else "未归入"
        rows.append((material.name, words if not material.required else f"{words}（必需）", False))
    pairs(section.body, rows)
    return section


def next_section(detail: NodeDetail, go: Callable[[int], None], *, unfolded: bool) -> Section:
    """The nodes that may follow; a click goes there."""
    section = Section("下一节点", unfolded=unfolded)
    for row in detail.next:
        if row.to is None:
            section.body.addWidget(Words(row.name))
        else:
            link = WideLink(f"节点{row.to}　{row.name}")
            link.setProperty("node", row.to)
            link.clicked.connect(lambda _on=False, node=row.to: go(node))
            section.body.addWidget(link)
        section.body.addWidget(Words(row.when, tone="muted"))
    if not detail.next:
        section.body.addWidget(Words("办结后回到原办理节点", tone="muted"))
    return section


def approvals_section(
    detail: NodeDetail, acts: ApplicationActs, *, allowed: bool
) -> Section | None:
    """The decisions a node needs, and how they stand."""
    if not detail.approvals:
        return None
    section = Section("审批", unfolded=True)
    for row in detail.approvals:
        latest = row.latest
        status = OUTCOMES[latest.status] if latest is not None else "未申请"
        section.body.addLayout(_headed(row.spec.label, status, bad=status == "不批准"))
        section.body.addWidget(Words(row.words, tone="muted"))
        if latest is not None:
            add_application(section.body, latest, acts, allowed=allowed)
    return section


def history_section(
    detail: NodeDetail,
    correct: Callable[[int], None],
    withdraw: Callable[[int], None],
    *,
    allowed: bool,
    unfolded: bool,
) -> Section:
    """What happened here; a fact is corrected or withdrawn with a reason, never overwritten."""
    section = Section(f"历史（{len(detail.history)}）", unfolded=unfolded)
    for row in detail.history:
        head = QHBoxLayout()
        head.setContentsMargins(0, 4, 0, 0)
        stamp = f"{row.entered_at:%Y-%m-%d %H:%M} {row.entered_by}"
        head.addWidget(Words(stamp, tone="muted"), 1)
        if row.correctable and allowed:
            for words, act in (("更正", correct), ("撤回", withdraw)):
                link = Link(words)
                link.setProperty("seq", row.seq)
                link.clicked.connect(lambda _on=False, a=act, seq=row.seq: a(seq))
                head.addWidget(link)
        section.body.addLayout(head)
        done = "" if row.standing or row.by_seq is None else "（已被更正或者撤回）"
        words = f"{row.title}{done}" + (f"\n{row.words}" if row.words else "")
        section.body.addWidget(Words(words, tone="plain" if row.standing else "muted"))
        if row.reason:
            section.body.addWidget(Words(f"理由：{row.reason}", tone="muted"))
    if not detail.history:
        section.body.addWidget(Words("还没有记录", tone="muted"))
    return section
