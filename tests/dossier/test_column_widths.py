"""The columns of a catalogue are as wide as what stands in them needs."""

from __future__ import annotations

import pytest

from zhixing_desktop.dossier.column_widths import Column, fitted

COLUMNS = (Column(28, wraps=False), Column(50), Column(100), Column(44, wraps=False), Column(41))
TOTAL = 378


def widths(*rows: tuple[str, ...]) -> tuple[int, ...]:
    return fitted(COLUMNS, rows, TOTAL)


@pytest.mark.parametrize(
    "rows",
    [
        (),
        (("1", "", "", "", ""),),
        (
            (
                "1",
                "（2024）豫0811执1号之一",
                "终结本次执行程序裁定书" * 3,
                "10-12、45",
                "仅有纸质件",
            ),
        ),
        tuple((str(n), "", "银行流水", f"{n}", "见光盘或者电子卷宗") for n in range(1, 90)),
    ],
)
def test_together_they_are_as_wide_as_the_sheet_and_none_is_too_narrow(
    rows: tuple[tuple[str, ...], ...],
) -> None:
    found = widths(*rows)
    assert sum(found) == TOTAL
    assert all(wide >= column.least for wide, column in zip(found, COLUMNS, strict=True))


def test_what_must_not_wrap_is_as_wide_as_its_longest_words() -> None:
    found = widths(("1", "", "银行流水", "10-12、45-47", ""))
    assert found[3] > widths(("1", "", "银行流水", "3-5", ""))[3] == 44


def test_a_remark_gets_the_room_that_the_numbers_of_papers_do_not_need() -> None:
    plain = widths(("1", "", "银行流水", "3-5", ""))
    noted = widths(("1", "", "谈话录音", "", "见光盘或者电子卷宗；上接第1册"))
    assert noted[4] >= 10 * len("见光盘或者电子卷宗；上接第1册") / 2
    assert plain[4] == 41
    assert plain[2] > noted[2]


def test_a_row_does_not_take_more_lines_than_the_best_share_needs() -> None:
    number, name = "（2024）豫0811执1号之一", "申请执行人身份证明、法定代表人身份证明书"
    found = widths(("1", number, name, "1-3", ""))
    assert found[1] >= 10 * 8
    assert found[2] >= 10 * len(name) / 2


def numbered(number: str, name: str) -> tuple[int, ...]:
    columns = (Column(28, wraps=False), Column(50, whole=150), Column(100))
    return fitted(columns, [("1", number, name)], 260)


def test_a_number_that_stays_whole_gets_its_line_before_a_name_gets_fewer() -> None:
    number, name = "（2024）豫0811执1号", "申请执行人身份证明、法定代表人身份证明书"
    # 50 for five Chinese signs, at least 5 for each figure, 2 where the two meet.
    assert numbered(number, name)[1] >= 50 + 9 * 5 + 4 * 2


def test_a_number_too_long_for_the_sheet_takes_no_room_from_the_name() -> None:
    name = "申请执行人身份证明、法定代表人身份证明书"
    assert numbered("（2024）豫0811执保1234号之一百二十三", name)[2] > 100
