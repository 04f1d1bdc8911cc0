"""What may be typed into a field of each type, and in which form it is kept."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.desk import Desk, rulebook
from helpers.stages import CAR, begun
from zhixing_desktop.workflow.entries import MAX_TEXT, check_value, checked_values
from zhixing_desktop.workflow.errors import InputRefusedError
from zhixing_desktop.workflow.rulebook import FieldSpec, FieldType

HOLLOW = rulebook().hollow_words


def field(kind: str, *, required: bool = True, options: tuple[str, ...] = ()) -> FieldSpec:
    return FieldSpec("x", "某项内容", FieldType(kind), required, None, "理由", options=options)


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("text", "  焦作市中级人民法院  ", "焦作市中级人民法院"),
        ("account", "6222021702000000001", "6222021702000000001"),
        ("date", "2024-03-05", "2024-03-05"),
        ("date", "2024-03-05T09:30:00", "2024-03-05"),
        ("date", date(2024, 3, 5), "2024-03-05"),
        ("date", datetime(2024, 3, 5, 10), "2024-03-05"),
        ("datetime", "2024-03-05T09:30", "2024-03-05T09:30:00"),
        ("datetime", datetime(2024, 3, 5, 9, 30, 1, 5), "2024-03-05T09:30:01"),
        ("money", "1000", "1000.00"),
        ("money", "1,000.50", "1000.50"),
        ("number", "12", 12),
        ("number", 12, 12),
        ("bool", "是", True),
        ("bool", "否", False),
        ("bool", True, True),
        ("bool", False, False),
        ("party", "debtor/1", "debtor/1"),
        ("asset", "asset/2", "asset/2"),
    ],
)
def test_values_are_kept_in_one_form(kind: str, typed: Any, kept: Any) -> None:
    value, problems = check_value(field(kind), typed, HOLLOW)
    assert (value, problems) == (kept, [])


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("text", "字" * (MAX_TEXT + 1)),
        ("text", "有控制字符\x07的文字"),
        ("date", "2024-02-30"),
        ("date", "三月五日"),
        ("date", "2024-03-05上午"),
        ("datetime", "昨天上午"),
        ("datetime", "2024-03-05T09:30:00+08:00"),
        ("money", "很多"),
        ("money", "-5"),
        ("number", "十二"),
        ("number", True),
        ("number", "1.5"),
        ("bool", "也许"),
        ("party", "某人"),
        ("asset", "case/9"),
    ],
)
def test_what_is_no_value_is_refused_with_the_label(kind: str, typed: Any) -> None:
    value, problems = check_value(field(kind), typed, HOLLOW)
    assert value is None
    assert [problem.where for problem in problems] == ["某项内容"]
    assert "某项内容" in problems[0].sentence


@pytest.mark.parametrize("kind", list(FieldType))
@pytest.mark.parametrize("empty", [None, "", [], "  ", " \n ", [""]])
def test_an_empty_value_may_be_saved(kind: FieldType, empty: Any) -> None:
    assert check_value(field(kind.value), empty, HOLLOW) == (None, [])


def test_choices_are_among_the_options_and_keep_their_order() -> None:
    options = ("罚款", "拘留", "限制出境")
    one = field("choice", options=options)
    assert check_value(one, "拘留", HOLLOW) == ("拘留", [])
    assert check_value(one, "警告", HOLLOW)[0] is None
    many = field("multichoice", options=options)
    assert check_value(many, ["限制出境", "罚款"], HOLLOW) == (["罚款", "限制出境"], [])
    assert check_value(many, "拘留、罚款", HOLLOW) == (["罚款", "拘留"], [])
    assert check_value(many, ["罚款", "警告"], HOLLOW)[0] is None


@pytest.mark.parametrize("words", ["无", "详见卷宗", "同上", "待定", "/", "……"])
def test_hollow_words_are_refused_where_something_is_required(words: str) -> None:
    value, problems = check_value(field("text"), words, HOLLOW)
    assert value is None
    assert problems[0].data["hollow"] is True
    assert "必填项中不得使用指引性表述" in problems[0].data["cite"]
    # A reason of some length lets them pass; an optional field may hold them.
    assert check_value(field("text"), words, HOLLOW, "当事人坚持如此表述") == (words, [])
    assert check_value(field("text"), words, HOLLOW, "因")[0] is None
    assert check_value(field("text", required=False), words, HOLLOW) == (words, [])


def test_values_of_unknown_fields_and_unknown_parties_are_refused() -> None:
    ctx = begun().context
    fields = rulebook().nodes[33].fields
    with pytest.raises(InputRefusedError) as caught:
        checked_values(ctx, fields, {"nothing": 1, "payee": "creditor/7", "payout_amount": "x"})
    assert {problem.where for problem in caught.value.problems} == {
        "nothing",
        "收款的申请执行人",
        "本次发放金额（元）",
    }
    assert checked_values(ctx, fields, {"payee": "creditor/1"}) == {"payee": "creditor/1"}


def test_an_asset_of_the_case_may_be_named() -> None:
    desk = begun().event("asset_found", "asset/1", **CAR)
    fields = rulebook().nodes[14].fields
    assert checked_values(desk.context, fields, {"wanted_asset": "asset/1"}) == {
        "wanted_asset": "asset/1"
    }
    with pytest.raises(InputRefusedError, match="案件中没有财产2"):
        checked_values(desk.context, fields, {"wanted_asset": "asset/2"})


def test_everything_that_a_new_subject_needs_is_asked_for() -> None:
    ctx = Desk().context
    fields = rulebook().subjects["payment"].fields
    with pytest.raises(InputRefusedError) as caught:
        checked_values(ctx, fields, {"name": "交款一笔", "amount": "abc"}, whole=True)
    said = {problem.where: problem.sentence for problem in caught.value.problems}
    assert set(said) == {"到账金额（元）", "缴款人", "到账日期"}
    assert "必须填写" in said["缴款人"]
    assert "必须填写" not in said["到账金额（元）"]


@given(
    st.sampled_from(list(FieldType)),
    st.one_of(
        st.text(), st.integers(), st.booleans(), st.dates(), st.lists(st.text()), st.floats()
    ),
)
def test_nothing_typed_breaks_the_check(kind: FieldType, typed: Any) -> None:
    """Whatever comes is kept in its form or refused with a sentence."""
    value, problems = check_value(field(kind.value, options=("甲", "乙")), typed, HOLLOW)
    assert problems == [] or value is None
    assert all(problem.sentence for problem in problems)
    if value is not None:
        again, none = check_value(field(kind.value, options=("甲", "乙")), value, HOLLOW)
        assert (again, none) == (value, [])
