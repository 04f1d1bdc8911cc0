"""Covered personal data never shows what it is to cover."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhixing_desktop.workflow.masking import (
    cover_numbers,
    mask_account,
    mask_address,
    mask_id_number,
    mask_name,
    mask_phone,
)


def test_usual_forms() -> None:
    assert mask_id_number("410811199003070013") == "410811********0013"
    assert mask_account("6228480402564890018") == "6228***********0018"
    assert mask_phone("13800001111") == "138****1111"
    assert mask_phone("0391-3568888") == "0391******88"
    assert mask_phone("3568888") == "35****8"
    assert mask_name("张三") == "张*"
    assert mask_name("张小三") == "张*三"
    assert mask_name("欧阳娜娜") == "欧**娜"
    assert mask_address("河南省焦作市山阳区人民路1号") == "河南省焦作市山阳区****"
    assert mask_address("河南省武陟县某村") == "河南省武陟县****"
    assert mask_address("焦作市人民路1号") == "焦作市****"


@pytest.mark.parametrize(
    "mask",
    [mask_id_number, mask_account, mask_phone, mask_name, mask_address],
    ids=lambda f: f.__name__,
)
@pytest.mark.parametrize("text", ["", "1", "张", "12345"])
def test_what_is_too_short_is_covered_altogether(mask: object, text: str) -> None:
    assert callable(mask)
    covered = mask(text)
    assert len(text) < 2 or "*" in covered
    assert len(text) != 1 or covered.strip("*") == ""


@given(st.text(alphabet="0123456789X", min_size=11, max_size=30))
def test_the_length_stays_and_the_middle_goes(number: str) -> None:
    covered = mask_id_number(number)
    assert len(covered) == len(number)
    assert covered[6:-4] == "*" * (len(number) - 10)


# --- short local numbers in free text: only the words around say that they are telephones

local = st.from_regex(r"[3-9][0-9]{6,7}", fullmatch=True)
says = st.sampled_from(
    ("电话", "手机", "联系方式", "座机", "固话", "tel", "Tel.", "TEL", "联系电话")
)
between = st.sampled_from(
    ("", " ", "：", ": ", "为", "是", "（", "号码：", "号码为", "：张三 ", " 办公 ")
)
area = st.sampled_from(("", "0391-", "0391 ", "0391", "(0391)", "（0391）"))
behind = st.sampled_from(("", "。", "，无人接听", "、", "）", "转8012", " 未通", "\n"))


def shown(text: str, number: str) -> bool:
    return number in re.sub(r"[ -]", "", text)


@given(says, between, area, local, behind)
def test_a_local_number_is_covered_where_a_telephone_is_spoken_of(
    word: str, gap: str, code: str, number: str, rest: str
) -> None:
    covered = cover_numbers(f"被执行人{word}{gap}{code}{number}{rest}")
    assert not shown(covered, number)
    assert not any(shown(covered, number[at : at + 5]) for at in range(len(number) - 4))
    assert cover_numbers(covered) == covered


@given(says, st.lists(local, min_size=2, max_size=4), st.sampled_from("、,，/；和"))
def test_each_of_several_is_covered(word: str, numbers: list[str], sign: str) -> None:
    covered = cover_numbers(f"{word}：{sign.join(numbers)}")
    assert not any(shown(covered, number) for number in numbers)


@pytest.mark.parametrize(
    "text",
    [
        "电话 1234567", "拨打0391-3568888（单位电话）", "3568888（座机）",
        "3568888办公电话无人接听", "电话：356-8888", "联系方式3568 8888", "Tel:03913568888",
        "（0391）3568888",
    ],
)  # fmt: skip
def test_how_people_write_it(text: str) -> None:
    covered = cover_numbers(text)
    assert not re.search(r"\d{5,}", covered)
    assert "*" in covered


@given(local, says)
def test_what_is_no_telephone_stays(number: str, word: str) -> None:
    for text in (
        f"标的额{number}元，已{word}通知",
        f"{word}通知后支付{number}元",
        f"{word}告知，金额为{number}",
        f"{word}告知，金额{number}.50元",
        f"{word}核实，欠款{number}",
        f"{word}联系，共{number}件",
        f"应付{number}（电话通知）",
        f"{word}通知（2024）豫0811执{number}号案件的当事人",
        f"（2024）豫0811执恢{number}号，{word}",
        f"{word}核对，身份证后八位{number}",
        f"{word}核对，身份证尾号{number}",
        f"{word}告知收款账号尾数{number}",
        f"{word}告知。{number}",
        f"面积{number}平方米，{word}",
        f"编号{number}",
        f"票据{number}，{word}",
    ):
        assert cover_numbers(text) == text


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)))
def test_a_day_is_no_telephone(day: date) -> None:
    text = f"电话通知{day:%Y%m%d}到庭"
    assert cover_numbers(text) == text
