"""Case lists as officers hand them in: all mistakes at once, row by row, nothing half-imported."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from helpers.case_lists import NUMBER, problems, read, warnings
from helpers.workbooks import CASE_HEAD, CASE_LINE, case_file, line, workbook
from zhixing_desktop.exchange.case_list import CaseRow, EventRow, PartyRow, read_case_list
from zhixing_desktop.exchange.columns import CASES, EVENTS, PARTIES, SHEETS, fold_header
from zhixing_desktop.workflow.errors import InputRefusedError


def test_headings_are_unambiguous() -> None:
    for spec in SHEETS:
        names = [fold_header(n) for c in spec.columns for n in (c.header, *c.aliases)]
        assert len(names) == len(set(names)), spec.title
        fields = [c.name for c in spec.columns]
        assert len(fields) == len(set(fields))
        for column in spec.columns:
            assert not column.codes or len(column.codes) == len(column.options)
            assert set(column.synonyms.values()) <= set(column.options)


def test_a_plain_list(tmp_path: Path) -> None:
    found = read(case_file(tmp_path, CASE_LINE))
    assert found.cases == (
        CaseRow(
            row=2,
            case_no_raw=NUMBER,
            case_no=NUMBER,
            kind="first",
            filed_at=datetime(2024, 3, 1),
            content=("money",),
            officer="王建国",
            cause="借贷",
            amount=Decimal("1000.00"),
        ),
    )
    assert [(p.standing, p.kind, p.name, p.from_list) for p in found.parties] == [
        ("申请执行人", "自然人", "张三", True),
        ("被执行人", "自然人", "李四", True),
    ]
    assert "类型按名称判断" in warnings(found)


FULL = {
    "案号": " (２０２４)豫0811执恢 12 号",
    "立案日期": datetime(2024, 3, 1, 9, 30, 7),
    "收案时间": 45354,
    "承办法官": " 王 建国",
    "书记员": "李静",
    "立案案由": "民间借贷\n纠纷",
    "来源": "恢复",
    "非诉标识": "否",
    "申请执行人为法院": "",
    "执行依据类型": "民事判决书",
    "执行依据": "(2023)豫0811民初88号",
    "原审法院": "焦作市山阳区人民法院",
    "生效日": "2023.12.1",
    "履行期限届满日": "2023年12月16日",
    "给付内容": "金钱、行为",
    "本金（元）": "400,000.00",
    "利息": 7000,
    "费用": 3650.5,
    "原执行案号": "（2022）豫0811执7号",
    "案件涉及": "涉民生，涉府",
}


def test_every_column_in_the_words_of_other_exports(tmp_path: Path) -> None:
    path = case_file(tmp_path, list(FULL.values()), head=list(FULL))
    (case,) = read(path).cases
    assert case == CaseRow(
        row=2,
        case_no_raw=" (２０２４)豫0811执恢 12 号",
        case_no="（2024）豫0811执恢12号",
        kind="resumed",
        filed_at=datetime(2024, 3, 1, 9, 30, 7),
        received_on=date(2024, 3, 3),
        officer="王 建国",
        clerk="李静",
        cause="民间借贷 纠纷",
        source="恢复执行",
        basis_type="民事判决书",
        basis_number="(2023)豫0811民初88号",
        basis_court="焦作市山阳区人民法院",
        basis_effective_on=date(2023, 12, 1),
        basis_due_on=date(2023, 12, 16),
        content=("money", "act"),
        amount_principal=Decimal("400000.00"),
        amount_interest=Decimal("7000.00"),
        amount_fee=Decimal("3650.50"),
        amount=Decimal("410650.50"),
        previous_case_no="（2022）豫0811执7号",
        concerns=("涉民生", "涉府"),
    )


def test_all_mistakes_of_a_list_are_named_at_once(tmp_path: Path) -> None:
    path = case_file(
        tmp_path,
        line(案号="（2024）豫0802执1号"),
        line(案号="（2024）豫0811执2号", 立案时间="2024.3"),
        line(案号="", 申请标的额="12万"),
        line(案号="（2024）豫0811执3号之一", 立案时间=None),
        line(案号="（2024）豫0811执4号", 立案时间="2024-07-01"),
        line(案号="（2024）豫0811执5号", 申请标的额=None),
        line(案号="（2024）豫0811执6号", 承办人="#REF!"),
        line(案号="（2024）豫0811执7号"),
        line(案号="（2024）豫0811执00007号"),
    )
    found = problems(path)
    assert found.keys() == {
        "《案件列表》第2行“案号”",
        "《案件列表》第3行“立案时间”",
        "《案件列表》第4行“案号”",
        "《案件列表》第4行“申请标的额”",
        "《案件列表》第5行“案号”",
        "《案件列表》第5行“立案时间”",
        "《案件列表》第6行“立案时间”",
        "《案件列表》第7行“给付内容”",
        "《案件列表》第8行“承办人”",
        "《案件列表》第10行“案号”",
    }
    assert "不是本院" in found["《案件列表》第2行“案号”"]
    assert "没有写明哪一日" in found["《案件列表》第3行“立案时间”"]
    assert "没有填写" in found["《案件列表》第4行“案号”"]
    assert "歧义" in found["《案件列表》第4行“申请标的额”"]
    assert "第二份以后文书" in found["《案件列表》第5行“案号”"]
    assert "今天之后" in found["《案件列表》第6行“立案时间”"]
    assert "第9行重复" in found["《案件列表》第10行“案号”"]


def test_without_todays_date_nothing_lies_in_the_future(tmp_path: Path) -> None:
    path = case_file(tmp_path, line(立案时间="2090-07-01"))
    assert len(read_case_list(path).cases) == 1


def test_the_court_is_a_setting(tmp_path: Path) -> None:
    path = case_file(tmp_path, line(案号="（2024）京0491执1号"))
    assert read(path, court="京0491").cases[0].case_no == "（2024）京0491执1号"
    assert problems(path).keys() == {"《案件列表》第2行“案号”"}


def test_titles_totals_blank_lines_and_repeated_headings_are_no_data(tmp_path: Path) -> None:
    rows = [
        ["焦作市山阳区人民法院执行案件列表"],
        ["导出时间：2024-05-01", "", "共2条"],
        [],
        ["序号", *CASE_HEAD],
        [1, *line()],
        [],
        [None, "  ", "\u3000"],
        ["序号", *CASE_HEAD],
        [2, *line(案号="（2024）豫0811执2号")],
        [],
        ["合 计", "", "", "", "", 2000],
        ["制表人：王某"],
        [],
    ]
    found = read(workbook(tmp_path / "a.xlsx", {"案件列表": rows}))
    assert [c.row for c in found.cases] == [5, 9]
    assert "“合 计”一行不是数据" in warnings(found)
    assert "序号" not in warnings(found)
    rows[3][0] = rows[7][0] = "系统编号"
    found = read(workbook(tmp_path / "a.xlsx", {"案件列表": rows}))
    assert "不导入：系统编号" in warnings(found)


def test_a_single_sheet_may_have_any_name(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"Sheet1": [CASE_HEAD, CASE_LINE]})
    assert len(read(path).cases) == 1


def test_a_workbook_without_the_sheet(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"甲": [CASE_HEAD], "乙": []})
    assert "《甲》、《乙》" in problems(path)["《案件列表》"]


@pytest.mark.parametrize("rows", [[], [["甲", "乙"]], [["甲"]] * 100, [[""] * 30]])
def test_a_sheet_without_a_heading(tmp_path: Path, rows: list[list[str]]) -> None:
    path = workbook(tmp_path / "a.xlsx", {"案件列表": rows})
    assert "没有找到表头" in problems(path)["《案件列表》"]


def test_a_sheet_without_data(tmp_path: Path) -> None:
    assert "没有数据" in problems(case_file(tmp_path))["《案件列表》"]


def test_missing_double_and_unusable_columns(tmp_path: Path) -> None:
    head = ["案号", "承办人", "承办法官", "申请标的额（万元）"]
    path = case_file(tmp_path, [NUMBER, "王", "王", 12], head=head)
    found = problems(path)
    assert found.keys() == {
        "《案件列表》第1行",
        "《案件列表》第1行“承办法官”",
        "《案件列表》第1行“申请标的额（万元）”",
    }
    assert "缺少“立案时间”" in found["《案件列表》第1行"]
    assert "同一栏" in found["《案件列表》第1行“承办法官”"]
    assert "换算成元" in found["《案件列表》第1行“申请标的额（万元）”"]


def test_a_merged_heading_is_refused(tmp_path: Path) -> None:
    def dress(book: Workbook) -> None:
        book["案件列表"].merge_cells("A1:B1")

    rows = [["案号", None, "立案时间", "申请标的额"], [NUMBER, None, "2024-03-01", 5]]
    path = workbook(tmp_path / "a.xlsx", {"案件列表": rows}, dress)
    assert "取消合并" in problems(path)["《案件列表》第1行"]


def test_a_heading_in_two_lines_is_read(tmp_path: Path) -> None:
    def dress(book: Workbook) -> None:
        sheet = book["案件列表"]
        for area in ("A1:G1", "A2:A3", "B2:B3", "C2:E2"):
            sheet.merge_cells(area)

    rows = [
        ["执行案件列表"],
        ["案号", "立案时间", "申请标的"],
        [None, None, "本金", "利息", "费用"],
        [NUMBER, "2024-03-01", 100, 20, 3],
    ]
    path = workbook(tmp_path / "a.xlsx", {"案件列表": rows}, dress)
    (case,) = read(path).cases
    assert (case.row, case.amount, case.amount_fee) == (4, Decimal("123.00"), Decimal("3.00"))


def test_a_heading_merged_downwards_is_read(tmp_path: Path) -> None:
    def dress(book: Workbook) -> None:
        for letter in "ABCDEFG":
            book["案件列表"].merge_cells(f"{letter}1:{letter}2")

    path = workbook(tmp_path / "a.xlsx", {"案件列表": [CASE_HEAD, [], CASE_LINE]}, dress)
    assert [c.row for c in read(path).cases] == [3]


def test_merged_data_is_refused_once_for_each_range(tmp_path: Path) -> None:
    def dress(book: Workbook) -> None:
        book["案件列表"].merge_cells("C2:C4")
        book["案件列表"].merge_cells("A6:B6")

    lines = [line(案号=f"（2024）豫0811执{n}号") for n in range(1, 6)]
    path = workbook(tmp_path / "a.xlsx", {"案件列表": [CASE_HEAD, *lines]}, dress)
    assert problems(path).keys() == {"《案件列表》第2至4行", "《案件列表》第6行"}


def test_a_formula_without_its_result_is_refused(tmp_path: Path) -> None:
    path = case_file(tmp_path, line(申请标的额="=500+500", 承办人='=""'))
    found = problems(path)
    assert found.keys() == {"《案件列表》第2行“申请标的额”", "《案件列表》第2行“承办人”"}
    assert "没有计算结果" in found["《案件列表》第2行“申请标的额”"]


def test_dates_of_a_workbook_that_counts_from_1904(tmp_path: Path) -> None:
    from openpyxl.utils.datetime import MAC_EPOCH

    def dress(book: Workbook) -> None:
        book.epoch = MAC_EPOCH
        book["案件列表"]["B3"] = 45356 - 1462
        book["案件列表"]["B2"] = datetime(2024, 3, 5)

    lines = [CASE_LINE, line(案号="（2024）豫0811执2号")]
    path = workbook(tmp_path / "a.xlsx", {"案件列表": [CASE_HEAD, *lines]}, dress)
    assert {c.filed_at for c in read(path).cases} == {datetime(2024, 3, 5)}


def test_days_out_of_order(tmp_path: Path) -> None:
    head = [*CASE_HEAD, "收案日期", "生效日期", "履行期届满日"]
    early = [*line(), "2024-02-28", "2024-04-01", "2024-03-20"]
    late = [*line(案号="（2024）豫0811执2号", 承办人=None), "2024-07-01", None, None]
    path = case_file(tmp_path, early, late, head=head)
    found = problems(path)
    assert "早于立案时间" in found["《案件列表》第2行“收案日期”"]
    assert "今天之后" in found["《案件列表》第3行“收案日期”"]
    fine = [*line(承办人=None), "2024-03-02", "2024-04-01", "2024-03-20"]
    text = warnings(read(case_file(tmp_path, fine, head=head)))
    for words in ("没有承办人", "晚于立案时间", "早于生效日期"):
        assert words in text


def test_the_year_of_the_number_is_held_against_the_filing(tmp_path: Path) -> None:
    path = case_file(tmp_path, line(立案时间="2023-12-31"))
    assert "晚于立案时间" in problems(path)["《案件列表》第2行“案号”"]
    found = read(case_file(tmp_path, line(案号="（2020）豫0811执1号")))
    assert "早得多" in warnings(found)
    assert "早得多" not in warnings(read(case_file(tmp_path, line(案号="（2023）豫0811执1号"))))


def test_sums_must_agree(tmp_path: Path) -> None:
    head = ["案号", "立案时间", "本金", "利息", "申请标的额"]
    path = case_file(tmp_path, [NUMBER, "2024-03-01", 100, 20, 119.99], head=head)
    assert "120.00元" in problems(path)["《案件列表》第2行“申请标的额”"]


def test_content_without_money(tmp_path: Path) -> None:
    head = ["案号", "立案时间", "给付内容"]
    path = case_file(tmp_path, [NUMBER, "2024-03-01", "行为；特定物,行为"], head=head)
    assert read(path).cases[0].content == ("act", "thing")
    path = case_file(tmp_path, [NUMBER, "2024-03-01", "钱款"], head=head)
    assert "金钱、行为" in problems(path)["《案件列表》第2行“给付内容”"]


def test_a_resumed_case_asks_for_its_first_number(tmp_path: Path) -> None:
    text = warnings(read(case_file(tmp_path, line(案号="（2024）豫0811执恢1号"))))
    assert "首次执行案号" in text


def test_columns_without_a_heading_are_mentioned(tmp_path: Path) -> None:
    text = warnings(read(case_file(tmp_path, [*CASE_LINE, None, "多出来的"])))
    assert "第9列没有表头" in text


def test_trailing_blanks_cost_nothing(tmp_path: Path) -> None:
    def dress(book: Workbook) -> None:
        from openpyxl.styles import PatternFill

        sheet = book["案件列表"]
        sheet["B5000"].fill = PatternFill("solid", fgColor="FFFF0000")
        sheet["XFD3"].fill = PatternFill("solid", fgColor="FFFF0000")
        sheet["A4000"] = "   "

    path = workbook(tmp_path / "a.xlsx", {"案件列表": [CASE_HEAD, CASE_LINE]}, dress)
    assert len(read(path).cases) == 1


def test_progress_is_told_and_can_cancel(tmp_path: Path) -> None:
    lines = [line(案号=f"（2024）豫0811执{n}号") for n in range(1, 1202)]
    path = case_file(tmp_path, *lines)
    told: list[tuple[str, int]] = []
    assert len(read(path, progress=lambda sheet, rows: told.append((sheet, rows))).cases) == 1201
    assert told == [("案件列表", 500), ("案件列表", 1000)]

    class CancelledError(Exception):
        pass

    def cancel(sheet: str, rows: int) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        read(path, progress=cancel)


def test_thousands_of_mistakes_are_counted_and_the_first_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zhixing_desktop.exchange import headings

    monkeypatch.setattr(headings, "MAX_PROBLEMS", 10)
    path = case_file(tmp_path, *[line(案号=f"执{n}") for n in range(25)])
    with pytest.raises(InputRefusedError, match="25处需要改正（只列出前10处）") as caught:
        read(path)
    assert len(caught.value.problems) == 10


def test_the_columns_are_the_fields_of_the_rows() -> None:
    from dataclasses import fields

    beside = {"row", "case_no_raw", "kind", "day_only", "data", "from_list", "creditors", "debtors"}
    beside.add("entries")  # what it says goes into ``data``
    for spec, row in ((CASES, CaseRow), (PARTIES, PartyRow), (EVENTS, EventRow)):
        assert {c.name for c in spec.columns} - beside == {f.name for f in fields(row)} - beside
