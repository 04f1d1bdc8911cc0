"""Identity numbers, codes, accounts, names: errors, warnings, and what must pass."""

from __future__ import annotations

from datetime import date

import pytest
import stdnum.cn.ric
import stdnum.cn.uscc
import stdnum.luhn
from hypothesis import given
from hypothesis import strategies as st

from zhixing_desktop.workflow.area_codes import is_known_area, is_known_province
from zhixing_desktop.workflow.errors import Problem
from zhixing_desktop.workflow.identifiers import (
    check_bank_account,
    check_bank_number,
    check_credit_code,
    check_id_number,
    check_organisation_code,
    check_organisation_name,
    check_person_name,
    check_phone,
    check_plate,
    id_birth_date,
    id_gender,
    may_lack_code,
    tidy_name,
    upgrade_id_number,
)

TODAY = date(2024, 3, 1)


def severity(problems: list[Problem]) -> str:
    """The one finding of a check: ``ok``, ``error`` or ``warning``."""
    assert len(problems) <= 1
    for problem in problems:
        assert problem.sentence.endswith("。")
    return problems[0].severity if problems else "ok"


ID_NUMBERS = [
    ("410811199003070013", "ok", ""),
    ("410811198511300028", "ok", ""),
    ("11010519491231002X", "ok", ""),
    ("11010519491231002x", "ok", ""),
    ("４１０８１１１９９００３０７００１３", "ok", ""),
    (" 410811 19900307 0013 ", "ok", ""),
    ("", "ok", ""),
    ("410811199003070014", "error", "校验码"),
    ("410811199003070031", "error", "校验码"),
    ("410811199013070013", "error", "出生日期"),
    ("410811199002300013", "error", "出生日期"),
    ("410811170001010013", "error", "出生日期"),
    ("41081119900307001", "error", "17位"),
    ("4108111990030700131", "error", "19位"),
    ("41O811199003070013", "error", "字母"),
    ("410811199003070X13", "error", "字母"),
    ("abc", "error", "3位"),
    ("990811199003070010", "warning", "外国人"),
    ("410811900307001", "warning", "15位"),
    ("410811901307001", "error", "出生日期"),
    ("810000199408230021", "warning", "香港"),
    ("810000199408230022", "error", "校验码"),
    ("CHN110080010001", "warning", "旧版外国人"),
]


@pytest.mark.parametrize(("text", "expected", "words"), ID_NUMBERS)
def test_identity_numbers(text: str, expected: str, words: str) -> None:
    problems = check_id_number(text, where="证件号码", today=TODAY)
    assert severity(problems) == expected
    for problem in problems:
        assert problem.where == "证件号码"
        assert words in problem.sentence


def with_check_digit(first17: str) -> str:
    return first17 + stdnum.cn.ric.calc_check_digit(first17 + "0")


def test_an_unknown_area_is_only_questioned() -> None:
    for area, expected in [("419999", "warning"), ("100101", "warning"), ("410882", "ok")]:
        assert severity(check_id_number(with_check_digit(f"{area}19900307001"))) == expected


def test_a_fuller_table_of_areas_can_be_handed_in() -> None:
    number = "410811199003070013"
    assert severity(check_id_number(number, known_areas={"410811"})) == "ok"
    assert severity(check_id_number(number, known_areas={"410882"})) == "warning"


def test_a_birth_in_the_future_is_an_error_only_where_today_is_known() -> None:
    number = with_check_digit("41081120240302001")
    assert severity(check_id_number(number, today=TODAY)) == "error"
    assert severity(check_id_number(number)) == "ok"


def test_permits_of_macau_and_taiwan() -> None:
    assert severity(check_id_number(with_check_digit("82000019940823002"))) == "warning"
    assert "台湾" in check_id_number(with_check_digit("83000019940823002"))[0].sentence


@given(
    area=st.sampled_from(["410811", "110105", "310000", "440301", "512101", "659001"]),
    born=st.dates(date(1900, 1, 1), date(2023, 12, 31)),
    order=st.integers(0, 999),
    wrong=st.integers(0, 16),
    shift=st.integers(1, 9),
)
def test_every_single_wrong_digit_is_found(
    area: str, born: date, order: int, wrong: int, shift: int
) -> None:
    number = with_check_digit(f"{area}{born:%Y%m%d}{order:03d}")
    assert check_id_number(number) == []
    assert id_birth_date(number) == born
    assert id_gender(number) == ("男" if order % 2 else "女")
    digit = str((int(number[wrong]) + shift) % 10)
    broken = number[:wrong] + digit + number[wrong + 1 :]
    assert severity(check_id_number(broken)) == ("warning" if broken[0] == "9" else "error")


def test_parts_of_what_is_no_number_are_none() -> None:
    assert id_birth_date("abc") is None
    assert id_gender("") is None
    assert upgrade_id_number("123") is None
    assert upgrade_id_number("410811900307001") == with_check_digit("41081119900307001")


def test_the_built_in_areas_agree_with_the_library() -> None:
    for code in ("410811", "429004", "130100", "542100", "659001", "469000", "511100"):
        assert is_known_area(code), code
    for code in ("418100", "990000", "116000", "41", "41ab00", ""):
        assert not is_known_area(code), code
    assert is_known_province("41xxxx")
    assert not is_known_province("40")


CREDIT_CODES = [
    ("91110000600037341L", "ok", ""),
    ("91350100M000100Y43", "ok", ""),
    ("9111 0000 6000 3734 1l", "ok", ""),
    ("", "ok", ""),
    ("91110000600037341M", "error", "校验码"),
    ("9111000060003734L", "error", "17位"),
    ("91110000600O37341L", "error", "“O”"),
    ("91110000600I3734SL", "error", "“I、S”"),
]


@pytest.mark.parametrize(("text", "expected", "words"), CREDIT_CODES)
def test_credit_codes(text: str, expected: str, words: str) -> None:
    problems = check_credit_code(text)
    assert severity(problems) == expected
    assert all(words in problem.sentence for problem in problems)


def credit_code(first17: str) -> str:
    """Complete a code with the one character that our own check accepts without complaint."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    fitting = []
    for last in alphabet:
        if not any("校验码" in problem.sentence for problem in check_credit_code(first17 + last)):
            fitting.append(last)
    assert len(fitting) == 1
    return first17 + fitting[0]


def test_codes_of_other_registers_begin_with_a_letter() -> None:
    village = credit_code("N2410811MF1234567")
    assert severity(check_credit_code(village)) == "ok"
    broken = village[:-1] + ("0" if village[-1] != "0" else "1")
    assert severity(check_credit_code(broken)) == "warning"


def test_unusual_office_and_province_are_questioned() -> None:
    assert "登记管理部门" in check_credit_code(credit_code("M2410811MF1234567"))[0].sentence
    assert "行政区划" in check_credit_code(credit_code("91990000600037341"))[0].sentence
    assert check_credit_code(credit_code("12100000400000000")) == []


@given(st.text(alphabet="0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9))
def test_the_check_character_agrees_with_the_library(tail: str) -> None:
    body = f"91410811{tail}"
    assert credit_code(body) == body + stdnum.cn.uscc.calc_check_digit(body)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "ok"),
        ("D2143569-X", "ok"),
        ("D2143569X", "ok"),
        ("d2143569-x", "ok"),
        ("D2143569-1", "warning"),
        ("12345678", "error"),
        ("12345678-Y", "error"),
    ],
)
def test_organisation_codes(text: str, expected: str) -> None:
    assert severity(check_organisation_code(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "ok"),
        ("6222 0217 1400 0012 343", "warning"),
        ("41050165860800000123", "ok"),
        ("1709024009200012345", "ok"),
        ("6228480402564890018", "ok"),
        ("6228480402564890019", "warning"),
        ("6.22848E+18", "error"),
        ("6228480402564890000", "warning"),
        ("1234", "error"),
        ("账号待补", "error"),
        ("FTE1234567890", "warning"),
        ("6222021714000010", "ok"),
        ("4105-0165-8608-0000-0123", "ok"),
    ],
)
def test_bank_accounts(text: str, expected: str) -> None:
    assert severity(check_bank_account(text)) == expected


@given(st.integers(10**15, 10**18 - 1))
def test_cards_agree_with_the_library(body: int) -> None:
    account = f"62{body}"[:18]
    card = account + stdnum.luhn.calc_check_digit(account)
    assert check_bank_account(card) == [] or card.endswith("0000")
    assert severity(check_bank_account(card[:-1] + str((int(card[-1]) + 1) % 10))) == "warning"


def test_bank_numbers_phones_and_plates_are_only_questioned() -> None:
    assert check_bank_number("105501000012") == []
    assert severity(check_bank_number("10550100001")) == "warning"
    good_phones = [
        "", "13800001111", "+86 138 0000 1111", "0391-3568888", "（0391）3568888", "03913568888",
        "3568888", "0391-3568888-801", "0391-3568888转801", "400-820-8820", "4008208820",
        "13800001111、0391-3568888", "13800001111/13900002222", "１３８００００１１１１",
    ]  # fmt: skip
    for text in good_phones:
        assert check_phone(text) == [], text
    assert [p.severity for p in check_phone("1380000111，12345；13900002222")] == ["warning"] * 2
    good_plates = [
        "", "豫H12345", "豫H·12345", "豫 h 12345", "豫HD12345", "豫H1234挂", "粤Z1234港",
        "京A1234警",
        "豫H1234学", "WJ豫12345", "豫HF12345",
    ]  # fmt: skip
    for text in good_plates:
        assert check_plate(text) == [], text
    for text in ("豫1234", "H12345", "豫H123", "某车"):
        assert severity(check_plate(text)) == "warning", text


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("张三", "ok"),
        ("欧阳娜娜", "ok"),
        ("喆堃镕", "ok"),
        ("王𬭚", "ok"),
        ("𠮷野", "ok"),
        ("买买提·艾力", "ok"),
        ("买买提•艾力", "ok"),
        ("阿不都热合曼．阿不力孜", "ok"),
        ("Li Lei", "ok"),
        ("O'Neil", "ok"),
        ("José", "ok"),
        ("张 三", "ok"),
        ("〇某", "warning"),
        ("", "ok"),
        ("张某某", "warning"),
        ("王", "warning"),
        ("张三等", "warning"),
        ("张三1", "error"),
        ("张?", "error"),
        ("张□", "error"),
        ("张*三", "error"),
        ("张××", "error"),
        ("张三、李四", "error"),
        ("张三（已死亡）", "error"),
        ("张\ue123", "warning"),
    ],
)
def test_names_of_people(name: str, expected: str) -> None:
    assert severity(check_person_name(name)) == expected


def test_names_are_tidied_without_harming_latin_ones() -> None:
    assert tidy_name(" 张 三 ") == "张三"
    assert tidy_name("张\u3000三\u200b") == "张三"
    assert tidy_name("Li  Lei") == "Li Lei"
    assert tidy_name("买买提•艾力") == "买买提·艾力"


def test_names_of_organisations() -> None:
    for name in (
        "焦作市山阳区某村村民委员会",
        "中国银行(焦作)有限公司3号店",
        "ABC（中国）有限公司",
    ):
        assert check_organisation_name(name) == []
    assert severity(check_organisation_name("某某?公司")) == "error"
    assert severity(check_organisation_name("公司")) == "warning"


def test_some_organisations_never_had_a_code() -> None:
    for name in (
        "山阳区某村村民委员会",
        "某小区业主委员会",
        "某某建筑公司焦作分公司",
        "某村第三村民小组",
    ):
        assert may_lack_code(name)
    assert not may_lack_code("焦作市某某有限公司")
