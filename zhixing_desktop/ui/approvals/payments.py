"""待支付: what both signatures have approved, for 财务."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from zhixing_desktop.services import approvals, payments_due
from zhixing_desktop.services.bureau import Bureau
from zhixing_desktop.services.fact_words import when_words
from zhixing_desktop.services.payments_due import PaymentDue
from zhixing_desktop.ui.approvals.list_tab import ActorOf, Line, ListTab
from zhixing_desktop.ui.approvals.step_dialog import StepDialog
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.dates import DateEditor
from zhixing_desktop.ui.forms.editor import LineEditor
from zhixing_desktop.workflow.money import format_money
from zhixing_desktop.workflow.payments import PAYOUT_NODE


class PayDialog(StepDialog):
    """The day and the voucher of a payment."""

    def __init__(self, tab: ListTab, due: PaymentDue, parent: QWidget | None = None) -> None:
        words = [
            (f"{due.case_no}　{due.parties}", "plain"),
            (f"批准发放　{_sum(due)}", "plain"),
            (f"{due.requested_by}申请：{due.reason}", "plain"),
            (f"{when_words(due.decided_at)}由{due.decided_by}最后批准", "muted"),
        ]
        super().__init__(tab.bridge, "登记支付", "登记支付", words, parent)
        self._tab, self._due = tab, due
        self.day = DateEditor(due.decided_at)
        self.voucher = LineEditor("支付凭证编号")
        self.add_rows((("支付日期", self.day), ("支付凭证编号", self.voucher)))
        self.day.setFocus()

    def send(self) -> None:
        """Record it; the services say what is wrong."""
        day = self.day.moment()
        if day is None:
            self.refuse("支付日期：请填写日期，例如 2024-03-05。")
            return
        due, bureau, actor = self._due, self._tab.bureau, self._tab.actor_of()
        voucher = str(self.voucher.value() or "")
        self.run(
            due.case_id,
            lambda: approvals.pay_out(bureau, actor, due.case_id, due.subject, day.date(), voucher),
        )


class PaymentsTab(ListTab):
    """待支付: what both signatures have approved, for 财务."""

    columns = (
        ("批准时间", 9),
        ("案号", 13),
        ("金额", 8),
        ("承办人", 5),
        ("最后批准", 6),
        ("申请理由", 20),
        ("当事人", 20),
    )
    empty = "没有等待支付的案款"

    def __init__(
        self, bureau: Bureau, bridge: Bridge, actor_of: ActorOf, parent: QWidget | None = None
    ) -> None:
        super().__init__(bureau, bridge, actor_of, parent)
        self.pay = self.add_button("登记支付…", self.open_payment)
        self.dialog: PayDialog | None = None

    def question(self, offset: int) -> Callable[[], tuple[Sequence[Line], int]]:
        """Read them."""
        bureau, actor = self.bureau, self.actor_of()

        def job() -> tuple[Sequence[Line], int]:
            found = payments_due.payments_due(bureau, actor)
            return [self._line(due) for due in found], len(found)

        return job

    def _line(self, due: PaymentDue) -> Line:
        cells = (
            when_words(due.decided_at),
            due.case_no,
            _sum(due),
            due.officer,
            due.decided_by,
            due.reason,
            due.parties,
        )
        return Line(cells, due, due.case_id, PAYOUT_NODE)

    def on_selected(self) -> None:
        """A payment is made one by one."""
        self.pay.setEnabled(self.line() is not None)

    def open_payment(self) -> None:
        """Ask for day and voucher."""
        line = self.line()
        if line is not None:
            PayDialog(self, line.what, self).open()


def _sum(due: PaymentDue) -> str:
    return format_money(due.amount) if due.amount is not None else "未写明金额"
