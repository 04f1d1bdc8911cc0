"""An application as whoever decides it wants to see it: what, why, since when, by which rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zhixing_desktop.services import cases
from zhixing_desktop.services.approvals import Application
from zhixing_desktop.services.fact_words import subject_words, when_words
from zhixing_desktop.services.node_detail import NodeDetail, overview
from zhixing_desktop.workflow.approvals import ApprovalRule, find_rule
from zhixing_desktop.workflow.errors import ZhixingError
from zhixing_desktop.workflow.facts import ApprovalView
from zhixing_desktop.workflow.views import Key

LEVELS: Mapping[str, str] = {
    "local": "本院",
    "intermediate_court": "中级人民法院",
    "intermediate_court_bureau_chief": "中级人民法院执行局",
    "high_court": "高级人民法院",
}
LOCAL = "local"


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """One line of the list: the application, what is asked in words, since when it is frozen."""

    application: Application
    matter: str
    frozen_at: datetime | None


@dataclass(frozen=True, slots=True)
class ApplicationDetail:
    """Everything about one application; ``rule`` is ``None`` where it does not hold any more."""

    row: ApplicationRow
    node: NodeDetail
    subject: str
    view: ApprovalView | None
    rule: ApprovalRule | None
    officer: str
    now: datetime
    case_state: str
    asked: tuple[tuple[str, str], ...]


def detail_of(case: cases.CaseDetail, row: ApplicationRow) -> ApplicationDetail:
    """Return one application of a case that has been read."""
    entry = row.application
    ctx, key = case.context, Key(entry.node, entry.subject)
    view = next((a for a in ctx.index.approvals if a.seq == entry.request), None)
    rule: ApprovalRule | None
    try:
        rule = find_rule(ctx, case.view, key, entry.matter, decided=True)
    except ZhixingError:
        rule = None
    return ApplicationDetail(
        row=row,
        node=overview(case, entry.node).find(entry.subject),
        subject=subject_words(ctx.index.name_of, entry.subject),
        view=view,
        rule=rule,
        officer=case.officer,
        now=case.now,
        case_state=case.view.state.label,
        asked=_asked(view.data if view is not None else {}),
    )


def _asked(data: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return what the application asks for beyond the matter: months, days, the ground."""
    found = []
    if data.get("ground"):
        found.append(("法定情形", str(data["ground"])))
    if data.get("amount"):
        unit = {"month": "个月", "day": "日"}.get(str(data.get("unit")), "")
        found.append(("申请延长", f"{data['amount']}{unit}"))
    elif data.get("start"):
        end = when_words(datetime.fromisoformat(str(data["end"]))) if data.get("end") else "未定"
        start = when_words(datetime.fromisoformat(str(data["start"])))
        found.append(("申请扣除的期间", f"{start}至{end}"))
    return tuple(found)
