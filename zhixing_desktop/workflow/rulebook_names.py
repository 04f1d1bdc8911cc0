"""Whether everything that the rulebook names exists: conditions, events, anchors, checks, roles."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from zhixing_desktop.workflow.anchors import ANCHORS
from zhixing_desktop.workflow.answers import ANSWERS
from zhixing_desktop.workflow.conditions import CONDITIONS
from zhixing_desktop.workflow.errors import Problem
from zhixing_desktop.workflow.gate_checks import CHECKS as GATE_CHECKS
from zhixing_desktop.workflow.openers import OPENERS
from zhixing_desktop.workflow.rulebook import (
    FieldSpec,
    FieldType,
    Gate,
    MetBy,
    NodeSpec,
    Rulebook,
)
from zhixing_desktop.workflow.subjects import KINDS

ROLES = frozenset(
    {
        "立案人员",
        "承办人",
        "书记员",
        "审判管理办公室",
        "材料审核人",
        "财务",
        "档案员",
        "系统",
        "执行局长",
        "主管院领导",
        "院长",
        "中院",
        "中院执行局长",
        "省法院",
    }
)
MODES = frozenset({"either", "sequence"})
SEVERITIES = frozenset({"refuse", "caution"})
PLAIN_ACTS = frozenset({"start", "work", "complete"})
MADE_BY_DECISIONS = frozenset({"closing_confirmed", "closing_returned"})
"""Events that an approval records; their fields only show them."""
UNFREEZE = "unfreeze"


def conditions_of(spec: NodeSpec) -> Iterator[str]:
    """Yield every condition that a node names."""
    yield from spec.applies
    for limit in spec.time_limits:
        yield from limit.applies
    single = [field.when for field in spec.fields]
    single += [material.when for material in spec.materials]
    single += [approval.when for approval in spec.approvals]
    for item in spec.work_items:
        single.append(item.when)
        single += [duty.when for duty in item.notify]
        single += [condition for _, condition in item.papers_when]
    if spec.freeze is not None:
        yield from spec.freeze.applies
        single.append(spec.freeze.fact)
    yield from (name for name in single if name is not None)


def _conditions(book: Rulebook, text: str) -> list[Problem]:
    return [
        Problem(f"节点{spec.number}", f"不认识的条件“{name}”")
        for spec in book.nodes.values()
        for name in conditions_of(spec)
        if name not in CONDITIONS
    ]


def _answers(book: Rulebook, text: str) -> list[Problem]:
    """The answers that conditions ask for can be given."""
    found = []
    for name, answer in ANSWERS.items():
        spec = book.nodes.get(answer.node)
        field = next((f for f in spec.fields if f.name == answer.field), None) if spec else None
        where = f"条件“{name}”"
        if field is None:
            found.append(Problem(where, f"节点{answer.node}没有字段“{answer.field}”"))
            continue
        given = set(field.options) if field.type is not FieldType.BOOL else {True, False}
        found += [
            Problem(where, f"字段“{field.label}”没有选项“{wanted}”")
            for wanted in answer.wanted
            if wanted not in given
        ]
        if answer.event is not None and answer.event not in book.events:
            found.append(Problem(where, f"不认识的事件“{answer.event}”"))
    return found


def _openings(book: Rulebook, text: str) -> list[Problem]:
    found = []
    for spec in book.nodes.values():
        where = f"节点{spec.number}"
        for rule in spec.opens:
            if rule.event is None and rule.condition is None:
                found.append(Problem(where, "启动条件没有写明事件或者条件"))
            if rule.event is not None and rule.event not in {*book.events, *ANCHORS}:
                found.append(Problem(where, f"不认识的启动事件“{rule.event}”"))
            if rule.condition is not None and rule.condition not in OPENERS:
                found.append(Problem(where, f"不认识的启动条件“{rule.condition}”"))
        if not spec.opens and not spec.on_demand:
            found.append(Problem(where, "没有写明怎样启动，也不是按需启动的节点"))
    return found


def _limit_names(book: Rulebook, text: str) -> list[Problem]:
    found = []
    for spec in book.nodes.values():
        for limit in spec.time_limits:
            if limit.anchor not in {*book.events, *ANCHORS}:
                found.append(Problem(limit.id, f"不认识的起算点“{limit.anchor}”"))
            if limit.reading is not None and limit.reading not in book.readings:
                found.append(Problem(limit.id, f"没有释义{limit.reading}"))
            found += _met_by(book, limit.id, limit.met_by)
        rule = spec.freeze
        if rule is not None:
            where = f"节点{spec.number} 冻结"
            if rule.met_by is not None:
                found += _met_by(book, where, rule.met_by)
            if rule.target is not None and rule.target not in book.nodes:
                found.append(Problem(where, f"没有节点{rule.target}"))
            if rule.reading is not None and rule.reading not in book.readings:
                found.append(Problem(where, f"没有释义{rule.reading}"))
    return found


def _met_by(book: Rulebook, where: str, met_by: MetBy) -> list[Problem]:
    found = []
    if met_by.event is not None and met_by.event not in book.events:
        found.append(Problem(where, f"不认识的事件“{met_by.event}”"))
    wanted = met_by.approval
    if wanted is not None:
        spec = book.nodes.get(wanted.node)
        if spec is None or all(entry.matter != wanted.matter for entry in spec.approvals):
            found.append(Problem(where, f"节点{wanted.node}没有审批“{wanted.matter}”"))
    return found


def _gates(book: Rulebook, text: str) -> list[Problem]:
    found = []
    codes = {entry.code for entry in book.couplings}
    for gate in book.gates:
        if gate.code not in codes:
            found.append(Problem(gate.code, "没有这条耦合规则"))
        if gate.check not in GATE_CHECKS:
            found.append(Problem(gate.code, f"不认识的检查“{gate.check}”"))
        if gate.severity not in SEVERITIES:
            found.append(Problem(gate.code, f"不认识的轻重“{gate.severity}”"))
        spec = book.nodes.get(gate.node)
        if spec is None:
            found.append(Problem(gate.code, f"没有节点{gate.node}"))
            continue
        found += _gate_acts(book, spec, gate)
        found += _gate_params(book, gate)
    return found


def _gate_acts(book: Rulebook, spec: NodeSpec, gate: Gate) -> list[Problem]:
    matters = {entry.matter for entry in spec.approvals}
    found = []
    for act in gate.acts:
        kind, _, name = act.partition(":")
        known = (
            act in PLAIN_ACTS
            or (kind == "event" and name in book.events)
            or (kind == "request" and name in matters)
        )
        if not known:
            found.append(Problem(gate.code, f"不认识的动作“{act}”"))
    return found


def _gate_params(book: Rulebook, gate: Gate) -> list[Problem]:
    found = [
        Problem(gate.code, f"不认识的事件“{gate.params[name]}”")
        for name in ("event", "later_event", "earlier_event")
        if name in gate.params and gate.params[name] not in book.events
    ]
    condition = gate.params.get("if")
    if condition is not None and condition not in CONDITIONS:
        found.append(Problem(gate.code, f"不认识的条件“{condition}”"))
    number = gate.params.get("node")
    spec = book.nodes.get(number) if isinstance(number, int) else None
    names = {field.name for field in spec.fields} if spec is not None else set()
    found += [
        Problem(gate.code, f"节点{number}没有字段“{gate.params[name]}”")
        for name in ("field", "reason")
        if name in gate.params and gate.params[name] not in names
    ]
    return found


def _fields(book: Rulebook, text: str) -> list[Problem]:
    found = []
    for spec in book.nodes.values():
        names = [field.name for field in spec.fields]
        for name in sorted({name for name in names if names.count(name) > 1}):
            found.append(Problem(f"节点{spec.number}", f"字段名“{name}”重复"))
        for field in spec.fields:
            where = f"节点{spec.number} 字段“{field.label}”"
            if field.cite is None and not field.reason:
                found.append(Problem(where, "字段既没有引用原文，也没有说明理由"))
            if field.event is not None and field.event not in book.events:
                found.append(Problem(where, f"不认识的事件“{field.event}”"))
            if field.event is not None and field.type not in ("date", "datetime"):
                found.append(Problem(where, "记录事件的字段应当是日期或者时间"))
            if field.type in ("choice", "multichoice") and not field.options:
                found.append(Problem(where, "选择字段没有选项"))
            found += _filed_day(spec, field, where)
    return found


def _filed_day(spec: NodeSpec, field: FieldSpec, where: str) -> list[Problem]:
    """The day of filing is a plain day, the only one of a work item that has materials."""
    if not field.filed_day:
        return []
    found = []
    if field.type is not FieldType.DATE or field.event is not None:
        found.append(Problem(where, "材料入卷之日应当是不记录事件的日期字段"))
    if field.item is None or field.item not in {material.item for material in spec.materials}:
        found.append(Problem(where, "材料入卷之日所属的工作内容没有材料"))
    twin = [other for other in spec.fields if other.filed_day and other.item == field.item]
    if len(twin) > 1:
        found.append(Problem(where, f"工作内容{field.item}有{len(twin)}个材料入卷之日"))
    return found


def _items(book: Rulebook, text: str) -> list[Problem]:
    """Fields and materials belong to work items that there are."""
    found = []
    for spec in book.nodes.values():
        numbers: set[int | None] = {None, *(entry.item for entry in spec.work_items)}
        for name, item in (
            *((field.label, field.item) for field in spec.fields),
            *((material.name, material.item) for material in spec.materials),
        ):
            if item not in numbers:
                found.append(Problem(f"节点{spec.number} “{name}”", f"没有工作内容{item}"))
    return found


def _elsewhere(book: Rulebook, text: str) -> list[Problem]:
    """What is the same thing as a material is a material or a paper of the node that is named."""
    found = []
    for spec in book.nodes.values():
        for material in spec.materials:
            for other in material.lies_at:
                there = book.nodes.get(other.node)
                names = {m.name for m in there.materials} if there is not None else set()
                names |= {p for i in there.work_items for p in i.papers} if there else set()
                if other.name not in names:
                    where = f"节点{spec.number} “{material.name}”"
                    found.append(Problem(where, f"{other}不是那个节点的材料或者文书"))
    return found


def _events(book: Rulebook, text: str) -> list[Problem]:
    entered = {field.event for spec in book.nodes.values() for field in spec.fields}
    entered |= {spec.event for spec in book.subjects.values()} | MADE_BY_DECISIONS
    found = [
        Problem(f"事件“{name}”", "没有任何字段能够录入它")
        for name in book.events
        if name not in entered
    ]
    for event in book.events.values():
        where = f"事件“{event.name}”"
        if event.subject not in KINDS:
            found.append(Problem(where, f"不认识的对象“{event.subject}”"))
        if event.precision not in ("day", "moment"):
            found.append(Problem(where, f"不认识的精度“{event.precision}”"))
    return found


def _people(book: Rulebook, text: str) -> list[Problem]:
    found = []
    for spec in book.nodes.values():
        where = f"节点{spec.number}"
        roles = [spec.role, *(spec.unfreeze.roles if spec.unfreeze is not None else ())]
        for approval in spec.approvals:
            roles += approval.roles
            if approval.mode not in MODES:
                found.append(Problem(where, f"不认识的审批方式“{approval.mode}”"))
            if not approval.roles:
                found.append(Problem(where, f"审批“{approval.label}”没有写明由谁决定"))
            if approval.matter == UNFREEZE:
                found.append(Problem(where, "解冻写在 unfreeze，不写在 approvals"))
        found += [Problem(where, f"不认识的角色“{role}”") for role in roles if role not in ROLES]
    return found


NAME_CHECKS: tuple[Callable[[Rulebook, str], list[Problem]], ...] = (
    _conditions,
    _answers,
    _openings,
    _limit_names,
    _gates,
    _fields,
    _items,
    _elsewhere,
    _events,
    _people,
)
