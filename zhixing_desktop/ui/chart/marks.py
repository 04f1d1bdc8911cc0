"""What a chart shows on a node: plain values, made by the caller from a case's view.

The scene compares marks and repaints only what differs, so equal values must compare equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from zhixing_desktop.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class NodeMark:
    """The state of one box.

    ``state`` is a word of ``workflow.facts.State``.  ``days_left_text`` is written as it is
    (还剩3日, 逾期2日, 5月3日止).  ``instances`` is how often the node runs, ``counts`` how many of
    them are in each state.  ``waiting``: an approval is pending.  ``provisional``: the date rests
    on a calendar that is not yet announced.  ``simulated``: of a rehearsal, not of the case.
    """

    state: str
    days_left_text: str = ""
    instances: int = 1
    counts: Mapping[str, int] = field(default_factory=dict)
    waiting: bool = False
    provisional: bool = False
    simulated: bool = False
    tooltip: str = ""

    def badges(self) -> tuple[str, ...]:
        """Short words for the corner of the box, from left to right."""
        flags = ((self.simulated, "推演"), (self.provisional, "暂定"), (self.waiting, "待批"))
        return tuple(word for on, word in flags if on)

    def words(self, theme: Theme) -> str:
        """The mark in one line for tooltips and screen readers."""
        parts = [theme.state(self.state).word]
        if self.days_left_text:
            parts.append(self.days_left_text)
        if self.instances > 1:
            inner = "、".join(
                f"{theme.state(state).word}{count}" for state, count in self.counts.items() if count
            )
            parts.append(f"共{self.instances}次" + (f"（{inner}）" if inner else ""))
        if self.waiting:
            parts.append("有审批待办")
        if self.provisional:
            parts.append("期限暂定")
        if self.simulated:
            parts.append("推演结果")
        return "，".join(parts)


ChartMarks = Mapping[int | str, NodeMark]
