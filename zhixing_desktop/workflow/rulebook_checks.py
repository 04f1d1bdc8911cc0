"""Checks that hold the rulebook's parts together; each returns problems, none raises.

``check`` runs them all, so that a person sees every fault at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from zhixing_desktop.workflow.anchors import ANCHORS
from zhixing_desktop.workflow.conditions import CONDITIONS, OPENERS
from zhixing_desktop.workflow.errors import Cite, InputRefusedError, Problem
from zhixing_desktop.workflow.gates import CHECKS as GATE_CHECKS
from zhixing_desktop.workflow.guideline import chinese_number, plain
from zhixing_desktop.workflow.rulebook import Direction, LimitKind, NodeSpec, Rulebook, Unit
from zhixing_desktop.workflow.subjects import KINDS

NODE_COUNT = 46
FREEZING = frozenset({3, 7, 17, 20, 23, 26, 31, 32, 33, 43, 46})
Check = Callable[[Rulebook, str], list[Problem]]


def check(book: Rulebook, guideline: str) -> None:
    """Hold a rulebook against itself and the guideline's text.

    Raises :class:`InputRefusedError` with every problem found.
    """
    text = plain(guideline)
    problems = [problem for one in CHECKS for problem in one(book, text)]
    if problems:
        raise InputRefusedError(f"规则库有{len(problems)}处错误，程序不能使用它", problems)


def _problem(where: str, sentence: str) -> Problem:
    return Problem(where, sentence)


def _nodes_complete(book: Rulebook, text: str) -> list[Problem]:
    lacking = sorted(set(range(1, NODE_COUNT + 1)) - set(book.nodes))
    beyond = sorted(set(book.nodes) - set(range(1, NODE_COUNT + 1)))
    found = [_problem(f"节点{n}", "规则库缺少这个节点") for n in lacking]
    found += [_problem(f"节点{n}", "指引只有四十六个节点") for n in beyond]
    for spec in book.nodes.values():
        heading = plain(f"节点{chinese_number(spec.number)}：{spec.name}")
        if heading not in text:
            found.append(_problem(f"节点{spec.number}", f"指引中没有“{heading}”这一标题"))
        if spec.subject not in KINDS:
            found.append(_problem(f"节点{spec.number}", f"不认识的办理对象“{spec.subject}”"))
    return found


def cites_of(book: Rulebook) -> Iterator[tuple[str, Cite]]:
    """Yield every citation of the rulebook with the place it stands."""
    yield "总体要求5", book.warning_cite
    yield "空话", book.hollow_words.cite
    for cite in book.general_rules:
        yield cite.paragraph, cite
    for gate in book.gates:
        yield f"{gate.code}（节点{gate.node}）", gate.cite
    for coupling in book.couplings:
        if coupling.cite is not None:
            yield coupling.code, coupling.cite
    for spec in book.nodes.values():
        yield from _node_cites(spec)


def _node_cites(spec: NodeSpec) -> Iterator[tuple[str, Cite]]:
    where = f"节点{spec.number}"
    yield where, spec.cite
    for item in spec.work_items:
        yield f"{where} 工作内容{item.item}", Cite("", item.text)
    for limit in spec.time_limits:
        yield f"{where} 时限{limit.id}", limit.cite
    if spec.freeze is not None:
        yield f"{where} 冻结", spec.freeze.cite
    if spec.unfreeze is not None:
        yield f"{where} 解冻", spec.unfreeze.cite
        yield f"{where} 解冻", Cite("", spec.unfreeze.words)
    for field in spec.fields:
        if field.cite is not None:
            yield f"{where} 字段“{field.label}”", field.cite
    for material in spec.materials:
        yield f"{where} 材料“{material.name}”", material.cite
    for approval in spec.approvals:
        yield f"{where} 审批“{approval.label}”", approval.cite
    for note in spec.notes:
        yield f"{where} 提示", note


def _quotes(book: Rulebook, text: str) -> list[Problem]:
    found = []
    for where, cite in cites_of(book):
        words = plain(cite.quote)
        if not words:
            found.append(_problem(where, "没有引用指引原文"))
        elif words not in text:
            found.append(_problem(where, f"指引原文中没有这句话：“{cite.quote}”"))
    return found


def _names(book: Rulebook, text: str) -> list[Problem]:
    found = []
    for spec in book.nodes.values():
        where = f"节点{spec.number}"
        conditions = list(spec.applies)
        conditions += [c for limit in spec.time_limits for c in limit.applies]
        conditions += [f.when for f in spec.fields if f.when]
        conditions += [i.when for i in spec.work_items if i.when]
        conditions += [a.when for a in spec.approvals if a.when]
        if spec.freeze is not None:
            conditions += [*spec.freeze.applies, *([spec.freeze.fact] if spec.freeze.fact else [])]
        found += [
            _problem(where, f"不认识的条件“{name}”") for name in conditions if name not in CONDITIONS
        ]
        for rule in spec.opens:
            if rule.event is not None and rule.event not in {*book.events, *ANCHORS}:
                found.append(_problem(where, f"不认识的启动事件“{rule.event}”"))
            if rule.condition is not None and rule.condition not in OPENERS:
                found.append(_problem(where, f"不认识的启动条件“{rule.condition}”"))
        if not spec.opens and not spec.on_demand:
            found.append(_problem(where, "没有写明怎样启动，也不是按需启动的节点"))
        for limit in spec.time_limits:
            if limit.anchor not in {*book.events, *ANCHORS}:
                found.append(_problem(limit.id, f"不认识的起算点“{limit.anchor}”"))
            if limit.met_by.event is not None and limit.met_by.event not in book.events:
                found.append(_problem(limit.id, f"不认识的事件“{limit.met_by.event}”"))
            if limit.reading is not None and limit.reading not in book.readings:
                found.append(_problem(limit.id, f"没有释义{limit.reading}"))
    for gate in book.gates:
        if gate.check not in GATE_CHECKS:
            found.append(_problem(gate.code, f"不认识的检查“{gate.check}”"))
        if gate.node not in book.nodes:
            found.append(_problem(gate.code, f"没有节点{gate.node}"))
        acts = ("start", "work", "complete")
        for act in gate.acts:
            name = act.removeprefix("event:")
            if act.startswith("request:"):
                continue
            if act not in acts and (name == act or name not in book.events):
                found.append(_problem(gate.code, f"不认识的动作“{act}”"))
        event = gate.params.get("event")
        if event is not None and event not in book.events:
            found.append(_problem(gate.code, f"不认识的事件“{event}”"))
    if book.settings.archive_anchor not in book.events:
        found.append(_problem("设置 archive_anchor", "不认识的事件"))
    return found


def _limits(book: Rulebook, text: str) -> list[Problem]:
    found = []
    seen: set[str] = set()
    for spec in book.nodes.values():
        letters = "abcdefghij"
        for place, limit in enumerate(spec.time_limits):
            if limit.id != f"{spec.number}-{letters[place]}":
                found.append(_problem(limit.id, "时限编号应当按原文次序为“节点-字母”"))
            if limit.id in seen:
                found.append(_problem(limit.id, "时限编号重复"))
            seen.add(limit.id)
            numbers = {entry.item for entry in spec.work_items}
            for item in (*limit.items, *limit.met_by.items):
                if item not in numbers:
                    found.append(_problem(limit.id, f"没有工作内容{item}"))
            found += _amount(limit.id, limit.amount, limit.unit, limit.cite.quote)
            if limit.direction is Direction.BEFORE and limit.unit is not Unit.DAY:
                found.append(_problem(limit.id, "“日前”的时限只以日计算"))
            if limit.kind is LimitKind.PERIODIC and limit.count < 2:
                found.append(_problem(limit.id, "定期时限应当写明次数（count）"))
    return found


_AMOUNT_WORDS = {Unit.HOUR: "小时", Unit.DAY: "日", Unit.WORKDAY: "个工作日", Unit.MONTH: "个月"}


def _amount(where: str, amount: int, unit: Unit, quote: str) -> list[Problem]:
    """The number and the unit stand in the words that the limit cites."""
    words = plain(quote)
    if unit is Unit.SAME_DAY:
        return [] if "当天" in words else [_problem(where, "引用的原文没有“当天”")]
    if unit is Unit.IMMEDIATE:
        return [] if "立即" in words else [_problem(where, "引用的原文没有“立即”")]
    if unit is Unit.HOUR:
        wanted = [f"{amount}小时"]
    else:
        number = chinese_number(amount)
        wanted = [f"{number}{_AMOUNT_WORDS[unit]}"]
        if unit is Unit.DAY:
            wanted.append(f"{number}天")
    if any(entry in words for entry in wanted):
        return []
    return [_problem(where, f"引用的原文没有“{wanted[0]}”，与时限的数字或者单位不符")]


def _freezing(book: Rulebook, text: str) -> list[Problem]:
    found = []
    freezing = {number for number, spec in book.nodes.items() if spec.freezes}
    for number in sorted(freezing ^ FREEZING):
        verb = "不应当冻结" if number in freezing else "应当冻结"
        found.append(_problem(f"节点{number}", f"按照指引，这个节点{verb}"))
    for spec in book.nodes.values():
        if (spec.freeze is None) != (spec.unfreeze is None):
            found.append(_problem(f"节点{spec.number}", "冻结与解冻应当一并写明"))
        if spec.freeze is None:
            continue
        ids = {limit.id for limit in spec.time_limits}
        for name in spec.freeze.limits:
            if name not in ids:
                found.append(_problem(f"节点{spec.number} 冻结", f"没有时限{name}"))
        if not spec.freeze.limits and spec.freeze.fact is None:
            found.append(_problem(f"节点{spec.number} 冻结", "没有写明冻结的时限或者事实"))
    return found


def _fields(book: Rulebook, text: str) -> list[Problem]:
    found = []
    for spec in book.nodes.values():
        names: set[str] = set()
        numbers = {entry.item for entry in spec.work_items}
        for field in spec.fields:
            where = f"节点{spec.number} 字段“{field.label}”"
            if field.name in names:
                found.append(_problem(where, f"字段名“{field.name}”重复"))
            names.add(field.name)
            if field.cite is None and not field.reason:
                found.append(_problem(where, "字段既没有引用原文，也没有说明理由"))
            if field.event is not None and field.event not in book.events:
                found.append(_problem(where, f"不认识的事件“{field.event}”"))
            if field.event is not None and field.type not in ("date", "datetime"):
                found.append(_problem(where, "记录事件的字段应当是日期或者时间"))
            if field.type in ("choice", "multichoice") and not field.options:
                found.append(_problem(where, "选择字段没有选项"))
            if field.item is not None and field.item not in numbers:
                found.append(_problem(where, f"没有工作内容{field.item}"))
    entered = {f.event for spec in book.nodes.values() for f in spec.fields if f.event}
    entered |= {spec.event for spec in book.subjects.values() if spec.event}
    made = {"closing_confirmed", "closing_returned"}
    for name in book.events:
        if name not in entered and name not in made:
            found.append(_problem(f"事件“{name}”", "没有任何字段能够录入它"))
    return found


def _edges(book: Rulebook, text: str) -> list[Problem]:
    found = []
    reached: set[int] = {1}
    for spec in book.nodes.values():
        for edge in spec.next:
            if isinstance(edge.to, int):
                if edge.to not in book.nodes:
                    found.append(_problem(f"节点{spec.number}", f"流向不存在的节点{edge.to}"))
                reached.add(edge.to)
            elif edge.to != "end":
                found.append(_problem(f"节点{spec.number}", f"不认识的流向“{edge.to}”"))
    for number in sorted(set(book.nodes) - reached - _ENTRY):
        if not book.nodes[number].on_demand:
            found.append(_problem(f"节点{number}", "没有任何节点流向它"))
    for spec in book.nodes.values():
        if not spec.next and not spec.on_demand:
            found.append(_problem(f"节点{spec.number}", "没有下一节点"))
    return found


_ENTRY = frozenset({1})


def _head(book: Rulebook, text: str) -> list[Problem]:
    found = []
    try:
        date.fromisoformat(book.effective)
    except ValueError:
        found.append(_problem("rulebook.yaml", "effective 应当是日期"))
    if book.settings.rolling not in ("roll", "strict"):
        found.append(_problem("设置 rolling", "只能是 roll（依法顺延）或者 strict（不顺延）"))
    codes = {entry.code for entry in book.couplings}
    for number in range(1, 46):
        if f"X{number}" not in codes:
            found.append(_problem("couplings.yaml", f"缺少耦合规则X{number}"))
    for number in range(1, 70):
        if f"A{number}" not in book.readings:
            found.append(_problem("readings.yaml", f"缺少释义A{number}"))
    return found


CHECKS: tuple[Check, ...] = (
    _nodes_complete,
    _quotes,
    _names,
    _limits,
    _freezing,
    _fields,
    _edges,
    _head,
)
