"""Covered personal data never shows what it is to cover."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhixing_desktop.workflow.masking import (
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
