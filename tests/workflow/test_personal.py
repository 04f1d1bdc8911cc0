"""What of a fact is personal data, and what stays as it is when that is covered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.desk import rulebook
from zhixing_desktop.workflow.errors import InputRefusedError
from zhixing_desktop.workflow.facts import FIELDS, HEADER, ITEM, PARTY, Fact
from zhixing_desktop.workflow.masking import cover_numbers
from zhixing_desktop.workflow.new_facts import NewFact
from zhixing_desktop.workflow.personal import (
    covered_fact,
    holds_covered,
    personal_parts,
    refuse_covered,
)

NOON = datetime(2024, 3, 1, 12)
ID, CARD, MOBILE = "410811199003070013", "6228480402564890018", "13800001111"


def fact(kind: str, data: dict[str, Any], node: int | None = None) -> Fact:
    return Fact(1, kind, "case", NOON, NOON, NOON, "张承办", node, data)


def test_the_numbers_of_a_party_are_covered_and_his_name_is_not() -> None:
    said = fact(
        PARTY,
        {
            "name": "张三",
            "id_number": ID,
            "phone": "3568888",
            "account_number": CARD,
        },
    )
    covered = covered_fact(rulebook(), said)
    assert covered.data == {
        "name": "张三",
        "id_number": "410811********0013",
        "phone": "35****8",
        "account_number": "6228***********0018",
    }
    assert personal_parts(rulebook(), said) == ("证件号码", "电话", "账号")


def test_fields_are_covered_by_what_they_are_for() -> None:
    values = {
        "payee_account": CARD,
        "payout_amount": "128000.00",
        "paid_out_on": "2024-03-11",
        "payment_voucher": "凭20240301号",
        "payee": "creditor/1",
    }
    said = fact(FIELDS, {"values": values}, node=33)
    covered = covered_fact(rulebook(), said).data["values"]
    assert covered == {**values, "payee_account": "6228***********0018"}
    assert personal_parts(rulebook(), said) == ("收款账户",)


def test_numbers_in_free_text_are_covered() -> None:
    for data in (
        {"values": {"contact_addresses": f"张三，电话{MOBILE}，身份证{ID}"}},
        {"reason": "卡号 6228 4804 0256 4890 018，电话 138-0000-1111，座机0391-3568888"},
        {"papers": {"执行通知书": f"已交{MOBILE}"}, "notices": [{"who": f"张三{MOBILE}"}]},
    ):
        kind, node = (FIELDS, 2) if "values" in data else (ITEM, 2)
        text = str(covered_fact(rulebook(), fact(kind, data, node)).data)
        for number in (ID, MOBILE, "6228 4804 0256 4890 018", "138-0000-1111", "0391-3568888"):
            assert number not in text
        assert "*" in text


def test_what_is_no_number_of_a_person_stays() -> None:
    data = {
        "case_no": "（2024）豫0811执1号",
        "amount": "1280000.00",
        "filed": "2024-03-01T09:00:00",
    }
    said = fact(HEADER, data)
    assert covered_fact(rulebook(), said) is said
    assert personal_parts(rulebook(), said) == ()
    hash_ = "9f" + "0123456789" * 6 + "ab"
    assert cover_numbers(f"校验值 {hash_}，2024-03-01 09:00:00，豫H·A1234") == (
        f"校验值 {hash_}，2024-03-01 09:00:00，豫H·A1234"
    )


@given(
    st.sampled_from([ID, CARD, MOBILE, "0391-3568888"]), st.text("，。：；张三 （）", max_size=5)
)
def test_no_number_survives_in_a_text(number: str, words: str) -> None:
    covered = cover_numbers(f"{words}{number}{words}")
    assert number not in covered
    assert holds_covered(covered)


def test_a_covered_number_is_nobodys_number() -> None:
    made = [NewFact(FIELDS, "payment/1", NOON, 33, {"values": {"payee_account": "6228****0018"}})]
    with pytest.raises(InputRefusedError) as caught:
        refuse_covered(made)
    assert [p.where for p in caught.value.problems] == ["payee_account"]
    assert "完整的号码" in caught.value.sentence
    refuse_covered([NewFact(FIELDS, "case", NOON, 7, {"values": {"notice_number": "**重要**"}})])
