"""Excel in and out at the command line: all mistakes at once, nothing by halves, all of it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from helpers.command_line import OFFICER, CommandLine
from helpers.workbooks import case_file, line, workbook
from zhixing_desktop.exchange import sheets
from zhixing_desktop.exchange.case_list import (
    CaseList,
    CaseRow,
    EventRow,
    PartyRow,
    read_case_list,
    write_case_list,
)
from zhixing_desktop.exchange.columns import CASES, PARTIES

NUMBER = "（2024）豫0811执1号"
TODAY = "2024-06-03T09:00"

CASE_ROWS = (
    CaseRow(
        row=0,
        case_no_raw="(2024)豫0811执1号",
        case_no=NUMBER,
        kind="first",
        filed_at=datetime(2024, 3, 1, 8, 30),
        content=("money", "thing"),
        received_on=date(2024, 3, 4),
        officer=OFFICER,
        clerk="周书记",
        cause="民间借贷纠纷",
        source="申请执行",
        basis_type="民事判决书",
        basis_number="（2023）豫0811民初88号",
        basis_court="焦作市山阳区人民法院",
        basis_effective_on=date(2023, 12, 1),
        basis_due_on=date(2023, 12, 16),
        amount_principal=Decimal("1000.00"),
        amount_interest=Decimal("20.50"),
        amount_fee=Decimal("5.00"),
        amount=Decimal("1025.50"),
        concerns=("涉民生",),
    ),
    CaseRow(
        row=0,
        case_no_raw="（2024）豫0811执恢2号",
        case_no="（2024）豫0811执恢2号",
        kind="resumed",
        filed_at=datetime(2024, 4, 2, 9, 5),
        content=("money",),
        officer="孙承办",
        source="恢复执行",
        amount=Decimal("77.00"),
        previous_case_no="（2019）豫0811执9号",
    ),
)
PARTY_ROWS = (
    PartyRow(0, NUMBER, "申请执行人", "法人", "焦作市甲商贸有限公司", bank="某行某支行"),
    PartyRow(
        row=0,
        case_no=NUMBER,
        standing="被执行人",
        kind="自然人",
        name="李四",
        id_type="居民身份证",
        id_number="410811199003070013",
        gender="男",
        ethnicity="汉族",
        birth=date(1990, 3, 7),
        address="焦作市山阳区某路1号",
        phone="13800001111",
        e_service=False,
    ),
    PartyRow(0, "（2024）豫0811执恢2号", "申请执行人", "自然人", "王五"),
    PartyRow(0, "（2024）豫0811执恢2号", "被执行人", "自然人", "赵六"),
)


def bare(found: CaseList) -> tuple[list[CaseRow], list[PartyRow]]:
    """The rows without the places where they stood, in one order."""
    cases = sorted((replace(row, row=0) for row in found.cases), key=lambda row: row.case_no)
    return cases, [replace(row, row=0) for row in found.parties]


def test_what_was_imported_can_be_exported_again(cli: CommandLine) -> None:
    cli.bureau(TODAY)
    given, back = cli.folder / "清单.xlsx", cli.folder / "导出.xlsx"
    write_case_list(given, CASE_ROWS, PARTY_ROWS)
    made = cli.json("import", given)
    assert (made["cases"], made["imported"]) == (2, 2)
    assert ["（2019）豫0811执9号" in p["sentence"] for p in made["problems"]].count(True) == 1
    assert cli.json("export", back) == {"file": str(back), "cases": 2, "parties": 4}
    assert bare(read_case_list(back)) == bare(read_case_list(given))


def test_the_columns_are_in_the_official_order(cli: CommandLine) -> None:
    cli.bureau(TODAY)
    cli.case()
    back = cli.folder / "导出.xlsx"
    assert "案件1件，当事人2名" in cli.ok("export", back)
    book = load_workbook(back)
    for spec in (CASES, PARTIES):
        heads = [cell.value for cell in book[spec.title][1]]
        assert heads == [column.header for column in spec.columns]
    book.close()


def test_an_export_shows_the_case_as_it_stands(cli: CommandLine) -> None:
    cli.bureau("2024-03-01T09:00")
    case = cli.case(1, "--cause", "买卖合同纠纷", "--basis", "（2023）豫0811民初7号")
    cli.ok("fact", "add", case, "立案", "--at", "2024-03-01T08:30")
    cli.ok("case", "assign", case, "孙承办", "--reason", "原承办人调离执行局")
    back = cli.folder / "导出.xlsx"
    cli.ok("export", back)
    (row,) = read_case_list(back).cases
    assert (row.officer, row.cause) == ("孙承办", "买卖合同纠纷")
    assert row.basis_number == "（2023）豫0811民初7号"
    assert row.filed_at == datetime(2024, 3, 1, 8, 30)
    assert row.amount == Decimal("100000.00")


def test_an_export_that_cannot_be_written(cli: CommandLine) -> None:
    cli.bureau()
    cli.case()
    there = cli.folder / "没有" / "清单.xlsx"
    assert "写不了文件" in cli.refused("export", there)
    assert "写不了文件" in cli.refused("import-template", there)
    there.parent.write_text("", "utf-8")
    assert "写不了文件" in cli.refused("import-template", there)
    old = cli.folder / "旧.xlsx"
    old.mkdir()
    assert "写不了文件" in cli.refused("export", old)


# --------------------------------------------------------------------------- what is refused whole


def torn(folder: Path) -> Path:
    path = case_file(folder, line())
    path.write_bytes(path.read_bytes()[:900])
    return path


def no_workbook(folder: Path) -> Path:
    path = folder / "列表导出.xlsx"
    path.write_text("案号,立案时间\n", "utf-8")
    return path


def merged(folder: Path) -> Path:
    def merge(book: Workbook) -> None:
        book["案件列表"].merge_cells("A2:A3")

    rows = [["案号", "立案时间", "承办人"], line()[:3], ["", "2024-03-02", "王建国"]]
    return workbook(folder / "列表导出.xlsx", {"案件列表": rows}, merge)


def formula(folder: Path) -> Path:
    return case_file(folder, line(申请标的额="=500+500"))


def no_columns(folder: Path) -> Path:
    return case_file(folder, ["王建国", "借贷"], head=["承办人", "案由"])


def twice(folder: Path) -> Path:
    return case_file(folder, line(), line())


def impossible(folder: Path) -> Path:
    rows = [
        line(立案时间="2024-02-30"),
        line(案号="（2024）豫0811执2号", 立案时间="2030-01-01"),
        line(案号="（2024）豫0812执3号"),
        line(案号="（2024）豫0811执4号", 申请标的额="一千"),
    ]
    return case_file(folder, *rows)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (torn, ["列表导出.xlsx"]),
        (no_workbook, ["列表导出.xlsx"]),
        (merged, ["合并"]),
        (formula, ["公式"]),
        (no_columns, ["案号", "立案时间"]),
        (twice, ["重复"]),
        (impossible, ["第2行", "第3行", "第4行", "第5行"]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_list_with_mistakes_is_not_imported(
    cli: CommandLine, make: Callable[[Path], Path], words: list[str]
) -> None:
    cli.bureau(TODAY)
    before = cli.counts()
    path = make(cli.folder)
    said = cli.run("import", path)
    assert said.code == 1
    for word in words:
        assert word in said.out, said.out
    assert "未导入" in said.out
    told = cli.run("import", path, "--json")
    assert (told.code, told.data["imported"]) == (1, 0)
    assert all(problem["sentence"] for problem in told.data["problems"])
    assert cli.counts() == before


def test_a_list_that_is_too_large(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    cli.bureau(TODAY)
    before = cli.counts()
    path = case_file(cli.folder, *(line(案号=f"（2024）豫0811执{n}号") for n in range(1, 30)))
    small = sheets.Limits(rows=10)
    monkeypatch.setattr("zhixing_desktop.exchange.case_list.Limits", lambda: small)
    said = cli.run("import", path)
    assert said.code == 1
    assert "10" in said.out
    assert cli.counts() == before


def test_a_file_that_is_not_there(cli: CommandLine) -> None:
    cli.bureau(TODAY)
    said = cli.run("import", cli.folder / "没有.xlsx")
    assert said.code == 1
    assert "没有.xlsx" in said.out + said.err


def test_rules_that_refuse_are_all_named_and_nothing_is_imported(cli: CommandLine) -> None:
    """The second case is sound, the first is not: none of them comes in."""
    cli.bureau(TODAY)
    before = cli.counts()
    first, second = NUMBER, "（2024）豫0811执2号"
    cases = [replace(CASE_ROWS[0], case_no=n, case_no_raw=n) for n in (first, second)]
    parties = [replace(row, case_no=n) for n in (first, second) for row in PARTY_ROWS[:2]]
    events = [
        EventRow(0, first, "asset/9", 17, "节点办结", datetime(2024, 3, 5)),
        EventRow(0, first, "case", None, "不知何事", datetime(2024, 3, 6)),
        EventRow(0, first, "asset/9", None, "采取控制措施", datetime(2024, 3, 7)),
    ]
    path = cli.folder / "清单.xlsx"
    write_case_list(path, cases, parties, events)
    said = cli.run("import", path)
    assert said.code == 1
    for place in ("第2行“节点办结”", "第3行“不知何事”", "第4行“采取控制措施”"):
        assert place in said.out
    assert "财产9" in said.out
    assert cli.counts() == before


def test_a_list_that_was_imported_is_not_imported_again(cli: CommandLine) -> None:
    cli.bureau(TODAY)
    path = case_file(cli.folder, line())
    assert "只检查" not in cli.ok("import", path, "--dry-run")
    assert cli.counts()[0] == 0
    assert "已导入案件1件" in cli.ok("import", path)
    before = cli.counts()
    said = cli.run("import", path)
    assert (said.code, "已经登记" in said.out) == (1, True)
    assert cli.counts() == before


def test_parties_that_have_no_place_are_mentioned(cli: CommandLine) -> None:
    cli.bureau(TODAY)
    path = cli.folder / "清单.xlsx"
    other = PartyRow(0, NUMBER, "案外人", "自然人", "钱七")
    write_case_list(path, CASE_ROWS[:1], [*PARTY_ROWS[:2], other])
    problems = cli.json("import", path)["problems"]
    assert any("钱七" in problem["where"] for problem in problems)
    assert all(problem["severity"] == "warning" for problem in problems)


def test_the_template_is_written(cli: CommandLine) -> None:
    path = cli.folder / "模板.xlsx"
    assert str(path) in cli.ok("import-template", path)
    assert path.stat().st_size > 1000
