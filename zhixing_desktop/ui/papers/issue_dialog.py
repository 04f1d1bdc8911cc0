"""签发: the last look before a paper gets its number and cannot be changed any more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtWidgets import QWidget

from zhixing_desktop.services.paper_types import Issued, Preview
from zhixing_desktop.ui.approvals.step_dialog import StepDialog
from zhixing_desktop.ui.bridge import Bridge
from zhixing_desktop.ui.forms.dates import DateEditor
from zhixing_desktop.ui.forms.parts import em
from zhixing_desktop.ui.papers.words import about, day_of

Issue = Callable[[date], Issued]


class IssueDialog(StepDialog):
    """Asks for the day, names the number; ``issue`` runs in the writer's thread."""

    help_page = "papers"

    def __init__(
        self,
        bridge: Bridge,
        preview: Preview,
        words: str,
        now: datetime,
        issue: Issue,
        parent: QWidget | None = None,
    ) -> None:
        number = f"文号将为　{preview.number}" if preview.number else "这种文书不编号。"
        super().__init__(
            bridge,
            "签发",
            "签发",
            [
                (f"《{preview.name}》{about(words)}", "plain"),
                (number, "plain"),
                (
                    "签发后内容不再改动；需要改动的，作废后重新制作，原来的文号不再使用。"
                    "节点中与本文书对应的内容随即登记。",
                    "muted",
                ),
            ],
            parent,
        )
        self._issue = issue
        self._case = preview.wish.case if isinstance(preview.wish.case, int) else 0
        self.day = DateEditor(now)
        day = preview.wish.day or now.date()
        self.day.set_value(day.isoformat())
        self.day.edited.connect(self._say_weekday)
        self.add_rows((("文书日期", self.day),))
        self._say_weekday()
        if preview.gaps:
            lacking = "、".join(gap.label for gap in preview.gaps)
            self.refuse(f"还缺{len(preview.gaps)}项，补齐以前不能签发：{lacking}。")
        self.setMinimumWidth(em(self, 34))
        self.act.setFocus()

    def _say_weekday(self) -> None:
        if self.day.side is not None:
            self.day.side.setText(self.day.hint())

    def send(self) -> None:
        """Issue; what is refused is said here, and everything typed stays."""
        day = day_of(self.day.value())
        if day is None:
            self.refuse("请填写文书日期，例如 2024-03-05。")
            self.day.setFocus()
            return
        issue = self._issue
        self.run(self._case, lambda: issue(day))
