"""Checking what is typed into fields: type, range, wording; all faults of a dialog at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from zhixing_desktop.workflow import subjects
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.errors import InputRefusedError, Problem
from zhixing_desktop.workflow.facts import NOTHING
from zhixing_desktop.workflow.money import parse_money
from zhixing_desktop.workflow.rulebook import FieldSpec, FieldType, HollowWords
from zhixing_desktop.workflow.wording import judge_wording

MAX_TEXT = 20_000
MIN_OVERRIDE = 4
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def checked_values(
    ctx: Context,
    specs: Sequence[FieldSpec],
    values: Mapping[str, Any],
    *,
    overrides: Mapping[str, str] = NOTHING,
    whole: bool = False,
) -> dict[str, Any]:
    """Return the values in their stored form.

    With ``whole`` every required field must be there (a new asset); without it a dialog may be
    saved half-filled.  Raises :class:`InputRefusedError` with every faulty field.
    """
    by_name = {spec.name: spec for spec in specs}
    problems: list[Problem] = []
    clean: dict[str, Any] = {}
    for name, raw in values.items():
        spec = by_name.get(name)
        if spec is None:
            problems.append(Problem(name, f"没有名为“{name}”的字段"))
            continue
        value, found = check_value(spec, raw, ctx.rulebook.hollow_words, overrides.get(name))
        if not found:
            found = _known(ctx, spec, value)
        problems.extend(found)
        clean[name] = value
    if whole:
        for spec in specs:
            if spec.required and values.get(spec.name) in (None, "", []):
                problems.append(Problem(spec.label, f"“{spec.label}”必须填写"))
    if problems:
        raise InputRefusedError(
            "录入的内容有错误，未保存：" + "；".join(p.sentence for p in problems), problems
        )
    return clean


def check_value(
    spec: FieldSpec, raw: Any, hollow: HollowWords, override: str | None = None
) -> tuple[Any, list[Problem]]:
    """Check one value; return its stored form (JSON-ready) and what is wrong with it.

    An empty value is allowed here (a draft); that it is missing is said when the node is completed.
    """
    if _is_empty(raw):
        return None, []
    try:
        value = _READERS[spec.type](spec, raw)
    except InputRefusedError as error:
        return None, [Problem(spec.label, f"“{spec.label}”：{p.sentence}") for p in error.problems]
    except (ValueError, TypeError):
        return None, [Problem(spec.label, f"“{spec.label}”{_SHAPES[spec.type]}")]
    if spec.type in (FieldType.TEXT, FieldType.LONGTEXT) and spec.required:
        verdict = judge_wording(str(value), hollow, field_label=spec.label)
        if verdict.hollow:
            if override is not None and len(override.strip()) >= MIN_OVERRIDE:
                return value, []
            data = {"hollow": True, "cite": hollow.cite.words()}
            return None, [Problem(spec.label, verdict.sentence, data=data)]
    return value, []


def _is_empty(raw: Any) -> bool:
    if isinstance(raw, list | tuple):
        return all(_is_empty(part) for part in raw)
    return raw is None or (isinstance(raw, str) and not raw.strip())


def _text(spec: FieldSpec, raw: Any) -> str:
    text = str(raw).strip()
    if len(text) > MAX_TEXT or _CONTROL.search(text):
        raise ValueError(spec.name)
    return text


def _date(spec: FieldSpec, raw: Any) -> str:
    if isinstance(raw, datetime):
        return raw.date().isoformat()
    if isinstance(raw, date):
        return raw.isoformat()
    text = str(raw).strip()
    long = len(text) > len("2024-03-05")
    return (datetime.fromisoformat(text).date() if long else date.fromisoformat(text)).isoformat()


def _datetime(spec: FieldSpec, raw: Any) -> str:
    moment = raw if isinstance(raw, datetime) else datetime.fromisoformat(str(raw).strip())
    if moment.tzinfo is not None:
        raise ValueError(spec.name)
    return moment.replace(microsecond=0).isoformat()


def _money(spec: FieldSpec, raw: Any) -> str:
    return str(parse_money(str(raw), where=spec.label))


def _number(spec: FieldSpec, raw: Any) -> int:
    if isinstance(raw, bool):
        raise ValueError(spec.name)  # noqa: TRY004 - a wrong input, not a wrong program
    return int(str(raw).strip())


def _bool(spec: FieldSpec, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    words = {
        "是": True,
        "有": True,
        "true": True,
        "1": True,
        "否": False,
        "无": False,
        "false": False,
        "0": False,
    }
    found = words.get(str(raw).strip().lower())
    if found is None:
        raise ValueError(spec.name)
    return found


def _choice(spec: FieldSpec, raw: Any) -> str:
    text = str(raw).strip()
    if text not in spec.options:
        raise ValueError(spec.name)
    return text


def _multichoice(spec: FieldSpec, raw: Any) -> list[str]:
    given = raw if isinstance(raw, (list, tuple)) else re.split(r"[、;；,，]", str(raw))
    chosen = [str(entry).strip() for entry in given if str(entry).strip()]
    if any(entry not in spec.options for entry in chosen):
        raise ValueError(spec.name)
    return [option for option in spec.options if option in chosen]


def _subject(spec: FieldSpec, raw: Any) -> str:
    text = str(raw).strip()
    if not subjects.is_subject(text):
        raise ValueError(spec.name)
    return text


_READERS: Mapping[FieldType, Callable[[FieldSpec, Any], Any]] = MappingProxyType(
    {
        FieldType.TEXT: _text,
        FieldType.LONGTEXT: _text,
        FieldType.ACCOUNT: _text,
        FieldType.STAFF: _text,
        FieldType.DATE: _date,
        FieldType.DATETIME: _datetime,
        FieldType.MONEY: _money,
        FieldType.NUMBER: _number,
        FieldType.BOOL: _bool,
        FieldType.CHOICE: _choice,
        FieldType.MULTICHOICE: _multichoice,
        FieldType.PARTY: _subject,
        FieldType.ASSET: _subject,
    }
)
_SHAPES: Mapping[FieldType, str] = MappingProxyType(
    {
        FieldType.TEXT: "文字过长或者含有控制字符",
        FieldType.LONGTEXT: "文字过长或者含有控制字符",
        FieldType.ACCOUNT: "账号过长或者含有控制字符",
        FieldType.STAFF: "请选择人员",
        FieldType.DATE: "应当是日期，例如 2024-03-05",
        FieldType.DATETIME: "应当是日期和时间，例如 2024-03-05T09:30",
        FieldType.MONEY: "应当是金额",
        FieldType.NUMBER: "应当是整数",
        FieldType.BOOL: "应当是“是”或者“否”",
        FieldType.CHOICE: "请从选项中选择",
        FieldType.MULTICHOICE: "请从选项中选择",
        FieldType.PARTY: "请选择当事人",
        FieldType.ASSET: "请选择财产",
    }
)


def _known(ctx: Context, spec: FieldSpec, value: Any) -> list[Problem]:
    if value is None:
        return []
    if spec.type is FieldType.PARTY:
        known = [*ctx.index.subjects_of("debtor"), *ctx.index.subjects_of("creditor")]
    elif spec.type is FieldType.ASSET:
        known = list(ctx.index.subjects_of("asset"))
    else:
        return []
    if subjects.base(str(value)) in known:
        return []
    return [Problem(spec.label, f"案件中没有{subjects.label(str(value))}")]
