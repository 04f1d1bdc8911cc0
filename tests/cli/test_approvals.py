"""Applications on the command line: urged, withdrawn, sent outside and back; deputies."""

from __future__ import annotations

from pathlib import Path

from helpers.command_line import CASE, CHIEF, CommandLine
from helpers.desk import FILER, LEADER, OFFICER, REVIEWER
from helpers.word_files import words_in

WHY = ("--reason", "系统故障未能当日提起")
NUMBER = "（2024）豫08执督7号"


def asked(cli: CommandLine) -> int:
    """Node 3 is frozen, and its unfreezing applied for."""
    cli.bureau()
    cli.case()
    cli.ok("fact", "add", CASE, "立案", "--by", FILER)
    cli.at("2024-03-02T09:00").ok("sweep")
    made = cli.json("approval", "request", CASE, 3, "unfreeze", *WHY, "--by", FILER)
    return int(made["facts"][0]["seq"])


def test_the_way_outside_and_back(cli: CommandLine, tmp_path: Path) -> None:
    seq = asked(cli)
    assert "待转报" in cli.ok("approval", "waiting", "--by", CHIEF)
    page = tmp_path / "报告.docx"
    assert "报告已写入" in cli.ok("approval", "report", CASE, seq, page, "--by", CHIEF)
    assert "系统故障未能当日提起" in words_in(page.read_bytes())
    assert "已经存在" in cli.refused("approval", "report", CASE, seq, page, "--by", CHIEF)
    hop = ("--to", "焦作市中级人民法院", "--on", "2024-03-02", "--number", "山执报1号")
    cli.ok("approval", "forward", CASE, seq, *hop, "--by", CHIEF)
    assert "等待答复" in cli.ok("approval", "away", "--by", CHIEF)
    said = ("--number", NUMBER, "--on", "2024-03-02", "--decider", "孙庭长",
            "--office", "焦作市中级人民法院", "--words", "同意解冻", "--by", CHIEF)  # fmt: skip
    scan = tmp_path / "批复.pdf"
    scan.write_bytes(b"a letter")
    reply = ("approval", "reply", CASE, seq, "granted", *said)
    assert "请附上" in cli.refused(*reply)
    assert "应当是 PDF" in cli.refused(*reply, "--scan", scan)
    assert "找不到" in cli.refused(*reply, "--scan", tmp_path / "没有.pdf")
    scan.write_bytes(b"%PDF-1.7\n%%EOF\n")
    cli.ok(*reply, "--scan", scan)
    back = ("approval", "confirm", CASE, seq, "--on", "2024-03-02", "--by", REVIEWER)
    assert "核对不一致" in cli.refused(*back, "--number", "（2024）豫08执督8号")
    assert cli.json("case", "show", CASE)["approvals"][0]["stage"] == "replied"
    cli.ok(*back, "--number", NUMBER)
    shown = cli.json("case", "show", CASE)["approvals"][0]
    assert (shown["status"], shown["due_roles"]) == ("granted", [])


def test_urged_returned_asked_again_and_withdrawn(cli: CommandLine) -> None:
    cli.bureau()
    cli.case()
    request = ("approval", "request", CASE, "36@debtor/1", "consumption_restriction",
               "--reason", "拒不履行义务")  # fmt: skip
    seq = cli.json(*request)["facts"][0]["seq"]
    cli.ok("approval", "urge", CASE, seq, "--reason", "期限即将届满")
    again = cli.refused("approval", "urge", CASE, seq, "--reason", "期限即将届满")
    assert "今天已经催办过" in again
    president = ("--by", "赵院长")
    assert "催办1次" in cli.ok("approval", "waiting", *president)
    points = ("--point", "补送达回证", "--point", "写明财产状况")
    returned = ("approval", "decide", CASE, seq, "returned", "--reason", "材料不全", *points)
    cli.ok(*returned, *president)
    assert "材料不全" in cli.ok("approval", "today", *president)
    (shown,) = cli.json("case", "show", CASE)["approvals"]
    assert shown["points"] == ["补送达回证", "写明财产状况"]
    anew = cli.json(*request)["facts"][0]
    assert anew["data"]["previous"] == seq
    cli.ok("approval", "withdraw", CASE, anew["seq"], "--reason", "被执行人已经履行")
    late = ("approval", "decide", CASE, anew["seq"], "granted", "--reason", "同意", *president)
    assert f"已由{OFFICER}于" in cli.refused(*late)


def test_deputies_are_named_listed_and_revoked(cli: CommandLine) -> None:
    cli.bureau()
    days = ("--from", "2024-03-01", "--until", "2024-03-08", "--paper", "山法任〔2024〕3号")
    name = ("deputy", "name", CHIEF, LEADER, "--role", "执行局长")
    assert "不能没有期限" in cli.refused(*name, *days[:2], *days[4:], "--by", CHIEF)
    number = cli.json(*name, *days, "--by", CHIEF)["id"]
    assert "代理中" in cli.ok("deputy", "list", "--by", CHIEF)
    cli.ok("deputy", "revoke", number, "--reason", "提前回院", "--by", CHIEF)
    assert cli.json("deputy", "list", "--by", CHIEF) == []
    assert "已撤销" in cli.ok("deputy", "list", "--all", "--by", CHIEF)
