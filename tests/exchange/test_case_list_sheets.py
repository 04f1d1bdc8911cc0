"""The sheets 当事人 and 办理记录 of a case list."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from helpers.case_lists import NUMBER, problems, read, warnings
from helpers.workbooks import CASE_LINE, case_file, line
from zhixing_desktop.exchange.case_list import EventRow

PARTY_HEAD = [
    "案号",
    "诉讼地位",
    "类型",
    "姓名",
    "证件类型",
    "证件号码",
    "出生日期",
    "性别",
    "联系电话",
]
EVENT_HEAD = ["案号", "对象", "节点", "事项", "办理时间", "办理人", "金额", "备注"]


def party(**changes: Any) -> list[Any]:
    row = dict(
        zip(PARTY_HEAD, [NUMBER, "被执行人", "自然人", "李四", "", "", "", "", ""], strict=True)
    )
    return list({**row, **changes}.values())


def parties_of(folder: Path, *rows: list[Any]) -> Path:
    return case_file(folder, CASE_LINE, 当事人=[PARTY_HEAD, *rows])


def test_parties(tmp_path: Path) -> None:
    path = parties_of(
        tmp_path,
        party(
            证件号码="410811199003070013", 出生日期="1990-03-07", 性别="男", 联系电话=13800001111
        ),
        party(姓名="焦作某某有限公司", 类型="单位", 证件号码="91110000600037341L"),
    )
    found = read(path)
    assert [(p.name, p.standing, p.kind, p.phone) for p in found.parties] == [
        ("李四", "被执行人", "自然人", "13800001111"),
        ("焦作某某有限公司", "被执行人", "法人", ""),
        ("张三", "申请执行人", "自然人", ""),
    ]
    assert found.parties[0].birth == date(1990, 3, 7)
    assert [p.from_list for p in found.parties] == [False, False, True]


def test_the_two_sides_of_a_preservation_case(tmp_path: Path) -> None:
    number = "（2024）豫0811执保1号"
    rows = [
        party(案号=number, 诉讼地位="申请保全人", 姓名="张三"),
        party(案号=number, 诉讼地位="被申请人", 姓名="李四"),
    ]
    found = read(case_file(tmp_path, line(案号=number), 当事人=[PARTY_HEAD, *rows]))
    assert [(p.standing, p.name) for p in found.parties] == [
        ("申请人", "张三"),
        ("被申请人", "李四"),
    ]
    assert "没有申请执行人" not in warnings(found)
    assert "被申请人“李四”没有证件号码" in warnings(found)


def test_all_mistakes_of_parties_are_named_at_once(tmp_path: Path) -> None:
    path = parties_of(
        tmp_path,
        party(证件号码=410811199003070013),
        party(证件号码="410811199003070014"),
        party(姓名="张?"),
        party(案号="（2024）豫0811执9号"),
        party(诉讼地位="被告"),
        party(姓名="王五"),
        party(姓名="王 五"),
        party(类型="法人", 姓名="甲公司", 证件号码="12345678-Z"),
        party(姓名="赵六", 出生日期="2090-01-01"),
    )
    found = problems(path)
    assert found.keys() == {
        "《当事人》第2行“证件号码”",
        "《当事人》第3行“证件号码”",
        "《当事人》第4行“姓名名称”",
        "《当事人》第5行“案号”",
        "《当事人》第6行“诉讼地位”",
        "《当事人》第8行",
        "《当事人》第9行“证件号码”",
        "《当事人》第10行“出生日期”",
    }
    assert "第15位以后" in found["《当事人》第2行“证件号码”"]
    assert "不在《案件列表》" in found["《当事人》第5行“案号”"]
    assert "第7行重复" in found["《当事人》第8行"]


def test_what_is_unusual_about_parties_is_only_mentioned(tmp_path: Path) -> None:
    path = parties_of(
        tmp_path,
        party(证件号码="410811199003070013", 出生日期="1990-03-08", 性别="女", 联系电话="12345"),
        party(姓名="某村村民委员会", 类型="其他组织"),
        party(姓名="甲乙丙有限公司", 类型="法人"),
        party(姓名="Smith", 证件类型="护照", 证件号码="E12345678"),
        party(姓名="丁丁", 证件号码="D2143569-X", 类型="法人"),
    )
    text = warnings(read(path))
    assert "与身份证号中的1990-03-07不一致" in text
    assert "性别“女”" in text
    assert "不像电话号码" in text
    assert "“甲乙丙有限公司”没有证件号码" in text
    assert "村民委员会" not in text
    assert "Smith" not in text


def test_cases_without_a_side_are_counted(tmp_path: Path) -> None:
    text = warnings(read(case_file(tmp_path, line(申请执行人="", 被执行人=""))))
    assert "1件案件没有申请执行人，如第2行" in text
    assert "1件案件没有被执行人，如第2行" in text


def test_names_in_the_list_are_parted(tmp_path: Path) -> None:
    found = read(case_file(tmp_path, line(被执行人="李四、焦作某某有限公司；某村村委会,李四")))
    assert [(p.name, p.kind) for p in found.parties if p.standing == "被执行人"] == [
        ("李四", "自然人"),
        ("焦作某某有限公司", "法人"),
        ("某村村委会", "其他组织"),
    ]


def event(**changes: Any) -> list[Any]:
    row = dict(zip(EVENT_HEAD, [NUMBER, "", "", "收案", "2024-03-02", "", "", ""], strict=True))
    return list({**row, **changes}.values())


def events_of(folder: Path, *rows: list[Any]) -> Path:
    return case_file(folder, CASE_LINE, 办理记录=[EVENT_HEAD, *rows])


def test_events_with_further_columns(tmp_path: Path) -> None:
    path = events_of(
        tmp_path,
        event(),
        event(
            对象="财产1",
            节点="节点十七",
            事项="采取控制措施",
            办理时间="2024-03-08 10:00",
            金额=500,
        ),
        event(对象="asset/1/round/2", 事项="流拍", 备注=datetime(2024, 3, 9)),
        event(节点=17, 事项="工作内容１", 办理人="王建国", 备注=datetime(2024, 3, 9, 8, 30)),
        event(节点=17, 事项="节点办结"),
        event(节点=17, 事项="材料：送达回证（一）"),
    )
    found = read(path).events
    assert found[0] == EventRow(
        2, NUMBER, "case", None, "收案", datetime(2024, 3, 2), day_only=True
    )
    assert found[1] == EventRow(
        3, NUMBER, "asset/1", 17, "采取控制措施", datetime(2024, 3, 8, 10), data={"金额": "500"}
    )
    assert (found[2].subject, found[2].data) == ("asset/1/round/2", {"备注": "2024-03-09"})
    assert (found[3].what, found[3].officer) == ("工作内容1", "王建国")
    assert found[3].data == {"备注": "2024-03-09 08:30:00"}
    assert [e.what for e in found[4:]] == ["节点办结", "材料：送达回证（一）"]


def test_all_mistakes_of_events_are_named_at_once(tmp_path: Path) -> None:
    path = events_of(
        tmp_path,
        event(对象="房屋"),
        event(节点=47),
        event(事项="工作内容1"),
        event(节点=7, 事项="工作内容一"),
        event(事项="甲" * 61),
        event(案号="（2024）豫0811执恢1号"),
        event(事项="立案"),
        event(事项="立案"),
        event(备注="#N/A"),
        event(办理时间=None, 事项=None),
    )
    found = problems(path)
    assert found.keys() == {
        "《办理记录》第2行“对象”",
        "《办理记录》第3行“节点”",
        "《办理记录》第4行“节点”",
        "《办理记录》第5行“办理事项”",
        "《办理记录》第6行“办理事项”",
        "《办理记录》第7行“案号”",
        "《办理记录》第9行",
        "《办理记录》第10行“备注”",
        "《办理记录》第11行“事项”",
        "《办理记录》第11行“办理时间”",
    }


def test_rows_may_belong_to_cases_the_program_knows(tmp_path: Path) -> None:
    path = events_of(tmp_path, event(案号="（2023）豫0811执9号"))
    assert "《办理记录》第2行“案号”" in problems(path)
    assert len(read(path, known_cases=["（2023）豫0811执9号"]).events) == 1


def test_a_party_of_a_case_with_a_mistake_is_not_blamed(tmp_path: Path) -> None:
    path = case_file(tmp_path, line(立案时间="?"), 当事人=[PARTY_HEAD, party()])
    assert problems(path).keys() == {"《案件列表》第2行“立案时间”"}
