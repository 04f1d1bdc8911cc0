"""Node 43 lifts by its own ruling only what is still under control; else it says why not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from helpers.full_case import CaseOf, full_case
from helpers.full_values import ASSETS
from zhixing_desktop.workflow.completeness import papers_in_play
from zhixing_desktop.workflow.context import Context
from zhixing_desktop.workflow.controls import spared_papers, under_control

PAPER = "解除查封、扣押、冻结裁定书"
MONEY = {**ASSETS[1], "name": "工行存款"}
CLOSED = {"closing_way": "执行完毕", "controls_release": "已全部解除"}


def closing(answers: Mapping[str, Any], **ended: str) -> Context:
    """Return a case of one deposit, frozen: what its closing says, and how the freeze ended."""
    values = {
        17: {"released_on": ended.get("released_on")},
        30: {"ruling_served_on": ended.get("ruling_served_on")},
        31: {"drawn_on": ended.get("drawn_on")},
        43: dict(answers),
    }
    return full_case(CaseOf(assets=(MONEY,), values=values))


def asked(ctx: Context) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the papers of 执行完毕案件3 that are wanted, and why others are not."""
    item = ctx.rulebook.nodes[43].item(13)
    wanted = papers_in_play(ctx, item, "case")
    return wanted, tuple(one.words for one in spared_papers(ctx, item))


def test_what_still_stands_is_lifted_by_a_ruling() -> None:
    ctx = closing(CLOSED)
    assert under_control(ctx) == ("asset/1",)
    assert PAPER in asked(ctx)[0]
    assert asked(ctx)[1] == ()


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("drawn_on", "“工行存款”已经划拨（提取）"),
        ("ruling_served_on", "“工行存款”的成交（抵债）裁定已经送达"),
        ("released_on", "“工行存款”已经在节点17解除"),
    ],
)
def test_what_has_ended_is_not_lifted_twice_and_the_duty_says_why(field: str, words: str) -> None:
    ctx = closing(CLOSED, **{field: "2024-05-20"})
    wanted, why = asked(ctx)
    assert under_control(ctx) == ()
    assert PAPER not in wanted
    (told,) = why
    assert words in told
    assert told.startswith("不需要制作")
    assert told.endswith("（节点四十三 执行完毕案件3）")


def test_nothing_is_said_where_the_officer_has_not_answered() -> None:
    never = {**CLOSED, "controls_release": "未采取过控制措施"}
    ctx = closing(never, drawn_on="2024-05-20")
    assert PAPER not in asked(ctx)[0]
    assert asked(ctx)[1] == ()
