"""Cases, facts and nodes at the command line: what is answered, and what is said to bad input."""

from __future__ import annotations

import subprocess
import sys

import pytest

from helpers.command_line import CASE, OFFICER, CommandLine

GOOD_ID = "410811199003070013"
MINOR_ID = "410811201005060011"
WRONG_CHECK = "410811199003070014"
UNKNOWN_AREA = "419911199003070017"
NEW = ("--creditor", "甲公司", "--debtor", "乙", "--amount", "1000")


def test_the_shapes_of_a_case(cli: CommandLine) -> None:
    cli.bureau()
    made = cli.json("case", "new", CASE, *NEW, "--officer", OFFICER)
    assert (made["case_no"], made["version"], made["state"]) == (CASE, 1, "active")
    assert {"seq", "kind", "subject", "happened_at", "data", "reason"} <= made["facts"][0].keys()
    done = cli.json("fact", "add", CASE, "case_filed")
    assert done["facts"][0]["happened_at"] == "2024-03-01T09:00:00"
    (row,) = cli.json("case", "list")
    assert (row["case_no"], row["officer"], row["amount"]) == (CASE, OFFICER, "1000.00")
    shown = cli.json("case", "show", CASE)
    assert shown["parties"] == {"creditor/1": "甲公司", "debtor/1": "乙"}
    node = next(entry for entry in shown["instances"] if entry["node"] == 3)
    assert node["limits"][0]["due_at"] == "2024-03-01T23:59:59"
    assert cli.json("node", "show", CASE, 3)["limits"][0]["steps"]
    assert [f["seq"] for f in cli.json("case", "facts", CASE)] == [1, 2, 3, 4]
    assert cli.json("sweep") == {"at": "2024-03-01T09:00:00", "fired": 0, "frozen": 0} | {
        "cases": 0,
        "busy": False,
    }


def test_simulating_is_the_same_by_both_names_and_saves_nothing(cli: CommandLine) -> None:
    cli.bureau()
    cli.case()
    cli.ok("fact", "add", CASE, "立案")
    before = cli.counts()
    words = (CASE, "--until", "2024-03-10")
    assert cli.json("simulate", *words) == cli.json("case", "simulate", *words)
    steps = cli.json("simulate", *words)["steps"]
    assert [s["at"] for s in steps] == sorted(s["at"] for s in steps)
    assert any(s["step"] == "freeze" and s["instance"] == "3@case" for s in steps)
    assert cli.counts() == before
    assert "2024-03-01 09:00" in cli.refused("simulate", CASE, "--until", "2024-02-29", code=2)


@pytest.mark.parametrize("words", ["case_filed", "立案"])
def test_an_event_by_its_name_or_its_label(cli: CommandLine, words: str) -> None:
    cli.bureau()
    cli.case()
    assert cli.json("fact", "add", CASE, words)["facts"][0]["kind"] == "case_filed"


def test_a_subject_in_words(cli: CommandLine) -> None:
    cli.bureau()
    cli.case()
    cli.ok("fact", "add", CASE, "立案")
    found = ("name=豫H·A1234轿车", "category=车辆", "online=false")
    assert "asset/1" in cli.refused("fact", "add", CASE, "查获财产", *found)
    made = cli.json("fact", "add", CASE, "查获财产", "--subject", "财产1", *found)
    assert made["facts"][0]["subject"] == "asset/1"
    assert cli.json("node", "show", CASE, "17@财产1")["instance"] == "17@asset/1"
    assert cli.json("node", "show", CASE, 17, "--subject", "asset/1")["instance"] == "17@asset/1"


def test_empty_words_of_a_new_subject_stand_with_a_reason(cli: CommandLine) -> None:
    cli.bureau()
    cli.case()
    cli.ok("fact", "add", CASE, "立案")
    found = ("name=见附件", "category=车辆", "online=false", "--subject", "财产1")
    assert "见附件" in cli.refused("fact", "add", CASE, "查获财产", *found)
    why = ("--override", "name=清单另附，共四十项")
    made = cli.json("fact", "add", CASE, "查获财产", *found, *why)
    assert made["facts"][0]["data"]["overrides"] == {"name": "清单另附，共四十项"}


def test_who_is_not_found_is_told_what_there_is(cli: CommandLine) -> None:
    cli.bureau()
    assert "还没有案件" in cli.refused("case", "show", CASE)
    cli.case()
    cli.case(2)
    other = "（2024）豫0811执3号"
    for words in (
        ("case", "show", other),
        ("case", "facts", other),
        ("node", "show", other, 3),
        ("node", "complete", other, 3),
        ("fact", "add", other, "立案"),
        ("approval", "request", other, 7, "unfreeze", "--reason", "送达地址核实耗时"),
    ):
        assert f"{CASE}、（2024）豫0811执2号" in cli.refused(*words)
    cli.ok("fact", "add", CASE, "立案")
    assert "网络查控启动（network_query_started）" in cli.refused("fact", "add", CASE, "网络查控")
    assert "case_filed" in cli.refused("fact", "add", CASE, "case_field")
    assert "收到申请材料、立案" in cli.refused("fact", "add", CASE, "zzzz")
    assert "没有节点“47”" in cli.refused("node", "show", CASE, 47, code=2)
    assert "17@asset/1" in cli.refused("node", "show", CASE, "x", code=2)
    assert "财产2第1轮拍卖" in cli.refused("node", "show", CASE, "17@car/1", code=2)
    assert "还没有登记财产" in cli.refused("node", "start", CASE, "17@asset/1")
    assert "被执行人1（乙）（debtor/1）" in cli.refused("node", "start", CASE, "36@debtor/7")
    assert "按被执行人办理" in cli.refused("node", "start", CASE, 36)
    said = cli.refused("fact", "add", CASE, "收案", "--by", "无此人")
    assert "登录名或者密码不对" in said
    assert OFFICER not in said  # who is not signed in is told nothing of who there is


def test_a_case_is_found_by_any_spelling_and_by_its_row(cli: CommandLine) -> None:
    cli.bureau()
    made = cli.json("case", "new", "(2024)豫0811执01号", *NEW)
    assert made["case_no"] == CASE
    for words in (CASE, "(2024)豫0811执1号", " （2024）豫0811执1 号", "1"):
        assert cli.json("case", "show", words)["case_no"] == CASE
    (header,) = [f for f in cli.json("case", "facts", CASE) if f["kind"] == "header"]
    assert header["data"]["case_no"] == CASE
    listed = cli.folder / "清单.xlsx"
    cli.ok("export", listed)
    from openpyxl import load_workbook

    book = load_workbook(listed)
    assert book["案件列表"]["A2"].value == "(2024)豫0811执01号"  # as it was typed
    book.close()


def test_a_case_is_registered_once(cli: CommandLine) -> None:
    cli.bureau()
    cli.case()
    before = cli.counts()
    for words in (CASE, "(2024)豫0811执1号"):
        assert "已经登记，不能重复" in cli.refused("case", "new", words, *NEW)
    assert cli.counts() == before


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("（2024）豫0812执1号", *NEW), "不是本院的"),
        (("2024豫执", *NEW), "请写成"),
        (("（2024）豫0811民初1号", *NEW), "只有“执”“执恢”“执保”三种"),
        ((CASE, *NEW[:4]), "应当填写标的金额"),
        ((CASE, *NEW[:4], "--amount", "一千"), "金额"),
        ((CASE, *NEW[:4], "--amount", "-5"), "负数"),
        ((CASE, *NEW[:2], "--debtor", f"乙,{WRONG_CHECK}", "--amount", "1"), "校验"),
        ((CASE, *NEW[:2], "--debtor", "乙,12345", "--amount", "1"), "18位"),
        ((CASE, *NEW[:2], "--debtor", "乙,,机器", "--amount", "1"), "自然人、法人或者其他组织"),
        ((CASE, *NEW[:2], "--debtor", " ", "--amount", "1"), "不能为空"),
        ((CASE, *NEW, "--previous", "（2023）豫0811执9号"), "没有案件"),
    ],
)
def test_what_is_no_case(cli: CommandLine, words: tuple[str, ...], sentence: str) -> None:
    cli.bureau()
    before = cli.counts()
    said = cli.run("case", "new", *words)
    assert said.code in (1, 2)
    assert sentence in said.err
    assert cli.counts() == before


def test_all_that_is_wrong_is_said_at_once(cli: CommandLine) -> None:
    cli.bureau()
    words = ("--creditor", f"丙,{WRONG_CHECK}", "--debtor", "乙,1")
    said = cli.refused("case", "new", "（2024）豫0812执1号", *words)
    for sentence in ("不是本院的", "应当填写标的金额", "丙", "乙"):
        assert sentence in said


def test_what_is_unusual_is_accepted_and_shown(cli: CommandLine) -> None:
    cli.bureau()
    words = ("--creditor", "甲公司", "--debtor", f"乙,{UNKNOWN_AREA}", "--amount", "1")
    assert "提示" in cli.ok("case", "new", CASE, *words)
    made = cli.json("case", "new", "（2024）豫0811执2号", *words)
    (warning,) = made["warnings"]
    assert "乙" in warning["where"]
    good = ("--creditor", "甲公司", "--debtor", f"乙,{GOOD_ID}", "--amount", "1")
    assert cli.json("case", "new", "（2024）豫0811执3号", *good)["warnings"] == []


@pytest.mark.parametrize(
    ("event", "at", "code", "sentence"),
    [
        ("收案", "2024-02-01", 1, "早于立案之日"),
        ("收案", "2024-03-05", 1, "不能在将来"),
        ("收案", "2024-02-30", 2, "没有30日"),
        ("收案", "1024-02-03", 1, "日期"),
        ("收案", "3月5日", 2, "形如"),
        ("立案", "2024-03-02", 1, "不能在将来"),
    ],
)
def test_dates_that_cannot_be(
    cli: CommandLine, event: str, at: str, code: int, sentence: str
) -> None:
    cli.bureau("2024-03-04T09:00" if event == "收案" else "2024-03-01T09:00")
    cli.case()
    if event == "收案":
        cli.ok("fact", "add", CASE, "立案", "--at", "2024-03-04T08:40")
    before = cli.counts()
    assert sentence in cli.refused("fact", "add", CASE, event, "--at", at, code=code)
    assert cli.counts() == before


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("query_started_at=2024-02-30",), 1, "日"),
        (("query_started_at=2025-01-01",), 1, "将来"),
        (("nothing=1",), 1, "nothing"),
        (("query_started_at",), 2, "字段=值"),
        (("--item", "2=2024-02-30"), 2, "没有30日"),
        (("--item", "x=2024-03-01"), 2, "工作内容序号=日期"),
        (("--item", "99=2024-03-01"), 1, "没有工作内容99"),
        (("--item", "2=2024-03-09"), 1, "不能晚于现在"),
        (("--items", '{"x": {}}'), 2, "--items"),
        (("--items", "[1]"), 2, "JSON 对象"),
        (("--data", "{"), 2, "不是 JSON"),
    ],
)
def test_bad_entries_in_a_node(
    cli: CommandLine, words: tuple[str, ...], code: int, sentence: str
) -> None:
    cli.bureau()
    cli.case()
    cli.ok("fact", "add", CASE, "立案")
    before = cli.counts()
    assert sentence in cli.refused("node", "work", CASE, 3, *words, code=code)
    assert cli.counts() == before


# -------------------------------------------------------------------------------- how it is used


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nonsense",), "没有“nonsense”，只能是：rulebook、limit、case"),
        (("case",), "还缺少：动作"),
        (("case", "nonsense"), "只能是：new、list、show"),
        (("case", "new", CASE), "--creditor、--debtor"),
        (("case", "list", "--sort", "colour"), "只能是：case_no"),
        (("case", "list", "--limit", "ten"), "应当是整数，不是“ten”"),
        (("case", "list", "--limit"), "后面缺少内容"),
        (("case", "list", "--nonsense"), "不认识的部分：--nonsense"),
        (("case", "list", "--json=yes"), "--json后面不带内容"),
    ],
)
def test_wrong_use_is_explained_in_chinese(
    cli: CommandLine, words: tuple[str, ...], sentence: str
) -> None:
    said = cli.refused(*words, code=2)
    assert sentence in said
    assert "--help" in said
    assert "argument" not in said
    assert "required" not in said


def test_help_is_chinese_and_names_every_command(
    cli: CommandLine, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in ((), ("case",), ("case", "new"), ("node", "work"), ("limit",)):
        with pytest.raises(SystemExit) as ended:
            cli.run(*words, "--help")
        assert ended.value.code == 0
        page = capsys.readouterr().out
        assert page.startswith("用法：zhixing")
        for english in ("usage:", "positional", "optional", "show this", "exit"):
            assert english not in page


def test_a_refusal_is_json_where_json_is_wanted(cli: CommandLine) -> None:
    cli.bureau()
    said = cli.run("case", "show", CASE, "--json")
    assert said.code == 1
    assert said.data["refused"] is True
    assert said.data["sentence"] in said.err
    assert set(said.data) == {"refused", "sentence", "cite", "data"}


def test_a_reader_that_has_seen_enough(clean_environment: dict[str, str]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "zhixing_desktop", "rulebook", "show", "--json"],
        env=clean_environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        assert run.stdout.readline() == "{\n"
        run.stdout.close()
        said = run.stderr.read()
        assert (run.wait(30), said) == (0, "")


def test_a_minor_is_not_put_on_the_credit_list(cli: CommandLine) -> None:
    cli.bureau()
    parties = ("--creditor", "甲公司", "--debtor", f"乙小明,{MINOR_ID},自然人", "--amount", "1000")
    cli.ok("case", "new", CASE, *parties, "--officer", OFFICER)
    told = cli.refused("node", "start", CASE, "37@debtor/1")
    assert "乙小明是未成年人，不得纳入失信被执行人名单" in told
    assert "若干规定》第四条" in told
