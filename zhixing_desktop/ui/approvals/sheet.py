"""One application on one screen: what, why, how late, the words it rests on, what follows."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from zhixing_desktop.services.application_view import LEVELS, LOCAL
from zhixing_desktop.services.consequences import YES, Change, Consequence
from zhixing_desktop.services.decision_sheet import DecisionSheet
from zhixing_desktop.services.earlier_freezes import Freezes
from zhixing_desktop.services.fact_words import OUTCOMES, when_words
from zhixing_desktop.ui.approvals.mini_chart import MiniChart
from zhixing_desktop.ui.forms.parts import Box, Link, Mark, Words, em
from zhixing_desktop.ui.node_panel.pieces import StateBadge

_FOLLOW_WORDS = {True: "如果批准", False: "如果不批准"}


class SheetView(QWidget):
    """Everything about one application, in two columns; made anew for each."""

    def __init__(
        self,
        sheet: DecisionSheet,
        acting: str,
        chart: MiniChart,
        open_case: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.sheet = sheet
        self._open_case = open_case
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, em(self, 0.6), 0)
        box.setSpacing(3)
        self._head(box, acting)
        columns = QHBoxLayout()
        columns.setSpacing(em(self, 1.2))
        left, right = QVBoxLayout(), QVBoxLayout()
        for column, share in ((left, 52), (right, 48)):
            column.setSpacing(3)
            columns.addLayout(column, share)
        self._asked(left)
        self._why(left)
        self._rule(left)
        self._steps(left)
        self._earlier(left)
        right.addWidget(chart)
        chart.show()
        for follow in sheet.follows:
            self._follow(right, follow)
        left.addStretch(1)
        right.addStretch(1)
        box.addLayout(columns, 1)

    # ------------------------------------------------------------------------------- pieces

    def _head(self, box: QVBoxLayout, acting: str) -> None:
        told = self.sheet.detail
        entry = told.row.application
        head = QHBoxLayout()
        head.addWidget(Words(f"{told.row.matter}　{entry.case_no}", bold=True, scale=1.2), 1)
        if acting:
            head.addWidget(Mark(acting, tone="bad", bold=True))
        head.addWidget(StateBadge(told.node.state))
        box.addLayout(head)
        line = QHBoxLayout()
        self.link = Link(f"节点{entry.node}　{entry.node_name}　{told.subject}")
        self.link.setToolTip("打开这个案件（Enter）")
        self.link.clicked.connect(self._open_case)
        line.addWidget(self.link)
        officer = told.officer or "未定"
        line.addWidget(
            Words(f"{entry.parties}　承办人：{officer}　案件：{told.case_state}", tone="muted"), 1
        )
        box.addLayout(line)

    def _title(self, column: QVBoxLayout, words: str) -> None:
        column.addSpacing(3)
        column.addWidget(Mark(words, bold=True))

    def _asked(self, column: QVBoxLayout) -> None:
        sheet, entry = self.sheet, self.sheet.detail.row.application
        self._title(column, f"申请　{entry.requested_by}　{when_words(entry.requested_at)}")
        column.addWidget(Words(entry.reason))
        for label, words in sheet.detail.asked:
            column.addWidget(Words(f"{label}：{words}"))
        if sheet.urges:
            words = f"催办{len(sheet.urges)}次，最近一次{sheet.urges[-1]}"
            column.addWidget(Words(words, tone="bad"))
        back = sheet.returned
        if back is not None:
            column.addWidget(Words(f"上次{back.at}由{back.by}退回：{back.reason}", tone="muted"))
            for number, point in enumerate(back.points, start=1):
                column.addWidget(Words(f"{number}. {point}", tone="muted"))

    def _why(self, column: QVBoxLayout) -> None:
        sheet, node = self.sheet, self.sheet.detail.node
        if node.freeze is not None:
            self._title(column, "冻结")
            since = when_words(node.freeze.frozen_at)
            column.addWidget(Words(f"{since}起冻结：{node.freeze_words}", tone="bad"))
        elif sheet.late:
            self._title(column, "期限")
        for late in sheet.late:
            column.addWidget(Words(f"{late.words}　{late.left}"))
            column.addWidget(
                Words("；".join(step.rstrip("。") for step in late.steps), tone="muted")
            )

    def _rule(self, column: QVBoxLayout) -> None:
        sheet, told = self.sheet, self.sheet.detail
        self._title(column, "指引原文与权限")
        cites = [told.node.freeze.cite] if told.node.freeze is not None else []
        cites += [told.rule.cite] if told.rule is not None else []
        for words in dict.fromkeys(cite.words() for cite in cites):
            column.addWidget(Words(words))
        if sheet.matrix is not None:
            column.addWidget(Words(f"权限表{sheet.matrix.id}：{sheet.matrix.who}", tone="muted"))
        if told.rule is not None and told.rule.level != LOCAL:
            level = LEVELS.get(told.rule.level, told.rule.level)
            words = f"须报{level}决定，本院只能转报和登记答复，不能代为决定。"
            column.addWidget(Words(words, tone="bad"))

    def _follow(self, column: QVBoxLayout, follow: Consequence) -> None:
        box = Box("calm")
        inner = QVBoxLayout(box)
        inner.setContentsMargins(8, 4, 8, 5)
        inner.setSpacing(2)
        inner.addWidget(Mark(_FOLLOW_WORDS[follow.outcome == YES], bold=True))
        if follow.refusal:
            inner.addWidget(Words(follow.refusal, tone="bad"))
            column.addWidget(box)
            return
        if follow.outcome == YES and self.sheet.others:
            then = "、".join(self.sheet.others)
            inner.addWidget(Words(f"还须由{then}决定；全部批准后："))
        for words in _change_words(follow.changes):
            inner.addWidget(Words(words))
        for words in follow.words:
            inner.addWidget(Words(words))
        inner.addWidget(Words(f"下一期限：{follow.next_due}", tone="muted"))
        column.addWidget(box)

    def _steps(self, column: QVBoxLayout) -> None:
        view = self.sheet.detail.view
        steps = view.steps if view is not None else ()
        if steps or self.sheet.hops:
            self._title(column, "已经办理")
        for step in steps:
            outcome = OUTCOMES.get(str(step.get("outcome")), "")
            who = f"{step.get('authority') or step.get('role', '')}{step.get('by', '')}"
            for_whom = step.get("on_behalf_of")
            acting = f"（代{for_whom}审批）" if for_whom else ""
            column.addWidget(Words(f"{who}{acting}　{outcome}：{step.get('reason', '')}"))
        for hop in self.sheet.hops:
            column.addWidget(Words(hop))
        reply = view.reply if view is not None else None
        if reply is not None:
            words = f"{reply['entered_by']}登记了答复，等待另外一人对照原件核对"
            column.addWidget(Words(words, tone="bad"))

    def _earlier(self, column: QVBoxLayout) -> None:
        self._title(column, "以往冻结")
        officer = self.sheet.detail.officer or "承办人"
        self._freezes(column, f"{officer}承办的案件", self.sheet.of_officer, case=True)
        self._freezes(column, "本案", self.sheet.of_case, case=False)

    def _freezes(self, column: QVBoxLayout, whose: str, found: Freezes, *, case: bool) -> None:
        if not found.count:
            column.addWidget(Words(f"{whose}：没有"))
            return
        last = "；".join(
            f"{entry.at:%Y-%m-%d} {f'{entry.case_no} ' if case else ''}节点{entry.node}"
            for entry in found.last
        )
        line = Words(f"{whose}：{found.count}次，最近：{last}")
        line.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        column.addWidget(line)


def _change_words(changes: tuple[Change, ...]) -> list[str]:
    """The node by itself, then its next ones: those to which the same happens in one line."""
    lines: list[str] = []
    alike: dict[str, list[str]] = {}
    for at, change in enumerate(changes):
        states = change.before.label
        if change.after is not change.before:
            states = f"{change.before.label} → {change.after.label}"
        if at == 0:
            note = f"，{change.note}" if change.note else ""
            lines.append(f"{change.label}：{states}{note}")
        elif change.note or change.after is not change.before:
            said = change.note if change.after is change.before else f"{states} {change.note}"
            alike.setdefault(said.strip(), []).append(change.node)
    for said, labels in alike.items():
        lines.append(f"{'、'.join(dict.fromkeys(labels))}：{said}")
    return lines
