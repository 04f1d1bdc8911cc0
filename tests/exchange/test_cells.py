"""Cells of a workbook: what is read with certainty, and what is refused."""

from __future__ import annotations

import contextlib
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from zhixing_desktop.exchange import cells
from zhixing_desktop.exchange.cells import CellError
from zhixing_desktop.workflow import subjects

DAY = datetime(2024, 3, 5)
MOMENT = datetime(2024, 3, 5, 14, 30)

DAYS = [
    "2024-03-05", "2024-3-5", "2024/3/5", "2024.3.5", "2024年3月5日", "2024 年 3 月 5 日",
    "2024年3月5号", "２０２４年３月５日", "２０２４－０３－０５", "20240305",
    "2024年03月05日（星期二）",
    " 2024-03-05\n", 20240305, 45356, "45356", 45356.0, DAY,
]  # fmt: skip
MOMENTS = [
    "2024-03-05 14:30", "2024-03-05 14:30:00", "2024-03-05T14:30:00", "2024-03-05 14:30:00.000",
    "2024年3月5日14时30分", "2024年3月5日下午2时30分", "2024年3月5日 下午2:30", "2024/3/5 14：30",
    "20240305 14:30", 45356.604166666664, MOMENT, datetime(2024, 3, 5, 14, 29, 59, 600_000),
]  # fmt: skip


@pytest.mark.parametrize("raw", DAYS)
def test_days(raw: object) -> None:
    assert cells.read_moment(raw) == (DAY, True)
    assert cells.read_day(raw) == date(2024, 3, 5)


@pytest.mark.parametrize("raw", MOMENTS)
def test_moments(raw: object) -> None:
    assert cells.read_moment(raw) == (MOMENT, False)
    assert cells.read_day(raw) == date(2024, 3, 5)


def test_the_hour_alone_is_a_time() -> None:
    assert cells.read_moment("2024年3月5日9时") == (datetime(2024, 3, 5, 9), False)
    assert cells.read_moment("2024年3月5日上午9时") == (datetime(2024, 3, 5, 9), False)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("3/5/2024", "分不清"),
        ("24.3.5", "四位"),
        ("2024.3", "哪一日"),
        ("2024年3月", "哪一日"),
        ("2024", "哪一日"),
        (2024, "哪一日"),
        ("2024-02-30", "存在"),
        ("2024-13-01", "存在"),
        ("2024-03-05 25:00", "存在"),
        ("2024-03-05 8:75", "存在"),
        ("2024-03-05 以后", "不是时间"),
        ("2024-3/5", "哪一日|不是日期"),
        ("昨天", "不是日期"),
        ("二〇二四年三月五日", "不是日期"),
        ("1024-03-05", "不合常理"),
        ("2204-03-05", "不合常理"),
        (12, "不是日期"),
        (10**6, "不是日期"),
        (-3, "不是日期"),
        (True, "不是日期"),
        (time(9, 30), "没有日期"),
        (timedelta(hours=30), "没有日期"),
        (datetime(1900, 1, 1), "不合常理"),
    ],
)
def test_what_is_no_certain_day_is_refused(raw: object, words: str) -> None:
    with pytest.raises(CellError, match=words):
        cells.read_moment(raw)


def test_birthdays_may_be_early_but_a_bare_year_is_none() -> None:
    assert cells.read_day("1921-07-23", earliest=cells.EARLIEST_BIRTH) == date(1921, 7, 23)
    with pytest.raises(CellError):
        cells.read_day(1990, earliest=cells.EARLIEST_BIRTH)


@given(st.datetimes(datetime(1950, 1, 1), datetime(2099, 12, 31, 23, 59, 59)))
def test_every_moment_survives_excels_fractions_of_a_day(moment: datetime) -> None:
    from openpyxl.utils.datetime import to_excel

    plain = moment.replace(microsecond=0)
    serial = to_excel(plain)
    if not 1900 <= serial <= 2100:
        assert cells.read_moment(serial)[0] == plain


@example(float("nan"))
@example(float("inf"))
@given(st.text(max_size=20) | st.floats() | st.integers() | st.booleans() | st.times())
def test_no_cell_breaks_a_reader(raw: object) -> None:
    for read in (
        cells.read_moment,
        cells.read_text,
        cells.read_code,
        cells.read_money,
        cells.read_flag,
        cells.read_node,
        cells.read_subject,
        cells.split_words,
    ):
        with contextlib.suppress(CellError):
            read(raw)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("  张三 \n", "张三"),
        ("甲\r\n乙", "甲 乙"),
        ("甲_x000D_\n乙", "甲 乙"),
        ("\u3000甲\u200b乙\ufeff", "甲乙"),
        ("ＡＢ１２（３）", "AB12（3）".replace("(", "（")),
        (123, "123"),
        (123.0, "123"),
        (0.5, "0.5"),
        (True, "是"),
        ("𬭚", "𬭚"),
    ],
)
def test_words(raw: object, text: str) -> None:
    assert cells.read_text(raw) == text


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (410811199003070013, "第15位以后"),
        (4.10811199003070e17, "第15位以后"),
        (DAY, "当成了日期"),
        ("甲" * 4001, "4001个字"),
        (object(), "不是文字"),
    ],
)
def test_what_excel_has_spoilt_is_refused(raw: object, words: str) -> None:
    with pytest.raises(CellError, match=words):
        cells.read_text(raw)


def test_codes_lose_their_spaces_and_never_their_digits() -> None:
    assert cells.read_code(" 6222 0217 1400 ") == "622202171400"
    assert cells.read_code(13800001111) == "13800001111"
    with pytest.raises(CellError, match="科学计数法"):
        cells.read_code("6.22202E+18")


def test_formulas_without_result_and_error_values_are_refused() -> None:
    with pytest.raises(CellError, match="公式"):
        cells.check_readable(cells.UNCOMPUTED)
    for wrong in ("#N/A", "#REF!", " #value! "):
        with pytest.raises(CellError, match="错误值"):
            cells.check_readable(wrong)
    cells.check_readable("#1楼")


@pytest.mark.parametrize(
    ("raw", "amount"),
    [(1000, "1000.00"), (0.1 + 0.2, "0.30"), (1234.56, "1234.56"), ("1,234.5元", "1234.50"),
     ("１２万元", "120000.00"), (999999999999.99, "999999999999.99")],
)  # fmt: skip
def test_amounts(raw: object, amount: str) -> None:
    assert str(cells.read_money(raw)) == amount


@pytest.mark.parametrize("raw", [1.005, -1, "约100", "12万", True, DAY, float("nan"), 1e15])
def test_doubtful_amounts_are_refused(raw: object) -> None:
    with pytest.raises(CellError):
        cells.read_money(raw)


def test_flags() -> None:
    assert [cells.read_flag(raw) for raw in ("是", "√", "Y", 1, True, "有")] == [True] * 6
    assert [cells.read_flag(raw) for raw in ("否", "×", "no", 0, False)] == [False] * 5
    with pytest.raises(CellError, match="是"):
        cells.read_flag("也许")


@pytest.mark.parametrize(
    ("raw", "node"),
    [(17, 17), ("17", 17), (17.0, 17), ("节点17", 17), ("节点十七", 17), ("节点四十六", 46),
     ("十", 10), ("二十", 20), ("节点十七：现场控制", 17), ("第3节点", 3), ("１７", 17)],
)  # fmt: skip
def test_nodes(raw: object, node: int) -> None:
    assert cells.read_node(raw) == node


@pytest.mark.parametrize("raw", [0, 47, "四十七", "十十", "节点", "控制", 1.5, "一七", "17a"])
def test_what_is_no_node_is_refused(raw: object) -> None:
    with pytest.raises(CellError, match="1至46"):
        cells.read_node(raw)


SUBJECTS = [
    "case", "debtor/2", "creditor/1", "clue/1", "asset/3", "asset/3/round/1", "payment/2",
    "query/network", "query/traditional", "followup/4", "case#2", "debtor/1#2", "asset/12#3",
]  # fmt: skip


@pytest.mark.parametrize("subject", SUBJECTS)
def test_subjects_are_read_from_their_path_and_from_their_words(subject: str) -> None:
    assert cells.read_subject(subject) == subject
    assert cells.read_subject(subjects.label(subject)) == subject
    assert cells.read_subject(subjects.label(subject, "某车")) == subject


@pytest.mark.parametrize(
    "raw", ["财产", "财产0", "被执行人一", "款项1第1轮拍卖", "房屋", "asset", "asset/0"]
)
def test_what_is_no_subject_is_refused(raw: str) -> None:
    with pytest.raises(CellError, match="办理对象"):
        cells.read_subject(raw)


def test_lists_of_words() -> None:
    assert cells.split_words("张三、李四，张三;王五\n赵六/") == ("张三", "李四", "王五", "赵六")
    assert cells.read_choice(" 个 人 ", ("自然人",), {"个人": "自然人"}) == "自然人"
    with pytest.raises(CellError, match="自然人、法人"):
        cells.read_choice("人", ("自然人", "法人"), {})
