"""What is different between two rulebooks, rule by rule, in words that a court can vote on.

Each rule is taken apart into labelled words; rules are matched by what identifies them (a limit by
its number, a field by its name), so that a rule that only moved within its file is no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from zhixing_desktop.workflow.errors import Cite
from zhixing_desktop.workflow.rule_parts import (
    Approval,
    FieldSpec,
    FreezeRule,
    Material,
    Matter,
    MetBy,
    NextNode,
    Notify,
    Opens,
    TimeLimit,
    Unfreeze,
    WorkItem,
)
from zhixing_desktop.workflow.rule_words import FieldType, LimitKind, UnfreezeLevel
from zhixing_desktop.workflow.rulebook import (
    Coupling,
    EventSpec,
    Gate,
    NodeSpec,
    Reading,
    Rulebook,
    Settings,
)

ADDED, REMOVED = "新增", "删除"
NOTHING = "（无）"

# Whatever is not named here is what the rule is found by, or is taken apart on its own.
LABELS: Mapping[type, Mapping[str, str]] = {
    NodeSpec: {
        "name": "名称",
        "part": "所属部分",
        "subject": "办理对象",
        "role": "办理角色",
        "opens": "启动",
        "on_demand": "由承办人启动",
        "repeatable": "可以再次启动",
        "applies": "适用条件",
        "auto_complete": "自动办结",
        "supervised": "督办",
        "cite": "依据",
        "notes": "提示",
    },
    WorkItem: {
        "text": "内容",
        "label": "序号",
        "dossier": "入卷",
        "optional": "可以不办",
        "when": "适用条件",
    },
    TimeLimit: {
        "items": "工作内容",
        "anchor": "起算",
        "kind": "要求",
        "variant": "情形",
        "met_by": "完成标志",
        "applies": "适用条件",
        "count": "次数",
        "cite": "依据",
        "reading": "释义",
    },
    FreezeRule: {
        "limits": "逾期即冻结的时限",
        "refuses": "冻结后不得",
        "met_by": "免于冻结",
        "fact": "立即冻结的情形",
        "target": "被冻结的节点",
        "applies": "适用条件",
        "lets_pass": "不受影响的下一节点",
        "warned": "经预警后冻结",
        "cite": "依据",
        "reading": "释义",
    },
    Unfreeze: {"level": "批准层级", "words": "批准", "roles": "批准角色", "cite": "依据"},
    Approval: {
        "label": "名称",
        "roles": "批准角色",
        "mode": "方式",
        "when": "适用条件",
        "cite": "依据",
    },
    FieldSpec: {
        "label": "名称",
        "type": "类型",
        "required": "必填",
        "item": "工作内容",
        "event": "登记的事实",
        "options": "选项",
        "when": "适用条件",
        "help": "说明",
        "same_as": "取自",
        "filed_day": "材料入卷之日",
        "cite": "依据",
        "reason": "理由",
    },
    Material: {
        "item": "工作内容",
        "required": "必需",
        "when": "适用条件",
        "collective": "指全部卷宗材料",
        "at_archive": "移交档案部门",
        "lies_at": "同一材料已归入",
        "cite": "依据",
    },
    NextNode: {"to": "流向", "when": "情形", "chart": "流程图", "basis": "依据种类"},
    EventSpec: {
        "label": "名称",
        "subject": "对象",
        "precision": "精确到",
        "creates": "带来新对象",
        "planned": "可以在将来",
        "repeats": "可以重复",
        "reason": "理由",
    },
    Gate: {
        "acts": "办理事项",
        "check": "检查",
        "sentence": "提示",
        "severity": "后果",
        "params": "参数",
        "cite": "依据",
    },
    Coupling: {
        "kind": "种类",
        "nodes": "节点",
        "title": "名称",
        "rule": "规则",
        "carried_by": "承载",
        "cite": "依据",
    },
    Reading: {"nodes": "节点", "question": "问题", "answer": "释义"},
    Settings: {
        "rolling": "届满遇休息日",
        "before": "“日前”的算法",
        "before_holiday": "“日前”遇休息日",
        "exact_hour": "整点起算",
        "warn_fraction": "第一次预警：时限剩余",
        "warn_fraction_hours": "以小时计算的时限预警：剩余",
        "office_opens": "预警发出的时刻",
        "same_day_warning": "当天时限的预警时刻",
        "archive_anchor": "归档起算",
        "minimum_termination_months": "终本的最短月数",
        "resumption_needs_new_officer": "恢复执行须换承办人",
    },
}
TAKEN_APART: Mapping[type, frozenset[str]] = {
    NodeSpec: frozenset(
        {
            *("number", "work_items", "time_limits", "freeze", "unfreeze", "fields"),
            *("materials", "approvals", "next"),
        }
    ),
    WorkItem: frozenset({"item", "papers", "papers_when", "notify"}),
    TimeLimit: frozenset({"id", "node", "amount", "unit", "direction"}),
    Approval: frozenset({"matter"}),
    FieldSpec: frozenset({"name"}),
    Material: frozenset({"name"}),
    NextNode: frozenset({"code"}),
    EventSpec: frozenset({"name"}),
    Gate: frozenset({"code", "node"}),
    Coupling: frozenset({"code"}),
    Reading: frozenset({"code"}),
}
"""What identifies a rule or is told on its own; the rest has a label."""

_WARNING_SETTINGS = frozenset(
    {"warn_fraction", "warn_fraction_hours", "office_opens", "same_day_warning"}
)
_ENUMS: Mapping[Enum, str] = {
    LimitKind.START: "启动",
    LimitKind.COMPLETE: "完成",
    LimitKind.NOTIFY: "告知",
    LimitKind.PUBLISH: "公开",
    LimitKind.PERIODIC: "定期办理",
    LimitKind.PARTY_RIGHT: "当事人的权利期间",
    LimitKind.DEEMED: "期满视为",
    UnfreezeLevel.LOCAL: "本院",
    UnfreezeLevel.INTERMEDIATE_COURT: "中级人民法院",
    UnfreezeLevel.INTERMEDIATE_COURT_BUREAU_CHIEF: "中级人民法院执行局局长",
    UnfreezeLevel.HIGH_COURT: "高级人民法院",
    FieldType.TEXT: "文字",
    FieldType.LONGTEXT: "长文字",
    FieldType.DATE: "日期",
    FieldType.DATETIME: "时间",
    FieldType.MONEY: "金额",
    FieldType.NUMBER: "数字",
    FieldType.BOOL: "是否",
    FieldType.CHOICE: "单选",
    FieldType.MULTICHOICE: "多选",
    FieldType.STAFF: "人员",
    FieldType.PARTY: "当事人",
    FieldType.ASSET: "财产",
    FieldType.ACCOUNT: "账号",
}
_ANCHORS: Mapping[str, str] = {
    "application_received_or_case": "接到申请执行书（没有填写的为收案）",
    "network_query": "启动网络查控（没有的为首次查询）",
    "query_started": "启动查控",
    "first_feedback_or_start": "首次查询反馈或者提起",
    "property_found": "发现财产",
    "asset_controlled": "控制财产",
    "price_paid": "支付价款",
    "sale_confirmed_or_offset_agreed": "拍卖成交或者同意以物抵债",
    "closing_done": "结案",
    "archive_start": "归档起算",
    "offset_refused": "第二次拍卖后拒绝以物抵债",
    "previous_round_failed": "前一次拍卖流拍",
    "second_round_failed": "第二次拍卖流拍",
}
_WORDS: Mapping[tuple[str, str], str] = {
    ("refuses", "successors"): "流转下一节点",
    ("refuses", "self"): "办结本节点",
    ("mode", "sequence"): "依次批准",
    ("mode", "either"): "任一人批准",
    ("severity", "refuse"): "不予办理",
    ("severity", "warn"): "提示",
    ("precision", "day"): "日",
    ("precision", "moment"): "时刻",
    ("rolling", "roll"): "顺延",
    ("rolling", "strict"): "不顺延",
    ("before", "full_days"): "间隔满日",
    ("before", "difference"): "相差日数",
    ("before_holiday", "keep"): "保持原日",
    ("before_holiday", "earlier"): "提前",
    ("exact_hour", "next"): "自下一整点",
    ("exact_hour", "same"): "自该整点",
    ("basis", "S"): "指引写明",
    ("basis", "L"): "法律规定",
    ("basis", "I"): "推定",
    ("to", "end"): "流程结束",
}


@dataclass(frozen=True, slots=True)
class RuleDifference:
    """One difference.

    ``node`` is 0 for what belongs to no node; ``part`` the kind of rule, ``name`` which one,
    ``what`` which of its contents.  ``old`` is empty for a rule that is new, ``new`` for one that
    is gone.
    """

    node: int
    part: str
    name: str
    what: str
    old: str
    new: str

    def where(self) -> str:
        """The place in one line: 节点7　时限7-a　期限."""
        node = f"节点{self.node}　" if self.node else ""
        return f"{node}{self.part}{self.name}　{self.what}".rstrip("　")


@dataclass(frozen=True, slots=True)
class _Place:
    node: int
    part: str
    key: str


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    contents: Mapping[str, str]


def rule_differences(old: Rulebook, new: Rulebook) -> tuple[RuleDifference, ...]:
    """Return all differences, in the order of the nodes; empty when the rules are the same."""
    before, after = dict(_rules(old)), dict(_rules(new))
    places = sorted(dict.fromkeys([*before, *after]), key=_order)
    found: list[RuleDifference] = []
    for place in places:
        found += _between(place, before.get(place), after.get(place))
    return tuple(found)


def _order(place: _Place) -> tuple[int, int]:
    return (place.node, _PARTS.index(place.part))


def _between(place: _Place, old: _Rule | None, new: _Rule | None) -> Iterator[RuleDifference]:
    node, part = place.node, place.part
    if old is None or new is None:
        rule = old or new
        assert rule is not None
        words = "；".join(f"{k}：{v}" for k, v in rule.contents.items() if v not in ("", NOTHING))
        pair = ("", words) if old is None else (words, "")
        yield RuleDifference(node, part, rule.name, ADDED if old is None else REMOVED, *pair)
        return
    for what in dict.fromkeys([*old.contents, *new.contents]):
        pair = (old.contents.get(what, NOTHING), new.contents.get(what, NOTHING))
        if pair[0] != pair[1]:
            yield RuleDifference(node, part, new.name, what, *pair)


_PARTS = (
    *("规则库", "计算方法", "预警", "节点", "工作内容", "文书", "告知", "时限", "冻结", "解冻权限"),
    *("审批权限", "字段", "材料", "流向", "办理前提", "事实", "办理对象", "财产类别", "耦合规则"),
    *("释义", "总体要求", "空泛用语"),
)


def _rules(book: Rulebook) -> Iterator[tuple[_Place, _Rule]]:
    words = _Wording(book)
    head = {"编号": book.version, "施行日期": book.effective, "名称": book.title}
    yield _Place(0, "规则库", ""), _Rule("", head)
    for name, label in LABELS[Settings].items():
        part = "预警" if name in _WARNING_SETTINGS else "计算方法"
        value = words.of(getattr(book.settings, name), name)
        yield _Place(0, part, name), _Rule("", {label: value})
    yield _Place(0, "预警", "cite"), _Rule("", {"依据": words.of(book.warning_cite)})
    for spec in book.nodes.values():
        yield from _node_rules(words, spec)
    yield from _keyed(0, "事实", ((e.name, e.label, words.parts(e)) for e in book.events.values()))
    yield from _keyed(
        0,
        "耦合规则",
        ((e.code, e.code, words.parts(e)) for e in book.couplings),
    )
    yield from _keyed(0, "释义", ((e.code, e.code, words.parts(e)) for e in book.readings.values()))
    gates = [(e.node, e.code, words.parts(e)) for e in book.gates]
    for node in dict.fromkeys(node for node, _, _ in gates):
        yield from _keyed(node, "办理前提", ((c, c, p) for n, c, p in gates if n == node))
    for kind in book.subjects.values():
        yield (
            _Place(0, "办理对象", kind.kind),
            _Rule(words.of(kind.kind), {"由来": words.of(kind.event)}),
        )
        fields = ((f"{kind.kind}.{f.name}", f"字段“{f.label}”", f) for f in kind.fields)
        yield from _keyed(0, "办理对象", ((k, label, words.parts(f)) for k, label, f in fields))
    for category, group in book.asset_categories.items():
        yield _Place(0, "财产类别", category), _Rule(category, {"归入": group})
    for rule in book.general_rules:
        yield _Place(0, "总体要求", rule.paragraph), _Rule(rule.paragraph, {"原文": rule.quote})
    hollow = book.hollow_words
    for label, entries in (("整项为", hollow.exact), ("含有", hollow.contained)):
        for word in entries:
            yield _Place(0, "空泛用语", f"{label}{word}"), _Rule(f"“{word}”", {"判断": label})
    yield _Place(0, "空泛用语", ""), _Rule("", {"依据": words.of(hollow.cite)})


def _keyed(
    node: int, part: str, rules: Iterable[tuple[str, str, Mapping[str, str]]]
) -> Iterator[tuple[_Place, _Rule]]:
    """Yield rules by their key; what has the key of another is counted."""
    seen: dict[str, int] = {}
    for key, name, contents in rules:
        seen[key] = seen.get(key, 0) + 1
        again = f"（{seen[key]}）" if seen[key] > 1 else ""
        yield _Place(node, part, f"{key}{again}"), _Rule(f"{name}{again}", contents)


def _node_rules(words: _Wording, spec: NodeSpec) -> Iterator[tuple[_Place, _Rule]]:
    node = spec.number
    yield _Place(node, "节点", ""), _Rule("", words.parts(spec))
    for item in spec.work_items:
        name = str(item.label or item.item)
        yield _Place(node, "工作内容", str(item.item)), _Rule(name, words.parts(item))
        papers = {
            paper: {"工作内容": name, "适用条件": words.of(item.paper_condition(paper), "when")}
            for paper in item.papers
        }
        yield from _keyed(
            node, "文书", ((f"{item.item}{p}", f"《{p}》", c) for p, c in papers.items())
        )
        told = ((n.who, f"{n.who}（工作内容{name}）", words.parts(n)) for n in item.notify)
        yield from _keyed(node, "告知", ((f"{item.item}{w}", n, c) for w, n, c in told))
    for limit in spec.time_limits:
        contents = {"期限": limit.words(), **words.parts(limit)}
        yield _Place(node, "时限", limit.id), _Rule(limit.id, contents)
    if spec.freeze is not None:
        yield _Place(node, "冻结", ""), _Rule("", words.parts(spec.freeze))
    if spec.unfreeze is not None:
        yield _Place(node, "解冻权限", ""), _Rule("", words.parts(spec.unfreeze))
    named = [(a.matter, f"“{a.label}”", words.parts(a)) for a in spec.approvals]
    yield from _keyed(node, "审批权限", named)
    named = [(f.name, f"“{f.label}”", words.parts(f)) for f in spec.fields]
    yield from _keyed(node, "字段", named)
    named = [(m.name, f"“{m.name}”", words.parts(m)) for m in spec.materials]
    yield from _keyed(node, "材料", named)
    named = [(e.code, e.code, words.parts(e)) for e in spec.next]
    yield from _keyed(node, "流向", named)


_NOTIFY = {"channels": "方式", "when": "适用条件"}


class _Wording:
    """Values of rules in words; events by their label, conditions by their name."""

    def __init__(self, book: Rulebook) -> None:
        self._events = book.events

    def parts(self, rule: object) -> dict[str, str]:
        """Return the labelled contents of a rule."""
        labels = _NOTIFY if isinstance(rule, Notify) else LABELS[type(rule)]
        return {label: self.of(getattr(rule, name), name) for name, label in labels.items()}

    def of(self, value: Any, name: str = "") -> str:
        """Return a value in words; ``name`` is what it is called in the data."""
        if value is None or value in ("", ()):
            return NOTHING
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, str):
            return _ENUMS[value] if isinstance(value, Enum) else self._text(value, name)
        if isinstance(value, tuple):
            return "、".join(self.of(entry, name) for entry in value)
        return self._structure(value)

    def _text(self, text: str, name: str) -> str:
        if name in ("event", "anchor", "archive_anchor") and text in self._events:
            return self._events[text].label
        if name == "anchor":
            return _ANCHORS.get(text, text)
        return _WORDS.get((name, text), text)

    def _structure(self, value: object) -> str:
        if isinstance(value, Mapping):
            return "、".join(f"{key}：{self.of(entry)}" for key, entry in value.items()) or NOTHING
        if isinstance(value, Cite):
            return value.words()
        if isinstance(value, Opens):
            event = f"“{self.of(value.event, 'event')}”" if value.event else ""
            return event or f"条件 {value.condition}"
        if isinstance(value, Matter):
            return f"节点{value.node}的审批 {value.matter}"
        if isinstance(value, MetBy):
            ways = [f"“{self.of(value.event, 'event')}”"] if value.event else []
            ways += [f"工作内容{'、'.join(map(str, value.items))}"] if value.items else []
            ways += [self.of(value.approval)] if value.approval is not None else []
            return "或者".join(ways) or NOTHING
        return str(value)
