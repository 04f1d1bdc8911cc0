"""An application as the applicant sees it in the node panel: where it is, urging, withdrawing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from zhixing_desktop.services.fact_words import OUTCOMES, when_words
from zhixing_desktop.services.node_detail import waits_words
from zhixing_desktop.ui.forms.parts import Link, Words
from zhixing_desktop.workflow.facts import ApprovalView
from zhixing_desktop.workflow.later_replies import last_reply


@dataclass(frozen=True, slots=True)
class ApplicationActs:
    """What can be done with an application; each takes it."""

    urge: Callable[[ApprovalView], None]
    withdraw: Callable[[ApprovalView], None]
    countermand: Callable[[ApprovalView], None]
    later_reply: Callable[[ApprovalView], None]


def returned_words(asked: ApprovalView | None) -> list[tuple[str, str]]:
    """Return what an application that came back has to mend, for the one that follows it."""
    if asked is None or asked.status not in ("returned", "refused") or not asked.steps:
        return []
    last = asked.steps[-1]
    outcome = OUTCOMES.get(asked.status, "")
    by = f"{last.get('authority') or last.get('role', '')}{last.get('by', '')}"
    words = [(f"上次申请由{by}{outcome}：{last.get('reason', '')}", "bad")]
    words += [(f"{n}. {point}", "plain") for n, point in enumerate(asked.points, start=1)]
    return words


def add_application(
    box: QVBoxLayout, asked: ApprovalView, acts: ApplicationActs, *, allowed: bool
) -> None:
    """Put where an application is, and what can be done with it, below one another."""
    box.addWidget(
        Words(f"{when_words(asked.requested_at)} {asked.requested_by}申请：{asked.reason}")
    )
    for step in asked.steps:
        outcome = OUTCOMES.get(str(step.get("outcome")), "")
        for_whom = f"（代{step['on_behalf_of']}审批）" if step.get("on_behalf_of") else ""
        who = f"{step.get('authority') or step.get('role', '')}{step.get('by', '')}{for_whom}"
        box.addWidget(Words(f"{who}{outcome}：{step.get('reason', '')}"))
    for number, point in enumerate(asked.points, start=1):
        box.addWidget(Words(f"须补正：{number}. {point}", tone="bad"))
    links: list[tuple[str, Callable[[ApprovalView], None]]] = []
    if asked.status == "pending":
        box.addWidget(Words(waits_words(asked), bold=True))
        links = [("催办…", acts.urge), ("撤回申请…", acts.withdraw)]
    elif asked.status == "granted" and asked.level == "local":
        links = [("撤销原决定…", acts.countermand)]
    elif asked.reply is not None:
        words = f"{asked.reply['entered_by']}已登记后来的答复，等待另外一人核对原件"
        box.addWidget(Words(words, bold=True))
    elif last_reply(asked) is not None:
        links = [("登记更正、撤销的批复…", acts.later_reply)]
    if not links or not allowed:
        return
    line = QHBoxLayout()
    for words, act in links:
        link = Link(words)
        link.clicked.connect(lambda _on=False, a=act: a(asked))
        line.addWidget(link)
    line.addStretch(1)
    box.addLayout(line)
