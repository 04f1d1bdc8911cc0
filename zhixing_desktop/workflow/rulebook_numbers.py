"""Whether the rulebook's numbers, units, freezes and authorities are those of the words cited."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from zhixing_desktop.workflow.errors import Problem
from zhixing_desktop.workflow.guideline import chinese_number, plain
from zhixing_desktop.workflow.rulebook import (
    Direction,
    LimitKind,
    NodeSpec,
    Rulebook,
    TimeLimit,
    Unfreeze,
    UnfreezeLevel,
    Unit,
)

FREEZING = frozenset({3, 7, 17, 20, 23, 26, 31, 32, 33, 43, 46})
LETTERS = "abcdefghij"
REFUSES = frozenset({"successors", "self"})
AFTER_WARNING = "经预警后"
AUTHORITIES: Mapping[UnfreezeLevel, tuple[str, ...]] = MappingProxyType(
    {
        UnfreezeLevel.LOCAL: ("执行局长", "主管院领导"),
        UnfreezeLevel.INTERMEDIATE_COURT: ("中院",),
        UnfreezeLevel.INTERMEDIATE_COURT_BUREAU_CHIEF: ("中院执行局长",),
        UnfreezeLevel.HIGH_COURT: ("省法院",),
    }
)
"""The roles that each level of authority stands for (readings A7 to A10)."""
_NUMERALS = "零一二三四五六七八九十百0-9"
_UNITS: Mapping[Unit, str] = MappingProxyType(
    {Unit.HOUR: "小时", Unit.DAY: "[日天]", Unit.WORKDAY: "个工作日", Unit.MONTH: "个月"}
)


def _limits(book: Rulebook, text: str) -> list[Problem]:
    found = []
    for spec in book.nodes.values():
        numbers = {entry.item for entry in spec.work_items}
        for place, limit in enumerate(spec.time_limits):
            if limit.id != f"{spec.number}-{LETTERS[place]}":
                found.append(Problem(limit.id, "时限编号应当按原文次序为“节点-字母”"))
            found += [
                Problem(limit.id, f"没有工作内容{item}")
                for item in (*limit.items, *limit.met_by.items)
                if item not in numbers
            ]
            found += _amount(limit)
            found += _shape(limit)
    return found


def _shape(limit: TimeLimit) -> list[Problem]:
    found = []
    if limit.direction is Direction.BEFORE and limit.unit is not Unit.DAY:
        found.append(Problem(limit.id, "“日前”的时限只以日计算"))
    if (limit.kind is LimitKind.PERIODIC) != (limit.count > 1):
        found.append(Problem(limit.id, "定期时限应当写明次数（count），其他时限没有次数"))
    if limit.kind is LimitKind.PERIODIC and limit.unit is Unit.MONTH:
        years, rest = divmod(limit.count * limit.amount, 12)
        if rest or f"{chinese_number(years)}年内" not in plain(limit.cite.quote):
            found.append(Problem(limit.id, "次数（count）与引用的原文写明的年数不符"))
    return found


def _amount(limit: TimeLimit) -> list[Problem]:
    """The number, the unit and the direction stand in the words that the limit cites."""
    words = plain(limit.cite.quote)
    if limit.unit in (Unit.SAME_DAY, Unit.IMMEDIATE):
        wanted = "当天" if limit.unit is Unit.SAME_DAY else "立即"
        faults = [] if wanted in words else [f"引用的原文没有“{wanted}”"]
        if limit.amount != 0:
            faults.append(f"“{wanted}”的时限没有数字，amount 应为 0")
        return [Problem(limit.id, sentence) for sentence in faults]
    hours = limit.unit is Unit.HOUR
    number = str(limit.amount) if hours else chinese_number(limit.amount)
    pattern = f"(?<![{_NUMERALS}]){number}{_UNITS[limit.unit]}"
    if re.search(pattern, words) is None:
        return [Problem(limit.id, f"引用的原文没有“{limit.words()}”的数字或者单位")]
    before = re.search(f"{pattern}前", words) is not None
    if before != (limit.direction is Direction.BEFORE):
        return [Problem(limit.id, "引用的原文与时限的方向（之内、之前）不符")]
    return []


def _freezing(book: Rulebook, text: str) -> list[Problem]:
    found = []
    freezing = {number for number, spec in book.nodes.items() if spec.freezes}
    for number in sorted(freezing ^ FREEZING):
        verb = "不应当冻结" if number in freezing else "应当冻结"
        found.append(Problem(f"节点{number}", f"按照指引，这个节点{verb}"))
    for spec in book.nodes.values():
        if (spec.freeze is None) != (spec.unfreeze is None):
            found.append(Problem(f"节点{spec.number}", "冻结与解冻应当一并写明"))
        found += _freeze_rule(spec)
        if spec.unfreeze is not None:
            found += _authority(f"节点{spec.number} 解冻", spec.unfreeze)
    return found


def _freeze_rule(spec: NodeSpec) -> list[Problem]:
    rule = spec.freeze
    if rule is None:
        return []
    where = f"节点{spec.number} 冻结"
    ids = {limit.id for limit in spec.time_limits}
    found = [Problem(where, f"没有时限{name}") for name in rule.limits if name not in ids]
    if not rule.limits and rule.fact is None:
        found.append(Problem(where, "没有写明冻结的时限或者事实"))
    if rule.refuses not in REFUSES:
        found.append(Problem(where, f"不认识的限制“{rule.refuses}”"))
    if rule.limits and rule.warned is not (AFTER_WARNING in plain(rule.cite.quote)):
        found.append(Problem(where, f"“{AFTER_WARNING}”与引用的原文不符（warned）"))
    if "冻结" not in rule.cite.quote:
        found.append(Problem(where, "引用的原文没有“冻结”"))
    outside = [n for n in rule.lets_pass if all(edge.to != n for edge in spec.next)]
    found += [Problem(where, f"节点{number}不是下一节点，无须放行") for number in outside]
    return found


def _authority(where: str, unfreeze: Unfreeze) -> list[Problem]:
    """Level and roles are those of the words: 本院…, 中院, 中院执行局长 or 省法院."""
    words = plain(unfreeze.words)
    if "省法院" in words:
        level = UnfreezeLevel.HIGH_COURT
    elif "中院执行局长" in words:
        level = UnfreezeLevel.INTERMEDIATE_COURT_BUREAU_CHIEF
    elif "中院" in words:
        level = UnfreezeLevel.INTERMEDIATE_COURT
    else:
        level = UnfreezeLevel.LOCAL
    found = []
    if unfreeze.level is not level:
        found.append(Problem(where, f"“{unfreeze.words}”与批准层级“{unfreeze.level}”不符"))
    if unfreeze.roles != AUTHORITIES[level]:
        found.append(Problem(where, f"批准人应为{'、'.join(AUTHORITIES[level])}"))
    if words not in plain(unfreeze.cite.quote):
        found.append(Problem(where, f"引用的原文没有“{unfreeze.words}”"))
    if level is UnfreezeLevel.LOCAL and "本院" not in words:
        found.append(Problem(where, "批准人应当写明本院或者上级法院"))
    return found


NUMBER_CHECKS: tuple[Callable[[Rulebook, str], list[Problem]], ...] = (_limits, _freezing)
