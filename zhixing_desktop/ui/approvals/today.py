"""今日决定: what a person decided today; from here a decision is taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from zhixing_desktop.services import approvals, waiting
from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.services.deputies import acting_words
from zhixing_desktop.services.fact_words import OUTCOMES, matter_words
from zhixing_desktop.services.waiting import DecidedItem
from zhixing_desktop.ui.approvals.list_tab import ActorOf, Line, ListTab
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.reason_step import ReasonStepDialog
from zhixing_desktop.workflow.facts import COUNTERMANDED, DECIDED, FORWARDED, REPLIED

COUNTERMAND_WORDS = "撤销是一项新的决定，原来的决定保留在记录中。已经支付、已经结案的不能撤销。"
_KINDS = {COUNTERMANDED: "撤销原决定", FORWARDED: "转报", REPLIED: "登记答复"}


class TodayTab(ListTab):
    """What the person decided today; a decision is taken back from here."""

    columns = (
        ("时间", 4),
        ("案号", 13),
        ("节点", 11),
        ("事项", 9),
        ("决定", 7),
        ("代行", 8),
        ("理由", 26),
    )
    empty = "今天还没有作出决定"

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor_of: ActorOf, parent: QWidget | None = None
    ) -> None:
        super().__init__(bureau, bridge, actor_of, parent)
        self.back = self.add_button("撤销原决定…", self.countermand)

    def question(self, offset: int) -> Callable[[], tuple[Sequence[Line], int]]:
        """Read the day."""
        bureau, actor = self.bureau, self.actor_of()

        def job() -> tuple[Sequence[Line], int]:
            found = waiting.decided_today(bureau, actor)
            return [self._line(item) for item in found], len(found)

        return job

    def _line(self, item: DecidedItem) -> Line:
        book = self.bureau.rules.book
        outcome = _KINDS.get(item.kind) or OUTCOMES.get(item.outcome, item.outcome)
        cells = (
            f"{item.at:%H:%M}",
            item.case_no,
            f"{item.node} {book.nodes[item.node].name}",
            matter_words(book, item.node, item.matter),
            outcome,
            acting_words(item.on_behalf_of),
            item.reason,
        )
        return Line(cells, item, item.case_id, item.node)

    def on_selected(self) -> None:
        """Only what was granted can be taken back."""
        line = self.line()
        item: DecidedItem | None = line.what if line is not None else None
        granted = item is not None and item.kind == DECIDED and item.outcome == "granted"
        self.back.setEnabled(granted)
        self.back.setToolTip("" if granted else "只有批准的决定可以撤销")

    def countermand(self) -> None:
        """Ask for the reason."""
        line = self.line()
        if line is None or not self.back.isEnabled():
            return
        item: DecidedItem = line.what
        what = f"{line.cells[1]}　节点{line.cells[2]}　{line.cells[3]}　{line.cells[4]}"
        bureau, actor = self.bureau, self.actor_of()
        ReasonStepDialog(
            self.bridge,
            item.case_id,
            "撤销原决定",
            "撤销",
            [(what, "plain"), (COUNTERMAND_WORDS, "muted")],
            lambda reason: approvals.countermand(bureau, actor, item.case_id, item.request, reason),
            self,
        ).open()
