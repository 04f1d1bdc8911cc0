"""Data that no case has: a form shown before any case is at hand (layout, templates).

Every name a form may use gets something of its kind: a few telling examples, else its own label.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from zhixing_desktop.documents.dictionary import Dictionary
from zhixing_desktop.documents.form_types import Ask, Form
from zhixing_desktop.documents.values import Record
from zhixing_desktop.workflow.rule_words import FieldType

SAMPLE_DAY = date(2024, 3, 11)
_MOMENT = datetime(2024, 3, 11, 9, 30)
_MONEY = Decimal("107000.53")
_DEEPEST = 4
_PLAIN: Mapping[str, Any] = MappingProxyType(
    {"day": SAMPLE_DAY, "moment": _MOMENT, "money": _MONEY}
)
_WORDS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("court", "name"): "某某市某某区人民法院",
        ("court", "code"): "某0000",
        ("court", "phone"): "0000-0000000",
        ("case", "number"): "（2024）某0000执1号",
        ("case", "cause"): "民间借贷纠纷",
        ("case", "creditor_names"): "张三",
        ("case", "debtor_names"): "李四、某某商贸有限公司",
        ("case", "creditor_word"): "申请执行人",
        ("case", "debtor_word"): "被执行人",
        ("party", "name"): "李四",
        ("party", "standing"): "被执行人",
        ("party", "kind"): "自然人",
        ("party", "gender"): "男",
        ("party", "ethnicity"): "汉族",
        ("party", "id_number"): "000000199001010000",
        ("party", "address"): "某某市某某区某某路1号",
        ("party", "you"): "你",
        # What only few have is left out.
        ("party", "guardian"): "",
        ("party", "guardian_relation"): "",
        ("party", "agent"): "",
        ("party", "representative_word"): "法定代表人",
        ("asset", "name"): "某某牌小型轿车",
        ("asset", "category"): "车辆",
        ("person", "name"): "王某某",
        ("paper", "number"): "（2024）某0000执1号之一",
    }
)


def sample_data(dictionary: Dictionary, form: Form) -> dict[str, Any]:
    """Return data for every name of a form, in the shape of ``case_data.paper_data``."""
    return _Sample(dictionary, form).data()


class _Sample:
    def __init__(self, dictionary: Dictionary, form: Form) -> None:
        self._dictionary, self._form = dictionary, form
        self._asks = {ask.name: ask for ask in form.asks}

    def data(self) -> dict[str, Any]:
        kinds = self._dictionary.root(self._form.subject, self._form.asks)
        made = {name: self._value("", name, kind, 0) for name, kind in kinds.items()}
        creditor = self._record("party", 0, name="张三", standing="申请执行人")
        return {**made, "creditor": creditor, "creditors": (creditor,)}

    def _value(self, record: str, name: str, kind: str, depth: int) -> Any:
        if kind.startswith("list:"):
            entry = self._value(record, name, kind.removeprefix("list:"), depth)
            return (entry,) * (2 if depth == 0 and name.startswith("asset") else 1)
        if kind in _PLAIN:
            return _PLAIN[kind]
        if kind == "flag":
            # A grown-up natural person: the common case.
            return name != "minor"
        if kind == "text":
            return self._text(record, name)
        if kind == "ask":
            values = {n: self._value("ask", n, _kind(a), 1) for n, a in self._asks.items()}
            return Record({n: a.label for n, a in self._asks.items()}, values, "ask")
        return self._record(kind, depth) if depth < _DEEPEST else None

    def _text(self, record: str, name: str) -> Any:
        if record == "ask":
            return _answer(self._asks[name])
        label = self._dictionary.labels(record).get(name, name)
        return _WORDS.get((record, name), label)

    def _record(self, kind: str, depth: int, **given: Any) -> Record:
        labels = self._dictionary.labels(kind)
        values = {}
        for name in labels:
            of = self._dictionary.kind(kind, name, self._asks)
            value = self._value(kind, name, of or "text", depth + 1)
            several = self._dictionary.is_listed(kind, name, self._asks)
            values[name] = (value,) if several and isinstance(value, str) else value
        return Record(labels, {**values, **given}, kind)


def _kind(ask: Ask) -> str:
    kinds = {
        FieldType.DATE: "day",
        FieldType.DATETIME: "moment",
        FieldType.MONEY: "money",
        FieldType.BOOL: "flag",
    }
    return kinds.get(ask.type, "text")


def _answer(ask: Ask) -> Any:
    if ask.options:
        return ask.options[:1] if ask.type is FieldType.MULTICHOICE else ask.options[0]
    example = ask.example
    return "、".join(map(str, example)) if isinstance(example, list) else str(example)
