"""Case numbers: what real strings look like, and how a wrong one is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhixing_desktop.workflow.case_numbers import (
    KIND_BY_TYPE,
    CaseNumber,
    check_own,
    check_reference,
    expand_list,
    is_old_style,
    normalise,
    parse,
    parse_reference,
)
from zhixing_desktop.workflow.errors import InputRefusedError

PLAIN = "（2024）豫0811执123号"


@pytest.mark.parametrize(
    "raw",
    [
        PLAIN,
        "(2024)豫0811执123号",
        "（2024)豫0811执123号",
        " （2024） 豫0811 执 123 号 ",
        "（２０２４）豫０８１１执１２３号",
        "〔2024〕豫0811执123号",
        "[2024]豫0811执123号",
        "【2024】豫0811执123号",
        "2024豫0811执123号",
        "（2024）豫0811执第123号",
        "第（2024）豫0811执123号",
        "（2024）豫0811执00123号",
        "（2024）豫0811执123",
        "（2024）豫0811执123号。",
        "《（2024）豫0811执123号》",
        "“（2024）豫0811执123号”",
        "（2024）豫0811执\u200b123\u00a0号\n",
        "\ufeff（2024）豫0811执123号",
    ],
)
def test_what_people_type_is_brought_into_the_official_spelling(raw: str) -> None:
    assert normalise(raw) == PLAIN
    assert str(parse(raw)) == PLAIN


def test_the_old_style_keeps_its_word() -> None:
    assert normalise("(2015) 山法执字第0123号") == "（2015）山法执字第0123号"
    assert is_old_style("(2015)山法执字第123号")
    assert is_old_style("2009年山民初字第45号")
    assert is_old_style("（2009）山民初字第45号之一")
    assert not is_old_style(PLAIN)


@pytest.mark.parametrize(
    ("text", "parts", "kind"),
    [
        (PLAIN, (2024, "豫0811", "执", 123, None), "first"),
        ("（2024）豫0811执恢7号", (2024, "豫0811", "执恢", 7, None), "resumed"),
        ("（2024）豫0811执保1号", (2024, "豫0811", "执保", 1, None), "preservation"),
        ("（2020）豫0811执2437号之一", (2020, "豫0811", "执", 2437, "之一"), "first"),
        ("（2020）豫0811执2437号之二十一", (2020, "豫0811", "执", 2437, "之二十一"), "first"),
    ],
)
def test_the_parts_of_our_own_number(text: str, parts: tuple[object, ...], kind: str) -> None:
    number = parse(text)
    assert (number.year, number.court, number.type, number.number, number.suffix) == parts
    assert number.kind == kind
    assert str(number) == text


REFUSED = [
    ("", "没有填写"),
    ("执123号", "四位收案年度"),
    ("（24）豫0811执123号", "四位收案年度"),
    ("（2024）豫0802执123号", "不是本院的“豫0811”"),
    ("（2021）最高法执监344号", "不是本院"),
    ("（2024）豫0811执异5号", "执异"),
    ("（2024）豫0811民初5号", "民初"),
    ("（2024）豫0811执0号", "从1开始"),
    ("（2015）豫0811执5号", "2016年以前"),
    ("（2030）豫0811执5号", "还没有到"),
    ("(2015)山法执字第123号", "旧式案号"),
    ("（2024）豫O811执123号", "字母"),
    ("（2024）豫08l1执123号", "字母"),
    ("（2024）豫0811执号", "缺少案件编号"),
    ("（2024）豫0811执12a3号", "不是完整的案号"),
    ("（2024）豫0811执123号之十十", "不是完整的案号"),
    ("张三执行一案", "四位收案年度"),
]


@pytest.mark.parametrize(("text", "words"), REFUSED)
def test_a_wrong_number_is_refused_with_its_reason(text: str, words: str) -> None:
    with pytest.raises(InputRefusedError, match=words):
        parse(text, this_year=2024)
    problems = check_own(text, where="案号", this_year=2024)
    assert [p.severity for p in problems] == ["error"]
    assert words in problems[0].sentence


def test_the_court_is_a_setting() -> None:
    assert parse("（2024）京0491执恢5号", "京0491").kind == "resumed"
    with pytest.raises(InputRefusedError, match="京0491"):
        parse(PLAIN, "京0491")


def test_a_paper_is_not_a_case() -> None:
    paper = "（2024）豫0811执123号之一"
    (problem,) = check_own(paper)
    assert PLAIN in problem.sentence
    assert check_own(paper, allow_suffix=True) == []
    assert str(parse(paper).of_case()) == PLAIN


@pytest.mark.parametrize(
    "text",
    [
        "（2021）最高法执监344号",
        "（2019）最高法知民终2号",
        "(2023)豫0811民初88号",
        "（2023）豫08民终8号",
        "（2023）豫执复1号",
        "（2023）京73民初1号",
        "（2023）豫0811诉前调确12号",
        "（2023）豫9001刑初3号之一",
        "（2022）兵0801执1号",
    ],
)
def test_foreign_numbers_are_read_loosely(text: str) -> None:
    number = parse_reference(text)
    assert number is not None
    assert str(number) == normalise(text)
    assert check_reference(text) == []


@pytest.mark.parametrize(
    "text", ["焦仲裁字〔2023〕第12号", "（2023）焦证执字第8号公证书", "某判决"]
)
def test_what_is_no_case_number_is_only_questioned(text: str) -> None:
    assert parse_reference(text) is None
    assert [p.severity for p in check_reference(text)] == ["warning"]


def test_an_old_number_as_basis_is_not_questioned() -> None:
    assert check_reference("(2015)山法执字第123号") == []


def test_lists_are_sorted_by_year_type_and_number() -> None:
    texts = [
        "（2023）豫0811执恢2号",
        "（2024）豫0811执10号",
        "（2024）豫0811执9号之二",
        "（2024）豫0811执9号",
        "（2024）豫0811执9号之十一",
        "（2023）豫0811执100号",
        "（2023）豫0811执保3号",
    ]
    ordered = sorted(texts, key=lambda text: parse(text).sort_key)
    assert ordered == [
        "（2023）豫0811执100号",
        "（2023）豫0811执保3号",
        "（2023）豫0811执恢2号",
        "（2024）豫0811执9号",
        "（2024）豫0811执9号之二",
        "（2024）豫0811执9号之十一",
        "（2024）豫0811执10号",
    ]


@given(
    st.builds(
        CaseNumber,
        year=st.integers(2016, 2099),
        court=st.just("豫0811"),
        type=st.sampled_from(sorted(KIND_BY_TYPE)),
        number=st.integers(1, 10**7),
        suffix=st.sampled_from([None, "之一", "之十", "之九十九"]),
    )
)
def test_what_is_written_is_read_back(number: CaseNumber) -> None:
    assert parse(str(number)) == number
    assert normalise(str(number)) == str(number)


@given(st.text(alphabet="（）()[〔〕】2024豫0811执恢字第号之一 　.。《》-民初", max_size=24))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


def short(numbers: list[CaseNumber]) -> list[str]:
    return [f"{n.year}{n.type}{n.number}" for n in numbers]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("（2024）豫0811执123-执125号", ["2024执123", "2024执124", "2024执125"]),
        ("（2024）豫0811执123号-（2024）豫0811执124号", ["2024执123", "2024执124"]),
        ("(2024)豫0811执 123 至 124 号", ["2024执123", "2024执124"]),
        ("（2024）豫0811执123～124", ["2024执123", "2024执124"]),
        ("（2024）豫0811执恢1、3、5号", ["2024执恢1", "2024执恢3", "2024执恢5"]),
        ("（2024）豫0811执1号，执恢2号", ["2024执1", "2024执恢2"]),
        ("（2024）豫0811执1号（2023）豫0811执2号", ["2024执1", "2023执2"]),
        (
            "（2024）豫0811执1号\n\n（2024）豫0811执1号\r\n（2024）豫0811执2号",
            ["2024执1", "2024执2"],
        ),
        ("（2024）豫0811执1号之一\t（2024）豫0811执1号之二", ["2024执1"]),
        ("", []),
    ],
)
def test_a_pasted_list(text: str, expected: list[str]) -> None:
    assert short(expand_list(text)) == expected


def test_a_list_may_leave_out_year_and_court_where_they_are_given() -> None:
    assert short(expand_list("执123-执124，豫0811执保7", year=2024)) == [
        "2024执123",
        "2024执124",
        "2024执保7",
    ]


def test_all_mistakes_of_a_list_are_named_at_once() -> None:
    text = "（2024）豫0811执1号\n执异5号\n（2024）豫0811执9-3号\n（2024）豫0802执1号\n12"
    with pytest.raises(InputRefusedError) as caught:
        expand_list("7\n" + text)
    wheres = [p.where for p in caught.value.problems]
    assert wheres == [
        "第1行“7”",
        "第3行“执异5号”",
        "第4行“（2024）豫0811执9-3号”",
        "第5行“（2024）豫0802执1号”",
    ]
    assert "没有写明年度" in caught.value.problems[0].sentence
    assert "小于起号" in caught.value.problems[2].sentence


@pytest.mark.parametrize(
    "text",
    [
        "（2024）豫0811执1-执恢5号",
        "（2023）豫0811执1-（2024）豫0811执5号",
        "（2024）豫0811执1-2-3号",
        "-",
    ],
)
def test_a_range_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(InputRefusedError):
        expand_list(text)


def test_a_list_has_a_limit() -> None:
    with pytest.raises(InputRefusedError, match="超过100个"):
        expand_list("（2024）豫0811执1-100000000号", limit=100)
    assert len(expand_list("（2024）豫0811执1-100号", limit=100)) == 100
