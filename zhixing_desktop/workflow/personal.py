"""Which parts of a fact are personal data (证件号, 账号, 电话), and the fact with them covered.

Pure.  What a field is for says how it is covered; in free text, numbers are covered that look like
one of these.  Dates, amounts and choices are left as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from zhixing_desktop.workflow import facts as kinds
from zhixing_desktop.workflow.errors import InputRefusedError, Problem
from zhixing_desktop.workflow.facts import Fact
from zhixing_desktop.workflow.masking import (
    cover_numbers,
    mask_account,
    mask_id_number,
    mask_phone,
)
from zhixing_desktop.workflow.new_facts import NewFact
from zhixing_desktop.workflow.rulebook import FieldSpec, FieldType, Rulebook

ID_NUMBER, PHONE, ACCOUNT = "证件号码", "电话", "账号"
FREE_TEXT = "文字中的号码"
Mask = Callable[[str], str]

PARTY_DATA: Mapping[str, tuple[str, Mask]] = MappingProxyType(
    {
        "id_number": (ID_NUMBER, mask_id_number),
        "phone": (PHONE, mask_phone),
        "account_number": (ACCOUNT, mask_account),
    }
)
"""What of a party is personal data, its name and how it is covered."""

# Read by the rules, or not a person's: covering them would change what the case is.
_PLAIN = frozenset(
    {"case_no", "previous_case", "amount", "digest", "file", "file_id", "start", "end", "on", "at"}
)
_TYPES = frozenset({FieldType.TEXT, FieldType.LONGTEXT})
_COVERED = re.compile(r"[0-9]{2,}\*{2,}[0-9Xx]+")


def covered_fact(book: Rulebook, fact: Fact) -> Fact:
    """Return the fact with all personal data covered; the same object where there is none."""
    data = _covered_data(book, fact)
    return fact if data == fact.data else replace(fact, data=data)


def personal_parts(book: Rulebook, fact: Fact) -> tuple[str, ...]:
    """Return the names of what is covered in a fact, in order, each once; empty for nothing."""
    found = []
    for name, value, now in _changed(fact.data, _covered_data(book, fact)):
        spec = _specs(book, fact).get(name)
        if name in PARTY_DATA:
            found.append(PARTY_DATA[name][0])
        elif spec is not None and value != now:
            found.append(spec.label)
        else:
            found.append(FREE_TEXT)
    return tuple(dict.fromkeys(found))


def covered_text(spec: FieldSpec, value: Any) -> Any:
    """Return a field's value with personal data covered."""
    if not isinstance(value, str):
        return value
    if spec.type is FieldType.ACCOUNT:
        return mask_account(value)
    return cover_numbers(value) if spec.type in _TYPES else value


def holds_covered(value: Any) -> bool:
    """Tell whether something is (or holds) a number with its middle covered: nobody's number."""
    if isinstance(value, str):
        return _COVERED.search(value) is not None
    if isinstance(value, Mapping):
        return any(holds_covered(entry) for entry in value.values())
    if isinstance(value, (list, tuple)):
        return any(holds_covered(entry) for entry in value)
    return False


def refuse_covered(made: Sequence[NewFact]) -> None:
    """Refuse facts in which a covered number (138****1234) stands for a number.

    Raises :class:`InputRefusedError` that names all places.
    """
    found: list[Problem] = []
    for fact in made:
        values = fact.data.get("values")
        data = values if isinstance(values, dict) else fact.data
        found += [
            Problem(str(name), "号码的中间被“*”遮盖，请填写完整的号码")
            for name, value in data.items()
            if holds_covered(value)
        ]
    if found:
        raise InputRefusedError(
            "填写的内容中有遮盖过的号码（中间是“*”），没有保存。请填写完整的号码。", found
        )


def _covered_data(book: Rulebook, fact: Fact) -> Mapping[str, Any]:
    specs = _specs(book, fact)
    found: dict[str, Any] = {}
    for name, value in fact.data.items():
        if fact.kind == kinds.FIELDS and name == "values" and isinstance(value, Mapping):
            found[name] = {key: _value(specs, key, entry) for key, entry in value.items()}
        else:
            found[name] = _value(specs, name, value)
    return found


def _value(specs: Mapping[str, FieldSpec], name: str, value: Any) -> Any:
    spec = specs.get(name)
    if spec is not None:
        return covered_text(spec, value)
    if name in PARTY_DATA and isinstance(value, str):
        return PARTY_DATA[name][1](value)
    return value if name in _PLAIN else _loose(value)


def _loose(value: Any) -> Any:
    """Cover what no field describes: names of assets, reasons, papers' numbers, notices."""
    if isinstance(value, str):
        return cover_numbers(value)
    if isinstance(value, Mapping):
        return {key: _value({}, str(key), entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_loose(entry) for entry in value)
    return value


def _specs(book: Rulebook, fact: Fact) -> Mapping[str, FieldSpec]:
    """Return the fields that describe a fact's data: the node's, or those of what it registers."""
    if fact.kind == kinds.FIELDS and fact.node in book.nodes:
        return {spec.name: spec for spec in book.nodes[fact.node or 0].fields}
    maker = next((spec for spec in book.subjects.values() if spec.event == fact.kind), None)
    return {spec.name: spec for spec in maker.fields} if maker is not None else {}


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    found = []
    for name, value in before.items():
        now = after[name]
        if value == now:
            continue
        if name == "values" and isinstance(value, Mapping):
            found += [(key, entry, now[key]) for key, entry in value.items() if entry != now[key]]
        else:
            found.append((name, value, now))
    return found
