"""Two rulebooks held against each other: nothing that differs is passed over, all is in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from fractions import Fraction
from typing import Any

import pytest

from helpers.desk import rulebook
from zhixing_desktop.workflow import rulebook_differences
from zhixing_desktop.workflow.anchors import ANCHORS
from zhixing_desktop.workflow.errors import Cite
from zhixing_desktop.workflow.rule_words import FieldType, LimitKind, UnfreezeLevel
from zhixing_desktop.workflow.rulebook import NodeSpec, Rulebook
from zhixing_desktop.workflow.rulebook_differences import (
    ADDED,
    LABELS,
    REMOVED,
    TAKEN_APART,
    RuleDifference,
    rule_differences,
)

Change = Callable[[NodeSpec], NodeSpec]


def with_node(number: int, change: Change) -> Rulebook:
    book = rulebook()
    return replace(book, nodes={**book.nodes, number: change(book.nodes[number])})


def found(new: Rulebook) -> list[tuple[int, str, str, str, str]]:
    told = rule_differences(rulebook(), new)
    return [(d.node, d.part, d.what, d.old, d.new) for d in told]


def first(entries: tuple[Any, ...], **changed: Any) -> tuple[Any, ...]:
    return (replace(entries[0], **changed), *entries[1:])


def test_the_same_rules_are_no_difference() -> None:
    book = rulebook()
    assert rule_differences(book, replace(book, hash="0" * 64)) == ()


@pytest.mark.parametrize("kind", LABELS, ids=lambda kind: kind.__name__)
def test_whatever_a_rule_is_made_of_has_a_label_or_is_taken_apart(kind: type) -> None:
    names = {entry.name for entry in fields(kind) if entry.init}
    assert names == LABELS[kind].keys() | TAKEN_APART.get(kind, frozenset())


def test_every_kind_of_rule_is_looked_at() -> None:
    """A kind of rule that is added to the rulebook must be compared, too."""
    looked_at = {
        *("version", "effective", "title", "hash", "nodes", "events", "gates", "couplings"),
        *("readings", "settings", "hollow_words", "warning_cite", "subjects"),
        *("asset_categories", "general_rules"),
    }
    assert {entry.name for entry in fields(Rulebook) if entry.init} == looked_at


@pytest.mark.parametrize("words", [*LimitKind, *UnfreezeLevel, *FieldType])
def test_fixed_words_are_chinese(words: Any) -> None:
    assert rulebook_differences._ENUMS[words].isascii() is False


def test_derived_anchors_have_words() -> None:
    assert rulebook_differences._ANCHORS.keys() == ANCHORS.keys()


NODE_CHANGES: list[tuple[str, Change, tuple[str, str, str, str]]] = [
    (
        "limit",
        lambda s: replace(s, time_limits=first(s.time_limits, amount=12)),
        ("时限", "期限", "10日内", "12日内"),
    ),
    (
        "anchor",
        lambda s: replace(s, time_limits=first(s.time_limits, anchor="case_received")),
        ("时限", "起算", "接到申请执行书", "收案"),
    ),
    (
        "freeze",
        lambda s: replace(s, freeze=replace(s.freeze, warned=False)),  # type: ignore[type-var]
        ("冻结", "经预警后冻结", "是", "否"),
    ),
    (
        "unfreeze",
        lambda s: replace(
            s,
            unfreeze=replace(s.unfreeze, level=UnfreezeLevel.HIGH_COURT),  # type: ignore[type-var]
        ),
        ("解冻权限", "批准层级", "本院", "高级人民法院"),
    ),
    (
        "paper",
        lambda s: replace(s, work_items=first(s.work_items, papers=("执行通知书",))),
        ("文书", REMOVED, "工作内容：1", ""),
    ),
    (
        "field",
        lambda s: replace(s, fields=first(s.fields, required=not s.fields[0].required)),
        ("字段", "必填", "否", "是"),
    ),
    (
        "field gone",
        lambda s: replace(s, fields=s.fields[1:]),
        ("字段", REMOVED, "名称：接到申请执行书或者移交执行书日期", ""),
    ),
    (
        "material",
        lambda s: replace(s, materials=first(s.materials, required=not s.materials[0].required)),
        ("材料", "必需", "", ""),
    ),
    ("edge", lambda s: replace(s, next=s.next[1:]), ("流向", REMOVED, "流向：", "")),
    (
        "note",
        lambda s: replace(s, notes=(Cite("节点七", "一句话"),)),
        ("节点", "提示", "", "一句话"),
    ),
]


@pytest.mark.parametrize(
    ("change", "said"), [entry[1:] for entry in NODE_CHANGES], ids=[n for n, _, _ in NODE_CHANGES]
)
def test_one_changed_rule_is_one_difference_in_words(
    change: Change, said: tuple[str, str, str, str]
) -> None:
    ((node, part, what, old, new),) = found(with_node(7, change))
    assert (node, part, what) == (7, *said[:2])
    assert said[2] in old
    assert said[3] in new


def test_a_rule_that_only_moved_is_no_difference() -> None:
    assert found(with_node(7, lambda s: replace(s, fields=s.fields[::-1]))) == []


def test_rules_of_no_node_are_compared_too() -> None:
    book = rulebook()
    settings = replace(
        book.settings, warn_fraction=Fraction(1, 2), rolling="strict", same_day_warning="14:00"
    )
    hollow = replace(book.hollow_words, exact=(*book.hollow_words.exact, "照旧"))
    gates = tuple(
        replace(g, sentence="另一句话。") if g is book.gates[0] else g for g in book.gates
    )
    new = replace(book, settings=settings, hollow_words=hollow, gates=gates, version="2024.9")
    told = found(new)
    assert (0, "预警", "第一次预警：时限剩余", "1/3", "1/2") in told
    assert (0, "预警", "当天时限的预警时刻", "15:00", "14:00") in told
    assert (0, "计算方法", "届满遇休息日", "顺延", "不顺延") in told
    assert (0, "空泛用语", ADDED, "", "判断：整项为") in told
    assert (book.gates[0].node, "办理前提", "提示", book.gates[0].sentence, "另一句话。") in told
    assert (0, "规则库", "编号", "2024.1", "2024.9") in told
    assert len(told) == 6
    back = rule_differences(new, book)
    assert [(d.old, d.new) for d in back] == [(d[4], d[3]) for d in told]


def test_a_difference_says_where_it_is() -> None:
    assert RuleDifference(7, "时限", "7-a", "期限", "", "").where() == "节点7　时限7-a　期限"
    assert RuleDifference(0, "规则库", "", "编号", "", "").where() == "规则库　编号"
