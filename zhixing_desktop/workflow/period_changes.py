"""What an application for 期限变更 (node 42) asks for: months more, or days that do not count."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.errors import InputRefusedError, Problem
from zhixing_desktop.workflow.views import Key

EXTENSION_KIND = "延长执行期限"
UNITS = ("month", "day")


def period_change(ctx: Context, key: Key, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the application's data, taken from node 42 where ``data`` does not say it.

    ``amount`` and ``unit`` (``month`` or ``day``) ask for more time; ``start`` and ``end`` (the day
    on which the period runs again, ``None`` while that is open) for days that do not count.  Raises
    :class:`InputRefusedError` with everything that is wrong.
    """
    asked = dict(data)
    if not asked.get("amount") and not asked.get("start"):
        asked.update(_from_node(ctx, key))
    ground = ctx.index.value(key.node, key.subject, "deadline_change_ground")
    if ground and not asked.get("ground"):
        asked["ground"] = ground
    asked["instance"] = key.subject
    problems = _extension_problems(asked) if asked.get("amount") else _exclusion_problems(asked)
    if problems:
        raise InputRefusedError("期限变更的内容有错误，未提起", problems)
    return asked


def _from_node(ctx: Context, key: Key) -> dict[str, Any]:
    def entered(name: str) -> Any:
        return ctx.index.value(key.node, key.subject, name)

    if entered("deadline_change_kind") == EXTENSION_KIND:
        return {"amount": entered("extension_months"), "unit": "month"}
    return {"start": entered("deadline_change_from"), "end": entered("deadline_change_until")}


def _extension_problems(asked: dict[str, Any]) -> list[Problem]:
    asked.setdefault("unit", "month")
    found = []
    try:
        asked["amount"] = int(str(asked["amount"]))
    except ValueError:
        asked["amount"] = 0
    if asked["amount"] < 1:
        found.append(Problem("延长月数", "延长的期间应当是正整数"))
    if asked["unit"] not in UNITS:
        found.append(Problem("延长单位", "延长的期间以月或者日计算"))
    return found


def _exclusion_problems(asked: dict[str, Any]) -> list[Problem]:
    start, end = _day(asked.get("start")), _day(asked.get("end"))
    if start is None:
        sentence = "请写明延长的月数，或者扣除期间的起始日期"
        return [Problem("期限变更的内容", sentence)]
    if asked.get("end") and end is None:
        return [Problem("变更期间终止日期", "应当是日期，例如 2024-03-05")]
    if end is not None and end <= start:
        return [Problem("变更期间终止日期", "终止日期应当晚于起始日期")]
    asked["start"] = start.isoformat()
    asked["end"] = end.isoformat() if end is not None else None
    return []


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None
