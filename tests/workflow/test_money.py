"""Amounts: what is read, what is refused, and the words on vouchers."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhixing_desktop.workflow.errors import InputRefusedError
from zhixing_desktop.workflow.money import (
    chinese_amount,
    format_money,
    parse_money,
    to_cents,
)

READ = [
    ("1234.5", "1234.50"),
    ("1,234.50", "1234.50"),
    ("1,234,567.89", "1234567.89"),
    ("￥1,234.50", "1234.50"),
    ("¥ 1,234.50", "1234.50"),
    ("人民币1,234.50元", "1234.50"),
    ("1234元整", "1234.00"),
    ("１，２３４．５０元", "1234.50"),
    ("  88  ", "88.00"),
    ("12.5万元", "125000.00"),
    ("12.5 万元", "125000.00"),
    ("1.23456万元", "12345.60"),
    ("3亿元", "300000000.00"),
    ("0", "0.00"),
    ("0.53元", "0.53"),
    ("007", "7.00"),
    ("999999999999.99", "999999999999.99"),
]

REFUSED = [
    ("", "没有填写"),
    ("   ", "没有填写"),
    ("-5", "负数"),
    ("－5", "负数"),
    ("(100.00)", "负数"),
    ("1.005", "分以下"),
    ("0.001", "分以下"),
    ("1.234567891万元", "分以下"),
    ("1,23", "逗号"),
    ("1234,567", "逗号"),
    ("1，234.50，", "逗号"),
    ("1.234,50", "逗号"),
    ("12万", "歧义"),
    ("3亿", "歧义"),
    ("12万5", "歧义"),
    ("壹万元", "阿拉伯数字"),
    ("五百元", "阿拉伯数字"),
    ("$5", "人民币"),
    ("5美元", "人民币"),
    ("1e5", "确定的数"),
    ("1.2.3", "确定的数"),
    ("约100", "确定的数"),
    ("100-200", "确定的数"),
    ("1 234", "确定的数"),
    (".5", "确定的数"),
    ("5.", "确定的数"),
    ("元", "确定的数"),
    ("NaN", "确定的数"),
    ("1000000000000", "一万亿"),
]


@pytest.mark.parametrize(("text", "amount"), READ)
def test_an_amount_is_read_exactly(text: str, amount: str) -> None:
    assert str(parse_money(text)) == amount


@pytest.mark.parametrize(("text", "words"), REFUSED)
def test_a_doubtful_amount_is_refused_with_its_reason(text: str, words: str) -> None:
    with pytest.raises(InputRefusedError, match=words) as caught:
        parse_money(text, where="申请标的额")
    assert [p.where for p in caught.value.problems] == ["申请标的额"]


def test_numbers_are_taken_as_they_are() -> None:
    assert str(parse_money(12)) == "12.00"
    assert str(parse_money(Decimal("12.3"))) == "12.30"
    assert str(parse_money(Decimal("1.2300"))) == "1.23"
    for wrong in (Decimal("NaN"), Decimal("Infinity"), Decimal("-1"), Decimal("0.005")):
        with pytest.raises(InputRefusedError):
            parse_money(wrong)


def test_zero_can_be_refused() -> None:
    with pytest.raises(InputRefusedError, match="不能为零"):
        parse_money("0.00", allow_zero=False)


@given(st.integers(min_value=0, max_value=10**14 - 1))
def test_what_is_written_is_read_back(cents: int) -> None:
    amount = Decimal(cents) / 100
    assert parse_money(format_money(amount)) == amount


def test_format() -> None:
    assert format_money(Decimal("1234.5")) == "1,234.50元"
    assert format_money(Decimal("0")) == "0.00元"
    assert format_money(Decimal("1234567.891"), unit=False) == "1,234,567.89"


def test_computed_sums_round_half_up() -> None:
    assert str(to_cents(Decimal("50.00015"))) == "50.00"
    assert str(to_cents(Decimal("0.005"))) == "0.01"
    assert str(to_cents(Decimal("2.675"))) == "2.68"


WORDS = [
    # The examples of 《支付结算办法》附一.
    ("1409.50", "壹仟肆佰零玖元伍角"),
    ("6007.14", "陆仟零柒元壹角肆分"),
    ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
    ("107000.53", "壹拾万柒仟元零伍角叁分"),
    ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
    ("325.04", "叁佰贰拾伍元零肆分"),
    # Ours.
    ("100000", "壹拾万元整"),
    ("10", "壹拾元整"),
    ("15", "壹拾伍元整"),
    ("0.01", "壹分"),
    ("0.10", "壹角"),
    ("0.53", "伍角叁分"),
    ("1.05", "壹元零伍分"),
    ("10.50", "壹拾元零伍角"),
    ("1000", "壹仟元整"),
    ("1001", "壹仟零壹元整"),
    ("1010", "壹仟零壹拾元整"),
    ("10001", "壹万零壹元整"),
    ("100005", "壹拾万零伍元整"),
    ("1000000.5", "壹佰万元零伍角"),
    ("10010000", "壹仟零壹万元整"),
    ("100000001", "壹亿零壹元整"),
    ("100005000", "壹亿零伍仟元整"),
    ("1000100001", "壹拾亿零壹拾万零壹元整"),
    ("10001000000", "壹佰亿零壹佰万元整"),
    ("1000000000000", "壹万亿元整"),
    ("1000100000000", "壹万零壹亿元整"),
    ("286543.21", "贰拾捌万陆仟伍佰肆拾叁元贰角壹分"),
    (
        "1234567890123456.78",
        "壹仟贰佰叁拾肆万伍仟陆佰柒拾捌亿玖仟零壹拾贰万叁仟肆佰伍拾陆元柒角捌分",
    ),
]


@pytest.mark.parametrize(("amount", "words"), WORDS)
def test_words_of_an_amount(amount: str, words: str) -> None:
    assert chinese_amount(Decimal(amount)) == f"人民币{words}"


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "10000000000000000", "NaN", "Infinity"])
def test_no_words_for_what_cannot_be_paid(amount: str) -> None:
    with pytest.raises(InputRefusedError):
        chinese_amount(Decimal(amount))


def value_of(words: str) -> Decimal:
    """Read the words back, independently of how they were made."""
    yuan, _, rest = words.removeprefix("人民币").rpartition("元")
    total = Decimal(0)
    for unit, size in (("亿", 10**8), ("万", 10**4), ("", 1)):
        if unit and unit in yuan:
            head, _, yuan = yuan.rpartition(unit)
            total += value_of(f"人民币{head}元整") * size
        elif not unit:
            places = {"仟": 1000, "佰": 100, "拾": 10, "": 1}
            for digit, place in re.findall("([壹贰叁肆伍陆柒捌玖])([仟佰拾]?)", yuan):
                total += ("零壹贰叁肆伍陆柒捌玖".index(digit)) * places[place]
    for digit, place in re.findall("([壹贰叁肆伍陆柒捌玖])([角分])", rest):
        size = Decimal("0.1") if place == "角" else Decimal("0.01")
        total += "零壹贰叁肆伍陆柒捌玖".index(digit) * size
    return total


@given(st.integers(min_value=1, max_value=10**18 - 1))
def test_the_words_say_the_amount(cents: int) -> None:
    amount = Decimal(cents) / 100
    words = chinese_amount(amount)
    assert value_of(words) == amount
    assert "零零" not in words
    assert words.endswith("整") == (amount == int(amount))
