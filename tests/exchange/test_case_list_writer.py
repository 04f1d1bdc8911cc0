"""What is written is read back; the template can be filled in and says how."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from zhixing_desktop.exchange.case_list import (
    CaseRow,
    EventRow,
    PartyRow,
    read_case_list,
    template_workbook,
    write_case_list,
)
from zhixing_desktop.exchange.columns import CASES, EVENTS, PARTIES, SHEETS
from zhixing_desktop.workflow.errors import InputRefusedError, StoreError

NUMBER = "（2024）豫0811执1号"
CASE = CaseRow(
    row=2,
    case_no_raw=NUMBER,
    case_no=NUMBER,
    kind="first",
    filed_at=datetime(2024, 3, 1, 9, 30, 7),
    received_on=date(2024, 3, 2),
    officer="王建国",
    clerk="李静",
    cause="民间借贷纠纷",
    source="申请执行",
    is_non_litigation=True,
    creditor_is_court=True,
    basis_type="民事判决书",
    basis_number="（2023）豫0811民初88号",
    basis_court="焦作市山阳区人民法院",
    basis_effective_on=date(2023, 12, 1),
    basis_due_on=date(2023, 12, 16),
    content=("money", "thing", "interest"),
    amount_principal=Decimal("400000.01"),
    amount_interest=Decimal("7000.00"),
    amount_fee=Decimal("0.10"),
    amount=Decimal("407000.11"),
    previous_case_no="（2022）豫0811执1号",
    concerns=("涉民生", "涉府"),
)
PARTY = PartyRow(
    row=2,
    case_no=NUMBER,
    standing="被执行人",
    kind="自然人",
    name="买买提·艾力",
    id_type="居民身份证",
    id_number="410811199003070013",
    gender="男",
    ethnicity="维吾尔族",
    birth=date(1990, 3, 7),
    address="=山阳区某路1号",
    phone="13800001111",
    legal_representative="甲",
    representative_title="执行董事",
    workplace="某某机械厂工人",
    guardian="买买提",
    guardian_relation="父亲",
    agent="乙",
    agent_office="河南某某律师事务所律师",
    agent_powers="特别授权",
    service_address="+丙",
    e_service=False,
    account_name="买买提·艾力",
    account_number="6228480402564890018",
    bank="某银行焦作分行",
)
EVENT = EventRow(
    row=2,
    case_no=NUMBER,
    subject="asset/1/round/2",
    node=26,
    what="流拍",
    happened_at=datetime(2024, 3, 8, 10, 0, 1),
    officer="王建国",
    data={"保留价": "=500", "备注": "第一行"},
)


def test_everything_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "列表.xlsx"
    events = [
        EVENT,
        EventRow(3, NUMBER, "case#2", None, "收案", datetime(2024, 3, 2), day_only=True),
        EventRow(4, NUMBER, "query/network", 9, "节点办结", datetime(2024, 3, 9), day_only=True,
                 data={"说明": "甲"}),
    ]  # fmt: skip
    write_case_list(path, [CASE], [PARTY], events)
    found = read_case_list(path)
    assert found.cases == (CASE,)
    assert found.parties == (PARTY,)
    assert found.events == tuple(events)
    assert found.warnings == ()
    assert [p.name for p in tmp_path.iterdir()] == ["列表.xlsx"]


def test_many_kinds_of_entries_stand_in_one_column(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    told = {f"字段{n}": f"内容：{n} 09:30" for n in range(40)}
    write_case_list(path, [CASE], [PARTY], [replace(EVENT, data=told)])
    sheet = load_workbook(path)[EVENTS.title]
    assert sheet.max_column == len(EVENTS.columns)
    (event,) = read_case_list(path).events
    assert event.data == told


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ("协助执行人 登记中心", "第1行没有写成“字段名称：内容”"),
        ("甲：一\n乙：二\n甲：三", "第3行的“甲”前面已经填过"),
    ],
)
def test_an_entry_without_a_name_or_said_twice_is_refused(
    tmp_path: Path, entries: str, said: str
) -> None:
    path = tmp_path / "a.xlsx"
    write_case_list(path, [CASE], [PARTY], [EVENT])
    book = load_workbook(path)
    sheet = book[EVENTS.title]
    column = [cell.value for cell in sheet[1]].index("填写内容") + 1
    sheet.cell(row=2, column=column, value=entries)
    book.save(path)
    with pytest.raises(InputRefusedError) as caught:
        read_case_list(path)
    (problem,) = caught.value.problems
    assert said in problem.sentence


def test_a_list_can_be_written_again_as_it_was_read(tmp_path: Path) -> None:
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    named = PartyRow(2, NUMBER, "申请执行人", "自然人", "张三", from_list=True)
    write_case_list(first, [CASE], [named, PARTY], [EVENT])
    found = read_case_list(first)
    assert named in found.parties
    write_case_list(second, found.cases, found.parties, found.events)
    again = read_case_list(second)
    assert (again.cases, again.parties, again.events) == (found.cases, found.parties, found.events)


def test_the_number_is_written_as_it_stood(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    for raw in ("(2024)豫0811执1号", "", "别的"):
        write_case_list(path, [replace(CASE, case_no_raw=raw)])
        (case,) = read_case_list(path).cases
        assert case.case_no == NUMBER
        assert case.case_no_raw == (raw if "2024" in raw else NUMBER)


words = st.text(alphabet="甲乙丙（）=+-@，。·abc12", min_size=1, max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    moment=st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)),
    cents=st.integers(1, 10**14 - 1),
    cause=words,
    data=st.dictionaries(st.sampled_from(["备注", "金额", "评估机构"]), words),
)
def test_any_sound_value_comes_back(
    tmp_path: Path, moment: datetime, cents: int, cause: str, data: dict[str, str]
) -> None:
    path = tmp_path / "a.xlsx"
    moment, node = moment.replace(microsecond=0), cents % 46 + 1
    amount = (Decimal(cents) / 100).quantize(Decimal("0.01"))
    case = CaseRow(2, NUMBER, NUMBER, "first", moment, ("money",), cause=cause, amount=amount)
    happened = moment + timedelta(seconds=1)
    record = EventRow(
        2,
        NUMBER,
        "asset/3",
        node,
        "立案",
        happened,
        happened.time() == datetime.min.time(),
        "王",
        data,
    )
    write_case_list(path, [case], [], [record])
    found = read_case_list(path)
    assert found.cases == (case,)
    assert found.events == (record,)


def test_texts_never_become_formulas(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_case_list(path, [CASE], [PARTY], [EVENT])
    for sheet in load_workbook(path).worksheets:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)


def test_control_characters_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    case = CaseRow(2, NUMBER, NUMBER, "first", CASE.filed_at, ("act",), cause="甲\x00\x0b乙\x1f")
    write_case_list(path, [case])
    assert read_case_list(path).cases[0].cause == "甲乙"


def test_a_further_column_may_have_the_name_of_a_fixed_one(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    data = {
        "案号": "甲",
        "办理 时间": "乙",
        "序号": "3",
        "节点（预计）": "丁",
        "金额（元）": "5.00",
    }
    event = EventRow(2, NUMBER, "case", None, "立案", CASE.filed_at, data=data)
    write_case_list(path, [CASE], [], [event])
    assert read_case_list(path).events == (event,)


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")

    def full(self: Path, target: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(StoreError, match="写不了"):
        write_case_list(path, [CASE])
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.xlsx"]
    with pytest.raises(StoreError, match="文件夹是否存在"):
        write_case_list(tmp_path / "没有" / "a.xlsx", [CASE])


def test_the_template_explains_every_column() -> None:
    book = load_workbook(BytesIO(template_workbook()))
    assert book.sheetnames == ["填写说明", "案件列表", "当事人", "办理记录"]
    explained = {(row[0], row[1]) for row in book["填写说明"].iter_rows(values_only=True)}
    for spec in SHEETS:
        heads = [cell.value for cell in book[spec.title][1]]
        assert heads == [column.header for column in spec.columns]
        assert {(spec.title, head) for head in heads} <= explained
        assert book[spec.title].max_row == 1


def test_the_template_offers_choices_and_keeps_long_numbers_as_text() -> None:
    things = [f"事件{n}" for n in range(120)]
    book = load_workbook(BytesIO(template_workbook(things, officers=["王建国", "李静"])))
    cases, parties, events = book["案件列表"], book["当事人"], book["办理记录"]
    assert book["选项"].sheet_state == "hidden"
    assert [cell.value for cell in book["选项"]["A"]] == things
    offered = {str(r.sqref): r.formula1 for r in events.data_validations.dataValidation}
    what = "ABCDEF"[[c.name for c in EVENTS.columns].index("what")]
    assert offered[f"{what}2:{what}5000"] == "'选项'!$A$1:$A$120"
    assert '"王建国,李静"' in offered.values()
    standing = {str(r.sqref): r.formula1 for r in parties.data_validations.dataValidation}
    assert standing["B2:B5000"].startswith('"申请执行人,被执行人')
    letter = "ABCDEF"[[c.name for c in PARTIES.columns].index("id_number")]
    assert parties.column_dimensions[letter].number_format == "@"
    letter = "ABCDEF"[[c.name for c in CASES.columns].index("filed_at")]
    assert cases.column_dimensions[letter].number_format == "yyyy-mm-dd hh:mm:ss"


def test_the_filled_in_template_is_read(tmp_path: Path) -> None:
    book = load_workbook(BytesIO(template_workbook(["立案"])))
    for spec in SHEETS:
        sheet = book[spec.title]
        for index, column in enumerate(spec.columns, start=1):
            sheet.cell(row=2, column=index, value=column.example or None)
    path = tmp_path / "a.xlsx"
    book.save(path)
    found = read_case_list(path, today=date(2024, 6, 1))
    assert (len(found.cases), len(found.events)) == (1, 1)
    assert [p.name for p in found.parties] == ["李四", "张三"]


def test_an_empty_template_is_refused_as_empty(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(template_workbook())
    with pytest.raises(InputRefusedError) as caught:
        read_case_list(path)
    assert [p.where for p in caught.value.problems] == ["《案件列表》"]
