"""What is to be kept an eye on: 督办, 待他人决定, 代行."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from zhixing_desktop.services import deputies, supervision, waiting
from zhixing_desktop.services.application_view import LEVELS
from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.services.decision_sheet import DecisionSheet, decision_sheet
from zhixing_desktop.services.deputies import Deputy
from zhixing_desktop.services.fact_words import when_words
from zhixing_desktop.services.supervision import Supervised, SupervisedPage
from zhixing_desktop.services.waiting import WaitingItem
from zhixing_desktop.ui.approvals.list_tab import PAGE, ActorOf, Line, ListTab
from zhixing_desktop.ui.bridge import Bridge

STAGES = {"": "等待转报", "forwarded": "已经转报", "replied": "答复待核对"}


class SupervisionTab(ListTab):
    """督办: nodes 23 and 26 that are late, and everything that is frozen."""

    columns = (
        ("状态", 4),
        ("逾期", 5),
        ("冻结时间", 9),
        ("届满", 9),
        ("届满的时限", 8),
        ("案号", 13),
        ("节点", 12),
        ("承办人", 5),
        ("解冻申请", 6),
        ("当事人", 20),
    )
    empty = "没有需要督办的节点"

    def question(self, offset: int) -> Callable[[], tuple[Sequence[Line], int]]:
        """Read a page."""
        bureau, actor = self.bureau, self.actor_of()

        def job() -> tuple[Sequence[Line], int]:
            page: SupervisedPage = supervision.supervised(bureau, actor, offset=offset, limit=PAGE)
            return [self._line(row) for row in page.rows], page.total

        return job

    def _line(self, row: Supervised) -> Line:
        cells = (
            row.state.label,
            f"{row.days_late}日" if row.days_late else "",
            when_words(row.frozen_at) if row.frozen_at else "",
            when_words(row.due_at) if row.due_at else "",
            row.limit,
            row.case_no,
            f"{row.node} {row.node_name}",
            row.officer,
            _applied(row),
            row.parties,
        )
        return Line(cells, row, row.case_id, row.node)


def _applied(row: Supervised) -> str:
    """Only what is frozen has to be applied for."""
    if row.frozen_at is None:
        return ""
    return "已申请" if row.asked else "未申请"


class AwayTab(ListTab):
    """What was passed on to other courts: its way, the next hop, the reply."""

    columns = (
        ("进展", 7),
        ("案号", 13),
        ("节点", 11),
        ("决定机关", 10),
        ("冻结时间", 9),
        ("申请人", 5),
        ("申请时间", 9),
        ("催办", 4),
        ("当事人", 20),
    )
    empty = "没有等待其他法院决定的申请"

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor_of: ActorOf, parent: QWidget | None = None
    ) -> None:
        super().__init__(bureau, bridge, actor_of, parent)
        self.sheet: DecisionSheet | None = None
        self.forward = self.add_button("登记下一次转报…", partial(self._open, forward=True))
        self.reply = self.add_button("登记答复…", partial(self._open, forward=False))

    def question(self, offset: int) -> Callable[[], tuple[Sequence[Line], int]]:
        """Read a page."""
        bureau, actor = self.bureau, self.actor_of()

        def job() -> tuple[Sequence[Line], int]:
            found = waiting.pending_at_others(bureau, actor, limit=PAGE, offset=offset)
            return [self._line(item) for item in found], waiting.count_at_others(bureau, actor)

        return job

    def _line(self, item: WaitingItem) -> Line:
        cells = (
            STAGES.get(item.stage, item.stage),
            item.case_no,
            f"{item.node} {item.node_name}",
            LEVELS.get(item.level, item.level),
            when_words(item.frozen_at) if item.frozen_at else "",
            item.requested_by,
            when_words(item.requested_at),
            f"{item.urges}次" if item.urges else "",
            item.parties,
        )
        return Line(cells, item, item.case_id, item.node)

    def on_selected(self) -> None:
        """Show the way of the letter."""
        line = self.line()
        self.sheet = None
        for button in (self.forward, self.reply):
            button.setEnabled(False)
        self.below.hide()
        if line is None:
            return
        item: WaitingItem = line.what
        bureau, actor = self.bureau, self.actor_of()

        def show(sheet: DecisionSheet) -> None:
            now = self.line()
            if now is None or now.what != item:
                return
            self.sheet = sheet
            for button in (self.forward, self.reply):
                button.setEnabled(True)
            view = sheet.detail.view
            reply = view.reply if view is not None else None
            words = [f"第{n}次转报　{hop}" for n, hop in enumerate(sheet.hops, start=1)]
            if reply is not None:
                words.append(f"{reply['entered_by']}已登记答复，等待另外一人核对原件")
            self.below.setText("\n".join(words))
            self.below.setVisible(bool(words))

        self.bridge.read(
            self, lambda: decision_sheet(bureau, actor, item.case_id, item.request), show
        )

    def _open(self, *, forward: bool) -> None:
        # As in the panel: not before the lists are there.
        from zhixing_desktop.ui.approvals.outside import ForwardDialog, ReplyDialog

        if self.sheet is not None:
            kind = ForwardDialog if forward else ReplyDialog
            kind(self.bureau, self.bridge, self.actor_of, self.sheet, self).open()


class DeputiesTab(ListTab):
    """Who stands in for whom today."""

    columns = (("被代理人", 6), ("代理人", 6), ("角色", 9), ("自", 7), ("至", 7), ("依据", 24))
    empty = "现在没有代行职权"
    unit = "项"
    opens_case = False

    def question(self, offset: int) -> Callable[[], tuple[Sequence[Line], int]]:
        """Read those in force."""
        bureau = self.bureau

        def job() -> tuple[Sequence[Line], int]:
            found = [entry for entry in deputies.list_deputies(bureau) if entry.state == "now"]
            return [self._line(entry) for entry in found], len(found)

        return job

    def _line(self, entry: Deputy) -> Line:
        cells = (
            entry.principal,
            entry.deputy,
            entry.role,
            f"{entry.from_on}",
            f"{entry.until_on}",
            entry.paper,
        )
        return Line(cells, entry)
