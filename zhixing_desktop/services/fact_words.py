"""Facts in words: what a person reads in a node's history and in the journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from zhixing_desktop.workflow import facts as kinds
from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.facts import Fact
from zhixing_desktop.workflow.money import format_money, parse_money
from zhixing_desktop.workflow.rulebook import FieldSpec, FieldType, Rulebook

OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "pending": "待决定",
        "granted": "批准",
        "refused": "不批准",
        "returned": "退回",
        "withdrawn": "撤回",
        "forwarded": "已转报",
        "countermanded": "批准后撤销",
        "revoked": "撤销原批复",
    }
)
MATTERS: Mapping[str, str] = MappingProxyType({"unfreeze": "解冻节点"})
_PARTY_LABELS = {
    "name": "姓名（名称）",
    "kind": "类型",
    "id_number": "证件号码",
    "phone": "电话",
    "address": "地址",
}

Names = Callable[[str], str | None]


def subject_words(names: Names, subject: str) -> str:
    """Return ``财产3（豫H…）``; a long name is cut."""
    name = names(subject)
    if name and len(name) > 24:
        name = f"{name[:23]}…"
    return subjects.label(subject, name)


def when_words(moment: datetime) -> str:
    """Return ``2024-03-05``, with the time where there is one."""
    if (moment.hour, moment.minute, moment.second) in ((0, 0, 0), (23, 59, 59)):
        return f"{moment:%Y-%m-%d}"
    return f"{moment:%Y-%m-%d %H:%M}"


def value_words(names: Names, spec: FieldSpec, value: Any) -> str:
    """Return what a field holds as a person reads it; empty for nothing."""
    if value is None or value in ("", []):
        return ""
    try:
        return _WORDS.get(spec.type, _plain)(names, value)
    except (ValueError, TypeError, ArithmeticError):
        return str(value)


def _plain(names: Names, value: Any) -> str:
    return str(value)


def _moment(names: Names, value: Any) -> str:
    return when_words(datetime.fromisoformat(str(value)))


_WORDS: Mapping[FieldType, Callable[[Names, Any], str]] = MappingProxyType(
    {
        FieldType.BOOL: lambda names, value: "是" if value else "否",
        FieldType.MONEY: lambda names, value: format_money(parse_money(str(value))),
        FieldType.MULTICHOICE: lambda names, value: "、".join(str(entry) for entry in value),
        FieldType.PARTY: lambda names, value: subject_words(names, str(value)),
        FieldType.ASSET: lambda names, value: subject_words(names, str(value)),
        FieldType.DATE: _moment,
        FieldType.DATETIME: _moment,
    }
)


def fact_title(book: Rulebook, names: Names, fact: Fact, old: Fact | None = None) -> str:
    """Return what kind of fact it is, with its node and subject."""
    shown = old if fact.kind == kinds.WITHDRAWN and old is not None else fact
    label = _TITLES.get(shown.kind)
    if label is None:
        event = book.events.get(shown.kind)
        label = event.label if event is not None else shown.kind
    if shown.kind == kinds.ITEM and shown.node in book.nodes:
        label = _item_label(book, shown)
    where = []
    if shown.node in book.nodes:
        where.append(f"节点{shown.node}")
    if shown.subject != subjects.CASE:
        where.append(subject_words(names, shown.subject))
    verb = "撤回：" if fact.kind == kinds.WITHDRAWN else "更正：" if fact.corrects else ""
    return f"{verb}{' '.join([*where, label])}"


_TITLES = {
    kinds.HEADER: "立案信息",
    kinds.PARTY: "当事人",
    kinds.OFFICER: "承办人",
    kinds.STARTED: "启动",
    kinds.ITEM: "工作内容",
    kinds.FIELDS: "填写",
    kinds.COMPLETED: "办结",
    kinds.REQUESTED: "申请",
    kinds.DECIDED: "决定",
    kinds.URGED: "催办",
    kinds.FORWARDED: "转报",
    kinds.REPLIED: "登记答复（待核对）",
    kinds.COUNTERMANDED: "撤销决定",
    kinds.EXTENSION: "延长期限",
    kinds.EXCLUSION: "扣除期间",
    kinds.WITHDRAWN: "撤回",
}


def _item_label(book: Rulebook, fact: Fact) -> str:
    number = int(fact.data.get("item", 0))
    for item in book.nodes[fact.node or 0].work_items:
        if item.item == number:
            return f"工作内容{item.label or number}"
    return f"工作内容{number}"


def fact_words(book: Rulebook, names: Names, fact: Fact) -> str:
    """Return what a fact says, without what kind it is."""
    teller = _TELLERS.get(fact.kind)
    if teller is not None:
        return teller(book, names, fact)
    words = [when_words(fact.happened_at)]
    maker = next((spec for spec in book.subjects.values() if spec.event == fact.kind), None)
    for spec in maker.fields if maker is not None else ():
        said = value_words(names, spec, fact.data.get(spec.name))
        if said and spec.name != "happened_at":
            words.append(f"{spec.label}：{said}")
    if maker is not None:
        words += _kept_words(fact, {spec.name: spec.label for spec in maker.fields})
    return "；".join(words)


def _tell_fields(book: Rulebook, names: Names, fact: Fact) -> str:
    node = book.nodes.get(fact.node or 0)
    specs = {spec.name: spec for spec in node.fields} if node is not None else {}
    parts = []
    for name, value in dict(fact.data.get("values", {})).items():
        spec = specs.get(name)
        said = value_words(names, spec, value) if spec is not None else str(value)
        parts.append(f"{spec.label if spec is not None else name}：{said or '（清空）'}")
    parts += _kept_words(fact, {name: spec.label for name, spec in specs.items()})
    return "；".join(parts)


def _kept_words(fact: Fact, labels: Mapping[str, str]) -> list[str]:
    """Why words that say nothing were let stand, field by field."""
    return [
        f"保留“{labels.get(name, name)}”的表述，理由：{why}"
        for name, why in dict(fact.data.get("overrides", {})).items()
    ]


def _tell_item(book: Rulebook, names: Names, fact: Fact) -> str:
    data = fact.data
    if data.get("not_needed"):
        parts = [f"不需要办理：{data['not_needed']}"]
    else:
        parts = [f"{when_words(fact.happened_at)}完成"]
    parts += [f"《{paper}》{made}" for paper, made in dict(data.get("papers", {})).items()]
    for told in data.get("notices", ()):
        how = told.get("not_needed") or f"{told.get('channel', '')}，{told.get('on', '')}"
        parts.append(f"告知{told.get('who', '')}（{how}）")
    if data.get("materials"):
        parts.append(f"材料：{'、'.join(data['materials'])}")
    return "；".join(parts)


def _tell_header(book: Rulebook, names: Names, fact: Fact) -> str:
    data = fact.data
    parts = [str(data.get("case_no", ""))]
    if data.get("amount"):
        parts.append(f"标的{data['amount']}元")
    if data.get("officer"):
        parts.append(f"承办人{data['officer']}")
    return "；".join(part for part in parts if part)


def _tell_party(book: Rulebook, names: Names, fact: Fact) -> str:
    known = [(label, fact.data.get(name)) for name, label in _PARTY_LABELS.items()]
    return "；".join(f"{label}：{value}" for label, value in known if value)


def _tell_decided(book: Rulebook, names: Names, fact: Fact) -> str:
    outcome = OUTCOMES.get(str(fact.data.get("outcome", "")), "")
    paper = f"（{fact.data['document']}）" if fact.data.get("document") else ""
    points = "；".join(str(point) for point in fact.data.get("points", ()))
    mend = f"；须补正：{points}" if points else ""
    return f"{_who(fact)}{outcome}{paper}：{fact.data.get('reason', '')}{mend}"


def _who(fact: Fact) -> str:
    """Who decided under which role, and for whom where he is a deputy (代X)."""
    data = fact.data
    role = data.get("authority") or data.get("role", "")
    deputy = f"（代{data['on_behalf_of']}）" if data.get("on_behalf_of") else ""
    return f"{role}{data.get('by', '')}{'' if data.get('authority') else deputy}"


def _tell_forwarded(book: Rulebook, names: Names, fact: Fact) -> str:
    data = fact.data
    number = f"（{data['number']}）" if data.get("number") else ""
    note = f"：{data['note']}" if data.get("note") else ""
    return f"{data.get('on', '')}　{data.get('from', '')}报{data.get('to', '')}{number}{note}"


def _tell_replied(book: Rulebook, names: Names, fact: Fact) -> str:
    data = fact.data
    outcome = OUTCOMES.get(str(data.get("outcome", "")), "")
    return (
        f"{data.get('office', '')}{data.get('decider', '')}{outcome}"
        f"（{data.get('number', '')}，{data.get('decided_on', '')}）：{data.get('words', '')}"
    )


def _tell_countermanded(book: Rulebook, names: Names, fact: Fact) -> str:
    matter = matter_words(book, fact.node or 0, str(fact.data.get("matter", "")))
    paper = f"（{fact.data['document']}）" if fact.data.get("document") else ""
    return f"{_who(fact)}撤销对“{matter}”的批准{paper}：{fact.data.get('reason', '')}"


def matter_words(book: Rulebook, node: int, matter: str) -> str:
    """Return what is applied for, in words."""
    for entry in book.nodes[node].approvals if node in book.nodes else ():
        if entry.matter == matter:
            return entry.label
    return MATTERS.get(matter, matter)


def _tell_requested(book: Rulebook, names: Names, fact: Fact) -> str:
    matter = matter_words(book, fact.node or 0, str(fact.data.get("matter", "")))
    return f"{matter}：{fact.data.get('reason', '')}"


def _tell_extension(book: Rulebook, names: Names, fact: Fact) -> str:
    unit = {"month": "个月", "day": "日"}.get(str(fact.data.get("unit")), "")
    return f"{fact.data.get('amount')}{unit}：{fact.data.get('reason', '')}"


def _tell_exclusion(book: Rulebook, names: Names, fact: Fact) -> str:
    end = fact.data.get("end") or "未定"
    return f"{fact.data.get('start')} 至 {end}：{fact.data.get('reason', '')}"


_TELLERS: Mapping[str, Callable[[Rulebook, Names, Fact], str]] = MappingProxyType(
    {
        kinds.FIELDS: _tell_fields,
        kinds.ITEM: _tell_item,
        kinds.HEADER: _tell_header,
        kinds.PARTY: _tell_party,
        kinds.DECIDED: _tell_decided,
        kinds.REQUESTED: _tell_requested,
        kinds.URGED: _tell_requested,
        kinds.FORWARDED: _tell_forwarded,
        kinds.REPLIED: _tell_replied,
        kinds.COUNTERMANDED: _tell_countermanded,
        kinds.EXTENSION: _tell_extension,
        kinds.EXCLUSION: _tell_exclusion,
        kinds.OFFICER: lambda book, names, fact: str(fact.data.get("officer", "")),
        kinds.STARTED: lambda book, names, fact: when_words(fact.happened_at),
        kinds.COMPLETED: lambda book, names, fact: when_words(fact.happened_at),
        kinds.WITHDRAWN: lambda book, names, fact: "",
    }
)
